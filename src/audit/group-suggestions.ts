// Suggestions of one code in a row, for people. May not: leave one out.
import type { Suggestion } from '../review/suggest.ts'
import { joinAnd } from '../report/plain.ts'

export interface SuggestionGroup {
  readonly code: string
  readonly label: string
  /** `2025-05-06, 2025-05-08 and 2025-05-12`, or the first and last with their number. */
  readonly days: string
  readonly units: number
  readonly why: string
  /** Where the first of them stands. */
  readonly place: string | null
}

const MOST_DAYS = 6

export function groupSuggestions(suggestions: readonly Suggestion[]): SuggestionGroup[] {
  const by = new Map<string, Suggestion[]>()
  for (const s of suggestions) by.set(`${s.code} ${s.id}`, [...(by.get(`${s.code} ${s.id}`) ?? []), s])
  return [...by.values()].map((all) => {
    const [first, last] = [all[0] as Suggestion, all[all.length - 1] as Suggestion]
    const evidence = first.evidence[0]
    return {
      code: first.code, label: first.label, units: all.reduce((n, s) => n + s.units, 0), why: first.why, place: evidence ? `${evidence.file} p. ${evidence.page}` : null,
      days: all.length <= MOST_DAYS ? joinAnd(all.map((s) => s.serviceDate)) : `${all.length} days from ${first.serviceDate} to ${last.serviceDate}`,
    }
  })
}
