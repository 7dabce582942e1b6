// Words of a text, folded for matching. May not: know a dictionary or change the text; spans always point into the original.
import type { Span } from './span.ts'

const DIACRITICS = /[̀-ͯ]/g

/** Lower case, no accents, straight quotes, ligatures apart, Greek and micro mu alike; a possessive `'s` falls away. */
export function foldWord(word: string): string {
  let folded = word.toLowerCase()
   
  if (/[^\x00-\x7f]/.test(folded)) folded = folded.normalize('NFKD').replace(DIACRITICS, '').replace(/[’‘]/g, "'").replace(/[µμ]/g, 'u').toLowerCase()
  if (folded.endsWith("'s")) folded = folded.slice(0, -2)
  return folded.includes("'") ? folded.replaceAll("'", '') : folded
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57

const isWordCode = (c: number): boolean =>
  isDigit(c) || (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 0xc0 && c !== 0xd7 && c !== 0xf7 && c < 0x2000) || c === 0xb5 || (c >= 0xfb00 && c <= 0xfb06)

/**
 * Splits `text[start, end)` into words: runs of letters and digits, with an apostrophe or a decimal point or thousands comma inside kept.
 * A hyphen at a row's end joins nothing: `two-` `field` are two words, as `two-field` are.
 * `broken` is true where something stands before the word that ends a run of plain words: `;`, a cell border, a page end.
 */
/** True for the tab between a label and its value in a row of nothing else: read like a colon. */
function isAnswer(text: string, start: number, end: number, at: number): boolean {
  for (let k = start; k < at; k++) if (text.charCodeAt(k) === 9) return false
  const next = text.indexOf('\t', at + 1)
  if (next >= 0 && next < end) return false
  for (let k = start; k < at; k++) if (isDigit(text.charCodeAt(k))) return false
  return at - start <= 60
}

export function eachWord(text: string, { start, end }: Span, take: (start: number, end: number, broken: boolean) => void): void {
  let gap = false
  let i = start
  while (i < end) {
    const c = text.charCodeAt(i)
    if (!isWordCode(c)) {
      if (c === 59 || c === 12 || (c === 9 && !isAnswer(text, start, end, i))) gap = true
      i++
      continue
    }
    let j = i + 1
    for (; j < end; j++) {
      const d = text.charCodeAt(j)
      if (isWordCode(d)) continue
      const inside = j + 1 < end ? text.charCodeAt(j + 1) : 32
      if ((d === 39 || d === 0x2019) && ((inside >= 97 && inside <= 122) || (inside >= 65 && inside <= 90))) continue
      if ((d === 46 || d === 44) && isDigit(inside) && isDigit(text.charCodeAt(j - 1))) continue
      break
    }
    take(i, j, gap)
    gap = false
    i = j
  }
}
