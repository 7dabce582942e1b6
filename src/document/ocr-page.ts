// The image of a page → its text by OCR, with words and lines as of any other page. May not: open files, know of other pages.
import { findCheckBoxes } from './ocr-boxes.ts'
import type { CheckBox } from './ocr-boxes.ts'
import { legibilityOf } from './legibility.ts'
import type { Arrangement, FoundLine, FoundWord, Recogniser } from './ocr-engine.ts'
import { marksOf } from './ocr-marks.ts'
import { withoutLines } from './ocr-lines.ts'
import type { Rule, Unruled } from './ocr-lines.ts'
import { deepened, despeckle, evened, inkOf, lieOf, nearInk, smoothed, straightened, turned } from './ocr-pixels.ts'
import type { Grain, Gray, Ink } from './ocr-pixels.ts'
import type { Rectangle } from './pdf-engine.ts'
import { composePage } from './pdf-page.ts'
import type { PageResult } from './pdf-page.ts'
import { clean, toPage } from './pdf-words.ts'
import type { Frame, Word } from './pdf-words.ts'

export interface PageImage extends Gray {
  /** Of the page as displayed, in points. */
  readonly points: { readonly width: number; readonly height: number }
  readonly grain: Grain
}

/** Mean confidence below which the page may stand on its head, and a second look is taken. */
const DOUBTFUL = 65
/** Slope below which straightening costs more sharpness than it gains. */
const STRAIGHT = 0.0025
const FEW_WORDS = 3
const LEAST_DPI = 40
const MOSTLY_DARK = 0.6
/** Inches: the size of a speck, and how far from everything else it stands. */
const SPECK = 0.02
const ALONE = 0.035
/** Pixels, across and down, by which rough edges are softened: more would take decimal points away, less leave letters in pieces. */
const SOFT = [0.45, 0.45] as const
const SOFT_COARSE = [1.2, 0.9] as const
/** Inches of a page that tell which way up it is. */
const STRIP = 1.1
/** What a strip of text is worth that is read the right way up. */
const SURE = 3000
/** Confidence of every word of a cell that is not read a second time. */
const SURE_WORD = 80
const SURE_NUMBER = 88
/** Pixels: fewer are no letter. */
const LEAST_INK = 30
/** Share of ink below which the engine takes the grain of the paper for ink, and reads for minutes. */
const SCANTY = 0.004
/** Per cent by which the engine is too sure of letters whose strokes are half gone: there a word it gives 90 is wrong one time in eight. */
const OVERSURE = 10
/** Share of the ink outside all words that calls for a second look. */
const MISSED = 0.12

export async function recognisePage(index: number, image: PageImage, recogniser: Recogniser): Promise<PageResult> {
  const { points } = image
  const nothing = (reason: 'blank' | 'image-only'): PageResult => ({ ...composePage(index, points.width, points.height, [], [], [], []), kind: 'none', legibility: 0, reason })
  // A page too large to be drawn so that letters can be told apart.
  if (72 * image.width < LEAST_DPI * points.width) return nothing('image-only')
  let even = deepened(evened(image))
  let ink = inkOf(even)
  if (darkShare(ink) > MOSTLY_DARK) {
    // White on black, as a negative is copied; what is black all over is no blank page.
    even = { ...image, pixels: image.pixels.map((value) => 255 - value) }
    ink = inkOf(even)
    if (!hasInk(even, ink)) return nothing('image-only')
  }
  if (!hasInk(even, ink)) return nothing('blank')
  const dpi = (72 * image.width) / points.width
  const lie = lieOf(ink, Math.round(0.3 * dpi))
  const prepare = (turn: number): Prepared => prepared(even, turn, lie.slope, dpi, image.grain)

  let page = prepare(lie.sideways ? 1 : 0)
  if (lie.sideways) {
    // A table may look like lines that run upwards.
    const [across] = (await compared([prepare(0)], dpi, recogniser)) as [Looked]
    if (across.score > SURE) page = across.page
    else {
      const all = [across, ...(await compared([page, prepare(3)], dpi, recogniser))]
      page = all.reduce((best, each) => (each.score > best.score ? each : best)).page
    }
  }
  let found = await look(page, dpi, recogniser)
  if (!lie.sideways && (found.words.length < FEW_WORDS || found.confidence < DOUBTFUL)) {
    const other = prepare(2)
    const [upright, inverted] = await compared([page, other], dpi, recogniser)
    if ((inverted as Looked).score > 1.2 * (upright as Looked).score) {
      page = other
      found = await look(page, dpi, recogniser)
    }
  }
  const marks = marksOf(page.unruled.ink, found.words, dpi)
  const words = wordsOf(found.words, page, dpi, points, marks)
  if (words.words.length < FEW_WORDS && !words.words.some((word) => /\p{L}{3}/u.test(word.text))) return nothing('image-only')
  const composed = composePage(index, points.width, points.height, [words], words.rules, [], [])
  return {
    ...composed, box: leaning(composed.box, page.straight ? 0 : lie.slope, points), kind: 'ocr', legibility: legibilityOf(found.words),
    ...(marks.length > 0 ? { marks: marks.map((mark) => toPage(words.frame, mark)) } : {}),
  }
}

