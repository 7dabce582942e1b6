// An OLE compound file (old Office, locked Office) → its streams by name. May not: know what a stream means.

const HEADER = 512
const END = 0xfffffffe
const MOST_SECTORS = 1 << 20

/** A stream by its name, wherever it stands; undefined where there is none or the file is broken. */
export function compoundStream(bytes: Uint8Array, name: string): Uint8Array | undefined {
  if (bytes.length < HEADER) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const long = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at, true) : END)
  const power = view.getUint16(30, true)
  if (power !== 9 && power !== 12) return undefined
  const size = 1 << power
  const offset = (sector: number): number => (sector + 1) * size
  const table: number[] = []
  // Where the table of sectors stands: 109 places in the header, then sectors of their own.
  const places: number[] = []
  for (let index = 0; index < 109; index++) places.push(long(76 + 4 * index))
  for (let next = long(68), count = 0; next < END && count < MOST_SECTORS / size && offset(next) < bytes.length; count++) {
    for (let index = 0; index < size / 4 - 1; index++) places.push(long(offset(next) + 4 * index))
    next = long(offset(next) + size - 4)
  }
  for (const place of places) {
    if (place >= END || offset(place) >= bytes.length || table.length > MOST_SECTORS) continue
    for (let index = 0; index < size / 4; index++) table.push(long(offset(place) + 4 * index))
  }
  const chain = (first: number, next: readonly number[], length: number): number[] => {
    const found: number[] = []
    for (let at = first; at < END && found.length <= length && found.length < next.length; at = next[at] ?? END) found.push(at)
    return found
  }
  const whole = (first: number, length: number): Uint8Array => {
    const sectors = chain(first, table, Math.ceil(length / size))
    const result = new Uint8Array(Math.min(length, sectors.length * size))
    sectors.forEach((sector, index) => {
      const part = bytes.subarray(offset(sector), Math.min(bytes.length, offset(sector) + Math.min(size, result.length - index * size)))
      if (index * size < result.length) result.set(part, index * size)
    })
    return result
  }
  const directory = whole(long(48), 1 << 24)
  const about = new DataView(directory.buffer, directory.byteOffset, directory.byteLength)
  const wanted = Buffer.from(name, 'utf16le')
  let root: { readonly first: number; readonly length: number } | null = null
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const kind = directory[at + 66]
    const first = about.getUint32(at + 116, true)
    const length = about.getUint32(at + 120, true)
    if (kind === 5) root = { first, length }
    if (kind !== 2 || about.getUint16(at + 64, true) !== wanted.length + 2 || !wanted.equals(Buffer.from(directory.subarray(at, at + wanted.length)))) continue
    if (length > bytes.length) return undefined
    if (length >= 4096) return whole(first, length)
    // Small streams share the sectors of the root, 64 bytes each.
    if (root === null) return undefined
    const small = whole(root.first, root.length)
    const smallTable = whole(long(60), Math.min(long(64), 1 << 12) * size)
    const next = Array.from({ length: smallTable.length >> 2 }, (_, index) => new DataView(smallTable.buffer).getUint32(4 * index, true))
    const result = new Uint8Array(length)
    chain(first, next, Math.ceil(length / 64)).forEach((sector, index) => {
      if (64 * index < length) result.set(small.subarray(64 * sector, Math.min(small.length, 64 * sector + Math.min(64, length - 64 * index))), 64 * index)
    })
    return result
  }
  return undefined
}
