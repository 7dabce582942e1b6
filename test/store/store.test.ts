import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { openBlobs } from '../../src/store/blobs.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { CHUNK, keysFrom, openChunks, openText, sealChunks, sealText } from '../../src/store/seal.ts'
import { lockWorkspace } from '../../src/store/workspace.ts'
import { DATABASES, stopDatabases } from './databases.ts'

const folders: string[] = []
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'vouch-store-'))
  folders.push(made)
  return made
}
afterAll(async () => {
  await stopDatabases()
  for (const each of folders) rmSync(each, { recursive: true, force: true })
}, 30_000)

const KEYS = keysFrom(Buffer.alloc(32, 7))
async function* parts(...all: Uint8Array[]): AsyncGenerator<Uint8Array> { for (const each of all) yield each }
async function sealed(...all: Uint8Array[]): Promise<Buffer> {
  const out: Buffer[] = []
  for await (const chunk of sealChunks(KEYS, parts(...all))) out.push(chunk)
  return Buffer.concat(out)
}

describe('sealing', () => {
  it('gives a text back only whole, in its place and with its key', () => {
    const text = sealText(KEYS, 'Ω invented', 'claims:1')
    expect(openText(KEYS, text, 'claims:1')).toBe('Ω invented')
    expect(() => openText(KEYS, text, 'claims:2')).toThrow()
    expect(() => openText(keysFrom(Buffer.alloc(32, 8)), text, 'claims:1')).toThrow()
    const bytes = Buffer.from(text, 'base64')
    bytes[14] = (bytes[14] as number) ^ 1
    expect(() => openText(KEYS, bytes.toString('base64'), 'claims:1')).toThrow()
  })

  it('gives any file back however it arrives', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 6 }), async (arrays) => {
      expect(openChunks(KEYS, await sealed(...arrays)).equals(Buffer.concat(arrays))).toBe(true)
    }), { numRuns: 60 })
  })

  it('holds at the edges of chunks', async () => {
    for (const length of [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]) {
      const content = Buffer.alloc(length, 3)
      expect(openChunks(KEYS, await sealed(content)).equals(content), String(length)).toBe(true)
    }
  })

  it('refuses a file that was cut, even at the end of a chunk', async () => {
    const file = await sealed(Buffer.alloc(3 * CHUNK, 1))
    expect(() => openChunks(KEYS, file.subarray(0, 11 + CHUNK + 16))).toThrow()
    expect(() => openChunks(KEYS, file.subarray(0, file.length - 1))).toThrow()
  })
})

describe('sealed files', () => {
  it('keep no word in clear, the same content once, and refuse what is too large', async () => {
    const at = folder()
    const blobs = await openBlobs(at, KEYS)
    const content = Buffer.from('Invented patient with KPS 80. '.repeat(200))
    const one = await blobs.put('org', parts(content), 1 << 20)
    const two = await blobs.put('org', parts(content.subarray(0, 10), content.subarray(10)), 1 << 20)
    const other = await blobs.put('another', parts(content), 1 << 20)
    expect(two).toEqual(one)
    expect(other.blob).not.toBe(one.blob)
    expect((await blobs.get(one.blob)).equals(content)).toBe(true)
    const onDisk = readFileSync(join(at, one.blob.slice(0, 2), one.blob))
    expect(onDisk.includes('Invented')).toBe(false)
    await expect(blobs.put('org', parts(Buffer.alloc(100), Buffer.alloc(100)), 150)).rejects.toThrow('larger')
    // Nothing half-written; only the list of what was put.
    expect(readdirSync(join(at, 'incoming')).filter((n) => !n.endsWith('.put'))).toEqual([])
    expect(await blobs.remove(one.blob)).toBe(true)
    expect(await blobs.remove(one.blob)).toBe(false)
    await expect(blobs.get('../../key')).rejects.toThrow()
  })

  it('that an ended process put and nothing names are removed, and no others', async () => {
    const at = folder()
    const ended = await openBlobs(at, KEYS)
    const named = await ended.put('org', parts(Buffer.from('named')), 100)
    const left = await ended.put('org made', parts(Buffer.from('left')), 100)
    const elsewhere = await ended.put('of another database', parts(Buffer.from('elsewhere')), 100)
    const doubted = await ended.put('org', parts(Buffer.from('about to go')), 100)
    await ended.doubt('org', [doubted.blob])
    const next = await openBlobs(at, KEYS)
    const own = await next.put('org', parts(Buffer.from('of this process')), 100)
    const settle = (alone: boolean): Promise<number> => next.settle((o) => o.startsWith('org'), (all) => Promise.resolve(new Set(all.filter((b) => b === named.blob))), alone)
    // What may be of a server that shares the folder is let be for a day.
    expect(await settle(false)).toBe(0)
    expect(await settle(true)).toBe(2)
    for (const { blob } of [named, elsewhere, own]) expect((await next.get(blob)).length).toBeGreaterThan(0)
    for (const { blob } of [left, doubted]) await expect(next.get(blob)).rejects.toThrow()
    expect(await settle(true)).toBe(0)
  })
})

