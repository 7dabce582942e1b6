import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { linesOfHocr } from '../../src/document/ocr-native.ts'
import { openOcrCache } from '../../src/document/ocr-cache.ts'
import { readFile as readRecord } from '../../src/document/read-records.ts'
import { readImagePage } from '../../src/document/read-image.ts'
import { composePage } from '../../src/document/pdf-page.ts'
import { place } from '../../src/document/place.ts'
import { pdf } from './fixtures.ts'
import { asJpeg, asPng, rendered } from './scans.ts'

const INNER = ['Electronic brachytherapy fraction record', 'Prescribed dose 4000 cGy in 8 fractions', 'Signed by Jane Doe, MD on 08/20/2025']
const scan = async () => rendered(await pdf((pen) => INNER.forEach((line, at) => pen.font('Helvetica').fontSize(18).text(line, 72, 72 + 40 * at)), { size: [520, 260] }), 0, 200)

test('what stands in a picture beside the text of a page is read at its place', async () => {
  const picture = await asPng(await scan())
  const bytes = await pdf((pen) => {
    pen.font('Helvetica').fontSize(11).text('CONSULTATION NOTE of the radiation oncology clinic for a patient seen today', 54, 60)
    pen.image(picture, 54, 200, { width: 500 })
    pen.text('End of the note, dictated but typed by the clinic itself and sent at once', 54, 600)
  })
  const { documents: [document], problems } = await readRecord(bytes, 'mixed.pdf')
  expect(document?.text.split('\n').map((line) => line.trim()).filter((line) => line !== '')).toEqual([expect.stringContaining('CONSULTATION NOTE'), ...INNER, expect.stringContaining('End of the note')])
  const text = document?.text ?? ''
  const at = text.indexOf('4000')
  const [box] = document === undefined ? [] : place(document, { start: at, end: at + 4 }).boxes
  expect(box?.top).toBeGreaterThan(200)
  expect(box?.bottom).toBeLessThan(460)
  expect(document?.words.sure?.some((sure) => sure < 100)).toBe(true)
  expect(problems).toEqual([])
})

test('turned photographs of pages are read upright', async () => {
  const turned = await sharp(await asJpeg(await scan())).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer()
  const { documents } = await readRecord(new Uint8Array(turned), 'photo.jpg')
  expect(documents[0]?.text).toContain('4000 cGy')
  expect(documents[0]?.pages[0]?.turn).toBeUndefined()
})

test('each page of a fax with many is read', async () => {
  const page = async (words: string) => {
    const { width, height, pixels } = await rendered(await pdf((pen) => void pen.font('Helvetica').fontSize(20).text(words, 40, 40), { size: [400, 120] }), 0, 200)
    return sharp(pixels, { raw: { width, height, channels: 1 } }).png().toBuffer()
  }
  const pages = await Promise.all([page('Fraction 1 given as planned'), page('Fraction 2 given as planned')])
  const fax = await sharp(pages, { join: { animated: true } }).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 200 / 25.4, yres: 200 / 25.4, resolutionUnit: 'inch' }).toBuffer()
  const { documents } = await readRecord(new Uint8Array(fax), 'fax.tiff')
  expect(documents[0]?.text.split('\f')).toEqual(['Fraction 1 given as planned\n', 'Fraction 2 given as planned\n', ''])
})

test('white on black is read as well', async () => {
  const negative = await sharp(await asPng(await scan())).negate().png().toBuffer()
  expect((await readRecord(new Uint8Array(negative), 'negative.png')).documents[0]?.text).toContain('Prescribed dose 4000 cGy')
})

