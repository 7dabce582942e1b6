// What reading a large 837 file costs in time and memory. May not: change what is measured; needs `npm run build` before it.
// Usage: node bench/claims.mjs [--claims 10000] [--form professional]
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { make837 } from './make-claims.mjs'

const CLI = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'cli', 'main.js')
const option = (name, otherwise) => {
  const i = process.argv.indexOf(`--${name}`)
  return i < 0 ? otherwise : process.argv[i + 1]
}
const claims = Number(option('claims', '10000'))
const form = option('form', 'professional')
const PEAK = /VmHWM:\s+(\d+) kB/

const folder = mkdtempSync(join(tmpdir(), 'vouch-bench-claims-'))
try {
  console.log('| claims | size | wall | claims/s | peak memory |\n|---|---|---|---|---|')
  for (const count of [Math.round(claims / 10), claims]) {
    const path = join(folder, `${count}.edi`)
    const file = openSync(path, 'w')
    for (const piece of make837({ claims: count, form })) writeSync(file, piece)
    closeSync(file)
    const began = performance.now()
    let peak = 0
    const child = spawn(process.execPath, [CLI, 'claims', 'read', path, '--format', 'json'], { stdio: ['ignore', 'ignore', 'inherit'] })
    const timer = setInterval(() => {
      try {
        peak = Math.max(peak, Number(PEAK.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1] ?? 0))
      } catch {
        // It has just ended.
      }
    }, 10)
    const code = await new Promise((done) => child.on('exit', done))
    clearInterval(timer)
    if (code !== 0) throw new Error(`exit code ${code}`)
    const seconds = (performance.now() - began) / 1000
    console.log(`| ${count} | ${(statSync(path).size / 1e6).toFixed(1)} MB | ${seconds.toFixed(2)} s | ${Math.round(count / seconds)} | ${Math.round(peak / 1024)} MB |`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
