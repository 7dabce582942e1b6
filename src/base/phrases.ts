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
  'number', 'date', 'time', 'duration', 'person',
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
  readonly ends: readonly (readonly number[])[]
  readonly placeholderSymbol: ReadonlyMap<string, number>
  readonly numberSymbol: number
  /** Rules in an order in which every rule comes after those that make its symbols. */
  readonly rules: readonly Rule[]
  /** For each symbol: rules to look at once it is hit. */
  readonly wakes: readonly (readonly number[])[]
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
        const n = item.how === 'exact' ? lexeme(exact, folded) : item.how === 'stem' ? lexeme(stems, porter.stem(folded)) : lexeme(prefixes, folded)
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
  order.forEach((rule, i) => {
    let best = -1
    for (const clause of rule.clauses) for (const step of clause) if (best < 0 || (weight[step.symbol] as number) < (weight[best] as number)) best = step.symbol
    ;(wakes[best] as number[]).push(i)
  })
  const longWords = new Map<string, string[]>()
  for (const word of exact.keys()) {
    if (word.length < FORGIVEN_LENGTH) continue
    const key = `${word.charAt(0)}${word.length}`
    longWords.set(key, [...(longWords.get(key) ?? []), word])
  }
  const entryOf = new Int32Array(symbols).fill(-1)
  entries.forEach((_, i) => (entryOf[i] = i))
  return {
    symbols, exact, longWords, stems, prefixes, longestPrefix: Math.max(0, ...[...prefixes.keys()].map((p) => p.length)), lexemes, edges, ends, placeholderSymbol,
    numberSymbol: placeholderSymbol.get('number') as number, rules: order, wakes, entryOf, neverOf: never, entries, memory: new Map(),
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

interface TokenHit {
  readonly from: number
  /** Half-open, in words. */
  readonly to: number
}

/**
 * All hits in one statement, sorted by start; of hits of one entry that lie inside another of the same entry only the longer is kept.
 * @param text the document's text; `scope` the statement. Spans of hits are positions in `text`.
 */
export function findPhrases(finder: PhraseFinder, text: string, scope: Span, placeholders: readonly PlaceholderHit[] = []): PhraseHit[] {
  const tokens = tokenise(text, scope)
  if (tokens.count === 0) return []
  const hits = new Map<number, TokenHit[]>()
  const awake: number[] = []
  const asked = new Set<number>()
  const put = (symbol: number, from: number, to: number): void => {
    let list = hits.get(symbol)
    if (!list) {
      hits.set(symbol, (list = []))
      for (const rule of finder.wakes[symbol] as readonly number[]) {
        if (!asked.has(rule)) {
          asked.add(rule)
          push(awake, rule)
        }
      }
    }
    if (list.length < HITS_BOUND && !list.some((h) => h.from === from && h.to === to)) list.push({ from, to })
  }

  const satisfied = tokens.word.map((word) => lexemesOf(finder, word))
  for (let i = 0; i < tokens.count; i++) {
    if ((satisfied[i] as readonly number[]).length === 0) continue
    walk(finder, tokens, satisfied, i, i, 0, put)
  }
  for (let i = 0; i < tokens.count; i++) {
    const w = tokens.word[i] as string
    const c = w.charCodeAt(0)
    if (c >= 48 && c <= 57 && /^[\d.,]+$/.test(w)) put(finder.numberSymbol, i, i + 1)
  }
  for (const p of placeholders) {
    const symbol = finder.placeholderSymbol.get(p.name)
    if (symbol === undefined) continue
    let from = 0
    while (from < tokens.count && (tokens.end[from] as number) <= p.start) from++
    let to = from
    while (to < tokens.count && (tokens.start[to] as number) < p.end) to++
    if (to > from) put(symbol, from, to)
  }

  while (awake.length > 0) {
    const index = pop(awake)
    const rule = finder.rules[index] as Rule
    const clauseHits: TokenHit[][] = []
    for (const clause of rule.clauses) {
      const found = matchSequence(finder, hits, tokens, clause)
      if (found.length === 0) break
      clauseHits.push(found)
    }
    if (clauseHits.length < rule.clauses.length) continue
    let joined = clauseHits[0] as TokenHit[]
    for (let c = 1; c < clauseHits.length; c++) joined = joinAnyOrder(joined, clauseHits[c] as TokenHit[])
    for (const h of minimal(joined)) put(rule.symbol, h.from, h.to)
  }

  const out: PhraseHit[] = []
  for (const [symbol, list] of hits) {
    const e = finder.entryOf[symbol] as number
    if (e < 0) continue
    const entry = finder.entries[e] as PhraseEntry
    if (!entry.reported) continue
    for (const h of outermost(allowed(finder, hits, symbol, list))) {
      out.push({ id: entry.id, start: tokens.start[h.from] as number, end: tokens.end[h.to - 1] as number })
    }
  }
  return out.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1))
}

