// A batch from its source to its results: on this machine alone, or by the workers of a PostgreSQL. May not: review a claim; print.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { inside, LOCAL, openBatchFolder, keepArguments, type BatchArguments } from './batch-folder.ts'
import { openBatchDatabase, pause, persistently, type BatchDatabase } from './database.ts'
import { batchFault } from './fault.ts'
import { loadBatch } from './load-batch.ts'
import { pace, progressText, type Pace } from './progress-text.ts'
import { batchesOf, endIfDone, freeAll, progressOf, type BatchSettings, type Progress } from './queue.ts'
import { recordFiles } from './record-files.ts'
import { reviewerPool } from './reviewer-pool.ts'
import type { Summary } from './summary.ts'
import type { Fee } from '../claim/fees.ts'
import { ocrName, versionOf } from './version.ts'
import { work, type Told } from './work.ts'
import { tellFile, writeResults } from './write-results.ts'
import { keysFrom } from '../store/seal.ts'
import { workspaceKey } from '../store/workspace.ts'

export interface Heard {
  /** Once a second; `line` is as wide as asked. */
  readonly progress: (p: Progress & { readonly loaded: boolean }, line: (width: number) => string) => void
  /** One sentence. */
  readonly say: (sentence: string) => void
}

export interface RunOptions extends BatchArguments {
  readonly out: string
  readonly passwords: readonly string[]
  readonly feeTable: readonly Fee[] | null
  readonly stop: AbortSignal
  readonly halt: AbortSignal
  readonly heard: Heard
  /** Also what happens in the work itself. */
  readonly tell?: (told: Told) => void
}

export interface Ran {
  /** Null where the run was stopped before the end. */
  readonly summary: Summary | null
  readonly progress: Progress
  readonly id: string
}

const LOOK_MS = 1000
const FILE_EVERY = 2
const LOST_AFTER = 60

function settingsFrom(options: RunOptions): BatchSettings {
  const records = options.records === null ? null : options.records.startsWith('s3://') ? options.records : resolve(options.records)
  return {
    ocr: options.ocr, passwords: options.passwords, fees: options.feeTable, base: records ?? resolve(options.source),
    reports: options.reports === null ? null : { folder: join(resolve(options.out), 'reports'), form: options.reports }, whole: (options.workspace ?? null) !== null,
  }
}

/** Asks how far it is, tells it, until `until`. */
async function watch(bdb: BatchDatabase, id: string, out: string, heard: Heard, until: AbortSignal, fault: (e: unknown) => void): Promise<void> {
  const rates: Pace = pace()
  const began = performance.now()
  for (let tick = 0; !until.aborted; tick++) {
    try {
      const p = await progressOf(bdb, id)
      rates.add(p, (performance.now() - began) / 1000)
      heard.progress(p, (width) => progressText(p, rates, width))
      if (tick % FILE_EVERY === 0) await tellFile(join(inside(out), 'progress.json'), `${JSON.stringify({ ...p, claimsASecond: Math.round(rates.claims() * 100) / 100, pagesASecond: Math.round(rates.pages() * 100) / 100 })}\n`)
    } catch (e) {
      fault(e)
    }
    await pause(LOOK_MS, until)
  }
}

