// The policy room: the policy to read, its versions, the organisation's own copy, drafts with checks and previews. May not: change the policy that stands.
import { randomUUID } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { z } from 'zod'
import { isPolicyFile } from '../load/draft-policy.ts'
import type { DraftFiles } from '../report/policy-diff.ts'
import type { CopyPassage } from '../report/policy-page.ts'
import { TooLarge } from '../store/blobs.ts'
import { asker, type App } from './app.ts'
import type { AuditDesk } from './audit-desk.ts'
import { claimOf } from './cases.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { plainName, recordsOf } from './records.ts'
import type { DraftAnswer, DraftRow, PolicyRoom, PolicyRoomAnswer } from './room-shapes.ts'
import * as shapes from './shapes.ts'

const LARGEST_COPY = 64 << 20
const LARGEST_BLOB = 1 << 30
const files = z.record(z.string().max(64).refine(isPolicyFile, 'a file of a policy is called NAME.yaml'), z.string().max(1_000_000)).refine((f) => Object.keys(f).length <= 60, 'at most 60 files')
const draftBody = z.object({ name: z.string().trim().min(1).max(120), policy: z.string().max(200), files })
const checkBody = z.object({ policy: z.string().max(200), files })
const previewBody = checkBody.extend({ caseId: shapes.id })

