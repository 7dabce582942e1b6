// The published answer `vouch/review@1`: its shape, and how a Review becomes it. May not: decide anything; read a clock, a disk or a network.
import { z } from 'zod'
import { claimSchema } from '../claim/claim.ts'
import { NOTE_TYPES, ROLES } from '../note/note.ts'
import type { Box } from '../document/document.ts'
import type { CourseFact, Evidence, Finding, LineDetermination, ReadNumber, Review, RuleHit } from '../review/review.ts'
import { RULE_INPUTS } from '../policy/rules.ts'
import type { DenialCodes } from '../dictionary/denial-codes.ts'
import { suggestedCodes } from '../dictionary/denial-codes.ts'
import { TABLE_KINDS, type TableCite } from '../dictionary/reference-tables.ts'
import { EDIT_KINDS, type TableEdit } from '../review/table-edits.ts'
import { explainFinding, explainProblem, explainRule, isOpen, requestFor, requestsFor, ruleText, unreadPlaces } from './messages.ts'
import { explainBasis, explainChange, explainDifference, explainGap, explainLevel, explainRemark } from './rule-messages.ts'
import type { PolicyText } from './messages.ts'
import { explainEdit } from './table-words.ts'
import { isWrong } from './words.ts'

const count = z.number().int().min(0)
const pageNumber = z.number().int().min(1).describe('1-based within the file')
const share = z.number().min(0).max(1)
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const REQUIREMENT_STATUSES = ['met', 'partial', 'not-met', 'not-applicable', 'unclear', 'clear', 'triggered'] as const
export const DETERMINATIONS = ['supported', 'insufficient-documentation', 'not-supported', 'needs-review'] as const
const REASON_IDS = [
  'found', 'parts-found', 'not-found', 'denied', 'only-planned', 'only-historical', 'only-other-course', 'only-other-patient', 'only-template', 'unsigned', 'undated',
  'wrong-role', 'wrong-order', 'conflict', 'straddles-threshold', 'doubtful-reading', 'unreadable', 'condition-not-met', 'exclusion-found', 'exclusion-absent', 'no-value',
] as const
const PROBLEM_IDS = [
  'encrypted-file', 'damaged-file', 'empty-file', 'foreign-file', 'file-too-large', 'reader-timed-out', 'reader-out-of-memory', 'reader-failed', 'unread-page',
  'partly-read-page', 'illegible-page', 'missing-pages', 'attachment-skipped', 'archive-entry-skipped', 'other-patient', 'unsupported-format',
  'cloned-note', 'fraction-number', 'dose-arithmetic', 'dose-contradiction', 'dose-not-completed',
] as const

export const PAGE_STATES = ['read', 'read-by-ocr', 'illegible', 'duplicate', 'near-duplicate', 'other-patient', 'blank', 'unread'] as const

const boxSchema = z.object({ page: pageNumber, left: z.number(), top: z.number(), right: z.number(), bottom: z.number() })
  .describe("PDF points from the page's top-left corner as displayed, y downwards")

const evidenceSchema = z.object({
  file: z.string(), page: pageNumber,
  quote: z.string().describe("The document's own text with white space collapsed"),
  stance: z.enum(['for', 'against']),
  boxes: z.array(boxSchema).describe('One a row of text; empty where the format has no pages'),
  note: z.number().int().min(1).nullable().describe('Number of the note it stands in'),
})

const suggestedSchema = z.array(z.object({ list: z.enum(['CARC', 'RARC']), code: z.string(), words: z.string().describe('What the code says, in our words') }))
  .optional().describe('Published denial and remark codes that fit; suggestions, not decisions')

const tableSchema = z.object({ table: z.enum(TABLE_KINDS), setting: z.enum(['practitioner', 'hospital']).nullable(), effective: isoDate.describe('First day on which the table holds'), source: z.string() })

