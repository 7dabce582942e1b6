// Image files (PNG, JPEG, TIFF with many pages) → gray pages at a resolution fit for OCR. May not: recognise text; trust what a header says of its size.
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import type { PageImage } from './ocr-page.ts'
import { grainOf } from './ocr-pixels.ts'
import { sniff, tiffDirectories } from './sniff.ts'

const MOST_PIXELS = 1e8
const LEAST_DPI = 150
const MOST_DPI = 300
/** Where the file does not tell: the longer side of a letter page, in inches. */
const LONG_SIDE = 11
const MOST_INCHES = 24

sharp.concurrency(1)
sharp.cache(false)

/** Page `index` (0-based). Rejects for what cannot be decoded. */
export async function readImagePage(bytes: Uint8Array, index: number): Promise<PageImage> {
  const tags = sniff(bytes) === 'tiff' ? tiffTags(bytes, index) : null
  const open = (): Sharp => sharp(bytes, { page: index, limitInputPixels: MOST_PIXELS, failOn: 'none' })
  const about = await open().metadata()
  const { width = 0, height = 0 } = about
  const turned = (about.orientation ?? 1) >= 5
  const [xDpi, yDpi] = resolution(width, height, tags?.xDpi ?? about.density ?? 0, tags?.yDpi ?? about.density ?? 0)
  // As stored; the orientation turns it.
  const inches = { width: width / xDpi, height: height / yDpi }
  const dpi = Math.min(MOST_DPI, Math.max(LEAST_DPI, Math.max(xDpi, yDpi)))
  const size = { width: Math.max(1, Math.round(inches.width * dpi)), height: Math.max(1, Math.round(inches.height * dpi)) }
  let pipe = open().flatten({ background: '#ffffff' })
  if (size.width !== width || size.height !== height) pipe = pipe.resize(size.width, size.height, { fit: 'fill' })
  const upright = pipe.toColourspace('b-w')
  const { data, info } = await (turned || (about.orientation ?? 1) > 1 ? sharp(await upright.png({ compressionLevel: 1 }).withMetadata({ orientation: about.orientation }).toBuffer()).autoOrient() : upright)
    .toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  return {
    width: info.width, height: info.height, pixels: firstChannel(data, info.channels), points: { width: (72 * info.width) / dpi, height: (72 * info.height) / dpi },
    grain: grainOf(tags?.bilevel ?? about.bitsPerSample === 1, Math.min(xDpi, yDpi)),
  }
}

/** Size of page `index` (0-based) in points, upright, as its words are placed. Rejects for what cannot be decoded. */
export async function imagePoints(bytes: Uint8Array, index: number): Promise<{ readonly width: number; readonly height: number; readonly turned: boolean }> {
  const tags = sniff(bytes) === 'tiff' ? tiffTags(bytes, index) : null
  const about = await sharp(bytes, { page: index, limitInputPixels: MOST_PIXELS, failOn: 'none' }).metadata()
  const { width = 0, height = 0, orientation = 1 } = about
  const [xDpi, yDpi] = resolution(width, height, tags?.xDpi ?? about.density ?? 0, tags?.yDpi ?? about.density ?? 0)
  const size = { width: (72 * width) / xDpi, height: (72 * height) / yDpi }
  return orientation >= 5 ? { width: size.height, height: size.width, turned: true } : { ...size, turned: orientation > 1 }
}

/** False where the file ends before the page does, or its data cannot be decoded: what is white may be missing. */
export async function isWholePage(bytes: Uint8Array, index: number): Promise<boolean> {
  try {
    await sharp(bytes, { page: index, limitInputPixels: MOST_PIXELS, failOn: 'warning' }).stats()
    return true
  } catch {
    return false
  }
}

/** As the file says where that makes a page; square pixels on a letter page else. */
function resolution(width: number, height: number, x: number, y: number): readonly [number, number] {
  const fits = (pixels: number, dpi: number): boolean => dpi >= 60 && pixels / dpi <= MOST_INCHES
  // 72 is what programs write that do not know.
  const known = fits(width, x) && fits(height, y) && !(x === 72 && y === 72)
  if (known) return [x, y]
  const guess = Math.max(50, Math.max(width, height) / LONG_SIDE)
  return [guess, guess]
}

function firstChannel(data: Buffer, channels: number): Uint8Array {
  if (channels === 1) return new Uint8Array(data.buffer, data.byteOffset, data.length)
  const pixels = new Uint8Array(data.length / channels)
  for (let at = 0; at < pixels.length; at++) pixels[at] = data[at * channels] as number
  return pixels
}

/** What the image library does not tell: fax machines scan with fewer lines than columns. */
function tiffTags(bytes: Uint8Array, index: number): { readonly xDpi: number; readonly yDpi: number; readonly bilevel: boolean } | null {
  const { at: directories, little, big } = tiffDirectories(bytes)
  const at = directories[index]
  if (at === undefined) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const short = (from: number): number => (from + 2 <= bytes.length ? view.getUint16(from, little) : 0)
  const long = (from: number): number => (from + 4 <= bytes.length ? view.getUint32(from, little) : 0)
  const wide = (from: number): number => (!big ? long(from) : from + 8 <= bytes.length ? Number(view.getBigUint64(from, little)) : 0)
  let x = 0
  let y = 0
  let unit = 2
  let bits = 1
  const count = big ? Math.min(1000, wide(at)) : short(at)
  for (let entry = 0; entry < count; entry++) {
    const from = big ? at + 8 + 20 * entry : at + 2 + 12 * entry
    const tag = short(from)
    const values = wide(from + 4)
    const value = from + (big ? 12 : 8)
    // Two numbers, in their place where that is wide enough.
    const fraction = (): number => {
      const to = big ? value : long(value)
      return long(to + 4) === 0 ? 0 : long(to) / long(to + 4)
    }
    if (tag === 258) bits = values === 1 ? short(value) : 8
    else if (tag === 282) x = fraction()
    else if (tag === 283) y = fraction()
    else if (tag === 296) unit = short(value)
  }
  const CENTIMETRES = 3
  const factor = unit === CENTIMETRES ? 2.54 : unit === 2 ? 1 : 0
  return { xDpi: x * factor, yDpi: y * factor, bilevel: bits === 1 }
}
