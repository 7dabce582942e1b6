// Lines of plain text whose columns are set with spaces or tabs → rows of tables. May not: decode bytes, read mark-up, wrap lines.
import type { Region } from './document.ts'

/** Spaces between columns at least. */
const GAP = 3
/** A stray tab in a line of text. */
const TAB = '   '

/** White space between two columns; `tab` where the file itself set a tab. Columns, 0-based. */
interface Gap { readonly start: number; readonly end: number; readonly tab: boolean }
interface Line { readonly text: string; readonly gaps: readonly Gap[]; readonly rule: boolean }

/** Lines as text, each ended by `\n`; those that share columns as rows of a table, their cells set apart by tabs. */
export function layColumns(raw: readonly string[]): { readonly text: string; readonly regions: readonly Region[]; readonly tables: number } {
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
  return { text: parts.join(''), regions, tables: table }
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
