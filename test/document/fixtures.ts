// Records made in memory for the tests of this folder. May not: touch the disk; hold real people.
import { createRequire } from 'node:module'
import { deflateSync } from 'node:zlib'

/** The part of pdfkit's document used by the tests. */
export interface Pen {
  readonly page: { readonly dictionary: { readonly data: Record<string, unknown> } }
  readonly x: number
  readonly y: number
  font: (name: string) => Pen
  fontSize: (size: number) => Pen
  fillColor: (colour: string) => Pen
  fillOpacity: (share: number) => Pen
  text: (text: string, x?: number, y?: number, options?: Record<string, unknown>) => Pen
  moveDown: (lines?: number) => Pen
  addPage: (options?: Record<string, unknown>) => Pen
  rect: (x: number, y: number, width: number, height: number) => Pen
  fill: (colour: string) => Pen
  moveTo: (x: number, y: number) => Pen
  lineTo: (x: number, y: number) => Pen
  stroke: () => Pen
  image: (bytes: Uint8Array, x: number, y: number, options: Record<string, unknown>) => Pen
  rotate: (degrees: number, options?: Record<string, unknown>) => Pen
  save: () => Pen
  restore: () => Pen
  file: (bytes: Uint8Array, options: Record<string, unknown>) => Pen
  annotate: (x: number, y: number, width: number, height: number, options: Record<string, unknown>) => Pen
  initForm: () => Pen
  formText: (name: string, x: number, y: number, width: number, height: number, options?: Record<string, unknown>) => Pen
  readonly outline: { addItem: (title: string) => unknown }
}

interface Maker extends Pen {
  readonly on: (event: 'data' | 'end' | 'error', hear: (part: Uint8Array) => void) => void
  readonly end: () => void
}

// The library has no types.
const PDFDocument = createRequire(import.meta.url)('pdfkit') as new (options: Record<string, unknown>) => Maker

/** A PDF on letter paper; `draw` starts on its first page. Uncompressed, so that tests can change its bytes. */
export function pdf(draw: (pen: Pen) => void, options: Record<string, unknown> = {}): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const document = new PDFDocument({ size: 'LETTER', margin: 54, compress: false, info: { CreationDate: new Date(0) }, ...options })
    const parts: Uint8Array[] = []
    document.on('data', (part: Uint8Array) => parts.push(part))
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    document.on('error', reject)
    draw(document)
    document.end()
  })
}

export const PARAGRAPH =
  'The patient tolerates treatment well with mild fatigue and grade 1 dermatitis. Setup was verified with orthogonal imaging before each fraction, and shifts were applied. '

/** Rows at fixed columns, 14 points apart; returns the y below. */
export function table(pen: Pen, rows: readonly (readonly string[])[], columns: readonly number[], top: number, pitch = 14): number {
  rows.forEach((row, index) => row.forEach((cell, column) => cell !== '' && pen.text(cell, columns[column] as number, top + index * pitch, { lineBreak: false })))
  return top + rows.length * pitch
}

export function chart(pages: number): Promise<Uint8Array> {
  return pdf((pen) => {
    for (let page = 1; page <= pages; page++) {
      if (page > 1) pen.addPage()
      pen.font('Helvetica').fontSize(8).text(`DOE, JANE   MRN: 123456   DOB: 01/02/1950`, 54, 30, { lineBreak: false })
      pen.font('Helvetica-Bold').fontSize(13).text(page % 2 === 1 ? 'On-Treatment Visit' : 'Physics Weekly Check', 54, 120)
      pen.font('Helvetica').fontSize(10).text(PARAGRAPH.repeat(3), 54, 150)
      table(pen, [['Date', 'Fx', 'Dose (cGy)'], ['03/04/2024', String(page), '200'], ['03/05/2024', String(page + 1), '200']], [54, 160, 260], 300)
      pen.fontSize(8).text(`Page ${page} of ${pages}`, 54, 750, { lineBreak: false, height: 10 })
    }
  })
}

/** A gray PNG with some dark strokes. */
export function png(width: number, height: number): Uint8Array {
  const raw = Buffer.alloc((width + 1) * height, 0xff)
  for (let row = 0; row < height; row++) {
    raw[row * (width + 1)] = 0
    if (row % 20 < 6) for (let column = 10; column < width - 10; column++) if (column % 7 < 4) raw[row * (width + 1) + 1 + column] = 0
  }
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([head, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  return new Uint8Array(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]))
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** The same PDF with some of its bytes replaced by as many others. */
export function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  if (from.length !== to.length) throw new Error('lengths differ')
  const text = Buffer.from(bytes).toString('latin1')
  if (!text.includes(from)) throw new Error('nothing to replace')
  return new Uint8Array(Buffer.from(text.split(from).join(to), 'latin1'))
}

/** A PDF from its objects, `1 0 R` the catalog; each is a dictionary, or a dictionary with a stream. */
export function rawPdf(objects: readonly (string | { readonly dictionary: string; readonly stream: string })[]): Uint8Array {
  let text = '%PDF-1.7\n'
  const offsets: number[] = []
  objects.forEach((object, index) => {
    offsets.push(text.length)
    const body = typeof object === 'string' ? object : `<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n${object.stream}\nendstream`
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
  })
  const start = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** Three pages; the second draws a form that draws forms that draw forms, ten times each. */
export function bombOnPageTwo(depth = 9): Uint8Array {
  const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
  const words = (text: string): { dictionary: string; stream: string } => ({ dictionary: '', stream: `BT /F 12 Tf 72 700 Td (${text}) Tj ET` })
  const FIRST_FORM = 10
  const page = (content: number): string => `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${content} 0 R /Resources << /Font << /F 9 0 R >> /XObject << /X ${FIRST_FORM} 0 R >> >> >>`
  const forms = Array.from({ length: depth }, (_, index) => ({
    dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F 9 0 R >> ${index < depth - 1 ? `/XObject << /X ${FIRST_FORM + index + 1} 0 R >>` : ''} >>`,
    stream: index < depth - 1 ? '/X Do '.repeat(10) : 'BT /F 1 Tf 72 600 Td (aaaaaaaaaa) Tj ET',
  }))
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Count 3 /Kids [3 0 R 4 0 R 5 0 R] >>', page(6), page(7), page(8),
    words('First page of the record, with text enough'), { dictionary: '', stream: '/X Do' }, words('Third page of the record, with text enough'), font, ...forms,
  ])
}

/** A ZIP of stored entries. */
export function zip(entries: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8')
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt32LE(crc32(entry.bytes), 14)
    head.writeUInt32LE(entry.bytes.length, 18)
    head.writeUInt32LE(entry.bytes.length, 22)
    head.writeUInt16LE(name.length, 26)
    const listed = Buffer.alloc(46)
    listed.writeUInt32LE(0x02014b50, 0)
    listed.writeUInt16LE(20, 4)
    listed.writeUInt16LE(20, 6)
    head.copy(listed, 16, 14, 26)
    listed.writeUInt16LE(name.length, 28)
    listed.writeUInt32LE(offset, 42)
    const local = Buffer.concat([head, name, entry.bytes])
    locals.push(local)
    central.push(Buffer.concat([listed, name]))
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return new Uint8Array(Buffer.concat([...locals, directory, end]))
}
