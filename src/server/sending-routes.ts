// Letters, their sign-off, marked copy, worksheet and evidence packet of a case. May not: let anything leave without an entry in the log; sign off what is not decided.
import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { LETTER_KINDS, letterSettingsSchema, type LetterKind, type LetterSettings } from '../dictionary/letters.ts'
import type { Document } from '../document/document.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { loadLetterSettings, loadLetterTemplates, type LetterTemplates } from '../load/load-letters.ts'
import type { FiledDecision } from '../report/decisions-file.ts'
import { letterOf, type Letter, type SignOff } from '../report/letter.ts'
import { worksheetOf } from '../report/worksheet.ts'
import { markRecords } from '../sending/mark-records.ts'
import { sha256 } from '../sending/packet.ts'
import type { CaseState } from '../store/tables.ts'
import { asker, type App } from './app.ts'
import { reportOf, roundOf } from './reports.ts'
import { today } from './cases.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { decisionsOf } from './decisions.ts'
import { readOf, recordsOf } from './records.ts'
import type { StoredReport } from './runner.ts'
import { sendOut } from './sending-desk.ts'
import type { SendingErrand } from './sending-thread.ts'
import type { LetterAnswer, SendingAnswer } from './sending-shapes.ts'
import * as shapes from './shapes.ts'

const params = z.object({ id: shapes.id })
const kind = z.enum(LETTER_KINDS).default('determination')
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** A determination leaves once the case is decided: signed, and approved where that is asked for. */
const DECIDED: ReadonlySet<CaseState> = new Set(['decided', 'closed'])

