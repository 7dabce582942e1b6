// Rows → an XLSX workbook, written as they come. May not: hold the rows; let a text be taken for a formula.
// The packing is fflate's. The parts are the least that ECMA-376 asks for; libraries that write workbooks hold every cell until the end.
import { Zip, ZipDeflate, ZipPassThrough, strToU8 } from 'fflate'
import type { Cell, Column } from './result-tables.ts'

/** Rows of a sheet that spreadsheets open, the headings among them. */
export const MOST_ROWS = 1_048_576
/** Characters of a cell, likewise. */
const MOST_CHARACTERS = 32_767
const PIECE = 1 << 16
const LEVEL = 4

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Characters that XML 1.0 has not are left out. */
const esc = (value: string): string => value.slice(0, MOST_CHARACTERS).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (c) => ESCAPES[c] as string)

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>`
  + '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
  + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
  + '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
  + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'

export interface SheetWriter { readonly add: (rows: readonly (readonly Cell[])[]) => void }

export interface WorkbookWriter {
  /** A table longer than a sheet goes on in a further one. */
  readonly sheet: (name: string, columns: readonly Column[]) => SheetWriter
  readonly close: () => void
}

/** `take` is given the bytes in order; packed bytes of sheets other than the first opened wait until it is closed. `order`: how the sheets stand in the workbook. */
export function workbookWriter(take: (bytes: Uint8Array) => void, order: readonly string[] = [], mostRows = MOST_ROWS): WorkbookWriter {
  const zip = new Zip((error, bytes) => {
    if (error) throw error
    take(bytes)
  })
  const names: string[] = []
  const place = (name: string): number => (order.includes(name.replace(/ \d+$/, '')) ? order.indexOf(name.replace(/ \d+$/, '')) : order.length)
  const open: (() => void)[] = []

  const part = (path: string, content: string): void => {
    const file = new ZipPassThrough(path)
    zip.add(file)
    file.push(strToU8(content), true)
  }

  const begin = (name: string, columns: readonly Column[]): { write: (row: readonly Cell[]) => void; rows: () => number; end: () => void } => {
    names.push(name)
    const letter = columns.map((_, i) => letters(i + 1))
    const file = new ZipDeflate(`xl/worksheets/sheet${names.length}.xml`, { level: LEVEL })
    zip.add(file)
    let rows = 1
    let pending = `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
      + `<cols>${columns.map((c, i) => `<col min="${i + 1}" max="${i + 1}" width="${c.width}" customWidth="1"/>`).join('')}</cols><sheetData><row r="1">${columns.map((c, i) => `<c r="${letter[i] as string}1" t="inlineStr" s="1"><is><t>${esc(c.name)}</t></is></c>`).join('')}</row>`
    const flush = (last: boolean): void => {
      file.push(strToU8(pending), last)
      pending = ''
    }
    return {
      rows: () => rows,
      write: (row) => {
        rows++
        pending += `<row r="${rows}">${columns.map((c, i) => cellXml(row[i] ?? null, c, `${letter[i] as string}${rows}`)).join('')}</row>`
        if (pending.length > PIECE) flush(false)
      },
      end: () => {
        pending += `</sheetData><autoFilter ref="A1:${letters(columns.length)}${rows}"/></worksheet>`
        flush(true)
      },
    }
  }

  return {
    sheet: (name, columns) => {
      let current = begin(name, columns)
      let parts = 1
      open.push(() => current.end())
      return {
        add: (rows) => {
          for (const row of rows) {
            if (current.rows() >= mostRows) {
              current.end()
              current = begin(`${name} ${++parts}`, columns)
            }
            current.write(row)
          }
        },
      }
    },
    close: () => {
      for (const end of open) end()
      part('[Content_Types].xml', `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
        + `<Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>`
        + `${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`).join('')}</Types>`)
      part('_rels/.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
      part('xl/workbook.xml', `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${names.map((name, i) => ({ name, i })).sort((a, b) => place(a.name) - place(b.name) || a.i - b.i).map(({ name, i }) => `<sheet name="${esc(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`)
      part('xl/_rels/workbook.xml.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId${names.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`)
      part('xl/styles.xml', STYLES)
      zip.end()
    },
  }
}

/** Text is always written as text: nothing that begins with = is ever run. */
function cellXml(value: Cell, column: Column, at: string): string {
  if (value === null || value === '') return ''
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`
  if (typeof value === 'number') return Number.isFinite(value) ? `<c r="${at}"${column.kind === 'amount' ? ' s="2"' : ''}><v>${value}</v></c>` : ''
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${esc(value)}</t></is></c>`
}

function letters(columns: number): string {
  let out = ''
  for (let n = columns; n > 0; n = Math.floor((n - 1) / 26)) out = String.fromCharCode(65 + ((n - 1) % 26)) + out
  return out
}
