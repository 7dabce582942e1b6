// `vouch policy list|show|check|link|page`. May not: change a dictionary; keep the operator's copy of a policy.
import { join } from 'node:path'
import { readRecords } from '../document/read-records.ts'
import { failingDictionaries } from '../examples/run-examples.ts'
import { loadKnowledge } from '../load/load-knowledge.ts'
import { holdsIn, versionOn, type Policy } from '../policy/policy.ts'
import { copyPassages } from '../report/policy-copy.ts'
import type { CopyPassage } from '../report/policy-page.ts'
import { InputFault } from './fault.ts'

export function listPolicies(policies: readonly Policy[]): string {
  return policies.map((p) => {
    const requirements = p.checklists.reduce((n, c) => n + c.requirements.length, 0)
    return `${p.id}\n  ${p.title}\n  payers: ${p.payers.join(', ')}\n  versions: ${p.versions.join(', ')}\n  ${p.checklists.length} checklists, ${requirements} requirements, ${p.rules.length} billing rules, ${p.codes.size} codes\n`
  }).join('\n')
}

/** @throws InputFault for a code no checklist or service knows, or a bad date. */
export function showPolicy(policies: readonly Policy[], code: string | undefined, date: string | undefined): string {
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new InputFault(`${date}: a date is written YYYY-MM-DD.`)
  const out: string[] = []
  for (const p of policies) {
    const wanted = code === undefined ? undefined : (p.aliases[code.toUpperCase()] ?? code.toUpperCase())
    const lists = p.checklists.filter((c) => wanted === undefined || c.codes.includes(wanted) || (c['codes-where'] ?? []).some((w) => w.codes.includes(wanted)) || c.id === wanted)
    const services = p.services.filter((s) => wanted !== undefined && s.codes.includes(wanted))
    if (lists.length === 0 && services.length === 0 && wanted !== undefined) continue
    out.push(`${p.id}, text of ${versionOn(p, date ?? '9999-12-31')}${date === undefined ? '' : ` for ${date}`}`)
    if (wanted !== undefined && code?.toUpperCase() !== wanted) out.push(`${code?.toUpperCase()} is reported as ${wanted}.`)
    for (const c of lists) {
      out.push('', `${c.label} (${c.codes.join(', ') || 'every claim'})`)
      for (const r of c.requirements) out.push(`  ${r.id.padEnd(30)} ${r.class.padEnd(5)} ${r.asks}  [${r.cites.section}, ${r.cites.item}]`)
    }
    for (const s of services) out.push('', `${s.label} (${s.codes.join(', ')})`, `  ${'service.documented'.padEnd(30)} core  ${s.asks}`)
    if (wanted !== undefined) {
      const day = date ?? '9999-12-31'
      const rules = p.rules.filter((r) => JSON.stringify(r.test).includes(`"${wanted}"`) && holdsIn(r, versionOn(p, day)) && (date === undefined || ((r.from ?? '') <= day && (r.until ?? day) >= day)))
      if (rules.length > 0) out.push('', 'Billing rules')
      for (const r of rules) out.push(`  ${r.id}  ${r.effect.padEnd(6)} ${r.says}`)
    }
    out.push('')
  }
  if (out.length === 0) throw new InputFault(`${code}: no policy has a checklist or service for this code; see vouch policy list.`)
  return `${out.join('\n')}\n`
}

/** Loads all dictionaries and runs every example. */
export function checkPolicies(folder: string, engine: string): { output: string; faults: number } {
  const knowledge = loadKnowledge(folder, engine)
  const { ran, failing } = failingDictionaries(join(folder), knowledge)
  return { output: `${failing.map((f) => `${f}\n`).join('')}${ran} examples, ${failing.length} failing\n`, faults: failing.length }
}

/** Passages of the operator's own copy. @throws InputFault where it cannot be read or holds none of what is cited */
export async function linkCopy(policies: readonly Policy[], file: string): Promise<CopyPassage[]> {
  const { documents } = await readRecords([file])
  const passages = policies.flatMap((p) => copyPassages(p, documents))
  if (passages.length === 0) throw new InputFault(`${file}: none of the sections that the policy's requirements cite was found in it; give the payer's own text of the policy.`)
  return passages
}

export function linkedToText(policies: readonly Policy[], passages: readonly CopyPassage[]): string {
  const out = policies.flatMap((p) => p.checklists.flatMap((c) => c.requirements.map((r) => {
    const passage = passages.find((one) => one.id === r.id)
    return `${r.id}: ${r.asks}\n  ${passage === undefined ? 'not found in your copy' : `“${passage.text}”\n  page ${passage.page}, under “${passage.heading}”`}\n`
  })))
  const of = policies.reduce((n, p) => n + p.checklists.reduce((m, c) => m + c.requirements.length, 0), 0)
  return `${out.join('\n')}\n${passages.length} of ${of} requirements found in your copy.\n`
}
