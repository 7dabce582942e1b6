// Quantities with their units: doses, fractions, percents, energies, lengths, counts. May not: read dates or durations; say what a quantity is for.
import type { MeasureWords } from '../dictionary/measures-dictionary.ts'
import type { Measure, MeasureKind } from './note.ts'
import { findNumbers, type NumberMention } from './numbers.ts'

export type RawMeasure = Omit<Measure, 'statement'>

const RANGE = /[ \t]?(?:-|–|—|to|through)[ \t]?/iy
const PLUS_MINUS = /[ ]?(?:±|\+\/-|\+-|\+\/–)[ ]?/y
const TIMES = /[ ]{0,2}(?:[x×*X]|by)[ ]{0,2}/y
const SLASH = /[ ]?\/[ ]?/y
const OF = /[ ]?(?:of|out of)[ ]/iy
const IN = /[ \t]{0,2}(?:,[ ]?)?(?:in|over|\/|delivered in|given in|administered in|via|using)[ \t]{0,2}(?:a total of )?(?:#[ ]?)?/iy
const AT = /[ ]?(?:\/|@|at|in)[ ]?/iy
const PER_FRACTION = /[ \t\n]?(?:\/|per|a|each|every|p)[ \t\n]?(?:daily |single |day's |treatment )?(?:fx|fxn|fraction|frac|f|tx|treatment|session|day|d)(?![A-Za-z0-9])|[ ]?(?:daily|once daily|BID|b\.i\.d\.|twice[- ]daily|twice a day|QD)(?:[ ](?:fractions?|fxs?|doses?|treatments))?(?![A-Za-z0-9])|-fractions?(?![A-Za-z])|[ ](?:fractions|fxs)(?![A-Za-z])|[ ]each(?![A-Za-z])/iy
const RATE = /[ ]?(?:\/|per|-|·|\*)[ ]?(?:min(?:ute)?|sec(?:ond)?|s|h|hr|hour|MU|cm|cm2|mm|year|yr|kg|m2)(?![A-Za-z])|[ ]?(?:cm²|cm2|cm\^2)/iy
const LENGTH_NOT = /[ ]?(?:Hg|H2O|H₂O|\/[ ]?(?:s|sec|min|h|hr|yr|year|wk|week)(?![A-Za-z]))/iy
const NUMBER_END = /[ \t\u00a0\u2009\u202f\n]{0,2}(?:[-–](?=[A-Za-z]))?/y
const PHOTON = /(?:[xX](?:-?(?:FFF|SRS))?|FFF|(?:[ ]?-?MV)?[ ]?X(?:-?FFF)?)(?![A-Za-z0-9])/y
const ELECTRON = /[eE](?![A-Za-z0-9+-]|\.\d)/y
const PHOTON_MV = new Set([4, 6, 8, 10, 15, 16, 18, 20, 23, 25])
const ELECTRON_MEV = new Set([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22])
const ADJECTIVE = /[ \n]{1,2}(?:\(\d{1,3}\)[ ])?|-/y
const DESCRIBING = /[A-Za-z][A-Za-z'’-]{1,18}[ \n]{1,2}/y
const NOT_DESCRIBING = /^(?:of|in|for|per|to|and|with|at|on|or|from|by|the|this|that|these|is|was|are|were|be|been|had|has|have|fx|fxs|fraction|fractions|gy|cgy|gyrbe|mm|cm|cc|ml|mg|mcg|mv|mev|kv|mu|day|days|week|weeks|month|months|year|years|hour|hours|hr|hrs|min|mins|minutes|sec|seconds|percent|x|times|time|out|no|not|than|then|after|before|over|under|via|pt|patient|patients|cycles?|view|views|treatments?|sessions?|as|its|his|her|our|degrees?|deg|french|fr|gauge|through|which|who|but|if|while|when|may|will|can|did|does|day's|points?|st|nd|rd|th|total|minute|second|unit|units|inch|inches|years?-old|yo|y\/o)$/i
const NAMED_BEFORE = /\b(?:field|beam|arc|fx|fraction|day|week|phase|course|plan|grade|stage|level|ptv|ctv|gtv|type|step|table|figure|fig|page|version|line|group|site|target|lesion|iso|isocenter|tumou?r|lot|id|room|linac|machine|segment|seg|node|cycle|arm|part|section|item|question|block|number|no|factor|class|category|zone|region|chapter|day's|t|n|m|score|rads|bi-rads|pi-rads|status|ecog|kps|ps|wedge|tray|port|portal|catheter|needle|applicator|shot|dwell|visit)s?\.?[ ]?#?[ ]?$|#[ ]?$|[A-Za-z]-$/i
const FRACTION_BEFORE = /\b(fx|fxs|fxn|fractions?|frac|treatments?|tx|sessions?)\b[ \t]?(#|no\.?|number|num\.?|nr\.?)?(?:[ ]?\([^)\n]{0,14}\))?[ \t]?(?:[:=#]|is|was)?[ \t]{0,2}#?$/i
const FRACTION_TOTAL = /(?:\b(?:number of|no\.? of|total|planned|prescribed|rx|total number of|scheduled|remaining)|#(?: of)?)[ ]?(?:of )?(?:fx|fxs|fxn|fractions?|frac|treatments?|tx|sessions?)\b[ \t]?(?:prescribed|planned|delivered|total|remaining|ordered|completed)?(?:[ ]?\([^)\n]{0,14}\))?[ \t]?(?:[:=]|is|was)?[ \t]{0,2}$/i
const FRACTIONS_LABEL = /\b(?:fractions|fxs|treatments|sessions)[ \t]?(?:prescribed|planned|delivered|total|ordered|completed|given|treated)?[ \t]?(?:[:=]|\t)[ \t]?$/i
const FRACTION_DONE = /\b(?:fractions?|fx|fxs|treatments?|tx)[ ](?:delivered|completed|given|treated|to date)[ \t]?[:=]?[ \t]?$/i
const HASH = /(?:^|[^A-Za-z0-9])#[ ]?$/
const HASH_NOT = /\b(?:page|lesion|target|image|note|shot|beam|field|arc|cycle|ptv|step|specimen|cassette|tumou?r|node|sheet|copy|part|slide|block|room|bed|lot|fax|phone|account|acct|mrn|visit|addendum|attempt|week|day|iso|problem|issue|exhibit|order|case|form|chair|suite)s?[ ]?#[ ]?$/i
/** `Dose per fraction: 1.8 Gy`, `Daily dose 200 cGy`. */
const PER_FRACTION_LABEL = /\b(?:dose[ ]?(?:per|\/)[ ]?(?:fraction|fxn?|frac|session|treatment)|(?:fraction|fractional|daily|fx)[ ]dose)[ ]?(?:\(c?Gy\))?[ ]?[:=\t]?[ ]{0,3}(?:is |of )?$/i
const MU_BEFORE = /(?<![/A-Za-z])(?:MUs?|monitor units?)(?:[ ]?\/[ ]?(?:fx|field))?[ \t]?(?:\([A-Za-z ]{1,14}\))?[ \t]?(?:delivered|planned|total|set|required|actual|treated|given|calc(?:ulated)?)?[ \t]?(?:[:=]|of|is|was|\t)?[ \t]?$/i
const HEAD_UNIT = /[([](c?Gy|MU|mm|cm|cc|%|MV|MeV|kVp?)[)\]][ \t]?[:=][ \t]?$|\b(?:dose|depth|margin|length|diameter|width|thickness|volume|ssd|weight|energy)[ ]?(?:per (?:fraction|fx)[ ]?)?[([](c?Gy|mm|cm|cc|MV|MeV|kVp?)[)\]][ \t]{1,2}$/i
const AFTER_COUNT = /[ \t]?(?:days?|weeks?|wks?|months?|years?|min|mins|minutes|hours?|hrs?|sec|seconds|mm|cm|cc|ml|mg|mets?|lesions?|sites?|fields?|arcs?|beams?|targets?|phases|courses|stages|different|separate|consecutive weeks|layers|points|steps|%|°|:|\/\d|\.\d|,\d)(?![a-z])/iy
const PLAIN_AFTER = /[ \t]?(?:$|[\n\t.,;:()\]+&–—-]|(?:to|daily|bid|qod|tid|qd|over|with|and|completed|delivered|from|using|via|at|for|on|by|weekly|twice|every|was|is|then|followed|plus|q48h|q|once|then|prescribed|planned|or|given|as|of|IMRT|VMAT|SBRT|SRS)\b)/iy
const DOSE_CONTEXT = /\b(?:RT|XRT|EBRT|SBRT|SABR|SRS|IMRT|VMAT|Rx|prescription|prescribed|dose|radiation|radiotherapy|PTV\w*|WBRT|PBI|APBI|boost|chemoRT|CRT|to)[ ]?(?:of|to|:|=|with|total)?[ ]?$/i
const HIGH_DOSE_BEFORE = /\b(?:HDR|SBRT|SABR|brachytherapy|brachy|cylinder|T&O|tandem)[ ]?$/i
const SCHEME_BEFORE = /\b(?:RT|XRT|EBRT|SBRT|SABR|SRS|IMRT|VMAT|Rx|prescription|dose|cGy|gray|fx|fraction\w*|radiation|boost|fractionation|schedule)\b/i
const SCHEME_NOT = /\b(?:mg|mcg|tab\w*|tylenol|acetaminophen|ibuprofen|motrin|matrix|pixels?|resolution|grid|field size|fs|size|fov|image|voxel|cap\w*|dispense|disp|refill\w*|take)\b/i
const SCHEME_AFTER_NOT = /[ ]?(?:[x×]|mm|cm|pixels?|px|matrix|voxels?|mg|ml|in\b|inch|µm|um|m\b|tabs?|tablets|days|weeks|ft|lb|")/iy
const DRUG_BEFORE = /\b(?:mg|mcg|g|tabs?|tablets?|capsules?|caps?|PO|p\.o\.|IV|IM|SC|SQ|drops?|puffs?|units|mEq|gtts?|sprays?|patch|mg\/m2|AUC|topical(?:ly)?|apply|ointment|cream|ml)\b[^.;\n]{0,22}$/i
const ACTIVITY_U = /\b(?:seeds?|source|air[- ]?kerma|sk|strength|i-?125|pd-?103|cs-?131|ir-?192|activity|needle)\b/i
const ORDINALS: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10 }
const ORDINAL = /(?<![A-Za-z0-9.])(?:(\d{1,2})(?:st|nd|rd|th)|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth))[ ](?:and final |and last |daily |sbrt |srs |hdr |radiation )?(?:fraction|fx|fxn|treatment|tx)(?![A-Za-z])/gi
const WORD_FRACTION = /\b(?:fraction|fx)[ ](?:#|number[ ])?(one|two|three|four|five)\b(?![ ](?:of the|lesion|target|field))/gi
const SINGLE = /\b(single|solitary|sole|lone|isolated)[ \n](?=[A-Za-z])/gi
const PREFIX_COUNT = /\b(?:(?:number|no\.?|total|total number|count) of |# (?:of )?)([a-z]+(?: [a-z]+)?)(?: treated| delivered| used| planned)?[ ]?(?:[:=]|is|was)?[ \t]?(?=\d)|\b([a-z]+)(?: (?:count|treated|used|delivered))[ ]?[:=][ \t]?(?=\d)|\b([a-z]+(?: [a-z]+)?)[ ]?[:=][ \t]?(?=\d{1,3}(?![\d./:-]|[ ]?(?:cm|mm|gy|cgy|mv|%|of)))/gi
const DATE_AT = /\d{1,4}([/.-])\d{1,2}\1\d{2,4}(?![\d])/y
const TIME_AT = /\d{1,2}:\d{2}(?::\d{2})?(?!\d)/y
const SIGN = /(?:^|[\s(,:;=~|\[])([-–−+])[ ]?$/
const TOLERANCE = /(?:±|\+\/-|\+\/–|\+-)[ ]?$/

/** Without the crumbs of binary fractions: 12.4 mGy is 1.24 cGy. */
const tidy = (value: number): number => Math.round(value * 1e6) / 1e6

function at(pattern: RegExp, text: string, position: number, end: number): number {
  pattern.lastIndex = position
  return pattern.test(text) && pattern.lastIndex <= end ? pattern.lastIndex : -1
}

/**
 * Measures in `[start, end)` in text order, positions those of `text`. A number without a unit is a measure only after a label that carries
 * one, or in the fixed shapes of a prescription (`180x28`, `54 Gy in 3`). Doses of drugs are none.
 */
export function findMeasures(text: string, start: number, end: number, words: MeasureWords): RawMeasure[] {
  if (start !== 0 || end !== text.length) {
    return findMeasures(text.slice(start, end), 0, end - start, words).map((m) => ({ ...m, start: m.start + start, end: m.end + start }))
  }
  const found: RawMeasure[] = []
  const numbers = findNumbers(text, start, end)
  const add = (kind: MeasureKind, from: number, to: number, low: number, high: number, unit: string): void => {
    found.push({ kind, start: from, end: to, low: tidy(Math.min(low, high)), high: tidy(Math.max(low, high)), unit })
  }
  const unitAt = (position: number): { entry: NonNullable<ReturnType<MeasureWords['unitOf']>>; end: number } | null => {
    const from = at(NUMBER_END, text, position, end)
    words.unit.lastIndex = from
    const m = words.unit.exec(text)
    if (m === null || words.unit.lastIndex > end) return null
    const entry = words.unitOf(m[0])
    if (entry === undefined) return null
    const gap = text.slice(position, from)
    // over a line or a cell only a dose unit follows its number
    if (/[\n\t]/.test(gap) && entry.kind !== 'dose') return null
    if (gap.includes('\n') && text[words.unit.lastIndex] === ':') return null
    if (entry.unit === 'in' && !m[0].startsWith('"') && m[0].length <= 2) {
      if (!/^(?:[.,;)](?:\s|$)|$|[ ](?:thick|wide|long|diameter|margin|lead|block|x\b|×|bolus))/.test(text.slice(words.unit.lastIndex, Math.min(end, words.unit.lastIndex + 10)))) return null
    }
    if (entry.unit === 'rad' && /^[ -]?(?:onc|tech|therap|path|oncs)/i.test(text.slice(words.unit.lastIndex, words.unit.lastIndex + 8))) return null
    return { entry, end: words.unit.lastIndex }
  }
  const fractionsAt = (position: number): number => {
    const gap = at(/[ \t\u00a0\n]{0,2}(?:total |daily |once-daily |once daily |equal |consecutive |planned |prescribed |hypofractionated |sbrt |radiation |treatment |twice[- ]daily |bid |qod |weekly )?-?/iy, text, position, end)
    const to = at(words.fractions, text, gap, end)
    if (to < 0) return -1
    const word = text.slice(gap, to)
    if (word === '#' && gap !== position) return -1
    if (text.slice(position, gap).includes('\n') && (text[to] === ':' || /^[ ]?[\d#]/.test(text.slice(to, to + 2)))) return -1
    // "3 treatment fields", "2 treatment plans": the word describes the next one
    if (/^(?:treatment|session|tx)$/i.test(word) && !/^[ ]?(?:$|[.,;)\n\t]|delivered|today|completed|given)/i.test(text.slice(to, to + 10))) return -1
    return to
  }
  const wordsBefore = (n: NumberMention): string => {
    const s = text.slice(Math.max(start, n.start - 44), n.start)
    const line = s.lastIndexOf('\n')
    return line >= 0 ? s.slice(line + 1) : s
  }
  const whole = (n: NumberMention, most: number): boolean => Number.isInteger(n.value) && n.value >= 1 && n.value <= most

  /** `x 28`, `in 28 fractions`, `/ 5` behind a dose; index of the last number used. */
  const fractionsBehind = (position: number, index: number, cGy: number): { index: number; to: number; times: boolean } | null => {
    const next = numbers[index + 1]
    // hyperfractionated courses: 81.6 Gy in 68 fractions
    if (next === undefined || !whole(next, 80)) return null
    for (const times of [true, false]) {
      const joined = at(times ? TIMES : IN, text, position, end)
      if (joined < 0 || joined !== next.start) continue
      let last = index + 1
      let stop = next.end
      const range = at(RANGE, text, stop, end)
      const upper = numbers[last + 1]
      if (range > 0 && upper !== undefined && upper.start === range && whole(upper, 60) && upper.value > next.value) {
        last++
        stop = upper.end
      }
      const worded = fractionsAt(stop)
      if (worded > 0) {
        add('fractions', next.start, worded, next.value, (numbers[last] as NumberMention).value, 'fraction')
        return { index: last, to: worded, times }
      }
      if (at(AFTER_COUNT, text, stop, end) >= 0 || unitAt(stop) !== null || next.written === 'words' || next.value > 60) return null
      if (!times && (last !== index + 1 || next.value > 45 || cGy / next.value < 100 || cGy / next.value > 3000 || at(PLAIN_AFTER, text, stop, end) < 0)) return null
      if (times && at(TIMES, text, stop, end) >= 0) return null
      add('fractions', next.start, stop, next.value, (numbers[last] as NumberMention).value, 'fraction')
      return { index: last, to: stop, times }
    }
    return null
  }

  let index = 0
  let lastDose = -1
  /** Of the last total dose in cGy and where it ended: "50.4 Gy / 1.8 Gy". */
  let lastTotal = 0
  while (index < numbers.length) {
    const n = numbers[index] as NumberMention
    const here = index
    index++
    if (n.written === 'digits' && (text[n.end] === '/' || text[n.end] === '-' || text[n.end] === '.' || text[n.end] === ':')) {
      const over = Math.max(at(DATE_AT, text, n.start, end), at(TIME_AT, text, n.start, end))
      if (over > 0) {
        while (index < numbers.length && (numbers[index] as NumberMention).start < over) index++
        continue
      }
    }
    if (n.glued && n.written === 'digits') {
      // "x35", "Fx3", "MU312" may be read; "V20", "T10", "PTV50" not
      const name = /[A-Za-z]+$/.exec(text.slice(Math.max(start, n.start - 6), n.start))?.[0] ?? ''
      if (!/^(?:x|fx|fxs|mu|mus)$/i.test(name)) continue
      if (/^x$/i.test(name)) {
        const before = text.slice(Math.max(start, n.start - 14), n.start - 1)
        if (whole(n, 60) && (fractionsAt(n.end) > 0 || /\b(?:fx|fractions?|daily|bid|qd)[ ]?$/i.test(before)) && text[n.start - 2] !== undefined && /[\s\d)]/.test(text[n.start - 2] as string)) {
          const to = fractionsAt(n.end)
          add('fractions', n.start, to > 0 ? to : n.end, n.value, n.value, 'fraction')
        }
        continue
      }
    }
    const before = wordsBefore(n)
    if (/[A-Za-z\d][/^]$|\d[.,:]$/.test(before) && !/(?:fx|gy|fractions?|MU|seeds|positions?|needles?|mm|cm|%|kv|mv)\/$|[MU]:$/i.test(before)) continue

    // fraction numbers and totals after their label: "fx 3/5", "Fraction 12 of 30", "# fx: 30"
    const sessionLabel = n.written === 'digits' && whole(n, 60) ? FRACTION_BEFORE.exec(before) : null
    if (sessionLabel !== null && !/\b(?:rib|hip|compression|pathologic|vertebral|femur|humerus|pelvic|femoral|spine|l\d|t\d|c\d) fx[ ]?$/i.test(before)) {
      const next = numbers[here + 1]
      const label = (sessionLabel[1] as string).toLowerCase()
      const slash = next === undefined ? -1 : Math.max(at(SLASH, text, n.end, end), at(OF, text, n.end, end))
      const dated = /\d{1,2}\/\d{1,2}[ ]?(?:,[ ]?)?(?:at[ ]|@[ ]?)?\d{1,2}:\d/.test(text.slice(n.start, n.start + 16)) || /\b(?:next|last|date)[ ](?:fx|tx|treatment|fraction)[ ]?:?[ ]?$/i.test(before)
      if (next !== undefined && slash === next.start && whole(next, 60) && next.value >= n.value && !dated) {
        const from = n.start - sessionLabel[0].length
        const worded = fractionsAt(next.end)
        if (/^(?:tx|treatment)s?$/.test(label) && text[n.end] === '/' && /\bdate\b/i.test(before)) continue
        add('fraction-number', from, next.end, n.value, n.value, 'fraction')
        add('fractions', next.start, worded > 0 ? worded : next.end, next.value, next.value, 'fraction')
        index = here + 2
        continue
      }
      const total = FRACTION_TOTAL.exec(before) ?? FRACTIONS_LABEL.exec(before) ?? FRACTION_DONE.exec(before)
      const followed = unitAt(n.end) !== null || at(TIMES, text, n.end, end) > 0 || (n.end < end && /[\d/:.%]/.test(text[n.end] as string) && /\d/.test(text[n.end + 1] ?? ''))
      if (!followed && total !== null) {
        add('fractions', n.start - total[0].length + (total[0].length - total[0].trimStart().length), n.end, n.value, n.value, 'fraction')
        continue
      }
      const plural = /s$/.test(label)
      const word = /^(?:fx|fxn|fraction|frac)$/.test(label) || (sessionLabel[2] !== undefined) || /#$/.test(sessionLabel[0]) || /^session$/.test(label)
      if (!followed && word && !plural && fractionsAt(n.end) < 0 && !/^[ ]?(?:days|weeks|mm|cm|times|per|x\b)/i.test(text.slice(n.end, n.end + 7))) {
        const range = at(RANGE, text, n.end, end)
        const upper = next !== undefined && range === next.start && whole(next, 60) && next.value > n.value ? next : null
        add('fraction-number', n.start - sessionLabel[0].length, (upper ?? n).end, n.value, (upper ?? n).value, 'fraction')
        if (upper !== null) index = here + 2
        continue
      }
      if (plural && !followed) {
        const range = at(RANGE, text, n.end, end)
        if (next !== undefined && range === next.start && whole(next, 60) && next.value > n.value) {
          add('fraction-number', n.start - sessionLabel[0].length, next.end, n.value, next.value, 'fraction')
          index = here + 2
          continue
        }
      }
    }
    // "#3 of 5"
    if (HASH.test(before) && whole(n, 60) && !HASH_NOT.test(before)) {
      const next = numbers[here + 1]
      const of = next === undefined ? -1 : Math.max(at(OF, text, n.end, end), at(SLASH, text, n.end, end))
      if (next !== undefined && of === next.start && whole(next, 60) && next.value >= n.value) {
        add('fraction-number', n.start - 1 - (text[n.start - 1] === ' ' ? 1 : 0), next.end, n.value, n.value, 'fraction')
        const worded = fractionsAt(next.end)
        add('fractions', next.start, worded > 0 ? worded : next.end, next.value, next.value, 'fraction')
        index = here + 2
        continue
      }
    }
    // "12 of 30 fractions", "5/30 fx"
    {
      const next = numbers[here + 1]
      const of = next === undefined || !whole(n, 60) ? -1 : Math.max(at(OF, text, n.end, end), at(SLASH, text, n.end, end))
      if (next !== undefined && of === next.start && whole(next, 60) && next.value >= n.value) {
        const worded = fractionsAt(next.end)
        if (worded > 0) {
          add('fraction-number', n.start, worded, n.value, n.value, 'fraction')
          add('fractions', next.start, worded, next.value, next.value, 'fraction')
          index = here + 2
          continue
        }
      }
    }
    // monitor units after their label, also "212/212"
    if (n.written === 'digits' && MU_BEFORE.test(before) && !n.glued && !/^(?:st|nd|rd|th)\b|^[/-]\d{1,2}[/-]/.test(text.slice(n.end, n.end + 4)) && (unitAt(n.end)?.entry.kind ?? 'monitor-units') === 'monitor-units') {
      add('monitor-units', n.start, n.end, n.value, n.value, 'MU')
      const next = numbers[here + 1]
      if (next !== undefined && at(SLASH, text, n.end, end) === next.start) {
        add('monitor-units', next.start, next.end, next.value, next.value, 'MU')
        index = here + 2
      }
      continue
    }
    if (n.glued && n.written === 'digits') {
      if (/MUs?$/.test(before)) add('monitor-units', n.start, n.end, n.value, n.value, 'MU')
      continue
    }

    // the number with its range or list, then its unit
    let last = here
    let stop = n.end
    const run: NumberMention[] = [n]
    let joined: 'range' | 'list' | 'times' | 'error' | null = null
    for (let k = here + 1; k < numbers.length && k <= here + 3; k++) {
      const next = numbers[k] as NumberMention
      if (next.start - stop > 9) break
      const tests: readonly (readonly ['range' | 'list' | 'times' | 'error', RegExp])[] = [['error', PLUS_MINUS], ['range', RANGE], ['times', TIMES], ['list', SLASH]]
      const hit = tests.find(([name, pattern]) => (joined === null || (joined === name && name !== 'range' && name !== 'error')) && at(pattern, text, stop, end) === next.start)
      if (hit === undefined) break
      joined = hit[0]
      run.push(next)
      stop = next.end
      last = k
    }
    let unit = unitAt(stop)
    const fixed = joined
    if (unit === null && run.length > 1) {
      // shorter runs: "5 x 5" behind which nothing stands
      unit = unitAt(n.end)
      if (unit !== null) {
        last = here
        stop = n.end
        run.length = 1
        joined = null
      }
    }
    if (unit !== null) {
      const { entry } = unit
      const to = unit.end
      if (entry.kind === 'dose') {
        if (at(RATE, text, to, end) >= 0 || words.notDose.test(before)) {
          index = last + 1
          continue
        }
        const scale = entry.factor
        const [low, high] = joined === 'range' ? [n.value, (run[1] as NumberMention).value] : [n.value, n.value]
        let from = n.start
        let total = low
        if (joined === 'times') {
          // "28 x 2.5 Gy": the last number bears the unit
          const each = run[run.length - 1] as NumberMention
          if (run.length === 2 && whole(n, 60)) {
            add('fractions', n.start, n.end, n.value, n.value, 'fraction')
            const per = at(PER_FRACTION, text, to, end)
            add('dose-per-fraction', each.start, per > 0 ? per : to, each.value * scale, each.value * scale, entry.unit)
          } else add('dose', each.start, to, each.value * scale, each.value * scale, entry.unit)
          index = last + 1
          continue
        }
        if (joined === 'list') {
          for (const r of run) add('dose', r.start, r === run[run.length - 1] ? to : r.end, r.value * scale, r.value * scale, entry.unit)
          index = last + 1
          continue
        }
        if (joined === 'range' && high < low) {
          from = (run[1] as NumberMention).start
          total = high
        }
        const cLow = total * scale
        const cHigh = Math.max(total, high) * scale
        if (cHigh < entry.plausible.low || cLow > entry.plausible.high) {
          index = last + 1
          continue
        }
        const per = at(PER_FRACTION, text, to, end)
        const isPer = per > 0 && !/^[ ]?(?:d|f)$/.test(text.slice(to, per))
        const slot = found.length
        add('dose', from, to, cLow, cHigh, entry.unit)
        index = last + 1
        const behind = fractionsBehind(isPer ? per : to, last, cHigh)
        const single = behind !== null && behind.times && cHigh <= 3400
        const earlier = found[slot - 1]
        const afterFractions = !isPer && earlier !== undefined && earlier.kind === 'fractions' && from - earlier.end <= 5 && cHigh <= 3400
          && /^[ ]?(?:of|x|×|@|at)[ ]?$/i.test(text.slice(earlier.end, from))
        // "50.4 Gy / 1.8 Gy", "60 Gy at 2 Gy"
        const divided = !isPer && lastDose > 0 && from - lastDose <= 4 && at(AT, text, lastDose, end) === from && lastTotal >= 2.9 * cHigh && lastTotal / cHigh <= 60
        const labelled = !isPer && cHigh <= 3400 && PER_FRACTION_LABEL.test(text.slice(Math.max(start, from - 34), from))
        if (isPer || single || divided || afterFractions || labelled) found[slot] = { ...(found[slot] as RawMeasure), kind: 'dose-per-fraction', end: isPer ? per : to }
        lastDose = isPer || single || labelled ? -1 : to
        lastTotal = cHigh
        if (behind !== null) {
          index = behind.index + 1
        } else if (!isPer) {
          // "50 Gy (25 fx)" needs nothing: the fractions are read on their own
        }
        continue
      }
      if (entry.kind === 'length' && at(LENGTH_NOT, text, to, end) >= 0) {
        index = last + 1
        continue
      }
      if (entry.kind === 'volume' && /^[ ]?\/[ ]?(?:min|h|hr|s|sec|kg|day)\b|^:/i.test(text.slice(to, to + 6))) {
        index = last + 1
        continue
      }
      if (entry.kind === 'monitor-units' && at(RATE, text, to, end) >= 0) {
        index = last + 1
        continue
      }
      if (entry.unit === 'U' && (!ACTIVITY_U.test(text.slice(Math.max(start, n.start - 44), Math.min(end, to + 24))) || /\binsulin|heparin|lantus|humalog/i.test(before))) {
        index = last + 1
        continue
      }
      if (entry.kind === 'energy' && /keV|kV/.test(entry.unit) && joined === 'list') joined = null
      let sign = 1
      let from = n.start
      if (entry.kind === 'percent' || entry.kind === 'length') {
        const signed = SIGN.exec(before)
        if (signed !== null && !/\d[ ]?[-–−+][ ]?$/.test(before)) {
          from -= before.length - before.lastIndexOf(signed[1] as string)
          if (signed[1] !== '+') sign = -1
        }
      }
      const scale = entry.factor
      const fits = (value: number): boolean => Math.abs(value) * scale >= entry.plausible.low && Math.abs(value) * scale <= entry.plausible.high
      if (joined === 'range' && run.length === 2 && fits(n.value)) {
        add(entry.kind, from, to, sign * n.value * scale, (run[1] as NumberMention).value * scale, entry.unit)
      } else if (joined === 'times' || (joined === 'list' && (entry.kind === 'energy' || entry.kind === 'monitor-units' || entry.kind === 'length'))) {
        for (const r of run) if (fits(r.value)) add(entry.kind, r.start, r === run[run.length - 1] ? to : r.end, r.value * scale, r.value * scale, entry.unit)
      } else if (joined === 'error') {
        if (fits(n.value)) add(entry.kind, from, to, sign * n.value * scale, sign * n.value * scale, entry.unit)
      } else {
        const own = joined === 'list' ? run[run.length - 1] as NumberMention : n
        if (fits(own.value)) {
          if (entry.kind === 'percent' && TOLERANCE.test(before)) add(entry.kind, own.start, to, -own.value, own.value, entry.unit)
          else add(entry.kind, own === n ? from : own.start, to, (own === n ? sign : 1) * own.value * scale, (own === n ? sign : 1) * own.value * scale, entry.unit)
        }
      }
      index = last + 1
      continue
    }

    // energies by their short names: 6X, 10FFF, 9E
    if (n.written === 'digits' && Number.isInteger(n.value)) {
      const photon = PHOTON_MV.has(n.value) ? at(PHOTON, text, n.end, end) : -1
      if (photon > 0 && !/^[ ]?(?:\d|per|a\b|daily|day|\/|weekly|times|week|month|mag|loupe|objective|hpf|uln|greater|higher|more|less|lower|normal|upper|the\b|power|in\b)/i.test(text.slice(photon, photon + 10))) {
        add('energy', n.start, photon, n.value, n.value, 'MV')
        continue
      }
      const electron = ELECTRON_MEV.has(n.value) ? at(ELECTRON, text, n.end, end) : -1
      if (electron > 0 && (text[n.end] === 'E' || /\b(?:energy|electrons?|en face|enface|cone|boost)\b/i.test(text.slice(Math.max(start, n.start - 40), Math.min(end, electron + 30))))) {
        add('energy', n.start, electron, n.value, n.value, 'MeV')
        continue
      }
    }
    // "180x28", "2.5 Gy" has gone above
    if (fixed === 'times' && run.length === 2) {
      const times = run[1] as NumberMention
      const around = text.slice(Math.max(start, n.start - 40), Math.min(end, times.end + 24))
      const worded = fractionsAt(times.end)
      if (whole(times, 45) && n.value % 1 === 0 && n.value >= 100 && n.value <= 3400 && at(SCHEME_AFTER_NOT, text, times.end, end) < 0 && !SCHEME_NOT.test(around)
        && (worded > 0 || (n.value >= 120 && n.value <= 300 && times.value >= 5) || SCHEME_BEFORE.test(around))) {
        add('dose-per-fraction', n.start, n.end, n.value, n.value, 'cGy')
        add('fractions', times.start, worded > 0 ? worded : times.end, times.value, times.value, 'fraction')
        index = last + 1
        continue
      }
    }
    // "HDR 7x4"
    if (fixed === 'times' && run.length === 2 && HIGH_DOSE_BEFORE.test(before) && n.value >= 3 && n.value <= 34 && whole(run[1] as NumberMention, 8) && at(SCHEME_AFTER_NOT, text, (run[1] as NumberMention).end, end) < 0 && unitAt(stop) === null) {
      const times = run[1] as NumberMention
      add('dose-per-fraction', n.start, n.end, n.value * 100, n.value * 100, 'Gy')
      add('fractions', times.start, times.end, times.value, times.value, 'fraction')
      index = last + 1
      continue
    }
    // "3000/300 x 10"
    if (n.written === 'digits' && n.value >= 500 && n.value <= 9000) {
      const each = numbers[here + 1]
      const times = numbers[here + 2]
      if (each !== undefined && times !== undefined && whole(times, 60) && at(SLASH, text, n.end, end) === each.start && at(TIMES, text, each.end, end) === times.start && n.value === each.value * times.value) {
        add('dose', n.start, n.end, n.value, n.value, 'cGy')
        add('dose-per-fraction', each.start, each.end, each.value, each.value, 'cGy')
        add('fractions', times.start, times.end, times.value, times.value, 'fraction')
        index = here + 3
        continue
      }
    }
    // "60/30" right behind a word of radiotherapy
    if (fixed === 'list' && run.length === 2 && n.written === 'digits' && DOSE_CONTEXT.test(before)) {
      const parts = run[1] as NumberMention
      const each = n.value / parts.value
      const gray = each >= 1.5 && each <= 24 && n.value <= 90
      const centi = each >= 120 && each <= 2400 && n.value <= 9000
      const named = /\bto[ ]?$/i.test(before) ? /\b(?:RT|XRT|SBRT|IMRT|PTV\w*|radiation)\b/i.test(before) : true
      if (whole(parts, 45) && (gray || centi) && named && unitAt(stop) === null && at(AFTER_COUNT, text, stop, end) < 0 && !/^[ ]?(?:mmhg|bp\b|\/)/i.test(text.slice(stop, stop + 5)) && !/\bbp\b/i.test(before)) {
        add('dose', n.start, n.end, gray ? n.value * 100 : n.value, gray ? n.value * 100 : n.value, gray ? 'Gy' : 'cGy')
        const worded = fractionsAt(stop)
        add('fractions', parts.start, worded > 0 ? worded : stop, parts.value, parts.value, 'fraction')
        index = last + 1
        continue
      }
    }
    // "Dose (cGy): 180": the label bears the unit
    const headed = n.written === 'digits' ? HEAD_UNIT.exec(before) : null
    if (headed !== null && !/^\/|^-\d/.test(text.slice(n.end, n.end + 2))) {
      const entry = words.unitOf((headed[1] ?? headed[2]) as string)
      if (entry !== undefined) {
        const each = entry.kind === 'dose' && /\b(?:dose\/f\w*|per f\w+|\/fx|\/fraction|daily dose|fx dose|fraction(?:al)? dose)\b/i.test(before)
        add(each ? 'dose-per-fraction' : entry.kind, n.start, n.end, n.value * entry.factor, n.value * entry.factor, entry.unit)
        continue
      }
    }
    // fractions: "30 fx", "3-5 fractions", "35#"
    if (whole(n, 60)) {
      const ranged = fixed === 'range' && run.length === 2
      const worded = fractionsAt(ranged ? stop : n.end)
      if (worded > 0 && !/\b(?:every|q|grade|level|T|L|C|rib|day|week|page)[ ]?$/i.test(before)) {
        const high = ranged ? (run[1] as NumberMention).value : n.value
        // "1 fx 3/2": a fraction's number behind "Fx" elsewhere; "2 fx #3"
        if (high <= 60 && !(/^[ ]?#?[ ]?\d{1,2}(?![\d.]|[ ]?c?gy)/i.test(text.slice(worded, worded + 8)) && text.slice(n.end, worded).trim().length <= 3 && text[worded - 1] !== '#')) {
          add('fractions', n.start, worded, n.value, high, 'fraction')
          index = ranged ? last + 1 : index
          continue
        }
      }
    }
    // counted things: "3 brain mets", "five dwell positions", "9-field"
    if (n.value >= 1 && Number.isInteger(n.value) && n.value <= 500 && !NAMED_BEFORE.test(before) && !/[.,:+]$|(?<![a-z])\/$/.test(before)) {
      const ranged = fixed === 'range' && run.length === 2
      const counted = countBehind(text, ranged ? stop : n.end, end, words)
      if (counted !== null) {
        const high = ranged ? (run[1] as NumberMention).value : n.value
        const one = n.value === 1 && high === 1
        if (one || counted.plural || counted.hyphen || /^(?:[ -](?:technique|plan|imrt|vmat|arrangement|set-?up|3d|conformal|approach|rapidarc))/i.test(text.slice(counted.end, counted.end + 14))) {
          add('count', n.start, counted.end, n.value, high, counted.unit)
          index = ranged ? last + 1 : index
        }
      }
    }
  }

  // wordings without a number of their own
  const slice = text.slice(start, end)
  for (const m of slice.matchAll(SINGLE)) {
    const counted = countBehind(text, start + m.index + (m[1] as string).length, end, words)
    if (counted !== null && !counted.plural) add('count', start + m.index, counted.end, 1, 1, counted.unit)
    else if ((m[1] as string).toLowerCase() === 'single') {
      const to = fractionsAt(start + m.index + m[0].length - 1)
      if (to > 0 && /^(?:fraction|fx|fxn|frac)$/i.test(text.slice(start + m.index + m[0].length, to))) add('fractions', start + m.index, to, 1, 1, 'fraction')
    }
  }
  for (const m of slice.matchAll(ORDINAL)) {
    const value = m[1] !== undefined ? Number(m[1]) : ORDINALS[(m[2] as string).toLowerCase()] as number
    if (value >= 1 && value <= 60 && !/^[ ]?(?:plan|field|planning)/i.test(slice.slice(m.index + m[0].length, m.index + m[0].length + 8))) add('fraction-number', start + m.index, start + m.index + m[0].length, value, value, 'fraction')
  }
  for (const m of slice.matchAll(WORD_FRACTION)) {
    add('fraction-number', start + m.index, start + m.index + m[0].length, ['one', 'two', 'three', 'four', 'five'].indexOf((m[1] as string).toLowerCase()) + 1, ['one', 'two', 'three', 'four', 'five'].indexOf((m[1] as string).toLowerCase()) + 1, 'fraction')
  }
  for (const m of slice.matchAll(PREFIX_COUNT)) {
    const name = (m[1] ?? m[2] ?? m[3]) as string
    const counts = words.nounOf(name) ?? words.nounOf(name.slice(name.indexOf(' ') + 1))
    if (counts === undefined) continue
    const bare = m[3] !== undefined
    if (bare && !/s$/i.test(name)) continue
    const number = /^(\d{1,3})(?![\d/:-]|\.\d|[ ]?(?:%|cm|mm|gy|cgy|mv|mu))/i.exec(slice.slice(m.index + m[0].length, m.index + m[0].length + 8))
    if (number === null || Number(number[1]) < 1) continue
    add('count', start + m.index, start + m.index + m[0].length + (number[1] as string).length, Number(number[1]), Number(number[1]), counts.unit)
  }
  for (const m of slice.matchAll(words.frequency)) {
    const entry = words.frequencyOf(m[0])
    if (entry === undefined || DRUG_BEFORE.test(slice.slice(Math.max(0, m.index - 40), m.index))) continue
    add('frequency', start + m.index, start + m.index + m[0].length, entry.low, entry.high, entry.unit)
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  return found.filter((m, i) => {
    for (let k = i - 1; k >= 0 && k >= i - 4; k--) {
      const o = found[k] as RawMeasure
      if (o.end > m.start && o.kind === m.kind && !(o.kind === 'fractions')) return false
      if (o.start === m.start && o.end === m.end && o.kind === m.kind) return false
    }
    return true
  })
}

function countBehind(text: string, position: number, end: number, words: MeasureWords): { end: number; unit: string; plural: boolean; hyphen: boolean } | null {
  let from = at(ADJECTIVE, text, position, end)
  if (from < 0) return null
  const hyphen = text[position] === '-'
  for (let adjectives = 0; adjectives <= 3; adjectives++) {
    const to = at(words.noun, text, from, end)
    if (to > 0) {
      const word = text.slice(from, to)
      const entry = words.nounOf(word)
      // "2 field verification": the noun describes the next word; "2 met with": a verb
      if (entry !== undefined && !(/^met$/i.test(word) && /^[ ](?:with|the|a|criteria|goals?|all)\b/i.test(text.slice(to, to + 10)))) {
        return { end: to, unit: entry.unit, plural: /s\)?$/i.test(word) && !/^(?:metastasis|mass)$/i.test(word), hyphen }
      }
      return null
    }
    const next = at(DESCRIBING, text, from, end)
    if (next < 0 || NOT_DESCRIBING.test(text.slice(from, next).trim())) return null
    from = next
  }
  return null
}
