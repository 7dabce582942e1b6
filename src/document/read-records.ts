// Files, folders and archives → Documents, one for each file read. May not: know what is in them; write anywhere; ask the network.
import { createHash } from 'node:crypto'
import { readdir, readFile as readBytes, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Problem, ProblemId } from '../base/problem.ts'
import type { Document, Page } from './document.ts'
import type { FlowFormat } from './read-flow.ts'
import type { Attachment, FlowReading } from './flow-document.ts'
import { recogniseDocument, recognisePictures } from './ocr-document.ts'
import type { Ocr } from './ocr-document.ts'
import { findNativeOcr } from './ocr-native.ts'
import { isClutter, openPacket } from './packet.ts'
import { readPdf } from './read-pdf.ts'
import { unlockOffice } from './office-crypto.ts'
import { readText } from './read-text.ts'
import { readerPool } from './reader-pool.ts'
import type { Source } from './reader-child.ts'
import type { End, ReaderPool } from './reader-pool.ts'
import { officeFormat, sniff, tiffPages } from './sniff.ts'

export interface ReadProgress {
  readonly file: string
  readonly page: number
  readonly pages: number
  /** Pages to be recognised from images, done and known so far, and seconds they will probably still take. */
  readonly ocr?: { readonly done: number; readonly of: number; readonly secondsLeft: number }
}

export interface ReadOptions {
  readonly onProgress?: (progress: ReadProgress) => void
  /** Child processes at most; by default as many as the machine has processors, up to 4. */
  readonly processes?: number
  /** False leaves pages without a text layer unread; else they are read by OCR. */
  readonly ocr?: boolean
  /** Tried in turn on locked files. */
  readonly passwords?: readonly string[]
  /** `auto` takes a Tesseract of this machine where there is one; `builtin`, the default, the one that comes along and reads the same everywhere. */
  readonly ocrEngine?: 'auto' | 'builtin'
  /** Keeps recognised pages in this folder, locked; by default nothing is kept. */
  readonly cache?: string
}

export interface Records {
  /** Sorted by cited name. */
  readonly documents: readonly Document[]
  /** Of all documents, and of what did not become one. */
  readonly problems: readonly Problem[]
  /** What recognised pages without text: `tesseract.js 7.0.0`, or the Tesseract of this machine. */
  readonly ocr: string
}

/** What is thrown where the caller named something that cannot be read at all. */
export interface InputFault {
  readonly kind: 'input-fault'
  readonly message: string
}

const MAX_BYTES = 200 << 20
/** Larger PDFs are read by the child from disk, not sent to it. */
const SEND_BYTES = 8 << 20
const MAX_DEPTH = 2
const BUILTIN_OCR = '7.0.0'
const HARMLESS_BYTES = 1 << 20
/** Milliseconds; far beyond what the largest file within the limits takes. */
const FLOW_PATIENCE = { first: 60_000, next: 60_000 }
/** What takes about as long as a page of a PDF. */
const FLOW_BYTES_A_PAGE = 10_000
const MAX_FOLDER_FILES = 20_000

/** Each path is a file, a folder with all that lies below it, or a ZIP archive. Rejects with an `InputFault`. */
export async function readRecords(paths: readonly string[], options: ReadOptions = {}): Promise<Records> {
  const unique = await findRecords(paths)
  const processes = options.processes ?? Math.min(4, Math.max(1, availableParallelism()))
  const pool = poolOf(processes)
  const settings = settingsOf(options)
  const readings: Reading[] = new Array<Reading>(unique.length)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < unique.length) {
      const index = next++
      const { path, file } = unique[index] as Found
      readings[index] = await readPath(path, file, pool, settings)
    }
  }
  await Promise.all(Array.from({ length: Math.min(unique.length, processes + 1) }, work))
  const documents = readings.flatMap((reading) => reading.documents).sort(byFile)
  const problems = [...readings.flatMap((reading) => reading.problems), ...documents.flatMap((document) => document.problems)]
  return { documents, problems: problems.map((problem, order) => ({ problem, order })).sort((a, b) => byFile(a.problem, b.problem) || a.order - b.order).map((each) => each.problem), ocr: settings.recognise.settings.name }
}

