// Billing rules over whole claims: courses, dates, settings, texts of the policy, and laws that hold for every claim.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claimSchema, type Claim } from '../../src/claim/claim.ts'
import { basisOn } from '../../src/policy/policy.ts'
import { coursesOf } from '../../src/review/billed.ts'
import { buildChart } from '../../src/review/chart.ts'
import { reviewClaim } from '../../src/review-claim.ts'
import { ruleText } from '../../src/report/messages.ts'
import { firing, knowledge, lineOf, policy, review } from './claims.ts'

const LOG = `HARBOR RADIATION
TREATMENT RECORD
Fx	Date	Dose cGy	Total
1	05/05/2025	300	300
2	05/06/2025	300	600
3	05/07/2025	300	900
4	05/08/2025	300	1200
5	05/09/2025	300	1500
6	05/12/2025	300	1800
7	05/13/2025	300	2100
`

/** The numbers that restate a checklist are not reported beside it; nor are national edits. */
const RESTATED = [18, 33, 36, 39, 40, 41, 47, 48, 67, 75, 77, 78, 80, 81]

describe('the rules of the policy', () => {
  it('are all there but those that a checklist says', () => {
    const reported = Array.from({ length: 82 }, (_, i) => i + 1).filter((n) => !RESTATED.includes(n)).map((n) => `R${`${n}`.padStart(2, '0')}`)
    expect([...new Set(policy.rules.map((r) => r.id))].filter((id) => id.startsWith('R')).sort()).toEqual(reported)
  })
  it('have a sentence of their own', () => {
    expect(policy.rules.filter((r) => r.id.startsWith('R') && ruleText(r.id).section === '').map((r) => r.id)).toEqual([])
  })
  it('stand several times only for other days, other texts or another side', () => {
    const by = new Map<string, number>()
    for (const r of policy.rules) by.set(r.id, (by.get(r.id) ?? 0) + 1)
    expect([...by].filter(([, n]) => n > 1).map(([id]) => id)).toEqual(['R05', 'R26', 'R28', 'R43', 'R44', 'R46', 'R82'])
  })
})

describe('courses', () => {
  it('counts once a course, and anew after a gap', () => {
    expect(firing(review(['2025-05-06 77470', '2025-06-20 77470']), 2)).toEqual(['R38 deny'])
    expect(firing(review(['2025-05-06 77470', '2025-10-20 77470']), 2)).toEqual([])
  })
  it('does not count a line paid in an earlier course', () => {
    expect(firing(review(['paid 2024-11-04 77470', '2025-05-06 77470']), 1)).toEqual([])
    expect(firing(review(['paid 2025-04-22 77470', '2025-05-06 77470']), 1)).toEqual(['R38 deny'])
  })
  it('is joined over a long pause by fractions of the chart', () => {
    const chart = ['TREATMENT RECORD\nFx\tDate\tDose cGy\tTotal\n1\t03/03/2025\t300\t300\n2\t05/20/2025\t300\t600\n3\t08/04/2025\t300\t900\n']
    expect(firing(review(['2025-03-03 77470', '2025-08-04 77470'], chart), 2)).toEqual(['R38 deny'])
    expect(firing(review(['2025-03-03 77470', '2025-08-04 77470']), 2)).toEqual([])
  })
  it('puts every line into one course, in the order of days', () => {
    const codes = ['77263', '77301', '77336', '77373', 'G6015', '77402']
    fc.assert(fc.property(fc.array(fc.record({ code: fc.constantFrom(...codes), day: fc.integer({ min: 0, max: 900 }) }), { minLength: 1, maxLength: 25 }), (rows) => {
      const claim = claimSchema.parse({ claimId: 'P', lines: rows.map((r, i) => ({ line: i + 1, code: r.code, serviceDate: new Date(Date.UTC(2025, 0, 1) + r.day * 86_400_000).toISOString().slice(0, 10) })) })
      const courses = coursesOf({ claim, fractions: [] })
      expect(courses.flatMap((c) => c.all.map((b) => b.line.line)).sort((a, b) => a - b)).toEqual(rows.map((_, i) => i + 1))
      expect(courses.every((c, i) => i === 0 || (courses[i - 1] as { to: string }).to < c.from)).toBe(true)
    }))
  })
})

