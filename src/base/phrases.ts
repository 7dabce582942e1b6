// Finds patterns of words in one statement at a time, thousands of patterns in one pass. May not: know what a pattern means, or decide negation.
import porter from 'natural/lib/natural/stemmers/porter_stemmer.js'
import distance from 'natural/lib/natural/distance/levenshtein_distance.js'
import type { Span } from './span.ts'
import { CLAUSE_DISTANCE, type Pattern, type PatternSequence } from './pattern.ts'
import { foldWord, tokenise, type Tokens } from './tokens.ts'

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
  /** Every symbol of the clauses, the rarest first. */
  readonly needs: readonly number[]
}

export interface PhraseFinder {
  readonly symbols: number
  /** Lexemes by kind of comparison; the value is the lexeme's number. */
  readonly exact: ReadonlyMap<string, number>
  /** Long exact words by first letter and length, for words with a slip. */
  readonly longWords: ReadonlyMap<string, readonly string[]>
  readonly stems: ReadonlyMap<string, number>
  readonly prefixes: ReadonlyMap<string, number>
  readonly longestPrefix: number
  readonly lexemes: number
  /** Trie over lexemes: key `node * lexemes + lexeme` → node; symbols ending at a node. */
  readonly edges: ReadonlyMap<number, number>
  /** First edges by lexeme, 0 for none; and 1 for nodes with edges of their own. */
  readonly roots: Int32Array
  readonly inner: Uint8Array
  readonly ends: readonly (readonly number[])[]
  readonly placeholderSymbol: ReadonlyMap<string, number>
  readonly numberSymbol: number
  /** Rules in an order in which every rule comes after those that make its symbols. */
  readonly rules: readonly Rule[]
  /** For each symbol: rules to look at once it is hit. */
  readonly wakes: readonly (readonly number[])[]
  /** For each symbol: symbols that are hit wherever it is. */
  readonly passes: readonly (readonly number[])[]
  /** For each symbol: the entry it reports, or -1; and the symbol of its look-alikes, or -1. */
  readonly entryOf: Int32Array
  readonly neverOf: Int32Array
  readonly entries: readonly PhraseEntry[]
  /** Words already looked up: folded word → lexemes it satisfies. Grows with the vocabulary met, up to a bound. */
  readonly memory: Map<string, readonly number[]>
}

/** Shortest word in which one slip of the pen (a letter wrong, missing, doubled or swapped) is forgiven. */
const FORGIVEN_LENGTH = 8
const MEMORY_BOUND = 200_000
/** Hits kept of one symbol in one statement; a statement with more repeats itself. */
const HITS_BOUND = 64

/** @throws Error naming the entry, where a pattern names an unknown concept or concepts form a circle. */
export function compilePhrases(entries: readonly PhraseEntry[]): PhraseFinder {
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
            for (const steps of readings(alternative, owner)) rules.push({ symbol, clauses: [steps], needs: [] })
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
    for (const clauses of choices) rules.push({ symbol, clauses, needs: [] })
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

  // A rule is looked at when its rarest symbol is hit: a fragment of words before a class, a class before a measure.
  const isFragment = new Uint8Array(symbols)
  const weight = new Float64Array(symbols).fill(5)
  for (const { symbol, path } of fragments.values()) {
    isFragment[symbol] = 1
    weight[symbol] = 1 / path.length
  }
  for (const s of placeholderSymbol.values()) weight[s] = 50
  for (const rule of order) {
    const w = Math.min(...rule.clauses.flat().map((step) => weight[step.symbol] as number))
    if (!isFragment[rule.symbol]) weight[rule.symbol] = (weight[rule.symbol] as number) + w
  }
  const wakes: number[][] = Array.from({ length: symbols }, () => [])
  // A rule of one symbol only passes its hits on; it needs no turn of its own unless look-alikes must be taken out first.
  const passes: number[][] = Array.from({ length: symbols }, () => [])
  const composed = order.filter((rule) => {
    const only = rule.clauses.length === 1 && rule.clauses[0]?.length === 1 ? (rule.clauses[0][0] as Step).symbol : -1
    if (only < 0 || (never[only] as number) >= 0) return true
    ;(passes[only] as number[]).push(rule.symbol)
    return false
  })
  const ready = composed.map((rule, i): Rule => {
    const needs = [...new Set(rule.clauses.flat().map((step) => step.symbol))].sort((x, y) => (weight[x] as number) - (weight[y] as number))
    ;(wakes[needs[0] as number] as number[]).push(i)
    return { ...rule, needs }
  })
  const roots = new Int32Array(lexemes)
  const inner = new Uint8Array(ends.length)
  for (const [key, node] of edges) {
    const from = Math.floor(key / lexemes)
    if (from === 0) roots[key % lexemes] = node
    else inner[from] = 1
  }
  const longWords = new Map<string, string[]>()
  for (const word of exact.keys()) {
    if (word.length < FORGIVEN_LENGTH) continue
    const key = `${word.charAt(0)}${word.length}`
    longWords.set(key, [...(longWords.get(key) ?? []), word])
  }
  const entryOf = new Int32Array(symbols).fill(-1)
  entries.forEach((_, i) => (entryOf[i] = i))
  return {
    symbols, exact, longWords, stems, prefixes, longestPrefix: Math.max(0, ...[...prefixes.keys()].map((p) => p.length)), lexemes, edges, roots, inner, ends, placeholderSymbol,
    numberSymbol: placeholderSymbol.get('number') as number, rules: ready, wakes, passes, entryOf, neverOf: never, entries, memory: new Map(),
  }
}

