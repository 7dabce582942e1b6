import fc from 'fast-check'
import { Document as WordDocument, ImageRun, Packer, Paragraph } from 'docx'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Document, Region } from '../../src/document/document.ts'
import { findCheckBoxes } from '../../src/document/ocr-boxes.ts'
import { withPageText } from '../../src/document/ocr-insert.ts'
import type { PageText } from '../../src/document/ocr-insert.ts'
import { withoutLines } from '../../src/document/ocr-lines.ts'
import { inkOf, lieOf, straightened, turned } from '../../src/document/ocr-pixels.ts'
import { place } from '../../src/document/place.ts'
import { readFile } from '../../src/document/read-records.ts'
import { PARAGRAPH, pdf } from './fixtures.ts'
import type { Pen } from './fixtures.ts'
import { asFax, asJpeg, asPng, grainy, leaning, pictured, rendered } from './scans.ts'
import type { Scan } from './scans.ts'

// Seconds a page on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 240_000 })

const LETTER = [612, 792] as const
const read = async (bytes: Uint8Array, file: string, options = {}): Promise<Document> => (await readFile(bytes, file, options)).documents[0] as Document
const texts = (document: Document, kind: Region['kind']): string[] => document.regions.filter((region) => region.kind === kind).map((region) => document.text.slice(region.start, region.end))

const ROWS = [['Fx', 'Date', 'Expected', 'Measured', 'Difference'], ['1', '03/04/2025', '171.4 cGy', '168.0 cGy', '-2.0 %'], ['2', '03/05/2025', '171.4 cGy', '172.6 cGy', '+0.7 %'], ['3', '03/06/2025', '171.4 cGy', '170.9 cGy', '-0.3 %']]
const COLUMNS = [54, 110, 220, 330, 440, 560]

/** A heading, a ruled table, a paragraph. */
function logSheet(pen: Pen): void {
  pen.font('Helvetica-Bold').fontSize(15).text('IN VIVO DOSIMETRY LOG', 54, 60)
  pen.font('Helvetica').fontSize(11)
  ROWS.forEach((row, index) => row.forEach((cell, column) => pen.text(cell, (COLUMNS[column] as number) + 5, 106 + 22 * index, { lineBreak: false })))
  for (let row = 0; row <= ROWS.length; row++) pen.moveTo(54, 100 + 22 * row).lineTo(560, 100 + 22 * row).stroke()
  for (const x of COLUMNS) pen.moveTo(x, 100).lineTo(x, 100 + 22 * ROWS.length).stroke()
  pen.text(PARAGRAPH.repeat(3), 54, 220)
}

function form(pen: Pen): void {
  pen.font('Helvetica-Bold').fontSize(14).text('TREATMENT PROCEDURE REQUEST', 54, 60)
  pen.font('Helvetica').fontSize(11)
  const items: readonly (readonly [string, boolean])[] = [['Total body irradiation', false], ['Concurrent chemotherapy', true], ['Previously treated area', false]]
  items.forEach(([label, ticked], index) => {
    const y = 100 + 26 * index
    for (const [x0, y0, x1, y1] of [[0, 0, 10, 0], [10, 0, 10, 10], [10, 10, 0, 10], [0, 10, 0, 0]] as const) pen.moveTo(60 + x0, y + y0).lineTo(60 + x1, y + y1).stroke()
    if (ticked) pen.moveTo(61, y + 5).lineTo(65, y + 9).lineTo(73, y - 3).stroke()
    pen.text(label, 80, y)
  })
  pen.text('Physician signature:', 54, 200, { lineBreak: false })
  pen.moveTo(165, 210).lineTo(330, 210).stroke()
  pen.text('Reviewed by:', 54, 230, { lineBreak: false })
  pen.moveTo(130, 241).lineTo(330, 241).stroke()
  pen.text('A. Pell, MD', 140, 230, { lineBreak: false })
}

