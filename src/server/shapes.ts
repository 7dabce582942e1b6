// What goes over HTTP, as zod shapes: checked on the way in, and the source of the OpenAPI description and of the workbench's types. May not: hold behaviour.
import { z } from 'zod'
import { DETERMINATIONS, REQUIREMENT_STATUSES, type ReviewJson } from '../report/contract.ts'
import { ROLES, RUNS, STATES } from '../store/tables.ts'
import type { Effective } from '../report/effective.ts'
import type { Permission } from './permissions.ts'

export const id = z.uuid()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const login = z.string().trim().toLowerCase().regex(/^[a-z0-9._@-]{2,80}$/, '2 to 80 letters, digits, dots, hyphens or @')
const password = z.string().min(12, 'at least 12 characters').max(200)
const personName = z.string().trim().min(1).max(120)

export const setupBody = z.object({ code: z.string(), organisation: personName, login, name: personName, password })
export const loginBody = z.object({ login: z.string().max(200), password: z.string().max(500) })
export const passwordBody = z.object({ old: z.string().max(500), password })
export const userBody = z.object({ login, name: personName, role: z.enum(ROLES), password })
export const userPatch = z.object({ name: personName, role: z.enum(ROLES), disabled: z.boolean(), password }).partial()
export const tokenBody = z.object({ name: personName, days: z.number().int().min(1).max(366).default(90) })
export const settingsBody = z.object({
  recordDays: z.number().int().min(1).max(365), decisionDays: z.number().int().min(1).max(365),
  approvalAbove: z.number().min(0).max(1e9).describe('In dollars; a second person approves above it'), blindShare: z.number().min(0).max(1),
  retentionDays: z.number().int().min(0).max(36_500).default(0).describe('Closed cases are removed for good when nobody has touched them for so many days; 0 keeps them'),
  groupRoles: z.array(z.object({ group: z.string().trim().min(1).max(200), role: z.enum(ROLES) })).max(200).default([]).describe('Roles of the identity provider’s groups; of several, the first of the list holds'),
})

export const SORTS = ['priority', 'number', 'claim', 'dos', 'due', 'amount', 'risk', 'state', 'determination', 'updated'] as const
export const worklistFilter = z.object({
  text: z.string().max(200).default('').describe('Claim number, code, or a name of the patient or provider'),
  states: z.array(z.enum(STATES)).default([]), determinations: z.array(z.enum(DETERMINATIONS)).default([]),
  assignee: z.union([z.literal('me'), z.literal('nobody'), id]).nullable().default(null),
  due: z.enum(['overdue', 'week']).nullable().default(null), second: z.boolean().default(false).describe('Only cases drawn for a blind second review by me'),
  sort: z.enum(SORTS).default('priority'), descending: z.boolean().default(true),
  page: z.number().int().min(0).default(0), size: z.number().int().min(1).max(500).default(100),
})
export type WorklistFilter = z.infer<typeof worklistFilter>

const lineSummary = z.object({
  line: z.number(), code: z.string(), determination: z.enum(DETERMINATIONS), units: z.number(), unitsSupported: z.number(), charge: z.number().nullable(),
  missing: z.array(z.string()), unclear: z.array(z.string()), rules: z.array(z.string()),
})
export const caseRow = z.object({
  id, number: z.number(), claim: z.string(), patient: z.string().nullable(), provider: z.string().nullable(), state: z.enum(STATES), run: z.enum(RUNS),
  progress: z.object({ file: z.string(), page: z.number(), pages: z.number() }).nullable(),
  assignee: z.object({ id, name: z.string() }).nullable(), codes: z.array(z.string()), lines: z.array(lineSummary), lineCount: z.number(), dosFrom: day, dosTo: day,
  amount: z.number(), atRisk: z.number(), priority: z.number(), determination: z.enum(DETERMINATIONS).nullable(), missing: z.number(), pages: z.number(), unreadable: z.number(), records: z.number(),
  receivedOn: day, dueOn: day, overdue: z.boolean(), second: z.boolean().describe('Drawn for a blind second review'), updatedAt: z.string(),
})
export type CaseRow = z.infer<typeof caseRow>
export const worklistAnswer = z.object({
  rows: z.array(caseRow), total: z.number(), counts: z.record(z.string(), z.number()).describe('Cases by state, whatever the filter'), running: z.number(), unmatched: z.number(),
})
export type WorklistAnswer = z.infer<typeof worklistAnswer>

export const recordRow = z.object({
  id, name: z.string(), bytes: z.number(), pages: z.number().nullable(), caseId: id.nullable(), receivedAt: z.string(),
  candidates: z.array(z.object({ caseId: id, number: z.number(), claim: z.string(), patient: z.string().nullable(), why: z.string() })).describe('Cases it may belong to'),
})
export type RecordRow = z.infer<typeof recordRow>

export const uploadAnswer = z.object({
  cases: z.array(z.object({ id, number: z.number(), claim: z.string(), isNew: z.boolean() })),
  records: z.array(z.object({ id, name: z.string(), caseId: id.nullable() })), problems: z.array(z.string()),
})
export type UploadAnswer = z.infer<typeof uploadAnswer>

export const casePatch = z.object({ assignee: id.nullable(), dueOn: day, state: z.enum(STATES) }).partial()

