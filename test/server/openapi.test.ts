// The description for programs: whole by OpenAPI 3.1, and true of what the server answers.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Oidc } from '../../src/server/oidc.ts'
import type { ReviewDesk } from '../../src/server/review-desk.ts'
import { filesBelow, workbench, type Workbench } from './harness.ts'

interface Response { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: object }>> }
interface Parameter { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: object }
interface Operation { readonly summary?: string; readonly parameters?: readonly Parameter[]; readonly requestBody?: Response; readonly responses: Readonly<Record<string, Response>>; readonly security?: readonly Readonly<Record<string, unknown>>[] }
interface Description {
  readonly openapi: string; readonly info: { readonly title: string; readonly version: string }; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> }; readonly security: readonly Readonly<Record<string, unknown>>[]
}

const provider = { settings: { name: 'Invented Health' }, start: () => Promise.reject(new Error('away')), finish: () => Promise.reject(new Error('away')) } as unknown as Oidc
const blind: ReviewDesk = { dictionaries: () => Promise.resolve('none'), read: () => Promise.reject(new Error('no')), review: () => Promise.reject(new Error('no')), label: () => Promise.resolve(null), close: () => Promise.resolve() }
let bench: Workbench
let withProvider: Workbench
let description: Description
beforeAll(async () => {
  withProvider = await workbench(undefined, blind, provider)
  bench = await workbench()
  description = (await withProvider.as('reviewer', 'GET', '/api/openapi.json')).json as Description
}, 60_000)
afterAll(async () => {
  await bench.close()
  await withProvider.close()
}, 30_000)

const operations = (): { readonly at: string; readonly path: string; readonly method: string; readonly operation: Operation }[] =>
  Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ at: `${method.toUpperCase()} ${path}`, path, method, operation })))

