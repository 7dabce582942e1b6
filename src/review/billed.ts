// Billed and paid lines by course of treatment. May not: judge a line.
import type { ClaimLine, HistoryLine } from '../claim/claim.ts'
import { dayNumber, type Chart } from './chart.ts'

export interface Billed {
  readonly line: ClaimLine | HistoryLine
  /** False for a line of the history. */
  readonly own: boolean
  /** Place in the course: by date, then history before claim, then line number. */
  readonly order: number
}

export interface CourseLines {
  readonly from: string
  readonly to: string
  readonly all: readonly Billed[]
  readonly byCode: ReadonlyMap<string, readonly Billed[]>
}

/** Billed days or fractions this far apart (days), with nothing between, are of different courses. */
const COURSE_GAP_DAYS = 120

/** Courses in order of date. A boost, a second site or a change of the code set within the gap does not open a new one. */
export function coursesOf(chart: Pick<Chart, 'claim' | 'fractions'>): CourseLines[] {
  const { claim } = chart
  const all = [...claim.history.map((line) => ({ line, own: false })), ...claim.lines.map((line) => ({ line, own: true }))]
    .sort((a, b) => (a.line.serviceDate < b.line.serviceDate ? -1 : a.line.serviceDate > b.line.serviceDate ? 1 : a.own === b.own ? a.line.line - b.line.line : a.own ? 1 : -1))
  const last = all.at(-1)?.line.serviceDate ?? ''
  const first = all[0]?.line.serviceDate ?? ''
  // Fractions between two billed days join them, however far apart they are billed.
  const given = dayNumber(last) - dayNumber(first) <= COURSE_GAP_DAYS ? [] : chart.fractions.filter((f) => f.delivered && f.date > first && f.date < last).map((f) => f.date)
  const days = [...new Set([...all.map((b) => b.line.serviceDate), ...given])].sort()
  const starts = days.filter((d, i) => i === 0 || dayNumber(d) - dayNumber(days[i - 1] as string) > COURSE_GAP_DAYS)
  return starts.flatMap((start, i): CourseLines[] => {
    const end = starts[i + 1] ?? '9999'
    const own = all.filter((b) => b.line.serviceDate >= start && b.line.serviceDate < end).map((b, order): Billed => ({ ...b, order }))
    if (own.length === 0) return []
    const byCode = new Map<string, Billed[]>()
    for (const b of own) {
      const list = byCode.get(b.line.code)
      if (list) list.push(b)
      else byCode.set(b.line.code, [b])
    }
    return [{ from: start, to: days.filter((d) => d >= start && d < end).at(-1) as string, all: own, byCode }]
  })
}

/** The lines with one of these codes, in the order of the course. */
export function pick(course: CourseLines, codes: readonly string[]): readonly Billed[] {
  let found: Billed[] | null = null
  let only: readonly Billed[] | undefined
  for (const code of codes) {
    const list = course.byCode.get(code)
    if (!list) continue
    if (!only) only = list
    else (found ??= [...only]).push(...list)
  }
  return found ? found.sort((a, b) => a.order - b.order) : (only ?? [])
}
