// `vouch audit`: arguments, files in and out, and the watched folder. May not: decide anything about a record.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Option, type Command } from 'commander'
import { auditRecords, type Audited, type Planned } from '../audit/audit-records.ts'
import { draftText } from '../audit/drafts.ts'
import { auditToText } from '../audit/print.ts'
import { readNamedCode, type NamedCode } from '../audit/plan-lines.ts'
import type { Fee } from '../claim/fees.ts'
import { readRecords, findRecords, type Records } from '../document/read-records.ts'
import { policyText } from '../load/policy-text.ts'
import type { Knowledge } from '../review-claim.ts'
import { faultSentence, InputFault } from './fault.ts'
import { pickClaim } from './read-claim.ts'
import { readFeeFile } from './read-fees.ts'
import { readOptions, withReadOptions, type ReadArguments } from './read-options.ts'
import { writeWhole } from './write-whole.ts'

interface AuditArguments extends ReadArguments {
  readonly records?: string[]
  readonly codes?: string
  readonly suggest?: boolean
  readonly claim?: string
  readonly claimId?: string
  readonly payer?: string
  readonly with?: string[]
  readonly fees?: string
  readonly format: 'text' | 'json' | 'html'
  readonly out?: string
  readonly packet?: string
  readonly prefix: string
  readonly drafts?: string
  readonly watch?: string
  readonly once?: boolean
  readonly every: number
}

interface Tools { readonly ready: () => Promise<Knowledge>; readonly tell: (content: string, out: string | undefined) => Promise<void> }

export function addAudit(program: Command, tools: Tools): void {
  withReadOptions(program.command('audit'))
    .description('look at a chart before it is billed: what is missing, what can still be mended and how')
    .option('--records <path...>', 'files, folders or ZIP archives of the chart')
    .option('--codes <list>', 'codes that are planned, with commas; with day and units as in 77373@2025-05-06x1')
    .option('--suggest', 'take the codes that the chart suggests (so too where neither codes nor a claim are given)')
    .option('--claim <file>', 'a claim as planned, in any form that vouch review reads')
    .option('--claim-id <id>', 'which claim of a file that holds several')
    .option('--payer <payer>', 'whose policy is asked, where no claim says it')
    .option('--with <path...>', 'further files: what would change if they were added')
    .option('--fees <file>', 'a fee table (CSV) for the money at stake')
    .addOption(new Option('--format <format>', 'how to tell the result').choices(['text', 'json', 'html']).default('text'))
    .option('--out <file>', 'write the result to this file; with --watch, the folder of the results')
    .option('--packet <file>', 'also write the response packet to this PDF: only the pages that prove it, numbered, with an index')
    .option('--prefix <text>', 'what stands before the numbers of the packet', 'VOUCH-')
    .option('--drafts <folder>', 'also write drafts of attestations and queries to this folder, as DOCX and text')
    .option('--watch <folder>', 'look at every file or folder that is put there, until stopped')
    .option('--once', 'with --watch: look at what is there and end')
    .option('--every <seconds>', 'with --watch: how often it looks', (v) => Number.parseInt(v, 10), 5)
    .action(async (options: AuditArguments) => {
      if (options.watch !== undefined) await watch(options, tools)
      else await once(options, tools)
    })
}

async function once(options: AuditArguments, { ready, tell }: Tools): Promise<void> {
  if (options.records === undefined) throw new InputFault('Name the chart with --records, or a folder to look at with --watch.')
  const fees = options.fees === undefined ? undefined : readFeeFile(options.fees)
  const planned = await plannedBy(options)
  const records = await readRecords(options.records, readOptions(options))
  const added = options.with === undefined ? undefined : await readRecords(options.with, readOptions(options))
  const knowledge = await ready()
  const audited = auditOrFault(records, planned, knowledge, fees, added)
  await tell(await shown(audited, options), options.out)
  if (options.packet !== undefined) await writePacket(options.packet, audited, records, options.records, options)
  if (options.drafts !== undefined) await writeDrafts(options.drafts, audited)
  process.exitCode = audited.audit.lines.every((l) => l.determination === 'supported') ? 0 : 1
}

