// Claims of a finished batch → cases of a workspace, with their answers, what was read and their records; nothing is computed that was kept. May not: change a case that people have decided; answer HTTP; put patient text into a column in clear.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BatchDatabase } from '../batch/database.ts'
import { batchFault, isRecordsFault } from '../batch/fault.ts'
import { batchesOf, openClaim, openResult, settingsOf as settingsOfBatch, type Batch, type QueuedClaim } from '../batch/queue.ts'
import type { RecordFiles, RecordRef } from '../batch/record-files.ts'
import type { ResultCore } from '../batch/result.ts'
import type { Whole } from '../batch/review-task.ts'
import type { ReviewerPool } from '../batch/reviewer-pool.ts'
import { ocrName, versionWords, type OcrChoice, type Version } from '../batch/version.ts'
import type { Claim } from '../claim/claim.ts'
import { effectiveOf } from '../report/effective.ts'
import type { ReviewJson } from '../report/contract.ts'
import { openStore, type Store, type StoreOptions, type Tx } from '../store/open-store.ts'
import { DEFAULT_SETTINGS } from '../store/tables.ts'
import { addClaim, figuresOf, settingsOf } from './cases.ts'
import type { Who } from './context.ts'
import { decisionsOf } from './decisions.ts'
import { addRecord, plainName, recordsOf } from './records.ts'
import { reviewInput, type StoredReport, type Versions } from './runner.ts'

/** The workspace meant. */
export interface Workspace extends StoreOptions {
  /** Name of the organisation; null where there is only one. */
  readonly organisation: string | null
}

export interface HandOver {
  readonly store: Store
  readonly who: Who
  readonly bdb: BatchDatabase
  readonly batch: string
  readonly pool: ReviewerPool
  readonly version: Version
  readonly versions: Versions
  readonly files: RecordFiles
  readonly stop: AbortSignal
  readonly heard: (done: number, of: number) => void
}

export const OUTCOMES = ['new', 'renewed', 'known', 'decided', 'waits', 'without-answer', 'unreadable', 'same-id', 'gone'] as const
/**
 * `renewed`: the case has this answer now; `known`: it had it; `decided`: left as people decided it; `waits`: its records are not those of the batch, the workbench reviews it itself; `without-answer`: a case, but the batch has no answer;
 * `same-id`: another claim of the batch has its id; `gone`: its records no longer come.
 */
export type HandedOver = Readonly<Record<(typeof OUTCOMES)[number], number>> & { /** Answers that were not kept and were made again. */ readonly computed: number; readonly whole: boolean }

const LARGEST = 1 << 30
/** People have spoken: what they decided stays on what they saw. */
const SETTLED: ReadonlySet<string> = new Set(['approval', 'decided', 'closed'])
const PIECE = 500

/** Opens the workspace for a batch. @throws a fault the operator can mend */
export async function openWorkspace(at: Workspace): Promise<{ readonly store: Store; readonly who: Who }> {
  const folder = resolve(at.workspace)
  const unset = (): Error => batchFault(`${at.workspace}: the workspace is not set up; start vouch serve --workspace ${at.workspace} once and make the first account.`)
  if ((at.databaseUrl === undefined || at.databaseUrl === '') && !existsSync(join(folder, 'database'))) throw unset()
  const store = await openStore(at)
  try {
    const all = await store.db.selectFrom('organisations').select(['id', 'name', 'settings']).orderBy('name').execute()
    if (all.length === 0) throw unset()
    const named = at.organisation === null ? all : all.filter((o) => o.name === at.organisation)
    const [own] = named
    if (own === undefined) throw batchFault(`${at.workspace}: there is no organisation of that name; it has ${all.map((o) => o.name).join(', ')}.`)
    if (named.length > 1) throw batchFault(`${at.workspace}: has several organisations; say with --organisation whose cases they become (${all.map((o) => o.name).join(', ')}).`)
    return { store, who: { id: 'batch', name: 'batch', login: 'batch', role: 'lead', organisation: own.id, organisationName: own.name, settings: settingsOf(own.settings, DEFAULT_SETTINGS), csrf: null, session: null } }
  } catch (e) {
    await store.close()
    throw e
  }
}

interface Place { readonly number: number; readonly doubtful: boolean; readonly priority: number }

/** The doubtful first, of them those with most in doubt: cases are numbered in this order. */
async function placesOf(bdb: BatchDatabase, batch: string): Promise<Place[]> {
  const places: Place[] = []
  for (let after = 0; ; ) {
    const rows = await bdb.db.selectFrom('batch_claims').select(['number', 'sealed_result']).where('batch_id', '=', batch).where('number', '>', after).orderBy('number').limit(PIECE).execute()
    for (const row of rows) {
      if (row.sealed_result === null) continue
      const core = JSON.parse(openResult(bdb, batch, row.number, row.sealed_result)) as ResultCore
      places.push({ number: row.number, doubtful: core.doubtful, priority: core.priority })
    }
    const last = rows[rows.length - 1]
    if (last === undefined) break
    after = last.number
  }
  return places.sort((a, b) => Number(b.doubtful) - Number(a.doubtful) || b.priority - a.priority || a.number - b.number)
}

