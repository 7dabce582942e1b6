// Applies billing rules to the lines of a claim, its history and the chart. May not: know a rule's number; sentences are made elsewhere.
import type { BillingRule, CodeEntry } from '../policy/rules.ts'
import type { ClaimLine, HistoryLine } from '../claim/claim.ts'
import { dayNumber, evidenceAt, type Chart, type ChartNote } from './chart.ts'
import type { Evidence, Finding, RuleHit } from './review.ts'

export interface Diagnosis {
  readonly code: string
  readonly billable: boolean
  /** Unspecified by its descriptor. */
  readonly unspecified: boolean
}

export interface RuleTables {
  readonly codes: ReadonlyMap<string, CodeEntry>
  readonly diagnoses: ReadonlyMap<string, Diagnosis>
  readonly denialCodes: readonly string[]
}

interface Billed {
  readonly line: ClaimLine | HistoryLine
  readonly own: boolean
}

interface Input {
  readonly chart: Chart
  readonly tables: RuleTables
  readonly findings: ReadonlyMap<number, readonly Finding[]>
  /** Claim and history of one course, in order of date, then history before claim, then line number. */
  readonly course: readonly Billed[]
}

interface Outcome {
  readonly line: number
  /** Units that stand, or null where the rule does not count units. */
  readonly units: number | null
  readonly with: readonly number[]
  readonly counted: number | null
  readonly most: number | null
  readonly codes: readonly string[]
  readonly evidence?: readonly Evidence[]
}

/** Billed lines this far apart (days) are of different courses. */
const COURSE_GAP_DAYS = 120

/** Hits by line number. A rule that leaves some units limits the line; one that leaves none denies it. */
export function applyRules(rules: readonly BillingRule[], chart: Chart, tables: RuleTables, findings: ReadonlyMap<number, readonly Finding[]>): Map<number, RuleHit[]> {
  const course = courseOf(chart)
  const input: Input = { chart, tables, findings, course }
  const out = new Map<number, RuleHit[]>()
  for (const rule of rules) {
    for (const o of outcomes(rule, input)) {
      const line = chart.claim.lines.find((l) => l.line === o.line) as ClaimLine
      if ((rule.from && line.serviceDate < rule.from) || (rule.until && line.serviceDate > rule.until)) continue
      const effect = rule.effect === 'deny' || rule.effect === 'limit' ? (o.units !== null && o.units > 0 ? 'limit' : 'deny') : rule.effect
      if (effect === 'limit' && o.units !== null && o.units >= line.units) continue
      const hit: RuleHit = {
        id: rule.id, effect, unitsSupported: effect === 'deny' ? 0 : o.units, denialCodes: rule.frequency ? tables.denialCodes : [], lines: [o.line, ...o.with.filter((l) => l !== o.line)],
        counted: o.counted, limit: o.most, codes: o.codes, evidence: o.evidence ?? [],
      }
      out.set(o.line, [...(out.get(o.line) ?? []), hit])
    }
  }
  return out
}

function courseOf(chart: Chart): Billed[] {
  const { claim } = chart
  const first = claim.lines.map((l) => l.serviceDate).sort()[0] as string
  const near = (l: HistoryLine): boolean => Math.abs(dayNumber(l.serviceDate) - dayNumber(first)) <= COURSE_GAP_DAYS
  const all: Billed[] = [...claim.history.filter(near).map((line) => ({ line, own: false })), ...claim.lines.map((line) => ({ line, own: true }))]
  return all.sort((a, b) => (a.line.serviceDate < b.line.serviceDate ? -1 : a.line.serviceDate > b.line.serviceDate ? 1 : a.own === b.own ? a.line.line - b.line.line : a.own ? 1 : -1))
}

const outcome = (line: number, more: Partial<Outcome> = {}): Outcome => ({ line, units: null, with: [], counted: null, most: null, codes: [], ...more })

