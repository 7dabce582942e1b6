import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseGold } from '../../src/cli/eval-gold.ts'
import type { Gold } from '../../src/cli/eval-gold.ts'
import { evalToMarkdown, evalToText } from '../../src/cli/eval-print.ts'
import { compareBags, quotesOverlap, scoreCase, summarise } from '../../src/cli/eval-score.ts'
import { evaluate, findCases, runEval } from '../../src/cli/eval.ts'
import { toContract } from '../../src/report/contract.ts'
import type { ReviewJson } from '../../src/report/contract.ts'
import { madeUpReview, policy } from '../report/made-up-review.ts'

const ours = toContract(madeUpReview, policy)
const PACKET = 'packets/Rivera packet.pdf'

const goldJson = {
  lines: [
    {
      line: 1, code: '77331', determination: 'insufficient-documentation', unitsSupported: 1,
      requirements: {
        '77331.prescription': { status: 'met', evidence: [{ file: PACKET, page: 1, quote: 'Diode measurement requested for first fraction' }] },
        '77331.type': { status: 'met', evidence: [{ file: PACKET, page: 2, quote: 'diode' }] },
        '77331.datetime': { status: 'met', evidence: [{ file: PACKET, page: 3, quote: '05/06/2025 09:14' }], why: 'time in the footer | on page 3' },
        '77331.results': { status: 'met', evidence: [] },
        '77331.adjustments': { status: 'not-met', evidence: [] },
        '77331.signature': { status: 'partial', evidence: [{ file: 'other.pdf', page: 3, quote: 'T. L.' }] },
        '77331.x-qa': { status: 'clear', evidence: [] },
        '77331.nothing-of-ours': { status: 'not-met', evidence: [] },
      },
    },
    { line: 2, code: '77435', determination: 'supported', rules: ['R64', 'R64', 'R57'], requirements: {} },
    { line: 3, code: '77370', determination: 'not-supported', requirements: { '77370.report': { status: 'met' } } },
    { line: 4, code: '77252', determination: 'supported', alsoAcceptable: ['needs-review'], reportedCode: '77525', rules: ['R76'] },
    { line: 5, code: '77336', determination: 'supported', unitsSupported: 2, rules: ['R29'] },
    { line: 9, code: '77300', determination: 'needs-review' },
  ],
  claim: { general: { 'general.consent': { status: 'not-met', evidence: [] } }, rules: ['R38'] },
  facts: { performanceStatus: [{ scale: 'ECOG', low: 3, high: 3, date: '2025-05-01', decisive: true }, { scale: 'KPS', low: 90, high: 90, date: null, decisive: false, quote: 'KPS 90' }] },
}
const gold: Gold = parseGold(JSON.stringify(goldJson), 'gold.json')
const place = { case: 'corpus/cases/a', group: 'corpus/cases' }
const score = scoreCase(gold, ours, place)
const figures = summarise([score]).all

describe('parseGold', () => {
  it('names the file and every place that is wrong in one error', () => {
    const bad = { lines: [{ ...goldJson.lines[0], determination: 'fine', rules: ['38'], requirements: { '77331.type': { status: 'maybe' } } }] }
    expect(() => parseGold(JSON.stringify(bad), 'x/gold.json')).toThrow(/x\/gold\.json: lines\.0\.determination: /)
    expect(() => parseGold(JSON.stringify(bad), 'x/gold.json')).toThrow(/x\/gold\.json: lines\.0\.requirements\.77331\.type\.status: /)
    expect(() => parseGold(JSON.stringify(bad), 'x/gold.json')).toThrow(/x\/gold\.json: lines\.0\.rules\.0: a rule from R01 to R82/)
    expect(() => parseGold('{', 'x/gold.json')).toThrow('x/gold.json: is not JSON')
    expect(() => parseGold('[]', 'x/gold.json')).toThrow(/x\/gold\.json: \(top\): /)
  })
})

describe('determinations', () => {
  it('count an acceptable answer as right and no answer as wrong', () => {
    expect(figures.determination.accuracy).toEqual({ of: 6, count: 3, rate: 0.5 })
    expect(figures.determination.confusion.supported).toEqual({ supported: 2, 'insufficient-documentation': 0, 'not-supported': 1, 'needs-review': 0, missing: 0 })
    expect(figures.determination.confusion['needs-review'].missing).toBe(1)
  })
  it('tell false approvals, false denials and reviews apart', () => {
    expect(figures.determination.falseApprovals).toEqual({ of: 2, count: 1, rate: 0.5 })
    expect(figures.determination.falseDenials).toEqual({ of: 3, count: 1, rate: 1 / 3 })
    expect(figures.determination.reviewRate).toEqual({ of: 6, count: 1, rate: 1 / 6 })
  })
})

