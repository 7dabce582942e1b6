// Measures whether a record says the same when it was printed and scanned: determinations, places of the evidence, words. May not: read anything but the labelled cases named; need more than a build.
// Usage: node bench/scanned.mjs [--claims 15 | --only name,name] [--kinds scan,fine,fax] [--cache folder] [--verbose] [--write docs/bench.md]
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import { faxed, leaned, scanned } from './scans.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const DIST = join(ROOT, 'dist')
if (!existsSync(DIST)) throw new Error('dist/ is missing: run npm run build first')
const { readRecords } = await import(join(DIST, 'document', 'read-records.js'))
const { openPdf, renderPage, startEngine } = await import(join(DIST, 'document', 'pdf-engine.js'))
const { reviewClaim } = await import(join(DIST, 'review-claim.js'))
const { readClaim } = await import(join(DIST, 'cli', 'read-claim.js'))
const { loadKnowledge, dictionariesFolder } = await import(join(DIST, 'load', 'load-knowledge.js'))
const option = (name, otherwise) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise)
const verbose = process.argv.includes('--verbose')
const cache = option('cache', null)
const DPI = 200
const KINDS = {
  scan: { name: 'scan, 200 dpi, leaning up to 0.5°', words: 2, make: (page, lean, seed) => scanned(page, lean, seed), lean: (page) => [0, 0.4, -0.5, 0.2][page % 4] },
  fine: { name: 'fax, fine (204 × 196)', words: 6, make: (page, lean, seed) => faxed(page, lean, 196, DPI, seed), lean: (page) => [0, 0.3, -0.3][page % 3] },
  fax: { name: 'fax, standard (204 × 98)', words: 6, make: (page, lean, seed) => faxed(page, lean, 98, DPI, seed), lean: (page) => [0, 0.3, -0.3][page % 3] },
}
const BARS = { agree: 95, boxes: 99, overlap: 0.6 }

const all = ['cases', 'strangers'].flatMap((group) => readdirSync(join(ROOT, 'corpus', group)).sort().map((name) => `${group}/${name}`))
const only = option('only', null)?.split(',')
const step = all.length / Number(option('claims', 15))
const chosen = only === undefined ? all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)) : all.filter((each) => only.some((part) => each.includes(part)))

const knowledge = loadKnowledge(dictionariesFolder(), 'bench')
const engine = await startEngine()
const folder = mkdtempSync(join(tmpdir(), 'vouch-scanned-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A record without pages of its own, set on paper: lines as they are, rows of tables in ruled columns. */
async function onPaper(document, path) {
  const paper = new PDFDocument({ size: 'letter', margin: 54, info: { CreationDate: new Date(0) } })
  const out = paper.pipe(createWriteStream(path))
  const fixed = document.kind === 'text'
  const width = 504
  const rowAt = (start) => document.regions.find((region) => region.kind === 'table-row' && region.start <= start && start < region.end)
  paper.font(fixed ? 'Courier' : 'Times-Roman').fontSize(fixed ? 9 : 10.5)
  const plain = (text) => text.replace(/[☒☑]/g, '[x]').replace(/☐/g, '[ ]').replace(/[–—−]/g, '-').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/₂/g, '2').replace(/≥/g, '>=').replace(/≤/g, '<=').replace(/[^\n\x20-\xff•]/g, '')
  document.pages.forEach((page, index) => {
    if (index > 0) paper.addPage()
    let at = page.start
    for (const line of document.text.slice(page.start, page.end).replace(/\f/g, '').split('\n')) {
      const heading = document.regions.some((region) => region.kind === 'heading' && region.start <= at && at < region.end)
      if (!fixed) paper.font(heading ? 'Times-Bold' : 'Times-Roman')
      const cells = line.split('\t')
      if (rowAt(at) !== undefined && cells.length > 1) {
        const each = width / cells.length
        const tall = Math.max(...cells.map((cell) => paper.heightOfString(plain(cell) || ' ', { width: each - 8 }))) + 6
        if (paper.y + tall > 738) paper.addPage()
        const top = paper.y
        cells.forEach((cell, column) => {
          paper.rect(54 + column * each, top, each, tall).lineWidth(0.6).stroke()
          paper.text(plain(cell), 58 + column * each, top + 4, { width: each - 8 })
        })
        paper.x = 54
        paper.y = top + tall
      } else if (line.trim() === '') paper.moveDown(0.6)
      else paper.text(plain(line.replaceAll('\t', '    ')), 54, paper.y, { width })
      at += line.length + 1
    }
  })
  paper.end()
  await once(out, 'finish')
}

/** A PDF of the pictures of another's pages. */
async function asScan(bytes, kind, path) {
  const opened = openPdf(engine, bytes)
  if ('fault' in opened) throw new Error(opened.fault)
  const paper = new PDFDocument({ autoFirstPage: false, info: { CreationDate: new Date(0) } })
  const out = paper.pipe(createWriteStream(path))
  const leans = []
  for (let index = 0; index < opened.pages; index++) {
    const page = renderPage(opened, index, DPI)
    const size = [(72 * page.width) / DPI, (72 * page.height) / DPI]
    leans.push(kind.lean(index))
    paper.addPage({ size, margin: 0 }).image(await kind.make(page, kind.lean(index), 7 + index), 0, 0, { width: size[0], height: size[1] })
  }
  opened.close()
  paper.end()
  await once(out, 'finish')
  return leans
}

const folded = (text) => text.normalize('NFKC').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[–—−]/g, '-').replace(/[☐□]/g, '[]').replace(/[☒☑]/g, '[x]').replace(/\[\s\]/g, '[]').replace(/μ/g, 'µ')
const isWord = (text) => /[\p{L}\p{N}]/u.test(text)