function outcomes(rule: BillingRule, input: Input): Outcome[] {
  const { test } = rule
  const { course } = input
  if ('limit' in test) return limited(test.limit, input)
  if ('excluded' in test) {
    const { codes, by, same } = test.excluded
    return course.filter((b) => b.own && codes.includes(b.line.code)).flatMap((b) => {
      if (b.line.modifiers.some((m) => test.excluded['unless-modifier']?.includes(m))) return []
      const others = course.filter((o) => o !== b && by.includes(o.line.code) && (same === 'course' || o.line.serviceDate === b.line.serviceDate))
      if (others.length === 0) return []
      return [outcome(b.line.line, { units: 0, with: others.filter((o) => o.own).map((o) => o.line.line), codes: [...new Set(others.map((o) => o.line.code))] })]
    })
  }
  if ('needs' in test) {
    const { codes, same } = test.needs
    return course.filter((b) => b.own && codes.includes(b.line.code))
      .filter((b) => !course.some((o) => test.needs['one-of'].includes(o.line.code) && (same === 'course' || o.line.serviceDate === b.line.serviceDate)))
      .map((b) => outcome(b.line.line, { units: 0, codes: test.needs['one-of'] }))
  }
  if ('modifier' in test) {
    return course.filter((b) => b.own && test.modifier.codes.includes(b.line.code) && b.line.modifiers.some((m) => test.modifier['not-allowed'].includes(m)))
      .map((b) => outcome(b.line.line, { units: 0, codes: b.line.modifiers.filter((m) => test.modifier['not-allowed'].includes(m)) }))
  }
  if ('finding' in test) {
    const { codes, requirement, status, reason } = test.finding
    return course.filter((b) => b.own && codes.includes(b.line.code)).flatMap((b) => {
      const f = input.findings.get(b.line.line)?.find((x) => x.requirement === requirement && x.status === status && (reason === undefined || x.reason === reason))
      return f ? [outcome(b.line.line, { units: 0, evidence: f.evidence.map((e) => ({ ...e, stance: 'against' as const })) })] : []
    })
  }
  return counted(test.counted.what, test.counted.codes, input)
}

function limited(test: { codes: readonly string[]; per: 'day' | 'course'; most: number; 'lowest-first'?: boolean | undefined; 'within-a-line'?: boolean | undefined }, { course, tables }: Input): Outcome[] {
  const own = course.filter((b) => test.codes.includes(b.line.code))
  const out: Outcome[] = []
  const groups = test['within-a-line'] ? own.map((b) => [b]) : test.per === 'course' ? [own] : [...new Set(own.map((b) => b.line.serviceDate))].map((d) => own.filter((b) => b.line.serviceDate === d))
  for (const group of groups) {
    const total = group.reduce((n, b) => n + b.line.units, 0)
    if (total <= test.most) continue
    const level = (b: Billed): number => tables.codes.get(b.line.code)?.level ?? 0
    const ordered = test['lowest-first'] ? [...group].sort((a, b) => Number(a.own) - Number(b.own) || level(b) - level(a) || a.line.line - b.line.line) : group
    let left = test.most
    for (const b of ordered) {
      const stands = Math.min(left, b.line.units)
      left -= stands
      if (b.own && stands < b.line.units) {
        out.push(outcome(b.line.line, { units: stands, with: group.filter((o) => o.own).map((o) => o.line.line), counted: total, most: test.most, codes: [...new Set(group.map((o) => o.line.code))] }))
      }
    }
  }
  return out
}

// --- what must be counted in the chart or over the course -----------------------------------------------------------------------------

const STEREOTACTIC_DELIVERY = ['77371', '77372', '77373', 'G0339', 'G0340', 'G0563']
const SIMULATION = ['77280', '77285', '77290', 'G0562']
const SUPERFICIAL = ['77401', '77437', '77438']
const IMAGING_ORDER = ['77387', '77014', 'G6002', 'G6001', 'G6017', '77417']

