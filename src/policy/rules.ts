// The written form of billing rules: a small closed language over claim lines and the record. May not: look at a claim or a chart.
import { z } from 'zod'
import { testSchema, type Test } from './test-language.ts'

const codes = z.array(z.string()).min(1)
/** `2025-05-06 77470 x2 -26 dx C34.90`, one line each; lines beginning with `paid` are history. */
const lines = z.array(z.string()).min(1)
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const test = testSchema as unknown as z.ZodType<Test>

/** What a rule has to know besides the claim itself. What is missing is named, and the rule says nothing. */
export const RULE_INPUTS = [
  'claim', 'history', 'records', 'fractions', 'fields', 'energies', 'devices', 'measurements', 'target', 'checklist', 'authorization', 'photon-comparison', 'readable-pages',
] as const
export type RuleInput = (typeof RULE_INPUTS)[number]

/** A fact of the level of a service: a number counted in the record, or what a test of the policy language finds there. */
const factSchema = z.union([
  z.strictObject({ count: z.enum(['areas', 'ports', 'modalities', 'isocenters']), least: z.number().int().min(1).optional(), most: z.number().int().min(1).optional(), named: z.string() }),
  z.strictObject({ shows: test, named: z.string().describe('How the fact is called in the explanation') }),
])

export const ruleTestSchema = z.union([
  z.strictObject({
    limit: z.strictObject({
      codes, per: z.enum(['day', 'course']), most: z.number().int().min(1),
      'lowest-first': z.boolean().optional().describe('Of codes of different level the lower one is denied, else the later line'),
      'within-a-line': z.boolean().optional().describe('Only units of one line count'),
      'only-remark': z.array(z.string()).optional().describe('Codes that the text does not name in this place: more of them is told and not limited'),
    }),
  }),
  z.strictObject({
    excluded: z.strictObject({
      codes: codes.describe('The codes denied'), by: codes.describe('The codes that exclude them'), same: z.enum(['day', 'course']),
      'unless-modifier': z.array(z.string()).optional(),
      'remark-other-day': z.boolean().optional().describe('The pair in one course on different days is told and not denied'),
    }),
  }),
  z.strictObject({ needs: z.strictObject({ codes, 'one-of': codes, same: z.enum(['day', 'course']) }) }),
  z.strictObject({
    modifier: z.strictObject({
      codes, 'not-allowed': z.array(z.string()).optional().describe('The rule fires on a line with one of these'),
      required: z.array(z.string()).optional().describe('The rule fires on a line with none of these'),
    }),
  }),
  z.strictObject({ finding: z.strictObject({ codes, requirement: z.string(), status: z.string(), reason: z.string().optional() }) }),
  z.strictObject({
    record: z.strictObject({
      codes, modifiers: z.array(z.string()).optional().describe('Only lines with one of these'),
      shows: test.describe('A test of the policy language: the rule fires on a line where it is met, and asks for review where it is unclear'),
      evaluable: z.strictObject({ when: test, 'else': z.enum(RULE_INPUTS) }).optional().describe('Where this test is not met the rule is not evaluable, for want of the input named'),
      'by-silence': z.boolean().optional().describe('It fires because something was not found: with unread pages it is not evaluable instead'),
    }),
  }),
  z.strictObject({
    level: z.strictObject({
      codes: codes.describe('The codes billed that it judges'),
      steps: z.array(z.strictObject({
        codes: codes.describe('The codes of this level'), name: z.string(),
        any: z.array(factSchema).min(1).describe('Facts, one of which shows at least this level'),
        all: z.array(factSchema).optional().describe('Facts that policy or code book name together: a note says where the record shows only some of them'),
      })).min(2).describe('Highest level first'),
      stated: z.array(z.strictObject({ code: z.string(), shows: test })).optional().describe('The record itself names the level: the rule then only notes that its facts do not show it'),
    }),
  }),
  z.strictObject({
    counted: z.strictObject({
      codes, what: z.enum([
        'more-than-five-fractions', 'units-per-five-fractions', 'single-cranial-fraction', 'not-single-cranial-fraction', 'several-sessions', 'not-first-session',
        'first-session', 'later-daily-simulation', 'other-proton-level', 'unspecified-diagnosis', 'invalid-diagnosis', 'code-not-valid', 'imaging-types', 'plans',
        'plans-and-boosts', 'both-managements', 'one-simulation-of-superficial-course', 'planning-without-new-volume', 'calculations-per-port',
        'calculations-of-split-fields', 'measurements-per-port', 'devices-per-port', 'mirrored-pair', 'energy-tier', 'physics-after-the-end', 'symptom-diagnosis', 'never-a-code',
        'fractions-given', 'authorization',
      ]),
    }),
  }),
])
export type RuleTest = z.infer<typeof ruleTestSchema>
export type CountedWhat = Extract<RuleTest, { counted: unknown }>['counted']['what']
export type LevelTest = Extract<RuleTest, { level: unknown }>['level']
export type LevelFact = z.infer<typeof factSchema>

