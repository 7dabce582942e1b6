// A scorecard as a tagged PDF, on as many pages as it needs. May not: calculate; ask a clock; load a font or a picture.
import PDFDocument from 'pdfkit'
import { amountWords } from '../report/money.ts'
import { percent } from './statistics/draw-charts.ts'
import { cornersOf, PAINTS, type Mark, type Paint, type Picture } from './statistics/picture.ts'
import { scorecardPictures, scorecardWords, type Scorecard } from './statistics/scorecard.ts'
import { TREND_WORDS } from './statistics/trends-html.ts'

/** What is used of pdfkit, which brings no types. */
interface Pen {
  readonly y: number
  readonly page: { readonly width: number; readonly height: number }
  on(event: 'data', take: (bytes: Uint8Array) => void): Pen
  on(event: 'end' | 'error', done: (e?: Error) => void): Pen
  end(): void
  addPage(): Pen
  font(name: string): Pen
  fontSize(size: number): Pen
  fillColor(color: string, opacity?: number): Pen
  strokeColor(color: string): Pen
  lineWidth(width: number): Pen
  dash(length: number, options?: { readonly space: number }): Pen
  undash(): Pen
  moveTo(x: number, y: number): Pen
  lineTo(x: number, y: number): Pen
  rect(x: number, y: number, width: number, height: number): Pen
  circle(x: number, y: number, r: number): Pen
  polygon(...corners: [number, number][]): Pen
  fill(): Pen
  stroke(): Pen
  save(): Pen
  restore(): Pen
  translate(x: number, y: number): Pen
  scale(factor: number): Pen
  text(text: string, x: number, y: number, options?: { readonly width?: number; readonly align?: 'left' | 'right' | 'center'; readonly lineBreak?: boolean; readonly lineGap?: number }): Pen
  heightOfString(text: string, options: { readonly width: number }): number
  widthOfString(text: string): number
  struct(type: string, options?: { readonly alt?: string } | (() => void), content?: () => void): Structure
  addStructure(element: Structure): Pen
}

interface Structure { add(child: Structure): Structure; end(): void }

const MARGIN = 48
const WIDTH = 612
const HEIGHT = 792
const INNER = WIDTH - 2 * MARGIN
const [PLAIN, BOLD] = ['Helvetica', 'Helvetica-Bold']
const ink = (p: Paint): string => PAINTS[p].light

/** The fonts that every reader has know these characters; others become a question mark. */
const known = (text: string): string => text.replace(/[↗→↘]\s*/g, '').replace(/[\u2018\u2019]/g, '’').replace(/[^\u0020-\u007e\u00a0-\u00ff’“”–—…•·€]/g, '?')

