// A scorecard as one HTML page that needs nothing else. May not: calculate; load anything; run a script.
import { amountWords } from '../../report/money.ts'
import { percent } from './draw-charts.ts'
import { escaped } from './picture.ts'
import { scorecardPictures, scorecardWords, type Scorecard } from './scorecard.ts'
import { chart, page, tableHtml, TREND_WORDS } from './trends-html.ts'

export function scorecardHtml(s: Scorecard): string {
  const w = scorecardWords(s)
  const pictures = scorecardPictures(s)
  const figures = `<dl class="claim">${w.figures.map((f) => `<div><dt>${escaped(f.label)}</dt><dd><span class="badge ${f.tone}">${escaped(f.value)}</span></dd></div>`).join('')}</dl>`
  const fixes = w.fixes.length === 0 ? '<p>Nothing failed.</p>' : `<ol>${w.fixes.map((f) => `<li><strong>${escaped(f.label)}</strong> <code>${escaped(f.id)}</code><br>${escaped(f.words)}</li>`).join('')}</ol>`
  const items = s.items.length === 0 ? '' : tableHtml({
    caption: 'Requirements and rules that failed', head: [['item', 'text'], ['in words', 'text'], ['lines', 'num'], ['failed', 'num'], ['share', 'num'], ['others', 'num'], ['alone', 'num'], ['at stake', 'num'], ['over the months', 'text']],
    rows: s.items.map((i) => [i.id, i.label, `${i.asked}`, `${i.failed}`, percent(i.share, 1), i.peers === null ? '–' : percent(i.peers, 1), `${i.alone}`, amountWords(i.atStake), TREND_WORDS[i.trend.direction]]),
  })
  return page(`Scorecard: ${w.title}`, `<p class="brand">Vouch · provider scorecard</p><h1>${escaped(w.title)}</h1><p class="lead">${escaped(w.period)}. ${escaped(w.lead)}</p>${figures}`
    + `<section class="card"><h2>What to fix first</h2>${fixes}</section><h2>Against the others</h2>${w.comparison.map((c) => `<p>${escaped(c)}</p>`).join('')}${chart(pictures.funnel, 'funnel')}`
    + `<h2>Over the months</h2><p>${escaped(w.trend)}</p>${chart(pictures.months, 'months')}<h2>Requirements and rules</h2>${pictures.items === null ? '' : chart(pictures.items, 'items')}${items}<footer><p class="muted">${escaped(w.small)}</p></footer>`)
}
