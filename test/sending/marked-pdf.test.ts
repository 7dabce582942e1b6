import sharp from 'sharp'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import type { Document } from '../../src/document/document.ts'
import { openPdf, renderPage, startEngine } from '../../src/document/pdf-engine.ts'
import { place } from '../../src/document/place.ts'
import { readFile } from '../../src/document/read-records.ts'
import { toContract, type EvidenceJson, type ReviewJson } from '../../src/report/contract.ts'
import { markedPdf, type MarkedPdf } from '../../src/sending/marked-pdf.ts'
import { markRecords } from '../../src/sending/mark-records.ts'
import { madeUpReview, policy } from '../report/made-up-review.ts'
import { pdf } from '../document/fixtures.ts'
import { asPng, rendered } from '../document/scans.ts'

const base = toContract(madeUpReview, policy)

/** A report of one line whose first requirement cites the words given. */
function reportOn(documents: readonly Document[], evidence: readonly EvidenceJson[]): ReviewJson {
  const line = base.lines[0] as ReviewJson['lines'][number]
  const [first, second] = line.requirements
  return {
    ...base, general: [], rules: [], problems: [], lines: [{ ...line, rules: [], requirements: [{ ...first, evidence: evidence.filter((e) => e.stance === 'for') }, { ...second, evidence: evidence.filter((e) => e.stance === 'against') }] as typeof line.requirements }],
    documents: documents.map((d) => ({
      file: d.file, sha256: d.sha256, kind: d.kind, pages: d.pages.map((p) => ({ page: p.page, text: p.text, legibility: 1, note: null, duplicateOf: null, nearDuplicateOf: null, state: 'read' as const, otherPatient: false, printed: null, marks: [], turned: 0, reason: null })),
    })),
  }
}

function cite(document: Document, words: string, stance: EvidenceJson['stance'] = 'for'): EvidenceJson {
  const start = document.text.indexOf(words)
  if (start < 0) throw new Error(`no «${words}» in «${document.text}»`)
  const { page, quote, boxes } = place(document, { start, end: start + words.length })
  return { file: document.file, page, quote, stance, boxes: boxes.map((b) => ({ ...b })), note: null }
}

interface Box { readonly left: number; readonly bottom: number; readonly right: number; readonly top: number }

/** What another reader of PDFs finds on a page: its texts and its highlights, both in the space of the file. */
async function seen(bytes: Uint8Array, page: number): Promise<{ texts: (Box & { text: string })[]; highlights: { boxes: Box[]; note: string; colour: number[] }[]; links: number; pages: number }> {
  const document = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise
  const at = await document.getPage(page)
  const { items } = await at.getTextContent()
  const texts = items.flatMap((i) => {
    if (!('str' in i) || i.str.trim() === '') return []
    const [a, b, c, d, e, f] = i.transform as number[] as [number, number, number, number, number, number]
    const along = Math.hypot(a, b)
    const up = Math.hypot(c, d)
    const xs = [e, e + (a / along) * i.width, e + (c / up) * i.height, e + (a / along) * i.width + (c / up) * i.height]
    const ys = [f, f + (b / along) * i.width, f + (d / up) * i.height, f + (b / along) * i.width + (d / up) * i.height]
    return [{ text: i.str, left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) }]
  })
  const annotations = (await at.getAnnotations()) as { subtype: string; quadPoints?: Float32Array; contentsObj?: { str: string }; color?: Uint8ClampedArray; hasAppearance?: boolean; dest?: unknown; action?: unknown }[]
  const highlights = annotations.filter((x) => x.subtype === 'Highlight').map((x) => {
    const q = [...(x.quadPoints ?? [])]
    const boxes: Box[] = []
    for (let i = 0; i + 8 <= q.length; i += 8) {
      const xs = [0, 2, 4, 6].map((k) => q[i + k] as number)
      const ys = [1, 3, 5, 7].map((k) => q[i + k] as number)
      boxes.push({ left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) })
    }
    expect(x.hasAppearance).toBe(true)
    return { boxes, note: x.contentsObj?.str ?? '', colour: [...(x.color ?? [])] }
  })
  const links = annotations.filter((x) => x.subtype === 'Link' && x.dest !== undefined && x.dest !== null).length
  const pages = document.numPages
  await document.destroy()
  return { texts, highlights, links, pages }
}

