// The claims of a batch with the places of their records, one after the other, in an order that does not change: from a manifest, from a file of claims with a folder of records, or from a folder a claim. May not: read a record; hold more than one file of claims.
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { delimitedRows, separatorOf } from '../base/delimited.ts'
import { claimSchema, type Claim } from '../claim/claim.ts'
import type { ClaimFault, Reading } from '../claim/reading.ts'
import { isClutter } from '../document/packet.ts'
import { claimsOfFile, headOf, textOf } from '../load/claim-file.ts'
import { batchFault, codeOf, isRecordsFault, type ClaimReason } from './fault.ts'
import { byName, distinctRecords, type RecordFiles, type RecordRef } from './record-files.ts'
import { s3Place } from './s3-store.ts'

export interface Entry {
  /** `row 3`, or a path below the folder given. */
  readonly source: string
  readonly claimId: string | null
  readonly claim: Claim | null
  readonly records: readonly RecordRef[]
  /** Why there is nothing to review; null where there is. */
  readonly fault: ClaimReason | null
}

export interface Source {
  /** A manifest, a file of claims, or a folder of folders. */
  readonly path: string
  /** For a file of claims: the folder (or `s3://bucket/prefix`) with the records, by claim id. */
  readonly records: string | null
}

/** Before the records are looked up. */
interface Place {
  readonly source: string
  readonly claimId: string | null
  readonly claim: Claim | null
  readonly places: readonly string[]
  readonly fault: ClaimReason | null
}

const TOLD = 3
const AT_ONCE = 16

const unreadable = (explanation: string): ClaimReason => ({ id: 'claim-unreadable', explanation })
const wordsOf = (faults: readonly ClaimFault[]): string => {
  const errors = faults.filter((f) => f.severity === 'error')
  return `${errors.slice(0, TOLD).map((f) => `${f.where}: ${f.what}`).join('; ')}${errors.length > TOLD ? ` and ${errors.length - TOLD} more` : ''}.`
}

/** @throws the operator's faults, in one sentence; what is wrong with one claim is told in its entry. */
export async function* entriesOf(source: Source, files: RecordFiles): AsyncGenerator<Entry> {
  const about = await stat(source.path).catch((e: unknown) => {
    throw batchFault(codeOf(e) === 'ENOENT' ? `${source.path}: there is no such file or folder; give a manifest, a file of claims or a folder with a folder a claim.` : `${source.path}: cannot be read (${codeOf(e)}).`)
  })
  const places = about.isDirectory() ? ofFolders(source) : kindOf(source.path) === 'claims' ? ofClaimFile(source, files) : kindOf(source.path) === 'csv' ? ofCsv(source.path) : ofLines(source.path)
  let waiting: Promise<Entry>[] = []
  let any = false
  for await (const place of places) {
    any = true
    waiting.push(withRecords(place, files))
    if (waiting.length < AT_ONCE) continue
    yield* await Promise.all(waiting)
    waiting = []
  }
  yield* await Promise.all(waiting)
  if (!any) throw batchFault(`${source.path}: holds no claim${about.isDirectory() ? '; a claim is a folder with claim.json (or another claim.*) and its records beside it or in records/' : ''}.`)
}

async function withRecords(place: Place, files: RecordFiles): Promise<Entry> {
  const { source, claimId, claim, fault } = place
  if (fault !== null) return { source, claimId, claim, records: [], fault }
  try {
    return { source, claimId, claim, records: distinctRecords(await Promise.all(place.places.map((at) => files.list(at)))), fault: null }
  } catch (e) {
    if (!isRecordsFault(e)) throw e
    if (e.reason.id === 'records-unreachable') throw batchFault(`${e.reason.explanation} Start again when it does; what was taken in so far is kept.`)
    return { source, claimId, claim, records: [], fault: e.reason }
  }
}

// --- a folder a claim ---------------------------------------------------------------------------------------------------------------