let original: Uint8Array
let sheet: Scan
beforeAll(async () => {
  original = await pdf(logSheet)
  sheet = await rendered(original, 0, 200)
})

describe('a scanned PDF', () => {
  test('its words are where they were printed, and its numbers survive the ruled table', async () => {
    const scan = await asJpeg(grainy(sheet, 40))
    const bytes = await pictured([{ bytes: scan, size: LETTER }, { bytes: scan, size: LETTER }], (pen) => pen.fontSize(11).text(`First page. ${PARAGRAPH}`, 54, 60))
    const seen: number[] = []
    const document = await read(bytes, 'a.pdf', { processes: 2, onProgress: (progress: { page: number }) => seen.push(progress.page) })
    expect(document.pages.map((page) => page.text)).toEqual(['native', 'ocr', 'ocr'])
    expect(document.problems).toEqual([])
    expect(document.pages[1]?.legibility).toBeGreaterThan(0.85)
    expect(seen).toEqual(expect.arrayContaining([2, 3]))
    checkShape(document)
    const rows = texts(document, 'table-row')
    expect(rows.slice(0, 4).map((row) => row.split('\t').map((cell) => cell.replace(/\s/g, '')))).toEqual(ROWS.map((row) => row.map((cell) => cell.replace(/\s/g, ''))))
    expect(document.regions.filter((region) => region.kind === 'table-row').map((region) => [region.table, region.row])).toEqual([[0, 0], [0, 1], [0, 2], [0, 3], [1, 0], [1, 1], [1, 2], [1, 3]])
    expect(texts(document, 'heading')).toEqual(['IN VIVO DOSIMETRY LOG', 'IN VIVO DOSIMETRY LOG'])
    const native = await read(original, 'b.pdf')
    expect(recall(native, document, 1)).toBeGreaterThan(0.95)
    expect(shift(native, document, 1)).toBeLessThan(3)

    const [one, two] = [1, 2].map((page) => document.text.slice(document.pages[page]?.start, document.pages[page]?.end))
    expect(two).toBe(one)
    const unread = await read(bytes, 'a.pdf', { ocr: false })
    expect(unread.pages.map((page) => page.text)).toEqual(['native', 'none', 'none'])
    expect(unread.problems.map((problem) => problem.id)).toEqual(['unread-page', 'unread-page'])
  })

  test('one line on grainy paper is read in the time of one line', async () => {
    const line = await rendered(await pdf((pen) => pen.fontSize(11).text('Difference -2.0 % on fraction 7.', 54, 90)), 0, 200)
    const began = performance.now()
    const document = await read(await pictured([{ bytes: await asJpeg(grainy(line, 40)), size: LETTER }]), 'a.pdf')
    expect(document.text).toContain('Difference -2.0 % on fraction 7.')
    expect(performance.now() - began).toBeLessThan(100_000)
  })

  test('pages that lie on their side, stand on their head or lean', async () => {
    const bytes = await pictured([
      { bytes: await asPng(sheet, 1), size: [792, 612] }, { bytes: await asPng(sheet, 2), size: LETTER }, { bytes: await asPng(leaning(sheet, 1.5)), size: LETTER },
    ])
    const document = await read(bytes, 'a.pdf')
    checkShape(document)
    const native = await read(original, 'b.pdf')
    for (const page of [0, 1, 2]) expect([page, recall(native, document, page) > 0.93]).toEqual([page, true])
    const box = (page: number) => {
      const start = document.text.indexOf('DOSIMETRY', document.pages[page]?.start)
      return place(document, { start, end: start + 9 }).boxes[0]
    }
    const [upright] = place(native, { start: native.text.indexOf('DOSIMETRY'), end: native.text.indexOf('DOSIMETRY') + 9 }).boxes
    if (upright === undefined) throw new Error('no box')
    // A quarter turn clockwise: what was at the left is at the top.
    expect(Math.abs((box(0)?.top ?? 0) - upright.left)).toBeLessThan(3)
    expect(Math.abs((box(0)?.right ?? 0) - (792 - upright.top))).toBeLessThan(4)
    expect(Math.abs((box(1)?.left ?? 0) - (612 - upright.right))).toBeLessThan(3)
    expect(Math.abs((box(1)?.top ?? 0) - (792 - upright.bottom))).toBeLessThan(4)
    const middle = { x: (upright.left + upright.right) / 2 - 306, y: (upright.top + upright.bottom) / 2 - 396 }
    const angle = (1.5 * Math.PI) / 180
    expect(Math.abs(((box(2)?.left ?? 0) + (box(2)?.right ?? 0)) / 2 - (306 + middle.x * Math.cos(angle) - middle.y * Math.sin(angle)))).toBeLessThan(3)
    expect(Math.abs(((box(2)?.top ?? 0) + (box(2)?.bottom ?? 0)) / 2 - (396 + middle.x * Math.sin(angle) + middle.y * Math.cos(angle)))).toBeLessThan(3)
  })
})

