// One claim and its records → its result, from what was kept of the same bytes where there is any. Runs in a process of its own. May not: know of a queue or a database; ask any network but the store of the records.
import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Problem } from '../base/problem.ts'
import type { Claim } from '../claim/claim.ts'
import type { Fee } from '../claim/fees.ts'
import type { Document } from '../document/document.ts'
import { readFile, readRecords, type ReadOptions } from '../document/read-records.ts'
import { sniff } from '../document/sniff.ts'
import { policyText } from '../load/policy-text.ts'
import { toContract, type ReviewJson } from '../report/contract.ts'
import { withMoney } from '../report/money.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import type { ClaimReason } from './fault.ts'
import { isRecordsFault } from './fault.ts'
import type { LockedCache } from './locked-cache.ts'
import type { RecordFiles, RecordRef } from './record-files.ts'
import { resultOf, withoutAnswer, type ResultCore } from './result.ts'
import { ocrName, type OcrChoice, type Version } from './version.ts'

/** What holds for every claim of a batch. */
export interface ReviewSettings {
  readonly ocr: OcrChoice
  readonly passwords: readonly string[]
  readonly fees: readonly Fee[] | null
  /** Folder for the whole answers, one file a claim, and their form; null for none. */
  readonly reports: { readonly folder: string; readonly form: 'json' | 'html' } | null
}

export interface Task {
  readonly number: number
  readonly claim: Claim
  readonly records: readonly RecordRef[]
}

export interface Reviewed {
  readonly core: ResultCore
  /** Files read, and files of which the reading was kept. */
  readonly read: number
  readonly reused: number
  /** The whole answer was kept. */
  readonly answered: boolean
}

export interface ReviewContext {
  readonly knowledge: Knowledge
  readonly version: Version
  readonly settings: ReviewSettings
  readonly files: RecordFiles
  readonly reads: LockedCache
  readonly answers: LockedCache
  /** Pages recognised before. */
  readonly pages: string
  /** Called whenever something moved on. */
  readonly alive: () => void
}

/** Plain text of no more than this is read again sooner than found. */
const KEPT_FROM = 1 << 20
const LARGEST = 200 << 20
const BEST_SPEED = { level: 1 }

interface Reading {
  readonly documents: readonly Document[]
  readonly problems: readonly Problem[]
  readonly ocr: string
}

