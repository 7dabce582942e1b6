// `vouch batch` and `vouch worker`: arguments, progress and exit codes. May not: review a claim; print text of a record.
import { mkdir } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { furtherTables } from '../load/load-tables.ts'
import { dictionariesFolder } from '../load/folder.ts'
import type { BatchArguments } from '../batch/batch-folder.ts'
import { InputFault } from './fault.ts'

type Tell = (content: string, out: string | undefined) => Promise<void>

interface Given {
  readonly out?: string
  readonly records?: string
  readonly fees?: string
  readonly tables?: string
  readonly cache?: string
  readonly keyFile?: string
  readonly ocr: 'builtin' | 'auto' | 'off'
  readonly password?: readonly string[]
  readonly processes: number
  readonly memory: number
  readonly patience: number
  readonly reports?: 'json' | 'html'
  readonly format: readonly ('csv' | 'xlsx' | 'parquet')[]
  readonly name?: string
  readonly detach?: boolean
  readonly lostAfter: number
  readonly quiet?: boolean
  readonly workspace?: string
  readonly workspaceKey?: string
  readonly organisation?: string
}

const EXIT = { done: 0, open: 1 } as const
/** So long after a first signal what is being reviewed may take. */
const GRACE_MS = 20_000

const whole = (least: number, most: number, name: string) => (text: string): number => {
  const n = Number(text)
  if (!Number.isInteger(n) || n < least || n > most) throw new InputFault(`--${name} is a whole number from ${least} to ${most}.`)
  return n
}
const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]
/** Reviewers at most: each takes about 0.7 GB with its reader. */
const PROCESSES = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 30 / 0.7)))

const databaseUrl = (): string | null => process.env['DATABASE_URL'] || null

/** The first signal lets what is being reviewed be finished, the second does not. */
function signals(say: (sentence: string) => void): { readonly stop: AbortSignal; readonly halt: AbortSignal } {
  const [stop, halt] = [new AbortController(), new AbortController()]
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) halt.abort()
      else {
        say('Stopping: what is being reviewed is finished first (once more to stop at once).')
        stop.abort()
        setTimeout(() => halt.abort(), GRACE_MS).unref()
      }
    })
  }
  return { stop: stop.signal, halt: halt.signal }
}

function screen(quiet: boolean): { readonly line: (line: (width: number) => string) => void; readonly say: (sentence: string) => void; readonly end: () => void } {
  const tty = process.stderr.isTTY === true
  let told = -Infinity
  const clear = (): void => void (tty && process.stderr.write('\r\u001b[2K'))
  return {
    line: (line) => {
      if (quiet) return
      if (tty) process.stderr.write(`\r\u001b[2K${line((process.stderr.columns ?? 100) - 1)}`)
      // Into a log file, once a minute.
      else if (performance.now() - told > 60_000) {
        if (told > 0) process.stderr.write(`${line(200)}\n`)
        told = performance.now()
      }
    },
    say: (sentence) => {
      clear()
      process.stderr.write(`vouch: ${sentence}\n`)
    },
    end: clear,
  }
}

async function feesOf(path: string | null) {
  return path === null ? null : (await import('./read-fees.ts')).readFeeFile(path)
}

const workspaceFrom = ({ workspace, workspaceKey, organisation }: Pick<Given, 'workspace' | 'workspaceKey' | 'organisation'>): BatchArguments['workspace'] => {
  if (workspace !== undefined) return { folder: workspace, keyFile: workspaceKey ?? null, organisation: organisation ?? null }
  if (workspaceKey !== undefined || organisation !== undefined) throw new InputFault('--workspace-key and --organisation belong to --workspace.')
  return null
}

/** Before anything is reviewed. */
async function checked(workspace: BatchArguments['workspace']): Promise<void> {
  if (workspace !== undefined && workspace !== null) await (await import('./batch-workbench.ts')).checkWorkspace(workspace, databaseUrl())
}