export function sendingRoutes(app: App, context: Context): void {
  const { store } = context
  let templates: LetterTemplates | null = null
  const templatesOf = (): LetterTemplates => (templates ??= loadLetterTemplates(dictionariesFolder()))

  async function settingsOf(organisation: string): Promise<LetterSettings> {
    const row = await store.db.selectFrom('letter_settings').select('settings').where('organisation_id', '=', organisation).executeTakeFirst()
    return row === undefined ? loadLetterSettings(join(dictionariesFolder(), 'letters', 'settings.yaml')) : letterSettingsSchema.parse(JSON.parse(row.settings))
  }

  interface Case { readonly state: CaseState; readonly number: number; readonly stored: StoredReport & { readonly reviewId: string }; readonly decisions: FiledDecision[] }

  /** A case with what may leave of it. Who reads it blind sees nothing of the first reader's decisions. */
  async function caseOf(who: Who, id: string): Promise<Case> {
    const row = await store.db.selectFrom('cases').select(['state', 'number']).where('id', '=', id).where('organisation_id', '=', who.organisation).executeTakeFirst()
    if (!row) throw new Refusal(404, 'There is no such case.')
    if (await roundOf(context, who, id) === 'blind') throw new Refusal(403, 'This case is yours to read a second time without seeing the first: its letters open once you have signed.')
    const stored = await reportOf(context, who, id)
    if (stored === null) throw new Refusal(409, 'The case is not reviewed yet.')
    const decisions = (await decisionsOf(store, id)).filter((d) => d.round !== 'blind').map((d): FiledDecision => ({
      target: d.target, line: d.line, subject: d.subject, machine: d.machine, action: d.action, status: d.status, reason: d.reason, note: d.note,
      evidence: d.evidence.map((e) => ({ file: e.file, page: e.page, quote: e.quote, boxes: e.boxes.map((b) => ({ ...b })) })), round: d.round, by: d.by, at: d.at, stands: d.stands,
    }))
    return { ...row, stored, decisions }
  }

  const draftOf = (of: Case, settings: LetterSettings, which: LetterKind, signOff: SignOff | null = null): Letter =>
    letterOf({ report: of.stored.report, decisions: of.decisions, template: templatesOf()[which], settings, signOff })

  /** What a letter says apart from its sign-off: tells whether a signed one still says what holds. */
  const contentOf = (draft: Letter): string => createHash('sha256').update(JSON.stringify({ ...draft, unready: [] })).digest('hex')

  async function signedOf(id: string, which: LetterKind): Promise<{ letter: Letter; by: string; at: string; content: string } | null> {
    const row = await store.db.selectFrom('letters').innerJoin('users', 'users.id', 'letters.signed_by').select(['letters.id', 'letters.sealed', 'letters.content', 'letters.signed_at', 'users.name as by'])
      .where('letters.case_id', '=', id).where('letters.kind', '=', which).where('letters.sealed', '!=', '').orderBy('letters.signed_at', 'desc').limit(1).executeTakeFirst()
    if (!row) return null
    return { letter: JSON.parse(store.open(row.sealed, `letters:${row.id}`)) as Letter, by: row.by, at: new Date(row.signed_at).toISOString(), content: row.content }
  }

  /** Why it cannot be signed off as it stands. */
  function obstacles(of: Case, draft: Letter): string[] {
    const waits = draft.kind === 'determination' && !DECIDED.has(of.state)
    return [...draft.unready, ...(waits ? [of.state === 'approval' ? 'The case waits for approval by a second person.' : 'The case is not decided yet: sign it first.'] : []), ...(draft.kind === 'record-request' && of.state === 'closed' ? ['The case is closed.'] : [])]
  }

  app.get('/api/cases/:id/sending', { config: { may: 'cases.see' }, schema: { summary: 'The letters of a case as they stand, and what keeps them drafts', params } }, async (request, reply) => {
    const { id } = request.params
    const of = await caseOf(asker(request), id)
    const settings = await settingsOf(asker(request).organisation)
    const letters = await Promise.all(LETTER_KINDS.map(async (which): Promise<LetterAnswer> => {
      const draft = draftOf(of, settings, which)
      const signed = await signedOf(id, which)
      const current = signed !== null && signed.content === contentOf(draft)
      return { kind: which, letter: current ? signed.letter : draft, signed: signed === null ? null : { by: signed.by, at: signed.at, current }, obstacles: obstacles(of, draft) }
    }))
    return reply.type('application/json').send(JSON.stringify({ letters } satisfies SendingAnswer))
  })

  app.post('/api/cases/:id/letters', {
    config: { may: 'decisions.make' }, schema: { summary: 'Sign a letter off: from then on it is no draft', params, body: z.object({ kind }) },
  }, async (request) => {
    const who = asker(request)
    const { id } = request.params
    const of = await caseOf(who, id)
    const draft = draftOf(of, await settingsOf(who.organisation), request.body.kind)
    const content = contentOf(draft)
    const against = obstacles(of, draft)
    if (against.length > 0) throw new Refusal(409, against.join(' '))
    const signed = await signedOf(id, request.body.kind)
    if (signed?.content === content) throw new Refusal(409, `This letter is signed off already, by ${signed.by}.`)
    const letter = draftOf(of, await settingsOf(who.organisation), request.body.kind, { by: who.name, on: today() })
    const letterId = randomUUID()
    await store.change(async (tx, log) => {
      await tx.insertInto('letters').values({
        id: letterId, organisation_id: who.organisation, case_id: id, review_id: of.stored.reviewId, kind: request.body.kind, content, sealed: store.seal(JSON.stringify(letter), `letters:${letterId}`), signed_by: who.id, signed_at: new Date(),
      }).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'letter.signed', subject: id, data: { letter: letterId, kind: request.body.kind, content } })
    })
    return { ok: true }
  })

  /** Bytes of an errand, or the refusal that fits. */
  async function written(errand: SendingErrand): Promise<{ bytes: Buffer; seal: string | null }> {
    const { bytes, seal, why } = await sendOut(errand)
    if (bytes === null) throw new Refusal(422, why ?? 'This cannot be written; ask the operator to look at the records of the case.')
    return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), seal }
  }
  const exported = async (who: Who, action: string, subject: string, data: Record<string, string | number | boolean | null>): Promise<void> => {
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action, subject, data })))
  }

  app.get('/api/cases/:id/letter', {
    config: { may: 'cases.export' }, schema: { summary: 'A letter as Word or PDF: the one signed off where it still holds, else a draft', params, querystring: z.object({ kind, format: z.enum(['docx', 'pdf']).default('pdf') }) },
  }, async (request, reply) => {
    const who = asker(request)
    const { id } = request.params
    const of = await caseOf(who, id)
    const draft = draftOf(of, await settingsOf(who.organisation), request.query.kind)
    const signed = await signedOf(id, request.query.kind)
    const letter = signed !== null && signed.content === contentOf(draft) ? signed.letter : draft
    const { bytes } = await written({ kind: 'letter', letter, format: request.query.format })
    await exported(who, 'letter.exported', id, { kind: request.query.kind, format: request.query.format, draft: letter.draft !== null, sha256: sha256(bytes) })
    return reply.type(request.query.format === 'pdf' ? 'application/pdf' : WORD).header('content-disposition', `attachment; filename="case-${of.number}-${request.query.kind}${letter.draft === null ? '' : '-draft'}.${request.query.format}"`).send(bytes)
  })

  app.get('/api/cases/:id/worksheet', {
    config: { may: 'cases.export' }, schema: { summary: 'The review worksheet', params, querystring: z.object({ format: z.enum(['xlsx', 'pdf']).default('xlsx') }) },
  }, async (request, reply) => {
    const who = asker(request)
    const of = await caseOf(who, request.params.id)
    const { bytes } = await written({ kind: 'worksheet', worksheet: worksheetOf(of.stored.report, of.decisions), format: request.query.format })
    await exported(who, 'worksheet.exported', request.params.id, { format: request.query.format, sha256: sha256(bytes) })
    return reply.type(request.query.format === 'pdf' ? 'application/pdf' : EXCEL).header('content-disposition', `attachment; filename="case-${of.number}-worksheet.${request.query.format}"`).send(bytes)
  })

  /** The records as sent, and what was read in them. */
  async function recordsFor(id: string): Promise<{ records: { file: string; bytes: Uint8Array }[]; documents: Map<string, Document> }> {
    const records: { file: string; bytes: Uint8Array }[] = []
    const documents = new Map<string, Document>()
    for (const record of await recordsOf(store, store.db, id)) {
      records.push({ file: record.name, bytes: await store.blobs.get(record.blob) })
      if (record.read_blob !== null) for (const d of (await readOf(store, record.read_blob)).documents) documents.set(d.file, d)
    }
    return { records, documents }
  }

  app.get('/api/cases/:id/marked', { config: { may: 'cases.export' }, schema: { summary: 'All records as one PDF with an index and the evidence highlighted', params } }, async (request, reply) => {
    const who = asker(request)
    const of = await caseOf(who, request.params.id)
    const { records, documents } = await recordsFor(request.params.id)
    const { bytes, pages } = await markRecords({ report: of.stored.report, decisions: of.decisions, records, documents })
    await exported(who, 'marked.exported', request.params.id, { pages, sha256: sha256(bytes) })
    return reply.type('application/pdf').header('content-disposition', `attachment; filename="case-${of.number}-marked-records.pdf"`).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  })

  app.get('/api/cases/:id/packet', {
    config: { may: 'cases.export' }, schema: { summary: 'The evidence packet: everything of the case, sealed; vouch verify checks it, vouch replay makes it again', params, querystring: z.object({ records: z.enum(['yes', 'no']).default('yes') }) },
  }, async (request, reply) => {
    const who = asker(request)
    const { id } = request.params
    const of = await caseOf(who, id)
    const settings = await settingsOf(who.organisation)
    const signOff = Object.fromEntries(await Promise.all(LETTER_KINDS.map(async (which) => {
      const signed = await signedOf(id, which)
      return [which, signed !== null && signed.content === contentOf(draftOf(of, settings, which)) ? signed.letter.signOff : null] as const
    }))) as Record<LetterKind, SignOff | null>
    const { records, documents } = await recordsFor(id)
    const { bytes, seal } = await written({
      kind: 'packet',
      input: { report: of.stored.report, fees: null, decisions: of.decisions, letters: { templates: templatesOf(), settings, date: null, signOff }, records, documents, reading: { ocr: 'builtin' }, withRecords: request.query.records === 'yes' },
    })
    await exported(who, 'packet.exported', id, { seal, records: request.query.records === 'yes', bytes: bytes.length })
    return reply.type('application/zip').header('content-disposition', `attachment; filename="case-${of.number}-packet.zip"`).header('x-vouch-seal', seal ?? '').send(bytes)
  })

  app.get('/api/letter-settings', { config: { may: 'own' }, schema: { summary: 'Letterhead, contact, dispute rights and deadlines of letters' } }, async (request) => settingsOf(asker(request).organisation))

  app.put('/api/letter-settings', { config: { may: 'settings.change' }, schema: { summary: 'Change them; letters already signed off stay as they are', body: letterSettingsSchema } }, async (request) => {
    const who = asker(request)
    await store.change(async (tx, log) => {
      const settings = JSON.stringify(request.body)
      await tx.insertInto('letter_settings').values({ organisation_id: who.organisation, settings, changed_at: new Date() }).onConflict((c) => c.column('organisation_id').doUpdateSet({ settings, changed_at: new Date() })).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'letter-settings.changed', subject: who.organisation })
    })
    return { ok: true }
  })
}
