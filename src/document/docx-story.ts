// One part of a Word file (body, header, notes, comments) → blocks of the text a reader sees. May not: lay text out, know of pages.
import { attribute, isOn, walkXml, type Attributes } from './docx-xml.ts'
import { boxOf, isSymbolFont, symbolOf, symbolText } from './docx-symbols.ts'
import type { BoxBullet, Styles } from './docx-styles.ts'
import type { Refusal } from './docx-archive.ts'

export type Block = Paragraph | Table | TextBox | Lines

export interface Paragraph {
  readonly kind: 'paragraph'
  /** Trimmed; `\n` where a line is broken by hand. */
  readonly text: string
  /** `style` by a heading or title style, `bold` where every letter is bold. */
  readonly look: 'style' | 'bold' | 'plain'
  /** Text boxes that hang on it. */
  readonly boxes: readonly TextBox[]
  /** Pictures shown in it, by the id the file gives them. */
  readonly pictures?: readonly string[]
}
/** Text set line by line in type of one width; `\n` between lines. */
export interface Lines { readonly kind: 'lines'; readonly text: string }
export interface Table { readonly kind: 'table'; readonly rows: readonly Row[] }
/** `index` counts the rows of the file, 0-based. A cell is its blocks. */
export interface Row { readonly index: number; readonly cells: readonly (readonly Block[])[] }
export interface TextBox { readonly kind: 'text-box'; readonly blocks: readonly Block[] }

/** A footnote, endnote or comment. */
export interface Item { readonly id: string; readonly type: string | undefined; readonly blocks: readonly Block[] }

export interface Section {
  readonly parts: readonly { readonly kind: 'header' | 'footer'; readonly type: string; readonly id: string }[]
  readonly titlePage: boolean
}

export interface Story {
  readonly blocks: readonly Block[]
  readonly items: readonly Item[]
  readonly sections: readonly Section[]
  /** Ids of notes and comments the text refers to, in order. */
  readonly footnotes: readonly string[]
  readonly endnotes: readonly string[]
  readonly comments: readonly string[]
  /** Part names of pictures shown, in order. */
  readonly images: readonly string[]
  /** Parts of other formats pasted whole into the text; not read. */
  readonly foreignParts: number
  /** Name of the outermost element. */
  readonly root: string
  readonly wellFormed: boolean
  readonly refused?: Refusal
}

/** What an empty field or an unfilled content control is shown as. */
export const BLANK = '____'
const TAB = '   '

interface Container { readonly blocks: Block[]; pending?: Draft }
interface Draft { readonly pictures: string[]; text: string; visible: number; bold: number; style?: string; outline?: number; numbering?: string; level?: number; markGone: boolean; readonly boxes: TextBox[] }
interface Run { style?: string; bold?: boolean; vanish?: boolean; font?: string; resolved?: { hidden: boolean; bold: boolean; font?: string } }
interface Field { phase: 'instruction' | 'result'; readonly form?: 'text' | 'list' | 'box'; readonly shown?: string; visibleBefore: number }
interface FormData { form?: 'text' | 'list' | 'box'; checked?: boolean; standard?: boolean; entries: string[]; chosen?: number; standardChoice?: number }
interface Control { told: boolean; box: boolean; checked: boolean; before: number; draft?: Draft; visible: number }
interface Grid { rows: Row[]; index: number; cells: (readonly Block[])[]; rowGone: boolean; cellGone: boolean; cellEmpty: boolean }
interface Frame {
  container: Container
  draft?: Draft
  run: Run
  fields: Field[]
  /** How many of `fields` are in their instruction. */
  silent: number
  controls: Control[]
  /** The outermost control that shows its prompt only. */
  waiting?: Control
}
interface Choice { readonly before: number; used: boolean }

const isChange = (name: string): boolean => name.endsWith('Change')
/** Subtrees that hold nothing a reader sees. */
const NEVER = new Set(['w:del', 'w:moveFrom', 'w:rt'])

/** `pictureOf` gives the part that holds a picture; those without one are left out. */
export function readStory(xml: string, styles: Styles, bullets: BoxBullet, pictureOf: (id: string) => string | undefined): Story {
  const story = parse(xml, styles, bullets, pictureOf, false)
  // A field that never ends would swallow the rest of the text as its instruction.
  return story.openField ? parse(xml, styles, bullets, pictureOf, true) : story
}

