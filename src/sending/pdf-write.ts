// Writes PDFs with PDFium: pages of other files, pictures, highlights, links, bookmarks. May not: know what is highlighted; look at a clock.
import { createHash } from 'node:crypto'
import type { Engine, OpenPdf } from '../document/pdf-engine.ts'

/** Points from the upper left corner of the page as displayed, y downwards. */
export interface Area { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number]

export interface NewPdf {
  readonly engine: Engine
  readonly handle: number
  readonly close: () => void
}

const HIGHLIGHT = 9
const LINK = 2
const SUBTYPES_LINK_AND_POPUP = new Set([2, 16])
const PRINTED = 4
const MULTIPLY = 1
const BGRX = 3
const GRAY = 1

const run = (engine: Engine, name: string, ...numbers: number[]): number => {
  const call = engine.raw[name]
  if (call === undefined) throw new Error(`PDFium has no ${name}`)
  return Number(call(...numbers))
}
const heapOf = (engine: Engine): ArrayBuffer => (engine.runtime.wasmExports['memory'] as unknown as { readonly buffer: ArrayBuffer }).buffer
const floats = (engine: Engine, at: number, values: readonly number[]): void => {
  const view = new DataView(heapOf(engine))
  values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true))
}

/** UTF-16 with its end, freed after use. */
function withWide<T>(engine: Engine, text: string, use: (at: number) => T): T {
  const at = run(engine, 'malloc', 2 * text.length + 2)
  const view = new DataView(heapOf(engine))
  for (let i = 0; i < text.length; i++) view.setUint16(at + 2 * i, text.charCodeAt(i), true)
  view.setUint16(at + 2 * text.length, 0, true)
  try {
    return use(at)
  } finally {
    run(engine, 'free', at)
  }
}

function withName<T>(engine: Engine, name: string, use: (at: number) => T): T {
  const at = run(engine, 'malloc', name.length + 1)
  const heap = new Uint8Array(heapOf(engine))
  for (let i = 0; i < name.length; i++) heap[at + i] = name.charCodeAt(i)
  heap[at + name.length] = 0
  try {
    return use(at)
  } finally {
    run(engine, 'free', at)
  }
}

export function newPdf(engine: Engine): NewPdf {
  const handle = run(engine, 'FPDF_CreateNewDocument')
  if (handle === 0) throw new Error('PDFium makes no document')
  return { engine, handle, close: () => void run(engine, 'FPDF_CloseDocument', handle) }
}

export const pageCount = (pdf: NewPdf): number => run(pdf.engine, 'FPDF_GetPageCount', pdf.handle)

/** Puts page `index` (0-based) of another file at `to`. What was filled in or noted on it becomes part of it, as it is displayed. False where the page cannot be taken over. */
export function takePage(pdf: NewPdf, from: OpenPdf, index: number, to: number): boolean {
  const { engine } = pdf
  flatten(from, index)
  const at = run(engine, 'malloc', 4)
  new DataView(heapOf(engine)).setInt32(at, index, true)
  const done = run(engine, 'FPDF_ImportPagesByIndex', pdf.handle, from.handle, at, 1, to)
  run(engine, 'free', at)
  return done !== 0
}

function flatten(pdf: OpenPdf, index: number): void {
  const { engine, handle } = pdf
  const page = run(engine, 'FPDF_LoadPage', handle, index)
  if (page === 0) return
  const count = Math.min(5000, run(engine, 'FPDFPage_GetAnnotCount', page))
  let drawn = false
  for (let i = 0; i < count && !drawn; i++) {
    const annotation = run(engine, 'FPDFPage_GetAnnot', page, i)
    if (annotation === 0) continue
    drawn = !SUBTYPES_LINK_AND_POPUP.has(run(engine, 'FPDFAnnot_GetSubtype', annotation))
    run(engine, 'FPDFPage_CloseAnnot', annotation)
  }
  if (drawn) run(engine, 'FPDFPage_Flatten', page, 0)
  run(engine, 'FPDF_ClosePage', page)
}

/** Rows from the top, 1 (gray) or 3 (red, green, blue) bytes a pixel. */
export interface Pixels { readonly width: number; readonly height: number; readonly channels: 1 | 3; readonly data: Uint8Array }

/** A page of the size given, filled by a picture: a JPEG as it is, or pixels. */
export function addPicture(pdf: NewPdf, to: number, size: { readonly width: number; readonly height: number }, picture: { readonly jpeg: Uint8Array } | Pixels): boolean {
  const { engine, handle } = pdf
  const page = run(engine, 'FPDFPage_New', handle, to, size.width, size.height)
  if (page === 0) return false
  const image = run(engine, 'FPDFPageObj_NewImageObj', handle)
  let done: boolean
  if ('jpeg' in picture) {
    const at = run(engine, 'malloc', picture.jpeg.length)
    new Uint8Array(heapOf(engine)).set(picture.jpeg, at)
    done = run(engine, 'EPDFImageObj_SetJpeg', 0, 0, image, at, picture.jpeg.length) !== 0
    run(engine, 'free', at)
  } else done = setPixels(engine, image, picture)
  if (done) {
    const at = engine.scratch
    floats(engine, at, [size.width, 0, 0, size.height, 0, 0])
    run(engine, 'FPDFPageObj_SetMatrix', image, at)
    run(engine, 'FPDFPage_InsertObject', page, image)
    done = run(engine, 'FPDFPage_GenerateContent', page) !== 0
  } else run(engine, 'FPDFPageObj_Destroy', image)
  run(engine, 'FPDF_ClosePage', page)
  if (!done) run(engine, 'FPDFPage_Delete', handle, to)
  return done
}