async function runLocal(given: BatchArguments, passwords: readonly string[], out: string, quiet: boolean, tell: Tell): Promise<void> {
  const view = screen(quiet)
  if (given.tables !== null) furtherTables(dictionariesFolder(), given.tables)
  const feeTable = await feesOf(given.fees)
  await checked(given.workspace)
  const { runHere } = await import('../batch/run-batch.ts')
  const ends = signals(view.say)
  const ran = await runHere({ ...given, out, passwords, feeTable, ...ends, heard: { progress: (_p, line) => view.line(line), say: view.say } }).finally(view.end)
  await finish(ran, given, out, null, tell)
  if (ran.summary !== null) await handed(given, out, null, ends.stop, view, tell)
}

/** Into the worklist, where a workspace was named. */
async function handed(given: Pick<BatchArguments, 'workspace' | 'keyFile' | 'cache' | 'tables' | 'processes' | 'memory' | 'patience'>, out: string, queue: import('./batch-workbench.ts').Queue | null, stop: AbortSignal, view: ReturnType<typeof screen>, tell: Tell): Promise<void> {
  if (given.workspace === undefined || given.workspace === null) return
  const { intoWorkbench } = await import('./batch-workbench.ts')
  await tell(await intoWorkbench(given.workspace, out, given.keyFile, given, queue, stop, (line) => view.line(() => line)).finally(view.end), undefined)
}

async function finish(ran: import('../batch/run-batch.ts').Ran, given: BatchArguments, out: string, id: string | null, tell: Tell): Promise<void> {
  const { progress, summary } = ran
  const over = progress.done + progress.failed + progress.aside
  if (summary === null) {
    await tell(id === null ? `Stopped with ${over} of ${progress.claims} claims reviewed. Start the same command again to go on.\n` : `Batch ${id}: ${progress.claims} claims in the queue, ${over} reviewed. See vouch batch status ${id}; results with vouch batch results ${id} --out ${out}.\n`, undefined)
    process.exitCode = id === null ? EXIT.open : EXIT.done
    return
  }
  const tables = given.formats.length === 0 ? [] : await (await import('./batch-pictures.ts')).tablesOfBatch(resolve(out), given.formats)
  const { summaryText } = await import('../batch/summary.ts')
  await tell(`${summaryText(summary)}\nResults: ${[`${resolve(out)}/results.ndjson`, ...tables].join('\n         ')}\n`, undefined)
  process.exitCode = summary.failed + summary.aside > 0 ? EXIT.open : EXIT.done
}