function darkShare(ink: Ink): number {
  return darkCount(ink.dark) / Math.max(1, ink.dark.length)
}

function darkCount(dark: Uint8Array): number {
  let count = 0
  for (let at = 0; at < dark.length; at++) count += dark[at] as number
  return count
}

/** Ink that is more than specks. */
function hasInk(image: Gray, ink: Ink): boolean {
  const dark = darkCount(ink.dark)
  if (dark < 40) return false
  if (dark > 0.008 * ink.dark.length) return true
  const soft = smoothed(image, 1).pixels
  let solid = 0
  for (let at = 0; at < soft.length; at++) if ((soft[at] as number) < 120) solid++
  return solid >= 60
}

// --- preparing ----------------------------------------------------------------------------------------------------

interface Prepared {
  readonly turn: number
  /** True where the image was straight enough as it is. */
  readonly straight: boolean
  /** Too few lines an inch for a second look at doubtful cells to help. */
  readonly coarse: boolean
  readonly boxes: readonly CheckBox[]
  readonly unruled: Unruled
  /** What is given to the engine. */
  readonly image: Gray
}

function prepared(even: Gray, turn: number, slope: number, dpi: number, grain: Grain): Prepared {
  const straight = Math.abs(slope) < STRAIGHT
  const upright = straight ? turned(even, turn) : straightened(turned(even, turn), slope)
  const ink = inkOf(upright)
  const boxes = findCheckBoxes(ink, dpi)
  const plain = boxes.length === 0 ? upright : { ...upright, pixels: upright.pixels.slice() }
  for (const box of boxes) {
    for (let y = Math.max(0, box.top - 2); y < Math.min(plain.height, box.bottom + 2); y++) {
      for (let x = Math.max(0, box.left - 2); x < Math.min(plain.width, box.right + 2); x++) {
        plain.pixels[y * plain.width + x] = 255
        ink.dark[y * plain.width + x] = 0
      }
    }
  }
  const unruled = withoutLines(plain, ink, dpi)
  const rough = grain !== 'gray' || speckled(unruled.ink)
  if (rough) despeckle(unruled.image, unruled.ink, Math.round(SPECK * dpi), Math.round(ALONE * dpi))
  const [across, down] = grain === 'coarse' ? SOFT_COARSE : SOFT
  const image = rough ? smoothed(unruled.image, across, down) : unruled.image
  return { turn, straight, coarse: grain === 'coarse', boxes, unruled, image: darkShare(unruled.ink) < SCANTY ? nearInk(image, unruled.ink) : image }
}

/** Many specks of one or two pixels. */
function speckled(ink: Ink): boolean {
  const { width, height, dark } = ink
  let specks = 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 2; x++) {
      const at = y * width + x
      if (dark[at] !== 1 || dark[at - 1] === 1) continue
      const right = dark[at + 1] === 1 ? at + 1 : at
      if (dark[right + 1] === 1) continue
      let alone = true
      for (let near = at - 1; near <= right + 1; near++) if (dark[near - width] === 1 || dark[near + width] === 1) alone = false
      if (alone) specks++
    }
  }
  return specks > (width * height) / 20_000
}

