// Cases in the database: claims in, rows of the worklist out. May not: answer HTTP; put patient text into a column in clear.
import { createHash, randomUUID } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import { claimSchema, type Claim } from '../claim/claim.ts'
import type { ReviewJson } from '../report/contract.ts'
import { priorityOf } from '../report/line-fields.ts'
import type { Db, Store, Tx } from '../store/open-store.ts'
import type { OrganisationSettings, Tables } from '../store/tables.ts'
import type { Who } from './context.ts'
import type { CaseRow, Effective, WorklistAnswer, WorklistFilter } from './shapes.ts'

export const today = (): string => new Date().toISOString().slice(0, 10)
export const daysAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Ids, numbers and dictionary words of the report that the worklist shows. */
export interface Summary {
  readonly lines: CaseRow['lines']
  readonly unreadable: number
  readonly problems: readonly string[]
  readonly policyVersions: readonly string[]
  readonly otherPatient: boolean
}
const EMPTY: Summary = { lines: [], unreadable: 0, problems: [], policyVersions: [], otherPatient: false }

const OPEN_STATUSES = new Set(['not-met', 'partial', 'triggered'])
const ORDER = ['not-supported', 'needs-review', 'insufficient-documentation', 'supported'] as const

export const claimOf = (store: Store, row: { readonly claim_id: string; readonly sealed: string }): Claim => claimSchema.parse(JSON.parse(store.open(row.sealed, `claims:${row.claim_id}`)))

const amountOf = (claim: Claim): number => claim.lines.reduce((sum, l) => sum + (l.charge ?? 0), 0)
const hashOf = (claim: Claim): string => createHash('sha256').update(JSON.stringify(claim)).digest('hex')

/** The case of a claim: a new one, the same one where the claim is known, or the known one with the claim as corrected. */
export async function addClaim(tx: Tx, store: Store, who: Who, claim: Claim): Promise<{ readonly id: string; readonly number: number; readonly isNew: boolean; readonly changed: boolean }> {
  const hash = hashOf(claim)
  const known = await tx.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.id', 'cases.number', 'claims.hash'])
    .where('cases.organisation_id', '=', who.organisation).where('cases.claim_key', '=', claim.claimId).executeTakeFirst()
  if (known?.hash === hash) return { id: known.id, number: known.number, isNew: false, changed: false }
  const claimId = randomUUID()
  await tx.insertInto('claims').values({ id: claimId, organisation_id: who.organisation, claim_key: claim.claimId, hash, sealed: store.seal(JSON.stringify(claim), `claims:${claimId}`) })
    .onConflict((c) => c.columns(['organisation_id', 'claim_key', 'hash']).doNothing()).execute()
  const stored = await tx.selectFrom('claims').select('id').where('organisation_id', '=', who.organisation).where('claim_key', '=', claim.claimId).where('hash', '=', hash).executeTakeFirstOrThrow()
  const days = claim.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  const facts = {
    claim_id: stored.id, payer: claim.payer, codes: claim.lines.map((l) => l.code).join(' '), line_count: claim.lines.length, dos_from: days[0] as string, dos_to: days[days.length - 1] as string,
    amount: amountOf(claim), updated_at: new Date(),
  }
  if (known) {
    await tx.updateTable('cases').set(facts).where('id', '=', known.id).execute()
    return { id: known.id, number: known.number, isNew: false, changed: true }
  }
  const last = await tx.selectFrom('cases').select((e) => e.fn.max('number').as('number')).where('organisation_id', '=', who.organisation).executeTakeFirst()
  const id = randomUUID()
  const number = Number(last?.number ?? 0) + 1
  const received = today()
  await tx.insertInto('cases').values({
    ...facts, id, organisation_id: who.organisation, number, claim_key: claim.claimId, state: 'received', run: 'none', assignee: null, at_risk: facts.amount, priority: 0, determination: null,
    summary: JSON.stringify(EMPTY), review_id: null, received_on: received, due_on: daysAfter(received, who.settings.recordDays),
  }).execute()
  return { id, number, isNew: true, changed: true }
}

