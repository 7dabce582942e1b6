// Pages of the records: pictures, text, search. May not: put what is searched for into an address or the log.
import { z } from 'zod'
import type { Document } from '../document/document.ts'
import { place } from '../document/place.ts'
import { asker, type App } from './app.ts'
import { reportOf } from './reports.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { readOf, recordsOf, type RecordOfDb } from './records.ts'
import { nearMisses } from './near-misses.ts'
import * as shapes from './shapes.ts'

/** Pictures are made in these widths only, so that they are found again. */
export const WIDTHS = [180, 1000, 1700] as const
const MOST_HITS = 500
const AROUND = 40

const params = z.object({ id: shapes.id, document: z.coerce.number().int().min(0), page: z.coerce.number().int().min(1) })

export function pageRoutes(app: App, context: Context): void {
  const { store, pages } = context

  /** The stored file that holds document `index` of the report, and the path inside it. */
  async function sourceOf(who: Who, caseId: string, index: number): Promise<{ readonly record: RecordOfDb; readonly inner: string; readonly file: string }> {
    const stored = await reportOf(context, who, caseId)
    const file = stored?.report.documents[index]?.file
    if (file === undefined) throw new Refusal(404, 'There is no such page.')
    const records = await recordsOf(store, store.db, caseId)
    const record = records.find((r) => r.name === file) ?? records.filter((r) => file.startsWith(`${r.name}/`)).sort((a, b) => b.name.length - a.name.length)[0]
    if (!record) throw new Refusal(404, 'The record was removed.')
    return { record, inner: file === record.name ? '' : file.slice(record.name.length + 1), file }
  }

  app.get('/api/cases/:id/documents/:document/pages/:page/image', {
    config: { may: 'cases.see', rateLimit: { max: 6000, timeWindow: 60_000 } },
    schema: { summary: 'A page as PNG', params, querystring: z.object({ width: z.coerce.number().int().refine((w) => (WIDTHS as readonly number[]).includes(w), `one of ${WIDTHS.join(', ')}`).default(1000) }) },
  }, async (request, reply) => {
    const { id, document, page } = request.params
    const { record, inner } = await sourceOf(asker(request), id, document)
    const png = await pages.page({ blob: record.blob, inner, page, width: request.query.width }, () => store.blobs.get(record.blob))
    if (png === null) throw new Refusal(422, 'This page cannot be drawn.')
    return reply.type('image/png').send(Buffer.from(png.buffer, png.byteOffset, png.length))
  })

  app.get('/api/cases/:id/documents/:document/pages/:page/text', {
    config: { may: 'cases.see' }, schema: { summary: 'The text of a page as it was read', params, response: { 200: z.object({ text: z.string() }) } },
  }, async (request) => {
    const { id, document, page } = request.params
    const { record, file } = await sourceOf(asker(request), id, document)
    const read = record.read_blob === null ? null : await readOf(store, record.read_blob)
    const found = read?.documents.find((d) => d.file === file)
    const at = found?.pages.find((p) => p.page === page)
    if (!found || !at) throw new Refusal(404, 'There is no such page.')
    return { text: found.text.slice(at.start, at.end).replace(/\f$/, '') }
  })

  app.post('/api/cases/:id/documents/:document/pages/:page/words', {
    config: { may: 'cases.see' }, schema: { summary: 'The words inside a box drawn on a page', params, body: shapes.boxBody, response: { 200: shapes.place } },
  }, async (request) => {
    const { id, document, page } = request.params
    const { record, file } = await sourceOf(asker(request), id, document)
    const found = record.read_blob === null ? undefined : (await readOf(store, record.read_blob)).documents.find((d) => d.file === file)
    const box = { page, ...request.body }
    const span = found && wordsInside(found, page, request.body)
    if (!found || !span) return { file, page, quote: '', boxes: [box] }
    const { quote, boxes } = place(found, span)
    return { file, page, quote: quote.slice(0, 2000), boxes: boxes.slice(0, 200).map((b) => ({ ...b })) }
  })

  app.get('/api/cases/:id/records/:record/file', {
    config: { may: 'cases.export' }, schema: { summary: 'A record as it was sent', params: z.object({ id: shapes.id, record: shapes.id }) },
  }, async (request, reply) => {
    const who = asker(request)
    const record = await store.db.selectFrom('records').selectAll().where('id', '=', request.params.record).where('case_id', '=', request.params.id).where('organisation_id', '=', who.organisation)
      .where('removed_at', 'is', null).executeTakeFirst()
    if (!record) throw new Refusal(404, 'There is no such record.')
    const bytes = await store.blobs.get(record.blob)
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'record.exported', subject: request.params.id, data: { record: record.id } })))
    return reply.type('application/octet-stream').header('content-disposition', 'attachment; filename="record"').send(bytes)
  })

  app.get('/api/cases/:id/near/:line/:requirement', {
    config: { may: 'cases.see' },
    schema: {
      summary: 'What comes nearest to a requirement that was not found; it counts for nothing', params: z.object({ id: shapes.id, line: z.coerce.number().int().min(0), requirement: z.string().max(100) }), response: { 200: z.array(shapes.nearMiss) },
    },
  }, async (request) => {
    const { id, line, requirement } = request.params
    const stored = await reportOf(context, asker(request), id)
    const asked = (line === 0 ? stored?.report.general : stored?.report.lines.find((l) => l.line === line)?.requirements)?.find((r) => r.id === requirement)
    if (!asked) throw new Refusal(404, 'There is no such requirement.')
    const documents: Document[] = []
    for (const record of await recordsOf(store, store.db, id)) if (record.read_blob !== null) documents.push(...(await readOf(store, record.read_blob)).documents)
    return nearMisses(documents, `${asked.asks} ${asked.missing.join(' ')}`)
  })

  app.post('/api/cases/:id/search', {
    config: { may: 'cases.see' }, schema: { summary: 'Words on all pages of a case, scans included', params: z.object({ id: shapes.id }), body: shapes.searchBody, response: { 200: shapes.searchAnswer } },
  }, async (request) => {
    const who = asker(request)
    const row = await store.db.selectFrom('cases').select('id').where('id', '=', request.params.id).where('organisation_id', '=', who.organisation).executeTakeFirst()
    if (!row) throw new Refusal(404, 'There is no such case.')
    const records = await recordsOf(store, store.db, row.id)
    const hits: shapes.SearchAnswer['hits'] = []
    let total = 0
    for (const record of records) {
      if (record.read_blob === null) continue
      for (const document of (await readOf(store, record.read_blob)).documents) {
        for (const at of occurrences(document.text, request.body.text)) {
          total++
          if (hits.length < MOST_HITS) hits.push(hitAt(document, at))
        }
      }
    }
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'case.searched', subject: row.id, data: { hits: total } })))
    return { hits, total }
  })
}

