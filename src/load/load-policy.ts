// Reads dictionaries/policies and codes. May not: decide anything.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checklistSchema, policyHeadSchema, serviceSchema, settingsSchema, type Checklist, type Policy, type Service } from '../policy/policy.ts'
import { curesSchema, type CureKind } from '../policy/cure.ts'
import { suggestionsSchema, type SuggestionRule } from '../policy/suggestion.ts'
import { billingRulesSchema, codesSchema, errataSchema, type BillingRule, type Erratum } from '../policy/rules.ts'
import { z } from 'zod'
import { DictionaryFault, readYaml } from './read-yaml.ts'

/** Every policy below `dictionaries/policies`, in order of payer and name. @throws DictionaryFault */
export function loadPolicies(dictionaries: string): Policy[] {
  const root = join(dictionaries, 'policies')
  const codes = new Map(readYaml(join(dictionaries, 'codes.yaml'), codesSchema).map((c) => [c.code, c]))
  return readdirSync(root).sort().flatMap((payer) =>
    readdirSync(join(root, payer)).sort().map((name) => loadPolicy(join(root, payer, name), codes)))
}

/** With `drafts` the texts by file name stand in for the files, or beside them. @throws DictionaryFault of all files together */
export function loadPolicy(folder: string, codes: Policy['codes'], drafts: ReadonlyMap<string, string> = new Map()): Policy {
  const faults: string[] = []
  const read = <S extends z.ZodType>(name: string, schema: S): z.infer<S> | null => {
    try {
      return readYaml(join(folder, name), schema, drafts.get(name))
    } catch (e) {
      if (!(e instanceof DictionaryFault)) throw e
      faults.push(e.message)
      return null
    }
  }
  const head = read('policy.yaml', policyHeadSchema)
  const checklists: Checklist[] = []
  let services: Service[] = []
  let rules: BillingRule[] = []
  let errata: Erratum[] = []
  let cures: CureKind[] = []
  let suggestions: SuggestionRule[] = []
  for (const name of policyFiles(folder, drafts)) {
    if (name === 'policy.yaml') continue
    if (name === 'services.yaml') services = read(name, z.array(serviceSchema)) ?? []
    else if (name === 'cures.yaml') cures = read(name, curesSchema) ?? []
    else if (name === 'suggestions.yaml') suggestions = read(name, suggestionsSchema) ?? []
    else if (name === 'errata.yaml') errata = read(name, errataSchema) ?? []
    else if (name === 'rules.yaml') rules = read(name, billingRulesSchema) ?? []
    else {
      const isList = /^- /m.test((drafts.get(name) ?? readFileSync(join(folder, name), 'utf8')).replace(/^#.*\n/gm, '').slice(0, 2))
      const one = isList ? null : read(name, checklistSchema)
      checklists.push(...(isList ? (read(name, z.array(checklistSchema)) ?? []) : one === null ? [] : [one]))
    }
  }
  if (head === null || faults.length > 0) throw new DictionaryFault(faults.join('\n'))
  return {
    id: head.policy, versions: head.versions.map((v) => v.version), history: head.versions, knownUntil: head['known-until'] ?? null, payers: head.payers, title: head.title,
    aliases: head.aliases ?? {}, denialCodes: head['denial-codes'] ?? [], denialCodesFrom: head['denial-codes-from'] ?? null, settings: head.settings ?? settingsSchema.parse({}), errata, checklists, services, cures, suggestions, rules, codes,
  }
}

/** Names of the files of a policy, those of a draft among them. */
export const policyFiles = (folder: string, drafts: ReadonlyMap<string, string> = new Map()): string[] =>
  [...new Set([...readdirSync(folder).filter((n) => n.endsWith('.yaml')), ...drafts.keys()])].sort()
