// Speaks to PDFium (WebAssembly): opens a PDF, gives glyphs, graphics, attachments, outline, page images. May not: order text, know of child processes.
import { readSync } from 'node:fs'
import { init } from '@embedpdf/pdfium'

/** The raw exports used; pointers and booleans are numbers. */
type Raw = Readonly<Record<string, (...numbers: number[]) => number>>

interface Runtime {
  readonly wasmExports: Raw
  readonly addFunction: (call: (...numbers: number[]) => number, signature: string) => number
  readonly removeFunction: (index: number) => void
}

export interface Engine {
  readonly raw: Raw
  readonly runtime: Runtime
  /** 256 bytes of scratch for out-parameters. */
  readonly scratch: number
}

export interface OpenPdf {
  readonly engine: Engine
  readonly handle: number
  readonly pages: number
  readonly close: () => void
}

export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Visible glyphs of a page in the order of the file, as columns; boxes in points of the displayed page, y downwards. */
export interface Glyphs {
  readonly count: number
  /** Code points; `BREAK` where the engine saw a space or the end of a line. */
  readonly code: Uint32Array
  /** Left, top, right, bottom. */
  readonly box: Float64Array
  readonly size: Float64Array
  /** Quarter turns clockwise in which the glyph is shown: 0 reads rightwards, 1 downwards; `DIAGONAL` in between. */
  readonly turn: Uint8Array
  /** 1 for bold. */
  readonly bold: Uint8Array
}

export interface Graphics {
  readonly images: readonly (Rectangle & { readonly order: number })[]
  /** Share of the page covered by images, at most 1. */
  readonly imageShare: number
  readonly largestImage: number
  /** Thin horizontal lines, and the upper and lower edges of drawn boxes. */
  readonly rules: readonly Rectangle[]
  readonly paths: number
}

export interface Widget extends Rectangle {
  readonly kind: 'mark' | 'text'
  readonly value: string
}

export interface PageContent {
  readonly width: number
  readonly height: number
  readonly glyphs: Glyphs
  readonly graphics: Graphics
  readonly widgets: readonly Widget[]
  readonly notes: readonly (Rectangle & { readonly contents: string })[]
  readonly shown: number
  /** Glyphs drawn invisibly; kept as glyphs only where `ocrLayer`. */
  readonly invisible: number
  readonly ocrLayer: boolean
  /** Share of shown glyphs whose character the font does not tell. */
  readonly unmapped: number
}

export const BREAK = 32
export const DIAGONAL = 4
const HYPHEN_AT_END = 0xfffe
const MAX_GLYPHS = 200_000
const MAX_OBJECTS = 100_000

export async function startEngine(): Promise<Engine> {
  const module = await init({})
  const runtime = module.pdfium as unknown as Runtime
  const raw = runtime.wasmExports
  call(raw, 'PDFiumExt_Init')
  return { raw, runtime, scratch: call(raw, 'malloc', 256) }
}

export type Opened = OpenPdf | { readonly fault: 'encrypted' | 'damaged' }

/** `source` is the file's bytes, or a descriptor of an open file with its length. */
export function openPdf(engine: Engine, source: Uint8Array | { readonly descriptor: number; readonly length: number }, passwords: readonly string[] = []): Opened {
  const { raw, runtime } = engine
  let handle = 0
  let release: () => void
  /** Without a password first, then with each of them. */
  const withPasswords = (load: (password: number) => number): number => {
    let found = load(0)
    for (const password of passwords) {
      if (found !== 0 || call(raw, 'FPDF_GetLastError') !== 4) break
      found = withUtf8(engine, password, load)
    }
    return found
  }
  if (source instanceof Uint8Array) {
    const at = call(raw, 'malloc', Math.max(1, source.length))
    bytes(engine).set(source, at)
    handle = withPasswords((password) => call(raw, 'FPDF_LoadMemDocument64', at, source.length, password))
    release = () => void call(raw, 'free', at)
  } else {
    const readBlock = runtime.addFunction((_parameter, position = 0, target = 0, size = 0) => {
      const into = bytes(engine).subarray(target, target + size)
      let done = 0
      while (done < size) {
        const read = readSync(source.descriptor, into, done, size - done, position + done)
        if (read === 0) return 0
        done += read
      }
      return 1
    }, 'iiiii')
    const access = call(raw, 'malloc', 12)
    const view = memory(engine)
    view.setUint32(access, source.length, true)
    view.setUint32(access + 4, readBlock, true)
    view.setUint32(access + 8, 0, true)
    handle = withPasswords((password) => call(raw, 'FPDF_LoadCustomDocument', access, password))
    release = () => {
      call(raw, 'free', access)
      runtime.removeFunction(readBlock)
    }
  }
  if (handle === 0) {
    const error = call(raw, 'FPDF_GetLastError')
    release()
    return { fault: error === 4 || error === 5 ? 'encrypted' : 'damaged' }
  }
  return {
    engine, handle, pages: call(raw, 'FPDF_GetPageCount', handle),
    close: () => {
      call(raw, 'FPDF_CloseDocument', handle)
      release()
    },
  }
}

