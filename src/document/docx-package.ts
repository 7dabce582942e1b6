// A Word file as its stories: which parts are shown, in which order. May not: lay out text, touch pixels.
import { isRefusal, openArchive, readPart, type Archive, type Refusal } from './docx-archive.ts'
import { readStory, type Item, type Section, type Story } from './docx-story.ts'
import { readNumbering, readStyles } from './docx-styles.ts'
import { attribute, decodeXml, isOn, walkXml } from './docx-xml.ts'

export interface WordFile {
  readonly headers: readonly Story[]
  readonly body: Story
  readonly footers: readonly Story[]
  readonly footnotes: readonly Item[]
  readonly endnotes: readonly Item[]
  readonly comments: readonly Item[]
  /** Part names of pictures shown in body, notes and comments (a letterhead's are not), in order, each once. */
  readonly images: readonly string[]
  /** Parts that are damaged or missing although the text refers to them. */
  readonly damagedParts: number
  /** Part names of documents embedded whole. */
  readonly embedded: readonly string[]
  /** Objects of other programs; not read. */
  readonly objects: number
  readonly properties: Readonly<Record<string, string>>
  readonly archive: Archive
}

/** Pictures of a letterhead are no text of the document. */
const NO_RELATIONS: ReadonlyMap<string, Relation> = new Map()

interface Relation { readonly type: string; readonly target: string }

export function openWordFile(bytes: Uint8Array): WordFile | Refusal {
  const archive = openArchive(bytes)
  if (isRefusal(archive)) return archive
  let damagedParts = 0
  let refused: Refusal | undefined
  const xmlOf = (name: string | undefined): string | undefined => {
    const part = name === undefined ? undefined : readPart(archive, name)
    if (!part) return undefined
    if (!part.whole) damagedParts++
    return decodeXml(part)
  }
  const relationsOf = (name: string): ReadonlyMap<string, Relation> => {
    const slash = name.lastIndexOf('/')
    return readRelations(xmlOf(`${name.slice(0, slash + 1)}_rels/${name.slice(slash + 1)}.rels`), name.slice(0, slash + 1))
  }
  const top = [...readRelations(xmlOf('_rels/.rels'), '').values()]
  const main = top.find(one => one.type === 'officeDocument')?.target ?? 'word/document.xml'
  const mainXml = xmlOf(main)
  if (mainXml === undefined) return { refused: archive.entries.has('[content_types].xml') && main.startsWith('word/') ? 'damaged-file' : 'foreign-file' }
  const relations = relationsOf(main)
  const targetOf = (type: string): string | undefined => [...relations.values()].find(one => one.type === type)?.target
  const styles = readStyles(xmlOf(targetOf('styles')))
  const bullets = readNumbering(xmlOf(targetOf('numbering')))
  const storyOf = (xml: string, of: ReadonlyMap<string, Relation>): Story => {
    const story = readStory(xml, styles, bullets, id => {
      const target = of.get(id)?.target
      return target !== undefined && archive.entries.has(target.toLowerCase()) ? target : undefined
    })
    if (!story.wellFormed) damagedParts++
    refused ??= story.refused
    return story
  }
  const body = storyOf(mainXml, relations)
  if (refused) return refused
  if (body.root !== 'w:document') return { refused: body.root === '' ? 'damaged-file' : 'foreign-file' }

  const shown = partsShown(body.sections, hasEvenPages(xmlOf(targetOf('settings'))))
  const stories = (kind: 'header' | 'footer'): Story[] => {
    const names = new Set(shown.filter(one => one.kind === kind).map(one => relations.get(one.id)?.target))
    const found: Story[] = []
    for (const name of names) {
      const xml = xmlOf(name)
      if (xml === undefined) damagedParts++
      else found.push(storyOf(xml, NO_RELATIONS))
    }
    return found
  }
  const headers = stories('header')
  const footers = stories('footer')
  const outer = [...headers, body, ...footers]
  const itemsOf = (type: string, refer: (story: Story) => readonly string[], from: readonly Story[]): { items: readonly Item[]; story: Story; name: string } | undefined => {
    const ids = [...new Set(from.flatMap(refer))]
    const name = ids.length > 0 ? targetOf(type) : undefined
    const xml = xmlOf(name)
    if (ids.length === 0) return undefined
    if (xml === undefined || name === undefined) { damagedParts++; return undefined }
    const story = storyOf(xml, relationsOf(name))
    const byId = new Map(story.items.map(item => [item.id, item]))
    return { items: ids.flatMap(id => byId.get(id) ?? []).filter(item => item.type === undefined || item.type === 'normal'), story, name }
  }
  const footnotes = itemsOf('footnotes', story => story.footnotes, outer)
  const endnotes = itemsOf('endnotes', story => story.endnotes, outer)
  const notes = [footnotes, endnotes].flatMap(one => one?.story ?? [])
  const comments = itemsOf('comments', story => story.comments, [...outer, ...notes])
  if (refused) return refused

  const images = new Set([body, footnotes?.story, endnotes?.story, comments?.story].flatMap(story => story?.images ?? []))
  const packages = [...relations.values()].filter(one => one.type === 'package' && archive.entries.has(one.target.toLowerCase()))
  return {
    headers, body, footers, footnotes: footnotes?.items ?? [], endnotes: endnotes?.items ?? [], comments: comments?.items ?? [],
    images: [...images], damagedParts, archive,
    embedded: packages.map(one => one.target),
    objects: [...relations.values()].filter(one => one.type === 'package' || one.type === 'oleObject').length - packages.length,
    properties: readProperties(xmlOf(top.find(one => one.type === 'core-properties')?.target ?? 'docProps/core.xml'), xmlOf('docProps/app.xml')),
  }
}