/** Faults of what is planned are told before anything is read. */
async function plannedBy(options: AuditArguments): Promise<Planned> {
  const asked = [options.claim, options.codes, options.suggest].filter((o) => o !== undefined).length
  if (asked > 1) throw new InputFault('Give one of --codes, --suggest and --claim.')
  const payer = options.payer ?? null
  if (options.claim !== undefined) {
    const { claim, warnings } = await pickClaim(options.claim, options.claimId)
    for (const w of warnings) process.stderr.write(`vouch: ${w}\n`)
    return { claim: options.payer === undefined ? claim : { ...claim, payer: options.payer } }
  }
  return options.codes === undefined ? { suggest: true, payer } : { codes: namedCodes(options.codes), payer }
}

function namedCodes(list: string): NamedCode[] {
  const codes = list.split(/[,\s]+/).filter((c) => c !== '').map((text) => {
    const code = readNamedCode(text)
    if (code === null) throw new InputFault(`--codes ${text}: a code is written 77331, or with its day and units 77331@2025-05-06x1.`)
    return code
  })
  if (codes.length === 0) throw new InputFault('--codes names no code; write for instance --codes 77331,77370.')
  return codes
}

function auditOrFault(records: Records, planned: Planned, knowledge: Knowledge, fees: readonly Fee[] | undefined, added: Records | undefined): Audited {
  if ('codes' in planned) {
    const known = (code: string): boolean => knowledge.policies.some((p) => p.codes.has(code) || p.aliases[code] !== undefined)
    for (const { code } of planned.codes) if (!known(code)) throw new InputFault(`--codes ${code}: no policy knows this code; see vouch policy list.`)
  }
  const audited = auditRecords(records, planned, knowledge, policyText(knowledge.policies), { fees, added })
  if ('fault' in audited) throw new InputFault(audited.fault)
  return audited
}

async function shown(audited: Audited, options: Pick<AuditArguments, 'format' | 'out'>): Promise<string> {
  const { audit, remarks, whatIf, drafts } = audited
  if (options.format === 'json') return `${JSON.stringify({ ...audit, remarks, ...(whatIf === undefined ? {} : { whatIf }), drafts: drafts.map((d) => ({ kind: d.kind, name: d.name, fixes: d.fixes, text: draftText(d) })) }, null, 2)}\n`
  if (options.format === 'html') return (await import('../audit/html.ts')).auditToHtml(audit, { remarks, whatIf, drafts })
  return auditToText(audit, { width: options.out === undefined ? (process.stdout.columns ?? 100) : 100, remarks, whatIf })
}

async function writeDrafts(folder: string, audited: Audited): Promise<void> {
  const { draftDocx } = await import('../audit/drafts-docx.ts')
  await mkdir(folder, { recursive: true })
  for (const draft of audited.drafts) {
    await writeWhole(join(folder, `${draft.name}.txt`), draftText(draft))
    await writeWhole(join(folder, `${draft.name}.docx`), await draftDocx(draft))
  }
  process.stderr.write(`vouch: ${audited.drafts.length === 0 ? 'no draft is called for' : `${audited.drafts.length} drafts in ${folder}`}.\n`)
}

async function writePacket(path: string, audited: Audited, records: Records, paths: readonly string[], options: AuditArguments): Promise<void> {
  const [{ planPacket, buildPacket }, { startEngine }] = await Promise.all([import('../audit/packet.ts'), import('../document/pdf-engine.ts')])
  const files = await findRecords(paths)
  const plan = planPacket(audited.review, { prefix: options.prefix })
  const { pdf, asText } = await buildPacket(audited.review, plan, {
    engine: await startEngine(), day: new Date().toISOString().slice(0, 10), documentOf: (file) => records.documents.find((d) => d.file === file), passwords: options.password ?? [],
    recordOf: async (file) => {
      const own = files.find((f) => f.file === file) ?? files.filter((f) => file.startsWith(`${f.file}/`)).sort((a, b) => b.file.length - a.file.length)[0]
      return own === undefined ? null : { bytes: await readFile(own.path), inner: file === own.file ? '' : file.slice(own.file.length + 1) }
    },
  })
  await writeWhole(path, pdf)
  process.stderr.write(`vouch: ${path} holds ${plan.pages.length} of ${records.documents.reduce((n, d) => n + d.pages.length, 0)} pages${asText.length === 0 ? '' : `, ${asText.length} of them as the text that was read`}.\n`)
}

// ---- the watched folder -----------------------------------------------------------------------------------------------------------

const SKIPPED = /^\.|\.part$|~$|^Thumbs\.db$/i
/** A file or folder has to stand still so long, in milliseconds, before it is read. */
const STILL_MS = 2000