export function policyRoutes(app: App, context: Context, desk: AuditDesk): void {
  const { store } = context
  const params = z.object({ id: shapes.id })
  const owner = (organisation: string): string => `${organisation} policy-copy`
  let room: Promise<PolicyRoom> | null = null
  const roomOf = (): Promise<PolicyRoom> => {
    room ??= desk.ask({ kind: 'room' })
    room.catch(() => { room = null })
    return room
  }

  async function copyOf(who: Who): Promise<PolicyRoomAnswer['copy']> {
    const row = await store.db.selectFrom('policy_copies').selectAll().where('organisation_id', '=', who.organisation).executeTakeFirst()
    if (!row) return null
    const passages = JSON.parse((await store.blobs.get(row.passages_blob)).toString('utf8')) as CopyPassage[]
    return { name: store.open(row.sealed_name, `policy-copy:${who.organisation}`), linkedAt: new Date(row.linked_at).toISOString(), passages }
  }
  async function draftOf(who: Who, id: string): Promise<DraftAnswer> {
    const row = await store.db.selectFrom('policy_drafts').innerJoin('users', 'users.id', 'policy_drafts.changed_by').selectAll('policy_drafts').select('users.name as by')
      .where('policy_drafts.id', '=', id).where('policy_drafts.organisation_id', '=', who.organisation).where('policy_drafts.removed_at', 'is', null).executeTakeFirst()
    if (!row) throw new Refusal(404, 'There is no such draft.')
    return { id: row.id, name: row.name, policy: row.policy, revision: row.revision, by: row.by, updatedAt: new Date(row.updated_at).toISOString(), files: JSON.parse(row.files) as DraftFiles }
  }

  app.get('/api/policy', { config: { may: 'policy.read' }, schema: { summary: 'The policies that stand, their files, and the passages of the own copy' } }, async (request, reply) => {
    const { pages, files: texts } = await roomOf()
    const answer: PolicyRoomAnswer = { pages, files: texts, copy: await copyOf(asker(request)) }
    return reply.type('application/json').send(JSON.stringify(answer))
  })

  app.get('/api/policy/versions', {
    config: { may: 'policy.read' }, schema: { summary: 'What differs between two texts or days', querystring: z.object({ a: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).default('2000-01-01'), b: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).default('9999-12-31') }) },
  }, (request) => desk.ask({ kind: 'versions', a: request.query.a, b: request.query.b }))

  app.post('/api/policy/copy', { config: { may: 'policy.draft' }, bodyLimit: LARGEST_COPY * 2, schema: { summary: 'The own copy of the policy, as multipart/form-data; it stays in this workspace' } }, async (request) => {
    const who = asker(request)
    if (!request.isMultipart()) throw new Refusal(415, 'Send the file as multipart/form-data.')
    const part = await request.file({ preservePath: true })
    if (!part) throw new Refusal(400, 'No file was sent.')
    const name = plainName(part.filename)
    const stored = await store.blobs.put(owner(who.organisation), part.file, LARGEST_COPY).catch((e: unknown) => {
      throw e instanceof TooLarge ? new Refusal(413, 'The copy of a policy is smaller than 64 MB.') : e
    })
    const passages = await desk.ask({ kind: 'copy', bytes: await store.blobs.get(stored.blob), file: name })
    if (passages.length === 0) {
      await store.blobs.remove(stored.blob)
      throw new Refusal(422, 'None of the sections that the requirements cite was found in this file; give the payer’s own text of the policy.')
    }
    const found = await store.blobs.put(owner(who.organisation), one(Buffer.from(JSON.stringify(passages))), LARGEST_BLOB)
    const row = { sealed_name: store.seal(name, `policy-copy:${who.organisation}`), blob: stored.blob, passages_blob: found.blob, linked_by: who.id, linked_at: new Date() }
    const before = await store.db.selectFrom('policy_copies').select(['blob', 'passages_blob']).where('organisation_id', '=', who.organisation).executeTakeFirst()
    if (before) await store.blobs.doubt(owner(who.organisation), [before.blob, before.passages_blob])
    await store.change(async (tx, log) => {
      await tx.insertInto('policy_copies').values({ organisation_id: who.organisation, ...row }).onConflict((c) => c.column('organisation_id').doUpdateSet(row)).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'policy.copy-linked', subject: null, data: { sha256: stored.hash, passages: passages.length } })
    })
    for (const blob of before ? [before.blob, before.passages_blob] : []) if (blob !== row.blob && blob !== row.passages_blob) await store.blobs.remove(blob)
    return { passages: passages.length }
  })

  app.delete('/api/policy/copy', { config: { may: 'policy.draft' }, schema: { summary: 'Take the own copy away' } }, async (request) => {
    const who = asker(request)
    const row = await store.db.selectFrom('policy_copies').selectAll().where('organisation_id', '=', who.organisation).executeTakeFirst()
    if (!row) throw new Refusal(404, 'No copy is linked.')
    await store.blobs.doubt(owner(who.organisation), [row.blob, row.passages_blob])
    await store.change(async (tx, log) => {
      await tx.deleteFrom('policy_copies').where('organisation_id', '=', who.organisation).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'policy.copy-removed', subject: null })
    })
    for (const blob of [row.blob, row.passages_blob]) await store.blobs.remove(blob)
    return { ok: true }
  })

  app.post('/api/policy/check', { config: { may: 'policy.draft' }, schema: { summary: 'Every fault of changed files with line and column, or what they change', body: checkBody } }, (request) =>
    desk.ask({ kind: 'preview', policy: request.body.policy, files: request.body.files, claim: null, reads: [] }))

  app.post('/api/policy/preview', { config: { may: 'policy.preview' }, schema: { summary: 'Which statuses of a case changed files would change; the case stays as it is', body: previewBody } }, async (request) => {
    const who = asker(request)
    const row = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.id', 'cases.claim_id', 'claims.sealed']).where('cases.id', '=', request.body.caseId)
      .where('cases.organisation_id', '=', who.organisation).executeTakeFirst()
    if (!row || row.sealed === '') throw new Refusal(404, 'There is no such case.')
    const reads: Uint8Array[] = []
    for (const record of await recordsOf(store, store.db, row.id)) {
      if (record.read_blob === null) throw new Refusal(409, 'The records of this case are not read yet.')
      reads.push(await store.blobs.get(record.read_blob))
    }
    const answer = await desk.ask({ kind: 'preview', policy: request.body.policy, files: request.body.files, claim: claimOf(store, row), reads })
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'policy.previewed', subject: row.id })))
    return answer
  })

  app.get('/api/policy/drafts', { config: { may: 'policy.read' }, schema: { summary: 'Drafts of this organisation' } }, async (request): Promise<DraftRow[]> => {
    const rows = await store.db.selectFrom('policy_drafts').innerJoin('users', 'users.id', 'policy_drafts.changed_by').selectAll('policy_drafts').select('users.name as by')
      .where('policy_drafts.organisation_id', '=', asker(request).organisation).where('policy_drafts.removed_at', 'is', null).orderBy('policy_drafts.updated_at', 'desc').limit(200).execute()
    return rows.map((r) => ({ id: r.id, name: r.name, policy: r.policy, revision: r.revision, by: r.by, updatedAt: new Date(r.updated_at).toISOString(), files: Object.keys(JSON.parse(r.files) as DraftFiles).sort() }))
  })
  app.post('/api/policy/drafts', { config: { may: 'policy.draft' }, schema: { summary: 'Keep a draft; nothing is judged by it', body: draftBody } }, async (request) => {
    const who = asker(request)
    const id = randomUUID()
    await store.change(async (tx, log) => {
      await tx.insertInto('policy_drafts').values({ id, organisation_id: who.organisation, name: request.body.name, policy: request.body.policy, files: JSON.stringify(request.body.files), revision: 1, made_by: who.id, changed_by: who.id, updated_at: new Date(), removed_at: null }).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'policy.draft-made', subject: id, data: { files: Object.keys(request.body.files).length } })
    })
    return { id, revision: 1 }
  })
  app.get('/api/policy/drafts/:id', { config: { may: 'policy.read' }, schema: { summary: 'A draft with its files', params } }, async (request, reply) =>
    reply.type('application/json').send(JSON.stringify(await draftOf(asker(request), request.params.id))))
  app.put('/api/policy/drafts/:id', { config: { may: 'policy.draft' }, schema: { summary: 'Keep a draft as it is now', params, body: draftBody.extend({ revision: z.number().int().min(1).describe('The revision it was made from') }) } }, async (request) => {
    const who = asker(request)
    const before = await draftOf(who, request.params.id)
    if (before.revision !== request.body.revision) throw new Refusal(409, `${before.by} has changed this draft meanwhile; open it again.`)
    await store.change(async (tx, log) => {
      const done = await tx.updateTable('policy_drafts').set({ name: request.body.name, files: JSON.stringify(request.body.files), revision: before.revision + 1, changed_by: who.id, updated_at: new Date() })
        .where('id', '=', before.id).where('revision', '=', before.revision).executeTakeFirst()
      if (Number(done.numUpdatedRows) === 0) throw new Refusal(409, 'This draft was changed meanwhile; open it again.')
      log({ organisation: who.organisation, actor: who.id, action: 'policy.draft-changed', subject: before.id, data: { revision: before.revision + 1 } })
    })
    return { id: before.id, revision: before.revision + 1 }
  })
  app.delete('/api/policy/drafts/:id', { config: { may: 'policy.draft' }, schema: { summary: 'Take a draft away', params } }, async (request) => {
    const who = asker(request)
    const draft = await draftOf(who, request.params.id)
    await store.change(async (tx, log) => {
      await tx.updateTable('policy_drafts').set({ removed_at: new Date() }).where('id', '=', draft.id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'policy.draft-removed', subject: draft.id })
    })
    return { ok: true }
  })
  app.get('/api/policy/drafts/:id/export', { config: { may: 'policy.read' }, schema: { summary: 'A draft as YAML: one file, or a ZIP of several', params } }, async (request, reply) => {
    const who = asker(request)
    const draft = await draftOf(who, request.params.id)
    const names = Object.keys(draft.files).sort()
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'policy.draft-exported', subject: draft.id })))
    const [only] = names
    if (names.length === 1 && only !== undefined) return reply.type('application/yaml; charset=utf-8').header('content-disposition', `attachment; filename="${only}"`).send(draft.files[only])
    const zip = zipSync(Object.fromEntries(names.map((n) => [n, strToU8(draft.files[n] as string)])), { mtime: new Date(2000, 0, 1) })
    return reply.type('application/zip').header('content-disposition', 'attachment; filename="draft.zip"').send(Buffer.from(zip))
  })
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
