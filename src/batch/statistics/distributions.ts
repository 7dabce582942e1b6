// Quantiles and tails of the distributions that sampling rests on. May not: know what is counted.
import betainc from '@stdlib/math-base-special-betainc'
import normal from '@stdlib/stats-base-dists-normal-quantile'
import student from '@stdlib/stats-base-dists-t-quantile'

/** Of the standard normal distribution. */
export const normalQuantile = (p: number): number => normal(p, 0, 1)

/** Of Student's t; the normal distribution where there are endlessly many degrees of freedom. */
export const studentQuantile = (p: number, degrees: number): number => (Number.isFinite(degrees) ? student(p, degrees) : normalQuantile(p))

/** Probability of `k` or fewer among `n` independent trials. */
export const binomialCdf = (k: number, n: number, p: number): number => (k < 0 ? 0 : k >= n ? 1 : p <= 0 ? 1 : p >= 1 ? 0 : 1 - betainc(p, Math.floor(k) + 1, n - Math.floor(k)))

const SMALL = 256
const TABLE = ((): Float64Array => {
  const t = new Float64Array(SMALL)
  for (let i = 2; i < SMALL; i++) t[i] = (t[i - 1] as number) + Math.log(i)
  return t
})()

/** Natural logarithm of n!, by Stirling's series where n is large (error below 1e-15 of the value). */
export function logFactorial(n: number): number {
  if (n < SMALL) return TABLE[n] as number
  const r = 1 / n
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + r * (1 / 12 - r * r * (1 / 360 - r * r * (1 / 1260)))
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Probability of `k` or fewer marked units in a sample of `n` from `size` units of which `marked` are marked. */
export function hypergeometricCdf(k: number, size: number, marked: number, n: number): number {
  const least = Math.max(0, n - (size - marked))
  const most = Math.min(n, marked)
  if (k < least) return 0
  if (k >= most) return 1
  // Summed over the side away from the most likely number, from its largest term outwards: what is too small for a number is then too small to count.
  const below = k < Math.floor(((n + 1) * (marked + 1)) / (size + 2))
  const from = below ? k : k + 1
  let term = Math.exp(logChoose(marked, from) + logChoose(size - marked, n - from) - logChoose(size, n))
  let sum = term
  if (below) {
    for (let x = from; x > least && term > sum * 1e-18; x--) {
      term *= (x * (size - marked - n + x)) / ((marked - x + 1) * (n - x + 1))
      sum += term
    }
  } else {
    for (let x = from; x < most && term > sum * 1e-18; x++) {
      term *= ((marked - x) * (n - x)) / ((x + 1) * (size - marked - n + x + 1))
      sum += term
    }
  }
  return Math.min(1, Math.max(0, below ? sum : 1 - sum))
}
