// How long something took: stated lengths and start-stop pairs. May not: count days; decide which service a length belongs to.
import type { Duration } from './note.ts'
import { findClockTimes, type ClockTime } from './dates.ts'
import { findNumbers } from './numbers.ts'

/** What the words nearby say the length is of; `other` where they say nothing. */
export type DurationHint = 'session' | 'planned' | 'visit' | 'booking' | 'other'

export type RawDuration = Omit<Duration, 'statement'> & { readonly kindHint: DurationHint }

const HOURS = 'hours?|hrs?\\.?|h'
const MINUTES = 'minutes?|mins?\\.?|m|′'
const SECONDS = 'seconds?|secs?\\.?|s|″'
const UNIT = new RegExp(`[ \\t\\n]?-?(?:(${HOURS})|(${MINUTES})|(${SECONDS}))(?![A-Za-z0-9²³/^])`, 'iy')
const MORE = /(?:,|\s?and)?\s?(?=\d)/iy
const HALF_HOUR = /\b(?:(?:one[- ])?half (?:an? )?hour|half-hour|an hour and a half|(?:a|an) (hour|minute))\b(?! (?:later|ago|before|after|prior))/gi
const LENGTH_LABEL = new RegExp(
  '\\b(?:(duration|elapsed(?: time)?|(?:session|treatment|tx|visit|procedure|total|appointment) (?:length|duration)|timer|session|total time|time in room|room time)|(beam[- ]on(?: time)?|source[- ]on(?: time)?|dwell(?: time)?|exposure(?: time)?|irradiation time|delivery time|treatment time|tx time|treatment duration|beam time))' +
  '[ \\t]?(?:\\(([^)\\n]{0,16})\\))?[ \\t]?(?:of|is|was|[:=])?[ \\t]?(\\d{1,3}):([0-5]\\d)(?::([0-5]\\d))?(?![\\d:])(?![ ]?(?:[ap]\\.?m|hrs))([ ]?\\(?(?:mm:ss|min:sec|m:ss|min\\b|h:mm|hh:mm|hr:min))?', 'gi')
const HEADED = /\b(?:time|duration|length|on|total)[ \t]?[([](min|mins|minutes|sec|secs|seconds|s|hr|hrs|hours)\.?[)\]][ \t]?[:=]?[ \t]?(\d{1,4}(?:\.\d+)?)(?![\d:/]|\.\d)/gi

/** The hint, its words one after the other, and its words asked for once. */
const CUES: readonly (readonly [DurationHint, RegExp, RegExp])[] = ([
  ['planned', /\b(?:planned|plan time|estimated|est\.?|expected|predicted|anticipated|nominal|projected|calculated (?:treatment |tx |beam |dwell )?time|will (?:take|last|be)|should take|approximate delivery|tps)\b/gi],
  ['booking', /\b(?:appt\.?|appts?|appointment|scheduled|slot|booked|booking|arriv(?:al|e|ed)|check(?:ed)?[- ]?in|schedule|reserved|time ?slot|calendar)\b/gi],
  ['visit', /\b(?:i (?:personally )?spent|spent|counsel\w*|face[- ]to[- ]face|visit|consult(?:ation)?|e\/m|coordination of care|coordinating|encounter|critical care|total time on the date|minutes? (?:was|were) (?:spent|devoted)|chart review|history and physical|discussion|discussing|teaching|education|office time)\b/gi],
  ['session', /\b(?:session|treatment|treated|tx|beam|source|delivery|delivered|deliver|fx|fxn|fraction|irradiat\w+|time in|time out|in room|room|in\/out|on[- ]table|table time|start(?:ed)?|stop(?:ped)?|begin|began|ended|end|shots?|exposure|timer|dwell|frame|procedure|radiation|duration|on\/off|on|off|sbrt|srs|imrt|vmat|proton|hdr|ebx|eBT|total time)\b/gi],
] as const).map(([hint, words]) => [hint, words, new RegExp(words.source, 'i')])
const AWAY = /\b(?:every|q|within|after|before|interval|apart|hold|held|for the (?:last|past|next)|over the (?:last|past)|last|past|ago|x|wait(?:ed)?|between|observed?|monitored|delay|late|prior|lasting|pain|nausea|sleep|walk\w*|exercise|previous|npo|fast\w*|first|until|inter-?fraction|readout|read|uptake|post[- ]injection|injected|infus\w+|cisplatin|carboplatin|taxol|premed\w*)\b/i

