import fc from 'fast-check'
import { X12Parser, type X12Interchange, type X12Segment } from 'node-x12'
import { describe, expect, it } from 'vitest'
import { make837 } from '../../bench/make-claims.mjs'
import { claimSchema, type Claim } from '../../src/claim/claim.ts'
import type { Reading } from '../../src/claim/reading.ts'
import { claimsOf837 } from '../../src/claim/x12-claims.ts'
import { print837 } from '../../src/claim/x12-print.ts'
import { x12Segments } from '../../src/claim/x12.ts'

const read = (...text: string[]): Reading[] => [...claimsOf837(text)]
const claimsIn = (readings: readonly Reading[]): (Claim | null)[] => readings.flatMap((r) => (r.kind === 'claim' ? [r.claim] : []))
const faultsIn = (readings: readonly Reading[]): string[] => readings.flatMap((r) => (r.kind === 'fault' ? [r] : r.faults)).map((f) => `${f.severity} ${f.where}: ${f.what}`)

/** One claim of two lines, a segment each. */
const SMALL = [
  'ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250601*1200*^*00501*000000007*0*T*:',
  'GS*HC*SENDER*RECEIVER*20250601*1200*1*X*005010X222A1', 'ST*837*0001*005010X222A1', 'BHT*0019*00*1*20250601*1200*CH',
  'HL*1**20*1', 'NM1*85*2*LAKESIDE*****XX*1999999984', 'HL*2*1*22*0', 'SBR*P*18', 'NM1*IL*1*RIVERA*MARTA*L***MI*M77', 'DMG*D8*19580402*F', 'NM1*PR*2*PRIORITY HEALTH',
  'CLM*C-1*360.5***22:B:1*Y*A*Y*Y', 'REF*G1*AUTH9', 'HI*ABK:C50412*ABF:Z510',
  'LX*1', 'SV1*HC:77331:26:59*180.5*UN*1***1:2', 'DTP*472*D8*20250506',
  'LX*2', 'SV1*HC:77427*180*UN*2*11**1', 'DTP*472*RD8*20250506-20250510',
  'SE*19*0001', 'GE*1*1', 'IEA*1*000000007',
]
const small = (change: (segments: string[]) => string[] = (s) => s): string => change([...SMALL]).map((s) => `${s}~\n`).join('')
const without = (index: number) => (s: string[]): string[] => s.filter((_, i) => i !== index)
const at = (tag: string): number => SMALL.findIndex((s) => s.startsWith(tag))

describe('an 837 of one claim', () => {
  it('gives the claim as billed', () => {
    const readings = read(small())
    expect(faultsIn(readings)).toEqual([])
    expect(claimsIn(readings)).toEqual([claimSchema.parse({
      claimId: 'C-1', payer: 'priority-health', patient: { name: 'RIVERA, MARTA L', birthDate: '1958-04-02', memberId: 'M77', sex: 'F' }, provider: { name: 'LAKESIDE', npi: '1999999984' },
      claimForm: 'professional', diagnoses: ['C50.412', 'Z51.0'], authorizations: [{ number: 'AUTH9' }],
      lines: [
        { line: 1, code: '77331', modifiers: ['26', '59'], units: 1, serviceDate: '2025-05-06', diagnosisPointers: [1, 2], placeOfService: '22', charge: 180.5 },
        { line: 2, code: '77427', units: 2, serviceDate: '2025-05-06', serviceDateEnd: '2025-05-10', diagnosisPointers: [1], placeOfService: '11', charge: 180 },
      ],
    })])
  })
  it('finds the delimiters in the header, whatever they are', () => {
    const odd = small().replaceAll('~\n', '\u001c').replaceAll('*', '|').replaceAll(':', '>')
    expect(claimsIn(read(odd))).toEqual(claimsIn(read(small())))
  })
  it('reads several interchanges with delimiters of their own', () => {
    const readings = read(small() + small().replaceAll('~\n', "'\r\n").replaceAll('*', '+'))
    expect(faultsIn(readings)).toEqual([])
    expect(claimsIn(readings)).toHaveLength(2)
  })
})

