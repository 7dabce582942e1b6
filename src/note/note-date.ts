// Finds calendar dates, and which of them is the service date of a note. May not: take a print, fax, signing or birth date for the service date.
import type { Span } from '../base/span.ts'
import { dayStandsFirst } from './dates.ts'
import type { IsoDate } from './note.ts'

export interface PlainDate extends Span {
  readonly date: IsoDate
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}'
const D = '[\\dOolI]'
const FORMS = new RegExp([
  `(?<![\\d./-])(?<a>${D}{1,4})(?<sep>[/.-])(?<b>${D}{1,2})\\k<sep>(?<c>${D}{1,4})(?![\\w]|[./-]\\d)`,
  `(?<![\\d./-])(?<d>\\d{1,2})(?:st|nd|rd|th)?[ \\-./]{0,2}(?<m>${MONTH})\\.?[ ,\\-./]{1,2}(?<y>\\d{4}|'?\\d{2})(?![\\d])`,
  `(?<![a-z])(?<m2>${MONTH})\\.?[ -]{1,2}(?<d2>\\d{1,2})(?:st|nd|rd|th)?(?:, ?| |-)(?<y2>\\d{4})(?!\\d)`,
].join('|'), 'gi')

const pad = (n: number): string => (n < 10 ? `0${n}` : String(n))

function iso(year: number, month: number, day: number): IsoDate | null {
  if (year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1) return null
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day <= last ? `${year}-${pad(month)}-${pad(day)}` : null
}

const digits = (printed: string): number => Number(printed.replace(/[Oo]/g, '0').replace(/[lI]/g, '1'))

/** Two-digit years: 00 to 59 are of this century. */
const fullYear = (printed: string): number => {
  const y = digits(printed.replace("'", ''))
  return printed.replace("'", '').length > 2 ? y : y < 60 ? 2000 + y : 1900 + y
}

/** Full dates (day, month and year) of `text[start, end)`, in text order; month first unless that is impossible. */
export function findPlainDates(text: string, start: number, end: number): PlainDate[] {
  const slice = start === 0 && end === text.length ? text : text.slice(start, end)
  const out: PlainDate[] = []
  if (!/\d/.test(slice)) return out
  for (const m of slice.matchAll(FORMS)) {
    const g = m.groups as Record<string, string | undefined>
    let date: IsoDate | null = null
    if (g['a'] !== undefined) {
      const { a, b, c, sep } = g as { a: string; b: string; c: string; sep: string }
      if (m[0].replace(/\D/g, '').length < (m[0].length > 7 ? 4 : 3)) continue
      if (a.length === 4) date = iso(digits(a), digits(b), digits(c))
      else if (a.length <= 2 && (c.length === 4 || c.length === 2) && !(sep === '.' && c.length === 2 && (a.length < 2 || b.length < 2))) {
        const turned = digits(b) <= 12 && dayStandsFirst(text, sep)
        date = turned ? iso(fullYear(c), digits(b), digits(a)) : (iso(fullYear(c), digits(a), digits(b)) ?? iso(fullYear(c), digits(b), digits(a)))
      }
    } else if (g['m'] !== undefined) date = iso(fullYear(g['y'] as string), MONTHS.indexOf(g['m'].slice(0, 3).toLowerCase()) + 1, Number(g['d']))
    else date = iso(Number(g['y2']), MONTHS.indexOf((g['m2'] as string).slice(0, 3).toLowerCase()) + 1, Number(g['d2']))
    if (date) out.push({ start: start + m.index, end: start + m.index + m[0].length, date })
  }
  return out
}

const CLOCK = /(?<![\d:./-])(\d{1,2})[:.](\d{2})(?::\d{2})?(?: ?([AaPp])\.?[Mm]\b\.?)?|(?<![\d:./-])([01]\d|2[0-3])([0-5]\d)(?= ?(?:h(?:rs?|ours?)?\b|\.|\)|$))/g

/** The first clock time of `text[start, end)` as `HH:MM`. */
export function firstTime(text: string, start: number, end: number): string | null {
  for (const m of text.slice(start, end).matchAll(CLOCK)) {
    let hour = Number(m[1] ?? m[4])
    const minute = Number(m[2] ?? m[5])
    const half = m[3]?.toLowerCase()
    if (half === 'p' && hour < 12) hour += 12
    if (half === 'a' && hour === 12) hour = 0
    if (hour < 24 && minute < 60) return `${pad(hour)}:${pad(minute)}`
  }
  return null
}

