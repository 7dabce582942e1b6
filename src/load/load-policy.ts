// Reads dictionaries/policies and codes. May not: decide anything.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checklistSchema, policyHeadSchema, serviceSchema, settingsSchema, type Checklist, type Policy, type Service } from '../policy/policy.ts'
import { curesSchema, type CureKind } from '../policy/cure.ts'
import { suggestionsSchema, type SuggestionRule } from '../policy/suggestion.ts'
import { billingRulesSchema, codesSchema, errataSchema, type BillingRule, type Erratum } from '../policy/rules.ts'
import { z } from 'zod'
import { readYaml } from './read-yaml.ts'

/** Every policy below `dictionaries/policies`, in order of payer and name. @throws DictionaryFault */
export function loadPolicies(dictionaries: string): Policy[] {
  const root = join(dictionaries, 'policies')
  const codes = new Map(readYaml(join(dictionaries, 'codes.yaml'), codesSchema).map((c) => [c.code, c]))
  return readdirSync(root).sort().flatMap((payer) =>
    readdirSync(join(root, payer)).sort().map((name) => loadPolicy(join(root, payer, name), codes)))
}

function loadPolicy(folder: string, codes: Policy['codes']): Policy {
  const head = readYaml(join(folder, 'policy.yaml'), policyHeadSchema)
  const checklists: Checklist[] = []
  let services: Service[] = []
  let rules: BillingRule[] = []
  let errata: Erratum[] = []
  let cures: CureKind[] = []
  let suggestions: SuggestionRule[] = []
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.yaml')).sort()) {
    const path = join(folder, name)
    if (name === 'policy.yaml') continue
    if (name === 'services.yaml') services = readYaml(path, z.array(serviceSchema))
    else if (name === 'cures.yaml') cures = readYaml(path, curesSchema)
    else if (name === 'suggestions.yaml') suggestions = readYaml(path, suggestionsSchema)
    else if (name === 'errata.yaml') errata = readYaml(path, errataSchema)
    else if (name === 'rules.yaml') rules = readYaml(path, billingRulesSchema)
    else checklists.push(...(/^- /m.test(readFileSync(path, 'utf8').replace(/^#.*\n/gm, '').slice(0, 2)) ? readYaml(path, z.array(checklistSchema)) : [readYaml(path, checklistSchema)]))
  }
  return {
    id: head.policy, versions: head.versions.map((v) => v.version), history: head.versions, knownUntil: head['known-until'] ?? null, payers: head.payers, title: head.title,
    aliases: head.aliases ?? {}, denialCodes: head['denial-codes'] ?? [], denialCodesFrom: head['denial-codes-from'] ?? null, settings: head.settings ?? settingsSchema.parse({}), errata, checklists, services, cures, suggestions, rules, codes,
  }
}
