// Reads everything below dictionaries/ once. May not: decide anything; keep state.
import { join } from 'node:path'
import { compileConcepts } from '../dictionary/concepts.ts'
import { compileContext, contextDictionarySchema, type Context } from '../dictionary/context-dictionary.ts'
import { compileMeasures, measureFileSchema } from '../dictionary/measures-dictionary.ts'
import { compileNoteTypes, noteTypeFileSchema } from '../dictionary/note-types-dictionary.ts'
import { compilePeople, peopleFileSchema } from '../dictionary/people-dictionary.ts'
import { compilePerformance, performanceFileSchema } from '../dictionary/performance-dictionary.ts'
import { compileSections, sectionFileSchema } from '../dictionary/sections-dictionary.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import type { Knowledge } from '../review-claim.ts'
import { hashOf } from './folder.ts'
import { loadConceptEntries } from './load-concepts.ts'
import { loadDiagnoses, loadPolicies } from './load-policy.ts'
import { DictionaryFault, readYaml } from './read-yaml.ts'
import { unknownWords } from './known-words.ts'

export { dictionariesFolder } from './folder.ts'

/** The cues alone: all that an assertion needs. */
export const loadContext = (folder: string): Context => compileContext(readYaml(join(folder, 'context.yaml'), contextDictionarySchema))

/** @throws DictionaryFault with every fault of a file, or Error of a compile step. */
export function loadNoteDictionaries(folder: string): NoteDictionaries {
  return {
    concepts: compileConcepts(loadConceptEntries(join(folder, 'concepts')).map((e) => e.entry)),
    context: loadContext(folder),
    measures: compileMeasures(readYaml(join(folder, 'measures.yaml'), measureFileSchema)),
    people: compilePeople(readYaml(join(folder, 'people.yaml'), peopleFileSchema)),
    noteTypes: compileNoteTypes(readYaml(join(folder, 'note-types.yaml'), noteTypeFileSchema)),
    sections: compileSections(readYaml(join(folder, 'sections.yaml'), sectionFileSchema)),
    performance: compilePerformance(readYaml(join(folder, 'performance-status.yaml'), performanceFileSchema)),
  }
}

export function loadKnowledge(folder: string, engine: string): Knowledge {
  const notes = loadNoteDictionaries(folder)
  const policies = loadPolicies(folder)
  const faults = policies.flatMap((p) => unknownWords(p, new Set([...notes.concepts.entries.values()].filter((e) => e.kind !== 'class').map((e) => e.id))))
  if (faults.length > 0) throw new DictionaryFault(faults.join('\n'))
  return { notes, policies, diagnoses: loadDiagnoses(folder), hash: hashOf(folder), engine }
}
