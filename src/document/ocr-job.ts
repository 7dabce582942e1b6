// Inside the forked reader: pages named by the parent → their text by OCR, sent back one by one. May not: write to disk (but for the cache asked for), console or network.
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { openOcrCache } from './ocr-cache.ts'
import type { OcrCache } from './ocr-cache.ts'
import { startRecogniser } from './ocr-engine.ts'
import type { Recogniser } from './ocr-engine.ts'
import { nativeRecogniser } from './ocr-native.ts'
import { recognisePage } from './ocr-page.ts'
import type { PageImage } from './ocr-page.ts'
import { grainOf } from './ocr-pixels.ts'
import { openPdf, renderPage } from './pdf-engine.ts'
import type { Engine, OpenPdf, Rectangle } from './pdf-engine.ts'
import { barePicturesOf } from './pdf-page.ts'
import type { PageResult } from './pdf-page.ts'
import type { Message, Source } from './reader-child.ts'

export interface OcrJob {
  readonly kind: 'ocr'
  readonly source: Source
  /** `pictures`: only what stands under pictures of a page with text of its own, one message a picture. */
  readonly format: 'pdf' | 'image' | 'pictures'
  /** 0-based. */
  readonly pages: readonly number[]
  readonly engine: OcrSettings
}

export interface OcrSettings {
  /** A Tesseract of this machine; null for the one that comes along. */
  readonly native: string | null
  /** What the cache knows the engine by. */
  readonly name: string
  readonly cache: string | null
}

const LEAST_DPI = 150
const MOST_DPI = 300
const MOST_PIXELS = 1e8
/** Of pages drawn, not scanned: their text is sharp at any size. */
const DRAWN_DPI = 300
const MOST_PICTURES_A_PAGE = 12

const recognisers = new Map<string | null, Recogniser>()

