// Makes the review of a packet again from its records, and everything made of it, and compares. May not: change the packet; tell patient text.
import type { Document } from '../document/document.ts'
import { readFile, type ReadOptions } from '../document/read-records.ts'
import { claimSchema } from '../claim/claim.ts'
import { policyText } from '../load/policy-text.ts'
import { toContract, type ReviewJson } from '../report/contract.ts'
import { decisionsFileSchema } from '../report/decisions-file.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import { derivedFiles, jsonBytes, lettersShape, sha256 } from './packet.ts'
import type { Verified } from './verify-packet.ts'

export interface Replayed {
  /** What is not the same, and where, a sentence each. */
  readonly differences: readonly string[]
  /** Files that came out the same, byte for byte. */
  readonly same: readonly string[]
}

/** A reading of all records together, as `readRecords` gives it. */
export async function readAll(records: readonly { readonly file: string; readonly bytes: Uint8Array }[], options: ReadOptions): Promise<{ documents: Document[]; problems: Awaited<ReturnType<typeof readFile>>['problems'][number][]; ocr: string | undefined }> {
  const reads = []
  for (const r of records) reads.push(await readFile(r.bytes, r.file, options))
  const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
  return { documents: reads.flatMap((r) => r.documents).sort(byFile), problems: reads.flatMap((r) => r.problems).sort(byFile), ocr: reads[0]?.ocr }
}

/**
 * `given` are records from elsewhere, by cited name, for a packet that holds their hashes only. `money` puts the fee table of the packet to a report.
 * The packet has to be verified before.
 */
export async function replayPacket(packet: Verified, knowledge: Knowledge, given: ReadonlyMap<string, Uint8Array>, options: ReadOptions, money: (report: ReviewJson, fees: string) => ReviewJson): Promise<Replayed> {
  const { manifest, files } = packet
  if (manifest === null) return { differences: ['The packet has no manifest.'], same: [] }
  const differences: string[] = []
  const records: { file: string; bytes: Uint8Array }[] = []
  for (const r of manifest.records) {
    const bytes = given.get(r.file) ?? (r.path === null ? undefined : files.get(r.path))
    if (bytes === undefined) differences.push(`${r.file}: the record is not in the packet; give it with --records.`)
    else if (sha256(bytes) !== r.sha256) differences.push(`${r.file}: the record is not the one that was reviewed (its hash differs).`)
    else records.push({ file: r.file, bytes })
  }
  if (differences.length > 0) return { differences, same: [] }
  if (manifest.made.engine !== knowledge.engine) differences.push(`The packet was made by version ${manifest.made.engine}, this is ${knowledge.engine}.`)
  if (manifest.made.dictionaries !== knowledge.hash) differences.push('The packet was made with other dictionaries than these.')

  const part = (name: string): unknown => JSON.parse(new TextDecoder().decode(files.get(name)))
  const claim = claimSchema.parse(part('claim.json'))
  const { documents, problems, ocr } = await readAll(records, { ...options, ...(manifest.reading.ocr === 'off' ? { ocr: false } : { ocrEngine: manifest.reading.ocr }) })
  const made = toContract(reviewClaim(claim, { documents, problems, ...(ocr === undefined ? {} : { ocr }) }, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
  const fees = files.get('fees.csv')
  const report = fees === undefined ? made : money(made, new TextDecoder().decode(fees))
  const same: string[] = []
  const compare = (name: string, bytes: Uint8Array): boolean => {
    const theirs = files.get(name)
    if (theirs === undefined) differences.push(`${name} is made now and is not in the packet.`)
    else if (Buffer.compare(bytes, theirs) !== 0) differences.push(`${name} differs${name === 'review.json' ? `: ${whereJson(part(name), JSON.parse(new TextDecoder().decode(bytes)))}` : firstByte(bytes, theirs)}.`)
    else {
      same.push(name)
      return true
    }
    return false
  }
  compare('review.json', jsonBytes(report))
  const letters = lettersShape.parse(part('letters/inputs.json'))
  const { decisions } = decisionsFileSchema.parse(part('decisions.json'))
  const theirs = part('review.json') as ReviewJson
  // Made of the packet's own report, so that a difference of the review is told once.
  const derived = await derivedFiles({ report: theirs, decisions, letters, records, documents: new Map(documents.map((d) => [d.file, d])), ...(options.passwords === undefined ? {} : { passwords: options.passwords }) })
  for (const f of derived.files) compare(f.name, f.bytes)
  const known = new Set([...derived.files.map((f) => f.name), 'letters/inputs.json'])
  for (const f of manifest.files) if (/^(?:letters|worksheet)\//.test(f.path) && !known.has(f.path)) differences.push(`${f.path} is in the packet and is not made now.`)
  return { differences, same }
}

const firstByte = (a: Uint8Array, b: Uint8Array): string => {
  const least = Math.min(a.length, b.length)
  let at = 0
  while (at < least && a[at] === b[at]) at++
  return `, first at byte ${at + 1}`
}

/** Keys whose values are words of the dictionaries, numbers or versions, never of a record. */
const TOLD = new Set(['status', 'reason', 'determination', 'unitsSupported', 'score', 'engine', 'ocr', 'dictionaries', 'policy', 'effect', 'state', 'text', 'type'])
const MOST_TOLD = 8

/** Where two reports part, by line and requirement. */
function whereJson(theirs: unknown, ours: unknown): string {
  const found: string[] = []
  const walk = (a: unknown, b: unknown, path: string, key: string): void => {
    if (found.length > MOST_TOLD || Object.is(a, b)) return
    if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && Array.isArray(a) === Array.isArray(b)) {
      if (Array.isArray(a) && Array.isArray(b)) {
        if (a.length !== b.length) found.push(`${path} (${a.length} in the packet, ${b.length} now)`)
        for (let i = 0; i < Math.min(a.length, b.length); i++) walk(a[i], b[i], `${path}[${nameOf(a[i]) ?? i}]`, key)
        return
      }
      const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
      for (const k of new Set([...Object.keys(x), ...Object.keys(y)])) walk(x[k], y[k], path === '' ? k : `${path}.${k}`, k)
      return
    }
    found.push(TOLD.has(key) ? `${path} (${String(a)} in the packet, ${String(b)} now)` : path)
  }
  walk(theirs, ours, '', '')
  if (found.length === 0) return 'in its spelling only'
  return `${found.slice(0, MOST_TOLD).join('; ')}${found.length > MOST_TOLD ? '; and further on' : ''}`
}

const nameOf = (item: unknown): string | null => {
  if (typeof item !== 'object' || item === null) return null
  const { id, line, note } = item as { id?: unknown; line?: unknown; note?: unknown }
  return typeof id === 'string' && /^[\w.-]{1,60}$/.test(id) ? id : typeof line === 'number' ? `line ${line}` : typeof note === 'number' ? `note ${note}` : null
}
