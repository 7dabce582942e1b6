// `node bench/rules.mjs`: claim lines a second through the billing rules, without records, on one core. May not: change what is measured; needs `npm run build` before it.
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const load = (path) => import(join(ROOT, 'dist', path))
/** Lines a second that the program has to reach. */
export const RULES_BAR = 100_000

const DAY = 86_400_000
const day = (start, n) => new Date(Date.parse(start) + n * DAY).toISOString().slice(0, 10)

/** Claims as clinics bill them: planning, some weeks of delivery, weekly services; a few with something wrong. */
function makeClaims(count) {
  const courses = [
    { dx: ['C61'], start: ['77263', '77290', '77301', '77338', '77300'], delivery: 'G6015', guidance: 'G6002', fractions: 8, weekly: ['77336', '77427'] },
    { dx: ['C50.412'], start: ['77263', '77290', '77295', '77300', '77334'], delivery: '77412', guidance: '77417', fractions: 5, weekly: ['77336', '77427'] },
    { dx: ['C34.11'], start: ['77263', '77290', '77301', '77338', '77470', '77370'], delivery: '77373', guidance: '77387', fractions: 5, weekly: ['77435'] },
    { dx: ['C44.311'], start: ['77280', '77334'], delivery: '77401', guidance: 'G6001', fractions: 8, weekly: ['77336', '77427'] },
    { dx: ['C34.90'], start: ['77262', '77280', '77280', '77307', '77300'], delivery: '77402', guidance: '77014', fractions: 5, weekly: ['77336'] },
    { dx: ['C71.1'], start: ['77263', '77290', '77331'], delivery: '77523', guidance: '77387', fractions: 8, weekly: ['77336', '77427'] },
  ]
  return Array.from({ length: count }, (_, i) => {
    const c = courses[i % courses.length]
    const from = day('2025-01-06', (i * 7) % 500)
    const codes = [
      ...c.start.map((code, k) => ({ code, serviceDate: day(from, k) })),
      ...Array.from({ length: c.fractions }, (_, k) => [{ code: c.delivery, serviceDate: day(from, 10 + k) }, ...(k % 2 === 0 ? [{ code: c.guidance, serviceDate: day(from, 10 + k) }] : [])]).flat(),
      ...c.weekly.map((code) => ({ code, serviceDate: day(from, 10 + c.fractions - 1) })),
    ]
    return { claimId: `B-${i}`, diagnoses: c.dx, lines: codes.map((l, k) => ({ ...l, line: k + 1, units: k % 11 === 10 ? 2 : 1, diagnosisPointers: [1] })) }
  })
}

/** Lines judged a second, the best of some runs: the others measure what else the machine does. */
export async function rulesPerSecond({ claims = 2_000, runs = 5 } = {}) {
  const { claimSchema } = await load('claim/claim.js')
  const { buildChart } = await load('review/chart.js')
  const { applyRules } = await load('review/rules.js')
  const { diagnosesInForce } = await load('review/diagnoses.js')
  const { versionOn } = await load('policy/policy.js')
  const { dictionariesFolder } = await load('load/folder.js')
  const { knowledgeOf } = await load('load/snapshot.js')
  const { policies: [policy], tables: published, notes } = await knowledgeOf(dictionariesFolder(), 'bench')
  const tables = { codes: policy.codes, diagnoses: diagnosesInForce(published, '2025-05-06'), settings: policy.settings, versionOn: (d) => versionOn(policy, d), denialCodes: () => policy.denialCodes }
  const parsed = makeClaims(claims).map((c) => claimSchema.parse(c))
  const charts = parsed.map((claim) => buildChart(claim, [], notes.people))
  const lines = parsed.reduce((n, c) => n + c.lines.length, 0)
  let best = 0
  let hits = 0
  for (let r = 0; r < runs; r++) {
    const began = process.cpuUsage()
    hits = 0
    for (const chart of charts) for (const { hits: own } of applyRules(policy.rules, chart, tables, new Map()).values()) hits += own.length
    const { user, system } = process.cpuUsage(began)
    best = Math.max(best, lines / ((user + system) / 1e6))
  }
  return { lines, hits, perSecond: Math.round(best) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines, hits, perSecond } = await rulesPerSecond()
  process.stdout.write(`${lines} claim lines, ${hits} results: ${perSecond.toLocaleString('en')} lines a second (bar: ${RULES_BAR.toLocaleString('en')})\n`)
  process.exitCode = perSecond >= RULES_BAR ? 0 : 1
}
