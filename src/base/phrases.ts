// Finds patterns of words in one statement at a time, thousands of patterns in one pass. May not: know what a pattern means, or decide negation.
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js'
import distance from 'natural/lib/natural/distance/levenshtein_distance.js'
import type { Span } from './span.ts'
import { CLAUSE_DISTANCE, type Pattern, type PatternSequence } from './pattern.ts'
import { eachWord, foldWord } from './tokens.ts'

/** What to find: patterns under a name; a hit that overlaps a hit of `never` is dropped. `reported` is false for word classes. */
export interface PhraseEntry {
  readonly id: string
  readonly patterns: readonly Pattern[]
  readonly never: readonly Pattern[]
  readonly reported: boolean
}

export interface PhraseHit extends Span {
  readonly id: string
}

/** A measure, date, time, duration or person found by other means, for `<dose>` and the like. */
export interface PlaceholderHit extends Span {
  readonly name: string
}

export const PLACEHOLDERS = [
  'dose', 'dose-per-fraction', 'fractions', 'fraction-number', 'percent', 'energy', 'monitor-units', 'length', 'volume', 'activity', 'count', 'frequency',
  'number', 'comparison', 'date', 'time', 'duration', 'person',
] as const

interface Step {
  readonly gap: number
  readonly symbol: number
}

/** `symbol` is hit where the steps of each clause stand in order; several clauses (`&`) in any order. */
interface Rule {
  readonly symbol: number
  readonly clauses: readonly (readonly Step[])[]
}

/** Lists of numbers, one after the other: list `i` is `item[from[i]]` up to `item[from[i + 1]]`. */
interface Lists {
  readonly from: Int32Array
  readonly item: Int32Array
}

/** Plain data throughout, so that it can be stored and read back. */
export interface PhraseFinder {
  readonly symbols: number
  /** Lexemes by kind of comparison; the value is the lexeme's number. */
  readonly exact: ReadonlyMap<string, number>
  /** Long exact words by first letter and length, for words with a slip. */
  readonly longWords: ReadonlyMap<string, readonly string[]>
  readonly stems: ReadonlyMap<string, number>
  readonly prefixes: ReadonlyMap<string, number>
  readonly longestPrefix: number
  /** Trie over lexemes, by node: lexemes of its edges in ascending order, and the nodes they lead to at the same places. */
  readonly edges: Lists
  readonly targets: Int32Array
  /** First edges by lexeme, 0 for none. */
  readonly roots: Int32Array
  /** For each node: symbols that end there. */
  readonly ends: Lists
  readonly placeholderSymbol: ReadonlyMap<string, number>
  readonly numberSymbol: number
  /** Rules in an order in which every rule comes after those that make its symbols: the symbol, the clauses, the steps of each clause. */
  readonly ruleSymbol: Int32Array
  readonly clausesOf: Int32Array
  readonly steps: Lists
  readonly gaps: Int32Array
  /** For each rule: the symbols of its clauses but the one that wakes it. */
  readonly needs: Lists
  /** For each symbol: rules to look at once it is hit. */
  readonly wakes: Lists
  /** For each symbol: symbols that are hit wherever it is. Only those that wake or report something, or pass on to one that does. */
  readonly passes: Lists
  /** For each of the other symbols: those it is hit by; looked up when a rule asks. */
  readonly sources: Lists
  /** 1 for a symbol that is only looked up. */
  readonly late: Uint8Array
  /** For each symbol: the entry it reports, or -1; and the symbol of its look-alikes, or -1. */
  readonly entryOf: Int32Array
  readonly neverOf: Int32Array
  /** Ids of entries. */
  readonly ids: readonly string[]
}

/** Words that stand in every other sentence: no rule waits for one of them alone where it can wait for another. */
const EVERYWHERE = 'the of and a an to in with was is for on at by no be were are has have had or as from this that it not per patient he she his her will been'.split(' ')
/** A symbol expected in many sentences is looked up when asked for; others are handed on. */
const OFTEN = 500
/** Shortest word in which one slip of the pen (a letter wrong, missing, doubled or swapped) is forgiven. */
const FORGIVEN_LENGTH = 8
const MEMORY_BOUND = 200_000
/** From this length on a slice keeps the text it was cut from alive. */
const SLICE = 13
/** Hits kept of one symbol in one statement; a statement with more repeats itself. */
const HITS_BOUND = 64

