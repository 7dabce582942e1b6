// The general documentation checklist, once a claim. May not: decide a line.
import type { Policy } from '../policy/policy.ts'
import type { Chart } from './chart.ts'
import { checkRequirement } from './check.ts'
import type { Finding } from './review.ts'

export function checkClaim(chart: Chart, policy: Policy): Finding[] {
  return policy.checklists.filter((c) => c.codes.length === 0).flatMap((c) => c.requirements.map((r) => checkRequirement(r, { chart, line: null })))
}