export interface PdfFacts {
  readonly properties: Readonly<Record<string, string>>
  readonly outline: readonly { readonly title: string; readonly page: number }[]
  /** 0 none, 1 AcroForm, 2 and 3 XFA. */
  readonly formType: number
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** Attachments left out for number or size. */
  readonly attachmentsSkipped: number
}

const MAX_ATTACHMENTS = 100
const MAX_ATTACHMENT_BYTES = 100 << 20

export function readFacts(pdf: OpenPdf): PdfFacts {
  const { engine, handle } = pdf
  const { raw, scratch } = engine
  const properties: Record<string, string> = {}
  for (const key of ['Title', 'Author', 'Subject', 'Creator', 'Producer', 'CreationDate', 'ModDate']) {
    const value = withAscii(engine, key, (name) => utf16(engine, (to, size) => call(raw, 'FPDF_GetMetaText', handle, name, to, size)))
    if (value !== '') properties[key] = value
  }
  const outline: { title: string; page: number }[] = []
  const seen = new Set<number>()
  const walk = (first: number, depth: number): void => {
    for (let mark = first; mark !== 0 && !seen.has(mark) && outline.length < 5000; mark = call(raw, 'FPDFBookmark_GetNextSibling', handle, mark)) {
      seen.add(mark)
      const title = utf16(engine, (to, size) => call(raw, 'FPDFBookmark_GetTitle', mark, to, size)).replace(/\s+/g, ' ').trim()
      let target = call(raw, 'FPDFBookmark_GetDest', handle, mark)
      if (target === 0) {
        const action = call(raw, 'FPDFBookmark_GetAction', mark)
        if (action !== 0) target = call(raw, 'FPDFAction_GetDest', handle, action)
      }
      const page = target === 0 ? -1 : call(raw, 'FPDFDest_GetDestPageIndex', handle, target)
      if (title !== '' && page >= 0 && page < pdf.pages) outline.push({ title, page: page + 1 })
      if (depth < 16) walk(call(raw, 'FPDFBookmark_GetFirstChild', handle, mark), depth + 1)
    }
  }
  walk(call(raw, 'FPDFBookmark_GetFirstChild', handle, 0), 0)

  const attachments: { name: string; bytes: Uint8Array }[] = []
  const count = Math.max(0, call(raw, 'FPDFDoc_GetAttachmentCount', handle))
  let skipped = Math.max(0, count - MAX_ATTACHMENTS)
  let total = 0
  for (let index = 0; index < Math.min(count, MAX_ATTACHMENTS); index++) {
    const attachment = call(raw, 'FPDFDoc_GetAttachment', handle, index)
    if (attachment === 0) { skipped++; continue }
    const name = utf16(engine, (to, size) => call(raw, 'FPDFAttachment_GetName', attachment, to, size))
    const known = call(raw, 'FPDFAttachment_GetFile', attachment, 0, 0, scratch)
    const length = memory(engine).getUint32(scratch, true)
    if (known === 0 || length === 0 || total + length > MAX_ATTACHMENT_BYTES) { skipped++; continue }
    total += length
    const at = call(raw, 'malloc', length)
    const got = call(raw, 'FPDFAttachment_GetFile', attachment, at, length, scratch)
    if (got !== 0) attachments.push({ name: name === '' ? `attachment-${index + 1}` : name, bytes: bytes(engine).slice(at, at + length) })
    else skipped++
    call(raw, 'free', at)
  }
  return { properties, outline, formType: call(raw, 'FPDF_GetFormType', handle), attachments, attachmentsSkipped: skipped }
}

