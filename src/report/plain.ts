// Small work on strings for people: cleaning, joining, filling templates, measuring columns. May not: know a review or a policy.

// Control characters, zero-width and direction marks: a record's text must not steer a terminal or reorder a line.
 
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+/g

/** One line of printable text, white space collapsed. */
export const clean = (text: string): string => text.replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim()

/** `a`, `a and b`, `a, b and c`. */
export function joinAnd(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `1–3, 5, 9–10` from ascending whole numbers. */
export function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let i = 0; i < numbers.length; ) {
    let j = i
    while (j + 1 < numbers.length && numbers[j + 1] === (numbers[j] as number) + 1) j += 1
    parts.push(i === j ? `${numbers[i]}` : `${numbers[i]}–${numbers[j]}`)
    i = j + 1
  }
  return parts.join(', ')
}

export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const PROPER = new Set(['Karnofsky', 'Zubrod', 'Lansky', 'Medicare'])

/** A phrase as it stands within a sentence: first letter lowered unless it is a name or an abbreviation, closing stop dropped. */
export function inSentence(phrase: string): string {
  const text = phrase.trim().replace(/\.$/, '')
  const first = /^[A-Za-z-]*/.exec(text)?.[0] ?? ''
  return /^[A-Z][a-z]*$/.test(first) && !PROPER.has(first) ? first.charAt(0).toLowerCase() + text.slice(1) : text
}

/** The first `count` words, with an ellipsis where some were left out. */
export function firstWords(text: string, count: number): string {
  const words = text.split(' ')
  return words.length <= count ? text : `${words.slice(0, count).join(' ')}…`
}

/**
 * Fills `{name}` from `values`. A part in `[ ]` (not nested) is left out where a value named in it is missing or empty; elsewhere such
 * a value leaves nothing. Values are put in as they are, never read as template.
 */
export function fill(template: string, values: Readonly<Record<string, string | null | undefined>>): string {
  return template.split(/(\[[^[\]]*\])/).map((part) => {
    const optional = part.startsWith('[') && part.endsWith(']')
    let missing = false
    const filled = (optional ? part.slice(1, -1) : part).replace(/\{([A-Za-z]+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      if (value === '') missing = true
      return value
    })
    return optional && missing ? '' : filled
  }).join('')
}

const isWide = (c: number): boolean =>
  c >= 0x1100 && (c <= 0x115f || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff)
    || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd))

/** Columns a text takes on a terminal: 0 for a combining mark, 2 for a wide character. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) {
    const code = character.codePointAt(0) as number
    columns += /\p{M}/u.test(character) ? 0 : isWide(code) ? 2 : 1
  }
  return columns
}

/** At most `columns` wide, with an ellipsis where it was cut. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    const width = columnsOf(character)
    if (used + width > columns - 1) break
    kept += character
    used += width
  }
  return `${kept}…`
}

/** Cut and filled up with spaces to exactly `columns`. */
export function padTo(text: string, columns: number): string {
  const short = cut(text, columns)
  return short + ' '.repeat(Math.max(0, columns - columnsOf(short)))
}

/** Lines no wider than `columns`; the first begins with `first`, the others with `rest`. A word longer than a line is broken. */
export function wrap(text: string, columns: number, first = '', rest = first): string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  const flush = (): void => {
    lines.push(line)
    line = rest
    empty = true
  }
  for (const word of text.split(' ')) {
    let left = word
    if (!empty && columnsOf(line) + 1 + columnsOf(left) > columns) flush()
    while (columnsOf(line) + (empty ? 0 : 1) + columnsOf(left) > columns) {
      const room = Math.max(1, columns - columnsOf(line))
      let piece = ''
      for (const character of left) {
        if (piece !== '' && columnsOf(piece) + columnsOf(character) > room) break
        piece += character
      }
      if (piece === left) break
      line += piece
      left = left.slice(piece.length)
      flush()
    }
    line += (empty ? '' : ' ') + left
    empty = false
  }
  lines.push(line)
  return lines
}
