// Accepting, overriding, signing, approving, and how well people and machine agree. May not: change a finding.
import { z } from 'zod'
import { DETERMINATIONS, REQUIREMENT_STATUSES, type ReviewJson } from '../report/contract.ts'
import { asker, type App } from './app.ts'
import { caseAnswer } from './case-routes.ts'
import { reportOf, roundOf } from './reports.ts'
import { figuresOf } from './cases.ts'
import { Refusal, type Context } from './context.ts'
import { addDecision, decisionsOf } from './decisions.ts'
import { readOf, recordsOf } from './records.ts'
import type { Tx } from '../store/open-store.ts'
import type { CaseState, Run } from '../store/tables.ts'
import { effectiveOf } from '../report/effective.ts'
import { qualityOf } from './quality.ts'
import * as shapes from './shapes.ts'

const params = z.object({ id: shapes.id })

export function decisionRoutes(app: App, context: Context): void {
  const { store } = context

  /** What the worklist shows of a case after a decision of the first round; with the decision or not at all. */
  async function refigure(tx: Tx, caseId: string, report: ReviewJson): Promise<void> {
    const figures = figuresOf(report, effectiveOf(report, await decisionsOf(store, caseId, tx), 'first'))
    await tx.updateTable('cases').set({ ...figures, updated_at: new Date() }).where('id', '=', caseId).execute()
  }

  app.post('/api/cases/:id/decisions', { config: { may: 'decisions.make', changes: 'case' }, schema: { summary: 'Accept or override a requirement, a rule or a line', params, body: shapes.decisionBody } }, async (request) => {
    const who = asker(request)
    const { body } = request
    const { id } = request.params
    const stored = await reportOf(context, who, id)
    if (stored === null) throw new Refusal(409, 'The case is not reviewed yet.')
    const machine = machineWord(stored.report, body)
    if (machine === null) throw new Refusal(400, 'The report has no such requirement, rule or line.')
    if (body.action === 'override') checkOverride(body, machine)
    const round = await roundOf(context, who, id)
    await verbatim(context, id, stored.report, body.evidence)
    await store.change(async (tx, log) => {
      const row = await held(tx, id)
      if (round === 'first' && (row.state === 'decided' || row.state === 'closed')) throw new Refusal(409, 'The case is decided; a lead has to open it again.')
      if (round === 'first' && row.state === 'approval' && who.role !== 'lead') throw new Refusal(409, 'The case waits for approval.')
      await addDecision(tx, log, store, who, {
        caseId: id, reviewId: stored.reviewId, target: body.target, line: body.line, subject: body.subject, machine, action: body.action,
        status: body.action === 'override' ? (body.status as string) : machine, reason: body.action === 'override' ? body.reason : null, note: body.note, evidence: body.evidence,
        round: round === 'blind' ? 'blind' : row.state === 'approval' ? 'approval' : 'first',
      })
      if (round === 'first' && (row.state === 'ready' || row.state === 'received')) {
        await tx.updateTable('cases').set({ state: 'in-review', ...(row.assignee === null ? { assignee: who.id } : {}) }).where('id', '=', id).execute()
      }
      if (round === 'first') await refigure(tx, id, stored.report)
    })
    const { case: now, decisions, effective } = await caseAnswer(context, who, id)
    return { case: now, decisions, effective } satisfies shapes.DecisionAnswer
  })

  app.post('/api/cases/:id/sign', { config: { may: 'decisions.make', changes: 'case' }, schema: { summary: 'The determination as it stands is decided; above the threshold a second person approves', params, body: shapes.signBody } }, async (request) => {
    const who = asker(request)
    const { id } = request.params
    const stored = await reportOf(context, who, id)
    if (stored === null) throw new Refusal(409, 'The case is not reviewed yet.')
    const round = await roundOf(context, who, id)
    const state = await store.change(async (tx, log) => {
      const row = await held(tx, id)
      if (row.run === 'queued' || row.run === 'running' || row.review_id !== stored.reviewId) throw new Refusal(409, 'The case is being reviewed again; sign when that is done.')
      if (round === 'first' && !['ready', 'in-review', 'pended'].includes(row.state)) throw new Refusal(409, 'The case is signed already.')
      // As the case stands now, held: what somebody else decides meanwhile waits until this is signed, and is refused then.
      const effective = effectiveOf(stored.report, await decisionsOf(store, id, tx), round)
      const state = round === 'blind' ? row.state : effective.atRisk * 100 > who.settings.approvalAbove ? 'approval' as const : 'decided' as const
      const open = effective.lines.filter((l) => l.determination === 'needs-review').map((l) => l.line)
      if (open.length > 0) throw new Refusal(409, `Line ${open.join(', ')} still needs review: override what is unclear, or the line, before signing.`)
      const result = effective.lines.map((l) => `${l.line}:${l.determination}`).join(' ')
      await addDecision(tx, log, store, who, {
        caseId: id, reviewId: stored.reviewId, target: 'case', line: null, subject: null, machine: stored.report.lines.map((l) => `${l.line}:${l.determination}`).join(' '), action: 'accept', status: result,
        reason: null, note: request.body.note, evidence: [], round,
      })
      if (round === 'blind') await tx.updateTable('cases').set({ blind: false }).where('id', '=', id).execute()
      else await tx.updateTable('cases').set({ state, assignee: who.id, updated_at: new Date(), blind: state === 'decided' && drawn(context, id, who.settings.blindShare) }).where('id', '=', id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'case.signed', subject: id, data: { state, round } })
      return state
    })
    return { state }
  })

  app.post('/api/cases/:id/approve', { config: { may: 'decisions.approve', changes: 'case' }, schema: { summary: 'Approve a signed case, or send it back', params, body: z.object({ approve: z.boolean(), note: z.string().max(4000).default('') }) } }, async (request) => {
    const who = asker(request)
    const { id } = request.params
    const stored = await reportOf(context, who, id)
    if (stored === null) throw new Refusal(409, 'The case does not wait for approval.')
    const state = request.body.approve ? 'decided' as const : 'in-review' as const
    await store.change(async (tx, log) => {
      const row = await held(tx, id)
      if (row.state !== 'approval') throw new Refusal(409, 'The case does not wait for approval.')
      if (row.run === 'queued' || row.run === 'running' || row.review_id !== stored.reviewId) throw new Refusal(409, 'The case is being reviewed again; approve when that is done.')
      // Whoever signed, whomever the case was given to since.
      const signed = await tx.selectFrom('decisions').select(['decided_by', 'review_id']).where('case_id', '=', id).where('target', '=', 'case').where('round', '=', 'first').orderBy('decided_at', 'desc').limit(1).executeTakeFirst()
      if (signed === undefined || signed.decided_by === who.id) throw new Refusal(403, 'Another person than the one who signed approves.')
      if (request.body.approve && signed.review_id !== row.review_id) throw new Refusal(409, 'The case was reviewed again after it was signed; send it back to be signed anew.')
      await addDecision(tx, log, store, who, {
        caseId: id, reviewId: stored.reviewId, target: 'case', line: null, subject: 'approval', machine: '', action: request.body.approve ? 'accept' : 'withdraw', status: request.body.approve ? 'approved' : 'sent-back',
        reason: null, note: request.body.note, evidence: [], round: 'approval',
      })
      await tx.updateTable('cases').set({ state, updated_at: new Date(), blind: state === 'decided' && drawn(context, id, who.settings.blindShare) }).where('id', '=', id).execute()
      log({ organisation: who.organisation, actor: who.id, action: request.body.approve ? 'case.approved' : 'case.sent-back', subject: id })
    })
    return { state }
  })

  app.get('/api/quality', { config: { may: 'quality.see' }, schema: { summary: 'Override rates, agreement and kappa, a row a requirement', response: { 200: shapes.qualityAnswer } } }, async (request) => qualityOf(store, asker(request).organisation))
}

