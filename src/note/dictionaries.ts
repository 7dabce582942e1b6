// The compiled dictionaries a note is read with. May not: read files.
import type { Concepts } from '../dictionary/concepts.ts'
import type { EventWords } from '../dictionary/events-dictionary.ts'
import type { Context } from '../dictionary/context-dictionary.ts'
import type { MeasureWords } from '../dictionary/measures-dictionary.ts'
import type { NoteTypes } from '../dictionary/note-types-dictionary.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import type { PerformanceWords } from '../dictionary/performance-dictionary.ts'
import type { Sections } from '../dictionary/sections-dictionary.ts'

export interface NoteDictionaries {
  readonly concepts: Concepts
  readonly context: Context
  readonly measures: MeasureWords
  readonly people: People
  readonly noteTypes: NoteTypes
  readonly sections: Sections
  readonly performance: PerformanceWords
  readonly events: EventWords
}
