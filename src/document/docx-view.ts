// Word file → HTML to read on a screen, made by mammoth behind the same gate as the citable text.
// May not: be quoted from (it shows hidden text and no headers), load or link anything active.
import { strToU8, zipSync, type Zippable } from 'fflate'
import mammoth from 'mammoth'
import { isRefusal, readPart } from './docx-archive.ts'
import { openWordFile } from './docx-package.ts'
import { decodeXml, walkXml } from './docx-xml.ts'

// mammoth needs about 3 KB of memory and 17 microseconds an element; 500 pages have 126,000.
const MOST_ELEMENTS = 200_000
const MOST_DEPTH = 400
const LARGEST_IMAGE = 4 << 20

/** HTML of the text, safe to place in a page; empty for a file that is refused or too large to show. */
export async function readingView(bytes: Uint8Array): Promise<string> {
  const opened = openWordFile(bytes)
  if (isRefusal(opened)) return ''
  const parts: Zippable = {}
  let elements = 0
  for (const { name } of opened.archive.entries.values()) {
    if (!/\.(xml|rels|png|jpe?g|gif)$/i.test(name) || /^(mammoth|customXml)\//i.test(name)) continue
    const part = readPart(opened.archive, name)
    if (!part) continue
    if (!/\.(xml|rels)$/i.test(name)) {
      parts[name] = [part.bytes, { level: 0 }]
      continue
    }
    const xml = decodeXml(part)
    let depth = 0
    let deepest = 0
    const walked = walkXml(xml, { open() { if (++depth > deepest) deepest = depth }, close() { depth-- } })
    elements += walked.elements
    if (walked.refused || !walked.wellFormed || elements > MOST_ELEMENTS || deepest > MOST_DEPTH) return ''
    parts[name] = [strToU8(xml), { level: 0 }]
  }
  try {
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(zipSync(parts)) }, {
      // A style map inside the file could turn its text into script elements.
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      styleMap: ['comment-reference => sup'],
      convertImage: mammoth.images.imgElement(async image => {
        const content = await image.readAsBuffer()
        return { src: /^image\/(png|jpeg|gif)$/.test(image.contentType) && content.length <= LARGEST_IMAGE ? `data:${image.contentType};base64,${content.toString('base64')}` : '' }
      }),
    })
    return withSafeLinks(value)
  } catch {
    return ''
  }
}

/** Attribute values are escaped, so a tag holds no `>` but its last sign. */
const withSafeLinks = (html: string): string =>
  html.replace(/<a\b[^<>]*>/g, tag => tag.replace(/ href="(?!https?:|mailto:|tel:|#)[^"]*"/i, ' href="#"'))
