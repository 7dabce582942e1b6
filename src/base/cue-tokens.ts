// Text → words and marks as cue matching needs them (sentence ends, boxes, blanks). May not: know what any word means beyond abbreviations.

export const TOKEN = {
  word: 0, number: 1, comma: 2, semicolon: 3, colon: 4, dash: 5, slash: 6, open: 7, close: 8, question: 9, end: 10, tab: 11, blank: 12,
  unticked: 13, ticked: 14, plus: 15, minus: 16, strike: 17, other: 18,
} as const

export interface CueTokens {
  readonly kinds: readonly number[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Lower case; marks are themselves. */
  readonly words: readonly string[]
}

const ABBREVIATIONS = new Set(
  ('dr drs mr mrs ms st vs pt pts approx fig etc dept hosp jr sr prof inc est tel hr hrs wk wks mo mos yr yrs tab tabs cap caps sol susp inj dx tx rx hx sx fx '
    + 'esq').split(' '),
)
const STARTERS = new Set('he she the there no patient pt we this her his on in they it i at a an but however denies'.split(' '))

const isUpper = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 0xc0 && c <= 0xde)
const isLetter = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 0xc0 && c <= 0x24f && c !== 0xd7 && c !== 0xf7)
const isDigit = (c: number): boolean => c >= 48 && c <= 57
const isWordChar = (c: number): boolean => isLetter(c) || isDigit(c)
const isBlank = (c: number): boolean => c === 32 || c === 9 || c === 10 || c === 13 || c === 12 || c === 0xa0
const isApostrophe = (c: number): boolean => c === 39 || c === 0x2019
const isDash = (c: number): boolean => c === 45 || (c >= 0x2010 && c <= 0x2015) || c === 0x2212

/** Whether the full stop at `at` ends a sentence. Looks at most 24 characters either way. */
export function endsSentence(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1)
  if (isDigit(next)) return false
  let from = at
  while (from > 0 && at - from < 24 && isWordChar(text.charCodeAt(from - 1))) from--
  const word = text.slice(from, at)
  if (isLetter(next)) return isUpper(next) && word.length >= 3 && !isUpper(word.charCodeAt(word.length - 1))
  if (next === 46) return false
  if (Number.isNaN(next)) return true
  if (word === '') return true
  let after = at + 1
  while (after < text.length && after - at < 24 && (isBlank(text.charCodeAt(after)) || text.charCodeAt(after) === 34)) after++
  if (after >= text.length) return true
  const following = text.charCodeAt(after)
  if (isDigit(word.charCodeAt(0)) && word.length <= 2) {
    let before = from - 1
    while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 35)) before--
    return !(before < 0 || text[before] === ':' || text[before] === '\n')
  }
  const lower = word.toLowerCase()
  if (lower === 'no') return !isDigit(following)
  if (ABBREVIATIONS.has(lower)) {
    let newline = at + 1
    while (newline < after && text.charCodeAt(newline) !== 10) newline++
    return (newline < after && newline > at + 1 && isUpper(following)) || (lower.length > 2 && isUpper(following) && STARTERS.has(wordAt(text, after)))
  }
  if (word.length === 1 && isLetter(word.charCodeAt(0))) {
    if (!isUpper(following)) return false
    return STARTERS.has(wordAt(text, after))
  }
  return true
}

function wordAt(text: string, at: number): string {
  let end = at
  while (end < text.length && end - at < 24 && isLetter(text.charCodeAt(end))) end++
  return text.slice(at, end).toLowerCase()
}

const OPEN_ENDED = new Set('and or no not of with for to the a an denies any without by in on at from is was were are has had her his their which that as if new mild left right'.split(' '))

