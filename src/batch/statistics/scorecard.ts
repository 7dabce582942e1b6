// One provider against its peers: determinations, failing requirements, months, what to fix first. May not: rank providers; write.
import { funnelOf, pChart, trendOf, type ControlChart, type Funnel, type FunnelPoint, type Trend } from './charts.ts'
import { barsPicture, controlPicture, funnelPicture, percent, PLACES } from './draw-charts.ts'
import type { Picture } from './picture.ts'
import { amountWords } from '../../report/money.ts'
import { plural } from '../../report/plain.ts'
import { decided, NO_ASKED, type Asked, type Counts, type ProviderGroup, type Series, type Tally } from './tally.ts'
import { failuresByMonth, findingsByMonth, nameOf, type TrendTexts } from './trends.ts'
import { TableFault } from './table.ts'

export interface ItemScore {
  readonly kind: 'requirement' | 'rule'
  readonly id: string
  readonly label: string
  readonly asked: number
  readonly failed: number
  readonly share: number
  /** Of all others; null where it was asked of none. */
  readonly peers: number | null
  /** Lines that fail in this alone. */
  readonly alone: number
  readonly atStake: number
  readonly trend: Trend
}

export interface Scorecard {
  readonly provider: { readonly key: string; readonly npi: string | null; readonly name: string }
  readonly months: readonly string[]
  readonly counts: Counts
  readonly decided: { readonly n: number; readonly found: number }
  readonly peers: { readonly providers: number; readonly n: number; readonly found: number }
  readonly point: FunnelPoint | null
  readonly funnel: Funnel
  readonly chart: ControlChart
  readonly trend: Trend
  /** Most often failed first; those never failed are left out. */
  readonly items: readonly ItemScore[]
  /** Most at stake first. */
  readonly fixFirst: readonly ItemScore[]
}

const MOST_FIXES = 5
const FEW = 20

/** @throws TableFault where the batch has no claim of the provider */
export function scorecardOf(tally: Tally, npi: string, texts: TrendTexts): Scorecard {
  const own = tally.providers.find((p) => p.npi === npi) ?? tally.providers.find((p) => p.key === npi)
  if (own === undefined) {
    const known = tally.providers.slice(0, 8).map((p) => p.key).join(', ')
    throw new TableFault(tally.providers.length === 0 ? 'the results hold no claim with an answer.' : `the results hold no claim of provider ${npi}; they are of ${known}${tally.providers.length > 8 ? ` and ${tally.providers.length - 8} more` : ''}.`)
  }
  const months = monthsOf(tally, own)
  const item = (kind: ItemScore['kind'], id: string, label: string, mine: Series<Asked>, all: Asked): ItemScore => {
    const others = all.asked - mine.all.asked
    return { kind, id, label, asked: mine.all.asked, failed: mine.all.failed, share: mine.all.asked === 0 ? 0 : mine.all.failed / mine.all.asked, peers: others <= 0 ? null : (all.failed - mine.all.failed) / others, alone: mine.all.alone, atStake: mine.all.atStake, trend: trendOf(failuresByMonth(months, mine)) }
  }
  const lines = tally.all.counts.all.lines
  const items = [
    ...[...own.requirements].map(([id, s]) => item('requirement', id, texts.asks(id), s, tally.all.requirements.get(id)?.all ?? NO_ASKED)),
    ...[...own.rules].map(([id, s]) => item('rule', id, texts.says(id), s, { ...(tally.all.rules.get(id)?.all ?? NO_ASKED), asked: lines })),
  ].filter((i) => i.failed > 0)
  const mine = decided(own.counts.all)
  const all = decided(tally.all.counts.all)
  const funnel = funnelOf(tally.providers.map((p) => ({ key: p.key, label: p.name ?? p.key, ...decided(p.counts.all) })))
  const series = findingsByMonth(months, own.counts)
  const by = (of: (i: ItemScore) => readonly number[]) => (a: ItemScore, b: ItemScore): number => of(b).map((v, i) => v - (of(a)[i] as number)).find((v) => v !== 0) ?? (a.id < b.id ? -1 : 1)
  return {
    provider: { key: own.key, npi: own.npi, name: nameOf(own) }, months, counts: own.counts.all, decided: mine, peers: { providers: tally.providers.length - 1, n: all.n - mine.n, found: all.found - mine.found },
    point: funnel.points.find((p) => p.key === own.key) ?? null, funnel, chart: pChart(series), trend: trendOf(series),
    items: [...items].sort(by((i) => [i.failed, i.share])), fixFirst: [...items].sort(by((i) => [i.atStake, i.alone, i.failed])).slice(0, MOST_FIXES),
  }
}

