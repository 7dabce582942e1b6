// Input that nobody would send in good faith: whatever it holds, the readers end, throw nothing and quote nothing.
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { workbookSheets, WorkbookFault } from '../../src/base/workbook.ts'
import { claimSchema } from '../../src/claim/claim.ts'
import { claimsOfCms1500 } from '../../src/claim/cms1500-claims.ts'
import { claimsOfFhir } from '../../src/claim/fhir-claims.ts'
import { readFees } from '../../src/claim/fees.ts'
import { claimsOfJson } from '../../src/claim/json-claims.ts'
import type { Reading } from '../../src/claim/reading.ts'
import { claimsOfWorklist } from '../../src/claim/worklist-claims.ts'
import { x12Segments } from '../../src/claim/x12.ts'

const SECRET = 'QZXSECRET'
const check = (readings: Iterable<Reading>): void => {
  for (const r of readings) {
    if (r.kind === 'claim' && r.claim !== null) claimSchema.parse(r.claim)
    for (const f of r.kind === 'claim' ? r.faults : [r]) expect(`${f.where} ${f.what}`).not.toContain(SECRET)
  }
}
const cell = fc.oneof(fc.constantFrom(SECRET, '', '77331', '2025-05-06', '05/06/25', '1', '-1', 'A', 'C50.412', '26', 'yes', '1e9', `77331-${SECRET}`), fc.string({ maxLength: 8 }))

describe('hostile claims', () => {
  it('worklists', () => {
    const heads = ['claim', 'code', 'dos', 'to', 'units', 'dx1', 'dx2', 'pointer', 'mod1', 'pos', 'charge', 'dob', 'name', 'line', 'history', 'paid', 'form']
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: heads.length }), { maxLength: 8 }), fc.constantFrom<('csv' | 'xlsx')[]>('csv', 'xlsx'), (rows, format) => {
      check(claimsOfWorklist([heads, ...rows].map((cells, i) => ({ row: i + 1, cells })), format))
    }), { numRuns: 300 })
  })
  it('forms', () => {
    const names = ['pt_name', 'cpt1', 'cpt2', 'sv1_mm_from', 'sv1_dd_from', 'sv1_yy_from', 'sv2_mm_from', 'ch1', 'day1', 'diag1', 'diagnosis1', 't_charge', 'birth_mm', 'birth_dd', 'birth_yy', '24A1', '24D1', 'mod1', 'place1']
    fc.assert(fc.property(fc.array(fc.record({ name: fc.oneof(fc.constantFrom(...names), fc.string()), value: cell }), { maxLength: 20 }), (fields) => check(claimsOfCms1500(fields))), { numRuns: 300 })
  })
  it('JSON and FHIR, of any shape', () => {
    const key = fc.constantFrom('resourceType', 'entry', 'resource', 'item', 'diagnosis', 'productOrService', 'coding', 'code', 'system', 'servicedDate', 'servicedPeriod', 'start', 'sequence', 'diagnosisSequence', 'quantity', 'value', 'patient', 'reference', 'contained', 'id', 'name', 'insurance', 'claims', 'lines', 'claimId', 'adjudication', 'amount')
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6 }, fc.constantFrom('Claim', 'Bundle', 'ExplanationOfBenefit', SECRET, '77331', '2025-05-06', null, 1, -1, true), fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'), { maxKeys: 6 })),
    }))
    fc.assert(fc.property(tree, (data) => {
      check(claimsOfFhir(data))
      check(claimsOfJson(data))
      const claim = data !== null && typeof data === 'object' && !Array.isArray(data) ? { ...(data as object), resourceType: 'Claim' } : { resourceType: 'Claim', item: data }
      check(claimsOfFhir({ resourceType: 'Bundle', entry: [{ resource: claim }, { resource: data }] }))
    }), { numRuns: 400 })
  })
  it('a reference to itself ends', () => {
    const claim = { resourceType: 'Claim', id: 'c', patient: { reference: '#p' }, contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: SECRET }] }], diagnosis: [{ diagnosisReference: { reference: 'Claim/c' } }], item: [{ productOrService: { coding: [{ code: SECRET }] } }] }
    check(claimsOfFhir(claim))
  })
  it('segments without an end, and with nothing in them', () => {
    const isa = 'ISA*00*          *00*          *ZZ*S*ZZ*R*250601*1200*^*00501*1*0*T*:~'
    expect([...x12Segments([isa, 'A'.repeat(2 << 20)])].at(-1)).toEqual({ number: 2, what: 'the segment has no end within a million characters' })
    expect([...x12Segments([isa, '~~~\n~'.repeat(1000)])]).toHaveLength(1)
  })
  it('fee tables', () => {
    fc.assert(fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 8 }), (rows) => {
      const { faults } = readFees([['code', 'amount', 'modifier', 'place', 'from', 'until'], ...rows].map((cells, i) => ({ row: i + 1, cells })))
      expect(JSON.stringify(faults)).not.toContain(SECRET)
    }), { numRuns: 200 })
  })
})

describe('a hostile workbook', () => {
  let good: Uint8Array
  beforeAll(async () => {
    good = new Uint8Array(await writeXlsx([['claim', 'code', 'dos'], ['A', '77331', '2025-05-06']].map((r) => r.map((value) => ({ value, type: String }))) as never, {}).toBuffer())
  })
  it('is read or refused, and never breaks the reader', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.boolean(), (at, bytes, cut) => {
      const bad = cut ? good.slice(0, at % good.length) : good.slice()
      if (!cut) bad.set(bytes.subarray(0, Math.max(0, good.length - (at % good.length))), at % good.length)
      try {
        for (const sheet of workbookSheets(bad)) check(claimsOfWorklist(sheet.rows(), 'xlsx'))
      } catch (e) {
        expect(e).toBeInstanceOf(WorkbookFault)
      }
    }), { numRuns: 200 })
  })
})
