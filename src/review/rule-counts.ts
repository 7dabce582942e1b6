// What billing rules have to count over a course and in the chart. May not: know a rule's number; make sentences.
import type { CountedWhat, RuleInput } from '../policy/rules.ts'
import { pick, type Billed, type CourseLines } from './billed.ts'
import type { Document } from '../document/document.ts'
import type { Statement } from '../note/note.ts'
import { dayNumber, type Chart, type ChartNote } from './chart.ts'
import type { FractionRecord } from './fractions.ts'
import { immobilizationUntil, planFacts, planNotes, statementEvidence, type Counted } from './plan-facts.ts'
import type { Evidence } from './review.ts'
import { byComponent, cutOff, distinct, hasRecords, limited, outcome, ownLines, says, SILENT, withoutRecords, type Answer, type Outcome, type RuleInputs } from './rule-answer.ts'

const STEREOTACTIC_DELIVERY = ['77371', '77372', '77373', 'G0339', 'G0340', 'G0563']
const STEREOTACTIC_MANAGEMENT = ['77432', '77435']
const SIMULATION = ['77280', '77285', '77290', 'G0562']
const SUPERFICIAL = ['77401', '77437', '77438']
/** Of two kinds of imaging the one further right falls. */
const IMAGING_ORDER = ['77387', '77014', 'G6002', 'G6001', 'G6017', '77417']

type Count = (lines: readonly Billed[], inputs: RuleInputs, codes: readonly string[]) => Answer

export function counted(what: CountedWhat, codes: readonly string[], inputs: RuleInputs): Answer {
  const { course } = inputs
  const lines = codes.includes('*') ? course.all.filter((b) => b.own) : pick(course, codes).filter((b) => b.own)
  return lines.length === 0 ? SILENT : COUNTS[what](lines, inputs, codes)
}

const deny = (lines: readonly Billed[], more: Partial<Outcome> = {}): Answer => (lines.length === 0 ? SILENT : says(lines.map((b) => outcome(b.line.line, { units: 0, ...more }))))
const missing = (lines: readonly Billed[], ...inputs: readonly RuleInput[]): Answer => says([], { gaps: lines.map((b) => ({ line: b.line.line, missing: inputs })) })
const unitsOf = (list: readonly Billed[]): number => list.reduce((n, b) => n + b.line.units, 0)

// --- fractions -------------------------------------------------------------------------------------------------------------------------

/** Fractions of the chart that fall into the course: a day before the first course belongs to it, as planning is billed later. */
export function fractionsOf({ chart, course, isFirstCourse, nextCourse }: Pick<RuleInputs, 'chart' | 'course' | 'isFirstCourse' | 'nextCourse'>): readonly FractionRecord[] {
  return isFirstCourse && nextCourse === null ? chart.fractions : chart.fractions.filter((f) => (isFirstCourse || f.date >= course.from) && (nextCourse === null || f.date < nextCourse))
}

const evidenceOf = (chart: Chart, f: FractionRecord): Evidence => statementEvidence(chart, chart.notes[f.note - 1] as ChartNote, f.statement, f.span)

/** Stereotactic fraction days: billed and paid ones, without those on which the chart says that nothing was given. */
function stereotacticDays(inputs: RuleInputs): { readonly days: ReadonlySet<string>; readonly charted: number } {
  const fractions = fractionsOf(inputs)
  const days = new Set(pick(inputs.course, STEREOTACTIC_DELIVERY).map((b) => b.line.serviceDate))
  const delivered = new Set(fractions.filter((f) => f.delivered).map((f) => f.date))
  for (const f of fractions) if (!f.delivered && !delivered.has(f.date)) days.delete(f.date)
  // What the chart numbers says more than how many days it lists: other courses and visits have dates too.
  return { days, charted: Math.max(0, ...fractions.filter((f) => f.delivered && f.number !== null).map((f) => f.number as number)) }
}

const STEREOTACTIC_NOTES: ReadonlySet<string> = new Set(['completion', 'sbrt-management', 'srs-management', 'treatment-record'])
/** More fractions than this belong to a course of another kind. */
const MOST_STATED = 12

/** Fractions that a note on stereotactic treatment says were given in all, each with its place. */
function stereotacticStated({ chart }: Pick<RuleInputs, 'chart'>): readonly { readonly value: number; readonly evidence: Evidence }[] {
  return chart.notes.filter((n) => n.evidential && n.ofThisCourse && STEREOTACTIC_NOTES.has(n.type)).flatMap((note) => {
    const present = (concepts: readonly string[]) => note.mentions.filter((m) => concepts.includes(m.concept) && m.assertion.presence === 'present' && m.assertion.time === 'current' && !note.boilerplate.has(m.statement))
    if (present(['circumstance-stereotactic', 'srs-session', 'robotic-delivery']).length === 0) return []
    const given = new Set(present(['treatment-delivered', 'fraction-delivered']).map((m) => m.statement))
    return note.measures.filter((m) => m.kind === 'fractions' && m.low === m.high && m.high >= 1 && m.high <= MOST_STATED && given.has(m.statement))
      .map((m) => ({ value: m.high, evidence: { ...statementEvidence(chart, note, m.statement, m), stance: 'against' as const } }))
  })
}