export function scorecardPdf(s: Scorecard, made: Date): Promise<Uint8Array> {
  const w = scorecardWords(s)
  const doc = new PDFDocument({
    size: 'LETTER', margin: 0, autoFirstPage: false, tagged: true, displayTitle: true, lang: 'en-US', pdfVersion: '1.7',
    info: { Title: `Scorecard: ${w.title}`, Creator: 'Vouch', Producer: 'Vouch', CreationDate: made, ModDate: made },
  }) as unknown as Pen
  const chunks: Uint8Array[] = []
  const done = new Promise<Uint8Array>((resolve, reject) => doc.on('data', (b) => void chunks.push(b)).on('end', () => resolve(Buffer.concat(chunks))).on('error', (e) => reject(e ?? new Error('the PDF could not be made'))))
  let y = MARGIN
  const newPage = (): void => {
    doc.addPage()
    y = MARGIN
  }
  const room = (height: number): void => {
    if (y + height > HEIGHT - MARGIN) newPage()
  }
  const tagged = (type: string, draw: () => void, alt?: string): void => void doc.addStructure(alt === undefined ? doc.struct(type, draw) : doc.struct(type, { alt }, draw))
  const say = (text: string, size: number, { font = PLAIN, paint = 'ink', type = 'P', after = 4, left = MARGIN }: { font?: string; paint?: Paint; type?: string; after?: number; left?: number } = {}): void => {
    const clear = known(text)
    doc.font(font).fontSize(size)
    const height = doc.heightOfString(clear, { width: INNER - (left - MARGIN) })
    room(height)
    const top = y
    tagged(type, () => doc.font(font).fontSize(size).fillColor(ink(paint)).text(clear, left, top, { width: INNER - (left - MARGIN) }))
    y += height + after
  }
  const heading = (text: string): void => {
    room(80)
    y += 8
    say(text, 13, { font: BOLD, type: 'H2', after: 5 })
  }
  const picture = (p: Picture): void => {
    const factor = INNER / p.width
    room(p.height * factor + 8)
    const top = y
    tagged('Figure', () => {
      doc.save().translate(MARGIN, top).scale(factor)
      for (const m of p.marks) drawMark(doc, m)
      doc.restore()
    }, known(`${p.title}. ${p.says}`))
    y += p.height * factor + 8
  }

  newPage()
  say('Vouch · provider scorecard', 9, { paint: 'muted', after: 2 })
  say(w.title, 20, { font: BOLD, type: 'H1', after: 3 })
  say(`${w.period}. ${w.lead}`, 11, { after: 10 })
  const tones: Readonly<Record<string, Paint>> = { good: 'good', warn: 'warn', bad: 'bad', ask: 'ask', quiet: 'muted' }
  const box = INNER / w.figures.length
  const top = y
  w.figures.forEach((f, i) => tagged('P', () => {
    const x = MARGIN + i * box
    doc.fillColor(ink('soft')).rect(x, top, box - 8, 44).fill()
    doc.fillColor(ink(tones[f.tone] ?? 'ink')).rect(x, top, 3, 44).fill()
    doc.font(BOLD).fontSize(15).fillColor(ink(tones[f.tone] ?? 'ink')).text(f.value, x + 10, top + 7, { width: box - 20, lineBreak: false })
    doc.font(PLAIN).fontSize(8.5).fillColor(ink('muted')).text(f.label, x + 10, top + 28, { width: box - 20, lineBreak: false })
  }))
  y += 54
  heading('What to fix first')
  if (w.fixes.length === 0) say('Nothing failed.', 10)
  w.fixes.forEach((f, i) => {
    say(`${i + 1}.  ${f.label}  (${f.id})`, 10.5, { font: BOLD, after: 1 })
    say(f.words, 9.5, { paint: 'muted', after: 5, left: MARGIN + 16 })
  })
  heading('Against the others')
  for (const c of w.comparison) say(c, 10, { after: 3 })
  const pictures = scorecardPictures(s)
  picture(pictures.funnel)
  heading('Over the months')
  say(w.trend, 10)
  picture(pictures.months)
  if (s.items.length > 0) {
    heading('Requirements and rules')
    if (pictures.items !== null) picture(pictures.items)
    table(s)
  }
  y += 6
  say(w.small, 8.5, { paint: 'muted' })
  doc.end()
  return done

  function table(card: Scorecard): void {
    const columns: readonly (readonly [string, number, 'left' | 'right'])[] = [['item', 92, 'left'], ['in words', 176, 'left'], ['lines', 36, 'right'], ['failed', 36, 'right'], ['share', 40, 'right'], ['others', 40, 'right'], ['at stake', 54, 'right'], ['months', 42, 'right']]
    const whole = doc.struct('Table')
    doc.addStructure(whole)
    const row = (cells: readonly string[], font: string, paint: Paint): void => {
      doc.font(font).fontSize(8)
      const clear = cells.map(known)
      const height = Math.max(...columns.map(([, width], i) => doc.heightOfString(clear[i] ?? '', { width: width - 6 }))) + 5
      if (y + height > HEIGHT - MARGIN) {
        newPage()
        if (font === PLAIN) row(columns.map(([h]) => h), BOLD, 'muted')
      }
      const at = y
      const line = doc.struct('TR')
      whole.add(line)
      doc.strokeColor(ink('grid')).lineWidth(0.5).moveTo(MARGIN, at).lineTo(MARGIN + INNER, at).stroke()
      let x = MARGIN
      columns.forEach(([, width, align], i) => {
        const left = x
        line.add(doc.struct(font === BOLD ? 'TH' : 'TD', () => doc.font(font).fontSize(8).fillColor(ink(paint)).text(clear[i] ?? '', left, at + 3, { width: width - 6, align })))
        x += width
      })
      line.end()
      y += height
    }
    row(columns.map(([h]) => h), BOLD, 'muted')
    for (const i of card.items) row([i.id, i.label, `${i.asked}`, `${i.failed}`, percent(i.share, 1), i.peers === null ? '–' : percent(i.peers, 1), amountWords(i.atStake), TREND_WORDS[i.trend.direction]], PLAIN, 'ink')
    whole.end()
  }
}

function drawMark(doc: Pen, m: Mark): void {
  switch (m.kind) {
    case 'line': {
      const [first, ...others] = m.points
      if (first === undefined) return
      doc.strokeColor(ink(m.paint)).lineWidth(m.width)
      if (m.dash !== undefined) doc.dash(m.dash[0] ?? 4, { space: m.dash[1] ?? 3 })
      doc.moveTo(first[0], first[1])
      for (const [x, y] of others) doc.lineTo(x, y)
      doc.stroke().undash()
      return
    }
    case 'rect':
      doc.fillColor(ink(m.paint), m.opacity ?? 1).rect(m.x, m.y, Math.max(0, m.width), Math.max(0, m.height)).fill().fillColor(ink('ink'), 1)
      return
    case 'dot':
      doc.fillColor(ink(m.paint))
      if (m.shape === 'circle') doc.circle(m.x, m.y, m.r).fill()
      else doc.polygon(...cornersOf(m)).fill()
      return
    case 'text': {
      const text = known(m.text)
      doc.font(m.bold === true ? BOLD : PLAIN).fontSize(m.size).fillColor(ink(m.paint))
      const width = doc.widthOfString(text)
      const x = m.anchor === 'end' ? m.x - width : m.anchor === 'middle' ? m.x - width / 2 : m.x
      // y is that of the baseline, as in SVG; pdfkit takes the top of the letters.
      doc.text(text, x, m.y - m.size * 0.77, { lineBreak: false })
    }
  }
}
