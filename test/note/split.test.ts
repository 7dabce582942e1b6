// Documents cut into notes: charts of many manners, and what must hold for any text.
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileNoteTypes, noteTypeFileSchema } from '../../src/dictionary/note-types-dictionary.ts'
import { compilePeople, peopleFileSchema } from '../../src/dictionary/people-dictionary.ts'
import type { Document } from '../../src/document/document.ts'
import { readYaml } from '../../src/load/read-yaml.ts'
import type { NoteHead } from '../../src/note/note.ts'
import { splitNotes } from '../../src/note/split.ts'
import { CHARTS as FIRST } from './charts.ts'
import { documentOf } from './document-of.ts'
import { MORE_CHARTS } from './more-charts.ts'

const CHARTS = [...FIRST, ...MORE_CHARTS]

const folder = join(import.meta.dirname, '../../dictionaries')
const dictionaries = {
  noteTypes: compileNoteTypes(readYaml(join(folder, 'note-types.yaml'), noteTypeFileSchema)),
  people: compilePeople(readYaml(join(folder, 'people.yaml'), peopleFileSchema)),
}

describe('charts of many manners', () => {
  it.each(CHARTS.map((c) => [c.name, c] as const))('%s', (_, chart) => {
    const heads = splitNotes(documentOf(chart.file, chart.pages), 0, dictionaries)
    const found = heads.map((h) => [h.type, h.date, h.signature.state, h.author?.role ?? null, `${h.firstPage}-${h.lastPage}`])
    expect(found.map((f, i) => f.map((v, k) => (chart.notes[i]?.[k] === undefined ? undefined : v)))).toEqual(
      chart.notes.map((n) => [0, 1, 2, 3, 4].map((k) => n[k])),
    )
  })
})

function whole(document: Document, heads: readonly NoteHead[]): void {
  expect(heads.length).toBeGreaterThan(0)
  expect(heads[0]?.start).toBe(0)
  expect(heads[heads.length - 1]?.end).toBe(document.text.length)
  heads.forEach((h, i) => {
    if (i > 0) expect(h.start).toBe(heads[i - 1]?.end)
    expect(h.lastPage).toBeGreaterThanOrEqual(h.firstPage)
    for (const s of h.signatures) {
      expect(s.start).toBeGreaterThanOrEqual(h.start)
      expect(s.end).toBeLessThanOrEqual(h.end)
      expect(s.end).toBeGreaterThan(s.start)
    }
  })
  for (const page of document.pages) expect(heads.some((h) => h.firstPage <= page.page && page.page <= h.lastPage)).toBe(true)
}

describe('every text', () => {
  it('is covered without gaps, every page in a note', () => {
    for (const c of CHARTS) {
      const document = documentOf(c.file, c.pages)
      whole(document, splitNotes(document, 0, dictionaries))
    }
    const words = fc.constantFrom('Consult Note', 'SIMULATION', 'Rx', 'signed', 'J. Roe MD', '05/05/2025', 'Patient: Roe, Jane', 'Page 1 of 2', '\t', '\n', '\n\n', '_____', 'OTV 05/06/2025', '====== ======', ' Approved by ', 'é', '^H DOB 1/1/50', '77336')
    const page = fc.oneof(fc.constant(null), fc.array(words, { maxLength: 30 }).map((w) => w.join(' ')), fc.string({ unit: 'grapheme', maxLength: 200 }))
    fc.assert(fc.property(fc.array(page, { minLength: 1, maxLength: 6 }), (pages) => {
      const document = documentOf('x.pdf', pages)
      whole(document, splitNotes(document, 0, dictionaries))
    }), { numRuns: 150 })
  })

  it('reads the identity printed on each note', () => {
    const chart = CHARTS.find((c) => c.name === 'another patient in the middle')
    const heads = splitNotes(documentOf('mix.pdf', chart?.pages ?? []), 0, dictionaries)
    expect(heads.map((h) => h.patient)).toEqual([
      { name: 'PRUITT, Oswin', birthDate: '1949-07-09', identifiers: ['812204'] }, { name: 'VANTERPOOL, Sadie', birthDate: '1961-12-30', identifiers: ['991133'] },
    ])
  })

  it('takes bookmarks for titles where pages have none', () => {
    const document = documentOf('b.pdf', ['Text of some page.', 'More text here.'], { outline: [{ title: 'Consultation Note', page: 1 }, { title: 'CT Simulation', page: 2 }] })
    expect(splitNotes(document, 3, dictionaries).map((h) => [h.type, h.typeFrom, h.document])).toEqual([['consult', 'header', 3], ['simulation', 'header', 3]])
  })

  it('ends on hostile text', { timeout: 60_000 }, () => {
    const hostile = ['A '.repeat(60_000), 'Approved by '.repeat(9000), '_'.repeat(100_000), '(((((('.repeat(20_000), 'Jane Roe MD '.repeat(9000), 'MRN: '.repeat(20_000), '1/1/1 '.repeat(20_000), '\n'.repeat(100_000), 'Signed\n'.repeat(15_000), 'Patient: A\n'.repeat(9000)]
    for (const text of hostile) {
      expect(splitNotes(documentOf('x.txt', [text]), 0, dictionaries).length).toBeGreaterThan(0)
    }
  })
})
