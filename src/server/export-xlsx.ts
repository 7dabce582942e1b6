// Rows of the export as a workbook. May not: write a formula; leave the type of a cell to be guessed.
import writeXlsx, { type Cell } from 'write-excel-file/node'
import { COLUMNS, type Column, type ExportRow } from './export-rows.ts'

const NAMES = Object.keys(COLUMNS) as Column[]
/** In characters; others are as wide as their name. */
const WIDTHS: Partial<Record<Column, number>> = { claim_id: 16, member_hash: 18, missing_item_ids: 40, rule_hits: 14, dx_codes: 20, determination: 26, machine_determination: 26, notes: 60, reviewer: 20, signature_flags: 18, dictionaries: 14 }
/** Excel's own limit for a cell. */
const MOST_CHARACTERS = 32_767

function cellOf(column: Column, value: string | number | null): Cell {
  if (value === null || value === '') return null
  const kind = COLUMNS[column]
  if (typeof value === 'number') return { type: Number, value, ...(kind === 'money' ? { format: '#,##0.00' } : {}) }
  if (kind === 'day' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return { type: Date, value: new Date(`${value}T00:00:00Z`), format: 'yyyy-mm-dd' }
  // XML knows no control characters.
  return { type: String, value: value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').slice(0, MOST_CHARACTERS) }
}

export async function workbookOf(rows: readonly ExportRow[]): Promise<Buffer> {
  const head: Cell[] = NAMES.map((value) => ({ type: String, value, fontWeight: 'bold', backgroundColor: '#e8ebee' }))
  return writeXlsx([head, ...rows.map((row) => NAMES.map((n) => cellOf(n, row[n])))], {
    sheet: 'Worklist', stickyRowsCount: 1, columns: NAMES.map((n) => ({ width: WIDTHS[n] ?? Math.max(9, n.length + 2) })),
  }).toBuffer()
}
