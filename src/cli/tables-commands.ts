// The arguments of `vouch tables`. May not: load an importer before it is needed.
import { join } from 'node:path'
import { Option, type Command } from 'commander'
import { dictionariesFolder } from '../load/folder.ts'
import type { Setting } from '../dictionary/reference-tables.ts'

type Tell = (content: string, out: string | undefined) => Promise<void>

export function registerTables(program: Command, tell: Tell): void {
  const tables = program.command('tables').description('national edits, code sets and indicators')
  const own = (): string => join(dictionariesFolder(), 'tables')
  tables.command('import').description('take in a file as published by CMS or NCHS')
    .argument('<file>', 'edits (PTP, MUE), ICD-10-CM order file or addenda, relative value file; as text, CSV, XLSX or ZIP')
    .option('--dir <dir>', 'folder of the tables (default: those of the program)')
    .option('--effective <date>', 'first day on which it holds, where the file does not say')
    .addOption(new Option('--setting <setting>', 'for whom the edits are, where the file does not say').choices(['practitioner', 'hospital']))
    .action(async (file: string, options: { dir?: string; effective?: string; setting?: Setting }) => {
      const { importFile, importedText } = await import('./tables-import.ts')
      const imported = importFile(file, { folder: options.dir ?? own(), dictionaries: dictionariesFolder(), effective: options.effective, setting: options.setting })
      // The stored dictionaries beside the program hold for the tables that were there when it was built.
      if (options.dir === undefined && imported.some((i) => i.changed)) await (await import('../load/snapshot.ts')).renewSnapshot(dictionariesFolder())
      await tell(importedText(imported), undefined)
      process.exitCode = imported.every((i) => i.faults.length === 0) ? 0 : 1
    })
  tables.command('list').description('tables in use, with the day from which each holds').option('--dir <dir>', 'a further folder of tables')
    .action(async (options: { dir?: string }) => tell((await import('./tables-import.ts')).listTables([own(), ...(options.dir === undefined ? [] : [options.dir])]), undefined))
}
