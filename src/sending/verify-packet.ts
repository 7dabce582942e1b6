// Checks an evidence packet, byte for byte. May not: trust what the packet says of itself before it is checked; write to disk.
import { openPacket } from '../document/packet.ts'
import { MANIFEST, manifestSchema, PACKET_LIMITS, SEAL, sha256, zipPacket, type Manifest, type PacketFile } from './packet.ts'

export interface Verified {
  /** Every fault with its place, a sentence each; none where no byte was changed. */
  readonly faults: readonly string[]
  /** Null where the manifest cannot be read. */
  readonly manifest: Manifest | null
  readonly seal: string | null
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** `seal` as noted elsewhere tells a packet made anew from the one meant. */
export async function verifyPacket(bytes: Uint8Array, seal?: string): Promise<Verified> {
  const faults: string[] = []
  const { entries, problems } = await openPacket(bytes, '', [], PACKET_LIMITS)
  const files = new Map(entries.map((e) => [e.name, e.bytes]))
  if (problems.some((p) => p.id === 'damaged-file')) faults.push('The archive is damaged: its directory, at the end of the file, cannot be read in full.')
  for (const p of problems) {
    if (p.id === 'damaged-file') continue
    faults.push(`File ${p.data?.['entry'] ?? '?'} of the archive cannot be unpacked (${p.id === 'encrypted-file' ? 'it is locked' : String(p.data?.['cause'] ?? 'damaged')}).`)
  }
  if (entries.length !== files.size) faults.push('The archive holds two files of one name.')
  const text = files.get(MANIFEST)
  if (text === undefined) return { faults: [...faults, `${MANIFEST} is missing${entries.length === 0 ? '; this is no evidence packet' : ''}.`], manifest: null, seal: null, files }
  const own = sha256(text)
  const sealed = files.get(SEAL)
  if (sealed === undefined) faults.push(`${SEAL} is missing.`)
  else if (Buffer.compare(sealed, Buffer.from(`${own}  ${MANIFEST}\n`)) !== 0) faults.push(`${MANIFEST} or ${SEAL} was changed: the hash of the one is not what the other says.`)
  if (seal !== undefined && seal.toLowerCase() !== own) faults.push(`${MANIFEST} is not the one with the seal given: the packet was made anew.`)
  const manifest = manifestOf(text)
  if (manifest === null) return { faults: [...faults, `${MANIFEST} cannot be read as the manifest of a packet.`], manifest: null, seal: own, files }

  const listed = new Set([MANIFEST, SEAL])
  for (const file of manifest.files) {
    listed.add(file.path)
    const found = files.get(file.path)
    if (found === undefined) faults.push(`${file.path} is missing or cannot be unpacked.`)
    else if (found.length !== file.bytes) faults.push(`${file.path} was changed: it has ${found.length} bytes, not ${file.bytes}.`)
    else if (sha256(found) !== file.sha256) faults.push(`${file.path} was changed: its hash is not that of the manifest.`)
  }
  for (const name of files.keys()) if (!listed.has(name)) faults.push(`${name} was added: the manifest does not name it.`)
  // What no file holds: names, days and lengths in the archive, and bytes between and after them.
  if (faults.length === 0) {
    const again = zipPacket(entries)
    const at = firstDifference(bytes, again)
    if (at !== null) faults.push(`Byte ${at + 1} of the archive was changed or added, outside of the files' content: ${placeOf(at, entries)}.`)
  }
  return { faults, manifest, seal: own, files }
}

function manifestOf(text: Uint8Array): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(new TextDecoder().decode(text)))
  } catch {
    return null
  }
}

/** 0-based; null where both are the same. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  if (Buffer.compare(a, b) === 0) return null
  const least = Math.min(a.length, b.length)
  for (let i = 0; i < least; i++) if (a[i] !== b[i]) return i
  return least
}

const LOCAL_HEADER = 30

function placeOf(at: number, entries: readonly PacketFile[]): string {
  let start = 0
  for (const e of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const content = start + LOCAL_HEADER + Buffer.byteLength(e.name)
    if (at < content) return `in what stands before ${e.name}`
    start = content + e.bytes.length
    if (at < start) return `in ${e.name}`
  }
  return 'in the directory at its end'
}
