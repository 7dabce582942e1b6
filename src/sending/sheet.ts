// Writes text on the pages of a PDF, line by line, the same bytes on every machine. May not: know what the text says; look at a clock.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import PDFDocument from 'pdfkit'

/** What is used of PDFKit; all lengths in points, y downwards. */
export interface Pen {
  readonly page: { readonly width: number; readonly height: number }
  readonly font: (name: string) => Pen
  readonly fontSize: (size: number) => Pen
  readonly fillColor: (colour: string) => Pen
  readonly fillOpacity: (opacity: number) => Pen
  readonly strokeColor: (colour: string) => Pen
  readonly lineWidth: (width: number) => Pen
  readonly text: (text: string, x: number, y: number, options?: Readonly<Record<string, unknown>>) => Pen
  readonly widthOfString: (text: string) => number
  readonly moveTo: (x: number, y: number) => Pen
  readonly lineTo: (x: number, y: number) => Pen
  readonly rect: (x: number, y: number, width: number, height: number) => Pen
  readonly fill: () => Pen
  readonly stroke: () => Pen
  readonly save: () => Pen
  readonly restore: () => Pen
  readonly rotate: (degrees: number, options: { readonly origin: readonly [number, number] }) => Pen
  readonly addPage: (options?: Readonly<Record<string, unknown>>) => Pen
  readonly bufferedPageRange: () => { readonly start: number; readonly count: number }
  readonly switchToPage: (page: number) => Pen
  readonly initForm: () => Pen
  readonly formText: (name: string, x: number, y: number, width: number, height: number, options?: Readonly<Record<string, unknown>>) => Pen
  readonly formCombo: (name: string, x: number, y: number, width: number, height: number, options?: Readonly<Record<string, unknown>>) => Pen
  readonly on: (event: 'data' | 'end' | 'error', hear: (part: Buffer) => void) => Pen
  readonly end: () => void
}

export type Face = 'plain' | 'bold' | 'italic'

export interface Style {
  readonly face?: Face
  readonly size?: number
  readonly colour?: string
}

export interface Sheet {
  readonly pen: Pen
  readonly width: number
  readonly height: number
  /** Lines of at most `width` points; a word wider than that is broken. */
  readonly lines: (text: string, width: number, style?: Style) => string[]
  readonly widthOf: (text: string, style?: Style) => number
  /** One line; `y` is its upper edge. */
  readonly put: (text: string, x: number, y: number, style?: Style) => void
  readonly addPage: () => void
  /** Runs on every page once all are written. */
  readonly onEachPage: (draw: (page: number, of: number) => void) => void
  readonly bytes: () => Promise<Uint8Array>
}

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json')), 'standard_fonts')
const FACES: Readonly<Record<Face, string>> = { plain: 'LiberationSans-Regular.ttf', bold: 'LiberationSans-Bold.ttf', italic: 'LiberationSans-Italic.ttf' }
const fonts = new Map<Face, Buffer>()
function fontOf(face: Face): Buffer {
  const known = fonts.get(face) ?? readFileSync(join(FONTS, FACES[face]))
  fonts.set(face, known)
  return known
}

export const INK = '#1f2933'
export const QUIET = '#52606d'
export const RULE = '#cbd2d9'
export const ACCENT = '#1d4e79'
export const RED = '#b42318'
const MOMENT = new Date('1980-01-01T00:00:00Z')

export function openSheet(about: { readonly title: string; readonly author: string; readonly width?: number; readonly height?: number; readonly language?: string }): Sheet {
  const width = about.width ?? 612
  const height = about.height ?? 792
  const pen = new PDFDocument({
    size: [width, height], margin: 0, bufferPages: true, autoFirstPage: true, compress: false, pdfVersion: '1.7', lang: about.language ?? 'en-US', displayTitle: true, tagged: false,
    info: { Title: about.title, Author: about.author, Producer: 'Vouch', Creator: 'Vouch', CreationDate: MOMENT, ModDate: MOMENT },
  }) as unknown as Pen & { readonly registerFont: (name: string, font: Buffer) => void; readonly _font: { readonly font: { readonly hasGlyphForCodePoint: (code: number) => boolean } } }
  for (const face of ['plain', 'bold', 'italic'] as const) pen.registerFont(face, fontOf(face))
  const parts: Buffer[] = []
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pen.on('data', (part) => void parts.push(part))
    pen.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    pen.on('error', reject)
  })
  const take = (style: Style): void => void pen.font(style.face ?? 'plain').fontSize(style.size ?? 10).fillColor(style.colour ?? INK)
  take({})
  const printable = printer((code) => pen._font.font.hasGlyphForCodePoint(code))
  const widths = new Map<string, number>()
  const widthOf = (text: string, style: Style = {}): number => {
    const key = `${style.face ?? 'plain'} ${style.size ?? 10} ${text}`
    const known = widths.get(key)
    if (known !== undefined) return known
    take(style)
    const found = pen.widthOfString(printable(text))
    if (widths.size < 50_000) widths.set(key, found)
    return found
  }
  return {
    pen, width, height, widthOf,
    lines: (text, most, style = {}) => wrapped(text, most, (t) => widthOf(t, style)),
    put: (text, x, y, style = {}) => {
      take(style)
      if (text !== '') pen.text(printable(text), x, y, { lineBreak: false })
    },
    addPage: () => void pen.addPage({ size: [width, height], margin: 0 }),
    onEachPage: (draw) => {
      const { start, count } = pen.bufferedPageRange()
      for (let page = 0; page < count; page++) {
        pen.switchToPage(start + page)
        draw(page + 1, count)
      }
    },
    bytes: () => {
      pen.end()
      return done
    },
  }
}

// What records hold and the typeface does not, by what a reader takes it for.
const STAND_INS: Readonly<Record<string, string>> = { '☐': '□', '❑': '□', '☒': '[x]', '☑': '[x]', '✓': '√', '✔': '√', '✗': 'x', '✘': 'x', '\u202f': ' ', '\u2009': ' ', '\u2212': '−', '\u2011': '-' }

/** A character that the typeface does not hold is shown as an empty box, never left out. */
function printer(has: (code: number) => boolean): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    let out = ''
    for (const c of text) {
      let shown = known.get(c)
      if (shown === undefined) {
        const code = c.codePointAt(0) as number
        shown = code >= 32 && code < 127 ? c : code < 32 || (code >= 0x7f && code < 0xa0) ? ' ' : STAND_INS[c] ?? (has(code) ? c : /\p{M}/u.test(c) ? '' : '□')
        known.set(c, shown)
      }
      out += shown
    }
    return out
  }
}

function wrapped(text: string, most: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= most) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (widthOf(line) > most && line.length > 1) {
      let [low, high] = [1, line.length]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (widthOf(line.slice(0, middle)) <= most) low = middle
        else high = middle - 1
      }
      lines.push(line.slice(0, low))
      line = line.slice(low)
    }
  }
  lines.push(line)
  return lines
}
