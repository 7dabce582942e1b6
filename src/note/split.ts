// Cuts a document into notes, and says of each what it is, of whom, when and by whom. May not: read what a note documents.
import type { Span } from '../base/span.ts'
import { lastAtOrBefore } from '../base/span.ts'
import type { NoteTypes } from '../dictionary/note-types-dictionary.ts'
import { squeeze } from '../dictionary/note-types-dictionary.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import type { Document, Page } from '../document/document.ts'
import { classifyByContent, classifyByFileName, CONTENT_FLOOR, contentScores, titleOfLine, type TitleLine } from './classify.ts'
import { identityMatches, printedIdentity } from './identity.ts'
import { findPlainDates, noteDate } from './note-date.ts'
import type { IsoDate, NoteHead, NoteType, PatientIdentity, Role, Signature } from './note.ts'
import { asRole, findPeople, nameHere } from './people.ts'
import { findSignatures, initialsOf, signatureOfNote } from './signatures.ts'

export interface SplitDictionaries {
  readonly noteTypes: NoteTypes
  readonly people: People
}

interface Line extends Span {
  readonly page: number
  readonly edge: 'header' | 'footer' | null
  readonly heading: boolean
  readonly row: boolean
  readonly text: string
}

/** What a page prints about itself. */
interface PageFacts {
  readonly index: number
  readonly firstLine: number
  readonly lineCount: number
  readonly bare: boolean
  readonly number: number | null
  readonly of: number | null
  readonly identity: PatientIdentity
}

/** A note being built; spans are closed when the next one opens. */
interface Opened {
  readonly start: number
  readonly page: number
  readonly line: number
  type: NoteType
  from: NoteHead['typeFrom']
  title: number
  score: number
  strong: boolean
  date: IsoDate | null
  /** Opened or named by the head of one session. */
  session?: boolean
  /** Of pages without text. */
  readonly image: boolean
}

/** Points a line must reach to open a note. */
const OPENS = 6
const PAGE_TOP = 3
const RULE_TOP = 2
/** Filled lines from a page's top within which a title is at the top. */
const TOP_LINES = 9
/** Filled lines of a note in which its author is named before it says anything. */
const HEAD_LINES = 6

/** The part of a line in which a patient may be named. */
const shown = (line: { readonly text: string }): string => (line.text.length > 400 ? line.text.slice(0, 400) : line.text)