describe('image files', () => {
  test('a fax with fewer lines than columns', async () => {
    const document = await read(await asFax(sheet, { width: 8.5, height: 11 }), 'fax.tif')
    expect([document.kind, document.pages.map((page) => [page.text, Math.round(page.width), Math.round(page.height)])]).toEqual(['image', [['ocr', 612, 792]]])
    const native = await read(original, 'b.pdf')
    expect(recall(native, document, 0)).toBeGreaterThan(0.85)
    expect(shift(native, document, 0)).toBeLessThan(4)
  })

  test('check boxes and lines left blank', async () => {
    const document = await read(await asPng(await rendered(await pdf(form), 0, 200)), 'form.png')
    expect(document.text).toContain('[ ] Total body irradiation\n[x] Concurrent chemotherapy\n[ ] Previously treated area\n')
    expect(document.text).toMatch(/Physician signature: _{8,}\n/)
    expect(document.text).toMatch(/Reviewed by:\s?A\. Pell, MD\n/)
    expect(texts(document, 'form-field')).toEqual(['[ ]', '[x]', '[ ]'])
  })

  test('a page without ink is blank, one with a picture only stays unread', async () => {
    const white = { width: 1700, height: 2200, pixels: new Uint8Array(1700 * 2200).fill(250) }
    const blank = await read(await asPng(white), 'white.png')
    expect([blank.pages[0]?.text, blank.pages[0]?.reason, blank.problems]).toEqual(['none', 'blank', []])
    const picture = { ...white, pixels: white.pixels.map((value, at) => ((at % 1700) - 850) ** 2 + (Math.floor(at / 1700) - 1100) ** 2 < 90_000 ? 90 : value) }
    const unread = await read(await asPng(picture), 'picture.png')
    expect([unread.pages[0]?.text, unread.pages[0]?.reason, unread.problems.map((problem) => problem.id)]).toEqual(['none', 'image-only', ['unread-page']])
  })
})

test('a scan pasted into a Word file follows its text', async () => {
  const picture = await asPng(sheet)
  const bytes = await Packer.toBuffer(new WordDocument({ sections: [{ children: [new Paragraph('See the log below.'), new Paragraph({ children: [new ImageRun({ type: 'png', data: picture, transformation: { width: 600, height: 776 } })] })] }] }))
  const document = await read(new Uint8Array(bytes), 'a.docx')
  expect(document.text.startsWith('See the log below.\n')).toBe(true)
  expect(document.text).toContain('IN VIVO DOSIMETRY LOG\n')
  expect(document.text.endsWith('\f')).toBe(true)
  expect(texts(document, 'attachment')[0]).toContain('171.4')
  expect([document.pages.length, document.pages[0]?.text, document.problems]).toEqual([1, 'native', []])
  expect((document.pages[0]?.legibility ?? 0) < 1).toBe(true)
})

