// Reads the patient printed on a page, and says whether it is the patient of a claim. May not: decide what happens to another patient's page.
import { foldWord } from '../base/tokens.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import levenshtein from 'natural/lib/natural/distance/levenshtein_distance.js'
import { findPlainDates } from './note-date.ts'
import type { IsoDate, PatientIdentity } from './note.ts'

export interface ClaimPatient {
  readonly name: string | null
  readonly birthDate: IsoDate | null
  readonly memberId: string | null
  readonly mrn: string | null
}

const NAME_LABEL = /(?:^|[\s|*#;,(\[])(?:(?:patient(?:'s)?|pt\.?|member|client|beneficiary|subject)(?:[ ]name)?|name(?: of patient)?|(?:last, ?first|full) name|re|regarding)(?:[ ]\((?:last, ?first(?: ?mi?)?|print)\))?\s{0,3}(?:[:=#]\s{0,4}|\t+ ?)|(?:^|[\s|*#])(?:PT|PATIENT|Pt|Patient)\.? {1,3}(?=\p{Lu}[\p{L}'’-]+,? )/gmu
const NAME_LABEL_ANY = new RegExp(NAME_LABEL.source, 'gimu')
const STOP = /[\t\n|*#;\[\](<>]|\s{2,}|,\s*\p{Lu}{1,4}-?\d|\d|[\/](?=\s)|\s[-–—•·~]\s|[,.:\s]\s{0,2}(?:dob|d\.o\.b|date|birth|born|mrn|mr|m\.r\.n|med|id|pid|sex|gender|age|acct|account|chart|page|visit|csn|fin|unit|rm|room|phone|address|year|y\/?o|male|female|dx|diagnosis|physician|attending|provider|ref|ssn|loc|location|member|insurance|payer|course|plan|site|seen|hospital|was|is|has|returns|presents)\b|:|$/iu
const DOB_LABEL = /(?<![\p{L}\d])(?:d\.? ?o\.? ?b\.?|date of birth|birth ?date|birthdate|birth dt|born(?: on)?|b(?:irth)?day|b\.)(?![\p{L}])[\s:#=(.,-]{0,6}/giu
const ID_LABEL = /(?<![\p{L}\d])(?:m\.?r\.?n\.?|mr ?(?:#|no\.?|num(?:ber)?)|med(?:ical)?\.? rec(?:ord)?\.?(?: ?(?:no\.?|num(?:ber)?|#))?|chart ?(?:no\.?|number|#|id)?|(?:patient|pt\.?|member|subscriber|hospital|unit|clinic|facility|record) ?(?:id|i\.d\.|no\.?|number|#)(?: ?(?:no\.?|#))?|pid|id(?: ?(?:no\.?|number|#|1))?|acct\.?(?: ?(?:#|no\.?))?|account(?: ?(?:no\.?|number|#))?|hrn|urn?|hn|policy(?: ?(?:no\.?|number|#))?)[\s:#=.]{1,4}([a-z]{0,4}[-_ ]?\d[\da-z-]{2,15})(?![\p{L}\d])/giu
const NOT_A_NAME = /^(?:name|names|information|info|education|signature|status|position|positioning|identification|identity|setup|set-up|id|history|care|visit|consent|date|type|site|data|tolerated|seen|instructions|label|safety|summary|record|records|demographics|portal|financial|rights|number|dob|mrn|last|first|the|and|is|was|has|with|for|of|to|in|on|at|radiation|oncology|consultation|treatment|plan|note|report|follow-up|follow|physics|simulation|prescription|physician|doctor|referral|request|authorization|services|service|hospital|center|clinic|page|course|left|right|your|you|supine|prone|verified|none|unknown|n\/a|see|above|below|re|no|yes|diagnosis|procedure|specific|questions|appears|denies|reports|states|will|continue|continues|cancer|department|radiotherapy|medical|centre|health|quality|weekly|special|external|beam|in-vivo|dosimetry|special|lab|laboratory|results|collected|printed|birth|sex|age)$/i
const PARTICLES = new Set(['van', 'von', 'der', 'den', 'de', 'del', 'della', 'di', 'da', 'la', 'le', 'al', 'el', 'bin', 'ibn', 'dos', 'das', 'ter', 'st'])
const TAILS = new Set(['jr', 'sr', 'ii', 'iii', 'iv', 'mr', 'mrs', 'ms', 'miss', 'dr', 'md', 'phd', 'esq'])

function shapedName(printed: string, labelled: boolean): string | null {
  const name = printed.replace(/^[\s,.:–—-]+/, '').replace(/[\s,.:–—-]+$/, '').replace(/ +/g, ' ')
  if (name.length < 3 || name.length > 60) return null
  const words = name.split(/[ ,]+/).filter((w) => w !== '')
  if (words.length > 6 || (words.length < 2 && !labelled)) return null
  let whole = 0
  for (const w of words) {
    if (NOT_A_NAME.test(w)) return null
    if (PARTICLES.has(w.toLowerCase())) continue
    if (!/^\p{Lu}[\p{L}'’.-]*$/u.test(w)) return null
    if (/\p{L}{2}/u.test(w)) whole++
  }
  return whole >= (labelled ? 1 : 2) ? name : null
}

const cut = (rest: string): string => {
  const m = STOP.exec(rest)
  return m ? rest.slice(0, m.index) : rest
}

function labelledName(text: string): string | null {
  for (const form of [NAME_LABEL, NAME_LABEL_ANY]) {
    for (const m of text.matchAll(form)) {
      const at = m.index + m[0].length
      const strict = /[:=#\t]\s*$/.test(m[0])
      const re = /(?:re|regarding|name)\s*[:=#\t]\s*$/i.test(m[0]) && !/(?:patient|pt|member)/i.test(m[0])
      const name = shapedName(cut(text.slice(at, at + 70)), strict && !re)
      if (name && (strict || /^[\s,]*(?:\(|dob|d\.o\.b|mrn|mr|id|b\.|[|*#])/i.test(text.slice(at + name.length, at + name.length + 12)) || name.includes(','))) {
        if (!re || name.includes(',') || name.split(' ').length >= 2) return name
      }
    }
  }
  return null
}

/** `SZYMANSKI, LEOPOLD K  DOB 08 Mar 1954`: the name stands right before the date of birth or number. */
function nameBeforeLabel(text: string): string | null {
  const label = /(?<![\p{L}\d])(?:d\.?o\.?b|date of birth|birth ?date|born|mrn|mr ?#|m\.r\.n)/giu
  for (const m of text.matchAll(label)) {
    const lineStart = text.lastIndexOf('\n', m.index) + 1
    const before = text.slice(Math.max(lineStart, m.index - 70), m.index).replace(/[\s,|*#;:(\[~•·–—-]+$/, '')
    const parts = before.split(/[\t|*#;~•·]| {2,}|\s[-–—]\s|:\s/)
    const name = shapedName((parts[parts.length - 1] ?? '').replace(/^.*\d[\s,]*/, '').replace(/^\s*(?:pt|patient|name|re)\.?\s+(?=\S)/i, ''), false)
    if (name) return name
  }
  return null
}

const LINE_NAME = /^[ \t]*((?:\p{Lu}[\p{L}'’-]+[ ]){0,2}\p{Lu}[\p{L}'’-]+(?:, ?\p{Lu}[\p{L}'’.-]*(?: \p{Lu}[\p{L}'’.-]*){0,2})?)[ ]*(?:[|*#;\t]|[ ]{2}|[ ][-–][ ])([^\n]{0,80})/gmu
const STACKED = /^[ \t]*(?:patient(?: name)?|name)[ \t]*:?[ \t]*\n[ \t]*([^\n]{3,60})/gim

/** `ROE, JANE * 03/04/1961 * MRN 00123`: a line that begins with the name and goes on with what else identifies. */
function lineName(text: string): { readonly name: string; readonly birthDate: IsoDate | null } | null {
  for (const m of text.matchAll(LINE_NAME)) {
    const printed = m[1] as string
    if (!printed.includes(',') && printed !== printed.toUpperCase()) continue
    const rest = m[2] as string
    if (!/(?<![a-z])(?:mrn|mr ?#|dob|m\.r\.n|id ?[:#]|chart ?#|acct)/i.test(rest)) continue
    const name = shapedName(printed, false)
    if (!name) continue
    const d = findPlainDates(rest, 0, rest.length)[0]
    const first = d && /^[\s|*#;(–-]*$/.test(rest.slice(0, d.start))
    return { name, birthDate: first && d.date < '2015' ? d.date : null }
  }
  for (const m of text.matchAll(STACKED)) {
    const name = shapedName(cut(m[1] as string), false)
    if (name) return { name, birthDate: null }
  }
  return null
}

/** `SMITH, ANNA` between separators, beside a part that holds a date of birth or a number: a header without labels. */
function segmentName(text: string): { readonly name: string; readonly birthDate: IsoDate | null } | null {
  for (const line of text.split('\n').slice(0, 12)) {
    const parts = line.split(/\t|[|*;]| {2,}| [-–—] /).map((p) => p.trim())
    for (const part of parts) {
      const m = /^(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?, \p{Lu}[\p{L}'’.-]*(?: \p{Lu}\.?)?)(?=$|\s+(?:[A-Z]{0,5}[-#]?\d|b\.|born|\())/u.exec(part)
      const name = m ? shapedName(m[1] as string, false) : null
      if (!m || !name) continue
      const others = [...parts.filter((p) => p !== part), part.slice(m[0].length).trim()].flatMap((p) => [p, ...p.split(' ')])
      const born = others.map((p) => findPlainDates(p, 0, p.length)[0]).find((d) => d !== undefined && d.date < '2024')
      const numbered = others.some((p) => /^(?:[A-Z]{1,4}[ #:-]{0,2})?\d[\d-]{3,}$|^#\d{3,}$/.test(p))
      if (born || numbered) return { name, birthDate: born?.date ?? null }
    }
  }
  return null
}

function birthDateOf(text: string): IsoDate | null {
  for (const m of text.matchAll(DOB_LABEL)) {
    const at = m.index + m[0].length
    const d = findPlainDates(text, at, Math.min(text.length, at + 26))[0]
    if (d && d.start - at <= 3) {
      const year = Number(d.date.slice(0, 4))
      const short = !/\d{4}/.test(text.slice(d.start, d.end))
      return short && year > 2030 ? `${year - 100}${d.date.slice(4)}` : d.date
    }
  }
  return null
}

/** The patient named in a stretch of text: the page's header, footer, or the lines at the top of a note. */
export function printedIdentity(text: string): PatientIdentity {
  const identifiers: string[] = []
  for (const m of text.matchAll(ID_LABEL)) {
    const id = (m[1] as string).trim().replace(/-+$/, '')
    if (id.replace(/\D/g, '').length < 3 || identifiers.includes(id) || findPlainDates(id, 0, id.length).length > 0) continue
    identifiers.push(id)
  }
  const labelled = labelledName(text) ?? nameBeforeLabel(text)
  const line = labelled ? null : (lineName(text) ?? segmentName(text))
  return { name: labelled ?? line?.name ?? null, birthDate: birthDateOf(text) ?? line?.birthDate ?? null, identifiers }
}

interface NameParts {
  readonly family: readonly string[]
  readonly given: readonly string[]
  /** All whole words, where order is not known. */
  readonly words: readonly string[]
  readonly turned: boolean
}

function partsOf(name: string): NameParts {
  const turned = name.includes(',') && !/,\s*(?:jr|sr|ii|iii|iv)\.?\s*$/i.test(name)
  const split = (s: string): string[] => s.split(/[\s.,-]+/).map((w) => foldWord(w).replace(/[^a-z]/g, '')).filter((w) => w !== '' && !TAILS.has(w))
  if (turned) {
    const comma = name.indexOf(',')
    const family = split(name.slice(0, comma)).filter((w) => !PARTICLES.has(w))
    const given = split(name.slice(comma + 1))
    return { family, given, words: [...given, ...family], turned }
  }
  const words = split(name).filter((w) => !PARTICLES.has(w))
  const hyphen = /(\S+)$/.exec(name.trim())?.[1]?.split('-').length ?? 1
  return { family: words.slice(-Math.max(1, hyphen)), given: words.slice(0, Math.max(1, words.length - hyphen)), words, turned }
}

type Likeness = 'same' | 'similar' | 'different'

/** Two slips in a long word, one in a short one. */
function alike(a: string, b: string): boolean {
  if (a === b) return true
  const longest = Math.max(a.length, b.length)
  if (longest < 4 || Math.abs(a.length - b.length) > 2) return false
  const slips = levenshtein.DamerauLevenshteinDistance(ocr(a), ocr(b))
  return slips <= (longest >= 8 ? 2 : 1)
}

const ocr = (w: string): string => w.replace(/rn/g, 'm').replace(/vv/g, 'w').replace(/[li]/g, 'l')

function givenAlike(a: string, b: string, people: People | null): boolean {
  if (alike(a, b)) return true
  if (a.length === 1 || b.length === 1) return a[0] === b[0]
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 3 && long.startsWith(short)) return true
  const group = people?.nickname.get(a)
  return group !== undefined && group === people?.nickname.get(b)
}

const some = (a: readonly string[], b: readonly string[], like: (x: string, y: string) => boolean): boolean => a.some((x) => b.some((y) => like(x, y)))

function likeness(claim: string, printed: string, people: People | null): { readonly family: Likeness; readonly given: Likeness } {
  const a = partsOf(claim)
  const b = partsOf(printed)
  const whole = (w: string): boolean => w.length > 1
  const compare = (x: NameParts, y: NameParts): { family: Likeness; given: Likeness } => {
    const joined = x.family.join('') === y.family.join('')
    const family: Likeness = joined || some(x.family, y.family, (p, q) => p === q && whole(p)) ? 'same' : some(x.family, y.family, alike) || alike(x.family.join(''), y.family.join('')) ? 'similar' : 'different'
    const first = x.given[0] ?? ''
    const other = y.given[0] ?? ''
    const given: Likeness = first === '' || other === '' ? 'similar' : first === other ? 'same'
      : givenAlike(first, other, people) || x.given.slice(1).some((g) => whole(g) && givenAlike(g, other, people) && other.length > 1) || y.given.slice(1).some((g) => whole(g) && givenAlike(g, first, people) && first.length > 1) ? 'similar' : 'different'
    return { family, given }
  }
  const straight = compare(a, b)
  if (straight.family !== 'different' && straight.given !== 'different') return straight
  // Order without a comma may be turned ("ROE JANE").
  for (const [x, y] of [[a, turn(b)], [turn(a), b]] as const) {
    if (x === null || y === null) continue
    const other = compare(x, y)
    if (other.family !== 'different' && other.given !== 'different') return other
  }
  return straight
}

function turn(n: NameParts): NameParts | null {
  if (n.turned || n.words.length < 2) return null
  return { family: n.words.slice(0, 1), given: n.words.slice(1), words: n.words, turned: true }
}

type Birth = 'same' | 'slip' | 'different'

/** One digit wrong, two digits turned, or day and month turned is a slip. */
function birth(a: IsoDate, b: IsoDate): Birth {
  if (a === b) return 'same'
  const [ya, ma, da] = a.split('-') as [string, string, string]
  const [yb, mb, db] = b.split('-') as [string, string, string]
  if (ya === yb && ma === db && da === mb) return 'slip'
  if (ya.slice(2) === yb.slice(2) && ma === mb && da === db) return 'slip'
  return levenshtein.DamerauLevenshteinDistance(a, b, { restricted: true }) <= 1 ? 'slip' : 'different'
}

const plainId = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]/g, '').replace(/o/g, '0').replace(/[il]/g, '1').replace(/^(?:mrn|mr|id|pt)/, '').replace(/^0+/, '')

/**
 * Whether the printed patient is the claim's: null where nothing printed can be compared. Chart numbers differ between facilities, so
 * a different number alone says nothing. `people` gives short forms of given names.
 */
export function identityMatches(claim: ClaimPatient, printed: PatientIdentity, people: People | null = null): boolean | null {
  const own = [claim.mrn, claim.memberId].filter((id): id is string => id !== null && id !== '').map(plainId)
  const ids = printed.identifiers.map(plainId)
  const number: 'same' | 'different' | 'unknown' = own.length === 0 || ids.length === 0 ? 'unknown' : ids.some((id) => own.includes(id)) ? 'same' : 'different'
  const dates: Birth | 'unknown' = claim.birthDate && printed.birthDate ? birth(claim.birthDate, printed.birthDate) : 'unknown'
  const names = claim.name && printed.name ? likeness(claim.name, printed.name, people) : null
  if (names === null) {
    if (number === 'same') return dates === 'different' ? null : true
    if (dates === 'same') return number === 'different' ? null : true
    if (dates === 'different') return number === 'different' ? false : null
    return null
  }
  const agree = names.family !== 'different' && names.given !== 'different'
  if (agree) {
    if (dates !== 'different') return true
    if (number === 'same') return true
    if (number === 'different') return false
    // Birth dates apart and neither name exact: two people.
    return names.family === 'same' && names.given === 'same' ? null : false
  }
  if (number === 'same') return dates === 'different' ? false : dates === 'unknown' && names.family === 'different' && names.given === 'different' ? null : true
  if (names.given !== 'different' && dates === 'same') return true
  return false
}

/** Whether family and given name of the claim's patient both stand in a text, in any order and form. */
export function namesPatient(claim: ClaimPatient, text: string): boolean {
  if (!claim.name) return false
  const { family, given } = partsOf(claim.name)
  const words = new Set(text.split(/[^\p{L}'’]+/u).map((w) => foldWord(w).replace(/[^a-z]/g, '')))
  return family.some((w) => w.length > 1 && words.has(w)) && given.some((w) => w.length > 1 && words.has(w))
}
