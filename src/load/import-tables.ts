// Files as CMS and NCHS publish them → stored reference tables. May not: trust a file's name for its kind; keep descriptors of codes that others own; change a table twice for the same file.
import { unzipSync } from 'fflate'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { delimitedRows, separatorOf } from '../base/delimited.ts'
import { workbookSheets, WorkbookFault, type SheetRow } from '../base/workbook.ts'
import { parseTable, printTable, tableLine, tableOn, type ReferenceTable, type Setting, type TableKind } from '../dictionary/reference-tables.ts'
import { headOf, textOf } from './claim-file.ts'

export interface ImportOptions {
  /** Folder of the stored tables. */
  readonly folder: string
  /** Procedure codes to keep; of national edits and indicators the rest is left out. */
  readonly codes: ReadonlySet<string>
  /** Where neither file nor name says it. */
  readonly effective?: string | undefined
  readonly setting?: Setting | undefined
}

export interface Imported {
  readonly table: TableKind
  readonly setting: Setting | null
  readonly effective: string
  /** Stored file. */
  readonly file: string
  readonly read: number
  readonly kept: number
  readonly changed: boolean
  /** `row 17: the modifier indicator is not 0, 1 or 9`. */
  readonly faults: readonly string[]
}

/** A file that cannot be imported: one sentence without its path. */
export class ImportFault extends Error {
  readonly kind = 'import-fault'
}

interface Gathered {
  readonly table: TableKind
  readonly setting: Setting | null
  readonly effective: string | null
  readonly scope: string
  readonly lines: readonly string[]
  readonly read: number
  readonly faults: readonly string[]
  /** Where a table was stored before it came here. */
  readonly source?: string
  /** Changes to an earlier table instead of a whole one. */
  readonly addenda?: { readonly gone: ReadonlySet<string> }
}

/** The name under which a file was published, and its rows or lines. */
interface Published {
  readonly name: string
  readonly head: string
  readonly text: () => Iterable<string>
  readonly rows: () => Iterable<SheetRow>
}

const HEAD = 1 << 16
const MOST_FAULTS = 20
const MOST_ZIP = 600 << 20
const SCOPE = 'radiation oncology'

/** Every table of the file; a ZIP as published may hold several. @throws ImportFault, WorkbookFault, or the fault of the file system */
export function importTables(path: string, options: ImportOptions): Imported[] {
  const published = publishedIn(path)
  const out = published.flatMap((p) => {
    const gathered = gather(p, options)
    return gathered === null ? [] : [store(gathered, p.name, options)]
  })
  if (out.length === 0) throw new ImportFault('holds no table that is known: procedure-to-procedure or medically unlikely edits, an ICD-10-CM order file or its addenda, or a relative value file')
  return out
}

// ---- opening -----------------------------------------------------------------------------------------------------------------------

function publishedIn(path: string): Published[] {
  const { head } = headOf(path)
  if (head[0] === 0x50 && head[1] === 0x4b) return ofArchive(basename(path), new Uint8Array(readFileSync(path)))
  if (head.subarray(0, 4096).includes(0) && !(head[0] === 0xff && head[1] === 0xfe)) throw new ImportFault('is neither text nor a workbook; save an old Excel file as XLSX or CSV')
  return [ofText(basename(path), () => textOf(path))]
}

function ofArchive(name: string, bytes: Uint8Array): Published[] {
  const names: string[] = []
  let total = 0
  const files = ((): Record<string, Uint8Array> => {
    try {
      return unzipSync(bytes, {
        filter: (f) => {
          names.push(f.name)
          if (!/\.(?:txt|csv|xlsx)$/i.test(f.name) || /^__MACOSX/.test(f.name)) return false
          total += f.originalSize
          if (total > MOST_ZIP) throw new ImportFault('is packed beyond what is unpacked here; unpack it and give its files one by one')
          return true
        },
      })
    } catch (e) {
      throw e instanceof ImportFault ? e : new ImportFault('is a damaged archive or workbook')
    }
  })()
  if (names.includes('xl/workbook.xml')) {
    const sheets = workbookSheets(bytes)
    return sheets.slice(0, 1).map((s) => ({ name, head: '', text: () => [], rows: s.rows }))
  }
  return Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([inner, content]) =>
    content[0] === 0x50 && content[1] === 0x4b ? ofArchive(basename(inner), content) : [ofText(basename(inner), () => [new TextDecoder().decode(content)])])
}

