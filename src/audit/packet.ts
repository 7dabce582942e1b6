// The response packet: only the pages that prove what is billed, numbered, with an index by requirement, as one PDF. May not: send a page that nothing cites; read or write a file.
import { degrees, PDFDocument, PDFName, PDFString, rgb, StandardFonts, type PDFFont, type PDFPage, type PDFRef } from '@cantoo/pdf-lib'
import type { Document } from '../document/document.ts'
import { innerFile } from '../document/inner-file.ts'
import { imagePagePng } from '../document/page-image.ts'
import { openPdf, type Engine } from '../document/pdf-engine.ts'
import { extractPages } from '../document/pdf-extract.ts'
import { sniff } from '../document/sniff.ts'
import type { EvidenceJson, LineJson, ReviewJson } from '../report/contract.ts'
import { citeOf } from '../report/messages.ts'
import { clean, joinAnd, upperFirst } from '../report/plain.ts'
import { codeOf } from '../report/words.ts'

export interface PacketPage {
  /** `VOUCH-000001` */
  readonly number: string
  readonly file: string
  /** 1-based within the file. */
  readonly page: number
}

export interface PacketEntry {
  readonly line: number
  readonly requirement: string
  readonly asks: string
  readonly cites: string
  readonly status: 'met' | 'partial'
  /** Numbers of the pages that prove it, the best first. */
  readonly numbers: readonly string[]
}

export interface PacketPlan {
  readonly pages: readonly PacketPage[]
  readonly entries: readonly PacketEntry[]
}

const proves = (e: EvidenceJson): boolean => e.stance === 'for'

/**
 * Pages in the order of the records. With a page that proves something comes the page of its note on which the note is signed, so that it can be authenticated; a page of another patient never comes.
 * Of a file without pages the whole is one page.
 */
export function planPacket(review: ReviewJson, options: { readonly prefix?: string } = {}): PacketPlan {
  const prefix = options.prefix ?? 'VOUCH-'
  const foreign = new Set(review.documents.flatMap((d) => d.pages.filter((p) => p.otherPatient).map((p) => `${d.file}\0${p.page}`)))
  const cited = review.lines.flatMap((line) => line.requirements.filter((r) => r.class !== 'x' && (r.status === 'met' || r.status === 'partial')).map((r) => ({ line, r, places: r.evidence.filter(proves) })))
    .filter((c) => c.places.length > 0)
  const wanted = new Set<string>()
  for (const { places } of cited) {
    for (const e of places) {
      wanted.add(`${e.file}\0${e.page}`)
      const note = review.notes.find((n) => n.note === e.note)
      if (note && note.signature.state === 'signed') wanted.add(`${note.file}\0${note.lastPage}`)
    }
  }
  const pages: PacketPage[] = []
  for (const d of review.documents) {
    for (const p of d.pages) if (wanted.has(`${d.file}\0${p.page}`) && !foreign.has(`${d.file}\0${p.page}`)) pages.push({ number: `${prefix}${String(pages.length + 1).padStart(6, '0')}`, file: d.file, page: p.page })
  }
  const numberOf = new Map(pages.map((p) => [`${p.file}\0${p.page}`, p.number]))
  return {
    pages,
    entries: cited.flatMap(({ line, r, places }): PacketEntry[] => {
      const numbers = [...new Set(places.flatMap((e) => numberOf.get(`${e.file}\0${e.page}`) ?? []))]
      return numbers.length === 0 ? [] : [{ line: line.line, requirement: r.id, asks: r.asks, cites: citeOf(r.cites), status: r.status as 'met' | 'partial', numbers }]
    }),
  }
}

export interface PacketSource {
  /** The record that holds the file, and the path inside it (empty for the record itself); null where it is gone. */
  readonly recordOf: (file: string) => Promise<{ readonly bytes: Uint8Array; readonly inner: string } | null>
  readonly documentOf: (file: string) => Document | undefined
  readonly engine: Engine
  /** Tried on locked files. */
  readonly passwords?: readonly string[]
  /** `YYYY-MM-DD`, for the title page. */
  readonly day: string
}

export interface BuiltPacket {
  readonly pdf: Uint8Array
  /** Pages that could be put in only as the text that was read there. */
  readonly asText: readonly PacketPage[]
}

const LETTER = { width: 612, height: 792 }
const MARGIN = 54
/** Free below each page for its number. */
const STRIP = 26
const SCAN_WIDTH = 1700

