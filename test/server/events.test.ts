import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieName } from '../../src/server/access.ts'
import { events } from '../../src/server/events.ts'
import type { ReviewDesk } from '../../src/server/review-desk.ts'
import { PASSWORD, workbench, type Workbench } from './harness.ts'

const desk: ReviewDesk = { dictionaries: () => Promise.resolve('none'), read: () => Promise.reject(new Error('no')), review: () => Promise.reject(Object.assign(new Error('no'), { stack: '' })), label: () => Promise.resolve(null), close: () => Promise.resolve() }
const CLAIM = Buffer.from(JSON.stringify({ claimId: 'E-1', lines: [{ line: 1, code: '77470', serviceDate: '2025-08-28' }] }))

let bench: Workbench
let address: string
beforeAll(async () => {
  bench = await workbench(undefined, desk)
  address = await bench.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => bench.close(), 30_000)

async function signIn(login: string): Promise<string> {
  const answer = await bench.app.inject({ method: 'POST', url: '/api/login', payload: { login, password: PASSWORD }, remoteAddress: '10.1.1.1' })
  return `${cookieName(false)}=${answer.cookies[0]?.value ?? ''}`
}

/** What comes until `enough`, or half a second of silence. */
async function heard(login: string, work: () => Promise<unknown>, enough: RegExp): Promise<string> {
  const stop = new AbortController()
  const answer = await fetch(`${address}/api/events`, { headers: { cookie: await signIn(login) }, signal: stop.signal })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  let text = ''
  const reading = (async () => {
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString()
      if (enough.test(text)) return
    }
  })().catch(() => undefined)
  await work()
  await Promise.race([reading, new Promise((done) => setTimeout(done, 1500))])
  stop.abort()
  return text
}

describe('server-sent events', () => {
  it('tell the organisation of a review and of a change, and nobody else', async () => {
    let id = ''
    const work = async (): Promise<void> => {
      id = (await bench.upload('reviewer', [{ name: 'claim.json', bytes: CLAIM }])).cases[0]?.id ?? ''
      await bench.runner.idle()
      await bench.as('lead', 'PATCH', `/api/cases/${id}`, { dueOn: '2031-01-01' })
    }
    const [own, other] = await Promise.all([heard('auditor', work, /event: changed\ndata: \{"case":"[\s\S]*event: changed\ndata: \{"case":"/), heard('stranger', () => Promise.resolve(), /event: (?:changed|progress)/)])
    expect(own).toContain('event: open')
    expect(own).toContain(`event: progress\ndata: {"case":"${id}","run":"running","progress":null}`)
    expect(own.match(new RegExp(`event: changed\\ndata: \\{"case":"${id}"\\}`, 'g'))?.length).toBeGreaterThanOrEqual(2)
    expect(other).not.toMatch(/event: (?:changed|progress)/)
  }, 15_000)

  it('end with the session, and keep none alive', async () => {
    const told = events(20)
    let still = true
    const stream = told.listen('o', 'u', () => Promise.resolve(still))
    let text = ''
    stream.on('data', (d: Buffer) => { text += d.toString() })
    await new Promise((done) => setTimeout(done, 60))
    expect(text).toContain(': still here')
    still = false
    await new Promise((done) => stream.once('end', done))
    expect(text).toContain('event: ended')
    told.close()

    const cookie = await signIn('provider')
    const seen = async (): Promise<number> => new Date((await bench.store.db.selectFrom('sessions').select('seen_at').orderBy('created_at', 'desc').executeTakeFirstOrThrow()).seen_at).getTime()
    const long = new Date(Date.now() - 20 * 60_000)
    await bench.store.db.updateTable('sessions').set({ seen_at: long }).execute()
    await bench.app.inject({ url: '/api/me', headers: { cookie, 'x-vouch-untouched': '1' } })
    expect(await seen()).toBe(long.getTime())
    await bench.app.inject({ url: '/api/me', headers: { cookie } })
    expect(await seen()).toBeGreaterThan(long.getTime())
  }, 15_000)

  it('end the oldest of too many of one user', () => {
    const told = events()
    const streams = Array.from({ length: 13 }, () => told.listen('o', 'u', () => Promise.resolve(true)))
    expect(streams.map((s) => s.writableEnded)).toEqual([true, ...Array.from({ length: 12 }, () => false)])
    told.close()
  })
})