/** The files that `readRecords` reads, with the names they are cited by. Rejects with an `InputFault`. */
export async function findRecords(paths: readonly string[]): Promise<readonly { readonly path: string; readonly file: string }[]> {
  const found: Found[] = []
  for (const path of paths) found.push(...(await find(path)))
  return distinct(found)
}

/** Reads one file from memory: what its content says it is, with the documents inside it (attachments, archive entries). */
export async function readFile(bytes: Uint8Array, file: string, options: ReadOptions = {}): Promise<Records> {
  const pool = poolOf(options.processes ?? Math.min(4, Math.max(1, availableParallelism())))
  const settings = settingsOf(options)
  const { documents, problems } = await readContent({ bytes, path: null, file, depth: 0 }, pool, settings)
  const sorted = [...documents].sort(byFile)
  return { documents: sorted, problems: [...problems, ...sorted.flatMap((document) => document.problems)], ocr: settings.recognise.settings.name }
}

function settingsOf(options: ReadOptions): Settings {
  const native = options.ocr !== false && options.ocrEngine === 'auto' ? findNativeOcr() : null
  const settings = { native: native?.path ?? null, name: native === null ? `tesseract.js ${BUILTIN_OCR}` : `tesseract ${native.version}`, cache: options.cache ?? null }
  let of = 0
  let done = 0
  let begun = 0
  return {
    ...options,
    recognise: {
      settings,
      expect: (pages) => {
        begun ||= performance.now()
        of += pages
      },
      heard: (file, page, pages) => {
        done++
        options.onProgress?.({ file, page, pages, ocr: { done, of, secondsLeft: Math.round(((performance.now() - begun) / 1000 / done) * (of - done)) } })
      },
    },
  }
}


// --- finding ------------------------------------------------------------------------------------------------------

interface Found {
  readonly path: string
  readonly file: string
}

async function find(path: string): Promise<readonly Found[]> {
  let about
  try {
    about = await stat(path)
  } catch {
    throw fault(`There is no file or folder at ${path}.`)
  }
  if (about.isFile()) return [{ path: resolve(path), file: basename(path) }]
  if (!about.isDirectory()) throw fault(`${path} is neither a file nor a folder.`)
  const files: Found[] = []
  await walk(resolve(path), '', files)
  if (files.length === 0) throw fault(`The folder ${path} holds no files.`)
  return files
}

