// What holds once people's decisions stand beside the machine's findings. May not: change a finding; ask a database.
import { z } from 'zod'
import { determine, unitsSupported } from '../review/determine.ts'
import type { DeterminationKind, Finding, RuleHit } from '../review/review.ts'
import { DETERMINATIONS, type LineJson, type RequirementJson, type ReviewJson, type RuleJson } from './contract.ts'

export const effectiveShape = z.object({
  lines: z.array(z.object({
    line: z.number(), determination: z.enum(DETERMINATIONS), unitsSupported: z.number(), changed: z.boolean().describe('Differs from what the machine said'),
    undecided: z.number().describe('Requirements and rules that nobody has accepted or overridden yet'),
  })),
  atRisk: z.number(),
})
export type Effective = z.infer<typeof effectiveShape>

/** What a decision is about and what it says; `line` 0 is the claim as a whole. */
export interface Decided {
  readonly target: 'requirement' | 'rule' | 'line' | 'case'
  readonly line: number | null
  readonly subject: string | null
  readonly action: 'accept' | 'override' | 'withdraw'
  readonly status: string
  readonly round: 'first' | 'blind' | 'approval'
  /** False where a later one of the same round replaced it. */
  readonly stands: boolean
}

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

const overriding = <D extends Decided>(stands: ReadonlyMap<string, D>, of: { readonly target: string; readonly line: number | null; readonly subject: string | null }): D | null => {
  const decision = stands.get(decisionKey(of))
  return decision?.action === 'override' ? decision : null
}

/** The status that holds, and the decision that put it in place of the machine's. */
export function statusOf<D extends Decided>(stands: ReadonlyMap<string, D>, line: number, requirement: RequirementJson): { readonly status: RequirementJson['status']; readonly by: D | null } {
  const by = overriding(stands, { target: 'requirement', line, subject: requirement.id })
  return { status: by === null ? requirement.status : (by.status as RequirementJson['status']), by }
}

export const isSetAside = <D extends Decided>(stands: ReadonlyMap<string, D>, line: number, rule: Pick<RuleJson, 'id'>): boolean =>
  overriding(stands, { target: 'rule', line, subject: rule.id })?.status === 'set-aside'

/** The decision that put another determination in place of the line's own. */
export const wholeLine = <D extends Decided>(stands: ReadonlyMap<string, D>, line: number): D | null => overriding(stands, { target: 'line', line, subject: null })

function holds(line: LineJson, stands: ReadonlyMap<string, Decided>): { determination: DeterminationKind; units: number; undecided: number } {
  let undecided = 0
  const findings: Finding[] = line.requirements.map((r) => {
    const { status } = statusOf(stands, line.line, r)
    if (!stands.has(decisionKey({ target: 'requirement', line: line.line, subject: r.id })) && r.status !== 'not-applicable') undecided++
    return { requirement: r.id, class: r.class, status, reason: r.reason, found: [], missing: [], evidence: [], searched: r.searched }
  })
  const rules: RuleHit[] = line.rules.flatMap((r) => {
    if (!stands.has(decisionKey({ target: 'rule', line: line.line, subject: r.id }))) undecided++
    return isSetAside(stands, line.line, r) ? [] : [{ ...r, evidence: [] }]
  })
  const whole = stands.get(decisionKey({ target: 'line', line: line.line, subject: null }))
  const untouched = ![...stands.keys()].some((k) => k.startsWith(`requirement ${line.line} `) || k.startsWith(`rule ${line.line} `))
  // The machine's own word where nobody touched the line: reports of earlier versions keep what they said.
  const computed = untouched ? line.determination : determine(findings, rules)
  const determination = whole?.action === 'override' ? (whole.status as DeterminationKind) : computed
  const units = untouched && whole?.action !== 'override' ? line.unitsSupported : unitsSupported(line.units, determination, rules)
  return { determination, units, undecided: whole === undefined ? undecided : 0 }
}