export const OVERRIDE_REASONS = ['evidence-elsewhere', 'evidence-insufficient', 'policy-interpretation', 'reading-error', 'other'] as const
export const place = z.object({
  file: z.string().max(1000), page: z.number().int().min(1), quote: z.string().max(2000),
  boxes: z.array(z.object({ page: z.number().int().min(1), left: z.number(), top: z.number(), right: z.number(), bottom: z.number() })).max(200),
})
export const boxBody = z.object({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() })
export type Place = z.infer<typeof place>
export const decisionBody = z.object({
  target: z.enum(['requirement', 'rule', 'line']),
  line: z.number().int().min(0).describe('0 for the claim as a whole'), subject: z.string().max(100).nullable().describe('Id of the requirement or rule'),
  action: z.enum(['accept', 'override', 'withdraw']),
  status: z.enum([...REQUIREMENT_STATUSES, ...DETERMINATIONS, 'applies', 'set-aside']).nullable().default(null).describe('What holds instead; for an override'),
  reason: z.enum(OVERRIDE_REASONS).nullable().default(null), note: z.string().max(4000).default(''), evidence: z.array(place).max(50).default([]),
})
export type DecisionBody = z.infer<typeof decisionBody>

export const decisionRow = z.object({
  id, target: z.enum(['requirement', 'rule', 'line', 'case']), line: z.number().nullable(), subject: z.string().nullable(), machine: z.string(),
  action: z.enum(['accept', 'override', 'withdraw']), status: z.string(), reason: z.string().nullable(), note: z.string(), evidence: z.array(place),
  round: z.enum(['first', 'blind', 'approval']), by: z.string(), at: z.string(), stands: z.boolean().describe('False where a later one of the same round replaced it'),
  review: z.number().describe('Number of the review it was made on'),
})
export type DecisionRow = z.infer<typeof decisionRow>

export { effectiveShape, type Effective } from '../report/effective.ts'

export const signBody = z.object({ note: z.string().max(4000).default('') })
export const searchBody = z.object({ text: z.string().trim().min(2).max(200) })
const boxes = z.array(z.object({ page: z.number(), left: z.number(), top: z.number(), right: z.number(), bottom: z.number() }))
export const searchAnswer = z.object({
  hits: z.array(z.object({ file: z.string(), page: z.number(), before: z.string(), quote: z.string(), after: z.string(), boxes })), total: z.number(),
})
export type SearchAnswer = z.infer<typeof searchAnswer>

export const labelBody = z.object({
  lookedOver: z.boolean().default(false).describe('Somebody has read the copy and found nobody named in it: write it'), about: z.string().max(100).nullable().default(null).describe('Id of the requirement or rule that was overridden, for the name'),
})
export const labelAnswer = z.object({
  name: z.string(), records: z.array(z.object({ name: z.string(), text: z.string(), masked: z.record(z.string(), z.number()) })), gold: z.string(), written: z.boolean(),
})
export type LabelAnswer = z.infer<typeof labelAnswer>
export const labelledRow = z.object({ name: z.string(), madeAt: z.string(), records: z.number() })
export type LabelledRow = z.infer<typeof labelledRow>

export const nearMiss = z.object({ file: z.string(), page: z.number(), quote: z.string(), boxes })
export type NearMiss = z.infer<typeof nearMiss>

export const viewBody = z.object({ name: personName, filter: worklistFilter })
export const viewRow = z.object({ id, name: z.string(), filter: worklistFilter })
export type ViewRow = z.infer<typeof viewRow>

/** Size and label of every page, beside the report. */
export interface PageLayout { readonly page: number; readonly width: number; readonly height: number; readonly label: string | null }

export interface CaseAnswer {
  readonly case: CaseRow
  readonly report: ReviewJson | null
  readonly reviewNumber: number | null
  readonly reviewedAt: string | null
  readonly layout: readonly (readonly PageLayout[])[]
  readonly records: readonly RecordRow[]
  readonly decisions: readonly DecisionRow[]
  readonly effective: Effective
  /** Which decisions are shown and made: those of the blind second review where it is one. */
  readonly round: 'first' | 'blind'
  readonly people: readonly { readonly id: string; readonly name: string }[]
}

/** What a decision may have changed. */
export type DecisionAnswer = Pick<CaseAnswer, 'case' | 'decisions' | 'effective'>

export const userRow = z.object({ id, login: z.string(), name: z.string(), role: z.enum(ROLES), disabled: z.boolean(), locked: z.boolean(), provided: z.boolean().describe('Signs in at the identity provider, which gives the role'), createdAt: z.string() })
export type UserRow = z.infer<typeof userRow>
export const tokenRow = z.object({ id, name: z.string(), createdAt: z.string(), expiresAt: z.string(), usedAt: z.string().nullable(), revoked: z.boolean() })
export type TokenRow = z.infer<typeof tokenRow>
export const auditRow = z.object({ seq: z.number(), at: z.string(), actor: z.string().nullable(), action: z.string(), subject: z.string().nullable(), data: z.string() })
export type AuditRow = z.infer<typeof auditRow>

export interface Me {
  readonly setUp: boolean
  readonly user: { readonly id: string; readonly login: string; readonly name: string; readonly role: (typeof ROLES)[number] } | null
  readonly organisation: string | null
  readonly csrf: string | null
  readonly may: readonly Permission[]
  readonly settings: z.infer<typeof settingsBody> | null
  readonly engine: string
  /** What the identity provider is called, where there is one. */
  readonly provider: string | null
}

export const qualityAnswer = z.object({
  requirements: z.array(z.object({
    requirement: z.string(), decided: z.number(), overridden: z.number(), rate: z.number(),
    pairs: z.number(), agreement: z.number().nullable(), kappa: z.number().nullable(),
  })),
})
export type QualityAnswer = z.infer<typeof qualityAnswer>