/** From the provider's first month to its last. */
function monthsOf(tally: Tally, own: ProviderGroup): string[] {
  const there = [...own.counts.months.keys()]
  const [first = '', last = ''] = [there[0], there.at(-1)]
  return tally.months.filter((m) => m >= first && m <= last)
}

export interface ScorecardWords {
  readonly title: string
  readonly period: string
  readonly lead: string
  /** Label, figure and tone of each determination. */
  readonly figures: readonly { readonly label: string; readonly value: string; readonly tone: 'good' | 'warn' | 'bad' | 'ask' | 'quiet' }[]
  readonly comparison: readonly string[]
  readonly trend: string
  readonly fixes: readonly { readonly label: string; readonly id: string; readonly words: string }[]
  readonly small: string
}

/** What the scorecard says, in words, for page and paper alike. */
export function scorecardWords(s: Scorecard): ScorecardWords {
  const { counts: c } = s
  const of = (n: number): string => `${n} (${percent(c.lines === 0 ? 0 : n / c.lines)})`
  const own = s.decided.n === 0 ? null : s.decided.found / s.decided.n
  const peers = s.peers.n === 0 ? null : s.peers.found / s.peers.n
  const comparison: string[] = []
  if (own === null) comparison.push('No line has been decided without a person yet.')
  else if (peers === null) comparison.push(`${percent(own, 1)} of the lines decided have a finding. The batch has no other provider to compare with.`)
  else {
    comparison.push(`${percent(own, 1)} of the lines decided have a finding; of the other ${plural(s.peers.providers, 'provider')} together ${percent(peers, 1)}.`)
    if (s.point !== null) comparison.push(`Against all lines of the batch this is ${PLACES[s.point.place].words}${s.point.place === 'within' ? ': a difference that chance explains' : ''}.`)
    if (s.funnel.overDispersed && s.point !== null && s.point.place !== 'within') comparison.push(`Providers differ more than chance explains; by limits widened for that, this is ${PLACES[s.point.adjusted].words}.`)
  }
  if (s.decided.n < FEW) comparison.push(`Only ${plural(s.decided.n, 'line')} decided: too few to lean on.`)
  const signals = s.chart.points.filter((p) => p.signal !== null).map((p) => p.label)
  return {
    title: s.provider.name, period: s.months.length === 0 ? '–' : s.months.length === 1 ? (s.months[0] as string) : `${s.months[0]} to ${s.months.at(-1)}`,
    lead: `${plural(c.claims, 'claim')}, ${plural(c.lines, 'billed line')}${c.billed > 0 ? `, ${amountWords(c.billed)} billed or paid, ${amountWords(c.atStake)} at stake` : ''}.`,
    figures: [
      { label: 'supported', value: of(c.supported), tone: 'good' }, { label: 'insufficient documentation', value: of(c.insufficient), tone: 'warn' }, { label: 'not supported', value: of(c.notSupported), tone: 'bad' }, { label: 'needs review', value: of(c.review), tone: 'ask' },
    ],
    comparison, trend: `Over the months the share of lines with a finding is ${s.trend.direction}${signals.length === 0 ? '; no month stands out' : `; standing out: ${signals.join(', ')}`}.`,
    fixes: s.fixFirst.map((f) => ({ id: f.id, label: f.label, words: `${plural(f.failed, 'line')} of ${f.asked} ${f.failed === 1 ? 'fails' : 'fail'}${f.alone > 0 ? `, ${f.alone} in this alone` : ''}${f.atStake > 0 ? `; ${amountWords(f.atStake)} at stake` : ''}${f.peers === null ? '' : `; others ${percent(f.peers)}`}` })),
    small: 'Findings are of documentation, made by the program from the records received, before a reviewer’s decision. Not found in the records received does not mean not performed. Partial counts as not met; lines that wait for a person are left out of shares.',
  }
}

const MOST_BARS = 10

export function scorecardPictures(s: Scorecard): { readonly funnel: Picture; readonly months: Picture; readonly items: Picture | null } {
  const worst = s.items.filter((i) => i.kind === 'requirement').slice(0, MOST_BARS)
  return {
    funnel: funnelPicture(s.funnel, 'Lines with a finding, against the other providers', s.provider.key), months: controlPicture(s.chart, 'Lines with a finding, by month of service', [760, 260]),
    items: worst.length === 0 ? null : barsPicture(worst.map((i) => ({ label: i.label, own: i.share, peers: i.peers, words: `${i.failed} of ${i.asked}${i.peers === null ? '' : `, others ${percent(i.peers, 1)}`}` })), 'Requirements most often not met (stroke: the other providers)'),
  }
}
