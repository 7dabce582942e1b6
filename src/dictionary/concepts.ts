// The shape of dictionaries/concepts and its compiled form. May not: read files; decide what a mention proves.
import { z } from 'zod'
import { parsePattern } from '../base/pattern.ts'
import { compilePhrases, type PhraseEntry, type PhraseFinder } from '../base/phrases.ts'

export const conceptSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('Unique over all concept files'),
  about: z.string().min(3).describe('What a mention of it says, in one line'),
  from: z.string().optional().describe('Where the wording comes from'),
  kind: z.literal('class').optional().describe('A word class: for use in other patterns only, never reported'),
  negates: z.boolean().optional().describe('The hit carries its own negation: cues inside it do not make it absent'),
  words: z.array(z.string()).min(1).describe('Patterns over the words of one statement'),
  never: z.array(z.string()).optional().describe('Look-alikes: a hit that overlaps a hit of one of these is dropped'),
  examples: z.strictObject({
    found: z.array(z.string()).min(1).describe('[[ ]] marks exactly the text of a hit'),
    'not-found': z.array(z.string()).min(1),
  }),
})
export const conceptFileSchema = z.array(conceptSchema)
export type ConceptEntry = z.infer<typeof conceptSchema>

export interface Concepts {
  readonly finder: PhraseFinder
  readonly entries: ReadonlyMap<string, ConceptEntry>
}

/** @throws Error with all faults, a line each, naming the entry and the pattern. */
export function compileConcepts(entries: readonly ConceptEntry[]): Concepts {
  const faults: string[] = []
  const parse = (id: string, written: string) => {
    try {
      return [parsePattern(written)]
    } catch (e) {
      faults.push(`${id}: ${JSON.stringify(written)}: ${(e as Error).message}`)
      return []
    }
  }
  const phrases: PhraseEntry[] = entries.map((e) => ({
    id: e.id, patterns: e.words.flatMap((w) => parse(e.id, w)), never: (e.never ?? []).flatMap((w) => parse(e.id, w)), reported: e.kind !== 'class',
  }))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return { finder: compilePhrases(phrases, entries.flatMap((e) => [...e.examples.found, ...e.examples['not-found']])), entries: new Map(entries.map((e) => [e.id, e])) }
}
