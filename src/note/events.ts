// Treatments as a note tells them: dose, fractions, technique, energy and site that belong together, checked by arithmetic. May not: count or bill.
import type { Span } from '../base/span.ts'
import type { EventWords } from '../dictionary/events-dictionary.ts'
import type { Context } from '../dictionary/context-dictionary.ts'
import { assertIn } from './assertion.ts'
import type { Measure, Note, Statement } from './note.ts'

export type EventRole = 'prescribed' | 'delivered' | 'earlier'

export interface RadiationEvent extends Span {
  readonly statement: number
  readonly role: EventRole
  /** In cGy; null where not stated. */
  readonly dose: number | null
  readonly dosePerFraction: number | null
  readonly fractions: number | null
  /** Fractions a week; null where not stated. */
  readonly frequency: number | null
  readonly energies: readonly string[]
  readonly techniques: readonly string[]
  readonly isotopes: readonly string[]
  readonly site: string | null
  readonly laterality: 'left' | 'right' | 'bilateral' | null
  readonly boost: boolean
  /** Dwell or seed positions. */
  readonly sourcePositions: number | null
  /** Whether dose = fractions × dose per fraction; `incomplete` where one of the three is missing. */
  readonly arithmetic: 'agrees' | 'contradicts' | 'incomplete'
}

interface Draft {
  statement: number
  last: number
  start: number
  end: number
  dose: number | null
  dosePerFraction: number | null
  fractions: number | null
  frequency: number | null
  energies: string[]
  boost: boolean
}

/** Share by which fractions × dose per fraction may differ from the dose: doses per fraction are printed rounded. */
const ROUNDING = 0.01
/** Statements of a form between its dose and its fractions. */
const FORM_REACH = 4
/** Characters before a dose in which a word makes it a limit or a statistic. */
const LIMIT_REACH = 28
/** Characters between a dose and the site that follows it. */
const SITE_REACH = 40
/** Characters before a site in which its side stands. */
const SIDE_REACH = 30
const LEAST_DOSE = 100
const LEAST_PER_FRACTION = 50

const POSITIONS = /\b(\d{1,3})\s+(?:dwell|source|seed)s?\s*(?:positions?|s)?\b/i
const SIDE = /\b(?:([Ll]eft|LEFT|[Ll]t\.?|L)|([Rr]ight|RIGHT|[Rr]t\.?(?=\s+(?:lung|breast|chest|hip|upper|lower|lobe|femur|frontal|parietal|neck|tonsil|axilla))|R)|([Bb]ilateral|BILATERAL|[Bb]ilat|[Bb]oth))(?=[\s-])/g
const RATIO = /^\s*(?:of|\/|out of)\s*$/