/** Ends of the clause around `[from, to)`: never over `;`, a full stop with a space, a line or a cell. */
function clause(text: string, from: number, to: number, start: number, end: number): { before: string; after: string } {
  let before = text.slice(Math.max(start, from - 70), from)
  const cut = Math.max(before.lastIndexOf(';'), before.lastIndexOf('. '), before.lastIndexOf('\n'), before.lastIndexOf('\f'), before.lastIndexOf('? '))
  if (cut >= 0) before = before.slice(cut + 1)
  let after = text.slice(to, Math.min(end, to + 45))
  const stop = after.search(/[;\n\f]|\. |, /)
  if (stop >= 0) after = after.slice(0, stop)
  return { before, after }
}

function hintOf(text: string, from: number, to: number, start: number, end: number): DurationHint {
  const { before, after } = clause(text, from, to, start, end)
  const inside = text.slice(from, to)
  let best: DurationHint = 'other'
  let score = -1
  for (const [hint, words, once] of CUES) {
    if (hint === 'planned' || hint === 'booking' || hint === 'visit') {
      if (once.test(before)) return hint
    } else {
      for (const m of before.matchAll(words)) {
        if (m.index > score) {
          score = m.index
          best = hint
        }
      }
    }
  }
  for (const [hint, , once] of CUES) {
    if (hint !== 'session' && once.test(after)) return hint
  }
  if (best === 'other') {
    const session = (CUES[3] as readonly [DurationHint, RegExp, RegExp])[1]
    if (new RegExp(session.source, 'i').test(after) || /\b(?:start\w*|stop\w*|beam|on|off|in|out|time|session|treatment|tx)\b/i.test(inside)) return 'session'
  }
  return best
}

const PAIR = /^[ ]?(?:-|–|—|to|until|till|thru|through|\/|→|->|and)[ ]?$/i
const STOP_LABEL = /\b(?:stop(?:ped)?|end(?:ed|s)?|finish(?:ed)?|off|out|complet\w+|conclu\w+|removed|until|to)\b/i
const START_LABEL = /\b(?:start(?:ed|s)?|beg[aiu]n\w*|on|in|initiated|from|between|commenced|placed)\b/i
const OTHER_LABEL = /\b(?:date|signed|approved|next|printed|arriv\w+|check\w*|scheduled|appt|read|reviewed|time-out performed|time out performed|verified)\b/i

function seconds(a: ClockTime, b: ClockTime): number | null {
  let length = b.seconds - a.seconds
  // "12:50-1:20": the second half of the clock goes unsaid
  if (length < 0 && b.half === 'open' && a.seconds < 13 * 3600) length += 12 * 3600
  if (length < 0 && a.half === 'needless' && a.seconds >= 22 * 3600 && b.seconds <= 3 * 3600) length += 24 * 3600
  return length > 0 && length <= 12 * 3600 ? length : null
}

