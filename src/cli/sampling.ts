// Files around samples: frame → sample, sample → extrapolation, sizes. May not: calculate; overwrite a worksheet.
import { createHash, randomInt } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { delimitedLine } from '../base/delimited.ts'
import { fileOf } from '../batch/read-results.ts'
import type { Allocation } from '../batch/statistics/allocation.ts'
import { momentsOf } from '../batch/statistics/appraisal.ts'
import { extrapolate, type Extrapolation } from '../batch/statistics/extrapolation.ts'
import { ALL, frameLines, frameOf, strataOption, type Frame } from '../batch/statistics/frame.ts'
import { drawSample, SAMPLE_SCHEMA, trailFaults, worksheetRows, type Design, type SampleTrail } from '../batch/statistics/sample.ts'
import { reviewedSampleOf, type ReviewedOptions } from '../batch/statistics/reviewed-sample.ts'
import { fromErrorRate, shareTable, sizeForStrata, sizeTable, zOf, type SizeTable } from '../batch/statistics/sample-size.ts'
import { amountOf } from '../batch/statistics/table.ts'
import { amountWords } from '../report/money.ts'
import { InputFault } from './fault.ts'
import { tableOfFile } from './table-file.ts'
import { folderFor, writeWhole } from './write-whole.ts'

export interface FrameArguments { readonly unit?: string; readonly amount?: string; readonly strata?: string }

export interface SampleArguments extends FrameArguments {
  readonly size?: number; readonly sizes?: string; readonly allocation: Allocation; readonly minimum: number; readonly spares: number; readonly seed?: number
}

const count = (n: number): string => amountWords(n).replace(/\.00$/, '')

async function readFrame(path: string, options: FrameArguments): Promise<Frame> {
  return frameOf(await tableOfFile(path), { unit: options.unit, amount: options.amount, strata: options.strata === undefined ? undefined : strataOption(options.strata) })
}

const fileHash = (path: string): string => createHash('sha256').update(readFileSync(statSync(path).isDirectory() ? fileOf(path) : path)).digest('hex')

function unitsHash(frame: Frame): string {
  const hash = createHash('sha256')
  for (const line of frameLines(frame)) hash.update(line)
  return hash.digest('hex')
}

/** `low=1200,high=300`, or one number for all. @throws InputFault */
export function namedNumbers(text: string, option: string): number | Map<string, number> {
  if (/^\d+$/.test(text.trim())) return Number(text)
  const out = new Map<string, number>()
  // A name may hold commas and equal signs; `=12,` ends each.
  const parts = text.split(/=(\d+)(?:,|$)/)
  for (let i = 0; i + 1 < parts.length; i += 2) out.set((parts[i] as string).trim(), Number(parts[i + 1]))
  if (out.size === 0 || (parts.at(-1) ?? '').trim() !== '') throw new InputFault(`${option} takes a number, or one for each stratum: low=1200,high=300.`)
  return out
}

export async function sampleFiles(framePath: string, options: SampleArguments, out: string): Promise<{ trail: SampleTrail; text: string; warnings: readonly string[] }> {
  if ((options.size === undefined) === (options.sizes === undefined)) throw new InputFault('say how many units to draw: --size for all together, or --sizes for each stratum.')
  const [worksheet, record] = [join(out, 'sample.csv'), join(out, 'sample.json')]
  for (const path of [worksheet, record]) if (existsSync(path)) throw new InputFault(`${path}: there is a sample already; choose another folder, as a worksheet that may be filled in is not overwritten.`)
  const frame = await readFrame(framePath, options)
  const sizes = options.sizes === undefined ? null : namedNumbers(options.sizes, '--sizes')
  const size = sizes === null ? (options.size as number) : typeof sizes === 'number' ? sizes : Object.fromEntries(sizes)
  const design: Design = { seed: options.seed ?? randomInt(2 ** 32), seedFrom: options.seed === undefined ? 'machine' : 'given', size, allocation: options.allocation, spares: options.spares, least: options.minimum }
  const trail = drawSample(frame, design, { file: basename(framePath), fileSha256: fileHash(framePath), unitsSha256: unitsHash(frame) })
  await folderFor(out)
  await writeWhole(worksheet, [...worksheetRows(frame, trail)].map((r) => delimitedLine(r)).join(''))
  await writeWhole(record, `${JSON.stringify(trail, null, 1)}\n`)
  return { trail, text: sampleText(trail, worksheet, record), warnings: frame.warnings }
}