describe('the lock', () => {
  it('keeps a second process out, and is taken from a dead one', async () => {
    const at = folder()
    const lock = await lockWorkspace(at)
    await expect(lockWorkspace(at)).rejects.toThrow(/in use by process/)
    await lock.release()
    writeFileSync(join(at, 'lock'), JSON.stringify({ pid: 2 ** 22 - 7, started: null }))
    await (await lockWorkspace(at)).release()
    // The number of a living process, but of another start.
    writeFileSync(join(at, 'lock'), JSON.stringify({ pid: process.pid, started: 'another boot 1' }))
    const again = await lockWorkspace(at)
    await again.release()
    expect(existsSync(join(at, 'lock'))).toBe(false)
  })
})

/** An organisation, a user, a case with a review: what a decision hangs on. */
async function furnish(store: Store): Promise<void> {
  await store.change(async (tx) => {
    await tx.insertInto('organisations').values({ id: 'o', name: 'Invented Plan', settings: '{}' }).execute()
    await tx.insertInto('users').values({ id: 'u', organisation_id: 'o', login: 'ann', name: 'Ann', role: 'reviewer', password: 'x' }).execute()
    await tx.insertInto('claims').values({ id: 'c', organisation_id: 'o', claim_key: 'K', hash: 'h', sealed: 's' }).execute()
    await tx.insertInto('cases').values({
      id: 'case', organisation_id: 'o', number: 1, claim_id: 'c', claim_key: 'K', state: 'ready', run: 'done', payer: 'p', codes: '77470', line_count: 1, dos_from: '2025-01-01',
      dos_to: '2025-01-01', amount: 1, at_risk: 1, priority: 1, summary: '{}', received_on: '2025-01-01', due_on: '2025-02-01', updated_at: new Date(),
    }).execute()
    await tx.insertInto('reviews').values({
      id: 'r', organisation_id: 'o', case_id: 'case', number: 1, engine: 'e', dictionaries: 'd', policy: 'p', policy_versions: '[]', input: 'i', report_blob: 'b', documents_blob: 'b',
    }).execute()
  })
}

const decision = (id: string) => ({
  id, organisation_id: 'o', case_id: 'case', review_id: 'r', target: 'requirement' as const, line: 1, subject: '77470.x', machine: 'not-met', action: 'override' as const, status: 'met',
  reason: 'other', sealed_note: null, round: 'first' as const, decided_by: 'u', decided_at: new Date('2025-03-01T10:00:00Z'),
})
const event = (action: string, restore?: string) => ({ organisation: 'o', actor: 'u', action, subject: 'case', data: { line: 1 }, ...(restore === undefined ? {} : { restore }) })