/** Stereotactic fraction days: billed and paid ones together with those the chart shows as delivered. */
function stereotacticDays({ course, chart }: Input): { days: ReadonlySet<string>; charted: number } {
  const days = new Set(course.filter((b) => STEREOTACTIC_DELIVERY.includes(b.line.code)).map((b) => b.line.serviceDate))
  const cancelled = new Set(chart.fractions.filter((f) => !f.delivered).map((f) => f.date))
  const delivered = new Set(chart.fractions.filter((f) => f.delivered).map((f) => f.date))
  // A day on which the chart says that nothing was given is not a fraction, though it may be billed.
  for (const d of cancelled) if (!delivered.has(d)) days.delete(d)
  // What the chart numbers says more than how many days it lists: other courses and visits have dates too.
  const numbered = chart.fractions.filter((f) => f.delivered && f.number !== null).map((f) => f.number as number)
  return { days, charted: Math.max(0, ...numbered) }
}

/** The largest number of fractions of the stereotactic course that any place gives. */
function stereotacticCount(input: Input): number {
  const { days } = stereotacticDays(input)
  const numbered = input.chart.fractions.filter((f) => f.delivered && f.number !== null && days.has(f.date)).map((f) => f.number as number)
  return Math.max(days.size, 0, ...numbered)
}

function mentioned(chart: Chart, concept: string): { note: ChartNote; start: number; end: number }[] {
  return chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((note) =>
    note.mentions.filter((m) => m.concept === concept && m.assertion.presence === 'present' && m.assertion.subject === 'patient' && m.assertion.time !== 'historical').map((m) => ({ note, start: m.start, end: m.end })))
}

/** Cranial, extracranial or unknown, by diagnosis and chart: brain codes, else where the notes put the target. */
function targetPlace({ chart, course }: Input): 'cranial' | 'extracranial' | 'unknown' {
  const cranial = mentioned(chart, 'brain-target').length
  const extra = mentioned(chart, 'extracranial-target').length
  const codes = new Set(course.filter((b) => STEREOTACTIC_DELIVERY.includes(b.line.code) || b.line.code === '77432' || b.line.code === '77435')
    .flatMap((b) => b.line.diagnosisPointers.slice(0, 1).map((p) => chart.claim.diagnoses[p - 1] ?? '')))
  const brainCode = [...codes].some((c) => /^(?:C71|C70|C79\.3|D33|D32|D42\.0|D43\.[0-4]|D35\.[23]|C75\.[1-3]|Q28\.2|G50\.0|C72\.[2-5])/.test(c))
  if (brainCode) return 'cranial'
  if (codes.size > 0 && extra > 0 && cranial === 0) return 'extracranial'
  if (cranial > 2 * extra) return 'cranial'
  return extra > cranial || [...codes].some((c) => /^C/.test(c)) ? 'extracranial' : 'unknown'
}