export function pageLabel(pdf: OpenPdf, index: number): string {
  return utf16(pdf.engine, (to, size) => call(pdf.engine.raw, 'FPDF_GetPageLabel', pdf.handle, index, to, size))
}

/** Null where the page cannot be loaded. Form values become part of the page of this open document. */
export function readPageContent(pdf: OpenPdf, index: number): PageContent | null {
  const { engine, handle } = pdf
  const { raw } = engine
  const load = (): number => call(raw, 'EPDF_LoadPageNormalized', handle, index, 0)
  let page = load()
  if (page === 0) return null
  const rotation = call(raw, 'EPDF_GetPageRotationByIndex', handle, index) & 3
  const shape = pageShape(engine, page, rotation)
  const { widgets, notes, flatten } = readAnnotations(engine, page, shape)
  if (flatten) {
    call(raw, 'FPDFPage_Flatten', page, 0)
    call(raw, 'FPDF_ClosePage', page)
    page = load()
    if (page === 0) return null
  }
  try {
    let read = readGlyphs(engine, page, shape)
    // Text drawn sideways in a page that is turned for display: spaces and order come out right only when the engine turns it too.
    if (rotation !== 0 && read.sideways) {
      const turned = call(raw, 'FPDF_LoadPage', handle, index)
      if (turned !== 0) {
        read = readGlyphs(engine, turned, shape)
        call(raw, 'FPDF_ClosePage', turned)
      }
    }
    const { sideways: _sideways, ...content } = read
    return { width: shape.width, height: shape.height, widgets, notes, ...content }
  } finally {
    call(raw, 'FPDF_ClosePage', page)
  }
}

/** The page as shown, one byte a pixel, 0 black; the size is reduced where it would pass 40 megapixels. */
export function renderPage(pdf: OpenPdf, index: number, dpi: number): { readonly width: number; readonly height: number; readonly gray: Uint8Array } | null {
  const { engine, handle } = pdf
  const { raw } = engine
  const page = call(raw, 'FPDF_LoadPage', handle, index)
  if (page === 0) return null
  const points = { width: Math.max(1, call(raw, 'FPDF_GetPageWidthF', page)), height: Math.max(1, call(raw, 'FPDF_GetPageHeightF', page)) }
  const scale = Math.min(dpi / 72, Math.sqrt(40e6 / (points.width * points.height)))
  const width = Math.max(1, Math.round(points.width * scale))
  const height = Math.max(1, Math.round(points.height * scale))
  const GRAY = 1
  const bitmap = call(raw, 'FPDFBitmap_CreateEx', width, height, GRAY, 0, 0)
  if (bitmap === 0) {
    call(raw, 'FPDF_ClosePage', page)
    return null
  }
  call(raw, 'FPDFBitmap_FillRect', bitmap, 0, 0, width, height, 0xffffffff | 0)
  const WITH_ANNOTATIONS_IN_GRAY = 0x01 | 0x08
  call(raw, 'FPDF_RenderPageBitmap', bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS_IN_GRAY)
  const from = call(raw, 'FPDFBitmap_GetBuffer', bitmap)
  const stride = call(raw, 'FPDFBitmap_GetStride', bitmap)
  const gray = new Uint8Array(width * height)
  const heap = bytes(engine)
  for (let row = 0; row < height; row++) gray.set(heap.subarray(from + row * stride, from + row * stride + width), row * width)
  call(raw, 'FPDFBitmap_Destroy', bitmap)
  call(raw, 'FPDF_ClosePage', page)
  return { width, height, gray }
}

// --- glyphs -------------------------------------------------------------------------------------------------------

interface Shape {
  readonly width: number
  readonly height: number
  readonly rotation: number
  readonly toDisplay: (x: number, y: number) => readonly [number, number]
  /** The same as a matrix, for the many. */
  readonly matrix: Matrix
}

