import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReviewDesk } from '../../src/server/review-desk.ts'
import { serve } from '../../src/server/serve.ts'
import { PERMISSIONS } from '../../src/server/permissions.ts'
import { ROLES } from '../../src/store/tables.ts'
import { PASSWORD, workbench, type Workbench } from './harness.ts'

/** Reads nothing: refusals do not depend on it. */
const blindDesk: ReviewDesk = { dictionaries: () => Promise.resolve('none'), read: () => Promise.reject(new Error('no')), review: () => Promise.reject(new Error('no')), label: () => Promise.resolve(null), close: () => Promise.resolve() }
const CLAIM = { claimId: 'R-1', lines: [{ line: 1, code: '77470', serviceDate: '2025-08-28' }] }

let bench: Workbench
let caseId: string
beforeAll(async () => {
  bench = await workbench(undefined, blindDesk)
  caseId = (await bench.upload('reviewer', [{ name: 'claim.json', bytes: Buffer.from(JSON.stringify(CLAIM)) }])).cases[0]?.id as string
})
afterAll(async () => {
  await bench.close()
}, 30_000)

/** Written out a second time, on purpose: a change of the table has to be meant. */
const EXPECTED: Readonly<Record<string, string>> = {
  'cases.see': 'reviewer lead provider auditor', 'cases.add': 'reviewer lead provider', 'cases.review': 'reviewer lead provider', 'cases.work': 'reviewer lead', 'cases.assign': 'lead', 'cases.remove': 'lead',
  'cases.label': 'reviewer lead', 'cases.export': 'reviewer lead provider auditor', 'decisions.make': 'reviewer lead', 'decisions.approve': 'lead', 'quality.see': 'lead auditor', 'users.manage': 'administrator',
  'self-audit.use': 'provider', 'policy.read': 'reviewer lead provider administrator auditor', 'policy.draft': 'lead administrator', 'policy.preview': 'lead',
  'settings.change': 'administrator', 'audit.see': 'administrator auditor',
}
/** Every route with what it needs, written out a second time as well: a new one, or one that asks for something else, has to be meant. Addresses below /api. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'audit.see': ['GET /audit', 'GET /audit/check'],
  'cases.add': ['GET /records/unmatched', 'POST /records/:id/case', 'POST /uploads'],
  'cases.export': ['GET /cases/:id/fhir', 'GET /cases/:id/letter', 'GET /cases/:id/marked', 'GET /cases/:id/packet', 'GET /cases/:id/records/:record/file', 'GET /cases/:id/worksheet', 'POST /cases/:id/fhir/submit-attachment',
    'POST /worklist.csv', 'POST /worklist.xlsx'],
  'cases.label': ['DELETE /labelled-cases/:name', 'GET /labelled-cases', 'GET /labelled-cases/:name', 'POST /cases/:id/labelled-case'],
  'cases.remove': ['DELETE /cases/:id', 'DELETE /records/:id'],
  'cases.review': ['POST /cases/:id/review'],
  'cases.see': ['GET /cases/:id', 'GET /cases/:id/documents/:document/pages/:page/image', 'GET /cases/:id/documents/:document/pages/:page/text', 'GET /cases/:id/near/:line/:requirement', 'GET /cases/:id/sending',
    'GET /cases/:id/state', 'GET /events', 'GET /people', 'POST /cases/:id/documents/:document/pages/:page/words', 'POST /cases/:id/search', 'POST /worklist'],
  'cases.work': ['PATCH /cases/:id'],
  'decisions.approve': ['POST /cases/:id/approve'],
  'decisions.make': ['POST /cases/:id/decisions', 'POST /cases/:id/letters', 'POST /cases/:id/sign'],
  open: ['GET /health', 'GET /me', 'POST /login', 'POST /setup'],
  own: ['DELETE /tokens/:id', 'DELETE /views/:id', 'GET /letter-settings', 'GET /openapi.json', 'GET /tokens', 'GET /views', 'POST /logout', 'POST /password', 'POST /tokens', 'POST /views'],
  'policy.draft': ['DELETE /policy/copy', 'DELETE /policy/drafts/:id', 'POST /policy/check', 'POST /policy/copy', 'POST /policy/drafts', 'PUT /policy/drafts/:id'],
  'policy.preview': ['POST /policy/preview'],
  'policy.read': ['GET /policy', 'GET /policy/drafts', 'GET /policy/drafts/:id', 'GET /policy/drafts/:id/export', 'GET /policy/versions'],
  'quality.see': ['GET /quality'],
  'self-audit.use': ['DELETE /self-audits/:id', 'GET /self-audits', 'GET /self-audits/:id', 'GET /self-audits/:id/documents/:document/pages/:page/image', 'GET /self-audits/:id/draft', 'GET /self-audits/:id/packet',
    'POST /self-audits', 'POST /self-audits/:id/files', 'POST /self-audits/:id/what-if', 'PUT /self-audits/:id/plan'],
  'settings.change': ['PUT /letter-settings', 'PUT /settings'],
  'users.manage': ['GET /users', 'PATCH /users/:id', 'POST /users'],
}
/** What needs no sign-in. */
const OPEN = ['GET /api/me', 'POST /api/setup', 'POST /api/login', 'GET /api/health']

