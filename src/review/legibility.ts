// Answers that hang on words a scan did not give with certainty go to a person. May not: change an answer that stands on words read well.
import type { Span } from '../base/span.ts'
import { overlaps } from '../base/span.ts'
import type { Document } from '../document/document.ts'
import { unsureWords } from '../document/legibility.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import type { Evidence, Finding } from './review.ts'

const NEGATION = /^(?:no|not|non|none|without|never|negative|denies|denied|declined|refused|absent|nor|neither)[.,;:]?$/i

/** Unclear, the doubtful words first, where every place that speaks for it has digits of a value, a dose or a date, or a negation, that were not read with certainty. */
export function withLegibility(finding: Finding, chart: Chart): Finding {
  if (finding.status !== 'met' && finding.status !== 'partial' && finding.status !== 'triggered') return finding
  const stance = finding.status === 'triggered' ? 'against' : 'for'
  const speaking = finding.evidence.filter((e) => e.stance === stance)
  if (speaking.length === 0) return finding
  const doubtful: Evidence[] = []
  for (const evidence of speaking) {
    const note = chart.notes[evidence.note - 1]
    const spans = note === undefined ? [] : criticalSpans(note, evidence, chart.documents[evidence.document] as Document)
    if (note === undefined || spans.length === 0) return finding
    doubtful.push(...spans.slice(0, 2).map((span) => evidenceAt(chart, note, span.start, span.end, stance)))
  }
  return { ...finding, status: 'unclear', reason: 'doubtful-reading', evidence: [...doubtful, ...finding.evidence] }
}

/** Unsure words of a place that decide: within a value, a dose, a date, or a negation. */
function criticalSpans(note: ChartNote, evidence: Evidence, document: Document): readonly Span[] {
  const unsure = unsureWords(document, evidence)
  if (unsure.length === 0) return []
  const values: readonly Span[] = [...note.performance, ...note.measures.filter((m) => m.kind === 'dose' || m.kind === 'dose-per-fraction' || m.kind === 'fractions' || m.kind === 'fraction-number'), ...note.dates]
  return unsure.filter((word) => {
    const text = document.text.slice(word.start, word.end)
    return /\d/.test(text) ? values.some((value) => overlaps(value, word)) : NEGATION.test(text)
  })
}
