// Run by `npm run build`: stores the dictionaries beside the compiled program. May not: run from the sources; fail for a faulty dictionary, of which the program itself tells.
import { dictionariesFolder } from './folder.ts'
import { loadKnowledge } from './load-knowledge.ts'
import { writeSnapshot } from './snapshot.ts'

if (!import.meta.url.endsWith('.ts')) {
  try {
    writeSnapshot(loadKnowledge(dictionariesFolder(), ''))
  } catch (e) {
    process.stderr.write(`dictionaries are not stored: ${(e as Error).message}\n`)
  }
}
