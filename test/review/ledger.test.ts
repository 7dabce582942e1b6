import { describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import type { Document, Page } from '../../src/document/document.ts'
import type { Chart, ChartNote } from '../../src/review/chart.ts'
import { ledgerOf, printedNumber } from '../../src/review/ledger.ts'
import { withLegibility, withLegibleEvidence } from '../../src/review/legibility.ts'
import type { Evidence, Finding, RuleHit } from '../../src/review/review.ts'

const claim = claimSchema.parse({ claimId: 'X', lines: [{ line: 1, code: '77301', serviceDate: '2025-01-02' }] })
const BODY = 'The patient was seen today for an on treatment visit and tolerates radiation well with mild fatigue and no skin reaction so that treatment goes on as planned by the physician in charge of the course.'

function documentOf(texts: readonly (string | null)[], more: Partial<Page> = {}, sure?: number): Document {
  let text = ''
  const pages = texts.map((each, index): Page => {
    const start = text.length
    text += `${each ?? ''}\f`
    return { page: index + 1, start, end: text.length, width: 612, height: 792, text: each === null ? 'none' : 'native', legibility: each === null ? 0 : 1, ...(each === null ? { reason: 'image-only' as const } : more) }
  })
  const words = [...text.matchAll(/\S+/g)]
  return {
    file: 'a.pdf', sha256: '', kind: 'pdf', text, pages, regions: [], problems: [],
    words: { start: Uint32Array.from(words, (m) => m.index), end: Uint32Array.from(words, (m) => m.index + m[0].length), box: new Float32Array(4 * words.length), ...(sure === undefined ? {} : { sure: new Uint8Array(words.length).fill(sure) }) },
  }
}
const chartOf = (documents: readonly Document[], notes: readonly ChartNote[] = []): Chart => ({ claim, documents, notes, fractions: [], firstFraction: null, pages: 1, unread: [], from: '2025-01-02', to: '2025-01-02' })
const states = (texts: readonly (string | null)[], more?: Partial<Page>): string[] => (ledgerOf(chartOf([documentOf(texts, more)]), []).pages[0] ?? []).map((page) => page.state)
const missing = (texts: readonly (string | null)[]): unknown[] => ledgerOf(chartOf([documentOf(texts)]), []).problems.map((problem) => [problem.id, problem.page, problem.data])

describe('what became of a page', () => {
  it('read, unread, blank, repeated', () => {
    expect(states(['one', null, 'one', ' two '])).toEqual(['read', 'unread', 'duplicate', 'read'])
    expect(states(['one'], { text: 'ocr', legibility: 0.9 })).toEqual(['read-by-ocr'])
    expect(states(['one'], { text: 'ocr', legibility: 0.3 })).toEqual(['illegible'])
  })
  it('a second scan of a page repeats it nearly; another day of the same form does not', () => {
    const scanned = (text: string): Document => ({ ...documentOf([text], { text: 'ocr', legibility: 0.9 }), file: 'b.pdf' })
    const near = (first: string, second: Document): unknown => ledgerOf(chartOf([documentOf([first]), second]), []).pages[1]?.[0]?.nearDuplicateOf
    expect(near(`${BODY} Dose 180 cGy, fraction 5.`, scanned(`${BODY.replace('mild', 'rnild')} Dose 180 cGy, fraction 5.`))).toEqual({ file: 'a.pdf', page: 1 })
    expect(states([`${BODY} Fraction 5 of 25 on 01/06/2025`, `${BODY} Fraction 6 of 25 on 01/07/2025`])).toEqual(['read', 'read'])
    expect(states([`${BODY} Fraction 5`, `${BODY} FRACTION  5 .`])).toEqual(['read', 'near-duplicate'])
  })
  it('turned pages are told', () => {
    expect(ledgerOf(chartOf([documentOf(['x'], { turn: 2 })]), []).pages[0]?.[0]?.turned).toBe(180)
  })
})

describe('pages that did not come', () => {
  it('gaps of a numbering, at its ends too', () => {
    expect(missing(['Page 1 of 3', 'Page 2 of 3', 'Page 3 of 3'])).toEqual([])
    expect(missing(['Page 1 of 4', 'Page 2 of 4', 'Page 4 of 4'])).toEqual([['missing-pages', 1, { missing: '3', of: 4 }]])
    expect(missing(['Page 3 of 7'])).toEqual([['missing-pages', 1, { missing: '1–2, 4–7', of: 7 }]])
    expect(missing(['Page 1 of 2', 'Page 2 of 2', 'Page 1 of 2', 'Page 2 of 2'])).toEqual([])
    expect(missing(['Page 1 of 2', 'Page 1 of 2', 'Page 2 of 2'])).toEqual([])
  })
  it('a page without text stands for the one that is missing', () => {
    expect(missing(['Page 1 of 3', null, 'Page 3 of 3'])).toEqual([])
    expect(missing([null, 'Page 2 of 3', null])).toEqual([])
    expect(missing(['Page 1 of 4', null, 'Page 4 of 4'])).toEqual([['missing-pages', 1, { missing: '3', of: 4 }]])
  })
  it('reads numbers of pages, not of fractions', () => {
    expect(printedNumber('Note\nfraction 3 of 25\nPg. 2 / 5')).toEqual({ number: 2, of: 5 })
    expect(printedNumber('fraction 3 of 25')).toBeNull()
    expect(printedNumber('Page 9 of 5')).toBeNull()
  })
})

describe('words that were not read with certainty', () => {
  const text = 'ECOG 1 on 01/02/2025 without fever'
  const note = { note: 1, performance: [{ start: 0, end: 6 }], measures: [], dates: [{ start: 10, end: 20 }] } as unknown as ChartNote
  const finding = (start: number, end: number): Finding => ({
    requirement: 'r', class: 'req', status: 'met', reason: 'found', found: [], missing: [], searched: { pages: 1, unreadable: 0 },
    evidence: [{ document: 0, file: 'a.pdf', start, end, page: 1, quote: text.slice(start, end), boxes: [], stance: 'for', note: 1 }],
  })
  const ask = (sure: number | undefined, start = 0, end = text.length, legibility = 0.95): Finding => withLegibility(finding(start, end), chartOf([documentOf([text], { text: 'ocr', legibility }, sure)], [{ ...note, document: 0 }]))
  it('send a value, a date and a negation to a person, with their place', () => {
    const doubtful = ask(40)
    expect([doubtful.status, doubtful.reason]).toEqual(['unclear', 'doubtful-reading'])
    expect(doubtful.evidence[0]?.quote).toBe('1')
    expect(ask(40, 21, 34)).toMatchObject({ status: 'unclear', evidence: [{ quote: 'without' }, {}] })
  })
  it('change nothing where they were read well, or decide nothing', () => {
    expect(ask(90).status).toBe('met')
    expect(ask(undefined).status).toBe('met')
    expect(ask(90, 29, 34).status).toBe('met')
  })
  it('send to a person what stands on words of which hardly one was read with certainty', () => {
    expect(ask(40, 29, 34)).toMatchObject({ status: 'unclear', reason: 'doubtful-reading', evidence: [{ quote: 'fever' }] })
  })
  it('send to a person what stands on an illegible page, for it or against it', () => {
    expect(ask(95, 0, text.length, 0.7)).toMatchObject({ status: 'unclear', reason: 'doubtful-reading', evidence: [{ quote: text }] })
    const poor = chartOf([documentOf([text], { text: 'ocr', legibility: 0.7 }, 95)], [{ ...note, document: 0 }])
    const [place] = finding(0, text.length).evidence
    for (const status of ['not-met', 'triggered'] as const) expect(withLegibility({ ...finding(0, 6), status, evidence: [{ ...(place as Evidence), stance: 'against' }] }, poor).status).toBe('unclear')
  })
  it('send a denial to a person of which any word is in doubt', () => {
    const document = documentOf([text], { text: 'ocr', legibility: 0.95 }, 95)
    document.words.sure?.set([40], 5)
    const chart = chartOf([document], [{ ...note, document: 0 }])
    expect(withLegibility({ ...finding(0, text.length), status: 'not-met', reason: 'denied' }, chart).status).toBe('unclear')
    expect(withLegibility(finding(0, text.length), chart).status).toBe('met')
  })
  it('make a rule that denies a matter for a person', () => {
    const poor = (legibility: number): Chart => chartOf([documentOf([text], { text: 'ocr', legibility }, 95)], [{ ...note, document: 0 }])
    const hit = { id: 'R56', effect: 'deny', unitsSupported: 0, denialCodes: ['16'], evidence: finding(0, 6).evidence } as unknown as RuleHit
    expect(withLegibleEvidence(hit, poor(0.7))).toMatchObject({ effect: 'review', unitsSupported: null, denialCodes: ['16'] })
    expect(withLegibleEvidence(hit, poor(0.95))).toBe(hit)
    expect(withLegibleEvidence({ ...hit, evidence: [] }, poor(0.7)).effect).toBe('deny')
  })
  it('leave an exclusion open that may stand on an illegible page of its kind', () => {
    const chart = (legibility: number): Chart => ({ ...chartOf([documentOf([text], { text: 'ocr', legibility }, 95)], [{ ...note, document: 0 }]), unread: legibility < 0.8 ? [{ document: 0, page: 1, type: 'consult' as const }] : [] })
    const absent: Finding = { ...finding(0, 6), class: 'x', status: 'clear', reason: 'exclusion-absent', evidence: [] }
    expect(withLegibility(absent, chart(0.7))).toMatchObject({ status: 'unclear', reason: 'unreadable' })
    expect(withLegibility(absent, chart(0.7), ['consult']).status).toBe('unclear')
    expect(withLegibility(absent, chart(0.7), ['simulation']).status).toBe('clear')
    expect(withLegibility(absent, chart(0.95)).status).toBe('clear')
  })
})