function walk(
  finder: PhraseFinder, tokens: Tokens, satisfied: readonly (readonly number[])[], first: number, at: number, node: number,
  put: (symbol: number, from: number, to: number) => void,
): void {
  if (at >= tokens.count || (at > first && tokens.broken[at])) return
  for (const n of satisfied[at] as readonly number[]) {
    const next = finder.edges.get(node * finder.lexemes + n)
    if (next === undefined) continue
    for (const symbol of finder.ends[next] as readonly number[]) put(symbol, first, at + 1)
    walk(finder, tokens, satisfied, first, at + 1, next, put)
  }
}

/** Hits of a symbol without those that overlap a look-alike. */
function allowed(finder: PhraseFinder, hits: ReadonlyMap<number, TokenHit[]>, symbol: number, list: readonly TokenHit[]): readonly TokenHit[] {
  const never = finder.neverOf[symbol] as number
  const looks = never >= 0 ? hits.get(never) : undefined
  return looks ? list.filter((h) => !looks.some((l) => l.from < h.to && h.from < l.to)) : list
}

function matchSequence(finder: PhraseFinder, hits: ReadonlyMap<number, TokenHit[]>, tokens: Tokens, steps: readonly Step[]): TokenHit[] {
  let partial: TokenHit[] = []
  for (let k = 0; k < steps.length; k++) {
    const { gap, symbol } = steps[k] as Step
    const raw = hits.get(symbol)
    if (!raw) return []
    const list = allowed(finder, hits, symbol, raw)
    if (k === 0) {
      partial = [...list]
      continue
    }
    const next: TokenHit[] = []
    for (const p of partial) {
      for (const h of list) {
        const between = h.from - p.to
        if (between < 0 || between > gap || (gap === 0 && tokens.broken[h.from])) continue
        next.push({ from: p.from, to: h.to })
        if (next.length > HITS_BOUND * 4) break
      }
    }
    partial = next
    if (partial.length === 0) return []
  }
  return partial
}

function joinAnyOrder(a: readonly TokenHit[], b: readonly TokenHit[]): TokenHit[] {
  const out: TokenHit[] = []
  for (const x of a) {
    for (const y of b) {
      const between = x.from <= y.from ? y.from - x.to : x.from - y.to
      if (between > CLAUSE_DISTANCE || between < 0) continue
      out.push({ from: Math.min(x.from, y.from), to: Math.max(x.to, y.to) })
      if (out.length > HITS_BOUND * 4) return out
    }
  }
  return out
}

/** Of nested hits of one rule only the innermost. */
function minimal(list: readonly TokenHit[]): TokenHit[] {
  if (list.length < 2) return [...list]
  return list.filter((h) => !list.some((o) => o !== h && o.from >= h.from && o.to <= h.to && o.to - o.from < h.to - h.from))
}

/** Of nested hits of one entry only the outermost, each once. */
function outermost(list: readonly TokenHit[]): readonly TokenHit[] {
  if (list.length < 2) return list
  return list.filter((h) => !list.some((o) => o !== h && o.from <= h.from && o.to >= h.to && o.to - o.from > h.to - h.from))
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
