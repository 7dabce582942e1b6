// Counts by month → the series, signals and pictures of a batch. May not: write; judge a provider.
import { delimitedLine, guarded } from '../../base/delimited.ts'
import { funnelOf, pChart, trendOf, xmrChart, type ControlChart, type Funnel, type Trend } from './charts.ts'
import { controlPicture, funnelPicture, heatPicture, type HeatRow } from './draw-charts.ts'
import type { Picture } from './picture.ts'
import { decided, NO_ASKED, NO_COUNTS, type Asked, type Counts, type ProviderGroup, type Series, type Tally } from './tally.ts'

export interface TrendTexts { readonly asks: (requirement: string) => string; readonly says: (rule: string) => string }

export interface MonthShare { readonly label: string; readonly n: number; readonly found: number }

export interface TrendRow { readonly kind: 'all' | 'provider' | 'requirement' | 'rule'; readonly id: string; readonly label: string; readonly n: number; readonly found: number; readonly atStake: number; readonly months: readonly MonthShare[]; readonly chart: ControlChart; readonly trend: Trend }

export interface Trends {
  readonly tally: Tally
  readonly all: TrendRow
  readonly providers: readonly TrendRow[]
  readonly requirements: readonly TrendRow[]
  readonly rules: readonly TrendRow[]
  readonly funnel: Funnel
  /** Amount at stake a claim. */
  readonly amounts: ControlChart
}

export const nameOf = (p: Pick<ProviderGroup, 'key' | 'name' | 'npi'>): string => (p.name === null ? p.key : p.npi === null ? p.name : `${p.name} (${p.npi})`)

/** Lines decided and findings, month by month. */
export const findingsByMonth = (months: readonly string[], series: Series<Counts>): MonthShare[] => months.map((label) => ({ label, ...decided(series.months.get(label) ?? NO_COUNTS) }))
export const failuresByMonth = (months: readonly string[], series: Series<Asked>): MonthShare[] => months.map((label) => {
  const a = series.months.get(label) ?? NO_ASKED
  return { label, n: a.asked, found: a.failed }
})

export function trendsOf(tally: Tally, texts: TrendTexts): Trends {
  const { months } = tally
  const row = (kind: TrendRow['kind'], id: string, label: string, atStake: number, of: readonly MonthShare[]): TrendRow => ({
    kind, id, label, atStake, months: of, n: of.reduce((s, m) => s + m.n, 0), found: of.reduce((s, m) => s + m.found, 0), chart: pChart(of), trend: trendOf(of),
  })
  const worst = (rows: readonly TrendRow[]): TrendRow[] => [...rows].sort((a, b) => b.found - a.found || (a.id < b.id ? -1 : 1))
  return {
    tally, all: row('all', 'all', 'all providers', tally.all.counts.all.atStake, findingsByMonth(months, tally.all.counts)),
    providers: worst(tally.providers.map((p) => row('provider', p.key, nameOf(p), p.counts.all.atStake, findingsByMonth(months, p.counts)))),
    requirements: worst([...tally.all.requirements].map(([id, s]) => row('requirement', id, texts.asks(id), s.all.atStake, failuresByMonth(months, s)))),
    rules: worst([...tally.all.rules].map(([id, s]) => row('rule', id, texts.says(id), s.all.atStake, failuresByMonth(months, s)))),
    funnel: funnelOf(tally.providers.map((p) => ({ key: p.key, label: p.name ?? p.key, ...decided(p.counts.all) }))),
    amounts: xmrChart(months.map((label) => {
      const c = tally.all.counts.months.get(label) ?? NO_COUNTS
      return { label, n: c.claims, value: c.claims === 0 ? null : c.atStake / c.claims }
    })),
  }
}

const MOST_ROWS = 25

const heat = (rows: readonly TrendRow[]): HeatRow[] => rows.filter((r) => r.found > 0).slice(0, MOST_ROWS).map((r) => ({ label: `${r.id}: ${r.label}`, cells: r.months.map((m) => ({ month: m.label, n: m.n, found: m.found })) }))

/** The pictures by the name of their file. */
export function trendPictures(t: Trends): ReadonlyMap<string, Picture> {
  const out = new Map<string, Picture>([
    ['providers-funnel', funnelPicture(t.funnel, 'Lines with a finding, by provider')],
    ['findings-by-month', controlPicture(t.all.chart, 'Lines with a finding, by month of service (p-chart)')],
    ['amount-by-month', controlPicture(t.amounts, 'Amount at stake a claim, by month of service (XmR chart)')],
  ])
  const [requirements, rules] = [heat(t.requirements), heat(t.rules)]
  if (requirements.length > 0) out.set('requirements-by-month', heatPicture(requirements, 'Requirements not met, in per cent of the lines asked'))
  if (rules.length > 0) out.set('rules-by-month', heatPicture(rules, 'Billing rules that fired, in per cent of the lines'))
  return out
}

export function trendsCsv(t: Trends): string {
  const lines = [['kind', 'id', 'label', 'month', 'n', 'found', 'share', 'lower_limit', 'upper_limit', 'signal']]
  const number = (v: number | null): string => (v === null ? '' : `${Math.round(v * 1e6) / 1e6}`)
  for (const r of [t.all, ...t.providers, ...t.requirements, ...t.rules]) for (const [i, m] of r.months.entries()) {
    const p = r.chart.points[i]
    lines.push([r.kind, guarded(r.id), guarded(r.label), m.label, `${m.n}`, `${m.found}`, number(p?.value ?? null), number(p?.lower ?? null), number(p?.upper ?? null), p?.signal ?? ''])
  }
  return lines.map((l) => delimitedLine(l)).join('')
}