describe('laws', () => {
  const anyClaim = fc.array(fc.record({
    code: fc.constantFrom('77263', '77280', '77290', '77300', '77301', '77338', '77336', '77370', '77470', '77373', '77435', '77432', '77401', 'G6015', '77427', '77417'),
    day: fc.integer({ min: 0, max: 40 }), units: fc.integer({ min: 1, max: 4 }),
  }), { minLength: 1, maxLength: 12 }).map((rows): Claim => claimSchema.parse({
    claimId: 'P', diagnoses: ['C34.11'],
    lines: rows.map((r, i) => ({ line: i + 1, code: r.code, units: r.units, serviceDate: new Date(Date.UTC(2025, 8, 1) + r.day * 86_400_000).toISOString().slice(0, 10), diagnosisPointers: [1] })),
  }))
  const judged = (claim: Claim) => reviewClaim(claim, { documents: [], problems: [] }, knowledge).lines
  it('never support more units than billed, and none where a rule denies', () => {
    fc.assert(fc.property(anyClaim, (claim) => {
      for (const l of judged(claim)) {
        expect(l.unitsSupported).toBeLessThanOrEqual(l.line.units)
        for (const r of l.rules) {
          if (r.effect === 'deny') expect(l.unitsSupported).toBe(0)
          if (r.effect === 'limit') expect((r.unitsSupported as number) > 0 && (r.unitsSupported as number) < l.line.units).toBe(true)
          expect(r.lines[0]).toBe(l.line.line)
        }
      }
    }), { numRuns: 60 })
  })
  it('say the same whatever the order of the lines in the file', () => {
    fc.assert(fc.property(anyClaim, (claim) => {
      const turned = judged({ ...claim, lines: [...claim.lines].reverse() })
      for (const l of judged(claim)) expect(turned.find((t) => t.line.line === l.line.line)?.rules).toEqual(l.rules)
    }), { numRuns: 40 })
  })
  it('leave no rule silent about want of a record where it fires', () => {
    fc.assert(fc.property(anyClaim, (claim) => {
      for (const l of judged(claim)) expect(l.notEvaluable.filter((g) => l.rules.some((r) => r.id === g.id))).toEqual([])
    }), { numRuns: 40 })
  })
})

describe('dates', () => {
  it('take the code set of each line’s own day in a claim over new year', () => {
    const r = review(['2025-12-31 G6015', '2026-01-02 G6015', '2026-01-02 77407', '2025-12-30 77435', '2026-01-05 77435'])
    expect(firing(r, 1)).toEqual([])
    expect(firing(r, 2)).toEqual(['R82 deny'])
    expect(firing(r, 3)).toEqual([])
    expect(firing(r, 5)).toContain('R63 deny')
  })
  it('say which text judged a day after the last one known', () => {
    const r = review(['2025-02-01 77263', '2025-12-31 77263', '2026-03-02 77263'])
    expect(r.lines.map((l) => [l.policyVersion, l.basis])).toEqual([['2024-07-01', 'in-force'], ['2025-08-27', 'in-force'], ['2025-08-27', 'after-last-known']])
    expect(basisOn(policy, '2023-05-01')).toBe('before-first-known')
  })
  it('tell what becomes of a code near its change, and how sure that is', () => {
    const r = review(['2025-11-03 G6015', '2026-02-03 77407', '2025-03-03 G6015'])
    expect(r.lines.map((l) => (l.codeChange ? `${l.codeChange.kind} ${l.codeChange.sure} ${l.codeChange.bears}` : null))).toEqual(['deleted verified before', 'redefined verified after', null])
  })
  it('know the rule of a text only from its day on', () => {
    const claim = (day: string): string[] => [`${day} 77401`, `${day} G6001`]
    expect(firing(review(claim('2025-03-16')), 2)).toEqual([])
    expect(firing(review(claim('2025-03-17')), 2)).toEqual(['R43 deny', 'R71 deny'])
    expect(firing(review(claim('2025-05-17'), [], { text: '2025-02-13' }), 2)).toEqual([])
  })
  it('show the denial codes from the text that names them, as the payer chooses', () => {
    expect(lineOf(review(['2025-05-06 77470 x2']), 1).rules[0]?.denialCodes).toEqual([])
    expect(lineOf(review(['2025-09-06 77470 x2']), 1).rules[0]?.denialCodes).toEqual(['E1N', 'E2Q'])
    expect(lineOf(review(['2025-09-06 77470 x2'], [], { settings: { 'frequency-denial-code': 'E2Q' } }), 1).rules[0]?.denialCodes).toEqual(['E2Q'])
  })
  it('hold a boost to the text of its day', () => {
    const boost = ['PLANNING NOTE\nDate: 05/06/2025\nA boost to the prostate bed follows with a plan of its own.\nElectronically signed by Jane Roe, MD 05/06/2025']
    expect(firing(review(['2025-05-06 77301', '2025-05-06 77338 x2'], boost), 2)).toEqual([])
    expect(firing(review(['2025-05-06 77301', '2025-05-06 77338 x2'], boost, { text: '2025-08-27' }), 2)).toEqual(['R28 limit'])
  })
})

