// Who asks: sessions of people, tokens of programs. May not: decide what they may do.
import type { FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Store } from '../store/open-store.ts'
import { DEFAULT_SETTINGS, type UserRole } from '../store/tables.ts'
import { settingsOf } from './cases.ts'
import type { Context, Who } from './context.ts'
import { newSecret, secretHash } from './passwords.ts'

const COOKIE = 'vouch_session'
/** Over TLS with a prefix that browsers keep for this host alone: no neighbouring host can plant one. */
export const cookieName = (secure: boolean): string => (secure ? `__Host-${COOKIE}` : COOKIE)
/** Header of requests that no hand has caused. */
export const UNTOUCHED = 'x-vouch-untouched'
const IDLE_MS = 30 * 60_000
const LONGEST_MS = 12 * 3_600_000
/** How often the last use is written down. */
const SEEN_EVERY_MS = 60_000

interface Account { id: string; login: string; name: string; role: UserRole; disabled: boolean; organisation_id: string; organisation: string; settings: string }

const whoOf = (a: Account, session: string | null, csrf: string | null): Who => ({
  id: a.id, name: a.name, login: a.login, role: a.role, organisation: a.organisation_id, organisationName: a.organisation, settings: settingsOf(a.settings, DEFAULT_SETTINGS), csrf, session,
})

const COLUMNS = ['users.id', 'users.login', 'users.name', 'users.role', 'users.disabled', 'users.organisation_id', 'organisations.name as organisation', 'organisations.settings'] as const

/** Null where nobody is signed in, or not any more. A screen that nobody touches asks on its own, and says so: that keeps no session alive. */
export async function whoAsks({ store, secure }: Pick<Context, 'store' | 'secure'>, request: FastifyRequest, used = request.headers[UNTOUCHED] === undefined): Promise<Who | null> {
  const now = Date.now()
  const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const token = await store.db.selectFrom('tokens').innerJoin('users', 'users.id', 'tokens.user_id').innerJoin('organisations', 'organisations.id', 'users.organisation_id')
      .select([...COLUMNS, 'tokens.id as token', 'tokens.expires_at', 'tokens.used_at']).where('tokens.hash', '=', secretHash(bearer)).where('tokens.revoked_at', 'is', null).executeTakeFirst()
    if (!token || token.disabled || new Date(token.expires_at).getTime() < now) return null
    if (token.used_at === null || now - new Date(token.used_at).getTime() > SEEN_EVERY_MS) await store.db.updateTable('tokens').set({ used_at: new Date(now) }).where('id', '=', token.token).execute()
    return whoOf(token, null, null)
  }
  const secret = request.cookies[cookieName(secure)]
  if (secret === undefined || secret.length > 100) return null
  const session = await store.db.selectFrom('sessions').innerJoin('users', 'users.id', 'sessions.user_id').innerJoin('organisations', 'organisations.id', 'users.organisation_id')
    .select([...COLUMNS, 'sessions.id as session', 'sessions.csrf', 'sessions.seen_at', 'sessions.expires_at']).where('sessions.id', '=', secretHash(secret)).executeTakeFirst()
  if (!session) return null
  const seen = new Date(session.seen_at).getTime()
  if (session.disabled || new Date(session.expires_at).getTime() < now || seen + IDLE_MS < now) {
    await store.db.deleteFrom('sessions').where('id', '=', session.session).execute()
    return null
  }
  if (used && now - seen > SEEN_EVERY_MS) await store.db.updateTable('sessions').set({ seen_at: new Date(now) }).where('id', '=', session.session).execute()
  return whoOf(session, session.session, session.csrf)
}

/** The secret goes into the cookie; the database keeps its hash. */
export async function startSession(store: Store, userId: string): Promise<string> {
  const secret = newSecret()
  const now = new Date()
  await store.db.deleteFrom('sessions').where('expires_at', '<', now).execute()
  await store.db.insertInto('sessions').values({ id: secretHash(secret), user_id: userId, csrf: newSecret(), seen_at: now, expires_at: new Date(now.getTime() + LONGEST_MS) }).execute()
  return secret
}

export const endSessions = async (store: Store, userId: string, but: string | null = null): Promise<void> => {
  await store.db.deleteFrom('sessions').where('user_id', '=', userId).where('id', '!=', but ?? '').execute()
}

/** Nothing that was handed out opens anything any more: sessions and tokens. */
export async function endAccess(store: Store, userId: string): Promise<void> {
  await endSessions(store, userId)
  await store.db.updateTable('tokens').set({ revoked_at: new Date() }).where('user_id', '=', userId).where('revoked_at', 'is', null).execute()
}

export async function makeToken(store: Store, who: Who, name: string, days: number): Promise<{ readonly id: string; readonly secret: string }> {
  const secret = `vouch_${newSecret()}`
  const id = randomUUID()
  await store.change(async (tx, log) => {
    await tx.insertInto('tokens').values({ id, user_id: who.id, name, hash: secretHash(secret), expires_at: new Date(Date.now() + days * 86_400_000), revoked_at: null, used_at: null }).execute()
    log({ organisation: who.organisation, actor: who.id, action: 'token.made', subject: id, data: { days } })
  })
  return { id, secret }
}

export const cookieOptions = (context: Context) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: context.secure }) as const