function pageShape(engine: Engine, page: number, rotation: number): Shape {
  const { raw, scratch } = engine
  let left = 0
  let top = call(raw, 'FPDF_GetPageHeightF', page)
  let width = call(raw, 'FPDF_GetPageWidthF', page)
  let height = top
  if (call(raw, 'FPDF_GetPageBoundingBox', page, scratch) !== 0) {
    const box = readRectangle(engine, scratch)
    left = box.left
    top = box.top
    width = box.right - box.left
    height = box.top - box.bottom
  }
  const w = width
  const h = height
  const l = left
  const t = top
  const toDisplay = [
    (x: number, y: number) => [x - l, t - y] as const,
    (x: number, y: number) => [h - (t - y), x - l] as const,
    (x: number, y: number) => [w - (x - l), h - (t - y)] as const,
    (x: number, y: number) => [t - y, w - (x - l)] as const,
  ][rotation] as Shape['toDisplay']
  const [ox, oy] = toDisplay(0, 0)
  const [xx, xy] = toDisplay(1, 0)
  const [yx, yy] = toDisplay(0, 1)
  return { width: rotation & 1 ? h : w, height: rotation & 1 ? w : h, rotation, toDisplay, matrix: [xx - ox, xy - oy, yx - ox, yy - oy, ox, oy] }
}

interface TextStyle {
  readonly hidden: 'no' | 'invisible' | 'concealed' | 'white'
  readonly bold: boolean
  readonly order: number
  /** Type size in points as displayed; 0 where unknown. */
  readonly em: number
  /** Quarter turns clockwise of its glyphs, before the page's own. */
  readonly quarters: number
}

