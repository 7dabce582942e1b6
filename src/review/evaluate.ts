// Puts one test of a policy to a chart. May not: know which requirement asks, or make sentences.
import type { FindTest, Test } from '../policy/policy.ts'
import type { ClaimLine } from '../claim/claim.ts'
import type { IsoDate, Mention, Role, Signature, Statement } from '../note/note.ts'
import { dayNumber, statementAt, type Chart, type ChartNote } from './chart.ts'
import { performanceVerdict } from './performance.ts'
import type { ReasonId } from './review.ts'
import { allOf, anyOf, contestOf, met, notMet, notOf, type Hit, type Verdict } from './verdict.ts'
import { ofStatement } from '../note/of-statement.ts'

export interface Question {
  readonly chart: Chart
  /** The billed line asked about; null for what is asked once per claim. */
  readonly line: ClaimLine | null
}

export function evaluate(test: Test, question: Question): Verdict {
  if ('all' in test) return allOf(test.all.map((t) => evaluate(t, question)))
  if ('contest' in test) return contestOf(evaluate(test.contest.stated, question), evaluate(test.contest.denied, question), (n) => noteByNumber(question.chart, n).signature.state === 'signed')
  if ('any' in test) return anyOf(test.any.map((t) => evaluate(t, question)))
  if ('not' in test) return notOf(evaluate(test.not, question))
  if ('first' in test) return first(test.first, question)
  if ('parts' in test) return parts(test.parts, test.anchor, test.need, question)
  if ('grades' in test) return grades(test.grades, question)
  if ('find' in test) return find(test, question)
  if ('signature' in test) return signature(test.signature, question)
  if ('note' in test) return noteOfType(test, question)
  if ('event' in test) return event(test, question)
  if ('performance' in test) return performanceVerdict(test.performance, question)
  if ('percent' in test) return percent(test.percent, question)
  if ('billed' in test) return billed(test.billed, question)
  if ('line' in test) return question.line && test.line.includes(question.line.code) ? met([]) : notMet('not-found')
  return packet(test.packet, question)
}

function first(tests: readonly Test[], question: Question): Verdict {
  let verdict = notMet('not-found')
  for (const test of tests) {
    verdict = evaluate(test, question)
    if (verdict.grade !== 'not-met' || verdict.reason !== 'not-found') return verdict
  }
  return verdict
}

function parts(named: Readonly<Record<string, Test>>, anchor: string | undefined, need: number | undefined, question: Question): Verdict {
  const all = Object.entries(named).map(([name, t]) => ({ name, verdict: evaluate(t, question) }))
  const found = all.filter((p) => p.verdict.grade === 'met' || p.verdict.grade === 'partial')
  const missing = all.filter((p) => p.verdict.grade !== 'met').map((p) => p.name)
  const hits = found.length > 0 ? anyOf(found.map((p) => ({ ...p.verdict, grade: 'met' as const }))).hits : []
  const against = all.flatMap((p) => p.verdict.against)
  const names = { found: found.map((p) => p.name), missing }
  const anchored = anchor === undefined ? undefined : all.find((p) => p.name === anchor)?.verdict
  if (anchored?.grade === 'unclear') return { ...anchored, against, ...names }
  if (found.length === 0 || anchored?.grade === 'not-met') {
    const told = anchored ?? all.find((p) => p.verdict.reason !== 'not-found')?.verdict ?? all[0]?.verdict
    return { ...(told ?? notMet('not-found')), grade: 'not-met', hits: [], against, ...names }
  }
  const complete = all.filter((p) => p.verdict.grade === 'met').length
  if (complete >= (need ?? all.length)) return met(hits, { found: names.found, missing: [] })
  // Nothing lacks but what notes contradict each other about.
  const doubtful = all.filter((p) => p.verdict.grade === 'unclear')
  if (doubtful.length > 0 && complete + doubtful.length >= (need ?? all.length)) {
    const told = (doubtful[0] as (typeof all)[number]).verdict
    return { ...told, hits: [...told.hits, ...hits], against, ...names }
  }
  return { grade: 'partial', reason: 'parts-found', hits, against, ...names }
}

