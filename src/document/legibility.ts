// How far what was read can be relied on. May not: judge what it says.
import type { Span } from '../base/span.ts'
import { lastAtOrBefore } from '../base/span.ts'
import type { Document, Page } from './document.ts'

/** Per cent of confidence: below it a word of a scan is wrong two times in five, above it once in thirty. */
const UNSURE = 80
/** Share of a page that must have been read with certainty. Pages well below it have a tenth to half of their words wrong; a flow sheet of small figures that is read well comes down to 0.84. */
const ILLEGIBLE = 0.8

/** Share of the letters and digits of a page that stand in words the recogniser was sure of. */
export function legibilityOf(words: readonly { readonly text: string; readonly confidence: number }[]): number {
  let all = 0
  let sure = 0
  for (const { text, confidence } of words) {
    if (!/[\p{L}\p{N}]/u.test(text)) continue
    all += text.length
    if (confidence >= UNSURE) sure += text.length
  }
  return all === 0 ? 0 : Math.round((100 * sure) / all) / 100
}

/** Read, but too poor to be relied on: what is not found there may stand there. */
export const isIllegible = (page: Pick<Page, 'text' | 'legibility'>): boolean => page.text === 'ocr' && page.legibility < ILLEGIBLE

/** Without usable text, though something stands on it. */
export const isUnread = (page: Pick<Page, 'text' | 'reason'>): boolean => page.text === 'none' && page.reason !== 'blank'

/** Words inside a span of which the recogniser was not sure. */
export function unsureWords({ words }: Document, span: Span): readonly Span[] {
  const { sure } = words
  if (sure === undefined) return []
  const found: Span[] = []
  for (let word = Math.max(0, lastAtOrBefore(words.start, span.start)); word < words.start.length && (words.start[word] as number) < span.end; word++) {
    const end = words.end[word] as number
    if (end > span.start && (sure[word] as number) < UNSURE) found.push({ start: words.start[word] as number, end })
  }
  return found
}
