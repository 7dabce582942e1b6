// Fractions delivered and not delivered, from treatment tables, dated entries and visit notes. May not: count or bill.
import type { Span } from '../base/span.ts'
import type { Document } from '../document/document.ts'
import type { IsoDate } from '../note/note.ts'
import type { ChartNote } from './chart.ts'
import { ofStatement } from '../note/of-statement.ts'

export interface FractionRecord {
  readonly date: IsoDate
  /** In cGy, of that day; null where the record gives none. */
  readonly dose: number | null
  readonly number: number | null
  readonly delivered: boolean
  /** Seconds of each stated or start-stop duration of that entry. */
  readonly durations: readonly number[]
  readonly note: number
  readonly statement: number
  readonly span: Span
}

const RECORD_TYPES = new Set(['treatment-record', 'electronic-brachytherapy-record', 'proton-record', 'superficial-record', 'brachytherapy-procedure',
  'image-guidance-record', 'sbrt-management', 'srs-management', 'on-treatment-visit', 'completion', 'daily-setup', 'unknown'])

/** Kinds of sheets that may hold a log besides what they are named for. */
const SHEET_TYPES = new Set(['weekly-physics', 'physics-misc', 'initial-chart-check', 'prescription', 'plan-report', 'dose-calculation', 'nursing', 'imrt-qa', 'in-vivo-dosimetry'])

/** Of these a dated sentence with a dose says that it was given, unless it says otherwise. */
const DELIVERY_TYPES = new Set(['treatment-record', 'electronic-brachytherapy-record', 'proton-record', 'superficial-record', 'srs-management'])
const DELIVERED_WORD = /\b(?:deliver(?:ed|y)|given|treated|received|administered|completed)\b/i
const NOT_YET = /\b(?:will|plan(?:ned)?|to be|prescri|schedul|intend|pending|ordered)/i

