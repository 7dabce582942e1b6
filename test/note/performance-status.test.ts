// Tables of performance status as charts print it, and of what looks like it. May not: read a corpus.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { compilePerformance, performanceFileSchema } from '../../src/dictionary/performance-dictionary.ts'
import { findPerformanceStatus } from '../../src/note/performance-status.ts'

const entries = performanceFileSchema.parse(parse(readFileSync(new URL('../../dictionaries/performance-status.yaml', import.meta.url), 'utf8')))
const words = compilePerformance(entries)
const NOTE = '2026-03-14'

interface S { start: number; end: number; kind: 'row' | 'sentence' }
/** Lines, and sentences within them: enough of the real splitter for one-liners. */
function split(s: string): S[] {
  const out: S[] = []
  let from = 0
  const push = (to: number): void => {
    if (to > from) out.push({ start: from, end: to, kind: s.slice(from, to).includes('\t') ? 'row' : 'sentence' })
  }
  for (const m of s.matchAll(/\n|(?<=[a-z0-9)%][.;])[ ](?=[A-Z])/g)) {
    push(m.index)
    from = m.index + 1
  }
  push(s.length)
  return out
}
const find = (s: string) => findPerformanceStatus(s, split(s), NOTE, words)
const read = (s: string): string[] => find(s).map((p) => `${p.scale} ${p.low}${p.high === p.low ? '' : `..${p.high}`}${p.corrected ? ' corrected' : ''}${p.time === 'current' ? '' : ` ${p.time}`}${p.date === NOTE ? '' : ` ${p.date ?? 'undated'}`}`)

