// A PDF → Document, read page by page in child processes. May not: load a PDF library itself; put patient text into problems.
import type { Problem, ProblemId } from '../base/problem.ts'
import type { Document, Page, Region } from './document.ts'
import { roleOfLines } from './pdf-edges.ts'
import { LINE, LINE_FIELDS } from './pdf-page.ts'
import type { FieldValue, PageResult } from './pdf-page.ts'
import type { PdfFacts } from './pdf-engine.ts'
import type { Source } from './reader-child.ts'
import type { End, ReaderPool } from './reader-pool.ts'

export interface PdfInput {
  /** As cited. */
  readonly file: string
  readonly sha256: string
  readonly source: Source
  /** Bytes of the file. */
  readonly length: number
  /** True where the end of the file carries no end mark. */
  readonly cut: boolean
}

export interface PdfReading {
  readonly document: Document
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** Pages (0-based) with text of their own and pictures beside it that may hold more. */
  readonly pictured: readonly number[]
}

const MAX_PAGES = 3000
const MAX_DEATHS = 5
/** Per cent of a page under pictures without words, from which its text is no longer most of it. */
const MOSTLY_PICTURE = 30
const FIRST_PAGES = 50
const CHUNK = 25
/** Pages in a row that cannot be loaded at the end of a file: its page count is made up. */
const MADE_UP = 50
const PATIENCE = { first: 20_000, next: 10_000 }
const SECOND_PATIENCE = { first: 15_000, next: 5000 }
/** The second reader looks pages up one by one in long files. */
const SECOND_MOST = 1500

const CAUSES: Readonly<Record<Exclude<End, 'done'>, ProblemId>> = { 'timed-out': 'reader-timed-out', 'out-of-memory': 'reader-out-of-memory', failed: 'reader-failed' }

let opened = 0

export async function readPdf(input: PdfInput, pool: ReaderPool, heard: (page: number, pages: number) => void): Promise<PdfReading> {
  const first = await readPages(input, pool, heard)
  if ('fault' in first) return unreadable(input, first, pool)
  if (first.pages.length === 0) return unreadable(input, { fault: 'damaged' }, pool)
  const { facts } = first
  const pages = [...first.pages]
  const problems: Problem[] = [...first.problems]

  const values = await readFieldValues(input, pool, pages, facts)
  if (values !== null) {
    const again = await readPages(input, pool, () => undefined, values)
    if (!('fault' in again) && again.pages.length === pages.length) values.forEach((each, index) => {
      if (each.length > 0) pages[index] = again.pages[index] as PageResult
    })
  }

  const dynamic = facts.formType >= 2 && facts.formType <= 3
  const doubtful = pages.flatMap((page) => (page.reason === 'garbled' || (dynamic && page.kind !== 'ocr') ? [page.index] : []))
  if (doubtful.length > 0 && pages.length <= SECOND_MOST) {
    const { results } = await readSecond(input, pool, doubtful)
    for (const result of results) {
      const own = pages[result.index]
      if (own === undefined || result.kind === 'none') continue
      if (own.reason === 'garbled' || result.text.length > own.text.length) pages[result.index] = { ...result, label: own.label }
    }
  }
  const attachments = facts.attachments
  if (facts.attachmentsSkipped > 0) problems.push({ id: 'attachment-skipped', severity: 'warning', file: input.file, data: { count: facts.attachmentsSkipped } })
  return { document: assemble(input, pages, problems, facts), attachments, pictured: pages.flatMap((page) => (page.kind === 'native' && page.unreadShare > 0 ? [page.index] : [])) }
}

// --- reading ------------------------------------------------------------------------------------------------------

interface Fault {
  readonly fault: 'encrypted' | 'damaged' | Exclude<End, 'done'>
}

interface Reading {
  readonly pages: readonly PageResult[]
  readonly facts: PdfFacts
  readonly problems: readonly Problem[]
}