function grades(two: { met: Test; partial: Test }, question: Question): Verdict {
  const full = evaluate(two.met, question)
  if (full.grade === 'met') return full
  const half = evaluate(two.partial, question)
  if (half.grade === 'met' || half.grade === 'partial') {
    const reason: ReasonId = full.reason === 'not-found' ? 'parts-found' : full.reason
    return { ...half, grade: 'partial', reason: full.grade === 'partial' ? full.reason : reason, against: full.against, missing: full.missing, found: full.found }
  }
  return full
}

// --- find ---------------------------------------------------------------------------------------------------------------------------

const CURRENT: readonly string[] = ['current']
const PRESENT: readonly string[] = ['present']

interface Where {
  readonly in?: readonly string[] | undefined
  readonly 'not-in'?: readonly string[] | undefined
  readonly by?: readonly string[] | undefined
  readonly signed?: boolean | undefined
  readonly day?: string | undefined
  readonly dated?: boolean | undefined
}


/** Physicians of any kind answer to `physician`. */
const PHYSICIANS: readonly Role[] = ['radiation-oncologist', 'physician', 'surgeon', 'neurosurgeon', 'medical-oncologist', 'radiologist', 'pathologist']

function roleCounts(role: Role, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined) return true
  return wanted.includes(role) || (wanted.includes('physician') && PHYSICIANS.includes(role)) || (wanted.includes('radiation-oncologist') && role === 'physician')
}

/** Notes that physicians write: where no other role signed, a hand whose credentials are not printed is taken for theirs. */
const PHYSICIANS_NOTES: readonly string[] = ['consult', 'followup', 'prescription', 'planning-note', 'on-treatment-visit', 'srs-management', 'sbrt-management', 'special-treatment-note', 'completion', 'special-physics-request', 'brachytherapy-procedure']

const physiciansOwn = (note: ChartNote, by: readonly string[]): boolean =>
  (by.includes('physician') || by.includes('radiation-oncologist')) && isOf(note, PHYSICIANS_NOTES) && note.roles.every((r) => r === 'unknown')

/** True where the note is, or holds, one of these types. */
const isOf = (note: ChartNote, types: readonly string[]): boolean => types.includes(note.type) || note.also.some((t) => types.includes(t))

/** True where the note is of one of these types and holds nothing else. */
const isOnly = (note: ChartNote, types: readonly string[]): boolean => types.includes(note.type) && note.also.every((t) => types.includes(t))

/** Why a note does not count for the question, or null where it does. */
function refusal(note: ChartNote, where: Where): ReasonId | null {
  const listed = where.in !== undefined && isOf(note, where.in)
  if (note.patientMatches === false) return 'only-other-patient'
  if (!note.evidential && !listed) return 'not-found'
  if (where.in && !listed) return 'not-found'
  if (where['not-in'] && isOnly(note, where['not-in'])) return 'not-found'
  if (!note.ofThisCourse && where.day !== 'any') return 'only-other-course'
  if (where.by && !note.roles.some((r) => roleCounts(r, where.by)) && !physiciansOwn(note, where.by)) return note.roles.length === 0 ? 'unsigned' : 'wrong-role'
  if (where.signed && !note.signatures.some((s) => s.counts && s.kind !== 'initials' && roleCounts(s.role, where.by))) return 'unsigned'
  return null
}

/** Days by which a report may be dated apart from what it reports. */
const REPORT_DAYS = 4

/** Whether a statement of a note speaks of the days asked for. */
function onDay(note: ChartNote, statement: number, day: string | undefined, { chart, line }: Question, dated = false): boolean {
  if (day === undefined || day === 'course' || day === 'any' || !line) return true
  const own = statement >= 0 ? (note.days[statement] ?? null) : note.date
  if (day === 'service') {
    const last = line.serviceDateEnd ?? line.serviceDate
    if (own !== null && own >= line.serviceDate && own <= last) return true
    return ofStatement(note.dates, statement).some((d) => d.date >= line.serviceDate && d.date <= last)
  }
  if (day === 'service-or-unknown') {
    if (own === null) return true
    const billed = [...chart.claim.lines, ...chart.claim.history].some((l) => l.code === line.code && l.serviceDate === own && l.serviceDate !== line.serviceDate)
    return !billed && Math.abs(dayNumber(own) - dayNumber(line.serviceDate)) <= REPORT_DAYS
  }
  if (day === 'near-service') {
    const near = own ?? note.signature.date
    return near === null ? !dated : Math.abs(dayNumber(near) - dayNumber(line.serviceDate)) < 7
  }
  // A date in the statement itself («check done 09/12») says more than the note's.
  const stated = ofStatement(note.dates, statement).map((d) => d.date)
  const known = stated.length > 0 ? stated : [own ?? note.signature.date].filter((d) => d !== null)
  if (known.length === 0) return !dated
  if (day === 'through-service') return known.some((d) => d <= (line.serviceDateEnd ?? line.serviceDate))
  const first = chart.firstFraction
  if (first === null) return true
  return day === 'before-first-fraction' ? known.some((d) => d < first) : (own ?? note.signature.date ?? first) >= first
}

