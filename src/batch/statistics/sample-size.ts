// How many units a wished precision needs. May not: promise it: the deviation is a guess until the sample is reviewed.
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
export const PRECISIONS = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25] as const

export interface SizeTable { readonly confidences: readonly number[]; readonly precisions: readonly number[]; /** A row a precision, a column a confidence. */ readonly sizes: readonly (readonly number[])[] }

/** Sizes for usual confidences and precisions, from mean and deviation of a probe sample. Precision is of the mean. */
export const sizeTable = (universe: number, mean: number, deviation: number): SizeTable => ({
  confidences: CONFIDENCES, precisions: PRECISIONS,
  sizes: PRECISIONS.map((p) => CONFIDENCES.map((c) => sizeForMean(universe, deviation, p * Math.abs(mean), zOf(c)))),
})

/** Likewise for a share; precision is in points of the share. */
export const shareTable = (universe: number, share: number): SizeTable => ({
  confidences: CONFIDENCES, precisions: PRECISIONS, sizes: PRECISIONS.map((p) => CONFIDENCES.map((c) => sizeForShare(universe, share, p, zOf(c)))),
})
