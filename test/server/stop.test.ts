import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { pageDesk } from '../../src/server/page-desk.ts'
import { reviewDesk } from '../../src/server/review-desk.ts'
import { manyPages } from './many-pages.ts'

const PASSWORD = 'correct horse battery'
const workspace = mkdtempSync(join(tmpdir(), 'vouch-stop-'))
let child: ChildProcess | null = null
afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(workspace, { recursive: true, force: true })
})

const start = (): Promise<{ readonly address: string; readonly code: string }> => new Promise((done, failed) => {
  const own = spawn(process.execPath, ['dist/cli/main.js', 'serve', '--workspace', join(workspace, 'w'), '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = own
  let said = ''
  own.stdout.on('data', (d: Buffer) => {
    said += d.toString()
    const address = /open at (\S+)\n/.exec(said)?.[1]
    const code = /administrator: (\S+)/.exec(said)?.[1]
    if (address !== undefined && code !== undefined) done({ address, code })
  })
  own.once('exit', () => failed(new Error(`ended: ${said}`)))
})

/** Processes that the program has started, where the system tells. */
const childrenOf = (pid: number): number[] => (!existsSync('/proc/self/stat') ? [] : readdirSync('/proc').filter((n) => /^\d+$/.test(n)).flatMap((n) => {
  try {
    const [state, parent] = readFileSync(`/proc/${n}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
    return Number(parent) === pid && state !== 'Z' ? [Number(n)] : []
  } catch {
    return []
  }
}))
const runs = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

describe('a server that is told to stop', () => {
  it('ends within seconds in the middle of a review, with event streams open, and leaves no process behind', async () => {
    const { address, code } = await start()
    const json = { 'content-type': 'application/json' }
    const session = async (path: string, body: object): Promise<Record<string, string>> => {
      const answer = await fetch(`${address}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
      return { cookie, 'x-vouch-csrf': ((await (await fetch(`${address}/api/me`, { headers: { cookie } })).json()) as { csrf: string }).csrf }
    }
    const admin = await session('/api/setup', { code, organisation: 'O', login: 'root', name: 'Root', password: PASSWORD })
    await fetch(`${address}/api/users`, { method: 'POST', headers: { ...admin, ...json }, body: JSON.stringify({ login: 'ann', name: 'Ann', role: 'reviewer', password: PASSWORD }) })
    const ann = await session('/api/login', { login: 'ann', password: PASSWORD })
    const packet = join(workspace, 'packet.pdf')
    await manyPages(packet, 1500)
    const form = new FormData()
    form.append('file', new Blob([readFileSync('corpus/sample/claim.json')]), 'claim.json')
    form.append('file', new Blob([new Uint8Array(readFileSync(packet))]), 'packet.pdf')
    const progressed = (async (): Promise<boolean> => {
      const stream = await fetch(`${address}/api/events`, { headers: ann })
      let text = ''
      for await (const part of stream.body ?? []) {
        text += Buffer.from(part as Uint8Array).toString()
        if (/event: progress\ndata: .*"pages":1500/.test(text)) return true
      }
      return false
    })()
    const streams = [1, 2, 3].map(() => fetch(`${address}/api/events`, { headers: ann }).then(async (r) => { for await (const _ of r.body ?? []) { /* until it ends */ } }).catch(() => undefined))
    expect((await fetch(`${address}/api/uploads`, { method: 'POST', headers: ann, body: form })).status).toBe(200)
    expect(await progressed).toBe(true)
    const own = child as ChildProcess
    const readers = childrenOf(own.pid ?? 0)
    if (existsSync('/proc/self/stat')) expect(readers.length).toBeGreaterThan(0)
    own.removeAllListeners('exit')
    const ended = new Promise((done) => own.once('exit', done))
    const from = Date.now()
    own.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(Date.now() - from).toBeLessThan(8000)
    await Promise.all(streams)
    for (let n = 0; n < 40 && readers.some(runs); n++) await new Promise((done) => setTimeout(done, 50))
    expect(readers.filter(runs)).toEqual([])
  }, 90_000)

  it('begins no thread for what was still asked for', async () => {
    const desk = reviewDesk()
    await desk.close()
    await expect(desk.dictionaries()).rejects.toThrow('closed')
    await expect(desk.read(new Uint8Array(), 'a.pdf', () => undefined)).rejects.toThrow('closed')
    const pages = pageDesk()
    let fetched = (): void => undefined
    const bytes = new Promise<Uint8Array>((done) => { fetched = () => done(new Uint8Array()) })
    const picture = pages.page({ blob: 'x', inner: '', page: 1, width: 180 }, () => {
      void pages.close().then(fetched)
      return bytes
    })
    expect(await picture).toBeNull()
  }, 30_000)
})
