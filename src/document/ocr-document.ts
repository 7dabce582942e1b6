// Pages of a Document that have no text → read by OCR in child processes. May not: load an OCR engine itself; put patient text into problems.
import type { Problem } from '../base/problem.ts'
import type { Document, Page, Region } from './document.ts'
import { isIllegible } from './legibility.ts'
import type { FlowPicture } from './flow-document.ts'
import { sniff, tiffPages } from './sniff.ts'
import { withPageText } from './ocr-insert.ts'
import type { PageText } from './ocr-insert.ts'
import { roleOfLines } from './pdf-edges.ts'
import { LINE, LINE_FIELDS, composePage } from './pdf-page.ts'
import type { PageResult } from './pdf-page.ts'
import { asideOf } from './read-pdf.ts'
import type { OcrJob, OcrSettings } from './ocr-job.ts'
import type { Source } from './reader-child.ts'
import type { End, ReaderPool } from './reader-pool.ts'

/** Milliseconds for a page, the start of the engine with the first: far beyond the 3 s it takes, as an answer must not depend on how busy the machine is. */
const PATIENCE = { first: 120_000, next: 240_000 }
/** Bytes sent again for each errand; larger files are sent for several pages at once. */
const BYTES_A_PAGE = 2 << 20
const MOST_PAGES_AN_ERRAND = 8
/** One page of OCR takes as long as hundreds without. */
const WEIGHT = 100

/** How pages are recognised, and who is told of it. */
export interface Ocr {
  readonly settings: OcrSettings
  /** So many pages more are to be recognised. */
  readonly expect: (pages: number) => void
  /** One of them is done. */
  readonly heard: (file: string, page: number, pages: number) => void
}

/** Reads what has no text, and the pictures of the pages named; `source` is the file the document was made of. The same document where there is nothing to do. */
export async function recogniseDocument(document: Document, source: Source, pool: ReaderPool, ocr: Ocr, pictured: readonly number[] = []): Promise<Document> {
  if (document.kind !== 'pdf' && document.kind !== 'image') return document
  const wanted = document.pages.flatMap((page) => (page.text === 'none' && (page.reason === 'image-only' || page.reason === 'garbled') ? [page.page - 1] : []))
  if (wanted.length === 0 && pictured.length === 0) return document
  ocr.expect(wanted.length + pictured.length)
  const heard = (index: number): void => ocr.heard(document.file, index + 1, document.pages.length)
  const [{ results, ends }, pieces] = await Promise.all([recognise(document.kind, source, wanted, pool, ocr, heard), readPictures(document, source, pictured, pool, ocr, heard)])
  const read = withPageText(document, [...pageTexts(document, results), ...pieces])
  const poor = read.pages.filter(isIllegible).map((page): Problem => ({ id: 'illegible-page', severity: 'warning', file: document.file, page: page.page, data: { percent: Math.round(100 * page.legibility) } }))
  return { ...read, problems: [...read.problems.map((problem) => withCause(problem, ends)), ...poor].sort((a, b) => (a.page ?? 0) - (b.page ?? 0)) }
}

/** Pictures shown in a file without pages, large enough to be scans: their text stands where they stand. */
export async function recognisePictures(document: Document, pictures: readonly FlowPicture[], pool: ReaderPool, ocr: Ocr): Promise<Document> {
  const [page] = document.pages
  if (page === undefined || pictures.length === 0) return document
  const read = await Promise.all(pictures.slice(0, MOST_PICTURES).map(async ({ at, bytes }) => {
    const pages = Array.from({ length: sniff(bytes) === 'tiff' ? tiffPages(bytes) : 1 }, (_, index) => index)
    ocr.expect(pages.length)
    const { results } = await recognise('image', { bytes }, pages, pool, ocr, () => ocr.heard(document.file, 1, 1))
    return { at, results: pages.map((index) => results[index]) }
  }))
  const unread = read.filter(({ results }) => results.some((result) => result === undefined || (result.kind === 'none' && result.reason !== 'blank'))).length + Math.max(0, pictures.length - MOST_PICTURES)
  const pieces = read.flatMap(({ at, results }) => results.flatMap((result) => (result !== undefined && result.kind === 'ocr' && result.text !== '' ? [{ at, result }] : [])))
  const own = document.text.slice(page.start, page.end - 1)
  const regions: Region[] = []
  const parts: string[] = []
  let length = 0
  let from = 0
  let tables = document.regions.reduce((most, region) => Math.max(most, (region.table ?? -1) + 1), 0)
  const moves: { at: number; by: number }[] = []
  const put = (text: string): void => {
    parts.push(text)
    length += text.length
  }
  for (const { at, result } of pieces) {
    put(own.slice(from, at))
    from = at
    const start = length
    put(result.text.endsWith('\n') ? result.text : `${result.text}\n`)
    moves.push({ at, by: length - start })
    regions.push({ kind: 'attachment', start, end: length - 1 })
    const inner = regionsOf(result, [])
    for (const region of inner) regions.push({ ...region, start: region.start + start, end: region.end + start, ...(region.table === undefined ? {} : { table: region.table + tables }) })
    tables += inner.reduce((most, region) => Math.max(most, (region.table ?? -1) + 1), 0)
  }
  put(own.slice(from))
  const moved = (position: number, isEnd: boolean): number => moves.reduce((to, move) => (move.at < position || (move.at === position && !isEnd) ? to + move.by : to), position)
  for (const region of document.regions) regions.push({ ...region, start: moved(region.start, false), end: moved(region.end, true) })
  const problems = document.problems.flatMap((problem) => (problem.data?.['images'] === undefined ? [problem] : unread === 0 ? [] : [{ ...problem, data: { images: unread } }]))
  const added = pieces.reduce((sum, { result }) => sum + result.text.length, 0)
  if (added === 0) {
    const allBlank = page.text === 'none' && unread === 0
    return { ...document, problems, pages: allBlank ? [{ ...page, reason: 'blank' }] : document.pages }
  }
  const sure = pieces.reduce((sum, { result }) => sum + result.legibility * result.text.length, 0) / added
  const written = own.trim().length
  const as: PageText['as'] = page.text === 'none' ? { text: 'ocr', legibility: hundredths(sure), width: 0, height: 0 }
    : { ...page, legibility: hundredths((page.legibility * written + sure * added) / (written + added)) }
  const full = withPageText({ ...document, problems }, [{ page: 1, text: parts.join(''), words: document.words, regions: regions.sort((a, b) => a.start - b.start || b.end - a.end), as }])
  return full
}

