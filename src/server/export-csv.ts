// Rows of the export as CSV. May not: let a cell become a formula.
import { COLUMNS, type Column, type ExportRow } from './export-rows.ts'

const NAMES = Object.keys(COLUMNS) as Column[]

/** Spreadsheets run what begins with these as a formula; numbers of our own may begin with a minus. */
function cell(value: string | number | null): string {
  if (typeof value === 'number' || value === null) return String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvHeader = (): string => `${NAMES.join(',')}\r\n`
export const csvRow = (row: ExportRow): string => `${NAMES.map((n) => cell(row[n])).join(',')}\r\n`
