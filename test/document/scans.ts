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

/** A PDF of one picture in black and white, packed as scanners and fax servers do. A JBIG2 region may hold the same code as Group 4. */
export async function bilevelPdf(scan: Scan, filter: 'CCITTFaxDecode' | 'JBIG2Decode', [width, height]: readonly [number, number]): Promise<Uint8Array> {
  // One tile, so that the page is one piece of code; tiles are multiples of 16.
  const tile = { width: 16 * Math.ceil(scan.width / 16), height: 16 * Math.ceil(scan.height / 16) }
  const tiff = await image(scan).extend({ right: tile.width - scan.width, bottom: tile.height - scan.height, background: '#fff' }).toColourspace('b-w')
    .tiff({ compression: 'ccittfax4', bitdepth: 1, tile: true, tileWidth: tile.width, tileHeight: tile.height }).toBuffer()
  const { code, whiteIsZero } = codeOf(tiff)
  const drawn = [(width * tile.width) / scan.width, (height * tile.height) / scan.height] as const
  const number = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntBE(value, 0, bytes)
    return buffer
  }
  const segment = (index: number, type: number, data: Buffer): Buffer => Buffer.concat([number(index, 4), Buffer.from([type, 0, 1]), number(data.length, 4), data])
  const PAGE = 48
  const REGION = 38
  const MMR = 1
  const size = Buffer.concat([number(tile.width, 4), number(tile.height, 4)])
  const jbig2 = Buffer.concat([
    segment(0, PAGE, Buffer.concat([size, number(0, 8 - 2), number(0, 2), Buffer.from([0]), number(0, 2)])),
    segment(1, REGION, Buffer.concat([size, number(0, 6), number(0, 2), Buffer.from([0, MMR]), code])),
  ])
  const stream = filter === 'JBIG2Decode' ? jbig2 : code
  const parameters = filter === 'JBIG2Decode' ? '' : `/DecodeParms<</K -1/Columns ${tile.width}/Rows ${tile.height}/BlackIs1 ${!whiteIsZero}>>`
  const parts: Buffer[] = []
  const starts: number[] = []
  const add = (text: string | Buffer): void => void parts.push(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0)
  const object = (body: string, data?: Buffer): void => {
    starts.push(length())
    add(`${starts.length} 0 obj\n${body}\n`)
    if (data !== undefined) { add('stream\n'); add(data); add('\nendstream\n') }
    add('endobj\n')
  }
  const draw = Buffer.from(`${drawn[0]} 0 0 ${drawn[1]} 0 ${height - drawn[1]} cm /X Do`)
  add('%PDF-1.7\n')
  object('<</Type/Catalog/Pages 2 0 R>>')
  object('<</Type/Pages/Kids[3 0 R]/Count 1>>')
  object(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>`)
  object(`<</Length ${draw.length}>>`, draw)
  object(`<</Type/XObject/Subtype/Image/Width ${tile.width}/Height ${tile.height}/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/${filter}${parameters}/Length ${stream.length}>>`, stream)
  const table = length()
  add(`xref\n0 6\n0000000000 65535 f \n${starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`)
  return new Uint8Array(Buffer.concat(parts))
}

/** The one tile of a TIFF in little-endian order, and whether 0 is white in it. */
function codeOf(tiff: Buffer): { readonly code: Buffer; readonly whiteIsZero: boolean } {
  const at = tiff.readUInt32LE(4)
  const fields = new Map<number, number>()
  for (let entry = 0; entry < tiff.readUInt16LE(at); entry++) {
    const from = at + 2 + 12 * entry
    fields.set(tiff.readUInt16LE(from), tiff.readUInt16LE(from + 2) === 3 ? tiff.readUInt16LE(from + 8) : tiff.readUInt32LE(from + 8))
  }
  const [TILE_AT, TILE_SIZE, PHOTOMETRIC] = [324, 325, 262]
  const start = fields.get(TILE_AT) ?? 0
  return { code: tiff.subarray(start, start + (fields.get(TILE_SIZE) ?? 0)), whiteIsZero: fields.get(PHOTOMETRIC) === 0 }
}
