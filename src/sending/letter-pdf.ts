// A letter as PDF. May not: say anything the letter does not say; look at a clock.
import type { Letter, LetterPart } from '../report/letter.ts'
import { ACCENT, INK, openSheet, QUIET, RED, RULE, type Sheet, type Style } from './sheet.ts'

const LEFT = 72
const RIGHT = 72
const TOP = 78
const BOTTOM = 66
const LEADING = 1.36

export async function letterPdf(letter: Letter): Promise<Uint8Array> {
  const sheet = openSheet({ title: letter.title, author: letter.head.payer })
  const page = flow(sheet)
  letterhead(letter, page)
  page.text(letter.date, {}, { before: 10, after: 16 })
  letter.to.forEach((l, i) => page.text(l, {}, { after: i === letter.to.length - 1 ? 16 : 0 }))
  page.text(letter.title, { face: 'bold', size: 12.5, colour: ACCENT }, { after: 9 })
  const signed = letter.body.findIndex((p) => p.kind === 'signature')
  letter.body.forEach((part, i) => write(part, page, signed - i))
  sheet.onEachPage((number, of) => edges(letter, sheet, number, of))
  return sheet.bytes()
}

interface Space { readonly before?: number; readonly after?: number; readonly indent?: number; readonly keepWithNext?: number; /** Bold words that begin the paragraph. */ readonly lead?: string }
interface Flow {
  readonly sheet: Sheet
  readonly width: number
  readonly text: (text: string, style?: Style, space?: Space) => void
  readonly need: (height: number) => void
  readonly skip: (height: number) => void
  readonly at: () => number
}

/** Text from top to bottom, on as many pages as it takes. */
function flow(sheet: Sheet): Flow {
  let y = TOP
  const width = sheet.width - LEFT - RIGHT
  const floor = sheet.height - BOTTOM
  const need = (height: number): void => {
    if (y + height <= floor || y === TOP) return
    sheet.addPage()
    y = TOP
  }
  const text: Flow['text'] = (words, style = {}, { before = 0, after = 7, indent = 0, keepWithNext = 0, lead = '' } = {}) => {
    const step = (style.size ?? 10) * LEADING
    const bold: Style = { ...style, face: 'bold' }
    // The lead takes the place of as many blanks as it is wide.
    const ahead = lead === '' ? 0 : sheet.widthOf(`${lead} `, bold)
    const blank = sheet.widthOf('\u00a0', style)
    const lines = sheet.lines(`${'\u00a0'.repeat(Math.ceil(ahead / blank))}${words}`, width - indent, style)
    if (y !== TOP) y += before
    // No single line of a paragraph alone at the foot of a page.
    need(Math.min(lines.length, 2) * step + keepWithNext)
    lines.forEach((line, i) => {
      need(step * (lines.length - i === 2 && lines.length > 2 ? 2 : 1))
      if (i === 0 && lead !== '') sheet.put(lead, LEFT + indent, y, bold)
      sheet.put(line, LEFT + indent, y, style)
      y += step
    })
    y += after
  }
  return { sheet, width, text, need, skip: (height) => { y += height }, at: () => y }
}

function letterhead(letter: Letter, page: Flow): void {
  const { pen, put, width } = page.sheet
  put(letter.head.payer, LEFT, 42, { face: 'bold', size: 15, colour: ACCENT })
  letter.head.address.forEach((l, i) => put(l, LEFT, 63 + i * 11.5, { size: 8.5, colour: QUIET }))
  const y = 63 + letter.head.address.length * 11.5 + 6
  pen.moveTo(LEFT, y).lineTo(width - RIGHT, y).lineWidth(1.2).strokeColor(ACCENT).stroke()
  page.skip(Math.max(0, y + 16 - TOP))
  if (letter.draft !== null) {
    const top = page.at()
    pen.rect(LEFT, top, page.width, 20).fillColor('#fee4e2').fill()
    const said = `${letter.draft.mark}. ${letter.draft.note}`
    put(said, LEFT + (page.width - page.sheet.widthOf(said, { face: 'bold', size: 10 })) / 2, top + 4.5, { face: 'bold', size: 10, colour: RED })
    page.skip(34)
  }
}

