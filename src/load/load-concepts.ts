// Reads dictionaries/concepts. May not: decide anything.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { conceptFileSchema, type ConceptEntry } from '../dictionary/concepts.ts'
import { DictionaryFault, readYaml } from './read-yaml.ts'

/** All entries of all files in order of file name. @throws DictionaryFault with every fault of every file. */
export function loadConceptEntries(folder: string): { file: string; entry: ConceptEntry }[] {
  const out: { file: string; entry: ConceptEntry }[] = []
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.yaml')).sort()) {
    const file = join(folder, name)
    try {
      for (const entry of readYaml(file, conceptFileSchema)) {
        const before = seen.get(entry.id)
        if (before) faults.push(`${file}: ${entry.id}: the id stands in ${before} too`)
        seen.set(entry.id, file)
        out.push({ file, entry })
      }
    } catch (e) {
      if (!(e instanceof DictionaryFault)) throw e
      faults.push(e.message)
    }
  }
  if (faults.length > 0) throw new DictionaryFault(faults.join('\n'))
  return out
}
