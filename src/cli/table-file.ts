// A file with a table, claims or results in it → one table of text cells. May not: trust the file's name; quote a cell in a fault.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { delimitedRows, separatorOf } from '../base/delimited.ts'
import { workbookSheets, WorkbookFault, type SheetRow } from '../base/workbook.ts'
import { fileOf, readResults } from '../batch/read-results.ts'
import { RESULT_SCHEMA, type BatchResult } from '../batch/result.ts'
import type { Table } from '../batch/statistics/table.ts'
import type { Claim } from '../claim/claim.ts'
import { claimsOfFile, headOf, textOf } from '../load/claim-file.ts'
import { InputFault } from './fault.ts'

const MOST_BYTES = 500 << 20
const HEAD = 1 << 16

/** CSV, XLSX (first sheet that holds a table), NDJSON of flat objects, any file of claims, or the results of a batch (or its folder). @throws InputFault */
export async function tableOfFile(given: string): Promise<Table> {
  const path = existsSync(given) && statSync(given).isDirectory() ? fileOf(given) : given
  const { head, size } = ((): ReturnType<typeof headOf> => {
    try {
      return headOf(path, HEAD)
    } catch (e) {
      throw new InputFault(`${path}: cannot be read (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
    }
  })()
  if (size > MOST_BYTES) throw new InputFault(`${path}: is larger than ${MOST_BYTES >> 20} MB; keep only the columns that are needed.`)
  if (head[0] === 0x50 && head[1] === 0x4b) return workbookTable(path)
  const start = firstPiece(path).replace(/^\uFEFF/, '').trimStart()
  if (start === '') throw new InputFault(`${path}: is empty.`)
  if (start.startsWith('{')) {
    if (start.startsWith(`{"schema":"${RESULT_SCHEMA}"`)) return resultsTable(path)
    const first = firstObject(start)
    if (first !== null && !('lines' in first) && !('resourceType' in first)) return objectTable(path)
  }
  if (/^[[{]/.test(start) || /^ISA[^A-Za-z0-9]/.test(start) || start.startsWith('%PDF-')) return claimsTable(path)
  const rows = [...delimitedRows(textOf(path), separatorOf(start))].map(({ line, cells }) => ({ row: line, cells }))
  return headed(rows, path)
}

function firstPiece(path: string): string {
  for (const piece of textOf(path)) return piece
  return ''
}

function headed(rows: readonly SheetRow[], path: string): Table {
  const at = rows.findIndex((r) => r.cells.filter((c) => c.trim() !== '').length >= 2)
  const columns = (at < 0 ? rows[0] : rows[at])?.cells.map((c) => c.trim())
  if (columns === undefined || rows.length < 2) throw new InputFault(`${path}: holds no table; it needs a row of headings and rows below.`)
  return { columns, rows: rows.slice(Math.max(0, at) + 1).filter((r) => r.cells.some((c) => c.trim() !== '')) }
}

function workbookTable(path: string): Table {
  try {
    for (const sheet of workbookSheets(readFileSync(path))) {
      const rows = [...sheet.rows()]
      if (rows.length >= 2) return headed(rows, path)
    }
  } catch (e) {
    if (e instanceof WorkbookFault) throw new InputFault(`${path}: ${e.message}.`)
    throw e
  }
  throw new InputFault(`${path}: holds no sheet with a table.`)
}

const firstObject = (start: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(start.split('\n')[0] ?? '') as Record<string, unknown>
  } catch {
    return null
  }
}

function objectTable(path: string): Table {
  const columns = new Map<string, number>()
  const rows: { row: number; cells: string[] }[] = []
  const lines = [...textOf(path)].join('').replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    const data = firstObject(line)
    if (data === null || typeof data !== 'object' || Array.isArray(data)) throw new InputFault(`${path}: line ${i + 1} is no JSON object; a table as NDJSON has one object a line.`)
    const cells: string[] = []
    for (const [name, value] of Object.entries(data)) {
      if (value === null || typeof value === 'object') continue
      if (!columns.has(name)) columns.set(name, columns.size)
      cells[columns.get(name) as number] = String(value)
    }
    rows.push({ row: i + 1, cells })
  }
  return { columns: [...columns.keys()], rows: rows.map(({ row, cells }) => ({ row, cells: Array.from({ length: columns.size }, (_, c) => cells[c] ?? '') })) }
}

const RESULT_COLUMNS = ['claim', 'provider_npi', 'provider_name', 'claim_form', 'payer', 'service_from', 'service_to', 'codes', 'status', 'determination', 'billed', 'not_supported', 'open'] as const

const resultCells = (r: BatchResult): string[] => [
  r.claimId ?? `claim ${r.number} of the batch`, r.provider.npi ?? '', r.provider.name ?? '', r.claimForm ?? '', r.payer ?? '', r.serviceFrom ?? '', r.serviceTo ?? '', [...new Set(r.lines.map((l) => l.code))].join(' '), r.status, r.determination ?? '',
  `${r.money.billed}`, `${r.money.notSupported}`, `${r.money.open}`,
]

async function resultsTable(path: string): Promise<Table> {
  const rows: { row: number; cells: string[] }[] = []
  for await (const r of readResults(path)) rows.push({ row: rows.length + 1, cells: resultCells(r) })
  return { columns: RESULT_COLUMNS, rows }
}

async function claimsTable(path: string): Promise<Table> {
  const claims: Claim[] = []
  const faults: string[] = []
  for await (const reading of claimsOfFile(path)) {
    if (reading.kind === 'claim' && reading.claim !== null) claims.push(reading.claim)
    else if (reading.kind === 'claim') faults.push(`claim ${reading.number}`)
    else if (reading.severity === 'error') faults.push(`${reading.where} ${reading.what}`)
  }
  if (faults.length > 0 || claims.length === 0) throw new InputFault(`${path}: ${faults.length === 0 ? 'holds no claim' : `cannot be a frame, as not all of it could be read (${faults.slice(0, 3).join('; ')}${faults.length > 3 ? ' …' : ''}); see vouch claims read`}.`)
  const paid = claims.some((c) => c.lines.some((l) => l.paid !== undefined))
  const sum = (values: readonly (number | null | undefined)[]): string => (values.every((v) => v === null || v === undefined) ? '' : `${values.reduce<number>((n, v) => n + Math.round((v ?? 0) * 100), 0) / 100}`)
  return {
    columns: ['claim', 'provider_npi', 'provider_name', 'claim_form', 'payer', 'service_from', 'codes', 'lines', ...(paid ? ['paid'] : []), 'charge'],
    rows: claims.map((c, i) => ({
      row: i + 1,
      cells: [c.claimId, c.provider.npi ?? '', c.provider.name ?? '', c.claimForm, c.payer, c.lines.map((l) => l.serviceDate).sort()[0] ?? '', [...new Set(c.lines.map((l) => l.code))].join(' '), `${c.lines.length}`, ...(paid ? [sum(c.lines.map((l) => l.paid))] : []), sum(c.lines.map((l) => l.charge))],
    })),
  }
}