/**
 * @param sample sentences of the kind the finder will read: how often a word stands in them says which word of a pattern is rarest. It decides nothing but speed.
 * @throws Error naming the entry, where a pattern names an unknown concept or concepts form a circle.
 */
export function compilePhrases(entries: readonly PhraseEntry[], sample: readonly string[] = []): PhraseFinder {
  const exact = new Map<string, number>()
  const stems = new Map<string, number>()
  const prefixes = new Map<string, number>()
  let lexemes = 1
  const lexeme = (map: Map<string, number>, word: string): number => {
    let n = map.get(word)
    if (n === undefined) map.set(word, (n = lexemes++))
    return n
  }
  // A stump (`calculat~`) is no word and has no stem: it is taken as a beginning.
  const stemmed = (word: string): number => (word.length >= 5 && porter.stem(word) === word && porter.stem(`${word}ed`) !== word ? lexeme(prefixes, word) : lexeme(stems, porter.stem(word)))
  let symbols = 0
  const newSymbol = (): number => symbols++
  const entrySymbol = new Map<string, number>()
  for (const entry of entries) {
    if (entrySymbol.has(entry.id)) throw new Error(`${entry.id}: the id stands twice`)
    entrySymbol.set(entry.id, newSymbol())
  }
  const placeholderSymbol = new Map<string, number>(PLACEHOLDERS.map((name) => [name, newSymbol()]))
  const fragments = new Map<string, { symbol: number; path: number[] }>()
  const groups = new Map<string, number>()
  const rules: Rule[] = []
  const neverOf: [number, number][] = []

  const fragment = (path: number[]): number => {
    const key = path.join(' ')
    let f = fragments.get(key)
    if (!f) fragments.set(key, (f = { symbol: newSymbol(), path }))
    return f.symbol
  }

  /** A sequence as the list of its readings, one for each choice of optional groups. */
  const readings = (sequence: PatternSequence, owner: string): Step[][] => {
    // `carry`: the gap before an optional group that is left out holds for what follows it.
    interface Reading { readonly steps: Step[]; readonly words: number[]; readonly gap: number; readonly carry: number }
    let all: Reading[] = [{ steps: [], words: [], gap: 0, carry: 0 }]
    const flush = (r: Reading): Step[] => (r.words.length === 0 ? r.steps : [...r.steps, { gap: r.gap, symbol: fragment(r.words) }])
    for (const { gap, item } of sequence) {
      if (item.kind === 'word') {
        const folded = foldWord(item.word)
        const n = item.how === 'exact' ? lexeme(exact, folded) : item.how === 'stem' ? stemmed(folded) : lexeme(prefixes, folded)
        all = all.map((r) =>
          r.words.length > 0 && gap === 0 && r.carry === 0 ? { ...r, words: [...r.words, n] } : { steps: flush(r), words: [n], gap: Math.max(gap, r.carry), carry: 0 })
        continue
      }
      let symbol: number | undefined
      if (item.kind === 'concept') symbol = entrySymbol.get(item.id)
      else if (item.kind === 'placeholder') symbol = placeholderSymbol.get(item.name)
      else {
        const key = JSON.stringify(item.alternatives)
        symbol = groups.get(key)
        if (symbol === undefined) {
          groups.set(key, (symbol = newSymbol()))
          for (const alternative of item.alternatives) {
            for (const steps of readings(alternative, owner)) rules.push({ symbol, clauses: [steps] })
          }
        }
      }
      if (symbol === undefined) throw new Error(`${owner}: there is no ${item.kind} «${item.kind === 'concept' ? item.id : item.kind === 'placeholder' ? item.name : ''}»`)
      const taken: Reading[] = all.map((r) => ({ steps: [...flush(r), { gap: Math.max(gap, r.carry), symbol: symbol as number }], words: [], gap: 0, carry: 0 }))
      const left: Reading[] = item.kind === 'group' && item.optional ? all.map((r) => ({ ...r, carry: Math.max(r.carry, gap) })) : []
      all = [...taken, ...left]
      if (all.length > 256) throw new Error(`${owner}: too many optional groups in one pattern`)
    }
    return all.map(flush).filter((steps) => steps.length > 0).map((steps) => steps.map((s, k) => (k === 0 ? { ...s, gap: 0 } : s)))
  }

  const add = (symbol: number, pattern: Pattern, owner: string): void => {
    let choices: Step[][][] = [[]]
    for (const clause of pattern) {
      const options = readings(clause, owner)
      choices = choices.flatMap((c) => options.map((o) => [...c, o]))
    }
    for (const clauses of choices) rules.push({ symbol, clauses })
  }

  for (const entry of entries) {
    const symbol = entrySymbol.get(entry.id) as number
    for (const pattern of entry.patterns) add(symbol, pattern, entry.id)
    if (entry.never.length > 0) {
      const never = newSymbol()
      for (const pattern of entry.never) add(never, pattern, entry.id)
      neverOf.push([symbol, never])
    }
  }

  // Order: a symbol is ready when all rules that make it have run; its look-alikes come before it.
  const made: number[][] = Array.from({ length: symbols }, () => [])
  rules.forEach((rule, i) => (made[rule.symbol] as number[]).push(i))
  const never = new Int32Array(symbols).fill(-1)
  for (const [symbol, look] of neverOf) never[symbol] = look
  const state = new Uint8Array(symbols)
  const order: Rule[] = []
  const visit = (symbol: number, trail: readonly string[]): void => {
    if (state[symbol] === 2) return
    const name = entries[symbol]?.id
    if (state[symbol] === 1) throw new Error(`concepts form a circle: ${[...trail, name ?? ''].filter(Boolean).join(' → ')}`)
    state[symbol] = 1
    const onward = name ? [...trail, name] : trail
    if ((never[symbol] as number) >= 0) visit(never[symbol] as number, onward)
    for (const i of made[symbol] as number[]) for (const clause of (rules[i] as Rule).clauses) for (const step of clause) visit(step.symbol, onward)
    state[symbol] = 2
    for (const i of made[symbol] as number[]) order.push(rules[i] as Rule)
  }
  for (let s = 0; s < symbols; s++) visit(s, [])

  const edges = new Map<number, number>()
  const ends: number[][] = [[]]
  for (const { symbol, path } of fragments.values()) {
    let node = 0
    for (const n of path) {
      const key = node * lexemes + n
      let next = edges.get(key)
      if (next === undefined) {
        edges.set(key, (next = ends.length))
        ends.push([])
      }
      node = next
    }
    ;(ends[node] as number[]).push(symbol)
  }

  // A rule is looked at when its rarest symbol is hit. A word that stands in many patterns stands in many sentences too.
  const uses = new Float64Array(lexemes).fill(1)
  for (const { path } of fragments.values()) for (const n of path) uses[n] = (uses[n] as number) + 1
  for (const word of EVERYWHERE) {
    const n = exact.get(word)
    if (n !== undefined) uses[n] = 3000
  }
  if (sample.length > 0) countUses(sample, { exact, stems, prefixes }, uses)
  const weight = new Float64Array(symbols)
  const isFragment = new Uint8Array(symbols)
  for (const { symbol, path } of fragments.values()) {
    isFragment[symbol] = 1
    weight[symbol] = Math.min(...path.map((n) => uses[n] as number)) / path.length ** 2
  }
  for (const [name, s] of placeholderSymbol) weight[s] = name === 'number' ? 30_000 : name === 'date' ? 15_000 : 3000
  for (const rule of order) {
    const w = Math.min(...rule.clauses.flat().map((step) => weight[step.symbol] as number))
    if (!isFragment[rule.symbol]) weight[rule.symbol] = (weight[rule.symbol] as number) + w
  }
  const wakes: number[][] = Array.from({ length: symbols }, () => [])
  // A rule of one symbol only passes its hits on; it needs no turn of its own unless look-alikes must be taken out first.
  const passes: number[][] = Array.from({ length: symbols }, () => [])
  const sources: number[][] = Array.from({ length: symbols }, () => [])
  const composed = order.filter((rule) => {
    const only = rule.clauses.length === 1 && rule.clauses[0]?.length === 1 ? (rule.clauses[0][0] as Step).symbol : -1
    if (only < 0 || (never[only] as number) >= 0) return true
    ;(passes[only] as number[]).push(rule.symbol)
    ;(sources[rule.symbol] as number[]).push(only)
    return false
  })
  const needs = composed.map((rule, i) => {
    const own = [...new Set(rule.clauses.flat().map((step) => step.symbol))].sort((x, y) => (weight[x] as number) - (weight[y] as number))
    ;(wakes[own[0] as number] as number[]).push(i)
    return own
  })
  const entryOf = new Int32Array(symbols).fill(-1)
  entries.forEach((entry, i) => (entryOf[i] = entry.reported ? i : -1))
  const late = new Uint8Array(symbols).fill(1)
  const early = (symbol: number): void => {
    if (late[symbol] === 0) return
    late[symbol] = 0
    for (const from of sources[symbol] as number[]) early(from)
  }
  for (let s = 0; s < symbols; s++) if ((wakes[s] as number[]).length > 0 || (entryOf[s] as number) >= 0 || (weight[s] as number) < OFTEN) early(s)

  const out: [number, number][][] = ends.map(() => [])
  const roots = new Int32Array(lexemes)
  for (const [key, node] of edges) {
    const from = Math.floor(key / lexemes)
    if (from === 0) roots[key % lexemes] = node
    else (out[from] as [number, number][]).push([key % lexemes, node])
  }
  for (const list of out) list.sort((a, b) => a[0] - b[0])
  const longWords = new Map<string, string[]>()
  for (const word of exact.keys()) {
    if (word.length < FORGIVEN_LENGTH) continue
    const key = `${word.charAt(0)}${word.length}`
    const list = longWords.get(key)
    if (list) list.push(word)
    else longWords.set(key, [word])
  }
  const clauses = composed.flatMap((rule) => rule.clauses)
  return {
    symbols, exact, longWords, stems, prefixes, longestPrefix: Math.max(0, ...[...prefixes.keys()].map((p) => p.length)), placeholderSymbol, numberSymbol: placeholderSymbol.get('number') as number,
    edges: listsOf(out.map((list) => list.map(([n]) => n))), targets: Int32Array.from(out.flatMap((list) => list.map(([, node]) => node))), roots, ends: listsOf(ends),
    ruleSymbol: Int32Array.from(composed, (rule) => rule.symbol), clausesOf: listsOf(composed.map((rule) => [...rule.clauses.keys()])).from,
    steps: listsOf(clauses.map((steps) => steps.map((s) => s.symbol))), gaps: Int32Array.from(clauses.flat(), (s) => s.gap),
    // The first has been hit already when a rule is looked at; of the others those that are handed on are known without asking.
    needs: listsOf(needs.map((own) => [...own.slice(1).filter((n) => late[n] === 0), ...own.slice(1).filter((n) => late[n] === 1)])), wakes: listsOf(wakes), passes: listsOf(passes.map((list) => list.filter((to) => late[to] === 0))),
    sources: listsOf(sources.map((list, to) => (late[to] === 1 ? list : []))), late, entryOf, neverOf: never, ids: entries.map((e) => e.id),
  }
}

