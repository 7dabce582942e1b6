// The embedded database as a pool of one connection, in a thread of its own. May not: know tables.
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Answer, Ask } from './pglite-thread.ts'
import { startThread } from './start-thread.ts'

/** Rejects where the folder cannot be opened. */
export async function pglitePool(folder: string): Promise<PostgresPool> {
  const worker = startThread(import.meta.url, 'pglite-thread', { workerData: { folder } })
  const waiting = new Map<number, { done: (a: Answer & { rows: readonly Record<string, unknown>[]; affected: number }) => void; fail: (e: Error) => void }>()
  let next = 1
  let dead: Error | null = null
  let closed: (() => void) | null = null
  await new Promise<void>((resolve, reject) => {
    const die = (e: Error): void => {
      dead = e
      for (const { fail } of waiting.values()) fail(e)
      waiting.clear()
      closed?.()
      reject(e)
    }
    worker.on('error', (e) => die(new Error(`the embedded database failed: ${(e as Error).message}`)))
    worker.on('exit', () => die(new Error('the embedded database has ended')))
    worker.on('message', (answer: Answer | 'open' | 'closed') => {
      if (answer === 'open') resolve()
      else if (answer === 'closed') closed?.()
      else {
        const who = waiting.get(answer.id)
        waiting.delete(answer.id)
        if ('fault' in answer) who?.fail(Object.assign(new Error(answer.fault), { code: answer.code }))
        else who?.done(answer)
      }
    })
  })
  const ask = (sql: string, params: readonly unknown[]) =>
    new Promise<{ rows: readonly Record<string, unknown>[]; affected: number }>((done, fail) => {
      if (dead !== null) {
        fail(dead)
        return
      }
      const id = next++
      waiting.set(id, { done, fail })
      worker.postMessage({ id, sql, params } satisfies Ask)
    })

  let turn: Promise<void> = Promise.resolve()
  return {
    // One transaction at a time: whoever asks for a connection waits until it is given back.
    async connect() {
      const before = turn
      let release = (): void => undefined
      turn = new Promise((resolve) => { release = resolve })
      await before
      const query = async (sql: string, params: readonly unknown[] = []) => {
        const { rows, affected } = await ask(sql, params)
        const command = /^\s*(insert|update|delete|merge|select)/i.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT'
        return { command, rowCount: command === 'SELECT' ? rows.length : affected, rows: [...rows] }
      }
      // Cursors, the other form of `query`, are never asked for.
      return { query, release } as unknown as PostgresPoolClient
    },
    async end() {
      await turn
      if (dead === null) {
        await new Promise<void>((resolve) => {
          closed = resolve
          worker.postMessage('close')
        })
      }
      await worker.terminate()
    },
  }
}
