import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { PDFParse } from 'pdf-parse'
import type { BatchResult } from '../../../src/batch/result.ts'
import { scorecardPdf } from '../../../src/batch/scorecard-pdf.ts'
import { svgOf, type Picture } from '../../../src/batch/statistics/picture.ts'
import { scorecardHtml } from '../../../src/batch/statistics/scorecard-html.ts'
import { scorecardOf, scorecardPictures, scorecardWords } from '../../../src/batch/statistics/scorecard.ts'
import { tallier, type Tally } from '../../../src/batch/statistics/tally.ts'
import { trendPictures, trendsCsv, trendsOf } from '../../../src/batch/statistics/trends.ts'
import { trendsHtml } from '../../../src/batch/statistics/trends-html.ts'
import { inventedResults, NPIS } from '../invented-results.ts'

const texts = { asks: (id: string) => `asks <${id}>`, says: (id: string) => `says "${id}"` }
const tallyOf = (results: readonly BatchResult[]): Tally => {
  const counting = tallier()
  for (const r of results) counting.add(r)
  return counting.tally()
}
const RESULTS = inventedResults(600)
const TALLY = tallyOf(RESULTS)

/** Tags with their text, and the fault of a text that is not XML. */
function parsed(svg: string): { readonly tags: readonly string[]; readonly texts: readonly string[] } {
  const tags: string[] = []
  const found: string[] = []
  const p = new SaxesParser({ xmlns: true })
  p.on('opentag', (t) => void tags.push(t.local))
  p.on('text', (t) => void (t.trim() !== '' && found.push(t.trim())))
  p.on('error', (e) => {
    throw e
  })
  p.write(svg).close()
  return { tags, texts: found }
}

describe('tallier', () => {
  it('counts every line once, for all and for its provider', () => {
    const lines = RESULTS.flatMap((r) => r.lines)
    const c = TALLY.all.counts.all
    expect([c.claims, c.lines]).toEqual([600, lines.length])
    expect(c.supported + c.insufficient + c.notSupported + c.review).toBe(lines.length)
    expect(c.billed).toBeCloseTo(lines.reduce((n, l) => n + (l.money?.billed ?? 0), 0), 2)
    for (const key of ['lines', 'claims', 'review', 'notSupported'] as const) {
      expect(TALLY.providers.reduce((n, p) => n + p.counts.all[key], 0)).toBe(c[key])
      expect([...TALLY.all.counts.months.values()].reduce((n, m) => n + m[key], 0)).toBe(c[key])
    }
    for (const [id, s] of TALLY.all.requirements) {
      const asked = lines.flatMap((l) => l.requirements).filter((q) => q.id === id)
      expect([s.all.asked, s.all.failed]).toEqual([asked.length, asked.filter((q) => q.status === 'not-met' || q.status === 'partial').length])
      expect(s.all.alone).toBeLessThanOrEqual(s.all.failed)
    }
    expect(TALLY.months).toHaveLength(12)
  })
  it('does not hang on the order of the claims', () => {
    expect(tallyOf([...RESULTS].reverse())).toEqual(TALLY)
  })
  it('leaves claims without an answer out, and no month between', () => {
    const [a, b, c] = inventedResults(3) as [BatchResult, BatchResult, BatchResult]
    const dated = (r: BatchResult, day: string): BatchResult => ({ ...r, serviceFrom: day, lines: r.lines.map((l) => ({ ...l, serviceDate: day })) })
    const t = tallyOf([dated(a, '2024-11-02'), dated(b, '2025-02-02'), { ...c, status: 'failed' }])
    expect([t.months, t.unanswered, t.all.counts.all.claims]).toEqual([['2024-11', '2024-12', '2025-01', '2025-02'], 1, 2])
  })
})