/** Words of a page with their boxes; lines of dashes and the like are none. */
function wordsOf(document, page) {
  const words = []
  for (let at = 0; at < document.words.start.length; at++) {
    const start = document.words.start[at]
    if (start < page.start || start >= page.end) continue
    const text = folded(document.text.slice(start, document.words.end[at])).trim()
    if (isWord(text)) words.push({ text, start, end: document.words.end[at], box: [...document.words.box.subarray(4 * at, 4 * at + 4)] })
  }
  return words
}

/** Words wrong, missing or too many, and which word of `b` stands for which of `a` (by index; -1 for none). */
function aligned(a, b) {
  const width = b.length + 1
  const cost = new Uint16Array((a.length + 1) * width)
  for (let j = 0; j < width; j++) cost[j] = j
  for (let i = 1; i <= a.length; i++) {
    cost[i * width] = i
    for (let j = 1; j < width; j++) cost[i * width + j] = Math.min(cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1, cost[(i - 1) * width + j - 1] + (a[i - 1].text === b[j - 1].text ? 0 : 1))
  }
  const to = new Int32Array(b.length).fill(-1)
  for (let i = a.length, j = b.length; i > 0 && j > 0;) {
    const here = cost[i * width + j]
    if (here === cost[(i - 1) * width + j - 1] + (a[i - 1].text === b[j - 1].text ? 0 : 1)) to[--j] = --i
    else if (here === cost[(i - 1) * width + j] + 1) i--
    else j--
  }
  return { wrong: cost[cost.length - 1], to }
}

/** Words of `b` not found in `a`, wherever they stand. */
function strays(a, b) {
  const left = new Map()
  for (const { text } of a) left.set(text, (left.get(text) ?? 0) + 1)
  return b.reduce((sum, { text }) => { const n = left.get(text) ?? 0; left.set(text, n - 1); return sum + (n > 0 ? 0 : 1) }, 0)
}

const union = (boxes) => boxes.reduce(([l, t, r, b], box) => [Math.min(l, box[0]), Math.min(t, box[1]), Math.max(r, box[2]), Math.max(b, box[3])], [Infinity, Infinity, -Infinity, -Infinity])
function overlap(a, b) {
  const w = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const h = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  if (w <= 0 || h <= 0) return 0
  return (w * h) / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)
}

/** Share of a word's box that lies within one of the evidence. */
const inside = ([left, top, right, bottom], box) => Math.max(0, Math.min(right, box.right) - Math.max(left, box.left)) * Math.max(0, Math.min(bottom, box.bottom) - Math.max(top, box.top)) / Math.max(1e-6, (right - left) * (bottom - top))
const evidenceOf = (review) => review.lines.flatMap((line) => [...line.findings, ...(line.rules ?? [])]).flatMap((each) => each.evidence ?? [])
const totals = {}
for (const id of Object.keys(KINDS)) totals[id] = { claims: 0, pages: 0, lines: 0, same: 0, asked: 0, other: [], boxes: 0, placed: 0, words: 0, wrong: 0, lost: 0, findings: 0, sameFindings: 0 }
const kinds = option('kinds', Object.keys(KINDS).join(',')).split(',')

