// Opens the workspace: database, sealed files, audit log. May not: be opened twice on one embedded database.
import { join, resolve } from 'node:path'
import { Kysely, Migrator, PostgresDialect, type PostgresPool, type Transaction } from 'kysely'
import { appendAudit, mendAudit, openJournal, verifyAudit, type AuditCheck, type AuditEvent } from './audit.ts'
import { openBlobs, type Blobs } from './blobs.ts'
import { MIGRATIONS } from './migrations.ts'
import { keysFrom, mark, openText, sealText, type Keys } from './seal.ts'
import type { Tables } from './tables.ts'
import { lockWorkspace, workspaceFault, workspaceKey } from './workspace.ts'

export interface StoreOptions {
  readonly workspace: string
  /** PostgreSQL; undefined for the embedded database in the workspace. */
  readonly databaseUrl?: string | undefined
  readonly keyFile?: string | undefined
}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

export interface Store {
  readonly db: Db
  readonly blobs: Blobs
  readonly seal: (text: string, context: string) => string
  readonly open: (sealed: string, context: string) => string
  /** A number made of a text with the operator's key: nobody without it can foresee or repeat it. */
  readonly mark: (text: string) => string
  /** A change with its entries in the audit log, whole or not at all; both are on disk when it resolves. */
  readonly change: <T>(work: (tx: Tx, log: (event: AuditEvent) => void) => Promise<T>) => Promise<T>
  readonly verifyAudit: (expectedHead?: string) => Promise<AuditCheck>
  readonly embedded: boolean
  readonly close: () => Promise<void>
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const folder = resolve(options.workspace)
  const embedded = options.databaseUrl === undefined || options.databaseUrl === ''
  const lock = embedded ? await lockWorkspace(folder) : null
  let db: Db | null = null
  try {
    const keys: Keys = keysFrom(await workspaceKey(folder, options.keyFile))
    const blobs = await openBlobs(join(folder, 'blobs'), keys)
    const pool = embedded ? await embeddedPool(join(folder, 'database')) : await serverPool(options.databaseUrl as string)
    db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    const { error } = await new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } }).migrateToLatest()
    if (error !== undefined) throw workspaceFault(`The database cannot be brought to this version (${(error as Error).message}).`)
    const opened = db
    // Several servers share one PostgreSQL, which syncs by itself; the file holds the entries of an embedded database.
    if (embedded) await mendAudit(opened, keys, folder)
    const journal = embedded ? await openJournal(folder) : null
    return {
      db: opened, blobs, embedded,
      seal: (text, context) => sealText(keys, text, context),
      open: (sealed, context) => openText(keys, sealed, context),
      mark: (text) => mark(keys, text),
      change: async (work) => {
        const { result, entries } = await opened.transaction().execute(async (tx) => {
          const events: AuditEvent[] = []
          const done = await work(tx, (event) => void events.push(event))
          return { result: done, entries: await appendAudit(tx, keys, events) }
        })
        if (entries.length > 0) await journal?.append(entries)
        return result
      },
      verifyAudit: (head) => verifyAudit(opened, keys, embedded ? folder : null, head),
      close: async () => {
        await journal?.close()
        await opened.destroy()
        await lock?.release()
      },
    }
  } catch (e) {
    await db?.destroy().catch(() => undefined)
    await lock?.release()
    throw e
  }
}

async function embeddedPool(folder: string): Promise<PostgresPool> {
  const { pglitePool } = await import('./pglite-pool.ts')
  return pglitePool(folder).catch((e: Error) => {
    throw workspaceFault(`${folder}: the embedded database cannot be opened (${e.message}); restore the workspace from a backup.`)
  })
}

async function serverPool(url: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  // A connection lost while idle is replaced at the next query.
  pool.on('error', () => undefined)
  // One lost between two statements of a transaction is told by the next statement; without a listener it would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined))
  try {
    ;(await pool.connect()).release()
  } catch (e) {
    await pool.end()
    throw workspaceFault(`PostgreSQL at DATABASE_URL cannot be reached (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
  }
  return pool as unknown as PostgresPool
}
