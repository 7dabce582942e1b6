// Drafts for people to complete: attestations and queries to the physician. May not: suggest an answer; speak of money, codes or payment; hold what no finding says.
import type { EvidenceJson, ReviewJson } from '../report/contract.ts'
import { clean, firstWords } from '../report/plain.ts'
import { NOTE_NAMES } from './note-names.ts'
import type { Fix, SelfAudit } from './self-audit.ts'

export interface Draft {
  readonly kind: 'attestation' | 'query'
  /** The fixes that it serves. */
  readonly fixes: readonly string[]
  /** Without ending: `attestation-F3`. */
  readonly name: string
  readonly title: string
  readonly paragraphs: readonly DraftParagraph[]
}

export type DraftParagraph =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'fact'; readonly text: string; readonly place: string }
  | { readonly is: 'choice'; readonly text: string }
  /** A line to be filled in by hand. */
  | { readonly is: 'blank'; readonly label: string }

const QUOTED_WORDS = 40
const MOST_FACTS = 6

type NoteJson = ReviewJson['notes'][number]

/** In the order of the fix list: one attestation for each unsigned note, one query for each matter that a late entry or an answer may mend. */
export function draftsOf(audit: SelfAudit, review: ReviewJson): Draft[] {
  const out: Draft[] = []
  const attested = new Map<number, number>()
  for (const fix of audit.fixes) {
    if (fix.ways.some((w) => w.means === 'attestation')) {
      const notes = unsignedNotes(fix, review)
      for (const note of notes) {
        const known = attested.get(note.note)
        if (known !== undefined) {
          const before = out[known] as Draft
          out[known] = { ...before, fixes: [...new Set([...before.fixes, fix.id])] }
          continue
        }
        attested.set(note.note, out.length)
        out.push(attestation(fix, note, audit, notes.length > 1 ? `-note-${note.note}` : ''))
      }
    }
    if (fix.ways.some((w) => w.means === 'addendum' || w.means === 'clarification') && fix.topic !== null) out.push(query(fix, audit, review))
  }
  return out
}

/** The notes in which what is asked for was found without a signature. */
function unsignedNotes(fix: Fix, review: ReviewJson): NoteJson[] {
  const numbers = [...new Set(fix.evidence.flatMap((e) => (e.note === null ? [] : [e.note])))]
  const cited = numbers.flatMap((n) => review.notes.filter((note) => note.note === n))
  const open = cited.filter((n) => n.signature.state !== 'signed')
  return open.length > 0 ? open : cited.slice(0, 1)
}

const patientWords = (audit: SelfAudit): string => {
  const { name, birthDate, mrn } = audit.patient
  return [name === null ? 'Patient: ______________________________' : `Patient: ${clean(name)}`, birthDate === null ? null : `born ${birthDate}`, mrn === null ? null : `record number ${clean(mrn)}`].filter((p) => p !== null).join(', ')
}

const noteWords = (note: NoteJson): string => `${NOTE_NAMES[note.type]}${note.date === null ? ' without a date' : ` of ${note.date}`}`
const pagesWords = (note: NoteJson): string => `${note.file}, ${note.firstPage === note.lastPage ? `page ${note.firstPage}` : `pages ${note.firstPage} to ${note.lastPage}`}`

function attestation(fix: Fix, note: NoteJson, audit: SelfAudit, suffix: string): Draft {
  return {
    kind: 'attestation', fixes: [fix.id], name: `attestation-${fix.id}${suffix}`, title: 'Signature attestation',
    paragraphs: [
      { is: 'text', text: 'Draft. To be completed and signed only by the person who made the entry, and only if every word of it is true. It does not replace the entry, and is kept and sent together with it.' },
      { is: 'text', text: patientWords(audit) },
      { is: 'text', text: `Entry: ${noteWords(note)} (${pagesWords(note)})` },
      { is: 'text', text: `I, the undersigned, made this entry in the record of this patient${note.date === null ? '' : ` for the service of ${note.date}`}, in the profession and with the credentials given below. The entry says what I did, saw or decided then. My signature is missing on it.` },
      { is: 'text', text: 'I make this statement today and know that a false statement may have consequences in law.' },
      { is: 'blank', label: 'Full name' }, { is: 'blank', label: 'Credentials' }, { is: 'blank', label: 'Signature' }, { is: 'blank', label: 'Date of this statement' },
    ],
  }
}

function query(fix: Fix, audit: SelfAudit, review: ReviewJson): Draft {
  const facts = factsOf(fix.evidence, review)
  return {
    kind: 'query', fixes: [fix.id], name: `query-${fix.id}`, title: 'Query on documentation',
    paragraphs: [
      { is: 'text', text: 'Draft. Please answer from your own knowledge of this patient and from the record. No particular answer is expected.' },
      { is: 'text', text: patientWords(audit) },
      { is: 'text', text: `Subject: ${fix.topic ?? ''}` },
      { is: 'text', text: facts.length > 0 ? 'What the record says on it:' : `Nothing was found on it in the record: ${audit.records.map((r) => `${r.file} (${r.pages === 1 ? '1 page' : `${r.pages} pages`})`).join(', ')}.` },
      ...facts,
      { is: 'text', text: `Please state what you know of ${fix.topic ?? 'it'}, with the day that it concerns. If you add to the record, mark the entry as a late entry or addendum with the date of today and sign it; do not change the entries that are there.` },
      { is: 'choice', text: 'My answer:' },
      { is: 'blank', label: 'Answer' },
      { is: 'choice', text: 'The record is complete as it stands; I have nothing to add.' },
      { is: 'choice', text: 'I cannot say.' },
      { is: 'blank', label: 'Name and credentials' }, { is: 'blank', label: 'Signature' }, { is: 'blank', label: 'Date' },
    ],
  }
}

/** Quotes with their pages, those for and those against alike, in the order of the packet. */
function factsOf(evidence: readonly EvidenceJson[], review: ReviewJson): DraftParagraph[] {
  return evidence.slice(0, MOST_FACTS).map((e) => {
    const note = review.notes.find((n) => n.note === e.note)
    return { is: 'fact', text: `“${firstWords(clean(e.quote), QUOTED_WORDS)}”`, place: `${note ? `${noteWords(note)}, ` : ''}${e.file} page ${e.page}` }
  })
}

/** As plain text, a blank line between paragraphs. */
export function draftText(draft: Draft): string {
  const lines = draft.paragraphs.map((p) => (p.is === 'fact' ? `    ${p.text}\n    ${p.place}` : p.is === 'choice' ? `[ ] ${p.text}` : p.is === 'blank' ? `${p.label}: ${'_'.repeat(50)}` : p.text))
  return `${draft.title.toUpperCase()}\n\n${lines.join('\n\n')}\n`
}