/** The largest number of fractions of the stereotactic course that any place gives, with the place. */
function stereotacticCount(inputs: RuleInputs): { readonly value: number; readonly evidence: readonly Evidence[] } {
  const { days } = stereotacticDays(inputs)
  const numbered = fractionsOf(inputs).filter((f) => f.delivered && f.number !== null && days.has(f.date))
  const value = Math.max(days.size, 0, ...numbered.map((f) => f.number as number))
  // Where no delivery of it was billed or paid, the record alone tells how many there were.
  const stated = days.size === 0 ? stereotacticStated(inputs).filter((x) => x.value > value) : []
  const most = stated.find((x) => x.value === Math.max(...stated.map((y) => y.value)))
  if (most) return { value: most.value, evidence: [most.evidence] }
  return { value, evidence: numbered.filter((f) => f.number === value).slice(0, 1).map((f) => evidenceOf(inputs.chart, f)) }
}

// --- cranial or not --------------------------------------------------------------------------------------------------------------------

const BRAIN_DIAGNOSIS = /^(?:C71|C70|C79\.3|D33|D32|D42\.0|D43\.[0-4]|D35\.[23]|C75\.[1-3]|Q28\.2|G50\.0|C72\.[2-5])/

function mentioned(chart: Chart, concept: string): { readonly note: ChartNote; readonly start: number; readonly end: number; readonly statement: number }[] {
  return chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((note) =>
    note.mentions.filter((m) => m.concept === concept && m.assertion.presence === 'present' && m.assertion.subject === 'patient' && m.assertion.time !== 'historical' && !note.boilerplate.has(m.statement))
      .map((m) => ({ note, start: m.start, end: m.end, statement: m.statement })))
}

const places = (chart: Chart, found: ReturnType<typeof mentioned>, stance: Evidence['stance'] = 'against'): Evidence[] =>
  found.slice(0, 2).map((m) => ({ ...statementEvidence(chart, m.note, m.statement, m), stance }))

/** By diagnosis and chart: brain codes, else where the notes put the target. */
function targetPlace({ chart, course }: RuleInputs): 'cranial' | 'extracranial' | 'unknown' {
  const cranial = mentioned(chart, 'brain-target').length
  const extra = mentioned(chart, 'extracranial-target').length
  const codes = new Set(pick(course, [...STEREOTACTIC_DELIVERY, ...STEREOTACTIC_MANAGEMENT]).flatMap((b) => b.line.diagnosisPointers.slice(0, 1).map((p) => chart.claim.diagnoses[p - 1] ?? '')))
  if ([...codes].some((c) => BRAIN_DIAGNOSIS.test(c))) return 'cranial'
  if (codes.size > 0 && extra > 0 && cranial === 0) return 'extracranial'
  if (cranial > 2 * extra) return 'cranial'
  return extra > cranial || [...codes].some((c) => c.startsWith('C')) ? 'extracranial' : 'unknown'
}

function multiFractionPlanned(chart: Chart): boolean {
  return chart.notes.some((n) => n.evidential && n.ofThisCourse && (n.type === 'prescription' || n.type === 'plan-report' || n.type === 'treatment-record' || n.type === 'sbrt-management')
    && n.measures.some((m) => m.kind === 'fractions' && m.low >= 2 && m.low <= 5))
}

const singleCranial: Count = (lines, inputs) => {
  const { days, charted } = stereotacticDays(inputs)
  const one = days.size <= 1 && charted <= 1 && !multiFractionPlanned(inputs.chart)
  const place = targetPlace(inputs)
  if (one && place === 'unknown') return missing(lines, 'target')
  return one && place === 'cranial' ? deny(lines, { counted: 1, supportedCode: lines.every((b) => b.line.code === '77435') ? '77432' : null, evidence: places(inputs.chart, mentioned(inputs.chart, 'brain-target')) }) : SILENT
}

const notSingleCranial: Count = (lines, inputs) => {
  const { days, charted } = stereotacticDays(inputs)
  const fractions = Math.max(days.size, charted)
  const place = targetPlace(inputs)
  if (fractions > 1 || place === 'extracranial') return deny(lines, { counted: fractions, evidence: place === 'extracranial' ? places(inputs.chart, mentioned(inputs.chart, 'extracranial-target')) : [] })
  return place === 'unknown' ? missing(lines, 'target') : SILENT
}

// --- services billed for every five fractions ------------------------------------------------------------------------------------------