describe('the description for programs', () => {
  it('has every route, and none that is not there', () => {
    expect(description.openapi).toBe('3.1.0')
    expect(description.info.title).toBe('Vouch')
    expect(operations().map((o) => o.at).sort()).toEqual(withProvider.app.apiRoutes.map((r) => `${r.method} ${r.url.replace(/:(\w+)/g, '{$1}')}`).sort())
  })

  it('gives each a summary, its parameters, an answer with a shape, and its refusals', () => {
    for (const { at, path, method, operation } of operations()) {
      expect(operation.summary, at).toMatch(/\S{2}/)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()
      const named = (operation.parameters ?? []).filter((p) => p.in === 'path')
      expect(named.map((p) => p.name).sort(), at).toEqual(inPath)
      expect(named.every((p) => p.required === true && p.schema !== undefined), at).toBe(true)
      expect(new Set(operation.parameters?.map((p) => `${p.in} ${p.name}`)).size, at).toBe(operation.parameters?.length ?? 0)
      if (method === 'get' || method === 'delete') expect(operation.requestBody, at).toBeUndefined()
      const codes = Object.keys(operation.responses)
      expect(codes.every((c) => /^[1-5]\d\d$/.test(c)), at).toBe(true)
      for (const [code, response] of Object.entries(operation.responses)) {
        expect(response.description, `${at} ${code}`).toMatch(/\S/)
        if (code === '303') continue
        expect(Object.values(response.content ?? {}).length, `${at} ${code}`).toBeGreaterThan(0)
        for (const media of Object.values(response.content ?? {})) expect(media.schema, `${at} ${code}`).toBeDefined()
      }
      expect(codes.some((c) => c === '200' || c === '303'), at).toBe(true)
      expect(codes, at).toEqual(expect.arrayContaining(['403', '429', '500']))
    }
    for (const asked of description.security) for (const scheme of Object.keys(asked)) expect(description.components.securitySchemes[scheme]).toBeDefined()
  })

  it('says all of it in JSON Schema of OpenAPI 3.1', () => {
    expect(JSON.stringify(description)).not.toMatch(/"nullable":|"\$schema"|"exclusiveM(?:in|ax)imum":true/)
    let schemas = 0
    for (const { at, operation } of operations()) {
      const all = [operation.requestBody, ...Object.values(operation.responses)].flatMap((r) => Object.values(r?.content ?? {}).map((c) => c.schema)).concat((operation.parameters ?? []).map((p) => p.schema))
      for (const schema of all) {
        if (schema === undefined) continue
        expect(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]), at).not.toThrow()
        schemas++
      }
    }
    expect(schemas).toBeGreaterThan(300)
  })

  it('is true of what is answered', async () => {
    const { cases } = await bench.upload('reviewer', filesBelow('corpus/sample'))
    const id = cases[0]?.id as string
    await bench.runner.idle()
    const check = async (person: 'reviewer' | 'lead' | 'administrator' | 'auditor' | 'provider', method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, url: string, body?: unknown): Promise<unknown> => {
      const answer = await bench.as(person, method, url, body)
      const response = description.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)]
      const type = String(answer.headers['content-type']).split(';')[0] ?? ''
      const schema = response?.content?.[type]?.schema
      expect(schema, `${method} ${path} ${answer.status} ${type}`).toBeDefined()
      if (type !== 'application/json') return null
      const parsed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(answer.json)
      expect(parsed.success ? [] : parsed.error.issues.slice(0, 3), `${method} ${path} ${answer.status}`).toEqual([])
      return answer.json
    }
    const c = '/api/cases/{id}'
    const own = `/api/cases/${id}`
    await check('reviewer', 'GET', '/api/me', '/api/me')
    await check('administrator', 'GET', '/api/users', '/api/users')
    await check('administrator', 'PUT', '/api/settings', '/api/settings', { recordDays: 45, decisionDays: 30, approvalAbove: 10, blindShare: 0 })
    await check('administrator', 'PUT', '/api/settings', '/api/settings', { recordDays: 0 })
    await check('auditor', 'GET', '/api/audit', '/api/audit')
    await check('auditor', 'GET', '/api/audit/check', '/api/audit/check')
    await check('reviewer', 'GET', '/api/audit', '/api/audit')
    await check('reviewer', 'GET', '/api/people', '/api/people')
    await check('reviewer', 'POST', '/api/tokens', '/api/tokens', { name: 'p' })
    await check('reviewer', 'POST', '/api/worklist', '/api/worklist', {})
    await check('reviewer', 'POST', '/api/worklist.csv', '/api/worklist.csv', {})
    await check('reviewer', 'GET', c, own)
    await check('reviewer', 'GET', `${c}/state`, `${own}/state`)
    await check('reviewer', 'GET', c, '/api/cases/00000000-0000-4000-8000-000000000000')
    await check('reviewer', 'POST', `${c}/search`, `${own}/search`, { text: 'dose' })
    await check('reviewer', 'POST', `${c}/decisions`, `${own}/decisions`, { target: 'line', line: 1, subject: null, action: 'accept' })
    await check('reviewer', 'POST', `${c}/decisions`, `${own}/decisions`, { target: 'line', line: 99, subject: null, action: 'accept' })
    await check('reviewer', 'GET', `${c}/fhir`, `${own}/fhir`)
    await check('reviewer', 'GET', `${c}/documents/{document}/pages/{page}/image`, `${own}/documents/1/pages/1/image`)
    await check('reviewer', 'GET', `${c}/sending`, `${own}/sending`)
    await check('administrator', 'GET', '/api/letter-settings', '/api/letter-settings')
    await check('reviewer', 'POST', `${c}/sign`, `${own}/sign`, {})
    await check('reviewer', 'POST', `${c}/sign`, `${own}/sign`, {})
    await check('lead', 'GET', '/api/quality', '/api/quality')
    await check('provider', 'GET', '/api/self-audits', '/api/self-audits')
    await check('lead', 'GET', '/api/policy', '/api/policy')
    await check('lead', 'GET', '/api/policy/drafts', '/api/policy/drafts')
    await check('reviewer', 'GET', '/api/health', '/api/health')
  }, 60_000)
})
