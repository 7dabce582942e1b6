// Answers that hang on what a scan did not give with certainty go to a person. May not: change an answer that stands on words read well.
import type { Span } from '../base/span.ts'
import { overlaps } from '../base/span.ts'
import type { Document } from '../document/document.ts'
import { isIllegible, unsureWords } from '../document/legibility.ts'
import type { Requirement } from '../policy/policy.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import type { Evidence, Finding, RuleHit } from './review.ts'

const NEGATION = /^(?:no|not|non|none|without|never|negative|denies|denied|declined|refused|absent|nor|neither)[.,;:]?$/i
/** Share of a place in words that were not read with certainty. */
const MOSTLY_UNSURE = 1 / 3

/**
 * Unclear where nothing that decides was read with certainty: the page is illegible, most of the place is in doubt, or a digit of a value, a dose or a date, or a negation.
 * The doubtful words come first. An exclusion that was not found may stand on an illegible page of a kind where a person would look for it.
 */
export function withLegibility(finding: Finding, chart: Chart, where?: Requirement['where']): Finding {
  if (finding.status === 'unclear' || finding.status === 'not-applicable') return finding
  if (finding.status === 'clear') return mayHide(chart, where) ? { ...finding, status: 'unclear', reason: 'unreadable' } : finding
  // What speaks for it; of something denied, or there but not as it must be, all that was found.
  const deciding = finding.status === 'met' || finding.status === 'partial' ? finding.evidence.filter((e) => e.stance === 'for') : finding.evidence
  if (deciding.length === 0) return finding
  const speaksAgainst = finding.status === 'not-met' || finding.status === 'triggered'
  const doubts = deciding.map((evidence) => doubtOf(evidence, chart, speaksAgainst))
  if (doubts.some((doubt) => doubt === null)) return finding
  return { ...finding, status: 'unclear', reason: 'doubtful-reading', evidence: [...doubts.flatMap((doubt) => doubt ?? []), ...finding.evidence] }
}

/** A rule that speaks against a line from such places alone is for a person to decide. */
export function withLegibleEvidence(hit: RuleHit, chart: Chart): RuleHit {
  if ((hit.effect !== 'deny' && hit.effect !== 'limit') || hit.evidence.length === 0 || hit.evidence.some((evidence) => doubtOf(evidence, chart, true) === null)) return hit
  return { ...hit, effect: 'review', unitsSupported: null }
}

/** Null where a place was read with certainty; else its words in doubt that decide, if it is those. What speaks against a line must have been read with certainty to the last word. */
function doubtOf(evidence: Evidence, chart: Chart, speaksAgainst: boolean): readonly Evidence[] | null {
  const note = chart.notes[evidence.note - 1]
  const document = chart.documents[evidence.document]
  if (note === undefined || document === undefined) return null
  const unsure = unsureWords(document, evidence)
  const critical = criticalOf(unsure, note, document)
  const page = document.pages[evidence.page - 1]
  if (critical.length === 0 && !(page !== undefined && isIllegible(page)) && !isMostly(unsure, evidence) && !(speaksAgainst && unsure.length > 0)) return null
  return critical.slice(0, 2).map((span) => evidenceAt(chart, note, span.start, span.end, evidence.stance))
}

const mayHide = (chart: Chart, where: Requirement['where']): boolean =>
  chart.unread.some((p) => (p.type === 'unknown' || where === undefined || where.includes(p.type)) && isIllegible(chart.documents[p.document]?.pages[p.page - 1] ?? { text: 'native', legibility: 1 }))

const isMostly = (unsure: readonly Span[], place: Span): boolean =>
  unsure.reduce((sum, word) => sum + word.end - word.start, 0) > MOSTLY_UNSURE * (place.end - place.start)

/** Unsure words that decide: within a value, a dose, a date, or a negation. */
function criticalOf(unsure: readonly Span[], note: ChartNote, document: Document): readonly Span[] {
  if (unsure.length === 0) return []
  const values: readonly Span[] = [...note.performance, ...note.measures.filter((m) => m.kind === 'dose' || m.kind === 'dose-per-fraction' || m.kind === 'fractions' || m.kind === 'fraction-number'), ...note.dates]
  return unsure.filter((word) => {
    const text = document.text.slice(word.start, word.end)
    return /\d/.test(text) ? values.some((value) => overlaps(value, word)) : NEGATION.test(text)
  })
}
