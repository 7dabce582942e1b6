import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extrapolate } from '../../../src/batch/statistics/extrapolation.ts'
import { extrapolationText } from '../../../src/batch/statistics/appraisal-text.ts'
import { frameLines, frameOf, strataOption, type Frame, type FrameOptions } from '../../../src/batch/statistics/frame.ts'
import { drawer } from '../../../src/batch/statistics/random-draw.ts'
import { reviewedSampleOf } from '../../../src/batch/statistics/reviewed-sample.ts'
import { drawSample, trailFaults, WORKSHEET, worksheetRows, type Design, type SampleTrail } from '../../../src/batch/statistics/sample.ts'
import { guarded, unguarded } from '../../../src/base/delimited.ts'
import { amountOf, type Table } from '../../../src/batch/statistics/table.ts'

const table = (columns: readonly string[], ...rows: readonly (readonly string[])[]): Table => ({ columns, rows: rows.map((cells, i) => ({ row: i + 2, cells })) })
const claims = (count: number): Table => table(['Claim ID', 'Paid', 'Region'], ...Array.from({ length: count }, (_, i) => [`C-${String(i).padStart(5, '0')}`, `${((i * 7919) % 900) + 10}.50`, i % 3 === 0 ? 'north' : 'south']))
const FILE = { file: 'frame.csv', fileSha256: 'f', unitsSha256: 'u' }
const design = (more: Partial<Design> = {}): Design => ({ seed: 1234, seedFrom: 'given', size: 30, allocation: 'proportional', spares: 0, least: 2, ...more })
const drawn = (frame: Frame, more: Partial<Design> = {}): SampleTrail => drawSample(frame, design(more), FILE)
const framed = (count: number, options: FrameOptions = {}): Frame => frameOf(claims(count), options)

describe('the generator', () => {
  it('is MT19937: the numbers published for its default seed', () => {
    // C++ standard [rand.predef]: the 10000th number of a default-seeded mt19937 is 4123659995; the first are those of init_genrand(5489).
    const { draws, rejected, repeated } = drawer(5489)(2 ** 32, 10_000)
    expect(draws.slice(0, 3).map((d) => d.random)).toEqual([3499211612, 581869302, 3890346734])
    expect([draws[9999]?.random, draws[0]?.position, rejected, repeated]).toEqual([4123659995, 3499211613, 0, 0])
  })
  it('starts with any seed as NumPy does', () => {
    // numpy.random.RandomState(seed).bytes(4), little-endian, three times
    const first = (seed: number): number[] => drawer(seed)(2 ** 32, 3).draws.map((d) => d.random)
    expect([0, 4711, 2147483648, 4294967295].map(first)).toEqual([[2357136044, 2546248239, 3071714933], [447795748, 435264311, 1023979326], [652847386, 1439962116, 3524204305], [419326371, 479346978, 3918654476]])
  })
  it('draws every position of a frame once, and as often as another', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 0xffff_ffff }), (size, seed) => {
      const positions = drawer(seed)(size, size).draws.map((d) => d.position)
      expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i + 1))
    }))
    // 10 of 40, 4,000 times: each position about 1,000 times; chi-squared with 39 degrees stays below 80 but once in 10,000 seeds.
    const draw = drawer(99)
    const hits = new Array<number>(40).fill(0)
    for (let i = 0; i < 4000; i++) for (const d of draw(40, 10).draws) hits[d.position - 1] = (hits[d.position - 1] ?? 0) + 1
    expect(hits.reduce((x, h) => x + (h - 1000) ** 2 / 1000, 0)).toBeLessThan(80)
  })
})

describe('frameOf', () => {
  it('takes each unit once, adds up its rows, and says what it left out', () => {
    const f = frameOf(table(['claim', 'line', 'paid amount'], ['B', '1', '$1,200.00'], ['A', '1', '5'], ['B', '2', '0.10'], ['', '1', '9'], ['C', '1', '0']))
    expect(f.strata[0]?.units.map((u) => [u.id, u.amount, u.rows])).toEqual([['A', 5, [3]], ['B', 1200.1, [2, 4]], ['C', 0, [6]]])
    expect(f.warnings.join('; ')).toMatch(/1 rows without an entry.*1 units stand on several rows.*1 units have an amount of 0/)
    expect([f.unitColumn, f.amountColumn, f.strataBy, f.strata[0]?.total]).toEqual(['claim', 'paid amount', null, 1205.1])
  })
  it('does not hang on the order of rows', () => {
    const there = claims(50)
    const lines = (t: Table): string => [...frameLines(frameOf(t, { strata: strataOption('region') }))].join('')
    expect(lines({ columns: there.columns, rows: [...there.rows].reverse() })).toBe(lines(there))
  })
  it('makes strata by column, by ends and by count', () => {
    expect(framed(30, { strata: strataOption('Region') }).strata.map((s) => [s.name, s.units.length])).toEqual([['north', 10], ['south', 20]])
    const ends = framed(90, { strata: strataOption('amount:200,600') })
    expect(ends.strata.map((s) => s.name)).toEqual(['1: up to 200.00', '2: over 200.00 to 600.00', '3: over 600.00'])
    for (const s of ends.strata) for (const u of s.units) expect((u.amount ?? 0) <= 200 ? '1' : (u.amount ?? 0) <= 600 ? '2' : '3').toBe(s.name[0])
    expect(framed(900, { strata: strataOption('amount/4') }).strata).toHaveLength(4)
  })
  it('says in one sentence what is wrong', () => {
    const wrong: [() => unknown, RegExp][] = [
      [() => frameOf(table(['x', 'y'], ['1', '2'])), /no column names the claim; say with --unit which of x, y does\.$/],
      [() => frameOf(claims(3), { unit: 'nope' }), /there is no column “nope”; the columns are Claim ID, Paid, Region\.$/],
      [() => frameOf(table(['claim', 'paid'], ['A', 'SECRET'])), /^row 2: column “paid” is not an amount\.$/],
      [() => frameOf(table(['claim', 'paid', 's'], ['A', '1', 'x'], ['A', '1', 'y']), { strata: strataOption('s') }), /rows 2 and 3 are of one unit but of two strata/],
      [() => frameOf(table(['claim', 'x'], ['A', '1']), { strata: strataOption('amount/3') }), /need an amount for every unit/],
      [() => strataOption('amount:5,3'), /ascending amounts/],
    ]
    for (const [run, why] of wrong) expect(run).toThrow(why)
  })
})

