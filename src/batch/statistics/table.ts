// A table as text cells → columns by name, and amounts out of cells. May not: read a file; quote a cell in a fault.

export interface Table {
  readonly columns: readonly string[]
  /** `row` is its place in the file, as the file counts. */
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[]
}

/** A fault of the user's table or options; `message` is one sentence. */
export class TableFault extends Error {
  readonly kind = 'input-fault'
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Position of a column: by the name given, else by the first of the usual names that is there; null where none is. @throws TableFault where the name given is not there */
export function columnOf(table: Table, given: string | undefined, usual: readonly string[]): number | null {
  const names = table.columns.map(plain)
  if (given !== undefined) {
    const exact = table.columns.indexOf(given)
    const at = exact >= 0 ? exact : names.indexOf(plain(given))
    if (at < 0) throw new TableFault(`there is no column “${given}”; the columns are ${table.columns.slice(0, 40).join(', ')}.`)
    return at
  }
  for (const name of usual) {
    const at = names.indexOf(name)
    if (at >= 0) return at
  }
  return null
}

/** `$1,234.50`, `(12.00)`, `-3` → a number; null where the cell is empty, NaN where it is no amount. */
export function amountOf(cell: string): number | null {
  const text = cell.trim()
  if (text === '') return null
  const m = /^(-?)(\()?\$?(-?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,8}))?(\))?$/.exec(text.replace(/\s+/g, ''))
  if (!m || (m[2] === '(') !== (m[6] === ')')) return NaN
  const value = Number(`${(m[4] as string).replaceAll(',', '')}.${m[5] ?? '0'}`)
  return m[1] === '-' || m[2] === '(' || m[3] === '-' ? 0 - value : value
}
