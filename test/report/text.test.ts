import { describe, expect, it } from 'vitest'
import { toContract } from '../../src/report/contract.ts'
import { columnsOf } from '../../src/report/plain.ts'
import { toText } from '../../src/report/text.ts'
import { HOSTILE, madeUpReview, policy, quoteAt, finding } from './made-up-review.ts'

const json = toContract(madeUpReview, policy)
 
const STYLE = /\u001b\[\d+m/g

describe('toText', () => {
  it('has no escape sequence where colour is off', () => {
    expect(toText(json, { color: false, width: 100 })).not.toContain('\u001b')
  })

  it('says the same with colour, and lets no escape of a record through', () => {
    const coloured = toText(json, { color: true, width: 100 })
    expect(coloured).toContain('\u001b[31m')
    expect(coloured.replace(STYLE, '')).toBe(toText(json, { color: false, width: 100 }))
    expect(coloured).not.toContain('\u001b[31mred')
    expect(coloured).not.toContain('\u202e')
    expect(HOSTILE).toContain('\u202e')
  })

  it.each([40, 57, 80, 120, 200])('has no line wider than %i columns', (width) => {
    const long = { ...madeUpReview, lines: madeUpReview.lines.map((l) => ({ ...l, findings: [...l.findings, finding('x.y', 'req', 'partial', 'parts-found', [quoteAt(`${'folder/'.repeat(20)}file.pdf`, 7, `${'長い'.repeat(40)} ${'word '.repeat(60)}`)], ['a'.repeat(90)])] })) }
    for (const line of toText(toContract(long, policy), { color: false, width }).split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width)
  })

  it('begins with a row a line, then shows only what is wrong or missing', () => {
    const text = toText(json, { color: false, width: 120 })
    expect(text).toMatch(/2 of 5 lines supported · 3 files, 9 pages, 2 could not be read/)
    expect(text).toMatch(/~ 1 {2}77331 +Special dosimetry.* 2025-05-06 .*1 of 1 unit .*0\.83 {2}insufficient documentation/)
    expect(text).toContain('77252→77525')
    expect(text).toContain('77331.adjustments not met')
    expect(text).not.toContain('77331.type')
    expect(text).not.toContain('Line 3 ·')
    expect(text).toContain('packets/Rivera packet.pdf p.3 “Date of measurement 05/06/2025”')
    expect(text).toContain('Denial codes: E1N, E2Q')
    expect(text).toMatch(/Pages that could not be read\n {2}packets\/Rivera packet\.pdf p\. 4\n {2}packet\.zip\/inner\.pdf p\. 2/)
  })

  it('shows at most 25 words of a quote', () => {
    const review = { ...madeUpReview, lines: [{ ...(madeUpReview.lines[0] as (typeof madeUpReview.lines)[number]), findings: [finding('x.y', 'req', 'partial', 'parts-found', [quoteAt('a.pdf', 1, Array.from({ length: 40 }, (_, i) => `w${i}`).join(' '))])] }] }
    const text = toText(toContract(review, policy), { color: false, width: 300 })
    expect(text).toContain('w24…')
    expect(text).not.toContain('w25')
  })
})