const RULE = /^\s*[-=_*#~–—]{6,}\s*$/
/** A line drawn with any sign, or one that names what comes after it: `--`, `- - - -`, `.....`, `==== next sheet ====`, `..... scan: pathology`. */
const DRAWN = /^\s*([-=_*#~–—.·•])(?: ?\1){1,}(?:\s*$|(?: ?\1){2}\s*(?:\p{L}|\[).{2,200}$)/u
/** What belongs to the signed note above a drawn line. */
const ADDED = /^\W*(?:late |co-?)?(?:addend|amend|correct|entry|cosign|sign|attest|electronic|e-?signed|print|page|dictat|transcri|cc\b|copies|revie|approv|authenti|verified|end of|confiden|disclaim|note:|this (?:note|document|report|record)|generated|exported|report (?:printed|generated))/i
const PAGE_NUMBER = /\b(?:page|pg\.?|p\.)\s*:?\s*(\d{1,3})\s*(?:of|\/)\s*(\d{1,3})\b/i
const EDGE_NUMBER = /^\s*(\d{1,3})\s*(?:of|\/)\s*(\d{1,3})\s*$/
const CLOSING = /(?<!consent (?:was |form )?)\bsigned\b|approved by(?! (?:me|us|the|our|both|physics|him|her|them)\b)|\/e?s\/|authenticated|\battest|cosign|\bsignature\b|end of (?:report|note|document|summary)|\bfinalized\b|verified by(?! (?:me|us|the|our|both|physics|two)\b)|dictated (?:but|by|on)|\b(?:physician|physicist|therapist|provider|date)\b[^_\n]{0,20}_{5,}|(?<!\b(?:by|the|an?|per|with|from|for|to|and|our|each|any|of|if|no),? )\b(?:MD|M\.D\.|DO|D\.O\.|PhD|Ph\.D\.|DABR|CMD|RN|RTT|RT\(T\)|NP|PA-C)\b/i
/** Names a colleague; closes nothing. */
const REFERRING = /^\s*(?:referred by|referring|referrer|referral|primary care|pcp|asked by|request(?:ed|ing)?(?: by)?|ordered by|ordering|sent by|consult(?:ed|ing)? (?:by|physician)|attending|treating|responsible|copies? to|cc|to|from|re|physicist on|device|surgeon|cardiolog\w+)\b/i
const DATE_LINE = /^\s*(?:date|dos|d\.o\.s|visit date|service date|encounter|exam date|date of|date\/time|seen|treatment date|sim(?:ulation)? date|measured|week of|fraction)\b[^\n]{0,30}\d/i
const IDENTITY_LINE = /^\s*(?:patient(?: name| id)?|pt\.?|name|mrn|mr ?#|dob|date of birth|re)\s*[:#=\t]/i
const AUTHOR_LINE = /^\s*(?:attending|physician|physicist|author|provider|performed by|measured by|requesting|requested by|radiation oncologist|treating|therapist|to|from|prescriber|ordering)\b[^\n]{0,20}[:\t]/i
const RAD_ONC = /radiation (?:onc|therap|treatment|medicine)|rad\.? ?onc|radonc|radiotherap|proton (?:therapy|center)|gamma ?knife|cyberknife|linac|linear accelerator/i
const OTHER_SPECIALTY = /neurosurg|neurological surg|medical onc|hematolog|surgical onc|thoracic surg|urolog|dermatolog|cardiolog|pulmon|gastroent|gyn(?:ecologic)? ?onc|otolaryng|palliative|primary care|family med|internal med|breast surg|orthop|plastic surg|colorectal|emergency dep/i
/** Types that other departments write too: there an MD is a radiation oncologist only where the page says so. */
const SHARED: readonly NoteType[] = ['consult', 'followup', 'tumor-board', 'letter', 'nursing', 'consent', 'unknown', 'cover', 'education', 'billing']

const SESSION = String.raw`(?:(?:delivery|treatment|session|fraction|irradiation)\s+(?:report|record|note|log|sheet)\s*[:,–-]?\s*)?(?:treatment\s+|sbrt\s+|srs\s+)?(?:session|fraction|frx?|fx|tx|treatment|insertion|application|exposure|visit|delivery)(?:\s+(?:note|record|report|log|sheet))?`
const ENTRY_DATE = String.raw`(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]{0,6}[.,]?\s+)?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[\s-]\p{L}{3,9}[.,]?[\s-]\d{2,4}|\p{L}{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})`
/** The head of one session's sheet: `Session 06/09/2025`, `Fraction 3 of 8 - 3/11/2025`, `TREATMENT SESSION 1`, `eBx cylinder - fraction 2/3 - 08/08/2025`. */
const SESSION_HEAD = new RegExp(String.raw`^\s*(?:\p{L}[\p{L}\d ,/()&]{0,40}?\s*[-–—|·]\s+)?${SESSION}\s*(?:(?:#|no\.?|number)?\s*\d{1,2}(?:\s*(?:of|\/)\s*\d{1,2})?\b(?!\s*[/.]\s*\d)|(?=${ENTRY_DATE}))[\s,:(–—-]*(?:(?:date[ds]?|on|of|delivered|given)\s*:?\s*)?(?:${ENTRY_DATE})?[\s),:.–—-]*(?:(?:at\s*)?\d{1,2}:\d{2}(?:\s*[ap]\.?m\.?)?)?\s*$`, 'iu')
/** The same with more behind the day: `Fraction 1 2025-03-17 room 2 in 07:10 out 08:22`. */
const SESSION_LINE = new RegExp(String.raw`^\s*${SESSION}\s*(?:#|no\.?|number)?\s*\d{1,2}(?:\s*(?:of|\/)\s*\d{1,2})?[\s,:(–—-]+(?:(?:date[ds]?|on)\s*:?\s*)?${ENTRY_DATE}\b.{0,60}$`, 'iu')
const isSessionHead = (text: string): boolean => SESSION_HEAD.test(text) || SESSION_LINE.test(text)
/** What others send, not notes of the department. */
const PAPERS: readonly NoteType[] = ['letter', 'cover', 'education', 'registration', 'billing', 'consent']
/** Notes in which a sheet a session is usual. */
const BY_SESSION: readonly NoteType[] = ['treatment-record', 'electronic-brachytherapy-record', 'proton-record', 'superficial-record', 'brachytherapy-procedure', 'sbrt-management', 'srs-management', 'image-guidance-record', 'in-vivo-dosimetry']
/** Filled lines below a session's head that make it a sheet, not a row of a list. */
const SHEET_LINES = 3

/** Notes of one document in text order; every page lies in at least one. `note` counts from 0 within the document. */
export function splitNotes(document: Document, documentIndex: number, dictionaries: SplitDictionaries): NoteHead[] {
  const lines = linesOf(document)
  const pages = pageFacts(document, lines)
  const opened = openNotes(document, lines, pages, dictionaries)
  let hands: ReadonlySet<string> | null = null
  const initials = (): ReadonlySet<string> => (hands ??= new Set(findPeople(document.text, 0, document.text.length, dictionaries.people).filter((p) => p.credentials.length > 0).map((p) => initialsOf(p.name))))
  return sameHands(opened.map((o, i) => headOf(document, documentIndex, i, o, opened[i + 1], lines, pages, dictionaries, initials)))
}

/** `Roe, Jane`, `Jane Roe` and `JANE ROE` alike. */
const handOf = (name: string): string => name.toLowerCase().split(/[^\p{L}]+/u).filter((w) => w.length > 1).sort().join(' ')

/** A physician who is a radiation oncologist in one note of the document is one in all. */
function sameHands(heads: NoteHead[]): NoteHead[] {
  const known = new Set(heads.flatMap((h) => h.signatures.filter((s) => s.role === 'radiation-oncologist' && s.by !== null).map((s) => handOf(s.by as string))))
  known.delete('')
  if (known.size === 0) return heads
  const role = (by: string | null, own: Role): Role => (own === 'physician' && by !== null && known.has(handOf(by)) ? 'radiation-oncologist' : own)
  return heads.map((h) => ({
    ...h,
    author: h.author && { name: h.author.name, role: role(h.author.name, h.author.role) },
    signature: h.signature.role ? { ...h.signature, role: role(h.signature.by, h.signature.role) } : h.signature,
    signatures: h.signatures.map((s) => ({ ...s, role: role(s.by, s.role) })),
  }))
}

function linesOf(document: Document): Line[] {
  const { text, pages, regions } = document
  const out: Line[] = []
  const starts = regions.map((r) => r.start)
  for (let p = 0; p < pages.length; p++) {
    const page = pages[p] as Page
    let at = page.start
    while (at < page.end) {
      let stop = text.indexOf('\n', at)
      if (stop < 0 || stop > page.end) stop = page.end
      let end = stop
      while (end > at && (text.charCodeAt(end - 1) === 12 || text.charCodeAt(end - 1) === 13)) end--
      let edge: Line['edge'] = null
      let heading = false
      let row = false
      const middle = at + text.slice(at, end).search(/\S|$/)
      for (let r = lastAtOrBefore(starts, middle); r >= 0 && r > lastAtOrBefore(starts, middle) - 6; r--) {
        const region = regions[r]
        if (!region || region.end <= middle) continue
        if (region.kind === 'header' || region.kind === 'footer') edge = region.kind
        if (region.kind === 'heading') heading = true
        if (region.kind === 'table-row') row = true
      }
      out.push({ start: at, end, page: p, edge, heading, row: row || text.slice(at, end).includes('\t'), text: text.slice(at, end) })
      at = stop + 1
    }
  }
  return out
}

function pageFacts(document: Document, lines: readonly Line[]): PageFacts[] {
  let next = 0
  return document.pages.map((page, index) => {
    const firstLine = next
    while (next < lines.length && (lines[next] as Line).page === index) next++
    const own = lines.slice(firstLine, next)
    const filled = own.filter((l) => l.text.trim() !== '')
    const probes = [...filled.filter((l) => l.edge !== null), ...filled.slice(0, 4), ...filled.slice(-3)]
    let number: number | null = null
    let of: number | null = null
    for (const l of probes) {
      const m = PAGE_NUMBER.exec(l.text) ?? EDGE_NUMBER.exec(l.text)
      if (m && Number(m[1]) <= Number(m[2]) && Number(m[2]) > 0) {
        number = Number(m[1])
        of = Number(m[2])
        break
      }
    }
    const identity = printedIdentity([...filled.filter((l) => l.edge === 'header'), ...filled.filter((l) => l.edge === null).slice(0, 8), ...filled.filter((l) => l.edge === 'footer')].map(shown).join('\n'))
    return { index, firstLine, lineCount: next - firstLine, bare: page.text === 'none' || filled.length === 0, number, of, identity }
  })
}

function openNotes(document: Document, lines: readonly Line[], pages: readonly PageFacts[], dictionaries: SplitDictionaries): Opened[] {
  const types = dictionaries.noteTypes
  const notes: Opened[] = []
  const byName = classifyByFileName(document.file, types)
  const outline = new Map<number, NoteType>()
  for (const mark of document.outline ?? []) {
    const t = titleOfLine(mark.title, types)
    if (t?.whole && !outline.has(mark.page - 1)) outline.set(mark.page - 1, t.type)
  }
  const open = (start: number, page: number, line: number, image = false): Opened => {
    const note: Opened = { start, page, line, type: 'unknown', from: 'none', title: -1, score: 0, strong: false, date: null, image }
    notes.push(note)
    return note
  }
  let current: Opened | null = null
  let beforeImage: Opened | null = null
  let lastNumbered: PageFacts | null = null
  for (const page of pages) {
    const span = document.pages[page.index] as Page
    if (page.bare) {
      current = bareNote(document, page, pages, current, byName, outline, (image) => open(span.start, page.index, page.firstLine, image))
      if (current.image && beforeImage === null) beforeImage = notes[notes.length - 2] ?? null
      continue
    }
    const restart = page.index > 0 && page.number === 1 && !(lastNumbered?.number === 1 && lastNumbered.of !== 1 && lastNumbered.of === page.of && page.of !== null && page.of > 1 && lastNumbered.index === page.index)
    const continues = page.number !== null && page.number > 1 && (lastNumbered === null ? current !== null : lastNumbered.of === page.of && page.number === (lastNumbered.number as number) + 1) && !counted(page, pages)
    if (page.number !== null) lastNumbered = page
    let fresh = current === null || current.image
    const last = current
    const next = !fresh && current ? nextSheet(lines, page, pages[current.page] as PageFacts) : null
    if (!fresh && current && (restart || changedPatient(pages, page, current, dictionaries.people) || isOwnSheet(document.text, lines, page) || next !== null)) fresh = true
    if (next?.before && current && current.date === null) Object.assign(current, { date: next.before, session: true })
    if (!fresh && current && !continues && !topTitle(lines, page, types)) {
      // An untitled page after a closed note: its own words say whether it goes on.
      const closed = closedBefore(lines, page.firstLine)
      if (closed || current.type === 'cover') {
        const guess = classifyByContent(document.text.slice(span.start, span.end), types)
        if ((guess && guess.type !== current.type && !holds(types, current.type, guess.type)) || (current.type === 'cover' && guess?.type !== 'cover')) fresh = true
      }
    }
    if (!fresh && current && outline.has(page.index) && outline.get(page.index) !== current.type) fresh = true
    if (fresh || current === null) {
      current = open(span.start, page.index, page.firstLine)
      if (next?.own) Object.assign(current, { date: next.own, session: true })
      const marked = outline.get(page.index)
      if (marked) Object.assign(current, { type: marked, from: 'header', score: OPENS - 1 })
    }
    current = readPage(document, lines, page, current, continues && !fresh, restart, types, notes)
    if (current.from === 'none' && last?.image && beforeImage && notes[notes.length - 1] === current) {
      const guess = classifyByContent(document.text.slice(span.start, span.end), types)
      if (!guess && beforeImage.type !== 'unknown') Object.assign(current, { type: beforeImage.type, from: 'content' })
    }
    if (!current.image) beforeImage = null
  }
  if (notes.length === 0) open(0, 0, 0)
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i] as Opened
    if (note.type !== 'unknown') continue
    const end = notes[i + 1]?.start ?? document.text.length
    const guess = note.image ? null : classifyByContent(document.text.slice(note.start, end), types)
    if (guess) Object.assign(note, { type: guess.type, from: 'content' })
    else if (byName && (notes.length === 1 || note.image || notes.every((n) => n.type === 'unknown' || n.type === byName))) Object.assign(note, { type: byName, from: 'file-name' })
  }
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i] as Opened
    if ((note.type === 'letter' || (note.type === 'unknown' && !note.image)) && isClinicalLetter(document.text.slice(note.start, notes[i + 1]?.start ?? document.text.length))) Object.assign(note, { type: 'consult' })
  }
  return notes
}