const DOSE_COLUMN = /\b(?:c?gy|dose|delivered|rx|given)\b/i
const CUMULATIVE_COLUMN = /\b(?:cum|total|to date|sum|accum)/i
const DATE_OR_FRACTION_COLUMN = /\b(?:date|day|fx|fraction|#|session|no)\b/i
const NUMBER = /^\s*~?(\d[\d,]*(?:\.\d+)?)\s*(?:c?gy)?(?:\s*\(.*\))?\s*$/i

/** `725 / 3625 cGy`, `10.0 of 50.0 Gy`: today's dose of the course's. */
const OF_TOTAL = /(?<![\d./])(\d{1,4}(?:\.\d+)?)\s*(?:of|\/)\s*(\d{2,5}(?:\.\d+)?)\s*(c?Gy)\b/i

function inCentigray(value: number, unit: string): number | null {
  const dose = /^c/i.test(unit) ? value : value * 100
  return dose >= LEAST && dose <= MOST ? dose : null
}

/** Plausible dose of one day in cGy; a figure without a unit outside it is no dose. */
const LEAST = 50
const MOST = 3500

/** All dated rows and entries of a note that say a fraction was given, or was not. */
export function findFractions(note: ChartNote, document: Document): FractionRecord[] {
  const holds = (types: ReadonlySet<string>): boolean => types.has(note.type) || note.also.some((t) => types.has(t))
  // A treatment log on a sheet of another kind is still a log: its columns say so.
  const onlyLogs = !holds(RECORD_TYPES)
  if (onlyLogs && !holds(SHEET_TYPES)) return []
  const delivers = holds(DELIVERY_TYPES)
  const text = document.text
  const out: FractionRecord[] = []
  note.statements.forEach((s, i) => {
    const date = note.days[i]
    if (!date || s.kind === 'page-edge' || s.kind === 'heading') return
    const log = s.kind === 'row' && s.columns >= 0 ? logNumber(text, s, note.statements[s.columns] as Span) : null
    if (onlyLogs && log === null) return
    const dated = ofStatement(note.dates, i).some((d) => d.date === date) || (note.date === date && (s.kind !== 'row' || (s.columns < 0 && text.slice(s.start, s.end).split('\t').length <= 3)))
    const ofSheet = !dated && delivers && note.date === date && s.kind === 'row' && s.columns >= 0 && givenColumn(text, note.statements[s.columns] as Span)
    if (!dated && !ofSheet) return
    const mentions = ofStatement(note.mentions, i)
    let refused = mentions.some((m) => m.concept === 'not-treated' || m.concept === 'fraction-cancelled' || m.concept === 'proton-machine-down')
    const measures = ofStatement(note.measures, i)
    const ofTotal = OF_TOTAL.exec(text.slice(s.start, s.end))
    let dose = measures.find((m) => m.kind === 'dose' && m.low >= LEAST && m.low <= MOST)?.low ?? null
    if (ofTotal) dose = inCentigray(Number((ofTotal[1] as string).replaceAll(',', '')), ofTotal[3] as string) ?? dose
    const number = measures.find((m) => m.kind === 'fraction-number')?.low ?? log
    let given = mentions.some((m) => m.concept === 'fraction-delivered' && m.assertion.presence === 'present' && m.assertion.time === 'current')
    const words = text.slice(s.start, s.end)
    if (s.kind !== 'row' && dose !== null && delivers && DELIVERED_WORD.test(words) && !NOT_YET.test(words)) given = true
    if (s.kind === 'row') {
      const row = readRow(text, s, s.columns >= 0 ? (note.statements[s.columns] as Span) : null)
      if (row.dose !== null) dose = row.dose
      if (number !== 1 && noughtBeforeTotal(words)) refused = true
      if (row.none && !mentions.some((m) => m.concept === 'fraction-delivered')) refused = true
      if (row.dose !== null && !refused) given = true
      // A dated row of figures in a delivery record is a fraction, also where its dose stands elsewhere.
      if (delivers && !refused && figures(words) >= 2) given = true
    }
    if (!given && !refused) return
    out.push({
      date, dose: given && !refused ? dose : null, number, delivered: given && !refused,
      durations: ofStatement(note.durations, i).map((d) => d.seconds), note: note.note, statement: i, span: { start: s.start, end: s.end },
    })
  })
  return out
}

/** Columns of a sheet of one day, without dates, that say what was given: `Shot group | Collimator | Dose delivered Gy`. */
function givenColumn(text: string, columns: Span): boolean {
  const heads = text.slice(columns.start, columns.end).split('\t')
  return heads.some((h) => DELIVERED_WORD.test(h) && /\b(?:dose|c?gy)\b/i.test(h)) && !heads.some((h) => /\bdate\b/i.test(h))
}

/** Under `Fx | Date | Dose`: the number of the fraction, the last one of a range, or null where the row is no row of a log. */
function logNumber(text: string, row: Span, columns: Span): number | null {
  const heads = text.slice(columns.start, columns.end).split('\t').map((h) => h.trim())
  const at = heads.findIndex((h) => /^(?:fx|fxs|frx?|fractions?|tx|treatment)(?: ?(?:#|no\.?|number))?$/i.test(h))
  if (at < 0 || !heads.some((h) => /^date/i.test(h)) || !heads.some((h) => DOSE_COLUMN.test(h))) return null
  const m = /^(?:\d{1,2} ?[-–] ?)?(\d{1,2}) ?(?:\/ ?\d{1,2}|of \d{1,2})?$/.exec((text.slice(row.start, row.end).split('\t')[at] ?? '').trim())
  return m ? Number(m[1]) : null
}

/** `0 Gy | 12 Gy`: a dose of nought, and the total before it. Three doses may begin with the total of the day before. */
function noughtBeforeTotal(row: string): boolean {
  const doses = row.split('\t').filter((c) => /^\s*[\d,.]+\s*c?Gy\s*$/i.test(c))
  return doses.length > 0 && doses.length <= 2 && Number.parseFloat(doses[0] as string) === 0
}

/** Cells that hold figures, the date's own cell left out. */
const figures = (row: string): number => row.split('\t').filter((c) => /\d/.test(c) && !/\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}/.test(c)).length

/** The dose cell of a treatment row: the first figure below a dose column that is not cumulative. */
function readRow(text: string, row: Span, columns: Span | null): { dose: number | null; none: boolean } {
  const cells = text.slice(row.start, row.end).split('\t')
  if (!columns) return { dose: null, none: false }
  const heads = text.slice(columns.start, columns.end).split('\t')
  const unit = /\bc?Gy\b/i.exec(heads.join(' '))?.[0].toLowerCase() ?? null
  for (let c = 0; c < Math.min(cells.length, heads.length); c++) {
    const head = heads[c] as string
    if (!DOSE_COLUMN.test(head) || CUMULATIVE_COLUMN.test(head) || (DATE_OR_FRACTION_COLUMN.test(head) && !/dose|gy/i.test(head))) continue
    const m = NUMBER.exec(cells[c] as string)
    if (!m) continue
    const value = Number((m[1] as string).replaceAll(',', ''))
    // A nought in the dose column: nothing was given that day.
    if (value === 0) return { dose: null, none: true }
    const gray = /\d\s*gy/i.test(cells[c] as string) && !/cgy/i.test(cells[c] as string) ? true : /\bgy\b/i.test(head) ? true : /cgy/i.test(head) ? false : unit === 'gy' ? true : unit === 'cgy' ? false : value < LEAST
    const dose = gray ? value * 100 : value
    if (dose >= LEAST && dose <= MOST) return { dose, none: false }
  }
  return { dose: null, none: false }
}
