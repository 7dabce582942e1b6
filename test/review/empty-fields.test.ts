// A field that a form leaves open is no denial: the finding says that it is not filled in. May not: hold a record.
import { describe, expect, it } from 'vitest'
import { lineOf, review } from './claims.ts'

const NOTE = (care: string): string => `SBRT TREATMENT MANAGEMENT NOTE\nPatient: Example, Alex\nTreatment date: 05/06/2025\nLung SBRT to the right upper lobe, fraction 3 of 3 delivered, 18 Gy. Tolerated well.\n${care}\nElectronically signed by Jane Roe, MD on 05/06/2025\n`
const coordination = (care: string) => lineOf(review(['2025-05-06 77435'], [NOTE(care)]), 1).findings.find((f) => f.requirement === '77435.coordination')

describe('an empty field', () => {
  it.each(['Coordination of care: ____________', 'Coordination of care: [ ]', '[ ] Discussed with medical oncology'])('is told as left empty, with its place: %s', (care) => {
    const finding = coordination(care)
    expect(finding).toMatchObject({ status: 'not-met', reason: 'only-template' })
    expect(finding?.evidence.map((e) => e.stance)).toEqual(['against'])
  })
  it('is not what a denial is', () => {
    expect(coordination('No coordination of care with other services took place.')).toMatchObject({ status: 'not-met', reason: 'denied' })
  })
  it('says nothing against what is stated elsewhere', () => {
    const finding = coordination('Discussed with medical oncology, who agree.\nCoordination of care: ____________')
    expect(finding).toMatchObject({ status: 'met', reason: 'found' })
    expect(finding?.evidence.some((e) => e.stance === 'against')).toBe(false)
  })
})
