import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { make837 } from '../../bench/make-claims.mjs'
import { FIELDS } from '../claim/cms1500.test.ts'
import { pdf } from '../document/fixtures.ts'
import { vouch } from '../vouch.ts'

let scratch: string
const at = (name: string): string => join(scratch, name)
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-claims-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

interface Read { readonly claims: readonly { readonly claimId: string; readonly lines: readonly { readonly code: string }[] }[]; readonly faults: readonly { readonly where: string; readonly claim: number | null }[]; readonly formats: readonly string[]; readonly read: number; readonly unread: number }
const readJson = async (path: string): Promise<Read> => JSON.parse((await vouch(['claims', 'read', path, '--format', 'json'])).out) as Read

describe('vouch claims read', () => {
  it('tells the kind of a file by its bytes', async () => {
    const csv = 'claim,code,dos\nA-1,77331,2025-05-06\n'
    const text = (value: string): object => ({ value, type: String })
    const xlsx = await writeXlsx([['claim', 'code', 'dos'].map(text), ['A-1', '77331', '2025-05-06'].map(text)] as never, {}).toBuffer()
    const fhir = { resourceType: 'Claim', id: 'A-1', item: [{ sequence: 1, productOrService: { coding: [{ code: '77331' }] }, servicedDate: '2025-05-06' }] }
    const form = await pdf((pen) => {
      pen.initForm()
      Object.entries(FIELDS).forEach(([name, value], i) => pen.formText(name, 40 + (i % 5) * 100, 40 + Math.floor(i / 5) * 24, 90, 18, { value }))
    })
    const one = { claimId: 'A-1', lines: [{ line: 1, code: '77331', serviceDate: '2025-05-06' }] }
    const files: [string, string | Uint8Array, string][] = [
      ['json', JSON.stringify(one), 'json'], ['json', JSON.stringify([one]), 'json'], ['json', `${JSON.stringify(one)}\n${JSON.stringify({ ...one, claimId: 'B' })}\n`, 'json'], ['csv', csv, 'csv'], ['csv', new Uint8Array(Buffer.from(`\ufeff${csv}`, 'utf16le')), 'csv'],
      ['xlsx', new Uint8Array(xlsx), 'xlsx'], ['fhir', JSON.stringify(fhir), 'fhir'], ['fhir', `${JSON.stringify(fhir)}\n${JSON.stringify(fhir)}`, 'fhir'], ['edi', [...make837({ claims: 1 })].join(''), 'x12-837p'], ['edi', [...make837({ claims: 1, form: 'institutional' })].join(''), 'x12-837i'], ['pdf', form, 'cms-1500'],
    ]
    for (const [i, [, content, format]] of files.entries()) {
      await writeFile(at(`file${i}.dat`), content)
      const found = await readJson(at(`file${i}.dat`))
      expect([found.formats, found.unread, found.read > 0], `file ${i}`).toEqual([[format], 0, true])
      expect(found.claims[0]?.claimId, `file ${i}`).toMatch(/^(?:A-1|PCN-1)$/)
    }
  })
  it('reads on past a bad claim, ends with 1, and reads its own output', async () => {
    await writeFile(at('bad.edi'), [...make837({ claims: 5, seed: 4 })].join('').replace('CLM*PCN-3*', 'CLM**'))
    const { code, out } = await vouch(['claims', 'read', at('bad.edi'), '--format', 'json'])
    expect(code).toBe(1)
    const found = JSON.parse(out) as Read
    expect([found.read, found.unread, found.claims.map((c) => c.claimId), found.faults[0]?.claim]).toEqual([4, 1, ['PCN-1', 'PCN-2', 'PCN-4', 'PCN-5'], 3])
    await writeFile(at('again.json'), out)
    expect((await readJson(at('again.json'))).claims).toEqual(found.claims)
    expect((await vouch(['claims', 'read', at('bad.edi')])).out).toMatch(/Claim 3 of the file: not read\n {2}✗ segment \d+ \(CLM\)[\s\S]*4 claims read, 1 not; x12-837p\.\n$/)
  })
  it('says in one sentence why nothing could be read, without a word of the file', async () => {
    const files: [string, string | Uint8Array, RegExp][] = [
      ['a.xml', '<Claim>SECRET</Claim>', /XML or HTML/], ['a.pdf', await pdf((pen) => void pen.text('SECRET')), /without filled form fields/], ['a.txt', 'SECRET words\n', /headings/], ['a.json', '{"SECRET"', /line 1: is not JSON/], ['empty', '', /is empty/], ['noisa', 'GS*HC*SECRET*R~ST*837*1~', /without its interchange header/], ['a.zip', new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]), /damaged|no XLSX/],
    ]
    for (const [name, content, why] of files) {
      await writeFile(at(name), content)
      const { code, err } = await vouch(['claims', 'read', at(name)])
      expect(code, name).toBe(2)
      expect(err, name).toMatch(why)
      expect(err).toMatch(/^vouch: [^\n]+\.\n$/)
      expect(err).not.toContain('SECRET')
    }
  })
})

describe('vouch claims write', () => {
  it('writes an 837 that reads the same, or one without identity', async () => {
    await writeFile(at('in.edi'), [...make837({ claims: 4, seed: 8 })].join(''))
    const before = (await readJson(at('in.edi'))).claims
    expect((await vouch(['claims', 'write', at('in.edi'), '--out', at('out.edi')])).code).toBe(0)
    expect((await readJson(at('out.edi'))).claims).toEqual(before)
    const { out } = await vouch(['claims', 'write', at('in.edi'), '--without-identity'])
    for (const word of ['ALDER', 'M100001', 'MRN', 'PCN', 'AUTH', 'LAKESIDE']) expect(out).not.toContain(word)
  })
})

describe('vouch review --claim', () => {
  const sample = async (): Promise<{ claimId: string; lines: { line: number; code: string; serviceDate: string; units: number }[]; diagnoses: string[] }> => JSON.parse(await readFile('corpus/sample/claim.json', 'utf8'))
  it('takes the same claim as CSV, and picks one of several', async () => {
    const claim = await sample()
    const rows = claim.lines.map((l) => `${claim.claimId},${l.code},${l.serviceDate},${l.units ?? 1},${claim.diagnoses.join(' ')},"Marlowe, Edith",1949-11-02`)
    const head = 'claim,code,dos,units,dx,patient,dob'
    await writeFile(at('one.csv'), [head, ...rows].join('\n'))
    await writeFile(at('two.csv'), [head, ...rows, 'OTHER,77331,2025-05-06,1,C61,x,'].join('\n'))
    const review = (...args: string[]): ReturnType<typeof vouch> => vouch(['review', '--records', 'corpus/sample/records', '--format', 'json', '--claim', ...args])
    const determinations = (out: string): string[] => (JSON.parse(out) as { lines: { determination: string }[] }).lines.map((l) => l.determination)
    const [json, one, picked, several, none] = [await review('corpus/sample/claim.json'), await review(at('one.csv')), await review(at('two.csv'), '--claim-id', claim.claimId), await review(at('two.csv')), await review(at('two.csv'), '--claim-id', 'NOBODY')]
    expect([one.code, picked.code]).toEqual([1, 1])
    expect(determinations(one.out)).toEqual(determinations(json.out))
    expect(picked.out).toBe(one.out)
    expect([several.code, several.err]).toEqual([2, expect.stringMatching(/holds 2 claims; say which with --claim-id/)])
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/none of the 2 claims/)])
    expect(none.err).not.toContain('NOBODY')
  })
})
