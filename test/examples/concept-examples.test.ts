// Every example that the concept files carry, one test an entry. May not: hold examples of its own.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failingExamples } from '../../src/examples/check-concepts.ts'
import { loadConceptEntries } from '../../src/load/load-concepts.ts'
import { dictionariesFolder, loadNoteDictionaries } from '../../src/load/load-knowledge.ts'

const folder = dictionariesFolder()
const words = loadNoteDictionaries(folder)
const entries = loadConceptEntries(join(folder, 'concepts'))

for (const file of new Set(entries.map((e) => e.file))) {
  describe(file, () => {
    for (const { entry } of entries.filter((e) => e.file === file)) {
      it(entry.id, () => {
        expect(failingExamples(words.concepts, entry, words)).toEqual([])
      })
    }
  })
}

it('finds concept files', () => {
  expect(entries.length).toBeGreaterThan(0)
})