function edges(letter: Letter, sheet: Sheet, number: number, of: number): void {
  const { pen, put, width, height, widthOf } = sheet
  if (number > 1) {
    const style = { size: 8.5, colour: QUIET }
    put(letter.head.payer, LEFT, 40, style)
    const right = `Claim ${letter.claim}`
    put(right, width - RIGHT - widthOf(right, style), 40, style)
    pen.moveTo(LEFT, 56).lineTo(width - RIGHT, 56).lineWidth(0.5).strokeColor(RULE).stroke()
  }
  const style = { size: 8, colour: QUIET }
  put(`${letter.draft === null ? '' : `${letter.draft.mark} · `}Claim ${letter.claim}`, LEFT, height - 42, style)
  const right = `Page ${number} of ${of}`
  put(right, width - RIGHT - widthOf(right, style), height - 42, style)
  if (letter.draft === null) return
  const mark = { face: 'bold' as const, size: 130, colour: RED }
  const fits = Math.min(130, (130 * 560) / Math.max(1, widthOf(letter.draft.mark, mark)))
  const size = { ...mark, size: fits }
  pen.save().rotate(-52, { origin: [width / 2, height / 2] }).fillOpacity(0.09)
  put(letter.draft.mark, width / 2 - widthOf(letter.draft.mark, size) / 2, height / 2 - fits * 0.6, size)
  pen.fillOpacity(1).restore()
}

/** `ahead`: how many parts before the signature this one is; the last two stay with it, so that no page holds a name alone. */
function write(part: LetterPart, page: Flow, ahead: number): void {
  const { sheet } = page
  const { pen } = sheet
  switch (part.kind) {
    case 'paragraph': return page.text(part.text, {}, { keepWithNext: ahead === 1 || ahead === 2 ? 64 + ahead * 22 : 0 })
    case 'note': return page.text(part.text, { size: 8.5, colour: QUIET })
    case 'heading': return page.text(part.text, { face: 'bold', size: 12, colour: ACCENT }, { before: 10, after: 6, keepWithNext: 60 })
    case 'line-heading': {
      page.text(part.text, { face: 'bold', size: 10.5 }, { before: 8, after: 3, keepWithNext: 70 })
      pen.moveTo(LEFT, page.at()).lineTo(sheet.width - RIGHT, page.at()).lineWidth(0.6).strokeColor(RULE).stroke()
      return page.skip(8)
    }
    case 'facts': {
      for (const [label, value] of part.rows) row(page, [[label, 0, 110, { size: 9.5, colour: QUIET }], [value, 110, page.width - 110, { size: 9.5 }]], 2)
      return page.skip(8)
    }
    case 'table': return linesTable(part, page)
    case 'reason': {
      page.text(part.title, { face: 'bold' }, { before: 4, after: 2, keepWithNext: 34 })
      page.text(part.statement, {}, { after: 5 })
      for (const q of part.quotes) quoted(q, page)
      if (part.cure !== null) page.text(part.cure, {}, { before: 1, after: 4, lead: `${part.cureTitle}:` })
      return page.text([part.cites, part.codes ?? '', part.reference].filter((t) => t !== '').join('  ·  '), { size: 8, colour: QUIET }, { after: 11 })
    }
    case 'requests': {
      part.items.forEach((i, n) => {
        page.need(30)
        sheet.put(`${n + 1}.`, LEFT, page.at())
        page.text(i.text, {}, { indent: 20, after: 1, keepWithNext: 12 })
        page.text([i.lines, i.cites, i.reference].filter((t) => t !== '').join('  ·  '), { size: 8, colour: QUIET }, { indent: 20, after: 8 })
      })
      return
    }
    case 'list': {
      for (const i of part.items) {
        page.need(14)
        sheet.put('•', LEFT + 4, page.at())
        page.text(i.text, {}, { indent: 16, after: 4 })
      }
      return page.skip(4)
    }
    case 'address': {
      page.need(part.lines.length * 14)
      part.lines.forEach((l, i) => page.text(l, {}, { indent: 20, after: i === part.lines.length - 1 ? 8 : 0 }))
      return
    }
    case 'signature': {
      page.need(74)
      page.skip(26)
      if (part.text === null) {
        pen.moveTo(LEFT, page.at()).lineTo(LEFT + 200, page.at()).lineWidth(0.6).strokeColor(QUIET).stroke()
        page.skip(4)
        return page.text('Not signed off', { size: 8.5, colour: QUIET })
      }
      page.text(part.signer ?? '', { face: 'bold' }, { after: 1 })
      return page.text(part.text)
    }
  }
}

