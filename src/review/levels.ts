// The level of a service that the facts of the record show, by the steps a rule gives. May not: know a rule's number.
import type { ClaimLine } from '../claim/claim.ts'
import type { LevelFact, LevelTest, RuleInput } from '../policy/rules.ts'
import type { Chart, ChartNote } from './chart.ts'
import { evaluate } from './evaluate.ts'
import { planFacts, statementEvidence, type PlanFacts } from './plan-facts.ts'
import type { Evidence } from './review.ts'

export interface LevelAnswer {
  readonly supported: string | null
  readonly against: 'as-billed' | 'lower' | 'higher' | 'unknown'
  /** Facts of the level shown, as the rule names them. */
  readonly facts: readonly string[]
  readonly evidence: readonly Evidence[]
  readonly missing: readonly RuleInput[]
  /** Facts that the text names together with those shown and that are not found. */
  readonly lacking: readonly string[]
  /** Places where the record itself names the level billed. */
  readonly stated: readonly Evidence[]
}

const SHOWN = 3

export function levelOf(test: LevelTest, inputs: readonly RuleInput[], line: ClaimLine, chart: Chart): LevelAnswer {
  const billed = test.steps.findIndex((s) => s.codes.includes(line.code))
  const facts = planFacts(chart)
  const reached = test.steps.findIndex((s) => s.any.some((f) => shows(f, facts, line, chart) !== null))
  const step = test.steps[reached]
  if (!step) return { supported: null, against: 'unknown', facts: [], evidence: [], missing: inputs.filter((i) => i !== 'claim' && i !== 'records'), lacking: [], stated: [] }
  const seen = step.any.flatMap((f) => {
    const evidence = shows(f, facts, line, chart)
    return evidence === null ? [] : [{ named: f.named, evidence, area: 'count' in f && f.count === 'areas' }]
  })
  // How many areas there are says nothing of how each is treated: a lower level by that alone is not shown.
  if (reached > billed && facts.ports === null && seen.every((f) => f.area)) return { supported: null, against: 'unknown', facts: [], evidence: [], missing: ['fields'], lacking: [], stated: [] }
  const lacking = (step.all ?? []).filter((f) => shows(f, facts, line, chart) === null).map((f) => f.named)
  // Codes of one level for several energies stand in the same order in every step.
  const tier = test.steps[billed]?.codes.indexOf(line.code) ?? 0
  const supported = reached === billed ? line.code : (step.codes[tier] ?? (step.codes[0] as string))
  const shown = reached === billed ? 'as-billed' : reached > billed ? 'lower' : 'higher'
  const stated = shown !== 'as-billed' ? (test.stated ?? []).filter((s) => s.code === line.code).flatMap((s) => {
    const verdict = evaluate(s.shows, { chart, line })
    return verdict.grade === 'met' ? verdict.hits.slice(0, 1).map((h) => statementEvidence(chart, chart.notes[h.note - 1] as ChartNote, h.statement, h)) : []
  }) : []
  // A record that names a low level means it: a simulation that verifies is simple, whatever the plan.
  const against = shown === 'higher' && stated.length > 0 ? 'as-billed' : shown
  if (shown !== against) return { supported: line.code, against, facts: [], evidence: stated, missing: [], lacking: [], stated: [] }
  return { supported, against, facts: seen.map((s) => s.named), evidence: unique(seen.flatMap((s) => s.evidence)).slice(0, SHOWN), missing: [], lacking, stated }
}

/** Places that show a fact, or null where it is not found. */
function shows(fact: LevelFact, facts: PlanFacts, line: ClaimLine, chart: Chart): readonly Evidence[] | null {
  if ('count' in fact) {
    const counted = facts[fact.count]
    if (counted === null || (fact.least !== undefined && counted.value < fact.least) || (fact.most !== undefined && counted.value > fact.most)) return null
    return counted.evidence
  }
  const verdict = evaluate(fact.shows, { chart, line })
  return verdict.grade === 'met' ? verdict.hits.slice(0, 2).map((h) => statementEvidence(chart, chart.notes[h.note - 1] as ChartNote, h.statement, h)) : null
}

const unique = (list: readonly Evidence[]): Evidence[] => list.filter((e, i) => list.findIndex((o) => o.document === e.document && o.start === e.start && o.end === e.end) === i)
