// What ids are called on the screen, and how figures are written. May not: decide anything.
import type { CaseRow, LineJson, RequirementJson } from './api.ts'

export const DETERMINATION: Readonly<Record<LineJson['determination'], string>> = {
  supported: 'Supported', 'insufficient-documentation': 'Insufficient documentation', 'not-supported': 'Not supported', 'needs-review': 'Needs review',
}
export const DETERMINATION_SHORT: Readonly<Record<LineJson['determination'], string>> = {
  supported: 'Supported', 'insufficient-documentation': 'Insufficient', 'not-supported': 'Not supported', 'needs-review': 'Needs review',
}
export const STATUS: Readonly<Record<RequirementJson['status'], string>> = {
  met: 'Met', partial: 'Partly met', 'not-met': 'Not met', 'not-applicable': 'Does not apply', unclear: 'Unclear', clear: 'Not triggered', triggered: 'Triggered',
}
export const STATE: Readonly<Record<CaseRow['state'], string>> = {
  received: 'Received', ready: 'Ready', 'in-review': 'In review', pended: 'Pended', approval: 'For approval', decided: 'Decided', closed: 'Closed',
}
export const CLASS: Readonly<Record<RequirementJson['class'], string>> = { core: 'core', req: 'required', cond: 'if it applies', x: 'exclusion' }
export const REASON: Readonly<Record<string, string>> = {
  'evidence-elsewhere': 'Evidence stands elsewhere', 'evidence-insufficient': 'Evidence is not enough', 'policy-interpretation': 'Reading of the policy', 'reading-error': 'Misread page', other: 'Other',
}
export const EFFECT: Readonly<Record<string, string>> = { deny: 'denies', limit: 'limits units', review: 'needs a look', note: 'note' }
export const ROLE: Readonly<Record<string, string>> = { reviewer: 'Reviewer', lead: 'Lead', provider: 'Provider', administrator: 'Administrator', auditor: 'Auditor (reads only)' }

export const noteType = (type: string): string => type.replaceAll('-', ' ')

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })
export const money = (amount: number): string => (amount === 0 ? '–' : dollars.format(amount))
export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
export const bytes = (n: number): string => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toFixed(1)} MB`)

export function due(day: string, closed: boolean): string {
  if (closed) return day
  const days = Math.round((Date.parse(day) - Date.parse(new Date().toISOString().slice(0, 10))) / 86_400_000)
  return days < 0 ? `${-days} d over` : days === 0 ? 'today' : `in ${days} d`
}

export const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ')
export const span = (from: string, to: string): string => (from === to ? from : from.slice(0, 4) === to.slice(0, 4) ? `${from} – ${to.slice(5)}` : `${from} – ${to}`)
