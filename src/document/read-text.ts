// Plain text → Document; columns set with spaces become table rows. May not: read mark-up, guess pages, wrap lines.
import { createHash } from 'node:crypto'
import type { ProblemId } from '../base/problem.ts'
import { decodeText } from './decode-text.ts'
import type { Document } from './document.ts'
import { layColumns } from './text-columns.ts'

const LARGEST = 64 << 20

/** The whole file is one page without size. Never throws; what is wrong stands in `problems`. */
export function readText(bytes: Uint8Array, file: string): Document {
  const head = { file, sha256: createHash('sha256').update(bytes).digest('hex'), kind: 'text' as const }
  const words = { start: new Uint32Array(0), end: new Uint32Array(0), box: new Float32Array(0) }
  const none = (id: ProblemId, data?: Record<string, number>): Document => ({
    ...head, text: '\f', words, regions: [], problems: [{ id, severity: 'error', file, ...(data && { data }) }],
    pages: [{ page: 1, start: 0, end: 1, width: 0, height: 0, text: 'none', legibility: 0, reason: id === 'empty-file' ? 'blank' : 'reader-failed' }],
  })
  if (bytes.length === 0) return none('empty-file')
  if (bytes.length > LARGEST) return none('file-too-large', { bytes: bytes.length })
  if (isOtherFormat(bytes)) return none('foreign-file')
  const raw = decodeText(bytes)
  if (isJunk(raw)) return none('foreign-file')
  const clean = cleaned(raw)
  if (clean.trim() === '') return none('empty-file')
  const laid = layColumns(clean.split('\n'))
  const text = `${laid.text}\f`
  const { regions } = laid
  return { ...head, text, words, regions, problems: [], pages: [{ page: 1, start: 0, end: text.length, width: 0, height: 0, text: 'native', legibility: 1 }] }
}

const MAGIC: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46, 0x2d], [0x50, 0x4b, 3, 4], [0xd0, 0xcf, 0x11, 0xe0], [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], [0x1f, 0x8b, 8], [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0], [0x4d, 0x4d, 0, 0x2a], [0x7b, 0x5c, 0x72, 0x74, 0x66],
]
const isOtherFormat = (bytes: Uint8Array): boolean => MAGIC.some(magic => magic.every((byte, i) => bytes[i] === byte))

/** Control signs no text has: more than two, and more than one in a hundred. */
function isJunk(text: string): boolean {
  let odd = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0xfffd || code === 0x7f || (code < 0x20 && !(code >= 8 && code <= 13) && code !== 0x1b && code !== 0x1a)) odd++
  }
  return odd > 2 && odd * 100 > text.length
}

/** Text without what printers and terminals put into it. */
export function cleaned(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    // Printer streams: colours, and bold by striking twice.
    .replace(/\x1b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/[^\n]\x08/g, '')
    .replace(/[\x00-\x08\x0e-\x1f\x7f\ufeff]/g, '')
}
