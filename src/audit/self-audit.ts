// The provider's self-audit `vouch/self-audit@1`: a fix list out of a review, most valuable first. May not: find anything a review does not say; read a clock, a disk or a network.
import type { Outlook } from '../policy/cure.ts'
import type { Policy } from '../policy/policy.ts'
import type { EditJson, EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from '../report/contract.ts'
import { moneyOf } from '../report/money.ts'
import { citeOf, scopeOf } from '../report/messages.ts'
import { inSentence, joinAnd, plural, upperFirst } from '../report/plain.ts'
import { isWrong } from '../report/words.ts'
import type { Fee } from '../claim/fees.ts'
import type { Suggestion } from '../review/suggest.ts'
import { determine } from '../review/determine.ts'
import { cureOf, type Bar, type Way } from './cure-of.ts'

type Determination = LineJson['determination']

export interface Fix {
  /** `F1`, in order of value. */
  readonly id: string
  readonly about: 'requirement' | 'rule' | 'table'
  /** Id of the requirement or rule, or kind of the table's edit. */
  readonly subject: string
  readonly class: RequirementJson['class'] | null
  readonly lines: readonly number[]
  readonly codes: readonly string[]
  readonly status: RequirementJson['status'] | RuleJson['effect'] | 'finding'
  readonly reason: string
  /** A few words; `says` is the review's own sentence. */
  readonly title: string
  readonly says: string
  readonly cites: string
  readonly found: readonly string[]
  readonly missing: readonly string[]
  readonly evidence: readonly EvidenceJson[]
  readonly outlook: Outlook
  readonly ways: readonly Way[]
  readonly barred: readonly Bar[]
  readonly topic: string | null
  /** `decides`: mended by itself it changes the determination of a line; `with-others`: together with the others that can be mended; `not-enough`: something that cannot be mended stands beside it. */
  readonly effect: 'decides' | 'with-others' | 'not-enough'
  /** Of the money of its lines what depends on it, in dollars; null where neither fees nor charges are known. */
  readonly stake: number | null
}

export interface AuditLine {
  readonly line: number
  readonly code: string
  readonly label: string
  readonly serviceDate: string
  readonly serviceDateEnd: string | null
  readonly units: number
  readonly unitsSupported: number
  readonly determination: Determination
  /** Once everything that may be written today is there. */
  readonly ifCured: Determination
  /** Once also every document turns up that may exist. */
  readonly ifFound: Determination
  readonly amount: number | null
  readonly fixes: readonly string[]
}

export interface SelfAudit {
  readonly schema: 'vouch/self-audit@1'
  readonly made: ReviewJson['made']
  readonly claimId: string
  readonly patient: ReviewJson['claim']['patient']
  readonly lines: readonly AuditLine[]
  /** What decides a line, the most valuable first. */
  readonly fixes: readonly Fix[]
  /** Of the checklist that is asked once a claim and decides no line. */
  readonly advice: readonly Fix[]
  /** Where the codes come from the chart. */
  readonly suggested: readonly Suggestion[] | null
  readonly money: { readonly basis: 'fees' | 'charges'; readonly billed: number; readonly supported: number; readonly curable: number; readonly ifFound: number; readonly lost: number } | null
  readonly records: readonly { readonly file: string; readonly pages: number; readonly unread: number }[]
  readonly problems: readonly string[]
}

interface Raw { fix: Omit<Fix, 'id' | 'effect' | 'stake' | 'lines' | 'codes'>; lines: number[] }

const OPEN_TITLE: Readonly<Record<string, string>> = { partial: 'Incomplete', 'not-met': 'Missing', unclear: 'Unclear', triggered: 'Speaks against billing' }
const EFFECT_RANK: readonly Fix['effect'][] = ['decides', 'with-others', 'not-enough']
const OUTLOOK_RANK: readonly Outlook[] = ['curable', 'if-it-exists', 'correct-the-claim', 'not-curable']
const CLASS_RANK: readonly (RequirementJson['class'] | null)[] = ['core', 'x', 'req', 'cond', null]

/** With `fees` money is counted by them, else by the charges that the claim states. */
export function selfAuditOf(review: ReviewJson, policy: Policy, options: { readonly fees?: readonly Fee[] | undefined; readonly suggested?: readonly Suggestion[] | undefined } = {}): SelfAudit {
  const amounts = amountsOf(review, options.fees)
  const raw = grouped(review.lines.flatMap((line) => openOf(line, policy)))
  const fixesOf = (line: number): Raw[] => raw.filter((r) => r.lines.includes(line))
  const mended = (line: LineJson, which: (r: Raw) => boolean): Determination => determinationWith(line, fixesOf(line.line).filter(which))
  const isCurable = (r: Raw): boolean => r.fix.outlook === 'curable'
  const isMendable = (r: Raw): boolean => isCurable(r) || r.fix.outlook === 'if-it-exists'

  const valued = raw.map((r) => {
    let value = 0
    let [decides, withOthers] = [false, false]
    for (const line of review.lines.filter((l) => r.lines.includes(l.line))) {
      const amount = amounts?.by.get(line.line) ?? (amounts === null ? line.units : 0)
      if (r.fix.outlook === 'correct-the-claim') {
        value += amount * lostShare(line, r)
        decides ||= line.determination === 'not-supported'
        continue
      }
      if (!isMendable(r)) continue
      const needed = fixesOf(line.line).filter(isMendable).length
      if (determinationWith(line, [r]) === 'supported') {
        decides = true
        value += amount
      } else if (mended(line, isMendable) === 'supported') {
        withOthers = true
        decides ||= determinationWith(line, [r]) !== line.determination
        value += amount / needed
      } else if (determinationWith(line, [r]) !== line.determination) decides = true
    }
    const effect: Fix['effect'] = decides ? 'decides' : withOthers ? 'with-others' : 'not-enough'
    return { ...r, effect, value }
  })
  valued.sort((a, b) => b.value - a.value || EFFECT_RANK.indexOf(a.effect) - EFFECT_RANK.indexOf(b.effect) || OUTLOOK_RANK.indexOf(a.fix.outlook) - OUTLOOK_RANK.indexOf(b.fix.outlook)
    || CLASS_RANK.indexOf(a.fix.class) - CLASS_RANK.indexOf(b.fix.class) || (a.lines[0] ?? 0) - (b.lines[0] ?? 0) || (a.fix.subject < b.fix.subject ? -1 : a.fix.subject > b.fix.subject ? 1 : 0))
  const codeOf = (line: number): string => review.lines.find((l) => l.line === line)?.code ?? ''
  const fixes = valued.map((v, i): Fix => ({
    id: `F${i + 1}`, ...v.fix, lines: v.lines, codes: [...new Set(v.lines.map(codeOf))], effect: v.effect, stake: amounts === null ? null : Math.round(v.value * 100) / 100,
  }))
  const lines = review.lines.map((l): AuditLine => ({
    line: l.line, code: l.code, label: l.label, serviceDate: l.serviceDate, serviceDateEnd: l.serviceDateEnd, units: l.units, unitsSupported: l.unitsSupported, determination: l.determination,
    ifCured: mended(l, isCurable), ifFound: mended(l, isMendable), amount: amounts?.by.get(l.line) ?? null, fixes: fixes.filter((f) => f.lines.includes(l.line)).map((f) => f.id),
  }))
  const advice = grouped(review.general.flatMap((r) => requirementFix(r, 0, null, policy)))
    .map((r, i): Fix => ({ id: `A${i + 1}`, ...r.fix, lines: [], codes: [], effect: 'not-enough', stake: null }))
  return {
    schema: 'vouch/self-audit@1', made: review.made, claimId: review.claim.claimId, patient: review.claim.patient, lines, fixes, advice, suggested: options.suggested ?? null,
    money: amounts === null ? null : moneySums(lines, amounts.basis),
    records: review.documents.map((d) => ({ file: d.file, pages: d.pages.length, unread: d.pages.filter((p) => p.text === 'none' && p.reason !== 'blank').length })),
    problems: review.problems.map((p) => p.explanation),
  }
}

// ---- what is open -----------------------------------------------------------------------------------------------------------------

function openOf(line: LineJson, policy: Policy): Raw[] {
  return [
    ...line.requirements.flatMap((r) => requirementFix(r, line.line, line.reportedCode ?? line.code, policy)),
    ...line.rules.filter((r) => r.effect !== 'note').map((r) => ruleFix(r, line)),
    ...(line.edits ?? []).filter((e) => e.weight === 'finding').map((e) => editFix(e, line)),
  ]
}

function requirementFix(r: RequirementJson, line: number, code: string | null, policy: Policy): Raw[] {
  if (!isWrong(r)) return []
  const cured = cureOf(policy, r, code)
  const missing = r.missing.length > 0 && r.status === 'partial' ? `; still missing: ${joinAnd(r.missing.map(inSentence))}` : ''
  return [{
    lines: [line],
    fix: {
      about: 'requirement', subject: r.id, class: r.class, status: r.status, reason: r.reason, title: `${OPEN_TITLE[r.status] ?? ''}: ${inSentence(r.asks)}${missing}`, says: r.explanation,
      cites: citeOf(r.cites), found: r.found, missing: r.missing, evidence: r.evidence, outlook: cured.outlook, ways: cured.ways, barred: cured.barred, topic: cured.topic,
    },
  }]
}

function ruleFix(r: RuleJson, line: LineJson): Raw {
  const where = `line ${line.line} (${line.code} of ${line.serviceDate})`
  const says = r.effect === 'review' ? `Let a coder or the physician decide on ${where} before it is billed.`
    : r.supportedCode !== null ? `Bill ${r.supportedCode} in place of ${line.code} on line ${line.line}, as far as the chart shows it.`
      : r.effect === 'limit' && r.unitsSupported !== null && r.unitsSupported > 0 ? `Bill ${plural(r.unitsSupported, 'unit')} on ${where} in place of ${line.units}.`
        : `Leave ${where} out of the claim.`
  return {
    lines: [line.line],
    fix: {
      about: 'rule', subject: r.id, class: null, status: r.effect, reason: 'rule', title: r.effect === 'review' ? 'To be looked at before billing' : r.effect === 'limit' ? 'Too many units' : 'Not billable as planned', says: r.explanation,
      cites: citeOf({ section: r.section, item: '' }), found: [], missing: [], evidence: r.evidence, outlook: 'correct-the-claim', ways: [{ means: 'claim-correction', says, source: 'The policy section cited' }], barred: [], topic: null,
    },
  }
}

function editFix(e: EditJson, line: LineJson): Raw {
  const better = e.supports.map((s) => `${s.code} (${s.descriptor})`)
  return {
    lines: [line.line],
    fix: {
      about: 'table', subject: e.kind, class: null, status: 'finding', reason: 'table', title: 'A national table speaks against it', says: e.explanation, cites: e.table.source, found: [], missing: [],
      evidence: e.supports.flatMap((s) => s.evidence), outlook: 'correct-the-claim',
      ways: [{ means: 'claim-correction', says: better.length > 0 ? `Where the physician’s documentation says so, bill the specific diagnosis: ${joinAnd(better)}.` : `Correct line ${line.line} (${line.code} of ${line.serviceDate}) before it is billed.`, source: e.table.source }],
      barred: [], topic: null,
    },
  }
}

/** The same gap on several lines is one thing to mend; a correction of the claim is of its line. */
function grouped(all: readonly Raw[]): Raw[] {
  const by = new Map<string, Raw>()
  for (const r of all) {
    const own = r.fix.about === 'requirement' ? '' : r.lines.join()
    const key = JSON.stringify([r.fix.about, r.fix.subject, r.fix.status, r.fix.reason, r.fix.says, r.fix.outlook, own])
    const known = by.get(key)
    if (known) known.lines.push(...r.lines)
    else by.set(key, { fix: r.fix, lines: [...r.lines] })
  }
  return [...by.values()].map((r) => ({ ...r, lines: [...new Set(r.lines)] }))
}

// ---- what would become of a line ----------------------------------------------------------------------------------------------------

/** The determination with these gaps mended: a requirement met, an exclusion clear. A correction of the claim mends no record. */
function determinationWith(line: LineJson, mended: readonly Raw[]): Determination {
  const ids = new Set(mended.filter((r) => r.fix.about === 'requirement').map((r) => r.fix.subject))
  return determine(line.requirements.map((r) => (ids.has(r.id) ? { class: r.class, status: r.class === 'x' ? ('clear' as const) : ('met' as const) } : r)), line.rules)
}

// ---- money ------------------------------------------------------------------------------------------------------------------------

function amountsOf(review: ReviewJson, fees: readonly Fee[] | undefined): { readonly basis: 'fees' | 'charges'; readonly by: ReadonlyMap<number, number> } | null {
  if (fees !== undefined) {
    const { lines } = moneyOf(review, fees)
    return { basis: 'fees', by: new Map(review.lines.flatMap((l, i) => (lines[i]?.billed == null ? [] : [[l.line, lines[i].billed]]))) }
  }
  const charges = review.claim.lines.flatMap((l): [number, number][] => (l.charge === null ? [] : [[l.line, l.charge]]))
  return charges.length === 0 ? null : { basis: 'charges', by: new Map(charges) }
}

/** Of the line's amount the share that would be refused for this. */
function lostShare(line: LineJson, r: Raw): number {
  if (r.fix.status === 'limit') return line.units === 0 ? 0 : Math.max(0, line.units - line.unitsSupported) / line.units
  return r.fix.status === 'review' || r.fix.status === 'finding' ? 0 : 1
}

function moneySums(lines: readonly AuditLine[], basis: 'fees' | 'charges'): NonNullable<SelfAudit['money']> {
  const sum = (which: (l: AuditLine) => number): number => Math.round(lines.reduce((n, l) => n + which(l) * 100, 0)) / 100
  const share = (l: AuditLine): number => (l.units === 0 ? 0 : (l.determination === 'not-supported' ? l.units : l.unitsSupported) / l.units)
  const standing = (l: AuditLine): number => (l.amount ?? 0) * share(l)
  const kind = (l: AuditLine): 'supported' | 'curable' | 'found' | 'lost' =>
    l.determination === 'supported' ? 'supported' : l.ifCured === 'supported' ? 'curable' : l.ifFound === 'supported' ? 'found' : 'lost'
  return {
    basis, billed: sum((l) => l.amount ?? 0), supported: sum((l) => (kind(l) === 'supported' ? standing(l) : 0)), curable: sum((l) => (kind(l) === 'curable' ? standing(l) : 0)),
    ifFound: sum((l) => (kind(l) === 'found' ? standing(l) : 0)), lost: sum((l) => (kind(l) === 'lost' ? (l.amount ?? 0) : (l.amount ?? 0) - standing(l))),
  }
}

/** One sentence on all that was looked at. */
export function scopeSentence(audit: SelfAudit): string {
  const pages = audit.records.reduce((n, r) => n + r.pages, 0)
  const unread = audit.records.reduce((n, r) => n + r.unread, 0)
  return upperFirst(`${scopeOf({ pages, unreadable: unread })} of ${plural(audit.records.length, 'file')} were looked at.`)
}
