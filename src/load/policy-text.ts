// What reports say of requirements and codes, from the policy. May not: decide anything.
import type { Policy } from '../policy/policy.ts'
import type { PolicyText } from '../report/messages.ts'

export function policyText(policies: readonly Policy[]): PolicyText {
  const texts = new Map(policies.flatMap((p) => p.checklists.flatMap((c) => c.requirements.map((r) => [r.id, r] as const))))
  const labels = new Map(policies.flatMap((p) => [...p.codes.values()].map((c) => [c.code, c.label] as const)))
  const errata = new Map(policies.flatMap((p) => p.errata.map((e) => [e.id, { about: e.about, readAs: e['read-as'] }] as const)))
  return {
    requirement: (id) => {
      const r = texts.get(id)
      if (!r) return { asks: 'a record of the service itself', request: 'Send the note, report or treatment record of the service.', section: 'Disclaimer', item: 'documented' }
      return { asks: r.asks, request: r.request ?? '', section: r.cites.section, item: r.cites.item }
    },
    erratum: (id) => errata.get(id) ?? { about: '', readAs: '' },
    code: (code) => ({ label: labels.get(code) ?? code }),
  }
}
