// Documents for tests from plain pages. A line that begins with `^H ` is a header, `^F ` a footer, `^# ` a heading; a page `null` holds an image only.
import type { Document, Page, Region } from '../../src/document/document.ts'

const MARKS = { '^H ': 'header', '^F ': 'footer', '^# ': 'heading' } as const

export function documentOf(file: string, pages: readonly (string | null)[], more: Partial<Document> = {}): Document {
  let text = ''
  const spans: Page[] = []
  const regions: Region[] = []
  pages.forEach((content, i) => {
    const start = text.length
    for (const line of (content ?? '').split('\n')) {
      const mark = (Object.keys(MARKS) as (keyof typeof MARKS)[]).find((m) => line.startsWith(m))
      const plain = mark ? line.slice(3) : line
      if (mark) regions.push({ kind: MARKS[mark], start: text.length, end: text.length + plain.length })
      text += `${plain}\n`
    }
    text = `${text.slice(0, -1)}\f`
    spans.push({
      page: i + 1, start, end: text.length, width: 612, height: 792, text: content === null ? 'none' : 'native', legibility: content === null ? 0 : 1,
      ...(content === null ? { reason: 'image-only' as const } : {}),
    })
  })
  return {
    file, sha256: '', kind: 'pdf', text, pages: spans, words: { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() }, regions, problems: [], ...more,
  }
}
