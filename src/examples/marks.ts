// The [[ ]] marks of examples. May not: forgive an unclosed mark.
import type { Span } from '../base/span.ts'

/** The example without marks, and the marked spans in it. @throws Error on an unclosed or nested mark. */
export function readMarks(marked: string): { text: string; spans: Span[] } {
  let text = ''
  const spans: Span[] = []
  let rest = marked
  for (;;) {
    const open = rest.indexOf('[[')
    if (open < 0) break
    const close = rest.indexOf(']]', open)
    if (close < 0 || rest.slice(open + 2, close).includes('[[')) throw new Error(`a mark is not closed: ${marked}`)
    text += rest.slice(0, open)
    const inner = rest.slice(open + 2, close)
    spans.push({ start: text.length, end: text.length + inner.length })
    text += inner
    rest = rest.slice(close + 2)
  }
  if (rest.includes(']]')) throw new Error(`a mark is not opened: ${marked}`)
  return { text: text + rest, spans }
}
