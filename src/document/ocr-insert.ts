// Puts text into pages of a Document that were read without. May not: recognise text, touch what stands on other pages.
import type { Region } from './document.ts'
import type { Document, Page } from './document.ts'
import type { Problem } from '../base/problem.ts'

export interface PageText {
  /** 1-based. */
  readonly page: number
  /** Without the `\f` that ends the page. */
  readonly text: string
  /** As in a Document, positions counted from the page's start; none where the page has no size. */
  readonly words: Document['words']
  /** Positions counted from the page's start; tables numbered from 0. */
  readonly regions: readonly Region[]
  /** What becomes of the page; its width and height stay where these are 0. */
  readonly as: Pick<Page, 'text' | 'legibility' | 'reason' | 'width' | 'height' | 'turn' | 'marks'>
}

/** The document with these pages replaced: everything behind them moves, and problems that said a page was not read go with it. */
export function withPageText(document: Document, replacements: readonly PageText[]): Document {
  if (replacements.length === 0) return document
  const byPage = new Map(replacements.map((each) => [each.page, each]))
  const parts: string[] = []
  const pages: Page[] = []
  const starts: number[] = []
  const ends: number[] = []
  const boxes: number[] = []
  const sure: number[] = []
  const recognised = document.words.sure !== undefined || replacements.some((each) => each.words.sure !== undefined)
  const regions: Region[] = []
  let length = 0
  let word = 0
  let region = 0
  let tables = 0
  const { words } = document
  const numbers = new Map<string, number>()
  const put = (source: string, each: Region, by: number): void => {
    const moved = { ...each, start: each.start + by, end: each.end + by }
    if (each.table === undefined) {
      regions.push(moved)
      return
    }
    const key = `${source} ${each.table}`
    const table = numbers.get(key) ?? tables++
    numbers.set(key, table)
    regions.push({ ...moved, table })
  }
  for (const page of document.pages) {
    const start = length
    const mine = byPage.get(page.page)
    const text = mine === undefined ? document.text.slice(page.start, page.end) : `${mine.text}\f`
    const by = start - page.start
    for (; word < words.start.length && (words.start[word] as number) < page.end; word++) {
      if (mine !== undefined) continue
      starts.push((words.start[word] as number) + by)
      ends.push((words.end[word] as number) + by)
      boxes.push(...words.box.subarray(4 * word, 4 * word + 4))
      sure.push(words.sure?.[word] ?? 100)
    }
    for (; region < document.regions.length && (document.regions[region] as Region).start < page.end; region++) {
      if (mine === undefined) put('native', document.regions[region] as Region, by)
    }
    if (mine !== undefined) {
      for (const each of mine.words.start) starts.push(each + start)
      for (const each of mine.words.end) ends.push(each + start)
      for (const each of mine.words.box) boxes.push(each)
      mine.words.start.forEach((_, at) => sure.push(mine.words.sure?.[at] ?? 100))
      for (const each of mine.regions) put(`page ${page.page}`, each, start)
    }
    parts.push(text)
    length += text.length
    const { reason: _reason, turn: _turn, marks: _marks, ...rest } = page
    pages.push(mine === undefined ? { ...page, start, end: length } : {
      ...rest, start, end: length, width: mine.as.width || page.width, height: mine.as.height || page.height, text: mine.as.text, legibility: mine.as.legibility,
      ...(mine.as.reason === undefined ? {} : { reason: mine.as.reason }), ...(mine.as.turn === undefined ? {} : { turn: mine.as.turn }), ...(mine.as.marks === undefined ? {} : { marks: mine.as.marks }),
    })
  }
  const read = (problem: Problem): boolean => problem.id === 'unread-page' && problem.page !== undefined && isRead(byPage.get(problem.page))
  return {
    ...document, text: parts.join(''), pages, regions, words: { start: Uint32Array.from(starts), end: Uint32Array.from(ends), box: Float32Array.from(boxes), ...(recognised ? { sure: Uint8Array.from(sure) } : {}) },
    problems: document.problems.filter((problem) => !read(problem)),
  }
}

const isRead = (page: PageText | undefined): boolean => page !== undefined && (page.as.text !== 'none' || page.as.reason === 'blank')
