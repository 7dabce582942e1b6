// The dictionaries as the build left them: read and compiled once, stored beside the program, used while nothing has changed. May not: hold anything the files do not say.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import type { Context } from '../dictionary/context-dictionary.ts'
import { compileEvents, type EventEntry } from '../dictionary/events-dictionary.ts'
import { compileMeasures, type MeasureEntry } from '../dictionary/measures-dictionary.ts'
import { compilePerformance, type PerformanceEntry } from '../dictionary/performance-dictionary.ts'
import type { NoteDictionaries } from '../note/dictionaries.ts'
import type { Knowledge } from '../review-claim.ts'
import { hashOf } from './folder.ts'
import { loadTables } from './load-tables.ts'

/** What structured cloning can carry; the rest is compiled again, which takes a millisecond. */
interface Stored {
  readonly notes: Omit<NoteDictionaries, 'measures' | 'performance' | 'events' | 'context'>
  readonly measures: readonly MeasureEntry[]
  readonly performance: readonly PerformanceEntry[]
  readonly events: readonly EventEntry[]
  readonly policies: Knowledge['policies']
  readonly denialCodes: Knowledge['denialCodes']
}

interface Packed {
  /** Of the dictionaries' files, and of the program's that give them their compiled form. */
  readonly dictionaries: string
  readonly program: string
  readonly context: Uint8Array
  readonly rest: Uint8Array
}

const PROGRAM = dirname(dirname(fileURLToPath(import.meta.url)))
const FILE = join(PROGRAM, 'dictionaries.bin')

const programHash = (): string => ['base', 'dictionary', 'policy', 'load'].map((folder) => hashOf(join(PROGRAM, folder))).join(' ')

/** The same knowledge as `loadKnowledge` gives, but for the examples in it. */
export async function knowledgeOf(folder: string, engine: string): Promise<Knowledge> {
  const packed = open(folder)
  if (packed === null) return (await import('./load-knowledge.ts')).loadKnowledge(folder, engine)
  const { notes, measures, performance, events, policies, denialCodes } = deserialize(packed.rest) as Stored
  const context = deserialize(packed.context) as Context
  return { notes: { ...notes, context, measures: compileMeasures(measures), performance: compilePerformance(performance), events: compileEvents(events) }, policies, denialCodes, tables: loadTables([join(folder, 'tables')]), hash: packed.dictionaries, engine }
}

export async function contextOf(folder: string): Promise<Context> {
  const packed = open(folder)
  return packed === null ? (await import('./load-knowledge.ts')).loadContext(folder) : (deserialize(packed.context) as Context)
}

/** Null where there is no snapshot, or one of other dictionaries, another program or another runtime. */
function open(folder: string): Packed | null {
  try {
    const packed = deserialize(readFileSync(FILE)) as Packed
    return packed.dictionaries === hashOf(folder) && packed.program === programHash() ? packed : null
  } catch {
    return null
  }
}

/** After a change of the dictionaries by the program itself. Without effect where it runs from its sources or may not write; then only its start is slower. */
export async function renewSnapshot(folder: string): Promise<void> {
  if (import.meta.url.endsWith('.ts')) return
  try {
    writeSnapshot((await import('./load-knowledge.ts')).loadKnowledge(folder, ''))
  } catch {
    // A snapshot of other dictionaries is not used.
  }
}

/** Called by the build. The program works without, only its start takes seconds. */
export function writeSnapshot(knowledge: Knowledge): void {
  const bare = <T extends object>(entry: T): T => ({ ...entry, examples: {} })
  const { context, measures, performance, events, concepts, people, noteTypes, sections } = knowledge.notes
  const named = <T extends object>(entries: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...entries].map(([id, e]) => [id, bare(e)]))
  const stored: Stored = {
    notes: {
      concepts: { ...concepts, entries: new Map([...concepts.entries].map(([id, e]) => [id, { ...bare(e), words: [], never: [] }])) },
      people: { ...people, entries: people.entries.map(bare) },
      noteTypes: { ...noteTypes, entries: named(noteTypes.entries) },
      sections: { ...sections, entries: named(sections.entries) },
    },
    measures: measures.entries.map(bare), performance: performance.entries.map(bare), events: events.entries.map(bare),
    policies: knowledge.policies.map((p) => ({
      ...p, checklists: p.checklists.map((c) => ({ ...c, requirements: c.requirements.map(bare) })), rules: p.rules.map(bare), suggestions: p.suggestions.map(bare), cures: p.cures.map((c) => ({ ...c, examples: [] })),
    })),
    denialCodes: knowledge.denialCodes.map(bare),
  }
  const packed: Packed = { dictionaries: knowledge.hash, program: programHash(), context: serialize(context), rest: serialize(stored) }
  rmSync(FILE, { force: true })
  writeFileSync(FILE, serialize(packed))
}