describe('damage is named by its position and costs no neighbour', () => {
  it('a file cut off after any segment loses its claim and nothing else', () => {
    const whole = [...make837({ claims: 3, seed: 5 })].join('')
    const good = claimsIn(read(whole))
    const segments = whole.split('~\n').filter((s) => s !== '')
    for (let keep = 1; keep < segments.length; keep++) {
      const readings = read(segments.slice(0, keep).map((s) => `${s}~\n`).join(''))
      const faults = faultsIn(readings)
      expect(faults.length, `cut after ${keep}`).toBeGreaterThan(0)
      expect(faults.some((f) => f.startsWith(`error after segment ${keep}:`)), `cut after ${keep}: ${faults.join(' | ')}`).toBe(true)
      const complete = claimsIn(readings).filter((c) => c !== null)
      expect(complete).toEqual(good.slice(0, complete.length))
    }
  })
  it('a file cut off within a segment says which', () => {
    const text = small()
    expect(faultsIn(read(text.slice(0, text.indexOf('SV1*HC:77427') + 8)))).toEqual([
      `error segment ${SMALL.length - 4}: the file breaks off within this claim`, `error segment ${SMALL.length - 4}: the file ends within this segment`,
    ])
  })
  const cases: [string, (s: string[]) => string[], RegExp, boolean][] = [
    ['a wrong count of segments', (s) => s.map((x) => (x.startsWith('SE*') ? 'SE*25*0001' : x)), /^error segment 21 \(SE\): .*19 segments/, true],
    ['a wrong count of transactions', (s) => s.map((x) => (x.startsWith('GE*') ? 'GE*4*1' : x)), /^error segment 22 \(GE\): .*1 transactions/, true],
    ['a wrong count of groups', (s) => s.map((x) => (x.startsWith('IEA*') ? 'IEA*2*000000007' : x)), /^error segment 23 \(IEA\)/, true],
    ['another control number', (s) => s.map((x) => (x.startsWith('SE*') ? 'SE*19*0009' : x)), /^error segment 21 \(SE\): the control number/, true],
    ['a missing line header', without(at('LX*2')), /^error segment 18 \(SV1\): line 1 has a second service/, false],
    ['a missing date of service', without(at('DTP*472*RD8')), /^error segment 18 \(LX\): line 2 has no date/, false],
    ['a missing service', without(at('SV1*HC:77427')), /^error segment 18 \(LX\): line 2 has no service/, false],
    ['diagnoses after the first line', (s) => [...without(at('HI*'))(s).slice(0, 14), SMALL[at('HI*')] as string, ...without(at('HI*'))(s).slice(14)], /^error segment 15 \(HI\): the diagnoses stand after/, false],
    ['lines in another order', (s) => [...s.slice(0, 14), ...s.slice(17, 20), ...s.slice(14, 17), ...s.slice(20)], /^warning segment 15 \(LX\): the line is numbered otherwise/, true],
    ['a reference before the claim’s dates', (s) => [...s.slice(0, 14), 'DTP*431*D8*20250501', ...s.slice(14)], /^warning segment 15 \(DTP\): the segment stands after HI/, true],
    ['a date before its line', (s) => [...s.slice(0, 14), s[16] as string, ...s.slice(14, 16), ...s.slice(17)], /^error segment 15 \(DTP\): a date of service stands before/, false],
    ['a day that is none', (s) => s.map((x) => x.replace('D8*20250506', 'D8*20250231')), /^error segment 17 \(DTP\): the date of service is not a date/, false],
    ['a charge in words', (s) => s.map((x) => x.replace('*180*UN', '*free*UN')), /^error segment 19 \(SV1\): the charge of line 2 is not a number/, false],
    ['a pointer too far', (s) => s.map((x) => x.replace('***1:2', '***1:7')), /^error segment 15 \(LX\): line 1 points to diagnosis 7/, false],
    ['a total that does not add up', (s) => s.map((x) => x.replace('*360.5*', '*999*')), /^warning segment 12 \(CLM\): the total charge is not the sum/, true],
    ['a level without its parent', (s) => s.map((x) => x.replace('HL*2*1*22', 'HL*2*9*22')), /^error segment 7 \(HL\)/, false],
    ['a code of four characters', (s) => s.map((x) => x.replace('HC:77427', 'HC:7742')), /^error segment 18 \(LX\): a CPT or HCPCS code/, false],
    ['a missing end of the transaction', without(at('SE*')), /^error segment 21 \(GE\): the functional group ends before/, false],
  ]
  it.each(cases)('%s', (_, change, told, read837) => {
    const readings = read(small(change))
    expect(faultsIn(readings).some((f) => told.test(f)), faultsIn(readings).join('\n')).toBe(true)
    expect(claimsIn(readings)[0] !== null).toBe(read837)
  })
  it('a bad claim between two good ones', () => {
    const whole = [...make837({ claims: 30, seed: 9 })].join('')
    const good = claimsIn(read(whole))
    const readings = read(whole.replace(/(CLM\*PCN-15\*[^~]*~[\s\S]*?DTP\*472\*D8\*)\d{8}/, '$120259999'))
    expect(claimsIn(readings)).toEqual(good.map((c, i) => (i === 14 ? null : c)))
  })
  it('passes over what is no claim', () => {
    expect(faultsIn(read(small((s) => s.map((x) => x.replace('ST*837', 'ST*835')))))).toEqual(['error segment 3 (ST): the transaction is not a claim (837) and was passed over'])
    expect(faultsIn(read(small((s) => s.map((x) => x.replaceAll('005010X222A1', '004010X098A1')))))[0]).toMatch(/segment 3 \(ST\).*version 5010/)
    expect(faultsIn(read('hello'))).toEqual(['error segment 1: the file does not begin with the interchange header ISA'])
  })
  it('never throws and ends, whatever is deleted, doubled or moved', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 5000 }), fc.constantFrom('cut', 'double', 'move'), (from, length, to, what) => {
      const whole = [...make837({ claims: 4, seed: 3 })].join('')
      const piece = whole.slice(from, from + length)
      const rest = whole.slice(0, from) + whole.slice(from + length)
      const text = what === 'cut' ? rest : what === 'double' ? whole.slice(0, to) + piece + whole.slice(to) : rest.slice(0, to) + piece + rest.slice(to)
      for (const r of read(text)) if (r.kind === 'claim' && r.claim !== null) claimSchema.parse(r.claim)
    }), { numRuns: 200 })
  })
})

