// From statuses and rule hits to the determination of a line. May not: look at the chart.
import type { DeterminationKind, Finding, RuleHit } from './review.ts'

/** The order of the requirement catalogue: exclusion, missing core or denial; then doubt; then gaps; else supported. */
export function determine(findings: readonly Pick<Finding, 'class' | 'status'>[], rules: readonly Pick<RuleHit, 'effect'>[]): DeterminationKind {
  const denied = rules.some((r) => r.effect === 'deny')
  if (denied || findings.some((f) => f.status === 'triggered' || (f.class === 'core' && f.status === 'not-met'))) return 'not-supported'
  if (rules.some((r) => r.effect === 'review') || findings.some((f) => f.status === 'unclear')) return 'needs-review'
  if (findings.some((f) => f.class !== 'x' && (f.status === 'partial' || f.status === 'not-met'))) return 'insufficient-documentation'
  return 'supported'
}

/** Share of applicable requirements met, weighted; a partial one counts half. 1 where nothing applies. */
export function scoreOf(findings: readonly Finding[], weight: (requirement: string) => number): number {
  let have = 0
  let all = 0
  for (const f of findings) {
    if (f.class === 'x' || f.status === 'not-applicable') continue
    const w = weight(f.requirement)
    all += w
    have += f.status === 'met' ? w : f.status === 'partial' || f.status === 'unclear' ? w / 2 : 0
  }
  return all === 0 ? 1 : Math.round((have / all) * 100) / 100
}

/** Units that stand: none where the line is denied, the smallest number a limiting rule leaves, else all billed. */
export function unitsSupported(billed: number, determination: DeterminationKind, rules: readonly RuleHit[]): number {
  if (determination === 'not-supported') return 0
  return Math.min(billed, ...rules.filter((r) => r.effect === 'limit' && r.unitsSupported !== null).map((r) => r.unitsSupported as number))
}