function quoted(q: Extract<LetterPart, { kind: 'reason' }>['quotes'][number], page: Flow): void {
  const indent = 16
  const style: Style = { face: 'italic', size: 9.5 }
  const said = sheetLines(page, `“${q.quote}”`, indent, style)
  const step = 9.5 * LEADING
  page.need(Math.min(said.length, 3) * step + 12)
  for (const line of said) {
    page.need(step)
    bar(page, step)
    page.sheet.put(line, LEFT + indent, page.at(), style)
    page.skip(step)
  }
  page.need(11)
  bar(page, 12)
  page.sheet.put(q.place, LEFT + indent, page.at(), { size: 8, colour: q.stance === 'against' ? RED : QUIET })
  page.skip(18)
}

const sheetLines = (page: Flow, text: string, indent: number, style: Style): string[] => page.sheet.lines(text, page.width - indent, style)
const bar = (page: Flow, height: number): void => void page.sheet.pen.rect(LEFT + 5, page.at() - 1, 1.6, height).fillColor(RULE).fill()

type Cell = readonly [text: string, x: number, width: number, style: Style]

/** Cells beside each other; a row is not divided between pages unless it is longer than one. */
function row(page: Flow, cells: readonly Cell[], pad: number): void {
  const set = cells.map(([text, x, width, style]) => ({ lines: page.sheet.lines(text, width - 6, style), x, style, step: (style.size ?? 10) * 1.28 }))
  const height = Math.max(...set.map((c) => c.lines.length * c.step)) + pad
  page.need(height)
  for (const c of set) c.lines.forEach((line, i) => page.sheet.put(line, LEFT + c.x, page.at() + i * c.step, c.style))
  page.skip(height)
}

const SHARES = [0.06, 0.1, 0.26, 0.21, 0.18, 0.19]

function linesTable(part: Extract<LetterPart, { kind: 'table' }>, page: Flow): void {
  const { pen } = page.sheet
  const shares = part.columns.length === SHARES.length ? SHARES : part.columns.map(() => 1 / part.columns.length)
  const starts = shares.map((_, i) => shares.slice(0, i).reduce((a, b) => a + b, 0) * page.width)
  const rule = (): void => void pen.moveTo(LEFT, page.at()).lineTo(LEFT + page.width, page.at()).lineWidth(0.5).strokeColor(RULE).stroke()
  const cells = (texts: readonly string[], styleOf: (i: number) => Style): Cell[] => texts.map((t, i) => [t, (starts[i] ?? 0) + 3, (shares[i] ?? 0) * page.width, styleOf(i)])
  page.need(60)
  pen.rect(LEFT, page.at(), page.width, 19).fillColor('#eef2f6').fill()
  page.skip(4.5)
  row(page, cells(part.columns, () => ({ face: 'bold', size: 9, colour: INK })), 4)
  for (const r of part.rows) {
    rule()
    page.skip(4)
    row(page, cells(r.cells, (i) => ({ size: 9, face: i === r.cells.length - 1 ? 'bold' : 'plain' })), 4)
  }
  rule()
  page.skip(12)
}
