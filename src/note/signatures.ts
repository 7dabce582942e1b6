// Finds signatures, and places where one is missing. May not: decide whether a signature suffices for a requirement.
import type { Span } from '../base/span.ts'
import { wordKey, type People } from '../dictionary/people-dictionary.ts'
import { findPlainDates, firstTime, type PlainDate } from './note-date.ts'
import type { IsoDate, NoteType, Role, Signature, SignatureState } from './note.ts'
import { asRole, findPeople, nameHere, type PersonMention } from './people.ts'

export interface SignatureContext {
  readonly people: People
  /** True where the note or its letterhead is of radiation oncology: an `MD` there is a radiation oncologist. */
  readonly radiationOncology: boolean
  /** Initials, in capitals, of everybody the file names with credentials; small letters are initials only where they are known. */
  readonly initials?: () => ReadonlySet<string>
}

interface Line extends Span {
  readonly text: string
}

/** `other-physician`: a physician of a specialty printed beside the name, never to be taken for a radiation oncologist. */
type Hand = Role | 'other-physician'

interface Draft {
  readonly start: number
  readonly end: number
  readonly kind: Signature['kind']
  readonly by: string | null
  readonly role: Hand
  readonly date: IsoDate | null
  readonly time: string | null
  readonly counts: boolean
}

