// How many units a wished precision needs. May not: promise it: the deviation is a guess until the sample is reviewed.
import { appraiseAttribute } from './appraisal.ts'
import { normalQuantile } from './distributions.ts'

/** Two-sided: 0.9 → 1.645. */
export const zOf = (confidence: number): number => normalQuantile((1 + confidence) / 2)

const corrected = (n0: number, universe: number): number => Math.min(universe, Math.ceil(n0 / (1 + n0 / universe) - 1e-9))

/** Units for a mean or total within `margin` (of the mean, in its unit) either way (Cochran, section 4.6). */
export const sizeForMean = (universe: number, deviation: number, margin: number, z: number): number =>
  (deviation === 0 ? Math.min(1, universe) : corrected(((z * deviation) / margin) ** 2, universe))

/** Units for a share within `margin` either way (Cochran, section 4.4). */
export const sizeForShare = (universe: number, share: number, margin: number, z: number): number => corrected((z * z * share * (1 - share)) / (margin * margin), universe)

/** Units of all strata together for a mean within `margin` either way (Cochran, section 5.9). */
export function sizeForStrata(strata: readonly { readonly size: number; readonly deviation: number }[], margin: number, z: number, allocation: 'proportional' | 'neyman'): number {
  const universe = strata.reduce((n, s) => n + s.size, 0)
  const variance = strata.reduce((n, s) => n + (s.size / universe) * s.deviation ** 2, 0)
  const wished = (margin / z) ** 2
  const top = allocation === 'neyman' ? strata.reduce((n, s) => n + (s.size / universe) * s.deviation, 0) ** 2 : variance
  return Math.min(universe, Math.ceil(top / (wished + variance / universe) - 1e-9))
}

export const CONFIDENCES = [0.8, 0.9, 0.95, 0.99] as const
const WIDTHS = [0.02, 0.04, 0.06, 0.1, 0.15, 0.2, 0.3] as const
export const PRECISIONS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25] as const

export interface SizeTable { readonly confidences: readonly number[]; readonly precisions: readonly number[]; /** A row a precision, a column a confidence. */ readonly sizes: readonly (readonly number[])[] }

/** Sizes for usual confidences and precisions, from mean and deviation of a probe sample. Precision is of the mean. */
export const sizeTable = (universe: number, mean: number, deviation: number): SizeTable => ({
  confidences: CONFIDENCES, precisions: PRECISIONS,
  sizes: PRECISIONS.map((p) => CONFIDENCES.map((c) => sizeForMean(universe, deviation, p * Math.abs(mean), zOf(c)))),
})

/**
 * Mean and deviation of the overpaid amount where a share of the units is wholly overpaid and the others not at all, and the amounts
 * paid have the mean and deviation given (RAT-STATS companion manual 5/2010, page 4-10).
 */
export const fromErrorRate = (rate: number, paid: { readonly mean: number; readonly deviation: number }): { readonly mean: number; readonly deviation: number } =>
  ({ mean: rate * paid.mean, deviation: Math.sqrt(rate * (paid.deviation ** 2 + (1 - rate) * paid.mean ** 2)) })

/** Fewest units from which on the exact limits of a share are no further apart than `width`, if the sample shows the share expected (page 4-29). */
export function sizeForExactShare(universe: number, share: number, width: number, confidence: number): number {
  const wide = (n: number): number => {
    const [l] = appraiseAttribute(universe, n, Math.min(n, Math.round(n * share)), [confidence]).limits
    return l === undefined ? Infinity : l.upper - l.lower
  }
  const wished = Math.round(universe * width * 1e6) / 1e6
  let [low, high] = [1, universe]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (wide(middle) <= wished) high = middle
    else low = middle + 1
  }
  // Whole numbers make the width go up and down by a little: the first size from which on it holds.
  let first = Math.min(universe, low + REACH)
  while (first > 1 && first > low - REACH && wide(first - 1) <= wished) first--
  return first
}
const REACH = 24

/** Sizes for usual confidences and widths between the limits. */
export const shareTable = (universe: number, share: number): SizeTable => ({
  confidences: CONFIDENCES, precisions: WIDTHS, sizes: WIDTHS.map((w) => CONFIDENCES.map((c) => sizeForExactShare(universe, share, w, c))),
})
