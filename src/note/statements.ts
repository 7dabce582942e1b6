// Cuts a note into statements: sentences, table rows, form fields, headings, page edges. May not: know what they say.
import { lastAtOrBefore, type Span } from '../base/span.ts'
import type { Document, Region } from '../document/document.ts'
import type { Statement } from './note.ts'

type Piece = Omit<Statement, 'section' | 'columns'> & { readonly table: number; readonly row: number }

/** Ends of words after which a full stop does not end a sentence. Lower case, without the stop. */
const ABBREVIATIONS = new Set([
  'dr', 'drs', 'mr', 'mrs', 'ms', 'prof', 'st', 'vs', 'v', 'fx', 'fxs', 'approx', 'ca', 'cf', 'e.g', 'i.e', 'eg', 'ie', 'etc', 'no', 'nos', 'pt', 'pts', 'hx', 'dx', 'rx', 'tx', 'sx',
  'resp', 'incl', 'inc', 'max', 'min', 'avg', 'wt', 'ht', 'temp', 'lt', 'rt', 'lat', 'ant', 'post', 'sup', 'inf', 'med', 'onc', 'rad', 'dept', 'tel', 'ext', 'fig', 'vol', 'mos', 'mo', 'yr', 'yrs',
  'wk', 'wks', 'hr', 'hrs', 'sec', 'm.d', 'd.o', 'ph.d', 'p.a', 'r.n', 'm.s', 'b.i.d', 't.i.d', 'q.d', 'p.o', 'a.m', 'p.m', 'u.s', 'w', 'jr', 'sr', 'ref', 'exam', 'diff', 'neg', 'pos',
])

/** `Boost to the cavity. Declined.` */
const VERDICT = /^(?:not |was |were |has been |also )?(?:ordered|requested|done|performed|completed|declined|refused|deferred|cancelled|canceled|omitted|withheld|obtained|waived|pending|planned|scheduled|given|delivered|n\/a|none)(?: today| by (?:me|patient|pt|family)| again)?[.!]?$/i

/** Longest label of a form field, in words. */
const LABEL_WORDS = 6
/** A line that fills this share of the widest line of its page goes on in the next one. */
const FULL_LINE = 0.74