function parse(xml: string, styles: Styles, bullets: BoxBullet, pictureOf: (id: string) => string | undefined, fieldsEndWithParagraph: boolean): Story & { readonly openField: boolean } {
  const root: Container = { blocks: [] }
  const items: Item[] = []
  const sections: Section[] = []
  const footnotes: string[] = []
  const endnotes: string[] = []
  const comments: string[] = []
  const images: string[] = []
  const path: string[] = []
  /** Of each open element: whether its start did something that its end has to finish. */
  const begun: boolean[] = []
  const frames: Frame[] = []
  const grids: Grid[] = []
  const choices: Choice[] = []
  const frame = (container: Container): Frame => ({ container, run: {}, fields: [], silent: 0, controls: [] })
  let now: Frame = frame(root)
  /** Depth of the element whose whole content is left out; 0 for none. */
  let skip = 0
  let depth = 0
  /** All text and pictures produced so far, to see whether a choice had any. */
  let produced = 0
  let visible = 0
  let foreignParts = 0
  let rootName = ''
  let openField = false
  let item: { id: string; type: string | undefined } | undefined
  let sectionParts: { kind: 'header' | 'footer'; type: string; id: string }[] = []
  let titlePage = false
  let form: FormData | undefined
  let fieldBegins = false

  const look = (): { hidden: boolean; bold: boolean; font?: string } => {
    const run = now.run
    if (run.resolved) return run.resolved
    const paragraph = styles.style(now.draft?.style ?? styles.defaultParagraph)
    const character = styles.style(run.style)
    // These are toggles: two style levels that both switch them on cancel out (ISO 29500-1, 17.7.3).
    run.resolved = {
      hidden: run.vanish ?? (styles.everywhere.vanish || paragraph.vanish !== character.vanish),
      bold: run.bold ?? (styles.everywhere.bold || paragraph.bold !== character.bold),
      font: run.font ?? character.font ?? paragraph.font,
    }
    return run.resolved
  }
  const draft = (): Draft => now.draft ??= { text: '', visible: 0, bold: 0, markGone: false, boxes: [], pictures: [] }
  const silent = (): boolean => now.silent > 0

  const emit = (text: string): void => {
    if (text === '' || silent()) return
    const { hidden, bold } = look()
    if (hidden) return
    const waiting = now.waiting
    if (waiting) {
      if (waiting.told) return
      waiting.told = true
      text = BLANK
    }
    const field = now.fields[now.fields.length - 1]
    const count = text.trim().length
    // An empty form field is shown as five wide spaces.
    if (field?.form === 'text' && count === 0) return
    const to = draft()
    to.text += text
    to.visible += count
    if (bold) to.bold += count
    visible += count
    produced += text.length
  }

  const finishParagraph = (): void => {
    const done = now.draft
    now.draft = undefined
    if (!done) return
    if (done.markGone) {
      now.container.pending = done
      return
    }
    push(now.container, done)
  }
  const push = (container: Container, done: Draft): void => {
    const style = styles.style(done.style ?? styles.defaultParagraph)
    let text = done.text.trim()
    const numbering = done.numbering ?? style.numbering
    if (text !== '' && numbering !== undefined) {
      const box = bullets(numbering, done.level ?? style.level ?? 0)
      if (box) text = `${box} ${text}`
    }
    const heading = done.outline === undefined ? style.heading : done.outline < 9
    container.blocks.push({ kind: 'paragraph', text, look: heading ? 'style' : done.visible > 0 && done.bold === done.visible ? 'bold' : 'plain', boxes: done.boxes, ...(done.pictures.length > 0 && { pictures: done.pictures }) })
  }
  const flush = (container: Container): void => {
    const pending = container.pending
    container.pending = undefined
    if (pending) push(container, pending)
  }
  const enter = (container: Container): void => {
    frames.push(now)
    now = frame(container)
  }
  // A cell within a placeholder control is silent as the control is.
  const enterCell = (container: Container): void => {
    const waiting = now.waiting
    enter(container)
    now.waiting = waiting
  }
  const leave = (): readonly Block[] => {
    finishParagraph()
    flush(now.container)
    if (now.silent > 0) openField = true
    const blocks = now.container.blocks
    now = frames.pop() ?? frame(root)
    return blocks
  }

  const beginField = (): void => {
    const data = form
    form = undefined
    if (data?.form === 'box') emit(data.checked ?? data.standard ?? false ? '☒' : '☐')
    const shown = data?.form === 'list' ? data.entries[data.chosen ?? data.standardChoice ?? 0] : undefined
    now.silent++
    now.fields.push({ phase: 'instruction', form: data?.form, shown, visibleBefore: visible })
  }
  const endField = (): void => {
    const field = now.fields.pop()
    if (field?.phase === 'instruction') now.silent--
    if (!field || visible !== field.visibleBefore) return
    if (field.form === 'text') emit(BLANK)
    else if (field.form === 'list') emit(field.shown ?? BLANK)
  }

  const runProperty = (name: string, attributes: Attributes): void => {
    const run = now.run
    if (name === 'w:vanish') run.vanish = isOn(attributes)
    else if (name === 'w:b') run.bold = isOn(attributes)
    else if (name === 'w:rStyle') run.style = attribute(attributes, 'w:val')
    else if (name === 'w:rFonts') run.font = attribute(attributes, 'w:ascii') ?? attribute(attributes, 'w:hAnsi') ?? run.font
    else return
    run.resolved = undefined
  }

  const open = (name: string, attributes: Attributes): void => {
    const parent = path[path.length - 1] ?? ''
    path.push(name)
    begun.push(false)
    depth++
    if (skip > 0) return
    if (rootName === '') rootName = name
    // Old properties kept by tracked changes, and what was deleted or moved away. In properties, `w:del` only marks.
    if (isChange(name)) { skip = depth; return }
    if (parent === 'w:rPr') {
      if (path[path.length - 3] === 'w:r' || path[path.length - 3] === 'm:r') runProperty(name, attributes)
      else if ((name === 'w:del' || name === 'w:moveFrom') && path[path.length - 3] === 'w:pPr') draft().markGone = true
      return
    }
    if (parent === 'w:trPr') {
      const grid = grids[grids.length - 1]
      if (grid && (name === 'w:del' || (name === 'w:hidden' && isOn(attributes)))) grid.rowGone = true
      return
    }
    if (parent === 'w:tcPr') {
      const grid = grids[grids.length - 1]
      if (!grid) return
      if (name === 'w:cellDel' || (name === 'w:hMerge' && attribute(attributes, 'w:val') !== 'restart')) grid.cellGone = true
      else if (name === 'w:vMerge' && attribute(attributes, 'w:val') !== 'restart') grid.cellEmpty = true
      return
    }
    if (parent === 'w:pPr' || parent === 'w:numPr') {
      const to = draft()
      if (name === 'w:pStyle') to.style = attribute(attributes, 'w:val')
      else if (name === 'w:outlineLvl') to.outline = Number(attribute(attributes, 'w:val') ?? 9)
      else if (name === 'w:numId') to.numbering = attribute(attributes, 'w:val')
      else if (name === 'w:ilvl') to.level = Number(attribute(attributes, 'w:val') ?? 0)
      else if (name === 'w:sectPr') {
        begun[depth - 1] = true
        sectionParts = []
        titlePage = false
      }
      return
    }
    if (parent === 'w:sdtPr' || parent === 'w14:checkbox') {
      const control = now.controls[now.controls.length - 1]
      if (!control) return
      if (name === 'w:showingPlcHdr' && isOn(attributes)) now.waiting ??= control
      else if (name === 'w14:checkbox') control.box = true
      else if (name === 'w14:checked') control.checked = isOn({ 'w:val': attribute(attributes, 'w14:val') ?? '1' })
      return
    }
    if (NEVER.has(name)) { skip = depth; return }
    begun[depth - 1] = true
    switch (name) {
      case 'w:p':
      case 'a:p': {
        finishParagraph()
        now.run = {}
        const pending = now.container.pending
        now.container.pending = undefined
        // The mark between two paragraphs was deleted: they are one, and look like the second.
        if (pending) now.draft = { ...pending, markGone: false, style: undefined, outline: undefined, numbering: undefined }
        draft()
        return
      }
      case 'w:r': case 'a:r': case 'm:r': now.run = {}; return
      case 'w:tab':
      case 'w:ptab': if (parent === 'w:r') emit(TAB); return
      case 'w:br': case 'w:cr': case 'a:br': emit('\n'); return
      case 'w:noBreakHyphen': emit('-'); return
      case 'w:sym': {
        const code = Number.parseInt(attribute(attributes, 'w:char') ?? '', 16)
        if (!Number.isNaN(code)) emit(symbolOf(attribute(attributes, 'w:font'), code))
        return
      }
      case 'w:fldChar': {
        const type = attribute(attributes, 'w:fldCharType')
        fieldBegins = type === 'begin'
        form = undefined
        const field = now.fields[now.fields.length - 1]
        if (type === 'separate' && field) {
          if (field.phase === 'instruction') now.silent--
          field.phase = 'result'
          field.visibleBefore = visible
        }
        else if (type === 'end') endField()
        return
      }
      case 'w:ffData': form = { entries: [] }; return
      case 'w:checkBox': if (form) form.form = 'box'; return
      case 'w:textInput': if (form) form.form = 'text'; return
      case 'w:ddList': if (form) form.form = 'list'; return
      case 'w:checked': if (form) form.checked = isOn(attributes); return
      case 'w:default':
        if (form && parent === 'w:checkBox') form.standard = isOn(attributes)
        else if (form && parent === 'w:ddList') form.standardChoice = Number(attribute(attributes, 'w:val'))
        return
      case 'w:result': if (form && parent === 'w:ddList') form.chosen = Number(attribute(attributes, 'w:val')); return
      case 'w:listEntry': if (form && form.entries.length < 1000) form.entries.push(attribute(attributes, 'w:val') ?? ''); return
      case 'w:sdt':
        now.controls.push({ told: false, box: false, checked: false, before: now.draft?.text.length ?? 0, draft: now.draft, visible })
        return
      case 'w:tbl':
        finishParagraph()
        flush(now.container)
        grids.push({ rows: [], index: -1, cells: [], rowGone: false, cellGone: false, cellEmpty: false })
        return
      case 'w:tr': {
        const grid = grids[grids.length - 1]
        if (grid) { grid.index++; grid.cells = []; grid.rowGone = false }
        return
      }
      case 'w:tc': {
        const grid = grids[grids.length - 1]
        if (grid) { grid.cellGone = false; grid.cellEmpty = false }
        enterCell({ blocks: [] })
        return
      }
      case 'w:txbxContent': case 'a:txBody': case 'wps:txBody': case 'wpg:txBody':
        if (silent() || look().hidden || now.waiting) skip = depth
        else enter({ blocks: [] })
        return
      case 'v:textpath': {
        // Word art: DRAFT or COPY across the page.
        const text = (attribute(attributes, 'string') ?? '').trim()
        if (text !== '' && !silent() && !look().hidden) {
          draft().boxes.push({ kind: 'text-box', blocks: [{ kind: 'paragraph', text, look: 'plain', boxes: [] }] })
          produced += text.length
        }
        return
      }
      case 'v:shape': case 'v:rect':
        if (/visibility:\s?hidden/.test(attributes['style'] ?? '')) skip = depth
        return
      case 'wp:docPr':
        if (attributes['hidden'] === '1' || attributes['hidden'] === 'true') skip = depth - 1
        return
      case 'a:blip': case 'v:imagedata': {
        const id = attribute(attributes, name === 'a:blip' ? 'r:embed' : 'r:id')
        if (id === undefined || silent() || look().hidden) return
        const part = pictureOf(id)
        if (part !== undefined) {
          images.push(part)
          draft().pictures.push(part)
        }
        produced++
        return
      }
      case 'mc:AlternateContent': choices.push({ before: produced, used: false }); return
      case 'mc:Choice':
      case 'mc:Fallback': if (choices[choices.length - 1]?.used) skip = depth; return
      case 'w:footnote': case 'w:endnote': case 'w:comment':
        item = { id: attribute(attributes, 'w:id') ?? '', type: attribute(attributes, 'w:type') }
        enter({ blocks: [] })
        return
      case 'w:footnoteReference': if (!look().hidden) footnotes.push(attribute(attributes, 'w:id') ?? ''); return
      case 'w:endnoteReference': if (!look().hidden) endnotes.push(attribute(attributes, 'w:id') ?? ''); return
      case 'w:commentReference': comments.push(attribute(attributes, 'w:id') ?? ''); return
      case 'w:altChunk': foreignParts++; return
      case 'w:sectPr': sectionParts = []; titlePage = false; return
      case 'w:headerReference': case 'w:footerReference':
        sectionParts.push({ kind: name === 'w:headerReference' ? 'header' : 'footer', type: attribute(attributes, 'w:type') ?? 'default', id: attribute(attributes, 'r:id') ?? '' })
        return
      case 'w:titlePg': titlePage = isOn(attributes); return
      // A power or a fraction without its sign would be another number.
      case 'm:den': emit('/'); return
      case 'm:d': emit('('); return
      case 'm:sup': if (parent === 'm:sSup' || parent === 'm:sSubSup') emit('^'); return
      default:
    }
  }

  const close = (name: string): void => {
    path.pop()
    const finish = begun.pop()
    depth--
    if (skip > 0) {
      if (depth >= skip) return
      skip = 0
      return
    }
    if (!finish) return
    switch (name) {
      case 'w:p': case 'a:p':
        finishParagraph()
        if (fieldsEndWithParagraph && now.silent > 0) {
          now.fields = []
          now.silent = 0
        }
        return
      case 'w:r': case 'a:r': case 'm:r': now.run = {}; return
      case 'w:fldChar':
        if (fieldBegins) beginField()
        fieldBegins = false
        return
      case 'w:sdt': endControl(); return
      case 'w:tc': {
        const blocks = leave()
        const grid = grids[grids.length - 1]
        if (grid && !grid.cellGone) grid.cells.push(grid.cellEmpty ? [] : blocks)
        return
      }
      case 'w:tr': {
        const grid = grids[grids.length - 1]
        if (grid && !grid.rowGone) grid.rows.push({ index: grid.index, cells: grid.cells })
        return
      }
      case 'w:tbl': {
        const grid = grids.pop()
        if (grid && grid.rows.length > 0) now.container.blocks.push({ kind: 'table', rows: grid.rows })
        return
      }
      case 'w:txbxContent': case 'a:txBody': case 'wps:txBody': case 'wpg:txBody': {
        const blocks = leave()
        if (blocks.length > 0) draft().boxes.push({ kind: 'text-box', blocks })
        return
      }
      case 'mc:Choice': {
        const choice = choices[choices.length - 1]
        if (choice && produced > choice.before) choice.used = true
        return
      }
      case 'mc:AlternateContent': choices.pop(); return
      case 'm:d': emit(')'); return
      case 'w:footnote': case 'w:endnote': case 'w:comment': {
        const blocks = leave()
        if (item) items.push({ ...item, blocks })
        item = undefined
        return
      }
      case 'w:sectPr':
        if (path[path.length - 1] === 'w:pPr' || path[path.length - 1] === 'w:body') sections.push({ parts: sectionParts, titlePage })
        return
      default:
    }
  }

  const endControl = (): void => {
    const control = now.controls.pop()
    if (control && now.waiting === control) now.waiting = undefined
    if (!control?.box || silent()) return
    // Around a whole paragraph or cell, what stands in it is shown already.
    const to = now.draft
    if (!to || control.draft !== to) return
    const inside = to.text.slice(control.before).trim()
    if ([...inside].length > 2 && inside !== BLANK) return
    // As shown; the stored state only where the sign shown is not a box.
    to.text = to.text.slice(0, control.before) + (boxOf(inside) ?? (control.checked ? '☒' : '☐'))
    if (visible === control.visible) {
      visible++
      to.visible++
    }
    produced++
  }

  const text = (chunk: string, inside: string): void => {
    if (skip > 0) return
    if (inside !== 'w:t' && inside !== 'm:t' && inside !== 'a:t') return
    const clean = /[\t\n\r]/.test(chunk) ? chunk.replace(/[\t\n\r]/g, ' ') : chunk
    const { font } = look()
    emit(isSymbolFont(font) || /[\uf000-\uf0ff]/.test(clean) ? symbolText(font, clean) : clean)
  }

  const walked = walkXml(xml, { open, close, text })
  while (frames.length > 0) {
    const blocks = leave()
    now.container.blocks.push(...blocks)
  }
  finishParagraph()
  flush(root)
  if (now.silent > 0) openField = true
  return {
    blocks: root.blocks, items, sections, footnotes, endnotes, comments, images, foreignParts, root: rootName, openField,
    wellFormed: walked.wellFormed, refused: walked.refused,
  }
}