const isClaimName = (name: string): boolean => /^claim\.[a-z0-9]{2,5}$/i.test(name)

async function* ofFolders({ path, records }: Source): AsyncGenerator<Place> {
  if (records !== null) throw batchFault('--records belongs to a file of claims; in a folder a claim the records lie beside it or in records/.')
  async function* walk(folder: string): AsyncGenerator<Place> {
    const entries = (await readdir(folder, { withFileTypes: true }).catch((e: unknown) => {
      throw batchFault(`A folder of the batch cannot be read (${codeOf(e)}).`)
    })).filter((e) => !isClutter(e.name)).sort(byName)
    const claims = entries.filter((e) => e.isFile() && isClaimName(e.name))
    if (claims.length === 0) {
      for (const e of entries) if (e.isDirectory()) yield* walk(join(folder, e.name))
      return
    }
    const [first] = claims
    const source = relative(path, folder).replaceAll('\\', '/') || basename(folder)
    if (first === undefined || claims.length > 1) {
      yield { source, claimId: null, claim: null, places: [], fault: unreadable('The folder holds more than one file named claim; leave one.') }
      return
    }
    const within = entries.find((e) => e.isDirectory() && e.name === 'records')
    const places = within ? [join(folder, 'records')] : entries.filter((e) => e !== first).map((e) => join(folder, e.name))
    const readings = await readingsOf(join(folder, first.name))
    const found = readings.filter((r): r is Extract<Reading, { kind: 'claim' }> => r.kind === 'claim')
    const [only] = found
    if (only === undefined || found.length > 1) yield { source, claimId: null, claim: null, places, fault: unreadable(found.length > 1 ? `The claim file holds ${found.length} claims; a folder is of one.` : wordsOf(readings.flatMap((r) => (r.kind === 'fault' ? [r] : [])))) }
    else if (places.length === 0) yield { source, claimId: only.claimId, claim: only.claim, places, fault: only.claim === null ? unreadable(wordsOf(only.faults)) : { id: 'records-missing', explanation: 'The folder holds no records beside the claim.' } }
    else yield { source, claimId: only.claimId, claim: only.claim, places, fault: only.claim === null ? unreadable(wordsOf(only.faults)) : null }
  }
  yield* walk(path)
}

