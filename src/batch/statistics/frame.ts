// A sampling frame: the units that may be drawn, each once, in an order that hangs on nothing but their names. May not: draw; read a file.
import { boundariesByAmount, deviationOf } from './allocation.ts'
import { amountOf, columnOf, TableFault, type Table } from './table.ts'

export interface FrameUnit {
  readonly id: string
  readonly stratum: string
  /** Null where the frame gives no amounts. */
  readonly amount: number | null
  /** Rows of the file that make up the unit. */
  readonly rows: readonly number[]
  /** Cells of its first row. */
  readonly cells: readonly string[]
}

export interface FrameStratum { readonly name: string; readonly units: readonly FrameUnit[]; readonly total: number; readonly mean: number; readonly deviation: number }

export interface Frame {
  readonly columns: readonly string[]
  readonly unitColumn: string
  readonly amountColumn: string | null
  /** Column or upper ends of amounts; null for one stratum. */
  readonly strataBy: string | null
  readonly rows: number
  /** In ascending order of name; units of each in ascending order of id (by UTF-16 code units). */
  readonly strata: readonly FrameStratum[]
  readonly warnings: readonly string[]
}

export type StrataBy =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'ends'; readonly ends: readonly number[] }
  | { readonly kind: 'count'; readonly count: number }

export interface FrameOptions { readonly unit?: string | undefined; readonly amount?: string | undefined; readonly strata?: StrataBy | undefined }

const UNITS = ['unit', 'claimid', 'claim', 'claimnumber', 'claimno', 'icn', 'dcn', 'claimcontrolnumber', 'caseid']
const AMOUNTS = ['paid', 'paidamount', 'amountpaid', 'totalpaid', 'payment', 'paymentamount', 'allowed', 'allowedamount', 'billed', 'amount', 'charge', 'charges', 'totalcharge', 'chargeamount']
export const ALL = 'all'
const MOST_STRATA = 200

/** `--strata` as written: a column, `amount:100,500` (upper ends) or `amount/4` (as many strata). @throws TableFault */
export function strataOption(text: string): StrataBy {
  const ends = /^amount:(.+)$/.exec(text)?.[1]
  if (ends !== undefined) {
    const values = ends.split(',').map((e) => amountOf(e) ?? NaN)
    if (values.some((v, i) => !Number.isFinite(v) || (i > 0 && v <= (values[i - 1] as number)))) throw new TableFault('--strata amount: takes ascending amounts, such as amount:100,500,2000.')
    return { kind: 'ends', ends: values }
  }
  const count = /^amount\/(\d{1,2})$/.exec(text)?.[1]
  if (count !== undefined) {
    if (Number(count) < 2) throw new TableFault('--strata amount/N takes two or more strata.')
    return { kind: 'count', count: Number(count) }
  }
  return { kind: 'column', column: text }
}

