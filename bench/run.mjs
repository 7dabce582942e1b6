// `npm run bench`: what a review costs in time and memory, stage by stage. May not: change what is measured; needs `npm run build` before it.
// Usage: node bench/run.mjs [--runs N] [--pages 100,500] [--write docs/bench.md]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeChart } from './make-chart.mjs'
import { RULES_BAR, rulesPerSecond } from './rules.mjs'

const HERE = fileURLToPath(import.meta.url)
const ROOT = dirname(dirname(HERE))
const CLI = join(ROOT, 'dist', 'cli', 'main.js')
/** Of the clock in /proc: a hundredth of a second on every Linux in use. */
const TICK_MS = 10
const SAMPLE_MS = 20
const BARS = { 100: 2, 500: 5 }
const MEMORY_BAR = 500
const ASSERT_BAR = 50_000

const option = (name, otherwise) => {
  const i = process.argv.indexOf(`--${name}`)
  return i < 0 ? otherwise : process.argv[i + 1]
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]

/** CPU in ms and resident MB of a process and all below it, from /proc; empty on other systems. */
function treeOf(root) {
  const parents = new Map()
  const facts = new Map()
  let names = []
  try {
    names = readdirSync('/proc').filter((n) => /^\d+$/.test(n))
  } catch {
    return facts
  }
  for (const name of names) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
      parents.set(Number(name), Number(fields[1]))
      facts.set(Number(name), { cpu: (Number(fields[11]) + Number(fields[12])) * TICK_MS, resident: (Number(fields[21]) * 4096) / 2 ** 20 })
    } catch {
      // It has just ended.
    }
  }
  const inside = (pid) => pid === root || (parents.has(pid) && parents.get(pid) > 1 && inside(parents.get(pid)))
  for (const pid of [...facts.keys()]) if (!inside(pid)) facts.delete(pid)
  return facts
}

/** Runs the program; wall seconds, CPU seconds of parent and children, and the highest sum of their resident memory in MB. */
async function watched(args, input) {
  const began = performance.now()
  const child = spawn(process.execPath, args, { stdio: [input === undefined ? 'ignore' : openSync(input, 'r'), 'ignore', 'inherit'] })
  const seen = new Map()
  let peak = 0
  const timer = setInterval(() => {
    let sum = 0
    for (const [pid, { cpu, resident }] of treeOf(child.pid)) {
      seen.set(pid, cpu)
      sum += resident
    }
    peak = Math.max(peak, sum)
  }, SAMPLE_MS)
  const code = await new Promise((done) => child.on('exit', done))
  clearInterval(timer)
  if (code > 1) throw new Error(`exit code ${code} of ${args.join(' ')}`)
  return { wall: (performance.now() - began) / 1000, cpu: [...seen.values()].reduce((a, b) => a + b, 0) / 1000, peak }
}

/** In a process of its own: seconds of CPU of each stage, the readers' included. */
async function stages(pdf, claimFile) {
  const load = (path) => import(join(ROOT, 'dist', path))
  const own = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  const below = () => [...treeOf(process.pid)].filter(([pid]) => pid !== process.pid).reduce((sum, [, f]) => sum + f.cpu, 0) / 1000
  await load('cli/engine-flags.js')
  const { readClaim } = await load('cli/read-claim.js')
  const { readRecords } = await load('document/read-records.js')
  const { dictionariesFolder } = await load('load/folder.js')
  const { knowledgeOf } = await load('load/snapshot.js')
  const { reviewClaim } = await load('review-claim.js')
  const { toContract } = await load('report/contract.js')
  const { policyText } = await load('load/policy-text.js')
  const out = {}
  const claim = await readClaim(claimFile)
  const knowledge = await knowledgeOf(dictionariesFolder(), 'bench')
  let at = own()
  const began = performance.now()
  const records = await readRecords([pdf])
  out.readingWall = (performance.now() - began) / 1000
  out.reading = own() - at + below()
  at = own()
  const review = reviewClaim(claim, records, knowledge)
  out.understanding = own() - at
  at = own()
  JSON.stringify(toContract(review, policyText(knowledge.policies)), null, 2)
  out.telling = own() - at
  process.stdout.write(JSON.stringify(out), () => process.exit(0))
}

