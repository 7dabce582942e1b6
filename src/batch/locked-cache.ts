// Content kept in a folder under a name and with a key that only the input gives: who has not the record can neither find nor open what was read of it. May not: keep a name or a word in the clear; fail a run.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface LockedCache {
  readonly find: (sum: Uint8Array) => Buffer | null
  readonly keep: (sum: Uint8Array, content: Uint8Array) => void
}

/** `sum` is a hash over everything the content was made of. Faults of the folder (full, read-only, gone) cost the cache, never the claim. */
export function openLockedCache(folder: string): LockedCache {
  const lockOf = (sum: Uint8Array): { readonly path: string; readonly key: Buffer } => {
    const of = (use: string): Buffer => createHash('sha256').update(use).update(sum).digest()
    const name = of('name').toString('hex')
    return { path: join(folder, name.slice(0, 2), name.slice(2, 4), name), key: of('key') }
  }
  return {
    find: (sum) => {
      const { path, key } = lockOf(sum)
      try {
        const bytes = readFileSync(path)
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()])
      } catch {
        return null
      }
    },
    keep: (sum, content) => {
      const { path, key } = lockOf(sum)
      const beside = `${path}.${process.pid}.part`
      try {
        // The key is used for this one content only.
        const nonce = Buffer.alloc(12)
        const cipher = createCipheriv('aes-256-gcm', key, nonce)
        const locked = Buffer.concat([cipher.update(content), cipher.final()])
        mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 })
        writeFileSync(beside, Buffer.concat([nonce, cipher.getAuthTag(), locked]), { mode: 0o600 })
        renameSync(beside, path)
      } catch {
        try {
          rmSync(beside, { force: true })
        } catch {
          // The folder is no folder, or gone.
        }
      }
    },
  }
}