async function readingsOf(path: string): Promise<Reading[]> {
  const out: Reading[] = []
  try {
    for await (const r of claimsOfFile(path)) out.push(r)
  } catch (e) {
    if (!(e instanceof Error && 'syscall' in e)) throw e
    out.push({ kind: 'fault', severity: 'error', where: 'the file', what: codeOf(e) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(e)})` })
  }
  return out
}

// --- a file of claims, the records by claim id ----------------------------------------------------------------------------------------

/** A claim id as it may stand in a name of a file. */
const fileForm = (id: string): string => id.replace(/[^A-Za-z0-9.-]/g, '_').toLowerCase()

async function* ofClaimFile({ path, records }: Source, files: RecordFiles): AsyncGenerator<Place> {
  if (records === null) throw batchFault(`${path}: is a file of claims; say with --records in which folder their records lie, or give a manifest with the columns claim and records.`)
  const index = await recordsById(records, files)
  for await (const r of claimsOfFile(path)) {
    if (r.kind === 'fault') {
      if (r.severity === 'error') yield { source: r.where, claimId: null, claim: null, places: [], fault: unreadable(wordsOf([r])) }
      continue
    }
    const source = `claim ${r.number}`
    const places = r.claimId === null ? [] : index.get(fileForm(r.claimId)) ?? []
    yield {
      source, claimId: r.claimId, claim: r.claim, places,
      fault: r.claim === null ? unreadable(wordsOf(r.faults)) : places.length === 0 ? { id: 'records-missing', explanation: 'No folder or file of the records has the claim\'s id for its name.' } : null,
    }
  }
}

/** `ID/…`, `ID.pdf`, `ID_anything.pdf` → the places of a claim, by the file form of its id. */
async function recordsById(at: string, files: RecordFiles): Promise<ReadonlyMap<string, readonly string[]>> {
  const index = new Map<string, string[]>()
  const add = (name: string, place: string, folder: boolean): void => {
    const stem = folder ? name : name.replace(/\.[A-Za-z0-9]{1,5}$/, '')
    const ids = new Set([fileForm(stem)])
    if (!folder) for (let i = stem.indexOf('_'); i > 0; i = stem.indexOf('_', i + 1)) ids.add(fileForm(stem.slice(0, i)))
    for (const id of ids) {
      const places = index.get(id)
      if (places === undefined) index.set(id, [place])
      else if (places[places.length - 1] !== place) places.push(place)
    }
  }
  const place = s3Place(at)
  if (place === null) {
    const entries = await readdir(at, { withFileTypes: true }).catch((e: unknown) => {
      throw batchFault(`--records ${at}: ${codeOf(e) === 'ENOENT' ? 'there is no such folder' : `cannot be read (${codeOf(e)})`}.`)
    })
    for (const e of entries.filter((x) => !isClutter(x.name)).sort(byName)) add(e.name, join(at, e.name), e.isDirectory())
  } else {
    const prefix = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`
    try {
      for await (const o of files.objects().list(place.bucket, prefix)) {
        const rest = o.key.slice(prefix.length)
        const cut = rest.indexOf('/')
        if (!isClutter(rest)) add(cut < 0 ? rest : rest.slice(0, cut), `s3://${place.bucket}/${prefix}${cut < 0 ? rest : rest.slice(0, cut + 1)}`, cut >= 0)
      }
    } catch (e) {
      throw isRecordsFault(e) ? batchFault(`--records ${at}: ${e.reason.explanation}`) : e
    }
  }
  return index
}

// --- a manifest -----------------------------------------------------------------------------------------------------------------------

const HEAD_BYTES = 1 << 16
const heading = (cell: string): string => cell.toLowerCase().replace(/[^a-z0-9]/g, '')

function kindOf(path: string): 'csv' | 'lines' | 'claims' {
  const { head } = headOf(path, HEAD_BYTES)
  const start = Buffer.from(head).toString('utf8').replace(/^\uFEFF/, '').trimStart()
  if (start.startsWith('{')) {
    try {
      const first: unknown = JSON.parse(start.slice(0, start.indexOf('\n') < 0 ? undefined : start.indexOf('\n')))
      return first !== null && typeof first === 'object' && 'records' in first ? 'lines' : 'claims'
    } catch {
      return 'claims'
    }
  }
  for (const { cells } of delimitedRows([start], separatorOf(start))) {
    const heads = cells.map(heading)
    return heads.includes('records') && heads.includes('claim') ? 'csv' : 'claims'
  }
  return 'claims'
}

/** Paths of a manifest are below its own folder. */
const placeBelow = (manifest: string, at: string): string => (s3Place(at) !== null || isAbsolute(at) ? at : join(dirname(manifest), at))

async function* ofCsv(path: string): AsyncGenerator<Place> {
  let columns: { readonly claim: number; readonly claimId: number; readonly records: number } | null = null
  const pick = claimPicker(path)
  const separator = separatorOf(Buffer.from(headOf(path, HEAD_BYTES).head).toString('utf8'))
  for (const { line, cells } of delimitedRows(textOf(path), separator)) {
    if (cells.every((c) => c.trim() === '')) continue
    if (columns === null) {
      const heads = cells.map(heading)
      columns = { claim: heads.indexOf('claim'), claimId: heads.findIndex((h) => h === 'claimid' || h === 'id'), records: heads.indexOf('records') }
      continue
    }
    const cell = (i: number): string => (cells[i] ?? '').trim()
    yield pick(`row ${line}`, cell(columns.claim), cell(columns.claimId) || null, cell(columns.records).split(/[;|\n]/).map((r) => r.trim()).filter((r) => r !== ''))
  }
}

