import { zipSync } from 'fflate'
import { serialize } from 'node:v8'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { make837 } from '../../bench/make-claims.mjs'
import type { ReviewDesk } from '../../src/server/review-desk.ts'
import type { CaseAnswer, RecordRow, WorklistAnswer } from '../../src/server/shapes.ts'
import { pdf } from '../document/fixtures.ts'
import { workbench, type Workbench } from './harness.ts'

/** Reads `NAME | BORN | MEMBER | FROM | TO`, so that matching alone is tried. */
const desk: ReviewDesk = {
  dictionaries: () => Promise.resolve('none'),
  read: (bytes) => {
    const [name = '', birthDate = '', member = '', from = '', to = ''] = Buffer.from(bytes).toString().split('|').map((p) => p.trim())
    const patient = { name: name || null, birthDate: birthDate || null, identifiers: member === '' ? [] : [member] }
    return Promise.resolve({ read: serialize({ documents: [], problems: [], ocr: '' }), pages: 1, identity: { patients: name + member === '' ? [] : [patient], from: from || null, to: to || from || null } })
  },
  review: () => Promise.reject(Object.assign(new Error('not here'), { stack: '' })), label: () => Promise.resolve(null), close: () => Promise.resolve(),
}

let bench: Workbench
beforeAll(async () => {
  bench = await workbench(undefined, desk)
})
afterAll(() => bench.close(), 30_000)

const file = (name: string, content: string | Uint8Array) => ({ name, bytes: Buffer.from(content as string) })
const claim = (claimId: string, patient: object, day: string) => ({ claimId, patient, lines: [{ line: 1, code: '77470', serviceDate: day }] })
const waiting = async (): Promise<RecordRow[]> => (await bench.as('reviewer', 'GET', '/api/records/unmatched')).json as RecordRow[]

describe('claims in an upload', () => {
  it('are known by their content, in every format that claims come in', async () => {
    const text = (value: string): object => ({ value, type: String })
    const xlsx = await writeXlsx([['claim', 'code', 'dos'].map(text), ['X-1', '77331', '2025-05-06'].map(text)] as never, {}).toBuffer()
    const form = await pdf((pen) => {
      pen.initForm()
      const fields = { pt_name: 'RIVERA, MARTA', insurance_id: 'M77', birth_mm: '04', birth_dd: '02', birth_yy: '1958', pt_account: 'FORM-1', diagnosis1: 'C50412', sv1_mm_from: '05', sv1_dd_from: '06', sv1_yy_from: '25', place1: '22', cpt1: '77331', diag1: 'A', ch1: '180 50', day1: '1' }
      Object.entries(fields).forEach(([name, value], i) => pen.formText(name, 40 + (i % 5) * 100, 40 + Math.floor(i / 5) * 24, 90, 18, { value }))
    })
    const fhir = (type: string) => JSON.stringify({ resourceType: type, id: 'FHIR-1', item: [{ sequence: 1, productOrService: { coding: [{ code: '77331' }] }, servicedDate: '2025-05-06' }] })
    const answer = await bench.upload('reviewer', [
      file('a.txt', 'claim,code,dos\nCSV-1,77331,2025-05-06\nCSV-2,77470,2025-05-07\n'), file('b.bin', xlsx), file('c', [...make837({ claims: 2 })].join('')), file('d.pdf', form), file('e.json', fhir('Claim')),
      file('f.ndjson', `${JSON.stringify(claim('N-1', {}, '2025-01-01'))}\n${JSON.stringify(claim('N-2', {}, '2025-01-02'))}\n`),
      // Records, though of kinds that claims come in.
      file('g.json', fhir('DiagnosticReport')), file('h.csv', 'day,dose\n2025-05-06,200\n'), file('i.pdf', await pdf((pen) => pen.text('Consultation, seen today', 50, 50))), file('j.txt', 'Radiation oncology, consultation'),
    ])
    expect(answer.problems).toEqual([])
    expect(answer.cases.map((c) => c.claim)).toEqual(['CSV-1', 'CSV-2', 'X-1', 'PCN-1', 'PCN-2', 'FORM-1', 'FHIR-1', 'N-1', 'N-2'])
    expect(answer.records.map((r) => [r.name, r.caseId])).toEqual([['g.json', null], ['h.csv', null], ['i.pdf', null], ['j.txt', null]])
  })

  it('tell place and fault, never a value, and cost the neighbours nothing', async () => {
    const answer = await bench.upload('reviewer', [
      file('bad.csv', 'claim,code,dos\nW-1,77331,Secretname\nW-2,77470,2025-05-07\n'), file('bad.edi', [...make837({ claims: 2, seed: 4 })].join('').replace('CLM*PCN-2*', 'CLM**')), file('broken.json', '{"claimId": "Secretname'),
    ])
    expect(answer.cases.map((c) => c.claim)).toContain('W-2')
    expect(answer.problems.length).toBeGreaterThanOrEqual(3)
    expect(answer.problems[0]).toMatch(/^bad\.csv: claim 1, row 2/)
    expect(answer.problems.join()).not.toMatch(/Secretname/)
  })

  it('come out of a ZIP with the records beside them; a ZIP without claims stays one record', async () => {
    const zip = zipSync({
      'one/claim.json': Buffer.from(JSON.stringify(claim('Z-1', {}, '2025-02-01'))), 'one/records/note.txt': Buffer.from('first'),
      'two/claim.json': Buffer.from(JSON.stringify(claim('Z-2', {}, '2025-02-02'))), 'two/records/note.txt': Buffer.from('second'),
    })
    const answer = await bench.upload('reviewer', [file('batch.zip', zip), file('packet.zip', zipSync({ 'note.txt': Buffer.from('third'), 'values.csv': Buffer.from('day,dose\n1,2\n') }))])
    const [one, two] = answer.cases
    expect([one?.claim, two?.claim]).toEqual(['Z-1', 'Z-2'])
    expect(answer.records).toMatchObject([{ name: 'note.txt', caseId: one?.id }, { name: 'note.txt', caseId: two?.id }, { name: 'packet.zip', caseId: null }])
  })

  it('are records where the case is named', async () => {
    const [own] = (await bench.upload('reviewer', [file('claim.json', JSON.stringify(claim('OWN-1', {}, '2025-02-01')))])).cases
    const answer = await bench.upload('reviewer', [file('table.csv', 'claim,code,dos\nCSV-9,77331,2025-05-06\n')], `?case=${own?.id}`)
    expect([answer.cases, answer.records[0]?.caseId]).toEqual([[], own?.id])
  })
})

