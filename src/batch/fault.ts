// Faults of a batch: one sentence each. May not: hold text of a record.
import type { ResultReason } from './result.ts'

/** A fault the operator can mend, in one sentence; it ends the command. */
export const batchFault = (message: string): Error => Object.assign(new Error(message), { kind: 'input-fault' as const })

export const isOperatorFault = (e: unknown): e is Error => e instanceof Error && 'kind' in e && (e.kind === 'input-fault' || e.kind === 'dictionary-fault')

/** What cost one claim. */
export interface ClaimReason {
  readonly id: ResultReason
  readonly explanation: string
}

export interface RecordsFault extends Error {
  readonly kind: 'records-fault'
  readonly reason: ClaimReason
}

export const recordsFault = (id: 'records-missing' | 'records-unreachable', explanation: string): RecordsFault =>
  Object.assign(new Error(explanation), { kind: 'records-fault' as const, reason: { id, explanation } })

export const isRecordsFault = (e: unknown): e is RecordsFault => e instanceof Error && 'kind' in e && e.kind === 'records-fault'

/** The file system's own word: `ENOSPC`. */
export const codeOf = (e: unknown): string => (e instanceof Error && 'code' in e && typeof e.code === 'string' ? e.code : 'unknown fault')
