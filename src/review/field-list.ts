// Fields, arcs and beam angles that a record names one by one instead of giving their number. May not: judge what a field is for.
import type { Statement } from '../note/note.ts'

const NUMBERS: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 }
const ANGLES = /\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:\w{1,12} ){0,2}(?:gantry|beam) (?:angles|directions|positions)\b/i
/** `ARC 1`, `Field 2`, `A3`; a number `of` others is no name. */
const NUMBERED = /\b(arc|field|beam|port)s? ?#?(\d{1,2})\b(?! ?(?:of|\/|gy|cgy|mv|mev|cm|mm|x|min|degrees?)\b)(?![.%]\d)/gi
/** Directions of a field. Two capital letters alone may be many other things, so that a single one counts for nothing. */
const DIRECTION = /(?<![\w/])(AP|PA|RAO|LAO|RPO|LPO|ASO|PSO|R ?LAT|L ?LAT|RT\.? LAT(?:ERAL)?|LT\.? LAT(?:ERAL)?|RIGHT LATERAL|LEFT LATERAL|RL|LL)\b(?![-/]C\b)/g
const LATERALS = /\b(?:two|2|both|opposed|bilateral|paired|rt\/lt|r\/l) laterals?\b/i
const IMAGING = /\b(?:films?|images?|imaging|x-?rays?|radiographs?|kv|cbct|drrs?|orthogonal|set-?up (?:field|beam|image)s?|scouts?|views?|shifts?|chest|portal|measured?|readings?)\b/i
/** A plan or site that a statement speaks of by number or letter. */
const LABELS = /\b(?:[Pp]lan|[Pp]hase|[Ss]ite|PLAN|PHASE|SITE) ?#?:? ?([1-4]|[A-D]|I{1,3}|IV)\b(?![-\w])/g
const BOOST = /\b(?:boost|cone-?down|cone down|conedown)\b/i
const NO_BOOST = /\b(?:no|without|not|declined) (?:\w{1,10} )?(?:boost|cone)/i

export interface Named {
  readonly value: number
  readonly statement: number
}

/** Which plan the words up to some place speak of: the label last named, or the boost; '' where they do not say. */
export function planOf(words: string, until = words.length): string {
  const before = words.slice(0, until)
  const label = [...before.matchAll(LABELS)].at(-1)
  const since = before.slice(label?.index ?? 0)
  const clause = since.slice(Math.max(0, ...['. ', ', ', '; ', '\n'].map((mark) => since.lastIndexOf(mark)))) + (words.slice(until).split(/[.,;\n]/, 1)[0] ?? '')
  if (BOOST.test(since + clause) && !NO_BOOST.test(words)) return 'boost'
  return label?.[1]?.toUpperCase() ?? ''
}

const sideOf = (token: string): string => {
  const word = token.toUpperCase().replace(/[.\s]/g, '')
  if (/^(?:RL|RLAT|RTLAT|RTLATERAL|RIGHTLATERAL)$/.test(word)) return 'R LAT'
  return /^(?:LL|LLAT|LTLAT|LTLATERAL|LEFTLATERAL)$/.test(word) ? 'L LAT' : word
}

/** Directions named in some words, each once; `two laterals` are two. */
export function directionsIn(words: string): ReadonlySet<string> {
  const found = new Set([...words.matchAll(DIRECTION)].map((m) => sideOf(m[1] as string)))
  if (LATERALS.test(words)) found.add('R LAT').add('L LAT')
  return found
}