/** The lexemes a word satisfies: itself, its stem, its beginnings; a long unknown word also the dictionary word one slip away. */
function lexemesOf(finder: PhraseFinder, word: string): readonly number[] {
  const known = finder.memory.get(word)
  if (known) return known
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
  if (finder.memory.size >= MEMORY_BOUND) finder.memory.clear()
  finder.memory.set(word, found)
  return found
}

/** Working memory of a finder, reused from statement to statement; holds nothing between calls but capacity. */
interface Scratch {
  /** Number of the statement at hand: what carries another number is stale. */
  now: number
  readonly symbolSeen: Int32Array
  readonly ruleSeen: Int32Array
  /** Hits of each symbol, packed as `from * PACK + to`, in words. */
  readonly hits: (number[] | undefined)[]
  readonly cleaned: Int32Array
  readonly heap: number[]
  readonly touched: number[]
}

const PACK = 65_536
const scratches = new WeakMap<PhraseFinder, Scratch>()

function scratchOf(finder: PhraseFinder): Scratch {
  let scratch = scratches.get(finder)
  if (!scratch) {
    const { symbols, rules } = finder
    scratch = {
      now: 0, symbolSeen: new Int32Array(symbols), ruleSeen: new Int32Array(rules.length), hits: new Array<number[] | undefined>(symbols), cleaned: new Int32Array(symbols), heap: [], touched: [],
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
  const tokens = tokenise(text, scope)
  const count = Math.min(tokens.count, WORDS_BOUND)
  if (count === 0) return []
  const work = scratchOf(finder)
  const now = ++work.now
  const { symbolSeen, ruleSeen, hits, heap, touched } = work
  touched.length = 0
  heap.length = 0

  const put = (symbol: number, from: number, to: number): void => {
    let list = hits[symbol]
    if (symbolSeen[symbol] !== now) {
      symbolSeen[symbol] = now
      touched.push(symbol)
      if (list) list.length = 0
      else hits[symbol] = list = []
      const wakes = finder.wakes[symbol] as readonly number[]
      for (let k = 0; k < wakes.length; k++) {
        const rule = wakes[k] as number
        if (ruleSeen[rule] !== now) {
          ruleSeen[rule] = now
          push(heap, rule)
        }
      }
    }
    const packed = from * PACK + to
    if ((list as number[]).length >= HITS_BOUND || (list as number[]).includes(packed)) return
    ;(list as number[]).push(packed)
    const onward = finder.passes[symbol] as readonly number[]
    for (let k = 0; k < onward.length; k++) put(onward[k] as number, from, to)
  }

  const satisfied: (readonly number[])[] = new Array<readonly number[]>(count)
  for (let i = 0; i < count; i++) satisfied[i] = lexemesOf(finder, tokens.word[i] as string)
  for (let i = 0; i < count; i++) {
    const lexemes = satisfied[i] as readonly number[]
    for (let k = 0; k < lexemes.length; k++) {
      const node = finder.roots[lexemes[k] as number] as number
      if (node === 0) continue
      const ends = finder.ends[node] as readonly number[]
      for (let e = 0; e < ends.length; e++) put(ends[e] as number, i, i + 1)
      if (finder.inner[node] === 1) walk(finder, tokens, satisfied, count, i, i + 1, node, put)
    }
    const c = (tokens.word[i] as string).charCodeAt(0)
    if (c >= 48 && c <= 57 && isFigure(tokens.word[i] as string)) put(finder.numberSymbol, i, i + 1)
  }
  for (const p of placeholders) {
    const symbol = finder.placeholderSymbol.get(p.name)
    if (symbol === undefined) continue
    let from = 0
    while (from < count && (tokens.end[from] as number) <= p.start) from++
    let to = from
    while (to < count && (tokens.start[to] as number) < p.end) to++
    if (to > from) put(symbol, from, to)
  }

  while (heap.length > 0) {
    const rule = finder.rules[pop(heap)] as Rule
    const needs = rule.needs
    let ready = true
    for (let k = 0; k < needs.length; k++) {
      if (symbolSeen[needs[k] as number] !== now) {
        ready = false
        break
      }
    }
    if (!ready) continue
    let joined: number[] | null = null
    for (const clause of rule.clauses) {
      const found = matchSequence(finder, work, tokens, clause)
      if (found.length === 0) {
        joined = null
        break
      }
      joined = joined === null ? found : joinAnyOrder(joined, found)
    }
    if (joined === null || joined.length === 0) continue
    for (const h of minimal(joined)) put(rule.symbol, Math.floor(h / PACK), h % PACK)
  }

  const out: PhraseHit[] = []
  for (const symbol of touched) {
    const e = finder.entryOf[symbol] as number
    if (e < 0) continue
    const entry = finder.entries[e] as PhraseEntry
    if (!entry.reported) continue
    for (const h of outermost(allowed(finder, work, symbol))) {
      out.push({ id: entry.id, start: tokens.start[Math.floor(h / PACK)] as number, end: tokens.end[(h % PACK) - 1] as number })
    }
  }
  return out.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1))
}