async function walk(folder: string, prefix: string, into: Found[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => compare(a.name, b.name))
  for (const entry of entries) {
    if (isClutter(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await walk(path, `${prefix}${entry.name}/`, into)
    else if (entry.isFile() || (entry.isSymbolicLink() && (await stat(path).catch(() => null))?.isFile() === true)) into.push({ path, file: `${prefix}${entry.name}` })
    if (into.length > MAX_FOLDER_FILES) throw fault(`The folder holds more than ${MAX_FOLDER_FILES} files.`)
  }
}

/** The same file named twice is read once; different files of one cited name are told apart by a number. */
function distinct(found: readonly Found[]): readonly Found[] {
  const paths = new Set<string>()
  const names = new Map<string, number>()
  const result: Found[] = []
  for (const each of found) {
    if (paths.has(each.path)) continue
    paths.add(each.path)
    const count = (names.get(each.file) ?? 0) + 1
    names.set(each.file, count)
    result.push(count === 1 ? each : { path: each.path, file: `${each.file} (${count})` })
  }
  return result
}

/** An error, so that it has a stack where nobody catches it. */
const fault = (message: string): Error & InputFault => Object.assign(new Error(message), { kind: 'input-fault' as const })

// --- reading ------------------------------------------------------------------------------------------------------

/** The caller's options with how pages are recognised. */
interface Settings extends ReadOptions {
  readonly recognise: Ocr
}

interface Reading {
  readonly documents: readonly Document[]
  readonly problems: readonly Problem[]
}

async function readPath(path: string, file: string, pool: ReaderPool, options: Settings): Promise<Reading> {
  let bytes: Uint8Array
  try {
    const about = await stat(path)
    if (about.size > MAX_BYTES) return alone(blind(file, '', 'pdf', 1, 'reader-failed', [{ id: 'file-too-large', severity: 'error', file, data: { bytes: about.size } }]))
    bytes = await readBytes(path)
  } catch {
    return alone(blind(file, '', 'text', 1, 'reader-failed', [{ id: 'reader-failed', severity: 'error', file }]))
  }
  return readContent({ bytes, path, file, depth: 0 }, pool, options)
}

interface Content {
  readonly bytes: Uint8Array
  readonly path: string | null
  readonly file: string
  /** Archives and PDFs around it. */
  readonly depth: number
}

async function readContent(content: Content, pool: ReaderPool, options: Settings): Promise<Reading> {
  const { bytes, file, depth } = content
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const kind = sniff(bytes)
  const done = (document: Document): Reading => {
    if (kind !== 'pdf') options.onProgress?.({ file, page: document.pages.length, pages: document.pages.length })
    return alone(document)
  }
  const { ocr = true } = options
  const withText = async (document: Document): Promise<Document> => (ocr ? recogniseDocument(document, { bytes }, pool, options.recognise) : document)
  const flow = async (format: FlowFormat, as: Document['kind']): Promise<Reading> => {
    const { reading, end } = await readFlow(format, bytes, file, pool)
    if (reading === null) return done(blind(file, sha256, as, 1, 'reader-failed', [{ id: end === 'timed-out' ? 'reader-timed-out' : end === 'out-of-memory' ? 'reader-out-of-memory' : 'reader-failed', severity: 'error', file }]))
    const outer = done(ocr ? await recognisePictures(reading.document, reading.pictures, pool, options.recognise) : reading.document)
    return withAttachments(outer, reading.attachments, content, pool, options)
  }
  const refuse = (id: ProblemId, as: Document['kind'] = 'text', format: string = kind): Reading =>
    done(blind(file, sha256, as, 1, id === 'empty-file' ? 'blank' : 'reader-failed', [{ id, severity: 'error', file, data: { format } }]))
  switch (kind) {
    case 'empty': return refuse('empty-file')
    case 'pdf': return readOuterPdf(content, sha256, pool, options)
    case 'docx': return flow('docx', 'docx')
    case 'rtf': return flow('rtf', 'rtf')
    case 'html': return flow('html', 'html')
    case 'xml': return flow('xml', 'xml')
    case 'json': return flow('json', 'text')
    case 'eml': return flow('eml', 'mail')
    case 'msg': return flow('msg', 'mail')
    case 'text': return flow('text', 'text')
    case 'zip': {
      if (depth >= MAX_DEPTH) return { documents: [], problems: [{ id: 'archive-entry-skipped', severity: 'error', file, data: { cause: 'too-deep' } }] }
      const packet = await openPacket(bytes, file, options.passwords)
      const inner = await readAll(packet.entries, content, pool, options)
      const empty: Problem[] = inner.documents.length === 0 && packet.problems.length === 0 && inner.problems.length === 0 ? [{ id: 'empty-file', severity: 'error', file }] : []
      return { documents: inner.documents, problems: [...packet.problems, ...empty, ...inner.problems] }
    }
    case 'tiff': return done(await withText(pictures(file, sha256, tiffPages(bytes))))
    case 'png': case 'jpeg': case 'gif': case 'webp': return done(await withText(pictures(file, sha256, 1)))
    case 'encrypted-office': {
      const unlocked = options.passwords === undefined ? undefined : unlockOffice(bytes, options.passwords)
      if (unlocked === undefined || sniff(unlocked) !== 'docx') return refuse(unlocked === undefined ? 'encrypted-file' : 'unsupported-format', 'docx')
      const inner = await readContent({ ...content, bytes: unlocked, path: null }, pool, options)
      return { ...inner, documents: inner.documents.map((document) => (document.file === file ? { ...document, sha256 } : document)) }
    }
    case 'office': return refuse('unsupported-format', 'text', officeFormat(bytes))
    case 'image': return refuse('unsupported-format')
    case 'unknown': return refuse('foreign-file')
  }
}

async function readOuterPdf(content: Content, sha256: string, pool: ReaderPool, options: Settings): Promise<Reading> {
  const { bytes, path, file } = content
  const tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - 4096))).toString('latin1')
  const source: Source = { ...(path !== null && bytes.length > SEND_BYTES ? { path } : { bytes }), ...(options.passwords === undefined ? {} : { passwords: options.passwords }) }
  const { document: plain, attachments, pictured } = await readPdf({ file, sha256, source, length: bytes.length, cut: !tail.includes('%%EOF') }, pool, (page, pages) => options.onProgress?.({ file, page, pages }))
  const document = options.ocr === false ? plain : await recogniseDocument(plain, source, pool, options.recognise, pictured)
  return withAttachments(alone(document), attachments, content, pool, options)
}

