// Figures of charts → pictures. May not: calculate a limit; name a patient or a claim.
import { amountWords } from '../../report/money.ts'
import { joinAnd, plural } from '../../report/plain.ts'
import { binomialLimits, FUNNEL_LEVELS, type ChartPoint, type ControlChart, type Funnel, type FunnelPoint } from './charts.ts'
import type { Mark, Paint, Picture } from './picture.ts'

const FONT = 12
export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`

/** Round steps that cover 0 to `most` in about `wanted` parts. */
function steps(most: number, wanted: number): number[] {
  if (!(most > 0)) return [0, 1]
  const rough = most / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= rough) ?? rough
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step)
}

interface Plot { readonly left: number; readonly top: number; readonly width: number; readonly height: number; readonly x: (v: number) => number; readonly y: (v: number) => number }

const plotOf = (size: readonly [number, number], margins: readonly [number, number, number, number], x: readonly [number, number], y: readonly [number, number]): Plot => {
  const [top, right, bottom, left] = margins
  const [width, height] = [size[0] - left - right, size[1] - top - bottom]
  return { left, top, width, height, x: (v) => left + ((v - x[0]) / (x[1] - x[0] || 1)) * width, y: (v) => top + height - ((v - y[0]) / (y[1] - y[0] || 1)) * height }
}

const grid = (p: Plot, values: readonly number[], words: (v: number) => string): Mark[] => values.flatMap((v): Mark[] => [
  { kind: 'line', points: [[p.left, p.y(v)], [p.left + p.width, p.y(v)]], paint: 'grid', width: 1 },
  { kind: 'text', x: p.left - 8, y: p.y(v) + 4, text: words(v), size: FONT, paint: 'muted', anchor: 'end' },
])

export const PLACES: Readonly<Record<FunnelPoint['place'], { readonly words: string; readonly paint: Paint; readonly shape: 'circle' | 'diamond' | 'square' }>> = {
  'far-above': { words: 'above the 99.8 % limit', paint: 'bad', shape: 'diamond' }, above: { words: 'above the 95 % limit', paint: 'warn', shape: 'square' }, within: { words: 'within the limits', paint: 'accent', shape: 'circle' },
  below: { words: 'below the 95 % limit', paint: 'good', shape: 'square' }, 'far-below': { words: 'below the 99.8 % limit', paint: 'good', shape: 'diamond' },
}

/** Shares by number of lines, with exact limits around the share of all. `only` is named; without it, those beyond the limits are. */
export function funnelPicture(f: Funnel, title: string, only?: string): Picture {
  const size: [number, number] = [760, 440]
  const most = Math.max(10, ...f.points.map((p) => p.n)) * 1.05
  const sizes = Array.from({ length: 90 }, (_, i) => Math.max(1, Math.round(most * ((i + 1) / 90) ** 2)))
  const limits = [...new Set(sizes)].map((n) => ({ n, near: binomialLimits(n, f.target, FUNNEL_LEVELS[0]), far: binomialLimits(n, f.target, FUNNEL_LEVELS[1]) }))
  const shown = limits.filter((l) => l.n >= Math.min(5, most / 20))
  const highest = Math.min(1, Math.max(0.05, ...f.points.map((p) => p.share), ...shown.filter((l) => l.n > most / 12).map((l) => l.far.upper)) * 1.08)
  const ticks = steps(highest, 5).filter((t) => t <= 1 + 1e-9)
  const p = plotOf(size, [48, 132, 52, 62], [0, most], [0, Math.max(highest, ticks.at(-1) ?? 1)])
  const top = Math.max(highest, ticks.at(-1) ?? 1)
  const curve = (of: (l: (typeof limits)[number]) => number, paint: Paint, dash: readonly number[]): Mark => ({ kind: 'line', paint, width: 1.5, dash, points: shown.map((l): [number, number] => [p.x(l.n), p.y(Math.min(top, of(l)))]) })
  const marks: Mark[] = [
    { kind: 'text', x: 16, y: 24, text: title, size: 15, paint: 'ink', bold: true },
    ...grid(p, ticks, (v) => percent(v, ticks[1] !== undefined && ticks[1] < 0.01 ? 1 : 0)),
    ...steps(most, 6).filter((v) => v <= most).map((v): Mark => ({ kind: 'text', x: p.x(v), y: p.top + p.height + 18, text: `${v}`, size: FONT, paint: 'muted', anchor: 'middle' })),
    { kind: 'text', x: p.left + p.width / 2, y: size[1] - 14, text: 'billed lines decided', size: FONT, paint: 'muted', anchor: 'middle' },
    curve((l) => l.near.upper, 'muted', [5, 4]), curve((l) => l.near.lower, 'muted', [5, 4]), curve((l) => l.far.upper, 'ink', [2, 3]), curve((l) => l.far.lower, 'ink', [2, 3]),
    { kind: 'line', points: [[p.left, p.y(f.target)], [p.left + p.width, p.y(f.target)]], paint: 'accent', width: 1.5 },
  ]
  const last = shown.at(-1)
  if (last !== undefined) {
    const labels: [number, string][] = [[last.far.upper, '99.8 %'], [last.near.upper, '95 %'], [f.target, `all: ${percent(f.target, 1)}`], [last.near.lower, '95 %'], [last.far.lower, '99.8 %']]
    let before = -Infinity
    for (const [v, text] of labels) {
      const y = Math.max(before + 13, p.y(Math.min(top, v)) + 4)
      before = y
      marks.push({ kind: 'text', x: p.left + p.width + 6, y, text, size: 11, paint: 'muted' })
    }
  }
  const named: { readonly x: number; readonly y: number; readonly width: number }[] = []
  for (const point of [...f.points].sort((a, b) => Number(a.key === only) - Number(b.key === only))) {
    const { paint, shape, words } = PLACES[point.place]
    const mine = point.key === only
    const quiet = only !== undefined && !mine
    marks.push({ kind: 'dot', x: p.x(point.n), y: p.y(Math.min(top, point.share)), r: mine ? 7 : 4.5, paint: quiet ? 'muted' : paint, shape: quiet ? 'circle' : shape, says: `${quiet ? 'another provider' : point.label}: ${percent(point.share, 1)} of ${plural(point.n, 'line')}, ${words}` })
    if (mine || (only === undefined && point.place !== 'within')) {
      const right = p.x(point.n) > p.left + p.width * 0.6
      const text = point.label.length > 30 ? `${point.label.slice(0, 29)}…` : point.label
      const [x, y, width] = [p.x(point.n) + (right ? -11 : 11), p.y(Math.min(top, point.share)) + 4, text.length * 6.2]
      const start = right ? x - width : x
      // A name on a name or a dot is read by nobody; the table has all of them.
      const dots = f.points.filter((q) => q !== point).map((q) => ({ x: p.x(q.n) - 5, y: p.y(Math.min(top, q.share)) + 4, width: 10 }))
      if ([...named, ...dots].some((n) => Math.abs(n.y - y) < 12 && start < n.x + n.width && n.x < start + width)) continue
      named.push({ x: start, y, width })
      marks.push({ kind: 'text', x, y, text, size: 11, paint: 'ink', ...(right ? { anchor: 'end' as const } : {}), ...(mine ? { bold: true } : {}) })
    }
  }
  const beyond = f.points.filter((q) => q.place !== 'within')
  const own = f.points.find((q) => q.key === only)
  const says = `${plural(f.points.length, 'provider')}; ${percent(f.target, 1)} of all lines decided have a finding. `
    + (own !== undefined ? `${own.label}: ${percent(own.share, 1)} of ${plural(own.n, 'line')}, ${PLACES[own.place].words}.` : beyond.length === 0 ? 'All are within the limits.' : `${joinAnd(beyond.map((q) => `${q.label} (${percent(q.share, 1)} of ${q.n}) is ${PLACES[q.place].words}`))}.`)
    + (f.overDispersed ? ` Providers differ more than chance explains (dispersion ${f.dispersion.toFixed(1)}).` : '')
  return { width: size[0], height: size[1], title, says, marks }
}

/** A month of a year is named by its letter, January by its year besides. */
const monthLabel = (month: string, first: boolean): string => {
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const m = Number(month.slice(5)) - 1
  return first || m === 0 ? `${names[m] ?? month} ${month.slice(2, 4)}` : (names[m] ?? month)
}

const SIGNALS: Readonly<Record<NonNullable<ChartPoint['signal']>, string>> = { beyond: 'beyond its limits', run: 'eighth or later on one side of the centre' }

export function controlPicture(c: ControlChart, title: string, size: readonly [number, number] = [760, 300]): Picture {
  const money = c.kind === 'xmr'
  const words = (v: number): string => (money ? amountWords(Math.abs(v)).replace(/\.00$/, '') : percent(v))
  const highest = Math.max(money ? 1 : 0.05, ...c.points.flatMap((q) => [q.value ?? 0, q.upper ?? 0])) * 1.08
  const ticks = steps(money ? highest : Math.min(1, highest), 4).filter((t) => money || t <= 1 + 1e-9)
  const top = Math.max(ticks.at(-1) ?? 1, money ? highest : Math.min(1, highest))
  const p = plotOf(size, [48, 76, 40, 70], [-0.5, Math.max(1, c.points.length) - 0.5], [0, top])
  const every = Math.ceil(c.points.length / 13)
  const half = p.width / Math.max(1, c.points.length) / 2
  const steppedLine = (of: (q: ChartPoint) => number | null): Mark[] => c.points.flatMap((q, i): Mark[] => {
    const v = of(q)
    return v === null ? [] : [{ kind: 'line', points: [[p.x(i) - half, p.y(Math.max(0, Math.min(top, v)))], [p.x(i) + half, p.y(Math.max(0, Math.min(top, v)))]], paint: 'muted', width: 1.25, dash: [4, 3] }]
  })
  const runs: [number, number][][] = [[]]
  c.points.forEach((q, i) => (q.value === null ? runs.push([]) : runs.at(-1)?.push([p.x(i), p.y(q.value)])))
  const marks: Mark[] = [
    { kind: 'text', x: 16, y: 24, text: title, size: 15, paint: 'ink', bold: true },
    ...grid(p, ticks, words), ...steppedLine((q) => q.upper), ...steppedLine((q) => q.lower),
    { kind: 'line', points: [[p.left, p.y(c.centre)], [p.left + p.width, p.y(c.centre)]], paint: 'accent', width: 1.25 },
    { kind: 'text', x: p.left + p.width + 6, y: p.y(c.centre) + 4, text: money ? words(c.centre) : percent(c.centre, 1), size: 11, paint: 'muted' },
    ...runs.filter((r) => r.length > 1).map((points): Mark => ({ kind: 'line', points, paint: 'ink', width: 1.5 })),
    ...c.points.flatMap((q, i): Mark[] => (q.value === null ? [] : [{ kind: 'dot', x: p.x(i), y: p.y(q.value), r: q.signal === null ? 3.5 : 5, paint: q.signal === null ? 'ink' : q.signal === 'beyond' ? 'bad' : 'warn', shape: q.signal === null ? 'circle' : q.signal === 'beyond' ? 'diamond' : 'square', says: `${q.label}: ${words(q.value)}${money ? '' : ` of ${q.n}`}${q.signal === null ? '' : `, ${SIGNALS[q.signal]}`}` }])),
    ...c.points.flatMap((q, i): Mark[] => (i % every === 0 ? [{ kind: 'text', x: p.x(i), y: p.top + p.height + 18, text: monthLabel(q.label, i === 0), size: 11, paint: 'muted', anchor: 'middle' }] : [])),
  ]
  const signals = c.points.filter((q) => q.signal !== null)
  const says = `By month, around a centre of ${money ? words(c.centre) : percent(c.centre, 1)}: ${joinAnd(c.points.filter((q) => q.value !== null).map((q) => `${q.label} ${words(q.value as number)}`)) || 'nothing counted'}. `
    + (signals.length === 0 ? 'No month stands out.' : `${joinAnd(signals.map((q) => `${q.label} is ${SIGNALS[q.signal as 'beyond' | 'run']}`))}.`)
  return { width: size[0], height: size[1], title, says, marks }
}

export interface Bar { readonly label: string; readonly own: number; readonly peers: number | null; readonly words: string }

/** Shares as bars, those of the peers as a stroke across. */
export function barsPicture(bars: readonly Bar[], title: string): Picture {
  const row = 34
  const size: [number, number] = [760, 56 + bars.length * row + 8]
  const [left, width] = [330, 330]
  const most = Math.max(0.05, ...bars.flatMap((b) => [b.own, b.peers ?? 0]))
  const marks: Mark[] = [{ kind: 'text', x: 16, y: 24, text: title, size: 15, paint: 'ink', bold: true }]
  bars.forEach((b, i) => {
    const y = 46 + i * row
    const long = b.label.length > 50 ? `${b.label.slice(0, 49)}…` : b.label
    marks.push(
      { kind: 'text', x: left - 10, y: y + 15, text: long, size: FONT, paint: 'ink', anchor: 'end' }, { kind: 'rect', x: left, y: y + 2, width, height: 18, paint: 'soft' },
      { kind: 'rect', x: left, y: y + 2, width: (b.own / most) * width, height: 18, paint: 'bad', opacity: 0.6, says: `${b.label}: ${b.words}` },
      ...(b.peers === null ? [] : [{ kind: 'line' as const, points: [[left + (b.peers / most) * width, y - 1], [left + (b.peers / most) * width, y + 23]] as [number, number][], paint: 'ink' as const, width: 2.5 }]),
      { kind: 'text', x: left + width + 10, y: y + 15, text: percent(b.own), size: FONT, paint: 'ink' },
    )
  })
  return { width: size[0], height: size[1], title, marks, says: `${bars.map((b) => `${b.label}: ${b.words}`).join('; ')}.` }
}

export interface HeatRow { readonly label: string; readonly cells: readonly { readonly month: string; readonly n: number; readonly found: number }[] }

/** Shares by month as tinted fields with their figures. */
export function heatPicture(rows: readonly HeatRow[], title: string): Picture {
  const months = rows[0]?.cells.map((c) => c.month) ?? []
  const [left, row] = [300, 26]
  const cell = Math.max(30, Math.min(46, 640 / Math.max(1, months.length)))
  const size: [number, number] = [Math.max(760, left + cell * months.length + 16), 70 + rows.length * row]
  const most = Math.max(0.1, ...rows.flatMap((r) => r.cells.map((c) => (c.n < 5 ? 0 : c.found / c.n))))
  const marks: Mark[] = [{ kind: 'text', x: 16, y: 24, text: title, size: 15, paint: 'ink', bold: true }, ...months.map((m, i): Mark => ({ kind: 'text', x: left + cell * (i + 0.5), y: 48, text: monthLabel(m, i === 0), size: 10, paint: 'muted', anchor: 'middle' }))]
  rows.forEach((r, j) => {
    const y = 56 + j * row
    marks.push({ kind: 'text', x: left - 10, y: y + 16, text: r.label.length > 48 ? `${r.label.slice(0, 47)}…` : r.label, size: 11, paint: 'ink', anchor: 'end' })
    r.cells.forEach((c, i) => {
      const share = c.n === 0 ? null : c.found / c.n
      marks.push({ kind: 'rect', x: left + cell * i + 1, y: y + 1, width: cell - 2, height: row - 2, paint: share === null ? 'soft' : 'bad', opacity: share === null ? 0.5 : 0.06 + 0.5 * Math.min(1, share / most), says: `${r.label}, ${c.month}: ${share === null ? 'not asked' : `${c.found} of ${c.n}`}` })
      if (share !== null) marks.push({ kind: 'text', x: left + cell * (i + 0.5), y: y + 17, text: `${Math.round(share * 100)}`, size: 11, paint: 'ink', anchor: 'middle' })
    })
  })
  return { width: size[0], height: size[1], title, marks, says: rows.map((r) => `${r.label}: ${r.cells.filter((c) => c.n > 0).map((c) => `${c.month} ${Math.round((100 * c.found) / c.n)} %`).join(', ')}`).join('; ') }
}
