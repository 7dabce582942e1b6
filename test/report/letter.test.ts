import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { letterSettingsSchema } from '../../src/dictionary/letters.ts'
import { dictionariesFolder } from '../../src/load/folder.ts'
import { loadLetterTemplates } from '../../src/load/load-letters.ts'
import { toContract, type LineJson, type ReviewJson } from '../../src/report/contract.ts'
import { letterOf, letterText, partText, type Letter, type LetterDecision, type LetterPart } from '../../src/report/letter.ts'
import { clean } from '../../src/report/plain.ts'
import { isWrong } from '../../src/report/words.ts'
import { madeUpReview, policy } from './made-up-review.ts'

const report: ReviewJson = toContract(madeUpReview, policy)
const templates = loadLetterTemplates(dictionariesFolder())
const settings = letterSettingsSchema.parse({ payer: 'Invented Health Plan', policy: 'Radiation Oncology', rights: ['Dispute within {disputeDays} days[, by {disputeDue}].'], 'quotes-each': 12, contact: 'telephone 555-0101' })
const determination = (more: Partial<Parameters<typeof letterOf>[0]> = {}): Letter => letterOf({ report, template: templates.determination, settings, ...more })
const request = (more: Partial<Parameters<typeof letterOf>[0]> = {}): Letter => letterOf({ report, template: templates['record-request'], settings, ...more })
const reasons = (letter: Letter) => letter.body.filter((p): p is Extract<LetterPart, { kind: 'reason' }> => p.kind === 'reason')
const decide = (line: number, subject: string | null, status: string, more: Partial<LetterDecision> = {}): LetterDecision =>
  ({ target: subject === null ? 'line' : /^R\d/.test(subject) ? 'rule' : 'requirement', line, subject, action: 'override', status, round: 'first', stands: true, reason: 'evidence-insufficient', note: 'the plan is of another patient', evidence: [], by: 'Ann Ferrow', ...more })
const lineOf = (n: number): LineJson => report.lines.find((l) => l.line === n) as LineJson

