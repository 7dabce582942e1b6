// Reads stored reference tables from folders. May not: decide anything; read the files as published (import-tables.ts does).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTable, type ReferenceTable } from '../dictionary/reference-tables.ts'
import type { Knowledge } from '../review-claim.ts'
import { hashOf } from './folder.ts'
import { DictionaryFault } from './read-yaml.ts'

/** Every table of the folders, in order of file name; of two with the same kind, setting and day the later folder's holds. @throws DictionaryFault */
export function loadTables(folders: readonly string[]): ReferenceTable[] {
  const out = new Map<string, ReferenceTable>()
  for (const folder of folders) {
    if (!existsSync(folder)) throw new DictionaryFault(`${folder}: there is no such folder of tables`)
    for (const name of readdirSync(folder).filter((n) => n.endsWith('.csv')).sort()) {
      const path = join(folder, name)
      const table = parseTable(readFileSync(path, 'utf8'))
      if (table === null) continue
      if (typeof table === 'string') throw new DictionaryFault(`${path}: ${table}`)
      out.set(`${table.table} ${table.setting ?? ''} ${table.effective}`, table)
    }
  }
  return [...out.values()]
}

/** Further tables beside those of the program, and what tells this state of them from another. */
export interface FurtherTables {
  readonly tables: readonly ReferenceTable[]
  readonly hash: string
}

/** @throws DictionaryFault */
export const furtherTables = (dictionaries: string, folder: string): FurtherTables => ({ tables: loadTables([join(dictionaries, 'tables'), folder]), hash: hashOf(folder) })

/** The same knowledge with these tables; its hash says so. */
export const withTables = (knowledge: Knowledge, { tables, hash }: FurtherTables): Knowledge => ({ ...knowledge, tables, hash: `${knowledge.hash} tables ${hash}` })