/** Sentences of a sample that hold a word, for each hundred thousand of them; half of one where none does. */
function countUses(sample: readonly string[], { exact, stems, prefixes }: Pick<PhraseFinder, 'exact' | 'stems' | 'prefixes'>, uses: Float64Array): void {
  const longest = Math.max(0, ...[...prefixes.keys()].map((p) => p.length))
  uses.fill(0.5)
  const known = new Map<string, readonly number[]>()
  for (const sentence of sample) {
    const seen = new Set<number>()
    eachWord(sentence, { start: 0, end: sentence.length }, (start, end) => {
      const printed = sentence.slice(start, end)
      let own = known.get(printed)
      if (!own) {
        const word = foldWord(printed)
        const found = [exact.get(word), stems.get(porter.stem(word))]
        for (let n = Math.min(word.length, longest); n > 0; n--) found.push(prefixes.get(word.slice(0, n)))
        known.set(printed, (own = found.filter((n) => n !== undefined)))
      }
      for (const n of own) seen.add(n)
    })
    for (const n of seen) uses[n] = (uses[n] as number) + 1
  }
  for (let n = 0; n < uses.length; n++) uses[n] = ((uses[n] as number) * 100_000) / sample.length
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  const from = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => (from[i + 1] = (from[i] as number) + list.length))
  return { from, item: Int32Array.from(lists.flat()) }
}

