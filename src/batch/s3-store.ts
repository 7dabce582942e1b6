// An S3-compatible store of records: lists and reads. May not: write to it; ask any other host than the one the operator names; put a key of an object into a fault.
import { AwsClient } from 'aws4fetch'
import { parseXml } from './s3-xml.ts'
import { batchFault, recordsFault } from './fault.ts'

export interface StoredObject {
  readonly key: string
  readonly bytes: number
  /** Changes with the content. */
  readonly mark: string
}

export interface ObjectStore {
  /** In order of key. */
  readonly list: (bucket: string, prefix: string) => AsyncGenerator<StoredObject>
  readonly get: (bucket: string, key: string) => Promise<Uint8Array>
  /** Whether the store answers at all. */
  readonly answers: (bucket: string) => Promise<boolean>
}

/** With its waits about 50 seconds in all. */
const RETRIES = 10
const PATIENCE_MS = 120_000

/** `s3://bucket/prefix` in its parts; null for anything else. */
export function s3Place(at: string): { readonly bucket: string; readonly key: string } | null {
  const m = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(at)
  return m ? { bucket: m[1] as string, key: m[2] ?? '' } : null
}

export type Environment = Readonly<Record<string, string | undefined>>

/** From AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL), AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. */
export function openS3(env: Environment, options: { readonly retries?: number } = {}): ObjectStore {
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  if (accessKeyId === undefined || secretAccessKey === undefined) throw batchFault('Records in an S3 store need AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; for another store than Amazon\'s also AWS_ENDPOINT_URL_S3.')
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) throw batchFault('AWS_ENDPOINT_URL_S3 is not an address such as https://store.example.org.')
  const base = endpoint.replace(/\/+$/, '')
  const client = new AwsClient({ accessKeyId, secretAccessKey, ...(env['AWS_SESSION_TOKEN'] === undefined ? {} : { sessionToken: env['AWS_SESSION_TOKEN'] }), region, service: 's3', retries: options.retries ?? RETRIES })
  const urlOf = (bucket: string, key: string): string => `${base}/${bucket}${key === '' ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`}`

  async function ask(url: string): Promise<Response> {
    let answer: Response
    try {
      // No redirect: it might lead to another host.
      answer = await client.fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) })
    } catch {
      throw recordsFault('records-unreachable', 'The store of the records did not answer.')
    }
    if (answer.ok) return answer
    await answer.body?.cancel().catch(() => undefined)
    if (answer.status === 404) throw recordsFault('records-missing', 'The store has no such object or bucket.')
    if (answer.status === 403 || answer.status === 401) throw recordsFault('records-unreachable', `The store of the records refused access (${answer.status}); check the keys, and the region and clock of this machine.`)
    throw recordsFault('records-unreachable', `The store of the records answered ${answer.status}.`)
  }

  return {
    async* list(bucket, prefix) {
      let token: string | null = null
      do {
        const query: string = new URLSearchParams({ 'list-type': '2', prefix, ...(token === null ? {} : { 'continuation-token': token }) }).toString().replaceAll('+', '%20')
        const answer = parseXml(await (await ask(`${urlOf(bucket, '')}?${query}`)).text().catch(() => {
          throw recordsFault('records-unreachable', 'The store of the records broke off its answer.')
        }))
        if (answer === null) throw recordsFault('records-unreachable', 'The store of the records gave an answer that is no list of objects.')
        yield* answer.objects
        token = answer.next
      } while (token !== null)
    },
    get: async (bucket, key) => {
      const answer = await ask(urlOf(bucket, key))
      return new Uint8Array(await answer.arrayBuffer().catch(() => {
        throw recordsFault('records-unreachable', 'The store of the records broke off its answer.')
      }))
    },
    answers: async (bucket) => {
      try {
        await ask(`${urlOf(bucket, '')}?list-type=2&max-keys=1`)
        return true
      } catch {
        return false
      }
    },
  }
}
