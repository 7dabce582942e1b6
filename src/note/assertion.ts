// Whether a mention is present, absent, possible or hypothetical, when, and of whom. May not: find mentions; read files; know what a policy is.
import { cueTokens, breaksLine, endsSentence, TOKEN, type CueTokens } from '../base/cue-tokens.ts'
import type { Span } from '../base/span.ts'
import { CUE_AXES, type Context, type Cue, type CueNode } from '../dictionary/context-dictionary.ts'
import type { Assertion, Presence, Subject, Time } from './note.ts'

export interface AssertionTarget extends Span {
  /** The mention carries its absence in itself: cues of presence inside it do not count. */
  readonly negates?: boolean
}

export interface AssertionHints {
  /** What the section says of everything in it, until a cue says otherwise. */
  readonly sectionTime?: Time
  readonly sectionSubject?: Subject
  /** For a row below a header row: the name of each column. */
  readonly rowOf?: readonly string[]
  /** The statement is a form field: `Label:` with nothing after it is empty. */
  readonly field?: boolean
  /** Year of the note: `in 2026` is not history in 2026. */
  readonly year?: number
}

interface Match {
  readonly cue: Cue
  readonly number: number
  /** Token positions, half-open. */
  readonly from: number
  readonly to: number
  /** Token positions of the look-alike it stands in: it counts for targets inside that alone. */
  readonly within?: Span
}

interface Reading {
  readonly text: string
  readonly context: Context
  readonly tokens: CueTokens
  readonly matches: readonly Match[]
  /** Numbers of the look-alikes found. */
  readonly hidden: readonly number[]
  /** Per token: numbers of the stop and aside entries that begin there. */
  readonly endAt: readonly (readonly number[])[]
  /** Per token: a cue of negation begins there. */
  readonly denials: readonly boolean[]
  readonly hasBoxes: boolean
  readonly hasStrike: boolean
  readonly signs: boolean
}

const ALL_AXES = (1 << CUE_AXES.length) - 1
/** Beside the bits of the axes: a clause opens at the token. */
const CLAUSE = 1 << CUE_AXES.length
const CONJUNCTIONS = new Set(['and', 'or', 'nor', 'and/or', '&', 'plus', 'then'])
const PASSIVE_LIST_ENDS = new Set('seen identified visualized visualised appreciated demonstrated detected evident noted found present observed heard palpated reported explained discussed reviewed outlined'.split(' '))
const NOT_LABEL_VALUE = new Set<number>([TOKEN.end, TOKEN.tab, TOKEN.comma, TOKEN.semicolon, TOKEN.close, TOKEN.open, TOKEN.unticked, TOKEN.ticked, TOKEN.dash, TOKEN.strike])

const NOTHING: readonly number[] = []

/** What was found from one position: the longest match, and the longest that is no look-alike. */
interface Longest {
  to: number
  cues: readonly number[]
  bareTo: number
  bare: readonly number[]
}

/** Both ends of scope that begin at one position, whatever their length, and cues, of which only the longest count. */
function take(context: Context, best: Longest, at: number, cues: readonly number[], all: boolean): void {
  if (cues.length === 0) return
  if (all) {
    best.cues = best.cues.length === 0 ? cues : [...best.cues, ...cues.filter((c) => !best.cues.includes(c))]
    if (at > best.to) best.to = at
    return
  }
  if (at >= best.to) {
    best.cues = at > best.to ? cues : [...best.cues, ...cues.filter((c) => !best.cues.includes(c))]
    best.to = at
  }
  if (at >= best.bareTo && cues.some((n) => (context.cues[n] as Cue).kind !== 'pseudo')) {
    const bare = cues.filter((n) => (context.cues[n] as Cue).kind !== 'pseudo')
    best.bare = at > best.bareTo ? bare : [...best.bare, ...bare.filter((c) => !best.bare.includes(c))]
    best.bareTo = at
  }
}

/** Follows the tokens from one state as far as entries go. Only a number leads to more than one. */
function walk(context: Context, start: CueNode, tokens: CueTokens, from: number, best: Longest, all: boolean): void {
  const { kinds, words } = tokens
  let state: CueNode | undefined = start
  for (let at = from; state !== undefined; at++) {
    if (state.cues.length > 0) take(context, best, at, state.cues, all)
    if (state.next.size === 0) return
    const kind = kinds[at]
    if (kind === undefined || NOT_LABEL_VALUE.has(kind)) {
      const close = state.next.get('$')
      if (close !== undefined) take(context, best, at, close.cues, all)
    }
    if (kind === undefined) return
    const word = words[at] as string
    if (kind === TOKEN.number) {
      for (const name of numberClasses(word)) {
        const next = state.next.get(name)
        if (next !== undefined) walk(context, next, tokens, at + 1, best, all)
      }
    }
    state = state.next.get(word)
  }
}

function numberClasses(word: string): readonly string[] {
  if (word.includes('/')) return /^0\/[1-9]\d?$/.test(word) ? NONE_OF : NO_CLASSES
  const value = Number(word)
  if (!(value >= 0)) return NO_CLASSES
  if (word.length === 4 && value >= 1900 && value <= 2099) return YEAR
  return value >= 15 && value < 1900 ? FROM_FIFTEEN : value >= 3 && value < 1900 ? FROM_THREE : ANY_NUMBER
}

const NO_CLASSES: readonly string[] = []
const NONE_OF = ['<0/n>']
const YEAR = ['<year>']
const FROM_FIFTEEN = ['<n15>', '<n3>', '<n>']
const FROM_THREE = ['<n3>', '<n>']
const ANY_NUMBER = ['<n>']

const opensClause = (tokens: CueTokens, at: number): boolean => {
  if (at === 0) return true
  const before = tokens.kinds[at - 1] as number
  return before !== TOKEN.word && before !== TOKEN.number
}

