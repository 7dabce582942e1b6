import { describe, expect, it } from 'vitest'
import { claimSchema, type Claim } from '../../src/claim/claim.ts'
import type { ReferenceTable } from '../../src/dictionary/reference-tables.ts'
import { loadTables } from '../../src/load/load-tables.ts'
import { explainEdit } from '../../src/report/table-words.ts'
import { EDIT_KINDS, tableEdits, tablesInForce, type EditKind } from '../../src/review/table-edits.ts'

const tables = loadTables(['dictionaries/tables'])

/** `77301 77370-59 x2 @22 >2025-05-10`, each on 2025-05-06 unless a day is given with `#`. */
function claim(text: string, more: Partial<Claim> = {}): Claim {
  const lines = text.split(' + ').map((t, i) => {
    const [code = '', ...rest] = t.split(' ')
    const pick = (sign: string): string | null => rest.find((r) => r.startsWith(sign))?.slice(1) ?? null
    const [bare, ...modifiers] = code.split('-')
    return { line: i + 1, code: bare, modifiers, units: Number(pick('x') ?? 1), serviceDate: pick('#') ?? '2025-05-06', serviceDateEnd: pick('>'), placeOfService: pick('@') }
  })
  return claimSchema.parse({ claimId: 'T', diagnoses: ['C50.412'], lines, ...more })
}
const kinds = (c: Claim, from: readonly ReferenceTable[] = tables): string[] => [...tableEdits(c, from)].flatMap(([line, list]) => list.map((e) => `${line} ${e.kind}${e.lines.length > 1 ? ` with ${e.lines.slice(1).join(',')}` : ''}`))

describe('what national tables say of a claim', () => {
  it.each<[string, string, string[], Partial<Claim>?]>([
    ['an edit without exception', '77301 + 77370', ['2 bundled-never with 1']],
    ['whatever the order of the lines', '77370-59 + 77301', ['1 bundled-never with 2']],
    ['an edit that a modifier opens', '77263 + 77336', ['2 bundled-without-modifier with 1']],
    ['the modifier that opens it, on either line', '77263-XU + 77336', ['2 bundled-with-modifier with 1']],
    ['another day', '77301 + 77370 #2025-05-07', []],
    ['a pair without an edit', '77300 + 77427', []],
    ['more units than likely', '77300 x11', ['1 units-over-most']],
    ['over two lines of one day', '77300 x6 + 77300 x5', ['2 units-over-most with 1']],
    ['over a span of days', '77300 x11 >2025-05-07', []],
    ['professional and technical part apart', '77300-26 x6 + 77300-TC x6', []],
    ['more units than possible', '77427 x2', ['1 units-over-most-absolute']],
    ['a part of what is professional only', '77427-26', ['1 component-modifier-on-professional']],
    ['a part of what is technical only', '77370-26', ['1 component-modifier-on-technical']],
    ['a part of what has none', '77469-TC', ['1 component-modifier-on-whole']],
    ['a whole service in a hospital', '77300 @22', ['1 whole-service-in-facility']],
    ['its professional part', '77300-26 @22', []],
    ['a whole service in an office', '77300 @11', []],
    ['a technical service in a hospital', '77336 @22', ['1 technical-service-in-facility']],
    ['no place at all', '77300 @00', ['1 place-unknown']],
    ['a professional service of a hospital', '77427', ['1 professional-service-on-institutional'], { claimForm: 'institutional' }],
    ['the hospital’s own limit', '77385 x2', [], { claimForm: 'institutional' }],
    ['the practitioner’s own limit', '77385 x2', ['1 units-over-most']],
    ['a diagnosis that is a heading', '77300', ['1 diagnosis-not-billable'], { diagnoses: ['C34.1'] }],
    ['a diagnosis without a side', '77300', ['1 diagnosis-unspecified'], { diagnoses: ['C34.90'] }],
    ['metastatic nodes', '77300', [], { diagnoses: ['C77.0'] }],
    ['an unknown primary', '77300', ['1 diagnosis-names-no-site'], { diagnoses: ['C80.1'] }],
    ['a code of a later year', '77300', ['1 diagnosis-may-be-new'], { diagnoses: ['C50.A0'] }],
    ['a chapter that the table does not hold', '77300', [], { diagnoses: ['Z51.0'] }],
  ])('%s: %s', (_, text, expected, more = {}) => {
    expect(kinds(claim(text, more))).toEqual(expected)
  })
  it('only the diagnoses that the line points to', () => {
    const c = claim('77300', { diagnoses: ['C34.90', 'C50.412'] })
    expect(kinds({ ...c, lines: c.lines.map((l) => ({ ...l, diagnosisPointers: [2] })) })).toEqual([])
  })
  it('lines paid earlier count', () => {
    const history = claim('77301').lines
    expect(kinds(claim('77370', { history }))).toEqual(['1 bundled-never'])
    expect(kinds(claim('77300 x6', { history: claim('77300 x6').lines }))).toEqual(['1 units-over-most'])
  })
  it('a code of the year that is in no table', () => {
    expect(kinds(claim('77300 #2022-02-01', { diagnoses: ['C50.A0'] }))).toEqual(['1 diagnosis-not-in-table'])
  })
  it('says nothing without tables', () => {
    expect(kinds(claim('77301 + 77370'), [])).toEqual([])
    expect(tablesInForce(claim('77301'), [])).toEqual([])
  })
  it('every sentence names the codes and the quarter of the table', () => {
    const sentences = [...tableEdits(claim('77301 + 77370 + 77300 x12'), tables).values()].flat().map(explainEdit)
    expect(sentences).toEqual([
      '77370 is bundled into 77301 of the same day (line 1), and no modifier separates them (national procedure-to-procedure edits for practitioners, third quarter of 2024).',
      '12 units of 77300 are billed for one day, and 10 are likely at most; more need clinical evidence (national medically unlikely edits for practitioners, third quarter of 2024).',
    ])
    for (const kind of EDIT_KINDS) {
      const sentence = explainEdit({ kind: kind as EditKind, weight: 'finding', lines: [1, 2], codes: ['77300', '77301'], counted: 2, limit: 1, unspecified: null, supports: [], table: { table: 'icd10cm', setting: null, effective: '2021-10-01', source: '' } })
      expect(sentence).toMatch(/77300.*\(ICD-10-CM, fiscal year 2022\)\.$/)
      expect(sentence).not.toMatch(/[{}[\]]/)
    }
  })
  it('names the tables it looked into, with their days', () => {
    expect(tablesInForce(claim('77301'), tables).map((t) => `${t.table} ${t.setting ?? '-'} ${t.effective}`)).toEqual([
      'fee-indicators - 2024-07-01', 'icd10cm - 2021-10-01', 'modifiers - 2024-07-01', 'ncci-mue practitioner 2024-07-01', 'ncci-ptp practitioner 2024-07-01', 'places - 2024-07-01',
    ])
  })
})
