// The worklist as CSV, a row a billed line, with the fields payers ask for. May not: put a patient's name into it.
import { claimOf } from './cases.ts'
import type { Context, Who } from './context.ts'
import { reportOf } from './case-routes.ts'
import { decisionsOf } from './decisions.ts'
import type { CaseRow } from './shapes.ts'

const COLUMNS = [
  'case_id', 'claim_id', 'line_no', 'member_hash', 'provider_npi', 'dos_from', 'dos_to', 'pos', 'code', 'mods', 'units_billed', 'units_supported', 'dx_codes', 'policy_version', 'items_met',
  'items_partial', 'items_missing', 'missing_item_ids', 'rule_hits', 'denial_codes', 'ps_value', 'ps_scale', 'ps_date', 'identity_flags', 'page_count', 'pages_unreadable', 'ocr_quality', 'priority_score',
  'amount_at_risk', 'record_status', 'received_date', 'due_date', 'reviewer', 'status', 'override_flag', 'determination', 'machine_determination', 'determination_date', 'engine', 'dictionaries',
] as const

/** Spreadsheets run what begins with these as a formula. */
const cell = (value: string | number | null | undefined): string => {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export async function csvOf(context: Context, who: Who, rows: readonly CaseRow[], withHeader: boolean): Promise<string> {
  const { store } = context
  let out = withHeader ? `${COLUMNS.join(',')}\r\n` : ''
  for (const row of rows) {
    const sealed = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.claim_id', 'claims.sealed']).where('cases.id', '=', row.id).executeTakeFirstOrThrow()
    if (sealed.sealed === '') continue
    const claim = claimOf(store, sealed)
    const stored = await reportOf(context, who, row.id)
    const decisions = await decisionsOf(store, row.id)
    const signed = decisions.filter((d) => d.target === 'case' && d.stands && d.round !== 'blind').at(-1)
    const ps = stored?.report.facts.performanceStatus.find((p) => p.decisive)
    const read = stored?.report.documents.flatMap((d) => d.pages).filter((p) => p.text === 'ocr') ?? []
    for (const line of claim.lines) {
      const found = stored?.report.lines.find((l) => l.line === line.line)
      const holds = row.lines.find((l) => l.line === line.line)
      const count = (status: string): number | string => found?.requirements.filter((r) => r.status === status).length ?? ''
      const values: Record<(typeof COLUMNS)[number], string | number | null | undefined> = {
        case_id: row.number, claim_id: row.claim, line_no: line.line,
        member_hash: claim.patient.memberId === null ? '' : store.mark(`member ${who.organisation} ${claim.patient.memberId}`).slice(0, 16),
        provider_npi: claim.provider.npi, dos_from: line.serviceDate, dos_to: line.serviceDateEnd ?? line.serviceDate, pos: line.placeOfService, code: line.code, mods: line.modifiers.join(' '),
        units_billed: line.units, units_supported: holds?.unitsSupported, dx_codes: line.diagnosisPointers.map((p) => claim.diagnoses[p - 1]).join(' '), policy_version: found?.policyVersion,
        items_met: count('met'), items_partial: count('partial'), items_missing: count('not-met'), missing_item_ids: holds?.missing.join(' '), rule_hits: holds?.rules.join(' '),
        denial_codes: [...new Set(found?.rules.flatMap((r) => r.denialCodes))].join(' '), ps_value: ps && (ps.low === ps.high ? ps.low : `${ps.low}-${ps.high}`), ps_scale: ps?.scale, ps_date: ps?.date,
        identity_flags: stored?.report.problems.some((p) => p.id === 'other-patient') ? 'other-patient' : '', page_count: row.pages, pages_unreadable: row.unreadable,
        ocr_quality: read.length === 0 ? '' : Math.round((read.reduce((sum, p) => sum + p.legibility, 0) / read.length) * 100) / 100, priority_score: row.priority,
        amount_at_risk: holds && holds.determination !== 'supported' ? line.charge : 0, record_status: row.records === 0 ? 'none' : row.run, received_date: row.receivedOn, due_date: row.dueOn,
        reviewer: row.assignee?.name, status: row.state, override_flag: decisions.some((d) => d.stands && d.action === 'override' && d.line === line.line) ? 'yes' : 'no',
        determination: holds?.determination, machine_determination: found?.determination, determination_date: signed?.at.slice(0, 10), engine: stored?.report.made.engine, dictionaries: stored?.report.made.dictionaries,
      }
      out += `${COLUMNS.map((c) => cell(values[c])).join(',')}\r\n`
    }
  }
  return out
}
