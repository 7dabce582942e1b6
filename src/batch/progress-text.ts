// How far a batch is, in one line. May not: ask for it; print.
import type { Progress } from './queue.ts'

export interface Pace {
  /** Claims and pages a second, over the last minute. */
  readonly add: (p: Pick<Progress, 'done' | 'failed' | 'aside' | 'pages'>, seconds: number) => void
  readonly claims: () => number
  readonly pages: () => number
}

const WINDOW_S = 60

export function pace(): Pace {
  const points: { readonly at: number; readonly claims: number; readonly pages: number }[] = []
  const over = (of: (p: (typeof points)[number]) => number): number => {
    const [a, b] = [points[0], points[points.length - 1]]
    return a === undefined || b === undefined || b.at - a.at < 0.5 ? 0 : Math.max(0, (of(b) - of(a)) / (b.at - a.at))
  }
  return {
    add: (p, seconds) => {
      points.push({ at: seconds, claims: p.done + p.failed + p.aside, pages: p.pages })
      while (points.length > 2 && seconds - (points[0] as (typeof points)[number]).at > WINDOW_S) points.shift()
    },
    claims: () => over((p) => p.claims), pages: () => over((p) => p.pages),
  }
}

export function durationWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return ''
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h ${String(Math.round((seconds % 3600) / 60) % 60).padStart(2, '0')} min`
}

const rateWords = (n: number): string => (n >= 10 ? n.toFixed(0) : n.toFixed(1))

/** `[████████░░░░] 412/1,000 claims · 8,240 pages · 21 claims/s · 28 s left · 3 to look at` */
export function progressText(p: Progress & { readonly loaded: boolean }, rates: Pick<Pace, 'claims' | 'pages'>, width: number): string {
  const over = p.done + p.failed + p.aside
  const share = p.claims === 0 ? 0 : Math.min(1, over / p.claims)
  const cells = Math.max(8, Math.min(24, width - 90))
  const bar = `[${'█'.repeat(Math.round(share * cells))}${'░'.repeat(cells - Math.round(share * cells))}]`
  const speed = rates.claims()
  const left = speed > 0 && p.loaded && over < p.claims ? `${durationWords((p.claims - over) / speed)} left` : ''
  const without = p.failed + p.aside
  return [
    `${bar} ${over.toLocaleString('en-US')}/${p.claims.toLocaleString('en-US')}${p.loaded ? '' : '+'} claims`, `${p.pages.toLocaleString('en-US')} pages`, speed > 0 ? `${rateWords(speed)} claims/s, ${rateWords(rates.pages())} pages/s` : '', left,
    p.doubtful > 0 ? `${p.doubtful.toLocaleString('en-US')} doubtful` : '', without > 0 ? `${without.toLocaleString('en-US')} without an answer` : '',
  ].filter((x) => x !== '').join(' · ').slice(0, Math.max(40, width))
}
