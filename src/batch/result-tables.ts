// Results of a batch as rows of four tables: claims, lines, requirements, rules. May not: write; hold a patient's name or a word of a record.
import type { BatchResult, ResultLine } from './result.ts'

export const TABLES = ['claims', 'lines', 'requirements', 'rules'] as const
export type TableName = (typeof TABLES)[number]
export type CellKind = 'text' | 'whole' | 'number' | 'amount' | 'flag'
export type Cell = string | number | boolean | null
export interface Column { readonly name: string; readonly kind: CellKind; /** Width in characters, for a workbook. */ readonly width: number }

const column = (kind: CellKind, width: number) => (name: string): Column => ({ name, kind, width })
const [text, wide, code, whole, number, amount, flag] = [column('text', 16), column('text', 40), column('text', 11), column('whole', 9), column('number', 9), column('amount', 13), column('flag', 9)]

/** Names are those payers use in batch exports where there are such. */
export const COLUMNS: Readonly<Record<TableName, readonly Column[]>> = {
  claims: [
    whole('number'), text('claim_id'), text('claim_form'), text('payer'), text('lob'), text('member_hash'), code('provider_npi'), code('tin'), wide('provider_name'), code('dos_from'), code('dos_to'), code('status'), text('determination'), flag('doubtful'), number('priority_score'),
    whole('lines'), whole('lines_supported'), whole('lines_insufficient'), whole('lines_not_supported'), whole('lines_needs_review'), text('rule_hits'),
    amount('amount_billed'), amount('amount_not_supported'), amount('amount_open'), amount('amount_supported'), amount('amount_at_risk'),
    code('record_status'), whole('page_count'), whole('pages_ocr'), whole('pages_unreadable'), number('ocr_quality'), code('ps_value'), code('ps_scale'), code('ps_date'), text('identity_flags'), text('problems'), code('policy_version'), text('reason'), wide('reason_explanation'), wide('source'), code('engine'), text('dictionaries'), text('content_key'),
  ],
  lines: [
    whole('number'), text('claim_id'), whole('line_no'), text('member_hash'), code('provider_npi'), code('tin'), code('dos_from'), code('dos_to'), text('lob'), code('pos'), code('code'), code('reported_code'), code('mods'),
    number('units_billed'), number('units_supported'), text('dx_codes'), text('dx_flags'), code('course_id'), number('fractions_billed'), number('fractions_delivered'), text('checklist_id'), code('checklist_version'), code('policy_version'),
    text('determination'), number('score'), whole('items_met'), whole('items_partial'), whole('items_missing'), whole('items_unclear'), wide('missing_item_ids'), text('rule_hits'), text('denial_codes'), text('carc'), text('rarc'),
    text('medical_necessity_flag'), code('ps_value'), code('ps_scale'), code('ps_date'), text('signature_flags'), text('identity_flags'), whole('page_count'), whole('pages_unreadable'), number('ocr_quality'), number('priority_score'), code('record_status'),
    amount('charge'), amount('paid'), code('amount_basis'), amount('amount_billed'), amount('amount_not_supported'), amount('amount_open'), amount('amount_supported'), amount('amount_at_risk'), code('engine'), text('dictionaries'),
  ],
  requirements: [whole('number'), text('claim_id'), whole('line_no'), code('code'), code('provider_npi'), code('dos_from'), text('item_id'), wide('asks'), code('class'), text('status'), text('reason')],
  rules: [whole('number'), text('claim_id'), whole('line_no'), code('code'), code('provider_npi'), code('dos_from'), code('rule_id'), wide('says'), code('effect'), number('units_supported')],
}

/** Short words of the policy for requirements and rules. */
export interface TableTexts { readonly asks: (requirement: string) => string; readonly says: (rule: string) => string }

const words = (ids: readonly string[]): string => [...new Set(ids)].join(' ')
const dollars = (a: number, b: number): number => Math.round((a + b) * 100) / 100
const fired = (rules: ResultLine['rules']): string => words(rules.filter((r) => r.effect !== 'note').map((r) => r.id))

