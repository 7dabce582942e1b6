// The worklist as rows for other programs, one a billed line, with the fields that payers ask for. May not: put a patient's name into one; know CSV or XLSX.
import type { ReviewJson } from '../report/contract.ts'
import { claimOf } from './cases.ts'
import type { Context, Who } from './context.ts'
import { reportOf } from './reports.ts'
import { decisionsOf } from './decisions.ts'
import type { CaseRow } from './shapes.ts'

/** Columns in their order, with what each holds. */
export const COLUMNS = {
  case_id: 'number', claim_id: 'text', line_no: 'number', member_hash: 'text', provider_npi: 'text', tin: 'text', dos_from: 'day', dos_to: 'day', lob: 'text', pos: 'text', code: 'text', mods: 'text',
  units_billed: 'number', units_supported: 'number', dx_codes: 'text', dx_flags: 'text', course_id: 'text', fractions_billed: 'number', fractions_delivered: 'number', checklist_id: 'text', checklist_version: 'day',
  policy_version: 'day', items_met: 'number', items_partial: 'number', items_missing: 'number', missing_item_ids: 'text', rule_hits: 'text', denial_codes: 'text', carc: 'text', rarc: 'text',
  medical_necessity_flag: 'text', ps_value: 'text', ps_scale: 'text', ps_date: 'day', signature_flags: 'text', identity_flags: 'text', page_count: 'number', pages_unreadable: 'number', ocr_quality: 'number',
  priority_score: 'number', charge: 'money', amount_at_risk: 'money', record_status: 'text', request_date: 'day', due_date: 'day', received_date: 'day', reviewer: 'text', status: 'text', override_flag: 'text',
  determination: 'text', machine_determination: 'text', determination_date: 'day', notes: 'text', engine: 'text', dictionaries: 'text',
} as const
export type Column = keyof typeof COLUMNS
export type ExportRow = Readonly<Record<Column, string | number | null>>

type Line = ReviewJson['lines'][number]

/** Words of the answer's own lists, each once, in the order in which they come. */
const distinct = (words: readonly (string | null | undefined)[]): string => [...new Set(words.filter((w): w is string => w !== null && w !== undefined && w !== ''))].join(' ')

const OPEN: readonly string[] = ['not-met', 'partial', 'unclear', 'triggered']
/** "The record does not show that the patient needed the service": a clinician decides. */
const NECESSITY = '50'

function suggestedOf(line: Line, list: 'CARC' | 'RARC'): string {
  const open = line.requirements.filter((r) => OPEN.includes(r.status))
  return distinct([...open, ...line.rules.filter((r) => r.effect !== 'note'), ...(line.edits ?? []).filter((e) => e.weight === 'finding')].flatMap((f) => (f.suggested ?? []).filter((s) => s.list === list).map((s) => s.code)))
}

/** Notes of the course that the line rests on and that nobody signed. */
function signatureFlags(report: ReviewJson, line: Line): string {
  const cited = new Set(line.requirements.flatMap((r) => r.evidence.filter((e) => e.stance === 'for').map((e) => e.note)))
  return distinct(report.notes.filter((n) => cited.has(n.note) && n.ofThisCourse && n.signature.state !== 'signed').map((n) => n.signature.state))
}