function readGlyphs(engine: Engine, page: number, shape: Shape) {
  const { raw, scratch } = engine
  const textPage = call(raw, 'FPDFText_LoadPage', page)
  const painted = readObjects(engine, page, shape)
  let shown = 0
  let invisible = 0
  let checked = 0
  let unmapped = 0
  let sidewaysCount = 0
  const count = textPage === 0 ? 0 : Math.min(call(raw, 'FPDFText_CountChars', textPage), MAX_GLYPHS)
  // A hyphen at the end of a line takes two places.
  const codes = new Uint32Array(2 * count + 1)
  const boxes = new Float64Array(4 * codes.length)
  const sizes = new Float64Array(codes.length)
  const turns = new Uint8Array(codes.length)
  const bolds = new Uint8Array(codes.length)
  const hiddens = new Uint8Array(codes.length) // 0 shown, 1 invisible, 2 concealed or off the page
  let length = 0
  const glyphs = (): Glyphs => ({ count: length, code: codes, box: boxes, size: sizes, turn: turns, bold: bolds })
  if (textPage === 0) return { glyphs: glyphs(), graphics: painted.graphics, shown, invisible, ocrLayer: false, unmapped: 0, sideways: false }
  const getUnicode = raw['FPDFText_GetUnicode'] as Raw[string]
  const getBox = raw['FPDFText_GetLooseCharBox'] as Raw[string]
  const getObject = raw['FPDFText_GetTextObject'] as Raw[string]
  const getAngle = raw['FPDFText_GetCharAngle'] as Raw[string]
  const isGenerated = raw['FPDFText_IsGenerated'] as Raw[string]
  const fontSize = raw['FPDFText_GetFontSize'] as Raw[string]
  const mapError = raw['FPDFText_HasUnicodeMapError'] as Raw[string]
  const styles = new Map<number, TextStyle>()
  const fonts = new Map<number, boolean>()
  const [ma, mb, mc, md, me, mf] = shape.matrix
  let lastObject = -1
  let style: TextStyle = { hidden: 'no', bold: false, order: -1, em: 0, quarters: 0 }
  let view = memory(engine)
  for (let index = 0; index < count; index++) {
    const code = getUnicode(textPage, index) >>> 0
    if (code <= 32 && code !== 2 || code === 0xa0 || isGenerated(textPage, index) === 1 && code !== HYPHEN_AT_END && code !== 2) {
      if (length > 0 && codes[length - 1] !== BREAK) codes[length++] = BREAK
      continue
    }
    const object = getObject(textPage, index)
    if (object !== lastObject) {
      lastObject = object
      style = styles.get(object) ?? readStyle(object, index)
      styles.set(object, style)
    }
    if (getBox(textPage, index, scratch) === 0) continue
    if (view.buffer.byteLength === 0) view = memory(engine)
    const ul = view.getFloat32(scratch, true)
    const ut = view.getFloat32(scratch + 4, true)
    const ur = view.getFloat32(scratch + 8, true)
    const ub = view.getFloat32(scratch + 12, true)
    let ax = ma * ul + mc * ut + me
    let ay = mb * ul + md * ut + mf
    let bx = ma * ur + mc * ub + me
    let by = mb * ur + md * ub + mf
    const { quarters } = style
    const turn = Math.abs(quarters - Math.round(quarters)) > 0.15 ? DIAGONAL : (Math.round(quarters) + shape.rotation) & 3
    const height = turn & 1 ? Math.abs(bx - ax) : Math.abs(by - ay)
    // Fonts that tell no height, or one of many lines: the tight box along the text, the type size across it.
    if (height < 0.4 * style.em || height > 2 * style.em || height < 1) {
      if (call(raw, 'FPDFText_GetCharBox', textPage, index, scratch, scratch + 8, scratch + 16, scratch + 24) !== 0 && call(raw, 'FPDFText_GetCharOrigin', textPage, index, scratch + 32, scratch + 40) !== 0) {
        const doubles = memory(engine)
        const [tl, tr, tb, tt, ox, oy] = [0, 8, 16, 24, 32, 40].map((offset) => doubles.getFloat64(scratch + offset, true)) as [number, number, number, number, number, number]
        const [cx, cy] = shape.toDisplay(tl, tb)
        const [dx, dy] = shape.toDisplay(tr, tt)
        const [px, py] = shape.toDisplay(ox, oy)
        const tight = turn & 1 ? Math.abs(dx - cx) : Math.abs(dy - cy)
        const em = style.em >= 2 && style.em <= 400 ? style.em : tight
        const up = 0.9 * em
        const down = 0.25 * em
        ;[ax, ay, bx, by] = turn === 1 ? [px - down, cy, px + up, dy] : turn === 2 ? [cx, py - down, dx, py + up] : turn === 3 ? [px - up, cy, px + down, dy] : [cx, py - up, dx, py + down]
      }
    }
    const left = Math.min(ax, bx)
    const right = Math.max(ax, bx)
    const top = Math.min(ay, by)
    const bottom = Math.max(ay, by)
    const middleX = (left + right) / 2
    const middleY = (top + bottom) / 2
    const size = turn & 1 ? right - left : bottom - top
    const off = !(middleX >= -1 && middleX <= shape.width + 1 && middleY >= -1 && middleY <= shape.height + 1)
    let hidden = style.hidden === 'no' ? 0 : style.hidden === 'invisible' ? 1 : style.hidden === 'white' ? (onColour(middleX, middleY) ? 0 : 2) : 2
    if (off || !(size >= 1)) hidden = 2
    if (hidden === 1) invisible++
    if (hidden === 0) {
      shown++
      // A sample tells as much.
      if ((index & 3) === 0) {
        checked++
        if (mapError(textPage, index) === 1) unmapped++
      }
      if (turn < 4 && ((turn - shape.rotation) & 3) !== 0) sidewaysCount++
    }
    codes[length] = code === HYPHEN_AT_END || code === 2 ? 0x2d : code
    boxes[4 * length] = left
    boxes[4 * length + 1] = top
    boxes[4 * length + 2] = right
    boxes[4 * length + 3] = bottom
    sizes[length] = size
    turns[length] = turn
    if (style.bold) bolds[length] = 1
    hiddens[length++] = hidden
    if (code === HYPHEN_AT_END) codes[length++] = BREAK
  }
  call(raw, 'FPDFText_ClosePage', textPage)

  // A page-wide picture with invisible text, or painted over its text, is a scan with a recognised layer; anything else invisible is hidden.
  const cover = painted.graphics.images.find((image) => shareOf(image, shape) > 0.8)
  const underPicture = cover !== undefined && shown > 0 && [...styles.values()].every((each) => each.hidden !== 'no' || (each.order >= 0 && each.order < cover.order))
  const scanned = painted.graphics.imageShare > 0.5
  const ocrLayer = (scanned && invisible > 20 && invisible > 4 * shown) || (underPicture && shown > 20)
  let kept = 0
  for (let index = 0; index < length; index++) {
    const hidden = hiddens[index] as number
    if (hidden === 2 || (hidden === 1 && !ocrLayer)) {
      if (kept > 0 && codes[kept - 1] !== BREAK) codes[kept++] = BREAK
      continue
    }
    if (kept < index) {
      codes[kept] = codes[index] as number
      boxes.copyWithin(4 * kept, 4 * index, 4 * index + 4)
      sizes[kept] = sizes[index] as number
      turns[kept] = turns[index] as number
      bolds[kept] = bolds[index] as number
    }
    kept++
  }
  length = kept
  return { glyphs: glyphs(), graphics: painted.graphics, shown, invisible, ocrLayer, unmapped: checked === 0 ? 0 : unmapped / checked, sideways: sidewaysCount * 2 > shown }

  function readStyle(object: number, index: number): TextStyle {
    const angle = getAngle(textPage, index)
    const quarters = (Number.isFinite(angle) ? angle : 0) / (Math.PI / 2)
    let em = 0
    if (call(raw, 'FPDFText_GetMatrix', textPage, index, scratch) !== 0) {
      const view = memory(engine)
      em = Math.hypot(view.getFloat32(scratch + 8, true), view.getFloat32(scratch + 12, true)) * fontSize(textPage, index)
    }
    if (object === 0) return { hidden: 'no', bold: false, order: -1, em, quarters }
    const mode = call(raw, 'FPDFTextObj_GetTextRenderMode', object)
    const font = call(raw, 'FPDFTextObj_GetFont', object)
    let bold = fonts.get(font)
    if (bold === undefined) {
      bold = font !== 0 && isBold(engine, font)
      fonts.set(font, bold)
    }
    let hidden: TextStyle['hidden'] = mode === 3 || mode === 7 ? 'invisible' : 'no'
    if (hidden === 'no' && mode !== 1 && call(raw, 'FPDFText_GetFillColor', textPage, index, scratch, scratch + 4, scratch + 8, scratch + 12) !== 0) {
      const colours = memory(engine)
      const [red, green, blue, alpha] = [0, 4, 8, 12].map((offset) => colours.getUint32(scratch + offset, true)) as [number, number, number, number]
      if (alpha < 8) hidden = 'concealed'
      else if (red > 250 && green > 250 && blue > 250) hidden = 'white'
    }
    return { hidden, bold, em, quarters, order: painted.textOrder.get(object) ?? -1 }
  }

  function onColour(x: number, y: number): boolean {
    return painted.colours.some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)
  }
}