/** Cues inside a look-alike still speak of its own words: `without difficulty` says nothing of what went well, but denies the difficulty. */
const hiddenMatches = (context: Context, { bare, bareTo }: Longest, from: number, within: Span): Match[] =>
  (bareTo <= from || bareTo > within.end ? []
    : bare.map((number) => ({ cue: context.cues[number] as Cue, number, from, to: bareTo, within })).filter((m) => m.cue.kind === 'negation' && m.cue.forward))

function read(context: Context, text: string, start: number, end: number): Reading {
  const tokens = cueTokens(text, start, end)
  const count = tokens.kinds.length
  const matches: Match[] = []
  const hidden: number[] = []
  const endAt: (readonly number[])[] = new Array<readonly number[]>(count).fill(NOTHING)
  /** Words of a longer cue: `for` in `suspicious for` ends nothing. */
  const inside: boolean[] = new Array<boolean>(count).fill(false)
  const opens: number[] = new Array<number>(count).fill(0)
  /** Positions at which an entry may begin. */
  const openings: number[] = []
  let signs = false
  let hasBoxes = false
  let hasStrike = false
  for (let i = 0; i < count; i++) {
    const kind = tokens.kinds[i] as number
    if (kind === TOKEN.unticked || kind === TOKEN.ticked || kind === TOKEN.blank) hasBoxes = true
    else if (kind === TOKEN.plus) signs = true
    else if (kind === TOKEN.strike) hasStrike = true
    const bits = (kind === TOKEN.number ? ALL_AXES : context.openers.get(tokens.words[i] as string) ?? 0) | (opensClause(tokens, i) ? CLAUSE : 0)
    if (bits !== 0) {
      opens[i] = bits
      openings.push(i)
    }
  }
  for (const axis of CUE_AXES) {
    const root = context.roots[axis]
    const opening = root.next.get('^')
    const ends = axis === 'end'
    const bit = 1 << CUE_AXES.indexOf(axis)
    // Of the matches of an axis none lies inside another, but they may overlap: `was scheduled for` is `was scheduled` and `scheduled for`.
    let reached = 0
    let hiding: Span | undefined
    let skip = 0
    for (const i of openings) {
      if (i < skip) continue
      const bits = opens[i] as number
      const starts = (bits & bit) !== 0
      const clause = opening !== undefined && (bits & CLAUSE) !== 0 && opening.next.has(tokens.words[i] as string)
      if (!starts && !clause) continue
      const longest: Longest = { to: i, cues: NOTHING, bareTo: i, bare: NOTHING }
      if (starts) walk(context, root, tokens, i, longest, ends)
      if (clause) walk(context, opening, tokens, i, longest, ends)
      if (longest.to <= i) continue
      if (ends) {
        if (!inside[i]) endAt[i] = longest.cues
        skip = longest.to
        continue
      }
      if (hiding !== undefined && i < hiding.end) {
        matches.push(...hiddenMatches(context, longest, i, hiding))
        if (longest.to <= hiding.end || longest.bareTo === longest.to) continue
      }
      if (longest.to <= reached) continue
      reached = longest.to
      for (let j = i + 1; j < longest.to; j++) inside[j] = true
      const masked = longest.cues.some((n) => (context.cues[n] as Cue).kind === 'pseudo')
      hiding = masked ? { start: i, end: longest.to } : undefined
      for (const number of longest.cues) {
        if (masked) hidden.push(number)
        else matches.push({ cue: context.cues[number] as Cue, number, from: i, to: longest.to })
      }
      if (hiding !== undefined) matches.push(...hiddenMatches(context, longest, i, hiding))
    }
  }
  const denials: boolean[] = new Array<boolean>(count).fill(false)
  for (const m of matches) if (m.within === undefined && m.cue.kind === 'negation' && m.cue.forward) denials[m.from] = true
  return { text, context, tokens, matches, hidden, endAt, denials, hasBoxes, hasStrike, signs }
}

/** What the words of one statement that decide about a target are, with the axis value they give. */
interface Vote {
  readonly kind: 'negation' | 'possible' | 'hypothetical' | 'historical' | 'planned' | 'current' | 'family' | 'other' | 'affirmed'
  readonly distance: number
  readonly cue: string
  /** Where the cue stands, for cues that are words before or behind the target. */
  readonly match?: Match
}

const SUBJECT_AHEAD = 5

/** Whether the comma or conjunction at `at` opens a new clause: 2 with its own subject, 1 with a bare verb, 0 not. */
function clauseAt(r: Reading, at: number): 0 | 1 | 2 {
  const { kinds, words } = r.tokens
  let i = at
  let or = false
  while (i < kinds.length && (kinds[i] === TOKEN.comma || CONJUNCTIONS.has(words[i] as string) || words[i] === 'also' || words[i] === 'so')) {
    if (words[i] === 'or' || words[i] === 'nor') or = true
    i++
  }
  const first = words[i]
  if (first === undefined || kinds[i] !== TOKEN.word) return 0
  if (r.context.finiteVerbs.has(first) || (first.endsWith('ly') && r.context.finiteVerbs.has(words[i + 1] ?? ''))) return 1
  const pronoun = r.context.subjects.has(first) || ((first === 'the' || first === 'this') && r.context.subjects.has(words[i + 1] ?? ''))
  if (or && !pronoun) return 0
  for (let j = i + 1; j < kinds.length && j - i <= SUBJECT_AHEAD + (pronoun ? 1 : 0); j++) {
    const kind = kinds[j] as number
    if (kind !== TOKEN.word && kind !== TOKEN.number) return 0
    const word = words[j] as string
    if (CONJUNCTIONS.has(word) || word === 'which' || word === 'that' || word === 'who') return 0
    if (r.context.finiteVerbs.has(word)) {
      if (pronoun) return 2
      if (r.context.personVerbs.has(word)) return 0
      for (let k = j + 1; k <= j + 2; k++) if (PASSIVE_LIST_ENDS.has(words[k] ?? '') && (word === 'is' || word === 'are' || word === 'were' || word === 'was')) return words[at] === 'and' || kinds[at + 1] === TOKEN.word && words[at + 1] === 'and' ? 0 : 2
      return 2
    }
  }
  return 0
}

