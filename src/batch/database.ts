// The database of batches, embedded or PostgreSQL, with the queue of pg-boss on it. May not: hold a claim, a name of a file or a result in clear.
import { access, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CompiledQuery, Kysely, Migrator, PostgresDialect, sql, type ColumnType, type Generated, type Migration, type PostgresPool, type Transaction } from 'kysely'
import type PgBoss from 'pg-boss'
import { pglitePool } from '../store/pglite-pool.ts'
import { mark, openText, sealText, type Keys } from '../store/seal.ts'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { batchFault } from './fault.ts'

export type BatchState = 'running' | 'paused' | 'cancelled' | 'finished'
export type ClaimStatus = 'queued' | 'done' | 'failed' | 'aside'

type Moment = ColumnType<Date, Date | string | undefined, Date | string>

export interface BatchTables {
  batches: {
    id: string; name: string; state: BatchState
    /** All claims of the source are in. */
    loaded: boolean
    claims: number
    engine: string; program: string; dictionaries: string; ocr: string
    sealed_settings: string; key_mark: string
    /** Seconds without a sign of life after which a claim goes to another worker. */
    lost_after: number
    created_at: Moment; finished_at: Moment | null
  }
  batch_claims: {
    batch_id: string; number: number
    /** Hash over claim, records and version. */
    input: string
    sealed: string; status: ClaimStatus; failures: Generated<number>; returned: Generated<number>
    sealed_result: string | null; engine: string | null
  }
  batch_tallies: { batch_id: string; worker: string; done: number; failed: number; aside: number; doubtful: number; pages: number; read: number; reused: number; answered: number }
  batch_workers: { id: string; host: string; pid: number; engine: string; program: string; dictionaries: string; slots: number; stopping: boolean; started_at: Moment; seen_at: Moment }
}

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [
      `create table batches (id text primary key, name text not null, state text not null, loaded boolean not null default false, claims integer not null default 0, engine text not null, program text not null,
        dictionaries text not null, ocr text not null, sealed_settings text not null, key_mark text not null, lost_after integer not null, created_at timestamptz not null default now(), finished_at timestamptz)`,
      `create table batch_claims (batch_id text not null references batches on delete cascade, number integer not null, input text not null, sealed text not null, status text not null,
        failures integer not null default 0, returned integer not null default 0, sealed_result text, engine text, primary key (batch_id, number))`,
      `create index batch_claims_open on batch_claims (batch_id, number) where status = 'queued'`,
      `create index batch_claims_without on batch_claims (batch_id, number) where status in ('failed', 'aside')`,
      `create table batch_tallies (batch_id text not null references batches on delete cascade, worker text not null, done integer not null, failed integer not null, aside integer not null, doubtful integer not null,
        pages double precision not null, read double precision not null, reused double precision not null, answered integer not null, primary key (batch_id, worker))`,
      `create table batch_workers (id text primary key, host text not null, pid integer not null, engine text not null, program text not null, dictionaries text not null, slots integer not null,
        stopping boolean not null default false, started_at timestamptz not null default now(), seen_at timestamptz not null)`,
    ]) await sql.raw(statement).execute(db)
  },
}

export type BatchTx = Transaction<BatchTables>

export interface BatchDatabase {
  readonly db: Kysely<BatchTables>
  readonly boss: PgBoss
  /** As pg-boss has them; its declarations leave lists with an outcome out. */
  readonly jobs: {
    readonly complete: (queue: string, ids: readonly string[], tx?: BatchTx) => Promise<void>
    readonly fail: (queue: string, ids: readonly string[], reason: string, tx?: BatchTx) => Promise<void>
  }
  readonly embedded: boolean
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
  readonly keyMark: string
  /** A number made of a text with the key: nobody without it can foresee or repeat it. */
  readonly mark: (text: string) => string
  /** The embedded database could not be opened and was put aside; a new one was begun. */
  readonly begunAnew: boolean
  /** For pg-boss, within a transaction of ours. */
  readonly within: (tx: BatchTx) => { executeSql: (text: string, values: unknown[]) => Promise<{ rows: Record<string, unknown>[] }> }
  readonly close: () => Promise<void>
}

/** Of pg-boss' tables. */
export const QUEUE_SCHEMA = 'vouch_queue'
const CONNECT_MS = 10_000
const QUERY_MS = 120_000

const executor = (db: Kysely<BatchTables>) => ({
  async executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> {
    const query = CompiledQuery.raw(text, values ?? [])
    // Statements of pg-boss with a transaction of their own: where one fails the connection must not be left in it.
    if (/^\s*BEGIN;/.test(text)) {
      return db.connection().execute(async (own) => {
        try {
          return { rows: (await own.executeQuery<Record<string, unknown>>(query)).rows }
        } catch (e) {
          await own.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
          throw e
        }
      })
    }
    return { rows: (await db.executeQuery<Record<string, unknown>>(query)).rows }
  },
})