function isBold(engine: Engine, font: number): boolean {
  const { raw } = engine
  const name = ascii(engine, (to, size) => call(raw, 'FPDFFont_GetBaseFontName', font, to, size)).toLowerCase()
  if (/bold|black|heavy|demi/.test(name)) return true
  const FORCE_BOLD = 1 << 18
  return (call(raw, 'FPDFFont_GetFlags', font) & FORCE_BOLD) !== 0 || call(raw, 'FPDFFont_GetWeight', font) >= 650
}

// --- graphics -----------------------------------------------------------------------------------------------------

type Matrix = readonly [number, number, number, number, number, number]
const TEXT = 1
const PATH = 2
const IMAGE = 3
const SHADING = 4
const FORM = 5

function readObjects(engine: Engine, page: number, shape: Shape) {
  const { raw, scratch } = engine
  const images: (Rectangle & { order: number })[] = []
  const rules: Rectangle[] = []
  const colours: Rectangle[] = []
  const textOrder = new Map<number, number>()
  let paths = 0
  let order = 0
  const boundsOf = (object: number, matrix: Matrix | null): Rectangle | null => {
    if (call(raw, 'FPDFPageObj_GetBounds', object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return null
    const view = memory(engine)
    const [l, b, r, t] = [0, 4, 8, 12].map((offset) => view.getFloat32(scratch + offset, true)) as [number, number, number, number]
    const corners = [[l, b], [r, b], [l, t], [r, t]].map(([x, y]) => {
      const [px, py] = matrix === null ? [x as number, y as number] : apply(matrix, x as number, y as number)
      return shape.toDisplay(px, py)
    })
    return {
      left: Math.min(...corners.map((corner) => corner[0])), top: Math.min(...corners.map((corner) => corner[1])),
      right: Math.max(...corners.map((corner) => corner[0])), bottom: Math.max(...corners.map((corner) => corner[1])),
    }
  }
  const walk = (container: number, inForm: boolean, matrix: Matrix | null, depth: number): void => {
    const count = call(raw, inForm ? 'FPDFFormObj_CountObjects' : 'FPDFPage_CountObjects', container)
    for (let index = 0; index < count && order < MAX_OBJECTS; index++) {
      const object = call(raw, inForm ? 'FPDFFormObj_GetObject' : 'FPDFPage_GetObject', container, index)
      if (object === 0) continue
      order++
      const type = call(raw, 'FPDFPageObj_GetType', object)
      if (type === TEXT) textOrder.set(object, order)
      else if (type === FORM && depth < 6) {
        const own = readMatrix(engine, object)
        walk(object, true, matrix === null ? own : multiply(own, matrix), depth + 1)
      } else if (type === IMAGE || type === SHADING) {
        const box = boundsOf(object, matrix)
        if (box === null) continue
        colours.push(box)
        if (type === IMAGE) images.push({ ...box, order })
        else paths++
      } else if (type === PATH) {
        paths++
        const box = boundsOf(object, matrix)
        if (box === null) continue
        if (box.right - box.left >= 12) {
          if (box.bottom - box.top <= 3) rules.push(box)
          else if (box.bottom - box.top < 300) rules.push({ ...box, bottom: box.top }, { ...box, top: box.bottom })
        }
        if (box.bottom - box.top > 4 && call(raw, 'FPDFPath_GetDrawMode', object, scratch, scratch + 4) !== 0 && memory(engine).getUint32(scratch, true) !== 0
          && call(raw, 'FPDFPageObj_GetFillColor', object, scratch, scratch + 4, scratch + 8, scratch + 12) !== 0) {
          const view = memory(engine)
          const [red, green, blue, alpha] = [0, 4, 8, 12].map((offset) => view.getUint32(scratch + offset, true)) as [number, number, number, number]
          if (alpha > 25 && Math.min(red, green, blue) < 235) colours.push(box)
        }
      }
    }
  }
  walk(page, false, null, 0)
  const shares = images.map((image) => shareOf(image, shape))
  const graphics: Graphics = {
    images, rules, paths, imageShare: Math.min(1, shares.reduce((sum, share) => sum + share, 0)), largestImage: shares.reduce((most, share) => Math.max(most, share), 0),
  }
  return { graphics, colours, textOrder }
}

/** Share of the page inside the box. */
function shareOf(box: Rectangle, shape: { readonly width: number; readonly height: number }): number {
  const width = Math.min(box.right, shape.width) - Math.max(box.left, 0)
  const height = Math.min(box.bottom, shape.height) - Math.max(box.top, 0)
  const area = shape.width * shape.height
  return width > 0 && height > 0 && area > 0 ? (width * height) / area : 0
}

function readMatrix(engine: Engine, object: number): Matrix {
  const { raw, scratch } = engine
  if (call(raw, 'FPDFPageObj_GetMatrix', object, scratch) === 0) return [1, 0, 0, 1, 0, 0]
  const view = memory(engine)
  return [0, 4, 8, 12, 16, 20].map((offset) => view.getFloat32(scratch + offset, true)) as unknown as Matrix
}

const apply = (m: Matrix, x: number, y: number): readonly [number, number] => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]]

