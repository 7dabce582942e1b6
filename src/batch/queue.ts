// What is to be done, who does it, and what came of it: each change one transaction with the queue. May not: review a claim; keep anything in memory.
import { sql } from 'kysely'
import type { BatchDatabase, BatchState, BatchTables, BatchTx, ClaimStatus } from './database.ts'
import { QUEUE_SCHEMA } from './database.ts'
import type { ClaimReason } from './fault.ts'
import type { Claim } from '../claim/claim.ts'
import type { RecordRef } from './record-files.ts'
import type { ReviewSettings } from './review-task.ts'
import type { Version } from './version.ts'

/** What is kept sealed of a batch. */
export interface BatchSettings extends ReviewSettings {
  /** The place below which the records lie: asked where they do not come. */
  readonly base: string
}

export interface Batch {
  readonly id: string
  readonly name: string
  readonly state: BatchState
  readonly loaded: boolean
  readonly claims: number
  readonly made: Pick<Version, 'engine' | 'program' | 'dictionaries'> & { readonly ocr: string }
  readonly lostAfter: number
  readonly createdAt: Date
}

/** What is kept sealed of a claim. */
export interface QueuedClaim {
  readonly source: string
  readonly claimId: string | null
  readonly claim: Claim | null
  readonly records: readonly RecordRef[]
}

export interface Taken {
  readonly job: string
  readonly number: number
  readonly input: string
  readonly claim: QueuedClaim
}

export interface Finished {
  readonly job: string
  readonly number: number
  readonly input: string
  readonly status: Exclude<ClaimStatus, 'queued'>
  /** A `ResultCore` as JSON. */
  readonly result: string
  readonly doubtful: boolean
  readonly pages: number
  readonly read: number
  readonly reused: number
  readonly answered: boolean
}

/** Of the claim itself. */
export const MOST_FAILURES = 3
/** Workers lost with the claim in hand, whatever they died of: the claim lost first is also taken first by the next to die. */
export const MOST_LOSSES = 25

export const queueOf = (batch: string): string => `claims-${batch}`
const claimContext = (batch: string): string => `batch-claim:${batch}`
const resultContext = (batch: string, number: number): string => `batch-result:${batch}:${number}`
export const sealClaim = (bdb: BatchDatabase, batch: string, claim: QueuedClaim): string => bdb.seal(JSON.stringify(claim), claimContext(batch))
export const openClaim = (bdb: BatchDatabase, batch: string, sealed: string): QueuedClaim => JSON.parse(bdb.open(sealed, claimContext(batch))) as QueuedClaim
export const sealResult = (bdb: BatchDatabase, batch: string, number: number, result: string): string => bdb.seal(result, resultContext(batch, number))
export const openResult = (bdb: BatchDatabase, batch: string, number: number, sealed: string): string => bdb.open(sealed, resultContext(batch, number))
export const settingsOf = async (bdb: BatchDatabase, batch: string): Promise<BatchSettings> =>
  JSON.parse(bdb.open((await bdb.db.selectFrom('batches').select('sealed_settings').where('id', '=', batch).executeTakeFirstOrThrow()).sealed_settings, `batch-settings:${batch}`)) as BatchSettings
export const sealSettings = (bdb: BatchDatabase, batch: string, settings: BatchSettings): string => bdb.seal(JSON.stringify(settings), `batch-settings:${batch}`)

const batchOf = (b: { readonly [K in Exclude<keyof BatchTables['batches'], 'sealed_settings' | 'created_at' | 'finished_at'>]: BatchTables['batches'][K] } & { readonly created_at: Date }): Batch => ({
  id: b.id, name: b.name, state: b.state, loaded: b.loaded, claims: b.claims, made: { engine: b.engine, program: b.program, dictionaries: b.dictionaries, ocr: b.ocr }, lostAfter: b.lost_after, createdAt: b.created_at,
})

export async function batchesOf(bdb: BatchDatabase, where: { readonly state?: BatchState; readonly id?: string; readonly key?: string } = {}): Promise<Batch[]> {
  let query = bdb.db.selectFrom('batches').selectAll().orderBy('created_at').orderBy('id')
  if (where.state !== undefined) query = query.where('state', '=', where.state)
  if (where.id !== undefined) query = query.where('id', '=', where.id)
  if (where.key !== undefined) query = query.where('key_mark', '=', where.key)
  return (await query.execute()).map(batchOf)
}

