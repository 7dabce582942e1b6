// What happens to cases, told to whoever has a screen open. May not: keep anything; tell one organisation of another.
import { PassThrough } from 'node:stream'
import type { CaseRow } from './shapes.ts'

export type CaseEvent =
  /** A review moves on. */
  | { readonly kind: 'progress'; readonly case: string; readonly run: CaseRow['run']; readonly progress: CaseRow['progress'] }
  /** Something of the case, or of the worklist where it is null, is to be asked for anew. */
  | { readonly kind: 'changed'; readonly case: string | null }

export interface Events {
  readonly tell: (organisation: string, event: CaseEvent) => void
  /** A stream of server-sent events. `still` is asked from time to time; the stream ends where it says no. */
  readonly listen: (organisation: string, user: string, still: () => Promise<boolean>) => PassThrough
  readonly close: () => void
}

/** Between signs of life, which proxies need; also how late the end of a session is noticed. */
const BEAT_MS = 20_000
const MOST_A_USER = 12
/** Bytes that wait in a stream nobody reads. */
const MOST_WAITING = 1 << 20

interface Listener { readonly organisation: string; readonly user: string; readonly stream: PassThrough; readonly still: () => Promise<boolean> }

export function events(beat = BEAT_MS): Events {
  const listeners = new Set<Listener>()
  const end = (l: Listener): void => {
    listeners.delete(l)
    if (!l.stream.writableEnded) l.stream.end()
  }
  const write = (l: Listener, text: string): void => {
    if (l.stream.destroyed || l.stream.writableLength > MOST_WAITING) end(l)
    else l.stream.write(text)
  }
  let closed = false
  const clock = setInterval(() => {
    for (const l of listeners) {
      write(l, ': still here\n\n')
      l.still().then((yes) => { if (!yes) { write(l, 'event: ended\ndata: {}\n\n'); end(l) } }, () => end(l))
    }
  }, beat)
  clock.unref()
  return {
    tell: (organisation, event) => {
      const { kind, ...rest } = event
      for (const l of listeners) if (l.organisation === organisation) write(l, `event: ${kind}\ndata: ${JSON.stringify(rest)}\n\n`)
    },
    listen: (organisation, user, still) => {
      const own = [...listeners].filter((l) => l.user === user)
      const [oldest] = own
      if (own.length >= MOST_A_USER && oldest) end(oldest)
      const stream = new PassThrough()
      const listener: Listener = { organisation, user, stream, still }
      listeners.add(listener)
      stream.once('close', () => listeners.delete(listener))
      stream.write('retry: 3000\nevent: open\ndata: {}\n\n')
      // Whoever came while the server was closing.
      if (closed) end(listener)
      return stream
    },
    close: () => {
      closed = true
      clearInterval(clock)
      for (const l of listeners) end(l)
    },
  }
}
