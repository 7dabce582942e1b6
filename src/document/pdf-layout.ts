// Words of a page → lines in reading order: columns of prose one after the other, rows of tables as rows. May not: read files, know of other pages.
import type { Rectangle } from './pdf-engine.ts'
import type { Word } from './pdf-words.ts'

export interface Line extends Rectangle {
  /** One entry for each cell; more than one where the line has wide gaps. */
  readonly cells: readonly (readonly Word[])[]
  /** Index of the table on the page and row in it, or -1. */
  readonly table: number
  readonly row: number
  readonly size: number
  readonly bold: boolean
}

interface Row extends Rectangle {
  readonly words: readonly Word[]
  readonly middle: number
  readonly size: number
  /** Index in `words` at which each segment begins; segments stand more than 1.5 em apart. */
  readonly segments: readonly Segment[]
}

interface Segment {
  readonly left: number
  readonly right: number
  readonly words: readonly Word[]
}

const EM = 0.85
const MAX_ROWS_FOR_COLUMNS = 400

export function layOut(words: readonly Word[], rules: readonly Rectangle[]): readonly Line[] {
  const blocks: (readonly Row[])[] = []
  splitColumns(rowsOf(words), rules, blocks, 0)
  const lines: Line[] = []
  let tables = 0
  for (const block of blocks) {
    for (const line of linesOf(block, rules, tables)) {
      if (line.table >= tables) tables = line.table + 1
      lines.push(line)
    }
  }
  return lines
}

// --- rows ---------------------------------------------------------------------------------------------------------

function rowsOf(words: readonly Word[]): readonly Row[] {
  const sorted = [...words].sort((a, b) => a.top + a.bottom - b.top - b.bottom || a.left - b.left || a.order - b.order)
  const groups: { words: Word[]; middle: number; height: number }[] = []
  for (const word of sorted) {
    const middle = (word.top + word.bottom) / 2
    const height = word.bottom - word.top
    let best = null
    for (let index = groups.length - 1; index >= Math.max(0, groups.length - 4); index--) {
      const group = groups[index] as (typeof groups)[number]
      if (Math.abs(middle - group.middle) <= 0.45 * Math.min(height, group.height)) {
        best = group
        break
      }
    }
    if (best === null) groups.push({ words: [word], middle, height })
    else {
      best.words.push(word)
      // The widest words tell where the row stands, so that a stray mark cannot pull it along.
      best.middle += (middle - best.middle) / best.words.length
    }
  }
  return raiseScripts(groups.map((group) => group.words)).map(rowOf).sort((a, b) => a.middle - b.middle || a.left - b.left)
}

/** Small raised or lowered words (powers, footnote marks) go to the row beside whose words they stand. */
function raiseScripts(groups: Word[][]): Word[][] {
  const heights = groups.map((group) => median(group.map((word) => word.bottom - word.top)))
  const tops = groups.map((group) => Math.min(...group.map((word) => word.top)))
  const bottoms = groups.map((group) => Math.max(...group.map((word) => word.bottom)))
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index] as Word[]
    if (group.length > 6) continue
    for (const near of [index - 1, index + 1]) {
      const host = groups[near]
      if (host === undefined || host.length === 0 || (heights[index] as number) > 0.8 * (heights[near] as number)) continue
      const height = heights[index] as number
      if (Math.min(bottoms[index] as number, bottoms[near] as number) - Math.max(tops[index] as number, tops[near] as number) < 0.45 * height) continue
      const touching = group.every((word) => host.some((other) => word.left - other.right < 0.3 * height && word.left - other.right > -0.5 * height))
      if (!touching) continue
      host.push(...group)
      groups[index] = []
      break
    }
  }
  return groups.filter((group) => group.length > 0)
}

