// Funnels, control charts and trends as figures. May not: draw; say that somebody does wrong.
import { binomialCdf, normalQuantile } from './distributions.ts'

export interface Limit { readonly lower: number; readonly upper: number }

/** Exact limits of a share of `n`, by the binomial distribution, interpolated between whole numbers (Spiegelhalter 2005, appendix A.1.1). */
export function binomialLimits(n: number, target: number, confidence: number): Limit {
  const at = (p: number): number => {
    let [low, high] = [0, n]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (binomialCdf(middle, n, target) >= p) high = middle
      else low = middle + 1
    }
    const [here, before] = [binomialCdf(low, n, target), binomialCdf(low - 1, n, target)]
    return here > before ? (low - (here - p) / (here - before)) / n : low / n
  }
  const tail = (1 - confidence) / 2
  // Of very few the interpolated limit may fall on the wrong side of the target.
  return { lower: Math.min(target, Math.max(0, at(tail))), upper: Math.max(target, Math.min(1, at(1 - tail))) }
}

export const FUNNEL_LEVELS = [0.95, 0.998] as const

export interface FunnelPoint {
  readonly key: string
  readonly label: string
  readonly n: number
  readonly found: number
  readonly share: number
  /** Against the exact limits: beyond 99.8 %, beyond 95 %, or within. */
  readonly place: 'far-above' | 'above' | 'within' | 'below' | 'far-below'
  /** Against the limits widened for over-dispersion; the same as `place` where there is none. */
  readonly adjusted: FunnelPoint['place']
}

export interface Funnel {
  readonly target: number
  readonly points: readonly FunnelPoint[]
  /** Mean squared z, a tenth winsorised at each end; 1 where providers differ by chance alone. */
  readonly dispersion: number
  readonly overDispersed: boolean
}

/** Groups of one or more; the target is the share of all together. */
export function funnelOf(groups: readonly { readonly key: string; readonly label: string; readonly n: number; readonly found: number }[]): Funnel {
  const there = groups.filter((g) => g.n > 0)
  const n = there.reduce((s, g) => s + g.n, 0)
  const target = n === 0 ? 0 : there.reduce((s, g) => s + g.found, 0) / n
  const spread = Math.sqrt(target * (1 - target))
  const z = there.map((g) => (spread === 0 ? 0 : (g.found / g.n - target) / (spread / Math.sqrt(g.n))))
  const sorted = [...z].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length / 10)
  const [low, high] = [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0]
  const dispersion = z.length === 0 ? 1 : z.reduce((s, v) => s + Math.min(high, Math.max(low, v)) ** 2, 0) / z.length
  // Two standard errors above what chance gives (Spiegelhalter 2005, section 3.2).
  const overDispersed = z.length >= 4 && dispersion > 1 + 2 * Math.sqrt(2 / z.length)
  const points = there.map((g, i): FunnelPoint => {
    const share = g.found / g.n
    const [near, far] = FUNNEL_LEVELS.map((c) => binomialLimits(g.n, target, c)) as [Limit, Limit]
    const place = placeOf(share, near, far)
    const wide = (c: number): Limit => {
      const half = normalQuantile((1 + c) / 2) * Math.sqrt(dispersion) * (spread / Math.sqrt(g.n))
      return { lower: target - half, upper: target + half }
    }
    return { key: g.key, label: g.label, n: g.n, found: g.found, share, place, adjusted: overDispersed && z[i] !== undefined ? placeOf(share, wide(0.95), wide(0.998)) : place }
  })
  return { target, points, dispersion, overDispersed }
}

const placeOf = (share: number, near: Limit, far: Limit): FunnelPoint['place'] => (share > far.upper ? 'far-above' : share > near.upper ? 'above' : share < far.lower ? 'far-below' : share < near.lower ? 'below' : 'within')

export interface ChartPoint {
  readonly label: string
  /** Null where nothing was counted. */
  readonly value: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly n: number
  /** Beyond its limits, or the eighth and later of a run on one side of the centre. */
  readonly signal: 'beyond' | 'run' | null
}

