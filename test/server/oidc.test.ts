import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oidc, readOidcFile, type OidcSettings } from '../../src/server/oidc.ts'
import type { ReviewDesk } from '../../src/server/review-desk.ts'
import type { Me, UserRow } from '../../src/server/shapes.ts'
import { workbench, type Workbench } from './harness.ts'

const desk: ReviewDesk = { dictionaries: () => Promise.resolve('none'), read: () => Promise.reject(new Error('no')), review: () => Promise.reject(new Error('no')), label: () => Promise.resolve(null), close: () => Promise.resolve() }
const SECRET = 'an-invented-secret-of-the-client-0123456789'
/** Where people reach the workbench; nothing listens there, the tests carry the address over. */
const PUBLIC = 'http://127.0.0.1:4999'
const groups = new Map<string, string[]>([['ann', ['staff', 'radonc-reviewers']], ['lee', ['radonc-reviewers', 'radonc-leads']], ['guest', ['staff']], ['reviewer', ['radonc-reviewers']]])

let server: Server
let issuer: string
let bench: Workbench
const scratch = mkdtempSync(join(tmpdir(), 'vouch-oidc-'))

beforeAll(async () => {
  server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'vouch', client_secret: SECRET, redirect_uris: [`${PUBLIC}/api/oidc/callback`], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] }, scopes: ['openid', 'profile', 'groups'],
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Invented ${id}`, preferred_username: id, groups: groups.get(id) ?? [] }) }),
    features: { devInteractions: { enabled: true } }, cookies: { keys: ['for tests only'] }, pkce: { required: () => true }, ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  })
  server.on('request', provider.callback())
  bench = await workbench(undefined, desk, oidc(settings()))
  await bench.as('administrator', 'PUT', '/api/settings', {
    recordDays: 45, decisionDays: 30, approvalAbove: 5000, blindShare: 0.05, groupRoles: [{ group: 'radonc-leads', role: 'lead' }, { group: 'radonc-reviewers', role: 'reviewer' }],
  })
}, 60_000)
afterAll(async () => {
  await bench.close()
  await new Promise((done) => server.close(done))
  rmSync(scratch, { recursive: true, force: true })
}, 30_000)

function settings(change: Partial<Record<string, unknown>> = {}): OidcSettings {
  writeFileSync(join(scratch, 'secret'), `${SECRET}\n`)
  writeFileSync(join(scratch, 'oidc.json'), JSON.stringify({ issuer, clientId: 'vouch', clientSecretFile: join(scratch, 'secret'), publicUrl: PUBLIC, scopes: 'openid profile groups', name: 'Invented Health', organisation: 'plan', ...change }))
  return readOidcFile(join(scratch, 'oidc.json'))
}

const cookiesOf = (jar: Map<string, string>): string => [...jar].map(([k, v]) => `${k}=${v}`).join('; ')
function keep(jar: Map<string, string>, answer: Response): void {
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (name !== undefined && value !== undefined) jar.set(name, value)
  }
}

/** A person's way through the provider's own pages, up to the address that leads back. */
async function throughProvider(url: string, login: string): Promise<string> {
  const jar = new Map<string, string>()
  let at = url
  for (let step = 0; step < 12; step++) {
    if (at.startsWith(PUBLIC)) return at
    let answer = await fetch(at, { redirect: 'manual', headers: { cookie: cookiesOf(jar) } })
    keep(jar, answer)
    if (answer.status === 200) {
      const page = await answer.text()
      const prompt = page.includes('name="login"') ? { prompt: 'login', login, password: 'any' } : { prompt: 'consent' }
      const target = new URL(/action="([^"]+)"/.exec(page)?.[1] ?? at, at).href
      answer = await fetch(target, { method: 'POST', redirect: 'manual', headers: { cookie: cookiesOf(jar), 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(prompt as Record<string, string>).toString() })
      keep(jar, answer)
    }
    at = new URL(answer.headers.get('location') ?? '', at).href
  }
  throw new Error('the provider leads nowhere')
}

async function start(): Promise<{ readonly url: string; readonly errand: string }> {
  const answer = await bench.app.inject({ url: '/api/oidc/start' })
  expect(answer.statusCode).toBe(303)
  const cookie = answer.cookies[0]
  expect(cookie).toMatchObject({ name: 'vouch_errand', httpOnly: true, sameSite: 'Lax' })
  return { url: String(answer.headers.location), errand: `vouch_errand=${encodeURIComponent(cookie?.value ?? '')}` }
}

/** Back at the workbench as a browser comes from another site. */
async function back(url: string, errand: string) {
  const answer = await bench.app.inject({ url: url.slice(PUBLIC.length), headers: { cookie: errand, 'sec-fetch-site': 'cross-site' } })
  const session = answer.cookies.find((c) => c.name === 'vouch_session')
  const me = session === undefined ? null : (await bench.app.inject({ url: '/api/me', headers: { cookie: `vouch_session=${session.value}` } })).json<Me>()
  return { to: String(answer.headers.location), me, strict: session?.sameSite }
}

async function signIn(login: string) {
  const { url, errand } = await start()
  return back(await throughProvider(url, login), errand)
}

describe('signing in at the identity provider', () => {
  it('makes an account with the role of the first group that has one, and finds it again', async () => {
    const ann = await signIn('ann')
    expect(ann).toMatchObject({ to: '/', strict: 'Strict', me: { user: { login: 'ann', name: 'Invented ann', role: 'reviewer' }, organisation: 'plan', provider: 'Invented Health' } })
    expect((await signIn('lee')).me?.user?.role).toBe('lead')
    expect((await signIn('ann')).me?.user?.id).toBe(ann.me?.user?.id)
    const users = (await bench.as('administrator', 'GET', '/api/users')).json as UserRow[]
    expect(users.filter((u) => u.provided).map((u) => [u.login, u.role])).toEqual([['ann', 'reviewer'], ['lee', 'lead']])
    const log = (await bench.as('auditor', 'GET', '/api/audit')).json as { action: string; data: string }[]
    expect(log.filter((e) => e.action === 'login.made' && e.data.includes('oidc'))).toHaveLength(3)
  })

  it('sends the challenge, state and nonce, and asks for nothing but a code', async () => {
    const { url } = await start()
    const asked = new URL(url).searchParams
    expect([asked.get('response_type'), asked.get('code_challenge_method'), asked.get('redirect_uri')]).toEqual(['code', 'S256', `${PUBLIC}/api/oidc/callback`])
    for (const name of ['code_challenge', 'state', 'nonce']) expect(asked.get(name)?.length, name).toBeGreaterThan(20)
  })

  it('refuses whoever has no group with a role, and ends what a group gave when it is taken away', async () => {
    expect(await signIn('guest')).toMatchObject({ to: '/?refused=role', me: null })
    groups.set('passing', ['radonc-reviewers'])
    const { me } = await signIn('passing')
    const open = () => bench.store.db.selectFrom('sessions').select('id').where('user_id', '=', me?.user?.id ?? '').execute()
    expect(await open()).toHaveLength(1)
    groups.set('passing', [])
    expect((await signIn('passing')).to).toBe('/?refused=role')
    expect(await open()).toHaveLength(0)
  })

  it('never takes over a local account, and lets an administrator shut one out', async () => {
    const { me } = await signIn('reviewer')
    const users = (await bench.as('administrator', 'GET', '/api/users')).json as UserRow[]
    const local = users.find((u) => u.login === 'reviewer')
    expect(local?.provided).toBe(false)
    expect(me?.user?.id).not.toBe(local?.id)
    expect(me?.user?.login).toMatch(/^reviewer-/)
    const change = (body: object) => bench.as('administrator', 'PATCH', `/api/users/${me?.user?.id}`, body)
    expect((await change({ role: 'administrator' })).status).toBe(409)
    expect((await change({ password: 'long enough password' })).status).toBe(409)
    expect((await change({ disabled: true })).status).toBe(200)
    expect((await signIn('reviewer')).to).toBe('/?refused=disabled')
    // No password fits an account that has none.
    expect((await bench.app.inject({ method: 'POST', url: '/api/login', payload: { login: me?.user?.login, password: 'none' }, remoteAddress: '10.2.2.2' })).statusCode).toBe(401)
  })

  it('refuses an answer that is not to its own question', async () => {
    const [mine, theirs] = [await start(), await start()]
    const url = await throughProvider(mine.url, 'ann')
    expect((await back(url, theirs.errand)).to).toBe('/?refused=answer')
    expect((await back(url, '')).to).toBe('/?refused=answer')
    expect((await back(url, 'vouch_errand=bm90IHNlYWxlZCBoZXJl')).to).toBe('/?refused=answer')
    expect((await back(url.replace(/code=[^&]{4}/, 'code=AAAA'), mine.errand)).to).toBe('/?refused=answer')
    const again = await start()
    const good = await throughProvider(again.url, 'ann')
    expect((await back(good, again.errand)).to).toBe('/')
    // A code serves once.
    expect((await back(good, again.errand)).to).toBe('/?refused=answer')
  })

  it('asks no origin that the operator did not name, and survives a provider that is away', async () => {
    const away = createServer()
    await new Promise<void>((done) => away.listen(0, '127.0.0.1', done))
    const { port } = away.address() as { port: number }
    away.on('request', (_q, reply) => reply.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer: `http://127.0.0.1:${port}`, authorization_endpoint: `http://127.0.0.1:${port}/a`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'] })))
    const odd = oidc(settings({ issuer: `http://127.0.0.1:${port}` }))
    const { url, errand } = await odd.start()
    expect(url).toContain('/a?')
    await expect(odd.finish(`?code=x&state=${errand.state}`, errand)).rejects.toMatchObject({ cause: { message: expect.stringContaining('did not name') as string } })
    await new Promise((done) => away.close(done))
    await expect(oidc(settings({ issuer: `http://127.0.0.1:${port}` })).start()).rejects.toThrow()
  })

  it('tells the operator what is wrong with the file', () => {
    expect(() => settings({ issuer: 'http://login.example.org' })).toThrow(/is not https/)
    expect(() => settings({ publicUrl: 'https://a.example/path' })).toThrow(/publicUrl: an origin/)
    expect(() => settings({ clientSecretFile: join(scratch, 'nowhere') })).toThrow(/secret cannot be read \(ENOENT\)/)
    expect(() => settings({ issuerr: 'x' })).toThrow(/issuerr/)
    expect(() => readOidcFile(join(scratch, 'none.json'))).toThrow(/cannot be read/)
  })
})
