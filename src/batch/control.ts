// Pause, resume, retry, cancel, results. May not: review a claim.
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { plural } from '../report/plain.ts'
import { LOCAL, keptArguments, openBatchFolder, workingThere } from './batch-folder.ts'
import { openBatchDatabase, type BatchDatabase } from './database.ts'
import { batchFault } from './fault.ts'
import { batchesOf, progressOf, requeue, setState, type Batch } from './queue.ts'
import { openServerDatabase } from './run-batch.ts'
import { keysFrom } from '../store/seal.ts'
import { randomBytes } from 'node:crypto'
import { writeResults } from './write-results.ts'

export type Control = 'pause' | 'resume' | 'retry' | 'cancel' | 'results'

const WAIT_MS = 200
const LONGEST_MS = 120_000

/** `goOn`: the batch is to be run from here. */
export async function controlHere(control: Control, out: string): Promise<{ readonly said: string; readonly goOn: boolean }> {
  const pid = await workingThere(out)
  if (control === 'pause' || control === 'cancel') {
    if (pid !== null) await stopped(pid, out)
    else if (control === 'pause') return { said: `Nothing is at work on ${out}.\n`, goOn: false }
  } else if (pid !== null) throw batchFault(`${out}: process ${pid} is at work there; wait for it, or pause it first.`)
  if (control === 'pause') return { said: `Paused. vouch batch resume --out ${out} goes on.\n`, goOn: false }
  if (control === 'resume') return { said: '', goOn: true }
  const { keyFile } = await keptArguments(out)
  const folder = await openBatchFolder(out, keyFile)
  try {
    const bdb = await openBatchDatabase({ folder: folder.path }, folder.keys)
    try {
      const batch = (await batchesOf(bdb, { id: LOCAL }))[0]
      if (batch === undefined) throw batchFault(`${out}: no batch was begun there.`)
      if (control === 'retry') {
        const n = await requeue(bdb, batch, ['failed', 'aside'])
        return { said: `${plural(n, 'claim')} to be reviewed again.\n`, goOn: n > 0 }
      }
      return { said: control === 'cancel' ? await cancel(bdb, batch) : await results(bdb, batch, out), goOn: false }
    } finally {
      await bdb.close()
    }
  } finally {
    await folder.release()
  }
}

async function stopped(pid: number, out: string): Promise<void> {
  process.kill(pid, 'SIGTERM')
  for (let waited = 0; waited < LONGEST_MS; waited += WAIT_MS) {
    await new Promise((done) => setTimeout(done, WAIT_MS))
    if ((await workingThere(out)) !== pid) return
  }
  throw batchFault(`${out}: process ${pid} does not stop; it may be waiting for a disk. Nothing is lost if it is killed.`)
}

async function cancel(bdb: BatchDatabase, batch: Batch): Promise<string> {
  const done = await setState(bdb, batch.id, ['running', 'paused'], 'cancelled')
  const p = await progressOf(bdb, batch.id)
  return done ? `Cancelled with ${p.done + p.failed + p.aside} of ${p.claims} claims reviewed; vouch batch results writes them.\n` : `The batch is ${batch.state}.\n`
}

async function results(bdb: BatchDatabase, batch: Batch, out: string): Promise<string> {
  await mkdir(out, { recursive: true })
  const summary = await writeResults(bdb, batch.id, resolve(out))
  return `${summary.claims} of ${plural(batch.claims, 'claim')} written to ${resolve(out)}/results.ndjson${summary.claims < batch.claims ? '; the others have no result yet' : ''}.\n`
}

export async function controlQueued(control: Control, databaseUrl: string, id: string | null, out: string | null, keyFile: string | null): Promise<string> {
  if (id === null) throw batchFault(`Say which batch: vouch batch ${control} BATCH; vouch batch status lists them.`)
  const sealed = control === 'results' || control === 'retry'
  const bdb = sealed || keyFile !== null ? await openServerDatabase(databaseUrl, keyFile, 2) : await openBatchDatabase({ url: databaseUrl }, keysFrom(randomBytes(32)), 2).catch((e: unknown) => {
    throw batchFault(`PostgreSQL at DATABASE_URL cannot be used (${e instanceof Error && 'code' in e ? String(e.code) : 'unknown fault'}).`)
  })
  try {
    const batch = (await batchesOf(bdb, { id }))[0]
    if (batch === undefined) throw batchFault(`There is no batch ${id} in the queue; see vouch batch status.`)
    if (sealed && (await batchesOf(bdb, { id, key: bdb.keyMark })).length === 0) throw batchFault(`Batch ${id} was begun with another key; give the same --key-file.`)
    switch (control) {
      case 'pause': return (await setState(bdb, id, ['running'], 'paused')) ? `Batch ${id} is paused; claims being reviewed are finished.\n` : `Batch ${id} is ${batch.state}.\n`
      case 'resume': return (await setState(bdb, id, ['paused', 'cancelled'], 'running')) ? `Batch ${id} goes on.\n` : `Batch ${id} is ${batch.state}.\n`
      case 'cancel': return await cancel(bdb, batch)
      case 'retry': return `${plural(await requeue(bdb, batch, ['failed', 'aside']), 'claim')} of batch ${id} in the queue again.\n`
      case 'results':
        if (out === null) throw batchFault('Say with --out where the results go.')
        return await results(bdb, batch, out)
    }
  } finally {
    await bdb.close()
  }
}
