// The shapes of letters: their wording, which a payer edits, and the settings that fill it. May not: say anything of a claim.
import { z } from 'zod'

export const LETTER_KINDS = ['determination', 'record-request'] as const
export type LetterKind = (typeof LETTER_KINDS)[number]

/** Everything a wording may name in `{ }`. What a review does not give is empty, and a part in `[ ]` that names it is left out. */
export const LETTER_FIELDS = {
  claim: 'Number of the claim', patient: 'Name of the patient', birthDate: 'Day of birth', member: 'Number of the member', mrn: 'Medical record number',
  provider: 'Name of the provider', npi: 'National provider identifier', from: 'First day of service', to: 'Last day of service, where it is another',
  payer: 'Name of the payer, from the settings', policy: 'Name of the policy, from the settings', policyTexts: 'Days of the policy texts applied',
  files: 'How many files were received', pages: 'How many pages', unread: 'How many pages could not be read', date: 'Day of the letter',
  linesBilled: 'How many lines were billed', linesOpen: 'How many of them are not supported in full', recordDays: 'Days to send records, from the settings', recordDue: 'The day that gives',
  disputeDays: 'Days to dispute, from the settings', disputeDue: 'The day that gives', contact: 'Whom to ask, from the settings',
} as const satisfies Readonly<Record<string, string>>
export type LetterField = keyof typeof LETTER_FIELDS

/** Further names in the words of one reason, line or decision. */
const WORD_FIELDS = ['file', 'page', 'section', 'item', 'asks', 'status', 'reason', 'note', 'reviewer', 'line', 'code', 'label', 'supported', 'billed', 'codes', 'inputs', 'lines', 'signer', 'signedOn', 'id'] as const

/** `when` of a block: what must hold for it to be printed. */
export const LETTER_CONDITIONS = ['open', 'all-supported', 'requests', 'no-requests', 'problems', 'undecided', 'unread', 'send-to'] as const

/** Names in braces that nobody fills. */
function unknownFields(text: string, further: readonly string[] = []): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map((m) => m[1] as string).filter((name) => !(name in LETTER_FIELDS) && !further.includes(name))
}

const saysNothingUnknown = (further: readonly string[]) => (text: string, at: { addIssue: (issue: { code: 'custom'; message: string }) => void }): void => {
  for (const name of unknownFields(text, further)) at.addIssue({ code: 'custom', message: `{${name}} is no field of a letter; there are ${[...Object.keys(LETTER_FIELDS), ...further].map((f) => `{${f}}`).join(' ')}` })
}
const wording = z.string().min(1).superRefine(saysNothingUnknown([]))
const words = z.string().superRefine(saysNothingUnknown(WORD_FIELDS))

const when = z.enum(LETTER_CONDITIONS).optional().describe('Printed only where it holds: some line is open, all are supported, something or nothing is asked for, files have problems, a line is undecided, pages could not be read, the settings say where to send')

const blockSchema = z.union([
  z.strictObject({ text: wording.describe('A paragraph'), when }),
  z.strictObject({ heading: wording, when }),
  z.strictObject({
    insert: z.enum(['claim', 'lines', 'reasons', 'requests', 'problems', 'rights', 'send-to', 'enclosures', 'signature']).describe('What the review, the settings or the sign-off give'), when,
  }),
])

export const letterTemplateSchema = z.strictObject({
  kind: z.enum(LETTER_KINDS),
  title: wording.describe('The subject line'),
  words: z.strictObject({
    quoted: words.describe('Where a quote stands: file and page'),
    against: words.describe('The same of words that speak against'),
    cites: words.describe('Section and item of the policy'),
    'cites-rule': words.describe('Section of the policy that a billing rule is taken from'),
    'cure-title': words, 'cure-rule': words.describe('What would change a billing rule: {inputs} it rests on'),
    supported: words.describe('Units of a line: {supported} of {billed}'), 'supported-if': words.describe('Units that stand only once what is missing comes'),
    undecided: words.describe('Units of a line that a person still has to decide'),
    decided: words.describe('A requirement of which a person says otherwise than the program: {status} {asks} {reason}'),
    'decided-line': words.describe('A line of which a person says otherwise'),
    'request-asks': words.describe('What is asked for where the review has no sentence of its own for it: {asks}'),
    codes: words.describe('Suggested denial and remark codes, where the settings ask for them'),
    'for-lines': words.describe('Lines for which something is asked'),
    draft: words, 'draft-note': words.describe('Under the mark of a draft'), signed: words.describe('The line of the sign-off: {signer} {signedOn}'),
    reference: words.describe('What a reason is found by: {line} {id}'),
  }),
  body: z.array(blockSchema).min(3),
  examples: z.array(z.strictObject({
    claim: z.array(z.string()).min(1).describe('Billed lines, as in the examples of billing rules'),
    chart: z.array(z.string()).default([]).describe('Texts of the records'),
    says: z.array(z.string()).min(1), 'says-not': z.array(z.string()).default([]),
  })).min(1),
})
export type LetterTemplate = z.infer<typeof letterTemplateSchema>
export type LetterBlock = LetterTemplate['body'][number]

const line = z.string().trim().min(1).max(300)
export const letterSettingsSchema = z.strictObject({
  payer: line.nullable().default(null).describe('Name of the payer, as it heads the letter; a letter without it stays a draft'),
  address: z.array(line).max(8).default([]).describe('Lines under the name'),
  contact: line.nullable().default(null).describe('Whom to ask: name, telephone, e-mail'),
  'send-to': z.array(line).max(8).default([]).describe('Where records and disputes are sent'),
  policy: line.nullable().default(null).describe('Name of the policy as your providers know it'),
  'record-days': z.number().int().min(1).max(365).default(45).describe('Calendar days to send records, from the day of the letter'),
  'dispute-days': z.number().int().min(1).max(730).default(180).describe('Calendar days to dispute, from the day of the letter'),
  rights: z.array(z.string().trim().min(1).max(2000)).max(12).default([]).describe('Dispute rights, a paragraph each; a determination without them stays a draft. Fields in { } are filled').superRefine((paragraphs, at) => {
    for (const paragraph of paragraphs) saysNothingUnknown([])(paragraph, at)
  }),
  enclosures: z.array(line).max(12).default([]),
  'quotes-each': z.number().int().min(0).max(12).default(3).describe('Quotes printed with a reason'),
  'denial-codes': z.boolean().default(false).describe('Whether suggested denial and remark codes are printed'),
  'reviewer-notes': z.boolean().default(false).describe("Whether a reviewer's note on a decision is printed"),
})
export type LetterSettings = z.infer<typeof letterSettingsSchema>
