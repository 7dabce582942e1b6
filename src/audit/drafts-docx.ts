// A draft as a Word document. May not: add a word to it.
import { Document, Footer, Packer, Paragraph, TextRun } from 'docx'
import { clean } from '../report/plain.ts'
import type { Draft } from './drafts.ts'

const FONT = 'Calibri'
/** Half-points. */
const SIZE = 22

export async function draftDocx(draft: Draft): Promise<Uint8Array> {
  const run = (text: string, more: { readonly bold?: boolean; readonly italics?: boolean; readonly size?: number; readonly color?: string } = {}): TextRun => new TextRun({ text: clean(text), font: FONT, size: SIZE, ...more })
  const body = draft.paragraphs.map((p): Paragraph => {
    if (p.is === 'fact') return new Paragraph({ indent: { left: 480 }, spacing: { after: 120 }, children: [run(p.text, { italics: true }), new TextRun({ break: 1 }), run(p.place, { size: 18, color: '555555' })] })
    if (p.is === 'choice') return new Paragraph({ spacing: { before: 80, after: 80 }, children: [run(`☐  ${p.text}`)] })
    if (p.is === 'blank') return new Paragraph({ spacing: { before: 260, after: 60 }, tabStops: [{ type: 'left', position: 3000 }, { type: 'right', position: 9000, leader: 'underscore' }], children: [run(p.label), new TextRun({ text: '\t\t', font: FONT, size: SIZE })] })
    return new Paragraph({ spacing: { after: 160 }, children: [run(p.text)] })
  })
  const document = new Document({
    title: draft.title, creator: 'Vouch', description: 'Draft',
    sections: [{
      properties: { page: { margin: { top: 1300, bottom: 1100, left: 1300, right: 1300 } } },
      footers: { default: new Footer({ children: [new Paragraph({ children: [run('Draft, to be completed by the author. Not part of the record until signed and dated.', { size: 16, color: '555555' })] })] }) },
      children: [new Paragraph({ spacing: { after: 240 }, children: [run(draft.title, { bold: true, size: 32 })] }), ...body],
    }],
  })
  return Packer.toBuffer(document)
}