/** The queue of a batch, and the index by which pg-boss' order of fetching is found without sorting what waits. */
export async function ensureQueue(bdb: BatchDatabase, batch: string, lostAfter: number): Promise<void> {
  const name = queueOf(batch)
  // Failures are counted beside the claim: the queue itself gives up on nothing.
  await bdb.boss.createQueue(name, { name, retryLimit: 1_000_000, expireInSeconds: lostAfter, retentionDays: 3650 })
  const { rows } = await sql<{ partition_name: string }>`select partition_name from ${sql.id(QUEUE_SCHEMA, 'queue')} where name = ${name}`.execute(bdb.db)
  const partition = rows[0]?.partition_name
  if (partition !== undefined) await sql`create index if not exists ${sql.id(`${partition.slice(0, 40)}_order`)} on ${sql.id(QUEUE_SCHEMA, partition)} (priority desc, created_on, id) where state < 'active'`.execute(bdb.db)
}

/** Claims for this worker, at most `most`; rejects where the database does not answer. */
export async function take(bdb: BatchDatabase, batch: string, most: number): Promise<{ readonly taken: readonly Taken[]; readonly lost: readonly Taken[] }> {
  const queue = queueOf(batch)
  const own = bdb.within(bdb.db as unknown as BatchTx)
  let fault: unknown = null
  const jobs = await bdb.boss.fetch<{ n: number }>(queue, {
    // A clock set back must not hold claims up.
    batchSize: most, includeMetadata: true, ignoreStartAfter: true,
    // pg-boss keeps faults of a fetch to itself.
    db: { executeSql: (text, values) => own.executeSql(text, values as unknown[]).catch((e: unknown) => { fault = e; throw e }) },
  })
  if (fault !== null) throw fault
  if (jobs.length === 0) return { taken: [], lost: [] }
  const rows = new Map((await bdb.db.selectFrom('batch_claims').select(['number', 'input', 'sealed', 'status', 'failures', 'returned']).where('batch_id', '=', batch).where('number', 'in', jobs.map((j) => j.data.n)).execute()).map((r) => [r.number, r]))
  const over: string[] = []
  const taken: Taken[] = []
  const lost: Taken[] = []
  for (const job of jobs) {
    const row = rows.get(job.data.n)
    if (row === undefined || row.status !== 'queued') {
      over.push(job.id)
      continue
    }
    const claim: Taken = { job: job.id, number: row.number, input: row.input, claim: openClaim(bdb, batch, row.sealed) }
    if (job.retryCount - row.failures - row.returned >= MOST_LOSSES) lost.push(claim)
    else taken.push(claim)
  }
  // Left behind by a worker whose result came after it was thought lost.
  if (over.length > 0) await bdb.jobs.complete(queue, over)
  return { taken, lost }
}

/** Results and the end of their jobs, whole or not at all; a claim that has its result already keeps it. */
export async function finish(bdb: BatchDatabase, batch: string, worker: string, engine: string, items: readonly Finished[]): Promise<void> {
  if (items.length === 0) return
  await bdb.db.transaction().execute((tx) => finishIn(bdb, tx, batch, worker, engine, items))
}

async function finishIn(bdb: BatchDatabase, tx: BatchTx, batch: string, worker: string, engine: string, items: readonly Finished[]): Promise<void> {
  const rows = JSON.stringify(items.map((i) => ({ n: i.number, input: i.input, status: i.status, result: sealResult(bdb, batch, i.number, i.result) })))
  const written = new Set((await sql<{ number: number }>`
    update batch_claims c set status = v.status, sealed_result = v.result, engine = ${engine}
    from json_to_recordset(${rows}::json) as v (n integer, input text, status text, result text)
    where c.batch_id = ${batch} and c.number = v.n and c.input = v.input and c.status = 'queued' returning c.number`.execute(tx)).rows.map((r) => r.number))
  await tally(tx, batch, worker, items.filter((i) => written.has(i.number)))
  const jobs = items.map((i) => i.job).filter((j) => j !== '')
  if (jobs.length > 0) await bdb.jobs.complete(queueOf(batch), jobs, tx)
}

type Counts = Pick<Finished, 'status' | 'doubtful' | 'pages' | 'read' | 'reused' | 'answered'>

/** `sign` -1 takes away what was counted before. */
export async function tally(tx: BatchTx, batch: string, worker: string, items: readonly Counts[], sign: 1 | -1 = 1): Promise<void> {
  if (items.length === 0) return
  const sum = (of: (i: Counts) => number): number => sign * items.reduce((n, i) => n + of(i), 0)
  const [done, failed, aside] = [sum((i) => Number(i.status === 'done')), sum((i) => Number(i.status === 'failed')), sum((i) => Number(i.status === 'aside'))]
  const [doubtful, pages, read, reused, answered] = [sum((i) => Number(i.doubtful)), sum((i) => i.pages), sum((i) => i.read), sum((i) => i.reused), sum((i) => Number(i.answered))]
  await sql`insert into batch_tallies as t (batch_id, worker, done, failed, aside, doubtful, pages, read, reused, answered)
    values (${batch}, ${worker}, ${done}, ${failed}, ${aside}, ${doubtful}, ${pages}, ${read}, ${reused}, ${answered})
    on conflict (batch_id, worker) do update set done = t.done + excluded.done, failed = t.failed + excluded.failed, aside = t.aside + excluded.aside, doubtful = t.doubtful + excluded.doubtful,
      pages = t.pages + excluded.pages, read = t.read + excluded.read, reused = t.reused + excluded.reused, answered = t.answered + excluded.answered`.execute(tx)
}

