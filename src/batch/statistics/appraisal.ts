// What a reviewed sample says of the whole: estimates with their limits, of amounts and of shares. May not: decide what is overpaid; round.
import { hypergeometricCdf, normalQuantile, studentQuantile } from './distributions.ts'

export const LEVELS = [0.8, 0.9, 0.95] as const

export interface Moments {
  readonly n: number
  readonly total: number
  readonly mean: number
  /** With n − 1; 0 where there is one unit. */
  readonly deviation: number
  /** Third standardised moment, with n. */
  readonly skewness: number
  /** Fourth standardised moment, with n: 3 for a normal distribution. */
  readonly kurtosis: number
  readonly nonzero: number
}

/** Sums are taken in ascending order, so that the order of rows changes no digit. */
export function momentsOf(values: readonly number[]): Moments {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const total = sorted.reduce((s, v) => s + v, 0)
  const mean = n === 0 ? 0 : total / n
  const central = (power: number): number => sorted.reduce((s, v) => s + (v - mean) ** power, 0)
  const squares = central(2)
  const second = n === 0 ? 0 : squares / n
  const flat = second <= (Math.abs(mean) * 1e-12) ** 2
  return {
    n, total, mean, deviation: n < 2 || flat ? 0 : Math.sqrt(squares / (n - 1)),
    skewness: flat ? 0 : central(3) / n / second ** 1.5, kurtosis: flat ? 0 : central(4) / n / second ** 2, nonzero: sorted.filter((v) => v !== 0).length,
  }
}

export interface Limits {
  readonly confidence: number
  /** Of Student's t, or of the normal distribution where `degrees` is infinite. */
  readonly quantile: number
  readonly degrees: number
  readonly lower: number
  readonly upper: number
  /** Half the width, and the same as a share of the estimate (null where the estimate is 0 or less). */
  readonly precision: number
  readonly precisionShare: number | null
}

export interface StratumAppraisal extends Moments {
  readonly name: string
  readonly universe: number
  readonly estimate: number
  /** Of the estimated total of the stratum, with finite population correction. */
  readonly standardError: number
  /** Of the total of the stratum, by Student's t with n − 1 degrees. */
  readonly limits: readonly Limits[]
}

export interface VariableAppraisal {
  readonly kind: 'unrestricted' | 'stratified'
  readonly universe: number
  readonly sample: Moments
  readonly strata: readonly StratumAppraisal[]
  /** Of the total. */
  readonly estimate: number
  readonly meanEstimate: number
  readonly standardError: number
  readonly meanStandardError: number
  /** Two-sided. Unrestricted: Student's t with n − 1 degrees. Stratified: normal. */
  readonly limits: readonly Limits[]
  /** Stratified: by Student's t with Satterthwaite's degrees of freedom, which are wider; else as `limits`. */
  readonly studentLimits: readonly Limits[]
}

export interface StratumSample { readonly name: string; readonly universe: number; readonly values: readonly number[] }

function limitsOf(estimate: number, error: number, degrees: number, levels: readonly number[]): Limits[] {
  return levels.map((confidence) => {
    const p = (1 + confidence) / 2
    // Of one unit that is the whole stratum there is no error, and no degree of freedom.
    const quantile = degrees < 1 ? 0 : studentQuantile(p, degrees)
    const precision = quantile * error
    return { confidence, quantile, degrees, lower: estimate - precision, upper: estimate + precision, precision, precisionShare: estimate > 0 ? precision / estimate : null }
  })
}