/** The same review and files give the same pages; only the day of making differs. */
export async function buildPacket(review: ReviewJson, plan: PacketPlan, source: PacketSource): Promise<BuiltPacket> {
  const out = await PDFDocument.create({ updateMetadata: false })
  const fonts = { plain: await out.embedFont(StandardFonts.Helvetica), bold: await out.embedFont(StandardFonts.HelveticaBold), mono: await out.embedFont(StandardFonts.Courier) }
  out.setTitle(review.claim.claimId === 'PLAN' ? 'Records in support of planned services' : `Records for claim ${sayable(review.claim.claimId, fonts.plain)}`)
  out.setProducer('Vouch')
  const asText: PacketPage[] = []
  const first = new Map<string, PDFRef>()
  const sheets: { readonly page: PDFPage; readonly of: PacketPage }[] = []
  for (const file of [...new Set(plan.pages.map((p) => p.file))]) {
    const own = plan.pages.filter((p) => p.file === file)
    const drawn = await sheetsOf(out, own, file, source)
    for (const p of own) {
      const sheet = drawn.get(p.page)
      const pages = sheet === undefined ? textSheets(out, fonts, source.documentOf(file), p) : [sheet]
      if (sheet === undefined) asText.push(p)
      const top = pages[0]
      if (top) first.set(p.number, top.ref)
      for (const page of pages) sheets.push({ page, of: p })
    }
  }
  for (const { page, of } of sheets) stamp(page, of, fonts.plain)
  index(out, fonts, review, plan, source.day, first)
  return { pdf: await out.save(), asText }
}

/** Pages of one file as it was sent, each on a sheet with a strip for its number; without those that cannot be drawn. */
async function sheetsOf(out: PDFDocument, own: readonly PacketPage[], file: string, source: PacketSource): Promise<Map<number, PDFPage>> {
  const sheets = new Map<number, PDFPage>()
  const record = await source.recordOf(file)
  const bytes = record === null ? null : await innerFile(source.engine, record.bytes, record.inner)
  if (bytes === null) return sheets
  const kind = sniff(bytes)
  if (kind === 'pdf') {
    const opened = openPdf(source.engine, bytes, source.passwords ?? [])
    if ('fault' in opened) return sheets
    try {
      for (const p of own) {
        const taken = p.page <= opened.pages ? extractPages(opened, [p.page - 1]) : null
        const sheet = taken === null ? null : await sheetOfPdf(out, taken)
        if (sheet !== null) sheets.set(p.page, sheet)
      }
    } finally {
      opened.close()
    }
  } else if (kind === 'png' || kind === 'jpeg' || kind === 'tiff') {
    for (const p of own) {
      const png = await imagePagePng(bytes, p.page - 1, SCAN_WIDTH)
      if (png === null) continue
      const image = await out.embedPng(png)
      const scale = Math.min((LETTER.width - 2 * 18) / image.width, (LETTER.height - STRIP - 18) / image.height)
      const page = out.addPage([LETTER.width, LETTER.height])
      page.drawImage(image, { x: (LETTER.width - image.width * scale) / 2, y: STRIP + (LETTER.height - STRIP - image.height * scale) / 2, width: image.width * scale, height: image.height * scale })
      sheets.set(p.page, page)
    }
  }
  return sheets
}

/** The page upright as it is displayed, drawn a little smaller so that nothing of it lies under its number. */
async function sheetOfPdf(out: PDFDocument, taken: Uint8Array): Promise<PDFPage | null> {
  try {
    const page = (await PDFDocument.load(taken, { updateMetadata: false })).getPage(0)
    const crop = page.getCropBox()
    const turned = ((page.getRotation().angle % 360) + 360) % 360
    const upright = turned % 180 === 0
    const size = { width: upright ? crop.width : crop.height, height: upright ? crop.height : crop.width }
    const embedded = await out.embedPage(page, { left: crop.x, bottom: crop.y, right: crop.x + crop.width, top: crop.y + crop.height })
    const sheet = out.addPage([size.width, size.height])
    const scale = (size.height - STRIP) / size.height
    const [left, bottom] = [(size.width - size.width * scale) / 2, STRIP]
    const at = turned === 90 ? { x: left, y: bottom + size.height * scale } : turned === 180 ? { x: left + size.width * scale, y: bottom + size.height * scale } : turned === 270 ? { x: left + size.width * scale, y: bottom } : { x: left, y: bottom }
    sheet.drawPage(embedded, { ...at, xScale: scale, yScale: scale, rotate: degrees(-turned) })
    return sheet
  } catch {
    // What the library cannot take in is drawn as the text that was read there.
    return null
  }
}

interface Fonts { readonly plain: PDFFont; readonly bold: PDFFont; readonly mono: PDFFont }

