import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { childrenOf, done, ownPostgres, randomFrom, resultsIn, temporary, vouch, wait, writeClaims, type OwnPostgres, type Run } from './harness.ts'

/** VOUCH_BATCH_CLAIMS=2000 for the whole run. */
const CLAIMS = Number(process.env['VOUCH_BATCH_CLAIMS'] ?? 120)
const SEED = Number(process.env['VOUCH_BATCH_SEED'] ?? 1)
const PATIENCE = 60_000 + CLAIMS * 600
const here = temporary()
const source = join(here.path, 'claims')
let undisturbed = ''
const random = randomFrom(SEED)
/** Kills so far apart that the run goes on between them. */
const KILLS = Math.max(3, Math.round(CLAIMS / 60))

const key = join(here.path, 'key')

beforeAll(async () => {
  writeClaims(source, CLAIMS)
  writeFileSync(key, 'ab'.repeat(32))
  const out = join(here.path, 'undisturbed')
  await done(vouch(['batch', source, '--out', out, '--processes', '2', '--quiet']))
  undisturbed = readFileSync(join(out, 'results.ndjson'), 'utf8')
}, PATIENCE)
afterAll(() => here.remove())

const numbersOf = (out: string): number[] => resultsIn(out).map((r) => r.number)
const all = Array.from({ length: CLAIMS }, (_, i) => i + 1)

describe('a batch on one machine', () => {
  it('gives every claim one result, byte for byte the same, however often it is killed', async () => {
    const out = join(here.path, 'killed')
    let kills = 0
    let reviewers = 0
    for (let turn = 0; ; turn++) {
      const run = vouch(['batch', source, '--out', out, '--processes', '2', '--quiet'])
      const over = { yes: false }
      void run.ended.then(() => { over.yes = true })
      // At any moment from its start: before the database is open, while claims come in, under way.
      if (turn < KILLS) {
        await wait(300 + random() * 4000)
        if (!over.yes) {
          const [some] = childrenOf(run.process.pid as number)
          if (turn % 3 === 2 && some !== undefined) {
            process.kill(some, 'SIGKILL')
            reviewers++
            await wait(200 + random() * 1500)
          }
          if (!over.yes) {
            run.process.kill('SIGKILL')
            kills++
          }
        }
        await run.ended
        if (!over.yes) continue
      }
      const code = await run.ended
      if (code === null) continue
      expect(code, run.output()).toBe(0)
      break
    }
    expect(kills + reviewers).toBeGreaterThan(1)
    expect(numbersOf(out)).toEqual(all)
    expect(readFileSync(join(out, 'results.ndjson'), 'utf8') === undisturbed).toBe(true)
  }, PATIENCE)

  it('ends in order on SIGTERM and goes on', async () => {
    const out = join(here.path, 'stopped')
    const run = vouch(['batch', source, '--out', out, '--processes', '2', '--quiet'])
    await wait(2500)
    run.process.kill('SIGTERM')
    const code = await run.ended
    expect([0, 1]).toContain(code)
    if (code === 1) expect(run.output()).toMatch(/Stopped with \d+ of \d+ claims reviewed/)
    await done(vouch(['batch', 'resume', '--out', out]))
    expect(readFileSync(join(out, 'results.ndjson'), 'utf8') === undisturbed).toBe(true)
  }, PATIENCE)

  it('begins its database anew where it is destroyed, and computes nothing again', async () => {
    const out = join(here.path, 'destroyed')
    cpSync(join(here.path, 'undisturbed'), out, { recursive: true })
    writeFileSync(join(out, '.vouch', 'database', 'PG_VERSION'), 'nonsense')
    writeFileSync(join(out, '.vouch', 'database', 'global', 'pg_control'), 'nonsense')
    writeFileSync(join(out, 'results.ndjson'), '')
    const said = await done(vouch(['batch', source, '--out', out, '--processes', '1', '--quiet']))
    expect(said).toMatch(/begun anew/)
    expect(readFileSync(join(out, 'results.ndjson'), 'utf8') === undisturbed).toBe(true)
    expect(JSON.parse(readFileSync(join(out, '.vouch', 'progress.json'), 'utf8'))).toMatchObject({ done: CLAIMS, answered: CLAIMS })
  }, PATIENCE)
})

describe('a batch of many machines', () => {
  let server: OwnPostgres | null = null
  beforeAll(async () => { server = await ownPostgres() })
  afterAll(async () => server?.stop())

  it('loses nothing when workers, coordinator and database are killed', async () => {
    if (server === null) {
      process.stderr.write('No PostgreSQL was found on this machine (Debian: apt-get install postgresql): its half of these tests does not run.\n')
      return
    }
    const db = server
    const DATABASE_URL = await db.url('killed')
    const out = join(here.path, 'queued')
    // The smaller, the sooner: in the large run each kind of death is met many times.
    const gap = CLAIMS < 1000 ? 600 : 2500
    const worker = (): Run => vouch(['worker', '--key-file', key, '--cache', join(here.path, 'shared-cache'), '--processes', '1', '--log', 'info'], { DATABASE_URL })
    const coordinator = (): Run => vouch(['batch', source, '--out', out, '--key-file', key, '--lost-after', '5', '--name', 'killed', '--quiet'], { DATABASE_URL })
    const finished = { yes: false }
    const follow = (run: Run): Run => {
      void run.ended.then((code) => { if (code === 0) finished.yes = true })
      return run
    }
    let leader = follow(coordinator())
    const workers = [worker(), worker()]
    const killed = { worker: 0, leader: 0, database: 0 }
    for (let i = 0; i < KILLS && !finished.yes; i++) {
      await wait(gap + random() * gap)
      if (finished.yes) break
      const which = (i + 1) % 4
      if (which === 1) {
        leader.process.kill('SIGKILL')
        await leader.ended
        leader = follow(coordinator())
        killed.leader++
      } else if (which === 3) {
        await db.kill()
        await wait(random() * 3000)
        await db.start()
        killed.database++
      } else {
        const at = i % 2
        workers[at]?.process.kill('SIGKILL')
        await workers[at]?.ended
        workers[at] = worker()
        killed.worker++
      }
    }
    while (!finished.yes) {
      const code = await leader.ended
      if (code === 0 || code === 1) break
      leader = follow(coordinator())
    }
    for (const w of workers) w.process.kill('SIGTERM')
    const codes = await Promise.all(workers.map((w) => w.ended))
    expect(codes, workers.map((w) => w.output()).join('\n').slice(-4000)).toEqual([0, 0])
    expect(killed.worker + killed.leader + killed.database).toBeGreaterThan(0)
    if (CLAIMS >= 1000) expect(Math.min(killed.worker, killed.leader, killed.database)).toBeGreaterThan(0)
    process.stderr.write(`killed: ${JSON.stringify(killed)}\n`)
    expect(numbersOf(out)).toEqual(all)
    expect(readFileSync(join(out, 'results.ndjson'), 'utf8') === undisturbed).toBe(true)
  }, PATIENCE)
})
