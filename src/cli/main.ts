#!/usr/bin/env node
// The command line: arguments, exit codes, streams. May not: decide anything about a record.
import './engine-flags.ts'
import { Command, CommanderError, Option } from 'commander'
import { stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readRecords, type ReadProgress, type Records } from '../document/read-records.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { contextOf, knowledgeOf } from '../load/snapshot.ts'
import { furtherTables, withTables } from '../load/load-tables.ts'
import type { Knowledge } from '../review-claim.ts'
import { annotate } from '../note/annotate.ts'
import { splitNotes } from '../note/split.ts'
import { toContract } from '../report/contract.ts'
import { withMoney } from '../report/money.ts'
import { toText } from '../report/text.ts'
import { reviewClaim } from '../review-claim.ts'
import { addAudit } from './audit.ts'
import { annotationsJson } from './annotate.ts'
import { assertLines } from './assert.ts'
import { addDeidentify } from './deidentify.ts'
import { engineVersion } from '../load/engine-version.ts'
import { faultSentence, InputFault } from './fault.ts'
import { policyText } from '../load/policy-text.ts'
import { registerClaims } from './claims-commands.ts'
import { pickClaim } from './read-claim.ts'
import { progressText, readOptions, withReadOptions, type ReadArguments } from './read-options.ts'
import { reviewFiles } from './review-files.ts'
import { registerStatistics } from './statistics-commands.ts'
import { registerSending } from './sending-commands.ts'
import { registerTables } from './tables-commands.ts'
import { writeWhole } from './write-whole.ts'
import { registerBatch } from './batch-commands.ts'

const EXIT = { supported: 0, findings: 1, usage: 2, bug: 4 } as const

/** A line on standard error that overwrites itself, only where somebody watches. */
function progressLine(): { show: (p: ReadProgress) => void; clear: () => void } {
  if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined }
  let last = 0
  return {
    show: (progress) => {
      const now = Date.now()
      if (now - last < 80 && progress.page !== progress.pages) return
      last = now
      process.stderr.write(`\r\u001b[2K${progressText(progress)}`)
    },
    clear: () => void process.stderr.write('\r\u001b[2K'),
  }
}

const ready = (): Promise<Knowledge> => knowledgeOf(dictionariesFolder(), engineVersion())

/** Time in which the first reader has been started; it starts up while the dictionaries are loaded. */
const READER_START_MS = 30

/** Loads the dictionaries while the records are being read. A path that cannot be read is told first. */
async function meanwhile(reading: Promise<Records>): Promise<{ records: Records; knowledge: Knowledge }> {
  reading.catch(() => undefined)
  await Promise.race([reading, delay(READER_START_MS)])
  const knowledge = await ready()
  return { records: await reading, knowledge }
}

/** The folder below which all cited names lie, or null where there are several. */
async function folderOf(paths: readonly string[]): Promise<string | null> {
  const folders = new Set<string>()
  for (const path of paths) folders.add((await stat(path)).isDirectory() ? resolve(path) : dirname(resolve(path)))
  const [only] = folders
  return folders.size === 1 && only !== undefined ? only : null
}

async function tell(content: string, out: string | undefined): Promise<void> {
  if (out !== undefined) await writeWhole(out, content)
  else await new Promise<void>((done) => process.stdout.write(content, () => done()))
}

// Whoever reads the output may stop early (`| head`): not a bug, and never a success.
process.stdout.on('error', () => {
  process.stderr.write('vouch: standard output was closed before all was written.\n')
  process.exit(EXIT.usage)
})

const program = new Command()
  .name('vouch')
  .description('Says for every billed radiation-oncology code whether the records sent support it. Nothing leaves this machine.')
  .version(engineVersion())
  .exitOverride()
  .configureOutput({ writeErr: () => undefined })
  .showSuggestionAfterError()

