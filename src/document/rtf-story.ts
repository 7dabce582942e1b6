// RTF → stories of blocks, as a reader of the printed document sees them. May not: run fields, follow links, keep deleted or hidden text.
import { decodeAs, windows1252 } from './decode-text.ts'
import { BLANK } from './docx-story.ts'
import type { Block, Paragraph, Row, TextBox } from './docx-story.ts'
import { symbolOf, isSymbolFont } from './docx-symbols.ts'

export interface RtfFile {
  readonly headers: readonly (readonly Block[])[]
  readonly body: readonly Block[]
  readonly footers: readonly (readonly Block[])[]
  readonly footnotes: readonly (readonly Block[])[]
  readonly comments: readonly (readonly Block[])[]
  /** By the name the paragraphs have for them. */
  readonly pictures: ReadonlyMap<string, Uint8Array>
  /** Objects of other programs, not read. */
  readonly objects: number
  readonly properties: Readonly<Record<string, string>>
  /** False where groups do not close, or nest too deep. */
  readonly whole: boolean
}

type Destination = 'text' | 'skip' | 'fonts' | 'styles' | 'info' | 'picture' | 'object' | 'instruction' | 'form' | 'entry' | 'shape'

interface State {
  destination: Destination
  /** Name of the info field, or of the part of a form field, being read. */
  field: string
  bold: boolean
  hidden: boolean
  deleted: boolean
  /** Fallback characters that follow each `\u`. */
  fallback: number
  font: number
  /** Set on the group that opened a story of its own. */
  story: { readonly container: Container; readonly kind: 'header' | 'footer' | 'footnote' | 'comment' | 'box' } | null
  fieldOf: Field | null
  opensField: boolean
  html: boolean
}
interface PictureDraft { readonly hex: string[]; kind: 'png' | 'jpeg' | 'other'; bytes: Uint8Array | null }
interface Font { name: string; charset: number }
interface Field { kind: 'text' | 'box' | 'list' | null; result: number | null; standard: number | null; readonly entries: string[]; shown: boolean }
interface Draft { text: string; visible: number; bold: number; readonly boxes: TextBox[]; readonly pictures: string[] }
interface Grid { readonly rows: Row[]; cells: (readonly Block[])[]; cell: Block[]; merged: ('none' | 'up' | 'left')[]; next: 'none' | 'up' | 'left' }
interface Container { readonly blocks: Block[]; draft: Draft | null; grids: Grid[]; style: number; outline: number; level: number }

const DEEPEST = 2000
const MOST_PICTURE_BYTES = 64 << 20
const WORD = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?/y

