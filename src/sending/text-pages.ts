// A record without pages of its own (Word, text, mail …), its text as it was read, on pages with places for its quotes. May not: change a word of it.
import type { Document } from '../document/document.ts'
import { openSheet, QUIET, RULE, type Sheet } from './sheet.ts'
import type { Area } from './pdf-write.ts'

export interface TextPages {
  readonly bytes: Uint8Array
  readonly pages: number
  /** For each quote asked for, where it stands: page (0-based) and area, one a row; none where the text does not hold it. */
  readonly places: readonly (readonly { readonly page: number; readonly area: Area }[])[]
  /** Page (0-based) on which each page of the record begins. */
  readonly begins: ReadonlyMap<number, number>
}

const LEFT = 54
const TOP = 66
const BOTTOM = 48
const SIZE = 9.5
const STEP = 13.2
/** Longer records are shown around their quotes only. */
const MOST_CHARACTERS = 150_000
const AROUND_LINES = 30

interface Span { readonly start: number; readonly end: number }

/** `quotes` in the page of the record that each is cited from. */
export async function textPages(document: Document, quotes: readonly { readonly page: number; readonly quote: string }[]): Promise<TextPages> {
  const sheet = openSheet({ title: document.file, author: '' })
  const plain = new Map<number, Plain>()
  const spans = quotes.map((q) => spanOf(document, q.page, q.quote, plain))
  const places: { page: number; area: Area }[][] = quotes.map(() => [])
  const begins = new Map<number, number>()
  let page = 0
  let y = TOP
  const next = (): void => {
    sheet.addPage()
    page++
    y = TOP
  }
  const width = sheet.width - 2 * LEFT
  for (const [n, of] of document.pages.entries()) {
    if (n > 0) next()
    begins.set(of.page, page)
    const text = document.text.slice(of.start, of.end)
    let skipped = 0
    const tell = (): void => {
      if (skipped === 0) return
      if (y + STEP > sheet.height - BOTTOM) next()
      sheet.put(`… ${skipped} lines without a quote left out …`, LEFT, y, { size: 8.5, colour: QUIET, face: 'italic' })
      y += STEP
      skipped = 0
    }
    for (const line of chosen(linesOf(text, of.start), document.text.length > MOST_CHARACTERS ? spans : null)) {
      if (line === null) {
        skipped++
        continue
      }
      tell()
      for (const row of rowsOf(document.text, line, width, sheet)) {
        if (y + STEP > sheet.height - BOTTOM) next()
        const shown = document.text.slice(row.start, row.end)
        sheet.put(printed(shown), LEFT, y, { size: SIZE })
        spans.forEach((span, i) => {
          if (span === null || span.start >= row.end || span.end <= row.start) return
          const at = (position: number): number => LEFT + sheet.widthOf(printed(document.text.slice(row.start, Math.max(row.start, Math.min(row.end, position)))), { size: SIZE })
          const area = { left: at(span.start), top: y - 1.5, right: at(span.end), bottom: y + SIZE + 1.8 }
          if (area.right - area.left > 0.5) places[i]?.push({ page, area })
        })
        y += STEP
      }
    }
    tell()
  }
  sheet.onEachPage((number, count) => {
    const style = { size: 8, colour: QUIET }
    sheet.put(`${document.file.slice(-90)}, text as it was read`, LEFT, 36, style)
    const right = `${number} of ${count}`
    sheet.put(right, sheet.width - LEFT - sheet.widthOf(right, style), 36, style)
    sheet.pen.moveTo(LEFT, 50).lineTo(sheet.width - LEFT, 50).lineWidth(0.5).strokeColor(RULE).stroke()
  })
  return { bytes: await sheet.bytes(), pages: page + 1, places, begins }
}

const printed = (text: string): string => text.replace(/\t/g, '    ').replace(/[\n\f]/g, ' ')

/** Where the quote stands in its page: white space counts as one blank, as in quotes. */
function spanOf(document: Document, page: number, quote: string, plain: Map<number, Plain>): Span | null {
  const of = document.pages.find((p) => p.page === page)
  if (of === undefined || quote === '') return null
  const { text, at } = plain.get(page) ?? collapsed(document.text, of.start, document.text.length)
  plain.set(page, { text, at })
  const found = text.indexOf(quote)
  if (found < 0) return null
  return { start: at[found] as number, end: (at[found + quote.length - 1] as number) + 1 }
}

/** Text with single blanks, and where each of its characters stands. */
interface Plain { readonly text: string; readonly at: readonly number[] }

function collapsed(text: string, start: number, end: number): Plain {
  let out = ''
  const at: number[] = []
  let blank = true
  for (let i = start; i < end; i++) {
    const space = /\s/.test(text[i] as string)
    if (space && blank) continue
    out += space ? ' ' : text[i] as string
    at.push(i)
    blank = space
  }
  return { text: out, at }
}

function linesOf(text: string, from: number): Span[] {
  const lines: Span[] = []
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && text[i] !== '\n' && text[i] !== '\f') continue
    if (i > start || (i < text.length && text[i] === '\n')) lines.push({ start: from + start, end: from + i })
    start = i + 1
  }
  return lines
}

/** Of a long record the lines near a quote; null stands for a line left out. */
function chosen(lines: readonly Span[], near: readonly (Span | null)[] | null): (Span | null)[] {
  if (near === null) return [...lines]
  const keep = new Set<number>()
  lines.forEach((line, i) => {
    if (near.some((s) => s !== null && s.start < line.end && s.end > line.start)) for (let k = i - AROUND_LINES; k <= i + AROUND_LINES; k++) keep.add(k)
  })
  return lines.map((line, i) => (keep.has(i) ? line : null))
}

/** Broken between words; a word longer than a row is broken inside. */
function rowsOf(text: string, line: Span, width: number, sheet: Sheet): Span[] {
  const rows: Span[] = []
  let start = line.start
  let used = 0
  for (const m of text.slice(line.start, line.end).matchAll(/[^\s]+\s*|\s+/g)) {
    const from = line.start + m.index
    const words = sheet.widthOf(printed(m[0].trimEnd()), { size: SIZE })
    if (used + words > width && from > start) {
      rows.push({ start, end: from })
      start = from
      used = 0
    }
    if (words > width) {
      const each = Math.max(1, Math.floor((m[0].length * width) / words) - 1)
      for (let at = from + each; at < from + m[0].length; at += each) {
        rows.push({ start, end: at })
        start = at
      }
      used = sheet.widthOf(printed(text.slice(start, from + m[0].length)), { size: SIZE })
      continue
    }
    used += sheet.widthOf(printed(m[0]), { size: SIZE })
  }
  rows.push({ start, end: line.end })
  return rows
}
