// The shape of dictionaries/context.yaml and its compiled form. May not: read files; decide what a text says.
import { z } from 'zod'
import { cueTokens } from '../base/cue-tokens.ts'

export const CUE_KINDS = [
  'negation', 'possible', 'hypothetical', 'historical', 'planned', 'current', 'family', 'other', 'pseudo', 'stop', 'aside', 'answer-no', 'answer-yes', 'heading',
] as const
export type CueKind = (typeof CUE_KINDS)[number]

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case')
const example = z.string()
  .regex(/\[\[[^\]]{1,200}\]\][^\]]*=> [a-z, ]+$/, 'one [[target]] and `=> ` with the values expected')
  .describe('A text with one [[target]], then `=> ` and what must hold of it: values of presence, time and subject, or `not` before one')

export const contextEntrySchema = z.strictObject({
  id: id.describe('Unique in the file'),
  kind: z.enum(CUE_KINDS).describe(
    'What a match does. stop: ends the scope of the kinds in `of`. aside: takes what follows it out of their scope up to the next comma or conjunction. pseudo: '
    + 'does nothing and hides cues inside. answer-*: a value after a label. heading: sets `gives` for what stands below',
  ),
  direction: z.enum(['forward', 'backward', 'both']).optional().describe('Where the targets stand, seen from the cue; forward unless said'),
  limit: z.int().min(0).max(60).optional().describe('At most this many words between cue and target'),
  stops: z.array(z.string()).optional().describe('`comma`, `and`, `verb` (a finite verb) or ids of stop and aside entries that also end this scope'),
  through: z.array(z.string()).optional().describe('`verb`, `subject` (a clause with a subject of its own) or ids of stop and aside entries that do not end this scope'),
  'at-once': z.boolean().optional().describe('For aside: also where it follows the cue directly'),
  of: z.array(z.enum(CUE_KINDS)).optional().describe('For stop, aside and pseudo: the kinds of cue they act on; all unless said (a pseudo acts on all kinds of the same axis)'),
  gives: z.enum(['historical', 'planned', 'family', 'hypothetical', 'absent', 'nothing']).optional().describe('For heading'),
  from: z.string().min(3).describe('Where the wording comes from'),
  words: z.array(z.string().min(1)).min(1).describe(
    'Plain words. (a|b c|) are alternatives, <name> is a group, ^ the start of a clause, $ its end, <n> a number, <n3> one of at least 3, <n15> of at least 15, <0/n> none of so many (0/12), <year> a year',
  ),
  examples: z.strictObject({
    positive: z.array(example).min(1).describe('The entry fires and the values follow'),
    negative: z.array(example).min(1).describe('Look-alikes and ends of scope'),
  }),
})
export const contextDictionarySchema = z.strictObject({
  groups: z.record(id, z.array(z.string().min(1)).min(1)).describe('Word lists for <name>; `finite-verbs`, `subjects` and `person-verbs` (verbs a finding cannot be the subject of) and `participles` (that hang on what stands before their comma) also tell where a clause begins'),
  cues: z.array(contextEntrySchema).min(1),
})
export type ContextEntry = z.infer<typeof contextEntrySchema>
export type ContextDictionary = z.infer<typeof contextDictionarySchema>

/** A state of the matcher. A number may lead to several states (`3` is `3`, `<n>` and `<n3>`), every other word to one. */
export interface CueNode {
  readonly next: Map<string, CueNode>
  /** Indexes into `Context.cues`. */
  readonly cues: readonly number[]
}

/** While compiling: every pattern is a chain of its own from the root, so a word may lead to several. */
interface Link {
  readonly number: number
  readonly next: Map<string, Link[]>
  readonly cues: number[]
}

export interface Cue {
  readonly id: string
  readonly kind: CueKind
  readonly forward: boolean
  readonly backward: boolean
  readonly limit: number
  readonly stopsAtComma: boolean
  readonly stopsAtAnd: boolean
  readonly stopsAtVerb: boolean
  readonly throughVerb: boolean
  readonly throughSubject: boolean
  /** Numbers of the stop and aside entries that end this cue's scope. */
  readonly endedBy: ReadonlySet<number>
  readonly atOnce: boolean
  readonly gives: ContextEntry['gives']
}