/** @throws TableFault */
export function frameOf(table: Table, options: FrameOptions = {}): Frame {
  const warnings: string[] = []
  const unitAt = columnOf(table, options.unit, UNITS)
  if (unitAt === null) throw new TableFault(`no column names the claim; say with --unit which of ${table.columns.slice(0, 40).join(', ')} does.`)
  const amountAt = columnOf(table, options.amount, AMOUNTS)
  const byColumn = options.strata?.kind === 'column' ? columnOf(table, options.strata.column, []) : null
  const gathered = new Map<string, { stratum: string; cents: number; amounts: number; rows: number[]; cells: readonly string[] }>()
  let without = 0
  for (const { row, cells } of table.rows) {
    const id = (cells[unitAt] ?? '').trim()
    if (id === '') {
      without++
      continue
    }
    const amount = amountAt === null ? null : amountOf(cells[amountAt] ?? '')
    if (Number.isNaN(amount)) throw new TableFault(`row ${row}: column “${table.columns[amountAt as number]}” is not an amount.`)
    const stratum = byColumn === null ? ALL : (cells[byColumn] ?? '').trim() || '(empty)'
    const known = gathered.get(id)
    if (known === undefined) gathered.set(id, { stratum, cents: Math.round((amount ?? 0) * 100), amounts: amount === null ? 0 : 1, rows: [row], cells })
    else {
      if (known.stratum !== stratum) throw new TableFault(`rows ${known.rows[0]} and ${row} are of one unit but of two strata; a unit belongs to one stratum.`)
      known.cents += Math.round((amount ?? 0) * 100)
      known.amounts += amount === null ? 0 : 1
      known.rows.push(row)
    }
  }
  if (gathered.size === 0) throw new TableFault(`the frame holds no unit: column “${table.columns[unitAt]}” is empty in all ${table.rows.length} rows.`)
  if (without > 0) warnings.push(`${without} rows without an entry in “${table.columns[unitAt]}” are left out of the frame`)
  const merged = [...gathered.values()].filter((u) => u.rows.length > 1).length
  if (merged > 0) warnings.push(`${merged} units stand on several rows; their amounts are added up`)
  const known = [...gathered].map(([id, u]): Omit<FrameUnit, 'stratum'> & { stratum: string } => ({ id, stratum: u.stratum, amount: amountAt === null || u.amounts === 0 ? null : u.cents / 100, rows: u.rows, cells: u.cells }))
  const nothing = known.filter((u) => u.amount !== null && u.amount <= 0).length
  if (nothing > 0) warnings.push(`${nothing} units have an amount of 0 or less; take them out beforehand if they are not part of the universe`)
  let strataBy: string | null = options.strata?.kind === 'column' ? options.strata.column : null
  let units: readonly FrameUnit[] = known
  if (options.strata !== undefined && options.strata.kind !== 'column') {
    if (amountAt === null || known.some((u) => u.amount === null)) throw new TableFault('strata by amount need an amount for every unit; name the column with --amount.')
    const amounts = known.map((u) => u.amount as number)
    const ends = options.strata.kind === 'ends' ? options.strata.ends : boundariesByAmount(amounts, options.strata.count)
    strataBy = `amount:${ends.join(',')}`
    units = known.map((u) => ({ ...u, stratum: nameOfRange(ends, u.amount as number) }))
    if (ends.length === 0) warnings.push('the amounts do not differ enough for more than one stratum')
  }
  const names = [...new Set(units.map((u) => u.stratum))].sort(byText)
  if (names.length > MOST_STRATA) throw new TableFault(`column “${strataBy}” makes ${names.length} strata; no more than ${MOST_STRATA} are drawn from.`)
  const inStratum = new Map(names.map((n) => [n, [] as FrameUnit[]]))
  for (const u of [...units].sort((a, b) => byText(a.id, b.id))) inStratum.get(u.stratum)?.push(u)
  const strata = [...inStratum].map(([name, of]): FrameStratum => {
    const amounts = of.map((u) => u.amount ?? 0)
    const total = amounts.reduce((n, a) => n + Math.round(a * 100), 0) / 100
    return { name, units: of, total, mean: total / of.length, deviation: deviationOf(amounts) }
  })
  return { columns: table.columns, unitColumn: table.columns[unitAt] as string, amountColumn: amountAt === null ? null : table.columns[amountAt] as string, strataBy, rows: table.rows.length, strata, warnings }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `2: over 100.00 to 500.00`: numbered, so that strata keep their order. */
function nameOfRange(ends: readonly number[], amount: number): string {
  const at = ends.findIndex((e) => amount <= e)
  const i = at < 0 ? ends.length : at
  const number = `${i + 1}`.padStart(`${ends.length + 1}`.length, '0')
  if (ends.length === 0) return ALL
  return i === 0 ? `${number}: up to ${money(ends[0])}` : i === ends.length ? `${number}: over ${money(ends[i - 1])}` : `${number}: over ${money(ends[i - 1])} to ${money(ends[i])}`
}
const money = (value: number | undefined): string => (value ?? 0).toFixed(2)

/** One line a unit, in the order of the frame: what the hash of the frame is taken of. */
export function* frameLines(frame: Frame): Generator<string> {
  for (const s of frame.strata) for (const u of s.units) yield `${JSON.stringify([s.name, u.id, u.amount])}\n`
}
