// Numbers of ports, areas, isocenters and devices, and energies, as the record gives them, each with its place. May not: judge a line.
import type { Document } from '../document/document.ts'
import type { Statement } from '../note/note.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import type { Evidence } from './review.ts'

export interface Counted {
  readonly value: number
  readonly evidence: readonly Evidence[]
}

export interface Energy {
  /** MV of photons or MeV of electrons. */
  readonly value: number
  readonly evidence: Evidence
}

export interface PlanFacts {
  /** Ports, fields, beams or arcs: the largest number that any place gives, so that no unit is refused for a field written elsewhere. */
  readonly ports: Counted | null
  readonly areas: Counted | null
  readonly isocenters: Counted | null
  /** Of photons, electrons, protons, brachytherapy: how many are named as used. */
  readonly modalities: Counted | null
  readonly energies: readonly Energy[]
}

/** Where fields and devices are described. A consultation weighs alternatives and a special physics report speaks of former plans, so their fields are no fact. */
const PLAN_TYPES: ReadonlySet<string> = new Set(['prescription', 'planning-note', 'simulation', 'plan-report', 'isodose', 'dose-calculation', 'treatment-record', 'devices', 'daily-setup',
  'proton-record', 'completion', 'imrt-qa', 'in-vivo-dosimetry', 'sbrt-management', 'srs-management', 'superficial-record', 'unknown'])

