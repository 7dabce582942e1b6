// What somebody with an account, or without one, may try with the code open.
import { serialize } from 'node:v8'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../src/server/app.ts'
import { events } from '../../src/server/events.ts'
import { pageDesk } from '../../src/server/page-desk.ts'
import { plainName } from '../../src/server/records.ts'
import { reviewDesk, type ReviewDesk } from '../../src/server/review-desk.ts'
import type { CaseAnswer, CaseRow, WorklistAnswer } from '../../src/server/shapes.ts'
import { filesBelow, PASSWORD, workbench, type Workbench } from './harness.ts'

/** Lets a test do something in the middle of a review. */
let meanwhile: (() => Promise<unknown>) | null = null
const inner = reviewDesk()
const desk: ReviewDesk = {
  ...inner,
  read: async (bytes, file, heard) => {
    if (Buffer.from(bytes).includes('only here')) return { read: serialize({ documents: [], problems: [], ocr: '' }), pages: 1, identity: { patients: [], from: null, to: null } }
    return inner.read(bytes, file, heard)
  },
  review: async (claim, reads) => {
    const made = await inner.review(claim, reads)
    await meanwhile?.()
    meanwhile = null
    return made
  },
}

let bench: Workbench
const sample = filesBelow('corpus/sample/records')
const sampleClaim = JSON.parse(readFileSync('corpus/sample/claim.json', 'utf8')) as { lines: { line: number }[] }
async function opened(claimId: string, change: object = {}): Promise<string> {
  const claim = { ...sampleClaim, claimId, lines: sampleClaim.lines.map((l) => ({ ...l, charge: 1000 })), ...change }
  const { cases } = await bench.upload('reviewer', [{ name: `${claimId}/claim.json`, bytes: Buffer.from(JSON.stringify(claim)) }, ...sample.map((f) => ({ ...f, name: `${claimId}/records/${f.name}` }))])
  return cases[0]?.id as string
}
beforeAll(async () => { bench = await workbench(undefined, desk) }, 30_000)
afterAll(() => bench.close(), 30_000)

describe('four eyes', () => {
  it('see a case whomever it is given to after it was signed, and no door leads around them', async () => {
    await bench.as('administrator', 'PUT', '/api/settings', { recordDays: 45, decisionDays: 30, approvalAbove: 0, blindShare: 0 })
    const id = await opened('FOUR-1')
    await bench.runner.idle()
    const patch = (person: 'lead' | 'reviewer', body: object) => bench.as(person, 'PATCH', `/api/cases/${id}`, body)
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/sign`, {})).json).toEqual({ state: 'approval' })
    // Given to somebody else, it is still the lead who signed.
    const people = (await bench.getCase('lead', id)).people
    expect((await patch('lead', { assignee: people.find((p) => p.name === 'Invented reviewer')?.id })).status).toBe(200)
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/approve`, { approve: true })).status).toBe(403)
    // Neither closed past the approval nor taken back by whoever may not.
    expect((await patch('lead', { state: 'closed' })).status).toBe(409)
    for (const state of ['ready', 'in-review', 'closed']) expect((await patch('reviewer', { state })).status).toBe(403)
    expect((await bench.getCase('lead', id)).case.state).toBe('approval')
  }, 60_000)

  it('approve what was signed, and nothing that was read anew since', async () => {
    const id = await opened('FOUR-2')
    await bench.runner.idle()
    expect((await bench.as('reviewer', 'POST', `/api/cases/${id}/sign`, {})).json).toEqual({ state: 'approval' })
    await bench.upload('reviewer', [{ name: 'late.txt', bytes: Buffer.from('Patient: Marlowe, Edith\nA page that came late.') }], `?case=${id}`)
    await bench.runner.idle()
    expect((await bench.getCase('lead', id)).reviewNumber).toBe(2)
    const approve = await bench.as('lead', 'POST', `/api/cases/${id}/approve`, { approve: true })
    expect([approve.status, approve.text]).toEqual([409, expect.stringContaining('reviewed again')])
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/approve`, { approve: false })).json).toEqual({ state: 'in-review' })
    expect((await bench.as('reviewer', 'POST', `/api/cases/${id}/sign`, {})).json).toEqual({ state: 'approval' })
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/approve`, { approve: true })).json).toEqual({ state: 'decided' })
    // Decided, only a lead opens it again.
    expect((await bench.as('reviewer', 'PATCH', `/api/cases/${id}`, { state: 'in-review' })).status).toBe(403)
    expect((await bench.as('lead', 'PATCH', `/api/cases/${id}`, { state: 'in-review' })).status).toBe(200)
  }, 60_000)

  it('are not dazzled by two who sign and decide at once', async () => {
    const id = await opened('FOUR-3')
    await bench.runner.idle()
    const answers = await Promise.all([
      bench.as('reviewer', 'POST', `/api/cases/${id}/sign`, {}), bench.as('second-reviewer', 'POST', `/api/cases/${id}/sign`, {}), bench.as('lead', 'POST', `/api/cases/${id}/sign`, {}),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409])
    const { decisions } = await bench.getCase('lead', id)
    expect(decisions.filter((d) => d.target === 'case')).toHaveLength(1)
  }, 60_000)
})

