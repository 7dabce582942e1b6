// Records as read and what is planned → the whole self-audit, in one place. May not: read a file, look at a clock, print.
import type { Claim } from '../claim/claim.ts'
import type { Fee } from '../claim/fees.ts'
import type { Document } from '../document/document.ts'
import type { Problem } from '../base/problem.ts'
import { annotate } from '../note/annotate.ts'
import { splitNotes } from '../note/split.ts'
import type { Policy } from '../policy/policy.ts'
import { toContract, type ReviewJson } from '../report/contract.ts'
import type { PolicyText } from '../report/messages.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import { chartAlone, plannedClaim, suggestCodes, type Suggestion } from '../review/suggest.ts'
import { draftsOf, type Draft } from './drafts.ts'
import { planLines, type NamedCode, type PlannedLine } from './plan-lines.ts'
import { selfAuditOf, type SelfAudit } from './self-audit.ts'
import { whatIf, type WhatIf } from './what-if.ts'

export interface ReadRecords { readonly documents: readonly Document[]; readonly problems: readonly Problem[]; readonly ocr?: string }

/** What is planned: a claim, codes that are named, or what the chart suggests. */
export type Planned =
  | { readonly claim: Claim }
  | { readonly codes: readonly NamedCode[]; readonly payer: string | null }
  | { readonly suggest: true; readonly payer: string | null }

export interface Audited {
  readonly claim: Claim | null
  readonly review: ReviewJson
  readonly audit: SelfAudit
  readonly drafts: readonly Draft[]
  /** What was taken for what was not said, a sentence each. */
  readonly remarks: readonly string[]
  readonly whatIf?: WhatIf
}

/** Null where nothing can be looked at: no date in the records, or no line planned; `remarks` of the fault say why. */
export function auditRecords(
  records: ReadRecords, planned: Planned, knowledge: Knowledge, texts: PolicyText, options: { readonly fees?: readonly Fee[] | undefined; readonly added?: ReadRecords | undefined } = {},
): Audited | { readonly fault: string; readonly suggested: readonly Suggestion[] } {
  const plan = planOf(records, planned, knowledge)
  if ('fault' in plan) return plan
  const { claim, policy, suggested, remarks } = plan
  const reviewed = (of: ReadRecords): ReviewJson => toContract(reviewClaim(claim, of, knowledge), texts, knowledge.denialCodes)
  const review = reviewed(records)
  const audit = selfAuditOf(review, policy, { fees: options.fees, suggested: suggested ?? undefined })
  const added = options.added
  return {
    claim, review, audit, drafts: draftsOf(audit, review), remarks,
    ...(added === undefined ? {} : { whatIf: whatIf(review, reviewed(together(records, added))) }),
  }
}

/** Files of one name are told apart; the documents stand in the order of their names. */
export function together(records: ReadRecords, added: ReadRecords): ReadRecords {
  const names = new Set(records.documents.map((d) => d.file))
  const clash = added.documents.some((d) => names.has(d.file))
  const named = <T extends { readonly file: string }>(of: T): T => (clash ? { ...of, file: `added/${of.file}` } : of)
  const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
  return {
    documents: [...records.documents, ...added.documents.map(named)].sort(byFile), problems: [...records.problems, ...added.problems.map(named)].sort(byFile),
    ...(records.ocr === undefined ? {} : { ocr: records.ocr }),
  }
}

interface Plan { readonly claim: Claim; readonly policy: Policy; readonly suggested: readonly Suggestion[] | null; readonly remarks: readonly string[] }

function planOf(records: ReadRecords, planned: Planned, knowledge: Knowledge): Plan | { readonly fault: string; readonly suggested: readonly Suggestion[] } {
  const payer = 'claim' in planned ? planned.claim.payer : planned.payer
  const policy = knowledge.policies.find((p) => payer !== null && p.payers.includes(payer)) ?? knowledge.policies[0]
  if (!policy) throw new Error('no policy is loaded')
  if ('claim' in planned) return { claim: planned.claim, policy, suggested: null, remarks: [] }
  const files = records.documents.map((document, i) => ({ document, notes: splitNotes(document, i, knowledge.notes).map((head) => annotate(document, head, knowledge.notes)) }))
  const chart = chartAlone(files, knowledge.notes.people)
  if (chart === null) return { fault: 'No dated note was found in the records, so that no day of service can be told; name the codes with their days, such as 77331@2025-05-06.', suggested: [] }
  const suggestions = suggestCodes(chart, policy)
  const lines: readonly PlannedLine[] = 'codes' in planned ? [] : suggestions
  const named = 'codes' in planned ? planLines(planned.codes, chart, suggestions, policy) : { lines, remarks: [] }
  const claim = plannedClaim(chart, named.lines, payer)
  if (claim === null) return { fault: 'The chart suggests no code that the policy knows; name the codes that are planned.', suggested: suggestions }
  return { claim, policy, suggested: 'codes' in planned ? null : suggestions, remarks: named.remarks }
}
