// Tables of lengths of time as charts print them. May not: read a corpus.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDurations } from '../../src/note/durations.ts'

const read = (s: string): string[] => findDurations(s, 0, s.length).map((d) => `${d.seconds} ${d.from} ${d.kindHint}`)

const TABLE: readonly (readonly [string, readonly string[]])[] = [
  ['treatment time 21 min', ['1260 stated session']], ['4 min 54 s beam time', ['294 stated session']], ['Tx time 294 sec', ['294 stated session']], ['total 76 minutes in room', ['4560 stated session']], ['session length 0:32', ['1920 stated session']],
  ['beam-on 4.6 min', ['276 stated session']], ['one hour', ['3600 stated other']], ['half an hour', ['1800 stated other']], ['source-on 212 s', ['212 stated session']], ['delivered 14 min 20 s', ['860 stated session']],
  ['beam time 4 minutes and 54 seconds', ['294 stated session']], ['1 hr and 10 minutes', ['4200 stated other']], ['Treatment time (min): 21', ['1260 stated session']], ['treatment time 4:54', ['294 stated session']], ['Total treatment time: 0h 21m', ['1260 stated session']],
  ['twenty-two minutes', ['1320 stated other']], ['shots total 47.3 min', ['2838 stated session']], ['30-45 minutes session', ['1800 stated session']], ['planned delivery time 12 min', ['720 stated planned']], ['estimated delivery time: 3.2 min', ['192 stated planned']],
  ['I spent 45 minutes counseling', ['2700 stated visit']], ['60 minutes were spent face to face', ['3600 stated visit']], ['appt 10:30–11:00', ['1800 start-stop booking']], ['Scheduled 10:30-11:00', ['1800 start-stop booking']],
  ['09:02-09:40', ['2280 start-stop other']], ['10:15 to 11:05', ['3000 start-stop other']], ['Start 10:42 – Stop 11:05', ['1380 start-stop session']], ['Time in 10:02 out 10:20', ['1080 start-stop session']],
  ['Beam on 10:44:12 / off 10:49:30', ['318 start-stop session']], ['start 09:02 end 09:31', ['1740 start-stop session']], ['Start\n10:42\nStop\n11:05', ['1380 start-stop session']], ['3/4/26\t10:05\t10:33\t10 Gy', ['1680 start-stop other']],
  ['frame on 8:00, off 12:40', ['16800 start-stop session']], ['fx 1 3/2 10:10–10:42; fx 2 3/4 10:05–10:33', ['1920 start-stop session', '1680 start-stop session']], ['12:50-1:20 pm treated', ['1800 start-stop session']],
  ['Session 10:15–11:05 (50 min)', ['3000 start-stop session', '3000 stated session']], ['Treatment started at 2:15 p.m. and ended at 2:40 p.m.', ['1500 start-stop session']], ['tx started 0902, completed 0931', ['1740 start-stop session']],
]
const NONE = [
  'over 38 days', '1980s', 'in her 60s', 'CBC every 6 hours', 'hold TKI 48 h', '8 cGy/min', '4 m SSD', '600 MU/min', 'BID 6-h interfraction interval', 'BID 6 hours apart', '45 Gy over 5 weeks', 'Tx time: 10:42', 'observed 30 min, discharged stable',
  'time-out performed 10:38, beam on 10:44', 'q48h', 'dose rate 10 cGy/min', '3/14/2026', '2 s/p', 'T4 m1',
]

describe('findDurations', () => {
  it.each(TABLE)('%j', (s, expected) => expect(read(s)).toEqual(expected))
  it.each(NONE)('none in %j', (s) => expect(read(s)).toEqual([]))
  it('reads any start and stop of one day', () => {
    const clock = (m: number): string => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`
    fc.assert(fc.property(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 1, max: 230 }), (from, length) => {
      expect(findDurations(`${clock(from)}-${clock(from + length)}`, 0, 11).map((d) => d.seconds)).toEqual([length * 60])
      const labelled = `Start ${clock(from)} Stop ${clock(from + length)}`
      expect(findDurations(labelled, 0, labelled.length).map((d) => d.seconds)).toEqual([length * 60])
    }), { numRuns: 100 })
  })
})