describe('a record without a claim', () => {
  it('goes to the claim of its patient and days, whichever comes first, and waits where two fit alike', async () => {
    const tamsin = { name: 'Orchard, Tamsin', birthDate: '1961-08-12', memberId: 'M77001' }
    const before = await bench.upload('reviewer', [file('early.txt', 'ORCHARD, TAMSIN | 1961-08-12 | M77001 | 2025-03-01 | 2025-03-20')])
    await bench.runner.idle()
    expect((await waiting()).find((r) => r.name === 'early.txt')?.candidates).toEqual([])
    const { cases } = await bench.upload('reviewer', [file('all.ndjson', [claim('M-1', tamsin, '2025-03-10'), claim('M-2', tamsin, '2025-09-10'), claim('M-3', { name: 'Gantry, Gus', birthDate: '1950-01-02' }, '2025-03-10')].map((c) => JSON.stringify(c)).join('\n'))])
    await bench.runner.idle()
    const holder = async (id: string | undefined): Promise<string[]> => ((await bench.as('reviewer', 'GET', `/api/cases/${id}`)).json as CaseAnswer).records.map((r) => r.name)
    expect(await holder(cases[0]?.id)).toEqual(['early.txt'])
    expect(before.records[0]?.caseId).toBeNull()
    await bench.upload('reviewer', [file('september.txt', 'Tamsin Orchard | 1961-08-12 | | 2025-09-10'), file('gus.txt', 'GANTRY, GUS | 1950-01-02 | | 2020-01-01'), file('between.txt', 'Orchard, Tamsin | 1961-08-12 | | 2025-03-01 | 2025-09-30'), file('nobody.txt', 'Quill, Osbert | 1933-01-02 | | 2025-03-10')])
    await bench.runner.idle()
    expect(await holder(cases[1]?.id)).toEqual(['september.txt'])
    expect(await holder(cases[2]?.id)).toEqual(['gus.txt'])
    const left = await waiting()
    expect(left.find((r) => r.name === 'between.txt')?.candidates.map((c) => c.claim)).toEqual(['M-1', 'M-2'])
    expect(left.find((r) => r.name === 'nobody.txt')?.candidates).toEqual([])
    expect(((await bench.as('lead', 'POST', '/api/worklist', {})).json as WorklistAnswer).unmatched).toBe(left.length)
  })
})
