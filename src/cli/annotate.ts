// What was read and found in one file, as JSON. May not: judge it.
import type { Document } from '../document/document.ts'
import { place } from '../document/place.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import { findEvents } from '../note/events.ts'
import type { Note } from '../note/note.ts'
import type { Span } from '../base/span.ts'

/** Shape of `vouch annotate`: documents and notes as in a review; arrays of what was found, each with page, start, end, quote. Spans are UTF-16, half-open, in the file's text. */
export function annotationsJson(documents: readonly Document[], notes: readonly Note[], dictionaries: NoteDictionaries): Record<string, unknown> {
  const at = (note: Note, span: Span): { file: string; note: number; page: number; start: number; end: number; quote: string } => {
    const document = documents[note.document] as Document
    const { page, quote } = place(document, span)
    return { file: document.file, note: note.note, page, start: span.start, end: span.end, quote }
  }
  const each = <T extends Span>(pick: (n: Note) => readonly T[], more: (t: T, n: Note) => Record<string, unknown>): unknown[] => notes.flatMap((n) => pick(n).map((t) => ({ ...at(n, t), ...more(t, n) })))
  return {
    documents: documents.map((d, i) => ({
      file: d.file, sha256: d.sha256,
      pages: d.pages.map((p) => ({ page: p.page, text: p.text, legibility: Math.round(p.legibility * 100) / 100, note: notes.find((n) => n.document === i && n.firstPage <= p.page && p.page <= n.lastPage)?.note ?? null, duplicateOf: null })),
    })),
    notes: notes.map((n) => ({
      note: n.note, file: n.file, firstPage: n.firstPage, lastPage: n.lastPage, type: n.type, date: n.date, author: n.author, signature: n.signature, patient: n.patient, start: n.start, end: n.end,
    })),
    sections: each((n) => n.sections, (s) => ({ id: s.id, heading: s.heading })),
    sentences: each((n) => n.statements, (s) => ({ kind: s.kind })),
    mentions: each((n) => n.mentions, (m) => ({ concept: m.concept, ...m.assertion })),
    measures: each((n) => n.measures, (m) => ({ kind: m.kind, low: m.low, high: m.high, unit: m.unit })),
    events: notes.flatMap((n) => findEvents((documents[n.document] as Document).text, n, dictionaries.events, dictionaries.context).map(({ statement: _statement, start, end, ...e }) => ({ ...at(n, { start, end }), ...e }))),
    performanceStatus: each((n) => n.performance, (p) => ({ scale: p.scale, low: p.low, high: p.high, date: p.date, time: p.time, corrected: p.corrected })),
    dates: each((n) => n.dates, (d) => ({ date: d.date, completed: d.completed })),
    durations: each((n) => n.durations, (d) => ({ seconds: d.seconds, from: d.from })),
    signatures: each((n) => n.signatures, (s) => ({ kind: s.kind, by: s.by, role: s.role, date: s.date, time: s.time, counts: s.counts })),
    problems: documents.flatMap((d) => d.problems),
  }
}
