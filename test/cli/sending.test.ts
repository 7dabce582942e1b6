import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { vouch } from '../vouch.ts'

const folder = mkdtempSync(join(tmpdir(), 'vouch-sending-'))
const at = (name: string): string => join(folder, name)
const SETTINGS = 'payer: Invented Health Plan\nrights: ["You may dispute this within {disputeDays} days."]\n'

beforeAll(async () => {
  writeFileSync(at('settings.yaml'), SETTINGS)
  mkdirSync(at('records'))
  for (const name of readdirSync('corpus/sample/records')) copyFileSync(join('corpus/sample/records', name), join(at('records'), name))
  expect((await vouch(['review', '--claim', 'corpus/sample/claim.json', '--records', at('records'), '--format', 'json', '--out', at('review.json')])).code).toBe(1)
}, 30_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('vouch letter', () => {
  it('writes a draft, and says what keeps it one', async () => {
    const { code, err } = await vouch(['letter', '--report', at('review.json'), '--out', at('letter.docx')])
    expect([code, err]).toEqual([0, 'vouch: draft. The name of the payer is not set; fill it in in the settings of letters.\nvouch: draft. The dispute rights are not set; fill them in in the settings of letters.\n'])
    expect(readFileSync(at('letter.docx')).subarray(0, 2).toString()).toBe('PK')
    expect(readdirSync(folder).filter((n) => n.endsWith('.part'))).toEqual([])
  }, 20_000)

  it('carries who signed it off and when, and nobody signs off what is not ready', async () => {
    const signed = await vouch(['letter', '--report', at('review.json'), '--settings', at('settings.yaml'), '--signed-off-by', 'Ann Ferrow', '--signed-off-on', '2026-01-15', '--format', 'json', '--out', at('letter.json')])
    expect([signed.code, signed.err]).toEqual([0, ''])
    expect(JSON.parse(readFileSync(at('letter.json'), 'utf8'))).toMatchObject({ signOff: { by: 'Ann Ferrow', on: '2026-01-15' }, draft: null, date: 'January 15, 2026' })
    const early = await vouch(['letter', '--report', at('review.json'), '--signed-off-by', 'Ann Ferrow', '--out', at('early.docx')])
    expect(early.code).toBe(2)
    expect(early.err).toContain('cannot be signed off yet')
    expect(readdirSync(folder)).not.toContain('early.docx')
  }, 20_000)

  it('tells bad input in one sentence', async () => {
    writeFileSync(at('broken.yaml'), 'payer: [1]\nanything: 2\n')
    writeFileSync(at('wording.yaml'), readFileSync('dictionaries/letters/determination.yaml', 'utf8').replace('{claim}', '{clam}'))
    const wrong: [string[], RegExp][] = [
      [['--report', at('missing.json')], /missing\.json: the report cannot be read \(ENOENT\)/],
      [['--report', 'corpus/sample/claim.json'], /is no report of vouch review/],
      [['--report', at('review.json'), '--settings', at('broken.yaml')], /broken\.yaml:1:8: payer/],
      [['--report', at('review.json'), '--template', at('wording.yaml')], /wording\.yaml:\d+:\d+: title: \{clam\} is no field of a letter/],
      [['--report', at('review.json'), '--date', '2026-02-30'], /2026-02-30: a day is written/],
      [['--report', at('review.json'), '--decisions', 'corpus/sample/claim.json'], /holds no decisions/],
    ]
    for (const [args, said] of wrong) {
      const { code, err } = await vouch(['letter', ...args, '--out', at('no.docx')])
      expect([code, said.test(err)], err).toEqual([2, true])
    }
    expect(readdirSync(folder)).not.toContain('no.docx')
  }, 40_000)
})

describe('vouch packet, verify, replay', () => {
  it('writes a packet that verifies and is reproduced, and finds a changed byte', async () => {
    const made = await vouch(['packet', '--claim', 'corpus/sample/claim.json', '--records', at('records'), '--settings', at('settings.yaml'), '--signed-off-by', 'Ann Ferrow', '--signed-off-on', '2026-01-15', '--out', at('packet.zip')])
    expect(made.code).toBe(0)
    const seal = /Seal ([0-9a-f]{64})/.exec(made.out)?.[1] as string
    const whole = await vouch(['verify', at('packet.zip'), '--seal', seal])
    expect([whole.code, whole.out]).toEqual([0, `The packet is whole: 19 files. Seal ${seal}\n`])
    const replayed = await vouch(['replay', at('packet.zip')])
    expect([replayed.code, replayed.out.startsWith('The same, byte for byte: review.json, letters/determination.docx')]).toEqual([0, true])

    const bytes = readFileSync(at('packet.zip'))
    bytes[bytes.indexOf('Marlowe')] = 0x4d + 1
    writeFileSync(at('changed.zip'), bytes)
    const changed = await vouch(['verify', at('changed.zip')])
    expect([changed.code, changed.out]).toEqual([1, 'claim.json was changed: its hash is not that of the manifest.\n'])
    expect((await vouch(['replay', at('changed.zip')])).code).toBe(2)
    expect((await vouch(['verify', 'corpus/sample/claim.json'])).code).toBe(1)
    expect((await vouch(['verify', at('nothing.zip')])).code).toBe(2)
  }, 60_000)
})

/** Keeps a program to one core, where this machine can. */
const ONE_CORE = existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', '0'] : []

describe('a packet on another machine', () => {
  // The program copied to another folder, started elsewhere, with another home, zone, language and number of cores.
  const elsewhere = (args: readonly string[], cores: readonly string[] = []): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => new Promise((done) => {
    const [program = '', ...rest] = [...cores, process.execPath, join(at('other'), 'dist/cli/main.js'), ...args]
    const env = { PATH: process.env['PATH'], HOME: at('home'), TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', UV_THREADPOOL_SIZE: '1' }
    execFile(program, rest, { cwd: at('home'), env, encoding: 'utf8' }, (error, out, err) => { done({ code: error === null ? 0 : Number(error.code), out, err }) })
  })
  beforeAll(() => {
    mkdirSync(at('home'))
    for (const name of ['dist', 'dictionaries', 'package.json']) cpSync(name, join(at('other'), name), { recursive: true })
    symlinkSync(resolve('node_modules'), join(at('other'), 'node_modules'))
  }, 30_000)

  it('is reproduced byte for byte, and made the same there', async () => {
    const { code, out, err } = await elsewhere(['replay', at('packet.zip')])
    expect([code, out.startsWith('The same, byte for byte: review.json'), err]).toEqual([0, true, ''])
    const again = ['packet', '--claim', resolve('corpus/sample/claim.json'), '--records', at('records'), '--settings', at('settings.yaml'), '--signed-off-by', 'Ann Ferrow', '--signed-off-on', '2026-01-15', '--out', at('again.zip')]
    expect((await elsewhere(again, ONE_CORE)).code).toBe(0)
    expect(readFileSync(at('again.zip')).equals(readFileSync(at('packet.zip')))).toBe(true)
  }, 60_000)
})

describe('vouch highlight and worksheet', () => {
  it('mark the records that were reviewed, and no others', async () => {
    const marked = await vouch(['highlight', '--report', at('review.json'), '--records', at('records'), '--out', at('marked.pdf')])
    expect([marked.code, /^8 pages, \d{2} highlights\n$/.test(marked.out)], marked.out).toEqual([0, true])
    writeFileSync(join(at('records'), 'treatment.pdf'), readFileSync(join(at('records'), 'prescription-and-plan.pdf')))
    const other = await vouch(['highlight', '--report', at('review.json'), '--records', at('records'), '--out', at('other.pdf')])
    expect([other.code, other.err]).toEqual([2, 'vouch: treatment.pdf: is not the record that was reviewed (its hash differs); review again or give the records of the report.\n'])
    for (const format of ['xlsx', 'pdf']) expect((await vouch(['worksheet', '--report', at('review.json'), '--format', format, '--out', at(`w.${format}`)])).code).toBe(0)
    const unnamed = await vouch(['letter', '--report', at('review.json'), '--decisions', at('w.xlsx'), '--out', at('l.pdf'), '--format', 'pdf'])
    expect([unnamed.code, unnamed.err]).toEqual([2, 'vouch: A filled worksheet needs the name of the reviewer: --reviewed-by.\n'])
    expect((await vouch(['letter', '--report', at('review.json'), '--decisions', at('w.xlsx'), '--reviewed-by', 'Ann', '--out', at('l.pdf'), '--format', 'pdf'])).code).toBe(0)
  }, 60_000)
})
