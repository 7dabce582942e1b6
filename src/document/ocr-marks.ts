// Ink on a scanned page that is no recognised word, where somebody would sign. May not: recognise, know whose hand it is.
import { isHandSized, joinedMarks, signingPlaces } from './marks.ts'
import type { FoundWord } from './ocr-engine.ts'
import type { Ink } from './ocr-pixels.ts'
import type { Rectangle } from './pdf-engine.ts'

/** Per cent: a scribble read as a word is none. */
const READ = 55
/** Inches of ink, as a line of pen strokes, that a hand leaves at least. */
const LEAST_STROKE = 0.8

/** In points of the frame in which the words stand. `ink` has its drawn lines taken out. */
export function marksOf(ink: Ink, words: readonly FoundWord[], dpi: number): readonly Rectangle[] {
  const unit = 72 / dpi
  const read = words.filter((word) => word.confidence >= READ)
  const places = signingPlaces(read.map((word) => ({ text: word.text, left: word.left * unit, right: word.right * unit, top: word.top * unit, bottom: word.bottom * unit })))
  if (places.length === 0) return []
  const covered = new Uint8Array(ink.dark.length)
  for (const word of read) {
    for (let y = Math.max(0, word.top - 2); y < Math.min(ink.height, word.bottom + 2); y++) covered.fill(1, y * ink.width + Math.max(0, word.left - 2), y * ink.width + Math.min(ink.width, word.right + 2))
  }
  const found: Rectangle[] = []
  for (const place of places) {
    const left = Math.max(0, Math.round(place.left / unit))
    const right = Math.min(ink.width, Math.round(place.right / unit))
    const top = Math.max(0, Math.round(place.top / unit))
    const bottom = Math.min(ink.height, Math.round(place.bottom / unit))
    // Runs of ink along the rows: their number is about the length of the strokes, whatever the pen.
    let strokes = 0
    const columns = new Uint32Array(Math.max(0, right - left))
    const rows = new Uint32Array(Math.max(0, bottom - top))
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = y * ink.width + x
        if (ink.dark[at] !== 1 || covered[at] === 1) continue
        columns[x - left] = (columns[x - left] as number) + 1
        rows[y - top] = (rows[y - top] as number) + 1
        if (ink.dark[at + 1] !== 1) strokes++
      }
    }
    if (strokes < LEAST_STROKE * dpi) continue
    const [first, last] = ends(columns)
    const [upper, lower] = ends(rows)
    const box = { left: (left + first) * unit, right: (left + last + 1) * unit, top: (top + upper) * unit, bottom: (top + lower + 1) * unit }
    if (isHandSized(box)) found.push(box)
  }
  return joinedMarks(found)
}

/** First and last place that has more than a speck. */
function ends(counts: Uint32Array): readonly [number, number] {
  let first = 0
  let last = counts.length - 1
  while (first < last && (counts[first] as number) < 2) first++
  while (last > first && (counts[last] as number) < 2) last--
  return [first, last]
}
