// Which slips of the policy's text touch lines of a claim. May not: change a result.
import type { Claim } from '../claim/claim.ts'
import type { Erratum } from '../policy/rules.ts'
import type { ErratumFact, LineDetermination } from './review.ts'

export function errataOf(errata: readonly Erratum[], claim: Claim, lines: readonly LineDetermination[]): ErratumFact[] {
  return errata.flatMap((e) => {
    if (e.form !== undefined && e.form !== claim.claimForm) return []
    const touched = lines.filter((l) => (e.from === undefined || l.line.serviceDate >= e.from)
      && (e.codes.includes(l.line.code) || (l.reportedCode !== null && e.codes.includes(l.reportedCode)) || l.rules.some((r) => e.rules.includes(r.id) && (r.denialCodes.length > 0 || e.codes.length === 0))))
    return touched.length === 0 ? [] : [{ id: e.id, lines: touched.map((l) => l.line.line) }]
  })
}
