// Which codes a chart suggests, with days, units and why. May not: suggest a code that its day does not allow; judge whether it would be paid.
import { claimSchema, type Claim, type ClaimLine } from '../claim/claim.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import type { IsoDate, NotesOfDocument, PatientIdentity } from '../note/note.ts'
import type { Policy } from '../policy/policy.ts'
import type { CodeEntry } from '../policy/rules.ts'
import type { SuggestionRule } from '../policy/suggestion.ts'
import { buildChart, dayNumber, type Chart, type ChartNote } from './chart.ts'
import { showHits } from './check.ts'
import { courseFacts } from './courses.ts'
import { evaluate } from './evaluate.ts'
import { levelOf } from './levels.ts'
import type { Evidence } from './review.ts'
import type { Verdict } from './verdict.ts'

export interface Suggestion {
  /** Id of the entry in the policy's suggestions.yaml. */
  readonly id: string
  readonly code: string
  readonly label: string
  readonly serviceDate: IsoDate
  readonly units: number
  readonly why: string
  readonly evidence: readonly Evidence[]
}

/** Days without a session after which another course begins. */
const COURSE_GAP = 60
const HOLDER = '99999'

/** A chart without a claim: of the patient whom most notes name, about the last course that they show. Null where nothing is dated. */
export function chartAlone(files: readonly NotesOfDocument[], people: People): Chart | null {
  const notes = files.flatMap((f) => f.notes)
  const dates = notes.flatMap((n) => n.date ?? n.signature.date ?? []).sort()
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return null
  const patient = patientOf(notes.map((n) => n.patient))
  const wide = buildChart(holder(patient, first, last), files, people)
  const sessions = [...new Set(wide.fractions.filter((f) => f.delivered).map((f) => f.date))].sort()
  const begin = sessions.findLastIndex((d, i) => i > 0 && dayNumber(d) - dayNumber(sessions[i - 1] as string) > COURSE_GAP)
  const own = sessions.slice(Math.max(0, begin))
  return buildChart(holder(patient, own[0] ?? last, own.at(-1) ?? last), files, people)
}

const holder = (patient: Claim['patient'], from: IsoDate, to: IsoDate): Claim =>
  claimSchema.parse({ claimId: 'PLAN', patient, lines: [{ line: 1, code: HOLDER, serviceDate: from, serviceDateEnd: to }] })

/** The name and the birth date that stand on most notes. */
function patientOf(printed: readonly PatientIdentity[]): Claim['patient'] {
  const most = (values: readonly (string | null)[]): string | null => {
    const counts = new Map<string, number>()
    for (const v of values) if (v !== null) counts.set(v, (counts.get(v) ?? 0) + 1)
    return [...counts].reduce<[string, number] | null>((best, one) => (best === null || one[1] > best[1] ? one : best), null)?.[0] ?? null
  }
  const name = most(printed.map((p) => p.name))
  const own = printed.filter((p) => p.name === name || p.name === null)
  return { name, birthDate: most(own.map((p) => p.birthDate)), memberId: null, mrn: null, sex: null }
}