function rowOf(unsorted: readonly Word[]): Row {
  const words = [...unsorted].sort((a, b) => a.left - b.left || a.order - b.order)
  const size = median(words.map((word) => word.size))
  const segments: Segment[] = []
  let current: Word[] = []
  let right = -Infinity
  for (const word of words) {
    if (current.length > 0 && word.left - right > 1.5 * EM * size) {
      segments.push(segmentOf(current))
      current = []
    }
    current.push(word)
    right = current.length === 1 ? word.right : Math.max(right, word.right)
  }
  if (current.length > 0) segments.push(segmentOf(current))
  const box = boxOf(words)
  return { left: box.left, top: box.top, right: box.right, bottom: box.bottom, words, segments, size, middle: median(words.map((word) => (word.top + word.bottom) / 2)) }
}

function segmentOf(words: readonly Word[]): Segment {
  const { left, right } = boxOf(words)
  return { words, left, right }
}

// --- columns of prose ---------------------------------------------------------------------------------------------

/** Cuts where text runs in columns: what stands above, the left column, the right column, what stands below. */
function splitColumns(rows: readonly Row[], rules: readonly Rectangle[], into: (readonly Row[])[], depth: number): void {
  const band = depth < 6 && rows.length >= 6 && rows.length <= MAX_ROWS_FOR_COLUMNS ? findColumns(rows, rules) : null
  if (band === null) {
    if (rows.length > 0) into.push(rows)
    return
  }
  splitColumns(rows.slice(0, band.from), rules, into, depth + 1)
  const inside = rows.slice(band.from, band.to)
  const words = inside.flatMap((row) => row.words)
  splitColumns(rowsOf(words.filter((word) => (word.left + word.right) / 2 < band.at)), rules, into, depth + 1)
  splitColumns(rowsOf(words.filter((word) => (word.left + word.right) / 2 >= band.at)), rules, into, depth + 1)
  splitColumns(rows.slice(band.to), rules, into, depth + 1)
}

function findColumns(rows: readonly Row[], rules: readonly Rectangle[]): { readonly from: number; readonly to: number; readonly at: number } | null {
  const tried: { from: number; to: number; left: number; right: number }[] = []
  let best: { from: number; to: number; at: number; words: number } | null = null
  for (let index = 0; index < rows.length; index++) {
    for (const gap of gapsAt(rows, index)) {
      if (tried.some((done) => index >= done.from && index < done.to && Math.min(done.right, gap.right) - Math.max(done.left, gap.left) > 0.5 * (done.right - done.left))) continue
      const band = growBand(rows, index, gap)
      tried.push(band)
      const at = (band.left + band.right) / 2
      if (!isProse(rows, band.from, band.to, at, rules)) continue
      let words = 0
      for (let row = band.from; row < band.to; row++) words += (rows[row] as Row).words.length
      if (best === null || words > best.words) best = { from: band.from, to: band.to, at, words }
    }
  }
  return best
}

interface Gap {
  readonly left: number
  readonly right: number
}

/** Free strips of a row, and between two rows that stand side by side without sharing a baseline. */
function gapsAt(rows: readonly Row[], index: number): readonly Gap[] {
  const row = rows[index] as Row
  const gaps: Gap[] = []
  let right = -Infinity
  for (const word of row.words) {
    if (right > -Infinity && word.left - right > EM * row.size) gaps.push({ left: right, right: word.left })
    right = Math.max(right, word.right)
  }
  const next = rows[index + 1]
  if (next !== undefined && Math.min(row.bottom, next.bottom) - Math.max(row.top, next.top) > 0.2 * row.size) {
    if (next.left - row.right > 0.5 * row.size) gaps.push({ left: row.right, right: next.left })
    else if (row.left - next.right > 0.5 * row.size) gaps.push({ left: next.right, right: row.left })
  }
  return gaps
}

function growBand(rows: readonly Row[], index: number, gap: Gap): { from: number; to: number; left: number; right: number } {
  let { left, right } = gap
  let from = index
  let to = index
  const take = (row: Row): boolean => {
    // The strip shrinks to what stays free; a row wholly on one side leaves it as it is.
    let newLeft = left
    let newRight = right
    const centre = (left + right) / 2
    for (const word of row.words) {
      if (word.right <= left || word.left >= right) continue
      if ((word.left + word.right) / 2 < centre) newLeft = Math.max(newLeft, word.right)
      else newRight = Math.min(newRight, word.left)
    }
    if (newRight - newLeft < 0.7 * EM * row.size) return false
    left = newLeft
    right = newRight
    return true
  }
  while (to < rows.length && take(rows[to] as Row)) to++
  while (from > 0 && take(rows[from - 1] as Row)) from--
  return { from, to: Math.max(to, index + 1), left, right }
}

