// What another file would change: two reviews of one claim side by side. May not: review; make a sentence the reviews do not hold.
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson } from '../report/contract.ts'

export interface StatusChange {
  readonly requirement: string
  readonly asks: string
  readonly before: RequirementJson['status']
  readonly after: RequirementJson['status']
  readonly says: string
  /** What decides it now. */
  readonly evidence: readonly EvidenceJson[]
}

export interface LineChange {
  readonly line: number
  readonly code: string
  readonly serviceDate: string
  readonly before: LineJson['determination']
  readonly after: LineJson['determination']
  readonly unitsBefore: number
  readonly unitsAfter: number
  readonly statuses: readonly StatusChange[]
  readonly rulesGone: readonly { readonly id: string; readonly says: string }[]
  readonly rulesNew: readonly { readonly id: string; readonly says: string }[]
}

export interface WhatIf {
  /** Files that were added. */
  readonly files: readonly string[]
  readonly lines: readonly LineChange[]
  readonly general: readonly StatusChange[]
}

/** Only what changes; lines in the order of the claim. */
export function whatIf(before: ReviewJson, after: ReviewJson): WhatIf {
  const known = new Set(before.documents.map((d) => d.file))
  return {
    files: after.documents.map((d) => d.file).filter((f) => !known.has(f)),
    lines: after.lines.flatMap((now) => {
      const then = before.lines.find((l) => l.line === now.line)
      if (!then) return []
      const ids = (l: LineJson): Set<string> => new Set(l.rules.map((r) => `${r.id} ${r.effect}`))
      const [had, has] = [ids(then), ids(now)]
      const change: LineChange = {
        line: now.line, code: now.code, serviceDate: now.serviceDate, before: then.determination, after: now.determination, unitsBefore: then.unitsSupported, unitsAfter: now.unitsSupported,
        statuses: statusChanges(then.requirements, now.requirements),
        rulesGone: then.rules.filter((r) => !has.has(`${r.id} ${r.effect}`)).map((r) => ({ id: r.id, says: r.explanation })),
        rulesNew: now.rules.filter((r) => !had.has(`${r.id} ${r.effect}`)).map((r) => ({ id: r.id, says: r.explanation })),
      }
      const same = change.before === change.after && change.unitsBefore === change.unitsAfter && change.statuses.length + change.rulesGone.length + change.rulesNew.length === 0
      return same ? [] : [change]
    }),
    general: statusChanges(before.general, after.general),
  }
}

/** A requirement that only one of the two asks counts as not applicable in the other. */
export function statusChanges(before: readonly RequirementJson[], after: readonly RequirementJson[]): StatusChange[] {
  const then = new Map(before.map((r) => [r.id, r]))
  const now = new Map(after.map((r) => [r.id, r]))
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((id): StatusChange[] => {
    const [a, b] = [then.get(id), now.get(id)]
    const shown = b ?? a
    if (!shown || (a?.status ?? 'not-applicable') === (b?.status ?? 'not-applicable')) return []
    return [{ requirement: id, asks: shown.asks, before: a?.status ?? 'not-applicable', after: b?.status ?? 'not-applicable', says: b?.explanation ?? '', evidence: b?.evidence ?? [] }]
  })
}
