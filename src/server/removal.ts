// Removing a case for good: by hand, or when an organisation's time of keeping is over. May not: touch decisions or the log; leave a file that another record still needs without it.
import type { Store } from '../store/open-store.ts'
import { DEFAULT_SETTINGS } from '../store/tables.ts'
import { forgetClaim, settingsOf } from './cases.ts'
import { forgetPatient } from './records.ts'

const DAY_MS = 86_400_000

/** Files, reports, the claim and what was read; what people decided stays, without words of the record in clear. False where there is no such case. `actor` null where time did it. */
export async function removeCase(store: Store, organisation: string, caseId: string, actor: string | null): Promise<boolean> {
  const blobs = await store.change(async (tx, log) => {
    const row = await tx.selectFrom('cases').select(['id', 'claim_id']).where('id', '=', caseId).where('organisation_id', '=', organisation).executeTakeFirst()
    if (!row) return null
    const records = await tx.selectFrom('records').select(['blob', 'read_blob']).where('case_id', '=', row.id).execute()
    const reviews = await tx.selectFrom('reviews').select('report_blob').where('case_id', '=', row.id).execute()
    await tx.updateTable('records').set({ removed_at: new Date(), read_blob: null, sealed_identity: null, sealed_name: store.seal('removed', 'removed') }).where('case_id', '=', row.id).execute()
    await tx.updateTable('cases').set({ state: 'closed', run: 'none', review_id: null, updated_at: new Date() }).where('id', '=', row.id).execute()
    await tx.updateTable('claims').set({ sealed: '' }).where('id', '=', row.claim_id).execute()
    await tx.updateTable('letters').set({ sealed: '' }).where('case_id', '=', row.id).execute()
    log({ organisation, actor, action: 'case.removed', subject: row.id, data: { records: records.length, reviews: reviews.length, by: actor === null ? 'retention' : 'person' } })
    forgetClaim(row.claim_id)
    forgetPatient(row.claim_id)
    const gone = [...records.flatMap((r) => [r.blob, r.read_blob]), ...reviews.map((r) => r.report_blob)].filter((b) => b !== null)
    await store.blobs.doubt(organisation, gone)
    return gone
  })
  if (blobs === null) return false
  for (const blob of new Set(blobs)) await unlessNeeded(store, blob)
  return true
}

/** A stored file goes, unless another record is the same. */
export async function unlessNeeded(store: Store, blob: string): Promise<void> {
  const others = await store.db.selectFrom('records').select('id').where('removed_at', 'is', null).where((e) => e.or([e('blob', '=', blob), e('read_blob', '=', blob)])).executeTakeFirst()
  if (!others) await store.blobs.remove(blob)
}

/** What a server that was killed had taken in or was removing, and nothing names: gone before anything else comes in. How many. */
export async function removeUnnamed(store: Store): Promise<number> {
  const { db } = store
  const organisations = (await db.selectFrom('organisations').select('id').execute()).map((o) => o.id)
  return store.blobs.settle((owner) => organisations.some((id) => owner === id || owner.startsWith(`${id} `)), async (blobs) => {
    const rows = await db.selectFrom('records').select(['blob', 'read_blob as other']).where('removed_at', 'is', null).where((e) => e.or([e('blob', 'in', blobs), e('read_blob', 'in', blobs)]))
      .unionAll(db.selectFrom('reviews').innerJoin('cases', 'cases.id', 'reviews.case_id').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['reviews.report_blob as blob', 'reviews.report_blob as other']).where('claims.sealed', '!=', '').where('reviews.report_blob', 'in', blobs))
      .unionAll(db.selectFrom('self_audit_files').select(['blob', 'read_blob as other']).where((e) => e.or([e('blob', 'in', blobs), e('read_blob', 'in', blobs)])))
      .unionAll(db.selectFrom('self_audits').select([(e) => e.fn.coalesce('result_blob', e.val('')).as('blob'), 'result_blob as other']).where('result_blob', 'in', blobs))
      .unionAll(db.selectFrom('policy_copies').select(['blob', 'passages_blob as other']).where((e) => e.or([e('blob', 'in', blobs), e('passages_blob', 'in', blobs)])))
      .execute()
    return new Set(rows.flatMap((r) => (r.other === null ? [r.blob] : [r.blob, r.other])))
  }, store.embedded)
}

/** Closed cases that nobody has touched for as long as their organisation keeps them. How many were removed. */
export async function removeOutdated(store: Store, now = Date.now()): Promise<number> {
  let removed = 0
  for (const organisation of await store.db.selectFrom('organisations').selectAll().execute()) {
    const { retentionDays } = settingsOf(organisation.settings, DEFAULT_SETTINGS)
    if (retentionDays === 0) continue
    const rows = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select('cases.id').where('cases.organisation_id', '=', organisation.id).where('cases.state', '=', 'closed')
      .where('cases.updated_at', '<', new Date(now - retentionDays * DAY_MS)).where('claims.sealed', '!=', '').execute()
    for (const row of rows) if (await removeCase(store, organisation.id, row.id, null)) removed++
  }
  return removed
}