interface Side {
  readonly lines: number
  readonly characters: number
  /** Lines nearly as wide as the column. */
  readonly full: number
  /** Lines with a wide gap inside. */
  readonly gapped: number
}

function measureSide(lines: readonly { readonly left: number; readonly right: number; readonly characters: number; readonly segments: number }[]): Side {
  const left = Math.min(...lines.map((line) => line.left))
  const right = Math.max(...lines.map((line) => line.right))
  return {
    lines: lines.length, characters: lines.reduce((sum, line) => sum + line.characters, 0),
    full: lines.filter((line) => line.right - line.left > 0.7 * (right - left)).length, gapped: lines.filter((line) => line.segments > 1).length,
  }
}

function isProse(rows: readonly Row[], from: number, to: number, at: number, rules: readonly Rectangle[]): boolean {
  if (to - from < 4) return false
  const sides: { left: number; right: number; characters: number; segments: number }[][] = [[], []]
  let top = Infinity
  let bottom = -Infinity
  for (let index = from; index < to; index++) {
    const row = rows[index] as Row
    top = Math.min(top, row.top)
    bottom = Math.max(bottom, row.bottom)
    for (const side of [0, 1] as const) {
      const words = row.words.filter((word) => ((word.left + word.right) / 2 < at) === (side === 0))
      if (words.length === 0) continue
      let segments = 1
      let right = (words[0] as Word).right
      for (const word of words) {
        if (word.left - right > 1.5 * EM * row.size) segments++
        right = Math.max(right, word.right)
      }
      sides[side]?.push({ left: (words[0] as Word).left, right, segments, characters: words.reduce((sum, word) => sum + word.text.length + 1, -1) })
    }
  }
  const [a, b] = sides.map(measureSide) as [Side, Side]
  if (a.lines < 4 || b.lines < 4) return false
  const prose = (side: Side): boolean => side.characters >= 22 * side.lines && side.full >= 0.5 * side.lines && side.gapped <= 0.25 * side.lines
  const solid = (side: Side): boolean => side.lines >= 10 && side.characters >= 35 * side.lines && side.full >= 0.7 * side.lines && side.gapped <= 0.1 * side.lines
  // A column of running text beside figures or listings; labels beside running text are a table.
  const uneven = (solid(a) && b.characters >= 0.25 * a.characters) || (solid(b) && a.characters >= 0.4 * b.characters)
  if (!(prose(a) && prose(b)) && !uneven) return false
  // Lines drawn across the gap at several heights: cells, not columns.
  const crossing = new Set<number>()
  for (const rule of rules) if (rule.left < at - 4 && rule.right > at + 4 && rule.top > top && rule.bottom < bottom) crossing.add(Math.round(rule.top / 4))
  if (crossing.size >= 3) return false
  const edges = [new Set<number>(), new Set<number>()]
  for (const rule of rules) if (rule.top > top && rule.bottom < bottom && rule.right - rule.left > 30) edges[rule.right <= at + 4 ? 0 : 1]?.add(Math.round(rule.top / 4))
  const both = [...(edges[0] as Set<number>)].filter((height) => edges[1]?.has(height)).length
  return both < 3
}

// --- lines and tables ---------------------------------------------------------------------------------------------

function linesOf(rows: readonly Row[], rules: readonly Rectangle[], firstTable: number): readonly Line[] {
  const lines: Line[] = []
  let table = firstTable
  let index = 0
  while (index < rows.length) {
    const end = tableEnd(rows, index)
    if (end - index >= 2) {
      const made = tableLines(rows.slice(index, end), rules, table)
      if (made !== null) {
        const above = rows[index - 1]
        const first = rows[index] as Row
        const [top, ...body] = made as [Line, ...Line[]]
        const own = body.some((line) => line.cells.length > top.cells.length) && top.cells.flat().length === first.words.length ? headCells(first, rows[index + 1] as Row, body) : null
        const head = own === null && above !== undefined && lines.at(-1)?.table === -1 ? headCells(above, first, made) : null
        if (head !== null) lines.splice(-1, 1, lineOf(head, table, 0), ...made.map((line) => ({ ...line, row: line.row + 1 })))
        else if (own !== null) lines.push(lineOf(own, table, 0), ...body)
        else lines.push(...made)
        table++
        index = end
        continue
      }
    }
    lines.push(plainLine(rows[index] as Row))
    index++
  }
  return lines
}