describe('the same as node-x12 reads', () => {
  it.each([['professional', 11], ['institutional', 12]] as const)('%s', (form, seed) => {
    const text = [...make837({ claims: 60, seed, form, perSet: 25 })].join('')
    const theirs = new X12Parser(true).parse(text) as X12Interchange
    const flat: X12Segment[] = [theirs.header, ...theirs.functionalGroups.flatMap((g) => [g.header, ...g.transactions.flatMap((t) => [t.header, ...t.segments, t.trailer]), g.trailer]), theirs.trailer]
    const own = [...x12Segments([text])].map((s) => ('what' in s ? s : { tag: s.tag, elements: s.elements }))
    // Theirs takes the padding off the envelope; here it is kept as it stands.
    const bare = (tag: string, elements: readonly string[]): unknown => ({ tag, elements: tag === 'ISA' || tag === 'IEA' ? elements.map((x) => x.trimEnd().replace(/^0{7}/, '')) : elements })
    expect(own.map((s) => ('what' in s ? s : bare(s.tag, s.elements)))).toEqual(flat.map((s) => bare(s.tag, s.elements.map((e) => e.value))))

    // Field for field, taken from their segments by the guide's positions alone.
    const expected = theirs.functionalGroups.flatMap((g) => g.transactions).flatMap((t) => claimsByPosition(t.segments, form))
    const claims = claimsIn(read(text))
    expect(claims).toHaveLength(60)
    expect(claims.map((c) => c && {
      id: c.claimId, diagnoses: c.diagnoses.map((d) => d.replace('.', '')), authorization: c.authorizations?.[0]?.number ?? '', mrn: c.patient.mrn, member: c.patient.memberId,
      lines: c.lines.map((l) => ({ code: [l.code, ...l.modifiers].join(':'), charge: l.charge, units: l.units, days: [l.serviceDate, l.serviceDateEnd].filter((d) => d !== null).join('-').replaceAll(/(\d{4})-(\d\d)-(\d\d)/g, '$1$2$3'), pointers: l.diagnosisPointers.join(':'), adjustments: l.adjustments?.map((a) => `${a.group} ${a.reason} ${a.amount}`) ?? [], paid: l.paid ?? null, revenue: l.revenueCode ?? '' })),
    })).toEqual(expected)
  })

  function claimsByPosition(segments: readonly X12Segment[], form: string): unknown[] {
    const out: { id: string; diagnoses: string[]; authorization: string; mrn: string; member: string; lines: Record<string, unknown>[] }[] = []
    const shift = form === 'professional' ? 0 : 1
    let member = ''
    for (const s of segments) {
      const v = (n: number): string => s.valueOf(n) ?? ''
      const claim = out[out.length - 1]
      const line = claim?.lines[claim.lines.length - 1]
      if (s.tag === 'NM1' && v(1) === 'IL' && v(8) === 'MI') member = v(9)
      else if (s.tag === 'CLM') out.push({ id: v(1), diagnoses: [], authorization: '', mrn: '', member, lines: [] })
      else if (s.tag === 'HI') claim?.diagnoses.push(...s.elements.filter((e) => /^AB[KF]:/.test(e.value)).map((e) => e.value.split(':')[1] as string))
      else if (s.tag === 'REF' && v(1) === 'G1' && claim) claim.authorization = v(2)
      else if (s.tag === 'REF' && v(1) === 'EA' && claim) claim.mrn = v(2)
      else if (s.tag === 'LX') claim?.lines.push({ adjustments: [], paid: null, revenue: '' })
      else if ((s.tag === 'SV1' || s.tag === 'SV2') && line) Object.assign(line, { code: v(1 + shift).replace('HC:', ''), charge: Number(v(2 + shift)), units: Number(v(4 + shift)), pointers: shift === 0 ? v(7) : '', ...(shift === 1 ? { revenue: v(1) } : {}) })
      else if (s.tag === 'DTP' && v(1) === '472' && line) line['days'] = v(3)
      else if (s.tag === 'SVD' && line) line['paid'] = Number(v(2))
      else if (s.tag === 'CAS' && line) (line['adjustments'] as string[]).push(...[2, 5].filter((n) => v(n) !== '').map((n) => `${v(1)} ${v(n)} ${Number(v(n + 1))}`))
    }
    return out
  }
})

