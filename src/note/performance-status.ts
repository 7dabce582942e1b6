// Performance status as recorded: Karnofsky, ECOG (Zubrod, WHO), Lansky, PPS. May not: convert one scale into another; judge a value.
import type { PerformanceWords, PerformanceScaleName } from '../dictionary/performance-dictionary.ts'
import { lastAtOrBefore } from '../base/span.ts'
import { findDates, isoDate } from './dates.ts'
import type { IsoDate, PerformanceStatus, Statement, Time } from './note.ts'

export type RawPerformance = Omit<PerformanceStatus, 'statement'>

type StatementSpan = Pick<Statement, 'start' | 'end' | 'kind'>
type Scale = PerformanceScaleName

interface Value {
  readonly low: number
  readonly high: number
  readonly end: number
  readonly corrected: boolean
}
interface Candidate extends Value {
  readonly start: number
  readonly scale: Scale
  readonly date: IsoDate | null
  readonly time: Time
  /** Where the value itself begins. */
  readonly at: number
}
interface Label {
  readonly start: number
  readonly end: number
  readonly scale: Scale | null
  readonly slip: boolean
}

const DASH = '\\-\u2010-\u2015\u2212'
const RANGE_SCALE = new RegExp(`[ \\t]?[([]?[ ]?(?:(?:scale|range|score|graded?|from|rated)[ :]{0,2})?(?:of |from )?(?:0|1)[ ]?(?:[${DASH}]|to|thru|through)[ ]?(?:[45]|100)(?![\\d/.])[ ]?%?(?:[ ]?scale)?[ ]?[)\\]]?|[ ]?\\(?100[ ]?(?:[${DASH}]|to)[ ]?(?:0|10)(?!\\d)[ ]?%?\\)?|[ ]?\\(%\\)|[ ]?\\(?10[ ]?[${DASH}][ ]?100\\)?`, 'iy')
const TRIAL = new RegExp(`[ \\t]?[${DASH}/]?[ ]?(?:ACRIN)?[ ${DASH}]{0,2}(?:trials?|stud(?:y|ies)|protocols?|E[ ]?\\d{4}|EA\\d{4}|S\\d{4}|\\d{4}(?!\\d)|criteria|cooperative|(?<=\\s)group[ ]\\d|toxicit\\w*|CTC|common|member|intergroup|sponsored)`, 'iy')
const FILLER_WORD = new RegExp("[ \\t]?/?(?:WHO|performance|perf|status|scale|score|scores|index|rating|grade|graded|level|is|was|were|of|at|are|remains|remained|remaining|stays|currently|current|today|today's|estimated|estimate|approximately|approx\\.?|about|around|roughly|assessed|rated|noted|documented|recorded|reported|determined|judged|scored|calculated|felt|stable|unchanged|still|good|excellent|very good|fair|poor|adequate|preserved|marginal|acceptable|limited|the|patient's|patient’s|pt's|has been|has|been|to be|be|as|an?|value|result|results|assessment|evaluation|eval|category|class|total|now|her|his|at this time|at baseline|baseline|this visit|at visit|on exam|on (?:the )?(?:first |last )?day of (?:treatment|consult(?:ation)?|simulation|rt)|again|continues|group|acrin|pre-?treatment|post-?treatment|functional|global|overall|then|at (?:that|the) time|back then|ps|today:|loinc|component|observation|latest|most recent|recent|code|equals|equal|selected|answer|physician|clinician|measured|obs|only|just|which|range|oken|and is|consult|consultation|simulation|intake|(?:declined|improved|worsened|decreased|increased|dropped|fallen|risen|gone|recovered|deteriorated|up|down) to|equivalent to|equivalent|equiv|perf0rmance|performanee|perfonnance|statu5|stands|sits|(?:please )?(?:check|circle|select|mark|tick|choose) one(?: only)?|(?:at )?(?:the )?(?:start|beginning|end|completion|time) of (?:rt|xrt|radiation|treatment|consult(?:ation)?|sim(?:ulation)?|visit)|prior to (?:rt|xrt|radiation|radiotherapy|treatment|sbrt|srs))(?![A-Za-z'’])", 'iy')
const PUNCT = new RegExp(`[ \\t]*(?:[:=~≈*|#"“”_,]|[${DASH}]+>?|=>|→|➔|\\.{2,}|…|[()\\[\\]{}]|\\.(?=[ ]?\\d))|[ \\t]+`, 'y')
const CODE = /[ \t]?[([]?(?:LOINC[ :#]*)?(?:\d{4,5}-\d|LA\d{3,5}-\d)[)\]]?/iy
const LINE_END = /[ \t]*\r?\n/y
const NOT_RECORDED = /[ \t]?(?:not |n\/?a\b|none|unknown|deferred|unable|pending|un(?:able|documented|recorded|available)|refused|missing|blank|_{2,}|\*{3}|tbd|no )/iy
const INEQUALITY = /[ ]?(≥|≤|>=|=>|<=|=<|>|<|greater than or equal to|less than or equal to|at least|at most|no less than|no more than|not less than|greater than|more than|better than|less than|lower than|above|below|over|under|up to)[ ]?/iy
const OR_END = /[ ]?%?[ ]?(?:or|and)[ ](better|less|lower|below|worse|greater|higher|more|above|over|up)(?![A-Za-z])/iy
const PLUS = /\+(?![\d/])/y
const TO = new RegExp(`[ ]?%?[ ]?(?:[${DASH}]|to|or|and(?=[ ][0-9]{1,3}[ ]?%?(?:[.,;)]|$))|through|/|bordering on|verging on)[ ]?`, 'iy')
const ARROW = /[ ]?%?[ ]?(?:→|➔|-{1,2}>|=>|»)[ ]?/y
const DENOMINATOR_ECOG = /[ ]?(?:\/|out of)[ ]?[45](?![\d/]|\.\d)/iy
const DENOMINATOR_KPS = /[ ]?%?[ ]?(?:\/|out of|of)[ ]?100(?![\d/])[ ]?%?/iy
const LISTING = new RegExp(`([0-5])[ \\t]{0,3}[/,|${DASH} \\t][ \\t]{0,3}([0-5])[ \\t]{0,3}[/,|${DASH} \\t][ \\t]{0,3}([0-5])(?![\\d./:])`, 'y')
const LISTING_KPS = new RegExp(`(100|[1-9]?0)[ \\t]{0,3}[/,|${DASH} \\t][ \\t]{0,3}([1-9]?0)[ \\t]{0,3}[/,|${DASH} \\t][ \\t]{0,3}([1-9]?0)(?![\\d./:])`, 'y')
const ECOG_DIGIT = new RegExp(`(?:0(?=[0-5](?!\\d)))?([0-5])(?![\\d%]|\\.[1-9]|[ ]%|/\\d{1,2}/\\d|:\\d|[${DASH}]\\d{1,2}[${DASH}]\\d{2}|[A-Za-z])(?:\\.0(?!\\d))?`, 'y')
const ECOG_LOST_HYPHEN = /(?:01|12|23|34)(?![\d%.:/A-Za-z])/y
const ECOG_WORD = /(zero|one|two|three|four|five|III|II|IV|I)(?![A-Za-z'’])/iy
const ECOG_SLIP = /([OolIZ])(?![A-Za-z0-9'’])/y
const KPS_DIGIT = new RegExp(`(100|[1-9][05]|0)(?!\\d|\\.[1-9]|/\\d{1,2}/\\d|:\\d|[A-Za-z]|[${DASH}]\\d{1,2}[${DASH}]\\d{2})(?:\\.0+(?!\\d))?`, 'y')
const SET = /[ ]?%?[ ]?,[ ]?(?:or[ ]|and[ ])?\d{1,3}[ ]?%?[ ]?,?[ ]?(?:or|and)[ ]/iy
const SET_KPS = /[ ]?%?[ ]?,[ ]?\d{1,3}[ ]?%?[ ]?,[ ]?\d/iy
const KPS_PAIR = new RegExp(`([1-9]0)(?: ?)([1-9]0|100)(?![\\d./${DASH}:A-Za-z])`, 'y')
const KPS_SLIP = /(?=[0-9OoQlIBS]{0,2}[OoQlIBS])([1-9lIBS][0-9OoQlI]{1,2})(?![A-Za-z0-9])/y
const KPS_SINGLE = new RegExp(`([789])(?![\\d.%/${DASH}A-Za-z:])`, 'y')
const KPS_WORD = /(one[- ]hundred|hundred|ninety|eighty|seventy|sixty|fifty|forty|thirty|twenty|ten)(?:[- ](five))?(?![A-Za-z])/iy
const UNITISH = /[ \t]?-?(?:cm|mm|mg|mcg|kg|g|lbs?|ml|cc|c?gy|fx|fxs|fractions?|days?|weeks?|wks?|months?|mos?|years?|yrs?|yo|y\/o|y\.o|hours?|hrs?|min|mins|minutes|sec|x|×|lesions?|mets?|metastas[ei]s|cycles?|tabs?|tablets?|pills|doses?|sites?|nodes?|children|kids|siblings|times|pounds|packs?|ppd|drinks?|liters?|bpm|mmhg|th|st|nd|rd|points?|refills?|mo\/old|fr|gauge|additional|more|new|prior|of the|times|degrees|visits?|blocks|neutropenia|thrombocytopenia|toxicity|dermatitis|mucositis|diarrhea|nausea|glioma|astrocytoma|meningioma|tumou?r|units?|°|meters?|feet|ft|inches|minute|view|brain|liver|lung)(?![A-Za-z])/iy
const GENERIC_AFTER = new RegExp(`^[ ]?%?(?:$|[.,;:)\\]\\n\\t\\f/|&${DASH}=]|[ ](?:today|on|per|at|with|and|by|who|now|stable|for|because|given|patient|pt|\\(|\\[|ecog|kps|karnofsky|zubrod|who|as|but|due|scale|in clinic|in office|in the (?:clinic|hospital|ward|rehab|unit|office)|secondary|from|→|->|or|to|which|he|she|restricted|symptomatic|fully|ambulatory|${'[\\u2013\\u2014-]'}|=|this|currently|prior|before|was|is|limited|after|since|despite|since|good|down|up|last|alert|nad|no acute|well|general))`, 'i')
const VENTILATOR = /\b(?:PEEP|FiO2|CPAP|vent(?:ilat\w+)?|SIMV|pressure support|tidal|BiPAP)\b/i
const DEFINING = /\b(?:active|restricted|restriction|ambulatory|capable|bed|disabled|dead|death|confined|bed\w+|self-?care|normal|able to|unable|requires|symptom\w*|asymptomatic|moribund|hospital\w*|work|assistance|cares|sick|strenuous|limited|bedridden)\b/i
const MARK = /☐|☒|☑|✓|✔|✗|✘|■|□|●|○|◉|◯|◻|◼|▢|▣|\[[ _]{0,2}\]|\[ ?[xX✓✔] ?\]|\([ _]{0,3}\)|\( ?[xX✓✔] ?\)|\{ ?[xX] ?\}|\{ {0,2}\}|_[xX]_|(?<=[\s(])[xX](?=[ ]?[0-9]{1,3}\b)|__{1,3}/y
const CHECKED = /[☒☑✓✔✗✘■●◉◼▣xX]/
const UNCHECKED_BEFORE = /(?:☐|□|○|◯|◻|▢|\[[ _]{0,2}\]|\([ _]{0,3}\)|__+)[ ]?$/
/** `[x] ECOG 1  [ ] ECOG 2`: the boxes behind belong to other values. */
const TICKED_BEFORE = /(?:[☒☑✓✔■●◉]|\[ ?[xX✓✔] ?\]|\( ?[xX✓✔] ?\))[ ]?$/
const CONTRAST = /^(?:[ ]?%)?(?:[ ](?:today|now|currently)(?=[ ]?[,;(]))?(?:[ ](?:last (?:year|month|week|visit)|in (?:19|20)\d\d|at (?:diagnosis|admission|presentation|discharge|consult(?:ation)?)|before (?:surgery|treatment|steroids|chemotherapy|admission)))?[ ]?[,;(]?[ ]?(?:which is |this is |and |but )?(now|currently|today|improved to|declined to|decreased to|worsened to|deteriorated to|increased to|dropped to|recovered to|→|->|previously|prior|formerly|was|was previously|down from|up from|improved from|declined from|decreased from|increased from|worsened from|dropped from|changed from|compared to|compared with|versus|vs\.?)(?: is| was| of| at| an?|:| it is| it was| she is| he is)*[ ]/i
const NOW_WORD = /^(?:now|currently|today|improved to|declined to|decreased to|worsened to|deteriorated to|increased to|dropped to|recovered to|→|->)$/i
const NOT_OF_THIS = /^(?:previously|previous|prior(?! to)|formerly|former|down from|up from|improved from|declined from|decreased from|decline from|increased from|worsened from|dropped from|deteriorated from|fallen from|fell from|risen from|rose from|gone from|went from|slipped from|originally|initially|had been|used to be|history of|earlier)/i
/** Behind the first end of a scale explained by its ends: "100 = normal, 0 = dead". */
const ENDS_OF_SCALE = /^[ ]?%?[ ]?(?:=|is|-|–)?[ ]?(?:normal|best|dead|worst|perfect|fully active|asymptomatic|healthy)[a-z ]{0,20}[,;/-]?[ ]?(?:to |and |through )?(?:\d{1,3})[ ]?(?:=|is|-|–)?[ ]?(?:normal|best|dead|death|worst|perfect|bed)/i
const YEAR = /^[^.;\n]{0,34}?(?:\b(?:in|since|on|of|from)[ ]|[(,][ ]?)((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ ,]{1,2})?((?:19|20)\d\d)(?![\d/-])/i
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DATE_HERE = new RegExp(`[ ]?[([]?(?:on |as of |at |dated |from |of )?\\d{1,4}[/.${DASH}](?:\\d{1,2}|[A-Za-z]{3})[/.${DASH}]\\d{2,4}[)\\]]?`, 'iy')
/** Behind a value that was: `in January and is 2 now`, `at diagnosis, is now 1`. */
const IS_NOW = /^[ ]?%?[^.;\n]{0,34}?(?:\band|\bbut|[,;])[ ](?:it[ ])?(?:is|has (?:declined|improved|dropped|fallen|risen|worsened) to|now)[ ](?:now |currently |today )?(?=\d)/i
/** Behind a value: `(80 at last visit)`. */
const WAS_BEHIND = /^[ ]?%?(?:[ ](?:today|now|currently))?[ ]?\([ ]?(?=\d{1,3}[ ]?%?[ ](?:at (?:the )?(?:last|previous|prior|initial|first|consult\w*|diagnosis)|previously|before|prior|last)\b)/i
const FORECAST = /\b(?:expect|anticipate|hope|predict)(?:s|ed|ing)?(?: that)? (?:him|her|them|the patient|he|she|to)\b[^.;]{0,50}$/i
/** Words before a value that put it into another time: `In 2022 she was`, `Last November … was then`. */
const BACK_THEN = /\b(?:(?:in|during|of|since|until|around|back in)[ ](?:(?:early|late|mid|the spring of|the summer of|the fall of|the winter of)[ -]{1,2})?(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)[ ,]{1,2})?((?:19|20)\d\d)|last (?:january|february|march|april|june|july|august|september|october|november|december|spring|summer|fall|autumn|winter|year|month)|at the time of (?:diagnosis|admission|hospitali[sz]ation|surgery|presentation|his|her|the)|(?:years|months) ago|while (?:in hospital|hospitali[sz]ed|an inpatient|on the ward)|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? (?:admission|hospitali[sz]ation|stay|hospital stay|discharge))\b/gi
const BACK_NOW = /\b(?:now|today|currently|at present|presently|this visit|is|are)\b/i
/** `… was 3 while he was in hospital`, `… was 60 when admitted last November`: the words behind the value say that it was another time. */
const WAS = /\b(?:was|were|had|of)\b[^.;]{0,14}$/i
const THEN_BEHIND = /^[^.;]{0,40}?\b(?:(?:while|when|during|as)\s(?:(?:he|she|they|the patient|pt)\s)?(?:(?:was|were)\s)?(?:still\s)?(?:(?:in|an|on|at)\s)?(?:(?:the|a|his|her|their)\s)?(?:hospital\w*|inpatient|icu|intensive care|ward|rehab\w*|admi(?:tted|ssion)|septic|acutely (?:ill|unwell))|(?:last|back in)\s(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|fall|autumn|winter|year|month))\b/i
const THEN = /^[^.;\n]{0,40}?\b(?:then|at that time|at the time|back then|that year|since (?:resolved|recovered|improved|passed)|now resolved)\b/i
const WORDS: Readonly<Record<string, number>> = { zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, i: 1, ii: 2, iii: 3, iv: 4 }
const TENS: Readonly<Record<string, number>> = { ten: 10, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100 }
/** Days between a statement's own date and its note beyond which the statement is of another time. */
const OLD_DAYS = 120

function run(pattern: RegExp, text: string, position: number, end: number): RegExpExecArray | null {
  pattern.lastIndex = position
  const m = pattern.exec(text)
  return m !== null && pattern.lastIndex <= end ? m : null
}
const topOf = (scale: Scale): number => (scale === 'ECOG' ? 5 : 100)

/** One grade of the ECOG scale at `p`. */
function ecogToken(text: string, p: number, end: number): Value | null {
  const digit = run(ECOG_DIGIT, text, p, end)
  if (digit !== null) return { low: Number(digit[1]), high: Number(digit[1]), end: p + digit[0].length, corrected: false }
  const word = run(ECOG_WORD, text, p, end)
  if (word !== null) {
    const written = word[1] as string
    const roman = /^[IV]+$/i.test(written) && written.length <= 3 && /[iv]/i.test(written)
    const isRoman = roman && !/^(?:five)$/i.test(written)
    if (isRoman && written !== written.toUpperCase()) return null
    const after = text.slice(p + written.length, p + written.length + 12)
    // "ECOG. I reviewed": the letter is a pronoun unless the sentence goes on as after a number
    if (written === 'I' && /^[ \n]?[a-z]/.test(after) && !/^[ ](?:with|today|to|or|per|by|on|at|and)\b/.test(after)) return null
    if (written === 'I' && /^[ ](?:with|and|on|at|by)[ ](?:the|a|my|her|his)\b/.test(after)) return null
    const value = WORDS[written.toLowerCase()] as number
    return { low: value, high: value, end: p + written.length, corrected: false }
  }
  const slip = run(ECOG_SLIP, text, p, end)
  if (slip !== null) {
    const after = text.slice(p + 1, p + 9)
    if (/^[ \n][a-z]/.test(after)) return null
    const letter = slip[1] as string
    const value = /[Oo]/.test(letter) ? 0 : letter === 'Z' ? 2 : 1
    return { low: value, high: value, end: p + 1, corrected: true }
  }
  return null
}

function kpsToken(text: string, p: number, end: number): Value | null {
  const digit = run(KPS_DIGIT, text, p, end)
  if (digit !== null) return { low: Number(digit[1]), high: Number(digit[1]), end: p + digit[0].length, corrected: false }
  const word = run(KPS_WORD, text, p, end)
  if (word !== null) {
    const tens = /hundred/i.test(word[1] as string) ? 100 : TENS[(word[1] as string).toLowerCase()] as number
    const value = tens + (word[2] === undefined ? 0 : 5)
    return { low: value, high: value, end: p + word[0].length, corrected: false }
  }
  const slip = run(KPS_SLIP, text, p, end)
  if (slip !== null) {
    const value = Number((slip[1] as string).replace(/[OoQ]/g, '0').replace(/[lI]/g, '1').replace(/B/g, '8').replace(/S/g, '5'))
    if (value <= 100 && value >= 10 && value % 5 === 0) return { low: value, high: value, end: p + slip[0].length, corrected: true }
  }
  const single = run(KPS_SINGLE, text, p, end)
  if (single !== null) return { low: Number(single[1]) * 10, high: Number(single[1]) * 10, end: p + 1, corrected: true }
  return null
}

/** A value with its range, bound or denominator at `p`; two for an arrow ("1→2"). Null where what stands there is none. */
function readValue(text: string, p: number, end: number, scale: Scale, fromTo: boolean): readonly Value[] | null {
  const ecog = scale === 'ECOG'
  const token = ecog ? ecogToken : kpsToken
  const bound = run(INEQUALITY, text, p, end)
  let at = bound === null ? p : p + bound[0].length
  if (bound === null && text[at] === ' ') at++
  const listing = run(ecog ? LISTING : LISTING_KPS, text, at, end)
  if (listing !== null) {
    const [a, b, c] = [Number(listing[1]), Number(listing[2]), Number(listing[3])]
    if ((a < b && b < c) || (a > b && b > c)) return null
  }
  if (ecog) {
    const lost = run(ECOG_LOST_HYPHEN, text, at, end)
    if (lost !== null && !(lost[0] === '01' && new RegExp(`^[ ]?[${DASH}:=][ ]?[A-Za-z]`).test(text.slice(at + 2, at + 6)))) {
      if (run(UNITISH, text, at + 2, end) !== null) return null
      return [{ low: Number(lost[0][0]), high: Number(lost[0][1]), end: at + 2, corrected: true }]
    }
  } else {
    const pair = run(KPS_PAIR, text, at, end)
    if (pair !== null && Number(pair[2]) === Number(pair[1]) + 10 && run(UNITISH, text, at + pair[0].length, end) === null) {
      return [{ low: Number(pair[1]), high: Number(pair[2]), end: at + pair[0].length + (text[at + pair[0].length] === '%' ? 1 : 0), corrected: true }]
    }
  }
  const between = run(/[ ]?between[ ]/iy, text, at, end)
  if (between !== null) at += between[0].length
  const first = token(text, at, end)
  if (first === null) return null
  // `ECOG 0, 1 or 2`: a set of grades is a condition, never one patient's value
  if (run(SET, text, first.end, end) !== null || (!ecog && run(SET_KPS, text, first.end, end) !== null) || /^, ?[0-5],? or /.test(text.slice(first.end, first.end + 9))) return null
  if (run(UNITISH, text, first.end, end) !== null) return null
  const percent = (position: number): number => (!ecog && /^[ ]?%/.test(text.slice(position, position + 2)) ? position + text.slice(position).indexOf('%') + 1 : position)
  const denominator = run(ecog ? DENOMINATOR_ECOG : DENOMINATOR_KPS, text, first.end, end)
  if (denominator !== null) {
    const to = first.end + denominator[0].trimEnd().length
    return run(UNITISH, text, to, end) === null ? [{ ...first, end: to }] : null
  }
  const arrow = run(ARROW, text, first.end, end)
  if (arrow !== null) {
    const second = token(text, first.end + arrow[0].length, end)
    if (second !== null && run(UNITISH, text, second.end, end) === null) return [{ ...first, end: percent(first.end) }, { ...second, end: percent(second.end) }]
  }
  const to = run(TO, text, first.end, end)
  if (to !== null && bound === null) {
    const second = token(text, first.end + to[0].length, end)
    const stop = second === null ? 0 : second.end
    if (second !== null && run(UNITISH, text, stop, end) === null && !/^[/.]\d/.test(text.slice(stop, stop + 2)) && !(ecog && /^[ ]?%/.test(text.slice(stop, stop + 2)))) {
      const after = text[stop] ?? ' '
      const wide = Math.abs(second.low - first.low)
      const join = to[0].trim()
      if (!/\d/.test(after) && second.low !== first.low) {
        if (fromTo && /^to$/i.test(join)) return [{ ...first, end: percent(first.end) }, { ...second, end: percent(stop) }]
        if (wide >= (ecog ? 3 : 50)) return null
        return [{ low: Math.min(first.low, second.low), high: Math.max(first.low, second.low), end: percent(stop), corrected: first.corrected || second.corrected }]
      }
    }
  }
  const top = topOf(scale)
  if (bound !== null) {
    const said = (bound[1] as string).toLowerCase()
    const strict = /^(?:>|<|greater than|more than|better than|less than|lower than|above|below|over|under)$/.test(said)
    const down = /^(?:≤|<=|=<|<|less|lower|at most|no more|below|under|up to)/.test(said) && !/^(?:no less|not less)/.test(said)
    const v = first.low
    if (down ? strict && v === 0 : strict && v >= top) return null
    return [down ? { ...first, low: 0, high: strict ? v - 1 : v, end: percent(first.end) } : { ...first, low: strict ? v + 1 : v, high: top, end: percent(first.end) }]
  }
  const open = run(OR_END, text, first.end, end)
  if (open !== null) {
    const word = (open[1] as string).toLowerCase()
    const up = /^(?:greater|higher|more|above|over|up)$/.test(word) || (word === 'better' && !ecog) || (word === 'worse' && ecog)
    return [{ ...first, low: up ? first.low : 0, high: up ? top : first.low, end: first.end + open[0].length }]
  }
  let stop = percent(first.end)
  if (run(PLUS, text, stop, end) !== null) {
    stop++
    if (run(UNITISH, text, stop, end) !== null) return null
  }
  return [{ ...first, end: stop }]
}

/** Where a printed list of grades ends that the value heads, or -1. */
function legendBehind(text: string, value: Value, scale: Scale, end: number): number {
  if (value.low !== value.high) return -1
  let to = value.end
  const step = scale === 'ECOG' ? 1 : 10
  const tail = text.slice(value.end, Math.min(end, value.end + 900))
  const next = scale === 'ECOG' ? /(?:^|[\n\t;,.•|(\]):]|[ ]{1,3})[ ]?(?:grade |ecog |score |ps )?([0-5])[ ]?(?:[=:.)\t]|[-–—]|[ ](?=[A-Z]))[ ]?(?=[A-Za-z])/gi : /(?:^|[\n\t;,.•|(\]):]|[ ]{1,3})[ ]?(?:kps )?(100|[1-9]?0)[ ]?%?[ ]?(?:[=:.)\t]|[-–—]|[ ](?=[A-Z]))[ ]?(?=[A-Za-z])/gi
  let expected: number | null = null
  let direction = 0
  let steps = 0
  let first = true
  for (const m of tail.matchAll(next)) {
    const grade = Number(m[1])
    if (!DEFINING.test(tail.slice(m.index, m.index + m[0].length + 90))) continue
    if (first) {
      first = false
      if (grade === value.low + step) direction = step
      else if (grade === value.low - step) direction = -step
      else return -1
      if (!DEFINING.test(tail.slice(0, m.index))) return -1
      expected = grade + direction
      steps = 1
      continue
    }
    if (grade !== expected) break
    steps++
    to = value.end + m.index + m[0].length
    expected = grade + direction
  }
  return steps >= 2 ? to : -1
}

/** `KPS 100 normal / 80 some symptoms / 60 needs help / 40 disabled`: where a short key that the value heads ends, whatever grades it leaves out; or -1. */
function keyBehind(text: string, value: Value, scale: Scale, end: number): number {
  if (value.low !== value.high) return -1
  // Another label below begins a list of its own.
  const tail = text.slice(value.end, Math.min(end, value.end + 400)).split(/\b(?:karnofsky|kps|ecog|zubrod|scale)\b/i, 1)[0] as string
  const grade = scale === 'ECOG' ? '[0-5]' : '100|[1-9]0'
  const item = new RegExp(`[;/,|\\n][ ]?(?:grade )?(${grade})[ ]?[=:–-]?[ ](?=([A-Za-z][A-Za-z ,>%-]{2,60}))`, 'gi')
  let last = value.low
  let direction = 0
  let items = 0
  let defined = DEFINING.test(tail.slice(0, 40)) ? 1 : 0
  let to = -1
  for (const m of tail.matchAll(item)) {
    const next = Number(m[1])
    if (/^(?:c?Gy|fx|fractions?|mg|kg|cm|mm|y|yo|years?|weeks?|days?|months?|lesions?|mets?|percent|min)\b/i.test(m[2] as string)) continue
    if (next === last || (direction !== 0 && Math.sign(next - last) !== direction)) break
    direction = Math.sign(next - last)
    last = next
    items++
    if (DEFINING.test((m[2] as string).split(/[,;]/)[0] as string)) defined++
    to = value.end + m.index + m[0].length
  }
  return items >= 2 && defined >= 2 ? to : -1
}

/** A grid of boxes from `p`: null where there is none, else what is marked and where the grid ends. */
function readGrid(text: string, p: number, end: number, scale: Scale): { readonly end: number; readonly marked: readonly number[] } | null {
  const grade = scale === 'ECOG' ? /0?([0-5])(?![\d%/]|\.\d)/y : /(100|[1-9]?0)(?!\d|\.\d)%?/y
  const label = /(?:ECOG|KPS|Grade|Zubrod|PS|Score)[ :]{0,2}/iy
  type Item = { readonly kind: 'mark' | 'grade'; readonly at: number; readonly end: number; readonly value: number }
  const items: Item[] = []
  let at = p
  let gap = 0
  const limit = Math.min(end, p + 1400)
  while (at < limit && gap < (items.length < 2 ? 6 : 170)) {
    const mark = run(MARK, text, at, end)
    if (mark !== null) {
      items.push({ kind: 'mark', at, end: at + mark[0].length, value: CHECKED.test(mark[0]) ? 1 : 0 })
      at += mark[0].length
      gap = 0
      continue
    }
    const word = items.length > 0 ? run(label, text, at, end) : null
    if (word !== null && items[items.length - 1]?.kind === 'mark' && /[0-9]/.test(text[at + word[0].length] ?? '')) {
      at += word[0].length
      continue
    }
    const previous = text[at - 1] ?? ' '
    const g = /[A-Za-z0-9.%<>/]/.test(previous) && !/[xX]$/.test(text.slice(Math.max(p, at - 1), at)) ? null : run(grade, text, at, end)
    if (g !== null) {
      const lastItem = items[items.length - 1]
      // inside a description ("up >50%", "1-2 hours") numbers are no grades: a grade touches its mark
      const touching = lastItem === undefined || (lastItem.kind === 'mark' && at - lastItem.end <= 2 + (text.slice(lastItem.end, at).match(/[A-Za-z]/) ? 8 : 0)) || MARK_SOON.test(text.slice(at + g[0].length, at + g[0].length + 5))
      if (touching) {
        items.push({ kind: 'grade', at, end: at + g[0].length, value: Number(g[1]) })
        at += g[0].length
        gap = 0
        continue
      }
    }
    if (text[at] === '\f') break
    at++
    gap++
  }
  const marks = items.filter((i) => i.kind === 'mark')
  if (marks.length === 0 || items.length < 2) return null
  const before = (items[0] as Item).kind === 'mark'
  const pairs: { readonly value: number; readonly on: boolean; readonly end: number }[] = []
  for (let i = 0; i + 1 < items.length; i++) {
    const [a, b] = [items[i] as Item, items[i + 1] as Item]
    if (before ? a.kind === 'mark' && b.kind === 'grade' : a.kind === 'grade' && b.kind === 'mark') {
      pairs.push({ value: before ? b.value : a.value, on: (before ? a : b).value === 1, end: b.end })
      i++
    }
  }
  if (pairs.length === 0) return null
  const rising = pairs.every((x, i) => i === 0 || x.value > (pairs[i - 1] as typeof x).value)
  const falling = pairs.every((x, i) => i === 0 || x.value < (pairs[i - 1] as typeof x).value)
  let kept = pairs
  if (!rising && !falling) {
    // a second grid begins where the order breaks
    const up = (pairs[1] as (typeof pairs)[number]).value > (pairs[0] as (typeof pairs)[number]).value
    let stop = 1
    while (stop < pairs.length && ((pairs[stop] as (typeof pairs)[number]).value > (pairs[stop - 1] as (typeof pairs)[number]).value) === up) stop++
    kept = pairs.slice(0, stop)
  }
  const lone = kept.length === 1
  if (lone && !before) return null
  return { end: (kept[kept.length - 1] as (typeof kept)[number]).end, marked: kept.filter((x) => x.on).map((x) => x.value) }
}
const MARK_SOON = /^[ ]{0,2}(?:☐|☒|☑|✓|✔|■|□|●|○|◉|◯|◻|◼|\[[ xX_]{0,2}\]|\([ xX_]{0,2}\))/

/** A row of bare grades with one set off: `0 1 (2) 3 4`, `0 <1> 2 3`, `(0) (1) (X2) (3) (4)`. */
function readRow(text: string, p: number, end: number): { readonly end: number; readonly marked: readonly number[] } | null {
  const crossed = run(CROSSED, text, p, end)
  if (crossed !== null) {
    const grades = [...crossed[0].matchAll(/([xX✓✔]?)[ ]?([0-5])[ ]?([xX✓✔]?)/g)]
    const marked = grades.filter((g) => g[1] !== '' || g[3] !== '')
    if (marked.length > 0 && grades.every((g, i) => i === 0 || Number(g[2]) === Number((grades[i - 1] as RegExpMatchArray)[2]) + 1)) return { end: p + crossed[0].length, marked: marked.map((g) => Number(g[2])) }
  }
  const m = run(/[ ]?((?:[([*<>]{0,2}[ ]?[0-5①②③④][ ]?[)\]*<>]{0,2}[ ,|/\t]{1,4}){3,5}[([*<>]{0,2}[0-5④][)\]*<>]{0,2})/y, text, p, end)
  if (m === null) return null
  const grades = [...(m[1] as string).matchAll(/([([*<>]?)[ ]?([0-5])[ ]?([)\]*<>]?)/g)]
  if (!grades.every((g, i) => i === 0 || Number(g[2]) === Number((grades[i - 1] as RegExpMatchArray)[2]) + 1) || grades.length < 4) return null
  return { end: p + m[0].length, marked: grades.filter((g) => g[1] !== '' && g[3] !== '').map((g) => Number(g[2])) }
}
const CROSSED = /[ ]?(?:[([][ ]?[xX✓✔]?[ ]?[0-5][ ]?[xX✓✔]?[ ]?[)\]][ ,]{0,3}){4,6}/y

/** Grades down the page, each with its words and then its box: `1 - Symptomatic, fully ambulatory [X]`. */
function readLines(text: string, p: number, end: number, scale: Scale): { readonly end: number; readonly marked: readonly number[] } | null {
  const found: { readonly value: number; readonly on: boolean }[] = []
  let at = p
  while (text[at] === ' ' || text[at] === '\n' || text[at] === ':') at++
  let last = p
  for (let rows = 0; rows < 12 && at < end; rows++) {
    const line = lineOf(text, at)
    const row = text.slice(at, Math.min(line.end, end)).trim()
    const grade = (scale === 'ECOG' ? /^0?([0-5])(?![\d.%/])[ ]?[-–—:=.)\t ]/ : /^(100|[1-9]?0)(?![\d./])%?[ ]?[-–—:=.)\t ]/).exec(row)
    const box = /(\[[ _xX✓✔]{0,3}\]|\([ _xX✓✔]{0,3}\)|[☐☒☑✓✔□■○●◉]|_[_xX]_)$/.exec(row)
    if (grade === null || box === null || !/[A-Za-z]{3}/.test(row)) break
    found.push({ value: Number(grade[1]), on: CHECKED.test(box[0]) })
    last = Math.min(line.end, end)
    at = last + 1
  }
  return found.length >= 3 ? { end: last, marked: found.filter((f) => f.on).map((f) => f.value) } : null
}

interface Cell {
  readonly start: number
  readonly end: number
}
function cellsOf(text: string, start: number, end: number): Cell[] {
  const cells: Cell[] = []
  const line = text.slice(start, end)
  const separator = line.includes('\t') ? /\t/g : / {2,}|[ ]?\|[ ]?/g
  let from = 0
  const push = (a: number, b: number): void => {
    const part = line.slice(a, b)
    const lead = part.length - part.trimStart().length
    cells.push({ start: start + a + (part.trim() === '' ? 0 : lead), end: start + a + part.trimEnd().length })
  }
  for (const m of line.matchAll(separator)) {
    if (m.index === 0 && !line.includes('\t')) {
      from = m[0].length
      continue
    }
    push(from, m.index)
    from = m.index + m[0].length
  }
  if (from < line.length || line.endsWith('\t')) push(from, line.length)
  return cells
}

/** Longest printed line taken as a row of cells; what is longer is no table. */
const LINE_LIMIT = 2000
const lineOf = (text: string, position: number): Cell => {
  const low = Math.max(0, position - LINE_LIMIT)
  const lead = text.slice(low, position)
  const start = low + lead.lastIndexOf('\n') + 1
  const stop = text.slice(position, position + LINE_LIMIT).indexOf('\n')
  return { start, end: stop < 0 ? Math.min(text.length, position + LINE_LIMIT) : position + stop }
}

const days = (a: IsoDate, b: IsoDate): number => (Date.parse(b) - Date.parse(a)) / 86_400_000

/** `Performance 2 on the Zubrod scale`, `a score of 80 on the Karnofsky index`: the value stands before its scale. */
const SCALE_BEHIND = /\b(?:performance(?: status| score| grade)?|functional status|score|status|grade|rating|scores?|scored|rated|rates|puts? (?:him|her) at|is) (?:of |is |was |at |a |an )?(?:(?:\d|[1-9]0) (?:on|by|in|using|per) (?:the )?(?:ECOG|Zubrod|WHO|Karnofsky|KPS)(?: scale)?,? and )?(\d{1,3}|zero|one|two|three|four) (?:on|by|in|using|per) (?:the |a )?(zubrod|ecog|who|world health organi[sz]ation|karnofsky|kps)\b(?: (?:scale|index|performance|grading|score))?/gi
const ON_SCALE = /\b(?:on|by|in|using|per) (?:the |a )?(?:zubrod|ecog|who|world health organi[sz]ation|karnofsky|kps)\b/gi
const SMALL: Readonly<Record<string, number>> = { zero: 0, one: 1, two: 2, three: 3, four: 4 }

/** Characters before the name of a scale in which its value stands. */
const BEFORE_SCALE = 60

function valuesBeforeScale(text: string, statements: readonly StatementSpan[]): RawPerformance[] {
  const out: RawPerformance[] = []
  if (statements.length === 0) return out
  const begin = (statements[0] as StatementSpan).start
  const starts = statements.map((s) => s.start)
  // The names of scales are rare; what stands before them is looked at only there.
  for (const name of text.slice(begin, (statements.at(-1) as StatementSpan).end).matchAll(ON_SCALE)) {
    const s = statements[lastAtOrBefore(starts, begin + name.index)]
    if (s === undefined || s.kind === 'page-edge') continue
    const from = Math.max(s.start, begin + name.index - BEFORE_SCALE)
    for (const m of text.slice(from, Math.min(s.end, begin + name.index + name[0].length + 20)).matchAll(SCALE_BEHIND)) {
      const value = SMALL[(m[1] as string).toLowerCase()] ?? Number(m[1])
      const karnofsky = /^k/i.test(m[2] as string)
      if (karnofsky ? value < 10 || value > 100 : value > 4) continue
      const start = from + m.index
      if (out.some((o) => o.start === start)) continue
      out.push({ start, end: start + m[0].length, scale: karnofsky ? 'KPS' : 'ECOG', low: value, high: value, date: null, time: 'current', corrected: false })
    }
  }
  return out
}

/**
 * Values of performance-status scales in the given statements, in text order. Legends, scale ranges, eligibility and policy text, forecasts,
 * other people's values and denials give none; values of the past are given with `time: 'historical'` and their own date or null.
 */
export function findPerformanceStatus(text: string, statements: readonly StatementSpan[], noteDate: IsoDate | null, words: PerformanceWords): RawPerformance[] {
  const found = valuesBehindLabels(text, statements, noteDate, words)
  const more = valuesBeforeScale(text, statements).filter((v) => !found.some((f) => f.start < v.end && v.start < f.end)).map((v) => ({ ...v, date: noteDate }))
  return more.length === 0 ? found : [...found, ...more].sort((a, b) => a.start - b.start)
}

function valuesBehindLabels(text: string, statements: readonly StatementSpan[], noteDate: IsoDate | null, words: PerformanceWords): RawPerformance[] {
  if (statements.length === 0) return []
  const begin = (statements[0] as StatementSpan).start
  const end = statements.reduce((most, s) => Math.max(most, s.end), begin)
  const starts = statements.map((s) => s.start)
  const statementAt = (position: number): StatementSpan => statements[Math.max(0, lastAtOrBefore(starts, position))] as StatementSpan
  const slice = text.slice(begin, end)
  const labels: Label[] = []
  for (const m of slice.matchAll(words.label)) {
    const info = words.labelOf(m[0])
    if (info === undefined) continue
    const start = begin + m.index
    const short = m[0].length <= 4
    if (short && /^[a-z]/.test(m[0]) && !/^(?:ecog|kps|ps|pps)$/.test(m[0])) continue
    const tail = text.slice(start + m[0].length, start + m[0].length + 2)
    if (/^p\.?s\.?$/i.test(m[0])) {
      if (m[0] !== 'PS' && !/^[ ]?[:=]/.test(tail) && !/^P\.S/.test(m[0])) continue
      if (/^[ ]?[/]/.test(tail) || /\b(?:ASA|physical status)[ ]?$/i.test(text.slice(Math.max(begin, start - 18), start)) || (/^P\.S/.test(m[0]) && !/^\.?[ ]?[0-4](?:[ ]?-[ ]?[0-4])?[ ]?\(?(?:ECOG|Zubrod|WHO)\b/.test(text.slice(start + m[0].length, start + m[0].length + 20)))) continue
      const near = statementAt(start)
      if (VENTILATOR.test(text.slice(Math.max(near.start, start - 80), Math.min(near.end, start + 80)))) continue
    }
    if (/^(?:kp5|kfs|fcog|k p s|lps)$/i.test(m[0]) && m[0] !== m[0].toUpperCase()) continue
    if (statementAt(start).kind === 'page-edge') continue
    labels.push({ start, end: start + m[0].length, ...info })
  }
  if (labels.length === 0) return []
  const year = noteDate === null ? undefined : Number(noteDate.slice(0, 4))
  const found: Candidate[] = []
  const consumed = new Set<number>()
  let previousEnd = begin
  const labelByStart = new Map(labels.map((l) => [l.start, l]))
  const labelStarts = labels.map((l) => l.start)
  /** Labels that lie in `[from, to)`. */
  const labelsIn = (from: number, to: number): Label[] => {
    const inside: Label[] = []
    for (let i = lastAtOrBefore(labelStarts, from - 1) + 1; i < labels.length && (labels[i] as Label).start < to; i++) {
      if ((labels[i] as Label).end <= to) inside.push(labels[i] as Label)
    }
    return inside
  }

  const sentenceStart = (position: number): number => {
    const from = Math.max(statementAt(position).start, position - 170)
    const part = text.slice(from, position)
    const cut = Math.max(part.lastIndexOf('. '), part.lastIndexOf('; '), part.lastIndexOf('.\n'), part.lastIndexOf('? '), part.lastIndexOf('\n\n'))
    return cut < 0 ? from : from + cut + 1
  }
  const datesIn = (from: number, to: number): { start: number; end: number; date: IsoDate }[] =>
    findDates(text, from, to, { year }).filter((d) => !/\b(?:dob|birth\w*|born|d\.o\.b\.?)[ :]*\(?$/i.test(text.slice(Math.max(from, d.start - 16), d.start)))

  /** Date of the words themselves: behind the value, between label and value, or at the head of the statement or row. */
  const ownDate = (start: number, valueEnd: number, inner: IsoDate | null): { date: IsoDate | null; yearOnly: boolean } => {
    if (inner !== null) return { date: inner, yearOnly: false }
    const s = statementAt(start)
    const stop = Math.max(valueEnd, s.end)
    const after = text.slice(valueEnd, Math.min(stop, valueEnd + 60))
    const direct = datesIn(valueEnd, Math.min(stop, valueEnd + 46)).find((d) => /^[ ]?(?:[-–—:,]?[ ]?(?:[([]|on|as of|at|dated|recorded|assessed|documented|in|@|from|per|date:?|today|diagnosis|visit|consult\w*|[ ,(])*)$/i.test(text.slice(valueEnd, d.start)))
    if (direct !== undefined && !/^[ ]?[.;]/.test(after)) return { date: direct.date, yearOnly: false }
    const line = lineOf(text, start)
    if (line.end - line.start < LINE_LIMIT && (s.kind === 'row' || text.slice(line.start, line.end).includes('\t'))) {
      const own = datesIn(Math.max(line.start, s.start), Math.min(line.end, Math.max(s.end, valueEnd)))
      if (own.length === 1) return { date: (own[0] as { date: IsoDate }).date, yearOnly: false }
    }
    const from = Math.max(s.start, lineOf(text, start).start, start - 240)
    const head = datesIn(from, start)
    const first = head[0]
    if (head.length === 1 && first !== undefined && /^[ \t([]*(?:on|date[:]?|visit[:]?|seen|dos:?)?[ \t]*$/i.test(text.slice(from, first.start)) && start - first.end <= 40 && !/[.;]\s/.test(text.slice(first.end, start))) return { date: first.date, yearOnly: false }
    // just before the label: "on 3/1/26 ECOG 1", "3/1/26: KPS 80"
    const last = head[head.length - 1]
    if (last !== undefined && start - last.end <= 16 && /^[ )\]:,–—-]*(?:her|his|the|was|a|an|with|had)?[ ]*$/i.test(text.slice(last.end, start)) && /(?:\bon|as of|\bin|^|[,;(]|\b(?:visit|note|consult|clinic|seen))[ (]*$/i.test(text.slice(from, last.start))) return { date: last.date, yearOnly: false }
    const alone = YEAR.exec(after)
    if (alone !== null) {
      const month = alone[1] === undefined ? 1 : MONTHS.indexOf(alone[1].slice(0, 3).toLowerCase()) + 1
      return { date: isoDate(Number(alone[2]), Math.max(1, month), 1), yearOnly: true }
    }
    return { date: null, yearOnly: false }
  }

  const accept = (start: number, at: number, value: Value, scale: Scale, slip: boolean, inner: IsoDate | null, past: boolean, generic: boolean, spanEnd?: number): boolean => {
    const whole = text.slice(sentenceStart(start), start)
    const sentence = text.slice(Math.max(sentenceStart(start), Math.min(start, previousEnd)), start)
    const clause = sentence.slice(Math.max(sentence.lastIndexOf(', '), sentence.lastIndexOf('\t'), sentence.lastIndexOf('\n'), sentence.lastIndexOf(': ')) + 1)
    const near = clause.slice(-60)
    const after = text.slice(value.end, Math.min(end, value.end + 60))
    if (words.notBefore.test(near) || words.notSentence.test(whole)) return false
    if (words.notAfter.test(after)) return false
    if (words.notYet.test(near.slice(-40)) || FORECAST.test(whole.slice(-80).replace(/\s+/g, ' '))) return false
    if (words.otherPerson.test(near)) return false
    if (/\b(?:not|never|no|without|denies)[ ](?:an? )?$/i.test(near)) return false
    if (generic && !GENERIC_AFTER.test(after)) return false
    if (ENDS_OF_SCALE.test(after)) return false
    const legend = Math.max(legendBehind(text, value, scale, end), keyBehind(text, value, scale, end))
    if (legend > 0) {
      previousEnd = Math.max(previousEnd, legend)
      return false
    }
    let historical = past || /\b(?:then|at that time|at the time(?! of))\b/i.test(text.slice(start, value.end)) || (words.historical.test(near.slice(-45)) && !/\b(?:compared|unchanged|stable|improved|same)\b/i.test(near))
    const tail = /^[ ]?%?[ ]?[(,]?[ ]?/.exec(after)?.[0].length ?? 0
    const behind = words.historical.exec(after)
    if (behind !== null && behind.index <= tail + 3 && !/\d/.test(after.slice(0, behind.index)) && !NOT_OF_THIS.test(behind[0] === 'prior' ? after.slice(behind.index) : behind[0])) historical = true
    const own = ownDate(start, value.end, inner)
    let date = own.date
    if (date === null) {
      const told = whole.replace(/\n/g, ' ')
      const back = [...told.matchAll(BACK_THEN)].at(-1)
      const since = back === undefined ? '' : told.slice(back.index + back[0].length)
      if (back !== undefined && !BACK_NOW.test(since) && (noteDate === null || back[1] === undefined || Number(back[1]) < Number(noteDate.slice(0, 4))) && /\b(?:was|had|were|been|scored|wrote|put|recorded|then|his|her)\b/i.test(since)) {
        historical = true
        if (back[1] !== undefined) date = isoDate(Number(back[1]), 1, 1)
      } else if ((THEN.test(after) || (WAS.test(text.slice(start, value.end)) && THEN_BEHIND.test(after))) && !BACK_NOW.test(near)) historical = true
      if (date !== null) {
        found.push({ ...value, start, at, scale, corrected: value.corrected || slip, date, time: 'historical', end: spanEnd ?? value.end })
        return true
      }
    }
    if (date !== null && noteDate !== null) {
      if (own.yearOnly ? date.slice(0, 4) < noteDate.slice(0, 4) && days(date, noteDate) > OLD_DAYS : days(date, noteDate) > OLD_DAYS) historical = true
      else if (own.yearOnly && !historical) date = null
    }
    found.push({ ...value, start, at, scale, corrected: value.corrected || slip, date: date ?? (historical ? null : noteDate), time: historical ? 'historical' : 'current', end: spanEnd ?? value.end })
    return true
  }

  for (const label of labels) {
    if (consumed.has(label.start) || label.start < previousEnd) continue
    let scale = label.scale
    let slip = label.slip
    let pair: Label | null = null
    let inner: IsoDate | null = null
    let past = false
    let p = label.end
    let lines = 0
    let linked = false
    let strictLine = false
    let oneLine = false
    const fromTo = /\bfrom[ ](?:an? |his |her )?$/i.test(text.slice(Math.max(begin, label.start - 12), label.start))
    const gradeWord = (): boolean => /\bgrade[ ]?$/i.test(text.slice(label.end, p))
    const line = lineOf(text, label.start)
    const done = (to: number): void => {
      previousEnd = Math.max(previousEnd, to)
    }

    // the label as the only words of its cell: a form row or a column header
    const cells = line.end - line.start < LINE_LIMIT ? cellsOf(text, Math.max(line.start, begin), Math.min(line.end, end)) : []
    if (cells.length > 1) {
      const column = cells.findIndex((c) => c.start <= label.start && label.end <= c.end)
      const cell = cells[column]
      if (cell !== undefined && soleLabel(text, cell, words)) {
        const inCell = labelsIn(cell.start, cell.end)
        const scales = new Set(inCell.flatMap((l) => l.scale ?? []))
        const own = (scales.size === 1 ? inCell.find((l) => l.scale !== null) : undefined) ?? label
        const cellScale = own.scale ?? scale
        const values = cells.slice(column + 1).map((c) => cellValue(text, c, cellScale))
        for (const l of inCell) consumed.add(l.start)
        const leading = values.findIndex((v) => v === null)
        const many = leading < 0 ? values.length : leading
        if (many >= 2) {
          const ascending = values.slice(0, many).every((v, i) => i === 0 || (v as CellValue).value.low === (values[i - 1] as CellValue).value.low + ((v as CellValue).scale === 'ECOG' ? 1 : 10))
          if (!(ascending && many >= 3)) {
            const above = line.start > begin ? lineOf(text, line.start - 1) : null
            const heads = above === null ? [] : cellsOf(text, above.start, above.end)
            for (let k = 0; k < many; k++) {
              const v = values[k] as CellValue
              const c = cells[column + 1 + k] as Cell
              const head = heads.length === cells.length ? heads[column + 1 + k] : undefined
              const date = head === undefined ? null : datesIn(head.start, head.end)[0]?.date ?? null
              accept(cell.start, c.start, v.value, v.scale, slip, date, false, false, c.end)
              previousEnd = cell.start
            }
            done((cells[column + many] as Cell).end)
          }
          continue
        }
        if (many === 1 && column + 1 < cells.length) {
          const v = values[0] as CellValue
          const c = cells[column + 1] as Cell
          accept(cell.start, c.start, v.value, v.scale, slip || own.slip, null, past, false, c.end)
          done(c.end)
          continue
        }
        const right = cells[column + 1]
        const rightText = right === undefined ? '' : text.slice(right.start, right.end)
        const header = cells.every((c, i) => i === column || !/^\d[\d.,/%x× ]{0,12}(?:c?Gy|mm|cm|kg|lbs?)?$/i.test(text.slice(c.start, c.end)) || datesIn(c.start, c.end).length > 0)
        if (header && !NOT_RECORDED_CELL.test(rightText) && !words.description.test(rightText)) {
          words.description.lastIndex = 0
          const before = found.length
          readColumn(cells, column, cell, cellScale, slip)
          if (found.length > before) {
            previousEnd = label.end
            continue
          }
        }
        words.description.lastIndex = 0
        consumed.delete(label.start)
        oneLine = true
      }
    }

    if (UNCHECKED_BEFORE.test(text.slice(Math.max(begin, label.start - 5), label.start))) {
      continue
    }
    const ticked = TICKED_BEFORE.test(text.slice(Math.max(begin, label.start - 5), label.start))
    let result: readonly Value[] | null = null
    let grid: { readonly end: number; readonly marked: readonly number[] } | null = null
    let halted = false
    for (let step = 0; step < 26 && p - label.end < 130; step++) {
      if (step === 0 && scale === 'ECOG' && label.end - label.start <= 34) {
        const trial = run(TRIAL, text, p, end)
        if (trial !== null && !/^(?:[ ]?[-–/]?[ ]?ACRIN)?[ ]?$/i.test(trial[0])) {
          halted = true
          break
        }
      }
      const range = run(RANGE_SCALE, text, p, end)
      if (range !== null) {
        p += range[0].length
        continue
      }
      const skip = /^[ ]?(?:[/&(][ ]?|and )?/i.exec(text.slice(p, p + 6))?.[0].length ?? 0
      const here = labelByStart.get(p) ?? labelByStart.get(p + skip)
      if (here !== undefined && here.start > label.start) {
        if (here.scale === null || here.scale === scale || scale === null) {
          if (lines > 0 && here.scale !== null && scale !== null) {
            halted = true
            break
          }
          scale = here.scale ?? scale
          slip ||= here.slip
          consumed.add(here.start)
          p = here.end
          continue
        }
        if (pair === null && lines === 0 && /(?:[/&(]|\band)[ ]?$/i.test(text.slice(Math.max(label.end, here.start - 5), here.start))) {
          pair = here
          consumed.add(here.start)
          p = here.end
          continue
        }
        halted = true
        break
      }
      if (ticked) grid = null
      else if (text[p] === '\n' || lines > 0) grid = readLines(text, p, end, scale ?? 'ECOG')
      if (grid !== null) break
      if (!ticked) grid = readGridHere(text, p, end, scale ?? 'ECOG')
      if (grid !== null) break
      if (scale !== 'KPS') {
        grid = readRow(text, p, end)
        if (grid !== null) break
      }
      const dated = run(DATE_HERE, text, p, end)
      if (dated !== null) {
        const d = datesIn(p, p + dated[0].length)[0]
        if (d !== undefined) {
          inner = d.date
          p += dated[0].length
          continue
        }
      }
      const code = run(CODE, text, p, end)
      if (code !== null) {
        p += code[0].length
        continue
      }
      if (!strictLine || lineValue(text, p)) {
        const s: Scale = scale ?? genericScale(text, p, end, label)
        if (pair !== null && pair.scale !== null && soleToken(text, p, end, s) === null && readValue(text, p, end, pair.scale, false) !== null) {
          scale = pair.scale
          pair = null
          continue
        }
        result = readValue(text, p, end, s, fromTo || /\bfrom[ ]?$/i.test(text.slice(label.end, p)))
        const lone = result === null && pair !== null ? soleToken(text, p, end, s) : null
        if (lone !== null) result = [lone]
        if (result !== null) {
          scale = s
          break
        }
      }
      if (run(NOT_RECORDED, text, p, end) !== null) {
        halted = true
        break
      }
      const filler = run(FILLER_WORD, text, p, end)
      if (filler !== null && !/[A-Za-z]/.test(text[p - 1] ?? ' ') || (filler !== null && /^[ /\t]/.test(filler[0]))) {
        p += (filler as RegExpExecArray)[0].length
        linked = /^(?:of|is|was|at|as|score|status|an?|about|to be)$/i.test((filler as RegExpExecArray)[0].trim())
        strictLine = false
        continue
      }
      const ending = run(LINE_END, text, p, end)
      if (ending !== null) {
        if (++lines > 2 || oneLine || text[p + ending[0].length] === '\f') break
        p += ending[0].length
        strictLine = !linked
        continue
      }
      const past40 = words.historical.exec(text.slice(p, p + 44))
      if (past40 !== null && past40.index <= 2 && lines === 0) {
        past = true
        p += past40.index + past40[0].length
        const extra = /^[ ](?!\d)[a-z]{3,18}(?=[ :,])/.exec(text.slice(p, p + 22))
        if (extra !== null && /(?:to|at|before|during|of)$/i.test(past40[0])) p += extra[0].length
        continue
      }
      const punct = run(PUNCT, text, p, end)
      if (punct !== null) {
        if (/^\.$/.test(punct[0].trim()) && label.scale === null) break
        p += punct[0].length
        strictLine = false
        if (lines > 0) strictLine = true
        continue
      }
      break
    }
    if (grid !== null) {
      const s: Scale = scale ?? 'ECOG'
      for (const v of grid.marked) {
        accept(label.start, grid.end, { low: v, high: v, end: grid.end, corrected: false }, s, slip, inner, past, false)
        previousEnd = label.start
      }
      done(grid.end)
      for (const l of labelsIn(label.start + 1, grid.end)) consumed.add(l.start)
      continue
    }
    if (result !== null && scale !== null) {
      const first = result[0] as Value
      if (gradeWord() && /^[ ][a-z]{4,}/.test(text.slice(first.end, first.end + 8)) && !/^[ ](?:today|with|performance|status|from|currently|given|because|based)/.test(text.slice(first.end, first.end + 14))) continue
      const generic = label.scale === null && scale !== null && !labelsIn(label.start + 1, p).some((l) => consumed.has(l.start) && l.scale !== null)
      // "ECOG/KPS: 1/80"
      if (pair !== null) {
        const join = run(/[ ]?%?[ ]?(?:[/(,;&]|and|or|[ ])[ ]?/iy, text, soleToken(text, p, end, scale)?.end ?? first.end, end)
        const one = soleToken(text, p, end, scale) ?? first
        const second = join === null ? null : soleToken(text, one.end + join[0].length, end, pair.scale as Scale)
        if (second !== null) {
          accept(label.start, p, one, scale, slip, inner, past, false, second.end)
          previousEnd = label.start
          accept(label.start, one.end, second, pair.scale as Scale, slip || pair.slip, inner, past, false, second.end)
          done(second.end)
          continue
        }
      }
      if (result.length === 2) {
        const second = result[1] as Value
        if (accept(label.start, p, first, scale, slip, inner, true, false, second.end)) {
          previousEnd = label.start
          accept(label.start, first.end, second, scale, slip, inner, past && !/\bfrom[ ]?$/i.test(text.slice(label.end, p)), generic, second.end)
        }
        done(second.end)
        continue
      }
      const taken = accept(label.start, p, first, scale, slip, inner, past, generic)
      done(first.end)
      if (!taken) continue
      // "3, now 1", "1, down from 2"
      const behindIt = text.slice(first.end, Math.min(end, first.end + 70))
      const isNow = /\bwas\b/i.test(text.slice(label.end, p)) ? IS_NOW.exec(behindIt) : null
      const wasBehind = isNow === null ? WAS_BEHIND.exec(behindIt) : null
      const step = isNow ?? wasBehind
      if (step !== null) {
        const at = first.end + step[0].length
        const second = readValue(text, at, end, scale, false)
        if (second !== null && second.length === 1) {
          const index = found.length - 1
          const was = found[index] as Candidate
          if (isNow !== null) found[index] = { ...was, time: 'historical', date: was.time === 'historical' ? was.date : null }
          previousEnd = label.start
          const before = found.length
          if (accept(label.start, at, second[0] as Value, scale, false, null, isNow === null, false) && found.length > before) {
            const added = found[before] as Candidate
            found[before] = isNow === null ? { ...added, time: 'historical', date: null } : { ...added, time: 'current', date: noteDate }
          }
          done((second[0] as Value).end)
          continue
        }
      }
      const contrast = CONTRAST.exec(text.slice(first.end, Math.min(end, first.end + 64)))
      if (contrast !== null) {
        let at = first.end + contrast[0].length
        const again = run(words.labelHere, text, at, end)
        const named = again !== null && labelByStart.get(at)?.scale === scale ? at : -1
        if (named >= 0) {
          at += (again as RegExpExecArray)[0].length
          at += /^[ ]?[:=]?[ ]?(?:(?:is|was|of|at)[ ])?/.exec(text.slice(at, at + 8))?.[0].length ?? 0
        }
        const more = readValue(text, at, end, scale, false)
        if (named >= 0 && more !== null) consumed.add(named)
        if (more !== null && more.length === 1 && GENERIC_AFTER.test(text.slice((more[0] as Value).end, (more[0] as Value).end + 24))) {
          const next = more[0] as Value
          const now = NOW_WORD.test(contrast[1] as string)
          const index = found.length - 1
          const was = found[index] as Candidate
          if (now) found[index] = { ...was, time: 'historical', date: was.time === 'historical' || was.date !== noteDate ? was.date : null }
          previousEnd = label.start
          const before = found.length
          if (accept(label.start, at, next, scale, slip, null, !now, false) && now && found.length > before) {
            const added = found[before] as Candidate
            found[before] = { ...added, time: 'current', date: added.date ?? noteDate }
          }
          done(next.end)
        }
      }
      continue
    }
    if (halted) continue
    // words for a grade, behind the label and a colon, dash, cell or line end
    const described = describe(label, p, scale, oneLine)
    if (described !== null) {
      accept(label.start, p, described, scale ?? 'ECOG', slip, inner, past, false)
      done(described.end)
      continue
    }
    // "90% Karnofsky", "status of 1 on the ECOG scale"
    if (label.scale !== null) {
      const lead = text.slice(Math.max(previousEnd, label.start - 40), label.start)
      const m = label.scale === 'ECOG'
        ? /\b(?:score|status|scored|grade|rated|level|is|of|at)[ ](?:of |is |at )?([0-4])[ ]?(?:on|by|per|using|\(|in|based on)[ ]?(?:the )?$/i.exec(lead)
        : /(?:\b(?:score|status|scored|rated|is|of|at|an?)[ ](?:of )?|[:=(,][ ]?|^[ ]?)(100|[1-9][05])[ ]?(?:%[ ]?|(?:on|by|per|using|\()[ ]?(?:the )?)(?:on |by |per |using |\()?(?:the )?$/i.exec(lead)
      if (m !== null && !/^[ ]?(?:of|scale)?[ ]?(?:trial|study)/i.test(text.slice(label.end, label.end + 10))) {
        const start = label.start - m[0].length + (m[0].length - m[0].replace(/^[:=(, ]+/, '').length)
        const value = Number(m[1])
        const close = /^[ ]?(?:scale|score|performance(?: status| scale)?)?\)?/i.exec(text.slice(label.end, label.end + 24))?.[0] ?? ''
        accept(start, start, { low: value, high: value, end: label.end + close.trimEnd().length, corrected: false }, label.scale, slip, inner, past, false)
        done(label.end)
      }
    }
  }

  function describe(label: Label, p: number, scale: Scale | null, oneLine: boolean): Value | null {
    if (scale === 'Lansky' || scale === 'PPS') return null
    const link = text.slice(label.end, p)
    if (!new RegExp(`[:=\\n\\t|→${DASH}]|\\b(?:is|was|as)\\b`, 'i').test(link)) return null
    const s = scale ?? 'ECOG'
    const stop = Math.min(end, p + 190)
    let part = text.slice(p, stop)
    const cut = part.search(oneLine ? /\n|\f|\.[ ]/ : /\n[ \t]*\n|\f|\.[ \n]/)
    if (cut >= 0) part = part.slice(0, cut)
    const later = labelsIn(p, p + part.length)[0]
    if (later !== undefined) part = part.slice(0, later.start - p)
    let value: number | null = null
    let to = 0
    for (const m of part.matchAll(words.description)) {
      const grade = words.descriptionOf(m[0], s)
      if (grade === undefined) continue
      if (value === null && m.index > 30) return null
      if (/\b(?:not|no longer|isn't|never)[ ](?:been )?$/i.test(part.slice(Math.max(0, m.index - 14), m.index))) return null
      if (value !== null && grade !== value) return null
      value = grade
      to = m.index + m[0].length
    }
    if (value === null) return null
    // a number behind the words says it again: "(1)", "- 1"
    const number = new RegExp(`^[ ]?[(=:${DASH}]{1,2}[ ]?([0-5]|100|[1-9]0)\\)?(?![\\d/.])`).exec(part.slice(to))
    if (number !== null && Number(number[1]) !== value) return null
    return { low: value, high: value, end: p + to + (number?.[0].length ?? 0), corrected: false }
  }

  function readColumn(heads: readonly Cell[], column: number, cell: Cell, scale: Scale | null, slip: boolean): void {
    const tabs = text.slice(cell.start, lineOf(text, cell.start).end).includes('|') || text.slice(cell.start, lineOf(text, cell.start).end).includes('\t') || text.slice(lineOf(text, cell.start).start, cell.start).includes('\t')
    const origin = lineOf(text, cell.start)
    let at = origin.end + 1
    for (let rows = 0; rows < 40 && at < end; rows++) {
      const row = lineOf(text, at)
      const cells = cellsOf(text, row.start, Math.min(row.end, end))
      at = row.end + 1
      if (cells.length < 2) {
        if (text.slice(row.start, row.end).trim() === '' && rows === 0) continue
        return
      }
      let own: Cell | undefined
      if (tabs) {
        if (cells.length !== heads.length) return
        own = cells[column]
      } else {
        const [left, right] = [cell.start - origin.start, cell.end - origin.start]
        own = cells.find((c) => c.start - row.start < right + 1 && c.end - row.start > left - 1) ?? (cells.length === heads.length ? cells[column] : undefined)
      }
      if (own === undefined) return
      if (/^[-–—. ]*$/.test(text.slice(own.start, own.end))) continue
      const grid = readGridHere(text, own.start, own.end, scale ?? 'ECOG')
      if (grid !== null) {
        const save = previousEnd
        for (const g of grid.marked) {
          previousEnd = row.start
          accept(own.start, own.start, { low: g, high: g, end: own.end, corrected: false }, scale ?? 'ECOG', slip, datesIn(row.start, row.end)[0]?.date ?? null, false, false, own.end)
        }
        previousEnd = save
        return
      }
      const v = cellValue(text, own, scale)
      if (v === null) {
        if (NOT_RECORDED_CELL.test(text.slice(own.start, own.end))) continue
        return
      }
      // a legend printed as a table: 0, 1, 2 with words beside them
      const beside = cells.filter((c) => c !== own).some((c) => DEFINING.test(text.slice(c.start, c.end)))
      if (beside && v.value.low === v.value.high && cells.length <= 3 && (cells[0] === own || cells[0] === undefined)) return
      const dates = datesIn(row.start, row.end)
      const save = previousEnd
      previousEnd = row.start
      accept(row.start + (text.slice(row.start, row.end).length - text.slice(row.start, row.end).trimStart().length), own.start, v.value, v.scale, slip, dates.length >= 1 ? (dates[0] as { date: IsoDate }).date : null, false, false, row.start + text.slice(row.start, row.end).trimEnd().length)
      previousEnd = save
    }
  }

  found.sort((a, b) => a.start - b.start || a.at - b.at)
  // `Baseline ECOG 0. Today ECOG 1.`: the one before is of another day
  found.forEach((c, i) => {
    const next = found[i + 1]
    if (next === undefined || c.time !== 'current' || next.scale !== c.scale || next.start - c.end > 60 || next.date !== c.date) return
    if (/\b(?:baseline|pre-?treatment|pre-?rt|initial|starting)[ ](?:\w+[ ]){0,2}$/i.test(text.slice(Math.max(begin, c.start - 30), c.start)) && /\b(?:today|now|current|currently|this visit|present)[ :,]{1,2}(?:\w+[ ]){0,2}$/i.test(text.slice(c.end, next.start))) found[i] = { ...c, time: 'historical', date: null }
  })
  return dropLegends(text, found).map(({ start, end: to, scale, low, high, date, time, corrected }) => ({ start, end: to, scale, low, high, date, time, corrected }))
}

const NOT_RECORDED_CELL = /^[ ]?(?:n\/?a|not |none|unknown|deferred|pending|tbd|--?$)/i

interface CellValue {
  readonly value: Value
  readonly scale: Scale
}

/** The cell holds a value and, at most, words that describe it. */
function cellValue(text: string, cell: Cell, scale: Scale | null): CellValue | null {
  if (cell.end <= cell.start) return null
  for (const s of scale === null ? (['ECOG', 'KPS'] as const) : [scale]) {
    const read = readValue(text, cell.start, cell.end, s, false)
    if (read === null || read.length !== 1) continue
    const value = read[0] as Value
    if (/^[ ]?(?:$|[-–—:=(,;][ ]?[(A-Za-z]|\(|[ ]?[A-Z])/.test(text.slice(value.end, cell.end))) {
      const rest = text.slice(value.end, cell.end)
      if (rest.trim() !== '' && !DEFINING.test(rest) && rest.length > 40) continue
      return { value, scale: s }
    }
  }
  return null
}

const LABEL_ONLY = /^[ :.*#()%\d\-–—/]*(?:(?:performance|perf|status|score|scale|index|grade|ps|value|result|at|visit|today|current|baseline|pre|post|the|patient|rating|group|0-4|0-5|0-100|or|and|wk|week)[ :.*#()%\d\-–—/]*){0,6}$/i
function soleLabel(text: string, cell: Cell, words: PerformanceWords): boolean {
  if (cell.end - cell.start > 70) return false
  const written = text.slice(cell.start, cell.end)
  const rest = written.replace(words.label, ' ').replace(/\(?[ ]?[01][ ]?(?:-|–|to)[ ]?(?:4|5|100)[ ]?%?\)?/g, ' ').replace(/\d{4,5}-\d/g, ' ')
  if (/\d/.test(rest)) return false
  return LABEL_ONLY.test(rest.trim())
}
/** One bare grade, no range: for pairs of scales. */
function soleToken(text: string, p: number, end: number, scale: Scale): Value | null {
  const at = text[p] === ' ' ? p + 1 : p
  const value = scale === 'ECOG' ? ecogToken(text, at, end) : kpsToken(text, at, end)
  if (value === null) return null
  return text[value.end] === '%' ? { ...value, end: value.end + 1 } : value
}

/** At the head of a line a value stands alone, or is followed by what a value is followed by; never "2. Lung cancer". */
function lineValue(text: string, p: number): boolean {
  const rest = (/^[^\n]*/.exec(text.slice(p, p + 120))?.[0] ?? '').trim()
  const m = /^(?:[<>≤≥]{1,2}[ ]?)?[0-9A-Za-z]{1,4}(?:[ ]?(?:-|–|to|\/)[ ]?[0-9]{1,3})?[ ]?%?/.exec(rest)
  if (m === null) return false
  const after = rest.slice(m[0].length)
  if (/^[.)]?$/.test(after) || /^(?:\/(?:100|[45])\b|[ ]?[-–—=:(,;→]|\t)/.test(after)) return true
  return /^[.)]?[ ]/.test(after) && (DEFINING.test(after.slice(0, 60)) || /^[ ](?:today|on|per|at|kps|ecog)\b/i.test(after))
}

/** Which scale a general label means: two digits from 30 up are Karnofsky's. */
function genericScale(text: string, p: number, end: number, label: Label): Scale {
  const short = label.end - label.start <= 4
  const k = kpsToken(text, text[p] === ' ' ? p + 1 : p, end)
  const bound = run(INEQUALITY, text, p, end)
  const bounded = bound === null ? null : kpsToken(text, p + bound[0].length, end)
  const value = k ?? bounded
  return value !== null && !value.corrected && value.low >= (short ? 50 : 20) && value.low % 10 === 0 ? 'KPS' : 'ECOG'
}

function readGridHere(text: string, p: number, end: number, scale: Scale): { readonly end: number; readonly marked: readonly number[] } | null {
  // cheap check: a mark within the next few characters
  const near = text.slice(p, p + 12)
  if (!/[☐☒☑✓✔✗✘■□●○◉◯◻◼▢▣[({_xX]/.test(near)) return null
  return readGrid(text, p, end, scale)
}

/** Drops runs of three or more neighbouring grades in order, each with its definition: a legend that repeats its label. */
function dropLegends(text: string, found: readonly Candidate[]): Candidate[] {
  const drop = new Set<Candidate>()
  for (const scale of ['ECOG', 'KPS', 'Lansky', 'PPS'] as const) {
    const own = found.filter((c) => c.scale === scale)
    const step = scale === 'ECOG' ? 1 : 10
    let first = 0
    for (let i = 1; i <= own.length; i++) {
      const a = own[i - 1] as Candidate
      const b = own[i]
      if (b !== undefined && Math.abs(b.low - a.low) === step && b.start - a.end < 320 && b.start >= a.end) {
        const earlier = own[i - 2]
        if (i - 1 === first || (earlier !== undefined && (b.low - a.low) === (a.low - earlier.low))) continue
      }
      const series = own.slice(first, i)
      if (series.length >= 3 && series.filter((c) => DEFINING.test(text.slice(c.end, c.end + 90))).length >= series.length - 1 && series.every((c) => c.date === (series[0] as Candidate).date)) for (const c of series) drop.add(c)
      first = i
    }
  }
  const kept = found.filter((c) => !drop.has(c))
  return kept.filter((c, i) => {
    for (let k = i - 1; k >= 0 && k >= i - 8; k--) {
      const o = kept[k] as Candidate
      if (o.scale === c.scale && o.low === c.low && o.high === c.high && o.start < c.end && c.start < o.end && !(o.start === c.start && o.end <= c.at)) return false
    }
    return true
  })
}