const identityFlags = (r: BatchResult): string => (r.problems.some((p) => p.id === 'other-patient') ? 'other-patient' : '')
const performanceOf = (r: BatchResult): Cell[] => [r.performance?.value ?? null, r.performance?.scale ?? null, r.performance?.date ?? null]

function claimRow(r: BatchResult): Cell[] {
  const lines = (determination: ResultLine['determination']): number => r.lines.filter((l) => l.determination === determination).length
  return [
    r.number, r.claimId, r.claimForm, r.payer, r.lineOfBusiness, r.memberHash, r.provider.npi, r.taxId, r.provider.name, r.serviceFrom, r.serviceTo, r.status, r.determination, r.doubtful, r.priority,
    r.lines.length, lines('supported'), lines('insufficient-documentation'), lines('not-supported'), lines('needs-review'), fired([...r.lines.flatMap((l) => l.rules), ...r.rules]),
    r.money.billed, r.money.notSupported, r.money.open, r.money.supported, dollars(r.money.notSupported, r.money.open),
    r.recordStatus, r.pages.all, r.pages.ocr, r.pages.unread, r.ocrQuality, ...performanceOf(r), identityFlags(r), words(r.problems.map((p) => (p.count > 1 ? `${p.id}:${p.count}` : p.id))), words(r.lines.map((l) => l.policyVersion)),
    r.reason?.id ?? null, r.reason?.explanation ?? null, r.source, r.made.engine, r.made.dictionaries, r.contentKey,
  ]
}

function lineRow(r: BatchResult, l: ResultLine): Cell[] {
  const count = (status: ResultLine['requirements'][number]['status']): number => l.requirements.filter((q) => q.status === status).length
  return [
    r.number, r.claimId, l.line, r.memberHash, r.provider.npi, r.taxId, l.serviceDate, l.serviceDateEnd ?? l.serviceDate, r.lineOfBusiness, l.placeOfService, l.code, l.reportedCode, l.modifiers.join(' '),
    l.units, l.unitsSupported, words(l.diagnoses), words(l.diagnosisFlags), l.course === null ? null : `${r.number}-${l.course}`, l.fractionsBilled, l.fractionsDelivered, words(l.checklists), l.policyVersion, l.policyVersion,
    l.determination, l.score, count('met'), count('partial'), count('not-met'), count('unclear'), words(l.missing), fired(l.rules), words(l.denialCodes), words(l.carc), words(l.rarc),
    l.clinician ? 'clinician' : '', ...performanceOf(r), words(l.signatureFlags), identityFlags(r), r.pages.all, r.pages.unread, r.ocrQuality, r.priority, r.recordStatus,
    l.charge, l.paid, l.money?.basis ?? null, l.money?.billed ?? null, l.money?.notSupported ?? null, l.money?.open ?? null, l.money?.supported ?? null, l.money === null ? null : dollars(l.money.notSupported, l.money.open), r.made.engine, r.made.dictionaries,
  ]
}

/** The rows that one result adds to each table. */
export function rowsOf(r: BatchResult, texts: TableTexts): Readonly<Record<TableName, readonly (readonly Cell[])[]>> {
  return {
    claims: [claimRow(r)], lines: r.lines.map((l) => lineRow(r, l)),
    requirements: r.lines.flatMap((l) => l.requirements.map((q): Cell[] => [r.number, r.claimId, l.line, l.code, r.provider.npi, l.serviceDate, q.id, texts.asks(q.id), q.class, q.status, q.reason])),
    rules: [
      ...r.lines.flatMap((l) => l.rules.map((h): Cell[] => [r.number, r.claimId, l.line, l.code, r.provider.npi, l.serviceDate, h.id, texts.says(h.id), h.effect, h.unitsSupported])),
      ...r.rules.map((h): Cell[] => [r.number, r.claimId, null, null, r.provider.npi, r.serviceFrom, h.id, texts.says(h.id), h.effect, h.unitsSupported]),
    ],
  }
}