/** Fractions in days, given or billed: each session counts. */
function sessionsByDay(inputs: RuleInputs): ReadonlyMap<string, number> {
  const out = new Map<string, Set<string>>()
  for (const f of fractionsOf(inputs)) {
    if (f.delivered) out.set(f.date, (out.get(f.date) ?? new Set()).add(f.number === null ? '?' : `${f.number}`))
  }
  const days = new Map([...out].map(([day, numbers]) => [day, Math.max(1, [...numbers].filter((n) => n !== '?').length)]))
  for (const b of inputs.course.all) {
    if (inputs.tables.codes.get(b.line.code)?.family !== 'delivery') continue
    days.set(b.line.serviceDate, Math.max(days.get(b.line.serviceDate) ?? 0, 1))
  }
  return days
}

/** The largest number of fractions that a note of the course gives, or another number where none does. */
function fractionsStated(chart: Chart, otherwise = Number.POSITIVE_INFINITY): number {
  const stated = chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((n) => n.measures.filter((m) => m.kind === 'fractions' && m.low <= 50).map((m) => m.low))
  return stated.length === 0 ? otherwise : Math.max(...stated)
}

const perFiveFractions: Count = (_, inputs, codes) => {
  const { chart, course, tables } = inputs
  const lines = pick(course, codes)
  const days = sessionsByDay(inputs)
  const given = [...days.values()].reduce((a, b) => a + b, 0)
  const numbered = fractionsOf(inputs).flatMap((f) => (f.number === null ? [] : [f.number]))
  const fractions = Math.max(given, fractionsStated(chart, 0), ...numbered)
  if (fractions === 0) return missing(lines.filter((b) => b.own), 'fractions')
  const lenient = Math.max(1, Math.ceil(fractions / 5))
  const strict = Math.max(1, Math.floor(fractions / 5))
  const most = tables.settings['remainder-of-five'] === 'deny' ? strict : lenient
  const total = unitsOf(lines)
  const outcomes: Outcome[] = []
  const remarks: Answer['remarks'][number][] = []
  let left = most
  let last: string | null = null
  for (const b of lines) {
    // Port images are one unit a day, whatever their number.
    const daily = b.line.code === '77417' ? 1 : b.line.units
    const stands = Math.min(left, b.line.units, daily)
    left -= stands
    const day = b.line.serviceDate
    if (b.own && stands < b.line.units) outcomes.push(outcome(b.line.line, { units: stands, with: ownLines(lines), counted: total, most: b.line.code === '77417' ? 1 : most }))
    else if (b.own && last !== null && last < day) {
      // Within a course that goes on, a unit needs five fractions since the one before it. A record may leave days out, so its gaps count as treated.
      const possible = weekdaysBetween(last, day) * Math.max(1, ...days.values())
      const goesOn = [...days.keys()].some((d) => d > day)
      const since = [...days].reduce((n, [d, k]) => (d > (last as string) && d <= day ? n + k : n), 0)
      if (possible < 5 && goesOn && b.line.code !== '77417') outcomes.push(outcome(b.line.line, { units: 0, with: ownLines(lines), counted: since === 0 ? possible : since, most: 5 }))
    }
    last = day
  }
  const remainder = total > strict && total <= lenient
  const lastOwn = lines.filter((b) => b.own).at(-1)
  if (remainder && lastOwn && outcomes.length === 0 && tables.settings['remainder-of-five'] !== 'deny') {
    if (tables.settings['remainder-of-five'] === 'review') outcomes.push(outcome(lastOwn.line.line, { review: true, counted: total, most: strict }))
    else remarks.push({ line: lastOwn.line.line, topic: 'remainder', counted: fractions, limit: strict, codes: [lastOwn.line.code], facts: [], evidence: [] })
  }
  return outcomes.length + remarks.length === 0 ? SILENT : says(outcomes, { remarks })
}

/** Weekdays after the first day, the last one included. */
function weekdaysBetween(first: string, last: string): number {
  const [from, to] = [dayNumber(first), dayNumber(last)]
  let n = 0
  // Day 0 of the count is a Thursday.
  for (let d = from + 1; d <= to && n < 10; d++) if ((d + 4) % 7 !== 0 && (d + 4) % 7 !== 6) n++
  return n
}

/** The last day that a completion note gives for what was delivered. */
function endStated(chart: Chart): string | null {
  return chart.notes.filter((n) => n.evidential && n.ofThisCourse && n.type === 'completion').flatMap((note) => {
    const told = new Set(note.mentions.filter((m) => ['treatment-delivered', 'procedure-complete'].includes(m.concept) && m.assertion.presence === 'present' && m.assertion.time === 'current').map((m) => m.statement))
    return note.dates.filter((d) => told.has(d.statement) && (note.date === null || d.date <= note.date)).map((d) => d.date)
  }).sort().at(-1) ?? null
}

