// Which performance status holds for the course, and whether it passes the policy's threshold. May not: convert between scales.
import type { Role } from '../note/note.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import type { PerformanceFact } from './review.ts'
import { met, notMet, type Hit, type Verdict } from './verdict.ts'
import type { Question } from './evaluate.ts'
import type { PerformanceStatus } from '../note/note.ts'

export interface PerformanceValue extends PerformanceStatus {
  readonly note: number
  readonly decisive: boolean
  /** True where signed notes of the same day disagree about passing. */
  readonly conflicting: boolean
}

/** Who is believed where values of one day differ without deciding anything. */
const RANK: readonly Role[] = ['radiation-oncologist', 'physician', 'neurosurgeon', 'surgeon', 'medical-oncologist', 'advanced-practitioner', 'nurse', 'therapist']

/** Karnofsky below 40 fails; ECOG (Zubrod, WHO) 3 or worse fails. Other scales decide nothing. */
export function passes(v: { readonly scale: string; readonly low: number; readonly high: number }): 'pass' | 'fail' | 'straddle' | 'none' {
  if (v.scale === 'KPS') return v.low >= 40 ? 'pass' : v.high < 40 ? 'fail' : 'straddle'
  if (v.scale === 'ECOG') return v.high <= 2 ? 'pass' : v.low >= 3 ? 'fail' : 'straddle'
  return 'none'
}

/** All values of the record; of this course's current ones the latest on or before the first fraction holds. */
export function performanceValues(chart: Chart): PerformanceValue[] {
  const limit = chart.firstFraction ?? chart.claim.lines.map((l) => l.serviceDate).sort()[0] ?? '9999-12-31'
  const all = chart.notes
    .filter((n) => n.patientMatches !== false && n.evidential)
    .flatMap((n) => n.performance.map((p) => ({ ...p, date: p.date ?? n.date ?? n.signature.date, own: n })))
  const eligible = all.filter((p) => p.own.ofThisCourse && p.time === 'current' && passes(p) !== 'none' && (p.date === null || (p.date <= limit && withinCourse(chart, p.date))))
  const dated = eligible.filter((p) => p.date !== null)
  const latest = dated.map((p) => p.date as string).sort().at(-1) ?? null
  const holding = latest === null ? eligible : eligible.filter((p) => p.date === latest)
  const verdicts = new Set(holding.map(passes))
  const signedNotes = new Set(holding.map((p) => p.own.note))
  const conflicting = verdicts.size > 1 && signedNotes.size > 1 && sameScaleDiffers(holding)
  const chosen = new Set(conflicting ? [] : choose(holding))
  return all.map(({ own, ...p }) => {
    const found = holding.find((h) => h.start === p.start && h.own.note === own.note)
    return { ...p, note: own.note, decisive: found !== undefined && chosen.has(found), conflicting: found !== undefined && conflicting }
  })
}

function withinCourse(chart: Chart, date: string): boolean {
  const days = (Date.parse(chart.from) - Date.parse(date)) / 86_400_000
  return days <= 200
}

function sameScaleDiffers(values: readonly { scale: string; low: number; high: number }[]): boolean {
  return values.some((a) => values.some((b) => a.scale === b.scale && passes(a) !== passes(b)))
}

/** One value a scale: of several of one day the physician's before the nurse's. */
function choose<T extends { scale: string; own: ChartNote }>(values: readonly T[]): T[] {
  const out: T[] = []
  for (const scale of new Set(values.map((v) => v.scale))) {
    const same = values.filter((v) => v.scale === scale)
    const rank = (v: T): number => Math.min(...v.own.roles.map((r) => (RANK.includes(r) ? RANK.indexOf(r) : 99)), 99)
    out.push(...same.filter((v) => rank(v) === Math.min(...same.map(rank))).slice(0, 1))
  }
  return out
}

export function performanceVerdict(what: 'value' | 'words' | 'poor', { chart }: Question): Verdict {
  const values = performanceValues(chart)
  const hit = (v: PerformanceValue): Hit => ({ note: v.note, statement: v.statement, start: v.start, end: v.end, rank: 0 })
  const noteOf = (v: PerformanceValue): ChartNote => chart.notes[v.note - 1] as ChartNote
  const holding = values.filter((v) => v.decisive || v.conflicting)
  if (what === 'value') {
    if (holding.length > 0) return met(holding.map(hit))
    const later = values.filter((v) => v.time === 'current' && noteOf(v).ofThisCourse && passes(v) !== 'none' && v.date !== null)
    if (later.length > 0) return met(later.map(hit))
    const old = values.filter((v) => passes(v) !== 'none')
    return old.length > 0 ? notMet(old.some((v) => !noteOf(v).ofThisCourse) ? 'only-other-course' : 'only-historical', old.map(hit)) : notMet('not-found')
  }
  if (what === 'words') {
    const other = values.filter((v) => passes(v) === 'none' && v.time === 'current' && noteOf(v).ofThisCourse)
    return other.length > 0 ? met(other.map(hit)) : notMet('not-found')
  }
  if (holding.length === 0) return notMet('no-value')
  if (holding.some((v) => v.conflicting)) return { ...met(holding.map(hit)), grade: 'unclear', reason: 'conflict' }
  const failing = holding.filter((v) => passes(v) === 'fail')
  if (failing.some((v) => v.corrected)) return { ...met(holding.map(hit)), grade: 'unclear', reason: 'unreadable' }
  if (failing.length > 0) return met(failing.map(hit))
  const straddling = holding.filter((v) => passes(v) === 'straddle')
  if (straddling.length > 0) return { ...met(straddling.map(hit)), grade: 'unclear', reason: 'straddles-threshold' }
  return notMet('exclusion-absent', holding.map(hit))
}

/** All values with their places, for the answer: ECOG (with Zubrod and WHO), Karnofsky; other scales too, never decisive. */
export function performanceFacts(chart: Chart): PerformanceFact[] {
  return performanceValues(chart).map(({ note, conflicting: _conflicting, ...value }) => ({ ...value, evidence: evidenceAt(chart, chart.notes[note - 1] as ChartNote, value.start, value.end, 'for') }))
}
