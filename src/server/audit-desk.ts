// The thread of the self-audit and the policy room as seen by the server, begun when first needed. May not: know the database.
import type { Worker } from 'node:worker_threads'
import { startThread } from '../store/start-thread.ts'
import type { AuditAnswers, AuditErrand, AuditReply } from './audit-thread.ts'

export type Errand = AuditErrand extends infer T ? (T extends unknown ? Omit<T, 'id'> : never) : never
type Heard = (progress: { readonly page: number; readonly pages: number }) => void

export interface AuditDesk {
  /** Rejects where the thread died over it. */
  readonly ask: <K extends keyof AuditAnswers>(errand: Extract<Errand, { kind: K }>, heard?: Heard) => Promise<AuditAnswers[K]>
  readonly close: () => Promise<void>
}

export function auditDesk(): AuditDesk {
  let thread: Worker | null = null
  let closed = false
  let next = 1
  const waiting = new Map<number, { readonly done: (answer: unknown) => void; readonly fail: (e: Error) => void; readonly heard: Heard | undefined }>()

  function started(): Worker {
    if (thread !== null) return thread
    const own = startThread(import.meta.url, 'audit-thread', { resourceLimits: { maxOldGenerationSizeMb: 4096 } })
    own.on('message', (reply: AuditReply) => {
      const who = waiting.get(reply.id)
      if ('progress' in reply) {
        who?.heard?.(reply.progress)
        return
      }
      waiting.delete(reply.id)
      if ('fault' in reply) who?.fail(new Error('the work failed'))
      else who?.done(reply.answer)
    })
    own.on('error', () => undefined)
    own.on('exit', () => {
      if (thread === own) thread = null
      for (const { fail } of waiting.values()) fail(new Error('the thread of the self-audit has ended'))
      waiting.clear()
    })
    thread = own
    return own
  }

  return {
    ask: (errand, heard) => new Promise((done, fail) => {
      if (closed) {
        fail(new Error('closed'))
        return
      }
      const id = next++
      waiting.set(id, { done: done as (answer: unknown) => void, fail, heard })
      started().postMessage({ ...errand, id })
    }),
    close: async () => {
      closed = true
      await thread?.terminate()
    },
  }
}
