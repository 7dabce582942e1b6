// A policy as a page to be read: its requirements and rules with their citations. May not: hold the payer's own sentences; read files.
import type { Policy } from '../policy/policy.ts'
import type { Outlook } from '../policy/cure.ts'

export interface PolicyRequirement {
  readonly id: string
  readonly class: 'core' | 'req' | 'cond' | 'x'
  readonly asks: string
  readonly request: string
  readonly section: string
  readonly item: string
  readonly where: readonly string[]
  /** Kind of content, for what can be mended. */
  readonly kind: string | null
}

export interface PolicyPage {
  readonly id: string
  readonly title: string
  readonly payers: readonly string[]
  readonly versions: readonly { readonly version: string; readonly changed: string; readonly effective: string }[]
  readonly knownUntil: string | null
  readonly checklists: readonly { readonly id: string; readonly label: string; readonly codes: readonly string[]; readonly requirements: readonly PolicyRequirement[] }[]
  readonly services: readonly { readonly label: string; readonly codes: readonly string[]; readonly asks: string }[]
  readonly rules: readonly { readonly id: string; readonly effect: string; readonly says: string; readonly section: string; readonly item: string; readonly holds: string }[]
  readonly errata: readonly { readonly id: string; readonly about: string; readonly readAs: string }[]
  readonly settings: readonly { readonly name: string; readonly value: string }[]
}

/** Words of the operator's own copy beside a requirement or rule. */
export interface CopyPassage { readonly id: string; readonly page: number; readonly heading: string; readonly text: string }

export function policyPage(policy: Policy): PolicyPage {
  const item = (value: string | number): string => `${value}`
  return {
    id: policy.id, title: policy.title, payers: policy.payers, knownUntil: policy.knownUntil, versions: policy.history.map((v) => ({ ...v })),
    checklists: policy.checklists.map((c) => ({
      id: c.id, label: c.label, codes: [...c.codes, ...(c['codes-where'] ?? []).flatMap((w) => w.codes.map((code) => `${code} from ${w.from}`))],
      requirements: c.requirements.map((r) => ({ id: r.id, class: r.class, asks: r.asks, request: r.request ?? '', section: r.cites.section, item: item(r.cites.item), where: r.where ?? [], kind: r.cure?.kind ?? null })),
    })),
    services: policy.services.map((s) => ({ label: s.label, codes: s.codes, asks: s.asks })),
    rules: policy.rules.map((r) => ({
      id: r.id, effect: r.effect, says: r.says, section: r.cites.section, item: item(r.cites.item),
      holds: [r['text-from'] === undefined ? '' : `from the text of ${r['text-from']}`, r['text-until'] === undefined ? '' : `until the text of ${r['text-until']}`, r.from === undefined ? '' : `for services from ${r.from}`, r.until === undefined ? '' : `for services until ${r.until}`].filter((p) => p !== '').join(', '),
    })),
    errata: policy.errata.map((e) => ({ id: e.id, about: e.about, readAs: e['read-as'] })),
    settings: Object.entries(policy.settings).map(([name, value]) => ({ name, value: `${value}` })),
  }
}

export const CLASS_WORDS: Readonly<Record<PolicyRequirement['class'], string>> = { core: 'core', req: 'required', cond: 'where it applies', x: 'excludes' }
export const OUTLOOK_NAMES: Readonly<Record<Outlook, string>> = { curable: 'can be mended', 'if-it-exists': 'if it exists', 'correct-the-claim': 'on the claim', 'not-curable': 'cannot be mended' }