/** The lexemes a folded word satisfies: itself, its stem, its beginnings; a long unknown word also the dictionary word one slip away. */
function lexemesOf(finder: PhraseFinder, word: string): number[] {
  const found: number[] = []
  const plain = finder.exact.get(word)
  if (plain !== undefined) found.push(plain)
  const stem = finder.stems.get(porter.stem(word))
  if (stem !== undefined) found.push(stem)
  for (let n = Math.min(word.length, finder.longestPrefix); n > 0; n--) {
    const prefix = finder.prefixes.get(word.slice(0, n))
    if (prefix !== undefined) found.push(prefix)
  }
  if (found.length === 0 && word.length >= FORGIVEN_LENGTH && /^[a-z0-9]+$/.test(word) && !/\d{2}/.test(word)) {
    for (let length = word.length - 1; length <= word.length + 1; length++) {
      for (const candidate of finder.longWords.get(`${word.charAt(0)}${length}`) ?? []) {
        if (candidate.slice(-1) !== word.slice(-1) && candidate.slice(0, 4) !== word.slice(0, 4)) continue
        if (distance.DamerauLevenshteinDistance(candidate, word) === 1) found.push(finder.exact.get(candidate) as number)
      }
    }
  }
  return found
}

/** What is known of a word as printed. */
interface Known {
  /** Those with an edge from the root or elsewhere: all it satisfies. */
  readonly lexemes: readonly number[]
  readonly figure: boolean
  /** Words that satisfy the same and are alike as figures share a number; all that satisfy nothing are 0. */
  readonly kind: number
}

