// Which lines a self-audit looks at: the codes a provider names, with days and units from the chart where he names none. May not: bill; suggest for a code named.
import type { IsoDate } from '../note/note.ts'
import type { Policy } from '../policy/policy.ts'
import type { Chart } from '../review/chart.ts'
import { validOn, type Suggestion } from '../review/suggest.ts'

export interface NamedCode { readonly code: string; readonly day: IsoDate | null; readonly units: number | null }
export interface PlannedLine { readonly code: string; readonly serviceDate: IsoDate; readonly units: number }
export interface PlannedLines { readonly lines: readonly PlannedLine[]; /** What was taken for what was not said, a sentence each. */ readonly remarks: readonly string[] }

const WRITTEN = /^([0-9A-Z]{5})(?:@(\d{4}-\d{2}-\d{2}))?(?:x(\d{1,3}))?$/i

/** `77331`, `77331@2025-05-06`, `77373@2025-05-06x2`; null for anything else. */
export function readNamedCode(text: string): NamedCode | null {
  const m = WRITTEN.exec(text.trim())
  if (!m || (m[2] !== undefined && Number.isNaN(Date.parse(m[2])))) return null
  return { code: (m[1] as string).toUpperCase(), day: m[2] ?? null, units: m[3] === undefined ? null : Number(m[3]) }
}

/** A code without a day stands on the days on which the chart suggests it, else on the first session, else on the last day that is dated. */
export function planLines(named: readonly NamedCode[], chart: Chart, suggestions: readonly Suggestion[], policy: Policy): PlannedLines {
  const remarks: string[] = []
  const lines = named.flatMap(({ code, day, units }): PlannedLine[] => {
    const known = policy.codes.get(policy.aliases[code] ?? code)
    if (day !== null) {
      if (known && !validOn(known, day)) remarks.push(`${code} is not valid on ${day}${known.until !== undefined && day > known.until ? `; its last day was ${known.until}` : ''}.`)
      return [{ code, serviceDate: day, units: units ?? 1 }]
    }
    const own = suggestions.filter((s) => s.code === code)
    if (own.length > 0) {
      remarks.push(`${code}: ${own.length === 1 ? 'the day' : `${own.length} days`} and units are those that the chart shows.`)
      return own.map((s) => ({ code, serviceDate: s.serviceDate, units: units ?? s.units }))
    }
    const first = chart.firstFraction ?? chart.to
    remarks.push(`${code}: the chart shows no day for it; ${first} was taken, ${chart.firstFraction === null ? 'its last dated day' : 'the first session'}.`)
    if (known && !validOn(known, first)) remarks.push(`${code} is not valid on ${first}.`)
    return [{ code, serviceDate: first, units: units ?? 1 }]
  })
  return { lines, remarks }
}
