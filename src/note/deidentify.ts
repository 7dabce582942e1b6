// Words of a record that tell who somebody is → masked, its dates moved by one number of days. May not: promise that nothing was missed; change anything else.
import nlp from 'compromise'
import type { Span } from '../base/span.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import { printedIdentity } from './identity.ts'
import { findPeople } from './people.ts'

export const MASK_KINDS = ['name', 'date', 'number', 'address', 'contact', 'age'] as const
export type MaskKind = (typeof MASK_KINDS)[number]

export interface Mask extends Span {
  readonly kind: MaskKind
  /** What stands there instead. */
  readonly by: string
}

export interface Deidentified {
  readonly text: string
  /** In the text given, sorted, without overlaps. */
  readonly masks: readonly Mask[]
}

/** Dates move by `shift` days, the same throughout, so that what lies between them stays. */
export function deidentify(text: string, people: People, shift: number): Deidentified {
  const found: Mask[] = [...contacts(text), ...addresses(text), ...numbers(text), ...dates(text, shift), ...ages(text), ...names(text, people)]
  const order: readonly MaskKind[] = ['contact', 'date', 'address', 'number', 'age', 'name']
  const masks: Mask[] = []
  for (const mask of [...found].sort((a, b) => a.start - b.start || order.indexOf(a.kind) - order.indexOf(b.kind) || b.end - a.end)) {
    const last = masks[masks.length - 1]
    if (last === undefined || mask.start >= last.end) masks.push(mask)
    else if (mask.end > last.end) masks[masks.length - 1] = { ...last, end: mask.end }
  }
  const parts: string[] = []
  let at = 0
  for (const mask of masks) {
    parts.push(text.slice(at, mask.start), mask.by)
    at = mask.end
  }
  return { text: parts.join('') + text.slice(at), masks }
}

function* all(text: string, pattern: RegExp, group = 0): Generator<Span & { readonly match: RegExpMatchArray }> {
  for (const match of text.matchAll(pattern)) {
    const inner = match[group]
    if (inner === undefined) continue
    const start = match.index + (group === 0 ? 0 : match[0].lastIndexOf(inner))
    yield { start, end: start + inner.length, match }
  }
}

const masked = (spans: Iterable<Span>, kind: MaskKind): Mask[] => [...spans].map(({ start, end }) => ({ start, end, kind, by: `[${kind}]` }))

// --- contact, address, numbers ------------------------------------------------------------------------------------

