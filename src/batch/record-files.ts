// Where the records of a claim lie, and their bytes: files and folders of this machine or a share, objects of an S3-compatible store. May not: know what is in them; put a path into a fault (it may name a patient).
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isClutter } from '../document/packet.ts'
import { codeOf, recordsFault } from './fault.ts'
import { openS3, s3Place, type Environment, type ObjectStore } from './s3-store.ts'

export interface RecordRef {
  /** As cited: relative to the folder given. */
  readonly name: string
  /** A path, or `s3://bucket/key`. */
  readonly at: string
  /** Size and times, or what the store says of the content: another mark, another content. */
  readonly mark: string
  readonly bytes: number
}

const MOST_FILES = 20_000
/** Of the file system, where a share has gone or is overloaded. */
const PASSING = new Set(['EIO', 'ESTALE', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOTCONN', 'ECONNRESET', 'EAGAIN', 'EMFILE', 'ENFILE', 'EBUSY', 'ENODEV', 'ENXIO', 'EREMOTEIO'])
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

export interface RecordFiles {
  /** All files below a place, in order of name. Rejects with a `RecordsFault`. */
  readonly list: (at: string) => Promise<readonly RecordRef[]>
  readonly read: (ref: RecordRef) => Promise<Uint8Array>
  /** Whether the place below which records lie can be asked at all. */
  readonly answers: (at: string) => Promise<boolean>
  readonly objects: () => ObjectStore
}

export function recordFiles(env: Environment): RecordFiles {
  let store: ObjectStore | null = null
  const objects = (): ObjectStore => (store ??= openS3(env))

  async function listObjects(bucket: string, key: string): Promise<RecordRef[]> {
    const found: RecordRef[] = []
    const folder = key === '' || key.endsWith('/') ? key : `${key}/`
    for await (const o of objects().list(bucket, key)) {
      if (o.key !== key && !o.key.startsWith(folder)) continue
      const name = o.key === key ? o.key.slice(o.key.lastIndexOf('/') + 1) : o.key.slice(folder.length)
      if (!isClutter(name)) found.push({ name, at: `s3://${bucket}/${o.key}`, mark: o.mark, bytes: o.bytes })
      if (found.length > MOST_FILES) throw recordsFault('records-missing', `The records of the claim are more than ${MOST_FILES} files.`)
    }
    return found.sort(byName)
  }

  return {
    objects,
    async list(at) {
      const place = s3Place(at)
      const found = place === null ? await listFiles(at) : await listObjects(place.bucket, place.key)
      if (found.length === 0) throw recordsFault('records-missing', 'The folder of the records holds no files.')
      return found
    },
    async read(ref) {
      const place = s3Place(ref.at)
      if (place !== null) return objects().get(place.bucket, place.key)
      try {
        return await readFile(ref.at)
      } catch (e) {
        throw ofFiles(e)
      }
    },
    async answers(at) {
      const place = s3Place(at)
      return place === null ? stat(at).then(() => true, () => false) : objects().answers(place.bucket)
    },
  }
}

const ofFiles = (e: unknown): Error => (PASSING.has(codeOf(e)) ? recordsFault('records-unreachable', `The folder of the records does not answer (${codeOf(e)}).`)
  : recordsFault('records-missing', codeOf(e) === 'ENOENT' ? 'There is no file or folder of records where it should be.' : `A file of the records cannot be read (${codeOf(e)}).`))

async function listFiles(at: string): Promise<RecordRef[]> {
  const found: RecordRef[] = []
  const markOf = (about: { readonly size: number; readonly mtimeMs: number; readonly ctimeMs: number }): string => `${about.size} ${about.mtimeMs} ${about.ctimeMs}`
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
      if (isClutter(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) await walk(path, `${prefix}${entry.name}/`)
      else if (entry.isFile() || entry.isSymbolicLink()) {
        const about = await stat(path).catch(() => null)
        if (about?.isFile() === true) found.push({ name: `${prefix}${entry.name}`, at: path, mark: markOf(about), bytes: about.size })
      }
      if (found.length > MOST_FILES) throw recordsFault('records-missing', `The records of the claim are more than ${MOST_FILES} files.`)
    }
  }
  try {
    const path = resolve(at)
    const about = await stat(path)
    if (about.isFile()) return [{ name: basename(path), at: path, mark: markOf(about), bytes: about.size }]
    await walk(path, '')
    return found.sort(byName)
  } catch (e) {
    throw e instanceof Error && 'kind' in e ? e : ofFiles(e)
  }
}

/** Of several places: different files of one cited name are told apart by a number, as in a review. */
export function distinctRecords(lists: readonly (readonly RecordRef[])[]): RecordRef[] {
  const places = new Set<string>()
  const names = new Map<string, number>()
  const out: RecordRef[] = []
  for (const ref of lists.flat()) {
    if (places.has(ref.at)) continue
    places.add(ref.at)
    const count = (names.get(ref.name) ?? 0) + 1
    names.set(ref.name, count)
    out.push(count === 1 ? ref : { ...ref, name: `${ref.name} (${count})` })
  }
  return out.sort(byName)
}
