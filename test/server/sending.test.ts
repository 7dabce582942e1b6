import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SendingAnswer } from '../../src/server/sending-shapes.ts'
import { verifyPacket } from '../../src/sending/verify-packet.ts'
import { workbench, type Workbench } from './harness.ts'

const RECORDS = ['consultation.docx', 'prescription-and-plan.pdf', 'treatment.pdf']
const SETTINGS = { payer: 'Invented Health Plan', address: ['1 Example Street'], contact: 'telephone 555-0101', rights: ['You may dispute this within {disputeDays} days.'] }

let bench: Workbench
let id: string
const get = async (person: Parameters<Workbench['as']>[0], path = 'sending') => bench.as(person, 'GET', `/api/cases/${id}/${path}`)
const letters = async (): Promise<SendingAnswer['letters']> => ((await get('reviewer')).json as SendingAnswer).letters
const determination = async () => (await letters())[0] as SendingAnswer['letters'][number]
const signOff = (person: Parameters<Workbench['as']>[0], kind: string) => bench.as(person, 'POST', `/api/cases/${id}/letters`, { kind })
const logged = async (): Promise<string[]> => (await bench.store.db.selectFrom('audit').select(['action', 'data']).where('action', 'in', ['letter.signed', 'letter.exported', 'marked.exported', 'worksheet.exported', 'packet.exported', 'letter-settings.changed']).orderBy('seq').execute()).map((r) => r.action)

beforeAll(async () => {
  bench = await workbench()
  const claim = JSON.parse(readFileSync('corpus/sample/claim.json', 'utf8')) as { lines: { line: number }[] }
  const files = [
    { name: 'claim.json', bytes: Buffer.from(JSON.stringify({ ...claim, lines: claim.lines.map((l) => ({ ...l, charge: 9000 })) })) },
    ...RECORDS.map((n) => ({ name: n, bytes: readFileSync(join('corpus/sample/records', n)) })),
  ]
  id = (await bench.upload('reviewer', files)).cases[0]?.id as string
  await bench.runner.idle()
}, 60_000)
afterAll(async () => {
  await bench.close()
}, 30_000)

