// Works off what is to be read and reviewed, one case at a time. May not: answer HTTP; log text of a record.
import { createHash, randomUUID } from 'node:crypto'
import type { ReviewJson } from '../report/contract.ts'
import type { Store } from '../store/open-store.ts'
import type { Events } from './events.ts'
import type { CaseRow, PageLayout } from './shapes.ts'
import { claimOf, figuresOf, settingsOf } from './cases.ts'
import { effectiveOf } from '../report/effective.ts'
import { decisionsOf } from './decisions.ts'
import { assignRecord, candidatesFor, identityOf, nameOf, recordsOf, type Candidate, type RecordOfDb } from './records.ts'
import { removeOutdated, unlessNeeded } from './removal.ts'
import type { ReviewDesk } from './review-desk.ts'
import { DEFAULT_SETTINGS } from '../store/tables.ts'

export interface StoredReport { readonly report: ReviewJson; readonly layout: readonly (readonly PageLayout[])[] }

export interface Runner {
  /** Looks for work now. */
  readonly wake: () => void
  /** Looks again for the cases of records that wait, and for work. */
  readonly claimsCame: () => void
  readonly progress: (caseId: string) => CaseRow['progress']
  /** Resolves when nothing is left to do. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

const LARGEST_REPORT = 1 << 30
/** What is made here is kept apart from what is sent: nobody can send a file that is one with a report, and have both removed. */
const madeOf = (organisation: string): string => `${organisation} made`
/** Other servers on the same database may have left work. */
const LOOK_MS = 15_000
/** How often cases whose time is over are looked for. */
const SWEEP_MS = 3_600_000
/** Longer than any review takes. */
const LONGEST_MS = 2 * 3_600_000

/** What reads and what answers, as it is now: what was made by another is made anew. */
export interface Versions { readonly reader: string; readonly answer: string }

/** What a review was made of: the same, and it is not made again. */
export const reviewInput = (claimHash: string, records: readonly { readonly name: string; readonly hash: string }[], versions: Versions, dictionaries: string): string =>
  createHash('sha256').update(JSON.stringify([claimHash, [...records].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map((r) => [r.name, r.hash]), versions.answer, dictionaries])).digest('hex')

export function startRunner(store: Store, desk: ReviewDesk, versions: Versions, events: Events): Runner {
  const progress = new Map<string, { file: string; page: number; pages: number }>()
  let working: Promise<void> | null = null
  let again = false
  /** Claims have come since waiting records were last compared with them; also at the start, as a server may have ended in between. */
  let newClaims = true
  let closed = false

  const wake = (): void => {
    if (closed) return
    again = true
    working ??= work().finally(() => {
      working = null
      if (again) wake()
    })
  }

  async function work(): Promise<void> {
    while (again && !closed) {
      again = false
      // Left by a server that ended in the middle.
      await store.db.updateTable('cases').set({ run: 'queued' }).where('run', '=', 'running').where('updated_at', '<', new Date(Date.now() - LONGEST_MS)).execute()
      for (;;) {
        if (closed) return
        if (newClaims) await matchWaiting()
        if (await readUnmatched()) continue
        const next = await store.db.selectFrom('cases').select(['id', 'organisation_id']).where('run', '=', 'queued').orderBy('updated_at').limit(1).executeTakeFirst()
        if (!next) break
        await review(next.id, next.organisation_id)
      }
    }
  }

  /** What was read in a record, from where it was kept or anew. */
  async function reading(record: RecordOfDb, caseId: string | null, version: string): Promise<Buffer> {
    if (record.read_blob !== null && record.reader === version) return store.blobs.get(record.read_blob)
    const { read, identity, pages } = await desk.read(await store.blobs.get(record.blob), nameOf(store, record), (p) => {
      if (caseId === null) return
      progress.set(caseId, { file: p.file, page: p.page, pages: p.pages })
      events.tell(record.organisation_id, { kind: 'progress', case: caseId, run: 'running', progress: { file: p.file, page: p.page, pages: p.pages } })
    })
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length)
    const { blob } = await store.blobs.put(madeOf(record.organisation_id), one(bytes), LARGEST_REPORT)
    if (record.read_blob !== null) await store.blobs.doubt(madeOf(record.organisation_id), [record.read_blob])
    const kept = await store.db.updateTable('records').set({ read_blob: blob, reader: version, pages, sealed_identity: store.seal(JSON.stringify(identity), `identity:${record.id}`) }).where('id', '=', record.id).where('removed_at', 'is', null).executeTakeFirst()
    // Removed while it was read; or read before, under another name or by an earlier program.
    const over = Number(kept.numUpdatedRows) === 0 ? blob : record.read_blob === blob ? null : record.read_blob
    if (over !== null) await unlessNeeded(store, over)
    return bytes
  }

