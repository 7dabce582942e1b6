import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRecordsFault } from '../../src/batch/fault.ts'
import { recordFiles } from '../../src/batch/record-files.ts'
import { openS3, s3Place } from '../../src/batch/s3-store.ts'
import { parseXml } from '../../src/batch/s3-xml.ts'

const SECRET = 'not-a-secret'
const OBJECTS: Readonly<Record<string, string>> = { 'C 1/b & ü.txt': 'two', 'C 1/a.txt': 'one', 'C 1/sub/c.txt': 'three', 'C 1/': '', 'C 10/z.txt': 'other', 'C 1/.hidden': 'x' }
const PAGE = 2
let server: Server
let env: Record<string, string> = {}
let failing = 0
let status = 503

/** AWS Signature Version 4 as its specification has it, made anew from the request. */
function signed(request: IncomingMessage): boolean {
  const m = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')
  if (!m) return false
  const [, , day = '', region = '', names = '', signature] = m
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const sorted = query.split('&').filter((q) => q !== '').map((q) => (q.includes('=') ? q : `${q}=`)).sort().join('&')
  const headers = names.split(';').map((n) => `${n}:${String(request.headers[n] ?? '').trim()}\n`).join('')
  const canonical = ['GET', path, sorted, headers, names, String(request.headers['x-amz-content-sha256'])].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), `${day}/${region}/s3/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return mac(mac(mac(mac(mac(`AWS4${SECRET}`, day), region), 's3'), 'aws4_request'), toSign).toString('hex') === signature
}

const xml = (t: string): string => t.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    if (!signed(request)) return response.writeHead(403).end()
    if (failing > 0) {
      failing--
      return response.writeHead(status).end()
    }
    const [, bucket, ...rest] = url.pathname.split('/')
    if (bucket !== 'charts') return response.writeHead(404).end()
    if (url.searchParams.get('list-type') === '2') {
      const keys = Object.keys(OBJECTS).sort().filter((k) => k.startsWith(url.searchParams.get('prefix') ?? ''))
      const from = Number(url.searchParams.get('continuation-token') ?? 0)
      const page = keys.slice(from, from + PAGE)
      const more = from + PAGE < keys.length
      return response.end(`<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''}${
        page.map((k) => `<Contents><Key>${xml(k)}</Key><Size>${OBJECTS[k]?.length ?? 0}</Size><ETag>"${k.length}"</ETag></Contents>`).join('')}</ListBucketResult>`)
    }
    const content = OBJECTS[rest.map(decodeURIComponent).join('/')]
    return content === undefined ? response.writeHead(404).end() : response.end(content)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  env = { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: SECRET, AWS_REGION: 'eu-north-1' }
})
afterAll(() => new Promise((done) => server.close(done)))

const reasonOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', (e: unknown) => (isRecordsFault(e) ? e.reason.id : String(e)))

describe('an S3-compatible store', () => {
  it('lists over several answers and reads, with names of any kind', async () => {
    const files = recordFiles(env)
    const list = await files.list('s3://charts/C 1')
    expect(list.map((r) => r.name)).toEqual(['a.txt', 'b & ü.txt', 'sub/c.txt'])
    expect(await Promise.all(list.map(async (r) => Buffer.from(await files.read(r)).toString()))).toEqual(['one', 'two', 'three'])
    expect((await files.list('s3://charts/C 10/z.txt')).map((r) => r.name)).toEqual(['z.txt'])
    expect(await files.answers('s3://charts/C 1')).toBe(true)
  })

  it('tries again what passes, and tells what does not apart', async () => {
    failing = 2
    expect((await recordFiles(env).list('s3://charts/C 10')).length).toBe(1)
    const impatient = openS3(env, { retries: 0 })
    failing = 1
    expect(await reasonOf(impatient.get('charts', 'C 1/a.txt'))).toBe('records-unreachable')
    expect(await reasonOf(impatient.get('charts', 'gone'))).toBe('records-missing')
    expect(await reasonOf(impatient.get('other', 'a'))).toBe('records-missing')
    expect(await reasonOf(recordFiles(env).list('s3://charts/none'))).toBe('records-missing')
    expect(await reasonOf(openS3({ ...env, AWS_SECRET_ACCESS_KEY: 'wrong' }, { retries: 0 }).get('charts', 'C 1/a.txt'))).toBe('records-unreachable')
    const nobody = openS3({ ...env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, { retries: 0 })
    expect(await nobody.answers('charts')).toBe(false)
    failing = 1
    status = 302
    expect(await reasonOf(impatient.get('charts', 'C 1/a.txt'))).toBe('records-unreachable')
  })

  it('wants keys and an address', () => {
    expect(() => openS3({})).toThrow(/AWS_ACCESS_KEY_ID/)
    expect(() => openS3({ ...env, AWS_ENDPOINT_URL_S3: 'nowhere' })).toThrow(/not an address/)
    expect([s3Place('s3://charts/a/b'), s3Place('s3://charts'), s3Place('/s3://charts'), s3Place('s3://C/a')]).toEqual([{ bucket: 'charts', key: 'a/b' }, { bucket: 'charts', key: '' }, null, null])
  })

  it('takes no other answer for a list', () => {
    for (const text of ['', '<a', '<html></html>', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>', '{"a":1}']) expect(parseXml(text)).toBe(null)
    expect(parseXml('<ListBucketResult/>')).toEqual({ objects: [], next: null })
  })
})