const sumOf = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length} `).update(part)
  return hash.digest()
}

export const noMade = (version: Version): ResultCore['made'] => ({ engine: version.engine, ocr: null, dictionaries: version.dictionaries, policy: '', policyVersions: [] })

/** Rejects where the store of the records does not answer. */
export async function reviewTask(task: Task, context: ReviewContext): Promise<Reviewed> {
  const { settings, version } = context
  const own = JSON.stringify([ocrName(settings.ocr), settings.passwords])
  const inputs: { readonly ref: RecordRef; readonly bytes: Uint8Array | null; readonly sum: Buffer }[] = []
  try {
    for (const ref of task.records) {
      // Too large to be read at all: its name and size say everything.
      const bytes = ref.bytes > LARGEST ? null : await context.files.read(ref)
      context.alive()
      inputs.push({ ref, bytes, sum: sumOf('vouch-read-1', version.reader, own, ref.name, bytes ?? String(ref.bytes)) })
    }
  } catch (e) {
    if (!isRecordsFault(e) || e.reason.id === 'records-unreachable') throw e
    return failed(task.claim, e.reason, version)
  }
  const sum = sumOf('vouch-answer-1', version.program, version.dictionaries, own, JSON.stringify(settings.fees), JSON.stringify(task.claim), ...inputs.map((i) => i.sum))
  const report = settings.reports === null ? null : sumOf('vouch-report-1', sum)
  const known = context.answers.find(sum)
  const knownReport = report === null || known === null ? null : context.answers.find(report)
  if (known !== null && (report === null || knownReport !== null)) {
    if (knownReport !== null) await writeReport(task, settings, JSON.parse(inflateRawSync(knownReport).toString('utf8')) as ReviewJson)
    return { core: JSON.parse(inflateRawSync(known).toString('utf8')) as ResultCore, read: 0, reused: 0, answered: true }
  }

  const readings: Reading[] = []
  let reused = 0
  for (const { ref, bytes, sum: of } of inputs) {
    const worth = bytes !== null && (bytes.length > KEPT_FROM || sniff(bytes) !== 'text')
    const kept = worth ? context.reads.find(of) : null
    if (kept !== null) {
      readings.push(deserialize(inflateRawSync(kept)) as Reading)
      reused++
      continue
    }
    const reading = await readOne(ref, bytes, context)
    context.alive()
    if (worth && !isPassing(reading)) context.reads.keep(of, deflateRawSync(serialize(reading), BEST_SPEED))
    readings.push(reading)
  }
  const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
  const documents = readings.flatMap((r) => r.documents).sort(byFile)
  const problems = readings.flatMap((r) => r.problems).sort(byFile)
  const answer = toContract(reviewClaim(task.claim, { documents, problems, ...(readings[0] ? { ocr: readings[0].ocr } : {}) }, context.knowledge), policyText(context.knowledge.policies), context.knowledge.denialCodes)
  const core = resultOf(answer, settings.fees, sum.toString('hex'))
  // A page lost to a reader that took too long may be read the next time.
  if (!readings.some(isPassing)) context.answers.keep(sum, deflateRawSync(JSON.stringify(core), BEST_SPEED))
  if (report !== null) {
    const full = settings.fees === null ? answer : withMoney(answer, settings.fees)
    if (!readings.some(isPassing)) context.answers.keep(report, deflateRawSync(JSON.stringify(full), BEST_SPEED))
    await writeReport(task, settings, full)
  }
  return { core, read: inputs.length - reused, reused, answered: false }
}

const failed = (claim: Claim, reason: ClaimReason, version: Version): Reviewed => ({ core: withoutAnswer(claim, claim.claimId, 'failed', reason, noMade(version)), read: 0, reused: 0, answered: false })

const isPassing = (reading: Reading): boolean => reading.problems.some((p) => p.id === 'reader-timed-out' || p.id === 'reader-out-of-memory' || p.id === 'reader-failed')

async function readOne(ref: RecordRef, bytes: Uint8Array | null, context: ReviewContext): Promise<Reading> {
  const { settings } = context
  const options: ReadOptions = {
    processes: 1, onProgress: context.alive, cache: context.pages,
    ...(settings.passwords.length === 0 ? {} : { passwords: settings.passwords }), ...(settings.ocr === 'off' ? { ocr: false } : { ocrEngine: settings.ocr }),
  }
  if (bytes !== null) return readFile(bytes, ref.name, options)
  if (ref.at.startsWith('s3://')) {
    return { documents: [], problems: [{ id: 'file-too-large', severity: 'error', file: ref.name, data: { bytes: ref.bytes } }], ocr: '' }
  }
  // Read by its path, it is cited by its last name alone.
  const { documents, problems, ocr } = await readRecords([ref.at], options)
  const cited = <T extends { readonly file: string }>(of: T): T => ({ ...of, file: ref.name })
  return { documents: documents.map((d) => ({ ...cited(d), problems: d.problems.map(cited) })), problems: problems.map(cited), ocr }
}

async function writeReport(task: Task, settings: ReviewSettings, review: ReviewJson): Promise<void> {
  if (settings.reports === null) return
  const { folder, form } = settings.reports
  const content = form === 'json' ? `${JSON.stringify(review, null, 2)}\n` : (await import('../report/html.ts')).toHtml(review, {})
  const path = join(folder, `${String(task.number).padStart(7, '0')}.${form}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${path}.${process.pid}.part`, content)
  renameSync(`${path}.${process.pid}.part`, path)
}
