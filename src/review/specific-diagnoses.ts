// For a diagnosis that says too little: the codes that the patient's own records would support, with the words that do. May not: decide a line; take a denied, earlier or another person's illness for the one billed.
import { specificDiagnoses, type ReferenceTable } from '../dictionary/reference-tables.ts'
import type { Document } from '../document/document.ts'
import { evidenceAt, type Chart } from './chart.ts'
import type { Evidence } from './review.ts'

export interface SupportedDiagnosis {
  readonly code: string
  readonly descriptor: string
  readonly evidence: readonly Evidence[]
}

/** Concepts that say which illness the patient has. */
const ILLNESS: ReadonlySet<string> = new Set(['diagnosis-of-patient', 'treated-illness', 'cancer-type-and-stage'])
const MOST_EVIDENCE = 3

/** By diagnosis as billed; only those with something to say. Several codes for one diagnosis mean that a person has to choose. */
export function specificCodes(chart: Chart, diagnoses: readonly string[], tables: readonly ReferenceTable[]): ReadonlyMap<string, readonly SupportedDiagnosis[]> {
  const out = new Map<string, readonly SupportedDiagnosis[]>()
  if (diagnoses.length === 0) return out
  const said = chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((note) => {
    const own = new Set(note.mentions.filter((m) => ILLNESS.has(m.concept) && m.assertion.presence === 'present' && m.assertion.time === 'current' && m.assertion.subject === 'patient').map((m) => m.statement))
    const text = (chart.documents[note.document] as Document).text
    return note.statements.flatMap((s, i) => (own.has(i) && !note.boilerplate.has(i) ? [{ note, start: s.start, end: s.end, text: text.slice(s.start, s.end) }] : []))
  })
  const sentences = said.map((s) => s.text)
  for (const code of new Set(diagnoses)) {
    const found = specificDiagnoses(tables, code, chart.from, sentences).map(({ entry, sentences: at }): SupportedDiagnosis => ({
      code: entry.code, descriptor: entry.descriptor,
      evidence: at.slice(0, MOST_EVIDENCE).flatMap((i) => {
        const s = said[i]
        return s ? [evidenceAt(chart, s.note, s.start, s.end, 'for')] : []
      }),
    }))
    if (found.length > 0) out.set(code, found)
  }
  return out
}
