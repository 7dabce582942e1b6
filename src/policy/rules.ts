// The written form of billing rules: a small closed language over claim lines. May not: look at a claim.
import { z } from 'zod'

const codes = z.array(z.string()).min(1)
/** `2025-05-06 77470 x2 -26 dx C34.90`, one line each; lines beginning with `paid` are history. */
const lines = z.array(z.string()).min(1)

export const ruleTestSchema = z.union([
  z.strictObject({
    limit: z.strictObject({
      codes, per: z.enum(['day', 'course']), most: z.number().int().min(1),
      'lowest-first': z.boolean().optional().describe('Of codes of different level the lower one is denied, else the later line'),
      'within-a-line': z.boolean().optional().describe('Only units of one line count'),
    }),
  }),
  z.strictObject({
    excluded: z.strictObject({
      codes: codes.describe('The codes denied'), by: codes.describe('The codes that exclude them'), same: z.enum(['day', 'course']),
      'unless-modifier': z.array(z.string()).optional(),
    }),
  }),
  z.strictObject({ needs: z.strictObject({ codes, 'one-of': codes, same: z.enum(['day', 'course']) }) }),
  z.strictObject({ modifier: z.strictObject({ codes, 'not-allowed': z.array(z.string()) }) }),
  z.strictObject({ finding: z.strictObject({ codes, requirement: z.string(), status: z.string(), reason: z.string().optional() }) }),
  z.strictObject({
    counted: z.strictObject({
      codes, what: z.enum([
        'more-than-five-fractions', 'units-per-five-fractions', 'single-cranial-fraction', 'not-single-cranial-fraction', 'several-sessions', 'not-first-session',
        'first-session', 'later-daily-simulation', 'other-proton-level', 'unspecified-diagnosis', 'invalid-diagnosis', 'code-not-valid', 'imaging-types', 'plans',
        'both-managements', 'fusion-with-imrt-plan', 'one-simulation-of-superficial-course',
      ]),
    }),
  }),
])
export type RuleTest = z.infer<typeof ruleTestSchema>

export const billingRuleSchema = z.strictObject({
  id: z.string().regex(/^R\d\d$/),
  cites: z.strictObject({ section: z.string(), item: z.union([z.string(), z.number()]) }),
  says: z.string().describe('The rule in our words'),
  from: z.string().optional().describe('First day of service on which it holds'),
  until: z.string().optional().describe('Last day of service on which it holds'),
  effect: z.enum(['deny', 'limit', 'review', 'note']),
  frequency: z.boolean().optional().describe('A frequency rule: names the payer’s frequency denial codes'),
  test: ruleTestSchema,
  examples: z.strictObject({
    fires: z.array(z.strictObject({ claim: lines, on: z.array(z.number()).describe('Line numbers that carry the rule'), units: z.number().optional(), chart: z.array(z.string()).optional() })),
    silent: z.array(z.strictObject({ claim: lines, chart: z.array(z.string()).optional() })),
  }),
})
export type BillingRule = z.infer<typeof billingRuleSchema>
export const billingRulesSchema = z.array(billingRuleSchema)

/** One code: family, our own label, first and last valid day of service. */
export const codeSchema = z.strictObject({
  code: z.string(), label: z.string(), family: z.string(), from: z.string().optional(), until: z.string().optional(),
  level: z.number().optional().describe('Order within the family: the higher includes the lower'),
  note: z.string().optional(),
})
export const codesSchema = z.array(codeSchema)
export type CodeEntry = z.infer<typeof codeSchema>
