// One result of a claim of a batch, a line of results.ndjson: its shape, and how an answer becomes it. May not: read a clock, a disk or a network; hold text of a record.
import { z } from 'zod'
import type { Fee } from '../claim/fees.ts'
import type { Claim } from '../claim/claim.ts'
import { DETERMINATIONS, REQUIREMENT_STATUSES, type LineJson, type ReviewJson } from '../report/contract.ts'
import { claimFieldsOf, diagnosesOf, lineFieldsOf, priorityOf } from '../report/line-fields.ts'
import { moneyOf } from '../report/money.ts'

export const RESULT_SCHEMA = 'vouch/batch-result@1'

/** Worst first: the determination of a claim is that of its worst line. */
export const WORST_FIRST = ['not-supported', 'needs-review', 'insufficient-documentation', 'supported'] as const satisfies readonly LineJson['determination'][]

export const RESULT_STATUSES = ['done', 'failed', 'aside'] as const

/** Why there is no answer. `failed`: nothing to be gained by another try; `aside`: tried three times, and no answer came. */
export const NO_ANSWER = [
  'claim-unreadable', // the claim itself cannot be read
  'records-missing', // a file or folder of records is not there, or holds none
  'records-unreachable', // the store of the records did not give them
  'reviewer-died', // the process that reviewed it ended (memory, a fault of the runtime)
  'reviewer-failed', // a fault of the program
  'reviewer-timed-out', // no answer within the time allowed
  'worker-lost', // every worker that had it was lost
] as const

const count = z.number().int().min(0)
const amount = z.number()
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const resultMoneySchema = z.object({
  basis: z.enum(['fee', 'paid', 'charge']).describe('Fees of the table given; else what was paid for the line; else its charge'),
  billed: amount, notSupported: amount.describe('Of units that do not stand'), open: amount.describe('Of units that stand only if what is missing comes or a reviewer decides so'), supported: amount,
})

const resultRequirementSchema = z.object({ id: z.string(), class: z.enum(['core', 'req', 'cond', 'x']), status: z.enum(REQUIREMENT_STATUSES), reason: z.string() })
const resultRuleSchema = z.object({ id: z.string(), effect: z.enum(['deny', 'limit', 'review', 'note']), unitsSupported: z.number().nullable() })

const words = z.array(z.string())

/** Fields with a default are not in results of earlier programs. */
const lineFields = {
  placeOfService: z.string().nullable().default(null), diagnoses: words.default([]).describe('Those the line points to'), diagnosisFlags: words.default([]).describe('What the national tables say against them'),
  course: count.nullable().default(null), fractionsBilled: amount.nullable().default(null), fractionsDelivered: amount.nullable().default(null), checklists: words.default([]), missing: words.default([]).describe('Requirements that stand against the line'),
  denialCodes: words.default([]).describe('Of the payer'), carc: words.default([]).describe('Proposed'), rarc: words.default([]).describe('Proposed'), clinician: z.boolean().default(false).describe('Whether the service was needed is open'),
  signatureFlags: words.default([]).describe('States of the notes that speak for the line, but for signed'),
}

const claimFields = {
  taxId: z.string().nullable().default(null), lineOfBusiness: z.string().nullable().default(null),
  memberHash: z.string().nullable().default(null).describe('Of the number of the member, with the key of the batch'),
  recordStatus: z.enum(['read', 'partly-read', 'unreachable', 'none']).nullable().default(null).describe('What came of the records; null where nothing was tried'),
  performance: z.object({ value: z.string(), scale: z.enum(['KPS', 'ECOG', 'Lansky', 'PPS']), date: isoDate.nullable() }).nullable().default(null).describe('The performance status that decided'),
  ocrQuality: amount.nullable().default(null).describe('Mean of the pages read by OCR, of 1'),
  priority: amount.default(0).describe('Orders a worklist and decides nothing'),
}

export const resultLineSchema = z.object({
  line: z.number().int().min(1), code: z.string(), reportedCode: z.string().nullable(), modifiers: z.array(z.string()), serviceDate: isoDate, serviceDateEnd: isoDate.nullable(), units: z.number(),
  charge: z.number().nullable(), paid: z.number().nullable(),
  determination: z.enum(DETERMINATIONS), score: z.number(), unitsSupported: z.number(),
  money: resultMoneySchema.nullable().describe('At stake; null where neither a fee nor an amount is known'),
  policyVersion: z.string(), ...lineFields, requirements: z.array(resultRequirementSchema), rules: z.array(resultRuleSchema),
})

