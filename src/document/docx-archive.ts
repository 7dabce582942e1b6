// The gate of a Word file: its parts within limits, or the reason why not. May not: parse XML, keep text.
import { crc32, inflateRawSync, constants } from 'node:zlib'
import type { ProblemId } from '../base/problem.ts'

export interface Refusal {
  readonly refused: ProblemId
  readonly data?: Readonly<Record<string, string | number>>
}

/** One entry of the central directory. `name` with `/` between parts. */
export interface ArchiveEntry {
  readonly name: string
  /** Unpacked bytes, as the directory says; a lie is cut off at this length. */
  readonly size: number
  readonly packed: number
  readonly method: number
  readonly crc: number
  /** Of the first packed byte. */
  readonly at: number
}

export interface Archive {
  readonly bytes: Uint8Array
  /** By lower-case name: names in a package do not differ by case. */
  readonly entries: ReadonlyMap<string, ArchiveEntry>
}

export interface Part {
  readonly bytes: Uint8Array
  /** False where it is cut short or its check sum is wrong. */
  readonly whole: boolean
}

const MEGABYTE = 1 << 20
export const LIMITS = {
  file: 200 * MEGABYTE, entry: 64 * MEGABYTE, total: 256 * MEGABYTE, entries: 5000,
  /** Unpacked to packed, of XML above `ratioFrom` bytes; real charts stay below 60. */
  ratio: 200, ratioFrom: 8 * MEGABYTE, depth: 2000, elements: 3_000_000,
} as const

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const MAX32 = 0xffffffff

export function openArchive(bytes: Uint8Array): Archive | Refusal {
  if (bytes.length === 0) return { refused: 'empty-file' }
  if (bytes.length > LIMITS.file) return { refused: 'file-too-large', data: { limit: 'file', bytes: bytes.length } }
  const early = foreign(bytes)
  if (early) return early
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endRecord(view)
  if (end < 0) return { refused: 'damaged-file' }
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  const offset = view.getUint32(end + 16, true)
  if (count === 0xffff || offset === MAX32) return { refused: 'file-too-large', data: { limit: 'zip64' } }
  if (count > LIMITS.entries) return { refused: 'file-too-large', data: { limit: 'entries', entries: count } }
  // Junk before the archive moves every offset by as much.
  const shift = end - size - offset
  if (shift < 0) return { refused: 'damaged-file' }
  const entries = new Map<string, ArchiveEntry>()
  let at = offset + shift
  let total = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) return { refused: 'damaged-file' }
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const extra = at + 46 + nameLength
    if (extra + extraLength > end) return { refused: 'damaged-file' }
    const [unpacked, packed, local] = bigSizes(view, extra, extraLength, view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true))
    const name = new TextDecoder().decode(bytes.subarray(at + 46, extra)).replaceAll('\\', '/').replace(/^\//, '')
    const crc = view.getUint32(at + 16, true)
    at = extra + extraLength + view.getUint16(at + 32, true)
    if (name.endsWith('/') || name === '') continue
    if (flags & 1) return { refused: 'encrypted-file' }
    if (unpacked > LIMITS.entry) return { refused: 'file-too-large', data: { limit: 'entry', bytes: unpacked } }
    total += unpacked
    if (total > LIMITS.total) return { refused: 'file-too-large', data: { limit: 'total', bytes: total } }
    if (unpacked > LIMITS.ratioFrom && unpacked > packed * LIMITS.ratio && /\.(xml|rels)$/i.test(name))
      return { refused: 'file-too-large', data: { limit: 'ratio', ratio: Math.round(unpacked / Math.max(1, packed)) } }
    const head = local + shift
    if (head + 30 > bytes.length || view.getUint32(head, true) !== LOCAL) return { refused: 'damaged-file' }
    const start = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true)
    if (start + packed > bytes.length) return { refused: 'damaged-file' }
    const key = name.toLowerCase()
    // Two entries of one name: readers differ on which one counts.
    if (entries.has(key)) return { refused: 'damaged-file', data: { repeated: 1 } }
    entries.set(key, { name, size: unpacked, packed, method, crc, at: start })
  }
  return { bytes, entries }
}

export function readPart(archive: Archive, name: string): Part | undefined {
  const entry = archive.entries.get(name.toLowerCase())
  if (!entry) return undefined
  const packed = archive.bytes.subarray(entry.at, entry.at + entry.packed)
  const bytes = unpack(packed, entry)
  return { bytes, whole: bytes.length === entry.size && crc32(bytes) === entry.crc }
}

export const isRefusal = (value: object): value is Refusal => 'refused' in value

function unpack(packed: Uint8Array, entry: ArchiveEntry): Uint8Array {
  if (entry.method === 0) return packed.subarray(0, entry.size)
  if (entry.method !== 8) return new Uint8Array(0)
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size), finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    // Longer than it says, or broken inside: `whole` tells.
    return new Uint8Array(0)
  }
}

function foreign(bytes: Uint8Array): Refusal | undefined {
  const [a, b, c, d] = bytes
  if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0) {
    // A compound file: either the envelope of a password-protected Office file, or a Word file of before 2007.
    if (hasWideName(bytes, 'EncryptedPackage')) return { refused: 'encrypted-file' }
    return hasWideName(bytes, 'WordDocument') ? { refused: 'unsupported-format', data: { format: 'doc' } } : { refused: 'encrypted-file' }
  }
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).indexOf('PK\x03\x04', 0, 'latin1')
  return zip < 0 ? { refused: 'foreign-file' } : undefined
}

const hasWideName = (bytes: Uint8Array, name: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(Buffer.from(name, 'utf16le')) >= 0

function endRecord(view: DataView): number {
  for (let at = view.byteLength - 22, last = Math.max(0, at - 0xffff); at >= last; at--) {
    if (view.getUint32(at, true) === END) return at
  }
  return -1
}

function bigSizes(view: DataView, extra: number, length: number, unpacked: number, packed: number, local: number): [number, number, number] {
  if (unpacked !== MAX32 && packed !== MAX32 && local !== MAX32) return [unpacked, packed, local]
  for (let at = extra; at + 4 <= extra + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let next = at + 4
    const end = next + view.getUint16(at + 2, true)
    const long = (): number => {
      if (next + 8 > end || next + 8 > view.byteLength) return MAX32
      next += 8
      return Number(view.getBigUint64(next - 8, true))
    }
    return [unpacked === MAX32 ? long() : unpacked, packed === MAX32 ? long() : packed, local === MAX32 ? long() : local]
  }
  return [unpacked, packed, local]
}