export interface ControlChart { readonly kind: 'p' | 'xmr'; readonly centre: number; readonly points: readonly ChartPoint[] }

const RUN = 8

/** Shares by month, limits three standard errors from the share of all. */
export function pChart(series: readonly { readonly label: string; readonly n: number; readonly found: number }[]): ControlChart {
  const n = series.reduce((s, p) => s + p.n, 0)
  const centre = n === 0 ? 0 : series.reduce((s, p) => s + p.found, 0) / n
  return chart('p', centre, series.map((p) => {
    const half = p.n === 0 ? 0 : 3 * Math.sqrt((centre * (1 - centre)) / p.n)
    return { label: p.label, n: p.n, value: p.n === 0 ? null : p.found / p.n, lower: p.n === 0 ? null : Math.max(0, centre - half), upper: p.n === 0 ? null : Math.min(1, centre + half) }
  }))
}

/** Single values by month, limits 2.66 mean moving ranges from the mean (three standard errors by d2 = 1.128). */
export function xmrChart(series: readonly { readonly label: string; readonly n: number; readonly value: number | null }[]): ControlChart & { readonly meanRange: number; readonly rangeLimit: number } {
  const values = series.flatMap((p) => (p.value === null ? [] : [p.value]))
  const centre = values.length === 0 ? 0 : values.reduce((s, v) => s + v, 0) / values.length
  const ranges = values.slice(1).map((v, i) => Math.abs(v - (values[i] as number)))
  const meanRange = ranges.length === 0 ? 0 : ranges.reduce((s, v) => s + v, 0) / ranges.length
  const half = (3 * meanRange) / 1.128
  const made = chart('xmr', centre, series.map((p) => ({ ...p, lower: p.value === null || ranges.length === 0 ? null : centre - half, upper: p.value === null || ranges.length === 0 ? null : centre + half })))
  return { ...made, meanRange, rangeLimit: 3.267 * meanRange }
}

function chart(kind: ControlChart['kind'], centre: number, series: readonly Omit<ChartPoint, 'signal'>[]): ControlChart {
  let run = 0
  let side = 0
  const points = series.map((p): ChartPoint => {
    if (p.value === null) return { ...p, signal: null }
    // Sums of shares differ in the last digits; a value on the centre is on no side.
    const here = Math.abs(p.value - centre) < 1e-12 ? 0 : Math.sign(p.value - centre)
    run = here !== 0 && here === side ? run + 1 : here === 0 ? 0 : 1
    side = here
    const beyond = (p.upper !== null && p.value > p.upper + 1e-12) || (p.lower !== null && p.value < p.lower - 1e-12)
    return { ...p, signal: beyond ? 'beyond' : run >= RUN ? 'run' : null }
  })
  return { kind, centre, points }
}

export interface Trend { readonly z: number; readonly direction: 'rising' | 'falling' | 'steady' }

/** Cochran and Armitage's test for a trend of shares over equal steps; rising or falling beyond the 1 % of chance. */
export function trendOf(series: readonly { readonly n: number; readonly found: number }[]): Trend {
  const n = series.reduce((s, p) => s + p.n, 0)
  const found = series.reduce((s, p) => s + p.found, 0)
  const share = n === 0 ? 0 : found / n
  const sum = (of: (p: { readonly n: number; readonly found: number }, t: number) => number): number => series.reduce((s, p, t) => s + of(p, t), 0)
  const spread = n === 0 ? 0 : share * (1 - share) * (sum((p, t) => p.n * t * t) - sum((p, t) => p.n * t) ** 2 / n)
  const z = spread <= 0 ? 0 : sum((p, t) => t * (p.found - p.n * share)) / Math.sqrt(spread)
  const far = normalQuantile(0.995)
  return { z, direction: z > far ? 'rising' : z < 0 - far ? 'falling' : 'steady' }
}
