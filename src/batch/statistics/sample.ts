// A random sample of a frame with the trail that lets anybody draw it again. May not: choose a seed; read a clock or a file.
import { allocate, type Allocation } from './allocation.ts'
import type { Frame, FrameUnit } from './frame.ts'
import { drawer, GENERATOR } from './random-draw.ts'
import { guarded } from '../../base/delimited.ts'
import { TableFault } from './table.ts'

export const SAMPLE_SCHEMA = 'vouch/sample@1'

export const HOW_DRAWN = 'Strata in ascending order of name, units of a stratum in ascending order of id, numbered from 1. One generator, started once with the seed, runs through the strata. '
  + 'Each of its 32-bit numbers r gives position 1 + (r mod N) in a stratum of N units; r is passed over where it is at or above the largest multiple of N within 2^32, and where the position was drawn before. '
  + 'The first positions are the sample, the next the spares, to be used in their order.'

export interface Design {
  readonly seed: number
  readonly seedFrom: 'given' | 'machine'
  /** Of all strata together; or of each, by name. */
  readonly size: number | Readonly<Record<string, number>>
  readonly allocation: Allocation
  /** Of each stratum. */
  readonly spares: number
  /** No stratum is given fewer, unless it has fewer. */
  readonly least: number
}

export interface DrawnUnit {
  readonly stratum: string
  readonly role: 'sample' | 'spare'
  /** Within the stratum, sample first. */
  readonly order: number
  readonly random: number
  readonly position: number
  readonly unit: string
  readonly amount: number | null
  readonly rows: readonly number[]
}

export interface SampleTrail {
  readonly schema: typeof SAMPLE_SCHEMA
  readonly frame: {
    readonly file: string
    /** Of the bytes of the file, and of the units in their order (one JSON array a line: stratum, id, amount). */
    readonly fileSha256: string
    readonly unitsSha256: string
    readonly rows: number
    readonly units: number
    readonly unitColumn: string
    readonly amountColumn: string | null
    readonly strataBy: string | null
    readonly total: number | null
  }
  readonly design: { readonly kind: 'simple' | 'stratified'; readonly allocation: Allocation | 'given' | null; readonly size: number; readonly spares: number; readonly least: number; readonly seed: number; readonly seedFrom: 'given' | 'machine' }
  readonly generator: { readonly name: string; readonly how: string }
  readonly strata: readonly {
    readonly name: string; readonly units: number; readonly total: number | null; readonly mean: number | null; readonly deviation: number | null
    readonly sample: number; readonly spares: number; readonly rejected: number; readonly repeated: number
  }[]
  readonly units: readonly DrawnUnit[]
}

export interface FrameFile { readonly file: string; readonly fileSha256: string; readonly unitsSha256: string }

/** @throws TableFault */
export function drawSample(frame: Frame, design: Design, file: FrameFile): SampleTrail {
  const { seed, spares, least } = design
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) throw new TableFault('--seed is a whole number from 0 to 4294967295.')
  const counts = countsOf(frame, design)
  const draw = drawer(seed)
  const units: DrawnUnit[] = []
  const strata = frame.strata.map((s, i) => {
    const sample = counts[i] as number
    const further = Math.min(spares, s.units.length - sample)
    const { draws, rejected, repeated } = draw(s.units.length, sample + further)
    for (const d of draws) {
      const u = s.units[d.position - 1] as FrameUnit
      units.push({ stratum: s.name, role: d.order <= sample ? 'sample' : 'spare', order: d.order, random: d.random, position: d.position, unit: u.id, amount: u.amount, rows: u.rows })
    }
    const known = frame.amountColumn !== null
    return { name: s.name, units: s.units.length, total: known ? s.total : null, mean: known ? s.mean : null, deviation: known ? s.deviation : null, sample, spares: further, rejected, repeated }
  })
  const total = frame.amountColumn === null ? null : frame.strata.reduce((n, s) => n + Math.round(s.total * 100), 0) / 100
  return {
    schema: SAMPLE_SCHEMA,
    frame: { ...file, rows: frame.rows, units: strata.reduce((n, s) => n + s.units, 0), unitColumn: frame.unitColumn, amountColumn: frame.amountColumn, strataBy: frame.strataBy, total },
    design: { kind: strata.length === 1 ? 'simple' : 'stratified', allocation: strata.length === 1 ? null : typeof design.size === 'number' ? design.allocation : 'given', size: strata.reduce((n, s) => n + s.sample, 0), spares, least, seed, seedFrom: design.seedFrom },
    generator: { name: GENERATOR, how: HOW_DRAWN }, strata, units,
  }
}

