// A note head → the note with everything found in it. May not: weigh evidence, know a policy.
import { lastAtOrBefore, type Span } from '../base/span.ts'
import { findPhrases, type PhraseHit, type PlaceholderHit } from '../base/phrases.ts'
import type { Document } from '../document/document.ts'
import { assertIn } from './assertion.ts'
import { findDates, findTimes } from './dates.ts'
import type { NoteDictionaries } from './dictionaries.ts'
import { findDurations } from './durations.ts'
import { findMeasures } from './measures.ts'
import type { Duration, Measure, Mention, Note, NoteHead, Section, Statement, Subject, Time } from './note.ts'
import { findPeople } from './people.ts'
import { findComparisons } from './placeholders.ts'
import { findPerformanceStatus } from './performance-status.ts'
import { findSections, splitAtHeadings } from './sections.ts'
import { findStatements } from './statements.ts'
import { composeRow, uncompose, type ComposedRow } from './table-rows.ts'

/** What a section says of all that stands in it. */
const SECTION_TIME: Readonly<Record<string, Time>> = {
  'past-medical-history': 'historical', 'past-surgical-history': 'historical', 'prior-radiation': 'historical', 'radiation-history': 'historical',
}
const SECTION_SUBJECT: Readonly<Record<string, Subject>> = { 'family-history': 'family' }

/** Kin as the one spoken of: `his late wife … her Karnofsky`, `her mother, whom she nursed, was …`. `Wife reports he is …` speaks of the patient. */
const OF_KIN = /\b(?:(?:wife|mother|sister|daughter|aunt|grandmother)\b[^.;]{0,160}\b(?:her|who|was|had)|(?:husband|father|brother|son|uncle|grandfather)\b[^.;]{0,160}\b(?:his|who|was|had))\b[^.;,]{0,24}$/i