/** Every entry of the folder is a chart: a file, an archive, or a folder, which may hold a claim.json. The same content is looked at once. */
async function watch(options: AuditArguments, { ready }: Tools): Promise<void> {
  const from = resolve(options.watch as string)
  if (options.out === undefined) throw new InputFault('--watch needs --out, the folder of the results.')
  if (!Number.isInteger(options.every) || options.every < 1) throw new InputFault('--every is a number of seconds from 1.')
  const out = resolve(options.out)
  if (!(await stat(from).catch(() => null))?.isDirectory()) throw new InputFault(`${options.watch}: is not a folder.`)
  if (out === from || out.startsWith(`${from}/`)) throw new InputFault('The results may not lie in the folder that is watched; choose another --out.')
  await mkdir(out, { recursive: true })
  const fees = options.fees === undefined ? undefined : readFeeFile(options.fees)
  const standing = options.codes === undefined ? null : await plannedBy(options)
  const knowledge = await ready()
  let stopped = false
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { stopped = true; stop.abort() })
  const failed = new Map<string, string>()
  for (;;) {
    for (const name of (await readdir(from)).sort()) {
      if (stopped) break
      if (SKIPPED.test(name)) continue
      const print = await fingerprint(join(from, name), knowledge.hash)
      if (print === null || (Date.now() - print.newest < STILL_MS && options.once !== true)) continue
      const at = join(out, name)
      if ((await readFile(join(at, 'input.sha256'), 'utf8').catch(() => '')).trim() === print.hash || failed.get(name) === print.hash) continue
      try {
        await auditEntry(join(from, name), at, print.hash, { options, knowledge, fees, standing })
        process.stderr.write(`vouch: ${name}: done\n`)
      } catch (e) {
        const sentence = faultSentence(e)
        if (sentence === null) throw e
        failed.set(name, print.hash)
        process.stderr.write(`vouch: ${name}: ${sentence}\n`)
        process.exitCode = 1
      }
    }
    if (options.once === true || stopped) return
    await delay(options.every * 1000, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

interface Standing { readonly options: AuditArguments; readonly knowledge: Knowledge; readonly fees: readonly Fee[] | undefined; readonly standing: Planned | null }

/** Results in a folder that appears whole. */
async function auditEntry(path: string, at: string, hash: string, { options, knowledge, fees, standing }: Standing): Promise<void> {
  const claimFile = join(path, 'claim.json')
  const planned = existsSync(claimFile) ? await plannedBy({ ...options, claim: claimFile, codes: undefined, suggest: undefined } as AuditArguments) : (standing ?? { suggest: true as const, payer: options.payer ?? null })
  const paths = existsSync(claimFile) ? (await readdir(path)).filter((n) => n !== 'claim.json' && !SKIPPED.test(n)).map((n) => join(path, n)) : [path]
  const records = await readRecords(paths, readOptions(options))
  const audited = auditOrFault(records, planned, knowledge, fees, undefined)
  const fresh = `${at}.part`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true })
  for (const format of ['text', 'json', 'html'] as const) await writeWhole(join(fresh, `audit.${format === 'text' ? 'txt' : format}`), await shown(audited, { format, out: basename(at) }))
  if (audited.drafts.length > 0) await writeDrafts(join(fresh, 'drafts'), audited)
  await writePacket(join(fresh, 'packet.pdf'), audited, records, paths, options)
  await writeWhole(join(fresh, 'input.sha256'), `${hash}\n`)
  await rm(at, { recursive: true, force: true })
  await rename(fresh, at)
}

/** Of names, sizes and times of all files below, and of the dictionaries; null where the entry is gone or empty. */
async function fingerprint(path: string, dictionaries: string): Promise<{ readonly hash: string; readonly newest: number } | null> {
  const hash = createHash('sha256').update(`${dictionaries}\0`)
  let newest = 0
  let files = 0
  const walk = async (at: string, name: string): Promise<void> => {
    const about = await stat(at)
    newest = Math.max(newest, about.mtimeMs)
    if (about.isDirectory()) for (const n of (await readdir(at)).sort()) await walk(join(at, n), `${name}/${n}`)
    else {
      files++
      hash.update(`${name}\0${about.size}\0${about.mtimeMs}\0`)
    }
  }
  try {
    await walk(path, '')
  } catch {
    return null
  }
  return files === 0 ? null : { hash: hash.digest('hex'), newest }
}
