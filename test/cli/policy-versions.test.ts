// `vouch policy diff` and `vouch policy replay`.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { diffPolicies, diffToText, replayPolicy, replayToText } from '../../src/cli/policy-versions.ts'
import { InputFault } from '../../src/cli/fault.ts'
import { knowledge } from '../review/claims.ts'

describe('diffPolicies', () => {
  it('tells what a text brought, ended and changed', () => {
    const [d] = diffPolicies(knowledge.policies, '2025-02-13', '2025-08-27')
    expect(d?.texts.map((t) => t.version)).toEqual(['2025-03-17', '2025-06-27', '2025-08-27'])
    expect(d?.rules.map((r) => `${r.id} ${r.change}`)).toEqual(['R06 began', 'R07 began', 'R28 changed', 'R43 began', 'R71 began'])
    expect(d?.denialCodes).toEqual({ before: [], after: ['E1N', 'E2Q'] })
    expect(d?.codes).toEqual([])
  })
  it('tells what became of the codes between two days, with how sure that is', () => {
    const [d] = diffPolicies(knowledge.policies, '2026-01-01', '2025-12-31')
    expect(d).toMatchObject({ from: '2025-08-27', to: '2025-08-27' })
    expect(d?.codes.find((c) => c.code === '77386')).toMatchObject({ kind: 'deleted', sure: 'verified' })
    expect(d?.codes.find((c) => c.code === '77417')).toMatchObject({ kind: 'unsettled', sure: 'conflicting' })
    expect(diffToText(diffPolicies(knowledge.policies, '2025-12-31', '2026-01-01'))).toContain('One and the same text')
  })
  it('says what is no date', () => {
    expect(() => diffPolicies(knowledge.policies, 'March', '2025-08-27')).toThrow(InputFault)
  })
})

describe('replayPolicy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-replay-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const put = (name: string, lines: object[]): string => {
    const at = join(folder, name)
    mkdirSync(join(at, 'records'), { recursive: true })
    writeFileSync(join(at, 'claim.json'), JSON.stringify({ claimId: name, lines }))
    writeFileSync(join(at, 'records', 'note.txt'), 'Treatment record\n07/16/2025 fraction 1 given, 250 cGy\n')
    return at
  }
  it('tells the lines that change under another text, and by which rule', async () => {
    const at = put('srt', [{ line: 1, code: '77401', serviceDate: '2025-07-16' }, { line: 2, code: 'G6001', serviceDate: '2025-07-16' }])
    const [replayed] = await replayPolicy([at], '2025-02-13', knowledge)
    expect(replayed).toMatchObject({ claimId: 'srt', past: 'made', lines: 2 })
    expect(replayed?.changed.map((c) => c.line)).toEqual([2])
    expect(replayed?.changed[0]?.why.map((w) => w.slice(0, 20))).toEqual(['R43 no longer denies', 'R71 no longer denies'])
    expect(replayToText(replayed ? [replayed] : [], '2025-02-13')).toContain('1 of 2 lines change in 1 claims')
  })
  it('compares with the answer stored beside the claim', async () => {
    const at = put('stored', [{ line: 1, code: '77263', serviceDate: '2025-07-16' }])
    const line = { line: 1, code: '77263', determination: 'supported', unitsSupported: 1, policyVersion: '2025-06-27', rules: [], requirements: [] }
    writeFileSync(join(at, 'review.json'), JSON.stringify({ schema: 'vouch/review@1', lines: [line] }))
    const [replayed] = await replayPolicy([at], '2025-08-27', knowledge)
    expect(replayed?.past).toBe('stored')
    expect(replayed?.changed[0]?.before.determination).toBe('supported')
    writeFileSync(join(at, 'review.json'), '{}')
    await expect(replayPolicy([at], '2025-08-27', knowledge)).rejects.toThrow(/review.json: is no answer/)
  })
  it('says what it does not know', async () => {
    await expect(replayPolicy([folder], '2025-01-01', knowledge)).rejects.toThrow(/no policy has a text/)
    await expect(replayPolicy([join(folder, 'nowhere')], '2025-08-27', knowledge)).rejects.toThrow(/is not a folder/)
  })
})
