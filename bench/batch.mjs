// `node bench/batch.mjs`: what a batch adds to its claims: throughput, the share of the queue, memory, two workers against one. May not: change what is measured; needs `npm run build` before it.
// Usage: node bench/batch.mjs [--claims 200] [--pages 20] [--memory 10000] [--database postgres://…] [--form pdf|text]
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeChart } from './make-chart.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const CLI = join(ROOT, 'dist', 'cli', 'main.js')
/** Of the clock in /proc. */
const TICK_MS = 10
const SAMPLE_MS = 250
const option = (name, otherwise) => {
  const i = process.argv.indexOf(`--${name}`)
  return i < 0 ? otherwise : process.argv[i + 1]
}

/** CPU in ms and resident MB of a process and of all below it. */
function treeOf(root) {
  const parents = new Map()
  const facts = new Map()
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const f = readFileSync(`/proc/${name}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
      parents.set(Number(name), Number(f[1]))
      facts.set(Number(name), { cpu: (Number(f[11]) + Number(f[12])) * TICK_MS, resident: (Number(f[21]) * 4096) / 2 ** 20 })
    } catch {
      // It has just ended.
    }
  }
  const own = new Map()
  for (const [pid, fact] of facts) {
    for (let at = pid; at > 1 && at !== undefined; at = parents.get(at)) if (at === root) own.set(pid, fact)
  }
  return own
}

/** Runs to the end; CPU of the process itself (the queue) and of all below it, and memory as it went. */
async function measured(args, env = {}, ended = null) {
  const began = performance.now()
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DATABASE_URL: '', ...env } })
  const cpu = new Map()
  const memory = []
  const timer = setInterval(() => {
    let resident = 0
    for (const [pid, fact] of treeOf(child.pid)) {
      cpu.set(pid, Math.max(cpu.get(pid) ?? 0, fact.cpu))
      resident += fact.resident
    }
    memory.push(resident)
  }, SAMPLE_MS)
  const over = new Promise((done) => child.on('exit', done))
  if (ended !== null) {
    await ended
    child.kill('SIGTERM')
  }
  await over
  clearInterval(timer)
  const all = [...cpu.values()].reduce((a, b) => a + b, 0) / 1000
  const parent = (cpu.get(child.pid) ?? 0) / 1000
  return { wall: (performance.now() - began) / 1000, cpu: all, parent, memory }
}

async function claims(folder, count, pages, form) {
  mkdirSync(folder, { recursive: true })
  if (form === 'pdf') await makeChart(pages, folder)
  const chart = form === 'pdf' ? readFileSync(join(folder, `chart-${pages}.pdf`)) : null
  for (let i = 1; i <= count; i++) {
    const at = join(folder, 'claims', String(i).padStart(6, '0'))
    mkdirSync(join(at, 'records'), { recursive: true })
    writeFileSync(join(at, 'claim.json'), JSON.stringify({ claimId: `B-${i}`, patient: { name: 'ADA BRISTOW', birthDate: '1950-01-01' }, diagnoses: ['C61'], lines: [{ line: 1, code: '77263', serviceDate: '2025-09-01', charge: 900 }, { line: 2, code: '77301', serviceDate: '2025-09-02', charge: 4000 }] }))
    // A comment behind the end of the file: other bytes, the same pages.
    if (chart !== null) writeFileSync(join(at, 'records', 'chart.pdf'), Buffer.concat([chart, Buffer.from(`\n% ${i}\n%%EOF\n`)]))
    else writeFileSync(join(at, 'records', 'note.txt'), `CLINICAL TREATMENT PLANNING NOTE\nPatient: Ada Bristow  DOB: 01/01/1950\nDate: 09/01/2025\nComplex treatment planning for prostate cancer, item ${i}.\n`.repeat(pages))
  }
  return join(folder, 'claims')
}

const say = (line) => process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'vouch-bench-batch-'))
try {
  const [count, pages, cores, form] = [Number(option('claims', 200)), Number(option('pages', 20)), Math.min(2, availableParallelism()), option('form', 'pdf')]
  say(`load of the machine before: ${loadavg().map((l) => l.toFixed(1)).join(' ')}`)
  const source = await claims(folder, count, pages, form)
  // What every run pays once: dictionaries, database, reviewers.
  const once = await measured(['batch', await claims(join(folder, 'one'), 1, 1, 'text'), '--out', join(folder, 'out-1'), '--processes', String(cores), '--quiet'])
  const run = await measured(['batch', source, '--out', join(folder, 'out'), '--processes', String(cores), '--quiet'])
  const [wall, cpu, parent] = [run.wall - once.wall, run.cpu - once.cpu, run.parent - once.parent]
  say(`${count} ${form} claims of ${pages} pages on ${cores} cores: ${(count / wall).toFixed(1)} claims/s, ${((count * pages) / wall).toFixed(0)} pages/s; CPU ${((1000 * cpu) / count).toFixed(1)} ms a claim, of which queue, database and files ${((1000 * parent) / count).toFixed(2)} ms (${((100 * parent) / cpu).toFixed(1)} %); start ${once.wall.toFixed(1)} s`)
  say(`cores busy: ${((100 * cpu) / wall / cores).toFixed(0)} % of ${cores}`)
  const again = await measured(['batch', source, '--out', join(folder, 'again'), '--cache', join(folder, 'out', '.vouch', 'cache'), '--processes', String(cores), '--quiet'])
  say(`the same again, from the cache: ${(count / (again.wall - once.wall)).toFixed(0)} claims/s`)

  const many = Number(option('memory', 0))
  if (many > 0) {
    const { memory, wall: took } = await measured(['batch', await claims(join(folder, 'many'), many, 1, 'text'), '--out', join(folder, 'out-many'), '--processes', String(cores), '--quiet'])
    const at = (share) => memory.slice(Math.floor(memory.length * share), Math.max(1, Math.floor(memory.length * (share + 0.1)))).reduce((a, b, _, l) => a + b / l.length, 0)
    say(`memory over ${many} claims (${took.toFixed(0)} s): ${[0.2, 0.4, 0.6, 0.8].map((s) => `${at(s).toFixed(0)} MB at ${100 * s} %`).join(', ')}; peak ${Math.max(...memory).toFixed(0)} MB`)
  }

  const database = option('database', null)
  if (database !== null) {
    const key = join(folder, 'key')
    writeFileSync(key, 'ab'.repeat(32))
    const times = []
    for (const workers of [1, 2]) {
      const cache = join(folder, `cache-${workers}`)
      const env = { DATABASE_URL: database }
      const name = `bench-${process.pid}-${workers}`
      // Warm before the clock starts: what a night pays once is not the throughput.
      let finish = () => undefined
      const ended = new Promise((done) => { finish = done })
      const run = Array.from({ length: workers }, () => measured(['worker', '--key-file', key, '--cache', cache, '--processes', '1', '--log', 'error'], env, ended))
      await new Promise((done) => setTimeout(done, 8000))
      const began = performance.now()
      await measured(['batch', source, '--out', join(folder, name), '--key-file', key, '--name', name, '--quiet'], env)
      times.push((performance.now() - began) / 1000)
      finish()
      const parts = await Promise.all(run)
      const [all, queue] = [parts.reduce((s, p) => s + p.cpu, 0), parts.reduce((s, p) => s + p.parent, 0)]
      say(`PostgreSQL, ${workers} worker${workers > 1 ? 's' : ''} of one reviewer: ${(count / times[workers - 1]).toFixed(1)} claims/s; workers' CPU ${((1000 * all) / count).toFixed(1)} ms a claim, of which queue ${((1000 * queue) / count).toFixed(2)} ms`)
    }
    say(`two workers against one: ${(times[0] / times[1]).toFixed(2)} ×`)
  }
  say(`load of the machine after: ${loadavg().map((l) => l.toFixed(1)).join(' ')}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
