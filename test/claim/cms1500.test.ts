import { describe, expect, it } from 'vitest'
import { claimsOfCms1500, isCms1500, type FormField } from '../../src/claim/cms1500-claims.ts'
import type { Reading } from '../../src/claim/reading.ts'

export const FIELDS: Readonly<Record<string, string>> = {
  insurance_name: 'PRIORITY HEALTH', insurance_id: 'M77', pt_name: 'RIVERA, MARTA, L', birth_mm: '04', birth_dd: '02', birth_yy: '58', sex: 'F', prior_auth: 'AUTH9', pt_account: 'A-1', doc_name: 'LAKESIDE', pin1: '1999999984',
  diagnosis1: 'C50412', diagnosis2: 'Z51 0', t_charge: '540 50',
  sv1_mm_from: '05', sv1_dd_from: '06', sv1_yy_from: '25', sv1_mm_end: '05', sv1_dd_end: '06', sv1_yy_end: '25', place1: '22', cpt1: '77331', mod1: '26', mod1a: 'XU', diag1: 'AB', ch1: '180 50', day1: '1',
  sv2_mm_from: '05', sv2_dd_from: '06', sv2_yy_from: '2025', sv2_mm_end: '05', sv2_dd_end: '10', sv2_yy_end: '25', place2: '22', cpt2: '77427', diag2: 'A', ch2: '360.00', day2: '2',
}
const fields = (values: Readonly<Record<string, string>>, name = (n: string): string => n): FormField[] => Object.entries(values).map(([n, value]) => ({ name: name(n), value }))
const faultsIn = (readings: readonly Reading[]): string[] => readings.flatMap((r) => (r.kind === 'fault' ? [r] : r.faults)).map((f) => `${f.severity} ${f.where}: ${f.what}`)
const claimsIn = (readings: readonly Reading[]): unknown[] => readings.flatMap((r) => (r.kind === 'claim' ? [r.claim] : []))

describe('a filled CMS-1500', () => {
  const expected = {
    claimId: 'A-1', payer: 'priority-health', patient: { name: 'RIVERA, MARTA L', birthDate: '1958-04-02', memberId: 'M77', sex: 'F' }, provider: { name: 'LAKESIDE', npi: '1999999984' }, diagnoses: ['C50.412', 'Z51.0'], authorizations: [{ number: 'AUTH9', codes: [] }],
    lines: [
      { line: 1, code: '77331', modifiers: ['26', 'XU'], units: 1, serviceDate: '2025-05-06', serviceDateEnd: null, diagnosisPointers: [1, 2], placeOfService: '22', charge: 180.5 },
      { line: 2, code: '77427', modifiers: [], units: 2, serviceDate: '2025-05-06', serviceDateEnd: '2025-05-10', diagnosisPointers: [1], charge: 360 },
    ],
  }
  it('under the names of the fillable form', () => {
    const readings = [...claimsOfCms1500(fields(FIELDS))]
    expect(faultsIn(readings)).toEqual([])
    expect(claimsIn(readings)).toMatchObject([expected])
    expect(claimsIn([...claimsOfCms1500(fields(FIELDS, (n) => `form1[0].Page1[0].${n}[0]`))])).toMatchObject([expected])
  })
  it('under the numbers of its items', () => {
    const values = { '1a': 'M77', 'Box 2': 'Rivera, Marta', 'Item 21A': 'C50.412', '24A1From': '05/06/2025', '24B1': '22', '24D1': '77331', '24D1mod': '26', '24E1': 'A', '24F1': '180.50', '24G1': '1', '26': 'A-1', '28': '180.50', '33': 'Lakeside' }
    expect(isCms1500(fields(values))).toBe(true)
    expect(claimsIn([...claimsOfCms1500(fields(values))])).toMatchObject([{ claimId: 'A-1', diagnoses: ['C50.412'], lines: [{ code: '77331', modifiers: ['26'], serviceDate: '2025-05-06', charge: 180.5, placeOfService: '22' }] }])
  })
  it('names the field of what is wrong', () => {
    const wrong = (change: Readonly<Record<string, string>>): string[] => faultsIn([...claimsOfCms1500(fields({ ...FIELDS, ...change }))])
    expect(wrong({ sv1_mm_from: '13' })).toEqual(['error field sv1_mm_from: the date that begins here is not a date'])
    expect(wrong({ diag2: 'K' })).toEqual(['error field diag2: points to a diagnosis that item 21 does not have'])
    expect(wrong({ ch1: 'free' })).toEqual(['error field ch1: is not an amount'])
    expect(wrong({ cpt2: '' })).toEqual(['error line 2: the code is missing'])
    expect(wrong({ cpt2: '7742' })).toEqual(['error line 2, item 24D: a CPT or HCPCS code of five characters'])
    expect(wrong({ t_charge: '700.00' })).toEqual([expect.stringMatching(/^warning field t_charge: the total charge/)])
  })
  it('is told from other forms', () => {
    expect(isCms1500(fields(FIELDS))).toBe(true)
    expect(isCms1500(fields({ name: 'x', date: 'y', signature: 'z', birth_mm: '1' }))).toBe(false)
  })
})
