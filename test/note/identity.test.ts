// Printed identities and whether they are the claim's patient.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compilePeople, peopleFileSchema } from '../../src/dictionary/people-dictionary.ts'
import { readYaml } from '../../src/load/read-yaml.ts'
import { identityMatches, printedIdentity } from '../../src/note/identity.ts'

const people = compilePeople(readYaml(join(import.meta.dirname, '../../dictionaries/people.yaml'), peopleFileSchema))

describe('what is printed', () => {
  it.each<[string, string | null, string | null, string[]]>([
    ['Patient: THORNQUIST, Maribel   DOB: 01/02/1950  MRN: 123456 Page 3 of 12', 'THORNQUIST, Maribel', '1950-01-02', ['123456']],
    ['Pt: Maribel Thornquist', 'Maribel Thornquist', null, []],
    ['PATIENT: GRAHAM MACALLISTER-OYEN', 'GRAHAM MACALLISTER-OYEN', null, []],
    ['PT SZYMANSKI, LEOPOLD K DOB 08 Mar 1954 ID 55-20917', 'SZYMANSKI, LEOPOLD K', '1954-03-08', ['55-20917']],
    ['HALVERSON, Irma DOB 01-Mar-1963', 'HALVERSON, Irma', '1963-03-01', []],
    ['Roe, Jane * 03/04/1961 * MRN 00123', 'Roe, Jane', '1961-03-04', ['00123']],
    ['NAME: Björn Åkesson Jr. # DOB 3/4/51 # CHART 8812-4', 'Björn Åkesson Jr', '1951-03-04', ['8812-4']],
    ["Clinic\nO'Brien, Mary-Kate A. | DOB 1961-04-05 | MR# A-10022", "O'Brien, Mary-Kate A", '1961-04-05', ['A-10022']],
    ['Patient Name\tDOE, JOHN\tMRN\t55120', 'DOE, JOHN', null, ['55120']],
    ['RE: Rosa de la Fuente  Date of Birth: June 3, 1949', 'Rosa de la Fuente', '1949-06-03', []],
    ['Jane Roe (DOB 4/5/1961, MRN 4411)', 'Jane Roe', '1961-04-05', ['4411']],
    ['Patient\nRoe, Jane\nDOB\n03/04/1960', 'Roe, Jane', '1960-03-04', []],
    ['Patient: tolerated well', null, null, []],
    ['Patient education provided. Patient will return.', null, null, []],
    ['Name: _______ DOB: ______', null, null, []],
    ['Patient Position: Supine', null, null, []],
    ['Patient Name: Temi Oyelaran Date of Service: 04/01/2025', 'Temi Oyelaran', null, []],
  ])('%s', (text, name, birthDate, identifiers) => expect(printedIdentity(text)).toEqual({ name, birthDate, identifiers }))
})

describe('whose it is', () => {
  const claim = { name: 'Halvorsen, Ingmar T', birthDate: '1958-01-03', mrn: 'H-7712', memberId: 'XK9912' }
  it.each<[string | null, string | null, string[], boolean | null]>([
    ['HALVERSON, Irma', '1963-03-01', [], false],
    ['INGMAR HALVORSEN', '1958-01-03', ['99120'], true],
    ['Halvorsen, I.', '1958-01-03', [], true],
    ['HALVORSEN INGMAR', null, [], true],
    ['Haivorsen, lngmar', '1958-01-03', [], true],
    ['Ingmar Tomas Halvorsen', '1985-01-03', [], true],
    ['Ingmar Halvorsen', '1958-03-01', [], true],
    ['Halvorsen-Lund, Ingmar', '1958-01-03', [], true],
    ['Ingmar Halvorsen Jr.', null, ['H7712'], true],
    ['Halvorsen, Greta', '1958-01-03', [], false],
    ['Stone, Peter', '1958-01-03', [], false],
    ['Stone, Peter', null, [], false],
    ['Ingmar Halvorsen', '1971-06-20', ['5510'], false],
    ['Ingmar Strömberg', '1958-01-03', [], true],
    [null, '1958-01-03', [], true],
    [null, null, ['H 7712'], true],
    [null, null, ['5510'], null],
    [null, null, [], null],
  ])('%s, born %s, %j: %s', (name, birthDate, identifiers, wanted) => expect(identityMatches(claim, { name, birthDate, identifiers }, people)).toBe(wanted))

  it('knows short forms of names, accents and particles', () => {
    const of = (a: string, b: string): boolean | null => identityMatches({ name: a, birthDate: null, mrn: null, memberId: null }, { name: b, birthDate: null, identifiers: [] }, people)
    expect(of('Roberto Núñez de la Vega', 'NUNEZ DE LA VEGA, ROBERTO')).toBe(true)
    expect(of('Robert Stone', 'Stone, Bob')).toBe(true)
    expect(of('Elizabeth Moor', 'Beth Moor')).toBe(true)
    expect(of('Robert Stone', 'Stone, Rhonda')).toBe(false)
    expect(of('Macallister-Oyen, Graham', 'GRAHAM MACALLISTER OYEN')).toBe(true)
  })
})