/** Distance in tokens from the cue to a target that follows it, or -1 when something ends the scope on the way. */
function distanceForward(r: Reading, match: Match, to: number): number {
  const { kinds, words } = r.tokens
  const cue = match.cue
  const subjectAxis = cue.kind === 'family' || cue.kind === 'other'
  let verb = false
  let aside = -1
  let depth = 0
  let count = 0
  for (let i = match.to; i < to; i++) {
    const kind = kinds[i] as number
    switch (kind) {
      case TOKEN.end: case TOKEN.tab: case TOKEN.unticked: case TOKEN.ticked:
        return -1
      case TOKEN.semicolon:
        return -1
      case TOKEN.dash:
        if (i > match.to) return -1
        break
      case TOKEN.colon:
        if (i - match.to > 3) return -1
        break
      case TOKEN.open:
        depth++
        break
      case TOKEN.close:
        if (depth === 0) return -1
        depth--
        break
      case TOKEN.question:
        return -1
      case TOKEN.plus:
        if (r.signs && cue.kind === 'negation') return -1
        break
      case TOKEN.comma:
        if (cue.kind !== 'planned') aside = -1
        // `In 1998, she underwent …`
        if (i === match.to && (cue.kind === 'historical' || cue.kind === 'planned')) break
        if (cue.stopsAtComma || (verb && !cue.throughVerb)) return -1
        if (endsClause(clauseAt(r, i), cue, subjectAxis)) return -1
        if (cue.kind === 'historical' && r.denials[i + 1] === true) return -1
        break
      case TOKEN.word: case TOKEN.number: {
        const word = words[i] as string
        if (kind === TOKEN.word && CONJUNCTIONS.has(word)) {
          if (cue.stopsAtAnd || (verb && !cue.throughVerb && word === 'and')) return -1
          if (cue.kind !== 'hypothetical' && endsClause(clauseAt(r, i), cue, subjectAxis)) return -1
          if (cue.kind === 'historical' && r.denials[i + 1] === true) return -1
          if (aside >= 0 && word !== 'and') aside = -1
          else if (aside >= 0 && !instrument(r, aside)) aside = -1
        } else {
          count++
          if (count > cue.limit) return -1
          // `without exudate, neck with tender nodes`
          if (word === 'with' && cue.kind === 'negation' && i - match.to > 2 && (kinds[i - 2] === TOKEN.comma || kinds[i - 3] === TOKEN.comma)) return -1
          if (r.context.finiteVerbs.has(word)) {
            if (cue.stopsAtVerb) return -1
            if (i > match.to) verb = true
          }
        }
        break
      }
      default:
    }
    for (const ending of r.endAt[i] as readonly number[]) {
      if (!cue.endedBy.has(ending)) continue
      const stop = r.context.cues[ending] as Cue
      if (stop.kind === 'stop') return -1
      if (i > match.to || stop.atOnce) aside = i
    }
  }
  return aside >= 0 ? -1 : to - match.to
}

const INSTRUMENT = new Set(['on', 'by', 'per', 'via', 'for', 'from'])
const instrument = (r: Reading, at: number): boolean => INSTRUMENT.has(r.tokens.words[at] as string)

const endsClause = (clause: 0 | 1 | 2, cue: Cue, subjectAxis: boolean): boolean =>
  clause === 2 ? !cue.throughSubject : clause === 1 ? !cue.throughVerb && !subjectAxis : false

const PLURAL = new Set(['were', 'are', 'all', 'both'])

/** Distance from a target to a cue that follows it, or -1. */
function distanceBackward(r: Reading, match: Match, from: number, to: number): number {
  const { kinds, words } = r.tokens
  const cue = match.cue
  let wide = false
  for (let i = match.from; i < match.to; i++) if (PLURAL.has(words[i] as string)) wide = true
  let depth = 0
  let count = 0
  let crossed = false
  for (let i = match.from - 1; i >= to; i--) {
    const kind = kinds[i] as number
    switch (kind) {
      case TOKEN.end: case TOKEN.tab: case TOKEN.semicolon: case TOKEN.unticked: case TOKEN.ticked: case TOKEN.question:
        return -1
      case TOKEN.dash: case TOKEN.colon:
        if (i < match.from - 1) return -1
        break
      case TOKEN.close:
        depth++
        break
      case TOKEN.open:
        if (depth === 0 && i < match.from - 1) return -1
        depth = Math.max(0, depth - 1)
        break
      case TOKEN.comma:
        // `hip, 30 Gy in 10 fractions, completed two years ago`: what follows describes what stands before.
        if (!cue.stopsAtComma && (kinds[i + 1] === TOKEN.number || r.context.participles.has(words[i + 1] ?? ''))) break
        crossed = true
        if (cue.stopsAtComma || (!wide && !cue.throughSubject && i < match.from - 1)) return -1
        break
      case TOKEN.word: case TOKEN.number: {
        const word = words[i] as string
        // `coronary disease status post CABG in 1998`: the year is the operation's.
        if (cue.kind === 'historical' && (word === 's/p' || (word === 'post' && words[i - 1] === 'status'))) return -1
        if (kind === TOKEN.word && CONJUNCTIONS.has(word)) {
          if (cue.stopsAtAnd) return -1
          if (word !== 'then') wide = true
          if (word === 'and') crossed = true
          if (clauseAt(r, i) === 2 && i < match.from - 4) return -1
        } else {
          count++
          if (count > cue.limit) return -1
          if (!cue.throughVerb && r.context.finiteVerbs.has(word)) return -1
        }
        break
      }
      default:
    }
    for (const ending of r.endAt[i] as readonly number[]) if (cue.endedBy.has(ending) && (r.context.cues[ending] as Cue).kind === 'stop') return -1
  }
  if (cue.kind === 'negation' || cue.kind === 'possible') {
    if (insideAside(r, from, cue)) return -1
    if (crossed && finiteBefore(r, from)) return -1
  }
  return match.from - to
}

