// Plain text: encodings, columns, junk. May not: read files from disk.
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readText } from '../../src/document/read-text.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string) => readText(bytes(text), 'note.txt')
const rows = (text: string): string[] => {
  const document = read(text)
  return document.regions.map(one => document.text.slice(one.start, one.end))
}

describe('encodings', () => {
  it('are told by mark, then UTF-8, then Windows', () => {
    const wide = (text: string, mark: boolean, big: boolean): Uint8Array => {
      const out = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
      return big ? out.swap16() : out
    }
    expect(readText(bytes('\ufeff≥ 5 µg'), 'a').text).toBe('≥ 5 µg\n\f')
    for (const mark of [true, false]) for (const big of [true, false]) expect(readText(wide('Dose – 50 Gy in 25', mark, big), 'a').text).toBe('Dose – 50 Gy in 25\n\f')
    expect(readText(Uint8Array.from([0x33, 0xb5, 0x67, 0x20, 0x96, 0x20, 0x93, 0x78, 0x94]), 'a').text).toBe('3µg – “x”\n\f')
    expect(readText(bytes('≥ ≤ µ é ☒ ☐ é').subarray(0, -1), 'a').text).toContain('≥ ≤ µ é ☒ ☐')
  })
})

describe('lines', () => {
  it('end by \\n, form feeds too; the file is one page', () => {
    const document = read('a\r\nb\rc\fd\n')
    expect(document.text).toBe('a\nb\nc\nd\n\f')
    expect(document.pages).toEqual([{ page: 1, start: 0, end: document.text.length, width: 0, height: 0, text: 'native', legibility: 1 }])
  })
  it('keep their spaces where they are no table, and lose printer codes', () => {
    expect(read('  Dose:      50 Gy\nnext line   here').text).toBe('  Dose:      50 Gy\nnext line   here\n\f')
    expect(read('\x1b[1mBold\x1b[0m and H\x08Hi').text).toBe('Bold and Hi\n\f')
    expect(read('one\tword\nprose without').text).toBe('one   word\nprose without\n\f')
  })
})

describe('columns', () => {
  it('shared by lines are cells', () => {
    const text = 'Labs today\nTest         Value    Flag   Range\n-----------------------------------\nPotassium    4.3      H      3.5-5.1\nSodium       140             135-145\n\nDone.'
    const document = read(text)
    expect(document.text).toBe('Labs today\nTest\tValue\tFlag\tRange\n-----------------------------------\nPotassium\t4.3\tH\t3.5-5.1\nSodium\t140\t\t135-145\n\nDone.\n\f')
    expect(document.regions.map(one => [one.kind, one.table, one.row])).toEqual([['table-row', 0, 0], ['table-row', 0, 2], ['table-row', 0, 3]])
  })
  it('set by tabs are cells with two lines', () => {
    expect(rows('Fx\tDose\n1\t2 Gy\n2\t2 Gy')).toEqual(['Fx\tDose', '1\t2 Gy', '2\t2 Gy'])
    expect(rows('Fx\tFlag\tDose\n1\t\t2 Gy')).toEqual(['Fx\tFlag\tDose', '1\t\t2 Gy'])
  })
  it('of one gap only, or of one line only, are no table', () => {
    expect(rows('Name:     Doe\nDOB:      1950')).toEqual([])
    expect(rows('a     b     c\nprose')).toEqual([])
  })
  it('two tables are two', () => {
    expect(read('a    b    c\nd    e    f\n\ng    h    i\nj    k    l').regions.map(one => [one.table, one.row])).toEqual([[0, 0], [0, 1], [1, 0], [1, 1]])
  })
})

describe('refused', () => {
  it('says why', () => {
    const id = (content: Uint8Array): (string | undefined)[] => readText(content, 'a').problems.map(one => one.id)
    expect(id(new Uint8Array(0))).toEqual(['empty-file'])
    expect(id(bytes(' \n\t\r\n\f'))).toEqual(['empty-file'])
    expect(id(Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256))).toEqual(['foreign-file'])
    expect(id(bytes('%PDF-1.7 ...'))).toEqual(['foreign-file'])
    expect(readText(new Uint8Array(0), 'a').pages[0]).toMatchObject({ page: 1, text: 'none', reason: 'blank' })
  })
})

describe('any input', () => {
  it('never throws; rows lie in the text, sorted', () => {
    const sound = (content: Uint8Array): void => {
      const document = readText(content, 'a')
      expect(document.text.endsWith('\f')).toBe(true)
      expect(document.text.indexOf('\f')).toBe(document.text.length - 1)
      let last = 0
      for (const region of document.regions) {
        expect(region.start).toBeGreaterThanOrEqual(last)
        expect(region.end).toBeLessThan(document.text.length)
        last = region.end
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), sound))
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'Dose', '   ', '      ', '\t', '\n', '--- ---', '\f', ' ', '1.5'), { maxLength: 60 }), parts => {
      const text = parts.join('')
      sound(bytes(text))
      // Nothing but white space is changed.
      if (text.trim() !== '') expect(read(text).text.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
    }), { numRuns: 500 })
  })
  it('ends on long and hostile text', { timeout: 60_000 }, () => {
    expect(read(' '.repeat(500_000) + 'x' + '   a'.repeat(100_000) + '\n' + '   a'.repeat(100_000)).pages).not.toEqual([])
    expect(read('Potassium    4.3      H      3.5-5.1\n'.repeat(50_000)).pages).not.toEqual([])
  })
})

describe('encodings of old machines', () => {
  const NOTE = 'Patient’s skin – “dry” • 50 Gy ± 5 % at 37 °C, José said; dose ≥ 95 %.'
  const encoded = (table: string, text: string): Uint8Array => Uint8Array.from([...text].map(sign => {
    const code = sign.codePointAt(0) as number
    const at = [...table].indexOf(sign)
    return code < 0x80 ? code : at < 0 ? 0x3f : at + 0x80
  }))
  const MAC = 'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ'
  const PC = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'
  it('Macintosh, IBM PC, Latin-1', () => {
    expect(readText(encoded(MAC, NOTE), 'a').text).toBe(`${NOTE}\n\f`)
    expect(readText(encoded(PC, 'Temp 37 °C, dose ≥ 95 %, ± 3 mm, José'), 'a').text).toBe('Temp 37 °C, dose ≥ 95 %, ± 3 mm, José\n\f')
    expect(readText(Buffer.from('José at 37 °C ± 2, µg', 'latin1'), 'a').text).toBe('José at 37 °C ± 2, µg\n\f')
  })
  it('UTF-32, with and without its mark', () => {
    const wide = (text: string, little: boolean): Uint8Array => {
      const view = new DataView(new ArrayBuffer(4 * [...text].length))
      ;[...text].forEach((sign, at) => view.setUint32(4 * at, sign.codePointAt(0) as number, little))
      return new Uint8Array(view.buffer)
    }
    for (const little of [true, false]) for (const mark of ['\ufeff', '']) expect(readText(wide(`${mark}Dose – 50 Gy 🞎`, little), 'a').text).toBe('Dose – 50 Gy 🞎\n\f')
  })
})