/** Whether the row end at `at` also ends a statement: a bullet, a label, a blank line or a short row follows or precedes. */
export function breaksLine(text: string, at: number): boolean {
  let after = at + 1
  while (after < text.length && (text.charCodeAt(after) === 32 || text.charCodeAt(after) === 13 || text.charCodeAt(after) === 9)) after++
  if (after >= text.length) return true
  const c = text.charCodeAt(after)
  if (c === 10 || c === 12) return true
  let last = at - 1
  while (last >= 0 && (text.charCodeAt(last) === 32 || text.charCodeAt(last) === 13)) last--
  if (last < 0) return true
  const before = text.charCodeAt(last)
  if (before === 44) return false
  if (before === 46 || before === 58 || before === 59 || before === 33 || before === 63 || before === 10) return true
  if (!isWordChar(c)) return c !== 40 && c !== 34
  if (isLetter(c) && !isUpper(c)) return false
  let from = last
  while (from >= 0 && last - from < 24 && isWordChar(text.charCodeAt(from))) from--
  if (OPEN_ENDED.has(text.slice(from + 1, last + 1).toLowerCase())) return false
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  if (at - lineStart < 55) return true
  if (isDigit(c)) {
    const mark = text.slice(after, after + 3)
    return /^\d{1,2}[.)]/.test(mark)
  }
  let colon = after
  while (colon < text.length && colon - after < 40 && text.charCodeAt(colon) !== 10 && text.charCodeAt(colon) !== 58) colon++
  return text.charCodeAt(colon) === 58
}

const UNTICKED = new Set(['\u2610', '\u25a1', '\u25cb', '\u25ef', '\u2b1c', '\u274f', '\u2751', '\uf0a8', '\uf06f'])
const TICKED = new Set(['\u2611', '\u2612', '\u2713', '\u2714', '\u25a0', '\u25cf', '\u25c9', '\u2b1b', '\u2717', '\u2718', '\uf0fe', '\uf0fd', '\uf078', '\u22a0'])

interface Builder {
  readonly kinds: number[]
  readonly starts: number[]
  readonly ends: number[]
  readonly words: string[]
}

/** A bracketed mark at `at`: `[ ]`, `[x]`, `( )`, `(X)`, `{x}`. Returns its end, negative when unticked, 0 when it is none. */
function bracketBox(text: string, at: number, limit: number): number {
  const open = text[at]
  const close = open === '[' ? ']' : open === '(' ? ')' : '}'
  let i = at + 1
  let mark = ''
  while (i < limit && i - at <= 6 && text[i] !== close) {
    const ch = text[i] as string
    if (ch !== ' ' && ch !== '_') mark += ch
    i++
  }
  if (i >= limit || text[i] !== close || mark.length > 1) return 0
  if (mark === '') return open === '(' && i === at + 1 ? 0 : -(i + 1)
  if (mark === 'x' || mark === 'X' || mark === '*' && open === '[' || TICKED.has(mark)) return i + 1
  return 0
}

const BLANK_REACH = 80

/** The end of a field that its template left open: `***`, `{SELECT}`, `{none/describe}`, `[select one]`, `<<dose>>`, `@NAME@`; `at` where there is none. */
export function templateBlank(text: string, at: number, limit: number): number {
  const c = text.charCodeAt(at)
  if (c === 42) {
    let j = at
    while (j < limit && text.charCodeAt(j) === 42) j++
    return j - at >= 3 ? j : at
  }
  const close = c === 123 ? '}' : c === 60 && text.charCodeAt(at + 1) === 60 ? '>>' : c === 64 ? '@' : c === 91 ? ']' : ''
  if (close === '') return at
  const from = at + (close === '>>' ? 2 : 1)
  const near = text.slice(from, Math.min(limit, from + BLANK_REACH))
  const length = near.indexOf(close)
  if (length < (c === 123 ? 2 : 3)) return at
  const end = from + length
  const inside = near.slice(0, length)
  if (inside.includes('\n') || !/[A-Za-z]/.test(inside)) return at
  if (c === 64) return /^[A-Z][A-Z0-9_.]+$/.test(inside) ? end + 1 : at
  if (c === 91) return /^(?:select|choose|enter|insert|type|fill in|specify|describe|none\/|yes\/no|drop ?down|pick list|free text)/i.test(inside) ? end + 1 : at
  return end + close.length
}

