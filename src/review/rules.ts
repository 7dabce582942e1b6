// Applies billing rules to the lines of a claim, its history and the chart. May not: know a rule's number; sentences are made elsewhere.
import { holdsIn } from '../policy/policy.ts'
import type { BillingRule, RuleInput, RuleTest } from '../policy/rules.ts'
import type { ClaimLine } from '../claim/claim.ts'
import { coursesOf, pick, type Billed, type CourseLines } from './billed.ts'
import type { Chart, ChartNote } from './chart.ts'
import { evaluate } from './evaluate.ts'
import { levelOf } from './levels.ts'
import { statementEvidence } from './plan-facts.ts'
import type { Finding, LevelShown, RuleGap, RuleHit, RuleRemark } from './review.ts'
import { daysOf, distinct, hasRecords, limited, outcome, ownLines, says, SILENT, withoutRecords, type Answer, type Outcome, type RuleInputs, type RuleTables } from './rule-answer.ts'
import { counted } from './rule-counts.ts'

export interface LineRules {
  readonly hits: readonly RuleHit[]
  readonly gaps: readonly RuleGap[]
  readonly remarks: readonly RuleRemark[]
  readonly level: LevelShown | null
}

interface Open {
  readonly hits: RuleHit[]
  readonly gaps: RuleGap[]
  readonly remarks: RuleRemark[]
  level: LevelShown | null
}

/** Results by line number, rules in the order of the policy. A rule that leaves some units limits the line; one that leaves none denies it. */
export function applyRules(rules: readonly BillingRule[], chart: Chart, tables: RuleTables, findings: ReadonlyMap<number, readonly Finding[]>): ReadonlyMap<number, LineRules> {
  const out = new Map<number, Open>()
  const lines = new Map(chart.claim.lines.map((l) => [l.line, l]))
  const of = (line: number): Open => {
    let open = out.get(line)
    if (!open) out.set(line, (open = { hits: [], gaps: [], remarks: [], level: null }))
    return open
  }
  const index = indexOf(rules)
  const courses = coursesOf(chart)
  courses.forEach((course, i) => {
    const inputs: RuleInputs = { chart, tables, findings, course, isFirstCourse: i === 0, nextCourse: courses[i + 1]?.from ?? null }
    for (const rule of rulesFor(index, course)) {
      const answer = answerOf(rule, inputs)
      if (answer === SILENT) continue
      const holds = (line: ClaimLine): boolean =>
        (!rule.from || line.serviceDate >= rule.from) && (!rule.until || line.serviceDate <= rule.until) && holdsIn(rule, tables.versionOn(line.serviceDate))
      for (const o of answer.outcomes) {
        const line = lines.get(o.line) as ClaimLine
        if (!holds(line) || of(o.line).hits.some((h) => h.id === rule.id)) continue
        const hit = hitOf(rule, o, line, tables)
        if (hit) of(o.line).hits.push(hit)
      }
      for (const g of answer.gaps) {
        if (g.missing.length > 0 && holds(lines.get(g.line) as ClaimLine) && !of(g.line).gaps.some((x) => x.id === rule.id)) of(g.line).gaps.push({ id: rule.id, missing: g.missing })
      }
      for (const { line, ...r } of answer.remarks) if (holds(lines.get(line) as ClaimLine)) of(line).remarks.push({ id: rule.id, ...r })
      for (const { line, ...l } of answer.levels) if (holds(lines.get(line) as ClaimLine)) of(line).level ??= { rule: rule.id.startsWith('R') ? rule.id : null, ...l }
    }
  })
  return out
}

/** Most lines that one result names; more of them tell nothing more. */
const MOST_NAMED = 60

function hitOf(rule: BillingRule, o: Outcome, line: ClaimLine, tables: RuleTables): RuleHit | null {
  const counts = rule.effect === 'deny' || rule.effect === 'limit'
  const effect = o.review ? 'review' : counts ? (o.units !== null && o.units > 0 ? 'limit' : 'deny') : rule.effect
  if (effect === 'limit' && o.units !== null && o.units >= line.units) return null
  return {
    id: rule.id, effect, unitsSupported: effect === 'deny' ? 0 : effect === 'limit' ? o.units : null, denialCodes: rule.frequency ? tables.denialCodes(tables.versionOn(line.serviceDate)) : [],
    lines: [o.line, ...o.with.slice(0, MOST_NAMED).filter((l) => l !== o.line)], counted: o.counted, limit: o.most, codes: o.codes, evidence: o.evidence.filter((e, i) => o.evidence.findIndex((x) => x.document === e.document && x.start === e.start && x.end === e.end) === i),
    inputs: rule.inputs, supportedCode: o.supportedCode, facts: o.facts,
  }
}

