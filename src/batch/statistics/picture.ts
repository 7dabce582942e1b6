// A picture as marks in their place, and the marks as SVG that needs nothing else. May not: know what is pictured; run a script; load anything.

/** Roles of colour; never the only bearer of a meaning. */
export type Paint = 'ink' | 'muted' | 'grid' | 'accent' | 'bad' | 'warn' | 'good' | 'ask' | 'soft'

export type Mark =
  | { readonly kind: 'line'; readonly points: readonly (readonly [number, number])[]; readonly paint: Paint; readonly width: number; readonly dash?: readonly number[] }
  | { readonly kind: 'rect'; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly paint: Paint; readonly opacity?: number; readonly says?: string }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number; readonly r: number; readonly paint: Paint; readonly shape: 'circle' | 'diamond' | 'square'; readonly says?: string }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly size: number; readonly paint: Paint; readonly anchor?: 'start' | 'middle' | 'end'; readonly bold?: boolean }

export interface Picture {
  readonly width: number
  readonly height: number
  readonly title: string
  /** What it shows, in words: for those who cannot see it. */
  readonly says: string
  readonly marks: readonly Mark[]
}

/** On light paper, and on dark. Text paints have a contrast of 4.5:1 or more on the paper. */
export const PAINTS: Readonly<Record<Paint, { readonly light: string; readonly dark: string }>> = {
  ink: { light: '#1b2026', dark: '#e6e8ea' }, muted: { light: '#56606b', dark: '#a3adb7' }, grid: { light: '#d9dcd8', dark: '#363c42' }, accent: { light: '#0b4f86', dark: '#8cc4f5' },
  bad: { light: '#8c1420', dark: '#ffaca8' }, warn: { light: '#744300', dark: '#f3c677' }, good: { light: '#0d5a30', dark: '#8fdcae' }, ask: { light: '#3d3393', dark: '#c2bcff' }, soft: { light: '#e9ecee', dark: '#2a3036' },
}
const PAPER = { light: '#ffffff', dark: '#1c2024' }

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Safe in element content and quoted attributes, in SVG and HTML. */
export const escaped = (text: string | number): string => `${text}`.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, ' ').replace(/[&<>"']/g, (c) => ESCAPES[c] as string)

const at = (n: number): string => `${Math.round(n * 100) / 100}`

/** `id` names the picture within a page; `alone`: a file of its own, with its paper. */
export function svgOf(picture: Picture, id = 'picture', alone = true): string {
  const { width, height, title, says, marks } = picture
  const rules = (side: 'light' | 'dark'): string => Object.entries(PAINTS).map(([name, c]) => `.p-${name}{--p:${c[side]}}`).join('')
  const style = `<style>.paper{fill:${PAPER.light}}${rules('light')}.f{fill:var(--p)}.s{stroke:var(--p);fill:none;stroke-linejoin:round}text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}`
    + `@media (prefers-color-scheme:dark){.paper{fill:${PAPER.dark}}${rules('dark')}}@media print{.paper{fill:#fff}${rules('light')}}</style>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"${alone ? ` width="${width}" height="${height}"` : ''} role="img" aria-labelledby="${id}-title ${id}-says">`
    + `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-says">${escaped(says)}</desc>${style}${alone ? `<rect class="paper" width="${width}" height="${height}"/>` : ''}${marks.map(markSvg).join('')}</svg>\n`
}

function markSvg(m: Mark): string {
  const says = 'says' in m && m.says !== undefined ? `<title>${escaped(m.says)}</title>` : ''
  switch (m.kind) {
    case 'line': return `<polyline class="s p-${m.paint}" stroke-width="${m.width}"${m.dash === undefined ? '' : ` stroke-dasharray="${m.dash.join(' ')}"`} points="${m.points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}"/>`
    case 'rect': return `<rect class="f p-${m.paint}" x="${at(m.x)}" y="${at(m.y)}" width="${at(Math.max(0, m.width))}" height="${at(Math.max(0, m.height))}"${m.opacity === undefined ? '' : ` opacity="${m.opacity}"`}>${says}</rect>`
    case 'dot': {
      if (m.shape === 'circle') return `<circle class="f p-${m.paint}" cx="${at(m.x)}" cy="${at(m.y)}" r="${m.r}">${says}</circle>`
      return `<polygon class="f p-${m.paint}" points="${cornersOf(m).map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}">${says}</polygon>`
    }
    case 'text': return `<text class="f p-${m.paint}" x="${at(m.x)}" y="${at(m.y)}" font-size="${m.size}"${m.anchor === undefined || m.anchor === 'start' ? '' : ` text-anchor="${m.anchor}"`}${m.bold === true ? ' font-weight="600"' : ''}>${escaped(m.text)}</text>`
  }
}

/** Corners of a dot that is no circle. */
export function cornersOf(m: { readonly x: number; readonly y: number; readonly r: number; readonly shape: 'circle' | 'diamond' | 'square' }): [number, number][] {
  const r = m.shape === 'diamond' ? m.r * 1.4 : m.r
  return m.shape === 'diamond' ? [[m.x, m.y - r], [m.x + r, m.y], [m.x, m.y + r], [m.x - r, m.y]] : [[m.x - r, m.y - r], [m.x + r, m.y - r], [m.x + r, m.y + r], [m.x - r, m.y + r]]
}
