// Pages recognised before, kept in a folder the operator names, each locked with a key that only its own image gives. May not: keep a name or a word in the clear.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { PageImage } from './ocr-page.ts'
import type { PageResult } from './pdf-page.ts'

/** Changes whenever the same image would be read another way. */
const EDITION = 'vouch-ocr-8'

export interface OcrCache {
  readonly find: (image: PageImage, engine: string) => PageResult | null
  readonly keep: (image: PageImage, engine: string, result: PageResult) => void
}

/** Faults of the folder cost the cache, never the page. */
export function openOcrCache(folder: string): OcrCache {
  const lockOf = (image: PageImage, engine: string): { readonly path: string; readonly key: Buffer } => {
    const sum = createHash('sha256').update(`${EDITION} ${engine} ${image.width} ${image.height} ${image.points.width} ${image.points.height} ${image.grain}`).update(image.pixels).digest()
    const of = (use: string): Buffer => createHash('sha256').update(use).update(sum).digest()
    const name = of('name').toString('hex')
    return { path: join(folder, name.slice(0, 2), name), key: of('key') }
  }
  return {
    find: (image, engine) => {
      try {
        const { path, key } = lockOf(image, engine)
        const bytes = readFileSync(path)
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
        return deserialize(Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()])) as PageResult
      } catch {
        return null
      }
    },
    keep: (image, engine, result) => {
      try {
        const { path, key } = lockOf(image, engine)
        // The key is used for this one content only.
        const nonce = Buffer.alloc(12)
        const cipher = createCipheriv('aes-256-gcm', key, nonce)
        const locked = Buffer.concat([cipher.update(serialize(result)), cipher.final()])
        mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
        const beside = `${path}.${process.pid}.part`
        writeFileSync(beside, Buffer.concat([nonce, cipher.getAuthTag(), locked]), { mode: 0o600 })
        renameSync(beside, path)
      } catch {
        // A full or read-only folder: the next run reads the page again.
      }
    },
  }
}
