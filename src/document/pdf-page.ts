// One page of a PDF, read and composed: text in reading order with words and lines as columns. May not: know of other pages or child processes.
import type { OpenPdf, PageContent, Rectangle, Widget } from './pdf-engine.ts'
import { pageLabel, readPageContent } from './pdf-engine.ts'
import { inside, isHandSized, joinedMarks, signingPlaces } from './marks.ts'
import { layOut } from './pdf-layout.ts'
import { readWords, toFrame, toPage } from './pdf-words.ts'
import type { Frame, FramedWords, Word } from './pdf-words.ts'

/** Fields of one line in `PageResult.lines`. Heights are of the reading frame; -1 for lines that read in another direction than the page. */
export const LINE = { start: 0, end: 1, top: 2, bottom: 3, size: 4, bold: 5, table: 6, row: 7, cells: 8, width: 9 } as const
export const LINE_FIELDS = 10

/** What a child sends for a page. Positions count from the page's own start. */
export interface PageResult {
  /** 0-based. */
  readonly index: number
  readonly width: number
  readonly height: number
  readonly frameHeight: number
  /** Every line ends in `\n`. */
  readonly text: string
  readonly wordStart: Uint32Array
  readonly wordEnd: Uint32Array
  readonly box: Float32Array
  readonly lines: Float32Array
  readonly regions: readonly { readonly kind: 'form-field' | 'annotation'; readonly start: number; readonly end: number }[]
  readonly kind: 'native' | 'ocr' | 'none'
  readonly legibility: number
  readonly reason?: 'image-only' | 'garbled' | 'reader-failed' | 'blank' | 'second-reader'
  /** Per cent of the page under pictures whose content is not in the text; 0 where that is less than a logo takes. */
  readonly unreadShare: number
  /** Form fields without a value that the page itself shows. */
  readonly emptyFields: number
  readonly label: string
  /** Quarter turns clockwise in which most of the text stands. */
  readonly turn: number
  /** Where somebody signed, it seems; in points as displayed. */
  readonly marks?: readonly Rectangle[]
  /** Per cent for each word; none where no word was recognised from an image. */
  readonly sure?: Uint8Array
}

export interface FieldValue extends Rectangle {
  readonly value: string
}

const WORTH = 20
/** Shares of the page: of all pictures together that call for a look, and of one that may hold text. */
const WORTH_READING = 0.08
const LEAST_PICTURE = 0.02

/** `values` are of form fields that do not show their value themselves, in displayed points. */
export function readPage(pdf: OpenPdf, index: number, values: readonly FieldValue[]): PageResult {
  const content = readPageContent(pdf, index)
  const label = pageLabel(pdf, index)
  if (content === null) return { ...composePage(index, 0, 0, [], [], [], []), kind: 'none', legibility: 0, reason: 'reader-failed', label }
  const framed = readWords(content.glyphs, content.width, content.height)
  const widgets: Widget[] = [...content.widgets, ...values.map((value) => ({ ...value, kind: 'text' as const }))]
  const composed = { ...composePage(index, content.width, content.height, framed, content.graphics.rules, widgets, content.notes), label }
  const marks = pictureMarks(content, composed)
  return { ...composed, ...judge(content, composed), ...(marks.length > 0 ? { marks } : {}) }
}

function judge(content: PageContent, page: PageResult): Pick<PageResult, 'kind' | 'legibility' | 'reason' | 'unreadShare'> {
  const { graphics, shown } = content
  const letters = content.ocrLayer ? shown + content.invisible : shown
  const written = page.text.length
  const percent = Math.round(100 * graphics.imageShare)
  if (letters < WORTH && written < WORTH) {
    const pictured = graphics.imageShare >= 0.1 || graphics.paths >= 150 || (written === 0 && graphics.images.length > 0)
    if (pictured) return { kind: 'none', legibility: 0, reason: 'image-only', unreadShare: percent }
    if (written === 0) return { kind: 'none', legibility: 0, reason: 'blank', unreadShare: 0 }
  }
  if (content.ocrLayer) return { kind: 'ocr', legibility: readable(page.text) ? 0.9 : 0.3, unreadShare: 0 }
  // A scan with a printed banner (fax line, page stamp) at its edge.
  if (graphics.imageShare >= 0.5 && page.lines.length > 0 && allAtEdge(page) && letters < 400) return { kind: 'none', legibility: 0, reason: 'image-only', unreadShare: percent }
  if (content.unmapped > 0.15 || !readable(page.text)) return { kind: 'none', legibility: 0, reason: 'garbled', unreadShare: 0 }
  const bare = graphics.imageShare >= WORTH_READING ? barePictures(content, page.box).reduce((sum, picture) => sum + picture.share, 0) : 0
  return { kind: 'native', legibility: 1 - Math.min(0.5, content.unmapped), unreadShare: bare >= WORTH_READING ? Math.round(100 * Math.min(1, bare)) : 0 }
}

