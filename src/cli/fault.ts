// Faults of usage and input: one sentence each. May not: print, or hold patient text.

export class InputFault extends Error {
  readonly kind = 'input-fault'
}

/** The sentence of a fault the user can mend, or null for a bug. */
export function faultSentence(e: unknown): string | null {
  if (e && typeof e === 'object' && 'kind' in e && (e.kind === 'input-fault' || e.kind === 'dictionary-fault') && 'message' in e) return String(e.message)
  return null
}
