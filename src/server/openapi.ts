// What every route answers, for whoever reads the description: the shapes that the routes do not check on the way out, the kinds of files, the refusals. May not: change an answer.
import type { RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { reviewSchema } from '../report/contract.ts'
import { effectiveShape } from '../report/effective.ts'
import { ROLES, RUNS } from '../store/tables.ts'
import { PERMISSIONS } from './permissions.ts'
import * as shapes from './shapes.ts'

type Json = Readonly<Record<string, unknown>>

export const refusal = z.object({ error: z.string().describe('One sentence: what is wrong, and what to do') })
const done = z.object({ ok: z.literal(true) })
const made = z.object({ id: shapes.id })
const person = z.object({ id: shapes.id, name: z.string() })
const pageLayout = z.array(z.array(z.object({ page: z.number(), width: z.number(), height: z.number(), label: z.string().nullable() })))
const decisionAnswer = z.object({ case: shapes.caseRow, decisions: z.array(shapes.decisionRow), effective: effectiveShape })
const caseAnswer = decisionAnswer.extend({
  report: reviewSchema.nullable(), reviewNumber: z.number().nullable(), reviewedAt: z.string().nullable(), layout: pageLayout.describe('Size and label of every page of every document of the report'),
  records: z.array(shapes.recordRow), round: z.enum(['first', 'blind']).describe('Which decisions are shown and made'), people: z.array(person),
})
const me = z.object({
  setUp: z.boolean(), user: z.object({ id: shapes.id, login: z.string(), name: z.string(), role: z.enum(ROLES) }).nullable(), organisation: z.string().nullable(), csrf: z.string().nullable().describe('To be sent as X-Vouch-Csrf with every change of a session'),
  may: z.array(z.enum(Object.keys(PERMISSIONS) as [string, ...string[]])), settings: shapes.settingsBody.nullable(), engine: z.string(), provider: z.string().nullable(),
})
const state = z.object({ state: z.string() })
const selfAudit = z.object({
  id: shapes.id, title: z.string(), run: z.enum(RUNS), progress: z.object({ file: z.number(), files: z.number(), page: z.number(), pages: z.number() }).nullable(),
  files: z.array(z.object({ id: shapes.id, name: z.string(), bytes: z.number(), pages: z.number().nullable() })), codes: z.array(z.string()).nullable().describe('As named; null where the chart suggests them'),
  result: z.looseObject({}).nullable().describe('The fix list with its drafts, as vouch audit --format json gives it'), fault: z.string().nullable(),
})
const draftRow = z.object({ id: shapes.id, name: z.string(), policy: z.string(), revision: z.number(), by: z.string(), updatedAt: z.string(), files: z.array(z.string()) })
const letter = z.object({
  kind: z.string(), letter: z.looseObject({}).describe('The letter as blocks, each with its source'), signed: z.object({ by: z.string(), at: z.string(), current: z.boolean() }).nullable(), obstacles: z.array(z.string()).describe('Why it cannot be signed off as it stands'),
})
const letterSettings = z.looseObject({ payer: z.string().nullable(), contact: z.string().nullable(), policy: z.string().nullable() }).describe('What fills letters')
const whatIf = z.union([z.looseObject({ files: z.array(z.string()), lines: z.array(z.looseObject({ line: z.number() })) }), z.object({ fault: z.string() })])

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const file = (...types: string[]): readonly string[] => types
type Answer = z.ZodType | readonly string[]

/** Shapes, or media types of files, of the routes whose answers are not checked against a shape when they go out. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'GET /api/me': me, 'POST /api/setup': done, 'POST /api/login': done, 'POST /api/logout': done, 'POST /api/password': done,
  'POST /api/tokens': z.object({ id: shapes.id, secret: z.string().describe('Shown this once') }), 'DELETE /api/tokens/:id': done, 'DELETE /api/views/:id': done,
  'PATCH /api/users/:id': done, 'PUT /api/settings': shapes.settingsBody, 'GET /api/audit/check': z.object({ entries: z.number(), head: z.string().describe('Hash of the last entry'), faults: z.array(z.string()) }),
  'POST /api/records/:id/case': done, 'DELETE /api/records/:id': done, 'POST /api/worklist.csv': file('text/csv'), 'POST /api/worklist.xlsx': file(`${OFFICE}.spreadsheetml.sheet`), 'GET /api/people': z.array(person),
  'GET /api/cases/:id': caseAnswer, 'PATCH /api/cases/:id': done, 'DELETE /api/cases/:id': done, 'POST /api/cases/:id/review': done,
  'GET /api/cases/:id/documents/:document/pages/:page/image': file('image/png'), 'GET /api/cases/:id/records/:record/file': file('application/octet-stream'),
  'POST /api/cases/:id/decisions': decisionAnswer, 'POST /api/cases/:id/sign': state, 'POST /api/cases/:id/approve': state,
  'GET /api/cases/:id/fhir': file('application/fhir+json'), 'POST /api/cases/:id/fhir/submit-attachment': file('application/fhir+json'),
  'GET /api/labelled-cases/:name': file('application/zip'), 'DELETE /api/labelled-cases/:name': done, 'GET /api/events': file('text/event-stream'),
  'GET /api/cases/:id/sending': z.object({ letters: z.array(letter) }), 'POST /api/cases/:id/letters': done, 'GET /api/cases/:id/letter': file(`${OFFICE}.wordprocessingml.document`, 'application/pdf'),
  'GET /api/cases/:id/worksheet': file(`${OFFICE}.spreadsheetml.sheet`, 'application/pdf'), 'GET /api/cases/:id/marked': file('application/pdf'), 'GET /api/cases/:id/packet': file('application/zip'),
  'GET /api/letter-settings': letterSettings, 'PUT /api/letter-settings': done,
  'GET /api/self-audits': z.array(z.object({ id: shapes.id, title: z.string(), run: z.enum(RUNS), files: z.number(), madeAt: z.string(), updatedAt: z.string() })), 'POST /api/self-audits': made, 'GET /api/self-audits/:id': selfAudit,
  'DELETE /api/self-audits/:id': done, 'PUT /api/self-audits/:id/plan': done, 'POST /api/self-audits/:id/files': done, 'POST /api/self-audits/:id/what-if': whatIf, 'GET /api/self-audits/:id/draft': file(`${OFFICE}.wordprocessingml.document`),
  'GET /api/self-audits/:id/packet': file('application/pdf'), 'GET /api/self-audits/:id/documents/:document/pages/:page/image': file('image/png'),
  'GET /api/policy': z.looseObject({ pages: z.array(z.looseObject({})), files: z.looseObject({}), copy: z.looseObject({}).nullable() }), 'GET /api/policy/versions': z.unknown().describe('Texts of the policy with the days from which they hold'),
  'POST /api/policy/copy': z.object({ passages: z.number() }), 'DELETE /api/policy/copy': done, 'POST /api/policy/check': z.unknown().describe('Faults of a draft, each with its place'), 'POST /api/policy/preview': z.unknown().describe('Faults, or what the draft would change'),
  'GET /api/policy/drafts': z.array(draftRow), 'POST /api/policy/drafts': z.object({ id: shapes.id, revision: z.number() }), 'GET /api/policy/drafts/:id': draftRow.extend({ files: z.record(z.string(), z.string()) }),
  'PUT /api/policy/drafts/:id': z.object({ id: shapes.id, revision: z.number() }), 'DELETE /api/policy/drafts/:id': done, 'GET /api/policy/drafts/:id/export': file('application/yaml', 'application/zip'),
  'GET /api/openapi.json': z.looseObject({ openapi: z.literal('3.1.0') }), 'GET /api/health': done,
}
/** What is sent on to another address instead of an answer. */
const REDIRECTS = ['/api/oidc/start', '/api/oidc/callback']

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request is not as described', 401: 'Nobody is signed in', 403: 'The role may not do it, or the request does not come from the workbench', 404: 'Not there, or of another organisation', 409: 'Not as things stand',
  413: 'Larger than allowed', 415: 'A kind of content that is not accepted', 422: 'This page cannot be drawn', 429: 'Too many requests; ask again later', 500: 'A fault, noted on the server without what was asked',
}

