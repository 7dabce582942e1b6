import { describe, expect, it } from 'vitest'
import { claimsOfFhir, isFhir } from '../../src/claim/fhir-claims.ts'
import type { Reading } from '../../src/claim/reading.ts'

const CPT = 'http://www.ama-assn.org/go/cpt'
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm'
const concept = (system: string, code: string): object => ({ coding: [{ system, code }] })
const PATIENT = { resourceType: 'Patient', id: 'p1', name: [{ use: 'official', family: 'Rivera', given: ['Marta', 'L'] }], birthDate: '1958-04-02', gender: 'female', identifier: [{ type: concept('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR'), value: '123' }, { type: concept('x', 'MB'), value: 'M77' }] }
const CLAIM = {
  resourceType: 'Claim', id: 'c1', identifier: [{ value: 'A-1' }], status: 'active', use: 'claim', type: concept('http://terminology.hl7.org/CodeSystem/claim-type', 'professional'),
  patient: { reference: 'Patient/p1' }, insurer: { display: 'Priority Health' }, provider: { reference: '#org' }, contained: [{ resourceType: 'Organization', id: 'org', name: 'Lakeside', identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1999999984' }] }],
  insurance: [{ sequence: 1, focal: true, coverage: { display: 'plan' }, preAuthRef: ['AUTH9'] }],
  diagnosis: [{ sequence: 3, diagnosisCodeableConcept: concept(ICD, 'C50.412') }, { sequence: 7, diagnosisReference: { reference: 'Condition/d1' } }],
  item: [
    { sequence: 1, diagnosisSequence: [7, 3], productOrService: concept(CPT, '77331'), modifier: [concept(CPT, '26')], servicedDate: '2025-05-06', locationCodeableConcept: concept('pos', '22'), quantity: { value: 1 }, net: { value: 180.5 } },
    { sequence: 2, diagnosisSequence: [3], productOrService: concept(CPT, '77427'), servicedPeriod: { start: '2025-05-06T08:00:00Z', end: '2025-05-10' }, quantity: { value: 2 }, unitPrice: { value: 90 } },
  ],
}
const bundle = (...resources: object[]): object => ({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) })
const faultsIn = (readings: readonly Reading[]): string[] => readings.flatMap((r) => (r.kind === 'fault' ? [r] : r.faults)).map((f) => `${f.severity} ${f.where}: ${f.what}`)
const claimsIn = (readings: readonly Reading[]): unknown[] => readings.flatMap((r) => (r.kind === 'claim' ? [r.claim] : []))
const changed = (item: object): object => ({ ...CLAIM, item: [{ ...CLAIM.item[0], ...item }] })

describe('FHIR', () => {
  it('reads a claim with what it refers to', () => {
    const readings = [...claimsOfFhir(bundle(PATIENT, { resourceType: 'Condition', id: 'd1', code: concept(ICD, 'Z510') }, CLAIM))]
    expect(faultsIn(readings)).toEqual([])
    expect(claimsIn(readings)).toMatchObject([{
      claimId: 'A-1', payer: 'priority-health', patient: { name: 'Rivera, Marta L', birthDate: '1958-04-02', sex: 'F', mrn: '123', memberId: 'M77' }, provider: { name: 'Lakeside', npi: '1999999984' },
      diagnoses: ['C50.412', 'Z51.0'], authorizations: [{ number: 'AUTH9', codes: [] }],
      lines: [
        { line: 1, code: '77331', modifiers: ['26'], serviceDate: '2025-05-06', diagnosisPointers: [2, 1], placeOfService: '22', charge: 180.5 },
        { line: 2, code: '77427', units: 2, serviceDate: '2025-05-06', serviceDateEnd: '2025-05-10', charge: 180 },
      ],
    }])
  })
  it('reads a benefit statement with what was paid and taken off', () => {
    const adjudication = [
      { category: concept('x', 'submitted'), amount: { value: 200 } }, { category: concept('x', 'benefit'), amount: { value: 150 } },
      { category: concept('x', 'adjustment'), reason: concept('https://x12.org/codes/claim-adjustment-reason-codes', '45'), amount: { value: 50 } },
    ]
    const eob = { ...CLAIM, resourceType: 'ExplanationOfBenefit', type: concept('t', 'institutional'), diagnosis: [CLAIM.diagnosis[0]], item: [{ ...CLAIM.item[1], diagnosisSequence: [3], revenue: concept('rev', '0333'), adjudication }] }
    expect(claimsIn([...claimsOfFhir(eob)])).toMatchObject([{ claimForm: 'institutional', lines: [{ charge: 200, paid: 150, revenueCode: '0333', adjustments: [{ reason: '45', amount: 50 }] }] }])
  })
  it('names the path of what is wrong, and reads the neighbours', () => {
    const readings = [...claimsOfFhir(bundle(CLAIM, changed({ servicedDate: '2025-05' }), changed({ diagnosisSequence: [4] }), changed({ servicedDate: undefined, diagnosisSequence: [3] }), { ...CLAIM, diagnosis: [CLAIM.diagnosis[0]], item: [CLAIM.item[1]] }))]
    expect(claimsIn(readings).map((c) => c !== null)).toEqual([false, false, false, false, true])
    expect(faultsIn(readings).filter((f) => f.startsWith('error'))).toEqual([
      'error entry[0].resource.item[0].diagnosisSequence: points to a diagnosis that the claim does not have',
      'error entry[1].resource.item[0].diagnosisSequence: points to a diagnosis that the claim does not have',
      'error entry[2].resource.item[0].diagnosisSequence: points to a diagnosis that the claim does not have',
      'error entry[3].resource.item[0].serviced: the date of service is missing',
    ])
  })
  it('warns of a claim that is none', () => {
    expect(faultsIn([...claimsOfFhir({ ...CLAIM, diagnosis: [CLAIM.diagnosis[0]], item: [CLAIM.item[1]], status: 'cancelled', use: 'preauthorization' })])).toEqual(['warning Claim.status: the claim is marked cancelled', 'warning Claim.use: is a request before the service, not a claim'])
  })
  it('says so where there is none', () => {
    expect(faultsIn([...claimsOfFhir(bundle(PATIENT))])).toEqual(['error the file: holds no FHIR Claim or ExplanationOfBenefit'])
    expect(isFhir({ claimId: 'x', lines: [] })).toBe(false)
  })
})
