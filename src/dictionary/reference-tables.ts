// Reference tables as published by quarter (diagnoses, national edits, indicators, places, modifiers): their stored form and pure look-ups. May not: read a file; decide about a claim.
import { delimitedRows } from '../base/delimited.ts'

export const TABLE_KINDS = ['icd10cm', 'ncci-ptp', 'ncci-mue', 'fee-indicators', 'places', 'modifiers'] as const
export type TableKind = (typeof TABLE_KINDS)[number]
export type Setting = 'practitioner' | 'hospital'

export const TABLE_COLUMNS: Readonly<Record<TableKind, readonly string[]>> = {
  icd10cm: ['code', 'billable', 'descriptor'],
  'ncci-ptp': ['column1', 'column2', 'from', 'until', 'indicator', 'rationale'],
  'ncci-mue': ['code', 'units', 'adjudication', 'rationale'],
  'fee-indicators': ['code', 'modifier', 'status', 'component', 'global'],
  places: ['code', 'label', 'facility'],
  modifiers: ['code', 'label', 'use'],
}

export interface ReferenceTable {
  readonly table: TableKind
  /** Null where the table is for both. */
  readonly setting: Setting | null
  /** First day on which it holds: `YYYY-MM-DD`. */
  readonly effective: string
  /** Which codes it holds: `all`, a range such as `C00-D49`, or words. */
  readonly scope: string
  readonly source: string
  /** Rows as CSV without head and column names, in the order of their characters, each ended by a line break. */
  readonly body: string
}

/** A table as an answer cites it. */
export interface TableCite {
  readonly table: TableKind
  readonly setting: Setting | null
  readonly effective: string
  readonly source: string
}

export const citeOfTable = ({ table, setting, effective, source }: ReferenceTable): TableCite => ({ table, setting, effective, source })

/** Null where the text is no stored table; a string says what is wrong with one. */
export function parseTable(text: string): ReferenceTable | string | null {
  const head = new Map<string, string>()
  let at = 0
  while (text[at] === '#') {
    const end = text.indexOf('\n', at)
    const m = /^# (\w+): (.*)$/.exec(text.slice(at, end < 0 ? undefined : end).trimEnd())
    if (m) head.set(m[1] as string, m[2] as string)
    if (end < 0) break
    at = end + 1
  }
  const table = head.get('table') as TableKind | undefined
  if (table === undefined) return null
  if (!TABLE_KINDS.includes(table)) return `there is no table «${table}»`
  const effective = head.get('effective') ?? ''
  if (!/^\d{4}-\d{2}-\d{2}$/.test(effective)) return 'the day from which it holds (effective) is missing or not a date'
  const setting = head.get('setting') ?? null
  if (setting !== null && setting !== 'practitioner' && setting !== 'hospital') return 'the setting is neither practitioner nor hospital'
  const end = text.indexOf('\n', at)
  if (end < 0 || text.slice(at, end).trim() !== TABLE_COLUMNS[table].join(',')) return `the columns are not ${TABLE_COLUMNS[table].join(',')}`
  return { table, setting, effective, scope: head.get('scope') ?? 'all', source: head.get('source') ?? '', body: text.slice(end + 1) }
}

