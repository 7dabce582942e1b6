import { zipSync } from 'fflate'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { diagnosisOn, feeIndicatorsOn, pairEditOn, unitEditOn } from '../../src/dictionary/reference-tables.ts'
import { importTables, type Imported } from '../../src/load/import-tables.ts'
import { loadTables } from '../../src/load/load-tables.ts'
import { MUE_CSV, MUE_SHEET, ORDER_ADDENDA, ORDER_FILE, PTP_SHEET, PTP_TEXT, RELATIVE_VALUES } from './published.ts'

const CODES = new Set(['77300', '77301', '77331', '77332', '77334', '77336', '77370', '77427', '77431', '77432', '77470', '0394T', 'G6015'])
const scratch = mkdtempSync(join(tmpdir(), 'vouch-tables-'))
let folder = ''
let count = 0
beforeEach(() => {
  folder = mkdtempSync(join(scratch, 'tables-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function put(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(scratch, `in${count++}-`)), name)
  writeFileSync(path, content)
  return path
}
const take = (path: string, more: Partial<Parameters<typeof importTables>[1]> = {}): Imported[] => importTables(path, { folder, codes: CODES, ...more })
const sheet = async (rows: readonly (readonly (string | number | null)[])[]): Promise<Uint8Array> =>
  new Uint8Array(await writeXlsx(rows.map((r) => r.map((v) => (v === null ? null : { value: v, type: typeof v === 'number' ? Number : String }))) as never, {}).toBuffer())

describe('procedure-to-procedure edits', () => {
  it('as text: quarter and setting by the name of the file, days by the row', () => {
    expect(take(put('ccipra-v323r0-f1.TXT', PTP_TEXT))).toMatchObject([{ table: 'ncci-ptp', setting: 'practitioner', effective: '2026-10-01', read: 6, kept: 5, changed: true, faults: [] }])
    const tables = loadTables([folder])
    expect(pairEditOn(tables, 'practitioner', '77370', '77301', '2026-10-05')).toMatchObject({ column1: '77301', column2: '77370', modifierAllowed: false, table: { table: 'ncci-ptp', effective: '2026-10-01', source: 'ccipra-v323r0-f1.TXT' } })
    expect(pairEditOn(tables, 'practitioner', '77427', '77431', '2026-09-30')?.modifierAllowed).toBe(true)
    expect(pairEditOn(tables, 'practitioner', '77427', '77431', '2026-10-01')).toBeNull()
    expect(pairEditOn(tables, 'practitioner', '77427', '77432', '2026-09-30')).toBeNull()
    expect(pairEditOn(tables, 'practitioner', '77300', '77331', '2026-10-05')).toBeNull()
    expect(pairEditOn(tables, 'hospital', '77301', '77370', '2026-10-05')).toBeNull()
  })
  it('as a workbook and as CSV; parts of one publication come together, and twice is once', async () => {
    const first = put('ccioph-v322r0-f1.txt', PTP_TEXT)
    const second = put('ccioph-v322r0-f2.xlsx', await sheet(PTP_SHEET))
    expect(take(first)[0]).toMatchObject({ setting: 'hospital', effective: '2026-07-01', kept: 5 })
    expect(take(second)[0]).toMatchObject({ kept: 7, changed: true })
    const before = readFileSync(join(folder, 'ncci-ptp-hospital-2026-07-01.csv'), 'utf8')
    expect([take(first), take(second), take(first)].map(([i]) => [i?.kept, i?.changed])).toEqual([[7, false], [7, false], [7, false]])
    expect(readFileSync(join(folder, 'ncci-ptp-hospital-2026-07-01.csv'), 'utf8')).toBe(before)
    expect(readdirSync(folder)).toEqual(['ncci-ptp-hospital-2026-07-01.csv'])
    const csv = put('hospital edits 2026q2.csv', PTP_TEXT.replaceAll('\t', ','))
    expect(take(csv)[0]).toMatchObject({ setting: 'hospital', effective: '2026-04-01', kept: 5 })
  })
  it('asks for what neither content nor name says, and names bad rows', () => {
    const path = put('edits.txt', PTP_TEXT.replace('\t0\tMisuse', '\t7\tMisuse').replace('20160101', '2016-13'))
    expect(() => take(path)).toThrow(/add --setting/)
    expect(take(path, { setting: 'practitioner' })[0]).toMatchObject({ effective: '2026-10-01', kept: 3, faults: ['row 4: the modifier indicator is not 0, 1 or 9', 'row 9: a date is not a date'] })
  })
})

describe('medically unlikely edits', () => {
  it('as CSV and as a workbook, setting by its heading', async () => {
    expect(take(put('MCR_MUE_PractitionerServices_Eff_10-01-2026.csv', MUE_CSV))).toMatchObject([{ table: 'ncci-mue', setting: 'practitioner', effective: '2026-10-01', kept: 2, faults: ['row 8: the number of units is not a number'] }])
    expect(take(put('some name.xlsx', await sheet(MUE_SHEET)))).toMatchObject([{ table: 'ncci-mue', setting: 'hospital', effective: '2026-10-01', kept: 2 }])
    const tables = loadTables([folder])
    expect(unitEditOn(tables, 'practitioner', '77300', '2026-11-01')).toMatchObject({ most: 12, adjudication: 3, table: { effective: '2026-10-01' } })
    expect(unitEditOn(tables, 'practitioner', '77427', '2026-11-01')).toMatchObject({ most: 1, adjudication: 2 })
    expect(unitEditOn(tables, 'hospital', 'G6015', '2026-11-01')).toMatchObject({ most: 2, adjudication: 1 })
    expect(unitEditOn(tables, 'hospital', '77336', '2026-11-01')).toBeNull()
  })
})

describe('diagnoses', () => {
  it('the order file, then addenda on top of it, each under its own day', () => {
    expect(take(put('icd10cm-order-2026.txt', ORDER_FILE))).toMatchObject([{ table: 'icd10cm', effective: '2025-10-01', read: 7, kept: 7, faults: [] }])
    const changes = put('icd10cm_order_addenda_April-1-2026.txt', ORDER_ADDENDA)
    expect(take(changes)).toMatchObject([{ effective: '2026-04-01', kept: 7, changed: true, faults: [] }])
    expect(take(changes)[0]?.changed).toBe(false)
    const tables = loadTables([folder])
    const state = (code: string, date: string): unknown => diagnosisOn(tables, code, date)?.state
    expect([state('C34.1', '2025-11-01'), state('C34.11', '2025-11-01'), state('C50.A0', '2025-11-01'), state('C50.A0', '2026-05-01'), state('A00.0', '2026-03-31'), state('A00.0', '2026-04-01')]).toEqual(['header', 'valid', 'absent', 'valid', 'valid', 'absent'])
    expect(diagnosisOn(tables, 'C79.51', '2026-05-01')?.entry?.descriptor).toContain('as revised')
  })
  it('addenda need a table to change; a bad line is named', () => {
    const changes = put('icd10cm_order_addenda_2026.txt', ORDER_ADDENDA)
    expect(() => take(changes)).toThrow(/import the order file of the year first/)
    expect(take(put('icd10cm_order_2026.txt', ORDER_FILE.replace('00902 C3410   1', '00902 C3410   x')))[0]).toMatchObject({ kept: 6, faults: ['line 5: is not laid out as the order file is: number, code, flag, texts'] })
  })
})

describe('indicators', () => {
  it('the relative value file, without its descriptors', () => {
    expect(take(put('PPRRVU2026_Oct_nonQPP.csv', RELATIVE_VALUES))).toMatchObject([{ table: 'fee-indicators', setting: null, effective: '2026-10-01', read: 5, kept: 3, faults: ['row 11: the PC/TC indicator is not one digit'] }])
    expect(readFileSync(join(folder, 'fee-indicators-2026-10-01.csv'), 'utf8')).not.toContain('LABEL')
    expect(feeIndicatorsOn(loadTables([folder]), '77336', '2026-10-02')).toMatchObject({ component: '3', status: 'A', global: 'XXX' })
    expect(take(put('renamed.csv', RELATIVE_VALUES))[0]).toMatchObject({ effective: '2026-10-01' })
  })
})

describe('archives and strangers', () => {
  it('takes every table of a ZIP as published', () => {
    const zip = zipSync({ 'readme.pdf': new Uint8Array([1]), 'MCR_MUE_PractitionerServices_Eff_10-01-2026.csv': new Uint8Array(Buffer.from(MUE_CSV)), 'ccipra-v323r0-f1.txt': new Uint8Array(Buffer.from(PTP_TEXT)) })
    expect(take(put('all.zip', zip)).map((i) => i.table)).toEqual(['ncci-mue', 'ncci-ptp'])
  })
  it('takes what was stored elsewhere', () => {
    take(put('ccipra-v323r0.txt', PTP_TEXT))
    const stored = join(folder, 'ncci-ptp-practitioner-2026-10-01.csv')
    const other = mkdtempSync(join(scratch, 'other-'))
    importTables(stored, { folder: other, codes: CODES })
    expect(readFileSync(join(other, 'ncci-ptp-practitioner-2026-10-01.csv'), 'utf8')).toBe(readFileSync(stored, 'utf8'))
  })
  it('refuses what is no table', () => {
    expect(() => take(put('x.csv', 'a,b\n1,2\n'))).toThrow(/no table that is known/)
    expect(() => take(put('x.zip', new Uint8Array([0x50, 0x4b, 3, 4, 0, 1])))).toThrow(/damaged/)
    expect(() => take(put('icd.txt', ORDER_FILE))).toThrow(/--effective/)
    expect(take(put('icd.txt', ORDER_FILE), { effective: '2024-10-01' })[0]).toMatchObject({ effective: '2024-10-01' })
  })
})
