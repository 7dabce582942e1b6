// The shapes of an answer. May not: hold functions or sentences for people (src/report makes those from reasons).
import type { Box, Document } from '../document/document.ts'
import type { Problem } from '../base/problem.ts'
import type { Note, PerformanceStatus } from '../note/note.ts'
import type { Claim, ClaimLine } from '../claim/claim.ts'

export type Status = 'met' | 'partial' | 'not-met' | 'not-applicable' | 'unclear' | 'clear' | 'triggered'
export type RequirementClass = 'core' | 'req' | 'cond' | 'x'
export type DeterminationKind = 'supported' | 'insufficient-documentation' | 'not-supported' | 'needs-review'

export interface Evidence {
  /** Index into the documents of the chart. */
  readonly document: number
  readonly file: string
  /** Span in the document's text. */
  readonly start: number
  readonly end: number
  readonly page: number
  readonly quote: string
  readonly boxes: readonly Box[]
  readonly stance: 'for' | 'against'
  /** 1-based note number, or 0 outside any note. */
  readonly note: number
}

/** Why a status holds. Silence, denial, doubt and an unreadable page are different reasons. */
export type ReasonId =
  | 'found' // met
  | 'parts-found' // partial: `missing` names the parts not found
  | 'not-found' // silence
  | 'denied' // the record says that it was not done or is not there
  | 'only-planned' | 'only-historical' | 'only-other-course' | 'only-other-patient' | 'only-template'
  | 'unsigned' | 'undated' | 'wrong-role' | 'wrong-order' // present, but not authenticated, not dated, by another role, after the event
  | 'conflict' // signed notes disagree
  | 'straddles-threshold'
  | 'doubtful-reading' // stands on scanned words that were not read with certainty
  | 'unreadable' // what is missing may stand on a page that could not be read
  | 'condition-not-met' // not applicable
  | 'exclusion-found' | 'exclusion-absent'
  | 'no-value' // exclusion by value, and no value of this course

export interface Finding {
  readonly requirement: string
  readonly class: RequirementClass
  readonly status: Status
  readonly reason: ReasonId
  /** Names of the parts found and missing, as the policy entry calls them. */
  readonly found: readonly string[]
  readonly missing: readonly string[]
  /** Best first. */
  readonly evidence: readonly Evidence[]
  readonly searched: { readonly pages: number; readonly unreadable: number }
}

export type RuleEffect = 'deny' | 'limit' | 'review' | 'note'

export interface RuleHit {
  /** `R01` to `R82`. */
  readonly id: string
  readonly effect: RuleEffect
  /** Units of the line that stand; 0 under `deny`. Null where the rule does not count units. */
  readonly unitsSupported: number | null
  readonly denialCodes: readonly string[]
  /** Line numbers of the claim that the rule names, the denied one first. */
  readonly lines: readonly number[]
  readonly counted: number | null
  readonly limit: number | null
  /** Other codes named by the rule. */
  readonly codes: readonly string[]
  readonly evidence: readonly Evidence[]
}

export interface LineDetermination {
  readonly line: ClaimLine
  /** Date of the policy text applied. */
  readonly policyVersion: string
  readonly determination: DeterminationKind
  /** Weighted share of applicable requirements met, 0 to 1. Orders a worklist; decides nothing. */
  readonly score: number
  readonly unitsSupported: number
  /** The code meant, where another was billed (77525 for 77252). */
  readonly reportedCode: string | null
  readonly findings: readonly Finding[]
  readonly rules: readonly RuleHit[]
}

export interface PerformanceFact extends PerformanceStatus {
  readonly decisive: boolean
  readonly evidence: Evidence
}

export interface ReviewedNote {
  readonly head: Note
  /** Null where no identity is printed. */
  readonly patientMatches: boolean | null
  /** False for a note of an earlier or later course. */
  readonly ofThisCourse: boolean
}

/** `read` from a text layer, `read-by-ocr`, or why it counts for less: `illegible` was read, but too poorly to be relied on. */
export type PageState = 'read' | 'read-by-ocr' | 'illegible' | 'duplicate' | 'near-duplicate' | 'other-patient' | 'blank' | 'unread'

export interface LedgerPage {
  /** Number of its (first) note. */
  readonly note: number | null
  readonly state: PageState
  readonly otherPatient: boolean
  /** The file and page it repeats word for word. */
  readonly duplicateOf: { readonly file: string; readonly page: number } | null
  /** The file and page it repeats but for what a second scan makes of it. */
  readonly nearDuplicateOf: { readonly file: string; readonly page: number } | null
  /** What it says of itself: `page 3 of 7`. */
  readonly printed: { readonly number: number; readonly of: number } | null
  /** Degrees clockwise by which its text is turned. */
  readonly turned: number
}

export interface Review {
  readonly made: { readonly engine: string; /** What recognised pages without text; null where nobody was asked to. */ readonly ocr: string | null; readonly dictionaries: string; readonly policy: string; readonly policyVersions: readonly string[] }
  readonly claim: Claim
  readonly documents: readonly Document[]
  readonly notes: readonly ReviewedNote[]
  /** For each document, for each page in order. */
  readonly pages: readonly (readonly LedgerPage[])[]
  readonly lines: readonly LineDetermination[]
  readonly general: readonly Finding[]
  /** Rules that concern the claim as a whole. */
  readonly rules: readonly RuleHit[]
  readonly performance: readonly PerformanceFact[]
  readonly problems: readonly Problem[]
}
