// The evidence packet: everything of a case in one archive, with the hash of each file. May not: look at a clock; leave out what the manifest names.
import { createHash } from 'node:crypto'
import { zipSync, type Zippable } from 'fflate'
import { z } from 'zod'
import { LETTER_KINDS, letterSettingsSchema, letterTemplateSchema, type LetterKind, type LetterSettings, type LetterTemplate } from '../dictionary/letters.ts'
import type { Document } from '../document/document.ts'
import type { ReviewJson } from '../report/contract.ts'
import { decisionsFileSchema, type FiledDecision } from '../report/decisions-file.ts'
import { letterOf, type Letter, type SignOff } from '../report/letter.ts'
import { worksheetOf } from '../report/worksheet.ts'
import { letterDocx } from './letter-docx.ts'
import { letterPdf } from './letter-pdf.ts'
import { markRecords } from './mark-records.ts'
import { ZIP_DAY } from './office-zip.ts'
import { worksheetPdf } from './worksheet-pdf.ts'
import { worksheetXlsx } from './worksheet-xlsx.ts'

export const MANIFEST = 'manifest.json'
export const SEAL = 'manifest.sha256'
export const PACKET_LIMITS = { entry: 1 << 30, total: 2_000_000_000 } as const

const fileShape = z.object({ path: z.string(), bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
export const manifestSchema = z.object({
  schema: z.literal('vouch/packet@1'),
  made: z.object({ engine: z.string(), ocr: z.string().nullable(), dictionaries: z.string(), policy: z.string(), policyVersions: z.array(z.string()) }),
  reading: z.object({ ocr: z.enum(['builtin', 'auto', 'off']) }).describe('How the records were read'),
  records: z.array(z.object({ file: z.string().describe('As the report cites it'), path: z.string().nullable().describe('Null where only the hash is in the packet'), bytes: z.number().int().min(0), sha256: z.string() })),
  files: z.array(fileShape).describe('Everything in the packet but this file and its seal, in order of path'),
})
export type Manifest = z.infer<typeof manifestSchema>

const signOffShape = z.object({ by: z.string().min(1), on: z.string() }).nullable()
export const lettersShape = z.object({
  templates: z.object({ determination: letterTemplateSchema, 'record-request': letterTemplateSchema }), settings: letterSettingsSchema, date: z.string().nullable(),
  signOff: z.object({ determination: signOffShape, 'record-request': signOffShape }),
})
export interface LetterInputs {
  readonly templates: Readonly<Record<LetterKind, LetterTemplate>>
  readonly settings: LetterSettings
  readonly date: string | null
  readonly signOff: Readonly<Record<LetterKind, SignOff | null>>
}

export interface PacketFile { readonly name: string; readonly bytes: Uint8Array }

export interface PacketInput {
  readonly report: ReviewJson
  /** The claim as the review was made of it, and the fee table, where there was one. */
  readonly fees: string | null
  readonly decisions: readonly FiledDecision[]
  readonly letters: LetterInputs
  readonly records: readonly { readonly file: string; readonly bytes: Uint8Array }[]
  readonly documents: ReadonlyMap<string, Document>
  readonly reading: Manifest['reading']
  /** False puts only their hashes into the packet. */
  readonly withRecords: boolean
  readonly passwords?: readonly string[]
}

export interface Packet {
  readonly bytes: Uint8Array
  /** SHA-256 of the manifest: noted elsewhere, it tells a packet made anew from this one. */
  readonly seal: string
  readonly files: number
  /** Records that could not be shown in the marked copy, a sentence each. */
  readonly problems: readonly string[]
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
export const jsonBytes = (value: unknown): Uint8Array => encode(`${JSON.stringify(value, null, 2)}\n`)

/** What is made of the report and the decisions: letters, worksheet, marked copy. */
export async function derivedFiles(input: Pick<PacketInput, 'report' | 'decisions' | 'letters' | 'records' | 'documents' | 'passwords'>): Promise<{ readonly files: PacketFile[]; readonly problems: readonly string[] }> {
  const { report, decisions } = input
  const files: PacketFile[] = []
  for (const kind of LETTER_KINDS) {
    const letter = letterFor(kind, input)
    if (letter === null) continue
    files.push({ name: `letters/${kind}.docx`, bytes: await letterDocx(letter) }, { name: `letters/${kind}.pdf`, bytes: await letterPdf(letter) }, { name: `letters/${kind}.json`, bytes: jsonBytes(letter) })
  }
  const worksheet = worksheetOf(report, decisions)
  files.push({ name: 'worksheet/worksheet.pdf', bytes: await worksheetPdf(worksheet) }, { name: 'worksheet/worksheet.xlsx', bytes: await worksheetXlsx(worksheet) })
  const marked = await markRecords({ report, decisions, records: input.records, documents: input.documents, ...(input.passwords === undefined ? {} : { passwords: input.passwords }) })
  files.push({ name: 'marked-records.pdf', bytes: marked.bytes })
  return { files, problems: marked.problems }
}

/** Null for a request where nothing is asked for. */
function letterFor(kind: LetterKind, { report, decisions, letters }: Pick<PacketInput, 'report' | 'decisions' | 'letters'>): Letter | null {
  const letter = letterOf({ report, decisions, template: letters.templates[kind], settings: letters.settings, signOff: letters.signOff[kind], date: letters.date })
  return kind === 'record-request' && !letter.body.some((p) => p.kind === 'requests') ? null : letter
}

export async function packetOf(input: PacketInput): Promise<Packet> {
  const { report, records } = input
  const { files: derived, problems } = await derivedFiles(input)
  const paths = pathsFor(records.map((r) => r.file))
  const listed = records.map((r, i) => ({ file: r.file, path: input.withRecords ? paths[i] as string : null, bytes: r.bytes.length, sha256: sha256(r.bytes) })).sort((a, b) => (a.file < b.file ? -1 : 1))
  const files: PacketFile[] = [
    { name: 'read-me.txt', bytes: encode(readMe(input.withRecords)) },
    { name: 'claim.json', bytes: jsonBytes(report.claim) }, { name: 'review.json', bytes: jsonBytes(report) },
    { name: 'decisions.json', bytes: jsonBytes(decisionsFileSchema.parse({ schema: 'vouch/decisions@1', decisions: input.decisions })) },
    { name: 'letters/inputs.json', bytes: jsonBytes(lettersShape.parse(input.letters)) },
    ...(input.fees === null ? [] : [{ name: 'fees.csv', bytes: encode(input.fees) }]),
    ...derived,
    ...(input.withRecords ? records.map((r, i) => ({ name: paths[i] as string, bytes: r.bytes })) : []),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const manifest: Manifest = {
    schema: 'vouch/packet@1', made: report.made, reading: input.reading, records: listed, files: files.map((f) => ({ path: f.name, bytes: f.bytes.length, sha256: sha256(f.bytes) })),
  }
  const text = jsonBytes(manifestSchema.parse(manifest))
  const seal = sha256(text)
  const all = [...files, { name: MANIFEST, bytes: text }, { name: SEAL, bytes: encode(`${seal}  ${MANIFEST}\n`) }]
  const large = all.find((f) => f.bytes.length > PACKET_LIMITS.entry)
  if (large !== undefined || all.reduce((sum, f) => sum + f.bytes.length, 0) > PACKET_LIMITS.total) {
    throw Object.assign(new Error('The packet would be larger than can be opened again; leave the records out of it (--hashes-only).'), { kind: 'input-fault' as const })
  }
  return { bytes: zipPacket(all), seal, files: all.length, problems }
}

/** Nothing is packed, and all is of one day: the same files give the same archive, whoever makes it. Sorted by name. */
export function zipPacket(files: readonly PacketFile[]): Uint8Array {
  const out: Zippable = {}
  for (const f of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) out[f.name] = [f.bytes, { level: 0, mtime: ZIP_DAY, os: 3, attrs: 0o644 << 16 }]
  return zipSync(out)
}

/** The names of the records, where every system can unpack them; numbers else. */
function pathsFor(files: readonly string[]): string[] {
  const taken = new Set<string>()
  return files.map((file, i) => {
    const plain = file.split('/').every((part) => part !== '' && !/^[.\s]|[.\s]$|^__MACOSX$|[<>:"|?*\\\u0000-\u001f\u007f]/.test(part) && part.length <= 120) && !/(?:^|\/)(?:Thumbs\.db|desktop\.ini)$/.test(file)
    const ending = /\.[A-Za-z0-9]{1,5}$/.exec(file)?.[0] ?? ''
    const name = plain && !taken.has(file.toLowerCase()) ? file : `record-${i + 1}${ending}`
    taken.add(name.toLowerCase())
    return `records/${name}`
  })
}

const readMe = (withRecords: boolean): string => `This is the evidence packet of one claim, made by Vouch.

review.json            what the records show of each billed line, requirement by requirement, with quotes and pages
claim.json             the claim as it was reviewed
decisions.json         what people decided, and why
letters/               the letters as Word and PDF, and what they were made of
marked-records.pdf     the records with an index in front and the evidence highlighted
worksheet/             the review worksheet
${withRecords ? 'records/               the records as they were sent\n' : ''}manifest.json          every file with its SHA-256, and the versions of program, dictionaries and policy
manifest.sha256        the SHA-256 of the manifest: note it elsewhere, and nobody can exchange the packet for another

vouch verify PACKET    says whether any byte was changed, and where
vouch replay PACKET    reviews the records again and says whether the same comes out, byte for byte${withRecords ? '' : '\n                       (with --records, as this packet holds their hashes only)'}
`
