// Makes scans of drawn pages: noise, lean, fax lines, quarter turns. May not: be used outside tests.
import sharp from 'sharp'
import type { Sharp } from 'sharp'
import { openPdf, renderPage, startEngine } from '../../src/document/pdf-engine.ts'
import { pdf } from './fixtures.ts'

export interface Scan {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** Page `index` of a PDF at a resolution, one byte a pixel. */
export async function rendered(bytes: Uint8Array, index: number, dpi: number): Promise<Scan> {
  const opened = openPdf(await startEngine(), bytes)
  if ('fault' in opened) throw new Error(opened.fault)
  const image = renderPage(opened, index, dpi)
  opened.close()
  if (image === null) throw new Error('not rendered')
  return { width: image.width, height: image.height, pixels: image.gray }
}

/** Grain of the same pattern each time. */
export function grainy(scan: Scan, strength: number): Scan {
  let state = 12_345
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  return { ...scan, pixels: scan.pixels.map((value) => Math.max(0, Math.min(255, 0.88 * value + 22 + strength * (random() + random())))) }
}

/** Turned about its middle, by degrees clockwise, in a page of the same size. */
export function leaning(scan: Scan, degrees: number): Scan {
  const { width, height } = scan
  const sin = Math.sin((degrees * Math.PI) / 180)
  const cos = Math.cos((degrees * Math.PI) / 180)
  const pixels = new Uint8Array(width * height).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = Math.round(width / 2 + (x - width / 2) * cos + (y - height / 2) * sin)
      const fromY = Math.round(height / 2 - (x - width / 2) * sin + (y - height / 2) * cos)
      if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) pixels[y * width + x] = scan.pixels[fromY * width + fromX] as number
    }
  }
  return { width, height, pixels }
}

const image = (scan: Scan): Sharp => sharp(scan.pixels, { raw: { width: scan.width, height: scan.height, channels: 1 } })

export const asPng = async (scan: Scan, quarters = 0): Promise<Uint8Array> => new Uint8Array(await image(scan).rotate(90 * quarters).toColourspace('b-w').png().toBuffer())
export const asJpeg = async (scan: Scan): Promise<Uint8Array> => new Uint8Array(await image(scan).toColourspace('b-w').jpeg({ quality: 70 }).toBuffer())

/** As fax machines send: 204 dots an inch across, 98 lines an inch down, black and white. */
export async function asFax(scan: Scan, inches: { readonly width: number; readonly height: number }): Promise<Uint8Array> {
  return new Uint8Array(await image(scan).resize(Math.round(204 * inches.width), Math.round(98 * inches.height), { fit: 'fill' }).threshold(150).toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: 98 / 25.4, resolutionUnit: 'inch' }).toBuffer())
}

/** A PDF with one picture a page, filling it. */
export function pictured(pictures: readonly { readonly bytes: Uint8Array; readonly size: readonly [number, number] }[], before?: (pen: Parameters<Parameters<typeof pdf>[0]>[0]) => void): Promise<Uint8Array> {
  return pdf((pen) => {
    before?.(pen)
    pictures.forEach(({ bytes, size }) => {
      pen.addPage({ size, margin: 0 })
      pen.image(bytes, 0, 0, { width: size[0], height: size[1] })
    })
  }, before === undefined ? { autoFirstPage: false } : {})
}
