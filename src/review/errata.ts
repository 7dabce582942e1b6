// Which slips of the policy's text touch lines of a claim. May not: change a result.
import type { Claim } from '../claim/claim.ts'
import type { Erratum } from '../policy/rules.ts'
import type { ErratumFact, LineDetermination } from './review.ts'

export function errataOf(errata: readonly Erratum[], claim: Claim, lines: readonly LineDetermination[]): ErratumFact[] {
  return errata.flatMap((e) => {
    if (e.form !== undefined && e.form !== claim.claimForm) return []
    const touched = lines.filter(({ line, reportedCode, rules }) =>
      (e.from === undefined || line.serviceDate >= e.from) && (e.until === undefined || line.serviceDate <= e.until)
      && (e.codes.includes(line.code) || (reportedCode !== null && e.codes.includes(reportedCode)) || rules.some((r) => e.rules.includes(r.id) && (!e['with-denial-codes'] || r.denialCodes.length > 0))))
    return touched.length === 0 ? [] : [{ id: e.id, lines: touched.map((l) => l.line.line) }]
  })
}
