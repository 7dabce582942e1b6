// The response packet: only pages that prove, upright, numbered, with an index that leads to them; scans and Word too. May not: read a patient's record.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { degrees, PDFDocument, PDFName, StandardFonts } from '@cantoo/pdf-lib'
import { Document, Packer, Paragraph } from 'docx'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPacket, planPacket, type BuiltPacket, type PacketPlan } from '../../src/audit/packet.ts'
import { claimSchema } from '../../src/claim/claim.ts'
import { openPdf, startEngine } from '../../src/document/pdf-engine.ts'
import { renderPage } from '../../src/document/pdf-engine.ts'
import { readFile, readRecords, findRecords, type Records } from '../../src/document/read-records.ts'
import { readFileSync } from 'node:fs'
import { audited } from './charts.ts'

const HEAD = ['Patient: Tarrow, Imelda   DOB: 03/09/1957   MRN: T-4471']
const ORDER = ['PRESCRIPTION ADDENDUM', ...HEAD, 'Date: 05/05/2025', 'Order: OSLD over the device pocket with fraction 1, as the pacemaker lies close to the field.', 'Electronically signed by Jane Roe, MD on 05/05/2025 08:14']
const REPORT = ['IN VIVO DOSIMETRY REPORT', ...HEAD, 'Date: 05/06/2025   Time: 10:42', 'Detector: OSLD (nanoDot) over the pacemaker pocket, fraction 1', 'Expected 4.0 cGy, measured 4.3 cGy (+7.5%)', 'No change of the plan was needed.', 'Measured by: K. Lin, MS, DABR, electronically signed 05/06/2025 16:10']
const folder = mkdtempSync(join(tmpdir(), 'vouch-packet-'))
const claim = claimSchema.parse({ claimId: 'P-1', patient: { name: 'Tarrow, Imelda', birthDate: '1957-03-09', mrn: 'T-4471' }, lines: [{ line: 1, code: '77331', serviceDate: '2025-05-06' }] })

/** Pages of lines; the second one of a file is turned. */
async function pdfOf(pages: readonly (readonly string[])[], turns: readonly number[] = []): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  pages.forEach((lines, i) => {
    const turn = turns[i] ?? 0
    const page = pdf.addPage(turn % 180 === 0 ? [612, 792] : [792, 612])
    page.setRotation(degrees(turn))
    const { width, height } = page.getSize()
    lines.forEach((line, n) => {
      const [x, y] = [60, 60 + n * 22]
      const at = turn === 90 ? { x: y, y: x } : turn === 180 ? { x: width - x, y } : turn === 270 ? { x: width - y, y: height - x } : { x, y: height - y }
      page.drawText(line, { ...at, size: 11, font, rotate: degrees(turn) })
    })
  })
  return pdf.save()
}

interface Made { readonly plan: PacketPlan; readonly built: BuiltPacket; readonly records: Records; readonly again: Records }

async function packetOf(files: Readonly<Record<string, Uint8Array>>, billed = claim): Promise<Made> {
  const own = mkdtempSync(join(folder, 'x'))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(own, name), bytes)
  const records = await readRecords([own])
  const { review } = audited(records, { claim: billed })
  const plan = planPacket(review)
  const paths = await findRecords([own])
  const built = await buildPacket(review, plan, {
    engine: await startEngine(), day: '2025-06-01', documentOf: (file) => records.documents.find((d) => d.file === file),
    recordOf: (file) => {
      const found = paths.find((p) => p.file === file) ?? paths.filter((p) => file.startsWith(`${p.file}/`))[0]
      return Promise.resolve(found === undefined ? null : { bytes: readFileSync(found.path), inner: file === found.file ? '' : file.slice(found.file.length + 1) })
    },
  })
  return { plan, built, records, again: await readFile(built.pdf, 'packet.pdf') }
}

const textOf = (records: Records, page: number): string => {
  const d = records.documents[0]
  const at = d?.pages[page - 1]
  return d && at ? d.text.slice(at.start, at.end) : ''
}

