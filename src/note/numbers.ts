// Numbers written in digits or in words. May not: know units or what a number measures.
import type { Span } from '../base/span.ts'

export interface NumberMention extends Span {
  readonly value: number
  readonly written: 'digits' | 'words'
  /** A letter stands directly before (`V20`, `x35`): part of a name unless the reader knows better. */
  readonly glued: boolean
}

const SMALL: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13,
  fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50,
  sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100, thousand: 1000,
}
const WORD = new RegExp(`\\b(?:${Object.keys(SMALL).sort((a, b) => b.length - a.length).join('|')})\\b`, 'gi')
const DIGITS = /\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+/g
const LETTER = /[A-Za-z_]/

/** What may stand between two words of one number: a hyphen or space, or "and" after hundred. */
const JOIN = /^(?:[ \t\n]?-[ \t\n]?|[ \t\n]{1,2})(?:and[ \t\n]{1,2})?$/i

function wordNumbers(text: string): NumberMention[] {
  const found: NumberMention[] = []
  let total = 0
  let part = 0
  let begin = -1
  let stop = -1
  let last = -1
  const flush = (): void => {
    if (begin >= 0) found.push({ start: begin, end: stop, value: total + part, written: 'words', glued: false })
    total = 0
    part = 0
    begin = -1
  }
  for (const m of text.matchAll(WORD)) {
    const value = SMALL[m[0].toLowerCase()] as number
    const gap = begin >= 0 && m.index - stop <= 8 ? text.slice(stop, m.index) : ''
    const joined = begin >= 0 && JOIN.test(gap) && (!/and/i.test(gap) || last >= 100)
    const fits = joined && (
      value === 1000 ? total === 0 && part > 0 && part < 100
      : value === 100 ? part >= 1 && part <= 9
      : value >= 20 ? last >= 100
      : value >= 10 ? last >= 100
      : value >= 1 && (last >= 100 || (last >= 20 && last < 100)))
    if (!fits) {
      flush()
      if (value >= 100) continue
      begin = m.index
    }
    if (value === 1000) {
      total = part * 1000
      part = 0
    } else if (value === 100) part *= 100
    else part += value
    stop = m.index + m[0].length
    last = value
  }
  flush()
  return found
}

/** Every number in `[start, end)` in text order; positions are those of `text`. "one hundred and twenty" is one number. */
export function findNumbers(text: string, start: number, end: number): NumberMention[] {
  const slice = text.slice(start, end)
  const words = wordNumbers(slice)
  const found: NumberMention[] = []
  let next = 0
  const takeWords = (before: number): void => {
    for (let w = words[next]; w !== undefined && w.start < before; w = words[++next]) {
      found.push({ ...w, start: w.start + start, end: w.end + start })
    }
  }
  for (const m of slice.matchAll(DIGITS)) {
    takeWords(m.index)
    found.push({
      start: m.index + start, end: m.index + m[0].length + start, value: Number(m[0].replaceAll(',', '')), written: 'digits',
      glued: m.index > 0 && LETTER.test(slice[m.index - 1] as string),
    })
  }
  takeWords(slice.length + 1)
  return found
}
