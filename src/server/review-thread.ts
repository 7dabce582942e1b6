// Thread that reads records and reviews claims, so that the server keeps answering. May not: write to disk; ask the network; know of accounts.
import { parentPort } from 'node:worker_threads'
import { deserialize, serialize } from 'node:v8'
import { availableParallelism } from 'node:os'
import type { Claim } from '../claim/claim.ts'
import type { Document } from '../document/document.ts'
import type { Problem } from '../base/problem.ts'
import { layoutOf, type PagesLayout } from '../document/page-layout.ts'
import { readFile } from '../document/read-records.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { engineVersion } from '../load/engine-version.ts'
import { policyText } from '../load/policy-text.ts'
import { knowledgeOf } from '../load/snapshot.ts'
import type { PatientIdentity } from '../note/note.ts'
import { basisOn, versionOn } from '../policy/policy.ts'
import { splitNotes } from '../note/split.ts'
import { toContract } from '../report/contract.ts'
import { policyFor, reviewClaim } from '../review-claim.ts'
import { labelledCase, type LabelledCase, type ToLabel } from './labelled-case.ts'

/** What was read in one record. */
export interface ReadRecord { readonly documents: readonly Document[]; readonly problems: readonly Problem[]; readonly ocr: string }

export interface PrintedIdentity { readonly patients: readonly PatientIdentity[]; readonly from: string | null; readonly to: string | null }

export type Errand =
  | { readonly id: number; readonly kind: 'read'; readonly bytes: Uint8Array; readonly file: string }
  /** `reads` are serialised `ReadRecord`s in the order of the records' names. */
  | { readonly id: number; readonly kind: 'review'; readonly claim: Claim; readonly reads: readonly Uint8Array[] }
  | { readonly id: number; readonly kind: 'label'; readonly of: ToLabel; readonly reads: readonly Uint8Array[] }
  /** Ends the thread in order, so that the processes it reads with end too. */
  | { readonly id: number; readonly kind: 'close' }

export type Reply =
  /** `made` is null where the dates cannot be moved. */
  | { readonly id: number; readonly kind: 'label'; readonly made: LabelledCase | null }
  | { readonly id: number; readonly kind: 'progress'; readonly page: number; readonly pages: number; readonly file: string }
  | { readonly id: number; readonly kind: 'read'; readonly read: Uint8Array; readonly identity: PrintedIdentity; readonly pages: number }
  /** `report` is a `ReviewJson` as text. */
  | { readonly id: number; readonly kind: 'review'; readonly report: string; readonly layout: PagesLayout }
  | { readonly id: number; readonly kind: 'fault' }

const port = parentPort
if (port === null) throw new Error('only as a thread')
const send = (reply: Reply): void => port.postMessage(reply)
const knowledge = knowledgeOf(dictionariesFolder(), engineVersion())
knowledge.catch(() => process.exit(1))
void knowledge.then((k) => port.postMessage({ id: 0, kind: 'ready', dictionaries: k.hash }))

port.on('message', (errand: Errand) => {
  if (errand.kind === 'close') process.exit(0)
  const work = errand.kind === 'read' ? read(errand) : errand.kind === 'review' ? review(errand) : label(errand)
  // The message of a fault may hold text of a record: only that it happened goes on.
  work.catch(() => send({ id: errand.id, kind: 'fault' }))
})

async function read(errand: Extract<Errand, { kind: 'read' }>): Promise<void> {
  let last = 0
  const { documents, problems, ocr } = await readFile(errand.bytes, errand.file, {
    ocrEngine: 'builtin', processes: Math.min(4, Math.max(1, availableParallelism())),
    onProgress: ({ page, pages, file }) => {
      const now = Date.now()
      if (now - last < 200) return
      last = now
      send({ id: errand.id, kind: 'progress', page, pages, file })
    },
  })
  const { notes: dictionaries } = await knowledge
  const heads = documents.flatMap((d, i) => splitNotes(d, i, dictionaries))
  const seen = new Set<string>()
  const patients = heads.map((h) => h.patient).filter((p) => {
    const key = JSON.stringify(p)
    if (seen.has(key) || (p.name === null && p.birthDate === null && p.identifiers.length === 0)) return false
    seen.add(key)
    return true
  })
  const dates = heads.flatMap((h) => (h.date === null ? [] : [h.date])).sort()
  send({
    id: errand.id, kind: 'read', read: serialize({ documents, problems, ocr } satisfies ReadRecord), pages: documents.reduce((sum, d) => sum + d.pages.length, 0),
    identity: { patients: patients.slice(0, 50), from: dates[0] ?? null, to: dates[dates.length - 1] ?? null },
  })
}

async function label(errand: Extract<Errand, { kind: 'label' }>): Promise<void> {
  const { policies, notes } = await knowledge
  const documents = errand.reads.flatMap((r) => (deserialize(r) as ReadRecord).documents).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))
  const policy = policyFor(errand.of.claim, policies)
  // Codes change with the year.
  const same = (from: string, to: string): boolean => from.slice(0, 4) === to.slice(0, 4) && versionOn(policy, from) === versionOn(policy, to) && basisOn(policy, from) === basisOn(policy, to)
  send({ id: errand.id, kind: 'label', made: labelledCase(errand.of, documents, notes.people, same) })
}

async function review(errand: Extract<Errand, { kind: 'review' }>): Promise<void> {
  const ready = await knowledge
  const reads = errand.reads.map((r) => deserialize(r) as ReadRecord)
  const byFile = (a: { readonly file: string }, b: { readonly file: string }): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)
  const documents = reads.flatMap((r) => r.documents).sort(byFile)
  const problems = reads.flatMap((r) => r.problems).sort(byFile)
  const report = toContract(reviewClaim(errand.claim, { documents, problems, ...(reads[0] ? { ocr: reads[0].ocr } : {}) }, ready), policyText(ready.policies), ready.denialCodes)
  send({
    id: errand.id, kind: 'review', report: JSON.stringify(report),
    layout: layoutOf(documents),
  })
}
