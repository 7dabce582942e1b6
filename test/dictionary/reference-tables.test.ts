import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diagnosisOn, feeIndicatorsOn, modifierOn, pairEditOn, parseTable, placeOn, printTable, rowsBeginning, specificDiagnoses, tableLine, tableOn, TABLE_KINDS, unitEditOn, unspecifiedKind, type ReferenceTable } from '../../src/dictionary/reference-tables.ts'
import { loadTables } from '../../src/load/load-tables.ts'

const tables = loadTables(['dictionaries/tables'])
const DAY = '2022-03-01'

describe('the tables that come with the program', () => {
  it('are all there, each with its day, and print as they stand', () => {
    expect(new Set(tables.map((t) => t.table))).toEqual(new Set(TABLE_KINDS))
    for (const { body, ...head } of tables) expect(parseTable(printTable(head, body.split('\n').filter((l) => l !== '')))).toEqual({ ...head, body })
  })
  it('answer with the day of the table', () => {
    expect(pairEditOn(tables, 'practitioner', '77370', '77301', '2025-05-06')).toMatchObject({ column1: '77301', column2: '77370', modifierAllowed: false, table: { effective: '2024-07-01' } })
    expect(pairEditOn(tables, 'practitioner', '77263', '77336', '2025-05-06')?.modifierAllowed).toBe(true)
    expect(pairEditOn(tables, 'practitioner', '77300', '77427', '2025-05-06')).toBeNull()
    expect(unitEditOn(tables, 'practitioner', '77385', '2025-05-06')?.most).toBe(1)
    expect(unitEditOn(tables, 'hospital', '77385', '2025-05-06')?.most).toBe(2)
    expect(feeIndicatorsOn(tables, '77370', '2025-05-06')?.component).toBe('3')
    expect([placeOn(tables, '22', DAY)?.facility, placeOn(tables, '11', DAY)?.facility, placeOn(tables, '00', DAY)]).toEqual([true, false, null])
    expect([modifierOn(tables, 'XU', DAY)?.use, modifierOn(tables, 'TC', DAY)?.use, modifierOn(tables, 'ZZ', DAY)]).toEqual(['separates', 'component', null])
  })
})

describe('a diagnosis on its day', () => {
  it.each([['C50.412', 'valid'], ['c50412', 'valid'], ['C34.1', 'header'], ['C34', 'header'], ['C34.77', 'absent'], ['I10', 'outside'], ['Z51.0', 'outside']])('%s is %s', (code, state) => {
    expect(diagnosisOn(tables, code, DAY)).toMatchObject({ state, table: { effective: '2021-10-01' } })
  })
  it('what an old table does not hold may be new', () => {
    expect(diagnosisOn(tables, 'C50.A0', '2026-05-01')?.state).toBe('absent-may-be-new')
  })
  it.each([
    ['C15.9', 'site'], ['C71.9', 'site'], ['C77.9', 'site'], ['C34.90', 'side-or-part'], ['C78.00', 'side-or-part'], ['C50.911', 'side-or-part'], ['C81.00', 'lymphoma-site'], ['C44.301', 'skin-histology'], ['D49.0', 'behavior'],
    ['C77.0', 'nodal-opening'], ['C77.3', 'nodal-opening'], ['C77.8', 'nodal-opening'], ['C22.9', 'without-the-word'], ['C76.0', 'without-the-word'], ['C80.1', 'without-the-word'], ['C76.40', 'side-or-part'],
    ['C44.319', null], ['C19', null], ['C79.89', null], ['C83.39', null], ['C50.412', null], ['D32.0', null], ['D37.01', null],
  ])('%s is unspecified by %s', (code, kind) => {
    expect(diagnosisOn(tables, code, DAY)?.entry?.unspecified).toBe(kind)
  })
  it('the opening of the nodal codes alone is no fault', () => {
    expect(unspecifiedKind('C77.1', 'Secondary and unspecified malignant neoplasm of intrathoracic lymph nodes')).toBe('nodal-opening')
  })
})

