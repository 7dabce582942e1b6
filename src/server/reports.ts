// Reports of cases as last made, and who reads them in which round. May not: change one; answer HTTP.
import type { ReviewJson } from '../report/contract.ts'
import { Refusal, type Context, type Who } from './context.ts'
import type { StoredReport } from './runner.ts'

/** The report of a case as last made; null where it was not reviewed yet. */
export async function reportOf(context: Context, who: Who, caseId: string): Promise<(StoredReport & { readonly reviewId: string; readonly number: number; readonly madeAt: string }) | null> {
  const row = await context.store.db.selectFrom('cases').leftJoin('reviews', 'reviews.id', 'cases.review_id').select(['cases.id', 'reviews.id as review_id', 'reviews.report_blob', 'reviews.number', 'reviews.made_at'])
    .where('cases.id', '=', caseId).where('cases.organisation_id', '=', who.organisation).executeTakeFirst()
  if (!row) throw new Refusal(404, 'There is no such case.')
  if (row.report_blob === null || row.review_id === null) return null
  const stored = await storedReport(context, row.report_blob)
  return { ...stored, reviewId: row.review_id, number: row.number ?? 0, madeAt: new Date(row.made_at ?? 0).toISOString() }
}

/** The oldest first; a report never changes under its name. */
const opened = new Map<string, StoredReport>()
async function storedReport(context: Context, blob: string): Promise<StoredReport> {
  const known = opened.get(blob)
  if (known) return known
  const stored = JSON.parse((await context.store.blobs.get(blob)).toString('utf8')) as { report: ReviewJson; layout: StoredReport['layout'] }
  for (const oldest of opened.keys()) {
    if (opened.size < 20) break
    opened.delete(oldest)
  }
  opened.set(blob, stored)
  return stored
}

/** Blind for whoever was drawn in as the second reader. */
export async function roundOf(context: Context, who: Who, caseId: string): Promise<'first' | 'blind'> {
  const row = await context.store.db.selectFrom('cases').select(['blind', 'assignee']).where('id', '=', caseId).executeTakeFirst()
  if (!row?.blind || who.role === 'auditor' || who.role === 'provider') return 'first'
  const mine = await context.store.db.selectFrom('decisions').select('id').where('case_id', '=', caseId).where('decided_by', '=', who.id).where('round', '!=', 'blind').limit(1).executeTakeFirst()
  return mine || row.assignee === who.id ? 'first' : 'blind'
}
