// A file that came in → claims, or a sealed record. May not: trust a name; quote a value of a file in a problem.
import type { Claim } from '../claim/claim.ts'
import type { ClaimFault } from '../claim/reading.ts'
import { openPacket } from '../document/packet.ts'
import { sniff } from '../document/sniff.ts'
import { claimsMayBe, claimsOfBytes, holdsClaims, LARGEST_FORM } from '../load/claim-file.ts'
import { TooLarge, type Stored } from '../store/blobs.ts'
import type { Store } from '../store/open-store.ts'

export interface Received {
  readonly claims: { readonly name: string; readonly claim: Claim }[]
  readonly files: ({ readonly name: string } & Stored)[]
  readonly problems: string[]
}

export const LARGEST_CLAIM_FILE = 64 << 20
const LARGEST_RECORD = 1 << 30
const HEAD = 1 << 16
const MOST_FAULTS = 3
/** Names of files inside a ZIP that are worth a look for claims. PDFs are too many. */
const LIKE_CLAIMS = /\.(?:json|ndjson|jsonl|csv|tsv|xlsx|837[pi]?|x12|edi|clm)(?![a-z0-9])/i
const CLAIM_NAME = /\.(?:json|ndjson|jsonl|csv|tsv|xlsx|837[pi]?|x12|edi|clm)$/i

/** Adds what the file holds to `into`. Rejects with `TooLarge`. */
export async function received(store: Store, organisation: string, name: string, stream: AsyncIterable<Uint8Array>, mayBeClaims: boolean, into: Received): Promise<void> {
  const incoming = stream[Symbol.asyncIterator]()
  let { bytes, ended } = await gathered(incoming, HEAD, Buffer.alloc(0))
  // RTF begins with the brace of an object, and holds no claims.
  const look = mayBeClaims && sniff(bytes) !== 'rtf' ? claimsMayBe(bytes) : 'nowhere'
  if (look !== 'nowhere' && !ended) ({ bytes, ended } = await gathered(incoming, look === 'in-form' ? LARGEST_FORM : LARGEST_CLAIM_FILE, bytes))
  if (look !== 'nowhere' && ended) {
    if (await takeClaims(name, bytes, into)) return
    if (look === 'anywhere' && (await takenApart(store, organisation, name, bytes, into))) return
  } else if (look === 'anywhere' && (CLAIM_NAME.test(name) || /^ISA[^A-Za-z0-9]/.test(bytes.subarray(0, 4).toString('latin1')))) throw new TooLarge('')
  const first = bytes
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first
    for (let next = ended ? null : await incoming.next(); next !== null && !next.done; next = await incoming.next()) yield next.value
  }
  into.files.push({ name, ...(await store.blobs.put(organisation, all(), LARGEST_RECORD)) })
}

/** `most` bytes at least, where there are as many. */
async function gathered(incoming: AsyncIterator<Uint8Array>, most: number, before: Buffer): Promise<{ bytes: Buffer; ended: boolean }> {
  const parts: Uint8Array[] = [before]
  let length = before.length
  while (length <= most) {
    const next = await incoming.next()
    if (next.done) return { bytes: Buffer.concat(parts), ended: true }
    parts.push(next.value)
    length += next.value.length
  }
  return { bytes: Buffer.concat(parts), ended: false }
}

/** True where the file is one of claims, read or not. */
async function takeClaims(name: string, bytes: Buffer, into: Received): Promise<boolean> {
  if (!(await holdsClaims(bytes))) return false
  for await (const reading of claimsOfBytes(bytes)) {
    const faults: readonly ClaimFault[] = reading.kind === 'fault' ? [reading] : reading.faults.filter((f) => reading.claim === null ? f.severity === 'error' : true)
    if (reading.kind === 'claim' && reading.claim !== null) into.claims.push({ name, claim: reading.claim })
    if (faults.length === 0) continue
    const where = reading.kind === 'claim' && reading.format !== 'json' ? `claim ${reading.number}, ` : ''
    const told = faults.slice(0, MOST_FAULTS).map((f) => (f.where === 'the file' ? f.what : `${f.where}: ${f.what}`)).join('; ')
    into.problems.push(`${name}: ${where}${told}${faults.length > MOST_FAULTS ? ` and ${faults.length - MOST_FAULTS} more` : ''}.`)
  }
  return true
}

/** A ZIP with claims in it: each file of it on its own, in a folder of the ZIP's name. False where it holds none. */
async function takenApart(store: Store, organisation: string, name: string, bytes: Buffer, into: Received): Promise<boolean> {
  // The names stand at the end of a ZIP, not packed.
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== 0x04034b50 || !LIKE_CLAIMS.test(bytes.subarray(-(1 << 22)).toString('latin1'))) return false
  const { entries, problems } = await openPacket(bytes, name)
  const candidates = entries.filter((e) => CLAIM_NAME.test(e.name) && e.bytes.length <= LARGEST_CLAIM_FILE)
  let found = false
  for (const entry of candidates) if (!found && (await holdsClaims(entry.bytes))) found = true
  if (!found) return false
  const folder = name.replace(/\.zip$/i, '')
  async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
    yield content
  }
  for (const entry of entries) {
    const own = `${folder}/${entry.name}`
    if (entry.bytes.length <= LARGEST_CLAIM_FILE && (await takeClaims(own, Buffer.from(entry.bytes.buffer, entry.bytes.byteOffset, entry.bytes.length), into))) continue
    into.files.push({ name: own, ...(await store.blobs.put(organisation, one(entry.bytes), LARGEST_RECORD)) })
  }
  if (problems.length > 0) into.problems.push(`${name}: ${problems.length === 1 ? 'one file of the archive was' : `${problems.length} files of the archive were`} left out; unpack it and send them by themselves.`)
  return true
}
