// `--workspace` of `vouch batch`: a finished batch into the worklist of a workspace. May not: review a claim that was answered; print text of a record.
import { join, resolve } from 'node:path'
import { inside, LOCAL, openBatchFolder, type BatchArguments } from '../batch/batch-folder.ts'
import { openBatchDatabase, type BatchDatabase } from '../batch/database.ts'
import { recordFiles } from '../batch/record-files.ts'
import { reviewerPool } from '../batch/reviewer-pool.ts'
import { openServerDatabase } from '../batch/run-batch.ts'
import { versionOf } from '../batch/version.ts'
import { answerVersion, readerVersion } from '../load/program-version.ts'
import { plural } from '../report/plain.ts'
import { handOver, openWorkspace, type HandedOver } from '../server/hand-over.ts'
import { InputFault } from './fault.ts'

export type WorkspaceArguments = NonNullable<BatchArguments['workspace']>
export type ReviewerArguments = Pick<BatchArguments, 'cache' | 'tables' | 'processes' | 'memory' | 'patience'>

/** The queue in which the batch is; null for the one in the folder of the results. */
export interface Queue { readonly databaseUrl: string; readonly id: string; readonly keyFile: string | null }

const workspaceOf = ({ folder, keyFile, organisation }: WorkspaceArguments, databaseUrl: string | null) =>
  ({ workspace: folder, organisation, ...(keyFile === null ? {} : { keyFile }), ...(databaseUrl === null ? {} : { databaseUrl }) })

/** Before the batch, so that nobody learns in the morning that it was in vain. @throws a fault the operator can mend */
export async function checkWorkspace(at: WorkspaceArguments, databaseUrl: string | null): Promise<void> {
  const { store } = await openWorkspace(workspaceOf(at, databaseUrl))
  await store.close()
}

export async function intoWorkbench(at: WorkspaceArguments, out: string, keyFile: string | null, reviewers: ReviewerArguments, queue: Queue | null, stop: AbortSignal, heard: (line: string) => void): Promise<string> {
  const folder = queue === null ? await openBatchFolder(out, keyFile) : null
  let bdb: BatchDatabase | null = null
  try {
    bdb = queue === null && folder !== null ? await openBatchDatabase({ folder: folder.path }, folder.keys) : await openServerDatabase((queue as Queue).databaseUrl, (queue as Queue).keyFile, 2)
    const { store, who } = await openWorkspace(workspaceOf(at, queue?.databaseUrl ?? null))
    try {
      const version = versionOf(reviewers.tables)
      let broken: Error | null = null
      const pool = reviewerPool({ cache: reviewers.cache === null ? join(inside(out), 'cache') : resolve(reviewers.cache), tables: reviewers.tables, version, processes: reviewers.processes, memory: reviewers.memory, patience: reviewers.patience }, (e) => {
        broken = e
        pool.close()
      })
      try {
        const done = await handOver({
          store, who, bdb, batch: queue === null ? LOCAL : queue.id, pool, version, versions: { reader: readerVersion(), answer: answerVersion() }, files: recordFiles(process.env), stop,
          heard: (n, of) => heard(`Into the workbench: ${n.toLocaleString('en-US')}/${of.toLocaleString('en-US')} claims`),
        })
        if (broken !== null) throw new InputFault(`No reviewer can be started (${(broken as Error).message}); check --memory and the memory of this machine.`)
        return handedText(done, at.folder)
      } finally {
        pool.close()
      }
    } finally {
      await store.close()
    }
  } finally {
    await bdb?.close().catch(() => undefined)
    await folder?.release()
  }
}

/** In words, for a terminal. */
export function handedText(h: HandedOver, workspace: string): string {
  const parts = [
    h.new > 0 ? plural(h.new, 'new case') : '', h.renewed > 0 ? `${h.renewed} with a new answer` : '', h.known > 0 ? `${h.known} there already` : '', h['without-answer'] > 0 ? `${h['without-answer']} without an answer` : '',
    h.waits > 0 ? `${h.waits} with other records than the batch saw, which the workbench reviews itself` : '', h.decided > 0 ? `${h.decided} decided by people and left alone` : '',
  ].filter((p) => p !== '')
  const left = [h.unreadable > 0 ? `${h.unreadable} that cannot be read as claims` : '', h['same-id'] > 0 ? `${h['same-id']} with the id of another claim of the batch` : '', h.gone > 0 ? `${h.gone} whose records no longer come` : ''].filter((p) => p !== '')
  return `Workbench: ${parts.length === 0 ? 'nothing to hand over' : parts.join(', ')}${left.length === 0 ? '' : `; left out: ${left.join(', ')}`}${h.whole ? '' : '; stopped before the end, the same command goes on'}. ${h.computed > 0 ? `${plural(h.computed, 'answer')} had not been kept and were made again. ` : ''}Open it with vouch serve --workspace ${workspace}.\n`
}
