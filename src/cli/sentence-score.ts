// Puts labelled sentences to the reader and counts, axis by axis, with confidence intervals. May not: read files; print.
import { readMarks } from '../examples/marks.ts'
import { readText } from '../document/read-text.ts'
import { annotate } from '../note/annotate.ts'
import { findEvents, type RadiationEvent } from '../note/events.ts'
import { assertAt } from '../note/assertion.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import type { Note } from '../note/note.ts'
import { splitNotes } from '../note/split.ts'
import type { LabelledSentence, SentenceAxis } from './sentence-corpus.ts'

export interface Interval { readonly low: number; readonly high: number }

/** Of `of` tries `count` succeeded: Wilson's interval at 95 %. */
export function wilson(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 }
  const z = 1.96
  const p = count / of
  const middle = p + (z * z) / (2 * of)
  const half = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) }
}

export interface SentenceTally { readonly hit: number; readonly missed: number; readonly extra: number }

export interface SentenceFigure {
  /** `assertion absent`, `performance`, … */
  readonly what: string
  readonly part: 'tuned' | 'held-out'
  readonly tally: SentenceTally
}

export interface WrongSentence {
  readonly file: string
  readonly heldOut: boolean
  readonly text: string
  readonly wanted: string
  readonly found: string
}

export interface SentenceReport {
  readonly sentences: number
  readonly heldOut: number
  /** In order of axis, then value, tuned before held-out. */
  readonly figures: readonly SentenceFigure[]
  readonly wrong: readonly WrongSentence[]
}

interface Judged {
  /** What counts: `key` is the line of the table, `hit` and so on as in a tally. */
  readonly counts: readonly { readonly key: string; readonly wanted: boolean; readonly found: boolean }[]
  readonly wanted: string
  readonly found: string
  readonly right: boolean
}

const PRESENCE = ['present', 'absent', 'possible', 'hypothetical'] as const
const TIME = ['current', 'historical', 'planned'] as const

function judgeAssertions(sentence: LabelledSentence, dictionaries: NoteDictionaries): Judged {
  const { text, spans } = readMarks(sentence.text)
  if (spans.length !== sentence.labels.length) throw new Error(`${sentence.file}: ${spans.length} marks and ${sentence.labels.length} labels: ${sentence.text}`)
  const counts: { key: string; wanted: boolean; found: boolean }[] = []
  const found: string[] = []
  let right = true
  spans.forEach((span, i) => {
    const words = (sentence.labels[i] as string).split(/\s+/)
    const said = assertAt(dictionaries.context, text, span)
    const presence = PRESENCE.find((p) => words.includes(p)) ?? 'present'
    const patient = !words.includes('family') && !words.includes('other')
    // When something was is asked of what there is, and of the patient alone, unless the label says it.
    const time = TIME.find((t) => words.includes(t)) ?? (presence === 'present' && patient ? 'current' : null)
    for (const p of PRESENCE) counts.push({ key: p, wanted: p === presence, found: p === said.presence })
    if (time !== null) for (const t of TIME) counts.push({ key: t, wanted: t === time, found: t === said.time })
    counts.push({ key: 'of another person', wanted: !patient, found: said.subject !== 'patient' })
    const ok = presence === said.presence && (time === null || time === said.time) && patient === (said.subject === 'patient')
    counts.push({ key: 'all of it', wanted: true, found: ok })
    if (!ok) right = false
    found.push(`${said.presence} ${said.time} ${said.subject}`)
  })
  return { counts, wanted: sentence.labels.join(' | '), found: found.join(' | '), right }
}

const range = (low: number, high: number): string => (low === high ? `${low}` : `${low}-${high}`)

/** `prescribed lung left 5000 cGy / 5 at 1000, SBRT, boost, contradicts`: only what is stated. */
const eventInWords = (e: RadiationEvent): string => [
  [e.role, e.site, e.laterality, `${e.dose ?? '?'} cGy / ${e.fractions ?? '?'}${e.dosePerFraction === null ? '' : ` at ${e.dosePerFraction}`}`].filter((x) => x !== null).join(' '),
  ...(e.frequency === null ? [] : [`${e.frequency} a week`]), ...e.techniques, ...e.isotopes, ...e.energies, ...(e.boost ? ['boost'] : []), ...(e.arithmetic === 'contradicts' ? ['contradicts'] : []),
].join(', ')

/** The facts of a note as they are written in labels. */
const FACTS: Readonly<Record<Exclude<SentenceAxis, 'assertion'>, (note: Note, text: string, dictionaries: NoteDictionaries) => string[]>> = {
  performance: (n) => n.performance.map((p) => `${p.scale} ${range(p.low, p.high)}${p.time === 'current' ? '' : ` ${p.time}`}`),
  measures: (n) => n.measures.map((m) => `${m.kind} ${range(m.low, m.high)}`),
  dates: (n) => [...n.dates.map((d) => `date ${d.date}`), ...n.times.map((t) => `time ${t.time}`), ...n.durations.map((d) => `lasting ${d.seconds}`)],
  sections: (n) => n.sections.map((s) => s.id).filter((id) => id !== 'other'),
  notes: (n) => [
    `type ${n.type}`, `date ${n.date ?? 'none'}`, `author ${n.author?.name ?? 'none'}`, `role ${n.author?.role ?? 'none'}`, `state ${n.signature.state}`,
    `signed-by ${n.signature.by ?? 'none'}`, `signed-on ${n.signature.date ?? 'none'}`,
  ],
  events: (n, text, dictionaries) => findEvents(text, n, dictionaries.events, dictionaries.context).map(eventInWords),
}