function counted(what: string, codes: readonly string[], input: Input): Outcome[] {
  const { chart, course, tables, findings } = input
  const own = course.filter((b) => b.own && (codes.includes('*') || codes.includes(b.line.code)))
  if (own.length === 0) return []
  const deny = (list: readonly Billed[], more: Partial<Outcome> = {}): Outcome[] => list.map((b) => outcome(b.line.line, { units: 0, ...more }))
  switch (what) {
    case 'more-than-five-fractions': {
      const n = stereotacticCount(input)
      return n > 5 ? deny(own, { counted: n, most: 5, codes }) : []
    }
    case 'single-cranial-fraction': {
      const { days, charted } = stereotacticDays(input)
      const one = days.size <= 1 && charted <= 1 && !multiFractionPlanned(chart)
      return one && targetPlace(input) === 'cranial' ? deny(own, { counted: 1 }) : []
    }
    case 'not-single-cranial-fraction': {
      const { days, charted } = stereotacticDays(input)
      const several = Math.max(days.size, charted) > 1
      return several || targetPlace(input) === 'extracranial' ? deny(own, { counted: Math.max(days.size, charted) }) : []
    }
    case 'several-sessions': {
      const n = stereotacticDays(input).days.size
      return n > 1 ? deny(own, { counted: n, most: 1 }) : []
    }
    case 'not-first-session': {
      const first = course.find((b) => STEREOTACTIC_DELIVERY.includes(b.line.code))
      return deny(own.filter((b) => first && first !== b && (first.line.serviceDate < b.line.serviceDate || first.line.code === b.line.code)))
    }
    case 'first-session': {
      const sessions = [...new Set([...course.filter((b) => STEREOTACTIC_DELIVERY.includes(b.line.code)).map((b) => b.line.serviceDate), ...chart.fractions.filter((f) => f.delivered).map((f) => f.date)])].sort()
      if (stereotacticCount(input) > 5) return deny(own, { counted: stereotacticCount(input), most: 5 })
      return deny(own.filter((b) => b.line.serviceDate === sessions[0]), { codes: ['G0339'] })
    }
    case 'later-daily-simulation': {
      const days = new Set(course.filter((b) => SUPERFICIAL.includes(b.line.code)).map((b) => b.line.serviceDate))
      const first = course.find((b) => SIMULATION.includes(b.line.code))
      return days.size === 0 ? [] : deny(own.filter((b) => b !== first && days.has(b.line.serviceDate)))
    }
    case 'one-simulation-of-superficial-course': {
      if (!course.some((b) => SUPERFICIAL.includes(b.line.code))) return []
      return limited({ codes, per: 'course', most: 1 }, input)
    }
    case 'both-managements': {
      // Of the two the one that does not fit the course is denied: 77432 unless the course is one cranial session.
      const managed = course.filter((b) => b.line.code === '77432' || b.line.code === '77435')
      if (new Set(managed.map((b) => b.line.code)).size < 2) return []
      const { days, charted } = stereotacticDays(input)
      const cranialSingle = Math.max(days.size, charted) <= 1 && targetPlace(input) === 'cranial'
      return deny(own.filter((b) => b.line.code === (cranialSingle ? '77435' : '77432')), { codes: ['77432', '77435'], with: managed.filter((b) => b.own).map((b) => b.line.line) })
    }
    case 'units-per-five-fractions': return perFiveFractions(codes, input)
    case 'other-proton-level': {
      return own.flatMap((b) => {
        const denial = findings.get(b.line.line)?.filter((f) => f.status === 'not-met' && f.reason === 'denied' && /\.(?:single-port|no-compensator|simple|delivery)$/.test(f.requirement)
          && !(f.requirement.endsWith('.delivery') && f.evidence.every((e) => e.stance === 'against') && f.missing.length === 0 && f.found.length === 0))
        return denial && denial.length > 0 ? [outcome(b.line.line, { units: 0, evidence: denial.flatMap((f) => f.evidence.filter((e) => e.stance === 'against')) })] : []
      })
    }
    case 'unspecified-diagnosis': {
      return own.flatMap((b) => {
        const pointed = b.line.diagnosisPointers.length > 0 ? b.line.diagnosisPointers.map((p) => chart.claim.diagnoses[p - 1] ?? '') : chart.claim.diagnoses
        const known = pointed.map((c) => tables.diagnoses.get(c))
        return known.length > 0 && known.every((d) => d?.unspecified) ? [outcome(b.line.line, { units: 0, codes: pointed })] : []
      })
    }
    case 'invalid-diagnosis': {
      return own.flatMap((b) => {
        const pointed = b.line.diagnosisPointers.length > 0 ? b.line.diagnosisPointers.map((p) => chart.claim.diagnoses[p - 1] ?? '') : chart.claim.diagnoses
        const bad = pointed.filter((c) => tables.diagnoses.get(c)?.billable === false)
        return bad.length > 0 && bad.length === pointed.length ? [outcome(b.line.line, { units: 0, codes: bad })] : []
      })
    }
    case 'code-not-valid': {
      return own.flatMap((b) => {
        const entry = tables.codes.get(b.line.code)
        const out = entry && ((entry.from && b.line.serviceDate < entry.from) || (entry.until && b.line.serviceDate > entry.until))
        return out ? [outcome(b.line.line, { units: 0, codes: [b.line.code] })] : []
      })
    }
    case 'imaging-types': {
      return own.flatMap((b) => {
        const same = course.filter((o) => o.line.serviceDate === b.line.serviceDate && IMAGING_ORDER.includes(o.line.code) && o.line.code !== b.line.code)
        const higher = same.filter((o) => IMAGING_ORDER.indexOf(o.line.code) < IMAGING_ORDER.indexOf(b.line.code))
        return higher.length > 0 ? [outcome(b.line.line, { units: 0, with: higher.filter((o) => o.own).map((o) => o.line.line), codes: [...new Set(higher.map((o) => o.line.code))] })] : []
      })
    }
    case 'plans': {
      // One unit for each plan: a line's second unit falls, and a second line where the course has a single planning line.
      const plans = Math.max(1, course.filter((b) => b.line.code === '77301').reduce((n, b) => n + b.line.units, 0))
      let left = plans
      return course.filter((b) => codes.includes(b.line.code)).flatMap((b) => {
        const stands = Math.min(1, left, b.line.units)
        left -= stands
        return b.own && stands < b.line.units ? [outcome(b.line.line, { units: stands, counted: b.line.units, most: 1 })] : []
      })
    }
    case 'fusion-with-imrt-plan': {
      const planned = course.some((b) => b.line.code === '77301')
      if (!planned) return []
      return own.flatMap((b) => {
        const f = findings.get(b.line.line)?.find((x) => x.requirement === '77370.circumstance' && x.status === 'not-met')
        const fusion = mentioned(chart, 'circumstance-fusion')
        const first = fusion[0]
        return f && first ? [outcome(b.line.line, { units: 0, evidence: [evidenceAt(chart, first.note, first.start, first.end, 'against')] })] : []
      })
    }
    default: return []
  }
}

