import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadKnowledge } from '../../src/load/load-knowledge.ts'
import { dictionariesFolder } from '../../src/load/folder.ts'
import { deidentify } from '../../src/note/deidentify.ts'
import { vouch } from '../vouch.ts'

const { notes: { people } } = loadKnowledge(dictionariesFolder(), 'test')
const LABELLED = /\[\[(\w+):([^\]]+)\]\]/g
const sentencesOf = (file: string): readonly string[] => readFileSync(`corpus/deidentify/${file}`, 'utf8').split('\n').filter((line) => line !== '')

/** Words of labelled stretches that were masked, and masked words that were not labelled. */
function measure(sentences: readonly string[]): { readonly found: number; readonly labelled: number; readonly tooMany: readonly string[]; readonly missed: readonly string[] } {
  let found = 0
  let labelled = 0
  const tooMany: string[] = []
  const missed: string[] = []
  for (const sentence of sentences) {
    const wanted: { start: number; end: number }[] = []
    let text = ''
    let at = 0
    for (const match of sentence.matchAll(LABELLED)) {
      text += sentence.slice(at, match.index)
      wanted.push({ start: text.length, end: text.length + (match[2] as string).length })
      text += match[2] as string
      at = match.index + match[0].length
    }
    text += sentence.slice(at)
    const { masks } = deidentify(text, people, -100)
    const inside = (word: { start: number; end: number }, spans: readonly { start: number; end: number }[]): boolean => spans.some((span) => span.start < word.end && word.start < span.end)
    for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}.'@/-]*/gu)) {
      const word = { start: match.index, end: match.index + match[0].length }
      if (inside(word, wanted) && !/^(?:Dr|Mr|Mrs|Ms|de|la)\.?$/i.test(match[0])) {
        labelled++
        if (inside(word, masks)) found++
        else missed.push(`${match[0]} in ${sentence}`)
      } else if (!inside(word, wanted) && inside(word, masks) && !/^(?:Dr|Prof|Mr|Mrs|Ms)\.?$/.test(match[0])) tooMany.push(`${match[0]} in ${sentence}`)
    }
  }
  return { found, labelled, tooMany, missed }
}

describe('masking', () => {
  it.each([['sentences.txt', 0.98], ['other-styles.txt', 0.98]] as const)('finds nearly all that tells who somebody is, and little else: %s', (file, bar) => {
    const { found, labelled, tooMany, missed } = measure(sentencesOf(file))
    expect(found / labelled, missed.join('\n')).toBeGreaterThanOrEqual(bar)
    expect(tooMany.length / found, tooMany.join('\n')).toBeLessThanOrEqual(0.02)
  })
  it('moves all dates by the same days, as they were written', () => {
    const shifted = (text: string, days: number): string => deidentify(text, people, days).text
    expect(shifted('01/02/2025, 1/2/25, 2025-01-02, Jan 2, 2025, 2 January 2025, 02-JAN-2025', 30)).toBe('02/01/2025, 2/1/25, 2025-02-01, Feb 1, 2025, 1 February 2025, 01-FEB-2025')
    expect(shifted('13.12.2024 and 31/12/2024', 1)).toBe('14.12.2024 and 01/01/2025')
  })
  it('a name that was found once is masked everywhere', () => {
    expect(deidentify('Patient: Edith Marlowe\nLater MARLOWE came back; Marlowe’s pain is less.', people, 0).text).toBe('Patient: [name]\nLater [name] came back; [name] pain is less.')
  })
  it('leaves nothing of the given spans, and is the text elsewhere', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('Dr. ', 'Edith ', 'Marlowe', ', ', '01/02/2025', ' MRN: ', '123456', '\n', '616-555-0148', ' on ', 'May ', '5', ' 1207 W Fulton St', 'é', '['), { maxLength: 40 }), (parts) => {
      const text = parts.join('')
      const { text: copy, masks } = deidentify(text, people, 10)
      let at = 0
      let rest = copy
      for (const mask of masks) {
        expect(mask.start >= at && mask.end > mask.start && mask.end <= text.length).toBe(true)
        const before = text.slice(at, mask.start)
        expect(rest.startsWith(before + mask.by)).toBe(true)
        rest = rest.slice(before.length + mask.by.length)
        at = mask.end
      }
      expect(rest).toBe(text.slice(at))
    }))
  })
  it('is quick on hostile text', () => {
    const started = Date.now()
    for (const unit of ['Aa ', 'A', '1', '1.', 'Dr. A', '12 Aa ', 'a.', 'MRN: ']) deidentify(unit.repeat(30_000), people, 1)
    expect(Date.now() - started).toBeLessThan(20_000)
  })
  it('vouch deidentify', async () => {
    const { code, out, err } = await vouch(['deidentify', 'corpus/sample/records/consultation.docx', '--shift', '-30'])
    expect([code, err]).toEqual([0, ''])
    expect(out).not.toMatch(/Marlowe|1949-11-02|11\/02\/1949/)
    expect(out).toContain('[name]')
    expect((await vouch(['deidentify', 'corpus/sample/records/consultation.docx', '--shift', 'x'])).err).toContain('must be a whole number of days')
  })
})
