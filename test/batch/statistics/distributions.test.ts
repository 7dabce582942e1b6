import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf, hypergeometricCdf, logFactorial, normalQuantile, studentQuantile } from '../../../src/batch/statistics/distributions.ts'

describe('quantiles', () => {
  it('agree with SciPy 1.17 to twelve digits', () => {
    // scipy.stats.t.ppf and norm.ppf
    for (const [p, degrees, expected] of [[0.9, 99, 1.2901614420344854], [0.95, 99, 1.6603911560169906], [0.975, 99, 1.9842169515864174], [0.975, 6, 2.4469118511449786], [0.95, 2, 2.9199855803537242], [0.975, 1, 12.706204736174694], [0.95, 1e6, 1.6448551507220404]] as const) {
      expect(studentQuantile(p, degrees) / expected).toBeCloseTo(1, 12)
    }
    expect([0.9, 0.95, 0.975].map(normalQuantile).map((z) => z.toFixed(12))).toEqual(['1.281551565545', '1.644853626951', '1.959963984540'])
    expect(studentQuantile(0.95, Infinity)).toBe(normalQuantile(0.95))
  })
})

describe('tails', () => {
  it('of the hypergeometric and binomial distributions are sums of their terms', () => {
    const choose = (n: number, k: number): bigint => {
      let c = 1n
      for (let i = 1; i <= k; i++) c = (c * BigInt(n - k + i)) / BigInt(i)
      return k < 0 || k > n ? 0n : c
    }
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: -1, max: 61 }), (size, m, s, k) => {
      const [marked, n] = [Math.min(m, size), Math.min(s, size)]
      let sum = 0n
      for (let x = 0; x <= k; x++) sum += choose(marked, x) * choose(size - marked, n - x)
      const exact = Number((sum * 10n ** 15n) / choose(size, n)) / 1e15
      expect(hypergeometricCdf(k, size, marked, n)).toBeCloseTo(exact, 11)
    }))
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -1, max: 41 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, k, p) => {
      let sum = 0
      for (let x = 0; x <= Math.min(k, n); x++) sum += Number(choose(n, x)) * p ** x * (1 - p) ** (n - x)
      expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 11)
    }))
  })
  it('hold where factorials are huge', () => {
    expect(logFactorial(300) - logFactorial(299)).toBeCloseTo(Math.log(300), 10)
    expect(logFactorial(256) - logFactorial(255)).toBeCloseTo(Math.log(256), 10)
    // Far from the middle, where single terms are too small for a number; scipy.stats.hypergeom.cdf.
    expect([80_000, 70_000, 76_000, 76_800].map((k) => hypergeometricCdf(k, 1_000_000, 200_000, 384_618))).toEqual([1, expect.closeTo(0, 100), expect.closeTo(1.0368194e-6, 12), expect.closeTo(0.2635294, 6)])
    // scipy.stats.hypergeom.cdf(60, 1000000, 50000, 1000)
    expect(hypergeometricCdf(60, 1_000_000, 50_000, 1000)).toBeCloseTo(0.93303530560, 8)
  })
})
