// The HTTP server: guards in front of every route, then the routes. May not: listen; log what is asked or answered.
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import fastify, {
  type FastifyBaseLogger, type FastifyError, type FastifyInstance, type FastifyRequest, type RawReplyDefaultExpression, type RawRequestDefaultExpression, type RawServerDefault,
} from 'fastify'
import { hasZodFastifySchemaValidationErrors, serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { cookieName, whoAsks } from './access.ts'
import { accountRoutes } from './account-routes.ts'
import { adminRoutes } from './admin-routes.ts'
import { auditDesk } from './audit-desk.ts'
import { auditRoutes } from './audit-routes.ts'
import { caseRoutes } from './case-routes.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { decisionRoutes } from './decision-routes.ts'
import { fhirRoutes } from './fhir-routes.ts'
import { labelRoutes } from './label-routes.ts'
import { oidcRoutes } from './oidc-routes.ts'
import { described } from './openapi.ts'
import { pageRoutes } from './page-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { sameSecret } from './passwords.ts'
import { sendingRoutes } from './sending-routes.ts'
import { may, type Permission } from './permissions.ts'
import { uploadRoutes } from './upload-routes.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required on every route below /api: `open`, `own` (signed in), or a permission. */
    may?: Permission | 'open' | 'own'
    /** Stays open, and keeps no session alive. */
    stream?: boolean
    /** A browser may come here from another site. */
    fromOtherSites?: boolean
    /** Done, it changes the case of the address, or the worklist: whoever looks at it is told. */
    changes?: 'case' | 'worklist'
  }
  interface FastifyInstance {
    /** Every route below /api with what it needs. */
    readonly apiRoutes: { readonly method: string; readonly url: string; readonly may: Permission | 'open' | 'own' }[]
  }
  interface FastifyRequest {
    who: Who | null
  }
}

export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