// --- looking ------------------------------------------------------------------------------------------------------

interface ReadWord extends FoundWord {
  /** Letters from ascender to descender, in pixels, and where they stand. */
  readonly height: number
  readonly baseline: number
  /** Which line of its reading. */
  readonly line: number
}

interface Found {
  readonly words: readonly ReadWord[]
  /** Mean of the words kept, 0 to 100. */
  readonly confidence: number
}

interface Looked {
  readonly page: Prepared
  readonly score: number
}

async function look(page: Prepared, dpi: number, recogniser: Recogniser): Promise<Found> {
  const { image, unruled } = page
  const read = async (of: Gray, arrangement: Arrangement): Promise<readonly ReadWord[]> => plausible(await recogniser.read(of, dpi, arrangement).catch(() => []), dpi)
  let words = await read(image, 'column')
  // Cells of a table are read better one by one than as a line with gaps.
  if (words.length < FEW_WORDS || meanOf(words) < DOUBTFUL || missedInk(unruled.ink, words) > MISSED) words = better(words, await read(image, 'sparse'))
  else if (!page.coarse && isTabular(words, unruled)) {
    const rest = withoutSure(image, unruled.ink, words)
    if (rest !== null) words = better(words, await read(rest, 'sparse'))
  }
  words = words.filter(isKept)
  const confidence = meanOf(words)
  if (page.coarse) words = words.map((word) => ({ ...word, confidence: Math.max(0, word.confidence - OVERSURE) }))
  words = words.map((word) => withSign(withPoint(word, unruled.ink), unruled.ink, words))
  return { words, confidence }
}

/** Only what was not read with certainty, null where that is nothing: to read the rest again costs as much as the first time and changes nothing. */
function withoutSure(image: Gray, { width, height, dark }: Ink, words: readonly ReadWord[]): Gray | null {
  const left = dark.slice()
  for (let from = 0, to = 1; from < words.length; from = to, to++) {
    while (to < words.length && isBeside(words[to - 1] as ReadWord, words[to] as ReadWord)) to++
    const cell = words.slice(from, to)
    if (cell.some((word) => word.confidence < (/\d/.test(word.text) ? SURE_NUMBER : SURE_WORD) || !isKept(word))) continue
    for (const word of cell) {
      for (let y = Math.max(0, word.top - 2); y < Math.min(height, word.bottom + 2); y++) left.fill(0, y * width + Math.max(0, word.left - 2), y * width + Math.min(width, word.right + 2))
    }
  }
  const ink = { width, height, dark: left }
  return darkShare(ink) * left.length < LEAST_INK ? null : nearInk(image, ink)
}

const isBeside = (a: ReadWord, b: ReadWord): boolean => a.line === b.line && b.left - a.right < 1.2 * a.height && b.left > a.left

/** Ruled, or with rows that have wide gaps. */
function isTabular(words: readonly ReadWord[], unruled: Unruled): boolean {
  if (unruled.vertical.length >= 2 && unruled.horizontal.length >= 3) return true
  let gaps = 0
  for (let at = 1; at < words.length; at++) {
    const [a, b] = [words[at - 1] as ReadWord, words[at] as ReadWord]
    if (Math.abs(a.baseline - b.baseline) < 0.3 * a.height && b.left - a.right > 1.8 * a.height) gaps++
  }
  return gaps >= 4 && gaps > 0.04 * words.length
}

