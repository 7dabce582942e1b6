// Turns any span of a document into page, boxes and quote. May not: read files; look for text.
import type { Span } from '../base/span.ts'
import { lastAtOrBefore } from '../base/span.ts'
import type { Box, Document, Place } from './document.ts'

/** Total: a span outside the text gives what lies inside. The page is that of the span's first character that is not white space. */
export function place(document: Document, span: Span): Place {
  const { text, words, pages } = document
  const start = clamp(span.start, text.length)
  const end = Math.max(start, clamp(span.end, text.length))
  const quote = text.slice(start, end).replace(/\s+/g, ' ').trim()
  let first = start
  while (first < end && isSpace(text.charCodeAt(first))) first++
  if (first === end) first = start
  const page = pages[pageAt(document, first)]?.page ?? 1

  const boxes: Box[] = []
  // Words do not overlap, so their ends ascend as well.
  for (let word = Math.max(0, lastAtOrBefore(words.start, start)); end > start && word < words.start.length && (words.start[word] as number) < end; word++) {
    const wordStart = words.start[word] as number
    const wordEnd = words.end[word] as number
    if (wordEnd <= start || wordEnd <= wordStart) continue
    let left = words.box[4 * word] as number
    const top = words.box[4 * word + 1] as number
    let right = words.box[4 * word + 2] as number
    const bottom = words.box[4 * word + 3] as number
    const width = right - left
    const upright = bottom - top <= width * 1.5 || wordEnd - wordStart < 3
    if (upright) {
      const length = wordEnd - wordStart
      right = left + (width * Math.min(length, end - wordStart)) / length
      left += (width * Math.max(0, start - wordStart)) / length
    }
    const at = pages[pageAt(document, wordStart)]
    if (at === undefined) continue
    // A wrapped cell returns to a row that already has its box.
    let row = boxes.length - 1
    while (row >= 0 && row >= boxes.length - 12 && !(boxes[row]?.page === at.page && sameRow(boxes[row] as Box, top, bottom))) row--
    const box = row >= 0 && row >= boxes.length - 12 ? boxes[row] : undefined
    if (box === undefined) boxes.push({ page: at.page, left, top, right, bottom })
    else {
      boxes[row] = {
        page: at.page, left: Math.min(box.left, left), top: Math.min(box.top, top), right: Math.max(box.right, right), bottom: Math.max(box.bottom, bottom),
      }
    }
  }
  return { page, boxes, quote }
}

function pageAt(document: Document, position: number): number {
  const { pages } = document
  let low = 0
  let high = pages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pages[middle]?.start ?? 0) <= position) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

const sameRow = (row: Box, top: number, bottom: number): boolean =>
  Math.min(row.bottom, bottom) - Math.max(row.top, top) >= 0.5 * Math.min(row.bottom - row.top, bottom - top)

const clamp = (position: number, length: number): number => Math.max(0, Math.min(length, Math.trunc(position) || 0))

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0
