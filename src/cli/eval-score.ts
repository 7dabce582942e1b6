// Compares one answer with an expert's, and adds up many comparisons. May not: read files; make sentences; round.
import { DETERMINATIONS, REQUIREMENT_STATUSES } from '../report/contract.ts'
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson } from '../report/contract.ts'
import type { Gold, GoldRequirement } from './eval-gold.ts'

export type Determination = LineJson['determination']
export type Status = RequirementJson['status']

export interface Disagreement {
  readonly case: string
  readonly kind: 'determination' | 'requirement' | 'rule' | 'units' | 'code' | 'performance' | 'failed'
  /** Null for what concerns the claim as a whole. */
  readonly line: number | null
  readonly code: string | null
  /** Requirement or rule, where it is one. */
  readonly id: string | null
  readonly gold: string
  readonly ours: string
  /** The expert's quote or reason. */
  readonly why: string | null
  /** Our sentence, with the best quote. */
  readonly explanation: string | null
}

export interface RequirementScore {
  /** Null in the general checklist. */
  readonly line: number | null
  readonly id: string
  readonly gold: Status
  /** Null where the answer does not have it. */
  readonly ours: Status | null
  /** Null where the expert names no evidence, or the status is none that evidence is counted for. */
  readonly pageHit: boolean | null
  readonly quoteHit: boolean | null
}

export interface Tally { readonly hit: number; readonly missed: number; readonly extra: number }

export interface CaseScore {
  readonly case: string
  readonly group: string
  /** Why the case could not be reviewed; all of it is then missing. */
  readonly failed: string | null
  readonly lines: readonly { readonly line: number; readonly code: string; readonly gold: Determination; readonly ours: Determination | null; readonly right: boolean }[]
  readonly requirements: readonly RequirementScore[]
  /** Per line and claim, multisets. */
  readonly rules: readonly { readonly line: number | null; readonly hit: readonly string[]; readonly missed: readonly string[]; readonly extra: readonly string[] }[]
  /** The same rules, wherever in the case they stand. */
  readonly rulesAnywhere: { readonly hit: readonly string[]; readonly missed: readonly string[]; readonly extra: readonly string[] }
  readonly units: { readonly asked: number; readonly right: number }
  readonly reportedCode: { readonly asked: number; readonly right: number }
  readonly performance: Tally
  readonly decisivePerformance: Tally
  readonly disagreements: readonly Disagreement[]
}

const FOLLOWED_BY_EVIDENCE: ReadonlySet<Status> = new Set(['met', 'partial', 'triggered'])

const fileKey = (file: string): string => file.normalize('NFC').replace(/^(?:\.\/)?(?:records\/)?/, '')