const FORMERLY = /^\s*%?\s*[(,;]?\s*(?:was|were|previously|prior(?:ly)?|down from|up from|formerly|from|decreased from|improved from|declined from)\b/i

/** Behind a value: it is a bound somebody sets, not a finding. */
const THRESHOLD = /^\s*(?:%|percent)?\s*(?:or (?:better|above|higher|greater|more|worse|less|below|over)|and (?:above|over|better)|required|minimum|needed|to qualify|to enroll)\b/i

/** A field with nothing but its line, and text after it. */
const UNFILLED = /:\s*_{3,}[^_]/
const UNANSWERED: Mention['assertion'] = { presence: 'absent', time: 'current', subject: 'patient', cues: ['empty field'] }

interface Composed {
  readonly measures: readonly Measure[]
  readonly durations: readonly Duration[]
  /** Mentions that only the column names make, beside those found already. */
  readonly mentions: (known: readonly Mention[]) => Mention[]
}

/** Reads rows together with their column names, for what neither says alone. */
function composedRows(text: string, statements: readonly Statement[], sections: readonly Section[], plain: readonly Measure[], dictionaries: NoteDictionaries): Composed {
  const measures: Measure[] = []
  const durations: Duration[] = []
  const rows: { readonly row: ComposedRow; readonly statement: number; readonly hits: readonly PhraseHit[] }[] = []
  const plainBy = new Map<number, Measure[]>()
  for (const m of plain) {
    const list = plainBy.get(m.statement)
    if (list) list.push(m)
    else plainBy.set(m.statement, [m])
  }
  statements.forEach((s, i) => {
    if (s.kind !== 'row' || s.columns < 0) return
    const row = composeRow(text, statements[s.columns] as Span, s)
    if (!row) return
    const whole = { start: 0, end: row.text.length }
    const found = findMeasures(row.text, 0, whole.end, dictionaries.measures)
    for (const m of found) {
      const span = uncompose(row, m)
      if (span && !plainBy.get(i)?.some((o) => o.kind === m.kind && o.start < span.end && span.start < o.end)) measures.push({ ...m, ...span, statement: i })
    }
    const lasted = findDurations(row.text, 0, whole.end)
    for (const d of lasted) {
      const span = uncompose(row, d)
      if (span) durations.push({ ...d, ...span, statement: i })
    }
    const holders: PlaceholderHit[] = [
      ...findComparisons(row.text, 0, whole.end),
      ...found.map((m) => ({ name: m.kind, start: m.start, end: m.end })),
      ...findDates(row.text, 0, whole.end, {}).map((d) => ({ name: 'date', start: d.start, end: d.end })),
      ...findTimes(row.text, 0, whole.end).map((d) => ({ name: 'time', start: d.start, end: d.end })),
      ...lasted.map((d) => ({ name: 'duration', start: d.start, end: d.end })),
    ]
    const hits = findPhrases(dictionaries.concepts.finder, row.text, whole, holders)
    if (hits.length > 0) rows.push({ row, statement: i, hits })
  })
  return {
    measures, durations,
    mentions: (known) => {
      const there = new Map<number, Set<string>>()
      for (const m of known) {
        const concepts = there.get(m.statement)
        if (concepts) concepts.add(m.concept)
        else there.set(m.statement, new Set([m.concept]))
      }
      return rows.flatMap(({ row, statement, hits }) => {
        const more = hits.flatMap((h) => {
          const span = there.get(statement)?.has(h.id) ? null : uncompose(row, h)
          return span ? [{ hit: h, span }] : []
        })
        if (more.length === 0) return []
        const targets = more.map(({ hit: h }) => ({ start: h.start, end: h.end, negates: dictionaries.concepts.entries.get(h.id)?.negates === true }))
        const section = sections[(statements[statement] as Statement).section]?.id ?? ''
        const assertions = assertIn(dictionaries.context, row.text, { start: 0, end: row.text.length }, targets, { sectionTime: SECTION_TIME[section], sectionSubject: SECTION_SUBJECT[section] })
        return more.map(({ hit, span }, k): Mention => ({ concept: hit.id, ...span, statement, assertion: assertions[k] as Mention['assertion'] }))
      })
    },
  }
}

/** A row whose first cell asks and whose other cells are all empty. */
function isUnanswered(row: string): boolean {
  const [label = '', ...answers] = row.split('\t')
  return answers.length > 0 && /\p{L}/u.test(label) && answers.every((a) => /^[\s_.…–—-]*$/.test(a))
}

/** A label alone where labels with answers stand above and below: a field of the form left empty. A known section's heading is none. */
function emptyFields(text: string, statements: readonly Statement[], sections: readonly Span[]): ReadonlySet<number> {
  const headings = new Set(sections.map((s) => s.start))
  const kinds = statements.map((s): 'answered' | 'alone' | null => {
    const words = text.slice(s.start, s.end).trim()
    if (s.kind === 'row' && s.columns < 0 && /^[^\t]{2,40}\t\s*\S/.test(words)) return 'answered'
    const alone = (s.kind === 'row' || s.kind === 'heading') && !words.includes('\t') && words.length <= 40 && !/[\d.!?;]|☒|☑/.test(words) && words.split(/\s+/).length <= 5 && !headings.has(s.start)
    return alone ? 'alone' : null
  })
  const out = new Set<number>()
  for (let i = 1; i < kinds.length - 1; i++) {
    if (kinds[i] !== 'alone' || kinds[i - 1] !== 'answered') continue
    let k = i
    while (kinds[k] === 'alone') k++
    if (kinds[k] === 'answered' && k - i <= 6) for (let n = i; n < k; n++) out.add(n)
    i = k
  }
  return out
}

const BOX = /☐|□|❏|❑|▢|\[ ?\]|\( \)/
const EVERY_BOX = new RegExp(BOX.source, 'g')
const TICKED = /☒|☑|■|✓|✔|✗|✘|\[[xX✓✔]\]|\([xX]\)/

const EVERY_TICK = new RegExp(TICKED.source, 'g')

/** An answer read over an empty box, or a question whose boxes are all empty. */
function unticked(text: string, s: Statement, hit: Span): boolean {
  const own = text.slice(hit.start, hit.end)
  if (!BOX.test(own)) {
    const line = text.slice(s.start, s.end)
    return s.kind === 'row' && BOX.test(line) && !TICKED.test(line) && (line.match(EVERY_BOX) ?? []).length >= 2 && hit.start < s.start + line.search(BOX)
  }
  // The box before the last words is the one they answer to: `☐ used ☒ not used`.
  return Math.max(...[...own.matchAll(EVERY_BOX)].map((m) => m.index)) > Math.max(-1, ...[...own.matchAll(EVERY_TICK)].map((m) => m.index))
}

export function annotate(document: Document, head: NoteHead, dictionaries: NoteDictionaries): Note {
  const { text } = document
  const bare = splitAtHeadings(text, findStatements(document, head), dictionaries.sections)
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
  const plainMeasures = inStatement(findMeasures(text, start, end, dictionaries.measures))
  const composed = composedRows(text, statements, sections, plainMeasures, dictionaries)
  const measures = [...plainMeasures, ...composed.measures].sort((a, b) => a.start - b.start)
  const dates = inStatement(findDates(text, start, end, year ? { year: Number(year.slice(0, 4)) } : {}))
  const times = inStatement(findTimes(text, start, end))
  const plainDurations = inStatement(findDurations(text, start, end))
  const lasting = new Set(plainDurations.map((d) => d.statement))
  const durations = [...plainDurations, ...composed.durations.filter((d) => !lasting.has(d.statement))].sort((a, b) => a.start - b.start)
  const people = inStatement(findPeople(text, start, end, dictionaries.people))
  const holders: PlaceholderHit[][] = statements.map(() => [])
  const hold = (name: string, s: { statement: number } & Span): void => void holders[s.statement]?.push({ name, start: s.start, end: s.end })
  for (const m of plainMeasures) hold(m.kind, m)
  for (const d of dates) hold('date', d)
  for (const t of times) hold('time', t)
  for (const d of durations) hold('duration', d)
  for (const p of people) hold('person', p)
  for (const c of inStatement(findComparisons(text, start, end))) hold('comparison', c)

  const mentions: Mention[] = []
  const empty = emptyFields(text, statements, sections)
  statements.forEach((s, i) => {
    if (s.kind === 'page-edge') return
    const hits = findPhrases(dictionaries.concepts.finder, text, s, holders[i])
    if (hits.length === 0) return
    const section = sections[s.section]?.id ?? ''
    const targets = hits.map((h) => ({ start: h.start, end: h.end, negates: dictionaries.concepts.entries.get(h.id)?.negates === true }))
    const blank = empty.has(i) || (s.kind === 'row' && isUnanswered(text.slice(s.start, s.end)))
    const assertions = assertIn(dictionaries.context, text, s, targets, {
      sectionTime: SECTION_TIME[section], sectionSubject: SECTION_SUBJECT[section], field: s.kind === 'field' && /:[\s_.…–—-]*$/.test(text.slice(s.start, s.end)), year: year ? Number(year.slice(0, 4)) : undefined,
    })
    // A phrase that runs over an unfilled field joins two labels, not two answers.
    hits.forEach((h, k) => mentions.push({ concept: h.id, start: h.start, end: h.end, statement: i, assertion: blank || UNFILLED.test(text.slice(h.start, h.end)) || unticked(text, s, h) ? UNANSWERED : (assertions[k] as Mention['assertion']) }))
  })
  mentions.push(...composed.mentions(mentions))
  mentions.sort((a, b) => a.start - b.start || a.statement - b.statement)
  const performance = inStatement(findPerformanceStatus(text, statements, head.date ?? head.signature.date, dictionaries.performance)).flatMap((v) => {
    const s = statements[v.statement] as Span
    // A wife's Karnofsky, a sister's ECOG, a gate or question printed on a form are not the patient's.
    if (OF_KIN.test(text.slice(s.start, v.start)) || THRESHOLD.test(text.slice(v.end, v.end + 24)) || /\?\s*$/.test(text.slice(s.start, s.end))) return []
    if (mentions.some((m) => m.statement === v.statement && m.concept === 'policy-boilerplate' && m.start < v.end && v.start < m.end)) return []
    // `KPS 70 (was 90 in 2022)`: the past stands behind the value that holds now.
    if (v.time === 'historical' && FORMERLY.test(text.slice(v.end, v.end + 24))) return [{ ...v, time: 'current' as const, date: head.date ?? head.signature.date }]
    const ofSection = sections[(statements[v.statement] as Statement).section]?.id
    const said = assertIn(dictionaries.context, text, s, [v], { sectionSubject: ofSection === undefined ? undefined : SECTION_SUBJECT[ofSection] })[0]
    if (said && said.subject !== 'patient') return []
    return [said?.time === 'historical' && v.time === 'current' && v.date === null && !/\b(?:now|today|currently)\b/i.test(text.slice(v.start, v.end)) ? { ...v, time: 'historical' as const } : v]
  })
  return { ...head, sections, statements, mentions, measures, dates, times, durations, performance }
}
