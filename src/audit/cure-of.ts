// What can still be done about an open requirement, from the policy's own data. May not: decide whether it is open; hold a case of its own.
import type { Cure, CureKind, CureMeans, OpenReason, Outlook } from '../policy/cure.ts'
import { NOTE_NAMES } from './note-names.ts'
import type { Policy } from '../policy/policy.ts'

export interface OpenFinding {
  readonly id: string
  readonly status: string
  readonly reason: string
  readonly found: readonly string[]
  readonly missing: readonly string[]
}

export interface Way { readonly means: CureMeans; readonly says: string; readonly source: string }
export interface Bar { readonly says: string; readonly source: string }
export interface Cured {
  readonly outlook: Outlook
  /** What can be done, the surest first. */
  readonly ways: readonly Way[]
  /** What cannot. */
  readonly barred: readonly Bar[]
  /** What a query asks about. */
  readonly topic: string
}

const DEFAULT: Cure = { kind: 'delivery', topic: 'the service of this day' }
/** Written today, by whoever may. */
const WRITTEN = new Set<CureMeans>(['attestation', 'signature-log', 'addendum', 'clarification'])
const ORDER: readonly CureMeans[] = ['attestation', 'signature-log', 'clarification', 'addendum', 'legible-copy', 'existing-document', 'claim-correction']
/** Of the parts of one requirement the worst decides. */
const WORST: readonly Outlook[] = ['not-curable', 'correct-the-claim', 'if-it-exists', 'curable']

/** `code` is that of the billed line: a service without a checklist says itself what it is. */
export function cureOf(policy: Policy, finding: OpenFinding, code: string | null): Cured {
  const cure = cureField(policy, finding.id, code)
  const named = finding.missing.flatMap((part) => (cure.parts?.[part] === undefined ? [] : [cure.parts[part] as string]))
  // A part of another kind is as good as silent; the requirement's own kind speaks where any part of it is missing.
  const own = finding.missing.length === 0 || named.length < finding.missing.length
  const asked = [...(own ? [{ kind: cure.kind, reason: finding.reason }] : []), ...[...new Set(named)].map((kind) => ({ kind, reason: finding.reason === 'parts-found' ? 'not-found' : finding.reason }))]
  const answers = asked.map((a) => ofKind(policy.cures, a.kind, { ...finding, reason: a.reason }))
  const outlook = WORST.find((o) => answers.some((a) => a.outlook === o)) ?? 'not-curable'
  const look = placesOf(policy, finding.id, code)
  return {
    outlook, topic: cure.topic,
    ways: unique(answers.flatMap((a) => a.ways)).sort((a, b) => ORDER.indexOf(a.means) - ORDER.indexOf(b.means)).map((w) => (w.means === 'existing-document' && look !== '' ? { ...w, says: `${w.says} ${look}` } : w)), barred: unique(answers.flatMap((a) => a.barred)),
  }
}

/** Where a person would look first, from the requirement's own `where`. */
function placesOf(policy: Policy, id: string, code: string | null): string {
  const where = policy.checklists.flatMap((c) => c.requirements).find((r) => r.id === id)?.where ?? policy.services.find((s) => code !== null && s.codes.includes(code))?.where ?? []
  const names = where.filter((w) => w !== 'unknown').map((w) => NOTE_NAMES[w as keyof typeof NOTE_NAMES] ?? w)
  return names.length === 0 ? '' : `Look first for: ${names.slice(0, 4).join(', ')}.`
}

const unique = <T extends { readonly says: string }>(all: readonly T[]): T[] => all.filter((a, i) => all.findIndex((o) => o.says === a.says) === i)

function cureField(policy: Policy, id: string, code: string | null): Cure {
  const requirement = policy.checklists.flatMap((c) => c.requirements).find((r) => r.id === id)
  return requirement?.cure ?? policy.services.find((s) => code !== null && s.codes.includes(code))?.cure ?? DEFAULT
}

/** What one kind of content says of a gap. */
export function ofKind(kinds: readonly CureKind[], id: string, gap: Pick<OpenFinding, 'status' | 'reason' | 'found'>): Pick<Cured, 'outlook' | 'ways' | 'barred'> {
  const all = withOthers(kinds, id)
  const fits = (entry: { readonly for?: readonly OpenReason[] | undefined; readonly status?: readonly string[] | undefined; readonly found?: readonly string[] | undefined }): boolean =>
    (entry.for === undefined || (entry.for as readonly string[]).includes(gap.reason)) && (entry.status === undefined || entry.status.includes(gap.status))
    && (entry.found === undefined || entry.found.some((f) => gap.found.includes(f)))
  const ways = all.flatMap((k) => k.ways).filter(fits).map(({ means, says, source }) => ({ means, says, source }))
  const barred = all.flatMap((k) => k.barred).filter(fits).map(({ says, source }) => ({ says, source }))
  const outlook: Outlook = ways.some((w) => WRITTEN.has(w.means)) ? 'curable'
    : ways.some((w) => w.means === 'existing-document' || w.means === 'legible-copy') ? 'if-it-exists'
      : ways.some((w) => w.means === 'claim-correction') ? 'correct-the-claim' : 'not-curable'
  return { outlook, ways, barred }
}

/** The kind and those whose ways hold for it too; a kind names others only, never itself again. */
function withOthers(kinds: readonly CureKind[], id: string, seen: ReadonlySet<string> = new Set()): CureKind[] {
  const kind = kinds.find((k) => k.id === id)
  if (!kind || seen.has(id)) return []
  return [kind, ...(kind.also ?? []).flatMap((other) => withOthers(kinds, other, new Set([...seen, id])))]
}
