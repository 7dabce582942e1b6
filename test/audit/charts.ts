// Small charts and the knowledge they are read with, for the tests of the self-audit. May not: hold a test.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditRecords, type Audited, type Planned, type ReadRecords } from '../../src/audit/audit-records.ts'
import { claimSchema } from '../../src/claim/claim.ts'
import { readRecords } from '../../src/document/read-records.ts'
import { readText } from '../../src/document/read-text.ts'
import { dictionariesFolder, loadKnowledge } from '../../src/load/load-knowledge.ts'
import { policyText } from '../../src/load/policy-text.ts'

export const knowledge = loadKnowledge(dictionariesFolder(), 'test')
export const policy = knowledge.policies[0] as (typeof knowledge.policies)[number]
export const texts = policyText(knowledge.policies)
export const AUDIT_CASES = readdirSync('corpus/audit').sort()

export interface Label { readonly outlook: string; readonly why: string; readonly means: readonly string[] }
export const labelsOf = (name: string): Readonly<Record<string, Label>> => (JSON.parse(readFileSync(join('corpus/audit', name, 'labels.json'), 'utf8')) as { fixes: Record<string, Label> }).fixes

export const recordsOf = (notes: Readonly<Record<string, string>>): ReadRecords => ({
  documents: Object.keys(notes).sort().map((file) => readText(new TextEncoder().encode(notes[file]), file)), problems: [],
})

export function audited(records: ReadRecords, planned: Planned, options: Parameters<typeof auditRecords>[4] = {}): Audited {
  const answer = auditRecords(records, planned, knowledge, texts, options)
  if ('fault' in answer) throw new Error(answer.fault)
  return answer
}

export async function auditedCase(name: string): Promise<Audited> {
  const claim = claimSchema.parse(JSON.parse(readFileSync(join('corpus/audit', name, 'claim.json'), 'utf8')))
  return audited(await readRecords([join('corpus/audit', name, 'records')]), { claim })
}
