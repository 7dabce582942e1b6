// How often people override the machine, and how well two people agree. May not: name a person.
import type { Store } from '../store/open-store.ts'
import type { QualityAnswer } from './shapes.ts'

/** Share of pairs that agree, and Cohen's kappa; kappa is null where chance alone would agree always. */
export function agreementOf(pairs: readonly (readonly [string, string])[]): { readonly agreement: number | null; readonly kappa: number | null } {
  const n = pairs.length
  if (n === 0) return { agreement: null, kappa: null }
  const agreement = pairs.filter(([a, b]) => a === b).length / n
  const share = (side: 0 | 1, value: string): number => pairs.filter((p) => p[side] === value).length / n
  const chance = [...new Set(pairs.flat())].reduce((sum, value) => sum + share(0, value) * share(1, value), 0)
  const round = (x: number): number => Math.round(x * 1000) / 1000
  return { agreement: round(agreement), kappa: chance >= 1 - 1e-9 ? null : round((agreement - chance) / (1 - chance)) }
}

export async function qualityOf(store: Store, organisation: string): Promise<QualityAnswer> {
  const rows = await store.db.selectFrom('decisions').select(['case_id', 'line', 'subject', 'machine', 'action', 'status', 'round']).where('organisation_id', '=', organisation)
    .where('target', '=', 'requirement').orderBy('decided_at').orderBy('id').execute()
  interface Matter { readonly requirement: string; readonly last: Map<boolean, { readonly machine: string; readonly status: string }> }
  const matters = new Map<string, Matter>()
  for (const r of rows) {
    const key = `${r.case_id} ${r.line ?? 0} ${r.subject ?? ''}`
    const matter: Matter = matters.get(key) ?? { requirement: r.subject ?? '', last: new Map() }
    matters.set(key, matter)
    if (r.action === 'withdraw') matter.last.delete(r.round === 'blind')
    else matter.last.set(r.round === 'blind', { machine: r.machine, status: r.status })
  }
  const byRequirement = new Map<string, { decided: number; overridden: number; pairs: [string, string][] }>()
  for (const { requirement, last } of matters.values()) {
    const sums = byRequirement.get(requirement) ?? { decided: 0, overridden: 0, pairs: [] }
    byRequirement.set(requirement, sums)
    const first = last.get(false)
    const blind = last.get(true)
    if (first) {
      sums.decided++
      if (first.status !== first.machine) sums.overridden++
    }
    if (first && blind) sums.pairs.push([first.status, blind.status])
  }
  return {
    requirements: [...byRequirement].map(([requirement, { decided, overridden, pairs }]) => ({
      requirement, decided, overridden, rate: decided === 0 ? 0 : Math.round((overridden / decided) * 1000) / 1000, pairs: pairs.length, ...agreementOf(pairs),
    })).sort((a, b) => b.rate - a.rate || (a.requirement < b.requirement ? -1 : 1)),
  }
}