async function* ofLines(path: string): AsyncGenerator<Place> {
  const pick = claimPicker(path)
  let number = 0
  for (const line of linesOf(textOf(path))) {
    number++
    if (line.trim() === '') continue
    const source = `line ${number}`
    const bad = (explanation: string): Place => ({ source, claimId: null, claim: null, places: [], fault: unreadable(explanation) })
    let data: unknown
    try {
      data = JSON.parse(line)
    } catch {
      yield bad('The line of the manifest is not JSON.')
      continue
    }
    const given: Readonly<Record<string, unknown>> = data !== null && typeof data === 'object' ? { ...data } : {}
    const records = Array.isArray(given['records']) ? given['records'] : [given['records']]
    if (!records.every((r): r is string => typeof r === 'string')) yield bad('The line of the manifest has no records: a path, or a list of paths.')
    else if (typeof given['claim'] === 'string') yield pick(source, given['claim'], typeof given['claimId'] === 'string' ? given['claimId'] : null, records)
    else {
      const parsed = claimSchema.safeParse(given['claim'])
      const claimId = parsed.success ? parsed.data.claimId : null
      yield {
        source, claimId, claim: parsed.success ? parsed.data : null, places: records.map((r) => placeBelow(path, r)),
        fault: parsed.success ? records.length === 0 ? { id: 'records-missing', explanation: 'The line of the manifest names no records.' } : null
          : unreadable(`${parsed.error.issues.slice(0, TOLD).map((i) => `claim.${i.path.join('.')}: ${i.message}`).join('; ')}.`),
      }
    }
  }
}

/** A claim of the file a row names; the file last read is kept, as rows of one file stand together. */
function claimPicker(manifest: string): (source: string, claim: string, claimId: string | null, records: readonly string[]) => Promise<Place> {
  let last: { readonly path: string; readonly readings: readonly Reading[]; readonly byId: ReadonlyMap<string, readonly Extract<Reading, { kind: 'claim' }>[]> } | null = null
  return async (source, claim, claimId, records) => {
    const bad = (fault: ClaimReason, of: Claim | null = null): Place => ({ source, claimId, claim: of, places: [], fault })
    if (claim === '') return bad(unreadable('The row names no claim file.'))
    const path = placeBelow(manifest, claim)
    if (last?.path !== path) {
      const readings = await readingsOf(path)
      const byId = new Map<string, Extract<Reading, { kind: 'claim' }>[]>()
      for (const r of readings) if (r.kind === 'claim' && r.claimId !== null) byId.set(r.claimId, [...(byId.get(r.claimId) ?? []), r])
      last = { path, readings, byId }
    }
    const all = last.readings.filter((r): r is Extract<Reading, { kind: 'claim' }> => r.kind === 'claim')
    const meant = claimId === null ? all : last.byId.get(claimId) ?? []
    const [only] = meant
    if (all.length === 0) return bad(unreadable(`The claim file: ${wordsOf(last.readings.flatMap((r) => (r.kind === 'fault' ? [r] : []))) || 'holds no claim.'}`))
    if (only === undefined) return bad(unreadable('The claim file holds no claim of that id.'))
    if (meant.length > 1) return bad(unreadable(claimId === null ? `The claim file holds ${meant.length} claims; name one in a column claimId.` : `${meant.length} claims of the file have that id.`))
    const places = records.map((r) => placeBelow(manifest, r))
    return {
      source, claimId: only.claimId, claim: only.claim, places,
      fault: only.claim === null ? unreadable(wordsOf(only.faults)) : places.length === 0 ? { id: 'records-missing', explanation: 'The row names no records.' } : null,
    }
  }
}

function* linesOf(pieces: Iterable<string>): Generator<string> {
  let rest = ''
  for (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