const E = (n: number | string): string[] => [`ECOG ${n}`]
const K = (n: number | string): string[] => [`KPS ${n}`]
const TABLE: readonly (readonly [string, readonly string[]])[] = [
  // Karnofsky
  ...['KPS 90', 'KPS: 90', 'KPS=90%', 'KPS-90', 'KPS – 90', 'KPS of 90', 'KPS is 90', 'KPS was 90', 'kps 90', 'Karnofsky 90/100', 'Karnofsky 90', 'Karnofsky Performance Status (KPS) is 90', 'Karnofsky score: 90', 'Karnofsky score of 90%', 'Karnofsky performance scale index 90',
    'Karnofsky performance status is ninety', 'KPS (%): 90', 'KPS score = 90', 'K.P.S. 90', 'KPS today 90', 'KPS currently 90%', 'KPS estimated at 90', 'KPS approximately 90', 'KPS remains 90', 'KPS 90 out of 100', 'KPS (0-100): 90', 'Karnofsky performance status (0-100%): 90%',
    '90% on the Karnofsky scale', 'KPS\n90', 'KPS:\n90', 'KPS of\n90', 'KPS\t90', 'Karnofsky 89243-0 → 90', '89243-0\tKarnofsky Performance Status score\t90', 'performance status 90', 'Performance status: 90%', 'PS 90%', 'KPS: 90 - Able to carry on normal activity', 'KPS: 90, minor symptoms',
    'KPS 90 (able to carry on normal activity; minor signs)', 'Patient has a KPS of 90%.', 'Vitals reviewed; KPS 90; alert', 'GENERAL: KPS 90. NAD', 'Functional status: KPS 90', 'KPS......90', 'KPS: [ ] 70 [ ] 80 [x] 90 [ ] 100', 'KPS: 90 today'].map((s) => [s, K(90)] as const),
  ['KPS 85', K(85)], ['KPS ≥70', K('70..100')], ['KPS >70', K('71..100')], ['KPS <50', K('0..49')], ['KPS at least 70', K('70..100')], ['KPS 70-80', K('70..80')], ['KPS 70 to 80%', K('70..80')], ['KPS 70—80', K('70..80')], ['KPS 70% - 80%', K('70..80')], ['KPS 100%', K(100)], ['KPS 30', K(30)], ['KPS 30-40', K('30..40')],
  // ECOG and its other names
  ...['ECOG 1', 'ECOG: 1', 'ECOG PS 1', 'ECOG PS: 1', 'ECOG-1', 'ECOG=1', 'ECOG performance status of 1', 'ECOG performance status is 1', 'ECOG score 1', 'ECOG grade I', 'ECOG (0-4): 1', 'ECOG (0–5) 1', 'ECOG performance status (0-4): 1', 'ECOG [0-5]: 1', 'ECOG scale 0-4: 1', 'ECOG scale (0-5) = 1',
    'Performance status (ECOG): 1', 'Performance Status: ECOG 1', 'Performance Status\tECOG 1', 'PS 1', 'PS=1', 'PS: 1', 'PS of 1', 'ECOG PS one', 'ECOG PS1', 'Eastern Cooperative Oncology Group performance status is 1', 'Eastern Cooperative Oncology Group (ECOG) score: 1', 'E.C.O.G. 1', 'ECOG/WHO 1', 'ECOG/Zubrod: 1',
    'ECOG Performance: 1 - Restricted in physically strenuous activity but ambulatory', 'Zubrod 1', 'Zubrod PS: 1', 'Zubrod performance score 1', 'Zubrod performance score of one', 'Zubrod (ECOG) 1', 'WHO PS 1', 'WHO performance status: 1', 'ECOG Performance Status score 89247-1 → 1', '89247-1\tECOG Performance Status score\t1',
    '89247-1 | ECOG Performance Status score | 1', 'Performance Status:\n1 - Symptomatic but ambulatory', 'Performance Status:\n\n1 - Restricted in strenuous activity', 'ECOG:\n1', 'ECOG\n1', 'ECOG performance\nstatus of 1', 'ECOG: 01 - Restricted', 'ECOG: 1.', 'ECOG status: 1', 'ECOG is currently 1', 'ECOG remains 1', 'ECOG 1/5', 'ECOG 1 out of 5', 'ECOG 1/4',
    'ECOG 1.0', 'ECOG performance status today is 1 per patient report.', '62 yo F with NSCLC, ECOG 1, for SBRT', 'He is ECOG 1.', 'Patient has good PS (ECOG 1)', 'Vitals: BP 120/80 ECOG: 1 Wt 80 kg', 'ECOG 1; pain 3/10', 'ECOG 1 (restricted), stable', 'ECOG 1, age 62', 'ECOG = 1: restricted', 'ECOG Performance Status: Grade 1', 'ECOG score: [1]',
    'Constitutional: ECOG=1, well-appearing', 'performance status of 1 by ECOG', 'ECOG Performance Status: LA9623-5 1', 'PERFORMANCE STATUS: (1) Restricted in strenuous activity', 'ECOG PS (0-5)\t1', 'Performance Status\t1 - Restricted', 'ECOG — 1', 'ECOG  PS :  1', 'ECOG #1', 'Performance score 1', 'ECOG 1 at baseline', 'Eligible for SBRT given ECOG 1', 'Patient with ECOG 1 eligible for SBRT',
    'Mental status normal. PS 1.', 'ECOG: ☐0 ☒1 ☐2 ☐3 ☐4', 'ECOG ☐ 0 ☑ 1 ☐ 2', 'ECOG ( )0 (x)1 ( )2', 'ECOG: [ ] 0 [X] 1 [ ] 2', 'ECOG 0 □ 1 ■ 2 □', 'ECOG: ○0 ●1 ○2 ○3', 'ECOG: {}0 {x}1 {}2', 'ECOG 0 (1) 2 3 4', 'ECOG 0 [1] 2 3 4', '☐ ECOG 0 ☒ ECOG 1 ☐ ECOG 2', 'ECOG Performance Status:\n[ ] 0 Fully active\n[x] 1 Restricted\n[ ] 2 Ambulatory, up >50%',
    'ECOG: __ 0 _X_ 1 __ 2', 'ECOG Performance Status (select one)\n'.replace(' (select one)', ':') + '( ) 0 - Fully active\n(X) 1 - Restricted\n( ) 2 - Up >50% of hours', 'ECOG: 1\n0 = Fully active\n1 = Restricted\n2 = Ambulatory, up >50%', 'ECOG: 1 ECOG Scale: 0 - Fully active; 1 - Restricted in strenuous; 2 - Ambulatory; 3 - limited self-care'].map((s) => [s, E(1)] as const),
  ['ECOG=0', E(0)], ['PS 0', E(0)], ['ECOG grade II', E(2)], ['ECOG III', E(3)], ['ECOG PS 0-1', E('0..1')], ['PS 0-1', E('0..1')], ['ECOG 1-2', E('1..2')], ['ECOG 1 to 2', E('1..2')], ['ECOG 1 or 2', E('1..2')], ['ECOG 2-3', E('2..3')], ['ECOG ≤1', E('0..1')], ['ECOG ≥3', E('3..5')], ['ECOG 0/5', E(0)], ['ECOG 4', E(4)],
  // two scales, tables
  ['ECOG/KPS: 1/80', [...E(1), ...K(80)]], ['KPS/ECOG 80/1', [...K(80), ...E(1)]], ['KPS/ECOG: 80%/1', [...K(80), ...E(1)]], ['ECOG 1 (KPS 70-80)', [...E(1), ...K('70..80')]], ['KPS 80 ECOG 1', [...K(80), ...E(1)]], ['Performance status: KPS 80, ECOG 1', [...K(80), ...E(1)]], ['ECOG\n1\nKPS\n80', [...E(1), ...K(80)]],
  ['ECOG\t1\tKPS\t80', [...E(1), ...K(80)]], ['Weight\tECOG\tPain\n80 kg\t1\t3', E(1)], ['Date\tECOG\tKPS\n3/1/26\t1\t80\n3/8/26\t2\t70', ['ECOG 1 2026-03-01', 'KPS 80 2026-03-01', 'ECOG 2 2026-03-08', 'KPS 70 2026-03-08']], ['Date      ECOG    KPS\n3/1/26    1       80', ['ECOG 1 2026-03-01', 'KPS 80 2026-03-01']],
  ['\t3/1/26\t3/8/26\nECOG\t1\t2', ['ECOG 1 2026-03-01', 'ECOG 2 2026-03-08']], ['Date\tWt\tECOG\tPain\n3/1/26\t80 kg\t1\t2/10\n3/8/26\t79 kg\t\t2/10\n3/15/26\t79 kg\t2\t3/10', ['ECOG 1 2026-03-01', 'ECOG 2 2026-03-15']],
  // words under a label
  ['PS: fully active', E(0)], ['Performance status: Symptomatic, ambulatory, cares for self', E(1)], ['PS: Ambulatory >50% of the time; unable to work', E(2)], ['PS: in bed >50%/ needs assistance', E(3)], ['Performance status: bedbound', E(4)], ['Zubrod: completely disabled', E(4)], ['KPS: normal activity with effort', K(80)],
  // times
  ['ECOG 1→2', ['ECOG 1 historical undated', 'ECOG 2']], ['ECOG was 3 at diagnosis (2021)', ['ECOG 3 historical 2021-01-01']], ['previously KPS 40', ['KPS 40 historical undated']], ['PS prior to hospitalization 3, now 1', ['ECOG 3 historical undated', 'ECOG 1']], ['ECOG 1, down from 2', ['ECOG 1', 'ECOG 2 historical undated']],
  ['ECOG was 3 while he was in hospital with the exacerbation last November', ['ECOG 3 historical undated']], ['Her KPS was 40 when admitted', ['KPS 40 historical undated']], ['ECOG was 1 when I saw her', E(1)],
  ['declined from ECOG 1 to ECOG 3', ['ECOG 1 historical undated', 'ECOG 3']], ['declined from ECOG 1 to 3', ['ECOG 1 historical undated', 'ECOG 3']], ['KPS was 90 at diagnosis, now 70'.replace(' at diagnosis', ''), ['KPS 90 historical undated', 'KPS 70']], ['03/01/2024: ECOG 2', ['ECOG 2 historical 2024-03-01']], ['ECOG 1 on 3/1/2026', ['ECOG 1 2026-03-01']],
  ['KPS on 02/10/2026: 80', ['KPS 80 2026-02-10']], ['3/1/26\tECOG\t1', ['ECOG 1 2026-03-01']], ['KPS 80 (03/02/2026)', ['KPS 80 2026-03-02']], ['KPS 60 today, was 80 last month', ['KPS 60', 'KPS 80 historical undated']], ['Previous ECOG 2', ['ECOG 2 historical undated']], ['ECOG 1 (previously 2)', ['ECOG 1', 'ECOG 2 historical undated']],
  ['ECOG PS is 1 today (was 2 on 02/01/2026)', ['ECOG 1', 'ECOG 2 historical 2026-02-01']], ['KPS has improved from 60 to 80', ['KPS 60 historical undated', 'KPS 80']], ['Her KPS has declined to 60', K(60)], ['KPS (at consult): 80', K(80)], ['ECOG at start of RT: 1', E(1)], ['ECOG performance status prior to treatment: 1', E(1)],
  ['Because KPS was only 50, we chose 8 Gy x 1', K(50)], ['GPA 2.5 with KPS 70', K(70)], ['Given her poor performance status (ECOG 3), hospice discussed', E(3)], ['not a surgical candidate (ECOG 2, FEV1 0.9)', E(2)], ['KPS:80;ECOG:1', [...K(80), ...E(1)]], ['2026-02-02 ECOG 1; 2026-03-02 ECOG 2', ['ECOG 1 2026-02-02', 'ECOG 2 2026-03-02']],
  ['Patient scored 1 on ECOG scale', E(1)], ['ECOG: Not done\nKPS: 70', K(70)], ['The patient is an ECOG 1 to 2.', E('1..2')], ['ECOG Performance\tRestricted in physically strenuous activity (1)', E(1)], ['His ECOG is 2-3 at best', E('2..3')],
  ['Karnofsky/ECOG: 90/0', [...K(90), ...E(0)]], ['ECOG performance status (Oken): 1', E(1)], ['ECOG score was assessed today and is 1', E(1)], ['KPS 50 on admission, 70 at discharge', ['KPS 50 historical undated']], ['ECOG (Zubrod) performance status 2/4', E(2)],
  // slips
  ['KPS 9O', K('90 corrected')], ['KPS 8O%', K('80 corrected')], ['KP5 70', K('70 corrected')], ['K.P.S 80', K(80)], ['KF5 80', K('80 corrected')], ['KPS 7o', K('70 corrected')], ['KPS: BO', K('80 corrected')], ['KPS 7080', K('70..80 corrected')], ['KPS 70 80', K('70..80 corrected')], ['KPS 10O', K('100 corrected')], ['KPS l00', K('100 corrected')], ['KPS 8', K('80 corrected')], ['KPS 9', K('90 corrected')],
  ...['Kamofsky 80', 'Karnofski 80', 'Karnovsky: 80', 'Karnfosky 80%', 'Karnosfky score 80'].map((s) => [s, K('80 corrected')] as const), ['EC0G l', E('1 corrected')], ['ECOG l', E('1 corrected')], ['ECOG I', E(1)], ['ECOG Z', E('2 corrected')], ['ECOG O', E('0 corrected')], ['EC0G 0', E('0 corrected')], ['ECOG 01', E('0..1 corrected')], ['ECOG 12', E('1..2 corrected')], ['ECOG O-l', E('0..1 corrected')], ['Zubrob 1', E('1 corrected')],
  // scales as themselves
  ['Lansky 90', ['Lansky 90']], ['PPS 40%', ['PPS 40']], ['Palliative Performance Scale 50%', ['PPS 50']],
]
const NONE = [
  'ECOG (0-4)', 'ECOG-ACRIN', 'ECOG-ACRIN trial', 'ECOG-ACRIN trial E5103', 'ECOG E1505', 'ECOG 5103', 'Enrolled on ECOG 5103.', 'per ECOG trial', 'ECOG criteria', 'ECOG toxicity criteria grade 3', 'ECOG 0-2 required', 'ECOG 0-1 is required', 'patients with KPS <40 are not candidates', 'KPS ≥70 per protocol', 'KPS ≥70 required', 'requires KPS ≥60',
  'Eligibility: ECOG 0-1, age over 18', 'Inclusion criteria: KPS 70 or greater', 'ECOG 0-1 patients were randomized', 'SBRT is not considered appropriate for patients with poor performance status of Karnofsky <40 or ECOG 3', 'KPS must be 70', 'minimum KPS 60', 'WHO grade 2 glioma', 'WHO 1 meningioma', 'WHO class 2', 'WHO grade IV', 'grade 1 toxicity', 'Gleason 3+4',
  'P.S. 2 more refills', 'PSA 0.2', 'PS/2', 'PS 10/5 FiO2 40%', 'PS 5 PEEP 5', 'ASA PS 2', 'ASA class 2', 'NYHA class 2', "Her husband's KPS 50", "Mother's ECOG 3", 'expect ECOG 1 after steroids', 'If KPS drops below 40, stop', 'goal KPS 80', 'Hope to reach KPS 80', 'ECOG will be 1 after recovery'.replace('will be', 'expected to be'), 'ECOG not assessed', 'ECOG: not documented', 'KPS deferred',
  'unable to obtain ECOG', 'ECOG: N/A', 'ECOG ___', 'ECOG:', 'ECOG performance status', 'Performance status was discussed.', 'good performance status', 'Excellent performance status.', '0 = Fully active, 1 = restricted', 'ECOG 0/1/2/3/4', 'ECOG 0 1 2 3 4', 'ECOG scale: 0, 1, 2, 3, 4', 'KPS scale 0-100', 'KPS 0-100', 'KPS 100-0', 'ECOG 0-5', 'ECOG: ☐0 ☐1 ☐2 ☐3', 'ECOG [ ] 0 [ ] 1 [ ] 2',
  'ECOG ( )0 ( )1 ( )2', '☐ ECOG 0 ☐ ECOG 1', 'ECOG. I reviewed the scans', 'Performance status: I have reviewed', 'Performance status was discussed. 2 lesions noted', 'Performance status:\n2. Lung cancer', 'ECOG. 2 cm mass', 'KPS. 80 yo man', 'ECOG:\nKPS:\nWeight: 80 kg', 'ECOG\tKPS\tWeight\n\t\t80 kg', 'ECOG grade 3 neutropenia', 'PS: 3 tabs left', 'ECOG 3/14/2026', 'KPS 3/14', 'KPS at 10:42', 'ECOG 30%',
  'Seen by PS 2 weeks ago', 'ECOG 80', 'KPS 250', 'ECOG 7', 'KPS 3000', 'Barthel 80', 'Katz 4', 'CFS 3', 'PS: reviewed', 'EKG 1', 'Pulmonary stenosis PS 2 mm', 'fully active, symptomatic but ambulatory', 'KPS pending', 'ECOG scored from 0 to 5', 'ECOG ranges from 0 to 4', 'performance status (ECOG 0-4)', 'not ECOG 3'.replace('not ECOG 3', 'never ECOG 3'),
  'RTOG 0617 allowed ECOG 0-1', 'In the trial, ECOG 0-2 was allowed', 'The ECOG 1 arm did better', 'Per NCCN, SBRT for ECOG 0-2', 'Hospice criteria: KPS 50 or less', 'KPS: (100 = normal, 0 = dead)', 'ECOG score (0 best, 5 worst)', 'Wife reports her own KPS 90', 'ECOG 2+ neutropenia', 'KPS 40 or lower is not covered', 'KPS may improve to 80',
  'Median KPS 80 in that series', 'We would not treat if ECOG 3 or 4', 'Should his ECOG worsen to 3, we will stop', 'ECOG: (circle one) 0 1 2 3 4 5', 'Insurance requires ECOG 2 or better', 'PS: call 616-555-1212', 'ECOG 1.5', 'NRG-BN005 requires KPS >= 70',
  'ECOG 0 - Fully active 1 - Restricted in strenuous activity 2 - Ambulatory, capable of self-care 3 - Limited self-care', 'ECOG Performance Status Scale\n0 Fully active\n1 Restricted\n2 Ambulatory >50%\n3 Confined to bed\n4 Completely disabled', 'ECOG 0: Fully active\nECOG 1: Restricted in strenuous\nECOG 2: Ambulatory\nECOG 3: limited self-care\nECOG 4: bedbound',
  'KPS 100 - Normal, no complaints\n90 - Able to carry on normal activity\n80 - Normal activity with effort\n70 - Cares for self', 'ECOG: 0 = asymptomatic, 1 = symptomatic but ambulatory, 2 = symptomatic, in bed <50%, 3 = in bed >50%', 'ECOG\tDescription\n0\tFully active\n1\tRestricted\n2\tAmbulatory', 'Grade\tECOG\n0\tFully active, no restriction\n1\tRestricted in strenuous activity',
]