function ofText(name: string, text: () => Iterable<string>): Published {
  let head = ''
  for (const piece of text()) {
    head += piece
    if (head.length >= HEAD) break
  }
  const separator = separatorOf(head)
  return {
    name, head: head.slice(0, HEAD).replace(/^\uFEFF/, ''), text,
    rows: function* () {
      for (const { line, cells } of delimitedRows(text(), separator)) yield { row: line, cells }
    },
  }
}

// ---- kinds -------------------------------------------------------------------------------------------------------------------------

function gather(p: Published, options: ImportOptions): Gathered | null {
  if (/^# table: /.test(p.head)) return stored(p)
  if (p.head !== '') {
    const lines = p.head.split(/\r?\n/).filter((l) => l.trim() !== '').slice(0, 40)
    if (lines.some((l) => ORDER_LINE.test(l))) return lines.some((l) => ADDENDA_LINE.test(l)) ? addenda(p) : orderFile(p)
    if (lines.filter((l) => ADDENDA_LINE.test(l)).length >= 1) return addenda(p)
  }
  const rows = p.rows()
  const top: SheetRow[] = []
  for (const row of rows) if (top.push(row) >= 40) break
  const says = (row: SheetRow, ...words: string[]): boolean => words.every((w) => row.cells.some((c) => squeezed(c).includes(w)))
  if (top.some((r) => says(r, 'column1', 'column2'))) return pairEdits(p, options)
  if (top.some((r) => says(r, 'muevalue'))) return unitEdits(p, options)
  if (top.some((r) => r.cells.some((c) => squeezed(c) === 'hcpcs') && r.cells.some((c) => squeezed(c) === 'mod'))) return indicators(p, options)
  return null
}

const squeezed = (cell: string): string => cell.toLowerCase().replace(/[^a-z0-9]/g, '')

/** A table that was stored by Vouch elsewhere. */
function stored(p: Published): Gathered {
  const table = parseTable([...p.text()].join('').replace(/^\uFEFF/, ''))
  if (table === null || typeof table === 'string') throw new ImportFault(`is a stored table with a fault: ${table ?? 'no head'}`)
  const lines = table.body.split('\n').filter((l) => l !== '')
  return { table: table.table, setting: table.setting, effective: table.effective, scope: table.scope, source: table.source, lines, read: lines.length, faults: [] }
}

interface Faults { readonly list: string[]; count: number }
const faultList = (): Faults => ({ list: [], count: 0 })
function note(faults: Faults, where: string, what: string): void {
  if (++faults.count <= MOST_FAULTS) faults.list.push(`${where}: ${what}`)
}
const told = (f: Faults): string[] => (f.count > MOST_FAULTS ? [...f.list, `and ${f.count - MOST_FAULTS} more rows`] : f.list)

const CODE = /^[0-9A-Z]{5}$/
/** `20250101`, `2025-01-01` and `1/1/2025`; empty for none, null for what is no date. */
function dayOf(cell: string): string | null {
  const t = cell.trim()
  if (t === '' || t === '*') return ''
  const m = /^(\d{4})-?(\d{2})-?(\d{2})(?:\.0)?$/.exec(t)
  if (m) return `${m[1]}-${m[2]}-${m[3]}`
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(t)
  return us ? `${us[3]}-${(us[1] as string).padStart(2, '0')}-${(us[2] as string).padStart(2, '0')}` : null
}

function pairEdits(p: Published, { codes, setting }: ImportOptions): Gathered {
  const faults = faultList()
  const lines: string[] = []
  let read = 0
  let begun = false
  let newest = ''
  let at: number[] = []
  for (const { row, cells } of p.rows()) {
    if (!begun) {
      const heads = cells.map(squeezed)
      const find = (...words: string[]): number => heads.findIndex((h) => words.some((w) => h.startsWith(w)))
      if (heads.some((h) => h.startsWith('column1')) && heads.some((h) => h.startsWith('column2')) && heads.length > 3) {
        at = [find('column1'), find('column2'), find('effective'), find('deletion'), find('modifier'), find('ptpeditrationale', 'rationale', 'editrationale')]
        begun = true
      }
      continue
    }
    const [c1 = '', c2 = '', from = '', until = '', indicator = '', rationale = ''] = at.map((i) => (cells[i] ?? '').trim())
    const [column1, column2] = [c1.toUpperCase().padStart(5, '0'), c2.toUpperCase().padStart(5, '0')]
    // The headings go on over further rows, and notes stand below the table.
    if (!/\d/.test(c1) || c2 === '') continue
    read++
    const [begins, ends] = [dayOf(from), dayOf(until)]
    if (!CODE.test(column1) || !CODE.test(column2)) note(faults, `row ${row}`, 'a code is not of five characters')
    else if (begins === null || ends === null) note(faults, `row ${row}`, 'a date is not a date')
    else if (!/^[019]$/.test(indicator)) note(faults, `row ${row}`, 'the modifier indicator is not 0, 1 or 9')
    else {
      if (begins > newest) newest = begins
      if (codes.has(column1) && codes.has(column2)) lines.push(tableLine([column1, column2, begins, ends, indicator, rationale]))
    }
  }
  const by = /ccioph|outpatient|hospital|facility/i.test(p.name) ? 'hospital' : /ccipra|practitioner|physician/i.test(p.name) ? 'practitioner' : null
  const own = setting ?? by
  if (own === null) throw new ImportFault('does not say for whom the edits are; add --setting practitioner or --setting hospital')
  return { table: 'ncci-ptp', setting: own, effective: quarterOfName(p.name) ?? quarterFrom(newest), scope: SCOPE, lines, read, faults: told(faults) }
}

function unitEdits(p: Published, { codes, setting }: ImportOptions): Gathered {
  const faults = faultList()
  const lines: string[] = []
  let read = 0
  let at: number[] | null = null
  let by: Setting | null = null
  let title = ''
  for (const { row, cells } of p.rows()) {
    if (at === null) {
      title += ` ${cells.join(' ')}`
      const heads = cells.map(squeezed)
      const values = heads.findIndex((h) => h.includes('muevalue'))
      if (values < 0) continue
      const heading = heads[values] as string
      if (heading.includes('dme')) throw new ImportFault('is the table for suppliers of equipment, which is not used here')
      by = heading.includes('outpatient') || heading.includes('hospital') || heading.includes('facility') ? 'hospital' : heading.includes('practitioner') ? 'practitioner' : null
      at = [heads.findIndex((h) => h.includes('hcpcs') || h.includes('cptcode')), values, heads.findIndex((h) => h.includes('adjudicationindicator') || h === 'mai'), heads.findIndex((h) => h.includes('rationale'))]
      continue
    }
    const [c = '', units = '', adjudication = '', rationale = ''] = at.map((i) => (cells[i] ?? '').trim())
    const code = c.toUpperCase().padStart(5, '0')
    if (c === '' || units === '') continue
    read++
    const mai = /^[123]/.exec(adjudication)?.[0]
    if (!CODE.test(code)) note(faults, `row ${row}`, 'the code is not of five characters')
    else if (!/^\d{1,6}$/.test(units)) note(faults, `row ${row}`, 'the number of units is not a number')
    else if (mai === undefined) note(faults, `row ${row}`, 'the adjudication indicator is not 1, 2 or 3')
    else if (codes.has(code)) lines.push(tableLine([code, units, mai, rationale]))
  }
  const own = setting ?? by
  if (own === null) throw new ImportFault('does not say for whom the edits are; add --setting practitioner or --setting hospital')
  return { table: 'ncci-mue', setting: own, effective: quarterOfName(p.name) ?? dayWithin(title), scope: SCOPE, lines, read, faults: told(faults) }
}

function indicators(p: Published, { codes }: ImportOptions): Gathered {
  const faults = faultList()
  const lines: string[] = []
  let read = 0
  let at: number[] | null = null
  let title = ''
  // The headings stand in several rows, one below the other.
  const above: string[] = []
  for (const { row, cells } of p.rows()) {
    if (at === null) {
      cells.forEach((c, i) => (above[i] = `${above[i] ?? ''} ${c}`))
      title += ` ${cells.join(' ')}`
      if (!cells.some((c) => squeezed(c) === 'hcpcs') || !cells.some((c) => squeezed(c) === 'mod')) continue
      const heads = above.map(squeezed)
      const ends = (...words: string[]): number => heads.findIndex((h) => words.some((w) => h.endsWith(w)))
      at = [ends('hcpcs'), ends('mod'), ends('statuscode', 'status'), ends('pctcind', 'pctcindicator', 'pctc'), ends('globdays', 'globaldays', 'glob')]
      if (at[2] === -1) at[2] = heads.findIndex((h) => h.endsWith('code') && h.includes('status'))
      if (at.includes(-1)) throw new ImportFault('is a relative value file whose headings are not known; status, PC/TC indicator and global days are looked for')
      continue
    }
    const [c = '', modifier = '', status = '', component = '', global = ''] = at.map((i) => (cells[i] ?? '').trim())
    if (c === '' || status === '') continue
    const code = c.toUpperCase().padStart(5, '0')
    read++
    if (!CODE.test(code)) note(faults, `row ${row}`, 'the code is not of five characters')
    else if (!/^\d$/.test(component)) note(faults, `row ${row}`, 'the PC/TC indicator is not one digit')
    // The descriptor is another's and is not kept.
    else if (codes.has(code)) lines.push(tableLine([code, modifier, status, component, global]))
  }
  return { table: 'fee-indicators', setting: null, effective: quarterOfName(p.name) ?? releaseIn(title), scope: SCOPE, lines, read, faults: told(faults) }
}

// Positions of the order file: number 1–5, code 7–13, billable 15, short text 17–76, long text from 78.
const ORDER_LINE = /^\d{5} [A-Z]\d[0-9A-Z]{1,5} +[01] /
const ADDENDA_LINE = /^\s*(?:Add|Delete|Revise from|Revise to|No change)\s*:/i

function orderRow(line: string): { code: string; line: string } | null {
  const code = line.slice(6, 13).trim()
  const flag = line[14]
  const descriptor = (line.slice(77).trim() || line.slice(16, 76).trim())
  return /^[A-Z]\d[0-9A-Z]{1,5}$/.test(code) && (flag === '0' || flag === '1') && descriptor !== '' ? { code, line: tableLine([code, flag, descriptor]) } : null
}

function* linesOf(p: Published): Generator<{ number: number; line: string }> {
  let rest = ''
  let number = 0
  for (const piece of p.text()) {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) yield { number: ++number, line: line.replace(/\r$/, '').replace(/^\uFEFF/, '') }
  }
  if (rest !== '') yield { number: ++number, line: rest }
}

