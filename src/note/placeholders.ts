// Measures, dates, times, durations and people of one stretch of text, as placeholders for word patterns. May not: decide what they prove.
import type { Span } from '../base/span.ts'
import type { PlaceholderHit } from '../base/phrases.ts'
import type { MeasureWords } from '../dictionary/measures-dictionary.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import { findDates, findTimes } from './dates.ts'
import { findDurations } from './durations.ts'
import { findMeasures } from './measures.ts'
import { findPeople } from './people.ts'

const COMPARISON = /[<>≤≥]\s?=?\s?([-+]?\d[\d.,]*)/g

/** Numbers with a sign of comparison before them (`< 15`, `≥ 95`): the number is the hit. */
export function findComparisons(text: string, start: number, end: number): PlaceholderHit[] {
  const slice = text.slice(start, end)
  if (!/[<>≤≥]/.test(slice)) return []
  return [...slice.matchAll(COMPARISON)].map((m) => ({ name: 'comparison', start: start + m.index + m[0].length - (m[1] as string).length, end: start + m.index + m[0].length }))
}

export function findPlaceholders(text: string, scope: Span, words: { readonly measures: MeasureWords; readonly people: People }): PlaceholderHit[] {
  const { start, end } = scope
  return [
    ...findComparisons(text, start, end),
    ...findMeasures(text, start, end, words.measures).map((m) => ({ name: m.kind, start: m.start, end: m.end })),
    ...findDates(text, start, end, {}).map((d) => ({ name: 'date', start: d.start, end: d.end })),
    ...findTimes(text, start, end).map((d) => ({ name: 'time', start: d.start, end: d.end })),
    ...findDurations(text, start, end).map((d) => ({ name: 'duration', start: d.start, end: d.end })),
    ...findPeople(text, start, end, words.people).map((d) => ({ name: 'person', start: d.start, end: d.end })),
  ]
}