const editSchema = z.object({
  kind: z.enum(EDIT_KINDS), weight: z.enum(['finding', 'information']), lines: z.array(z.number().int().min(1)), codes: z.array(z.string()),
  counted: z.number().nullable(), limit: z.number().nullable(), explanation: z.string(), table: tableSchema, suggested: suggestedSchema,
  supports: z.array(z.object({ code: z.string(), descriptor: z.string(), evidence: z.array(evidenceSchema) })).describe('Diagnoses that the records would support instead of one that says too little'),
}).describe('What a national table says of the line; decides nothing')

const amount = z.number().min(0)
const moneySchema = z.object({
  fee: amount.nullable().describe('Of one unit; null where the fee table has none, and then so are the others'), billed: amount.nullable(), notSupported: amount.nullable().describe('Units that do not stand'),
  open: amount.nullable().describe('Units that stand only if what is missing comes or a reviewer decides so'), supported: amount.nullable(),
})
const claimMoneySchema = z.object({ billed: amount, notSupported: amount, open: amount, supported: amount, withoutFee: z.array(z.number().int().min(1)).describe('Lines without a fee, which the sums leave out') })

const requirementSchema = z.object({
  id: z.string(),
  class: z.enum(['core', 'req', 'cond', 'x']),
  status: z.enum(REQUIREMENT_STATUSES),
  reason: z.enum(REASON_IDS),
  asks: z.string().describe('What the record must show'),
  cites: z.object({ section: z.string(), item: z.union([z.number(), z.string()]) }).describe('Section of the policy and bullet of it'),
  explanation: z.string().describe('One sentence a reviewer can send'),
  request: z.string().optional().describe('What to ask the provider for; where something can be asked for'),
  found: z.array(z.string()), missing: z.array(z.string()),
  evidence: z.array(evidenceSchema).describe('Best first'),
  searched: z.object({ pages: count, unreadable: count }),
  suggested: suggestedSchema,
})

const ruleSchema = z.object({
  id: z.string().regex(/^R\d{2}$/),
  effect: z.enum(['deny', 'limit', 'review', 'note']),
  unitsSupported: z.number().min(0).nullable().describe('Units of the line that stand under the rule; null where it does not count units'),
  denialCodes: z.array(z.string()),
  lines: z.array(z.number().int().min(1)).describe('Lines that the rule names, the denied one first'),
  explanation: z.string(),
  evidence: z.array(evidenceSchema),
  counted: z.number().nullable(), limit: z.number().nullable(), codes: z.array(z.string()), section: z.string(),
  inputs: z.array(z.enum(RULE_INPUTS)).describe('What the rule read'),
  supportedCode: z.string().nullable().describe('The code that the record supports in place of the one billed'),
  facts: z.array(z.string()).describe('What decided it, as the policy names it'),
  suggested: suggestedSchema,
})

const gapSchema = z.object({
  id: z.string(), missing: z.array(z.enum(RULE_INPUTS)), explanation: z.string(),
}).describe('A rule that applies to the line and could not be put to it')

const remarkSchema = z.object({
  id: z.string(), topic: z.enum(['remainder', 'same-course-other-day', 'literal-reading', 'level-stated-only', 'once-a-day-not-named', 'unspecified-by-manual']),
  counted: z.number().nullable(), limit: z.number().nullable(), codes: z.array(z.string()), facts: z.array(z.string()), explanation: z.string(), evidence: z.array(evidenceSchema),
}).describe('What a rule says without firing')

const levelSchema = z.object({
  rule: z.string().nullable().describe('The rule that judges the level; null where none does'), billed: z.string(), supported: z.string().nullable(),
  against: z.enum(['as-billed', 'lower', 'higher', 'unknown']).describe('The level shown, against the one billed'),
  facts: z.array(z.string()), missing: z.array(z.enum(RULE_INPUTS)), explanation: z.string(), evidence: z.array(evidenceSchema),
})

const changeSchema = z.object({
  on: isoDate, kind: z.enum(['deleted', 'redefined', 'new', 'unsettled']), sure: z.enum(['verified', 'reported', 'conflicting']), bears: z.enum(['before', 'after']),
  says: z.string(), replacedBy: z.array(z.string()), explanation: z.string(),
})

