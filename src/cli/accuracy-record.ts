// The few figures of an evaluation that must not fall, kept in docs/accuracy.json. May not: read files; forgive a fall.
import { z } from 'zod'
import type { EvalReport, Share } from './eval-score.ts'

const shareSchema = z.strictObject({ count: z.number().int().min(0), of: z.number().int().min(0), rate: z.number().min(0).max(1).nullable() })
const groupSchema = z.strictObject({ cases: z.number().int().min(1), determination: shareSchema, requirements: shareSchema })

/** By group of cases. */
export const accuracyRecordSchema = z.record(z.string(), groupSchema)
export type AccuracyRecord = z.infer<typeof accuracyRecordSchema>

/** A share may fall by this much: no line or requirement, only rounding. */
const TOLERANCE = 0.0005

const short = ({ count, of, rate }: Share): AccuracyRecord[string]['determination'] => ({ count, of, rate: rate === null ? null : Math.round(rate * 1e5) / 1e5 })

export function accuracyRecord(report: EvalReport): AccuracyRecord {
  return Object.fromEntries(report.groups.map(({ group, figures }) =>
    [group, { cases: figures.cases, determination: short(figures.determination.accuracy), requirements: short(figures.requirements.accuracy) }]))
}

/** A sentence for every figure that fell, and for every group that is missing on either side. */
export function fallenBelow(record: AccuracyRecord, now: AccuracyRecord): string[] {
  const groups = [...new Set([...Object.keys(record), ...Object.keys(now)])].sort()
  return groups.flatMap((group) => {
    const [before, after] = [record[group], now[group]]
    if (before === undefined) return [`${group}: not in the record`]
    if (after === undefined) return [`${group}: no longer evaluated`]
    return (['determination', 'requirements'] as const).flatMap((what) => {
      const [was, is] = [before[what], after[what]]
      return (is.rate ?? 0) < (was.rate ?? 0) - TOLERANCE ? [`${group}: ${what} fell from ${was.count} of ${was.of} to ${is.count} of ${is.of}`] : []
    })
  })
}
