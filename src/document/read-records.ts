// Files, folders and archives → Documents, one for each file read. May not: know what is in them; write anywhere; ask the network.
import { createHash } from 'node:crypto'
import { readdir, readFile as readBytes, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Problem, ProblemId } from '../base/problem.ts'
import type { Document, Page } from './document.ts'
import { recogniseDocument, recogniseDocx } from './ocr-document.ts'
import { isClutter, openPacket } from './packet.ts'
import { readDocx } from './read-docx.ts'
import { readPdf } from './read-pdf.ts'
import { readText } from './read-text.ts'
import { readerPool } from './reader-pool.ts'
import type { ReaderPool } from './reader-pool.ts'
import { sniff, tiffPages } from './sniff.ts'

export interface ReadProgress {
  readonly file: string
  readonly page: number
  readonly pages: number
}

export interface ReadOptions {
  readonly onProgress?: (progress: ReadProgress) => void
  /** Child processes at most; by default as many as the machine has processors, up to 4. */
  readonly processes?: number
  /** False leaves pages without a text layer unread; else they are read by OCR. */
  readonly ocr?: boolean
}

export interface Records {
  /** Sorted by cited name. */
  readonly documents: readonly Document[]
  /** Of all documents, and of what did not become one. */
  readonly problems: readonly Problem[]
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
const MAX_FOLDER_FILES = 20_000

/** Each path is a file, a folder with all that lies below it, or a ZIP archive. Rejects with an `InputFault`. */
export async function readRecords(paths: readonly string[], options: ReadOptions = {}): Promise<Records> {
  const found: Found[] = []
  for (const path of paths) found.push(...(await find(path)))
  const unique = distinct(found)
  const processes = options.processes ?? Math.min(4, Math.max(1, availableParallelism()))
  const pool = poolOf(processes)
  const readings: Reading[] = new Array<Reading>(unique.length)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < unique.length) {
      const index = next++
      const { path, file } = unique[index] as Found
      readings[index] = await readPath(path, file, pool, options)
    }
  }
  await Promise.all(Array.from({ length: Math.min(unique.length, processes + 1) }, work))
  const documents = readings.flatMap((reading) => reading.documents).sort(byFile)
  const problems = [...readings.flatMap((reading) => reading.problems), ...documents.flatMap((document) => document.problems)]
  return { documents, problems: problems.map((problem, order) => ({ problem, order })).sort((a, b) => byFile(a.problem, b.problem) || a.order - b.order).map((each) => each.problem) }
}

/** Reads one file from memory: what its content says it is, with the documents inside it (attachments, archive entries). */
export async function readFile(bytes: Uint8Array, file: string, options: ReadOptions = {}): Promise<Records> {
  const pool = poolOf(options.processes ?? Math.min(4, Math.max(1, availableParallelism())))
  const { documents, problems } = await readContent({ bytes, path: null, file, depth: 0 }, pool, options)
  const sorted = [...documents].sort(byFile)
  return { documents: sorted, problems: [...problems, ...sorted.flatMap((document) => document.problems)] }
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

interface Reading {
  readonly documents: readonly Document[]
  readonly problems: readonly Problem[]
}

async function readPath(path: string, file: string, pool: ReaderPool, options: ReadOptions): Promise<Reading> {
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

async function readContent(content: Content, pool: ReaderPool, options: ReadOptions): Promise<Reading> {
  const { bytes, file, depth } = content
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const kind = sniff(bytes)
  const done = (document: Document): Reading => {
    if (kind !== 'pdf') options.onProgress?.({ file, page: document.pages.length, pages: document.pages.length })
    return alone(document)
  }
  const { ocr = true } = options
  const withText = async (document: Document): Promise<Document> => (ocr ? recogniseDocument(document, { bytes }, pool, (page, pages) => options.onProgress?.({ file, page, pages })) : document)
  const withScans = async (document: Promise<Document>): Promise<Document> => (ocr ? recogniseDocx(await document, bytes, pool) : document)
  const refuse = (id: ProblemId, as: Document['kind'] = 'text'): Reading =>
    done(blind(file, sha256, as, 1, id === 'empty-file' ? 'blank' : 'reader-failed', [{ id, severity: 'error', file, data: { format: kind } }]))
  switch (kind) {
    case 'empty': return refuse('empty-file')
    case 'pdf': return readOuterPdf(content, sha256, pool, options)
    case 'docx': return done(await guarded(() => withScans(readDocx(bytes, file)), () => blind(file, sha256, 'docx', 1, 'reader-failed', [{ id: 'reader-failed', severity: 'error', file }])))
    case 'text': return done(await guarded(() => Promise.resolve(readText(bytes, file)), () => blind(file, sha256, 'text', 1, 'reader-failed', [{ id: 'reader-failed', severity: 'error', file }])))
    case 'zip': {
      if (depth >= MAX_DEPTH) return { documents: [], problems: [{ id: 'archive-entry-skipped', severity: 'error', file, data: { cause: 'too-deep' } }] }
      const packet = await openPacket(bytes, file)
      const inner = await readAll(packet.entries, content, pool, options)
      const empty: Problem[] = inner.documents.length === 0 && packet.problems.length === 0 && inner.problems.length === 0 ? [{ id: 'empty-file', severity: 'error', file }] : []
      return { documents: inner.documents, problems: [...packet.problems, ...empty, ...inner.problems] }
    }
    case 'tiff': return done(await withText(pictures(file, sha256, tiffPages(bytes))))
    case 'png': case 'jpeg': return done(await withText(pictures(file, sha256, 1)))
    case 'encrypted-office': return refuse('encrypted-file', 'docx')
    case 'office': case 'rtf': case 'html': case 'xml': case 'image': return refuse('unsupported-format')
    case 'unknown': return refuse('foreign-file')
  }
}

async function readOuterPdf(content: Content, sha256: string, pool: ReaderPool, options: ReadOptions): Promise<Reading> {
  const { bytes, path, file, depth } = content
  const tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - 4096))).toString('latin1')
  const source = path !== null && bytes.length > SEND_BYTES ? { path } : { bytes }
  const { document: plain, attachments } = await readPdf({ file, sha256, source, length: bytes.length, cut: !tail.includes('%%EOF') }, pool, (page, pages) => options.onProgress?.({ file, page, pages }))
  const document = options.ocr === false ? plain : await recogniseDocument(plain, source, pool, (page, pages) => options.onProgress?.({ file, page, pages }))
  if (attachments.length === 0) return alone(document)
  if (depth >= MAX_DEPTH) return { documents: [document], problems: [{ id: 'attachment-skipped', severity: 'warning', file, data: { count: attachments.length, cause: 'too-deep' } }] }
  const inner = await readAll(attachments, content, pool, options)
  return { documents: [document, ...inner.documents], problems: inner.problems }
}

/** Files inside an archive or a PDF, one after the other: their bytes are already here. */
async function readAll(entries: readonly { readonly name: string; readonly bytes: Uint8Array }[], outer: Content, pool: ReaderPool, options: ReadOptions): Promise<Reading> {
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

async function guarded(read: () => Promise<Document>, otherwise: () => Document): Promise<Document> {
  try {
    return await read()
  } catch {
    return otherwise()
  }
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
