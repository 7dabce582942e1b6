import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { make837 } from '../../bench/make-claims.mjs'
import { entriesOf, type Entry, type Source } from '../../src/batch/entries.ts'
import { recordFiles } from '../../src/batch/record-files.ts'
import { claimOf, noteOf, temporary, writeClaims } from './harness.ts'

const here = temporary()
afterAll(() => here.remove())

async function entries(source: Source): Promise<Entry[]> {
  const out: Entry[] = []
  for await (const e of entriesOf(source, recordFiles({}))) out.push(e)
  return out
}
const put = (path: string, content: string): string => {
  const at = join(here.path, path)
  mkdirSync(join(at, '..'), { recursive: true })
  writeFileSync(at, content)
  return at
}
const short = (list: readonly Entry[]): unknown[] => list.map((e) => [e.source, e.claimId, e.claim?.claimId ?? null, e.records.map((r) => r.name), e.fault?.id ?? null])

describe('a folder a claim', () => {
  it('takes records/ or what lies beside the claim, in order of name, however deep', async () => {
    const folder = join(here.path, 'folders')
    writeClaims(folder, 2)
    put('folders/more/a/claim.json', JSON.stringify(claimOf(7)))
    put('folders/more/a/packet.txt', noteOf(1))
    put('folders/more/a/older/scan.txt', noteOf(2))
    put('folders/more/a/.DS_Store', 'x')
    expect(short(await entries({ path: folder, records: null }))).toEqual([
      ['000001', 'T-1', 'T-1', ['note.txt'], null], ['000002', 'T-2', 'T-2', ['note.txt'], null], ['more/a', 'T-7', 'T-7', ['packet.txt', 'scan.txt'], null],
    ])
  })

  it('says of each claim what is wrong with it and goes on', async () => {
    put('bad/1/claim.json', '{"claimId": "X"}')
    put('bad/1/records/a.txt', 'a')
    put('bad/2/claim.json', JSON.stringify(claimOf(2)))
    put('bad/3/claim.json', JSON.stringify([claimOf(3), claimOf(4)]))
    put('bad/3/records/a.txt', 'a')
    put('bad/4/claim.json', JSON.stringify(claimOf(5)))
    put('bad/4/claim.csv', 'x')
    const list = await entries({ path: join(here.path, 'bad'), records: null })
    expect(list.map((e) => [e.source, e.fault?.id])).toEqual([['1', 'claim-unreadable'], ['2', 'records-missing'], ['3', 'claim-unreadable'], ['4', 'claim-unreadable']])
    expect(list[2]?.fault?.explanation).toBe('The claim file holds 2 claims; a folder is of one.')
  })

  it('refuses what holds no claim in one sentence', async () => {
    mkdirSync(join(here.path, 'none'))
    await expect(entries({ path: join(here.path, 'none'), records: null })).rejects.toThrow(/holds no claim/)
    await expect(entries({ path: join(here.path, 'nowhere'), records: null })).rejects.toThrow(/no such file or folder/)
  })
})

describe('a manifest', () => {
  it('as CSV names claim files, ids and records below its own folder', async () => {
    put('m/claims.json', JSON.stringify([claimOf(1), claimOf(2)]))
    put('m/one.json', JSON.stringify(claimOf(3)))
    put('m/r1/a.txt', noteOf(1))
    put('m/r1/sub/b.txt', noteOf(1))
    put('m/r2.txt', noteOf(2))
    const manifest = put('m/manifest.csv', 'Claim,Claim ID,Records\nclaims.json,T-1,r1\nclaims.json,T-2,r1;r2.txt\none.json,,r2.txt\nclaims.json,T-9,r1\nclaims.json,,r1\none.json,,gone.pdf\n\none.json,T-3,\n')
    expect(short(await entries({ path: manifest, records: null }))).toEqual([
      ['row 2', 'T-1', 'T-1', ['a.txt', 'sub/b.txt'], null], ['row 3', 'T-2', 'T-2', ['a.txt', 'r2.txt', 'sub/b.txt'], null], ['row 4', 'T-3', 'T-3', ['r2.txt'], null],
      ['row 5', 'T-9', null, [], 'claim-unreadable'], ['row 6', null, null, [], 'claim-unreadable'], ['row 7', 'T-3', 'T-3', [], 'records-missing'], ['row 9', 'T-3', 'T-3', [], 'records-missing'],
    ])
  })

  it('as NDJSON holds claims or names them', async () => {
    put('n/one.json', JSON.stringify(claimOf(3)))
    put('n/a.txt', noteOf(1))
    const manifest = put('n/manifest.ndjson', `${[{ claim: claimOf(1), records: ['a.txt'] }, { claim: 'one.json', records: 'a.txt' }, { claim: { claimId: 'x' }, records: ['a.txt'] }, { claim: claimOf(2) }].map((l) => JSON.stringify(l)).join('\n')}\nnot json\n`)
    expect(short(await entries({ path: manifest, records: null }))).toEqual([
      ['line 1', 'T-1', 'T-1', ['a.txt'], null], ['line 2', 'T-3', 'T-3', ['a.txt'], null], ['line 3', null, null, [], 'claim-unreadable'], ['line 4', null, null, [], 'claim-unreadable'], ['line 5', null, null, [], 'claim-unreadable'],
    ])
  })
})

describe('a file of claims', () => {
  it('finds the records of an 837 by claim id', async () => {
    const file = put('x/claims.837', [...make837({ claims: 3 })].join(''))
    const ids: (string | null)[] = []
    mkdirSync(join(here.path, 'x/records'))
    for (const e of await entries({ path: file, records: join(here.path, 'x/records') })) {
      expect(e.fault?.id).toBe('records-missing')
      ids.push(e.claimId)
    }
    put(`x/records/${ids[0] ?? ''}/a.txt`, 'a')
    put(`x/records/${ids[1] ?? ''}.txt`, 'b')
    put(`x/records/${ids[2] ?? ''}_consult.txt`, 'c')
    put(`x/records/${ids[2] ?? ''}_plan.txt`, 'c')
    expect((await entries({ path: file, records: join(here.path, 'x/records') })).map((e) => [e.claimId, e.records.map((r) => r.name), e.fault])).toEqual([
      [ids[0], ['a.txt'], null], [ids[1], [`${ids[1] ?? ''}.txt`], null], [ids[2], [`${ids[2] ?? ''}_consult.txt`, `${ids[2] ?? ''}_plan.txt`], null],
    ])
    await expect(entries({ path: file, records: null })).rejects.toThrow(/say with --records/)
  })
})
