// Accounts, settings and the audit log. May not: show a case.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { endAccess, endSessions } from './access.ts'
import { settingsAnswer } from './account-routes.ts'
import { asker, type App } from './app.ts'
import { Refusal, type Context } from './context.ts'
import { hashPassword } from './passwords.ts'
import * as shapes from './shapes.ts'

export function adminRoutes(app: App, context: Context): void {
  const { store, passwordCost } = context

  app.get('/api/users', { config: { may: 'users.manage' }, schema: { summary: 'Accounts of the organisation', response: { 200: z.array(shapes.userRow) } } }, async (request) => {
    const rows = await store.db.selectFrom('users').selectAll().where('organisation_id', '=', asker(request).organisation).orderBy('login').execute()
    return rows.map((u) => ({
      id: u.id, login: u.login, name: u.name, role: u.role, disabled: u.disabled, provided: u.issuer !== null, locked: u.locked_until !== null && new Date(u.locked_until).getTime() > Date.now(),
      createdAt: new Date(u.created_at).toISOString(),
    }))
  })
  app.post('/api/users', { config: { may: 'users.manage' }, schema: { summary: 'Add an account', body: shapes.userBody, response: { 200: z.object({ id: shapes.id }) } } }, async (request) => {
    const who = asker(request)
    const { body } = request
    const id = randomUUID()
    const password = await hashPassword(body.password, passwordCost)
    await store.change(async (tx, log) => {
      if (await tx.selectFrom('users').select('id').where('login', '=', body.login).executeTakeFirst()) throw new Refusal(409, 'This login is taken.')
      await tx.insertInto('users').values({ id, organisation_id: who.organisation, login: body.login, name: body.name, role: body.role, password, locked_until: null }).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'user.added', subject: id, data: { role: body.role } })
    })
    return { id }
  })
  app.patch('/api/users/:id', { config: { may: 'users.manage' }, schema: { summary: 'Change an account; its sessions end, with a new password or disabled its tokens too', params: z.object({ id: shapes.id }), body: shapes.userPatch } }, async (request) => {
    const who = asker(request)
    const { body } = request
    const { id } = request.params
    const password = body.password === undefined ? undefined : await hashPassword(body.password, passwordCost)
    await store.change(async (tx, log) => {
      const user = await tx.selectFrom('users').select(['role', 'disabled', 'issuer']).where('id', '=', id).where('organisation_id', '=', who.organisation).executeTakeFirst()
      if (!user) throw new Refusal(404, 'There is no such account.')
      if (user.issuer !== null && (body.role !== undefined || body.password !== undefined || body.name !== undefined)) throw new Refusal(409, 'The identity provider gives this account its name, role and password; here it can be disabled.')
      const remains = (body.role ?? user.role) === 'administrator' && !(body.disabled ?? user.disabled)
      if (!remains && user.role === 'administrator') {
        const others = await tx.selectFrom('users').select('id').where('organisation_id', '=', who.organisation).where('role', '=', 'administrator').where('disabled', '=', false).where('id', '!=', id).executeTakeFirst()
        if (!others) throw new Refusal(409, 'One administrator has to remain.')
      }
      const set = {
        ...(body.name === undefined ? {} : { name: body.name }), ...(body.role === undefined ? {} : { role: body.role }), ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
        ...(password === undefined ? {} : { password }), failures: 0, locked_until: null,
      }
      await tx.updateTable('users').set(set).where('id', '=', id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'user.changed', subject: id, data: { role: body.role ?? null, disabled: body.disabled ?? null, password: password !== undefined } })
    })
    // A password is set anew, or an account disabled, because somebody else may hold what it opened.
    if (id !== who.id) await (password !== undefined || body.disabled === true ? endAccess(store, id) : endSessions(store, id))
    return { ok: true }
  })

  app.put('/api/settings', { config: { may: 'settings.change' }, schema: { summary: 'Clocks, threshold of approval, share of second reviews', body: shapes.settingsBody } }, async (request) => {
    const who = asker(request)
    const settings = { ...request.body, approvalAbove: Math.round(request.body.approvalAbove * 100) }
    await store.change(async (tx, log) => {
      await tx.updateTable('organisations').set({ settings: JSON.stringify(settings) }).where('id', '=', who.organisation).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'settings.changed', subject: who.organisation, data: { recordDays: settings.recordDays, decisionDays: settings.decisionDays, approvalAbove: settings.approvalAbove, blindShare: settings.blindShare, retentionDays: settings.retentionDays, groupRoles: settings.groupRoles.map((g) => `${g.group}=${g.role}`).join(' ') } })
    })
    return settingsAnswer({ ...who, settings })
  })

  const auditQuery = z.object({ before: z.coerce.number().int().min(1).optional(), size: z.coerce.number().int().min(1).max(500).default(200) })
  app.get('/api/audit', { config: { may: 'audit.see' }, schema: { summary: 'The audit log, newest first', querystring: auditQuery, response: { 200: z.array(shapes.auditRow) } } }, async (request) => {
    const { before, size } = request.query
    let query = store.db.selectFrom('audit').leftJoin('users', 'users.id', 'audit.actor').select(['audit.seq', 'audit.at', 'users.name as actor', 'audit.action', 'audit.subject', 'audit.data'])
      .where('audit.organisation_id', '=', asker(request).organisation).orderBy('audit.seq', 'desc').limit(size)
    if (before !== undefined) query = query.where('audit.seq', '<', before)
    return query.execute()
  })
  app.get('/api/audit/check', { config: { may: 'audit.see' }, schema: { summary: 'Whether the audit log is whole' } }, async () => store.verifyAudit())
}