describe('every route', () => {
  it('has the permissions that were meant', () => {
    expect(Object.fromEntries(Object.entries(PERMISSIONS).map(([p, roles]) => [p, roles.join(' ')]))).toEqual(EXPECTED)
    expect(bench.app.apiRoutes.filter((r) => r.may === 'open').map((r) => `${r.method} ${r.url}`).sort()).toEqual([...OPEN].sort())
    const registered: Record<string, string[]> = {}
    for (const r of bench.app.apiRoutes) registered[r.may] = [...(registered[r.may] ?? []), `${r.method} ${r.url.slice(4)}`]
    const sorted = (of: Readonly<Record<string, readonly string[]>>): object => Object.fromEntries(Object.entries(of).map(([k, v]) => [k, [...v].sort()]))
    expect(sorted(registered)).toEqual(sorted(ROUTES))
  })

  it.each(ROLES)('refuses a %s what the role may not do, and nothing else', async (role) => {
    for (const { method, url, may } of bench.app.apiRoutes) {
      if (may === 'open' || url === '/api/logout') continue
      const at = url.replace(/:(?:id|record)\b/g, randomUUID()).replace(':document', '0').replace(':page', '1').replace(':name', 'none').replace(':line', '1').replace(':requirement', 'x.y')
      const answer = await bench.as(role, method as 'GET', at, method === 'GET' || method === 'DELETE' ? undefined : {})
      const refused = answer.status === 403 && /role may not/.test(answer.text)
      const allowed = may === 'own' || (EXPECTED[may] ?? '').split(' ').includes(role)
      expect(refused, `${role} ${method} ${url}`).toBe(!allowed)
    }
  })

  it('refuses whoever is not signed in', async () => {
    for (const { method, url, may } of bench.app.apiRoutes) {
      if (may === 'open') continue
      const answer = await bench.as(null, method as 'GET', url.replace(/:(?:id|record)\b/g, caseId).replace(':document', '0').replace(':page', '1').replace(':name', 'none').replace(':line', '1').replace(':requirement', 'x.y'), method === 'GET' || method === 'DELETE' ? undefined : {})
      expect(answer.status, `${method} ${url}`).toBe(401)
    }
  })

  it('knows nothing of another organisation', async () => {
    const bodies: Record<string, object> = {
      'POST /api/cases/:id/search': { text: 'anything' }, 'POST /api/cases/:id/decisions': { target: 'line', line: 1, subject: null, action: 'accept' }, 'POST /api/cases/:id/approve': { approve: true },
      'PATCH /api/cases/:id': { state: 'closed' }, 'POST /api/cases/:id/fhir/submit-attachment': { trackingId: 'T-1' },
      'POST /api/cases/:id/documents/:document/pages/:page/words': { left: 0, top: 0, right: 1, bottom: 1 },
    }
    let asked = 0
    for (const { method, url, may } of bench.app.apiRoutes) {
      if (!url.startsWith('/api/cases/:id') || may === 'open') continue
      const answer = await bench.as('stranger', method as 'GET', url.replace(':id', caseId).replace(':record', randomUUID()).replace(':document', '0').replace(':page', '1').replace(':name', 'none').replace(':line', '1').replace(':requirement', 'x.y'), method === 'GET' || method === 'DELETE' ? undefined : (bodies[`${method} ${url}`] ?? {}))
      expect(answer.status, `${method} ${url} ${answer.text}`).toBe(404)
      asked++
    }
    expect(asked).toBeGreaterThan(8)
    expect((await bench.as('stranger', 'POST', '/api/worklist', {})).json).toMatchObject({ total: 0, rows: [] })
    expect((await bench.as('lead', 'POST', '/api/worklist', {})).json).toMatchObject({ total: 1 })
  })
})

