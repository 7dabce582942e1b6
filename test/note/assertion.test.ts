import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compileContext, contextDictionarySchema, type ContextDictionary } from '../../src/dictionary/context-dictionary.ts'
import { assertAt, assertIn, cuesFired } from '../../src/note/assertion.ts'
import { CASES, KNOWN_GAPS, PASSAGES, type Case } from './assertion.cases.ts'

const data = contextDictionarySchema.parse(parse(readFileSync(new URL('../../dictionaries/context.yaml', import.meta.url), 'utf8')))
const context = compileContext(data)

function marked(written: string): { text: string; start: number; end: number } {
  const start = written.indexOf('[[')
  const end = written.indexOf(']]')
  if (start < 0 || end < start) throw new Error('mark not closed')
  return { text: written.slice(0, start) + written.slice(start + 2, end) + written.slice(end + 2), start, end: end - 2 }
}

const AXIS: Record<string, 'presence' | 'time' | 'subject'> = {
  present: 'presence', absent: 'presence', possible: 'presence', hypothetical: 'presence', current: 'time', historical: 'time', planned: 'time', patient: 'subject',
  family: 'subject', other: 'subject',
}
const at = (written: string) => {
  const { text, start, end } = marked(written)
  return assertAt(context, text, { start, end })
}

describe('examples of the dictionary', () => {
  for (const entry of data.cues) {
    for (const [side, examples] of Object.entries(entry.examples)) {
      for (const example of examples) {
        it(`${entry.id} ${side}: ${example}`, () => {
          const [written, values] = example.split(' => ') as [string, string]
          const asserted = at(written)
          for (const value of values.split(', ')) {
            const not = value.startsWith('not ')
            const word = not ? value.slice(4) : value
            const axis = AXIS[word]
            if (axis === undefined) throw new Error(`unknown value ${word}`)
            if (not) expect(asserted[axis], JSON.stringify(asserted.cues)).not.toBe(word)
            else expect(asserted[axis], JSON.stringify(asserted.cues)).toBe(word)
          }
          if (side === 'positive' && entry.kind !== 'heading') expect(cuesFired(context, marked(written).text)).toContain(entry.id)
        })
      }
    }
  }
})

const wanted = (code: string): string => [
  code.startsWith('A') ? 'absent' : code.startsWith('O') ? 'possible' : code.startsWith('H') ? 'hypothetical' : 'present',
  code.includes('*') ? '*' : code.includes('h') ? 'historical' : code.includes('p') ? 'planned' : 'current',
  code.includes('f') ? 'family' : code.includes('o') ? 'other' : 'patient',
].join(' ')
const found = ({ code, written }: Case): string => {
  const a = at(written)
  return [a.presence, code.includes('*') ? '*' : a.time, a.subject].join(' ')
}

describe('sentences', () => {
  it('are many', () => expect(CASES.length + PASSAGES.length).toBeGreaterThan(900))
  for (const one of [...CASES, ...PASSAGES]) it(`${one.code} ${one.written}`, () => expect(found(one)).toBe(wanted(one.code)))
  for (const one of KNOWN_GAPS) it(`known gap: ${one.written}`, () => expect(found(one)).not.toBe(wanted(one.code)))
})