/** Share of a text's box under highlights; words of a line that runs up the page are marked one by one. */
function share(highlights: readonly { boxes: readonly Box[] }[], t: Box): number {
  const overlap = (b: Box): number => Math.max(0, Math.min(b.right, t.right) - Math.max(b.left, t.left)) * Math.max(0, Math.min(b.top, t.top) - Math.max(b.bottom, t.bottom))
  return highlights.flatMap((h) => h.boxes).reduce((sum, b) => sum + overlap(b), 0) / ((t.right - t.left) * (t.top - t.bottom))
}
const covers = (highlights: readonly { boxes: readonly Box[] }[], t: Box): boolean => share(highlights, t) > 0.1

async function marked(files: readonly { file: string; bytes: Uint8Array }[], citing: (documents: readonly Document[]) => EvidenceJson[]): Promise<MarkedPdf & { report: ReviewJson }> {
  const documents = (await Promise.all(files.map((f) => readFile(f.bytes, f.file, { ocr: false, processes: 1 })))).flatMap((r) => r.documents)
  const report = reportOn(documents, citing(documents))
  return { ...await markedPdf(await startEngine(), { report, records: files, documents: new Map(documents.map((d) => [d.file, d])) }), report }
}

const QUOTE = 'Five fractions of ten gray were delivered.'
const CASES = [0, 90, 180, 270].flatMap((rotate) => [false, true].map((cropped) => ({ rotate, cropped })))