/** Relations by id, type by its last word, target as a part name; outside targets left out. */
function readRelations(xml: string | undefined, folder: string): ReadonlyMap<string, Relation> {
  const found = new Map<string, Relation>()
  if (xml !== undefined) walkXml(xml, {
    open(name, attributes) {
      if (!name.endsWith('Relationship') || attribute(attributes, 'TargetMode') === 'External') return
      const type = attribute(attributes, 'Type') ?? ''
      const target = attribute(attributes, 'Target') ?? ''
      found.set(attribute(attributes, 'Id') ?? '', { type: type.slice(type.lastIndexOf('/') + 1).replace('coreProperties', 'core-properties'), target: resolve(folder, target) })
    },
  })
  return found
}

function resolve(folder: string, target: string): string {
  const path: string[] = target.startsWith('/') ? [] : folder.split('/').filter(part => part !== '')
  for (const part of target.replaceAll('\\', '/').split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.' && part !== '') path.push(part)
  }
  return path.join('/')
}

function hasEvenPages(settings: string | undefined): boolean {
  let even = false
  if (settings !== undefined) walkXml(settings, { open(name, attributes) { if (name === 'w:evenAndOddHeaders') even = isOn(attributes) } })
  return even
}

/** Headers and footers some page shows. A first-page header without its switch stays from a template and is never seen. */
function partsShown(sections: readonly Section[], even: boolean): Section['parts'] {
  const current = new Map<string, Section['parts'][number]>()
  const shown: Section['parts'][number][] = []
  for (const section of sections) {
    for (const part of section.parts) current.set(`${part.kind} ${part.type}`, part)
    for (const kind of ['header', 'footer'])
      for (const type of [...(section.titlePage ? ['first'] : []), 'default', ...(even ? ['even'] : [])]) {
        const part = current.get(`${kind} ${type}`)
        if (part) shown.push(part)
      }
  }
  return shown
}

const PROPERTY: Readonly<Record<string, string>> = {
  title: 'title', subject: 'subject', creator: 'author', lastModifiedBy: 'lastModifiedBy', created: 'created', modified: 'modified',
  description: 'description', keywords: 'keywords', category: 'category', Application: 'producer',
}

function readProperties(...parts: (string | undefined)[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const xml of parts) if (xml !== undefined) walkXml(xml, {
    text(text, inside) {
      const name = PROPERTY[inside.slice(inside.indexOf(':') + 1)]
      if (name !== undefined && text.trim() !== '') found[name] = `${found[name] ?? ''}${text}`.trim().slice(0, 1000)
    },
  })
  return found
}