/** Where two readings differ, the one the engine is surer of. */
function better(first: readonly ReadWord[], second: readonly ReadWord[]): readonly ReadWord[] {
  const all = [...first, ...second]
  const group = all.map((_, index) => index)
  const root = (index: number): number => {
    let at = index
    while (group[at] !== at) at = group[at] as number
    return at
  }
  first.forEach((a, i) => second.forEach((b, j) => {
    const x = Math.min(a.right, b.right) - Math.max(a.left, b.left)
    const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    if (x > 0.25 * Math.min(a.right - a.left, b.right - b.left) && y > 0.35 * Math.min(a.bottom - a.top, b.bottom - b.top)) group[root(first.length + j)] = root(i)
  }))
  const clusters = new Map<number, { first: ReadWord[]; second: ReadWord[] }>()
  all.forEach((word, index) => {
    const cluster = clusters.get(root(index)) ?? { first: [], second: [] }
    clusters.set(root(index), cluster)
    cluster[index < first.length ? 'first' : 'second'].push(word)
  })
  return [...clusters.values()].flatMap((cluster) => (sureness(cluster.second, cluster.first) > sureness(cluster.first, cluster.second) ? cluster.second : cluster.first))
}

/** Mean confidence of the characters, less where the other reading has more of them. */
function sureness(words: readonly ReadWord[], others: readonly ReadWord[]): number {
  const length = words.reduce((sum, word) => sum + word.text.length, 0)
  if (length === 0) return -100
  const other = others.reduce((sum, word) => sum + word.text.length, 0)
  return words.reduce((sum, word) => sum + word.text.length * word.confidence, 0) / length - (30 * Math.max(0, other - length)) / Math.max(length, other)
}

/** The same strip of the page, where most of its ink is, in each way of turning it. */
async function compared(pages: readonly Prepared[], dpi: number, recogniser: Recogniser): Promise<readonly Looked[]> {
  const results: Looked[] = []
  for (const page of pages) {
    const strip = densest(page, Math.round(STRIP * dpi))
    results.push({ page, score: worth(plausible(await recogniser.read(strip, dpi, 'block').catch(() => []), dpi)) })
  }
  return results
}

function densest(page: Prepared, most: number): Gray {
  const { width, height, pixels } = page.image
  const size = Math.min(height, most)
  const rows = new Float64Array(height + 1)
  for (let y = 0; y < height; y++) {
    let dark = 0
    for (let x = 0; x < width; x++) dark += page.unruled.ink.dark[y * width + x] as number
    // A picture is no text.
    rows[y + 1] = (rows[y] as number) + Math.min(dark, 0.25 * width)
  }
  let from = 0
  for (let y = 1; y + size <= height; y++) if ((rows[y + size] as number) - (rows[y] as number) > (rows[from + size] as number) - (rows[from] as number)) from = y
  return { width, height: size, pixels: pixels.slice(from * width, (from + size) * width) }
}

const meanOf = (words: readonly FoundWord[]): number => (words.length === 0 ? 0 : words.reduce((sum, word) => sum + word.confidence, 0) / words.length)

/** Characters of words that are words. */
function worth(words: readonly FoundWord[]): number {
  return words.reduce((sum, word) => sum + (word.confidence >= 60 && /[A-Za-z]{2}|\d/.test(word.text) ? word.text.length * (word.confidence - 50) : 0), 0)
}

/** Share of the ink outside all words. */
function missedInk(ink: Ink, words: readonly FoundWord[]): number {
  const { width, height, dark } = ink
  const covered = new Uint8Array(dark.length)
  for (const word of words) {
    for (let y = Math.max(0, word.top - 3); y < Math.min(height, word.bottom + 3); y++) covered.fill(1, y * width + Math.max(0, word.left - 3), y * width + Math.min(width, word.right + 3))
  }
  let all = 0
  let missed = 0
  for (let at = 0; at < dark.length; at++) {
    if (dark[at] !== 1) continue
    all++
    if (covered[at] === 0) missed++
  }
  return all === 0 || missed < 400 ? 0 : missed / all
}