/** @throws RangeError naming the stratum that cannot be appraised */
export function appraiseVariable(strata: readonly StratumSample[], levels: readonly number[] = LEVELS): VariableAppraisal {
  if (strata.length === 0) throw new RangeError('no stratum was given')
  const parts = strata.map(({ name, universe, values }): StratumAppraisal & { readonly variance: number } => {
    const moments = momentsOf(values)
    const { n, mean, deviation } = moments
    if (n === 0) throw new RangeError(`stratum ${name} has no reviewed unit`)
    if (n > universe) throw new RangeError(`stratum ${name} has ${n} reviewed units of only ${universe}`)
    if (n === 1 && universe > 1) throw new RangeError(`stratum ${name} has one reviewed unit of ${universe}; two are needed to tell how much the amounts vary`)
    const variance = universe * (universe - n) * (deviation ** 2 / n)
    const standardError = Math.sqrt(variance)
    return { name, universe, ...moments, estimate: universe * mean, standardError, limits: limitsOf(universe * mean, standardError, n - 1, levels), variance }
  })
  const sum = (of: (p: (typeof parts)[number]) => number): number => parts.reduce((s, p) => s + of(p), 0)
  const universe = sum((p) => p.universe)
  const estimate = sum((p) => p.estimate)
  const variance = sum((p) => p.variance)
  const error = Math.sqrt(variance)
  // Satterthwaite 1946; Cochran, section 5.4. For one stratum it is n − 1.
  const spread = sum((p) => (p.variance === 0 ? 0 : p.variance ** 2 / (p.n - 1)))
  const degrees = parts.length === 1 ? (parts[0] as StratumAppraisal).n - 1 : spread === 0 ? Infinity : variance ** 2 / spread
  const limitsWith = (freedom: number): Limits[] => limitsOf(estimate, error, freedom, levels)
  const student = limitsWith(degrees)
  return {
    kind: parts.length === 1 ? 'unrestricted' : 'stratified', universe, sample: momentsOf(strata.flatMap((s) => s.values)),
    strata: parts.map(({ variance: _, ...rest }) => rest), estimate, meanEstimate: estimate / universe, standardError: error, meanStandardError: error / universe,
    limits: parts.length === 1 ? student : limitsWith(Infinity), studentLimits: student,
  }
}

export interface ShareLimits { readonly confidence: number; /** Units of the universe. */ readonly lower: number; readonly upper: number; readonly lowerShare: number; readonly upperShare: number }

export interface AttributeAppraisal {
  readonly universe: number
  readonly n: number
  readonly marked: number
  readonly share: number
  readonly estimate: number
  /** Of the estimated number, with finite population correction. */
  readonly standardError: number
  /** Exact, by the hypergeometric distribution: every number of marked units that the sample does not rule out. */
  readonly limits: readonly ShareLimits[]
}

/** @throws RangeError where the counts do not fit each other */
export function appraiseAttribute(universe: number, n: number, marked: number, levels: readonly number[] = LEVELS): AttributeAppraisal {
  if (n < 1 || n > universe || marked < 0 || marked > n) throw new RangeError(`${marked} of ${n} units from a universe of ${universe} cannot be`)
  const share = marked / n
  const most = universe - (n - marked)
  // The least number in the universe with which so many in the sample are not too many, and the greatest with which they are not too few.
  const first = (holds: (m: number) => boolean, from: number, to: number): number => {
    let [low, high] = [from, to]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (holds(middle)) high = middle
      else low = middle + 1
    }
    return low
  }
  const limits = levels.map((confidence): ShareLimits => {
    // A number whose tail is just the one allowed is ruled out, whatever the last digit of a sum.
    const tail = ((1 - confidence) / 2) * (1 + 1e-9)
    const lower = first((m) => 1 - hypergeometricCdf(marked - 1, universe, m, n) > tail, marked, most)
    const beyond = first((m) => hypergeometricCdf(marked, universe, m, n) <= tail, lower, most + 1)
    const upper = beyond > most ? most : Math.max(lower, beyond - 1)
    return { confidence, lower, upper, lowerShare: lower / universe, upperShare: upper / universe }
  })
  const standardError = n < 2 ? 0 : Math.sqrt(universe * (universe - n) * ((share * (1 - share)) / (n - 1)))
  return { universe, n, marked, share, estimate: universe * share, standardError, limits }
}

export interface StratifiedShare { readonly universe: number; readonly n: number; readonly marked: number; readonly estimate: number; readonly share: number; readonly standardError: number; readonly limits: readonly ShareLimits[] }

/** Strata together, by the normal distribution. @throws RangeError naming a stratum that cannot be appraised */
export function appraiseAttributeStrata(strata: readonly { readonly name: string; readonly universe: number; readonly n: number; readonly marked: number }[], levels: readonly number[] = LEVELS): StratifiedShare {
  const parts = strata.map((s) => appraiseAttribute(s.universe, s.n, s.marked, []))
  const universe = strata.reduce((t, s) => t + s.universe, 0)
  const estimate = parts.reduce((t, p) => t + p.estimate, 0)
  const standardError = Math.sqrt(parts.reduce((t, p) => t + p.standardError ** 2, 0))
  return {
    universe, n: strata.reduce((t, s) => t + s.n, 0), marked: strata.reduce((t, s) => t + s.marked, 0), estimate, share: estimate / universe, standardError,
    limits: levels.map((confidence) => {
      const half = normalQuantile((1 + confidence) / 2) * standardError
      const [lower, upper] = [Math.max(0, estimate - half), Math.min(universe, estimate + half)]
      return { confidence, lower, upper, lowerShare: lower / universe, upperShare: upper / universe }
    }),
  }
}
