// Tables of measures as charts print them. May not: read a corpus.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compileMeasures, measureFileSchema } from '../../src/dictionary/measures-dictionary.ts'
import { findMeasures } from '../../src/note/measures.ts'
import { findNumbers } from '../../src/note/numbers.ts'

const entries = measureFileSchema.parse(parse(readFileSync(new URL('../../dictionaries/measures.yaml', import.meta.url), 'utf8')))
const words = compileMeasures(entries)
const read = (s: string): string[] => findMeasures(s, 0, s.length, words).map((m) => `${m.kind} ${m.low}${m.high === m.low ? '' : `..${m.high}`} ${m.unit}`)

const TABLE: readonly (readonly [string, readonly string[]])[] = [
  ['5040 cGy', ['dose 5040 cGy']], ['50.4Gy', ['dose 5040 Gy']], ['1,800 cGy', ['dose 1800 cGy']], ['40–45 Gy', ['dose 4000..4500 Gy']],
  ['dose 45 to 50.4 Gy', ['dose 4500..5040 Gy']], ['21.6 Gy(RBE)', ['dose 2160 Gy(RBE)']], ['1.8 GyRBE', ['dose 180 Gy(RBE)']], ['50.4 CGE', ['dose 5040 Gy(RBE)']],
  ['nanoDot 1: 12.4 mGy', ['dose 1.24 mGy']], ['5000 rads', ['dose 5000 rad']], ['0.9 cGy/fx to device', ['dose-per-fraction 0.9 cGy']],
  ['2.5 Gy/fx', ['dose-per-fraction 250 Gy']], ['180 cGy per fraction', ['dose-per-fraction 180 cGy']], ['10 Gy per fx', ['dose-per-fraction 1000 Gy']],
  ['28 x 2.5 Gy', ['fractions 28 fraction', 'dose-per-fraction 250 Gy']], ['1800 cGy x 3', ['dose-per-fraction 1800 cGy', 'fractions 3 fraction']],
  ['5 Gy x 5', ['dose-per-fraction 500 Gy', 'fractions 5 fraction']], ['180x28', ['dose-per-fraction 180 cGy', 'fractions 28 fraction']],
  ['200 x 30', ['dose-per-fraction 200 cGy', 'fractions 30 fraction']], ['Rx 1000 x 5', ['dose-per-fraction 1000 cGy', 'fractions 5 fraction']],
  ['Rx 36.6 Gy/6.1 Gy ×6', ['dose 3660 Gy', 'dose-per-fraction 610 Gy', 'fractions 6 fraction']], ['30 fx of 200 cGy', ['fractions 30 fraction', 'dose-per-fraction 200 cGy']],
  ['5 fx x 10 Gy', ['fractions 5 fraction', 'dose-per-fraction 1000 Gy']], ['54 Gy in 3', ['dose 5400 Gy', 'fractions 3 fraction']], ['50 Gy / 5', ['dose 5000 Gy', 'fractions 5 fraction']],
  ['45 Gy/25#', ['dose 4500 Gy', 'fractions 25 fraction']], ['1200 cGy/6 fx BID', ['dose 1200 cGy', 'fractions 6 fraction', 'frequency 10 bid']],
  ['45-50.4 Gy in 25-28 fractions', ['dose 4500..5040 Gy', 'fractions 25..28 fraction']], ['60 Gy in 30 daily fractions', ['dose 6000 Gy', 'fractions 30 fraction', 'frequency 5 daily']],
  ['RT 60/30', ['dose 6000 Gy', 'fractions 30 fraction']], ['SBRT 50 Gy in 5 fx QOD', ['dose 5000 Gy', 'fractions 5 fraction', 'frequency 3..3.5 every-other-day']],
  ['50.4 Gy / 1.8 Gy', ['dose 5040 Gy', 'dose-per-fraction 180 Gy']], ['cum 20/50 Gy', ['dose 2000 Gy', 'dose 5000 Gy']], ['8 Gy in 1 fraction', ['dose 800 Gy', 'fractions 1 fraction']],
  ['50 Gy in 5 weeks', ['dose 5000 Gy']], ['dose delivered today 10 Gy (10/50)', ['dose 1000 Gy']], ['178.6 ± 3 cGy vs 180 Rx', ['dose 178.6 cGy']],
  ['Dose (cGy): 180', ['dose 180 cGy']], ['2 Gy daily', ['dose-per-fraction 200 Gy', 'frequency 5 daily']], ['20 Gy to 80%', ['dose 2000 Gy', 'percent 80 %']],
  ['30 fx', ['fractions 30 fraction']], ['in 28 fractions', ['fractions 28 fraction']], ['35#', ['fractions 35 fraction']], ['five fractions', ['fractions 5 fraction']],
  ['twenty-five fractions', ['fractions 25 fraction']], ['# fx: 30', ['fractions 30 fraction']], ['Number of fractions: 5', ['fractions 5 fraction']], ['single fraction', ['fractions 1 fraction']],
  ['3-5 fractions', ['fractions 3..5 fraction']], ['fx 3/5', ['fraction-number 3 fraction', 'fractions 5 fraction']], ['Fx 12 of 30', ['fraction-number 12 fraction', 'fractions 30 fraction']],
  ['#3 of 5', ['fraction-number 3 fraction', 'fractions 5 fraction']], ['fraction 2', ['fraction-number 2 fraction']], ['3rd fraction', ['fraction-number 3 fraction']],
  ['third fraction', ['fraction-number 3 fraction']], ['completed 12 of 30 fractions', ['fraction-number 12 fraction', 'fractions 30 fraction']], ['Fraction\t3', ['fraction-number 3 fraction']],
  ['Fx 2: mild fatigue G1', ['fraction-number 2 fraction']], ['Fx 1-5', ['fraction-number 1..5 fraction']], ['Treatment 3 of 5', ['fraction-number 3 fraction', 'fractions 5 fraction']],
  ['3/4/26 – fx 2 of 3, 18 Gy', ['fraction-number 2 fraction', 'fractions 3 fraction', 'dose 1800 Gy']], ['98.7%', ['percent 98.7 %']], ['-4.1 %', ['percent -4.1 %']],
  ['deviation –4.1%', ['percent -4.1 %']], ['96.8 pct', ['percent 96.8 %']], ['tolerance ±5%', ['percent -5..5 %']], ['3%/2 mm', ['percent 3 %', 'length 2 mm']], ['gating window 30–70%', ['percent 30..70 %']],
  ['6 MV', ['energy 6 MV']], ['6X', ['energy 6 MV']], ['10 MeV', ['energy 10 MeV']], ['50 kVp', ['energy 50 kV']], ['69.5 kV', ['energy 69.5 kV']], ['18x', ['energy 18 MV']], ['6FFF', ['energy 6 MV']],
  ['6/10 MV', ['energy 6 MV', 'energy 10 MV']], ['9E', ['energy 9 MeV']], ['6-MV photons', ['energy 6 MV']], ['182 MeV, 1 field', ['energy 182 MeV', 'count 1 field']],
  ['MU 4,812', ['monitor-units 4812 MU']], ['312 MU', ['monitor-units 312 MU']], ['MU delivered 212/212', ['monitor-units 212 MU', 'monitor-units 212 MU']], ['3 mm\nMU 312', ['length 3 mm', 'monitor-units 312 MU']],
  ['5-mm margin', ['length 5 mm']], ['1.4×1.1 cm', ['length 14 cm', 'length 11 cm']], ['4 in. block', ['length 101.6 in']], ['PTV\t45.2 cc\t98.5%', ['volume 45.2 cc', 'percent 98.5 %']],
  ['12.3 cm3', ['volume 12.3 cc']], ['Ir-192 10 Ci', ['activity 10 Ci']], ['air-kerma strength 40,700 U', ['activity 40700 U']], ['150 mCi', ['activity 150 mCi']],
  ['3 lesions', ['count 3 lesion']], ['3 new brain metastases', ['count 3 met']], ['two targets', ['count 2 target']], ['single lesion', ['count 1 lesion']], ['solitary met', ['count 1 met']], ['1 port', ['count 1 port']],
  ['7 fields', ['count 7 field']], ['9-field IMRT', ['count 9 field']], ['5 dwell positions', ['count 5 dwell-position']], ['14 catheters, 112 dwell positions', ['count 14 catheter', 'count 112 dwell-position']],
  ['88 seeds/22 needles', ['count 88 seed', 'count 22 needle']], ['lesion count: 3 (seg 2,5,8)', ['count 3 lesion']], ['Fields: 7', ['count 7 field']], ['2 VMAT arcs', ['count 2 arc']], ['3 isocenters', ['count 3 isocenter']],
  ['daily', ['frequency 5 daily']], ['b.i.d.', ['frequency 10 bid']], ['twice weekly', ['frequency 2 twice-weekly']], ['q48h', ['frequency 3..3.5 every-other-day']],
]
const NONE = [
  'cisplatin 40 mg/m2', 'acetaminophen 650 mg', 'gamma 0.98', 'BP 120/80', 'V20 of the lungs', '600 MU/min', 'dose rate 8 cGy/min', '1.02 cGy/MU', 'α/β = 3 Gy', '512 x 512', 'T2 lesion', 'grade 2 lesions', '03/14/2026', '10:42', 'next fx 3/15',
  'omeprazole 20 mg BID', 'hip fx 2019', '90 mm Hg', 'CC: Dr. Roe', '5 in 2019', 'Field 1 field', 'insulin 10 U at night', 'prior course in 2019', 'MRN 1234567', 'pain 3/10', 'Gleason 3+4', 'Ambulates 2 blocks'.slice(0, 9), 'L3 fx', 'no lesions', 'aged 62',
  'page 3 of 5', 'lesion #3 of 5', '3 in the liver', 'day 1 field', 'ECOG 1', 'KPS 80', 'T10', '2+ pulses',
]

