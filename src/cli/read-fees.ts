// `--fees FILE` → fees. May not: quote an amount in a fault; go on without the rows that are wrong.
import { delimitedRows, separatorOf } from '../base/delimited.ts'
import { readFees, type Fee } from '../claim/fees.ts'
import { textOf } from '../load/claim-file.ts'
import { InputFault } from './fault.ts'

const MOST_TOLD = 3

/** @throws InputFault naming rows and columns: a table with a wrong row gives wrong sums. */
export const readFeeFile = (path: string): readonly Fee[] => feesOf(feeText(path), path)

/** @throws InputFault */
export function feeText(path: string): string {
  try {
    return [...textOf(path)].join('')
  } catch (e) {
    if (e instanceof Error && 'syscall' in e) throw new InputFault(`${path}: the fee table cannot be read (${'code' in e ? String(e.code) : 'unknown fault'}).`)
    throw e
  }
}

/** @throws InputFault; `path` names the table in it. */
export function feesOf(text: string, path: string): readonly Fee[] {
  const rows = [...delimitedRows([text], separatorOf(text.slice(0, 1 << 16)))].map(({ line, cells }) => ({ row: line, cells }))
  const { fees, faults } = readFees(rows)
  if (faults.length > 0) {
    throw new InputFault(`${path}: ${faults.slice(0, MOST_TOLD).map((f) => `row ${f.row}, column ${f.column}: ${f.what}`).join('; ')}${faults.length > MOST_TOLD ? ` and ${faults.length - MOST_TOLD} more` : ''}.`)
  }
  return fees
}