describe('a determination letter', () => {
  it('gives a reason for each requirement and rule that stands against a line, and for nothing else', () => {
    const wanted = report.lines.filter((l) => l.determination !== 'supported' || l.unitsSupported < l.units).flatMap((l) => [
      ...l.rules.filter((r) => r.effect !== 'note').map((r) => `rule ${l.line} ${r.id}`), ...l.requirements.filter(isWrong).map((r) => `requirement ${l.line} ${r.id}`),
    ])
    const said = reasons(determination()).map((r) => ('id' in r.source && 'line' in r.source ? `${r.source.kind} ${r.source.line} ${r.source.id}` : r.source.kind))
    expect(said).toEqual(wanted)
    expect(said.length).toBeGreaterThan(6)
  })

  it('says in each reason only what the finding says', () => {
    for (const r of reasons(determination())) {
      if (r.source.kind !== 'requirement' && r.source.kind !== 'rule') throw new Error('a reason without a finding')
      const { kind, line, id } = r.source
      const finding = kind === 'requirement' ? lineOf(line).requirements.find((x) => x.id === id) : undefined
      const rule = kind === 'rule' ? lineOf(line).rules.find((x) => x.id === id) : undefined
      const explanation = clean((finding ?? rule)?.explanation ?? '')
      expect(explanation.startsWith(r.statement.replace(/\.$/, '')), r.statement).toBe(true)
      // What is left out of the sentence is the citation, which stands below.
      const left = explanation.slice(r.statement.length - 1)
      expect(left === '.' || /^ \(policy section “.+\)\.$/.test(left), left).toBe(true)
      expect(r.cites).toContain(finding?.cites.section ?? rule?.section)
      if (finding) expect(r.cites).toContain(`item ${finding.cites.item}`)
      expect(r.reference).toContain(id)
      expect(r.quotes.map((q) => `${q.file} ${q.page} ${q.quote}`)).toEqual((finding ?? rule)?.evidence.map((e) => `${e.file} ${e.page} ${clean(e.quote)}`))
      for (const q of r.quotes) expect(q.place).toContain(`${q.file}, page ${q.page}`)
      if (finding) expect(r.cure).toBe(finding.class === 'x' ? null : finding.request)
    }
  })

  it('holds no sentence that is not of the template, the settings, the claim, a finding or a decision', () => {
    const sources = new Set(determination().body.flatMap((p): string[] => (p.kind === 'table' ? p.rows.map((r) => r.source.kind) : p.kind === 'requests' ? p.items.flatMap((i) => i.sources.map((s) => s.kind)) : p.kind === 'list' ? p.items.map((i) => i.source.kind) : [p.source.kind])))
    expect([...sources].sort()).toEqual(['claim', 'line', 'problem', 'requirement', 'rule', 'setting', 'sign-off', 'template'].sort())
  })

  it('gives the units of each line as the report has them', () => {
    const table = determination().body.find((p) => p.kind === 'table')
    if (table?.kind !== 'table') throw new Error('no table')
    expect(table.rows.map((r) => r.cells[4])).toEqual(['0 of 1 now; 1 if what is missing is received', '0 of 1', '1 of 1', 'not decided yet', '1 of 2'])
    expect(table.rows.map((r) => r.cells[5])).toEqual(['Insufficient documentation', 'Not supported', 'Supported', 'Needs review', 'Supported in part'])
  })

  it('is a draft until a person signs it off, and says so', () => {
    const draft = determination()
    expect(draft.draft?.mark).toBe('DRAFT')
    expect(letterText(draft)).toContain('DRAFT')
    const signed = determination({ signOff: { by: 'Ann Ferrow, MD', on: '2026-01-15' } })
    expect(signed.draft).toBeNull()
    expect(letterText(signed).join('\n')).not.toContain('DRAFT')
    expect(letterText(signed)).toContain('Reviewed and signed off by Ann Ferrow, MD on January 15, 2026')
    expect(signed.date).toBe('January 15, 2026')
    expect(letterText(signed).join('\n')).toContain('Dispute within 180 days, by July 14, 2026.')
    expect(letterText(draft).join('\n')).toContain('Dispute within 180 days.')
  })

  it('says what keeps it a draft', () => {
    const none = letterSettingsSchema.parse({})
    expect(determination({ settings: none }).unready).toHaveLength(3)
    expect(determination().unready).toEqual(["Line 4 still needs a reviewer's decision."])
    expect(determination({ decisions: [decide(4, null, 'supported')] }).unready).toEqual([])
    expect(request({ settings: none }).unready).toHaveLength(1)
  })

  it('follows what people decided', () => {
    const met = determination({ decisions: [decide(1, '77331.datetime', 'met'), decide(1, '77331.adjustments', 'met'), decide(1, '77331.signature', 'met')] })
    expect(reasons(met).filter((r) => 'line' in r.source && r.source.line === 1)).toEqual([])
    expect(letterText(met).join('\n')).not.toContain('Line 1:')

    const against = determination({ decisions: [decide(3, '77370.report', 'not-met', { evidence: [{ file: 'consult.docx', page: 1, quote: 'dose not estimated' }] })] })
    const own = reasons(against).find((r) => 'id' in r.source && r.source.id === '77370.report')
    expect(own?.statement).toBe('A reviewer looked at this requirement and found it not met: a written report by the physicist for this patient, with the dose calculation. Ground: the evidence is not enough.')
    expect(own?.quotes.map((q) => q.quote)).toEqual(['dose not estimated'])
    expect(own?.statement).not.toContain('Documented')
    expect(own?.statement).not.toContain('another patient')
    expect(letterText(determination({ settings: { ...settings, 'reviewer-notes': true }, decisions: [decide(3, '77370.report', 'not-met')] })).join('\n')).toContain('the plan is of another patient')

    const aside = determination({ decisions: [decide(2, 'R64', 'set-aside'), decide(5, 'R29', 'set-aside')] })
    expect(letterText(aside).join('\n')).not.toMatch(/R64|R29/)
    const whole = determination({ decisions: [decide(3, null, 'not-supported')] })
    expect(letterText(whole).join('\n')).toContain('A reviewer determined this line as a whole: not supported.')
    // A blind second reading changes nothing that leaves the house.
    expect(determination({ decisions: [decide(3, null, 'not-supported', { round: 'blind' })] })).toEqual(determination())
  })

  it('prints suggested codes only where the settings ask for them', () => {
    const coded = toContract(madeUpReview, policy, [{ id: 'a', words: 'x', carc: ['251'], rarc: ['N205'], when: { requirements: [], reasons: ['unsigned'], rules: [], edits: [] }, examples: { fits: [{ reason: 'unsigned', requirement: 'a.b' }], 'fits-not': [] } }])
    expect(letterText(determination({ report: coded })).join('\n')).not.toContain('CARC')
    expect(letterText(determination({ report: coded, settings: { ...settings, 'denial-codes': true } })).join('\n')).toContain('Codes that may be reported with it: CARC 251 and RARC N205')
  })

  it('leaves no field open and no control character in, whatever the records and the claim hold', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.boolean(), (name, quote, signed) => {
      const odd: ReviewJson = {
        ...report, claim: { ...report.claim, patient: { ...report.claim.patient, name }, provider: { name: quote, npi: null } },
        lines: report.lines.map((l) => ({ ...l, requirements: l.requirements.map((r) => ({ ...r, evidence: r.evidence.map((e) => ({ ...e, quote })) })) })),
      }
      for (const letter of [determination({ report: odd, signOff: signed ? { by: name, on: '2026-01-15' } : null }), request({ report: odd })]) {
        for (const text of letterText(letter)) expect(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/.test(text)).toBe(false)
        expect(letter.body.filter((p) => p.kind === 'paragraph' || p.kind === 'heading').flatMap(partText).filter((t) => /\{(?:claim|pages|files|date|disputeDays)\}|undefined/.test(t))).toEqual([])
      }
    }), { numRuns: 60 })
  })
})

