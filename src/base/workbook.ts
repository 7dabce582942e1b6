// An XLSX workbook → the rows of its sheets, cells as a reader sees codes and days. May not: calculate a formula; know what a cell means.
import { unzipSync } from 'fflate'
import { SaxesParser } from 'saxes'

export interface SheetRow {
  /** 1-based, as the sheet counts. */
  readonly row: number
  readonly cells: readonly string[]
}

export interface Sheet {
  readonly name: string
  /** One pass over the sheet; days as `YYYY-MM-DD`. */
  readonly rows: () => Generator<SheetRow>
}

/** A workbook that cannot be read; `message` is a clause. */
export class WorkbookFault extends Error {
  readonly kind = 'workbook-fault'
}

const MOST_BYTES = 1 << 30
const MOST_RATIO = 400
const MOST_COLUMNS = 1000
const PIECE = 1 << 16
const DAY_MS = 86_400_000

/** @throws WorkbookFault */
export function workbookSheets(bytes: Uint8Array): Sheet[] {
  let total = 0
  const unzip = (wanted: (name: string) => boolean): Record<string, Uint8Array> => {
    try {
      return unzipSync(bytes, {
        filter: (f) => {
          if (!wanted(f.name)) return false
          total += f.originalSize
          if (total > MOST_BYTES || f.originalSize > (f.size + 1000) * MOST_RATIO) throw new WorkbookFault('the workbook is packed beyond what is unpacked here')
          return true
        },
      })
    } catch (e) {
      throw e instanceof WorkbookFault ? e : new WorkbookFault('the workbook is damaged')
    }
  }
  const parts = unzip((n) => n === 'xl/workbook.xml' || n === 'xl/_rels/workbook.xml.rels' || n === 'xl/styles.xml' || n === 'xl/sharedStrings.xml')
  const book = parts['xl/workbook.xml']
  if (!book) throw new WorkbookFault('the file is no XLSX workbook')
  const targets = new Map<string, string>()
  walk(parts['xl/_rels/workbook.xml.rels'], { open: (tag, a) => void (tag === 'Relationship' && targets.set(a['Id'] ?? '', (a['Target'] ?? '').replace(/^\/?(?:xl\/)?/, 'xl/'))) })
  const found: { name: string; part: string }[] = []
  let from1904 = false
  walk(book, {
    open: (tag, a) => {
      if (tag === 'sheet' && a['state'] !== 'hidden' && a['state'] !== 'veryHidden') found.push({ name: a['name'] ?? '', part: targets.get(Object.entries(a).find(([name]) => name !== 'id' && local(name) === 'id')?.[1] ?? '') ?? `xl/worksheets/sheet${found.length + 1}.xml` })
      else if (tag === 'workbookPr') from1904 = a['date1904'] === '1' || a['date1904'] === 'true'
    },
  })
  const strings = sharedStrings(parts['xl/sharedStrings.xml'])
  const days = dayStyles(parts['xl/styles.xml'])
  return found.map(({ name, part }) => ({
    name,
    rows: () => {
      total = 0
      const sheet = unzip((n) => n === part)[part]
      if (!sheet) throw new WorkbookFault('a sheet of the workbook is missing')
      return rowsOf(sheet, strings, days, from1904)
    },
  }))
}

interface Handlers {
  readonly open: (tag: string, attributes: Readonly<Record<string, string>>) => void
  readonly close?: (tag: string) => void
  readonly text?: (text: string) => void
}

/** Without its prefix, which is the writer's choice. Attributes have none, but for the relation of a sheet. */
const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name)

function parser({ open, close, text }: Handlers): SaxesParser {
  const p = new SaxesParser({ position: false })
  p.on('opentag', (t) => open(local(t.name), t.attributes as Record<string, string>))
  if (close) p.on('closetag', (t) => close(local(t.name)))
  if (text) p.on('text', text)
  p.on('error', () => {
    throw new WorkbookFault('the workbook is damaged')
  })
  return p
}

