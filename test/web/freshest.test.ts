// Of two answers about one case the newer holds, in whatever order they come.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freshest, isBusy, withDecision } from '../../src/web/freshest.ts'
import type { CaseRow, DecisionAnswer, DecisionRow } from '../../src/server/shapes.ts'

const row = (updatedAt: string, run: CaseRow['run'] = 'done'): CaseRow => ({ updatedAt, run }) as CaseRow
const stamp = (n: number): string => new Date(1_700_000_000_000 + n).toISOString()

describe('of two answers about a case', () => {
  it('the one with the later stamp holds, however late the other came', () => {
    fc.assert(fc.property(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), (a, b, gotA, gotB) => {
      const [first, second] = [{ row: row(stamp(a)), at: gotA }, { row: row(stamp(b)), at: gotB }]
      const newer = freshest(first, second)
      expect(newer?.updatedAt).toBe(stamp(Math.max(a, b)))
      expect(freshest(second, first)?.updatedAt).toBe(newer?.updatedAt)
    }))
  })

  it('a review asked for again shows though an old answer says that one is done', () => {
    // The case was asked for after the click, its state before.
    expect(isBusy(freshest({ row: row(stamp(9), 'queued'), at: 20 }, { row: row(stamp(3), 'done'), at: 10 }))).toBe(true)
    // With one stamp the answer that came later tells how far it is.
    expect(isBusy(freshest({ row: row(stamp(9), 'running'), at: 20 }, { row: row(stamp(9), 'done'), at: 30 }))).toBe(false)
    expect(isBusy(freshest(undefined, undefined))).toBe(false)
    expect(freshest(undefined, { row: row(stamp(1)), at: 1 })?.updatedAt).toBe(stamp(1))
  })

  it('no decision is taken back by an answer that overtook another', () => {
    const answer = (n: number): DecisionAnswer => ({ case: row(stamp(n)), decisions: Array.from({ length: n }, (_, i) => ({ id: String(i) }) as DecisionRow), effective: { lines: [], atRisk: 0 } })
    fc.assert(fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5 }), (order) => {
      expect(order.reduce((known, n) => withDecision(known, answer(n)), answer(0)).decisions).toHaveLength(5)
    }))
  })
})
