// The shape of dictionaries/events.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'

export const EVENT_PARTS = ['technique', 'site', 'isotope', 'boost', 'delivered', 'no-treatment', 'discussion'] as const
export type EventPart = (typeof EVENT_PARTS)[number]

export const eventEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('Unique in the file'),
  part: z.enum(EVENT_PARTS).describe('What the words say of a treatment; no-treatment marks a dose that is a limit or a statistic, discussion a statement that weighs treatments'),
  from: z.string().min(3).describe('Where the wording comes from'),
  words: z.record(z.string().min(1), z.array(z.string().min(1)).min(1)).describe('What is reported, with its written forms; a form in capitals counts in capitals only'),
  examples: z.strictObject({
    found: z.array(z.string().min(1)).min(1).describe('[[ ]] marks the word found'),
    'not-found': z.array(z.string().min(1)).min(1),
  }),
})
export const eventFileSchema = z.array(eventEntrySchema)
export type EventEntry = z.infer<typeof eventEntrySchema>

export interface EventWord {
  readonly start: number
  readonly end: number
  readonly name: string
}

export interface EventWords {
  readonly entries: readonly EventEntry[]
  /** Words of a part in `text.slice(start, end)`, in order; the longest form at a place. */
  readonly find: (part: EventPart, text: string, start: number, end: number) => EventWord[]
}

const source = (form: string): string => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/[ -]/g, '[ \\n-]?')
const isCapitals = (form: string): boolean => form === form.toUpperCase() && form.length <= 5

/** @throws Error with all faults, a line each. */
export function compileEvents(entries: readonly EventEntry[]): EventWords {
  const faults: string[] = []
  const seen = new Set<string>()
  const patterns = new Map<EventPart, { readonly pattern: RegExp; readonly name: ReadonlyMap<string, string> }>()
  const key = (form: string): string => form.toLowerCase().replace(/[\s-]/g, '')
  for (const part of EVENT_PARTS) {
    const name = new Map<string, string>()
    const forms: string[] = []
    for (const e of entries.filter((x) => x.part === part)) {
      if (seen.has(e.id)) faults.push(`${e.id}: two entries of this id`)
      seen.add(e.id)
      for (const [says, written] of Object.entries(e.words)) {
        for (const form of written) {
          const other = name.get(key(form))
          if (other !== undefined && other !== says) faults.push(`${e.id}: ${JSON.stringify(form)} stands for ${other} and ${says}`)
          name.set(key(form), says)
          forms.push(form)
        }
      }
    }
    if (forms.length === 0) faults.push(`no words for ${part}`)
    // Short forms in capitals are told from words by their case.
    const sorted = [...new Set(forms)].sort((a, b) => b.length - a.length)
    const alternatives = sorted.map((f) => (isCapitals(f) ? source(f) : [...source(f)].map((c) => (/[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : c)).join('').replace(/\\\[nN\]/g, '\\n')))
    patterns.set(part, { pattern: new RegExp(`(?<![A-Za-z0-9])(?:${alternatives.join('|')})(?![A-Za-z0-9])`, 'g'), name })
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return {
    entries,
    find: (part, text, start, end) => {
      const compiled = patterns.get(part)
      if (compiled === undefined) return []
      return [...text.slice(start, end).matchAll(compiled.pattern)].map((m) => ({ start: start + m.index, end: start + m.index + m[0].length, name: compiled.name.get(key(m[0])) ?? m[0] }))
    },
  }
}
