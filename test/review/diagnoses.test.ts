import { describe, expect, it } from 'vitest'
import { printTable, parseTable, type ReferenceTable } from '../../src/dictionary/reference-tables.ts'
import { loadTables } from '../../src/load/load-tables.ts'
import { diagnosesInForce } from '../../src/review/diagnoses.ts'

const bundled = loadTables(['dictionaries/tables'])
const made = (effective: string, ...lines: string[]): ReferenceTable => parseTable(printTable({ table: 'icd10cm', setting: null, effective, scope: 'all', source: 'made' }, lines)) as ReferenceTable

describe('diagnoses in force on a day', () => {
  it('are billable, unspecified and of a side by the table', () => {
    const { get } = diagnosesInForce(bundled, '2025-05-06')
    expect(get('C34.12')).toEqual({ code: 'C34.12', billable: true, unspecified: false, side: 'left' })
    expect(get('c3490')).toEqual({ code: 'C34.90', billable: true, unspecified: true, side: null })
    expect(get('C34.1')?.billable).toBe(false)
    expect(get('C77.0')?.unspecified).toBe(false)
  })
  it('are unknown where the table is older than the code set, or does not hold the chapter', () => {
    const { get } = diagnosesInForce(bundled, '2025-05-06')
    expect([get('C50.A0'), get('Z51.0'), get('')]).toEqual([undefined, undefined, undefined])
  })
  it('come and go with the tables', () => {
    const tables = [made('2024-10-01', 'C610,1,Old kind'), made('2025-10-01', 'C611,1,New kind')]
    const billable = (code: string, date: string): boolean | undefined => diagnosesInForce(tables, date).get(code)?.billable
    expect([billable('C61.0', '2025-09-30'), billable('C61.1', '2025-09-30'), billable('C61.0', '2025-10-01'), billable('C61.1', '2025-10-01')]).toEqual([true, false, false, true])
    expect(diagnosesInForce([], '2025-10-01').get('C61')).toBeUndefined()
  })
})