describe('the specific code that words support', () => {
  const specific = (code: string, ...sentences: string[]): string[] => specificDiagnoses(tables, code, DAY, sentences).map((s) => `${s.entry.code} ${s.sentences.join(',')}`)
  it.each([
    ['C34.90', ['Adenocarcinoma of the right upper lobe of the lung.'], ['C34.11 0']],
    ['C34.90', ['He smokes.', 'SBRT to RUL nodule, biopsy-proven.'], ['C34.11 1']],
    ['C34.10', ['LUL lung cancer, T1b.'], ['C34.12 0']],
    ['C34.90', ['Right lung mass, lobe not recorded.'], ['C34.91 0']],
    ['C34.90', ['No imaging of the left breast.'], []],
    ['C34.11', ['Right upper lobe.'], []],
    ['C50.919', ['Invasive ductal carcinoma, Lt breast, UOQ, female.'], ['C50.412 0']],
    ['C50.911', ['Right breast upper-inner quadrant.'], ['C50.211 0']],
    ['C78.00', ['Metastasis in the left lung.'], ['C78.02 0']],
    ['C78.00', ['Metastases in the left and right lung.'], []],
    ['C71.9', ['Glioma of the left frontal lobe of the brain.'], ['C71.1 0']],
    ['C77.0', ['Right axilla.'], []],
    ['C34.1', ['Right upper lobe lung tumor.'], ['C34.11 0']],
  ])('%s, %j', (code, sentences, expected) => {
    expect(specific(code, ...sentences)).toEqual(expected)
  })
  it('returns all where the words support several', () => {
    expect(specific('C34.90', 'RUL nodule.', 'LLL nodule.')).toEqual(['C34.11 0', 'C34.32 1'])
  })
})

describe('a stored table', () => {
  const code = fc.stringMatching(/^[A-C][0-9]{2}[0-9A-B]{0,3}$/)
  it('finds by its beginning what reading every line finds', () => {
    fc.assert(fc.property(fc.array(fc.tuple(code, fc.string({ maxLength: 12 })), { maxLength: 40 }), fc.oneof(code, code.map((c) => c.slice(0, 2)), fc.constant('')), (entries, prefix) => {
      const lines = entries.map(([c, text]) => tableLine([c, '1', text]))
      const table = parseTable(printTable({ table: 'icd10cm', setting: null, effective: '2025-10-01', scope: 'all', source: 'x' }, lines)) as ReferenceTable
      const expected = [...new Set(lines)].sort().filter((l) => l.startsWith(prefix))
      expect(rowsBeginning(table, prefix).map((cells) => tableLine(cells))).toEqual(expected)
    }), { numRuns: 300 })
  })
  it('the table of a day is the latest begun, else the first', () => {
    const made = (effective: string): ReferenceTable => ({ table: 'icd10cm', setting: null, effective, scope: 'all', source: '', body: '' })
    const three = [made('2025-10-01'), made('2023-10-01'), made('2024-10-01')]
    expect(['2020-01-01', '2023-10-01', '2024-09-30', '2024-10-01', '2030-01-01'].map((d) => tableOn(three, 'icd10cm', d)?.effective)).toEqual(['2023-10-01', '2023-10-01', '2023-10-01', '2024-10-01', '2025-10-01'])
    expect(tableOn(three, 'places', '2025-01-01')).toBeNull()
  })
  it('says what is wrong with its head', () => {
    expect(parseTable('a,b\n1,2\n')).toBeNull()
    expect(parseTable('# table: nonsense\n')).toMatch(/no table/)
    expect(parseTable('# table: places\ncode,label,facility\n')).toMatch(/effective/)
    expect(parseTable('# table: places\n# effective: 2024-01-01\ncode,name\n')).toMatch(/columns/)
  })
})