for (const name of chosen) {
  const claim = await readClaim(join(ROOT, 'corpus', name, 'claim.json'))
  const { documents: originals } = await readRecords([join(ROOT, 'corpus', name, 'records')], { ocr: false })
  const paper = join(folder, 'paper')
  rmSync(paper, { recursive: true, force: true })
  mkdirSync(paper, { recursive: true })
  const names = []
  for (const [index, document] of originals.entries()) {
    const target = join(paper, `${String(index + 1).padStart(2, '0')}-${document.file.replace(/[^\w.]+/g, '-')}.pdf`)
    const source = join(ROOT, 'corpus', name, 'records', document.file)
    if (document.kind === 'pdf' && existsSync(source)) writeFileSync(target, readFileSync(source))
    else if (document.kind === 'pdf' || document.kind === 'image') continue
    else await onPaper(document, target)
    names.push(target)
  }
  const text = await readRecords([paper], { processes: 1, ...(cache === null ? {} : { cache }) })
  const truth = reviewClaim(claim, text, knowledge)
  for (const id of kinds) {
    const kind = KINDS[id]
    const sum = totals[id]
    const copies = join(folder, id)
    rmSync(copies, { recursive: true, force: true })
    mkdirSync(copies, { recursive: true })
    const leans = new Map()
    for (const path of names) leans.set(path.slice(paper.length + 1), await asScan(new Uint8Array(readFileSync(path)), kind, join(copies, path.slice(paper.length + 1))))
    const read = await readRecords([copies], { processes: 1, ...(cache === null ? {} : { cache }) })
    const review = reviewClaim(claim, read, knowledge)
    sum.claims++
    // Words, and which stand for which; pages that were scans already have no truth.
    const pairs = new Map()
    for (const document of read.documents) {
      const original = text.documents.find((each) => each.file === document.file)
      document.pages.forEach((page, index) => {
        const own = original?.pages[index]
        sum.pages++
        if (own === undefined || own.text !== 'native') return
        const a = wordsOf(original, own)
        const b = wordsOf(document, page)
        const { wrong, to } = aligned(a, b)
        sum.words += a.length
        sum.wrong += wrong
        const lost = strays(b, a)
        sum.lost += lost
        if (verbose && lost > 0.04 * a.length) console.log(`    ${id} ${name} ${document.file} page ${index + 1}: ${lost} of ${a.length} words not read (${wrong} in order)`)
        const lean = leans.get(document.file)[index]
        pairs.set(`${document.file} ${page.page}`, { a: a.map((word) => ({ ...word, box: leaned(word.box, lean, own) })), b, to })
      })
    }
    for (const evidence of evidenceOf(review)) {
      for (const box of evidence.boxes) {
        const pair = pairs.get(`${evidence.file} ${box.page}`)
        if (pair === undefined) continue
        const within = pair.b.flatMap((word, index) => (word.end > evidence.start && word.start < evidence.end && (word.box[1] + word.box[3]) / 2 > box.top - 1 && (word.box[1] + word.box[3]) / 2 < box.bottom + 1 && word.box[0] < box.right && word.box[2] > box.left ? [index] : []))
        const words = within.flatMap((index) => (pair.to[index] < 0 ? [] : [pair.a[pair.to[index]]]))
        if (words.length === 0) {
          // Where the order differs, the same word nearest to it.
          for (const index of within) {
            const same = pair.a.filter((word) => word.text === pair.b[index].text).sort((x, y) => Math.abs(x.box[1] - pair.b[index].box[1]) - Math.abs(y.box[1] - pair.b[index].box[1]))[0]
            if (same !== undefined) words.push(same)
          }
          if (words.length === 0) continue
        }
        // Misread or not, words that stand under the box are those it marks.
        for (const word of pair.a) if (!words.includes(word) && inside(word.box, box) > 0.6) words.push(word)
        sum.boxes++
        const share = overlap(union(words.map((word) => word.box)), [box.left, box.top, box.right, box.bottom])
        if (share >= BARS.overlap) sum.placed++
        else if (verbose) console.log(`    ${id} ${name} ${evidence.file} page ${box.page}: a box overlaps by ${share.toFixed(2)}: ${[box.left, box.top, box.right, box.bottom].map((x) => x.toFixed(0))} for ${union(words.map((w) => w.box)).map((x) => x.toFixed(0))} “${evidence.quote.slice(0, 80)}”`)
      }
    }
    for (const line of review.lines) {
      const own = truth.lines.find((each) => each.line.line === line.line.line) ?? truth.lines[review.lines.indexOf(line)]
      sum.lines++
      if (own.determination === line.determination) sum.same++
      else if (line.determination === 'needs-review') sum.asked++
      else sum.other.push(`${name} line ${line.line.line} ${line.line.code}: ${own.determination} → ${line.determination}`)
      for (const finding of line.findings) {
        const before = own.findings.find((each) => each.requirement === finding.requirement)
        if (before === undefined) continue
        sum.findings++
        if (before.status === finding.status) sum.sameFindings++
        else if (verbose) console.log(`    ${id} ${name} line ${line.line.line} ${line.line.code} ${own.determination}→${line.determination} ${finding.requirement}: ${before.status} ${before.reason} → ${finding.status} ${finding.reason}  [${before.evidence[0]?.file} p${before.evidence[0]?.page}] “${(before.evidence[0]?.quote ?? '').slice(0, 100)}” → “${(finding.evidence[0]?.quote ?? '').slice(0, 100)}”`)
      }
    }
    if (verbose) {
      const lineOf = (r) => r.lines.map((l) => l.determination).join(' ')
      console.log(`${id} ${name}: ${sum.same}/${sum.lines} lines, ${sum.placed}/${sum.boxes} boxes, words wrong ${((100 * sum.wrong) / sum.words).toFixed(1)} %, not read ${((100 * sum.lost) / sum.words).toFixed(1)} %${lineOf(truth) === lineOf(review) ? '' : '  DIFFERS'}`)
    }
  }
}

