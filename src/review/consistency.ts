// What the notes of a course say against each other: copied notes, fraction numbers that cannot be, doses that differ. May not: decide a requirement.
import type { Problem } from '../base/problem.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import { findEvents, type RadiationEvent } from '../note/events.ts'
import type { NoteType } from '../note/note.ts'
import type { Chart, ChartNote } from './chart.ts'

/** Notes written afresh at each visit; records and forms repeat themselves by nature. */
const WRITTEN: readonly NoteType[] = ['on-treatment-visit', 'sbrt-management', 'srs-management', 'followup', 'consult', 'special-treatment-note', 'nursing']
/** Characters of prose below which two notes may agree by chance. */
const LEAST_PROSE = 220

const problemOf = (chart: Chart, id: Problem['id'], note: ChartNote, other: ChartNote | null, start: number, data: Record<string, number>): Problem => {
  const pages = chart.documents[note.document]?.pages ?? []
  const page = pages.find((p) => p.start <= start && start < p.end)?.page ?? note.firstPage
  return { id, severity: 'warning', file: note.file, page, data: { note: note.note, ...(other === null ? {} : { other: other.note, otherFile: other.file, otherPage: other.firstPage }), ...data } }
}

/** The sentences of a note without its dates, times, fraction numbers and doses to date, which change from visit to visit. */
function proseOf(note: ChartNote, text: string): string {
  const changing = [...note.dates, ...note.times, ...note.measures.filter((m) => m.kind === 'fraction-number' || m.kind === 'dose' || m.kind === 'fractions'), ...note.signatures].sort((a, b) => a.start - b.start)
  const out: string[] = []
  let next = 0
  for (const s of note.statements) {
    if (s.kind === 'page-edge' || s.kind === 'heading') continue
    let at = s.start
    let said = ''
    while (next < changing.length && (changing[next] as { end: number }).end <= s.start) next++
    for (let i = next; i < changing.length; i++) {
      const c = changing[i] as { start: number; end: number }
      if (c.start >= s.end) break
      if (c.start > at) said += text.slice(at, c.start)
      at = Math.max(at, c.end)
    }
    said += text.slice(Math.min(at, s.end), s.end)
    out.push(said)
  }
  return out.join(' ').toLowerCase().replace(/\b(?:week|visit|day|fraction|fx|#)\s*#?\s*\d{1,2}\b/g, ' ').replace(/[^a-z0-9]+/g, ' ').trim()
}

function clonedNotes(chart: Chart, notes: readonly ChartNote[]): Problem[] {
  const seen = new Map<string, ChartNote>()
  const out: Problem[] = []
  for (const note of notes) {
    if (!WRITTEN.includes(note.type) || note.date === null) continue
    const prose = proseOf(note, chart.documents[note.document]?.text ?? '')
    if (prose.length < LEAST_PROSE) continue
    const key = `${note.type} ${prose}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, note)
    else if (first.date !== note.date) out.push(problemOf(chart, 'cloned-note', note, first, note.start, {}))
  }
  return out
}

/** Visits and records that number their fraction. */
const NUMBERED: readonly NoteType[] = ['on-treatment-visit', 'sbrt-management', 'srs-management', 'nursing', 'weekly-physics']

function fractionNumbers(chart: Chart, notes: readonly ChartNote[]): Problem[] {
  const out: Problem[] = []
  const stated: { readonly note: ChartNote; readonly number: number; readonly total: number; readonly start: number }[] = []
  for (const note of notes) {
    if (note.date === null || !NUMBERED.includes(note.type)) continue
    for (const m of note.measures) {
      if (m.kind !== 'fraction-number' || m.low !== m.high) continue
      const total = note.measures.find((t) => t.kind === 'fractions' && t.start >= m.start && t.end - m.start < 24)
      if (total === undefined) continue
      if (m.low > total.low) out.push(problemOf(chart, 'fraction-number', note, null, m.start, { number: m.low, total: total.low }))
      else stated.push({ note, number: m.low, total: total.low, start: m.start })
      break
    }
  }
  // Of one course of so many fractions, a later day has no smaller number.
  for (const total of new Set(stated.map((s) => s.total))) {
    const own = stated.filter((s) => s.total === total).sort((a, b) => ((a.note.date as string) < (b.note.date as string) ? -1 : (a.note.date as string) > (b.note.date as string) ? 1 : a.number - b.number))
    for (let i = 1; i < own.length; i++) {
      const [a, b] = [own[i - 1] as (typeof own)[number], own[i] as (typeof own)[number]]
      if (a.note.note !== b.note.note && (a.note.date as string) < (b.note.date as string) && b.number < a.number) out.push(problemOf(chart, 'fraction-number', b.note, a.note, b.start, { number: b.number, total }))
    }
  }
  return out
}

interface Told {
  readonly note: ChartNote
  readonly event: RadiationEvent
}

/** The notes that set or sum up a dose; visits and letters repeat what they were told. */
const DOSE_NOTES: readonly NoteType[] = ['prescription', 'planning-note', 'completion', 'plan-report', 'consult', 'sbrt-management']
const SETS: readonly NoteType[] = ['prescription', 'completion', 'plan-report']

function doses(chart: Chart, notes: readonly ChartNote[], dictionaries: NoteDictionaries): Problem[] {
  const out: Problem[] = []
  const told: Told[] = []
  for (const note of notes) {
    if (!DOSE_NOTES.includes(note.type)) continue
    for (const event of findEvents(chart.documents[note.document]?.text ?? '', note, dictionaries.events, dictionaries.context)) {
      if (event.role === 'earlier') continue
      if (event.arithmetic === 'contradicts') out.push(problemOf(chart, 'dose-arithmetic', note, null, event.start, { dose: event.dose ?? 0, fractions: event.fractions ?? 0, perFraction: event.dosePerFraction ?? 0 }))
      if (SETS.includes(note.type) && event.arithmetic !== 'contradicts' && event.dose !== null && event.fractions !== null && event.site !== null) told.push({ note, event })
    }
  }
  // One treatment of a site in each of two notes, and they differ.
  const keyOf = ({ event: e }: Told): string => `${e.site} ${e.laterality ?? ''} ${e.boost}`
  for (const key of new Set(told.map(keyOf))) {
    const own = told.filter((t) => keyOf(t) === key)
    const byNote = new Map(own.map((t) => [t.note.note, own.filter((o) => o.note === t.note)]))
    if (byNote.size < 2 || [...byNote.values()].some((l) => new Set(l.map((t) => `${t.event.dose} ${t.event.fractions}`)).size > 1)) continue
    const [first, ...others] = [...byNote.values()].map((l) => l[0] as Told)
    for (const o of others) {
      if (first === undefined || (o.event.dose === first.event.dose && o.event.fractions === first.event.fractions)) continue
      // A course that was stopped early has fewer fractions of the same size.
      const stopped = o.event.role === 'delivered' && (o.event.fractions as number) < (first.event.fractions as number) && Math.abs((o.event.dose as number) / (o.event.fractions as number) - (first.event.dose as number) / (first.event.fractions as number)) < 2
      out.push(problemOf(chart, stopped ? 'dose-not-completed' : 'dose-contradiction', o.note, first.note, o.event.start, {
        dose: o.event.dose ?? 0, fractions: o.event.fractions ?? 0, otherDose: first.event.dose ?? 0, otherFractions: first.event.fractions ?? 0,
      }))
      break
    }
  }
  return out
}

/** Warnings about the notes of this course of this patient, in order of note. */
export function inconsistencies(chart: Chart, dictionaries: NoteDictionaries): Problem[] {
  const notes = chart.notes.filter((n) => n.patientMatches !== false && n.ofThisCourse && n.evidential)
  return [...clonedNotes(chart, notes), ...fractionNumbers(chart, notes), ...doses(chart, notes, dictionaries)].sort((a, b) => Number(a.data?.['note'] ?? 0) - Number(b.data?.['note'] ?? 0))
}
