// The shape of a policy. May not: read files; look at a chart.
import { z } from 'zod'
import type { BillingRule, CodeEntry, Erratum } from './rules.ts'
import { cureSchema, type CureKind } from './cure.ts'
import type { SuggestionRule } from './suggestion.ts'
import { ids, testSchema } from './test-language.ts'

export { findSchema, testSchema, type FindTest, type Test } from './test-language.ts'

/** A small chart as an example: one note of text, or several with types; the billed day is 2025-05-06 unless said. */
const exampleSchema = z.union([
  z.string(),
  z.strictObject({ chart: z.array(z.string()).min(1), serviceDate: z.string().optional(), codes: z.array(z.string()).optional() }),
])
export type RequirementExample = z.infer<typeof exampleSchema>

export const requirementSchema = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z]+\.[a-z-]+$/),
  cites: z.strictObject({ section: z.string(), item: z.union([z.string(), z.number()]) }).describe('Section and bullet of the policy'),
  class: z.enum(['core', 'req', 'cond', 'x']),
  asks: z.string().describe('What the record must show, as a noun phrase'),
  request: z.string().optional().describe('What to ask the provider for, one sentence; not for exclusions'),
  where: z.array(z.string()).optional().describe('Note types in which a person would look for it: decides which unread pages matter; empty: none'),
  cure: cureSchema.optional().describe('What can still mend it where it is open'),
  when: testSchema.optional().describe('For class cond: it applies only where this is met'),
  test: testSchema,
  weight: z.number().positive().default(1).describe('Weight in the score that orders a worklist'),
  examples: z.strictObject({
    met: z.array(exampleSchema).optional(), partial: z.array(exampleSchema).optional(), 'not-met': z.array(exampleSchema).optional(),
    'not-applicable': z.array(exampleSchema).optional(), triggered: z.array(exampleSchema).optional(), clear: z.array(exampleSchema).optional(),
    unclear: z.array(exampleSchema).optional(),
  }),
})
export type Requirement = z.infer<typeof requirementSchema>

export const checklistSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  codes: z.array(z.string()).describe('Codes to which it applies'),
  'codes-where': z.array(z.strictObject({ codes: z.array(z.string()), from: z.string(), when: testSchema })).optional()
    .describe('Codes to which it applies from a day on, where the record meets a test'),
  requirements: z.array(requirementSchema).min(1),
})
export type Checklist = z.infer<typeof checklistSchema>

/** The record of a service without a checklist: which concepts or notes show it. */
export const serviceSchema = z.strictObject({
  codes: z.array(z.string()),
  label: z.string(),
  asks: z.string(),
  request: z.string(),
  test: testSchema,
  where: ids.optional(),
  cure: cureSchema.optional(),
})
export type Service = z.infer<typeof serviceSchema>

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const versionSchema = z.strictObject({
  version: isoDate.describe('Day of publication'), changed: z.string(),
  effective: z.enum(['stated', 'assumed']).default('assumed').describe('Whether the text names the day from which it holds; assumed: the day of publication'),
})
export type PolicyVersion = z.infer<typeof versionSchema>

/** What the text leaves open and a payer decides. */
export const settingsSchema = z.strictObject({
  'frequency-denial-code': z.union([z.literal('all'), z.string()]).default('all').describe('Which of the denial codes is shown: one of them, or all'),
  'remainder-of-five': z.enum(['accept', 'review', 'deny']).default('accept').describe('A unit of a service billed every five fractions for a remainder of one to four'),
  'unspecified-diagnosis': z.enum(['strict', 'manual']).default('strict').describe('strict: denied, as the policy says; manual: for a reviewer, as the payer’s manual is narrower'),
  'physics-review-days': z.number().int().min(1).default(14).describe('Days after the last fraction from which a physics review counts as well after the end'),
})
export type Settings = z.infer<typeof settingsSchema>

export const policyHeadSchema = z.strictObject({
  policy: z.string(),
  title: z.string(),
  payers: z.array(z.string()),
  versions: z.array(versionSchema).min(1).describe('Ascending'),
  'known-until': isoDate.optional().describe('Last day of service for which the last text is known to be the one in force; later days are judged by it and marked'),
  aliases: z.record(z.string(), z.string()).optional().describe('Code printed or billed → code meant'),
  'denial-codes': z.array(z.string()).optional().describe('The payer’s codes for a maximum frequency that is exceeded'),
  'denial-codes-from': isoDate.optional().describe('First version of the text that names them'),
  settings: settingsSchema.optional(),
})

export interface Policy {
  readonly id: string
  /** Dates of its texts, ascending. */
  readonly versions: readonly string[]
  readonly history: readonly PolicyVersion[]
  /** Last day of service for which the last text is known to be in force, or null. */
  readonly knownUntil: string | null
  readonly payers: readonly string[]
  readonly title: string
  readonly aliases: Readonly<Record<string, string>>
  readonly denialCodes: readonly string[]
  readonly denialCodesFrom: string | null
  readonly settings: Settings
  readonly errata: readonly Erratum[]
  readonly checklists: readonly Checklist[]
  readonly services: readonly Service[]
  /** What mends a gap, by kind of content. */
  readonly cures: readonly CureKind[]
  /** What in a chart suggests a code. */
  readonly suggestions: readonly SuggestionRule[]
  readonly rules: readonly BillingRule[]
  readonly codes: ReadonlyMap<string, CodeEntry>
}

/** The text in force on a day: the last one published on or before it, else the first. */
export function versionOn(policy: Policy, day: string): string {
  return policy.versions.filter((v) => v <= day).at(-1) ?? (policy.versions[0] as string)
}

/** Whether the text used is the one in force on the day, or the nearest known. */
export function basisOn(policy: Pick<Policy, 'versions' | 'knownUntil'>, day: string): 'in-force' | 'after-last-known' | 'before-first-known' {
  if (day < (policy.versions[0] as string)) return 'before-first-known'
  return policy.knownUntil !== null && day > policy.knownUntil ? 'after-last-known' : 'in-force'
}

/** Whether a text of a version holds a rule. */
export const holdsIn = (rule: Pick<BillingRule, 'text-from' | 'text-until'>, version: string): boolean =>
  (rule['text-from'] === undefined || version >= rule['text-from']) && (rule['text-until'] === undefined || version <= rule['text-until'])
