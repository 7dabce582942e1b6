// All notes of the records sent, with what holds across them. May not: know a requirement or a rule.
import { lastAtOrBefore } from '../base/span.ts'
import type { Claim } from '../claim/claim.ts'
import type { Document } from '../document/document.ts'
import { isIllegible, isUnread } from '../document/legibility.ts'
import { place } from '../document/place.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import { identityMatches, namesPatient } from '../note/identity.ts'
import type { IsoDate, Note, NotesOfDocument, NoteType, Role } from '../note/note.ts'
import { findFractions, type FractionRecord } from './fractions.ts'
import { daysOfStatements } from './statement-days.ts'
import type { Evidence } from './review.ts'

/** Text of these is no evidence of a service: charges, payer letters, fax covers, leaflets, registration; a consent form proves consent alone. */
export const NO_EVIDENCE: readonly NoteType[] = ['billing', 'letter', 'cover', 'education', 'registration', 'consent']

export interface ChartNote extends Note {
  /** Null where no identity is printed. */
  readonly patientMatches: boolean | null
  /** False for a note of an earlier or later course. */
  readonly ofThisCourse: boolean
  /** May support a requirement: of this patient and no superbill, letter, leaflet or the like. */
  readonly evidential: boolean
  /** For each statement the day it speaks of, or null. */
  readonly days: readonly (IsoDate | null)[]
  /** Statement of each time, date and duration is given by its own index; signatures' spans are left out of these. */
  readonly roles: readonly Role[]
  /** Statements of printed rules, instructions and eligibility text: what they name is said of nobody. */
  readonly boilerplate: ReadonlySet<number>
}

export interface Chart {
  readonly claim: Claim
  readonly documents: readonly Document[]
  readonly notes: readonly ChartNote[]
  /** Delivered and cancelled fractions of this course, by date. */
  readonly fractions: readonly FractionRecord[]
  readonly firstFraction: IsoDate | null
  readonly pages: number
  /** Pages without usable text that may hold something: blank ones are left out. */
  readonly unread: readonly { readonly document: number; readonly page: number; readonly type: NoteType }[]
  /** First and last billed day of claim and history. */
  readonly from: IsoDate
  readonly to: IsoDate
}

const BOILERPLATE: readonly string[] = ['printed-instruction', 'education-boilerplate']

/** Days before the first billed day from which a note belongs to the course: consultation and planning come first. */
const COURSE_LEAD_DAYS = 200
/** Days after the last billed day: completion, late signatures, follow-up. */
const COURSE_TAIL_DAYS = 400

export function dayNumber(date: IsoDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / 86_400_000
}

export function buildChart(claim: Claim, files: readonly NotesOfDocument[], people: People): Chart {
  const documents = files.map((f) => f.document)
  const days = [...claim.lines, ...claim.history].map((l) => l.serviceDate).sort()
  const billed = claim.lines.map((l) => l.serviceDate).sort()
  const from = days[0] as IsoDate
  const to = [...claim.lines.map((l) => l.serviceDateEnd ?? l.serviceDate), ...days].sort().at(-1) as IsoDate
  const earliest = dayNumber(billed[0] as IsoDate) - COURSE_LEAD_DAYS
  const latest = dayNumber(to) + COURSE_TAIL_DAYS
  let number = 0
  const notes = files.flatMap((f) =>
    f.notes.map((found): ChartNote => {
      // A birth date read for the date of a note is none.
      const born = found.date !== null && (found.date === found.patient.birthDate || found.date === claim.patient.birthDate)
      const note = born ? { ...found, date: found.signature.date } : found
      const matches = patientOf(claim, note, f.document, people)
      const date = note.date ?? note.signature.date
      const own = date === null || (dayNumber(date) >= earliest && dayNumber(date) <= latest)
      const roles = [...new Set([note.author?.role, ...note.signatures.filter((s) => s.counts).map((s) => s.role)].filter((r): r is Role => r !== undefined))]
      return {
        ...note, note: ++number, patientMatches: matches, ofThisCourse: own, evidential: matches !== false && !NO_EVIDENCE.includes(note.type),
        days: daysOfStatements(note, f.document.text), roles, boilerplate: new Set(note.mentions.filter((m) => BOILERPLATE.includes(m.concept)).map((m) => m.statement)),
      }
    }),
  )
  const fractions = notes
    .filter((n) => n.evidential && n.ofThisCourse)
    .flatMap((n) => findFractions(n, documents[n.document] as Document))
    // Collimators `4/8/16` read like a day; one outside the course is none of its fractions.
    .filter((f) => dayNumber(f.date) >= earliest && dayNumber(f.date) <= latest)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  const unread = documents.flatMap((d, i) =>
    d.pages
      .filter((p) => isUnread(p) || isIllegible(p))
      .map((p) => ({ document: i, page: p.page, type: notes.find((n) => n.document === i && n.firstPage <= p.page && p.page <= n.lastPage)?.type ?? ('unknown' as const) })),
  )
  return {
    claim, documents, notes, fractions, firstFraction: fractions.find((f) => f.delivered)?.date ?? null,
    pages: documents.reduce((n, d) => n + d.pages.length, 0), unread, from, to,
  }
}

/** A printed identity that does not match counts only where the patient's own name does not stand at the head or edge of the note. */
function patientOf(claim: Claim, note: Note, document: Document, people: People): boolean | null {
  const matches = identityMatches(claim.patient, note.patient, people)
  if (matches !== false) return matches
  const head = note.statements.filter((s, i) => s.kind === 'page-edge' || i < 8).map((s) => document.text.slice(s.start, s.end)).join('\n')
  return namesPatient(claim.patient, head) ? true : false
}

/** The one maker of evidence: its quote always equals the text at the span, white space collapsed. */
export function evidenceAt(chart: Chart, note: ChartNote, start: number, end: number, stance: 'for' | 'against'): Evidence {
  const document = chart.documents[note.document] as Document
  const { page, boxes, quote } = place(document, { start, end })
  return { document: note.document, file: document.file, start, end, page, quote, boxes, stance, note: note.note }
}

/** Index of the statement at a position, or -1. */
export function statementAt(note: Note, position: number): number {
  const i = lastAtOrBefore(note.statements.map((s) => s.start), position)
  const s = note.statements[i]
  return s && position < s.end ? i : -1
}
