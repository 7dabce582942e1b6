import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delimitedRows } from '../../src/base/delimited.ts'
import { workbookSheets } from '../../src/base/workbook.ts'
import { readResults } from '../../src/batch/read-results.ts'
import { COLUMNS, rowsOf, TABLES, type TableName } from '../../src/batch/result-tables.ts'
import type { BatchResult } from '../../src/batch/result.ts'
import { workbookWriter } from '../../src/batch/workbook-writer.ts'
import { writeResultTables } from '../../src/batch/write-tables.ts'
import { chance, inventedResult, inventedResults } from './invented-results.ts'

let scratch: string
const at = (...parts: string[]): string => join(scratch, ...parts)
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-tables-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

const texts = { asks: (id: string) => `asks ${id}`, says: (id: string) => `says ${id}` }
const hostile = (): BatchResult[] => {
  const [first, second, third] = inventedResults(3)
  if (!first || !second || !third) throw new Error('three were asked for')
  return [
    { ...first, claimId: '=HYPERLINK("http://x","y")', source: '@SUM(A1)', provider: { name: '+49, "Quoted"\nClinic <&> \u0007é😀', npi: null } },
    { ...second, claimId: '-1+cmd|x', provider: { ...second.provider, npi: '0012345678' } },
    { ...third, claimId: '000123', status: 'aside', determination: null, lines: [], serviceFrom: null, reason: { id: 'reviewer-timed-out', explanation: 'No answer in time.' } },
  ]
}
const expected = (results: readonly BatchResult[], table: TableName): unknown[][] => results.flatMap((r) => rowsOf(r, texts)[table].map((row) => [...row]))
const csvRows = async (path: string): Promise<string[][]> => [...delimitedRows([await readFile(path, 'utf8')], ',')].map((r) => [...r.cells])

describe('rowsOf', () => {
  it('fills every column, and its sums are those of the result', () => {
    for (const r of [...inventedResults(50), ...hostile()]) {
      const rows = rowsOf(r, texts)
      for (const t of TABLES) for (const row of rows[t]) expect(row, t).toHaveLength(COLUMNS[t].length)
      const cell = (t: TableName, row: readonly unknown[], name: string): unknown => row[COLUMNS[t].findIndex((c) => c.name === name)]
      const total = rows.lines.reduce((n, row) => n + Math.round(Number(cell('lines', row, 'amount_at_risk')) * 100), 0)
      expect(Math.round(Number(cell('claims', rows.claims[0] ?? [], 'amount_at_risk')) * 100)).toBe(total)
      expect(rows.requirements.length).toBe(r.lines.reduce((n, l) => n + l.requirements.length, 0))
    }
  })
})

/** What payers' batch files hold of a line; case numbers, dates of requests, reviewers and their words are the workbench's. */
const ASKED = ('claim_id line_no member_hash provider_npi tin dos_from dos_to lob pos code mods units_billed units_supported dx_codes dx_flags course_id fractions_billed fractions_delivered checklist_id checklist_version policy_version ' +
  'items_met items_partial items_missing missing_item_ids rule_hits denial_codes carc rarc medical_necessity_flag ps_value ps_scale ps_date signature_flags identity_flags page_count ocr_quality priority_score amount_at_risk record_status determination').split(' ')

describe('the lines', () => {
  it('have every field that is asked for, under the name it is asked for by', () => {
    const names = COLUMNS.lines.map((c) => c.name)
    expect(ASKED.filter((a) => !names.includes(a))).toEqual([])
    for (const table of TABLES) expect(new Set(COLUMNS[table].map((c) => c.name)).size).toBe(COLUMNS[table].length)
    const result = inventedResults(1)[0] as BatchResult
    const row = rowsOf(result, texts).lines[0] ?? []
    expect(Object.fromEntries(['member_hash', 'tin', 'lob', 'pos', 'dx_codes', 'course_id', 'fractions_billed', 'fractions_delivered', 'ps_value', 'ps_scale', 'ocr_quality', 'record_status'].map((n) => [n, row[names.indexOf(n)]]))).toEqual({
      member_hash: '0000000000000001', tin: '383383383', lob: 'commercial', pos: '11', dx_codes: 'C61', course_id: '1-1', fractions_billed: 28, fractions_delivered: 27, ps_value: '80-90', ps_scale: 'KPS', ocr_quality: 0.93, record_status: 'read',
    })
  })
})