test('recognised pages are kept only where asked, and only their own image opens them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vouch-cache-'))
  try {
    const bytes = await asPng(await scan())
    const first = await readRecord(bytes, 'a.png', { cache: folder })
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files).toHaveLength(1)
    const kept = await readFile(join(files[0]?.parentPath ?? '', files[0]?.name ?? ''))
    expect(kept.toString('latin1')).not.toContain('cGy')
    expect(await readRecord(bytes, 'a.png', { cache: folder })).toEqual(first)
    const image = await readImagePage(bytes, 0)
    const cache = openOcrCache(folder)
    const marked = { ...composePage(0, 10, 10, [], [], [], []), label: 'kept' }
    cache.keep(image, 'engine', marked)
    expect(cache.find(image, 'engine')).toEqual(marked)
    expect(cache.find({ ...image, pixels: image.pixels.map((value, at) => (at === 0 ? 255 - value : value)) }, 'engine')).toBeNull()
    expect(cache.find(image, 'another engine')).toBeNull()
    expect(openOcrCache(join(folder, 'no', 'such')).find(image, 'engine')).toBeNull()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('hOCR gives lines, words, confidence', () => {
  const hocr = `<span class='ocr_line' id='line_1_1' title="bbox 100 50 400 90; baseline 0.01 -8; x_size 40; x_descenders 8; x_ascenders 9">
   <span class='ocrx_word' id='word_1_1' title='bbox 100 50 200 90; x_wconf 96'>A&amp;B</span> <span class='ocrx_word' id='word_1_2' title='bbox 210 50 400 90; x_wconf 41'>&lt;5&#39;</span></span>`
  expect(linesOfHocr(hocr)).toEqual([{
    height: 40, baseline: { x0: 100, y0: 82, x1: 400, y1: 85 },
    words: [{ text: 'A&B', confidence: 96, left: 100, top: 50, right: 200, bottom: 90 }, { text: "<5'", confidence: 41, left: 210, top: 50, right: 400, bottom: 90 }],
  }])
  expect(linesOfHocr('<span class=\'ocr_line\' '.repeat(50_000))).toEqual([])
})

test('a Tesseract of this machine reads the same page, where there is one', async () => {
  const bytes = await asPng(await scan())
  const { documents, ocr } = await readRecord(bytes, 'a.png', { ocrEngine: 'auto' })
  expect(ocr).toMatch(/^tesseract(?:\.js)? \d/)
  expect(documents[0]?.text).toContain('Prescribed dose 4000 cGy in 8 fractions')
  expect((await readRecord(bytes, 'a.png')).ocr).toMatch(/^tesseract\.js/)
})

test('how far it is', async () => {
  const seen: (string | undefined)[] = []
  await readRecord(await asPng(await scan()), 'a.png', { onProgress: ({ ocr }) => seen.push(ocr === undefined ? undefined : `${ocr.done}/${ocr.of}`) })
  expect(seen).toContain('1/1')
})

test('a hand that signed is a mark with its place, and no blank line', async () => {
  const form = async (signed: boolean) => rendered(await pdf((pen) => {
    pen.font('Helvetica').fontSize(12).text('Treatment was reviewed and is approved as planned.', 60, 60)
    pen.text('Physician Signature:', 60, 150)
    pen.moveTo(180, 162).lineTo(400, 162).stroke()
    if (signed) {
      pen.moveTo(190, 155)
      for (let at = 0; at < 60; at++) pen.lineTo(190 + 2 * at, 148 + 11 * Math.sin(at * 1.3) + 4 * Math.sin(at / 3))
      pen.stroke()
    }
    pen.text('Date:', 60, 200)
    pen.moveTo(100, 212).lineTo(200, 212).stroke()
  }, { size: [460, 260] }), 0, 200)
  const { documents: [signed] } = await readRecord(await asPng(await form(true)), 'signed.png')
  const page = signed?.pages[0]
  // A picture that tells no resolution is taken for a letter page.
  const scale = (page?.width ?? 0) / 460
  expect(page?.marks).toHaveLength(1)
  const [mark] = (page?.marks ?? []).map(({ left, right, top, bottom }) => [left, right, top, bottom].map((side) => side / scale))
  const [left, right, top, bottom] = mark as [number, number, number, number]
  expect(left > 170 && left < 200 && right > 290 && right < 330 && top > 125 && top < 150 && bottom > 150 && bottom < 172, `${mark}`).toBe(true)
  expect(signed?.text).not.toMatch(/Signature:\s*_/)
  const { documents: [blank] } = await readRecord(await asPng(await form(false)), 'blank.png')
  expect(blank?.pages[0]?.marks).toBeUndefined()
  expect(blank?.text).toMatch(/Signature:\s*_{4}/)
})

test('a picture of a signature beside its label is a mark', async () => {
  const hand = await sharp({ create: { width: 300, height: 80, channels: 3, background: '#334' } }).png().toBuffer()
  const bytes = await pdf((pen) => {
    pen.font('Helvetica').fontSize(11).text('The treatment plan was reviewed and is approved by the physician named below.', 54, 60)
    pen.text('Signature:', 54, 140, { lineBreak: false })
    pen.image(new Uint8Array(hand), 120, 122, { width: 120 })
    pen.image(new Uint8Array(hand), 400, 500, { width: 120 })
  })
  const { documents } = await readRecord(bytes, 'a.pdf', { ocr: false })
  expect(documents[0]?.pages[0]?.marks?.map((mark) => [mark.left, mark.right].map(Math.round))).toEqual([[120, 240]])
})
