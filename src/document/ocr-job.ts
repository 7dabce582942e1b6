// Inside the forked reader: pages named by the parent → their text by OCR, sent back one by one. May not: write to disk, console or network.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { startRecogniser } from './ocr-engine.ts'
import type { Recogniser } from './ocr-engine.ts'
import { recognisePage } from './ocr-page.ts'
import type { PageImage } from './ocr-page.ts'
import { openPdf, renderPage } from './pdf-engine.ts'
import type { Engine, OpenPdf } from './pdf-engine.ts'
import type { Message, Source } from './reader-child.ts'

export interface OcrJob {
  readonly kind: 'ocr'
  readonly source: Source
  readonly format: 'pdf' | 'image'
  /** 0-based. */
  readonly pages: readonly number[]
}

const LEAST_DPI = 150
const MOST_DPI = 300
const MOST_PIXELS = 1e8
/** Of pages drawn, not scanned: their text is sharp at any size. */
const DRAWN_DPI = 300

let recogniser: Recogniser | null = null

export async function recognisePages(job: OcrJob, startEngine: () => Promise<Engine>, send: (message: Message) => Promise<void>): Promise<void> {
  const own = (recogniser ??= startRecogniser())
  if (job.format === 'image') {
    const { isWholePage, readImagePage } = await import('./read-image.ts')
    const bytes = 'bytes' in job.source ? job.source.bytes : new Uint8Array(readFileSync(job.source.path))
    await send({ kind: 'opened', pages: job.pages.length, facts: null })
    // A page that cannot be decoded is silent: the parent knows which it asked for.
    for (const index of job.pages) {
      const image = await readImagePage(bytes, index).catch(() => null)
      if (image === null) continue
      const result = await recognisePage(index, image, own)
      await send({ kind: 'page', result: result.reason === 'blank' && !(await isWholePage(bytes, index)) ? { ...result, reason: 'image-only' } : result })
    }
    return
  }
  const engine = await startEngine()
  const descriptor = 'path' in job.source ? openSync(job.source.path, 'r') : null
  const pdf = openPdf(engine, 'bytes' in job.source ? job.source.bytes : { descriptor: descriptor as number, length: fstatSync(descriptor as number).size }, job.source.passwords)
  try {
    if ('fault' in pdf) return
    await send({ kind: 'opened', pages: pdf.pages, facts: null })
    for (const index of job.pages) {
      const { image, broken } = renderedPage(pdf, index)
      if (image === null) continue
      const result = await recognisePage(index, image, own)
      await send({ kind: 'page', result: result.reason === 'blank' && broken ? { ...result, reason: 'image-only' } : result })
    }
    pdf.close()
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** `broken`: a picture of the page cannot be shown. */
function renderedPage(pdf: OpenPdf, index: number): { readonly image: PageImage | null; readonly broken: boolean } {
  const picture = largestPicture(pdf, index)
  const dpi = picture === null ? DRAWN_DPI : Math.min(MOST_DPI, Math.max(LEAST_DPI, Math.round(picture.dpi)))
  const image = renderPage(pdf, index, dpi)
  if (image === null) return { image: null, broken: true }
  const { raw } = pdf.engine
  const page = Number(raw['FPDF_LoadPage']?.(pdf.handle, index))
  const points = { width: Number(raw['FPDF_GetPageWidthF']?.(page)), height: Number(raw['FPDF_GetPageHeightF']?.(page)) }
  raw['FPDF_ClosePage']?.(page)
  return { image: { width: image.width, height: image.height, pixels: image.gray, points, bilevel: picture?.bits === 1 }, broken: picture?.broken ?? false }
}

/** Resolution and depth of the picture with most pixels; null where there is none. */
function largestPicture(pdf: OpenPdf, index: number): { readonly dpi: number; readonly bits: number; readonly broken: boolean } | null {
  const { raw, scratch } = pdf.engine
  const run = (name: string, ...numbers: number[]): number => Number(raw[name]?.(...numbers))
  const page = run('FPDF_LoadPage', pdf.handle, index)
  if (page === 0) return null
  const IMAGE = 3
  const FORM = 5
  let best: { object: number; pixels: number; dpi: number; bits: number } | null = null
  const walk = (container: number, inForm: boolean, depth: number): void => {
    const count = Math.min(5000, run(inForm ? 'FPDFFormObj_CountObjects' : 'FPDFPage_CountObjects', container))
    for (let each = 0; each < count; each++) {
      const object = run(inForm ? 'FPDFFormObj_GetObject' : 'FPDFPage_GetObject', container, each)
      const type = object === 0 ? 0 : run('FPDFPageObj_GetType', object)
      if (type === FORM && depth < 4) walk(object, true, depth + 1)
      if (type !== IMAGE || run('FPDFImageObj_GetImageMetadata', object, page, scratch) === 0) continue
      // Width and height in pixels, horizontal and vertical resolution, bits a pixel.
      const view = new DataView((raw['memory'] as unknown as { readonly buffer: ArrayBuffer }).buffer)
      const pixels = view.getUint32(scratch, true) * view.getUint32(scratch + 4, true)
      const dpi = Math.max(view.getFloat32(scratch + 8, true), view.getFloat32(scratch + 12, true))
      if (dpi > 0 && (best === null || pixels > best.pixels)) best = { object, pixels, dpi, bits: view.getUint32(scratch + 16, true) }
    }
  }
  walk(page, false, 0)
  const found = best as { object: number; pixels: number; dpi: number; bits: number } | null
  let broken = found !== null && found.pixels > MOST_PIXELS
  if (found !== null && !broken) {
    const bitmap = run('FPDFImageObj_GetBitmap', found.object)
    broken = bitmap === 0
    if (!broken) run('FPDFBitmap_Destroy', bitmap)
  }
  run('FPDF_ClosePage', page)
  return found === null ? null : { dpi: found.dpi, bits: found.bits, broken }
}
