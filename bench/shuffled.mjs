// Measures whether a packet says the same when its pages come in another order. May not: read anything but the labelled cases; need more than a build.
// Usage: node bench/shuffled.mjs [--only part-of-a-name] [--cache folder] [--verbose] [--write docs/bench.md]
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { degrees, PDFDocument } from '@cantoo/pdf-lib'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const DIST = join(ROOT, 'dist')
if (!existsSync(DIST)) throw new Error('dist/ is missing: run npm run build first')
const { readRecords } = await import(join(DIST, 'document', 'read-records.js'))
const { reviewClaim } = await import(join(DIST, 'review-claim.js'))
const { readClaim } = await import(join(DIST, 'cli', 'read-claim.js'))
const { loadKnowledge, dictionariesFolder } = await import(join(DIST, 'load', 'load-knowledge.js'))
const option = (name, otherwise) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise)
const cache = option('cache', null)
const only = option('only', '')
const verbose = process.argv.includes('--verbose')
const LEAST_PAGES = 3

/** The same order each time. */
function shuffled(pages) {
  const result = [...pages]
  let state = 7
  for (let at = result.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    [result[at], result[other]] = [result[other], result[at]]
  }
  return result
}

const ORDERS = {
  reversed: { name: 'last page first', order: (pages) => [...pages].reverse() },
  shuffled: { name: 'in no order', order: shuffled },
  duplicates: { name: 'every third page followed by a copy of another', order: (pages) => pages.flatMap((page, at) => (at % 3 === 1 ? [page, pages[(at * 5) % pages.length]] : [page])) },
  inverted: { name: 'every fourth page upside down', order: (pages) => pages, turn: (at) => (at % 4 === 1 ? 180 : 0) },
}

const knowledge = loadKnowledge(dictionariesFolder(), 'bench')
const folder = mkdtempSync(join(tmpdir(), 'vouch-shuffled-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const totals = Object.fromEntries(Object.keys(ORDERS).map((id) => [id, { claims: 0, lines: 0, same: 0, asked: 0, findings: 0, sameFindings: 0 }]))

for (const name of ['cases', 'strangers'].flatMap((group) => readdirSync(join(ROOT, 'corpus', group)).sort().map((each) => `${group}/${each}`))) {
  if (!name.includes(only)) continue
  const records = join(ROOT, 'corpus', name, 'records')
  const sources = []
  for (const file of readdirSync(records).filter((each) => each.endsWith('.pdf')).sort()) {
    const source = await PDFDocument.load(readFileSync(join(records, file))).catch(() => null)
    if (source !== null) sources.push(source)
  }
  const pages = sources.flatMap((source) => source.getPageIndices().map((index) => ({ source, index })))
  if (pages.length < LEAST_PAGES) continue
  const claim = await readClaim(join(ROOT, 'corpus', name, 'claim.json'))
  const reviewOf = async (order, turn = () => 0) => {
    const packet = await PDFDocument.create()
    for (const [at, { source, index }] of order.entries()) {
      const [page] = await packet.copyPages(source, [index])
      page.setRotation(degrees(page.getRotation().angle + turn(at)))
      packet.addPage(page)
    }
    writeFileSync(join(folder, 'packet.pdf'), await packet.save())
    return reviewClaim(claim, await readRecords([join(folder, 'packet.pdf')], { processes: 1, ...(cache === null ? {} : { cache }) }), knowledge)
  }
  const truth = await reviewOf(pages)
  for (const [id, { order, turn }] of Object.entries(ORDERS)) {
    const sum = totals[id]
    const review = await reviewOf(order(pages), turn)
    sum.claims++
    review.lines.forEach((line, at) => {
      const own = truth.lines[at]
      sum.lines++
      if (line.determination === own.determination) sum.same++
      else {
        if (line.determination === 'needs-review') sum.asked++
        if (verbose) console.log(`${id} ${name} line ${line.line.line} ${line.line.code}: ${own.determination} → ${line.determination}`)
      }
      for (const finding of line.findings) {
        const before = own.findings.find((each) => each.requirement === finding.requirement)
        if (before === undefined) continue
        sum.findings++
        if (before.status === finding.status) sum.sameFindings++
        else if (verbose) console.log(`    ${finding.requirement}: ${before.status} ${before.reason} → ${finding.status} ${finding.reason}`)
      }
    })
  }
}

const per = (part, whole) => (whole === 0 ? '100.0' : ((100 * part) / whole).toFixed(1))
const rows = [
  '## The same packets, their pages in another order', '',
  `Written by \`node bench/shuffled.mjs --write docs/bench.md\`: the PDFs of each labelled case of corpus/cases and corpus/strangers as one packet of ${LEAST_PAGES} pages or more, reviewed with its pages in order and otherwise. ${new Date().toISOString().slice(0, 10)}.`, '',
  '| pages | claims | lines alike | otherwise to a person | another verdict | requirements alike |', '|---|---|---|---|---|---|',
  ...Object.entries(ORDERS).map(([id, { name }]) => { const t = totals[id]; return `| ${name} | ${t.claims} | ${per(t.same, t.lines)} % of ${t.lines} | ${t.asked} | ${t.lines - t.same - t.asked} | ${per(t.sameFindings, t.findings)} % of ${t.findings} |` }),
  '', 'Notes are cut from a packet as its pages lie. A page that goes on with a note is counted to the note before it where something else was put between them, and what that page held (mostly a signature or the rest of a table) is then not found in its note.',
]
console.log(rows.join('\n'))
const target = option('write', null)
if (target !== null) {
  const path = join(ROOT, target)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '# Speed and memory\n'
  const from = before.indexOf(`\n${rows[0]}`)
  const next = from < 0 ? -1 : before.indexOf('\n## ', from + 1)
  writeFileSync(path, from < 0 ? `${before.trimEnd()}\n\n${rows.join('\n')}\n` : `${before.slice(0, from).trimEnd()}\n\n${rows.join('\n')}\n${next < 0 ? '' : `\n${before.slice(next + 1)}`}`)
}
process.exit(0)