withReadOptions(program.command('review'))
  .description('review one claim against its records')
  .requiredOption('--claim <file>', 'the claim: JSON, CSV, XLSX, X12 837, FHIR or a filled CMS-1500')
  .option('--claim-id <id>', 'which claim of a file that holds several')
  .requiredOption('--records <path...>', 'files, folders or ZIP archives with the records')
  .addOption(new Option('--format <format>', 'how to tell the result').choices(['text', 'json', 'html', 'fhir']).default('text'))
  .option('--authored <date>', 'with fhir: the day of the answer and its requests (YYYY-MM-DD)')
  .option('--payer-url <url>', 'with fhir: where attachments that are asked for go')
  .option('--fees <file>', 'a fee table (CSV: code, amount; also modifier, place, from, until) for the money at stake')
  .option('--tables <dir>', 'a further folder of national tables, as vouch tables import writes it')
  .option('--out <file>', 'write the result to this file instead of standard output')
  .action(async (options: ReadArguments & { claim: string; claimId?: string; fees?: string; tables?: string; records: string[]; format: 'text' | 'json' | 'html' | 'fhir'; authored?: string; payerUrl?: string; out?: string }) => {
    if (options.authored !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.authored)) throw new InputFault(`--authored ${options.authored}: must be a day written YYYY-MM-DD.`)
    if (options.payerUrl !== undefined && !/^https?:\/\/\S+$/.test(options.payerUrl)) throw new InputFault('--payer-url: must be an address that begins with https://.')
    const progress = progressLine()
    // Faults of the claim and the paths are told before the dictionaries are loaded.
    const { claim, warnings } = await pickClaim(options.claim, options.claimId)
    for (const warning of warnings) process.stderr.write(`vouch: ${warning}\n`)
    const fees = options.fees === undefined ? null : (await import('./read-fees.ts')).readFeeFile(options.fees)
    const tables = options.tables === undefined ? null : furtherTables(dictionariesFolder(), options.tables)
    const { records, knowledge: own } = await meanwhile(readRecords(options.records, { onProgress: progress.show, ...readOptions(options) }))
    progress.clear()
    const knowledge = tables === null ? own : withTables(own, tables)
    const answer = toContract(reviewClaim(claim, records, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
    const json = fees === null ? answer : withMoney(answer, fees)
    const folder = await folderOf(options.records)
    const links = folder === null ? undefined : relative(options.out ? dirname(resolve(options.out)) : process.cwd(), folder).replaceAll('\\', '/')
    const content = options.format === 'json' ? `${JSON.stringify(json, null, 2)}\n`
      : options.format === 'fhir' ? `${JSON.stringify((await import('../report/fhir.ts')).toFhir(json, { authored: options.authored, payerUrl: options.payerUrl }), null, 2)}\n`
      : options.format === 'html' ? (await import('../report/html.ts')).toHtml(json, { records: links })
        : toText(json, { color: options.out === undefined && process.stdout.isTTY === true && !process.env['NO_COLOR'], width: process.stdout.columns ?? 100 })
    await tell(content, options.out)
    process.exitCode = json.lines.every((l) => l.determination === 'supported') ? EXIT.supported : EXIT.findings
  })

withReadOptions(program.command('annotate'))
  .description('show what is read and found in one file')
  .argument('<file>')
  .addOption(new Option('--format <format>').choices(['json']).default('json'))
  .option('--out <file>', 'write to this file instead of standard output')
  .action(async (file: string, options: ReadArguments & { out?: string }) => {
    const { records: { documents, problems }, knowledge: { notes: dictionaries } } = await meanwhile(readRecords([file], readOptions(options)))
    let number = 0
    const notes = documents.flatMap((d, i) => splitNotes(d, i, dictionaries).map((head) => ({ ...annotate(d, head, dictionaries), note: ++number })))
    await tell(`${JSON.stringify(annotationsJson(documents, notes, dictionaries), null, 2)}\n`, options.out)
    process.exitCode = problems.some((p) => p.severity === 'error') ? EXIT.findings : EXIT.supported
  })

program.command('assert')
  .description('decide presence, time and subject of a span; JSON lines in and out')
  .action(async () => {
    await assertLines(await contextOf(dictionariesFolder()), process.stdin, process.stdout)
  })

program.command('eval')
  .description('review every labelled case below the folders and score the answers')
  .argument('<folder...>')
  .addOption(new Option('--format <format>').choices(['text', 'json', 'markdown']).default('text'))
  .option('--write <file>', 'also write the figures to this Markdown file, and in short to .json files beside it (docs/accuracy.md)')
  .action(async (folders: string[], options: { format: 'text' | 'json' | 'markdown'; write?: string }) => {
    const [{ evaluate, findCases, formatEval }, { evalToMarkdown, sentencesToText }, { accuracyRecord }, { findSentences }, { scoreSentences, sentenceRecord }] = await Promise.all([
      import('./eval.ts'), import('./eval-print.ts'), import('./accuracy-record.ts'), import('./sentence-corpus.ts'), import('./sentence-score.ts'),
    ])
    const knowledge = await ready()
    const texts = policyText(knowledge.policies)
    const asFault = (e: Error): never => {
      throw new InputFault(e.message)
    }
    const labelled = await findSentences(folders).catch(asFault)
    const sentences = scoreSentences(labelled, knowledge.notes)
    if (labelled.length > 0 && (await findCases(folders).catch(asFault)).length === 0) {
      await tell(options.format === 'json' ? `${JSON.stringify(sentences, null, 2)}\n` : sentencesToText(sentences), undefined)
      if (options.write !== undefined) await writeWhole(`${options.write.replace(/\.md$/, '')}-sentences.json`, `${JSON.stringify(sentenceRecord(sentences), null, 2)}\n`)
      return
    }
    const report = await evaluate(folders, async (claim, records) => toContract(await reviewFiles(claim, records, knowledge), texts)).catch(asFault)
    await tell(formatEval(report, options.format, sentences), undefined)
    if (options.write !== undefined) {
      const stem = options.write.replace(/\.md$/, '')
      await writeWhole(options.write, evalToMarkdown(report, sentences))
      await writeWhole(`${stem}.json`, `${JSON.stringify(accuracyRecord(report), null, 2)}\n`)
      if (sentences.sentences > 0) await writeWhole(`${stem}-sentences.json`, `${JSON.stringify(sentenceRecord(sentences), null, 2)}\n`)
    }
  })

addDeidentify(program, { ready, tell })
addAudit(program, { ready, tell })

const policy = program.command('policy').description('the policies in force')
policy.command('list').description('policies and their versions').action(async () => tell((await import('./policy.ts')).listPolicies((await ready()).policies), undefined))
policy.command('show').description('requirements of a code, or of all').argument('[code]').option('--date <date>', 'day of service (YYYY-MM-DD)')
  .action(async (code: string | undefined, options: { date?: string }) => tell((await import('./policy.ts')).showPolicy((await ready()).policies, code, options.date), undefined))
policy.command('diff').description('what changes between two texts, or two days of service').argument('<a>', 'a version or day (YYYY-MM-DD)').argument('<b>', 'another')
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .action(async (a: string, b: string, options: { format: 'text' | 'json' }) => {
    const { diffPolicies, diffToText } = await import('./policy-versions.ts')
    const diffs = diffPolicies((await ready()).policies, a, b)
    await tell(options.format === 'json' ? `${JSON.stringify(diffs, null, 2)}\n` : diffToText(diffs), undefined)
  })
policy.command('replay').description('which determinations change under another text, and why').argument('<folder...>', 'folders with claim.json and records/, and review.json where an answer was stored')
  .requiredOption('--text <date>', 'the text of the policy to judge by (see vouch policy list)')
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .action(async (folders: string[], options: { text: string; format: 'text' | 'json' }) => {
    const { replayPolicy, replayToText } = await import('./policy-versions.ts')
    const replayed = await replayPolicy(folders, options.text, await ready())
    await tell(options.format === 'json' ? `${JSON.stringify(replayed, null, 2)}\n` : replayToText(replayed, options.text), undefined)
    process.exitCode = replayed.some((r) => r.changed.length > 0) ? EXIT.findings : EXIT.supported
  })
policy.command('page').description('requirements and rules as a page to be read, with what they cite').option('--copy <file>', 'your own copy of the policy (PDF, DOCX, HTML, text): its words are set beside what cites them')
  .option('--out <file>', 'write to this file instead of standard output')
  .action(async (options: { copy?: string; out?: string }) => {
    const [{ policyPage }, { policyToHtml }, { linkCopy }] = await Promise.all([import('../report/policy-page.ts'), import('../report/policy-html.ts'), import('./policy.ts')])
    const { policies } = await ready()
    const copy = options.copy === undefined ? [] : await linkCopy(policies, options.copy)
    await tell(policyToHtml(policies.map(policyPage), copy), options.out)
  })
policy.command('link').description('the exact words of your own copy of the policy beside each requirement').argument('<file>', 'your copy: PDF, DOCX, HTML or text')
  .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
  .action(async (file: string, options: { format: 'text' | 'json' }) => {
    const { linkCopy, linkedToText } = await import('./policy.ts')
    const { policies } = await ready()
    const passages = await linkCopy(policies, file)
    await tell(options.format === 'json' ? `${JSON.stringify(passages, null, 2)}\n` : linkedToText(policies, passages), undefined)
    process.exitCode = passages.length > 0 ? EXIT.supported : EXIT.findings
  })
policy.command('check').description('load every dictionary and run its examples').action(async () => {
  const { checkPolicies } = await import('./policy.ts')
  const { output, faults } = checkPolicies(dictionariesFolder(), engineVersion())
  await tell(output, undefined)
  process.exitCode = faults === 0 ? EXIT.supported : EXIT.findings
})

registerClaims(program, tell)
registerTables(program, tell)
registerStatistics(program, { ready, tell })
registerBatch(program, tell)
registerSending(program, { ready, tell })

program.command('serve')
  .description('open the workbench for reviewers in the browser')
  .option('--workspace <folder>', 'where claims, records and decisions are kept', 'vouch-workspace')
  .option('--port <port>', 'where it listens', (v) => Number.parseInt(v, 10), 4600)
  .option('--host <address>', 'address it listens at', '127.0.0.1')
  .option('--key-file <file>', 'the key that seals the workspace, 64 hexadecimal digits (default: made in the workspace)')
  .option('--tls-cert <file>', 'certificate, PEM').option('--tls-key <file>', 'its key, PEM')
  .option('--behind-proxy', 'a proxy in front speaks TLS')
  .option('--oidc <file>', 'the identity provider at which people may sign in (JSON)')
  .action(async (options: { workspace: string; port: number; host: string; keyFile?: string; tlsCert?: string; tlsKey?: string; behindProxy?: boolean; oidc?: string }) => {
    if (!Number.isInteger(options.port) || options.port < 0 || options.port > 65_535) throw new InputFault('--port is a number from 0 to 65535.')
    const { serve } = await import('../server/serve.ts')
    const serving = await serve({ ...options, databaseUrl: process.env['DATABASE_URL'] })
    await tell(`Vouch is open at ${serving.address}\n${serving.setupCode === null ? '' : `Set-up code for the first administrator: ${serving.setupCode}\n`}`, undefined)
    let stopping = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(EXIT.findings)
        stopping = true
        void serving.close().then(() => process.exit(EXIT.supported))
      })
    }
  })

