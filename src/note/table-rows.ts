// A table row read together with its column names: `Expected (cGy) 180`. May not: look at other rows, or invent text that is cited.
import type { Span } from '../base/span.ts'

/** A stretch of the composed text and, for a cell, where it stands in the document; null for a column name. */
interface Piece extends Span {
  readonly at: number | null
}

export interface ComposedRow {
  /** Column names and cells in turn, parted by `; `. A unit of the column stands behind a bare figure. */
  readonly text: string
  readonly pieces: readonly Piece[]
}

const UNIT = /\(\s*(c?gy|%|mm|cm|min(?:utes)?|sec(?:onds)?|s|mu|cc|mv|mev|kvp?|fx)\s*\)|(?:^|[\s,/])(c?gy|mu|%)(?=$|[\s,/)])/i
const BARE = /^\s*[-+±~]?\d[\d,.]*\s*$/

/** Null where the row has no other cells than the names, or the table is wider than a page can be. */
export function composeRow(text: string, columns: Span, row: Span): ComposedRow | null {
  const heads = text.slice(columns.start, columns.end).split('\t').map((h) => h.replace(/\s+/g, ' ').trim())
  const cells = text.slice(row.start, row.end).split('\t')
  if (cells.length > heads.length || heads.length < 2 || heads.length > 24) return null
  let composed = ''
  const pieces: Piece[] = []
  let at = row.start
  cells.forEach((cell, i) => {
    const lead = cell.length - cell.trimStart().length
    const value = cell.trim()
    if (value !== '') {
      const head = heads[i] as string
      const unit = BARE.test(cell) ? UNIT.exec(head) : null
      const name = unit ? head.replace(unit[0], ' ').trim() : head
      if (composed !== '') composed += ' ; '
      pieces.push({ start: composed.length, end: composed.length + name.length, at: null })
      composed += `${name} `
      pieces.push({ start: composed.length, end: composed.length + value.length, at: at + lead })
      composed += value
      if (unit) composed += ` ${unit[1] ?? unit[2] ?? ''}`
    }
    at += cell.length + 1
  })
  return pieces.length === 0 ? null : { text: composed, pieces }
}

/** Where a span of the composed text stands in the document: from its first cell to its last; null where it lies in column names alone. */
export function uncompose(row: ComposedRow, span: Span): Span | null {
  let start = -1
  let end = -1
  for (const p of row.pieces) {
    if (p.at === null || p.end <= span.start || p.start >= span.end) continue
    const from = p.at + Math.max(0, span.start - p.start)
    const to = p.at + Math.min(p.end, span.end) - p.start
    if (start < 0) start = from
    end = to
  }
  return start < 0 ? null : { start, end }
}