function setPixels(engine: Engine, image: number, { width, height, channels, data }: Pixels): boolean {
  const bitmap = run(engine, 'FPDFBitmap_CreateEx', width, height, channels === 1 ? GRAY : BGRX, 0, 0)
  if (bitmap === 0) return false
  const from = run(engine, 'FPDFBitmap_GetBuffer', bitmap)
  const stride = run(engine, 'FPDFBitmap_GetStride', bitmap)
  const heap = new Uint8Array(heapOf(engine))
  for (let row = 0; row < height; row++) {
    if (channels === 1) {
      heap.set(data.subarray(row * width, (row + 1) * width), from + row * stride)
      continue
    }
    for (let x = 0, at = row * width * 3, to = from + row * stride; x < width; x++, at += 3, to += 4) {
      heap[to] = data[at + 2] as number
      heap[to + 1] = data[at + 1] as number
      heap[to + 2] = data[at] as number
      heap[to + 3] = 255
    }
  }
  const done = run(engine, 'FPDFImageObj_SetBitmap', 0, 0, image, bitmap) !== 0
  run(engine, 'FPDFBitmap_Destroy', bitmap)
  return done
}

/** From the page as displayed to the space of the file: rotation and crop undone. */
function userSpace(pdf: NewPdf, index: number): (x: number, y: number) => readonly [number, number] {
  const { engine, handle } = pdf
  const page = run(engine, 'EPDF_LoadPageNormalized', handle, index, 0)
  const rotation = run(engine, 'EPDF_GetPageRotationByIndex', handle, index) & 3
  let [left, top, width, height] = [0, run(engine, 'FPDF_GetPageHeightF', page), run(engine, 'FPDF_GetPageWidthF', page), run(engine, 'FPDF_GetPageHeightF', page)]
  if (run(engine, 'FPDF_GetPageBoundingBox', page, engine.scratch) !== 0) {
    const view = new DataView(heapOf(engine))
    const [l, t, r, b] = [0, 4, 8, 12].map((offset) => view.getFloat32(engine.scratch + offset, true)) as [number, number, number, number]
    left = l
    top = t
    width = r - l
    height = t - b
  }
  run(engine, 'FPDF_ClosePage', page)
  const [l, t, w, h] = [left, top, width, height]
  switch (rotation) {
    case 1: return (x, y) => [l + y, t - (h - x)]
    case 2: return (x, y) => [l + (w - x), t - (h - y)]
    case 3: return (x, y) => [l + (w - y), t - x]
    default: return (x, y) => [l + x, t - y]
  }
}

/** Corners of an area in the space of the file, in the order of QuadPoints: upper left, upper right, lower left, lower right as displayed. */
type Quad = readonly [number, number, number, number, number, number, number, number]
const quadOf = (to: (x: number, y: number) => readonly [number, number], a: Area): Quad =>
  [...to(a.left, a.top), ...to(a.right, a.top), ...to(a.left, a.bottom), ...to(a.right, a.bottom)] as unknown as Quad

export interface Highlight {
  readonly areas: readonly Area[]
  readonly colour: Colour
  /** Shown when the reader points at it. */
  readonly note: string
  /** Who speaks in the note. */
  readonly author: string
}

/** Real highlights on page `index` (0-based), in the order given. */
export function highlight(pdf: NewPdf, index: number, highlights: readonly Highlight[]): void {
  const { engine, handle } = pdf
  const to = userSpace(pdf, index)
  const page = run(engine, 'FPDF_LoadPage', handle, index)
  if (page === 0) return
  for (const each of highlights) {
    const quads = each.areas.map((a) => quadOf(to, a))
    if (quads.length === 0) continue
    const annotation = run(engine, 'FPDFPage_CreateAnnot', page, HIGHLIGHT)
    if (annotation === 0) continue
    setRect(engine, annotation, quads)
    for (const quad of quads) {
      floats(engine, engine.scratch, quad)
      run(engine, 'FPDFAnnot_AppendAttachmentPoints', annotation, engine.scratch)
    }
    run(engine, 'EPDFAnnot_SetColor', annotation, 0, ...each.colour)
    run(engine, 'EPDFAnnot_SetOpacity', annotation, 128)
    run(engine, 'FPDFAnnot_SetFlags', annotation, PRINTED)
    setText(engine, annotation, 'Contents', each.note)
    setText(engine, annotation, 'T', each.author)
    run(engine, 'EPDFAnnot_GenerateAppearanceWithBlend', annotation, MULTIPLY)
    run(engine, 'FPDFPage_CloseAnnot', annotation)
  }
  run(engine, 'FPDF_ClosePage', page)
}

