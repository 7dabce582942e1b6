// The results of a batch → files of a folder, each whole or not at all. May not: hold more than a piece of the results; change one.
import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { BatchDatabase } from './database.ts'
import { batchFault, codeOf } from './fault.ts'
import { openClaim, openResult } from './queue.ts'
import { resultText, type BatchResult, type ResultCore } from './result.ts'
import { summarizer, summaryText, type Summary } from './summary.ts'

const PIECE = 500

/** In claim order; claims without a result yet are passed over. */
export async function* resultsOf(bdb: BatchDatabase, batch: string): AsyncGenerator<{ readonly text: string; readonly result: BatchResult }> {
  for (let after = 0; ; ) {
    const rows = await bdb.db.selectFrom('batch_claims').select(['number', 'sealed', 'sealed_result']).where('batch_id', '=', batch).where('number', '>', after).orderBy('number').limit(PIECE).execute()
    const last = rows[rows.length - 1]
    if (last === undefined) return
    after = last.number
    for (const row of rows) {
      if (row.sealed_result === null) continue
      const { source, claim } = openClaim(bdb, batch, row.sealed)
      const member = claim?.patient.memberId ?? null
      const text = resultText(row.number, source, member === null ? null : bdb.mark(`member ${member}`).slice(0, 16), JSON.parse(openResult(bdb, batch, row.number, row.sealed_result)) as ResultCore)
      yield { text, result: JSON.parse(text) as BatchResult }
    }
  }
}

const cannot = (path: string, e: unknown): Error =>
  batchFault(`${path}: cannot be written (${codeOf(e)})${codeOf(e) === 'ENOSPC' ? '; the disk is full: make room and start again' : '; choose a folder that exists and may be written to'}. No result is lost.`)

/** results.ndjson, summary.json and summary.txt. @throws the operator's fault where the folder takes none */
export async function writeResults(bdb: BatchDatabase, batch: string, folder: string): Promise<Summary> {
  const sum = summarizer()
  await whole(join(folder, 'results.ndjson'), async (file) => {
    let held = ''
    for await (const { text, result } of resultsOf(bdb, batch)) {
      sum.add(result)
      held += text
      if (held.length < 1 << 20) continue
      await file.write(held)
      held = ''
    }
    await file.write(held)
  })
  const summary = sum.told()
  await whole(join(folder, 'summary.json'), (file) => file.writeFile(`${JSON.stringify({ schema: 'vouch/batch-summary@1', ...summary }, null, 2)}\n`))
  await whole(join(folder, 'summary.txt'), (file) => file.writeFile(summaryText(summary)))
  return summary
}

/** Written beside its place, on disk, and moved there. */
export async function whole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const beside = `${path}.part`
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (e) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw e instanceof Error && 'syscall' in e ? cannot(path, e) : e
  }
}

/** A small file that others watch; a fault of it is no fault of the batch. */
export async function tellFile(path: string, content: string): Promise<void> {
  try {
    await writeFile(`${path}.part`, content, { mode: 0o600 })
    await rename(`${path}.part`, path)
  } catch {
    await rm(`${path}.part`, { force: true }).catch(() => undefined)
  }
}