/** From the first to the last word whose middle lies inside. */
function wordsInside(document: Document, page: number, box: { left: number; top: number; right: number; bottom: number }): { start: number; end: number } | null {
  const at = document.pages.find((p) => p.page === page)
  if (!at) return null
  const { words } = document
  let [from, to] = [Infinity, 0]
  for (let i = 0; i < words.start.length; i++) {
    const start = words.start[i] as number
    if (start < at.start || start >= at.end) continue
    const [x, y] = [((words.box[4 * i] as number) + (words.box[4 * i + 2] as number)) / 2, ((words.box[4 * i + 1] as number) + (words.box[4 * i + 3] as number)) / 2]
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue
    from = Math.min(from, start)
    to = Math.max(to, words.end[i] as number)
  }
  return to === 0 ? null : { start: from, end: to }
}

/** Case and kind of white space do not matter. Linear in the text: words are literal. */
function occurrences(text: string, wanted: string): { start: number; end: number }[] {
  const words = wanted.trim().split(/\s+/).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return [...text.matchAll(new RegExp(words.join('\\s{1,8}'), 'giu'))].slice(0, 5000).map((m) => ({ start: m.index, end: m.index + m[0].length }))
}

function hitAt(document: Document, span: { start: number; end: number }): shapes.SearchAnswer['hits'][number] {
  const { page, boxes, quote } = place(document, span)
  const around = (from: number, to: number): string => document.text.slice(Math.max(0, from), to).replace(/\s+/g, ' ')
  return { file: document.file, page, before: around(span.start - AROUND, span.start), quote, after: around(span.end, span.end + AROUND), boxes: boxes.map((b) => ({ ...b })) }
}
