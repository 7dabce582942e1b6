// Calendar dates and clock times as written in charts. May not: decide which date is the date of a note; read a clock.
import type { DateMention, IsoDate, TimeMention } from './note.ts'

export type RawDate = Omit<DateMention, 'statement'>
export type RawTime = Omit<TimeMention, 'statement'>

/** A clock time with its seconds of the day, for pairs. */
export interface ClockTime {
  readonly start: number
  readonly end: number
  /** Since midnight. */
  readonly seconds: number
  /** Read with a.m. or p.m., as 24-hour digits that need none (`14:02`), or open (`2:15` may be either half of the day). */
  readonly half: 'said' | 'needless' | 'open'
}

const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Null where the calendar has no such day or the year is not one of a living patient's chart. */
export function isoDate(year: number, month: number, day: number): IsoDate | null {
  if (year < 1890 || year > 2100 || month < 1 || month > 12 || day < 1 || day > (LENGTHS[month - 1] as number)) return null
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return null
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Two-digit years: up to three years after the note's own are of this century. */
function fullYear(written: string, year: number | undefined): number {
  const value = Number(written)
  if (written.length !== 2) return value
  const latest = (year ?? 2037) + 3
  return 2000 + value <= latest ? 2000 + value : 1900 + value
}

const DAY_FIRST: Readonly<Record<string, RegExp>> = {
  '/': /(?<![\d/])(?:1[3-9]|2\d|3[01])\/\d{1,2}\/(?:\d{4}|\d{2})(?![\d/])/, '.': /(?<![\d.])(?:1[3-9]|2\d|3[01])\.\d{1,2}\.\d{4}(?!\d)/,
  '-': /(?<![\d-])(?:1[3-9]|2\d|3[01])-\d{1,2}-\d{4}(?!\d)/,
}
const MONTH_FIRST: Readonly<Record<string, RegExp>> = {
  '/': /(?<![\d/])\d{1,2}\/(?:1[3-9]|2\d|3[01])\/(?:\d{4}|\d{2})(?![\d/])/, '.': /(?<![\d.])\d{1,2}\.(?:1[3-9]|2\d|3[01])\.\d{4}(?!\d)/,
  '-': /(?<![\d-])\d{1,2}-(?:1[3-9]|2\d|3[01])-\d{4}(?!\d)/,
}
/** The last text asked about: all dates of one file are asked for in a row. */
let asked: { readonly text: string; readonly answers: Map<string, boolean> } = { text: '', answers: new Map() }

/**
 * Whether `09.10.2025` is the 9th of October in this text: other dates of it, written alike, tell by a number over 12. Where none does,
 * the day stands first between full stops, the month first otherwise.
 */
export function dayStandsFirst(text: string, separator: string): boolean {
  if (asked.text !== text) asked = { text, answers: new Map() }
  const known = asked.answers.get(separator)
  if (known !== undefined) return known
  const answer = (MONTH_FIRST[separator]?.test(text) ?? true) ? false : separator === '.' || (DAY_FIRST[separator]?.test(text) ?? false)
  asked.answers.set(separator, answer)
  return answer
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1

const NUMERIC = /(?<![\d/.]|\d-|[A-Za-z]-?)(\d{4}|\d{1,2})( ?[/.-] ?)(\d{1,2})( ?[/.-] ?)(\d{4}|\d{2})(?![\d/]|[.-]\d)/g
const NAMED = new RegExp(
  `\\b(?:(\\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \\-/.]{0,2})?(${MONTH})\\b\\.?(?:[ \\-/.]{0,2}(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:%/]|\\.\\d))?(?:(?:, ?|[ \\-/.])(\\d{4})(?!\\d)|(?:(?:, ?|[\\-/])['’]?| ['’])(\\d{2})(?![\\d:]))?`, 'gi')
const GLUED = new RegExp(`\\b(\\d{1,2})(${MONTH})(\\d{4}|\\d{2})\\b`, 'gi')
const COMPACT = /(?<![\d.,/-])(?:(20\d\d|19\d\d)(\d\d)(\d\d)|(\d\d)(\d\d)(20\d\d|19\d\d))(?=\D|$)/g
const COMPACT_CUE = /(?:date|dos|d\.o\.s|dob|birth|performed|studydate|treated|sim(?:ulated)?|\bon)\W{0,4}$|[:=\t]\s?$/i
const PARTIAL = /(?<![\d/.:+A-Za-z]|[A-Za-z]-|[\d] ?[x×] ?)(\d{1,2})\/(\d{1,2})(?![\d/%+A-Za-z]|\.\d|,\d{3})/g
const NOT_PARTIAL_BEFORE = /(?:\b(?:fx|fxs|fxn|fractions?|frac|ecog|kps|karnofsky|zubrod|who|ps|strength|score|pain|gleason|motor|power|pulses?|reflexes|gcs|page|pg|bp|grade|vision|va|nodes?|ln|lns|cores?|beta|β|b|mu|mus|gy|cgy|dose|cum|cumulative|levels?|disc|muscle|dtrs?|murmur|image|slice|series|alpha|rate|ratio|odds|about|approximately|approx|nearly|only|dose to date|delivered|treatments?|tx|sessions?|intensity)|#)\s?[:=#(]?\s?$/i
const NOT_PARTIAL_AFTER = /^\s?(?:fx|fxs|fxn|fractions?|frac\b|treatments|sessions|nodes?|lns?|lymph|cores?|positive|pos\b|neg|involved|pain|strength|power|motor|systolic|murmur|edema|lesions?|sites?|beats|weeks|days|months|hours|hrs|cm|mm|in\b|inch|mg|ml|cc|gy|cgy|mv\b|mev\b|kv|ffx|of\b|the\b|tab|cup|pack|ppd|ppw|pills?|dose|mu\b|ears|bilateral|throughout|x\b|gauge|severity|scale|points?|criteria|samples?|specimens?|margins?|patients|pts|stage|grade|and a half|%|\))/i
const PARTIAL_CUE = /(?:\b(?:on|date|dated|dates|dos|since|from|until|till|thru|through|by|started|starts?|begins?|began|begun|completed|ended|ends?|seen|mri|ct|pet|pet\/ct|cbct|bx|biopsy|surgery|sim|simulation|consult|visit|labs?|otv|next|last|week of|as of|due|signed|scanned|faxed|called|approved|obtained|drawn|performed|reviewed|treated|adapted|amended|verified|measured|irradiated|read|placed|removed|board|to|vs|and|return|rtc|f\/u|appt|fx ?#? ?\d{1,2}|fraction ?#? ?\d{1,2}|next fx)|(?:^|\n)[\t ]*|\t)[ :,(–-]{0,2}$/i
const NEXT_FX = /\b(?:next|first|last|final|1st)\s(?:fx|fraction|tx|treatment)\s?:?\s?$/i
const TX_DATE_TIME = /^,?\s?(?:at|@)?\s?\d{1,2}:\d\d/i
const SIMPLE_FRACTION = new Set(['1/2', '1/3', '2/3', '1/4', '3/4', '1/5', '1/8', '3/8', '5/8', '7/8'])
const STRONG_CUE = /\b(?:on|date|dated|dos|since|from|until|thru|week of|vs|fx ?#? ?\d{1,2}|seen|mri|ct|pet)[ :,(]{0,2}$/i
const MONTH_ALONE_UNIT = /^\s?(?:mg|mcg|ml|cc|cm|mm|gy|cgy|fx|fractions?|%|weeks|days|months|lesions?|units?|tabs?|to \d|-\d|of\b)/i

/**
 * Dates in `[start, end)` in text order, calendar-checked. A date without a year is completed from `context.year` and skipped without one.
 * The month stands first in numbers unless it is over 12 or the text writes its other dates day first.
 */
export function findDates(text: string, start: number, end: number, context: { readonly year?: number }): RawDate[] {
  const slice = text.slice(start, end)
  const found: RawDate[] = []
  const add = (from: number, to: number, date: IsoDate | null, completed: boolean): void => {
    if (date !== null) found.push({ start: from + start, end: to + start, date, completed })
  }
  const digits = /\d/.test(slice)
  if (!digits) return found

  for (const m of slice.matchAll(NUMERIC)) {
    const [all, a, s1, b, s2, c] = m as unknown as [string, string, string, string, string, string]
    const separator = s1.trim()
    if (separator !== s2.trim()) continue
    if (s1 !== separator && (separator !== '/' || c.length !== 4)) continue
    if (separator === '.' && !(c.length === 4 || (a.length === 2 && b.length === 2 && Number(a) > 0 && Number(a) <= 31 && /\b(?:date|dated|dob|dos|on)\W{0,3}$/i.test(slice.slice(Math.max(0, m.index - 10), m.index))))) continue
    if (separator === '-' && c.length === 2 && a.length !== 4 && /^\s?(?:fx|gy|%|cm|mm)/i.test(slice.slice(m.index + all.length, m.index + all.length + 5))) continue
    if (a.length === 4) {
      if (c.length === 2) add(m.index, m.index + all.length, isoDate(Number(a), Number(b), Number(c)), false)
      continue
    }
    const year = fullYear(c, context.year)
    const date = Number(a) > 12 || (Number(b) <= 12 && dayStandsFirst(text, separator)) ? isoDate(year, Number(b), Number(a)) : isoDate(year, Number(a), Number(b))
    add(m.index, m.index + all.length, date, false)
  }
  // ISO with one-digit last part (2026-3-4) falls outside the pattern above.
  for (const m of slice.matchAll(/(?<![\d/.-])((?:19|20)\d\d)([/-])(\d{1,2})\2(\d{1,2})(?![\d/-])/g)) {
    add(m.index, m.index + m[0].length, isoDate(Number(m[1]), Number(m[3]), Number(m[4])), false)
  }
  for (const m of slice.matchAll(NAMED)) {
    const [all, before, name, after, long, short] = m as unknown as [string, string | undefined, string, string | undefined, string | undefined, string | undefined]
    const day = after ?? before
    if (day === undefined || (name.toLowerCase() === 'may' && name[0] === 'm')) continue
    const month = monthOf(name)
    if (after !== undefined && before !== undefined) {
      // "5 March 14": only one of the two is the day
      const year = long ?? short
      if (year === undefined) {
        if (after.length === 2 && /[-/ ]/.test(all) && all.indexOf('-') > 0) add(m.index, m.index + all.length, isoDate(fullYear(after, context.year), month, Number(before)), false)
        else if (context.year !== undefined) {
          const at = m.index + all.search(/[a-z]/i)
          add(at, m.index + all.length, isoDate(context.year, month, Number(after)), true)
        }
        continue
      }
      add(m.index + all.toLowerCase().indexOf(name.toLowerCase()), m.index + all.length, isoDate(fullYear(year, context.year), month, Number(after)), false)
      continue
    }
    const written = long ?? short
    if (written !== undefined) {
      const date = isoDate(fullYear(written, context.year), month, Number(day))
      if (date !== null) {
        add(m.index, m.index + all.length, date, false)
        continue
      }
    }
    if (context.year === undefined || (long !== undefined)) continue
    if (MONTH_ALONE_UNIT.test(slice.slice(m.index + all.length, m.index + all.length + 12))) continue
    if (after === undefined && !/^(?:\d{1,2}(?:st|nd|rd|th)?(?: of)?[ -])/.test(all)) continue
    if (name.length === 3 && after === undefined && /^(?:mar|may|sep|dec|jan)$/i.test(name) && name[0] === name[0]?.toLowerCase()) continue
    if (/^[a-z]/.test(name) && name.length <= 4) continue
    add(m.index, m.index + all.trimEnd().length, isoDate(context.year, month, Number(day)), true)
  }
  for (const m of slice.matchAll(GLUED)) {
    add(m.index, m.index + m[0].length, isoDate(fullYear(m[3] as string, context.year), monthOf(m[2] as string), Number(m[1])), false)
  }
  for (const m of slice.matchAll(COMPACT)) {
    const before = slice.slice(Math.max(0, m.index - 24), m.index)
    if (!COMPACT_CUE.test(before) || (!/date|dos|birth|dob|\bon\W/i.test(before) && !/^[T_ ]?\d{4,6}\b/.test(slice.slice(m.index + 8, m.index + 16)))) continue
    const date = m[1] !== undefined ? isoDate(Number(m[1]), Number(m[2]), Number(m[3])) : isoDate(Number(m[6]), Number(m[4]), Number(m[5]))
    add(m.index, m.index + 8, date, false)
  }
  if (context.year !== undefined) {
    for (const m of slice.matchAll(PARTIAL)) {
      const before = slice.slice(Math.max(0, m.index - 24), m.index)
      const after = slice.slice(m.index + m[0].length, m.index + m[0].length + 14)
      const earlier = found[found.length - 1]
      const joined = earlier !== undefined && earlier.completed && m.index + start - earlier.end <= 4 && /^\s?(?:-|–|—|to|thru)\s?$/.test(slice.slice(earlier.end - start, m.index))
      if (slice[m.index - 1] === '-' && /\d/.test(slice[m.index - 2] ?? '') && !joined) continue
      const next = joined || NEXT_FX.test(before)
      const timed = TX_DATE_TIME.test(after)
      if ((NOT_PARTIAL_BEFORE.test(before) && !next && !(timed && /(?:tx|treatments?|sessions?)\s?:?\s?$/i.test(before))) || NOT_PARTIAL_AFTER.test(after)) continue
      if (!timed && !next && !(SIMPLE_FRACTION.has(m[0]) ? STRONG_CUE : PARTIAL_CUE).test(before) && !(m[1] as string).startsWith('0')) continue
      if (/^\s?-\s?\d{1,2}\/\d{1,2}\s?(?:strength|motor)/i.test(after)) continue
      const [a, b] = [Number(m[1]), Number(m[2])]
      add(m.index, m.index + m[0].length, a > 12 || (b <= 12 && dayStandsFirst(text, '/')) ? isoDate(context.year, b, a) : isoDate(context.year, a, b), true)
    }
  }
  found.sort((x, y) => x.start - y.start || y.end - x.end)
  return found.filter((d, i) => {
    for (let k = i - 1; k >= 0 && k >= i - 3; k--) if ((found[k] as RawDate).end > d.start) return false
    return true
  })
}

const COLON = /(?<![\d:./])(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?(?![\d:%])(?:\s?([ap])(?:\.?\s?m\b\.?|\b(?!['.\w])))?/gi
const FOUR = /(?<![\d:.,/#-])([01]\d|2[0-3])([0-5]\d)(?![\d:/%-]|[.,]\d)(?:\s?(hrs?|hours|h)\b)?/g
const FOUR_RANGE = /(?<![\d:.,/#-])([01]\d|2[0-3])([0-5]\d)\s?(?:-|–|—|to)\s?([01]\d|2[0-3])([0-5]\d)(?![\d:/%-]|[.,]\d)/g
const FOUR_CUE = /\b(?:at|@|time|times?|time of day|start(?:ed|ing)?|stop(?:ped)?|begin|began|end(?:ed)?|time in|time out|(?:room|table|vault|suite) (?:in|out)|in\s+\d{4}\s+out|beam on|beam off|finish(?:ed)?|completed|off|on)\s?[:=@]?\s?$/i
const CERTAIN_CUE = /\b(?:time|time in|time out|start time|stop time|end time)\s?[:=@]?\s?$/i
const HOUR = /(?<![\d:./-])(1[0-2]|0?[1-9])\s?([ap])\.?\s?m\b\.?/gi
const RATIO = /\b(?:ratio|odds|dilut\w+|scale|titer|i:e|gantry|angle|couch|collimator|chapter|psalm|reference)\s?(?:of|=|:)?\s?$/i

/** Clock times with seconds, in text order. */
export function findClockTimes(text: string, start: number, end: number): ClockTime[] {
  const slice = text.slice(start, end)
  const found: ClockTime[] = []
  const raw: { at: number; to: number; hour: number; minute: number; second: number; half: 'a' | 'p' | null; padded: boolean }[] = []
  for (const m of slice.matchAll(COLON)) {
    const hour = Number(m[1])
    if (hour > 23) continue
    const before = slice.slice(Math.max(0, m.index - 14), m.index)
    if (RATIO.test(before)) continue
    // "ratio 1:20", "3:10 Gy": a unit behind makes it a proportion
    if (m[4] === undefined && /^\s?(?:gy|cgy|mg|ml|cc|mm|cm|ratio|dilution|odds|mix|min\b|minutes?\b|mm:ss)/i.test(slice.slice(m.index + m[0].length, m.index + m[0].length + 10))) continue
    raw.push({ at: m.index, to: m.index + m[0].trimEnd().length, hour, minute: Number(m[2]), second: Number(m[3] ?? 0), half: m[4] === undefined ? null : m[4].toLowerCase() as 'a' | 'p', padded: (m[1] as string).startsWith('0') })
  }
  for (const m of slice.matchAll(HOUR)) {
    raw.push({ at: m.index, to: m.index + m[0].length, hour: Number(m[1]), minute: 0, second: 0, half: (m[2] as string).toLowerCase() as 'a' | 'p', padded: false })
  }
  const push = (at: number, h: string, m: string): void => {
    raw.push({ at, to: at + 4, hour: Number(h), minute: Number(m), second: 0, half: null, padded: true })
  }
  for (const m of slice.matchAll(FOUR_RANGE)) {
    const before = slice.slice(Math.max(0, m.index - 26), m.index)
    const after = slice.slice(m.index + m[0].length, m.index + m[0].length + 8)
    if (/^\s?(?:hrs?|hours)\b/i.test(after) || FOUR_CUE.test(before) || /\b(?:session|beam|treat\w*|tx)\s?(?:time)?\s?[:,]?\s?$/i.test(before)) {
      if (/^(?:19|20)/.test(m[0]) && !/^\s?(?:hrs?|hours)/i.test(after) && !CERTAIN_CUE.test(before)) continue
      if (/^\s?(?:c?gy|mu|%|cc|ml|mg)/i.test(after)) continue
      push(m.index, m[1] as string, m[2] as string)
      push(m.index + m[0].length - 4, m[3] as string, m[4] as string)
    }
  }
  for (const m of slice.matchAll(FOUR)) {
    const before = slice.slice(Math.max(0, m.index - 16), m.index)
    const after = slice.slice(m.index + m[0].length, m.index + m[0].length + 10)
    if (m[3] !== undefined) {
      if (m[3] === 'h' || !/\d\s?$/.test(before)) push(m.index, m[1] as string, m[2] as string)
      continue
    }
    if (!FOUR_CUE.test(before) || /^\s?(?:c?gy|mu|monitor|mg|mcg|ml|cc|rads?|units?|u\b|%|cm|mm|v\b|patients|cells|x\b|×)/i.test(after)) continue
    const value = Number(m[0])
    if (value >= 1900 && value <= 2059 && !CERTAIN_CUE.test(before)) continue
    if (/\b(?:started|start|ended|end|began|stopped|off|on)\s?[:=@]?\s?$/i.test(before) && value >= 1900) continue
    push(m.index, m[1] as string, m[2] as string)
  }
  raw.sort((a, b) => a.at - b.at || b.to - a.to)
  let last = -1
  for (let i = 0; i < raw.length; i++) {
    const t = raw[i] as (typeof raw)[number]
    if (t.at < last) continue
    last = t.to
    let half = t.half
    let inherited = false
    if (half === null && t.hour >= 1 && t.hour <= 12 && !t.padded) {
      const next = raw[i + 1]
      if (next !== undefined && next.half !== null && next.at - t.to <= 4 && /^\s?(?:-|–|—|to|\/)\s?$/.test(slice.slice(t.to, next.at))) {
        const [a, b] = [t.hour % 12 * 60 + t.minute, next.hour % 12 * 60 + next.minute]
        half = a <= b ? next.half : next.half === 'p' ? 'a' : 'p'
        inherited = true
      }
    }
    if (half !== null && (t.hour < 1 || t.hour > 12) && !(half === 'p' && t.hour > 12)) continue
    const hour = half === null || t.hour > 12 ? t.hour : t.hour % 12 + (half === 'p' ? 12 : 0)
    found.push({
      start: t.at + start, end: t.to + start, seconds: hour * 3600 + t.minute * 60 + t.second,
      half: half !== null || inherited ? 'said' : t.hour > 12 || t.hour === 0 || t.padded ? 'needless' : 'open',
    })
  }
  return found
}

const clock = (seconds: number): string => `${String(Math.floor(seconds / 3600)).padStart(2, '0')}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`

const LABELLED_LENGTH = /\b(?:duration|length|elapsed(?:\stime)?|timer|on[ -]time)\s?(?:\([^)\n]{0,15}\))?\s?(?:of|is|was|[:=])?\s?$/i

/** Times of day in `[start, end)` as 24-hour `HH:MM`; a labelled length such as "session length 0:32" is none. */
export function findTimes(text: string, start: number, end: number): RawTime[] {
  return findClockTimes(text, start, end)
    .filter((t) => !LABELLED_LENGTH.test(text.slice(Math.max(start, t.start - 36), t.start)))
    .map((t) => ({ start: t.start, end: t.end, time: clock(t.seconds) }))
}
