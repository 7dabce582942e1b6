// Runs the examples that dictionaries and policies carry, through the real pipeline. May not: forgive one.
import { claimSchema, type Claim, type ClaimLine } from '../claim/claim.ts'
import { readText } from '../document/read-text.ts'
import type { LetterSettings, LetterTemplate } from '../dictionary/letters.ts'
import { loadConceptEntries } from '../load/load-concepts.ts'
import { loadLetterSettings, loadLetterTemplates } from '../load/load-letters.ts'
import { policyText } from '../load/policy-text.ts'
import { annotate } from '../note/annotate.ts'
import type { NotesOfDocument } from '../note/note.ts'
import { splitNotes } from '../note/split.ts'
import type { Checklist, Policy, Requirement, RequirementExample } from '../policy/policy.ts'
import type { BillingRule } from '../policy/rules.ts'
import type { SuggestionRule } from '../policy/suggestion.ts'
import { chartAlone, suggestCodes } from '../review/suggest.ts'
import { buildChart, type Chart } from '../review/chart.ts'
import { diagnosesInForce } from '../review/diagnoses.ts'
import { checkLines } from '../review/check-lines.ts'
import { checkRequirement } from '../review/check.ts'
import { toContract } from '../report/contract.ts'
import { letterOf, letterText } from '../report/letter.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import { join } from 'node:path'
import { failingExamples } from './check-concepts.ts'

const PATIENT = { name: 'Example, Alex', birthDate: '1960-01-01', mrn: 'EX-1' }
const SERVICE_DAY = '2025-05-06'

/** Text of the failing examples, a line each, and how many were run. */
export function failingDictionaries(folder: string, knowledge: Knowledge): { ran: number; failing: string[] } {
  let ran = 0
  const failing: string[] = []
  for (const { entry } of loadConceptEntries(join(folder, 'concepts'))) {
    ran += entry.examples.found.length + entry.examples['not-found'].length
    failing.push(...failingExamples(knowledge.notes.concepts, entry, knowledge.notes))
  }
  for (const policy of knowledge.policies) {
    for (const list of policy.checklists) {
      for (const requirement of list.requirements) {
        const result = failingRequirement(list, requirement, knowledge)
        ran += result.ran
        failing.push(...result.failing)
      }
    }
    for (const rule of policy.suggestions) {
      const result = failingSuggestion(rule, policy, knowledge)
      ran += result.ran
      failing.push(...result.failing)
    }
    for (const rule of policy.rules) {
      const result = failingRule(rule, policy, knowledge)
      ran += result.ran
      failing.push(...result.failing)
    }
  }
  for (const template of Object.values(loadLetterTemplates(folder))) {
    const result = failingLetter(template, loadLetterSettings(join(folder, 'letters', 'settings.yaml')), knowledge)
    ran += result.ran
    failing.push(...result.failing)
  }
  return { ran, failing }
}

/** Examples of the entries of a policy that a draft of it changes, or whose examples it changes: each failure with the id of its entry. */
export function failingExamplesOfDraft(base: Policy, draft: Policy, knowledge: Knowledge): { readonly ran: number; readonly failing: readonly { readonly id: string; readonly what: string }[] } {
  const standing = new Set(entriesOf(base).map((e) => JSON.stringify(e)))
  const changed = <T extends object>(entry: T): boolean => !standing.has(JSON.stringify(entry))
  const own: Knowledge = { ...knowledge, policies: knowledge.policies.map((p) => (p === base ? draft : p)) }
  const results = [
    ...draft.checklists.flatMap((list) => list.requirements.filter(changed).map((r) => ({ id: r.id, ...failingRequirement(list, r, own) }))),
    ...draft.suggestions.filter(changed).map((s) => ({ id: s.id, ...failingSuggestion(s, draft, own) })),
    ...draft.rules.filter(changed).map((r) => ({ id: r.id, ...failingRule(r, draft, own) })),
  ]
  return { ran: results.reduce((n, r) => n + r.ran, 0), failing: results.flatMap((r) => r.failing.map((f) => ({ id: r.id, what: f.startsWith(`${r.id}: `) ? f.slice(r.id.length + 2) : f }))) }
}

