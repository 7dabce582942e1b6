// Suggestions: never a code that its day does not allow, with days and units from the chart, of the last course and of the chart's patient. May not: judge whether a code is paid.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planLines, readNamedCode } from '../../src/audit/plan-lines.ts'
import { annotate } from '../../src/note/annotate.ts'
import { splitNotes } from '../../src/note/split.ts'
import { chartAlone, plannedClaim, suggestCodes, validOn, type Suggestion } from '../../src/review/suggest.ts'
import { audited, knowledge, policy, recordsOf } from './charts.ts'

const HEAD = 'Patient: Tarrow, Imelda   DOB: 03/09/1957   MRN: T-4471\n'
const chartOf = (notes: Readonly<Record<string, string>>) => {
  const { documents } = recordsOf(notes)
  return chartAlone(documents.map((document, i) => ({ document, notes: splitNotes(document, i, knowledge.notes).map((h) => annotate(document, h, knowledge.notes)) })), knowledge.notes.people)
}
const suggested = (notes: Readonly<Record<string, string>>): Suggestion[] => {
  const chart = chartOf(notes)
  return chart === null ? [] : suggestCodes(chart, policy)
}
const short = (all: readonly Suggestion[]): string[] => all.map((s) => `${s.serviceDate} ${s.code} x${s.units}`)
const us = (day: string): string => `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`
const fraction = (day: string, n: number): string => `SBRT TREATMENT MANAGEMENT NOTE\n${HEAD}Treatment date: ${us(day)}\nLung SBRT to the right upper lobe, fraction ${n} of 3 delivered, 18 Gy.\nElectronically signed by Jane Roe, MD on ${us(day)}\n`
const SRT = (day: string): string => `SUPERFICIAL RADIATION THERAPY RECORD\n${HEAD}Treatment date: ${us(day)}\nSRT-100, 70 kV. Basal cell carcinoma of the nose. Fraction 1 delivered, 300 cGy.\nElectronically signed by Jane Roe, MD on ${us(day)}\n`
const PLAN = (day: string): string => `TREATMENT PLAN REPORT\n${HEAD}Date: ${us(day)}\nInverse planned VMAT, two arcs, dynamic MLC. Plan approved by Jane Roe, MD ${us(day)}\n`
const TREAT = (day: string): string => `TREATMENT RECORD\n${HEAD}Treatment date: ${us(day)}\nProstate, fraction 1 of 28 delivered, 2.5 Gy.\nT. Ames, RT(R)(T) electronically signed ${us(day)}\n`

describe('what the chart suggests', () => {
  it('is a line for every session given and one for the course', () => {
    expect(short(suggested({ 'a.txt': fraction('2025-05-06', 1), 'b.txt': fraction('2025-05-08', 2), 'c.txt': fraction('2025-05-13', 3) }))).toEqual(['2025-05-06 77373 x1', '2025-05-08 77373 x1', '2025-05-13 77373 x1', '2025-05-13 77435 x1'])
  })
  it('is of the last course only', () => {
    const days = suggested({ 'a.txt': fraction('2025-01-07', 1), 'b.txt': fraction('2025-01-09', 2), 'c.txt': fraction('2025-05-06', 1), 'd.txt': fraction('2025-05-08', 2) }).map((s) => s.serviceDate)
    expect(Math.min(...days.map((d) => Date.parse(d)))).toBe(Date.parse('2025-05-06'))
  })
  it('is not of another patient whose page lies in the packet', () => {
    const other = fraction('2025-05-12', 3).replace(HEAD, 'Patient: Quill, Bertram   DOB: 11/30/1949   MRN: Q-1102\n')
    expect(suggested({ 'a.txt': fraction('2025-05-06', 1), 'b.txt': fraction('2025-05-08', 2), 'x.txt': other }).map((s) => s.serviceDate)).not.toContain('2025-05-12')
  })
  it('takes the code of the year', () => {
    expect(suggested({ 'a.txt': SRT('2025-05-06') }).map((s) => s.code)).toEqual(['77401'])
    expect(suggested({ 'a.txt': SRT('2026-05-06') }).map((s) => s.code)).toEqual(['77437'])
  })
  it('never is a code that its day does not allow, and always says why and where', () => {
    const day = fc.date({ min: new Date('2024-07-01T00:00:00Z'), max: new Date('2026-12-20T00:00:00Z'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))
    fc.assert(fc.property(day, fc.constantFrom('srt', 'imrt', 'sbrt'), (on, kind) => {
      const all = suggested(kind === 'srt' ? { 'a.txt': SRT(on) } : kind === 'imrt' ? { 'a.txt': PLAN(on), 'b.txt': TREAT(on) } : { 'a.txt': fraction(on, 1) })
      expect(all.length).toBeGreaterThan(0)
      for (const s of all) {
        const entry = policy.codes.get(s.code)
        expect(entry !== undefined && validOn(entry, s.serviceDate), `${s.code} on ${s.serviceDate}`).toBe(true)
        expect(s.why.length).toBeGreaterThan(10)
        expect(s.evidence.length, s.id).toBeGreaterThan(0)
      }
    }), { numRuns: 25 })
  })
  it('is nothing where nothing is dated or nothing was done', () => {
    expect(chartOf({ 'a.txt': 'PARKING\nLevel 2.\n' })).toBeNull()
    expect(suggested({ 'a.txt': `CONSULTATION\n${HEAD}Date: 05/01/2025\nSBRT in 3 fractions is planned.\nElectronically signed by Jane Roe, MD on 05/01/2025` })).toEqual([])
  })
  it('makes a claim that is reviewed like any other', () => {
    const { audit } = audited(recordsOf({ 'a.txt': SRT('2026-05-06') }), { suggest: true, payer: null })
    expect(audit.suggested?.map((s) => s.code)).toEqual(['77437'])
    expect(audit.lines.map((l) => l.code)).toEqual(['77437'])
    const chart = chartOf({ 'a.txt': SRT('2026-05-06') })
    expect(chart === null ? null : plannedClaim(chart, [], null)).toBeNull()
  })
})

describe('codes that are named', () => {
  const chart = chartOf({ 'a.txt': fraction('2025-05-06', 1), 'b.txt': fraction('2025-05-08', 2) })
  if (chart === null) throw new Error('no chart')
  const suggestions = suggestCodes(chart, policy)
  it('are read with day and units', () => {
    expect(readNamedCode('77373@2025-05-06x2')).toEqual({ code: '77373', day: '2025-05-06', units: 2 })
    expect(readNamedCode('g6015')).toEqual({ code: 'G6015', day: null, units: null })
    for (const wrong of ['', '7737', '77373@2025-13-40', '77373x', '77373@yesterday']) expect(readNamedCode(wrong), wrong).toBeNull()
  })
  it('stand on the days that the chart shows, else on the first session, and it is said', () => {
    const { lines, remarks } = planLines([{ code: '77373', day: null, units: null }, { code: '77331', day: null, units: null }], chart, suggestions, policy)
    expect(lines).toEqual([{ code: '77373', serviceDate: '2025-05-06', units: 1 }, { code: '77373', serviceDate: '2025-05-08', units: 1 }, { code: '77331', serviceDate: '2025-05-06', units: 1 }])
    expect(remarks.join(' ')).toContain('77331: the chart shows no day for it')
  })
  it('are told apart where their day does not allow them', () => {
    expect(planLines([{ code: '77401', day: '2026-02-03', units: null }], chart, suggestions, policy).remarks).toEqual(['77401 is not valid on 2026-02-03; its last day was 2025-12-31.'])
  })
})
