// Where claim and chart do not agree: units, days, sides, diagnoses, totals; both places each time. May not: decide a line.
import type { Document } from '../document/document.ts'
import type { CodeEntry } from '../policy/rules.ts'
import { dayNumber, type Chart, type ChartNote } from './chart.ts'
import { planNotes, statementEvidence } from './plan-facts.ts'
import type { DiagnosisLookup } from './rule-answer.ts'
import type { CourseFact, Difference, Evidence } from './review.ts'

/** Days between a service and its note that are a slip of the date and not another service. */
const DATE_SLIP_DAYS = 10
const SIMULATION_CODES = new Set(['77280', '77285', '77290', 'G0562'])
/** Codes billed once a session. Others of the family are billed otherwise. */
const notASession = (code: string): boolean => code === '77424' || code === '77425'

export function differencesOf(chart: Chart, courses: readonly CourseFact[], codes: ReadonlyMap<string, CodeEntry>, diagnoses: DiagnosisLookup): Difference[] {
  return [...fractions(chart, courses, codes), ...totals(courses), ...simulationDays(chart), ...sides(chart, diagnoses), ...printedDiagnoses(chart)]
}

/** Delivery billed on a day that the treatment record leaves out, refuses, or gives fewer sessions. */
function fractions(chart: Chart, courses: readonly CourseFact[], codes: ReadonlyMap<string, CodeEntry>): Difference[] {
  return chart.claim.lines.flatMap((line): Difference[] => {
    if (codes.get(line.code)?.family !== 'delivery' || notASession(line.code) || (line.serviceDateEnd !== null && line.serviceDateEnd !== line.serviceDate)) return []
    const course = courses.find((c) => c.lines.includes(line.line))
    const recorded = course?.fractions.filter((f) => f.evidence.length > 0) ?? []
    const day = recorded.find((f) => f.date === line.serviceDate)
    const claim = { field: 'units', value: `${line.units} × ${line.code} on ${line.serviceDate}` }
    if (day && !day.delivered) return [{ kind: 'not-delivered', line: line.line, claim, chart: { value: `nothing given on ${day.date}`, evidence: day.evidence } }]
    if (day && day.billed > day.sessions) {
      // Told once a day, on the last of its lines.
      const last = chart.claim.lines.filter((l) => l.serviceDate === day.date && codes.get(l.code)?.family === 'delivery').at(-1)
      const all = { field: 'units', value: `${day.billed} units of delivery for ${day.date}` }
      return last === line ? [{ kind: 'units', line: line.line, claim: all, chart: { value: day.sessions === 1 ? 'one session' : `${day.sessions} sessions`, evidence: day.evidence } }] : []
    }
    if (day) return []
    // A record that runs past the day and does not list it speaks against it; one that stops before says nothing.
    const given = recorded.filter((f) => f.delivered)
    const before = given.filter((f) => f.date < line.serviceDate).at(-1)
    const after = given.find((f) => f.date > line.serviceDate)
    if (!before || !after || dayNumber(after.date) - dayNumber(before.date) > DATE_SLIP_DAYS) return []
    return [{ kind: 'date', line: line.line, claim: { field: 'serviceDate', value: line.serviceDate }, chart: { value: `${before.date} and ${after.date}, none between`, evidence: [...before.evidence.slice(0, 1), ...after.evidence.slice(0, 1)] } }]
  })
}

function totals(courses: readonly CourseFact[]): Difference[] {
  return courses.flatMap((c): Difference[] => {
    // Without a number prescribed the record may be a part of the course.
    if (c.delivered === null || c.prescribed === null || c.billed <= Math.max(c.delivered.value, c.prescribed.value)) return []
    return [{
      kind: 'course-total', line: null, claim: { field: 'units', value: `${c.billed} units of delivery` },
      chart: { value: `${c.delivered.value} fractions delivered of ${c.prescribed.value} prescribed`, evidence: c.delivered.evidence },
    }]
  })
}

