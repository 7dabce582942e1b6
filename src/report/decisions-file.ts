// People's decisions as a file, `vouch/decisions@1`: out of the workbench or a worksheet, into letters and packets. May not: decide anything.
import { z } from 'zod'

export const OVERRIDE_REASONS = ['evidence-elsewhere', 'evidence-insufficient', 'policy-interpretation', 'reading-error', 'other'] as const

const box = z.object({ page: z.number().int().min(1), left: z.number(), top: z.number(), right: z.number(), bottom: z.number() })

export const filedDecisionSchema = z.object({
  target: z.enum(['requirement', 'rule', 'line', 'case']), line: z.number().int().min(0).nullable().describe('0 for the claim as a whole'), subject: z.string().nullable().describe('Id of the requirement or rule'),
  machine: z.string().describe('What the program said'), action: z.enum(['accept', 'override', 'withdraw']), status: z.string().describe('What holds'), reason: z.string().nullable().default(null), note: z.string().default(''),
  evidence: z.array(z.object({ file: z.string(), page: z.number().int().min(1), quote: z.string(), boxes: z.array(box).default([]) })).default([]),
  round: z.enum(['first', 'blind', 'approval']).default('first'), by: z.string(), at: z.string().nullable().default(null), stands: z.boolean().default(true),
})
export const decisionsFileSchema = z.object({ schema: z.literal('vouch/decisions@1'), decisions: z.array(filedDecisionSchema).describe('Oldest first') })
export type FiledDecision = z.infer<typeof filedDecisionSchema>
export type DecisionsFile = z.infer<typeof decisionsFileSchema>
