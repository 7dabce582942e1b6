import { unzipSync } from 'fflate'
import mammoth from 'mammoth'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { workbookSheets } from '../../src/base/workbook.ts'
import { letterSettingsSchema } from '../../src/dictionary/letters.ts'
import { readFile } from '../../src/document/read-records.ts'
import { dictionariesFolder } from '../../src/load/folder.ts'
import { loadLetterTemplates } from '../../src/load/load-letters.ts'
import { toContract } from '../../src/report/contract.ts'
import { letterOf, letterText, type Letter } from '../../src/report/letter.ts'
import { REASON_CHOICES, worksheetOf } from '../../src/report/worksheet.ts'
import { letterDocx } from '../../src/sending/letter-docx.ts'
import { letterPdf } from '../../src/sending/letter-pdf.ts'
import { worksheetPdf } from '../../src/sending/worksheet-pdf.ts'
import { decisionsOfWorksheet, worksheetXlsx } from '../../src/sending/worksheet-xlsx.ts'
import { madeUpReview, policy } from '../report/made-up-review.ts'

const report = toContract(madeUpReview, policy)
const templates = loadLetterTemplates(dictionariesFolder())
const settings = letterSettingsSchema.parse({ payer: 'Invented Health Plan', address: ['1 Example Street'], policy: 'Radiation Oncology', rights: ['You may dispute this within {disputeDays} days.'], contact: 'telephone 555-0101', 'send-to': ['PO Box 100'], enclosures: ['Marked records'] })
const letter = (kind: 'determination' | 'record-request', signed: boolean): Letter => letterOf({ report, template: templates[kind], settings, signOff: signed ? { by: 'Ann Ferrow, MD', on: '2026-01-15' } : null })
const ALL = [['determination', false], ['determination', true], ['record-request', false], ['record-request', true]] as const

const squeezed = (text: string): string => text.replace(/[\s“”•·]+/g, '')
/** What remains of a text once everything the letter says is taken out of it, the longest first. */
function unsaid(text: string, said: Letter): string {
  let left = squeezed(text)
  for (const piece of [...letterText(said), 'Not signed off', '_'.repeat(31), ...said.body.flatMap((p) => (p.kind === 'requests' ? p.items.map((_, i) => `${i + 1}.`) : []))].map(squeezed).filter((t) => t !== '').sort((a, b) => b.length - a.length)) left = left.split(piece).join('\u0001')
  return left.replace(/[\u0001:]/g, '')
}
const parts = (bytes: Uint8Array): Record<string, string> => Object.fromEntries(Object.entries(unzipSync(bytes)).map(([n, b]) => [n, new TextDecoder().decode(b)]))

describe.each(ALL)('a letter (%s, signed off: %s)', (kind, signed) => {
  const own = letter(kind, signed)

  it('says as Word exactly what the letter says', async () => {
    const bytes = await letterDocx(own)
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) })
    expect(unsaid(value, own)).toBe('')
    for (const piece of own.body.flatMap((p) => (p.kind === 'paragraph' || p.kind === 'heading' ? [p.text] : p.kind === 'reason' ? [p.statement, p.title] : []))) expect(squeezed(value)).toContain(squeezed(piece))
  })

  it('is a sound Word file: every part is XML, every part named and typed, the mark of a draft on every page', async () => {
    const files = parts(await letterDocx(own))
    expect(Object.keys(files)[0]).toBe('[Content_Types].xml')
    for (const [name, xml] of Object.entries(files)) {
      const faults: string[] = []
      const parser = new SaxesParser({ xmlns: true })
      parser.on('error', (e) => void faults.push(e.message))
      parser.write(xml).close()
      expect(faults, name).toEqual([])
    }
    const types = files['[Content_Types].xml'] as string
    for (const name of Object.keys(files)) if (name.endsWith('.xml') && name !== '[Content_Types].xml') expect(types.includes(`PartName="/${name}"`) || /Extension="xml"/.test(types), name).toBe(true)
    for (const [, target] of (files['word/_rels/document.xml.rels'] as string).matchAll(/Target="([^"]+)"/g)) expect(Object.keys(files)).toContain(`word/${(target as string).replace(/^\/?word\//, '')}`)
    const headers = Object.entries(files).filter(([n]) => /^word\/header\d+\.xml$/.test(n)).map(([, x]) => x)
    expect(headers).toHaveLength(2)
    for (const header of headers) expect(header.includes('string="DRAFT"')).toBe(!signed)
    // Bookmarks find each reason again.
    const document = files['word/document.xml'] as string
    const marks = [...document.matchAll(/<w:bookmarkStart [^>]*w:name="([^"]+)"/g)].map((m) => m[1] as string)
    expect(new Set(marks).size).toBe(marks.length)
    if (kind === 'determination') expect(marks).toContain('L2_R64')
  })

  it('says as PDF exactly what the letter says, with the mark of a draft on every page', async () => {
    const { documents } = await readFile(await letterPdf(own), 'letter.pdf', { ocr: false, processes: 1 })
    const text = documents[0]?.text ?? ''
    const pages = documents[0]?.pages.length ?? 0
    for (const piece of letterText(own)) for (const word of piece.split(' ')) expect(squeezed(text)).toContain(squeezed(word))
    // Besides: the edges of pages.
    const plain = text.replace(/Page \d+ of \d+/g, '').replaceAll(`Claim ${own.claim}`, '').replaceAll('Invented Health Plan', '')
    const words = new Set(letterText(own).flatMap((t) => t.split(/\s+/)).map(squeezed))
    const more = plain.split(/\s+/).map(squeezed).filter((w) => w !== '' && !words.has(w) && !words.has(w.replace(/:$/, '')) && ![...words].some((k) => k.includes(w)))
    expect(more.filter((w) => !/^\d+\.$/.test(w) && !['Not', 'signed', 'off', 'DRAFT', 'DRAFT.'].includes(w))).toEqual([])
    expect(text.split('DRAFT').length - 1 >= pages).toBe(!signed)
  })

  it('is the same bytes again', async () => {
    expect(Buffer.compare(await letterDocx(own), await letterDocx(own))).toBe(0)
    expect(Buffer.compare(await letterPdf(own), await letterPdf(own))).toBe(0)
    expect(Buffer.from(await letterPdf(own)).toString('latin1')).not.toMatch(/D:20\d\d/)
  })
})

