// A packet of as many pages as a test needs.
import { writeFileSync } from 'node:fs'
import PDFDocument from 'pdfkit'

/** Progress notes of an invented patient, each page a little different. */
export function manyPages(path: string, pages: number): Promise<void> {
  return new Promise((done, failed) => {
    const pdf = new PDFDocument({ size: 'LETTER', margin: 54 })
    const parts: Buffer[] = []
    pdf.on('data', (part: Buffer) => parts.push(part))
    pdf.on('error', failed)
    pdf.on('end', () => {
      writeFileSync(path, Buffer.concat(parts))
      done()
    })
    const write = (method: string, ...args: unknown[]): unknown => pdf[method]?.(...args)
    for (let n = 1; n <= pages; n++) {
      if (n > 1) write('addPage')
      write('fontSize', 9)
      write('text', `MARLOWE, EDITH  DOB 11/02/1949  MRN 4077123   Page ${n} of ${pages}`)
      write('text', 'Nursing Flow Sheet')
      for (let row = 0; row < 18; row++) write('text', `${String((row % 12) + 1).padStart(2, '0')}:00  pulse ${60 + ((n * 7 + row) % 40)}  temperature 36.${(n + row) % 10}  meal taken ${(n * row) % 100} %  resting, no complaints`)
    }
    write('end')
  })
}
