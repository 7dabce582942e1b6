import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FlowReading } from '../../src/document/flow-document.ts'
import { readRtf } from '../../src/document/read-rtf.ts'
import { png } from './fixtures.ts'

const read = (body: string, head = '\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}{\\f1\\fnil\\fcharset2 Wingdings;}{\\f2\\fswiss\\fcharset204 Arial Cyr;}}{\\stylesheet{\\s1 heading 1;}{\\s2 Normal;}}'): FlowReading =>
  readRtf(Buffer.from(`{\\rtf1${head}\n${body}}`, 'latin1'), 'note.rtf')
const textOf = (body: string, head?: string): string => read(body, head).document.text
const parts = (reading: FlowReading, kind: string): string[] => reading.document.regions.filter((region) => region.kind === kind).map((region) => reading.document.text.slice(region.start, region.end))

describe('text of RTF', () => {
  it('signs in every way they are written', () => {
    expect(textOf("\\'b5g \\u8805?80% \\u-4064? \\lquote x\\rquote  \\emdash  a\\~b c\\_d \\{e\\}\\par")).toBe('µg ≥80% • ‘x’ — a b c-d {e}\n\f')
    expect(textOf('{\\f2\\\'cf\\\'f0}\\par')).toBe('Пр\n\f')
    expect(textOf("\\'a1", '\\mac')).toBe('°\n\f')
    expect(textOf("{\\uc2\\u8364\\'80\\'81 20}")).toBe('€ 20\n\f')
    expect(textOf("{\\f1\\'fe} yes {\\f1\\'a8} no")).toBe('☒ yes ☐ no\n\f')
  })
  it('lines, paragraphs, headings', () => {
    const reading = read('\\pard\\s1 History\\par\\pard\\s2 one\\line two\\par{\\b ASSESSMENT}\\par {\\b Bold: } value\\par')
    expect(reading.document.text).toBe('History\none\ntwo\nASSESSMENT\nBold:  value\n\f')
    expect(parts(reading, 'heading')).toEqual(['History', 'ASSESSMENT'])
  })
  it('what is hidden, deleted or of the machine is left out', () => {
    expect(textOf('{\\v secret}{\\deleted gone}{\\*\\unknown x}{\\*\\bkmkstart b}seen{\\info{\\title T}}\\htmlrtf not\\htmlrtf0  end')).toBe('seen end\n\f')
    expect(read('x{\\info{\\title Consult}{\\author A. Clerk}{\\creatim\\yr2025}}').document.properties).toEqual({ title: 'Consult', author: 'A. Clerk' })
  })
  it('headers, footers, notes, comments and boxes', () => {
    const reading = read('{\\header DOE, JANE\\par}{\\footer Page\\par}body{\\footnote of a kind}{\\*\\annotation remark}{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt boxed\\par}}{\\shprslt again}}\\par')
    expect(reading.document.text).toBe('DOE, JANE\nbody\nboxed\nof a kind\nremark\nPage\n\f')
    for (const [kind, text] of [['header', 'DOE, JANE'], ['text-box', 'boxed'], ['footnote', 'of a kind'], ['comment', 'remark'], ['footer', 'Page']]) expect(parts(reading, kind as string)).toEqual([text])
  })
  it('form fields', () => {
    const box = (result: string): string => `{\\field{\\*\\fldinst{FORMCHECKBOX{\\*\\formfield{\\fftype1${result}}}}}{\\fldrslt}}`
    expect(textOf(`${box('\\ffres1')} a ${box('\\ffres25\\ffdefres0')} b`)).toBe('☒ a ☐ b\n\f')
    expect(textOf('{\\field{\\*\\fldinst{FORMTEXT{\\*\\formfield{\\fftype0}}}}{\\fldrslt }} {\\field{\\*\\fldinst DATE}{\\fldrslt 01/02/2025}}')).toBe('____ 01/02/2025\n\f')
    expect(textOf('{\\field{\\*\\fldinst{FORMDROPDOWN{\\*\\formfield{\\fftype2\\ffres1{\\*\\ffl one}{\\*\\ffl two}}}}}{\\fldrslt}}')).toBe('two\n\f')
  })
})

