// Blocks of a file without pages of its own (Word, RTF, HTML, XML, mail) → Document, with its pictures and attached files. May not: read a format, recognise text.
import { createHash } from 'node:crypto'
import type { Problem } from '../base/problem.ts'
import type { Document, Page, Region } from './document.ts'
import { isScanSize } from './picture-size.ts'
import type { Block } from './docx-story.ts'
import { openWriter } from './docx-write.ts'

export interface Attachment {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A picture large enough to be a scan; its text belongs at `at`, the start of a line. */
export interface FlowPicture {
  readonly at: number
  readonly bytes: Uint8Array
}

/** What one file without pages gives: its text, and what is still to be read. */
export interface FlowReading {
  readonly document: Document
  readonly pictures: readonly FlowPicture[]
  readonly attachments: readonly Attachment[]
}

export interface FlowFile {
  readonly kind: Document['kind']
  readonly stories: readonly { readonly role?: Region['kind']; readonly blocks: readonly Block[] }[]
  /** Bytes of a picture by the name its paragraph has for it. */
  readonly picture: (name: string) => Uint8Array | undefined
  readonly attachments: readonly Attachment[]
  readonly problems: readonly Problem[]
  /** True where parts of the file are broken. */
  readonly damaged: boolean
  readonly properties?: Readonly<Record<string, string>>
  readonly tabTables: boolean
}

/** The whole file is one page without size. */
export function flowReading(bytes: Uint8Array, file: string, flow: FlowFile): FlowReading {
  const writer = openWriter(flow.tabTables)
  for (const story of flow.stories) writer.write(story.blocks, story.role)
  const text = `${writer.text()}\f`
  const blank = text.trim() === ''
  const seen = new Set<string>()
  const pictures = writer.pictures().flatMap(({ at, name }): FlowPicture[] => {
    if (seen.has(name)) return []
    seen.add(name)
    const found = flow.picture(name)
    return found !== undefined && isScanSize(found) ? [{ at, bytes: found }] : []
  })
  const problems: Problem[] = [...flow.problems]
  if (pictures.length > 0) problems.unshift({ id: blank ? 'unread-page' : 'partly-read-page', severity: blank ? 'error' : 'warning', file, page: 1, data: { images: pictures.length } })
  if (blank && problems.length === 0 && flow.attachments.length === 0) problems.push({ id: 'empty-file', severity: 'error', file })
  const page: Page = {
    page: 1, start: 0, end: text.length, width: 0, height: 0,
    ...(blank ? { text: 'none', legibility: 0, reason: pictures.length > 0 ? 'image-only' : flow.damaged ? 'reader-failed' : 'blank' } : { text: 'native', legibility: 1 }),
  }
  return {
    pictures, attachments: flow.attachments,
    document: {
      file, sha256: createHash('sha256').update(bytes).digest('hex'), kind: flow.kind, text, words: { start: new Uint32Array(0), end: new Uint32Array(0), box: new Float32Array(0) }, pages: [page],
      regions: writer.regions(), problems, ...(flow.properties === undefined ? {} : { properties: flow.properties }),
    },
  }
}
