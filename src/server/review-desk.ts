// The reviewing thread as seen by the server: one errand after the other, begun again after a death. May not: know the database.
import type { Worker } from 'node:worker_threads'
import type { Claim } from '../claim/claim.ts'
import { startThread } from '../store/start-thread.ts'
import type { Errand, PrintedIdentity, Reply } from './review-thread.ts'
import type { LabelledCase, ToLabel } from './labelled-case.ts'
import type { PageLayout } from './shapes.ts'

export interface Reading { readonly read: Uint8Array; readonly identity: PrintedIdentity; readonly pages: number }
export interface Reviewed { readonly report: string; readonly layout: readonly (readonly PageLayout[])[] }
export type Heard = (progress: { readonly file: string; readonly page: number; readonly pages: number }) => void

export interface ReviewDesk {
  /** Hash of the dictionaries in use. */
  readonly dictionaries: () => Promise<string>
  /** Rejects where the thread died over it. */
  readonly read: (bytes: Uint8Array, file: string, heard: Heard) => Promise<Reading>
  readonly review: (claim: Claim, reads: readonly Uint8Array[]) => Promise<Reviewed>
  /** Null where the dates of the case cannot be moved. */
  readonly label: (of: ToLabel, reads: readonly Uint8Array[]) => Promise<LabelledCase | null>
  readonly close: () => Promise<void>
}

const LISTENS_MS = 500

type Outcome = Extract<Reply, { kind: 'read' | 'review' | 'label' }>
type Without<T> = T extends { readonly kind: 'close' } ? never : T extends unknown ? Omit<T, 'id'> : never

export function reviewDesk(): ReviewDesk {
  let thread: Worker | null = null
  let closed = false
  let next = 1
  let ready = promised()
  const waiting = new Map<number, { done: (o: Outcome) => void; fail: (e: Error) => void; heard: Heard }>()

  function started(): Worker {
    if (thread !== null) return thread
    const own = startThread(import.meta.url, 'review-thread', { resourceLimits: { maxOldGenerationSizeMb: 4096 } })
    own.on('message', (reply: Reply | { kind: 'ready'; dictionaries: string }) => {
      if (reply.kind === 'ready') {
        ready.hear(reply.dictionaries)
        return
      }
      const who = waiting.get(reply.id)
      if (reply.kind === 'progress') who?.heard(reply)
      else {
        waiting.delete(reply.id)
        if (reply.kind === 'fault') who?.fail(new Error('the review failed'))
        else who?.done(reply)
      }
    })
    own.on('error', () => undefined)
    own.on('exit', () => {
      if (thread === own) {
        thread = null
        ready.fail(new Error('the reviewing thread has ended'))
        ready = promised()
      }
      for (const { fail } of waiting.values()) fail(new Error('the reviewing thread has ended'))
      waiting.clear()
    })
    thread = own
    return own
  }

  const send = (errand: Without<Errand>, heard: Heard): Promise<Outcome> =>
    new Promise((done, fail) => {
      if (closed) {
        fail(new Error('closed'))
        return
      }
      const id = next++
      waiting.set(id, { done, fail, heard })
      started().postMessage({ ...errand, id })
    })

  return {
    dictionaries: () => {
      if (closed) return Promise.reject(new Error('closed'))
      started()
      return ready.promise
    },
    read: async (bytes, file, heard) => (await send({ kind: 'read', bytes, file }, heard)) as Extract<Outcome, { kind: 'read' }>,
    review: async (claim, reads) => (await send({ kind: 'review', claim, reads }, () => undefined)) as Extract<Outcome, { kind: 'review' }>,
    label: async (of, reads) => ((await send({ kind: 'label', of, reads }, () => undefined)) as Extract<Outcome, { kind: 'label' }>).made,
    close: async () => {
      closed = true
      if (thread === null) return
      const own = thread
      own.postMessage({ kind: 'close', id: 0 } satisfies Errand)
      // In the middle of a claim it does not listen.
      const clock = setTimeout(() => void own.terminate(), LISTENS_MS)
      await new Promise((ended) => own.once('exit', ended))
      clearTimeout(clock)
    },
  }
}

function promised(): { readonly promise: Promise<string>; readonly hear: (hash: string) => void; readonly fail: (e: Error) => void } {
  let hear = (_: string): void => undefined
  let fail = (_: Error): void => undefined
  const promise = new Promise<string>((resolve, reject) => {
    hear = resolve
    fail = reject
  })
  // Whether anybody waits for it or not.
  promise.catch(() => undefined)
  return { promise, hear, fail }
}
