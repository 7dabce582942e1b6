// Pictures of pages on demand, kept in memory for a while. May not: write one to disk.
import type { Worker } from 'node:worker_threads'
import { startThread } from '../store/start-thread.ts'
import type { PageErrand, PageReply } from './page-thread.ts'

export interface PageDesk {
  /** PNG; null where the page cannot be drawn. `bytesOf` gives the stored file, asked only where it is not open. */
  readonly page: (at: { readonly blob: string; readonly inner: string; readonly page: number; readonly width: number }, bytesOf: () => Promise<Uint8Array>) => Promise<Uint8Array | null>
  /** Starts ahead of the first page asked for. */
  readonly warm: () => void
  readonly close: () => Promise<void>
}

const PATIENCE_MS = 20_000
const MOST_BYTES = 96 << 20

export function pageDesk(): PageDesk {
  let thread: Worker | null = null
  let closed = false
  let next = 1
  const waiting = new Map<number, (reply: PageReply) => void>()
  /** The oldest first. */
  const kept = new Map<string, Uint8Array>()
  const drawing = new Map<string, Promise<Uint8Array | null>>()
  let bytes = 0

  function started(): Worker {
    if (thread !== null) return thread
    const own = startThread(import.meta.url, 'page-thread', { resourceLimits: { maxOldGenerationSizeMb: 1024 } })
    own.on('message', (reply: PageReply) => {
      const hear = waiting.get(reply.id)
      waiting.delete(reply.id)
      hear?.(reply)
    })
    own.on('error', () => undefined)
    own.on('exit', () => {
      if (thread === own) thread = null
      for (const [id, hear] of waiting) hear({ id, png: null })
      waiting.clear()
    })
    thread = own
    return own
  }

  const ask = (errand: Omit<PageErrand, 'id'>): Promise<PageReply> =>
    new Promise((done) => {
      const id = next++
      // Closed while the file was fetched: no thread is begun for it that nobody would end.
      if (closed) {
        done({ id, png: null })
        return
      }
      const own = started()
      const limit = setTimeout(() => void own.terminate(), PATIENCE_MS)
      waiting.set(id, (reply) => {
        clearTimeout(limit)
        done(reply)
      })
      own.postMessage({ ...errand, id })
    })

  async function draw(at: Omit<PageErrand, 'id' | 'bytes'>, bytesOf: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
    const first = await ask({ ...at, bytes: null })
    const reply = 'need' in first ? await ask({ ...at, bytes: await bytesOf() }) : first
    return 'png' in reply ? reply.png : null
  }

  return {
    async page(at, bytesOf) {
      if (closed) return null
      const key = `${at.blob} ${at.inner} ${at.page} ${at.width}`
      const known = kept.get(key)
      if (known !== undefined) {
        kept.delete(key)
        kept.set(key, known)
        return known
      }
      const running = drawing.get(key) ?? draw(at, bytesOf).finally(() => drawing.delete(key))
      drawing.set(key, running)
      const png = await running
      if (png === null || kept.has(key)) return png
      kept.set(key, png)
      bytes += png.length
      for (const [oldest, each] of kept) {
        if (bytes <= MOST_BYTES) break
        kept.delete(oldest)
        bytes -= each.length
      }
      return png
    },
    warm: () => { if (!closed) started() },
    close: async () => {
      closed = true
      await thread?.terminate()
      for (const [id, hear] of waiting) hear({ id, png: null })
      waiting.clear()
    },
  }
}
