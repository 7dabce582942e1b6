// All records of a case as one PDF: an index in front, the evidence highlighted on the words. May not: change what a page shows; leave a record out without saying so.
import sharp from 'sharp'
import type { Document } from '../document/document.ts'
import { innerFile } from '../document/inner-file.ts'
import { openPdf, type Engine } from '../document/pdf-engine.ts'
import { imagePoints } from '../document/read-image.ts'
import { sniff } from '../document/sniff.ts'
import type { ReviewJson } from '../report/contract.ts'
import { evidenceIndex, type IndexedLine, type PlacedDecision, type Quoted } from '../report/evidence-index.ts'
import { plural } from '../report/plain.ts'
import type { Tone } from '../report/words.ts'
import { addPicture, bookmarks, describe, highlight, link, newPdf, pageCount, saved, takePage, type Area, type Colour, type Highlight, type NewPdf } from './pdf-write.ts'
import { ACCENT, INK, openSheet, QUIET, RED, RULE, type Sheet } from './sheet.ts'
import { textPages } from './text-pages.ts'

export interface MarkedInput {
  readonly report: ReviewJson
  readonly decisions?: readonly PlacedDecision[]
  /** The records as they were sent; `file` as the report cites them, or what a cited name begins with before `/`. */
  readonly records: readonly { readonly file: string; readonly bytes: Uint8Array }[]
  /** What was read in records without pages of their own, by cited name. */
  readonly documents: ReadonlyMap<string, Document>
  readonly passwords?: readonly string[]
  /** Cited names not to be opened, because they stopped the engine before. */
  readonly avoid?: ReadonlySet<string>
  /** Told before each record is opened. */
  readonly onFile?: (file: string) => void
}

export interface MarkedPdf {
  readonly bytes: Uint8Array
  readonly pages: number
  readonly highlights: number
  /** Records of which no page is in it, a sentence each. */
  readonly problems: readonly string[]
}

const FOR: Colour = [120, 214, 120]
const AGAINST: Colour = [255, 138, 120]
/** The same words speak for one requirement and against another. */
const BOTH: Colour = [255, 205, 90]
const TONES: Readonly<Record<Tone, string>> = { good: '#1b7f3b', warn: '#9a6700', bad: RED, ask: '#6b3fa0', quiet: QUIET }

type ReportDocument = ReviewJson['documents'][number]
/** Page (1-based) of a cited file → page (0-based) among the records' pages. */
type PageOf = (file: string, page: number) => number | null

export async function markedPdf(engine: Engine, input: MarkedInput): Promise<MarkedPdf> {
  const { report } = input
  const index = evidenceIndex(report, input.decisions)
  const pdf = newPdf(engine)
  const pages = new Map<string, number>()
  const found = new Map<number, Highlight[]>()
  const problems: string[] = []
  const begins: { title: string; page: number }[] = []
  const cited = index.flatMap((l) => l.items.flatMap((item) => item.evidence.map((e) => ({ e, note: noteOf(l, item) }))))

  for (const document of report.documents) {
    input.onFile?.(document.file)
    const own = cited.filter(({ e }) => e.file === document.file)
    const at = pageCount(pdf)
    begins.push({ title: document.file, page: at })
    const why = input.avoid?.has(document.file) === true ? 'it stopped the program that opens it' : await addDocument(pdf, document, input, own, pages, found, problems)
    if (why === null) continue
    const sentence = `${document.file} is not in this copy: ${why}.`
    problems.push(sentence)
    // Nothing half added stays.
    while (pageCount(pdf) > at) removeLast(pdf)
    for (const [key, page] of pages) if (page >= at) pages.delete(key)
    for (const key of [...found.keys()]) if (key >= at) found.delete(key)
    await append(pdf, await notice(document, sentence, own))
    document.pages.forEach((p) => pages.set(`${p.page} ${document.file}`, at))
  }

  let highlights = 0
  for (const [page, all] of found) {
    const merged = merge(all)
    highlights += merged.length
    highlight(pdf, page, merged)
  }
  const pageOf: PageOf = (file, page) => pages.get(`${page} ${file}`) ?? null
  const front = await indexPages(report, index, begins, pageOf, pageCount(pdf), problems)
  const opened = openPdf(engine, front.bytes)
  if ('fault' in opened) throw new Error('the index cannot be opened')
  for (let i = 0; i < opened.pages; i++) takePage(pdf, opened, i, i)
  opened.close()
  for (const l of front.links) link(pdf, l.page, l.area, l.target + front.pages)
  bookmarks(pdf, [{ title: 'Index of evidence', page: 0 }, ...begins.map((b) => ({ title: b.title, page: b.page + front.pages }))])
  describe(pdf, { Title: `Marked records, claim ${report.claim.claimId}`, Author: 'Vouch', Subject: `Review by Vouch ${report.made.engine}` })
  const bytes = saved(pdf)
  const count = pageCount(pdf)
  pdf.close()
  return { bytes, pages: count, highlights, problems }
}