const readNumberSchema = z.object({ value: z.number(), from: z.enum(['chart', 'claim']), evidence: z.array(evidenceSchema) })

const courseSchema = z.object({
  course: z.number().int().min(1), label: z.string().nullable().describe('As the chart calls it'), from: isoDate, to: isoDate,
  boundary: z.enum(['one-run-of-days', 'gap-before', 'gap-after', 'gaps']).describe('How its ends were found'),
  lines: z.array(z.number().int().min(1)), history: count, sites: z.array(z.string()),
  plans: z.array(z.object({ code: z.string().nullable(), date: isoDate.nullable(), line: z.number().nullable(), evidence: z.array(evidenceSchema) })),
  ports: readNumberSchema.nullable().describe('Ports, fields or arcs: the largest number that any place gives'), areas: readNumberSchema.nullable(),
  prescribed: readNumberSchema.nullable().describe('Fractions prescribed'), delivered: readNumberSchema.nullable().describe('Fractions delivered'), billed: z.number().min(0).describe('Units of delivery billed and paid'),
  fractions: z.array(z.object({
    date: isoDate, sessions: count, delivered: z.boolean(), number: z.number().nullable(), dose: z.number().nullable().describe('cGy'), billed: z.number().min(0), evidence: z.array(evidenceSchema),
  })),
})

const differenceSchema = z.object({
  kind: z.enum(['units', 'not-delivered', 'date', 'laterality', 'diagnosis', 'course-total']), line: z.number().int().min(1).nullable(),
  claim: z.object({ field: z.string(), value: z.string() }), chart: z.object({ value: z.string(), evidence: z.array(evidenceSchema) }), explanation: z.string(),
}).describe('A place where claim and chart do not agree')

const lineSchema = z.object({
  line: z.number().int().min(1), code: z.string(), label: z.string(), modifiers: z.array(z.string()), units: z.number().min(0),
  serviceDate: isoDate, serviceDateEnd: isoDate.nullable(),
  policyVersion: z.string().describe('Date of the policy text applied'),
  policyBasis: z.enum(['in-force', 'after-last-known', 'before-first-known']).describe('Whether that text is known to be the one in force on the day of service'),
  policyNote: z.string().nullable().describe('One sentence where it is not'),
  codeChange: changeSchema.nullable(),
  determination: z.enum(DETERMINATIONS),
  score: share.describe('Weighted share of applicable requirements met; orders a worklist and decides nothing'),
  unitsSupported: z.number().min(0),
  reportedCode: z.string().nullable().describe('The code meant, where another was billed'),
  requirements: z.array(requirementSchema),
  rules: z.array(ruleSchema),
  notEvaluable: z.array(gapSchema), remarks: z.array(remarkSchema), level: levelSchema.nullable(),
  requests: z.array(z.string()).describe('What to ask the provider for, one sentence each'),
  edits: z.array(editSchema).optional(),
  money: moneySchema.optional().describe('By the fee table given; absent without one'),
})

const pageSchema = z.object({
  page: pageNumber, text: z.enum(['native', 'ocr', 'none']), legibility: share,
  note: z.number().int().min(1).nullable(),
  duplicateOf: z.object({ file: z.string(), page: pageNumber }).nullable(),
  nearDuplicateOf: z.object({ file: z.string(), page: pageNumber }).nullable().describe('The page it repeats but for what a second scan makes of it'),
  state: z.enum(PAGE_STATES).describe('What became of the page'),
  otherPatient: z.boolean().describe('Its note names another patient than the claim'),
  printed: z.object({ number: count, of: count }).nullable().describe('What the page says of itself: page 3 of 7'),
  marks: z.array(boxSchema).describe('Ink or a picture where somebody would sign: a mark is there, not read'),
  turned: z.number().describe('Degrees clockwise by which its text is turned'),
  reason: z.enum(['image-only', 'garbled', 'reader-failed', 'blank', 'second-reader']).nullable().describe('Why a page has no usable text, or was read a second way'),
})

