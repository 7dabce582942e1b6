// The user's fee table (CSV) and what a line is worth by it. May not: fall back on charges; read a file.
import { anyDate } from './dates.ts'
import type { ClaimLine } from './claim.ts'

export interface Fee {
  readonly code: string
  /** Empty: whatever the modifiers. */
  readonly modifier: string
  /** Place of service; empty for all places. */
  readonly place: string
  readonly from: string
  readonly until: string
  /** Cents a unit. */
  readonly cents: number
}

export interface FeeFault { readonly row: number; readonly column: number; readonly what: string }

const HEADINGS: Readonly<Record<string, readonly string[]>> = {
  code: ['code', 'cpt', 'cptcode', 'hcpcs', 'hcpcscode', 'procedure', 'procedurecode'], modifier: ['modifier', 'mod', 'mods'], amount: ['amount', 'fee', 'allowed', 'allowedamount', 'rate', 'price', 'allowable'],
  place: ['place', 'placeofservice', 'pos'], from: ['from', 'effective', 'effectivedate', 'begin', 'start', 'effectivefrom'], until: ['until', 'to', 'end', 'enddate', 'termination', 'terminationdate', 'thru'],
}

/** Rows of the table, headings first. Faults name row and column; the good rows stand. */
export function readFees(rows: Iterable<{ readonly row: number; readonly cells: readonly string[] }>): { readonly fees: readonly Fee[]; readonly faults: readonly FeeFault[] } {
  const fees: Fee[] = []
  const faults: FeeFault[] = []
  let at: Readonly<Record<string, number>> | null = null
  for (const { row, cells } of rows) {
    if (at === null) {
      const heads = cells.map((c) => c.toLowerCase().replace(/[^a-z0-9]/g, ''))
      const found = Object.fromEntries(Object.entries(HEADINGS).map(([name, words]) => [name, heads.findIndex((h) => words.includes(h))]))
      if ((found['code'] as number) >= 0 && (found['amount'] as number) >= 0) at = found
      continue
    }
    const columns: Readonly<Record<string, number>> = at
    const cell = (name: string): string => (cells[columns[name] ?? -1] ?? '').trim()
    const fault = (name: string, what: string): void => void faults.push({ row, column: (columns[name] ?? 0) + 1, what })
    if (cells.every((c) => c.trim() === '')) continue
    const [code, amount, from, until] = [cell('code').toUpperCase(), cell('amount').replace(/[$,\s]/g, ''), cell('from'), cell('until')]
    const [begins, ends] = [from === '' ? '' : anyDate(from), until === '' ? '' : anyDate(until)]
    if (!/^[0-9A-Z]{5}$/.test(code)) fault('code', 'is not a code of five characters')
    else if (!/^\d{1,9}(?:\.\d{1,4})?$/.test(amount)) fault('amount', 'is not an amount')
    else if (begins === null) fault('from', 'is not a date')
    else if (ends === null) fault('until', 'is not a date')
    else fees.push({ code, modifier: cell('modifier').toUpperCase(), place: cell('place'), from: begins, until: ends, cents: Math.round(Number(amount) * 100) })
  }
  if (at === null) faults.push({ row: 1, column: 1, what: 'no headings were found; a fee table needs columns for code and amount, and may have modifier, place, from and until' })
  return { fees, faults }
}

/** The fee that fits best: a modifier and a place that are named come before those that are not, then the latest. Null where the table has none for the line. */
export function feeFor(fees: readonly Fee[], line: Pick<ClaimLine, 'code' | 'modifiers' | 'placeOfService' | 'serviceDate'>): Fee | null {
  const fitting = fees.filter((f) => f.code === line.code && (f.modifier === '' || line.modifiers.includes(f.modifier)) && (f.place === '' || f.place === line.placeOfService)
    && (f.from === '' || f.from <= line.serviceDate) && (f.until === '' || f.until >= line.serviceDate))
  const rank = (f: Fee): string => `${f.modifier === '' ? 0 : 1}${f.place === '' ? 0 : 1}${f.from}`
  return fitting.reduce<Fee | null>((best, f) => (best === null || rank(f) > rank(best) ? f : best), null)
}