/** Whether a finite verb before `at` governs the list that stands there, so that a verb behind the list is not said of all of it. */
function finiteBefore(r: Reading, at: number): boolean {
  const { kinds, words } = r.tokens
  for (let i = at - 1; i >= 0; i--) {
    const kind = kinds[i] as number
    if (kind === TOKEN.end || kind === TOKEN.semicolon || kind === TOKEN.tab || kind === TOKEN.colon) return false
    if (kind === TOKEN.word && r.context.finiteVerbs.has(words[i] as string)) return true
  }
  return false
}

/** Whether a noun phrase that begins at `at` hangs on a preposition, so that a verb further on is not said of it. */
function insideAside(r: Reading, at: number, cue: Cue): boolean {
  const { kinds, words } = r.tokens
  for (let i = at - 1; i >= 0 && i >= at - 4; i--) {
    const kind = kinds[i] as number
    if (kind !== TOKEN.word && kind !== TOKEN.number) return false
    if (CONJUNCTIONS.has(words[i] as string) || r.context.finiteVerbs.has(words[i] as string)) return false
    for (const ending of r.endAt[i] as readonly number[]) if (cue.endedBy.has(ending)) return ((r.context.cues[ending] as Cue).kind === 'aside' && i > 0) || (r.context.cues[ending] as Cue).id === 'cause'
  }
  return false
}

const cueWords = (r: Reading, from: number, to: number): string =>
  r.text.slice(r.tokens.starts[from] as number, r.tokens.ends[to - 1] as number).replace(/\s+/g, ' ').toLowerCase()

/** A value stands alone between a label's colon, question mark, dash, bracket or cell border and the end of its slot. */
function isAnswer(r: Reading, match: Match): boolean {
  const { kinds } = r.tokens
  const after = kinds[match.to]
  if (isBox(after) || isBox(kinds[match.from - 1])) return false
  if (after !== undefined && !NOT_LABEL_VALUE.has(after)) {
    // `Bolus: no Compensator: yes`: a label of at most three words follows.
    let i = match.to
    while (i < kinds.length && i - match.to < 4 && kinds[i] === TOKEN.word) i++
    if (kinds[i] !== TOKEN.colon && kinds[i] !== TOKEN.question) return false
    if (i === match.to) return false
  }
  const before = kinds[match.from - 1]
  if (before === TOKEN.word && BARE_ANSWERS.has(r.tokens.words[match.from] as string) && match.to === match.from + 1 && endsItem(after) && isShortLabel(r, match.from)) return true
  return before === TOKEN.colon || before === TOKEN.tab || before === TOKEN.question || before === TOKEN.dash || before === TOKEN.open
}

const BARE_ANSWERS = new Set(['no', 'yes', 'y', 'n', 'neg', 'pos', 'present', 'absent', 'positive', 'negative', 'none', 'denied'])
const endsItem = (kind: number | undefined): boolean =>
  kind === undefined || kind === TOKEN.comma || kind === TOKEN.end || kind === TOKEN.semicolon || kind === TOKEN.slash || kind === TOKEN.tab

/** `Fever no, chills no, cough yes`: one to three words of no sentence stand between the answer and what parts it from the one before. */
function isShortLabel(r: Reading, at: number): boolean {
  const { kinds, words } = r.tokens
  let i = at - 1
  while (i >= 0 && at - i <= 3 && kinds[i] === TOKEN.word && !r.context.finiteVerbs.has(words[i] as string) && !r.context.subjects.has(words[i] as string) && !CONJUNCTIONS.has(words[i] as string)) i--
  return i < at - 1 && (i < 0 || endsItem(kinds[i]) || kinds[i] === TOKEN.colon)
}

/** Distance from a target to the answer given to it, or -1. */
function distanceToAnswer(r: Reading, match: Match, to: number, answers: readonly Match[]): number {
  const { kinds } = r.tokens
  const separator = match.from - 1
  const bare = kinds[separator] === TOKEN.word
  for (let i = separator - 1; i >= to; i--) {
    const kind = kinds[i] as number
    if (kind === TOKEN.end || kind === TOKEN.semicolon || kind === TOKEN.unticked || kind === TOKEN.ticked) return -1
    if (kind === TOKEN.question || kind === TOKEN.dash || (bare && endsItem(kind))) return -1
    if (kind === TOKEN.colon && !(kinds[separator] === TOKEN.question || kinds[separator] === TOKEN.open)) return -1
    if (kind === TOKEN.tab && kinds[separator] !== TOKEN.tab && kinds[separator] !== TOKEN.question) return -1
    if (kind === TOKEN.comma && kinds[separator] !== TOKEN.colon && kinds[separator] !== TOKEN.question) return -1
    for (const other of answers) if (other !== match && other.from <= i && i < other.to) return -1
  }
  return match.from - to
}

const isBox = (kind: number | undefined): boolean => kind === TOKEN.ticked || kind === TOKEN.unticked

interface Box {
  readonly at: number
  readonly ticked: boolean
  /** Token positions of its label. */
  readonly from: number
  readonly to: number
  readonly option: 'yes' | 'no' | null
}

const OPTION_YES = new Set(['yes', 'y', 'true', 'present', 'performed', 'done'])
const OPTION_NO = new Set(['no', 'n', 'none', 'na', 'n/a', 'false', 'not', 'absent', 'declined'])

