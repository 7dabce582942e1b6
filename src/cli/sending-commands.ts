// `vouch letter|highlight|worksheet|packet|verify|replay`. May not: decide anything about a record; say in a letter what the report does not say.
import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { Option, type Command } from 'commander'
import type { LetterKind } from '../dictionary/letters.ts'
import { LETTER_KINDS } from '../dictionary/letters.ts'
import { findRecords, readRecords } from '../document/read-records.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { loadLetterSettings, loadLetterTemplate } from '../load/load-letters.ts'
import { policyText } from '../load/policy-text.ts'
import { reviewSchema, toContract, type ReviewJson } from '../report/contract.ts'
import { decisionsFileSchema, type FiledDecision } from '../report/decisions-file.ts'
import { letterOf, type SignOff } from '../report/letter.ts'
import { withMoney } from '../report/money.ts'
import { worksheetOf } from '../report/worksheet.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import type { LetterInputs } from '../sending/packet.ts'
import { InputFault } from './fault.ts'
import { pickClaim } from './read-claim.ts'
import { feesOf, feeText } from './read-fees.ts'
import { readOptions, withReadOptions, type ReadArguments } from './read-options.ts'
import { join } from 'node:path'

interface Given {
  readonly ready: () => Promise<Knowledge>
  readonly tell: (content: string, out: string | undefined) => Promise<void>
}

interface LetterArguments { readonly settings?: string; readonly signedOffBy?: string; readonly signedOffOn?: string; readonly date?: string }
interface DecisionArguments { readonly decisions?: string; readonly reviewedBy?: string }

const FOUND = 1