/** Of the checks in the record all are dated well after the last fraction. */
const physicsAfterTheEnd: Count = (lines, inputs) => {
  const { chart, tables } = inputs
  const given = fractionsOf(inputs).filter((f) => f.delivered)
  const last = given.at(-1)?.date ?? endStated(chart)
  // A log that stops before the number prescribed may be a part of the course.
  const stated = fractionsStated(chart)
  const whole = given.some((f) => f.number !== null && f.number >= stated) || chart.notes.some((n) => n.evidential && n.ofThisCourse && n.type === 'completion')
  if (!last || !whole) return missing(lines, 'fractions')
  const checks = chart.notes.filter((n) => n.evidential && n.ofThisCourse).flatMap((note) => {
    const found = note.mentions.filter((m) => m.concept === 'physics-chart-check-weekly' && m.assertion.presence === 'present' && m.assertion.time === 'current' && !note.boilerplate.has(m.statement))
    const all = found.map((m) => ({ note, statement: m.statement, start: m.start, end: m.end, day: note.days[m.statement] ?? note.date ?? note.signature.date }))
    return all
  })
  if (checks.length === 0 || checks.some((c) => c.day === null || dayNumber(c.day) - dayNumber(last) < tables.settings['physics-review-days'])) return SILENT
  return deny(lines, { evidence: places(chart, checks), facts: [last] })
}

// --- units per port --------------------------------------------------------------------------------------------------------------------

function perPort(all: readonly Billed[], ports: Counted | null): Answer {
  const groups = byComponent(all).filter((lines) => unitsOf(lines) > 1)
  if (groups.length === 0) return SILENT
  if (ports === null) return missing(all.filter((b) => b.own), 'fields')
  const found = groups.flatMap((lines) => (unitsOf(lines) > ports.value ? cutOff(lines, ports.value, unitsOf(lines), { evidence: ports.evidence.map((e) => ({ ...e, stance: 'against' as const })) }) : []))
  return found.length === 0 ? SILENT : says(found)
}

/** Codes whose plan includes the calculation: another rule speaks of these. */
const INCLUDING_PLANS = ['77306', '77307', '77316', '77317', '77318', '77321', '0394T', '0395T']

const calculationsPerPort: Count = (_, { chart, course }, codes) => {
  if (pick(course, INCLUDING_PLANS).length > 0) return SILENT
  const lines = pick(course, codes)
  return perPort(lines, planFacts(chart).ports)
}

const calculationsOfSplitFields: Count = (_, { chart, course }, codes) => {
  const lines = pick(course, codes)
  const ports = planFacts(chart).ports
  const split = mentioned(chart, 'split-field')
  if (split.length === 0 || ports === null || unitsOf(lines) <= ports.value || pick(course, INCLUDING_PLANS).length > 0) return SILENT
  return says(cutOff(lines, ports.value, unitsOf(lines), { evidence: places(chart, split) }))
}

const measurementsPerPort: Count = (_, { chart, course }, codes) => {
  const lines = pick(course, codes)
  return perPort(lines, planFacts(chart).ports)
}

/** Professional and technical lines of one device are one device; a line without modifier is both. */
const components = (lines: readonly Billed[]): Billed[][] => ['26', 'TC', ''].map((m) =>
  lines.filter((b) => (m === '' ? !b.line.modifiers.includes('26') && !b.line.modifiers.includes('TC') : b.line.modifiers.includes(m)))).filter((g) => g.length > 0)

const devicesPerPort: Count = (lines, { chart, course }, codes) => {
  const outcomes: Outcome[] = []
  for (const group of components(pick(course, codes))) {
    const total = unitsOf(group)
    if (total <= 1) continue
    const { ports } = planFacts(chart)
    if (ports === null) return missing(lines, 'fields')
    const holding = immobilizationUntil(chart, '9999-12-31')
    const most = ports.value + holding.value
    if (total > most) outcomes.push(...cutOff(group, most, total, { evidence: [...ports.evidence, ...holding.evidence].map((e) => ({ ...e, stance: 'against' as const })) }))
  }
  return outcomes.length === 0 ? SILENT : says(outcomes)
}

const mirroredPair: Count = (lines, { chart, course }, codes) => {
  if (!hasRecords(chart)) return unitsOf(pick(course, codes)) > 1 ? withoutRecords(lines) : SILENT
  const mirrored = mentioned(chart, 'mirrored-devices')
  if (mirrored.length === 0) return SILENT
  const outcomes: Outcome[] = []
  for (const group of components(pick(course, codes))) {
    const total = unitsOf(group)
    if (total <= 1) continue
    const day = group.map((b) => b.line.serviceDate).sort().at(-1) as string
    // What was planned later belongs to other devices.
    const ports = portsUntil(chart, day)
    const holding = immobilizationUntil(chart, day)
    const most = Math.max(1, ports - pairsOf(mirrored)) + holding.value
    if (total > most) outcomes.push(...cutOff(group, most, total, { evidence: places(chart, mirrored) }))
  }
  return outcomes.length === 0 ? SILENT : says(outcomes)
}

/** Pairs said to be mirrored: one a note, unless it says more. */
const pairsOf = (mirrored: ReturnType<typeof mentioned>): number => new Set(mirrored.map((m) => m.note.note)).size