describe('the marked copy', () => {
  it.each(CASES)('lays the highlight on the quoted words and on no others: rotated by $rotate, cropped $cropped', async ({ rotate, cropped }) => {
    const bytes = await pdf((pen) => {
      pen.page.dictionary.data['Rotate'] = rotate
      if (cropped) pen.page.dictionary.data['CropBox'] = [40, 60, 560, 700]
      pen.fontSize(11).text('Treatment summary of the course', 100, 150).text(QUOTE, 100, 180).text('Tolerance was good.', 100, 210).text('The dose was not verified.', 300, 300)
    })
    const made = await marked([{ file: 'summary.pdf', bytes }], ([d]) => [cite(d as Document, QUOTE), cite(d as Document, 'The dose was not verified.', 'against')])
    expect(made.problems).toEqual([])
    const page = await seen(made.bytes, made.pages)
    expect(page.highlights).toHaveLength(2)
    expect(page.highlights.find((h) => h.note.includes('77331.prescription'))?.note).toContain('Line 1')
    expect(new Set(page.highlights.map((h) => h.colour.join())).size).toBe(2)
    for (const t of page.texts) {
      if (t.text === QUOTE || t.text === 'The dose was not verified.') expect(share(page.highlights, t), t.text).toBeGreaterThan(0.75)
      else expect(share(page.highlights, t), t.text).toBeLessThan(0.02)
    }
    // From the first to the last letter, and not much more.
    const words = page.texts.find((t) => t.text === QUOTE) as Box
    const boxes = page.highlights.flatMap((h) => h.boxes).filter((b) => share([{ boxes: [b] }], words) > 0)
    const box = { left: Math.min(...boxes.map((b) => b.left)), right: Math.max(...boxes.map((b) => b.right)), bottom: Math.min(...boxes.map((b) => b.bottom)), top: Math.max(...boxes.map((b) => b.top)) }
    expect(Math.abs(box.left - words.left) + Math.abs(box.right - words.right) + Math.abs(box.bottom - words.bottom) + Math.abs(box.top - words.top)).toBeLessThan(14)
  }, 20_000)

  it('marks the recognised words of scanned pages, however the page is turned and cut', async () => {
    const drawn = await pdf((pen) => void pen.font('Helvetica').fontSize(16).text('Treatment summary of the course', 100, 150).text(QUOTE, 100, 200).text('Tolerance was good and the skin is intact.', 100, 250))
    const scan = await rendered(drawn, 0, 150)
    const words = (await seen(drawn, 1)).texts.find((t) => t.text === QUOTE) as Box
    // Cut from the page as displayed: left, top, right, bottom; the sides in the file are others when the page is turned.
    const cut = [30, 40, 24, 16] as const
    const sides = { 0: [0, 3, 2, 1], 90: [1, 0, 3, 2], 180: [2, 1, 0, 3], 270: [3, 2, 1, 0] } as const
    const TURNS = [0, 90, 180, 270] as const
    const pictures = await Promise.all(TURNS.map((turn) => asPng(scan, (4 - turn / 90) % 4)))
    const bytes = await pdf((pen) => TURNS.forEach((turn, i) => {
      const [width, height] = turn % 180 === 0 ? [612, 792] : [792, 612]
      pen.addPage({ size: [width, height], margin: 0 })
      const [left, bottom, right, top] = sides[turn].map((side) => cut[side]) as [number, number, number, number]
      Object.assign(pen.page.dictionary.data, { Rotate: turn, CropBox: [left, bottom, width - right, height - top] })
      pen.image(pictures[i] as Uint8Array, 0, 0, { width, height })
    }), { autoFirstPage: false })
    const read = (await readFile(bytes, 'scan.pdf', { ocr: true, processes: 1 })).documents[0] as Document
    expect(read.pages.map((p) => p.text)).toEqual(['ocr', 'ocr', 'ocr', 'ocr'])
    const evidence = read.pages.map((p) => {
      const start = read.text.indexOf(QUOTE, p.start)
      expect(start >= p.start && start < p.end, `page ${p.page}`).toBe(true)
      const { page, quote, boxes } = place(read, { start, end: start + QUOTE.length })
      return { file: 'scan.pdf', page, quote, stance: 'for' as const, boxes: boxes.map((b) => ({ ...b })), note: null }
    })
    const made = await markedPdf(await startEngine(), { report: reportOn([read], evidence), records: [{ file: 'scan.pdf', bytes }], documents: new Map([['scan.pdf', read]]) })
    expect(made.problems).toEqual([])
    const document = await getDocument({ data: new Uint8Array(made.bytes), verbosity: 0 }).promise
    for (const [i, turn] of TURNS.entries()) {
      const page = await document.getPage(made.pages - 3 + i)
      const viewport = page.getViewport({ scale: 1 })
      expect([viewport.width, viewport.height, page.rotate]).toEqual([612 - cut[0] - cut[2], 792 - cut[1] - cut[3], turn])
      const { highlights } = await seen(made.bytes, made.pages - 3 + i)
      expect(highlights).toHaveLength(1)
      // As displayed, y downwards.
      const shown = (highlights[0]?.boxes ?? []).map((b) => viewport.convertToViewportRectangle([b.left, b.bottom, b.right, b.top]) as number[])
      const box = { left: Math.min(...shown.map((r) => Math.min(r[0] as number, r[2] as number))), right: Math.max(...shown.map((r) => Math.max(r[0] as number, r[2] as number))), top: Math.min(...shown.map((r) => Math.min(r[1] as number, r[3] as number))), bottom: Math.max(...shown.map((r) => Math.max(r[1] as number, r[3] as number))) }
      const meant = { left: words.left - cut[0], right: words.right - cut[0], top: 792 - words.top - cut[1], bottom: 792 - words.bottom - cut[1] }
      for (const side of ['left', 'right', 'top', 'bottom'] as const) expect(Math.abs(box[side] - meant[side]), `${turn} ${side} ${box[side]} ${meant[side]}`).toBeLessThan(6)
    }
    await document.destroy()
  }, 120_000)

  it.each([0, 90, 180, 270])('marks the words of a page whose corner is not at nought: rotated by %i', async (rotate) => {
    const bytes = await pdf((pen) => {
      Object.assign(pen.page.dictionary.data, { Rotate: rotate, MediaBox: [-60, 40, 540, 800], CropBox: [-30, 100, 520, 780] })
      pen.fontSize(11).text('Treatment summary of the course', 100, 150).text(QUOTE, 100, 180)
    })
    const made = await marked([{ file: 'summary.pdf', bytes }], ([d]) => [cite(d as Document, QUOTE)])
    const page = await seen(made.bytes, made.pages)
    for (const t of page.texts) {
      if (t.text === QUOTE) expect(share(page.highlights, t)).toBeGreaterThan(0.75)
      else expect(share(page.highlights, t), t.text).toBeLessThan(0.02)
    }
  }, 20_000)

  it('begins with an index that leads to the pages', async () => {
    const chart = await pdf((pen) => {
      pen.text('Page one', 72, 100)
      pen.addPage().text(QUOTE, 72, 100)
    })
    const text = new TextEncoder().encode('ONCOLOGY NOTE\n\nThe patient was seen today.\nA long sentence about the goal of this treatment, which is curative, and about the consent that was obtained before simulation from the patient herself.\nEnd.')
    const made = await marked([{ file: 'chart.pdf', bytes: chart }, { file: 'note.txt', bytes: text }], (all) => {
      const note = all.find((d) => d.file === 'note.txt') as Document
      return [cite(all.find((d) => d.file === 'chart.pdf') as Document, QUOTE), { ...cite(note, 'the goal of this treatment, which is curative, and about the consent that was obtained before simulation from the patient herself.'), boxes: [] }]
    })
    const front = await seen(made.bytes, 1)
    expect(front.pages).toBe(4)
    expect(front.texts.map((t) => t.text).join(' ')).toContain('Index of evidence')
    expect(front.links).toBeGreaterThanOrEqual(4)
    expect((await seen(made.bytes, 2)).highlights).toEqual([])
    expect((await seen(made.bytes, 3)).highlights).toHaveLength(1)
    // The quote of a record without pages goes over a row's end: a quad a row, on the words.
    const note = await seen(made.bytes, 4)
    expect(note.highlights).toHaveLength(1)
    expect(note.highlights[0]?.boxes).toHaveLength(2)
    expect(note.texts.some((t) => t.text.includes('goal of this treatment'))).toBe(true)
    expect(note.texts.filter((t) => covers(note.highlights, t)).map((t) => t.text).join(' ')).toContain('patient herself.')
    expect(note.texts.filter((t) => /seen today|End\./.test(t.text)).some((t) => covers(note.highlights, t))).toBe(false)
  }, 20_000)

  it.each(['png', 'jpeg', 'tiff', 'turned jpeg'])('shows a picture as it is and highlights its place: %s', async (kind) => {
    // White, with one black bar where the words of a scan would be.
    const plain = sharp({ create: { width: 850, height: 1100, channels: 3, background: '#ffffff' } }).composite([{ input: { create: { width: 300, height: 40, channels: 3, background: '#000000' } }, left: 200, top: 300 }]).withMetadata({ density: 100 })
    const sideways = async (): Promise<Buffer> => sharp(await plain.png().toBuffer()).rotate(270).withMetadata({ density: 100, orientation: 6 }).jpeg({ quality: 95 }).toBuffer()
    const bytes = new Uint8Array(await (kind === 'png' ? plain.png().toBuffer() : kind === 'jpeg' ? plain.jpeg({ quality: 95 }).toBuffer() : kind === 'tiff' ? plain.tiff().toBuffer() : sideways()))
    const box = { page: 1, left: 144, top: 216, right: 360, bottom: 244.8 }
    const made = await marked([{ file: 'scan', bytes }], () => [{ file: 'scan', page: 1, quote: 'words', stance: 'for', boxes: [box], note: null }])
    expect(made.problems).toEqual([])
    const page = await seen(made.bytes, made.pages)
    expect(page.highlights[0]?.boxes[0]).toMatchObject({ left: expect.closeTo(144, 0), right: expect.closeTo(360, 0), top: expect.closeTo(792 - 216, 0), bottom: expect.closeTo(792 - 244.8, 0) })
    const opened = openPdf(await startEngine(), made.bytes)
    if ('fault' in opened) throw new Error(opened.fault)
    const image = renderPage(opened, made.pages - 1, 72)
    opened.close()
    if (image === null) throw new Error('not rendered')
    expect([image.width, image.height]).toEqual([612, 792])
    const gray = (x: number, y: number): number => image.gray[y * image.width + x] as number
    expect(gray(250, 230)).toBeLessThan(60)
    expect(gray(250, 270)).toBeGreaterThan(240)
    expect(gray(100, 230)).toBeGreaterThan(240)
  }, 20_000)

  it('shows what was filled into a form', async () => {
    const bytes = await pdf((pen) => {
      pen.font('Helvetica').initForm()
      pen.text('Fractions delivered', 72, 100).formText('fractions', 200, 96, 100, 18, { value: 'FIVE' })
    })
    const made = await marked([{ file: 'form.pdf', bytes }], () => [])
    const page = await seen(made.bytes, made.pages)
    expect(page.texts.map((t) => t.text)).toContain('Fractions delivered')
    expect(page.highlights).toEqual([])
  }, 20_000)

  it('leaves out a locked or broken record with a sentence, and does the rest', async () => {
    const good = await pdf((pen) => void pen.text(QUOTE, 72, 100))
    const locked = await pdf((pen) => void pen.text('secret', 72, 100), { userPassword: 'open', ownerPassword: 'own' })
    const broken = new TextEncoder().encode('%PDF-1.7\nnothing of a PDF follows\n%%EOF')
    const made = await marked([{ file: 'a-broken.pdf', bytes: broken }, { file: 'b-locked.pdf', bytes: locked }, { file: 'c-good.pdf', bytes: good }], (all) => [cite(all.find((d) => d.file === 'c-good.pdf') as Document, QUOTE)])
    expect(made.problems).toEqual(['a-broken.pdf is not in this copy: it is damaged and cannot be opened.', 'b-locked.pdf is not in this copy: it is locked by a password.'])
    const last = await seen(made.bytes, made.pages)
    expect(last.highlights).toHaveLength(1)
    expect((await seen(made.bytes, made.pages - 1)).texts.map((t) => t.text).join(' ')).toContain('it is locked by a password')
    // With the password it is like any other.
    const documents = (await readFile(locked, 'b-locked.pdf', { ocr: false, processes: 1, passwords: ['open'] })).documents
    const opened = await markedPdf(await startEngine(), { report: reportOn(documents, []), records: [{ file: 'b-locked.pdf', bytes: locked }], documents: new Map(), passwords: ['open'] })
    expect(opened.problems).toEqual([])
    expect((await seen(opened.bytes, opened.pages)).texts.map((t) => t.text)).toContain('secret')
  }, 20_000)

  it('puts a notice in the place of a picture that cannot be decoded, so that the pages after it keep theirs', async () => {
    const good = new Uint8Array(await sharp({ create: { width: 850, height: 1100, channels: 3, background: '#ffffff' } }).withMetadata({ density: 100 }).tiff().toBuffer())
    const document = (file: string, pages: number): Document => ({
      file, sha256: '', kind: 'image', text: '', regions: [], problems: [], words: { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() },
      pages: Array.from({ length: pages }, (_, i) => ({ page: i + 1, start: 0, end: 0, width: 612, height: 792, text: 'none' as const, legibility: 0 })),
    })
    const box = { page: 1, left: 72, top: 72, right: 172, bottom: 92 }
    const report = reportOn([document('scan.tiff', 2), document('broken.tiff', 1)], [{ file: 'scan.tiff', page: 1, quote: 'x', stance: 'for', boxes: [box, { ...box, page: 2 }], note: null }])
    const made = await markedPdf(await startEngine(), { report, records: [{ file: 'scan.tiff', bytes: good }, { file: 'broken.tiff', bytes: good.slice(0, 60) }], documents: new Map() })
    expect(made.problems).toEqual(['Page 2 of scan.tiff is not in this copy: it is damaged and cannot be taken over.', 'broken.tiff is not in this copy: none of its pages can be taken over.'])
    expect(made.pages).toBe(4)
    expect((await seen(made.bytes, 2)).highlights).toHaveLength(1)
    expect((await seen(made.bytes, 3)).texts.map((t) => t.text).join(' ')).toContain('Page 2 of scan.tiff')
    expect((await seen(made.bytes, 3)).highlights).toEqual([])
  }, 20_000)

  it('is the same bytes again, in the thread too', async () => {
    const bytes = await pdf((pen) => void pen.text(QUOTE, 72, 100))
    const files = [{ file: 'a.pdf', bytes }]
    const made = await marked(files, ([d]) => [cite(d as Document, QUOTE)])
    const again = await markRecords({ report: made.report, records: files, documents: new Map() })
    expect(Buffer.compare(again.bytes, made.bytes)).toBe(0)
    expect(Buffer.from(made.bytes).toString('latin1')).not.toMatch(/D:20\d\d/)
  }, 20_000)
})