interface Given {
  readonly claim: QueuedClaim
  readonly core: ResultCore
  readonly records: readonly StoredRecord[]
  /** Null where there is none for these records. */
  readonly whole: Whole | null
  readonly outcome: 'take' | 'known' | 'unreadable' | 'same-id' | 'gone'
}

interface StoredRecord { readonly name: string; readonly hash: string; readonly bytes: Uint8Array }

/** Hands over every claim that has a result. Twice is as once. @throws a fault the operator can mend */
export async function handOver(given: HandOver): Promise<HandedOver> {
  const { store, who, bdb, batch, pool, version, stop } = given
  const own = (await batchesOf(bdb, { id: batch }))[0]
  if (own === undefined) throw batchFault('There is no such batch.')
  const settings = await settingsOfBatch(bdb, batch)
  mustBeOf(own, version, settings.ocr)
  const count = Object.fromEntries(OUTCOMES.map((o) => [o, 0])) as Record<(typeof OUTCOMES)[number], number>
  let computed = 0
  const places = await placesOf(bdb, batch)
  const seen = new Set<string>()
  const reader = settings.ocr === 'builtin' ? given.versions.reader : `${given.versions.reader} ${own.made.ocr}`

  async function prepare({ number }: Place): Promise<Given> {
    const row = await bdb.db.selectFrom('batch_claims').select(['sealed', 'sealed_result']).where('batch_id', '=', batch).where('number', '=', number).executeTakeFirstOrThrow()
    const claim = openClaim(bdb, batch, row.sealed)
    const core = JSON.parse(openResult(bdb, batch, number, row.sealed_result ?? '')) as ResultCore
    const none = { claim, core, records: [], whole: null }
    if (claim.claim === null) return { ...none, outcome: 'unreadable' }
    if (seen.has(claim.claim.claimId)) return { ...none, outcome: 'same-id' }
    seen.add(claim.claim.claimId)
    const records = await bytesOf(given.files, claim.records)
    if (core.status !== 'done') return { ...none, records: records ?? [], outcome: 'take' }
    if (records === null) return { ...none, outcome: 'gone' }
    if (await isKnown(given, claim.claim, records, core.made.dictionaries)) return { ...none, outcome: 'known' }
    const outcome = await pool.whole(batch, settings, { number, claim: claim.claim, records: claim.records })
    const fits = outcome.kind === 'whole' && outcome.whole.contentKey === core.contentKey && isOf(outcome.whole, claim.records, records)
    return { ...none, records, whole: fits ? outcome.whole : null, outcome: 'take' }
  }

  let done = 0
  const ahead: Promise<Given>[] = []
  let next = 0
  const fill = (): void => {
    while (ahead.length < Math.max(1, pool.pids().length) && next < places.length && !stop.aborted) {
      const place = prepare(places[next++] as Place)
      place.catch(() => undefined)
      ahead.push(place)
    }
  }
  for (fill(); ahead.length > 0; ) {
    const one = await (ahead.shift() as Promise<Given>)
    fill()
    if (one.outcome === 'take' && one.whole?.computed === true) computed++
    count[one.outcome === 'take' ? await put(store, who, own, one, given.versions, reader) : one.outcome]++
    given.heard(++done, places.length)
  }
  return { ...count, computed, whole: done === places.length }
}

/** Another version would give other answers: the batch is to be brought to this one first. */
function mustBeOf(batch: Batch, version: Version, ocr: string): void {
  const made = { ...version, ocr: ocrName(ocr as OcrChoice) }
  if (batch.made.program === made.program && batch.made.dictionaries === made.dictionaries && batch.made.ocr === made.ocr) return
  throw batchFault(`The batch was reviewed by ${versionWords(batch.made)}, OCR ${batch.made.ocr}, and this is ${versionWords(version)}, OCR ${made.ocr}; start vouch batch again with the same --tables and --ocr (what was read is kept), then hand it over.`)
}

/** Null where they do not come. Files too large for a workspace are left out. */
async function bytesOf(files: RecordFiles, refs: readonly RecordRef[]): Promise<StoredRecord[] | null> {
  try {
    const out: StoredRecord[] = []
    for (const ref of refs) {
      if (ref.bytes > LARGEST) continue
      const bytes = await files.read(ref)
      out.push({ name: plainName(ref.name), hash: createHash('sha256').update(bytes).digest('hex'), bytes })
    }
    return out
  } catch (e) {
    if (isRecordsFault(e)) return null
    throw e
  }
}

/** Whether the reviewer read the very bytes that are stored. */
const isOf = (whole: Whole, refs: readonly RecordRef[], records: readonly StoredRecord[]): boolean => {
  const hashes = new Map(records.map((r) => [r.name, r.hash]))
  return whole.records.every((r) => r.sha256 === null || hashes.get(plainName(r.name)) === r.sha256) && refs.every((r) => plainName(r.name) === r.name)
}

