import { describe, expect, it } from 'vitest'
import { toContract } from '../../src/report/contract.ts'
import { toFhir, toSubmitAttachment } from '../../src/report/fhir.ts'
import { bundle, cdexTask, submitAttachment } from './fhir-shapes.ts'
import { HOSTILE, madeUpReview, policy } from './made-up-review.ts'

const json = toContract(madeUpReview, policy)
const whole = { ...json, claim: { ...json.claim, patient: { name: 'Rivera, Marta L', birthDate: '1958-04-02', memberId: 'M77', mrn: '123', sex: 'F' }, provider: { name: 'Lakeside', npi: '1999999984' } } }
const resources = (of: object): { resourceType: string; [key: string]: unknown }[] => bundle.parse(of).entry.map((e) => e.resource)

describe('the answer as FHIR', () => {
  it('holds what R4 allows and nothing else', () => {
    for (const review of [json, whole]) for (const options of [{}, { authored: '2026-01-02' }, { authored: '2026-01-02T10:00:00.000Z', payerUrl: 'https://payer.example/fhir/$submit-attachment', due: '2026-02-01' }]) expect(() => bundle.parse(toFhir(review, options))).not.toThrow()
    const anonymous = { ...json, claim: { ...json.claim, patient: { name: null, birthDate: null, memberId: null, mrn: null, sex: null }, provider: { name: null, npi: null } } }
    expect(() => bundle.parse(toFhir(anonymous))).not.toThrow()
    const hostile = { ...whole, claim: { ...whole.claim, claimId: HOSTILE, patient: { ...whole.claim.patient, name: `${HOSTILE}, ` } } }
    expect(() => bundle.parse(toFhir(hostile))).not.toThrow()
  })

  it('tells every requirement, rule and record once, and every quote with its page', () => {
    const all = resources(toFhir(json))
    const responses = all.filter((r) => r.resourceType === 'QuestionnaireResponse')
    expect(responses).toHaveLength(json.lines.length + (json.general.length + json.rules.length > 0 ? 1 : 0))
    json.lines.forEach((line, i) => {
      const items = responses[i]?.['item'] as { linkId: string; answer?: { valueCoding: { code: string } }[] }[]
      expect(items.slice(1).map((x) => [x.linkId, x.answer?.[0]?.valueCoding.code])).toEqual([...line.requirements.map((r) => [r.id, r.status]), ...line.rules.map((r) => [r.id, r.effect])])
    })
    expect(all.filter((r) => r.resourceType === 'DocumentReference')).toHaveLength(json.documents.length)
    const text = JSON.stringify(responses)
    const quotes = json.lines.flatMap((l) => l.requirements.flatMap((r) => r.evidence))
    expect(quotes.length).toBeGreaterThan(2)
    expect(text.match(/"linkId":"[^"]+\.evidence\.page"/g)).toHaveLength([...json.lines.flatMap((l) => [...l.requirements, ...l.rules]), ...json.general, ...json.rules].reduce((n, f) => n + f.evidence.length, 0))
  })

  it('refers only to what it holds', () => {
    const made = bundle.parse(toFhir(whole))
    const names = made.entry.map((e) => e.fullUrl)
    expect(new Set(names).size).toBe(names.length)
    for (const [, reference] of JSON.stringify(made).matchAll(/"reference":"(urn:[^"]+)"/g)) expect(names).toContain(reference)
    expect(JSON.stringify(toFhir(whole))).toBe(JSON.stringify(made))
  })

  it('sets a person’s word beside the finding, never in its place', () => {
    const line = json.lines[0]
    const first = line?.requirements[0]
    const made = resources(toFhir(json, { decisions: [{ line: line?.line ?? 0, subject: first?.id ?? '', status: 'not-met', reason: 'evidence-insufficient', note: 'Invented note', at: '2026-01-02T10:00:00.000Z' }] }))
    const text = JSON.stringify(made.find((r) => r.resourceType === 'QuestionnaireResponse'))
    expect(text).toContain(`"linkId":"${first?.id}","text"`)
    expect(text).toContain(`{"valueCoding":{"system":"urn:vouch:requirement-status","code":"${first?.status}"},"item"`)
    expect(text).toContain(`"linkId":"${first?.id}.reviewer"`)
    expect(text).toContain('Invented note')
  })

  it('asks for records as CDex does, where claim and address give what that needs', () => {
    const options = { authored: '2026-01-02', payerUrl: 'https://payer.example/fhir/$submit-attachment' }
    const tasks = (of: object) => resources(of).filter((r) => r.resourceType === 'Task')
    const asked = json.lines.filter((l) => l.requests.length > 0)
    expect(asked.length).toBeGreaterThan(0)
    expect(tasks(toFhir(whole, options))).toHaveLength(asked.length)
    for (const t of tasks(toFhir(whole, options))) expect(() => cdexTask.parse(t)).not.toThrow()
    // Short of something the profile requires, it does not claim to follow it.
    for (const t of [...tasks(toFhir(whole)), ...tasks(toFhir({ ...whole, claim: { ...whole.claim, provider: { name: null, npi: null } } }, options))]) expect(t['meta']).toBeUndefined()
  })

  it('submits records, or says that it cannot', () => {
    const submission = { trackingId: 'T-1', final: true, files: [{ file: json.documents[0]?.file ?? '', contentType: 'application/pdf', data: Buffer.from('x').toString('base64'), lines: [1, 2] }, { file: 'other.zip', contentType: 'application/zip', data: 'eA==', lines: [] }] }
    expect(() => submitAttachment.parse(toSubmitAttachment(whole, submission))).not.toThrow()
    expect(toSubmitAttachment({ ...whole, claim: { ...whole.claim, provider: { name: null, npi: null } } }, submission)).toBeNull()
  })
})
