import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewSchema } from '../../src/report/contract.ts'
import { childrenOf, claimOf, done, noteOf, ownPostgres, resultsIn, temporary, until, vouch, wait, writeClaims, type OwnPostgres } from './harness.ts'
import pg from 'pg'

const here = temporary()
const at = (...parts: readonly string[]): string => join(here.path, ...parts)
const key = at('key')
const CLAIMS = 12
beforeAll(() => {
  writeFileSync(key, 'cd'.repeat(32))
  writeClaims(at('claims'), CLAIMS)
})
afterAll(() => here.remove())

/** Of a size that takes a reviewer many seconds. */
const poison = (folder: string, name: string): void => {
  mkdirSync(at(folder, name, 'records'), { recursive: true })
  writeFileSync(at(folder, name, 'claim.json'), JSON.stringify({ ...claimOf(900), claimId: 'POISON' }))
  writeFileSync(at(folder, name, 'records', 'huge.txt'), noteOf(1).repeat(60_000))
}

describe('a batch on one machine', () => {
  it('puts a claim aside that kills its reviewer three times, and reviews it when it can be', async () => {
    writeClaims(at('poisoned'), 4)
    poison('poisoned', '000002b')
    writeFileSync(at('poisoned', '000004', 'claim.json'), '{"claimId": "BROKEN"}')
    const out = at('out-poisoned')
    const said = await done(vouch(['batch', at('poisoned'), '--out', out, '--processes', '1', '--patience', '2', '--reports', 'json', '--quiet']), [1])
    expect(said).toMatch(/5 claims: 3 reviewed, 1 could not be, 1 put aside/)
    const results = resultsIn(out)
    expect(results.map((r) => [r.number, r.claimId, r.status, r.reason?.id ?? null])).toEqual([
      [1, 'T-1', 'done', null], [2, 'T-2', 'done', null], [3, 'POISON', 'aside', 'reviewer-timed-out'], [4, 'T-3', 'done', null], [5, 'BROKEN', 'failed', 'claim-unreadable'],
    ])
    expect(reviewSchema.safeParse(JSON.parse(readFileSync(join(out, 'reports', '0000001.json'), 'utf8'))).success).toBe(true)
    // Nothing of the patient in what is said or kept beside.
    expect(said + readFileSync(join(out, 'summary.json'), 'utf8') + readFileSync(join(out, 'results.ndjson'), 'utf8')).not.toMatch(/BRISTOW|1950/i)
    expect(await done(vouch(['batch', 'status', '--out', out]))).toMatch(/finished\n {2}5 of 5 claims/)

    writeFileSync(at('poisoned', '000002b', 'records', 'huge.txt'), noteOf(1))
    expect(await done(vouch(['batch', 'retry', '--out', out]), [1])).toMatch(/^1 claim to be reviewed again[\s\S]*4 reviewed, 1 could not be/)
    writeFileSync(at('poisoned', '000004', 'claim.json'), JSON.stringify(claimOf(4)))
    await done(vouch(['batch', at('poisoned'), '--out', out, '--processes', '1', '--quiet']))
    expect(resultsIn(out).map((r) => r.status)).toEqual(['done', 'done', 'done', 'done', 'done'])
  }, 180_000)

  it('says so where the disk is full, and goes on when it is not', async () => {
    const out = at('out-full')
    await done(vouch(['batch', at('claims'), '--out', out, '--processes', '1', '--quiet']))
    const whole = readFileSync(join(out, 'results.ndjson'), 'utf8')
    rmSync(out, { recursive: true })
    const { spawnSync } = await import('node:child_process')
    // No file may grow beyond a megabyte: as a full disk for a database.
    const full = spawnSync('bash', ['-c', `ulimit -f 1000; exec "$0" "$@"`, process.execPath, 'dist/cli/main.js', 'batch', at('claims'), '--out', out, '--processes', '1', '--quiet'], { encoding: 'utf8', env: { ...process.env, DATABASE_URL: '' } })
    expect(full.status).toBe(2)
    expect(full.stderr).toMatch(/disk/)
    expect(full.stderr.trim().split('\n')).toHaveLength(1)
    await done(vouch(['batch', at('claims'), '--out', out, '--processes', '1', '--quiet']))
    expect(readFileSync(join(out, 'results.ndjson'), 'utf8')).toBe(whole)
  }, 180_000)

  it('tells faults of usage in one sentence', async () => {
    for (const [args, sentence] of [
      [['batch', at('claims')], /Say with --out/], [['batch', at('nowhere'), '--out', at('o')], /there is no such file or folder/], [['batch', 'status', '--out', at('nowhere')], /no batch was begun there/],
      [['batch', at('claims'), '--out', at('o'), '--processes', '0'], /--processes is a whole number/], [['worker', '--key-file', key], /needs DATABASE_URL/], [['batch', 'status'], /Say which batch/],
    ] as const) {
      const said = await done(vouch(args), [2])
      expect(said).toMatch(sentence)
      expect(said.trim().split('\n')).toHaveLength(1)
    }
  })
})