const MOST_PICTURES = 100

/** Pages with text of their own, what stands in their pictures put in where it stands. */
async function readPictures(document: Document, source: Source, pictured: readonly number[], pool: ReaderPool, ocr: Ocr, heard: (index: number) => void): Promise<readonly PageText[]> {
  if (pictured.length === 0 || document.kind !== 'pdf') return []
  const pieces = new Map<number, PageResult[]>()
  await recognise('pictures', source, pictured, pool, ocr, heard, (result) => {
    if (result.kind === 'ocr' && result.text.trim().length >= LEAST_PICTURE_TEXT) pieces.set(result.index, [...(pieces.get(result.index) ?? []), result])
  })
  return [...pieces].sort(([a], [b]) => a - b).flatMap(([index, found]) => {
    const page = document.pages[index]
    return page === undefined ? [] : [withPieces(document, page, found)]
  })
}

/** A logo or a hatched picture gives a few signs that mean nothing. */
const LEAST_PICTURE_TEXT = 12

function withPieces(document: Document, page: Page, found: readonly PageResult[]): PageText {
  const own = document.text.slice(page.start, page.end - 1)
  const { words } = document
  const first = words.start.findIndex((start) => start >= page.start)
  const starts: number[] = []
  const ends: number[] = []
  const boxes: number[] = []
  const sure: number[] = []
  const mine: { start: number; end: number; box: readonly number[]; sure: number }[] = []
  for (let word = first; word >= 0 && word < words.start.length && (words.start[word] as number) < page.end; word++) {
    mine.push({ start: (words.start[word] as number) - page.start, end: (words.end[word] as number) - page.start, box: [...words.box.subarray(4 * word, 4 * word + 4)], sure: words.sure?.[word] ?? 100 })
  }
  const topOf = (result: PageResult): number => result.box.reduce((least, value, at) => (at % 4 === 1 ? Math.min(least, value) : least), Infinity)
  // Before the first line that stands below the picture's first words.
  const placed = found.map((result) => {
    const top = topOf(result)
    const below = mine.find((word) => (word.box[1] as number) >= top)
    return { result, at: below === undefined ? own.length : own.lastIndexOf('\n', below.start - 1) + 1 }
  }).sort((a, b) => a.at - b.at)
  const regions: Region[] = []
  const parts: string[] = []
  let length = 0
  let from = 0
  let word = 0
  let tables = document.regions.reduce((most, region) => Math.max(most, (region.table ?? -1) + 1), 0)
  const moves: { at: number; by: number }[] = []
  const put = (text: string): void => {
    parts.push(text)
    length += text.length
  }
  const putOwn = (to: number): void => {
    const by = length - from
    for (; word < mine.length && (mine[word] as (typeof mine)[number]).start < to; word++) {
      const each = mine[word] as (typeof mine)[number]
      starts.push(each.start + by)
      ends.push(each.end + by)
      boxes.push(...each.box)
      sure.push(each.sure)
    }
    put(own.slice(from, to))
    from = to
  }
  for (const { result, at } of placed) {
    putOwn(at)
    if (length > 0 && !(parts[parts.length - 1] ?? '').endsWith('\n')) put('\n')
    const start = length
    put(result.text.endsWith('\n') ? result.text : `${result.text}\n`)
    moves.push({ at, by: length - start })
    result.wordStart.forEach((each, index) => {
      starts.push(start + each)
      ends.push(start + (result.wordEnd[index] as number))
      boxes.push(...result.box.subarray(4 * index, 4 * index + 4))
      sure.push(result.sure?.[index] ?? 100)
    })
    const inner = regionsOf(result, [])
    for (const region of inner) regions.push({ ...region, start: region.start + start, end: region.end + start, ...(region.table === undefined ? {} : { table: region.table + tables }) })
    tables += inner.reduce((most, region) => Math.max(most, (region.table ?? -1) + 1), 0)
  }
  putOwn(own.length)
  const moved = (position: number, isEnd: boolean): number => moves.reduce((to, move) => (move.at < position || (move.at === position && !isEnd) ? to + move.by : to), position)
  for (const region of document.regions) {
    if (region.start < page.start || region.start >= page.end) continue
    regions.push({ ...region, start: moved(region.start - page.start, false), end: moved(region.end - page.start, true) })
  }
  const { text, legibility, width, height, reason, turn, marks } = page
  return {
    page: page.page, text: parts.join(''), words: { start: Uint32Array.from(starts), end: Uint32Array.from(ends), box: Float32Array.from(boxes), sure: Uint8Array.from(sure) },
    regions: regions.sort((a, b) => a.start - b.start || b.end - a.end), as: { text, legibility, width, height, reason, turn, marks },
  }
}

