// Reads everything below dictionaries/ once. May not: decide anything; keep state.
import { join } from 'node:path'
import { compileConcepts } from '../dictionary/concepts.ts'
import { compileContext, contextDictionarySchema, type Context } from '../dictionary/context-dictionary.ts'
import { compileEvents, eventFileSchema } from '../dictionary/events-dictionary.ts'
import { denialCodesSchema } from '../dictionary/denial-codes.ts'
import { compileMeasures, measureFileSchema } from '../dictionary/measures-dictionary.ts'
import { compileNoteTypes, noteTypeFileSchema } from '../dictionary/note-types-dictionary.ts'
import { compilePeople, peopleFileSchema } from '../dictionary/people-dictionary.ts'
import { compilePerformance, performanceFileSchema } from '../dictionary/performance-dictionary.ts'
import { compileSections, sectionFileSchema } from '../dictionary/sections-dictionary.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import type { Knowledge } from '../review-claim.ts'
import { hashOf } from './folder.ts'
import { loadConceptEntries } from './load-concepts.ts'
import { loadPolicies } from './load-policy.ts'
import { loadTables } from './load-tables.ts'
import { DictionaryFault, readYaml } from './read-yaml.ts'
import { unknownWords } from './known-words.ts'

export { dictionariesFolder } from './folder.ts'

/** The cues alone: all that an assertion needs. */
export const loadContext = (folder: string): Context => compiled(folder, 'context.yaml', (path) => compileContext(readYaml(path, contextDictionarySchema)))

/** A fault that only compiling finds (an unknown word in a pattern, an id twice) is told as one of the file or folder. */
function compiled<T>(folder: string, name: string, compile: (path: string) => T): T {
  const path = join(folder, name)
  try {
    return compile(path)
  } catch (e) {
    if (e instanceof DictionaryFault || !(e instanceof Error) || e.name !== 'Error') throw e
    throw new DictionaryFault(e.message.split('\n').map((fault) => `${path}: ${fault}`).join('\n'))
  }
}

/** @throws DictionaryFault with every fault of a file. */
export function loadNoteDictionaries(folder: string): NoteDictionaries {
  return {
    concepts: compiled(folder, 'concepts', (path) => compileConcepts(loadConceptEntries(path).map((e) => e.entry))),
    context: loadContext(folder),
    measures: compiled(folder, 'measures.yaml', (path) => compileMeasures(readYaml(path, measureFileSchema))),
    people: compiled(folder, 'people.yaml', (path) => compilePeople(readYaml(path, peopleFileSchema))),
    noteTypes: compiled(folder, 'note-types.yaml', (path) => compileNoteTypes(readYaml(path, noteTypeFileSchema))),
    sections: compiled(folder, 'sections.yaml', (path) => compileSections(readYaml(path, sectionFileSchema))),
    performance: compiled(folder, 'performance-status.yaml', (path) => compilePerformance(readYaml(path, performanceFileSchema))),
    events: compiled(folder, 'events.yaml', (path) => compileEvents(readYaml(path, eventFileSchema))),
  }
}

export function loadKnowledge(folder: string, engine: string): Knowledge {
  const notes = loadNoteDictionaries(folder)
  const policies = loadPolicies(folder)
  const faults = policies.flatMap((p) => unknownWords(p, new Set([...notes.concepts.entries.values()].filter((e) => e.kind !== 'class').map((e) => e.id))))
  if (faults.length > 0) throw new DictionaryFault(faults.join('\n'))
  return { notes, policies, tables: loadTables([join(folder, 'tables')]), denialCodes: readYaml(join(folder, 'denial-codes.yaml'), denialCodesSchema), hash: hashOf(folder), engine }
}