describe('withPageText', () => {
  const texting = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\t', 'µ'), maxLength: 40 })
  const paged = fc.array(fc.record({ text: texting, size: fc.integer({ min: 1, max: 1000 }) }), { minLength: 1, maxLength: 6 }).map(documentOf)

  test('spans stay within the text, boxes on their page, words are what they were', () => {
    fc.assert(fc.property(paged, fc.array(fc.tuple(fc.nat(5), texting), { maxLength: 4 }), (document, wanted) => {
      const replacements = new Map<number, PageText>()
      for (const [index, text] of wanted) if (index < document.pages.length) replacements.set(index + 1, pageTextOf(index + 1, text, document.pages[index]?.width ?? 0))
      const result = withPageText(document, [...replacements.values()])
      checkShape(result)
      result.pages.forEach((page, index) => {
        const before = document.pages[index]
        const mine = replacements.get(index + 1)
        expect(result.text.slice(page.start, page.end)).toBe(mine === undefined ? document.text.slice(before?.start, before?.end) : `${mine.text}\f`)
        expect(page.text).toBe(mine === undefined ? before?.text : 'ocr')
        expect(wordsOn(result, index)).toEqual(mine === undefined ? wordsOn(document, index) : mine.text.match(/[^\s]+/g) ?? [])
      })
      const tables = result.regions.flatMap((region) => (region.table === undefined ? [] : [region.table]))
      expect([...new Set(tables)]).toEqual([...new Set(tables)].map((_, index) => index))
    }), { numRuns: 300 })
  })

  test('a problem goes with the page that is read now', () => {
    const document = { ...documentOf([{ text: '', size: 10 }, { text: '', size: 10 }]), problems: [1, 2].map((page) => ({ id: 'unread-page' as const, severity: 'warning' as const, file: 'a', page })) }
    expect(withPageText(document, [pageTextOf(2, 'a', 10)]).problems.map((problem) => problem.page)).toEqual([1])
  })
})

describe('pixels', () => {
  test('quarter turns undo each other; the lie of a leaning page is found', () => {
    for (const quarters of [1, 2, 3]) expect(Buffer.compare(turned(turned(sheet, quarters), 4 - quarters).pixels, sheet.pixels)).toBe(0)
    expect(lieOf(inkOf(leaning(sheet, 2)), 60).slope).toBeCloseTo(Math.tan((2 * Math.PI) / 180), 2)
    expect(lieOf(inkOf(turned(sheet, 1)), 60).sideways).toBe(true)
    expect(Math.abs(lieOf(inkOf(straightened(leaning(sheet, -2), -Math.tan((2 * Math.PI) / 180))), 60).slope)).toBeLessThan(0.003)
  })

  test('lines go, letters stay', () => {
    const ink = inkOf(sheet)
    const { ink: left, horizontal, vertical } = withoutLines(sheet, ink, 200)
    expect([horizontal.length, vertical.length]).toEqual([ROWS.length + 1, COLUMNS.length])
    const count = (one: typeof ink, from: number, to: number): number => one.dark.subarray(from * one.width, to * one.width).reduce((sum, value) => sum + value, 0)
    expect(count(left, 600, 1000)).toBe(count(ink, 600, 1000))
    expect(count(left, 270, 530)).toBeLessThan(0.75 * count(ink, 270, 530))
    expect(findCheckBoxes(ink, 200)).toEqual([])
  })
})

// --- helpers ------------------------------------------------------------------------------------------------------

function checkShape(document: Document): void {
  const { text, words, pages } = document
  expect(pages.map((page) => page.start)).toEqual([0, ...pages.slice(0, -1).map((page) => page.end)])
  expect(pages.at(-1)?.end).toBe(text.length)
  for (const page of pages) expect(text[page.end - 1]).toBe('\f')
  let last = 0
  for (let word = 0; word < words.start.length; word++) {
    const [start, end] = [words.start[word] as number, words.end[word] as number]
    expect(start >= last && end > start && end <= text.length).toBe(true)
    last = end
    const page = pages.find((each) => each.start <= start && start < each.end)
    const [left, top, right, bottom] = words.box.subarray(4 * word, 4 * word + 4) as unknown as [number, number, number, number]
    expect(left >= 0 && left <= right && right <= (page?.width ?? 0) + 0.01 && top >= 0 && top <= bottom && bottom <= (page?.height ?? 0) + 0.01).toBe(true)
  }
  expect([...document.regions].sort((a, b) => a.start - b.start)).toEqual(document.regions)
  for (const region of document.regions) expect(region.end > region.start && region.end <= text.length).toBe(true)
}

