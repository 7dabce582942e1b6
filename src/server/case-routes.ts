// The worklist, cases and their export. May not: put what is searched for into an address.
import { Readable } from 'node:stream'
import { z } from 'zod'
import { asker, type App } from './app.ts'
import { caseRow, worklist } from './cases.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { decisionsOf } from './decisions.ts'
import { effectiveOf } from '../report/effective.ts'
import { csvHeader, csvRow } from './export-csv.ts'
import { exportRowsOf, type ExportRow } from './export-rows.ts'
import { workbookOf } from './export-xlsx.ts'
import { queueCase, recordsOf, toRecordRow } from './records.ts'
import { removeCase } from './removal.ts'
import { reportOf, roundOf } from './reports.ts'
import * as shapes from './shapes.ts'

const params = z.object({ id: shapes.id })
const EXPORT_PAGE = 200
/** Beyond it a workbook is held in memory for too long. */
const MOST_XLSX = 100_000

export async function caseAnswer(context: Context, who: Who, id: string): Promise<shapes.CaseAnswer> {
  const { store, runner } = context
  const row = await caseRow(store.db, store, who, id, runner.progress)
  if (!row) throw new Refusal(404, 'There is no such case.')
  const [stored, records, all, people, round] = await Promise.all([
    reportOf(context, who, id), recordsOf(store, store.db, id), decisionsOf(store, id),
    store.db.selectFrom('users').select(['id', 'name']).where('organisation_id', '=', who.organisation).where('disabled', '=', false).where('role', 'in', ['reviewer', 'lead']).orderBy('name').execute(),
    roundOf(context, who, id),
  ])
  const decisions = all.filter((d) => (round === 'blind') === (d.round === 'blind'))
  return {
    // What the first reader decided is not to be guessed from the worklist's figures either.
    case: round === 'blind' && stored ? { ...row, determination: null, atRisk: effectiveOf(stored.report, decisions, round).atRisk } : row,
    report: stored?.report ?? null, reviewNumber: stored?.number ?? null, reviewedAt: stored?.madeAt ?? null, layout: stored?.layout ?? [], records: records.map((r) => toRecordRow(store, r, [])),
    decisions: decisions.map(({ userId: _userId, ...d }) => d), effective: stored ? effectiveOf(stored.report, all, round) : { lines: [], atRisk: row.atRisk }, round, people,
  }
}

