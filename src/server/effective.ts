// What holds once people's decisions stand beside the machine's findings. May not: change a finding; ask the database.
import { determine, unitsSupported } from '../review/determine.ts'
import type { DeterminationKind, Finding, RuleHit } from '../review/review.ts'
import type { LineJson, ReviewJson } from '../report/contract.ts'
import type { DecisionRow, Effective } from './shapes.ts'

type Decided = Pick<DecisionRow, 'target' | 'line' | 'subject' | 'action' | 'status' | 'round' | 'stands'>

export const decisionKey = (d: { readonly target: string; readonly line: number | null; readonly subject: string | null }): string => `${d.target} ${d.line ?? 0} ${d.subject ?? ''}`

/** The decisions of a round that stand, by what they are about. An approver's word comes after the first reviewer's. */
export function standing<D extends Decided>(decisions: readonly D[], round: 'first' | 'blind'): Map<string, D> {
  const out = new Map<string, D>()
  for (const d of decisions) {
    if (!d.stands || (round === 'blind') !== (d.round === 'blind')) continue
    if (d.action === 'withdraw') out.delete(decisionKey(d))
    else out.set(decisionKey(d), d)
  }
  return out
}

/** In a fixed order; `decisions` oldest first. */
export function effectiveOf(report: ReviewJson, decisions: readonly Decided[], round: 'first' | 'blind'): Effective {
  const stands = standing(decisions, round)
  const charges = new Map(report.claim.lines.map((l) => [l.line, l.charge]))
  let atRisk = 0
  const lines = report.lines.map((line) => {
    const { determination, units, undecided } = holds(line, stands)
    const charge = charges.get(line.line) ?? 0
    if (determination !== 'supported') atRisk += charge
    else if (line.units > 0) atRisk += charge * (1 - units / line.units)
    return { line: line.line, determination, unitsSupported: units, changed: determination !== line.determination || units !== line.unitsSupported, undecided }
  })
  return { lines, atRisk: Math.round(atRisk * 100) / 100 }
}

function holds(line: LineJson, stands: ReadonlyMap<string, Decided>): { determination: DeterminationKind; units: number; undecided: number } {
  let undecided = 0
  const findings: Finding[] = line.requirements.map((r) => {
    const decision = stands.get(decisionKey({ target: 'requirement', line: line.line, subject: r.id }))
    if (decision === undefined && r.status !== 'not-applicable') undecided++
    const status = decision?.action === 'override' ? (decision.status as Finding['status']) : r.status
    return { requirement: r.id, class: r.class, status, reason: r.reason, found: [], missing: [], evidence: [], searched: r.searched }
  })
  const rules: RuleHit[] = line.rules.flatMap((r) => {
    const decision = stands.get(decisionKey({ target: 'rule', line: line.line, subject: r.id }))
    if (decision === undefined) undecided++
    if (decision?.action === 'override' && decision.status === 'set-aside') return []
    return [{ ...r, evidence: [] }]
  })
  const whole = stands.get(decisionKey({ target: 'line', line: line.line, subject: null }))
  const untouched = ![...stands.keys()].some((k) => k.startsWith(`requirement ${line.line} `) || k.startsWith(`rule ${line.line} `))
  // The machine's own word where nobody touched the line: reports of earlier versions keep what they said.
  const computed = untouched ? line.determination : determine(findings, rules)
  const determination = whole?.action === 'override' ? (whole.status as DeterminationKind) : computed
  const units = untouched && whole?.action !== 'override' ? line.unitsSupported : unitsSupported(line.units, determination, rules)
  return { determination, units, undecided: whole === undefined ? undecided : 0 }
}