async function readPages(
  input: PdfInput, pool: ReaderPool, heard: (page: number, pages: number) => void, values: readonly (readonly FieldValue[])[] | null = null,
): Promise<Reading | Fault> {
  const document = ++opened
  const results: PageResult[] = []
  const problems: Problem[] = []
  let facts: PdfFacts | null = null
  let count = -1
  let fault: 'encrypted' | 'damaged' | null = null
  let deaths = 0
  let rest: Promise<void> = Promise.resolve()

  const lose = (index: number, cause: Exclude<End, 'done'>): void => {
    results[index] = lostPage(index)
    problems.push({ id: CAUSES[cause], severity: 'error', file: input.file, page: index + 1 })
  }

  // Reads on after the page at which a child died; that page is lost.
  const readRange = async (start: number, end: number, wantFacts: boolean): Promise<Exclude<End, 'done'> | null> => {
    let from = start
    for (;;) {
      let next = from
      let here = false
      const weight = Math.min(end - from, count < 0 ? Math.ceil(input.length / 3000) : count)
      const ended = await pool.run({
        job: { kind: 'read', document, source: input.source, from, to: end, facts: wantFacts && facts === null, values },
        weight, patience: PATIENCE,
        hear: (message) => {
          if (message.kind === 'fault') fault = message.fault
          else if (message.kind === 'opened') {
            here = true
            facts ??= message.facts
            if (count < 0) {
              count = Math.min(message.pages, MAX_PAGES)
              if (message.pages > MAX_PAGES) problems.push({ id: 'file-too-large', severity: 'warning', file: input.file, data: { pages: message.pages, read: MAX_PAGES } })
              rest = readRest()
            }
          } else if (message.kind === 'page') {
            results[message.result.index] = message.result
            next = message.result.index + 1
            heard(next, count)
          }
        },
      })
      if (ended === 'done') return null
      if (!here) return ended
      deaths++
      lose(next, ended)
      from = next + 1
      if (from >= Math.min(end, count)) return null
      if (deaths > MAX_DEATHS) {
        for (let index = from; index < Math.min(end, count); index++) lose(index, ended)
        return null
      }
    }
  }
  const readRest = async (): Promise<void> => {
    const ranges: Promise<void>[] = []
    for (let from = FIRST_PAGES; from < count; from += CHUNK) {
      const to = Math.min(count, from + CHUNK)
      ranges.push(readRange(from, to, false).then((end) => {
        if (end !== null) for (let index = from; index < to; index++) if (results[index] === undefined) lose(index, end)
      }))
    }
    await Promise.all(ranges)
  }

  let end = await readRange(0, FIRST_PAGES, true)
  // What killed it may be an attachment or the outline: the pages count more.
  if (end !== null) {
    problems.push({ id: 'attachment-skipped', severity: 'warning', file: input.file, data: { cause: end } })
    end = await readRange(0, FIRST_PAGES, false)
  }
  if (end !== null) return { fault: end }
  if (fault !== null) return { fault }
  await rest
  let last = Math.max(0, count)
  while (last > 0 && results[last - 1]?.reason === 'reader-failed') last--
  if (count - last >= MADE_UP) {
    problems.push({ id: 'damaged-file', severity: 'warning', file: input.file, data: { pages: count, read: last } })
    results.length = last
    count = last
  }
  for (let index = 0; index < count; index++) results[index] ??= lostPage(index)
  problems.sort((a, b) => (a.page ?? 0) - (b.page ?? 0))
  return { pages: results, facts: facts ?? NO_FACTS, problems: problems.filter((problem) => problem.page === undefined || problem.page <= count) }
}

const NO_FACTS: PdfFacts = { properties: {}, outline: [], formType: 0, attachments: [], attachmentsSkipped: 0 }

async function readFieldValues(input: PdfInput, pool: ReaderPool, pages: readonly PageResult[], facts: PdfFacts): Promise<readonly (readonly FieldValue[])[] | null> {
  const wanted = pages.flatMap((page) => (page.emptyFields > 0 ? [page.index] : []))
  if (facts.formType === 0 || wanted.length === 0 || pages.length > SECOND_MOST) return null
  const values: FieldValue[][] = pages.map(() => [])
  let any = false
  await pool.run({
    job: { kind: 'second', source: input.source, pages: wanted, want: 'values', most: SECOND_MOST }, weight: wanted.length, patience: SECOND_PATIENCE,
    hear: (message) => {
      if (message.kind !== 'values' || message.values.length === 0) return
      values[message.index] = [...message.values]
      any = true
    },
  })
  return any ? values : null
}

async function readSecond(input: PdfInput, pool: ReaderPool, pages: readonly number[] | null): Promise<{ readonly results: readonly PageResult[]; readonly count: number; readonly fault: 'encrypted' | 'damaged' | null }> {
  const results: PageResult[] = []
  let count = 0
  let fault: 'encrypted' | 'damaged' | null = null
  await pool.run({
    job: { kind: 'second', source: input.source, pages, want: 'text', most: SECOND_MOST }, weight: pages?.length ?? 1, patience: SECOND_PATIENCE,
    hear: (message) => {
      if (message.kind === 'page') results.push(message.result)
      else if (message.kind === 'opened') count = Math.min(message.pages, SECOND_MOST)
      else if (message.kind === 'fault') fault = message.fault
    },
  })
  return { results, count, fault }
}

/** What the first reader cannot open: the second may. */
async function unreadable(input: PdfInput, first: Fault, pool: ReaderPool): Promise<PdfReading> {
  if (first.fault === 'damaged') {
    const second = await readSecond(input, pool, null)
    if (second.results.some((page) => page.kind !== 'none')) {
      const pages = Array.from({ length: second.count }, (_, index) => second.results.find((page) => page.index === index) ?? lostPage(index))
      return { document: assemble(input, pages, [{ id: 'damaged-file', severity: 'warning', file: input.file, data: { pages: second.count } }], NO_FACTS), attachments: [], pictured: [] }
    }
    if (second.fault === 'encrypted') return { document: assemble(input, [lostPage(0)], [{ id: 'encrypted-file', severity: 'error', file: input.file }], NO_FACTS), attachments: [], pictured: [] }
  }
  const problem: Problem = first.fault === 'encrypted' ? { id: 'encrypted-file', severity: 'error', file: input.file }
    : first.fault === 'damaged' ? { id: 'damaged-file', severity: 'error', file: input.file, ...(input.cut ? { data: { cause: 'truncated' } } : {}) }
    : { id: CAUSES[first.fault], severity: 'error', file: input.file }
  return { document: assemble(input, [lostPage(0)], [problem], NO_FACTS, true), attachments: [], pictured: [] }
}

