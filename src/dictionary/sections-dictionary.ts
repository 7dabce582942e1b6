// The shape of dictionaries/sections.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'
import { readings, squeeze } from './note-types-dictionary.ts'

export const sectionEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case'),
  about: z.string().min(3),
  from: z.string().min(3).describe('Where the wording comes from'),
  headings: z.array(z.string().min(1)).min(1).describe('Plain words; (a|b|) is one of these, an empty one makes it optional'),
  examples: z.strictObject({
    found: z.array(z.string()).min(1).describe('Lines that begin with [[the heading]]'),
    'not-found': z.array(z.string()).min(1),
  }),
})
export const sectionFileSchema = z.array(sectionEntrySchema)
export type SectionEntry = z.infer<typeof sectionEntrySchema>

export interface Sections {
  readonly entries: ReadonlyMap<string, SectionEntry>
  /** Squeezed heading → id. */
  readonly headings: ReadonlyMap<string, string>
  readonly longest: number
}

/** @throws Error with all faults, a line each: a heading that stands for two sections. */
export function compileSections(entries: readonly SectionEntry[]): Sections {
  const faults: string[] = []
  const headings = new Map<string, string>()
  let longest = 0
  for (const e of entries) {
    for (const pattern of e.headings) {
      for (const reading of readings(pattern)) {
        const key = squeeze(reading)
        const before = headings.get(key)
        if (before && before !== e.id) faults.push(`${e.id}: ${JSON.stringify(reading)} is a heading of ${before} too`)
        headings.set(key, e.id)
        longest = Math.max(longest, key.length)
      }
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return { entries: new Map(entries.map((e) => [e.id, e])), headings, longest }
}

export interface HeadingHit {
  readonly id: string
  /** Of the heading words, in code units from the start of the line given. */
  readonly start: number
  readonly end: number
  /** True where nothing but the heading stands on the line. */
  readonly alone: boolean
}

const WORD = /[\p{L}\p{N}&]+/gu
/** Longest heading, in words. */
const HEADING_WORDS = 8

/**
 * The section a line opens: a known heading at its start, alone, or set off by a colon, a tab, a dash, or by capitals before other words
 * (`IMPRESSION 62-year-old …`), or by brackets (`[EXAM] chest clear`). Null for any other line.
 */
export function sectionOfLine(line: string, sections: Sections): HeadingHit | null {
  const lead = /^[\s\d.)(*#_•[<{-]{0,12}/.exec(line)?.[0].length ?? 0
  const head = line.slice(lead, lead + 90)
  let joined = ''
  let count = 0
  let best: HeadingHit | null = null
  for (const m of head.matchAll(WORD)) {
    if (++count > HEADING_WORDS) break
    joined += squeeze(m[0])
    if (joined.length > sections.longest) break
    const id = sections.headings.get(joined)
    if (!id) continue
    const end = m.index + m[0].length
    const rest = head.slice(end)
    const words = head.slice(0, end)
    const capitals = /\p{L}{3}/u.test(words) && words === words.toUpperCase() && /\p{Ll}|\d/u.test(rest)
    const alone = /^[\s:.)\]>}_*#–—-]*$/.test(line.slice(lead + end)) && /^\p{Lu}|^\p{N}/u.test(words)
    if (alone || /^\s{0,2}(?:\([^)]{1,30}\)\s?)?(?:[\]>}]{0,2}:|\s?\.{4,}|[\]>}]+\s|\t|\s[-–—]\s|\s{3,})/.test(rest) || (capitals && /^\s/.test(rest))) best = { id, start: lead, end: lead + end, alone }
  }
  return best
}
