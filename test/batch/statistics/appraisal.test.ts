import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appraiseAttribute, appraiseAttributeStrata, appraiseVariable, momentsOf, type StratumSample } from '../../../src/batch/statistics/appraisal.ts'

/** Values with exactly the mean and standard deviation given, so that examples published as summaries can be put in. */
function valuesWith(n: number, mean: number, deviation: number): number[] {
  const half = Math.floor(n / 2)
  const raw = [...Array<number>(half).fill(1), ...Array<number>(half).fill(-1), ...(n % 2 === 1 ? [0] : [])]
  const spread = Math.sqrt((2 * half) / (n - 1))
  return raw.map((r) => mean + (r * deviation) / spread)
}
const at = <T>(list: readonly T[], i: number): T => list[i] as T
const amounts = fc.array(fc.integer({ min: -500_00, max: 5000_00 }).map((c) => c / 100), { minLength: 2, maxLength: 60 })

describe('appraiseVariable', () => {
  it('agrees with Lohr, Sampling: Design and Analysis, the sample of 300 of 3,078 counties (section 2)', () => {
    // Published: mean 297,897, s 344,551.9; standard error of the total 58,169,381; 95 % limits of the mean 260,706 and 335,088.
    const a = appraiseVariable([{ name: 'all', universe: 3078, values: valuesWith(300, 297_897.0467, 344_551.8948) }])
    expect(a.kind).toBe('unrestricted')
    expect(Math.round(a.estimate / 1000)).toBe(916_927)
    expect(a.standardError).toBeCloseTo(58_169_381, -1)
    const limits = at(a.limits, 2)
    expect([limits.confidence, limits.degrees]).toEqual([0.95, 299])
    expect([Math.round(limits.lower / 3078), Math.round(limits.upper / 3078)]).toEqual([260_706, 335_088])
  })
  it('agrees with Lohr, the stratified sample of the same counties (section 3)', () => {
    // Published: total 909,736,034 (with means rounded), standard error 50,417,248.
    const regions: [string, number, number, number, number][] = [['NC', 1054, 103, 300_504.16, 29_618_183_543], ['NE', 220, 21, 97_629.81, 7_647_472_708], ['S', 1382, 135, 211_315.04, 53_587_487_856], ['W', 422, 41, 662_295.51, 396_185_950_266]]
    const a = appraiseVariable(regions.map(([name, universe, n, mean, variance]) => ({ name, universe, values: valuesWith(n, mean, Math.sqrt(variance)) })))
    expect(a.kind).toBe('stratified')
    expect(Math.abs(a.estimate - 909_736_034)).toBeLessThan(20)
    expect(a.standardError).toBeCloseTo(50_417_248, -1)
    // 95 % limits published with 1.96: 810,918,000 to 1,008,553,000 or so.
    expect(at(a.limits, 2).quantile.toFixed(4)).toBe('1.9600')
    expect(at(a.limits, 2).lower).toBeGreaterThan(810_910_000)
    expect(at(a.limits, 2).upper).toBeLessThan(1_008_560_000)
    // By Student's t with Satterthwaite's degrees the limits are wider, and no degrees beyond n − strata.
    expect(at(a.studentLimits, 2).degrees).toBeLessThanOrEqual(296)
    expect(at(a.studentLimits, 2).lower).toBeLessThan(at(a.limits, 2).lower)
  })
  it('agrees with the survey of eight units in two strata of Stata’s manual and R’s package survey (data set fpc)', () => {
    // Published: mean 5.448148, standard error 0.6160407 with finite population correction.
    const a = appraiseVariable([{ name: '1', universe: 15, values: [2.8, 4.1, 6.8, 6.8, 9.2] }, { name: '2', universe: 12, values: [3.7, 6.6, 4.2] }])
    expect(a.meanEstimate).toBeCloseTo(5.448148, 6)
    expect(a.meanStandardError).toBeCloseTo(0.6160407, 6)
  })
  it('agrees with Cochran, Sampling Techniques, section 5.6: 64 cities, 24 of them drawn', () => {
    // Published variances of the estimated total: simple random 5,594,453; proportional 1,882,293; 12 of each 1,090,827.
    const variance = (strata: [number, number, number][]): number => appraiseVariable(strata.map(([universe, n, s2], i) => ({ name: `${i}`, universe, values: valuesWith(n, 300, Math.sqrt(s2)) }))).standardError ** 2
    expect(variance([[64, 24, 52_448]])).toBeCloseTo(5_594_453, -1)
    expect(variance([[16, 6, 53_843], [48, 18, 5581]])).toBeCloseTo(1_882_293, -1)
    expect(variance([[16, 12, 53_843], [48, 12, 5581]])).toBeCloseTo(1_090_827, -1)
  })
  it('one stratum is an unrestricted sample', () => {
    fc.assert(fc.property(amounts, fc.integer({ min: 0, max: 5000 }), (values, more) => {
      const a = appraiseVariable([{ name: 'x', universe: values.length + more, values }])
      expect(a.limits).toEqual(a.studentLimits)
      const { mean, deviation, n } = momentsOf(values)
      expect(a.estimate).toBeCloseTo(mean * (n + more), 4)
      expect(a.standardError).toBeCloseTo((n + more) * (deviation / Math.sqrt(n)) * Math.sqrt(more / (n + more)), 4)
    }))
  })
  it('a census has no error, and its estimate is the sum', () => {
    fc.assert(fc.property(fc.array(amounts, { minLength: 1, maxLength: 4 }), (strata) => {
      const a = appraiseVariable(strata.map((values, i) => ({ name: `${i}`, universe: values.length, values })))
      expect(a.standardError).toBe(0)
      expect(a.estimate).toBeCloseTo(strata.flat().reduce((s, v) => s + v, 0), 4)
      for (const l of [...a.limits, ...a.studentLimits]) expect([l.lower, l.upper]).toEqual([a.estimate, a.estimate])
    }))
  })
  it('the order of rows changes no digit', () => {
    fc.assert(fc.property(amounts, fc.integer({ min: 1, max: 9 }), (values, by) => {
      const turned = [...values.slice(by % values.length), ...values.slice(0, by % values.length)].reverse()
      const of = (v: readonly number[]): unknown => appraiseVariable([{ name: 'a', universe: 900, values: v }, { name: 'b', universe: 90, values: [...v].reverse() }])
      expect(of(turned)).toEqual(of(values))
    }))
  })
  it('scales with the amounts and moves with them', () => {
    fc.assert(fc.property(amounts, fc.integer({ min: 2, max: 7 }), (values, k) => {
      const of = (v: readonly number[]): number[] => {
        const a = appraiseVariable([{ name: 'a', universe: 1000, values: v }])
        return [a.estimate, a.standardError]
      }
      const [estimate = 0, error = 0] = of(values)
      const [scaled = 0, scaledError = 0] = of(values.map((v) => v * k))
      expect(scaled).toBeCloseTo(estimate * k, 2)
      expect(scaledError).toBeCloseTo(error * k, 2)
    }))
  })
  it('covers the truth about as often as it says', () => {
    // A universe of 400 amounts, a third of them overpaid; 400 samples of 60. With t, 90 % limits miss on either side about 40 times in 400, more where amounts are skewed.
    const universe = Array.from({ length: 400 }, (_, i) => (i % 3 === 0 ? 80 + ((i * 37) % 300) : 0))
    const truth = universe.reduce((s, v) => s + v, 0)
    let held = 0
    let state = 12345
    const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
    for (let round = 0; round < 400; round++) {
      const left = [...universe]
      const values = Array.from({ length: 60 }, () => left.splice(Math.floor(next() * left.length), 1)[0] as number)
      const l = at(appraiseVariable([{ name: 'a', universe: 400, values }]).limits, 1)
      if (l.lower <= truth && truth <= l.upper) held++
    }
    expect(held).toBeGreaterThan(340)
    expect(held).toBeLessThan(385)
  })
  it('gives skewness and kurtosis as standardised moments', () => {
    // scipy.stats.skew and kurtosis(fisher=False) of 0, 0, 0, 10, 50
    const m = momentsOf([0, 50, 0, 10, 0])
    expect([m.skewness, m.kurtosis]).toEqual([expect.closeTo(1.362793, 5), expect.closeTo(3.037800, 5)])
    expect(momentsOf([7, 7, 7])).toMatchObject({ deviation: 0, skewness: 0, kurtosis: 0, nonzero: 3 })
  })
  it('says which stratum cannot be appraised', () => {
    const of = (s: StratumSample): (() => unknown) => () => appraiseVariable([{ name: 'good', universe: 9, values: [1, 2] }, s])
    expect(of({ name: 'high', universe: 4, values: [] })).toThrow('stratum high has no reviewed unit')
    expect(of({ name: 'high', universe: 4, values: [1] })).toThrow('stratum high has one reviewed unit of 4')
    expect(of({ name: 'high', universe: 1, values: [1, 2] })).toThrow('2 reviewed units of only 1')
    expect(of({ name: 'high', universe: 1, values: [3] })).not.toThrow()
  })
})

