// `vouch audit` and `vouch policy page|link` as a user runs them. May not: import what they are made of.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { vouch } from '../vouch.ts'

const folder = mkdtempSync(join(tmpdir(), 'vouch-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const CASE = 'corpus/audit/physics-report-unsigned'
const RECORDS = join(CASE, 'records')

describe('vouch audit', () => {
  it('tells the fix list, writes drafts and the packet, and ends with 1 while something is open', async () => {
    const [packet, drafts] = [join(folder, 'p.pdf'), join(folder, 'drafts')]
    const { code, out, err } = await vouch(['audit', '--records', RECORDS, '--claim', join(CASE, 'claim.json'), '--packet', packet, '--drafts', drafts])
    expect(code).toBe(1)
    expect(out).toContain('F1 Incomplete: the report itself in the record')
    expect(out).toContain('+ Attestation:')
    expect(out).toContain('420.00 at stake')
    expect(err).toContain('holds 2 of 2 pages')
    expect(readFileSync(packet).subarray(0, 5).toString()).toBe('%PDF-')
    expect(readdirSync(drafts).sort()).toEqual(['attestation-F1.docx', 'attestation-F1.txt'])
  }, 40_000)

  it('takes what the chart suggests, or codes that are named, and says what it took', async () => {
    const suggested = JSON.parse((await vouch(['audit', '--records', RECORDS, '--format', 'json'])).out) as { suggested: { code: string; serviceDate: string }[]; schema: string }
    expect(suggested.schema).toBe('vouch/self-audit@1')
    expect(suggested.suggested.map((s) => `${s.code} ${s.serviceDate}`)).toEqual(['77370 2025-05-02'])
    const named = await vouch(['audit', '--records', RECORDS, '--codes', '77370,77331'])
    expect(named.out).toContain('77331: the chart shows no day for it')
    expect(named.out).toContain('Missing: the treating physician\'s own order')
  }, 40_000)

  it('shows with --with which statuses would change, and changes nothing else', async () => {
    const { out } = await vouch(['audit', '--records', RECORDS, '--codes', '77331@2025-05-06', '--with', 'corpus/audit/dosimetry-without-time/records/order.txt', '--format', 'json'])
    const json = JSON.parse(out) as { whatIf: { files: string[]; lines: { statuses: { requirement: string; before: string; after: string }[] }[] }; fixes: { subject: string }[] }
    expect(json.whatIf.files).toEqual(['order.txt'])
    expect(json.whatIf.lines.flatMap((l) => l.statuses)).toContainEqual(expect.objectContaining({ requirement: '77331.prescription', before: 'not-met', after: 'met' }))
    expect(json.fixes.map((f) => f.subject)).toContain('77331.prescription')
  }, 40_000)

  it('says in one sentence what is wrong with what was asked', async () => {
    for (const [args, said] of [
      [['audit'], /--records/], [['audit', '--records', RECORDS, '--codes', 'what'], /a code is written 77331/], [['audit', '--records', RECORDS, '--codes', '99999'], /no policy knows this code/],
      [['audit', '--records', RECORDS, '--codes', '77331', '--suggest'], /Give one of/], [['audit', '--records', join(folder, 'nowhere')], /There is no file or folder/],
      [['audit', '--watch', RECORDS], /needs --out/], [['audit', '--watch', RECORDS, '--out', join(RECORDS, 'x')], /may not lie in the folder/],
    ] as const) {
      const { code, err } = await vouch(args)
      expect(code, args.join(' ')).toBe(2)
      expect(err.trim().split('\n')).toHaveLength(1)
      expect(err).toMatch(said)
    }
  }, 60_000)

  it('watches a folder: every chart once, again when it changes, a bad one told and passed over', async () => {
    const [from, out] = [join(folder, 'in'), join(folder, 'out')]
    mkdirSync(from)
    cpSync(CASE, join(from, 'planned'), { recursive: true })
    rmSync(join(from, 'planned', 'labels.json'))
    cpSync(join(RECORDS, 'report.txt'), join(from, 'report.txt'))
    writeFileSync(join(from, 'nothing.txt'), 'PARKING\nLevel 2.\n')
    const args = ['audit', '--watch', from, '--out', out, '--once']
    const first = await vouch(args)
    expect(first.err).toContain('planned: done')
    expect(first.err).toContain('report.txt: done')
    expect(first.err).toMatch(/nothing\.txt: No dated note was found/)
    expect(first.code).toBe(1)
    expect(readdirSync(join(out, 'planned')).sort()).toEqual(['audit.html', 'audit.json', 'audit.txt', 'drafts', 'input.sha256', 'packet.pdf'])
    expect(readdirSync(out).some((n) => n.endsWith('.part'))).toBe(false)
    expect((JSON.parse(readFileSync(join(out, 'planned', 'audit.json'), 'utf8')) as { claimId: string }).claimId).not.toBe('PLAN')
    expect(existsSync(join(out, 'nothing.txt'))).toBe(false)
    const second = await vouch(args)
    expect(second.err).not.toContain('done')
    writeFileSync(join(from, 'report.txt'), `${readFileSync(join(RECORDS, 'report.txt'), 'utf8')}\nAddendum 05/03/2025: no change.\n`)
    expect((await vouch(args)).err).toMatch(/report\.txt: done/)
  }, 90_000)
})

describe('vouch policy page and link', () => {
  const copy = join(folder, 'copy.txt')
  writeFileSync(copy, 'INVENTED POLICY\n\nSBRT / SRS documentation requirements\n- A Karnofsky or ECOG value, written down for this very course.\n')
  it('writes a page that needs nothing else, with the own copy beside it', async () => {
    const page = join(folder, 'policy.html')
    expect((await vouch(['policy', 'page', '--copy', copy, '--out', page])).code).toBe(0)
    const html = readFileSync(page, 'utf8')
    expect(html).toContain('id="sbrt.performance"')
    expect(html).toContain('written down for this very course')
    expect(html).not.toMatch(/<script|src=|https?:\/\//)
    expect((await vouch(['policy', 'page'])).out).not.toContain('Your copy')
  }, 30_000)
  it('finds the passages, and says where a file holds none', async () => {
    const { out } = await vouch(['policy', 'link', copy])
    expect(out).toMatch(/sbrt\.performance[\s\S]{0,80}“[^”]*written down for this very course/)
    const none = await vouch(['policy', 'link', join(RECORDS, 'report.txt')])
    expect(none.code).toBe(2)
    expect(none.err).toContain('none of the sections')
  }, 30_000)
})
