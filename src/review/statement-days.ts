// Which day each statement of a note speaks of. May not: look beyond the note.
import type { IsoDate, Note } from '../note/note.ts'

/** Note types that are lists of dated entries by nature: one dated line is enough to open an entry. */
const RECORDS = new Set(['treatment-record', 'electronic-brachytherapy-record', 'proton-record', 'superficial-record', 'on-treatment-visit', 'image-guidance-record',
  'daily-setup', 'weekly-physics', 'sbrt-management', 'srs-management', 'brachytherapy-procedure', 'in-vivo-dosimetry', 'unknown'])

/** What may stand before the date that opens an entry: `fraction 2 (2025-10-08) …`, `Fx 3, 03/14/26: …`, `On Tuesday 5/6 …`. */
const OPENER = /^(?:[\s\d#().,:;/|*•–—-]|\b(?:fractions?|frx?|fxs?|sessions?|treatments?|tx|day|days|week|wk|on|date|dated|visit|otv|seen|no|number|of|from|and|delivered|given|treated|addendum|entry|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|the|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b){0,40}$/i
/** A row or field that dates the sheet it stands on: `Treatment day | 2026-03-04`. */
const SHEET = new RegExp(`^\\s*(?:${[
  '(?:treatment|session|visit|delivery|procedure|fraction|service|measurement|tx|exam|encounter|irradiation|exposure) ?(?:day|date)(?: ?(?:and|&|/) ?time)?',
  'date(?: ?(?:and|&|/) ?time)?(?: (?:of (?:treatment|service|session|delivery|visit|measurement|procedure|irradiation|exposure|note)|placed|measured|performed|applied|delivered|treated|given|exposed|irradiated))?',
  '(?:placed|measured|performed|applied|delivered|treated|given|exposed|irradiated)(?: on)?', 'day', 'dos',
].join('|')})\\s*[:\\t]`, 'i')
/** A row of a name and a day, and nothing else, heads that day's entry: `DIODE SHEET - fx 1 | 6/19/25 14:12`. */
const HEADED = /^[^\t]{6,70}\t[^\t]{6,30}$/
const OTHER_DAY = /\b(?:birth|dob|born|print\w*|order\w*|request\w*|sign\w*|approv\w*|next|follow|prior|previous|diagnos\w*|surgery|received|due|start|end|expir\w*|implant\w*|calibrat\w*|review\w*|last|first|admi\w*|discharge\w*|scheduled|check\w*)\b/i
/** A drawn line between entries. */
const RULE = /^[\s_=*·•–—-]{3,}/
/** Longest text before an opening date, in characters. */
const OPENING = 48

/** `4/8` below `Collimator mm` is no day. */
function isOtherCell(note: Note, text: string, d: { readonly statement: number; readonly start: number; readonly end: number }): boolean {
  const row = note.statements[d.statement]
  const columns = row && row.kind === 'row' && row.columns >= 0 ? note.statements[row.columns] : undefined
  if (!row || !columns || d.end - d.start > 5 || !/^\d{1,2}\/\d{1,2}$/.test(text.slice(d.start, d.end))) return false
  const head = text.slice(columns.start, columns.end).split('\t')[text.slice(row.start, d.start).split('\t').length - 1] ?? ''
  return /\b(?:coll\w*|cone|mm|cm|size|shots?|jaws?|couch|gantry|wedge|field)\b/i.test(head) && !/\bda(?:te|y)\b/i.test(head)
}

/**
 * A row or sentence that opens with a date speaks of that day; sentences after a sentence that opens so inherit it until the next one;
 * everything else speaks of the note's own date. Dates inside signatures never count.
 */
export function daysOfStatements(note: Note, text: string): (IsoDate | null)[] {
  const signed = note.signatures
  const datesBy = new Map<number, { date: IsoDate; start: number }[]>()
  for (const d of note.dates) {
    if (signed.some((s) => s.start <= d.start && d.end <= s.end) || isOtherCell(note, text, d)) continue
    datesBy.set(d.statement, [...(datesBy.get(d.statement) ?? []), d])
  }
  const opening = note.statements.map((s, i): IsoDate | null => {
    if (s.kind === 'page-edge') return null
    const first = datesBy.get(i)?.[0]
    if (!first) return null
    if (s.kind === 'row') {
      const cells = text.slice(s.start, first.start).split('\t').length
      return cells <= 4 ? first.date : null
    }
    // A heading with a date opens that day's entry, whatever it is called.
    const before = text.slice(s.start, first.start).replace(RULE, '')
    return before.length <= OPENING && (s.kind === 'heading' || OPENER.test(before)) ? first.date : null
  })
  const distinct = new Set(opening.filter((d) => d !== null))
  const entries = distinct.size >= 2 || (distinct.size === 1 && (RECORDS.has(note.type) || note.also.some((t) => RECORDS.has(t))))
  // A note without a date of its own that is no list of days is of the day it was signed.
  const whole = note.date ?? (distinct.size >= 2 ? null : note.signature.date)
  const out: (IsoDate | null)[] = []
  let held: IsoDate | null = null
  let sheet: IsoDate | null = null
  note.statements.forEach((s, i) => {
    const dated = datesBy.get(i)
    if (dated?.length === 1 && (s.kind === 'row' || s.kind === 'field') && SHEET.test(text.slice(s.start, s.start + 60))) sheet = dated[0]?.date ?? null
    const own = entries ? (opening[i] ?? null) : null
    const only = datesBy.get(i)?.length === 1 ? (datesBy.get(i)?.[0]?.date ?? null) : null
    if (s.kind === 'row') {
      // `04/14/2025 fx 1/28 | Areas treated 1` outside a table opens that day's entry as a sentence would.
      const first = datesBy.get(i)?.[0]
      const words = text.slice(s.start, s.end)
      const opens = own !== null && s.columns < 0 && first !== undefined
        && (OPENER.test(text.slice(s.start, first.start)) || (HEADED.test(words) && /\s/.test(words.slice(0, words.indexOf('\t')).trim()) && !OTHER_DAY.test(words.slice(0, first.start - s.start))))
      if (opens) held = own
      out.push(own ?? (s.columns < 0 ? held : null) ?? sheet ?? whole)
      return
    }
    if (s.kind === 'heading' && own === null) held = null
    if (own !== null) held = own
    out.push(held ?? sheet ?? note.date ?? only ?? whole)
  })
  return out
}
