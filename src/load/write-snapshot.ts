// Run by `npm run build`: stores the dictionaries beside the compiled program. May not: run from the sources; print.
import { dictionariesFolder } from './folder.ts'
import { loadKnowledge } from './load-knowledge.ts'
import { writeSnapshot } from './snapshot.ts'

if (!import.meta.url.endsWith('.ts')) writeSnapshot(loadKnowledge(dictionariesFolder(), ''))
