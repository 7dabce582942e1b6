// Thread of the self-audit and the policy room: reads charts, audits them, builds packets, judges drafts of a policy. May not: write to disk; ask the network; know of accounts.
import { parentPort } from 'node:worker_threads'
import { deserialize, serialize } from 'node:v8'
import { availableParallelism } from 'node:os'
import { auditRecords, together, type Planned, type ReadRecords } from '../audit/audit-records.ts'
import { statusChanges, whatIf } from '../audit/what-if.ts'
import { draftDocx } from '../audit/drafts-docx.ts'
import { draftText } from '../audit/drafts.ts'
import { groupSuggestions } from '../audit/group-suggestions.ts'
import { buildPacket, planPacket } from '../audit/packet.ts'
import type { Claim } from '../claim/claim.ts'
import { startEngine } from '../document/pdf-engine.ts'
import { readFile } from '../document/read-records.ts'
import { failingExamplesOfDraft } from '../examples/run-examples.ts'
import { draftPolicy, policyFolder, policyTexts } from '../load/draft-policy.ts'
import { engineVersion } from '../load/engine-version.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { policyText } from '../load/policy-text.ts'
import { knowledgeOf } from '../load/snapshot.ts'
import type { Policy } from '../policy/policy.ts'
import { toContract, type ReviewJson } from '../report/contract.ts'
import { copyPassages } from '../report/policy-copy.ts'
import { draftChanges, policyDiffs, type DraftFiles, type PolicyDiff } from '../report/policy-diff.ts'
import { policyPage, type CopyPassage } from '../report/policy-page.ts'
import { reviewClaim } from '../review-claim.ts'
import type { ReadRecord } from './review-thread.ts'
import type { AuditOutcome, PolicyPreview, PolicyRoom } from './room-shapes.ts'

export type AuditErrand =
  | { readonly id: number; readonly kind: 'read'; readonly bytes: Uint8Array; readonly file: string }
  /** `reads` and `added` are serialised `ReadRecord`s. */
  | { readonly id: number; readonly kind: 'audit'; readonly planned: Planned; readonly reads: readonly Uint8Array[]; readonly added: readonly Uint8Array[] | null }
  | { readonly id: number; readonly kind: 'draft'; readonly planned: Planned; readonly reads: readonly Uint8Array[]; readonly name: string }
  | { readonly id: number; readonly kind: 'packet'; readonly planned: Planned; readonly reads: readonly Uint8Array[]; readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[]; readonly prefix: string; readonly day: string }
  | { readonly id: number; readonly kind: 'room' }
  | { readonly id: number; readonly kind: 'versions'; readonly a: string; readonly b: string }
  /** Without a claim only what the draft changes in the policy. */
  | { readonly id: number; readonly kind: 'preview'; readonly policy: string; readonly files: DraftFiles; readonly claim: Claim | null; readonly reads: readonly Uint8Array[] }
  | { readonly id: number; readonly kind: 'copy'; readonly bytes: Uint8Array; readonly file: string }

export interface AuditAnswers {
  readonly read: { readonly read: Uint8Array; readonly pages: number }
  readonly audit: AuditOutcome
  readonly draft: Uint8Array | null
  readonly packet: Uint8Array | null
  readonly room: PolicyRoom
  readonly versions: readonly PolicyDiff[]
  readonly preview: PolicyPreview
  readonly copy: readonly CopyPassage[]
}
export type AuditReply = { readonly id: number; readonly progress: { readonly page: number; readonly pages: number } } | { readonly id: number; readonly answer: AuditAnswers[keyof AuditAnswers] } | { readonly id: number; readonly fault: true }

const port = parentPort
if (port === null) throw new Error('only as a thread')
const send = (reply: AuditReply): void => port.postMessage(reply)
const dictionaries = dictionariesFolder()
const knowledge = knowledgeOf(dictionaries, engineVersion())
knowledge.catch(() => process.exit(1))
const engine = startEngine()

port.on('message', (errand: AuditErrand) => {
  // The message of a fault may hold text of a record: only that it happened goes on.
  answerTo(errand).then((answer) => send({ id: errand.id, answer }), () => send({ id: errand.id, fault: true }))
})

async function answerTo(errand: AuditErrand): Promise<AuditAnswers[keyof AuditAnswers]> {
  if (errand.kind === 'read') return read(errand)
  if (errand.kind === 'audit') return audit(errand)
  if (errand.kind === 'draft') return draft(errand)
  if (errand.kind === 'packet') return packet(errand)
  if (errand.kind === 'room') return room()
  if (errand.kind === 'versions') return policyDiffs((await knowledge).policies, errand.a, errand.b)
  if (errand.kind === 'preview') return preview(errand)
  const { documents } = await readFile(errand.bytes, errand.file, { ocrEngine: 'builtin' })
  return (await knowledge).policies.flatMap((p) => copyPassages(p, documents))
}