function walk(part: Uint8Array | undefined, handlers: Handlers): void {
  if (part === undefined) return
  const p = parser(handlers)
  for (const piece of decoded(part)) p.write(piece)
  p.close()
}

function* decoded(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder()
  for (let at = 0; at < bytes.length; at += PIECE) yield decoder.decode(bytes.subarray(at, at + PIECE), { stream: true })
  yield decoder.decode()
}

function sharedStrings(part: Uint8Array | undefined): string[] {
  const out: string[] = []
  let current = ''
  let inText = false
  let phonetic = 0
  walk(part, {
    open: (tag) => {
      if (tag === 'si') current = ''
      else if (tag === 'rPh') phonetic++
      else if (tag === 't') inText = phonetic === 0
    },
    close: (tag) => {
      if (tag === 'si') out.push(current)
      else if (tag === 'rPh') phonetic--
      else if (tag === 't') inText = false
    },
    text: (t) => {
      if (inText) current += t
    },
  })
  return out
}

/** Positions in cellXfs whose number format shows a day. */
function dayStyles(part: Uint8Array | undefined): ReadonlySet<number> {
  const custom = new Set<number>()
  const out = new Set<number>()
  let inFormats = false
  let index = 0
  const standard = (id: number): boolean => (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)
  walk(part, {
    open: (tag, a) => {
      if (tag === 'numFmt' && /[dy]/i.test((a['formatCode'] ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''))) custom.add(Number(a['numFmtId']))
      else if (tag === 'cellXfs') inFormats = true
      else if (tag === 'xf' && inFormats) {
        const id = Number(a['numFmtId'])
        if (standard(id) || custom.has(id)) out.add(index)
        index++
      }
    },
    close: (tag) => {
      if (tag === 'cellXfs') inFormats = false
    },
  })
  return out
}

function* rowsOf(sheet: Uint8Array, strings: readonly string[], days: ReadonlySet<number>, from1904: boolean): Generator<SheetRow> {
  const done: SheetRow[] = []
  let cells: string[] = []
  let row = 0
  let column = 0
  let type = ''
  let day = false
  let value = ''
  let reading = false
  const show = (): string => {
    if (type === 's') return strings[Number(value)] ?? ''
    if (type === 'e') return ''
    if (type === 'str' || type === 'inlineStr' || type === 'b' || value === '') return value
    const n = Number(value)
    if (!Number.isFinite(n)) return value
    return day && n >= 1 && n < 2_958_466 ? isoOf(n, from1904) : `${n}`
  }
  const p = parser({
    open: (tag, a) => {
      if (tag === 'row') {
        row = Number(a['r']) || row + 1
        cells = []
        column = 0
      } else if (tag === 'c') {
        const at = columnIndex(a['r'])
        if (at !== null) column = at
        type = a['t'] ?? 'n'
        day = days.has(Number(a['s'] ?? -1))
        value = ''
      } else if (tag === 'v' || tag === 't') reading = true
    },
    text: (t) => {
      if (reading) value += t
    },
    close: (tag) => {
      if (tag === 'v' || tag === 't') reading = false
      else if (tag === 'c') {
        if (column < MOST_COLUMNS) {
          while (cells.length < column) cells.push('')
          cells[column] = show()
        }
        column++
      } else if (tag === 'row') done.push({ row, cells })
    },
  })
  for (const piece of decoded(sheet)) {
    p.write(piece)
    yield* done.splice(0)
  }
  p.close()
  yield* done.splice(0)
}

/** `C4` → 2. */
function columnIndex(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  return letters === undefined ? null : [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1
}

/** Serial day of a spreadsheet, which takes 1900 for a leap year. */
function isoOf(serial: number, from1904: boolean): string {
  const days = from1904 ? Math.floor(serial) + 1462 : Math.floor(serial)
  return new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * DAY_MS).toISOString().slice(0, 10)
}
