// The review worksheet as a workbook to be filled in, and a filled one as decisions. May not: decide where the reviewer left a cell empty.
import writeExcelFile, { type SheetData } from 'write-excel-file/node'
import { workbookSheets, WorkbookFault } from '../base/workbook.ts'
import type { FiledDecision } from '../report/decisions-file.ts'
import type { ReviewJson } from '../report/contract.ts'
import { REASON_CHOICES, wordsOf, worksheetOf, type Worksheet, type WorksheetRow } from '../report/worksheet.ts'
import { plainXml } from './plain-xml.ts'
import { steadyOffice } from './office-zip.ts'

const COLUMNS = ['Line', 'Code', 'Id', 'What is asked', 'Policy', 'Program', 'What the records show', 'Where', 'Quote', 'Reviewer', 'Reason', 'Note'] as const
const WIDTHS = [6, 9, 20, 38, 26, 16, 52, 28, 40, 20, 24, 36]
const HEAD_ROWS = 4
const LETTERS = 'ABCDEFGHIJKL'
const TONES: Readonly<Record<WorksheetRow['tone'], string>> = { good: '#1b7f3b', warn: '#9a6700', bad: '#b42318', ask: '#6b3fa0', quiet: '#52606d' }
/** What Excel takes in one cell. */
const MOST_CHARACTERS = 32_000

/** Of a row with so many lines of text, in points. */
const heightOf = (lines: number): number => Math.min(409, lines * 13 + 4)
/** Lines that a text takes in a column; words are broken where they fit, so a little room is left. */
const linesIn = (text: string, width: number): number => text.split('\n').reduce((sum, l) => sum + Math.max(1, Math.ceil((l.length * 1.08) / width)), 0)

type Cell = { readonly value: string; readonly type: StringConstructor } & Readonly<Record<string, unknown>>

export async function worksheetXlsx(worksheet: Worksheet): Promise<Uint8Array> {
  const cell = (value: string, more: Readonly<Record<string, unknown>> = {}): Cell => ({ value: plainXml(value).slice(0, MOST_CHARACTERS), type: String, wrap: true, alignVertical: 'top', ...more })
  const blank = COLUMNS.map(() => null)
  const title = (text: string, more: Readonly<Record<string, unknown>> = {}): (Cell | null)[] => [cell(text, { wrap: false, ...more }), ...blank.slice(1)]
  const rows = [
    title(`Review worksheet, claim ${worksheet.claim}`, { fontWeight: 'bold', fontSize: 14 }),
    title([worksheet.patient, worksheet.provider, worksheet.made].filter((t) => t !== '').join(' · '), { textColor: '#52606d' }),
    title('Fill in the yellow cells: choose what holds; where it is not what the program says, choose a reason.'),
    COLUMNS.map((c) => cell(c, { fontWeight: 'bold', backgroundColor: '#eef2f6', bottomBorderStyle: 'thin', bottomBorderColor: '#9aa5b1' })),
    ...worksheet.rows.map((r) => {
      const whole = r.target === 'line' ? { fontWeight: 'bold', backgroundColor: '#f5f7fa' } : {}
      const own = { backgroundColor: '#fff9db', bottomBorderStyle: 'hair', bottomBorderColor: '#cbd2d9' }
      const quote = r.quote === '' ? '' : `“${r.quote}”`
      // Not every program works out the height of a row with wrapped text.
      const height = heightOf(Math.max(...[r.id, r.asks, r.cites, r.machineWords, r.explanation, r.places, quote, r.status, r.reason, r.note].map((t, i) => linesIn(t, (WIDTHS[i + 2] as number) * (r.target === 'line' ? 0.9 : 1)))))
      return [
        cell(`${r.line}`, { ...whole, height }), cell(r.code, whole), cell(r.target === 'line' ? 'line' : r.id, whole), cell(r.asks, whole), cell(r.cites, whole), cell(r.machineWords, { ...whole, textColor: TONES[r.tone] }), cell(r.explanation, whole),
        cell(r.places, whole), cell(quote, whole), cell(r.status, own), cell(r.reason, own), cell(r.note, own),
      ]
    }),
  ]
  const made = await writeExcelFile(rows as SheetData, {
    sheet: 'Worksheet', columns: WIDTHS.map((width) => ({ width })), stickyRowsCount: HEAD_ROWS, stickyColumnsCount: 3, orientation: 'landscape',
  }, { fontFamily: 'Arial', fontSize: 10 }).toBuffer()
  return steadyOffice(new Uint8Array(made), (name, xml) => (/^xl\/worksheets\/sheet\d+\.xml$/.test(name) ? asPrinted(withChoices(xml, worksheet.rows)) : name === 'xl/workbook.xml' ? withTitles(xml) : xml))
}

/** One page wide, as many long as it takes. */
function asPrinted(xml: string): string {
  const paged = xml.replace(/<pageSetup [^>]*\/>/, '<pageSetup paperSize="1" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;LReview worksheet&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>')
    .replace(/<pageMargins [^>]*\/>/, '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>')
  return paged.replace('<sheetViews>', '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>')
}

