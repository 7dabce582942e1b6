// What one billing rule answers, and the limits that many of them share. May not: know a rule's number or which rules there are.
import type { Settings } from '../policy/policy.ts'
import type { CodeEntry, RuleInput, RuleTest } from '../policy/rules.ts'
import { pick, type Billed, type CourseLines } from './billed.ts'
import type { Chart } from './chart.ts'
import type { Evidence, Finding, LevelShown, RuleRemark } from './review.ts'

export interface Diagnosis {
  readonly code: string
  readonly billable: boolean
  /** Unspecified by its descriptor. */
  readonly unspecified: boolean
  /** The side its descriptor names, or null. */
  readonly side: 'left' | 'right' | null
}

/** By code as billed; undefined where nothing is known of it. */
export interface DiagnosisLookup {
  readonly get: (code: string) => Diagnosis | undefined
}

export interface RuleTables {
  readonly codes: ReadonlyMap<string, CodeEntry>
  readonly diagnoses: DiagnosisLookup
  readonly settings: Settings
  /** Version of the policy text by which a day of service is judged. */
  readonly versionOn: (day: string) => string
  /** Codes for an exceeded frequency under a version of the text. */
  readonly denialCodes: (version: string) => readonly string[]
}

export interface RuleInputs {
  readonly chart: Chart
  readonly tables: RuleTables
  readonly findings: ReadonlyMap<number, readonly Finding[]>
  readonly course: CourseLines
  readonly isFirstCourse: boolean
  /** First day of the next course, or null. */
  readonly nextCourse: string | null
}

export interface Outcome {
  readonly line: number
  /** Units that stand, or null where the rule does not count units. */
  readonly units: number | null
  readonly with: readonly number[]
  readonly counted: number | null
  readonly most: number | null
  readonly codes: readonly string[]
  readonly evidence: readonly Evidence[]
  /** A person has to decide, whatever the rule's own effect. */
  readonly review: boolean
  readonly supportedCode: string | null
  readonly facts: readonly string[]
}

/** What one rule says of one course. */
export interface Answer {
  readonly outcomes: readonly Outcome[]
  readonly gaps: readonly { readonly line: number; readonly missing: readonly RuleInput[] }[]
  readonly remarks: readonly (Omit<RuleRemark, 'id'> & { readonly line: number })[]
  readonly levels: readonly (Omit<LevelShown, 'rule'> & { readonly line: number })[]
}

export const outcome = (line: number, more: Partial<Outcome> = {}): Outcome =>
  ({ line, units: null, with: [], counted: null, most: null, codes: [], evidence: [], review: false, supportedCode: null, facts: [], ...more })

export const says = (outcomes: readonly Outcome[], more: Partial<Answer> = {}): Answer => ({ outcomes, gaps: [], remarks: [], levels: [], ...more })

/** Nothing to say. */
export const SILENT: Answer = says([])

export const ownLines = (list: readonly Billed[]): number[] => list.filter((b) => b.own).map((b) => b.line.line)
export const distinct = (list: readonly string[]): string[] => [...new Set(list)]

/** Whether anything was sent that may speak of this course. */
export const hasRecords = (chart: Chart): boolean => chart.notes.some((n) => n.evidential && n.ofThisCourse)

/** The answer of a rule that reads the record, where none was sent. */
export const withoutRecords = (lines: readonly Billed[]): Answer => (lines.length === 0 ? SILENT : says([], { gaps: lines.map((b) => ({ line: b.line.line, missing: ['records'] })) }))

type Limit = Extract<RuleTest, { limit: unknown }>['limit']

/** Lines by their day of service. */
export function daysOf(lines: readonly Billed[]): Map<string, Billed[]> {
  const days = new Map<string, Billed[]>()
  for (const b of lines) {
    const list = days.get(b.line.serviceDate)
    if (list) list.push(b)
    else days.set(b.line.serviceDate, [b])
  }
  return days
}

/** Lines that count together: the professional and the technical part of one service are one service; a line without either modifier is both. */
export function byComponent(lines: readonly Billed[]): readonly (readonly Billed[])[] {
  const holds = (b: Billed, m: string): boolean => b.line.modifiers.includes(m)
  if (!lines.some((b) => holds(b, '26') || holds(b, 'TC'))) return [lines]
  return [lines.filter((b) => !holds(b, 'TC') || holds(b, '26')), lines.filter((b) => !holds(b, '26'))].filter((g) => g.length > 0)
}

/** Units beyond the most fall, the later ones first. */
export function limited(test: Limit, { course, tables }: Pick<RuleInputs, 'course' | 'tables'>): Answer {
  const lines = pick(course, test.codes)
  const groups = test['within-a-line'] ? lines.map((b) => [b]) : test.per === 'course' ? [lines] : [...daysOf(lines).values()]
  const outcomes: Outcome[] = []
  const remarks: Answer['remarks'][number][] = []
  for (const whole of groups) {
    const told = whole.filter((b) => test['only-remark']?.includes(b.line.code))
    const many = told.reduce((n, b) => n + b.line.units, 0)
    if (many > test.most) {
      remarks.push(...told.filter((b) => b.own).map((b) => ({ line: b.line.line, topic: 'once-a-day-not-named' as const, counted: many, limit: test.most, codes: distinct(told.map((o) => o.line.code)), facts: [], evidence: [] })))
    }
    const rest = told.length === 0 ? whole : whole.filter((b) => !told.includes(b))
    for (const group of byComponent(rest)) {
      const total = group.reduce((n, b) => n + b.line.units, 0)
      if (total <= test.most) continue
      const level = (b: Billed): number => tables.codes.get(b.line.code)?.level ?? 0
      const ordered = test['lowest-first'] ? [...group].sort((a, b) => Number(a.own) - Number(b.own) || level(b) - level(a) || a.line.line - b.line.line) : group
      outcomes.push(...cutOff(ordered, test.most, total).filter((o) => !outcomes.some((x) => x.line === o.line)))
    }
  }
  return outcomes.length + remarks.length === 0 ? SILENT : says(outcomes, { remarks })
}

/** The lines of the claim that lose units where `most` stand, taken in the order given. */
export function cutOff(ordered: readonly Billed[], most: number, total: number, more: Partial<Outcome> = {}): Outcome[] {
  const named = { with: ownLines(ordered), codes: distinct(ordered.map((o) => o.line.code)) }
  let left = most
  return ordered.flatMap((b) => {
    const stands = Math.min(left, b.line.units)
    left -= stands
    if (!b.own || stands >= b.line.units) return []
    return [outcome(b.line.line, { units: stands, counted: total, most, ...named, ...more })]
  })
}
