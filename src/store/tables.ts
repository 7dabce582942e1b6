// The tables of the workspace as Kysely sees them. May not: hold patient text in clear; columns named `sealed` are encrypted with the operator's key.
import type { ColumnType, Generated } from 'kysely'
import type { SelfAuditTables } from './self-audit-tables.ts'

export const ROLES = ['reviewer', 'lead', 'provider', 'administrator', 'auditor'] as const
export type UserRole = (typeof ROLES)[number]

/** From the claim's arrival to the end of the dispute. */
export const STATES = ['received', 'ready', 'in-review', 'pended', 'approval', 'decided', 'closed'] as const
export type CaseState = (typeof STATES)[number]

export const RUNS = ['none', 'queued', 'running', 'done', 'failed'] as const
export type Run = (typeof RUNS)[number]

export interface OrganisationSettings {
  /** Calendar days to send records, from the request. */
  readonly recordDays: number
  /** Calendar days to decide, from the last record received. */
  readonly decisionDays: number
  /** A second person approves above this amount at risk, in cents. */
  readonly approvalAbove: number
  /** Share of decided cases drawn for a blind second review. */
  readonly blindShare: number
  /** Days for which a closed case is kept; 0 for as long as the workspace. */
  readonly retentionDays: number
  /** Roles of the identity provider's groups; of several, the first of this list holds. */
  readonly groupRoles: readonly { readonly group: string; readonly role: UserRole }[]
}

export const DEFAULT_SETTINGS: OrganisationSettings = { recordDays: 45, decisionDays: 30, approvalAbove: 500_000, blindShare: 0.05, retentionDays: 0, groupRoles: [] }

type Moment = ColumnType<Date, Date | string, Date | string>
type Made = ColumnType<Date, Date | string | undefined, never>

export interface Tables extends SelfAuditTables {
  organisations: { id: string; name: string; settings: string; created_at: Made }
  users: {
    id: string; organisation_id: string; login: string; name: string; role: UserRole; password: string; disabled: Generated<boolean>
    failures: Generated<number>; locked_until: Moment | null; created_at: Made
    /** Of an account of an identity provider; else null. */
    issuer: Generated<string | null>; subject: Generated<string | null>
  }
  sessions: { id: string; user_id: string; csrf: string; created_at: Made; seen_at: Moment; expires_at: Moment }
  tokens: { id: string; user_id: string; name: string; hash: string; created_at: Made; expires_at: Moment; revoked_at: Moment | null; used_at: Moment | null }
  claims: { id: string; organisation_id: string; claim_key: string; hash: string; sealed: string; created_at: Made }
  cases: {
    id: string; organisation_id: string; number: number; claim_id: string; claim_key: string; state: CaseState; run: Run; assignee: string | null
    payer: string; codes: string; line_count: number; dos_from: string; dos_to: string
    amount: number; at_risk: number; priority: number; determination: string | null; missing: Generated<number>; pages: Generated<number>
    /** JSON of ids, numbers and dictionary words: what the worklist and its export show. */
    summary: string; review_id: string | null; received_on: string; due_on: string; blind: Generated<boolean>
    created_at: Made; updated_at: Moment
  }
  records: {
    id: string; organisation_id: string; case_id: string | null; sealed_name: string; hash: string; blob: string; bytes: number
    /** What was read in it, sealed; null until then. `reader` names the program that read. */
    read_blob: string | null; reader: string | null; sealed_identity: string | null; pages: number | null
    received_at: Made; received_by: string; removed_at: Moment | null
  }
  reviews: {
    id: string; organisation_id: string; case_id: string; number: number; engine: string; dictionaries: string; policy: string; policy_versions: string
    input: string; report_blob: string; documents_blob: string; made_at: Made
  }
  decisions: {
    id: string; organisation_id: string; case_id: string; review_id: string; target: 'requirement' | 'rule' | 'line' | 'case'
    line: number | null; subject: string | null; machine: string; action: 'accept' | 'override' | 'withdraw'; status: string; reason: string | null
    sealed_note: string | null; round: 'first' | 'blind' | 'approval'; decided_by: string; decided_at: Moment
  }
  letter_settings: { organisation_id: string; settings: string; changed_at: Moment }
  /** Letters that a person signed off, as they were then. `content` is the hash of what they say, the sign-off left out; `sealed` is empty once the case was removed. */
  letters: { id: string; organisation_id: string; case_id: string; review_id: string; kind: 'determination' | 'record-request'; content: string; sealed: string; signed_by: string; signed_at: Moment }
  views: { id: string; user_id: string; name: string; filter: string; created_at: Made }
  audit: {
    seq: number; at: string; organisation_id: string | null; actor: string | null; action: string; subject: string | null; data: string; restore: string | null
    previous: string; hash: string
  }
}
