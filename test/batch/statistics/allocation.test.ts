import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, boundariesByAmount, deviationOf } from '../../../src/batch/statistics/allocation.ts'
import { shareTable, sizeForMean, sizeForShare, sizeForStrata, sizeTable, zOf } from '../../../src/batch/statistics/sample-size.ts'

const CITIES = [{ name: 'large', size: 16, deviation: Math.sqrt(53_843) }, { name: 'small', size: 48, deviation: Math.sqrt(5581) }]

describe('allocate', () => {
  it('agrees with Cochran, section 5.6: 24 of 64 cities', () => {
    expect(allocate(CITIES, 24, 'proportional')).toEqual([6, 18])
    expect(allocate(CITIES, 24, 'neyman')).toEqual([12, 12])
    expect(allocate(CITIES, 24, 'equal')).toEqual([12, 12])
  })
  it('shares out what is asked for within what there is', () => {
    const shape = fc.record({ name: fc.constant('s'), size: fc.integer({ min: 1, max: 500 }), deviation: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })) })
    fc.assert(fc.property(fc.array(shape, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 900 }), fc.constantFrom('proportional' as const, 'neyman' as const, 'equal' as const), fc.integer({ min: 0, max: 30 }), (strata, total, how, least) => {
      const all = strata.reduce((n, s) => n + s.size, 0)
      const floors = strata.reduce((n, s) => n + Math.min(s.size, least), 0)
      const out = allocate(strata, total, how, least)
      out.forEach((c, i) => {
        expect(Number.isInteger(c)).toBe(true)
        expect(c).toBeLessThanOrEqual(strata[i]?.size ?? 0)
      })
      const sum = out.reduce((n, c) => n + c, 0)
      if (floors <= total) {
        expect(sum).toBe(Math.min(total, all))
        out.forEach((c, i) => expect(c).toBeGreaterThanOrEqual(Math.min(strata[i]?.size ?? 0, least)))
      }
    }), { numRuns: 300 })
  })
  it('takes all of a stratum that would get more than it has', () => {
    expect(allocate([{ name: 'top', size: 5, deviation: 10_000 }, { name: 'a', size: 500, deviation: 10 }, { name: 'b', size: 500, deviation: 10 }], 65, 'neyman')).toEqual([5, 30, 30])
  })
})

describe('boundariesByAmount', () => {
  it('parts skewed amounts into strata that lessen the variance', () => {
    const amounts = Array.from({ length: 3000 }, (_, i) => Math.round(100 * Math.exp(((i * 7919) % 3000) / 600)) / 100)
    const ends = boundariesByAmount(amounts, 4)
    expect(ends).toHaveLength(3)
    expect([...ends].sort((a, b) => a - b)).toEqual(ends)
    const strata = [...ends, Infinity].map((end, i) => amounts.filter((a) => a <= end && a > (ends[i - 1] ?? -Infinity)))
    expect(strata.every((s) => s.length > 50)).toBe(true)
    const within = strata.reduce((n, s) => n + (s.length / 3000) * deviationOf(s), 0) ** 2
    expect(within).toBeLessThan(deviationOf(amounts) ** 2 / 8)
  })
  it('makes no stratum where amounts do not differ', () => {
    expect(boundariesByAmount([5, 5, 5], 3)).toEqual([])
    expect(boundariesByAmount([], 3)).toEqual([])
  })
})

describe('sample size', () => {
  it('agrees with Cochran, section 4.6: silver maple seedlings', () => {
    // N 430, mean 19, variance 85.6, 10 % either way, quantile taken as 2: n0 is 95, n is 78.
    expect(sizeForMean(430, Math.sqrt(85.6), 1.9, 2)).toBe(78)
    expect(sizeForMean(1e12, Math.sqrt(85.6), 1.9, 2)).toBe(95)
  })
  it('agrees with Kauermann and Küchenhoff, Stichproben, pages 56 and 57', () => {
    const z = zOf(0.95)
    expect([sizeForMean(300, 10, 4, z), sizeForMean(300, 10, 1, z)]).toEqual([23, 169])
    expect([sizeForShare(1e12, 0.5, 0.01, z), sizeForShare(1e12, 0.39, 0.01, z), sizeForShare(300, 0.5, 0.05, z), sizeForShare(10, 0.2, 0.1, z), sizeForShare(10, 0.5, 0.1, z)]).toEqual([9604, 9139, 169, 9, 10])
  })
  it('agrees with the stratified sizes of R’s samplingbook (reference page of stratasize)', () => {
    const strata = [[100_000, 1], [300_000, 2], [600_000, 3]].map(([size = 0, deviation = 0]) => ({ size, deviation }))
    expect([sizeForStrata(strata, 0.1, zOf(0.95), 'proportional'), sizeForStrata(strata, 0.1, zOf(0.95), 'neyman')]).toEqual([2568, 2395])
  })
  it('falls with the precision wished and rises with the confidence', () => {
    for (const t of [sizeTable(5000, 120, 260), shareTable(900, 0.3)]) {
      for (const row of t.sizes) expect([...row].sort((a, b) => a - b)).toEqual(row)
      for (const c of t.confidences.keys()) expect(t.sizes.map((r) => r[c] ?? 0)).toEqual([...t.sizes].map((r) => r[c] ?? 0).sort((a, b) => b - a))
      expect(t.sizes.flat().every((n) => n >= 1 && n <= 5000)).toBe(true)
    }
  })
})
