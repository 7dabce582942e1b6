import { Document as WordDocument, ImageRun, Packer, Paragraph } from 'docx'
import sharp from 'sharp'
import { beforeAll, expect, test, vi } from 'vitest'
import type { Document } from '../../src/document/document.ts'
import { place } from '../../src/document/place.ts'
import { readFile } from '../../src/document/read-records.ts'
import { officeFormat, sniff, tiffPages } from '../../src/document/sniff.ts'
import { explainProblem } from '../../src/report/messages.ts'
import { pdf } from './fixtures.ts'
import { asPng, bilevelPdf, leaning, pictured, rendered } from './scans.ts'
import type { Scan } from './scans.ts'

vi.setConfig({ testTimeout: 240_000 })

const LINES = ['Electronic brachytherapy fraction record', 'Prescribed dose 4000 cGy in 8 fractions', 'Signed by Jane Doe, MD on 08/20/2025']
const SIZE = [520, 260] as const
let scan: Scan
beforeAll(async () => {
  scan = await rendered(await pdf((pen) => LINES.forEach((line, at) => pen.font('Helvetica').fontSize(18).text(line, 72, 72 + 40 * at)), { size: [...SIZE] }), 0, 200)
})

const read = async (bytes: Uint8Array, file: string): Promise<Document> => (await readFile(bytes, file)).documents[0] as Document
const lines = (document: Document, page = 0): string[] => document.text.split('\f')[page]?.split('\n').map((line) => line.trim()).filter((line) => line !== '') ?? []
const raw = (of: Scan) => sharp(of.pixels, { raw: { width: of.width, height: of.height, channels: 1 } }).toColourspace('b-w')

test.each(['CCITTFaxDecode', 'JBIG2Decode'] as const)('black and white pages of a PDF packed as %s', async (filter) => {
  const document = await read(await bilevelPdf(scan, filter, SIZE), 'fax.pdf')
  expect(lines(document)).toEqual(LINES)
  expect(document.pages.map(({ text, width, height }) => [text, width, height])).toEqual([['ocr', ...SIZE]])
  const at = document.text.indexOf('4000')
  const [box] = place(document, { start: at, end: at + 4 }).boxes
  expect(Math.abs((box?.top ?? 0) - 112)).toBeLessThan(6)
  expect(document.problems).toEqual([])
})

test('a page that has hardly any contrast left', async () => {
  const pale = { ...scan, pixels: scan.pixels.map((value) => 190 + Math.round((value * 22) / 255)) }
  expect(lines(await read(await asPng(pale), 'pale.png'))).toEqual(LINES)
})

test('a page that leans by three degrees', async () => {
  const document = await read(await pictured([{ bytes: await asPng(leaning(scan, 3)), size: SIZE }]), 'lean.pdf')
  expect(lines(document)).toEqual(LINES)
})

test.each([[3, 180], [6, 270], [8, 90]] as const)('a photograph that says by its orientation %i how it is held', async (orientation, turn) => {
  const photo = await sharp(await raw(scan).jpeg({ quality: 85 }).toBuffer()).rotate(turn).withMetadata({ orientation }).jpeg({ quality: 85 }).toBuffer()
  const document = await read(new Uint8Array(photo), 'photo.jpg')
  expect(lines(document)).toEqual(LINES)
  expect((document.pages[0]?.width ?? 0) > (document.pages[0]?.height ?? 0)).toBe(true)
})

test('TIFF of many pages, in its two sizes of fields, packed in each way', async () => {
  const page = await sharp(scan.pixels, { raw: { width: scan.width, height: scan.height, channels: 1 } }).png().toBuffer()
  for (const [bigtiff, compression] of [[true, 'ccittfax4'], [true, 'lzw'], [false, 'jpeg'], [false, 'deflate']] as const) {
    const bilevel = compression === 'ccittfax4'
    const bytes = new Uint8Array(await sharp([page, page], { join: { animated: true } }).toColourspace('b-w')
      .tiff({ compression, bigtiff, ...(bilevel ? { bitdepth: 1 as const } : {}), xres: 200 / 25.4, yres: 200 / 25.4, resolutionUnit: 'inch' }).toBuffer())
    expect([sniff(bytes), tiffPages(bytes)]).toEqual(['tiff', 2])
    const document = await read(bytes, 'many.tiff')
    expect([compression, lines(document), lines(document, 1)]).toEqual([compression, LINES, LINES])
    expect(document.pages.map(({ width, height }) => [Math.round(width), Math.round(height)])).toEqual([[...SIZE], [...SIZE]])
  }
})

test('cut or lying directories of a TIFF end', () => {
  for (const big of [false, true]) {
    const bytes = new Uint8Array(64).fill(255)
    bytes.set(big ? [0x49, 0x49, 43, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0] : [0x49, 0x49, 42, 0, 8, 0, 0, 0])
    expect(tiffPages(bytes)).toBe(1)
    for (let length = 0; length < 64; length++) expect(tiffPages(bytes.subarray(0, length))).toBe(1)
  }
})

test('pages scanned into a Word file, one of them lying on its side', async () => {
  const image = async (quarters: number) => new ImageRun({ type: 'png', data: await asPng(scan, quarters), transformation: quarters % 2 === 0 ? { width: 520, height: 260 } : { width: 260, height: 520 } })
  const bytes = await Packer.toBuffer(new WordDocument({ sections: [{ children: [new Paragraph('First sheet:'), new Paragraph({ children: [await image(0)] }), new Paragraph('Second sheet:'), new Paragraph({ children: [await image(1)] })] }] }))
  expect(lines(await read(new Uint8Array(bytes), 'sheets.docx'))).toEqual(['First sheet:', ...LINES, 'Second sheet:', ...LINES])
})

test('a scanned signature block under a typed note is read where it stands', async () => {
  const block = await asPng(scan)
  const bytes = await pdf((pen) => {
    pen.font('Helvetica').fontSize(11)
    for (let at = 0; at < 12; at++) pen.text(`Line ${at + 1} of a consultation that was typed and printed with a text layer of its own.`, 54, 54 + 16 * at)
    pen.image(block, 54, 420, { width: 400 })
  })
  const document = await read(bytes, 'note.pdf')
  expect(lines(document).slice(-3)).toEqual(LINES)
  expect(document.pages[0]?.text).toBe('native')
})

test('what is not read says what to send instead', async () => {
  const compound = (name: string): Uint8Array => {
    const bytes = new Uint8Array(1024).fill(1)
    bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
    bytes.set(Buffer.from(name, 'utf16le'), 512)
    return bytes
  }
  const said = async (bytes: Uint8Array): Promise<string[]> => (await readFile(bytes, 'old.doc')).problems.map(explainProblem)
  expect(await said(compound('WordDocument'))).toEqual(['The file old.doc is a Word document of the old binary kind (DOC) that is not read; open it in Word or LibreOffice, save it as DOCX or PDF, and send that.'])
  expect(await said(compound('Workbook'))).toEqual([expect.stringContaining('print it to PDF')])
  expect(await said(compound('Other'))).toEqual([expect.stringContaining('send it as PDF, DOCX, image or text')])
  expect(officeFormat(compound('PowerPoint Document'))).toBe('ppt')
})
