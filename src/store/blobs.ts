// Sealed files in the workspace, named by their content and their owner. May not: write anything unsealed; know what is in a file.
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mark, openChunks, sealChunks, type Keys } from './seal.ts'

export interface Stored {
  readonly blob: string
  /** SHA-256 of the content. */
  readonly hash: string
  readonly bytes: number
}

export interface Blobs {
  /** On disk and synced when it resolves. The same content of one owner is kept once. Rejects with `TooLarge` beyond `most` bytes. */
  readonly put: (owner: string, content: AsyncIterable<Uint8Array>, most: number) => Promise<Stored>
  readonly get: (blob: string) => Promise<Buffer>
  /** Overwritten, then unlinked. True where it was there. */
  readonly remove: (blob: string) => Promise<boolean>
  /** Noted, and on disk when it resolves: should this process be killed before they are gone, the next start sees to it. What `put` takes is noted by itself. */
  readonly doubt: (owner: string, blobs: readonly string[]) => Promise<void>
  /** Removes what ended processes noted and `named` does not know; what `isHere` does not know the owner of stays. How many were removed. `alone`: no other process has the folder open. */
  readonly settle: (isHere: (owner: string) => boolean, named: (blobs: readonly string[]) => Promise<ReadonlySet<string>>, alone: boolean) => Promise<number>
}

const LEFT_MS = 86_400_000
const NAME = /^[0-9a-f]{64}$/
/** Lists in `incoming` of what a process has put: name and owner, a line each. */
const LIST = /\.put$/
const NOTED = /^([0-9a-f]{64}) (.+)$/
const AT_ONCE = 500

export class TooLarge extends Error {}

export async function openBlobs(folder: string, keys: Keys): Promise<Blobs> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  // What an earlier process left half-written; another server may be writing here now.
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name)
    if (LIST.test(name)) continue
    if (Date.now() - ((await stat(path).catch(() => null))?.mtimeMs ?? Date.now()) > LEFT_MS) await rm(path, { force: true })
  }
  const pathOf = (blob: string): string => {
    if (!NAME.test(blob)) throw new Error('not the name of a stored file')
    return join(folder, blob.slice(0, 2), blob)
  }
  const list = join(incoming, `${randomUUID()}.put`)
  let noting: Promise<void> = Promise.resolve()
  const doubt = (owner: string, blobs: readonly string[]): Promise<void> => {
    const noted = noting.then(async () => {
      const file = await open(list, 'a', 0o600)
      try {
        await file.write(blobs.map((b) => `${b} ${owner}\n`).join(''))
        await file.datasync()
      } finally {
        await file.close()
      }
    })
    noting = noted.catch(() => undefined)
    return noted
  }
  const remove = async (blob: string): Promise<boolean> => {
    const path = pathOf(blob)
    const about = await stat(path).catch(() => null)
    if (about === null) return false
    const file = await open(path, 'r+')
    try {
      const zeros = Buffer.alloc(Math.min(about.size, 1 << 20))
      for (let at = 0; at < about.size; at += zeros.length) await file.write(zeros, 0, Math.min(zeros.length, about.size - at), at)
      await file.sync()
    } finally {
      await file.close()
    }
    await rm(path)
    return true
  }
  return {
    doubt, remove,
    async settle(isHere, named, alone) {
      let removed = 0
      for (const name of await readdir(incoming)) {
        const path = join(incoming, name)
        if (!LIST.test(name) || path === list) continue
        // Of a server that shares the folder and may be taking something in just now.
        if (!alone && Date.now() - (await stat(path)).mtimeMs < LEFT_MS) continue
        // A line cut off by the end of its process names nothing that was put.
        const noted = new Map((await readFile(path, 'utf8')).split('\n').flatMap((l): [string, string][] => {
          const [, blob, owner] = NOTED.exec(l) ?? []
          return blob === undefined || owner === undefined ? [] : [[blob, owner]]
        }))
        const here = [...noted].flatMap(([blob, owner]) => (isHere(owner) ? [blob] : []))
        for (let at = 0; at < here.length; at += AT_ONCE) {
          const some = here.slice(at, at + AT_ONCE)
          const kept = await named(some)
          for (const blob of some) if (!kept.has(blob) && (await remove(blob))) removed++
        }
        // Another database may hold the rest.
        if (here.length === noted.size) await rm(path, { force: true })
      }
      return removed
    },
    async put(owner, content, most) {
      const beside = join(incoming, randomUUID())
      const hash = createHash('sha256')
      let bytes = 0
      async function* measured(): AsyncGenerator<Uint8Array> {
        for await (const part of content) {
          bytes += part.length
          if (bytes > most) throw new TooLarge('larger than allowed')
          hash.update(part)
          yield part
        }
      }
      try {
        const file = await open(beside, 'wx', 0o600)
        try {
          for await (const chunk of sealChunks(keys, measured())) await file.write(chunk)
          await file.sync()
        } finally {
          await file.close()
        }
        const digest = hash.digest('hex')
        const blob = mark(keys, `blob ${owner} ${digest}`)
        const path = pathOf(blob)
        await doubt(owner, [blob])
        await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
        await rename(beside, path)
        const parent = await open(join(path, '..'), 'r')
        await parent.sync().finally(() => parent.close())
        return { blob, hash: digest, bytes }
      } catch (e) {
        await rm(beside, { force: true })
        throw e
      }
    },
    async get(blob) {
      return openChunks(keys, await readFile(pathOf(blob)))
    },
  }
}