describe('the worksheet', () => {
  const worksheet = worksheetOf(report)

  /** The workbook with some of its yellow cells filled in, as a reviewer would. */
  async function filled(cells: Readonly<Record<number, readonly [string, string, string]>>): Promise<Uint8Array> {
    const sheet = { ...worksheet, rows: worksheet.rows.map((r, i) => (cells[i] === undefined ? r : { ...r, status: cells[i]?.[0] ?? '', reason: cells[i]?.[1] ?? '', note: cells[i]?.[2] ?? '' })) }
    return worksheetXlsx(sheet)
  }
  const rowOf = (line: number, id: string): number => worksheet.rows.findIndex((r) => r.line === line && r.id === id)

  it('has a row for each line, rule and requirement, with choices that fit', async () => {
    const asked = report.lines.flatMap((l) => [`${l.line} `, ...l.rules.map((r) => `${l.line} ${r.id}`), ...l.requirements.map((r) => `${l.line} ${r.id}`)])
    expect(worksheet.rows.filter((r) => r.line > 0).map((r) => `${r.line} ${r.id}`)).toEqual(asked)
    const bytes = await worksheetXlsx(worksheet)
    const rows = [...(workbookSheets(bytes)[0]?.rows() ?? [])]
    expect(rows).toHaveLength(worksheet.rows.length + 4)
    const sheet = parts(bytes)['xl/worksheets/sheet1.xml'] as string
    expect(sheet.indexOf('<dataValidations')).toBeGreaterThan(sheet.indexOf('</sheetData>'))
    expect(sheet.indexOf('<dataValidations')).toBeLessThan(sheet.indexOf('<pageMargins'))
    for (const [, list] of sheet.matchAll(/<formula1>"([^"]+)"<\/formula1>/g)) expect((list as string).length).toBeLessThan(256)
    expect(Buffer.compare(bytes, await worksheetXlsx(worksheet))).toBe(0)
    expect(Buffer.compare(await worksheetPdf(worksheet), await worksheetPdf(worksheet))).toBe(0)
  })

  it('comes back as decisions, and nothing is decided where nobody wrote', async () => {
    expect(decisionsOfWorksheet(await worksheetXlsx(worksheet), 'w.xlsx', report, 'Ann')).toEqual([])
    const reason = REASON_CHOICES['evidence-elsewhere'] as string
    const bytes = await filled({ [rowOf(1, '77331.datetime')]: ['met', reason, 'page 3'], [rowOf(1, '77331.type')]: ['met', '', ''], [rowOf(2, 'R64')]: ['set aside', REASON_CHOICES['policy-interpretation'] as string, ''], [rowOf(4, '')]: ['supported', reason, ''] })
    const decisions = decisionsOfWorksheet(bytes, 'w.xlsx', report, 'Ann')
    expect(decisions.map((d) => [d.target, d.line, d.subject, d.action, d.status, d.reason])).toEqual([
      ['requirement', 1, '77331.type', 'accept', 'met', null], ['requirement', 1, '77331.datetime', 'override', 'met', 'evidence-elsewhere'], ['rule', 2, 'R64', 'override', 'set-aside', 'policy-interpretation'], ['line', 4, null, 'override', 'supported', 'evidence-elsewhere'],
    ])
    expect(letterText(letterOf({ report, decisions, template: templates.determination, settings })).join('\n')).not.toMatch(/R64|77331\.datetime/)
  })

  it('tells in one sentence with its row what a reviewer left out', async () => {
    const without = await filled({ [rowOf(1, '77331.datetime')]: ['met', '', ''] })
    expect(() => decisionsOfWorksheet(without, 'w.xlsx', report, 'Ann')).toThrow(/^w\.xlsx, row \d+: where the reviewer says otherwise than the program, a reason is chosen/)
    const odd = await filled({ [rowOf(1, '77331.datetime')]: ['perhaps', '', ''] })
    expect(() => decisionsOfWorksheet(odd, 'w.xlsx', report, 'Ann')).toThrow(/row \d+: choose one of met, partial/)
    const other = await worksheetXlsx({ ...worksheet, claim: 'C-2' })
    expect(() => decisionsOfWorksheet(other, 'w.xlsx', report, 'Ann')).toThrow('another claim')
    expect(() => decisionsOfWorksheet(new TextEncoder().encode('PK nothing'), 'w.xlsx', report, 'Ann')).toThrow(/^w\.xlsx: /)
  })
})
