// Rules that read the chart, over records in the manners of many clinics. All patients and people are invented.
import { describe, expect, it } from 'vitest'
import { review } from './claims.ts'

/** A note with title, date and signature. */
const n = (title: string, body: string, date = '05/06/2025', sig = `Electronically signed by Jane Roe, MD ${date}`): string => `${title}\nDate: ${date}\n${body}\n${sig}`

/** What fires (`line:rule`, `=units` that stand, `>code` supported), the claim, the notes. */
const CHARTS: readonly (readonly [string, readonly string[], ...string[]])[] = [
  // R10
  ['1:R10=3', ['2025-05-06 77300 x5'], n('Eclipse Plan Report', 'Technique: VMAT\nFields: 3 (A1, A2, A3)\nPlan approved.')],
  ['1:R10=4', ['2025-05-06 77300 x6'], n('3D PLAN', 'Forward planned four-field arrangement, MLC conformal, 10 MV.')],
  ['', ['2025-05-06 77300 x3'], n('PLAN SUMMARY', 'VMAT, three arcs. Boost plan: two arcs.')],
  ['2:R10', ['2025-05-06 77300 x2', '2025-05-09 77300'], n('PLAN SUMMARY', 'VMAT, two full arcs, 6X.')],
  // R11
  ['1:R10=5 1:R11=5', ['2025-05-06 77300 x8'], n('IMRT PLAN REPORT', 'Sliding window IMRT, 5 fields; fields 1, 3 and 4 were split by carriage travel limits into two subfields.')],
  // R15
  ['1:R15=2', ['2025-05-06 77331 x4'], n('IN VIVO DOSIMETRY', 'Diodes on AP and PA fields, two readings each because of the pacemaker. AP 148.2 / 149.0 cGy, PA 151.0 / 150.2 cGy, expected 150.')],
  // R23
  ['1:R23', ['2025-05-06 77332'], n('SET-UP SHEET', 'Supine, two pillows under the knees, arms on chest, masking tape across forehead. No other devices.')],
  ['', ['2025-05-06 77332'], n('SET-UP SHEET', 'Supine on breast board, pillow under knees.')],
  // R25
  ['2:R25', ['2025-05-06 77334 -TC', '2025-05-06 77334 -TC'], n('BLOCK ROOM', 'Two cerrobend blocks cut for AP and PA neck; PA is identical block reversed.')],
  ['1:R25=1', ['2025-05-06 77334 x2'], n('DEVICE NOTE', 'MLC apertures for RAO and LPO, mirror images; I drew the RAO.')],
  // R26
  ['1:R26>77332', ['2025-05-06 77334'], n('DEVICE NOTE', 'Stock 10 x 10 electron block used as is.')],
  ['1:R26>77333', ['2025-05-06 77334'], n('DEVICE NOTE', 'Custom wax bolus poured for the ear.')],
  ['', ['2025-05-06 77333'], n('DEVICE NOTE', 'Tongue depressor wrapped with a cork made into a bite block.')],
  // R27
  ['1:R27', ['2025-05-06 77334'], n('SIMULATION', 'The mask from her 2023 course was reused after checking the fit.')],
  ['1:R27', ['2025-05-06 77334'], n('SIMULATION', 'Alpha cradle of the previous treatment re-formed for this one.')],
  // R30
  ['1:R30', ['2025-04-11 77336'], n('COMPLETION SUMMARY', 'She received 1500 cGy in 5 fractions from 04/07/2025 to 04/11/2025.', '04/11/2025'), 'TREATMENT RECORD\nFx\tDate\tDose cGy\n1\t04/07/2025\t300\n5\t04/11/2025\t300\n', n('WEEKLY PHYSICS', 'Late entry: weekly chart check done 05/30/2025 for the course.', '05/30/2025', 'Electronically signed by A. Dent, PhD, DABR 05/30/2025')],
  // R44
  ['1:R44>77407', ['2025-05-06 77412'], n('PRESCRIPTION', 'Pelvis 30 Gy in 10, AP, PA and two lateral fields (4 fields), open, 15 MV.')],
  ['1:R44>77402', ['2025-05-06 77407'], n('PRESCRIPTION', 'C-spine 20 Gy in 5, opposed laterals, 6 MV, no blocks.')],
  ['1:R44>G6004', ['2025-05-06 G6005'], n('PRESCRIPTION', 'C-spine 20 Gy in 5, opposed laterals, 6 MV, no blocks.')],
  ['1:R44>G6013', ['2025-05-06 G6012'], n('PRESCRIPTION', 'Sacrum 30 Gy in 10, 4 fields with MLC blocks, 18X.')],
  ['', ['2025-05-06 G6012'], n('PRESCRIPTION', 'Chest wall 50 Gy in 25, tangents 6X, scar boost 9 MeV.')],
  // R01
  ['1:R01>77262', ['2025-05-06 77263'], n('PLANNING NOTE', 'Two sites: T10 and left hip, single PA field and AP/PA, no blocks. Two treatment areas.')],
  ['', ['2025-05-06 77263'], n('PLANNING NOTE', 'Brain metastases 3 lesions, SRS by VMAT, single isocenter.')],
  ['', ['2025-05-06 77263'], n('PLANNING NOTE', 'Head and neck IMRT with mask.')],
  // R21
  ['1:R21>77306', ['2025-05-06 77307'], n('ISODOSE', 'Single field, en face photons, no wedge, central axis plan.')],
  // R22
  ['1:R22', ['2025-05-06 77321'], n('PLAN', 'Two tangents 6X only; no boost.')],
  ['', ['2025-05-06 77321'], n('PLAN', 'Boost plan: 12 MeV, 8 x 8 cone, SSD 100.')],
  // R50
  ['1:R50', ['2025-05-06 G6016'], n('TREATMENT PLAN', 'VMAT by dynamic MLC, 2 arcs, inverse optimized.')],
  // R52
  ['1:R52', ['2025-05-06 77523'], n('CONSULT', 'IMRT would be equivalent for this target; the family prefers protons.')],
  // R29
  ['2:R29', ['2025-05-07 77336', '2025-05-09 77336', '2025-05-12 77412']],
  ['', ['2025-05-09 77336', '2025-05-16 77336', '2025-05-19 77412'], 'TREATMENT RECORD\nFx\tDate\tDose cGy\n1\t05/05/2025\t200\n2\t05/06/2025\t200\n10\t05/16/2025\t200\n11\t05/19/2025\t200\n'],
  // R02
  ['2:R02', ['2025-05-06 77263', '2025-05-27 77263'], n('PLANNING NOTE', 'Complex planning, rectum, IMRT.'), n('PLANNING NOTE', 'Complex planning, rectum, unchanged volumes.', '05/27/2025')],
  ['', ['2025-05-06 77263', '2025-05-27 77263'], n('PLANNING NOTE', 'Complex planning, rectum, IMRT.'), n('PLANNING NOTE', 'Sequential boost volume to the primary planned.', '05/27/2025')],
]

describe('rules over records', () => {
  for (const [want, claim, ...notes] of CHARTS) {
    it(`${want || 'silent'}: ${claim.join(', ')}: ${notes.join(' ').replace(/\s+/g, ' ').slice(0, 90)}`, () => {
      const fired = review(claim, notes).lines.flatMap((l) => l.rules.map((r) => `${l.line.line}:${r.id}${r.effect === 'limit' ? `=${r.unitsSupported}` : ''}${r.supportedCode === null ? '' : `>${r.supportedCode}`}`))
      expect(fired.join(' ')).toBe(want)
    })
  }
})
