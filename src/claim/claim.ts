// The shape of a claim and its JSON form. May not: read files; know a policy.
import { z } from 'zod'

const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date written YYYY-MM-DD').refine((d) => {
  const t = new Date(`${d}T00:00:00Z`)
  return !Number.isNaN(t.getTime()) && t.toISOString().slice(0, 10) === d
}, 'a day that exists in the calendar')

/** What another payer took off, as an 837 or a benefit statement says. */
export const adjustmentSchema = z.object({
  group: z.string().describe('CO, PR, OA, PI or CR'), reason: z.string().describe('Claim adjustment reason code'), amount: z.number(),
  quantity: z.number().nullable().default(null),
})

export const claimLineSchema = z.object({
  line: z.number().int().min(1).describe('Line number, unique in the claim'),
  code: z.string().trim().toUpperCase().regex(/^[0-9A-Z]{5}$/, 'a CPT or HCPCS code of five characters').describe('CPT or HCPCS code'),
  modifiers: z.array(z.string().trim().toUpperCase()).default([]),
  units: z.number().positive().default(1),
  serviceDate: isoDate.describe('First day of service'),
  serviceDateEnd: isoDate.nullable().default(null),
  diagnosisPointers: z.array(z.number().int().min(1)).default([]).describe('1-based positions in diagnoses'),
  placeOfService: z.string().nullable().default(null),
  charge: z.number().nullable().default(null),
  revenueCode: z.string().optional().describe('Of an institutional line'),
  paid: z.number().optional().describe('Paid for the line by an earlier payer'),
  adjustments: z.array(adjustmentSchema).optional(),
})

export const claimSchema = z.object({
  claimId: z.string().min(1),
  payer: z.string().default('priority-health'),
  patient: z.object({
    name: z.string().nullable().default(null), birthDate: isoDate.nullable().default(null), memberId: z.string().nullable().default(null),
    mrn: z.string().nullable().default(null), sex: z.string().nullable().default(null),
  }).prefault({}),
  provider: z.object({ name: z.string().nullable().default(null), npi: z.string().nullable().default(null), taxId: z.string().optional() }).prefault({}),
  claimForm: z.enum(['professional', 'institutional']).default('professional'),
  diagnoses: z.array(z.string().trim().toUpperCase()).default([]),
  lines: z.array(claimLineSchema).min(1),
  authorizations: z.array(z.object({
    number: z.string().nullable().default(null), codes: z.array(z.string().trim().toUpperCase()).default([]).describe('Codes authorized; empty: not said'),
  })).nullable().default(null).describe('Prior authorizations on file; null: not known'),
  history: z.array(claimLineSchema.extend({ claimId: z.string().optional() })).default([]),
  lineOfBusiness: z.string().optional().describe('Kind of coverage as the claim calls it: the claim filing indicator of an 837, a word of a worklist'),
  billType: z.string().optional().describe('Of an institutional claim, without its leading zero: 131'),
  adjustments: z.array(adjustmentSchema).optional().describe('Of the claim as a whole, by an earlier payer'),
})

export type Adjustment = z.infer<typeof adjustmentSchema>
export type ClaimLine = z.infer<typeof claimLineSchema>
export type HistoryLine = ClaimLine & { readonly claimId?: string | undefined }
export type Claim = z.infer<typeof claimSchema>
