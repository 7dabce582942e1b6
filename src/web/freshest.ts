// Which of two answers about one case is the newer. May not: ask the server.
import type { CaseRow, DecisionAnswer } from '../server/shapes.ts'

/** An answer and when this page got it. */
export interface Got { readonly row: CaseRow; readonly at: number }

export const isBusy = (row: CaseRow | undefined): boolean => row?.run === 'queued' || row?.run === 'running'

/** By the server's own stamp; of two with one stamp the one that came later. */
export function freshest(a: Got | undefined, b: Got | undefined): CaseRow | undefined {
  if (a === undefined || b === undefined) return (a ?? b)?.row
  if (a.row.updatedAt !== b.row.updatedAt) return (a.row.updatedAt > b.row.updatedAt ? a : b).row
  return (a.at >= b.at ? a : b).row
}

/** Answers to decisions may overtake each other. Decisions are only ever added to: whoever knows fewer is the older. */
export const withDecision = <T extends DecisionAnswer>(known: T, now: DecisionAnswer): T => (now.decisions.length < known.decisions.length || now.case.updatedAt < known.case.updatedAt ? known : { ...known, ...now })