describe('a case that is removed', () => {
  it('stays removed when a review of it was under way, and takes nothing in any more', async () => {
    const id = await opened('GONE-1', { patient: { name: 'Onlyhere, Invented' } })
    meanwhile = () => bench.as('lead', 'DELETE', `/api/cases/${id}`)
    bench.runner.wake()
    await bench.runner.idle()
    const after = (await bench.as('lead', 'GET', `/api/cases/${id}`)).json as CaseAnswer
    expect(after).toMatchObject({ report: null, records: [], case: { state: 'closed', patient: null, run: 'none' } })
    expect((await bench.store.db.selectFrom('reviews').select('id').where('case_id', '=', id).execute())).toEqual([])
    expect((await bench.as('lead', 'POST', `/api/cases/${id}/review`, {})).status).toBe(409)
    expect((await bench.as('lead', 'PATCH', `/api/cases/${id}`, { state: 'in-review' })).status).toBe(409)
    await expect(bench.upload('lead', [{ name: 'a.txt', bytes: Buffer.from('x') }], `?case=${id}`)).rejects.toThrow('409')
  }, 60_000)

  it('leaves nothing of an upload that was cut off', async () => {
    const blobs = (at = join(bench.workspace, 'blobs')): string[] => readdirSync(at).flatMap((n) => (statSync(join(at, n)).isDirectory() ? blobs(join(at, n)) : [n]))
    const before = blobs().length
    const part = (name: string, content: string): string => `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${content}\r\n`
    const cut = await bench.as('reviewer', 'POST', '/api/uploads', Buffer.from(`${part('a.txt', 'Whole, and never named by anything')}--x\r\ncontent-disposition: form-data; name="file"; filename="b.txt"\r\n\r\nhalf of`), { 'content-type': 'multipart/form-data; boundary=x' })
    expect([cut.status, cut.text]).toEqual([400, expect.stringContaining('cut off')])
    expect(blobs().length).toBe(before)
    // The same sent whole is kept.
    expect((await bench.upload('reviewer', [{ name: 'a.txt', bytes: Buffer.from('Whole, and never named by anything') }])).records).toHaveLength(1)
    await bench.runner.idle()
    expect(blobs().length).toBe(before + 2)
  }, 30_000)

  it('leaves no sealed file that nothing names', async () => {
    const blobs = (at = join(bench.workspace, 'blobs')): string[] => readdirSync(at).flatMap((n) => (statSync(join(at, n)).isDirectory() ? blobs(join(at, n)) : [n]))
    await bench.runner.idle()
    const before = blobs().length
    const answer = await bench.upload('reviewer', [{ name: 'GONE-2.json', bytes: Buffer.from(JSON.stringify({ ...sampleClaim, claimId: 'GONE-2' })) }, { name: 'only.txt', bytes: Buffer.from('only here') }])
    await bench.runner.idle()
    expect(blobs().length).toBe(before + 3)
    await bench.as('lead', 'DELETE', `/api/cases/${answer.cases[0]?.id}`)
    expect(blobs().length).toBe(before)
  }, 60_000)
})