function allAtEdge(page: PageResult): boolean {
  for (let at = 0; at < page.lines.length; at += LINE_FIELDS) {
    const top = page.lines[at + LINE.top] as number
    const bottom = page.lines[at + LINE.bottom] as number
    if (top >= 0 && bottom > 0.09 * page.frameHeight && top < 0.91 * page.frameHeight) return false
  }
  return true
}

/** Pictures that carry few words, with the share of the page each takes: pictures behind the text are backgrounds, small ones logos. */
function barePictures(content: PageContent, box: Float32Array): readonly (Rectangle & { readonly share: number })[] {
  return content.graphics.images.flatMap((image) => {
    let words = 0
    for (let at = 0; at < box.length; at += 4) {
      const x = ((box[at] as number) + (box[at + 2] as number)) / 2
      const y = ((box[at + 1] as number) + (box[at + 3] as number)) / 2
      if (x > image.left && x < image.right && y > image.top && y < image.bottom) words++
    }
    const width = Math.min(image.right, content.width) - Math.max(image.left, 0)
    const height = Math.min(image.bottom, content.height) - Math.max(image.top, 0)
    const share = width > 0 && height > 0 ? (width * height) / (content.width * content.height) : 0
    return words < 30 && share >= LEAST_PICTURE ? [{ left: image.left, top: image.top, right: image.right, bottom: image.bottom, share }] : []
  })
}

/** Pictures the size of a signature, without words, where somebody would sign. */
function pictureMarks(content: PageContent, page: PageResult): readonly Rectangle[] {
  const pictures = content.graphics.images.filter(isHandSized)
  if (pictures.length === 0) return []
  const words = Array.from(page.wordStart, (start, at) => ({ text: page.text.slice(start, page.wordEnd[at]), left: page.box[4 * at] as number, top: page.box[4 * at + 1] as number, right: page.box[4 * at + 2] as number, bottom: page.box[4 * at + 3] as number }))
  const places = signingPlaces(words)
  return joinedMarks(pictures.filter((picture) => places.some((place) => inside(picture, place))))
}

/** Pictures of a page with text whose content is not in that text, from top to bottom, in points of the displayed page. */
export function barePicturesOf(pdf: OpenPdf, index: number): readonly Rectangle[] {
  const content = readPageContent(pdf, index)
  if (content === null) return []
  const framed = readWords(content.glyphs, content.width, content.height)
  const { box } = composePage(index, content.width, content.height, framed, content.graphics.rules, content.widgets, content.notes)
  return [...barePictures(content, box)].sort((a, b) => a.top - b.top || a.left - b.left)
}

/** False for text of unmapped fonts: characters without meaning, or letters that do not fall as in words. */
export function readable(text: string): boolean {
  let letters = 0
  let vowels = 0
  let strange = 0
  let signs = 0
  let all = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code <= 32) continue
    all++
    if ((code >= 0xe000 && code <= 0xf8ff) || code === 0xfffd || (code >= 0x80 && code < 0xa0)) strange++
    else if (code > 0xa0 && code < 0xc0) signs++
    const lower = code | 32
    if (lower >= 97 && lower <= 122 && code < 128) {
      letters++
      if (lower === 97 || lower === 101 || lower === 105 || lower === 111 || lower === 117 || lower === 121) vowels++
    }
  }
  if (all >= WORTH && strange > 0.05 * all && strange > 3) return false
  // Words have letters; a font that lies of its own gives ©¦±¢µ.
  if (all >= WORTH && signs > 0.3 * all) return false
  if (all >= 300) {
    // Words of one letter throughout: a font whose letters were taken for others, or set apart one by one.
    const words = text.match(/\S+/g) ?? []
    if (words.reduce((single, word) => single + (word.length === 1 ? 1 : 0), 0) > 0.8 * words.length) return false
  }
  return letters < 200 || (vowels > 0.15 * letters && vowels < 0.65 * letters)
}

// --- composing ----------------------------------------------------------------------------------------------------

