import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delimitedLine, delimitedRows } from '../../src/base/delimited.ts'
import { make837 } from '../../bench/make-claims.mjs'
import type { Extrapolation } from '../../src/batch/statistics/extrapolation.ts'
import { scorecardFile, tablesOfBatch, trendFiles } from '../../src/cli/batch-pictures.ts'
import { faultSentence } from '../../src/cli/fault.ts'
import { extrapolateFile, sampleFiles, sampleSizes, type ExtrapolateArguments, type SampleArguments, type SizeArguments } from '../../src/cli/sampling.ts'
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
    const read = async (more: ExtrapolateArguments): Promise<Extrapolation> => (await extrapolateFile(at('s', 'sample.csv'), more)).result
    const byTrail = await read({})
    for (const more of [{ frame: at('frame.csv'), strata: 'site' }, { universe: 'east=100,west=300' }, { frame: at('t', 'sample.json') }]) expect(await read(more)).toEqual(byTrail)
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
    const draw = (frame: string, more: Partial<SampleArguments>): Promise<unknown> => sampleFiles(frame, { allocation: 'proportional', minimum: 2, spares: 0, ...more }, at('x'))
    const texts = { asks: () => '', says: () => '' }
    const wrong: [() => Promise<unknown>, RegExp][] = [
      [() => draw(at('nowhere.csv'), { size: 3 }), /nowhere\.csv: cannot be read \(ENOENT\)/], [() => draw(at('frame.csv'), {}), /say how many units to draw/], [() => draw(at('bad.csv'), { size: 1 }), /row 2: column “paid” is not an amount/],
      [() => extrapolateFile(at('frame.csv'), {}), /size of the universe is not known/], [() => extrapolateFile(at('frame.csv'), { universe: '900' }), /needs a column “overpaid”/], [() => extrapolateFile(at('frame.csv'), { universe: 'many', overpaid: 'Paid' }), /--universe takes a number/],
      [() => sampleSizes({ universe: 900, precision: 10, confidence: 90, allocation: 'neyman' }), /give --probe/], [() => scorecardFile(at('results.ndjson'), '1000000000', at('c.html'), texts, new Date(0)), /hold no claim of provider 1000000000/],
      [() => scorecardFile(at('results.ndjson'), NPIS[0], at('c.doc'), texts, new Date(0)), /ends in \.html or \.pdf/], [() => trendFiles(at('frame.csv'), at('x'), texts), /line 1 is no result of a batch/],
    ]
    for (const [run, why] of wrong) {
      const told = await run().then(() => null, faultSentence)
      expect(told).toMatch(why)
      expect(told).toMatch(/^[^\n]+\.$/)
      expect(told).not.toContain('SECRET')
    }
    const { code, err } = await vouch(['sample', at('frame.csv'), '--size', 'x', '--out', at('x')])
    expect([code, err]).toEqual([2, 'vouch: --size is a number.\n'])
  })
})

describe('vouch sample-size', () => {
  it('tells sizes for amounts, shares and strata', async () => {
    const of = (more: Partial<SizeArguments>): Promise<string> => sampleSizes({ precision: 10, confidence: 90, allocation: 'proportional', ...more })
    expect(await of({ universe: 430, mean: 19, deviation: 9.252 })).toMatch(/10 % of the amount either way +\d+ +\d+ +76 /)
    expect(await of({ universe: 10_000, rate: 20 })).toMatch(/ 6 points from limit to limit +314 +489 +666 +1,080\n/)
    expect(await of({ universe: 10_000, errorRate: 15, mean: 300, deviation: 125 })).toMatch(/amount of 45\.00 a unit, standard deviation 117\.55[\s\S]* 25 % of the amount either way +17[67] +28[78] +40[34] +67[56]\n/)
    expect(await of({ frame: at('frame.csv'), errorRate: 20 })).toMatch(/^Units for an amount of \d+\.\d\d a unit, .* universe of 400/)
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
    expect((await tablesOfBatch(scratch, ['parquet', 'xlsx'])).length).toBe(5)
    expect((await readdir(at('parquet'))).sort()).toEqual(['claims.parquet', 'lines.parquet', 'requirements.parquet', 'rules.parquet'])
  })
})