export const billingRuleSchema = z.strictObject({
  id: z.string().regex(/^[RL]\d\d$/).describe('R and two digits; L for a level that the policy describes and no rule judges: it is told and never fires'),
  cites: z.strictObject({ section: z.string(), item: z.union([z.string(), z.number()]) }),
  says: z.string().describe('The rule in our words'),
  from: isoDate.optional().describe('First day of service on which it holds, whatever the text: for changes of the code set'),
  until: isoDate.optional().describe('Last day of service on which it holds, whatever the text'),
  'text-from': isoDate.optional().describe('First version of the policy text that holds it'),
  'text-until': isoDate.optional().describe('Last version of the policy text that holds it'),
  effect: z.enum(['deny', 'limit', 'review', 'note']),
  frequency: z.boolean().optional().describe('A frequency rule: names the payer’s frequency denial codes'),
  inputs: z.array(z.enum(RULE_INPUTS)).default(['claim']).describe('What it reads'),
  test: ruleTestSchema,
  examples: z.strictObject({
    fires: z.array(z.strictObject({
      claim: lines, on: z.array(z.number()).describe('Line numbers that carry the rule'), units: z.number().optional(), supports: z.string().optional().describe('The code that the record supports'),
      chart: z.array(z.string()).optional(),
    })),
    silent: z.array(z.strictObject({ claim: lines, chart: z.array(z.string()).optional(), missing: z.array(z.enum(RULE_INPUTS)).optional().describe('The rule is not evaluable, for want of these'), level: z.string().optional().describe('The code whose level the record shows') })),
  }),
})
export type BillingRule = z.infer<typeof billingRuleSchema>
export const billingRulesSchema = z.array(billingRuleSchema)

/** How sure we are of a change of the code set. */
const sureness = z.enum(['verified', 'reported', 'conflicting'])

/** One code: family, our own label, first and last valid day of service. */
export const codeSchema = z.strictObject({
  code: z.string(), label: z.string(), family: z.string(), from: isoDate.optional(), until: isoDate.optional(),
  level: z.number().optional().describe('Order within the family: the higher includes the lower'),
  change: z.strictObject({
    on: isoDate, kind: z.enum(['deleted', 'redefined', 'new', 'unsettled']), sure: sureness.describe('verified: read at an authority; reported: secondary sources agree; conflicting: they do not'),
    says: z.string().describe('What changed, in our words'), 'replaced-by': z.array(z.string()).optional(),
  }).optional().describe('A change of the code itself, by day of service'),
  note: z.string().optional(),
})
export const codesSchema = z.array(codeSchema)
export type CodeEntry = z.infer<typeof codeSchema>

/** A slip or contradiction in the payer's text, and how it is read here. */
export const erratumSchema = z.strictObject({
  id: z.string().regex(/^E\d{1,2}$/),
  about: z.string().describe('What the text says and what is wrong with it, in our words'),
  'read-as': z.string().describe('How it is read here'),
  codes: z.array(z.string()).default([]).describe('Codes whose lines it touches; empty: none of its own, it is only listed'),
  rules: z.array(z.string()).default([]).describe('Rules whose results it touches'),
  from: isoDate.optional().describe('Only for days of service from here on'),
  until: isoDate.optional().describe('Only for days of service up to here'),
  'with-denial-codes': z.boolean().optional().describe('Only where a rule names denial codes'),
  form: z.enum(['professional', 'institutional']).optional().describe('Only for claims on this form'),
})
export const errataSchema = z.array(erratumSchema)
export type Erratum = z.infer<typeof erratumSchema>
