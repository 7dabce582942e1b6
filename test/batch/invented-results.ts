// Results of a batch, invented, for tests: the same seed, the same results. May not: hold a real provider.
import { RESULT_SCHEMA, type BatchResult, type ResultLine } from '../../src/batch/result.ts'

const CODES = ['77301', '77331', '77338', '77370', '77435', '77470']
const ITEMS: Readonly<Record<string, readonly string[]>> = {
  '77301': ['imrt.necessity', 'imrt.constraints'], '77331': ['77331.prescription', '77331.datetime', '77331.adjustments'], '77338': ['imrt.verification'], '77370': ['77370.request', '77370.report'], '77435': ['77435.target', '77435.datetime', '77435.response'], '77470': ['77470.necessity', '77470.work'],
}
export const NPIS = ['1234567893', '1999999984', '1888888883', '1777777772', '1666666661'] as const

export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Provider number 0 documents worse than the others, and worse from month to month. */
export function inventedResults(count: number, seed = 7): BatchResult[] {
  const next = chance(seed)
  return Array.from({ length: count }, (_, i) => inventedResult(i + 1, next))
}

export function inventedResult(number: number, next: () => number, lineCount = 1 + Math.floor(next() * 4)): BatchResult {
  const who = Math.floor(next() * NPIS.length)
  const month = 1 + Math.floor(next() * 12)
  const day = (d: number): string => `2025-${String(month).padStart(2, '0')}-${String(d).padStart(2, '0')}`
  const bad = who === 0 ? 0.1 + month / 22 : 0.12
  const lines = Array.from({ length: lineCount }, (_, i): ResultLine => {
    const code = CODES[Math.floor(next() * CODES.length)] as string
    const requirements = (ITEMS[code] ?? []).map((id, at): ResultLine['requirements'][number] => {
      const roll = next()
      const status = roll < bad / (at + 1) ? 'not-met' : roll < bad / (at + 1) + 0.05 ? 'partial' : roll > 0.98 ? 'unclear' : 'met'
      return { id, class: at === 0 ? 'core' : 'req', status, reason: status === 'met' ? 'found' : status === 'partial' ? 'parts-found' : status === 'unclear' ? 'conflict' : 'not-found' }
    })
    const rules: ResultLine['rules'] = next() < 0.08 ? [{ id: 'R38', effect: 'deny', unitsSupported: 0 }] : next() < 0.05 ? [{ id: 'R63', effect: 'limit', unitsSupported: 1 }] : []
    const denied = rules.some((r) => r.effect === 'deny') || requirements.some((q) => q.class === 'core' && q.status === 'not-met')
    const determination = denied ? 'not-supported' : requirements.some((q) => q.status === 'unclear') ? 'needs-review' : requirements.some((q) => q.status !== 'met') ? 'insufficient-documentation' : 'supported'
    const paid = Math.round(10_000 + next() * 200_000) / 100
    const open = determination === 'insufficient-documentation' || determination === 'needs-review' ? paid : 0
    return {
      line: i + 1, code, reportedCode: null, modifiers: i === 0 ? ['26'] : [], serviceDate: day(3 + i), serviceDateEnd: null, units: 1, charge: paid * 2, paid, determination, score: Math.round(next() * 100) / 100, unitsSupported: denied ? 0 : 1,
      money: { basis: 'paid', billed: paid, notSupported: denied ? paid : 0, open, supported: denied ? 0 : paid - open }, policyVersion: '2025-02-13',
      placeOfService: '11', diagnoses: ['C61'], diagnosisFlags: denied ? ['diagnosis-unspecified'] : [], course: 1, fractionsBilled: 28, fractionsDelivered: i === 0 ? 27 : null, checklists: [code], missing: requirements.filter((q) => q.status === 'not-met' || q.status === 'partial').map((q) => q.id),
      denialCodes: rules.length > 0 ? ['E1N'] : [], carc: denied ? ['50', '16'] : [], rarc: denied ? ['M127'] : [], clinician: denied, signatureFlags: open > 0 ? ['absent'] : [], requirements, rules,
    }
  })
  const sum = (key: 'billed' | 'notSupported' | 'open' | 'supported'): number => lines.reduce((n, l) => n + Math.round((l.money?.[key] ?? 0) * 100), 0) / 100
  const order = ['not-supported', 'needs-review', 'insufficient-documentation', 'supported'] as const
  return {
    schema: RESULT_SCHEMA, number, source: `claims/${number}`, claimId: `CLM-${String(number).padStart(6, '0')}`, claimForm: 'professional', payer: 'priority-health', provider: { name: `Invented Radiation Oncology ${who + 1}`, npi: NPIS[who] as string },
    serviceFrom: day(3), serviceTo: day(3 + lineCount - 1), taxId: '383383383', lineOfBusiness: 'commercial', memberHash: `${number}`.padStart(16, '0'), recordStatus: 'read', performance: { value: '80-90', scale: 'KPS', date: day(3) }, ocrQuality: 0.93, priority: 100, status: 'done', reason: null, determination: order.find((d) => lines.some((l) => l.determination === d)) ?? null, doubtful: lines.some((l) => l.determination === 'needs-review'), lines, rules: [],
    money: { billed: sum('billed'), notSupported: sum('notSupported'), open: sum('open'), supported: sum('supported') }, problems: next() < 0.05 ? [{ id: 'other-patient', severity: 'error', count: 2 }] : [], pages: { all: 20, native: 18, ocr: 2, unread: 0 },
    made: { engine: '1.0.0', ocr: null, dictionaries: 'd'.repeat(64), policy: 'priority-health/radiation-oncology', policyVersions: ['2025-02-13'] }, contentKey: 'a'.repeat(64),
  }
}