const noteOf = (line: IndexedLine, item: IndexedLine['items'][number]): string => `${line.line === 0 ? 'Claim' : `Line ${line.line}`} · ${item.id} · ${item.status}${item.decided ? ' (reviewer)' : ''}\n${item.title.slice(0, 160)}`

interface Cited { readonly e: Quoted; readonly note: string }

/** Why it could not be added, or null. */
async function addDocument(pdf: NewPdf, document: ReportDocument, input: MarkedInput, cited: readonly Cited[], pages: Map<string, number>, found: Map<number, Highlight[]>, problems: string[]): Promise<string | null> {
  const first = pageCount(pdf)
  const mark = (page: number, areas: readonly Area[], { e, note }: Cited): void => {
    if (areas.length === 0) return
    found.set(page, [...(found.get(page) ?? []), { areas, colour: e.stance === 'against' ? AGAINST : FOR, note, author: e.byPerson ? 'Reviewer' : 'Vouch' }])
  }
  if (document.kind !== 'pdf' && document.kind !== 'image') {
    const read = input.documents.get(document.file)
    if (read === undefined || read.text.trim() === '') return 'it holds no text that could be read'
    const made = await textPages(read, cited.map(({ e }) => e))
    await append(pdf, made.bytes)
    for (const p of document.pages) pages.set(`${p.page} ${document.file}`, first + (made.begins.get(p.page) ?? 0))
    made.places.forEach((places, i) => {
      for (const page of new Set(places.map((p) => p.page))) mark(first + page, places.filter((p) => p.page === page).map((p) => p.area), cited[i] as Cited)
    })
    return null
  }
  const bytes = await bytesOf(pdf.engine, document.file, input)
  if (bytes === null) return 'the file it was sent in is not at hand'
  const lost = document.kind === 'pdf' ? await addPdf(pdf, bytes, document, input.passwords ?? []) : await addPictures(pdf, bytes, document)
  if (typeof lost === 'string') return lost
  if (lost.size === document.pages.length) return 'none of its pages can be taken over'
  for (const page of lost) problems.push(lostPage(document, page))
  document.pages.forEach((p, i) => pages.set(`${p.page} ${document.file}`, first + i))
  for (const c of cited) {
    for (const n of new Set(c.e.boxes.map((b) => b.page))) {
      if (lost.has(n)) continue
      const page = pages.get(`${n} ${document.file}`)
      if (page !== undefined) mark(page, c.e.boxes.filter((b) => b.page === n), c)
    }
  }
  return null
}

async function bytesOf(engine: Engine, file: string, input: MarkedInput): Promise<Uint8Array | null> {
  const outer = input.records.find((r) => r.file === file) ?? [...input.records].filter((r) => file.startsWith(`${r.file}/`)).sort((a, b) => b.file.length - a.file.length)[0]
  if (outer === undefined) return null
  return innerFile(engine, outer.bytes, file === outer.file ? '' : file.slice(outer.file.length + 1), input.passwords)
}

const lostPage = (document: ReportDocument, page: number): string => `Page ${page} of ${document.file} is not in this copy: it is damaged and cannot be taken over.`

/** Why nothing of it could be added, or the pages in whose place a notice stands. */
async function addPdf(pdf: NewPdf, bytes: Uint8Array, document: ReportDocument, passwords: readonly string[]): Promise<string | ReadonlySet<number>> {
  const from = openPdf(pdf.engine, bytes, passwords)
  if ('fault' in from) return from.fault === 'encrypted' ? 'it is locked by a password' : 'it is damaged and cannot be opened'
  const lost = new Set<number>()
  try {
    for (const { page } of document.pages) {
      if (takePage(pdf, from, page - 1, pageCount(pdf))) continue
      lost.add(page)
      await append(pdf, await notice(document, lostPage(document, page), []))
    }
    return lost
  } finally {
    from.close()
  }
}

async function addPictures(pdf: NewPdf, bytes: Uint8Array, document: ReportDocument): Promise<ReadonlySet<number>> {
  const lost = new Set<number>()
  for (const { page } of document.pages) {
    if (await addPagePicture(pdf, bytes, page - 1).catch(() => false)) continue
    lost.add(page)
    await append(pdf, await notice(document, lostPage(document, page), []))
  }
  return lost
}

