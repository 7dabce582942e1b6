// HTML file → Document: what a browser would show, its tables as rows. May not: run scripts, load or follow anything.
import { Parser } from 'htmlparser2'
import { decodeAs, decodeText } from './decode-text.ts'
import type { Block } from './docx-story.ts'
import { flowReading } from './flow-document.ts'
import type { Attachment, FlowReading } from './flow-document.ts'
import { openMarkup } from './markup-story.ts'

const MOST_ELEMENTS = 3_000_000
/** Pages made by machines reach fifty. */
const DEEPEST = 1000
const CHUNK = 1 << 16

/** `pictures` are those a mail brings along, by their `cid:`. Never throws. */
export function readHtml(bytes: Uint8Array, file: string, pictures: ReadonlyMap<string, Uint8Array> = new Map(), attachments: readonly Attachment[] = []): FlowReading {
  const { blocks, title, whole } = htmlBlocks(decodeHtml(bytes))
  return flowReading(bytes, file, {
    kind: 'html', stories: [{ blocks }], attachments, damaged: false, tabTables: false, ...(title === '' ? {} : { properties: { title } }),
    problems: whole ? [] : [{ id: 'file-too-large', severity: 'error', file, data: { limit: 'depth' } }],
    picture: (name) => pictures.get(name) ?? pictureOfUrl(name),
  })
}

export function htmlBlocks(html: string): { readonly blocks: readonly Block[]; readonly title: string; readonly whole: boolean } {
  const story = openMarkup()
  let elements = 0
  let depth = 0
  let whole = true
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth++
      if (++elements > MOST_ELEMENTS || depth > DEEPEST) whole = false
      if (whole) story.open(name, attributes)
    },
    ontext: (chunk) => {
      if (whole) story.text(chunk)
    },
    onclosetag: (name) => {
      depth--
      if (whole) story.close(name)
    },
  })
  for (let at = 0; at < html.length && whole; at += CHUNK) parser.write(html.slice(at, at + CHUNK))
  if (whole) parser.end()
  return { blocks: story.blocks(), title: story.title(), whole }
}

export function decodeHtml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1')
  const declared = /<meta[^>]{0,200}charset\s?=\s?["']?([\w-]{2,30})/i.exec(head)?.[1] ?? /^<\?xml[^>]{0,200}encoding\s?=\s?["']([\w-]{2,30})/i.exec(head)?.[1]
  return decodeText(bytes, declared)
}

/** Bytes of a picture written into the file itself. */
export function pictureOfUrl(url: string): Uint8Array | undefined {
  if (!/^data:image\/(?:png|jpe?g|tiff)[^,]{0,100};base64,/i.test(url.slice(0, 150))) return undefined
  return new Uint8Array(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
}

/** Text that may hold a named encoding. */
export const textIn = (bytes: Uint8Array, encoding: string | undefined): string => (encoding === undefined ? undefined : decodeAs(bytes, encoding)) ?? decodeText(bytes)