describe('another organisation', () => {
  it('is refused everything of this one by its id, whatever the role', async () => {
    const { store } = bench
    const row = await store.db.selectFrom('users').select('password').where('login', '=', 'stranger').executeTakeFirstOrThrow()
    for (const role of ROLES) await store.db.insertInto('users').values({ id: randomUUID(), organisation_id: 'another', login: `other-${role}`, name: role, role, password: row.password, locked_until: null }).execute()
    const stray = await bench.upload('reviewer', [{ name: 'stray.txt', bytes: Buffer.from('of nobody in particular') }])
    const id = async (person: 'reviewer' | 'administrator', method: 'GET' | 'POST', url: string, body?: object): Promise<string> => {
      const answer = (await bench.as(person, method, url, body)).json as { id: string } | { id: string; login: string }[]
      return Array.isArray(answer) ? (answer.find((u) => u.login === 'reviewer')?.id ?? '') : answer.id
    }
    const own: Readonly<Record<string, string>> = {
      '/api/records/': stray.records[0]?.id ?? '', '/api/users/': await id('administrator', 'GET', '/api/users'), '/api/tokens/': await id('reviewer', 'POST', '/api/tokens', { name: 't' }), '/api/views/': await id('reviewer', 'POST', '/api/views', { name: 'v', filter: {} }),
      '/api/cases/': caseId,
    }
    const bodies: Readonly<Record<string, object>> = { 'POST /api/records/:id/case': { caseId }, 'PATCH /api/users/:id': { disabled: true } }
    let asked = 0
    for (const { method, url } of bench.app.apiRoutes) {
      const start = Object.keys(own).find((k) => url.startsWith(k) && url.includes(':id'))
      if (start === undefined || start === '/api/cases/' && method !== 'DELETE') continue
      for (const role of ROLES) {
        const answer = await bench.as(`other-${role}` as 'reviewer', method as 'GET', url.replace(':id', own[start] as string), method === 'GET' || method === 'DELETE' ? undefined : (bodies[`${method} ${url}`] ?? {}))
        // Removing what is not there changes nothing, and says so as if it were done.
        expect([403, 404, ...(url === '/api/views/:id' ? [200] : [])], `${role} ${method} ${url} ${answer.text}`).toContain(answer.status)
        asked++
      }
    }
    expect(asked).toBeGreaterThanOrEqual(25)
    expect((await bench.as('reviewer', 'GET', '/api/views')).json).toHaveLength(1)
    expect(((await bench.as('reviewer', 'GET', '/api/tokens')).json as { revoked: boolean }[]).every((t) => !t.revoked)).toBe(true)
    expect((await bench.as('reviewer', 'GET', `/api/cases/${caseId}/state`)).status).toBe(200)
  }, 30_000)
})

