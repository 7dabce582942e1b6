import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import { openLockedCache } from '../../src/batch/locked-cache.ts'
import { recordFiles } from '../../src/batch/record-files.ts'
import { resultSchema, resultText } from '../../src/batch/result.ts'
import { reviewTask, type ReviewContext, type Reviewed, type ReviewSettings } from '../../src/batch/review-task.ts'
import { loadKnowledge, dictionariesFolder } from '../../src/load/load-knowledge.ts'
import type { Knowledge } from '../../src/review-claim.ts'
import { claimOf, noteOf, temporary } from './harness.ts'

const here = temporary()
afterAll(() => here.remove())
let knowledge: Knowledge
beforeAll(() => { knowledge = loadKnowledge(dictionariesFolder(), '1.0.0') })

const records = join(here.path, 'records')
const SETTINGS: ReviewSettings = { ocr: 'off', passwords: [], fees: null, reports: null }

async function review(change: { readonly dictionaries?: string; readonly program?: string; readonly reader?: string; readonly settings?: Partial<ReviewSettings>; readonly cache?: string; readonly number?: number } = {}): Promise<Reviewed> {
  const cache = join(here.path, change.cache ?? 'cache')
  const files = recordFiles({})
  const context: ReviewContext = {
    knowledge, version: { engine: '1.0.0', program: change.program ?? 'p', reader: change.reader ?? 'r', dictionaries: change.dictionaries ?? 'd' }, settings: { ...SETTINGS, ...change.settings },
    files, reads: openLockedCache(join(cache, 'reads')), answers: openLockedCache(join(cache, 'answers')), pages: join(cache, 'pages'), alive: () => undefined,
  }
  return reviewTask({ number: change.number ?? 1, claim: claimSchema.parse(claimOf(1)), records: await files.list(records) }, context)
}
const how = ({ read, reused, answered }: Reviewed): unknown => ({ read, reused, answered })

describe('what was computed', () => {
  it('is never computed again from the same bytes, re-checks without reading, reads only what is new', async () => {
    mkdirSync(records)
    // HTML is read by a child; small plain text is read again sooner than found.
    writeFileSync(join(records, 'a.html'), `<pre>${noteOf(1)}</pre>`)
    const first = await review()
    expect(how(first)).toEqual({ read: 1, reused: 0, answered: false })
    const again = await review()
    expect(how(again)).toEqual({ read: 0, reused: 0, answered: true })
    expect(resultText(1, 's', null, again.core)).toBe(resultText(1, 's', null, first.core))
    expect(resultSchema.safeParse(JSON.parse(resultText(1, 's', null, first.core))).success).toBe(true)

    const policy = await review({ dictionaries: 'another' })
    expect(how(policy)).toEqual({ read: 0, reused: 1, answered: false })
    expect(policy.core.contentKey).not.toBe(first.core.contentKey)
    expect(how(await review({ program: 'another', reader: 'another' }))).toEqual({ read: 1, reused: 0, answered: false })
    expect(how(await review({ settings: { fees: [] } }))).toEqual({ read: 0, reused: 1, answered: false })

    writeFileSync(join(records, 'b.html'), `<pre>${noteOf(2)}</pre>`)
    const more = await review()
    expect(how(more)).toEqual({ read: 1, reused: 1, answered: false })
    rmSync(join(records, 'b.html'))
    expect(how(await review())).toEqual({ read: 0, reused: 0, answered: true })
    writeFileSync(join(records, 'a.html'), `<pre>${noteOf(1)} </pre>`)
    expect(how(await review())).toEqual({ read: 1, reused: 0, answered: false })
  })

  it('lies in the cache without a word in the clear, and is not taken where a byte was changed', async () => {
    const files: string[] = []
    const walk = (at: string): void => readdirSync(at).forEach((n) => (statSync(join(at, n)).isDirectory() ? walk(join(at, n)) : files.push(join(at, n))))
    walk(join(here.path, 'cache'))
    expect(files.length).toBeGreaterThan(3)
    for (const f of files) expect(/BRISTOW|Bristow|prostate|T-1/.test(readFileSync(f, 'latin1'))).toBe(false)
    for (const f of files) {
      const bytes = readFileSync(f)
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1
      writeFileSync(f, bytes)
    }
    expect(how(await review())).toEqual({ read: 1, reused: 0, answered: false })
    expect(how(await review())).toEqual({ read: 0, reused: 0, answered: true })
  })

  it('costs only the cache where the folder takes nothing', async () => {
    writeFileSync(join(here.path, 'file'), '')
    expect(how(await review({ cache: 'file' }))).toEqual({ read: 1, reused: 0, answered: false })
  })

  it('writes whole answers beside, also of claims that were answered before', async () => {
    const folder = join(here.path, 'reports')
    const reports = { folder, form: 'json' as const }
    const a = await review({ settings: { reports } })
    const one = readFileSync(join(folder, '0000001.json'))
    expect((JSON.parse(one.toString()) as { schema: string }).schema).toBe('vouch/review@1')
    const b = await review({ settings: { reports }, number: 2 })
    expect([a.answered, b.answered]).toEqual([false, true])
    expect(createHash('sha256').update(readFileSync(join(folder, '0000002.json'))).digest('hex')).toBe(createHash('sha256').update(one).digest('hex'))
  })
})

describe('records that are not there', () => {
  it('are a failure of the claim', async () => {
    const files = recordFiles({})
    const list = await files.list(records)
    rmSync(join(records, 'a.html'))
    const context: ReviewContext = {
      knowledge, version: { engine: '1.0.0', program: 'p', reader: 'r', dictionaries: 'd' }, settings: SETTINGS, files, reads: openLockedCache(join(here.path, 'c2')), answers: openLockedCache(join(here.path, 'c2')), pages: join(here.path, 'c2'), alive: () => undefined,
    }
    const { core } = await reviewTask({ number: 1, claim: claimSchema.parse(claimOf(1)), records: list }, context)
    expect([core.status, core.reason?.id, core.claimId, core.doubtful]).toEqual(['failed', 'records-missing', 'T-1', true])
    expect(JSON.stringify(core)).not.toMatch(/BRISTOW/i)
  })
})
