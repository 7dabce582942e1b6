// Claims and small records for tests of the review. May not: hold expectations.
import { readClaimLines } from '../../src/examples/run-examples.ts'
import { readText } from '../../src/document/read-text.ts'
import { dictionariesFolder, loadKnowledge } from '../../src/load/load-knowledge.ts'
import { reviewClaim } from '../../src/review-claim.ts'
import type { Policy, Settings } from '../../src/policy/policy.ts'
import type { LineDetermination, Review } from '../../src/review/review.ts'

export const knowledge = loadKnowledge(dictionariesFolder(), 'test')
export const policy = knowledge.policies[0] as Policy

/** A review of lines as rule examples write them, with notes as texts; a setting or a text of the policy may be chosen. */
export function review(lines: readonly string[], notes: readonly string[] = [], more: { readonly settings?: Partial<Settings>; readonly text?: string } = {}): Review {
  const documents = notes.map((text, i) => readText(new TextEncoder().encode(text), `note-${i + 1}.txt`))
  const chosen = more.settings ? { ...knowledge, policies: knowledge.policies.map((p) => ({ ...p, settings: { ...p.settings, ...more.settings } })) } : knowledge
  return reviewClaim(readClaimLines(lines), { documents, problems: [] }, chosen, more.text)
}

export const lineOf = (r: Review, line: number): LineDetermination => r.lines.find((l) => l.line.line === line) as LineDetermination
/** `R38 deny` of a line, in order. */
export const firing = (r: Review, line: number): string[] => lineOf(r, line).rules.map((x) => `${x.id} ${x.effect}`)
