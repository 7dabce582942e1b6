// People's decisions: written once, never changed; a later one replaces an earlier one. May not: change what the machine found.
import { randomUUID } from 'node:crypto'
import type { AuditEvent } from '../store/audit.ts'
import type { Store, Tx } from '../store/open-store.ts'
import type { Who } from './context.ts'
import { decisionKey } from '../report/effective.ts'
import type { DecisionBody, DecisionRow } from './shapes.ts'

/** Oldest first. `stands` tells the last word on each matter of each round. */
export async function decisionsOf(store: Store, caseId: string, db: Store['db'] | Tx = store.db): Promise<(DecisionRow & { readonly userId: string })[]> {
  const rows = await db.selectFrom('decisions').innerJoin('users', 'users.id', 'decisions.decided_by').innerJoin('reviews', 'reviews.id', 'decisions.review_id').selectAll('decisions')
    .select(['users.name as by', 'reviews.number as review']).where('decisions.case_id', '=', caseId).orderBy('decisions.decided_at').orderBy('decisions.id').execute()
  const last = new Map<string, string>()
  for (const r of rows) last.set(`${r.round === 'blind'} ${decisionKey(r)}`, r.id)
  return rows.map((r) => {
    const { note, evidence } = r.sealed_note === null ? { note: '', evidence: [] } : (JSON.parse(store.open(r.sealed_note, `decisions:${r.id}`)) as { note: string; evidence: DecisionRow['evidence'] })
    return {
      id: r.id, target: r.target, line: r.line, subject: r.subject, machine: r.machine, action: r.action, status: r.status, reason: r.reason, note, evidence, round: r.round, by: r.by,
      at: new Date(r.decided_at).toISOString(), stands: last.get(`${r.round === 'blind'} ${decisionKey(r)}`) === r.id, review: r.review, userId: r.decided_by,
    }
  })
}

export interface NewDecision {
  readonly caseId: string
  readonly reviewId: string
  readonly target: DecisionRow['target']
  readonly line: number | null
  readonly subject: string | null
  /** What the machine said, copied so that it can never be mistaken for the person's word. */
  readonly machine: string
  readonly action: DecisionBody['action']
  readonly status: string
  readonly reason: string | null
  readonly note: string
  readonly evidence: DecisionBody['evidence']
  readonly round: DecisionRow['round']
}

/** The row and its entry in the log, which holds the row, sealed, in case the database loses it. */
export async function addDecision(tx: Tx, log: (event: AuditEvent) => void, store: Store, who: Who, d: NewDecision): Promise<string> {
  const id = randomUUID()
  const row = {
    id, organisation_id: who.organisation, case_id: d.caseId, review_id: d.reviewId, target: d.target, line: d.line, subject: d.subject, machine: d.machine, action: d.action, status: d.status,
    reason: d.reason, sealed_note: d.note === '' && d.evidence.length === 0 ? null : store.seal(JSON.stringify({ note: d.note, evidence: d.evidence }), `decisions:${id}`), round: d.round,
    decided_by: who.id, decided_at: new Date(),
  }
  await tx.insertInto('decisions').values(row).execute()
  log({
    organisation: who.organisation, actor: who.id, action: 'decision.made', subject: d.caseId,
    data: { decision: id, target: d.target, line: d.line, about: d.subject, action: d.action, machine: d.machine, status: d.status, reason: d.reason, round: d.round },
    restore: store.seal(JSON.stringify(row), 'restore'),
  })
  return id
}
