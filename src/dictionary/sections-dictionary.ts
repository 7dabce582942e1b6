// The shape of dictionaries/sections.yaml and its compiled form. May not: read files; find sections.
import { z } from 'zod'

export const sectionEntrySchema = z.strictObject({ id: z.string(), words: z.array(z.string()).min(1), from: z.string().optional(), examples: z.strictObject({ found: z.array(z.string()).min(1), 'not-found': z.array(z.string()).min(1) }) })
export const sectionFileSchema = z.array(sectionEntrySchema)
export interface Sections { readonly idOf: (heading: string) => string | null }

const key = (s: string): string => s.toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim()

export function compileSections(entries: readonly z.infer<typeof sectionEntrySchema>[]): Sections {
  const ids = new Map(entries.flatMap((e) => e.words.map((w) => [key(w), e.id] as const)))
  return { idOf: (heading) => ids.get(key(heading)) ?? null }
}