const claimHash = (claim: Claim): string => createHash('sha256').update(JSON.stringify(claim)).digest('hex')

async function isKnown({ store, who, versions }: HandOver, claim: Claim, records: readonly StoredRecord[], dictionaries: string): Promise<boolean> {
  const row = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').innerJoin('reviews', 'reviews.id', 'cases.review_id').select(['claims.hash', 'reviews.input'])
    .where('cases.organisation_id', '=', who.organisation).where('cases.claim_key', '=', claim.claimId).executeTakeFirst()
  const hash = claimHash(claim)
  return row?.hash === hash && row.input === reviewInput(hash, records, versions, dictionaries)
}

async function put(store: Store, who: Who, batch: Batch, { claim: { claim }, core, records, whole }: Given, versions: Versions, reader: string): Promise<(typeof OUTCOMES)[number]> {
  if (claim === null) return 'unreadable'
  const caseOf = (db: Store['db'] | Tx) => db.selectFrom('cases').select(['id', 'state']).where('organisation_id', '=', who.organisation).where('claim_key', '=', claim.claimId).executeTakeFirst()
  const before = await caseOf(store.db)
  if (before !== undefined && SETTLED.has(before.state)) return 'decided'
  const decisions = before === undefined ? [] : await decisionsOf(store, before.id)
  const report = whole === null ? null : (JSON.parse(whole.report) as ReviewJson)
  const files: { readonly name: string; readonly hash: string; readonly bytes: number; readonly blob: string }[] = []
  for (const { name, hash, bytes } of records) files.push({ name, hash, bytes: bytes.length, blob: (await store.blobs.put(who.organisation, one(bytes), LARGEST)).blob })
  const reads = new Map<string, { readonly blob: string; readonly pages: number }>()
  for (const r of whole?.records ?? []) reads.set(r.name, { blob: (await store.blobs.put(who.organisation, one(r.read), LARGEST)).blob, pages: r.pages })
  const stored = report === null || whole === null ? null : await store.blobs.put(who.organisation, one(Buffer.from(JSON.stringify({ report, layout: whole.layout.map((d) => [...d]) } satisfies StoredReport))), LARGEST)
  return store.change(async (tx, log): Promise<(typeof OUTCOMES)[number]> => {
    const state = (await caseOf(tx))?.state
    if (state !== undefined && SETTLED.has(state)) return 'decided'
    const added = await addClaim(tx, store, who, claim)
    if (added.changed) log({ organisation: who.organisation, actor: null, action: 'claim.received', subject: added.id, data: { isNew: added.isNew, lines: claim.lines.length, batch: batch.id } })
    let fresh = added.changed
    for (const file of files) {
      const record = await addRecord(tx, store, who, file, added.id)
      if (!record.isNew) continue
      fresh = true
      const read = reads.get(file.name)
      if (read !== undefined) await tx.updateTable('records').set({ read_blob: read.blob, reader, pages: read.pages }).where('id', '=', record.id).execute()
      log({ organisation: who.organisation, actor: null, action: 'record.received', subject: added.id, data: { record: record.id, bytes: file.bytes, sha256: file.hash, batch: batch.id } })
    }
    const hash = claimHash(claim)
    const input = reviewInput(hash, await recordsOf(store, tx, added.id), versions, core.made.dictionaries)
    // The answer is of these records and no others.
    if (report === null || stored === null || input !== reviewInput(hash, files, versions, core.made.dictionaries)) {
      if (!fresh) return 'known'
      // What failed in the batch would only fail again: a person begins it.
      await tx.updateTable('cases').set({ run: files.length === 0 ? 'none' : core.status === 'done' ? 'queued' : 'failed', updated_at: new Date() }).where('id', '=', added.id).execute()
      return core.status === 'done' ? 'waits' : 'without-answer'
    }
    const last = await tx.selectFrom('reviews').select(['input', 'number']).where('case_id', '=', added.id).orderBy('number', 'desc').limit(1).executeTakeFirst()
    if (last?.input === input) return 'known'
    const id = randomUUID()
    const number = Number(last?.number ?? 0) + 1
    const { made } = report
    await tx.insertInto('reviews').values({
      id, organisation_id: who.organisation, case_id: added.id, number, engine: made.engine, dictionaries: made.dictionaries, policy: made.policy, policy_versions: JSON.stringify(made.policyVersions), input, report_blob: stored.blob, documents_blob: '',
    }).execute()
    const figures = figuresOf(report, effectiveOf(report, decisions, 'first'))
    await tx.updateTable('cases').set({ ...figures, review_id: id, run: 'done', updated_at: new Date(), ...(state === undefined || state === 'received' || state === 'pended' ? { state: 'ready' } : {}) }).where('id', '=', added.id).execute()
    log({ organisation: who.organisation, actor: null, action: 'review.made', subject: added.id, data: { review: number, engine: made.engine, dictionaries: made.dictionaries, pages: figures.pages, batch: batch.id } })
    return added.isNew ? 'new' : 'renewed'
  })
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