/** Cues of different axes are matched apart, so that `no family history of` is both; `end` holds stops and asides. */
export const CUE_AXES = ['presence', 'time', 'subject', 'end'] as const
export type CueAxis = (typeof CUE_AXES)[number]

const AXIS_OF: Readonly<Record<Exclude<CueKind, 'pseudo' | 'heading'>, CueAxis>> = {
  negation: 'presence', possible: 'presence', hypothetical: 'presence', 'answer-no': 'presence', 'answer-yes': 'presence',
  historical: 'time', planned: 'time', current: 'time', family: 'subject', other: 'subject', stop: 'end', aside: 'end',
}

function axesOf(entry: ContextEntry): readonly CueAxis[] {
  if (entry.kind === 'heading') return []
  if (entry.kind !== 'pseudo') return [AXIS_OF[entry.kind]]
  if (entry.of === undefined) return ['presence', 'time', 'subject']
  return [...new Set(entry.of.flatMap((k) => (k === 'pseudo' || k === 'heading' ? [] : [AXIS_OF[k]])))]
}

export interface Context {
  readonly roots: Readonly<Record<CueAxis, CueNode>>
  /** For each word that begins an entry, the axes it does so on: bit n for the nth of `CUE_AXES`. */
  readonly openers: ReadonlyMap<string, number>
  readonly cues: readonly Cue[]
  readonly finiteVerbs: ReadonlySet<string>
  readonly subjects: ReadonlySet<string>
  readonly personVerbs: ReadonlySet<string>
  readonly participles: ReadonlySet<string>
  /** Words of a heading joined by a space → number of its cue. */
  readonly headings: ReadonlyMap<string, number>
}

const NUMBER_CLASS = /^<(n|n3|n15|year|0\/n)>$/
const linkMaker = (): (() => Link) => {
  let number = 0
  return () => ({ number: number++, next: new Map(), cues: [] })
}

/** One state for each set of chains that the same words lead to. */
function determined(root: Link): CueNode {
  const states = new Map<string, CueNode>()
  const open: { readonly links: readonly Link[]; readonly state: CueNode }[] = []
  const stateOf = (links: readonly Link[]): CueNode => {
    const sorted = [...new Set(links)].sort((a, b) => a.number - b.number)
    const key = sorted.map((l) => l.number).join()
    const known = states.get(key)
    if (known !== undefined) return known
    const state: CueNode = { next: new Map(), cues: [...new Set(sorted.flatMap((l) => l.cues))].sort((a, b) => a - b) }
    states.set(key, state)
    open.push({ links: sorted, state })
    return state
  }
  const first = stateOf([root])
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const by = new Map<string, Link[]>()
    for (const l of at.links) {
      for (const [word, to] of l.next) {
        const there = by.get(word)
        if (there === undefined) by.set(word, [...to])
        else there.push(...to)
      }
    }
    for (const [word, to] of by) at.state.next.set(word, stateOf(to))
  }
  return first
}

function alternativesOf(part: string, groups: ContextDictionary['groups']): string[] {
  if (part.startsWith('(')) return part.slice(1, -1).split('|').flatMap((p) => (p.startsWith('<') ? alternativesOf(p, groups) : [p]))
  if (part.startsWith('<') && !NUMBER_CLASS.test(part)) {
    const group = groups[part.slice(1, -1)]
    if (group === undefined) throw new Error(`no group ${part}`)
    return group
  }
  return [part]
}

function keysOf(alternative: string): string[] {
  const out: string[] = []
  for (const piece of alternative.split(' ')) {
    if (piece === '') continue
    if (piece === '^' || piece === '$' || NUMBER_CLASS.test(piece)) out.push(piece)
    else out.push(...cueTokens(`${piece} `, 0, piece.length).words)
  }
  return out
}

/** The parts of a pattern in order, each with its alternatives as rows of keys. */
function partsOf(written: string, groups: ContextDictionary['groups']): string[][][] {
  if (/[()]/.test(written.replace(/(^| )\([^()]*\)(?= |$)/g, ''))) throw new Error('brackets nest, do not close or touch a word')
  return (written.match(/\([^()]*\)|[^\s()]+/g) ?? []).map((part) => alternativesOf(part, groups).map(keysOf))
}