/** First `inner`, then `outer`. */
const multiply = (inner: Matrix, outer: Matrix): Matrix => [
  inner[0] * outer[0] + inner[1] * outer[2], inner[0] * outer[1] + inner[1] * outer[3],
  inner[2] * outer[0] + inner[3] * outer[2], inner[2] * outer[1] + inner[3] * outer[3],
  inner[4] * outer[0] + inner[5] * outer[2] + outer[4], inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
]

// --- annotations --------------------------------------------------------------------------------------------------

function readAnnotations(engine: Engine, page: number, shape: Shape) {
  const { raw, scratch } = engine
  const widgets: Widget[] = []
  const notes: (Rectangle & { contents: string })[] = []
  const FREE_TEXT = 3
  const LINK = 2
  const POPUP = 16
  const WIDGET = 20
  const HIDDEN_OR_NO_VIEW = 2 | 32
  let flatten = false
  const count = Math.min(call(raw, 'FPDFPage_GetAnnotCount', page), 5000)
  const remove: number[] = []
  for (let index = 0; index < count; index++) {
    const annotation = call(raw, 'FPDFPage_GetAnnot', page, index)
    if (annotation === 0) continue
    const subtype = call(raw, 'FPDFAnnot_GetSubtype', annotation)
    const hidden = (call(raw, 'FPDFAnnot_GetFlags', annotation) & HIDDEN_OR_NO_VIEW) !== 0
    if (subtype !== LINK && subtype !== POPUP && !hidden && call(raw, 'FPDFAnnot_GetRect', annotation, scratch) !== 0) {
      const corners = readRectangle(engine, scratch)
      const a = shape.toDisplay(corners.left, corners.top)
      const b = shape.toDisplay(corners.right, corners.bottom)
      const box = { left: Math.min(a[0], b[0]), top: Math.min(a[1], b[1]), right: Math.max(a[0], b[0]), bottom: Math.max(a[1], b[1]) }
      const text = (key: string): string => withAscii(engine, key, (name) => utf16(engine, (to, size) => call(raw, 'FPDFAnnot_GetStringValue', annotation, name, to, size)))
      if (subtype === WIDGET) {
        flatten = true
        const state = text('AS')
        if (state !== '') widgets.push({ ...box, kind: 'mark', value: state === 'Off' ? '[ ]' : '[x]' })
        else widgets.push({ ...box, kind: 'text', value: text('V') })
      } else if (subtype === FREE_TEXT) {
        const contents = text('Contents').trim()
        if (contents !== '') {
          notes.push({ ...box, contents })
          remove.push(index)
        }
      } else flatten = true
    }
    call(raw, 'FPDFPage_CloseAnnot', annotation)
  }
  // Their words stand in `notes`; flattening would print them a second time.
  if (flatten) for (const index of remove.reverse()) call(raw, 'FPDFPage_RemoveAnnot', page, index)
  return { widgets, notes, flatten }
}