const PAYER = /authoriz|authoris|\bappeal|denial|denied|peer[- ]to[- ]peer|reconsideration|to whom it may concern|member id|utili[sz]ation (?:management|review)|medical director|claim number|reference (?:no|number)|units? approved|criteria/i
const CLINICAL = /examin|radiother|radiation|tumou?r|cancer|carcinoma|lymphoma|melanoma|metasta|schwannoma|Gy\b|fractions?|biopsy|scan|MRI|\bCT\b|chemother|surg/gi

/** A letter between clinicians is the way some clinics write their consultations; a letter to or from a payer is none. */
function isClinicalLetter(text: string): boolean {
  return /\bdear\b|many thanks|thank you for/i.test(text) && !PAYER.test(text) && (text.match(CLINICAL) ?? []).length >= 4
}

/** A page without text: part of the note around it where numbering, blankness or the file's name says so; else a note of its own. */
function bareNote(
  document: Document, page: PageFacts, pages: readonly PageFacts[], current: Opened | null, byName: NoteType | null, outline: ReadonlyMap<number, NoteType>, open: (image: boolean) => Opened,
): Opened {
  const shape = document.pages[page.index] as Page
  const marked = outline.get(page.index)
  if (current && !marked) {
    if (shape.reason === 'blank' || (shape.text !== 'none' && !current.image)) return current
    if (current.image) return current
    const before = pages.slice(0, page.index).reverse().find((p) => !p.bare)
    const after = pages.slice(page.index + 1).find((p) => !p.bare)
    if (before?.number && after?.number && before.of === after.of && after.number - before.number === after.index - before.index && !counted(before, pages)) return current
    if (byName !== null && byName === current.type) return current
  }
  const note = open(shape.reason !== 'blank')
  if (marked) Object.assign(note, { type: marked, from: 'header' })
  return note
}

/** A counter of the whole packet says nothing of single notes. */
const counted = (page: PageFacts, pages: readonly PageFacts[]): boolean => page.of === pages.length && pages.length > 12

const holds = (types: NoteTypes, outer: NoteType, inner: NoteType): boolean => types.entries.get(outer)?.holds.includes(inner) ?? false

function changedPatient(pages: readonly PageFacts[], page: PageFacts, current: Opened, people: People): boolean {
  if (page.identity.name === null && page.identity.birthDate === null) return false
  for (let p = page.index - 1; p >= current.page; p--) {
    const before = (pages[p] as PageFacts).identity
    if (before.name === null && before.birthDate === null) continue
    return identityMatches({ name: before.name, birthDate: before.birthDate, mrn: before.identifiers[0] ?? null, memberId: null }, page.identity, people) === false
  }
  return false
}

const SHEET_DATE = /^\s*(?:(?:treatment|session|visit|delivery|procedure|fraction|service|tx|encounter) ?(?:day|date)|date(?: of (?:treatment|service|session|delivery|visit))?|day|dos)\b\s*[:\t ]/i