const TERMINATOR = /[.!?]/
const BULLET = /^\s*(?:[-–—•●▪◦*o·]|\(?[0-9]{1,2}[.)]|[a-z][.)])\s+/
const CHECKBOX = /^\s*(?:[☐☒☑✓✔■□◻◼]|\[\s?[xX✓]?\s?\]|\(\s?[xX]?\s?\))/
const LABEL = /^\s*[\p{L}#][\p{L}\p{N} /&().,'’#-]{0,60}?(?::|\s?\.{4,})(?=\s|$)/u

interface Line extends Span {
  readonly page: number
  readonly region: Region | undefined
}

/** Statements in text order; they do not overlap. `headings` are the spans of region headings. Columns are statement indices of header rows. */
export function findStatements(document: Document, scope: Span): Omit<Statement, 'section'>[] {
  const lines = linesOf(document, scope)
  const widest = new Map<number, number>()
  for (const line of lines) {
    if (!line.region) widest.set(line.page, Math.max(widest.get(line.page) ?? 0, line.end - line.start))
  }
  const pieces: Piece[] = []
  let block: Line[] = []
  const flush = (): void => {
    const first = block[0]
    const last = block[block.length - 1]
    if (first && last) sentencesOf(document.text, { start: first.start, end: last.end }, block, pieces)
    block = []
  }
  for (const line of lines) {
    const kind = line.region?.kind
    if (kind === 'header' || kind === 'footer') {
      flush()
      pieces.push({ kind: 'page-edge', start: line.start, end: line.end, page: line.page, table: -1, row: -1 })
    } else if (kind === 'table-row') {
      flush()
      pieces.push({ kind: 'row', start: line.start, end: line.end, page: line.page, table: line.region?.table ?? -1, row: line.region?.row ?? -1 })
    } else if (kind === 'heading') {
      flush()
      pieces.push({ kind: 'heading', start: line.start, end: line.end, page: line.page, table: -1, row: -1 })
    } else if (document.text.slice(line.start, line.end).includes('\t')) {
      flush()
      pieces.push({ kind: 'row', start: line.start, end: line.end, page: line.page, table: -1, row: -1 })
    } else {
      const before = block[block.length - 1]
      if (before && !goesOn(document, before, line, widest.get(line.page) ?? 0)) flush()
      block.push(line)
    }
  }
  flush()
  return withColumns(document.text, pieces)
}

function linesOf(document: Document, scope: Span): Line[] {
  const { text, regions, pages } = document
  const regionStarts = regions.map((r) => r.start)
  const pageStarts = pages.map((p) => p.start)
  const out: Line[] = []
  let at = scope.start
  while (at < scope.end) {
    let stop = at
    while (stop < scope.end && text.charCodeAt(stop) !== 10 && text.charCodeAt(stop) !== 12) stop++
    let start = at
    let end = stop
    while (start < end && text.charCodeAt(start) <= 32) start++
    const r = regions[lastAtOrBefore(regionStarts, start)]
    // Empty cells at the end of a table row are part of it: answers not given.
    const inTable = r !== undefined && r.kind === 'table-row' && r.end > start
    while (end > start && text.charCodeAt(end - 1) <= 32 && !(inTable && text.charCodeAt(end - 1) === 9)) end--
    if (end > start) {
      const region = r && r.end > start && r.kind !== 'footnote' && r.kind !== 'text-box' && r.kind !== 'comment' && r.kind !== 'annotation' && r.kind !== 'form-field' ? r : undefined
      out.push({ start, end, page: pages[lastAtOrBefore(pageStarts, start)]?.page ?? 1, region })
    }
    at = stop + 1
  }
  return out
}

const SIGNING = /^(?:electronically|digitally|e-?)?\s?(?:signed|approved|authenticated|verified)(?: electronically| digitally)?\s?(?:by\b|:)/i

/** Whether a printed line is continued by the next one. A paragraph of a DOCX, RTF, HTML or XML file is one line and never is. */
function goesOn(document: Document, a: Line, b: Line, widest: number): boolean {
  if ((document.kind !== 'pdf' && document.kind !== 'text' && document.kind !== 'image' && document.kind !== 'mail') || a.page !== b.page) return false
  const text = document.text
  // An empty line between them.
  if (/\n\s*\n/.test(text.slice(a.end, b.start + 1))) return false
  const first = text.slice(b.start, Math.min(b.end, b.start + 70))
  if (BULLET.test(first) || CHECKBOX.test(first)) return false
  const last = text.charAt(a.end - 1)
  // After an empty fill-in line nothing goes on, and a signature is a statement of its own.
  if (last === '_' || SIGNING.test(first)) return false
  if (last === ',' || last === '-' || last === '–' || last === '/' || last === '(' || last === '+') return true
  if (/^[a-z]/.test(first) && !LABEL.test(first)) return !/[.!?]$/.test(last) || a.end - a.start >= FULL_LINE * widest
  if (LABEL.test(first) && a.end - a.start < 0.9 * widest) return false
  if (last === ':') return false
  return a.end - a.start >= FULL_LINE * widest && widest >= 40
}

function sentencesOf(text: string, span: Span, lines: readonly Line[], out: Piece[]): void {
  const pageAt = (position: number): number => {
    let page = lines[0]?.page ?? 1
    for (const line of lines) if (line.start <= position) page = line.page
    return page
  }
  const put = (start: number, end: number): void => {
    let s = start
    let e = end
    while (s < e && text.charCodeAt(s) <= 32) s++
    while (e > s && text.charCodeAt(e - 1) <= 32) e--
    if (e <= s) return
    const slice = text.slice(s, e)
    // A verb that stands alone says what became of the sentence before it.
    const before = out[out.length - 1]
    if (before && (before.kind === 'sentence' || before.kind === 'field') && before.start >= span.start && VERDICT.test(slice)) {
      out[out.length - 1] = { ...before, end: e }
      return
    }
    const kind = isHeading(slice) ? 'heading' : LABEL.test(slice) && slice.length < 160 ? 'field' : 'sentence'
    out.push({ kind, start: s, end: e, page: pageAt(s), table: -1, row: -1 })
  }
  let from = span.start
  for (let i = span.start; i < span.end; i++) {
    if (!TERMINATOR.test(text.charAt(i))) continue
    // Dot leaders between a label and its value, and dots of a pause, end nothing.
    if (text.charAt(i) === '.' && (text.charAt(i - 1) === '.' || text.charAt(i + 1) === '.')) continue
    if (!endsSentence(text, i, span)) continue
    put(from, i + 1)
    from = i + 1
  }
  put(from, span.end)
}

function endsSentence(text: string, i: number, span: Span): boolean {
  const next = i + 1
  if (next >= span.end) return true
  if (text.charCodeAt(next) > 32 && !/["”')\]]/.test(text.charAt(next))) return false
  let j = next
  while (j < span.end && (text.charCodeAt(j) <= 32 || /["”')\]]/.test(text.charAt(j)))) j++
  const after = text.charAt(j)
  if (text.charAt(i) !== '.') return true
  let w = i
  while (w > span.start && /[\p{L}\p{N}.]/u.test(text.charAt(w - 1))) w--
  const word = text.slice(w, i).toLowerCase()
  if (word === '') return true
  if (/[a-z]/.test(after)) return !ABBREVIATIONS.has(word) && word.length > 3 && !/^[a-z]\.?$/.test(word) && /\s{2,}|\n/.test(text.slice(next, j)) === false && word.length > 4
  // «no.» «St.» and single initials go on before a capital or a number; other abbreviations only before a number or a name.
  if (/^[a-z]$/.test(word)) return !/\p{Lu}/u.test(after) || !/\p{Lu}\.?$/u.test(text.slice(w, i))
  if (word === 'dr' || word === 'drs' || word === 'mr' || word === 'mrs' || word === 'ms' || word === 'prof' || word === 'st') return false
  if (word === 'no' || word === 'nos' || word === 'fig' || word === 'approx' || word === 'ca' || word === 'vol' || word === 'ref') return !/\d/.test(after)
  if (word === 'vs' || word === 'e.g' || word === 'i.e' || word === 'eg' || word === 'ie' || word === 'incl') return false
  if ((word === 'pt' || word === 'exam') && /[a-z]/.test(after)) return false
  return true
}

/** A short line that ends in a colon, or is all capitals, and says nothing else. */
function isHeading(slice: string): boolean {
  if (slice.length > 70 || slice.includes('\n')) return false
  const words = slice.split(/\s+/)
  if (words.length > 8) return false
  if (slice.endsWith(':')) return words.length <= LABEL_WORDS
  return /^[\p{Lu}\p{N} /&(),.'’#:–-]+$/u.test(slice) && /\p{Lu}{4}/u.test(slice) && !/[.;]$/.test(slice) && !/\d{2,}/.test(slice)
}

/** Gives each row below a header row the index of that header row: the first row of a table whose cells hold no figures. */
function withColumns(text: string, pieces: readonly Piece[]): Omit<Statement, 'section'>[] {
  const out: Omit<Statement, 'section'>[] = []
  let header = -1
  let table = -2
  let previous = -2
  pieces.forEach(({ table: t, row: _row, ...piece }, i) => {
    if (piece.kind !== 'row') {
      out.push({ ...piece, columns: -1 })
      return
    }
    const starts = t !== table || (t < 0 && previous !== i - 1)
    if (starts) {
      table = t
      header = -1
    }
    previous = i
    const cells = text.slice(piece.start, piece.end).split('\t')
    const looksLikeHeader = cells.length > 1 && cells.every((c) => !/\d{2}|\d\s?(?:%|Gy|cGy|mm|cm)/.test(c.replace(/\b\p{L}+[_-]?\d+/gu, '')) && c.length < 40)
    if (header < 0 && starts && looksLikeHeader && cells.length > 2) {
      header = i
      out.push({ ...piece, columns: -1 })
      return
    }
    out.push({ ...piece, columns: header })
  })
  return out
}