/** The case, which nobody else changes before the transaction ends. */
const held = (tx: Tx, id: string): Promise<{ readonly state: CaseState; readonly run: Run; readonly assignee: string | null; readonly review_id: string | null }> =>
  tx.selectFrom('cases').select(['state', 'run', 'assignee', 'review_id']).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()

/** Words that a person gives as evidence stand on the page they are cited from. */
async function verbatim(context: Context, caseId: string, report: ReviewJson, evidence: shapes.DecisionBody['evidence']): Promise<void> {
  if (evidence.length === 0) return
  const collapsed = (text: string): string => text.replace(/\s+/g, ' ').trim()
  const records = await recordsOf(context.store, context.store.db, caseId)
  for (const place of evidence) {
    if (!report.documents.some((d) => d.file === place.file && d.pages.some((p) => p.page === place.page))) throw new Refusal(400, 'Evidence is cited from a page that the case does not have.')
    if (place.quote === '') continue
    let stands = false
    for (const record of records) {
      if (record.read_blob === null || (place.file !== record.name && !place.file.startsWith(`${record.name}/`))) continue
      const document = (await readOf(context.store, record.read_blob)).documents.find((d) => d.file === place.file)
      const at = document?.pages.find((p) => p.page === place.page)
      if (document && at && collapsed(document.text.slice(at.start, at.end)).includes(collapsed(place.quote))) stands = true
    }
    if (!stands) throw new Refusal(400, 'The words given as evidence do not stand on the page they are cited from; select them there again.')
  }
}

/** What the report says of the thing decided on; null where it does not know it. */
function machineWord(report: ReviewJson, body: shapes.DecisionBody): string | null {
  const line = report.lines.find((l) => l.line === body.line)
  if (body.target === 'line') return line?.determination ?? null
  if (body.target === 'rule') return (body.line === 0 ? report.rules : line?.rules ?? []).some((r) => r.id === body.subject) ? 'applies' : null
  return (body.line === 0 ? report.general : line?.requirements ?? []).find((r) => r.id === body.subject)?.status ?? null
}

function checkOverride(body: shapes.DecisionBody, machine: string): void {
  const allowed: readonly string[] = body.target === 'line' ? DETERMINATIONS : body.target === 'rule' ? ['set-aside'] : machine === 'clear' || machine === 'triggered' ? ['clear', 'triggered'] : REQUIREMENT_STATUSES.filter((s) => s !== 'clear' && s !== 'triggered')
  if (body.status === null || !allowed.includes(body.status)) throw new Refusal(400, `An override says what holds instead: ${allowed.join(', ')}.`)
  if (body.reason === null) throw new Refusal(400, 'An override needs a reason.')
  if (body.reason === 'other' && body.note.trim() === '') throw new Refusal(400, 'The reason "other" needs a note.')
}

/** By lot that nobody can foresee or repeat with another outcome. */
function drawn(context: Context, caseId: string, share: number): boolean {
  return Number.parseInt(context.store.mark(`second review ${caseId}`).slice(0, 8), 16) / 2 ** 32 < share
}
