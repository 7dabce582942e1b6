// Finds names of people with a title or credentials. May not: say who signed.
import type { Span } from '../base/span.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import { wordKey } from '../dictionary/people-dictionary.ts'
import { ROLES, type Role } from './note.ts'

/** The whole `Dr. Jane Roe, MD, PhD` with the name alone inside. */
export interface PersonMention extends Span {
  readonly name: string
  readonly nameSpan: Span
  /** As printed, in order. */
  readonly credentials: readonly string[]
  readonly role: Role
}

const NAME_WORD = "\\p{Lu}[\\p{L}'’-]*[\\p{L}]"
const INITIAL = '\\p{Lu}\\.?'
const PARTICLE = '(?:van|von|der|den|de|del|della|di|da|la|le|al|bin|ibn|ter|dos|VAN|VON|DER|DE|LA)'
const GIVEN = `(?:${NAME_WORD}|${INITIAL})`
const SUFFIX = '(?:,? (?:Jr|Sr|JR|SR|II|III|IV)\\.?)?'
/** `First M. van Last Jr.`, `F. Last`, `F.Last`; at most three given names. */
const DIRECT = `(?:${GIVEN} ){0,3}(?:${INITIAL})?(?:${PARTICLE} ){0,2}${NAME_WORD}${SUFFIX}`
/** `Last, First M.` */
const TURNED = `(?:${PARTICLE} ){0,2}${NAME_WORD}(?: ${NAME_WORD})?${SUFFIX}, ?${GIVEN}(?: ${INITIAL}(?![\\p{L}]))?`
const BEFORE = new RegExp(`(?:(?<turned>${TURNED})|(?<direct>${DIRECT}))(?<gap> ?[,:(] ?| )$`, 'u')
export const NAME_HERE = new RegExp(`(?<turned>${TURNED})|(?<direct>${DIRECT})`, 'uy')
const TITLE = /\b(?:Dr|DR|Drs|Doctor|Prof)\b\.?[ \t]+/g
const MORE_GAP = /^(?:[, /]{1,3}\(?|\)?[, ]{1,2})$/

/** Longest stretch before a credential in which a name is looked for, in code units. */
const REACH = 64

export const asRole = (role: string | undefined): Role => (ROLES as readonly string[]).includes(role ?? '') ? role as Role : 'unknown'

/** Roles of letters after a name: the most telling one wins (`MD, PhD` is a physician; `MS, DABR` a physicist; `MS, RN` a nurse). */
const RANK: readonly Role[] = ['physician', 'surgeon', 'neurosurgeon', 'advanced-practitioner', 'nurse', 'dosimetrist', 'therapist', 'physicist']

export function roleOfCredentials(credentials: readonly string[], people: People): Role {
  const roles = credentials.map((c) => asRole(people.credentialRole.get(wordKey(c))))
  for (const role of RANK) if (roles.includes(role)) return role
  return 'unknown'
}

/** Cuts words from the front that are labels or verbs (`Signed`, `Attending`), not names; null where nothing is left. */
export function trimName(printed: string, people: People): { readonly name: string; readonly from: number } | null {
  let from = 0
  const words = /[^\s,]+/g
  let last = ''
  let count = 0
  for (let m = words.exec(printed); m; m = words.exec(printed)) {
    const bare = /^\p{Lu}\.$/u.test(m[0]) ? '' : m[0].replace(/[.:]+$/, '').toLowerCase()
    if (people.notName.has(bare)) {
      from = m.index + m[0].length
      count = 0
    } else {
      last = m[0]
      count++
    }
  }
  while (from < printed.length && /[\s,:.]/.test(printed[from] as string)) from++
  const name = printed.slice(from)
  return count > 0 && last !== '' && /\p{L}{2}/u.test(name) ? { name, from } : null
}

function nameBefore(text: string, low: number, at: number, people: People): Span | null {
  const from = Math.max(low, at - REACH)
  const window = text.slice(from, at)
  const m = BEFORE.exec(window)
  if (!m) return null
  // A window cut inside a word would make a wrong first word.
  const printed = (m.groups?.['turned'] ?? m.groups?.['direct']) as string
  const startsAt = from + m.index
  if (startsAt > low && /[\p{L}\p{N}]/u.test(text[startsAt - 1] as string)) return null
  const trimmed = trimName(printed, people)
  if (!trimmed) return null
  const start = startsAt + trimmed.from
  return { start, end: start + trimmed.name.length }
}