  /** One record that waits for a case, read; true where there was one. */
  async function readUnmatched(): Promise<boolean> {
    const record = await store.db.selectFrom('records').selectAll().where('case_id', 'is', null).where('removed_at', 'is', null).where('reader', 'is', null).limit(1).executeTakeFirst()
    if (!record) return false
    try {
      await reading(record, null, versions.reader)
    } catch {
      await store.db.updateTable('records').set({ reader: 'failed' }).where('id', '=', record.id).execute()
      return true
    }
    events.tell(record.organisation_id, { kind: 'changed', case: null })
    await matched(await store.db.selectFrom('records').selectAll().where('id', '=', record.id).executeTakeFirstOrThrow())
    return true
  }

  /** Records that were read before their claim came. */
  async function matchWaiting(): Promise<void> {
    newClaims = false
    const waiting = await store.db.selectFrom('records').selectAll().where('case_id', 'is', null).where('removed_at', 'is', null).where('sealed_identity', 'is not', null).execute()
    for (const record of waiting) {
      if (closed) return
      await matched(record)
    }
  }

  /** The record goes to the only case whose patient it names, or the only one whose days it names as well. */
  async function matched(record: RecordOfDb): Promise<void> {
    const identity = identityOf(store, record)
    const candidates = identity === null ? [] : await candidatesFor(store, store.db, record.organisation_id, identity)
    const best = candidates.filter((c) => c.near === candidates[0]?.near)
    const only = best.length === 1 && (candidates.length === 1 || (best[0] as Candidate).near !== 'patient') ? best[0] : undefined
    if (!only) return
    const organisation = await store.db.selectFrom('organisations').select('settings').where('id', '=', record.organisation_id).executeTakeFirstOrThrow()
    await store.change(async (tx, log) => {
      const still = await tx.selectFrom('records').select('id').where('id', '=', record.id).where('case_id', 'is', null).where('removed_at', 'is', null).executeTakeFirst()
      if (!still) return
      await assignRecord(tx, store, record, only.caseId, settingsOf(organisation.settings, DEFAULT_SETTINGS).decisionDays)
      log({ organisation: record.organisation_id, actor: null, action: 'record.matched', subject: only.caseId, data: { record: record.id, by: only.near } })
    })
    events.tell(record.organisation_id, { kind: 'changed', case: only.caseId })
  }

