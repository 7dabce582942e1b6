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
      if (size < smallest || size > largest || from < 3 || x > width - 4) continue
      const box = boxBelow(ink, from, x, y, smallest, largest)
      if (box !== null && !found.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) found.push(box)
    }
  }
  return found
}

function boxBelow(ink: Ink, left: number, right: number, top: number, smallest: number, largest: number): CheckBox | null {
  const { width, height, dark } = ink
  const size = right - left
  const isDark = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height && dark[y * width + x] === 1
  const row = (y: number, from: number, to: number): number => {
    let count = 0
    for (let x = from; x < to; x++) if (isDark(x, y)) count++
    return count / (to - from)
  }
  const column = (x: number, from: number, to: number, reach: number): number => {
    let count = 0
    for (let y = from; y < to; y++) {
      for (let offset = 0; offset <= reach; offset++) {
        if (!isDark(x + (x < (left + right) / 2 ? offset : -offset), y)) continue
        count++
        break
      }
    }
    return count / (to - from)
  }
  // Its upper edge, not a row inside it.
  if (row(top - 2, left, right) > 0.3) return null
  for (let height = Math.min(largest, Math.round(1.25 * size)); height >= Math.max(smallest, Math.round(0.8 * size)); height--) {
    const bottom = top + height
    if (row(bottom - 1, left, right) < 0.9 || row(bottom + 1, left, right) > 0.4) continue
    if (column(left, top, bottom, 2) < 0.92 || column(right - 1, top, bottom, 2) < 0.92) continue
    const corner = (x: number, y: number): boolean => isDark(x, y) || isDark(x + 1, y) || isDark(x - 1, y)
    if (!corner(left, top + 1) || !corner(right - 1, top + 1) || !corner(left, bottom - 2) || !corner(right - 1, bottom - 2)) continue
    // Sides that run on are a table's.
    const runsOn = (x: number): boolean => (isDark(x, top - 4) && isDark(x, top - 3)) || (isDark(x, bottom + 3) && isDark(x, bottom + 2))
    if (runsOn(left) || runsOn(left + 1) || (runsOn(right - 1) && runsOn(right - 2))) continue
    // The frame's own thickness is that of its lower edge where a mark touches least.
    let frame = 1
    while (frame < size / 4 && row(bottom - 1 - frame, left, right) > 0.8) frame++
    const inset = frame + 1 + Math.round(size / 20)
    const inner = { left: left + inset, right: right - inset, top: top + inset, bottom: bottom - inset }
    if (inner.right - inner.left < 3 || inner.bottom - inner.top < 3) continue
    let mark = 0
    for (let y = inner.top; y < inner.bottom; y++) mark += row(y, inner.left, inner.right)
    const marked = mark / (inner.bottom - inner.top) >= MARK
    if (!marked) {
      // A letter stands close to its neighbours.
      const near = Math.max(2, Math.round(0.12 * size))
      let beside = 0
      for (let offset = 1; offset <= near; offset++) beside = Math.max(beside, columnShare(isDark, left - offset - 1, top, bottom), columnShare(isDark, right + offset, top, bottom))
      if (beside > 0.15) continue
    }
    return { left, right, top, bottom, marked }
  }
  return null
}

function columnShare(isDark: (x: number, y: number) => boolean, x: number, top: number, bottom: number): number {
  let count = 0
  for (let y = top; y < bottom; y++) if (isDark(x, y)) count++
  return count / (bottom - top)
}
