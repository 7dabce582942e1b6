// The pages of a case in one row, and the things to decide on a line. May not: decide anything.
import type { CaseAnswer, DecisionRow, EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from './api.ts'

/** A page of the packet. */
export interface Leaf {
  /** 0-based in the packet. */
  readonly at: number
  readonly document: number
  readonly file: string
  readonly kind: ReviewJson['documents'][number]['kind']
  /** 1-based in the file. */
  readonly page: number
  /** In points; 0 where the file has no pages. */
  readonly width: number
  readonly height: number
  readonly read: 'native' | 'ocr' | 'none'
  readonly reason: string | null
  readonly duplicate: string | null
  /** As the page ledger calls it. */
  readonly state: ReviewJson['documents'][number]['pages'][number]['state']
  readonly note: ReviewJson['notes'][number] | null
  /** First page of its note or file. */
  readonly begins: boolean
}

export function leavesOf(answer: CaseAnswer): Leaf[] {
  const { report } = answer
  if (report === null) return []
  const notes = new Map(report.notes.map((n) => [n.note, n]))
  const leaves: Leaf[] = []
  report.documents.forEach((d, document) => d.pages.forEach((p, i) => {
    const size = answer.layout[document]?.[i]
    const note = p.note === null ? null : notes.get(p.note) ?? null
    const before = leaves.at(-1)
    leaves.push({
      at: leaves.length, document, file: d.file, kind: d.kind, page: p.page, width: size?.width ?? 0, height: size?.height ?? 0, read: p.text, reason: p.reason,
      duplicate: repeats(p.duplicateOf ?? p.nearDuplicateOf), state: p.state, note, begins: before?.document !== document || before.note?.note !== note?.note,
    })
  }))
  return leaves
}

const repeats = (of: { readonly file: string; readonly page: number } | null): string | null => (of === null ? null : `${of.file} p. ${of.page}`)

/** A requirement or a rule of a line, as one thing to look at and decide. */
export type Item =
  | { readonly kind: 'requirement'; readonly id: string; readonly line: number; readonly evidence: readonly EvidenceJson[]; readonly requirement: RequirementJson }
  | { readonly kind: 'rule'; readonly id: string; readonly line: number; readonly evidence: readonly EvidenceJson[]; readonly rule: RuleJson }

/** `line` 0 is the claim as a whole. Rules first: they may decide the line alone. */
export function itemsOf(report: ReviewJson, line: number): Item[] {
  const own: LineJson | undefined = report.lines.find((l) => l.line === line)
  const rules = line === 0 ? report.rules : own?.rules ?? []
  const requirements = line === 0 ? report.general : own?.requirements ?? []
  return [
    ...rules.map((rule): Item => ({ kind: 'rule', id: rule.id, line, evidence: rule.evidence, rule })),
    ...requirements.map((requirement): Item => ({ kind: 'requirement', id: requirement.id, line, evidence: requirement.evidence, requirement })),
  ]
}

/** What a person said last of an item. */
export const decisionOn = (decisions: readonly DecisionRow[], item: { readonly kind: string; readonly line: number; readonly id: string | null }): DecisionRow | undefined =>
  decisions.findLast((d) => d.stands && d.action !== 'withdraw' && d.target === item.kind && (d.line ?? 0) === item.line && d.subject === item.id)

export const isOpen = (item: Item): boolean => (item.kind === 'rule' ? item.rule.effect !== 'note' : ['not-met', 'partial', 'unclear', 'triggered'].includes(item.requirement.status))

export const imagePath = (id: string, leaf: Leaf, width: 180 | 1000 | 1700): string => `/api/cases/${id}/documents/${leaf.document}/pages/${leaf.page}/image?width=${width}`
export const hasPicture = (leaf: Leaf): boolean => leaf.width > 0