/** In order of day and code. One and the same line is suggested once, by the first entry that does. */
export function suggestCodes(chart: Chart, policy: Policy): Suggestion[] {
  const course = courseFacts(chart, policy.codes).at(-1)
  const sessions = (course?.fractions ?? []).filter((f) => f.delivered && f.date >= chart.from && f.date <= chart.to)
  const ports = course?.ports?.value ?? null
  const seen = new Set<string>()
  return policy.suggestions.flatMap((rule): Suggestion[] => {
    if (rule.sessions?.least !== undefined && sessions.length < rule.sessions.least) return []
    if (rule.sessions?.most !== undefined && sessions.length > rule.sessions.most) return []
    const found = asked(rule, chart, sessions.map((s) => s.date))
    return found.flatMap(({ day, verdict, times }): Suggestion[] => {
      const named = rule.codes.map((c) => policy.codes.get(c)).find((c): c is CodeEntry => c !== undefined && validOn(c, day))
      const code = named && rule.level === 'shown' ? ofLevelShown(named, day, chart, policy) : named
      if (!code || seen.has(`${day} ${code.code}`)) return []
      seen.add(`${day} ${code.code}`)
      const units = rule.per === 'session' ? (sessions.find((s) => s.date === day)?.sessions ?? 1) : rule.units === 'ports' && ports !== null ? ports : times
      const evidence = showHits(chart, verdict.hits, 'for')
      // Of one session of many the row of that session says most.
      const own = rule.per === 'session' ? (sessions.find((s) => s.date === day)?.evidence ?? []) : []
      return [{ id: rule.id, code: code.code, label: code.label, serviceDate: day, units, why: rule.says, evidence: [...own, ...evidence].slice(0, 3) }]
    })
  }).sort((a, b) => (a.serviceDate < b.serviceDate ? -1 : a.serviceDate > b.serviceDate ? 1 : a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
}

/** Whether the code may be billed for the day, as far as the code list knows. */
export const validOn = (code: Pick<CodeEntry, 'from' | 'until'>, day: IsoDate): boolean => (code.from ?? '') <= day && (code.until ?? day) >= day

/** The code of the level that the records show, where a rule of the policy tells the levels apart; the one named where they show none. */
function ofLevelShown(named: CodeEntry, day: IsoDate, chart: Chart, policy: Policy): CodeEntry {
  for (const rule of policy.rules) {
    if (!('level' in rule.test) || !rule.test.level.codes.includes(named.code)) continue
    const { supported } = levelOf(rule.test.level, rule.inputs, lineOf(named.code, day, null), chart)
    const shown = supported === null ? undefined : policy.codes.get(supported)
    if (shown && validOn(shown, day)) return shown
  }
  return named
}

const lineOf = (code: string, day: IsoDate, end: IsoDate | null): ClaimLine =>
  ({ line: 1, code, modifiers: [], units: 1, serviceDate: day, serviceDateEnd: end, diagnosisPointers: [], placeOfService: null, charge: null })

interface Found { readonly day: IsoDate; readonly verdict: Verdict; readonly times: number }

function asked(rule: SuggestionRule, chart: Chart, sessions: readonly IsoDate[]): Found[] {
  const shown = (day: IsoDate, end: IsoDate | null): Verdict | null => {
    const question = { chart, line: lineOf(rule.codes[0] as string, day, end) }
    if (rule.unless && evaluate(rule.unless, question).grade === 'met') return null
    const verdict = evaluate(rule.shows, question)
    return verdict.grade === 'met' ? verdict : null
  }
  const over = (day: IsoDate | undefined, times: number): Found[] => {
    const verdict = day === undefined || times === 0 ? null : shown(chart.from, chart.to)
    return verdict === null || day === undefined ? [] : [{ day, verdict, times }]
  }
  if (rule.per === 'session') return sessions.flatMap((day) => over1(shown(day, null), day))
  if (rule.per === 'first-session') return over(sessions[0], 1)
  if (rule.per === 'last-session') return over(sessions.at(-1), 1)
  if (rule.per === 'five-sessions') return over(sessions.at(-1), Math.floor(sessions.length / 5) + (sessions.length % 5 >= rule.remainder ? 1 : 0))
  const verdict = shown(chart.from, chart.to)
  if (verdict === null) return []
  const days = new Map<IsoDate, Verdict>()
  for (const hit of verdict.hits) {
    const note = chart.notes[hit.note - 1] as ChartNote
    const day = dayOf(note, hit.statement, chart)
    if (day === null) continue
    const before = days.get(day)
    days.set(day, { ...verdict, hits: [...(before?.hits ?? []), hit] })
  }
  // What bears no date at all was made for this course all the same.
  if (days.size === 0 && verdict.hits.length > 0) days.set(chart.from, verdict)
  const all = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, own]) => ({ day, verdict: own, times: 1 }))
  return rule.per === 'evidence-once' ? all.slice(0, 1) : all
}

/** Days before the first session by which what belongs to a course may have been done. */
const BEFORE = 200

/** The day of a statement, of its note or of the signature: the first of them that may be a day of this course. A birth date at the head of a page is none. */
const dayOf = (note: ChartNote, statement: number, chart: Chart): IsoDate | null =>
  [note.days[statement] ?? null, note.date, note.signature.date].find((d): d is IsoDate => d !== null && dayNumber(d) >= dayNumber(chart.from) - BEFORE) ?? null

const over1 = (verdict: Verdict | null, day: IsoDate): Found[] => (verdict === null ? [] : [{ day, verdict, times: 1 }])

/** The suggestions as a claim that can be reviewed before it is made; null where there are none. */
export function plannedClaim(chart: Chart, lines: readonly { readonly code: string; readonly serviceDate: IsoDate; readonly units: number }[], payer: string | null): Claim | null {
  if (lines.length === 0) return null
  return claimSchema.parse({
    claimId: 'PLAN', patient: chart.claim.patient, ...(payer === null ? {} : { payer }),
    lines: lines.map((l, i) => ({ line: i + 1, code: l.code, serviceDate: l.serviceDate, units: l.units })),
  })
}
