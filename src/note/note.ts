// The shapes of a note and of what is found in it. May not: hold functions; know what a policy is.
import type { Span } from '../base/span.ts'
import type { Document } from '../document/document.ts'

/** `YYYY-MM-DD`. */
export type IsoDate = string

export const NOTE_TYPES = [
  'consult', 'followup', 'prescription', 'planning-note', 'simulation', 'special-physics-request', 'special-physics-report',
  'special-treatment-note', 'in-vivo-dosimetry', 'dose-calculation', 'plan-report', 'isodose', 'imrt-qa', 'treatment-record',
  'daily-setup', 'image-guidance-record', 'on-treatment-visit', 'weekly-physics', 'initial-chart-check', 'srs-management',
  'sbrt-management', 'electronic-brachytherapy-record', 'brachytherapy-procedure', 'superficial-record', 'proton-record', 'devices',
  'completion', 'consent', 'nursing', 'pathology', 'radiology', 'laboratory', 'fusion', 'tumor-board', 'physics-misc', 'chemotherapy-record',
  'letter', 'billing', 'cover', 'education', 'registration', 'unknown',
] as const
export type NoteType = (typeof NOTE_TYPES)[number]

export const ROLES = [
  'radiation-oncologist', 'physician', 'physicist', 'dosimetrist', 'therapist', 'nurse', 'advanced-practitioner', 'surgeon', 'neurosurgeon',
  'medical-oncologist', 'pathologist', 'radiologist', 'patient', 'clerk', 'unknown',
] as const
export type Role = (typeof ROLES)[number]

export type SignatureState = 'signed' | 'unsigned' | 'pending' | 'dictated-not-read' | 'absent'

export interface Signature extends Span {
  /** `initials` is a signature of initials only; `blank` an empty signature line. */
  readonly kind: 'electronic' | 'handwritten' | 'typed' | 'approval' | 'initials' | 'blank' | 'pending' | 'dictated-not-read' | 'stamp'
  readonly by: string | null
  readonly role: Role
  readonly date: IsoDate | null
  /** `HH:MM`, 24-hour. */
  readonly time: string | null
  /** True where it authenticates (signed, approved, authenticated by); false for blank, pending, prepared-by and the like. */
  readonly counts: boolean
}

export interface PatientIdentity {
  readonly name: string | null
  readonly birthDate: IsoDate | null
  readonly identifiers: readonly string[]
}

/** Who and when and what kind: what the splitter says of a note. */
export interface NoteHead {
  /** 1-based over the whole packet, files in order of name. */
  readonly note: number
  /** Index into the documents of the chart. */
  readonly document: number
  readonly file: string
  /** In the document's text. Headers and footers of its pages lie inside. */
  readonly start: number
  readonly end: number
  readonly firstPage: number
  readonly lastPage: number
  readonly type: NoteType
  /** How the type was found: a title outranks cues in the body, and both the file's name. */
  readonly typeFrom: 'title' | 'header' | 'content' | 'file-name' | 'none'
  /** Types the note holds besides: a heading of that kind inside it, or words of it where no title says the type. */
  readonly also: readonly NoteType[]
  /** Service date of the note: the visit or measurement, never print, fax or signing where another date stands. */
  readonly date: IsoDate | null
  readonly author: { readonly name: string; readonly role: Role } | null
  readonly signature: { readonly state: SignatureState; readonly by: string | null; readonly role: Role | null; readonly date: IsoDate | null }
  readonly signatures: readonly Signature[]
  readonly patient: PatientIdentity
}

export type Presence = 'present' | 'absent' | 'possible' | 'hypothetical'
export type Time = 'current' | 'historical' | 'planned'
export type Subject = 'patient' | 'family' | 'other'

export interface Assertion {
  readonly presence: Presence
  readonly time: Time
  readonly subject: Subject
  /** Words of the cues that decided it. */
  readonly cues: readonly string[]
}

/**
 * The unit in which words belong together: a sentence, one row of a table (cells between tabs), a form field with its value, or a heading.
 * Statements of a note do not overlap and stand in text order; headers and footers are statements of their own kind.
 */
export interface Statement extends Span {
  readonly kind: 'sentence' | 'row' | 'field' | 'heading' | 'page-edge'
  readonly page: number
  /** Index into the note's sections, or -1. */
  readonly section: number
  /** For a `row` below a header row: index of the statement that holds its column names, or -1. */
  readonly columns: number
}

export interface Section extends Span {
  /** Id from dictionaries/sections.yaml, or `other`. */
  readonly id: string
  readonly heading: Span
}

export interface Mention extends Span {
  readonly concept: string
  /** Index into the note's statements. */
  readonly statement: number
  readonly assertion: Assertion
}

export const MEASURE_KINDS = [
  'dose', 'dose-per-fraction', 'fractions', 'fraction-number', 'percent', 'energy', 'monitor-units', 'length', 'volume', 'activity', 'count', 'frequency',
] as const
export type MeasureKind = (typeof MEASURE_KINDS)[number]

export interface Measure extends Span {
  readonly kind: MeasureKind
  /** Dose in cGy, length in mm, volume in cc, energy in MeV (MV, MeV) or kV as `unit` says, percent as printed. `low` equals `high` for a single value. */
  readonly low: number
  readonly high: number
  readonly unit: string
  readonly statement: number
}

export interface DateMention extends Span {
  readonly date: IsoDate
  /** `partial-year` dates (`05/12`) are completed from the note's date. */
  readonly completed: boolean
  readonly statement: number
}

export interface TimeMention extends Span {
  /** `HH:MM`, 24-hour. */
  readonly time: string
  readonly statement: number
}

export interface Duration extends Span {
  readonly seconds: number
  /** `stated` (21 min), `start-stop` (09:02-09:40). */
  readonly from: 'stated' | 'start-stop'
  readonly statement: number
}

export type PerformanceScale = 'KPS' | 'ECOG' | 'Lansky' | 'PPS'

export interface PerformanceStatus extends Span {
  /** Zubrod and WHO are reported as ECOG. */
  readonly scale: PerformanceScale
  readonly low: number
  readonly high: number
  /** Date of the statement itself, else of its note. */
  readonly date: IsoDate | null
  readonly time: Time
  readonly statement: number
  /** True where a printing or scanning slip was corrected to read the value. */
  readonly corrected: boolean
}

/** A note with everything found in it. Spans are positions in the document's text. */
export interface Note extends NoteHead {
  readonly sections: readonly Section[]
  readonly statements: readonly Statement[]
  /** Sorted by start. */
  readonly mentions: readonly Mention[]
  readonly measures: readonly Measure[]
  readonly dates: readonly DateMention[]
  readonly times: readonly TimeMention[]
  readonly durations: readonly Duration[]
  readonly performance: readonly PerformanceStatus[]
}

export interface NotesOfDocument {
  readonly document: Document
  readonly notes: readonly Note[]
}