describe.each(DATABASES)('the store on $name', (database) => {
  it('keeps a change and its entry together, in a chain that shows any change', async () => {
    const at = folder()
    const store = await database.open(at)
    await furnish(store)
    await store.change(async (tx, log) => {
      await tx.insertInto('decisions').values(decision('d1')).execute()
      log(event('decision.made'))
    })
    await expect(store.change(async (tx, log) => {
      await tx.insertInto('decisions').values(decision('d2')).execute()
      log(event('decision.made'))
      throw new Error('undone')
    })).rejects.toThrow('undone')
    await Promise.all(Array.from({ length: 12 }, (_, i) => store.change((_tx, log) => Promise.resolve(log(event(`seen.${i}`))))))
    expect((await store.db.selectFrom('decisions').select('id').execute()).map((d) => d.id)).toEqual(['d1'])
    const whole = await store.verifyAudit()
    expect(whole).toMatchObject({ entries: 13, faults: [] })
    expect((await store.verifyAudit(whole.head)).faults).toEqual([])
    expect((await store.verifyAudit('f'.repeat(64))).faults).toHaveLength(1)
    // Neither the log nor a decision can be changed by a statement.
    await expect(store.db.updateTable('decisions').set({ status: 'not-met' }).where('id', '=', 'd1').execute()).rejects.toThrow(/never changed/)
    await expect(store.db.deleteFrom('audit').execute()).rejects.toThrow(/never changed/)
    // Whoever can switch the guard off is found out by the chain.
    const raw = (text: string) => store.db.executeQuery({ sql: text, parameters: [], query: { kind: 'RawNode', sqlFragments: [text], parameters: [] }, queryId: { queryId: 'test' } } as never)
    await raw('alter table audit disable trigger audit_keep')
    await raw(`update audit set actor = 'somebody' where seq = 3`)
    expect((await store.verifyAudit()).faults.join()).toMatch(/Entry 3 was changed/)
    await raw(`delete from audit where seq = 5`)
    expect((await store.verifyAudit()).faults.join()).toMatch(/Entry 5 is missing/)
    await store.close()
  }, 180_000)
})

describe('the embedded store', () => {
  it('is mended from the file where the database lost a decision, and the file where it lost an entry', async () => {
    const at = folder()
    let store = await openStore({ workspace: at })
    await furnish(store)
    const row = decision('lost')
    await store.change(async (tx, log) => {
      await tx.insertInto('decisions').values(row).execute()
      log(event('decision.made', store.seal(JSON.stringify(row), 'restore')))
    })
    const before = await store.verifyAudit()
    const raw = (text: string) => store.db.executeQuery({ sql: text, parameters: [], query: { kind: 'RawNode', sqlFragments: [text], parameters: [] }, queryId: { queryId: 'test' } } as never)
    // As after a loss of power: the file was synced, the database was not.
    for (const table of ['audit', 'decisions']) {
      await raw(`alter table ${table} disable trigger ${table}_keep`)
      await raw(`delete from ${table}`)
      await raw(`alter table ${table} enable trigger ${table}_keep`)
    }
    await store.close()
    appendFileSync(join(at, 'audit.jsonl'), '{"seq":9,"half')
    store = await openStore({ workspace: at })
    expect((await store.db.selectFrom('decisions').selectAll().execute()).map((d) => [d.id, d.status, d.decided_at.toISOString()])).toEqual([['lost', 'met', '2025-03-01T10:00:00.000Z']])
    expect(await store.verifyAudit(before.head)).toMatchObject({ entries: 1, faults: [] })
    await store.close()
    rmSync(join(at, 'audit.jsonl'))
    store = await openStore({ workspace: at })
    expect((await store.verifyAudit()).faults).toEqual([])
    await store.close()
    expect(statSync(join(at, 'key')).mode & 0o077).toBe(0)
  }, 180_000)

  it('loses no acknowledged change when it is killed', async () => {
    const at = folder()
    let store = await openStore({ workspace: at })
    await furnish(store)
    await store.close()
    const acknowledged = await new Promise<string[]>((done, failed) => {
      const child = fork(new URL('./decide-until-killed.ts', import.meta.url), [at], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      const heard: string[] = []
      child.on('message', (id: string) => {
        heard.push(id)
        if (heard.length === 25) child.kill('SIGKILL')
      })
      child.on('exit', () => (heard.length >= 25 ? done(heard) : failed(new Error(`ended after ${heard.length}`))))
    })
    store = await openStore({ workspace: at })
    const kept = new Set((await store.db.selectFrom('decisions').select('id').execute()).map((d) => d.id))
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
    expect((await store.verifyAudit()).faults).toEqual([])
    await store.close()
  }, 180_000)
})
