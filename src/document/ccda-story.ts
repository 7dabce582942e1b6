// A C-CDA clinical document → blocks: title, whose it is, sections with their narrative, who signed. May not: judge entries; invent words the document does not hold.
import type { Block } from './docx-story.ts'
import type { Attachment } from './flow-document.ts'
import { openMarkup } from './markup-story.ts'
import { field, heading, hl7Time, line, tableOf } from './record-lines.ts'
import { child, elementsOf, textOf, walkNode } from './xml-tree.ts'
import type { XmlNode } from './xml-tree.ts'

export interface CcdaStory {
  readonly title: string
  readonly blocks: readonly Block[]
  /** Pictures of the narrative, by the id it has for them. */
  readonly pictures: ReadonlyMap<string, Uint8Array>
  /** A body that is a file of another format. */
  readonly attachments: readonly Attachment[]
}

export function readCcda(root: XmlNode): CcdaStory {
  const title = textOf(child(root, 'title')) || display(child(root, 'code')) || 'Clinical document'
  const pictures = new Map<string, Uint8Array>()
  const attachments: Attachment[] = []
  const visit = child(root, 'componentOf', 'encompassingEncounter')
  const service = child(root, 'documentationOf', 'serviceEvent')
  const blocks: Block[] = [
    heading(title),
    ...patientOf(child(root, 'recordTarget', 'patientRole')),
    ...field('Facility', textOf(child(visit, 'location', 'healthCareFacility', 'location', 'name')) || textOf(child(root, 'custodian', 'assignedCustodian', 'representedCustodianOrganization', 'name'))),
    ...field('Date of service', period(child(visit, 'effectiveTime')) ?? period(child(service, 'effectiveTime'))),
    ...field('Document date', hl7Time(child(root, 'effectiveTime')?.attributes['value'])),
    ...elementsOf(root, 'author').flatMap((author) => authorOf(author)),
  ]
  const unstructured = child(root, 'component', 'nonXMLBody', 'text')
  if (unstructured !== undefined) {
    if (unstructured.attributes['representation'] === 'B64') attachments.push({ name: `body.${extension(unstructured.attributes['mediaType'])}`, bytes: fromBase64(unstructured) })
    else blocks.push({ kind: 'lines', text: rawText(unstructured).replace(/^\s*\n/, '').trimEnd() })
  }
  for (const component of elementsOf(child(root, 'component', 'structuredBody'), 'component')) for (const section of elementsOf(component, 'section')) sectionOf(section, blocks, pictures, 0)
  for (const legal of elementsOf(root, 'legalAuthenticator')) blocks.push(...signatureOf(legal, 'Electronically signed by'))
  for (const other of elementsOf(root, 'authenticator')) blocks.push(...signatureOf(other, 'Authenticated by'))
  for (const addendum of elementsOf(root, 'relatedDocument')) {
    const kind = addendum.attributes['typeCode']
    if (kind === 'APND') blocks.push(line('This document is an addendum to an earlier one.'))
    else if (kind === 'RPLC') blocks.push(line('This document replaces an earlier one.'))
  }
  return { title, blocks, pictures, attachments }
}

function patientOf(role: XmlNode | undefined): readonly Block[] {
  if (role === undefined) return []
  const patient = child(role, 'patient')
  const names = elementsOf(patient, 'name')
  const name = nameOf(names.find((each) => each.attributes['use'] === 'L') ?? names[0], true)
  const ids = elementsOf(role, 'id').flatMap((id) => (id.attributes['extension'] === undefined || id.attributes['root'] === '2.16.840.1.113883.4.1' ? [] : [id.attributes['extension']]))
  return [
    ...field('Patient', name), ...field('Date of birth', hl7Time(child(patient, 'birthTime')?.attributes['value'])?.slice(0, 10)),
    ...field('Sex', display(child(patient, 'administrativeGenderCode'))), ...ids.slice(0, 3).flatMap((id, index) => field(index === 0 ? 'MRN' : 'Other ID', id)),
  ]
}

function authorOf(author: XmlNode): readonly Block[] {
  const assigned = child(author, 'assignedAuthor')
  const person = nameOf(child(assigned, 'assignedPerson', 'name'), false)
  if (person === '') return []
  return field('Author', [person, display(child(assigned, 'code'))].filter((part) => part !== '').join(', '))
}

/** `signatureCode` S is signed; X is asked for, and not given. */
function signatureOf(who: XmlNode, words: string): readonly Block[] {
  const entity = child(who, 'assignedEntity')
  const person = nameOf(child(entity, 'assignedPerson', 'name'), false)
  const code = child(who, 'signatureCode')?.attributes['code']?.toUpperCase()
  const time = hl7Time(child(who, 'time')?.attributes['value'])
  if (person === '') return []
  const role = display(child(entity, 'code'))
  if (code === 'X') return [line(`Signature pending: ${person}${role === '' ? '' : `, ${role}`}`)]
  return [line(`${words}: ${person}${role === '' ? '' : `, ${role}`}${time === undefined ? '' : ` on ${time}`}`)]
}