/** What the worklist keeps of a report and of the decisions that stand. */
export function figuresOf(report: ReviewJson, effective: Effective): Pick<Tables['cases'], 'determination' | 'at_risk' | 'priority'> & { missing: number; pages: number; summary: string } {
  const charges = new Map(report.claim.lines.map((l) => [l.line, l.charge]))
  const holds = new Map(effective.lines.map((l) => [l.line, l]))
  const lines: Summary['lines'] = report.lines.map((l) => ({
    line: l.line, code: l.code, determination: holds.get(l.line)?.determination ?? l.determination, units: l.units, unitsSupported: holds.get(l.line)?.unitsSupported ?? l.unitsSupported,
    charge: charges.get(l.line) ?? null, missing: l.requirements.filter((r) => OPEN_STATUSES.has(r.status)).map((r) => r.id),
    unclear: l.requirements.filter((r) => r.status === 'unclear').map((r) => r.id), rules: l.rules.filter((r) => r.effect !== 'note').map((r) => r.id),
  }))
  const pages = report.documents.flatMap((d) => d.pages)
  const summary: Summary = {
    lines, unreadable: pages.filter((p) => p.text === 'none' && p.reason !== 'blank').length, problems: [...new Set(report.problems.map((p) => p.id))],
    policyVersions: report.made.policyVersions, otherPatient: report.problems.some((p) => p.id === 'other-patient'),
  }
  return {
    determination: ORDER.find((d) => lines.some((l) => l.determination === d)) ?? null, at_risk: effective.atRisk, priority: priorityOf(lines),
    missing: lines.reduce((sum, l) => sum + l.missing.length, 0), pages: pages.length, summary: JSON.stringify(summary),
  }
}

const names = new Map<string, { readonly patient: string | null; readonly provider: string | null }>()
/** From memory where the claim was opened before: a claim never changes. */
export function namesOf(store: Store, row: { readonly claim_id: string; readonly sealed: string }): { readonly patient: string | null; readonly provider: string | null } {
  const known = names.get(row.claim_id)
  if (known) return known
  const claim = row.sealed === '' ? null : claimOf(store, row)
  const found = { patient: claim?.patient.name ?? null, provider: claim?.provider.name ?? null }
  if (names.size > 50_000) names.clear()
  names.set(row.claim_id, found)
  return found
}

export const forgetClaim = (claimId: string): void => void names.delete(claimId)

export type FullRow = Selectable<Tables['cases']> & { sealed: string; assignee_name: string | null; records: string | number | bigint; mine: unknown }
export type Progress = (caseId: string) => CaseRow['progress']

const rowsOf = (db: Db, { organisation, id }: Who) =>
  db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').leftJoin('users', 'users.id', 'cases.assignee').selectAll('cases')
    .select(['claims.sealed', 'users.name as assignee_name'])
    .select((e) => e.selectFrom('records').select((f) => f.fn.countAll().as('n')).whereRef('records.case_id', '=', 'cases.id').where('records.removed_at', 'is', null).as('records'))
    // Whoever decided in the first round cannot read it a second time.
    .select((e) => e.selectFrom('decisions').select('decisions.id').whereRef('decisions.case_id', '=', 'cases.id').where('decisions.decided_by', '=', id).where('decisions.round', '!=', 'blind').limit(1).as('mine'))
    .where('cases.organisation_id', '=', organisation)

export function toRow(store: Store, row: FullRow, progress: Progress, who: Who): CaseRow {
  const summary = JSON.parse(row.summary) as Summary
  const open = row.state !== 'decided' && row.state !== 'closed'
  const second = row.blind && row.assignee !== who.id && row.mine === null && (who.role === 'reviewer' || who.role === 'lead')
  return {
    id: row.id, number: row.number, claim: row.claim_key, ...namesOf(store, row), state: row.state, run: row.run, progress: progress(row.id),
    assignee: row.assignee === null ? null : { id: row.assignee, name: row.assignee_name ?? '' }, codes: row.codes.split(' '), lines: second ? [] : summary.lines, lineCount: row.line_count,
    dosFrom: row.dos_from, dosTo: row.dos_to, amount: row.amount, atRisk: second ? row.amount : row.at_risk, priority: second ? 0 : row.priority, determination: second ? null : (row.determination as CaseRow['determination']), missing: second ? 0 : row.missing, pages: row.pages,
    unreadable: summary.unreadable, records: Number(row.records), receivedOn: row.received_on, dueOn: row.due_on, overdue: open && row.due_on < today(),
    second, updatedAt: new Date(row.updated_at).toISOString(),
  }
}

/** Undefined for a case that is not there or not of the organisation. */
export async function caseRow(db: Db, store: Store, who: Who, id: string, progress: Progress): Promise<CaseRow | undefined> {
  const row = (await rowsOf(db, who).where('cases.id', '=', id).executeTakeFirst()) as FullRow | undefined
  return row && toRow(store, row, progress, who)
}

