// Numbers of ports, areas, isocenters and devices, and energies, as the record gives them, each with its place. May not: judge a line.
import type { Document } from '../document/document.ts'
import type { Statement } from '../note/note.ts'
import { evidenceAt, type Chart, type ChartNote } from './chart.ts'
import { fieldColumn, namedFields, planOf } from './field-list.ts'
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
const AREA_UNITS: ReadonlySet<string> = new Set(['area', 'site'])
/** What a machine makes of a field is no field of the plan. */
const OF_A_FIELD = /\b(?:deliverable|sub-?fields?|segments?|split)\b/i
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
  const named = (concept: string, value: number): { value: number; at: () => Evidence; plan: string }[] => notes.flatMap((note) =>
    note.mentions.filter((m) => m.concept === concept && m.assertion.presence === 'present' && m.assertion.time !== 'historical' && m.assertion.subject === 'patient' && !note.boilerplate.has(m.statement))
      .map((m) => ({ value, at: () => statementEvidence(chart, note, m.statement, m), plan: planOf(wordsAround(chart, note, m.statement), m.end - (note.statements[m.statement] as Statement).start) })))
  const ports = readPorts(chart, notes, named)
  const areas = largest(counts(AREA_UNITS))
  const isocenters = largest([...counts(new Set(['isocenter'])), ...named('one-isocenter', 1), ...named('several-isocenters', 2)])
  const kinds = ['photon-field', 'electron-field', 'proton-beam-delivery', 'brachy-source-therapy'].map((c) => named(c, 1)[0]).filter((k) => k !== undefined)
  const modalities = kinds.length === 0 ? null : { value: kinds.length, evidence: kinds.map((k) => k.at()) }
  const energies = notes.flatMap((note) => note.measures
    .filter((m) => m.kind === 'energy' && /^me?v/i.test(m.unit) && m.low >= 1 && m.high <= 30 && !note.boilerplate.has(m.statement))
    .flatMap((m) => [...new Set([m.low, m.high])].map((value): Energy => ({ value, evidence: statementEvidence(chart, note, m.statement, m) }))))
  return { ports, areas, isocenters, modalities, energies }
}

function wordsAround(chart: Chart, note: ChartNote, statement: number): string {
  const s = note.statements[statement]
  return s ? (chart.documents[note.document] as Document).text.slice(s.start, s.end) : ''
}

interface Candidate {
  readonly value: number
  readonly plan: string
  readonly at: () => Evidence
}

/** Ports of the course: the largest number that any place gives for a plan, and the sum over plans that are told apart. A boost comes beside the plan before it. */
function readPorts(chart: Chart, notes: readonly ChartNote[], named: (concept: string, value: number) => { value: number; at: () => Evidence; plan: string }[]): Counted | null {
  const textOf = (note: ChartNote): string => (chart.documents[note.document] as Document).text
  const wordsOf = (note: ChartNote, statement: number): string => wordsAround(chart, note, statement)
  const column = new Map<string, { note: ChartNote; statement: number }>()
  const candidates: Candidate[] = notes.flatMap((note): Candidate[] => {
    const text = textOf(note)
    const at = (statement: number) => () => statementEvidence(chart, note, statement, note.statements[statement] as Statement)
    const counted = note.measures.filter((m) => m.kind === 'count' && PORT_UNITS.has(m.unit) && Number.isInteger(m.high) && m.high >= 1 && m.high <= MOST_PORTS && !note.boilerplate.has(m.statement)
      && !OF_A_FIELD.test(text.slice(m.start, m.end + 12).split(',', 1)[0] as string)).map((m): Candidate => ({ value: m.high, plan: planOf(wordsOf(note, m.statement), m.end - (note.statements[m.statement] as Statement).start), at: () => statementEvidence(chart, note, m.statement, m) }))
    // `AP/PA each` for two areas are four.
    const areas = Math.max(0, ...note.measures.filter((m) => m.kind === 'count' && AREA_UNITS.has(m.unit) && m.high <= 12).map((m) => m.high))
    const each = areas < 2 ? [] : note.mentions.filter((m) => m.concept === 'opposed-fields' && m.assertion.presence === 'present' && /\beach\b/i.test(wordsOf(note, m.statement)))
      .map((m): Candidate => ({ value: 2 * areas, plan: '', at: at(m.statement) }))
    const listed = [...namedFields(note.statements, text, (i) => note.boilerplate.has(i))].map(([plan, f]): Candidate => ({ value: f.value, plan, at: at(f.statement) }))
    const table = fieldColumn(note.statements, text)
    for (const name of table?.names ?? []) if (table && !column.has(name)) column.set(name, { note, statement: table.statement })
    return [...counted, ...each, ...listed]
  })
  // Plans of one course add up; the same name in two tables is one field.
  const first = [...column.values()][0]
  if (first && column.size <= MOST_PORTS) candidates.push({ value: column.size, plan: '', at: () => statementEvidence(chart, first.note, first.statement, first.note.statements[first.statement] as Statement) })
  const written = candidates.length > 0
  // Where arcs are named and not counted, a pair of fields beside them is another plan: the number of ports is not known.
  if (!written && named('rotational-beam', 1).length > 0) return null
  for (const [concept, value] of [['opposed-fields', 2], ['single-field', 1], ['tangential-fields', 2], ['four-field-box', 4]] as const) {
    for (const m of named(concept, value)) candidates.push({ value, plan: m.plan, at: m.at })
  }
  const best = new Map<string, Candidate>()
  for (const c of candidates) if (c.value > (best.get(c.plan)?.value ?? 0)) best.set(c.plan, c)
  if (best.size === 0) return null
  const told = [...best.values()].filter((c) => c.plan !== '' && c.plan !== 'boost')
  const whole = best.get('')
  const sum = told.reduce((n, c) => n + c.value, 0)
  const main = (whole?.value ?? 0) >= sum ? (whole ? [whole] : []) : told
  const used = [...main, ...[best.get('boost')].filter((c) => c !== undefined)]
  return { value: used.reduce((n, c) => n + c.value, 0), evidence: used.slice(0, 3).map((c) => c.at()) }
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
