// Measures reading of scans: word error rate, seconds a page, memory. May not: stand for real patients; need anything but a build.
// Usage: node bench/ocr.mjs [--pages 6] [--write docs/bench.md]   (tesseract on the path is compared where it is installed)
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { makeChart } from './make-chart.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const DOCUMENT = join(ROOT, 'dist', 'document')
if (!existsSync(DOCUMENT)) throw new Error('dist/ is missing: run npm run build first')
const { readRecords } = await import(join(DOCUMENT, 'read-records.js'))
const { openPdf, renderPage, startEngine } = await import(join(DOCUMENT, 'pdf-engine.js'))
const { findNativeOcr } = await import(join(DOCUMENT, 'ocr-native.js'))
const option = (name, otherwise) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise)
const COUNT = Number(option('pages', 6))
const BARS = { clean: 2, fax: 6, times: 1.5 }

function random(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Grain and a soft edge, as a flatbed scanner gives. */
async function scanned({ width, height, gray }, lean) {
  const next = random(7)
  const pixels = gray.map((value) => Math.max(0, Math.min(255, 0.9 * value + 18 + 22 * (next() + next() - 1))))
  return sharp(pixels, { raw: { width, height, channels: 1 } }).blur(0.5).rotate(lean, { background: '#f0f0f0' }).toColourspace('b-w').jpeg({ quality: 75 }).withMetadata({ density: 200 }).toBuffer()
}

/** A fax: black and white, `lines` an inch down, specks, a slight lean; Group 4. */
async function faxed({ width, height, gray }, lines) {
  const next = random(11)
  const inches = { width: width / 200, height: height / 200 }
  const { data, info } = await sharp(gray, { raw: { width, height, channels: 1 } }).rotate(0.3, { background: '#ffffff' }).resize(Math.round(204 * inches.width), Math.round(lines * inches.height), { fit: 'fill' }).threshold(150).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  for (let at = 0; at < data.length; at++) if (next() < 0.0015) data[at] = next() < 0.6 ? 0 : 255
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } }).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: lines / 25.4, resolutionUnit: 'inch' }).toBuffer()
}

const folded = (text) => text.normalize('NFKC').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[–—−]/g, '-').replace(/[☐□]/g, '[ ]').replace(/[☒☑]/g, '[x]').replace(/μ/g, 'µ').replace(/\[ \]/g, '[]').replace(/(\d) - (?=\d)/g, '$1-').split(/\s+/).filter((word) => word !== '')

/** Words wrong, missing or too many. */
function errors(truth, read) {
  const a = folded(truth)
  const b = folded(read)
  let row = Uint32Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = new Uint32Array(b.length + 1)
    next[0] = i
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return { wrong: row[b.length], words: a.length }
}

/** Numbers of the truth that were read somewhere on the page. */
function numbers(truth, read) {
  const have = folded(read).flatMap((word) => word.match(/\d[\d.,/:]*\d|\d/g) ?? [])
  const left = new Map()
  for (const each of have) left.set(each, (left.get(each) ?? 0) + 1)
  const wanted = folded(truth).flatMap((word) => word.match(/\d[\d.,/:]*\d|\d/g) ?? [])
  let found = 0
  for (const each of wanted) if ((left.get(each) ?? 0) > 0) { left.set(each, left.get(each) - 1); found++ }
  return { found, wanted: wanted.length }
}

/** Largest sum of memory of this process's children, in MB; 0 where the system does not tell. */
function watchChildren() {
  let most = 0
  const look = () => {
    let sum = 0
    try {
      const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
        try {
          const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
          return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]]
        } catch { return [] }
      }))
      const isOurs = (pid) => { for (let at = parents.get(pid); at > 1; at = parents.get(at)) if (at === process.pid) return true; return false }
      for (const pid of parents.keys()) if (isOurs(pid)) try { sum += (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 1e6 } catch { /* it has just ended */ }
    } catch { return }
    most = Math.max(most, sum)
  }
  const timer = setInterval(look, 100)
  return () => { clearInterval(timer); return most }
}

