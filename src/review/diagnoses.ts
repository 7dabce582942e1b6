// Diagnoses as the billing rules ask for them, from the table in force on a day. May not: take a code for wrong that may be newer than the table.
import { diagnosisOn, TRULY_UNSPECIFIED, type ReferenceTable } from '../dictionary/reference-tables.ts'
import type { Diagnosis, DiagnosisLookup } from './rule-answer.ts'

const sideOf = (descriptor: string): Diagnosis['side'] => (/\bright\b/i.test(descriptor) ? 'right' : /\bleft\b/i.test(descriptor) ? 'left' : null)

/** Undefined where the tables cannot say. A code that the table of its own year does not hold is none, and so not billable. */
export function diagnosesInForce(tables: readonly ReferenceTable[], date: string): DiagnosisLookup {
  return {
    get: (code) => {
      const answer = diagnosisOn(tables, code, date)
      if (answer === null) return undefined
      if (answer.state === 'absent') return { code, billable: false, unspecified: false, side: null }
      const { entry } = answer
      return entry === null ? undefined : { code: entry.code, billable: entry.billable, unspecified: entry.unspecified !== null && TRULY_UNSPECIFIED.has(entry.unspecified), side: sideOf(entry.descriptor) }
    },
  }
}
