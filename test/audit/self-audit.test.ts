// The fix list: labelled charts, the order of value, and laws that hold for every finding. May not: read the network.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cureOf, ofKind } from '../../src/audit/cure-of.ts'
import { auditToHtml } from '../../src/audit/html.ts'
import { auditToText } from '../../src/audit/print.ts'
import { selfAuditOf } from '../../src/audit/self-audit.ts'
import { whatIf } from '../../src/audit/what-if.ts'
import { OPEN_REASONS, OUTLOOKS } from '../../src/policy/cure.ts'
import { claimSchema } from '../../src/claim/claim.ts'
import { AUDIT_CASES, audited, auditedCase, labelsOf, policy, recordsOf } from './charts.ts'
import { NEVER_BY_WRITING, SILENT } from './never-by-writing.ts'

describe('the labelled charts', () => {
  it.each(AUDIT_CASES)('%s: every gap is named, with what can still be done', async (name) => {
    const { audit } = await auditedCase(name)
    const labels = labelsOf(name)
    expect(Object.fromEntries(audit.fixes.map((f) => [f.subject, f.outlook]).sort())).toEqual(Object.fromEntries(Object.entries(labels).map(([id, l]) => [id, l.outlook]).sort()))
    for (const f of audit.fixes) for (const means of labels[f.subject]?.means ?? []) expect(f.ways.map((w) => w.means), f.subject).toContain(means)
  })
  it('knows charts on each side', () => {
    const outlooks = new Set(AUDIT_CASES.flatMap((c) => Object.values(labelsOf(c)).map((l) => l.outlook)))
    expect([...outlooks].sort()).toEqual([...OUTLOOKS].sort())
  })
})

describe('what mends a gap, as the policy says', () => {
  it.each(policy.cures.map((c) => [c.id, c] as const))('%s: its examples hold', (_, kind) => {
    for (const e of kind.examples) {
      const cured = ofKind(policy.cures, kind.id, { reason: e.reason, status: e.status ?? 'not-met', found: e.found ?? [] })
      expect(cured.outlook, `${e.reason} ${e.status ?? ''}`).toBe(e.is)
    }
  })
  it('is said for every requirement and every service, with a source for every sentence', () => {
    const lacking = [...policy.checklists.flatMap((c) => c.requirements).filter((r) => r.cure === undefined).map((r) => r.id), ...policy.services.filter((s) => s.cure === undefined).map((s) => s.label)]
    expect(lacking).toEqual([])
    for (const kind of policy.cures) for (const s of [...kind.ways, ...kind.barred]) expect(s.source.length, `${kind.id}: ${s.says}`).toBeGreaterThan(10)
  })
  it('names parts that the requirement has', () => {
    const wrong = policy.checklists.flatMap((c) => c.requirements).flatMap((r) => Object.keys(r.cure?.parts ?? {}).filter((p) => !JSON.stringify(r.test).includes(`"${p}":`)).map((p) => `${r.id}: ${p}`))
    expect(wrong).toEqual([])
  })
  it('asks about a topic without the answer that the policy wants', () => {
    for (const r of policy.checklists.flatMap((c) => c.requirements)) expect(r.cure?.topic, r.id).not.toMatch(/\b(?:signed|required|must|needed|because|instead of|medically necessary)\b/)
  })
  it('never lets a thing of then be written today', () => {
    const all = policy.checklists.flatMap((c) => c.requirements)
    for (const r of all.filter((one) => NEVER_BY_WRITING.has(one.id))) {
      for (const reason of SILENT) {
        for (const status of ['not-met', 'partial']) expect(cureOf(policy, { id: r.id, status, reason, found: [], missing: Object.keys(r.cure?.parts ?? {}) }, null).outlook, `${r.id} ${reason} ${status}`).not.toBe('curable')
      }
    }
  })
  it('gives an outlook and something to say for any requirement and reason', () => {
    const ids = policy.checklists.flatMap((c) => c.requirements).map((r) => r.id)
    fc.assert(fc.property(fc.constantFrom(...ids), fc.constantFrom(...OPEN_REASONS), fc.constantFrom('partial', 'not-met', 'unclear', 'triggered'), fc.array(fc.string()), (id, reason, status, missing) => {
      const cured = cureOf(policy, { id, status, reason, found: [], missing }, null)
      expect(OUTLOOKS).toContain(cured.outlook)
      if (cured.outlook !== 'not-curable') expect(cured.ways.length).toBeGreaterThan(0)
      // An order is never attested.
      if (['77331.prescription', '77370.request', '77470.request', 'imrt.constraints', 'general.prescription'].includes(id)) expect(cured.ways.map((w) => w.means)).not.toContain('attestation')
    }))
  })
})

const HEAD = 'Patient: Tarrow, Imelda   DOB: 03/09/1957   MRN: T-4471\n'
const PATIENT = { name: 'Tarrow, Imelda', birthDate: '1957-03-09', mrn: 'T-4471' }
const REPORT = `IN VIVO DOSIMETRY REPORT\n${HEAD}Date: 05/06/2025   Time: 10:42\nDetector: OSLD (nanoDot) over the pacemaker pocket, fraction 1\nExpected 4.0 cGy, measured 4.3 cGy (+7.5%)\nNo change of the plan was needed.\nMeasured by: K. Lin, MS, DABR\nSignature: ______________\n`
const ORDER = `PRESCRIPTION ADDENDUM\n${HEAD}Date: 05/05/2025\nOrder: OSLD over the device pocket with fraction 1, as the pacemaker lies 4 cm from the field edge.\nElectronically signed by Jane Roe, MD on 05/05/2025 08:14\n`
const claimOf = (lines: readonly { code: string; serviceDate: string; charge?: number }[]) => claimSchema.parse({ claimId: 'C-1', patient: PATIENT, lines: lines.map((l, i) => ({ line: i + 1, ...l })) })