function judgeFacts(sentence: LabelledSentence, dictionaries: NoteDictionaries): Judged {
  const axis = sentence.axis as Exclude<SentenceAxis, 'assertion'>
  const document = readText(new TextEncoder().encode(`${sentence.text}\n`), 'sentence.txt')
  const notes = splitNotes(document, 0, dictionaries).map((head) => annotate(document, head, dictionaries))
  const all = notes.flatMap((n) => FACTS[axis](n, document.text, dictionaries))
  // A label may ask for some kinds of fact only.
  const kinds = new Set(sentence.labels.map((l) => l.split(' ')[0]))
  const asked = axis === 'notes' ? all.filter((f) => kinds.has(f.split(' ')[0] as string)) : axis === 'events' && !sentence.asksFrequency ? all.map((f) => f.replace(/, [\d.]+ a week/, '')) : all
  const rest = [...asked]
  const counts: { key: string; wanted: boolean; found: boolean }[] = []
  const keyOf = (fact: string): string => (axis === 'notes' || axis === 'dates' ? fact.split(' ')[0] as string : 'all of it')
  for (const label of sentence.labels) {
    const at = rest.indexOf(label)
    if (at >= 0) rest.splice(at, 1)
    counts.push({ key: keyOf(label), wanted: true, found: at >= 0 })
  }
  // What is found in place of what was wanted is one fault where only one can be right.
  for (const extra of rest) if (axis !== 'notes') counts.push({ key: keyOf(extra), wanted: false, found: true })
  return { counts, wanted: sentence.labels.join(' | ') || 'none', found: asked.join(' | ') || 'none', right: rest.length === 0 && counts.every((c) => c.wanted === c.found) }
}

export function scoreSentences(sentences: readonly LabelledSentence[], dictionaries: NoteDictionaries): SentenceReport {
  const tallies = new Map<string, { hit: number; missed: number; extra: number }>()
  const wrong: WrongSentence[] = []
  for (const s of sentences) {
    const judged = s.axis === 'assertion' ? judgeAssertions(s, dictionaries) : judgeFacts(s, dictionaries)
    for (const { key, wanted, found } of judged.counts) {
      const name = `${s.axis}: ${key}\n${s.heldOut ? 'held-out' : 'tuned'}`
      const tally = tallies.get(name) ?? { hit: 0, missed: 0, extra: 0 }
      tallies.set(name, tally)
      if (wanted && found) tally.hit++
      else if (wanted) tally.missed++
      else if (found) tally.extra++
    }
    if (!judged.right) wrong.push({ file: s.file, heldOut: s.heldOut, text: s.text, wanted: judged.wanted, found: judged.found })
  }
  const figures = [...tallies].map(([name, tally]): SentenceFigure => {
    const [what = '', part = ''] = name.split('\n')
    return { what, part: part as SentenceFigure['part'], tally }
  })
  const order = (f: SentenceFigure): string => `${f.what}\n${f.part === 'tuned' ? 0 : 1}`
  return {
    sentences: sentences.length, heldOut: sentences.filter((s) => s.heldOut).length,
    figures: figures.sort((a, b) => (order(a) < order(b) ? -1 : 1)), wrong,
  }
}

const rate = (count: number, of: number): string => {
  if (of === 0) return '–'
  const { low, high } = wilson(count, of)
  return `${((100 * count) / of).toFixed(1)} % (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`
}

const f1 = ({ hit, missed, extra }: SentenceTally): string => (hit + missed + extra === 0 ? '–' : `${((200 * hit) / (2 * hit + missed + extra)).toFixed(1)} %`)

/** Rows of the table: what, asked, then precision, recall and F1 of the held-out part and of the rest. */
export function sentenceRows(report: SentenceReport): string[][] {
  const names = [...new Set(report.figures.map((f) => f.what))]
  const cells = (what: string, part: SentenceFigure['part']): string[] => {
    const tally = report.figures.find((f) => f.what === what && f.part === part)?.tally ?? { hit: 0, missed: 0, extra: 0 }
    return [`${tally.hit + tally.missed}`, rate(tally.hit, tally.hit + tally.extra), rate(tally.hit, tally.hit + tally.missed), f1(tally)]
  }
  return [
    ['', 'held-out: asked', 'precision', 'recall', 'F1', 'tuned: asked', 'precision', 'recall', 'F1'],
    ...names.map((what) => [what, ...cells(what, 'held-out'), ...cells(what, 'tuned')]),
  ]
}

/** By line of the table and part: what must not fall. */
export type SentenceRecord = Readonly<Record<string, SentenceTally>>

export const sentenceRecord = (report: SentenceReport): SentenceRecord => Object.fromEntries(report.figures.map((f) => [`${f.what} (${f.part})`, f.tally]))

const f1Of = ({ hit, missed, extra }: SentenceTally): number => (hit + missed + extra === 0 ? 1 : (2 * hit) / (2 * hit + missed + extra))

/** A sentence for every figure that fell, and for every one that is missing on either side. */
export function fallenSentences(record: SentenceRecord, now: SentenceRecord): string[] {
  return [...new Set([...Object.keys(record), ...Object.keys(now)])].sort().flatMap((name) => {
    const [before, after] = [record[name], now[name]]
    if (before === undefined) return [`${name}: not in the record`]
    if (after === undefined) return [`${name}: no longer evaluated`]
    return f1Of(after) < f1Of(before) - 1e-9 ? [`${name}: fell from ${JSON.stringify(before)} to ${JSON.stringify(after)}`] : []
  })
}
