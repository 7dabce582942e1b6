// Which published denial and remark codes fit a finding: suggestions in our own words. May not: decide one; hold the code lists' own sentences.
import { z } from 'zod'

const strings = z.array(z.string()).default([])

const aboutSchema = z.strictObject({
  requirement: z.string().optional(), reason: z.string().optional(), rule: z.string().optional(), edit: z.string().optional(), problem: z.string().optional(), frequency: z.boolean().optional(),
})

export const denialCodesSchema = z.array(z.strictObject({
  id: z.string(),
  words: z.string().describe('What the codes say, in our words'),
  carc: strings.describe('Claim adjustment reason codes, the fittest first'),
  rarc: strings.describe('Remittance advice remark codes, the fittest first'),
  when: z.strictObject({
    requirements: strings.describe('Ends of requirement identifiers: `signed` for sbrt.signed. With reasons, both must fit'),
    reasons: strings.describe('Reasons for which a requirement is open'),
    rules: strings.describe('Billing rules'),
    edits: strings.describe('What a national table says'),
    frequency: z.boolean().optional().describe('Any rule of frequency'),
  }),
  examples: z.strictObject({ fits: z.array(aboutSchema).min(1), 'fits-not': z.array(aboutSchema).default([]) }),
}))
export type DenialCodes = z.infer<typeof denialCodesSchema>
export type DenialSubject = z.infer<typeof aboutSchema>

export interface SuggestedCode {
  readonly list: 'CARC' | 'RARC'
  readonly code: string
  readonly words: string
}

const MOST = 4

const suffixOf = (requirement: string): string => requirement.slice(requirement.indexOf('.') + 1)

export function fits(entry: DenialCodes[number], about: DenialSubject): boolean {
  const { when } = entry
  if (about.rule !== undefined) return when.rules.includes(about.rule) || (when.frequency === true && about.frequency === true)
  if (about.edit !== undefined) return when.edits.includes(about.edit)
  if (about.requirement === undefined) return false
  const asked = when.requirements.length > 0 || when.reasons.length > 0
  return asked && (when.requirements.length === 0 || when.requirements.includes(suffixOf(about.requirement))) && (when.reasons.length === 0 || when.reasons.includes(about.reason ?? ''))
}

/** Of the entries that fit, in their order: the fittest code of each list first. */
export function suggestedCodes(entries: DenialCodes, about: DenialSubject): SuggestedCode[] {
  const out = new Map<string, SuggestedCode>()
  for (const list of ['CARC', 'RARC'] as const) {
    for (const e of entries.filter((x) => fits(x, about))) {
      const code = (list === 'CARC' ? e.carc : e.rarc)[0]
      if (code !== undefined && !out.has(`${list} ${code}`)) out.set(`${list} ${code}`, { list, code, words: e.words })
    }
  }
  return [...out.values()].slice(0, MOST)
}