// Delimiters and leading or trailing blanks have no place in an X12 value.
const value = fc.stringMatching(/^[A-Z0-9][A-Za-z0-9 .'/-]{0,10}[A-Z0-9]$/)
const orNull = <T>(a: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(a, { nil: null })
const date = fc.date({ min: new Date('1930-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))
const amount = fc.integer({ min: 0, max: 99_999_999 }).map((c) => c / 100)
const adjustment = fc.record({ group: fc.constantFrom('CO', 'PR', 'OA'), reason: fc.constantFrom('45', '97', 'B12', '1'), amount, quantity: orNull(fc.integer({ min: 1, max: 9 })) })
const diagnosis = fc.constantFrom('C50.412', 'C61', 'C34.90', 'Z51.0', 'C77.0', 'D32.0', 'C79.51')
const placeOfService = fc.constantFrom('11', '19', '22', '24')

const claim: fc.Arbitrary<Claim> = fc.record({
  professional: fc.boolean(), claimId: value, payer: fc.constantFrom('priority-health', 'another-plan'), diagnoses: fc.uniqueArray(diagnosis, { maxLength: 7 }),
  name: orNull(fc.tuple(value, orNull(value)).map(([last, first]) => (first === null ? last : `${last}, ${first}`))), birthDate: orNull(date), memberId: orNull(value), mrn: orNull(value), sex: orNull(fc.constantFrom('F', 'M', 'U')),
  provider: fc.record({ name: orNull(value), npi: orNull(fc.constant('1999999984')), taxId: fc.constantFrom(undefined, '381234567') }), lineOfBusiness: fc.constantFrom(undefined, 'MB', '16'), authorizations: fc.option(fc.uniqueArray(value, { minLength: 1, maxLength: 2 }).map((l) => l.map((number) => ({ number, codes: [] }))), { nil: undefined }), adjustments: fc.option(fc.array(adjustment, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  lines: fc.array(fc.record({
    code: fc.constantFrom('77331', '77427', 'G6015', '0394T'), modifiers: fc.array(fc.constantFrom('26', 'TC', '59', 'XU'), { maxLength: 4 }), units: fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constant(1.5)),
    serviceDate: date, days: orNull(fc.integer({ min: 1, max: 30 })), pointers: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 4 }), placeOfService: orNull(placeOfService), charge: orNull(amount),
    paid: fc.option(amount, { nil: undefined }), adjustments: fc.option(fc.array(adjustment, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  }), { minLength: 1, maxLength: 6 }),
}).map((d) => {
  const absent = <T>(key: string, v: T | undefined): Record<string, T> => (v === undefined ? {} : { [key]: v })
  return claimSchema.parse({
    claimId: d.claimId, payer: d.payer, patient: { name: d.name, birthDate: d.birthDate, memberId: d.memberId, mrn: d.mrn, sex: d.sex }, provider: d.provider,
    claimForm: d.professional ? 'professional' : 'institutional', diagnoses: d.diagnoses, ...absent('authorizations', d.authorizations), ...absent('adjustments', d.adjustments), ...absent('lineOfBusiness', d.lineOfBusiness), ...(d.professional ? {} : { billType: '131' }),
    lines: d.lines.map((l, i) => ({
      line: i + 1, code: l.code, modifiers: l.modifiers, units: l.units, serviceDate: l.serviceDate,
      serviceDateEnd: l.days === null ? null : new Date(Date.parse(l.serviceDate) + l.days * 86_400_000).toISOString().slice(0, 10),
      diagnosisPointers: d.professional && d.diagnoses.length > 0 ? l.pointers.map((p) => 1 + (p % d.diagnoses.length)) : [],
      // A claim form gives a place to every line or to none: the claim's own fills the gap.
      placeOfService: d.professional ? (d.lines.some((x) => x.placeOfService === null) ? null : l.placeOfService) : null,
      charge: l.charge, ...absent('paid', l.paid ?? (l.adjustments ? 0 : undefined)), ...absent('adjustments', l.adjustments), ...(d.professional ? {} : { revenueCode: '0333' }),
    })),
  })
})

describe('print and read', () => {
  const OPTIONS = { date: '2025-06-01', time: '08:30', sender: 'SENDER', receiver: 'RECEIVER' }
  it('reading what was printed gives the same claims, without a fault', () => {
    fc.assert(fc.property(fc.array(claim, { minLength: 1, maxLength: 4 }), fc.constantFrom({}, { element: '|', component: '>', segment: '\n', repetition: '!' }, { after: '\r\n' }), (claims, delimiters) => {
      const readings = read([...print837(claims, { ...OPTIONS, ...delimiters })].join(''))
      expect(faultsIn(readings).filter((f) => f.startsWith('error'))).toEqual([])
      expect(claimsIn(readings)).toEqual(claims)
    }), { numRuns: 300 })
  })
  it('however the file is cut into pieces', () => {
    const text = [...make837({ claims: 5, seed: 2 })].join('')
    const whole = read(text)
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 30 }), (cuts) => {
      const sorted = [0, ...cuts.sort((a, b) => a - b), text.length]
      expect(read(...sorted.slice(1).map((end, i) => text.slice(sorted[i], end)))).toEqual(whole)
    }), { numRuns: 60 })
    expect(read(...text)).toEqual(whole)
  })
  it('no delimiter within a value breaks the file', () => {
    const [readBack] = claimsIn(read([...print837([claimSchema.parse({ claimId: 'A*B~C', patient: { name: 'O:NEIL^, *X~' }, lines: [{ line: 1, code: '77331', serviceDate: '2025-05-06' }] })], OPTIONS)].join('')))
    expect(readBack).toMatchObject({ claimId: 'A B C', lines: [{ code: '77331' }] })
  })
})