/** The ports of notes up to a day: at least the two of a pair. */
function portsUntil(chart: Chart, day: string): number {
  const notes = new Set(planNotes(chart).filter((n) => n.date === null || n.date <= day).map((n) => n.note))
  const counts = chart.notes.filter((n) => notes.has(n.note)).flatMap((n) => n.measures.filter((m) => {
    const own = n.days[m.statement] ?? n.date
    return m.kind === 'count' && ['field', 'port', 'beam'].includes(m.unit) && m.high <= 12 && (own === null || own <= day)
  }).map((m) => m.high))
  return Math.max(2, ...counts)
}

// --- planning --------------------------------------------------------------------------------------------------------------------------

/** A second planning code needs a second volume: another diagnosis of its own, or a note that says so. */
const planningWithoutNewVolume: Count = (_, { chart, course, tables }, codes) => {
  const lines = pick(course, codes)
  if (unitsOf(lines) <= 1) return SILENT
  const own = lines.filter((b) => b.own)
  const level = (b: Billed): number => tables.codes.get(b.line.code)?.level ?? 0
  const days = new Set(lines.map((b) => b.line.serviceDate))
  const ordered = [...lines].sort((a, b) => (a.line.serviceDate === b.line.serviceDate ? level(b) - level(a) : 0) || a.order - b.order)
  const sites = new Set(lines.map((b) => b.line.diagnosisPointers.slice(0, 1).map((p) => (chart.claim.diagnoses[p - 1] ?? '').slice(0, 3)).join()))
  // On one day the lower level is part of the higher one.
  if (days.size > 1) {
    if (sites.size > 1) return SILENT
    if (!hasRecords(chart)) return missing(own, 'records')
    if (mentioned(chart, 'new-volume').length > 0) return SILENT
    if (chart.unread.length > 0) return missing(own, 'readable-pages')
  }
  return says(cutOff(ordered, 1, unitsOf(lines)))
}

/** One unit for each plan: a line's second unit falls, and a second line where the course has a single planning line. */
const plans: Count = (_, { course }, codes) => countPlans(course, codes, Math.max(1, unitsOf(pick(course, ['77301']))))

/** As the older text had it: a boost planned in the record stands for a plan of its own. */
const plansAndBoosts: Count = (_, { chart, course }, codes) => {
  const boosts = mentioned(chart, 'new-volume').length > 0 ? 1 : 0
  return countPlans(course, codes, Math.max(1, unitsOf(pick(course, ['77301']))) + boosts, boosts > 0)
}

function countPlans(course: CourseLines, codes: readonly string[], most: number, severalInOneLine = false): Answer {
  let left = most
  const found = pick(course, codes).flatMap((b) => {
    const stands = Math.min(severalInOneLine ? left : 1, left, b.line.units)
    left -= stands
    return b.own && stands < b.line.units ? [outcome(b.line.line, { units: stands, counted: b.line.units, most: severalInOneLine ? most : 1 })] : []
  })
  return found.length === 0 ? SILENT : says(found)
}

// --- delivery --------------------------------------------------------------------------------------------------------------------------

/** The four tiers of the delivery codes G6003 to G6014, in MV or MeV. */
const tierOf = (energy: number): number => (energy <= 5 ? 0 : energy <= 10 ? 1 : energy < 20 ? 2 : 3)

const energyTier: Count = (lines, { chart }) => {
  const { energies } = planFacts(chart)
  if (energies.length === 0) return missing(lines, hasRecords(chart) ? 'energies' : 'records')
  const tiers = new Set(energies.map((e) => tierOf(e.value)))
  const wrong = lines.filter((b) => !tiers.has((Number(b.line.code.slice(1)) - 6003) % 4))
  if (wrong.length === 0) return SILENT
  return says(wrong.map((b) => {
    const base = Number(b.line.code.slice(1)) - ((Number(b.line.code.slice(1)) - 6003) % 4)
    const supported = [...tiers].sort().map((t) => `G${base + t}`)
    return outcome(b.line.line, {
      units: 0, codes: supported, supportedCode: supported.length === 1 ? (supported[0] as string) : null, facts: [...new Set(energies.map((e) => `${e.value} MV`))],
      evidence: energies.slice(0, 2).map((e) => ({ ...e.evidence, stance: 'against' as const })),
    })
  }))
}

/** Per-fraction codes against the number of fractions that the record gives for the course. */
const fractionsGiven: Count = (_, inputs, codes) => {
  const { chart, course } = inputs
  const lines = pick(course, codes)
  const given = fractionsOf(inputs).filter((f) => f.delivered)
  const total = unitsOf(lines)
  const stated = fractionsStated(chart, 0)
  if (given.length === 0 || stated === 0) return missing(lines.filter((b) => b.own), hasRecords(chart) ? 'fractions' : 'records')
  const most = Math.max(new Set(given.map((f) => f.date)).size, stated, ...given.map((f) => f.number ?? 0))
  if (total <= most) return SILENT
  // Units of days on which the record gives no fraction go first.
  const days = new Set(given.map((f) => f.date))
  const ordered = [...lines].sort((a, b) => Number(!days.has(a.line.serviceDate)) - Number(!days.has(b.line.serviceDate)))
  return says(cutOff(ordered, most, total, { evidence: given.slice(-1).map((f) => ({ ...evidenceOf(chart, f), stance: 'against' as const })) }))
}

