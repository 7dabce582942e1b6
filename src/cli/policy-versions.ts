// `vouch policy diff` and `vouch policy replay`: what another text of the policy changes. May not: change a dictionary or a stored answer.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecords } from '../document/read-records.ts'
import type { Policy } from '../policy/policy.ts'
import { toContract, type LineJson, type ReviewJson } from '../report/contract.ts'
import { policyDiffs, type PolicyDiff } from '../report/policy-diff.ts'
import { reviewClaim, type Knowledge } from '../review-claim.ts'
import { findClaims } from './find-claims.ts'
import { InputFault } from './fault.ts'
import { policyText } from '../load/policy-text.ts'
import { readClaim } from './read-claim.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

// ---- diff -------------------------------------------------------------------------------------------------------------------------

/** @throws InputFault for what is no date. */
export function diffPolicies(policies: readonly Policy[], a: string, b: string): PolicyDiff[] {
  for (const day of [a, b]) if (!DAY.test(day)) throw new InputFault(`${day}: a version or a day of service is written YYYY-MM-DD.`)
  return policyDiffs(policies, a, b)
}

export function diffToText(diffs: readonly PolicyDiff[]): string {
  return diffs.map((d) => {
    const out = [`${d.policy}: text of ${d.from} against text of ${d.to}`]
    if (d.from === d.to) out.push('  One and the same text holds on both days.')
    for (const t of d.texts) out.push(`  ${t.version}  ${t.changed}${t.effective === 'assumed' ? ' (taken to hold from its publication)' : ''}`)
    if (d.rules.length > 0) out.push('', '  Billing rules')
    for (const r of d.rules) {
      out.push(`    ${r.id} ${r.change}`)
      if (r.before !== null) out.push(`        before: ${r.before}`)
      if (r.after !== null) out.push(`        after:  ${r.after}`)
    }
    if (d.denialCodes.before.join() !== d.denialCodes.after.join()) out.push('', `  Denial codes for frequency: ${d.denialCodes.before.join(', ') || 'none'} before, ${d.denialCodes.after.join(', ') || 'none'} after`)
    if (d.codes.length > 0) out.push('', '  Codes that change between these days')
    for (const c of d.codes) out.push(`    ${c.code}  ${c.on}  ${c.kind.padEnd(9)} ${c.sure.padEnd(11)} ${c.says}${c['replaced-by'] ? ` (see ${c['replaced-by'].join(', ')})` : ''}`)
    return `${out.join('\n')}\n`
  }).join('\n')
}

// ---- replay -----------------------------------------------------------------------------------------------------------------------

type Told = Pick<LineJson, 'determination' | 'unitsSupported' | 'policyVersion'> & { readonly rules: readonly { readonly id: string; readonly effect: string; readonly explanation: string }[] }

export interface ReplayedLine {
  readonly line: number
  readonly code: string
  readonly serviceDate: string
  readonly before: Told
  readonly after: Told
  /** Rules that fire under one text alone, with their sentence. */
  readonly why: readonly string[]
}

export interface Replayed {
  readonly folder: string
  readonly claimId: string
  /** `stored`: the review.json of the folder; `made`: reviewed now by the text in force on each day. */
  readonly past: 'stored' | 'made'
  readonly lines: number
  readonly changed: readonly ReplayedLine[]
}

/** Reviews every claim below the folders under another text of the policy and says which lines change. @throws InputFault */
export async function replayPolicy(folders: readonly string[], version: string, knowledge: Knowledge, onClaim: (replayed: Replayed) => void = () => undefined): Promise<Replayed[]> {
  const known = knowledge.policies.flatMap((p) => p.versions)
  if (!known.includes(version)) throw new InputFault(`${version}: no policy has a text of this date; known are ${[...new Set(known)].sort().join(', ')}.`)
  const claims = await findClaims(folders)
  if (claims.length === 0) throw new InputFault(`no claim below ${folders.join(', ')}: a claim is a folder with claim.json and records/.`)
  const texts = policyText(knowledge.policies)
  const out: Replayed[] = []
  for (const folder of claims) {
    const claim = await readClaim(join(folder, 'claim.json'))
    const records = await readRecords([join(folder, 'records')])
    const after = toContract(reviewClaim(claim, records, knowledge, version), texts)
    const stored = storedReview(join(folder, 'review.json'))
    const before = stored ?? toContract(reviewClaim(claim, records, knowledge), texts)
    const replayed: Replayed = { folder, claimId: claim.claimId, past: stored ? 'stored' : 'made', lines: after.lines.length, changed: after.lines.flatMap((l) => compare(before.lines.find((o) => o.line === l.line), l)) }
    out.push(replayed)
    onClaim(replayed)
  }
  return out
}

function storedReview(path: string): Pick<ReviewJson, 'lines'> | null {
  if (!existsSync(path)) return null
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as Partial<ReviewJson>
    if (json.schema !== 'vouch/review@1' || !Array.isArray(json.lines)) throw new Error('shape')
    return { lines: json.lines }
  } catch {
    throw new InputFault(`${path}: is no answer of vouch review --format json; remove it or make it anew.`)
  }
}

function compare(before: LineJson | undefined, after: LineJson): ReplayedLine[] {
  if (!before) return []
  const firing = (l: LineJson): string => l.rules.map((r) => `${r.id} ${r.effect}`).sort().join()
  if (before.determination === after.determination && before.unitsSupported === after.unitsSupported && firing(before) === firing(after)) return []
  const only = (a: LineJson, b: LineJson): LineJson['rules'] => a.rules.filter((r) => !b.rules.some((o) => o.id === r.id && o.effect === r.effect))
  const told = (l: LineJson): Told => ({ determination: l.determination, unitsSupported: l.unitsSupported, policyVersion: l.policyVersion, rules: l.rules.map((r) => ({ id: r.id, effect: r.effect, explanation: r.explanation })) })
  const why = [
    ...only(before, after).map((r) => `${r.id} no longer ${r.effect === 'deny' ? 'denies' : r.effect === 'limit' ? 'limits' : 'speaks'}: ${r.explanation}`),
    ...only(after, before).map((r) => `${r.id} now ${r.effect === 'deny' ? 'denies' : r.effect === 'limit' ? 'limits' : 'speaks'}: ${r.explanation}`),
  ]
  const statuses = after.requirements.flatMap((r) => {
    const old = before.requirements.find((o) => o.id === r.id)
    return old && old.status !== r.status ? [`${r.id} was ${old.status}, is ${r.status}`] : []
  })
  return [{ line: after.line, code: after.code, serviceDate: after.serviceDate, before: told(before), after: told(after), why: [...why, ...statuses] }]
}

export function replayToText(replayed: readonly Replayed[], version: string): string {
  const changed = replayed.flatMap((r) => r.changed)
  const out = replayed.filter((r) => r.changed.length > 0).flatMap((r) => [
    `${r.claimId} (${r.folder})${r.past === 'stored' ? ', against the stored answer' : ''}`,
    ...r.changed.flatMap((l) => [
      `  line ${l.line} ${l.code} of ${l.serviceDate}: ${l.before.determination} (${l.before.unitsSupported} units, text of ${l.before.policyVersion}) → ${l.after.determination} (${l.after.unitsSupported} units)`,
      ...l.why.map((w) => `      ${w}`),
    ]),
  ])
  const lines = replayed.reduce((n, r) => n + r.lines, 0)
  return `${[...out, ...(out.length > 0 ? [''] : []), `Text of ${version}: ${changed.length} of ${lines} lines change in ${replayed.length} claims.`].join('\n')}\n`
}
