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

/** Pieces of the file's text: UTF-16 by its mark, else UTF-8, else Windows-1252. Closes the file when done. */
export function* textOf(path: string): Generator<string> {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(PIECE)
    let decoder: TextDecoder | null = null
    for (;;) {
      const count = readSync(file, buffer, 0, PIECE, null)
      if (count === 0) break
      const bytes = buffer.subarray(0, count)
      decoder ??= new TextDecoder(encodingOf(bytes, count === PIECE))
      yield decoder.decode(bytes, { stream: true })
    }
    const rest = decoder?.decode() ?? ''
    if (rest !== '') yield rest
  } finally {
    closeSync(file)
  }
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
  const begins = (...bytes: number[]): boolean => bytes.every((b, i) => head[i] === b)
  const start = new TextDecoder(encodingOf(head, true)).decode(head).replace(/^\uFEFF/, '').trimStart()
  if (size === 0 || (start === '' && size <= PIECE)) yield fileFault('the file', 'is empty')
  else if (Buffer.from(head).subarray(0, 1024).includes('%PDF-')) yield* formClaims(path, size)
  else if (begins(0x50, 0x4b, 3, 4)) yield* workbookClaims(path, size)
  else if (begins(0xd0, 0xcf, 0x11, 0xe0)) yield fileFault('the file', 'is an old Excel workbook or one locked by a password; save it as XLSX or CSV without a password')
  else if (/^ISA[^A-Za-z0-9]/.test(start)) yield* claimsOf837(textOf(path))
  else if (/^[[{]/.test(start)) yield* jsonClaims(path, size)
  else if (/^(?:GS|ST|BHT|HL|CLM)[^A-Za-z0-9\s,;]/.test(start) || /~\s*(?:GS|ST|NM1|CLM|LX)\*/.test(start)) yield fileFault('the file', 'looks like X12 without its interchange header ISA; ask for the whole interchange')
  else if (start.startsWith('<')) yield fileFault('the file', 'is XML or HTML, of which no claims are read; ask for FHIR as JSON, X12 837 or CSV')
  else if (head.subarray(0, 4096).includes(0) && !begins(0xff, 0xfe) && !begins(0xfe, 0xff)) yield fileFault('the file', 'is of no kind in which claims are read; give JSON, CSV, XLSX, X12 837, FHIR or a filled CMS-1500')
  else {
    const separator = separatorOf(start)
    const rows = function* (): Generator<SheetRow> {
      for (const { line, cells } of delimitedRows(textOf(path), separator)) yield { row: line, cells }
    }
    yield* claimsOfWorklist(rows(), 'csv')
  }
}

async function* formClaims(path: string, size: number): AsyncGenerator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for a form')
  const fields = await readFormFields(bytesOf(path, size))
  if ('fault' in fields) yield fileFault('the file', FIELD_FAULTS[fields.fault])
  else if (!isCms1500(fields)) yield fileFault('the file', fields.length === 0 ? 'is a PDF without filled form fields; a printed or scanned claim form is not read as a claim' : 'is a PDF form, and not a CMS-1500')
  else yield* claimsOfCms1500(fields)
}

function* workbookClaims(path: string, size: number): Generator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for a workbook; save it as CSV')
  try {
    const sheets = workbookSheets(bytesOf(path, size))
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
function* jsonClaims(path: string, size: number): Generator<Reading> {
  if (size > MOST_BYTES) return yield fileFault('the file', 'is too large for one piece of JSON; give one claim a line in parts, or X12 837')
  const text = [...textOf(path)].join('').replace(/^\uFEFF/, '')
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
