// Where the tests of the store run: the embedded database, and a PostgreSQL of their own where its programs are found.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../src/store/open-store.ts'

export interface TestDatabase {
  readonly name: string
  /** A store of its own on an empty database. */
  readonly open: (workspace: string) => Promise<Store>
  /** DATABASE_URL of a fresh empty database, or undefined for the embedded one. */
  readonly url: () => Promise<string | undefined>
  readonly stop: () => Promise<void>
}

export const embedded: TestDatabase = {
  name: 'embedded', url: () => Promise.resolve(undefined), stop: () => Promise.resolve(),
  open: (workspace) => openStore({ workspace }),
}

/** The folder of PostgreSQL's programs: Debian's, or those on the path. */
export function postgresPrograms(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((v) => `/usr/lib/postgresql/${v}/bin`), ...(process.env['PATH'] ?? '').split(':')]
  return folders.find((f) => existsSync(join(f, 'initdb')) && existsSync(join(f, 'postgres'))) ?? null
}

/** Starts a server of its own in a temporary folder; null where this machine has no PostgreSQL. */
export async function startPostgres(): Promise<TestDatabase | null> {
  const given = process.env['TEST_DATABASE_URL']
  if (given !== undefined) return databaseAt(given, () => Promise.resolve())
  const programs = postgresPrograms()
  if (programs === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'vouch-pg-'))
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? idsOf('postgres') : null
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const as = user ?? {}
  const data = join(folder, 'data')
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'vouch', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...as, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const server: ChildProcess = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'], { ...as, cwd: folder, stdio: 'ignore' })
  const ended = new Promise<void>((done) => server.once('exit', () => done()))
  return databaseAt(`postgres://vouch@127.0.0.1:${port}/postgres`, async () => {
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
}

async function databaseAt(root: string, stop: () => Promise<void>): Promise<TestDatabase> {
  const { default: pg } = await import('pg')
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: root })
    try {
      await client.connect()
      await client.end()
      break
    } catch (e) {
      await client.end().catch(() => undefined)
      if (attempt > 100) throw e
      await new Promise((done) => setTimeout(done, 100))
    }
  }
  let count = 0
  const url = async (): Promise<string> => {
    const name = `vouch_test_${process.pid}_${++count}`
    const client = new pg.Client({ connectionString: root })
    await client.connect()
    await client.query(`drop database if exists ${name} with (force)`)
    await client.query(`create database ${name}`)
    await client.end()
    const at = new URL(root)
    at.pathname = `/${name}`
    return at.href
  }
  return { name: 'PostgreSQL', url, stop, open: async (workspace) => openStore({ workspace, databaseUrl: await url() }) }
}

const idsOf = (user: string): { uid: number; gid: number } =>
  ({ uid: Number(execFileSync('id', ['-u', user], { encoding: 'utf8' })), gid: Number(execFileSync('id', ['-g', user], { encoding: 'utf8' })) })

/** A port nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
