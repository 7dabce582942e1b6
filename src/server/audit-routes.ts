// The provider's self-audit: charts in, the fix list out, before anything is billed. May not: put text of a chart into an address or the log; touch a case.
import { createHash, randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { readNamedCode } from '../audit/plan-lines.ts'
import type { Planned } from '../audit/audit-records.ts'
import { TooLarge, type Stored } from '../store/blobs.ts'
import type { Tables } from '../store/tables.ts'
import { asker, type App } from './app.ts'
import type { AuditDesk } from './audit-desk.ts'
import type { WhatIf } from '../audit/what-if.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { WIDTHS } from './page-routes.ts'
import { plainName } from './records.ts'
import type { AuditAnswer, AuditOutcome, AuditRow, WhatIfAnswer } from './room-shapes.ts'
import * as shapes from './shapes.ts'

const LARGEST_RECORD = 1 << 30
const MOST_FILES = 500

const planBody = z.object({
  codes: z.array(z.string().trim().max(24)).max(200).nullable().describe('77331, or with day and units 77373@2025-05-06x1; null: what the chart suggests'),
})

type AuditOfDb = Selectable<Tables['self_audits']>
type FileOfDb = Selectable<Tables['self_audit_files']>

export function auditRoutes(app: App, context: Context, desk: AuditDesk): void {
  const { store, pages } = context
  const progress = new Map<string, AuditAnswer['progress']>()
  const working = new Map<string, Promise<void>>()
  /** Files of a self-audit are kept apart from those of cases, whatever their content. */
  const owner = (organisation: string): string => `${organisation} self-audit`
  const params = z.object({ id: shapes.id })

  async function auditOf(who: Who, id: string): Promise<AuditOfDb> {
    const row = await store.db.selectFrom('self_audits').selectAll().where('id', '=', id).where('organisation_id', '=', who.organisation).where('removed_at', 'is', null).executeTakeFirst()
    if (!row) throw new Refusal(404, 'There is no such self-audit.')
    return row
  }
  const nameOf = (file: FileOfDb): string => store.open(file.sealed_name, `self-audit-file:${file.id}`)
  const filesOf = async (id: string): Promise<(FileOfDb & { readonly name: string })[]> =>
    (await store.db.selectFrom('self_audit_files').selectAll().where('audit_id', '=', id).execute()).map((f) => ({ ...f, name: nameOf(f) })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const codesOf = (row: AuditOfDb): readonly string[] | null => (JSON.parse(store.open(row.sealed_plan, `self-audit-plan:${row.id}`)) as { codes: string[] | null }).codes
  const titleOf = (row: Pick<AuditOfDb, 'id' | 'sealed_title'>): string => store.open(row.sealed_title, `self-audit:${row.id}`)
  const plannedOf = (codes: readonly string[] | null): Planned => (codes === null ? { suggest: true, payer: null } : { codes: codes.flatMap((c) => readNamedCode(c) ?? []), payer: null })

  async function received(request: Parameters<typeof asker>[0] & { readonly isMultipart: () => boolean; readonly files: (o: { preservePath: boolean }) => AsyncIterable<{ readonly filename: string; readonly file: AsyncIterable<Uint8Array> & { readonly truncated?: boolean; readonly resume: () => unknown } }> }, who: Who): Promise<({ readonly name: string } & Stored)[]> {
    if (!request.isMultipart()) throw new Refusal(415, 'Send files as multipart/form-data.')
    const files: ({ readonly name: string } & Stored)[] = []
    for await (const part of request.files({ preservePath: true })) {
      const name = plainName(part.filename).replace(/^records\//, '')
      try {
        const stored = await store.blobs.put(owner(who.organisation), part.file, LARGEST_RECORD)
        if (part.file.truncated) throw new TooLarge('')
        if (stored.bytes > 0) files.push({ name, ...stored })
      } catch (e) {
        part.file.resume()
        if (!(e instanceof TooLarge)) throw e
        throw new Refusal(413, 'A file is larger than allowed; send it in parts.')
      }
      if (files.length > MOST_FILES) throw new Refusal(413, `More than ${MOST_FILES} files are more than one chart.`)
    }
    if (files.length === 0) throw new Refusal(400, 'No file with content was sent.')
    return files
  }

  async function reading(file: FileOfDb, organisation: string, at: { readonly file: number; readonly files: number }): Promise<Buffer> {
    if (file.read_blob !== null && file.reader === context.engine) return store.blobs.get(file.read_blob)
    const { read, pages: count } = await desk.ask({ kind: 'read', bytes: await store.blobs.get(file.blob), file: nameOf(file) }, (p) => void progress.set(file.audit_id, { ...at, ...p }))
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.length)
    const { blob } = await store.blobs.put(owner(organisation), one(bytes), LARGEST_RECORD)
    await store.db.updateTable('self_audit_files').set({ read_blob: blob, reader: context.engine, pages: count }).where('id', '=', file.id).execute()
    // Read before by an earlier program; or this one, where the audit was removed meanwhile.
    for (const over of new Set([file.read_blob, blob])) if (over !== null) await forget(over)
    return bytes
  }
  async function readsOf(row: AuditOfDb): Promise<Buffer[]> {
    const files = await filesOf(row.id)
    const reads: Buffer[] = []
    for (const [i, file] of files.entries()) {
      progress.set(row.id, { file: i + 1, files: files.length, page: 0, pages: 0 })
      reads.push(await reading(file, row.organisation_id, { file: i + 1, files: files.length }))
    }
    return reads
  }

  /** One after the other for each audit; what was asked for meanwhile is looked at afterwards. */
  function work(id: string): void {
    if (working.has(id)) return
    const run = (async (): Promise<void> => {
      for (;;) {
        const row = await store.db.selectFrom('self_audits').selectAll().where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
        if (!row || row.run === 'done' || row.run === 'failed') return
        await store.db.updateTable('self_audits').set({ run: 'running' }).where('id', '=', id).execute()
        try {
          const outcome = await desk.ask({ kind: 'audit', planned: plannedOf(codesOf(row)), reads: await readsOf(row), added: null })
          const { blob } = await store.blobs.put(owner(row.organisation_id), one(Buffer.from(JSON.stringify(outcome))), LARGEST_RECORD)
          const name = 'shown' in outcome ? outcome.shown.audit.patient.name : null
          await store.db.updateTable('self_audits').set({
            run: 'done', result_blob: blob, made_with: 'shown' in outcome ? `${outcome.shown.audit.made.engine} ${outcome.shown.audit.made.dictionaries}` : null, updated_at: new Date(),
            ...(name === null ? {} : { sealed_title: store.seal(name, `self-audit:${id}`) }),
          }).where('id', '=', id).where('run', '=', 'running').execute()
          // An earlier result; or this one, where the audit was removed or asked for again meanwhile.
          for (const over of new Set([row.result_blob, blob])) if (over !== null) await forget(over)
        } catch (e) {
          process.stderr.write(`A self-audit failed (${(e as Error).name}).\n`)
          await store.db.updateTable('self_audits').set({ run: 'failed', updated_at: new Date() }).where('id', '=', id).where('run', '=', 'running').execute()
        }
      }
    })().catch(() => undefined).finally(() => {
      working.delete(id)
      progress.delete(id)
    })
    working.set(id, run)
  }

  async function answer(row: AuditOfDb): Promise<AuditAnswer> {
    // Left by a server that ended in the middle.
    if (row.run === 'queued' || row.run === 'running') work(row.id)
    const outcome = row.result_blob === null || row.run !== 'done' ? null : (JSON.parse((await store.blobs.get(row.result_blob)).toString('utf8')) as AuditOutcome)
    return {
      id: row.id, title: titleOf(row), run: row.run, progress: progress.get(row.id) ?? null, files: (await filesOf(row.id)).map((f) => ({ id: f.id, name: f.name, bytes: f.bytes, pages: f.pages })),
      codes: codesOf(row), result: outcome !== null && 'shown' in outcome ? outcome.shown : null, fault: outcome !== null && 'fault' in outcome ? outcome.fault : null,
    }
  }

  async function addFiles(id: string, who: Who, files: readonly ({ readonly name: string } & Stored)[], isNew: boolean): Promise<void> {
    const taken = (await filesOf(id)).map((f) => f.name)
    await store.change(async (tx, log) => {
      for (const file of files) {
        let name = file.name
        for (let count = 2; taken.includes(name); count++) name = `${file.name} (${count})`
        taken.push(name)
        const fileId = randomUUID()
        await tx.insertInto('self_audit_files').values({ id: fileId, audit_id: id, sealed_name: store.seal(name, `self-audit-file:${fileId}`), hash: file.hash, blob: file.blob, bytes: file.bytes, read_blob: null, reader: null, pages: null }).execute()
      }
      if (!isNew) await tx.updateTable('self_audits').set({ run: 'queued', updated_at: new Date() }).where('id', '=', id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'self-audit.files', subject: id, data: { files: files.length } })
    })
    work(id)
  }

  app.get('/api/self-audits', { config: { may: 'self-audit.use' }, schema: { summary: 'Self-audits, the latest first' } }, async (request): Promise<AuditRow[]> => {
    const who = asker(request)
    const rows = await store.db.selectFrom('self_audits').selectAll().select((e) => e.selectFrom('self_audit_files').select((f) => f.fn.countAll().as('n')).whereRef('self_audit_files.audit_id', '=', 'self_audits.id').as('files'))
      .where('organisation_id', '=', who.organisation).where('removed_at', 'is', null).orderBy('created_at', 'desc').limit(500).execute()
    return rows.map((r) => ({ id: r.id, title: titleOf(r), run: r.run, files: Number(r.files), madeAt: new Date(r.created_at).toISOString(), updatedAt: new Date(r.updated_at).toISOString() }))
  })

  app.post('/api/self-audits', { config: { may: 'self-audit.use' }, bodyLimit: 4 * 2 ** 30, schema: { summary: 'A chart to be looked at, as multipart/form-data' } }, async (request) => {
    const who = asker(request)
    const files = await received(request as never, who)
    const id = randomUUID()
    await store.change(async (tx, log) => {
      await tx.insertInto('self_audits').values({
        id, organisation_id: who.organisation, made_by: who.id, sealed_title: store.seal(files[0]?.name ?? '', `self-audit:${id}`), sealed_plan: store.seal(JSON.stringify({ codes: null }), `self-audit-plan:${id}`), run: 'queued',
        result_blob: null, made_with: null, updated_at: new Date(), removed_at: null,
      }).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'self-audit.made', subject: id })
    })
    await addFiles(id, who, files, true)
    return { id }
  })

  app.get('/api/self-audits/:id', { config: { may: 'self-audit.use' }, schema: { summary: 'A self-audit with its fix list', params } }, async (request, reply) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    if (row.run === 'done') await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'self-audit.seen', subject: row.id })))
    return reply.type('application/json').send(JSON.stringify(await answer(row)))
  })

  app.put('/api/self-audits/:id/plan', { config: { may: 'self-audit.use' }, schema: { summary: 'Which codes are planned; nothing is read again', params, body: planBody } }, async (request) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    const { codes } = request.body
    const wrong = codes?.find((c) => readNamedCode(c) === null)
    if (wrong !== undefined) throw new Refusal(400, `${wrong}: a code is written 77331, or with its day and units 77331@2025-05-06x1.`)
    if (codes?.length === 0) throw new Refusal(400, 'Name a code, or let the chart suggest them.')
    await store.change(async (tx, log) => {
      await tx.updateTable('self_audits').set({ sealed_plan: store.seal(JSON.stringify({ codes }), `self-audit-plan:${row.id}`), run: 'queued', updated_at: new Date() }).where('id', '=', row.id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'self-audit.planned', subject: row.id, data: { codes: codes?.length ?? null } })
    })
    work(row.id)
    return { ok: true }
  })

  app.post('/api/self-audits/:id/files', { config: { may: 'self-audit.use' }, bodyLimit: 4 * 2 ** 30, schema: { summary: 'Further files of the chart; what was read is not read again', params } }, async (request) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    await addFiles(row.id, who, await received(request as never, who), false)
    return { ok: true }
  })

  app.post('/api/self-audits/:id/what-if', { config: { may: 'self-audit.use' }, bodyLimit: 4 * 2 ** 30, schema: { summary: 'What would change if these files were added; they are not kept', params } }, async (request): Promise<WhatIfAnswer> => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    const files = await received(request as never, who)
    try {
      const added: Uint8Array[] = []
      for (const file of files) added.push((await desk.ask({ kind: 'read', bytes: await store.blobs.get(file.blob), file: file.name })).read)
      const outcome = await desk.ask({ kind: 'audit', planned: plannedOf(codesOf(row)), reads: await readsOf(row), added })
      await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'self-audit.what-if', subject: row.id, data: { files: files.length } })))
      return 'fault' in outcome ? { fault: outcome.fault } : (outcome.whatIf as WhatIf)
    } finally {
      progress.delete(row.id)
      for (const file of files) await forget(file.blob)
    }
  })

  app.get('/api/self-audits/:id/draft', { config: { may: 'self-audit.use' }, schema: { summary: 'A draft as a Word document', params, querystring: z.object({ name: z.string().max(100).default('') }) } }, async (request, reply) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    const docx = await desk.ask({ kind: 'draft', planned: plannedOf(codesOf(row)), reads: await readsOf(row), name: request.query.name })
    progress.delete(row.id)
    if (docx === null) throw new Refusal(404, 'There is no such draft.')
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'self-audit.draft', subject: row.id })))
    return reply.type('application/vnd.openxmlformats-officedocument.wordprocessingml.document').header('content-disposition', 'attachment; filename="draft.docx"').send(Buffer.from(docx))
  })

  app.get('/api/self-audits/:id/packet', { config: { may: 'self-audit.use' }, schema: { summary: 'The response packet: only the pages that prove it, numbered, with an index', params } }, async (request, reply) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    const files: { name: string; bytes: Uint8Array }[] = []
    for (const f of await filesOf(row.id)) files.push({ name: f.name, bytes: await store.blobs.get(f.blob) })
    const pdf = await desk.ask({ kind: 'packet', planned: plannedOf(codesOf(row)), reads: await readsOf(row), files, prefix: 'VOUCH-', day: new Date().toISOString().slice(0, 10) })
    progress.delete(row.id)
    if (pdf === null) throw new Refusal(409, 'There is nothing to put into a packet.')
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'self-audit.packet', subject: row.id, data: { sha256: createHash('sha256').update(pdf).digest('hex') } })))
    return reply.type('application/pdf').header('content-disposition', 'attachment; filename="packet.pdf"').send(Buffer.from(pdf))
  })

  app.get('/api/self-audits/:id/documents/:document/pages/:page/image', {
    config: { may: 'self-audit.use', rateLimit: { max: 6000, timeWindow: 60_000 } },
    schema: { summary: 'A page as PNG', params: z.object({ id: shapes.id, document: z.coerce.number().int().min(0), page: z.coerce.number().int().min(1) }), querystring: z.object({ width: z.coerce.number().int().refine((w) => (WIDTHS as readonly number[]).includes(w), `one of ${WIDTHS.join(', ')}`).default(1000) }) },
  }, async (request, reply) => {
    const { id, document, page } = request.params
    const row = await auditOf(asker(request), id)
    const file = (await answer(row)).result?.audit.records[document]?.file
    const files = await filesOf(row.id)
    const own = file === undefined ? undefined : (files.find((f) => f.name === file) ?? files.filter((f) => file.startsWith(`${f.name}/`)).sort((a, b) => b.name.length - a.name.length)[0])
    if (file === undefined || !own) throw new Refusal(404, 'There is no such page.')
    const png = await pages.page({ blob: own.blob, inner: file === own.name ? '' : file.slice(own.name.length + 1), page, width: request.query.width }, () => store.blobs.get(own.blob))
    if (png === null) throw new Refusal(422, 'This page cannot be drawn.')
    return reply.type('image/png').send(Buffer.from(png.buffer, png.byteOffset, png.length))
  })

  app.delete('/api/self-audits/:id', { config: { may: 'self-audit.use' }, schema: { summary: 'Remove a self-audit with its files for good', params } }, async (request) => {
    const who = asker(request)
    const row = await auditOf(who, request.params.id)
    const files = await filesOf(row.id)
    const gone = [...new Set([...files.flatMap((f) => [f.blob, f.read_blob]), row.result_blob])].filter((b) => b !== null)
    await store.blobs.doubt(owner(who.organisation), gone)
    await store.change(async (tx, log) => {
      await tx.deleteFrom('self_audit_files').where('audit_id', '=', row.id).execute()
      await tx.updateTable('self_audits').set({ removed_at: new Date(), updated_at: new Date(), run: 'done', result_blob: null, sealed_title: '', sealed_plan: '' }).where('id', '=', row.id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'self-audit.removed', subject: row.id, data: { files: files.length } })
    })
    for (const blob of gone) await forget(blob)
    return { ok: true }
  })

  /** Where nothing else holds it. */
  async function forget(blob: string): Promise<void> {
    const held = await store.db.selectFrom('self_audit_files').select('id').where((e) => e.or([e('blob', '=', blob), e('read_blob', '=', blob)])).limit(1).executeTakeFirst()
    const result = await store.db.selectFrom('self_audits').select('id').where('result_blob', '=', blob).limit(1).executeTakeFirst()
    if (!held && !result) await store.blobs.remove(blob)
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