describe('assertIn', () => {
  const spanOf = (text: string, part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length })
  const whole = (text: string) => ({ start: 0, end: text.length })

  it('reads a statement inside a longer text and nothing outside of it', () => {
    const text = 'No fever. Cough today. No rash.'
    expect(assertIn(context, text, spanOf(text, 'Cough today.'), [spanOf(text, 'Cough')])[0]).toEqual({ presence: 'present', time: 'current', subject: 'patient', cues: [] })
  })
  it('answers target by target and names the cue', () => {
    const text = 'Denies fever, chills, but has a cough.'
    const out = assertIn(context, text, whole(text), [spanOf(text, 'fever'), spanOf(text, 'chills'), spanOf(text, 'cough')])
    expect(out.map((a) => a.presence)).toEqual(['absent', 'absent', 'present'])
    expect(out[0]?.cues).toEqual(['denies'])
  })
  it('lets a mention carry its own absence', () => {
    const text = 'Special physics consult not requested.'
    const span = spanOf(text, 'Special physics consult not requested')
    expect(assertIn(context, text, whole(text), [{ ...span, negates: true }])[0]?.presence).toBe('present')
    expect(assertIn(context, text, whole(text), [span])[0]?.presence).toBe('absent')
    const box = `[ ] ${text}`
    expect(assertIn(context, box, whole(box), [{ ...spanOf(box, 'Special physics consult not requested'), negates: true }])[0]?.presence).toBe('absent')
  })
  it('takes time and subject from the section until a cue says otherwise', () => {
    const text = 'Pelvic radiation, now with cystitis.'
    const out = assertIn(context, text, whole(text), [spanOf(text, 'Pelvic radiation'), spanOf(text, 'cystitis')], { sectionTime: 'historical' })
    expect(out.map((a) => a.time)).toEqual(['historical', 'current'])
    expect(assertIn(context, 'Melanoma', { start: 0, end: 8 }, [{ start: 0, end: 8 }], { sectionSubject: 'family' })[0]?.subject).toBe('family')
  })
  it('takes time from the name of a column', () => {
    const text = 'Pelvis\tIMRT\tVMAT'
    const out = assertIn(context, text, whole(text), [spanOf(text, 'IMRT'), spanOf(text, 'VMAT')], { rowOf: ['Site', 'Prior technique', 'Technique'] })
    expect(out.map((a) => a.time)).toEqual(['historical', 'current'])
  })
  it('reads an empty field only where the statement is one', () => {
    const text = 'Compensator:'
    const target = spanOf(text, 'Compensator')
    expect(assertIn(context, text, whole(text), [target])[0]?.presence).toBe('present')
    expect(assertIn(context, text, whole(text), [target], { field: true })[0]).toMatchObject({ presence: 'absent', cues: ['empty field'] })
  })
  it('does not take the year of the note for history', () => {
    const text = 'Brachytherapy was completed in 2026.'
    expect(assertIn(context, text, whole(text), [spanOf(text, 'Brachytherapy')], { year: 2026 })[0]?.time).toBe('current')
    expect(assertIn(context, text, whole(text), [spanOf(text, 'Brachytherapy')], { year: 2027 })[0]?.time).toBe('historical')
  })
  it('finds the section on a row of its own, and its end', () => {
    const text = 'Prior radiation\nLeft breast 50 Gy, electron boost\n\nMEDICATIONS\nTamoxifen\n'
    expect(assertAt(context, text, spanOf(text, 'electron boost')).time).toBe('historical')
    expect(assertAt(context, text, spanOf(text, 'Tamoxifen')).time).toBe('current')
  })
  it('ends on hostile text', { timeout: 60_000 }, () => {
    for (const unit of ['no ', 'no fever, ', 'history of ', '[ ] x ', '_', '. . ', '\n', 'a\n', 'a: ', '\tno', '(((', 'plan to ', 'his mother and ', ' was not seen']) {
      const text = `fever ${unit.repeat(Math.ceil(200_000 / unit.length))} cough`
      const span = { start: text.length - 5, end: text.length }
      expect(assertAt(context, text, span), unit).toBeDefined()
      expect(assertIn(context, text, whole(text), Array.from({ length: 20 }, () => span)), unit).toHaveLength(20)
    }
  })
})

describe('compileContext', () => {
  const entry = data.cues[0] as ContextDictionary['cues'][number]
  it('names all faults at once', () => {
    const broken: ContextDictionary = { groups: data.groups, cues: [{ ...entry, words: ['no <nowhere>', '(a|b', '(|)'] }, { ...entry, stops: ['nowhere'] }] }
    expect(() => compileContext(broken)).toThrow(/no group <nowhere>[\s\S]*brackets[\s\S]*may be empty[\s\S]*id twice[\s\S]*no stop nowhere/)
  })
  it('does not load an entry without a positive and a negative example', () => {
    for (const side of ['positive', 'negative'] as const) {
      expect(contextDictionarySchema.safeParse({ groups: data.groups, cues: [{ ...entry, examples: { ...entry.examples, [side]: [] } }] }).success).toBe(false)
    }
    expect(contextDictionarySchema.safeParse({ groups: data.groups, cues: [{ ...entry, examples: { positive: ['No [[fever. => absent'], negative: ['[[Fever]]. => present'] } }] }).success).toBe(false)
  })
})

describe('fields a template left open', () => {
  const presence = (text: string, part: string) => assertAt(context, text, { start: text.indexOf(part), end: text.indexOf(part) + part.length }).presence
  it('read as empty', () => {
    for (const blank of ['***', '{SELECT}', '{none/describe}', '____', '<<dose>>', '@BOOST@', '[select one]']) expect(presence(`Boost: ${blank}`, 'Boost'), blank).toBe('absent')
  })
  it('are not taken for values in braces, brackets or mail addresses', () => {
    for (const value of ['10 Gy {2 Gy x 5}', '[see plan]', 'per a.roe@clinic.example']) expect(presence(`Boost: ${value}`, 'Boost'), value).toBe('present')
  })
  it('cost no more in hostile text', () => {
    const text = `Boost: ${'{['.repeat(20_000)}`
    const began = performance.now()
    presence(text, 'Boost')
    expect(performance.now() - began).toBeLessThan(2000)
  })
})