function orderFile(p: Published): Gathered {
  const faults = faultList()
  const lines: string[] = []
  let read = 0
  for (const { number, line } of linesOf(p)) {
    if (line.trim() === '') continue
    read++
    const row = orderRow(line)
    if (row === null) note(faults, `line ${number}`, 'is not laid out as the order file is: number, code, flag, texts')
    else lines.push(row.line)
  }
  return { table: 'icd10cm', setting: null, effective: codeSetOfName(p.name), scope: 'all', lines, read, faults: told(faults) }
}

/** Changes: added and revised codes come in, deleted and revised ones go. In the layout of the order file, or code and text alone. */
function addenda(p: Published): Gathered {
  const faults = faultList()
  const lines: string[] = []
  const gone = new Set<string>()
  let read = 0
  for (const { number, line } of linesOf(p)) {
    const m = /^\s*(Add|Delete|Revise from|Revise to|No change)\s*:\s*(.*)$/i.exec(line)
    if (!m || /^no/i.test(m[1] as string)) continue
    read++
    const [, what = '', rest = ''] = m
    const ordered = ORDER_LINE.test(rest) ? orderRow(rest) : null
    const bare = /^([A-Z]\d[0-9A-Z]{1,5})\s+(\S.*)$/.exec(rest)
    const row = ordered ?? (bare ? { code: bare[1] as string, line: tableLine([bare[1] as string, '1', (bare[2] as string).trim()]) } : null)
    if (row === null) note(faults, `line ${number}`, 'names no code and text')
    else if (/^(?:delete|revise from)$/i.test(what)) gone.add(row.code)
    else if (/^(?:add|revise to)$/i.test(what)) {
      gone.add(row.code)
      lines.push(row.line)
    }
  }
  return { table: 'icd10cm', setting: null, effective: codeSetOfName(p.name), scope: 'all', lines, read, faults: told(faults), addenda: { gone } }
}