const wordsOf = (quote: string): string[] => quote.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** True where the shorter quote shares at least six in ten of its words with the other. */
export function quotesOverlap(a: string, b: string): boolean {
  const [short, long] = [wordsOf(a), wordsOf(b)].sort((x, y) => x.length - y.length) as [string[], string[]]
  if (short.length === 0) return false
  const left = new Map<string, number>()
  for (const word of long) left.set(word, (left.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of short) {
    const n = left.get(word) ?? 0
    if (n > 0) {
      shared += 1
      left.set(word, n - 1)
    }
  }
  return shared / short.length >= 0.6
}

function compareRequirement(line: number | null, id: string, gold: GoldRequirement, ours: RequirementJson | undefined): RequirementScore {
  const asked = FOLLOWED_BY_EVIDENCE.has(gold.status) && gold.evidence.length > 0
  const given: readonly EvidenceJson[] = ours?.evidence ?? []
  const sameFile = (g: GoldRequirement['evidence'][number], e: EvidenceJson): boolean => fileKey(g.file) === fileKey(e.file)
  return {
    line, id, gold: gold.status, ours: ours?.status ?? null,
    pageHit: asked ? gold.evidence.some((g) => given.some((e) => sameFile(g, e) && g.page === e.page)) : null,
    quoteHit: asked ? gold.evidence.some((g) => given.some((e) => sameFile(g, e) && quotesOverlap(g.quote, e.quote))) : null,
  }
}

/** What stands in both, only in the first, only in the second, counting repeats; each sorted. */
export function compareBags(gold: readonly string[], ours: readonly string[]): { hit: string[]; missed: string[]; extra: string[] } {
  const left = [...ours].sort()
  const hit: string[] = []
  const missed: string[] = []
  for (const id of [...gold].sort()) {
    const at = left.indexOf(id)
    if (at < 0) missed.push(id)
    else {
      hit.push(id)
      left.splice(at, 1)
    }
  }
  return { hit, missed, extra: left }
}

type Value = Pick<Gold['facts']['performanceStatus'][number], 'scale' | 'low' | 'high' | 'decisive'>
/** Repeats of one value (a copied weekly note) count once. */
const valueKeys = (values: readonly Value[]): string[] => [...new Set(values.map((v) => `${v.scale} ${v.low === v.high ? v.low : `${v.low}-${v.high}`}${v.decisive ? ', decisive' : ''}`))]
const tallyOf = (bags: { hit: readonly string[]; missed: readonly string[]; extra: readonly string[] }): Tally => ({ hit: bags.hit.length, missed: bags.missed.length, extra: bags.extra.length })

/** `review` is null where the case could not be reviewed, with the reason in `place.failed`. */
export function scoreCase(gold: Gold, review: ReviewJson | null, place: { readonly case: string; readonly group: string; readonly failed?: string }): CaseScore {
  const disagreements: Disagreement[] = []
  const differ = (d: Omit<Disagreement, 'case'>): void => { disagreements.push({ case: place.case, ...d }) }
  const failed = place.failed ?? null
  if (failed !== null) differ({ kind: 'failed', line: null, code: null, id: null, gold: 'a review', ours: 'none', why: null, explanation: failed })

  const lines: CaseScore['lines'][number][] = []
  const requirements: RequirementScore[] = []
  const rules: CaseScore['rules'][number][] = []
  let [unitsAsked, unitsRight, codesAsked, codesRight] = [0, 0, 0, 0]

  const compareList = (line: number | null, code: string | null, goldList: Readonly<Record<string, GoldRequirement>>, ours: readonly RequirementJson[], strict: boolean): void => {
    for (const [id, g] of Object.entries(goldList)) {
      const our = ours.find((r) => r.id === id)
      const score = compareRequirement(line, id, g, our)
      requirements.push(score)
      if (failed === null && score.ours !== score.gold) {
        const quote = g.evidence[0] === undefined ? null : `${g.evidence[0].file} p. ${g.evidence[0].page} “${g.evidence[0].quote}”`
        differ({
          kind: 'requirement', line, code, id, gold: g.status, ours: score.ours ?? 'missing',
          why: [g.why, quote].filter((w) => w !== undefined && w !== null).join(' · ') || null,
          explanation: our === undefined ? null : sentenceOf(our),
        })
      }
    }
    if (!strict) return
    for (const r of ours) {
      if (goldList[r.id] === undefined && r.status !== 'not-applicable' && r.status !== 'clear') {
        differ({ kind: 'requirement', line, code, id: r.id, gold: 'not asked', ours: r.status, why: null, explanation: sentenceOf(r) })
      }
    }
  }
  const compareRules = (line: number | null, code: string | null, goldIds: readonly string[], ours: ReviewJson['rules']): void => {
    const bags = compareBags(goldIds, ours.map((r) => r.id))
    rules.push({ line, ...bags })
    if (failed !== null) return
    for (const id of bags.missed) differ({ kind: 'rule', line, code, id, gold: 'fires', ours: 'silent', why: null, explanation: null })
    for (const id of bags.extra) differ({ kind: 'rule', line, code, id, gold: 'silent', ours: 'fires', why: null, explanation: ours.find((r) => r.id === id)?.explanation ?? null })
  }

  for (const g of gold.lines) {
    const our = review?.lines.find((l) => l.line === g.line)
    const right = our !== undefined && (our.determination === g.determination || g.alsoAcceptable.includes(our.determination))
    lines.push({ line: g.line, code: g.code, gold: g.determination, ours: our?.determination ?? null, right })
    if (!right && failed === null) {
      differ({
        kind: 'determination', line: g.line, code: g.code, id: null, gold: g.determination, ours: our?.determination ?? 'missing', why: g.why ?? null,
        explanation: our === undefined ? null : decidedBy(our),
      })
    }
    if (g.unitsSupported !== undefined) {
      unitsAsked += 1
      if (our?.unitsSupported === g.unitsSupported) unitsRight += 1
      else if (our !== undefined) differ({ kind: 'units', line: g.line, code: g.code, id: null, gold: `${g.unitsSupported}`, ours: `${our.unitsSupported}`, why: g.why ?? null, explanation: null })
    }
    const goldCode = g.reportedCode ?? null
    const ourCode = our?.reportedCode ?? null
    if (goldCode !== null || ourCode !== null) {
      codesAsked += 1
      if (goldCode === ourCode) codesRight += 1
      else if (our !== undefined) differ({ kind: 'code', line: g.line, code: g.code, id: null, gold: goldCode ?? 'as billed', ours: ourCode ?? 'as billed', why: g.why ?? null, explanation: null })
    }
    compareList(g.line, g.code, g.requirements, our?.requirements ?? [], true)
    compareRules(g.line, g.code, g.rules, our?.rules ?? [])
  }
  compareList(null, null, gold.claim.general, review?.general ?? [], false)
  compareRules(null, null, gold.claim.rules, review?.rules ?? [])

  const goldValues = gold.facts.performanceStatus
  const ourValues: readonly Value[] = review?.facts.performanceStatus ?? []
  const values = compareBags(valueKeys(goldValues), valueKeys(ourValues))
  if (failed === null) {
    for (const key of values.missed) differ({ kind: 'performance', line: null, code: null, id: null, gold: key, ours: 'not found', why: goldValues.find((v) => valueKeys([v])[0] === key)?.quote ?? null, explanation: null })
    for (const key of values.extra) {
      const fact = review?.facts.performanceStatus.find((v) => valueKeys([v])[0] === key)
      differ({ kind: 'performance', line: null, code: null, id: null, gold: 'none', ours: key, why: null, explanation: fact === undefined ? null : `${fact.file} p. ${fact.page} “${fact.quote}”` })
    }
  }
  return {
    case: place.case, group: place.group, failed, lines, requirements, rules,
    rulesAnywhere: compareBags(
      [...gold.lines.flatMap((l) => l.rules), ...gold.claim.rules],
      [...(review?.lines.flatMap((l) => l.rules) ?? []), ...(review?.rules ?? [])].map((r) => r.id),
    ),
    units: { asked: unitsAsked, right: unitsRight },
    reportedCode: { asked: codesAsked, right: codesRight },
    performance: tallyOf(values),
    decisivePerformance: tallyOf(compareBags(valueKeys(goldValues.filter((v) => v.decisive)), valueKeys(ourValues.filter((v) => v.decisive)))),
    disagreements,
  }
}

function sentenceOf(r: RequirementJson): string {
  const best = r.evidence[0]
  return best === undefined ? r.explanation : `${r.explanation} ${best.file} p. ${best.page} “${best.quote}”`
}

/** Identifiers of what decided a line, so that a wrong determination can be followed. */
function decidedBy(line: LineJson): string {
  const open = line.requirements.filter((r) => r.status === 'triggered' || r.status === 'not-met' || r.status === 'unclear' || r.status === 'partial').map((r) => `${r.id} ${r.status}`)
  const rules = line.rules.filter((r) => r.effect !== 'note').map((r) => `${r.id} ${r.effect}`)
  return [...open, ...rules].join(', ') || 'nothing open'
}

// ---- adding up --------------------------------------------------------------------------------------------------------------------

/** A part of a whole; `rate` is null where there is nothing to count. */
export interface Share { readonly of: number; readonly count: number; readonly rate: number | null }
export interface Retrieval extends Tally { readonly precision: number | null; readonly recall: number | null; readonly f1: number | null }

export interface Figures {
  readonly cases: number
  readonly failed: number
  readonly lines: number
  readonly determination: {
    readonly accuracy: Share
    /** `confusion[gold][ours]`; an acceptable answer stands on the diagonal. `missing` has no answer. */
    readonly confusion: Readonly<Record<Determination, Readonly<Record<Determination | 'missing', number>>>>
    /** Of the lines that an expert does not support as they stand, those we support. */
    readonly falseApprovals: Share
    /** Of the lines that an expert supports, those we do not. */
    readonly falseDenials: Share
    readonly reviewRate: Share
  }
  readonly requirements: {
    readonly accuracy: Share
    readonly byStatus: Readonly<Record<Status, Retrieval>>
    /** Mean F1 of the statuses that occur in the gold. */
    readonly macroF1: number | null
    /** By the part of the identifier before the point. */
    readonly byFamily: Readonly<Record<string, { readonly accuracy: Share; readonly byStatus: Readonly<Partial<Record<Status, Retrieval>>> }>>
  }
  readonly evidence: { readonly pages: Share; readonly quotes: Share }
  readonly rules: { readonly perLine: Retrieval; readonly anywhere: Retrieval; readonly byRule: Readonly<Record<string, Tally>> }
  readonly unitsSupported: Share
  readonly reportedCode: Share
  readonly performanceStatus: { readonly all: Retrieval; readonly decisive: Retrieval }
}

export interface EvalReport {
  readonly schema: 'vouch/eval@1'
  readonly all: Figures
  /** Sorted by name. */
  readonly groups: readonly { readonly group: string; readonly figures: Figures }[]
  readonly disagreements: readonly Disagreement[]
}

const shareOf = (count: number, of: number): Share => ({ of, count, rate: of === 0 ? null : count / of })

function retrievalOf({ hit, missed, extra }: Tally): Retrieval {
  const precision = hit + extra === 0 ? null : hit / (hit + extra)
  const recall = hit + missed === 0 ? null : hit / (hit + missed)
  return { hit, missed, extra, precision, recall, f1: 2 * hit + missed + extra === 0 ? null : (2 * hit) / (2 * hit + missed + extra) }
}

const sum = (tallies: readonly Tally[]): Tally => ({
  hit: tallies.reduce((n, t) => n + t.hit, 0), missed: tallies.reduce((n, t) => n + t.missed, 0), extra: tallies.reduce((n, t) => n + t.extra, 0),
})

/** A requirement that we did not answer is missed for its status, and extra for none. */
const statusTally = (scores: readonly RequirementScore[], status: Status): Tally => ({
  hit: scores.filter((s) => s.gold === status && s.ours === status).length,
  missed: scores.filter((s) => s.gold === status && s.ours !== status).length,
  extra: scores.filter((s) => s.gold !== status && s.ours === status).length,
})

const familyOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('.'))) || id