function lookUp(finder: PhraseFinder, work: Scratch, printed: string): Known {
  const known = work.memory.get(printed)
  if (known) return known
  const word = foldWord(printed)
  const lexemes = lexemesOf(finder, word)
  const figure = isFigure(word)
  const own = `${lexemes.join()}${figure ? '#' : ''}`
  let kind = work.kinds.get(own)
  if (kind === undefined) work.kinds.set(own, (kind = work.kinds.size))
  const made = { lexemes, figure, kind }
  if (work.memory.size >= MEMORY_BOUND) work.memory.clear()
  work.memory.set(printed.length < SLICE ? printed : [...printed].join(''), made)
  return made
}

/** Working memory of a finder, reused from statement to statement; but for what is remembered of words and statements it holds nothing between calls but capacity. */
interface Scratch {
  /** Number of the statement at hand: what carries another number is stale. */
  now: number
  readonly symbolSeen: Int32Array
  /** Of late symbols: the statement in which their sources were asked. */
  readonly asked: Int32Array
  readonly ruleSeen: Int32Array
  /** Hits of each symbol, packed as `from * PACK + to`, in words; and how many of them hold. */
  readonly hits: (number[] | undefined)[]
  readonly counts: Int32Array
  readonly heap: number[]
  readonly reported: number[]
  /** Words of the statement. */
  count: number
  readonly starts: number[]
  readonly ends: number[]
  readonly broken: boolean[]
  readonly words: Known[]
  /** Words already looked up, as printed. Grows with the vocabulary met, up to a bound. */
  readonly memory: Map<string, Known>
  /** Hits of whole statements without placeholders, by their text. */
  readonly repeated: Map<string, readonly PhraseHit[]>
  readonly kinds: Map<string, number>
  /** What decides the hits of a statement: kinds of its words, breaks, placeholders by words. */
  readonly shape: Uint16Array
  /** Hits by shape, `start` and `end` in words: rows of a table and lines of a template differ in figures, days and names only. */
  readonly alike: Map<string, readonly PhraseHit[]>
}

const PACK = 65_536
const scratches = new WeakMap<PhraseFinder, Scratch>()

function scratchOf(finder: PhraseFinder): Scratch {
  let scratch = scratches.get(finder)
  if (!scratch) {
    const { symbols, ruleSymbol } = finder
    scratch = {
      now: 0, symbolSeen: new Int32Array(symbols), asked: new Int32Array(symbols), ruleSeen: new Int32Array(ruleSymbol.length), hits: new Array<number[] | undefined>(symbols).fill(undefined),
      counts: new Int32Array(symbols), heap: [], reported: [], count: 0, starts: [], ends: [], broken: [], words: [], memory: new Map(), repeated: new Map(),
      kinds: new Map([['', 0]]), shape: new Uint16Array(SHAPE_LENGTH), alike: new Map(),
    }
    scratches.set(finder, scratch)
  }
  return scratch
}

/** Words of one statement looked at; a longer one is no sentence and is cut. */
const WORDS_BOUND = 60_000

/**
 * All hits in one statement, sorted by start; of hits of one entry that lie inside another of the same entry only the longer is kept.
 * @param text the document's text; `scope` the statement. Spans of hits are positions in `text`.
 */
