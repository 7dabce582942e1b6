// The whole line in one place: a claim and its records as read, a review out. May not: read a file, look at a clock, print.
import type { Claim } from './claim/claim.ts'
import type { DenialCodes } from './dictionary/denial-codes.ts'
import type { ReferenceTable } from './dictionary/reference-tables.ts'
import type { Document } from './document/document.ts'
import type { Problem } from './base/problem.ts'
import { annotate } from './note/annotate.ts'
import type { NoteDictionaries } from './note/dictionaries.ts'
import { splitNotes } from './note/split.ts'
import type { Policy } from './policy/policy.ts'
import { buildChart } from './review/chart.ts'
import { checkClaim } from './review/check-claim.ts'
import { checkLines } from './review/check-lines.ts'
import { inconsistencies } from './review/consistency.ts'
import { courseFacts } from './review/courses.ts'
import { differencesOf } from './review/differences.ts'
import { errataOf } from './review/errata.ts'
import { ledgerOf } from './review/ledger.ts'
import { performanceFacts } from './review/performance.ts'
import type { Review } from './review/review.ts'
import { diagnosesInForce } from './review/diagnoses.ts'
import { tableEditsOf, tablesInForce } from './review/table-edits.ts'

export interface Knowledge {
  readonly notes: NoteDictionaries
  readonly policies: readonly Policy[]
  /** National edits, code sets and indicators, by quarter. */
  readonly tables: readonly ReferenceTable[]
  readonly denialCodes: DenialCodes
  /** Hash of all dictionary files. */
  readonly hash: string
  readonly engine: string
}

/** With `version` every line is judged by that text of the policy, whatever its day. */
export function reviewClaim(claim: Claim, records: { readonly documents: readonly Document[]; readonly problems: readonly Problem[]; readonly ocr?: string }, knowledge: Knowledge, version?: string): Review {
  const { documents } = records
  const files = documents.map((document, i) => ({ document, notes: splitNotes(document, i, knowledge.notes).map((head) => annotate(document, head, knowledge.notes)) }))
  const chart = buildChart(claim, files, knowledge.notes.people)
  const policy = policyFor(claim, knowledge.policies)
  const diagnoses = diagnosesInForce(knowledge.tables, chart.from)
  const lines = checkLines(chart, policy, diagnoses, version)
  const general = checkClaim(chart, policy)
  const courses = courseFacts(chart, policy.codes)
  return {
    made: { engine: knowledge.engine, ocr: records.ocr ?? null, dictionaries: knowledge.hash, policy: policy.id, policyVersions: [...new Set(lines.map((l) => l.policyVersion))].sort() },
    claim, documents, notes: chart.notes.map((n) => ({ head: n, patientMatches: n.patientMatches, ofThisCourse: n.ofThisCourse })), ...ledgerOf(chart, [...records.problems, ...inconsistencies(chart, knowledge.notes)]),
    lines, general, rules: [], performance: performanceFacts(chart),
    courses, differences: differencesOf(chart, courses, policy.codes, diagnoses), errata: errataOf(policy.errata, claim, lines),
    edits: tableEditsOf(chart, knowledge.tables), tables: tablesInForce(claim, knowledge.tables),
  }
}

export function policyFor(claim: Claim, policies: readonly Policy[]): Policy {
  const found = policies.find((p) => p.payers.includes(claim.payer)) ?? policies[0]
  if (!found) throw new Error('no policy is loaded')
  return found
}
