// What national tables say of the lines of a claim: bundled pairs, units a day, components, places, diagnoses. May not: decide a line; read the records; make sentences.
import type { Claim, ClaimLine } from '../claim/claim.ts'
import {
  citeOfTable, diagnosisOn, feeIndicatorsOn, modifierOn, pairEditOn, placeOn, tableOn, TABLE_KINDS, TRULY_UNSPECIFIED, unitEditOn,
  type ReferenceTable, type Setting, type TableCite, type Unspecified,
} from '../dictionary/reference-tables.ts'
import { dayNumber, type Chart } from './chart.ts'
import { specificCodes, type SupportedDiagnosis } from './specific-diagnoses.ts'

export const EDIT_KINDS = [
  'bundled-never', 'bundled-without-modifier', 'bundled-with-modifier', 'units-over-most', 'units-over-most-absolute', 'component-modifier-on-professional', 'component-modifier-on-technical', 'component-modifier-on-whole',
  'whole-service-in-facility', 'technical-service-in-facility', 'professional-service-on-institutional', 'place-unknown', 'diagnosis-not-billable', 'diagnosis-not-in-table', 'diagnosis-may-be-new', 'diagnosis-unspecified', 'diagnosis-names-no-site',
] as const
export type EditKind = (typeof EDIT_KINDS)[number]

/** `finding`: the table contradicts the line; `information`: worth knowing, and no contradiction. */
export type EditWeight = 'finding' | 'information'

export interface TableEdit {
  readonly kind: EditKind
  readonly weight: EditWeight
  /** Lines of the claim it is about, the one told first. */
  readonly lines: readonly number[]
  /** Codes it names, that of the line first where it is one. */
  readonly codes: readonly string[]
  readonly counted: number | null
  readonly limit: number | null
  /** How a diagnosis is unspecified. */
  readonly unspecified: Unspecified | null
  /** Codes that the records would support instead of a diagnosis that says too little. */
  readonly supports: readonly SupportedDiagnosis[]
  readonly table: TableCite
}

const SIDE: Readonly<Record<string, 'professional' | 'technical'>> = { '26': 'professional', TC: 'technical' }

const edit = (kind: EditKind, weight: EditWeight, lines: readonly number[], codes: readonly string[], table: TableCite, more: Partial<TableEdit> = {}): TableEdit =>
  ({ kind, weight, lines, codes, counted: null, limit: null, unspecified: null, supports: [], table, ...more })

export const settingOf = (claim: Claim): Setting => (claim.claimForm === 'institutional' ? 'hospital' : 'practitioner')

const SAYS_TOO_LITTLE: ReadonlySet<EditKind> = new Set(['diagnosis-unspecified', 'diagnosis-not-billable'])

/** What the tables say of the claim, with the diagnoses that the chart would support where one says too little. */
export function tableEditsOf(chart: Chart, tables: readonly ReferenceTable[]): ReadonlyMap<number, readonly TableEdit[]> {
  const edits = tableEdits(chart.claim, tables)
  const vague = [...edits.values()].flat().filter((e) => SAYS_TOO_LITTLE.has(e.kind)).flatMap((e) => e.codes)
  const specific = specificCodes(chart, vague, tables)
  return new Map([...edits].map(([line, list]) => [line, list.map((e) => (SAYS_TOO_LITTLE.has(e.kind) ? { ...e, supports: specific.get(e.codes[0] ?? '') ?? [] } : e))]))
}

/** By line number, in the order of the kinds. */
export function tableEdits(claim: Claim, tables: readonly ReferenceTable[]): ReadonlyMap<number, readonly TableEdit[]> {
  const setting = settingOf(claim)
  const all = claim.lines.flatMap((line) => [
    ...pairs(line, claim, tables, setting), ...units(line, claim, tables, setting), ...components(line, claim, tables), ...places(line, tables), ...diagnoses(line, claim, tables),
  ].map((e) => [line.line, e] as const))
  const out = new Map<number, TableEdit[]>()
  for (const [line, e] of all) out.set(line, [...(out.get(line) ?? []), e])
  return out
}

/** The tables that were looked into for the days of the claim. */
export function tablesInForce(claim: Claim, tables: readonly ReferenceTable[]): TableCite[] {
  const setting = settingOf(claim)
  const used = new Set<ReferenceTable>()
  for (const { serviceDate } of claim.lines) {
    for (const kind of TABLE_KINDS) {
      const t = tableOn(tables, kind, serviceDate, setting)
      if (t) used.add(t)
    }
  }
  return [...used].map(citeOfTable).sort((a, b) => (`${a.table} ${a.effective}` < `${b.table} ${b.effective}` ? -1 : 1))
}

