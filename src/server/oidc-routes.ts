// Leaving for the identity provider and coming back: the account of whoever came, with the role of the first of their groups that has one. May not: take over a local account; tell why beyond a word.
import { randomUUID } from 'node:crypto'
import { DEFAULT_SETTINGS, type UserRole } from '../store/tables.ts'
import { cookieName, cookieOptions, endAccess, startSession } from './access.ts'
import type { App } from './app.ts'
import { settingsOf } from './cases.ts'
import type { Context } from './context.ts'
import type { Errand, Person } from './oidc.ts'

const ERRAND_COOKIE = 'vouch_errand'
const STRICT = { rateLimit: { max: 30, timeWindow: 60_000 } }
/** In place of a hash: no password fits. */
export const NO_PASSWORD = 'none'

export function oidcRoutes(app: App, context: Context): void {
  const { store, oidc } = context
  if (oidc === null) return
  // The way back begins at another site, which a strict cookie would not outlive.
  const errandOptions = { ...cookieOptions(context), sameSite: 'lax' as const, path: '/api/oidc' }

  app.get('/api/oidc/start', { config: { may: 'open', ...STRICT }, schema: { summary: 'On to the identity provider' } }, async (_request, reply) => {
    const going = await oidc.start().catch(() => null)
    if (going === null) return reply.redirect('/?refused=provider', 303)
    reply.setCookie(ERRAND_COOKIE, store.seal(JSON.stringify(going.errand), 'oidc-errand'), { ...errandOptions, maxAge: 600 })
    return reply.redirect(going.url, 303)
  })

  app.get('/api/oidc/callback', { config: { may: 'open', fromOtherSites: true, ...STRICT }, schema: { summary: 'Back from the identity provider' } }, async (request, reply) => {
    const sealed = request.cookies[ERRAND_COOKIE]
    reply.clearCookie(ERRAND_COOKIE, { path: '/api/oidc' })
    const refuse = (why: string) => reply.redirect(`/?refused=${why}`, 303)
    let person: Person
    try {
      const errand = JSON.parse(store.open(sealed ?? '', 'oidc-errand')) as Errand
      person = await oidc.finish(request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '', errand)
    } catch {
      return refuse('answer')
    }
    const user = await accountOf(person)
    if (typeof user === 'string') return refuse(user)
    reply.setCookie(cookieName(context.secure), await startSession(store, user.id), cookieOptions(context))
    return reply.redirect('/', 303)
  })

  /** The account, made or brought up to date; or why there is none. */
  async function accountOf(person: Person): Promise<{ readonly id: string } | 'role' | 'disabled' | 'set-up'> {
    const organisations = await store.db.selectFrom('organisations').selectAll().execute()
    const wanted = context.oidc?.settings.organisation
    const organisation = wanted === undefined ? (organisations.length === 1 ? organisations[0] : undefined) : organisations.find((o) => o.name === wanted)
    if (organisation === undefined) return 'set-up'
    const role: UserRole | undefined = settingsOf(organisation.settings, DEFAULT_SETTINGS).groupRoles.find((g) => person.groups.includes(g.group))?.role
    const known = await store.db.selectFrom('users').selectAll().where('issuer', '=', person.issuer).where('subject', '=', person.subject).executeTakeFirst()
    if (role === undefined || known?.disabled) {
      await store.change((_tx, log) => Promise.resolve(log({ organisation: organisation.id, actor: known?.id ?? null, action: 'login.refused', subject: known?.id ?? null, data: { by: 'oidc', disabled: known?.disabled ?? false, role: role ?? null } })))
      // A group that was taken away ends what it gave.
      if (known) await endAccess(store, known.id)
      return role === undefined ? 'role' : 'disabled'
    }
    const name = (person.name ?? person.login ?? 'Unnamed').slice(0, 120)
    const id = known?.id ?? randomUUID()
    await store.change(async (tx, log) => {
      if (known) await tx.updateTable('users').set({ name, role }).where('id', '=', id).execute()
      else {
        const plain = (person.login ?? '').toLowerCase().replace(/[^a-z0-9._@-]/g, '').slice(0, 60)
        const stem = plain.length < 2 ? `user-${id.slice(0, 8)}` : plain
        const taken = await tx.selectFrom('users').select('id').where('login', '=', stem).executeTakeFirst()
        // A local account of this name stays who it is.
        await tx.insertInto('users').values({ id, organisation_id: organisation.id, login: taken ? `${stem}-${id.slice(0, 8)}` : stem, name, role, password: NO_PASSWORD, locked_until: null, issuer: person.issuer, subject: person.subject }).execute()
        log({ organisation: organisation.id, actor: null, action: 'user.added', subject: id, data: { role, by: 'oidc' } })
      }
      if (known && known.role !== role) log({ organisation: organisation.id, actor: null, action: 'user.changed', subject: id, data: { role, by: 'oidc' } })
      log({ organisation: organisation.id, actor: id, action: 'login.made', subject: id, data: { by: 'oidc' } })
    })
    return { id }
  }
}