interface Recognised {
  readonly results: readonly (PageResult | undefined)[]
  /** Why a page (0-based) was not read, where the reader failed. */
  readonly ends: ReadonlyMap<number, Exclude<End, 'done'>>
}

async function recognise(format: OcrJob['format'], source: Source, wanted: readonly number[], pool: ReaderPool, ocr: Ocr, heard: (index: number) => void, each: (result: PageResult) => void = () => undefined): Promise<Recognised> {
  const results: (PageResult | undefined)[] = []
  const ends = new Map<number, Exclude<End, 'done'>>()
  const size = 'bytes' in source ? Math.min(MOST_PAGES_AN_ERRAND, Math.max(1, Math.ceil(source.bytes.length / BYTES_A_PAGE))) : 1
  const errands: Promise<void>[] = []
  for (let from = 0; from < wanted.length; from += size) errands.push(run(wanted.slice(from, from + size)))
  await Promise.all(errands)
  return { results, ends }

  /** Goes on behind a page at which the reader died. */
  async function run(pages: readonly number[]): Promise<void> {
    let left = pages
    while (left.length > 0) {
      let done = 0
      const end = await pool.run({
        job: { kind: 'ocr', format, source, pages: left, engine: ocr.settings }, weight: WEIGHT, patience: PATIENCE,
        hear: (message) => {
          if (message.kind !== 'page') return
          const { index } = message.result
          if (results[index] === undefined) heard(index)
          results[index] = message.result
          each(message.result)
          done = left.indexOf(index) + 1
        },
      })
      if (end === 'done') return
      const lost = left[done]
      if (lost !== undefined) ends.set(lost, end)
      left = left.slice(done + 1)
    }
  }
}

function pageTexts(document: Document, results: readonly (PageResult | undefined)[]): readonly PageText[] {
  const all = document.pages.map((page, index) => results[index] ?? composePage(index, page.width, page.height, [], [], [], []))
  const roles = roleOfLines(all)
  return all.flatMap((result, index): PageText[] => {
    const found = results[index]
    const page = document.pages[index]
    if (found === undefined || page === undefined) return []
    const as = { width: result.width, height: result.height, text: result.kind, legibility: result.legibility, reason: result.reason, ...asideOf(result) }
    if (found.kind === 'ocr') return [{ page: index + 1, text: found.text, words: { start: found.wordStart, end: found.wordEnd, box: found.box, ...(found.sure && { sure: found.sure }) }, regions: regionsOf(found, roles[index] ?? []), as }]
    // Nothing was found: what the page had before stays, but now its size is known, and whether anything is on it.
    const had = page.end - page.start > 1
    if (had || (found.reason !== 'blank' && page.width > 0)) return []
    return [{ page: index + 1, text: '', words: NO_WORDS, regions: [], as: { ...as, reason: found.reason === 'blank' ? 'blank' : page.reason } }]
  })
}

const NO_WORDS: Document['words'] = { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() }

function regionsOf(result: PageResult, roles: ReturnType<typeof roleOfLines>[number]): readonly Region[] {
  const regions: Region[] = []
  for (let at = 0, line = 0; at < result.lines.length; at += LINE_FIELDS, line++) {
    const start = result.lines[at + LINE.start] as number
    const end = result.lines[at + LINE.end] as number
    const table = result.lines[at + LINE.table] as number
    const role = roles[line]
    if (role?.edge != null) regions.push({ kind: role.edge, start, end })
    if (role?.heading === true) regions.push({ kind: 'heading', start, end })
    if (table >= 0) regions.push({ kind: 'table-row', start, end, table, row: result.lines[at + LINE.row] as number })
  }
  for (const region of result.regions) regions.push({ ...region })
  return regions.sort((a, b) => a.start - b.start || b.end - a.end)
}

function withCause(problem: Problem, ends: Recognised['ends']): Problem {
  const end = problem.id === 'unread-page' && problem.page !== undefined ? ends.get(problem.page - 1) : undefined
  return end === undefined ? problem : { ...problem, data: { ...problem.data, cause: end } }
}

const hundredths = (share: number): number => Math.round(100 * share) / 100
