// Every example that the policies carry, one test a requirement and a rule. May not: hold examples of its own.
import { describe, expect, it } from 'vitest'
import { failingRequirement, failingRule, failingSuggestion } from '../../src/examples/run-examples.ts'
import { dictionariesFolder, loadKnowledge } from '../../src/load/load-knowledge.ts'
import type { Requirement } from '../../src/policy/policy.ts'

const knowledge = loadKnowledge(dictionariesFolder(), 'test')

/** Of the statuses some stand for every requirement of a class; of `cond` one that is not met is enough, as its condition may be its test. */
const NEEDED: Readonly<Record<Requirement['class'], readonly (readonly (keyof Requirement['examples'])[])[]>> = {
  core: [['met'], ['not-met']], req: [['met'], ['not-met']], cond: [['met'], ['not-met', 'not-applicable']], x: [['triggered'], ['clear']],
}

for (const policy of knowledge.policies) {
  describe(policy.id, () => {
    for (const list of policy.checklists) {
      for (const requirement of list.requirements) {
        it(requirement.id, () => {
          expect(failingRequirement(list, requirement, knowledge).failing).toEqual([])
        })
      }
    }
    for (const rule of policy.rules) {
      it(rule.id, () => {
        expect(failingRule(rule, policy, knowledge).failing).toEqual([])
      })
    }

    for (const rule of policy.suggestions) {
      it(`suggests by ${rule.id}`, () => {
        expect(failingSuggestion(rule, policy, knowledge).failing).toEqual([])
      })
    }

    it('has examples on both sides of every requirement', () => {
      const lacking = policy.checklists.flatMap((c) => c.requirements).flatMap((r) =>
        NEEDED[r.class].filter((oneOf) => !oneOf.some((status) => (r.examples[status]?.length ?? 0) > 0)).map((oneOf) => `${r.id}: no ${oneOf.join(' or ')}`))
      expect(lacking).toEqual([])
    })

    it('has a claim for and a claim against every rule', () => {
      const lacking = policy.rules.filter((r) => r.id.startsWith('R')).filter((r) => r.examples.fires.length === 0 || r.examples.silent.length === 0).map((r) => r.id)
      expect(lacking).toEqual([])
    })
  })
}
