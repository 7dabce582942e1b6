// Sentences for people about national tables and what they say of a line. May not: decide anything; print.
import type { TableCite } from '../dictionary/reference-tables.ts'
import type { EditKind, TableEdit } from '../review/table-edits.ts'
import { fill, joinAnd } from './plain.ts'

const NAMES: Readonly<Record<TableCite['table'], string>> = {
  icd10cm: 'ICD-10-CM', 'ncci-ptp': 'national procedure-to-procedure edits', 'ncci-mue': 'national medically unlikely edits', 'fee-indicators': 'indicators of the physician fee schedule', places: 'place of service codes', modifiers: 'modifiers',
}

const QUARTERS = ['first', 'second', 'third', 'fourth']

/** `national procedure-to-procedure edits for practitioners, third quarter of 2024`; diagnoses by fiscal year. */
export function tableWords({ table, setting, effective }: TableCite): string {
  const [year, month] = [Number(effective.slice(0, 4)), Number(effective.slice(5, 7))]
  const when = table === 'icd10cm' ? (month >= 10 ? `fiscal year ${year + 1}` : `from ${effective}`) : month % 3 === 1 && effective.endsWith('-01') ? `${QUARTERS[(month - 1) / 3]} quarter of ${year}` : `from ${effective}`
  return `${NAMES[table]}${setting === null ? '' : setting === 'hospital' ? ' for outpatient hospitals' : ' for practitioners'}, ${when}`
}

// {code} that of the line or the diagnosis · {other} the other code · {lines} the other lines · {modifier} · {counted} {limit} units
const EDITS: Readonly<Record<EditKind, string>> = {
  'bundled-never': '{code} is bundled into {other} of the same day[ (line {lines})], and no modifier separates them',
  'bundled-without-modifier': '{code} is bundled into {other} of the same day[ (line {lines})] unless a modifier says why they are separate, and none does',
  'bundled-with-modifier': '{code} is bundled into {other} of the same day[ (line {lines})] unless they are separate; a modifier says so, and the record has to show it',
  'units-over-most': '{counted} units of {code} are billed for one day[, together with line {lines}], and {limit} are likely at most; more need clinical evidence',
  'units-over-most-absolute': '{counted} units of {code} are billed for one day[, together with line {lines}], and {limit} are possible at most',
  'component-modifier-on-professional': '{code} is professional only and takes no modifier {modifier}',
  'component-modifier-on-technical': '{code} is technical only and takes no modifier {modifier}',
  'component-modifier-on-whole': '{code} has no components and takes no modifier {modifier}',
  'whole-service-in-facility': '{code} is billed whole in a facility, where the professional component (26) is expected',
  'technical-service-in-facility': '{code} is technical only, which in a facility the facility bills',
  'professional-service-on-institutional': '{code} is professional only and is billed on an institutional claim',
  'place-unknown': '{code} is no place of service',
  'diagnosis-not-billable': '{code} is a heading and not a billable diagnosis',
  'diagnosis-not-in-table': '{code} is no diagnosis code',
  'diagnosis-may-be-new': '{code} is not in the table at hand, which is older than the code set of the day of service; load the current one',
  'diagnosis-unspecified': '{code} is unspecified by its descriptor',
  'diagnosis-names-no-site': '{code} names no definite site; the record has to show why',
}

export function explainEdit(edit: TableEdit): string {
  const [first, second] = edit.codes
  const says = fill(EDITS[edit.kind], {
    code: first ?? null, other: second ?? null, modifier: second ?? null, lines: edit.lines.length < 2 ? null : joinAnd(edit.lines.slice(1).map(String)),
    counted: edit.counted === null ? null : `${edit.counted}`, limit: edit.limit === null ? null : `${edit.limit}`,
  })
  const supports = edit.supports.map((s) => {
    const at = s.evidence[0]
    return `${s.code}${at === undefined ? '' : ` (${at.file} p. ${at.page})`}`
  })
  return `${says}${supports.length === 0 ? '' : `; the records would support ${joinAnd(supports)}`} (${tableWords(edit.table)}).`
}