describe('trends', () => {
  const trends = trendsOf(TALLY, texts)
  const pictures = trendPictures(trends)
  it('see the provider who documents worse, and that it grows', () => {
    expect([trends.providers[0]?.id, trends.providers[0]?.trend.direction]).toEqual([NPIS[0], 'rising'])
    expect(trends.funnel.points.find((p) => p.key === NPIS[0])?.place).toBe('far-above')
  })
  it('are pictures that stand alone, for light and dark, with a text in their place', () => {
    expect([...pictures.keys()]).toEqual(['providers-funnel', 'findings-by-month', 'amount-by-month', 'requirements-by-month', 'rules-by-month'])
    for (const [name, p] of pictures) {
      const svg = svgOf(p)
      const { tags, texts: words } = parsed(svg)
      expect(tags[0], name).toBe('svg')
      expect(svg).toMatch(/role="img" aria-labelledby="picture-title picture-says"/)
      expect(svg).toContain('prefers-color-scheme:dark')
      expect(words[0]).toBe(p.title)
      expect(p.says.length, name).toBeGreaterThan(40)
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|<image|url\(|NaN|undefined|Infinity/)
      for (const m of p.marks) {
        const xs = m.kind === 'line' ? m.points.map(([x]) => x) : [m.x]
        for (const x of xs) expect(x >= 0 && x <= p.width, `${name}: a mark lies outside`).toBe(true)
      }
    }
    expect(pictures.get('providers-funnel')?.says).toMatch(/5 providers; [\d.]+ % of all lines decided have a finding\. .*Invented Radiation Oncology 1 \(.* is above the 99\.8 % limit/)
  })
  it('make a page without anything from outside, whatever names hold', () => {
    const hostile = tallyOf(RESULTS.map((r) => ({ ...r, provider: { npi: r.provider.npi === NPIS[0] ? null : r.provider.npi, name: r.provider.npi === NPIS[0] ? '<script>alert(1)</script>"\'&\u0007' : r.provider.name } })))
    const t = trendsOf(hostile, texts)
    const html = trendsHtml(t, trendPictures(t))
    expect(html).not.toMatch(/<script|<img|src=|\u0007/)
    expect(html).toContain('&lt;script&gt;')
    expect(html).toContain("default-src 'none'")
    for (const p of trendPictures(t).values()) parsed(svgOf(p))
  })
  it('give their figures as CSV', () => {
    const lines = trendsCsv(trends).trim().split('\n')
    expect(lines[0]).toBe('kind,id,label,month,n,found,share,lower_limit,upper_limit,signal')
    expect(lines.length).toBe(1 + 12 * (1 + 5 + trends.requirements.length + trends.rules.length))
    const all = lines.filter((l) => l.startsWith('all,')).map((l) => l.split(','))
    expect(all.reduce((n, c) => n + Number(c[4]), 0)).toBe(trends.all.n)
  })
  it('hold for a batch of one claim', () => {
    const t = trendsOf(tallyOf(inventedResults(1)), texts)
    for (const p of trendPictures(t).values()) expect(svgOf(p)).not.toMatch(/NaN|Infinity/)
    expect(trendsHtml(t, trendPictures(t))).toContain('1 claim of 1 provider')
  })
})

describe('scorecard', () => {
  const card = scorecardOf(TALLY, NPIS[0], texts)
  it('compares with all others, and puts the most money first', () => {
    const [all, own] = [TALLY.all.counts.all, card.counts]
    expect(card.peers.providers).toBe(4)
    expect(card.decided.n + card.peers.n).toBe(all.lines - all.review)
    expect(card.decided.found).toBe(own.insufficient + own.notSupported)
    expect(card.fixFirst.length).toBe(5)
    expect(card.fixFirst.map((f) => f.atStake)).toEqual([...card.items].map((i) => i.atStake).sort((a, b) => b - a).slice(0, 5))
    for (const i of card.items) {
      expect(i.failed).toBeLessThanOrEqual(i.asked)
      expect(i.peers === null || (i.peers >= 0 && i.peers <= 1)).toBe(true)
    }
    const words = scorecardWords(card)
    expect(words.comparison.join(' ')).toMatch(/of the other 4 providers together .* above the 99\.8 % limit/)
    expect(words.trend).toMatch(/is rising/)
  })
  it('names no other provider', async () => {
    const html = scorecardHtml(card)
    for (const p of TALLY.providers.slice().filter((q) => q.npi !== NPIS[0])) {
      expect(html).not.toContain(p.name)
      expect(html).not.toContain(p.npi)
    }
    expect(html).toContain('What to fix first')
    expect(html).toContain('asks &lt;')
    expect(html).not.toMatch(/<script|src=|NaN|undefined/)
  })
  it('says so where there is nobody to compare with, or too little', () => {
    const alone = scorecardOf(tallyOf(inventedResults(2).map((r) => ({ ...r, provider: { name: null, npi: '1234567893' } }))), '1234567893', texts)
    expect(scorecardWords(alone).comparison.join(' ')).toMatch(/no other provider to compare with.*too few to lean on/)
    expect(() => scorecardOf(TALLY, '1000000000', texts)).toThrow(/hold no claim of provider 1000000000; they are of 1234567893, /)
    expect(() => scorecardOf(tallyOf([]), '1000000000', texts)).toThrow(/no claim with an answer/)
  })
  it('is a tagged PDF that says the same', async () => {
    const made = new Date(Date.UTC(2026, 0, 2))
    const bytes = await scorecardPdf(card, made)
    expect(await scorecardPdf(card, made)).toEqual(bytes)
    const raw = Buffer.from(bytes).toString('latin1')
    expect(raw).toMatch(/\/MarkInfo/)
    expect(raw).toMatch(/\/Lang \(en-US\)/)
    const reader = new PDFParse({ data: new Uint8Array(bytes) })
    const { text, total } = await reader.getText()
    await reader.destroy()
    expect(total).toBeGreaterThan(1)
    const flat = text.replace(/\s+/g, ' ')
    for (const said of ['Invented Radiation Oncology 1', 'What to fix first', ...scorecardWords(card).comparison, ...scorecardWords(card).figures.map((f) => f.value)]) expect(flat).toContain(said)
    for (const p of TALLY.providers.filter((q) => q.npi !== NPIS[0])) expect(flat).not.toContain(p.npi)
  })
  it('has pictures within their frames', () => {
    const { funnel, months, items } = scorecardPictures(card)
    for (const p of [funnel, months, items].filter((q): q is Picture => q !== null)) expect(parsed(svgOf(p)).texts[0]).toBe(p.title)
    expect(funnel.says).toMatch(/Invented Radiation Oncology 1: [\d.]+ % of \d+ lines, above/)
  })
})
