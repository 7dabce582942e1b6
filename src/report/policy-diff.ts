// What differs between two texts of a policy, and between a policy and a draft of it. May not: read files; change a policy.
import { holdsIn, versionOn, type Policy } from '../policy/policy.ts'
import type { CodeEntry } from '../policy/rules.ts'

export interface PolicyDiff {
  readonly policy: string
  /** Texts compared: the ones in force on the two days asked for. */
  readonly from: string
  readonly to: string
  readonly texts: readonly { readonly version: string; readonly changed: string; readonly effective: 'stated' | 'assumed' }[]
  readonly rules: readonly { readonly id: string; readonly change: 'began' | 'ended' | 'changed'; readonly before: string | null; readonly after: string | null }[]
  readonly denialCodes: { readonly before: readonly string[]; readonly after: readonly string[] }
  readonly codes: readonly ({ readonly code: string } & NonNullable<CodeEntry['change']>)[]
}

/** Texts in force on two days, the earlier one first; days are `YYYY-MM-DD`. */
export function policyDiffs(policies: readonly Policy[], a: string, b: string): PolicyDiff[] {
  const [first, last] = a <= b ? [a, b] : [b, a]
  return policies.map((p) => {
    const from = versionOn(p, first)
    const to = versionOn(p, last)
    const says = (id: string, version: string): string | null => p.rules.filter((r) => r.id === id && holdsIn(r, version)).map((r) => r.says).join('; ') || null
    const rules = [...new Set(p.rules.map((r) => r.id))].flatMap((id): PolicyDiff['rules'][number][] => {
      const before = says(id, from)
      const after = says(id, to)
      return before === after ? [] : [{ id, change: before === null ? 'began' : after === null ? 'ended' : 'changed', before, after }]
    })
    const denial = (version: string): readonly string[] => (p.denialCodesFrom === null || version >= p.denialCodesFrom ? p.denialCodes : [])
    const codes = [...p.codes.values()].flatMap((c) => (c.change && c.change.on > first && c.change.on <= last ? [{ code: c.code, ...c.change }] : []))
    return { policy: p.id, from, to, texts: p.history.filter((v) => v.version > from && v.version <= to), rules, denialCodes: { before: denial(from), after: denial(to) }, codes }
  })
}

export interface DraftChange {
  readonly what: 'requirement' | 'rule' | 'service' | 'head'
  readonly id: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Fields that differ. */
  readonly fields: readonly string[]
}

/** Requirements, rules and services that a draft adds, takes away or changes. Examples are no part of what is compared. */
export function draftChanges(base: Policy, draft: Policy): DraftChange[] {
  const requirements = (p: Policy): Map<string, object> => new Map(p.checklists.flatMap((c) => c.requirements.map((r) => [r.id, r] as const)))
  const rules = (p: Policy): Map<string, object> => {
    const counts = new Map<string, number>()
    return new Map(p.rules.map((r) => {
      const n = (counts.get(r.id) ?? 0) + 1
      counts.set(r.id, n)
      return [n === 1 ? r.id : `${r.id} (${n})`, r] as const
    }))
  }
  const services = (p: Policy): Map<string, object> => new Map(p.services.map((s) => [s.label, s]))
  const head = ({ title, payers, versions, knownUntil, aliases, denialCodes, settings }: Policy): Map<string, object> => new Map([['policy', { title, payers, versions, knownUntil, aliases, denialCodes, settings }]])
  const side = (what: DraftChange['what'], a: Map<string, object>, b: Map<string, object>): DraftChange[] => [...new Set([...a.keys(), ...b.keys()])].flatMap((id): DraftChange[] => {
    const [old, now] = [a.get(id), b.get(id)]
    if (!old || !now) return [{ what, id, change: old ? 'removed' : 'added', fields: [] }]
    const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((f) => f !== 'examples' && JSON.stringify(old[f as keyof typeof old]) !== JSON.stringify(now[f as keyof typeof now]))
    return fields.length === 0 ? [] : [{ what, id, change: 'changed', fields }]
  })
  return [...side('head', head(base), head(draft)), ...side('requirement', requirements(base), requirements(draft)), ...side('service', services(base), services(draft)), ...side('rule', rules(base), rules(draft))]
}

export interface DraftFault { readonly file: string; /** 1-based; null where the fault is of no one place. */ readonly line: number | null; readonly column: number | null; readonly what: string }
export type DraftFiles = Readonly<Record<string, string>>
