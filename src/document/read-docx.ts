// Word file → Document: the text a reader of the printed document sees, and nothing that is deleted or hidden.
// May not: follow links, run fields, guess where pages break, touch the disk.
import { createHash } from 'node:crypto'
import type { Problem } from '../base/problem.ts'
import type { Document } from './document.ts'
import { isRefusal, readPart } from './docx-archive.ts'
import { openWordFile } from './docx-package.ts'
import type { Block, Story } from './docx-story.ts'
import { openWriter } from './docx-write.ts'
import { flowReading } from './flow-document.ts'
import { sniff } from './sniff.ts'
import type { FlowReading } from './flow-document.ts'

/** The whole file is one page without size: Word breaks pages when it prints. Never throws; what is wrong stands in `problems`. */
export function readDocx(bytes: Uint8Array, file: string): FlowReading {
  const opened = openWordFile(bytes)
  if (isRefusal(opened)) {
    const reason = opened.refused === 'empty-file' ? 'blank' as const : 'reader-failed' as const
    const document: Document = {
      file, sha256: createHash('sha256').update(bytes).digest('hex'), kind: 'docx', text: '\f', words: { start: new Uint32Array(0), end: new Uint32Array(0), box: new Float32Array(0) },
      pages: [{ page: 1, start: 0, end: 1, width: 0, height: 0, text: 'none', legibility: 0, reason }], regions: [],
      problems: [{ id: opened.refused, severity: 'error', file, ...(opened.data && { data: opened.data }) }],
    }
    return { document, pictures: [], attachments: [] }
  }
  const blank = [opened.body, ...opened.headers, ...opened.footers, ...opened.footnotes, ...opened.endnotes, ...opened.comments].every(each => textOf(each.blocks).trim() === '')
  const problems: Problem[] = []
  const note = (id: Problem['id'], severity: Problem['severity'], data: Problem['data']): void => { problems.push({ id, severity, file, page: 1, data }) }
  const stories = [opened.body, ...opened.headers, ...opened.footers]
  const foreignParts = stories.reduce((sum, story) => sum + story.foreignParts, 0)
  const attachments = opened.embedded.flatMap(name => {
    const part = readPart(opened.archive, name)
    // A sheet behind a chart is no record; what is one is read.
    return part?.whole === true && ['docx', 'pdf', 'rtf', 'text'].includes(sniff(part.bytes)) ? [{ name: name.slice(name.lastIndexOf('/') + 1), bytes: part.bytes }] : []
  })
  const left = opened.embedded.length - attachments.length + opened.objects
  if (opened.damagedParts > 0) note(blank ? 'damaged-file' : 'partly-read-page', 'error', { damagedParts: opened.damagedParts })
  if (foreignParts > 0) note('partly-read-page', 'warning', { insertedDocuments: foreignParts })
  if (left > 0) note('attachment-skipped', 'warning', { embedded: left })
  return flowReading(bytes, file, {
    kind: 'docx', damaged: opened.damagedParts > 0, problems, attachments, properties: opened.properties, tabTables: false,
    picture: name => opened.images.includes(name) ? readPart(opened.archive, name)?.bytes : undefined,
    stories: [
      ...distinct(opened.headers).map(story => ({ role: 'header' as const, blocks: story.blocks })),
      { blocks: opened.body.blocks },
      ...[...opened.footnotes, ...opened.endnotes].map(item => ({ role: 'footnote' as const, blocks: item.blocks })),
      ...opened.comments.map(item => ({ role: 'comment' as const, blocks: item.blocks })),
      ...distinct(opened.footers).map(story => ({ role: 'footer' as const, blocks: story.blocks })),
    ],
  })
}

/** Each header or footer text once: sections mostly repeat it. */
function distinct(stories: readonly Story[]): Story[] {
  const seen = new Set<string>()
  return stories.filter(story => {
    const key = textOf(story.blocks)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function textOf(blocks: readonly Block[]): string {
  const writer = openWriter()
  writer.write(blocks)
  return writer.text()
}