/** Labels of a service date, best first. Matched at the end of what stands before the date. */
const SERVICE = /(?:\b(?:dates? of (?:service|visit|encounter|consult(?:ation)?|evaluation|exam(?:ination)?|procedure|simulation|sim|treatment|measurements?|irradiation|delivery|study|test|session|review|check|qa|implant|insertion|surgery|discussion|conference|collection|infusion|planning|completion|note|contact|assessment|interview|teaching|plan|prescription|fusion|registration)|d\.?o\.?s\.?|(?:service|visit|encounter|consult(?:ation)?|exam|procedure|simulation|sim|treatment|tx|rx|measurement|meas\.?|irradiation|study|session|implant|assessment|conference|meeting|check|review|qa|q\.a\.|infusion|note|planning|otv|fraction|delivery|collection|test|appointment|clinic|prescription|registration|fusion|evaluation|completion|insertion|teaching) date(?:\/time| and time)?|date (?:seen|measured|treated|performed|simulated|collected|evaluated|checked|reviewed|delivered|irradiated|presented)|(?:patient |pt )?(?:was )?(?:seen|measured|collected|performed|irradiated|simulated|examined|evaluated|treated|delivered|discussed|presented)(?: today)?(?: on)?(?: in (?:clinic|the clinic|consultation|follow-up|our department))?(?: today)?(?: on)?))\s{0,3}(?:\([a-z /]{1,20}\))?\s{0,3}[:=#.,-]?\s{0,4}$/i
const GENERIC = /(?:^|[\t|*•(]|\s{2}|[;.,] )\s*(?:date|dt|dated|date\/time|today'?s date|report date|date of report|on)\s{0,3}[:=#.-]?\s{0,4}$/i
const NEVER = /(?:\b(?:d\.?o\.?b\.?|b\.|born|birth(?:\s?date)?|date of birth|bday|print(?:ed)?(?: on| by| date)?|print date|fax(?:ed)?(?: on)?|fax date|scan(?:ned)?(?: on| date| into)?|received(?: on| by)?|rec'?d|date received|created(?: on)?|creat(?:ed|ion) date|generated(?: on)?|export(?:ed)?(?: on)?|run date|report(?:ed)? printed|download(?:ed)?|transcribed|transcription date|typed|dictated|dictation date|d:|t:|due|expires?|expiration|effective|rev(?:ised|ision|\.)?|version|last (?:modified|updated|menstrual|edited)|modified|updated|admit(?:ted)?|admission|discharge(?:d)?|injury|onset|diagnos(?:ed|is)|dx|surgery|start(?:ed|s|ing)?(?: date)?|end(?:ed)?(?: date)?|completed|through|thru|to|from|until|next(?: \w+)?|follow-?up(?: on)?|scheduled(?: for)?|appt|order(?:ed)?(?: on| date)?|requested|request date|referr(?:al|ed)|sent|released|mailed|signed|approv(?:ed|al)|authenticated|verified|finali[sz]ed|cosigned|attested|e-?signed|prior|previous|comparison|compared (?:to|with)|since|release|accession(?:ed)?|calibrat(?:ed|ion)|implanted|accessed|logged|uploaded|filed|archived|first (?:fraction|treatment|fx)|last (?:fraction|treatment|fx)|course)(?: (?:date|on|by|at|time|date\/time|and time))?)\s{0,3}[:=#.-]?\s{0,4}$/i

/** A line of nothing but a date, a time, a weekday. */
const bare = (line: string): boolean => !/[A-Za-z]{4,}|\d/.test(line.replace(new RegExp(FORMS.source, 'gi'), '').replace(/\d{1,2}:\d{2}(?::\d{2})?|\b\d{4}\s?h/g, '').replace(/\b(?:date|time|dated|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/gi, ''))

export interface DatedLine extends Span {
  /** The line lies in a header or footer that repeats, or is a table row. */
  readonly edge: boolean
  readonly row: boolean
}

/** What of a note its date depends on. */
export interface DateScope {
  readonly lines: readonly DatedLine[]
  /** Index of the title line in `lines`, or -1. */
  readonly title: number
  /** Spans of signatures: dates inside are signing dates. */
  readonly signatures: readonly (Span & { readonly date: IsoDate | null; readonly counts: boolean })[]
  /** True for types whose notes hold one row a day (treatment records, logs). */
  readonly spansDates: boolean
}

/** Days a signature may follow the service it signs, and years an unlabelled birth date lies before any service. */
const SIGNED_WITHIN = 500
const BORN_BEFORE = 5

/** Dates that lie too long before the signing, or before every other date of the note, to be its own: a birth date printed bare beside a name. */
function tooOld(text: string, scope: DateScope): (date: IsoDate) => boolean {
  let signed: IsoDate | null = null
  for (const s of scope.signatures) if (s.counts && s.date && (signed === null || s.date < signed)) signed = s.date
  const limit = signed === null ? null : new Date(Date.parse(signed) - SIGNED_WITHIN * 86_400_000).toISOString().slice(0, 10)
  const years: number[] = []
  for (const line of scope.lines) if (!line.edge && line.end > line.start) for (const d of findPlainDates(text, line.start, line.end)) years.push(Number(d.date.slice(0, 4)))
  years.sort((a, b) => a - b)
  return (date) => (limit !== null && date < limit) || (years.length >= 2 && Number(date.slice(0, 4)) + BORN_BEFORE <= (years[years.length - 1] as number) && years.filter((y) => Math.abs(y - Number(date.slice(0, 4))) <= 1).length === 1)
}

/** The service date, or null where none stands or several do. */
export function noteDate(text: string, scope: DateScope): IsoDate | null {
  const { lines, title } = scope
  const old = tooOld(text, scope)
  let labelled: IsoDate | null = null
  let generic: IsoDate | null = null
  let below: IsoDate | null = null
  let loose: IsoDate | null = null
  let edge: IsoDate | null = null
  const rows = new Set<IsoDate>()
  let seen = 0
  let signature = 0
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as DatedLine
    if (line.end - line.start === 0) continue
    seen++
    const dates = findPlainDates(text, line.start, line.end)
    if (dates.length === 0) continue
    let previousEnd = line.start
    for (let k = 0; k < dates.length; k++) {
      const found = dates[k] as PlainDate
      const before = text.slice(Math.max(previousEnd, found.start - 60), found.start)
      previousEnd = found.end
      while (signature < scope.signatures.length && (scope.signatures[signature] as Span).end <= line.start) signature++
      if (insideSignature(scope.signatures, signature, found)) continue
      if (old(found.date)) continue
      if (NEVER.test(before) && !/\b(?:treatment|simulation|service|visit) date\s*:?\s*$/i.test(before)) continue
      if (line.edge) {
        if (SERVICE.test(before)) edge ??= found.date
        continue
      }
      if (SERVICE.test(before)) {
        // "seen on … " in running text describes other days as often as this one: only near the top.
        const words = /(?:date|dos|d\.o\.s\.?)\b/i.test(before)
        if (words || seen <= 14 || /[:]\s*$/.test(before)) labelled ??= found.date
        else loose ??= found.date
        if (labelled === found.date) continue
      }
      if (i === title) {
        below ??= found.date
        continue
      }
      const afterTitle = title >= 0 ? i - title : seen
      if (GENERIC.test(before) || (k === 0 && /^\s*date\s*[:\t]/i.test(text.slice(line.start, found.start)))) {
        if (afterTitle <= 14) generic ??= found.date
        continue
      }
      const own = text.slice(line.start, line.end)
      if (!line.row && afterTitle >= -3 && afterTitle <= 8 && bare(own)) {
        below ??= found.date
        rows.add(found.date)
        continue
      }
      const opensLine = found.start - line.start <= 14 && !/[A-Za-z]{5,}/.test(text.slice(line.start, found.start))
      if (line.row || opensLine) rows.add(found.date)
      else if (afterTitle >= 0 && afterTitle <= 5) loose ??= found.date
    }
  }
  const single = rows.size === 1 ? [...rows][0] as IsoDate : null
  if (labelled) return labelled
  if (scope.spansDates && rows.size > 1) return null
  const found = below && generic && title >= 0 ? generic : below ?? generic
  if (found) return found
  if (edge) return edge
  if (rows.size > 1) return scope.spansDates ? null : loose ?? signingDate(scope)
  return single ?? loose ?? signingDate(scope)
}

function insideSignature(signatures: readonly Span[], from: number, found: Span): boolean {
  for (let i = from; i < signatures.length; i++) {
    const s = signatures[i] as Span
    if (s.start > found.start) return false
    if (s.end >= found.end) return true
  }
  return false
}

function signingDate(scope: DateScope): IsoDate | null {
  let date: IsoDate | null = null
  for (const s of scope.signatures) if (s.counts && s.date && (date === null || s.date < date)) date = s.date
  return date
}