/** A page of a format without printed pages, as the text that was read on it. */
function textSheets(out: PDFDocument, fonts: Fonts, document: Document | undefined, of: PacketPage): PDFPage[] {
  const at = document?.pages.find((p) => p.page === of.page)
  const text = document && at ? document.text.slice(at.start, at.end) : ''
  const size = 10
  const width = LETTER.width - 2 * MARGIN
  const lines = text.replace(/\f/g, '\n').split('\n').flatMap((line) => wrapped(sayable(line.replace(/\t/g, '   '), fonts.plain), fonts.plain, size, width))
  const pages: PDFPage[] = []
  const perPage = Math.floor((LETTER.height - 2 * MARGIN - STRIP - 30) / 13.5)
  for (let from = 0; from === 0 || from < lines.length; from += perPage) {
    const page = out.addPage([LETTER.width, LETTER.height])
    page.drawText(sayable(`Text of ${of.file}${from > 0 ? ', continued' : ''}`, fonts.plain), { x: MARGIN, y: LETTER.height - MARGIN + 8, size: 9, font: fonts.plain, color: rgb(0.35, 0.35, 0.35), maxWidth: width })
    lines.slice(from, from + perPage).forEach((line, i) => page.drawText(line, { x: MARGIN, y: LETTER.height - MARGIN - 18 - i * 13.5, size, font: fonts.plain }))
    pages.push(page)
  }
  return pages
}

function stamp(page: PDFPage, of: PacketPage, font: PDFFont): void {
  const { width } = page.getSize()
  const size = 9
  const number = sayable(of.number, font)
  page.drawRectangle({ x: 0, y: 0, width, height: STRIP - 4, color: rgb(1, 1, 1) })
  page.drawText(number, { x: width - 24 - font.widthOfTextAtSize(number, size + 1), y: 8, size: size + 1, font })
  const from = sayable(`${of.file}, page ${of.page}`, font)
  const room = width - 48 - font.widthOfTextAtSize(number, size + 1) - 20
  page.drawText(fitted(from, font, size - 1, room), { x: 24, y: 8, size: size - 1, font, color: rgb(0.35, 0.35, 0.35) })
}

/** Title and index before the pages; each number leads to its page. */
function index(out: PDFDocument, fonts: Fonts, review: ReviewJson, plan: PacketPlan, day: string, first: ReadonlyMap<string, PDFRef>): void {
  let at = 0
  let page = out.insertPage(at++, [LETTER.width, LETTER.height])
  let y = LETTER.height - MARGIN
  const width = LETTER.width - 2 * MARGIN
  const room = (height: number): void => {
    if (y - height > MARGIN) return
    page = out.insertPage(at++, [LETTER.width, LETTER.height])
    y = LETTER.height - MARGIN
  }
  const write = (text: string, style: { readonly size?: number; readonly font?: PDFFont; readonly indent?: number; readonly grey?: boolean; readonly after?: number } = {}): void => {
    const { size = 10, font = fonts.plain, indent = 0, grey = false, after = 3 } = style
    for (const line of wrapped(sayable(text, font), font, size, width - indent)) {
      room(size * 1.35)
      page.drawText(line, { x: MARGIN + indent, y: y - size, size, font, color: grey ? rgb(0.35, 0.35, 0.35) : rgb(0, 0, 0) })
      y -= size * 1.35
    }
    y -= after
  }
  const { claim } = review
  const planned = claim.claimId === 'PLAN'
  write(`Records in support of the services ${planned ? 'planned' : 'billed'}`, { size: 17, font: fonts.bold, after: 8 })
  write([claim.patient.name === null ? null : `Patient: ${clean(claim.patient.name)}`, claim.patient.birthDate === null ? null : `born ${claim.patient.birthDate}`].filter((p) => p !== null).join(', ') || 'Patient: see the pages')
  if (!planned) write(`Claim: ${clean(claim.claimId)}`)
  const total = review.documents.reduce((n, d) => n + d.pages.length, 0)
  write(`${plan.pages.length} of ${total} pages, put together on ${day}. Only pages that show what a requirement asks for are enclosed, with the page on which their note is signed.`, { grey: true, after: 10 })
  for (const { lines, own } of alike(review, plan)) {
    const line = lines[0] as LineJson
    room(60)
    write(`${lines.length === 1 ? 'Line' : 'Lines'} ${joinAnd(lines.map((l) => `${l.line}`))}: ${codeOf(line)} ${line.label}, ${joinAnd(lines.map((l) => l.serviceDate))}`, { size: 12, font: fonts.bold, after: 2 })
    if (own.length === 0) write('No page of the records shows a requirement of this line.', { indent: 12, grey: true })
    for (const e of own) {
      room(46)
      const top = y
      write(`${upperFirst(e.asks)}${e.status === 'partial' ? ' (in part)' : ''}`, { indent: 12, after: 0 })
      numbersLine(e.numbers)
      write(`${e.requirement}; policy ${e.cites}`, { indent: 12, size: 8, grey: true, after: top - y > 0 ? 5 : 0 })
    }
    y -= 6
  }
  function numbersLine(numbers: readonly string[]): void {
    const size = 9
    let x = MARGIN + 12
    room(size * 1.5)
    for (const number of numbers) {
      const text = sayable(number, fonts.mono)
      const wide = fonts.mono.widthOfTextAtSize(text, size)
      if (x + wide > LETTER.width - MARGIN) {
        x = MARGIN + 12
        y -= size * 1.45
        room(size * 1.5)
      }
      page.drawText(text, { x, y: y - size, size, font: fonts.mono, color: rgb(0.04, 0.31, 0.53) })
      const target = first.get(number)
      if (target) linkTo(out, page, target, { left: x, bottom: y - size - 2, right: x + wide, top: y + 1 })
      x += wide + 12
    }
    y -= size * 1.45
  }
  if (plan.pages.length > 0) {
    room(60)
    write('Where the pages come from', { size: 12, font: fonts.bold, after: 2 })
    for (const file of [...new Set(plan.pages.map((p) => p.file))]) {
      const own = plan.pages.filter((p) => p.file === file)
      const span = own.length === 1 ? own[0]?.number : `${own[0]?.number} to ${own[own.length - 1]?.number}`
      write(`${span}: ${file}, ${own.length === 1 ? 'page' : 'pages'} ${own.map((p) => p.page).join(', ')}`, { indent: 12, size: 9 })
    }
  }
}

