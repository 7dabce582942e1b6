// What a batch came to, counted result by result. May not: keep results; decide anything.
import { WORST_FIRST, type BatchResult } from './result.ts'
import { amountWords } from '../report/money.ts'
import { clean, plural } from '../report/plain.ts'

export interface DoubtfulClaim {
  readonly number: number
  readonly source: string
  readonly claimId: string | null
  readonly determination: BatchResult['determination']
  readonly status: BatchResult['status']
  /** What a person should look at, in dictionary words. */
  readonly because: readonly string[]
  readonly atStake: number
}

export interface Summary {
  readonly claims: number
  readonly done: number
  readonly failed: number
  readonly aside: number
  readonly reasons: Readonly<Record<string, number>>
  readonly lines: Readonly<Record<(typeof WORST_FIRST)[number], number>>
  /** By the worst line of each claim. */
  readonly determinations: Readonly<Record<(typeof WORST_FIRST)[number], number>>
  readonly requirements: readonly { readonly id: string; readonly partial: number; readonly notMet: number; readonly unclear: number; readonly triggered: number }[]
  readonly rules: readonly { readonly id: string; readonly deny: number; readonly limit: number; readonly review: number; readonly note: number }[]
  readonly money: BatchResult['money'] & { readonly linesWithout: number; readonly basis: Readonly<Record<'fee' | 'paid' | 'charge', number>> }
  readonly pages: BatchResult['pages']
  readonly problems: readonly { readonly id: string; readonly severity: string; readonly count: number; readonly claims: number }[]
  readonly doubtful: number
  /** Of the doubtful, those with most at stake. */
  readonly doubtfulFirst: readonly DoubtfulClaim[]
  /** More than one where results of several versions stand together. */
  readonly versions: readonly { readonly engine: string; readonly dictionaries: string; readonly ocr: string | null; readonly claims: number }[]
}

const MOST_DOUBTFUL = 200
const cents = (n: number): number => Math.round(n * 100)
const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)

/** Takes results one by one; `told` may be asked at any time. */
export function summarizer(): { readonly add: (r: BatchResult) => void; readonly told: () => Summary } {
  const zero = (): Record<(typeof WORST_FIRST)[number], number> => ({ 'not-supported': 0, 'needs-review': 0, 'insufficient-documentation': 0, supported: 0 })
  const count = { claims: 0, done: 0, failed: 0, aside: 0, doubtful: 0 }
  const reasons = new Map<string, number>()
  const [lines, determinations] = [zero(), zero()]
  const requirements = new Map<string, { partial: number; notMet: number; unclear: number; triggered: number }>()
  const rules = new Map<string, { deny: number; limit: number; review: number; note: number }>()
  const money = { billed: 0, notSupported: 0, open: 0, supported: 0, linesWithout: 0 }
  const basis = { fee: 0, paid: 0, charge: 0 }
  const pages = { all: 0, native: 0, ocr: 0, unread: 0 }
  const problems = new Map<string, { id: string; severity: string; count: number; claims: number }>()
  const versions = new Map<string, { engine: string; dictionaries: string; ocr: string | null; claims: number }>()
  let first: DoubtfulClaim[] = []
  const keep = (): void => {
    first = first.sort((a, b) => b.atStake - a.atStake || a.number - b.number).slice(0, MOST_DOUBTFUL)
  }

  return {
    add(r) {
      count.claims++
      count[r.status]++
      if (r.reason !== null) reasons.set(r.reason.id, (reasons.get(r.reason.id) ?? 0) + 1)
      if (r.determination !== null) determinations[r.determination]++
      for (const line of r.lines) {
        lines[line.determination]++
        if (line.money === null) money.linesWithout++
        else basis[line.money.basis]++
        for (const q of line.requirements) {
          if (q.status !== 'partial' && q.status !== 'not-met' && q.status !== 'unclear' && q.status !== 'triggered') continue
          const of = requirements.get(q.id) ?? { partial: 0, notMet: 0, unclear: 0, triggered: 0 }
          of[q.status === 'not-met' ? 'notMet' : q.status]++
          requirements.set(q.id, of)
        }
      }
      for (const rule of [...r.lines.flatMap((l) => l.rules), ...r.rules]) {
        const of = rules.get(rule.id) ?? { deny: 0, limit: 0, review: 0, note: 0 }
        of[rule.effect]++
        rules.set(rule.id, of)
      }
      for (const key of ['billed', 'notSupported', 'open', 'supported'] as const) money[key] += cents(r.money[key])
      for (const key of ['all', 'native', 'ocr', 'unread'] as const) pages[key] += r.pages[key]
      for (const p of r.problems) {
        const of = problems.get(`${p.id} ${p.severity}`) ?? { id: p.id, severity: p.severity, count: 0, claims: 0 }
        of.count += p.count
        of.claims++
        problems.set(`${p.id} ${p.severity}`, of)
      }
      if (r.status === 'done') {
        const key = `${r.made.engine} ${r.made.dictionaries} ${r.made.ocr}`
        const of = versions.get(key) ?? { engine: r.made.engine, dictionaries: r.made.dictionaries, ocr: r.made.ocr, claims: 0 }
        of.claims++
        versions.set(key, of)
      }
      if (r.doubtful) {
        count.doubtful++
        first.push({
          number: r.number, source: r.source, claimId: r.claimId, determination: r.determination, status: r.status, atStake: (cents(r.money.notSupported) + cents(r.money.open)) / 100,
          because: [...(r.reason === null ? [] : [r.reason.id]), ...new Set([...r.lines.flatMap((l) => l.requirements.filter((q) => q.status === 'unclear').map((q) => `${q.id} ${q.reason}`)),
            ...r.lines.flatMap((l) => l.rules.filter((x) => x.effect === 'review').map((x) => x.id)), ...r.problems.filter((p) => p.severity === 'error' || p.id === 'unread-page' || p.id === 'illegible-page').map((p) => p.id)])].slice(0, 8),
        })
        if (first.length > 4 * MOST_DOUBTFUL) keep()
      }
    },
    told() {
      keep()
      const dollars = (n: number): number => n / 100
      return {
        ...count, reasons: Object.fromEntries([...reasons].sort()), lines: { ...lines }, determinations: { ...determinations },
        requirements: [...requirements].map(([id, of]) => ({ id, ...of })).sort(byId), rules: [...rules].map(([id, of]) => ({ id, ...of })).sort(byId),
        money: { billed: dollars(money.billed), notSupported: dollars(money.notSupported), open: dollars(money.open), supported: dollars(money.supported), linesWithout: money.linesWithout, basis: { ...basis } },
        pages: { ...pages }, problems: [...problems.values()].sort(byId), doubtfulFirst: first, versions: [...versions.values()].sort((a, b) => b.claims - a.claims),
      }
    },
  }
}