function multiFractionPlanned(chart: Chart): boolean {
  return chart.notes.some((n) => n.evidential && n.ofThisCourse && (n.type === 'prescription' || n.type === 'plan-report' || n.type === 'treatment-record' || n.type === 'sbrt-management')
    && n.measures.some((m) => m.kind === 'fractions' && m.low >= 2 && m.low <= 5))
}

/** Weekly services: one unit for every five fractions begun, one for a course of one or two. */
function perFiveFractions(codes: readonly string[], input: Input): Outcome[] {
  const { chart, course } = input
  const delivered = new Set(chart.fractions.filter((f) => f.delivered).map((f) => f.date))
  const billedDays = course.filter((b) => (tablesFamily(input, b.line.code) === 'delivery')).map((b) => b.line.serviceDate)
  for (const d of billedDays) delivered.add(d)
  const numbered = chart.fractions.filter((f) => f.number !== null).map((f) => f.number as number)
  const stated = chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((n) => n.measures.filter((m) => m.kind === 'fractions' && m.low <= 50).map((m) => m.low))
  const fractions = Math.max(delivered.size, 0, ...numbered, ...stated)
  if (fractions === 0) return []
  const most = Math.max(1, Math.ceil(fractions / 5))
  let left = most
  const out: Outcome[] = []
  const lines = course.filter((b) => codes.includes(b.line.code))
  const total = lines.reduce((n, b) => n + b.line.units, 0)
  for (const b of lines) {
    // Port images are one unit a day, whatever their number.
    const stands = Math.min(left, b.line.units, b.line.code === '77417' ? 1 : b.line.units)
    left -= stands
    if (b.own && stands < b.line.units) out.push(outcome(b.line.line, { units: stands, counted: total, most: b.line.code === '77417' ? 1 : most }))
  }
  return out
}

const tablesFamily = ({ tables }: Input, code: string): string => tables.codes.get(code)?.family ?? ''