/** A failure of the claim. The third puts it aside with `asideResult`. Resolves to whether it was put aside. */
export async function failOnce(bdb: BatchDatabase, batch: string, worker: string, engine: string, claim: Taken, reason: ClaimReason, asideResult: string): Promise<boolean> {
  return bdb.db.transaction().execute(async (tx) => {
    const row = await tx.updateTable('batch_claims').set((e) => ({ failures: e('failures', '+', 1) })).where('batch_id', '=', batch).where('number', '=', claim.number).where('input', '=', claim.input).where('status', '=', 'queued')
      .returning('failures').executeTakeFirst()
    if (row !== undefined && row.failures >= MOST_FAILURES) {
      await finishIn(bdb, tx, batch, worker, engine, [{ job: claim.job, number: claim.number, input: claim.input, status: 'aside', result: asideResult, doubtful: true, pages: 0, read: 0, reused: 0, answered: false }])
      return true
    }
    await bdb.jobs.fail(queueOf(batch), [claim.job], reason.id, tx)
    return false
  })
}

/** Back into the queue through no fault of the claims. */
export async function giveBack(bdb: BatchDatabase, batch: string, claims: readonly Pick<Taken, 'job' | 'number'>[]): Promise<void> {
  if (claims.length === 0) return
  await bdb.db.transaction().execute(async (tx) => {
    await tx.updateTable('batch_claims').set((e) => ({ returned: e('returned', '+', 1) })).where('batch_id', '=', batch).where('number', 'in', claims.map((c) => c.number)).execute()
    await bdb.jobs.fail(queueOf(batch), claims.map((c) => c.job), 'returned', tx)
  })
}

export interface WorkerSelf {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly version: Version
  readonly slots: number
}

/** A sign of life, of the worker and for the claims it holds: their time begins anew, by the clock of the database. */
export async function beat(bdb: BatchDatabase, self: WorkerSelf, held: ReadonlyMap<string, readonly string[]>, stopping: boolean): Promise<void> {
  const { id, host, pid, version, slots } = self
  await sql`insert into batch_workers (id, host, pid, engine, program, dictionaries, slots, stopping, seen_at)
    values (${id}, ${host}, ${pid}, ${version.engine}, ${version.program}, ${version.dictionaries}, ${slots}, ${stopping}, now())
    on conflict (id) do update set seen_at = now(), stopping = excluded.stopping`.execute(bdb.db)
  for (const [batch, jobs] of held) {
    if (jobs.length > 0) await sql`update ${sql.id(QUEUE_SCHEMA, 'job')} set started_on = now() where name = ${queueOf(batch)} and id = any(${jobs as string[]}::uuid[]) and state = 'active'`.execute(bdb.db)
  }
}

/** Claims whose workers gave no sign of life go back into the queue; workers long gone are forgotten. */
export async function sweep(bdb: BatchDatabase): Promise<void> {
  await bdb.boss.expire()
  await bdb.db.deleteFrom('batch_workers').where('seen_at', '<', sql<Date>`now() - interval '1 hour'`).execute()
}

/** On the embedded database, where nobody else can hold a claim. */
export async function freeAll(bdb: BatchDatabase, batch: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`select id from ${sql.id(QUEUE_SCHEMA, 'job')} where name = ${queueOf(batch)} and state = 'active'`.execute(bdb.db)
  if (rows.length > 0) await bdb.jobs.fail(queueOf(batch), rows.map((r) => r.id), 'restarted')
  return rows.length
}

export interface Progress {
  readonly claims: number
  readonly done: number
  readonly failed: number
  readonly aside: number
  readonly doubtful: number
  readonly pages: number
  readonly read: number
  readonly reused: number
  readonly answered: number
}

export async function progressOf(bdb: BatchDatabase, batch: string): Promise<Progress & { readonly state: BatchState; readonly loaded: boolean }> {
  const { rows } = await sql<Record<Exclude<keyof Progress, never>, string | number> & { state: BatchState; loaded: boolean }>`
    select b.state, b.loaded, b.claims, coalesce(sum(t.done), 0) as done, coalesce(sum(t.failed), 0) as failed, coalesce(sum(t.aside), 0) as aside, coalesce(sum(t.doubtful), 0) as doubtful, coalesce(sum(t.pages), 0) as pages,
      coalesce(sum(t.read), 0) as read, coalesce(sum(t.reused), 0) as reused, coalesce(sum(t.answered), 0) as answered
    from batches b left join batch_tallies t on t.batch_id = b.id where b.id = ${batch} group by b.id`.execute(bdb.db)
  const [row] = rows
  if (row === undefined) throw new Error('no such batch')
  const { state, loaded, ...counts } = row
  const numbers = Object.fromEntries(Object.entries(counts).map(([k, v]) => [k, Number(v)])) as unknown as Progress
  return { ...numbers, state, loaded }
}