const PORT_UNITS: ReadonlySet<string> = new Set(['field', 'port', 'beam', 'arc'])
const FIELD_COLUMN = /^(?:field|fld|beam|port|portal|arc)s?(?: ?(?:id|name|no\.?|#|label))?$/i
const FIELD_TABLE = /\b(?:gantry|mu|monitor units|coll(?:imator)?|couch|energy|control points|wedge|weight|ssd)\b/i
/** Most fields or arcs that one course may have; above it a number was misread. */
const MOST_PORTS = 40

const FOUND = new WeakMap<Chart, PlanFacts>()

export function planFacts(chart: Chart): PlanFacts {
  let facts = FOUND.get(chart)
  if (!facts) FOUND.set(chart, (facts = readFacts(chart)))
  return facts
}

export const planNotes = (chart: Chart): ChartNote[] => chart.notes.filter((n) => n.evidential && n.ofThisCourse && (PLAN_TYPES.has(n.type) || n.also.some((t) => PLAN_TYPES.has(t))))

function readFacts(chart: Chart): PlanFacts {
  const notes = planNotes(chart)
  const largest = (candidates: readonly { value: number; at: () => Evidence }[]): Counted | null => {
    const value = Math.max(0, ...candidates.map((c) => c.value))
    return value === 0 ? null : { value, evidence: candidates.filter((c) => c.value === value).slice(0, 2).map((c) => c.at()) }
  }
  const counts = (units: ReadonlySet<string>): { value: number; at: () => Evidence }[] => notes.flatMap((note) =>
    note.measures.filter((m) => m.kind === 'count' && units.has(m.unit) && Number.isInteger(m.high) && m.high >= 1 && m.high <= MOST_PORTS && !note.boilerplate.has(m.statement))
      .map((m) => ({ value: m.high, at: () => statementEvidence(chart, note, m.statement, m) })))
  const named = (concept: string, value: number): { value: number; at: () => Evidence }[] => notes.flatMap((note) =>
    note.mentions.filter((m) => m.concept === concept && m.assertion.presence === 'present' && m.assertion.time !== 'historical' && m.assertion.subject === 'patient' && !note.boilerplate.has(m.statement))
      .map((m) => ({ value, at: () => statementEvidence(chart, note, m.statement, m) })))
  const written = [...counts(PORT_UNITS), ...fieldRows(chart, notes)]
  // Where arcs are named and not counted, a pair of fields beside them is another plan: the number of ports is not known.
  const modulated = named('rotational-beam', 1).length > 0
  const ports = written.length === 0 && modulated ? null : largest([...written, ...named('opposed-fields', 2), ...named('single-field', 1), ...named('tangential-fields', 2), ...named('four-field-box', 4)])
  const areas = largest(counts(new Set(['area', 'site'])))
  const isocenters = largest([...counts(new Set(['isocenter'])), ...named('one-isocenter', 1), ...named('several-isocenters', 2)])
  const kinds = ['photon-field', 'electron-field', 'proton-beam-delivery', 'brachy-source-therapy'].map((c) => named(c, 1)[0]).filter((k) => k !== undefined)
  const modalities = kinds.length === 0 ? null : { value: kinds.length, evidence: kinds.map((k) => k.at()) }
  const energies = notes.flatMap((note) => note.measures
    .filter((m) => m.kind === 'energy' && /^me?v/i.test(m.unit) && m.low >= 1 && m.high <= 30 && !note.boilerplate.has(m.statement))
    .flatMap((m) => [...new Set([m.low, m.high])].map((value): Energy => ({ value, evidence: statementEvidence(chart, note, m.statement, m) }))))
  return { ports, areas, isocenters, modalities, energies }
}

/** Rows below a header such as `Field | Gantry | MU`: each name is a field. Plans of one course add up; the same name in two places is one field. */
function fieldRows(chart: Chart, notes: readonly ChartNote[]): { value: number; at: () => Evidence }[] {
  const names = new Map<string, { note: ChartNote; statement: number }>()
  for (const note of notes) {
    const text = (chart.documents[note.document] as Document).text
    note.statements.forEach((s, i) => {
      const header = s.kind === 'row' && s.columns >= 0 ? (note.statements[s.columns] as Statement) : null
      if (!header) return
      const heads = text.slice(header.start, header.end).split('\t')
      if (!FIELD_COLUMN.test((heads[0] ?? '').trim()) || !FIELD_TABLE.test(heads.slice(1).join('\t'))) return
      const name = (text.slice(s.start, s.end).split('\t')[0] ?? '').trim().toLowerCase()
      if (name === '' || /^(?:total|sum|all|mean)\b/.test(name)) return
      if (!names.has(name)) names.set(name, { note, statement: i })
    })
  }
  const first = [...names.values()][0]
  return first && names.size <= MOST_PORTS ? [{ value: names.size, at: () => statementEvidence(chart, first.note, first.statement, first.note.statements[first.statement] as Statement) }] : []
}

/** What one device is called in several words is one device. */
function kindOf(words: string): string {
  if (/mask|aquaplast|thermoplastic|orfit|shell/.test(words)) return 'mask'
  if (/vac|bodyfix|cradle|bag/.test(words)) return 'bag'
  if (/bite|mouthpiece|tongue/.test(words)) return 'bite block'
  if (/bolus|superflab/.test(words)) return 'bolus'
  return words.replace(/[^a-z0-9]/g, '').replace(/s$/, '')
}

/** Different billable immobilization devices recorded up to a day; a day that is not known counts. */
export function immobilizationUntil(chart: Chart, day: string): Counted {
  const kinds = new Map<string, Evidence>()
  for (const note of planNotes(chart)) {
    const text = (chart.documents[note.document] as Document).text
    for (const m of note.mentions) {
      if (!['device-complex', 'device-intermediate', 'device-simple'].includes(m.concept) || m.assertion.presence !== 'present' || m.assertion.time === 'historical') continue
      const own = note.days[m.statement] ?? note.date
      if (own !== null && own > day) continue
      const kind = kindOf(text.slice(m.start, m.end).toLowerCase())
      if (!kinds.has(kind)) kinds.set(kind, statementEvidence(chart, note, m.statement, m))
    }
  }
  return { value: kinds.size, evidence: [...kinds.values()].slice(0, 3) }
}

/** Longest statement quoted whole, in characters. */
const QUOTED = 240

/** The whole statement as evidence where it is short, else the words themselves. */
export function statementEvidence(chart: Chart, note: ChartNote, statement: number, own: { readonly start: number; readonly end: number }): Evidence {
  const s = note.statements[statement]
  const whole = s && s.end - s.start <= QUOTED && own.start >= s.start && own.end <= s.end
  return evidenceAt(chart, note, whole ? s.start : own.start, whole ? s.end : own.end, 'for')
}
