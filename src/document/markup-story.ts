// Elements of HTML or of a C-CDA narrative, one after the other → blocks as a reader sees them. May not: parse mark-up, follow links, load anything.
import type { Block, Paragraph, Row, Table } from './docx-story.ts'
import { BLANK } from './docx-story.ts'

export interface MarkupStory {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly text: (chunk: string) => void
  readonly close: (name: string) => void
  /** Ends whatever is still open. */
  readonly blocks: () => readonly Block[]
  readonly title: () => string
}

/** A line that ends a paragraph when it opens and when it closes. */
const BLOCKS = new Set([
  'p', 'div', 'section', 'article', 'main', 'header', 'footer', 'aside', 'nav', 'blockquote', 'address', 'center', 'form', 'fieldset', 'legend', 'figure', 'figcaption', 'ul', 'ol', 'li',
  'dir', 'menu', 'hr', 'body', 'html', 'details', 'summary', 'hgroup', 'paragraph', 'list', 'item', 'caption', 'text', 'footnote', 'linkhtml', 'noscript',
])
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** Nothing in them is shown. */
const UNSEEN = new Set(['script', 'style', 'template', 'head', 'svg', 'math', 'object', 'embed', 'iframe', 'audio', 'video', 'canvas', 'map', 'datalist', 'del', 'button', 'noframes', 'select'])
const BOLD = new Set(['b', 'strong', 'th', 'dt'])
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'area', 'base', 'col', 'embed', 'source', 'track', 'wbr', 'rendermultimedia'])
/** Deeper than any file is let in. */
const DEEPEST = 3000
const MOST_SPAN = 100

interface Draft { text: string; visible: number; bold: number; pictures: string[] }
interface Grid {
  readonly rows: Row[]
  cells: (readonly Block[])[]
  /** For each column: rows that a cell from above still covers. */
  readonly covered: number[]
  /** A list of terms makes its own rows. */
  readonly terms: boolean
  span: number
}
interface Container { readonly blocks: Block[]; draft: Draft | null }