/** Cheap test of a line before the fine ones. */
const TRIGGER = /sign|\bsig\b|approv|authentic|authoriz|finali[sz]|verif|attest|\/e?s\/|\be\/s\b|draft|prelim|dictat|transcribed|awaiting|pending|stamp|review|check|status|\bread by|released by|acknowledg|certified|validated|\bsof\b|___|\.{8}|\binit|(?:^|[\s(])s\/ /i
const BLANK = /^[\s:;.,()[\]xX*|-]{0,6}(?:_{3,}|\.{5,}|-{5,}|…{2,})/
const EMPTY = /^[\s:._()[\]|–—-]*$/
const DATE_LABEL = /^[\s:;,|]*(?:and )?(?:dat(?:e|ed)|time|title|print(?:ed)? name|name|credentials|initials)\b/i
const BY = /^(?:[\s:;,.|*"')\]–—-]|\b(?:by|of|and dated|dated|name|signer|signature|the|treating|attending|physician|physicist|provider|on behalf of|md:|rx|note|report|user|status|electronically|digitally|dr|author|radiation oncologist|dosimetrist|therapist)\b(?!\S*@))/i
const HANDWRITING = /^[\s:]*[[(<](?:handwritten|hand ?writing|signature|signed|illegible|ink|wet signature|scribble|sig)[^\])>]{0,30}[\])>]/i
const DENIED = /(?:\b(?:not|never|un|will be|must be|should be|can be|may be|being|needs?|needs to be|requires?|required|awaiting|pending|before|until|unless|if|when|once|after|prior to|for|no|without|is to be|to be|please|cannot be|has yet to be|yet to be)\s+(?:be(?:en)?\s+)?(?:yet\s+)?)$/i
const PASSIVE = /\b(?:was|were|is|are|been|being|be|has|have|had|and|or|when|which|that|then|he|she|they|also|i|previously|already)\s*$/i
const OTHER_OBJECT = /\b(?:consent|consents|patient|family|insurance|insurer|payer|release|poa|hipaa|advance directive|position(?:ing)?|isocenter|setup|set-up|identity|id|allergies|site|shifts?|images?|films?|cbct|labs?|fda|medicare|authorization|benefits|coverage|prior auth\w*|alignment|placement|location|dose|history|chart|name and dob|port\w*|couch|ssds?|applicator|time-?out|laterality)\s+(?:has been |have been |was |were |is |are )?(?:\w+ )?$/i
const FOOT = /^\s*(?:page\b|cc\b|printed|print date|confidential|p\.? ?\d|\d+ ?(?:of|\/) ?\d+\s*$|fax|tel|phone|dictated|transcribed|d:|t:|dd:|dt:|job|doc(?:ument)? id|radiation oncolog|department|board certified|attending|physician|staff|medical director|neurosurg|medical oncolog|chief|qualified medical|assistant professor|associate professor|professor|electronically|date|time|\*\*\*|end of|[-=_*~]{3,})/i
const ENTRY = /^\s*(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|(?:week|wk|fx|fraction|fraction #|visit|otv|day|session|addendum|late entry|entry)\b)/i
const LOGIN = /^(?:[A-Z]{1,2}\.?[A-Z][a-z]{2,}|[A-Z]\.[A-Z]{2,}|[A-Z]{3,12}|[a-z]{3,12}\d{0,3})(?=$|[\s,;.)|])/
const INITIALS_END = /(?:[.;!?)%]|\d|\b(?:continue|cont|stable|well|ok|reviewed|noted|plan|done|complete|issues|changes?|completed|concerns|today|delivered|treated|signed|approved)\b)[.,;]?\s*(?:[-–—/~(]\s*)?([A-Z]{2,3})(?:\/([A-Z]{2,3}|MD|RN))?\)?\s*$/
const INIT_LABEL = /\b(?:init(?:ial(?:s|ed)?)?\.?(?: by)?)\s*[:=]?\s+([A-Za-z]{2,3})(?:\/[A-Za-z]{2,3})?(?=$|[\s,;.)|])/i
/** Nothing on the line but initials, with a day at most, or a label of doing in front. */
const ALONE = /^\s*(?:[-–—/~(]\s*)?(?:(?:performed|done|treated|delivered|given|signed|applied|set ?up|measured|recorded|entered)(?: by)?\s*[:\t]\s*)?([A-Z]{2,3}|[a-z]{2,3})\)?\s*,?\s*(\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)?\s*$/
const SMALL_INITIALS_END = /[.;!?)]\s+(?:[-–—/~(]\s*)?([a-z]{2,3})\)?\s*$/
const BY_COLUMN = /^(?:by|init(?:ials?)?\.?|int\.?|rtt?s?|r\.t\.t?\.?|therapists?(?: initials)?|tech(?:nologist)?|tx by|treated by|verified by|checked by|reviewed by|approved by|verif\.?|chk(?:'d)?(?: by)?|physics|phys\.?|phy|md|md init(?:ials)?|rn|staff|user|sig(?:nature)?|operator|initials? ?\/ ?initials?|set ?up by|initialed|ther\.?|therap\.?|md review|ro)$/i
const LOG_ENTRY = /(?:^|[\s;,|(])([A-Z]{2,3})\s*(?:=|:|–|-)\s*(?=\p{Lu})/gu

const WINDOW = 140

/** Signatures of `text[start, end)`, in text order. */
export function findSignatures(text: string, start: number, end: number, context: SignatureContext): Signature[] {
  const lines = linesOf(text, start, end)
  const people = findPeople(text, start, end, context.people)
  const out: Draft[] = []
  let p = 0
  let columns: Column[] = []
  let columnLine = -100
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line
    while (p < people.length && (people[p] as PersonMention).end <= line.start) p++
    const first = p
    let last = p
    while (last < people.length && (people[last] as PersonMention).start < line.end) last++
    const mine = last > first ? people.slice(first, last) : NOBODY
    const before = out.length
    if (line.text.length < 4000 && TRIGGER.test(line.text)) signingLine(text, lines, i, people, first, context, out)
    if (mine.length > 0 && out.slice(before).every((s) => !s.counts)) electronicBehind(text, line, mine, context, out, before)
    if (/initials?\s*[:=]/i.test(line.text) && out.slice(before).every((s) => !s.counts && s.kind !== 'initials')) {
      const named = /\binitials?\s*[:=]\s*([A-Za-z]{2,3})(?=$|[\s,;.)|])/i.exec(line.text)
      if (named) out.push({ start: line.start + named.index + named[0].length - (named[1] as string).length, end: line.start + named.index + named[0].length, kind: 'initials', by: (named[1] as string).toUpperCase(), role: 'unknown', date: null, time: null, counts: false })
    }
    if (out.length === before && mine.length > 0) typedLine(text, lines, i, mine, context, out)
    if (out.length === before || columns.length > 0) {
      const header = byColumns(line.text)
      if (header.length > 0) {
        columns = header
        columnLine = i
        continue
      }
      if (columns.length > 0 && i - columnLine < 120 && line.text.trim() !== '') {
        if (out.length === before) initialCells(line, columns, context, out)
      } else if (line.text.trim() !== '') columns = []
    }
    if (out.length === before && mine.length === 0 && line.text.length > 1) closingInitials(text, line, context, out)
  }
  const log = initialsLog(text, start, end, people, context.people, out)
  return out.sort((a, b) => a.start - b.start).filter((s) => !(s.by !== null && OFFICE.test(s.by))).map((s) => settled(turned(s, text, people), log, context))
}

const ELECTRONIC = /^[\s,;]*(?:\/e?s\/)?[\s,;]*\(?(?:electronic(?:ally)?(?: signature| signed)?|e-?sign(?:ed|ature)|digital(?:ly)?(?: signature| signed)?)\)?/i

/** `J. Roe, PhD, DABR /s/ electronically 11/12/2025 16:30`, `J. Roe MD 2025-07-30 08:55 (electronic signature)`: the word stands behind the name, a day on either side of it. */
function electronicBehind(text: string, line: Line, mine: readonly PersonMention[], context: SignatureContext, out: Draft[], before: number): void {
  const person = mine.find((p) => p.credentials.length > 0)
  if (!person) return
  const label = text.slice(line.start, person.start)
  if (/\b(?:cc|copy|attn|pcp|referring|print(?:ed)?|typed|transcribed|scanned|faxed)\b/i.test(label) || /_{3,}|☐|\[ ?\]|\b(?:not|pending|awaiting|unsigned)\b/i.test(line.text)) return
  const first = findPlainDates(text, person.end, line.end)[0]
  if (!first) return
  const between = text.slice(person.end, first.start)
  const behind = ELECTRONIC.test(between) && between.length < 40
  const when = timed(text, first, line.end)
  const after = /^[\s,;]*$/.test(between.replace(/\b(?:on|at|date|dated)\b:?/gi, '')) && ELECTRONIC.test(text.slice(when.end, line.end))
  if (!behind && !after) return
  out.splice(before)
  out.push({ start: person.start, end: when.end, kind: 'electronic', by: person.name, role: specialtyRole(person.role, roleAfter(text, person.end, line.end, context.people), 'unknown'), date: when.date, time: when.time, counts: true })
}

/** Initials with a legend, or under a typed name they fit, authenticate; others do not. An `MD` of a radiation-oncology note is a radiation oncologist. */
/** Offices release and scan; they sign nothing. */
const OFFICE = /^(?:HIM|ROI|HIS|EMR|EHR|IT|system|auto(?:matic(?:ally)?)?|interface|(?:medical )?records?|health information|clerk|front desk|registration)\b/i

/** `R. Roe MD 07/16/2025 08:14 e-signed`: the verb stands behind the name, and no line is left to sign on. */
function turned(s: Draft, text: string, people: readonly PersonMention[]): Draft {
  if (s.kind !== 'blank' || !/signed|authenticated|approved/i.test(text.slice(s.start, s.end)) || /_{3,}|\.{5,}|:/.test(text.slice(s.start, s.end))) return s
  const lineStart = text.lastIndexOf('\n', s.start - 1) + 1
  const person = people.filter((p) => p.start >= lineStart && p.end <= s.start).at(-1)
  if (!person) return s
  const between = text.slice(person.end, s.start)
  if (!/^[\s,;()|/:.\d-]*(?:\b(?:MD|DO|PhD|MS|DABR|RN|NP|PA|RT|CMD|at|on|am|pm|AM|PM)\b[\s,;()|/:.\d-]*)*$/.test(between)) return s
  const date = findPlainDates(text, person.end, s.start)[0]?.date ?? null
  return { ...s, kind: 'electronic', start: person.start, by: person.name, role: person.role, date, time: firstTime(text, person.end, s.start), counts: true }
}

function settled(s: Draft, log: ReadonlyMap<string, { readonly name: string; readonly role: Role }>, context: SignatureContext): Signature {
  const known = s.kind === 'initials' && s.by ? log.get(s.by.toUpperCase()) : undefined
  let role = known && s.role === 'unknown' ? known.role : s.role
  if (role === 'physician' && context.radiationOncology) role = 'radiation-oncologist'
  if (role === 'other-physician') role = 'physician'
  return { start: s.start, end: s.end, kind: s.kind, by: s.by, role: role satisfies Role, date: s.date, time: s.time, counts: known ? true : s.counts }
}

const NOBODY: readonly PersonMention[] = []

function linesOf(text: string, start: number, end: number): Line[] {
  const out: Line[] = []
  let at = start
  while (at < end) {
    let stop = text.indexOf('\n', at)
    if (stop < 0 || stop > end) stop = end
    // A page end may stand inside a line.
    for (const part of text.slice(at, stop).split('\f')) {
      out.push({ start: at, end: at + part.length, text: part })
      at += part.length + 1
    }
  }
  return out
}

/** `matchAll` and `new RegExp` copy the expression at every call; these leave `lastIndex` at 0. */
function hits(form: RegExp, s: string): RegExpExecArray[] {
  const out: RegExpExecArray[] = []
  form.lastIndex = 0
  for (let m = form.exec(s); m; m = form.exec(s)) out.push(m)
  return out
}

function hit(form: RegExp, s: string, from: number): RegExpExecArray | null {
  form.lastIndex = from
  const m = form.exec(s)
  form.lastIndex = 0
  return m
}

const nextFilled = (lines: readonly Line[], i: number, within: number): Line | null => {
  for (let k = i + 1; k <= i + within && k < lines.length; k++) if ((lines[k] as Line).text.trim() !== '') return lines[k] as Line
  return null
}

const blankOut = (s: string, from: number, to: number): string => s.slice(0, from) + ' '.repeat(to - from) + s.slice(to)

/** Ends of the segment (cell, column) that holds position `at`. */
function segmentEnd(s: string, at: number): number {
  const m = /\t|\||;| {3,}/g
  m.lastIndex = at
  return m.exec(s)?.index ?? s.length
}

function signingLine(text: string, lines: readonly Line[], i: number, people: readonly PersonMention[], first: number, context: SignatureContext, out: Draft[]): void {
  const line = lines[i] as Line
  const words = context.people
  let s = line.text
  const push = (kind: Draft['kind'], from: number, to: number, more: Partial<Draft> = {}): void => {
    out.push({ kind, start: line.start + from, end: line.start + to, by: null, role: 'unknown', date: null, time: null, counts: false, ...more })
  }
  if (/\bby\b|\bcc\b|attn|pcp|primary|referring|scribe|distribution|(?:sent|released|copied) to|print/i.test(s)) for (const m of hits(words.notSigning, s)) {
    const abbreviation = m[0].length <= 5
    if (abbreviation && !/^\s*[:\t]/.test(s.slice(m.index + m[0].length))) continue
    const stop = segmentEnd(s, m.index + m[0].length + 3)
    const next = hit(words.signing, s, m.index + m[0].length)
    const to = next && next.index < stop && !/^(?:sig|sign|\/)/i.test(next[0]) ? next.index : stop
    s = blankOut(s, m.index, Math.max(to, m.index + m[0].length))
  }
  if (/dictat|transcribed|signed (?:but|without|in)|not re(?:ad|view)|without/i.test(s)) for (const m of hits(words.dictated, s)) {
    const person = personNear(people, first, line.start + m.index, line.end)
    push('dictated-not-read', m.index, m.index + m[0].length, { by: person?.name ?? null, role: person?.role ?? 'unknown' })
    s = blankOut(s, m.index, m.index + m[0].length)
  }
  if (/on file|stamp|\bsof\b|facsimile|image|pasted/i.test(s)) for (const m of hits(words.stamp, s)) {
    if (m[0].length <= 3 && m[0] !== 'SOF') continue
    push('stamp', m.index, m.index + m[0].length, { role: labelRole(s, m.index, words) })
    s = blankOut(s, m.index, segmentEnd(s, m.index + m[0].length))
  }
  if (/pending|await|requir|needs|to be|\bnot\b|\bun-?[asv]|prelim|status|draft/i.test(s)) for (const m of hits(words.pending, s)) {
    const around = s.slice(Math.max(0, m.index - 40), m.index)
    if (/\b(?:auth\w*|insurance|biopsy|labs?|consent)\s*(?:is |are )?$/i.test(around) || /^\s+(?:of|from|for|insurance)\b/i.test(s.slice(m.index + m[0].length))) continue
    if (/^(?:to be|not) (?:approved|signed)/i.test(m[0]) && OTHER_OBJECT.test(around)) continue
    const person = personNear(people, first, line.start + m.index, line.end)
    const role = labelRole(s, m.index, words)
    push('pending', m.index, person ? Math.max(m.index + m[0].length, person.end - line.start) : m.index + m[0].length, { by: person?.name ?? null, role: person && person.role !== 'unknown' ? person.role : role })
    s = blankOut(s, m.index, Math.max(m.index + m[0].length, person ? Math.min(s.length, person.end - line.start) : 0))
  }
  const draft = /^[^A-Za-z]{0,12}(DRAFT|Draft|PRELIMINARY|UNSIGNED|Preliminary|Unsigned)[^A-Za-z]{0,12}$|\b(DRAFT)\b/.exec(s)
  if (draft) push('pending', draft.index, draft.index + draft[0].length)
  let covered = 0
  for (const m of hits(words.signing, s)) {
    if (m.index < covered) continue
    const to = signing(text, lines, i, s, m.index, m[0], people, first, context, push)
    if (to > covered) covered = to
  }
  const bare = /^\s*(?:[A-Za-z][A-Za-z .'/()-]{1,40}[:\t]\s*)?(_{5,}|\.{8,})/.exec(s)
  if (bare && covered === 0 && !out.some((d) => d.start >= line.start && d.kind === 'blank')) blankLine(lines, i, s, people, first, context, push)
}

function labelRole(s: string, at: number, words: People): Role {
  const before = s.slice(Math.max(0, at - 48), at)
  let role: Role = 'unknown'
  for (const m of hits(words.label, before)) {
    // A label in an earlier cell or sentence is another's.
    if (/\t|\||;| {3,}|\. |\d{4}|_{3,}/.test(before.slice(m.index + m[0].length).replace(/^\s*[:(]?\s*/, ''))) continue
    role = asRole(words.labelRole.get(wordKey(m[0])))
  }
  return role
}

function roleAfter(text: string, from: number, to: number, words: People): Hand {
  const m = hit(words.specialty, text.slice(from, Math.min(to, from + 70)), 0)
  if (!m) return 'unknown'
  const role = asRole(words.specialtyRole.get(wordKey(m[0])))
  return role === 'physician' ? 'other-physician' : role
}

const personNear = (people: readonly PersonMention[], first: number, from: number, to: number): PersonMention | null => {
  for (let k = first; k < people.length && (people[k] as PersonMention).start < to; k++) if ((people[k] as PersonMention).start >= from) return people[k] as PersonMention
  return null
}

type Push = (kind: Draft['kind'], from: number, to: number, more?: Partial<Draft>) => void

/** Reads one verb or label of signing; answers how far of the line it used (0: nothing). */
function signing(
  text: string, lines: readonly Line[], i: number, s: string, at: number, verb: string, people: readonly PersonMention[], first: number, context: SignatureContext, push: Push,
): number {
  const line = lines[i] as Line
  const words = context.people
  const kind = words.signingKind.get(wordKey(verb)) ?? (verb.includes('/') ? 'electronic' : 'approval')
  const lower = verb.toLowerCase()
  const before = s.slice(Math.max(0, at - 60), at)
  if (DENIED.test(before)) return 0
  if (/[A-Za-z]\/?$/.test(before) && verb.startsWith('s/')) return 0
  const weak = /^(?:review|check|verif|approv|valid|certif|read|signed(?! elec| digi| \(elec)|sign$|sig$|finali|acknowledg|released|authorized)/.test(lower)
  const preface = before.slice((/^.*(?:[\t|]|\. | {3})/s.exec(before)?.[0] ?? '').length)
  let rest = at + verb.length
  const tail = s.slice(rest)
  const explicitBy = /^\s*(?:by\b|:|\/|,|-|–|—|\t)/i.test(tail) || /(?:by|physician|physicist|oncologist)$/.test(lower)
  // The person may stand before the verb: "J. Roe MD signed 05/20/2025".
  const previous = lastPersonBefore(people, first, line.start + at)
  const between = previous ? s.slice(previous.end - line.start, at) : ''
  const leads = previous !== null && previous.end > line.start && /^[\s,;:(–—-]{0,3}(?:has |have |was )?$/i.test(between)
  // "Delivered and signed by J. Roe, MD": one clause of the signer, no report of a signing.
  const joined = /\b\w+ed (?:and|&) $/i.test(preface) && (explicitBy || /^\s+(?:Dr\.? )?\p{Lu}[\p{L}.'-]*,? \p{Lu}/u.test(tail))
  if (weak && !leads && !joined && (PASSIVE.test(preface) || (preface.length > 45 && !/[:)]\s*$/.test(preface) && !explicitBy))) return 0
  if (weak && !leads && OTHER_OBJECT.test(preface) && kind !== 'label') return 0
  if (kind === 'label' && /\b(?:the|a|his|her|this|with|your|energy|spectral|gene|expression|dose)\s+$/i.test(preface)) return 0
  if (lower === 'sig' || lower === 'sig.' || lower === 'sign') {
    if (!/^\s*(?:[:_]|by\b)/i.test(tail)) return 0
  }
  if (/^(?:attestation|attending attestation|physician attestation|approval|plan approval|review|physics review|physician review|md review)$/.test(lower) && !/^\s*(?:[:\t(–—-]|by\b|status)/i.test(tail) && !/^\s+\p{Lu}\.? ?\p{Lu}/u.test(tail) && !/^\s+\d/.test(tail)) return 0
  let role = labelRole(s, at, words)
  const afterLabel = hit(words.label, tail.slice(0, 44), 0)
  if (afterLabel && /^[\s:(]*(?:by\b|of\b|the\b|[\s:(,])*(?:treating |attending )?$/i.test(tail.slice(0, afterLabel.index))) {
    const named = asRole(words.labelRole.get(wordKey(afterLabel[0])))
    if (named !== 'patient' && (role === 'unknown' || role === 'physician')) role = named
    else if (named === 'patient') role = named
  } else {
    const inside = hit(words.label, lower, 0)
    if (role === 'unknown' && inside) role = asRole(words.labelRole.get(wordKey(inside[0])))
  }
  while (rest < s.length) {
    const m = BY.exec(s.slice(rest, rest + 40))
    if (!m || m[0] === '') break
    // A run of underscores is what must stay.
    rest += m[0].length
  }
  const here = s.slice(rest)
  const stop = line.end
  const attest = /attest/.test(lower)
  if (HANDWRITING.test(s.slice(at + verb.length).replace(/^[\s:]*(?:by\b)?[\s:]*/i, ''))) {
    const person = personNear(people, first, line.start + rest, stop) ?? nextPerson(lines, i, people)
    const d = when(text, line, rest, stop, lines, i)
    push('handwritten', at, s.length, { by: person?.name ?? null, role: person && person.role !== 'unknown' ? person.role : role, date: d.date, time: d.time, counts: true })
    return s.length
  }
  if (leads && previous && !(BLANK.test(here))) {
    const later = personNear(people, first, line.start + rest, Math.min(stop, line.start + rest + 40))
    const person = later && later.start - line.start - rest <= 3 ? null : previous
    if (person) {
      const d = when(text, line, rest, stop, lines, i)
      if (d.date || kind !== 'approval' || explicitBy === false) {
        if (!d.date && /^\s+[a-z]/.test(tail) && kind === 'approval') return 0
        const who = specialtyRole(person.role, roleAfter(text, line.start + rest, stop, words), role)
        push(kind === 'label' ? 'typed' : kind, Math.max(0, person.start - line.start), Math.max(d.end - line.start, at + verb.length), { by: person.name, role: who, date: d.date, time: d.time, counts: true })
        return Math.max(d.end - line.start, at + verb.length)
      }
    }
  }
  if (BLANK.test(s.slice(at + verb.length).replace(/^[\s:]*(?:by\b|\([^)]{0,30}\))?/i, '')) || BLANK.test(here)) {
    const under = BLANK.exec(here)
    // "Signature: ____ J. Roe MD ____": the name is printed beside an empty line.
    const typed = personNear(people, first, line.start + rest, stop)
    const d = typed && findPlainDates(text, typed.end, Math.min(stop, typed.end + 40))[0]
    push('blank', at - roleLead(before, words), at + verb.length + Math.max(0, rest - at - verb.length) + (under ? under[0].length : 0), { by: typed && !d ? typed.name : null, role: typed && typed.role !== 'unknown' ? typed.role : role })
    return Math.min(s.length, rest + (under ? under[0].length : 0))
  }
  if (EMPTY.test(here) || DATE_LABEL.test(here)) {
    if (!(kind === 'label' || /:\s*$|by\s*:?\s*$/i.test(s.slice(at, rest)) || kind === 'electronic')) return 0
    if (weak && kind !== 'label' && !/by\s*:?\s*$|:/.test(s.slice(at, rest))) return 0
    const d = when(text, line, rest, stop, lines, i)
    const next = EMPTY.test(here) ? nextFilled(lines, i, 3) : null
    if (next) {
      const below = personOnLine(next, people)
      if (below && below.start - next.start < 24) {
        const e = when(text, next, below.end - next.start, next.end, lines, lines.indexOf(next))
        push(kind === 'label' ? 'typed' : kind, at, s.length, { by: below.name, role: specialtyRole(below.role, roleAfter(text, below.end, next.end, words), role), date: e.date ?? d.date, time: e.time ?? d.time, counts: kind !== 'label' || e.date !== null })
        return s.length
      }
      if (/_{4,}/.test(next.text) && !/[A-Za-z]{4,}.*_{4,}/.test(next.text)) {
        push('blank', at, s.length, { role })
        return s.length
      }
      const plain = kind !== 'label' ? nameHere(next.text, next.text.length - next.text.trimStart().length, next.text.length, words) : null
      if (plain && next.text.trim().length < 60) {
        const e = when(text, next, plain.end, next.end, lines, lines.indexOf(next))
        if (e.date) {
          push(kind === 'label' ? 'typed' : kind, at, s.length, { by: next.text.slice(plain.start, plain.end), role, date: e.date, time: e.time, counts: true })
          return s.length
        }
      }
    }
    if (kind === 'approval' && d.date && !/by\s*:?\s*$/i.test(s.slice(at, rest)) && /dat/i.test(here)) return 0
    push('blank', at - roleLead(before, words), s.slice(0, rest).trimEnd().length, { role })
    return Math.max(rest, at + verb.length)
  }
  // Who: a person with credentials, else a plain name or login right here.
  if (/^\w*(?:approved|unapproved|reviewed|signed|completed?|rejected|retired|finali[sz]ed|planning)\b/i.test(here) && !explicitBy) return 0
  const person = personNear(people, first, line.start + rest - 4, stop)
  let by: string | null = null
  let who: Hand = role
  let tailAt = rest
  const close = person !== null && (attest || person.start - (line.start + rest) <= (kind === 'approval' ? 14 : 40))
  if (person && close) {
    by = person.name
    tailAt = person.end - line.start
    who = specialtyRole(person.role, roleAfter(text, person.end, stop, words), role)
    const next = nextFilled(lines, i, 1)
    if (who === 'physician' && next && next.text.trim().length < 60) who = specialtyRole(who, roleAfter(text, next.start, next.end, words), role)
  } else {
    const plain = nameHere(s, rest, s.length, words)
    const login = plain ? null : LOGIN.exec(here)
    if (plain) {
      by = s.slice(plain.start, plain.end)
      tailAt = plain.end
      who = specialtyRole('unknown', roleAfter(s, tailAt, s.length, words), role)
    } else if (login && (kind !== 'approval' || /^[\s,:;(@|-]{0,4}(?:on |at )?(?:\d|[A-Z][a-z]{2} \d)/.test(here.slice(login[0].length))) && !/^(?:the|and|with|this|that|plan|all|for|from|note|form|page|date|line|please|pls|kindly|order|orders|ok|see|per|not|are|was|has|reviewed|today)$/i.test(login[0])) {
      by = login[0]
      tailAt = rest + login[0].length
    }
  }
  if (by === null && /^signed/.test(lower)) {
    const lead = /(?:^|[:\t])\s*([^:\t]{3,40}) $/.exec(preface)
    const at0 = lead ? at - 1 - (lead[1] as string).length : 0
    const plain = lead ? nameHere(s, at0, at, words) : null
    if (plain && plain.end >= at - 2 && plain.end - plain.start > 4) {
      const d = when(text, line, at + verb.length, stop, lines, i)
      if (d.date) {
        push(kind === 'label' ? 'typed' : kind, plain.start, d.end - line.start, { by: s.slice(plain.start, plain.end), role: labelRole(s, plain.start, words), date: d.date, time: d.time, counts: true })
        return d.end - line.start
      }
    }
  }
  // "Signed: 08/05/2025 09:10 (A. Roe, MD)": the date may stand between verb and name.
  const ahead = person !== null && close && by !== null ? findPlainDates(text, line.start + at + verb.length, person.start).at(-1) : undefined
  const d = ahead ? { ...timed(text, ahead, person?.start ?? ahead.end), start: line.start + tailAt, end: line.start + tailAt } : when(text, line, tailAt, stop, lines, i)
  const dateHere = d.date !== null && d.start - line.start - tailAt < 48
  if (by === null) {
    // "Approve 3/10/26 JR", "Treatment Approved 03/14/2025 10:21".
    if (!dateHere || d.start - line.start - rest > 8) return 0
    // "C. Ruelas, PhD, medical physicist. Signed electronically 05/18/2026": the signer opens the line.
    const opener = previous !== null && previous.credentials.length > 0 && previous.start >= line.start && text.slice(line.start, previous.start).trim() === '' && /^[\s,;.()/-]*(?:(?:chief|lead|staff|attending|medical|qualified|radiation|board[- ]certified|oncolog(?:ist|y)|physicist|physician|dosimetrist|therapist|surgeon|neurosurgeon|resident|nurse|practitioner)[\s,;.()/-]*){0,6}$/i.test(between) ? previous : null
    if (opener) {
      const own = specialtyRole(opener.role, roleAfter(text, opener.end, line.start + at, words), role)
      push(kind === 'label' ? 'typed' : kind, opener.start - line.start, Math.max(d.end - line.start, at + verb.length), { by: opener.name, role: own, date: d.date, time: d.time, counts: true })
      return Math.max(d.end - line.start, at + verb.length)
    }
    const initials = /^[\s,:\dAPMapm]{0,16}\b([A-Z]{2,3})\b/.exec(s.slice(d.end - line.start))
    const named = personNear(people, first, d.end, stop)
    if (named && named.start - d.end < 24) {
      push(kind === 'label' ? 'typed' : kind, at, named.end - line.start, { by: named.name, role: specialtyRole(named.role, 'unknown', role), date: d.date, time: d.time, counts: true })
      return named.end - line.start
    }
    const plain = nameHere(s, (/^[\s,:\dAPMapm]*(?:by:?)?\s*/.exec(s.slice(d.end - line.start))?.[0].length ?? 0) + d.end - line.start, s.length, words)
    if (plain && !initials) {
      push(kind === 'label' ? 'typed' : kind, at, plain.end, { by: s.slice(plain.start, plain.end), role, date: d.date, time: d.time, counts: true })
      return plain.end
    }
    if (/^(?:review|check|verif|read|valid|certif|acknowledg)/.test(lower) && !initials) return 0
    if (kind === 'label') {
      push('blank', at, d.end - line.start, { role, date: null })
      return d.end - line.start
    }
    push(kind, at, Math.max(d.end - line.start, at + verb.length), { by: initials?.[1] ?? null, role, date: d.date, time: d.time, counts: true })
    return d.end - line.start
  }
  // Bare names after a loose verb need a date or credentials: "Reviewed Smith criteria".
  const named = person !== null && close
  if (weak && kind !== 'label' && !named && !(dateHere && /^[\s,;:(@|–—-]{0,6}(?:(?:on|at|date|dated|time)\b[\s:]*)*$/i.test(text.slice(line.start + tailAt, d.start)))) return 0
  if (weak && !named && !explicitBy && !dateHere) return 0
  if (/^(?:review|check|verif|read|acknowledg|valid|certif)/.test(lower) && !dateHere && !/^(?:reviewed and|reviewed &)/.test(lower) && !(named && explicitBy && preface.trim().length < 24 && s.slice(tailAt).trim().length < 24)) return 0
  if (lower.startsWith('review') && /\bwith\b/i.test(s.slice(at + verb.length, rest + 2))) return 0
  if (weak && !dateHere && /^\s+[a-z]{3,}/.test(s.slice(tailAt)) && !/^\s+(?:on|at|dated|for)\b/.test(s.slice(tailAt))) return 0
  const to = dateHere ? d.end - line.start : tailAt
  push(kind === 'label' ? 'typed' : kind, at - roleLead(before, words), to, { by, role: who, date: dateHere ? d.date : null, time: dateHere ? d.time : null, counts: true })
  return to
}

/** Code units of a role word right before the verb (`Physician signature`), to take into the span. */
function roleLead(before: string, words: People): number {
  let lead = 0
  for (const m of hits(words.label, before)) if (before.slice(m.index + m[0].length).trim() === '') lead = before.length - m.index
  return lead
}

function specialtyRole(own: Hand, specialty: Hand, label: Role): Hand {
  if (own === 'physician' || own === 'unknown') {
    if (specialty !== 'unknown') return own === 'unknown' && label !== 'unknown' && label !== 'physician' ? label : specialty
    if (label !== 'unknown' && label !== 'patient' && label !== 'clerk') {
      // "Physicist: J. Roe MD" is a doctor on the wrong line; "Neurosurgeon: J. Roe MD" is one.
      if (own === 'unknown' || !['physicist', 'dosimetrist', 'therapist', 'nurse'].includes(label)) return label
    }
    if (own === 'unknown' && label === 'patient') return 'patient'
  }
  return own
}

function lastPersonBefore(people: readonly PersonMention[], first: number, at: number): PersonMention | null {
  let found: PersonMention | null = null
  for (let k = first; k < people.length && (people[k] as PersonMention).end <= at; k++) found = people[k] as PersonMention
  return found
}

const personOnLine = (line: Line, people: readonly PersonMention[]): PersonMention | null => {
  let low = 0
  let high = people.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((people[middle] as PersonMention).start < line.start) low = middle + 1
    else high = middle
  }
  const found = people[low]
  return found && found.start < line.end ? found : null
}

function nextPerson(lines: readonly Line[], i: number, people: readonly PersonMention[]): PersonMention | null {
  const next = nextFilled(lines, i, 2)
  return next ? personOnLine(next, people) : null
}

interface When {
  readonly date: IsoDate | null
  readonly time: string | null
  readonly start: number
  readonly end: number
}

/** Date and time after a name: on the line, else on a next line that begins with one or with `Date:`. */
function when(text: string, line: Line, from: number, stop: number, lines: readonly Line[], i: number): When {
  const at = line.start + Math.max(0, from)
  const limit = Math.min(stop, at + WINDOW)
  const here = findPlainDates(text, at, limit).find((d) => !/\b(?:printed|dob|born|faxed|service|dos|dictated|transcribed|mrn|scanned)\b[^\d]{0,14}$/i.test(text.slice(Math.max(at, d.start - 24), d.start)))
  if (here) return timed(text, here, Math.min(line.end, here.end + 24))
  if (limit - at < 60 && !/_{3,}/.test(text.slice(at, limit))) {
    const next = nextFilled(lines, i, 1)
    if (next && next.text.length < 90) {
      const lead = /^\s*(?:(?:(?:approv(?:al|ed)|sign(?:ature|ed|-?off)?|e-?signature|electronic signature|review(?:ed)?|authori[sz](?:ation|ed)|authentication|authenticated|verification|verified)\s+)?(?:date(?:\/time)?|date and time|time(?:stamp)?|on|at|dated|date signed|signed)\s*:?\s*)?(?=[\dA-Z])/i.exec(next.text)
      if (lead) {
        const d = findPlainDates(text, next.start, Math.min(next.end, next.start + 40))[0]
        if (d && d.start - next.start <= lead[0].length + 1 && next.text.slice(d.end - next.start).trim().length < 24) {
          const w = timed(text, d, next.end)
          return { ...w, start: at, end: line.end }
        }
      }
    }
  }
  return { date: null, time: null, start: at, end: at }
}

function timed(text: string, d: PlainDate, limit: number): When {
  const time = firstTime(text, d.end, limit)
  let end = d.end
  if (time) {
    const m = /^[\s,@T]*(?:at\b|time)?[\s:@]*\d{1,2}[:.]?\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?(?:hrs?|hours|h))?/.exec(text.slice(d.end, limit))
    if (m) end += m[0].length
  }
  return { date: d.date, time, start: d.start, end }
}

/** `Physician: ________`, or a rule of underscores with a typed name below it. */
function blankLine(lines: readonly Line[], i: number, s: string, people: readonly PersonMention[], first: number, context: SignatureContext, push: Push): void {
  const line = lines[i] as Line
  const at = s.search(/_{5,}|\.{8,}/)
  const before = s.slice(0, at)
  const role = labelRole(s, at, context.people)
  const under = nextFilled(lines, i, 1)
  const label = before.trim() !== ''
  if (label && (role === 'unknown' || /\b(?:name|address|phone|dob|date|time|mrn|weight|height|other|comments?)\s*:?\s*$/i.test(before))) return
  if (!label) {
    if (!under || under.text.length > 110) return
    const person = personOnLine(under, people)
    const named = person ?? null
    const caption = hit(context.people.signing, under.text, 0) !== null || hit(context.people.label, under.text, 0) !== null
    if (!named && !caption) return
    // The caption line itself will not be read as a blank of its own: it holds no rule.
    const captionRole = named && named.role !== 'unknown' ? named.role : labelRole(under.text, under.text.length, context.people)
    const own = personNear(people, first, line.start, line.end)
    push('blank', at, s.trimEnd().length, { by: (own ?? named)?.name ?? null, role: captionRole })
    return
  }
  const typed = personNear(people, first, line.start + at, line.end)
  push('blank', 0, s.trimEnd().length, { by: typed?.name ?? null, role })
}

/** A name with credentials alone on a line, closing an entry: with a date it authenticates, without it does not. */
function typedLine(text: string, lines: readonly Line[], i: number, mine: readonly PersonMention[], context: SignatureContext, out: Draft[]): void {
  const line = lines[i] as Line
  const words = context.people
  const person = mine[mine.length - 1] as PersonMention
  if (person.credentials.length === 0) return
  const lead = line.text.slice(0, person.start - line.start)
  const tail = line.text.slice(person.end - line.start)
  const d = when(text, line, person.end - line.start, line.end, lines, i)
  const dated = d.date !== null && d.start - person.end <= 30
  const remainder = dated && d.end <= line.end ? text.slice(d.end, line.end) : tail
  const label = lead.trim().replace(/[:\t–—-]+\s*$/, '').trim()
  const notSigning = label !== '' && hit(words.notSigning, label, 0) !== null
  if (notSigning || /\b(?:to|dear|re|from|attn|cc|via|with|by|pcp|consultant)\s*:?\s*$/i.test(label)) return
  const isLabel = label !== '' && label.length <= 40 && roleOfLabel(label, words) !== 'unknown'
  const endsEntry = lead.trim() === '' || isLabel || /[.!?)]["')\]]*\s+[-–—]*\s*$|[–—-]{1,2}\s*$|\t\s*$| {3,}$|\d\s+$/.test(lead)
  if (!endsEntry) return
  if (remainder.replace(words.specialty, '').replace(/\b(?:dept|department|of|and|attending|physician|staff|board|certified|radiation|oncologist|medical|physicist|chief|resident|pgy|date|time|pager|pm|am|hrs)\b/gi, '').replace(/[^A-Za-z]/g, '').length > 12) return
  if (!closes(lines, i)) return
  const role = specialtyRole(person.role, roleAfter(text, person.end, line.end, words), isLabel ? roleOfLabel(label, words) : 'unknown')
  const next = nextFilled(lines, i, 1)
  const below = next && next.text.trim().length < 60 ? roleAfter(text, next.start, next.end, words) : 'unknown'
  const final = role === 'physician' ? specialtyRole(role, below, 'unknown') : role
  // A row of a log: `11/20/2024  Fx 3  ok  K. Lin PhD`.
  const led = !dated && ENTRY.test(line.text) && lead.length > 12 && tail.trim() === '' ? findPlainDates(line.text, 0, Math.min(16, line.text.length))[0] : undefined
  const counts = led !== undefined || dated && (lead.trim() === '' || !/^(?:attending|physician|provider|referring|radiation oncologist|md)$/i.test(label) || i > 6)
  out.push({
    start: person.start, end: dated ? Math.max(person.end, Math.min(d.end, line.end)) : person.end, kind: 'typed', by: person.name, role: final,
    date: led?.date ?? (dated ? d.date : null), time: dated ? d.time : null, counts,
  })
}

function roleOfLabel(label: string, words: People): Role {
  const m = [...hits(words.label, label)].pop()
  return m ? asRole(words.labelRole.get(wordKey(m[0]))) : 'unknown'
}

/** True where the line ends an entry: nothing but page furniture, further signatures, or a new entry follows. */
function closes(lines: readonly Line[], i: number): boolean {
  let filled = 0
  let gap = false
  for (let k = i + 1; k < lines.length && k <= i + 8; k++) {
    const t = (lines[k] as Line).text.trim()
    if (t === '') {
      gap = true
      continue
    }
    if (ENTRY.test(t)) return true
    if (FOOT.test(t) || /\b(?:MD|M\.D\.|PhD|DABR|CMD|RN|RTT|RT\(T\))\b/.test(t)) continue
    filled++
    // A heading or a table after a gap begins something new; running text under the name does not end an entry.
    if (filled === 1 && gap) return seenBefore(lines, i) > 5
    return false
  }
  return seenBefore(lines, i) >= 1
}

function seenBefore(lines: readonly Line[], i: number): number {
  let n = 0
  for (let k = i - 1; k >= 0 && n < 8; k--) if ((lines[k] as Line).text.trim() !== '') n++
  return n
}

interface Column {
  /** Cell number in a tabbed row, or -1. */
  readonly cell: number
  /** Character column in a fixed-width row. */
  readonly at: number
  readonly role: Role
}

function byColumns(line: string): Column[] {
  if (line.length > 400 || !/\b(?:by|ini?t|rtt?s?|r\.t|ther|tech|chk|phys?|md|rn|staff|user|sig|oper|verif|physics|ro)/i.test(line) || /_{3}/.test(line)) return []
  const tabbed = line.includes('\t')
  const cells = tabbed ? line.split('\t') : line.split(/ {2,}|\|/)
  if (cells.length < 3) return []
  const out: Column[] = []
  let at = 0
  for (let c = 0; c < cells.length; c++) {
    const cell = (cells[c] as string).trim()
    at = cell === '' ? at : line.indexOf(cell, at)
    if (cell !== '' && BY_COLUMN.test(cell)) {
      const role: Role = /^(?:rt|r\.t|ther|tx by|treated|tech|oper)/i.test(cell) ? 'therapist' : /^phy/i.test(cell) ? 'physicist' : /^(?:md|ro)/i.test(cell) ? 'physician' : /^rn/i.test(cell) ? 'nurse' : 'unknown'
      out.push({ cell: tabbed ? c : -1, at, role })
    }
    at += cell.length
  }
  // A header row has words in its other cells, not values.
  return out.length > 0 && cells.filter((c) => /\d/.test(c)).length <= cells.length / 3 ? out : []
}

function initialCells(line: Line, columns: readonly Column[], context: SignatureContext, out: Draft[]): void {
  const cells = line.text.split('\t')
  for (const column of columns) {
    let value: string
    let at: number
    if (column.cell >= 0) {
      if (cells.length <= column.cell) continue
      value = (cells[column.cell] as string).trim()
      at = line.text.indexOf(value, cells.slice(0, column.cell).reduce((n, c) => n + c.length + 1, 0))
    } else {
      const from = Math.max(0, column.at - 6)
      const m = /(?:^|[ |])([A-Za-z]{2,3}(?:[/,] ?[A-Za-z]{2,3}){0,2})(?=$| {2}|[|])/.exec(line.text.slice(from, column.at + 12))
      if (!m) continue
      value = m[1] as string
      at = from + m.index + m[0].indexOf(value)
    }
    if (!/^[A-Za-z]{2,3}(?:[/,+& ]{1,2}[A-Za-z]{2,3}){0,2}$/.test(value)) continue
    const dates = findPlainDates(line.text, 0, line.text.length)
    for (const m of value.matchAll(/[A-Za-z]{2,3}/g)) {
      if (context.people.notInitials.has(m[0].toUpperCase()) && !(column.role === 'therapist' && m[0].length === 2)) continue
      out.push({
        start: line.start + at + m.index, end: line.start + at + m.index + m[0].length, kind: 'initials', by: m[0], role: column.role,
        date: dates[0]?.date ?? null, time: null, counts: false,
      })
    }
  }
}

function closingInitials(text: string, line: Line, context: SignatureContext, out: Draft[]): void {
  const tail = line.text.length > 60 ? line.text.slice(-60) : line.text
  const shift = line.text.length - tail.length
  const labelled = /\binit/i.test(line.text) ? INIT_LABEL.exec(line.text) : null
  if (labelled) {
    const at = labelled.index + labelled[0].indexOf(labelled[1] as string, 4)
    if (!/^(?:dx|tx|the|a|an|rx|of|and|on|to|in|by|was|for|vs|fx|phy)$/i.test(labelled[1] as string) && (/^[A-Z]{2,3}$/.test(labelled[1] as string) || at > line.text.length - 12)) {
      const dates = findPlainDates(text, line.start, line.end)
      out.push({ start: line.start + at, end: line.start + at + (labelled[1] as string).length, kind: 'initials', by: labelled[1] as string, role: 'unknown', date: dates[0]?.date ?? null, time: null, counts: false })
      return
    }
  }
  const alone = ALONE.exec(line.text)
  if (alone) {
    const printed = alone[1] as string
    const capitals = printed === printed.toUpperCase()
    if (capitals ? !context.people.notInitials.has(printed) && !alone[2] : context.initials?.().has(printed.toUpperCase()) === true) {
      const at = line.start + (alone.index + alone[0].indexOf(printed, alone[0].length - alone[0].trimStart().length + (alone[0].trimStart().startsWith(printed) ? 0 : 1)))
      out.push({ start: at, end: at + printed.length, kind: 'initials', by: printed.toUpperCase(), role: 'unknown', date: findPlainDates(text, line.start, line.end)[0]?.date ?? null, time: null, counts: false })
      return
    }
  }
  const small = SMALL_INITIALS_END.exec(tail)
  if (small && context.initials?.().has((small[1] as string).toUpperCase())) {
    const end = line.start + line.text.trimEnd().length - (/\)$/.test(line.text.trimEnd()) ? 1 : 0)
    out.push({ start: end - (small[1] as string).length, end, kind: 'initials', by: (small[1] as string).toUpperCase(), role: 'unknown', date: null, time: null, counts: false })
    return
  }
  if (!/[A-Z]{2}\)?(?:\s*|\/[A-Z]{2,3}\)?\s*)$/.test(tail)) return
  const m = INITIALS_END.exec(tail)
  if (!m) return
  const initials = m[1] as string
  if (context.people.notInitials.has(initials)) return
  // A row of capitals is a heading, not an entry.
  if (!/[a-z]/.test(line.text)) return
  const at = shift + m.index + m[0].lastIndexOf(initials, m[0].length - (m[2] ? m[2].length + 1 : 0))
  const role = m[2] === 'MD' ? 'physician' : m[2] === 'RN' ? 'nurse' : 'unknown'
  const dates = findPlainDates(text, line.start, Math.min(line.end, line.start + 40))
  out.push({ start: line.start + at, end: line.start + at + initials.length, kind: 'initials', by: initials, role, date: dates[0]?.date ?? null, time: null, counts: false })
}

/** Initials explained by the note itself: a legend (`LK = L. King, RT(T)`), or initials over the typed name they fit. */
function initialsLog(text: string, start: number, end: number, people: readonly PersonMention[], words: People, found: readonly Draft[]): Map<string, { name: string; role: Role }> {
  const log = new Map<string, { name: string; role: Role }>()
  if (!found.some((s) => s.kind === 'initials')) return log
  const slice = text.slice(start, end)
  for (const m of slice.matchAll(LOG_ENTRY)) {
    const name = nameHere(text, start + m.index + m[0].length, end, words)
    if (!name) continue
    const printed = text.slice(name.start, name.end)
    if (initialsOf(printed).includes((m[1] as string)[0] as string)) {
      const person = people.find((p) => p.start <= name.start && p.end >= name.end)
      log.set(m[1] as string, { name: printed, role: person?.role ?? 'unknown' })
    }
  }
  for (const s of found) {
    if (s.kind !== 'initials' || !s.by || log.has(s.by.toUpperCase())) continue
    const near = people.find((p) => p.start > s.end && p.start - s.end < 60 && text.slice(s.end, p.start).trim().length < 12)
    if (near && initialsOf(near.name) === s.by.toUpperCase()) log.set(s.by.toUpperCase(), { name: near.name, role: near.role })
  }
  return log
}

/** `Theo J. Blackwood` and `BLACKWOOD, THEO J` alike: `TJB`. */
export function initialsOf(name: string): string {
  const turned = /^([^,]+), *(.+)$/.exec(name)
  const ordered = turned ? `${turned[2]} ${turned[1]}` : name
  return ordered.split(/[\s.]+/).filter((w) => w !== '' && !/^(?:jr|sr|ii|iii|iv)$/i.test(w)).map((w) => (w[0] as string).toUpperCase()).join('')
}

/** Whose signature a note of the type waits for; a note of any other type waits for whoever signs it. */
export function signatureOfNote(signatures: readonly Signature[], signers: readonly Role[], type: NoteType): {
  readonly state: SignatureState
  readonly by: string | null
  readonly role: Role | null
  readonly date: IsoDate | null
} {
  const own = type === 'consent' || type === 'registration' ? signatures : signatures.filter((s) => s.role !== 'patient')
  const fits = (s: Signature): boolean => signers.length === 0 || signers.includes(s.role) || s.role === 'unknown'
  const as = (state: SignatureState, s: Signature | undefined) => ({ state, by: s?.by ?? null, role: s && s.role !== 'unknown' ? s.role : null, date: s?.date ?? null })
  const signed = own.filter((s) => s.counts)
  const unread = own.filter((s) => s.kind === 'dictated-not-read').pop()
  // The last signature of a role the type waits for; without one, the last of any role.
  const closing = signed.filter(fits).pop() ?? signed[signed.length - 1]
  if (unread && (!closing || closing.start < unread.end + 400)) return as('dictated-not-read', closing ?? unread)
  const waiting = own.filter((s) => s.kind === 'pending').pop()
  if (waiting) {
    const cosign = !closing || closing.start < waiting.start
    const resident = closing !== undefined && waiting.by !== null && closing.by !== waiting.by && waiting.start > closing.start - 200
    if (cosign || resident) return as('pending', waiting.by ? waiting : closing ?? waiting)
  }
  const blank = own.filter((s) => s.kind === 'blank').pop()
  if (closing) {
    const better = blank && blank.start > closing.start && signers.length > 0 && signers.includes(blank.role) && !signers.includes(closing.role)
    return better ? as('unsigned', blank) : as('signed', closing)
  }
  const weak = own.filter((s) => s.kind === 'typed' || s.kind === 'stamp' || s.kind === 'initials').pop()
  const last = blank && (!weak || blank.start > weak.start) ? blank : weak
  return last ? as('unsigned', last) : as('absent', undefined)
}
