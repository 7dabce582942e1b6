// A page as a picture in colour, for people to look at. May not: find text; write anywhere.
import sharp from 'sharp'
import type { OpenPdf } from './pdf-engine.ts'

export const MOST_WIDTH = 2400
const BGRX = 3
const WITH_ANNOTATIONS = 0x01

/** Page `index` (0-based) as PNG, `width` pixels wide; null where it cannot be drawn. */
export async function pdfPagePng(pdf: OpenPdf, index: number, width: number): Promise<Buffer | null> {
  const { raw, runtime } = pdf.engine
  const run = (name: string, ...numbers: number[]): number => Number(raw[name]?.(...numbers))
  const page = run('FPDF_LoadPage', pdf.handle, index)
  if (page === 0) return null
  const points = { width: Math.max(1, run('FPDF_GetPageWidthF', page)), height: Math.max(1, run('FPDF_GetPageHeightF', page)) }
  const scale = Math.min(width / points.width, Math.sqrt(20e6 / (points.width * points.height)))
  const size = { width: Math.max(1, Math.round(points.width * scale)), height: Math.max(1, Math.round(points.height * scale)) }
  const bitmap = run('FPDFBitmap_CreateEx', size.width, size.height, BGRX, 0, 0)
  if (bitmap === 0) {
    run('FPDF_ClosePage', page)
    return null
  }
  run('FPDFBitmap_FillRect', bitmap, 0, 0, size.width, size.height, 0xffffffff | 0)
  run('FPDF_RenderPageBitmap', bitmap, page, 0, 0, size.width, size.height, 0, WITH_ANNOTATIONS)
  const stride = run('FPDFBitmap_GetStride', bitmap)
  const from = run('FPDFBitmap_GetBuffer', bitmap)
  const heap = new Uint8Array((runtime.wasmExports['memory'] as unknown as { readonly buffer: ArrayBuffer }).buffer)
  const pixels = new Uint8Array(size.width * size.height * 3)
  let colour = false
  for (let row = 0, to = 0; row < size.height; row++) {
    for (let at = from + row * stride, end = at + 4 * size.width; at < end; at += 4, to += 3) {
      const blue = heap[at] as number
      const green = heap[at + 1] as number
      const red = heap[at + 2] as number
      pixels[to] = red
      pixels[to + 1] = green
      pixels[to + 2] = blue
      colour ||= Math.abs(red - green) > 6 || Math.abs(blue - green) > 6
    }
  }
  run('FPDFBitmap_Destroy', bitmap)
  run('FPDF_ClosePage', page)
  const picture = sharp(pixels, { raw: { ...size, channels: 3 } })
  return (colour ? picture : picture.toColourspace('b-w')).png({ compressionLevel: 4, adaptiveFiltering: false }).toBuffer()
}

/** The same of an image file, upright as it was read. */
export async function imagePagePng(bytes: Uint8Array, index: number, width: number): Promise<Buffer | null> {
  try {
    const upright = sharp(bytes, { page: index, limitInputPixels: 1e8, failOn: 'none' }).autoOrient().flatten({ background: '#ffffff' })
    return await upright.resize({ width, withoutEnlargement: false }).png({ compressionLevel: 4 }).toBuffer()
  } catch {
    return null
  }
}