export const anyQueued = async (bdb: BatchDatabase, batch: string): Promise<boolean> =>
  (await bdb.db.selectFrom('batch_claims').select('number').where('batch_id', '=', batch).where('status', '=', 'queued').limit(1).executeTakeFirst()) !== undefined

/** Ends a batch of which every claim has its result; its queue goes with it. True where it ended now. */
export async function endIfDone(bdb: BatchDatabase, batch: string): Promise<boolean> {
  if (await anyQueued(bdb, batch)) return false
  return bdb.db.transaction().execute(async (tx) => {
    const ended = await tx.updateTable('batches').set({ state: 'finished', finished_at: sql<Date>`now()` }).where('id', '=', batch).where('state', '=', 'running').where('loaded', '=', true)
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('batch_claims').select('number').whereRef('batch_claims.batch_id', '=', 'batches.id').where('status', '=', 'queued')))).executeTakeFirst()
    if (Number(ended.numUpdatedRows) === 0) return false
    // As pg-boss deletes a queue, once it is empty; within this transaction: nobody can add to it in between.
    const { rows } = await sql<{ partition_name: string }>`select partition_name from ${sql.id(QUEUE_SCHEMA, 'queue')} where name = ${queueOf(batch)}`.execute(tx)
    for (const row of rows) await sql`truncate ${sql.id(QUEUE_SCHEMA, row.partition_name)}`.execute(tx)
    await sql`select ${sql.id(QUEUE_SCHEMA, 'delete_queue')}(name) from ${sql.id(QUEUE_SCHEMA, 'queue')} where name = ${queueOf(batch)}`.execute(tx)
    return true
  })
}

/** Claims that wait and of which the queue knows nothing (a database restored in parts) are put into it. */
export async function mendQueue(bdb: BatchDatabase, batch: string): Promise<number> {
  const queue = queueOf(batch)
  const { rows } = await sql<{ number: number }>`select c.number from batch_claims c where c.batch_id = ${batch} and c.status = 'queued'
    and not exists (select 1 from ${sql.id(QUEUE_SCHEMA, 'job')} j where j.name = ${queue} and j.state < 'completed' and (j.data->>'n')::integer = c.number) order by c.number`.execute(bdb.db)
  for (let i = 0; i < rows.length; i += 500) await bdb.boss.insert(rows.slice(i, i + 500).map((r) => ({ name: queue, data: { n: r.number } })))
  return rows.length
}

export const setState = async (bdb: BatchDatabase, batch: string, from: readonly BatchState[], to: BatchState): Promise<boolean> =>
  Number((await bdb.db.updateTable('batches').set({ state: to }).where('id', '=', batch).where('state', 'in', [...from]).executeTakeFirst()).numUpdatedRows) > 0

/** Claims with `statuses` wait again, from the start. Resolves to how many. */
export async function requeue(bdb: BatchDatabase, batch: Batch, statuses: readonly ('failed' | 'aside')[]): Promise<number> {
  await ensureQueue(bdb, batch.id, batch.lostAfter)
  return bdb.db.transaction().execute(async (tx) => {
    const rows = await tx.selectFrom('batch_claims').select(['number', 'status', 'sealed']).where('batch_id', '=', batch.id).where('status', 'in', [...statuses]).forUpdate().execute()
    // What could not be read as a claim cannot be reviewed; a new run of the source looks at it again.
    const again = rows.filter((r) => openClaim(bdb, batch.id, r.sealed).claim !== null)
    for (let i = 0; i < again.length; i += 500) {
      const part = again.slice(i, i + 500)
      await tx.updateTable('batch_claims').set({ status: 'queued', failures: 0, returned: 0, sealed_result: null }).where('batch_id', '=', batch.id).where('number', 'in', part.map((r) => r.number)).execute()
      await bdb.boss.insert(part.map((r) => ({ name: queueOf(batch.id), data: { n: r.number } })), { db: bdb.within(tx) })
    }
    await tally(tx, batch.id, 'again', again.map((r) => ({ status: r.status as 'failed' | 'aside', doubtful: true, pages: 0, read: 0, reused: 0, answered: false })), -1)
    if (again.length > 0) await tx.updateTable('batches').set({ state: 'running', finished_at: null }).where('id', '=', batch.id).execute()
    return again.length
  })
}