function figuresOf(scores: readonly CaseScore[]): Figures {
  const lines = scores.flatMap((s) => s.lines)
  const requirements = scores.flatMap((s) => s.requirements)
  const confusion = Object.fromEntries(DETERMINATIONS.map((g) => [g, Object.fromEntries([...DETERMINATIONS, 'missing' as const].map((o) => [o, 0]))])) as Record<Determination, Record<Determination | 'missing', number>>
  for (const l of lines) confusion[l.gold][l.right ? l.gold : (l.ours ?? 'missing')] += 1
  const notSupported = lines.filter((l) => l.gold === 'not-supported' || l.gold === 'insufficient-documentation')
  const supported = lines.filter((l) => l.gold === 'supported')
  const byStatus = Object.fromEntries(REQUIREMENT_STATUSES.map((s) => [s, retrievalOf(statusTally(requirements, s))])) as Record<Status, Retrieval>
  const occurring = REQUIREMENT_STATUSES.filter((s) => byStatus[s].hit + byStatus[s].missed > 0)
  const families = [...new Set(requirements.map((r) => familyOf(r.id)))].sort()
  const withPages = requirements.filter((r) => r.pageHit !== null)
  const ruleIds = [...new Set(scores.flatMap((s) => s.rules.flatMap((r) => [...r.hit, ...r.missed, ...r.extra])))].sort()
  const countIn = (key: 'hit' | 'missed' | 'extra', id: string): number => scores.reduce((n, s) => n + s.rules.reduce((m, r) => m + r[key].filter((x) => x === id).length, 0), 0)
  return {
    cases: scores.length,
    failed: scores.filter((s) => s.failed !== null).length,
    lines: lines.length,
    determination: {
      accuracy: shareOf(lines.filter((l) => l.right).length, lines.length),
      confusion,
      falseApprovals: shareOf(notSupported.filter((l) => !l.right && l.ours === 'supported').length, notSupported.length),
      falseDenials: shareOf(supported.filter((l) => !l.right && (l.ours === 'not-supported' || l.ours === 'insufficient-documentation')).length, supported.length),
      reviewRate: shareOf(lines.filter((l) => l.ours === 'needs-review').length, lines.length),
    },
    requirements: {
      accuracy: shareOf(requirements.filter((r) => r.gold === r.ours).length, requirements.length),
      byStatus,
      macroF1: occurring.length === 0 ? null : occurring.reduce((n, s) => n + (byStatus[s].f1 ?? 0), 0) / occurring.length,
      byFamily: Object.fromEntries(families.map((family) => {
        const own = requirements.filter((r) => familyOf(r.id) === family)
        const present = REQUIREMENT_STATUSES.filter((s) => own.some((r) => r.gold === s || r.ours === s))
        return [family, { accuracy: shareOf(own.filter((r) => r.gold === r.ours).length, own.length), byStatus: Object.fromEntries(present.map((s) => [s, retrievalOf(statusTally(own, s))])) }]
      })),
    },
    evidence: {
      pages: shareOf(withPages.filter((r) => r.pageHit === true).length, withPages.length),
      quotes: shareOf(withPages.filter((r) => r.quoteHit === true).length, withPages.length),
    },
    rules: {
      perLine: retrievalOf(sum(scores.flatMap((s) => s.rules.map(tallyOf)))),
      anywhere: retrievalOf(sum(scores.map((s) => tallyOf(s.rulesAnywhere)))),
      byRule: Object.fromEntries(ruleIds.map((id) => [id, { hit: countIn('hit', id), missed: countIn('missed', id), extra: countIn('extra', id) }])),
    },
    unitsSupported: shareOf(scores.reduce((n, s) => n + s.units.right, 0), scores.reduce((n, s) => n + s.units.asked, 0)),
    reportedCode: shareOf(scores.reduce((n, s) => n + s.reportedCode.right, 0), scores.reduce((n, s) => n + s.reportedCode.asked, 0)),
    performanceStatus: { all: retrievalOf(sum(scores.map((s) => s.performance))), decisive: retrievalOf(sum(scores.map((s) => s.decisivePerformance))) },
  }
}

export function summarise(scores: readonly CaseScore[]): EvalReport {
  const groups = [...new Set(scores.map((s) => s.group))].sort()
  return {
    schema: 'vouch/eval@1',
    all: figuresOf(scores),
    groups: groups.map((group) => ({ group, figures: figuresOf(scores.filter((s) => s.group === group)) })),
    disagreements: scores.flatMap((s) => s.disagreements),
  }
}
