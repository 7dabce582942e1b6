// Encryption with the operator's key: fields, and files in chunks. May not: keep a key on its own; write to disk.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

export interface Keys {
  readonly fields: Buffer
  readonly files: Buffer
  /** For names of files and the chain of the audit log. */
  readonly marks: Buffer
}

const NONCE = 12
const TAG = 16

/** Three keys from one of 32 bytes, so that none serves two purposes. */
export function keysFrom(secret: Uint8Array): Keys {
  if (secret.length !== 32) throw new Error('the key must have 32 bytes')
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'vouch-workspace-1', use, 32))
  return { fields: derive('fields'), files: derive('files'), marks: derive('marks') }
}

/** `context` names table and row, so that a sealed text cannot be moved to another. */
export function sealText(keys: Keys, text: string, context: string): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', keys.fields, nonce).setAAD(Buffer.from(context))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** Throws where the text was changed, moved, or sealed with another key. */
export function openText(keys: Keys, sealed: string, context: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', keys.fields, bytes.subarray(0, NONCE)).setAAD(Buffer.from(context))
  cipher.setAuthTag(bytes.subarray(bytes.length - TAG))
  return Buffer.concat([cipher.update(bytes.subarray(NONCE, bytes.length - TAG)), cipher.final()]).toString('utf8')
}

export const mark = (keys: Keys, text: string): string => createHmac('sha256', keys.marks).update(text).digest('hex')

/** Bytes of content in a sealed chunk. */
export const CHUNK = 1 << 20
const HEADER = Buffer.from('VCH1')
const PREFIX = 7

/** Chunks as they come → sealed file. Each chunk carries its number and whether it is the last: none can be cut off, swapped or repeated. */
export async function* sealChunks(keys: Keys, content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const prefix = randomBytes(PREFIX)
  yield Buffer.concat([HEADER, prefix])
  let number = 0
  let parts: Uint8Array[] = []
  let waiting = 0
  const seal = (chunk: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', keys.files, nonceOf(prefix, number++, last))
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
  }
  for await (const part of content) {
    parts.push(part)
    waiting += part.length
    if (waiting <= CHUNK) continue
    let all = Buffer.concat(parts)
    // The last chunk is never empty but for an empty file: one is kept back until more comes.
    while (all.length > CHUNK) {
      yield seal(all.subarray(0, CHUNK), false)
      all = all.subarray(CHUNK)
    }
    parts = [all]
    waiting = all.length
  }
  yield seal(Buffer.concat(parts), true)
}

/** Throws where a byte was changed or is missing. */
export function openChunks(keys: Keys, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) throw new Error('not a sealed file')
  const prefix = bytes.subarray(HEADER.length, HEADER.length + PREFIX)
  const out: Buffer[] = []
  let number = 0
  for (let at = HEADER.length + PREFIX; ; ) {
    const end = Math.min(bytes.length, at + CHUNK + TAG)
    const last = end === bytes.length
    const cipher = createDecipheriv('aes-256-gcm', keys.files, nonceOf(prefix, number++, last))
    cipher.setAuthTag(bytes.subarray(end - TAG, end))
    out.push(Buffer.concat([cipher.update(bytes.subarray(at, end - TAG)), cipher.final()]))
    if (last) return Buffer.concat(out)
    at = end
  }
}

function nonceOf(prefix: Uint8Array, number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE)
  nonce.set(prefix)
  nonce.writeUInt32BE(number, PREFIX)
  nonce[NONCE - 1] = last ? 1 : 0
  return nonce
}