export const resultSchema = z.object({
  schema: z.literal(RESULT_SCHEMA),
  number: z.number().int().min(1).describe('Position of the claim in the batch'),
  source: z.string().describe('Where the claim came from, below the manifest or folder'),
  claimId: z.string().nullable(), claimForm: z.enum(['professional', 'institutional']).nullable(), payer: z.string().nullable(),
  provider: z.object({ name: z.string().nullable(), npi: z.string().nullable() }),
  serviceFrom: isoDate.nullable(), serviceTo: isoDate.nullable(),
  ...claimFields,
  status: z.enum(RESULT_STATUSES),
  reason: z.object({ id: z.enum(NO_ANSWER), explanation: z.string() }).nullable().describe('Null where there is an answer'),
  determination: z.enum(DETERMINATIONS).nullable().describe('Of the worst line; null without an answer'),
  doubtful: z.boolean().describe('A person should look: a line needs review, or something was not read'),
  lines: z.array(resultLineSchema),
  rules: z.array(resultRuleSchema).describe('Of the claim as a whole'),
  money: resultMoneySchema.omit({ basis: true }).describe('Sums over the lines of which an amount is known'),
  problems: z.array(z.object({ id: z.string(), severity: z.enum(['error', 'warning']), count })),
  pages: z.object({ all: count, native: count, ocr: count, unread: count }),
  made: z.object({ engine: z.string(), ocr: z.string().nullable(), dictionaries: z.string(), policy: z.string(), policyVersions: z.array(z.string()) }),
  contentKey: z.string().describe('SHA-256 of all that the answer hangs on: claim, records, engine, dictionaries, fees, how scans are read; empty without an answer'),
})

export type BatchResult = z.infer<typeof resultSchema>
export type ResultLine = BatchResult['lines'][number]
export type ResultMoney = z.infer<typeof resultMoneySchema>
export type ResultReason = (typeof NO_ANSWER)[number]
/** What an answer says whatever its place in a batch. */
export type ResultCore = Omit<BatchResult, 'number' | 'source' | 'memberHash'>

const dollars = (cents: number): number => Math.round(cents) / 100
const cents = (amount: number): number => Math.round(amount * 100)

export function resultOf(review: ReviewJson, fees: readonly Fee[] | null, contentKey: string): ResultCore {
  const byFee = fees === null ? null : moneyOf(review, fees).lines
  const lines = review.lines.map((l, i): ResultLine => {
    const billed = review.claim.lines.find((c) => c.line === l.line)
    const fee = byFee?.[i]
    const fields = lineFieldsOf(review, l)
    const money: ResultMoney | null = fee && fee.fee !== null ? { basis: 'fee', billed: fee.billed ?? 0, notSupported: fee.notSupported ?? 0, open: fee.open ?? 0, supported: fee.supported ?? 0 }
      : billed?.paid !== undefined ? shared('paid', billed.paid, l) : typeof billed?.charge === 'number' ? shared('charge', billed.charge, l) : null
    return {
      line: l.line, code: l.code, reportedCode: l.reportedCode, modifiers: l.modifiers, serviceDate: l.serviceDate, serviceDateEnd: l.serviceDateEnd, units: l.units,
      charge: billed?.charge ?? null, paid: billed?.paid ?? null, determination: l.determination, score: l.score, unitsSupported: l.unitsSupported, money, policyVersion: l.policyVersion,
      placeOfService: billed?.placeOfService ?? null, diagnoses: billed === undefined ? [] : diagnosesOf(review.claim, billed), diagnosisFlags: [...fields.diagnosisFlags], course: fields.course,
      fractionsBilled: fields.fractionsBilled, fractionsDelivered: fields.fractionsDelivered, checklists: [...fields.checklists], missing: [...fields.missing],
      denialCodes: [...fields.denialCodes], carc: [...fields.carc], rarc: [...fields.rarc], clinician: fields.clinician, signatureFlags: [...fields.signatureFlags],
      requirements: l.requirements.map(({ id, class: kind, status, reason }) => ({ id, class: kind, status, reason })),
      rules: l.rules.map(({ id, effect, unitsSupported }) => ({ id, effect, unitsSupported })),
    }
  })
  const pages = review.documents.flatMap((d) => d.pages)
  const problems = new Map<string, BatchResult['problems'][number]>()
  for (const { id, severity } of review.problems) problems.set(`${id} ${severity}`, { id, severity, count: (problems.get(`${id} ${severity}`)?.count ?? 0) + 1 })
  const unread = pages.some((p) => p.state === 'unread' || p.state === 'illegible') || review.problems.some((p) => p.severity === 'error')
  const fields = claimFieldsOf(review)
  return {
    ...ofClaim(review.claim), recordStatus: unread ? 'partly-read' : 'read', performance: fields.performance, ocrQuality: fields.ocrQuality, priority: priorityOf(lines), status: 'done', reason: null, determination: WORST_FIRST.find((d) => lines.some((l) => l.determination === d)) ?? null,
    doubtful: lines.some((l) => l.determination === 'needs-review') || unread,
    lines, rules: review.rules.map(({ id, effect, unitsSupported }) => ({ id, effect, unitsSupported })), money: sumOf(lines),
    problems: [...problems.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.severity < b.severity ? -1 : 1)),
    pages: { all: pages.length, native: pages.filter((p) => p.text === 'native').length, ocr: pages.filter((p) => p.text === 'ocr').length, unread: pages.filter((p) => p.text === 'none' && p.state !== 'blank').length },
    made: review.made, contentKey,
  }
}