const PUNCTUATION: Readonly<Record<string, number>> = {
  ',': TOKEN.comma, ';': TOKEN.semicolon, ':': TOKEN.colon, '/': TOKEN.slash, '?': TOKEN.question, '+': TOKEN.plus, '!': TOKEN.end, '\u037e': TOKEN.semicolon,
  '\u2026': TOKEN.dash, '=': TOKEN.colon, '|': TOKEN.tab, '\uff1a': TOKEN.colon, '&': TOKEN.word,
}

/** Linear in the length of the range. Hyphens inside a word part it into two words and leave no token. */
export function cueTokens(text: string, start: number, end: number): CueTokens {
  const kinds: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  const words: string[] = []
  const out: Builder = { kinds, starts, ends, words }
  let i = start
  while (i < end) {
    const c = text.charCodeAt(i)
    if (c === 32 || c === 0xa0 || c === 13) {
      let j = i
      while (j < end && (text.charCodeAt(j) === 32 || text.charCodeAt(j) === 0xa0 || text.charCodeAt(j) === 13)) j++
      if (j - i >= 4 && kinds.length > 0 && kinds[kinds.length - 1] !== TOKEN.end && j < end) push(out, TOKEN.tab, i, j, '\t')
      i = j
      continue
    }
    if (isLetter(c)) {
      i = pushWord(text, i, end, out)
      continue
    }
    if (isDigit(c)) {
      let j = i + 1
      while (j < end && (isDigit(text.charCodeAt(j)) || isNumberMark(text, j, end))) j++
      push(out, TOKEN.number, i, j, text.slice(i, j))
      i = j
      continue
    }
    if (c === 10 || c === 12) {
      if (c === 12 || breaksLine(text, i)) push(out, TOKEN.end, i, i + 1, '\n')
      i++
      continue
    }
    if (c === 9) {
      push(out, TOKEN.tab, i, i + 1, '\t')
      i++
      continue
    }
    if (c === 46) {
      if (endsSentence(text, i)) push(out, TOKEN.end, i, i + 1, '.')
      else if (text.charCodeAt(i + 1) === 46) {
        let j = i
        while (j < end && text.charCodeAt(j) === 46) j++
        push(out, TOKEN.dash, i, j, '-')
        i = j
        continue
      }
      i++
      continue
    }
    if (c === 95) {
      let j = i
      while (j < end && text.charCodeAt(j) === 95) j++
      const mark = text.charCodeAt(j)
      if ((mark === 120 || mark === 88) && text.charCodeAt(j + 1) === 95) {
        let k = j + 1
        while (k < end && text.charCodeAt(k) === 95) k++
        push(out, TOKEN.ticked, i, k, '[x]')
        i = k
        continue
      }
      if (j - i >= 2) push(out, TOKEN.blank, i, j, '_')
      i = j
      continue
    }
    const blank = c === 42 || c === 60 || c === 64 || c === 91 || c === 123 ? templateBlank(text, i, end) : i
    if (blank > i) {
      push(out, TOKEN.blank, i, blank, '_')
      i = blank
      continue
    }
    if (c === 91 || c === 40 || c === 123) {
      const box = bracketBox(text, i, end)
      if (box !== 0) {
        push(out, box < 0 ? TOKEN.unticked : TOKEN.ticked, i, Math.abs(box), box < 0 ? '[ ]' : '[x]')
        i = Math.abs(box)
        continue
      }
      if (c === 40) push(out, TOKEN.open, i, i + 1, '(')
      i++
      continue
    }
    if (c === 41) {
      push(out, TOKEN.close, i, i + 1, ')')
      i++
      continue
    }
    if (isDash(c)) {
      i = pushDash(text, i, start, end, out)
      continue
    }
    if (c === 126 && text.charCodeAt(i + 1) === 126) {
      push(out, TOKEN.strike, i, i + 2, '~~')
      i += 2
      continue
    }
    const ch = text[i] as string
    const kind = PUNCTUATION[ch]
    if (kind !== undefined) push(out, kind, i, i + 1, kind === TOKEN.tab ? '\t' : kind === TOKEN.word ? 'and' : kind === TOKEN.dash ? '-' : ch === '=' ? ':' : ch)
    else if (UNTICKED.has(ch)) push(out, TOKEN.unticked, i, i + 1, '[ ]')
    else if (TICKED.has(ch)) push(out, TOKEN.ticked, i, i + 1, '[x]')
    else if (ch === '\u2022' || ch === '\u00b7' || ch === '\u25aa') push(out, TOKEN.end, i, i + 1, '.')
    else if (ch === '>' && /^>\s?=?\s?\d/.test(text.slice(i, i + 4))) push(out, TOKEN.other, i, i + 1, '>')
    else if (ch === '\u2192' || ch === '>') push(out, TOKEN.dash, i, i + 1, '-')
    i++
  }
  return out
}

