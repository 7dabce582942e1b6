import { beforeAll, describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import { readText } from '../../src/document/read-text.ts'
import { loadKnowledge } from '../../src/load/load-knowledge.ts'
import { reviewClaim, type Knowledge } from '../../src/review-claim.ts'
import { explainEdit } from '../../src/report/table-words.ts'

let knowledge: Knowledge
beforeAll(() => {
  knowledge = loadKnowledge('dictionaries', 'test')
})

const HEAD = 'RADIATION ONCOLOGY CONSULTATION\nPatient: Alder, Ines   DOB: 03/03/1950\nDate of service: 04/28/2025\n\n'
const SIGNED = '\n\nElectronically signed by Jo Marsh, MD, Radiation Oncology on 04/28/2025'

function supported(dx: string, text: string): { codes: string[]; quotes: string[]; sentence: string } {
  const claim = claimSchema.parse({ claimId: 'T', patient: { name: 'Alder, Ines', birthDate: '1950-03-03' }, diagnoses: [dx], lines: [{ line: 1, code: '77263', serviceDate: '2025-05-06', diagnosisPointers: [1] }] })
  const document = readText(new TextEncoder().encode(HEAD + text + SIGNED), 'consult.txt')
  const edit = reviewClaim(claim, { documents: [document], problems: [] }, knowledge).edits.get(1)?.find((e) => e.codes[0] === dx)
  return { codes: edit?.supports.map((s) => s.code) ?? [], quotes: edit?.supports.flatMap((s) => s.evidence.map((e) => e.quote)) ?? [], sentence: edit === undefined ? '' : explainEdit(edit) }
}

describe('the diagnosis that the records would support', () => {
  it('is named with the words that do', () => {
    const { codes, quotes, sentence } = supported('C34.90', 'IMPRESSION\nBiopsy-proven adenocarcinoma of the right upper lobe of the lung, cT1bN0M0, stage IA2.')
    expect(codes).toEqual(['C34.11'])
    expect(quotes).toEqual(['Biopsy-proven adenocarcinoma of the right upper lobe of the lung, cT1bN0M0, stage IA2.'])
    expect(sentence).toBe('C34.90 is unspecified by its descriptor; the records would support C34.11 (consult.txt p. 1) (ICD-10-CM, fiscal year 2022).')
  })
  it.each([
    ['a heading', 'C34.1', 'IMPRESSION\nNon-small cell carcinoma of the left upper lobe of the lung, stage IB.', ['C34.12']],
    ['a denial', 'C34.90', 'IMPRESSION\nThere is no evidence of cancer in the right upper lobe of the lung.', []],
    ['another person', 'C34.90', 'FAMILY HISTORY\nHer father had cancer of the right upper lobe of the lung.', []],
    ['nothing more said', 'C34.90', 'IMPRESSION\nLung cancer.', []],
    ['a specific code already', 'C34.11', 'IMPRESSION\nAdenocarcinoma of the left upper lobe of the lung, stage IA.', []],
  ])('%s: %s', (_, dx, text, codes) => {
    expect(supported(dx, text).codes).toEqual(codes)
  })
})