export function findPhrases(finder: PhraseFinder, text: string, scope: Span, placeholders: readonly PlaceholderHit[] = []): PhraseHit[] {
  const length = scope.end - scope.start
  if (placeholders.length > 0 || length > REPEATED_LENGTH) return find(finder, text, scope, placeholders)
  const { repeated } = scratchOf(finder)
  const own = text.slice(scope.start, scope.end)
  let found = repeated.get(own)
  if (found === undefined) {
    found = find(finder, own, { start: 0, end: length }, NO_PLACEHOLDERS)
    if (repeated.size >= REPEATED_BOUND) repeated.clear()
    repeated.set(own, found)
  }
  return found.map((h) => ({ id: h.id, start: h.start + scope.start, end: h.end + scope.start }))
}

const NO_PLACEHOLDERS: readonly PlaceholderHit[] = []
/** Statements of at most this many characters are remembered, up to so many: charts repeat their headers, labels and boilerplate. */
const REPEATED_LENGTH = 200
const REPEATED_BOUND = 20_000
/** Shapes of at most so many numbers are remembered. */
const SHAPE_LENGTH = 256

/** The shape of the statement at hand as a string of code units; null where it is too long to remember. */
function shapeOf(finder: PhraseFinder, work: Scratch, placeholders: readonly PlaceholderHit[]): string | null {
  const { shape, words, broken, count } = work
  if (count + placeholders.length * 3 > SHAPE_LENGTH || work.kinds.size > 0x7fff) return null
  let n = 0
  for (let i = 0; i < count; i++) shape[n++] = (words[i] as Known).kind * 2 + (broken[i] === true ? 1 : 0)
  for (const p of placeholders) {
    const symbol = finder.placeholderSymbol.get(p.name)
    if (symbol === undefined) continue
    shape[n++] = symbol
    shape[n++] = firstWordOf(work, p)
    shape[n++] = endWordOf(work, p)
  }
  // The number of words tells where the placeholders begin.
  return Buffer.from(shape.buffer, 0, n * 2).toString('utf16le') + String.fromCharCode(count)
}

/** The first word that ends behind the start of a span, and the first that begins at its end or behind. */
function firstWordOf({ ends, count }: Scratch, span: Span): number {
  let from = 0
  while (from < count && (ends[from] as number) <= span.start) from++
  return from
}
function endWordOf(work: Scratch, span: Span): number {
  const { starts, count } = work
  let to = firstWordOf(work, span)
  while (to < count && (starts[to] as number) < span.end) to++
  return to
}

function find(finder: PhraseFinder, text: string, scope: Span, placeholders: readonly PlaceholderHit[]): PhraseHit[] {
  const work = scratchOf(finder)
  const { starts, ends, words, broken, heap, reported } = work
  let count = 0
  eachWord(text, scope, (start, end, gap) => {
    if (count >= WORDS_BOUND) return
    starts[count] = start
    ends[count] = end
    broken[count] = gap
    words[count++] = lookUp(finder, work, text.slice(start, end))
  })
  if (count === 0) return []
  work.count = count
  const shape = shapeOf(finder, work, placeholders)
  if (shape !== null) {
    const like = work.alike.get(shape)
    if (like !== undefined) return like.map((h) => ({ id: h.id, start: starts[h.start] as number, end: ends[h.end - 1] as number }))
  }
  work.now++
  heap.length = 0
  reported.length = 0

  const { roots, numberSymbol } = finder
  const { from: endFrom, item: endItem } = finder.ends
  for (let i = 0; i < count; i++) {
    const { lexemes, figure } = words[i] as Known
    for (let k = 0; k < lexemes.length; k++) {
      const node = roots[lexemes[k] as number] as number
      if (node === 0) continue
      for (let e = endFrom[node] as number, stop = endFrom[node + 1] as number; e < stop; e++) put(finder, work, endItem[e] as number, i * PACK + i + 1)
      walk(finder, work, i, i + 1, node)
    }
    if (figure) put(finder, work, numberSymbol, i * PACK + i + 1)
  }
  for (const p of placeholders) {
    const symbol = finder.placeholderSymbol.get(p.name)
    if (symbol === undefined) continue
    const from = firstWordOf(work, p)
    const to = endWordOf(work, p)
    if (to > from) put(finder, work, symbol, from * PACK + to)
  }

  const { ruleSymbol, clausesOf, needs } = finder
  while (heap.length > 0) {
    const rule = pop(heap)
    let ready = true
    for (let k = needs.from[rule] as number, stop = needs.from[rule + 1] as number; k < stop; k++) {
      if (!isHit(finder, work, needs.item[k] as number)) {
        ready = false
        break
      }
    }
    if (!ready) continue
    let joined: readonly number[] | null = null
    for (let c = clausesOf[rule] as number, stop = clausesOf[rule + 1] as number; c < stop; c++) {
      const found = matchSequence(finder, work, c)
      if (found.length === 0) {
        joined = null
        break
      }
      joined = joined === null ? found : joinAnyOrder(joined, found)
    }
    if (joined === null || joined.length === 0) continue
    const least = minimal(joined)
    for (let k = 0; k < least.length; k++) put(finder, work, ruleSymbol[rule] as number, least[k] as number)
  }

  const out: PhraseHit[] = []
  for (let r = 0; r < reported.length; r++) {
    const symbol = reported[r] as number
    const id = finder.ids[finder.entryOf[symbol] as number] as string
    for (const h of outermost(allowed(finder, work, symbol))) out.push({ id, start: Math.floor(h / PACK), end: h % PACK })
  }
  if (out.length > 1) out.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1))
  if (shape !== null) {
    if (work.alike.size >= REPEATED_BOUND) work.alike.clear()
    work.alike.set(shape, out)
  }
  return out.map((h) => ({ id: h.id, start: starts[h.start] as number, end: ends[h.end - 1] as number }))
}

