import { zipSync } from 'fflate'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewSchema, type ReviewJson } from '../../src/report/contract.ts'
import { chart, pdf } from '../document/fixtures.ts'
import { run, vouch, type Run } from '../vouch.ts'

const CLAIM = 'corpus/sample/claim.json'
const RECORDS = 'corpus/sample/records'
const NAMES = ['consultation.docx', 'prescription-and-plan.pdf', 'treatment.pdf']

let scratch: string
const at = (...parts: string[]): string => join(scratch, ...parts)
const review = (claim: string, records: readonly string[], ...more: string[]): Promise<Run> => vouch(['review', '--claim', claim, '--records', ...records, ...more])
const parsed = ({ out }: { out: string }): ReviewJson => reviewSchema.parse(JSON.parse(out))
const judged = (json: ReviewJson) => json.lines.map((l) => ({ line: l.line, determination: l.determination, score: l.score, statuses: l.requirements.map((r) => [r.id, r.status, r.reason]) }))

let sample: Run
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-review-'))
  sample = await review(CLAIM, [RECORDS], '--format', 'json')
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('vouch review of the sample', () => {
  it('supports one line, finds one insufficient and one not supported, and ends with 1', () => {
    expect(sample.err).toBe('')
    expect(sample.code).toBe(1)
    const json = parsed(sample)
    expect(json.lines.map((l) => [l.code, l.determination])).toEqual([['77470', 'not-supported'], ['77373', 'supported'], ['77435', 'insufficient-documentation']])
    expect(json.documents.map((d) => [d.file, d.kind, d.pages.length])).toEqual([[NAMES[0], 'docx', 1], [NAMES[1], 'pdf', 2], [NAMES[2], 'pdf', 3]])
    expect(json.problems).toEqual([])
    expect(json.facts.performanceStatus).toMatchObject([{ scale: 'ECOG', low: 1, high: 1, date: '2025-08-21', decisive: true, file: NAMES[0] }])
  })

  it('quotes what speaks against a line, with its box', () => {
    const exclusion = parsed(sample).lines[0]?.requirements.find((r) => r.id === '77470.x-planning')
    expect(exclusion).toMatchObject({ status: 'triggered', evidence: [{ file: 'treatment.pdf', page: 3, stance: 'against' }] })
    expect(exclusion?.evidence[0]?.quote).toMatch(/^A special treatment procedure is requested because/)
    expect(exclusion?.evidence[0]?.boxes).toHaveLength(2)
  })

  it('says the same in text', async () => {
    const { code, out, err } = await review(CLAIM, [RECORDS])
    expect([code, err]).toEqual([1, ''])
    expect(out).toContain('1 of 3 lines supported · 3 files, 6 pages, all read')
    expect(out).toMatch(/77435.*insufficient documentation/)
    expect(out).toContain('To request:')
    expect(out).not.toContain('\u001b')
  })

  it('writes one HTML file that loads nothing, with links to the pages from where it lies', async () => {
    const { code, out, err } = await review(CLAIM, [RECORDS], '--format', 'html', '--out', at('report.html'))
    expect([code, out, err]).toEqual([1, '', ''])
    const html = await readFile(at('report.html'), 'utf8')
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).toMatch(/href="[^"]*corpus\/sample\/records\/treatment\.pdf#page=3"/)
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|https?:/)
    expect(await readdir(scratch)).toEqual(['report.html'])
    await review(CLAIM, NAMES.map((n) => join(RECORDS, n)), '--format', 'html', '--out', at('files.html'))
    expect(await readFile(at('files.html'), 'utf8')).toBe(html)
  })

  it('gives the same bytes again, also through --out, and whatever the order of the paths', async () => {
    const paths = NAMES.map((n) => join(RECORDS, n))
    const [again, turned] = [await review(CLAIM, [RECORDS], '--format', 'json', '--out', at('again.json')), await review(CLAIM, [...paths].reverse(), '--format', 'json')]
    expect([again.code, again.out]).toEqual([1, ''])
    expect(await readFile(at('again.json'), 'utf8')).toBe(sample.out)
    expect(turned.out).toBe(sample.out)
  })

  it('judges the same where the files have other names', async () => {
    await mkdir(at('renamed'))
    for (const [i, name] of NAMES.entries()) await cp(join(RECORDS, name), at('renamed', `${9 - i} scan${name.slice(name.lastIndexOf('.'))}`))
    const json = parsed(await review(CLAIM, [at('renamed')], '--format', 'json'))
    expect(json.documents.map((d) => d.file)).toEqual(['7 scan.pdf', '8 scan.pdf', '9 scan.docx'])
    expect(judged(json)).toEqual(judged(parsed(sample)))
  })

  it('ends with 0 where every line is supported', async () => {
    const claim = JSON.parse(await readFile(CLAIM, 'utf8')) as { lines: { code: string }[] }
    await writeFile(at('one.json'), JSON.stringify({ ...claim, lines: claim.lines.filter((l) => l.code === '77373') }))
    expect((await review(at('one.json'), [RECORDS])).code).toBe(0)
  })

  it('is what npm run demo shows', async () => {
    const { code, out, err } = await run('demo', [])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('1 of 3 lines supported')
    const path = /The report with every requirement and quote: (.+)$/m.exec(out)?.[1]
    expect(path).toMatch(/out.report\.html$/)
    expect(await readFile(path as string, 'utf8')).toContain('href="../corpus/sample/records/treatment.pdf#page=1"')
  })
})