describe('requirements', () => {
  it('are right where the status is the same', () => {
    // Wrong: datetime (partial for met) and the one that we do not have. Ten asked, with the general one.
    expect(figures.requirements.accuracy).toEqual({ of: 10, count: 8, rate: 0.8 })
    expect(figures.requirements.byStatus.met).toEqual({ hit: 4, missed: 1, extra: 0, precision: 1, recall: 0.8, f1: 8 / 9 })
    expect(figures.requirements.byStatus.partial).toMatchObject({ hit: 1, missed: 0, extra: 1, precision: 0.5, recall: 1 })
    expect(figures.requirements.byStatus.unclear.f1).toBeNull()
    expect(Object.keys(figures.requirements.byFamily)).toEqual(['77331', '77370', 'general'])
    expect(figures.requirements.byFamily['77331']?.accuracy).toEqual({ of: 8, count: 6, rate: 0.75 })
  })
  it('have evidence on the page and in the words of the expert', () => {
    // Asked: prescription, type, datetime, signature. Page: prescription, datetime. Words: also type, on another page of the file.
    expect(figures.evidence.pages).toEqual({ of: 4, count: 2, rate: 0.5 })
    expect(figures.evidence.quotes).toEqual({ of: 4, count: 3, rate: 0.75 })
  })
  it('compare quotes by their words', () => {
    expect(quotesOverlap('Measured: 0.42 Gy', 'MEASURED 0.42 Gy, expected 0.43')).toBe(true)
    expect(quotesOverlap('signed by A', 'date of birth')).toBe(false)
    expect(quotesOverlap('…', 'anything')).toBe(false)
  })
})

describe('rules, units, codes, facts', () => {
  it('count rules per line with repeats, and anywhere', () => {
    expect(compareBags(['R64', 'R64', 'R57'], ['R64', 'R70'])).toEqual({ hit: ['R64'], missed: ['R57', 'R64'], extra: ['R70'] })
    // Found R64 R76 R29; missed R64 R57 R38; too many R70.
    expect(figures.rules.perLine).toMatchObject({ hit: 3, missed: 3, extra: 1, precision: 0.75, recall: 0.5 })
    expect(figures.rules.byRule['R70']).toEqual({ hit: 0, missed: 0, extra: 1 })
    const moved = scoreCase({ ...gold, lines: gold.lines.map((l) => ({ ...l, rules: [] })), claim: { ...gold.claim, rules: ['R64', 'R76', 'R29', 'R70'] } }, ours, place)
    expect(summarise([moved]).all.rules.anywhere).toMatchObject({ hit: 4, missed: 0, extra: 0, f1: 1 })
    expect(summarise([moved]).all.rules.perLine).toMatchObject({ hit: 1, missed: 3, extra: 3 })
  })
  it('count units and codes where they are named', () => {
    expect(figures.unitsSupported).toEqual({ of: 2, count: 1, rate: 0.5 })
    expect(figures.reportedCode).toEqual({ of: 1, count: 1, rate: 1 })
  })
  it('count performance values by scale, value and whether they hold', () => {
    expect(figures.performanceStatus.all).toMatchObject({ hit: 1, missed: 1, extra: 1 })
    expect(figures.performanceStatus.decisive).toMatchObject({ hit: 1, missed: 0, extra: 0 })
  })
})

describe('disagreements', () => {
  it('stand with their place, both answers, the reason and our sentence', () => {
    const d = score.disagreements.find((x) => x.id === '77331.datetime')
    expect(d).toMatchObject({ case: 'corpus/cases/a', kind: 'requirement', line: 1, code: '77331', gold: 'met', ours: 'partial' })
    expect(d?.why).toContain('time in the footer')
    expect(d?.why).toContain('“05/06/2025 09:14”')
    expect(d?.explanation).toContain('Documented in part')
  })
  it('are none for a perfect answer', () => {
    const perfect: Gold = {
      lines: ours.lines.map((l) => ({
        line: l.line, code: l.code, determination: l.determination, alsoAcceptable: [], rules: l.rules.map((r) => r.id), unitsSupported: l.unitsSupported, reportedCode: l.reportedCode,
        requirements: Object.fromEntries(l.requirements.map((r) => [r.id, { status: r.status, evidence: r.evidence }])),
      })),
      claim: { general: Object.fromEntries(ours.general.map((r) => [r.id, { status: r.status, evidence: r.evidence }])), rules: ours.rules.map((r) => r.id) },
      facts: { performanceStatus: ours.facts.performanceStatus },
    }
    const report = summarise([scoreCase(perfect, ours, place)])
    expect(report.disagreements).toEqual([])
    expect(report.all.determination.accuracy.rate).toBe(1)
    expect(report.all.requirements.macroF1).toBe(1)
    expect(report.all.evidence.pages.rate).toBe(1)
    expect(report.all.rules.perLine.f1).toBe(1)
    expect(report.all.performanceStatus.all.f1).toBe(1)
  })
})

