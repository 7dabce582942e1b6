// The marked copy, made in a thread that is watched: a record that stops it is left out, with a sentence. May not: wait for ever.
import { startThread } from '../store/start-thread.ts'
import type { MarkedInput, MarkedPdf } from './marked-pdf.ts'
import type { MarkingErrand, MarkingReply } from './marking-thread.ts'

/** Longer than the largest record within the limits takes. */
const PATIENCE_MS = 90_000

export async function markRecords(input: Omit<MarkedInput, 'onFile'>): Promise<MarkedPdf> {
  const avoid = new Set(input.avoid)
  for (;;) {
    const { marked, stopped } = await attempt({ ...input, avoid })
    if (marked !== null) return marked
    if (stopped === null || avoid.has(stopped)) throw new Error('the marked copy cannot be made')
    avoid.add(stopped)
  }
}

function attempt(errand: MarkingErrand): Promise<{ readonly marked: MarkedPdf | null; readonly stopped: string | null }> {
  return new Promise((resolve) => {
    const thread = startThread(import.meta.url, 'marking-thread', { resourceLimits: { maxOldGenerationSizeMb: 3072 } })
    let file: string | null = null
    let clock = setTimeout(() => settle(null), PATIENCE_MS)
    const settle = (marked: MarkedPdf | null): void => {
      clearTimeout(clock)
      thread.removeAllListeners()
      thread.on('error', () => undefined)
      void thread.terminate()
      resolve({ marked, stopped: file })
    }
    thread.on('message', (reply: MarkingReply) => {
      clearTimeout(clock)
      clock = setTimeout(() => settle(null), PATIENCE_MS)
      if (reply.kind === 'file') file = reply.file
      else settle(reply.kind === 'done' ? reply.marked : null)
    })
    thread.on('error', () => settle(null))
    thread.on('exit', () => settle(null))
    thread.postMessage(errand)
  })
}