/** A simulation with its only note on a day close by. */
function simulationDays(chart: Chart): Difference[] {
  const notes = chart.notes.filter((n) => n.evidential && n.ofThisCourse && n.type === 'simulation' && n.date !== null)
  const days = new Set(notes.flatMap((n) => [n.date, ...n.days, ...n.dates.map((d) => d.date)]))
  return chart.claim.lines.filter((l) => SIMULATION_CODES.has(l.code) && notes.length > 0 && !days.has(l.serviceDate)).flatMap((line): Difference[] => {
    const near = notes.filter((n) => Math.abs(dayNumber(n.date as string) - dayNumber(line.serviceDate)) <= DATE_SLIP_DAYS)
    const note = near[0]
    const at = note?.dates.find((d) => d.date === note.date)
    if (!note || near.length > 1 || !at) return []
    return [{ kind: 'date', line: line.line, claim: { field: 'serviceDate', value: line.serviceDate }, chart: { value: note.date as string, evidence: [statementEvidence(chart, note, at.statement, at)] } }]
  })
}

const SITE_LINE = /^(?:site|treatment site|target|volume|area|region|rx site|course|plan)\b/i
const LEFT = /\b(?:left|lt|l)\b(?!\s*[0-9])(?!ateral)/i
const RIGHT = /\b(?:right|rt|r)\b(?!\s*[0-9])/i
/** RT is radiation as often as right. */
const RADIATION_RT = /\b(?:RT|R\/T)\b/g

/** The sides that prescriptions and plans treat, against the side that every diagnosis of the claim names. */
function sides(chart: Chart, diagnoses: DiagnosisLookup): Difference[] {
  const named = chart.claim.diagnoses.flatMap((c) => {
    const side = diagnoses.get(c)?.side
    return side ? [{ code: c, side }] : []
  })
  const billed = new Set(named.map((d) => d.side))
  const [only] = named
  if (billed.size !== 1 || !only || chart.claim.diagnoses.some((c) => /^C7[789]/.test(c))) return []
  const found: { side: 'left' | 'right'; evidence: Evidence }[] = []
  for (const note of planNotes(chart)) {
    if (note.type !== 'prescription' && note.type !== 'plan-report' && note.type !== 'treatment-record') continue
    const text = (chart.documents[note.document] as Document).text
    const sites = new Set(note.mentions.filter((m) => m.concept === 'treatment-site' && m.assertion.presence === 'present' && m.assertion.time !== 'historical').map((m) => m.statement))
    for (const i of sites) {
      const s = note.statements[i]
      if (!s || s.kind === 'page-edge') continue
      const words = text.slice(s.start, s.end).replace(RADIATION_RT, ' ')
      if (!SITE_LINE.test(words.trim())) continue
      const left = LEFT.test(words)
      const right = RIGHT.test(words)
      if (left !== right) found.push({ side: left ? 'left' : 'right', evidence: statementEvidence(chart, note, i, s) })
    }
  }
  if (found.length === 0 || found.some((f) => f.side === only.side)) return []
  return [{ kind: 'laterality', line: null, claim: { field: 'diagnoses', value: `${only.side} (${only.code})` }, chart: { value: (found[0] as { side: string }).side, evidence: found.slice(0, 2).map((f) => f.evidence) } }]
}

const PRINTED = /\b([CD]\d[0-9A-Z])(?:\.[0-9A-Z]{1,4})?\b/g
const NAMES_CODE = /\b(?:icd|icd-10|dx|diagnos[ie]s)\b/i

/** Diagnosis codes printed in the chart, none of a category that the claim gives. */
function printedDiagnoses(chart: Chart): Difference[] {
  if (chart.claim.diagnoses.length === 0) return []
  const claimed = new Set(chart.claim.diagnoses.map((c) => c.slice(0, 3)))
  const found: { code: string; category: string; evidence: Evidence }[] = []
  for (const note of chart.notes) {
    if (!note.evidential || !note.ofThisCourse) continue
    const text = (chart.documents[note.document] as Document).text
    note.statements.forEach((s, i) => {
      const words = text.slice(s.start, s.end)
      if (s.kind === 'page-edge' || !NAMES_CODE.test(words)) return
      for (const m of words.matchAll(PRINTED)) {
        const at = { start: s.start + m.index, end: s.start + m.index + m[0].length }
        // A code without its digits after the point may be the name of a form or a vertebra.
        if (m[0].includes('.')) found.push({ code: m[0], category: m[1] as string, evidence: statementEvidence(chart, note as ChartNote, i, at) })
      }
    })
  }
  if (found.length === 0 || found.some((f) => claimed.has(f.category))) return []
  const codes = [...new Set(found.map((f) => f.code))]
  return [{ kind: 'diagnosis', line: null, claim: { field: 'diagnoses', value: chart.claim.diagnoses.join(', ') }, chart: { value: codes.join(', '), evidence: found.slice(0, 2).map((f) => f.evidence) } }]
}
