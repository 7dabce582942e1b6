// Tells by its bytes what a file is. May not: trust its name; read further than it must.

export type FileKind =
  | 'pdf' | 'docx' | 'zip' | 'tiff' | 'png' | 'jpeg' | 'text' | 'empty'
  | 'encrypted-office' | 'office' | 'rtf' | 'html' | 'xml' | 'image' | 'unknown'

export function sniff(bytes: Uint8Array): FileKind {
  if (allZero(bytes)) return 'empty'
  const head = latin1(bytes.subarray(0, 4096))
  const begins = (...codes: number[]): boolean => codes.every((code, index) => bytes[index] === code)
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return archiveKind(bytes)
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf'
  if (begins(0x49, 0x49, 42, 0) || begins(0x4d, 0x4d, 0, 42) || begins(0x49, 0x49, 43, 0) || begins(0x4d, 0x4d, 0, 43)) return 'tiff'
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'png'
  if (begins(0xff, 0xd8, 0xff)) return 'jpeg'
  if (begins(0x47, 0x49, 0x46, 0x38) || begins(0x42, 0x4d) && bytes[5] === 0 && bytes[14] === 40 || head.slice(4, 12) === 'ftypheic' || head.slice(0, 4) === 'RIFF' && head.slice(8, 12) === 'WEBP') return 'image'
  // An OLE container: a password-protected Office file holds a stream of this name; others are legacy formats.
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return contains(bytes, utf16('EncryptedPackage'), 1 << 16) ? 'encrypted-office' : 'office'
  if (head.startsWith('{\\rtf')) return 'rtf'
  if (!isText(bytes)) return 'unknown'
  const start = head.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replace(/\0/g, '').trimStart().toLowerCase()
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'html'
  if (start.startsWith('<?xml')) return start.includes('<html') ? 'html' : 'xml'
  return 'text'
}

/** Pages of a TIFF: its directories, counted; at least 1. */
export function tiffPages(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const seen = new Set<number>()
  let at = bytes.length >= 8 ? view.getUint32(4, little) : 0
  while (at > 0 && at + 2 <= bytes.length && !seen.has(at) && seen.size < 3000) {
    seen.add(at)
    const next = at + 2 + 12 * view.getUint16(at, little)
    if (next + 4 > bytes.length) break
    at = view.getUint32(next, little)
  }
  return Math.max(1, seen.size)
}

function archiveKind(bytes: Uint8Array): FileKind {
  // Names stand in the central directory at the end; Word also writes its parts' names at the front.
  const end = bytes.subarray(Math.max(0, bytes.length - (1 << 18)))
  const front = bytes.subarray(0, 1 << 16)
  const has = (name: string): boolean => contains(end, ascii(name), end.length) || contains(front, ascii(name), front.length)
  if (has('word/document') && has('[Content_Types].xml')) return 'docx'
  if (has('[Content_Types].xml') && (has('xl/workbook') || has('ppt/presentation'))) return 'office'
  if (has('[Content_Types].xml')) return 'docx'
  if (has('META-INF/manifest.xml') && has('content.xml')) return 'office'
  return 'zip'
}

function isText(bytes: Uint8Array): boolean {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const sample = bytes.subarray(0, 65_536)
  let strange = 0
  for (const byte of sample) {
    if (byte === 0 && !wide) strange += 8
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) strange++
  }
  return wide || strange <= sample.length / 200
}

function allZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

function contains(bytes: Uint8Array, wanted: Buffer, within: number): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, within)).includes(wanted)
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