function sampleText(t: SampleTrail, worksheet: string, record: string): string {
  const line = (s: SampleTrail['strata'][number]): string => `  ${s.name}: ${count(s.sample)} of ${count(s.units)}${s.total === null ? '' : `, ${amountWords(s.total)} in all`}${s.spares > 0 ? `, ${s.spares} spares` : ''}`
  return [
    `${count(t.design.size)} of ${count(t.frame.units)} units drawn${t.design.kind === 'stratified' ? ` from ${t.strata.length} strata${t.design.allocation === 'given' ? '' : `, ${t.design.allocation} allocation`}` : ''}, seed ${t.design.seed}${t.design.seedFrom === 'machine' ? ' (chosen by the machine)' : ''}.`,
    ...(t.design.kind === 'stratified' || t.design.spares > 0 ? t.strata.map(line) : []),
    `Frame ${t.frame.file}, SHA-256 ${t.frame.fileSha256}`,
    `Worksheet: ${worksheet} (fill in “overpaid” for every unit, then vouch extrapolate)`, `Trail: ${record}`, '',
  ].join('\n')
}

/** The draw of a trail made again. */
export async function verifySample(framePath: string, trailPath: string): Promise<{ faults: readonly string[]; text: string }> {
  const trail = readTrail(trailPath)
  const by = trail.frame.strataBy
  const frame = await readFrame(framePath, { unit: trail.frame.unitColumn, ...(trail.frame.amountColumn === null ? {} : { amount: trail.frame.amountColumn }), ...(by === null || by === 'amount:' ? {} : { strata: by }) })
  const again = drawSample(frame, { seed: trail.design.seed, seedFrom: trail.design.seedFrom, size: Object.fromEntries(trail.strata.map((s) => [s.name, s.sample])), allocation: 'proportional', spares: trail.design.spares, least: trail.design.least }, { file: basename(framePath), fileSha256: fileHash(framePath), unitsSha256: unitsHash(frame) })
  const faults = trailFaults(trail, again)
  return { faults, text: faults.length === 0 ? `The sample is what seed ${trail.design.seed} draws from this frame: ${count(trail.units.length)} entries, each the same.\n` : `${faults.map((f) => `✗ ${f}`).join('\n')}\n` }
}

function readTrail(path: string): SampleTrail {
  const data = ((): unknown => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'))
    } catch (e) {
      throw new InputFault(`${path}: the trail cannot be read (${(e as NodeJS.ErrnoException).code ?? 'it is not JSON'}).`)
    }
  })()
  if (data === null || typeof data !== 'object' || !('schema' in data) || data.schema !== SAMPLE_SCHEMA || !('strata' in data) || !Array.isArray(data.strata) || !('units' in data) || !Array.isArray(data.units)) throw new InputFault(`${path}: is no trail of a sample; give sample.json as vouch sample writes it.`)
  return data as SampleTrail
}

const isTrail = (path: string): boolean => path.endsWith('.json') && existsSync(path) && readFileSync(path, 'utf8').slice(0, 200).includes(SAMPLE_SCHEMA)

export interface ExtrapolateArguments extends ReviewedOptions, Pick<FrameArguments, 'amount' | 'strata'> { readonly frame?: string; readonly universe?: string }

/** Sizes of the strata: from the trail, the frame itself, or as said. */
export async function extrapolateFile(samplePath: string, options: ExtrapolateArguments): Promise<{ result: Extrapolation; notes: readonly string[] }> {
  if (options.frame !== undefined && options.universe !== undefined) throw new InputFault('give the universe once: --frame or --universe.')
  const beside = join(dirname(samplePath), 'sample.json')
  const source = options.frame ?? (options.universe === undefined && isTrail(beside) ? beside : undefined)
  if (source === undefined && options.universe === undefined) throw new InputFault('the size of the universe is not known; give --frame (the trail sample.json, or the frame itself) or --universe.')
  const notes = source === beside && options.frame === undefined ? [`the universe is taken from ${beside}`] : []
  const table = await tableOfFile(samplePath)
  if (source !== undefined && isTrail(source)) {
    const trail = readTrail(source)
    return { result: extrapolate(reviewedSampleOf(table, options, trail), new Map(trail.strata.map((s) => [s.name, s.units]))), notes }
  }
  const reviewed = reviewedSampleOf(table, options, null)
  if (source !== undefined) {
    const frame = await readFrame(source, options)
    return { result: extrapolate(reviewed, new Map(frame.strata.map((s) => [s.name, s.units.length]))), notes: [...notes, ...frame.warnings] }
  }
  const sizes = namedNumbers(options.universe as string, '--universe')
  return { result: extrapolate(reviewed, typeof sizes === 'number' ? new Map([[reviewed.units[0]?.stratum ?? ALL, sizes]]) : sizes), notes }
}

