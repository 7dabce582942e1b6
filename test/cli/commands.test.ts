import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pdf } from '../document/fixtures.ts'
import { vouch } from '../vouch.ts'

const SAMPLE = 'corpus/sample'

let scratch: string
const at = (...parts: string[]): string => join(scratch, ...parts)
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-commands-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('vouch', () => {
  it('tells its version and its commands', async () => {
    expect(await vouch(['--version'])).toMatchObject({ code: 0, out: `${(JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version}\n`, err: '' })
    const { code, out } = await vouch(['--help'])
    expect(code).toBe(0)
    for (const command of ['review', 'annotate', 'assert', 'eval', 'policy']) expect(out).toContain(command)
  })
  it('refuses an unknown command', async () => {
    const { code, err } = await vouch(['judge'])
    expect(code).toBe(2)
    expect(err).toMatch(/^vouch: unknown command 'judge'[^\n]*\n$/)
  })
})

interface Found { readonly page: number; readonly start: number; readonly end: number; readonly quote: string; readonly [more: string]: unknown }
type Annotations = Readonly<Record<'sections' | 'sentences' | 'mentions' | 'measures' | 'performanceStatus' | 'dates' | 'durations' | 'signatures', readonly Found[]>>
  & { readonly documents: readonly { readonly file: string }[]; readonly notes: readonly { readonly type: string; readonly date: string | null; readonly signature: { readonly state: string } }[] }

describe('vouch annotate', () => {
  it('shows what is read and found in one file', async () => {
    const { code, out, err } = await vouch(['annotate', `${SAMPLE}/records/treatment.pdf`])
    expect([code, err]).toEqual([0, ''])
    const found = JSON.parse(out) as Annotations
    expect(found.documents.map((d) => d.file)).toEqual(['treatment.pdf'])
    expect(found.notes.map((n) => [n.type, n.signature.state])).toEqual([['treatment-record', 'signed'], ['sbrt-management', 'signed'], ['special-treatment-note', 'signed']])
    for (const list of ['sections', 'sentences', 'mentions', 'measures', 'dates', 'signatures'] as const) {
      expect(found[list], list).not.toHaveLength(0)
      for (const f of found[list]) {
        expect(f.start).toBeLessThan(f.end)
        expect(f.page).toBeGreaterThan(0)
        expect(f.quote).toMatch(/\S/)
      }
    }
    expect(found.mentions).toContainEqual(expect.objectContaining({ concept: 'stp-request', page: 3, presence: 'present', subject: 'patient' }))
    expect(found.measures).toContainEqual(expect.objectContaining({ kind: 'dose', low: 5000, quote: '50 Gy' }))
  })
  it('finds the performance status', async () => {
    const { out } = await vouch(['annotate', `${SAMPLE}/records/consultation.docx`, '--format', 'json'])
    expect((JSON.parse(out) as Annotations).performanceStatus).toMatchObject([{ scale: 'ECOG', low: 1, high: 1, time: 'current', page: 1 }])
  })
  it('ends with 1 for a file that cannot be read, and with 2 for none', async () => {
    await writeFile(at('locked.pdf'), await pdf((pen) => void pen.text('anything'), { userPassword: 'x', pdfVersion: '1.7' }))
    const [locked, none] = [await vouch(['annotate', at('locked.pdf')]), await vouch(['annotate', at('none.pdf')])]
    expect(locked.code).toBe(1)
    expect(JSON.parse(locked.out)).toMatchObject({ problems: [{ id: 'encrypted-file', file: 'locked.pdf' }], mentions: [], sentences: [] })
    expect(none.code).toBe(2)
    expect(none.err).toMatch(/^vouch: [^\n]+\n$/)
  })
})

describe('vouch assert', () => {
  const question = (id: string, marked: string): string => {
    const [before = '', target = '', after = ''] = marked.split(/\[\[|\]\]/)
    return JSON.stringify({ id, text: before + target + after, start: before.length, end: before.length + target.length })
  }
  it('answers in the order of the questions', async () => {
    const questions: [string, string, object][] = [
      ['z', 'No [[compensator]] was used.', { presence: 'absent', time: 'current', subject: 'patient' }],
      ['a', 'Cone-beam CT showed a good [[match]].', { presence: 'present', time: 'current', subject: 'patient' }],
      ['m', 'She will be treated with [[IMRT]].', { time: 'planned' }],
      ['b', 'Her mother had [[breast cancer]].', { subject: 'family' }],
      ['y', 'Possible [[pneumonitis]] on the scan.', { presence: 'possible' }],
      ['é', 'Größe: [[unverändert]] 😀.', { subject: 'patient' }],
    ]
    const many = Array.from({ length: 800 }, () => questions).flat()
    const { code, out, err } = await vouch(['assert'], { input: `${many.map(([id, text]) => question(id, text)).join('\r\n\n')}\n` })
    expect([code, err]).toEqual([0, ''])
    const answers = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(answers.map((x) => x['id'])).toEqual(many.map(([id]) => id))
    questions.forEach(([, , wanted], i) => expect(answers[i]).toMatchObject(wanted))
    expect(Object.keys(answers[0] ?? {})).toEqual(['id', 'presence', 'time', 'subject', 'cues'])
  })
  it.each([
    ['is no JSON', 'nonsense', /line 2: is not JSON/],
    ['has no text', '{"id":"x","start":0,"end":1}', /line 2: text: /],
    ['ends outside the text', '{"id":"x","text":"abc","start":2,"end":9}', /line 2: start and end must lie in the text/],
  ])('names a line that %s', async (_, line, sentence) => {
    const { code, err } = await vouch(['assert'], { input: `${question('a', 'A [[b]].')}\n${line}\n` })
    expect(code).toBe(2)
    expect(err).toMatch(sentence)
    expect(err).toMatch(/^vouch: [^\n]+\n$/)
  })
  it('says nothing to nothing', async () => {
    expect(await vouch(['assert'])).toEqual({ code: 0, out: '', err: '' })
  })
})