const setText = (engine: Engine, annotation: number, key: string, text: string): void =>
  withName(engine, key, (name) => withWide(engine, text, (at) => void run(engine, 'FPDFAnnot_SetStringValue', annotation, name, at)))

/** FS_RECTF: left, top, right, bottom. */
function setRect(engine: Engine, annotation: number, quads: readonly Quad[]): void {
  const xs = quads.flatMap((q) => [q[0], q[2], q[4], q[6]])
  const ys = quads.flatMap((q) => [q[1], q[3], q[5], q[7]])
  floats(engine, engine.scratch, [Math.min(...xs), Math.max(...ys), Math.max(...xs), Math.min(...ys)])
  run(engine, 'FPDFAnnot_SetRect', annotation, engine.scratch)
}

/** A link from an area of page `index` to the top of page `target`. */
export function link(pdf: NewPdf, index: number, area: Area, target: number): void {
  const { engine, handle } = pdf
  const to = userSpace(pdf, index)
  const page = run(engine, 'FPDF_LoadPage', handle, index)
  if (page === 0) return
  const annotation = run(engine, 'EPDFPage_CreateAnnot', page, LINK)
  if (annotation !== 0) {
    setRect(engine, annotation, [quadOf(to, area)])
    run(engine, 'FPDFAnnot_SetBorder', annotation, 0, 0, 0)
    const destination = topOf(pdf, target)
    if (destination !== 0) run(engine, 'EPDFAnnot_SetAction', annotation, run(engine, 'EPDFAction_CreateGoTo', handle, destination))
    run(engine, 'FPDFPage_CloseAnnot', annotation)
  }
  run(engine, 'FPDF_ClosePage', page)
}

function topOf(pdf: NewPdf, index: number): number {
  const { engine, handle } = pdf
  const [x, y] = userSpace(pdf, index)(0, 0)
  const page = run(engine, 'FPDF_LoadPage', handle, index)
  if (page === 0) return 0
  const destination = run(engine, 'EPDFDest_CreateXYZ', page, 1, x, 1, y, 0, 0)
  run(engine, 'FPDF_ClosePage', page)
  return destination
}

export function bookmarks(pdf: NewPdf, marks: readonly { readonly title: string; readonly page: number }[]): void {
  const { engine, handle } = pdf
  for (const { title, page } of marks) {
    const bookmark = withWide(engine, title, (at) => run(engine, 'EPDFBookmark_AppendChild', handle, 0, at))
    const destination = bookmark === 0 ? 0 : topOf(pdf, page)
    if (destination !== 0) run(engine, 'EPDFBookmark_SetDest', handle, bookmark, destination)
  }
}

export function describe(pdf: NewPdf, about: Readonly<Record<'Title' | 'Author' | 'Subject', string>>): void {
  const { engine, handle } = pdf
  for (const [key, text] of Object.entries({ ...about, Creator: 'Vouch', Producer: 'Vouch', CreationDate: 'D:19800101000000Z', ModDate: 'D:19800101000000Z' })) {
    withName(engine, key, (name) => withWide(engine, text, (at) => void run(engine, 'EPDF_SetMetaText', handle, name, at)))
  }
}

/** The file; the same document gives the same bytes. */
export function saved(pdf: NewPdf): Uint8Array {
  const { engine, handle } = pdf
  const writer = run(engine, 'PDFiumExt_OpenFileWriter')
  run(engine, 'PDFiumExt_SaveAsCopy', handle, writer)
  const size = run(engine, 'PDFiumExt_GetFileWriterSize', writer)
  const at = run(engine, 'malloc', size)
  run(engine, 'PDFiumExt_GetFileWriterData', writer, at, size)
  const bytes = new Uint8Array(heapOf(engine)).slice(at, at + size)
  run(engine, 'free', at)
  run(engine, 'PDFiumExt_CloseFileWriter', writer)
  return named(bytes)
}

/** The engine names a file at random; the name is made from what is in it instead. */
function named(bytes: Uint8Array): Uint8Array {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + Math.max(0, bytes.length - 2048), Math.min(2048, bytes.length)).toString('latin1')
  const found = /\/ID\s*\[\s*<([0-9A-Fa-f]*)>\s*<([0-9A-Fa-f]*)>\s*\]/.exec(tail)
  if (!found) return bytes
  const start = Math.max(0, bytes.length - 2048) + found.index
  const blank = found[0].replace(/<[0-9A-Fa-f]*>/g, (id) => `<${'0'.repeat(id.length - 2)}>`)
  bytes.set(Buffer.from(blank, 'latin1'), start)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const name = found[0].replace(/<[0-9A-Fa-f]*>/g, (id) => `<${hash.repeat(2).slice(0, id.length - 2)}>`)
  bytes.set(Buffer.from(name, 'latin1'), start)
  return bytes
}