function boxesIn(r: Reading, first: number, last: number): Box[] {
  const { kinds, words } = r.tokens
  const at: number[] = []
  const marks = (kind: number | undefined): boolean => isBox(kind) || (kind === TOKEN.blank && underscores)
  let underscores = false
  for (let i = first; i < last; i++) if (kinds[i] === TOKEN.ticked && r.text[r.tokens.starts[i] as number] === '_') underscores = true
  for (let i = first; i < last; i++) if (marks(kinds[i])) at.push(i)
  if (at.length === 0) return []
  let trailing = false
  for (let i = (at[at.length - 1] as number) + 1; i < last; i++) if (kinds[i] === TOKEN.word || kinds[i] === TOKEN.number) trailing = true
  const before = at[0] !== first && !trailing
  return at.map((mark, n): Box => {
    const from = before ? (n === 0 ? first : (at[n - 1] as number) + 1) : mark + 1
    const to = before ? mark : n + 1 < at.length ? (at[n + 1] as number) : last
    let word = ''
    if (before) {
      let i = to - 1
      while (i >= from && kinds[i] !== TOKEN.word) i--
      word = i >= 0 ? words[i] as string : ''
      if (word === 'a' && words[i - 2] === 'n') word = 'n/a'
    } else {
      let i = from
      while (i < to && kinds[i] !== TOKEN.word) i++
      word = words[i] ?? ''
      const next = kinds[i + 1]
      if (word === 'n' && words[i + 2] === 'a') word = 'n/a'
      else if (i + 1 < to && next === TOKEN.word) word = word === 'not' || word === 'none' ? word : ''
      if (word === '' && endsInQuestion(kinds, i + 1, to)) word = words[i] as string
      if (word === 'not' && !/^(done|used|applicable|performed|indicated|requested|required|needed|ordered|given|present)$/.test(words[i + 1] ?? '')) word = ''
    }
    return { at: mark, ticked: kinds[mark] === TOKEN.ticked, from, to, option: OPTION_YES.has(word) ? 'yes' : OPTION_NO.has(word) ? 'no' : null }
  })
}

/** The label of a box holds its own option and then the next question: `[x] No  SpaceOAR: [ ] Yes`. */
function endsInQuestion(kinds: readonly number[], from: number, to: number): boolean {
  return to > from && isBox(kinds[to]) && (kinds[to - 1] === TOKEN.colon || kinds[to - 1] === TOKEN.question || kinds[to - 1] === TOKEN.tab)
}

function boxVote(r: Reading, from: number, to: number): Vote | null {
  const { kinds } = r.tokens
  let first = from
  let last = to
  while (first > 0 && kinds[first - 1] !== TOKEN.end) first--
  while (last < kinds.length && kinds[last] !== TOKEN.end) last++
  const boxes = boxesIn(r, first, last)
  if (boxes.length === 0) return null
  const own = boxes.find((b) => b.from <= from && to <= b.to)
  if (own !== undefined && own.option === null && own.from <= from) {
    // A question of its own may follow an option: `[x] Yes [ ] No   Bolus: [ ] Yes`.
    const next = boxes[boxes.indexOf(own) + 1]
    if (next === undefined || next.option === null || own.to !== next.at) return own.ticked ? { kind: 'affirmed', distance: 1, cue: '[x]' } : { kind: 'negation', distance: 1, cue: '[ ]' }
  }
  const index = boxes.findIndex((b) => b.option !== null && (b.from >= to || (b.from <= from && to <= b.to && b.at >= to)))
  if (index < 0) return null
  const group: Box[] = []
  for (let n = index; n < boxes.length; n++) {
    const box = boxes[n] as Box
    if (box.option === null && n > index) {
      break
    }
    group.push(box)
    if (n > index && box.option === (boxes[index] as Box).option && box.option === 'yes') {
      group.pop()
      break
    }
  }
  for (let i = to; i < (group[0] as Box).at; i++) if (isBox(kinds[i]) || kinds[i] === TOKEN.semicolon) return null
  const chosen = group.filter((b) => b.ticked)
  if (chosen.length === 0) return { kind: 'negation', distance: 1, cue: 'no box ticked' }
  if (chosen.length > 1) return null
  return (chosen[0] as Box).option === 'yes' ? { kind: 'affirmed', distance: 1, cue: '[x] yes' } : { kind: 'negation', distance: 1, cue: '[x] no' }
}

/** `Label: ____`, `Label ____`, and for a form field `Label:` with nothing after it. */
function emptyField(r: Reading, from: number, to: number, field: boolean): boolean {
  const { kinds, ends, starts } = r.tokens
  let i = to
  while (i < kinds.length && i - to < 6 && (kinds[i] === TOKEN.word || kinds[i] === TOKEN.number || kinds[i] === TOKEN.open || kinds[i] === TOKEN.close || kinds[i] === TOKEN.slash)) i++
  let colon = false
  while (kinds[i] === TOKEN.colon || (colon && kinds[i] === TOKEN.tab && kinds[i + 1] === TOKEN.blank)) {
    colon = true
    i++
  }
  if (kinds[i] === TOKEN.blank) {
    const next = kinds[i + 1]
    if (next === undefined) return true
    const touching = (starts[i + 1] as number) === (ends[i] as number)
    if (touching && (next === TOKEN.word || next === TOKEN.number || next === TOKEN.ticked)) return false
    if (colon) return next !== TOKEN.number && !isBox(next)
    // A blank before a label of its own belongs to that label.
    return from >= 0 && next !== TOKEN.word && next !== TOKEN.number
  }
  if (!colon || !field) return false
  const next = kinds[i]
  return next === undefined || next === TOKEN.end || next === TOKEN.tab
}