async function addPagePicture(pdf: NewPdf, bytes: Uint8Array, index: number): Promise<boolean> {
  const size = await imagePoints(bytes, index)
  const about = await sharp(bytes, { limitInputPixels: 1e8, failOn: 'none' }).metadata()
  const plain = sniff(bytes) === 'jpeg' && !size.turned && (about.channels === 1 || about.channels === 3) && about.space !== 'cmyk'
  if (plain && addPicture(pdf, pageCount(pdf), size, { jpeg: bytes })) return true
  const upright = sharp(bytes, { page: index, limitInputPixels: 1e8, failOn: 'none' }).autoOrient().flatten({ background: '#ffffff' })
  const gray = about.channels === 1 || about.space === 'b-w'
  const { data, info } = await (gray ? upright.toColourspace('b-w') : upright.toColourspace('srgb')).raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 1 && info.channels !== 3) return false
  return addPicture(pdf, pageCount(pdf), size, { width: info.width, height: info.height, channels: info.channels, data })
}

async function append(pdf: NewPdf, bytes: Uint8Array): Promise<void> {
  const from = openPdf(pdf.engine, bytes)
  if ('fault' in from) throw new Error('a page of its own cannot be opened')
  for (let i = 0; i < from.pages; i++) takePage(pdf, from, i, pageCount(pdf))
  from.close()
}

function removeLast(pdf: NewPdf): void {
  pdf.engine.raw['FPDFPage_Delete']?.(pdf.handle, pageCount(pdf) - 1)
}

/** In place of a record that cannot be shown: why, and what was quoted from it. */
async function notice(document: ReportDocument, sentence: string, cited: readonly Cited[]): Promise<Uint8Array> {
  const sheet = openSheet({ title: document.file, author: '' })
  let y = 72
  const say = (text: string, size: number, colour: string, after: number): void => {
    for (const line of sheet.lines(text, 612 - 108, { size })) {
      if (y > 730) return
      sheet.put(line, 54, y, { size, colour })
      y += size * 1.35
    }
    y += after
  }
  say(sentence, 12, RED, 14)
  for (const { e } of cited.slice(0, 40)) say(`Page ${e.page}: “${e.quote}”`, 9.5, INK, 5)
  return sheet.bytes()
}

/** The same words marked for several requirements are one highlight with all their notes. */
function merge(all: readonly Highlight[]): Highlight[] {
  const out = new Map<string, Highlight>()
  for (const h of all) {
    const key = JSON.stringify([h.areas, h.author])
    const known = out.get(key)
    if (known === undefined) out.set(key, h)
    else out.set(key, { ...known, colour: known.colour === h.colour ? known.colour : BOTH, note: known.note.split('\n\n').includes(h.note) ? known.note : `${known.note}\n\n${h.note}` })
  }
  return [...out.values()]
}

interface Link { readonly page: number; readonly area: Area; readonly target: number }

/** The index is written until its own length no longer changes the page numbers in it. */
async function indexPages(report: ReviewJson, index: readonly IndexedLine[], begins: readonly { readonly title: string; readonly page: number }[], pageOf: PageOf, count: number, problems: readonly string[]): Promise<{ bytes: Uint8Array; pages: number; links: Link[] }> {
  let pages = 1
  for (;;) {
    const made = writeIndex(report, index, begins, pageOf, count, problems, pages)
    if (made.pages === pages) return { bytes: await made.sheet.bytes(), pages, links: made.links }
    pages = made.pages
  }
}

const LEFT = 54
const STEP = 12.6