function contacts(text: string): Mask[] {
  return [
    /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, /\b(?:https?:\/\/|www\.)[^\s<>"')]{3,200}/gi, /\b(?:\d{1,3}\.){3}\d{1,3}\b(?!\s?(?:c?Gy|%|cm|mm))/g,
    /(?<![\d.])(?:\+?1[-. ]?)?(?:\(\d{3}\)[-. ]?|\d{3}[-. ])\s?\d{3}[-. ]\d{4}(?!\d)(?:\s?(?:x|ext\.?)\s?\d{1,6})?/gi, /(?<=\b(?:phone|tel|telephone|fax|pager|cell|mobile|beeper)\b\s?(?:no\.?|number|#)?\s?:?\s?)(?:\d{3}[-. ]?)?\d{3}[-. ]?\d{4}\b/gi,
    // A number of seven digits where the line tells of people to be reached.
    /(?<=\b(?:phone|tel|call|cell|mobile|emergency|contact|wife|husband|daughter|son|spouse)\b[^\n]{0,60})(?<![\d.-])\d{3}-\d{4}(?![\d-]| ?(?:c?Gy|MU|mm|cm))/gi,
  ].flatMap((pattern) => masked(all(text, pattern), 'contact'))
}

const STREET = 'Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Terrace|Ter|Trail|Trl|Square|Sq|Loop|Pike'
const STATES = 'A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]'
const STATE_NAMES = 'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|North (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South (?:Carolina|Dakota)|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming'
/** States whose letters are also those of a degree. */
const DEGREES = 'M[ADS]|[NO]D|PA|DC'
const PLACE = '[A-Z][a-z]{1,20}(?:[ -][A-Z][a-z]{1,20}){0,2}'

function addresses(text: string): Mask[] {
  return [
    new RegExp(`\\b\\d{1,6}[A-Z]?(?: [NSEW]{1,2}\\.?| North| South| East| West)?(?: (?:[A-Z][a-z]{1,20}|\\d{1,3}(?:st|nd|rd|th))){1,3} (?:${STREET})\\b\\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm|#)\\.? ?#?\\w{1,6})?(?:,?\\s{1,3}${PLACE},?\\s(?:${STATES})\\b(?:\\s\\d{5}(?:-\\d{4})?)?)?`, 'g'),
    new RegExp(`\\b(?:[A-Z][a-z]{1,20} ){1,3}(?:Street|Avenue|Road|Boulevard|Lane|Court|Parkway|Highway|Terrace|Trail)\\b`, 'g'),
    new RegExp(`\\b${PLACE},?\\s(?:${STATES}|${STATE_NAMES})\\s\\d{5}(?:-\\d{4})?\\b`, 'g'), new RegExp(`\\b${PLACE}, (?:(?!${DEGREES})(?:${STATES})|${STATE_NAMES})\\b(?!\\.)`, 'g'), /\bR\.?R\.? ?#?\d{1,4},? Box \d{1,6}\b/gi, /\bP\.?\s?O\.? Box \d{1,7}\b/gi,
    /(?<=\b(?:zip|zip code|postal code)\s?:?\s?)\d{5}(?:-\d{4})?\b/gi,
  ].flatMap((pattern) => masked(all(text, pattern), 'address')).concat(masked(all(text, /\b(?:home |mailing |street )?address ?: ?([^\n\t]{4,100})/gi, 1), 'address'))
    .concat(masked(all(text, new RegExp(`\\b(?:(?:lives?|living|resides?|born|raised|grew up) (?:alone )?(?:in|near|outside)|moved (?:to|from)) (${PLACE})`, 'g'), 1), 'address'))
}

const LABELS = 'MRN|MR ?#|Med(?:ical)?\\.? Rec(?:ord)?\\.?|Chart|Patient ID|Pt ID|Member(?: ID)?|Subscriber(?: ID)?|Policy|Group|Plan ID|Claim|Auth(?:orization)?|Reference|Accession|Encounter|Visit ID|CSN|FIN|HAR|Acct|Account|Case|Order ID|Rx|NPI|DEA|Lic(?:ense)?|SSN|Social Security|Serial|S\\/N|Device ID|Medicare|Medicaid|HICN|MBI|Invoice|Tax ID|EIN|Other ID|Specimen|Unit(?= ?(?:No|#))|Hosp(?:ital)?(?: ?#)?|Job|SN|Driver[\'’]?s License|Plate'

function numbers(text: string): Mask[] {
  return [
    ...masked(all(text, /\b\d{3}-\d{2}-\d{4}\b/g), 'number'),
    ...masked(all(text, new RegExp(`\\b(?:${LABELS})(?![a-z])(?: (?:Number|Num|No|Nr|ID))?\\.?[ \\t]{0,2}[#:]{0,2}[ \\t]{0,3}([A-Z]{0,4}[- ]?\\d[\\dA-Z-]{2,24})\\b`, 'gi'), 1), 'number'),
    ...masked(all(text, /\bID ?[#:]{1,2} ?([A-Z]{0,4}-?\d[\dA-Z-]{2,24})\b/g, 1), 'number'),
    ...masked(all(text, /\b(?:license|licence|plate|passport|card)(?: (?:number|no\.?|#))? ?:? ?([A-Z]{1,3}[ -]?\d{3,4}(?:[ -]\d{3,4}){0,4})\b/gi, 1), 'number'),
    // In brackets behind a name.
    ...masked(all(text, /[A-Z][A-Za-z'-]{1,20},? [A-Z][A-Za-z.]{0,20} ?\(#? ?(\d[\d-]{4,20})\)/g, 1), 'number'),
    // Nothing that is measured has seven digits.
    ...masked(all(text, /(?<![\d.,/:-])\d{7,20}(?![\d.,/:-]?\d)/g), 'number'),
  ]
}

// --- dates and ages -------------------------------------------------------------------------------------------------

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const MONTH = `(?:${MONTHS.map((month) => `${month.slice(0, 3)}(?:${month.slice(3)})?`).join('|')}|Sept)`
const DAY_MS = 86_400_000

function dates(text: string, shift: number): Mask[] {
  const result: Mask[] = []
  const years = new Map<number, number>()
  const put = (at: Span, year: number, month: number, day: number, print: (year: number, month: number, day: number) => string): void => {
    const time = Date.UTC(year, month - 1, day)
    const valid = year >= 1880 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
    if (!valid || Number.isNaN(time)) return
    const moved = new Date(time + shift * DAY_MS)
    result.push({ start: at.start, end: at.end, kind: 'date', by: print(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate()) })
    years.set(year, (years.get(year) ?? 0) + 1)
  }
  const like = (printed: string, value: number): string => String(value).padStart(printed.length > 1 && printed.startsWith('0') ? printed.length : 1, '0').padStart(printed.length === 2 && value < 10 && printed.startsWith('0') ? 2 : 1, '0')
  const century = (year: number): number => (year >= 100 ? year : year < 60 ? 2000 + year : 1900 + year)
  for (const at of all(text, /(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|\.\d)/g)) {
    const [, a = '', separator = '', b = '', y = ''] = at.match
    if (separator === '.' && y.length === 2 && (a.length < 2 || b.length < 2)) continue
    const dayFirst = Number(a) > 12
    put(at, century(Number(y)), Number(dayFirst ? b : a), Number(dayFirst ? a : b), (year, month, day) => {
      const [first, second] = dayFirst ? [day, month] : [month, day]
      return `${a.length === 2 ? String(first).padStart(2, '0') : like(a, first)}${separator}${b.length === 2 ? String(second).padStart(2, '0') : like(b, second)}${separator}${y.length === 2 ? String(year).slice(2) : year}`
    })
  }
  for (const at of all(text, /(?<![\d./-])(\d{4})([/.-])(\d{2})\2(\d{2})(?!\d|[/.-]\d)/g)) {
    const [, y = '', separator = '', m = '', d = ''] = at.match
    put(at, Number(y), Number(m), Number(d), (year, month, day) => `${year}${separator}${String(month).padStart(2, '0')}${separator}${String(day).padStart(2, '0')}`)
  }
  for (const at of all(text, new RegExp(`(?<![A-Za-z])(${MONTH})(\\.?)([ -])(\\d{1,2})(?:st|nd|rd|th)?(,? ?)(\\d{4})(?!\\d)`, 'gi'))) {
    const [, m = '', dot = '', gap = '', d = '', comma = '', y = ''] = at.match
    put(at, Number(y), monthOf(m), Number(d), (year, month, day) => `${monthLike(m, month)}${dot}${gap}${day}${comma}${year}`)
  }
  for (const at of all(text, new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th)?( of |[ -]?)(${MONTH})(\\.?,?)([ -]?)(\\d{4}|\\d{2})(?!\\d)`, 'gi'))) {
    const [, d = '', one = '', m = '', dot = '', two = '', y = ''] = at.match
    put(at, century(Number(y)), monthOf(m), Number(d), (year, month, day) => `${d.length === 2 ? String(day).padStart(2, '0') : day}${one}${monthLike(m, month)}${dot}${two}${y.length === 2 ? String(year).slice(2) : year}`)
  }
  // Without a day: the middle of the month moves. Without a year: of the year most dates are of.
  for (const at of all(text, new RegExp(`(?<![A-Za-z])(?<!\\d(?:st|nd|rd|th)?[ -])(${MONTH})(\\.?,? )(\\d{4})(?!\\d)`, 'gi'))) {
    const [, m = '', gap = '', y = ''] = at.match
    put(at, Number(y), monthOf(m), 15, (year, month) => `${monthLike(m, month)}${gap}${year}`)
  }
  for (const at of all(text, new RegExp(`(?<![A-Za-z])(${MONTH})(\\.? ?['’])(\\d{2})(?!\\d)`, 'gi'))) {
    const [, m = '', gap = '', y = ''] = at.match
    put(at, century(Number(y)), monthOf(m), 15, (year, month) => `${monthLike(m, month)}${gap}${String(year).slice(2)}`)
  }
  for (const at of all(text, /(?<![\d/.])(0?[1-9]|1[0-2])\/((?:19|20)\d{2})(?![\d/])/g)) {
    const [, m = '', y = ''] = at.match
    put(at, Number(y), Number(m), 15, (year, month) => `${m.length === 2 ? String(month).padStart(2, '0') : month}/${year}`)
  }
  for (const at of all(text, /\b(?:birth ?date|date of birth|DOB|D\.O\.B\.?|born)\s?:?\s{0,3}(\d{2})( )(\d{2})( )(\d{4})\b/gi)) {
    const [, m = '', , d = '', , y = ''] = at.match
    put({ start: at.end - 10, end: at.end }, Number(y), Number(m), Number(d), (year, month, day) => `${String(month).padStart(2, '0')} ${String(day).padStart(2, '0')} ${year}`)
  }
  for (const at of all(text, /\b(?:spring|summer|fall|autumn|winter) (?:of )?(?:19|20)\d{2}\b/gi)) result.push({ start: at.start, end: at.end, kind: 'date', by: '[date]' })
  const usual = [...years].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 2024
  for (const at of all(text, new RegExp(`(?<![A-Za-z])(${MONTH})(\\.? )(\\d{1,2})(?:st|nd|rd|th)?(?![\\d/]|,? ?\\d{4})`, 'gi'))) {
    const [, m = '', gap = '', d = ''] = at.match
    if (/^may$/.test(m)) continue
    put(at, usual, monthOf(m), Number(d), (_year, month, day) => `${monthLike(m, month)}${gap}${day}`)
  }
  for (const at of all(text, /(?<=\b(?:on|since|from|until|through|by|of|dated|date:?|fx \d{1,2}|DOS:?|seen|started|start|ended|began|finished|completed|starting|and|to|signed|f\/u|biopsy|bx|CT|MRI|PET|surgery|scan) )(\d{1,2})\/(\d{1,2})(?![\d/]| ?(?:fx|fractions?|nodes?|cores?|lymph|scale|10\b|pain))/gi)) {
    const [, m = '', d = ''] = at.match
    if (Number(d) > 31 || Number(m) > 12) continue
    put(at, usual, Number(m), Number(d), (_year, month, day) => `${m.length === 2 ? String(month).padStart(2, '0') : month}/${d.length === 2 ? String(day).padStart(2, '0') : day}`)
  }
  return result
}

const monthOf = (printed: string): number => MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === printed.slice(0, 3).toLowerCase()) + 1
function monthLike(printed: string, month: number): string {
  const name = MONTHS[month - 1] as string
  const written = printed.length > 4 || printed.toLowerCase() === MONTHS[monthOf(printed) - 1]?.toLowerCase() && printed.length > 3 ? name : name.slice(0, 3)
  return printed === printed.toUpperCase() ? written.toUpperCase() : written
}

/** Ages above 89 are few enough to point at somebody. */
function ages(text: string): Mask[] {
  return [...all(text, /\b(9\d|1[01]\d)(?=(?:[- ]?years?[- ]?old| ?y\/?o\b| years? of age))/gi), ...all(text, /\b(?:aged?|age:) ?(9\d|1[01]\d)\b/gi, 1)].map(({ start, end }) => ({ start, end, kind: 'age' as const, by: '90 or more' }))
}

// --- names ----------------------------------------------------------------------------------------------------------

const PARTICLES = '(?:(?:van|von|der|den|de|du|la|le|di|da|del|della|dos|ten|ter|bin|ibn|al|el)[ -]){0,3}'
const WORD = "(?:[A-Z][a-z]{1,20}|[A-Z]{2,20}|(?:O'|D'|Mc|Mac|De|La|Le|Van|St\\.? )[A-Z][a-z]{1,20})(?:-[A-Z][a-z]{1,20})?"
const INITIAL = '[A-Z]\\.?'
const NAME = `(?:[A-Z]\\. ?){0,2}${PARTICLES}${WORD}(?:,? (?:${WORD}|${INITIAL})){0,3}`
const TITLED = new RegExp(`\\b(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Sister|Nurse|Rev)\\.? (${NAME})`, 'g')
const LABELLED = new RegExp(`\\b(?:patient(?:['’]s)? name|patient|pt|name|attending|referring|ordering|primary care|PCP|physician|provider|radiation oncologist|oncologist|surgeon|author|therapists?|physicist|dosimetrist|nurse|witness(?:ed by)?|signed(?: by)?|reviewed by|approved by|dictated by|performed by|prepared by|verified by|checked by|electronically signed by|authenticated by|entered by|cc|emergency contact|next of kin|guarantor|subscriber|insured|spouse|contact|interpreter|caregiver|dear|re|regarding|seen by|sent by|from|to|attn|attention|emergency|patient identification|identification|employer|surg|med ?onc|rad ?onc|transcriptionist|facility|hospital|clinic)(?: ?physician| ?doctor| ?MD)?(?: (?:is|was))? ?[:#-] ?(${NAME})`, 'gi')
const BY = new RegExp(`\\b(?:signed|reviewed|approved|dictated|performed|prepared|verified|checked|authenticated|witnessed|seen|referred|transcribed|entered|completed|administered|interpreted|treated) (?:electronically )?by (${NAME})`, 'g')
const RELATIVE = new RegExp(`\\b(?:wife|husband|spouse|partner|son|daughter|mother|father|brother|sister|friend|neighbor|caregiver|niece|nephew|sitter|aide|fianc[eé]e?),? (${NAME})`, 'g')
/** A doctor in hasty lower case. */
const SMALL_TITLED = /\b(?:dr\.?|mr\.|mrs\.?|ms\.) ([a-z]{3,20})\b/g
/** An initial and a surname, wherever they stand; species of bacteria are written alike. */
const INITIALLED = /(?<![A-Za-z.])((?!(?:E|S|C|H|P|K|N|B|M)\. ?(?:coli|Coli|aureus|Aureus|diff|Diff|difficile|pylori|Pylori|pneumoniae))[A-Z]\. ?(?:[A-Z]\. ?)?(?:[A-Z][a-z]{2,20}|[A-Z]{3,20})(?:-[A-Z][a-z]{1,20})?)(?![a-z])/g
const ADDRESSED = new RegExp(`\\b(?:[Tt]hank you|[Tt]hanks|[Hh]i|[Hh]ello|[Dd]ear),? (${NAME})(?=[,.!])`, 'g')
const CALLED = new RegExp(`\\b(?:named|called|[Pp]t|PT|PCP|[Ss]aw|[Ss]eeing|[Nn]otified|[Pp]er|[Mm]et with|[Dd]iscussed with|[Ss]poke (?:to|with)|[Ll]eft for|[Cc]alled by|[Vv]erified with|[Ss]een w\\/|w\\/) (${NAME})`, 'g')
/** Somebody of whom it is said what befell patients only. */
const SUBJECT = new RegExp(`(?<=^|\\n|[.;:] )(${WORD}(?: ${WORD}| ${INITIAL}){1,3}) (?:is an? \\d|was seen|is seen|presents?|presented|returns?|returned|completed|tolerated|underwent|reports|denies|complains|comes|came|began|started|received|lives|will be|has been)\\b`, 'g')
const STARRED = /\bidentification ?: ?([A-Z][A-Z'-]{1,20}(?: \* [A-Z][A-Z'-]{1,20}){1,2})/gi
const INITIALS = /\b[Ii]nitials?:? ([A-Z]{2,4})\b|(?<=\b[DT]: ?[^\n]{0,100}\s)([A-Z]{2,3}\/[a-z]{2,3})\b/g
/** How somebody logs in. */
const LOGIN = /\b(?:e-?signed|signed|approved|reviewed|verified|entered|user)(?: by)? ?: ?([a-z]{1,20}[._]?[a-z]{1,20}\d{0,3})\b/gi
const EMPLOYER = /\bemployer ?: ?([^\n\t]{2,60}?)(?=\s{2}|\t|\n|$)/gi
const NAMED = new RegExp(`\\b(?:gentleman|lady|woman|man|patient|boy|girl|child), (${NAME}),`, 'g')
const SURNAME_FIRST = /(?<![A-Za-z])([A-Z][A-Z'-]{1,20}, [A-Z][A-Z'-]{1,20}(?: [A-Z]\.?)?)(?![A-Za-z])/g
const SURNAME_FIRST_MIXED = /(?<=^|\n|\t|: ?)([A-Z][a-z'-]{1,20}, [A-Z][a-z]{1,20}(?: [A-Z]\.?)?)(?=\s{2}|\t|\n|$| (?:DOB|MRN|\(|born|\d))/g

/** Words that begin with a capital and are no name; those of medicine that are named after people stay. */
const NOT_A_NAME = new Set(('patient name date of birth signed by the and with without not no none his her their was is are has have seen today note report plan treatment radiation oncology oncologist physician physics physicist medical center hospital clinic department institute university cancer '
  + 'imrt vmat sbrt srs gtv ctv ptv oar kps ecog mri ct pet md do phd np pa rn dabr ms ma bs rtt cmd facr fraction fractions dose gy cgy mv kv mu unit units left right upper lower lobe breast lung prostate brain spine bone pelvis liver kidney thyroid head neck skin chest abdomen hip '
  + 'karnofsky zubrod gleason hodgkin parkinson alzheimer ewing wilms merkel kaposi paget crohn raynaud foley hounsfield varian elekta accuray leksell eclipse aria mosaiq monaco pinnacle raystation brainlab cyberknife gamma knife truebeam halcyon tomotherapy xoft '
  + 'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december medicare medicaid blue cross priority health aetna cigna humana united yes page total course start end final weekly daily initial follow up consult consultation '
  + 'history physical assessment impression plan review systems vital signs allergies medications diagnosis stage status performance time type site technique energy field fields approved pending reviewed electronic electronically none unknown male female lmp dvt copd cad htn chf ckd '
  + 'tumor registry utilization review management nsclc sclc pd-l pd rt rtt onc ext d.o m.s m.d ph.d '
  + 'to from re attn cc dear sir madam whom it may concern concern records department nursing staff team service services tumor board committee self other family spouse home work cell phone fax').split(' '))

function names(text: string, people: People): Mask[] {
  const spans: Span[] = []
  const identity = printedIdentity(text)
  const words = new Set<string>()
  const learn = (printed: string): void => {
    for (const word of printed.match(/[A-Za-z][A-Za-z'’-]{2,}/g) ?? []) if (!NOT_A_NAME.has(word.toLowerCase())) words.add(word.toLowerCase())
  }
  const keep = (at: Span): void => {
    const trimmed = trim(text, at)
    if (trimmed === null) return
    spans.push(trimmed)
    learn(text.slice(trimmed.start, trimmed.end))
  }
  if (identity.name !== null) learn(identity.name)
  for (const person of findPeople(text, 0, text.length, people)) keep(person)
  for (const pattern of [TITLED, SMALL_TITLED, BY, RELATIVE, NAMED, INITIALLED, ADDRESSED, SURNAME_FIRST, SURNAME_FIRST_MIXED, STARRED]) for (const at of all(text, pattern, 1)) keep(at)
  // Where the words around it tell less, each word must be one that no dictionary knows, or one that it knows as a name.
  for (const pattern of [CALLED, SUBJECT]) {
    for (const at of all(text, pattern, 1)) {
      const trimmed = trim(text, at)
      const words = trimmed === null ? [] : wordsOf(text.slice(trimmed.start, trimmed.end))
      if (trimmed !== null && words.length > 0 && words.every(mayBeName)) keep(trimmed)
    }
  }
  for (const { match, end } of all(text, INITIALS)) spans.push({ start: end - (match[1] ?? match[2] ?? '').length, end })
  for (const at of all(text, LOGIN, 1)) if (/[._\d]/.test(text.slice(at.start, at.end)) || (at.end - at.start > 4 && text.slice(at.start, at.end) === text.slice(at.start, at.end).toLowerCase() && mayBeName(text.slice(at.start, at.end)))) spans.push(at)
  for (const at of all(text, EMPLOYER, 1)) spans.push(at)
  for (const at of spoken(text)) keep(at)
  // The label may be written in any case; a name begins with a capital all the same.
  for (const at of all(text, LABELLED, 1)) {
    const capital = new RegExp(`^${NAME}`).exec(text.slice(at.start, at.end))
    if (capital !== null) keep({ start: at.start, end: at.start + capital[0].length })
  }
  // What was a name in one place is one everywhere.
  for (const at of all(text, /\b[A-Z][A-Za-z'’-]{2,}\b/g)) if (words.has(at.match[0].replace(/['’]s$/, '').toLowerCase())) spans.push(at)
  const sorted = spans.sort((a, b) => a.start - b.start || b.end - a.end)
  const merged: { start: number; end: number }[] = []
  for (const span of sorted) {
    const last = merged[merged.length - 1]
    // A given name and a surname side by side are one.
    if (last !== undefined && span.start <= last.end + 2 && /^[ ,.]{0,2}$/.test(text.slice(last.end, Math.max(last.end, span.start)))) last.end = Math.max(last.end, span.end)
    else merged.push({ start: span.start, end: span.end })
  }
  return masked(merged, 'name')
}

/** Of three letters or more: `Al-Sayed` is one name. */
const wordsOf = (printed: string): readonly string[] => printed.match(/[A-Za-z][A-Za-z'’]{2,}/g) ?? []

const LEXICON: Readonly<Record<string, string | readonly string[]>> = (nlp.model() as { readonly one?: { readonly lexicon?: Readonly<Record<string, string | readonly string[]>> } }).one?.lexicon ?? {}

/** False for words of English that are no names, and for what medicine calls things. */
function mayBeName(word: string): boolean {
  const known = LEXICON[word.toLowerCase()]
  const tags = known === undefined ? [] : [known].flat()
  return !NOT_A_NAME.has(word.toLowerCase()) && (tags.length === 0 || tags.some((tag) => /Name|Person|Place|City|Country|Region/.test(`${tag}`)))
}

/** Longest stretch given to the finder of names at once. */
const MOST_SPOKEN = 400

/** Names that the sentence itself makes known, of which one word at least is a name known as such. */
function* spoken(text: string): Generator<Span> {
  for (const line of all(text, /[^\n\t]{4,}/g)) {
    if (!/[A-Z][a-z]+ [A-Z][a-z]|(?:^|[^.!?] )[A-Z][a-z]{2,}/.test(line.match[0])) continue
    for (let from = line.start; from < line.end; from += MOST_SPOKEN) {
      const part = text.slice(from, Math.min(line.end, from + MOST_SPOKEN))
      const found = nlp(part).people().json({ offset: true }) as readonly { readonly text: string; readonly offset: { readonly start: number; readonly length: number } }[]
      for (const { offset } of found) {
        const printed = part.slice(offset.start, offset.start + offset.length)
        const words = wordsOf(printed)
        if (words.length === 0 || !words.every((word) => /^[A-Z]/.test(word) && mayBeName(word)) || !words.some((word) => /Name/.test(`${LEXICON[word.toLowerCase()] ?? ''}`))) continue
        const rest = /^(?:-[A-Z][a-z]{1,20}| [A-Z][a-z]{2,20})?/.exec(part.slice(offset.start + printed.trimEnd().length).replace(/^-?/, (dash) => dash))?.[0] ?? ''
        const tail = rest !== '' && wordsOf(rest).every(mayBeName) ? rest.length : 0
        yield { start: from + offset.start, end: from + offset.start + printed.trimEnd().length + tail }
      }
    }
  }
}

/** Without words at either end that are no name; null where none is left. */
function trim(text: string, { start, end }: Span): Span | null {
  const words = [...text.slice(start, end).matchAll(/[A-Za-z][A-Za-z.'’-]*/g)]
  const isName = (word: RegExpMatchArray): boolean => !NOT_A_NAME.has(word[0].replace(/\.$/, '').toLowerCase())
  let from = 0
  let to = words.length
  // A word that is none ends the name.
  while (from < to && !isName(words[from] as RegExpMatchArray)) from++
  for (let index = from; index < to; index++) if (!isName(words[index] as RegExpMatchArray)) to = index
  const first = words[from]
  const last = words[to - 1]
  if (from >= to || first === undefined || last === undefined || !words.slice(from, to).some((word) => word[0].replace(/\W/g, '').length > 1)) return null
  return { start: start + (first.index ?? 0), end: start + (last.index ?? 0) + last[0].replace(/\.$/, '').length }
}
