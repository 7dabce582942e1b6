// Word file → Document: the text a reader of the printed document sees, and nothing that is deleted or hidden.
// May not: follow links, run fields, guess where pages break, touch the disk.
import { createHash } from 'node:crypto'
import type { Problem } from '../base/problem.ts'
import type { Document, Page } from './document.ts'
import { isRefusal } from './docx-archive.ts'
import { largeImages } from './docx-images.ts'
import { openWordFile } from './docx-package.ts'
import type { Block, Story } from './docx-story.ts'
import { openWriter } from './docx-write.ts'

/** The whole file is one page without size: Word breaks pages when it prints. Resolves for every input; what is wrong stands in `problems`. */
export async function readDocx(bytes: Uint8Array, file: string): Promise<Document> {
  const head = { file, sha256: createHash('sha256').update(bytes).digest('hex'), kind: 'docx' as const }
  const words = { start: new Uint32Array(0), end: new Uint32Array(0), box: new Float32Array(0) }
  const opened = openWordFile(bytes)
  if (isRefusal(opened)) {
    const reason = opened.refused === 'empty-file' ? 'blank' as const : 'reader-failed' as const
    return { ...head, text: '\f', words, pages: [{ page: 1, start: 0, end: 1, width: 0, height: 0, text: 'none', legibility: 0, reason }], regions: [], problems: [{ id: opened.refused, severity: 'error', file, ...(opened.data && { data: opened.data }) }] }
  }
  const writer = openWriter()
  for (const story of distinct(opened.headers)) writer.write(story.blocks, 'header')
  writer.write(opened.body.blocks)
  for (const note of [...opened.footnotes, ...opened.endnotes]) writer.write(note.blocks, 'footnote')
  for (const comment of opened.comments) writer.write(comment.blocks, 'comment')
  for (const story of distinct(opened.footers)) writer.write(story.blocks, 'footer')

  const text = `${writer.text()}\f`
  const blank = text.trim() === ''
  const images = largeImages(opened.archive, opened.images).length
  const problems: Problem[] = []
  const note = (id: Problem['id'], severity: Problem['severity'], data: Problem['data']): void => { problems.push({ id, severity, file, page: 1, data }) }
  const stories = [opened.body, ...opened.headers, ...opened.footers]
  const foreignParts = stories.reduce((sum, story) => sum + story.foreignParts, 0)
  if (opened.damagedParts > 0) note(blank ? 'damaged-file' : 'partly-read-page', 'error', { damagedParts: opened.damagedParts })
  if (images > 0) note(blank ? 'unread-page' : 'partly-read-page', blank ? 'error' : 'warning', { images })
  if (foreignParts > 0) note('partly-read-page', 'warning', { insertedDocuments: foreignParts })
  if (opened.embedded > 0) note('attachment-skipped', 'warning', { embedded: opened.embedded })
  if (blank && problems.length === 0) problems.push({ id: 'empty-file', severity: 'error', file })

  const page: Page = {
    page: 1, start: 0, end: text.length, width: 0, height: 0,
    ...(blank ? { text: 'none', legibility: 0, reason: images > 0 ? 'image-only' : opened.damagedParts > 0 ? 'reader-failed' : 'blank' } : { text: 'native', legibility: 1 }),
  }
  return { ...head, text, words, pages: [page], regions: writer.regions(), problems, properties: opened.properties }
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