/** The one who asks; routes with `own` or a permission always have one. */
export function asker(request: FastifyRequest): Who {
  if (request.who === null) throw new Refusal(401, 'Sign in first.')
  return request.who
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
export const LARGEST_UPLOAD = 2 * 2 ** 30
const JSON_LIMIT = 2 << 20

export async function buildApp(context: Context, tls: { readonly key: string; readonly cert: string } | null = null): Promise<App> {
  const options = { logger: false as const, trustProxy: context.proxied ? (_address: string, hop: number): boolean => hop === 0 : false, bodyLimit: JSON_LIMIT, routerOptions: { caseSensitive: true, maxParamLength: 200 }, requestTimeout: 0, forceCloseConnections: 'idle' as const }
  const app = (tls === null ? fastify(options) : fastify({ ...options, https: tls })).withTypeProvider<ZodTypeProvider>() as unknown as App
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('who', null)
  app.decorate('apiRoutes', [])

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", 'blob:'], connectSrc: ["'self'"], fontSrc: ["'self'"], manifestSrc: ["'self'"],
        formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"],
      },
    },
    strictTransportSecurity: context.secure ? { maxAge: 31_536_000 } : false, referrerPolicy: { policy: 'no-referrer' }, frameguard: { action: 'deny' }, crossOriginEmbedderPolicy: true,
  })
  await app.register(cookie)
  await app.register(rateLimit, {
    global: true, max: 1500, timeWindow: 60_000, keyGenerator: (request) => request.ip,
    errorResponseBuilder: (_request, limit) => new Refusal(429, `Too many requests; try again in ${limit.after}.`),
  })
  await app.register(multipart, { limits: { fileSize: LARGEST_UPLOAD, files: 2000, fields: 20, fieldSize: 10_000, headerPairs: 50 } })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0', info: { title: 'Vouch', version: context.engine, description: 'Everything the workbench does. Programs send `Authorization: Bearer TOKEN`; people use a session and a token against forged requests.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: cookieName(context.secure) } } }, security: [{ token: [] }, { session: [] }],
    },
    transform: described,
  })

  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) return
    const needs = route.config?.may
    if (needs === undefined) throw new Error(`${route.url} does not say who may use it`)
    for (const method of [route.method].flat()) if (method !== 'HEAD') app.apiRoutes.push({ method, url: route.url, may: needs })
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return
    reply.header('cache-control', 'no-store')
    const needs = request.routeOptions.config.may
    if (needs === undefined) return
    // Browsers say where a request comes from: none from another site is answered, signed in or not.
    const site = request.headers['sec-fetch-site']
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !request.routeOptions.config.fromOtherSites) throw new Refusal(403, 'Requests from other sites are not answered.')
    request.who = request.routeOptions.config.stream ? await whoAsks(context, request, false) : await whoAsks(context, request)
    if (needs === 'open') return
    if (request.who === null) throw new Refusal(401, 'Sign in first.')
    if (request.who.csrf !== null && !SAFE.has(request.method)) {
      const sent = request.headers['x-vouch-csrf']
      if (typeof sent !== 'string' || !sameSecret(sent, request.who.csrf)) throw new Refusal(403, 'The request does not come from the workbench; load the page again.')
    }
    if (needs !== 'own' && !may(request.who.role, needs)) throw new Refusal(403, 'Your role may not do this.')
  })

  app.addHook('onResponse', (request, reply, done) => {
    const { changes } = request.routeOptions.config
    const own = (request.params as { readonly id?: string } | undefined)?.id
    if (changes !== undefined && request.who !== null && reply.statusCode < 300) context.events.tell(request.who.organisation, { kind: 'changed', case: changes === 'case' ? (own ?? null) : null })
    done()
  })
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    context.events.close()
    done()
  })
  // An answered request holds no connection open behind a server that ends.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const said = error.validation.slice(0, 5).map((v) => `${v.instancePath.replace(/^\//, '').replaceAll('/', '.') || 'the request'}: ${v.message ?? 'not as expected'}`).join('; ')
      return reply.code(400).send({ error: `${said}.` })
    }
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).send({ error: error instanceof Refusal ? error.message : STATUS_SENTENCES[status] ?? 'The request cannot be understood.' })
    // Where it happened, never what was in it.
    process.stderr.write(`Fault at ${request.method} ${request.routeOptions.url ?? ''} (${error.name})\n${String(error.stack ?? '').split('\n').filter((l) => l.trimStart().startsWith('at ')).slice(0, 6).join('\n')}\n`)
    return reply.code(500).send({ error: 'An unexpected fault happened; it was noted on the server.' })
  })

  await app.register((api, _options, done) => {
    const typed = api as unknown as App
    accountRoutes(typed, context)
    oidcRoutes(typed, context)
    adminRoutes(typed, context)
    uploadRoutes(typed, context)
    caseRoutes(typed, context)
    pageRoutes(typed, context)
    decisionRoutes(typed, context)
    fhirRoutes(typed, context)
    labelRoutes(typed, context)
    typed.get('/api/events', {
      config: { may: 'cases.see', stream: true }, schema: { summary: 'What happens to cases, as server-sent events: `progress` of a review, `changed` with the id of a case or null for the worklist, `ended` with the session' },
    }, (request, reply) => {
      const who = asker(request)
      const stream = context.events.listen(who.organisation, who.id, async () => (await whoAsks(context, request, false))?.id === who.id)
      if (request.raw.socket.destroyed) stream.end()
      request.raw.once('close', () => stream.destroy())
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').header('connection', 'close').send(stream)
    })
    sendingRoutes(typed, context)
    const desk = auditDesk()
    app.addHook('onClose', () => desk.close())
    auditRoutes(typed, context, desk)
    policyRoutes(typed, context, desk)
    typed.get('/api/openapi.json', { config: { may: 'own' }, schema: { summary: 'This description' } }, () => app.swagger())
    typed.get('/api/health', { config: { may: 'open', rateLimit: false }, schema: { summary: 'Whether the server and its database answer' } }, async () => {
      await context.store.db.selectFrom('organisations').select('id').limit(1).execute()
      return { ok: true }
    })
    done()
  })

  if (context.web !== null) {
    // Names of built files hold the hash of their content; the page that names them is always asked for again.
    await app.register(fastifyStatic, {
      root: context.web, wildcard: false, cacheControl: false,
      setHeaders: (reply, path) => void reply.setHeader('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && !request.url.startsWith('/api/') && !/\.\w{1,8}$/.test(request.url.split('?')[0] ?? '')
    if (page && context.web !== null) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    return reply.code(404).send({ error: 'There is nothing at this address.' })
  })
  return app
}

const STATUS_SENTENCES: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.', 413: 'What was sent is larger than allowed.', 415: 'This kind of content is not accepted.', 429: 'Too many requests; try again in a minute.',
}
