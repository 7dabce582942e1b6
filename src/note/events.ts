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
const SIDE_NEAR = 14
const LEAST_DOSE = 100
const LEAST_PER_FRACTION = 50

/** Characters from a word of boost to the treatment it announces. */
const BOOST_REACH = 40
/** Notes whose kind was guessed from their words are too short below this to say that what stands in them was given. */
const GUESSED_NOTE = 300

/** `6 Gy x 2 weekly cisplatin`, `daily CBCT`: how often something else is done. */
const NOT_OF_FRACTIONS = /^[ \n-]+(?:concurrent |concomitant |low[- ]dose |IV |oral |on[- ]treatment |image |kV |MV |cone[- ]beam )*(?:[a-z]*(?:platin|taxel|mab|abine|uracil|zolomide|tinib|ciclib|poietin|amide|grastim|setron)|chemo\w*|labs?|visits?|CBCTs?|CTs?|imaging|images?|IGRT|films?|checks?|physics|set-?ups?|OTVs?|weights?|doses? of (?:cis|carbo)platin|blood|counts|CBC|infusions?|dexamethasone|radiosensiti[sz]\w*)\b/i
/** A figure that was replaced by the next: `changed to`. */
const REPLACED = /\b(?:changed|revised|amended|reduced|increased|modified|switched|shortened|truncated) (?:to|in favou?r of)\b/i
/** A figure that replaces the one behind: `instead of`. */
const REPLACES = /\b(?:instead of|rather than|in place of|in lieu of|of (?:a|the) (?:planned|prescribed|intended|originally planned))[ ]?(?:a |the |an )?(?:planned |prescribed |intended )?$/i
const WAS_GIVEN = /\b(?:was|were|has been|have been|had been)\s+(?:\w{2,12}\s+)?(?:given|delivered|administered|treated|irradiated|completed)\b|\b(?:received|completed|tolerated|stopped after|discontinued after)\b/i
const TO_BE = /\b(?:to|will|should|would|can|may|shall) be\s+(?:\w+\s+)?$|\b(?:will|to|would|should) (?:have|get|be)\s+$|\bplan (?:is|was|will be) [^.;]*$/i
const TOTAL_OF_PLANNED = /\bof (?:a |the |an )?(?:total |originally )?(?:planned|prescribed|intended|scheduled|ordered)[ ]?(?:dose of |total of )?$/i
const LED_BY = /^[\s,]*(?:\([^()\n]{0,24}\)\s*)?(?:[,:]\s*)?(?:(?:of|at|in|x)\s[^.;,\n]{0,30}?\s)?(?:each |daily |once |twice )*(?:was |were )?(?:delivered |given |prescribed |directed |administered |planned |boost )?(?:to|for|on|over) (?:(?:the|his|her|their|a|an|both|all|painful|thoracic|lumbar|cervical|proximal|distal|anterior|posterior|medial|lateral|superior|inferior|frontal|entire|whole|involved|symptomatic|left|right|bilateral|upper|lower|mid|known|resected|gross|residual|primary|true|L|R|Lt|Rt)[ .]{1,2}){0,4}$/i
/** A tumour stage, not a vertebra: `T2 N0`. */
const STAGE_AFTER = /^[abc]?[ ,]{0,2}(?:[cp]?N[0-3xX]|tumou?r|lesions? of|glottic|disease|cancer|weighted|[- ]weighted|FLAIR|sequence|MRI|post|pre\b|stage)/
const STAGE_BEFORE = /\b(?:stage|clinical|pathologic|MRI|axial|sagittal|coronal|c|p|yp)[ ]?$/i
const LEVEL = /^[CTLS]\d{1,2}$/
const LOBE_SIDE: Readonly<Record<string, 'left' | 'right'>> = { RUL: 'right', RLL: 'right', RML: 'right', LUL: 'left', LLL: 'left' }
const EACH = /\beach(?: site| lesion| target)?\b/i
/** Nothing but its own label: `No. of fractions 30.` */
const LABELLED = /^\s*(?:total |prescribed |prescription )?(?:dose|no\.? of|number of|fractions?|fx|total|#|site|technique|energy)\b/i

const DAY = /\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b/
const POSITIONS = /\b(\d{1,3})\s+(?:dwell|source|seed)s?\s*(?:positions?|s)?\b/i
const SIDE = /(?<![A-Za-z0-9])(?:([Ll]eft|LEFT|[Ll]t\.?|L|LT(?=\s+(?:[a-z]|[A-Z]{4})))|([Rr]ight|RIGHT|[Rr]t\.?|R|(?<=_)RT|RT(?=\s+(?:LUNG|BREAST|CHEST|HIP|FEMUR|UPPER|LOWER|NECK|TONSIL)))|([Bb]ilateral|BILATERAL|[Bb]ilat\.?|[Bb]oth|B\/L))(?=[\s,:;.)]|-(?!spine)|$)/g
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
    if (s.kind === 'page-edge') continue
    const counted = (kind: Measure['kind']): boolean => measures.some((m) => m.kind === kind)
    // A row in capitals may be the whole prescription.
    if (s.kind === 'heading' && !(counted('dose') && counted('fractions')) && !counted('frequency')) continue
    const given = WAS_GIVEN.test(text.slice(s.start, s.end))
    const dated = DAY.test(text.slice(s.start, s.end))
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
    for (const measure of measures) {
      const m = fractionsDone(text, measure, measures, given, s.kind === 'row' && !dated)
      if (m.kind === 'fractions' && measures.some((o) => o.kind === 'frequency' && o.start <= m.start && m.end <= o.end)) continue
      if (m.kind === 'frequency' && NOT_OF_FRACTIONS.test(text.slice(m.end, m.end + 60))) continue
      if (m.kind === 'dose' && TOTAL_OF_PLANNED.test(text.slice(Math.max(s.start, m.start - 40), m.start)) && out.concat(draft ?? []).some((d) => d.statement === i && d.dose !== null)) continue
      if (m.kind === 'fraction-number' || (m.kind === 'fractions' && (before?.kind === 'fraction-number' || measure.kind === 'fractions' && before?.kind === 'fractions' && measures.some((o) => o.kind === 'fraction-number' && o.start <= m.start && m.end <= o.end)) && (m.start < before.end || RATIO.test(text.slice(before.end, m.start))))) {
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

/** `completed 12 of 30 fractions` counts what was given; in a table of prescriptions `Fx 25` stands for the number of them when the figures multiply. */
function fractionsDone(text: string, m: Measure, measures: readonly Measure[], given: boolean, row: boolean): Measure {
  if (m.kind !== 'fraction-number') return m
  if (given && / of |\//.test(text.slice(m.start, m.end)) && measures.some((o) => o.kind === 'dose' && o.low >= LEAST_DOSE)) return { ...m, kind: 'fractions' }
  if (!row) return m
  const doses = measures.filter((o) => o.kind === 'dose' || o.kind === 'dose-per-fraction')
  const agree = doses.some((a) => doses.some((b) => b.low > a.low && Math.abs(a.low * m.low - b.low) <= ROUNDING * b.low))
  return agree ? { ...m, kind: 'fractions' } : m
}

/** Longest field of a form that may name technique or site beside the dose. */
const SHORT_FIELD = 80

/** From the first to the last of the short fields that stand around a treatment. */
function formAround(text: string, d: Draft, statements: readonly Statement[]): Span {
  const isField = (i: number): boolean => {
    const s = statements[i]
    return s !== undefined && (s.kind === 'field' || s.kind === 'row' || isLabelled(text, s)) && s.end - s.start < SHORT_FIELD
  }
  let first = d.statement
  let last = d.last
  if (isField(first)) while (d.statement - first < FORM_REACH && isField(first - 1)) first--
  if (isField(last)) while (last - d.last < FORM_REACH && isField(last + 1)) last++
  return { start: (statements[first] as Statement).start, end: (statements[last] as Statement).end }
}

/** `Dose 5,400 cGy. No. of fractions 30.`, `FREQUENCY: DAILY`: a field that reads like a sentence or a heading. */
const isLabelled = (text: string, s: Statement): boolean => (s.kind === 'heading' && text.slice(s.start, s.end).includes(':')) || (s.kind === 'sentence' && s.end - s.start < SHORT_FIELD && LABELLED.test(text.slice(s.start, s.end)))

function isWhole(d: Draft): boolean {
  return [d.dose, d.dosePerFraction, d.fractions].filter((v) => v !== null).length >= 2
}

/** `Total dose: 60 Gy` and `Fractions: 30` on rows of one form. */
function joined(text: string, found: readonly Draft[], statements: readonly Statement[]): Draft[] {
  const inForm = (i: number): boolean => {
    const s = statements[i]
    return s !== undefined && (s.kind === 'field' || s.kind === 'row' || isLabelled(text, s))
  }
  const out: Draft[] = []
  for (const d of found) {
    const before = out.at(-1)
    const apart = before !== undefined && (['dose', 'dosePerFraction', 'fractions', 'frequency'] as const).every((k) => before[k] === null || d[k] === null)
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
  SIDE.lastIndex = start
  for (let m = SIDE.exec(text); m !== null && m.index < end; m = SIDE.exec(text)) {
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
/** Types that a few words of dose are enough to suggest. */
const GUESSABLE = new Set(['treatment-record', 'completion', 'proton-record', 'superficial-record'])
const EARLIER_SECTIONS = new Set(['prior-radiation', 'radiation-history', 'past-medical-history', 'past-surgical-history', 'oncologic-history'])

/** Two levels of dose given in the same fractions, `70 Gy and 56 Gy in 35 fractions`; and a total of the others of its statement is no treatment of its own. */
function shared(text: string, found: readonly Draft[]): Draft[] {
  const out = found.map((d, n): Draft => {
    const next = found[n + 1]
    if (d.fractions !== null || d.dose === null || d.dosePerFraction !== null || next?.statement !== d.statement || next.dose === null || next.fractions === null) return d
    const between = text.slice(d.end, next.start)
    const each = d.dose / next.fractions
    return between.length <= 48 && /(?:\band\b|,|\/|&|\bto the)/.test(between) && !/[.;]|\bthen\b|\bfollowed\b|boost/i.test(between) && each >= 100 && each <= 400 ? { ...d, fractions: next.fractions } : d
  })
  return out.filter((d) => {
    const others = out.filter((o) => o !== d && o.statement === d.statement && o.dose !== null && o.end <= d.start)
    return others.length < 2 || d.dose === null || others.reduce((sum, o) => sum + (o.dose as number), 0) !== d.dose
  })
}

/** Drafts that a neighbour in the same statement replaces. */
function replaced(text: string, found: readonly Draft[]): ReadonlySet<Draft> {
  const out = new Set<Draft>()
  found.forEach((d, n) => {
    const next = found[n + 1]
    if (next?.statement !== d.statement) return
    const between = text.slice(d.end, next.start)
    if (REPLACED.test(between)) out.add(d)
    else if (REPLACES.test(between)) out.add(next)
  })
  return out
}

interface Word extends Span { readonly name: string }

/** Words that stand in a list with the one given, `C7-T2 and right iliac wing`: the first of each name. */
const firstOfEach = (words: readonly Word[]): Word[] => words.filter((w, i) => words.findIndex((o) => o.name === w.name) === i)

/** The treatment that a word of boost is said of: the one it stands in, the one it announces, or the one before it. */
function boosted(text: string, found: readonly Draft[], w: Word): Draft | undefined {
  const inside = found.find((d) => d.start <= w.start && w.end <= d.end)
  if (inside !== undefined) return inside
  const next = found.find((d) => d.start >= w.end)
  const before = found.filter((d) => d.end <= w.start).at(-1)
  const said = text.slice(w.start, w.end).toLowerCase()
  if (/integrated|sib/.test(said)) return found.filter((d) => d.dose !== null).sort((a, b) => (b.dose as number) - (a.dose as number))[0]
  const announces = next !== undefined && next.start - w.end < BOOST_REACH && !/[.\n]/.test(text.slice(w.end, next.start))
  const behind = before !== undefined && w.start - before.end < 12
  if (announces && behind) return said === 'followed by' || /[,;+(]|\b(?:and|with|plus|then|followed)\b/.test(text.slice(before.end, w.start)) ? next : before
  return announces ? next : behind && said !== 'followed by' ? before : undefined
}

/** Words that change what a machine does: of the treatment beside them only. */
const OWN_TECHNIQUES = new Set(['HDR', 'LDR', 'electrons', 'IORT', 'SRS', 'SBRT'])

function techniquesOf(text: string, d: Draft, mates: readonly Draft[], words: readonly Word[]): string[] {
  return [...new Set(words.filter((w) => {
    if (mates.length < 2 || (w.start >= d.start && w.end <= d.end)) return true
    const next = mates.find((m) => m.start >= w.end)
    const before = mates.filter((m) => m.end <= w.start).at(-1)
    if (mates.some((m) => m.start < w.start && w.end < m.end)) return false
    if (next === undefined && before === undefined) return true
    if (next !== undefined && before !== undefined) return (/[.;,+\n]|\b(?:then|followed|and|plus)\b/.test(text.slice(before.end, w.start)) ? next : before) === d
    return OWN_TECHNIQUES.has(w.name) ? (next ?? before) === d : true
  }).map((w) => w.name))]
}

/** Treatments that a note states with at least two of dose, dose per fraction and fractions; none it denies, weighs, or tells of another person. */
export function findEvents(text: string, note: Note, words: EventWords, context: Context): RadiationEvent[] {
  const whole = shared(text, joined(text, drafts(text, note, words), note.statements)).filter(isWhole)
  const old = replaced(text, whole)
  const kept = whole.filter((d) => !old.has(d))
  const guessed = note.typeFrom !== 'title' && note.typeFrom !== 'header' && note.end - note.start < GUESSED_NOTE
  return kept.flatMap((d, n): RadiationEvent[] => {
    const s = note.statements[d.statement] as Statement
    const last = note.statements[d.last] as Statement
    const said = assertIn(context, text, s, [{ start: d.start, end: Math.min(d.end, s.end) }])[0]
    if (said === undefined || said.presence !== 'present' || said.subject !== 'patient') return []
    const section = note.sections[s.section]?.id ?? ''
    const given = words.find('delivered', text, s.start, s.end).filter((w) => !TO_BE.test(text.slice(Math.max(s.start, w.start - SIDE_REACH * 3), w.start)))
    const delivered = given.some((w) => w.start < d.end || w.start - d.end < 12 || WAS_GIVEN.test(text.slice(d.end, w.end)))
    if (!delivered && words.find('discussion', text, s.start, d.start).length > 0) return []
    const planned = said.time === 'planned' && !(delivered && WAS_GIVEN.test(text.slice(s.start, s.end)))
    const role: EventRole = said.time === 'historical' || EARLIER_SECTIONS.has(section) ? 'earlier' : !planned && (delivered || (DELIVERY_NOTES.has(note.type) && !(guessed && GUESSABLE.has(note.type)))) ? 'delivered' : 'prescribed'
    const around = formAround(text, d, note.statements)
    const [before, after] = [kept[n - 1], kept[n + 1]]
    const upTo = after !== undefined && after.start < around.end ? after.start : around.end
    const inForm = words.find('site', text, around.start, upTo).filter((w) => !LEVEL.test(text.slice(w.start, w.end)) || (!STAGE_AFTER.test(text.slice(w.end, w.end + 14)) && !STAGE_BEFORE.test(text.slice(Math.max(0, w.start - 12), w.start))))
    const inStatement = inForm.filter((w) => w.start >= s.start && w.end <= last.end)
    const sites = inStatement.length > 0 ? inStatement : inForm
    // `Pelvis 45 Gy in 25 then 7 Gy x 3 to the cervix`: a site behind the other treatment is not of this one when it has its own.
    const ahead = sites.find((w) => w.start >= d.end)
    const behind = sites.filter((w) => w.start <= d.end && w.end <= d.end).at(-1)
    const taken = before !== undefined && before.end > around.start && (behind === undefined || behind.start < before.end || !/[.;\n]/.test(text.slice(before.end, behind.start)) && behind.start - before.end < SITE_REACH && behind.end < d.start && before.statement === d.statement && !/[,+]|\b(?:and|then|followed)\b/.test(text.slice(before.end, behind.start)) && /^\s*(?:to|of|in|at)?\s*(?:the\s+)?$/.test(text.slice(before.end, behind.start)))
    const close = ahead !== undefined && ahead.start - d.end < SITE_REACH && !/[.;]/.test(text.slice(d.end, ahead.start)) ? ahead : undefined
    const led = ahead !== undefined && ahead.start < s.end && LED_BY.test(text.slice(d.end, ahead.start)) ? ahead : undefined
    const names = new Set(words.find('site', text, s.start, s.end).map((w) => w.name))
    const only = names.size === 1 ? words.find('site', text, s.start, s.end)[0] : undefined
    const own = led ?? (taken ? close : behind) ?? close ?? behind ?? (s.kind === 'sentence' && !isLabelled(text, s) ? undefined : ahead) ?? only ?? null
    const techniqueFrom = before !== undefined && before.end > around.start && before.end < d.start ? s.start : around.start
    const mates = kept.filter((o) => o.statement === d.statement)
    const boost = words.find('boost', text, s.start, Math.max(s.end, last.end)).some((w) => boosted(text, mates, w) === d) || (own !== null && s.kind === 'row' && words.find('boost', text, s.start, s.end).length > 0)
    const eventAt = (site: Word | null): RadiationEvent => ({
      start: d.start, end: d.end, statement: d.statement, role, dose: d.dose ?? (d.dosePerFraction !== null && d.fractions !== null ? d.dosePerFraction * d.fractions : null),
      dosePerFraction: d.dosePerFraction, fractions: d.fractions, frequency: d.frequency, energies: [...new Set(d.energies)],
      techniques: techniquesOf(text, d, mates, words.find('technique', text, techniqueFrom, around.end)), isotopes: [...new Set(words.find('isotope', text, s.start, last.end).map((w) => w.name))],
      site: site?.name ?? null, laterality: site === null ? null : sideOf(text, site, around, sites), boost,
      sourcePositions: Number(POSITIONS.exec(text.slice(s.start, last.end))?.[1] ?? Number.NaN) || null, arithmetic: arithmeticOf(d),
    })
    // `C7-T2 and right iliac wing, each 30 Gy in 10 fractions`
    const several = mates.length === 1 && EACH.test(text.slice(Math.max(s.start, d.start - 8), d.start)) ? firstOfEach(inStatement.filter((w) => w.end <= d.start)) : []
    return several.length > 1 ? several.map(eventAt) : [eventAt(own)]
  })
}

/** Of a site, or where it has none, of the same site named elsewhere in its form: `partial breast 30 Gy in 5 fractions, left breast`. */
function sideOf(text: string, site: Word, around: Span, others: readonly Word[]): RadiationEvent['laterality'] {
  const lobe = LOBE_SIDE[text.slice(site.start, site.end)]
  if (lobe !== undefined) return lobe
  const to = Math.min(around.end, /^[,;]?\s*(?:and|or|&|\+)/.test(text.slice(site.end, site.end + 8)) ? site.end : site.end + 8)
  // Nearest first: `left hip and right femur`.
  const side = sideNear(text, Math.max(around.start, site.start - SIDE_NEAR), to) ?? sideNear(text, Math.max(around.start, site.start - SIDE_REACH), to)
  if (side !== null) return side
  const again = others.find((o) => o.start !== site.start && o.name === site.name)
  return again === undefined ? null : sideNear(text, Math.max(around.start, again.start - SIDE_NEAR), again.end)
}
