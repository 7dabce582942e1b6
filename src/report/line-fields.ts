// What the tables of payers hold of a claim and its lines beside the determination: diagnoses, fractions, codes of a denial, performance status, flags. May not: hold a name or a word of a record; decide anything.
import type { Claim } from '../claim/claim.ts'
import type { LineJson, RequirementJson, ReviewJson } from './contract.ts'

export interface LineFields {
  /** What the national tables say against the diagnoses. */
  readonly diagnosisFlags: readonly string[]
  /** Of the claim's courses; null where the line belongs to none. */
  readonly course: number | null
  readonly fractionsBilled: number | null
  readonly fractionsDelivered: number | null
  readonly checklists: readonly string[]
  /** Requirements that stand against the line. */
  readonly missing: readonly string[]
  /** Of the payer. */
  readonly denialCodes: readonly string[]
  /** Proposed: reasons and remarks of a remittance. */
  readonly carc: readonly string[]
  readonly rarc: readonly string[]
  /** Whether the service was needed is open: a clinician decides it. */
  readonly clinician: boolean
  /** States of the notes that speak for the line and are of its course, but for `signed`. */
  readonly signatureFlags: readonly string[]
}

export interface PerformanceFields { readonly value: string; readonly scale: ReviewJson['facts']['performanceStatus'][number]['scale']; readonly date: string | null }

export interface ClaimFields {
  /** The value that decided. */
  readonly performance: PerformanceFields | null
  readonly otherPatient: boolean
  /** Mean of the pages read by OCR, of 1; null where none was. */
  readonly ocrQuality: number | null
}

const each = <T extends string>(words: readonly (T | null | undefined)[]): T[] => [...new Set(words.filter((w): w is T => w !== null && w !== undefined && w !== ''))]
const hundredths = (n: number): number => Math.round(n * 100) / 100

const isOpen = (r: RequirementJson): boolean => r.status === 'not-met' || r.status === 'partial' || r.status === 'unclear' || r.status === 'triggered'
/** "The record does not show that the patient needed the service." */
const NECESSITY = '50'

/** The diagnoses that a billed line points to. */
export const diagnosesOf = (claim: Claim, line: Claim['lines'][number]): string[] => each(line.diagnosisPointers.map((p) => claim.diagnoses[p - 1]))

export function lineFieldsOf(report: ReviewJson, line: LineJson): LineFields {
  const course = report.courses.find((c) => c.lines.includes(line.line))
  const open = line.requirements.filter(isOpen)
  const suggested = (list: 'CARC' | 'RARC'): string[] =>
    each([...open, ...line.rules.filter((r) => r.effect !== 'note'), ...(line.edits ?? []).filter((e) => e.weight === 'finding')].flatMap((f) => (f.suggested ?? []).filter((s) => s.list === list).map((s) => s.code)))
  const cited = new Set(line.requirements.flatMap((r) => r.evidence.filter((e) => e.stance === 'for').map((e) => e.note)))
  return {
    diagnosisFlags: each((line.edits ?? []).map((e) => e.kind).filter((k) => k.startsWith('diagnosis-'))), course: course?.course ?? null, fractionsBilled: course?.billed ?? null, fractionsDelivered: course?.delivered?.value ?? null,
    checklists: each(line.requirements.map((r) => r.id.split('.')[0])), missing: each(line.requirements.filter((r) => isOpen(r) && r.status !== 'unclear').map((r) => r.id)),
    denialCodes: each(line.rules.flatMap((r) => r.denialCodes)), carc: suggested('CARC'), rarc: suggested('RARC'),
    clinician: open.some((r) => r.suggested?.some((s) => s.list === 'CARC' && s.code === NECESSITY) === true),
    signatureFlags: each(report.notes.filter((n) => cited.has(n.note) && n.ofThisCourse && n.signature.state !== 'signed').map((n) => n.signature.state)),
  }
}

export function claimFieldsOf(report: ReviewJson): ClaimFields {
  const status = report.facts.performanceStatus.find((p) => p.decisive)
  const recognised = report.documents.flatMap((d) => d.pages).filter((p) => p.text === 'ocr')
  return {
    performance: status === undefined ? null : { value: status.low === status.high ? String(status.low) : `${status.low}-${status.high}`, scale: status.scale, date: status.date },
    otherPatient: report.problems.some((p) => p.id === 'other-patient'),
    ocrQuality: recognised.length === 0 ? null : hundredths(recognised.reduce((sum, p) => sum + p.legibility, 0) / recognised.length),
  }
}

/** How much of a line's money is in doubt. */
const DOUBT = { 'not-supported': 1, 'needs-review': 0.8, 'insufficient-documentation': 0.7, supported: 0 } as const

/** Orders a worklist and decides nothing. */
export const priorityOf = (lines: readonly { readonly determination: LineJson['determination']; readonly charge: number | null }[]): number =>
  hundredths(lines.reduce((sum, l) => sum + DOUBT[l.determination] * Math.max(l.charge ?? 0, 1), 0))
