// The work of one process: takes claims from the queue, has them reviewed, brings back what came of it. May not: review a claim itself; log text of a record.
import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import { isFull, pause, persistently, type BatchDatabase } from './database.ts'
import { beat, batchesOf, endIfDone, failOnce, finish, giveBack, settingsOf, sweep, take, type Batch, type BatchSettings, type Finished, type Taken, type WorkerSelf } from './queue.ts'
import { withoutAnswer, type ResultCore } from './result.ts'
import { noMade } from './review-task.ts'
import type { RecordFiles } from './record-files.ts'
import type { Outcome, ReviewerPool } from './reviewer-pool.ts'
import { ocrName, versionWords, type OcrChoice, type Version } from './version.ts'
import type { ClaimReason } from './fault.ts'

/** What happens, in ids, numbers and dictionary words. */
export type Told =
  | { readonly event: 'worker-started' | 'worker-stopping' | 'worker-stopped'; readonly worker: string }
  | { readonly event: 'batch-began' | 'batch-finished'; readonly batch: string }
  | { readonly event: 'claim-done'; readonly batch: string; readonly number: number; readonly status: Finished['status']; readonly pages: number; readonly answered: boolean; readonly seconds: number; readonly determination: string | null }
  | { readonly event: 'claim-failed'; readonly batch: string; readonly number: number; readonly reason: string; readonly aside: boolean }
  | { readonly event: 'other-version'; readonly batch: string; readonly batchVersion: string; readonly ownVersion: string }
  | { readonly event: 'other-key'; readonly batch: string }
  | { readonly event: 'database-away'; readonly seconds: number; readonly full: boolean }
  | { readonly event: 'database-back'; readonly seconds: number }
  | { readonly event: 'records-away'; readonly batch: string; readonly explanation: string }
  | { readonly event: 'records-back'; readonly batch: string }

export interface WorkOptions {
  readonly bdb: BatchDatabase
  readonly pool: ReviewerPool
  readonly files: RecordFiles
  readonly version: Version
  readonly slots: number
  /** Only this batch, and until it has ended; null for whatever comes. */
  readonly only: string | null
  /** Aborted: no further claims; those being reviewed are finished. */
  readonly stop: AbortSignal
  /** Aborted: what is being reviewed is given back. */
  readonly halt: AbortSignal
  readonly tell: (told: Told) => void
}

const LOOK_MS = 1000
const FLUSH_MS = 250
const FLUSH_AT = 32
const SWEEP_MS = 10_000
/** Claims held beside those being reviewed last about this long. */
const AHEAD_MS = 1500
const MOST_AHEAD = 64
const PROBE_MS = 3000

interface Held {
  readonly batch: Batch
  readonly claim: Taken
}