/** Whether the case is one that this person reads a second time without seeing the first; as `toRow` says it. */
const isSecond = (who: Who) => (who.role !== 'reviewer' && who.role !== 'lead' ? sql<boolean>`false`
  : sql<boolean>`(cases.blind and cases.assignee is distinct from ${who.id} and not exists (select 1 from decisions d where d.case_id = cases.id and d.decided_by = ${who.id} and d.round <> 'blind'))`)
/** Columns that follow from what was decided, and what a second reader is shown in their place: the order tells no more than the row. */
const SHOWN_INSTEAD = { priority: sql`0`, risk: sql`cases.amount`, determination: sql`null` } as const

const SORT_COLUMNS = {
  priority: 'cases.priority', number: 'cases.number', claim: 'cases.claim_key', dos: 'cases.dos_from', due: 'cases.due_on', amount: 'cases.amount', risk: 'cases.at_risk', state: 'cases.state',
  determination: 'cases.determination', updated: 'cases.updated_at',
} as const

export async function worklist(store: Store, who: Who, filter: WorklistFilter, progress: Progress): Promise<WorklistAnswer> {
  const { db } = store
  let query = rowsOf(db, who)
  if (filter.states.length > 0) query = query.where('cases.state', 'in', filter.states)
  if (filter.determinations.length > 0) {
    query = query.where('cases.determination', 'in', filter.determinations)
    // What is kept from a second reader is not to be found out by asking for it.
    query = query.where((e) => e.not(isSecond(who)))
  }
  if (filter.assignee === 'nobody') query = query.where('cases.assignee', 'is', null)
  else if (filter.assignee !== null) query = query.where('cases.assignee', '=', filter.assignee === 'me' ? who.id : filter.assignee)
  if (filter.due !== null) query = query.where('cases.due_on', '<', filter.due === 'overdue' ? today() : daysAfter(today(), 7)).where('cases.state', 'not in', ['decided', 'closed'])
  if (filter.second) query = query.where(isSecond(who))
  const column = SORT_COLUMNS[filter.sort]
  const order = filter.sort in SHOWN_INSTEAD ? sql`case when ${isSecond(who)} then ${SHOWN_INSTEAD[filter.sort as keyof typeof SHOWN_INSTEAD]} else ${sql.ref(column)} end` : sql.ref(column)
  const sorted = query.orderBy(order, (o) => (filter.descending ? o.desc() : o.asc()).nullsLast()).orderBy('cases.number', 'desc')
  const words = filter.text.toLowerCase().split(/\s+/).filter((w) => w !== '')
  let rows: FullRow[]
  let total: number
  if (words.length === 0) {
    total = Number((await query.clearSelect().select((e) => e.fn.countAll().as('n')).executeTakeFirst())?.n ?? 0)
    rows = (await sorted.limit(filter.size).offset(filter.page * filter.size).execute()) as FullRow[]
  } else {
    // Names are sealed in the database: they are looked at here.
    const all = ((await sorted.execute()) as FullRow[]).filter((row) => {
      const { patient, provider } = namesOf(store, row)
      const text = `${row.number} ${row.claim_key} ${row.codes} ${patient ?? ''} ${provider ?? ''}`.toLowerCase()
      return words.every((w) => text.includes(w))
    })
    total = all.length
    rows = all.slice(filter.page * filter.size, (filter.page + 1) * filter.size)
  }
  const counts = await db.selectFrom('cases').select(['state', (e) => e.fn.countAll().as('n')]).where('organisation_id', '=', who.organisation).groupBy('state').execute()
  const running = await db.selectFrom('cases').select((e) => e.fn.countAll().as('n')).where('organisation_id', '=', who.organisation).where('run', 'in', ['queued', 'running']).executeTakeFirst()
  const unmatched = await db.selectFrom('records').select((e) => e.fn.countAll().as('n')).where('organisation_id', '=', who.organisation).where('case_id', 'is', null).where('removed_at', 'is', null).executeTakeFirst()
  return {
    rows: rows.map((r) => toRow(store, r, progress, who)), total, counts: Object.fromEntries(counts.map((c) => [c.state, Number(c.n)])), running: Number(running?.n ?? 0),
    unmatched: Number(unmatched?.n ?? 0),
  }
}

export const settingsOf = (text: string, defaults: OrganisationSettings): OrganisationSettings => ({ ...defaults, ...(JSON.parse(text) as Partial<OrganisationSettings>) })