// --- memory -------------------------------------------------------------------------------------------------------

function call(raw: Raw, name: string, ...numbers: number[]): number {
  const run = raw[name]
  if (run === undefined) throw new Error(`PDFium has no ${name}`)
  return Number(run(...numbers))
}

/** Looked up each time: growing the memory replaces its buffer. */
const bufferOf = (engine: Engine): ArrayBuffer => (engine.runtime.wasmExports['memory'] as unknown as { readonly buffer: ArrayBuffer }).buffer
const memory = (engine: Engine): DataView => new DataView(bufferOf(engine))
const bytes = (engine: Engine): Uint8Array => new Uint8Array(bufferOf(engine))

/** FS_RECTF: left, top, right, bottom as floats, y upwards. */
function readRectangle(engine: Engine, at: number): Rectangle {
  const view = memory(engine)
  return { left: view.getFloat32(at, true), top: view.getFloat32(at + 4, true), right: view.getFloat32(at + 8, true), bottom: view.getFloat32(at + 12, true) }
}

function withText<T>(engine: Engine, encode: (to: number, size: number) => number, decode: (from: Uint8Array) => T): T {
  const size = Math.min(encode(0, 0), 1 << 20)
  if (size <= 0) return decode(new Uint8Array())
  const at = call(engine.raw, 'malloc', size)
  encode(at, size)
  const text = decode(bytes(engine).slice(at, at + size))
  call(engine.raw, 'free', at)
  return text
}

const utf16 = (engine: Engine, encode: (to: number, size: number) => number): string =>
  withText(engine, encode, (from) => new TextDecoder('utf-16le').decode(from).replace(/\0+$/, ''))

const ascii = (engine: Engine, encode: (to: number, size: number) => number): string =>
  withText(engine, encode, (from) => new TextDecoder('latin1').decode(from).replace(/\0+$/, ''))

function withAscii<T>(engine: Engine, text: string, use: (at: number) => T): T {
  const at = call(engine.raw, 'malloc', text.length + 1)
  const heap = bytes(engine)
  for (let index = 0; index < text.length; index++) heap[at + index] = text.charCodeAt(index)
  heap[at + text.length] = 0
  const result = use(at)
  call(engine.raw, 'free', at)
  return result
}

function withUtf8<T>(engine: Engine, text: string, use: (at: number) => T): T {
  const encoded = new TextEncoder().encode(text)
  const at = call(engine.raw, 'malloc', encoded.length + 1)
  const heap = bytes(engine)
  heap.set(encoded, at)
  heap[at + encoded.length] = 0
  const result = use(at)
  call(engine.raw, 'free', at)
  return result
}