describe('the order of the fix list', () => {
  const records = recordsOf({ 'report.txt': REPORT, 'order.txt': ORDER })
  const claim = claimOf([{ code: '77331', serviceDate: '2025-05-06', charge: 310 }, { code: '77370', serviceDate: '2025-05-06', charge: 90 }])
  it('puts first what decides the most money, and says what would become of each line', () => {
    const { audit } = audited(records, { claim })
    expect(audit.fixes[0]).toMatchObject({ subject: '77331.signature', outlook: 'curable', effect: 'decides', stake: 310, lines: [1] })
    expect(audit.lines[0]).toMatchObject({ determination: 'insufficient-documentation', ifCured: 'supported', amount: 310 })
    expect(audit.lines[1]?.ifCured).not.toBe('supported')
    expect(audit.money).toMatchObject({ basis: 'charges', billed: 400, supported: 0, curable: 310 })
    const stakes = audit.fixes.map((f) => f.stake ?? 0)
    expect(stakes).toEqual([...stakes].sort((a, b) => b - a))
  })
  it('takes the fee table where one is given', () => {
    const fees = [{ code: '77370', modifier: '', place: '', from: '', until: '', cents: 90_000 }, { code: '77331', modifier: '', place: '', from: '', until: '', cents: 100 }]
    const { audit } = audited(records, { claim }, { fees })
    expect(audit.money?.basis).toBe('fees')
    expect(audit.fixes[0]?.lines).toEqual([2])
  })
  it('names the same gap of several lines once', () => {
    const { audit } = audited(records, { claim: claimOf([{ code: '77331', serviceDate: '2025-05-06' }, { code: '77331', serviceDate: '2025-05-06' }]) })
    expect(audit.fixes.filter((f) => f.subject === '77331.signature').map((f) => f.lines)).toEqual([[1, 2]])
    expect(audit.money).toBeNull()
  })
  it('names every open requirement of the review, and nothing that the review does not say', () => {
    const { audit, review } = audited(records, { claim })
    const said = new Set(review.lines.flatMap((l) => l.requirements.filter((r) => ['partial', 'not-met', 'unclear', 'triggered'].includes(r.status)).map((r) => `${l.line} ${r.id}`)))
    expect(new Set(audit.fixes.filter((f) => f.about === 'requirement').flatMap((f) => f.lines.map((l) => `${l} ${f.subject}`)))).toEqual(said)
  })
  it('is the same whatever the order of the files', () => {
    const turned = { ...records, documents: [...records.documents].reverse().sort((a, b) => (a.file < b.file ? -1 : 1)) }
    expect(JSON.stringify(audited(turned, { claim }).audit)).toBe(JSON.stringify(audited(records, { claim }).audit))
  })
  it('is told as text and as a page without anything foreign in it', () => {
    const { audit, drafts } = audited(records, { claim: { ...claim, claimId: '<b>x</b>' } })
    const text = auditToText(audit, { width: 90 })
    expect(text.split('\n').every((l) => l.length <= 90)).toBe(true)
    expect(text).toContain('+ Attestation:')
    const html = auditToHtml(audit, { drafts })
    expect(html).not.toContain('<b>x</b>')
    expect(html).not.toMatch(/<script|https?:\/\//)
  })
})

describe('what if a page were added', () => {
  const claim = claimOf([{ code: '77331', serviceDate: '2025-05-06', charge: 310 }])
  it('tells the statuses that would change, and only those', () => {
    const { whatIf: what } = audited(recordsOf({ 'report.txt': REPORT }), { claim }, { added: recordsOf({ 'order.txt': ORDER }) })
    expect(what?.files).toEqual(['order.txt'])
    expect(what?.lines.flatMap((l) => l.statuses.map((s) => [s.requirement, s.before, s.after]))).toEqual([['77331.prescription', 'not-met', 'met']])
    expect(what?.lines[0]?.statuses[0]?.evidence[0]?.file).toBe('order.txt')
  })
  it('changes nothing where the page says nothing, and keeps two files of one name apart', () => {
    const records = recordsOf({ 'report.txt': REPORT })
    const { whatIf: what } = audited(records, { claim }, { added: recordsOf({ 'report.txt': 'PARKING\nLevel 2.\n' }) })
    expect(what?.files).toEqual(['added/report.txt'])
    expect(what?.lines).toEqual([])
    const { review } = audited(records, { claim })
    expect(whatIf(review, review)).toEqual({ files: [], lines: [], general: [] })
  })
  it('does not change the audit itself', () => {
    const alone = audited(recordsOf({ 'report.txt': REPORT }), { claim })
    const more = audited(recordsOf({ 'report.txt': REPORT }), { claim }, { added: recordsOf({ 'order.txt': ORDER }) })
    expect(more.audit).toEqual(alone.audit)
    expect(selfAuditOf(alone.review, policy)).toEqual(alone.audit)
  })
})
