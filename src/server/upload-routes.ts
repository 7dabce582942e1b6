// Claims and records coming in, and records that wait for a case. May not: hold more than a file of claims in memory; write one unsealed.
import { z } from 'zod'
import { TooLarge } from '../store/blobs.ts'
import { asker, type App } from './app.ts'
import { addClaim } from './cases.ts'
import { Refusal, type Context } from './context.ts'
import { addRecord, assignRecord, candidatesFor, identityOf, plainName, queueCase, toRecordRow } from './records.ts'
import { LARGEST_CLAIM_FILE, received, type Received } from './received.ts'
import { unlessNeeded } from './removal.ts'
import * as shapes from './shapes.ts'

const MOST_PROBLEMS = 200
/** As the parser of multipart, or the connection, says it. */
const CUT_OFF = /^(?:Unexpected end of |Part terminated early|Premature close|aborted)/
/** Uploads under way, by organisation. */
const going = new Map<string, number>()
/** Of one upload. */
const LARGEST_SENDING = 4 * 2 ** 30
const target = z.object({ case: shapes.id.optional().describe('Records go to this case') })

export function uploadRoutes(app: App, context: Context): void {
  const { store, runner } = context

  app.post('/api/uploads', {
    config: { may: 'cases.add', changes: 'worklist' }, bodyLimit: LARGEST_SENDING,
    schema: {
      summary: 'Claims and records, as multipart/form-data', querystring: target, response: { 200: shapes.uploadAnswer },
      description: 'Claims as JSON (one, a list, or one a line), CSV, XLSX, X12 837, FHIR Claim or ExplanationOfBenefit, or filled CMS-1500 forms; records as PDF, DOCX, RTF, HTML, XML, FHIR, mail, text, images or ZIP. What a file is shows in its content. ' +
        'A ZIP that holds claims is taken apart. Records go to the case named, else to the claim sent with them (the only one, or the one of the same folder), else to the case whose patient and days they name.',
    },
  }, async (request) => {
    const who = asker(request)
    const caseId = request.query.case ?? null
    if (caseId !== null) {
      const row = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select('claims.sealed').where('cases.id', '=', caseId).where('cases.organisation_id', '=', who.organisation).executeTakeFirst()
      if (!row) throw new Refusal(404, 'There is no such case.')
      if (row.sealed === '') throw new Refusal(409, 'Records and claim of this case were removed.')
    }
    if (!request.isMultipart()) throw new Refusal(415, 'Send files as multipart/form-data.')
    const tooMuch = (): Refusal => new Refusal(413, 'An upload holds 4 GB; send it in parts.')
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_SENDING) throw tooMuch()
    const all: Received = { claims: [], files: [], problems: [] }
    const { organisation } = who
    going.set(organisation, (going.get(organisation) ?? 0) + 1)
    try {
      return await taken()
    } catch (e) {
      // Cut off or refused in the middle: what came goes, unless it is on its way in once more.
      if (store.embedded && going.get(organisation) === 1) for (const { blob } of all.files) await unlessNeeded(store, blob)
      throw e instanceof Error && CUT_OFF.test(e.message) ? new Refusal(400, 'The upload was cut off; send it again.') : e
    } finally {
      const others = (going.get(organisation) ?? 1) - 1
      if (others > 0) going.set(organisation, others)
      else going.delete(organisation)
    }

    async function taken(): Promise<shapes.UploadAnswer> {
      let sent = 0
      async function* counted(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const part of stream) {
          sent += part.length
          if (sent > LARGEST_SENDING) throw tooMuch()
          yield part
        }
      }
      for await (const part of request.files({ preservePath: true })) {
        const name = plainName(part.filename)
        try {
          // Within a case everything is a record of it.
          await received(store, who.organisation, name, counted(part.file), caseId === null, all)
          if (part.file.truncated) throw new TooLarge('')
        } catch (e) {
          if (!(e instanceof TooLarge)) throw e
          part.file.resume()
          all.problems.push(`${name}: is larger than allowed (a record 1 GB, a file of claims ${LARGEST_CLAIM_FILE >> 20} MB); send it in parts.`)
        }
      }
      const { claims, files } = all
      const problems = all.problems.length <= MOST_PROBLEMS ? all.problems : [...all.problems.slice(0, MOST_PROBLEMS), `${all.problems.length - MOST_PROBLEMS} more of the kind; vouch claims read tells them all.`]
      const answer = await store.change(async (tx, log): Promise<shapes.UploadAnswer> => {
        const cases: (shapes.UploadAnswer['cases'][number] & { readonly folder: string })[] = []
        for (const { name, claim } of claims) {
          const added = await addClaim(tx, store, who, claim)
          cases.push({ id: added.id, number: added.number, claim: claim.claimId, isNew: added.isNew, folder: folderOf(name) })
          if (added.changed) await queueCase(tx, added.id, who.settings.recordDays)
          log({ organisation: who.organisation, actor: who.id, action: 'claim.received', subject: added.id, data: { isNew: added.isNew, lines: claim.lines.length } })
        }
        const records: shapes.UploadAnswer['records'] = []
        for (const file of files) {
          const to = caseId ?? caseFor(file.name, cases)
          const own = to === null ? '' : (cases.find((c) => c.id === to)?.folder ?? '')
          const name = shortName(own !== '' && file.name.startsWith(own) ? file.name.slice(own.length) : file.name)
          const record = await addRecord(tx, store, who, { ...file, name }, to)
          records.push({ id: record.id, name, caseId: to })
          if (record.isNew) log({ organisation: who.organisation, actor: who.id, action: 'record.received', subject: to, data: { record: record.id, bytes: file.bytes, sha256: file.hash } })
        }
        return { cases: cases.map(({ folder: _folder, ...c }) => c), records, problems }
      })
      if (answer.cases.some((c) => c.isNew)) runner.claimsCame()
      else runner.wake()
      return answer
    }
  })

  app.get('/api/records/unmatched', { config: { may: 'cases.add' }, schema: { summary: 'Records that no case could be found for', response: { 200: z.array(shapes.recordRow) } } }, async (request) => {
    const who = asker(request)
    const rows = await store.db.selectFrom('records').selectAll().where('organisation_id', '=', who.organisation).where('case_id', 'is', null).where('removed_at', 'is', null).orderBy('received_at').limit(500).execute()
    const out: shapes.RecordRow[] = []
    for (const row of rows) {
      const identity = identityOf(store, row)
      out.push(toRecordRow(store, row, identity === null ? [] : (await candidatesFor(store, store.db, who.organisation, identity)).slice(0, 5)))
    }
    return out
  })

  const params = z.object({ id: shapes.id })
  app.post('/api/records/:id/case', { config: { may: 'cases.add', changes: 'worklist' }, schema: { summary: 'Give a record to a case', params, body: z.object({ caseId: shapes.id }) } }, async (request) => {
    const who = asker(request)
    const { caseId } = request.body
    await store.change(async (tx, log) => {
      const record = await tx.selectFrom('records').selectAll().where('id', '=', request.params.id).where('organisation_id', '=', who.organisation).where('removed_at', 'is', null).executeTakeFirst()
      const row = await tx.selectFrom('cases').select('id').where('id', '=', caseId).where('organisation_id', '=', who.organisation).executeTakeFirst()
      if (!record || !row) throw new Refusal(404, 'There is no such record or case.')
      if (record.case_id !== null && record.case_id !== caseId) await queueCase(tx, record.case_id, who.settings.decisionDays)
      await assignRecord(tx, store, record, caseId, who.settings.decisionDays)
      log({ organisation: who.organisation, actor: who.id, action: 'record.matched', subject: caseId, data: { record: record.id, by: 'person' } })
    })
    runner.wake()
    return { ok: true }
  })
  app.delete('/api/records/:id', { config: { may: 'cases.remove', changes: 'worklist' }, schema: { summary: 'Remove a record and what was read in it', params } }, async (request) => {
    const who = asker(request)
    const removed = await store.change(async (tx, log) => {
      const record = await tx.selectFrom('records').selectAll().where('id', '=', request.params.id).where('organisation_id', '=', who.organisation).where('removed_at', 'is', null).executeTakeFirst()
      if (!record) throw new Refusal(404, 'There is no such record.')
      await tx.updateTable('records').set({ removed_at: new Date(), read_blob: null, sealed_identity: null }).where('id', '=', record.id).execute()
      if (record.case_id !== null) await queueCase(tx, record.case_id, who.settings.decisionDays)
      await store.blobs.doubt(who.organisation, record.read_blob === null ? [record.blob] : [record.blob, record.read_blob])
      log({ organisation: who.organisation, actor: who.id, action: 'record.removed', subject: record.case_id, data: { record: record.id } })
      return record
    })
    for (const blob of [removed.blob, removed.read_blob]) if (blob !== null) await unlessNeeded(store, blob)
    runner.wake()
    return { ok: true }
  })
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1)
/** Without the folders that only hold the records. */
const shortName = (name: string): string => name.replace(/^records\//, '')

/** The only claim sent, or the one whose folder is the nearest around the record. */
function caseFor(name: string, cases: readonly { readonly id: string; readonly folder: string }[]): string | null {
  if (new Set(cases.map((c) => c.id)).size === 1) return cases[0]?.id ?? null
  const around = cases.filter((c) => c.folder !== '' && name.startsWith(c.folder)).sort((a, b) => b.folder.length - a.folder.length)
  const nearest = around.filter((c) => c.folder === around[0]?.folder)
  return nearest.length === 1 ? (nearest[0]?.id ?? null) : null
}
