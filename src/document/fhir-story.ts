// FHIR resources (JSON or XML) → blocks: narrative where there is one, else fields and tables; attached files aside. May not: ask a server, judge what is recorded.
import type { Block } from './docx-story.ts'
import { extension } from './ccda-story.ts'
import type { Attachment } from './flow-document.ts'
import { htmlBlocks } from './read-html.ts'
import { asWords, field, heading, isoTime, line, tableOf } from './record-lines.ts'
import { elementsOf } from './xml-tree.ts'
import type { XmlNode } from './xml-tree.ts'

/** A JSON value of which nothing is known yet. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export interface FhirStory {
  readonly blocks: readonly Block[]
  readonly attachments: readonly Attachment[]
}

type Resource = { readonly [key: string]: Json }

const MOST_RESOURCES = 20_000
const DEEPEST = 12
const DEEPEST_BUNDLE = 200

export function readFhir(resources: readonly Resource[]): FhirStory {
  const all: Resource[] = []
  const byReference = new Map<string, Resource>()
  const add = (resource: Resource, url: string, depth: number): void => {
    if (all.length >= MOST_RESOURCES || depth > DEEPEST_BUNDLE) return
    if (text(resource['resourceType']) === 'Bundle') {
      for (const entry of list(resource['entry'])) {
        const inner = object(object(entry)['resource'])
        if (text(inner['resourceType']) !== '') add(inner, text(object(entry)['fullUrl']), depth + 1)
      }
      return
    }
    all.push(resource)
    const id = text(resource['id'])
    if (id !== '') byReference.set(`${text(resource['resourceType'])}/${id}`, resource)
    if (url !== '') byReference.set(url, resource)
    for (const contained of list(resource['contained'])) byReference.set(`#${text(object(contained)['id'])}`, object(contained))
  }
  for (const resource of resources) add(resource, '', 0)

  const attachments: Attachment[] = []
  const used = new Set<Resource>()
  const resolve = (reference: Json | undefined): Resource | undefined => {
    const target = text(object(reference)['reference'])
    return byReference.get(target) ?? byReference.get(target.split('/').slice(-2).join('/'))
  }
  const nameOf = (reference: Json | undefined): string => {
    const shown = text(object(reference)['display'])
    if (shown !== '') return shown
    const found = resolve(reference)
    if (found === undefined) return ''
    if (text(found['resourceType']) === 'PractitionerRole') return [nameOf(found['practitioner']), concept(first(found['specialty'])) || concept(first(found['code']))].filter((part) => part !== '').join(', ')
    return humanName(found['name']) || text(found['name']) || concept(found['code']) || concept(found['type'])
  }
  const attach = (value: Json | undefined, label: string): void => {
    const attachment = object(value)
    let data = text(attachment['data'])
    let type = text(attachment['contentType'])
    const binary = data === '' ? resolve({ reference: text(attachment['url']) }) : undefined
    if (binary !== undefined) {
      used.add(binary)
      data = text(binary['data'])
      type ||= text(binary['contentType'])
    }
    if (data === '') return
    const title = text(attachment['title']).replace(/[^\w .()-]+/g, '_').slice(0, 80)
    attachments.push({ name: title !== '' && /\.\w{2,4}$/.test(title) ? title : `${title || label}.${extension(type)}`, bytes: new Uint8Array(Buffer.from(data.replace(/\s+/g, ''), 'base64')) })
  }

  const blocks: Block[] = []
  const patient = all.find((each) => text(each['resourceType']) === 'Patient')
  const title = all.find((each) => text(each['resourceType']) === 'Composition')
  if (title !== undefined) blocks.push(heading(text(title['title']) || concept(title['type']) || 'Clinical document'))
  if (patient !== undefined) {
    used.add(patient)
    blocks.push(...patientLines(patient))
  }
  // A document begins with its composition, which says what follows what.
  for (const resource of title === undefined ? all : [title, ...all.filter((each) => each !== title)]) if (!used.has(resource)) blocks.push(...render(resource))
  return { blocks, attachments }

  function render(resource: Resource): readonly Block[] {
    const type = text(resource['resourceType'])
    switch (type) {
      case 'Composition': return composition(resource)
      case 'DocumentReference': {
        const label = concept(resource['type']) || text(resource['description']) || 'Document'
        list(resource['content']).forEach((content, index) => attach(object(content)['attachment'], `document-${text(resource['id']) || index + 1}`))
        const signer = nameOf(resource['authenticator'])
        return [
          heading(label), ...(patient === undefined ? field('Patient', nameOf(resource['subject'])) : []), ...field('Description', text(resource['description'])), ...field('Date', isoTime(text(resource['date']))),
          ...field('Status', [text(resource['docStatus']), text(resource['status'])].filter((each) => each !== '' && each !== 'current').join(', ')),
          ...list(resource['author']).flatMap((author) => field('Author', nameOf(author))), ...(signer === '' ? [] : [line(`Authenticated by: ${signer}`)]),
        ]
      }
      case 'Binary': attach({ contentType: resource['contentType'] ?? '', data: resource['data'] ?? '' }, `binary-${text(resource['id']) || 'file'}`); return []
      case 'Patient': return patientLines(resource)
      // People and places are named where they act.
      case 'Practitioner': case 'PractitionerRole': case 'Organization': case 'Location': case 'Device': case 'Provenance': case 'BodyStructure': return []
      default: return general(resource)
    }
  }

  function composition(resource: Resource): readonly Block[] {
    const found: Block[] = [
      ...field('Document date', isoTime(text(resource['date']))), ...field('Status', text(resource['status'])), ...list(resource['author']).flatMap((author) => field('Author', nameOf(author))),
    ]
    const walk = (sections: Json | undefined, depth: number): void => {
      for (const each of list(sections)) {
        const section = object(each)
        const name = text(section['title']) || concept(section['code'])
        if (name !== '') found.push(heading(name))
        const own = narrative(section)
        found.push(...own)
        for (const entry of list(section['entry'])) {
          const target = resolve(entry)
          if (target === undefined || used.has(target)) continue
          used.add(target)
          if (own.length === 0) found.push(...render(target))
        }
        if (depth < DEEPEST) walk(section['section'], depth + 1)
      }
    }
    walk(resource['section'], 0)
    for (const attester of list(resource['attester'])) {
      const who = nameOf(object(attester)['party'])
      const when = isoTime(text(object(attester)['time']))
      if (who !== '') found.push(line(`Electronically signed by: ${who}${when === undefined ? '' : ` on ${when}`}`))
    }
    return found
  }

  function general(resource: Resource): readonly Block[] {
    const type = text(resource['resourceType'])
    const profile = list(list(object(resource['meta'])['profile'])).map(text).find((url) => /radiotherapy/i.test(url))
    const code = concept(resource['code']) || concept(resource['medicationCodeableConcept']) || concept(resource['type'])
    const title = profile === undefined ? asWords(type) : asWords(profile.slice(profile.lastIndexOf('/') + 1))
    const performers = [...list(resource['performer']), ...list(resource['recorder']), ...list(resource['asserter']), ...list(resource['requester'])]
    list(resource['presentedForm']).forEach((form, index) => attach(form, `report-${text(resource['id']) || index + 1}`))
    return [
      heading(code !== '' && profile === undefined ? `${title}: ${code}` : title),
      ...(patient === undefined ? field('Patient', nameOf(resource['subject'] ?? resource['patient'])) : []),
      ...(profile === undefined ? [] : field('Procedure', code)),
      ...narrative(resource),
      ...field('Status', text(resource['status']) || concept(resource['clinicalStatus'])),
      ...field('Category', list(resource['category']).map(concept).filter((each) => each !== '').join(', ')),
      ...field('Date', when(resource)),
      ...field('Reason', [...list(resource['reasonCode']).map(concept), ...list(resource['reasonReference']).map(nameOf)].filter((each) => each !== '').join('; ')),
      ...field('Site', list(resource['bodySite']).map(concept).filter((each) => each !== '').join('; ')),
      ...field('Value', valueOf(resource)),
      ...extensions(resource),
      ...components(resource),
      ...list(resource['note']).flatMap((note) => field('Note', text(object(note)['text']))),
      ...field('Conclusion', text(resource['conclusion'])),
      ...performers.slice(0, 20).flatMap((performer) => field('Performed by', nameOf(object(performer)['actor'] ?? performer))),
    ]
  }

  function components(resource: Resource): readonly Block[] {
    const rows = list(resource['component']).map((each) => [concept(object(each)['code']), valueOf(object(each)) ?? ''])
    return tableOf(['Component', 'Value'], rows)
  }

  /** Extensions with parts are rows of a table, one table for each kind; plain ones are fields. */
  function extensions(resource: Resource): readonly Block[] {
    const found: Block[] = []
    const complex = new Map<string, Map<string, string>[]>()
    for (const each of [...list(resource['extension']), ...list(resource['modifierExtension'])]) {
      const extension = object(each)
      const url = text(extension['url'])
      const name = url.slice(url.lastIndexOf('/') + 1)
      if (name === '' || /birthsex|us-core|narrativeLink/.test(name)) continue
      const parts = list(extension['extension'])
      if (parts.length === 0) {
        found.push(...field(asWords(name), valueOf(extension)))
        continue
      }
      const row = new Map<string, string>()
      for (const part of parts) {
        const inner = text(object(part)['url'])
        const label = asWords(inner.slice(inner.lastIndexOf('/') + 1))
        const value = valueOf(object(part)) ?? ''
        row.set(label, row.has(label) ? `${row.get(label) ?? ''}, ${value}` : value)
      }
      complex.set(name, [...(complex.get(name) ?? []), row])
    }
    for (const [name, rows] of complex) {
      const header = [...new Set(rows.flatMap((row) => [...row.keys()]))]
      if (rows.length === 1 && header.length <= 2) for (const label of header) found.push(...field(label, rows[0]?.get(label)))
      else found.push(line(asWords(name)), ...tableOf(header, rows.map((row) => header.map((label) => row.get(label) ?? ''))))
    }
    return found
  }

  function when(resource: Resource): string | undefined {
    for (const key of ['performedPeriod', 'effectivePeriod', 'occurrencePeriod', 'period']) {
      const range = object(resource[key])
      const start = isoTime(text(range['start']))
      const end = isoTime(text(range['end']))
      if (start !== undefined || end !== undefined) return start === undefined || end === undefined || start === end ? (start ?? end) : `${start} to ${end}`
    }
    for (const key of ['performedDateTime', 'effectiveDateTime', 'occurrenceDateTime', 'onsetDateTime', 'date', 'authoredOn', 'issued', 'recordedDate']) {
      const found = isoTime(text(resource[key]))
      if (found !== undefined) return found
    }
    return undefined
  }

  function valueOf(holder: Resource): string | undefined {
    for (const [key, value] of Object.entries(holder)) {
      if (!/^value[A-Z]/.test(key)) continue
      if (typeof value === 'string') return /^\d{4}-\d{2}/.test(value) ? isoTime(value) : value
      if (typeof value === 'number' || typeof value === 'boolean') return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
      const inner = object(value)
      if (key === 'valueReference') return nameOf(inner) || bodyOf(resolve(inner))
      if (inner['value'] !== undefined) return `${text(inner['comparator'])}${text(inner['value'])} ${text(inner['unit']) || text(inner['code'])}`.trim()
      const shown = concept(inner)
      if (shown !== '') return shown
      if (inner['start'] !== undefined || inner['end'] !== undefined) return [isoTime(text(inner['start'])), isoTime(text(inner['end']))].filter((each) => each !== undefined).join(' to ')
    }
    return undefined
  }

  function bodyOf(resource: Resource | undefined): string {
    if (resource === undefined) return ''
    return text(resource['description']) || concept(resource['morphology']) || concept(resource['location'])
  }
}