describe('what was handed out', () => {
  const token = async (person: 'reviewer' | 'second-reviewer'): Promise<() => Promise<number>> => {
    const { secret } = (await bench.as(person, 'POST', '/api/tokens', { name: 'p', days: 3 })).json as { secret: string }
    return async () => (await bench.app.inject({ method: 'POST', url: '/api/worklist', payload: {}, headers: { authorization: `Bearer ${secret}` } })).statusCode
  }

  it('opens nothing after an administrator has set a new password', async () => {
    const ask = await token('second-reviewer')
    expect(await ask()).toBe(200)
    const users = (await bench.as('administrator', 'GET', '/api/users')).json as { id: string; login: string }[]
    expect((await bench.as('administrator', 'PATCH', `/api/users/${users.find((u) => u.login === 'second-reviewer')?.id}`, { password: PASSWORD })).status).toBe(200)
    expect(await ask()).toBe(401)
    expect((await bench.as('second-reviewer', 'GET', '/api/tokens')).status).toBe(401)
  })

  it('is a session of its own at every sign-in, whatever the browser brought along', async () => {
    const login = (cookie?: string) => bench.app.inject({ method: 'POST', url: '/api/login', payload: { login: 'auditor', password: PASSWORD }, remoteAddress: '10.1.0.1', ...(cookie === undefined ? {} : { headers: { cookie: `vouch_session=${cookie}` } }) })
    const planted = 'planted-by-somebody-else-0123456789abcdefghi'
    const got = (await login(planted)).cookies[0]?.value
    expect(got).not.toBe(planted)
    expect((await bench.app.inject({ method: 'GET', url: '/api/tokens', headers: { cookie: `vouch_session=${planted}` } })).statusCode).toBe(401)
    expect((await login(got)).cookies[0]?.value).not.toBe(got)
  })

  it('is kept for this host alone over TLS', async () => {
    const told = events()
    const pages = pageDesk()
    const app = await buildApp({ store: bench.store, runner: bench.runner, pages, events: told, label: desk.label, corpus: bench.workspace, oidc: null, proxied: true, engine: 'test', secure: true, setupCode: 'x', passwordCost: 12, web: null })
    const answer = await app.inject({ method: 'POST', url: '/api/login', payload: { login: 'auditor', password: PASSWORD }, remoteAddress: '10.1.0.2' })
    expect(answer.cookies[0]).toMatchObject({ name: '__Host-vouch_session', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
    const ask = async (name: string) => (await app.inject({ method: 'GET', url: '/api/tokens', headers: { cookie: `${name}=${answer.cookies[0]?.value ?? ''}` } })).statusCode
    expect([await ask('__Host-vouch_session'), await ask('vouch_session')]).toEqual([200, 401])
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000')
    await app.close()
    await pages.close()
  })
})

describe('attempts to sign in', () => {
  it('cost the same work and leave an entry, whether there is the account or not', async () => {
    const attempt = (login: string) => bench.app.inject({ method: 'POST', url: '/api/login', payload: { login, password: 'wrong' }, remoteAddress: '10.2.0.1' })
    const entries = async () => (await bench.store.db.selectFrom('audit').select(['actor', 'action', 'data']).orderBy('seq', 'desc').limit(2).execute())
    expect((await attempt('reviewer')).body).toBe((await attempt('nobody-of-this-name')).body)
    const [unknown, known] = await entries()
    expect([known?.action, unknown?.action]).toEqual(['login.refused', 'login.refused'])
    expect([known?.actor === null, unknown?.actor]).toEqual([false, null])
    // What somebody typed into the wrong field may be a password.
    expect(JSON.stringify(await bench.store.db.selectFrom('audit').select('data').execute())).not.toContain('nobody-of-this-name')
  })
})

describe('names and words from strangers', () => {
  it('cannot lead out of a folder, hide their ending, or write a header', async () => {
    expect(plainName('../../etc/passwd')).toBe('etc/passwd')
    expect(plainName('C:\\Users\\x\\..\\note.pdf')).toBe('C:/Users/x/note.pdf')
    expect(plainName('invoice\u202Efdp.exe')).toBe('invoicefdp.exe')
    expect(plainName('a\u200Bb\r\nset-cookie: x.pdf')).toBe('abset-cookie: x.pdf')
    expect(plainName('\u0000/..//.')).toBe('unnamed')
    const id = await opened('NAMES-1')
    await bench.upload('reviewer', [{ name: 'x\u202E"; filename=evil.html', bytes: Buffer.from('<script>alert(1)</script>') }], `?case=${id}`)
    await bench.runner.idle()
    const answer = await bench.getCase('reviewer', id)
    for (const r of answer.records) {
      const file = await bench.as('reviewer', 'GET', `/api/cases/${id}/records/${r.id}/file`)
      expect([file.headers['content-disposition'], file.headers['content-type'], file.headers['x-content-type-options']]).toEqual(['attachment; filename="record"', 'application/octet-stream', 'nosniff'])
    }
  }, 60_000)

  it('are RTF records, though they begin as JSON does', async () => {
    const answer = await bench.upload('reviewer', [{ name: 'RTF-1.json', bytes: Buffer.from(JSON.stringify({ ...sampleClaim, claimId: 'RTF-1' })) }, { name: 'note.rtf', bytes: Buffer.from('{\\rtf1\\ansi Radiation oncology consultation.}') }])
    expect([answer.problems, answer.records.map((r) => r.name)]).toEqual([[], ['note.rtf']])
  })

  it('are a ZIP that unpacks to more than it may, and cost one problem', async () => {
    const bomb = zipSync({ 'claims.json': new Uint8Array(160 << 20), 'deep/records/note.txt': Buffer.from('x') }, { level: 9 })
    expect(bomb.length).toBeLessThan(1 << 20)
    const from = process.memoryUsage().rss
    const answer = await bench.upload('reviewer', [{ name: 'bomb.zip', bytes: Buffer.from(bomb) }, { name: 'BOMB-1.json', bytes: Buffer.from(JSON.stringify({ ...sampleClaim, claimId: 'BOMB-1' })) }])
    expect(answer.cases.map((c) => c.claim)).toEqual(['BOMB-1'])
    expect(answer.cases).toHaveLength(1)
    expect(process.memoryUsage().rss - from).toBeLessThan(400 << 20)
    await bench.runner.idle()
    expect((await bench.getCase('reviewer', answer.cases[0]?.id as string)).case.run).toBe('done')
  }, 60_000)

  it('never become markup in the workbench', () => {
    const sources = readdirSync('src/web').filter((f) => /\.tsx?$/.test(f)).map((f) => readFileSync(join('src/web', f), 'utf8'))
    expect(sources.length).toBeGreaterThan(20)
    for (const source of sources) expect(source).not.toMatch(/dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(/)
  })

  it('are refused beyond what an upload may hold, before they are read', async () => {
    const answer = await bench.as('reviewer', 'POST', '/api/uploads', Buffer.from('x'), { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(5 * 2 ** 30) })
    expect(answer.status).toBe(413)
  })
})

describe('a second reader', () => {
  it('does not learn by a filter what the first decided', async () => {
    await bench.as('administrator', 'PUT', '/api/settings', { recordDays: 45, decisionDays: 30, approvalAbove: 1e9, blindShare: 1 })
    const lines = sampleClaim.lines.map((l) => ({ ...l, charge: 1000 }))
    const id = await opened('BLIND-1', { lines })
    await bench.runner.idle()
    const before = await bench.getCase('reviewer', id)
    for (const l of before.report?.lines ?? []) await bench.as('reviewer', 'POST', `/api/cases/${id}/decisions`, { target: 'line', line: l.line, subject: null, action: 'override', status: l.determination === 'supported' ? 'not-supported' : 'supported', reason: 'policy-interpretation' })
    expect((await bench.as('reviewer', 'POST', `/api/cases/${id}/sign`, {})).json).toEqual({ state: 'decided' })
    const rows = async (filter: object): Promise<CaseRow[]> => ((await bench.as('lead', 'POST', '/api/worklist', { text: 'BLIND-1', ...filter })).json as WorklistAnswer).rows
    expect((await rows({})).filter((r) => r.id === id)).toMatchObject([{ second: true, determination: null }])
    // Nor by the order: beside another case it stands where its row says, whatever was decided of it.
    await opened('BLIND-2', { lines })
    await bench.runner.idle()
    for (const sort of ['priority', 'risk', 'determination']) {
      for (const descending of [true, false]) {
        const listed = ((await bench.as('lead', 'POST', '/api/worklist', { text: 'BLIND-', sort, descending })).json as WorklistAnswer).rows
        const shown = listed.map((r) => (sort === 'priority' ? r.priority : sort === 'risk' ? r.atRisk : r.determination === null ? Number.NaN : 1))
        if (sort !== 'determination') expect(shown).toEqual([...shown].sort((a, b) => (descending ? b - a : a - b)))
        else expect(Number.isNaN(shown[1])).toBe(true)
      }
    }
    for (const d of ['supported', 'not-supported', 'needs-review', 'insufficient-documentation']) expect((await rows({ determinations: [d] })).filter((r) => r.id === id)).toEqual([])
  }, 60_000)
})