describe('tables of RTF', () => {
  const row = (cells: readonly string[], before = ''): string => `\\trowd${before}${cells.map((_, index) => `\\cellx${1000 * (index + 1)}`).join('')}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell `).join('')}\\row\n`
  it('rows stay rows, empty cells stay', () => {
    const reading = read(`${row(['Date', 'Fx', 'Dose'])}${row(['08/21/2025', '', '200'])}\\pard below\\par`)
    expect(reading.document.text).toBe('Date\tFx\tDose\n08/21/2025\t\t200\nbelow\n\f')
    expect(reading.document.regions.map(({ kind, table, row: at }) => [kind, table, at])).toEqual([['table-row', 0, 0], ['table-row', 0, 1]])
  })
  it('merged cells, two paragraphs in a cell, rows without \\intbl', () => {
    expect(textOf('\\trowd\\clvmrg\\cellx1\\clmgf\\cellx2\\clmrg\\cellx3\\intbl up\\cell wide\\cell left\\cell\\row')).toBe('\twide\n\f')
    expect(textOf(row(['a\\par b', 'c']))).toBe('a b\tc\n\f')
    expect(textOf('\\trowd\\cellx1\\cellx2 A\\cell B\\cell\\row\\trowd\\cellx1\\cellx2 C\\cell D\\cell\\row after')).toBe('A\tB\nC\tD\nafter\n\f')
  })
  it('columns set by tabs are rows', () => {
    const reading = read('Date\\tab Fx\\par 08/21\\tab 1\\par text\\tab alone\\line x\\par')
    expect(reading.document.text).toBe('Date\tFx\n08/21\t1\ntext   alone\nx\n\f')
    expect(parts(reading, 'table-row')).toHaveLength(2)
  })
  it('a table in a cell', () => {
    expect(textOf('\\trowd\\cellx9\\pard\\intbl label\\cell\\pard\\intbl\\itap2 in\\nestcell er\\nestcell{\\*\\nesttableprops\\trowd\\cellx1\\cellx2\\nestrow}\\pard\\intbl\\itap1 rest\\cell\\row')).toContain('in\ter')
  })
})

describe('RTF of any kind', () => {
  it('large pictures are handed over at their place', () => {
    const hex = Buffer.from(png(1700, 2200)).toString('hex')
    const reading = read(`before\\par{\\*\\shppict{\\pict\\pngblip ${hex}}}{\\nonshppict{\\pict\\pngblip ${hex}}}\\par after\\par{\\pict\\pngblip ${Buffer.from(png(20, 20)).toString('hex')}}`)
    expect(reading.pictures.map((picture) => picture.at)).toEqual([7])
    expect(reading.document.problems.map((problem) => [problem.id, problem.data])).toEqual([['partly-read-page', { images: 1 }]])
  })
  it('cut off, deep, or mad', () => {
    expect(readRtf(Buffer.from('{\\rtf1 KPS 80', 'latin1'), 'a.rtf').document).toMatchObject({ text: 'KPS 80\n\f', problems: [{ id: 'partly-read-page' }] })
    const started = Date.now()
    expect(readRtf(Buffer.from(`{\\rtf1 ${'{'.repeat(500_000)}`, 'latin1'), 'a.rtf').document.problems).not.toEqual([])
    expect(readRtf(Buffer.from(`{\\rtf1 ${'\\trowd\\intbl\\itap20 x\\cell'.repeat(50_000)}}`, 'latin1'), 'a.rtf').document.text.length).toBeGreaterThan(1000)
    expect(Date.now() - started).toBeLessThan(8000)
  })
  it('never throws', () => {
    const piece = fc.constantFrom('{', '}', '\\par ', '\\cell', '\\row', '\\trowd', '\\cellx9', '\\intbl', '\\itap3', '\\pard', '{\\header ', '{\\footnote ', '{\\pict\\pngblip 89', '\\bin5 ', "\\'e9", '\\u233?', '{\\field', '{\\*\\fldinst', '{\\fldrslt', '{\\*\\formfield\\fftype1', '{\\shp{\\*\\shpinst{\\shptxt ', '\\nestcell', '\\nestrow', 'text ', '\\', '{\\*\\x', '\\v', '\\v0', '\\fonttbl', '\\f1')
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (all) => {
      const { document } = readRtf(Buffer.from(`{\\rtf1${all.join('')}`, 'latin1'), 'x')
      expect(document.text.endsWith('\f')).toBe(true)
      for (const region of document.regions) expect(region.start <= region.end && region.end <= document.text.length).toBe(true)
    }), { numRuns: 500 })
  })
})
