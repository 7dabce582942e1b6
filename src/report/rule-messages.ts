// Sentences on rules that could not be put, remarks, levels, courses, differences and dates. May not: decide anything; print.
import type { RuleInput } from '../policy/rules.ts'
import type { Difference, LevelShown, LineDetermination, RemarkTopic, RuleGap, RuleRemark } from '../review/review.ts'
import { ruleText } from './messages.ts'
import { fill, inSentence, joinAnd } from './plain.ts'

// What is missing, as it stands after "because".
const MISSING: Readonly<Record<RuleInput, string>> = {
  claim: 'the claim does not say enough',
  history: 'no history of paid claims was given',
  records: 'no record of this course was received',
  fractions: 'the records received give no fractions of the course',
  fields: 'the records received do not say how many fields, ports or arcs there are, or how they are shaped',
  energies: 'the records received give no beam energy',
  devices: 'the records received describe no device',
  measurements: 'the records received give no measurements',
  target: 'the records received do not say whether the target is in the head',
  checklist: 'the checklist of the line could not be answered',
  authorization: 'the claim says nothing of authorizations',
  'photon-comparison': 'the records received compare no photon plan',
  'readable-pages': 'it may stand on a page that could not be read',
}

export const missingWords = (missing: readonly RuleInput[]): string => joinAnd(missing.map((m) => MISSING[m]))

export const explainGap = (gap: RuleGap): string => `${gap.id} could not be checked, because ${missingWords(gap.missing)} (policy section “${ruleText(gap.id).section}”).`

const REMARKS: Readonly<Record<RemarkTopic, string>> = {
  remainder: 'One unit is for a remainder of fewer than five fractions ({counted} in all); the policy does not say whether it counts, and it is accepted here',
  'same-course-other-day': '{codes} of the same course is billed on another day; the policy speaks of services billed together, so nothing is denied',
  'literal-reading': 'The policy names several features together; the record shows the level, and of the others not {facts}. Read literally the text would ask for all of them',
  'level-stated-only': 'The record itself calls the service by the level billed, and the features that it describes are those of {codes}',
  'once-a-day-not-named': '{codes} is billed more than once on the day ({counted}); the sentence on one payment a day does not name this code',
  'unspecified-by-manual': 'The diagnosis ({codes}) is unspecified by its description; the policy would deny it, the payer’s manual is narrower and is followed here',
}

export function explainRemark(remark: RuleRemark): string {
  const says = fill(REMARKS[remark.topic], { counted: remark.counted === null ? null : `${remark.counted}`, codes: joinAnd(remark.codes), facts: joinAnd(remark.facts) })
  const section = ruleText(remark.id).section
  return `${says}${section === '' ? '' : ` (policy section “${section}”)`}.`
}

export function explainLevel(level: LevelShown): string {
  if (level.supported === null) return `The records received do not show the level of ${level.billed}: ${missingWords(level.missing)}.`
  const facts = level.facts.length === 0 ? '' : `: ${joinAnd(level.facts.map(inSentence))}`
  switch (level.against) {
    case 'as-billed': return `The records received show the level of ${level.billed}, as billed${facts}.`
    case 'lower': return `The records received show the level of ${level.supported}, lower than ${level.billed} as billed${facts}.`
    case 'higher': return `The records received show the level of ${level.supported}, higher than ${level.billed} as billed${facts}.`
    case 'unknown': return `The records received do not settle the level of ${level.billed}.`
  }
}

/** One sentence where the text applied is not known to be the one in force. */
export function explainBasis(line: Pick<LineDetermination, 'basis' | 'policyVersion' | 'line'>): string | null {
  switch (line.basis) {
    case 'in-force': return null
    case 'after-last-known': return `Judged by the policy text of ${line.policyVersion}, the last one known; a later text may hold on ${line.line.serviceDate}.`
    case 'before-first-known': return `Judged by the policy text of ${line.policyVersion}, the first one known; another text may have held on ${line.line.serviceDate}.`
  }
}

const SURE = { verified: 'read at an authority', reported: 'reported by secondary sources, not read at an authority', conflicting: 'sources disagree' } as const

export function explainChange(code: string, change: NonNullable<LineDetermination['codeChange']>): string {
  const instead = change['replaced-by'] ?? []
  const what = { deleted: 'deleted', redefined: 'redefined', new: 'new', unsettled: 'of unsettled status' }[change.kind]
  return `${code} is ${what} ${change.kind === 'new' ? 'from' : 'as of'} ${change.on}: ${inSentence(change.says)}${instead.length === 0 ? '' : `; see ${joinAnd(instead)}`} (${SURE[change.sure]}).`
}

const DIFFERENCES: Readonly<Record<Difference['kind'], string>> = {
  units: 'The claim bills {claim}; the chart records {chart}',
  'not-delivered': 'The claim bills delivery ({claim}); the chart says that it was not given: {chart}',
  date: 'The claim dates the service {claim}; the chart dates it {chart}',
  laterality: 'The diagnosis on the claim names the {claim} side; the chart treats the {chart} side',
  diagnosis: 'The claim gives the diagnosis {claim}; the chart prints {chart}',
  'course-total': 'Over the course the claim and its history bill {claim}; the chart gives {chart}',
}

export function explainDifference(difference: Difference): string {
  const at = difference.chart.evidence[0]
  const says = fill(DIFFERENCES[difference.kind], { claim: difference.claim.value, chart: difference.chart.value })
  return `${says}${difference.line === null ? '' : ` (line ${difference.line})`}${at === undefined ? '' : ` (${at.file} p. ${at.page})`}.`
}