describe('findPerformanceStatus', () => {
  it.each(TABLE)('%j', (s, expected) => expect(read(s)).toEqual(expected))
  it.each(NONE)('none in %j', (s) => expect(read(s)).toEqual([]))
  it('quotes from the label to the value', () => {
    for (const [s, quote] of [['Exam: KPS: 80%, alert', 'KPS: 80%'], ['Karnofsky Performance Status (KPS) is 80 today', 'Karnofsky Performance Status (KPS) is 80'], ['x ECOG: ☐0 ☒1 ☐2 y', 'ECOG: ☐0 ☒1 ☐2']] as const) {
      const p = find(s)[0]
      expect(s.slice(p?.start, p?.end)).toBe(quote)
    }
  })
  it('reads nothing at the edge of a page', () => expect(findPerformanceStatus('ECOG 1', [{ start: 0, end: 6, kind: 'page-edge' }], NOTE, words)).toEqual([]))
  it('gives every marked box of a grid', () => expect(read('ECOG: [x] 0 [x] 1 [ ] 2')).toEqual(['ECOG 0', 'ECOG 1']))
  it('finds the examples of its dictionary and not the others', () => {
    const faults: string[] = []
    for (const e of entries) {
      for (const written of e.examples.found) {
        const marked = [...written.matchAll(/\[\[(.*?)\]\]/g)].map((m) => m[1] as string)
        const s = written.replaceAll('[[', '').replaceAll(']]', '')
        const got = find(s).map((m) => s.slice(m.start, m.end))
        if (JSON.stringify(got) !== JSON.stringify(marked)) faults.push(`${e.id}: ${written} gave ${JSON.stringify(got)}`)
      }
      for (const s of e.examples['not-found']) if (find(s).length > 0) faults.push(`${e.id}: ${s} gave ${read(s).join(' | ')}`)
    }
    expect(faults).toEqual([])
  })
  it('reads any legal value behind any label, wherever it stands', () => {
    const labels = ['ECOG', 'ECOG PS', 'ECOG performance status', 'Zubrod', 'WHO PS', 'Performance status (ECOG)', 'ECOG (0-4)']
    const joins = [' ', ': ', ' = ', '=', ' of ', ' is ', ' - ', ':\t', ':\n']
    fc.assert(fc.property(fc.constantFrom(...labels), fc.constantFrom(...joins), fc.integer({ min: 0, max: 4 }), fc.constantFrom('', 'Exam normal. ', 'A 62 yo man, '), fc.constantFrom('', '.', ', stable', '; alert', '\nWeight 80 kg'), (label, join, v, lead, tail) => {
      expect(read(`${lead}${label}${join}${v}${tail}`)).toEqual([`ECOG ${v}`])
    }), { numRuns: 300 })
    fc.assert(fc.property(fc.constantFrom('KPS', 'Karnofsky', 'Karnofsky score', 'Karnofsky performance status (KPS)'), fc.constantFrom(...joins), fc.integer({ min: 2, max: 20 }), fc.constantFrom('', '%', '/100'), fc.constantFrom('', 'Exam normal. '), fc.constantFrom('', '.', ', stable', '\nWeight 80 kg'), (label, join, v, sign, lead, tail) => {
      expect(read(`${lead}${label}${join}${v * 5}${sign}${tail}`)).toEqual([`KPS ${v * 5}`])
    }), { numRuns: 300 })
  })
  it('keeps values legal and spans inside on any text', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('ECOG', 'KPS', 'PS', ' ', ':', '1', '80', '-', '/', '\n', '\t', '[x]', '[ ]', 'of', '(', ')', '→', 'now', '0', '2', ' 3', '%', 'Karnofsky', ', ')).map((a) => a.join('')), (s) => {
      for (const p of find(s)) {
        expect(p.low).toBeLessThanOrEqual(p.high)
        expect(p.high).toBeLessThanOrEqual(p.scale === 'ECOG' ? 5 : 100)
        expect(p.start).toBeLessThan(p.end)
        expect(p.end).toBeLessThanOrEqual(s.length)
      }
    }), { numRuns: 1000 })
  })
})
