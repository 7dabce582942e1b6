// Check boxes drawn on a scanned page, and whether they carry a mark. May not: read letters.
import type { Ink } from './ocr-pixels.ts'

/** In pixels. */
export interface CheckBox {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly marked: boolean
}

/** Inches. */
const SMALLEST = 0.065
const LARGEST = 0.22
/** Share of the inside that a mark covers at least. */
const MARK = 0.07

export function findCheckBoxes(ink: Ink, dpi: number): readonly CheckBox[] {
  const { width, height, dark } = ink
  const smallest = Math.max(8, Math.round(SMALLEST * dpi))
  const largest = Math.round(LARGEST * dpi)
  const found: CheckBox[] = []
  for (let y = 2; y < height - smallest - 2; y++) {
    const base = y * width
    for (let x = 0; x < width;) {
      if (dark[base + x] !== 1) {
        x++
        continue
      }
      const from = x
      while (x < width && (dark[base + x] === 1 || (dark[base + x + 1] === 1 && x + 1 < width))) x++
      const size = x - from
      if (size < smallest || size > 1.3 * largest || from < 3 || x > width - 4) continue
      // A mark that reaches out makes the upper edge longer.
      let box: CheckBox | null = null
      for (let right = x; box === null && right >= from + Math.max(smallest, 0.75 * size); right--) if (right - from <= largest) box = boxBelow(ink, from, right, y, smallest, largest)
      const made = box
      if (made !== null && !found.some((other) => made.left < other.right && made.right > other.left && made.top < other.bottom && made.bottom > other.top)) found.push(made)
    }
  }
  return found
}

function boxBelow(ink: Ink, left: number, right: number, top: number, smallest: number, largest: number): CheckBox | null {
  const width = right - left
  const isDark = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < ink.width && y < ink.height && ink.dark[y * ink.width + x] === 1
  const row = (y: number, from: number, to: number): number => {
    let count = 0
    for (let x = from; x < to; x++) if (isDark(x, y)) count++
    return count / (to - from)
  }
  const column = (x: number, from: number, to: number): number => {
    const inwards = x < (left + right) / 2 ? 1 : -1
    let count = 0
    for (let y = from; y < to; y++) if (isDark(x, y) || isDark(x + inwards, y)) count++
    return count / (to - from)
  }
  // Its upper edge, not a row inside it.
  if (row(top - 2, left, right) > 0.3) return null
  for (let size = Math.min(largest, Math.round(1.25 * width)); size >= Math.max(smallest, Math.round(0.8 * width)); size--) {
    const bottom = top + size
    if (row(bottom - 1, left, right) < 0.88 || row(bottom + 1, left, right) > 0.4) continue
    if (column(left, top, bottom) < 0.88 || column(right - 1, top, bottom) < 0.88) continue
    const corner = (x: number, y: number): boolean => isDark(x, y) || isDark(x + 1, y) || isDark(x - 1, y)
    if (!corner(left, top + 1) || !corner(right - 1, top + 1) || !corner(left, bottom - 2) || !corner(right - 1, bottom - 2)) continue
    // Sides that run on are a table's.
    const runsOn = (x: number): boolean => (isDark(x, top - 4) && isDark(x, top - 3)) || (isDark(x, bottom + 3) && isDark(x, bottom + 2))
    if (runsOn(left) || runsOn(left + 1) || (runsOn(right - 1) && runsOn(right - 2))) continue
    // All four sides are of one thickness, as no letter's are; a full square is a bullet.
    const sides = [[0, 1, left, top, 1, 0, width], [0, -1, left, bottom - 1, 1, 0, width], [1, 0, left, top, 0, 1, size], [-1, 0, right - 1, top, 0, 1, size]]
      .map((side) => thickness(isDark, side as unknown as Side))
    const frame = Math.max(...sides)
    if (frame - Math.min(...sides) > Math.max(2, 0.06 * width) || frame > 0.25 * width) continue
    const inset = frame + 1 + Math.round(width / 20)
    const inner = { left: left + inset, right: right - inset, top: top + inset, bottom: bottom - inset }
    if (inner.right - inner.left < 3 || inner.bottom - inner.top < 3) continue
    let mark = 0
    for (let y = inner.top; y < inner.bottom; y++) mark += row(y, inner.left, inner.right)
    const marked = mark / (inner.bottom - inner.top) >= MARK
    // Ink that goes on at the right is a letter's curve, if it is no mark that reaches out.
    if (columnShare(isDark, right + 1, top, bottom) > 0.35 || columnShare(isDark, left - 2, top, bottom) > 0.35) continue
    if (!marked) {
      // A letter stands close to its neighbours.
      const near = Math.max(2, Math.round(0.12 * width))
      let beside = 0
      for (let offset = 1; offset <= near; offset++) beside = Math.max(beside, columnShare(isDark, left - offset - 1, top, bottom), columnShare(isDark, right + offset, top, bottom))
      if (beside > 0.15) continue
    }
    return { left, right, top, bottom, marked }
  }
  return null
}

/** Step across the side, where it begins, step along it, how far. */
type Side = readonly [number, number, number, number, number, number, number]

/** Median thickness of one side. */
function thickness(isDark: (x: number, y: number) => boolean, [ax, ay, x0, y0, bx, by, length]: Side): number {
  const all: number[] = []
  for (let at = 2; at < length - 2; at++) {
    let count = 0
    // The edge may lie a pixel further in.
    if (!isDark(x0 + bx * at, y0 + by * at)) count = 1
    while (count < length && isDark(x0 + bx * at + ax * count, y0 + by * at + ay * count)) count++
    all.push(count)
  }
  return all.sort((a, b) => a - b)[all.length >> 1] ?? 0
}

function columnShare(isDark: (x: number, y: number) => boolean, x: number, top: number, bottom: number): number {
  let count = 0
  for (let y = top; y < bottom; y++) if (isDark(x, y)) count++
  return count / (bottom - top)
}