function isFigure(word: string): boolean {
  const first = word.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return false
  for (let i = 1; i < word.length; i++) {
    const c = word.charCodeAt(i)
    if ((c < 48 || c > 57) && c !== 46 && c !== 44) return false
  }
  return true
}

/** Notes a hit, wakes the rules that wait for its symbol, and hands it on. */
function put(finder: PhraseFinder, work: Scratch, symbol: number, packed: number): void {
  const { symbolSeen, counts, hits, now } = work
  let list = hits[symbol]
  let n = 0
  if (symbolSeen[symbol] !== now) {
    symbolSeen[symbol] = now
    if (list === undefined) hits[symbol] = list = []
    if ((finder.entryOf[symbol] as number) >= 0) work.reported.push(symbol)
    const { from, item } = finder.wakes
    for (let k = from[symbol] as number, stop = from[symbol + 1] as number; k < stop; k++) {
      const rule = item[k] as number
      if (work.ruleSeen[rule] !== now) {
        work.ruleSeen[rule] = now
        push(work.heap, rule)
      }
    }
  } else {
    n = counts[symbol] as number
    if (n >= HITS_BOUND) return
    for (let k = 0; k < n; k++) if ((list as number[])[k] === packed) return
  }
  ;(list as number[])[n] = packed
  counts[symbol] = n + 1
  const { from, item } = finder.passes
  for (let k = from[symbol] as number, stop = from[symbol + 1] as number; k < stop; k++) put(finder, work, item[k] as number, packed)
}

/** Whether a symbol stands in the statement. All rules that make it have run when a rule that needs it asks. */
function isHit(finder: PhraseFinder, work: Scratch, symbol: number): boolean {
  if (finder.late[symbol] === 1 && work.asked[symbol] !== work.now) gather(finder, work, symbol)
  return work.symbolSeen[symbol] === work.now
}

/** Takes over the hits of what a late symbol is made of, in the order of the text, as if they had been handed on. */
function gather(finder: PhraseFinder, work: Scratch, symbol: number): void {
  const { now, symbolSeen, counts, hits } = work
  work.asked[symbol] = now
  const { from, item } = finder.sources
  let added = false
  for (let k = from[symbol] as number, stop = from[symbol + 1] as number; k < stop; k++) {
    const source = item[k] as number
    if (!isHit(finder, work, source)) continue
    const theirs = hits[source] as number[]
    for (let h = 0, n = counts[source] as number; h < n; h++) {
      const packed = theirs[h] as number
      let list = hits[symbol]
      if (symbolSeen[symbol] !== now) {
        symbolSeen[symbol] = now
        counts[symbol] = 0
        if (list === undefined) hits[symbol] = list = []
      }
      const mine = counts[symbol] as number
      let known = false
      for (let m = 0; m < mine && !known; m++) known = (list as number[])[m] === packed
      if (known) continue
      ;(list as number[])[mine] = packed
      counts[symbol] = mine + 1
      added = true
    }
  }
  if (!added || (counts[symbol] as number) < 2) return
  const list = hits[symbol] as number[]
  list.length = counts[symbol] as number
  list.sort((a, b) => a - b)
  if (list.length > HITS_BOUND) counts[symbol] = list.length = HITS_BOUND
}

