// An encrypted ZIP entry and a password → its bytes. May not: try passwords nobody gave; say anything of the password.
import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import { constants, crc32, inflateRawSync } from 'node:zlib'

export interface LockedEntry {
  readonly packed: Uint8Array
  /** Unpacked bytes, as the directory says. */
  readonly size: number
  readonly method: number
  readonly crc: number
  /** Second byte of the modification time: a check byte where the check sum is not known yet. */
  readonly time: number
  readonly sumLater: boolean
  /** The strength (1 to 3) and true method of an AES entry. */
  readonly aes: { readonly strength: number; readonly method: number } | null
}

/** Undefined where the password is another one, or the entry is broken. */
export function unlockEntry(entry: LockedEntry, password: string): Uint8Array | undefined {
  const plain = entry.aes === null ? traditional(entry, password) : strong(entry, entry.aes.strength, password)
  if (plain === undefined) return undefined
  const bytes = unpack(plain, entry.aes?.method ?? entry.method, entry.size)
  return bytes === undefined || bytes.length !== entry.size || (entry.aes === null && crc32(bytes) !== entry.crc) ? undefined : bytes
}

function unpack(plain: Uint8Array, method: number, size: number): Uint8Array | undefined {
  if (method === 0) return plain
  if (method !== 8) return undefined
  try {
    return inflateRawSync(plain, { maxOutputLength: Math.max(1, size), finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return undefined
  }
}

const SUMS = Int32Array.from({ length: 256 }, (_, index) => {
  let sum = index
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  return sum
})

/** The cipher of PKZIP (APPNOTE 6.1). */
function traditional(entry: LockedEntry, password: string): Uint8Array | undefined {
  const { packed } = entry
  if (packed.length < 12) return undefined
  let k0 = 0x12345678
  let k1 = 0x23456789
  let k2 = 0x34567890
  const update = (byte: number): void => {
    k0 = (SUMS[(k0 ^ byte) & 255] as number) ^ (k0 >>> 8)
    k1 = (Math.imul(k1 + (k0 & 255), 134_775_813) + 1) | 0
    k2 = (SUMS[(k2 ^ (k1 >>> 24)) & 255] as number) ^ (k2 >>> 8)
  }
  for (const byte of Buffer.from(password, 'utf8')) update(byte)
  const plain = new Uint8Array(packed.length)
  for (let at = 0; at < packed.length; at++) {
    const word = (k2 | 2) & 0xffff
    const byte = ((packed[at] as number) ^ (Math.imul(word, word ^ 1) >>> 8)) & 255
    plain[at] = byte
    update(byte)
    if (at === 11 && byte !== (entry.sumLater ? entry.time : entry.crc >>> 24)) return undefined
  }
  return plain.subarray(12)
}

/** AES as WinZip writes it (AE-1, AE-2). */
function strong(entry: LockedEntry, strength: number, password: string): Uint8Array | undefined {
  const keyBytes = [0, 16, 24, 32][strength]
  if (keyBytes === undefined || keyBytes === 0) return undefined
  const saltBytes = keyBytes / 2
  const { packed } = entry
  if (packed.length < saltBytes + 12) return undefined
  const keys = pbkdf2Sync(password, packed.subarray(0, saltBytes), 1000, 2 * keyBytes + 2, 'sha1')
  if (!keys.subarray(2 * keyBytes).equals(Buffer.from(packed.subarray(saltBytes, saltBytes + 2)))) return undefined
  const body = packed.subarray(saltBytes + 2, packed.length - 10)
  const sum = createHmac('sha1', keys.subarray(keyBytes, 2 * keyBytes)).update(body).digest().subarray(0, 10)
  if (!timingSafeEqual(sum, packed.subarray(packed.length - 10))) return undefined
  // A counter that runs from its first byte up, which no ready-made mode does: the counters are enciphered as blocks.
  const blocks = Math.ceil(body.length / 16)
  const counters = Buffer.alloc(16 * blocks)
  for (let block = 0; block < blocks; block++) counters.writeUInt32LE(block + 1, 16 * block)
  const cipher = createCipheriv(`aes-${8 * keyBytes}-ecb`, keys.subarray(0, keyBytes), null).setAutoPadding(false)
  const stream = Buffer.concat([cipher.update(counters), cipher.final()])
  const plain = new Uint8Array(body.length)
  for (let at = 0; at < body.length; at++) plain[at] = (body[at] as number) ^ (stream[at] as number)
  return plain
}