/** A short ambiguous credential (`DO`, `MS`, `NP`, `RT`) must be set off from running words. */
function setOff(text: string, hit: string, nameEnd: number, at: number, after: number): boolean {
  if (!/^(?:DO|MS|NP|RT|MA|BS|PA|RD|CMD|SC)$/.test(hit)) return true
  const comma = text.slice(nameEnd, at).includes(',') || text[at - 1] === '('
  const rest = text.slice(after, after + 3)
  const closed = rest === '' || /^(?:[,.;:)\n\r\t|]|\s*$|\s?[-–—(\d]|[ ]{2})/.test(rest) || /^ (?:on|at|D|M|P|C|s)/.test(text.slice(after, after + 3))
  return hit === 'MS' || hit === 'RT' || hit === 'PA' || hit === 'MA' || hit === 'BS' ? comma || closed : comma || closed
}

/** People of `text[start, end)`, in text order, not overlapping. */
export function findPeople(text: string, start: number, end: number, people: People): PersonMention[] {
  const slice = start === 0 && end === text.length ? text : text.slice(start, end)
  const out: PersonMention[] = []
  const credential = new RegExp(people.credential.source, 'g')
  let taken = 0
  for (let m = credential.exec(slice); m; m = credential.exec(slice)) {
    if (m.index < taken) continue
    const near = Math.max(taken, m.index - REACH - 8)
    const lineStart = near + slice.slice(near, m.index).lastIndexOf('\n') + 1
    const name = nameBefore(slice, lineStart, m.index, people)
    if (!name) continue
    const credentials = [m[0]]
    let stop = m.index + m[0].length
    if (slice[m.index - 1] === '(' && slice[stop] === ')') stop++
    for (;;) {
      credential.lastIndex = stop
      const more = credential.exec(slice)
      if (!more || more.index - stop > 3 || !MORE_GAP.test(slice.slice(stop, more.index))) break
      credentials.push(more[0])
      stop = more.index + more[0].length
    }
    credential.lastIndex = stop
    if (credentials.length === 1 && !setOff(slice, m[0], name.end, m.index, stop)) continue
    let from = name.start
    const title = /(?:Dr|DR|Prof)\.? $/.exec(slice.slice(Math.max(lineStart, from - 6), from))
    if (title) from -= title[0].length
    out.push({
      start: start + from, end: start + stop, name: slice.slice(name.start, name.end), nameSpan: { start: start + name.start, end: start + name.end },
      credentials, role: roleOfCredentials(credentials, people),
    })
    taken = stop
  }
  const titled = new RegExp(TITLE.source, 'g')
  let next = 0
  const known = out.length
  for (let m = titled.exec(slice); m; m = titled.exec(slice)) {
    while (next < known && (out[next] as PersonMention).end <= start + m.index) next++
    const other = next < known ? out[next] : undefined
    if (other && other.start <= start + m.index + m[0].length && other.end > start + m.index) continue
    const name = nameHere(slice, m.index + m[0].length, slice.length, people)
    if (!name || (other && start + name.end > other.start)) continue
    out.push({
      start: start + m.index, end: start + name.end, name: slice.slice(name.start, name.end),
      nameSpan: { start: start + name.start, end: start + name.end }, credentials: [], role: m[0].startsWith('Prof') ? 'unknown' : 'physician',
    })
  }
  return out.length === known ? out : out.sort((a, b) => a.start - b.start)
}

/** The name that begins exactly at `at`; ends before a word that is no name (`Reviewed`, `Radiation`). */
export function nameHere(text: string, at: number, end: number, people: People): Span | null {
  const window = text.slice(at, Math.min(end, at + REACH))
  NAME_HERE.lastIndex = 0
  const m = NAME_HERE.exec(window)
  if (!m) return null
  const words = /[^\s,]+/g
  let stop = 0
  for (let w = words.exec(m[0]); w; w = words.exec(m[0])) {
    if (!/^\p{Lu}\.$/u.test(w[0]) && people.notName.has(w[0].replace(/[.:]+$/, '').toLowerCase())) break
    stop = w.index + w[0].length
  }
  if (stop === 0 || !/\p{L}{2}/u.test(window.slice(0, stop))) return null
  return { start: at, end: at + stop }
}
