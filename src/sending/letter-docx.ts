// A letter as a Word file. May not: say anything the letter does not say; look at a clock.
import {
  AlignmentType, BorderStyle, Bookmark, Document, Footer, Header, HeadingLevel, LevelFormat, Packer, PageNumber, Paragraph, ShadingType, TabStopType, Table, TableCell, TableRow, TextRun, VerticalAlign, WidthType, type IParagraphOptions,
} from 'docx'
import { plainXml } from './plain-xml.ts'
import type { Letter, LetterPart } from '../report/letter.ts'
import { steadyOffice } from './office-zip.ts'

const FONT = 'Arial'
const INK = '1F2933'
const QUIET = '52606D'
const RULE = 'CBD2D9'
const ACCENT = '1D4E79'
const RED = 'B42318'
/** Twentieths of a point. */
const WIDTH = 9360

type Child = Paragraph | Table

export async function letterDocx(letter: Letter): Promise<Uint8Array> {
  const marks = new Set<string>()
  const document = new Document({
    creator: letter.head.payer, lastModifiedBy: letter.head.payer, title: letter.title, description: '', revision: 1,
    styles: {
      default: { document: { run: { font: FONT, size: 21, color: INK }, paragraph: { spacing: { after: 140, line: 276 } } } },
      paragraphStyles: [
        { id: 'Subject', name: 'Subject', basedOn: 'Normal', next: 'Normal', quickFormat: true, run: { bold: true, size: 25, color: ACCENT }, paragraph: { spacing: { before: 200, after: 160 }, keepNext: true } },
        { id: 'Heading1', name: 'heading 1', basedOn: 'Normal', next: 'Normal', quickFormat: true, run: { bold: true, size: 24, color: ACCENT }, paragraph: { spacing: { before: 320, after: 120 }, keepNext: true, outlineLevel: 0 } },
        { id: 'Heading2', name: 'heading 2', basedOn: 'Normal', next: 'Normal', quickFormat: true, run: { bold: true, size: 21 }, paragraph: { spacing: { before: 260, after: 100 }, keepNext: true, outlineLevel: 1, border: { bottom: { style: BorderStyle.SINGLE, size: 4, color: RULE, space: 3 } } } },
        { id: 'Heading3', name: 'heading 3', basedOn: 'Normal', next: 'Normal', quickFormat: true, run: { bold: true, size: 21 }, paragraph: { spacing: { before: 180, after: 60 }, keepNext: true, outlineLevel: 2 } },
        { id: 'RecordQuote', name: 'Record quote', basedOn: 'Normal', quickFormat: true, run: { size: 20 }, paragraph: { indent: { left: 360 }, spacing: { after: 80 }, keepLines: true, border: { left: { style: BorderStyle.SINGLE, size: 12, color: RULE, space: 8 } } } },
        { id: 'Citation', name: 'Citation', basedOn: 'Normal', quickFormat: true, run: { size: 17, color: QUIET }, paragraph: { spacing: { after: 120 } } },
        { id: 'Letterhead', name: 'Letterhead', basedOn: 'Normal', run: { size: 18, color: QUIET }, paragraph: { spacing: { after: 0, line: 240 } } },
      ],
    },
    numbering: { config: [{ reference: 'requests', levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.', alignment: AlignmentType.LEFT, style: { paragraph: { indent: { left: 425, hanging: 425 } } } }] }, { reference: 'dots', levels: [{ level: 0, format: LevelFormat.BULLET, text: '•', alignment: AlignmentType.LEFT, style: { paragraph: { indent: { left: 360, hanging: 240 } } } }] }] },
    sections: [{
      properties: { titlePage: true, page: { size: { width: 12240, height: 15840 }, margin: { top: 1300, bottom: 1200, left: 1440, right: 1440, header: 620, footer: 560 } } },
      headers: { first: new Header({ children: [...letterhead(letter), ...draftLine(letter)] }), default: new Header({ children: [running(letter), ...draftLine(letter)] }) },
      footers: { first: footer(letter), default: footer(letter) },
      children: [...opening(letter), ...letter.body.flatMap((part, i) => partOf(part, marks, letter.body.slice(i + 1, i + 1 + CLOSING).some((p) => p.kind === 'signature')))],
    }],
  })
  const bytes = await Packer.toBuffer(document)
  const mark = letter.draft
  return steadyOffice(bytes, (name, xml) => (mark !== null && /^word\/header\d+\.xml$/.test(name) ? xml.replace('</w:hdr>', `${watermark(mark.mark)}</w:hdr>`) : xml))
}

const run = (text: string, more: ConstructorParameters<typeof TextRun>[0] extends infer T ? Partial<Exclude<T, string>> : never = {}): TextRun => new TextRun({ text: plainXml(text), ...more })
const paragraph = (text: string, style?: string, more: Partial<IParagraphOptions> = {}): Paragraph => new Paragraph({ ...(style === undefined ? {} : { style }), ...more, children: [run(text)] })

function letterhead(letter: Letter): Paragraph[] {
  return [
    new Paragraph({ style: 'Letterhead', children: [run(letter.head.payer, { bold: true, size: 30, color: ACCENT })], spacing: { after: 40 } }),
    ...letter.head.address.map((l) => paragraph(l, 'Letterhead')),
    new Paragraph({ style: 'Letterhead', border: { bottom: { style: BorderStyle.SINGLE, size: 8, color: ACCENT, space: 4 } }, children: [], spacing: { after: 120 } }),
  ]
}

const running = (letter: Letter): Paragraph => new Paragraph({ style: 'Letterhead', tabStops: [{ type: TabStopType.RIGHT, position: WIDTH }], children: [run(`${letter.head.payer}\tClaim ${letter.claim}`)], border: { bottom: { style: BorderStyle.SINGLE, size: 4, color: RULE, space: 4 } } })

const draftLine = (letter: Letter): Paragraph[] => (letter.draft === null ? [] : [new Paragraph({
  alignment: AlignmentType.CENTER, spacing: { before: 60, after: 60 }, shading: { type: ShadingType.CLEAR, fill: 'FEE4E2' }, children: [run(`${letter.draft.mark}. `, { bold: true, color: RED }), run(letter.draft.note, { color: RED })],
})])

const footer = (letter: Letter): Footer => new Footer({
  children: [new Paragraph({
    style: 'Letterhead', tabStops: [{ type: TabStopType.RIGHT, position: WIDTH }],
    children: [run(`${letter.draft === null ? '' : `${letter.draft.mark} · `}Claim ${letter.claim}\t`, { size: 16 }), new TextRun({ size: 16, children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })],
  })],
})

function opening(letter: Letter): Child[] {
  return [
    paragraph(letter.date, undefined, { spacing: { before: 120, after: 240 } }),
    ...letter.to.map((l, i) => paragraph(l, undefined, { spacing: { after: i === letter.to.length - 1 ? 240 : 0 } })),
    paragraph(letter.title, 'Subject'),
  ]
}

/** The table of lines keeps its narrow columns narrow. */
const LINE_COLUMNS = [620, 980, 2480, 2000, 1640, 1640]

/** Parts before the signature that stay with it, so that no page holds a name alone. */
const CLOSING = 3

function partOf(part: LetterPart, marks: Set<string>, closing: boolean): Child[] {
  const keepNext = closing
  switch (part.kind) {
    case 'paragraph': return [paragraph(part.text, undefined, { keepNext })]
    case 'heading': return [new Paragraph({ heading: HeadingLevel.HEADING_1, children: [run(part.text)] })]
    case 'line-heading': return [new Paragraph({ heading: HeadingLevel.HEADING_2, children: [run(part.text)] })]
    case 'note': return [paragraph(part.text, 'Citation')]
    case 'facts': return [table([2000, WIDTH - 2000], part.rows.map(([label, value]) => [cell(label, 2000, { quiet: true }), cell(value, WIDTH - 2000)]), false), gap()]
    case 'table': {
      const widths = part.columns.length === LINE_COLUMNS.length ? LINE_COLUMNS : part.columns.map(() => Math.floor(WIDTH / part.columns.length))
      const head = part.columns.map((c, i) => cell(c, widths[i] as number, { head: true }))
      return [table(widths, [head, ...part.rows.map((r) => r.cells.map((c, i) => cell(c, widths[i] as number, { bold: i === r.cells.length - 1 })))], true), gap()]
    }
    case 'reason': {
      const source = part.source
      const id = source.kind === 'requirement' || source.kind === 'rule' || source.kind === 'decision' ? `L${source.line}_${source.id}`.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 40) : ''
      const title = run(part.title)
      const named = id === '' || marks.has(id) ? [title] : [new Bookmark({ id, children: [title] })]
      marks.add(id)
      return [
        new Paragraph({ heading: HeadingLevel.HEADING_3, children: named }), paragraph(part.statement),
        ...part.quotes.map((q) => new Paragraph({ style: 'RecordQuote', children: [run(`“${q.quote}”`, { italics: true }), run(q.place, { break: 1, size: 17, color: q.stance === 'against' ? RED : QUIET })] })),
        ...(part.cure === null ? [] : [new Paragraph({ children: [run(`${part.cureTitle}: `, { bold: true }), run(part.cure)] })]),
        paragraph([part.cites, part.codes ?? '', part.reference].filter((t) => t !== '').join('  ·  '), 'Citation'),
      ]
    }
    case 'requests': return part.items.flatMap((i) => [
      new Paragraph({ numbering: { reference: 'requests', level: 0 }, spacing: { after: 20 }, keepNext: true, children: [run(i.text)] }),
      paragraph([i.lines, i.cites, i.reference].filter((t) => t !== '').join('  ·  '), 'Citation', { indent: { left: 425 } }),
    ])
    case 'list': return part.items.map((i) => new Paragraph({ numbering: { reference: 'dots', level: 0 }, children: [run(i.text)] }))
    case 'address': return part.lines.map((l, i) => paragraph(l, undefined, { keepNext: closing || i < part.lines.length - 1, indent: { left: 425 }, spacing: { after: i === part.lines.length - 1 ? 160 : 0 } }))
    case 'signature': return part.text === null
      ? [new Paragraph({ keepNext: true, spacing: { before: 480, after: 40 }, children: [run('_______________________________', { color: QUIET })] }), paragraph('Not signed off', 'Citation')]
      : [new Paragraph({ keepNext: true, spacing: { before: 480, after: 40 }, children: [run(part.signer ?? '', { bold: true })] }), paragraph(part.text)]
  }
}

const gap = (): Paragraph => new Paragraph({ spacing: { after: 60 }, children: [] })

function table(widths: readonly number[], rows: readonly (readonly TableCell[])[], ruled: boolean): Table {
  const line = { style: BorderStyle.SINGLE, size: 4, color: RULE }
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' }
  return new Table({
    width: { size: WIDTH, type: WidthType.DXA }, columnWidths: [...widths], borders: { top: ruled ? line : none, bottom: ruled ? line : none, left: none, right: none, insideHorizontal: ruled ? line : none, insideVertical: none },
    rows: rows.map((cells, i) => new TableRow({ cantSplit: true, ...(ruled && i === 0 ? { tableHeader: true } : {}), children: [...cells] })),
  })
}

const cell = (text: string, width: number, { head = false, quiet = false, bold = false }: { head?: boolean; quiet?: boolean; bold?: boolean } = {}): TableCell => new TableCell({
  width: { size: width, type: WidthType.DXA }, verticalAlign: VerticalAlign.TOP, margins: { top: head ? 70 : 50, bottom: head ? 70 : 50, left: 80, right: 80 }, ...(head ? { shading: { type: ShadingType.CLEAR, fill: 'EEF2F6' } } : {}),
  children: [new Paragraph({ spacing: { after: 0, line: 250 }, children: [run(text, { size: 19, bold: head || bold, ...(quiet ? { color: QUIET } : {}) })] })],
})

/** As Word itself makes it, behind the text of every page. */
const watermark = (text: string): string => `<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word">`
  + `<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>`
  + `<v:shape id="DraftMark" o:spid="_x0000_s2049" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:150pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" fillcolor="#f3b6b0" stroked="f"><v:fill opacity=".4"/><v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="${plainXml(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)}"/></v:shape></w:pict></w:r></w:p>`