describe('drawSample', () => {
  it('draws the same from the same seed, another from another, and says how to do it by hand', () => {
    const frame = framed(500)
    const a = drawn(frame, { spares: 5 })
    expect(drawn(frame, { spares: 5 })).toEqual(a)
    expect(drawn(frame, { seed: 1235 }).units.map((u) => u.unit)).not.toEqual(a.units.slice(0, 30).map((u) => u.unit))
    // Spares come after: with more of them, or fewer, the sample is the same.
    expect(drawn(frame).units).toEqual(a.units.slice(0, 30))
    const ids = frame.strata[0]?.units.map((u) => u.id) ?? []
    for (const u of a.units) expect([u.unit, u.position]).toEqual([ids[u.random % 500], (u.random % 500) + 1])
    expect(a.units.map((u) => u.role)).toEqual([...Array<string>(30).fill('sample'), ...Array<string>(5).fill('spare')])
    expect([a.design.kind, a.frame.units, a.design.size]).toEqual(['simple', 500, 30])
  })
  it('tells a trail that was altered', () => {
    const frame = framed(200, { strata: strataOption('Region') })
    const trail = drawn(frame)
    expect(trailFaults(trail, drawn(frame))).toEqual([])
    const units = trail.units.map((u, i) => (i === 4 ? { ...u, unit: 'C-99999' } : u))
    expect(trailFaults({ ...trail, units }, drawn(frame))).toEqual(['from entry 5 on, the units are not those that the seed draws'])
    expect(trailFaults(trail, drawSample(frame, design({ seed: 5 }), { ...FILE, unitsSha256: 'other' }))[0]).toBe('the units of the frame are not those that were drawn from')
  })
  it('refuses what cannot be drawn', () => {
    const simple = framed(10)
    const wrong: [() => unknown, RegExp][] = [
      [() => drawn(simple, { size: 11 }), /asks for 11 units; the frame has 10/], [() => drawn(simple, { seed: 2 ** 32 }), /--seed is a whole number/], [() => drawn(simple, { size: 2.5 }), /--size is a whole number/],
      [() => drawn(framed(30, { strata: strataOption('Region') }), { size: { north: 3 } }), /leaves out the stratum “south”/], [() => drawn(framed(30, { strata: strataOption('Region') }), { size: { north: 3, south: 2, west: 1 } }), /names the stratum “west”/],
      [() => drawn(framed(30, { strata: strataOption('Region') }), { size: 3 }), /too few for 2 strata/],
    ]
    for (const [run, why] of wrong) expect(run).toThrow(why)
  })
  it('writes a worksheet without formulas', () => {
    const frame = frameOf(table(['claim', 'paid', 'note'], ['=cmd()', '1', '@x'], ['-5', '2', '-5']))
    const rows = [...worksheetRows(frame, drawn(frame, { size: 2 }))]
    expect(rows[0]).toEqual([...WORKSHEET, 'note'])
    expect(rows.slice(1).map((r) => [r[3], r.at(-1)]).sort()).toEqual([["'=cmd()", "'@x"], ['-5', '-5']])
    expect(unguarded(guarded('=cmd()'))).toBe('=cmd()')
  })
})

describe('amountOf', () => {
  it('reads what spreadsheets show', () => {
    expect(['$1,234.50', '(12.00)', '-3', '', ' 7 ', '0.5', '1,00', 'x', '(5', '1e5'].map(amountOf)).toEqual([1234.5, -12, -3, null, 7, 0.5, NaN, NaN, NaN, NaN])
  })
})

