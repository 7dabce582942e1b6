// What can still mend a gap in the record and what cannot, as data of a policy. May not: read files; look at a finding.
import { z } from 'zod'

/** Reasons for which a requirement is open. */
export const OPEN_REASONS = [
  'not-found', 'parts-found', 'denied', 'only-planned', 'only-historical', 'only-other-course', 'only-other-patient', 'only-template', 'unsigned', 'undated', 'wrong-role', 'wrong-order',
  'conflict', 'straddles-threshold', 'doubtful-reading', 'unreadable', 'exclusion-found',
] as const
export type OpenReason = (typeof OPEN_REASONS)[number]

/**
 * `existing-document` a document of the time that was not sent; `legible-copy` a better copy of a page; `attestation` the author's statement that an entry is his;
 * `signature-log` whose initials or mark it is; `addendum` a late entry by who did or saw it; `clarification` the author's dated answer to a query; `claim-correction` the claim, not the record.
 */
export const CURE_MEANS = ['existing-document', 'legible-copy', 'attestation', 'signature-log', 'addendum', 'clarification', 'claim-correction'] as const
export type CureMeans = (typeof CURE_MEANS)[number]

/** `curable` by something that may be written today; `if-it-exists` only by what was made at the time; `correct-the-claim` by billing otherwise; `not-curable` by nothing. */
export const OUTLOOKS = ['curable', 'if-it-exists', 'correct-the-claim', 'not-curable'] as const
export type Outlook = (typeof OUTLOOKS)[number]

const reasons = z.array(z.enum(OPEN_REASONS)).min(1)
const status = z.array(z.enum(['partial', 'not-met', 'unclear', 'triggered'])).min(1)

const waySchema = z.strictObject({
  means: z.enum(CURE_MEANS),
  for: reasons.describe('Reasons for which a requirement is open that this mends'),
  status: status.optional().describe('Only where the requirement has one of these statuses'),
  found: z.array(z.string()).optional().describe('Only where one of these parts was found: initials'),
  says: z.string().describe('What to do, a sentence for the people of a clinic'),
  source: z.string().describe('Where it is said that this is accepted'),
})

const barredSchema = z.strictObject({
  for: reasons.optional().describe('Reasons for which it is told; absent: all'),
  status: status.optional().describe('Only where the requirement has one of these statuses'),
  says: z.string().describe('What cannot be done, a sentence for the people of a clinic'),
  source: z.string().describe('Where it is said that this is not accepted'),
})

export const cureKindSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/),
  says: z.string().describe('What kind of content it is'),
  also: z.array(z.string()).optional().describe('Kinds whose ways hold for it too'),
  ways: z.array(waySchema),
  barred: z.array(barredSchema),
  examples: z.array(z.strictObject({
    reason: z.enum(OPEN_REASONS), status: z.enum(['partial', 'not-met', 'unclear', 'triggered']).optional(), found: z.array(z.string()).optional(),
    is: z.enum(OUTLOOKS),
  })).min(1).describe('What comes of a gap of this kind'),
})
export const curesSchema = z.array(cureKindSchema)
export type CureKind = z.infer<typeof cureKindSchema>

/** The field of a requirement. */
export const cureSchema = z.strictObject({
  kind: z.string().describe('Kind of content, from cures.yaml'),
  topic: z.string().describe('What a query to the physician asks about: a noun phrase that suggests no answer'),
  parts: z.record(z.string(), z.string()).optional().describe('Parts of the requirement that are of another kind'),
})
export type Cure = z.infer<typeof cureSchema>
