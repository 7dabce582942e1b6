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
import { layoutOf, type PagesLayout } from '../document/page-layout.ts'
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
  /** Keeps the whole answer, so that a workbench can be given it. */
  readonly whole?: boolean
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

interface Input { readonly ref: RecordRef; readonly bytes: Uint8Array | null; readonly sum: Buffer }

const settingsText = (settings: ReviewSettings): string => JSON.stringify([ocrName(settings.ocr), settings.passwords])

/** The bytes of the records, each with a hash over all that its reading hangs on. */
async function inputsOf(task: Task, context: ReviewContext): Promise<readonly Input[]> {
  const own = settingsText(context.settings)
  const inputs: Input[] = []
  for (const ref of task.records) {
    // Too large to be read at all: its name and size say everything.
    const bytes = ref.bytes > LARGEST ? null : await context.files.read(ref)
    context.alive()
    inputs.push({ ref, bytes, sum: sumOf('vouch-read-1', context.version.reader, own, ref.name, bytes ?? String(ref.bytes)) })
  }
  return inputs
}

const answerSum = (task: Task, { version, settings }: ReviewContext, inputs: readonly Input[]): Buffer =>
  sumOf('vouch-answer-1', version.program, version.dictionaries, settingsText(settings), JSON.stringify(settings.fees), JSON.stringify(task.claim), ...inputs.map((i) => i.sum))
const reportSum = (sum: Buffer): Buffer => sumOf('vouch-report-1', sum)

interface Kept { readonly reading: Reading; readonly reused: boolean; /** As it is kept; null where it is sooner read again. */ readonly content: Buffer | null }

async function readingOf({ ref, bytes, sum }: Input, context: ReviewContext): Promise<Kept> {
  const worth = bytes !== null && (bytes.length > KEPT_FROM || sniff(bytes) !== 'text')
  const kept = worth ? context.reads.find(sum) : null
  if (kept !== null) {
    const content = inflateRawSync(kept)
    return { reading: deserialize(content) as Reading, reused: true, content }
  }
  const reading = await readOne(ref, bytes, context)
  context.alive()
  if (!worth) return { reading, reused: false, content: null }
  const content = serialize(reading)
  if (!isPassing(reading)) context.reads.keep(sum, deflateRawSync(content, BEST_SPEED))
  return { reading, reused: false, content }
}

const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
const documentsOf = (readings: readonly Reading[]): readonly Document[] => readings.flatMap((r) => r.documents).sort(byFile)

function answerOf(task: Task, { knowledge }: ReviewContext, readings: readonly Reading[]): ReviewJson {
  const problems = readings.flatMap((r) => r.problems).sort(byFile)
  return toContract(reviewClaim(task.claim, { documents: documentsOf(readings), problems, ...(readings[0] ? { ocr: readings[0].ocr } : {}) }, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
}

const packed = (content: string): Buffer => deflateRawSync(content, BEST_SPEED)
const unpacked = (kept: Buffer): string => inflateRawSync(kept).toString('utf8')

/** Rejects where the store of the records does not answer. */
export async function reviewTask(task: Task, context: ReviewContext): Promise<Reviewed> {
  const { settings, version } = context
  let inputs: readonly Input[]
  try {
    inputs = await inputsOf(task, context)
  } catch (e) {
    if (!isRecordsFault(e) || e.reason.id === 'records-unreachable') throw e
    return failed(task.claim, e.reason, version)
  }
  const sum = answerSum(task, context, inputs)
  const known = context.answers.find(sum)
  const knownReport = settings.reports === null || known === null ? null : context.answers.find(reportSum(sum))
  if (known !== null && (settings.reports === null || knownReport !== null)) {
    if (knownReport !== null) await writeReport(task, settings, JSON.parse(unpacked(knownReport)) as ReviewJson)
    return { core: JSON.parse(unpacked(known)) as ResultCore, read: 0, reused: 0, answered: true }
  }

  const readings: Reading[] = []
  let reused = 0
  for (const input of inputs) {
    const kept = await readingOf(input, context)
    readings.push(kept.reading)
    if (kept.reused) reused++
  }
  const answer = answerOf(task, context, readings)
  const core = resultOf(answer, settings.fees, sum.toString('hex'))
  // A page lost to a reader that took too long may be read the next time.
  const keeps = !readings.some(isPassing)
  if (keeps) context.answers.keep(sum, packed(JSON.stringify(core)))
  if (settings.reports !== null || settings.whole === true) {
    const full = settings.fees === null ? answer : withMoney(answer, settings.fees)
    if (keeps) context.answers.keep(reportSum(sum), packed(JSON.stringify(full)))
    await writeReport(task, settings, full)
  }
  return { core, read: inputs.length - reused, reused, answered: false }
}

/** All of an answer and of what was read for it: what a workbench keeps. */
export interface Whole {
  readonly contentKey: string
  /** A `ReviewJson`. */
  readonly report: string
  readonly layout: PagesLayout
  readonly records: readonly { readonly name: string; /** Null where it is too large to be read. */ readonly sha256: string | null; readonly pages: number; /** The reading, serialised. */ readonly read: Uint8Array }[]
  /** The answer was not kept and was made again. */
  readonly computed: boolean
}

/** From what was kept, else made again. Rejects where the records do not come. */
export async function wholeTask(task: Task, context: ReviewContext): Promise<Whole> {
  const { settings } = context
  const inputs = await inputsOf(task, context)
  const sum = answerSum(task, context, inputs)
  const kept: Kept[] = []
  for (const input of inputs) kept.push(await readingOf(input, context))
  const readings = kept.map((k) => k.reading)
  const known = context.answers.find(reportSum(sum))
  let report = known === null ? null : unpacked(known)
  if (report === null) {
    const answer = answerOf(task, context, readings)
    report = JSON.stringify(settings.fees === null ? answer : withMoney(answer, settings.fees))
    if (!readings.some(isPassing)) context.answers.keep(reportSum(sum), packed(report))
  }
  return {
    contentKey: sum.toString('hex'), report, layout: layoutOf(documentsOf(readings)), computed: known === null,
    records: inputs.map(({ ref, bytes }, i) => {
      const { reading, content } = kept[i] as Kept
      return { name: ref.name, sha256: bytes === null ? null : createHash('sha256').update(bytes).digest('hex'), pages: reading.documents.reduce((n, d) => n + d.pages.length, 0), read: content ?? serialize(reading) }
    }),
  }
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