function stagesOf(pdf, claim) {
  const done = spawnSync(process.execPath, [HERE, '--stages', pdf, claim], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return JSON.parse(done.stdout)
}

/** CPU seconds of another program over the same file, or null where it is missing. */
async function poppler(pdf) {
  if (spawnSync('pdftotext', ['-v']).error) return null
  const child = spawn('pdftotext', ['-bbox', pdf, '/dev/null'], { stdio: 'ignore' })
  let cpu = 0
  const timer = setInterval(() => { for (const [, f] of treeOf(child.pid)) cpu = Math.max(cpu, f.cpu) }, 5)
  await new Promise((done) => child.on('exit', done))
  clearInterval(timer)
  return cpu / 1000
}

/** Sentences of made-up notes with one target each. */
function sentences(path, count) {
  const frames = ['The patient denies {x}, nausea or vomiting today.', 'No evidence of {x} on the CT of the chest.', 'History of {x} in 2015, treated with surgery.', 'His mother had {x} at age 60.',
    'There is possible {x} in the left upper lobe; follow-up is advised.', '{x} is present and has worsened since the last visit, but the patient is not short of breath.',
    'If {x} develops, call the clinic.', 'Patient presents with {x} and a two-week history of fatigue.', 'Plan: {x} will be treated with SBRT next week.', 'Lungs: clear. {x}: negative.']
  const targets = ['chest pain', 'pneumonia', 'brain metastasis', 'dysphagia', 'a pulmonary nodule', 'weight loss', 'lymphadenopathy', 'diabetes', 'hemoptysis', 'erythema']
  const lines = []
  for (let i = 0; i < count; i++) {
    const frame = frames[i % 10]
    const target = targets[(i * 7 + Math.floor(i / 10)) % 10]
    const start = frame.indexOf('{x}')
    lines.push(JSON.stringify({ id: i, text: frame.replace('{x}', target) + (i % 3 === 0 ? ` Seen as number ${i}.` : ''), start, end: start + target.length }))
  }
  writeFileSync(path, `${lines.join('\n')}\n`)
}

async function main() {
  const runs = Number(option('runs', 3))
  const sizes = option('pages', '100,500').split(',').map(Number)
  if (!existsSync(CLI)) throw new Error('dist/ is missing: npm run build')
  const folder = mkdtempSync(join(tmpdir(), 'vouch-bench-'))
  const lines = []
  const say = (line) => {
    lines.push(line)
    process.stdout.write(`${line}\n`)
  }
  const bar = (good) => (good ? 'yes' : 'NO')
  const load = loadavg()[0]
  say(`Measured ${new Date().toISOString().slice(0, 10)} on ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version.slice(1)}, ${process.platform}.`)
  say(`Median of ${runs} runs. Load of the machine at the start: ${load.toFixed(1)}${load > 0.7 ? ' (busy: wall times are too long, CPU times somewhat; their ratios hold best)' : ''}.`)
  say('')
  say('## Review of one PDF with a text layer')
  say('')
  say('| pages | MB | wall s | bar | CPU s, all processes | peak MB, parent and children | below 500 | reading CPU s | understanding CPU s | telling CPU s | understanding / reading | at most 0.5 | pdftotext -bbox CPU s | reading / pdftotext |')
  say('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|')
  for (const pages of sizes) {
    const pdf = await makeChart(pages, folder)
    const claim = join(folder, 'claim.json')
    const whole = []
    const parts = []
    const other = []
    for (let i = 0; i < runs; i++) {
      whole.push(await watched([CLI, 'review', '--claim', claim, '--records', pdf, '--format', 'json']))
      parts.push(stagesOf(pdf, claim))
      other.push(await poppler(pdf))
    }
    const of = (list, key) => median(list.map((r) => r[key]))
    const wall = of(whole, 'wall')
    const peak = of(whole, 'peak')
    const share = median(parts.map((p) => p.understanding / p.reading))
    const theirs = other[0] === null ? null : median(other)
    const limit = BARS[pages]
    say(`| ${pages} | ${(statSync(pdf).size / 1e6).toFixed(1)} | ${wall.toFixed(2)} | ${limit === undefined ? '' : `${limit} s: ${bar(wall < limit)}`} | ${of(whole, 'cpu').toFixed(2)} | ${peak === 0 ? 'unknown here' : peak.toFixed(0)} | ${peak === 0 ? '' : bar(peak < MEMORY_BAR)} | ${of(parts, 'reading').toFixed(2)} | ${of(parts, 'understanding').toFixed(2)} | ${of(parts, 'telling').toFixed(2)} | ${share.toFixed(2)} | ${bar(share <= 0.5)} | ${theirs === null ? 'not installed' : theirs.toFixed(2)} | ${theirs === null ? '' : (of(parts, 'reading') / theirs).toFixed(1)} |`)
  }
  say('')
  say('## Start-up')
  say('')
  say('| command | wall s | CPU s |')
  say('|---|---|---|')
  for (const [name, args] of [['node, empty script', ['-e', '0']], ['vouch --help', [CLI, '--help']], ['vouch policy list (all dictionaries loaded)', [CLI, 'policy', 'list']]]) {
    const own = []
    for (let i = 0; i < runs; i++) own.push(await watched(args))
    say(`| ${name} | ${median(own.map((r) => r.wall)).toFixed(2)} | ${median(own.map((r) => r.cpu)).toFixed(2)} |`)
  }
  say('')
  say('## vouch assert')
  say('')
  const COUNT = 200_000
  const input = join(folder, 'sentences.jsonl')
  sentences(input, COUNT)
  const asserted = []
  for (let i = 0; i < runs; i++) asserted.push(await watched([CLI, 'assert'], input))
  const rate = COUNT / median(asserted.map((r) => r.cpu))
  say(`${COUNT} sentences through the program, start-up included: ${Math.round(rate)} sentences a second of CPU (bar ${ASSERT_BAR}: ${bar(rate >= ASSERT_BAR)}), ${Math.round(COUNT / median(asserted.map((r) => r.wall)))} a second of wall time.`)
  const WINK = join(ROOT, 'bench', 'wink.mjs')
  if (existsSync(join(ROOT, 'node_modules', 'wink-nlp'))) {
    const others = []
    for (let i = 0; i < runs; i++) others.push(await watched([WINK], input))
    const other = COUNT / median(others.map((r) => r.cpu))
    say(`The negation flag of wink-nlp over the same file in the same run: ${Math.round(other)} sentences a second of CPU; ${(rate / other).toFixed(1)} times as fast is vouch assert, which also decides time and subject.`)
  } else say('Not compared with the negation flag of wink-nlp: it is not installed.')
  say('')
  say('## Billing rules without records')
  say('')
  const { lines: judged, hits, perSecond } = await rulesPerSecond()
  say(`${judged} claim lines, ${hits} results, one core: ${perSecond} lines a second (bar ${RULES_BAR}: ${bar(perSecond >= RULES_BAR)}).`)
  const target = option('write', null)
  if (target !== null) writeFileSync(join(ROOT, target), `# Speed and memory\n\nWritten by \`npm run bench -- --write ${target}\`. The charts are made by bench/make-chart.mjs: notes, tables and lists with a text layer, the same bytes every time. Understanding is splitting, annotating and checking; telling is the JSON report. CPU of reading counts the reader processes, their start included.\n\n${lines.join('\n')}\n${scans(join(ROOT, target))}`)
  rmSync(folder, { recursive: true, force: true })
}

/** What bench/ocr.mjs wrote stays. */
function scans(path) {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const from = before.indexOf('\n## Scans')
  return from < 0 ? '' : before.slice(from)
}

const at = process.argv.indexOf('--stages')
if (at > 0) await stages(process.argv[at + 1], process.argv[at + 2])
else await main()
