// A workbench without a network for the tests: a workspace, the people of two organisations, and requests in their names.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { buildApp, type App } from '../../src/server/app.ts'
import { events } from '../../src/server/events.ts'
import type { Oidc } from '../../src/server/oidc.ts'
import { pageDesk } from '../../src/server/page-desk.ts'
import { hashPassword } from '../../src/server/passwords.ts'
import { reviewDesk, type ReviewDesk } from '../../src/server/review-desk.ts'
import { startRunner, type Runner } from '../../src/server/runner.ts'
import type { CaseAnswer, UploadAnswer } from '../../src/server/shapes.ts'
import type { Store } from '../../src/store/open-store.ts'
import { DEFAULT_SETTINGS, ROLES, type UserRole } from '../../src/store/tables.ts'
import { embedded, type TestDatabase } from '../store/postgres.ts'

export const PASSWORD = 'correct horse battery'
const COST = 12
export type Person = UserRole | 'second-reviewer' | 'stranger'

export interface Workbench {
  readonly app: App
  readonly store: Store
  readonly runner: Runner
  readonly workspace: string
  readonly as: (person: Person | null, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number; json: unknown; text: string; headers: Record<string, unknown>; bytes: Buffer }>
  readonly upload: (person: Person, files: readonly { readonly name: string; readonly bytes: Buffer }[], query?: string) => Promise<UploadAnswer>
  readonly getCase: (person: Person, id: string) => Promise<CaseAnswer>
  readonly close: () => Promise<void>
}

export async function workbench(database: TestDatabase = embedded, desk: ReviewDesk = reviewDesk(), oidc: Oidc | null = null): Promise<Workbench> {
  const workspace = mkdtempSync(join(tmpdir(), 'vouch-server-'))
  const store = await database.open(workspace)
  const password = await hashPassword(PASSWORD, COST)
  const told = events()
  const runner = startRunner(store, desk, { reader: 'reader', answer: 'answer' }, told)
  const pages = pageDesk()
  const app = await buildApp({ store, runner, pages, events: told, label: desk.label, corpus: join(workspace, 'corpus'), oidc, proxied: false, engine: 'test', secure: false, setupCode: '1234-1234-1234', passwordCost: COST, web: null })
  await app.ready()
  const people: [Person, UserRole, string][] = [...ROLES.map((r): [Person, UserRole, string] => [r, r, 'plan']), ['second-reviewer', 'reviewer', 'plan'], ['stranger', 'lead', 'another']]
  await store.change(async (tx) => {
    for (const name of ['plan', 'another']) await tx.insertInto('organisations').values({ id: name, name, settings: JSON.stringify(DEFAULT_SETTINGS) }).execute()
    for (const [login, role, organisation] of people) await tx.insertInto('users').values({ id: randomUUID(), organisation_id: organisation, login, name: `Invented ${login}`, role, password, locked_until: null }).execute()
  })
  const sessions = new Map<Person, { cookie: string; csrf: string }>()
  const session = async (person: Person): Promise<{ cookie: string; csrf: string }> => {
    const known = sessions.get(person)
    if (known) return known
    const answer = await app.inject({ method: 'POST', url: '/api/login', payload: { login: person, password: PASSWORD } })
    const cookie = `vouch_session=${answer.cookies[0]?.value ?? ''}`
    const me = await app.inject({ method: 'GET', url: '/api/me', headers: { cookie } })
    const made = { cookie, csrf: (me.json<{ csrf: string }>()).csrf }
    sessions.set(person, made)
    return made
  }
  const as: Workbench['as'] = async (person, method, url, body, headers = {}) => {
    const own = person === null ? null : await session(person)
    // A stream that stays open is let go of at once.
    const stays = url === '/api/events'
    const answer = await app.inject({
      method, url, payloadAsStream: stays, ...(body === undefined ? {} : { payload: body as Buffer }), headers: { ...(own === null ? {} : { cookie: own.cookie, 'x-vouch-csrf': own.csrf }), ...headers },
    })
    if (stays) {
      const stream = answer.stream()
      const text = answer.statusCode === 200 ? '' : await new Promise<string>((done) => stream.once('data', (d: Buffer) => done(d.toString())))
      stream.destroy()
      return { status: answer.statusCode, json: null, text, headers: answer.headers, bytes: Buffer.alloc(0) }
    }
    let json: unknown = null
    try {
      json = JSON.parse(answer.body)
    } catch { /* not JSON */ }
    return { status: answer.statusCode, json, text: answer.body, headers: answer.headers, bytes: answer.rawPayload }
  }
  return {
    app, store, runner, workspace, as,
    upload: async (person, files, query = '') => {
      const boundary = `x${randomUUID()}`
      const payload = Buffer.concat([
        ...files.flatMap(({ name, bytes }) => [Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`), bytes, Buffer.from('\r\n')]),
        Buffer.from(`--${boundary}--\r\n`),
      ])
      const answer = await as(person, 'POST', `/api/uploads${query}`, payload, { 'content-type': `multipart/form-data; boundary=${boundary}` })
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
      return answer.json as UploadAnswer
    },
    getCase: async (person, id) => (await as(person, 'GET', `/api/cases/${id}`)).json as CaseAnswer,
    close: async () => {
      await app.close()
      await runner.close()
      await pages.close()
      await store.close()
      rmSync(workspace, { recursive: true, force: true })
    },
  }
}

/** Every file below a folder, named as a browser names what is dropped. */
export function filesBelow(folder: string, prefix = ''): { name: string; bytes: Buffer }[] {
  const walk = (at: string): string[] => readdirSync(at).sort().flatMap((n) => (statSync(join(at, n)).isDirectory() ? walk(join(at, n)) : [join(at, n)]))
  return walk(folder).filter((f) => !/(?:gold\.json|\.mjs)$/.test(f)).map((f) => ({ name: `${prefix}${relative(folder, f)}`, bytes: readFileSync(f) }))
}
