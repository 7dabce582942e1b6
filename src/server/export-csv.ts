// Rows of the export as CSV. May not: let a cell become a formula.
import { delimitedLine, guarded } from '../base/delimited.ts'
import { COLUMNS, type Column, type ExportRow } from './export-rows.ts'

const NAMES = Object.keys(COLUMNS) as Column[]

const cell = (value: string | number | null): string => (typeof value === 'string' ? guarded(value) : String(value ?? ''))

export const csvHeader = (): string => delimitedLine(NAMES, ',', '\r\n')
export const csvRow = (row: ExportRow): string => delimitedLine(NAMES.map((n) => cell(row[n])), ',', '\r\n')