/** A claim that has no answer, and why. `claim` null where it could not be read. */
export function withoutAnswer(claim: Claim | null, claimId: string | null, status: 'failed' | 'aside', reason: { readonly id: ResultReason; readonly explanation: string }, made: BatchResult['made']): ResultCore {
  return {
    ...(claim === null ? { schema: RESULT_SCHEMA, claimId, claimForm: null, payer: null, provider: { name: null, npi: null }, serviceFrom: null, serviceTo: null, taxId: null, lineOfBusiness: null } : ofClaim(claim)),
    recordStatus: reason.id === 'records-missing' ? 'none' : reason.id === 'records-unreachable' ? 'unreachable' : null, performance: null, ocrQuality: null, priority: claim === null ? 0 : priorityOf(claim.lines.map(({ charge }) => ({ determination: 'needs-review', charge }))),
    status, reason, determination: null, doubtful: true, lines: [], rules: [], money: sumOf([]), problems: [], pages: { all: 0, native: 0, ocr: 0, unread: 0 }, made, contentKey: '',
  }
}

/** A line of results.ndjson, with its line end: the same result, the same bytes. */
export function resultText(number: number, source: string, memberHash: string | null, core: ResultCore): string {
  const { schema, ...rest } = core
  return `${JSON.stringify({ schema, number, source, memberHash, ...rest } satisfies BatchResult)}\n`
}

type OfClaim = Pick<BatchResult, 'schema' | 'claimId' | 'claimForm' | 'payer' | 'provider' | 'serviceFrom' | 'serviceTo' | 'taxId' | 'lineOfBusiness'>

function ofClaim(claim: Claim): OfClaim {
  const days = claim.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  return {
    schema: RESULT_SCHEMA, claimId: claim.claimId, claimForm: claim.claimForm, payer: claim.payer, provider: { name: claim.provider.name, npi: claim.provider.npi },
    serviceFrom: days[0] ?? null, serviceTo: days[days.length - 1] ?? null, taxId: claim.provider.taxId ?? null, lineOfBusiness: claim.lineOfBusiness ?? null,
  }
}

/** An amount of the line, shared by its units. */
function shared(basis: 'paid' | 'charge', of: number, line: Pick<LineJson, 'units' | 'unitsSupported' | 'determination'>): ResultMoney {
  const all = cents(of)
  const standing = Math.round(all * Math.min(1, line.units === 0 ? 0 : line.unitsSupported / line.units))
  const undecided = line.determination === 'insufficient-documentation' || line.determination === 'needs-review'
  return { basis, billed: dollars(all), notSupported: dollars(all - standing), open: dollars(undecided ? standing : 0), supported: dollars(undecided ? 0 : standing) }
}

function sumOf(lines: readonly ResultLine[]): BatchResult['money'] {
  const sum = (key: 'billed' | 'notSupported' | 'open' | 'supported'): number => dollars(lines.reduce((n, l) => n + cents(l.money?.[key] ?? 0), 0))
  return { billed: sum('billed'), notSupported: sum('notSupported'), open: sum('open'), supported: sum('supported') }
}