const LABELS: Readonly<Record<(typeof WORST_FIRST)[number], string>> = { 'not-supported': 'not supported', 'needs-review': 'needs review', 'insufficient-documentation': 'insufficient documentation', supported: 'supported' }

/** For a terminal: doubtful cases first. */
export function summaryText(s: Summary, most = 15): string {
  const out: string[] = []
  const table = (rows: readonly (readonly string[])[]): void => {
    const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => (r[i] ?? '').length)))
    for (const r of rows) out.push(`  ${r.map((c, i) => (i === 0 ? c.padEnd(widths[i] as number) : c.padStart(widths[i] as number))).join('  ').trimEnd()}`)
  }
  out.push(`${plural(s.claims, 'claim')}: ${s.done} reviewed${s.failed === 0 ? '' : `, ${s.failed} could not be`}${s.aside === 0 ? '' : `, ${s.aside} put aside`}; ${plural(s.pages.all, 'page')} (${s.pages.ocr} by OCR, ${s.pages.unread} unread)`)
  for (const [id, n] of Object.entries(s.reasons)) out.push(`  ${id}: ${n}`)
  if (s.versions.length > 1) {
    out.push('', '! Results of several versions stand together:')
    for (const v of s.versions) out.push(`  engine ${v.engine}, dictionaries ${v.dictionaries.replace('sha256:', '').slice(0, 8)}, OCR ${v.ocr ?? 'none'}: ${plural(v.claims, 'claim')}`)
  }
  if (s.doubtful > 0) {
    out.push('', `Doubtful, most at stake first (${Math.min(most, s.doubtfulFirst.length)} of ${s.doubtful}; all in summary.json and results.ndjson)`)
    for (const d of s.doubtfulFirst.slice(0, most)) out.push(`  ${clean(d.claimId ?? d.source)}  ${d.determination === null ? d.status : LABELS[d.determination]}${d.atStake === 0 ? '' : `  ${amountWords(d.atStake)}`}  ${d.because.join(', ')}`)
  }
  out.push('', 'Determinations')
  table([['', 'claims', 'lines'], ...WORST_FIRST.map((d) => [LABELS[d], `${s.determinations[d]}`, `${s.lines[d]}`])])
  const money = s.money
  const bases = (['fee', 'paid', 'charge'] as const).filter((b) => money.basis[b] > 0)
  if (bases.length > 0) {
    out.push('', `Money (by ${bases.map((b) => ({ fee: 'the fee table', paid: 'what was paid', charge: 'charges' })[b]).join(', ')}${money.linesWithout === 0 ? '' : `; ${plural(money.linesWithout, 'line')} without an amount left out`})`)
    table([['billed', amountWords(money.billed)], ['not supported', amountWords(money.notSupported)], ['open', amountWords(money.open)], ['supported', amountWords(money.supported)]])
  }
  const worst = [...s.requirements].sort((a, b) => b.notMet + b.triggered - a.notMet - a.triggered || b.unclear - a.unclear || b.partial - a.partial).slice(0, most)
  if (worst.length > 0) {
    out.push('', `Findings by requirement (${worst.length} of ${s.requirements.length})`)
    table([['', 'not met', 'triggered', 'unclear', 'partial'], ...worst.map((r) => [r.id, `${r.notMet}`, `${r.triggered}`, `${r.unclear}`, `${r.partial}`])])
  }
  const firing = s.rules.filter((r) => r.deny + r.limit + r.review > 0).sort((a, b) => b.deny + b.limit + b.review - a.deny - a.limit - a.review || byId(a, b)).slice(0, most)
  if (firing.length > 0) {
    out.push('', 'Findings by rule')
    table([['', 'denies', 'limits', 'asks for review'], ...firing.map((r) => [r.id, `${r.deny}`, `${r.limit}`, `${r.review}`])])
  }
  if (s.problems.length > 0) {
    out.push('', 'Problems of the records')
    table([['', 'count', 'claims'], ...s.problems.map((p) => [`${p.id} (${p.severity})`, `${p.count}`, `${p.claims}`])])
  }
  return `${out.join('\n')}\n`
}