describe('a request for records', () => {
  it('asks for what the report asks for, once, with its lines', () => {
    const items = request().body.flatMap((p) => (p.kind === 'requests' ? [...p.items] : []))
    const asked = report.lines.filter((l) => l.determination !== 'supported').flatMap((l) => l.requests)
    expect(items.map((i) => i.text).sort()).toEqual([...new Set(asked)].sort())
    expect(items.find((i) => i.text.includes('legible copies'))?.sources).toEqual([{ kind: 'line', line: 2 }])
    expect(items[0]?.lines).toBe('For line 1 (77331)')
    for (const i of items) expect(i.sources.length).toBeGreaterThan(0)
  })

  it('names files that could not be used, and no suspicion of one note against another', () => {
    const list = request().body.flatMap((p) => (p.kind === 'list' ? [...p.items] : []))
    expect(list).toHaveLength(report.problems.length)
    list.forEach((i, n) => expect(report.problems[n]?.explanation.startsWith(i.text.slice(0, -1)), i.text).toBe(true))
    expect(list.map((i) => i.text).join()).not.toContain('by eye')
    const cloned: ReviewJson = { ...report, problems: [{ id: 'cloned-note', severity: 'warning', file: 'a.pdf', page: 1, explanation: 'Page 1 of a.pdf holds a note with the same words.' }] }
    expect(letterText(request({ report: cloned })).join('\n')).not.toContain('same words')
  })

  it('no longer asks for what a person found', () => {
    const items = request({ decisions: [decide(1, '77331.adjustments', 'met')] }).body.flatMap((p) => (p.kind === 'requests' ? [...p.items] : []))
    expect(items.flatMap((i) => i.sources.map((s) => ('id' in s ? s.id : '')))).not.toContain('77331.adjustments')
  })
})
