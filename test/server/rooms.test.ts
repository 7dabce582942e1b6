// Self-audit and policy room over HTTP: kept sealed, apart from cases and from other organisations; drafts change nothing that stands. May not: use a patient's record.
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditAnswer, AuditRow, DraftAnswer, DraftRow, PolicyPreview, PolicyRoomAnswer } from '../../src/server/room-shapes.ts'
import { filesBelow, workbench, type Workbench } from './harness.ts'

const CHART = 'corpus/audit/physics-report-unsigned/records'
let bench: Workbench
beforeAll(async () => { bench = await workbench() })
afterAll(async () => { await bench.close() }, 30_000)

const multipart = (files: readonly { readonly name: string; readonly bytes: Buffer }[]): readonly [Buffer, Record<string, string>] => {
  const boundary = `x${randomUUID()}`
  return [Buffer.concat([...files.flatMap(({ name, bytes }) => [Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`), bytes, Buffer.from('\r\n')]), Buffer.from(`--${boundary}--\r\n`)]),
    { 'content-type': `multipart/form-data; boundary=${boundary}` }]
}
const send = (person: 'provider' | 'lead', url: string, files: readonly { readonly name: string; readonly bytes: Buffer }[]) => bench.as(person, 'POST', url, ...multipart(files))
async function settled(id: string): Promise<AuditAnswer> {
  for (;;) {
    const answer = (await bench.as('provider', 'GET', `/api/self-audits/${id}`)).json as AuditAnswer
    if (answer.run === 'done' || answer.run === 'failed') return answer
    await new Promise((done) => setTimeout(done, 150))
  }
}
const allFiles = (folder: string): string[] => readdirSync(folder).flatMap((n) => (statSync(join(folder, n)).isDirectory() ? allFiles(join(folder, n)) : [join(folder, n)]))

describe('a self-audit over HTTP', () => {
  let id: string
  it('takes a chart and answers with the fix list', async () => {
    const made = await send('provider', '/api/self-audits', filesBelow(CHART))
    expect(made.status).toBe(200)
    id = (made.json as { id: string }).id
    const answer = await settled(id)
    expect(answer.title).toBe('Tarrow, Imelda')
    expect(answer.result?.audit.fixes.map((f) => [f.subject, f.outlook])).toEqual([['77370.in-chart', 'curable']])
    expect(answer.result?.drafts.map((d) => d.kind)).toEqual(['attestation'])
  }, 60_000)
  it('keeps no word of it in clear, makes no case, and logs who saw it', async () => {
    const found = allFiles(bench.workspace).filter((f) => statSync(f).isFile() && /Tarrow|pacemaker/.test(readFileSync(f, 'latin1')))
    expect(found).toEqual([])
    expect((await bench.as('lead', 'POST', '/api/worklist', {})).json).toMatchObject({ total: 0 })
    const log = (await bench.store.db.selectFrom('audit').select(['action', 'data']).execute())
    expect(log.map((e) => e.action)).toEqual(expect.arrayContaining(['self-audit.made', 'self-audit.files', 'self-audit.seen']))
    expect(JSON.stringify(log)).not.toContain('Tarrow')
  })
  it('is of its organisation alone', async () => {
    const other = randomUUID()
    await bench.store.db.insertInto('self_audits').values({ id: other, organisation_id: 'another', made_by: (await bench.store.db.selectFrom('users').select('id').where('organisation_id', '=', 'another').executeTakeFirstOrThrow()).id, sealed_title: '', sealed_plan: '', run: 'done', result_blob: null, made_with: null, updated_at: new Date(), removed_at: null }).execute()
    for (const { method, url } of bench.app.apiRoutes.filter((r) => r.url.startsWith('/api/self-audits/:id'))) {
      const at = url.replace(':id', other).replace(':document', '0').replace(':page', '1')
      const answer = await bench.as('provider', method as 'GET', at, method === 'PUT' ? { codes: ['77331'] } : method === 'POST' ? {} : undefined)
      expect(answer.status, `${method} ${url}`).toBe(404)
    }
    expect(((await bench.as('provider', 'GET', '/api/self-audits')).json as AuditRow[]).map((r) => r.id)).toEqual([id])
  })
  it('keeps nothing of a page that is only tried, and everything goes when it is removed', async () => {
    const blobs = () => allFiles(join(bench.workspace, 'blobs')).filter((path) => !path.endsWith('.put')).length
    const before = blobs()
    const tried = await send('provider', `/api/self-audits/${id}/what-if`, [{ name: 'order.txt', bytes: readFileSync('corpus/audit/dosimetry-without-time/records/order.txt') }])
    expect(tried.json).toMatchObject({ files: ['order.txt'] })
    expect(blobs()).toBe(before)
    expect((await bench.as('provider', 'DELETE', `/api/self-audits/${id}`)).status).toBe(200)
    expect(blobs()).toBe(0)
    expect((await bench.as('provider', 'GET', `/api/self-audits/${id}`)).status).toBe(404)
  }, 60_000)
  it('says what a file or a code is not', async () => {
    expect((await send('provider', '/api/self-audits', [{ name: 'empty.txt', bytes: Buffer.alloc(0) }])).status).toBe(400)
    const made = (await send('provider', '/api/self-audits', [{ name: 'parking.txt', bytes: Buffer.from('PARKING\nLevel 2.\n') }])).json as { id: string }
    expect((await settled(made.id)).fault).toMatch(/^No dated note was found/)
    expect((await bench.as('provider', 'PUT', `/api/self-audits/${made.id}/plan`, { codes: ['what'] })).text).toContain('a code is written 77331')
  }, 60_000)
})

describe('the policy room over HTTP', () => {
  let room: PolicyRoomAnswer
  let text: string
  it('gives the policy with its files to everybody signed in', async () => {
    room = (await bench.as('auditor', 'GET', '/api/policy')).json as PolicyRoomAnswer
    expect(room.pages[0]?.checklists.flatMap((c) => c.requirements).length).toBeGreaterThan(90)
    text = room.files[room.pages[0]?.id ?? '']?.['77331.yaml'] ?? ''
    expect(text).toContain('- id: 77331.prescription')
  })
  const policy = 'priority-health/radiation-oncology'
  it('tells every fault with line and column, and of a sound draft what it changes', async () => {
    const wrong = text.replace('class: core', 'class: heart').replace(/find: special-dosimetry-order/, 'find: no-such-thing')
    const faults = (await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { '77331.yaml': wrong } })).json as Extract<PolicyPreview, { faults: unknown }>
    const line = wrong.split('\n').findIndex((l) => l.includes('class: heart')) + 1
    expect(faults.faults).toContainEqual(expect.objectContaining({ file: '77331.yaml', line }))
    const unknown = (await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { '77331.yaml': text.replace('find: special-dosimetry-order', 'find: no-such-thing') } })).json as Extract<PolicyPreview, { faults: unknown }>
    expect(unknown.faults[0]).toMatchObject({ file: '77331.yaml', line: text.split('\n').findIndex((l) => l.includes('find: special-dosimetry-order')) + 1 })
    const sound = await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { '77331.yaml': text.replace('class: core', 'class: req') } })
    expect(sound.json).toEqual({ changes: [{ what: 'requirement', id: '77331.results', change: 'changed', fields: ['class'] }], examples: { ran: expect.any(Number), failing: [] }, whatIf: null })
    // An example that the draft no longer answers as it is written.
    const other = (await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { '77331.yaml': text.replace(/^      met:$/m, '      partial:') } })).json as Extract<PolicyPreview, { changes: unknown }>
    expect(other.examples?.failing.map((f) => f.id)).toContain('77331.prescription')
    expect(other.examples?.failing[0]?.what).toMatch(/^partial expected, met/)
    const broken = (await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { '77331.yaml': `${text}\n  : [` } })).json as Extract<PolicyPreview, { faults: unknown }>
    expect(broken.faults.length).toBeGreaterThan(0)
    for (const name of ['../../codes.yaml', '/etc/passwd', 'x.yml', '.yaml']) expect((await bench.as('lead', 'POST', '/api/policy/check', { policy, files: { [name]: 'a: 1' } })).status, name).toBe(400)
  }, 60_000)
  it('keeps drafts that change nothing, one change after the other, for its organisation alone', async () => {
    const files = { '77331.yaml': text.replace('class: core', 'class: req') }
    const made = (await bench.as('administrator', 'POST', '/api/policy/drafts', { name: 'Softer', policy, files })).json as { id: string }
    expect((await bench.as('lead', 'PUT', `/api/policy/drafts/${made.id}`, { name: 'Softer', policy, files, revision: 1 })).json).toEqual({ id: made.id, revision: 2 })
    expect((await bench.as('administrator', 'PUT', `/api/policy/drafts/${made.id}`, { name: 'Softer', policy, files, revision: 1 })).status).toBe(409)
    expect(((await bench.as('reviewer', 'GET', `/api/policy/drafts/${made.id}`)).json as DraftAnswer).files).toEqual(files)
    expect((await bench.as('reviewer', 'GET', `/api/policy/drafts/${made.id}/export`)).text).toBe(files['77331.yaml'])
    for (const method of ['GET', 'DELETE'] as const) expect((await bench.as('stranger', method, `/api/policy/drafts/${made.id}`)).status).toBe(404)
    expect((await bench.as('stranger', 'GET', '/api/policy/drafts')).json).toEqual([])
    expect((await bench.as('auditor', 'GET', '/api/policy')).json).toEqual(room)
    expect(readFileSync(`dictionaries/policies/${policy}/77331.yaml`, 'utf8')).toBe(text)
    expect((await bench.as('lead', 'DELETE', `/api/policy/drafts/${made.id}`)).status).toBe(200)
    expect(((await bench.as('lead', 'GET', '/api/policy/drafts')).json as DraftRow[])).toEqual([])
  }, 60_000)
  it('links the own copy, for its organisation alone, and refuses what is no policy', async () => {
    expect((await send('lead', '/api/policy/copy', [{ name: 'x.txt', bytes: Buffer.from('PARKING\nLevel 2.\n') }])).status).toBe(422)
    const copy = 'INVENTED POLICY\n\nSBRT / SRS documentation requirements\n- A Karnofsky or ECOG value, written down for this very course.\n'
    expect((await send('lead', '/api/policy/copy', [{ name: 'own.txt', bytes: Buffer.from(copy) }])).status).toBe(200)
    expect(((await bench.as('reviewer', 'GET', '/api/policy')).json as PolicyRoomAnswer).copy?.passages.find((p) => p.id === 'sbrt.performance')?.text).toContain('this very course')
    expect(((await bench.as('stranger', 'GET', '/api/policy')).json as PolicyRoomAnswer).copy).toBeNull()
    expect((await bench.as('lead', 'DELETE', '/api/policy/copy')).status).toBe(200)
    expect(((await bench.as('reviewer', 'GET', '/api/policy')).json as PolicyRoomAnswer).copy).toBeNull()
  }, 60_000)
})