export function registerBatch(program: Command, tell: Tell): void {
  const batch = program.command('batch').description('review thousands of claims: a manifest, a file of claims with a folder of records, or a folder a claim; start it again and it goes on')
  batch
    .argument('<source>', 'a manifest (CSV or NDJSON: claim, claimId, records), a file of claims (with --records), or a folder with a folder a claim')
    .option('--out <folder>', 'where the results go, and what is needed to go on')
    .option('--records <folder>', 'for a file of claims: folder or s3://bucket/prefix with the records by claim id (ID/…, ID.pdf, ID_anything.pdf)')
    .option('--fees <file>', 'a fee table (CSV) for the money at stake; without one what was paid or charged counts')
    .option('--tables <dir>', 'a further folder of national tables')
    .addOption(new Option('--ocr <engine>', 'as in vouch review').choices(['builtin', 'auto', 'off']).default('builtin'))
    .option('--password <password>', 'try this password on locked files; may be given several times', several)
    .option('--cache <folder>', 'keeps what was read and answered, locked, for the next batch (default: in the folder of the results)')
    .option('--processes <n>', 'reviewers at work at a time', whole(1, 512, 'processes'), PROCESSES)
    .option('--memory <mb>', 'memory of a reviewer', whole(256, 65_536, 'memory'), 2048)
    .option('--patience <seconds>', 'without progress over a claim, before its reviewer is stopped', whole(1, 86_400, 'patience'), 600)
    .addOption(new Option('--reports <form>', 'also write the whole answer of each claim to reports/').choices(['json', 'html']))
    .addOption(new Option('--format <format>', 'also write tables of the results (csv, xlsx, parquet); may be given several times').choices(['csv', 'xlsx', 'parquet']).argParser((value: string, before: string[] | undefined) => {
      if (!['csv', 'xlsx', 'parquet'].includes(value)) throw new InputFault('--format is csv, xlsx or parquet.')
      return several(value, before)
    }).default([]))
    .option('--key-file <file>', 'the key that seals what is kept, 64 hexadecimal digits (needed with DATABASE_URL)')
    .option('--name <name>', 'with DATABASE_URL: name of the batch')
    .option('--detach', 'with DATABASE_URL: return when all claims are in the queue')
    .option('--lost-after <seconds>', 'with DATABASE_URL: without a sign of life, before the claims of a worker go to others', whole(5, 3600, 'lost-after'), 60)
    .option('--workspace <folder>', 'afterwards the claims become cases of this workspace, with their answers and records')
    .option('--workspace-key <file>', 'the key of the workspace (default: the one in it)')
    .option('--organisation <name>', 'whose cases they become, where the workspace has several organisations')
    .option('--quiet', 'no progress')
    .action(async (source: string, options: Given) => {
      const { out } = options
      if (out === undefined) throw new InputFault('Say with --out in which folder the results go.')
      const given: BatchArguments = {
        source, records: options.records ?? null, fees: options.fees ?? null, tables: options.tables ?? null, cache: options.cache ?? null, keyFile: options.keyFile ?? null, ocr: options.ocr,
        processes: options.processes, memory: options.memory, patience: options.patience, reports: options.reports ?? null, formats: options.format, workspace: workspaceFrom(options),
      }
      const url = databaseUrl()
      if (url === null) return runLocal(given, options.password ?? [], out, options.quiet === true, tell)
      const view = screen(options.quiet === true)
      const { batchIdOf, runQueued } = await import('../batch/run-batch.ts')
      const id = options.name ?? batchIdOf(source)
      if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$/.test(id)) throw new InputFault('--name has letters, digits, full stops and hyphens, 60 at most.')
      if (given.tables !== null) furtherTables(dictionariesFolder(), given.tables)
      await checked(given.workspace)
      await mkdir(out, { recursive: true })
      const ends = signals(() => undefined)
      const ran = await runQueued({
        ...given, out, passwords: options.password ?? [], feeTable: await feesOf(given.fees), databaseUrl: url, id, detach: options.detach === true, lostAfter: options.lostAfter, ...ends,
        heard: { progress: (_p, line) => view.line(line), say: view.say },
      }).finally(view.end)
      await finish(ran, given, out, id, tell)
      if (ran.summary !== null) await handed(given, out, { databaseUrl: url, id, keyFile: given.keyFile }, ends.stop, view, tell)
    })

  const onBatch = (name: string, description: string): Command =>
    batch.command(name).description(description).argument('[batch]', 'with DATABASE_URL: which batch').option('--out <folder>', 'without DATABASE_URL: the folder of the results').option('--key-file <file>', 'the key, with DATABASE_URL')

  onBatch('status', 'how far batches are, and who works at them').option('--json', 'as JSON')
    .action(async (id: string | undefined, options: { out?: string; json?: boolean }, command: Command) => {
      const { statusHere, statusQueued, statusText } = await import('../batch/status.ts')
      const url = databaseUrl()
      const out = options.out ?? command.parent?.opts<Given>().out
      const status = url === null ? await statusHere(localOut(out)) : await statusQueued(url, id ?? null)
      await tell(options.json === true ? `${JSON.stringify(status, null, 2)}\n` : statusText(status), undefined)
    })

  for (const [name, description] of [
    ['pause', 'stop in order; claims being reviewed are finished'], ['resume', 'go on with a paused or cancelled batch'], ['retry', 'review again what was put aside or could not be reviewed'], ['cancel', 'stop for good; the results so far stay'],
    ['results', 'write the results there are'],
  ] as const) {
    onBatch(name, description).action(async (id: string | undefined, options: { out?: string; keyFile?: string }, command: Command) => {
      // Commander gives options that both know to the outer command.
      const outer = command.parent?.opts<Given>()
      const out = options.out ?? outer?.out
      const url = databaseUrl()
      const control = await import('../batch/control.ts')
      const workspace = outer === undefined ? null : workspaceFrom(outer)
      if (workspace !== null && name !== 'results') throw new InputFault('--workspace belongs to vouch batch SOURCE and vouch batch results.')
      await checked(workspace)
      if (url !== null) {
        const keyFile = options.keyFile ?? outer?.keyFile ?? null
        await tell(await control.controlQueued(name, url, id ?? null, out ?? null, keyFile), undefined)
        if (workspace === null || outer === undefined) return
        const given = { workspace, keyFile, cache: outer.cache ?? null, tables: outer.tables ?? null, processes: outer.processes, memory: outer.memory, patience: outer.patience }
        const view = screen(false)
        await handed(given, out ?? '.', { databaseUrl: url, id: id ?? '', keyFile }, signals(view.say).stop, view, tell)
        return
      }
      const folder = localOut(out)
      const { isBatchFolder, keptArguments } = await import('../batch/batch-folder.ts')
      if (!(await isBatchFolder(folder))) throw new InputFault(`${folder}: no batch was begun there.`)
      const { said, goOn } = await control.controlHere(name, folder)
      if (said !== '') await tell(said, undefined)
      if (goOn) await runLocal(await keptArguments(folder), [], folder, false, tell)
      if (workspace === null) return
      const view = screen(false)
      await handed({ ...(await keptArguments(folder)), workspace }, folder, null, signals(view.say).stop, view, tell)
    })
  }

  program.command('worker')
    .description('review claims of the batches in the queue at DATABASE_URL, until it is stopped')
    .requiredOption('--key-file <file>', 'the key that vouch batch was given')
    .option('--tables <dir>', 'a further folder of national tables')
    .option('--cache <folder>', 'keeps what was read and answered, locked; a shared folder serves all workers', 'vouch-cache')
    .option('--processes <n>', 'reviewers at work at a time', whole(1, 512, 'processes'), PROCESSES)
    .option('--memory <mb>', 'memory of a reviewer', whole(256, 65_536, 'memory'), 2048)
    .option('--patience <seconds>', 'without progress over a claim, before its reviewer is stopped', whole(1, 86_400, 'patience'), 600)
    .option('--grace <seconds>', 'after SIGTERM, for what is being reviewed', whole(0, 86_400, 'grace'), 60)
    .option('--port <port>', 'metrics and health over HTTP (/metrics, /healthz, /readyz)', whole(0, 65_535, 'port'))
    .option('--host <address>', 'address of --port', '127.0.0.1')
    .addOption(new Option('--log <level>', 'least level of the log on standard output').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .action(async (options: { keyFile: string; tables?: string; cache: string; processes: number; memory: number; patience: number; grace: number; port?: number; host: string; log: 'debug' | 'info' | 'warn' | 'error' }) => {
      const url = databaseUrl()
      if (url === null) throw new InputFault('vouch worker needs DATABASE_URL, the PostgreSQL that vouch batch was given.')
      if (options.tables !== undefined) furtherTables(dictionariesFolder(), options.tables)
      const [stop, halt] = [new AbortController(), new AbortController()]
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          if (stop.signal.aborted) halt.abort()
          stop.abort()
          setTimeout(() => halt.abort(), options.grace * 1000).unref()
        })
      }
      const { runWorker } = await import('../batch/run-worker.ts')
      await runWorker({ ...options, tables: options.tables ?? null, cache: resolve(options.cache), port: options.port ?? null, databaseUrl: url, stop: stop.signal, halt: halt.signal, write: (line) => void process.stdout.write(line), address: (at) => void process.stderr.write(`vouch: metrics and health at ${at}\n`) })
      process.exitCode = EXIT.done
    })
}

function localOut(out: string | undefined): string {
  if (out === undefined) throw new InputFault('Say which batch: --out FOLDER for one on this machine, or DATABASE_URL in the environment.')
  return out
}
