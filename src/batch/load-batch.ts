// A source of claims → the batch in the database: what is new or has changed waits, what has its result keeps it. May not: read a record; decide anything of a claim but that it cannot be read.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { BatchDatabase } from './database.ts'
import { batchFault } from './fault.ts'
import { entriesOf, type Entry, type Source } from './entries.ts'
import { ensureQueue, mendQueue, openResult, queueOf, sealClaim, sealResult, sealSettings, tally, type BatchSettings } from './queue.ts'
import type { RecordFiles } from './record-files.ts'
import { withoutAnswer, type ResultCore } from './result.ts'
import { noMade } from './review-task.ts'
import { versionWords, type Version } from './version.ts'

export interface LoadOptions {
  readonly id: string
  readonly name: string
  readonly source: Source
  readonly settings: BatchSettings
  readonly version: Version
  readonly ocr: string
  readonly lostAfter: number
  readonly heard: (claims: number) => void
  /** Ends the loading between two pieces; what is in stays in. */
  readonly until: AbortSignal
}

export interface Loaded {
  readonly claims: number
  /** Claims that wait for a review they did not wait for before. */
  readonly queued: number
  /** Said where results of another version are made again. */
  readonly said: string | null
}

const PIECE = 200
const LOADER = 'load'

export async function loadBatch(bdb: BatchDatabase, files: RecordFiles, options: LoadOptions): Promise<Loaded> {
  const { id, version, settings, ocr } = options
  const before = await bdb.db.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst()
  if (before !== undefined && before.key_mark !== bdb.keyMark) throw batchFault('This batch was begun with another key; give the same --key-file.')
  const was = before === undefined ? null : { engine: before.engine, program: before.program, dictionaries: before.dictionaries }
  const other = was !== null && (was.engine !== version.engine || was.program !== version.program || was.dictionaries !== version.dictionaries)
  const made = { engine: version.engine, program: version.program, dictionaries: version.dictionaries, ocr }
  const fields = { ...made, name: options.name, state: 'running' as const, loaded: false, sealed_settings: sealSettings(bdb, id, settings), key_mark: bdb.keyMark, lost_after: options.lostAfter }
  await bdb.db.insertInto('batches').values({ id, claims: 0, ...fields }).onConflict((c) => c.column('id').doUpdateSet({ ...fields, finished_at: null })).execute()
  await ensureQueue(bdb, id, options.lostAfter)

  const context = JSON.stringify([version.program, version.dictionaries, ocr, settings.passwords, settings.fees, settings.reports])
  let number = 0
  let queued = 0
  let piece: { readonly number: number; readonly entry: Entry; readonly input: string }[] = []
  const put = async (): Promise<void> => {
    queued += await putPiece(bdb, id, piece, version)
    await bdb.db.updateTable('batches').set((e) => ({ claims: e.fn<number>('greatest', ['claims', sql.lit(number)]) })).where('id', '=', id).execute()
    piece = []
    options.heard(number)
  }
  for await (const entry of entriesOf(options.source, files)) {
    number++
    const input = createHash('sha256').update(JSON.stringify([context, entry.source, entry.claimId, entry.claim, entry.fault, entry.records.map((r) => [r.name, r.at, r.mark])])).digest('hex')
    piece.push({ number, entry, input })
    if (piece.length >= PIECE) await put()
    if (options.until.aborted) return { claims: number, queued, said: null }
  }
  await put()
  await endLoading(bdb, id, number)
  return { claims: number, queued, said: other && was !== null ? `The batch was begun by ${versionWords(was)} and is reviewed again by ${versionWords(version)}.` : null }
}

async function endLoading(bdb: BatchDatabase, id: string, claims: number): Promise<void> {
  for (;;) {
    // Claims that are no longer in the source.
    const gone = await bdb.db.selectFrom('batch_claims').select(['number', 'status', 'sealed_result']).where('batch_id', '=', id).where('number', '>', claims).orderBy('number').limit(PIECE).execute()
    if (gone.length === 0) break
    await bdb.db.transaction().execute(async (tx) => {
      await tally(tx, id, LOADER, gone.flatMap((r) => countsOf(bdb, id, r)), -1)
      await tx.deleteFrom('batch_claims').where('batch_id', '=', id).where('number', 'in', gone.map((r) => r.number)).execute()
    })
  }
  await mendQueue(bdb, id)
  await bdb.db.updateTable('batches').set({ loaded: true, claims }).where('id', '=', id).execute()
}

const countsOf = (bdb: BatchDatabase, batch: string, row: { readonly number: number; readonly status: string; readonly sealed_result: string | null }): Parameters<typeof tally>[3][number][] => {
  if (row.sealed_result === null || row.status === 'queued') return []
  const core = JSON.parse(openResult(bdb, batch, row.number, row.sealed_result)) as ResultCore
  return [{ status: core.status, doubtful: core.doubtful, pages: core.pages.all, read: 0, reused: 0, answered: false }]
}

/** Resolves to how many of them wait now and did not before. */
async function putPiece(bdb: BatchDatabase, id: string, piece: readonly { readonly number: number; readonly entry: Entry; readonly input: string }[], version: Version): Promise<number> {
  if (piece.length === 0) return 0
  return bdb.db.transaction().execute(async (tx) => {
    const known = new Map((await tx.selectFrom('batch_claims').select(['number', 'input', 'status', 'sealed_result']).where('batch_id', '=', id).where('number', 'in', piece.map((p) => p.number)).forUpdate().execute()).map((r) => [r.number, r]))
    const fresh = piece.filter((p) => known.get(p.number)?.input !== p.input)
    if (fresh.length === 0) return 0
    await tally(tx, id, LOADER, fresh.flatMap((p) => {
      const row = known.get(p.number)
      return row === undefined ? [] : countsOf(bdb, id, row)
    }), -1)
    const rows = fresh.map(({ number, input, entry }) => {
      const { source, claimId, claim, records, fault } = entry
      const result = fault === null ? null : withoutAnswer(claim, claimId, 'failed', fault, noMade(version))
      return {
        batch_id: id, number, input, sealed: sealClaim(bdb, id, { source, claimId, claim, records }), status: result === null ? 'queued' as const : 'failed' as const,
        sealed_result: result === null ? null : sealResult(bdb, id, number, JSON.stringify(result)), engine: result === null ? null : version.engine, failures: 0, returned: 0,
      }
    })
    await tx.insertInto('batch_claims').values(rows).onConflict((c) => c.columns(['batch_id', 'number']).doUpdateSet((e) => ({
      input: e.ref('excluded.input'), sealed: e.ref('excluded.sealed'), status: e.ref('excluded.status'), sealed_result: e.ref('excluded.sealed_result'), engine: e.ref('excluded.engine'), failures: 0, returned: 0,
    }))).execute()
    await tally(tx, id, LOADER, rows.filter((r) => r.status === 'failed').map(() => ({ status: 'failed' as const, doubtful: true, pages: 0, read: 0, reused: 0, answered: false })))
    const jobs = rows.filter((r) => r.status === 'queued').map((r) => ({ name: queueOf(id), data: { n: r.number } }))
    if (jobs.length > 0) await bdb.boss.insert(jobs, { db: bdb.within(tx) })
    return jobs.length
  })
}

