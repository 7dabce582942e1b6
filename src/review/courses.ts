// Course, plan and fraction as claim, history and chart give them, each number with its place. May not: judge a line.
import type { Document } from '../document/document.ts'
import type { CodeEntry } from '../policy/rules.ts'
import { coursesOf, pick, type CourseLines } from './billed.ts'
import type { Chart, ChartNote } from './chart.ts'
import type { FractionRecord } from './fractions.ts'
import { planFacts, statementEvidence } from './plan-facts.ts'
import { fractionsOf } from './rule-counts.ts'
import type { CourseFact, Evidence, FractionFact, PlanFact, ReadNumber } from './review.ts'

const PLAN_CODES = ['77295', '77301', '77306', '77307', '77316', '77317', '77318', '77321', '77436']
const PLAN_NOTES: ReadonlySet<string> = new Set(['plan-report', 'isodose'])
/** `Course: C1`, `Course C2`. */
const LABEL = /\bcourse[ \t]{0,3}(?:id|name|no\.?|#)?[ \t]{0,3}:?[ \t]{0,3}(C\d{1,2})\b/i
/** Above it a number is no count of fractions of one course. */
const MOST_FRACTIONS = 50

export function courseFacts(chart: Chart, codes: ReadonlyMap<string, CodeEntry>): CourseFact[] {
  const courses = coursesOf(chart)
  return courses.map((course, i): CourseFact => {
    const window = { chart, course, isFirstCourse: i === 0, nextCourse: courses[i + 1]?.from ?? null }
    const alone = courses.length === 1
    const notes = chart.notes.filter((n) => n.evidential && n.ofThisCourse && (alone || inWindow(n.date ?? n.signature.date, window)))
    const fractions = fractionsOf(window)
    const delivery = course.all.filter((b) => codes.get(b.line.code)?.family === 'delivery')
    const own = course.all.filter((b) => b.own).map((b) => b.line.line)
    return {
      course: i + 1, label: labelOf(chart, notes), from: course.from, to: course.to,
      boundary: alone ? 'one-run-of-days' : i === 0 ? 'gap-after' : i === courses.length - 1 ? 'gap-before' : 'gaps',
      lines: own, history: course.all.length - own.length, sites: sitesOf(chart, notes), plans: plansOf(chart, course, notes),
      ports: alone ? readOf(planFacts(chart).ports) : null, areas: alone ? readOf(planFacts(chart).areas) : null,
      prescribed: prescribedOf(chart, notes), delivered: deliveredOf(chart, fractions), billed: delivery.reduce((n, b) => n + b.line.units, 0),
      fractions: daysOf(chart, fractions, delivery.map((b) => ({ date: b.line.serviceDate, units: b.line.units }))),
    }
  })
}

const inWindow = (date: string | null, { course, isFirstCourse, nextCourse }: { course: CourseLines; isFirstCourse: boolean; nextCourse: string | null }): boolean =>
  date !== null && (isFirstCourse || date >= course.from) && (nextCourse === null || date < nextCourse)

const readOf = (counted: { value: number; evidence: readonly Evidence[] } | null): ReadNumber | null => (counted === null ? null : { value: counted.value, from: 'chart', evidence: counted.evidence })

function labelOf(chart: Chart, notes: readonly ChartNote[]): string | null {
  for (const n of notes) {
    const m = LABEL.exec((chart.documents[n.document] as Document).text.slice(n.start, n.end))
    if (m) return (m[1] as string).toUpperCase()
  }
  return null
}

const SITE_FIELD = /^(?:(?:treatment|rx|prescription|treated) )?(?:site|site treated|target site)s? {0,3}[:\t] {0,3}([^\t;|]{2,60})/i

/** Sites treated, as the fields of prescriptions, plans and treatment sheets name them. */
function sitesOf(chart: Chart, notes: readonly ChartNote[]): string[] {
  const out = new Map<string, string>()
  for (const n of notes) {
    const text = (chart.documents[n.document] as Document).text
    for (const s of n.statements) {
      const m = s.kind === 'field' || s.kind === 'row' || s.kind === 'sentence' ? SITE_FIELD.exec(text.slice(s.start, Math.min(s.end, s.start + 120))) : null
      const words = m?.[1]?.replace(/\s+/g, ' ').replace(/[.,:;\s]+$/, '').trim()
      if (words && !out.has(words.toLowerCase())) out.set(words.toLowerCase(), words)
    }
  }
  return [...out.values()].slice(0, 6)
}

function plansOf(chart: Chart, course: CourseLines, notes: readonly ChartNote[]): PlanFact[] {
  const billed = pick(course, PLAN_CODES).map((b): PlanFact => ({ code: b.line.code, date: b.line.serviceDate, line: b.own ? b.line.line : null, evidence: [] }))
  const charted = notes.filter((n) => PLAN_NOTES.has(n.type)).flatMap((n): PlanFact[] => {
    const title = n.statements.findIndex((s) => s.kind === 'heading' || s.kind === 'sentence' || s.kind === 'field')
    const s = n.statements[title]
    return s ? [{ code: null, date: n.date, line: null, evidence: [statementEvidence(chart, n, title, s)] }] : []
  })
  return [...billed, ...charted]
}

/** The number of fractions prescribed: the largest that a prescription or plan gives. */
function prescribedOf(chart: Chart, notes: readonly ChartNote[]): ReadNumber | null {
  const found = notes.filter((n) => n.type === 'prescription' || n.type === 'plan-report' || n.type === 'planning-note').flatMap((note) =>
    note.measures.filter((m) => m.kind === 'fractions' && m.high <= MOST_FRACTIONS).map((m) => ({ note, m })))
  const best = found.sort((a, b) => b.m.high - a.m.high)[0]
  return best ? { value: best.m.high, from: 'chart', evidence: [statementEvidence(chart, best.note, best.m.statement, best.m)] } : null
}

/** The number of fractions given: the highest number written beside one, or the sessions counted. */
function deliveredOf(chart: Chart, fractions: readonly FractionRecord[]): ReadNumber | null {
  const given = fractions.filter((f) => f.delivered)
  if (given.length === 0) return null
  const highest = given.reduce((a, b) => ((b.number ?? 0) > (a.number ?? 0) ? b : a))
  const days = new Set(given.map((f) => f.date)).size
  const at = (highest.number ?? 0) >= days ? highest : (given.at(-1) as FractionRecord)
  return { value: Math.max(days, highest.number ?? 0), from: 'chart', evidence: [place(chart, at)] }
}

const place = (chart: Chart, f: FractionRecord): Evidence => statementEvidence(chart, chart.notes[f.note - 1] as ChartNote, f.statement, f.span)

function daysOf(chart: Chart, fractions: readonly FractionRecord[], billed: readonly { date: string; units: number }[]): FractionFact[] {
  const days = [...new Set([...fractions.map((f) => f.date), ...billed.map((b) => b.date)])].sort()
  return days.map((date): FractionFact => {
    const own = fractions.filter((f) => f.date === date)
    const given = own.filter((f) => f.delivered)
    const numbers = new Set(given.flatMap((f) => (f.number === null ? [] : [f.number])))
    const told = given.length > 0 ? given : own
    return {
      date, sessions: given.length === 0 ? 0 : Math.max(1, numbers.size), delivered: given.length > 0,
      number: numbers.size === 0 ? null : Math.max(...numbers), dose: given.find((f) => f.dose !== null)?.dose ?? null,
      billed: billed.filter((b) => b.date === date).reduce((n, b) => n + b.units, 0), evidence: told.slice(0, 2).map((f) => place(chart, f)),
    }
  })
}