program.command('audit-log').description('the log of who saw, decided and took out what')
  .command('verify').description('check that no entry was changed or taken away')
  .option('--workspace <folder>', 'the workspace', 'vouch-workspace')
  .option('--key-file <file>', 'the key that seals the workspace')
  .option('--head <hash>', 'hash of the last entry as noted earlier')
  .action(async (options: { workspace: string; keyFile?: string; head?: string }) => {
    const { openStore } = await import('../store/open-store.ts')
    await stat(options.workspace).catch(() => {
      throw new InputFault(`${options.workspace}: there is no such workspace.`)
    })
    const store = await openStore({ ...options, databaseUrl: process.env['DATABASE_URL'] })
    const { entries, head, faults } = await store.verifyAudit(options.head).finally(() => store.close())
    await tell(faults.length === 0 ? `The audit log is whole: ${entries} entries, the last ${head}\n` : `${faults.slice(0, 50).join('\n')}\n`, undefined)
    process.exitCode = faults.length === 0 ? EXIT.supported : EXIT.findings
  })

try {
  await program.parseAsync()
} catch (e) {
  if (e instanceof CommanderError) {
    if (e.exitCode === 0) process.exitCode = EXIT.supported
    else {
      process.stderr.write(`vouch: ${e.message.replace(/^error: /, '').split('\n')[0]} See vouch --help.\n`)
      process.exitCode = EXIT.usage
    }
  } else {
    const sentence = faultSentence(e)
    process.stderr.write(sentence === null ? `vouch: an unexpected fault (${(e as Error).name}); please report it.\n${stackOf(e)}\n` : `vouch: ${sentence}\n`)
    process.exitCode = sentence === null ? EXIT.bug : EXIT.usage
  }
}

/** Where a bug happened, without its message: a message may hold text of a record. */
function stackOf(e: unknown): string {
  return String((e as Error).stack ?? '').split('\n').filter((l) => l.trimStart().startsWith('at ')).slice(0, 8).join('\n')
}
