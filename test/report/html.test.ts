import { describe, expect, it } from 'vitest'
import { toContract } from '../../src/report/contract.ts'
import { toHtml } from '../../src/report/html.ts'
import { REPORT_CSS } from '../../src/report/html-style.ts'
import { madeUpReview, policy } from './made-up-review.ts'

const html = toHtml(toContract(madeUpReview, policy))

describe('toHtml', () => {
  it('escapes what the record and the claim say', () => {
    expect(html).not.toContain('<script')
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;quote&#39;')
    expect(html).toContain('Rivera, Marta &lt;b&gt;')
     
    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
  })

  it('needs nothing from outside and runs nothing', () => {
    expect(html).not.toMatch(/\b(?:src|srcset|action|data|poster)=|<link|@import|url\(|https?:|\bon[a-z]+=/i)
    expect(html).toContain("default-src 'none'")
  })

  it('links to the page of a file beside it, and not into an archive', () => {
    expect(html).toContain('href="./packets/Rivera%20packet.pdf#page=3"><bdi>packets/Rivera packet.pdf</bdi> p.&nbsp;3</a>')
    expect(html).toContain('href="./consult.docx"')
    expect(html).not.toMatch(/href="[^"]*packet\.zip/)
    expect(toHtml(toContract(madeUpReview, policy), { records: '../records/' })).toContain('href="../records/consult.docx"')
  })

  it('makes no scheme of a file name', () => {
    const review = { ...madeUpReview, general: madeUpReview.general.map((f) => ({ ...f, evidence: f.evidence.map((e) => ({ ...e, file: 'javascript:alert(1).pdf\ud800' })) })) }
    expect(toHtml(toContract(review, policy))).not.toMatch(/href="javascript:/)
  })

  it('closes what it opens, and gives each id once', () => {
    const stack: string[] = []
    for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (name === 'meta' || name === 'br') continue
      if (slash === '') stack.push(name as string)
      else expect(stack.pop()).toBe(name)
    }
    expect(stack).toEqual([])
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((m) => m[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of html.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)) expect(ids).toContain(target)
  })

  it('has one main, one h1, a caption on every table and a header cell in every row', () => {
    expect(html.match(/<main/g)).toHaveLength(1)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html.match(/<caption/g)?.length).toBe(html.match(/<table/g)?.length)
    for (const row of html.match(/<tr\b[\s\S]*?<\/tr>/g) ?? []) expect(row).toMatch(/<th scope=/)
  })

  it('has colours with a contrast of 4.5 or more, in light and in dark', () => {
    const channel = (h: string): number => {
      const c = parseInt(h, 16) / 255
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
    }
    const luminance = (hex: string): number => {
      const h = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join('') : hex.slice(1)
      return 0.2126 * channel(h.slice(0, 2)) + 0.7152 * channel(h.slice(2, 4)) + 0.0722 * channel(h.slice(4, 6))
    }
    const contrast = (a: string, b: string): number => {
      const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
      return (high + 0.05) / (low + 0.05)
    }
    const roots = [...REPORT_CSS.matchAll(/:root\{([^}]*)\}/g)].map((m) => Object.fromEntries([...(m[1] as string).matchAll(/--([a-z-]+):(#[0-9a-f]+)/g)].map((v) => [v[1], v[2]] as [string, string])))
    expect(roots).toHaveLength(3)
    for (const root of roots) {
      const colour = (name: string): string => root[name] as string
      for (const ground of ['paper', 'card']) for (const ink of ['ink', 'muted', 'link']) expect(contrast(colour(ink), colour(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      for (const tone of ['good', 'warn', 'bad', 'ask', 'quiet']) expect(contrast(colour(tone), colour(`${tone}-bg`)), tone).toBeGreaterThanOrEqual(4.5)
      expect(contrast(colour('bad'), colour('card'))).toBeGreaterThanOrEqual(4.5)
    }
  })
})