const noteSchema = z.object({
  note: z.number().int().min(1), file: z.string(), firstPage: pageNumber, lastPage: pageNumber,
  type: z.enum(NOTE_TYPES), date: isoDate.nullable(),
  author: z.object({ name: z.string(), role: z.enum(ROLES) }).nullable(),
  signature: z.object({
    state: z.enum(['signed', 'unsigned', 'pending', 'dictated-not-read', 'absent']),
    by: z.string().nullable(), role: z.enum(ROLES).nullable(), date: isoDate.nullable(),
  }),
  patientMatches: z.boolean().nullable().describe('Null where no identity is printed'),
  ofThisCourse: z.boolean(),
})

const performanceSchema = z.object({
  scale: z.enum(['KPS', 'ECOG', 'Lansky', 'PPS']), low: z.number(), high: z.number(), date: isoDate.nullable(), decisive: z.boolean(),
  file: z.string(), page: pageNumber, quote: z.string(),
  time: z.enum(['current', 'historical', 'planned']), corrected: z.boolean().describe('A printing or scanning slip was corrected to read the value'),
})

export const reviewSchema = z.object({
  schema: z.literal('vouch/review@1'),
  made: z.object({ engine: z.string(), ocr: z.string().nullable().describe('What recognised pages without text'), dictionaries: z.string(), policy: z.string(), policyVersions: z.array(z.string()) }),
  claim: claimSchema,
  documents: z.array(z.object({ file: z.string(), sha256: z.string(), kind: z.enum(['pdf', 'docx', 'rtf', 'html', 'xml', 'fhir', 'mail', 'text', 'image']), pages: z.array(pageSchema) })),
  notes: z.array(noteSchema),
  lines: z.array(lineSchema),
  general: z.array(requirementSchema).describe('Advisory; decides no line'),
  rules: z.array(ruleSchema).describe('Rules that concern the claim as a whole'),
  facts: z.object({ performanceStatus: z.array(performanceSchema) }),
  problems: z.array(z.object({
    id: z.enum(PROBLEM_IDS), severity: z.enum(['error', 'warning']), file: z.string(), page: pageNumber.nullable(), explanation: z.string(),
  })),
  courses: z.array(courseSchema), differences: z.array(differenceSchema),
  errata: z.array(z.object({ id: z.string(), lines: z.array(z.number().int().min(1)), about: z.string(), readAs: z.string() })).describe('Slips of the policy text that touch lines of this claim, and how they are read'),
  tables: z.array(tableSchema).optional().describe('National tables looked into'),
  money: claimMoneySchema.optional().describe('By the fee table given; absent without one'),
})

export type ReviewJson = z.infer<typeof reviewSchema>
export type LineJson = ReviewJson['lines'][number]
export type RequirementJson = LineJson['requirements'][number]
export type RuleJson = LineJson['rules'][number]
export type EditJson = NonNullable<LineJson['edits']>[number]
export type EvidenceJson = RequirementJson['evidence'][number]

/** JSON Schema of the answer. Further keys are allowed everywhere. */
export function reviewJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(reviewSchema, { io: 'input' })
  return { $schema, title: 'vouch/review@1', ...rest }
}

/** Two decimals; never `-0`. */
const hundredths = (value: number): number => Math.round(value * 100) / 100 + 0

const boxOf = (box: Box): EvidenceJson['boxes'][number] =>
  ({ page: box.page, left: hundredths(box.left), top: hundredths(box.top), right: hundredths(box.right), bottom: hundredths(box.bottom) })

const evidenceOf = (e: Evidence): EvidenceJson =>
  ({ file: e.file, page: e.page, quote: e.quote, stance: e.stance, boxes: e.boxes.map(boxOf), note: e.note === 0 ? null : e.note })

const tableOf = ({ table, setting, effective, source }: TableCite): EditJson['table'] => ({ table, setting, effective, source })

const editOf = (e: TableEdit, denials: DenialCodes): EditJson => ({
  kind: e.kind, weight: e.weight, lines: [...e.lines], codes: [...e.codes], counted: e.counted, limit: e.limit, explanation: explainEdit(e), table: tableOf(e.table),
  supports: e.supports.map((s) => ({ code: s.code, descriptor: s.descriptor, evidence: s.evidence.map(evidenceOf) })),
  ...(e.weight === 'finding' ? { suggested: suggestedCodes(denials, { edit: e.kind }) } : {}),
})