function push(out: Builder, kind: number, start: number, end: number, word: string): void {
  out.kinds.push(kind)
  out.starts.push(start)
  out.ends.push(end)
  out.words.push(word)
}

/** A mark that stands between two digits of one number or date: `1,000`, `1.5`, `3/14/26`, `2019-04-01`. */
function isNumberMark(text: string, at: number, end: number): boolean {
  if (at + 1 >= end || !isDigit(text.charCodeAt(at + 1))) return false
  const c = text.charCodeAt(at)
  return c === 46 || c === 47 || (c === 44 && isDigit(text.charCodeAt(at + 2)) && isDigit(text.charCodeAt(at + 3)))
}

function pushWord(text: string, at: number, end: number, out: Builder): number {
  // Letters with single full stops between them are one abbreviation: p.r.n.
  if (text.charCodeAt(at + 1) === 46 && isLetter(text.charCodeAt(at + 2)) && text.charCodeAt(at + 3) === 46) {
    let j = at
    let letters = ''
    while (j < end && isLetter(text.charCodeAt(j)) && text.charCodeAt(j + 1) === 46) {
      letters += text[j]
      j += 2
    }
    const last = j - 1
    push(out, TOKEN.word, at, Math.min(j, end), letters.toLowerCase())
    if (j >= end || j >= text.length) return Math.min(j, end)
    let after = j
    while (after < text.length && after - j < 24 && isBlank(text.charCodeAt(after))) after++
    if (after > j && isUpper(text.charCodeAt(after)) && STARTERS.has(wordAt(text, after))) push(out, TOKEN.end, last, j, '.')
    return j
  }
  let j = at + 1
  while (j < end) {
    const c = text.charCodeAt(j)
    if (isWordChar(c) || (isApostrophe(c) && isLetter(text.charCodeAt(j + 1)))) j++
    else break
  }
  const raw = text.slice(at, j)
  push(out, TOKEN.word, at, j, raw.indexOf('\u2019') < 0 ? raw.toLowerCase() : raw.replace(/\u2019/g, "'").toLowerCase())
  return j
}

function pushDash(text: string, at: number, start: number, end: number, out: Builder): number {
  let j = at
  while (j < end && isDash(text.charCodeAt(j))) j++
  const before = at > start ? text.charCodeAt(at - 1) : 10
  const after = j < end ? text.charCodeAt(j) : 10
  const spaceBefore = isBlank(before) || before === 40 || before === 44
  if (spaceBefore && isLetter(after)) push(out, TOKEN.minus, at, j, '-')
  else if (before === 40 && after === 41) push(out, TOKEN.minus, at, j, '-')
  else if (isWordChar(before) && isWordChar(after) && j - at === 1 && text.charCodeAt(at) !== 0x2014) {
    // inside a word
  } else if (isWordChar(before) && /^ (?:or|and|to) /.test(text.slice(j, j + 5))) {
    // `intra- or extrahepatic`
  } else if (isBlank(before) || isBlank(after) || j - at > 1 || text.charCodeAt(at) === 0x2014) push(out, TOKEN.dash, at, j, '-')
  return j
}
