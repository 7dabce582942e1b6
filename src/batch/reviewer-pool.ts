// The reviewers of this machine: children that keep what is costly to start, watched for life and time. May not: know of a queue; load a dictionary.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ClaimReason } from './fault.ts'
import type { Reviewed, ReviewSettings, Task, Whole } from './review-task.ts'
import type { Errand, Reply, ReviewerOptions } from './reviewer-child.ts'

export interface PoolOptions extends ReviewerOptions {
  readonly processes: number
  /** Of a reviewer's heap, in MB. */
  readonly memory: number
  /** Seconds without a sign of life over a claim. */
  readonly patience: number
}

export type Outcome = { readonly kind: 'reviewed'; readonly reviewed: Reviewed } | NoOutcome
export type WholeOutcome = { readonly kind: 'whole'; readonly whole: Whole } | NoOutcome

export type NoOutcome =
  | { readonly kind: 'failed'; readonly reason: ClaimReason }
  | { readonly kind: 'unreachable'; readonly reason: ClaimReason }
  /** Not begun when its reviewer ended, or the pool was closed. */
  | { readonly kind: 'returned' }

export interface ReviewerPool {
  readonly review: (batch: string, settings: ReviewSettings, task: Task) => Promise<Outcome>
  /** All of the answer, for a workbench. */
  readonly whole: (batch: string, settings: ReviewSettings, task: Task) => Promise<WholeOutcome>
  /** Places for which a claim is wanted. */
  readonly room: () => number
  readonly busy: () => number
  /** Ids of the children that live. */
  readonly pids: () => readonly number[]
  /** Ends the children at once; what they had is returned. */
  readonly close: () => void
}

/** A claim waits beside the one being reviewed, so that no child waits for the parent. */
const AHEAD = 2
const WATCH_MS = 250
/** A child that dies before it is ready this often in a row will not start at all. */
const MOST_STILLBORN = 5
const START_PATIENCE_MS = 120_000

interface Waiting {
  readonly id: number
  readonly done: (outcome: Outcome | WholeOutcome) => void
}

interface Child {
  readonly process: ChildProcess
  readonly waiting: Waiting[]
  readonly settings: Set<string>
  ready: boolean
  /** Monotonic; the clock of the machine may jump. */
  heard: number
  timedOut: boolean
}

/** `broken` is called where no reviewer can be started at all. */
export function reviewerPool(options: PoolOptions, broken: (e: Error) => void): ReviewerPool {
  const children: Child[] = []
  let next = 1
  let closed = false
  let stillborn = 0

  function start(): void {
    const typescript = import.meta.url.endsWith('.ts')
    const child: Child = {
      process: fork(fileURLToPath(new URL(typescript ? './reviewer-child.ts' : './reviewer-child.js', import.meta.url)), [], {
        serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [`--max-old-space-size=${options.memory}`, ...(typescript ? ['--import', 'tsx'] : [])],
        // Loaders are looked up from the working directory.
        ...(typescript ? { cwd: fileURLToPath(new URL('.', import.meta.url)) } : {}),
        env: { ...Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith('AWS_') || k === 'PATH' || k === 'SystemRoot')), TZ: 'UTC' },
      }),
      waiting: [], settings: new Set(), ready: false, heard: performance.now(), timedOut: false,
    }
    children.push(child)
    child.process.on('message', (reply: Reply) => {
      child.heard = performance.now()
      if (reply.kind === 'ready') {
        child.ready = true
        stillborn = 0
        return
      }
      if (reply.kind === 'alive') return
      const at = child.waiting.findIndex((w) => w.id === reply.id)
      const [who] = at < 0 ? [] : child.waiting.splice(at, 1)
      who?.done(reply.kind === 'reviewed' ? { kind: 'reviewed', reviewed: reply.reviewed } : reply.kind === 'whole' ? { kind: 'whole', whole: reply.whole } : reply.kind === 'unreachable' ? { kind: 'unreachable', reason: reply.reason }
        : { kind: 'failed', reason: { id: 'reviewer-failed', explanation: `The program failed over it (${reply.name}${reply.at === '' ? '' : `, ${reply.at}`}); please report it.` } })
    })
    child.process.on('error', () => undefined)
    child.process.on('exit', (code, signal) => {
      children.splice(children.indexOf(child), 1)
      child.waiting.forEach(({ done }, i) => {
        // The first was being worked on; the others had not begun.
        if (closed || i > 0 || !child.ready) done({ kind: 'returned' })
        else if (child.timedOut) done({ kind: 'failed', reason: { id: 'reviewer-timed-out', explanation: `No answer and no progress within ${options.patience} seconds.` } })
        else done({ kind: 'failed', reason: { id: 'reviewer-died', explanation: `The process that reviewed it ended (${signal ?? `code ${code ?? '?'}`}); it may need more memory than --memory allows.` } })
      })
      if (closed) return
      if (!child.ready && ++stillborn >= MOST_STILLBORN) broken(new Error(`the reviewers do not start (${signal ?? `code ${code ?? '?'}`})`))
      else start()
    })
    child.process.send({ kind: 'begin', options: { cache: options.cache, tables: options.tables, version: options.version } } satisfies Errand)
  }
  for (let i = 0; i < options.processes; i++) start()

  const watch = setInterval(() => {
    const now = performance.now()
    for (const child of children) {
      const patience = child.ready ? options.patience * 1000 : START_PATIENCE_MS
      if ((child.ready && child.waiting.length === 0) || now - child.heard <= patience || child.timedOut) continue
      child.timedOut = true
      child.process.kill('SIGKILL')
    }
  }, WATCH_MS)

  const give = (batch: string, settings: ReviewSettings, task: Task, whole: boolean): Promise<Outcome | WholeOutcome> =>
    new Promise((done) => {
      // Idle ones first; a child that is still starting comes after those that are ready.
      const child = children.filter((c) => c.waiting.length < AHEAD && c.process.connected).sort((a, b) => a.waiting.length - b.waiting.length || Number(b.ready) - Number(a.ready))[0]
      if (closed || child === undefined) {
        done({ kind: 'returned' })
        return
      }
      const id = next++
      if (child.waiting.length === 0) child.heard = performance.now()
      child.waiting.push({ id, done })
      const say = (errand: Errand): void => void child.process.send(errand, () => undefined)
      if (!child.settings.has(batch)) {
        child.settings.add(batch)
        say({ kind: 'settings', batch, settings })
      }
      say({ kind: 'review', id, batch, task, whole })
    })

  return {
    review: (batch, settings, task) => give(batch, settings, task, false) as Promise<Outcome>,
    whole: (batch, settings, task) => give(batch, settings, task, true) as Promise<WholeOutcome>,
    room: () => (closed ? 0 : children.reduce((sum, c) => sum + Math.max(0, AHEAD - c.waiting.length), 0)),
    busy: () => children.reduce((sum, c) => sum + c.waiting.length, 0),
    pids: () => children.flatMap((c) => (c.process.pid === undefined ? [] : [c.process.pid])),
    close: () => {
      closed = true
      clearInterval(watch)
      for (const c of children) c.process.kill('SIGKILL')
    },
  }
}
