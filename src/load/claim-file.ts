// A file of claims, of whatever kind its bytes show → what is in it, claim by claim. May not: trust its name; quote it in a fault.
import { TextDecoder } from 'node:util'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { delimitedRows, separatorOf } from '../base/delimited.ts'
import { workbookSheets, WorkbookFault, type SheetRow } from '../base/workbook.ts'
import { claimsOfCms1500, isCms1500 } from '../claim/cms1500-claims.ts'
import { claimsOfFhir, isFhir } from '../claim/fhir-claims.ts'
import { claimsOfJson } from '../claim/json-claims.ts'
import { fileFault, type Reading } from '../claim/reading.ts'
import { claimsOfWorklist, looksLikeWorklist } from '../claim/worklist-claims.ts'
import { claimsOf837 } from '../claim/x12-claims.ts'
import { readFormFields, type FieldsFault } from '../document/pdf-fields.ts'

const PIECE = 1 << 16
/** Of what has to be read in one piece. */
const MOST_BYTES = 200 << 20

const FIELD_FAULTS: Readonly<Record<FieldsFault, string>> = {
  encrypted: 'is locked by a password; ask for it without one',
  damaged: 'is damaged; ask for it again from its source',
  'timed-out': 'took too long to read and was stopped',
  'out-of-memory': 'needs more memory to read than is allowed',
  failed: 'could not be read as a form; ask for a fresh export',
}

/** Where claims come from. */
interface Source {
  /** The first bytes, `PIECE` at most. */
  readonly head: Uint8Array
  readonly size: number
  readonly pieces: () => Generator<Uint8Array>
  /** Everything, where it has to be read in one piece. */
  readonly whole: () => Uint8Array
}

/** Pieces of the file's text: UTF-16 by its mark, else UTF-8, else Windows-1252. Closes the file when done. */
export const textOf = (path: string): Generator<string> => decoded(piecesOf(path))

function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const buffer = Buffer.alloc(PIECE)
      const count = readSync(file, buffer, 0, PIECE, null)
      if (count === 0) break
      yield buffer.subarray(0, count)
    }
  } finally {
    closeSync(file)
  }
}

function* decoded(pieces: Iterable<Uint8Array>): Generator<string> {
  let decoder: TextDecoder | null = null
  for (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece, piece.length === PIECE))
    yield decoder.decode(piece, { stream: true })
  }
  const rest = decoder?.decode() ?? ''
  if (rest !== '') yield rest
}

function encodingOf(head: Uint8Array, cut: boolean): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  try {
    // The last character of a piece may be cut through.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: cut })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** @throws the fault of the file system where the file cannot be opened */
export function headOf(path: string, most = PIECE): { head: Uint8Array; size: number } {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const head = Buffer.alloc(most)
    return { head: head.subarray(0, readSync(file, head, 0, most, 0)), size }
  } finally {
    closeSync(file)
  }
}

function bytesOf(path: string, size: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const all = Buffer.alloc(size)
    let at = 0
    while (at < size) {
      const count = readSync(file, all, at, size - at, at)
      if (count === 0) break
      at += count
    }
    return all.subarray(0, at)
  } finally {
    closeSync(file)
  }
}

/** Everything the file holds, in its order. @throws the fault of the file system where the file cannot be opened */
export async function* claimsOfFile(path: string): AsyncGenerator<Reading> {
  const { head, size } = headOf(path)
  yield* claimsOfSource({ head, size, pieces: () => piecesOf(path), whole: () => bytesOf(path, size) })
}

/** The same of a file in memory. */
export const claimsOfBytes = (bytes: Uint8Array): AsyncGenerator<Reading> => claimsOfSource(sourceOf(bytes))

function sourceOf(bytes: Uint8Array): Source {
  return {
    head: bytes.subarray(0, PIECE), size: bytes.length, whole: () => bytes,
    pieces: function* () {
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
    },
  }
}

const startOf = (head: Uint8Array): string => new TextDecoder(encodingOf(head, true)).decode(head).replace(/^\uFEFF/, '').trimStart()
const begins = (head: Uint8Array, ...bytes: number[]): boolean => bytes.every((b, i) => head[i] === b)
const isPdf = (head: Uint8Array): boolean => Buffer.from(head.buffer, head.byteOffset, head.length).subarray(0, 1024).includes('%PDF-')

/** Forms of a PDF are looked at up to this size; claim forms are far smaller. */
export const LARGEST_FORM = 4 << 20

/** How much of a file has to be looked at to know whether it holds claims: nothing, a small form, or all of it. By its first bytes. */
export function claimsMayBe(head: Uint8Array): 'nowhere' | 'in-form' | 'anywhere' {
  if (isPdf(head)) return 'in-form'
  if (begins(head, 0x50, 0x4b, 3, 4)) return 'anywhere'
  if (head.subarray(0, 4096).includes(0) && !begins(head, 0xff, 0xfe) && !begins(head, 0xfe, 0xff)) return 'nowhere'
  return startOf(head).startsWith('<') ? 'nowhere' : 'anywhere'
}

/**
 * Whether a file that may as well be a record of care is one of claims: an 837, a worklist, JSON that holds claims (of FHIR only with a resource of billing), a filled CMS-1500.
 * JSON that is broken counts as claims, so that its fault is told.
 */
