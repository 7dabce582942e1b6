import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feeFor, readFees, type Fee } from '../../src/claim/fees.ts'
import { reviewSchema, toContract } from '../../src/report/contract.ts'
import { toHtml } from '../../src/report/html.ts'
import { amountWords, moneyOf, withMoney } from '../../src/report/money.ts'
import { toText } from '../../src/report/text.ts'
import { madeUpReview, policy } from './made-up-review.ts'

const table = (text: string): ReturnType<typeof readFees> => readFees(text.split('\n').map((l, i) => ({ row: i + 1, cells: l.split(',') })))
const review = toContract(madeUpReview, policy)

describe('a fee table', () => {
  it('takes the fee that says most of the line, and the latest', () => {
    const { fees, faults } = table('Fees of 2025\nCPT,Mod,POS,Amount,Effective,End\n77300,,,$70.00,2024-01-01,\n77300,26,,30.10,2024-01-01,\n77300,26,22,31,1/1/2024,\n77300,,,80,2025-01-01,2025-12-31\n77427,,,"190",,')
    expect(faults).toEqual([{ row: 7, column: 4, what: 'is not an amount' }])
    const fee = (modifiers: string[], place: string | null, serviceDate: string): number | null => feeFor(fees, { code: '77300', modifiers, placeOfService: place, serviceDate })?.cents ?? null
    expect([fee([], '11', '2024-05-01'), fee([], '11', '2025-05-01'), fee(['26'], '11', '2025-05-01'), fee(['59', '26'], '22', '2025-05-01'), fee([], null, '2026-05-01'), fee([], null, '2020-05-01')]).toEqual([7000, 8000, 3010, 3100, 7000, null])
  })
  it('names row and column of what is wrong', () => {
    expect(table('code,fee,from,until\n7730,1,,\n77300,x,,\n77300,1,someday,\n77300,1,,someday').faults.map((f) => `${f.row} ${f.column}`)).toEqual(['2 1', '3 2', '4 3', '5 4'])
    expect(table('a,b\n1,2').faults[0]?.what).toMatch(/no headings/)
  })
})

describe('money at stake', () => {
  const fees = table('code,amount\n77331,100.10\n77435,1000\n77252,250.50\n77336,90').fees
  it('of each line and of the claim', () => {
    const { lines, claim } = moneyOf(review, fees)
    expect(lines).toEqual([
      { fee: 100.1, billed: 100.1, notSupported: 0, open: 100.1, supported: 0 }, { fee: 1000, billed: 1000, notSupported: 1000, open: 0, supported: 0 }, { fee: null, billed: null, notSupported: null, open: null, supported: null },
      { fee: 250.5, billed: 1252.5, notSupported: 0, open: 1252.5, supported: 0 }, { fee: 90, billed: 180, notSupported: 90, open: 0, supported: 90 },
    ])
    expect(claim).toEqual({ billed: 2532.6, notSupported: 1090, open: 1352.6, supported: 90, withoutFee: [3] })
  })
  it('what is billed is what is not supported, open and supported, to the cent', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 99_999_999 }), { minLength: 5, maxLength: 5 }), (cents) => {
      const all: Fee[] = review.lines.map((l, i) => ({ code: l.code, modifier: '', place: '', from: '', until: '', cents: cents[i] as number }))
      const { lines, claim } = moneyOf(review, all)
      for (const m of [...lines, claim]) expect(Math.round((m.billed ?? 0) * 100)).toBe(Math.round((m.notSupported ?? 0) * 100) + Math.round((m.open ?? 0) * 100) + Math.round((m.supported ?? 0) * 100))
    }))
  })
  it('stands in JSON, text and HTML, and only with a table', () => {
    const json = withMoney(review, fees)
    expect(reviewSchema.parse(json)).toEqual(json)
    const [text, html] = [toText(json, { color: false, width: 110 }), toHtml(json)]
    expect(text).toContain('billed 2,532.60 · not supported 1,090.00 · open 1,352.60 · supported 90.00')
    expect(text).toContain('line 2 77435: not supported 1,000.00, open 0.00')
    expect(text).toContain('no fee for line 3')
    expect(html).toContain('<dd><bdi>2,532.60</bdi></dd>')
    for (const plain of [toText(review, { color: false, width: 110 }), toHtml(review)]) expect(plain).not.toContain('Money at stake')
  })
  it('writes amounts in groups', () => {
    expect([0, 5, 999.5, 1000, 1234567.89].map(amountWords)).toEqual(['0.00', '5.00', '999.50', '1,000.00', '1,234,567.89'])
  })
})

describe('tables and suggested codes in the reports', () => {
  it('say what a table says, with its quarter, and escape what it is called', () => {
    const denials = [{ id: 'x', words: '<b>words</b>', carc: ['251'], rarc: [], when: { requirements: [], reasons: ['unsigned'], rules: [], edits: ['bundled-never'] }, examples: { fits: [], 'fits-not': [] } }]
    const json = toContract(madeUpReview, policy, denials)
    expect(reviewSchema.parse(json)).toEqual(json)
    expect(json.lines[0]?.requirements.find((r) => r.id === '77331.signature')?.suggested).toEqual([{ list: 'CARC', code: '251', words: '<b>words</b>' }])
    expect(json.lines[0]?.requirements.find((r) => r.id === '77331.type')?.suggested).toBeUndefined()
    expect(json.lines[0]?.edits).toMatchObject([{ kind: 'bundled-never', table: { table: 'ncci-ptp', effective: '2024-07-01' }, suggested: [{ code: '251' }] }])
    const html = toHtml(json)
    expect(html).toContain('third quarter of 2024')
    expect(html).toContain('title="&lt;b&gt;words&lt;/b&gt;"')
    expect(html).not.toContain('<b>words')
    expect(toText(json, { color: false, width: 110 })).toContain('National tables: ncci-ptp practitioner of 2024-07-01.')
  })
})