function signVote(r: Reading, from: number, to: number): Vote | null {
  const { kinds, words } = r.tokens
  if (kinds[from - 1] === TOKEN.close && kinds[from - 3] === TOKEN.open) {
    if (kinds[from - 2] === TOKEN.minus) return { kind: 'negation', distance: 0, cue: '(-)' }
    if (kinds[from - 2] === TOKEN.plus) return { kind: 'affirmed', distance: 0, cue: '(+)' }
  }
  if (kinds[to] === TOKEN.open && kinds[to + 2] === TOKEN.close) {
    const mark = kinds[to + 1]
    if (mark === TOKEN.minus) return { kind: 'negation', distance: 0, cue: '(-)' }
    if (mark === TOKEN.plus) return { kind: 'affirmed', distance: 0, cue: '(+)' }
  }
  if (kinds[from - 1] === TOKEN.plus) return { kind: 'affirmed', distance: 0, cue: '+' }
  // `ROS (-) for weight loss`
  if (words[from - 1] === 'for' && kinds[from - 2] === TOKEN.close && kinds[from - 4] === TOKEN.open && kinds[from - 3] === TOKEN.minus) return { kind: 'negation', distance: 0, cue: '(-)' }
  // `GI: - nausea, + heartburn`
  if (r.signs && kinds[from - 1] === TOKEN.dash && (kinds[from - 2] === TOKEN.comma || kinds[from - 2] === TOKEN.colon)) return { kind: 'negation', distance: 0, cue: '-' }
  if (r.signs && kinds[from - 1] === TOKEN.minus) return { kind: 'negation', distance: 0, cue: '-' }
  // `?pneumonia`, and `pneumonia?` where no answer follows.
  if (kinds[from - 1] === TOKEN.question && (from < 2 || r.tokens.starts[from - 1] !== r.tokens.ends[from - 2])) return { kind: 'possible', distance: 0, cue: '?' }
  if (kinds[to] === TOKEN.question && (kinds[to + 1] === undefined || kinds[to + 1] === TOKEN.end || kinds[to + 1] === TOKEN.comma || kinds[to + 1] === TOKEN.close || kinds[to + 1] === TOKEN.question)) {
    return { kind: 'possible', distance: 0, cue: '?' }
  }
  if (words[to] === 'neg' && words[to + 1] === undefined) return { kind: 'negation', distance: 0, cue: 'neg' }
  return null
}

function struckOut(r: Reading, from: number, to: number): boolean {
  let before = 0
  let after = 0
  r.tokens.kinds.forEach((kind, i) => {
    if (kind !== TOKEN.strike) return
    if (i < from) before++
    else if (i >= to) after++
  })
  return before % 2 === 1 && after > 0
}

/** `no` of `[x] No`: it says nothing of the words behind it. */
function isOptionOfBox(r: Reading, at: number): boolean {
  const { kinds } = r.tokens
  if (!isBox(kinds[at - 1]) && !isBox(kinds[at + 1])) return false
  let last = at + 1
  while (last < kinds.length && !isBox(kinds[last]) && kinds[last] !== TOKEN.end && kinds[last] !== TOKEN.tab) last++
  return last === at + 1 || endsInQuestion(kinds, at + 1, last)
}

const PRESENCE_KINDS = new Set(['negation', 'possible', 'hypothetical', 'answer-no', 'answer-yes'])

/** First token of the target and the one after its last. */
function tokenRange(tokens: CueTokens, target: Span): readonly [number, number] {
  let from = 0
  while (from < tokens.kinds.length && (tokens.ends[from] as number) <= target.start) from++
  let to = from
  while (to < tokens.kinds.length && (tokens.starts[to] as number) < target.end) to++
  return [from, to]
}

function columnVotes(context: Context, name: string): Vote[] {
  const r = read(context, name, 0, name.length)
  return r.matches.flatMap((m): Vote[] => {
    const kind = m.cue.kind
    return kind === 'historical' || kind === 'planned' || kind === 'family' ? [{ kind, distance: 50, cue: cueWords(r, m.from, m.to) }] : []
  })
}

function assertOne(r: Reading, target: AssertionTarget, hints: AssertionHints, answers: readonly Match[]): Assertion {
  const [from, to] = tokenRange(r.tokens, target)
  const votes: Vote[] = []
  const carries = target.negates === true
  let answered: Vote | null = null
  for (const match of r.matches) {
    const { cue, within } = match
    if (within !== undefined && (from < within.start || to > within.end || (match.from >= from && match.to <= to))) continue
    if (cue.kind === 'answer-no' || cue.kind === 'answer-yes') {
      if (match.from < to || !answers.includes(match)) continue
      const distance = distanceToAnswer(r, match, to, answers)
      if (distance < 0 || (answered !== null && answered.distance <= distance)) continue
      answered = { kind: cue.kind === 'answer-no' ? 'negation' : 'affirmed', distance, cue: cueWords(r, match.from, match.to) }
      continue
    }
    const kind = cue.kind as Vote['kind']
    if (r.hasBoxes && match.to === match.from + 1 && isOptionOfBox(r, match.from)) continue
    if (cue.kind === 'planned' && r.matches.some((m) => m.cue.kind === 'negation' && m.from < match.from && match.to <= m.to)) continue
    if (hints.year !== undefined && cue.kind === 'historical' && namesYear(r, match, hints.year)) continue
    let distance = -1
    if (match.from >= from && match.to <= to) {
      // A cue inside the target counts when something of the target is left beside it.
      if (match.to - match.from < to - from && !(carries && PRESENCE_KINDS.has(cue.kind))) distance = (cue.forward && match.to < to) || (cue.backward && match.from > from) ? 0 : -1
    } else if (match.from < from && match.to > from) {
      // `have not [[recurred]]`: a denial that ends in the words asked about
      if ((cue.forward || (cue.kind === 'negation' && match.to === to)) && !carries) distance = 0
    } else if (match.to <= from) {
      if (cue.forward && !answers.some((a) => a.from === match.from)) distance = distanceForward(r, match, from)
    } else if (match.from >= to) {
      if (cue.backward) distance = distanceBackward(r, match, from, to)
    }
    if (distance >= 0) votes.push({ kind, distance, cue: cueWords(r, match.from, match.to), match })
  }
  if (answered !== null) votes.push(answered)
  const sign = signVote(r, from, to)
  if (sign !== null) votes.push(sign)
  if (r.hasBoxes) {
    const box = boxVote(r, from, to)
    if (box !== null) votes.push(box)
  }
  if ((r.hasBoxes || hints.field === true) && emptyField(r, from, to, hints.field === true)) votes.push({ kind: 'negation', distance: 0, cue: 'empty field' })
  if (r.hasStrike && struckOut(r, from, to)) votes.push({ kind: 'negation', distance: 0, cue: 'struck out' })
  if (hints.rowOf !== undefined) {
    let cell = 0
    for (let i = 0; i < from; i++) if (r.tokens.kinds[i] === TOKEN.tab) cell++
    const name = hints.rowOf[cell]
    if (name !== undefined) votes.push(...columnVotes(r.context, name))
  }
  return decide(r, votes, from, hints)
}

