// Comma-, tab- or semicolon-separated text → rows of cells, as a stream, and back. May not: know what a cell means.

export interface Row {
  /** 1-based line of the file on which the row begins. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Quotes hold separators, line breaks and doubled quotes; a quote within a bare cell is a character like others. Empty lines are passed over. */
export function* delimitedRows(chunks: Iterable<string>, separator: string): Generator<Row> {
  let cells: string[] = []
  let cell = ''
  let quoted = false
  /** After the closing quote of a cell. */
  let closed = false
  let line = 1
  let begun = 1
  let afterReturn = false
  let first = true
  const row = function* (): Generator<Row> {
    if (cells.length > 0 || cell !== '' || closed) yield { line: begun, cells: [...cells, cell] }
    cells = []
    cell = ''
    closed = false
  }
  for (const raw of chunks) {
    const chunk: string = first ? raw.replace(/^\uFEFF/, '') : raw
    first = false
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i] as string
      if (quoted) {
        if (c === '"') {
          cell += chunk.slice(from, i)
          from = i + 1
          quoted = false
          closed = true
        } else if (c === '\n') line++
        continue
      }
      if (afterReturn && c === '\n') {
        afterReturn = false
        from = i + 1
        begun = line
        continue
      }
      afterReturn = false
      if (c === '"' && closed && from === i) {
        // A doubled quote, perhaps across two pieces.
        cell += '"'
        from = i + 1
        quoted = true
        closed = false
      } else if (c === '"' && cell === '' && !closed && from === i) {
        quoted = true
        from = i + 1
      } else if (c === separator) {
        cells.push(cell + chunk.slice(from, i))
        cell = ''
        closed = false
        from = i + 1
      } else if (c === '\n' || c === '\r') {
        cell += chunk.slice(from, i)
        from = i + 1
        yield* row()
        line++
        begun = line
        afterReturn = c === '\r'
      }
    }
    cell += chunk.slice(from)
  }
  yield* row()
}

/** The separator that splits the first lines most evenly. */
export function separatorOf(head: string): string {
  const lines = head.split(/\r\n|\r|\n/).filter((l) => l.trim() !== '').slice(0, 12)
  const score = (s: string): number => lines.reduce((n, l) => n + (l.split(s).length - 1), 0)
  return [',', '\t', ';', '|'].reduce((best, s) => (score(s) > score(best) ? s : best), ',')
}

export function delimitedLine(cells: readonly string[], separator = ',', end: '\n' | '\r\n' = '\n'): string {
  return `${cells.map((c) => (c === '' || (!c.includes(separator) && !/["\r\n]|^\s|\s$/.test(c)) ? c : `"${c.replaceAll('"', '""')}"`)).join(separator)}${end}`
}

/** Spreadsheets run what begins with these as a formula; numbers are left alone. A quote that stood there already gets one more, so that the text can be had back. */
export const guarded = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) && !/^-?\d+(?:\.\d+)?$/.test(text) ? `'${text}` : text)

/** What `guarded` made of a text, taken back. */
export const unguarded = (text: string): string => text.replace(/^'(?='*[=+\-@\t\r])/, '')
