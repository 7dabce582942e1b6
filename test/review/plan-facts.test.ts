// Ports, areas, energies and devices as clinics write them.
import { describe, expect, it } from 'vitest'
import { readClaimLines } from '../../src/examples/run-examples.ts'
import { readText } from '../../src/document/read-text.ts'
import { annotate } from '../../src/note/annotate.ts'
import { splitNotes } from '../../src/note/split.ts'
import { buildChart } from '../../src/review/chart.ts'
import { immobilizationUntil, planFacts } from '../../src/review/plan-facts.ts'
import { knowledge } from './claims.ts'

function chartOf(text: string) {
  const document = readText(new TextEncoder().encode(text), 'note.txt')
  const notes = splitNotes(document, 0, knowledge.notes).map((head) => annotate(document, head, knowledge.notes))
  return buildChart(readClaimLines(['2025-05-06 77263']), [{ document, notes }], knowledge.notes.people)
}
const rx = (line: string): string => `RADIATION PRESCRIPTION\nDate: 05/05/2025\n${line}\nElectronically signed by Jane Roe, MD 05/05/2025`
const plan = (body: string): string => `TREATMENT PLAN REPORT\nDate: 05/05/2025\n${body}\nElectronically signed by Jane Roe, MD 05/05/2025`

describe('ports', () => {
  const cases: readonly [string, number | null][] = [
    [rx('Left hip 8 Gy x 1, AP/PA.'), 2],
    [rx('T8 to T10, 30 Gy in 10, single PA field.'), 1],
    [rx('Whole brain 30 Gy in 10, opposed laterals, 6 MV.'), 2],
    [rx('Pelvis 45 Gy in 25, four field box, 15 MV.'), 4],
    [rx('Pelvis 45 Gy in 25, 4-field technique.'), 4],
    [rx('Rectum, 3-field technique, PA and laterals.'), 3],
    [rx('Lung 60 Gy in 30, VMAT.'), null],
    [rx('Lung 60 Gy in 30, VMAT with 2 partial arcs.'), 2],
    [rx('Prostate, IMRT, 7 fields.'), 7],
    [rx('Prostate, 9-beam IMRT.'), 9],
    [rx('Brain, 5 non-coplanar arcs.'), 5],
    [plan('Number of beams: 6'), 6],
    [plan('Beams: 6 static, gantry 20 to 340'), 6],
    [plan('Field\tGantry\tMU\nAP\t0\t110\nPA\t180\t112\nLAO\t40\t60\nTotal\t\t282'), 3],
    [plan('Beam ID\tMachine\tEnergy\tGantry\tMU\n1 Med Tang\tTB2\t6X\t306\t151\n2 Lat Tang\tTB2\t6X\t127\t160'), 2],
    [plan('Arc\tStart\tStop\tColl\tMU\nA1\t181\t179\t30\t402\nA2\t179\t181\t330\t388'), 2],
    [rx('Right breast, medial and lateral tangents, 6 MV.'), 2],
    [rx('Pain relief only.'), null],
  ]
  for (const [text, ports] of cases) it(text.split('\n')[2] as string, () => expect(planFacts(chartOf(text)).ports?.value ?? null).toBe(ports))
})

describe('areas, isocenters and energies', () => {
  it('are counted where they are written', () => {
    expect(planFacts(chartOf(rx('Three separate treatment areas: T8, left hip, right shoulder. 8 Gy x 1 each.'))).areas?.value).toBe(3)
    expect(planFacts(chartOf(plan('Two isocenters, SCV and tangents.'))).isocenters?.value).toBe(2)
    expect(planFacts(chartOf(plan('One plan, single isocenter.'))).isocenters?.value).toBe(1)
  })
  const energies: readonly [string, readonly number[]][] = [
    [rx('AP/PA 15X, 400 cGy x 5.'), [15]], [rx('AP/PA, 6 MV photons.'), [6]], [rx('Tangents 6/10 MV.'), [6, 10]], [rx('Scar boost, 9 MeV electrons.'), [9]],
    [rx('Boost 12e, 2 Gy x 5.'), [12]], [rx('VMAT, 6 MV FFF.'), [6]], [rx('6X-FFF, two arcs.'), [6]], [rx('250 kV, 4 mm Cu.'), []],
  ]
  for (const [text, values] of energies) it(text.split('\n')[2] as string, () => expect([...new Set(planFacts(chartOf(text)).energies.map((e) => e.value))].sort((a, b) => a - b)).toEqual(values))
})

describe('immobilization', () => {
  const sim = (body: string): string => `SIMULATION NOTE\nDate: 05/01/2025\n${body}\nElectronically signed by Jane Roe, MD 05/01/2025`
  it('counts each kind of device once, up to the day', () => {
    expect(immobilizationUntil(chartOf(sim('Aquaplast mask with bite block made. Mask checked.')), '2025-05-06').value).toBe(2)
    expect(immobilizationUntil(chartOf(sim('Vac-Lok formed.')), '2025-05-06').value).toBe(1)
    expect(immobilizationUntil(chartOf(sim('Vac-Lok formed.')), '2025-04-20').value).toBe(0)
    expect(immobilizationUntil(chartOf(sim('Pillow and straps.')), '2025-05-06').value).toBe(0)
  })
})