const bothManagements: Count = (lines, inputs) => {
  // Of the two the one that does not fit the course is denied: 77432 unless the course is one cranial session.
  const managed = pick(inputs.course, STEREOTACTIC_MANAGEMENT)
  if (new Set(managed.map((b) => b.line.code)).size < 2) return SILENT
  const { days, charted } = stereotacticDays(inputs)
  const cranialSingle = Math.max(days.size, charted) <= 1 && targetPlace(inputs) === 'cranial'
  return deny(lines.filter((b) => b.line.code === (cranialSingle ? '77435' : '77432')), { codes: STEREOTACTIC_MANAGEMENT, with: ownLines(managed) })
}

// --- diagnoses and codes ---------------------------------------------------------------------------------------------------------------

const pointed = (b: Billed, { claim }: Chart): string[] => (b.line.diagnosisPointers.length > 0 ? b.line.diagnosisPointers.map((p) => claim.diagnoses[p - 1] ?? '') : claim.diagnoses)

const unspecifiedDiagnosis: Count = (lines, { chart, tables }) => {
  const found = lines.filter((b) => {
    const known = pointed(b, chart).map((c) => tables.diagnoses.get(c))
    return known.length > 0 && known.every((d) => d?.unspecified)
  })
  if (found.length === 0) return SILENT
  if (tables.settings['unspecified-diagnosis'] === 'manual') {
    return says([], { remarks: found.map((b) => ({ line: b.line.line, topic: 'unspecified-by-manual' as const, counted: null, limit: null, codes: pointed(b, chart), facts: [], evidence: [] })) })
  }
  return says(found.map((b) => outcome(b.line.line, { units: 0, codes: pointed(b, chart) })))
}

const invalidDiagnosis: Count = (lines, { chart, tables }) => {
  const found = lines.flatMap((b) => {
    const all = pointed(b, chart)
    const bad = all.filter((c) => tables.diagnoses.get(c)?.billable === false)
    return bad.length > 0 && bad.length === all.length ? [outcome(b.line.line, { units: 0, codes: bad })] : []
  })
  return found.length === 0 ? SILENT : says(found)
}

const DIAGNOSTIC_TEST = /^(?:7[0-68]\d{3}|8\d{4})$/

/** A disease by name; a nodule or a mass is a finding yet. */
const DISEASE = /cancer|carcinoma|metasta|lymphoma|sarcoma|melanoma|malignan|glio|mening|myeloma|leuk|neoplasm|blastoma|adenoma|\b(?:nsclc|sclc|scc|bcc|hcc|dcis|mets?)\b/i

/** A diagnostic test with a symptom alone, where claim or pathology names the disease. */
const symptomDiagnosis: Count = (lines, { chart, tables }) => {
  const tests = lines.filter((b) => DIAGNOSTIC_TEST.test(b.line.code) && !tables.codes.has(b.line.code))
  const found = tests.flatMap((b) => {
    const all = pointed(b, chart)
    if (all.length === 0 || !all.every((c) => c.startsWith('R'))) return []
    const named = chart.claim.diagnoses.filter((c) => /^[A-QS-T]/.test(c))
    const diagnosed = mentioned(chart, 'diagnosis-of-patient').filter((m) => DISEASE.test((chart.documents[m.note.document] as Document).text.slice((m.note.statements[m.statement] as Statement).start, (m.note.statements[m.statement] as Statement).end)))
    return named.length + diagnosed.length === 0 ? [] : [outcome(b.line.line, { units: 0, codes: named, evidence: places(chart, diagnosed) })]
  })
  return found.length === 0 ? SILENT : says(found)
}

const codeNotValid: Count = (lines, { tables }) => {
  const found = lines.filter((b) => {
    const entry = tables.codes.get(b.line.code)
    return entry !== undefined && ((entry.from !== undefined && b.line.serviceDate < entry.from) || (entry.until !== undefined && b.line.serviceDate > entry.until))
  })
  return found.length === 0 ? SILENT : says(found.map((b) => outcome(b.line.line, { units: 0, codes: [b.line.code, ...(tables.codes.get(b.line.code)?.change?.['replaced-by'] ?? [])] })))
}

/** Whether a prior authorization names the code. Without any word on authorizations nothing is said. */
const authorization: Count = (lines, { chart }) => {
  const known = chart.claim.authorizations
  if (known === null) return missing(lines, 'authorization')
  return deny(lines.filter((b) => !known.some((a) => a.codes.length === 0 || a.codes.includes(b.line.code))))
}

// --- proton delivery -------------------------------------------------------------------------------------------------------------------

const PROTON_NOTES: ReadonlySet<string> = new Set(['proton-record', 'treatment-record', 'plan-report', 'prescription', 'planning-note', 'devices', 'daily-setup', 'special-physics-report', 'on-treatment-visit', 'unknown'])
const PENCIL_BEAM = /\b(?:pbs|pencil[- ]beam|impt|spot[- ]scann)/i
const SIMPLE_PROTON = ['77520', '77522']

