// Words for outlooks, means and effects. May not: decide; hold sentences of a policy.
import type { CureMeans, Outlook } from '../policy/cure.ts'
import type { Fix } from './self-audit.ts'

export const OUTLOOK_WORDS: Readonly<Record<Outlook, string>> = {
  curable: 'Can still be mended.', 'if-it-exists': 'Can be mended only by a document that exists already.', 'correct-the-claim': 'To be mended on the claim, not in the record.', 'not-curable': 'Cannot be mended.',
}
export const MEANS_WORDS: Readonly<Record<CureMeans, string>> = {
  'existing-document': 'Document of the time', 'legible-copy': 'Better copy', attestation: 'Attestation', 'signature-log': 'Signature log', addendum: 'Late entry', clarification: 'Query', 'claim-correction': 'Claim',
}
export const EFFECT_WORDS: Readonly<Record<Fix['effect'], string>> = {
  decides: 'By itself it changes the determination.', 'with-others': 'It counts together with the other gaps of its lines.', 'not-enough': 'By itself it changes no determination.',
}
