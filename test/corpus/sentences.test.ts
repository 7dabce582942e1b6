// Puts every labelled sentence to the reader: no figure may fall below docs/accuracy-sentences.json.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { findSentences, sentencesOf, type LabelledSentence } from '../../src/cli/sentence-corpus.ts'
import { fallenSentences, scoreSentences, sentenceRecord, wilson, type SentenceRecord, type SentenceReport } from '../../src/cli/sentence-score.ts'
import { dictionariesFolder, loadNoteDictionaries } from '../../src/load/load-knowledge.ts'
import type { NoteDictionaries } from '../../src/note/dictionaries.ts'

let sentences: LabelledSentence[]
let report: SentenceReport
let dictionaries: NoteDictionaries

beforeAll(async () => {
  dictionaries = loadNoteDictionaries(dictionariesFolder())
  sentences = await findSentences(['corpus'])
  report = scoreSentences(sentences, dictionaries)
}, 300_000)

describe('labelled sentences', () => {
  it('are many, of every axis, and in part held out', () => {
    expect(sentences.length).toBeGreaterThan(1500)
    expect(new Set(sentences.map((s) => s.axis)).size).toBeGreaterThanOrEqual(6)
    for (const axis of ['assertion', 'performance', 'measures', 'dates', 'sections', 'notes']) expect(sentences.some((s) => s.axis === axis && s.heldOut)).toBe(true)
  })
  it('stand once each', () => {
    const texts = sentences.map((s) => `${s.axis} ${s.text}`)
    expect(texts.filter((t, i) => texts.indexOf(t) !== i)).toEqual([])
  })
  it('are read as well as docs/accuracy-sentences.json says, or better (npm run accuracy writes it)', () => {
    const record = JSON.parse(readFileSync('docs/accuracy-sentences.json', 'utf8')) as SentenceRecord
    expect(fallenSentences(record, sentenceRecord(report))).toEqual([])
  })
})

describe('scoring', () => {
  const score = (axis: 'assertion' | 'performance', ...lines: string[]) =>
    sentenceRecord(scoreSentences(sentencesOf({ axis, author: 'a test', tuned: lines, 'held-out': [] }, 'test.yaml'), dictionaries))
  it('counts a wrong label on both sides', () => {
    const right = score('assertion', 'No [[fever]], but [[cough]]. => absent | present')
    expect(right['assertion: absent (tuned)']).toEqual({ hit: 1, missed: 0, extra: 0 })
    expect(right['assertion: all of it (tuned)']).toEqual({ hit: 2, missed: 0, extra: 0 })
    const wrong = score('assertion', 'No [[fever]]. => present')
    expect(wrong['assertion: absent (tuned)']).toEqual({ hit: 0, missed: 0, extra: 1 })
    expect(wrong['assertion: all of it (tuned)']).toEqual({ hit: 0, missed: 1, extra: 0 })
  })
  it('counts facts too many and facts missed', () => {
    expect(score('performance', 'ECOG 1. => ECOG 2', 'No value here. => none')['performance: all of it (tuned)']).toEqual({ hit: 0, missed: 1, extra: 1 })
  })
  it('refuses a sentence whose labels are fewer than its marks', () => {
    expect(() => score('assertion', 'No [[fever]] or [[cough]]. => absent')).toThrow('2 marks and 1 labels')
  })
  it('sees a fall, a rise and a missing figure', () => {
    const before = { a: { hit: 9, missed: 1, extra: 0 } }
    expect(fallenSentences(before, { a: { hit: 10, missed: 0, extra: 0 } })).toEqual([])
    expect(fallenSentences(before, { a: { hit: 8, missed: 2, extra: 0 } })).toHaveLength(1)
    expect(fallenSentences(before, {})).toEqual(['a: no longer evaluated'])
    expect(fallenSentences({}, before)).toEqual(['a: not in the record'])
  })
  it('gives Wilson’s interval', () => {
    const { low, high } = wilson(95, 100)
    expect(low).toBeCloseTo(0.8882, 3)
    expect(high).toBeCloseTo(0.9785, 3)
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })
})
