import { describe, expect, it } from 'vitest'
import type { ReviewJson } from '../../src/report/contract.ts'
import { toContract } from '../../src/report/contract.ts'
import { claimFieldsOf, diagnosesOf, lineFieldsOf, priorityOf } from '../../src/report/line-fields.ts'
import { claim, madeUpReview, policy } from './made-up-review.ts'

const report: ReviewJson = toContract(madeUpReview, policy)
const at = (n: number): ReviewJson['lines'][number] => report.lines.find((l) => l.line === n) as ReviewJson['lines'][number]

describe('the fields of payers', () => {
  it('come from the answer, each word once', () => {
    for (const line of report.lines) {
      const of = lineFieldsOf(report, line)
      expect(of.checklists.length).toBe(new Set(line.requirements.map((r) => r.id.split('.')[0])).size)
      expect(of.missing).toEqual([...new Set(line.requirements.filter((r) => ['not-met', 'partial', 'triggered'].includes(r.status)).map((r) => r.id))])
      for (const list of [of.denialCodes, of.carc, of.rarc, of.signatureFlags, of.diagnosisFlags]) expect(list).toEqual([...new Set(list)])
    }
    expect(report.lines.flatMap((l) => lineFieldsOf(report, l).missing).length).toBeGreaterThan(0)
    expect(report.lines.flatMap((l) => lineFieldsOf(report, l).denialCodes)).toEqual(expect.arrayContaining(report.lines.flatMap((l) => l.rules.flatMap((r) => r.denialCodes))))
  })

  it('take a course by the line, reasons of a denial from what is open alone, and necessity to a clinician', () => {
    const line = at(1)
    const [open] = line.requirements.filter((r) => r.status === 'not-met')
    const [met] = line.requirements.filter((r) => r.status === 'met')
    if (!open || !met) throw new Error('the made-up review has both')
    const suggested = [{ list: 'CARC' as const, code: '50', explanation: '' }, { list: 'RARC' as const, code: 'M127', explanation: '' }] as unknown as NonNullable<typeof open.suggested>
    const withCodes = (id: string): ReviewJson['lines'][number] => ({ ...line, rules: [], edits: [], requirements: line.requirements.map(({ suggested: _s, ...r }) => (r.id === id ? { ...r, suggested } : r)) })
    const course = { course: 2, label: 'PATIENT', lines: [1], billed: 5, delivered: { value: 4, from: 'chart', evidence: [] } } as unknown as ReviewJson['courses'][number]
    const own = { ...report, courses: [course] }
    expect(lineFieldsOf(own, withCodes(open.id))).toMatchObject({ carc: ['50'], rarc: ['M127'], clinician: true, course: 2, fractionsBilled: 5, fractionsDelivered: 4 })
    expect(lineFieldsOf(own, withCodes(met.id))).toMatchObject({ carc: [], rarc: [], clinician: false })
    expect(lineFieldsOf(own, at(3))).toMatchObject({ course: null, fractionsBilled: null, fractionsDelivered: null })
  })

  it('tell the performance status that decided, and how well scans were read', () => {
    const status = { scale: 'KPS' as const, low: 70, high: 80, date: '2025-05-01', decisive: true, file: 'a', page: 1, quote: 'KPS 70-80', time: 'current' as const, corrected: false }
    const having = (performanceStatus: ReviewJson['facts']['performanceStatus']): ReviewJson => ({ ...report, facts: { ...report.facts, performanceStatus } })
    expect(claimFieldsOf(having([{ ...status, low: 30, high: 30, decisive: false }, status])).performance).toEqual({ value: '70-80', scale: 'KPS', date: '2025-05-01' })
    expect(claimFieldsOf(having([{ ...status, high: 70 }])).performance?.value).toBe('70')
    expect(claimFieldsOf(having([])).performance).toBe(null)
    const pages = report.documents.flatMap((d) => d.pages).slice(0, 2).map((p, i) => ({ ...p, text: 'ocr' as const, legibility: i === 0 ? 0.5 : 1 }))
    expect(claimFieldsOf({ ...report, documents: report.documents.map((d, i) => ({ ...d, pages: i === 0 ? pages : [] })) }).ocrQuality).toBe(pages.length === 2 ? 0.75 : 0.5)
    expect(claimFieldsOf({ ...report, documents: [] }).ocrQuality).toBe(null)
  })

  it('name the diagnoses a line points to, and order by money in doubt', () => {
    const [line] = claim.lines
    if (!line) throw new Error('it has lines')
    expect(diagnosesOf(claim, { ...line, diagnosisPointers: [2, 1, 2, 9] })).toEqual(['C79.51', 'C50.412'])
    expect(priorityOf([{ determination: 'not-supported', charge: 100 }, { determination: 'needs-review', charge: null }, { determination: 'supported', charge: 900 }])).toBe(100.8)
  })
})
