// The rows of a review worksheet: what is asked, what the program says, and room for the reviewer. May not: know of Excel or PDF.
import type { ReviewJson } from './contract.ts'
import { decisionKey, effectiveOf, standing } from './effective.ts'
import type { FiledDecision } from './decisions-file.ts'
import { clean, upperFirst } from './plain.ts'
import { codeOf, daysOf, DETERMINATION_LABELS, EFFECT_LABELS, STATUS_LABELS, type Tone } from './words.ts'

export interface WorksheetRow {
  readonly target: 'line' | 'requirement' | 'rule'
  /** 0 for the claim as a whole. */
  readonly line: number
  readonly code: string
  readonly id: string
  readonly asks: string
  readonly cites: string
  readonly machine: string
  readonly machineWords: string
  readonly tone: Tone
  readonly explanation: string
  readonly places: string
  readonly quote: string
  /** What a reviewer may put in its place, in words. */
  readonly choices: readonly string[]
  /** What was decided already, in words; empty where nobody has. */
  readonly status: string
  readonly reason: string
  readonly note: string
}

export interface Worksheet {
  readonly claim: string
  readonly patient: string
  readonly provider: string
  readonly made: string
  readonly rows: readonly WorksheetRow[]
}

export const REASON_CHOICES: Readonly<Record<string, string>> = {
  'evidence-elsewhere': 'Evidence stands elsewhere', 'evidence-insufficient': 'Evidence is not enough', 'policy-interpretation': 'Reading of the policy', 'reading-error': 'Misread page', other: 'Other',
}
const words = (labels: Readonly<Record<string, { readonly words: string }>>, ids: readonly string[]): string[] => ids.map((id) => labels[id]?.words ?? id)
export const REQUIREMENT_CHOICES = ['met', 'partial', 'not-met', 'unclear', 'not-applicable'] as const
export const EXCLUSION_CHOICES = ['clear', 'triggered'] as const
export const RULE_CHOICES = ['applies', 'set-aside'] as const
export const LINE_CHOICES = ['supported', 'insufficient-documentation', 'not-supported', 'needs-review'] as const

const MOST_PLACES = 4

/** Rows in the order of the report: the line, its rules, its requirements. */
export function worksheetOf(report: ReviewJson, decisions: readonly FiledDecision[] = []): Worksheet {
  const stands = standing(decisions, 'first')
  const now = new Map(effectiveOf(report, decisions, 'first').lines.map((l) => [l.line, l]))
  const decided = (target: WorksheetRow['target'], line: number, subject: string | null): Pick<WorksheetRow, 'status' | 'reason' | 'note'> => {
    const d = stands.get(decisionKey({ target, line, subject }))
    if (d === undefined) return { status: '', reason: '', note: '' }
    return { status: wordsOf(d.status), reason: d.reason === null ? '' : REASON_CHOICES[d.reason] ?? '', note: d.note }
  }
  const placesOf = (evidence: readonly { readonly file: string; readonly page: number }[]): string => {
    const places = [...new Set(evidence.map((e) => `${e.file} p. ${e.page}`))]
    return `${places.slice(0, MOST_PLACES).join('; ')}${places.length > MOST_PLACES ? `; and ${places.length - MOST_PLACES} more` : ''}`
  }
  const requirement = (line: number, code: string, r: ReviewJson['general'][number]): WorksheetRow => ({
    target: 'requirement', line, code, id: r.id, asks: upperFirst(clean(r.asks)), cites: `${r.cites.section}${`${r.cites.item}` === '' ? '' : `, ${r.cites.item}`}`, machine: r.status, machineWords: STATUS_LABELS[r.status].words, tone: STATUS_LABELS[r.status].tone,
    explanation: clean(r.explanation), places: placesOf(r.evidence), quote: clean(r.evidence[0]?.quote ?? ''), choices: words(STATUS_LABELS, r.class === 'x' ? EXCLUSION_CHOICES : REQUIREMENT_CHOICES), ...decided('requirement', line, r.id),
  })
  return {
    claim: clean(report.claim.claimId), patient: clean(report.claim.patient.name ?? ''), provider: clean(report.claim.provider.name ?? ''), made: `Vouch ${report.made.engine}, policy text of ${report.made.policyVersions.join(', ')}`,
    rows: [
      ...report.lines.flatMap((line): WorksheetRow[] => [
        {
          target: 'line', line: line.line, code: codeOf(line), id: '', asks: `${codeOf(line)} ${clean(line.label)}, ${daysOf(line)}`, cites: '', machine: line.determination, machineWords: DETERMINATION_LABELS[line.determination].words, tone: DETERMINATION_LABELS[line.determination].tone,
          explanation: `${now.get(line.line)?.unitsSupported ?? line.unitsSupported} of ${line.units} units supported`, places: '', quote: '', choices: words(DETERMINATION_LABELS, LINE_CHOICES), ...decided('line', line.line, null),
        },
        ...line.rules.map((r): WorksheetRow => ({
          target: 'rule', line: line.line, code: codeOf(line), id: r.id, asks: `Billing rule ${r.id}: ${EFFECT_LABELS[r.effect].words}`, cites: r.section, machine: 'applies', machineWords: wordsOf('applies'), tone: EFFECT_LABELS[r.effect].tone,
          explanation: clean(r.explanation), places: placesOf(r.evidence), quote: clean(r.evidence[0]?.quote ?? ''), choices: RULE_CHOICES.map(wordsOf), ...decided('rule', line.line, r.id),
        })),
        ...line.requirements.map((r) => requirement(line.line, codeOf(line), r)),
      ]),
      ...report.general.map((r) => requirement(0, '', r)),
    ],
  }
}

const WORDS: Readonly<Record<string, string>> = { applies: 'applies', 'set-aside': 'set aside' }
/** Of a status, a determination or what becomes of a rule. */
export const wordsOf = (id: string): string => WORDS[id] ?? (STATUS_LABELS as Readonly<Record<string, { readonly words: string }>>)[id]?.words ?? (DETERMINATION_LABELS as Readonly<Record<string, { readonly words: string }>>)[id]?.words ?? id