function pairs(text: string, start: number, end: number): RawDuration[] {
  const times = findClockTimes(text, start, end)
  const found: RawDuration[] = []
  for (let i = 0; i + 1 < times.length; i++) {
    const a = times[i] as ClockTime
    const b = times[i + 1] as ClockTime
    if (b.start - a.end > 90) continue
    const between = text.slice(a.end, b.start)
    const length = seconds(a, b)
    if (length === null) continue
    let from = a.start
    let accepted = PAIR.test(between)
    const lineStart = Math.max(start, a.start - 40)
    const lead = text.slice(lineStart, a.start)
    if (!accepted && /^[ ]*\t[ ]*$/.test(between)) accepted = length <= 4 * 3600
    if (!accepted && !/\d{1,2}\/\d{1,2}\/\d|\f/.test(between)) {
      const begun = /(?:start(?:ed|s)?|beg[ai]n\w*|on|in|initiated|from|commenced|placed)(?:[ -]?time)?[ \t]?[:=@]?[ \t\n]{0,2}(?:at |@ ?)?$/i.exec(lead)
      const stops = STOP_LABEL.exec(between)
      const tail = /(?:stop(?:ped)?|end(?:ed|s)?|finish(?:ed)?|off|out|complet\w+|conclu\w+|removed|until)(?:[ -]?time)?[ \t]?[:=@]?[ \t\n]{0,2}(?:at |@ ?)?$/i.test(between)
      if (begun !== null && stops !== null && tail && !OTHER_LABEL.test(between) && !/time[ -]out performed/i.test(between)) {
        accepted = true
        from = lineStart + begun.index
        if (START_LABEL.test(begun[0]) && !/^[A-Za-z]/.test(begun[0])) from = a.start
      }
    }
    if (!accepted) continue
    found.push({ start: from, end: b.end, seconds: length, from: 'start-stop', kindHint: hintOf(text, from, b.end, start, end) })
    i++
  }
  return found
}

/** British clock times in words of a span: `from 09.04 until 09.31`. */
const POINTED = /\b(?:from|between|start(?:ed)?|beg[au]n|commenced|on|in|at)(?: at)? (\d{1,2})\.([0-5]\d) ?(?:h(?:ou)?rs? ?)?,? ?(?:and )?(?:until|till|to|and|–|-|(?:finished|ended|stopped|completed|concluded|off|out)(?: at)?) ?(\d{1,2})\.([0-5]\d)(?!\d)/gi

/** Without a digit or the name of a unit there is no length of time. */
const MAY_LAST = /\d|h(?:ou)?r|min|sec/i