describe('appraiseAttribute', () => {
  it('agrees with SciPy 1.17 and encloses Kauermann and Küchenhoff, Stichproben, page 53', () => {
    // Every M with hypergeom.sf(m - 1) > α/2 and hypergeom.cdf(m) > α/2. The book (and R's samplingbook) names the next number outside: 110 and 161, 2 and 19.
    for (const [universe, n, marked, l80, l90, l95] of [[300, 100, 45, [119, 152], [114, 156], [111, 160]], [300, 100, 2, [2, 13], [2, 16], [2, 18]], [50, 10, 3, [7, 26], [6, 29], [5, 31]], [1000, 30, 15, [372, 628], [341, 659], [316, 684]], [1000, 100, 0, [0, 21], [0, 28], [0, 34]]] as const) {
      expect(appraiseAttribute(universe, n, marked).limits.map((l) => [l.lower, l.upper])).toEqual([l80, l90, l95])
    }
    // Published standard error: 0.0408 of the share.
    expect(appraiseAttribute(300, 100, 45).standardError / 300).toBeCloseTo(0.0408, 4)
  })
  it('never rules out what the sample shows, and mirrors', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(400), fc.nat(400), (universe, a, b) => {
      const n = 1 + (a % universe)
      const marked = b % (n + 1)
      const here = appraiseAttribute(universe, n, marked)
      const there = appraiseAttribute(universe, n, n - marked)
      for (const [i, l] of here.limits.entries()) {
        expect(l.lower).toBeGreaterThanOrEqual(marked)
        expect(l.upper).toBeLessThanOrEqual(universe - (n - marked))
        expect([universe - at(there.limits, i).upper, universe - at(there.limits, i).lower]).toEqual([l.lower, l.upper])
        if (n === universe) expect([l.lower, l.upper]).toEqual([marked, marked])
      }
    }))
  })
  it('adds strata up', () => {
    const a = appraiseAttributeStrata([{ name: 'low', universe: 900, n: 60, marked: 6 }, { name: 'high', universe: 100, n: 100, marked: 31 }])
    expect([a.universe, a.n, a.marked]).toEqual([1000, 160, 37])
    expect(a.estimate).toBeCloseTo(121, 10)
    expect(a.standardError).toBeCloseTo(appraiseAttribute(900, 60, 6).standardError, 10)
  })
  it('refuses counts that do not fit', () => {
    expect(() => appraiseAttribute(10, 20, 1)).toThrow('1 of 20 units from a universe of 10')
  })
})