/** Line of a stored table; every row is one line. */
export function tableLine(cells: readonly string[]): string {
  return cells.map((c) => c.replace(/[\r\n]+/g, ' ')).map((c) => (/[",]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c)).join(',')
}

/** The stored form. The same rows give the same bytes, whatever their order. */
export function printTable(table: Omit<ReferenceTable, 'body'>, lines: Iterable<string>): string {
  const sorted = [...new Set(lines)].sort()
  const head = [['table', table.table], ...(table.setting === null ? [] : [['setting', table.setting]]), ['effective', table.effective], ['scope', table.scope], ['source', table.source]]
  return `${head.map(([k, v]) => `# ${k}: ${v}\n`).join('')}${TABLE_COLUMNS[table.table].join(',')}\n${sorted.map((l) => `${l}\n`).join('')}`
}

/** Rows whose line begins so, found without reading the others. */
export function rowsBeginning({ body }: ReferenceTable, prefix: string): string[][] {
  const lineStart = (at: number): number => body.lastIndexOf('\n', at - 1) + 1
  let low = 0
  let high = body.length
  while (low < high) {
    const start = lineStart((low + high) >>> 1)
    const end = body.indexOf('\n', start)
    if (body.slice(start, Math.min(start + prefix.length, end < 0 ? body.length : end)) < prefix) low = (end < 0 ? body.length : end) + 1
    else high = start
  }
  const out: string[][] = []
  for (let at = low; at < body.length && body.startsWith(prefix, at); ) {
    const end = body.indexOf('\n', at)
    const line = body.slice(at, end < 0 ? undefined : end)
    if (!line.includes('"')) out.push(line.split(','))
    else for (const { cells } of delimitedRows([line], ',')) out.push([...cells])
    at = end < 0 ? body.length : end + 1
  }
  return out
}

/** The table in force on a day: the latest that had begun, else the first there is. */
export function tableOn(tables: readonly ReferenceTable[], kind: TableKind, date: string, setting: Setting | null = null): ReferenceTable | null {
  let best: ReferenceTable | null = null
  for (const t of tables) {
    if (t.table !== kind || (t.setting !== null && t.setting !== setting)) continue
    const begun = t.effective <= date
    if (best === null || (begun && (best.effective > date || t.effective > best.effective)) || (!begun && best.effective > date && t.effective < best.effective)) best = t
  }
  return best
}

// ---- diagnoses ----------------------------------------------------------------------------------------------------------------------

/**
 * How a code is unspecified by its descriptor. `nodal-opening` is none: the fixed opening of the codes of metastatic nodes.
 * `without-the-word` says nothing definite and does not use the word.
 */
export type Unspecified = 'site' | 'side-or-part' | 'lymphoma-site' | 'skin-histology' | 'behavior' | 'nodal-opening' | 'without-the-word' | 'other'

/** Kinds that the sentence “unspecified diagnoses are denied” means. */
export const TRULY_UNSPECIFIED: ReadonlySet<Unspecified> = new Set(['site', 'side-or-part', 'lymphoma-site', 'skin-histology', 'behavior', 'other'])

export interface DiagnosisEntry {
  /** With its point: `C50.412`. */
  readonly code: string
  readonly billable: boolean
  readonly descriptor: string
  readonly unspecified: Unspecified | null
}

export interface DiagnosisAnswer {
  /** `absent-may-be-new`: not in a table that is older than the code set of the day. `outside`: the table does not hold such codes. */
  readonly state: 'valid' | 'header' | 'absent' | 'absent-may-be-new' | 'outside'
  readonly entry: DiagnosisEntry | null
  readonly table: TableCite
}

const bareCode = (code: string): string => code.trim().toUpperCase().replace('.', '')
const dotted = (code: string): string => (code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code)
const YEAR_MS = 365.25 * 86_400_000

export function unspecifiedKind(code: string, descriptor: string): Unspecified | null {
  const bare = bareCode(code)
  // Says nothing definite, by meaning alone: liver primary or secondary, ill-defined sites, unknown primary.
  if (/^(?:C229|C269|C399|C76\d|C801)/.test(bare) && !/unspecified (?:upper|lower) limb/i.test(descriptor)) return 'without-the-word'
  const opening = /^secondary and unspecified /i.test(descriptor)
  const rest = opening ? descriptor.slice('secondary and unspecified '.length) : descriptor
  if (!/\bunspecified\b/i.test(rest)) return opening ? 'nodal-opening' : null
  if (/^D49/.test(bare)) return 'behavior'
  if (/^C8[1-8]/.test(bare) && /unspecified site/i.test(rest)) return 'lymphoma-site'
  if (/^unspecified malignant neoplasm of .*skin/i.test(rest)) return 'skin-histology'
  if (/, unspecified\b/i.test(rest)) return 'site'
  if (/\bunspecified\b \w+/i.test(rest)) return 'side-or-part'
  return 'other'
}

function entryOfRow([code = '', billable = '', descriptor = '']: readonly string[]): DiagnosisEntry {
  return { code: dotted(code), billable: billable === '1', descriptor, unspecified: unspecifiedKind(code, descriptor) }
}

export function diagnosisOn(tables: readonly ReferenceTable[], code: string, date: string): DiagnosisAnswer | null {
  const table = tableOn(tables, 'icd10cm', date)
  if (table === null) return null
  const cite = citeOfTable(table)
  const bare = bareCode(code)
  const row = rowsBeginning(table, `${bare},`)[0]
  if (row) {
    const entry = entryOfRow(row)
    return { state: entry.billable ? 'valid' : 'header', entry, table: cite }
  }
  if (!holdsCode(table.scope, bare)) return { state: 'outside', entry: null, table: cite }
  // The code set changes every October, and in part every April.
  const older = Date.parse(`${date}T00:00:00Z`) - Date.parse(`${table.effective}T00:00:00Z`) >= YEAR_MS || date < table.effective
  return { state: older ? 'absent-may-be-new' : 'absent', entry: null, table: cite }
}

function holdsCode(scope: string, bare: string): boolean {
  const m = /^([A-Z]\d\w)-([A-Z]\d\w)$/.exec(scope)
  return m === null ? scope === 'all' : bare.slice(0, 3) >= (m[1] as string) && bare.slice(0, 3) <= (m[2] as string)
}

// ---- the specific code that words support ------------------------------------------------------------------------------------------

/** Short forms that stand for several words of a descriptor. */
const SHORT_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\bRUL\b/g, 'right upper lobe lung'], [/\bRML\b/g, 'right middle lobe lung'], [/\bRLL\b/g, 'right lower lobe lung'], [/\bLUL\b/g, 'left upper lobe lung'], [/\bLLL\b/g, 'left lower lobe lung'],
  [/\bUOQ\b/g, 'upper outer quadrant breast'], [/\bUIQ\b/g, 'upper inner quadrant breast'], [/\bLOQ\b/g, 'lower outer quadrant breast'], [/\bLIQ\b/g, 'lower inner quadrant breast'],
  [/\b(?:Rt|RT|R)\b\.?/g, 'right'], [/\b(?:Lt|LT|L)\b\.?/g, 'left'], [/\bright-sided\b/gi, 'right'], [/\bleft-sided\b/gi, 'left'], [/\bBCC\b/g, 'basal cell carcinoma'], [/\bSCC\b/g, 'squamous cell carcinoma'],
  [/\bupper-outer\b/gi, 'upper outer'], [/\bupper-inner\b/gi, 'upper inner'], [/\blower-outer\b/gi, 'lower outer'], [/\blower-inner\b/gi, 'lower inner'], [/\bbrainstem\b/gi, 'brain stem'],
]
/** Words of descriptors that a chart need not use. */
const EMPTY_WORDS: ReadonlySet<string> = new Set([
  'malignant', 'neoplasm', 'secondary', 'primary', 'of', 'and', 'or', 'the', 'other', 'part', 'parts', 'site', 'sites', 'unspecified', 'specified', 'female', 'male', 'in', 'with', 'without', 'including', 'by', 'to', 'skin', 'tumor', 'not', 'elsewhere', 'classified',
])

const wordsOf = (text: string): string[] => (text.toLowerCase().match(/[a-z]{3,}/g) ?? []).filter((w) => !EMPTY_WORDS.has(w))

export interface SpecificDiagnosis {
  readonly entry: DiagnosisEntry
  /** 0-based sentences that say all that tells the code from its neighbours. */
  readonly sentences: readonly number[]
  /** The words found, as the descriptor has them. */
  readonly words: readonly string[]
}

/**
 * Codes of the same category that say more than the one billed, where a sentence names the organ and everything that tells the code from its neighbours. None where the billed code says all it can.
 * Several are returned where the sentences support several; then a person has to choose.
 */
export function specificDiagnoses(tables: readonly ReferenceTable[], code: string, date: string, sentences: readonly string[]): readonly SpecificDiagnosis[] {
  const table = tableOn(tables, 'icd10cm', date)
  const billed = diagnosisOn(tables, code, date)?.entry
  if (table === null || !billed || (billed.unspecified === null && billed.billable) || billed.unspecified === 'nodal-opening') return []
  const category = rowsBeginning(table, bareCode(code).slice(0, 3)).map(entryOfRow)
  // Where the whole category is of one organ its codes are neighbours; else only those of the same subcategory.
  const heading = wordsOf(category.find((e) => e.code.length === 3)?.descriptor ?? '')
  const shared = wordsOf(billed.descriptor).filter((w) => heading.includes(w))
  const organ = new Set(shared.length > 0 ? shared : wordsOf(billed.descriptor))
  const family = category.filter((e) => e.billable && e.code !== billed.code && (shared.length > 0 || e.code.slice(0, 5) === billed.code.slice(0, 5)))
  const count = (e: DiagnosisEntry): number => e.descriptor.match(/\bunspecified\b/gi)?.length ?? 0
  const definite = family.filter((e) => e.unspecified === null && !/\boverlapping\b|\bother specified\b|\bother parts?\b/i.test(e.descriptor))
  const better = family.filter((e) => e.unspecified !== null && count(e) < count(billed))
  const said = sentences.map((s) => new Set(wordsOf(SHORT_FORMS.reduce((text, [from, to]) => text.replace(from, to), s))))
  const sex = /\bmale\b/i.exec(billed.descriptor.replace(/female/gi, '')) ? 'male' : /\bfemale\b/i.test(billed.descriptor) ? 'female' : null
  const found = (list: readonly DiagnosisEntry[]): SpecificDiagnosis[] => list.flatMap((entry) => {
    if (sex !== null && sex !== (/\bfemale\b/i.test(entry.descriptor) ? 'female' : /\bmale\b/i.test(entry.descriptor) ? 'male' : sex)) return []
    const needs = [...new Set(wordsOf(entry.descriptor))].filter((w) => !organ.has(w))
    if (needs.length === 0) return []
    const own = said.flatMap((words, i) => (needs.every((w) => words.has(w)) && ([...organ].some((o) => words.has(o)) || needs.includes('lobe') || needs.includes('quadrant') || organ.size === 0) ? [i] : []))
    // A sentence that names both sides supports neither.
    const clear = own.filter((i) => !(said[i]?.has('right') && said[i]?.has('left')))
    return clear.length === 0 ? [] : [{ entry, sentences: clear, words: needs }]
  })
  const best = found(definite)
  const all = best.length > 0 ? best : found(better)
  // A code whose words are all among those of another says less than it.
  return all.filter((a) => !all.some((b) => b !== a && b.words.length > a.words.length && a.words.every((w) => b.words.includes(w))))
}

// ---- national edits and indicators -------------------------------------------------------------------------------------------------

export interface PairEdit {
  /** The code that is paid, and the one bundled into it. */
  readonly column1: string
  readonly column2: string
  /** False: never together; true: with a modifier that says why they are separate. */
  readonly modifierAllowed: boolean
  readonly rationale: string
  readonly table: TableCite
}

/** The edit between two codes on one day, in whichever order the table has them. */
export function pairEditOn(tables: readonly ReferenceTable[], setting: Setting, one: string, other: string, date: string): PairEdit | null {
  const table = tableOn(tables, 'ncci-ptp', date, setting)
  if (table === null) return null
  for (const [a, b] of [[one, other], [other, one]] as const) {
    for (const [column1 = '', column2 = '', from = '', until = '', indicator = '', rationale = ''] of rowsBeginning(table, `${a},${b},`)) {
      if (indicator === '9' || (from !== '' && (from > date || from === until)) || (until !== '' && until < date)) continue
      return { column1, column2, modifierAllowed: indicator === '1', rationale, table: citeOfTable(table) }
    }
  }
  return null
}

export interface UnitEdit {
  readonly most: number
  /** 1: per line; 2: per day, without exception; 3: per day, more only with clinical evidence. */
  readonly adjudication: 1 | 2 | 3
  readonly rationale: string
  readonly table: TableCite
}

export function unitEditOn(tables: readonly ReferenceTable[], setting: Setting, code: string, date: string): UnitEdit | null {
  const table = tableOn(tables, 'ncci-mue', date, setting)
  const row = table === null ? undefined : rowsBeginning(table, `${code},`)[0]
  if (table === null || row === undefined) return null
  const adjudication = Number(row[2])
  return { most: Number(row[1]), adjudication: adjudication === 1 || adjudication === 2 ? adjudication : 3, rationale: row[3] ?? '', table: citeOfTable(table) }
}

export interface FeeIndicators {
  /** 0 neither, 1 splits into both, 2 professional only, 3 technical only, 4 global only; further ones as published. */
  readonly component: string
  readonly status: string
  readonly global: string
  readonly table: TableCite
}

export function feeIndicatorsOn(tables: readonly ReferenceTable[], code: string, date: string): FeeIndicators | null {
  const table = tableOn(tables, 'fee-indicators', date)
  const rows = table === null ? [] : rowsBeginning(table, `${code},`)
  const row = rows.find((r) => r[1] === '') ?? rows[0]
  return table === null || row === undefined ? null : { component: row[3] ?? '', status: row[2] ?? '', global: row[4] ?? '', table: citeOfTable(table) }
}

export interface PlaceOfService { readonly code: string; readonly label: string; readonly facility: boolean; readonly table: TableCite }

export function placeOn(tables: readonly ReferenceTable[], code: string, date: string): PlaceOfService | null {
  const table = tableOn(tables, 'places', date)
  const row = table === null ? undefined : rowsBeginning(table, `${code},`)[0]
  return table === null || row === undefined ? null : { code, label: row[1] ?? '', facility: row[2] === '1', table: citeOfTable(table) }
}

export type ModifierUse = 'component' | 'separates' | 'repeats' | 'reduces' | 'other'
export interface ModifierEntry { readonly code: string; readonly label: string; readonly use: ModifierUse; readonly table: TableCite }

export function modifierOn(tables: readonly ReferenceTable[], code: string, date: string): ModifierEntry | null {
  const table = tableOn(tables, 'modifiers', date)
  const row = table === null ? undefined : rowsBeginning(table, `${code},`)[0]
  return table === null || row === undefined ? null : { code, label: row[1] ?? '', use: (row[2] ?? 'other') as ModifierUse, table: citeOfTable(table) }
}
