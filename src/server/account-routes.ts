// Setting up, signing in and out, one's own password and tokens. May not: tell whether a login exists.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import { DEFAULT_SETTINGS } from '../store/tables.ts'
import { cookieName, cookieOptions, endSessions, makeToken, startSession } from './access.ts'
import { asker, type App } from './app.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { hashPassword, passwordMatches, sameSecret } from './passwords.ts'
import { permissionsOf } from './permissions.ts'
import * as shapes from './shapes.ts'

const MOST_FAILURES = 8
/** No account has it. */
const NOBODY = '00000000-0000-0000-0000-000000000000'
const LOCK_MS = 15 * 60_000
const STRICT = { rateLimit: { max: 20, timeWindow: 60_000 } }

export const settingsAnswer = (who: Who): NonNullable<shapes.Me['settings']> => ({ ...who.settings, groupRoles: [...who.settings.groupRoles], approvalAbove: who.settings.approvalAbove / 100 })

export function accountRoutes(app: App, context: Context): void {
  const { store, passwordCost } = context
  const isSetUp = async (): Promise<boolean> => (await store.db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined

  app.get('/api/me', { config: { may: 'open' }, schema: { summary: 'Who is signed in, and what they may do' } }, async (request): Promise<shapes.Me> => {
    const { who } = request
    return {
      setUp: await isSetUp(), engine: context.engine, provider: context.oidc?.settings.name ?? null, organisation: who?.organisationName ?? null, csrf: who?.csrf ?? null, may: who ? permissionsOf(who.role) : [],
      user: who && { id: who.id, login: who.login, name: who.name, role: who.role }, settings: who && settingsAnswer(who),
    }
  })

  app.post('/api/setup', { config: { may: 'open', ...STRICT }, schema: { summary: 'The first administrator, once', body: shapes.setupBody } }, async (request, reply) => {
    const { body } = request
    if (!sameSecret(body.code, context.setupCode)) throw new Refusal(403, 'The set-up code is not the one shown where the server was started.')
    const password = await hashPassword(body.password, passwordCost)
    const user = randomUUID()
    await store.change(async (tx, log) => {
      if (await tx.selectFrom('users').select('id').limit(1).executeTakeFirst()) throw new Refusal(409, 'The workspace is set up already; sign in.')
      const organisation = randomUUID()
      await tx.insertInto('organisations').values({ id: organisation, name: body.organisation, settings: JSON.stringify(DEFAULT_SETTINGS) }).execute()
      await tx.insertInto('users').values({ id: user, organisation_id: organisation, login: body.login, name: body.name, role: 'administrator', password, locked_until: null }).execute()
      log({ organisation, actor: user, action: 'workspace.set-up', subject: organisation })
    })
    reply.setCookie(cookieName(context.secure), await startSession(store, user), cookieOptions(context))
    return { ok: true }
  })

  app.post('/api/login', { config: { may: 'open', ...STRICT }, schema: { summary: 'Sign in', body: shapes.loginBody } }, async (request, reply) => {
    const { body } = request
    const user = await store.db.selectFrom('users').selectAll().where('login', '=', body.login.trim().toLowerCase()).executeTakeFirst()
    const locked = user?.locked_until != null && new Date(user.locked_until).getTime() > Date.now()
    const right = await passwordMatches(body.password, user?.password ?? null, passwordCost)
    if (!user || !right || locked || user.disabled) {
      // The same work whether there is such an account or not: neither the clock nor the log of attempts tells them apart to whoever tries.
      const organisations = await store.db.selectFrom('organisations').select('id').limit(2).execute()
      const only = organisations.length === 1 ? (organisations[0]?.id ?? null) : null
      await store.change(async (tx, log) => {
        const counted = right || locked ? {} : { failures: sql<number>`failures + 1` }
        const after = await tx.updateTable('users').set({ ...counted, locked_until: (e) => e.ref('locked_until') }).where('id', '=', user?.id ?? NOBODY).returning('failures').executeTakeFirst()
        if (after && after.failures >= MOST_FAILURES) await tx.updateTable('users').set({ locked_until: new Date(Date.now() + LOCK_MS), failures: 0 }).where('id', '=', user?.id ?? NOBODY).execute()
        log({ organisation: user?.organisation_id ?? only, actor: user?.id ?? null, action: 'login.refused', subject: user?.id ?? null, data: { locked, disabled: user?.disabled ?? false, known: user !== undefined } })
      })
      throw new Refusal(401, 'Login or password is wrong, or the account is locked for a while.')
    }
    await store.change(async (tx, log) => {
      await tx.updateTable('users').set({ failures: 0, locked_until: null }).where('id', '=', user.id).execute()
      log({ organisation: user.organisation_id, actor: user.id, action: 'login.made', subject: user.id })
    })
    reply.setCookie(cookieName(context.secure), await startSession(store, user.id), cookieOptions(context))
    return { ok: true }
  })

  app.post('/api/logout', { config: { may: 'own' }, schema: { summary: 'Sign out' } }, async (request, reply) => {
    const who = asker(request)
    const { session } = who
    if (session !== null) {
      await store.change(async (tx, log) => {
        await tx.deleteFrom('sessions').where('id', '=', session).execute()
        log({ organisation: who.organisation, actor: who.id, action: 'login.ended', subject: who.id })
      })
    }
    reply.clearCookie(cookieName(context.secure), cookieOptions(context))
    return { ok: true }
  })

  app.post('/api/password', { config: { may: 'own', ...STRICT }, schema: { summary: 'Change the own password; other sessions end', body: shapes.passwordBody } }, async (request) => {
    const who = asker(request)
    const user = await store.db.selectFrom('users').select('password').where('id', '=', who.id).executeTakeFirstOrThrow()
    if (!(await passwordMatches(request.body.old, user.password, passwordCost))) throw new Refusal(403, 'The old password is wrong.')
    const password = await hashPassword(request.body.password, passwordCost)
    await store.change(async (tx, log) => {
      await tx.updateTable('users').set({ password }).where('id', '=', who.id).execute()
      log({ organisation: who.organisation, actor: who.id, action: 'password.changed', subject: who.id })
    })
    await endSessions(store, who.id, who.session)
    return { ok: true }
  })

  app.get('/api/tokens', { config: { may: 'own' }, schema: { summary: 'The own tokens', response: { 200: z.array(shapes.tokenRow) } } }, async (request) => {
    const rows = await store.db.selectFrom('tokens').selectAll().where('user_id', '=', asker(request).id).orderBy('created_at', 'desc').execute()
    const iso = (d: Date): string => new Date(d).toISOString()
    return rows.map((t) => ({ id: t.id, name: t.name, createdAt: iso(t.created_at), expiresAt: iso(t.expires_at), usedAt: t.used_at === null ? null : iso(t.used_at), revoked: t.revoked_at !== null }))
  })
  app.post('/api/tokens', { config: { may: 'own', ...STRICT }, schema: { summary: 'A token for a program, shown once', body: shapes.tokenBody } }, async (request) => {
    if (asker(request).session === null) throw new Refusal(403, 'A token cannot make tokens; sign in.')
    return makeToken(store, asker(request), request.body.name, request.body.days)
  })
  app.delete('/api/tokens/:id', { config: { may: 'own' }, schema: { summary: 'Revoke a token', params: z.object({ id: shapes.id }) } }, async (request) => {
    const who = asker(request)
    await store.change(async (tx, log) => {
      const done = await tx.updateTable('tokens').set({ revoked_at: new Date() }).where('id', '=', request.params.id).where('user_id', '=', who.id).executeTakeFirst()
      if (Number(done.numUpdatedRows) === 0) throw new Refusal(404, 'There is no such token.')
      log({ organisation: who.organisation, actor: who.id, action: 'token.revoked', subject: request.params.id })
    })
    return { ok: true }
  })

  app.get('/api/views', { config: { may: 'own' }, schema: { summary: 'The own saved views of the worklist', response: { 200: z.array(shapes.viewRow) } } }, async (request) => {
    const rows = await store.db.selectFrom('views').selectAll().where('user_id', '=', asker(request).id).orderBy('name').execute()
    return rows.map((v) => ({ id: v.id, name: v.name, filter: shapes.worklistFilter.parse(JSON.parse(store.open(v.filter, `views:${v.id}`))) }))
  })
  app.post('/api/views', { config: { may: 'own' }, schema: { summary: 'Save a view; one of the same name is replaced', body: shapes.viewBody, response: { 200: z.object({ id: shapes.id }) } } }, async (request) => {
    const who = asker(request)
    const id = randomUUID()
    await store.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('views').where('user_id', '=', who.id).where('name', '=', request.body.name).execute()
      // A filter may hold a patient's name.
      await tx.insertInto('views').values({ id, user_id: who.id, name: request.body.name, filter: store.seal(JSON.stringify(request.body.filter), `views:${id}`) }).execute()
    })
    return { id }
  })
  app.delete('/api/views/:id', { config: { may: 'own' }, schema: { summary: 'Remove a saved view', params: z.object({ id: shapes.id }) } }, async (request) => {
    await store.db.deleteFrom('views').where('id', '=', request.params.id).where('user_id', '=', asker(request).id).execute()
    return { ok: true }
  })
}
