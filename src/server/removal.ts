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
    return [...records.flatMap((r) => [r.blob, r.read_blob]), ...reviews.map((r) => r.report_blob)]
  })
  if (blobs === null) return false
  for (const blob of new Set(blobs)) if (blob !== null) await unlessNeeded(store, blob)
  return true
}

/** A stored file goes, unless another record is the same. */
export async function unlessNeeded(store: Store, blob: string): Promise<void> {
  const others = await store.db.selectFrom('records').select('id').where('removed_at', 'is', null).where((e) => e.or([e('blob', '=', blob), e('read_blob', '=', blob)])).executeTakeFirst()
  if (!others) await store.blobs.remove(blob)
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
