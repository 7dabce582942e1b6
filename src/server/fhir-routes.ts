// The answer of a case as FHIR, with what people decided, and its records as a submission of attachments. May not: work out anything of its own.
import { z } from 'zod'
import { toFhir, toSubmitAttachment } from '../report/fhir.ts'
import { sniff } from '../document/sniff.ts'
import { asker, type App } from './app.ts'
import { caseAnswer } from './case-routes.ts'
import { Refusal, type Context } from './context.ts'
import { recordsOf } from './records.ts'
import * as shapes from './shapes.ts'

const params = z.object({ id: shapes.id })
/** Of all records of a submission: they stand in one JSON text. */
const MOST_BYTES = 128 << 20
const MEDIA: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', tiff: 'image/tiff', png: 'image/png', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', text: 'text/plain', rtf: 'application/rtf',
  html: 'text/html', xml: 'application/xml', json: 'application/fhir+json', eml: 'message/rfc822', zip: 'application/zip',
}

export function fhirRoutes(app: App, context: Context): void {
  const { store } = context

  app.get('/api/cases/:id/fhir', {
    config: { may: 'cases.export' },
    schema: {
      summary: 'The case as a FHIR R4 Bundle', params, querystring: z.object({ payerUrl: z.url().optional().describe('Where attachments that are asked for go ($submit-attachment)') }),
      description: 'A QuestionnaireResponse a billed line, with the reviewer’s word beside the finding; a DocumentReference a record; a Task a line with something to ask for, by the Da Vinci CDex profile where claim and `payerUrl` give what it requires.',
    },
  }, async (request, reply) => {
    const who = asker(request)
    const answer = await caseAnswer(context, who, request.params.id)
    if (answer.report === null) throw new Refusal(409, 'The case is not reviewed yet.')
    const decisions = answer.decisions.filter((d) => d.stands && d.action !== 'withdraw' && (d.target === 'line' || d.target === 'requirement' || d.target === 'rule'))
      .map((d) => ({ line: d.line ?? 0, subject: d.target === 'line' ? null : d.subject, status: d.status, reason: d.reason, note: d.note, at: d.at }))
    const bundle = toFhir(answer.report, { authored: answer.reviewedAt ?? undefined, payerUrl: request.query.payerUrl, due: answer.case.dueOn, decisions })
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'case.exported', subject: request.params.id, data: { format: 'fhir' } })))
    return reply.type('application/fhir+json').header('content-disposition', 'attachment; filename="case.fhir.json"').send(JSON.stringify(bundle))
  })

  app.post('/api/cases/:id/fhir/submit-attachment', {
    config: { may: 'cases.export' },
    schema: {
      summary: 'Records of the case as Parameters of $submit-attachment (Da Vinci CDex)', params,
      body: z.object({
        trackingId: z.string().trim().min(1).max(200).describe('The payer’s number of its request, or the claim’s'), records: z.array(shapes.id).max(500).default([]).describe('Which records; all of them where none is named'), final: z.boolean().default(true),
      }),
    },
  }, async (request, reply) => {
    const who = asker(request)
    const { body } = request
    const { report } = await caseAnswer(context, who, request.params.id)
    if (report === null) throw new Refusal(409, 'The case is not reviewed yet.')
    const all = await recordsOf(store, store.db, request.params.id)
    const wanted = body.records.length === 0 ? all : all.filter((r) => body.records.includes(r.id))
    if (wanted.length < body.records.length || wanted.length === 0) throw new Refusal(404, 'There is no such record.')
    if (wanted.reduce((sum, r) => sum + r.bytes, 0) > MOST_BYTES) throw new Refusal(413, `A submission holds ${MOST_BYTES >> 20} MB of records; name some of them, and say final only with the last.`)
    const files = []
    for (const r of wanted) {
      const bytes = await store.blobs.get(r.blob)
      const cited = (file: string): boolean => file === r.name || file.startsWith(`${r.name}/`)
      const lines = report.lines.filter((l) => l.requirements.some((q) => q.evidence.some((e) => cited(e.file)))).map((l) => l.line)
      files.push({ file: r.name, contentType: MEDIA[sniff(bytes)] ?? 'application/octet-stream', data: bytes.toString('base64'), lines })
    }
    const parameters = toSubmitAttachment(report, { trackingId: body.trackingId, files, final: body.final })
    if (parameters === null) throw new Refusal(409, 'The claim names no member number or no provider number, without which a payer cannot place attachments.')
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'case.exported', subject: request.params.id, data: { format: 'cdex', records: files.length } })))
    return reply.type('application/fhir+json').header('content-disposition', 'attachment; filename="submit-attachment.fhir.json"').send(JSON.stringify(parameters))
  })
}
