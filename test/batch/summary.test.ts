import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pace, progressText } from '../../src/batch/progress-text.ts'
import { withoutAnswer, WORST_FIRST, type BatchResult } from '../../src/batch/result.ts'
import { summarizer, summaryText } from '../../src/batch/summary.ts'

const MADE = { engine: '1.0.0', ocr: null, dictionaries: 'sha256:aa', policy: 'p', policyVersions: [] }
const amount = fc.integer({ min: 0, max: 1_000_000 }).map((c) => c / 100)
const line = fc.record({ determination: fc.constantFrom(...WORST_FIRST), money: fc.record({ notSupported: amount, open: amount, supported: amount }), status: fc.constantFrom('met', 'not-met', 'unclear', 'partial') })

const resultFrom = (number: number, lines: readonly { readonly determination: (typeof WORST_FIRST)[number]; readonly money: { readonly notSupported: number; readonly open: number; readonly supported: number }; readonly status: string }[]): BatchResult => {
  const sum = (of: (l: (typeof lines)[number]) => number): number => lines.reduce((n, l) => n + Math.round(of(l) * 100), 0) / 100
  const money = { billed: sum((l) => l.money.notSupported + l.money.open + l.money.supported), notSupported: sum((l) => l.money.notSupported), open: sum((l) => l.money.open), supported: sum((l) => l.money.supported) }
  return {
    ...withoutAnswer(null, `C-${number}`, 'failed', { id: 'claim-unreadable', explanation: '' }, MADE), number, source: `s${number}`, memberHash: null, status: 'done', reason: null, money,
    determination: WORST_FIRST.find((d) => lines.some((l) => l.determination === d)) ?? null, doubtful: lines.some((l) => l.determination === 'needs-review'),
    lines: lines.map((l, i) => ({
      line: i + 1, code: '77263', reportedCode: null, modifiers: [], serviceDate: '2025-09-01', serviceDateEnd: null, units: 1, charge: null, paid: null, determination: l.determination, score: 1, unitsSupported: 1,
      money: { basis: 'charge' as const, billed: l.money.notSupported + l.money.open + l.money.supported, ...l.money }, policyVersion: '2025-01-01', rules: [], placeOfService: null, diagnoses: [], diagnosisFlags: [], course: null, fractionsBilled: null, fractionsDelivered: null, checklists: [], missing: [], denialCodes: [], carc: [], rarc: [], clinician: false, signatureFlags: [], requirements: [{ id: 'r', class: 'core' as const, status: l.status as 'met', reason: 'found' }],
    })),
  }
}

describe('the summary of a batch', () => {
  it('counts every claim and line once and to the cent, most at stake first, whatever the order', () => {
    fc.assert(fc.property(fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { maxLength: 30 }), (claims) => {
      const results = claims.map((lines, i) => resultFrom(i + 1, lines))
      const sum = summarizer()
      results.forEach(sum.add)
      const told = sum.told()
      expect(told.claims).toBe(results.length)
      expect(Object.values(told.determinations).reduce((a, b) => a + b, 0)).toBe(results.length)
      expect(Object.values(told.lines).reduce((a, b) => a + b, 0)).toBe(claims.flat().length)
      expect(Math.round(told.money.open * 100)).toBe(claims.flat().reduce((n, l) => n + Math.round(l.money.open * 100), 0))
      expect(told.requirements.reduce((n, r) => n + r.notMet + r.unclear + r.partial, 0)).toBe(claims.flat().filter((l) => l.status !== 'met').length)
      expect(told.doubtfulFirst.map((d) => d.atStake)).toEqual([...told.doubtfulFirst.map((d) => d.atStake)].sort((a, b) => b - a))
      const back = summarizer()
      ;[...results].reverse().forEach(back.add)
      expect(back.told()).toEqual(told)
    }), { numRuns: 60 })
  })

  it('keeps the doubtful with most at stake of a large batch, and says where versions are mixed', () => {
    const sum = summarizer()
    for (let i = 1; i <= 3000; i++) sum.add({ ...resultFrom(i, [{ determination: 'needs-review', money: { notSupported: 0, open: i, supported: 0 }, status: 'unclear' }]), made: { ...MADE, engine: i === 5 ? '0.9.0' : '1.0.0' } })
    const told = sum.told()
    expect([told.doubtful, told.doubtfulFirst.length, told.doubtfulFirst[0]?.number, told.doubtfulFirst[199]?.number]).toEqual([3000, 200, 3000, 2801])
    expect(told.versions.map((v) => [v.engine, v.claims])).toEqual([['1.0.0', 2999], ['0.9.0', 1]])
    const text = summaryText(told)
    expect(text).toMatch(/! Results of several versions stand together/)
    expect(text.indexOf('Doubtful')).toBeLessThan(text.indexOf('Determinations'))
  })
})

describe('the line of progress', () => {
  it('tells rate and time left, and fits', () => {
    const rates = pace()
    const at = (done: number): Parameters<typeof progressText>[0] => ({ claims: 1000, done, failed: 0, aside: 2, doubtful: 3, pages: done * 20, read: 0, reused: 0, answered: 0, loaded: true })
    rates.add(at(0), 0)
    rates.add(at(200), 10)
    expect(progressText(at(200), rates, 160)).toBe('[█████░░░░░░░░░░░░░░░░░░░] 202/1,000 claims · 4,000 pages · 20 claims/s, 400 pages/s · 40 s left · 3 doubtful · 2 without an answer')
    expect(progressText(at(200), rates, 60).length).toBeLessThanOrEqual(60)
    expect(progressText(at(0), pace(), 100)).not.toMatch(/left|NaN|Infinity/)
  })
})