/** Whole or not at all, and on the disk before it has its name. */
async function writeFileWhole(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`
  try {
    const file = await open(beside, 'wx')
    await file.writeFile(bytes).then(() => file.sync()).finally(() => file.close())
    await rename(beside, path)
  } catch (e) {
    await rm(beside, { force: true })
    throw new InputFault(`${path}: cannot be written (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}); choose a folder that exists and may be written to.`)
  }
}

async function bytesAt(path: string, what: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((e: NodeJS.ErrnoException) => {
    throw new InputFault(`${path}: ${what} cannot be read (${e.code ?? 'unknown fault'}).`)
  })
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function parsed(bytes: Uint8Array, path: string, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new InputFault(`${path}: is no JSON; give ${what}.`)
  }
}

/** A report as `vouch review --format json` writes it. */
async function readReport(path: string): Promise<ReviewJson> {
  const json = parsed(await bytesAt(path, 'the report'), path, 'the report of vouch review --format json')
  const checked = reviewSchema.safeParse(json)
  if (!checked.success) throw new InputFault(`${path}: is no report of vouch review --format json (${checked.error.issues[0]?.path.join('.') ?? ''}: ${checked.error.issues[0]?.message ?? ''}).`)
  return json as ReviewJson
}

/** Decisions as the workbench writes them, or a worksheet that was filled in. */
async function readDecisions(report: ReviewJson, { decisions: path, reviewedBy }: DecisionArguments): Promise<FiledDecision[]> {
  if (path === undefined) return []
  const bytes = await bytesAt(path, 'the decisions')
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    if (reviewedBy === undefined) throw new InputFault('A filled worksheet needs the name of the reviewer: --reviewed-by.')
    return (await import('../sending/worksheet-xlsx.ts')).decisionsOfWorksheet(bytes, path, report, reviewedBy)
  }
  const checked = decisionsFileSchema.safeParse(parsed(bytes, path, 'decisions (vouch/decisions@1) or a filled worksheet (XLSX)'))
  if (!checked.success) throw new InputFault(`${path}: holds no decisions (vouch/decisions@1; ${checked.error.issues[0]?.path.join('.') ?? ''}: ${checked.error.issues[0]?.message ?? ''}).`)
  return checked.data.decisions
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

function signOffOf({ signedOffBy, signedOffOn }: LetterArguments): SignOff | null {
  if (signedOffBy === undefined) {
    if (signedOffOn !== undefined) throw new InputFault('--signed-off-on says when; --signed-off-by has to say who.')
    return null
  }
  if (signedOffBy.trim() === '') throw new InputFault('--signed-off-by names the person who signs the letter off.')
  const on = signedOffOn ?? new Date().toISOString().slice(0, 10)
  if (!isDay(on)) throw new InputFault(`${on}: a day is written YYYY-MM-DD.`)
  return { by: signedOffBy.trim(), on }
}

function dateOf({ date }: LetterArguments): string | null {
  if (date !== undefined && !isDay(date)) throw new InputFault(`${date}: a day is written YYYY-MM-DD.`)
  return date ?? null
}

const settingsOf = ({ settings }: LetterArguments) => loadLetterSettings(settings ?? join(dictionariesFolder(), 'letters', 'settings.yaml'))
const templatePath = (kind: LetterKind): string => join(dictionariesFolder(), 'letters', `${kind}.yaml`)

const withDecisions = (command: Command): Command => command
  .option('--decisions <file>', 'what people decided: a file of the workbench, or a worksheet (XLSX) filled in')
  .option('--reviewed-by <name>', 'who filled in the worksheet')
const withLetterOptions = (command: Command): Command => command
  .option('--settings <file>', "letterhead, contact, dispute rights, deadlines (YAML; see dictionaries/letters/settings.yaml)")
  .option('--signed-off-by <name>', 'the person who signs the letter off; without it the letter is a draft')
  .option('--signed-off-on <date>', 'the day of the sign-off (default: today)')
  .option('--date <date>', 'the day of a draft')

export function registerSending(program: Command, { ready, tell }: Given): void {
  withLetterOptions(withDecisions(program.command('letter')))
    .description('write the determination letter or the request for records, from a report')
    .requiredOption('--report <file>', 'the report, as vouch review --format json writes it')
    .addOption(new Option('--kind <kind>', 'which letter').choices([...LETTER_KINDS]).default('determination'))
    .addOption(new Option('--format <format>', 'as what').choices(['docx', 'pdf', 'json']).default('docx'))
    .requiredOption('--out <file>', 'where to')
    .option('--template <file>', 'the wording (YAML; see dictionaries/letters)')
    .action(async (options: LetterArguments & DecisionArguments & { report: string; kind: LetterKind; format: 'docx' | 'pdf' | 'json'; out: string; template?: string }) => {
      const report = await readReport(options.report)
      const letter = letterOf({
        report, decisions: await readDecisions(report, options), template: loadLetterTemplate(options.template ?? templatePath(options.kind), options.kind), settings: settingsOf(options), signOff: signOffOf(options), date: dateOf(options),
      })
      if (letter.signOff !== null && letter.unready.length > 0) throw new InputFault(`The letter cannot be signed off yet. ${letter.unready.join(' ')}`)
      const bytes = options.format === 'json' ? new TextEncoder().encode(`${JSON.stringify(letter, null, 2)}\n`)
        : options.format === 'pdf' ? await (await import('../sending/letter-pdf.ts')).letterPdf(letter) : await (await import('../sending/letter-docx.ts')).letterDocx(letter)
      await writeFileWhole(options.out, bytes)
      for (const sentence of letter.unready) process.stderr.write(`vouch: draft. ${sentence}\n`)
    })

  withDecisions(program.command('highlight'))
    .description('write all records as one PDF with an index in front and the evidence highlighted')
    .requiredOption('--report <file>', 'the report, as vouch review --format json writes it')
    .requiredOption('--records <path...>', 'the records that were reviewed')
    .requiredOption('--out <file>', 'where to')
    .addOption(new Option('--password <password>', 'try this password on locked files; may be given several times').argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]))
    .action(async (options: DecisionArguments & { report: string; records: string[]; out: string; password?: string[] }) => {
      const report = await readReport(options.report)
      const decisions = await readDecisions(report, options)
      const passwords = options.password ?? []
      const records = await recordBytes(options.records)
      // The places of words are in the report: nothing has to be recognised again.
      const { documents } = await readRecords(options.records, { ocr: false, passwords })
      const hashes = new Map(documents.map((d) => [d.file, d.sha256]))
      for (const d of report.documents) if (hashes.has(d.file) && d.sha256 !== '' && hashes.get(d.file) !== d.sha256) throw new InputFault(`${d.file}: is not the record that was reviewed (its hash differs); review again or give the records of the report.`)
      const { markRecords } = await import('../sending/mark-records.ts')
      const marked = await markRecords({ report, decisions, records, documents: new Map(documents.map((d) => [d.file, d])), passwords })
      await writeFileWhole(options.out, marked.bytes)
      for (const problem of marked.problems) process.stderr.write(`vouch: ${problem}\n`)
      await tell(`${marked.pages} pages, ${marked.highlights} highlights\n`, undefined)
      process.exitCode = marked.problems.length === 0 ? 0 : FOUND
    })

  withDecisions(program.command('worksheet'))
    .description('write the review worksheet, to be filled in by a reviewer')
    .requiredOption('--report <file>', 'the report, as vouch review --format json writes it')
    .addOption(new Option('--format <format>', 'as what').choices(['xlsx', 'pdf']).default('xlsx'))
    .requiredOption('--out <file>', 'where to')
    .action(async (options: DecisionArguments & { report: string; format: 'xlsx' | 'pdf'; out: string }) => {
      const report = await readReport(options.report)
      const worksheet = worksheetOf(report, await readDecisions(report, options))
      await writeFileWhole(options.out, options.format === 'pdf' ? await (await import('../sending/worksheet-pdf.ts')).worksheetPdf(worksheet) : await (await import('../sending/worksheet-xlsx.ts')).worksheetXlsx(worksheet))
    })

  withLetterOptions(withDecisions(withReadOptions(program.command('packet'))))
    .description('review a claim and write everything of the case as one evidence packet (ZIP)')
    .requiredOption('--claim <file>', 'the claim').option('--claim-id <id>', 'which claim of a file that holds several')
    .requiredOption('--records <path...>', 'files, folders or ZIP archives with the records')
    .option('--fees <file>', 'a fee table for the money at stake')
    .option('--hashes-only', 'put only the hashes of the records into the packet')
    .requiredOption('--out <file>', 'where to')
    .action(async (options: LetterArguments & DecisionArguments & ReadArguments & { claim: string; claimId?: string; records: string[]; fees?: string; hashesOnly?: boolean; out: string }) => {
      const { claim } = await pickClaim(options.claim, options.claimId)
      const fees = options.fees === undefined ? null : feeText(options.fees)
      const prices = fees === null ? null : feesOf(fees, options.fees ?? '')
      const settings = settingsOf(options)
      const signOff = signOffOf(options)
      const records = await recordBytes(options.records)
      const knowledge = await ready()
      const { readAll } = await import('../sending/replay-packet.ts')
      const { documents, problems, ocr } = await readAll(records, readOptions(options))
      const answer = toContract(reviewClaim(claim, { documents, problems, ...(ocr === undefined ? {} : { ocr }) }, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
      const report = prices === null ? answer : withMoney(answer, prices)
      const decisions = await readDecisions(report, options)
      const templates = { determination: loadLetterTemplate(templatePath('determination'), 'determination'), 'record-request': loadLetterTemplate(templatePath('record-request'), 'record-request') }
      const determination = letterOf({ report, decisions, template: templates.determination, settings, signOff })
      if (signOff !== null && determination.unready.length > 0) throw new InputFault(`The determination cannot be signed off yet. ${determination.unready.join(' ')}`)
      const letters: LetterInputs = { templates, settings, date: dateOf(options), signOff: { determination: signOff, 'record-request': null } }
      const { packetOf } = await import('../sending/packet.ts')
      const packet = await packetOf({
        report, fees, decisions, letters, records, documents: new Map(documents.map((d) => [d.file, d])), reading: { ocr: options.ocr ?? 'builtin' }, withRecords: options.hashesOnly !== true,
        ...(options.password === undefined ? {} : { passwords: options.password }),
      })
      await writeFileWhole(options.out, packet.bytes)
      for (const problem of packet.problems) process.stderr.write(`vouch: ${problem}\n`)
      await tell(`${packet.files} files. Seal ${packet.seal}\n`, undefined)
    })

  program.command('verify')
    .description('check that no byte of an evidence packet was changed')
    .argument('<packet>').option('--seal <hash>', 'the seal as noted when the packet was made')
    .action(async (path: string, options: { seal?: string }) => {
      if (options.seal !== undefined && !/^[0-9a-f]{64}$/i.test(options.seal)) throw new InputFault('--seal is the hash that vouch packet told: 64 hexadecimal digits.')
      const { verifyPacket } = await import('../sending/verify-packet.ts')
      const { faults, seal, manifest } = await verifyPacket(await packetBytes(path), options.seal)
      await tell(faults.length === 0 ? `The packet is whole: ${(manifest?.files.length ?? 0) + 2} files. Seal ${seal ?? ''}\n` : `${faults.join('\n')}\n`, undefined)
      process.exitCode = faults.length === 0 ? 0 : FOUND
    })

  program.command('replay')
    .description('make the review of an evidence packet again from its records, and compare byte for byte')
    .argument('<packet>').option('--records <path...>', 'the records, where the packet holds only their hashes')
    .addOption(new Option('--password <password>', 'try this password on locked files; may be given several times').argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]))
    .action(async (path: string, options: { records?: string[]; password?: string[] }) => {
      const [{ verifyPacket }, { replayPacket }] = await Promise.all([import('../sending/verify-packet.ts'), import('../sending/replay-packet.ts')])
      const packet = await verifyPacket(await packetBytes(path))
      if (packet.faults.length > 0) throw new InputFault(`${path}: is not whole, so there is nothing to compare with. ${packet.faults[0] ?? ''}`)
      const given = new Map((options.records === undefined ? [] : await recordBytes(options.records)).map((r) => [r.file, r.bytes]))
      const { differences, same } = await replayPacket(packet, await ready(), given, options.password === undefined ? {} : { passwords: options.password }, (report, fees) => withMoney(report, feesOf(fees, 'fees.csv')))
      await tell(differences.length === 0 ? `The same, byte for byte: ${same.join(', ')}\n` : `${differences.join('\n')}\n`, undefined)
      process.exitCode = differences.length === 0 ? 0 : FOUND
    })
}

const LARGEST_RECORD = 200 << 20
const LARGEST_PACKET = 2_100_000_000

/** The records as they are, by the names they are cited by. */
async function recordBytes(paths: readonly string[]): Promise<{ file: string; bytes: Uint8Array }[]> {
  const out: { file: string; bytes: Uint8Array }[] = []
  for (const { path, file } of await findRecords(paths)) {
    if ((await stat(path)).size > LARGEST_RECORD) throw new InputFault(`${file}: is larger than is read in one piece (200 MB); send it in parts.`)
    out.push({ file, bytes: await bytesAt(path, 'the record') })
  }
  return out
}

async function packetBytes(path: string): Promise<Uint8Array> {
  const about = await stat(path).catch((e: NodeJS.ErrnoException) => {
    throw new InputFault(`${path}: the packet cannot be read (${e.code ?? 'unknown fault'}).`)
  })
  if (!about.isFile() || about.size > LARGEST_PACKET) throw new InputFault(`${path}: is no evidence packet.`)
  return bytesAt(path, 'the packet')
}