async function withAttachments(outer: Reading, attachments: readonly Attachment[], content: Content, pool: ReaderPool, options: Settings): Promise<Reading> {
  if (attachments.length === 0) return outer
  if (content.depth >= MAX_DEPTH) return { ...outer, problems: [...outer.problems, { id: 'attachment-skipped', severity: 'warning', file: content.file, data: { count: attachments.length, cause: 'too-deep' } }] }
  const inner = await readAll(attachments, content, pool, options)
  return { documents: [...outer.documents, ...inner.documents], problems: [...outer.problems, ...inner.problems] }
}

/** Small plain text is read at once; everything else in a child, which may be lost without harm. */
async function readFlow(format: FlowFormat, bytes: Uint8Array, file: string, pool: ReaderPool): Promise<{ readonly reading: FlowReading | null; readonly end: End }> {
  if (format === 'text' && bytes.length <= HARMLESS_BYTES) return { reading: { document: readText(bytes, file), pictures: [], attachments: [] }, end: 'done' }
  let reading: FlowReading | null = null
  const end = await pool.run({
    job: { kind: 'flow', format, file, bytes }, weight: Math.ceil(bytes.length / FLOW_BYTES_A_PAGE), patience: FLOW_PATIENCE,
    hear: (message) => {
      if (message.kind === 'flow') reading = message.reading
    },
  })
  return { reading, end }
}

/** Files inside an archive or a PDF, one after the other: their bytes are already here. */
async function readAll(entries: readonly { readonly name: string; readonly bytes: Uint8Array }[], outer: Content, pool: ReaderPool, options: Settings): Promise<Reading> {
  const readings: Reading[] = []
  const names = new Set<string>()
  const named = entries.map((entry) => {
     
    const plain = entry.name.replace(/\\/g, '/').replace(/[\u0000-\u001f]/g, '').replace(/^\/+/, '') || 'unnamed'
    let name = plain
    for (let count = 2; names.has(name); count++) name = `${plain} (${count})`
    names.add(name)
    return { bytes: entry.bytes, name }
  })
  let next = 0
  const work = async (): Promise<void> => {
    while (next < named.length) {
      const index = next++
      const entry = named[index] as (typeof named)[number]
      readings[index] = await readContent({ bytes: entry.bytes, path: null, file: `${outer.file}/${entry.name}`, depth: outer.depth + 1 }, pool, options)
    }
  }
  await Promise.all([work(), work(), work()])
  return { documents: readings.flatMap((reading) => reading.documents), problems: readings.flatMap((reading) => reading.problems) }
}

function pictures(file: string, sha256: string, count: number): Document {
  const problems = Array.from({ length: count }, (_, index): Problem => ({ id: 'unread-page', severity: 'warning', file, page: index + 1, data: { reason: 'image-only' } }))
  return blind(file, sha256, 'image', count, 'image-only', problems)
}

/** A document without text. */
function blind(file: string, sha256: string, kind: Document['kind'], count: number, reason: Page['reason'], problems: readonly Problem[]): Document {
  return {
    file, sha256, kind, text: '\f'.repeat(count), words: { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() }, regions: [], problems,
    pages: Array.from({ length: count }, (_, index) => ({ page: index + 1, start: index, end: index + 1, width: 0, height: 0, text: 'none' as const, legibility: 0, reason })),
  }
}

const alone = (document: Document): Reading => ({ documents: [document], problems: [] })

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => compare(a.file, b.file)

// Kept between calls: starting a child costs as much as reading a hundred pages.
const pools = new Map<number, ReaderPool>()
function poolOf(processes: number): ReaderPool {
  const known = pools.get(processes) ?? readerPool(processes)
  pools.set(processes, known)
  return known
}