// ---- days --------------------------------------------------------------------------------------------------------------------------

const QUARTERS = ['01-01', '04-01', '07-01', '10-01']

/** `v302` (version 30.2), `2024q3`, `Eff_10-01-2026`, `PPRRVU24_JUL`. */
function quarterOfName(name: string): string | null {
  const version = /v(\d{2})([0-3])r\d/i.exec(name)
  // Version 30 is that of 2024.
  if (version) return `${1994 + Number(version[1])}-${QUARTERS[Number(version[2])]}`
  const quarter = /(20\d{2})[-_ ]?q([1-4])/i.exec(name)
  if (quarter) return `${quarter[1]}-${QUARTERS[Number(quarter[2]) - 1]}`
  const month = /(?:20)?(\d{2})[-_ ]?(JAN|APR|JUL|OCT)/i.exec(name)
  if (month) return `20${month[1]}-${QUARTERS[['jan', 'apr', 'jul', 'oct'].indexOf((month[2] as string).toLowerCase())]}`
  return dayWithin(name)
}

function dayWithin(text: string): string | null {
  const m = /(\d{1,2})[-_/](\d{1,2})[-_/](20\d{2})/.exec(text)
  return m ? `${m[3]}-${(m[1] as string).padStart(2, '0')}-${(m[2] as string).padStart(2, '0')}` : null
}

