// Tells by its bytes what a file is. May not: trust its name; read further than it must.
import { wideWithoutMark } from './decode-text.ts'

export type FileKind =
  | 'pdf' | 'docx' | 'zip' | 'tiff' | 'png' | 'jpeg' | 'text' | 'empty'
  | 'encrypted-office' | 'office' | 'rtf' | 'html' | 'xml' | 'json' | 'eml' | 'msg' | 'gif' | 'webp' | 'image' | 'unknown'

export function sniff(bytes: Uint8Array): FileKind {
  if (allZero(bytes)) return 'empty'
  const head = latin1(bytes.subarray(0, 4096))
  const begins = (...codes: number[]): boolean => codes.every((code, index) => bytes[index] === code)
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return archiveKind(bytes)
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf'
  if (begins(0x49, 0x49, 42, 0) || begins(0x4d, 0x4d, 0, 42) || begins(0x49, 0x49, 43, 0) || begins(0x4d, 0x4d, 0, 43)) return 'tiff'
  if (begins(0x89, 0x50, 0x4e, 0x47)) return 'png'
  if (begins(0xff, 0xd8, 0xff)) return 'jpeg'
  if (begins(0x47, 0x49, 0x46, 0x38)) return 'gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (begins(0x42, 0x4d) && bytes[5] === 0 && bytes[14] === 40 || /^ftyp(?:heic|heix|mif1|avif)/.test(head.slice(4, 12))) return 'image'
  // An OLE container: a password-protected Office file holds a stream of this name; others are legacy formats.
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return contains(bytes, utf16('EncryptedPackage'), bytes.length) ? 'encrypted-office' : contains(bytes, utf16('__properties_version1.0'), bytes.length) ? 'msg' : 'office'
  if (/^(?:\xef\xbb\xbf)?\s{0,100}\{\\rtf/.test(head)) return 'rtf'
  if (!isText(bytes)) return 'unknown'
  const start = head.replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replace(/\0/g, '').trimStart()
  if (/^[{[]/.test(start)) return /"resourceType"\s{0,20}:/.test(start) ? 'json' : 'text'
  if (start.startsWith('<')) return markupKind(start.toLowerCase())
  return isMail(start) ? 'eml' : 'text'
}

function markupKind(start: string): FileKind {
  let at = 0
  for (;;) {
    while (at < start.length && start.charCodeAt(at) <= 32) at++
    const end = start.startsWith('<!--', at) ? '-->' : start.startsWith('<?', at) || start.startsWith('<!', at) ? '>' : null
    if (end === null) break
    const stop = start.indexOf(end, at)
    if (stop < 0) break
    at = stop + end.length
  }
  const root = /^<(?:[a-z][\w.-]{0,60}:)?([a-z][\w.-]{0,60})/.exec(start.slice(at, at + 200))?.[1]
  if (root === undefined) return start.startsWith('<!doctype html') ? 'html' : start.startsWith('<?xml') ? 'xml' : 'text'
  if (/^(?:html|head|body|div|p|table|span|font|pre|h[1-6]|center|meta|title|style|b|br|ul|ol)$/.test(root) && !start.includes('xmlns="http://hl7.org/fhir"')) return 'html'
  return start.startsWith('<?xml') || start.includes('xmlns') || start.includes(`<${root}>`) ? 'xml' : 'text'
}

const MAIL_HEADERS = ['received', 'return-path', 'delivered-to', 'message-id', 'mime-version', 'content-type', 'content-transfer-encoding', 'from', 'to', 'date', 'subject', 'x-mailer', 'dkim-signature', 'reply-to', 'cc']

/** Begins with headers of a mail, and one among them that no letter has. */
function isMail(start: string): boolean {
  const head = start.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const names = head.split(/\r?\n(?![ \t])/).map((each) => /^([A-Za-z][A-Za-z0-9-]{1,60}):/.exec(each)?.[1]?.toLowerCase())
  if (names.length < 3 || names.some((name) => name === undefined)) return false
  return names.filter((name) => name !== undefined && MAIL_HEADERS.includes(name)).length >= 3 && names.some((name) => name === 'mime-version' || name === 'received' || name === 'message-id' || name === 'content-type' || name === 'return-path')
}

const MOST_TIFF_PAGES = 3000

/** Where the directories of a TIFF begin, and how their fields lie: those of BigTIFF are wider. */
export function tiffDirectories(bytes: Uint8Array): { readonly at: readonly number[]; readonly little: boolean; readonly big: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const big = bytes.length >= 16 && view.getUint16(2, little) === 43
  const wide = (from: number): number => (from + 8 <= bytes.length ? Number(view.getBigUint64(from, little)) : 0)
  const seen = new Set<number>()
  let at = big ? wide(8) : bytes.length >= 8 ? view.getUint32(4, little) : 0
  while (at > 0 && at + (big ? 16 : 6) <= bytes.length && !seen.has(at) && seen.size < MOST_TIFF_PAGES) {
    seen.add(at)
    const next = big ? at + 8 + 20 * wide(at) : at + 2 + 12 * view.getUint16(at, little)
    if (next + 4 > bytes.length) break
    at = big ? wide(next) : view.getUint32(next, little)
  }
  return { at: [...seen], little, big }
}

/** Pages of a TIFF; at least 1. */
export const tiffPages = (bytes: Uint8Array): number => Math.max(1, tiffDirectories(bytes).at.length)

/** Which office format a file of kind `office` is of: `doc`, `xls`, `ppt`, `xlsx`, `pptx`, `odf`; `office` where it does not tell. */
export function officeFormat(bytes: Uint8Array): string {
  const holds = (name: Buffer): boolean => contains(bytes, name, bytes.length)
  if (bytes[0] === 0x50) return holds(ascii('xl/workbook')) ? 'xlsx' : holds(ascii('ppt/presentation')) ? 'pptx' : 'odf'
  return holds(utf16('WordDocument')) ? 'doc' : holds(utf16('Workbook')) || holds(utf16('Book')) ? 'xls' : holds(utf16('PowerPoint Document')) ? 'ppt' : 'office'
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
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0xfe && bytes[3] === 0xff) || wideWithoutMark(bytes) !== undefined
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