/** Words of a day under the column of compensators that say there was none. */
const NONE = /(?:^|[\s\t|])none(?:$|[\s\t|,;])/i

interface ProtonDay {
  readonly ports: readonly Evidence[]
  readonly several: readonly Evidence[]
  readonly complex: readonly Evidence[]
  readonly oneIsocenter: readonly Evidence[]
  readonly used: readonly Evidence[]
  readonly without: readonly Evidence[]
  /** A compensator mounted in one signed note and denied in another. */
  readonly contradicted: boolean
  /** A scanned beam has no compensator of its own, which decides nothing between the levels. */
  readonly scanned: boolean
}

/** A date far within a statement, as of a plan approved, need not be the day of what it says. */
const speaksOfAnotherDay = (note: ChartNote, statement: number): boolean => note.dates.some((d) => d.statement === statement && d.start - (note.statements[statement] as Statement).start > 24)

/** What the notes of a day say of the delivery of protons on that day. */
function protonDay(chart: Chart, day: string): ProtonDay {
  const notes = chart.notes.filter((n) => n.evidential && n.ofThisCourse && (PROTON_NOTES.has(n.type) || n.also.some((t) => PROTON_NOTES.has(t))))
  const textOf = (note: ChartNote): string => (chart.documents[note.document] as Document).text
  const found = (concept: string): ReturnType<typeof mentioned> => notes.flatMap((note) => {
    const heads = new Set(note.statements.flatMap((s) => (s.columns >= 0 ? [s.columns] : [])))
    return note.mentions.filter((m) => m.concept === concept && m.assertion.presence === 'present' && m.assertion.time === 'current' && m.assertion.subject === 'patient' && !note.boilerplate.has(m.statement)
      && !heads.has(m.statement) && (note.days[m.statement] ?? note.date) === day && !speaksOfAnotherDay(note, m.statement)).map((m) => ({ note, start: m.start, end: m.end, statement: m.statement }))
  })
  const cells = notes.filter((n) => /compensator/i.test(textOf(n).slice(n.start, n.end))).flatMap((note) => note.statements.flatMap((s, statement) =>
    (s.kind === 'row' && note.days[statement] === day && NONE.test(textOf(note).slice(s.start, s.end)) ? [{ note, start: s.start, end: s.end, statement }] : [])))
  const without = [...found('no-compensator'), ...cells]
  // `Aperture  Compensator` heads two columns.
  const used = found('compensator-used').filter((m) => !/^aperture\s+compensator$/i.test(textOf(m.note).slice(m.start, m.end).trim()) && !without.some((x) => x.note === m.note && x.statement === m.statement))
  const signed = (list: typeof used): typeof used => list.filter((m) => m.note.signature.state === 'signed')
  return {
    ports: places(chart, found('single-port')), several: places(chart, found('multiple-ports')), complex: places(chart, [...found('patch-or-matched-fields'), ...found('multiple-isocenters')]),
    oneIsocenter: places(chart, found('one-isocenter')), used: places(chart, used), without: places(chart, without),
    contradicted: signed(used).some((u) => signed(without).some((w) => w.note !== u.note)),
    scanned: notes.some((n) => PENCIL_BEAM.test(textOf(n).slice(n.start, n.end))),
  }
}

/** The level that a day shows, where it says enough: several ports or patches, one port with or without a compensator. */
function protonLevel(day: ProtonDay, ports: Counted | null): string | null {
  if (day.complex.length > 0) return '77525'
  if (day.several.length > 0) return '77523'
  if ((day.ports.length === 0 && ports?.value !== 1) || (day.used.length > 0) === (day.without.length > 0)) return null
  return day.used.length > 0 ? '77522' : '77520'
}