describe('vouch policy', () => {
  it('lists policies with their versions', async () => {
    const { code, out } = await vouch(['policy', 'list'])
    expect(code).toBe(0)
    expect(out).toMatch(/^priority-health\/radiation-oncology\n/)
    expect(out).toMatch(/versions: .*2025-08-27/)
  })
  it('shows the requirements and rules of a code, and the text in force on a day', async () => {
    const { code, out } = await vouch(['policy', 'show', '77435', '--date', '2025-04-01'])
    expect(code).toBe(0)
    expect(out).toContain('text of 2025-03-17 for 2025-04-01')
    expect(out).toMatch(/77435\.datetime\s+req\s+date and duration of each session/)
    expect(out).toMatch(/sbrt\.x-poor-performance\s+x/)
    expect(out).toMatch(/R63\s+deny/)
  })
  it('shows what another code stands for, and a service without a checklist', async () => {
    expect((await vouch(['policy', 'show', '77252'])).out).toContain('77252 is reported as 77525.')
    expect((await vouch(['policy', 'show', '77336'])).out).toContain('service.documented')
  })
  it('refuses an unknown code and a bad date', async () => {
    for (const args of [['show', '99999'], ['show', '77435', '--date', 'May 2025']]) {
      const { code, out, err } = await vouch(['policy', ...args])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^vouch: [^\n]+\n$/)
    }
  })
  it('checks every dictionary with its examples', async () => {
    const { code, out } = await vouch(['policy', 'check'])
    expect(out).toMatch(/^\d{4,} examples, 0 failing\n$/)
    expect(code).toBe(0)
  })
})

describe('vouch eval', () => {
  const gold = {
    lines: [
      { line: 1, code: '77470', determination: 'not-supported', requirements: { '77470.x-planning': { status: 'triggered', evidence: [{ file: 'treatment.pdf', page: 3, quote: 'complexity of the 3D planning and the contouring' }] } } },
      { line: 2, code: '77373', determination: 'supported', requirements: { 'sbrt.dose': { status: 'met', evidence: [{ file: 'treatment.pdf', page: 1, quote: '09/08/2025 1000' }] } } },
      { line: 3, code: '77435', determination: 'supported', requirements: { '77435.datetime': { status: 'met' } } },
    ],
  }
  it('scores one case, names what differs, and writes the figures', async () => {
    await cp(SAMPLE, at('cases/lung'), { recursive: true })
    await writeFile(at('cases/lung/gold.json'), JSON.stringify(gold))
    const { code, out, err } = await vouch(['eval', at('cases'), '--write', at('accuracy.md')])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/Determination right\s+66\.7 % \(2 of 3\)/)
    expect(out).toMatch(/Evidence on the expert’s page\s+100\.0 % \(2 of 2\)/)
    expect(out).toMatch(/line 3 77435 · 77435\.datetime: met → partial/)
    expect(await readFile(at('accuracy.md'), 'utf8')).toMatch(/^# Accuracy\n/)
    const share = { determination: { count: 2, of: 3, rate: 0.66667 }, requirements: { count: 2, of: 3, rate: 0.66667 } }
    expect(JSON.parse(await readFile(at('accuracy.json'), 'utf8'))).toEqual({ [at('cases')]: { cases: 1, ...share } })
  })
  it('refuses a folder without cases and a label it cannot read', async () => {
    await mkdir(at('none'))
    await cp(SAMPLE, at('bad/lung'), { recursive: true })
    await writeFile(at('bad/lung/gold.json'), '{"lines": []}')
    for (const folder of ['none', 'bad']) {
      const { code, out, err } = await vouch(['eval', at(folder)])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(folder === 'none' ? /no labelled case below/ : /gold\.json: lines: /)
    }
  })
})