/** Told on the line that is bundled into the other; lines paid earlier count as the other. */
function pairs(line: ClaimLine, claim: Claim, tables: readonly ReferenceTable[], setting: Setting): TableEdit[] {
  const others = [...claim.lines.filter((l) => l !== line).map((l) => ({ l, own: true })), ...claim.history.map((l) => ({ l, own: false }))].filter(({ l }) => l.serviceDate === line.serviceDate && l.code !== line.code)
  return others.flatMap(({ l, own }) => {
    const pair = pairEditOn(tables, setting, line.code, l.code, line.serviceDate)
    if (pair === null || pair.column2 !== line.code) return []
    const separated = [...line.modifiers, ...l.modifiers].some((m) => modifierOn(tables, m, line.serviceDate)?.use === 'separates')
    const kind = !pair.modifierAllowed ? 'bundled-never' : separated ? 'bundled-with-modifier' : 'bundled-without-modifier'
    return [edit(kind, kind === 'bundled-with-modifier' ? 'information' : 'finding', [line.line, ...(own ? [l.line] : [])], [line.code, l.code], pair.table)]
  })
}

const daysOf = (l: ClaimLine): number => (l.serviceDateEnd === null ? 1 : dayNumber(l.serviceDateEnd) - dayNumber(l.serviceDate) + 1)
const componentOf = (l: ClaimLine): string => l.modifiers.find((m) => m in SIDE) ?? ''

/** Told on the line with which the day goes over. */
function units(line: ClaimLine, claim: Claim, tables: readonly ReferenceTable[], setting: Setting): TableEdit[] {
  const most = unitEditOn(tables, setting, line.code, line.serviceDate)
  if (most === null) return []
  const perDay = line.units / daysOf(line)
  const alike = (l: ClaimLine): boolean => l.code === line.code && l.serviceDate === line.serviceDate && componentOf(l) === componentOf(line)
  const before = most.adjudication === 1 ? [] : claim.lines.slice(0, claim.lines.indexOf(line)).filter(alike)
  const earlier = most.adjudication === 1 ? 0 : claim.history.filter(alike).reduce((n, l) => n + l.units / daysOf(l), 0)
  const counted = perDay + earlier + before.reduce((n, l) => n + l.units / daysOf(l), 0)
  if (counted <= most.most) return []
  return [edit(most.adjudication === 2 ? 'units-over-most-absolute' : 'units-over-most', 'finding', [line.line, ...before.map((l) => l.line)], [line.code], most.table, { counted: Math.round(counted * 100) / 100, limit: most.most })]
}

function components(line: ClaimLine, claim: Claim, tables: readonly ReferenceTable[]): TableEdit[] {
  const indicators = feeIndicatorsOn(tables, line.code, line.serviceDate)
  if (indicators === null) return []
  const { component, table } = indicators
  const modifier = componentOf(line)
  const institutional = claim.claimForm === 'institutional'
  const tell = (kind: EditKind, weight: EditWeight): TableEdit[] => [edit(kind, weight, [line.line], [line.code, ...(modifier === '' ? [] : [modifier])], table)]
  if (modifier !== '') {
    if (component === '2') return tell('component-modifier-on-professional', 'finding')
    if (component === '3') return tell('component-modifier-on-technical', 'finding')
    return component === '0' ? tell('component-modifier-on-whole', 'finding') : []
  }
  if (institutional) return component === '2' ? tell('professional-service-on-institutional', 'finding') : []
  const facility = line.placeOfService !== null && placeOn(tables, line.placeOfService, line.serviceDate)?.facility === true
  if (!facility) return []
  return component === '1' ? tell('whole-service-in-facility', 'finding') : component === '3' ? tell('technical-service-in-facility', 'information') : []
}

function places(line: ClaimLine, tables: readonly ReferenceTable[]): TableEdit[] {
  const table = tableOn(tables, 'places', line.serviceDate)
  return table === null || line.placeOfService === null || placeOn(tables, line.placeOfService, line.serviceDate) !== null ? [] : [edit('place-unknown', 'finding', [line.line], [line.placeOfService], citeOfTable(table))]
}

function diagnoses(line: ClaimLine, claim: Claim, tables: readonly ReferenceTable[]): TableEdit[] {
  const pointed = line.diagnosisPointers.length > 0 ? line.diagnosisPointers.flatMap((p) => claim.diagnoses[p - 1] ?? []) : claim.diagnoses
  return [...new Set(pointed)].flatMap((code) => {
    const answer = diagnosisOn(tables, code, line.serviceDate)
    if (answer === null) return []
    const tell = (kind: EditKind, weight: EditWeight, unspecified: Unspecified | null = null): TableEdit[] => [edit(kind, weight, [line.line], [code], answer.table, { unspecified })]
    switch (answer.state) {
      case 'header': return tell('diagnosis-not-billable', 'finding')
      case 'absent': return tell('diagnosis-not-in-table', 'finding')
      case 'absent-may-be-new': return tell('diagnosis-may-be-new', 'information')
      case 'outside': return []
      case 'valid': {
        const kind = answer.entry?.unspecified ?? null
        if (kind !== null && TRULY_UNSPECIFIED.has(kind)) return tell('diagnosis-unspecified', 'information', kind)
        return kind === 'without-the-word' ? tell('diagnosis-names-no-site', 'information', kind) : []
      }
    }
  })
}
