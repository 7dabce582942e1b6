// One requirement put to the chart: a finding with its status, reason and evidence. May not: make sentences, decide a line.
import type { Requirement } from '../policy/policy.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import { evaluate, type Question } from './evaluate.ts'
import type { Evidence, Finding, ReasonId, Status } from './review.ts'
import type { Hit, Verdict } from './verdict.ts'

/** Places shown for one requirement. */
const SHOWN = 3
/** Longest statement quoted whole, in characters; of a longer one a window around the hit is shown. */
const QUOTED = 200

export function checkRequirement(requirement: Requirement, question: Question): Finding {
  const { chart } = question
  const base = { requirement: requirement.id, class: requirement.class, searched: { pages: chart.pages, unreadable: chart.unread.length } }
  if (requirement.when) {
    const applies = evaluate(requirement.when, question)
    if (applies.grade === 'not-met') return { ...base, status: 'not-applicable', reason: 'condition-not-met', found: [], missing: [], evidence: [] }
  }
  const verdict = evaluate(requirement.test, question)
  const evidence = [...showHits(chart, verdict.hits, 'for'), ...showHits(chart, verdict.against, 'against')]
  const rest = { found: verdict.found, missing: verdict.missing }
  if (requirement.class === 'x') {
    const status: Status = verdict.grade === 'met' || verdict.grade === 'partial' ? 'triggered' : verdict.grade === 'unclear' ? 'unclear' : 'clear'
    const reason: ReasonId = status === 'triggered' ? 'exclusion-found' : status === 'unclear' ? verdict.reason : verdict.reason === 'no-value' ? 'no-value' : 'exclusion-absent'
    // Of an exclusion the place that triggers it speaks against the line.
    return { ...base, status, reason, ...rest, evidence: status === 'clear' ? [] : evidence.map((e) => ({ ...e, stance: 'against' as const })) }
  }
  const status = verdict.grade
  if ((status === 'not-met' || status === 'partial') && mayStandUnread(requirement, verdict, question)) {
    return { ...base, status: 'unclear', reason: 'unreadable', ...rest, evidence }
  }
  return { ...base, status, reason: verdict.reason, ...rest, evidence }
}

/** What was not found may stand on a page nobody could read, if it is of a kind where a person would look for it. A denial stands as it is. */
function mayStandUnread(requirement: Requirement, verdict: Verdict, { chart }: Question): boolean {
  if (verdict.reason === 'denied' || verdict.reason === 'wrong-order') return false
  return chart.unread.some((p) => p.type === 'unknown' || requirement.where === undefined || requirement.where.includes(p.type))
}

/** The first few places, one a passage, as evidence. */
export function showHits(chart: Chart, hits: readonly Hit[], stance: 'for' | 'against'): Evidence[] {
  const out: Evidence[] = []
  for (const h of hits) {
    if (out.length >= SHOWN) break
    const note = chart.notes[h.note - 1] as ChartNote
    const span = quoted(chart, note, h)
    if (out.some((e) => e.note === note.note && e.start < span.end && span.start < e.end)) continue
    out.push(evidenceAt(chart, note, span.start, span.end, stance))
  }
  return out
}

/** The whole statement of a hit where it is short enough, else a window of whole words around the hit. */
function quoted(chart: Chart, note: ChartNote, hit: Hit): { start: number; end: number } {
  const s = note.statements[hit.statement]
  if (!s || hit.start < s.start || hit.end > s.end) return { start: hit.start, end: hit.end }
  if (s.end - s.start <= QUOTED) return { start: s.start, end: s.end }
  const text = chart.documents[note.document]?.text ?? ''
  const room = Math.max(0, QUOTED - (hit.end - hit.start)) >> 1
  let start = Math.max(s.start, hit.start - room)
  let end = Math.min(s.end, hit.end + room)
  while (start > s.start && start < hit.start && /\S/.test(text.charAt(start - 1))) start++
  while (start < hit.start && /\s/.test(text.charAt(start))) start++
  while (end < s.end && end > hit.end && /\S/.test(text.charAt(end))) end--
  while (end > hit.end && /\s/.test(text.charAt(end - 1))) end--
  return { start, end }
}
