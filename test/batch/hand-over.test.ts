import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ReviewJson } from '../../src/report/contract.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { DEFAULT_SETTINGS } from '../../src/store/tables.ts'
import { claimOf, done, noteOf, temporary, vouch, writeClaims } from './harness.ts'

const here = temporary()
afterAll(() => here.remove())
const at = (...parts: readonly string[]): string => join(here.path, ...parts)
const workspace = at('workspace')

async function within<T>(act: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ workspace })
  return act(store).finally(() => store.close())
}
const organisation = (id: string): Promise<void> => within((store) => store.change(async (tx) => void (await tx.insertInto('organisations').values({ id, name: id, settings: JSON.stringify(DEFAULT_SETTINGS) }).execute())))
const kept = () => within(async (store) => ({
  cases: await store.db.selectFrom('cases').select(['number', 'claim_key', 'state', 'run', 'determination', 'priority', 'pages', 'review_id', 'organisation_id']).orderBy('number').execute(),
  records: await store.db.selectFrom('records').select(['blob', 'read_blob', 'reader', 'pages']).execute(),
  reviews: await store.db.selectFrom('reviews').select(['case_id', 'number', 'report_blob']).execute(),
  audit: await store.db.selectFrom('audit').selectAll().execute(),
  reports: await Promise.all((await store.db.selectFrom('reviews').select('report_blob').execute()).map(async (r) => (JSON.parse((await store.blobs.get(r.report_blob)).toString()) as { report: ReviewJson }).report)),
  read: await Promise.all((await store.db.selectFrom('records').select('blob').execute()).map(async (r) => (await store.blobs.get(r.blob)).toString())),
}))

describe('a batch into a workbench', () => {
  it('becomes cases with answers and records, once, the doubtful first, for one organisation', async () => {
    writeClaims(at('claims'), 3)
    // Doubtful: nothing in it can be read.
    mkdirSync(at('claims', '000004', 'records'), { recursive: true })
    writeFileSync(at('claims', '000004', 'claim.json'), JSON.stringify(claimOf(4)))
    writeFileSync(at('claims', '000004', 'records', 'broken.pdf'), '%PDF-1.4 nothing of it')
    mkdirSync(at('claims', '000005', 'records'), { recursive: true })
    writeFileSync(at('claims', '000005', 'claim.json'), '{"claimId": "BROKEN"}')
    copyFileSync(at('claims', '000001', 'records', 'note.txt'), at('claims', '000005', 'records', 'note.txt'))
    const batch = ['batch', at('claims'), '--out', at('out'), '--processes', '1', '--quiet', '--workspace', workspace]

    expect(await done(vouch(batch), [2])).toMatch(/is not set up; start vouch serve --workspace/)
    await organisation('plan')
    const first = await done(vouch(batch), [1])
    expect(first).toMatch(/Workbench: 4 new cases; left out: 1 that cannot be read as claims\. Open it with vouch serve/)
    const a = await kept()
    expect(a.cases[0]?.claim_key).toBe('T-4')
    expect(a.cases.map((c) => c.claim_key).sort()).toEqual(['T-1', 'T-2', 'T-3', 'T-4'])
    expect(new Set(a.cases.map((c) => `${c.state} ${c.run} ${c.organisation_id}`))).toEqual(new Set(['ready done plan']))
    expect(a.cases.every((c) => c.review_id !== null && c.determination !== null)).toBe(true)
    expect(a.records.every((r) => r.read_blob !== null && r.reader?.startsWith('reader-') === true && r.pages !== null)).toBe(true)
    expect(a.read).toEqual(expect.arrayContaining([noteOf(1), noteOf(2), noteOf(3), '%PDF-1.4 nothing of it']))
    expect(a.reports.map((r) => r.claim.claimId).sort()).toEqual(['T-1', 'T-2', 'T-3', 'T-4'])
    // The log says what came from where, and nothing of a patient.
    expect(a.audit.filter((e) => e.action === 'review.made')).toHaveLength(4)
    expect(JSON.stringify(a.audit)).not.toMatch(/BRISTOW|note\.txt|broken\.pdf/i)

    // Twice is as once.
    expect(await done(vouch(['batch', 'results', '--out', at('out'), '--workspace', workspace]))).toMatch(/Workbench: 4 there already/)
    const b = await kept()
    expect(b).toEqual(a)

    // More records, and a decided case: the one has a new answer or waits for the workbench's own, the other stays.
    await within((store) => store.db.updateTable('cases').set({ state: 'decided' }).where('claim_key', '=', 'T-2').execute())
    for (const n of ['000001', '000002']) writeFileSync(at('claims', n, 'records', 'second.txt'), noteOf(30))
    expect(await done(vouch(batch), [1])).toMatch(/Workbench: 1 with a new answer, 2 there already, 1 decided by people and left alone/)
    const c = await kept()
    expect([c.cases.length, c.reviews.length, c.records.length]).toEqual([4, 5, 5])

    await organisation('another')
    expect(await done(vouch(batch), [2])).toMatch(/several organisations; say with --organisation/)
    expect(await done(vouch(['batch', 'results', '--out', at('out'), '--workspace', workspace, '--organisation', 'another']))).toMatch(/4 new cases/)
    expect((await kept()).cases.filter((x) => x.organisation_id === 'plan')).toHaveLength(4)
  }, 300_000)
})
