// Blocks → running text with its regions. May not: read XML, decide what is shown.
import type { Region } from './document.ts'
import type { Block, Paragraph, Row, Table, TextBox } from './docx-story.ts'
import { layColumns } from './text-columns.ts'

/** A picture and where its text belongs: at the start of a line. */
export interface PlacedPicture {
  readonly at: number
  readonly name: string
}

export interface Writer {
  /** The blocks, each line ended by `\n`; all of them as one region where `kind` is given. */
  readonly write: (blocks: readonly Block[], kind?: Region['kind']) => void
  readonly text: () => string
  /** Sorted by start, the longer first. */
  readonly regions: () => Region[]
  /** In order. */
  readonly pictures: () => readonly PlacedPicture[]
}

/** More paragraphs than this in one cell: the table is there for the layout. */
const CELL_PARAGRAPHS = 3
const HEADING_LENGTH = 90
/** A tab within a line of text. */
const STRAY_TAB = '   '

/** `tabTables`: paragraphs below each other that are set in columns by tabs are rows of a table. */
export function openWriter(tabTables = false): Writer {
  const parts: string[] = []
  const regions: Region[] = []
  const pictures: PlacedPicture[] = []
  let length = 0
  let tables = 0
  let blank = true
  /** Headings of headers, notes and comments are none of the document. */
  let headings = true

  const line = (text: string): number => {
    const start = length
    parts.push(text, '\n')
    length += text.length + 1
    blank = text === ''
    return start
  }
  const paragraph = (one: Paragraph): void => {
    if (one.text !== '') {
      const start = line(one.text)
      if (headings && isHeading(one)) regions.push({ kind: 'heading', start, end: start + one.text.length })
    } else if (!blank && one.boxes.length === 0 && one.pictures === undefined) line('')
    for (const name of one.pictures ?? []) pictures.push({ at: length, name })
    for (const box of one.boxes) textBox(box)
  }
  const lines = (text: string): void => {
    const laid = layColumns(text.split('\n'))
    for (const each of laid.regions) regions.push({ ...each, start: each.start + length, end: each.end + length, ...(each.table === undefined ? {} : { table: each.table + tables }) })
    tables += laid.tables
    parts.push(laid.text)
    length += laid.text.length
    blank = laid.text.endsWith('\n\n')
  }
  const textBox = (box: TextBox): void => region('text-box', () => blocks(box.blocks))
  const region = (kind: Region['kind'], inner: () => void): void => {
    const before = length
    blank = true
    inner()
    // Without the end of its last line.
    if (length - 1 > before) regions.push({ kind, start: before, end: length - 1 })
  }
  const blocks = (all: readonly Block[]): void => {
    let tabbedUntil = 0
    for (const [index, block] of all.entries()) {
      if (index < tabbedUntil) continue
      if (tabTables && (tabbedUntil = endOfTabbed(all, index)) > index + 1) {
        const number = tables++
        for (let row = index; row < tabbedUntil; row++) {
          const text = (all[row] as Paragraph).text
          const start = line(text)
          regions.push({ kind: 'table-row', start, end: start + text.length, table: number, row: row - index })
        }
      } else if (block.kind === 'paragraph') paragraph(tabTables ? { ...block, text: block.text.replaceAll('\t', STRAY_TAB) } : block)
      else if (block.kind === 'lines') lines(block.text)
      else if (block.kind === 'text-box') textBox(block)
      else table(block)
    }
  }
  const table = (one: Table): void => {
    if (one.rows.every(row => row.cells.length <= 1)) {
      for (const row of one.rows) for (const cell of row.cells) blocks(cell)
      return
    }
    const number = tables++
    for (const row of one.rows) tableRow(row, number)
  }
  const tableRow = (row: Row, table: number): void => {
    let cells: (readonly Block[])[] = []
    const flush = (whole: boolean): void => {
      const held = cells
      cells = []
      // The one cell beside a layout is the layout's label.
      if (!whole && held.filter(cell => cellText(cell) !== '').length <= 1) {
        for (const cell of held) blocks(cell.filter(block => block.kind !== 'paragraph' || block.text !== '' || block.boxes.length > 0 || (block.pictures ?? []).length > 0))
        return
      }
      const texts = held.map(cellText)
      // Empty cells stay: a label without an answer must be seen as one.
      if (texts.some(t => t !== '')) {
        const text = texts.join('\t')
        const start = line(text)
        regions.push({ kind: 'table-row', start, end: start + text.length, table, row: row.index })
      }
      for (const cell of held) for (const block of cell) if (block.kind === 'paragraph') {
        for (const name of block.pictures ?? []) pictures.push({ at: length, name })
        for (const box of block.boxes) textBox(box)
      }
    }
    let whole = true
    for (const cell of row.cells) {
      if (!isLayout(cell)) {
        cells.push(cell)
        continue
      }
      whole = false
      flush(false)
      blocks(cell)
    }
    flush(whole)
  }
  return {
    write(all, kind) {
      headings = kind === undefined
      if (kind === undefined) blocks(all)
      else region(kind, () => blocks(all))
      headings = true
    },
    text: () => parts.join(''),
    regions: () => [...regions].sort((a, b) => a.start - b.start || b.end - a.end),
    pictures: () => pictures,
  }
}

const isLayout = (cell: readonly Block[]): boolean =>
  cell.some(block => block.kind === 'table') || cell.filter(block => (block.kind === 'paragraph' || block.kind === 'lines') && block.text !== '').length > CELL_PARAGRAPHS

/** End of the run of paragraphs set in columns by tabs; `from + 1` at most where none begins. */
function endOfTabbed(all: readonly Block[], from: number): number {
  let end = from
  for (let block = all[end]; block?.kind === 'paragraph' && block.look !== 'style' && block.text.includes('\t') && !block.text.includes('\n') && block.boxes.length === 0 && (block.pictures ?? []).length === 0; block = all[end]) end++
  return Math.max(from + 1, end)
}

const cellText = (cell: readonly Block[]): string =>
  cell.map(block => block.kind === 'paragraph' || block.kind === 'lines' ? block.text.replace(/[\n\t]/g, ' ').trim() : '').filter(text => text !== '').join(' ')

function isHeading(one: Paragraph): boolean {
  if (one.look === 'plain' || one.text.includes('\n') || !/\p{L}/u.test(one.text)) return false
  if (one.look === 'style') return one.text.length <= 2 * HEADING_LENGTH
  // Bold sentences, and bold labels with their value, are text.
  return one.text.length <= HEADING_LENGTH && !/[.;,]$/.test(one.text) && !/:\s*[^\s:]/.test(one.text)
}