/** Goes on in the trie from `node` with the word at `at`; `first` is where the phrase began. */
function walk(finder: PhraseFinder, work: Scratch, first: number, at: number, node: number): void {
  const { from, item } = finder.edges
  const low = from[node] as number
  const high = from[node + 1] as number
  if (low === high || at >= work.count || work.broken[at]) return
  const { lexemes } = work.words[at] as Known
  for (let k = 0; k < lexemes.length; k++) {
    const lexeme = lexemes[k] as number
    let a = low
    let b = high
    while (a < b) {
      const middle = (a + b) >> 1
      if ((item[middle] as number) < lexeme) a = middle + 1
      else b = middle
    }
    if (a === high || item[a] !== lexeme) continue
    const next = finder.targets[a] as number
    const ends = finder.ends
    for (let e = ends.from[next] as number, stop = ends.from[next + 1] as number; e < stop; e++) put(finder, work, ends.item[e] as number, first * PACK + at + 1)
    walk(finder, work, first, at + 1, next)
  }
}

const NONE: readonly number[] = []

/** Hits of a symbol without those that overlap a look-alike. */
function allowed(finder: PhraseFinder, work: Scratch, symbol: number): readonly number[] {
  if (!isHit(finder, work, symbol)) return NONE
  const list = work.hits[symbol] as number[]
  if (list.length !== work.counts[symbol]) list.length = work.counts[symbol] as number
  const never = finder.neverOf[symbol] as number
  if (never < 0 || !isHit(finder, work, never)) return list
  const looks = allowed(finder, work, never)
  return list.filter((h) => !looks.some((l) => Math.floor(l / PACK) < h % PACK && Math.floor(h / PACK) < l % PACK))
}

function matchSequence(finder: PhraseFinder, work: Scratch, clause: number): readonly number[] {
  const { from, item } = finder.steps
  const first = from[clause] as number
  const stop = from[clause + 1] as number
  let partial: readonly number[] = allowed(finder, work, item[first] as number)
  for (let k = first + 1; k < stop; k++) {
    if (partial.length === 0) return NONE
    const gap = finder.gaps[k] as number
    const list = allowed(finder, work, item[k] as number)
    const next: number[] = []
    for (let a = 0; a < partial.length; a++) {
      const p = partial[a] as number
      const to = p % PACK
      for (let b = 0; b < list.length; b++) {
        const h = list[b] as number
        const between = Math.floor(h / PACK) - to
        if (between < 0 || between > gap || (gap === 0 && work.broken[to])) continue
        next.push(p - to + (h % PACK))
        if (next.length > HITS_BOUND * 4) break
      }
    }
    partial = next
  }
  return partial
}

function joinAnyOrder(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = []
  for (const x of a) {
    const xFrom = Math.floor(x / PACK)
    const xTo = x % PACK
    for (const y of b) {
      const yFrom = Math.floor(y / PACK)
      const yTo = y % PACK
      const between = xFrom <= yFrom ? yFrom - xTo : xFrom - yTo
      if (between > CLAUSE_DISTANCE || between < 0) continue
      out.push(Math.min(xFrom, yFrom) * PACK + Math.max(xTo, yTo))
      if (out.length > HITS_BOUND * 4) return out
    }
  }
  return out
}

const inside = (h: number, o: number): boolean => Math.floor(h / PACK) >= Math.floor(o / PACK) && h % PACK <= o % PACK && h !== o

/** Of nested hits of one rule only the innermost. */
function minimal(list: readonly number[]): readonly number[] {
  return list.length < 2 ? list : list.filter((h) => !list.some((o) => inside(o, h)))
}

/** Of nested hits of one entry only the outermost, each once. */
function outermost(list: readonly number[]): readonly number[] {
  return list.length < 2 ? list : list.filter((h) => !list.some((o) => inside(h, o)))
}

// A binary heap of rule numbers: rules must run in their order, whichever symbol woke them.
function push(heap: number[], value: number): void {
  heap.push(value)
  let i = heap.length - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if ((heap[parent] as number) <= value) break
    heap[i] = heap[parent] as number
    i = parent
  }
  heap[i] = value
}

function pop(heap: number[]): number {
  const top = heap[0] as number
  const last = heap.pop() as number
  if (heap.length === 0) return top
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++
    if ((heap[child] as number) >= last) break
    heap[i] = heap[child] as number
    i = child
  }
  heap[i] = last
  return top
}
