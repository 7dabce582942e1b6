// Child processes that read PDFs: started when needed, watched for time and memory, ended when idle. May not: know what a document is.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Job, Message } from './reader-child.ts'

export type End = 'done' | 'timed-out' | 'out-of-memory' | 'failed'

export interface Errand {
  readonly job: Job
  /** Rough number of pages; a further child starts only for enough of them. */
  readonly weight: number
  /** Milliseconds that may pass until the first message, and from each message to the next. */
  readonly patience: { readonly first: number; readonly next: number }
  readonly hear: (message: Message) => void
}

export interface ReaderPool {
  readonly run: (errand: Errand) => Promise<End>
}

const MAX_RSS = 1.5 * 2 ** 30
const IDLE_MS = 3000
const WATCH_MS = 50
const DOCUMENTS_A_CHILD = 50
/** Pages that are read while a further child would be starting. */
const WORTH_A_CHILD = 50
/** Exit codes of reader-child.ts; importing them would run it. */
const OUT_OF_MEMORY_CODE = 70

/** Of all pools: whoever is in the middle of a page does not hear that this side has ended. */
const alive = new Set<ChildProcess>()
process.once('exit', () => { for (const each of alive) each.kill('SIGKILL') })

interface Child {
  readonly process: ChildProcess
  readonly second: boolean
  errand: (Errand & { readonly end: (end: End) => void }) | null
  deadline: number
  /** Set when this side ends the child. */
  verdict: End | null
  document: number
  documents: number
  idle: NodeJS.Timeout | null
}

/** At most `processes` children with the first reader, and one with the second, which is another library with memory of its own. */
export function readerPool(processes: number): ReaderPool {
  const children: Child[] = []
  const queue: (Errand & { readonly end: (end: End) => void })[] = []
  let watch: NodeJS.Timeout | null = null

  const run = (errand: Errand): Promise<End> =>
    new Promise((end) => {
      queue.push({ ...errand, end })
      schedule()
    })

  function schedule(): void {
    for (let index = 0; index < queue.length; ) {
      const errand = queue[index] as (typeof queue)[number]
      const second = errand.job.kind === 'second'
      const own = children.filter((child) => child.second === second && child.verdict === null)
      const idle = own.filter((child) => child.errand === null)
      const document = errand.job.kind === 'read' ? errand.job.document : -1
      let child = idle.find((each) => each.document === document) ?? idle[0]
      if (child === undefined && own.length < (second ? 1 : processes)) {
        const waiting = queue.reduce((sum, each) => sum + ((each.job.kind === 'second') === second ? each.weight : 0), 0)
        if (own.length === 0 || waiting >= WORTH_A_CHILD) {
          child = start(second)
          children.push(child)
        }
      }
      if (child === undefined) {
        index++
        continue
      }
      queue.splice(index, 1)
      give(child, errand)
    }
  }

  function give(child: Child, errand: (typeof queue)[number]): void {
    if (child.idle !== null) clearTimeout(child.idle)
    child.idle = null
    child.process.ref()
    child.process.channel?.ref()
    child.errand = errand
    child.deadline = Date.now() + errand.patience.first
    if (errand.job.kind === 'read' && errand.job.document !== child.document) {
      child.document = errand.job.document
      child.documents++
      child.process.send(errand.job)
    } else if (errand.job.kind === 'read') child.process.send({ ...errand.job, source: { bytes: new Uint8Array() } })
    else child.process.send(errand.job)
    watch ??= setInterval(look, WATCH_MS)
  }

  function start(second: boolean): Child {
    const typescript = import.meta.url.endsWith('.ts')
    const entry = fileURLToPath(new URL(typescript ? './reader-child.ts' : './reader-child.js', import.meta.url))
    const child: Child = {
      process: fork(entry, [], {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: ['--max-old-space-size=512', '--wasm-max-mem-pages=16384', ...(typescript ? ['--import', 'tsx'] : [])],
        // Loaders are looked up from the working directory.
        cwd: typescript ? fileURLToPath(new URL('.', import.meta.url)) : undefined,
        env: { TZ: 'UTC', ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }) },
      }),
      second, errand: null, deadline: Infinity, verdict: null, document: -1, documents: 0, idle: null,
    }
    alive.add(child.process)
    child.process.on('message', (message: Message) => {
      const errand = child.errand
      if (errand === null || child.verdict !== null) return
      child.deadline = Date.now() + errand.patience.next
      errand.hear(message)
      if (message.kind === 'fault') child.document = -1
      if (message.kind === 'done') finish(child, 'done')
    })
    child.process.on('error', () => stop(child, 'failed'))
    child.process.on('exit', (code, signal) => {
      alive.delete(child.process)
      const end = child.verdict ?? (code === OUT_OF_MEMORY_CODE || code === 134 || signal === 'SIGABRT' || signal === 'SIGKILL' ? 'out-of-memory' : 'failed')
      child.verdict = end
      children.splice(children.indexOf(child), 1)
      finish(child, end)
    })
    return child
  }

  function finish(child: Child, end: End): void {
    const errand = child.errand
    child.errand = null
    child.deadline = Infinity
    if (child.verdict === null) {
      if (child.documents >= DOCUMENTS_A_CHILD) stop(child, 'done')
      else rest(child)
    }
    if (children.every((each) => each.errand === null) && watch !== null) {
      clearInterval(watch)
      watch = null
    }
    errand?.end(end)
    schedule()
  }

  /** An idle child does not keep this process alive, and ends with it. */
  function rest(child: Child): void {
    child.process.unref()
    child.process.channel?.unref()
    child.idle = setTimeout(() => stop(child, 'done'), IDLE_MS)
    child.idle.unref()
  }

  function stop(child: Child, verdict: End): void {
    if (child.verdict !== null) return
    child.verdict = verdict
    child.process.kill('SIGKILL')
  }

  function look(): void {
    const now = Date.now()
    for (const child of children) {
      if (child.errand === null || child.verdict !== null) continue
      if (now > child.deadline) stop(child, 'timed-out')
      else if (residentBytes(child.process.pid) > MAX_RSS) stop(child, 'out-of-memory')
    }
  }

  return { run }
}

/** 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0
  try {
    const PAGE_BYTES = 4096
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
  } catch {
    return 0 // it has just ended
  }
}
