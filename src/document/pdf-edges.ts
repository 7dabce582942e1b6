// What the lines of all pages together tell: which are running headers and footers, which are headings. May not: change text.
import { LINE, LINE_FIELDS } from './pdf-page.ts'
import type { PageResult } from './pdf-page.ts'

/** For each page, for each of its lines. */
export type LineRoles = readonly (readonly { readonly edge: 'header' | 'footer' | null; readonly heading: boolean }[])[]

interface Role {
  edge: 'header' | 'footer' | null
  heading: boolean
}

/** Shares of the page's height in which a running header or footer stands. */
const TOP_ZONE = 0.14
const BOTTOM_ZONE = 0.86
const TOP_MARGIN = 0.09
const BOTTOM_MARGIN = 0.91
/** Points by which the same line may move from page to page. */
const SHIFT = 4

const IDENTITY = /\b(?:mrn|dob|d\.o\.b|date of birth|medical record|patient (?:name|id)|account)\b|\b(?:patient|pt)\.? ?[:=#]/i
const PAGE_NUMBER = /\bpage ?:? ?\d|\bpg\.? ?\d|^\d+ ?(?:of|\/) ?\d+$/i
const PRINTED = /\b(?:printed|print date|generated|report date)\b/i

/** Words of a sheet's own headline, where a number that grows from page to page is none of pages. */
const HEADLINE = /\b(?:phase|course|part|volume|lesion|target|area|boost|session|fractions?|frx?|fx|treatment|tx|visit|week|wk|day|date|dos|note|encounter|measurement|addendum|seen)\b/i
const FORWARDED = /\b(?:fax(?:ed)?|from|to|sheet|copy|copied|scanned|received|rev(?:ised)?|version|form|tel|phone|p\.?) ?[:.]? ?\(?\d/i

interface Edge {
  readonly page: number
  readonly line: number
  readonly top: number
  readonly key: string
  readonly text: string
  readonly zone: 'header' | 'footer'
}

export function roleOfLines(pages: readonly PageResult[]): LineRoles {
  const roles = pages.map((page) => Array.from({ length: page.lines.length / LINE_FIELDS }, (): Role => ({ edge: null, heading: false })))
  const groups = new Map<string, Edge[]>()
  pages.forEach((page, number) => {
    for (const edge of edgesOf(page, number)) {
      const group = groups.get(edge.key)
      if (group === undefined) groups.set(edge.key, [edge])
      else group.push(edge)
      const text = textOf(page, edge.line)
      const top = lineAt(page, edge.line, LINE.top)
      const bottom = lineAt(page, edge.line, LINE.bottom)
      const atMargin = edge.zone === 'header' ? bottom <= TOP_MARGIN * page.frameHeight : top >= BOTTOM_MARGIN * page.frameHeight
      if (atMargin && text.length <= 200 && (IDENTITY.test(text) || PAGE_NUMBER.test(text) || PRINTED.test(text))) (roles[number]?.[edge.line] as Role).edge = edge.zone
    }
  })
  for (const group of groups.values()) {
    for (const edge of group) {
      // Same words at the same height on three pages, or on the page before or after.
      let same = 0
      let beside = false
      const headline = edge.zone === 'header' && !IDENTITY.test(edge.text) && !PAGE_NUMBER.test(edge.text) && !PRINTED.test(edge.text) && !FORWARDED.test(edge.text)
      for (const other of group) {
        if (other.page === edge.page || Math.abs(other.top - edge.top) > SHIFT) continue
        // The same words with another day, time or number head another sheet, or are what it says.
        if (headline && other.text !== edge.text && !countsPages(edge, other)) continue
        same++
        if (Math.abs(other.page - edge.page) === 1) beside = true
        if (same >= 2) break
      }
      if (same >= 2 || beside) (roles[edge.page]?.[edge.line] as Role).edge = edge.zone
    }
  }
  markHeadings(pages, roles)
  return roles
}

/** One number of the line grows as the pages do: a page number without a word for it. */
function countsPages(a: Edge, b: Edge): boolean {
  if (HEADLINE.test(a.text)) return false
  const other = b.text.match(/\d+/g) ?? []
  const moved = (a.text.match(/\d+/g) ?? []).map((n, i) => Number(other[i]) - Number(n)).filter((step) => step !== 0)
  return moved.length === 1 && moved[0] === b.page - a.page
}

function edgesOf(page: PageResult, number: number): readonly Edge[] {
  const count = page.lines.length / LINE_FIELDS
  const height = page.frameHeight
  // A table that reaches into the page's middle is no running line, whatever stands in its first row.
  const reach = new Map<number, { top: number; bottom: number }>()
  for (let line = 0; line < count; line++) {
    const table = lineAt(page, line, LINE.table)
    if (table < 0) continue
    const top = lineAt(page, line, LINE.top)
    const bottom = lineAt(page, line, LINE.bottom)
    const known = reach.get(table)
    reach.set(table, known === undefined ? { top, bottom } : { top: Math.min(top, known.top), bottom: Math.max(bottom, known.bottom) })
  }
  const edges: Edge[] = []
  for (let line = 0; line < count; line++) {
    const top = lineAt(page, line, LINE.top)
    const bottom = lineAt(page, line, LINE.bottom)
    if (top < 0 && bottom < 0) continue
    const whole = reach.get(lineAt(page, line, LINE.table)) ?? { top, bottom }
    const zone = whole.bottom <= TOP_ZONE * height ? 'header' : whole.top >= BOTTOM_ZONE * height ? 'footer' : null
    if (zone === null) continue
    const key = `${zone} ${textOf(page, line).replace(/\d+/g, '#').replace(/\s+/g, ' ')}`
    edges.push({ page: number, line, top, key, text: textOf(page, line), zone })
  }
  return edges
}

function markHeadings(pages: readonly PageResult[], roles: readonly (readonly Role[])[]): void {
  const sizes = new Map<number, number>()
  let bold = 0
  let all = 0
  for (const page of pages) {
    for (let at = 0; at < page.lines.length; at += LINE_FIELDS) {
      const length = (page.lines[at + LINE.end] as number) - (page.lines[at] as number)
      const size = Math.round(2 * (page.lines[at + LINE.size] as number)) / 2
      sizes.set(size, (sizes.get(size) ?? 0) + length)
      all += length
      if (page.lines[at + LINE.bold] === 1) bold += length
    }
  }
  const body = [...sizes.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
  const boldTells = bold < 0.5 * all
  pages.forEach((page, number) => {
    for (let line = 0; line < page.lines.length / LINE_FIELDS; line++) {
      if (lineAt(page, line, LINE.table) >= 0 || lineAt(page, line, LINE.cells) !== 1 || lineAt(page, line, LINE.top) < 0) continue
      const size = lineAt(page, line, LINE.size)
      const larger = size >= 1.15 * body
      if (!larger && !(boldTells && lineAt(page, line, LINE.bold) === 1 && size >= 0.9 * body)) continue
      const text = textOf(page, line)
      if (text.length > 80 || !/\p{L}{2}/u.test(text) || /[.,;]$/.test(text) || text.split(' ').length > 12) continue
      const role = roles[number]?.[line]
      if (role !== undefined) role.heading = true
    }
  })
}

const lineAt = (page: PageResult, line: number, field: number): number => page.lines[line * LINE_FIELDS + field] as number

const textOf = (page: PageResult, line: number): string => page.text.slice(lineAt(page, line, LINE.start), lineAt(page, line, LINE.end))
