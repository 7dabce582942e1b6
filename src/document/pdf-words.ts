// Glyphs of a page → words, upright in the frame in which they are read. May not: order words, know of tables.
import { BREAK, DIAGONAL } from './pdf-engine.ts'
import type { Glyphs, Rectangle } from './pdf-engine.ts'

/** Sides are points in the reading frame, where text runs rightwards and lines downwards. */
export interface Word {
  readonly text: string
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** Height of a line of this type, in points. */
  readonly size: number
  readonly bold: boolean
  /** Place in the order of the file. */
  readonly order: number
  readonly role?: 'form-field' | 'annotation'
  /** Per cent, where it was recognised from an image. */
  readonly sure?: number
}

export interface Frame {
  /** Quarter turns clockwise of the text as displayed. */
  readonly turn: number
  readonly width: number
  readonly height: number
}

export interface FramedWords {
  readonly frame: Frame
  readonly words: readonly Word[]
}

/** Private-use and symbol-font characters whose meaning is settled. */
const SYMBOLS: Readonly<Record<number, string>> = {
  0xf0fe: '☒', 0xf0fd: '☒', 0xf078: '☒', 0xf0fc: '✓', 0xf0fb: '✗', 0xf0a8: '☐', 0xf06f: '☐', 0xf071: '☐', 0xf072: '☐', 0xf0b7: '•', 0xf0a7: '▪', 0xf06e: '■',
  0xf0d8: '➢', 0xf0e0: '→', 0xf0ae: '→', 0xf06d: 'µ', 0xf0b3: '≥', 0xf0a3: '≤', 0xf0b1: '±', 0xf0b0: '°', 0xf0b4: '×', 0xf061: 'α', 0xf062: 'β', 0xf067: 'γ', 0xf02d: '-',
}

/** Words in the order of the file, one list for each direction of reading, the commonest direction first. */
export function readWords(glyphs: Glyphs, width: number, height: number): readonly FramedWords[] {
  const counts = [0, 0, 0, 0, 0]
  for (let index = 0; index < glyphs.count; index++) if (glyphs.code[index] !== BREAK) (counts[glyphs.turn[index] as number] as number)++
  const turns = [0, 1, 2, 3, DIAGONAL].filter((turn) => (counts[turn] as number) > 0).sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b)
  return turns.map((turn) => {
    const frame = { turn, width: turn & 1 ? height : width, height: turn & 1 ? width : height }
    return { frame, words: wordsOf(glyphs, frame) }
  })
}

/** From the displayed page into the reading frame. */
export function toFrame(frame: Frame, box: Rectangle): Rectangle {
  const { width: w, height: h } = frame
  if (frame.turn === 1) return { left: box.top, right: box.bottom, top: h - box.right, bottom: h - box.left }
  if (frame.turn === 2) return { left: w - box.right, right: w - box.left, top: h - box.bottom, bottom: h - box.top }
  if (frame.turn === 3) return { left: w - box.bottom, right: w - box.top, top: box.left, bottom: box.right }
  return box
}

/** From the reading frame onto the displayed page. */
export function toPage(frame: Frame, box: Rectangle): Rectangle {
  const { width: w, height: h } = frame
  if (frame.turn === 1) return { left: h - box.bottom, right: h - box.top, top: box.left, bottom: box.right }
  if (frame.turn === 2) return { left: w - box.right, right: w - box.left, top: h - box.bottom, bottom: h - box.top }
  if (frame.turn === 3) return { left: box.top, right: box.bottom, top: w - box.right, bottom: w - box.left }
  return box
}

function wordsOf(glyphs: Glyphs, frame: Frame): Word[] {
  const words: Word[] = []
  let text = ''
  let left = 0
  let top = 0
  let right = 0
  let bottom = 0
  let size = 0
  let bold = 0
  let count = 0
  let lastLeft = 0
  const finish = (): void => {
    const cleaned = clean(text)
    if (cleaned !== '') words.push({ text: cleaned, left, top, right, bottom, size, bold: bold * 2 > count, order: words.length })
    text = ''
    count = 0
    bold = 0
  }
  for (let index = 0; index < glyphs.count; index++) {
    const code = glyphs.code[index] as number
    if (code === BREAK || glyphs.turn[index] !== frame.turn) {
      if (text !== '') finish()
      continue
    }
    const box = toFrame(frame, {
      left: glyphs.box[4 * index] as number, top: glyphs.box[4 * index + 1] as number, right: glyphs.box[4 * index + 2] as number, bottom: glyphs.box[4 * index + 3] as number,
    })
    const em = 0.85 * (glyphs.size[index] as number)
    if (text !== '') {
      const shared = Math.min(bottom, box.bottom) - Math.max(top, box.top)
      const lower = Math.min(bottom - top, box.bottom - box.top)
      const apart = box.left - right > 0.35 * em || box.left < lastLeft - 0.5 * em
      if (frame.turn !== DIAGONAL && (apart || shared < 0.4 * lower)) finish()
    }
    if (text === '') {
      left = box.left
      right = box.right
      top = box.top
      bottom = box.bottom
      size = glyphs.size[index] as number
    } else {
      left = Math.min(left, box.left)
      right = Math.max(right, box.right)
      top = Math.min(top, box.top)
      bottom = Math.max(bottom, box.bottom)
      size = Math.max(size, glyphs.size[index] as number)
    }
    lastLeft = box.left
    text += SYMBOLS[code] ?? (code >= 0xd800 && code <= 0xdfff || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))
    count++
    if (glyphs.bold[index] === 1) bold++
  }
  if (text !== '') finish()
  return words
}

/** Without control characters, soft hyphens and white space; composed. */
export function clean(text: string): string {
  let plain = true
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x21 || code > 0x7e) plain = false
  }
   
  return plain ? text : text.replace(/[\s\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff\ufffe\uffff]/g, '').normalize('NFC')
}
