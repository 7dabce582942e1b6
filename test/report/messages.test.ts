import { describe, expect, it } from 'vitest'
import type { ReasonId } from '../../src/review/review.ts'
import { explainFinding, explainProblem, explainRule, requestFor, ruleText } from '../../src/report/messages.ts'
import { toContract } from '../../src/report/contract.ts'
import { fill, inSentence, ranges, wrap } from '../../src/report/plain.ts'
import { finding, hit, madeUpReview, policy, quoteAt } from './made-up-review.ts'

const text = { asks: 'A Karnofsky or ECOG value for this course', request: 'the note with the value', section: 'Some section', item: 4 }
const explain = (reason: ReasonId, status: Parameters<typeof finding>[2] = 'not-met', missing: string[] = []): string =>
  explainFinding(finding('a.b', 'req', status, reason, reason === 'not-found' || reason === 'unreadable' ? [] : [quoteAt('a.pdf', 3, 'words')], ['date'], missing), text)

describe('explanations of requirements', () => {
  it('says how much was searched, and never that a service was not performed', () => {
    expect(explain('not-found')).toBe('Not found in the records received (14 pages, 2 could not be read): a Karnofsky or ECOG value for this course (policy section “Some section”, item 4).')
  })

  it('tells silence, denial, a plan, an unreadable page and a missing signature apart', () => {
    const all = (['not-found', 'denied', 'only-planned', 'unreadable', 'unsigned', 'only-other-patient', 'only-template', 'wrong-order', 'conflict'] as const).map((r) => explain(r))
    expect(new Set(all).size).toBe(all.length)
    for (const sentence of all) expect(sentence).not.toMatch(/not performed|fail|\{|\[|\]/i)
  })

  it('names the part that is missing', () => {
    expect(explain('parts-found', 'partial', ['time'])).toContain('found: date; not found in the records received (14 pages, 2 could not be read): time')
  })

  it('is one sentence with one full stop at its end', () => {
    const json = toContract(madeUpReview, policy)
    for (const r of [...json.lines.flatMap((l) => l.requirements), ...json.general]) {
      expect(r.explanation).toMatch(/^[A-Z].*\.$/)
      expect(r.explanation).not.toMatch(/\. [A-Z]| {2}|\.\.|\(\)|null|undefined/)
    }
  })

  it('sends poor performance to a clinician', () => {
    const json = toContract(madeUpReview, policy)
    expect(json.lines[1]?.requirements.find((r) => r.id === 'sbrt.x-poor-performance')?.explanation).toContain('clinician')
  })
})

describe('requests', () => {
  it('are made for open requirements only, one sentence each', () => {
    const json = toContract(madeUpReview, policy)
    expect(json.lines[0]?.requests).toEqual([
      'Please send the measurement record with its date and time (still missing: time).',
      'Please send the entry that says whether the plan was changed after the measurement.',
      'Please send the measurement report signed by the one who performed it (the copy received is not signed).',
    ])
    expect(json.lines[2]?.requests).toEqual([])
  })

  it('ask for legible copies where what is missing may stand on an unread page, and not of a blank one', () => {
    const json = toContract(madeUpReview, policy)
    expect(json.lines[1]?.requests.at(-1)).toBe('Please send legible copies of the pages that could not be read: packets/Rivera packet.pdf p. 4; packet.zip/inner.pdf p. 2.')
  })

  it('leave a whole sentence as it is', () => {
    expect(requestFor(finding('a', 'req', 'not-met', 'not-found'), { ...text, request: 'Please confirm the date of birth.' })).toBe('Please confirm the date of birth.')
  })
})

describe('explanations of rules', () => {
  it('has its own words for every rule of the policy', () => {
    const ids = Array.from({ length: 82 }, (_, i) => `R${String(i + 1).padStart(2, '0')}`)
    expect(new Set(ids.map((id) => ruleText(id).says)).size).toBe(82)
    for (const id of ids) {
      for (const more of [{}, { counted: 3, limit: 1, codes: ['77301', '77470'], lines: [3, 1, 2], unitsSupported: 1 }]) {
        const sentence = explainRule(hit(id, 'deny', more))
        expect(sentence, id).toMatch(/^[A-Z].*no unit of the line stands.*policy section “.+”\)\.$/)
        expect(sentence, id).not.toMatch(/[{}[\]]|null|undefined| {2}|\. [A-Z]/)
      }
    }
  })

  it('says count, limit, lines and what stands', () => {
    expect(explainRule(hit('R29', 'limit', { unitsSupported: 1, lines: [5, 2, 3], counted: 2, limit: 1 })))
      .toBe('More units of continuing physics are billed than the fractions delivered allow, at one for each five: 2 counted, 1 allowed (line 5 with lines 2 and 3); 1 unit of the line stands (policy section “Medical physics consults”).')
  })
})

describe('explanations of problems', () => {
  it('say what, where and what to do', () => {
    expect(explainProblem({ id: 'encrypted-file', severity: 'error', file: 'a.pdf' })).toBe('The file a.pdf is locked by a password and was not read; send it without one.')
  })
})

describe('small work on strings', () => {
  it('fills templates without reading values as template', () => {
    expect(fill('{a}[ in {b}][ of {c}]', { a: '{b}[x]', b: 'z', c: null })).toBe('{b}[x] in z')
  })
  it('lowers a first letter but no name', () => {
    expect([inSentence('A value.'), inSentence('Karnofsky value'), inSentence('PTV and CTV'), inSentence('X-ray source')]).toEqual(['a value', 'Karnofsky value', 'PTV and CTV', 'X-ray source'])
  })
  it('joins runs of pages', () => expect(ranges([1, 2, 3, 5, 9, 10])).toBe('1–3, 5, 9–10'))
  it('breaks words longer than a line', () => {
    const lines = wrap(`a ${'x'.repeat(50)} b`, 20, '* ', '  ')
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(20)
    expect(lines.join('').replace(/[ *]/g, '')).toBe(`a${'x'.repeat(50)}b`)
  })
})
