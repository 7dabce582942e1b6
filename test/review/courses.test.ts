// Course, plan, fraction, and where claim and chart do not agree.
import { describe, expect, it } from 'vitest'
import { review } from './claims.ts'

const RX = `HARBOR RADIATION
RADIATION PRESCRIPTION
Date: 05/01/2025
Site: Left breast
Dose: 267 cGy x 15 fractions, tangents, 6 MV
Electronically signed by Jane Roe, MD 05/01/2025
`
const LOG = `HARBOR RADIATION   Course: C2
TREATMENT RECORD
Fx	Date	Dose cGy	Total
1	05/05/2025	267	267
2	05/06/2025	267	534
3	05/08/2025	267	801
4	05/09/2025	not treated, machine down
5	05/12/2025	267	1068
`

describe('a course', () => {
  const [course] = review(['2025-04-28 77290', '2025-05-05 77412', '2025-05-06 77412', '2025-05-12 77412'], [RX, LOG]).courses
  it('has ends, a label, and the lines of the claim', () => {
    expect(course).toMatchObject({ course: 1, label: 'C2', from: '2025-04-28', to: '2025-05-12', lines: [1, 2, 3, 4], billed: 3, sites: ['Left breast'] })
  })
  it('says where each number was read', () => {
    expect(course?.prescribed?.value).toBe(15)
    expect(course?.prescribed?.evidence[0]?.quote).toContain('15 fractions')
    expect(course?.delivered?.evidence[0]?.quote).toContain('05/12/2025')
    expect(course?.ports?.evidence[0]?.quote).toContain('tangents')
    expect(course?.areas).toBeNull()
  })
  it('lists its days with sessions and units', () => {
    expect(course?.fractions.map((f) => [f.date, f.sessions, f.delivered, f.billed])).toEqual([
      ['2025-05-05', 1, true, 1], ['2025-05-06', 1, true, 1], ['2025-05-08', 1, true, 0], ['2025-05-09', 0, false, 0], ['2025-05-12', 1, true, 1],
    ])
  })
  it('counts two sessions of one day', () => {
    const twice = 'TREATMENT RECORD\nFx\tDate\tTime\tDose cGy\tTotal\n1\t05/05/2025\t08:00\t150\t150\n2\t05/05/2025\t14:30\t150\t300\n3\t05/06/2025\t08:00\t150\t450\n'
    expect(review(['2025-05-05 G6015 x2'], [twice]).courses[0]?.fractions[0]).toMatchObject({ sessions: 2, billed: 2, number: 2 })
  })
})

describe('claim against chart', () => {
  const kinds = (lines: readonly string[], notes: readonly string[]): string[] => review(lines, notes).differences.map((d) => `${d.kind} ${d.line ?? 'claim'}`)
  it('agrees where it agrees', () => {
    expect(kinds(['2025-05-05 77412 dx C50.412', '2025-05-06 77412 dx C50.412'], [RX, LOG])).toEqual([])
  })
  it('shows a fraction billed and not given, with both places', () => {
    const [d] = review(['2025-05-09 77412 dx C50.412'], [RX, LOG]).differences
    expect(d).toMatchObject({ kind: 'not-delivered', line: 1, claim: { field: 'units', value: '1 × 77412 on 2025-05-09' } })
    expect(d?.chart.evidence[0]?.quote).toContain('machine down')
  })
  it('shows more units than sessions, and a day that the log leaves out', () => {
    expect(kinds(['2025-05-06 77412 x2'], [RX, LOG])).toEqual(['units 1'])
    expect(kinds(['2025-05-07 77412'], [RX, LOG])).toEqual(['date 1'])
    expect(kinds(['2025-05-14 77412'], [RX, LOG])).toEqual([])
  })
  it('shows a side and a diagnosis that differ', () => {
    expect(kinds(['2025-05-05 77412 dx C50.411'], [RX, LOG])).toEqual(['laterality claim'])
    const printed = RX.replace('Site:', 'Diagnosis: C50.412 malignant neoplasm\nSite:')
    expect(kinds(['2025-05-05 77412 dx C34.12'], [printed, LOG])).toEqual(['diagnosis claim'])
    expect(kinds(['2025-05-05 77412 dx C50.412'], [printed, LOG])).toEqual([])
  })
  it('shows a simulation dated otherwise', () => {
    const sim = 'SIMULATION NOTE\nDate: 05/01/2025\nSupine, Vac-Lok formed.\nElectronically signed by Jane Roe, MD 05/01/2025'
    expect(kinds(['2025-05-02 77290'], [sim])).toEqual(['date 1'])
    expect(kinds(['2025-05-01 77290'], [sim])).toEqual([])
  })
  it('shows a course billed beyond its prescription', () => {
    const short = RX.replace('267 cGy x 15 fractions', '800 cGy x 1 fraction')
    const log = 'TREATMENT RECORD\nFx\tDate\tDose cGy\tTotal\n1\t05/05/2025\t800\t800\n'
    expect(kinds(['2025-05-05 77412', '2025-05-06 77412'], [short, log])).toContain('course-total claim')
  })
})
