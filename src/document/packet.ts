// Files inside a ZIP archive, in memory and within a budget. May not: write to disk; open what lies inside.
import { fromBuffer } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import type { Problem } from '../base/problem.ts'
import { decodeText } from './decode-text.ts'
import { unlockEntry } from './zip-crypto.ts'

export interface PacketEntry {
  /** Path inside the archive, `/` between parts. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Packet {
  /** Sorted by name. */
  readonly entries: readonly PacketEntry[]
  readonly problems: readonly Problem[]
}

const MAX_ENTRIES = 2000
const MAX_ENTRY_BYTES = 200 << 20
const MAX_TOTAL_BYTES = 1 << 30
const MAX_RATIO = 200
const RATIO_FROM = 10 << 20

export interface PacketLimits { readonly entry: number; readonly total: number }

/** Locked entries are opened with the first of the passwords that fits. */
export async function openPacket(bytes: Uint8Array, file: string, passwords: readonly string[] = [], limits: PacketLimits = { entry: MAX_ENTRY_BYTES, total: MAX_TOTAL_BYTES }): Promise<Packet> {
  const problems: Problem[] = []
  const entries: PacketEntry[] = []
  const skip = (id: Problem['id'], entry: number, cause: string): void => void problems.push({ id, severity: 'error', file, data: { entry, cause } })
  let archive: ZipFile
  try {
    archive = await opened(bytes)
  } catch {
    return { entries, problems: [{ id: 'damaged-file', severity: 'error', file }] }
  }
  let total = 0
  let number = 0
  try {
    for await (const entry of listed(archive)) {
      const name = nameOf(entry)
      if (name.endsWith('/') || (isClutter(name) && !leaves(name))) continue
      number++
      if (leaves(name) || isLink(entry)) {
        skip('archive-entry-skipped', number, 'bad-name')
        continue
      }
      if (number > MAX_ENTRIES) {
        skip('archive-entry-skipped', number, 'too-many')
        break
      }
      const encrypted = (entry.generalPurposeBitFlag & 1) !== 0
      const size = entry.uncompressedSize
      if (size > limits.entry || total + size > limits.total || (size > RATIO_FROM && size > MAX_RATIO * Math.max(1, entry.compressedSize))) {
        skip('archive-entry-skipped', number, 'too-large')
        continue
      }
      try {
        const content = encrypted ? unlock(entry, await lockedContentOf(archive, entry), passwords) : await contentOf(archive, entry, size)
        if (content === undefined) {
          skip('encrypted-file', number, 'password')
          continue
        }
        total += content.length
        entries.push({ name, bytes: content })
      } catch {
        skip('archive-entry-skipped', number, 'damaged')
      }
    }
  } catch {
    problems.push({ id: 'damaged-file', severity: 'error', file })
  } finally {
    archive.close()
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { entries, problems }
}

const UTF8 = 0x800
const LINK = 0xa

/** Names are bytes here: the archive's reader gives up on all of it for one bad name. */
function nameOf(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer
  return ((entry.generalPurposeBitFlag & UTF8) !== 0 ? raw.toString('utf8') : decodeText(raw)).replace(/\\/g, '/')
}

const leaves = (name: string): boolean => name.startsWith('/') || /^[A-Za-z]:/.test(name) || name.split('/').includes('..')

/** A symbolic link of Unix. */
const isLink = (entry: Entry): boolean => entry.versionMadeBy >>> 8 === 3 && entry.externalFileAttributes >>> 28 === LINK

/** What operating systems leave in archives and folders. */
export const isClutter = (path: string): boolean => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db' || part === 'desktop.ini')

function opened(bytes: Uint8Array): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { lazyEntries: true, validateEntrySizes: true, decodeStrings: false }, (error, archive) => {
      if (error !== null && error !== undefined) reject(error)
      else resolve(archive)
    })
  })
}

async function* listed(archive: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const settle = (value: Entry | null, error?: Error): void => {
        archive.removeAllListeners('entry')
        archive.removeAllListeners('end')
        archive.removeAllListeners('error')
        if (error === undefined) resolve(value)
        else reject(error)
      }
      archive.once('entry', (each: Entry) => settle(each))
      archive.once('end', () => settle(null))
      archive.once('error', (error: Error) => settle(null, error))
      archive.readEntry()
    })
    if (entry === null) return
    yield entry
  }
}

function contentOf(archive: ZipFile, entry: Entry, size: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error !== null && error !== undefined) {
        reject(error)
        return
      }
      const parts: Buffer[] = []
      let length = 0
      stream.on('data', (part: Buffer) => {
        length += part.length
        if (length > size) stream.destroy(new Error('larger than stated'))
        else parts.push(part)
      })
      stream.on('error', reject)
      stream.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    })
  })
}

const AES_METHOD = 99
const AES_FIELD = 0x9901

function unlock(entry: Entry, packed: Uint8Array, passwords: readonly string[]): Uint8Array | undefined {
  const field = entry.extraFields.find((each) => each.id === AES_FIELD)?.data
  const aes = entry.compressionMethod === AES_METHOD && field !== undefined && field.length >= 7 ? { strength: field[4] as number, method: field.readUInt16LE(5) } : null
  const locked = { packed, size: entry.uncompressedSize, method: entry.compressionMethod, crc: entry.crc32, time: entry.lastModFileTime >>> 8, sumLater: (entry.generalPurposeBitFlag & 8) !== 0, aes }
  for (const password of passwords) {
    const bytes = unlockEntry(locked, password)
    if (bytes !== undefined) return bytes
  }
  return undefined
}

/** As stored: neither deciphered nor unpacked. */
function lockedContentOf(archive: ZipFile, entry: Entry): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    archive.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (error !== null && error !== undefined) {
        reject(error)
        return
      }
      archive.openReadStreamLowLevel(header.fileDataStart, entry.compressedSize, 0, entry.compressedSize, false, entry.compressedSize, (fault, stream) => {
        if (fault !== null && fault !== undefined) {
          reject(fault)
          return
        }
        const parts: Buffer[] = []
        stream.on('data', (part: Buffer) => void parts.push(part))
        stream.on('error', reject)
        stream.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
      })
    })
  })
}
