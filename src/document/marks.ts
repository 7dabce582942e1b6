// Ink or a picture where somebody signs, that is no text: a mark is there, and nobody read it. May not: say whose it is, or that it is a signature.
import type { Rectangle } from './pdf-engine.ts'

export interface LabelWord extends Rectangle {
  readonly text: string
}

/** Words beside or above which people sign. */
const LABEL = /^(?:signature|signatures|signed|sign|initials?|initialed|signatory|x_+)[:.,/]*$/i
const PERSON = /^(?:md|m\.d\.|do|physician|oncologist|physicist|therapist|dosimetrist|provider|nurse|witness|patient)[:.,]*$/i
/** Points. */
const REACH = { right: 260, above: 34, below: 8, over: 46, left: 12 }

export interface Place extends Rectangle {
  /** The label beside which, or above which, somebody would sign. */
  readonly label: string
}

/** Where somebody would sign, in points of the frame the words stand in: right of a label up to the next word, and above it. */
export function signingPlaces(words: readonly LabelWord[]): readonly Place[] {
  const places: Place[] = []
  for (const [index, word] of words.entries()) {
    const signs = LABEL.test(word.text)
    const role = PERSON.test(word.text) && (words[index + 1]?.text ?? '').match(/^signature/i) !== null
    if (!signs && !role) continue
    const size = Math.max(6, word.bottom - word.top)
    const beside = words.filter((other) => other !== word && other.left >= word.right - 1 && other.top < word.bottom && other.bottom > word.top && !/^_+$/.test(other.text))
    const next = beside.reduce((least, other) => Math.min(least, other.left), word.right + REACH.right)
    if (next - word.right > 2.5 * size) places.push({ label: word.text, left: word.right + 1, right: next - 1, top: word.top - REACH.above + size, bottom: word.bottom + REACH.below })
    const over = words.some((other) => other.bottom < word.top && other.bottom > word.top - REACH.over * 0.35 && other.left < word.right + 60 && other.right > word.left && !/^_+$/.test(other.text))
    if (!over) places.push({ label: word.text, left: word.left - REACH.left, right: word.left + REACH.right * 0.8, top: word.top - REACH.over, bottom: word.top - 1 })
  }
  return places
}

/** Of a size that a hand writes: 0.4 to 4 inches wide, 0.1 to 1.5 inches high. */
export const isHandSized = ({ left, right, top, bottom }: Rectangle): boolean => right - left >= 29 && right - left <= 290 && bottom - top >= 7 && bottom - top <= 108

export const inside = (box: Rectangle, place: Rectangle): boolean => {
  const width = Math.min(box.right, place.right) - Math.max(box.left, place.left)
  const height = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top)
  return width > 0 && height > 0 && width * height >= 0.35 * (box.right - box.left) * (box.bottom - box.top)
}

/** Marks that overlap are one. */
export function joinedMarks(boxes: readonly Rectangle[]): readonly Rectangle[] {
  const result: { left: number; top: number; right: number; bottom: number }[] = []
  for (const box of [...boxes].sort((a, b) => a.top - b.top || a.left - b.left)) {
    const host = result.find((each) => box.left < each.right + 4 && box.right > each.left - 4 && box.top < each.bottom + 4 && box.bottom > each.top - 4)
    if (host === undefined) result.push({ left: box.left, top: box.top, right: box.right, bottom: box.bottom })
    else Object.assign(host, { left: Math.min(host.left, box.left), top: Math.min(host.top, box.top), right: Math.max(host.right, box.right), bottom: Math.max(host.bottom, box.bottom) })
  }
  return result
}
