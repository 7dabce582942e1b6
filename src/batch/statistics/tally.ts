// Results of a batch, counted by provider, month, requirement and rule. May not: hold a claim; judge.
import type { BatchResult, ResultLine } from '../result.ts'

export interface Counts {
  readonly claims: number
  readonly lines: number
  readonly supported: number
  readonly insufficient: number
  readonly notSupported: number
  readonly review: number
  /** Amounts of the lines of which one is known. */
  readonly billed: number
  readonly atStake: number
}

/** How often something was asked of a line, and how often the answer was against it. */
export interface Asked { readonly asked: number; readonly failed: number; readonly unclear: number; /** Lines that fail in this alone. */ readonly alone: number; /** Of the lines that fail in it. */ readonly atStake: number }

export interface Series<T> { readonly all: T; readonly months: ReadonlyMap<string, T> }

export interface Group { readonly counts: Series<Counts>; readonly requirements: ReadonlyMap<string, Series<Asked>>; readonly rules: ReadonlyMap<string, Series<Asked>> }

export interface ProviderGroup extends Group { readonly key: string; readonly npi: string | null; readonly name: string | null }

export interface Tally {
  /** Every month from the first to the last day of service, `YYYY-MM`. */
  readonly months: readonly string[]
  readonly all: Group
  /** In ascending order of key: the NPI, else the name. */
  readonly providers: readonly ProviderGroup[]
  /** Claims without an answer, which are counted nowhere else. */
  readonly unanswered: number
}

type Open<T> = { -readonly [K in keyof T]: T[K] }
interface OpenSeries<T> { all: Open<T>; months: Map<string, Open<T>> }
interface OpenGroup { counts: OpenSeries<Counts>; requirements: Map<string, OpenSeries<Asked>>; rules: Map<string, OpenSeries<Asked>> }

const noCounts = (): Open<Counts> => ({ claims: 0, lines: 0, supported: 0, insufficient: 0, notSupported: 0, review: 0, billed: 0, atStake: 0 })
const noAsked = (): Open<Asked> => ({ asked: 0, failed: 0, unclear: 0, alone: 0, atStake: 0 })
const noGroup = (): OpenGroup => ({ counts: { all: noCounts(), months: new Map() }, requirements: new Map(), rules: new Map() })
export const NO_COUNTS: Counts = noCounts()
export const NO_ASKED: Asked = noAsked()

const failsIn = (q: ResultLine['requirements'][number]): boolean => q.status === 'not-met' || q.status === 'partial' || q.status === 'triggered'
/** A rule that takes something from the line, or asks a person; not one that only notes. */
const bites = (h: ResultLine['rules'][number]): boolean => h.effect !== 'note'

/** Months of money are kept in cents until the end, so that the order of claims changes no digit. */
export function tallier(): { readonly add: (result: BatchResult) => void; readonly tally: () => Tally } {
  const all = noGroup()
  const providers = new Map<string, OpenGroup & { npi: string | null; name: string | null }>()
  let unanswered = 0
  return {
    add: (r) => {
      if (r.status !== 'done') {
        unanswered++
        return
      }
      const key = r.provider.npi ?? r.provider.name ?? '(not named)'
      const own = providers.get(key) ?? { ...noGroup(), npi: r.provider.npi, name: r.provider.name }
      providers.set(key, own)
      // The same name, whatever the order of the claims.
      if (r.provider.name !== null && (own.name === null || r.provider.name < own.name)) own.name = r.provider.name
      for (const group of [all, own]) addTo(group, r)
    },
    tally: () => ({
      months: monthsOf([...all.counts.months.keys()]), all: closed(all), unanswered,
      providers: [...providers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, p]) => ({ key, npi: p.npi, name: p.name, ...closed(p) })),
    }),
  }
}

function both<T>(series: OpenSeries<T>, month: string, none: () => Open<T>, change: (to: Open<T>) => void): void {
  change(series.all)
  const there = series.months.get(month) ?? none()
  series.months.set(month, there)
  change(there)
}

function seriesOf(map: Map<string, OpenSeries<Asked>>, id: string): OpenSeries<Asked> {
  const there = map.get(id) ?? { all: noAsked(), months: new Map<string, Open<Asked>>() }
  map.set(id, there)
  return there
}

function addTo(group: OpenGroup, r: BatchResult): void {
  const first = (r.serviceFrom ?? r.lines[0]?.serviceDate ?? '').slice(0, 7)
  if (first !== '') both(group.counts, first, noCounts, (c) => void c.claims++)
  for (const l of r.lines) {
    const month = l.serviceDate.slice(0, 7)
    const stake = Math.round(((l.money?.notSupported ?? 0) + (l.money?.open ?? 0)) * 100)
    both(group.counts, month, noCounts, (c) => {
      c.lines++
      if (l.determination === 'supported') c.supported++
      else if (l.determination === 'insufficient-documentation') c.insufficient++
      else if (l.determination === 'not-supported') c.notSupported++
      else c.review++
      c.billed += Math.round((l.money?.billed ?? 0) * 100)
      c.atStake += stake
    })
    const failing = l.requirements.filter(failsIn).length + l.rules.filter(bites).length
    for (const q of l.requirements) {
      if (q.status === 'not-applicable') continue
      both(seriesOf(group.requirements, q.id), month, noAsked, (a) => {
        a.asked++
        if (q.status === 'unclear') a.unclear++
        if (!failsIn(q)) return
        a.failed++
        a.atStake += stake
        if (failing === 1 && l.determination !== 'needs-review') a.alone++
      })
    }
    for (const h of l.rules.filter(bites)) {
      both(seriesOf(group.rules, h.id), month, noAsked, (a) => {
        a.failed++
        a.atStake += stake
        if (failing === 1) a.alone++
      })
    }
  }
}

function closed(g: OpenGroup): Group {
  const counts = (c: Counts): Counts => ({ ...c, billed: c.billed / 100, atStake: c.atStake / 100 })
  const asked = (lines: number) => (a: Asked): Asked => ({ ...a, asked: a.asked === 0 ? lines : a.asked, atStake: a.atStake / 100 })
  const months = <T>(m: ReadonlyMap<string, T>, of: (value: T, month: string) => T): Map<string, T> => new Map([...m].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, v]) => [month, of(v, month)]))
  const byId = (map: ReadonlyMap<string, OpenSeries<Asked>>): Map<string, Series<Asked>> => new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, s]) =>
    // A rule is asked of every line; only those it bites are counted as they come.
    [id, { all: asked(g.counts.all.lines)(s.all), months: months(s.months, (v, month) => asked(g.counts.months.get(month)?.lines ?? 0)(v)) }]))
  return { counts: { all: counts(g.counts.all), months: months(g.counts.months, counts) }, requirements: byId(g.requirements), rules: byId(g.rules) }
}

/** No month is left out between the first and the last. */
function monthsOf(found: readonly string[]): string[] {
  const sorted = [...found].sort()
  const [first, last] = [sorted[0], sorted.at(-1)]
  const out: string[] = []
  if (first === undefined || last === undefined) return out
  // A slip in a year must not make a thousand empty months.
  for (let [year, month] = [Number(first.slice(0, 4)), Number(first.slice(5))]; out.length < 240; month === 12 ? (year++, month = 1) : month++) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
    out.push(name)
    if (name >= last) return out
  }
  return [...new Set(sorted)]
}

/** Lines decided without a person, and those among them that were not supported in full. */
export const decided = (c: Counts): { readonly n: number; readonly found: number } => ({ n: c.lines - c.review, found: c.insufficient + c.notSupported })