export async function openBatchDatabase(at: { readonly url: string } | { readonly folder: string }, keys: Keys, connections = 4): Promise<BatchDatabase> {
  if ('url' in at) return underLock(at.url, async () => onPool(await serverPool(at.url, connections), keys, false, false))
  const folder = join(at.folder, 'database')
  try {
    return await onPool(await pglitePool(folder), keys, true, false)
  } catch {
    // Nothing is lost with it: what was reviewed stands in the cache, what is to be reviewed in the source.
    const there = await access(folder).then(() => true, () => false)
    if (!there) throw batchFault(`${folder}: the embedded database cannot be made; check that the folder may be written to and the disk is not full.`)
    const aside = `${folder}.unusable-${process.pid}-${process.hrtime.bigint()}`
    await rename(folder, aside)
    try {
      return await onPool(await pglitePool(folder), keys, true, true)
    } catch {
      // It may be the disk, and not the database.
      await rm(folder, { recursive: true, force: true }).then(() => rename(aside, folder)).catch(() => undefined)
      throw batchFault(`${folder}: the embedded database cannot be made; check that the folder may be written to and the disk is not full.`)
    }
  }
}

async function onPool(pool: PostgresPool, keys: Keys, embedded: boolean, begunAnew: boolean): Promise<BatchDatabase> {
  const db = new Kysely<BatchTables>({ dialect: new PostgresDialect({ pool }) })
  try {
    const boss = await prepared(db)
    const manager = boss as unknown as Readonly<Record<'complete' | 'fail', (name: string, ids: readonly string[], data: object | null, options: object) => Promise<unknown>>>
    const inTx = (tx: BatchTx | undefined): object => (tx === undefined ? {} : { db: executor(tx) })
    return {
      db, boss, embedded, begunAnew,
      jobs: {
        complete: async (queue, ids, tx) => void (await manager.complete(queue, ids, null, inTx(tx))),
        fail: async (queue, ids, reason, tx) => void (await manager.fail(queue, ids, { reason }, inTx(tx))),
      },
      seal: (text, context) => sealText(keys, deflateRawSync(text, { level: 1 }).toString('base64'), context),
      open: (sealed, context) => inflateRawSync(Buffer.from(openText(keys, sealed, context), 'base64')).toString('utf8'),
      keyMark: mark(keys, 'batch'), mark: (text) => mark(keys, text), within: (tx) => executor(tx),
      close: async () => {
        await boss.stop({ graceful: false, close: false }).catch(() => undefined)
        await db.destroy()
      },
    }
  } catch (e) {
    await db.destroy().catch(() => undefined)
    throw e
  }
}

async function prepared(db: Kysely<BatchTables>): Promise<PgBoss> {
  const { error } = await new Migrator({
    db, provider: { getMigrations: () => Promise.resolve({ '0001-first': first }) }, migrationTableName: 'vouch_batch_migration', migrationLockTableName: 'vouch_batch_migration_lock',
  }).migrateToLatest()
  if (error !== undefined) throw error instanceof Error ? error : new Error('the tables cannot be made')
  const { default: Boss } = await import('pg-boss')
  const boss = new Boss({ db: executor(db), schema: QUEUE_SCHEMA, supervise: false, schedule: false, migrate: true })
  boss.on('error', () => undefined)
  return boss.start()
}

/** Arbitrary: the lock under which the tables are made. Several processes may begin on one empty database at once. */
const SETUP_LOCK = 7_311_002

async function underLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [SETUP_LOCK])
    return await work()
  } finally {
    // The lock goes with the connection.
    await client.end().catch(() => undefined)
  }
}

async function serverPool(url: string, connections: number): Promise<PostgresPool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS, keepAlive: true })
  // A connection lost while idle is replaced at the next query.
  pool.on('error', () => undefined)
  // One lost between two statements of a transaction is told by the next statement; without a listener it would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return pool as unknown as PostgresPool
}

const PASSING_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', '40001', '40P01', '55P03', '53100', '53200', '53300', '58030'])

/** A fault of the connection or of the moment: worth another try. */
export function isPassing(e: unknown): boolean {
  if (!(e instanceof Error)) return false
  const code = 'code' in e && typeof e.code === 'string' ? e.code : ''
  // Class 08: connections; 57P: the server is stopped or starts.
  return PASSING_CODES.has(code) || /^(?:08|57P)/.test(code) || /connection terminated|timeout exceeded|query read timeout|client has encountered a connection error|not queryable|connection ended/i.test(e.message)
}

/** The disk of the database is full, told apart as only the operator can mend it. */
export const isFull = (e: unknown): boolean => e instanceof Error && 'code' in e && e.code === '53100'

/** Tries until it works, or until `until` is aborted; `told` hears of each new spell of faults. */
export async function persistently<T>(work: () => Promise<T>, until: AbortSignal, told: (e: unknown, seconds: number) => void): Promise<T> {
  const began = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (e) {
      if (!isPassing(e) || until.aborted) throw e
      told(e, Math.round((performance.now() - began) / 1000))
      await pause(Math.min(5000, 200 * 2 ** attempt), until)
    }
  }
}

/** Resolves early where the signal is aborted. */
export const pause = (ms: number, until: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (until.aborted) {
      done()
      return
    }
    const end = (): void => {
      clearTimeout(clock)
      until.removeEventListener('abort', end)
      done()
    }
    const clock = setTimeout(end, ms)
    until.addEventListener('abort', end)
  })