export function openMarkup(): MarkupStory {
  const path: { name: string; bold: boolean; heading: boolean; pre: boolean; unseen: boolean; opened: 'cell' | 'table' | 'row' | 'select' | null }[] = []
  const containers: Container[] = [{ blocks: [], draft: null }]
  const grids: Grid[] = []
  let unseen = 0
  let bold = 0
  let heading = 0
  let pre = 0
  let title = ''
  let choices: { chosen: string; first: string; current: { text: string; chosen: boolean } | null } | null = null

  const here = (): Container => containers[containers.length - 1] as Container
  const draft = (): Draft => (here().draft ??= { text: '', visible: 0, bold: 0, pictures: [] })
  const finish = (): void => {
    const container = here()
    const done = container.draft
    container.draft = null
    if (done === null) return
    const text = done.text.replace(/ *\n */g, '\n').replace(/^[\s]+|[\s]+$/g, '')
    if (text === '' && done.pictures.length === 0) return
    const look: Paragraph['look'] = heading > 0 ? 'style' : done.visible > 0 && done.bold === done.visible && path[path.length - 1]?.name !== 'th' ? 'bold' : 'plain'
    container.blocks.push({ kind: 'paragraph', text, look, boxes: [], ...(done.pictures.length > 0 && { pictures: done.pictures }) })
  }
  const put = (text: string): void => {
    if (text === '') return
    const to = draft()
    const glued = /^ /.test(text) && (to.text === '' || /[ \n]$/.test(to.text)) ? text.slice(1) : text
    to.text += glued
    const count = glued.trim().length
    to.visible += count
    if (bold > 0) to.bold += count
  }
  const lines = (chunk: string): void => {
    const last = here().blocks[here().blocks.length - 1]
    // The parser may hand one stretch over in parts; within it nothing else stands.
    if (last?.kind === 'lines' && here().draft === null && openLines) here().blocks[here().blocks.length - 1] = { kind: 'lines', text: last.text + chunk }
    else {
      finish()
      here().blocks.push({ kind: 'lines', text: chunk.replace(/^\n/, '') })
      openLines = true
    }
  }
  let openLines = false

  const endRow = (grid: Grid): void => {
    if (grid.cells.length > 0) grid.rows.push({ index: grid.rows.length, cells: grid.cells })
    grid.cells = []
    for (let column = 0; column < grid.covered.length; column++) if ((grid.covered[column] as number) > 0) grid.covered[column] = (grid.covered[column] as number) - 1
  }
  /** Cells that stand in this row but began above are there, and empty. */
  const fillCovered = (grid: Grid): void => {
    while ((grid.covered[grid.cells.length] ?? 0) > 0) grid.cells.push([])
  }
  const beginCell = (grid: Grid, attributes: Readonly<Record<string, string>>): void => {
    fillCovered(grid)
    const span = Math.min(MOST_SPAN, Number(attributes['rowspan']) || 1)
    if (span > 1) grid.covered[grid.cells.length] = span
    grid.span++
    containers.push({ blocks: [], draft: null })
  }
  const endCell = (grid: Grid): void => {
    finish()
    grid.cells.push((containers.pop() as Container).blocks)
  }

  const open = (raw: string, attributes: Readonly<Record<string, string>>): void => {
    const name = raw.toLowerCase()
    if (path.length >= DEEPEST) return
    if (VOID.has(name)) {
      if (unseen === 0) single(name, attributes)
      return
    }
    const state: (typeof path)[number] = { name, bold: false, heading: false, pre: false, unseen: false, opened: null }
    path.push(state)
    openLines = false
    if (name === 'select' && unseen === 0) {
      choices = { chosen: '', first: '', current: null }
      state.opened = 'select'
    }
    if (name === 'option' && choices !== null) choices.current = { text: '', chosen: attributes['selected'] !== undefined }
    if (UNSEEN.has(name) || attributes['hidden'] !== undefined || isHidden(attributes['style'])) {
      state.unseen = true
      unseen++
    }
    if (unseen > 0) return
    if (BOLD.has(name) || /\bbold\b/i.test(attributes['stylecode'] ?? attributes['styleCode'] ?? '') || /font-weight:\s?(?:bold|[6-9]00)/i.test(attributes['style'] ?? '')) {
      state.bold = true
      bold++
    }
    if (HEADINGS.has(name)) {
      finish()
      state.heading = true
      heading++
    } else if (name === 'pre' || name === 'textarea' || name === 'xmp' || name === 'listing') {
      finish()
      state.pre = true
      pre++
    } else if (name === 'table' || name === 'dl') {
      finish()
      grids.push({ rows: [], cells: [], covered: [], terms: name === 'dl', span: 0 })
      state.opened = 'table'
    } else if (name === 'tr') {
      state.opened = 'row'
    } else if (name === 'td' || name === 'th' || name === 'dt' || name === 'dd') {
      const grid = grids[grids.length - 1]
      if (grid === undefined) finish()
      else {
        if (name === 'dt' && grid.cells.length > 0) endRow(grid)
        beginCell(grid, attributes)
        state.opened = 'cell'
      }
    } else if (BLOCKS.has(name)) finish()
  }

  const single = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (name === 'br') {
      if (pre > 0) lines('\n')
      else put('\n')
    } else if (name === 'hr') finish()
    else if (name === 'img' || name === 'rendermultimedia') {
      const source = attributes['src'] ?? attributes['referencedobject'] ?? attributes['referencedObject']
      if (source !== undefined && source !== '') draft().pictures.push(source)
    } else if (name === 'input') {
      const type = (attributes['type'] ?? 'text').toLowerCase()
      if (type === 'checkbox' || type === 'radio') put(attributes['checked'] === undefined ? '☐ ' : '☒ ')
      else if (/^(?:text|date|time|number|tel|email|datetime-local|month)$/.test(type)) put(` ${(attributes['value'] ?? '').trim() || BLANK} `)
    }
  }

  const close = (raw: string): void => {
    const name = raw.toLowerCase()
    if (VOID.has(name)) return
    const state = path[path.length - 1]
    if (state?.name !== name) return
    openLines = false
    if (name === 'option' && choices !== null && choices.current !== null) {
      const { text, chosen } = choices.current
      if (chosen) choices.chosen ||= text
      choices.first ||= text
      choices.current = null
    }
    if (unseen === 0) {
      if (state.opened === 'cell') endCell(grids[grids.length - 1] as Grid)
      else if (state.opened === 'row') {
        const grid = grids[grids.length - 1]
        if (grid !== undefined) {
          fillCovered(grid)
          endRow(grid)
        }
      } else if (state.opened === 'table') {
        const grid = grids.pop() as Grid
        endRow(grid)
        finish()
        const table: Table = { kind: 'table', rows: grid.rows }
        if (grid.rows.length > 0) here().blocks.push(table)
      } else if (BLOCKS.has(name) || state.heading || state.pre) finish()
    }
    path.pop()
    if (state.unseen) unseen--
    if (state.bold) bold--
    if (state.heading) heading--
    if (state.pre) pre--
    if (state.opened === 'select' && choices !== null) {
      const { chosen, first } = choices
      choices = null
      put(` ${(chosen || first).trim() || BLANK} `)
    }
  }

  const text = (chunk: string): void => {
    if (choices?.current) choices.current.text += chunk
    const inside = path[path.length - 1]?.name
    if (inside === 'title' && path.some((each) => each.name === 'head')) title += chunk
    if (unseen > 0) return
    // Between rows and cells nothing is shown.
    if ((inside === 'table' || inside === 'tr' || inside === 'tbody' || inside === 'thead' || inside === 'dl') && chunk.trim() === '') return
    if (pre > 0) {
      lines(chunk.replace(/\r\n?/g, '\n'))
      return
    }
    put(chunk.replace(/\u00a0/g, ' ').replace(/[ \t\r\n\f]+/g, ' '))
  }

  return {
    open, text, close, title: () => title.replace(/\s+/g, ' ').trim(),
    blocks: () => {
      while (path.length > 0) close((path[path.length - 1] as { name: string }).name)
      while (containers.length > 1) {
        const inner = containers.pop() as Container
        here().blocks.push(...inner.blocks)
      }
      finish()
      return here().blocks
    },
  }
}

const isHidden = (style: string | undefined): boolean => style !== undefined && /display:\s?none|visibility:\s?hidden|font-size:\s?0(?:[;p]|$)|opacity:\s?0(?:;|$)/i.test(style)