async function read(errand: Extract<AuditErrand, { kind: 'read' }>): Promise<AuditAnswers['read']> {
  let last = 0
  const { documents, problems, ocr } = await readFile(errand.bytes, errand.file, {
    ocrEngine: 'builtin', processes: Math.min(4, Math.max(1, availableParallelism())),
    onProgress: ({ page, pages }) => {
      const now = Date.now()
      if (now - last < 200) return
      last = now
      send({ id: errand.id, progress: { page, pages } })
    },
  })
  return { read: serialize({ documents, problems, ocr } satisfies ReadRecord), pages: documents.reduce((sum, d) => sum + d.pages.length, 0) }
}

function recordsFrom(reads: readonly Uint8Array[]): ReadRecords {
  const all = reads.map((r) => deserialize(r) as ReadRecord)
  const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
  return { documents: all.flatMap((r) => r.documents).sort(byFile), problems: all.flatMap((r) => r.problems).sort(byFile), ...(all[0] ? { ocr: all[0].ocr } : {}) }
}

async function audit(errand: Extract<AuditErrand, { kind: 'audit' }>): Promise<AuditOutcome> {
  const ready = await knowledge
  const records = recordsFrom(errand.reads)
  const done = auditRecords(records, errand.planned, ready, policyText(ready.policies), errand.added === null ? {} : { added: recordsFrom(errand.added) })
  if ('fault' in done) return { fault: done.fault }
  const plan = planPacket(done.review)
  return {
    whatIf: done.whatIf ?? null,
    shown: {
      audit: done.audit, suggested: done.audit.suggested === null ? null : groupSuggestions(done.audit.suggested), remarks: done.remarks, claim: done.claim as Claim, layout: records.documents.map((d) => d.pages.map((p) => ({ page: p.page, width: p.width, height: p.height }))),
      drafts: done.drafts.map((d) => ({ kind: d.kind, name: d.name, title: d.title, fixes: d.fixes, text: draftText(d) })),
      packet: { pages: plan.pages.length, of: done.audit.records.reduce((n, r) => n + r.pages, 0) },
    },
  }
}

async function draft(errand: Extract<AuditErrand, { kind: 'draft' }>): Promise<Uint8Array | null> {
  const ready = await knowledge
  const done = auditRecords(recordsFrom(errand.reads), errand.planned, ready, policyText(ready.policies))
  const found = 'fault' in done ? undefined : done.drafts.find((d) => d.name === errand.name)
  return found === undefined ? null : draftDocx(found)
}

async function packet(errand: Extract<AuditErrand, { kind: 'packet' }>): Promise<Uint8Array | null> {
  const ready = await knowledge
  const records = recordsFrom(errand.reads)
  const done = auditRecords(records, errand.planned, ready, policyText(ready.policies))
  if ('fault' in done) return null
  const built = await buildPacket(done.review, planPacket(done.review, { prefix: errand.prefix }), {
    engine: await engine, day: errand.day, documentOf: (file) => records.documents.find((d) => d.file === file),
    recordOf: (file) => {
      const own = errand.files.find((f) => f.name === file) ?? errand.files.filter((f) => file.startsWith(`${f.name}/`)).sort((a, b) => b.name.length - a.name.length)[0]
      return Promise.resolve(own === undefined ? null : { bytes: own.bytes, inner: file === own.name ? '' : file.slice(own.name.length + 1) })
    },
  })
  return built.pdf
}

async function room(): Promise<PolicyRoom> {
  const { policies, hash } = await knowledge
  return {
    pages: policies.map(policyPage), dictionaries: hash,
    files: Object.fromEntries(policies.flatMap((p) => {
      const folder = policyFolder(dictionaries, p.id)
      return folder === null ? [] : [[p.id, policyTexts(folder)]]
    })),
  }
}

async function preview(errand: Extract<AuditErrand, { kind: 'preview' }>): Promise<PolicyPreview> {
  const ready = await knowledge
  const base = ready.policies.find((p) => p.id === errand.policy)
  const folder = base ? policyFolder(dictionaries, base.id) : null
  if (!base || folder === null) return { faults: [{ file: '', line: null, column: null, what: 'there is no such policy' }] }
  const judged = draftPolicy(folder, base, errand.files, ready)
  if ('faults' in judged) return judged
  const { claim } = errand
  const changes = draftChanges(base, judged.policy)
  if (claim === null) return { changes, examples: failingExamplesOfDraft(base, judged.policy, ready), whatIf: null }
  const records = together(recordsFrom(errand.reads), { documents: [], problems: [] })
  const under = (policies: readonly Policy[]): ReviewJson => toContract(reviewClaim(claim, records, { ...ready, policies }), policyText(policies))
  const [before, after] = [under(ready.policies), under(ready.policies.map((p) => (p === base ? judged.policy : p)))]
  return { changes, examples: null, whatIf: { ...whatIf(before, after), files: [], general: statusChanges(before.general, after.general) } }
}
