import { describe, expect, it } from 'vitest'
import { readText } from '../../src/document/read-text.ts'
import { nearMisses } from '../../src/server/near-misses.ts'

const document = (text: string, file = 'a.txt') => readText(new Uint8Array(Buffer.from(text)), file)
const NOTES = document(['Consultation. The patient was seen today.', 'Special physics consultation will be requested if the pacemaker is in the field.', 'Weekly visit: tolerating treatment well, no complaints.', 'Weekly visit: tolerating treatment well, no complaints.'].join('\n'))

describe('what comes nearest', () => {
  it('is the sentence that shares the rare words, said once, at its place', () => {
    const [first, ...others] = nearMisses([NOTES], 'A request of the physician for the special physics consultation')
    expect(first).toMatchObject({ file: 'a.txt', page: 1 })
    expect(first?.quote).toContain('Special physics consultation will be requested')
    expect(others.map((o) => o.quote)).not.toContain(first?.quote)
    const visits = nearMisses([NOTES, document('Weekly visit: tolerating treatment well, no complaints.', 'b.txt')], 'tolerating treatment visit')
    expect(visits.filter((v) => v.quote.startsWith('Weekly'))).toHaveLength(1)
  })
  it('is nothing where nothing shares enough, and for no words', () => {
    expect(nearMisses([NOTES], 'hyperthermia apparatus calibration certificate')).toEqual([])
    expect(nearMisses([NOTES], 'the and of')).toEqual([])
    expect(nearMisses([], 'anything')).toEqual([])
  })
  it('gives no more than a few, however long the text', () => {
    const long = document(Array.from({ length: 20_000 }, (_, i) => `Line ${i} of the dose of fraction ${i} with nothing else.`).join('\n'))
    const start = performance.now()
    expect(nearMisses([long], 'the dose of each fraction').length).toBeLessThanOrEqual(4)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
