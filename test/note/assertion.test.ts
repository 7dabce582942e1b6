import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compileContext, contextDictionarySchema } from '../../src/dictionary/context-dictionary.ts'
import { assertAt, assertIn, cuesFired } from '../../src/note/assertion.ts'

const data = contextDictionarySchema.parse(parse(readFileSync(new URL('../../dictionaries/context.yaml', import.meta.url), 'utf8')))
const context = compileContext(data)

function marked(written: string): { text: string; start: number; end: number } {
  const start = written.indexOf('[[')
  const end = written.indexOf(']]')
  if (start < 0 || end < start) throw new Error('mark not closed')
  return { text: written.slice(0, start) + written.slice(start + 2, end) + written.slice(end + 2), start, end: end - 2 }
}
const AXIS: Record<string, 'presence' | 'time' | 'subject'> = {
  present: 'presence', absent: 'presence', possible: 'presence', hypothetical: 'presence', current: 'time', historical: 'time', planned: 'time', patient: 'subject', family: 'subject', other: 'subject',
}
describe('examples of the dictionary', () => {
  for (const entry of data.cues) {
    for (const [side, examples] of Object.entries(entry.examples)) {
      for (const example of examples) {
        it(`${entry.id} ${side}: ${example}`, () => {
          const [written, values] = example.split(' => ') as [string, string]
          const { text, start, end } = marked(written)
          const asserted = assertAt(context, text, { start, end })
          for (const value of values.split(', ')) {
            const not = value.startsWith('not ')
            const word = not ? value.slice(4) : value
            const axis = AXIS[word]
            if (axis === undefined) throw new Error(`unknown value ${word}`)
            if (not) expect(asserted[axis], JSON.stringify(asserted.cues)).not.toBe(word)
            else expect(asserted[axis], JSON.stringify(asserted.cues)).toBe(word)
          }
          if (side === 'positive' && entry.kind !== 'heading') expect(cuesFired(context, text)).toContain(entry.id)
        })
      }
    }
  }
})
void assertIn
