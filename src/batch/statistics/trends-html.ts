// Trends of a batch as one HTML page that needs nothing else. May not: calculate; load anything; run a script.
import { REPORT_CSS } from '../../report/html-style.ts'
import { amountWords } from '../../report/money.ts'
import { plural } from '../../report/plain.ts'
import { percent, PLACES } from './draw-charts.ts'
import { escaped, svgOf, type Picture } from './picture.ts'
import { decided } from './tally.ts'
import type { TrendRow, Trends } from './trends.ts'

export const CHART_CSS = '.chart{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.5rem;margin:1.15rem 0;overflow-x:auto}.chart svg{display:block;width:100%;min-width:34rem;height:auto}.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}thead th.num{text-align:right}.card>:first-child{margin-top:0}h2{margin-top:1.7rem}'

export const TREND_WORDS = { rising: '↗ rising', falling: '↘ falling', steady: '→ steady' } as const

/** A whole page around its body. */
export const page = (title: string, body: string): string => `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">`
  + `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${escaped(title)}</title><style>${REPORT_CSS}${CHART_CSS}</style></head><body><main>${body}</main></body></html>\n`

export const chart = (picture: Picture, id: string): string => `<figure class="chart">${svgOf(picture, id, false)}</figure>`

export interface PlainTable { readonly caption: string; readonly head: readonly (readonly [string, 'text' | 'num'])[]; readonly rows: readonly (readonly string[])[] }

/** Cells are text; the first of a row is its heading. */
export function tableHtml({ caption, head, rows }: PlainTable): string {
  const kind = (i: number): string => (head[i]?.[1] === 'num' ? ' class="num"' : '')
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${head.map(([h], i) => `<th scope="col"${kind(i)}>${escaped(h)}</th>`).join('')}</tr></thead>`
    + `<tbody>${rows.map((r) => `<tr>${r.map((c, i) => (i === 0 ? `<th scope="row">${escaped(c)}</th>` : `<td${kind(i)}>${escaped(c)}</td>`)).join('')}</tr>`).join('')}</tbody></table></div>`
}

const share = (r: Pick<TrendRow, 'n' | 'found'>): string => (r.n === 0 ? '–' : percent(r.found / r.n, 1))
const MOST = 60

export function trendsHtml(t: Trends, pictures: ReadonlyMap<string, Picture>): string {
  const { tally } = t
  const c = tally.all.counts.all
  const d = decided(c)
  const signals = (r: TrendRow): string => r.chart.points.filter((p) => p.signal !== null).map((p) => p.label).join(', ')
  const places = new Map(t.funnel.points.map((p) => [p.key, p]))
  const cut = (rows: readonly TrendRow[]): string => (rows.length > MOST ? ` The first ${MOST} of ${rows.length}; all are in trends.csv.` : '')
  const items = (caption: string, id: string, rows: readonly TrendRow[]): string => tableHtml({
    caption: `${caption}${cut(rows)}`, head: [[id, 'text'], ['in words', 'text'], ['lines', 'num'], ['found', 'num'], ['share', 'num'], ['at stake', 'num'], ['over the months', 'text'], ['months that stand out', 'text']],
    rows: rows.slice(0, MOST).map((r) => [r.id, r.label, `${r.n}`, `${r.found}`, share(r), amountWords(r.atStake), TREND_WORDS[r.trend.direction], signals(r)]),
  })
  const dispersion = t.funnel.overDispersed
    ? `<p>Providers differ more than chance explains (dispersion ${t.funnel.dispersion.toFixed(1)}, 1 by chance alone), as lines of one claim go together and case mix differs. The last column judges by limits widened accordingly; being outside the exact limits alone is then a weak sign.</p>`
    : `<p>Providers differ no more than chance and a few outliers explain (dispersion ${t.funnel.dispersion.toFixed(1)}).</p>`
  const picture = (name: string): string => {
    const p = pictures.get(name)
    return p === undefined ? '' : chart(p, name)
  }
  return page('Trends of the batch', `<p class="brand">Vouch</p><h1>Trends of the batch</h1><p class="lead">${plural(c.claims, 'claim')} of ${plural(tally.providers.length, 'provider')}, ${plural(c.lines, 'billed line')}, ${escaped(tally.months[0] ?? '–')} to ${escaped(tally.months.at(-1) ?? '–')}. `
    + `${percent(d.n === 0 ? 0 : d.found / d.n, 1)} of the lines decided have a finding; ${plural(c.review, 'line')} ${c.review === 1 ? 'waits' : 'wait'} for a person${tally.unanswered > 0 ? `; ${plural(tally.unanswered, 'claim')} without an answer ${tally.unanswered === 1 ? 'is' : 'are'} left out` : ''}.</p>`
    + `<h2>Providers</h2>${picture('providers-funnel')}${dispersion}${tableHtml({
      caption: `Providers, most findings first. Lines that wait for a person are not counted.${cut(t.providers)}`,
      head: [['provider', 'text'], ['lines', 'num'], ['findings', 'num'], ['share', 'num'], ['at stake', 'num'], ['against all', 'text'], ['with wider limits', 'text'], ['over the months', 'text']],
      rows: t.providers.slice(0, MOST).map((r) => [r.label, `${r.n}`, `${r.found}`, share(r), amountWords(r.atStake), PLACES[places.get(r.id)?.place ?? 'within'].words, t.funnel.overDispersed ? PLACES[places.get(r.id)?.adjusted ?? 'within'].words : '–', TREND_WORDS[r.trend.direction]]),
    })}<h2>Months</h2>${picture('findings-by-month')}${picture('amount-by-month')}`
    + `<h2>Requirements</h2>${picture('requirements-by-month')}${items('Requirements, most often not met first; partial counts as not met.', 'requirement', t.requirements)}`
    + `<h2>Billing rules</h2>${picture('rules-by-month')}${t.rules.length === 0 ? '<p>No rule fired.</p>' : items('Rules that deny, limit or ask for review.', 'rule', t.rules)}`
    + '<footer><p class="muted">Findings are of documentation, by the program, before a reviewer’s decision. A month stands out beyond three standard errors, or as the eighth in a row on one side; rising and falling are trends beyond the 1 % of chance (Cochran and Armitage). Funnels: exact binomial limits of 95 % and 99.8 %.</p></footer>')
}
