// Plain text → Document; columns set with spaces become table rows. May not: read mark-up, guess pages, wrap lines.
import { createHash } from 'node:crypto'
import type { ProblemId } from '../base/problem.ts'
import type { Document, Region } from './document.ts'

const LARGEST = 64 << 20
/** Spaces between columns at least. */
const GAP = 3
/** A stray tab in a line of text. */
const TAB = '   '

/** The whole file is one page without size. Never throws; what is wrong stands in `problems`. */
export function readText(bytes: Uint8Array, file: string): Document {
  const head = { file, sha256: createHash('sha256').update(bytes).digest('hex'), kind: 'text' as const }
  const words = { start: new Uint32Array(0), end: new Uint32Array(0), box: new Float32Array(0) }
  const none = (id: ProblemId, data?: Record<string, number>): Document => ({
    ...head, text: '\f', words, regions: [], problems: [{ id, severity: 'error', file, ...(data && { data }) }],
    pages: [{ page: 1, start: 0, end: 1, width: 0, height: 0, text: 'none', legibility: 0, reason: id === 'empty-file' ? 'blank' : 'reader-failed' }],
  })
  if (bytes.length === 0) return none('empty-file')
  if (bytes.length > LARGEST) return none('file-too-large', { bytes: bytes.length })
  if (isOtherFormat(bytes)) return none('foreign-file')
  const raw = decode(bytes)
  if (isJunk(raw)) return none('foreign-file')
  const clean = cleaned(raw)
  if (clean.trim() === '') return none('empty-file')
  const { text, regions } = setTables(clean.split('\n'))
  return { ...head, text, words, regions, problems: [], pages: [{ page: 1, start: 0, end: text.length, width: 0, height: 0, text: 'native', legibility: 1 }] }
}

const MAGIC: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46, 0x2d], [0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0], [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], [0x1f, 0x8b, 8], [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0], [0x4d, 0x4d, 0, 0x2a], [0x7b, 0x5c, 0x72, 0x74, 0x66],
]
const isOtherFormat = (bytes: Uint8Array): boolean => MAGIC.some(magic => magic.every((byte, i) => bytes[i] === byte))

function decode(bytes: Uint8Array): string {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const wide = wideWithoutMark(bytes)
  if (wide) return new TextDecoder(wide).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // One broken sign (a file cut in the middle of it) does not make UTF-8 something else.
    const loose = new TextDecoder('utf-8').decode(bytes)
    let broken = 0
    let good = 0
    for (let i = 0; i < loose.length; i++) {
      const code = loose.charCodeAt(i)
      if (code === 0xfffd) broken++
      else if (code > 0x7f) good++
    }
    return good > 4 * broken ? loose : windows1252(bytes)
  }
}

// Node 20's TextDecoder reads this label as Latin-1, losing the dashes and quotes of 0x80 to 0x9f.
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const windows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replace(/[\u0080-\u009f]/g, sign => WINDOWS[sign.charCodeAt(0) - 0x80] as string)

/** UTF-16 without its mark: every other byte of Latin text is zero. */
function wideWithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const length = Math.min(bytes.length, 4096) & ~1
  if (length < 8) return undefined
  let even = 0
  let odd = 0
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  if (odd > length * 0.35 && even < length * 0.02) return 'utf-16le'
  return even > length * 0.35 && odd < length * 0.02 ? 'utf-16be' : undefined
}

/** Control signs no text has: more than two, and more than one in a hundred. */
function isJunk(text: string): boolean {
  let odd = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0xfffd || code === 0x7f || (code < 0x20 && !(code >= 8 && code <= 13) && code !== 0x1b && code !== 0x1a)) odd++
  }
  return odd > 2 && odd * 100 > text.length
}

function cleaned(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    // Printer streams: colours, and bold by striking twice.
    .replace(/\x1b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/[^\n]\x08/g, '')
    .replace(/[\x00-\x08\x0e-\x1f\x7f\ufeff]/g, '')
}

/** White space between two columns; `tab` where the file itself set a tab. Columns, 0-based. */
interface Gap { readonly start: number; readonly end: number; readonly tab: boolean }
interface Line { readonly text: string; readonly gaps: readonly Gap[]; readonly rule: boolean }

