import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reviewJsonSchema, reviewSchema, toContract } from '../../src/report/contract.ts'
import { madeUpReview, policy } from './made-up-review.ts'

const json = toContract(madeUpReview, policy)

describe('toContract', () => {
  it('gives what the published shape asks for', () => {
    expect(reviewSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(JSON.parse(JSON.stringify(json)))
  })

  it('has the keys of the contract in its order first', () => {
    expect(Object.keys(json).slice(0, 10)).toEqual(['schema', 'made', 'claim', 'documents', 'notes', 'lines', 'general', 'rules', 'facts', 'problems'])
    expect(Object.keys(json.documents[0]?.pages[0] ?? {}).slice(0, 5)).toEqual(['page', 'text', 'legibility', 'note', 'duplicateOf'])
    expect(Object.keys(json.facts.performanceStatus[0] ?? {}).slice(0, 8)).toEqual(['scale', 'low', 'high', 'date', 'decisive', 'file', 'page', 'quote'])
  })

  it('is the same bytes for the same review, whatever the order of keys in it', () => {
    const claim = Object.fromEntries(Object.entries(madeUpReview.claim).reverse()) as typeof madeUpReview.claim
    expect(JSON.stringify(toContract({ ...madeUpReview, claim }, policy))).toBe(JSON.stringify(json))
  })

  it('rounds boxes and shares, without a negative zero', () => {
    const box = json.lines[0]?.requirements[0]?.evidence[0]?.boxes[0]
    expect(box).toEqual({ page: 1, left: 72, top: 101.46, right: 240.2, bottom: 0 })
    expect(Object.is(box?.bottom, -0)).toBe(false)
    expect(json.lines[0]?.score).toBe(0.83)
    expect(json.documents[0]?.pages[2]?.legibility).toBe(0.88)
  })

  it('keeps what the reader and the splitter said of pages and notes', () => {
    expect(json.documents[0]?.pages[5]?.duplicateOf).toEqual({ file: 'packets/Rivera packet.pdf', page: 1 })
    expect(json.documents[0]?.pages[3]?.note).toBeNull()
    expect(json.notes.map((n) => n.patientMatches)).toEqual([true, null, false])
    expect(json.lines[0]?.requirements[0]?.evidence[0]?.note).toBe(1)
    expect(json.lines[0]?.requirements[2]?.evidence[0]?.note).toBeNull()
  })

  it('refuses another shape', () => {
    expect(reviewSchema.safeParse({ ...json, schema: 'vouch/review@2' }).success).toBe(false)
    expect(reviewSchema.safeParse({ ...json, lines: [{ ...json.lines[0], determination: 'fine' }] }).success).toBe(false)
  })

  it('allows further keys', () => {
    expect(reviewSchema.safeParse({ ...json, more: 1 }).success).toBe(true)
  })
})

describe('docs/review.schema.json', () => {
  const path = new URL('../../docs/review.schema.json', import.meta.url)
  const made = `${JSON.stringify(reviewJsonSchema(), null, 2)}\n`
  it('agrees with the shape (VOUCH_UPDATE=1 writes it)', () => {
    if (process.env['VOUCH_UPDATE'] === '1' && process.env['CI'] === undefined) writeFileSync(path, made)
    expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(made)
  })
})