export async function holdsClaims(bytes: Uint8Array): Promise<boolean> {
  const head = bytes.subarray(0, PIECE)
  if (isPdf(head)) {
    if (bytes.length > LARGEST_FORM || !/\/AcroForm|\/ObjStm/.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))) return false
    const fields = await readFormFields(bytes)
    return !('fault' in fields) && isCms1500(fields)
  }
  if (begins(head, 0x50, 0x4b, 3, 4)) {
    try {
      return workbookSheets(bytes).length > 0
    } catch (e) {
      if (!(e instanceof WorkbookFault)) throw e
      return false
    }
  }
  if (head.subarray(0, 4096).includes(0) && !begins(head, 0xff, 0xfe) && !begins(head, 0xfe, 0xff)) return false
  const start = startOf(head)
  if (/^ISA[^A-Za-z0-9]/.test(start)) return true
  if (/^[[{]/.test(start)) {
    const text = [...decoded(sourceOf(bytes).pieces())].join('')
    return !/"resourceType"\s{0,20}:/.test(text) || /"resourceType"\s{0,20}:\s{0,20}"(?:Claim|ExplanationOfBenefit)"/.test(text)
  }
  if (start.startsWith('<') || start === '') return false
  const top: SheetRow[] = []
  for (const { line, cells } of delimitedRows([start], separatorOf(start))) if (top.push({ row: line, cells }) >= 40) break
  return looksLikeWorklist(top)
}

async function* claimsOfSource(source: Source): AsyncGenerator<Reading> {
  const { head, size } = source
  const start = startOf(head)
  if (size === 0 || (start === '' && size <= PIECE)) yield fileFault('the file', 'is empty')
  else if (isPdf(head)) yield* formClaims(source)
  else if (begins(head, 0x50, 0x4b, 3, 4)) yield* workbookClaims(source)
  else if (begins(head, 0xd0, 0xcf, 0x11, 0xe0)) yield fileFault('the file', 'is an old Excel workbook or one locked by a password; save it as XLSX or CSV without a password')
  else if (/^ISA[^A-Za-z0-9]/.test(start)) yield* claimsOf837(decoded(source.pieces()))
  else if (/^[[{]/.test(start)) yield* jsonClaims(source)
  else if (/^(?:GS|ST|BHT|HL|CLM)[^A-Za-z0-9\s,;]/.test(start) || /~\s*(?:GS|ST|NM1|CLM|LX)\*/.test(start)) yield fileFault('the file', 'looks like X12 without its interchange header ISA; ask for the whole interchange')
  else if (start.startsWith('<')) yield fileFault('the file', 'is XML or HTML, of which no claims are read; ask for FHIR as JSON, X12 837 or CSV')
  else if (head.subarray(0, 4096).includes(0) && !begins(head, 0xff, 0xfe) && !begins(head, 0xfe, 0xff)) yield fileFault('the file', 'is of no kind in which claims are read; give JSON, CSV, XLSX, X12 837, FHIR or a filled CMS-1500')
  else {
    const separator = separatorOf(start)
    const rows = function* (): Generator<SheetRow> {
      for (const { line, cells } of delimitedRows(decoded(source.pieces()), separator)) yield { row: line, cells }
    }
    yield* claimsOfWorklist(rows(), 'csv')
  }
}

async function* formClaims({ size, whole }: Source): AsyncGenerator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for a form')
  const fields = await readFormFields(whole())
  if ('fault' in fields) yield fileFault('the file', FIELD_FAULTS[fields.fault])
  else if (!isCms1500(fields)) yield fileFault('the file', fields.length === 0 ? 'is a PDF without filled form fields; a printed or scanned claim form is not read as a claim' : 'is a PDF form, and not a CMS-1500')
  else yield* claimsOfCms1500(fields)
}

function* workbookClaims({ size, whole }: Source): Generator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for a workbook; save it as CSV')
  try {
    const sheets = workbookSheets(whole())
    // The worklist may stand on any sheet.
    const sheet = sheets.find((s) => {
      const top: SheetRow[] = []
      for (const row of s.rows()) if (top.push(row) >= 40) break
      return looksLikeWorklist(top)
    }) ?? sheets[0]
    if (sheet) yield* claimsOfWorklist(sheet.rows(), 'xlsx')
    else yield fileFault('the file', 'holds no sheet that can be seen')
  } catch (e) {
    if (!(e instanceof WorkbookFault)) throw e
    yield fileFault('the file', e.message)
  }
}

/** One document, or one resource or claim a line. */
function* jsonClaims({ size, pieces }: Source): Generator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for one piece of JSON; give one claim a line in parts, or X12 837')
  const text = [...decoded(pieces())].join('').replace(/^\uFEFF/, '')
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (e) {
    const lines = text.split(/\r?\n/).map((line, i) => ({ line, number: i + 1 })).filter(({ line }) => line.trim() !== '')
    const whole = (line: string): boolean => {
      try {
        return typeof JSON.parse(line) === 'object'
      } catch {
        return false
      }
    }
    if (lines.length > 1 && (whole((lines[0] as { line: string }).line) || (lines.length > 2 && whole((lines[1] as { line: string }).line)))) yield* jsonLines(lines)
    else {
      const at = /position (\d+)/.exec((e as Error).message)?.[1]
      yield fileFault(at === undefined ? 'the file' : `line ${text.slice(0, Number(at)).split('\n').length}`, 'is not JSON; a claim is one JSON object with claimId and lines')
    }
    return
  }
  yield* isFhir(data) ? claimsOfFhir(data) : claimsOfJson(data)
}

function* jsonLines(lines: readonly { line: string; number: number }[]): Generator<Reading> {
  let count = 0
  for (const { line, number } of lines) {
    const place = `line ${number}`
    let data: unknown
    try {
      data = JSON.parse(line)
    } catch {
      yield fileFault(place, 'is not JSON')
      continue
    }
    for (const reading of isFhir(data) ? claimsOfFhir(data, count + 1, place) : claimsOfJson(data, (path) => `${place}, ${path || 'the claim'}`)) {
      if (reading.kind === 'claim') count++
      yield reading.kind === 'claim' ? { ...reading, number: count } : reading
    }
  }
  if (count === 0) yield fileFault('the file', 'holds no claim')
}
