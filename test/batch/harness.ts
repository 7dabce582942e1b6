// What the tests of batches share: tiny claims, the compiled program as a process, a PostgreSQL that can be killed.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { BatchResult } from '../../src/batch/result.ts'
import { freePort, postgresPrograms } from '../store/postgres.ts'

export const PROGRAM = join(process.cwd(), 'dist', 'cli', 'main.js')

export function temporary(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'vouch-batch-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export const claimOf = (number: number): Record<string, unknown> => ({
  claimId: `T-${number}`, patient: { name: 'ADA BRISTOW', birthDate: '1950-01-01' }, provider: { name: 'Lakeside', npi: '1999999984' }, diagnoses: ['C61'],
  lines: [{ line: 1, code: '77263', serviceDate: '2025-09-01', charge: 500 + number }],
})

export const noteOf = (number: number): string =>
  `CLINICAL TREATMENT PLANNING NOTE\nPatient: Ada Bristow   DOB: 01/01/1950\nDate: 09/01/2025\nComplex treatment planning for prostate cancer. Fraction ${number % 40}. Volumes, doses and ports were reviewed.\nElectronically signed by J. Alder MD 09/01/2025\n`

/** A folder a claim, one page of text each. */
export function writeClaims(folder: string, count: number): void {
  for (let i = 1; i <= count; i++) {
    const at = join(folder, String(i).padStart(6, '0'))
    mkdirSync(join(at, 'records'), { recursive: true })
    writeFileSync(join(at, 'claim.json'), JSON.stringify(claimOf(i)))
    writeFileSync(join(at, 'records', 'note.txt'), noteOf(i))
  }
}

export interface Run {
  readonly process: ChildProcess
  /** Resolves with the exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>
  readonly output: () => string
}

export function vouch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, DATABASE_URL: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (b: Buffer) => { output += b.toString() })
  child.stderr.on('data', (b: Buffer) => { output += b.toString() })
  return { process: child, ended: new Promise((done) => child.once('close', (code) => done(code))), output: () => output }
}

export async function done(run: Run, codes: readonly number[] = [0]): Promise<string> {
  const code = await run.ended
  if (code === null || !codes.includes(code)) throw new Error(`ended with ${code ?? 'a signal'}:\n${run.output()}`)
  return run.output()
}

export const resultsIn = (folder: string): BatchResult[] => readFileSync(join(folder, 'results.ndjson'), 'utf8').split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as BatchResult)

export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export async function until(what: () => boolean | Promise<boolean>, ms: number, name: string): Promise<void> {
  const end = performance.now() + ms
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${name}`)
    await wait(50)
  }
}

export interface OwnPostgres {
  readonly url: (name: string) => Promise<string>
  /** SIGKILL to the server: its children end by themselves. */
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Null where this machine has no PostgreSQL. */
export async function ownPostgres(): Promise<OwnPostgres | null> {
  const programs = postgresPrograms()
  if (programs === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'vouch-pg-'))
  // PostgreSQL refuses to run as root.
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : null
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const as = user ?? {}
  const data = join(folder, 'data')
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'vouch', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...as, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const root = `postgres://vouch@127.0.0.1:${port}/postgres`
  let server: ChildProcess | null = null
  let ended: Promise<void> = Promise.resolve()
  const start = async (): Promise<void> => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const own = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'], { ...as, cwd: folder, stdio: 'ignore' })
      server = own
      ended = new Promise((resolve) => own.once('exit', () => resolve()))
      for (let i = 0; i < 100 && own.exitCode === null; i++) {
        if (await answers(root)) return
        await wait(100)
      }
      // Children of one that was killed may still hold its shared memory.
      own.kill('SIGKILL')
      await ended
      await wait(200)
    }
    throw new Error('PostgreSQL does not start')
  }
  await start()
  return {
    start,
    kill: async () => {
      server?.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      server?.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
    url: async (name) => {
      const client = new pg.Client({ connectionString: root })
      await client.connect()
      await client.query(`create database ${name}`)
      await client.end()
      const at = new URL(root)
      at.pathname = `/${name}`
      return at.href
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

export { freePort }

/** mulberry32: the moments of a run can be had again. */
export const randomFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

/** The children of a process, from /proc; none on other systems. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter((p) => p !== '').map(Number)
  } catch {
    return []
  }
}
