// Says which concepts, note types and roles a policy names that nobody knows. May not: forgive one.
import { NOTE_TYPES, ROLES } from '../note/note.ts'
import type { Policy } from '../policy/policy.ts'

const CONCEPTS = new Set(['find', 'with', 'without', 'of'])
const TYPES = new Set(['in', 'not-in', 'prefer', 'note', 'where'])

/** A sentence for each unknown word, naming the requirement that uses it. */
export function unknownWords(policy: Policy, concepts: ReadonlySet<string>): string[] {
  const out: string[] = []
  const look = (owner: string, value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const v of value) {
        if (typeof v !== 'string') look(owner, v, '')
        else if (CONCEPTS.has(key) && !concepts.has(v)) out.push(`${owner}: there is no concept «${v}»`)
        else if (TYPES.has(key) && !(NOTE_TYPES as readonly string[]).includes(v)) out.push(`${owner}: there is no note type «${v}»`)
        else if (key === 'by' && !(ROLES as readonly string[]).includes(v)) out.push(`${owner}: there is no role «${v}»`)
      }
    } else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) look(owner, v, k)
  }
  for (const list of policy.checklists) {
    for (const w of list['codes-where'] ?? []) look(list.id, w.when, '')
    for (const r of list.requirements) look(r.id, { test: r.test, when: r.when, where: r.where }, '')
  }
  const kinds = new Set(policy.cures.map((c) => c.id))
  const cured = (owner: string, names: readonly (string | undefined)[]): void => {
    for (const n of names) if (n !== undefined && !kinds.has(n)) out.push(`${owner}: there is no kind «${n}» in cures.yaml`)
  }
  for (const c of policy.cures) cured(c.id, c.also ?? [])
  for (const r of policy.checklists.flatMap((c) => c.requirements)) cured(r.id, [r.cure?.kind, ...Object.values(r.cure?.parts ?? {})])
  for (const s of policy.services) cured(s.label, [s.cure?.kind])
  for (const s of policy.services) look(s.label, { test: s.test, where: s.where }, '')
  for (const s of policy.suggestions) {
    look(s.id, [s.shows, s.unless ?? []], '')
    for (const code of s.codes) if (!policy.codes.has(code)) out.push(`${s.id}: there is no code «${code}»`)
  }
  // `by` of an exclusion names codes; only the tests of the policy language are looked at.
  for (const r of policy.rules) {
    if ('record' in r.test) look(r.id, [r.test.record.shows, r.test.record.evaluable?.when ?? []], '')
    if ('level' in r.test) for (const s of r.test.level.steps) look(r.id, [s.any, s.all ?? [], (r.test.level.stated ?? []).map((x) => x.shows)], '')
  }
  return out
}