function drafts(text: string, note: Note, words: EventWords): Draft[] {
  const byStatement = new Map<number, Measure[]>()
  for (const m of note.measures) {
    const list = byStatement.get(m.statement)
    if (list) list.push(m)
    else byStatement.set(m.statement, [m])
  }
  const out: Draft[] = []
  for (const [i, measures] of [...byStatement].sort((a, b) => a[0] - b[0])) {
    const s = note.statements[i] as Statement
    if (s.kind === 'page-edge' || s.kind === 'heading') continue
    const limits = words.find('no-treatment', text, s.start, s.end)
    const boosts = words.find('boost', text, s.start, s.end)
    let draft: Draft | null = null
    let before: Measure | undefined
    const fresh = (m: Measure): Draft => ({ statement: i, last: i, start: m.start, end: m.end, dose: null, dosePerFraction: null, fractions: null, frequency: null, energies: [], boost: false })
    const close = (): void => {
      if (draft !== null) out.push(draft)
      draft = null
    }
    measures.sort((a, b) => a.start - b.start)
    for (const m of measures) {
      if (m.kind === 'fraction-number' || (m.kind === 'fractions' && before?.kind === 'fraction-number' && (m.start < before.end || RATIO.test(text.slice(before.end, m.start))))) {
        before = m
        continue
      }
      if (m.kind !== 'dose' && m.kind !== 'dose-per-fraction' && m.kind !== 'fractions' && m.kind !== 'frequency' && m.kind !== 'energy') continue
      if (m.kind === 'dose' || m.kind === 'dose-per-fraction') {
        const least = m.kind === 'dose' ? LEAST_DOSE : LEAST_PER_FRACTION
        if (m.low !== m.high || m.low < least || limits.some((w) => (w.start >= m.end && w.start - m.end <= 2) || (w.end <= m.start && m.start - w.end <= LIMIT_REACH && !/[.;,\t]/.test(text.slice(w.end, m.start))))) continue
      }
      const slot = m.kind === 'dose' ? 'dose' : m.kind === 'dose-per-fraction' ? 'dosePerFraction' : m.kind === 'fractions' ? 'fractions' : m.kind === 'frequency' ? 'frequency' : null
      const current: Draft | null = draft
      if (current !== null && m.kind === 'dose' && current.dose !== null && current.dosePerFraction === null && current.fractions !== null) {
        // `3750 cGy/15 fx/250 cGy` and `200 cGy, 33 fractions, total 6600 cGy`: the product says which dose is which.
        const [large, small] = [Math.max(current.dose, m.low), Math.min(current.dose, m.low)]
        if (large !== small && Math.abs(small * current.fractions - large) <= ROUNDING * large) {
          current.dose = large
          current.dosePerFraction = small
          current.end = m.end
          before = m
          continue
        }
      }
      // `45 Gy in 25 fractions, then 7 Gy x 4`: a third figure that does not fit belongs to the next treatment where more fractions follow.
      if (current !== null && slot !== null && slot !== 'frequency' && isWhole(current) && current[slot] === null && arithmeticOf({ ...current, [slot]: m.low }) === 'contradicts'
        && measures.some((o) => o.kind === 'fractions' && o.start >= m.end && o.low !== current.fractions)) close()
      if (draft !== null && current !== null && before !== undefined) {
        const turned = boosts.some((w) => w.start >= (before as Measure).end && w.end <= m.start) && (m.kind === 'dose' || m.kind === 'dose-per-fraction' || m.kind === 'fractions')
        if ((turned && isWhole(current)) || (slot !== null && current[slot] !== null && current[slot] !== m.low)) close()
      }
      draft ??= fresh(m)
      const open: Draft = draft
      if (slot === null) open.energies.push(`${m.low} ${m.unit}`)
      else open[slot] ??= m.low
      open.end = Math.max(open.end, m.end)
      before = m
    }
    close()
  }
  return out
}

/** Longest field of a form that may name technique or site beside the dose. */
const SHORT_FIELD = 80

/** From the first to the last of the short fields that stand around a treatment. */
function formAround(d: Draft, statements: readonly Statement[]): Span {
  const isField = (i: number): boolean => {
    const s = statements[i]
    return s !== undefined && (s.kind === 'field' || s.kind === 'row') && s.end - s.start < SHORT_FIELD
  }
  let first = d.statement
  let last = d.last
  if (isField(first)) while (d.statement - first < FORM_REACH && isField(first - 1)) first--
  if (isField(last)) while (last - d.last < FORM_REACH && isField(last + 1)) last++
  return { start: (statements[first] as Statement).start, end: (statements[last] as Statement).end }
}

function isWhole(d: Draft): boolean {
  return [d.dose, d.dosePerFraction, d.fractions].filter((v) => v !== null).length >= 2
}

/** `Total dose: 60 Gy` and `Fractions: 30` on rows of one form. */
function joined(found: readonly Draft[], statements: readonly Statement[]): Draft[] {
  const inForm = (i: number): boolean => statements[i]?.kind === 'field' || statements[i]?.kind === 'row'
  const out: Draft[] = []
  for (const d of found) {
    const before = out.at(-1)
    const apart = before !== undefined && (['dose', 'dosePerFraction', 'fractions'] as const).every((k) => before[k] === null || d[k] === null)
    if (before !== undefined && apart && d.statement !== before.last && d.statement - before.last <= FORM_REACH && inForm(before.statement) && inForm(d.statement)) {
      before.dose ??= d.dose
      before.dosePerFraction ??= d.dosePerFraction
      before.fractions ??= d.fractions
      before.frequency ??= d.frequency
      before.energies.push(...d.energies)
      before.end = Math.max(before.end, d.end)
      before.last = d.statement
    } else out.push({ ...d, energies: [...d.energies] })
  }
  return out
}

function sideNear(text: string, start: number, end: number): RadiationEvent['laterality'] {
  let side: RadiationEvent['laterality'] = null
  for (const m of text.slice(start, end).matchAll(SIDE)) {
    const said = m[1] !== undefined ? 'left' : m[2] !== undefined ? 'right' : 'bilateral'
    if (side !== null && side !== said) return null
    side = said
  }
  return side
}