export async function recognisePages(job: OcrJob, startEngine: () => Promise<Engine>, send: (message: Message) => Promise<void>): Promise<void> {
  const { engine } = job
  const recogniser = recognisers.get(engine.native) ?? (engine.native === null ? startRecogniser() : nativeRecogniser(engine.native))
  recognisers.set(engine.native, recogniser)
  const cache: OcrCache | null = engine.cache === null ? null : openOcrCache(engine.cache)
  const read = async (index: number, image: PageImage): Promise<PageResult> => {
    const known = cache?.find(image, engine.name) ?? null
    if (known !== null) return { ...known, index }
    const result = await recognisePage(index, image, recogniser)
    cache?.keep(image, engine.name, result)
    return result
  }
  if (job.format === 'image') {
    const { isWholePage, readImagePage } = await import('./read-image.ts')
    const bytes = 'bytes' in job.source ? job.source.bytes : new Uint8Array(readFileSync(job.source.path))
    await send({ kind: 'opened', pages: job.pages.length, facts: null })
    // A page that cannot be decoded is silent: the parent knows which it asked for.
    for (const index of job.pages) {
      const image = await readImagePage(bytes, index).catch(() => null)
      if (image === null) continue
      const result = await read(index, image)
      await send({ kind: 'page', result: result.reason === 'blank' && !(await isWholePage(bytes, index)) ? { ...result, reason: 'image-only' } : result })
    }
    return
  }
  const pdfium = await startEngine()
  const descriptor = 'path' in job.source ? openSync(job.source.path, 'r') : null
  const pdf = openPdf(pdfium, 'bytes' in job.source ? job.source.bytes : { descriptor: descriptor as number, length: fstatSync(descriptor as number).size }, job.source.passwords)
  try {
    if ('fault' in pdf) return
    await send({ kind: 'opened', pages: pdf.pages, facts: null })
    for (const index of job.pages) {
      const { image, broken } = renderedPage(pdf, index)
      if (image === null) continue
      if (job.format === 'pictures') {
        for (const box of barePicturesOf(pdf, index).slice(0, MOST_PICTURES_A_PAGE)) {
          const part = cropped(image, box)
          if (part !== null) await send({ kind: 'page', result: moved(await read(index, part), box) })
        }
        continue
      }
      const result = await read(index, image)
      await send({ kind: 'page', result: result.reason === 'blank' && broken ? { ...result, reason: 'image-only' } : result })
    }
    pdf.close()
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** What lies inside a box of the displayed page. */
function cropped(image: PageImage, box: Rectangle): PageImage | null {
  const scale = image.width / image.points.width
  const left = Math.max(0, Math.floor(box.left * scale))
  const top = Math.max(0, Math.floor(box.top * scale))
  const width = Math.min(image.width, Math.ceil(box.right * scale)) - left
  const height = Math.min(image.height, Math.ceil(box.bottom * scale)) - top
  if (width < 20 || height < 20) return null
  const pixels = new Uint8Array(width * height)
  for (let row = 0; row < height; row++) pixels.set(image.pixels.subarray((top + row) * image.width + left, (top + row) * image.width + left + width), row * width)
  return { width, height, pixels, points: { width: width / scale, height: height / scale }, grain: image.grain }
}

function moved(result: PageResult, by: Rectangle): PageResult {
  const [left, top] = [Math.max(0, by.left), Math.max(0, by.top)]
  return { ...result, box: result.box.map((value, at) => value + (at % 2 === 0 ? left : top)) }
}

/** `broken`: a picture of the page cannot be shown. */
export function renderedPage(pdf: OpenPdf, index: number): { readonly image: PageImage | null; readonly broken: boolean } {
  const picture = largestPicture(pdf, index)
  const dpi = picture === null ? DRAWN_DPI : Math.min(MOST_DPI, Math.max(LEAST_DPI, Math.round(picture.dpi)))
  const image = renderPage(pdf, index, dpi)
  if (image === null) return { image: null, broken: true }
  const { raw } = pdf.engine
  const page = Number(raw['FPDF_LoadPage']?.(pdf.handle, index))
  const points = { width: Number(raw['FPDF_GetPageWidthF']?.(page)), height: Number(raw['FPDF_GetPageHeightF']?.(page)) }
  raw['FPDF_ClosePage']?.(page)
  return { image: { width: image.width, height: image.height, pixels: image.gray, points, grain: grainOf(picture?.bits === 1, picture?.fewest ?? dpi) }, broken: picture?.broken ?? false }
}

/** Resolution and depth of the picture with most pixels; null where there is none. */
function largestPicture(pdf: OpenPdf, index: number): { readonly dpi: number; readonly fewest: number; readonly bits: number; readonly broken: boolean } | null {
  const { raw, scratch } = pdf.engine
  const run = (name: string, ...numbers: number[]): number => Number(raw[name]?.(...numbers))
  const page = run('FPDF_LoadPage', pdf.handle, index)
  if (page === 0) return null
  const IMAGE = 3
  const FORM = 5
  let best: { object: number; pixels: number; dpi: number; fewest: number; bits: number } | null = null
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
      const [across, down] = [view.getFloat32(scratch + 8, true), view.getFloat32(scratch + 12, true)]
      const dpi = Math.max(across, down)
      if (dpi > 0 && (best === null || pixels > best.pixels)) best = { object, pixels, dpi, fewest: Math.min(across, down), bits: view.getUint32(scratch + 16, true) }
    }
  }
  walk(page, false, 0)
  const found = best as { object: number; pixels: number; dpi: number; fewest: number; bits: number } | null
  let broken = found !== null && found.pixels > MOST_PIXELS
  if (found !== null && !broken) {
    const bitmap = run('FPDFImageObj_GetBitmap', found.object)
    broken = bitmap === 0
    if (!broken) run('FPDFBitmap_Destroy', bitmap)
  }
  run('FPDF_ClosePage', page)
  return found === null ? null : { dpi: found.dpi, fewest: found.fewest, bits: found.bits, broken }
}