/** Lengths of time in `[start, end)` in text order; those over a day, and intervals ("every 6 hours", "hold 48 h"), are left out. */
export function findDurations(text: string, start: number, end: number): RawDuration[] {
  if (start !== 0 || end !== text.length) {
    return findDurations(text.slice(start, end), 0, end - start).map((d) => ({ ...d, start: d.start + start, end: d.end + start }))
  }
  if (!MAY_LAST.test(text)) return []
  const found: RawDuration[] = []
  const add = (from: number, to: number, length: number): void => {
    if (length > 0 && length <= 24 * 3600) found.push({ start: from, end: to, seconds: Math.round(length), from: 'stated', kindHint: hintOf(text, from, to, start, end) })
  }
  const slice = text.slice(start, end)
  for (const m of slice.matchAll(LENGTH_LABEL)) {
    const [a, b, c] = [Number(m[4]), Number(m[5]), m[6] === undefined ? null : Number(m[6])]
    const form = `${m[3] ?? ''} ${m[7] ?? ''}`.toLowerCase()
    const minutes = /min?:?s|mm:ss|m:ss|min:sec|min\b/.test(form) && !/h/.test(form)
    const hours = /h/.test(form)
    const bare = !/duration|length|elapsed|timer/i.test(m[0])
    // "Tx time 10:42" is a time of day, "beam-on time 4:54" minutes and seconds
    if (c === null && !minutes && !hours && bare && a >= 6 && a <= 20) continue
    if (c !== null && bare && a >= 6) continue
    const length = c !== null ? a * 3600 + b * 60 + c : minutes || (!hours && (m[2] !== undefined || a > 3)) ? a * 60 + b : a * 3600 + b * 60
    add(m.index + start, m.index + m[0].length + start, length)
  }
  for (const m of slice.matchAll(POINTED)) {
    const [h1, m1, h2, m2] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])]
    const length = (h2 * 60 + m2 - h1 * 60 - m1) * 60
    if (h1 < 24 && h2 < 24 && length > 0 && length <= 6 * 3600) found.push({ start: m.index + start, end: m.index + m[0].length + start, seconds: length, from: 'start-stop', kindHint: hintOf(text, m.index + start, m.index + m[0].length + start, start, end) })
  }
  for (const m of slice.matchAll(HEADED)) {
    const unit = (m[1] as string).toLowerCase()
    const value = Number(m[2])
    add(m.index + start, m.index + m[0].length + start, unit.startsWith('h') ? value * 3600 : unit.startsWith('m') ? value * 60 : value)
  }
  for (const m of slice.matchAll(HALF_HOUR)) {
    if (AWAY.test(slice.slice(Math.max(0, m.index - 16), m.index))) continue
    const said = m[0].toLowerCase()
    add(m.index + start, m.index + m[0].length + start, m[1] === undefined ? (/and a half/.test(said) ? 5400 : 1800) : said.endsWith('hour') ? 3600 : 60)
  }
  const numbers = findNumbers(text, start, end)
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i] as (typeof numbers)[number]
    if (n.glued && n.written === 'digits') continue
    UNIT.lastIndex = n.end
    let unit = UNIT.exec(text)
    if (unit === null || UNIT.lastIndex > end) continue
    const before = text.slice(Math.max(start, n.start - 28), n.start)
    if (/[/^]\s?$|\d[.,:]$/.test(before)) continue
    let total = 0
    let to = n.end
    let number = n
    let parts = 0
    let bareLetter = false
    for (;;) {
      const factor = unit[1] !== undefined ? 3600 : unit[2] !== undefined ? 60 : 1
      const letter = unit[1] ?? unit[2] ?? unit[3] as string
      bareLetter ||= letter.length === 1
      total += number.value * factor
      to = number.end + unit[0].length
      parts++
      const next = numbers[i + 1]
      if (next === undefined || factor === 1) break
      MORE.lastIndex = to
      const more = MORE.exec(text)
      if (more === null || MORE.lastIndex !== next.start) break
      UNIT.lastIndex = next.end
      const following = UNIT.exec(text)
      if (following === null || UNIT.lastIndex > end) break
      const smaller = following[2] !== undefined ? 60 : following[3] !== undefined ? 1 : 3600
      if (smaller >= factor) break
      unit = following
      number = next
      i++
    }
    // "Tx time 4.5 min 3/14"; a lone letter is a unit only where it cannot be another word: "60s", "4 m SSD", "T2 h"
    if (parts === 1 && bareLetter) {
      const letter = text[to - 1] as string
      if (letter !== letter.toLowerCase()) continue
      if (letter === 'm') continue
      if (letter === 's' && (!/(?:beam|source|time|on|duration|deliver\w*|dwell|exposure|timer)[ a-z-]{0,12}[:=]?\s?$/i.test(before) && text[n.end] !== ' ')) continue
      if (letter === 's' && n.value >= 1900) continue
      if (letter === 'h' && text.slice(to, to + 1) === '.') continue
    }
    const near = /[^,;.\n\t(]*$/.exec(before)?.[0] ?? ''
    if (AWAY.test(near.slice(-22)) || /\bq\s?$/i.test(before)) {
      // "last fraction took 21 min" still is a length
      if (!/\b(?:took|lasted|time|duration|length|spent|visit|session|beam|counsel\w*)\b[^,;]{0,16}$/i.test(near)) continue
    }
    if (/^\s?(?:ago|later|prior|before|after|apart|interval|inter-?fraction|post|earlier|delay|late\b|half|uptake|infusion|urine)/i.test(text.slice(to, to + 20))) continue
    let from = n.start
    // a range "30-45 min" is read as its lower end: what is certain
    const prior = numbers[numbers.indexOf(n, Math.max(0, i - parts)) - 1]
    if (parts === 1 && prior !== undefined && prior.end < n.start && n.start - prior.end <= 4 && /^\s?(?:-|–|—|to)\s?$/.test(text.slice(prior.end, n.start)) && prior.value < n.value && !/[:/]$/.test(text.slice(Math.max(start, prior.start - 1), prior.start))) {
      from = prior.start
      total = total / n.value * prior.value
    }
    add(from, to, total)
  }
  found.push(...pairs(text, start, end))
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  return found.filter((d, i) => {
    for (let k = i - 1; k >= 0 && k >= i - 3; k--) if ((found[k] as RawDuration).end > d.start) return false
    return true
  })
}