const nearest = (votes: readonly Vote[], kinds: readonly Vote['kind'][]): Vote | null => {
  let best: Vote | null = null
  for (const v of votes) if (kinds.includes(v.kind) && (best === null || v.distance < best.distance)) best = v
  return best
}

const SURE: Assertion = { presence: 'present', time: 'current', subject: 'patient', cues: [] }

/** `Possible X was ruled out` and `no nodule suspicious for X` are denials; otherwise the nearer cue wins. */
function doubtOrDenial(r: Reading, votes: readonly Vote[], from: number): Vote | null {
  const best = nearest(votes, ['negation', 'possible', 'affirmed'])
  if (best === null || best.kind !== 'possible' || best.match === undefined) return best
  const behind = best.match.from >= from
  for (const v of votes) {
    if (v.kind !== 'negation' || v.match === undefined) continue
    if (v.match.from >= from && (!behind || v.match.from > best.match.from)) return v
    if (behind || v.match.to > best.match.from) continue
    let joined = true
    for (let i = v.match.to; i < best.match.from && joined; i++) {
      joined = (r.tokens.kinds[i] === TOKEN.word || r.tokens.kinds[i] === TOKEN.number) && !CONJUNCTIONS.has(r.tokens.words[i] as string) && !r.context.finiteVerbs.has(r.tokens.words[i] as string)
    }
    if (joined) return v
  }
  return best
}

/** `Will be re-planned if he loses weight`, `If margins are positive, boost is planned`: a plan with a condition in its sentence. */
function conditionOf(r: Reading, votes: readonly Vote[], from: number): Vote | null {
  if (!votes.some((v) => v.kind === 'planned' && v.match !== undefined)) return null
  const { kinds } = r.tokens
  for (const m of r.matches) {
    if (m.cue.kind !== 'hypothetical' || !m.cue.forward || m.within !== undefined || !CONDITIONS.has(r.tokens.words[m.from] as string)) continue
    let same = true
    for (let i = Math.min(m.from, from); i < Math.max(m.from, from) && same; i++) same = kinds[i] !== TOKEN.end && kinds[i] !== TOKEN.semicolon && kinds[i] !== TOKEN.tab
    if (same) return { kind: 'hypothetical', distance: 60, cue: cueWords(r, m.from, m.to) }
  }
  return null
}

const CONDITIONS = new Set(['if', 'unless', 'provided', 'assuming'])

function decide(r: Reading, votes: readonly Vote[], from: number, hints: AssertionHints): Assertion {
  if (votes.length === 0 && hints.sectionTime === undefined && hints.sectionSubject === undefined) return SURE
  const cues: string[] = []
  const hypothetical = nearest(votes, ['hypothetical']) ?? conditionOf(r, votes, from)
  const presence = hypothetical ?? doubtOrDenial(r, votes, from)
  const time = nearest(votes, hypothetical === null ? ['historical', 'planned', 'current'] : ['historical', 'current'])
  const subject = nearest(votes, ['family', 'other'])
  for (const v of [presence, time, subject]) if (v !== null && v.kind !== 'current' && v.kind !== 'affirmed') cues.push(v.cue)
  const present: Presence = presence === null || presence.kind === 'affirmed' ? 'present' : presence.kind === 'negation' ? 'absent' : presence.kind as Presence
  return {
    presence: present,
    time: time === null ? hints.sectionTime ?? 'current' : time.kind as Time,
    subject: subject === null ? hints.sectionSubject ?? 'patient' : subject.kind as Subject,
    cues,
  }
}

function namesYear(r: Reading, match: Match, year: number): boolean {
  for (let i = match.from; i < match.to; i++) if (r.tokens.kinds[i] === TOKEN.number && Number(r.tokens.words[i]) >= year && (r.tokens.words[i] as string).length === 4) return true
  return false
}

/** Assertions of the targets, in their order. Scope and targets are positions in `text`; the scope is one statement. */
export function assertIn(
  context: Context, text: string, scope: Span, targets: readonly AssertionTarget[], hints: AssertionHints = {},
): Assertion[] {
  if (targets.length === 0) return []
  if (scope.end - scope.start > LONG_STATEMENT) {
    return targets.map((t) => {
      const near = { start: Math.max(scope.start, t.start - LONG_STATEMENT / 3), end: Math.min(scope.end, t.end + LONG_STATEMENT / 3) }
      return near.end - near.start > LONG_STATEMENT ? SURE : assertIn(context, text, near, [t], { ...hints, rowOf: undefined })[0] as Assertion
    })
  }
  const r = read(context, text, scope.start, scope.end)
  const answers = r.matches.filter((m) => (m.cue.kind === 'answer-no' || m.cue.kind === 'answer-yes') && isAnswer(r, m))
  return targets.map((t) => assertOne(r, t, hints, answers))
}