// --- which rules a claim needs ---------------------------------------------------------------------------------------------------------

interface RuleIndex {
  readonly rules: readonly BillingRule[]
  readonly byCode: ReadonlyMap<string, readonly number[]>
  readonly always: readonly number[]
}

/** Rules by the codes they judge, made once for a list of rules, which never changes. */
const INDEXES = new WeakMap<readonly BillingRule[], RuleIndex>()

function indexOf(rules: readonly BillingRule[]): RuleIndex {
  let index = INDEXES.get(rules)
  if (!index) {
    const byCode = new Map<string, number[]>()
    const always: number[] = []
    rules.forEach((rule, i) => {
      const codes = codesOf(rule.test)
      if (codes.includes('*')) always.push(i)
      else for (const c of codes) byCode.set(c, [...(byCode.get(c) ?? []), i])
    })
    INDEXES.set(rules, (index = { rules, byCode, always }))
  }
  return index
}

/** The codes whose lines a test may carry. */
export const codesOf = (test: RuleTest): readonly string[] => (Object.values(test)[0] as { codes: readonly string[] }).codes

function rulesFor(index: RuleIndex, course: CourseLines): BillingRule[] {
  const wanted = new Set(index.always)
  for (const [code, list] of course.byCode) if (list.some((b) => b.own)) for (const i of index.byCode.get(code) ?? []) wanted.add(i)
  return [...wanted].sort((a, b) => a - b).map((i) => index.rules[i] as BillingRule)
}

// --- the tests -------------------------------------------------------------------------------------------------------------------------

const own = (list: readonly Billed[]): Billed[] => list.filter((b) => b.own)

function answerOf(rule: BillingRule, inputs: RuleInputs): Answer {
  const { test } = rule
  const { course } = inputs
  if ('limit' in test) return limited(test.limit, inputs)
  if ('excluded' in test) return excluded(test.excluded, course)
  if ('needs' in test) {
    const wanted = pick(course, test.needs['one-of'])
    const days = new Set(wanted.map((o) => o.line.serviceDate))
    const lacking = own(pick(course, test.needs.codes)).filter((b) => (test.needs.same === 'course' ? wanted.length === 0 : !days.has(b.line.serviceDate)))
    return lacking.length === 0 ? SILENT : says(lacking.map((b) => outcome(b.line.line, { units: 0, codes: test.needs['one-of'] })))
  }
  if ('modifier' in test) {
    const bad = test.modifier['not-allowed'] ?? []
    const wanted = test.modifier.required
    const found = own(pick(course, test.modifier.codes)).flatMap((b) => {
      const wrong = b.line.modifiers.filter((m) => bad.includes(m))
      const lacks = wanted !== undefined && !b.line.modifiers.some((m) => wanted.includes(m))
      return wrong.length > 0 || lacks ? [outcome(b.line.line, { units: 0, codes: wrong.length > 0 ? wrong : [b.line.code] })] : []
    })
    return found.length === 0 ? SILENT : says(found)
  }
  if ('finding' in test) {
    const { codes, requirement, status, reason } = test.finding
    const lines = own(pick(course, codes))
    if (!hasRecords(inputs.chart)) return withoutRecords(lines)
    const found = lines.flatMap((b) => {
      const f = inputs.findings.get(b.line.line)?.find((x) => x.requirement === requirement && x.status === status && (reason === undefined || x.reason === reason))
      return f ? [outcome(b.line.line, { units: 0, evidence: f.evidence.map((e) => ({ ...e, stance: 'against' as const })) })] : []
    })
    return found.length === 0 ? SILENT : says(found)
  }
  if ('record' in test) return recorded(test.record, inputs)
  if ('level' in test) return levelled(rule, test.level, inputs)
  return counted(test.counted.what, test.counted.codes, inputs)
}