function schemaOf(shape: z.ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { target: 'draft-2020-12', io: 'output', unrepresentable: 'any' })
  return schema
}

function refusalsOf(method: string, url: string, open: boolean): Readonly<Record<number, Json>> {
  const codes = [...(method === 'GET' && !url.includes(':') ? [] : [400]), ...(open && url !== '/api/login' ? [] : [401]), 403, ...(url.includes(':') ? [404] : []), ...(method === 'GET' && !url.includes('/cases/') ? [] : [409]), ...(method === 'GET' ? [] : [413, 415]), ...(url.endsWith('/image') ? [422] : []), 429, 500]
  return Object.fromEntries(codes.map((code) => [code, { description: REFUSALS[code], content: { 'application/json': { schema: schemaOf(refusal) } } }]))
}

/** As `jsonSchemaTransform`, with what every route answers and how it refuses. */
export const described: typeof jsonSchemaTransform = (input) => {
  const made = jsonSchemaTransform(input)
  const route = (input as unknown as { readonly route: RouteOptions }).route
  const method = String([route.method].flat()[0])
  const key = `${method} ${input.url}`
  const answer = ANSWERS[key]
  const given = (made.schema as { readonly response?: Json } | undefined)?.response ?? {}
  const ok: Json = REDIRECTS.includes(input.url) ? { 303: { description: 'On to another address' } }
    : answer === undefined ? given
      : { 200: Array.isArray(answer) ? { description: 'A file', content: Object.fromEntries((answer as readonly string[]).map((type) => [type, { schema: { type: 'string' } }])) } : { description: 'Done', content: { 'application/json': { schema: schemaOf(answer as z.ZodType) } } } }
  return { ...made, schema: { ...(made.schema as object), response: { ...ok, ...refusalsOf(method, input.url, route.config?.may === 'open') } } } as ReturnType<typeof jsonSchemaTransform>
}
