// How far batches are and who works at them. May not: change anything; open an embedded database that is in use.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { keysFrom } from '../store/seal.ts'
import { plural } from '../report/plain.ts'
import { inside, workingThere } from './batch-folder.ts'
import { openBatchDatabase } from './database.ts'
import { batchFault } from './fault.ts'
import { batchesOf, progressOf, type Progress } from './queue.ts'
import { versionWords } from './version.ts'

export interface BatchStatus extends Progress {
  readonly batch: string
  readonly state: string
  readonly loaded: boolean
  readonly version: string | null
  /** Results by engine, where several stand together. */
  readonly engines: readonly { readonly engine: string; readonly claims: number }[]
}

export interface Status {
  readonly batches: readonly BatchStatus[]
  readonly workers: readonly { readonly host: string; readonly pid: number; readonly version: string; readonly slots: number; readonly stopping: boolean; readonly secondsAgo: number; readonly lost: boolean }[]
  /** One sentence each. */
  readonly notes: readonly string[]
}

export async function statusHere(out: string): Promise<Status> {
  try {
    const p = JSON.parse(await readFile(join(inside(out), 'progress.json'), 'utf8')) as Progress & { readonly state: string; readonly loaded: boolean }
    const pid = await workingThere(out)
    const state = p.state === 'running' && pid === null ? 'stopped' : p.state
    return { batches: [{ ...p, batch: out, state, version: null, engines: [] }], workers: [], notes: pid === null ? [] : [`Process ${pid} is at work.`] }
  } catch {
    throw batchFault(`${out}: no batch was begun there.`)
  }
}

/** Nothing sealed is opened for it, so the key does not matter. */
export async function statusQueued(databaseUrl: string, id: string | null): Promise<Status> {
  const bdb = await openBatchDatabase({ url: databaseUrl }, keysFrom(randomBytes(32)), 1).catch((e: unknown) => {
    throw batchFault(`PostgreSQL at DATABASE_URL cannot be used (${e instanceof Error && 'code' in e ? String(e.code) : 'unknown fault'}).`)
  })
  try {
    const batches = await batchesOf(bdb, id === null ? {} : { id })
    if (id !== null && batches.length === 0) throw batchFault(`There is no batch ${id} in the queue; see vouch batch status.`)
    const rows = await bdb.db.selectFrom('batch_workers').select(['host', 'pid', 'engine', 'program', 'dictionaries', 'slots', 'stopping', sql<number>`extract(epoch from now() - seen_at)`.as('ago')]).orderBy('host').orderBy('pid').execute()
    const notes: string[] = []
    const out: BatchStatus[] = []
    for (const b of batches) {
      const engines = (await bdb.db.selectFrom('batch_claims').select((e) => ['engine', e.fn.countAll().as('n')]).where('batch_id', '=', b.id).where('engine', 'is not', null).groupBy('engine').execute()).map((r) => ({ engine: r.engine as string, claims: Number(r.n) }))
      out.push({ ...(await progressOf(bdb, b.id)), batch: b.id, version: versionWords(b.made), engines: engines.length > 1 ? engines : [] })
      const fitting = rows.filter((w) => w.program === b.made.program && w.dictionaries === b.made.dictionaries && Number(w.ago) < 2 * b.lostAfter)
      if (b.state === 'running' && fitting.length === 0) notes.push(`Batch ${b.id}: no worker of its version ${versionWords(b.made)} is at work; start one, or begin the batch again with the version that is.`)
    }
    return {
      batches: out, notes,
      workers: rows.map((w) => ({ host: w.host, pid: w.pid, version: versionWords(w), slots: w.slots, stopping: w.stopping, secondsAgo: Math.max(0, Math.round(Number(w.ago))), lost: Number(w.ago) > 60 })),
    }
  } finally {
    await bdb.close()
  }
}

export function statusText(s: Status): string {
  const out: string[] = []
  for (const b of s.batches) {
    const over = b.done + b.failed + b.aside
    out.push(`${b.batch}  ${b.state}${b.loaded ? '' : ', being taken in'}`, `  ${over} of ${plural(b.claims, 'claim')}${b.claims === 0 ? '' : ` (${Math.floor((100 * over) / b.claims)} %)`}; ${plural(b.pages, 'page')}; ${b.doubtful} doubtful, ${b.failed} could not be reviewed, ${b.aside} put aside; ${plural(b.answered, 'answer')} and ${plural(b.reused, 'reading')} from the cache`)
    if (b.version !== null) out.push(`  version ${b.version}`)
    for (const e of b.engines) out.push(`  ! results of engine ${e.engine}: ${plural(e.claims, 'claim')}`)
  }
  if (s.batches.length === 0) out.push('No batches.')
  if (s.workers.length > 0) out.push('', 'Workers')
  for (const w of s.workers) out.push(`  ${w.host} ${w.pid}: ${plural(w.slots, 'reviewer')}, version ${w.version}, seen ${w.secondsAgo} s ago${w.lost ? ', lost' : w.stopping ? ', stopping' : ''}`)
  for (const n of s.notes) out.push('', n)
  return `${out.join('\n')}\n`
}
