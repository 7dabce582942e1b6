import { describe, expect, it } from 'vitest'
import { compileEvents, type EventEntry } from '../../src/dictionary/events-dictionary.ts'
import { readMarks } from '../../src/examples/marks.ts'
import { readText } from '../../src/document/read-text.ts'
import { dictionariesFolder, loadNoteDictionaries } from '../../src/load/load-knowledge.ts'
import { annotate } from '../../src/note/annotate.ts'
import { findEvents } from '../../src/note/events.ts'
import { splitNotes } from '../../src/note/split.ts'

const dictionaries = loadNoteDictionaries(dictionariesFolder())
const eventsOf = (text: string) => {
  const document = readText(new TextEncoder().encode(`${text}\n`), 'note.txt')
  return splitNotes(document, 0, dictionaries).map((head) => annotate(document, head, dictionaries)).flatMap((n) => findEvents(document.text, n, dictionaries.events, dictionaries.context))
}

describe('examples of the dictionary', () => {
  for (const entry of dictionaries.events.entries) {
    for (const marked of entry.examples.found) {
      it(`${entry.id}: ${marked}`, () => {
        const { text, spans } = readMarks(marked)
        const found = dictionaries.events.find(entry.part, text, 0, text.length)
        for (const s of spans) expect(found).toContainEqual(expect.objectContaining({ start: s.start, end: s.end }))
      })
    }
    for (const text of entry.examples['not-found']) it(`${entry.id}, not: ${text}`, () => expect(dictionaries.events.find(entry.part, text, 0, text.length)).toEqual([]))
  }
})

describe('findEvents', () => {
  it('joins dose, fractions, technique, energy, site and side of one sentence', () => {
    expect(eventsOf('Left breast 40.05 Gy in 15 fractions, 3D conformal with 6 MV photons.')).toEqual([expect.objectContaining({
      role: 'prescribed', dose: 4005, fractions: 15, dosePerFraction: null, techniques: ['3D'], energies: ['6 MV'], site: 'breast', laterality: 'left', boost: false, arithmetic: 'incomplete',
    })])
  })
  it('multiplies, and forgives a rounded dose per fraction', () => {
    expect(eventsOf('Lung 60 Gy in 30 fractions of 2 Gy.')[0]?.arithmetic).toBe('agrees')
    expect(eventsOf('Breast 40 Gy in 15 fractions of 2.67 Gy.')[0]?.arithmetic).toBe('agrees')
    expect(eventsOf('Lung 60 Gy in 30 fractions of 1.8 Gy.')[0]?.arithmetic).toBe('contradicts')
  })
  it('tells what was given, what was given before, and what is told of a course to come', () => {
    expect(eventsOf('She completed 45 Gy in 25 fractions to the pelvis.')[0]?.role).toBe('delivered')
    expect(eventsOf('In 2014 she received 45 Gy in 25 fractions to the pelvis.')[0]?.role).toBe('earlier')
    expect(eventsOf('I will give 45 Gy in 25 fractions to the pelvis.')[0]?.role).toBe('prescribed')
  })
  it('finds none in limits, statistics, denials, conditions and other people', () => {
    for (const text of ['Cord max 45 Gy in 25 fractions.', 'No 45 Gy in 25 fractions was given.', 'Her sister received 50 Gy in 25 fractions.', 'If margins are positive we would give 66 Gy in 33 fractions.']) expect(eventsOf(text), text).toEqual([])
  })
  it('has no event without two of dose, dose per fraction and fractions', () => {
    expect(eventsOf('Boost 10 Gy with 9 MeV electrons. Fraction 12 of 30.')).toEqual([])
  })
})

describe('compileEvents', () => {
  const entry = (id: string, part: EventEntry['part'], words: EventEntry['words']): EventEntry => ({ id, part, from: 'a test', words, examples: { found: ['x'], 'not-found': ['y'] } })
  it('names a form that stands for two things, and a part without words', () => {
    expect(() => compileEvents([entry('a', 'site', { lung: ['LUL'], liver: ['LUL'] })])).toThrow('"LUL" stands for lung and liver')
    expect(() => compileEvents([entry('a', 'site', { lung: ['LUL'] })])).toThrow('no words for technique')
  })
})