describe('letters of a case', () => {
  it('are drafts that say what keeps them so', async () => {
    const now = await determination()
    expect(now.letter.draft?.mark).toBe('DRAFT')
    expect(now.signed).toBeNull()
    expect(now.obstacles).toEqual(['The name of the payer is not set; fill it in in the settings of letters.', 'The dispute rights are not set; fill them in in the settings of letters.', 'The case is not decided yet: sign it first.'])
    expect(now.letter.body.filter((p) => p.kind === 'reason').length).toBeGreaterThan(3)
    expect((await signOff('reviewer', 'determination')).status).toBe(409)
  })

  it('take letterhead and rights from settings that an administrator fills in', async () => {
    expect((await bench.as('lead', 'PUT', '/api/letter-settings', SETTINGS)).status).toBe(403)
    const wrong = await bench.as('administrator', 'PUT', '/api/letter-settings', { ...SETTINGS, rights: ['Call {nobody}.'] })
    expect([wrong.status, wrong.text.includes('{nobody} is no field of a letter')]).toEqual([400, true])
    expect((await bench.as('administrator', 'PUT', '/api/letter-settings', SETTINGS)).status).toBe(200)
    expect((await bench.as('reviewer', 'GET', '/api/letter-settings')).json).toMatchObject({ payer: 'Invented Health Plan', 'record-days': 45 })
    expect((await bench.as('stranger', 'GET', '/api/letter-settings')).json).toMatchObject({ payer: null })
    expect((await determination()).obstacles).toEqual(['The case is not decided yet: sign it first.'])
  })

  it('that ask for records are signed off by a reviewer while the case is open, and by nobody else', async () => {
    for (const person of ['provider', 'auditor', 'administrator'] as const) expect((await signOff(person, 'record-request')).status, person).toBe(403)
    expect((await signOff('stranger', 'record-request')).status).toBe(404)
    expect((await signOff('reviewer', 'record-request')).status).toBe(200)
    expect((await signOff('lead', 'record-request')).status).toBe(409)
    const request = (await letters())[1] as SendingAnswer['letters'][number]
    expect(request.letter.signOff?.by).toBe('Invented reviewer')
    expect(request.letter.draft).toBeNull()
    expect(request.signed?.current).toBe(true)
  })

  it('that determine are signed off only after the case is decided and approved', async () => {
    await bench.as('reviewer', 'POST', `/api/cases/${id}/sign`, {})
    expect((await determination()).obstacles).toEqual(['The case waits for approval by a second person.'])
    expect((await signOff('reviewer', 'determination')).status).toBe(409)
    expect((await signOff('lead', 'determination')).status).toBe(409)
    const draft = await get('reviewer', 'letter?kind=determination&format=docx')
    expect(String(draft.headers['content-disposition'])).toContain('determination-draft.docx')
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/approve`, { approve: true })).json).toEqual({ state: 'decided' })
    expect((await signOff('lead', 'determination')).status).toBe(200)
    const now = await determination()
    expect(now.letter.signOff?.by).toBe('Invented lead')
    expect(now.obstacles).toEqual([])
    const signed = await get('auditor', 'letter?kind=determination&format=pdf')
    expect(String(signed.headers['content-disposition'])).toMatch(/determination\.pdf/)
    expect(signed.bytes.subarray(0, 5).toString()).toBe('%PDF-')
  }, 30_000)

  it('stay as they were signed, and say when they no longer hold', async () => {
    await bench.as('administrator', 'PUT', '/api/letter-settings', { ...SETTINGS, contact: 'telephone 555-0199' })
    const changed = await determination()
    expect(changed.signed).toMatchObject({ by: 'Invented lead', current: false })
    expect(changed.letter.draft).not.toBeNull()
    await bench.as('administrator', 'PUT', '/api/letter-settings', SETTINGS)
    expect((await determination()).signed?.current).toBe(true)
  })
})

describe('what leaves the house', () => {
  it('is a packet that verifies, with the letters as they were signed off', async () => {
    const answer = await get('lead', 'packet')
    expect(answer.status).toBe(200)
    const verified = await verifyPacket(new Uint8Array(answer.bytes), String(answer.headers['x-vouch-seal']))
    expect(verified.faults).toEqual([])
    expect(verified.manifest?.records.map((r) => r.file)).toEqual(RECORDS)
    const letter = JSON.parse(new TextDecoder().decode(verified.files.get('letters/determination.json'))) as { signOff: { by: string } }
    expect(letter.signOff.by).toBe('Invented lead')
  }, 60_000)

  it('is a marked copy and a worksheet', async () => {
    const marked = await get('reviewer', 'marked')
    expect(marked.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(marked.bytes.toString('latin1').match(/\/Highlight/g)?.length ?? 0).toBeGreaterThan(10)
    expect((await get('reviewer', 'worksheet?format=xlsx')).bytes.subarray(0, 2).toString()).toBe('PK')
    expect((await get('administrator', 'marked')).status).toBe(403)
  }, 60_000)

  it('is in the log, entry by entry, without patient text', async () => {
    expect(await logged()).toEqual(['letter-settings.changed', 'letter.signed', 'letter.exported', 'letter.signed', 'letter.exported', 'letter-settings.changed', 'letter-settings.changed', 'packet.exported', 'marked.exported', 'worksheet.exported'])
    const all = (await bench.store.db.selectFrom('audit').select('data').execute()).map((r) => r.data).join()
    expect(all).not.toContain('Marlowe')
    const stored = (await bench.store.db.selectFrom('letters').select('sealed').execute()).map((r) => r.sealed).join()
    expect(stored).not.toContain('Marlowe')
    expect((await bench.store.verifyAudit()).faults).toEqual([])
  })

  it('stays closed to whoever reads the case a second time without seeing the first', async () => {
    await bench.store.db.updateTable('cases').set({ blind: true }).where('id', '=', id).execute()
    for (const path of ['sending', 'letter', 'packet', 'worksheet', 'marked']) expect((await get('second-reviewer', path)).status, path).toBe(403)
    expect((await signOff('second-reviewer', 'determination')).status).toBe(403)
    expect((await get('lead')).status).toBe(200)
    await bench.store.db.updateTable('cases').set({ blind: false }).where('id', '=', id).execute()
  })

  it('is gone with the case', async () => {
    expect((await bench.as('lead', 'DELETE', `/api/cases/${id}`)).status).toBe(200)
    expect((await bench.store.db.selectFrom('letters').select('sealed').execute()).every((r) => r.sealed === '')).toBe(true)
  })
})
