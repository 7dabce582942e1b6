// Tables of dates and times of day as charts print them. May not: read a corpus.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDates, findTimes, isoDate } from '../../src/note/dates.ts'

const dates = (s: string): string[] => findDates(s, 0, s.length, { year: 2026 }).map((d) => d.date + (d.completed ? '*' : ''))
const times = (s: string): string[] => findTimes(s, 0, s.length).map((t) => t.time)

const DATES: readonly (readonly [string, readonly string[]])[] = [
  ['03/14/2026', ['2026-03-14']], ['3/14/26', ['2026-03-14']], ['2026-03-14', ['2026-03-14']], ['2026-03-14T10:42', ['2026-03-14']], ['14-Mar-2026', ['2026-03-14']], ['14-Mar-26', ['2026-03-14']], ['14 March 2026', ['2026-03-14']],
  ['March 14, 2026', ['2026-03-14']], ['March 14,2026', ['2026-03-14']], ['Mar 14th 2026', ['2026-03-14']], ['Mar. 14, 2026', ['2026-03-14']], ['Saturday, March 14, 2026', ['2026-03-14']], ['14MAR2026', ['2026-03-14']],
  ['Study date: 20260314', ['2026-03-14']], ['Date: 03142026', ['2026-03-14']], ['3-14-26', ['2026-03-14']], ['3.14.2026', ['2026-03-14']], ['25/12/2025', ['2025-12-25']], ['12/11/2025', ['2025-12-11']], ['03 / 14 / 2026', ['2026-03-14']],
  ['DOB 3/14/52', ['1952-03-14']], ['Sept. 5, 2025', ['2025-09-05']], ['March 3rd', ['2026-03-03*']], ['on 05/12', ['2026-05-12*']], ['05/12', ['2026-05-12*']], ['MRI 2/1 vs 3/10', ['2026-02-01*', '2026-03-10*']],
  ['from 3/2–3/12', ['2026-03-02*', '2026-03-12*']], ['Tx 3/14 at 10:46', ['2026-03-14*']], ['fx 1 3/2 10:10', ['2026-03-02*']], ['next fx 3/15', ['2026-03-15*']], ['12/31/2025 and 1/1/2026', ['2025-12-31', '2026-01-01']],
  ['signed 3/1/26', ['2026-03-01']], ['week of 3/9', ['2026-03-09*']], ['02/29/2024', ['2024-02-29']], ['Seen 1/2/2026.', ['2026-01-02']], ['03/14/2026 09:12', ['2026-03-14']],
]
const NOT_DATES = [
  '3/5 fractions', '4+/5', '5/5 strength', 'ECOG 0/5', 'fx 3/5', 'Fx 12/30', '1/2', '1/2 pack', 'pain 3/10', 'BP 120/80', '616-555-1212', '(616) 555-1212', '02/30/2025', '02/29/2025', '13/13/2025', '3 of 5', 'T1/T2', 'dose 36/54', '123-45-6789',
  'Gleason 3/4', '2/10 pain', 'kV/kV', '10/50', 'may 5 mg', 'March 2021', 'V20 3/4', '12 nodes 3/12 positive', '3/12 nodes', 'Treatment 3/5', '99/99/9999', '1.2.3', 'version 16.1.2', '6/10 MV', '98.2% (3%/2 mm)', 'L4/5', 'Rx 60/30',
]
const TIMES: readonly (readonly [string, readonly string[]])[] = [
  ['10:42', ['10:42']], ['1042 hrs', ['10:42']], ['1042h', ['10:42']], ['2:15 p.m.', ['14:15']], ['2:15pm', ['14:15']], ['09:02-09:40', ['09:02', '09:40']], ['at 1042', ['10:42']], ['tx time 1042', ['10:42']], ['Start 1042 Stop 1105', ['10:42', '11:05']],
  ['2:15-3:05 pm', ['14:15', '15:05']], ['11:30-12:10 pm', ['11:30', '12:10']], ['2pm', ['14:00']], ['12:05 AM', ['00:05']], ['12:30 PM', ['12:30']], ['10:44:12', ['10:44']], ['0830-0905 hrs', ['08:30', '09:05']], ['03/14/2026 09:12', ['09:12']],
  ['8:15a', ['08:15']], ['Beam on 10:44:12 / off 10:49:30', ['10:44', '10:49']], ['time-out performed 10:38', ['10:38']], ['9:12:03 AM', ['09:12']],
]
const NOT_TIMES = ['ratio 1:20', 'ratio of 2:15', 'gantry 270', 'at 1800 cGy', 'start 2019', 'in 2021', '3:10 Gy', 'session length 0:32', '25:00', '10:75', 'duration 0:32', 'MRN 1042', '3/14/2026', 'at 2015', 'MU 1042', '1:2 mixture', 'couch 10 degrees', '2:1']

describe('findDates', () => {
  it.each(DATES)('%j', (s, expected) => expect(dates(s)).toEqual(expected))
  it.each(NOT_DATES)('none in %j', (s) => expect(dates(s)).toEqual([]))
  it('leaves dates without a year where none is given', () => expect(findDates('on 05/12', 0, 8, {})).toEqual([]))
  it('reads back every day in every form', () => {
    const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
    fc.assert(fc.property(fc.integer({ min: 1950, max: 2027 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), fc.string({ maxLength: 6, unit: fc.constantFrom(' ', 'a', '\n') }), (y, m, d, lead) => {
      const iso = isoDate(y, m, d)
      const pad = (n: number): string => String(n).padStart(2, '0')
      const name = names[m - 1] as string
      for (const written of [`${m}/${d}/${y}`, `${pad(m)}/${pad(d)}/${y}`, `${y}-${pad(m)}-${pad(d)}`, `${name} ${d}, ${y}`, `${d} ${name} ${y}`, `${pad(d)}-${name.slice(0, 3)}-${y}`]) {
        const text = `${lead} ${written} end`
        const got = findDates(text, lead.length, text.length, { year: 2026 })
        expect(got.filter((g) => !g.completed).map((g) => g.date)).toEqual(iso === null ? [] : [iso])
        if (iso !== null) expect(text.slice(got[0]?.start, got[0]?.end)).toBe(written)
      }
    }), { numRuns: 150 })
  })
})

describe('findTimes', () => {
  it.each(TIMES)('%j', (s, expected) => expect(times(s)).toEqual(expected))
  it.each(NOT_TIMES)('none in %j', (s) => expect(times(s)).toEqual([]))
})