function countsOf(frame: Frame, { size, allocation, least }: Design): number[] {
  const all = frame.strata.reduce((n, s) => n + s.units.length, 0)
  if (typeof size !== 'number') {
    const named = new Map(Object.entries(size))
    const unknown = [...named.keys()].find((n) => !frame.strata.some((s) => s.name === n))
    if (unknown !== undefined) throw new TableFault(`--sizes names the stratum “${unknown}”; the strata are ${frame.strata.map((s) => `“${s.name}”`).join(', ')}.`)
    return frame.strata.map((s) => {
      const n = named.get(s.name)
      if (n === undefined) throw new TableFault(`--sizes leaves out the stratum “${s.name}”; a stratum that is not drawn from cannot be spoken for.`)
      if (!Number.isInteger(n) || n < 1 || n > s.units.length) throw new TableFault(`--sizes asks for ${n} units of stratum “${s.name}”, which has ${s.units.length}.`)
      return n
    })
  }
  if (!Number.isInteger(size) || size < 1) throw new TableFault('--size is a whole number of units, at least 1.')
  if (size > all) throw new TableFault(`--size asks for ${size} units; the frame has ${all}.`)
  if (frame.strata.length === 1) return [size]
  if (allocation === 'neyman' && frame.amountColumn === null) throw new TableFault('--allocation neyman needs amounts to see how much they vary; name their column with --amount.')
  const floors = frame.strata.reduce((n, s) => n + Math.min(least, s.units.length), 0)
  if (floors > size) throw new TableFault(`--size ${size} is too few for ${frame.strata.length} strata with at least ${least} units each; ${floors} are needed.`)
  return allocate(frame.strata.map((s) => ({ name: s.name, size: s.units.length, deviation: s.deviation })), size, allocation, least)
}

/** What differs between a trail and the same draw made again; empty where it is the same. */
export function trailFaults(given: SampleTrail, again: SampleTrail): string[] {
  const faults: string[] = []
  if (given.frame.fileSha256 !== again.frame.fileSha256) faults.push('the file of the frame is not, byte for byte, the one that was drawn from')
  if (given.frame.unitsSha256 !== again.frame.unitsSha256) faults.push('the units of the frame are not those that were drawn from')
  if (JSON.stringify(given.strata) !== JSON.stringify(again.strata)) faults.push('the strata are not the same')
  if (given.units.length !== again.units.length) faults.push(`the trail names ${given.units.length} units, the draw made again ${again.units.length}`)
  const at = given.units.findIndex((u, i) => JSON.stringify(u) !== JSON.stringify(again.units[i]))
  if (at >= 0) faults.push(`from entry ${at + 1} on, the units are not those that the seed draws`)
  return faults
}

export const WORKSHEET = ['stratum', 'role', 'order', 'unit', 'paid', 'overpaid', 'comment'] as const

/** Rows of the worksheet: ours, then the columns of the frame. `overpaid` is for the reviewer. */
export function* worksheetRows(frame: Frame, trail: SampleTrail): Generator<string[]> {
  const own: ReadonlySet<string> = new Set([...WORKSHEET, frame.unitColumn, frame.amountColumn ?? ''].map((c) => c.toLowerCase()))
  const others = frame.columns.map((c, i) => ({ c, i })).filter(({ c }) => !own.has(c.toLowerCase()))
  const cells = new Map(frame.strata.flatMap((s) => s.units.map((u) => [`${s.name}\n${u.id}`, u.cells] as const)))
  yield [...WORKSHEET, ...others.map(({ c }) => guarded(c))]
  for (const u of trail.units) {
    const from = cells.get(`${u.stratum}\n${u.unit}`) ?? []
    yield [u.stratum, u.role, `${u.order}`, u.unit, u.amount === null ? '' : u.amount.toFixed(2), '', '', ...others.map(({ i }) => from[i] ?? '')].map(guarded)
  }
}