function isFigure(word: string): boolean {
  for (let i = 1; i < word.length; i++) {
    const c = word.charCodeAt(i)
    if ((c < 48 || c > 57) && c !== 46 && c !== 44) return false
  }
  return true
}

function walk(
  finder: PhraseFinder, tokens: Tokens, satisfied: readonly (readonly number[])[], count: number, first: number, at: number, node: number,
  put: (symbol: number, from: number, to: number) => void,
): void {
  if (at >= count || tokens.broken[at]) return
  const lexemes = satisfied[at] as readonly number[]
  for (let k = 0; k < lexemes.length; k++) {
    const next = finder.edges.get(node * finder.lexemes + (lexemes[k] as number))
    if (next === undefined) continue
    const ends = finder.ends[next] as readonly number[]
    for (let e = 0; e < ends.length; e++) put(ends[e] as number, first, at + 1)
    if (finder.inner[next] === 1) walk(finder, tokens, satisfied, count, first, at + 1, next, put)
  }
}

const NONE: readonly number[] = []

/** Hits of a symbol without those that overlap a look-alike. */
function allowed(finder: PhraseFinder, work: Scratch, symbol: number): readonly number[] {
  if (work.symbolSeen[symbol] !== work.now) return NONE
  const list = work.hits[symbol] as number[]
  const never = finder.neverOf[symbol] as number
  if (never < 0 || work.symbolSeen[never] !== work.now) return list
  const looks = work.hits[never] as number[]
  return list.filter((h) => !looks.some((l) => Math.floor(l / PACK) < h % PACK && Math.floor(h / PACK) < l % PACK))
}

function matchSequence(finder: PhraseFinder, work: Scratch, tokens: Tokens, steps: readonly Step[]): number[] {
  let partial: readonly number[] = allowed(finder, work, (steps[0] as Step).symbol)
  for (let k = 1; k < steps.length; k++) {
    if (partial.length === 0) return []
    const { gap, symbol } = steps[k] as Step
    const list = allowed(finder, work, symbol)
    const next: number[] = []
    for (let a = 0; a < partial.length; a++) {
      const p = partial[a] as number
      const to = p % PACK
      for (let b = 0; b < list.length; b++) {
        const h = list[b] as number
        const between = Math.floor(h / PACK) - to
        if (between < 0 || between > gap || (gap === 0 && tokens.broken[to])) continue
        next.push(p - to + (h % PACK))
        if (next.length > HITS_BOUND * 4) break
      }
    }
    partial = next
  }
  return partial as number[]
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