describe('a batch of many machines', () => {
  let server: OwnPostgres | null = null
  beforeAll(async () => { server = await ownPostgres() })
  afterAll(async () => server?.stop())

  const asked = async (DATABASE_URL: string, text: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: DATABASE_URL })
    await client.connect()
    return (await client.query<Record<string, unknown>>(text).finally(() => client.end())).rows
  }

  it('is one queue: paused, resumed, cancelled, read from outside, and told of in figures', async () => {
    if (server === null) return
    const DATABASE_URL = await server.url('one')
    const env = { DATABASE_URL }
    const batch = (...args: string[]): Promise<string> => done(vouch(['batch', ...args], env))
    expect(await batch(at('claims'), '--out', at('q'), '--key-file', key, '--name', 'q', '--detach', '--quiet')).toMatch(/Batch q: 12 claims in the queue, 0 reviewed/)
    expect(await batch('status')).toMatch(/q {2}running\n {2}0 of 12 claims[\s\S]*no worker of its version/)
    await batch('pause', 'q')
    // What is in the database says nothing of a patient.
    const rows = JSON.stringify([await asked(DATABASE_URL, 'select * from batch_claims'), await asked(DATABASE_URL, 'select * from batches'), await asked(DATABASE_URL, 'select * from vouch_queue.job')])
    expect(rows).not.toMatch(/BRISTOW|T-1|note\.txt|claims\/0/)

    const run = vouch(['worker', '--key-file', key, '--cache', at('cache-q'), '--processes', '1', '--port', '0', '--log', 'debug'], env)
    try {
      await until(() => /metrics and health at (\S+)/.test(run.output()) && run.output().includes('worker-started'), 20_000, 'the worker')
      const address = /metrics and health at (\S+)/.exec(run.output())?.[1] ?? ''
      const get = async (path: string): Promise<{ status: number; text: string }> => {
        const r = await fetch(address + path)
        return { status: r.status, text: await r.text() }
      }
      expect([(await get('/healthz')).status, (await get('/readyz')).status, (await get('/else')).status]).toEqual([200, 200, 404])
      await wait(1500)
      expect(await batch('status', 'q', '--json')).toMatch(/"state": "paused"/)
      expect(await get('/metrics').then((r) => r.text)).not.toMatch(/vouch_claims_total\{/)
      await batch('resume', 'q')
      await until(() => run.output().includes('batch-finished'), 40_000, 'the batch')
      const figures = (await get('/metrics')).text
      expect(figures).toMatch(/vouch_claims_total\{status="done"\} 12/)
      expect(figures).toMatch(/vouch_claim_seconds_bucket\{le="\+Inf"\} 12/)
      expect(figures.split('\n').filter((l) => l !== '' && !/^(?:# (?:HELP|TYPE) vouch_\w+ .+|vouch_\w+(?:\{[^}]*\})? [-\d.e+]+)$/.test(l))).toEqual([])
      expect(run.output() + figures).not.toMatch(/BRISTOW|1950|T-1/)
      expect(run.output().split('\n').filter((l) => l.startsWith('{')).map((l) => (JSON.parse(l) as { event: string }).event).filter((e) => e === 'claim-done')).toHaveLength(12)
      expect(await batch('results', 'q', '--out', at('q-out'), '--key-file', key)).toMatch(/12 of 12 claims written/)
      expect(resultsIn(at('q-out')).map((r) => r.number)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
      writeFileSync(at('key2'), 'ef'.repeat(32))
      expect(await done(vouch(['batch', 'results', 'q', '--out', at('q-out'), '--key-file', at('key2')], env), [2])).toMatch(/begun with another key/)
    } finally {
      run.process.kill('SIGTERM')
    }
    expect(await run.ended).toBe(0)
    expect(run.output()).toMatch(/worker-stopped/)
  }, 180_000)

  it('bears clocks that jump, of the database and of a worker, and a database that goes away', async () => {
    if (server === null) return
    const db = server
    const DATABASE_URL = await db.url('jumps')
    writeClaims(at('many'), 60)
    // A worker whose clock leaps by hours, back and forth.
    writeFileSync(at('leaps.mjs'), 'const now = Date.now; let n = 0; Date.now = () => now() + ((n++ >> 3) % 2 === 0 ? 7_200_000 : -7_200_000)')
    const worker = vouch(['worker', '--key-file', key, '--cache', at('cache-j'), '--processes', '1'], { DATABASE_URL, NODE_OPTIONS: `--import ${at('leaps.mjs')}` })
    const leader = vouch(['batch', at('many'), '--out', at('j'), '--key-file', key, '--name', 'j', '--lost-after', '5', '--quiet'], { DATABASE_URL })
    const reviewed = async (): Promise<number> => Number((await asked(DATABASE_URL, `select count(*) as n from batch_claims where status <> 'queued'`).catch(() => [{ n: 0 }]))[0]?.['n'])
    await until(async () => (await reviewed()) > 5, 40_000, 'the first results').catch((e: Error) => { throw new Error(`${e.message}\n${worker.output()}\n${leader.output()}`) })
    // The database's clock an hour ahead: everything in hand looks lost, and is done twice. An hour back: nothing in hand looks lost.
    await asked(DATABASE_URL, `update vouch_queue.job set started_on = now() - interval '1 hour' where state = 'active'`)
    await asked(DATABASE_URL, `update vouch_queue.job set start_after = now() + interval '1 hour', started_on = case when state = 'active' then now() + interval '1 hour' end where state <= 'active'`)
    await db.kill()
    await wait(2500)
    await db.start()
    await done(leader, [0])
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(resultsIn(at('j')).map((r) => [r.number, r.status])).toEqual(Array.from({ length: 60 }, (_, i) => [i + 1, 'done']))
  }, 180_000)

  it('does not mix versions without saying so', async () => {
    if (server === null) return
    const DATABASE_URL = await server.url('versions')
    const env = { DATABASE_URL }
    // Another state of the tables is another version.
    mkdirSync(at('tables'))
    copyFileSync(join('dictionaries', 'denial-codes.yaml'), at('tables', 'readme.txt'))
    await done(vouch(['batch', at('claims'), '--out', at('v'), '--key-file', key, '--name', 'v', '--detach', '--quiet'], env))
    const other = vouch(['worker', '--key-file', key, '--cache', at('cache-v'), '--processes', '1', '--tables', at('tables')], env)
    await until(() => other.output().includes('other-version'), 20_000, 'the other version to be told')
    expect(await done(vouch(['batch', 'status', 'v'], env))).toMatch(/0 of 12 claims[\s\S]*no worker of its version/)
    // Begun again with that version, the batch is reviewed by it, and says so.
    const again = await done(vouch(['batch', at('claims'), '--out', at('v'), '--key-file', key, '--name', 'v', '--tables', at('tables'), '--quiet'], env))
    expect(again).toMatch(/was begun by .* and is reviewed again by/)
    expect(new Set(resultsIn(at('v')).map((r) => r.made.dictionaries.includes(' tables ')))).toEqual(new Set([true]))
    // A worker that is told to stop at once gives back what it holds.
    const [child] = childrenOf(other.process.pid as number)
    expect(child === undefined || child > 0).toBe(true)
    other.process.kill('SIGTERM')
    expect(await other.ended).toBe(0)
  }, 180_000)
})