/** Fields that statements name, by the plan they speak of: names of one plan add up over the note. */
export function namedFields(statements: readonly Statement[], text: string, left: (statement: number) => boolean): ReadonlyMap<string, Named> {
  const directions = new Map<string, { readonly names: Set<string>; readonly statement: number }>()
  const numbered = new Map<string, { readonly numbers: Set<number>; readonly statement: number }>()
  const out = new Map<string, Named>()
  const take = (plan: string, value: number, statement: number): void => {
    if (value > (out.get(plan)?.value ?? 0)) out.set(plan, { value, statement })
  }
  statements.forEach((s, i) => {
    if (s.kind === 'page-edge' || left(i)) return
    const words = text.slice(s.start, s.end)
    if (words.length > 1200) return
    const plan = planOf(words)
    const angles = ANGLES.exec(words)?.[1]?.toLowerCase()
    if (angles !== undefined) take(plan, NUMBERS[angles] ?? Number(angles), i)
    for (const m of words.matchAll(NUMBERED)) {
      const key = `${plan}|${(m[1] as string).toLowerCase()}`
      const own = numbered.get(key) ?? { numbers: new Set<number>(), statement: i }
      own.numbers.add(Number(m[2]))
      numbered.set(key, own)
    }
    const names = IMAGING.test(words) ? new Set<string>() : directionsIn(words)
    if (names.size < 2) return
    const own = directions.get(plan) ?? { names: new Set<string>(), statement: i }
    for (const name of names) own.names.add(name)
    directions.set(plan, own)
  })
  for (const [plan, { names, statement }] of directions) take(plan, names.size, statement)
  for (const [key, { numbers, statement }] of numbered) {
    // Only a run from the first one on is a list: a field spoken of by its number is one of several.
    let run = 0
    while (numbers.has(run + 1)) run++
    if (run >= 2 && run === numbers.size) take(key.split('|')[0] as string, run, statement)
  }
  return out
}

const FIELD_HEAD = /^(?:fields?|flds?|beams?|ports?|portals?|arcs?)(?: ?(?:id|name|no\.?|#|label|treated)s?)?$/i
const OTHER_HEADS = /\b(?:gantry|mu|monitor units|coll(?:imator)?|couch|energy|control points|wedge|weight|ssd)\b/i
const LOG_HEADS = /\b(?:fx|fraction|date|dose|c?gy)\b/i
const NO_FIELD = /^(?:total|sum|all|mean|-|—|n\/?a|none|yes|no|ok|✓)\b|\b(?:cbct|kv|set-?up|image|imaging|drr|film)\b|^$/i

/** Names below a column of fields, each once. In a log such a column may name sites, so that a single name there says nothing. */
export function fieldColumn(statements: readonly Statement[], text: string): { readonly names: ReadonlySet<string>; readonly statement: number } | null {
  const names = new Set<string>()
  let first = -1
  statements.forEach((s, i) => {
    const header = s.kind === 'row' && s.columns >= 0 ? (statements[s.columns] as Statement) : null
    if (!header) return
    for (const name of rowNames(text.slice(header.start, header.end).split('\t'), text.slice(s.start, s.end).split('\t'))) {
      if (first < 0) first = i
      names.add(name)
    }
  })
  // A table drawn with bars is one statement.
  statements.forEach((s, i) => {
    const words = text.slice(s.start, s.end)
    if (s.kind === 'row' || !words.includes('|') || words.length > 4000) return
    const [head = '', ...rows] = words.split('\n').map((line) => line.replace(/^\s*\|/, '')).filter((line) => line.includes('|'))
    for (const name of rows.flatMap((row) => rowNames(head.split('|'), row.split('|')))) {
      if (first < 0) first = i
      names.add(name)
    }
  })
  return names.size === 0 ? null : { names, statement: first }
}

function rowNames(heads: readonly string[], cells: readonly string[]): string[] {
  const at = heads.findIndex((h) => FIELD_HEAD.test(h.trim()))
  const others = heads.filter((_, c) => c !== at).join('\t')
  const plan = OTHER_HEADS.test(others)
  if (at < 0 || !(plan || LOG_HEADS.test(others))) return []
  const cell = (cells[at] ?? '').trim()
  if (NO_FIELD.test(cell)) return []
  const several = cell.split(/ ?(?:[,;+&/]| and ) ?/).filter((x) => x !== '')
  const named = several.length > 1 && several.every((x) => directionsIn(x.toUpperCase()).size > 0) ? several : [cell]
  // In a log without machine figures only directions are surely fields.
  if (!(at === 0 && plan) && !named.every((x) => directionsIn(x.toUpperCase()).size > 0 || /^(?:arc|field|beam|port|a|f|b)? ?#?\d{1,2}$/i.test(x))) return []
  return named.map((x) => [...directionsIn(x.toUpperCase())][0] ?? x.toLowerCase())
}