function plainLine(row: Row): Line {
  const cells: Word[][] = []
  let right = -Infinity
  for (const word of row.words) {
    if (cells.length === 0 || word.left - right > 2 * EM * row.size) cells.push([])
    cells[cells.length - 1]?.push(word)
    right = Math.max(right, word.right)
  }
  return lineOf(cells, -1, -1)
}

/** End (exclusive) of the longest run of rows from `start` that keep to the same columns. */
function tableEnd(rows: readonly Row[], start: number): number {
  const first = rows[start] as Row
  if (first.segments.length < 2) return start + 1
  const columns: { left: number; right: number }[] = first.segments.map((segment) => ({ left: segment.left, right: segment.right }))
  let end = start + 1
  let lastFull = start
  let many = 1
  for (let index = start + 1; index < rows.length; index++) {
    const row = rows[index] as Row
    const above = rows[index - 1] as Row
    if (row.top - above.bottom > 2.2 * Math.max(row.size, above.size)) break
    const tolerance = 0.6 * EM * row.size
    const matches = row.segments.filter((segment) => columns.some((column) => aligned(segment, column, tolerance))).length
    if (row.segments.length >= 2 && matches >= 2 && matches >= 0.5 * row.segments.length) {
      for (const segment of row.segments) if (!columns.some((column) => overlap(segment, column) > 0)) columns.push({ left: segment.left, right: segment.right })
      end = index + 1
      lastFull = index
      many++
      continue
    }
    // Further printed lines of cells of the row above.
    const indented = row.left > Math.min(...columns.map((column) => column.left)) + tolerance
    const below = row.segments.every((segment) => columns.some((column) => Math.abs(segment.left - column.left) <= tolerance))
    if (below && (indented ? index - lastFull <= 6 : row.top - above.bottom < 0.12 * row.size && index - lastFull <= 2)) continue
    break
  }
  // Trailing continuation lines belong to the table only where they are indented to a later column.
  const left = Math.min(...columns.map((column) => column.left))
  let tail = end
  while (tail < rows.length && tail - lastFull <= 6) {
    const row = rows[tail] as Row
    const above = rows[tail - 1] as Row
    const tolerance = 0.6 * EM * row.size
    if (row.left <= left + tolerance || row.top - above.bottom > 0.6 * row.size) break
    if (!row.segments.every((segment) => columns.some((column) => Math.abs(segment.left - column.left) <= tolerance))) break
    tail++
  }
  return many >= 2 ? Math.max(end, tail) : start + 1
}

const overlap = (a: Gap, b: Gap): number => Math.min(a.right, b.right) - Math.max(a.left, b.left)

const aligned = (a: Gap, b: Gap, tolerance: number): boolean =>
  Math.abs(a.left - b.left) <= tolerance || Math.abs(a.right - b.right) <= tolerance || Math.abs(a.left + a.right - b.left - b.right) <= 2 * tolerance