const entriesOf = (policy: Policy): readonly object[] => [...policy.checklists.flatMap((c) => c.requirements), ...policy.suggestions, ...policy.rules]

/** What a letter on made-up records says and must not say. */
export function failingLetter(template: LetterTemplate, settings: LetterSettings, knowledge: Knowledge): { ran: number; failing: string[] } {
  const failing: string[] = []
  for (const example of template.examples) {
    const documents = example.chart.map((text, i) => readText(new TextEncoder().encode(text), `note-${i + 1}.txt`))
    const report = toContract(reviewClaim(readClaimLines(example.claim), { documents, problems: [] }, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
    const said = letterText(letterOf({ report, template, settings })).join('\n')
    for (const wanted of example.says) if (!said.includes(wanted)) failing.push(`letters/${template.kind}: does not say «${wanted}»`)
    for (const unwanted of example['says-not']) if (said.includes(unwanted)) failing.push(`letters/${template.kind}: says «${unwanted}»`)
  }
  return { ran: template.examples.length, failing }
}

/** Each status of a requirement's examples against what the pipeline says. */
export function failingRequirement(list: Checklist, requirement: Requirement, knowledge: Knowledge): { ran: number; failing: string[] } {
  let ran = 0
  const failing: string[] = []
  for (const [status, examples] of Object.entries(requirement.examples)) {
    for (const example of examples ?? []) {
      ran++
      const { chart, line } = exampleChart(list, example, knowledge)
      const finding = checkRequirement(requirement, { chart, line })
      if (finding.status !== status) failing.push(`${requirement.id}: ${status} expected, ${finding.status} (${finding.reason}) found: ${JSON.stringify(example)}`)
    }
  }
  return { ran, failing }
}

function exampleChart(list: Checklist, example: RequirementExample, knowledge: Knowledge): { chart: Chart; line: ClaimLine | null } {
  const { chart: texts, serviceDate = SERVICE_DAY, codes = [] } = typeof example === 'string' ? { chart: [example] } : example
  const code = list.codes[0] ?? codes[0] ?? '77263'
  const billed = [...new Set([code, ...codes])]
  const claim = claimSchema.parse({ claimId: 'EXAMPLE', patient: PATIENT, lines: billed.map((c, i) => ({ line: i + 1, code: c, serviceDate })) })
  return { chart: chartOf(claim, texts, knowledge), line: list.codes.length === 0 ? null : (claim.lines[0] as ClaimLine) }
}

const chartOf = (claim: Claim, texts: readonly string[], knowledge: Knowledge): Chart => buildChart(claim, filesOf(texts, knowledge), knowledge.notes.people)

function filesOf(texts: readonly string[], knowledge: Knowledge): NotesOfDocument[] {
  return texts.map((text, i) => {
    const document = readText(new TextEncoder().encode(text), `note-${i + 1}.txt`)
    return { document, notes: splitNotes(document, i, knowledge.notes).map((head) => annotate(document, head, knowledge.notes)) }
  })
}

/** All entries together: what is suggested is exactly the lines written down; for `silent` nothing of this entry's. */
export function failingSuggestion(rule: SuggestionRule, policy: Policy, knowledge: Knowledge): { ran: number; failing: string[] } {
  const suggested = (texts: readonly string[]) => {
    const chart = chartAlone(filesOf(texts, knowledge), knowledge.notes.people)
    return chart === null ? [] : suggestCodes(chart, policy)
  }
  const failing: string[] = []
  for (const example of rule.examples.suggests) {
    const lines = suggested(example.chart).map((s) => `${s.serviceDate} ${s.code}${s.units === 1 ? '' : ` x${s.units}`}`)
    if (lines.join() !== example.lines.join()) failing.push(`${rule.id}: ${example.lines.join(', ')} expected, ${lines.join(', ') || 'nothing'} suggested: ${JSON.stringify(example.chart)}`)
  }
  for (const example of rule.examples.silent) {
    const own = suggested(example.chart).filter((s) => s.id === rule.id)
    if (own.length > 0) failing.push(`${rule.id}: must be silent, suggests ${own.map((s) => s.code).join(', ')}: ${JSON.stringify(example.chart)}`)
  }
  return { ran: rule.examples.suggests.length + rule.examples.silent.length, failing }
}

const WRITTEN_LINE = /^(paid )?(\d{4}-\d{2}-\d{2}) ([0-9A-Z]{5})(?: x(\d+))?((?: -[0-9A-Z]{2})*)(?: dx ([A-Z0-9. ]+))?$/

/** `2025-05-06 77470 x2 -26 dx C34.90`; `paid` before it makes it history, `authorized 77373` is an authorization. @throws Error on any other form. */
export function readClaimLines(written: readonly string[]): Claim {
  const diagnoses: string[] = []
  const lines: object[] = []
  const history: object[] = []
  let authorizations: { codes: string[] }[] | null = null
  for (const text of written) {
    if (text.startsWith('authorized ')) {
      authorizations = [...(authorizations ?? []), { codes: text.split(' ').slice(1) }]
      continue
    }
    const m = WRITTEN_LINE.exec(text)
    if (!m) throw new Error(`cannot read the claim line «${text}»`)
    const pointers = (m[6] ?? '').split(' ').filter(Boolean).map((d) => {
      if (!diagnoses.includes(d)) diagnoses.push(d)
      return diagnoses.indexOf(d) + 1
    })
    const target = m[1] ? history : lines
    target.push({ line: target.length + 1, code: m[3], serviceDate: m[2], units: Number(m[4] ?? 1), modifiers: (m[5] ?? '').split(' -').filter(Boolean).map((x) => x.trim()), diagnosisPointers: pointers })
  }
  return claimSchema.parse({ claimId: 'EXAMPLE', patient: PATIENT, diagnoses, lines, history, authorizations })
}

export function failingRule(rule: BillingRule, policy: Policy, knowledge: Knowledge): { ran: number; failing: string[] } {
  const failing: string[] = []
  // The rule alone, so that several tests of one number are each put to their own examples.
  const alone: Policy = { ...policy, rules: [rule] }
  const judged = (written: readonly string[], texts: readonly string[]) => {
    const chart = chartOf(readClaimLines(written), texts, knowledge)
    return checkLines(chart, alone, diagnosesInForce(knowledge.tables, chart.from))
  }
  for (const example of rule.examples.fires) {
    const lines = judged(example.claim, example.chart ?? [])
    const hits = lines.flatMap((l) => l.rules.map((r) => ({ line: l.line.line, units: r.unitsSupported, supports: r.supportedCode })))
    if (hits.map((h) => h.line).join() !== example.on.join()) failing.push(`${rule.id}: expected on lines ${example.on.join(', ')}, found on ${hits.map((h) => h.line).join(', ') || 'none'}: ${example.claim.join(' | ')}`)
    else if (example.units !== undefined && hits.some((h) => h.units !== example.units)) failing.push(`${rule.id}: ${example.units} units expected, ${hits.map((h) => h.units).join(', ')} found: ${example.claim.join(' | ')}`)
    else if (example.supports !== undefined && hits.some((h) => h.supports !== example.supports)) failing.push(`${rule.id}: ${example.supports} expected as the code supported, ${hits.map((h) => h.supports).join(', ')} found: ${example.claim.join(' | ')}`)
  }
  for (const example of rule.examples.silent) {
    const lines = judged(example.claim, example.chart ?? [])
    const fired = lines.filter((l) => l.rules.length > 0).map((l) => l.line.line)
    const missing = [...new Set(lines.flatMap((l) => l.notEvaluable.flatMap((g) => g.missing)))].sort().join()
    if (fired.length > 0) failing.push(`${rule.id}: must be silent, found on lines ${fired.join(', ')}: ${example.claim.join(' | ')}`)
    else if (example.missing !== undefined && missing !== [...example.missing].sort().join()) failing.push(`${rule.id}: must miss ${example.missing.join(', ')}, misses ${missing || 'nothing'}: ${example.claim.join(' | ')}`)
  }
  for (const example of rule.examples.silent.filter((e) => e.level !== undefined)) {
    const shown = judged(example.claim, example.chart ?? []).flatMap((l) => (l.level === null ? [] : [l.level.supported]))
    if (shown.join() !== example.level) failing.push(`${rule.id}: level of ${example.level} expected, ${shown.join() || 'none'} found: ${example.claim.join(' | ')}`)
  }
  return { ran: rule.examples.fires.length + rule.examples.silent.length, failing }
}
