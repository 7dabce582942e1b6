// What the findings rest on, line by line: requirement, status, quotes with their places. May not: leave out evidence against; know of PDF.
import type { EvidenceJson, RequirementJson, ReviewJson } from './contract.ts'
import { isSetAside, standing, statusOf, effectiveOf, type Decided } from './effective.ts'
import { clean, upperFirst } from './plain.ts'
import { codeOf, DETERMINATION_LABELS, EFFECT_LABELS, STATUS_LABELS, type Tone } from './words.ts'

export interface Quoted extends Pick<EvidenceJson, 'file' | 'page' | 'quote' | 'stance'> {
  /** None where the record has no pages of its own. */
  readonly boxes: EvidenceJson['boxes']
  /** Pointed at by a person. */
  readonly byPerson: boolean
}

export interface IndexedItem {
  readonly kind: 'requirement' | 'rule'
  readonly id: string
  readonly title: string
  readonly status: string
  readonly tone: Tone
  /** A person says otherwise than the program. */
  readonly decided: boolean
  readonly evidence: readonly Quoted[]
}

export interface IndexedLine {
  /** 0 for the claim as a whole. */
  readonly line: number
  readonly title: string
  readonly determination: string
  readonly tone: Tone
  readonly items: readonly IndexedItem[]
}

/** A decision with the places a person pointed at. */
export type PlacedDecision = Decided & { readonly evidence: readonly (Pick<EvidenceJson, 'file' | 'page' | 'quote'> & { readonly boxes?: EvidenceJson['boxes'] })[] }

export function evidenceIndex(report: ReviewJson, decisions: readonly PlacedDecision[] = []): IndexedLine[] {
  const stands = standing(decisions, 'first')
  const now = new Map(effectiveOf(report, decisions, 'first').lines.map((l) => [l.line, l]))
  const machine = (evidence: readonly EvidenceJson[]): Quoted[] => evidence.map((e) => ({ file: e.file, page: e.page, quote: e.quote, stance: e.stance, boxes: e.boxes, byPerson: false }))
  const requirement = (line: number, r: RequirementJson): IndexedItem => {
    const { status, by } = statusOf(stands, line, r)
    const label = STATUS_LABELS[status]
    const own: Quoted[] = (by?.evidence ?? []).map((e) => ({ file: e.file, page: e.page, quote: e.quote, stance: status === 'met' || status === 'partial' || status === 'clear' ? 'for' : 'against', boxes: e.boxes ?? [], byPerson: true }))
    return { kind: 'requirement', id: r.id, title: upperFirst(clean(r.asks)), status: label.words, tone: label.tone, decided: by !== null && by.status !== r.status, evidence: [...own, ...machine(r.evidence)] }
  }
  const lines = report.lines.map((line): IndexedLine => {
    const held = now.get(line.line)?.determination ?? line.determination
    return {
      line: line.line, title: `Line ${line.line}: ${codeOf(line)} ${clean(line.label)}, ${line.serviceDate}`, determination: DETERMINATION_LABELS[held].words, tone: DETERMINATION_LABELS[held].tone,
      items: [
        ...line.rules.map((r): IndexedItem => {
          const aside = isSetAside(stands, line.line, r)
          return { kind: 'rule', id: r.id, title: clean(r.explanation), status: aside ? 'set aside' : EFFECT_LABELS[r.effect].words, tone: aside ? 'quiet' : EFFECT_LABELS[r.effect].tone, decided: aside, evidence: machine(r.evidence) }
        }),
        ...line.requirements.map((r) => requirement(line.line, r)),
      ],
    }
  })
  const general = report.general.map((r) => requirement(0, r))
  return general.length === 0 ? lines : [...lines, { line: 0, title: 'The claim as a whole (advisory)', determination: '', tone: 'quiet', items: general }]
}