/** Everything on this machine, with the embedded database in the folder of the results. */
export async function runHere(options: RunOptions): Promise<Ran> {
  const { out, heard, stop, halt } = options
  const folder = await openBatchFolder(out, options.keyFile)
  const watching = new AbortController()
  const stopAll = new AbortController()
  const passOn = (): void => stopAll.abort()
  stop.addEventListener('abort', passOn, { once: true })
  if (stop.aborted) stopAll.abort()
  let bdb: BatchDatabase | null = null
  try {
    await keepArguments(out, argumentsOf(options))
    const version = versionOf(options.tables)
    const own = await openBatchDatabase({ folder: folder.path }, folder.keys)
    bdb = own
    if (own.begunAnew) heard.say('The embedded database could not be opened and was begun anew; what was reviewed before is taken from the cache.')
    const before = (await batchesOf(own, { id: LOCAL }))[0]
    if (before !== undefined) await freeAll(own, LOCAL)
    const files = recordFiles(process.env)
    let broken: Error | null = null
    const pool = reviewerPool({ cache: options.cache === null ? join(folder.path, 'cache') : resolve(options.cache), tables: options.tables, version, processes: options.processes, memory: options.memory, patience: options.patience }, (e) => {
      broken = e
      stopAll.abort()
    })
    try {
      let beginWork = (): void => undefined
      const begun = new Promise<void>((done) => { beginWork = done })
      const loading = loadBatch(own, files, {
        id: LOCAL, name: basename(resolve(out)), source: { path: resolve(options.source), records: options.records }, settings: settingsFrom(options), version, ocr: ocrName(options.ocr), lostAfter: LOST_AFTER, until: stopAll.signal,
        heard: () => beginWork(),
      }).finally(() => beginWork())
      loading.catch(() => stopAll.abort())
      await begun
      const watched = watch(own, LOCAL, out, heard, watching.signal, () => undefined)
      const working = work({ bdb: own, pool, files, version, slots: options.processes, only: LOCAL, stop: stopAll.signal, halt, tell: (told) => {
        options.tell?.(told)
        if (told.event === 'records-away') heard.say(`${told.explanation} Waiting until it does.`)
        else if (told.event === 'records-back') heard.say('The records answer again.')
        else if (told.event === 'database-away') heard.say(told.full ? 'The disk of the database is full; make room, the batch waits.' : 'The database does not answer; waiting.')
      } })
      working.catch(() => stopAll.abort())
      const [loaded, worked] = await Promise.allSettled([loading, working])
      watching.abort()
      await watched
      if (broken !== null) throw batchFault(`No reviewer can be started (${(broken as Error).message}); check --memory and the memory of this machine.`)
      if (loaded.status === 'rejected') throw loaded.reason
      if (worked.status === 'rejected') throw worked.reason
      if (loaded.value.said !== null) heard.say(loaded.value.said)
      await endIfDone(own, LOCAL)
    } finally {
      pool.close()
    }
    const last = await progressOf(own, LOCAL)
    const summary = last.state === 'finished' ? await writeResults(own, LOCAL, resolve(out)) : null
    await tellFile(join(inside(out), 'progress.json'), `${JSON.stringify({ ...last, claimsASecond: 0, pagesASecond: 0 })}\n`)
    return { summary, progress: last, id: LOCAL }
  } catch (e) {
    throw ofDatabase(e, out)
  } finally {
    watching.abort()
    stop.removeEventListener('abort', passOn)
    await bdb?.close().catch(() => undefined)
    await folder.release()
  }
}

/** The embedded database ends where its disk is full. */
function ofDatabase(e: unknown, out: string): unknown {
  if (e instanceof Error && /embedded database (?:failed|has ended)|could not (?:extend|write|fsync|create|open) (?:file|relation)|No space left|ENOSPC|PANIC|disk full/i.test(`${e.message} ${'code' in e ? String(e.code) : ''}`)) {
    return batchFault(`${out}: the embedded database cannot write there; most likely the disk is full. Make room and start again: what was reviewed is kept.`)
  }
  return e
}

const argumentsOf = ({ source, records, fees, tables, cache, keyFile, ocr, processes, memory, patience, reports, formats, workspace }: RunOptions): BatchArguments => ({
  source: resolve(source), records: records === null || records.startsWith('s3://') ? records : resolve(records), fees: fees === null ? null : resolve(fees), tables: tables === null ? null : resolve(tables), cache: cache === null ? null : resolve(cache),
  keyFile: keyFile === null ? null : resolve(keyFile), ocr, processes, memory, patience, reports, formats,
  workspace: workspace === undefined || workspace === null ? null : { ...workspace, folder: resolve(workspace.folder), keyFile: workspace.keyFile === null ? null : resolve(workspace.keyFile) },
})