export function composePage(
  index: number, width: number, height: number, framed: readonly FramedWords[], rules: readonly Rectangle[],
  widgets: readonly Widget[], notes: readonly (Rectangle & { readonly contents: string })[],
): PageResult {
  const main: FramedWords = framed[0] ?? { frame: { turn: 0, width, height }, words: [] }
  const filled = fillFields(main, widgets)
  const parts: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  const boxes: number[] = []
  const sure: number[] = []
  let recognised = false
  const lines: number[] = []
  const regions: { kind: 'form-field' | 'annotation'; start: number; end: number }[] = []
  let length = 0
  let tables = 0

  const put = (text: string): void => {
    parts.push(text)
    length += text.length
  }
  const putWord = (frame: Frame, word: Word): void => {
    const box = toPage(frame, word)
    starts.push(length)
    put(word.text)
    ends.push(length)
    sure.push(Math.round(word.sure ?? 100))
    recognised ||= word.sure !== undefined
    boxes.push(clamp(box.left, width), clamp(box.top, height), clamp(box.right, width), clamp(box.bottom, height))
  }
  const putLines = (each: FramedWords, isMain: boolean): void => {
    const ruled = rules.length === 0 ? rules : each.frame.turn === 0 ? rules : rules.map((rule) => toFrame(each.frame, rule))
    const laid = each.frame.turn > 3 ? [] : layOut(each.words, ruled)
    const first = tables
    for (const line of laid) {
      const start = length
      let words = 0
      line.cells.forEach((cell, at) => {
        if (at > 0) put('\t')
        cell.forEach((word, position) => {
          if (position > 0) put(' ')
          const from = length
          putWord(each.frame, word)
          words++
          if (word.role === undefined) return
          const last = regions[regions.length - 1]
          if (last !== undefined && last.kind === word.role && last.end === from - 1) last.end = length
          else regions.push({ kind: word.role, start: from, end: length })
        })
      })
      if (words === 0) continue
      const table = line.table < 0 ? -1 : first + line.table
      if (table >= tables) tables = table + 1
      lines.push(start, length, isMain ? line.top : -1, isMain ? line.bottom : -1, line.size, line.bold ? 1 : 0, table, line.row, line.cells.length, line.right - line.left)
      put('\n')
    }
    // Text across the page, such as a watermark: one line, in the order of the file.
    if (each.frame.turn > 3 && each.words.length > 0) {
      const start = length
      each.words.forEach((word, at) => {
        if (at > 0) put(' ')
        putWord(each.frame, word)
      })
      lines.push(start, length, -1, -1, each.words[0]?.size ?? 0, 0, -1, -1, 1, 0)
      put('\n')
    }
  }
  putLines(filled.framed, true)
  for (const each of framed.slice(1)) putLines(each, false)
  for (const note of notes) {
    const start = length
    const words = spread(note.contents, note, 'annotation')
    if (words.length === 0) continue
    words.forEach((word, at) => {
      if (at > 0) put(' ')
      putWord({ turn: 0, width, height }, word)
    })
    regions.push({ kind: 'annotation', start, end: length })
    lines.push(start, length, -1, -1, 0, 0, -1, -1, 1, 0)
    put('\n')
  }
  return {
    index, width, height, frameHeight: main.frame.height, text: parts.join(''), wordStart: Uint32Array.from(starts), wordEnd: Uint32Array.from(ends), box: Float32Array.from(boxes),
    lines: Float32Array.from(lines), regions, kind: 'native', legibility: 1, unreadShare: 0, emptyFields: filled.empty, label: '', turn: main.frame.turn > 3 ? 0 : main.frame.turn,
    ...(recognised ? { sure: Uint8Array.from(sure) } : {}),
  }
}

/** Check marks take the place of the glyph that draws them; values of text fields are marked, or put in where the page does not show them. */
function fillFields(page: FramedWords, widgets: readonly Widget[]): { readonly framed: FramedWords; readonly empty: number } {
  if (widgets.length === 0) return { framed: page, empty: 0 }
  let words: Word[] = [...page.words]
  let empty = 0
  for (const widget of widgets) {
    const box = toFrame(page.frame, widget)
    const inside = (word: Word): boolean => {
      const x = (word.left + word.right) / 2
      const y = (word.top + word.bottom) / 2
      return x >= box.left - 1 && x <= box.right + 1 && y >= box.top - 1 && y <= box.bottom + 1
    }
    if (widget.kind === 'mark') {
      words = words.filter((word) => word.text.length > 2 || !inside(word))
      words.push({ ...box, text: widget.value, size: box.bottom - box.top, bold: false, order: words.length, role: 'form-field' })
    } else if (words.some(inside)) {
      words = words.map((word) => (inside(word) ? { ...word, role: 'form-field' as const } : word))
    } else if (widget.value.trim() !== '') {
      words.push(...spread(widget.value, box, 'form-field'))
    } else empty++
  }
  return { framed: { frame: page.frame, words }, empty }
}

/** Words of a value set in its box, in proportion to their length; lines of the value below each other. */
function spread(value: string, box: Rectangle, role: 'form-field' | 'annotation'): Word[] {
  const rows = value.split(/[\r\n]+/).map((row) => row.split(/\s+/).filter((part) => part !== '')).filter((row) => row.length > 0).slice(0, 500)
  const height = (box.bottom - box.top) / Math.max(1, rows.length)
  return rows.flatMap((row, index) => {
    const characters = row.reduce((sum, part) => sum + part.length + 1, -1)
    const step = Math.min((box.right - box.left) / Math.max(1, characters), 0.6 * Math.min(height, 14))
    let at = box.left
    return row.map((text, order) => {
      const left = at
      at += step * (text.length + 1)
      const top = box.top + index * height
      return { text: text.normalize('NFC'), left, right: left + step * text.length, top, bottom: top + height, size: Math.min(height, 14), bold: false, order, role }
    })
  })
}

const clamp = (value: number, most: number): number => (value > 0 ? Math.min(value, most) : 0)
