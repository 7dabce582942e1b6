// What is at stake in money, by the user's fees: of each line and of the claim. May not: decide a line; guess a fee.
import { feeFor, type Fee } from '../claim/fees.ts'
import type { ReviewJson } from './contract.ts'

export interface LineMoney {
  /** Of one unit; null where the table has none for the line, and then so are the others. */
  readonly fee: number | null
  readonly billed: number | null
  /** Units that do not stand. */
  readonly notSupported: number | null
  /** Units that stand only if what is missing comes or a reviewer decides so. */
  readonly open: number | null
  readonly supported: number | null
}

export interface ClaimMoney {
  readonly billed: number
  readonly notSupported: number
  readonly open: number
  readonly supported: number
  /** Lines without a fee, which the sums leave out. */
  readonly withoutFee: readonly number[]
}

const dollars = (cents: number): number => Math.round(cents) / 100
const NONE: LineMoney = { fee: null, billed: null, notSupported: null, open: null, supported: null }

export function moneyOf(review: ReviewJson, fees: readonly Fee[]): { readonly lines: readonly LineMoney[]; readonly claim: ClaimMoney } {
  const lines = review.lines.map((line): LineMoney => {
    const place = review.claim.lines.find((l) => l.line === line.line)?.placeOfService ?? null
    const fee = feeFor(fees, { code: line.code, modifiers: line.modifiers, placeOfService: place, serviceDate: line.serviceDate })
    if (fee === null) return NONE
    const stands = Math.min(line.unitsSupported, line.units)
    const undecided = line.determination === 'insufficient-documentation' || line.determination === 'needs-review'
    const [billed, standing] = [Math.round(fee.cents * line.units), Math.round(fee.cents * stands)]
    return { fee: dollars(fee.cents), billed: dollars(billed), notSupported: dollars(billed - standing), open: dollars(undecided ? standing : 0), supported: dollars(undecided ? 0 : standing) }
  })
  const sum = (key: 'billed' | 'notSupported' | 'open' | 'supported'): number => dollars(lines.reduce((n, l) => n + Math.round((l[key] ?? 0) * 100), 0))
  return { lines, claim: { billed: sum('billed'), notSupported: sum('notSupported'), open: sum('open'), supported: sum('supported'), withoutFee: review.lines.filter((_, i) => lines[i]?.fee === null).map((l) => l.line) } }
}

/** `1,180.50` */
export function amountWords(amount: number): string {
  const [whole = '', cents = ''] = amount.toFixed(2).split('.')
  const groups: string[] = []
  for (let end = whole.length; end > 0; end -= 3) groups.unshift(whole.slice(Math.max(0, end - 3), end))
  return `${groups.join(',')}.${cents}`
}

/** The answer with its money, of each line and of the claim. */
export function withMoney(review: ReviewJson, fees: readonly Fee[]): ReviewJson {
  const money = moneyOf(review, fees)
  return { ...review, lines: review.lines.map((l, i) => ({ ...l, money: money.lines[i] as LineMoney })), money: { ...money.claim, withoutFee: [...money.claim.withoutFee] } }
}
