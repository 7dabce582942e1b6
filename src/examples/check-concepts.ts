// Runs the examples of concept files and prints those that fail: `npx tsx src/examples/check-concepts.ts [FILE…]`. May not: change a dictionary.
import { compileConcepts, type ConceptEntry, type Concepts } from '../dictionary/concepts.ts'
import { loadConceptEntries } from '../load/load-concepts.ts'
import { findPhrases } from '../base/phrases.ts'
import { compileMeasures, measureFileSchema, type MeasureWords } from '../dictionary/measures-dictionary.ts'
import { compilePeople, peopleFileSchema, type People } from '../dictionary/people-dictionary.ts'
import { readYaml } from '../load/read-yaml.ts'
import { findPlaceholders } from '../note/placeholders.ts'
import { readMarks } from './marks.ts'

/** What is wrong with an entry's examples, a line each; empty where all hold. */
export function failingExamples(concepts: Concepts, entry: ConceptEntry, words: { readonly measures: MeasureWords; readonly people: People }): string[] {
  const out: string[] = []
  const finder = concepts.finder
  // A word class is not reported; its examples are run as if it were.
  const find = (text: string) => {
    const scope = { start: 0, end: text.length }
    return findPhrases(finder, text, scope, findPlaceholders(text, scope, words)).filter((h) => h.id === entry.id)
  }
  if (entry.kind === 'class') return out
  for (const marked of entry.examples.found) {
    const { text, spans } = readMarks(marked)
    if (spans.length === 0) out.push(`${entry.id}: no mark in: ${marked}`)
    const hits = find(text)
    for (const s of spans) {
      if (!hits.some((h) => h.start === s.start && h.end === s.end)) {
        out.push(`${entry.id}: not found: ${marked}\n    hits: ${hits.map((h) => JSON.stringify(text.slice(h.start, h.end))).join(' | ') || 'none'}`)
      }
    }
  }
  for (const text of entry.examples['not-found']) {
    const hits = find(text)
    if (hits.length > 0) out.push(`${entry.id}: found where it must not be: ${text}\n    hits: ${hits.map((h) => JSON.stringify(text.slice(h.start, h.end))).join(' | ')}`)
  }
  return out
}

if (process.argv[1]?.endsWith('check-concepts.ts')) {
  const all = loadConceptEntries('dictionaries/concepts')
  const concepts = compileConcepts(all.map((e) => e.entry))
  const words = {
    measures: compileMeasures(readYaml('dictionaries/measures.yaml', measureFileSchema)), people: compilePeople(readYaml('dictionaries/people.yaml', peopleFileSchema)),
  }
  const wanted = process.argv.slice(2)
  let failed = 0
  for (const { file, entry } of all) {
    if (wanted.length > 0 && !wanted.some((w) => file.endsWith(w) || w.endsWith(file))) continue
    for (const line of failingExamples(concepts, entry, words)) {
      failed++
      process.stdout.write(`${line}\n`)
    }
  }
  process.stdout.write(`${all.length} entries, ${failed} failing examples\n`)
  process.exitCode = failed > 0 ? 1 : 0
}