/** The id under which the same source is found again. */
export const batchIdOf = (source: string): string => `${basename(resolve(source)).replace(/\.[a-z0-9]{1,6}$/i, '').replace(/[^A-Za-z0-9]+/g, '-').slice(0, 30).replace(/^-+|-+$/g, '') || 'batch'}-${createHash('sha256').update(resolve(source)).digest('hex').slice(0, 6)}`

export interface QueueOptions extends RunOptions {
  readonly databaseUrl: string
  readonly id: string
  /** Returns when all claims are in the queue. */
  readonly detach: boolean
  readonly lostAfter: number
}

export async function openServerDatabase(databaseUrl: string, keyFile: string | null, connections?: number): Promise<BatchDatabase> {
  if (keyFile === null) throw batchFault('With DATABASE_URL give --key-file, the same for vouch batch and every vouch worker; openssl rand -hex 32 makes a key.')
  if (!existsSync(keyFile)) throw batchFault(`${keyFile}: there is no such key file; openssl rand -hex 32 > ${keyFile} makes one.`)
  const keys = keysFrom(await workspaceKey('.', keyFile))
  try {
    return await openBatchDatabase({ url: databaseUrl }, keys, connections)
  } catch (e) {
    if (e instanceof Error && 'kind' in e) throw e
    throw batchFault(`PostgreSQL at DATABASE_URL cannot be used (${e instanceof Error && 'code' in e ? String(e.code) : 'unknown fault'}).`)
  }
}

/** The batch into the queue of a PostgreSQL; waits for the workers unless detached. */
export async function runQueued(options: QueueOptions): Promise<Ran> {
  const { id, out, heard, stop } = options
  const bdb = await openServerDatabase(options.databaseUrl, options.keyFile)
  const watching = new AbortController()
  const hard = <T>(act: () => Promise<T>): Promise<T> => persistently(act, stop, (_e, seconds) => heard.say(`The database does not answer (${seconds} s); waiting.`))
  try {
    const version = versionOf(options.tables)
    const loaded = await hard(() => loadBatch(bdb, recordFiles(process.env), {
      id, name: id, source: { path: resolve(options.source), records: options.records }, settings: settingsFrom(options), version, ocr: ocrName(options.ocr), lostAfter: options.lostAfter, until: stop,
      heard: (claims) => heard.progress({ claims, done: 0, failed: 0, aside: 0, doubtful: 0, pages: 0, read: 0, reused: 0, answered: 0, loaded: false }, () => `Taking in claims: ${claims.toLocaleString('en-US')}`),
    }))
    if (loaded.said !== null) heard.say(loaded.said)
    if (options.detach || stop.aborted) return { summary: null, progress: await progressOf(bdb, id), id }
    let away = false
    const watched = watch(bdb, id, out, heard, watching.signal, () => {
      if (!away) heard.say('The database does not answer; waiting.')
      away = true
    })
    let idle = 0
    for (;;) {
      const state = await hard(async () => {
        await endIfDone(bdb, id)
        return (await progressOf(bdb, id)).state
      }).catch((e: unknown) => {
        if (stop.aborted) return 'running' as const
        throw e
      })
      away = false
      if (state !== 'running' || stop.aborted) break
      const workers = await hard(() => workersOf(bdb, version)).catch(() => 1)
      idle = workers === 0 ? idle + 1 : 0
      if (idle === 5) heard.say(`No worker of this version is at work; start vouch worker with the same DATABASE_URL and --key-file.`)
      await pause(LOOK_MS, stop)
    }
    watching.abort()
    await watched
    const progress = await progressOf(bdb, id)
    return { summary: progress.state === 'finished' ? await hard(() => writeResults(bdb, id, resolve(out))) : null, progress, id }
  } finally {
    watching.abort()
    await bdb.close().catch(() => undefined)
  }
}

async function workersOf(bdb: BatchDatabase, version: { readonly program: string; readonly dictionaries: string }): Promise<number> {
  const { n } = await bdb.db.selectFrom('batch_workers').select((e) => e.fn.countAll().as('n')).where('program', '=', version.program).where('dictionaries', '=', version.dictionaries)
    .where('seen_at', '>', sql<Date>`now() - interval '2 minutes'`).executeTakeFirstOrThrow()
  return Number(n)
}
