// The shape of dictionaries/measures.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'

const common = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('Unique in the file'),
  from: z.string().min(3).describe('Where the wording comes from'),
  words: z.array(z.string().min(1)).min(1).describe('Plain words; a space is any run of spaces or none before a bracket'),
  examples: z.strictObject({
    found: z.array(z.string().min(1)).min(1).describe('[[ ]] marks exactly what is found'),
    'not-found': z.array(z.string().min(1)).min(1),
  }),
}

export const measureEntrySchema = z.discriminatedUnion('part', [
  z.strictObject({
    ...common,
    part: z.literal('unit'),
    kind: z.enum(['dose', 'percent', 'energy', 'monitor-units', 'length', 'volume', 'activity']).describe('What a number with this unit measures'),
    unit: z.string().min(1).describe('Name of the unit in the result'),
    factor: z.number().positive().describe('To cGy, mm or cc; 1 where the number is kept as printed'),
    'exact-case': z.boolean().optional().describe('Only as written here: `U`, `Ci`'),
    plausible: z.strictObject({ low: z.number(), high: z.number() }).describe('After the factor; outside it the number is not read as this measure'),
  }),
  z.strictObject({ ...common, part: z.literal('fractions') }),
  z.strictObject({ ...common, part: z.literal('count'), unit: z.string().min(1).describe('What is counted, in the singular') }),
  z.strictObject({ ...common, part: z.literal('frequency'), unit: z.string().min(1), low: z.number().positive().describe('Treatments a week'), high: z.number().positive() }),
  z.strictObject({ ...common, part: z.literal('not-a-dose') }),
])
export const measureFileSchema = z.array(measureEntrySchema)
export type MeasureEntry = z.infer<typeof measureEntrySchema>
type Unit = Extract<MeasureEntry, { part: 'unit' }>
type Count = Extract<MeasureEntry, { part: 'count' }>
type Frequency = Extract<MeasureEntry, { part: 'frequency' }>

/** Words of the dictionary as regular expressions with the entry behind each. Sticky ones are run at a position only. */
export interface MeasureWords {
  readonly entries: readonly MeasureEntry[]
  readonly unit: RegExp
  readonly unitOf: (written: string) => Unit | undefined
  readonly fractions: RegExp
  readonly noun: RegExp
  readonly nounOf: (written: string) => Count | undefined
  readonly frequency: RegExp
  readonly frequencyOf: (written: string) => Frequency | undefined
  readonly notDose: RegExp
}

const folded = (s: string): string => s.toLowerCase().replace(/[\s-]+/g, ' ').replace(/ (?=\()/g, '').trim()
const source = (word: string): string => word.trim().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/[ \t]+(?=\\\()/g, '[ \\t]?').replace(/[ \t]+/g, '[ \\t\\n]{1,2}').replace(/-/g, '[- \\t]?')
const either = (words: readonly string[]): string => [...words].sort((a, b) => b.length - a.length).map(source).join('|')

/** @throws Error with all faults, a line each. */
export function compileMeasures(entries: readonly MeasureEntry[]): MeasureWords {
  const faults: string[] = []
  const seen = new Set<string>()
  const units = new Map<string, Unit>()
  const exact = new Map<string, Unit>()
  const nouns = new Map<string, Count>()
  const frequencies = new Map<string, Frequency>()
  const plain: Record<'unit' | 'fractions' | 'count' | 'frequency' | 'not-a-dose', string[]> = { unit: [], fractions: [], count: [], frequency: [], 'not-a-dose': [] }
  for (const e of entries) {
    if (seen.has(e.id)) faults.push(`${e.id}: two entries of this id`)
    seen.add(e.id)
    for (const word of e.words) {
      plain[e.part].push(word)
      const key = folded(word)
      const put = <T>(map: Map<string, T>, k: string, value: T): void => {
        if (map.has(k) && map.get(k) !== value) faults.push(`${e.id}: ${JSON.stringify(word)} stands in two entries`)
        map.set(k, value)
      }
      if (e.part === 'unit') put(e['exact-case'] === true ? exact : units, e['exact-case'] === true ? word : key, e)
      if (e.part === 'count') put(nouns, key, e)
      if (e.part === 'frequency') put(frequencies, key.replace(/[. ]/g, ''), e)
    }
  }
  for (const part of Object.keys(plain) as (keyof typeof plain)[]) if (plain[part].length === 0) faults.push(`no entry of part ${part}`)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return {
    entries,
    unit: new RegExp(`(?:${either(plain.unit)})(?:(?<=[%"″])|(?![A-Za-z0-9_²³^]))`, 'iy'),
    unitOf: (written) => exact.get(written) ?? units.get(folded(written)),
    fractions: new RegExp(`(?:${either(plain.fractions)})(?:(?<=#)|(?![A-Za-z0-9_]))`, 'iy'),
    noun: new RegExp(`(?:${either(plain.count)})(?![A-Za-z0-9_])`, 'iy'),
    nounOf: (written) => nouns.get(folded(written)),
    frequency: new RegExp(`(?<![A-Za-z0-9_])(?:${either(plain.frequency)})(?![A-Za-z0-9_])`, 'gi'),
    frequencyOf: (written) => frequencies.get(folded(written).replace(/[. ]/g, '')),
    notDose: new RegExp(`(?<![A-Za-z])(?:${either(plain['not-a-dose'])})[ \\t]?(?:ratio|of|is|was|[:=<>≤≥~-])?[ \\t]?(?:of|[:=<>≤≥~])?[ \\t]?$`, 'i'),
  }
}