function nearby(note: ChartNote, statement: number, within: string): (s: number) => boolean {
  if (within === 'note') return () => true
  if (within === 'section') {
    const section = note.statements[statement]?.section ?? -1
    return section < 0 ? (s) => Math.abs(s - statement) <= 3 : (s) => note.statements[s]?.section === section
  }
  if (within === 'neighbours') return (s) => Math.abs(s - statement) <= 2
  return (s) => s === statement
}

/** Mentions of a note by concept, made once a note and list of concepts; they never change. */
const indexes = new WeakMap<ChartNote, { readonly by: Map<string, Mention[]>; readonly lists: WeakMap<readonly string[], readonly Mention[]>; readonly order: Map<Mention, number> }>()

/** The mentions of any of these concepts, in the order of the note. */
function mentionsOf(note: ChartNote, concepts: readonly string[]): readonly Mention[] {
  let index = indexes.get(note)
  if (!index) {
    const by = new Map<string, Mention[]>()
    const order = new Map<Mention, number>()
    note.mentions.forEach((m, i) => {
      order.set(m, i)
      const list = by.get(m.concept)
      if (list) list.push(m)
      else by.set(m.concept, [m])
    })
    indexes.set(note, (index = { by, lists: new WeakMap(), order }))
  }
  const known = index.lists.get(concepts)
  if (known) return known
  const { by, order } = index
  const lists = [...new Set(concepts)].flatMap((c) => by.get(c) ?? [])
  const made = concepts.length < 2 ? lists : lists.sort((a, b) => (order.get(a) as number) - (order.get(b) as number))
  index.lists.set(concepts, made)
  return made
}

const isEdge = (s: Statement | undefined): boolean => s?.kind === 'page-edge'

function find(test: FindTest, question: Question): Verdict {
  const presence = test.presence ?? PRESENT
  const time = test.time ?? CURRENT
  const hits: Hit[] = []
  const denied: Hit[] = []
  const planned: Hit[] = []
  const historical: Hit[] = []
  const empty: Hit[] = []
  const refused = new Map<ReasonId, Hit[]>()
  for (const note of question.chart.notes) {
    const why = refusal(note, test)
    if (why === 'not-found') continue
    for (const m of mentionsOf(note, test.find)) {
      if (isEdge(note.statements[m.statement]) || note.boilerplate.has(m.statement)) continue
      if (test.section && !test.section.includes(sectionId(note, m.statement))) continue
      if (!onDay(note, m.statement, test.day, question, test.dated)) continue
      if (test.without && ofStatement(mentionsOf(note, test.without), m.statement).length > 0) continue
      // What a record says of a session that did not take place is no evidence of the service.
      if (test.day === 'service' && question.line && undelivered(question.chart, note, question.line)) {
        if (accepts(m, presence, time, test.subject)) denied.push(hitOf(note, m, test.prefer))
        continue
      }
      const near = nearby(note, m.statement, test.within ?? 'statement')
      const withHit = test.with ? mentionsOf(note, test.with).find((o) => near(o.statement) && accepts(o, presence, time)) : undefined
      if (test.with && !withHit) continue
      if (test['with-measure'] && !note.measures.some((o) => near(o.statement) && (test['with-measure'] as string[]).includes(o.kind))) continue
      const hit = hitOf(note, m, test.prefer)
      if (why !== null) {
        if (accepts(m, presence, time, test.subject)) refused.set(why, [...(refused.get(why) ?? []), hit])
        continue
      }
      if (accepts(m, presence, time, test.subject)) {
        hits.push(hit)
        if (withHit && withHit.statement !== m.statement) hits.push({ ...hitOf(note, withHit, test.prefer), rank: hit.rank + 0.5 })
      } else if (m.assertion.subject !== 'patient') continue
      else if (isUnanswered(m)) empty.push(hit)
      else if (m.assertion.presence === 'absent') denied.push(hit)
      else if (m.assertion.time === 'planned' || m.assertion.presence === 'hypothetical') planned.push(hit)
      else if (m.assertion.time === 'historical') historical.push(hit)
    }
  }
  if (hits.length > 0) return met(best(hits), { against: best(denied) })
  for (const [reason, list] of [['denied', denied], ['only-planned', planned], ['only-historical', historical], ['only-template', empty]] as const) {
    if (list.length > 0) return notMet(reason, best(list))
  }
  for (const reason of ['unsigned', 'wrong-role', 'only-other-course', 'only-other-patient'] as const) {
    const list = refused.get(reason)
    if (list) return notMet(reason, reason === 'only-other-patient' ? [] : best(list))
  }
  return notMet('not-found')
}

