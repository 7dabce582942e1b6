// Records in the workspace: stored, read once, matched to cases. May not: answer HTTP; keep a file's name in clear.
import { randomUUID } from 'node:crypto'
import { deserialize } from 'node:v8'
import type { Selectable } from 'kysely'
import type { Claim } from '../claim/claim.ts'
import { identityMatches } from '../note/identity.ts'
import type { Store, Tx } from '../store/open-store.ts'
import type { Tables } from '../store/tables.ts'
import { claimOf, daysAfter, today } from './cases.ts'
import type { Who } from './context.ts'
import type { PrintedIdentity, ReadRecord } from './review-thread.ts'
import type { RecordRow } from './shapes.ts'

export type RecordOfDb = Selectable<Tables['records']>

export const nameOf = (store: Store, record: Pick<RecordOfDb, 'id' | 'sealed_name'>): string => store.open(record.sealed_name, `records:${record.id}`)
export const identityOf = (store: Store, record: Pick<RecordOfDb, 'id' | 'sealed_identity'>): PrintedIdentity | null =>
  record.sealed_identity === null ? null : (JSON.parse(store.open(record.sealed_identity, `identity:${record.id}`)) as PrintedIdentity)

/** As sent, `/` between parts, without what leads out of a folder, cannot be shown, or shows the rest in another order than it stands. */
export function plainName(sent: string): string {
  const parts = sent.replace(/\\/g, '/').replace(/[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/gu, '').split('/').filter((p) => p !== '' && p !== '.' && p !== '..')
  return parts.join('/').slice(-400) || 'unnamed'
}

/** The records of a case in the order of their names. */
export async function recordsOf(store: Store, db: Tx | Store['db'], caseId: string): Promise<(RecordOfDb & { readonly name: string })[]> {
  const rows = await db.selectFrom('records').selectAll().where('case_id', '=', caseId).where('removed_at', 'is', null).execute()
  return rows.map((r) => ({ ...r, name: nameOf(store, r) })).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** A stored file as a record of a case, or of none yet. The same file twice in a case is kept once. */
export async function addRecord(
  tx: Tx, store: Store, who: Who, file: { readonly name: string; readonly blob: string; readonly hash: string; readonly bytes: number }, caseId: string | null,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const same = caseId === null
    ? await tx.selectFrom('records').select('id').where('organisation_id', '=', who.organisation).where('case_id', 'is', null).where('removed_at', 'is', null).where('hash', '=', file.hash).executeTakeFirst()
    : await tx.selectFrom('records').select('id').where('case_id', '=', caseId).where('removed_at', 'is', null).where('hash', '=', file.hash).executeTakeFirst()
  if (same) return { id: same.id, isNew: false }
  const id = randomUUID()
  const name = caseId === null ? file.name : freeName(file.name, (await recordsOf(store, tx, caseId)).map((r) => r.name))
  await tx.insertInto('records').values({
    id, organisation_id: who.organisation, case_id: caseId, sealed_name: store.seal(name, `records:${id}`), hash: file.hash, blob: file.blob, bytes: file.bytes, received_by: who.id,
    read_blob: null, reader: null, sealed_identity: null, pages: null, removed_at: null,
  }).execute()
  if (caseId !== null) await queueCase(tx, caseId, who.settings.decisionDays)
  return { id, isNew: true }
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let count = 2; taken.includes(free); count++) free = `${name} (${count})`
  return free
}

/** Moves a record to a case. Under another name it is read again, as quotes cite the name. */
export async function assignRecord(tx: Tx, store: Store, record: RecordOfDb, caseId: string, decisionDays: number): Promise<void> {
  const name = nameOf(store, record)
  const free = freeName(name, (await recordsOf(store, tx, caseId)).filter((r) => r.id !== record.id).map((r) => r.name))
  await tx.updateTable('records').set({ case_id: caseId, ...(free === name ? {} : { sealed_name: store.seal(free, `records:${record.id}`), reader: null }) }).where('id', '=', record.id).execute()
  await queueCase(tx, caseId, decisionDays)
}

/** To be reviewed again; the clock to decide starts with the records. */
export async function queueCase(tx: Tx, caseId: string, decisionDays: number): Promise<void> {
  const day = today()
  const row = await tx.selectFrom('cases').select('state').where('id', '=', caseId).executeTakeFirstOrThrow()
  const waits = row.state === 'received' || row.state === 'pended'
  await tx.updateTable('cases').set({ run: 'queued', updated_at: new Date(), ...(waits ? { due_on: daysAfter(day, decisionDays) } : {}) }).where('id', '=', caseId).execute()
}

export interface Candidate {
  readonly caseId: string
  readonly number: number
  readonly claim: string
  readonly patient: string | null
  readonly why: string
  /** What speaks for it: days of service among the record's, days around them, or the patient alone. */
  readonly near: 'days' | 'around' | 'patient'
}

const WHY: Readonly<Record<Candidate['near'], string>> = { days: 'patient and days of service', around: 'patient, days around the service', patient: 'patient' }
const NEAR = ['days', 'around', 'patient'] as const
const patients = new Map<string, Claim['patient']>()

export const forgetPatient = (claimId: string): void => void patients.delete(claimId)

/** From memory where it was opened before: a claim never changes. */
function patientOf(store: Store, row: { readonly claim_id: string; readonly sealed: string }): Claim['patient'] {
  const known = patients.get(row.claim_id)
  if (known) return known
  const { patient } = claimOf(store, row)
  if (patients.size > 50_000) patients.clear()
  patients.set(row.claim_id, patient)
  return patient
}

/** Open cases whose patient is printed in what was read, those with the nearest days first. */
export async function candidatesFor(store: Store, db: Tx | Store['db'], organisation: string, identity: PrintedIdentity): Promise<Candidate[]> {
  const rows = await db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.id', 'cases.number', 'cases.claim_key', 'cases.dos_from', 'cases.dos_to', 'claims.sealed', 'claims.id as claim_id'])
    .where('cases.organisation_id', '=', organisation).where('cases.state', 'not in', ['decided', 'closed']).orderBy('cases.number').execute()
  const { from, to } = identity
  return rows.filter((r) => r.sealed !== '').flatMap((row): Candidate[] => {
    const patient = patientOf(store, row)
    if (!identity.patients.some((p) => identityMatches(patient, p) === true)) return []
    const within = (before: number, after: number): boolean => from !== null && to !== null && from <= daysAfter(row.dos_to, after) && to >= daysAfter(row.dos_from, -before)
    const near = within(0, 0) ? 'days' : within(120, 60) ? 'around' : 'patient'
    return [{ caseId: row.id, number: row.number, claim: row.claim_key, patient: patient.name, why: WHY[near], near }]
  }).sort((a, b) => NEAR.indexOf(a.near) - NEAR.indexOf(b.near))
}

export const toRecordRow = (store: Store, r: RecordOfDb, candidates: readonly Candidate[]): RecordRow => ({
  id: r.id, name: nameOf(store, r), bytes: r.bytes, pages: r.pages, caseId: r.case_id, receivedAt: new Date(r.received_at).toISOString(), candidates: candidates.map(({ near: _near, ...c }) => c),
})

/** Opened reads, the oldest first: search goes through them. */
const opened = new Map<string, ReadRecord>()
const MOST_OPENED = 40
export async function readOf(store: Store, blob: string): Promise<ReadRecord> {
  const known = opened.get(blob)
  if (known) return known
  const read = deserialize(await store.blobs.get(blob)) as ReadRecord
  for (const oldest of opened.keys()) {
    if (opened.size < MOST_OPENED) break
    opened.delete(oldest)
  }
  opened.set(blob, read)
  return read
}