/** What the machine and people say of one case, a row a billed line. Nothing where the case was removed. */
export async function exportRowsOf(context: Context, who: Who, row: CaseRow): Promise<ExportRow[]> {
  const { store } = context
  const sealed = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.claim_id', 'claims.sealed']).where('cases.id', '=', row.id).executeTakeFirstOrThrow()
  if (sealed.sealed === '') return []
  const claim = claimOf(store, sealed)
  const report = (await reportOf(context, who, row.id))?.report ?? null
  // A second reader who is not to see the first takes out what the machine found and nothing else.
  const decisions = row.second ? [] : (await decisionsOf(store, row.id)).filter((d) => d.round !== 'blind')
  const signed = decisions.filter((d) => d.target === 'case' && d.stands).at(-1)
  const last = await store.db.selectFrom('records').select((e) => e.fn.max('received_at').as('at')).where('case_id', '=', row.id).where('removed_at', 'is', null).executeTakeFirst()
  const ps = report?.facts.performanceStatus.find((p) => p.decisive)
  const recognised = report?.documents.flatMap((d) => d.pages).filter((p) => p.text === 'ocr') ?? []
  const decided = row.state === 'decided' || row.state === 'closed'
  return claim.lines.map((line): ExportRow => {
    const found = report?.lines.find((l) => l.line === line.line)
    const holds = row.lines.find((l) => l.line === line.line)
    const course = report?.courses.find((c) => c.lines.includes(line.line))
    const count = (status: string): number | null => found?.requirements.filter((r) => r.status === status).length ?? null
    const own = decisions.filter((d) => d.stands && d.line === line.line && d.action !== 'withdraw')
    return {
      case_id: row.number, claim_id: row.claim, line_no: line.line, member_hash: claim.patient.memberId === null ? null : store.mark(`member ${who.organisation} ${claim.patient.memberId}`).slice(0, 16),
      provider_npi: claim.provider.npi, tin: claim.provider.taxId ?? null, dos_from: line.serviceDate, dos_to: line.serviceDateEnd ?? line.serviceDate, lob: claim.lineOfBusiness ?? null, pos: line.placeOfService,
      code: line.code, mods: line.modifiers.join(' '), units_billed: line.units, units_supported: holds?.unitsSupported ?? found?.unitsSupported ?? null, dx_codes: distinct(line.diagnosisPointers.map((p) => claim.diagnoses[p - 1])),
      dx_flags: distinct((found?.edits ?? []).map((e) => e.kind).filter((k) => k.startsWith('diagnosis-'))), course_id: course === undefined ? null : `${row.number}-${course.label ?? course.course}`,
      fractions_billed: course?.billed ?? null, fractions_delivered: course?.delivered?.value ?? null, checklist_id: distinct(found?.requirements.map((r) => r.id.split('.')[0]) ?? []), checklist_version: found?.policyVersion ?? null,
      policy_version: found?.policyVersion ?? null, items_met: count('met'), items_partial: count('partial'), items_missing: count('not-met'),
      missing_item_ids: distinct(found?.requirements.filter((r) => r.status === 'not-met' || r.status === 'partial' || r.status === 'triggered').map((r) => r.id) ?? []),
      rule_hits: distinct(found?.rules.filter((r) => r.effect !== 'note').map((r) => r.id) ?? []), denial_codes: distinct(found?.rules.flatMap((r) => r.denialCodes) ?? []), carc: found ? suggestedOf(found, 'CARC') : null, rarc: found ? suggestedOf(found, 'RARC') : null,
      medical_necessity_flag: found?.requirements.some((r) => OPEN.includes(r.status) && r.suggested?.some((s) => s.list === 'CARC' && s.code === NECESSITY)) ? 'clinician' : '',
      ps_value: ps === undefined ? null : ps.low === ps.high ? String(ps.low) : `${ps.low}-${ps.high}`, ps_scale: ps?.scale ?? null, ps_date: ps?.date ?? null,
      signature_flags: report !== null && found ? signatureFlags(report, found) : null, identity_flags: report?.problems.some((p) => p.id === 'other-patient') ? 'other-patient' : '', page_count: row.pages, pages_unreadable: row.unreadable,
      ocr_quality: recognised.length === 0 ? null : Math.round((recognised.reduce((sum, p) => sum + p.legibility, 0) / recognised.length) * 100) / 100, priority_score: row.priority,
      charge: line.charge, amount_at_risk: holds && holds.determination !== 'supported' ? line.charge : holds && line.charge !== null && line.units > 0 ? Math.round(line.charge * (1 - holds.unitsSupported / line.units) * 100) / 100 : holds ? 0 : null,
      record_status: row.records === 0 ? 'none' : row.run, request_date: row.receivedOn, due_date: row.dueOn, received_date: last?.at ? new Date(last.at).toISOString().slice(0, 10) : null,
      reviewer: row.assignee?.name ?? null, status: row.state, override_flag: own.some((d) => d.action === 'override') ? 'yes' : 'no',
      determination: holds?.determination ?? null, machine_determination: found?.determination ?? null, determination_date: decided ? (signed?.at.slice(0, 10) ?? null) : null,
      notes: own.filter((d) => d.note !== '').map((d) => `${d.subject ?? 'line'}: ${d.note}`).join(' | '), engine: report?.made.engine ?? null, dictionaries: report?.made.dictionaries ?? null,
    }
  })
}
