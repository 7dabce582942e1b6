// A worker: reviewers of this machine on the queue of a PostgreSQL, with metrics, health and a log. May not: hold text of a record in any of them.
import { openServerDatabase } from './run-batch.ts'
import { logger, type Level } from './log.ts'
import { metrics } from './metrics.ts'
import { recordFiles } from './record-files.ts'
import { reviewerPool } from './reviewer-pool.ts'
import { versionOf } from './version.ts'
import { pause, type BatchDatabase } from './database.ts'
import { batchFault } from './fault.ts'
import { work } from './work.ts'

export interface WorkerOptions {
  readonly databaseUrl: string
  readonly keyFile: string
  readonly tables: string | null
  readonly cache: string
  readonly processes: number
  readonly memory: number
  readonly patience: number
  readonly port: number | null
  readonly host: string
  readonly log: Level
  readonly stop: AbortSignal
  readonly halt: AbortSignal
  readonly write: (line: string) => void
  readonly address: (at: string) => void
}

const FIRST_TRY_MS = 2000

export async function runWorker(options: WorkerOptions): Promise<void> {
  const { stop, halt } = options
  const version = versionOf(options.tables)
  const log = logger(options.log, options.write)
  const seen = metrics(version)
  const tell: Parameters<typeof work>[0]['tell'] = (told) => {
    seen.hear(told)
    log(told)
  }
  const health = options.port === null ? null : await (await import('./worker-health.ts')).openHealth(options.host, options.port, seen)
  if (health !== null) options.address(health.address)
  let bdb: BatchDatabase | null = null
  try {
    // A worker may be started before its database.
    for (let tries = 0; bdb === null && !stop.aborted; tries++) {
      try {
        bdb = await openServerDatabase(options.databaseUrl, options.keyFile, 4)
      } catch (e) {
        if (!(e instanceof Error) || !/ECONN|ETIMEDOUT|57P|ENOTFOUND|EAI_AGAIN|EHOST/.test(e.message)) throw e
        tell({ event: 'database-away', seconds: Math.round((tries * FIRST_TRY_MS) / 1000), full: false })
        await pause(FIRST_TRY_MS, stop)
      }
    }
    if (bdb === null) return
    const broken = new AbortController()
    stop.addEventListener('abort', () => broken.abort(), { once: true })
    // It may have come while the database was opened.
    if (stop.aborted) broken.abort()
    let fault: Error | null = null
    const pool = reviewerPool({ cache: options.cache, tables: options.tables, version, processes: options.processes, memory: options.memory, patience: options.patience }, (e) => {
      fault = e
      broken.abort()
    })
    seen.watch(pool)
    try {
      await work({ bdb, pool, files: recordFiles(process.env), version, slots: options.processes, only: null, stop: broken.signal, halt, tell })
    } finally {
      pool.close()
    }
    if (fault !== null) throw batchFault(`No reviewer can be started (${(fault as Error).message}); check --memory and the memory of this machine.`)
  } finally {
    await bdb?.close().catch(() => undefined)
    await health?.close()
  }
}
