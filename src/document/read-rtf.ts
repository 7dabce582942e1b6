// RTF file → Document: paragraphs, tables, headers and pictures as printed. May not: touch the disk, run fields.
import { readRtfStories } from './rtf-story.ts'
import { flowReading } from './flow-document.ts'
import type { FlowReading } from './flow-document.ts'
import type { Problem } from '../base/problem.ts'
import type { Block } from './docx-story.ts'

/** The whole file is one page without size. Never throws; what is wrong stands in `problems`. */
export function readRtf(bytes: Uint8Array, file: string): FlowReading {
  const rtf = readRtfStories(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  const problems: Problem[] = []
  const blank = [rtf.body, ...rtf.headers, ...rtf.footers].every((blocks) => blocks.every((block) => block.kind === 'paragraph' && block.text === ''))
  if (!rtf.whole) problems.push({ id: blank ? 'damaged-file' : 'partly-read-page', severity: 'error', file, page: 1, data: { cause: 'truncated' } })
  if (rtf.objects > 0) problems.push({ id: 'attachment-skipped', severity: 'warning', file, page: 1, data: { embedded: rtf.objects } })
  return flowReading(bytes, file, {
    kind: 'rtf', problems, attachments: [], damaged: !rtf.whole, properties: rtf.properties, tabTables: true, picture: (name) => rtf.pictures.get(name),
    stories: [
      ...distinct(rtf.headers).map((blocks) => ({ role: 'header' as const, blocks })), { blocks: rtf.body },
      ...rtf.footnotes.map((blocks) => ({ role: 'footnote' as const, blocks })), ...rtf.comments.map((blocks) => ({ role: 'comment' as const, blocks })),
      ...distinct(rtf.footers).map((blocks) => ({ role: 'footer' as const, blocks })),
    ],
  })
}

/** Each header once: sections mostly repeat it. */
function distinct(stories: readonly (readonly Block[])[]): readonly (readonly Block[])[] {
  const seen = new Set<string>()
  return stories.filter((blocks) => {
    const key = JSON.stringify(blocks)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
