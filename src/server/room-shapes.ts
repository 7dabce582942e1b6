// What the self-audit and the policy room send over HTTP. May not: hold behaviour; import anything but types.
import type { SuggestionGroup } from '../audit/group-suggestions.ts'
import type { SelfAudit } from '../audit/self-audit.ts'
import type { WhatIf } from '../audit/what-if.ts'
import type { Claim } from '../claim/claim.ts'
import type { DraftChange, DraftFault, DraftFiles } from '../report/policy-diff.ts'
import type { CopyPassage, PolicyPage } from '../report/policy-page.ts'

export interface ShownDraft { readonly kind: 'attestation' | 'query'; readonly name: string; readonly title: string; readonly fixes: readonly string[]; readonly text: string }

/** What the workbench shows of a self-audit. */
export interface ShownAudit {
  readonly audit: SelfAudit
  readonly suggested: readonly SuggestionGroup[] | null
  readonly drafts: readonly ShownDraft[]
  readonly remarks: readonly string[]
  readonly packet: { readonly pages: number; readonly of: number }
  readonly claim: Claim
  /** Of every page, in points, in the order of the records. */
  readonly layout: readonly (readonly { readonly page: number; readonly width: number; readonly height: number }[])[]
}
export type AuditOutcome = { readonly shown: ShownAudit; readonly whatIf: WhatIf | null } | { readonly fault: string }

export interface PolicyRoom { readonly pages: readonly PolicyPage[]; readonly files: Readonly<Record<string, DraftFiles>>; readonly dictionaries: string }
/** `examples`: those of the entries that the draft changes, run as `vouch policy check` does; null where a case was asked for. */
export type PolicyPreview = { readonly faults: readonly DraftFault[] } | { readonly changes: readonly DraftChange[]; readonly examples: { readonly ran: number; readonly failing: readonly { readonly id: string; readonly what: string }[] } | null; readonly whatIf: WhatIf | null }

export interface AuditRow { readonly id: string; readonly title: string; readonly run: 'queued' | 'running' | 'done' | 'failed'; readonly files: number; readonly madeAt: string; readonly updatedAt: string }
export interface AuditAnswer {
  readonly id: string
  readonly title: string
  readonly run: AuditRow['run']
  readonly progress: { readonly file: number; readonly files: number; readonly page: number; readonly pages: number } | null
  readonly files: readonly { readonly id: string; readonly name: string; readonly bytes: number; readonly pages: number | null }[]
  /** Codes as they were named; null where the chart suggests them. */
  readonly codes: readonly string[] | null
  readonly result: ShownAudit | null
  /** Why there is no result. */
  readonly fault: string | null
}
export type WhatIfAnswer = WhatIf & { readonly fault?: never } | { readonly fault: string }

export interface DraftRow { readonly id: string; readonly name: string; readonly policy: string; readonly revision: number; readonly by: string; readonly updatedAt: string; readonly files: readonly string[] }
export interface DraftAnswer extends Omit<DraftRow, 'files'> { readonly files: DraftFiles }
export interface PolicyRoomAnswer { readonly pages: PolicyRoom['pages']; readonly files: PolicyRoom['files']; readonly copy: { readonly name: string; readonly linkedAt: string; readonly passages: readonly CopyPassage[] } | null }