export async function work(options: WorkOptions): Promise<void> {
  const { bdb, pool, version, files, tell, only, stop, halt } = options
  const self: WorkerSelf = { id: randomUUID(), host: hostname(), pid: process.pid, version, slots: options.slots }
  const settings = new Map<string, BatchSettings>()
  const held = new Map<string, Held>()
  const waiting: Held[] = []
  const results: { readonly batch: string; readonly item: Finished }[] = []
  const failures: { readonly held: Held; readonly reason: ClaimReason }[] = []
  const returned: Held[] = []
  const running = new Set<Promise<void>>()
  const away = new Map<string, Promise<boolean>>()
  const saidOther = new Set<string>()
  const over = new AbortController()
  let batches: readonly Batch[] = []
  let looked = -Infinity
  let turn = 0
  let rate = 0
  let ended = 0
  let firstResult = 0
  let wake = (): void => undefined
  let databaseAway = false

  const hard = <T>(act: () => Promise<T>): Promise<T> =>
    persistently(act, halt, (e, seconds) => {
      databaseAway = true
      tell({ event: 'database-away', seconds, full: isFull(e) })
    }).then((result) => {
      if (databaseAway) tell({ event: 'database-back', seconds: 0 })
      databaseAway = false
      return result
    })

  const began = performance.now()
  const forget = (h: Held): void => void held.delete(`${h.batch.id} ${h.claim.job}`)

  function review(h: Held): void {
    const from = performance.now()
    const { batch, claim } = h
    const done = (async (): Promise<void> => {
      const of = settings.get(batch.id) as BatchSettings
      const given = claim.claim.claim
      if (given === null) throw new Error('a claim that cannot be read was queued')
      const outcome = await pool.review(batch.id, of, { number: claim.number, claim: given, records: claim.claim.records })
      await receive(h, of, outcome, (performance.now() - from) / 1000)
    })().finally(() => {
      running.delete(done)
      wake()
    })
    running.add(done)
  }

  /** Whether the place of the records answers; asked once for all claims that wait for it. */
  function present(batch: string, base: string): Promise<boolean> {
    const asked = away.get(batch) ?? files.answers(base)
    away.set(batch, asked)
    void asked.then((there) => {
      if (there) away.delete(batch)
    })
    return asked
  }

  async function receive(h: Held, of: BatchSettings, outcome: Outcome, seconds: number): Promise<void> {
    const { batch, claim } = h
    if (outcome.kind === 'returned') {
      returned.push(h)
      return
    }
    const reason = outcome.kind === 'reviewed' ? outcome.reviewed.core.reason : outcome.reason
    // Records that do not come because nothing comes from there are no fault of the claim.
    if ((reason?.id === 'records-missing' || reason?.id === 'records-unreachable') && !(await present(batch.id, of.base))) {
      if (!saidOther.has(`away ${batch.id}`)) tell({ event: 'records-away', batch: batch.id, explanation: reason.explanation })
      saidOther.add(`away ${batch.id}`)
      returned.push(h)
      void comeBack(batch.id, of.base)
      return
    }
    if (outcome.kind === 'reviewed') {
      const { core, read, reused, answered } = outcome.reviewed
      if (results.length === 0) firstResult = performance.now()
      results.push({ batch: batch.id, item: finishedOf(claim, core, { read, reused, answered }) })
      tell({ event: 'claim-done', batch: batch.id, number: claim.number, status: core.status, pages: core.pages.all, answered, seconds: Math.round(seconds * 1000) / 1000, determination: core.determination })
    } else failures.push({ held: h, reason: outcome.reason })
    ended++
    rate = ended / (performance.now() - began)
  }

  async function comeBack(batch: string, base: string): Promise<void> {
    while (!stop.aborted) {
      await pause(PROBE_MS, stop)
      if (!(await files.answers(base))) continue
      away.delete(batch)
      if (saidOther.delete(`away ${batch}`)) tell({ event: 'records-back', batch })
      wake()
      return
    }
  }

  /** What came of claims, into the database. */
  async function flush(all: boolean): Promise<void> {
    if (results.length > 0 && (all || results.length >= FLUSH_AT || performance.now() - firstResult >= FLUSH_MS)) {
      const part = results.splice(0)
      for (const batch of new Set(part.map((r) => r.batch))) {
        const items = part.filter((r) => r.batch === batch).map((r) => r.item)
        await hard(() => finish(bdb, batch, self.id, version.engine, items))
        for (const i of items) held.delete(`${batch} ${i.job}`)
      }
    }
    for (const { held: h, reason } of failures.splice(0)) {
      const core = withoutAnswer(h.claim.claim.claim, h.claim.claim.claimId, 'aside', reason, noMade(version))
      const aside = await hard(() => failOnce(bdb, h.batch.id, self.id, version.engine, h.claim, reason, JSON.stringify(core)))
      forget(h)
      tell({ event: 'claim-failed', batch: h.batch.id, number: h.claim.number, reason: reason.id, aside })
    }
    for (const batch of new Set(returned.map((r) => r.batch.id))) {
      const part = returned.filter((r) => r.batch.id === batch)
      await hard(() => giveBack(bdb, batch, part.map((r) => r.claim)))
      part.forEach(forget)
    }
    returned.length = 0
  }

  /** Batches of this version that run. */
  async function look(): Promise<void> {
    if (performance.now() - looked < LOOK_MS) return
    looked = performance.now()
    const all = await hard(() => batchesOf(bdb, { state: 'running', ...(only === null ? {} : { id: only }) }))
    const own: Batch[] = []
    for (const batch of all) {
      if (!settings.has(batch.id)) {
        try {
          settings.set(batch.id, await hard(() => settingsOf(bdb, batch.id)))
        } catch (e) {
          if (halt.aborted) throw e
          if (!saidOther.has(batch.id)) tell({ event: 'other-key', batch: batch.id })
          saidOther.add(batch.id)
          continue
        }
      }
      const made = { ...version, ocr: ocrName((settings.get(batch.id) as BatchSettings).ocr as OcrChoice) }
      const same = batch.made.program === made.program && batch.made.dictionaries === made.dictionaries && batch.made.ocr === made.ocr && batch.made.engine === made.engine
      if (same) own.push(batch)
      else if (!saidOther.has(batch.id)) {
        saidOther.add(batch.id)
        tell({ event: 'other-version', batch: batch.id, batchVersion: `${versionWords(batch.made)}, OCR ${batch.made.ocr}`, ownVersion: `${versionWords(version)}, OCR ${made.ocr}` })
      }
    }
    for (const batch of own) if (!batches.some((b) => b.id === batch.id)) tell({ event: 'batch-began', batch: batch.id })
    for (const id of settings.keys()) if (!all.some((b) => b.id === id)) settings.delete(id)
    batches = own
  }

  async function fill(): Promise<number> {
    const ahead = Math.min(MOST_AHEAD, Math.ceil(rate * AHEAD_MS))
    const wanted = pool.room() + ahead - waiting.length
    // Few are not worth a question, unless somebody idles.
    if (wanted <= 0 || (waiting.length > 0 && wanted < ahead / 2)) return 0
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[turn++ % batches.length] as Batch
      if (away.has(batch.id)) continue
      const { taken, lost } = await hard(() => take(bdb, batch.id, wanted))
      for (const claim of lost) {
        const reason = { id: 'worker-lost' as const, explanation: 'Every worker that had it was lost.' }
        results.push({ batch: batch.id, item: finishedOf(claim, withoutAnswer(claim.claim.claim, claim.claim.claimId, 'aside', reason, noMade(version)), { read: 0, reused: 0, answered: false }) })
        tell({ event: 'claim-failed', batch: batch.id, number: claim.number, reason: reason.id, aside: true })
      }
      for (const claim of taken) {
        const h = { batch, claim }
        held.set(`${batch.id} ${claim.job}`, h)
        waiting.push(h)
      }
      if (taken.length + lost.length > 0) return taken.length + lost.length
      // Nothing waits: perhaps it is done.
      if (await hard(() => endIfDone(bdb, batch.id))) {
        tell({ event: 'batch-finished', batch: batch.id })
        looked = -Infinity
      }
    }
    return 0
  }

  /** On its own clock: whatever else hangs, what is held stays held. */
  async function signs(): Promise<void> {
    let swept = -Infinity
    while (!over.signal.aborted) {
      const lostAfter = Math.min(60, ...[...held.values()].map((h) => h.batch.lostAfter), ...batches.map((b) => b.lostAfter))
      try {
        const jobs = new Map<string, string[]>()
        for (const h of held.values()) jobs.set(h.batch.id, [...(jobs.get(h.batch.id) ?? []), h.claim.job])
        await beat(bdb, self, jobs, stop.aborted)
        if (performance.now() - swept > Math.min(SWEEP_MS, lostAfter * 500)) {
          swept = performance.now()
          await sweep(bdb)
        }
      } catch {
        // Told by whatever else asks the database; the next sign comes soon.
      }
      await pause((lostAfter * 1000) / 5, over.signal)
    }
  }

  tell({ event: 'worker-started', worker: self.id })
  stop.addEventListener('abort', () => wake(), { once: true })
  const beating = bdb.embedded ? Promise.resolve() : signs()
  try {
    while (!stop.aborted) {
      await look()
      await flush(false)
      const got = await fill()
      while (pool.room() > 0 && waiting.length > 0) review(waiting.shift() as Held)
      if (only !== null && batches.length === 0 && running.size === 0 && results.length === 0) break
      if (got > 0 && pool.room() > 0) continue
      await new Promise<void>((resolve) => {
        const due = results.length > 0 ? FLUSH_MS : running.size > 0 || waiting.length > 0 ? LOOK_MS : LOOK_MS / 2
        const clock = setTimeout(resolve, due)
        wake = () => {
          clearTimeout(clock)
          resolve()
        }
      })
    }
    if (stop.aborted) tell({ event: 'worker-stopping', worker: self.id })
    // What was not begun goes back at once; what is being reviewed is finished, unless there is no time.
    returned.push(...waiting.splice(0))
    await flush(true)
    while (running.size > 0 && !halt.aborted) {
      await Promise.race([...running, pause(LOOK_MS, halt)])
      await flush(true)
    }
    if (halt.aborted) {
      pool.close()
      await Promise.all(running)
    }
    await flush(true)
  } finally {
    over.abort()
    await beating
    if (!bdb.embedded) await bdb.db.deleteFrom('batch_workers').where('id', '=', self.id).execute().catch(() => undefined)
  }
  tell({ event: 'worker-stopped', worker: self.id })
}

const finishedOf = (claim: Taken, core: ResultCore, how: Pick<Finished, 'read' | 'reused' | 'answered'>): Finished =>
  ({ job: claim.job, number: claim.number, input: claim.input, status: core.status, result: JSON.stringify(core), doubtful: core.doubtful, pages: core.pages.all, ...how })