export function caseRoutes(app: App, context: Context): void {
  const { store, runner } = context

  app.post('/api/worklist', { config: { may: 'cases.see' }, schema: { summary: 'Cases, filtered and sorted', body: shapes.worklistFilter, response: { 200: shapes.worklistAnswer } } }, async (request) =>
    worklist(store, asker(request), request.body, runner.progress))

  /** Rows of all cases that fit, page by page. */
  async function* exported(who: Who, filter: shapes.WorklistFilter): AsyncGenerator<ExportRow> {
    for (let page = 0, total = 1; page * EXPORT_PAGE < total; page++) {
      const part = await worklist(store, who, { ...filter, page, size: EXPORT_PAGE }, runner.progress)
      total = part.total
      for (const row of part.rows) yield* await exportRowsOf(context, who, row)
    }
  }
  async function exporting(who: Who, filter: shapes.WorklistFilter, format: string): Promise<void> {
    const { total } = await worklist(store, who, { ...filter, page: 0, size: 1 }, runner.progress)
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'worklist.exported', subject: null, data: { cases: total, format } })))
  }

  app.post('/api/worklist.csv', { config: { may: 'cases.export' }, schema: { summary: 'The same as CSV, a row a billed line', body: shapes.worklistFilter } }, async (request, reply) => {
    const who = asker(request)
    const { body } = request
    await exporting(who, body, 'csv')
    async function* text(): AsyncGenerator<string> {
      yield csvHeader()
      for await (const row of exported(who, body)) yield csvRow(row)
    }
    return reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="vouch-worklist.csv"').send(Readable.from(text()))
  })

  app.post('/api/worklist.xlsx', { config: { may: 'cases.export' }, schema: { summary: 'The same as a workbook', body: shapes.worklistFilter } }, async (request, reply) => {
    const who = asker(request)
    await exporting(who, request.body, 'xlsx')
    const rows: ExportRow[] = []
    for await (const row of exported(who, request.body)) {
      rows.push(row)
      if (rows.length > MOST_XLSX) throw new Refusal(413, `A workbook holds ${MOST_XLSX.toLocaleString('en-US')} lines here; filter, or take CSV.`)
    }
    return reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').header('content-disposition', 'attachment; filename="vouch-worklist.xlsx"').send(await workbookOf(rows))
  })

  app.get('/api/people', { config: { may: 'cases.see' }, schema: { summary: 'Who may be given a case' } }, async (request) =>
    store.db.selectFrom('users').select(['id', 'name']).where('organisation_id', '=', asker(request).organisation).where('disabled', '=', false).where('role', 'in', ['reviewer', 'lead']).orderBy('name').execute())

  app.get('/api/cases/:id', { config: { may: 'cases.see' }, schema: { summary: 'A case with its report and decisions', params } }, async (request, reply) => {
    const who = asker(request)
    const answer = await caseAnswer(context, who, request.params.id)
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'case.seen', subject: request.params.id, data: { review: answer.reviewNumber } })))
    return reply.type('application/json').send(JSON.stringify(answer))
  })

  app.get('/api/cases/:id/state', { config: { may: 'cases.see' }, schema: { summary: 'Where a case is, without its content', params, response: { 200: shapes.caseRow } } }, async (request) => {
    const row = await caseRow(store.db, store, asker(request), request.params.id, runner.progress)
    if (!row) throw new Refusal(404, 'There is no such case.')
    return row
  })

  app.patch('/api/cases/:id', { config: { may: 'cases.work', changes: 'case' }, schema: { summary: 'Assignment, due date, state', params, body: shapes.casePatch } }, async (request) => {
    const who = asker(request)
    const { body } = request
    await store.change(async (tx, log) => {
      const row = await tx.selectFrom('cases').select(['state', 'assignee', 'review_id']).where('id', '=', request.params.id).where('organisation_id', '=', who.organisation).forUpdate().executeTakeFirst()
      if (!row) throw new Refusal(404, 'There is no such case.')
      const others = body.assignee !== undefined && ((body.assignee !== null && body.assignee !== who.id) || (row.assignee !== null && row.assignee !== who.id))
      if ((others || body.dueOn !== undefined) && who.role !== 'lead') throw new Refusal(403, 'Only a lead gives cases to others and moves due dates.')
      if (typeof body.assignee === 'string' && !(await tx.selectFrom('users').select('id').where('id', '=', body.assignee).where('organisation_id', '=', who.organisation).where('role', 'in', ['reviewer', 'lead']).where('disabled', '=', false).executeTakeFirst())) {
        throw new Refusal(400, 'A case is given to a reviewer or a lead of the organisation.')
      }
      if (body.state === 'decided' || body.state === 'approval') throw new Refusal(400, 'A case is decided by signing it.')
      // Out of what was signed, approved or closed nobody takes a case back alone; closing what waits for approval would go around it.
      if (body.state !== undefined && body.state !== row.state && ['approval', 'decided', 'closed'].includes(row.state)) {
        if (row.state === 'decided' ? body.state !== 'closed' && who.role !== 'lead' : who.role !== 'lead') throw new Refusal(403, 'Only a lead opens again what was signed or closed.')
        if (row.state === 'approval' && body.state === 'closed') throw new Refusal(409, 'The case waits for approval: approve it or send it back first.')
        if (row.review_id === null && row.state === 'closed') throw new Refusal(409, 'Records and claim of this case were removed.')
      }
      const set = { ...(body.assignee === undefined ? {} : { assignee: body.assignee }), ...(body.dueOn === undefined ? {} : { due_on: body.dueOn }), ...(body.state === undefined ? {} : { state: body.state }) }
      await tx.updateTable('cases').set({ ...set, updated_at: new Date() }).where('id', '=', request.params.id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'case.changed', subject: request.params.id, data: { assignee: body.assignee ?? null, dueOn: body.dueOn ?? null, state: body.state ?? null } })
    })
    return { ok: true }
  })

  app.post('/api/cases/:id/review', { config: { may: 'cases.review', changes: 'case' }, schema: { summary: 'Review again, with the program and the policy as they are now', params } }, async (request) => {
    const who = asker(request)
    await store.change(async (tx, log) => {
      const row = await tx.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.id', 'claims.sealed']).where('cases.id', '=', request.params.id).where('cases.organisation_id', '=', who.organisation).executeTakeFirst()
      if (!row) throw new Refusal(404, 'There is no such case.')
      if (row.sealed === '') throw new Refusal(409, 'Records and claim of this case were removed.')
      await queueCase(tx, row.id, who.settings.decisionDays)
      log({ organisation: who.organisation, actor: who.id, action: 'review.asked', subject: row.id })
    })
    runner.wake()
    return { ok: true }
  })

  app.delete('/api/cases/:id', { config: { may: 'cases.remove', changes: 'case' }, schema: { summary: 'Remove the records, reports and the claim of a case; decisions and the log remain, without patient text in clear', params } }, async (request) => {
    const who = asker(request)
    if (!(await removeCase(store, who.organisation, request.params.id, who.id))) throw new Refusal(404, 'There is no such case.')
    return { ok: true }
  })
}
