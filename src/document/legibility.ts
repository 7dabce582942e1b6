// How far what was read can be relied on. May not: judge what it says.
import type { Span } from '../base/span.ts'
import { lastAtOrBefore } from '../base/span.ts'
import type { Document, Page } from './document.ts'

/** Mean confidence below which words of a page are more often wrong than can be lived with. */
const ILLEGIBLE = 0.5
/** Per cent below which a word is as likely wrong as right. */
const UNSURE = 65

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