function releaseIn(title: string): string | null {
  const release = /\b(January|April|July|October)\s+release/i.exec(title)
  const year = /\b(20\d{2})\b/.exec(title)
  return release && year ? `${year[1]}-${QUARTERS[['january', 'april', 'july', 'october'].indexOf((release[1] as string).toLowerCase())]}` : null
}

/** The quarter in which the newest edit begins. */
function quarterFrom(day: string): string | null {
  const m = /^(20\d{2})-(\d{2})/.exec(day)
  return m ? `${m[1]}-${QUARTERS[Math.floor((Number(m[2]) - 1) / 3)]}` : null
}

/** Fiscal years begin in October of the year before; an update in April bears its own name. */
function codeSetOfName(name: string): string | null {
  const april = /apr(?:il)?[-_ ]*(?:0?1[-_ ]*)?(20\d{2})|(20\d{2})[-_ ]*(?:04|apr)/i.exec(name)
  if (april) return `${april[1] ?? april[2]}-04-01`
  const october = /oct(?:ober)?[-_ ]*(?:0?1[-_ ]*)?(20\d{2})/i.exec(name)
  if (october) return `${october[1]}-10-01`
  const year = /(20\d{2})/.exec(name)
  return year ? `${Number(year[1]) - 1}-10-01` : null
}

// ---- storing -----------------------------------------------------------------------------------------------------------------------

/** Files of one publication that differ only in their part: `ccipra-v302r0-f1`. */
const stemOf = (name: string): string => name.replace(/\.[a-z]+$/i, '').replace(/[-_]f\d+$/i, '')

function store(g: Gathered, name: string, { folder, effective: wanted }: ImportOptions): Imported {
  const effective = wanted ?? g.effective
  if (effective === null) throw new ImportFault('does not say from which day it holds; add --effective YYYY-MM-DD')
  const file = `${[g.table, ...(g.setting === null ? [] : [g.setting]), effective].join('-')}.csv`
  const path = join(folder, file)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null
  const old = before === null ? null : parseTable(before)
  let lines: Iterable<string> = g.lines
  let { scope } = g
  let source = g.source ?? name
  const rowsOf = (t: ReferenceTable): string[] => t.body.split('\n').filter((l) => l !== '')
  if (g.addenda) {
    const base = tableOn(storedIn(folder).filter((t) => t.effective < effective), 'icd10cm', effective)
    if (base === null) throw new ImportFault('changes an earlier table of diagnoses, and there is none; import the order file of the year first')
    const { gone } = g.addenda
    const within = /^([A-Z]\d\w)-([A-Z]\d\w)$/.exec(base.scope)
    const inScope = (l: string): boolean => within === null || (l.slice(0, 3) >= (within[1] as string) && l.slice(0, 3) <= (within[2] as string))
    lines = [...rowsOf(base).filter((l) => !gone.has(l.slice(0, l.indexOf(',')))), ...g.lines.filter(inScope)]
    scope = base.scope
    source = `${name} on ${base.source}`
  } else if (old !== null && typeof old !== 'string') {
    const sources = old.source.split(', ')
    const isPart = stemOf(name) !== name.replace(/\.[a-z]+$/i, '')
    // Another part of the same publication; a file that is the whole of it replaces what was there.
    if (isPart && sources.every((s) => stemOf(s) === stemOf(name)) && sources.join() !== name) {
      lines = [...rowsOf(old), ...g.lines]
      source = [...new Set([...sources, name])].sort().join(', ')
    }
  }
  const kept = [...new Set(lines)]
  if (kept.length === 0) throw new ImportFault('has no row that is of use here')
  const text = printTable({ table: g.table, setting: g.setting, effective, scope, source }, kept)
  const changed = text !== before
  if (changed) writeWhole(path, text)
  return { table: g.table, setting: g.setting, effective, file: path, read: g.read, kept: kept.length, changed, faults: g.faults }
}

function storedIn(folder: string): ReferenceTable[] {
  return readdirSync(folder).filter((n) => n.endsWith('.csv')).sort().map((n) => parseTable(readFileSync(join(folder, n), 'utf8'))).filter((t) => t !== null && typeof t !== 'string')
}

function writeWhole(path: string, text: string): void {
  const beside = `${path}.part`
  try {
    writeFileSync(beside, text)
    renameSync(beside, path)
  } catch (e) {
    rmSync(beside, { force: true })
    throw e
  }
}

export const isImportFault = (e: unknown): e is Error => e instanceof ImportFault || e instanceof WorkbookFault
