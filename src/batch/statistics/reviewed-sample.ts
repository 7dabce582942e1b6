// The worksheet of a sample after review → the amounts to appraise. May not: fill a gap; take a spare out of turn.
import { ALL } from './frame.ts'
import type { SampleTrail } from './sample.ts'
import { unguarded } from '../../base/delimited.ts'
import { amountOf, columnOf, TableFault, type Table } from './table.ts'

export interface ReviewedUnit { readonly stratum: string; readonly unit: string; readonly paid: number | null; readonly overpaid: number }

export interface ReviewedSample { readonly units: readonly ReviewedUnit[]; readonly replaced: number; readonly warnings: readonly string[] }

export interface ReviewedOptions { readonly overpaid?: string | undefined; readonly paid?: string | undefined; readonly correct?: string | undefined; readonly stratum?: string | undefined; readonly unit?: string | undefined }

const MOST_TOLD = 5

/** @throws TableFault */
export function reviewedSampleOf(table: Table, options: ReviewedOptions, trail: SampleTrail | null): ReviewedSample {
  const unitAt = columnOf(table, options.unit, ['unit', 'claimid', 'claim', 'claimnumber', 'icn'])
  const paidAt = columnOf(table, options.paid, ['paid', 'paidamount', 'amountpaid', 'examined', 'examinedvalue', 'billed', 'charge'])
  const overpaidAt = options.correct !== undefined ? null : columnOf(table, options.overpaid, ['overpaid', 'overpayment', 'difference', 'error'])
  const correctAt = overpaidAt !== null ? null : columnOf(table, options.correct, ['correct', 'correctamount', 'allowed', 'audited', 'auditedvalue', 'shouldhavebeenpaid'])
  const stratumAt = columnOf(table, options.stratum, ['stratum', 'strata'])
  const roleAt = columnOf(table, undefined, ['role'])
  const orderAt = columnOf(table, undefined, ['order'])
  if (overpaidAt === null && (correctAt === null || paidAt === null)) throw new TableFault('the sample needs a column “overpaid”, or the columns “paid” and “correct”; name them with --overpaid, --paid and --correct.')
  const units: (ReviewedUnit & { row: number })[] = []
  const blank: number[] = []
  const replaced = new Map<string, number>()
  const spares = new Map<string, { order: number; row: number; used: boolean }[]>()
  for (const { row, cells } of table.rows) {
    const cell = (at: number | null): string => (at === null ? '' : (cells[at] ?? '').trim())
    const stratum = stratumAt === null ? ALL : unguarded(cell(stratumAt)) || ALL
    const number = (at: number | null): number | null => {
      const value = at === null ? null : amountOf(cell(at))
      if (Number.isNaN(value)) throw new TableFault(`row ${row}: column “${table.columns[at as number]}” is not an amount.`)
      return value
    }
    const paid = number(paidAt)
    const correct = number(correctAt)
    const overpaid = overpaidAt !== null ? number(overpaidAt) : correct === null || paid === null ? null : (Math.round(paid * 100) - Math.round(correct * 100)) / 100
    const role = cell(roleAt).toLowerCase()
    if (role === 'replaced') {
      replaced.set(stratum, (replaced.get(stratum) ?? 0) + 1)
      continue
    }
    if (role === 'spare') {
      spares.set(stratum, [...(spares.get(stratum) ?? []), { order: Number(cell(orderAt)) || row, row, used: overpaid !== null }])
      if (overpaid === null) continue
    } else if (overpaid === null) {
      blank.push(row)
      continue
    }
    units.push({ row, stratum, unit: unguarded(cell(unitAt)), paid, overpaid: overpaid ?? 0 })
  }
  if (blank.length > 0) {
    throw new TableFault(`${blank.length} sampled units are not reviewed (${blank.length === 1 ? 'row' : 'rows'} ${blank.slice(0, MOST_TOLD).join(', ')}${blank.length > MOST_TOLD ? ' …' : ''}); give each an amount, 0 where nothing was overpaid, or write “replaced” under role and review the next spare.`)
  }
  if (units.length === 0) throw new TableFault('the sample holds no reviewed unit.')
  for (const [stratum, list] of spares) {
    const sorted = [...list].sort((a, b) => a.order - b.order)
    const used = sorted.filter((s) => s.used).length
    if (used !== (replaced.get(stratum) ?? 0)) throw new TableFault(`stratum “${stratum}”: ${used} spares have an amount, but ${replaced.get(stratum) ?? 0} units are marked “replaced”; a spare counts only in place of another unit.`)
    const skipped = sorted.slice(0, used).find((s) => !s.used)
    if (skipped !== undefined) throw new TableFault(`stratum “${stratum}”: the spare in row ${skipped.row} was passed over; spares are used in their order.`)
  }
  const seen = new Map<string, number>()
  for (const u of units) {
    const key = `${u.stratum}\n${u.unit}`
    if (unitAt !== null && u.unit !== '' && seen.has(key)) throw new TableFault(`rows ${seen.get(key)} and ${u.row} are the same unit; a unit counts once.`)
    seen.set(key, u.row)
  }
  const warnings: string[] = []
  if (trail !== null) {
    const drawn = new Set(trail.units.map((u) => `${u.stratum}\n${u.unit}`))
    const foreign = units.find((u) => !drawn.has(`${u.stratum}\n${u.unit}`))
    if (foreign !== undefined) throw new TableFault(`row ${foreign.row} is of a unit that the trail did not draw.`)
    for (const s of trail.strata) {
      const count = units.filter((u) => u.stratum === s.name).length
      if (count !== s.sample) throw new TableFault(`stratum “${s.name}” has ${count} reviewed units, but ${s.sample} were drawn; every drawn unit counts, or the sample is no longer random.`)
    }
    const swapped = [...replaced.values()].reduce((a, b) => a + b, 0)
    if (swapped > 0) warnings.push(`${swapped} units were replaced by spares; say in the report why`)
  }
  const over = units.filter((u) => u.paid !== null && u.overpaid > u.paid).length
  if (over > 0) warnings.push(`${over} units have more overpaid than paid`)
  const under = units.filter((u) => u.overpaid < 0).length
  if (under > 0) warnings.push(`${under} units were underpaid; their amounts are set off against the overpayments`)
  return { units: units.map(({ row: _, ...u }) => u), replaced: [...replaced.values()].reduce((a, b) => a + b, 0), warnings }
}