const per = (part, whole) => (whole === 0 ? 100 : (100 * part) / whole)
const yes = (good) => (good ? 'yes' : 'NO')
const rows = [
  '## The same records, scanned', '',
  `Written by \`node bench/scanned.mjs --write docs/bench.md\`: the records of ${chosen.length} labelled cases (every ${Math.round(step)}th of corpus/cases and corpus/strangers; Word and text files set on paper first), drawn at ${DPI} dpi, made to look like scans and like faxes, and reviewed again as PDFs of pictures.`,
  `Words wrong counts words wrong, missing, too many or in another order, those of pages that have a text layer; words lost are not on the page anywhere. A box is placed where it overlaps the words it stands for, and those printed under it, by ${BARS.overlap} (intersection over union). ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? ''}.`, '',
  '| pages as | claims | pages | lines alike | at least 95 % | otherwise to a person | another verdict | requirements alike | boxes placed | at least 99 % | words wrong | at most | words lost |', '|---|---|---|---|---|---|---|---|---|---|---|---|---|',
  ...kinds.map((id) => {
    const t = totals[id]
    return `| ${KINDS[id].name} | ${t.claims} | ${t.pages} | ${per(t.same, t.lines).toFixed(1)} % of ${t.lines} | ${yes(per(t.same, t.lines) >= BARS.agree)} | ${t.asked} | ${t.other.length} | ${per(t.sameFindings, t.findings).toFixed(1)} % of ${t.findings} | ${per(t.placed, t.boxes).toFixed(1)} % of ${t.boxes} | ${yes(per(t.placed, t.boxes) >= BARS.boxes)} | ${per(t.wrong, t.words).toFixed(1)} % | ${KINDS[id].words} %: ${yes(per(t.wrong, t.words) <= KINDS[id].words)} | ${per(t.lost, t.words).toFixed(1)} % |`
  }),
  ...kinds.flatMap((id) => totals[id].other.map((each) => `\nAnother verdict (${id}): ${each}.`)),
]
console.log(`\n${rows.join('\n')}`)
const target = option('write', null)
if (target !== null) {
  const path = join(ROOT, target)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Speed and memory\n'
  const from = before.indexOf('\n## The same records, scanned')
  const next = from < 0 ? -1 : before.indexOf('\n## ', from + 1)
  writeFileSync(path, from < 0 ? `${before.trimEnd()}\n\n${rows.join('\n')}\n` : `${before.slice(0, from).trimEnd()}\n\n${rows.join('\n')}\n${next < 0 ? '' : `\n${before.slice(next + 1)}`}`)
}
process.exit(0)
