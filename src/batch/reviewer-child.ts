// Entry of the forked reviewer: keeps the dictionaries and a reader, reviews one claim after the other. May not: outlive its parent; print; know of a queue.
import { dictionariesFolder } from '../load/folder.ts'
import { engineVersion } from '../load/engine-version.ts'
import { furtherTables, withTables } from '../load/load-tables.ts'
import { knowledgeOf } from '../load/snapshot.ts'
import { join } from 'node:path'
import { isRecordsFault } from './fault.ts'
import { openLockedCache } from './locked-cache.ts'
import { recordFiles } from './record-files.ts'
import type { ClaimReason } from './fault.ts'
import { reviewTask, wholeTask, type Reviewed, type ReviewSettings, type Task, type Whole } from './review-task.ts'
import type { Version } from './version.ts'

export interface ReviewerOptions {
  readonly cache: string
  readonly tables: string | null
  readonly version: Version
}

export type Errand =
  | { readonly kind: 'begin'; readonly options: ReviewerOptions }
  | { readonly kind: 'settings'; readonly batch: string; readonly settings: ReviewSettings }
  | { readonly kind: 'review'; readonly id: number; readonly batch: string; readonly task: Task; /** Wanted is all of the answer, for a workbench. */ readonly whole: boolean }

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'reviewed'; readonly id: number; readonly reviewed: Reviewed }
  | { readonly kind: 'whole'; readonly id: number; readonly whole: Whole }
  /** The store of the records did not give them. */
  | { readonly kind: 'unreachable'; readonly id: number; readonly reason: ClaimReason }
  | { readonly kind: 'fault'; readonly id: number; readonly name: string; readonly at: string }

const ALIVE_MS = 500
const send = (reply: Reply): void => void process.send?.(reply)
let began: ((options: ReviewerOptions) => void) | null = null
const options = new Promise<ReviewerOptions>((resolve) => { began = resolve })
const settings = new Map<string, ReviewSettings>()
const files = recordFiles(process.env)

const ready = options.then(async ({ cache, tables }) => {
  const own = await knowledgeOf(dictionariesFolder(), engineVersion())
  const knowledge = tables === null ? own : withTables(own, furtherTables(dictionariesFolder(), tables))
  send({ kind: 'ready' })
  return { knowledge, reads: openLockedCache(join(cache, 'reads')), answers: openLockedCache(join(cache, 'answers')), pages: join(cache, 'pages') }
})
ready.catch(() => process.exit(1))

let turn: Promise<void> = Promise.resolve()
let told = 0
const alive = (): void => {
  const now = performance.now()
  if (now - told < ALIVE_MS) return
  told = now
  send({ kind: 'alive' })
}

process.on('disconnect', () => process.exit(0))
// The parent decides: a signal of the terminal goes to the whole group.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('message', (errand: Errand) => {
  if (errand.kind === 'begin') began?.(errand.options)
  else if (errand.kind === 'settings') settings.set(errand.batch, errand.settings)
  else turn = turn.then(() => review(errand))
})

async function review({ id, batch, task, whole }: Extract<Errand, { kind: 'review' }>): Promise<void> {
  const { version } = await options
  const of = settings.get(batch)
  try {
    if (of === undefined) throw new Error('no settings')
    const context = { ...(await ready), version, settings: of, files, alive }
    send(whole ? { kind: 'whole', id, whole: await wholeTask(task, context) } : { kind: 'reviewed', id, reviewed: await reviewTask(task, context) })
  } catch (e) {
    // The message of a fault may hold text of a record: its name and place alone go on.
    if (isRecordsFault(e)) send({ kind: 'unreachable', id, reason: e.reason })
    else send({ kind: 'fault', id, name: e instanceof Error ? e.name : 'unknown', at: e instanceof Error ? /at .*?([\w-]+\.[jt]s:\d+)/.exec(e.stack ?? '')?.[1] ?? '' : '' })
  }
}