function arithmeticOf(d: Draft): RadiationEvent['arithmetic'] {
  if (d.dose === null || d.dosePerFraction === null || d.fractions === null) return 'incomplete'
  return Math.abs(d.dose - d.dosePerFraction * d.fractions) <= ROUNDING * d.dose ? 'agrees' : 'contradicts'
}

const DELIVERY_NOTES = new Set(['treatment-record', 'completion', 'sbrt-management', 'srs-management', 'electronic-brachytherapy-record', 'proton-record', 'superficial-record'])
const EARLIER_SECTIONS = new Set(['prior-radiation', 'radiation-history', 'past-medical-history', 'past-surgical-history', 'oncologic-history'])

/** Treatments that a note states with at least two of dose, dose per fraction and fractions; none it denies or tells of another person. */
export function findEvents(text: string, note: Note, words: EventWords, context: Context): RadiationEvent[] {
  const whole = joined(drafts(text, note, words), note.statements).filter(isWhole)
  return whole.flatMap((d, n): RadiationEvent[] => {
    const s = note.statements[d.statement] as Statement
    const last = note.statements[d.last] as Statement
    const said = assertIn(context, text, s, [{ start: d.start, end: Math.min(d.end, s.end) }])[0]
    if (said === undefined || said.presence !== 'present' || said.subject !== 'patient') return []
    const section = note.sections[s.section]?.id ?? ''
    const delivered = words.find('delivered', text, s.start, s.end).some((w) => w.start < d.end || w.start - d.end < 12)
    const role: EventRole = said.time === 'historical' || EARLIER_SECTIONS.has(section) ? 'earlier' : said.time !== 'planned' && (delivered || DELIVERY_NOTES.has(note.type)) ? 'delivered' : 'prescribed'
    const around = formAround(d, note.statements)
    const [before, after] = [whole[n - 1], whole[n + 1]]
    const upTo = after !== undefined && after.start < around.end ? after.start : around.end
    const inForm = words.find('site', text, around.start, upTo)
    const inStatement = inForm.filter((w) => w.start >= s.start && w.end <= last.end)
    const sites = inStatement.length > 0 ? inStatement : inForm
    // `Pelvis 45 Gy in 25 then 7 Gy x 3 to the cervix`: a site behind the other treatment is not of this one when it has its own.
    const ahead = sites.find((w) => w.start >= d.end)
    const behind = sites.filter((w) => w.start <= d.end && w.end <= d.end).at(-1)
    const taken = before !== undefined && before.end > around.start && (behind === undefined || behind.start < before.end || !/[.;\n]/.test(text.slice(before.end, behind.start)) && behind.start - before.end < SITE_REACH && behind.end < d.start && before.statement === d.statement && whole[n - 1]?.boost === false && /^\s*(?:to|of|in|at)?\s*(?:the\s+)?$/.test(text.slice(before.end, behind.start)))
    const close = ahead !== undefined && ahead.start - d.end < SITE_REACH && !/[.;]/.test(text.slice(d.end, ahead.start)) ? ahead : undefined
    const own = (taken ? close : behind) ?? close ?? behind ?? (s.kind === 'sentence' ? undefined : ahead) ?? null
    const techniqueFrom = before !== undefined && before.end > around.start && before.end < d.start ? s.start : around.start
    const boosts = words.find('boost', text, s.start, s.end)
    return [{
      start: d.start, end: d.end, statement: d.statement, role, dose: d.dose ?? (d.dosePerFraction !== null && d.fractions !== null ? d.dosePerFraction * d.fractions : null),
      dosePerFraction: d.dosePerFraction, fractions: d.fractions, frequency: d.frequency, energies: [...new Set(d.energies)],
      techniques: [...new Set(words.find('technique', text, techniqueFrom, around.end).map((w) => w.name))], isotopes: [...new Set(words.find('isotope', text, s.start, last.end).map((w) => w.name))],
      site: own?.name ?? null, laterality: own === null ? null : sideNear(text, Math.max(around.start, own.start - SIDE_REACH), Math.min(around.end, own.end + 8)),
      boost: boosts.some((w) => w.end <= d.start && d.start - w.end < 40) || boosts.some((w) => w.start >= d.start && w.start - d.end < 12 && text.slice(w.start, w.end).toLowerCase() !== 'followed by'),
      sourcePositions: Number(POSITIONS.exec(text.slice(s.start, last.end))?.[1] ?? Number.NaN) || null, arithmetic: arithmeticOf(d),
    }]
  })
}