describe('what the text leaves open', () => {
  const seven = ['2025-05-13 77336 x2']
  it('is a remainder of fractions: accepted with a remark, for a reviewer, or denied', () => {
    const accepted = review(seven, [LOG])
    expect(firing(accepted, 1)).toEqual([])
    expect(lineOf(accepted, 1).remarks.map((r) => [r.topic, r.counted, r.limit])).toEqual([['remainder', 7, 1]])
    expect(firing(review(seven, [LOG], { settings: { 'remainder-of-five': 'review' } }), 1)).toEqual(['R29 review'])
    expect(firing(review(seven, [LOG], { settings: { 'remainder-of-five': 'deny' } }), 1)).toEqual(['R29 limit'])
  })
  it('is never a unit beyond the remainder', () => {
    expect(firing(review(['2025-05-13 77336 x3'], [LOG]), 1)).toEqual(['R29 limit'])
    expect(lineOf(review(['2025-05-13 77336 x3'], [LOG]), 1).rules[0]?.unitsSupported).toBe(2)
  })
  it('is an unspecified diagnosis, denied as the policy says or left to the manual', () => {
    expect(firing(review(['2025-05-06 77263 dx C34.90']), 1)).toEqual(['R72 deny'])
    const manual = review(['2025-05-06 77263 dx C34.90'], [], { settings: { 'unspecified-diagnosis': 'manual' } })
    expect(firing(manual, 1)).toEqual([])
    expect(lineOf(manual, 1).remarks.map((r) => r.topic)).toEqual(['unspecified-by-manual'])
  })
  it('is a stereotactic course with conventional treatment on another day: told, not denied', () => {
    const r = review(['2025-05-06 77373', '2025-05-08 77402'])
    expect(firing(r, 2)).toEqual([])
    expect(lineOf(r, 2).remarks.map((x) => x.topic)).toEqual(['same-course-other-day'])
  })
})

describe('not evaluable', () => {
  it('names what is missing', () => {
    const gaps = lineOf(review(['2025-05-06 77301', '2025-05-06 77300 x3']), 2).notEvaluable
    expect(gaps.find((g) => g.id === 'R10')?.missing).toEqual(['fields'])
    expect(gaps.find((g) => g.id === 'R14')?.missing).toEqual(['records'])
    expect(lineOf(review(['2025-05-06 77373']), 1).notEvaluable.find((g) => g.id === 'R79')?.missing).toEqual(['authorization'])
  })
  it('does not take silence for an answer while pages are unread', () => {
    const claim = claimSchema.parse({ claimId: 'P', lines: [{ line: 1, code: 'G0562', serviceDate: '2025-05-06' }] })
    const lines = (unread: boolean) => {
      const made = review(['2025-05-06 G0562'], ['CT SIMULATION NOTE\nDate: 05/06/2025\nSupine, CT 2 mm. Isocenter set.\nElectronically signed by Jane Roe, MD 05/06/2025'])
      const documents = made.documents.map((d) => (unread ? { ...d, pages: d.pages.map((p, i) => (i === 0 ? { ...p, text: 'ocr' as const, legibility: 0.2 } : p)) } : d))
      return reviewClaim(claim, { documents, problems: [] }, knowledge).lines[0]
    }
    expect(lines(false)?.rules.map((r) => r.id)).toEqual(['R09'])
    expect(lines(true)?.rules.map((r) => r.id)).toEqual([])
    expect(lines(true)?.notEvaluable.find((g) => g.id === 'R09')?.missing).toEqual(['readable-pages'])
  })
})

describe('errata', () => {
  it('are told for the lines that they touch', () => {
    const r = review(['2025-09-06 77252', '2025-09-06 77523', '2025-09-08 77470 x2'])
    expect(r.errata).toEqual([{ id: 'E1', lines: [1] }, { id: 'E17', lines: [3] }, { id: 'E21', lines: [2] }])
    expect(lineOf(r, 1).reportedCode).toBe('77525')
  })
  it('are all there, E1 to E23', () => {
    expect(policy.errata.map((e) => e.id)).toEqual(Array.from({ length: 23 }, (_, i) => `E${i + 1}`))
  })
})

describe('chart', () => {
  it('of no records judges every claim', () => {
    const chart = buildChart(claimSchema.parse({ claimId: 'P', lines: [{ line: 1, code: '77263', serviceDate: '2025-05-06' }] }), [], knowledge.notes.people)
    expect(chart.notes).toEqual([])
  })
})