/** True where the note records that nothing was delivered on the billed day, and no note records that something was. */
function undelivered(chart: Chart, note: ChartNote, line: ClaimLine): boolean {
  const last = line.serviceDateEnd ?? line.serviceDate
  const own = chart.fractions.filter((f) => f.date >= line.serviceDate && f.date <= last)
  return own.some((f) => !f.delivered && f.note === note.note) && !own.some((f) => f.delivered)
}

const PATIENT: readonly string[] = ['patient']
const UNANSWERED: readonly string[] = ['empty field', '[ ]', '☐', '( )', 'empty box']

/** A question left open on a form is no answer, not even a negative one. */
const isUnanswered = (m: Mention): boolean => m.assertion.presence === 'absent' && m.assertion.cues.some((c) => UNANSWERED.includes(c))

function accepts(m: Mention, presence: readonly string[], time: readonly string[], subject: readonly string[] = PATIENT): boolean {
  if (isUnanswered(m)) return false
  return presence.includes(m.assertion.presence) && time.includes(m.assertion.time) && subject.includes(m.assertion.subject)
}

const sectionId = (note: ChartNote, statement: number): string => note.sections[note.statements[statement]?.section ?? -1]?.id ?? 'none'

/** Preferred note types first, then signed notes, then headings last, then the order of the packet. */
function hitOf(note: ChartNote, m: Mention, prefer: readonly string[] | undefined): Hit {
  const liked = prefer ? Math.max(prefer.indexOf(note.type), note.also.some((t) => prefer.includes(t)) ? prefer.length - 1 : -1) : 0
  const rank = (liked < 0 ? 50 : liked * 5) + (note.signature.state === 'signed' ? 0 : 2) + (note.statements[m.statement]?.kind === 'heading' ? 3 : 0) + (note.ofThisCourse ? 0 : 100)
  return { note: note.note, statement: m.statement, start: m.start, end: m.end, rank }
}

const best = (hits: readonly Hit[]): Hit[] => [...hits].sort((a, b) => a.rank - b.rank || a.note - b.note || a.start - b.start).slice(0, 8)

// --- signatures and notes -------------------------------------------------------------------------------------------------------------

function noteByNumber(chart: Chart, number: number): ChartNote {
  return chart.notes[number - 1] as ChartNote
}

const signatureHit = (note: ChartNote, s: Signature): Hit => ({ note: note.note, statement: statementAt(note, s.start), start: s.start, end: s.end, rank: 0 })

