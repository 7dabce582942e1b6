// Signing in at the operator's identity provider: OpenID Connect, authorisation code with PKCE. May not: ask anybody but the issuer named by the operator; keep or print a token of it.
import { readFileSync } from 'node:fs'
import * as client from 'openid-client'
import { z } from 'zod'
import { workspaceFault } from '../store/workspace.ts'

const origin = z.url().refine((u) => URL.canParse(u) && new URL(u).origin === u.replace(/\/$/, ''), 'an origin: scheme, host and port').transform((u) => new URL(u).origin)

/** The operator's file. */
export const oidcFile = z.strictObject({
  issuer: z.url(), clientId: z.string().min(1), clientSecretFile: z.string().min(1).optional().describe('Without it the client is a public one, kept by PKCE alone'),
  publicUrl: origin.describe('Where people reach the workbench'), name: z.string().min(1).max(60).default('single sign-on').describe('On the button'),
  scopes: z.string().default('openid profile email'), groupsClaim: z.string().min(1).default('groups'), loginClaim: z.string().min(1).default('preferred_username'),
  otherOrigins: z.array(origin).default([]).describe('Further origins of the issuer: some keep their keys elsewhere'), organisation: z.string().optional().describe('Whose accounts these are, where there are several'),
})
export type OidcSettings = Omit<z.infer<typeof oidcFile>, 'clientSecretFile'> & { readonly clientSecret: string | null }

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/
export const CALLBACK = '/api/oidc/callback'

/** @throws a fault the operator can mend */
export function readOidcFile(path: string): OidcSettings {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (e) {
    throw workspaceFault(`${path}: cannot be read (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
  }
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw workspaceFault(`${path}: is not JSON; see docs/operations.md for what it holds.`)
  }
  const parsed = oidcFile.safeParse(data)
  if (!parsed.success) throw workspaceFault(`${path}: ${parsed.error.issues.slice(0, 3).map((i) => `${i.path.join('.') || 'the file'}: ${i.message}`).join('; ')}.`)
  const { clientSecretFile, ...settings } = parsed.data
  for (const url of [settings.issuer, settings.publicUrl, ...settings.otherOrigins]) if (!url.startsWith('https:') && !LOOPBACK.test(url)) throw workspaceFault(`${path}: ${url} is not https; only addresses of this machine may do without.`)
  let clientSecret: string | null = null
  if (clientSecretFile !== undefined) {
    try {
      clientSecret = readFileSync(clientSecretFile, 'utf8').trim()
    } catch (e) {
      throw workspaceFault(`${clientSecretFile}: the client's secret cannot be read (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
    }
  }
  return { ...settings, clientSecret }
}

/** What has to come back with the person; sealed into a cookie meanwhile. */
export interface Errand { readonly state: string; readonly nonce: string; readonly verifier: string; readonly until: number }

/** Who the issuer says came. */
export interface Person { readonly issuer: string; readonly subject: string; readonly login: string | null; readonly name: string | null; readonly groups: readonly string[] }

export interface Oidc {
  readonly settings: OidcSettings
  readonly start: () => Promise<{ readonly url: string; readonly errand: Errand }>
  /** Rejects where anything of the answer is not as it should be. `query` is that of the address called. */
  readonly finish: (query: string, errand: Errand) => Promise<Person>
}

const ERRAND_MS = 10 * 60_000
const DISCOVERED_MS = 3_600_000
const PATIENCE_SECONDS = 10
const MOST_GROUPS = 1000

export function oidc(settings: OidcSettings): Oidc {
  const allowed = new Set([new URL(settings.issuer).origin, ...settings.otherOrigins])
  let known: { readonly at: number; readonly configuration: Promise<client.Configuration> } | null = null

  const guarded: client.CustomFetch = (url, options) => {
    if (!allowed.has(new URL(url).origin)) return Promise.reject(new Error('the issuer sends to an origin that the operator did not name'))
    return fetch(url, { ...options, redirect: 'error' })
  }

  function configuration(): Promise<client.Configuration> {
    if (known !== null && Date.now() - known.at < DISCOVERED_MS) return known.configuration
    const { issuer, clientId, clientSecret } = settings
    const found = client.discovery(new URL(issuer), clientId, undefined, clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret), {
      [client.customFetch]: guarded, timeout: PATIENCE_SECONDS, execute: LOOPBACK.test(issuer) ? [client.allowInsecureRequests] : [],
    })
    const own = { at: Date.now(), configuration: found }
    known = own
    // A provider that was away is asked again.
    found.catch(() => { if (known === own) known = null })
    return found
  }

  return {
    settings,
    start: async () => {
      const config = await configuration()
      const errand: Errand = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), until: Date.now() + ERRAND_MS }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: `${settings.publicUrl}${CALLBACK}`, scope: settings.scopes, state: errand.state, nonce: errand.nonce, code_challenge: await client.calculatePKCECodeChallenge(errand.verifier), code_challenge_method: 'S256',
      })
      return { url: url.href, errand }
    },
    finish: async (query, errand) => {
      if (errand.until < Date.now()) throw new Error('too late')
      const config = await configuration()
      const tokens = await client.authorizationCodeGrant(config, new URL(`${settings.publicUrl}${CALLBACK}${query}`), { pkceCodeVerifier: errand.verifier, expectedState: errand.state, expectedNonce: errand.nonce, idTokenExpected: true })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('no identity')
      let said: Readonly<Record<string, unknown>> = claims
      const lacking = [settings.groupsClaim, settings.loginClaim].some((c) => claims[c] === undefined)
      if (lacking && config.serverMetadata().userinfo_endpoint !== undefined) said = { ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims }
      const text = (v: unknown): string | null => (typeof v === 'string' && v.trim() !== '' ? v.trim() : null)
      const groups = said[settings.groupsClaim]
      return {
        issuer: claims.iss, subject: claims.sub, login: text(said[settings.loginClaim]) ?? text(said['email']), name: text(said['name']),
        groups: (Array.isArray(groups) ? groups : typeof groups === 'string' ? groups.split(/[\s,]+/) : []).filter((g): g is string => typeof g === 'string' && g !== '').slice(0, MOST_GROUPS),
      }
    },
  }
}
