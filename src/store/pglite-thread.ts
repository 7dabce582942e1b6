// Thread of the embedded database: SQL in, rows out. May not: be opened by two processes at once (its parent holds the lock).
import { PGlite, type Results } from '@electric-sql/pglite'
import { parentPort, workerData } from 'node:worker_threads'

export interface Ask { readonly id: number; readonly sql: string; readonly params: readonly unknown[] }
export type Answer =
  | { readonly id: number; readonly rows: readonly Record<string, unknown>[]; readonly affected: number }
  | { readonly id: number; readonly fault: string; readonly code: string | undefined }

const port = parentPort
if (port === null) throw new Error('only as a thread')
const database = await PGlite.create((workerData as { folder: string }).folder)
port.postMessage('open')

port.on('message', (ask: Ask | 'close') => {
  if (ask === 'close') {
    void database.close().finally(() => port.postMessage('closed'))
    return
  }
  run(ask).then(
    ({ rows, affectedRows }) => port.postMessage({ id: ask.id, rows, affected: affectedRows ?? 0 } satisfies Answer),
    (e: Error & { code?: string }) => port.postMessage({ id: ask.id, fault: e.message, code: e.code } satisfies Answer),
  )
})

/** Without parameters it may be several statements, as over the simple protocol of a server; the answer is that of the last. */
async function run({ sql, params }: Ask): Promise<Results<Record<string, unknown>>> {
  if (params.length > 0) return database.query<Record<string, unknown>>(sql, [...params])
  const all = await database.exec(sql)
  return (all[all.length - 1] as Results<Record<string, unknown>> | undefined) ?? { rows: [], fields: [] }
}