describe('figures for people', () => {
  const report = summarise([score, scoreCase(gold, null, { case: 'corpus/unseen/b', group: 'corpus/unseen', failed: 'no reader for it' })])
  it('say the same in text and Markdown', () => {
    const text = evalToText(report)
    const markdown = evalToMarkdown(report)
    for (const words of ['25.0 % (3 of 12)', 'corpus/unseen', 'R70', '1 could not be reviewed']) {
      expect(text, words).toContain(words)
      expect(markdown, words).toContain(words)
    }
    expect(text).toContain('corpus/cases/a · line 1 77331 · 77331.datetime: met → partial')
  })
  it('escape what would end a cell', () => {
    expect(evalToMarkdown(report)).toContain('time in the footer \\| on page 3')
    for (const line of evalToMarkdown(report).split('\n').filter((l) => l.startsWith('|'))) expect(line.endsWith('|')).toBe(true)
  })
  it('hold a case that could not be reviewed as wrong throughout, with one disagreement', () => {
    expect(report.disagreements.filter((d) => d.case === 'corpus/unseen/b')).toHaveLength(1)
    expect(report.groups.map((g) => g.group)).toEqual(['corpus/cases', 'corpus/unseen'])
    expect(report.groups[1]?.figures.determination.accuracy).toEqual({ of: 6, count: 0, rate: 0 })
  })
  it('say nothing of what was not asked', () => {
    const empty = summarise([scoreCase(parseGold('{"lines":[{"line":3,"code":"77370","determination":"supported"}]}', 'g'), { ...ours, rules: [], facts: { performanceStatus: [] } }, place)])
    expect(evalToText(empty)).toContain('– (none)')
    expect(evalToText(empty)).not.toContain('NaN')
  })
})

describe('evaluate', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vouch-eval-'))
    for (const name of ['unseen/z', 'cases/b', 'cases/deep/a', 'cases/not-a-case']) {
      await mkdir(join(root, name, 'records'), { recursive: true })
      if (name !== 'cases/not-a-case') await writeFile(join(root, name, 'gold.json'), JSON.stringify(goldJson))
      await writeFile(join(root, name, 'claim.json'), '{}')
    }
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  it('finds cases at any depth, sorted, grouped by the top folder', async () => {
    const brief = async (folders: string[]): Promise<string[][]> => (await findCases(folders)).map((c) => [c.folder.slice(root.length), c.group.slice(root.length)])
    expect(await brief([root])).toEqual([['/cases/b', '/cases'], ['/cases/deep/a', '/cases'], ['/unseen/z', '/unseen']])
    expect(await brief([`${root}/unseen/`, `${root}/cases`])).toEqual([['/cases/b', '/cases'], ['/cases/deep/a', '/cases/deep'], ['/unseen/z', '/unseen']])
    expect(await brief([`${root}/cases/b`])).toEqual([['/cases/b', '/cases']])
    await expect(findCases([`${root}/none`])).rejects.toThrow('is not a folder')
  })

  it('hands each case to the reviewer, and goes on after one that fails', async () => {
    const asked: string[] = []
    const reviewCase = (claimPath: string, records: readonly string[]): Promise<ReviewJson> => {
      asked.push(`${claimPath} ${records.join()}`.replaceAll(root, ''))
      return claimPath.includes('unseen') ? Promise.reject(new Error('out of reach')) : Promise.resolve(ours)
    }
    const report = await evaluate([root], reviewCase)
    expect(asked).toEqual(['/cases/b/claim.json /cases/b/records', '/cases/deep/a/claim.json /cases/deep/a/records', '/unseen/z/claim.json /unseen/z/records'])
    expect(report.all).toMatchObject({ cases: 3, failed: 1 })
    expect(JSON.parse(await runEval([root], 'json', reviewCase))).toMatchObject({ schema: 'vouch/eval@1', all: { cases: 3 } })
  })

  it('stops at bad labels before the first review, and where there is no case', async () => {
    await mkdir(join(root, 'bad/c/records'), { recursive: true })
    await writeFile(join(root, 'bad/c/claim.json'), '{}')
    await writeFile(join(root, 'bad/c/gold.json'), '{"lines":[]}')
    let reviews = 0
    const reviewCase = (): Promise<ReviewJson> => { reviews += 1; return Promise.resolve(ours) }
    await expect(evaluate([root], reviewCase)).rejects.toThrow(/bad\/c\/gold\.json: lines: /)
    expect(reviews).toBe(0)
    await expect(evaluate([join(root, 'cases/not-a-case')], reviewCase)).rejects.toThrow('no labelled case below')
  })
})
