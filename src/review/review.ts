// The shapes of an answer. May not: hold functions or sentences for people (src/report makes those from reasons).
import type { Box, Document } from '../document/document.ts'
import type { Problem } from '../base/problem.ts'
import type { Note, PerformanceStatus } from '../note/note.ts'
import type { Claim, ClaimLine } from '../claim/claim.ts'
import type { CodeEntry, RuleInput } from '../policy/rules.ts'
import type { TableCite } from '../dictionary/reference-tables.ts'
import type { TableEdit } from './table-edits.ts'

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
  /** What the rule read. */
  readonly inputs: readonly RuleInput[]
  /** The code that the record supports in place of the one billed, where the rule can say. */
  readonly supportedCode: string | null
  /** Facts that decided it, as the policy names them. */
  readonly facts: readonly string[]
}

/** A rule that applies to the line and cannot be put to it. */
export interface RuleGap {
  readonly id: string
  readonly missing: readonly RuleInput[]
}

/** What a rule says without firing. */
export type RemarkTopic =
  | 'remainder' // units of a service billed every five fractions, of which one is for a remainder
  | 'same-course-other-day' // the pair stands in one course, not on one day
  | 'literal-reading' // facts that the text names together are not all shown
  | 'level-stated-only' // the record names the level, its facts do not show it
  | 'once-a-day-not-named' // a code that the once-a-day sentence does not name
  | 'unspecified-by-manual' // unspecified, where the payer's manual is followed

export interface RuleRemark {
  readonly id: string
  readonly topic: RemarkTopic
  readonly counted: number | null
  readonly limit: number | null
  readonly codes: readonly string[]
  readonly facts: readonly string[]
  readonly evidence: readonly Evidence[]
}

/** The level of a service that the facts of the record show. */
export interface LevelShown {
  /** The rule that judges it, or null where the policy has none. */
  readonly rule: string | null
  readonly billed: string
  readonly supported: string | null
  readonly against: 'as-billed' | 'lower' | 'higher' | 'unknown'
  readonly facts: readonly string[]
  readonly missing: readonly RuleInput[]
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
  readonly notEvaluable: readonly RuleGap[]
  readonly remarks: readonly RuleRemark[]
  readonly level: LevelShown | null
  /** Whether the policy text applied is the one in force on the day of service. */
  readonly basis: 'in-force' | 'after-last-known' | 'before-first-known'
  /** What happened to the code itself, where its change bears on the day of service. */
  readonly codeChange: (NonNullable<CodeEntry['change']> & { readonly bears: 'before' | 'after' }) | null
}

export interface FractionFact {
  readonly date: string
  /** Sessions of the day. */
  readonly sessions: number
  readonly delivered: boolean
  readonly number: number | null
  /** cGy, or null where none is read. */
  readonly dose: number | null
  /** Units of delivery billed or paid for the day. */
  readonly billed: number
  /** Where the chart says so; empty where only the claim does. */
  readonly evidence: readonly Evidence[]
}

/** A number and the place it was read from; `claim` where no page says it. */
export interface ReadNumber {
  readonly value: number
  readonly from: 'chart' | 'claim'
  readonly evidence: readonly Evidence[]
}

export interface PlanFact {
  /** Planning code of the claim, or null for a plan found in the chart alone. */
  readonly code: string | null
  readonly date: string | null
  readonly line: number | null
  readonly evidence: readonly Evidence[]
}

export interface CourseFact {
  readonly course: number
  /** As the chart calls it (`C1`), or null. */
  readonly label: string | null
  readonly from: string
  readonly to: string
  /** How its ends were found. */
  readonly boundary: 'one-run-of-days' | 'gap-before' | 'gap-after' | 'gaps'
  readonly lines: readonly number[]
  readonly history: number
  readonly sites: readonly string[]
  readonly plans: readonly PlanFact[]
  readonly ports: ReadNumber | null
  readonly areas: ReadNumber | null
  readonly prescribed: ReadNumber | null
  readonly delivered: ReadNumber | null
  readonly billed: number
  readonly fractions: readonly FractionFact[]
}

/** A place where the claim and the chart do not agree. */
export interface Difference {
  readonly kind: 'units' | 'not-delivered' | 'date' | 'laterality' | 'diagnosis' | 'course-total'
  readonly line: number | null
  /** What the claim says, and in which of its fields. */
  readonly claim: { readonly field: string; readonly value: string }
  readonly chart: { readonly value: string; readonly evidence: readonly Evidence[] }
}

/** A slip of the policy's text that touches lines of this claim. */
export interface ErratumFact {
  readonly id: string
  readonly lines: readonly number[]
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
  /** Where somebody seems to have signed by hand: a mark is there, and nobody read it. */
  readonly marks: readonly Box[]
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
  readonly courses: readonly CourseFact[]
  readonly differences: readonly Difference[]
  readonly errata: readonly ErratumFact[]
  /** What national tables say, by line number. */
  readonly edits: ReadonlyMap<number, readonly TableEdit[]>
  /** National tables looked into. */
  readonly tables: readonly TableCite[]
  readonly problems: readonly Problem[]
}
