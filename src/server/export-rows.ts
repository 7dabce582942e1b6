// The worklist as rows for other programs, one a billed line, with the fields that payers ask for. May not: put a patient's name into one; know CSV or XLSX.
import { claimFieldsOf, diagnosesOf, lineFieldsOf } from '../report/line-fields.ts'
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

const words = (list: readonly string[] | undefined): string => (list ?? []).join(' ')

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
  const whole = report === null ? null : claimFieldsOf(report)
  const decided = row.state === 'decided' || row.state === 'closed'
  return claim.lines.map((line): ExportRow => {
    const found = report?.lines.find((l) => l.line === line.line)
    const holds = row.lines.find((l) => l.line === line.line)
    const of = report !== null && found ? lineFieldsOf(report, found) : null
    const course = report?.courses.find((c) => c.course === of?.course)
    const count = (status: string): number | null => found?.requirements.filter((r) => r.status === status).length ?? null
    const own = decisions.filter((d) => d.stands && d.line === line.line && d.action !== 'withdraw')
    return {
      case_id: row.number, claim_id: row.claim, line_no: line.line, member_hash: claim.patient.memberId === null ? null : store.mark(`member ${who.organisation} ${claim.patient.memberId}`).slice(0, 16),
      provider_npi: claim.provider.npi, tin: claim.provider.taxId ?? null, dos_from: line.serviceDate, dos_to: line.serviceDateEnd ?? line.serviceDate, lob: claim.lineOfBusiness ?? null, pos: line.placeOfService,
      code: line.code, mods: line.modifiers.join(' '), units_billed: line.units, units_supported: holds?.unitsSupported ?? found?.unitsSupported ?? null, dx_codes: words(diagnosesOf(claim, line)),
      dx_flags: words(of?.diagnosisFlags), course_id: course === undefined ? null : `${row.number}-${course.label ?? course.course}`,
      fractions_billed: of?.fractionsBilled ?? null, fractions_delivered: of?.fractionsDelivered ?? null, checklist_id: words(of?.checklists), checklist_version: found?.policyVersion ?? null,
      policy_version: found?.policyVersion ?? null, items_met: count('met'), items_partial: count('partial'), items_missing: count('not-met'),
      missing_item_ids: words(of?.missing),
      rule_hits: words([...new Set(found?.rules.filter((r) => r.effect !== 'note').map((r) => r.id) ?? [])]), denial_codes: words(of?.denialCodes), carc: of === null ? null : words(of.carc), rarc: of === null ? null : words(of.rarc),
      medical_necessity_flag: of?.clinician === true ? 'clinician' : '',
      ps_value: whole?.performance?.value ?? null, ps_scale: whole?.performance?.scale ?? null, ps_date: whole?.performance?.date ?? null,
      signature_flags: of === null ? null : words(of.signatureFlags), identity_flags: whole?.otherPatient === true ? 'other-patient' : '', page_count: row.pages, pages_unreadable: row.unreadable,
      ocr_quality: whole?.ocrQuality ?? null, priority_score: row.priority,
      charge: line.charge, amount_at_risk: holds && holds.determination !== 'supported' ? line.charge : holds && line.charge !== null && line.units > 0 ? Math.round(line.charge * (1 - holds.unitsSupported / line.units) * 100) / 100 : holds ? 0 : null,
      record_status: row.records === 0 ? 'none' : row.run, request_date: row.receivedOn, due_date: row.dueOn, received_date: last?.at ? new Date(last.at).toISOString().slice(0, 10) : null,
      reviewer: row.assignee?.name ?? null, status: row.state, override_flag: own.some((d) => d.action === 'override') ? 'yes' : 'no',
      determination: holds?.determination ?? null, machine_determination: found?.determination ?? null, determination_date: decided ? (signed?.at.slice(0, 10) ?? null) : null,
      notes: own.filter((d) => d.note !== '').map((d) => `${d.subject ?? 'line'}: ${d.note}`).join(' | '), engine: report?.made.engine ?? null, dictionaries: report?.made.dictionaries ?? null,
    }
  })
}
