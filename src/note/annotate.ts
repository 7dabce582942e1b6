// A note head → the note with everything found in it. May not: weigh evidence, know a policy.
import { lastAtOrBefore, type Span } from '../base/span.ts'
import { findPhrases, type PlaceholderHit } from '../base/phrases.ts'
import type { Document } from '../document/document.ts'
import { assertIn } from './assertion.ts'
import { findDates, findTimes } from './dates.ts'
import type { NoteDictionaries } from './dictionaries.ts'
import { findDurations } from './durations.ts'
import { findMeasures } from './measures.ts'
import type { Mention, Note, NoteHead, Statement, Subject, Time } from './note.ts'
import { findPeople } from './people.ts'
import { findPerformanceStatus } from './performance-status.ts'
import { findSections } from './sections.ts'
import { findStatements } from './statements.ts'

/** What a section says of all that stands in it. */
const SECTION_TIME: Readonly<Record<string, Time>> = {
  'past-medical-history': 'historical', 'past-surgical-history': 'historical', 'prior-radiation': 'historical', 'radiation-history': 'historical',
}
const SECTION_SUBJECT: Readonly<Record<string, Subject>> = { 'family-history': 'family' }

const UNANSWERED: Mention['assertion'] = { presence: 'absent', time: 'current', subject: 'patient', cues: ['empty field'] }

/** A row whose first cell asks and whose other cells are all empty. */
function isUnanswered(row: string): boolean {
  const [label = '', ...answers] = row.split('\t')
  return answers.length > 0 && /\p{L}/u.test(label) && answers.every((a) => /^[\s_.…–—-]*$/.test(a))
}

export function annotate(document: Document, head: NoteHead, dictionaries: NoteDictionaries): Note {
  const { text } = document
  const bare = findStatements(document, head)
  const sections = findSections(text, bare, dictionaries.sections)
  const sectionStarts = sections.map((s) => s.start)
  const statements: Statement[] = bare.map((s) => {
    const i = lastAtOrBefore(sectionStarts, s.start)
    return { ...s, section: i >= 0 && s.start < (sections[i] as Span).end ? i : -1 }
  })
  const starts = statements.map((s) => s.start)
  const inStatement = <T extends Span>(found: readonly T[]): (T & { statement: number })[] =>
    found.flatMap((f) => {
      const statement = lastAtOrBefore(starts, f.start)
      return statement >= 0 && f.start < (statements[statement] as Statement).end ? [{ ...f, statement }] : []
    })
  const { start, end } = head
  const year = head.date ?? head.signature.date
  const measures = inStatement(findMeasures(text, start, end, dictionaries.measures))
  const dates = inStatement(findDates(text, start, end, year ? { year: Number(year.slice(0, 4)) } : {}))
  const times = inStatement(findTimes(text, start, end))
  const durations = inStatement(findDurations(text, start, end))
  const people = inStatement(findPeople(text, start, end, dictionaries.people))
  const holders: PlaceholderHit[][] = statements.map(() => [])
  const hold = (name: string, s: { statement: number } & Span): void => void holders[s.statement]?.push({ name, start: s.start, end: s.end })
  for (const m of measures) hold(m.kind, m)
  for (const d of dates) hold('date', d)
  for (const t of times) hold('time', t)
  for (const d of durations) hold('duration', d)
  for (const p of people) hold('person', p)

  const mentions: Mention[] = []
  statements.forEach((s, i) => {
    if (s.kind === 'page-edge') return
    const hits = findPhrases(dictionaries.concepts.finder, text, s, holders[i])
    if (hits.length === 0) return
    const section = sections[s.section]?.id ?? ''
    const targets = hits.map((h) => ({ start: h.start, end: h.end, negates: dictionaries.concepts.entries.get(h.id)?.negates === true }))
    const blank = s.kind === 'row' && isUnanswered(text.slice(s.start, s.end))
    const assertions = assertIn(dictionaries.context, text, s, targets, {
      sectionTime: SECTION_TIME[section], sectionSubject: SECTION_SUBJECT[section], field: s.kind === 'field', year: year ? Number(year.slice(0, 4)) : undefined,
    })
    hits.forEach((h, k) => mentions.push({ concept: h.id, start: h.start, end: h.end, statement: i, assertion: blank ? UNANSWERED : (assertions[k] as Mention['assertion']) }))
  })
  const performance = inStatement(findPerformanceStatus(text, statements, head.date ?? head.signature.date, dictionaries.performance))
  return { ...head, sections, statements, mentions, measures, dates, times, durations, performance }
}
