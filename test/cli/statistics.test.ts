import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delimitedLine, delimitedRows } from '../../src/base/delimited.ts'
import { make837 } from '../../bench/make-claims.mjs'
import { inventedResults, NPIS } from '../batch/invented-results.ts'
import { vouch } from '../vouch.ts'

let scratch: string
const at = (...parts: string[]): string => join(scratch, ...parts)
const rowsOf = async (path: string): Promise<string[][]> => [...delimitedRows([await readFile(path, 'utf8')], ',')].map((r) => [...r.cells])
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-statistics-'))
  await writeFile(at('frame.csv'), `Claim,Paid,Site\n${Array.from({ length: 400 }, (_, i) => `K-${1000 + i},"$${100 + ((i * 37) % 900)}.25",${i % 4 === 0 ? 'east' : 'west'}\n`).join('')}`)
  await writeFile(at('results.ndjson'), inventedResults(300).map((r) => `${JSON.stringify(r)}\n`).join(''))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('vouch sample and vouch extrapolate', () => {
  it('go from a frame to limits, and the draw can be checked', async () => {
    const drawn = await vouch(['sample', at('frame.csv'), '--size', '60', '--strata', 'site', '--spares', '2', '--seed', '20250101', '--out', at('s')])
    expect([drawn.code, drawn.err]).toEqual([0, ''])
    expect(drawn.out).toMatch(/^60 of 400 units drawn from 2 strata, proportional allocation, seed 20250101\.\n {2}east: 15 of 100, .*, 2 spares\n {2}west: 45 of 300/)
    expect((await vouch(['sample', at('frame.csv'), '--size', '60', '--strata', 'site', '--spares', '2', '--seed', '20250101', '--out', at('t')])).code).toBe(0)
    expect(await readFile(at('t', 'sample.json'), 'utf8')).toBe(await readFile(at('s', 'sample.json'), 'utf8'))
    const checked = await vouch(['sample', at('frame.csv'), '--verify', at('s', 'sample.json')])
    expect([checked.code, checked.out]).toEqual([0, 'The sample is what seed 20250101 draws from this frame: 64 entries, each the same.\n'])
    await writeFile(at('other.csv'), (await readFile(at('frame.csv'), 'utf8')).replace('K-1000', 'K-0999'))
    expect((await vouch(['sample', at('other.csv'), '--verify', at('s', 'sample.json')])).code).toBe(1)
    // A worksheet that may be filled in stays.
    const again = await vouch(['sample', at('frame.csv'), '--size', '5', '--out', at('s')])
    expect([again.code, again.err]).toEqual([2, expect.stringMatching(/sample\.csv: there is a sample already; choose another folder[^\n]*\.\n$/)])
    const blank = await vouch(['extrapolate', at('s', 'sample.csv')])
    expect([blank.code, blank.err]).toEqual([2, expect.stringMatching(/60 sampled units are not reviewed/)])
    const [head = [], ...rows] = await rowsOf(at('s', 'sample.csv'))
    const filled = rows.map((r, i) => r.map((c, j) => (head[j] === 'overpaid' && r[1] === 'sample' ? (i % 3 === 0 ? (r[4] ?? '') : '0') : c)))
    await writeFile(at('s', 'sample.csv'), [head, ...filled].map((r) => delimitedLine(r)).join(''))
    const told = await vouch(['extrapolate', at('s', 'sample.csv')])
    expect([told.code, told.err]).toEqual([0, expect.stringMatching(/the universe is taken from .*sample\.json\.\n$/)])
    expect(told.out).toMatch(/^Stratified variable appraisal · overpaid[\s\S]*Universe +400[\s\S]*Lower limit of the two-sided 90 % interval/)
    const read = async (more: string[]): Promise<{ overpaid: { estimate: number }; universe: { units: number } }> => JSON.parse((await vouch(['extrapolate', at('s', 'sample.csv'), '--format', 'json', ...more])).out) as { overpaid: { estimate: number }; universe: { units: number } }
    const byTrail = await read([])
    for (const more of [['--frame', at('frame.csv'), '--strata', 'site'], ['--universe', 'east=100,west=300'], ['--frame', at('t', 'sample.json')]]) expect(await read(more)).toEqual(byTrail)
    expect(byTrail.universe.units).toBe(400)
  })
  it('take the results of a batch and files of claims for a frame', async () => {
    const fromResults = await vouch(['sample', at('results.ndjson'), '--size', '40', '--strata', 'amount/3', '--allocation', 'neyman', '--seed', '1', '--out', at('r')])
    expect([fromResults.code, fromResults.out]).toEqual([0, expect.stringMatching(/^40 of 300 units drawn from 3 strata, neyman allocation/)])
    expect((await rowsOf(at('r', 'sample.csv')))[0]).toEqual(['stratum', 'role', 'order', 'unit', 'paid', 'overpaid', 'comment', 'provider_npi', 'provider_name', 'claim_form', 'payer', 'service_from', 'service_to', 'codes', 'status', 'determination', 'not_supported', 'open'])
    expect((await vouch(['sample', at('results.ndjson'), '--verify', at('r', 'sample.json')])).code).toBe(0)
    await writeFile(at('claims.edi'), [...make837({ claims: 30 })].join(''))
    expect((await vouch(['sample', at('claims.edi'), '--size', '10', '--out', at('e')])).out).toMatch(/^10 of 30 units drawn, seed \d+ \(chosen by the machine\)\.\n/)
    await writeFile(at('flat.ndjson'), Array.from({ length: 9 }, (_, i) => `{"claim":"N-${i}","paid":${i * 10}.5}\n`).join(''))
    expect((await vouch(['sample', at('flat.ndjson'), '--size', '3', '--out', at('n')])).out).toMatch(/^3 of 9 units/)
  })
  it('say in one sentence what is wrong', async () => {
    await writeFile(at('bad.csv'), 'claim,paid\nA,SECRET\n')
    const wrong: [string[], RegExp][] = [
      [['sample', at('nowhere.csv'), '--size', '3', '--out', at('x')], /nowhere\.csv: cannot be read \(ENOENT\)/], [['sample', at('frame.csv'), '--out', at('x')], /say how many units to draw/],
      [['sample', at('bad.csv'), '--size', '1', '--out', at('x')], /row 2: column “paid” is not an amount/], [['sample', at('frame.csv'), '--size', 'x', '--out', at('x')], /--size is a number/],
      [['extrapolate', at('frame.csv')], /size of the universe is not known/], [['sample-size', '--universe', '900'], /give --probe/],
      [['scorecard', at('results.ndjson'), '--provider', '1000000000', '--out', at('c.html')], /hold no claim of provider 1000000000/], [['scorecard', at('results.ndjson'), '--provider', NPIS[0], '--out', at('c.doc')], /ends in \.html or \.pdf/], [['trends', at('frame.csv'), '--out', at('x')], /line 1 is no result of a batch/],
    ]
    await Promise.all(wrong.map(async ([args, why]) => {
      const { code, err } = await vouch(args)
      expect([code, err], args.join(' ')).toEqual([2, expect.stringMatching(why)])
      expect(err).toMatch(/^vouch: [^\n]+\.\n$/)
      expect(err).not.toContain('SECRET')
    }))
  })
})

