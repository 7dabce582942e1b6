import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/open-store.ts'
import { filesBelow } from './harness.ts'

const PASSWORD = 'correct horse battery'
const workspace = mkdtempSync(join(tmpdir(), 'vouch-kill-'))
let child: ChildProcess | null = null
afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(workspace, { recursive: true, force: true })
})

/** The compiled program, as an operator starts it. */
function start(): Promise<{ readonly address: string; readonly code: string | null }> {
  return new Promise((done, failed) => {
    const own = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--workspace', workspace, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child = own
    let said = ''
    own.stdout.on('data', (d: Buffer) => {
      said += d.toString()
      const address = /open at (\S+)\n/.exec(said)?.[1]
      if (address !== undefined) done({ address, code: /administrator: (\S+)/.exec(said)?.[1] ?? null })
    })
    own.on('exit', () => failed(new Error(`ended: ${said}`)))
  })
}

async function session(address: string, login: string): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; json: unknown }>> {
  const answer = await fetch(`${address}/api/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password: PASSWORD }) })
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { csrf } = (await (await fetch(`${address}/api/me`, { headers: { cookie } })).json()) as { csrf: string }
  return async (method, path, body) => {
    const form = body instanceof FormData
    const reply = await fetch(`${address}${path}`, {
      method, headers: { cookie, 'x-vouch-csrf': csrf, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    return { status: reply.status, json: await reply.json() }
  }
}

describe('a server that is killed', () => {
  it('loses no decision that it acknowledged, and works on where it was', async () => {
    const { address, code } = await start()
    const setUp = await fetch(`${address}/api/setup`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code, organisation: 'O', login: 'root', name: 'Root', password: PASSWORD }) })
    expect(setUp.status).toBe(200)
    expect((await (await session(address, 'root'))('POST', '/api/users', { login: 'ann', name: 'Ann', role: 'reviewer', password: PASSWORD })).status).toBe(200)
    const ask = await session(address, 'ann')
    const form = new FormData()
    for (const f of filesBelow('corpus/sample')) form.append('file', new Blob([new Uint8Array(f.bytes)]), f.name)
    const { cases } = (await ask('POST', '/api/uploads', form)).json as { cases: { id: string }[] }
    const id = cases[0]?.id as string
    for (;;) {
      const { run } = (await ask('GET', `/api/cases/${id}/state`)).json as { run: string }
      if (run === 'done') break
      await new Promise((done) => setTimeout(done, 200))
    }
    const acknowledged: string[] = []
    const decide = async (from: number): Promise<void> => {
      for (let n = from; ; n += 2) {
        const note = `decision ${n}`
        const answer = await ask('POST', `/api/cases/${id}/decisions`, { target: 'line', line: 1, subject: null, action: 'accept', note })
        if (answer.status === 200) acknowledged.push(note)
      }
    }
    const ended = Promise.allSettled([decide(0), decide(1)])
    while (acknowledged.length < 20) await new Promise((done) => setTimeout(done, 5))
    child?.removeAllListeners('exit')
    child?.kill('SIGKILL')
    await ended
    expect(acknowledged.length).toBeGreaterThanOrEqual(20)

    const again = await start()
    expect(again.code).toBeNull()
    const after = await session(again.address, 'ann')
    const { decisions } = (await after('GET', `/api/cases/${id}`)).json as { decisions: { note: string }[] }
    const kept = new Set(decisions.map((d) => d.note))
    expect(acknowledged.filter((note) => !kept.has(note))).toEqual([])
    const own = child as ChildProcess
    own.removeAllListeners('exit')
    const closed = new Promise((done) => own.once('exit', done))
    own.kill('SIGTERM')
    expect(await closed).toBe(0)
    const store = await openStore({ workspace })
    expect((await store.verifyAudit()).faults).toEqual([])
    await store.close()
  }, 240_000)

  it('leaves no sealed file of an upload that was under way, and keeps those of earlier ones', async () => {
    const blobs = (): string[] => readdirSync(join(workspace, 'blobs'), { recursive: true, encoding: 'utf8' }).map((n) => basename(n)).filter((n) => /^[0-9a-f]{64}$/.test(n)).sort()
    const before = blobs()
    expect(before.length).toBeGreaterThan(3)
    const { address } = await start()
    const login = await fetch(`${address}/api/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'ann', password: PASSWORD }) })
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { csrf } = (await (await fetch(`${address}/api/me`, { headers: { cookie } })).json()) as { csrf: string }
    const part = (name: string, content: string): string => `--x\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/plain\r\n\r\n${content}\r\n`
    const sending = request(`${address}/api/uploads`, { method: 'POST', headers: { cookie, 'x-vouch-csrf': csrf, 'content-type': 'multipart/form-data; boundary=x', 'transfer-encoding': 'chunked' } })
    sending.on('error', () => undefined)
    sending.write(`${part('whole.txt', 'A record that no case ever names')}--x\r\ncontent-disposition: form-data; name="file"; filename="b.txt"\r\n\r\nhalf of`)
    while (blobs().length === before.length) await new Promise((done) => setTimeout(done, 10))
    const killed = child as ChildProcess
    killed.removeAllListeners('exit')
    const gone = new Promise((done) => killed.once('exit', done))
    killed.kill('SIGKILL')
    await gone
    sending.destroy()
    expect(blobs().length).toBe(before.length + 1)
    await start()
    expect(blobs()).toEqual(before)
    child?.removeAllListeners('exit')
  }, 120_000)
})