function tableLines(rows: readonly Row[], rules: readonly Rectangle[], table: number): readonly Line[] | null {
  const size = median(rows.map((row) => row.size))
  // In a typewriter face a single space is as wide as a column's gap elsewhere.
  const space = spaceWidth(rows)
  const strips = freeStrips(rows.filter((row) => row.segments.length >= 2), Math.max(0.6 * EM * size, 1.4 * space))
  if (strips.length === 0) return null
  const columnOf = (x: number): number => {
    let column = 0
    while (column < strips.length && x >= (strips[column] as Gap).right - 0.01) column++
    return column
  }
  const split = rows.map((row) => {
    const cells: { column: number; words: Word[] }[] = []
    let right = -Infinity
    for (const word of row.words) {
      const column = columnOf(word.left)
      const last = cells[cells.length - 1]
      if (last === undefined || word.left - right > 1.5 * EM * row.size || (column !== last.column && word.left - right > Math.max(0.3 * EM * row.size, 1.2 * space))) cells.push({ column, words: [word] })
      else last.words.push(word)
      right = Math.max(right, word.right)
    }
    return cells
  })
  const groups = ruledGroups(rows, split, rules) ?? wrappedGroups(rows, split, strips)
  return groups.map((group, number) => {
    const byColumn = new Map<number, Word[][]>()
    // Two cells of one printed line may fall in one column: they stay two cells.
    for (const index of group) {
      const seen = new Map<number, number>()
      for (const cell of split[index] as { column: number; words: Word[] }[]) {
        const slot = seen.get(cell.column) ?? 0
        seen.set(cell.column, slot + 1)
        const list = byColumn.get(cell.column) ?? []
        byColumn.set(cell.column, list)
        if (list[slot] === undefined) list[slot] = [...cell.words]
        else (list[slot] as Word[]).push(...cell.words)
      }
    }
    const cells = [...byColumn.entries()].sort((a, b) => a[0] - b[0]).flatMap((entry) => entry[1])
    return lineOf(cells, table, number)
  })
}

/** Least columns of a table whose names may stand closer together than cells do. */
const HEAD_COLUMNS = 4

/**
 * The names of columns printed so close that they look like one sentence (`Date Fx Time in Beam on Beam off Dose`), divided as the columns below stand;
 * null for a line whose words do not keep to them.
 */
function headCells(above: Row, first: Row, body: readonly Line[]): readonly (readonly Word[])[] | null {
  const count = Math.max(...body.map((line) => line.cells.length))
  const full = body.filter((line) => line.cells.length === count)
  if (count < HEAD_COLUMNS || full.length < 2 || above.segments.length >= count || first.top - above.bottom > 1.2 * first.size || above.words.some((word) => /[.;]$/.test(word.text) && word.text.length > 4)) return null
  const columns = Array.from({ length: count }, (_, at) => {
    const words = full.flatMap((line) => line.cells[at] as readonly Word[])
    return { left: Math.min(...words.map((word) => word.left)), right: Math.max(...words.map((word) => word.right)) }
  })
  // A name begins where its column begins, ends where it ends, or stands in its middle; the words behind it go on with it.
  const tolerance = 0.6 * EM * above.size
  const cells: Word[][] = columns.map(() => [])
  let at = 0
  for (const word of above.words) {
    const next = columns.findIndex((column, k) => k >= at && (Math.abs(word.left - column.left) <= tolerance || Math.abs(word.right - column.right) <= tolerance || Math.abs(word.left + word.right - column.left - column.right) <= 2 * tolerance))
    if (next >= 0 && (next > at || cells[at]?.length === 0)) at = next
    else if (cells[at]?.length === 0) return null
    cells[at]?.push(word)
  }
  const named = cells.filter((cell) => cell.length > 0)
  return named.length === count && named.every((cell) => cell.length <= 4) ? named : null
}

/** The usual gap between two words of one segment. */
function spaceWidth(rows: readonly Row[]): number {
  const gaps: number[] = []
  for (const row of rows) for (const segment of row.segments) for (let i = 1; i < segment.words.length; i++) {
    const gap = (segment.words[i] as Word).left - (segment.words[i - 1] as Word).right
    if (gap > 0) gaps.push(gap)
  }
  return gaps.length === 0 ? 0 : median(gaps)
}

/** x-intervals free in every row, at least `width` wide. */
function freeStrips(rows: readonly Row[], width: number): readonly Gap[] {
  const words = rows.flatMap((row) => row.words).sort((a, b) => a.left - b.left)
  const strips: Gap[] = []
  let right = -Infinity
  for (const word of words) {
    if (right > -Infinity && word.left - right >= width) strips.push({ left: right, right: word.left })
    right = Math.max(right, word.right)
  }
  return strips
}

type Cells = readonly { readonly column: number; readonly words: readonly Word[] }[]