describe('writeResultTables', () => {
  it('writes CSV in which nothing runs as a formula', async () => {
    const results = hostile()
    const { files, rows } = await writeResultTables(results, { format: 'csv', out: at('csv'), texts })
    expect(files.map((f) => f.slice(at('csv').length + 1))).toEqual(['claims.csv', 'lines.csv', 'requirements.csv', 'rules.csv'])
    const [head, ...body] = await csvRows(at('csv', 'claims.csv'))
    expect(head).toEqual(COLUMNS.claims.map((c) => c.name))
    expect(body).toHaveLength(rows.claims)
    for (const cells of body) for (const c of cells) if (!/^-?\d+(?:\.\d+)?$/.test(c)) expect(c).not.toMatch(/^[=+\-@\t\r]/)
    expect(body.map((c) => c[1])).toEqual(['\'=HYPERLINK("http://x","y")', "'-1+cmd|x", '000123'])
  })
  it('writes a workbook that is read back as it was, text as text', async () => {
    const results = [...hostile(), ...inventedResults(200, 3)]
    await writeResultTables(results, { format: 'xlsx', out: at('r.xlsx'), texts })
    const sheets = workbookSheets(await readFile(at('r.xlsx')))
    expect(sheets.map((s) => s.name)).toEqual([...TABLES])
    for (const sheet of sheets) {
      const table = sheet.name as TableName
      const [head, ...body] = [...sheet.rows()].map((r) => [...r.cells])
      expect(head).toEqual(COLUMNS[table].map((c) => c.name))
      const asText = (v: unknown): string => (v === null ? '' : typeof v === 'boolean' ? (v ? '1' : '0') : String(v)).replace('\u0007', '')
      expect(body.map((cells) => COLUMNS[table].map((_, i) => cells[i] ?? ''))).toEqual(expected(results, table).map((row) => row.map(asText)))
    }
    expect((await readFile(at('r.xlsx'))).includes('<f>')).toBe(false)
  })
  it('writes Parquet that is read back with its types, over more than one group of rows', async () => {
    const next = chance(5)
    const results = [...hostile(), ...Array.from({ length: 4500 }, (_, i) => inventedResult(i + 4, next))]
    const { rows } = await writeResultTables(results, { format: 'parquet', out: at('pq'), texts })
    expect(rows.requirements).toBeGreaterThan(20_000)
    for (const table of TABLES) {
      const bytes = await readFile(at('pq', `${table}.parquet`))
      const found = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer })
      const rowsThere = found.map((o) => COLUMNS[table].map((c) => o[c.name] ?? null))
      expect(rowsThere, table).toEqual(expected(results, table))
    }
  })
  it('writes one table to one file, and an empty batch', async () => {
    await writeResultTables(inventedResults(5), { format: 'csv', out: at('only.csv'), texts, only: 'lines' })
    expect((await csvRows(at('only.csv')))[0]?.[2]).toBe('line_no')
    for (const format of ['csv', 'parquet'] as const) await writeResultTables([], { format, out: at(`empty-${format}`), texts })
    await writeResultTables([], { format: 'xlsx', out: at('empty.xlsx'), texts })
    expect(await csvRows(at('empty-csv', 'rules.csv'))).toEqual([COLUMNS.rules.map((c) => c.name)])
    expect([...workbookSheets(await readFile(at('empty.xlsx')))[1]?.rows() ?? []]).toHaveLength(1)
    const bytes = await readFile(at('empty-parquet', 'claims.parquet'))
    expect(await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer })).toEqual([])
  })
  it('leaves nothing half-written where the results end in a fault, and keeps what was there', async () => {
    await writeResultTables(inventedResults(2), { format: 'csv', out: at('kept'), texts })
    const before = await readFile(at('kept', 'claims.csv'), 'utf8')
    async function* broken(): AsyncGenerator<BatchResult> {
      yield* inventedResults(3, 9)
      throw new Error('cut off')
    }
    for (const format of ['csv', 'parquet', 'xlsx'] as const) {
      const out = format === 'csv' ? at('kept') : format === 'xlsx' ? at('broken.xlsx') : at('broken')
      await expect(writeResultTables(broken(), { format, out, texts })).rejects.toThrow('cut off')
    }
    expect(await readFile(at('kept', 'claims.csv'), 'utf8')).toBe(before)
    expect((await readdir(scratch, { recursive: true })).filter((n) => n.endsWith('.part'))).toEqual([])
    expect(existsSync(at('broken.xlsx'))).toBe(false)
  })
})

