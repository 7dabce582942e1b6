// What a test says of a chart, and how such answers combine. May not: know tests or charts.
import type { ReasonId } from './review.ts'
import type { Span } from '../base/span.ts'

/** A place in a note that speaks for or against. */
export interface Hit extends Span {
  /** 1-based note number. */
  readonly note: number
  /** Index of the statement, or -1 for a place outside statements. */
  readonly statement: number
  /** Order of preference, smaller first. */
  readonly rank: number
}

export type Grade = 'met' | 'partial' | 'not-met' | 'unclear'

export interface Verdict {
  readonly grade: Grade
  readonly reason: ReasonId
  readonly hits: readonly Hit[]
  readonly against: readonly Hit[]
  readonly found: readonly string[]
  readonly missing: readonly string[]
}

export const met = (hits: readonly Hit[], more: Partial<Verdict> = {}): Verdict => ({ grade: 'met', reason: 'found', hits, against: [], found: [], missing: [], ...more })
export const notMet = (reason: ReasonId, against: readonly Hit[] = [], more: Partial<Verdict> = {}): Verdict => ({ grade: 'not-met', reason, hits: [], against, found: [], missing: [], ...more })

const ORDER: Readonly<Record<Grade, number>> = { 'not-met': 0, unclear: 1, partial: 2, met: 3 }

/** The weakest decides; hits of all are kept, so that each half can be shown. */
export function allOf(verdicts: readonly Verdict[]): Verdict {
  const weakest = verdicts.reduce((a, b) => (ORDER[b.grade] < ORDER[a.grade] ? b : a))
  return {
    ...weakest, hits: weakest.grade === 'not-met' ? [] : interleave(verdicts.map((v) => v.hits)),
    against: weakest.grade === 'met' ? [] : weakest.against.length > 0 ? weakest.against : verdicts.flatMap((v) => v.against),
    found: verdicts.flatMap((v) => v.found), missing: verdicts.flatMap((v) => v.missing),
  }
}

/** The strongest decides; its own hits come first. A denial is kept as reason where nothing was found. */
export function anyOf(verdicts: readonly Verdict[]): Verdict {
  const strongest = verdicts.reduce((a, b) => (ORDER[b.grade] > ORDER[a.grade] ? b : a))
  const equal = verdicts.filter((v) => v.grade === strongest.grade)
  const told = strongest.grade === 'not-met' ? (equal.find((v) => v.reason !== 'not-found') ?? strongest) : strongest
  return { ...told, hits: interleave(equal.map((v) => v.hits)), against: told.against.length > 0 ? told.against : equal.flatMap((v) => v.against) }
}

/** Stated alone: met; denied alone: not met; both, in different notes that are signed: the record contradicts itself; both in one note: stated. */
export function contestOf(stated: Verdict, denied: Verdict, signed: (note: number) => boolean): Verdict {
  if (denied.grade !== 'met') return stated
  if (stated.grade !== 'met' && stated.grade !== 'partial') return notMet('denied', denied.hits)
  const denying = new Set(denied.hits.map((h) => h.note))
  const elsewhere = stated.hits.filter((h) => !denying.has(h.note) && signed(h.note))
  if (stated.hits.some((h) => denying.has(h.note))) return stated
  if (elsewhere.length > 0 && [...denying].some(signed)) return { ...stated, grade: 'unclear', reason: 'conflict', hits: [...elsewhere, ...denied.hits], against: denied.hits }
  return [...denying].some(signed) ? notMet('denied', denied.hits) : stated
}

export function notOf(verdict: Verdict): Verdict {
  if (verdict.grade === 'unclear') return verdict
  if (verdict.grade === 'not-met') return met(verdict.against)
  return notMet('denied', verdict.hits)
}

/** First of each, then second of each …, without repeats. */
function interleave(lists: readonly (readonly Hit[])[]): Hit[] {
  const out: Hit[] = []
  const seen = new Set<string>()
  for (let k = 0; lists.some((l) => k < l.length); k++) {
    for (const l of lists) {
      const h = l[k]
      const key = h ? `${h.note}:${h.start}:${h.end}` : ''
      if (h && !seen.has(key)) {
        seen.add(key)
        out.push(h)
      }
    }
  }
  return out
}
