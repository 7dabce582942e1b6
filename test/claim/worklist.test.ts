import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { delimitedLine, delimitedRows, separatorOf } from '../../src/base/delimited.ts'
import { workbookSheets } from '../../src/base/workbook.ts'
import type { Reading } from '../../src/claim/reading.ts'
import { claimsOfWorklist } from '../../src/claim/worklist-claims.ts'

const csv = (text: string): Reading[] => [...claimsOfWorklist([...delimitedRows([text], separatorOf(text))].map(({ line, cells }) => ({ row: line, cells })), 'csv')]
const faultsIn = (readings: readonly Reading[]): string[] => readings.flatMap((r) => (r.kind === 'fault' ? [r] : r.faults)).map((f) => `${f.severity} ${f.where}: ${f.what}`)
const claimsIn = (readings: readonly Reading[]): unknown[] => readings.flatMap((r) => (r.kind === 'claim' ? [r.claim] : []))

const HEAD = 'Claim #,Patient Name,DOB,Member ID,MRN,Sex,CPT Code,Mod 1,Mod 2,Units,DOS From,DOS To,DX1,DX2,DX Pointer,POS,Charge,Provider,NPI'

describe('a worklist', () => {
  it('one row a line, rows of a claim anywhere', () => {
    const readings = csv(`${HEAD}
A-1,"Rivera, Marta",4/2/1958,M77,123,F,77331,26,,1,5/6/2025,5/6/2025,C50412,Z51.0,A,22,"$1,180.50",Lakeside,1999999984
B-2,"Gantry, Gus",1950-01-02,M78,124,M,77427,,,2,2025-05-06,2025-05-10,C61,,,11,99,Lakeside,1999999984
A-1,"Rivera, Marta",4/2/1958,M77,123,F,77470-26,59,XU,,20250507,,Z51.0,C50.412,AB,2,,Lakeside,1999999984
`)
    expect(faultsIn(readings)).toEqual([])
    expect(claimsIn(readings)).toMatchObject([
      {
        claimId: 'A-1', patient: { name: 'Rivera, Marta', birthDate: '1958-04-02', memberId: 'M77', mrn: '123', sex: 'F' }, provider: { name: 'Lakeside', npi: '1999999984' }, diagnoses: ['C50.412', 'Z51.0'],
        lines: [
          { line: 1, code: '77331', modifiers: ['26'], units: 1, serviceDate: '2025-05-06', serviceDateEnd: null, diagnosisPointers: [1], placeOfService: '22', charge: 1180.5 },
          { line: 2, code: '77470', modifiers: ['26', '59', 'XU'], units: 1, serviceDate: '2025-05-07', serviceDateEnd: null, diagnosisPointers: [2, 1], placeOfService: '02', charge: null },
        ],
      },
      { claimId: 'B-2', lines: [{ code: '77427', units: 2, serviceDateEnd: '2025-05-10', diagnosisPointers: [1] }] },
    ])
  })
  it('takes titles above the headings, other separators and earlier lines', () => {
    const readings = csv('Open claims of May\n\nclaim;code;service date;history\nA;77470;06-May-2025;paid\nA;77427;06-May-2025;no\n')
    expect(claimsIn(readings)).toMatchObject([{ claimId: 'A', lines: [{ code: '77427' }], history: [{ code: '77470', claimId: 'A' }] }])
  })
  it('names the cell of what is wrong, and reads the neighbours', () => {
    const readings = csv(`claim,code,dos,units,charge,dx,pointer
A,77331,13/45/2025,1,10,C61,
B,77331,2025-05-06,one,10,C61,
C,7733,2025-05-06,1,10,C61,
D,77331,2025-05-06,1,ten,C61,
E,77331,2025-05-06,1,10,C61,B
F,,2025-05-06,1,10,C61,
G,77331,2025-05-06,1,10,C61,A
,77331,2025-05-06,1,10,C61,
H,77331,2025-05-06,0,10,C61,
`)
    expect(claimsIn(readings).map((c) => c !== null)).toEqual([false, false, false, false, false, false, true, false])
    expect(faultsIn(readings)).toEqual([
      'error row 9, column 1: the row names no claim and was left out',
      'error row 2, column 3: is not a date', 'error row 3, column 4: is not a number', 'error row 4, column 2: a CPT or HCPCS code of five characters', 'error row 5, column 5: is not a number',
      'error row 6, column 7: points to a diagnosis that the row does not have', 'error row 7, column 2: the code is missing', 'error row 10, column 4: Too small: expected number to be >0',
    ])
  })
  it('says what is missing where there are no headings', () => {
    expect(faultsIn(csv('a,b,c\n1,2,3\n'))).toEqual([expect.stringMatching(/^error row 1: no row with headings/)])
    expect(faultsIn(csv('claim,code,dos\n'))).toEqual([expect.stringMatching(/^error row 1: no row with a billed line/)])
  })
})

describe('a workbook', () => {
  it('reads numbers, days and text as a person sees them, and names cells', async () => {
    const text = (value: string): object => ({ value, type: String })
    const bytes = await writeXlsx([
      [text('Worklist')],
      ['claim', 'patient', 'dob', 'code', 'dos', 'units', 'dx', 'charge'].map(text),
      [text('A'), text('Rivera, Marta'), { value: new Date('1958-04-02T00:00:00Z'), type: Date, format: 'mm/dd/yyyy' }, { value: 77331, type: Number }, { value: new Date('2025-05-06T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' }, { value: 1, type: Number }, text('C50.412; Z51.0'), { value: 180.5, type: Number }],
      [text('B'), null, null, text('G6015'), text('someday'), { value: 1, type: Number }, text('C61'), null],
    ] as never, {}).toBuffer()
    const [sheet] = workbookSheets(new Uint8Array(bytes))
    const readings = [...claimsOfWorklist((sheet as NonNullable<typeof sheet>).rows(), 'xlsx')]
    expect(claimsIn(readings)).toMatchObject([
      { claimId: 'A', patient: { birthDate: '1958-04-02' }, diagnoses: ['C50.412', 'Z51.0'], lines: [{ code: '77331', serviceDate: '2025-05-06', charge: 180.5, diagnosisPointers: [1, 2] }] }, null,
    ])
    expect(faultsIn(readings)).toEqual(['error cell E4: is not a date'])
  })
  it('refuses what is no workbook in one sentence', () => {
    expect(() => workbookSheets(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]))).toThrow(/damaged|no XLSX/)
  })
})

describe('rows of separated text', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '7', '"', ',', '\n', '\r\n', ' ', 'é', ';', '\t'), maxLength: 6 })
  it('reading what was written gives the same cells, however it is cut', () => {
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), fc.constantFrom(',', ';', '\t'), fc.integer({ min: 1, max: 7 }), (rows, separator, step) => {
      const text = rows.map((r) => delimitedLine(r, separator)).join('')
      const pieces = Array.from({ length: Math.ceil(text.length / step) }, (_, i) => text.slice(i * step, (i + 1) * step))
      expect([...delimitedRows(pieces, separator)].map((r) => r.cells)).toEqual(rows)
    }), { numRuns: 300 })
  })
  it('counts lines, also those within cells', () => {
    expect([...delimitedRows(['a,b\r\n"c\r\nd",e\r\n\r\nf,g'], ',')]).toEqual([{ line: 1, cells: ['a', 'b'] }, { line: 2, cells: ['c\r\nd', 'e'] }, { line: 5, cells: ['f', 'g'] }])
  })
})
