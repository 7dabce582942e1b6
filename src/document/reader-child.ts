// Entry of the forked reader: opens PDFs and sends their pages back one by one. May not: write to disk, console or network; outlive its parent.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { openPdf, readFacts, startEngine } from './pdf-engine.ts'
import type { Engine, OpenPdf, PdfFacts } from './pdf-engine.ts'
import { readPage } from './pdf-page.ts'
import type { FieldValue, PageResult } from './pdf-page.ts'
import type { OcrJob } from './ocr-job.ts'
import type { SecondReader } from './pdf-second.ts'
import type { FlowReading } from './flow-document.ts'
import type { FlowFormat } from './read-flow.ts'
import type { NamedField } from './pdf-fields.ts'

/** The passwords the caller gave, tried in turn on a locked file. */
interface Locked { readonly passwords?: readonly string[] }
export type Source = ({ readonly bytes: Uint8Array } | { readonly path: string }) & Locked

export type Job =
  /** Pages `from` to `to` (0-based, end exclusive; cut at the last page). `document` names an open file: the source is needed where it is not open yet. */
  | { readonly kind: 'read'; readonly document: number; readonly source: Source; readonly from: number; readonly to: number; readonly facts: boolean; readonly values: readonly (readonly FieldValue[])[] | null }
  /** The second reader; `pages` null for all. */
  | { readonly kind: 'second'; readonly source: Source; readonly pages: readonly number[] | null; readonly want: 'text' | 'values' | 'fields'; readonly most: number }
  | OcrJob
  /** A file without pages of its own. */
  | { readonly kind: 'flow'; readonly format: FlowFormat; readonly file: string; readonly bytes: Uint8Array }

export type Message =
  | { readonly kind: 'opened'; readonly pages: number; readonly facts: PdfFacts | null }
  | { readonly kind: 'fault'; readonly fault: 'encrypted' | 'damaged' }
  | { readonly kind: 'page'; readonly result: PageResult }
  | { readonly kind: 'flow'; readonly reading: FlowReading }
  | { readonly kind: 'values'; readonly index: number; readonly values: readonly FieldValue[] }
  | { readonly kind: 'fields'; readonly index: number; readonly fields: readonly NamedField[] }
  | { readonly kind: 'done' }

/** Exit codes that tell the parent why. */
export const OUT_OF_MEMORY = 70
export const FAILED = 71

let engine: Engine | null = null
let open: { readonly document: number; readonly pdf: OpenPdf; readonly descriptor: number | null } | null = null

process.on('disconnect', () => process.exit(0))
process.on('uncaughtException', (error) => process.exit(exitCode(error)))
process.on('unhandledRejection', (error) => process.exit(exitCode(error)))
process.on('message', (job: Job) => {
  void run(job).catch((error: unknown) => process.exit(exitCode(error)))
})

/** Resolves when the message has left, so that a death later cannot take it along. */
const send = (message: Message): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, () => resolve())
  })

async function run(job: Job): Promise<void> {
  if (job.kind === 'read') await read(job)
  else if (job.kind === 'ocr') await (await import('./ocr-job.ts')).recognisePages(job, async () => (engine ??= await startEngine()), send)
  else if (job.kind === 'flow') await send({ kind: 'flow', reading: await (await import('./read-flow.ts')).readFlow(job.format, job.bytes, job.file) })
  else await readSecond(job)
  await send({ kind: 'done' })
}

async function read(job: Extract<Job, { kind: 'read' }>): Promise<void> {
  engine ??= await startEngine()
  if (open?.document !== job.document) {
    if (open !== null) {
      open.pdf.close()
      if (open.descriptor !== null) closeSync(open.descriptor)
      open = null
    }
    const descriptor = 'path' in job.source ? openSync(job.source.path, 'r') : null
    const opened = openPdf(engine, 'bytes' in job.source ? job.source.bytes : { descriptor: descriptor as number, length: fstatSync(descriptor as number).size }, job.source.passwords)
    if ('fault' in opened) {
      if (descriptor !== null) closeSync(descriptor)
      await send({ kind: 'fault', fault: opened.fault })
      return
    }
    open = { document: job.document, pdf: opened, descriptor }
  }
  const { pdf } = open
  await send({ kind: 'opened', pages: pdf.pages, facts: job.facts ? readFacts(pdf) : null })
  for (let index = job.from; index < Math.min(job.to, pdf.pages); index++) await send({ kind: 'page', result: readPage(pdf, index, job.values?.[index] ?? []) })
}

async function readSecond(job: Extract<Job, { kind: 'second' }>): Promise<void> {
  const { openSecondReader } = await import('./pdf-second.ts')
  const bytes = 'bytes' in job.source ? job.source.bytes : new Uint8Array(readFileSync(job.source.path))
  const open = (password?: string): Promise<SecondReader | Error> => openSecondReader(bytes.slice(), password).catch((error: unknown) => (error instanceof Error ? error : new Error('unreadable')))
  let reader = await open()
  for (const password of job.source.passwords ?? []) if (reader instanceof Error && reader.name === 'PasswordException') reader = await open(password)
  if (reader instanceof Error) {
    await send({ kind: 'fault', fault: reader.name === 'PasswordException' ? 'encrypted' : 'damaged' })
    return
  }
  await send({ kind: 'opened', pages: reader.pages, facts: null })
  const pages = job.pages ?? Array.from({ length: Math.min(reader.pages, job.most) }, (_, index) => index)
  for (const index of pages) {
    try {
      if (job.want === 'text') await send({ kind: 'page', result: await reader.readPage(index) })
      else if (job.want === 'fields') await send({ kind: 'fields', index, fields: await reader.readFields(index) })
      else await send({ kind: 'values', index, values: await reader.readValues(index) })
    } catch (error) {
      // One bad page is silent here: the parent knows which pages it asked for.
      if (exitCode(error) === OUT_OF_MEMORY) throw error
    }
  }
  await reader.close()
}

function exitCode(error: unknown): number {
  return error instanceof Error && /abort|memory|allocation/i.test(`${error.name} ${error.message}`) ? OUT_OF_MEMORY : FAILED
}
