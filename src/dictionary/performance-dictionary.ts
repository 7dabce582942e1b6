// The shape of dictionaries/performance-status.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'

export const PERFORMANCE_PARTS = ['label', 'code', 'description', 'generic', 'not-a-value', 'historical', 'not-yet', 'other-person'] as const

export const performanceEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('Unique in the file'),
  part: z.enum(PERFORMANCE_PARTS).describe('What the words are: name of a scale, words for a grade, or cues that stand around a value'),
  scale: z.enum(['KPS', 'ECOG', 'Lansky', 'PPS']).optional().describe('For label, code and description'),
  slip: z.boolean().optional().describe('Names as misprinted or misread: a value behind one is marked corrected'),
  value: z.number().min(0).max(100).optional().describe('For description: the grade the words stand for'),
  where: z.enum(['sentence', 'before', 'after']).optional().describe('For not-a-value: anywhere before in the sentence, before in the same clause, or right behind the value'),
  from: z.string().min(3).describe('Where the wording comes from'),
  words: z.array(z.string().min(1)).min(1).describe('Plain words; a space is any run of spaces, one row end included; a trailing * is the rest of the word'),
  examples: z.strictObject({
    found: z.array(z.string().min(1)).min(1).describe('[[ ]] marks exactly what is found, in a note of its own'),
    'not-found': z.array(z.string().min(1)).min(1),
  }),
})
export const performanceFileSchema = z.array(performanceEntrySchema)
export type PerformanceEntry = z.infer<typeof performanceEntrySchema>
export type PerformanceScaleName = 'KPS' | 'ECOG' | 'Lansky' | 'PPS'

export interface PerformanceWords {
  readonly entries: readonly PerformanceEntry[]
  /** All names of scales; global. */
  readonly label: RegExp
  /** The same at one position. */
  readonly labelHere: RegExp
  /** Null scale: a general label ("performance status", "PS"). */
  readonly labelOf: (written: string) => { readonly scale: PerformanceScaleName | null; readonly slip: boolean } | undefined
  /** Descriptions of grades; global. */
  readonly description: RegExp
  readonly descriptionOf: (written: string, scale: 'KPS' | 'ECOG') => number | undefined
  readonly notSentence: RegExp
  readonly notBefore: RegExp
  readonly notAfter: RegExp
  readonly historical: RegExp
  readonly notYet: RegExp
  readonly otherPerson: RegExp
}

const folded = (s: string): string => s.toLowerCase().replace(/[‐-―-]/g, ' ').replace(/\s+/g, ' ').trim()
const source = (word: string): string => word.replace(/[.+?^${}()|[\]\\/]/g, '\\$&').replace(/[ \t]+/g, '[ \\t\\n]{1,2}').replace(/-/g, '[- \\u2010-\\u2015]?').replace(/\*$/, '[a-z]{0,10}')
const either = (words: readonly string[]): string => [...words].sort((a, b) => b.length - a.length).map(source).join('|')

/** @throws Error with all faults, a line each. */
export function compilePerformance(entries: readonly PerformanceEntry[]): PerformanceWords {
  const faults: string[] = []
  const seen = new Set<string>()
  const labels = new Map<string, { entry: string; scale: PerformanceScaleName | null; slip: boolean }>()
  const descriptions = { KPS: new Map<string, number>(), ECOG: new Map<string, number>() }
  const lists: Record<'label' | 'description' | 'sentence' | 'before' | 'after' | 'historical' | 'not-yet' | 'other-person', string[]> = {
    label: [], description: [], sentence: [], before: [], after: [], historical: [], 'not-yet': [], 'other-person': [],
  }
  for (const e of entries) {
    if (seen.has(e.id)) faults.push(`${e.id}: two entries of this id`)
    seen.add(e.id)
    for (const word of e.words) {
      const key = folded(word)
      if (e.part === 'label' || e.part === 'code' || e.part === 'generic') {
        if (e.part !== 'generic' && e.scale === undefined) faults.push(`${e.id}: a label needs its scale`)
        if (labels.has(key) && labels.get(key)?.entry !== e.id) faults.push(`${e.id}: ${JSON.stringify(word)} stands twice`)
        labels.set(key, { entry: e.id, scale: e.part === 'generic' ? null : e.scale ?? null, slip: e.slip === true })
        lists.label.push(word)
      } else if (e.part === 'description') {
        if (e.value === undefined || (e.scale !== 'KPS' && e.scale !== 'ECOG')) faults.push(`${e.id}: a description needs scale KPS or ECOG and a value`)
        else descriptions[e.scale].set(key, e.value)
        lists.description.push(word)
      } else if (e.part === 'not-a-value') {
        if (e.where === undefined) faults.push(`${e.id}: not-a-value needs where`)
        lists[e.where ?? 'before'].push(word)
      } else lists[e.part].push(word)
    }
  }
  for (const part of Object.keys(lists) as (keyof typeof lists)[]) if (lists[part].length === 0) faults.push(`no words for ${part}`)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const label = `(?<![A-Za-z0-9_])(?:${either(lists.label)})(?![A-Za-z_]|-[A-Za-z]{2})`
  const around = (words: readonly string[]): string => `(?<![A-Za-z])(?:${either(words)})(?![A-Za-z])`
  return {
    entries,
    label: new RegExp(label, 'gi'),
    labelHere: new RegExp(label, 'iy'),
    labelOf: (written) => labels.get(folded(written)),
    description: new RegExp(`(?<![A-Za-z])(?:${either([...new Set(lists.description)])})(?![A-Za-z])`, 'gi'),
    descriptionOf: (written, scale) => descriptions[scale].get(folded(written)),
    notSentence: new RegExp(around(lists.sentence), 'i'),
    notBefore: new RegExp(around(lists.before), 'i'),
    notAfter: new RegExp(`^[ ]?%?[ \\t\\n]{0,2}[()]?[ ]?(?:${either(lists.after)})(?![A-Za-z])`, 'i'),
    historical: new RegExp(around(lists.historical), 'i'),
    notYet: new RegExp(around(lists['not-yet']), 'i'),
    otherPerson: new RegExp(`(?<![A-Za-z])(?:${either(lists['other-person'])})(?:['’]s?|[ ]has|[ ]is|[ ]was|[ ]with)[^.;\\n]{0,24}$`, 'i'),
  }
}
