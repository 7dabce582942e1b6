// Blocks → running text with its regions. May not: read XML, decide what is shown.
import type { Region } from './document.ts'
import type { Block, Paragraph, Row, Table, TextBox } from './docx-story.ts'

export interface Writer {
  /** The blocks, each line ended by `\n`; all of them as one region where `kind` is given. */
  readonly write: (blocks: readonly Block[], kind?: Region['kind']) => void
  readonly text: () => string
  /** Sorted by start, the longer first. */
  readonly regions: () => Region[]
}

/** More paragraphs than this in one cell: the table is there for the layout. */
const CELL_PARAGRAPHS = 3
const HEADING_LENGTH = 90

export function openWriter(): Writer {
  const parts: string[] = []
  const regions: Region[] = []
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
    } else if (!blank && one.boxes.length === 0) line('')
    for (const box of one.boxes) textBox(box)
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
    for (const block of all) {
      if (block.kind === 'paragraph') paragraph(block)
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
        for (const cell of held) blocks(cell.filter(block => block.kind !== 'paragraph' || block.text !== '' || block.boxes.length > 0))
        return
      }
      const texts = held.map(cellText)
      // Empty cells stay: a label without an answer must be seen as one.
      if (texts.some(t => t !== '')) {
        const text = texts.join('\t')
        const start = line(text)
        regions.push({ kind: 'table-row', start, end: start + text.length, table, row: row.index })
      }
      for (const cell of held) for (const block of cell) if (block.kind === 'paragraph') for (const box of block.boxes) textBox(box)
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
  }
}

const isLayout = (cell: readonly Block[]): boolean =>
  cell.some(block => block.kind === 'table') || cell.filter(block => block.kind === 'paragraph' && block.text !== '').length > CELL_PARAGRAPHS

const cellText = (cell: readonly Block[]): string =>
  cell.map(block => block.kind === 'paragraph' ? block.text.replaceAll('\n', ' ') : '').filter(text => text !== '').join(' ')

function isHeading(one: Paragraph): boolean {
  if (one.look === 'plain' || one.text.includes('\n') || !/\p{L}/u.test(one.text)) return false
  if (one.look === 'style') return one.text.length <= 2 * HEADING_LENGTH
  // Bold sentences, and bold labels with their value, are text.
  return one.text.length <= HEADING_LENGTH && !/[.;,]$/.test(one.text) && !/:\s*[^\s:]/.test(one.text)
}
