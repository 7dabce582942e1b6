// An extrapolation as text for people, laid out as the printouts of RAT-STATS are. May not: calculate; round but for showing.
import { amountWords } from '../../report/money.ts'
import { wrap } from '../../report/plain.ts'
import type { Limits, VariableAppraisal } from './appraisal.ts'
import type { Extrapolation } from './extrapolation.ts'

const WIDTH = 100
const money = (value: number): string => `${value < 0 ? '-' : ''}${amountWords(Math.abs(Math.round(value * 100) / 100))}`
const count = (value: number): string => amountWords(value).replace(/\.00$/, '')
const percent = (share: number | null, digits = 2): string => (share === null ? '–' : `${(share * 100).toFixed(digits)} %`)

function rows(lines: readonly (readonly string[])[], first: number): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((l) => (l[i] ?? '').length)))
  return lines.map((l) => `  ${l.map((c, i) => (i === 0 ? c.padEnd(Math.max(first, widths[0] ?? 0)) : c.padStart((widths[i] ?? 0) + 3))).join('')}`.trimEnd()).join('\n')
}

const limitRows = (limits: readonly Limits[], quantile: string): string => rows([
  ['Confidence, two-sided', ...limits.map((l) => `${Math.round(l.confidence * 100)} %`)],
  ['Lower limit', ...limits.map((l) => money(l.lower))],
  ['Upper limit', ...limits.map((l) => money(l.upper))],
  ['Precision amount', ...limits.map((l) => money(l.precision))],
  ['Precision percent', ...limits.map((l) => percent(l.precisionShare))],
  [quantile, ...limits.map((l) => l.quantile.toFixed(12))],
], 24)

const levelHeads = (a: VariableAppraisal): string[] => (a.strata[0]?.limits ?? []).flatMap((l) => [`${Math.round(l.confidence * 100)} % from`, 'to'])

function variable(title: string, a: VariableAppraisal): string {
  const { sample } = a
  const out = [title]
  out.push(rows([
    ['Universe', count(a.universe)], ['Sample size', count(sample.n)], ['Nonzero items', count(sample.nonzero)], ['Total of the sample', money(sample.total)], ['Mean', money(a.meanEstimate)],
    // Of strata together they would say how the strata differ.
    ...(a.kind === 'stratified' ? [] : [['Standard deviation', money(sample.deviation)], ['Skewness', sample.skewness.toFixed(4)], ['Kurtosis', sample.kurtosis.toFixed(4)]]), ['Standard error (mean)', money(a.meanStandardError)],
    ['Point estimate (total)', money(a.estimate)], ['Standard error (total)', money(a.standardError)],
  ], 24))
  if (a.kind === 'stratified') {
    out.push('', rows([
      ['Stratum', 'universe', 'sample', 'nonzero', 'mean', 'standard deviation', 'point estimate', 'standard error'],
      ...a.strata.map((s) => [s.name, count(s.universe), count(s.n), count(s.nonzero), money(s.mean), money(s.deviation), money(s.estimate), money(s.standardError)]),
    ], 10), '', rows([
      ['By Student’s t', ...levelHeads(a)],
      ...a.strata.map((s) => [s.name, ...s.limits.flatMap((l) => [money(l.lower), money(l.upper)])]),
    ], 10))
  }
  out.push('', limitRows(a.limits, a.kind === 'stratified' ? 'Z-value used' : 'T-value used'))
  if (a.kind === 'stratified') out.push('', `  With Student’s t and ${(a.studentLimits[0]?.degrees ?? 0) === Infinity ? 'endless' : (a.studentLimits[0]?.degrees ?? 0).toFixed(1)} degrees of freedom (Satterthwaite):`, limitRows(a.studentLimits, 'T-value used'))
  return out.join('\n')
}

export function extrapolationText(e: Extrapolation): string {
  const kind = e.overpaid.kind === 'stratified' ? 'Stratified' : 'Unrestricted'
  const out = [variable(`${kind} variable appraisal · overpaid (difference)`, e.overpaid)]
  if (e.paid !== null) out.push(variable(`${kind} variable appraisal · paid (examined)`, e.paid))
  if (e.correct !== null) out.push(variable(`${kind} variable appraisal · correct (audited)`, e.correct))
  const { attribute: a } = e
  out.push([`${kind} attribute appraisal · units with an overpayment${e.overpaid.kind === 'stratified' ? '' : ' (exact, hypergeometric)'}`, rows([
    ['Units in the sample', `${count(a.marked)} of ${count(a.n)}`], ['Share', percent(a.share, 3)], ['Projected units', count(Math.round(a.estimate))], ['Standard error', a.standardError.toFixed(2)],
  ], 24), '', rows([
    ['Confidence, two-sided', ...a.limits.map((l) => `${Math.round(l.confidence * 100)} %`)],
    ['Lower limit', ...a.limits.map((l) => `${count(Math.round(l.lower))} (${percent(l.lowerShare)})`)],
    ['Upper limit', ...a.limits.map((l) => `${count(Math.round(l.upper))} (${percent(l.upperShare)})`)],
  ], 24)].join('\n'))
  const ninety = e.overpaid.limits.find((l) => l.confidence === 0.9)
  const found = e.sample.overpaidFound
  const summary = [`Found in the sample: ${money(found)}${e.sample.rate === null ? '' : ` (${percent(e.sample.rate)} of what was paid for it)`}.`,
    ninety === undefined ? '' : `Lower limit of the two-sided 90 % interval, which payers often ask back: ${money(Math.max(ninety.lower, found))}${ninety.lower < found ? ' (what was found; the limit itself is lower)' : ''}.`,
    ...e.cautions.map((c) => `Caution: ${c}.`)].filter((s) => s !== '')
  out.push(summary.flatMap((s) => wrap(s, WIDTH, '', '  ')).join('\n'))
  return `${out.join('\n\n')}\n`
}