function requirementOf(finding: Finding, policy: PolicyText, denials: DenialCodes): RequirementJson {
  const text = policy.requirement(finding.requirement)
  return {
    id: finding.requirement, class: finding.class, status: finding.status, reason: finding.reason,
    asks: text.asks, cites: { section: text.section, item: text.item },
    explanation: explainFinding(finding, text),
    ...(isOpen(finding) ? { request: requestFor(finding, text) } : {}),
    found: [...finding.found], missing: [...finding.missing],
    evidence: finding.evidence.map(evidenceOf),
    searched: { pages: finding.searched.pages, unreadable: finding.searched.unreadable },
    ...(isWrong(finding) && denials.length > 0 ? { suggested: suggestedCodes(denials, { requirement: finding.requirement, reason: finding.reason }) } : {}),
  }
}

const ruleOf = (hit: RuleHit, denials: DenialCodes): RuleJson => ({
  id: hit.id, effect: hit.effect, unitsSupported: hit.unitsSupported, denialCodes: [...hit.denialCodes], lines: [...hit.lines],
  explanation: explainRule(hit), evidence: hit.evidence.map(evidenceOf),
  counted: hit.counted, limit: hit.limit, codes: [...hit.codes], section: ruleText(hit.id).section,
  inputs: [...hit.inputs], supportedCode: hit.supportedCode, facts: [...hit.facts],
  ...(hit.effect === 'note' || denials.length === 0 ? {} : { suggested: suggestedCodes(denials, { rule: hit.id, frequency: hit.denialCodes.length > 0 }) }),
})

const readOf = (n: ReadNumber | null): ReviewJson['courses'][number]['ports'] => (n === null ? null : { value: n.value, from: n.from, evidence: n.evidence.map(evidenceOf) })

const courseOf = (c: CourseFact): ReviewJson['courses'][number] => ({
  course: c.course, label: c.label, from: c.from, to: c.to, boundary: c.boundary, lines: [...c.lines], history: c.history, sites: [...c.sites],
  plans: c.plans.map((p) => ({ code: p.code, date: p.date, line: p.line, evidence: p.evidence.map(evidenceOf) })),
  ports: readOf(c.ports), areas: readOf(c.areas), prescribed: readOf(c.prescribed), delivered: readOf(c.delivered), billed: c.billed,
  fractions: c.fractions.map((f) => ({ ...f, evidence: f.evidence.map(evidenceOf) })),
})

const lineOf = (d: LineDetermination, policy: PolicyText, unread: string, edits: readonly TableEdit[], denials: DenialCodes): LineJson => ({
  line: d.line.line, code: d.line.code, label: policy.code(d.reportedCode ?? d.line.code).label, modifiers: [...d.line.modifiers], units: d.line.units,
  serviceDate: d.line.serviceDate, serviceDateEnd: d.line.serviceDateEnd, policyVersion: d.policyVersion,
  policyBasis: d.basis, policyNote: explainBasis(d),
  codeChange: d.codeChange === null ? null : {
    on: d.codeChange.on, kind: d.codeChange.kind, sure: d.codeChange.sure, bears: d.codeChange.bears, says: d.codeChange.says, replacedBy: [...(d.codeChange['replaced-by'] ?? [])],
    explanation: explainChange(d.line.code, d.codeChange),
  },
  determination: d.determination, score: hundredths(d.score), unitsSupported: d.unitsSupported, reportedCode: d.reportedCode,
  requirements: d.findings.map((f) => requirementOf(f, policy, denials)),
  rules: d.rules.map((r) => ruleOf(r, denials)),
  notEvaluable: d.notEvaluable.map((g) => ({ id: g.id, missing: [...g.missing], explanation: explainGap(g) })),
  remarks: d.remarks.map((r) => ({ id: r.id, topic: r.topic, counted: r.counted, limit: r.limit, codes: [...r.codes], facts: [...r.facts], explanation: explainRemark(r), evidence: r.evidence.map(evidenceOf) })),
  level: d.level === null ? null : {
    rule: d.level.rule, billed: d.level.billed, supported: d.level.supported, against: d.level.against, facts: [...d.level.facts], missing: [...d.level.missing],
    explanation: explainLevel(d.level), evidence: d.level.evidence.map(evidenceOf),
  },
  requests: requestsFor(d, policy, unread),
  edits: edits.map((e) => editOf(e, denials)),
})