describe('workbookWriter', () => {
  it('packs as it goes: the bytes come while rows are still added', () => {
    let taken = 0
    const book = workbookWriter((b) => (taken += b.length))
    const sheet = book.sheet('one', COLUMNS.rules)
    const next = chance(1)
    for (let i = 0; i < 5000; i++) sheet.add([[i, `C-${next()}`, 1, '77331', '', '2025-01-01', 'R38', `says ${next()}`, 'deny', 0]])
    expect(taken).toBeGreaterThan(10_000)
    book.close()
  })
  it('goes on in a further sheet where one is full', () => {
    const pieces: Uint8Array[] = []
    const book = workbookWriter((b) => void pieces.push(b), ['small', 'long'], 5)
    const [long, small] = [book.sheet('long', COLUMNS.rules.slice(0, 2)), book.sheet('small', COLUMNS.rules.slice(0, 1))]
    for (let i = 1; i <= 9; i++) long.add([[i, `C-${i}`]])
    small.add([[7]])
    book.close()
    const sheets = workbookSheets(Buffer.concat(pieces))
    expect(sheets.map((s) => s.name)).toEqual(['small', 'long', 'long 2', 'long 3'])
    expect(sheets.slice(1).flatMap((s) => [...s.rows()].slice(1).map((r) => r.cells[1]))).toEqual(Array.from({ length: 9 }, (_, i) => `C-${i + 1}`))
  })
})

describe('readResults', () => {
  it('reads results of earlier programs, which lack fields', async () => {
    const { memberHash: _m, performance: _p, taxId: _t, ...old } = inventedResults(1)[0] as BatchResult
    const lines = old.lines.map(({ diagnoses: _d, carc: _c, course: _o, ...l }) => l)
    await writeFile(at('old.ndjson'), `${JSON.stringify({ ...old, lines })}\n`)
    for await (const r of readResults(at('old.ndjson'))) expect([r.memberHash, r.performance, r.lines[0]?.diagnoses, r.lines[0]?.course]).toEqual([null, null, [], null])
    expect.assertions(1)
  })
  it('reads what was written, from the file or its folder, and names the line that is none', async () => {
    const results = inventedResults(4)
    await writeFile(at('results.ndjson'), results.map((r) => `${JSON.stringify(r)}\n`).join(''))
    for (const path of [scratch, at('results.ndjson')]) {
      const found: BatchResult[] = []
      for await (const r of readResults(path)) found.push(r)
      expect(found).toEqual(results)
    }
    await writeFile(at('bad.ndjson'), `${JSON.stringify(results[0])}\n{"SECRET":1}\n`)
    const read = async (path: string): Promise<void> => {
      for await (const _ of readResults(path)) continue
    }
    await expect(read(at('bad.ndjson'))).rejects.toThrow(/bad\.ndjson: line 2 is no result of a batch; give results\.ndjson as vouch batch writes it\.$/)
    await expect(read(at('nowhere'))).rejects.toThrow(/cannot be read \(ENOENT\)/)
  })
})