/** Lines of one code that the same pages prove, requirement by requirement, stand in the index once. */
function alike(review: ReviewJson, plan: PacketPlan): { readonly lines: readonly LineJson[]; readonly own: readonly PacketEntry[] }[] {
  const groups = new Map<string, { lines: LineJson[]; own: readonly PacketEntry[] }>()
  for (const line of review.lines) {
    const own = plan.entries.filter((e) => e.line === line.line)
    const key = JSON.stringify([codeOf(line), own.map((e) => [e.requirement, e.asks, e.status, e.numbers])])
    const group = groups.get(key)
    if (group) group.lines.push(line)
    else groups.set(key, { lines: [line], own })
  }
  return [...groups.values()]
}

function linkTo(out: PDFDocument, page: PDFPage, target: PDFRef, box: { readonly left: number; readonly bottom: number; readonly right: number; readonly top: number }): void {
  const link = out.context.register(out.context.obj({ Type: 'Annot', Subtype: 'Link', Rect: [box.left, box.bottom, box.right, box.top], Border: [0, 0, 0], Dest: [target, PDFName.of('Fit')], Contents: PDFString.of('To the page') }))
  page.node.addAnnot(link)
}

// ---- text -------------------------------------------------------------------------------------------------------------------------

/** What the standard fonts can show; a letter with a mark that they lack loses the mark, anything else becomes a question mark. */
function sayable(text: string, font: PDFFont): string {
  const known = knownOf(font)
  let out = ''
  for (const c of clean(text)) {
    if (known.has(c.codePointAt(0) as number)) out += c
    else {
      const plain = c.normalize('NFKD').replace(/\p{M}/gu, '')
      out += plain !== '' && [...plain].every((p) => known.has(p.codePointAt(0) as number)) ? plain : '?'
    }
  }
  return out
}

const sets = new WeakMap<PDFFont, ReadonlySet<number>>()
function knownOf(font: PDFFont): ReadonlySet<number> {
  const made = sets.get(font) ?? new Set(font.getCharacterSet())
  sets.set(font, made)
  return made
}

function fitted(text: string, font: PDFFont, size: number, width: number): string {
  if (font.widthOfTextAtSize(text, size) <= width) return text
  let kept = text
  while (kept.length > 1 && font.widthOfTextAtSize(`${kept}...`, size) > width) kept = kept.slice(0, -1)
  return `${kept}...`
}

function wrapped(text: string, font: PDFFont, size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (font.widthOfTextAtSize(longer, size) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (font.widthOfTextAtSize(line, size) > width && line.length > 1) {
      let cut = line.length - 1
      while (cut > 1 && font.widthOfTextAtSize(line.slice(0, cut), size) > width) cut--
      lines.push(line.slice(0, cut))
      line = line.slice(cut)
    }
  }
  lines.push(line)
  return lines
}