/** Of a size that words have. */
function plausible(lines: readonly FoundLine[], dpi: number): readonly ReadWord[] {
  const words: ReadWord[] = []
  for (const [index, line] of lines.entries()) {
    const { x0, y0, x1, y1 } = line.baseline
    const prose = line.words.filter((word) => /^[a-z]{2,}[.,;:]?$/.test(word.text)).length >= 3
    for (const word of line.words) {
      // Between words a stroke is the person who writes; in a table it is a line that was left.
      const text = prose && word.text === '|' ? 'I' : readable(clean(word.text))
      const height = word.bottom - word.top
      // A dash between two numbers is thin by nature; what is left of a drawn line is read with less certainty.
      const thin = height < 0.012 * dpi && !(/^[-–—]$/.test(text) && word.confidence >= 60)
      if (text === '' || thin || height > 1.2 * dpi) continue
      const middle = (word.left + word.right) / 2
      const baseline = x1 > x0 ? y0 + ((y1 - y0) * (middle - x0)) / (x1 - x0) : y0
      words.push({ ...word, text, height: line.height, baseline, line: index })
    }
  }
  return words
}

/** False for specks, remains of lines, scribble. */
function isKept({ text, confidence }: ReadWord): boolean {
  if (confidence < 15 || (confidence < 30 && !/\p{L}/u.test(text))) return false
  if (confidence < 60 && !/[\p{L}\p{N}]/u.test(text) && !/^[-+=<>%/&:[\]()]+$/.test(text) && text !== '[ ]' && text !== '( )') return false
  return confidence >= 90 || !/^[|_~`'‘’"“”.,°•*\\^—-]+$/.test(text) || /^[-—•]$/.test(text)
}

interface Piece {
  readonly from: number
  readonly to: number
  readonly top: number
  readonly bottom: number
  readonly dark: number
}

/** Ink between free columns, left to right. */
function piecesOf(ink: Ink, left: number, right: number, top: number, bottom: number): readonly Piece[] {
  const pieces: { from: number; to: number; top: number; bottom: number; dark: number }[] = []
  for (let x = Math.max(0, left); x < Math.min(ink.width, right); x++) {
    let first = -1
    let last = -1
    let dark = 0
    for (let y = Math.max(0, top); y < Math.min(ink.height, bottom); y++) {
      if (ink.dark[y * ink.width + x] !== 1) continue
      if (first < 0) first = y
      last = y
      dark++
    }
    if (dark === 0) continue
    const piece = pieces[pieces.length - 1]
    if (piece !== undefined && piece.to === x) {
      piece.to = x + 1
      piece.top = Math.min(piece.top, first)
      piece.bottom = Math.max(piece.bottom, last + 1)
      piece.dark += dark
    } else pieces.push({ from: x, to: x + 1, top: first, bottom: last + 1, dark })
  }
  return pieces
}

/** A minus that stands at a number and at nothing before it. */
function withSign(word: ReadWord, ink: Ink, words: readonly ReadWord[]): ReadWord {
  if (!/^\d+(?:\.\d+)?%?$/.test(word.text)) return word
  const size = word.bottom - word.top
  const [sign, next] = piecesOf(ink, Math.round(word.left - 0.9 * size), word.right, word.top, word.bottom)
  if (sign === undefined || next === undefined) return word
  const { from, to, top, bottom } = sign
  const middle = (top + bottom) / 2 - word.top
  const isDash = to - from >= 0.18 * size && to - from <= 0.65 * size && bottom - top <= 0.22 * size && middle > 0.35 * size && middle < 0.75 * size && sign.dark > 0.6 * (to - from) * (bottom - top)
  if (!isDash || next.from - to > 0.3 * size || next.bottom - next.top < 0.6 * size || from < word.left - 0.6 * size) return word
  if (words.some((other) => other !== word && other.text !== word.text && other.left < to && other.right > from - 0.5 * size && other.top < word.bottom && other.bottom > word.top)) return word
  return { ...word, text: `-${word.text}`, left: Math.min(word.left, from) }
}

/** Decimal points are lost more than anything else, and matter more: one that stands between two digits is put back. */
function withPoint(word: ReadWord, ink: Ink): ReadWord {
  // What stands before and behind the digits.
  const digits = /^([-+<>=(~]?)(\d{2,6})([%)]?)$/.exec(word.text)
  if (digits === null) return word
  const { left, right, bottom, top } = word
  const size = bottom - top
  const pieces = piecesOf(ink, left, right, top, bottom + 2)
  const isPoint = (piece: Piece): boolean =>
    piece.to - piece.from >= 2 && piece.bottom - piece.top >= 2 && piece.dark >= 4 && piece.to - piece.from <= 0.3 * size && piece.bottom - piece.top <= 0.3 * size
    && piece.top > top + 0.6 * size && Math.abs(piece.bottom - bottom) <= 0.15 * size
  const points = pieces.filter(isPoint)
  const [point] = points
  if (point === undefined || points.length !== 1) return word
  const before = pieces.filter((piece) => piece.to <= point.from && piece.bottom - piece.top > 0.2 * size).length
  const after = pieces.filter((piece) => piece.from >= point.to).length
  const { length } = word.text
  // Digits that touch are counted by their place.
  const share = ((point.from + point.to) / 2 - left) / (right - left)
  const at = before + after === length ? before : Math.round(share * (length + 0.5) - 0.25)
  const from = (digits[1] as string).length
  if (at <= from || at >= from + (digits[2] as string).length) return word
  return { ...word, text: `${word.text.slice(0, at)}.${word.text.slice(at)}` }
}

/** Marks as they are written elsewhere. */
function readable(text: string): string {
  if (text === '[]' || text === '[_]' || text === '[|' || text === '[1' ) return '[ ]'
  if (text === '()' || text === '(_)') return '( )'
  if (text === 'C02' || text === 'H20') return text.replace('0', 'O')
  return text.replace(/[\ufb00-\ufb04]/g, (ligature) => ligature.normalize('NFKC')).replaceAll('¢', 'c')
}

// --- words of the page --------------------------------------------------------------------------------------------

interface Words {
  readonly frame: Frame
  readonly words: readonly Word[]
  /** Drawn lines, on the page as displayed. */
  readonly rules: readonly Rectangle[]
}

function wordsOf(found: readonly ReadWord[], page: Prepared, dpi: number, points: PageImage['points'], marks: readonly Rectangle[]): Words {
  const frame: Frame = { turn: page.turn, width: page.turn & 1 ? points.height : points.width, height: page.turn & 1 ? points.width : points.height }
  const unit = 72 / dpi
  const strokes = found.map((word) => strokeOf(page.unruled.ink, word))
  const usual = median(strokes.filter((stroke) => stroke > 0))
  const words: Word[] = found.map((word, order) => {
    const box = lineBox(word)
    return {
      text: word.text, left: word.left * unit, right: word.right * unit, top: box.top * unit, bottom: box.bottom * unit,
      sure: word.confidence, size: 1.2 * word.height * unit, bold: usual > 0 && (strokes[order] as number) > 1.3 * usual, order,
    }
  })
  for (const box of page.boxes) {
    const left = box.left * unit
    const right = box.right * unit
    const middle = ((box.top + box.bottom) / 2) * unit
    const size = (box.bottom - box.top) * unit
    const beside = words.find((word) => word.top - 0.2 * size < middle && word.bottom + 0.2 * size > middle && word.left - right < 3 * size && left - word.right < 3 * size && (word.left >= right - 1 || word.right <= left + 1))
    if (beside === undefined) continue
    words.push({ left, right, top: Math.min(box.top * unit, beside.top), bottom: Math.max(box.bottom * unit, beside.bottom), text: box.marked ? '[x]' : '[ ]', size: beside.size, bold: false, order: words.length, role: 'form-field' })
  }
  words.push(...blanks(words, page.unruled, unit, marks))
  return { frame, words, rules: page.unruled.horizontal.map((rule) => toPage(frame, scaled(rule, unit))) }
}

/** The height of a line of this type, as native text has it, where the word keeps to it. */
function lineBox(word: ReadWord): { readonly top: number; readonly bottom: number } {
  const em = word.height / 0.94
  const top = word.baseline - 0.93 * em
  const bottom = word.baseline + 0.24 * em
  if (!(em > 0) || word.top < top - 0.3 * em || word.bottom > bottom + 0.3 * em || (word.top + word.bottom) / 2 < top || (word.top + word.bottom) / 2 > bottom) return word
  return { top: Math.min(top, word.top), bottom: Math.max(bottom, word.bottom) }
}

/** Mean width of a stroke against the height of the letters. */
function strokeOf(ink: Ink, word: ReadWord): number {
  if (word.text.length < 2 || !/[\p{L}\p{N}]{2}/u.test(word.text) || word.height <= 0) return 0
  let dark = 0
  let runs = 0
  for (let y = Math.max(0, word.top); y < Math.min(ink.height, word.bottom); y++) {
    for (let x = Math.max(0, word.left); x < Math.min(ink.width, word.right); x++) {
      const at = y * ink.width + x
      if (ink.dark[at] !== 1) continue
      dark++
      if (ink.dark[at + 1] !== 1) runs++
    }
  }
  return runs === 0 ? 0 : dark / runs / word.height
}

/** Lines drawn to be written upon, beside a word of their row, with nothing on them. */
function blanks(words: readonly Word[], unruled: Unruled, unit: number, marks: readonly Rectangle[]): readonly Word[] {
  const result: Word[] = []
  const upright = unruled.vertical.map((rule) => scaled(rule, unit))
  for (const rule of joined(unruled.horizontal).map((each) => scaled(each, unit))) {
    const length = rule.right - rule.left
    if (length < 24 || length > 400) continue
    if (upright.some((other) => other.bottom > rule.top - 3 && other.top < rule.bottom + 3 && (Math.abs(other.left - rule.left) < 5 || Math.abs(other.right - rule.right) < 5))) continue
    const label = words.find((word) => rule.left - word.right < (word.text.endsWith(':') ? 1.8 : 0.8) * word.size && rule.left - word.right > -0.5 * word.size && rule.top > word.top + 0.4 * word.size && rule.top < word.bottom + 0.25 * word.size && /\p{L}|:/u.test(word.text))
    if (label === undefined) continue
    const filled = words.some((word) => word !== label && word.right > rule.left + 2 && word.left < rule.right - 2 && word.top < rule.top && word.bottom > label.top + 0.2 * label.size)
    // Somebody wrote there, though nobody can read what.
    if (filled || marks.some((mark) => mark.right > rule.left && mark.left < rule.right && mark.bottom > rule.top - 30 && mark.top < rule.bottom + 6)) continue
    result.push({ text: '_'.repeat(Math.max(4, Math.min(40, Math.round(length / (0.45 * label.size))))), left: rule.left, right: rule.right, top: label.top, bottom: label.bottom, size: label.size, bold: false, order: words.length + result.length })
  }
  return result
}

/** Pieces of one drawn line, put together. */
function joined(rules: readonly Rule[]): readonly Rule[] {
  const result: { left: number; top: number; right: number; bottom: number }[] = []
  for (const rule of [...rules].sort((a, b) => a.left - b.left || a.top - b.top)) {
    const host = result.find((each) => rule.left - each.right < 15 && rule.left > each.left && Math.abs(rule.top - each.top) < 6)
    if (host === undefined) result.push({ ...rule })
    else host.right = Math.max(host.right, rule.right)
  }
  return result
}

const scaled = (rule: Rule, unit: number): Rectangle => ({ left: rule.left * unit, top: rule.top * unit, right: rule.right * unit, bottom: rule.bottom * unit })

/** Boxes of the straightened page, back where the page shows them. */
function leaning(boxes: Float32Array, slope: number, points: PageImage['points']): Float32Array {
  if (slope === 0) return boxes
  const angle = Math.atan(slope)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const result = new Float32Array(boxes.length)
  for (let at = 0; at < boxes.length; at += 4) {
    const [left, top, right, bottom] = boxes.subarray(at, at + 4) as unknown as [number, number, number, number]
    const dx = (left + right - points.width) / 2
    const dy = (top + bottom - points.height) / 2
    const x = points.width / 2 + dx * cos - dy * sin
    const y = points.height / 2 + dx * sin + dy * cos
    const w = (right - left) / 2
    const h = (bottom - top) / 2
    result.set([clamp(x - w, points.width), clamp(y - h, points.height), clamp(x + w, points.width), clamp(y + h, points.height)], at)
  }
  return result
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value))

function median(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : (Float64Array.from(numbers).sort()[numbers.length >> 1] as number)
}