/** The names of the columns stand on every printed page. */
const withTitles = (xml: string): string => xml.replace(/<definedNames\s*\/>/, `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">Worksheet!$${HEAD_ROWS}:$${HEAD_ROWS}</definedName></definedNames>`)

/** Lists to choose from, in the place the format has for them. */
function withChoices(xml: string, rows: readonly WorksheetRow[]): string {
  const groups = new Map<string, string[]>()
  rows.forEach((r, i) => {
    const key = r.choices.join(',')
    groups.set(key, [...(groups.get(key) ?? []), `${LETTERS[9]}${HEAD_ROWS + 1 + i}`])
  })
  const list = (choices: string, cells: string): string => `<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="Vouch" error="Choose one of the list." sqref="${cells}"><formula1>"${choices}"</formula1></dataValidation>`
  const all = [...[...groups].map(([choices, cells]) => list(choices, cells.join(' '))), list(Object.values(REASON_CHOICES).join(','), `${LETTERS[10]}${HEAD_ROWS + 1}:${LETTERS[10]}${HEAD_ROWS + Math.max(1, rows.length)}`)]
  const element = `<dataValidations count="${all.length}">${all.join('')}</dataValidations>`
  const after = /<(?:hyperlinks|printOptions|pageMargins|pageSetup|headerFooter|drawing|legacyDrawing|tableParts|extLst)\b|<\/worksheet>/.exec(xml.slice(xml.indexOf('</sheetData>')))
  const at = xml.indexOf('</sheetData>') + (after?.index ?? 0)
  return `${xml.slice(0, at)}${element}${xml.slice(at)}`
}

/** A fault of a filled worksheet, in one sentence. */
const fault = (message: string): Error => Object.assign(new Error(message), { kind: 'input-fault' as const })

/** Rows of the worksheet that a reviewer filled in, as decisions. @throws an input-fault that names the row. */
export function decisionsOfWorksheet(bytes: Uint8Array, name: string, report: ReviewJson, by: string): FiledDecision[] {
  let rows
  try {
    rows = [...(workbookSheets(bytes)[0]?.rows() ?? [])]
  } catch (e) {
    if (e instanceof WorkbookFault) throw fault(`${name}: ${e.message}; save it as XLSX again.`)
    throw e
  }
  const head = rows.findIndex((r) => r.cells[0] === 'Line' && r.cells.includes('Reviewer'))
  const columns = new Map((rows[head]?.cells ?? []).map((c, i) => [c, i]))
  if (head < 0 || COLUMNS.some((c) => !columns.has(c))) throw fault(`${name}: is no worksheet of Vouch; make one with vouch worksheet.`)
  if (!(rows[0]?.cells[0] ?? '').endsWith(`claim ${report.claim.claimId}`)) throw fault(`${name}: is the worksheet of another claim than the report.`)
  const asked = new Map(worksheetOf(report).rows.map((r) => [`${r.line} ${r.target === 'line' ? 'line' : r.id}`, r]))
  const out: FiledDecision[] = []
  for (const row of rows.slice(head + 1)) {
    const of = (column: (typeof COLUMNS)[number]): string => (row.cells[columns.get(column) as number] ?? '').trim()
    const said = of('Reviewer').toLowerCase()
    if (said === '') continue
    const item = asked.get(`${of('Line')} ${of('Id')}`)
    if (item === undefined) throw fault(`${name}, row ${row.row}: the report has no ${of('Id')} on line ${of('Line')}; make the worksheet of this report.`)
    const status = statusFor(item, said)
    if (status === null) throw fault(`${name}, row ${row.row}: choose one of ${item.choices.join(', ')}.`)
    const accepts = status === item.machine
    const reason = Object.entries(REASON_CHOICES).find(([, w]) => w.toLowerCase() === of('Reason').toLowerCase())?.[0] ?? null
    if (!accepts && reason === null) throw fault(`${name}, row ${row.row}: where the reviewer says otherwise than the program, a reason is chosen: ${Object.values(REASON_CHOICES).join(', ')}.`)
    if (!accepts && reason === 'other' && of('Note') === '') throw fault(`${name}, row ${row.row}: the reason "Other" needs a note.`)
    out.push({
      target: item.target, line: item.line, subject: item.target === 'line' ? null : item.id, machine: item.machine, action: accepts ? 'accept' : 'override', status, reason: accepts ? null : reason, note: of('Note'), evidence: [],
      round: 'first', by, at: null, stands: true,
    })
  }
  return out
}

const IDS = ['met', 'partial', 'not-met', 'unclear', 'not-applicable', 'clear', 'triggered', 'applies', 'set-aside', 'supported', 'insufficient-documentation', 'not-supported', 'needs-review'] as const

function statusFor(row: WorksheetRow, said: string): string | null {
  const choice = row.choices.find((c) => c.toLowerCase() === said)
  return choice === undefined ? null : IDS.find((id) => wordsOf(id) === choice) ?? null
}