/** Which entries fire in a text, for the examples of the dictionary. */
export function cuesFired(context: Context, text: string): string[] {
  const r = read(context, text, 0, text.length)
  return [...r.matches.filter((m) => m.within === undefined).map((m) => m.cue.id), ...[...r.hidden, ...r.endAt.flat()].map((n) => (context.cues[n] as Cue).id)]
}

/** Beyond this many characters only the neighbourhood of a target is read. */
const LONG_STATEMENT = 6000

const SENTENCE_REACH = 1500
const HEADING_ROWS = 60
const HEADING_REACH = 5000

function isSentenceEnd(text: string, at: number): boolean {
  const c = text.charCodeAt(at)
  if (c === 46) return endsSentence(text, at)
  if (c === 10) return breaksLine(text, at)
  return c === 33 || c === 12
}

/** An answer to the question before it (`Bolus? No.`) belongs to the question's sentence; a question mark therefore does not end one here. */
function sentenceAround(text: string, span: Span): Span {
  let start = span.start
  const low = Math.max(0, span.start - SENTENCE_REACH)
  while (start > low && !isSentenceEnd(text, start - 1)) start--
  let end = span.end
  const high = Math.min(text.length, span.end + SENTENCE_REACH)
  while (end < high && !isSentenceEnd(text, end)) end++
  return { start, end: Math.min(end + 1, text.length) }
}

function headingCue(context: Context, label: string): Cue | undefined {
  const tokens = cueTokens(label, 0, label.length)
  const words: string[] = []
  for (let i = 0; i < tokens.words.length; i++) if (tokens.kinds[i] === TOKEN.word || tokens.kinds[i] === TOKEN.slash) words.push(tokens.words[i] as string)
  if (words.length === 0 || words.length > 8) return undefined
  const number = context.headings.get(words.join(' '))
  return number === undefined ? undefined : context.cues[number]
}

/** Whether a position lies in a label that begins a sentence within a row: the second label of `Prior RT: none. Pacemaker: none.` */
function isLaterLabel(text: string, at: number): boolean {
  let after = at
  while (after < text.length && after - at < 40 && !/[.:;\t\n,?!]/.test(text[after] as string)) after++
  if (text[after] !== ':') return false
  let before = at
  while (before > 0 && at - before < 40 && !/[.:;\t\n,?!]/.test(text[before - 1] as string)) before--
  return before > 0 && /[.;\t]/.test(text[before - 1] as string)
}

/** The heading that stands over a position: run-in (`Prior radiation: …`) or on a row of its own. */
function headingOver(context: Context, text: string, at: number): Cue | undefined {
  let end = at
  let rowEnd = at
  if (isLaterLabel(text, at)) return undefined
  for (let rows = 0; rows < HEADING_ROWS && end >= 0 && at - end <= HEADING_REACH; rows++) {
    const start = Math.max(end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1, at - HEADING_REACH)
    rowEnd = end
    const row = text.slice(start, rowEnd)
    let colon = row.lastIndexOf(':')
    while (colon > 0) {
      let from = colon
      while (from > 0 && colon - from < 60 && !/[.;:\t!?]/.test(row[from - 1] as string)) from--
      const label = row.slice(from, colon)
      const cue = headingCue(context, label)
      if (cue !== undefined) return cue
      // `Prior RT: none. Pacemaker: none.`: a label that begins a sentence of the row starts anew.
      if (from > 0 && rows === 0 && /[.;\t]/.test(row[from - 1] as string)) return undefined
      const letters = label.replace(/[^A-Za-z]/g, '')
      if (letters.length >= 4 && letters === letters.toUpperCase()) return undefined
      colon = row.lastIndexOf(':', colon - 1)
    }
    if (row.length > 0 && row.length < 60 && rows > 0 && !row.includes(':')) {
      const cue = headingCue(context, row)
      if (cue !== undefined) return cue
      const letters = row.replace(/[^A-Za-z]/g, '')
      if (letters.length >= 6 && letters === letters.toUpperCase() && /^[A-Z]/.test(row.trim()) && !/[,.]/.test(row)) return undefined
    }
    end = start - 1
  }
  return undefined
}

/** Whether the row with this colon stands in a form: the rows before and after are short `Label: value` pairs. */
function standsInForm(text: string, sentence: Span): boolean {
  const isField = (row: string): boolean => /^\s{0,8}[A-Z][^:\n]{1,40}:/.test(row) && row.length < 100
  const before = text.slice(Math.max(0, text.lastIndexOf('\n', sentence.start - 2) + 1), Math.max(0, sentence.start - 1))
  const afterStart = sentence.end
  const afterEnd = text.indexOf('\n', afterStart)
  return isField(before) && isField(text.slice(afterStart, afterEnd < 0 ? text.length : afterEnd))
}

/** The assertion of one span in any text: finds its sentence and the heading over it first. */
export function assertAt(context: Context, text: string, span: AssertionTarget): Assertion {
  const sentence = sentenceAround(text, span)
  const heading = headingOver(context, text, span.start)
  const hints: { sectionTime?: Time; sectionSubject?: Subject; field?: boolean } = {}
  if (heading?.gives === 'historical' || heading?.gives === 'planned') hints.sectionTime = heading.gives
  if (heading?.gives === 'family') hints.sectionSubject = 'family'
  if (text.charCodeAt(sentence.end - 2) === 58 && standsInForm(text, sentence)) hints.field = true
  const asserted = assertIn(context, text, sentence, [span], hints)[0] as Assertion
  if (asserted.presence === 'present' && heading !== undefined && (heading.gives === 'absent' || heading.gives === 'hypothetical')) {
    return { ...asserted, presence: heading.gives, cues: [...asserted.cues, heading.id] }
  }
  return asserted
}