function signature(ask: { of: Test; by?: string[] | undefined; dated?: boolean | undefined }, question: Question): Verdict {
  const subject = evaluate(ask.of, question)
  // A record that says nothing was delivered is signed or not all the same.
  const hits = subject.reason === 'denied' && subject.hits.length === 0 ? subject.against : subject.hits
  if (hits.length === 0 || (subject.grade === 'not-met' && subject.reason !== 'denied')) return notMet(subject.reason, subject.against)
  const notes = [...new Set(hits.map((h) => h.note))].map((n) => noteByNumber(question.chart, n))
  const results = notes.map((note): Verdict => {
    const entry = entrySignatures(note, hits.filter((h) => h.note === note.note))
    // A note that is itself unapproved or pending is not signed by a name elsewhere in it.
    const open = entry === note.signatures && (note.signature.state === 'pending' || note.signature.state === 'unsigned')
    if (open) {
      const line = entry.find((s) => !s.counts)
      const initialled = entry.find((s) => s.kind === 'initials' && (roleCounts(s.role, ask.by) || s.role === 'unknown'))
      if (initialled) return { ...met([signatureHit(note, initialled)]), grade: 'partial', reason: 'unsigned', found: ['initials'], missing: ['signature'] }
      return notMet('unsigned', line ? [signatureHit(note, line)] : [])
    }
    const own = entry.filter((s) => roleCounts(s.role, ask.by) || s.role === 'unknown')
    const full = own.filter((s) => s.counts && s.kind !== 'initials')
    const dated = full.filter((s) => s.date !== null)
    const choice = dated[0] ?? full[0]
    if (choice && (!ask.dated || choice.date !== null || note.date !== null)) return met([signatureHit(note, choice)])
    if (choice) return { ...met([signatureHit(note, choice)]), grade: 'partial', reason: 'undated', missing: ['date'] }
    const initials = own.find((s) => s.kind === 'initials')
    if (initials) return { ...met([signatureHit(note, initials)]), grade: 'partial', reason: 'unsigned', found: ['initials'], missing: ['signature'] }
    const other = entry.find((s) => s.counts)
    if (other) return notMet('wrong-role', [signatureHit(note, other)])
    const blank = entry.find((s) => !s.counts)
    return notMet('unsigned', blank ? [signatureHit(note, blank)] : [])
  })
  return anyOf(results)
}

/**
 * The signatures that can stand for the places found. In a note of several dated entries each entry has its own: those behind it and
 * before the next day's entry; where none stands there, later ones of the note not dated before that day.
 */
function entrySignatures(note: ChartNote, hits: readonly Hit[]): readonly Signature[] {
  const days = new Set(note.days.filter((d, i) => d !== null && ofStatement(note.dates, i).length > 0))
  const first = hits[0]
  const day = first && first.statement >= 0 ? (note.days[first.statement] ?? null) : null
  if (days.size < 2 || !first || day === null) return note.signatures
  let until = note.end
  for (let i = first.statement + 1; i < note.statements.length; i++) {
    const other = note.days[i]
    if (other && other !== day && ofStatement(note.dates, i).some((d) => d.date === other)) {
      until = (note.statements[i] as Statement).start
      break
    }
  }
  const own = note.signatures.filter((s) => s.start >= first.start && s.start < until)
  return own.length > 0 ? own : note.signatures.filter((s) => s.start >= first.start && (s.date === null || s.date >= day))
}

function noteOfType(ask: { note: readonly string[]; by?: readonly string[] | undefined; signed?: boolean | undefined; day?: string | undefined }, question: Question): Verdict {
  const where: Where = { in: ask.note, by: ask.by, signed: ask.signed, day: ask.day }
  const refused = new Map<ReasonId, Hit[]>()
  const hits: Hit[] = []
  for (const note of question.chart.notes) {
    if (!isOf(note, ask.note)) continue
    const first = note.statements.find((s) => s.kind !== 'page-edge')
    if (!first) continue
    const hit: Hit = { note: note.note, statement: note.statements.indexOf(first), start: first.start, end: first.end, rank: ask.note.includes(note.type) ? ask.note.indexOf(note.type) : ask.note.length + 5 }
    const why = refusal(note, where)
    if (why === 'not-found') continue
    if (why) refused.set(why, [...(refused.get(why) ?? []), hit])
    else if (ask.day === 'service' && !note.days.some((_, s) => onDay(note, s, 'service', question))) continue
    else if (ask.day === 'near-service' ? note.days.some((_, s) => onDay(note, s, 'near-service', question)) : onDay(note, -1, ask.day === 'service' ? 'course' : ask.day, question)) hits.push(hit)
  }
  if (hits.length > 0) return met(best(hits))
  for (const reason of ['unsigned', 'wrong-role', 'only-other-course', 'only-other-patient'] as const) {
    const list = refused.get(reason)
    if (list) return notMet(reason, reason === 'only-other-patient' ? [] : best(list))
  }
  return notMet('not-found')
}

// --- what happened on a day -----------------------------------------------------------------------------------------------------------

interface Session {
  readonly date: IsoDate
  readonly hits: readonly Hit[]
  readonly timed: Hit | null
  readonly lasted: Hit | null
  readonly delivered: boolean
}

/** Notes written before or apart from a session: what they say of one is a plan. */
const NO_SESSION: readonly string[] = ['consult', 'prescription', 'planning-note', 'simulation', 'plan-report', 'isodose', 'consent', 'radiology', 'laboratory', 'pathology', 'followup', 'tumor-board', 'special-physics-request']