function setTables(raw: readonly string[]): { text: string; regions: Region[] } {
  const lines = raw.map(measure)
  const parts: string[] = []
  const regions: Region[] = []
  let length = 0
  let table = 0
  const write = (text: string): void => {
    parts.push(text, '\n')
    length += text.length + 1
  }
  let i = 0
  while (i < lines.length) {
    const end = blockEnd(lines, i)
    if (end === i) {
      write(plain((lines[i++] as Line).text))
      continue
    }
    const block = lines.slice(i, end)
    const reference = block.reduce((best, line) => line.gaps.length > best.gaps.length ? line : best)
    block.forEach((line, row) => {
      const text = line.rule ? plain(line.text) : rowText(line, reference)
      if (!line.rule) regions.push({ kind: 'table-row', start: length, end: length + text.length, table, row })
      write(text)
    })
    table++
    i = end
  }
  // The last piece after a final line end is no line.
  if (raw[raw.length - 1] === '') parts.splice(-2)
  return { text: `${parts.join('')}\f`, regions }
}

/** Where the table that begins at `from` ends; `from` itself where none begins. */
function blockEnd(lines: readonly Line[], from: number): number {
  if (lines[from]?.rule !== false) return from
  let rows = 1
  let end = from + 1
  let last = lines[from] as Line
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i] as Line
    if (line.rule) continue
    if (!sharesColumns(last, line)) break
    rows++
    end = i + 1
    last = line
  }
  return rows > 1 ? end : from
}

function sharesColumns(a: Line, b: Line): boolean {
  if (a.gaps.length === 0 || b.gaps.length === 0) return false
  if (a.gaps.every(gap => gap.tab) && b.gaps.every(gap => gap.tab)) return true
  let i = 0
  let j = 0
  const left = new Set<number>()
  const right = new Set<number>()
  while (i < a.gaps.length && j < b.gaps.length) {
    const one = a.gaps[i] as Gap
    const other = b.gaps[j] as Gap
    if (one.start < other.end && other.start < one.end) {
      left.add(i)
      right.add(j)
    }
    if (one.end < other.end) i++
    else j++
  }
  return Math.min(left.size, right.size) >= 2
}

function measure(text: string): Line {
  const gaps: Gap[] = []
  // A tab runs to the next multiple of eight, as printers set it.
  let column = 0
  let start = -1
  let tab = false
  let begun = false
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i)
    if (sign === 0x20 || sign === 0x09 || sign === 0xa0) {
      if (start < 0) start = column
      if (sign === 0x09) tab = true
      column = sign === 0x09 ? column + 8 - (column % 8) : column + 1
      continue
    }
    if (start >= 0 && begun && (tab || column - start >= GAP)) gaps.push({ start, end: column, tab })
    start = -1
    tab = false
    begun = true
    column++
  }
  return { text, gaps, rule: begun && /^[\s\-=_+|*.]+$/.test(text) && /[-=_]{3}/.test(text) }
}

/** Gaps as `\t`, one more for each cell of the fullest row that this row leaves empty. */
function rowText(line: Line, reference: Line): string {
  const cells: { start: number; end: number }[] = []
  for (let i = 0; i + 1 < reference.gaps.length; i++) cells.push({ start: (reference.gaps[i] as Gap).end, end: (reference.gaps[i + 1] as Gap).start })
  let next = 0
  let at = 0
  return line.text.trim().replace(/[ \t\u00a0]+/g, run => {
    const gap = line.gaps[at]
    if (!(run.includes('\t') || run.length >= GAP) || !gap) return run
    at++
    let tabs = 1
    // Tabs of the file already count its empty cells.
    if (gap.tab) return '\t'.repeat(Math.max(1, run.split('\t').length - 1))
    while (next < cells.length && (cells[next] as { start: number }).start < gap.start) next++
    while (next < cells.length && (cells[next] as { end: number }).end <= gap.end) {
      tabs++
      next++
    }
    return '\t'.repeat(tabs)
  })
}

const plain = (text: string): string => text.trimEnd().replace(/\t/g, TAB)