/** Rows as drawn lines part them, or null where the table is not ruled between its rows. */
function ruledGroups(rows: readonly Row[], split: readonly Cells[], rules: readonly Rectangle[]): readonly (readonly number[])[] | null {
  if (rules.length === 0) return null
  const left = Math.min(...rows.map((row) => row.left))
  const right = Math.max(...rows.map((row) => row.right))
  const groups: number[][] = []
  rows.forEach((row, index) => {
    const above = rows[index - 1]
    const parted = above === undefined || covered(rules, left, right, above.middle, row.middle) > 0.6
    if (parted) groups.push([index])
    else groups[groups.length - 1]?.push(index)
  })
  if (groups.length < 3 || groups.some((group) => group.length > 8) || groups.length < 0.25 * rows.length) return null
  // Several rows with as many cells as the columns between two lines are rows of their own.
  if (groups.some((group) => group.filter((index) => (split[index] as Cells).length >= 3).length > 2)) return null
  return groups
}

/** Share of `left` to `right` under drawn lines that stand between two heights. */
function covered(rules: readonly Rectangle[], left: number, right: number, above: number, below: number): number {
  const parts = rules.filter((rule) => rule.top > above && rule.bottom < below && rule.left < right && rule.right > left).sort((a, b) => a.left - b.left)
  let reach = left
  let total = 0
  for (const part of parts) {
    const from = Math.max(reach, part.left)
    const to = Math.min(right, part.right)
    if (to > from) {
      total += to - from
      reach = to
    }
  }
  return right > left ? total / (right - left) : 0
}

function wrappedGroups(rows: readonly Row[], split: readonly Cells[], strips: readonly Gap[]): readonly (readonly number[])[] {
  const leading: number[] = []
  rows.forEach((row, index) => {
    if (index > 0 && split[index]?.[0]?.column === 0) leading.push(row.middle - (rows[index - 1] as Row).middle)
  })
  const pitch = leading.length > 0 ? median(leading) : Infinity
  const groups: number[][] = []
  rows.forEach((row, index) => {
    const cells = split[index] as Cells
    const above = rows[index - 1]
    const group = groups[groups.length - 1]
    if (above === undefined || group === undefined || cells[0]?.column === 0) {
      groups.push([index])
      return
    }
    const tight = row.middle - above.middle < 0.85 * pitch && row.top - above.bottom < 0.5 * row.size
    const upper = group.flatMap((each) => split[each] as Cells)
    const wraps = cells.every((cell) => {
      const over = upper.filter((each) => each.column === cell.column).at(-1)
      const next = cell.words[0]
      if (over === undefined || next === undefined) return false
      const limit = strips[cell.column]?.right ?? Math.max(...rows.map((each) => each.right))
      const reach = Math.max(...over.words.map((word) => word.right))
      return reach + 0.25 * row.size + (next.right - next.left) > limit - 0.6 * row.size
    })
    if ((tight && row.top - above.bottom < 0.35 * row.size) || wraps) group.push(index)
    else groups.push([index])
  })
  return groups
}

function lineOf(cells: readonly (readonly Word[])[], table: number, row: number): Line {
  const words = cells.length === 1 ? (cells[0] as readonly Word[]) : cells.flat()
  let bold = 0
  let all = 0
  for (const word of words) {
    all += word.text.length
    if (word.bold) bold += word.text.length
  }
  const { left, top, right, bottom } = boxOf(words)
  return { left, top, right, bottom, cells, table, row, size: median(words.map((word) => word.size)), bold: bold > 0.8 * all }
}

function boxOf(words: readonly Word[]): Rectangle {
  let left = Infinity
  let top = Infinity
  let right = -Infinity
  let bottom = -Infinity
  for (const word of words) {
    left = Math.min(left, word.left)
    top = Math.min(top, word.top)
    right = Math.max(right, word.right)
    bottom = Math.max(bottom, word.bottom)
  }
  return { left, top, right, bottom }
}

function median(numbers: readonly number[]): number {
  if (numbers.length < 2) return numbers[0] ?? 0
  return Float64Array.from(numbers).sort()[numbers.length >> 1] as number
}