/** Two notes of one page may have the same to say of it: it is said once. */
function problemsOf(review: Review): ReviewJson['problems'] {
  const said = review.problems.map((p) => ({ id: p.id, severity: p.severity, file: p.file, page: p.page ?? null, explanation: explainProblem(p) }))
  return [...new Map(said.map((p) => [JSON.stringify([p.id, p.file, p.page, p.explanation]), p])).values()]
}

/** The Review as plain JSON data, keys in a fixed order. The same Review gives the same bytes. */
export function toContract(review: Review, policy: PolicyText, denials: DenialCodes = []): ReviewJson {
  const unread = unreadPlaces(review.documents)
  return {
    schema: 'vouch/review@1',
    made: {
      engine: review.made.engine, ocr: review.made.ocr, dictionaries: review.made.dictionaries, policy: review.made.policy, policyVersions: [...review.made.policyVersions],
    },
    claim: claimSchema.parse(review.claim),
    documents: review.documents.map((document, d) => ({
      file: document.file, sha256: document.sha256, kind: document.kind,
      pages: document.pages.map((page, p) => {
        const entry = review.pages[d]?.[p]
        const repeated = (of: { readonly file: string; readonly page: number } | null | undefined): { file: string; page: number } | null => (of ? { file: of.file, page: of.page } : null)
        return {
          page: page.page, text: page.text, legibility: hundredths(page.legibility), note: entry?.note ?? null,
          duplicateOf: repeated(entry?.duplicateOf), nearDuplicateOf: repeated(entry?.nearDuplicateOf), state: entry?.state ?? (page.text === 'none' ? 'unread' : 'read'),
          otherPatient: entry?.otherPatient ?? false, printed: entry?.printed ? { number: entry.printed.number, of: entry.printed.of } : null, turned: entry?.turned ?? 0, marks: (entry?.marks ?? []).map(boxOf), reason: page.reason ?? null,
        }
      }),
    })),
    notes: review.notes.map(({ head, patientMatches, ofThisCourse }) => ({
      note: head.note, file: head.file, firstPage: head.firstPage, lastPage: head.lastPage, type: head.type, date: head.date,
      author: head.author === null ? null : { name: head.author.name, role: head.author.role },
      signature: { state: head.signature.state, by: head.signature.by, role: head.signature.role, date: head.signature.date },
      patientMatches, ofThisCourse,
    })),
    lines: review.lines.map((d) => lineOf(d, policy, unread, review.edits.get(d.line.line) ?? [], denials)),
    general: review.general.map((f) => requirementOf(f, policy, denials)),
    rules: review.rules.map((r) => ruleOf(r, denials)),
    facts: {
      performanceStatus: review.performance.map((p) => ({
        scale: p.scale, low: p.low, high: p.high, date: p.date, decisive: p.decisive,
        file: p.evidence.file, page: p.evidence.page, quote: p.evidence.quote, time: p.time, corrected: p.corrected,
      })),
    },
    problems: problemsOf(review),
    courses: review.courses.map(courseOf),
    differences: review.differences.map((d) => ({
      kind: d.kind, line: d.line, claim: { ...d.claim }, chart: { value: d.chart.value, evidence: d.chart.evidence.map(evidenceOf) }, explanation: explainDifference(d),
    })),
    errata: review.errata.map((e) => ({ id: e.id, lines: [...e.lines], about: policy.erratum(e.id).about, readAs: policy.erratum(e.id).readAs })),
    tables: review.tables.map(tableOf),
  }
}