export interface SizeArguments extends FrameArguments {
  readonly universe?: number; readonly mean?: number; readonly deviation?: number; readonly rate?: number; readonly errorRate?: number; readonly probe?: string; readonly overpaid?: string; readonly frame?: string
  readonly precision: number; readonly confidence: number; readonly allocation: Allocation
}

export async function sampleSizes(options: SizeArguments): Promise<string> {
  const frame = options.frame === undefined ? null : await readFrame(options.frame, options)
  const universe = options.universe ?? frame?.strata.reduce((n, s) => n + s.units.length, 0)
  if (universe === undefined || !(universe >= 1)) throw new InputFault('the size of the universe is not known; give --universe or --frame.')
  if (frame !== null && frame.strata.length > 1) return strataSizes(frame, options)
  if (options.rate !== undefined) {
    if (!(options.rate > 0 && options.rate < 100)) throw new InputFault('--rate is the share of units with an error that is expected, in per cent, between 0 and 100.')
    return sizesText(`Units for a share of about ${options.rate} % in a universe of ${count(universe)}`, ' points from limit to limit', shareTable(universe, options.rate / 100))
  }
  if (options.errorRate !== undefined && !(options.errorRate > 0 && options.errorRate <= 100)) throw new InputFault('--error-rate is the share of units expected to be wholly in error, in per cent, above 0 and at most 100.')
  const moments = options.probe !== undefined ? momentsOf(await probeValues(options.probe, options.overpaid)) : frame !== null && frame.amountColumn !== null ? { mean: frame.strata[0]?.mean ?? 0, deviation: frame.strata[0]?.deviation ?? 0 } : null
  const given = { mean: options.mean ?? moments?.mean, deviation: options.deviation ?? moments?.deviation }
  if (given.mean === undefined || given.deviation === undefined) throw new InputFault('give --probe with reviewed units, or --mean and --deviation of the overpaid amount, or --error-rate with a frame, or --rate for a share.')
  const { mean, deviation } = options.errorRate === undefined ? { mean: given.mean, deviation: given.deviation } : fromErrorRate(options.errorRate / 100, { mean: given.mean, deviation: given.deviation })
  if (mean === 0) throw new InputFault('the mean is 0, and a precision in per cent of it needs no sample that could be drawn; take a larger probe.')
  return sizesText(`Units for an amount of ${amountWords(Math.abs(mean))} a unit, standard deviation ${amountWords(deviation)}, in a universe of ${count(universe)}`, ' % of the amount either way', sizeTable(universe, mean, deviation))
}

async function probeValues(path: string, column: string | undefined): Promise<number[]> {
  return reviewedSampleOf(await tableOfFile(path), { overpaid: column }, null).units.map((u) => u.overpaid)
}

function sizesText(title: string, precision: string, table: SizeTable): string {
  const rows = [['Precision', ...table.confidences.map((c) => `${Math.round(c * 100)} %`)], ...table.precisions.map((p, i) => [`${Math.round(p * 100)}${precision}`, ...(table.sizes[i] ?? []).map(count)])]
  const first = Math.max(...rows.map((r) => (r[0] as string).length))
  return `${title}; two-sided confidence:\n\n${rows.map((r) => `  ${r.map((c, i) => (i === 0 ? c.padEnd(first) : c.padStart(10))).join('')}`).join('\n')}\n`
}

function strataSizes(frame: Frame, options: SizeArguments): string {
  if (frame.amountColumn === null) throw new InputFault('sizes for strata need amounts to see how much they vary; name their column with --amount.')
  if (options.allocation === 'equal') throw new InputFault('sizes for strata are planned with proportional or neyman allocation.')
  const units = frame.strata.reduce((n, s) => n + s.units.length, 0)
  const mean = frame.strata.reduce((n, s) => n + s.total, 0) / units
  const size = sizeForStrata(frame.strata.map((s) => ({ size: s.units.length, deviation: s.deviation })), (options.precision / 100) * Math.abs(mean), zOf(options.confidence / 100), options.allocation)
  return `${count(size)} units of ${count(units)}, ${options.allocation} allocation over ${frame.strata.length} strata, for “${frame.amountColumn}” within ${options.precision} % at ${options.confidence} % confidence.\nOverpaid amounts vary otherwise than “${frame.amountColumn}”; a probe of reviewed units (--probe) says more.\n`
}

/** @throws InputFault */
export function numberOption(name: string): (text: string) => number {
  return (text) => {
    const value = amountOf(text)
    if (value === null || !Number.isFinite(value)) throw new InputFault(`${name} is a number.`)
    return value
  }
}
