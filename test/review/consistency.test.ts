import { describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import { readText } from '../../src/document/read-text.ts'
import { dictionariesFolder, loadNoteDictionaries } from '../../src/load/load-knowledge.ts'
import { annotate } from '../../src/note/annotate.ts'
import { splitNotes } from '../../src/note/split.ts'
import { explainProblem } from '../../src/report/messages.ts'
import { buildChart } from '../../src/review/chart.ts'
import { inconsistencies } from '../../src/review/consistency.ts'

const dictionaries = loadNoteDictionaries(dictionariesFolder())
const claim = claimSchema.parse({
  claimId: 'C-1', patient: { name: 'Doe, Jane', birthDate: '1950-01-02', mrn: '12345' }, lines: [{ line: 1, code: '77427', serviceDate: '2025-04-02' }],
})
const problemsOf = (...texts: string[]) => {
  const files = texts.map((text, i) => {
    const document = readText(new TextEncoder().encode(`${text}\n`), `note-${i + 1}.txt`)
    return { document, notes: splitNotes(document, i, dictionaries).map((head) => annotate(document, head, dictionaries)) }
  })
  return inconsistencies(buildChart(claim, files, dictionaries.people), dictionaries)
}
const HEAD = 'Patient: Doe, Jane  DOB: 01/02/1950  MRN: 12345'
const visit = (date: string, fraction: string, prose: string): string => `ON TREATMENT VISIT\n${HEAD}\nDate: ${date}\nFraction ${fraction}.\n${prose}\nElectronically signed by Ann Roe, MD ${date}`
const PROSE = 'She is doing well and reports mild fatigue that does not limit her. Skin of the chest wall shows faint erythema without desquamation. She eats and drinks normally and sleeps well. Weight is stable. '
  + 'We reviewed skin care, hydration and gentle exercise. Port films were reviewed and are satisfactory.'

describe('inconsistencies', () => {
  it('names a visit whose words are those of an earlier one', () => {
    const found = problemsOf(visit('4/2/2025', '5 of 25', PROSE), visit('4/9/2025', '10 of 25', PROSE))
    expect(found.map((p) => [p.id, p.file, p.data?.['other']])).toEqual([['cloned-note', 'note-2.txt', 1]])
    expect(explainProblem(found[0] as (typeof found)[number])).toBe('Page 1 of note-2.txt holds a note with the same words as page 1 of note-1.txt, of another day; ask whether each visit was written afresh.')
  })
  it('is silent where the words differ, and where both are of one day', () => {
    expect(problemsOf(visit('4/2/2025', '5 of 25', PROSE), visit('4/9/2025', '10 of 25', PROSE.replace('faint erythema', 'brisk erythema')))).toEqual([])
    expect(problemsOf(visit('4/2/2025', '5 of 25', PROSE), visit('4/2/2025', '5 of 25', PROSE))).toEqual([])
  })
  it('names a fraction beyond the last, and one that falls back', () => {
    expect(problemsOf(visit('4/2/2025', '5 of 25', 'Doing well.'), visit('4/9/2025', '4 of 25', 'No change.')).map((p) => [p.id, p.data?.['number']])).toEqual([['fraction-number', 4]])
    expect(problemsOf(visit('4/2/2025', '5 of 25', 'Doing well.'), visit('4/9/2025', '10 of 25', 'No change.'))).toEqual([])
  })
  const prescription = (dose: string): string => `RADIATION PRESCRIPTION\n${HEAD}\nDate: 3/25/2025\nLeft breast ${dose}.\nElectronically signed by Ann Roe, MD 3/25/2025`
  const summary = (dose: string): string => `TREATMENT SUMMARY\n${HEAD}\nDate: 5/12/2025\nThe left breast received ${dose}.\nElectronically signed by Ann Roe, MD 5/12/2025`
  it('names doses of one site that differ from note to note', () => {
    expect(problemsOf(prescription('50 Gy in 25 fractions'), summary('50 Gy in 25 fractions'))).toEqual([])
    expect(problemsOf(prescription('50 Gy in 25 fractions'), summary('46 Gy in 23 fractions')).map((p) => p.id)).toEqual(['dose-not-completed'])
    expect(problemsOf(prescription('50 Gy in 25 fractions'), summary('42.5 Gy in 16 fractions')).map((p) => [p.id, p.data?.['dose'], p.data?.['otherDose']])).toEqual([['dose-contradiction', 4250, 5000]])
  })
  it('names figures that do not multiply', () => {
    const found = problemsOf(prescription('50 Gy in 25 fractions of 1.8 Gy'))
    expect(found.map((p) => p.id)).toEqual(['dose-arithmetic'])
    expect(explainProblem(found[0] as (typeof found)[number])).toContain('25 fractions of 180 cGy and a total of 5000 cGy')
  })
})