function wordsOn(document: Document, page: number): string[] {
  const { start, end } = document.pages[page] ?? { start: 0, end: 0 }
  return Array.from(document.words.start).flatMap((from, word) => (from >= start && from < end ? [document.text.slice(from, document.words.end[word])] : []))
}

/** Share of the words of the native page that the scanned one has as well, spaces aside. */
function recall(native: Document, scanned: Document, page: number): number {
  const at = scanned.pages[page] ?? { start: 0, end: 0 }
  const all = scanned.text.slice(at.start, at.end).replace(/\s+/g, '')
  const words = wordsOn(native, 0)
  return words.filter((word) => all.includes(word)).length / words.length
}

/** Median distance in points between words of both pages that occur once. */
function shift(native: Document, scanned: Document, page: number): number {
  const boxes = (document: Document, index: number): Map<string, Float32Array | null> => {
    const found = new Map<string, Float32Array | null>()
    const { start, end } = document.pages[index] ?? { start: 0, end: 0 }
    document.words.start.forEach((from, word) => {
      if (from < start || from >= end) return
      const text = document.text.slice(from, document.words.end[word])
      found.set(text, found.has(text) ? null : document.words.box.subarray(4 * word, 4 * word + 4))
    })
    return found
  }
  const theirs = boxes(scanned, page)
  const distances = [...boxes(native, 0)].flatMap(([text, box]) => {
    const other = theirs.get(text)
    return box === null || other === null || other === undefined ? [] : [Math.max(...Array.from(box, (value, side) => Math.abs(value - (other[side] as number))))]
  })
  expect(distances.length).toBeGreaterThan(8)
  return distances.sort((a, b) => a - b)[distances.length >> 1] as number
}

function documentOf(contents: readonly { readonly text: string; readonly size: number }[]): Document {
  const parts = contents.map((content, index) => pageTextOf(index + 1, content.text, content.size))
  let length = 0
  const starts: number[] = []
  const ends: number[] = []
  const boxes: number[] = []
  const regions: Region[] = []
  const pages = parts.map((part, index) => {
    const start = length
    starts.push(...Array.from(part.words.start, (at) => at + start))
    ends.push(...Array.from(part.words.end, (at) => at + start))
    boxes.push(...part.words.box)
    regions.push(...part.regions.map((region) => ({ ...region, start: region.start + start, end: region.end + start, table: regions.length })))
    length += part.text.length + 1
    const size = contents[index]?.size ?? 0
    return { page: index + 1, start, end: length, width: size, height: size, text: 'native' as const, legibility: 1 }
  })
  return {
    file: 'a.pdf', sha256: '', kind: 'pdf', text: parts.map((part) => `${part.text}\f`).join(''), pages, problems: [], regions,
    words: { start: Uint32Array.from(starts), end: Uint32Array.from(ends), box: Float32Array.from(boxes) },
  }
}

function pageTextOf(page: number, text: string, size: number): PageText {
  const found = [...text.matchAll(/[^\s]+/g)]
  return {
    page, text, as: { text: 'ocr', legibility: 0.5, width: 0, height: 0 },
    words: { start: Uint32Array.from(found, (word) => word.index), end: Uint32Array.from(found, (word) => word.index + word[0].length), box: Float32Array.from(found.flatMap(() => [0, 0, size, size])) },
    regions: found.slice(0, 1).map((word) => ({ kind: 'table-row' as const, start: word.index, end: word.index + word[0].length, table: 0, row: 0 })),
  }
}
