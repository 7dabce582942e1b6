import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Document } from '../../src/document/document.ts'
import { place } from '../../src/document/place.ts'

/** Two pages, two rows each, words of ten points a letter. */
function sample(): Document {
  const rows = [['Karnofsky', 'score', '80'], ['noted\ttoday']].flatMap((row) => [row.join(' ')])
  const text = `${rows.join('\n')}\n\f${rows.join('\n')}\n\f`
  const start: number[] = []
  const end: number[] = []
  const box: number[] = []
  for (const match of text.matchAll(/\S+/g)) {
    const lineStart = Math.max(text.lastIndexOf('\n', match.index), text.lastIndexOf('\f', match.index)) + 1
    const row = (text.slice(0, match.index).match(/\n/g) ?? []).length % 2
    start.push(match.index)
    end.push(match.index + match[0].length)
    box.push(10 * (match.index - lineStart), 20 * row, 10 * (match.index - lineStart + match[0].length), 20 * row + 12)
  }
  const half = text.length / 2
  const page = { width: 300, height: 100, text: 'native' as const, legibility: 1 }
  return {
    file: 'a.pdf', sha256: '', kind: 'pdf', text, pages: [{ page: 1, start: 0, end: half, ...page }, { page: 2, start: half, end: text.length, ...page }],
    words: { start: Uint32Array.from(start), end: Uint32Array.from(end), box: Float32Array.from(box) }, regions: [], problems: [],
  }
}

test('one box for a row, the next row its own', () => {
  const document = sample()
  const end = document.text.indexOf('today') + 5
  expect(place(document, { start: 0, end })).toEqual({
    page: 1, quote: 'Karnofsky score 80 noted today', boxes: [{ page: 1, left: 0, top: 0, right: 180, bottom: 12 }, { page: 1, left: 0, top: 20, right: 110, bottom: 32 }],
  })
})

test('part of a word gives part of its box', () => {
  expect(place(sample(), { start: 2, end: 4 })).toEqual({ page: 1, quote: 'rn', boxes: [{ page: 1, left: 20, top: 0, right: 40, bottom: 12 }] })
})

test('a span over two pages has boxes on both', () => {
  const document = sample()
  const found = place(document, { start: document.text.indexOf('today'), end: document.text.lastIndexOf('score') })
  expect(found.page).toBe(1)
  expect(found.boxes.map((box) => box.page)).toEqual([1, 2])
})

test('a document without words', () => {
  const empty = { ...sample(), text: '', pages: [], words: { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() } }
  expect(place(empty, { start: 0, end: 5 })).toEqual({ page: 1, boxes: [], quote: '' })
})

test('total, and never a box of a word outside the span', () => {
  const document = sample()
  fc.assert(fc.property(fc.integer({ min: -5, max: 200 }), fc.integer({ min: -5, max: 200 }), (start, end) => {
    const found = place(document, { start, end })
    const inside = document.text.slice(Math.max(0, start), Math.max(Math.max(0, start), end))
    expect(found.quote).toBe(inside.replace(/\s+/g, ' ').trim())
    expect(found.boxes.length > 0).toBe(found.quote !== '')
    for (const box of found.boxes) expect(box.left < box.right && box.top < box.bottom).toBe(true)
  }))
})
