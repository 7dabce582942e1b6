// The review worksheet as a PDF with fields, to be filled in on the screen or by hand. May not: decide anything; look at a clock.
import { REASON_CHOICES, type Worksheet, type WorksheetRow } from '../report/worksheet.ts'
import { ACCENT, INK, openSheet, QUIET, RED, RULE, type Style } from './sheet.ts'

const LEFT = 36
const TOP = 66
const BOTTOM = 42
/** What is asked, program, where, reviewer. */
const X = [0, 196, 424, 548] as const
const WIDTHS = [188, 220, 116, 168] as const
const TONES: Readonly<Record<WorksheetRow['tone'], string>> = { good: '#1b7f3b', warn: '#9a6700', bad: RED, ask: '#6b3fa0', quiet: QUIET }
const SMALL: Style = { size: 8 }
const STEP = 10.4
const FIELD = 15
const MOST_LINES = 9

export async function worksheetPdf(worksheet: Worksheet): Promise<Uint8Array> {
  const sheet = openSheet({ title: `Review worksheet, claim ${worksheet.claim}`, author: 'Vouch', width: 792, height: 612 })
  const { pen } = sheet
  pen.font('plain').initForm()
  const right = sheet.width - LEFT
  let y = 36
  let current = ''
  const heads = (): void => {
    pen.rect(LEFT, y, right - LEFT, 16).fillColor('#eef2f6').fill()
    ;['What is asked', 'What the program found', 'Where', 'Reviewer: what holds, reason, note'].forEach((h, i) => sheet.put(h, LEFT + 4 + (X[i] ?? 0), y + 3.5, { face: 'bold', size: 8.5 }))
    y += 20
  }
  const next = (): void => {
    sheet.addPage()
    y = TOP
    heads()
    if (current !== '') {
      sheet.put(`${current}, continued`, LEFT, y, { size: 8.5, colour: QUIET, face: 'italic' })
      y += 14
    }
  }
  sheet.put(`Review worksheet, claim ${worksheet.claim}`, LEFT, y, { face: 'bold', size: 15, colour: ACCENT })
  sheet.put([worksheet.patient, worksheet.provider, worksheet.made].filter((t) => t !== '').join('  ·  '), LEFT, y + 21, { size: 9, colour: QUIET })
  y += 40
  ;[['Reviewer', 300], ['Date', 120], ['Signature', 200]].reduce((x, [label, width]) => {
    sheet.put(label as string, x, y + 2, { size: 9 })
    const at = x + sheet.widthOf(label as string, { size: 9 }) + 6
    if (label !== 'Signature') pen.rect(at, y - 2, (width as number) - 60, 16).lineWidth(0.4).strokeColor(RULE).stroke().formText(`${(label as string).toLowerCase()}`, at, y - 2, (width as number) - 60, 16, { fontSize: 9 })
    else pen.moveTo(at, y + 13).lineTo(right, y + 13).lineWidth(0.5).strokeColor(QUIET).stroke()
    return at + (width as number) - 60 + 20
  }, LEFT)
  y += 26
  heads()
  worksheet.rows.forEach((row, i) => {
    if (row.target === 'line' || (row.line === 0 && worksheet.rows[i - 1]?.line !== 0)) {
      if (y + 70 > sheet.height - BOTTOM) next()
      y += 6
      current = row.line === 0 ? 'The claim as a whole (advisory)' : `Line ${row.line}: ${row.asks}`
      sheet.put(current, LEFT, y, { face: 'bold', size: 10.5, colour: row.line === 0 ? QUIET : TONES[row.tone] })
      y += 16
    }
    const asks = sheet.lines(row.target === 'line' ? 'The line as a whole' : row.asks, WIDTHS[0], { face: 'bold', ...SMALL })
    const cites = [row.id, row.cites].filter((t) => t !== '').flatMap((t) => sheet.lines(t, WIDTHS[0], { size: 7 }))
    const found = limited(sheet.lines(row.explanation, WIDTHS[1], SMALL))
    const where = limited(sheet.lines(row.places === '' ? '' : row.places, WIDTHS[2], SMALL))
    const quote = row.quote === '' ? [] : limited(sheet.lines(`“${row.quote}”`, WIDTHS[1], { face: 'italic', ...SMALL }), 3)
    const height = Math.max(asks.length * STEP + cites.length * 9, (found.length + 1 + quote.length) * STEP, where.length * STEP, 2 * FIELD + 24) + 6
    if (y + height > sheet.height - BOTTOM) next()
    pen.moveTo(LEFT, y).lineTo(right, y).lineWidth(0.4).strokeColor(RULE).stroke()
    const top = y + 4
    const column = (n: 0 | 1 | 2 | 3): number => LEFT + 4 + X[n]
    asks.forEach((l, k) => sheet.put(l, column(0), top + k * STEP, { face: 'bold', ...SMALL }))
    cites.forEach((l, k) => sheet.put(l, column(0), top + asks.length * STEP + k * 9, { size: 7, colour: QUIET }))
    sheet.put(row.machineWords, column(1), top, { face: 'bold', size: 8, colour: TONES[row.tone] })
    found.forEach((l, k) => sheet.put(l, column(1), top + (k + 1) * STEP, SMALL))
    quote.forEach((l, k) => sheet.put(l, column(1), top + (found.length + 1 + k) * STEP, { face: 'italic', size: 8, colour: INK }))
    where.forEach((l, k) => sheet.put(l, column(2), top + k * STEP, { size: 8, colour: QUIET }))
    const name = `row${i + 1}`
    const noteHeight = Math.max(16, height - 2 * FIELD - 12)
    // Drawn on the page too, so that there is room to write on paper.
    for (const [at, tall, label] of [[top, FIELD, 'what holds'], [top + FIELD + 2, FIELD, 'reason'], [top + 2 * FIELD + 4, noteHeight, 'note']] as const) {
      pen.rect(column(3), at, WIDTHS[3], tall).lineWidth(0.4).fillColor('#fff9db').fill()
      pen.rect(column(3), at, WIDTHS[3], tall).lineWidth(0.4).strokeColor(RULE).stroke()
      sheet.put(label, column(3) + WIDTHS[3] - sheet.widthOf(label, { size: 6 }) - 3, at + tall - 8, { size: 6, colour: '#9a8c4f' })
    }
    const box = { fontSize: 8 }
    pen.font('plain').formCombo(`${name}-status`, column(3), top, WIDTHS[3], FIELD, { ...box, select: ['', ...row.choices], value: row.status })
    pen.formCombo(`${name}-reason`, column(3), top + FIELD + 2, WIDTHS[3], FIELD, { ...box, select: ['', ...Object.values(REASON_CHOICES)], value: row.reason })
    pen.formText(`${name}-note`, column(3), top + 2 * FIELD + 4, WIDTHS[3], noteHeight, { ...box, multiline: true, value: row.note })
    y += height
  })
  sheet.onEachPage((number, of) => {
    const style = { size: 8, colour: QUIET }
    if (number > 1) sheet.put(`Review worksheet, claim ${worksheet.claim}`, LEFT, 40, style)
    const words = `Page ${number} of ${of}`
    sheet.put(words, right - sheet.widthOf(words, style), sheet.height - 28, style)
  })
  return sheet.bytes()
}

const limited = (lines: readonly string[], most = MOST_LINES): string[] => (lines.length <= most ? [...lines] : [...lines.slice(0, most - 1), `${lines[most - 1] ?? ''} …`])