describe('the guards', () => {
  it('answer no change without the token of the session, and nothing from another site', async () => {
    const login = await bench.app.inject({ method: 'POST', url: '/api/login', payload: { login: 'reviewer', password: PASSWORD } })
    const set = login.cookies[0]
    expect(set).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
    const cookie = `vouch_session=${set?.value ?? ''}`
    const bare = await bench.app.inject({ method: 'POST', url: '/api/worklist', payload: {}, headers: { cookie } })
    expect(bare.statusCode).toBe(403)
    const wrong = await bench.app.inject({ method: 'POST', url: '/api/worklist', payload: {}, headers: { cookie, 'x-vouch-csrf': 'x' } })
    expect(wrong.statusCode).toBe(403)
    const foreign = await bench.as('reviewer', 'GET', '/api/me', undefined, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    expect((await bench.as('reviewer', 'GET', '/api/me', undefined, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  it('end a session on signing out', async () => {
    const login = await bench.app.inject({ method: 'POST', url: '/api/login', payload: { login: 'auditor', password: PASSWORD } })
    const cookie = `vouch_session=${login.cookies[0]?.value ?? ''}`
    const me = await bench.app.inject({ method: 'GET', url: '/api/me', headers: { cookie } })
    const { csrf } = me.json<{ csrf: string }>()
    expect((await bench.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie, 'x-vouch-csrf': csrf } })).statusCode).toBe(200)
    expect((await bench.app.inject({ method: 'GET', url: '/api/tokens', headers: { cookie } })).statusCode).toBe(401)
  })

  it('say the same of a wrong password and a wrong login, and lock after some', async () => {
    const attempt = (login: string, password: string) => bench.app.inject({ method: 'POST', url: '/api/login', payload: { login, password }, remoteAddress: '10.0.0.9' })
    const [a, b] = [await attempt('provider', 'wrong'), await attempt('nobody-here', 'wrong')]
    expect([a.statusCode, a.body]).toEqual([b.statusCode, b.body])
    for (let i = 0; i < 8; i++) await attempt('second-reviewer', 'wrong')
    expect((await attempt('second-reviewer', PASSWORD)).statusCode).toBe(401)
    const users = (await bench.as('administrator', 'GET', '/api/users')).json as { id: string; login: string; locked: boolean }[]
    const locked = users.find((u) => u.login === 'second-reviewer')
    expect(locked?.locked).toBe(true)
    await bench.as('administrator', 'PATCH', `/api/users/${locked?.id}`, { disabled: false })
    expect((await attempt('second-reviewer', PASSWORD)).statusCode).toBe(200)
  })

  it('limit how fast one address asks to sign in', async () => {
    const codes: number[] = []
    for (let i = 0; i < 25; i++) codes.push((await bench.app.inject({ method: 'POST', url: '/api/login', payload: { login: 'x', password: 'y' }, remoteAddress: '10.0.0.77' })).statusCode)
    expect(codes.at(-1)).toBe(429)
  })

  it('let a program in with a token until it is revoked', async () => {
    const made = (await bench.as('reviewer', 'POST', '/api/tokens', { name: 'a program', days: 1 })).json as { id: string; secret: string }
    const ask = () => bench.app.inject({ method: 'POST', url: '/api/worklist', payload: {}, headers: { authorization: `Bearer ${made.secret}` } })
    expect((await ask()).statusCode).toBe(200)
    expect((await bench.app.inject({ method: 'POST', url: '/api/tokens', payload: { name: 'more' }, headers: { authorization: `Bearer ${made.secret}` } })).statusCode).toBe(403)
    await bench.as('reviewer', 'DELETE', `/api/tokens/${made.id}`)
    expect((await ask()).statusCode).toBe(401)
  })

  it('send a strict policy and let nothing be stored', async () => {
    const { headers } = await bench.as('reviewer', 'GET', '/api/me')
    expect(String(headers['content-security-policy'])).toContain("default-src 'none'")
    expect(String(headers['content-security-policy'])).not.toMatch(/unsafe|https:|\*/)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['x-frame-options']).toBe('DENY')
  })

  it('tell what is wrong without repeating it', async () => {
    const bad = await bench.upload('reviewer', [
      { name: 'broken.json', bytes: Buffer.from('{"claimId": "Secretname') }, { name: 'wrong.json', bytes: Buffer.from(JSON.stringify({ claimId: 'W', lines: [{ line: 1, code: 'Secretname', serviceDate: 'x' }] })) },
    ])
    expect(bad.problems).toHaveLength(2)
    expect(bad.problems.join()).not.toContain('Secretname')
    const odd = await bench.upload('reviewer', [{ name: '../../../etc/odd.txt', bytes: Buffer.from('x') }])
    expect(odd.records[0]?.name).toBe('etc/odd.txt')
  })

  it('set up a workspace once, with the code of the terminal', async () => {
    const body = { code: '0000-0000-0000', organisation: 'O', login: 'root', name: 'R', password: 'long enough password' }
    expect((await bench.as(null, 'POST', '/api/setup', body)).status).toBe(403)
    expect((await bench.as(null, 'POST', '/api/setup', { ...body, code: '1234-1234-1234' })).status).toBe(409)
  })

  it('do not listen beyond this machine without TLS', async () => {
    await expect(serve({ workspace: '/nowhere', port: 0, host: '0.0.0.0' })).rejects.toThrow(/without TLS/)
  })
})