function recorded(test: Extract<RuleTest, { record: unknown }>['record'], { chart, course }: RuleInputs): Answer {
  const lines = own(pick(course, test.codes)).filter((b) => test.modifiers === undefined || b.line.modifiers.some((m) => test.modifiers?.includes(m)))
  if (!hasRecords(chart)) return withoutRecords(lines)
  const outcomes: Outcome[] = []
  const gaps: { line: number; missing: readonly RuleInput[] }[] = []
  for (const b of lines) {
    if (test.evaluable && evaluate(test.evaluable.when, { chart, line: b.line }).grade === 'not-met') {
      gaps.push({ line: b.line.line, missing: [test.evaluable.else] })
      continue
    }
    const verdict = evaluate(test.shows, { chart, line: b.line })
    if (verdict.grade === 'not-met') continue
    if (test['by-silence'] && chart.unread.length > 0) gaps.push({ line: b.line.line, missing: ['readable-pages'] })
    else {
      const evidence = verdict.hits.slice(0, 3).map((h) => ({ ...statementEvidence(chart, chart.notes[h.note - 1] as ChartNote, h.statement, h), stance: 'against' as const }))
      outcomes.push(outcome(b.line.line, { units: 0, evidence, review: verdict.grade === 'unclear' }))
    }
  }
  return says(outcomes, { gaps })
}

function levelled(rule: BillingRule, test: Extract<RuleTest, { level: unknown }>['level'], { chart, course, tables }: RuleInputs): Answer {
  const lines = own(pick(course, test.codes))
  const judges = rule.id.startsWith('R')
  if (!hasRecords(chart)) return judges ? withoutRecords(lines) : SILENT
  const outcomes: Outcome[] = []
  const gaps: { line: number; missing: readonly RuleInput[] }[] = []
  const remarks: Answer['remarks'][number][] = []
  const levels: Answer['levels'][number][] = []
  for (const { line } of lines) {
    const answer = levelOf(test, rule.inputs, line, chart)
    const unread = answer.against === 'lower' && chart.unread.length > 0
    const missing: readonly RuleInput[] = unread ? ['readable-pages'] : answer.missing
    // What shows a higher level may be another service of the course, billed on another line.
    const elsewhere = answer.against === 'higher' && (course.byCode.has(answer.supported as string) || anotherFamily(test.codes, line.code, course, tables))
    if (!elsewhere) levels.push({ line: line.line, billed: line.code, supported: unread ? null : answer.supported, against: unread ? 'unknown' : answer.against, facts: answer.facts, missing, evidence: answer.evidence })
    const remark = { line: line.line, counted: null, limit: null, codes: [answer.supported ?? line.code], facts: answer.facts, evidence: answer.evidence }
    if (missing.length > 0) {
      if (judges) gaps.push({ line: line.line, missing })
    } else if (answer.against === 'lower' && answer.stated.length > 0) remarks.push({ ...remark, topic: 'level-stated-only', evidence: [...answer.stated, ...answer.evidence] })
    else if (answer.against === 'lower' && judges) {
      outcomes.push(outcome(line.line, { units: 0, codes: [answer.supported as string], supportedCode: answer.supported, facts: answer.facts, evidence: answer.evidence.map((e) => ({ ...e, stance: 'against' })) }))
    } else if (answer.against === 'as-billed' && answer.lacking.length > 0) remarks.push({ ...remark, topic: 'literal-reading', codes: [line.code], facts: answer.lacking })
  }
  return says(outcomes, { gaps, remarks, levels })
}

/** Whether the course holds a delivery that the level does not speak of. */
const anotherFamily = (codes: readonly string[], billed: string, course: CourseLines, { codes: table }: RuleTables): boolean =>
  table.get(billed)?.family === 'delivery' && [...course.byCode.keys()].some((c) => table.get(c)?.family === 'delivery' && !codes.includes(c))

function excluded(test: Extract<RuleTest, { excluded: unknown }>['excluded'], course: CourseLines): Answer {
  const { by, same } = test
  const others = pick(course, by)
  if (others.length === 0) return SILENT
  const byDay = same === 'day' ? daysOf(others) : null
  const outcomes: Outcome[] = []
  const remarks: Answer['remarks'][number][] = []
  for (const b of own(pick(course, test.codes))) {
    if (b.line.modifiers.some((m) => test['unless-modifier']?.includes(m))) continue
    const beside = (byDay ? (byDay.get(b.line.serviceDate) ?? []) : others.slice(0, MOST_NAMED)).filter((o) => o !== b)
    if (beside.length > 0) outcomes.push(outcome(b.line.line, { units: 0, with: ownLines(beside), codes: distinct(beside.map((o) => o.line.code)) }))
    else if (test['remark-other-day'] && others.some((o) => o !== b)) {
      remarks.push({ line: b.line.line, topic: 'same-course-other-day', counted: null, limit: null, codes: distinct(others.map((o) => o.line.code)), facts: [], evidence: [] })
    }
  }
  return outcomes.length + remarks.length === 0 ? SILENT : says(outcomes, { remarks })
}