const SIGNS: Readonly<Record<string, string>> = {
  emdash: '—', endash: '–', lquote: '‘', rquote: '’', ldblquote: '“', rdblquote: '”', bullet: '•', emspace: ' ', enspace: ' ', qmspace: ' ', zwj: '', zwnj: '', zwbo: '', zwnbo: '', ltrmark: '', rtlmark: '',
}
/** Windows character sets by their number in a font table. */
const CHARSETS: Readonly<Record<number, string>> = {
  0: 'windows-1252', 1: '', 77: 'macintosh', 128: 'shift_jis', 129: 'euc-kr', 134: 'gbk', 136: 'big5', 161: 'windows-1253', 162: 'windows-1254', 163: 'windows-1258', 177: 'windows-1255',
  178: 'windows-1256', 186: 'windows-1257', 204: 'windows-1251', 222: 'windows-874', 238: 'windows-1250',
}
const PAGES: Readonly<Record<number, string>> = { 437: 'windows-1252', 850: 'windows-1252', 10000: 'macintosh', 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5', 65001: 'utf-8', 1252: 'windows-1252' }

/** Groups that show nothing and whose content is left out. */
const SKIPPED = new Set([
  'colortbl', 'listtable', 'listoverridetable', 'revtbl', 'rsidtbl', 'generator', 'filetbl', 'xmlnstbl', 'themedata', 'colorschememapping', 'datastore', 'latentstyles', 'pgptbl', 'listtext', 'pntext', 'pnseclvl',
  'nonshppict', 'shprslt', 'bkmkstart', 'bkmkend', 'atnid', 'atnauthor', 'atnref', 'atndate', 'atntime', 'atrfstart', 'atrfend', 'objdata', 'objclass', 'objname', 'template', 'passwordhash', 'userprops', 'xe', 'tc', 'rxe',
  'mmathPr', 'wgrffmtfilter', 'ftnsep', 'ftnsepc', 'aftnsep', 'aftnsepc', 'blipuid', 'picprop', 'sp', 'defchp', 'defpap', 'background', 'panose', 'falt', 'fname', 'keycode', 'datafield', 'private', 'htmltag', 'mhtmltag',
])
/** Destinations marked with `\*` that hold text all the same. */
const SEEN = new Set(['shppict', 'fldinst', 'formfield', 'shpinst', 'shptxt', 'annotation', 'ffl', 'ffname', 'ffdeftext', 'nesttableprops', 'footnote', 'pict', 'do', 'dptxbxtext', 'moveto'])
const STORIES: Readonly<Record<string, 'header' | 'footer' | 'footnote' | 'comment' | 'box'>> = {
  header: 'header', headerl: 'header', headerr: 'header', headerf: 'header', footer: 'footer', footerl: 'footer', footerr: 'footer', footerf: 'footer', footnote: 'footnote', annotation: 'comment', shptxt: 'box', dptxbxtext: 'box',
}

/** `source` holds one character a byte. */
export function readRtfStories(source: string): RtfFile {
  const body = newContainer()
  const found = { header: [] as Block[][], footer: [] as Block[][], footnote: [] as Block[][], comment: [] as Block[][] }
  const pictures = new Map<string, Uint8Array>()
  const fonts = new Map<number, Font>()
  const headings = new Set<number>()
  const properties: Record<string, string> = {}
  const stack: State[] = []
  let container = body
  const outer: Container[] = []
  let state: State = { destination: 'text', field: '', bold: false, hidden: false, deleted: false, fallback: 1, font: -1, story: null, fieldOf: null, opensField: false, html: false }
  let page = 'windows-1252'
  let defaultFont = -1
  let objects = 0
  let whole = true
  let skipCharacters = 0
  /** Bytes of single-byte or multi-byte text not yet decoded. */
  let pending: number[] = []
  let fontNow = -1
  let styleNow = { number: 0, name: '', outline: -1 }
  let picture = null as PictureDraft | null
  let star = false
  let at = 0

  const draft = (): Draft => (container.draft ??= { text: '', visible: 0, bold: 0, boxes: [], pictures: [] })

  const emit = (text: string): void => {
    if (text === '') return
    switch (state.destination) {
      case 'text': {
        if (state.hidden || state.deleted || state.html) return
        const to = draft()
        to.text += text
        const count = text.trim().length
        to.visible += count
        if (state.bold) to.bold += count
        if (state.fieldOf !== null && count > 0) state.fieldOf.shown = true
        return
      }
      case 'fonts': {
        const font = fonts.get(fontNow)
        if (font !== undefined && font.name.length < 100) font.name += text
        return
      }
      case 'styles': if (styleNow.name.length < 100) styleNow.name += text; return
      case 'info': if (state.field !== '') properties[state.field] = `${properties[state.field] ?? ''}${text}`.slice(0, 1000); return
      case 'entry': {
        const { entries } = state.fieldOf ?? { entries: [] as string[] }
        if (entries.length > 0) entries[entries.length - 1] += text
        return
      }
      default:
    }
  }
  const encoding = (): string => {
    const font = fonts.get(state.font >= 0 ? state.font : defaultFont)
    const own = font === undefined ? '' : (CHARSETS[font.charset] ?? '')
    return own === '' ? page : own
  }
  const flushBytes = (): void => {
    if (pending.length === 0) return
    const bytes = Uint8Array.from(pending)
    pending = []
    const name = fonts.get(state.font >= 0 ? state.font : defaultFont)?.name.replace(/;.*$/, '').trim()
    if (state.destination === 'text' && isSymbolFont(name)) {
      emit([...bytes].map((code) => symbolOf(name, code)).join(''))
      return
    }
    emit(state.destination === 'text' ? (decodeAs(bytes, encoding()) ?? windows1252(bytes)) : (decodeAs(bytes, page) ?? windows1252(bytes)))
  }

  const finishParagraph = (always: boolean): void => {
    const done = container.draft
    container.draft = null
    if (done === null && !always) return
    const text = (done?.text ?? '').replace(/^[ \n]+|[ \n\t]+$/g, '')
    const look: Paragraph['look'] = headings.has(container.style) || (container.outline >= 0 && container.outline < 9) ? 'style' : done !== null && done.visible > 0 && done.bold === done.visible ? 'bold' : 'plain'
    const paragraph: Paragraph = { kind: 'paragraph', text, look, boxes: done?.boxes ?? [], ...(done !== null && done.pictures.length > 0 && { pictures: done.pictures }) }
    place(paragraph)
  }
  const place = (block: Block): void => {
    const grid = container.grids[container.level - 1]
    if (container.level > 0) (grid ?? openGrid()).cell.push(block)
    else {
      closeGrids(0)
      container.blocks.push(block)
    }
  }
  const openGrid = (): Grid => {
    while (container.grids.length < container.level) container.grids.push({ rows: [], cells: [], cell: [], merged: [], next: 'none' })
    return container.grids[container.level - 1] as Grid
  }
  const closeGrids = (left: number): void => {
    while (container.grids.length > left) {
      const grid = container.grids.pop() as Grid
      if (grid.cell.length > 0 || grid.cells.length > 0) endRow(grid)
      if (grid.rows.length === 0) continue
      const table = { kind: 'table' as const, rows: grid.rows }
      const host = container.grids[container.grids.length - 1]
      if (host !== undefined) host.cell.push(table)
      else container.blocks.push(table)
    }
  }
  const endCell = (): void => {
    container.level = Math.max(1, container.level)
    finishParagraph(false)
    closeGrids(container.level)
    const grid = openGrid()
    const number = grid.cells.length
    const merged = grid.merged[number] ?? 'none'
    grid.cells.push(merged === 'none' ? grid.cell : [])
    grid.cell = []
  }
  const endRow = (grid: Grid): void => {
    if (grid.cell.length > 0) {
      grid.cells.push(grid.cell)
      grid.cell = []
    }
    const cells = grid.cells.filter((_, index) => grid.merged[index] !== 'left')
    if (cells.length > 0) grid.rows.push({ index: grid.rows.length, cells })
    grid.cells = []
  }

  const openStory = (kind: NonNullable<State['story']>['kind']): void => {
    outer.push(container)
    container = newContainer()
    state.story = { container, kind }
    state.destination = 'text'
    state.hidden = false
    state.fieldOf = null
  }
  const closeStory = (kind: NonNullable<State['story']>['kind']): void => {
    finishParagraph(false)
    closeGrids(0)
    const { blocks } = container
    container = outer.pop() ?? body
    if (blocks.length === 0) return
    if (kind === 'box') draft().boxes.push({ kind: 'text-box', blocks })
    else found[kind].push(blocks)
  }

  const endGroup = (): void => {
    flushBytes()
    const closed = state
    const before = stack.pop()
    if (before === undefined) {
      whole = false
      return
    }
    if (closed.destination === 'picture' && before.destination !== 'picture') endPicture(closed)
    if (closed.destination === 'styles' && before.destination === 'styles') {
      if (/^\s?(?:heading [1-9]|title|subtitle)\s?;?\s?$/i.test(styleNow.name) || (styleNow.outline >= 0 && styleNow.outline < 9)) headings.add(styleNow.number)
      styleNow = { number: 0, name: '', outline: -1 }
    }
    if (closed.story !== null && closed.story !== before.story) closeStory(closed.story.kind)
    state = before
    if (closed.opensField && closed.fieldOf !== null) endField(closed.fieldOf)
  }
  const endField = (field: Field): void => {
    if (field.kind === 'box') {
      const checked = field.result === null || field.result === 25 ? field.standard : field.result
      emit(checked === 1 ? '☒' : '☐')
    } else if (!field.shown && field.kind === 'text') emit(BLANK)
    else if (!field.shown && field.kind === 'list') emit(field.entries[(field.result === null || field.result === 25 ? field.standard : field.result) ?? 0] ?? BLANK)
  }
  const endPicture = (closed: State): void => {
    const done = picture
    picture = null
    if (done === null || closed.hidden || closed.deleted) return
    const bytes = done.bytes ?? new Uint8Array(Buffer.from(done.hex.join(''), 'hex'))
    if (done.kind === 'other' || bytes.length === 0) return
    const name = `picture ${pictures.size + 1}`
    pictures.set(name, bytes)
    draft().pictures.push(name)
  }

  const control = (word: string, number: number | null): void => {
    const starred = star
    star = false
    if (word === 'u') {
      flushBytes()
      const code = (number ?? 0) < 0 ? (number ?? 0) + 65_536 : (number ?? 0)
      const name = fonts.get(state.font)?.name.replace(/;.*$/, '').trim()
      if (state.destination === 'text' && code >= 0xf000 && code <= 0xf0ff) emit(symbolOf(name, code))
      else emit(String.fromCharCode(code & 0xffff))
      skipCharacters = state.fallback
      return
    }
    if (word !== 'f' && word !== 'b') flushBytes()
    skipCharacters = 0
    if (state.destination === 'skip') {
      if (word === 'bin') at += Math.max(0, number ?? 0)
      return
    }
    const story = STORIES[word]
    if (story !== undefined && state.destination !== 'picture') {
      if (state.hidden || state.deleted) state.destination = 'skip'
      else openStory(story)
      return
    }
    if (SKIPPED.has(word) || (starred && !SEEN.has(word))) {
      // Of a shape's properties only its picture is shown.
      state.destination = word === 'sp' ? 'shape' : 'skip'
      return
    }
    const on = number !== 0
    switch (word) {
      case 'par': finishParagraph(true); return
      case 'sect': case 'page': case 'column': finishParagraph(false); return
      case 'line': case 'lbr': emit('\n'); return
      case 'tab': emit('\t'); return
      case 'cell': case 'nestcell': endCell(); return
      case 'row': case 'nestrow':
        container.level = word === 'row' ? 1 : Math.max(1, container.level)
        finishParagraph(false)
        closeGrids(container.level)
        endRow(openGrid())
        // What follows without a word is below the table.
        if (word === 'row') container.level = 0
        return
      case 'trowd': {
        finishParagraph(false)
        container.level = Math.max(1, container.level)
        const grid = openGrid()
        grid.merged = []
        grid.next = 'none'
        return
      }
      case 'clvmrg': case 'clmrg': {
        const grid = container.grids[Math.max(1, container.level) - 1]
        if (grid !== undefined) grid.next = word === 'clvmrg' ? 'up' : 'left'
        return
      }
      case 'cellx': {
        const grid = container.grids[Math.max(1, container.level) - 1]
        if (grid !== undefined && grid.merged.length < 1000) grid.merged.push(grid.next)
        if (grid !== undefined) grid.next = 'none'
        return
      }
      case 'intbl': container.level = Math.max(1, container.level); return
      case 'itap': container.level = Math.max(0, Math.min(20, number ?? 0)); return
      case 'pard':
        container.level = 0
        container.style = -1
        container.outline = -1
        return
      case 's': if (state.destination === 'styles') styleNow.number = number ?? 0; else container.style = number ?? 0; return
      case 'outlinelevel': if (state.destination === 'styles') styleNow.outline = number ?? -1; else container.outline = number ?? -1; return
      case 'plain': state.bold = false; state.hidden = false; state.deleted = false; state.font = -1; return
      case 'b': flushBytes(); state.bold = on; return
      case 'v': state.hidden = on; return
      case 'deleted': state.deleted = on; return
      case 'htmlrtf': state.html = on; return
      case 'f':
        flushBytes()
        if (state.destination === 'fonts') {
          fontNow = number ?? 0
          if (fonts.size < 5000) fonts.set(fontNow, { name: '', charset: 0 })
        } else state.font = number ?? 0
        return
      case 'fcharset': { const font = fonts.get(fontNow); if (font !== undefined) font.charset = number ?? 0; return }
      case 'deff': defaultFont = number ?? -1; return
      case 'ansicpg': page = PAGES[number ?? 1252] ?? `windows-${number ?? 1252}`; return
      case 'mac': page = 'macintosh'; return
      case 'uc': state.fallback = Math.max(0, Math.min(20, number ?? 1)); return
      case 'fonttbl': state.destination = 'fonts'; return
      case 'stylesheet': state.destination = 'styles'; return
      case 'info': state.destination = 'info'; state.field = ''; return
      case 'title': case 'author': case 'subject': case 'keywords': if (state.destination === 'info') state.field = word; return
      case 'creatim': case 'revtim': case 'printim': case 'buptim': if (state.destination === 'info') state.destination = 'skip'; return
      case 'pict': {
        const hidden = state.destination !== 'text' && state.destination !== 'shape'
        state.destination = hidden ? 'skip' : 'picture'
        picture = hidden ? picture : { hex: [], kind: 'other', bytes: null }
        return
      }
      case 'pngblip': if (picture !== null) picture.kind = 'png'; return
      case 'jpegblip': if (picture !== null) picture.kind = 'jpeg'; return
      case 'bin': {
        const length = Math.max(0, Math.min(number ?? 0, source.length - at))
        if (state.destination === 'picture' && picture !== null && length <= MOST_PICTURE_BYTES) picture.bytes = new Uint8Array(Buffer.from(source.slice(at, at + length), 'latin1'))
        at += length
        return
      }
      case 'object': objects++; state.destination = 'object'; return
      case 'result': if (state.destination === 'object') state.destination = 'text'; return
      case 'field':
        state.fieldOf = { kind: null, result: null, standard: null, entries: [], shown: false }
        state.opensField = true
        return
      case 'fldinst': state.destination = 'instruction'; return
      case 'fldrslt': if (state.fieldOf?.kind === 'box') state.destination = 'skip'; return
      case 'formfield': state.destination = 'form'; return
      case 'fftype': if (state.fieldOf !== null) state.fieldOf.kind = number === 1 ? 'box' : number === 2 ? 'list' : 'text'; return
      case 'ffres': if (state.fieldOf !== null) state.fieldOf.result = number; return
      case 'ffdefres': if (state.fieldOf !== null) state.fieldOf.standard = number; return
      case 'ffl': if (state.fieldOf !== null && state.fieldOf.entries.length < 1000) { state.fieldOf.entries.push(''); state.destination = 'entry' } return
      case 'shpinst': state.destination = 'shape'; return
      case 'sv': return
      default: {
        const sign = SIGNS[word]
        if (sign !== undefined) emit(sign)
      }
    }
  }

  while (at < source.length) {
    const code = source.charCodeAt(at)
    if (code === 0x7b) {
      flushBytes()
      skipCharacters = 0
      if (stack.length >= DEEPEST) {
        whole = false
        break
      }
      stack.push(state)
      state = { ...state, opensField: false }
      star = false
      at++
    } else if (code === 0x7d) {
      endGroup()
      skipCharacters = 0
      star = false
      at++
      // What follows the last brace is no part of the document.
      if (stack.length === 0) break
    } else if (code === 0x5c) {
      const next = source.charCodeAt(at + 1)
      if ((next >= 0x41 && next <= 0x5a) || (next >= 0x61 && next <= 0x7a)) {
        WORD.lastIndex = at
        const match = WORD.exec(source)
        if (match === null) {
          at++
          continue
        }
        at += match[0].length
        control(match[1] as string, match[2] === undefined ? null : Number(match[2]))
        continue
      }
      if (next === 0x27) {
        const value = Number.parseInt(source.slice(at + 2, at + 4), 16)
        at += 4
        if (skipCharacters > 0) skipCharacters--
        else if (!Number.isNaN(value) && state.destination !== 'skip') pending.push(value)
        continue
      }
      at += 2
      if (skipCharacters > 0) {
        skipCharacters--
        continue
      }
      if (next === 0x2a) star = true
      else {
        flushBytes()
        if (next === 0x7e) emit(' ')
        else if (next === 0x5f) emit('-')
        else if (next === 0x0a || next === 0x0d) {
          if (state.destination === 'text') finishParagraph(true)
        } else if (next === 0x5c || next === 0x7b || next === 0x7d) emit(String.fromCharCode(next))
      }
    } else {
      const from = at
      while (at < source.length) {
        const each = source.charCodeAt(at)
        if (each === 0x5c || each === 0x7b || each === 0x7d) break
        at++
      }
      if (state.destination === 'skip' || state.destination === 'object' || state.destination === 'instruction' || state.destination === 'form' || state.destination === 'shape') continue
      if (state.destination === 'picture') {
        if (picture !== null && picture.bytes === null) picture.hex.push(source.slice(from, at).replace(/[^0-9a-fA-F]/g, ''))
        continue
      }
      let run = source.slice(from, at).replace(/[\r\n\0]/g, '')
      if (skipCharacters > 0) {
        const skipped = Math.min(skipCharacters, run.length)
        run = run.slice(skipped)
        skipCharacters -= skipped
      }
      // Signs written as they are, in the encoding of their font.
      if (pending.length > 0 || /[\u0080-\u00ff]/.test(run) || (state.destination === 'text' && fonts.size > 0 && isSymbolFont(fonts.get(state.font)?.name.replace(/;.*$/, '').trim()))) {
        for (let index = 0; index < run.length; index++) pending.push(run.charCodeAt(index))
        flushBytes()
      } else emit(run)
    }
  }
  flushBytes()
  if (stack.length > 0) whole = false
  while (stack.length > 0) endGroup()
  finishParagraph(false)
  closeGrids(0)
  for (const key of Object.keys(properties)) properties[key] = (properties[key] as string).trim()
  return { headers: found.header, body: body.blocks, footers: found.footer, footnotes: found.footnote, comments: found.comment, pictures, objects, properties, whole }
}

const newContainer = (): Container => ({ blocks: [], draft: null, grids: [], style: -1, outline: -1, level: 0 })