/** Statements that speak of an event on a day, with the times and durations that stand in its entry. */
function sessionsOf(ask: { of: readonly string[]; in?: readonly string[] | undefined }, question: Question): Session[] {
  const { chart } = question
  const byDay = new Map<IsoDate, { hits: Hit[]; timed: Hit | null; lasted: Hit | null; refused: number; given: number }>()
  const dayOf = (date: IsoDate) => {
    let d = byDay.get(date)
    if (!d) byDay.set(date, (d = { hits: [], timed: null, lasted: null, refused: 0, given: 0 }))
    return d
  }
  for (const f of ask.of.includes('fraction-delivered') ? chart.fractions : []) {
    const note = noteByNumber(chart, f.note)
    if (ask.in && !isOf(note, ask.in)) continue
    const d = dayOf(f.date)
    if (f.delivered) {
      d.given++
      d.hits.push({ note: f.note, statement: f.statement, start: f.span.start, end: f.span.end, rank: 0 })
    } else d.refused++
  }
  for (const note of chart.notes) {
    if (refusal(note, { in: ask.in, 'not-in': ask.in ? undefined : NO_SESSION }) !== null) continue
    for (const m of mentionsOf(note, ask.of)) {
      if (!accepts(m, PRESENT, CURRENT) || isEdge(note.statements[m.statement]) || note.boilerplate.has(m.statement)) continue
      const day = note.days[m.statement]
      if (!day) continue
      const d = dayOf(day)
      d.given++
      d.hits.push({ note: note.note, statement: m.statement, start: m.start, end: m.end, rank: 1 })
    }
  }
  for (const [day, d] of byDay) {
    for (const number of new Set(d.hits.map((h) => h.note))) {
      const note = noteByNumber(chart, number)
      const inEntry = (s: number): boolean => note.days[s] === day && !isEdge(note.statements[s]) && !note.boilerplate.has(s)
      const signed = (start: number): boolean => note.signatures.some((s) => s.start <= start && start < s.end)
      const lasted = note.durations.find((x) => inEntry(x.statement) && sessionDuration(x))
      const timed = note.times.find((x) => inEntry(x.statement) && !signed(x.start) && !ELSEWHEN.test(statementText(chart, note, x.statement)))
      if (lasted && !d.lasted) d.lasted = { note: number, statement: lasted.statement, start: lasted.start, end: lasted.end, rank: 0 }
      if (timed && !d.timed) d.timed = { note: number, statement: timed.statement, start: timed.start, end: timed.end, rank: 0 }
    }
  }
  return [...byDay.entries()]
    .map(([date, d]) => ({ date, hits: best(d.hits), timed: d.timed, lasted: d.lasted, delivered: d.given > 0 && !(d.refused > 0 && !chart.fractions.some((f) => f.date === date && f.delivered)) }))
    .sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** Times of a booking, a print or a message are none of the event. */
const ELSEWHEN = /\b(?:appt|appointment|slot|booked|booking|scheduled|print(?:ed)?|fax(?:ed)?|exported|generated|read-?out|dictated|transcribed)\b/i

function statementText(chart: Chart, note: ChartNote, statement: number): string {
  const s = note.statements[statement] as Statement
  return chart.documents[note.document]?.text.slice(s.start, s.end) ?? ''
}

function sessionDuration(d: object): boolean {
  const hint = 'kindHint' in d ? (d as { kindHint: string }).kindHint : 'other'
  return hint !== 'planned' && hint !== 'visit' && hint !== 'booking'
}

function event(ask: { event: readonly string[]; of: readonly string[]; in?: readonly string[] | undefined; each?: boolean | undefined }, question: Question): Verdict {
  const all = sessionsOf(ask, question)
  const { line } = question
  if (ask.each || !line) {
    const given = all.filter((s) => s.delivered)
    if (given.length === 0) return notMet('not-found')
    const wants = (s: Session): boolean => (!ask.event.includes('duration') || s.lasted !== null) && (!ask.event.includes('time') || s.timed !== null)
    const complete = given.filter(wants)
    const hits = given.flatMap((s) => [s.lasted ?? s.timed ?? s.hits[0]]).filter((h): h is Hit => h !== null && h !== undefined)
    if (complete.length === given.length) return met(hits, { found: ask.event })
    const missing = ask.event.filter((e) => e !== 'date')
    return { grade: 'partial', reason: 'parts-found', hits, against: [], found: ['date'], missing: complete.length > 0 ? missing.map((m) => `${m} of some sessions`) : missing }
  }
  const last = line.serviceDateEnd ?? line.serviceDate
  const own = all.filter((s) => s.date >= line.serviceDate && s.date <= last)
  const given = own.filter((s) => s.delivered)
  const session = given[0]
  if (!session) {
    const refused = question.chart.fractions.find((f) => !f.delivered && f.date >= line.serviceDate && f.date <= last)
    if (refused) return notMet('denied', [{ note: refused.note, statement: refused.statement, start: refused.span.start, end: refused.span.end, rank: 0 }])
    return notMet('not-found')
  }
  const denied = deniedElsewhere(question.chart, session)
  if (denied) return { grade: 'unclear', reason: 'conflict', hits: [...session.hits.slice(0, 1), denied], against: [denied], found: [], missing: [] }
  const dose = question.chart.fractions.find((f) => f.delivered && f.dose !== null && f.date === session.date)
  const has: Record<string, Hit | null> = {
    date: session.hits[0] ?? null, time: session.timed, duration: session.lasted,
    dose: dose ? { note: dose.note, statement: dose.statement, start: dose.span.start, end: dose.span.end, rank: 0 } : null,
  }
  const found = ask.event.filter((e) => has[e])
  const missing = ask.event.filter((e) => !has[e])
  const hits = found.map((e) => has[e] as Hit).filter((h, i, list) => list.findIndex((o) => o.start === h.start && o.note === h.note) === i)
  return missing.length === 0 ? met(hits, { found }) : { grade: 'partial', reason: 'parts-found', hits, against: [], found, missing }
}

/** Where one signed note records a session as given, another signed note that says of the same day that none was. */
function deniedElsewhere(chart: Chart, session: Session): Hit | null {
  const signed = (note: number): boolean => noteByNumber(chart, note).signature.state === 'signed'
  const giving = new Set(session.hits.map((h) => h.note))
  if (![...giving].some(signed)) return null
  const denied = chart.fractions.find((f) => !f.delivered && f.date === session.date && !giving.has(f.note) && signed(f.note))
  return denied ? { note: denied.note, statement: denied.statement, start: denied.span.start, end: denied.span.end, rank: 0 } : null
}

// --- small ones -----------------------------------------------------------------------------------------------------------------------

function percent(ask: { of: readonly string[]; 'at-most': number; day?: string | undefined }, question: Question): Verdict {
  const within: Hit[] = []
  const outside: Hit[] = []
  for (const note of question.chart.notes) {
    if (refusal(note, {}) !== null) continue
    const statements = new Set(mentionsOf(note, ask.of).filter((m) => accepts(m, PRESENT, ['current', 'planned'])).map((m) => m.statement))
    for (const m of note.measures) {
      if (m.kind !== 'percent' || !statements.has(m.statement) || Math.abs(m.low) > 50 || !onDay(note, m.statement, ask.day, question)) continue
      ;(Math.abs(m.low) <= ask['at-most'] ? within : outside).push({ note: note.note, statement: m.statement, start: m.start, end: m.end, rank: 0 })
    }
  }
  if (outside.length > 0) return notMet('denied', outside)
  return within.length > 0 ? met(within) : notMet('not-found')
}

function billed(codes: readonly string[], { chart }: Question): Verdict {
  const found = [...chart.claim.lines, ...chart.claim.history].some((l) => codes.includes(l.code))
  return found ? met([]) : notMet('not-found')
}

function packet(what: 'foreign-pages' | 'unread-pages' | 'notes', { chart }: Question): Verdict {
  if (what === 'unread-pages') return chart.unread.length > 0 ? met([]) : notMet('not-found')
  const list = chart.notes.filter((n) => (what === 'foreign-pages' ? n.patientMatches === false : n.patientMatches !== false))
  const hits = list.flatMap((n): Hit[] => {
    const s = n.statements.find((x) => x.kind === 'page-edge') ?? n.statements[0]
    return s ? [{ note: n.note, statement: n.statements.indexOf(s), start: s.start, end: s.end, rank: 0 }] : []
  })
  return list.length > 0 ? met(hits.slice(0, 3)) : notMet('not-found')
}