/** A page that opens with a date of its own behind a page that was signed: one sheet a day, each a note. */
function isOwnSheet(text: string, lines: readonly Line[], page: PageFacts): boolean {
  if (!closedBefore(lines, page.firstLine)) return false
  let seen = 0
  for (let i = page.firstLine; i < page.firstLine + page.lineCount && seen < 4; i++) {
    const line = lines[i] as Line
    if (line.edge !== null || line.text.trim() === '') continue
    seen++
    if (SHEET_DATE.test(line.text) && line.text.length < 90 && findPlainDates(text, line.start, line.end).length === 1) return true
  }
  return false
}

const SHEET_NUMBER = /\b(?:fraction|frx?|fx|session|treatment|insertion|application|visit|exposure)\s*(?:#|no\.?|number)?\s*(\d{1,2})\b/i

/**
 * A page that opens with the same heading as the note's first page, over a day or a number of session of its own: the same form, filled in anew.
 * Gives the days of both where their headings print them in a row.
 */
function nextSheet(lines: readonly Line[], page: PageFacts, first: PageFacts): { readonly own: IsoDate | null; readonly before: IsoDate | null } | null {
  const heads = (of: PageFacts): { readonly words: string; readonly own: string; readonly row: boolean }[] => {
    const found: { words: string; own: string; row: boolean }[] = []
    for (let i = of.firstLine, seen = 0; i < of.firstLine + of.lineCount && seen < 4; i++) {
      const line = lines[i] as Line
      if (line.edge === 'footer' || line.text.trim() === '') continue
      const number = SHEET_NUMBER.exec(line.text)?.[1]
      if (line.edge === 'header' && !line.heading && number === undefined) continue
      seen++
      const words = line.text.replace(/\d/g, '#')
      // `PROTON TX LOG | ROE PT-1 | 05/12/2025`: the head of a sheet set as a row.
      if (line.row && found.length === 0 && seen === 1 && /^\s*\p{L}[^\t]{4,}\t/u.test(line.text) && line.text.split('\t').length <= 4) {
        const [day, more] = findPlainDates(line.text, 0, line.text.length)
        if (day && !more && !/\b(?:dob|born|birth|print\w*|fax\w*)\b/i.test(line.text)) return [{ words, own: day.date, row: true }]
      }
      if (line.row || line.text.trim().length < 8) continue
      if (number !== undefined && line.text.length < 90) found.push({ words, own: number, row: false })
      if (!line.heading && (line.edge === 'header' || line.text !== line.text.toUpperCase())) continue
      const date = findPlainDates(line.text, 0, line.text.length)[0]?.date ?? ownBlock(lines, i, line.page).date
      if (date !== null) found.push({ words, own: date, row: false })
      break
    }
    return found
  }
  const before = heads(first)
  for (const own of before.length > 0 ? heads(page) : []) {
    const other = before.find((b) => b.words === own.words && b.own.length === own.own.length && b.own !== own.own)
    if (other) return { own: own.row ? own.own as IsoDate : null, before: other.row ? other.own as IsoDate : null }
  }
  return null
}

function topTitle(lines: readonly Line[], page: PageFacts, types: NoteTypes): boolean {
  let seen = 0
  for (let i = page.firstLine; i < page.firstLine + page.lineCount && seen < TOP_LINES; i++) {
    const line = lines[i] as Line
    if (line.text.trim() === '') continue
    if (line.edge === null) seen++
    const t = titleOfLine(line.text, types)
    if (t && !t.valued && t.strong && !t.letterhead) return true
  }
  return false
}

/** What a note calls itself; a heading inside one does not. */
const SHEET_NOUN = /\b(?:notes?|report|record|consult(?:ation)?|assessment|evaluation|intake|session|order|request|checklist|summary|letter|log|procedure|simulation|prescription)\b/i

/** Whether the line below is nothing but a day, or a day with a time or an author: `06/24/2025 06:40 Author: …`. */
function stamped(lines: readonly Line[], at: number): boolean {
  const next = lines.slice(at + 1, at + 4).find((line) => line.text.trim() !== '')
  if (next === undefined || next.page !== (lines[at] as Line).page || next.row) return false
  const [day] = findPlainDates(next.text, 0, next.text.length)
  if (day === undefined || /[^\s(]/.test(next.text.slice(0, day.start).replace(/^\s*(?:date|dated|on)\b\s*:?/i, ''))) return false
  const rest = next.text.slice(day.end)
  return /^[\s),.]*$/.test(rest) || /^[\s,]*(?:at\s*)?\d{1,2}[:.]?\d{2}\b.{0,60}(?:\bauthor|\b(?:MD|DO|PhD|RN|NP|PA-C|RT|DABR|CMD)\b)/i.test(rest) || /^[\s,]*(?:author|by)\b/i.test(rest)
}

const closedBefore = (lines: readonly Line[], at: number): boolean => closingLine(lines, at) >= 0

/** The line shortly above that closes a note, or -1. */
function closingLine(lines: readonly Line[], at: number): number {
  let seen = 0
  for (let i = at - 1; i >= 0 && seen < 4; i--) {
    const line = lines[i] as Line
    if (line.text.trim() === '' || line.edge !== null || RULE.test(line.text) || PAGE_NUMBER.test(line.text)) continue
    seen++
    if ((CLOSING.test(line.text) && !REFERRING.test(line.text)) && line.text.length < 200) return i
  }
  return -1
}

/** Whether the note was closed above: an author named in its own head closes nothing. */
function closedAbove(lines: readonly Line[], at: number, current: Opened): boolean {
  const closing = closingLine(lines, at)
  const words = lines[closing]?.text
  return words !== undefined && !(AUTHOR_LINE.test(words) && findPlainDates(words, 0, words.length).length === 0 && filledSince(lines, current, closing) < HEAD_LINES)
}

/** Reads the titles of one page; opens notes and names the open one. */
function readPage(document: Document, lines: readonly Line[], page: PageFacts, first: Opened, continues: boolean, restart: boolean, types: NoteTypes, notes: Opened[]): Opened {
  let current = first
  const end = page.firstLine + page.lineCount
  const bodyTitle = topTitle(lines, page, types)
  if (!bodyTitle) {
    const running = runningTitle(lines, page, types)
    if (running) {
      if (current.page === page.index && current.line === page.firstLine && current.from === 'none') Object.assign(current, { type: running.type, from: 'header', score: 5, strong: running.strong })
      else if (current.type !== running.type && running.strong && !continues && running.edge === 'header' && !(current.type === 'unknown' && current.from === 'none')) {
        current = { start: (document.pages[page.index] as Page).start, page: page.index, line: page.firstLine, type: running.type, from: 'header', title: -1, score: 5, strong: true, date: null, image: false }
        notes.push(current)
      }
    }
  }
  let top: 'page' | 'rule' | null = continues ? null : 'page'
  let filled = 0
  let sinceTop = 0
  let gap = false
  let ruled = false
  let parted = false
  for (let i = page.firstLine; i < end; i++) {
    const line = lines[i] as Line
    if (line.text.trim() === '') {
      gap = true
      continue
    }
    if (line.edge !== null) continue
    if (RULE.test(line.text)) {
      ruled = true
      parted ||= filledSince(lines, current, i) > 3 && closesNote(lines, i)
      if (top === null) {
        top = 'rule'
        sinceTop = 0
      }
      continue
    }
    if (DRAWN.test(line.text) && filledSince(lines, current, i) > 3 && closesNote(lines, i)) {
      parted = true
      if (!/\p{L}/u.test(line.text)) continue
    }
    const inlinePage = PAGE_NUMBER.exec(line.text)
    if (inlinePage && inlinePage[1] === '1' && filled > 3) {
      top = 'page'
      sinceTop = 0
    }
    filled++
    sinceTop++
    const piece = current.title !== i && !line.row && (parted || filledSince(lines, current, i) > 2) ? pieceAt(lines, i, parted, types) : null
    parted = false
    const t = titleOfLine(line.text, types)
    const session = !line.row && line.text.length < 100 && isSessionHead(line.text) ? sessionAt(document, lines, i, t, current, types) : null
    if (session) {
      const apart = current.session === true || filledSince(lines, current, i) > TOP_LINES || closedBefore(lines, i)
      if (apart) {
        const opensAt = headStart(document, lines, i, { top, filled, gap, ruled, continues, restart, page }, current)
        current = { start: opensAt.at, page: line.page, line: opensAt.line, from: 'title', title: i, score: OPENS + 2, strong: true, session: true, image: false, ...session }
        notes.push(current)
      } else Object.assign(current, { from: 'title', title: i, score: Math.max(current.score, OPENS + 2), strong: true, session: true, ...session })
      gap = false
      ruled = false
      continue
    }
    const before = current
    if (t) current = weigh(document, lines, i, t, { top, filled, gap, ruled, continues, restart, page }, current, types, notes)
    // A heading nobody knows, behind a note that was closed by a signature, begins the next one.
    if (line.heading && !line.row && current.title !== i && line.text.trim().length <= 80 && filledSince(lines, current, i) > 3 && ((!continues && closedAbove(lines, i, current)) || (SHEET_NOUN.test(line.text) && stamped(lines, i)))) {
      const at = { top, filled, gap, ruled, continues, restart, page }
      const opensAt = headStart(document, lines, i, at, current)
      current = { start: opensAt.at, page: line.page, line: opensAt.line, type: t?.type ?? 'unknown', from: t ? 'title' : 'none', title: i, score: 3, strong: false, date: t?.date ?? ownBlock(lines, i, line.page).date, image: false }
      notes.push(current)
    }
    if (piece && current === before && current.title !== i) {
      current = { start: line.start, page: line.page, line: i, type: piece.type, from: piece.type === 'unknown' ? 'none' : 'title', title: i, score: OPENS, strong: piece.strong, date: piece.date, image: false }
      notes.push(current)
    }
    if (top !== null && ((sinceTop >= (top === 'page' ? TOP_LINES : 3)) || (line.text.length > 100 && !line.row) || (/\.\s*$/.test(line.text) && line.text.length > 60))) top = null
    gap = false
    ruled = false
  }
  return current
}

/** Words of a closing line that is a signature, not a name in passing. */
const SIGNED_LINE = /\bsigned\b|\be-?sign|\/e?s\/|approved|authenticated|attest|signature|finalized|verified by|\b(?:MD|M\.D\.|DO|PhD|Ph\.D\.|DABR|CMD|RN|RTT|RT\(T\)|NP|PA-C)\b/i

/** Whether the filled line right above is the signature that closes a note. */
function closesNote(lines: readonly Line[], at: number): boolean {
  for (let i = at - 1; i >= 0 && i >= at - 4; i--) {
    const line = lines[i] as Line
    if (line.text.trim() === '' || line.edge !== null || RULE.test(line.text)) continue
    return CLOSING.test(line.text) && !REFERRING.test(line.text) && SIGNED_LINE.test(line.text)
  }
  return false
}

const ENUMERATED = /^\s*\(?(?:[a-z]|\d{1,2}|[ivx]{1,4})[.)]\s+(?=\p{Lu})/iu
/** The drawn part of a line that also names what comes after it. */
const RUN = /^\s*([-=_*#~–—.·•])(?: ?\1){2,}\s*(?:(?:scan(?:ned)?|copy|attached|enclosed|outside|below)\s*:\s*)?/i
const CLOCK = /^[\s,;]*(?:at\s*)?\d{1,2}[:.]?\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?|h(?:rs?)?)?/i

/**
 * A piece of paper copied in behind a signature: what stands below a drawn line, or a head with a day of its own, numbered or with its first
 * sentence behind it (`PHYSICS NOTE 04/21/2025 11:05 fx 19: …`, `(c) IN VIVO 09/24/2025`). Null where the line begins none.
 */
function pieceAt(lines: readonly Line[], i: number, parted: boolean, types: NoteTypes): Pick<Opened, 'type' | 'strong' | 'date'> | null {
  const line = lines[i] as Line
  const words = line.text.replace(RUN, '').replace(ENUMERATED, '')
  if (ADDED.test(words)) return null
  const [day] = findPlainDates(words, 0, words.length)
  const lead = day ? words.slice(0, day.start) : ''
  const head = day && lead.length <= 60 && !/[.;!?]\s/.test(lead) && /^\W*\p{Lu}/u.test(lead) && !/\b(?:birth|dob|born|mrn|printed|signed|approved|due|next|follow)\b/i.test(lead) ? words.slice(0, day.end + (CLOCK.exec(words.slice(day.end))?.[0].length ?? 0)) : null
  const t = titleOfLine(head ?? words, types)
  const own = t && !t.letterhead && (t.titleCase || t.capitals) ? t : null
  if (parted) return { type: own?.type ?? 'unknown', strong: own?.strong ?? false, date: head ? day?.date ?? null : own?.date ?? null }
  if (!head || !day || !closesNote(lines, i)) return null
  if (!own && !(SHEET_NOUN.test(lead) && lead.trim().split(/\s+/).length <= 9)) return null
  return { type: own?.type ?? 'unknown', strong: own?.strong ?? false, date: day.date }
}

/** Type and day of the sheet that the session's head at line `i` opens; null where no sheet follows. */
function sessionAt(document: Document, lines: readonly Line[], i: number, t: TitleLine | null, current: Opened, types: NoteTypes): Pick<Opened, 'type' | 'date'> | null {
  const head = lines[i] as Line
  let filled = 0
  let fields = 0
  let end = head.end
  let date = findPlainDates(head.text, 0, head.text.length)[0]?.date ?? null
  for (let k = i + 1; k < lines.length && filled < 40; k++) {
    const line = lines[k] as Line
    if (line.page !== head.page) break
    if (line.text.trim() === '' || line.edge !== null) continue
    if (!line.row && isSessionHead(line.text)) break
    filled++
    end = line.end
    if (line.row || /^[^.:]{2,40}:\s/.test(line.text)) fields++
    if (date === null && filled <= 2) {
      const dates = findPlainDates(line.text, 0, line.text.length)
      if (dates.length === 1 && line.text.replace(/[^A-Za-z]/g, '').length < 24 && !/\b(?:birth|dob)\b/i.test(line.text)) date = dates[0]?.date ?? null
    }
  }
  // A day in the head itself, behind a signature or at the top of a page, is enough for a note in sentences.
  const dayed = findPlainDates(head.text, 0, head.text.length).length === 1 && (closedBefore(lines, i) || filledSince(lines, current, i) <= TOP_LINES)
  if (filled < SHEET_LINES || (fields < 2 && !dayed) || (date === null && !/\d/.test(head.text))) return null
  const guess = classifyByContent(document.text.slice(head.start, end), types)
  const known = [t?.strong ? t.type : null, guess?.type ?? null, current.type].find((type) => type !== null && BY_SESSION.includes(type)) ?? 'treatment-record'
  return { type: known, date }
}

/** Parts of a running line: a system's name, the title, the patient. */
const RUNNING_PARTS = /\t|\s{3,}|\||\s[-–—]\s|\s(?=(?:patient|pt|name|mrn|dob|birth|acct|account|id|plan|course)\b\s?[:#^])/i

function runningTitle(lines: readonly Line[], page: PageFacts, types: NoteTypes): (TitleLine & { readonly edge: 'header' | 'footer' }) | null {
  for (const kind of ['header', 'footer'] as const) {
    for (let i = page.firstLine; i < page.firstLine + page.lineCount; i++) {
      const line = lines[i] as Line
      if (line.edge !== kind) continue
      for (const part of line.text.split(RUNNING_PARTS)) {
        const t = titleOfLine(part.replace(PAGE_NUMBER, ''), types)
        if (t && t.whole && !t.valued && !t.letterhead && (t.strong || kind === 'header')) return { ...t, edge: kind }
      }
    }
  }
  return null
}

interface Standing {
  readonly top: 'page' | 'rule' | null
  readonly filled: number
  readonly gap: boolean
  readonly ruled: boolean
  readonly continues: boolean
  readonly restart: boolean
  readonly page: PageFacts
}

/** Weighs a title line against the open note: opens a new one, names the open one, or takes it for a heading inside. */
function weigh(document: Document, lines: readonly Line[], i: number, t: TitleLine, at: Standing, current: Opened, types: NoteTypes, notes: Opened[]): Opened {
  const line = lines[i] as Line
  // `Approval time | 2025-09-10`, `ROI | Made from | cc`: a field or the names of columns.
  if (line.row && !t.labelled && ((!t.strong && PAPERS.includes(t.type)) || (!t.whole && line.text.split('\t').length >= 3))) return current
  const below = ownBlock(lines, i, line.page)
  const ownDate = t.date ?? below.date
  const closed = closedBefore(lines, i)
  let score = t.strong ? 3 : 1
  if (t.labelled) score += 4
  if (t.whole) score += 1
  if (t.capitals) score += 1
  else if (t.titleCase) score += 0.5
  if (line.heading) score += 1
  if (t.valued) score -= t.date ? 1.5 : 3
  else if (/:\s*$/.test(line.text)) score -= 1
  if (t.letterhead) score -= 2.5
  if (line.row && !t.whole) score -= 1
  if (at.top === 'page') score += PAGE_TOP
  else if (at.top === 'rule') score += RULE_TOP
  else {
    if (at.gap) score += 0.5
    if (at.ruled) score += 1
  }
  if (t.date) score += 1.5
  score += Math.min(3, (below.date && !t.date ? 1.5 : 0) + (below.identity ? 1.5 : 0) + (below.author ? 0.5 : 0))
  const sinceStart = filledSince(lines, current, i)
  const first = line.page === 0 && notes.length === 1 && sinceStart <= TOP_LINES
  if (first && current.title < 0) score += 1
  if (current.title < 0 && current.from !== 'header') {
    // Not yet named: the first fair title names it, at the top or not far below it.
    const near = sinceStart <= TOP_LINES || (t.strong && t.whole && !t.valued && sinceStart <= 20)
    if (near && score >= (first || at.top === 'page' ? 4.5 : 5) && !(sinceStart > 3 && t.date !== null && closesNote(lines, i))) {
      Object.assign(current, { type: t.type, from: 'title', title: i, score, strong: t.strong, date: ownDate })
      return current
    }
    if (sinceStart <= 2) return current
  }
  if (!(t.labelled && current.title >= 0 && i - current.title > 1) && sinceStart <= TOP_LINES && current.page === line.page && (sinceStart <= 4 || at.top === 'page') && !closedBetween(lines, current, i)) {
    // A subtitle below the title: better words win, others belong to the head of the note.
    if (score > current.score + (current.from === 'header' ? -1 : 0.9) && t.type !== current.type) Object.assign(current, { type: t.type, from: 'title', title: i, score, strong: t.strong, date: ownDate ?? current.date })
    else if (current.title < 0 && t.type === current.type) Object.assign(current, { title: i, from: 'title', date: ownDate })
    return current
  }
  if (closed) score += 2
  if (holds(types, current.type, t.type) && !(at.top === 'page' && current.type === 'cover')) score -= 2
  if (score < OPENS) return current
  let otherSheet = false
  if (t.type === current.type && !t.labelled) {
    const repeated = current.title >= 0 && squeeze((lines[current.title] as Line).text).replace(/[ol\d]/g, '') === squeeze(line.text).replace(/[ol\d]/g, '')
    const otherDay = ownDate !== null && current.date !== null && ownDate !== current.date
    const anew = otherDay || (closed && !at.continues && (below.date !== null || below.identity || t.date !== null || !repeated || at.top === 'page'))
    if (!anew) return current
    // The same form with another day is the next sheet, whatever the packet's page counter says.
    otherSheet = repeated && otherDay
  }
  if (at.continues && !closed && !t.date && !t.labelled && !otherSheet) return current
  const start = headStart(document, lines, i, at, current)
  const opened: Opened = { start: start.at, page: line.page, line: start.line, type: t.type, from: t.type === 'unknown' ? 'none' : 'title', title: i, score, strong: t.strong, date: ownDate, image: false }
  notes.push(opened)
  return opened
}

function filledSince(lines: readonly Line[], current: Opened, i: number): number {
  let n = 0
  for (let k = current.line; k < i && n < 40; k++) {
    const line = lines[k] as Line
    if (line.text.trim() !== '' && line.edge === null && !RULE.test(line.text)) n++
  }
  return n
}

function closedBetween(lines: readonly Line[], current: Opened, i: number): boolean {
  for (let k = Math.max(current.line, current.title + 1, i - 8); k < i; k++) {
    const line = lines[k] as Line
    if (line.edge === null && /electronically signed|_{6,}\s*date|\b(?:signature|physician|physicist)\s*:\s*_{5,}|\/e?s\/|\bsigned\b.*\d|approved by|signature\s*:|\b(?:MD|DO|PhD|DABR|RN)\b,?.*\d{4}/i.test(line.text)) return true
  }
  return false
}

/** What stands in the five filled lines below a title: a date, the patient, an author of its own. */
function ownBlock(lines: readonly Line[], i: number, page: number): { readonly date: IsoDate | null; readonly identity: boolean; readonly author: boolean } {
  let date: IsoDate | null = null
  let identity = false
  let author = false
  let seen = 0
  for (let k = i + 1; k < lines.length && seen < 5; k++) {
    const line = lines[k] as Line
    if (line.page !== page) break
    if (line.text.trim() === '' || line.edge !== null || RULE.test(line.text)) continue
    seen++
    if (line.text.length > 160) break
    const dates = findPlainDates(line.text, 0, line.text.length)
    const isDate = DATE_LINE.test(line.text) || (dates.length === 1 && line.text.replace(/[^A-Za-z]/g, '').length < 14 && seen <= 2)
    if (date === null && isDate && !/\b(?:birth|dob)\b/i.test(line.text)) date = dates[0]?.date ?? null
    if (IDENTITY_LINE.test(line.text)) {
      identity = true
      if (date === null) {
        const labelled = /\b(?:date of service|dos|date|visit date|service date)\s*[:#]?\s*$/i
        for (const d of dates) if (labelled.test(line.text.slice(0, d.start)) && !/birth\s*[:#]?\s*$/i.test(line.text.slice(0, d.start))) date ??= d.date
      }
    }
    if (AUTHOR_LINE.test(line.text)) author = true
  }
  return { date, identity, author }
}

/** The letterhead, identity lines and rule right above a title belong to its note. */
function headStart(document: Document, lines: readonly Line[], i: number, at: Standing, current: Opened): { readonly at: number; readonly line: number } {
  if (at.top === 'page' && at.filled <= TOP_LINES && current.page < at.page.index) {
    let own = true
    for (let k = at.page.firstLine; k < i; k++) {
      const line = lines[k] as Line
      if (line.edge === null && line.text.trim() !== '' && (CLOSING.test(line.text) && !REFERRING.test(line.text)) && !IDENTITY_LINE.test(line.text) && !AUTHOR_LINE.test(line.text)) own = false
    }
    if (own) return { at: (document.pages[at.page.index] as Page).start, line: at.page.firstLine }
  }
  let from = i
  for (let k = i - 1; k >= at.page.firstLine && i - k <= 8; k--) {
    const line = lines[k] as Line
    if (line.edge !== null) break
    if (line.text.trim() === '') {
      const above = lines[k - 1]
      if (from === i || !above || above.page !== line.page || !IDENTITY_LINE.test(above.text)) {
        if (from !== i) break
        continue
      }
      continue
    }
    if (RULE.test(line.text) || PAGE_NUMBER.test(line.text) || IDENTITY_LINE.test(line.text)
      || (line.text.length < 90 && /\b(?:cent(?:er|re)|hospital|department|dept|clinic|institute|university|health|oncology|associates|medical)\b/i.test(line.text) && !/[.]\s*$/.test(line.text) && !(CLOSING.test(line.text) && !REFERRING.test(line.text)))) from = k
    else break
  }
  return { at: (lines[from] as Line).start, line: from }
}

function headOf(
  document: Document, documentIndex: number, order: number, note: Opened, next: Opened | undefined, lines: readonly Line[], pages: readonly PageFacts[], dictionaries: SplitDictionaries, initials: () => ReadonlySet<string>,
): NoteHead {
  const { text } = document
  const end = next ? next.start : text.length
  const lastPage = next ? (next.start > ((document.pages[next.page] as Page).start) ? next.page : Math.max(note.page, next.page - 1)) : Math.max(note.page, document.pages.length - 1)
  const own: Line[] = []
  for (let i = note.line; i < (next ? next.line : lines.length); i++) own.push(lines[i] as Line)
  const entry = dictionaries.noteTypes.entries.get(note.type)
  const top = own.filter((l) => l.text.trim() !== '').slice(0, 16)
  const edges: Line[] = []
  const facts = pages[note.page]
  if (facts) for (let i = facts.firstLine; i < facts.firstLine + facts.lineCount; i++) if ((lines[i] as Line).edge !== null) edges.push(lines[i] as Line)
  const radiationOncology = isRadiationOncology(note, entry?.radiationOncology ?? true, top, edges, lines, document)
  const signatures = findSignatures(text, note.start, end, { people: dictionaries.people, radiationOncology, initials })
  const signers = (entry?.signers ?? []).map((r) => asRole(r))
  const signature = signatureOfNote(signatures, signers, note.type)
  const title = note.title < 0 ? -1 : own.findIndex((l) => l.start === (lines[note.title] as Line).start)
  const dated = own.map((l) => ({ start: l.start, end: l.end, edge: l.edge !== null, row: l.row }))
  const date = note.image ? null : note.session && note.date !== null ? note.date : noteDate(text, { lines: dated, title, signatures, spansDates: entry?.days ?? false })
  return {
    note: order, document: documentIndex, file: document.file, start: note.start, end,
    firstPage: document.pages[note.page]?.page ?? 1, lastPage: document.pages[lastPage]?.page ?? document.pages[note.page]?.page ?? 1,
    type: note.type, typeFrom: note.type === 'unknown' ? 'none' : note.from, also: alsoOf(document, note, own, end, dictionaries.noteTypes), date,
    author: authorOf(text, own, signatures, radiationOncology, dictionaries.people), signature, signatures,
    patient: identityOf(own, edges),
  }
}

/** Types that say of their whole note what it is; nothing inside makes it another. */
const CLOSED: readonly NoteType[] = ['billing', 'education', 'registration', 'cover', 'consent', 'letter']
/** Least score of a second type named by contents, and its least share of the best. */
const ALSO_FLOOR = CONTENT_FLOOR + 1
const ALSO_SHARE = 0.5

/** What else a note holds: sheets whose headings stand inside it, and, where no title names the note, what its words speak of. */
function alsoOf(document: Document, note: Opened, own: readonly Line[], end: number, types: NoteTypes): NoteType[] {
  if (note.image || CLOSED.includes(note.type)) return []
  const found = new Set<NoteType>()
  for (const line of own) {
    if (line.edge !== null || line.row || line.text.length > 90 || (note.title >= 0 && line === own[note.title - note.line])) continue
    const t = titleOfLine(line.text, types)
    if (t && !t.letterhead && (!t.valued || t.date !== null) && (t.whole || t.strong) && (line.heading || t.strong || t.date !== null)) found.add(t.type)
  }
  if (note.from !== 'title' || !note.strong) {
    const scores = contentScores(document.text.slice(note.start, end), types)
    const best = scores[0]?.score ?? 0
    for (const s of scores) if (s.score >= ALSO_FLOOR && s.score >= best * ALSO_SHARE) found.add(s.type)
    const named = classifyByFileName(document.file, types)
    if (named) found.add(named)
  }
  return [...found].filter((t) => t !== note.type && t !== 'unknown' && !CLOSED.includes(t)).sort()
}

function isRadiationOncology(note: Opened, typeSays: boolean, top: readonly Line[], edges: readonly Line[], lines: readonly Line[], document: Document): boolean {
  if (!typeSays) return false
  const title = note.title >= 0 ? (lines[note.title] as Line).text : ''
  if (!SHARED.includes(note.type)) return true
  if (RAD_ONC.test(title)) return true
  if (OTHER_SPECIALTY.test(title)) return false
  const head = top.slice(0, 5)
  if (head.some((l) => RAD_ONC.test(l.text)) || edges.some((l) => RAD_ONC.test(l.text))) return true
  if (head.some((l) => OTHER_SPECIALTY.test(l.text) && l.text.length < 90) || edges.some((l) => OTHER_SPECIALTY.test(l.text))) return false
  return RAD_ONC.test(document.text.slice(note.start, note.start + 4000)) || /\bc?Gy\b|\bfx\b|\bRT\b|\bEBRT\b|\bIMRT\b|\bVMAT\b|\bHDR\b|CT sim/.test(document.text.slice(note.start, note.start + 4000))
}

function identityOf(own: readonly Line[], edges: readonly Line[]): PatientIdentity {
  const filled = own.filter((l) => l.text.trim() !== '' && l.edge === null)
  const top = printedIdentity(filled.slice(0, 14).map(shown).join('\n'))
  if (top.name !== null && top.birthDate !== null) return top
  const edge = printedIdentity(edges.map(shown).join('\n'))
  if (top.name === null) {
    if (edge.name !== null || (edge.birthDate !== null && top.birthDate === null)) return { name: edge.name, birthDate: edge.birthDate ?? top.birthDate, identifiers: [...new Set([...edge.identifiers, ...top.identifiers])] }
    const rest = printedIdentity(filled.slice(14, 60).map(shown).join('\n'))
    if (rest.name !== null && rest.birthDate !== null) return rest
    return { name: null, birthDate: top.birthDate ?? edge.birthDate, identifiers: [...new Set([...top.identifiers, ...edge.identifiers])] }
  }
  const same = edge.name === null || identityMatches({ name: top.name, birthDate: null, mrn: null, memberId: null }, { ...edge, birthDate: null }) === true
  return same ? { name: top.name, birthDate: top.birthDate ?? edge.birthDate, identifiers: [...new Set([...top.identifiers, ...edge.identifiers])] } : top
}

const AUTHORS: readonly (readonly [RegExp, Role])[] = [
  [/^\s*(?:author|authored by|note author|written by|dictated by|dictating (?:physician|provider)|author of note)\s*[:\t]\s*/i, 'unknown'],
  [/^\s*(?:attending(?: physician)?|treating (?:physician|radiation oncologist)|radiation oncologist|rad onc|provider|physician|seen by|consultant|consulting physician|prescrib(?:er|ing physician)|evaluated by|examined by|md|requesting physician|ordering physician|performing physician)\s*[:\t]\s*/i, 'physician'],
  [/^\s*(?:physicist|medical physicist|qmp|performed by|measured by|reported by|prepared by|completed by|checked by|calculated by)\s*[:\t]\s*/i, 'unknown'],
]

/** Who wrote the note: an author line, else who signed it, else a physician or physicist named at the top, else a typed name. */
function authorOf(text: string, own: readonly Line[], signatures: readonly Signature[], radiationOncology: boolean, people: People): NoteHead['author'] {
  const settle = (role: Role): Role => (role === 'physician' && radiationOncology ? 'radiation-oncologist' : role)
  const named: ({ readonly name: string; readonly role: Role } | null)[] = [null, null, null]
  const filled = own.filter((l) => l.text.trim() !== '' && l.edge === null)
  const probes = filled.length > 44 ? [...filled.slice(0, 30), ...filled.slice(-14)] : filled
  let line: { readonly name: string; readonly role: Role } | null = null
  for (let k = 0; k < probes.length; k++) {
    const l = probes[k] as Line
    for (const cell of cellsOf(l)) {
      for (let a = 0; a < AUTHORS.length; a++) {
        const [label, role] = AUTHORS[a] as (typeof AUTHORS)[number]
        const m = label.exec(cell.text)
        if (!m || named[a]) continue
        const from = cell.start + m[0].length
        const person = findPeople(text, from, cell.end, people)[0]
        const plain = person ? person.nameSpan : nameHere(text, from, cell.end, people)
        if (!plain || (person && person.start - from > 4)) continue
        const own = person && person.role !== 'unknown' && person.credentials.length > 0 ? person.role : role === 'unknown' && /physicist/i.test(m[0]) ? 'physicist' : person && person.role !== 'unknown' ? person.role : role
        named[a] = { name: text.slice(plain.start, plain.end), role: settle(/neurosurg/i.test(cell.text) ? 'neurosurgeon' : own) }
      }
    }
    if (k > 0 && k <= 6 && line === null && l.text.length < 80) {
      const person = findPeople(text, l.start, l.end, people)[0]
      if (person && person.credentials.length > 0 && text.slice(l.start, person.start).trim() === '') line = { name: person.name, role: settle(person.role) }
    }
  }
  if (named[0]) return named[0]
  const signed = signatures.filter((s) => s.counts && s.by !== null && s.role !== 'patient')
  const closing = signed[signed.length - 1]
  const first = closing && /^[A-Z]{2,3}$/.test(closing.by as string) ? signed.find((s) => !/^[A-Z]{2,3}$/.test(s.by as string)) ?? closing : closing
  if (first) return { name: first.by as string, role: first.role }
  const typed = signatures.filter((s) => s.by !== null && s.kind !== 'initials' && s.role !== 'patient').pop()
  return named[1] ?? named[2] ?? line ?? (typed ? { name: typed.by as string, role: typed.role } : null)
}

function cellsOf(line: Line): (Span & { readonly text: string })[] {
  const out: (Span & { readonly text: string })[] = []
  const split = /\t(?=[^\t]*[:\t])| {3,}|\|/g
  let at = 0
  for (let m = split.exec(line.text); m; m = split.exec(line.text)) {
    out.push({ start: line.start + at, end: line.start + m.index, text: line.text.slice(at, m.index) })
    at = m.index + m[0].length
  }
  out.push({ start: line.start + at, end: line.end, text: line.text.slice(at) })
  return out
}