describe('findMeasures', () => {
  it.each(TABLE)('%j', (s, expected) => expect(read(s)).toEqual(expected))
  it.each(NONE)('nothing in %j', (s) => expect(read(s)).toEqual([]))
  it('finds the examples of its dictionary and not the others', () => {
    const faults: string[] = []
    for (const e of entries) {
      const own = (s: string) => findMeasures(s, 0, s.length, words).filter((m) =>
        e.part === 'unit' ? m.kind === e.kind && m.unit === e.unit : e.part === 'fractions' ? m.kind === 'fractions' : e.part === 'count' ? m.kind === 'count' && m.unit === e.unit : e.part === 'frequency' ? m.kind === 'frequency' && m.unit === e.unit : m.kind.startsWith('dose'))
      for (const written of e.examples.found) {
        const marked = [...written.matchAll(/\[\[(.*?)\]\]/g)].map((m) => m[1] as string)
        const s = written.replaceAll('[[', '').replaceAll(']]', '')
        const got = own(s).map((m) => s.slice(m.start, m.end))
        if (marked.length === 0 || JSON.stringify(got) !== JSON.stringify(marked)) faults.push(`${e.id}: ${written} gave ${JSON.stringify(got)}`)
      }
      for (const s of e.examples['not-found']) if (own(s).length > 0) faults.push(`${e.id}: ${s} gave ${own(s).map((m) => s.slice(m.start, m.end)).join(' | ')}`)
    }
    expect(faults).toEqual([])
  })
  it('adds the offset of its slice and keeps within it', () => {
    fc.assert(fc.property(fc.constantFrom(...TABLE.map(([s]) => s)), fc.string({ maxLength: 12 }), (s, lead) => {
      const text = `${lead}\n${s}\nend`
      const at = lead.length + 1
      const got = findMeasures(text, at, at + s.length, words)
      const plain = findMeasures(s, 0, s.length, words)
      expect(got.map((m) => ({ ...m, start: m.start - at, end: m.end - at }))).toEqual(plain)
    }), { numRuns: 200 })
  })
  it('reads any whole dose in any of the usual shapes', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9000 }), fc.constantFrom(' ', '', '-'), (v, gap) => {
      expect(read(`${v}${gap}cGy`)).toEqual([`dose ${v} cGy`])
      expect(read(`total ${v.toLocaleString('en-US')}${gap}cGy.`)).toEqual([`dose ${v} cGy`])
    }), { numRuns: 100 })
  })
  it('never throws and stays in order on any text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('5', ' ', 'Gy', 'fx', '/', 'x', '-', 'MU', '%', '\n', '\t', 'lesions', 'of', '3.2', '#', 'in', '.', ',')).map((a) => a.join('')), (s) => {
      const got = findMeasures(s, 0, s.length, words)
      for (const [i, m] of got.entries()) {
        expect(m.start).toBeLessThan(m.end)
        expect(m.end).toBeLessThanOrEqual(s.length)
        if (i > 0) expect(m.start).toBeGreaterThanOrEqual((got[i - 1] as typeof m).start)
      }
    }), { numRuns: 500 })
  })
})

describe('findNumbers', () => {
  it.each([
    ['twenty-five', [25]], ['twenty five fx', [25]], ['one hundred and twenty', [120]], ['five thousand forty cGy', [5040]], ['one and two', [1, 2]], ['five five', [5, 5]], ['1,800 and 2.5', [1800, 2.5]], ['.5 cm', [0.5]],
    ['someone', []], ['nineteen', [19]], ['thirty', [30]],
  ] as const)('%j', (s, expected) => expect(findNumbers(s, 0, s.length).map((n) => n.value)).toEqual(expected))
})
