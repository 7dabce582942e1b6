// Results of a batch → CSV, XLSX or Parquet, as they come. May not: hold more than a few thousand rows; leave a part behind.
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { delimitedLine, guarded } from '../base/delimited.ts'
import type { BatchResult } from './result.ts'
import { COLUMNS, rowsOf, TABLES, type Cell, type CellKind, type Column, type TableName, type TableTexts } from './result-tables.ts'
import { workbookWriter } from './workbook-writer.ts'

export const TABLE_FORMATS = ['csv', 'xlsx', 'parquet'] as const
export type TableFormat = (typeof TABLE_FORMATS)[number]

export interface TablesOptions {
  readonly format: TableFormat
  /** A folder for CSV and Parquet, a file for XLSX; a file too where one table is wanted. */
  readonly out: string
  readonly texts: TableTexts
  /** One table only. */
  readonly only?: TableName | undefined
}

export interface TablesWritten { readonly files: readonly string[]; readonly rows: Readonly<Record<TableName, number>> }

/** Takes rows of the tables; `close` ends the file beside its place. */
interface Sink { readonly add: (table: TableName, rows: readonly (readonly Cell[])[]) => void; readonly close: () => void }

/** Files appear under their names when all of them are whole. @throws the fault of the file system, or of `results` */
export async function writeResultTables(results: AsyncIterable<BatchResult> | Iterable<BatchResult>, { format, out, texts, only }: TablesOptions): Promise<TablesWritten> {
  const tables = only === undefined ? TABLES : [only]
  const single = only !== undefined || format === 'xlsx'
  await mkdir(single ? dirname(out) : out, { recursive: true })
  const files = single ? [out] : tables.map((t) => join(out, `${t}.${format}`))
  const beside = files.map((f) => `${f}.part`)
  const rows: Record<TableName, number> = { claims: 0, lines: 0, requirements: 0, rules: 0 }
  try {
    const sink = format === 'csv' ? csvSink(tables, beside) : format === 'parquet' ? parquetSink(tables, beside) : workbookSink(tables, beside[0] as string)
    try {
      for await (const result of results) {
        const of = rowsOf(result, texts)
        for (const t of tables) {
          if (of[t].length > 0) sink.add(t, of[t])
          rows[t] += of[t].length
        }
      }
    } finally {
      sink.close()
    }
    for (const path of beside) synced(path)
    files.forEach((f, i) => renameSync(beside[i] as string, f))
  } catch (e) {
    for (const path of beside) rmSync(path, { force: true })
    throw e
  }
  return { files, rows }
}

function synced(path: string): void {
  const file = openSync(path, 'r+')
  try {
    // As private as the results themselves.
    fchmodSync(file, 0o600)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** An empty cell is null; spreadsheets that would run a text as a formula are given it quoted. */
const csvCell = (cell: Cell): string => (cell === null ? '' : typeof cell === 'string' ? guarded(cell) : `${cell}`)

function csvSink(tables: readonly TableName[], paths: readonly string[]): Sink {
  const files = new Map(tables.map((t, i) => [t, openSync(paths[i] as string, 'w')]))
  const write = (t: TableName, text: string): void => writeAll(files.get(t) as number, Buffer.from(text))
  for (const t of tables) write(t, delimitedLine(COLUMNS[t].map((c) => c.name)))
  return { add: (t, rows) => write(t, rows.map((r) => delimitedLine(r.map(csvCell))).join('')), close: () => files.forEach((f) => closeSync(f)) }
}

/** The largest first: in a ZIP, what is packed of the others waits for its end. */
const LARGEST_FIRST: readonly TableName[] = ['requirements', 'rules', 'lines', 'claims']

function workbookSink(tables: readonly TableName[], path: string): Sink {
  const file = openSync(path, 'w')
  const book = workbookWriter((bytes) => writeAll(file, bytes), tables)
  const sheets = new Map(LARGEST_FIRST.filter((t) => tables.includes(t)).map((t) => [t, book.sheet(t, COLUMNS[t])]))
  return {
    add: (t, rows) => sheets.get(t)?.add(rows),
    close: () => {
      try {
        book.close()
      } finally {
        closeSync(file)
      }
    },
  }
}

const PARQUET: Readonly<Record<CellKind, 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN'>> = { text: 'STRING', whole: 'INT32', number: 'DOUBLE', amount: 'DOUBLE', flag: 'BOOLEAN' }
const GROUP = 20_000

function parquetSink(tables: readonly TableName[], paths: readonly string[]): Sink {
  const writers = new Map(tables.map((t, i) => [t, parquetTable(COLUMNS[t], paths[i] as string)]))
  return { add: (t, rows) => writers.get(t)?.add(rows), close: () => writers.forEach((w) => w.close()) }
}

function parquetTable(columns: readonly Column[], path: string): { readonly add: (rows: readonly (readonly Cell[])[]) => void; readonly close: () => void } {
  const described = (rows: readonly (readonly Cell[])[]): { name: string; data: Cell[]; type: (typeof PARQUET)[CellKind] }[] => columns.map((c, i) => ({ name: c.name, type: PARQUET[c.kind], data: rows.map((r) => r[i] ?? null) }))
  const writer = new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData: described([]) }), createdBy: 'vouch' })
  let pending: (readonly Cell[])[] = []
  const flush = (): void => {
    // The schema stands; the types of the columns are not given again.
    void writer.write({ columnData: described(pending).map(({ name, data }) => ({ name, data })), rowGroupSize: GROUP })
    pending = []
  }
  return {
    add: (rows) => {
      for (const r of rows) pending.push(r)
      if (pending.length >= GROUP) flush()
    },
    close: () => {
      if (pending.length > 0) flush()
      void writer.finish()
    },
  }
}