  async function review(caseId: string, organisation: string): Promise<void> {
    const taken = await store.db.updateTable('cases').set({ run: 'running', updated_at: new Date() }).where('id', '=', caseId).where('run', '=', 'queued').executeTakeFirst()
    // Another server on the same database was faster.
    if (Number(taken.numUpdatedRows) === 0) return
    events.tell(organisation, { kind: 'progress', case: caseId, run: 'running', progress: null })
    progress.set(caseId, { file: '', page: 0, pages: 0 })
    try {
      const row = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.claim_id', 'claims.sealed', 'claims.hash', 'cases.review_id'])
        .where('cases.id', '=', caseId).executeTakeFirstOrThrow()
      const claim = claimOf(store, row)
      const records = await recordsOf(store, store.db, caseId)
      const reads: Buffer[] = []
      for (const record of records) reads.push(await reading(record, caseId, versions.reader))
      const dictionaries = await desk.dictionaries()
      const input = reviewInput(row.hash, records, versions, dictionaries)
      const before = row.review_id === null ? undefined : await store.db.selectFrom('reviews').select(['input', 'number']).where('id', '=', row.review_id).executeTakeFirst()
      if (before?.input === input) {
        await finish(caseId, 'done')
        return
      }
      const { report, layout } = await desk.review(claim, reads)
      const json = JSON.parse(report) as ReviewJson
      const stored = await store.blobs.put(madeOf(organisation), one(Buffer.from(JSON.stringify({ report: json, layout } satisfies StoredReport))), LARGEST_REPORT)
      const decisions = await decisionsOf(store, caseId)
      const figures = figuresOf(json, effectiveOf(json, decisions, 'first'))
      const kept = await store.change(async (tx, log) => {
        const now = await tx.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.state', 'cases.run', 'claims.sealed']).where('cases.id', '=', caseId).forUpdate().executeTakeFirstOrThrow()
        // Removed for good while it was read: nothing of it comes back.
        if (now.sealed === '') return false
        const last = await tx.selectFrom('reviews').select((e) => e.fn.max('number').as('number')).where('case_id', '=', caseId).executeTakeFirst()
        const id = randomUUID()
        const number = Number(last?.number ?? 0) + 1
        await tx.insertInto('reviews').values({
          id, organisation_id: organisation, case_id: caseId, number, engine: json.made.engine, dictionaries: json.made.dictionaries, policy: json.made.policy,
          policy_versions: JSON.stringify(json.made.policyVersions), input, report_blob: stored.blob, documents_blob: '',
        }).execute()
        await tx.updateTable('cases').set({
          ...figures, review_id: id, updated_at: new Date(), // What the rules say of the claim alone is shown; the case is ready when there is something to read.
          state: records.length > 0 && (now.state === 'received' || now.state === 'pended') ? 'ready' : now.state,
          // More may have come in while this was read.
          run: now.run === 'queued' ? 'queued' : 'done',
        }).where('id', '=', caseId).execute()
        log({ organisation, actor: null, action: 'review.made', subject: caseId, data: { review: number, engine: json.made.engine, dictionaries: json.made.dictionaries, pages: figures.pages } })
        return true
      })
      if (!kept) await store.blobs.remove(stored.blob)
    } catch (e) {
      if (closed) return
      process.stderr.write(`A review failed (${(e as Error).name}).\n${String((e as Error).stack ?? '').split('\n').filter((l) => l.trimStart().startsWith('at ')).slice(0, 6).join('\n')}\n`)
      await finish(caseId, 'failed')
    } finally {
      progress.delete(caseId)
      events.tell(organisation, { kind: 'changed', case: caseId })
    }
  }

  async function finish(caseId: string, run: 'done' | 'failed'): Promise<void> {
    await store.db.updateTable('cases').set({ run, updated_at: new Date() }).where('id', '=', caseId).where('run', '=', 'running').execute()
  }

  const clock = setInterval(wake, LOOK_MS)
  let removing: Promise<unknown> = Promise.resolve()
  const sweep = (): void => {
    removing = removing.then(() => (closed ? 0 : removeOutdated(store))).catch(() => undefined)
  }
  const broom = setInterval(sweep, SWEEP_MS)
  broom.unref()
  clock.unref()
  return {
    wake,
    claimsCame: () => {
      newClaims = true
      wake()
    },
    progress: (caseId) => progress.get(caseId) ?? null,
    idle: async () => {
      while (working !== null) await working
    },
    close: async () => {
      closed = true
      clearInterval(clock)
      clearInterval(broom)
      await removing
      await desk.close()
      await working?.catch(() => undefined)
    },
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