function patientLines(resource: Resource): readonly Block[] {
  return [
    ...field('Patient', humanName(resource['name'], true)), ...field('Date of birth', text(resource['birthDate'])), ...field('Sex', text(resource['gender'])),
    ...list(resource['identifier']).slice(0, 3).flatMap((id, index) => (/us-ssn/.test(text(object(id)['system'])) ? [] : field(index === 0 ? 'MRN' : 'Other ID', text(object(id)['value'])))),
  ]
}

/** Narrative that says something: a status of `empty` or a bare placeholder is none. */
function narrative(resource: Resource): readonly Block[] {
  const own = object(resource['text'])
  const div = text(own['div'])
  return div === '' || text(own['status']) === 'empty' ? [] : htmlBlocks(div).blocks
}

function humanName(value: Json | undefined, familyFirst = false): string {
  const names = list(value).map(object)
  const name = names.find((each) => text(each['use']) === 'official') ?? names[0]
  if (name === undefined) return ''
  const given = list(name['given']).map(text).join(' ')
  const family = text(name['family'])
  if (family === '' && given === '') return text(name['text'])
  const suffix = list(name['suffix']).map(text).join(', ')
  return familyFirst ? `${family}, ${given}`.replace(/^, |, $/, '') : `${[...list(name['prefix']).map(text), given, family].filter((each) => each !== '').join(' ')}${suffix === '' ? '' : `, ${suffix}`}`
}

