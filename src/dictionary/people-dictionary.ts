// The shape of dictionaries/people.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'

export const PEOPLE_PARTS = [
  'credential', 'label', 'specialty', 'signing', 'not-signing', 'pending', 'dictated', 'stamp', 'not-name', 'not-initials', 'nickname',
] as const

export const peopleEntrySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('Unique in the file'),
  part: z.enum(PEOPLE_PARTS).describe('What the words are: letters after a name, a label before a name, a specialty after it, words that sign …'),
  role: z.string().optional().describe('For credential, label, specialty: the role they give'),
  kind: z.enum(['electronic', 'approval', 'label']).optional().describe('For signing: what kind of signature; `label` is a form line to be signed'),
  from: z.string().min(3).describe('Where the wording comes from'),
  words: z.array(z.string().min(1)).min(1).describe('Plain words; a space is any run of spaces, a hyphen may be missing or a space; a trailing * is the rest of the word'),
  examples: z.strictObject({
    found: z.array(z.string()).min(1).describe('Whole lines; for credential [[ ]] marks the person'),
    'not-found': z.array(z.string()).min(1),
  }),
})
export const peopleFileSchema = z.array(peopleEntrySchema)
export type PeopleEntry = z.infer<typeof peopleEntrySchema>

/** A word list as one regular expression, group by group. Sticky copies are made where they are used. */
export interface People {
  readonly entries: readonly PeopleEntry[]
  /** Case-sensitive; global. */
  readonly credential: RegExp
  readonly credentialRole: ReadonlyMap<string, string>
  readonly label: RegExp
  readonly labelRole: ReadonlyMap<string, string>
  readonly specialty: RegExp
  readonly specialtyRole: ReadonlyMap<string, string>
  readonly signing: RegExp
  readonly signingKind: ReadonlyMap<string, 'electronic' | 'approval' | 'label'>
  readonly notSigning: RegExp
  readonly pending: RegExp
  readonly dictated: RegExp
  readonly stamp: RegExp
  readonly notName: ReadonlySet<string>
  readonly notInitials: ReadonlySet<string>
  /** Given name → the group it belongs to. */
  readonly nickname: ReadonlyMap<string, number>
}

interface Branch {
  readonly next: Map<string, Branch>
  /** What must follow where a word ends here; null where none ends. */
  end: string | null
}

/** Word lists as one expression, common beginnings shared: long flat alternatives are tried one by one at every position. */
function source(words: readonly string[]): string {
  const inner: Branch = { next: new Map(), end: null }
  const outer: Branch = { next: new Map(), end: null }
  for (const written of words) {
    const open = written.endsWith('*')
    const word = open ? written.slice(0, -1) : written
    let at = /^\w/.test(word) ? inner : outer
    for (const c of word) {
      const unit = c === ' ' ? '[ \\t]{1,3}' : c === '-' ? '[ -]?' : /[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c
      let branch = at.next.get(unit)
      if (!branch) at.next.set(unit, branch = { next: new Map(), end: null })
      at = branch
    }
    const end = open ? '[a-z]{0,12}(?![A-Za-z0-9])' : /[\w)]$/.test(word) ? '(?![A-Za-z0-9])' : ''
    if (at.end === null || open) at.end = end
  }
  const parts = [inner.next.size > 0 ? `(?<![A-Za-z0-9])${written(inner)}` : '', outer.next.size > 0 ? written(outer) : ''].filter((p) => p !== '')
  return parts.length === 0 ? '(?!)' : parts.join('|')
}

function written(branch: Branch): string {
  const ways = [...branch.next].map(([unit, next]) => unit + written(next))
  if (branch.end !== null) ways.push(branch.end)
  return ways.length === 1 ? ways[0] as string : `(?:${ways.join('|')})`
}

/** The key under which a matched word is looked up. */
export const wordKey = (matched: string): string => matched.toLowerCase().replace(/[^a-z0-9/]/g, '')

export function compilePeople(entries: readonly PeopleEntry[]): People {
  const of = (part: PeopleEntry['part']): PeopleEntry[] => entries.filter((e) => e.part === part)
  const words = (part: PeopleEntry['part']): string[] => of(part).flatMap((e) => e.words)
  const roles = (part: PeopleEntry['part']): Map<string, string> => {
    const out = new Map<string, string>()
    for (const e of of(part)) for (const w of e.words) if (!out.has(wordKey(w))) out.set(wordKey(w), e.role ?? 'unknown')
    return out
  }
  const kinds = new Map<string, 'electronic' | 'approval' | 'label'>()
  for (const e of of('signing')) for (const w of e.words) kinds.set(wordKey(w), e.kind ?? 'approval')
  const nickname = new Map<string, number>()
  let group = 0
  for (const e of of('nickname')) {
    for (const line of e.words) {
      for (const name of line.split(' ')) nickname.set(name, group)
      group++
    }
  }
  return {
    entries,
    credential: new RegExp(source(words('credential')), 'g'), credentialRole: roles('credential'),
    label: new RegExp(source(words('label')), 'gi'), labelRole: roles('label'),
    specialty: new RegExp(source(words('specialty')), 'gi'), specialtyRole: roles('specialty'),
    signing: new RegExp(source(words('signing')), 'gi'), signingKind: kinds,
    notSigning: new RegExp(source(words('not-signing')), 'gi'),
    pending: new RegExp(source(words('pending')), 'gi'),
    dictated: new RegExp(source(words('dictated')), 'gi'),
    stamp: new RegExp(source(words('stamp')), 'gi'),
    notName: new Set(words('not-name').flatMap((w) => w.toLowerCase().split(' '))),
    notInitials: new Set(words('not-initials').flatMap((w) => w.split(' '))),
    nickname,
  }
}