describe('vouch sample-size', () => {
  it('tells sizes for amounts, shares and strata', async () => {
    expect((await vouch(['sample-size', '--universe', '430', '--mean', '19', '--deviation', '9.252'])).out).toMatch(/10 % of the amount either way +\d+ +\d+ +76 /)
    expect((await vouch(['sample-size', '--universe', '300', '--rate', '50'])).out).toMatch(/5 points either way +\d+ +\d+ +169 /)
    expect((await vouch(['sample-size', '--frame', at('frame.csv'), '--strata', 'amount/3', '--allocation', 'neyman', '--precision', '5'])).out).toMatch(/^\d+ units of 400, neyman allocation over 3 strata/)
  })
})

describe('vouch trends, scorecard and results', () => {
  it('write pictures, pages and tables', async () => {
    expect((await vouch(['trends', scratch, '--out', at('trends')])).out).toMatch(/trends\.html: 5 providers, 12 months, 5 pictures/)
    expect((await readdir(at('trends'))).sort()).toEqual(['amount-by-month.svg', 'findings-by-month.svg', 'providers-funnel.svg', 'requirements-by-month.svg', 'rules-by-month.svg', 'trends.csv', 'trends.html'])
    // The short words of the policy stand beside the ids.
    expect(await readFile(at('trends', 'trends.html'), 'utf8')).toContain('date and time of the measurement')
    for (const out of [at('card.html'), at('card.pdf')]) expect((await vouch(['scorecard', at('results.ndjson'), '--provider', NPIS[0], '--out', out])).code).toBe(0)
    expect(await readFile(at('card.html'), 'utf8')).toContain('What to fix first')
    expect((await readFile(at('card.pdf'))).subarray(0, 5).toString()).toBe('%PDF-')
    const { out } = await vouch(['results', at('results.ndjson'), '--format', 'csv', '--table', 'lines', '--out', at('lines.csv')])
    expect(out).toMatch(/lines\.csv: \d+ lines\.\n$/)
    expect((await rowsOf(at('lines.csv'))).length).toBe(1 + inventedResults(300).reduce((n, r) => n + r.lines.length, 0))
    expect((await vouch(['results', scratch, '--format', 'parquet', '--out', at('pq')])).code).toBe(0)
    expect((await readdir(at('pq'))).sort()).toEqual(['claims.parquet', 'lines.parquet', 'requirements.parquet', 'rules.parquet'])
  })
})