describe('records', () => {
  it('in a ZIP are cited by archive and path, and judged as in a folder', async () => {
    const entries = await Promise.all(NAMES.map(async (name) => [`chart/${name}`, new Uint8Array(await readFile(join(RECORDS, name)))] as const))
    await writeFile(at('packet.zip'), zipSync(Object.fromEntries(entries)))
    const json = parsed(await review(CLAIM, [at('packet.zip')], '--format', 'json'))
    expect(json.documents.map((d) => d.file)).toEqual(NAMES.map((n) => `packet.zip/chart/${n}`))
    expect(judged(json)).toEqual(judged(parsed(sample)))
  })

  it('that cannot be read are named, and hide nothing of those that can', async () => {
    const folder = at('mixed')
    await cp(RECORDS, folder, { recursive: true })
    await writeFile(join(folder, 'locked.pdf'), await pdf((pen) => void pen.text('Radiation Prescription for somebody'), { userPassword: 'secret', pdfVersion: '1.7' }))
    await writeFile(join(folder, 'nothing.pdf'), '')
    await writeFile(join(folder, 'noise.pdf'), Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 0xff))
    await writeFile(join(folder, 'cut.pdf'), (await chart(3)).subarray(0, 900))
    await writeFile(join(folder, '.DS_Store'), 'clutter')
    const { code, out, err } = await review(CLAIM, [folder], '--format', 'json')
    expect([code, err]).toEqual([1, ''])
    const json = parsed({ out })
    expect(json.problems.filter((p) => p.severity === 'error').map((p) => [p.file, p.id])).toEqual([['cut.pdf', 'damaged-file'], ['locked.pdf', 'encrypted-file'], ['noise.pdf', 'foreign-file'], ['nothing.pdf', 'empty-file']])
    expect(json.documents.map((d) => d.file)).toEqual([NAMES[0], 'cut.pdf', 'locked.pdf', 'noise.pdf', 'nothing.pdf', NAMES[1], NAMES[2]])
    const statuses = (j: ReviewJson) => new Map(j.lines.flatMap((l) => l.requirements.map((r) => [`${l.line} ${r.id}`, r.status] as const)))
    const before = statuses(parsed(sample))
    for (const [id, status] of statuses(json)) {
      // What was missing may stand on a page nobody could read; what was found stays found.
      if (before.get(id) !== status) expect([before.get(id) === 'not-met' || before.get(id) === 'partial', status]).toEqual([true, 'unclear'])
    }
  })
})

describe('a fault of usage or input', () => {
  const refuses = async (ran: Promise<Run>, sentence: RegExp): Promise<void> => {
    const { code, out, err } = await ran
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(sentence)
    expect(err).toMatch(/^vouch: [^\n]+\n$/)
  }

  it('a missing claim', () => refuses(review(at('no-claim.json'), [RECORDS]), /no-claim\.json: there is no such claim file/))
  it('a claim that is not JSON, with its line', async () => {
    await writeFile(at('bad.json'), '{\n  "claimId": "X",\n  "lines": [\n')
    await refuses(review(at('bad.json'), [RECORDS]), /bad\.json: is not JSON/)
  })
  it('a claim of another shape, without a word of its values', async () => {
    await writeFile(at('shape.json'), JSON.stringify({ claimId: 'X', patient: { name: ['Marlowe'], birthDate: 'Marlowe' }, lines: [{ line: 1, code: 'Marlowe', serviceDate: '2025-02-30' }] }))
    await refuses(review(at('shape.json'), [RECORDS]), /lines\.0\.serviceDate: a day that exists in the calendar/)
    expect((await review(at('shape.json'), [RECORDS])).err.replaceAll(/shape\.json/g, '')).not.toContain('Marlowe')
  })
  it('an unknown option', () => refuses(vouch(['review', '--claim', CLAIM, '--records', RECORDS, '--frobnicate']), /unknown option '--frobnicate'/))
  it('an unknown format', () => refuses(review(CLAIM, [RECORDS], '--format', 'pdf'), /'pdf' is invalid/))
  it('no records named', () => refuses(vouch(['review', '--claim', CLAIM]), /--records/))
  it('records that are not there', () => refuses(review(CLAIM, [at('nowhere')]), /There is no file or folder at/))
  it('an empty folder', async () => {
    await mkdir(at('empty'))
    await refuses(review(CLAIM, [at('empty')]), /holds no files/)
  })
  it('a place that cannot be written to, and nothing is left there', async () => {
    await refuses(review(CLAIM, [RECORDS], '--out', at('no', 'folder', 'x.txt')), /cannot be written/)
  })
})
