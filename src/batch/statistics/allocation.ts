// How a sample is shared out among strata, and where strata by amount begin. May not: draw; know a claim.

export interface StratumShape {
  readonly name: string
  readonly size: number
  /** Standard deviation of what is to be estimated, or of something that goes with it (the amount paid). */
  readonly deviation: number
}

export type Allocation = 'proportional' | 'neyman' | 'equal'

/** Units of each stratum, in the order given: at least `least` (or all of a smaller one), never more than there are, `total` together where floors and sizes allow it. */
export function allocate(strata: readonly StratumShape[], total: number, allocation: Allocation, least = 2): number[] {
  const weights = strata.map((s) => (allocation === 'equal' ? 1 : allocation === 'proportional' ? s.size : s.size * s.deviation))
  const floors = strata.map((s) => Math.min(s.size, least))
  const sizes = strata.map((s) => s.size)
  // The share of every stratum grows with one factor, and stops at its floor or its size (Cochran, section 5.8). Strata of no weight come last, by size.
  const weighted = bounded(weights, floors, sizes, total)
  const left = total - sum(weighted)
  const shares = left < 1e-9 ? weighted : bounded(strata.map((s, i) => ((weights[i] as number) > 0 ? 0 : s.size)), weighted, sizes, total)
  return rounded(shares, floors, sizes, Math.min(total, sum(sizes)))
}

const sum = (values: readonly number[]): number => values.reduce((n, v) => n + v, 0)

function bounded(weights: readonly number[], floors: readonly number[], sizes: readonly number[], total: number): number[] {
  const at = (factor: number): number[] => weights.map((w, i) => Math.min(sizes[i] as number, Math.max(floors[i] as number, w === 0 ? 0 : factor * w)))
  const most = Math.max(0, ...weights.map((w, i) => (w === 0 ? 0 : (sizes[i] as number) / w)))
  let [low, high] = [0, most]
  if (sum(at(most)) <= total) return at(most)
  for (let i = 0; i < 200 && high > low; i++) {
    const middle = (low + high) / 2
    if (sum(at(middle)) <= total) low = middle
    else high = middle
  }
  return at(low)
}

/** Whole numbers within their bounds with the sum asked for, by largest remainder; ties to the one named first. */
function rounded(shares: readonly number[], floors: readonly number[], sizes: readonly number[], total: number): number[] {
  const whole = shares.map((s) => Math.floor(s + 1e-6))
  const order = shares.map((s, i) => ({ i, rest: s - (whole[i] as number) })).sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (let left = Math.max(total, sum(floors)) - sum(whole); left > 0; ) {
    const before = left
    for (const { i } of order) {
      if (left === 0 || (whole[i] as number) >= (sizes[i] as number)) continue
      whole[i] = (whole[i] as number) + 1
      left--
    }
    if (left === before) break
  }
  return whole
}

/**
 * Upper ends of `count` strata by amount, the last open: equal steps of the cumulated square root of the frequencies
 * (Dalenius and Hodges 1959; Cochran, section 5A.7) over classes of equal width. Fewer where the amounts do not part so far.
 */
export function boundariesByAmount(amounts: readonly number[], count: number, classes = 200): number[] {
  const least = amounts.reduce((a, b) => Math.min(a, b), Infinity)
  const most = amounts.reduce((a, b) => Math.max(a, b), -Infinity)
  if (!(most > least) || count < 2) return []
  const width = (most - least) / classes
  const frequency = new Array<number>(classes).fill(0)
  for (const a of amounts) {
    const at = Math.min(classes - 1, Math.floor((a - least) / width))
    frequency[at] = (frequency[at] as number) + 1
  }
  const total = frequency.reduce((n, f) => n + Math.sqrt(f), 0)
  const ends: number[] = []
  let sum = 0
  for (let i = 0; i < classes - 1 && ends.length < count - 1; i++) {
    const next = sum + Math.sqrt(frequency[i] as number)
    const step = ((ends.length + 1) * total) / count
    // The class end nearer to the step.
    if (next >= step || (i + 1 < classes - 1 && next + Math.sqrt(frequency[i + 1] as number) - step > step - next && next > sum && next + Math.sqrt(frequency[i + 1] as number) >= step)) {
      const end = Math.round((least + width * (i + 1)) * 100) / 100
      if (ends.at(-1) !== end) ends.push(end)
    }
    sum = next
  }
  return ends
}

/** Sample standard deviation; 0 for fewer than two. */
export function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return 0
  const mean = values.reduce((n, v) => n + v, 0) / values.length
  return Math.sqrt(values.reduce((n, v) => n + (v - mean) ** 2, 0) / (values.length - 1))
}