const otherProtonLevel: Count = (lines, { chart, findings }) => {
  if (!hasRecords(chart)) return withoutRecords(lines)
  const delivered = new Set(chart.fractions.filter((f) => f.delivered).map((f) => f.date))
  const refused = new Set(chart.fractions.filter((f) => !f.delivered && !delivered.has(f.date)).map((f) => f.date))
  const found = lines.flatMap((b) => {
    const billed = b.line.code
    // Where nothing was given that day there is no level.
    if (refused.has(b.line.serviceDate)) return []
    const day = protonDay(chart, b.line.serviceDate)
    // Two signed notes against each other are for the checklist, which calls them unclear.
    if (SIMPLE_PROTON.includes(billed) && day.contradicted) return []
    const level = protonLevel(day, planFacts(chart).ports)
    const supportedCode = level === billed ? null : level
    const fires = (evidence: readonly Evidence[], review = false): Outcome[] => [outcome(b.line.line, { ...(review ? { review } : { units: 0 }), supportedCode, evidence: evidence.map((e) => ({ ...e, stance: 'against' as const })) })]
    const denial = findings.get(b.line.line)?.filter((f) => f.status === 'not-met' && f.reason === 'denied' && /\.(?:single-port|no-compensator|simple|delivery)$/.test(f.requirement)
      && !(f.requirement.endsWith('.delivery') && f.evidence.every((e) => e.stance === 'against') && f.missing.length === 0 && f.found.length === 0)) ?? []
    if (denial.length > 0) return fires(denial.flatMap((f) => f.evidence.filter((e) => e.stance === 'against')))
    if (billed === '77522' && day.without.length > 0 && day.used.length === 0) return fires(day.without)
    // One port with its compensator told contradicts the levels above it; a scanned beam is for a person.
    if (level !== null && SIMPLE_PROTON.includes(level) && !SIMPLE_PROTON.includes(billed)) return fires([...day.ports.slice(0, 1), ...(level === '77522' ? day.used : day.without).slice(0, 1)], day.scanned)
    // Several ports on one isocenter, nothing patched.
    if (billed === '77525' && level === '77523' && day.oneIsocenter.length > 0) return fires([...day.several.slice(0, 1), ...day.oneIsocenter.slice(0, 1)], day.scanned)
    return []
  })
  return found.length === 0 ? SILENT : says(found)
}

// --- all of them -----------------------------------------------------------------------------------------------------------------------

const COUNTS: Readonly<Record<CountedWhat, Count>> = {
  'more-than-five-fractions': (lines, inputs, codes) => {
    const { value, evidence } = stereotacticCount(inputs)
    return value > 5 ? deny(lines, { counted: value, most: 5, codes, evidence }) : SILENT
  },
  'single-cranial-fraction': singleCranial,
  'not-single-cranial-fraction': notSingleCranial,
  'several-sessions': (lines, inputs) => {
    const n = stereotacticDays(inputs).days.size
    if (n > 1) return deny(lines, { counted: n, most: 1 })
    const stated = stereotacticStated(inputs)
    const most = stated.find((x) => x.value === Math.max(...stated.map((y) => y.value)))
    return most === undefined || most.value < 2 || most.value > 5 || stated.some((x) => x.value === 1) ? SILENT : deny(lines, { counted: most.value, most: 1, evidence: [most.evidence] })
  },
  'not-first-session': (lines, { course }) => {
    const first = pick(course, STEREOTACTIC_DELIVERY)[0]
    return deny(lines.filter((b) => first !== undefined && first !== b && (first.line.serviceDate < b.line.serviceDate || first.line.code === b.line.code)))
  },
  'first-session': (lines, inputs) => {
    const { value } = stereotacticCount(inputs)
    if (value > 5) return deny(lines, { counted: value, most: 5 })
    const sessions = [...pick(inputs.course, STEREOTACTIC_DELIVERY).map((b) => b.line.serviceDate), ...fractionsOf(inputs).filter((f) => f.delivered).map((f) => f.date)].sort()
    return deny(lines.filter((b) => b.line.serviceDate === sessions[0]), { codes: ['G0339'] })
  },
  'later-daily-simulation': (lines, { course }) => {
    const days = new Set(pick(course, SUPERFICIAL).map((b) => b.line.serviceDate))
    const first = pick(course, SIMULATION)[0]
    return days.size === 0 ? SILENT : deny(lines.filter((b) => b !== first && days.has(b.line.serviceDate)))
  },
  'one-simulation-of-superficial-course': (_, inputs, codes) => (pick(inputs.course, SUPERFICIAL).length === 0 ? SILENT : limited({ codes: [...codes], per: 'course', most: 1 }, inputs)),
  'both-managements': bothManagements,
  'units-per-five-fractions': perFiveFractions,
  'other-proton-level': otherProtonLevel,
  'unspecified-diagnosis': unspecifiedDiagnosis,
  'invalid-diagnosis': invalidDiagnosis,
  'symptom-diagnosis': symptomDiagnosis,
  'code-not-valid': codeNotValid,
  'never-a-code': (lines) => deny(lines),
  authorization,
  'imaging-types': (lines, { course }) => {
    const found = lines.flatMap((b) => {
      const higher = pick(course, IMAGING_ORDER.slice(0, Math.max(0, IMAGING_ORDER.indexOf(b.line.code)))).filter((o) => o.line.serviceDate === b.line.serviceDate)
      return higher.length > 0 ? [outcome(b.line.line, { units: 0, with: ownLines(higher), codes: distinct(higher.map((o) => o.line.code)) })] : []
    })
    return found.length === 0 ? SILENT : says(found)
  },
  plans,
  'plans-and-boosts': plansAndBoosts,
  'planning-without-new-volume': planningWithoutNewVolume,
  'calculations-per-port': calculationsPerPort,
  'calculations-of-split-fields': calculationsOfSplitFields,
  'measurements-per-port': measurementsPerPort,
  'devices-per-port': devicesPerPort,
  'mirrored-pair': mirroredPair,
  'energy-tier': energyTier,
  'fractions-given': fractionsGiven,
  'physics-after-the-end': physicsAfterTheEnd,
}