function lostPage(index: number): PageResult {
  return {
    index, width: 0, height: 0, frameHeight: 0, text: '', wordStart: new Uint32Array(), wordEnd: new Uint32Array(), box: new Float32Array(), lines: new Float32Array(), regions: [],
    kind: 'none', legibility: 0, reason: 'reader-failed', unreadShare: 0, emptyFields: 0, label: '', turn: 0,
  }
}

// --- assembling ---------------------------------------------------------------------------------------------------

/** `whole`: the file's own problem says it all, so its pages need none. */
function assemble(
  input: PdfInput, unchecked: readonly PageResult[], found: readonly Problem[], facts: PdfFacts,
  whole = found.some((problem) => problem.severity === 'error' && problem.page === undefined),
): Document {
  const results = unchecked.map((page) => (page.reason === 'garbled' || page.reason === 'reader-failed' ? withoutText(page) : page))
  const roles = roleOfLines(results)
  const problems: Problem[] = [...found]
  const pages: Page[] = []
  const regions: Region[] = []
  const parts: string[] = []
  const total = results.reduce((sum, page) => sum + page.wordStart.length, 0)
  const words = { start: new Uint32Array(total), end: new Uint32Array(total), box: new Float32Array(4 * total) }
  let length = 0
  let word = 0
  let tables = 0
  results.forEach((result, number) => {
    const base = length
    parts.push(result.text, '\f')
    length += result.text.length + 1
    for (let index = 0; index < result.wordStart.length; index++) {
      words.start[word + index] = base + (result.wordStart[index] as number)
      words.end[word + index] = base + (result.wordEnd[index] as number)
    }
    words.box.set(result.box, 4 * word)
    word += result.wordStart.length

    const firstTable = tables
    for (let at = 0, line = 0; at < result.lines.length; at += LINE_FIELDS, line++) {
      const start = base + (result.lines[at + LINE.start] as number)
      const end = base + (result.lines[at + LINE.end] as number)
      const role = roles[number]?.[line]
      const table = result.lines[at + LINE.table] as number
      if (role?.edge != null) regions.push({ kind: role.edge, start, end })
      if (role?.heading === true) regions.push({ kind: 'heading', start, end })
      if (table >= 0) {
        tables = Math.max(tables, firstTable + table + 1)
        regions.push({ kind: 'table-row', start, end, table: firstTable + table, row: result.lines[at + LINE.row] as number })
      }
    }
    for (const region of result.regions) regions.push({ kind: region.kind, start: base + region.start, end: base + region.end })
    const label = result.label
    pages.push({
      page: number + 1, start: base, end: length, width: result.width, height: result.height, text: result.kind, legibility: result.legibility,
      ...(label !== '' && label !== String(number + 1) ? { label } : {}), ...(result.reason === undefined ? {} : { reason: result.reason }), ...asideOf(result),
    })
    const told = whole || problems.some((problem) => problem.page === number + 1)
    if (told) return
    const at = { file: input.file, page: number + 1 }
    if (result.kind === 'none' && result.reason !== 'blank') problems.push({ id: 'unread-page', severity: 'warning', ...at, data: { reason: result.reason ?? 'reader-failed' } })
    else if (result.unreadShare >= MOSTLY_PICTURE) problems.push({ id: 'partly-read-page', severity: 'warning', ...at, data: { picturePercent: result.unreadShare } })
  })
  regions.sort((a, b) => a.start - b.start || b.end - a.end)
  return {
    file: input.file, sha256: input.sha256, kind: 'pdf', text: parts.join(''), pages, words, regions, problems: problems.sort((a, b) => (a.page ?? 0) - (b.page ?? 0)),
    ...(facts.outline.length > 0 ? { outline: facts.outline } : {}), ...(Object.keys(facts.properties).length > 0 ? { properties: facts.properties } : {}),
  }
}

/** What is told of a page besides its text: how it is turned, and marks. */
export const asideOf = (result: PageResult): Pick<Page, 'turn' | 'marks'> => ({
  ...(result.turn === 1 || result.turn === 2 || result.turn === 3 ? { turn: result.turn } : {}),
  ...(result.marks === undefined || result.marks.length === 0 ? {} : { marks: result.marks.map(({ left, top, right, bottom }) => ({ left, top, right, bottom })) }),
})

const withoutText = (page: PageResult): PageResult => ({
  ...page, text: '', wordStart: new Uint32Array(), wordEnd: new Uint32Array(), box: new Float32Array(), lines: new Float32Array(), regions: [],
})