describe('the response packet', () => {
  let made: Made
  beforeAll(async () => {
    made = await packetOf({ 'chart.pdf': await pdfOf([['FAX COVER', 'Nothing of importance.'], ORDER, ['EDUCATION', 'Skin care at home.'], REPORT], [0, 90, 0, 180]) })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('holds only pages that prove something, in the order of the chart, numbered without a gap', () => {
    expect(made.plan.pages).toEqual([{ number: 'VOUCH-000001', file: 'chart.pdf', page: 2 }, { number: 'VOUCH-000002', file: 'chart.pdf', page: 4 }])
    expect(made.built.asText).toEqual([])
    expect(made.again.documents[0]?.pages.length).toBe(3)
  })
  it('stands upright with its words and its number, nothing of it covered', () => {
    for (const [page, lines, number] of [[2, ORDER, 'VOUCH-000001'], [3, REPORT, 'VOUCH-000002']] as const) {
      const text = textOf(made.again, page).replace(/\s+/g, ' ')
      for (const line of lines) expect(text).toContain(line.replace(/\s+/g, ' '))
      expect(text).toContain(number)
      expect(made.again.documents[0]?.pages[page - 1]?.turn ?? 0).toBe(0)
      expect(made.again.documents[0]?.pages[page - 1]).toMatchObject({ width: 612, height: 792 })
    }
  })
  it('has an index by requirement that names every number and leads to the page', async () => {
    const index = textOf(made.again, 1)
    expect(index).toContain('77331.prescription')
    for (const entry of made.plan.entries) for (const number of entry.numbers) expect(index).toContain(number)
    expect(index).toContain('2 of 4 pages')
    const pdf = await PDFDocument.load(made.built.pdf)
    const refs = pdf.getPages().map((p) => p.ref.toString())
    const links = pdf.getPage(0).node.Annots()?.asArray().map((a) => pdf.context.lookup(a) as unknown as { get: (n: PDFName) => { get: (i: number) => { toString: () => string } } }) ?? []
    expect(links.length).toBe(made.plan.entries.reduce((n, e) => n + e.numbers.length, 0))
    for (const link of links) expect(refs.slice(1)).toContain(link.get(PDFName.of('Dest')).get(0).toString())
  })
  it('proves the same as the chart does', () => {
    const { review } = audited({ documents: made.again.documents, problems: [] }, { claim })
    expect(review.lines[0]?.determination).toBe('supported')
  })
  it('says once what the same pages prove of several lines of one code', async () => {
    const line = claim.lines[0] as (typeof claim.lines)[number]
    const { again } = await packetOf({ 'chart.pdf': await pdfOf([ORDER, REPORT], [0, 0]) }, { ...claim, lines: [line, { ...line, line: 2 }] })
    const index = textOf(again, 1)
    expect(index).toContain('Lines 1 and 2: 77331')
    expect(index.split('77331.prescription')).toHaveLength(2)
  })
  it('is the same twice', async () => {
    const other = await packetOf({ 'chart.pdf': await pdfOf([['FAX COVER', 'Nothing of importance.'], ORDER, ['EDUCATION', 'Skin care at home.'], REPORT], [0, 90, 0, 180]) })
    expect(other.plan).toEqual(made.plan)
    expect(other.built.pdf.length).toBe(made.built.pdf.length)
  }, 60_000)

  it('takes Word files as the text that was read, and pictures as they are', async () => {
    const docx = await Packer.toBuffer(new Document({ sections: [{ children: ORDER.map((l) => new Paragraph(l)) }] }))
    const png = await sharp({ create: { width: 1275, height: 1650, channels: 3, background: '#ffffff' } })
      .composite([{ input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1275" height="1650">${REPORT.map((l, i) => `<text x="90" y="${150 + i * 52}" font-family="DejaVu Sans, sans-serif" font-size="30">${l.replace(/&/g, '&amp;')}</text>`).join('')}</svg>`) }]).png().toBuffer()
    const { plan, built, again } = await packetOf({ 'order.docx': docx, 'scan.png': png })
    expect(plan.pages.map((p) => p.file)).toEqual(['order.docx', 'scan.png'])
    expect(built.asText.map((p) => p.file)).toEqual(['order.docx'])
    expect(textOf(again, 2)).toContain('Order: OSLD over the device pocket')
    const opened = openPdf(await startEngine(), built.pdf)
    if ('fault' in opened) throw new Error('the packet cannot be opened')
    const page = renderPage(opened, 2, 40)
    expect(page === null ? 0 : page.gray.filter((g) => g < 128).length).toBeGreaterThan(100)
    opened.close()
  }, 60_000)

  it('never holds a page of another patient, and is whole where nothing is proved', async () => {
    const foreign = REPORT.map((l) => l.replace('Tarrow, Imelda', 'Quill, Bertram').replace('03/09/1957', '11/30/1949').replace('T-4471', 'Q-1102'))
    const { plan, built } = await packetOf({ 'order.pdf': await pdfOf([ORDER]), 'other.pdf': await pdfOf([foreign]) })
    expect(plan.pages.map((p) => p.file)).not.toContain('other.pdf')
    expect((await PDFDocument.load(built.pdf)).getPageCount()).toBe(1 + plan.pages.length)
    const none = await packetOf({ 'empty.pdf': await pdfOf([['PARKING', 'Level 2.']]) })
    expect(none.plan.pages).toEqual([])
    expect(textOf(none.again, 1)).toContain('No page of the records shows a requirement of this line.')
  }, 60_000)
})
