// Bytes of plain text → text, whatever encoding wrote them. May not: know what the text says; drop a sign that can be read.

/** By its mark, its zero bytes, UTF-8 where that is what it is; else the single-byte encoding in which its signs stand where such signs stand. */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  const marked = byMark(bytes)
  if (marked !== undefined) return marked
  const wide = wideWithoutMark(bytes)
  if (wide !== undefined) return wide.startsWith('utf-32') ? utf32(bytes, wide === 'utf-32le') : new TextDecoder(wide).decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // One broken sign (a file cut in the middle of it) does not make UTF-8 something else.
    const loose = new TextDecoder('utf-8').decode(bytes)
    let broken = 0
    let good = 0
    for (let i = 0; i < loose.length; i++) {
      const code = loose.charCodeAt(i)
      if (code === 0xfffd) broken++
      else if (code > 0x7f) good++
    }
    if (good > 4 * broken) return loose
  }
  const named = declared === undefined ? undefined : decodeAs(bytes, declared)
  return named ?? likeliest(bytes)
}

/** Text in a named encoding; undefined for names nobody knows. */
export function decodeAs(bytes: Uint8Array, name: string): string | undefined {
  const label = name.trim().toLowerCase()
  if (/^(?:windows-1252|cp-?1252|iso-?8859-1|latin-?1|us-ascii|ascii|ansi)$/.test(label)) return windows1252(bytes)
  if (/^utf-?32/.test(label)) return utf32(bytes, !label.endsWith('be'))
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return undefined
  }
}

function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? utf32(bytes.subarray(4), true) : new TextDecoder('utf-16le').decode(bytes)
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return utf32(bytes.subarray(4), false)
  return a === 0xfe && b === 0xff ? new TextDecoder('utf-16be').decode(bytes) : undefined
}

function utf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  let part = ''
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, little)
    part += code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd'
    if (part.length > 8192) {
      parts.push(part)
      part = ''
    }
  }
  return parts.join('') + part
}

// Node 20's TextDecoder reads this label as Latin-1, losing the dashes and quotes of 0x80 to 0x9f.
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
export const windows1252 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replace(/[\u0080-\u009f]/g, sign => WINDOWS[sign.charCodeAt(0) - 0x80] as string)

/** UTF-16 or UTF-32 without its mark: of Latin text every second byte, or three of four, are zero. */
export function wideWithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | undefined {
  const length = Math.min(bytes.length, 4096) & ~3
  if (length < 8) return undefined
  const zero = [0, 0, 0, 0]
  for (let i = 0; i < length; i++) if (bytes[i] === 0) (zero[i & 3] as number)++
  const [a, b, c, d] = zero.map((count) => (4 * count) / length) as [number, number, number, number]
  if (a < 0.04 && b > 0.7 && c > 0.9 && d > 0.98) return 'utf-32le'
  if (a > 0.98 && b > 0.9 && c > 0.7 && d < 0.04) return 'utf-32be'
  const even = (a + c) / 2
  const odd = (b + d) / 2
  if (odd > 0.7 && even < 0.04) return 'utf-16le'
  return even > 0.7 && odd < 0.04 ? 'utf-16be' : undefined
}

// What old computers wrote into the upper half: IBM PC code page 437.
const CP437 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'
const cp437 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').replace(/[\u0080-\u00ff]/g, sign => CP437[sign.charCodeAt(0) - 0x80] as string)

const SAMPLE = 1 << 18
/** Points by which another encoding must fit better than the usual one. */
const MARGIN = 2

function likeliest(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, SAMPLE)
  let best: (all: Uint8Array) => string = windows1252
  let most = fit(windows1252(sample)) + MARGIN
  for (const decode of [(all: Uint8Array) => new TextDecoder('macintosh').decode(all), cp437]) {
    const score = fit(decode(sample))
    if (score > most) {
      most = score
      best = decode
    }
  }
  return best(bytes)
}

/** How well the signs beyond ASCII stand: letters within words, quotes around words, dashes between, units behind numbers. */
function fit(text: string): number {
  let score = 0
  let seen = 0
  for (let at = 0; at < text.length && seen < 2000; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    seen++
    const sign = text[at] as string
    const before = text[at - 1] ?? ' '
    const after = text[at + 1] ?? ' '
    const wordBefore = /[A-Za-z]/.test(before)
    const wordAfter = /[A-Za-z]/.test(after)
    const open = /[\s([–—-]/.test(before)
    const closed = /[\s)\].,;:!?–—-]/.test(after)
    if (code >= 0x80 && code <= 0x9f) score -= 3
    else if (/[’]/.test(sign)) score += wordBefore && (wordAfter || closed) ? 2 : /\d/.test(before) ? 1 : -1
    else if (/[“‘]/.test(sign)) score += open && !closed ? 2 : -2
    else if (/[”]/.test(sign)) score += !open && closed ? 2 : -2
    else if (/[–—]/.test(sign)) score += (/\s/.test(before) && /\s/.test(after)) || (/[\w)]/.test(before) && /\w/.test(after)) ? 2 : -1
    else if (/[•·▪■□☐]/.test(sign)) score += /\s/.test(after) ? 1 : -2
    else if (/[°]/.test(sign)) score += /[\d\s]/.test(before) ? 2 : -2
    else if (/[±≤≥≈×÷]/.test(sign)) score += /[\d\s]/.test(after) || /[\d\s]/.test(before) ? 2 : -2
    else if (/[µμ]/.test(sign)) score += /[\d\s]/.test(before) && wordAfter ? 2 : -2
    else if (/[²³]/.test(sign)) score += wordBefore ? 2 : -2
    else if (/[½¼¾]/.test(sign)) score += /[\d\s]/.test(before) ? 1 : -2
    else if (/[™®©…§¶\u00a0─│┌┐└┘├┤┬┴┼═║]/.test(sign)) score += 1
    else if (/[á-öø-ÿ]/.test(sign)) score += wordBefore || wordAfter ? 1 : -2
    else if (/\p{Lu}/u.test(sign)) score += wordAfter && !/[a-z]/.test(before) ? 0.5 : -1.5
    else if (/\p{L}/u.test(sign)) score += wordBefore || wordAfter ? 0 : -1
    else score -= 1
  }
  return score
}
