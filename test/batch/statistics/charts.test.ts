import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialLimits, funnelOf, pChart, trendOf, xmrChart } from '../../../src/batch/statistics/charts.ts'
import { binomialCdf } from '../../../src/batch/statistics/distributions.ts'

describe('control charts', () => {
  it('individuals: agree with the NIST/SEMATECH e-Handbook, section 6.3.2.2', () => {
    // Flow rates of ten batches. Published: mean 50.81, mean moving range 1.8778, limits 55.8041 and 45.8159.
    const c = xmrChart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1].map((value, i) => ({ label: `${i}`, n: 1, value })))
    expect([c.centre, c.meanRange]).toEqual([expect.closeTo(50.81, 10), expect.closeTo(1.8778, 4)])
    expect([c.points[0]?.upper, c.points[0]?.lower]).toEqual([expect.closeTo(55.8041, 3), expect.closeTo(45.8159, 3)])
    expect(c.points.every((p) => p.signal === null)).toBe(true)
  })
  it('shares: agree with the NIST/SEMATECH e-Handbook, section 6.3.3.2', () => {
    // Wafers with misregistered chips, of 50 each. Published: mean 0.2313, limits 0.4102 and 0.0524; wafers 15 and 23 are beyond.
    const found = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
    const c = pChart(found.map((f, i) => ({ label: `${i + 1}`, n: 50, found: f })))
    expect([c.centre, c.points[0]?.upper, c.points[0]?.lower]).toEqual([expect.closeTo(0.2313, 4), expect.closeTo(0.4102, 3), expect.closeTo(0.0524, 3)])
    expect(c.points.filter((p) => p.signal === 'beyond').map((p) => p.label)).toEqual(['15', '23'])
  })
  it('mark the eighth on one side, pass over empty months, and stay quiet where nothing varies', () => {
    const c = pChart([...Array(8).fill(20), ...Array(8).fill(30)].map((found: number, i) => ({ label: `${i}`, n: 100, found })))
    expect(c.points.map((p) => p.signal)).toEqual([...Array(7).fill(null), 'run', ...Array(7).fill(null), 'run'])
    expect(pChart([{ label: 'a', n: 0, found: 0 }, { label: 'b', n: 4, found: 0 }]).points.map((p) => [p.value, p.signal])).toEqual([[null, null], [0, null]])
    expect(xmrChart([1, 1, 1].map((value) => ({ label: '', n: 1, value }))).points.every((p) => p.signal === null)).toBe(true)
    expect(xmrChart([]).points).toEqual([])
  })
})

describe('trendOf', () => {
  it('agrees with R’s prop.trend.test on Fleiss’ smokers', () => {
    // 83 of 86, 90 of 93, 129 of 136, 70 of 82. Published: X-squared 8.2249 with one degree of freedom.
    const t = trendOf([[86, 83], [93, 90], [136, 129], [82, 70]].map(([n = 0, found = 0]) => ({ n, found })))
    expect(t.z ** 2).toBeCloseTo(8.2249, 3)
    expect(t.direction).toBe('falling')
  })
  it('is steady where there is nothing to see', () => {
    expect([trendOf([]), trendOf([{ n: 5, found: 5 }]), trendOf([{ n: 10, found: 2 }, { n: 10, found: 2 }])].map((t) => t.direction)).toEqual(['steady', 'steady', 'steady'])
  })
})

describe('funnelOf', () => {
  it('has exact limits that enclose what they say, and narrow with n', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, target) => {
      const [near, far] = [binomialLimits(n, target, 0.95), binomialLimits(n, target, 0.998)]
      expect(far.lower).toBeLessThanOrEqual(near.lower)
      expect(far.upper).toBeGreaterThanOrEqual(near.upper)
      expect(near.lower).toBeLessThanOrEqual(target)
      expect(near.upper).toBeGreaterThanOrEqual(target)
      // Whole numbers beyond a limit have no more than their tail.
      const above = Math.floor(near.upper * n) + 1
      expect(1 - binomialCdf(above, n, target)).toBeLessThanOrEqual(0.025 + 1e-9)
      // Of very few the limits stand at 0 or 1, or at the target itself.
      if (n * target * (1 - target) < 5) return
      const wider = binomialLimits(n * 4, target, 0.95)
      expect(wider.upper - wider.lower).toBeLessThan(near.upper - near.lower + 1e-9)
    }), { numRuns: 150 })
  })
  it('places providers, whatever their order', () => {
    const groups = [{ key: 'a', label: 'A', n: 400, found: 160 }, { key: 'b', label: 'B', n: 400, found: 85 }, { key: 'c', label: 'C', n: 400, found: 80 }, { key: 'd', label: 'D', n: 40, found: 8 }, { key: 'e', label: 'E', n: 0, found: 0 }]
    const f = funnelOf(groups)
    expect(f.points.map((p) => [p.key, p.place])).toEqual([['a', 'far-above'], ['b', 'below'], ['c', 'far-below'], ['d', 'within']])
    expect(f.overDispersed).toBe(true)
    expect(f.points.every((p) => p.adjusted === 'within')).toBe(true)
    expect(funnelOf([...groups].reverse()).target).toBe(f.target)
    expect(funnelOf([]).points).toEqual([])
    expect(funnelOf([{ key: 'x', label: 'X', n: 9, found: 0 }]).points[0]?.place).toBe('within')
  })
  it('calls providers alike that differ by chance', () => {
    const f = funnelOf(Array.from({ length: 40 }, (_, i) => ({ key: `${i}`, label: '', n: 200, found: 40 + ((i * 17) % 13) - 6 })))
    expect([f.overDispersed, f.points.filter((p) => p.place !== 'within').length]).toEqual([false, 0])
  })
})