describe('from the worksheet to the extrapolation', () => {
  const frame = framed(300, { strata: strataOption('Region') })
  const trail = drawn(frame, { size: 60, spares: 3 })
  const worksheet = (fill: (cells: string[], i: number) => void): Table => {
    const [head = [], ...rows] = [...worksheetRows(frame, trail)]
    return table(head, ...rows.map((r, i) => {
      const cells = [...r]
      fill(cells, i)
      return cells
    }))
  }
  const all = (cells: string[]): void => {
    if (cells[1] === 'sample') cells[5] = `${Number(cells[4]) / 2}`
  }
  const sizes = new Map(trail.strata.map((s) => [s.name, s.units]))
  it('estimates the frame, with the same result whatever the order of rows and however the amounts are put', () => {
    const reviewed = reviewedSampleOf(worksheet(all), {}, trail)
    const e = extrapolate(reviewed, sizes)
    const truth = frame.strata.reduce((n, s) => n + s.total, 0) / 2
    expect(e.overpaid.limits[2]?.lower).toBeLessThan(truth)
    expect(e.overpaid.limits[2]?.upper).toBeGreaterThan(truth)
    expect(e.sample.rate).toBeCloseTo(0.5, 10)
    expect(extrapolate({ ...reviewed, units: [...reviewed.units].reverse() }, sizes)).toEqual(e)
    // Paid and correct amounts instead of the difference: the estimator of differences is the same.
    const correct = reviewedSampleOf(table(['stratum', 'unit', 'paid', 'correct'], ...reviewed.units.map((u) => [u.stratum, u.unit, `${u.paid}`, `${(u.paid ?? 0) - u.overpaid}`])), {}, null)
    expect(extrapolate(correct, sizes).overpaid.estimate).toBeCloseTo(e.overpaid.estimate, 0)
    expect((e.paid?.estimate ?? 0) - (e.correct?.estimate ?? 0)).toBeCloseTo(e.overpaid.estimate, 6)
    const text = extrapolationText(e)
    expect(text).toMatch(/^Stratified variable appraisal · overpaid/)
    expect(text).toMatch(/Z-value used +1\.281551565545 +1\.644853626951 +1\.959963984540/)
    expect(text).toMatch(/Units in the sample +60 of 60/)
  })
  it('takes spares in their order and only in place of others', () => {
    const first = (role: string) => (c: string[]): boolean => c[0] === 'north' && c[1] === role && c[2] === (role === 'sample' ? '1' : `${1 + (trail.strata[0]?.sample ?? 0)}`)
    const swapped = worksheet((c) => {
      all(c)
      if (first('sample')(c)) c[1] = 'replaced'
      if (first('spare')(c)) c[5] = '12'
    })
    const reviewed = reviewedSampleOf(swapped, {}, trail)
    expect([reviewed.units.length, reviewed.replaced]).toEqual([60, 1])
    expect(reviewed.warnings[0]).toMatch(/1 units were replaced/)
    const extra = worksheet((c) => {
      all(c)
      if (first('spare')(c)) c[5] = '12'
    })
    expect(() => reviewedSampleOf(extra, {}, trail)).toThrow(/1 spares have an amount, but 0 units are marked “replaced”/)
  })
  it('refuses a sample that is no longer the one drawn', () => {
    const wrong: [Table, RegExp][] = [
      [worksheet(() => undefined), /60 sampled units are not reviewed \(rows 2, 3, 4, 5, 6 …\)/],
      [worksheet((c, i) => (i === 0 ? void (c[5] = 'SECRET') : all(c))), /^row 2: column “overpaid” is not an amount\.$/],
      [worksheet((c, i) => {
        all(c)
        if (i === 1) c[3] = 'C-99999'
      }), /row 3 is of a unit that the trail did not draw/],
      [{ ...worksheet(all), rows: worksheet(all).rows.slice(1) }, /stratum “north” has 19 reviewed units, but 20 were drawn/],
      [{ ...worksheet(all), rows: [...worksheet(all).rows, ...worksheet(all).rows.slice(0, 1)] }, /are the same unit/],
    ]
    for (const [t, why] of wrong) expect(() => reviewedSampleOf(t, {}, trail)).toThrow(why)
    expect(() => extrapolate(reviewedSampleOf(worksheet(all), {}, trail), new Map([['north', 100]]))).toThrow(/stratum “south”, whose size in the universe is not known/)
  })
  it('warns of what makes limits unsure', () => {
    const few = reviewedSampleOf(table(['claim', 'paid', 'overpaid'], ['A', '10', '0'], ['B', '10', '0'], ['C', '10', '30'], ['D', '10', '-2']), {}, null)
    const e = extrapolate(few, new Map([['all', 400]]))
    expect(e.cautions.join('\n')).toMatch(/1 units have more overpaid than paid[\s\S]*1 units were underpaid[\s\S]*only 4 units were reviewed[\s\S]*only 2 units differ from 0[\s\S]*precision at 90 %[\s\S]*below what the sample itself shows/)
    const census = extrapolate(few, new Map([['all', 4]]))
    expect(census.cautions.at(-1)).toMatch(/every unit of the universe was reviewed/)
    expect(extrapolationText(census)).toMatch(/Unrestricted variable appraisal[\s\S]*T-value used/)
  })
})
