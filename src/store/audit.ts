// The audit log: a chain of entries in the database and in a file that is synced before an answer goes out. May not: hold patient text in clear; change an entry.
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'
import { mark, openText, type Keys } from './seal.ts'
import type { Tables } from './tables.ts'

export interface AuditEvent {
  readonly organisation: string | null
  readonly actor: string | null
  readonly action: string
  readonly subject: string | null
  /** Ids, numbers and dictionary words. */
  readonly data?: Readonly<Record<string, string | number | boolean | null>>
  /** A row, sealed, from which the database is mended where it lost what the file still holds. */
  readonly restore?: string
}

export type AuditEntry = Selectable<Tables['audit']>

export const CHAIN_START = '0'.repeat(64)
/** Arbitrary: the advisory lock under which entries are numbered. */
const LOCK = 7_311_001

const hashOf = (keys: Keys, e: Omit<AuditEntry, 'hash'>): string =>
  mark(keys, JSON.stringify([e.seq, e.at, e.organisation_id, e.actor, e.action, e.subject, e.data, e.restore, e.previous]))

/** Within the transaction of what is logged: both are there or neither. */
export async function appendAudit(tx: Transaction<Tables>, keys: Keys, events: readonly AuditEvent[]): Promise<AuditEntry[]> {
  if (events.length === 0) return []
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx)
  const last = await tx.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  let seq = last?.seq ?? 0
  let previous = last?.hash ?? CHAIN_START
  const entries = events.map((event): AuditEntry => {
    const bare = {
      seq: ++seq, at: new Date().toISOString(), organisation_id: event.organisation, actor: event.actor, action: event.action, subject: event.subject,
      data: JSON.stringify(event.data ?? {}), restore: event.restore ?? null, previous,
    }
    const entry = { ...bare, hash: hashOf(keys, bare) }
    previous = entry.hash
    return entry
  })
  await tx.insertInto('audit').values(entries).execute()
  return entries
}

export interface Journal {
  /** Resolves when the entries are on disk. */
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const journalPath = (folder: string): string => join(folder, 'audit.jsonl')

export async function openJournal(folder: string): Promise<Journal> {
  const path = journalPath(folder)
  const file: FileHandle = await open(path, 'a', 0o600)
  const { size } = await file.stat()
  if (size > 0) {
    // A line cut off by a crash is closed, so that the next one stands alone.
    const tail = await readFile(path)
    if (tail[tail.length - 1] !== 10) await file.write('\n')
  }
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
  let turn: Promise<unknown> = Promise.resolve()
  return {
    append: (entries) => {
      const done = turn.then(async () => {
        await file.write(entries.map((e) => `${JSON.stringify(e)}\n`).join(''))
        await file.datasync()
      })
      turn = done.catch(() => undefined)
      return done
    },
    close: async () => {
      await turn
      await file.close()
    },
  }
}

async function journalEntries(folder: string): Promise<{ entries: AuditEntry[]; torn: number }> {
  const text = await readFile(journalPath(folder), 'utf8').catch(() => '')
  let torn = 0
  const entries: AuditEntry[] = []
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      entries.push(JSON.parse(line) as AuditEntry)
    } catch {
      torn++
    }
  }
  return { entries, torn }
}

/** Brings database and file together after a crash: what one holds and the other lost is copied. The file is of this database only, so numbers agree. */
export async function mendAudit(db: Kysely<Tables>, keys: Keys, folder: string): Promise<{ readonly toDatabase: number; readonly toFile: number }> {
  const { entries } = await journalEntries(folder)
  const last = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  let previous = last?.hash ?? CHAIN_START
  let seq = last?.seq ?? 0
  let toDatabase = 0
  for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
    if (entry.seq !== seq + 1 || entry.previous !== previous || hashOf(keys, entry) !== entry.hash) continue
    await db.transaction().execute(async (tx) => {
      await tx.insertInto('audit').values(entry).execute()
      if (entry.restore === null) return
      const row = JSON.parse(openText(keys, entry.restore, 'restore')) as Tables['decisions'] & { decided_at: string }
      const known = await tx.selectFrom('reviews').select('id').where('id', '=', row.review_id).executeTakeFirst()
      if (known) await tx.insertInto('decisions').values(row).onConflict((c) => c.column('id').doNothing()).execute()
    })
    seq = entry.seq
    previous = entry.hash
    toDatabase++
  }
  const inFile = new Set(entries.map((e) => e.seq))
  const missing = (await db.selectFrom('audit').selectAll().orderBy('seq').execute()).filter((e) => !inFile.has(e.seq))
  if (missing.length > 0) {
    const journal = await openJournal(folder)
    await journal.append(missing).finally(() => journal.close())
  }
  return { toDatabase, toFile: missing.length }
}

export interface AuditCheck {
  readonly entries: number
  /** Hash of the last entry: noted elsewhere, it proves later that none was cut off. */
  readonly head: string
  /** One sentence each; empty where the log is whole. */
  readonly faults: readonly string[]
}

/** Reads the whole log. `file` null where entries are in the database alone. */
export async function verifyAudit(db: Kysely<Tables>, keys: Keys, folder: string | null, expectedHead?: string): Promise<AuditCheck> {
  const faults: string[] = []
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute()
  let previous = CHAIN_START
  let seq = 0
  for (const row of rows) {
    if (row.seq !== seq + 1) faults.push(`Entry ${seq + 1} is missing from the database.`)
    else if (row.previous !== previous) faults.push(`Entry ${row.seq} does not follow the entry before it.`)
    if (hashOf(keys, row) !== row.hash) faults.push(`Entry ${row.seq} was changed in the database.`)
    seq = row.seq
    previous = row.hash
  }
  if (expectedHead !== undefined && !rows.some((r) => r.hash === expectedHead)) faults.push('The head noted earlier is not in the log: entries were cut off or replaced.')
  if (folder !== null) {
    const { entries, torn } = await journalEntries(folder)
    const byHash = new Set(rows.map((r) => r.hash))
    const inFile = new Set<number>()
    for (const e of entries) {
      inFile.add(e.seq)
      if (hashOf(keys, e) !== e.hash) faults.push(`Entry ${e.seq} was changed in the file.`)
      else if (!byHash.has(e.hash)) faults.push(`Entry ${e.seq} of the file is not in the database.`)
    }
    for (const r of rows) if (!inFile.has(r.seq)) faults.push(`Entry ${r.seq} is missing from the file.`)
    if (torn > 1) faults.push(`${torn} lines of the file cannot be read.`)
  }
  return { entries: rows.length, head: previous, faults }
}
