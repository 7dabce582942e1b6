// `vouch tables import|list`: tables as published into the form that is used, and which are in use. May not: decide anything.
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ReferenceTable, Setting } from '../dictionary/reference-tables.ts'
import { codesSchema } from '../policy/rules.ts'
import { importTables, isImportFault, type Imported } from '../load/import-tables.ts'
import { loadTables } from '../load/load-tables.ts'
import { readYaml } from '../load/read-yaml.ts'
import { InputFault } from './fault.ts'

export interface TablesImport {
  readonly folder: string
  readonly dictionaries: string
  readonly effective?: string | undefined
  readonly setting?: Setting | undefined
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** @throws InputFault in one sentence */
export function importFile(path: string, { folder, dictionaries, effective, setting }: TablesImport): Imported[] {
  if (effective !== undefined && !DAY.test(effective)) throw new InputFault(`${effective}: a date is written YYYY-MM-DD.`)
  const codes = new Set(readYaml(join(dictionaries, 'codes.yaml'), codesSchema).map((c) => c.code))
  try {
    mkdirSync(folder, { recursive: true })
    return importTables(path, { folder, codes, effective, setting })
  } catch (e) {
    if (isImportFault(e)) throw new InputFault(`${path}: ${e.message}.`)
    if (e instanceof Error && 'syscall' in e) throw new InputFault(`${'path' in e && typeof e.path === 'string' ? e.path : path}: cannot be read or written (${'code' in e ? String(e.code) : 'unknown fault'}).`)
    throw e
  }
}

export const nameOfTable = ({ table, setting, effective }: Pick<ReferenceTable, 'table' | 'setting' | 'effective'>): string => `${table}${setting === null ? '' : ` ${setting}`}, from ${effective}`

export function importedText(list: readonly Imported[]): string {
  return list.map((i) => `${nameOfTable(i)}: ${i.kept} rows stored of ${i.read} read, ${basename(i.file)} ${i.changed ? 'written' : 'unchanged'}\n${i.faults.map((f) => `  ${f}\n`).join('')}`).join('')
}

export function listTables(folders: readonly string[]): string {
  return loadTables(folders).sort((a, b) => (nameOfTable(a) < nameOfTable(b) ? -1 : 1))
    .map((t) => `${nameOfTable(t)}\n  ${t.body === '' ? 0 : t.body.split('\n').length - 1} rows, ${t.scope === 'all' ? 'complete' : t.scope}; ${t.source}\n`).join('')
}