function sectionOf(section: XmlNode, blocks: Block[], pictures: Map<string, Uint8Array>, depth: number): void {
  const title = textOf(child(section, 'title')) || display(child(section, 'code'))
  if (title !== '') blocks.push(heading(title))
  for (const author of elementsOf(section, 'author')) blocks.push(...authorOf(author))
  for (const entry of elementsOf(section, 'entry')) gatherPictures(entry, pictures)
  const text = child(section, 'text')
  const narrative = text === undefined ? [] : narrativeOf(text)
  blocks.push(...narrative)
  // The narrative is what the clinician attests; entries are read only where there is none.
  if (!narrative.some(hasText)) blocks.push(...entriesOf(elementsOf(section, 'entry')))
  if (depth < 20) for (const component of elementsOf(section, 'component')) for (const inner of elementsOf(component, 'section')) sectionOf(inner, blocks, pictures, depth + 1)
}

const hasText = (block: Block): boolean =>
  block.kind === 'table' ? block.rows.some((row) => row.cells.some((cell) => cell.some(hasText))) : block.kind === 'text-box' ? block.blocks.some(hasText) : block.text.trim() !== ''

function narrativeOf(text: XmlNode): readonly Block[] {
  // Text that breaks its own lines, as older systems write it into one element.
  const loose = text.children.every((part) => typeof part === 'string')
  const raw = loose ? rawText(text) : ''
  if (loose && raw.split('\n').filter((each) => each.trim() !== '').length > 1) return [{ kind: 'lines', text: raw.replace(/\r\n?/g, '\n').replace(/^\s*\n/, '').trimEnd() }]
  const story = openMarkup()
  walkNode(text, story)
  return story.blocks()
}

const rawText = (node: XmlNode): string => node.children.filter((part) => typeof part === 'string').join('')

function gatherPictures(entry: XmlNode, pictures: Map<string, Uint8Array>): void {
  const open: XmlNode[] = [entry]
  while (open.length > 0 && pictures.size < 200) {
    const node = open.pop() as XmlNode
    if (node.name === 'observationMedia') {
      const value = child(node, 'value')
      const id = node.attributes['ID']
      if (id !== undefined && value?.attributes['representation'] === 'B64' && /^image\//.test(value.attributes['mediaType'] ?? '')) pictures.set(id, fromBase64(value))
    } else open.push(...elementsOf(node))
  }
}

/** What coded entries say, one row each: what, value, status, when. */
function entriesOf(entries: readonly XmlNode[]): readonly Block[] {
  const rows: string[][] = []
  const open = [...entries].reverse()
  while (open.length > 0 && rows.length < 5000) {
    const node = open.pop() as XmlNode
    if (/^(?:observation|procedure|act|substanceAdministration|encounter|supply)$/.test(node.name)) {
      const drug = child(node, 'consumable', 'manufacturedProduct', 'manufacturedMaterial', 'code')
      const value = child(node, 'value')
      const shown = value === undefined ? '' : value.attributes['value'] === undefined ? display(value) || textOf(value) : `${value.attributes['value']} ${value.attributes['unit'] ?? ''}`.trim()
      const dose = child(node, 'doseQuantity')?.attributes
      const row = [
        display(drug) || display(child(node, 'code')), shown || (dose?.['value'] === undefined ? '' : `${dose['value']} ${dose['unit'] ?? ''}`.trim()),
        child(node, 'statusCode')?.attributes['code'] ?? '', period(child(node, 'effectiveTime')) ?? '', node.attributes['negationInd'] === 'true' ? 'not done' : '',
      ]
      if (row[0] !== '') rows.push(row)
    }
    open.push(...[...elementsOf(node)].reverse().filter((each) => each.name !== 'templateId'))
  }
  return tableOf(['Item', 'Value', 'Status', 'Date', 'Remark'], rows)
}

/** What people read of a code. */
function display(code: XmlNode | undefined): string {
  if (code === undefined) return ''
  return code.attributes['displayName'] ?? (textOf(child(code, 'originalText')) || (elementsOf(code, 'translation').map((each) => each.attributes['displayName'] ?? '').find((each) => each !== '') ?? ''))
}

function nameOf(name: XmlNode | undefined, familyFirst: boolean): string {
  if (name === undefined) return ''
  const part = (kind: string): string => elementsOf(name, kind).map((each) => textOf(each)).filter((each) => each !== '').join(' ')
  const given = part('given')
  const family = part('family')
  if (given === '' && family === '') return textOf(name)
  const suffix = part('suffix')
  if (familyFirst) return `${family}, ${given}`.replace(/^, |, $/, '')
  return `${[part('prefix'), given, family].filter((each) => each !== '').join(' ')}${suffix === '' ? '' : `, ${suffix}`}`
}

function period(time: XmlNode | undefined): string | undefined {
  if (time === undefined) return undefined
  const value = hl7Time(time.attributes['value'])
  if (value !== undefined) return value
  const low = hl7Time(child(time, 'low')?.attributes['value'])
  const high = hl7Time(child(time, 'high')?.attributes['value'])
  return low === undefined ? high : high === undefined || high === low ? low : `${low} to ${high}`
}

const fromBase64 = (node: XmlNode): Uint8Array => new Uint8Array(Buffer.from(textOf(node).replace(/\s+/g, ''), 'base64'))

/** Only a name: the content tells what the file is. */
export function extension(type: string | undefined): string {
  const plain = (type ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const known: Readonly<Record<string, string>> = {
    'application/pdf': 'pdf', 'text/plain': 'txt', 'text/rtf': 'rtf', 'application/rtf': 'rtf', 'text/html': 'html', 'image/tiff': 'tiff', 'image/jpeg': 'jpg', 'image/png': 'png', 'application/xml': 'xml', 'text/xml': 'xml',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx', 'application/zip': 'zip', 'message/rfc822': 'eml',
  }
  return known[plain] ?? 'bin'
}
