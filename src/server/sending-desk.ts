// What leaves the house, written in a thread of its own for each errand. May not: wait for ever; know the database.
import { startThread } from '../store/start-thread.ts'
import type { SendingErrand, SendingReply } from './sending-thread.ts'

const PATIENCE_MS = 15 * 60_000
const NOTHING: SendingReply = { bytes: null, seal: null, problems: [], why: null }
/** Packets hold all records in memory. */
const MOST_AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

export async function sendOut(errand: SendingErrand): Promise<SendingReply> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((go) => waiting.push(go))
  running++
  try {
    return await attempt(errand)
  } finally {
    running--
    waiting.shift()?.()
  }
}

function attempt(errand: SendingErrand): Promise<SendingReply> {
  return new Promise((resolve) => {
    const thread = startThread(import.meta.url, 'sending-thread', { resourceLimits: { maxOldGenerationSizeMb: 4096 } })
    const clock = setTimeout(() => settle(NOTHING), PATIENCE_MS)
    const settle = (reply: SendingReply): void => {
      clearTimeout(clock)
      thread.removeAllListeners()
      thread.on('error', () => undefined)
      void thread.terminate()
      resolve(reply)
    }
    thread.on('message', settle)
    thread.on('error', () => settle(NOTHING))
    thread.on('exit', () => settle(NOTHING))
    thread.postMessage(errand)
  })
}