/** All written forms of a heading. */
function formsOf(parts: readonly string[][][]): string[][] {
  let forms: string[][] = [[]]
  for (const choices of parts) forms = forms.flatMap((f) => choices.map((c) => [...f, ...c]))
  return forms
}

function link(from: Link, key: string, to: Link): void {
  const there = from.next.get(key)
  if (there === undefined) from.next.set(key, [to])
  else if (!there.includes(to)) there.push(to)
}

function addPattern(root: Link, parts: readonly string[][][], cue: number, newLink: () => Link): void {
  let frontier: Link[] = [root]
  for (const choices of parts) {
    const join = newLink()
    const next: Link[] = []
    for (const keys of choices) {
      if (keys.length === 0) {
        next.push(...frontier)
        continue
      }
      let from = frontier
      keys.forEach((key, k) => {
        const to = k === keys.length - 1 ? join : newLink()
        for (const node of from) link(node, key, to)
        from = [to]
      })
      if (!next.includes(join)) next.push(join)
    }
    frontier = next
  }
  for (const node of frontier) {
    if (node === root) throw new Error('may be empty')
    node.cues.push(cue)
  }
}

const DEFAULT_DIRECTION: Partial<Record<CueKind, 'forward' | 'backward'>> = { 'answer-no': 'backward', 'answer-yes': 'backward' }

/** @throws Error with all faults, a line each, naming the entry. */
export function compileContext(data: ContextDictionary): Context {
  const faults: string[] = []
  const seen = new Set<string>()
  const ends = data.cues.map((e, n) => ({ e, n })).filter(({ e }) => e.kind === 'stop' || e.kind === 'aside')
  const known = new Set(['comma', 'and', 'verb', 'subject', ...ends.map(({ e }) => e.id)])
  const newLink = linkMaker()
  const chains = { presence: newLink(), time: newLink(), subject: newLink(), end: newLink() }
  const headings = new Map<string, number>()
  const cues = data.cues.map((e, n): Cue => {
    if (seen.has(e.id)) faults.push(`${e.id}: id twice`)
    seen.add(e.id)
    const stops = new Set(e.stops)
    const through = new Set(e.through)
    for (const name of [...stops, ...through]) if (!known.has(name)) faults.push(`${e.id}: no stop ${name}`)
    if (e.kind === 'heading' && e.gives === undefined) faults.push(`${e.id}: a heading needs gives`)
    for (const written of e.words) {
      try {
        const parts = partsOf(written, data.groups)
        if (e.kind === 'heading') for (const keys of formsOf(parts)) headings.set(keys.join(' '), n)
        for (const axis of axesOf(e)) addPattern(chains[axis], parts, n, newLink)
      } catch (error) {
        faults.push(`${e.id}: ${JSON.stringify(written)}: ${(error as Error).message}`)
      }
    }
    const direction = e.direction ?? DEFAULT_DIRECTION[e.kind] ?? 'forward'
    return {
      id: e.id, kind: e.kind, forward: direction !== 'backward', backward: direction !== 'forward', limit: e.limit ?? 60,
      stopsAtComma: stops.has('comma'), stopsAtAnd: stops.has('and'), stopsAtVerb: stops.has('verb'),
      throughVerb: through.has('verb'), throughSubject: through.has('subject'),
      endedBy: new Set(ends.filter(({ e: s }) => !through.has(s.id) && (stops.has(s.id) || s.of === undefined || s.of.includes(e.kind))).map(({ n: i }) => i)),
      atOnce: e['at-once'] === true, gives: e.gives,
    }
  })
  for (const name of ['finite-verbs', 'subjects', 'person-verbs', 'participles']) if (data.groups[name] === undefined) faults.push(`no group ${name}`)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const roots = { presence: determined(chains.presence), time: determined(chains.time), subject: determined(chains.subject), end: determined(chains.end) }
  const openers = new Map<string, number>()
  CUE_AXES.forEach((axis, n) => {
    for (const word of roots[axis].next.keys()) openers.set(word, (openers.get(word) ?? 0) | (1 << n))
  })
  return {
    roots, openers, cues, headings, finiteVerbs: new Set(data.groups['finite-verbs']), subjects: new Set(data.groups['subjects']),
    personVerbs: new Set(data.groups['person-verbs']), participles: new Set(data.groups['participles']),
  }
}
