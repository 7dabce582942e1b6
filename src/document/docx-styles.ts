// What styles and numbering say of text: hidden, bold, heading, box as bullet. May not: look at text.
import { attribute, isOn, walkXml } from './docx-xml.ts'
import { boxOf, symbolText } from './docx-symbols.ts'

/** A style with all it inherits. */
export interface Style {
  readonly vanish: boolean
  readonly bold: boolean
  readonly heading: boolean
  readonly font?: string
  readonly numbering?: string
  readonly level?: number
}

export interface Styles {
  readonly style: (id: string | undefined) => Style
  readonly defaultParagraph: string | undefined
  /** Of every text, whatever its style. */
  readonly everywhere: { readonly vanish: boolean; readonly bold: boolean }
}

/** The sign before a list item, where it is a check box; undefined for bullets and numbers. */
export type BoxBullet = (numbering: string, level: number) => string | undefined

interface Written { name: string; basedOn?: string; vanish?: boolean; bold?: boolean; outline?: number; font?: string; numbering?: string; level?: number }

const PLAIN: Style = { vanish: false, bold: false, heading: false }

export function readStyles(xml: string | undefined): Styles {
  const written = new Map<string, Written>()
  const everywhere = { vanish: false, bold: false }
  let defaultParagraph: string | undefined
  let current: Written | undefined
  const path: string[] = []
  /** Open elements that hold old, default or conditional formats. */
  let changed = 0
  let defaults = 0
  let conditional = 0
  if (xml !== undefined) walkXml(xml, {
    open(name, attributes) {
      const parent = path[path.length - 1]
      path.push(name)
      if (name.endsWith('Change')) changed++
      else if (name === 'w:rPrDefault') defaults++
      else if (name === 'w:tblStylePr') conditional++
      if (changed > 0) return
      if (name === 'w:style') {
        const id = attribute(attributes, 'w:styleId') ?? ''
        current = { name: '' }
        if (written.size < 20_000) written.set(id, current)
        const standard = attribute(attributes, 'w:default')
        if (standard !== undefined && standard !== '0' && standard !== 'false' && attribute(attributes, 'w:type') === 'paragraph') defaultParagraph = id
        return
      }
      const inDefaults = defaults > 0
      const target = inDefaults ? everywhere : current
      // Conditional formats of table styles (first row bold) are not the style itself.
      if (!target || conditional > 0) return
      if (parent === 'w:rPr' && name === 'w:vanish') target.vanish = isOn(attributes)
      else if (parent === 'w:rPr' && name === 'w:b') target.bold = isOn(attributes)
      else if (!current || inDefaults) return
      else if (name === 'w:name' && parent === 'w:style') current.name = (attribute(attributes, 'w:val') ?? '').toLowerCase()
      else if (name === 'w:basedOn') current.basedOn = attribute(attributes, 'w:val')
      else if (name === 'w:outlineLvl') current.outline = Number(attribute(attributes, 'w:val'))
      else if (name === 'w:rFonts') current.font = attribute(attributes, 'w:ascii') ?? attribute(attributes, 'w:hAnsi')
      else if (name === 'w:numId') current.numbering = attribute(attributes, 'w:val')
      else if (name === 'w:ilvl') current.level = Number(attribute(attributes, 'w:val'))
    },
    close(name) {
      path.pop()
      if (name.endsWith('Change')) changed--
      else if (name === 'w:rPrDefault') defaults--
      else if (name === 'w:tblStylePr') conditional--
      if (name === 'w:style') current = undefined
    },
  })
  const resolved = new Map<string, Style>()
  const style = (id: string | undefined): Style => {
    if (id === undefined) return PLAIN
    const done = resolved.get(id)
    if (done) return done
    const chain: Written[] = []
    for (let next = written.get(id); next && chain.length < 40 && !chain.includes(next); next = next.basedOn === undefined ? undefined : written.get(next.basedOn)) chain.push(next)
    const first = <K extends keyof Written>(key: K): Written[K] | undefined => chain.find(one => one[key] !== undefined)?.[key]
    const outline = first('outline')
    const found: Style = {
      vanish: first('vanish') ?? false,
      bold: first('bold') ?? false,
      heading: outline !== undefined && outline < 9 ? outline >= 0 : outline === undefined && chain.some(one => isHeadingName(one.name)),
      font: first('font'),
      numbering: first('numbering'),
      level: first('level'),
    }
    resolved.set(id, found)
    return found
  }
  return { style, defaultParagraph, everywhere }
}

// Word keeps the English names of its own styles in every language.
const isHeadingName = (name: string): boolean => /^(heading [1-9]|title|subtitle|toc heading)$/.test(name)

export function readNumbering(xml: string | undefined): BoxBullet {
  const boxes = new Map<string, string>()
  const abstractOf = new Map<string, string>()
  let abstract = ''
  let number = ''
  let level = ''
  let sign = ''
  let font: string | undefined
  if (xml !== undefined) walkXml(xml, {
    open(name, attributes) {
      if (name === 'w:abstractNum') abstract = attribute(attributes, 'w:abstractNumId') ?? ''
      else if (name === 'w:num') number = attribute(attributes, 'w:numId') ?? ''
      else if (name === 'w:abstractNumId') abstractOf.set(number, attribute(attributes, 'w:val') ?? '')
      else if (name === 'w:lvl') { level = attribute(attributes, 'w:ilvl') ?? ''; sign = ''; font = undefined }
      else if (name === 'w:lvlText') sign = attribute(attributes, 'w:val') ?? ''
      else if (name === 'w:rFonts') font = attribute(attributes, 'w:ascii') ?? attribute(attributes, 'w:hAnsi')
    },
    close(name) {
      if (name !== 'w:lvl') return
      const shown = symbolText(font, sign)
      // ● ○ ■ ✓ are ordinary bullets; only a square box is a question asked.
      const box = /^[☐☒☑□◻▢❑❏🞎⬜]$/u.test(shown) ? boxOf(shown) : undefined
      // Wingdings q and r are shadowed squares that Word offers as plain bullets next to its discs.
      if (box && !(font?.toLowerCase() === 'wingdings' && /^[\uf070-\uf072pqr]$/.test(sign))) boxes.set(`${abstract}/${level}`, box)
    },
  })
  return (numbering, at) => boxes.size === 0 ? undefined : boxes.get(`${abstractOf.get(numbering) ?? ''}/${at}`)
}
