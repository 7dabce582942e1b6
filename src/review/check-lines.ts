// Every billed line: its checklist, its rules, its determination. May not: make sentences.
import type { ClaimLine } from '../claim/claim.ts'
import { basisOn, versionOn, type Checklist, type Policy, type Requirement } from '../policy/policy.ts'
import { dayNumber, type Chart } from './chart.ts'
import { checkRequirement } from './check.ts'
import { withLegibility, withLegibleEvidence } from './legibility.ts'
import { determine, scoreOf, unitsSupported } from './determine.ts'
import { evaluate } from './evaluate.ts'
import type { DiagnosisLookup } from './rule-answer.ts'
import { applyRules } from './rules.ts'
import type { Finding, LineDetermination } from './review.ts'
import type { CodeEntry } from '../policy/rules.ts'

/** Lines in the order of the claim. With `version` all are judged by that text of the policy, whatever their days. */
export function checkLines(chart: Chart, policy: Policy, diagnoses: DiagnosisLookup, version?: string): LineDetermination[] {
  const findings = new Map<number, readonly Finding[]>()
  const asked = new Map<number, readonly Requirement[]>()
  for (const billed of chart.claim.lines) {
    const line: ClaimLine = { ...billed, code: policy.aliases[billed.code] ?? billed.code }
    const requirements = requirementsFor(line, chart, policy)
    asked.set(billed.line, requirements)
    findings.set(billed.line, requirements.map((r) => withLegibility(checkRequirement(r, { chart, line }), chart, r.where)))
  }
  const aliased: Chart = { ...chart, claim: { ...chart.claim, lines: chart.claim.lines.map((l) => ({ ...l, code: policy.aliases[l.code] ?? l.code })) } }
  const textOf = (day: string): string => version ?? versionOn(policy, day)
  const shown = policy.denialCodes.filter((c) => policy.settings['frequency-denial-code'] === 'all' || c === policy.settings['frequency-denial-code'])
  const denialCodes = (text: string): readonly string[] => (policy.denialCodesFrom === null || text >= policy.denialCodesFrom ? shown : [])
  const answers = applyRules(policy.rules, aliased, { codes: policy.codes, diagnoses, settings: policy.settings, versionOn: textOf, denialCodes }, findings)
  return chart.claim.lines.map((line): LineDetermination => {
    const found = findings.get(line.line) ?? []
    const answer = answers.get(line.line)
    const rules = (answer?.hits ?? []).map((hit) => withLegibleEvidence(hit, chart))
    const weights = new Map((asked.get(line.line) ?? []).map((r) => [r.id, r.weight]))
    const determination = determine(found, rules)
    return {
      line, policyVersion: textOf(line.serviceDate), determination, score: scoreOf(found, (id) => weights.get(id) ?? 1),
      unitsSupported: unitsSupported(line.units, determination, rules), reportedCode: policy.aliases[line.code] ?? null, findings: found, rules,
      notEvaluable: answer?.gaps ?? [], remarks: answer?.remarks ?? [], level: answer?.level ?? null,
      basis: version === undefined ? basisOn(policy, line.serviceDate) : 'in-force', codeChange: changeOf(policy.codes.get(line.code), line.serviceDate),
    }
  })
}

/** A change of the code that a reader of this day's claim should know: always after it, and in the half-year before it. */
function changeOf(code: CodeEntry | undefined, day: string): LineDetermination['codeChange'] {
  if (!code?.change) return null
  const { change } = code
  if (day >= change.on) return { ...change, bears: 'after' }
  return dayNumber(change.on) - dayNumber(day) <= 183 ? { ...change, bears: 'before' } : null
}

/** The checklists of a code; one requirement, `service.documented`, where it has none. */
export function requirementsFor(line: ClaimLine, chart: Chart, policy: Policy): readonly Requirement[] {
  const lists = policy.checklists.filter((c) => applies(c, line, chart))
  if (lists.length > 0) return lists.flatMap((c) => c.requirements)
  const service = policy.services.find((s) => s.codes.includes(line.code))
  const label = policy.codes.get(line.code)?.label ?? line.code
  return [{
    id: 'service.documented', cites: { section: 'Disclaimer', item: 'documented' }, class: 'core', asks: service?.asks ?? `a record of the service itself (${label})`,
    request: service?.request ?? 'Send the note, report or treatment record of the service.', where: service?.where,
    // A code nobody described is looked for by the only thing known of it: a treatment or note of that day.
    test: service?.test ?? { any: [{ event: ['date'], of: ['fraction-delivered', 'service-treatment-delivery', 'treatment-delivered'] }, { note: ['unknown'], day: 'service' }] },
    weight: 1, examples: {},
  }]
}

function applies(list: Checklist, line: ClaimLine, chart: Chart): boolean {
  if (list.codes.includes(line.code)) return true
  return (list['codes-where'] ?? []).some((w) => w.codes.includes(line.code) && line.serviceDate >= w.from && evaluate(w.when, { chart, line }).grade === 'met')
}