function writeIndex(report: ReviewJson, index: readonly IndexedLine[], begins: readonly { readonly title: string; readonly page: number }[], pageOf: PageOf, count: number, problems: readonly string[], ahead: number): { sheet: Sheet; pages: number; links: Link[] } {
  const sheet = openSheet({ title: `Index of evidence, claim ${report.claim.claimId}`, author: 'Vouch' })
  const { pen } = sheet
  const links: Link[] = []
  const right = sheet.width - LEFT
  let page = 0
  let y = 54
  const need = (height: number): void => {
    if (y + height <= sheet.height - 54) return
    sheet.addPage()
    page++
    y = 54
  }
  const say = (text: string, size: number, colour: string, bold = false, x = LEFT, width = right - LEFT): void => {
    const style = { size, colour, face: bold ? 'bold' as const : 'plain' as const }
    for (const line of sheet.lines(text, width, style)) {
      need(size * 1.35)
      sheet.put(line, x, y, style)
      y += size * 1.35
    }
  }
  const chip = (x: number, colour: Colour, words: string): number => {
    const width = sheet.widthOf(words, { size: 9 }) + 10
    pen.rect(x, y - 2, width, 14).fillColor(`#${colour.map((c) => Math.round(255 - (255 - c) / 2).toString(16).padStart(2, '0')).join('')}`).fill()
    sheet.put(words, x + 5, y, { size: 9 })
    return x + width + 8
  }
  const go = (words: string, x: number, target: number, size: number): number => {
    const width = sheet.widthOf(words, { size })
    sheet.put(words, x, y, { size, colour: ACCENT })
    pen.moveTo(x, y + size + 0.9).lineTo(x + width, y + size + 0.9).lineWidth(0.4).strokeColor(ACCENT).stroke()
    links.push({ page, area: { left: x, top: y - 1, right: x + width, bottom: y + size + 2 }, target })
    return x + width
  }

  say('Index of evidence', 17, ACCENT, true)
  y += 2
  say([`Claim ${report.claim.claimId}`, report.claim.patient.name, report.claim.provider.name].filter((t) => t !== null && t !== '').join('  ·  '), 10, INK)
  say(`${plural(count, 'page')} of ${plural(report.documents.length, 'record')}. Vouch ${report.made.engine}, policy text of ${report.made.policyVersions.join(', ')}.`, 9, QUIET)
  y += 8
  chip(chip(chip(LEFT, FOR, 'speaks for it'), AGAINST, 'speaks against it'), BOTH, 'for one requirement, against another')
  y += 20
  say('Each highlight carries the requirement it serves as its note. Page numbers are those of this file.', 9, QUIET)
  for (const problem of problems) say(problem, 9, RED)

  for (const line of index) {
    y += 10
    need(46)
    say(`${line.title}${line.determination === '' ? '' : `: ${line.determination}`}`, 11, TONES[line.tone], true)
    pen.moveTo(LEFT, y + 1).lineTo(right, y + 1).lineWidth(0.5).strokeColor(RULE).stroke()
    y += 6
    for (const item of line.items) {
      const lines = sheet.lines(item.title, 250, { size: 9 })
      need(Math.min(6, lines.length) * STEP + 4)
      const top = y
      sheet.put(`${item.status}${item.decided ? '*' : ''}`, LEFT, y, { size: 8.5, colour: TONES[item.tone], face: 'bold' })
      const from = page
      for (const l of lines) {
        need(STEP)
        sheet.put(l, LEFT + 76, y, { size: 9 })
        y += STEP
      }
      const after = { page, y }
      if (page === from) y = top
      let x = LEFT + 340
      const places = [...new Map(item.evidence.map((e) => [`${e.file} ${e.page}`, e])).values()]
      if (places.length === 0) sheet.put('nothing cited', x, y, { size: 8.5, colour: QUIET })
      for (const [i, e] of places.entries()) {
        const target = pageOf(e.file, e.page)
        const words = target === null ? `p. ${e.page}` : `p. ${target + ahead + 1}`
        const name = `${shortName(e.file)} `
        const width = sheet.widthOf(name, { size: 8.5 }) + sheet.widthOf(words, { size: 8.5 }) + 8
        if (i > 0 && x + width > right) {
          x = LEFT + 340
          y += STEP
          need(STEP)
        }
        sheet.put(name, x, y, { size: 8.5, colour: QUIET })
        x += sheet.widthOf(name, { size: 8.5 })
        if (target === null) sheet.put(words, x, y, { size: 8.5 })
        else go(words, x, target, 8.5)
        x += sheet.widthOf(words, { size: 8.5 }) + 8
      }
      y += STEP
      if (page === after.page) y = Math.max(y, after.y)
      y += 3
    }
    if (line.items.some((i) => i.decided)) say('* as a reviewer decided', 8, QUIET)
  }

  y += 12
  need(50)
  say('Records', 11, ACCENT, true)
  pen.moveTo(LEFT, y + 1).lineTo(right, y + 1).lineWidth(0.5).strokeColor(RULE).stroke()
  y += 6
  for (const [i, document] of report.documents.entries()) {
    need(STEP)
    const begin = begins[i]?.page ?? 0
    const x = go(`p. ${begin + ahead + 1}`, LEFT, begin, 9)
    sheet.put(`${document.file.slice(-80)}`, Math.max(x + 10, LEFT + 46), y, { size: 9 })
    const words = plural(document.pages.length, 'page')
    sheet.put(words, right - sheet.widthOf(words, { size: 9 }), y, { size: 9, colour: QUIET })
    y += STEP + 1
  }
  sheet.onEachPage((number, of) => {
    const words = `Index, page ${number} of ${of}`
    sheet.put(words, right - sheet.widthOf(words, { size: 8 }), sheet.height - 36, { size: 8, colour: QUIET })
  })
  return { sheet, pages: page + 1, links }
}

/** The end of a long name tells files apart. */
const shortName = (file: string): string => {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return name.length <= 30 ? name : `${name.slice(0, 12)}…${name.slice(-16)}`
}
