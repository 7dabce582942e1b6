// Signs of symbol fonts as Unicode. May not: know what a sign means beyond its shape.

const BOX = '☐'
const CHECKED = '☒'

// Codes as in the font, without the private-use offset F000. Every ticked or crossed box becomes ☒, every empty one ☐.
const WINGDINGS: Readonly<Record<number, string>> = {
  0x6f: BOX, 0x70: BOX, 0x71: BOX, 0x72: BOX, 0xa8: BOX, 0x78: CHECKED, 0xfd: CHECKED, 0xfe: CHECKED, 0xfb: '✗', 0xfc: '✓',
  0x6c: '●', 0x6d: '○', 0x6e: '■', 0x76: '❖', 0x75: '◆', 0x77: '◆', 0xa7: '▪', 0x9f: '•', 0xa1: '○', 0xa4: '◉', 0xd8: '➢',
  0xdf: '←', 0xe0: '→', 0xe1: '↑', 0xe2: '↓', 0xe7: '←', 0xe8: '→', 0xe9: '↑', 0xea: '↓', 0xf0: '⇨', 0x4a: '☺', 0x28: '☎', 0x2a: '✉', 0x20: ' ',
}
const WINGDINGS_2: Readonly<Record<number, string>> = {
  0x4f: '✗', 0x50: '✓', 0x51: CHECKED, 0x52: CHECKED, 0x53: CHECKED, 0x54: CHECKED, 0xa2: '■', 0xa3: BOX, 0x2a: BOX, 0x97: '●', 0x96: '•', 0x20: ' ',
}
const WEBDINGS: Readonly<Record<number, string>> = { 0x61: '✓', 0x63: BOX, 0x72: '✗', 0x67: '■', 0x3d: '●', 0x20: ' ' }
const SYMBOL: Readonly<Record<number, string>> = {
  0x20: ' ', 0x61: 'α', 0x62: 'β', 0x63: 'χ', 0x64: 'δ', 0x65: 'ε', 0x66: 'φ', 0x67: 'γ', 0x68: 'η', 0x69: 'ι', 0x6a: 'ϕ', 0x6b: 'κ', 0x6c: 'λ', 0x6d: 'µ', 0x6e: 'ν',
  0x6f: 'ο', 0x70: 'π', 0x71: 'θ', 0x72: 'ρ', 0x73: 'σ', 0x74: 'τ', 0x75: 'υ', 0x77: 'ω', 0x78: 'ξ', 0x79: 'ψ', 0x7a: 'ζ', 0x44: 'Δ', 0x46: 'Φ', 0x47: 'Γ', 0x4c: 'Λ',
  0x50: 'Π', 0x51: 'Θ', 0x53: 'Σ', 0x57: 'Ω', 0x58: 'Ξ', 0x59: 'Ψ', 0xa3: '≤', 0xb3: '≥', 0xb1: '±', 0xb0: '°', 0xb4: '×', 0xb7: '•', 0xb8: '÷', 0xb9: '≠', 0xba: '≡', 0xbb: '≈',
  0xa5: '∞', 0xab: '↔', 0xac: '←', 0xad: '↑', 0xae: '→', 0xaf: '↓', 0xb2: '″', 0xa2: '′', 0xd2: '®', 0xd3: '©', 0xd4: '™', 0xe5: '∑', 0xd6: '√', 0xde: '⇒', 0x7e: '∼',
  0x2d: '−', 0x40: '≅', 0xce: '∈', 0xc6: '∅',
}
/** Private-use signs without a font to tell: only those with one common meaning. */
const ANY_FONT: Readonly<Record<number, string>> = { 0x6f: BOX, 0xa8: BOX, 0x78: CHECKED, 0xfd: CHECKED, 0xfe: CHECKED, 0xfb: '✗', 0xfc: '✓', 0xb7: '•', 0xa7: '▪', 0xd8: '➢', 0xe0: '→' }

export const isSymbolFont = (font: string | undefined): boolean => font !== undefined && tableOf(font) !== undefined

/** One sign by the code it has in a font (with or without the private-use offset). */
export function symbolOf(font: string | undefined, code: number): string {
  const low = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code
  const table = font === undefined ? undefined : tableOf(font)
  if (table) return table[low] ?? (low > 0x20 && low < 0x7f && low === code && table === SYMBOL ? String.fromCharCode(low) : '•')
  if (low !== code) return ANY_FONT[low] ?? '•'
  return code > 0x1f && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ''
}

/** A text set in a symbol font, or holding private-use signs, as it looks on paper. */
export function symbolText(font: string | undefined, text: string): string {
  const table = font === undefined ? undefined : tableOf(font)
  if (!table && !/[\uf000-\uf0ff]/.test(text)) return text
  let out = ''
  for (const sign of text) {
    const code = sign.codePointAt(0) as number
    const low = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code
    out += low !== code ? symbolOf(font, code) : table?.[low] ?? sign
  }
  return out
}

/** A box as ☒ or ☐, from any of the signs people put into a check box; undefined for other text. */
export function boxOf(text: string): typeof BOX | typeof CHECKED | undefined {
  if (/^[☒☑🗹🗷🗵✔✓✗✘⊠▣■●◉⦿Xx]\ufe0f?$/u.test(text)) return CHECKED
  return /^[☐□◻▢❑❏○◯🞎🞐⬜]\ufe0f?$/u.test(text) ? BOX : undefined
}

function tableOf(font: string): Readonly<Record<number, string>> | undefined {
  const name = font.toLowerCase()
  if (name === 'wingdings') return WINGDINGS
  if (name === 'wingdings 2') return WINGDINGS_2
  if (name === 'webdings') return WEBDINGS
  if (name === 'symbol') return SYMBOL
  return undefined
}
