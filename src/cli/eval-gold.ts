// The expert's answer to a labelled case (gold.json): its shape and its one error. May not: read files; score.
import { z } from 'zod'
import { DETERMINATIONS, REQUIREMENT_STATUSES } from '../report/contract.ts'

const determination = z.enum(DETERMINATIONS)
const ruleId = z.string().regex(/^R\d{2}$/, 'a rule from R01 to R82')

const goldRequirementSchema = z.object({
  status: z.enum(REQUIREMENT_STATUSES),
  evidence: z.array(z.object({ file: z.string().min(1), page: z.number().int().min(1), quote: z.string() })).default([]),
  why: z.string().optional(),
})

const requirements = z.record(z.string().regex(/^[^.\s]+\.\S+$/, 'an identifier such as 77331.datetime'), goldRequirementSchema)

export const goldSchema = z.object({
  lines: z.array(z.object({
    line: z.number().int().min(1), code: z.string(),
    determination,
    alsoAcceptable: z.array(determination).default([]).describe('Further determinations that are right'),
    requirements: requirements.default({}),
    rules: z.array(ruleId).default([]),
    unitsSupported: z.number().min(0).optional(), reportedCode: z.string().nullable().optional(), why: z.string().optional(),
  })).min(1),
  claim: z.object({ general: requirements.default({}), rules: z.array(ruleId).default([]) }).prefault({}),
  facts: z.object({
    performanceStatus: z.array(z.object({
      scale: z.enum(['KPS', 'ECOG', 'Lansky', 'PPS']), low: z.number(), high: z.number(), date: z.string().nullable().default(null), decisive: z.boolean().default(false), quote: z.string().optional(),
    })).default([]),
  }).prefault({}),
})

export type Gold = z.infer<typeof goldSchema>
export type GoldRequirement = z.infer<typeof goldRequirementSchema>

/** Throws one error that names the file and every place in it that is wrong. */
export function parseGold(text: string, file: string): Gold {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new Error(`${file}: is not JSON`)
  }
  const result = goldSchema.safeParse(data)
  if (result.success) return result.data
  throw new Error(result.error.issues.map((issue) => `${file}: ${issue.path.length === 0 ? '(top)' : issue.path.join('.')}: ${issue.message}`).join('\n'))
}
