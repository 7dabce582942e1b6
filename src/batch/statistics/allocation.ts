// How a sample is shared out among strata, and where strata by amount begin. May not: draw; know a claim.

export interface StratumShape {
  readonly name: string
  readonly size: number
  /** Standard deviation of what is to be estimated, or of something that goes with it (the amount paid). */
  readonly deviation: number
}

export type Allocation = 'proportional' | 'neyman' | 'equal'

/** Units of each stratum, in the order given: at least `least` (or all of a smaller one), never more than there are, `total` together where the strata allow it. */
export function allocate(strata: readonly StratumShape[], total: number, allocation: Allocation, least = 2): number[] {
  const weights = strata.map((s) => (allocation === 'equal' ? 1 : allocation === 'proportional' ? s.size : s.size * s.deviation))
  const flat = weights.every((w) => w === 0) ? strata.map((s) => s.size) : weights
  const floors = strata.map((s) => Math.min(s.size, least))
  const out = strata.map(() => 0)
  const fixed = strata.map(() => false)
  // Strata held to their floor or their size are set aside and the rest is shared out again (Cochran, section 5.8).
  for (;;) {
    const open = strata.map((_, i) => i).filter((i) => !fixed[i])
    const rest = Math.max(0, Math.min(total, strata.reduce((n, s) => n + s.size, 0)) - out.reduce((n, c, i) => n + (fixed[i] ? c : 0), 0))
    const sum = open.reduce((n, i) => n + (flat[i] as number), 0)
    const share = (i: number): number => (sum === 0 ? rest / open.length : (rest * (flat[i] as number)) / sum)
    const over = open.filter((i) => share(i) > (strata[i] as StratumShape).size)
    const under = open.filter((i) => share(i) < (floors[i] as number))
    if (over.length === 0 && under.length === 0) {
      for (const [i, count] of rounded(open.map((i) => [i, share(i)]), rest)) out[i] = count
      return out.map((c, i) => Math.min((strata[i] as StratumShape).size, c))
    }
    // Whole ones first: what they give up goes to the others, and may lift those below their floor.
    for (const i of over.length > 0 ? over : under) {
      fixed[i] = true
      out[i] = over.length > 0 ? (strata[i] as StratumShape).size : (floors[i] as number)
    }
  }
}

/** Whole numbers with the sum asked for, by largest remainder; ties to the one named first. */
function rounded(shares: readonly (readonly [number, number])[], total: number): [number, number][] {
  const whole = shares.map(([i, s]): [number, number] => [i, Math.floor(s + 1e-9)])
  const left = Math.round(total - whole.reduce((n, [, c]) => n + c, 0))
  const byRemainder = shares.map(([, s], at) => ({ at, rest: s - (whole[at] as [number, number])[1] })).sort((a, b) => b.rest - a.rest || a.at - b.at)
  for (const { at } of byRemainder.slice(0, Math.max(0, left))) (whole[at] as [number, number])[1]++
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