function concept(value: Json | undefined): string {
  const found = object(Array.isArray(value) ? first(value as Json) : value)
  const coding = object(first(found['coding']))
  return text(found['text']) || text(coding['display']) || text(found['display']) || text(coding['code'])
}

/** XML writes the same as JSON: attributes `value`, an element for each key, again for each item. */
export function fhirOfXml(node: XmlNode, depth = 0): Resource {
  const result: Record<string, Json> = /^[A-Z]/.test(node.name) ? { resourceType: node.name } : {}
  for (const key of ['url', 'id'] as const) if (node.attributes[key] !== undefined) result[key] = node.attributes[key]
  if (depth > 60) return result
  for (const inner of elementsOf(node)) {
    const resource = elementsOf(inner).find((each) => /^[A-Z]/.test(each.name))
    const value: Json = inner.name === 'div' ? divText(inner) : resource !== undefined ? fhirOfXml(resource, depth + 1) : inner.attributes['value'] !== undefined && elementsOf(inner).length === 0 ? inner.attributes['value'] : fhirOfXml(inner, depth + 1)
    const before = result[inner.name]
    result[inner.name] = before === undefined ? value : Array.isArray(before) ? [...(before as readonly Json[]), value] : [before, value]
  }
  return result
}

function divText(div: XmlNode): string {
  const escape = (raw: string): string => raw.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
  const parts: string[] = []
  const walk = (node: XmlNode, depth: number): void => {
    parts.push(`<${node.name}${Object.entries(node.attributes).map(([key, value]) => ` ${key}="${escape(value)}"`).join('')}>`)
    for (const inner of node.children) {
      if (typeof inner === 'string') parts.push(escape(inner))
      else if (depth < 200) walk(inner, depth + 1)
    }
    parts.push(`</${node.name}>`)
  }
  walk(div, 0)
  return parts.join('')
}

const list = (value: Json | undefined): readonly Json[] => (value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value])
const first = (value: Json | undefined): Json | undefined => list(value)[0]
const object = (value: Json | undefined): Resource => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Resource) : {})
const text = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '')
