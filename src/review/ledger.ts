// What became of every page: its note, what it repeats, whose it is. May not: drop a page.
import type { Problem } from '../base/problem.ts'
import type { Chart } from './chart.ts'

export interface Ledger {
  readonly pages: readonly (readonly { readonly note: number | null; readonly duplicateOf: { readonly file: string; readonly page: number } | null }[])[]
  readonly problems: readonly Problem[]
}

export function ledgerOf(chart: Chart, problems: readonly Problem[]): Ledger {
  const seen = new Map<string, { file: string; page: number }>()
  const pages = chart.documents.map((d, i) =>
    d.pages.map((p) => {
      const note = chart.notes.find((n) => n.document === i && n.firstPage <= p.page && p.page <= n.lastPage)?.note ?? null
      const body = d.text.slice(p.start, p.end).replace(/\s+/g, ' ').trim()
      const first = body === '' ? undefined : seen.get(body)
      if (body !== '' && !first) seen.set(body, { file: d.file, page: p.page })
      return { note, duplicateOf: first ?? null }
    }))
  const foreign = chart.notes.filter((n) => n.patientMatches === false).map((n): Problem => ({ id: 'other-patient', severity: 'warning', file: n.file, page: n.firstPage, data: { note: n.note } }))
  return { pages, problems: [...problems, ...foreign] }
}