const folder = mkdtempSync(join(tmpdir(), 'vouch-ocr-'))
const chart = await makeChart(COUNT, folder)
const engine = await startEngine()
const pdf = openPdf(engine, new Uint8Array(readFileSync(chart)))
const { documents: [native] } = await readRecords([chart], { ocr: false })
const truth = native.pages.map((page) => native.text.slice(page.start, page.end))
const kinds = [
  ['clean scan, 200 dpi', 'jpg', BARS.clean, (page) => scanned(page, 0)], ['scan leaning 0.7°, 200 dpi', 'jpg', BARS.clean, (page) => scanned(page, 0.7)],
  ['fax, fine (204 × 196)', 'tiff', BARS.fax, (page) => faxed(page, 196)], ['fax, standard (204 × 98)', 'tiff', BARS.fax, (page) => faxed(page, 98)],
]
const installed = findNativeOcr()
// The model that comes along, where the installed one can read it.
const model = join(folder, 'tessdata')
mkdirSync(model)
writeFileSync(join(model, 'eng.traineddata'), gunzipSync(readFileSync(join(dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int', 'eng.traineddata.gz'))))
const lines = []
const say = (line) => { lines.push(line); console.log(line) }
say('## Scans')
say('')
say(`Written by \`node bench/ocr.mjs --write docs/bench.md\`: ${COUNT} pages of the chart above (notes, ruled tables, lists), drawn, made to look like scans and faxes, and read as image files, one process. A word is wrong where it is not exactly the printed one (spaces around the dash of a range do not count); numbers are those of the page found again.`)
say(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? ''}, ${cpus().length} processors, load at the start ${loadavg()[0].toFixed(1)}, Node ${process.versions.node}; tesseract.js 7.0.0 (best_int)${installed === null ? '' : `, installed tesseract ${installed.version} (Debian, tessdata_fast)`}.`)
say('')
say('| pages as | reader | words wrong | bar | numbers found | wall s a page | CPU s a page of all processes | MB of the reader |')
say('|---|---|---|---|---|---|---|---|')
/** User and system seconds of this process and its ended children. */
const used = () => { const { user, system } = process.cpuUsage(); const stat = readFileSync('/proc/self/stat', 'latin1'); const f = stat.slice(stat.lastIndexOf(')') + 2).split(' '); return (user + system) / 1e6 + (Number(f[13]) + Number(f[14])) / 100 }
let own = 0
const cost = { own: 0, alone: 0 }
for (const [name, ending, bar, make] of kinds) {
  const files = []
  for (let index = 0; index < COUNT; index++) {
    const page = renderPage(pdf, index, 200)
    const file = join(folder, `${ending}-${name.replace(/\W+/g, '-')}-${index}.${ending}`)
    writeFileSync(file, await make(page))
    files.push(file)
  }
  for (const reader of ['builtin', ...(installed === null ? [] : ['auto', 'tesseract alone', 'same model alone'])]) {
    const stop = watchChildren()
    const from = performance.now()
    const cpu = used()
    let texts
    if (reader.endsWith('alone')) {
      texts = files.map((file) => spawnSync(installed.path, [file, 'stdout', ...(reader === 'same model alone' ? ['--tessdata-dir', model] : []), '-l', 'eng', '--psm', '3'], { encoding: 'utf8', env: { ...process.env, OMP_THREAD_LIMIT: '1' } }).stdout)
    } else {
      const { documents } = await readRecords(files, { processes: 1, ocrEngine: reader })
      texts = files.map((file) => documents.find((document) => file.endsWith(document.file))?.text ?? '')
    }
    const wall = (performance.now() - from) / 1000
    // Children count when they have ended.
    if (!reader.endsWith('alone')) await new Promise((done) => setTimeout(done, 4000))
    const seconds = used() - cpu
    const all = texts.map((text, index) => errors(truth[index], text))
    const share = (100 * all.reduce((sum, each) => sum + each.wrong, 0)) / all.reduce((sum, each) => sum + each.words, 0)
    const digits = texts.map((text, index) => numbers(truth[index], text))
    const kept = (100 * digits.reduce((sum, each) => sum + each.found, 0)) / digits.reduce((sum, each) => sum + each.wanted, 0)
    const words = reader === 'builtin' ? 'vouch' : reader === 'auto' ? 'vouch with the installed tesseract' : reader === 'same model alone' ? 'installed tesseract alone, with vouch’s model' : 'installed tesseract alone'
    if (reader === 'builtin') own = seconds
    if (reader === 'same model alone') { cost.own += own; cost.alone += seconds }
    say(`| ${name} | ${words} | ${share.toFixed(1)} % | ${reader.endsWith('alone') ? '' : `${bar} %: ${share <= bar ? 'yes' : 'NO'}`} | ${kept.toFixed(1)} % | ${(wall / COUNT).toFixed(2)} | ${(seconds / COUNT).toFixed(2)} | ${stop().toFixed(0)} |`)
  }
}
if (cost.alone > 0) say(`\nOver all of them vouch takes ${(cost.own / cost.alone).toFixed(2)} times the CPU of the installed tesseract with the same model on the same images (at most ${BARS.times}: ${cost.own <= BARS.times * cost.alone ? 'yes' : 'NO'}); starting its engine, ${COUNT} pages a start, is in it.`)
pdf.close()
rmSync(folder, { recursive: true, force: true })
const target = option('write', null)
if (target !== null) {
  const path = join(ROOT, target)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Speed and memory\n'
  const from = before.indexOf('\n## Scans')
  const next = from < 0 ? -1 : before.indexOf('\n## ', from + 1)
  writeFileSync(path, from < 0 ? `${before.trimEnd()}\n\n${lines.join('\n')}\n` : `${before.slice(0, from).trimEnd()}\n\n${lines.join('\n')}\n${next < 0 ? '' : `\n${before.slice(next + 1)}`}`)
}
process.exit(0)
