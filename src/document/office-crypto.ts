// A Word file locked by a password (agile encryption of Office 2010 and later) and passwords → the file inside. May not: try passwords nobody gave.
import { createDecipheriv, createHash } from 'node:crypto'
import { compoundStream } from './compound-file.ts'
import { child, xmlTree } from './xml-tree.ts'

const MOST_ROUNDS = 1_000_000
const VERIFIER = Buffer.from('fea7d2763b4b9e79', 'hex')
const VERIFIER_SUM = Buffer.from('d7aa0f6d3061344e', 'hex')
const KEY = Buffer.from('146e0be7abacd0d6', 'hex')
const SEGMENT = 4096
const HASHES: Readonly<Record<string, string>> = { SHA1: 'sha1', SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' }

/** Undefined where no password fits, or the encryption is another one. */
export function unlockOffice(bytes: Uint8Array, passwords: readonly string[]): Uint8Array | undefined {
  const info = compoundStream(bytes, 'EncryptionInfo')
  const locked = compoundStream(bytes, 'EncryptedPackage')
  if (info === undefined || locked === undefined || info.length < 8 || locked.length < 8 || info[0] !== 4 || info[2] !== 4) return undefined
  const { root } = xmlTree(Buffer.from(info.subarray(8)).toString('utf8'))
  const data = child(root, 'keyData')?.attributes
  const key = child(root, 'keyEncryptors', 'keyEncryptor', 'encryptedKey')?.attributes
  if (data === undefined || key === undefined || data['cipherChaining'] !== 'ChainingModeCBC') return undefined
  const hash = HASHES[key['hashAlgorithm'] ?? '']
  const dataHash = HASHES[data['hashAlgorithm'] ?? '']
  const rounds = Number(key['spinCount'])
  const bits = Number(key['keyBits'])
  if (hash === undefined || dataHash === undefined || !(rounds <= MOST_ROUNDS) || ![128, 192, 256].includes(bits)) return undefined
  const salt = Buffer.from(key['saltValue'] ?? '', 'base64')
  const iv = padded(salt, 16)
  for (const password of passwords) {
    let sum = digest(hash, salt, Buffer.from(password, 'utf16le'))
    const round = Buffer.alloc(4)
    for (let index = 0; index < rounds; index++) {
      round.writeUInt32LE(index)
      sum = digest(hash, round, sum)
    }
    const open = (block: Buffer, value: string | undefined): Buffer => decipher(padded(digest(hash, sum, block), bits / 8), iv, Buffer.from(value ?? '', 'base64'))
    const verifier = digest(hash, open(VERIFIER, key['encryptedVerifierHashInput']))
    if (!open(VERIFIER_SUM, key['encryptedVerifierHashValue']).subarray(0, verifier.length).equals(verifier)) continue
    const secret = open(KEY, key['encryptedKeyValue']).subarray(0, bits / 8)
    const dataSalt = Buffer.from(data['saltValue'] ?? '', 'base64')
    const size = Number(Buffer.from(locked.subarray(0, 8)).readBigUInt64LE())
    const parts: Buffer[] = []
    for (let at = 8, segment = 0; at < locked.length; at += SEGMENT, segment++) {
      round.writeUInt32LE(segment)
      const part = Buffer.from(locked.subarray(at, at + SEGMENT))
      parts.push(decipher(secret, padded(digest(dataHash, dataSalt, round), 16), part.subarray(0, part.length & ~15)))
    }
    return new Uint8Array(Buffer.concat(parts).subarray(0, size))
  }
  return undefined
}

function digest(name: string, ...parts: readonly Buffer[]): Buffer {
  const hash = createHash(name)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Cut or filled up with 0x36, as the format has it. */
const padded = (bytes: Buffer, length: number): Buffer => (bytes.length >= length ? bytes.subarray(0, length) : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, 0x36)]))

function decipher(key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const cipher = createDecipheriv(`aes-${8 * key.length}-cbc` as 'aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes.subarray(0, bytes.length & ~15)), cipher.final()])
}
