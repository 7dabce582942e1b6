// A reviewed sample and the sizes of its strata → the whole appraisal with its cautions, as data. May not: say what to demand; read a file.
import { appraiseAttribute, appraiseAttributeStrata, appraiseVariable, type AttributeAppraisal, type StratifiedShare, type VariableAppraisal } from './appraisal.ts'
import type { ReviewedSample } from './reviewed-sample.ts'
import { TableFault } from './table.ts'

export const EXTRAPOLATION_SCHEMA = 'vouch/extrapolation@1'

/** Of the estimate: beyond it an extrapolation is often called too vague to stand on. */
const WIDE = 0.25
const FEW = 30
const FEW_ERRORS = 10

export interface Extrapolation {
  readonly schema: typeof EXTRAPOLATION_SCHEMA
  readonly universe: { readonly units: number; readonly strata: readonly { readonly name: string; readonly units: number }[] }
  readonly sample: { readonly units: number; readonly replaced: number; readonly overpaidFound: number; readonly paid: number | null; /** Overpaid share of what was paid for the sample. */ readonly rate: number | null }
  readonly overpaid: VariableAppraisal
  /** Of what was paid, where the sample says. */
  readonly paid: VariableAppraisal | null
  /** Of what should have been paid. */
  readonly correct: VariableAppraisal | null
  /** Units with anything overpaid. */
  readonly attribute: AttributeAppraisal | StratifiedShare
  readonly cautions: readonly string[]
}

/** @throws TableFault */
export function extrapolate(sample: ReviewedSample, sizes: ReadonlyMap<string, number>): Extrapolation {
  const names = [...sizes.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const foreign = sample.units.find((u) => !sizes.has(u.stratum))
  if (foreign !== undefined) throw new TableFault(`the sample has units of stratum “${foreign.stratum}”, whose size in the universe is not known; the strata known are ${names.map((n) => `“${n}”`).join(', ')}.`)
  const of = (name: string): ReviewedSample['units'] => sample.units.filter((u) => u.stratum === name)
  const appraise = (value: (u: ReviewedSample['units'][number]) => number): VariableAppraisal => {
    try {
      return appraiseVariable(names.map((name) => ({ name, universe: sizes.get(name) as number, values: of(name).map(value) })))
    } catch (e) {
      if (e instanceof RangeError) throw new TableFault(`${e.message}.`)
      throw e
    }
  }
  const overpaid = appraise((u) => u.overpaid)
  const withPaid = sample.units.every((u) => u.paid !== null)
  const marked = names.map((name) => ({ name, universe: sizes.get(name) as number, n: of(name).length, marked: of(name).filter((u) => u.overpaid > 0).length }))
  const [only] = marked
  const attribute = marked.length === 1 && only !== undefined ? appraiseAttribute(only.universe, only.n, only.marked) : appraiseAttributeStrata(marked)
  const paidSum = withPaid ? sample.units.reduce((n, u) => n + (u.paid ?? 0), 0) : null
  return {
    schema: EXTRAPOLATION_SCHEMA, universe: { units: overpaid.universe, strata: names.map((name) => ({ name, units: sizes.get(name) as number })) },
    sample: { units: sample.units.length, replaced: sample.replaced, overpaidFound: overpaid.sample.total, paid: paidSum, rate: paidSum === null || paidSum === 0 ? null : overpaid.sample.total / paidSum },
    overpaid, paid: withPaid ? appraise((u) => u.paid ?? 0) : null, correct: withPaid ? appraise((u) => (u.paid ?? 0) - u.overpaid) : null, attribute,
    cautions: [...sample.warnings, ...cautionsOf(overpaid)],
  }
}

function cautionsOf(a: VariableAppraisal): string[] {
  const out: string[] = []
  const census = a.strata.every((s) => s.n === s.universe)
  if (census) return ['every unit of the universe was reviewed; the amount is the sum, without any error of sampling']
  if (a.sample.n < FEW) out.push(`only ${a.sample.n} units were reviewed; with fewer than ${FEW} the limits lean on amounts that are spread like a normal distribution`)
  else if (a.kind === 'stratified') {
    const few = a.strata.filter((s) => s.n < FEW && s.n < s.universe)
    if (few.length > 0) out.push(`fewer than ${FEW} units were reviewed in ${few.length === 1 ? `stratum “${few[0]?.name}”` : `${few.length} strata`}`)
  }
  if (a.sample.nonzero < FEW_ERRORS) out.push(`only ${a.sample.nonzero} units differ from 0; the limits of an amount that is rare are unsure, and the lower one tends to be too high`)
  if (a.kind === 'unrestricted' && Math.abs(a.sample.skewness) > 2) out.push(`the amounts are skewed (${a.sample.skewness.toFixed(2)}); more units, or strata by amount, would make the limits surer`)
  const ninety = a.limits.find((l) => l.confidence === 0.9)
  if (ninety !== undefined) {
    if (ninety.precisionShare !== null && ninety.precisionShare > WIDE) out.push(`the precision at 90 % is ${(ninety.precisionShare * 100).toFixed(1)} % of the estimate, wider than the ${WIDE * 100} % that is often asked for`)
    if (ninety.lower < a.sample.total) out.push('the lower limit at 90 % is below what the sample itself shows; what was found is the least that is overpaid')
  }
  return out
}
