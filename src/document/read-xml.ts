// XML and JSON records (C-CDA, FHIR, any other) → Document. May not: resolve entities or a DTD, fetch anything.
import { readCcda } from './ccda-story.ts'
import { decodeText } from './decode-text.ts'
import type { Block } from './docx-story.ts'
import { fhirOfXml, readFhir } from './fhir-story.ts'
import type { Json } from './fhir-story.ts'
import { flowReading } from './flow-document.ts'
import type { FlowFile, FlowReading } from './flow-document.ts'
import { line } from './record-lines.ts'
import { elementsOf, xmlTree } from './xml-tree.ts'
import type { XmlNode } from './xml-tree.ts'
import type { Problem } from '../base/problem.ts'

type Partial = Pick<FlowFile, 'kind' | 'stories' | 'attachments' | 'picture'>

const NOTHING: Partial = { kind: 'xml', stories: [], attachments: [], picture: () => undefined }

/** Never throws; what is wrong stands in `problems`. */
export function readXml(bytes: Uint8Array, file: string): FlowReading {
  const source = decodeText(bytes)
  const declared = /^\s*<\?xml[^>]{0,200}encoding\s?=\s?["']([\w-]{2,30})/i.exec(source.slice(0, 400))?.[1]
  const { root, wellFormed, refused } = xmlTree(declared === undefined ? source : decodeText(bytes, declared))
  const problems: Problem[] = []
  let found: Partial = NOTHING
  if (refused !== undefined) problems.push({ id: refused.refused, severity: 'error', file, ...(refused.data && { data: refused.data }) })
  else if (root === undefined) problems.push({ id: 'damaged-file', severity: 'error', file })
  else if (/^(?:stylesheet|transform|schema)$/.test(root.name)) problems.push({ id: 'foreign-file', severity: 'warning', file })
  else {
    found = rendered(root)
    if (!wellFormed) problems.push({ id: 'partly-read-page', severity: 'error', file, page: 1, data: { cause: 'damaged' } })
  }
  return flowReading(bytes, file, { ...found, problems, damaged: refused !== undefined || !wellFormed, tabTables: false })
}

function rendered(root: XmlNode): Partial {
  if (root.name === 'ClinicalDocument') {
    const { blocks, pictures, attachments } = readCcda(root)
    return { kind: 'xml', stories: [{ blocks }], attachments, picture: (name) => pictures.get(name) }
  }
  if (Object.values(root.attributes).includes('http://hl7.org/fhir')) {
    const { blocks, attachments } = readFhir([fhirOfXml(root)])
    return { ...NOTHING, kind: 'fhir', stories: [{ blocks }], attachments }
  }
  return { ...NOTHING, stories: [{ blocks: plainXml(root) }] }
}

/** XML of unknown kind: each element that holds text is a line, `Name: text`. */
function plainXml(root: XmlNode): readonly Block[] {
  const blocks: Block[] = []
  const open: XmlNode[] = [root]
  while (open.length > 0 && blocks.length < 200_000) {
    const node = open.pop() as XmlNode
    const own = node.children.filter((part) => typeof part === 'string').join(' ').replace(/\s+/g, ' ').trim()
    if (own !== '') blocks.push(line(elementsOf(node).length === 0 ? `${node.name}: ${own}` : own))
    open.push(...[...elementsOf(node)].reverse())
  }
  return blocks
}

/** FHIR as JSON, one resource or one a line. Undefined where it is no FHIR. */
export function readFhirJson(bytes: Uint8Array, file: string): FlowReading | undefined {
  const source = decodeText(bytes).replace(/^\ufeff/, '')
  const resources = parsed(source) ?? source.split('\n').filter((each) => each.trim() !== '').map((each) => parsed(each)?.[0])
  const known = resources.flatMap((each) => (each !== undefined && 'resourceType' in each ? [each] : []))
  if (known.length === 0) return undefined
  const { blocks, attachments } = readFhir(known)
  const broken = known.length < resources.length
  return flowReading(bytes, file, {
    ...NOTHING, kind: 'fhir', stories: [{ blocks }], attachments, tabTables: false, damaged: broken,
    problems: broken ? [{ id: 'partly-read-page', severity: 'error', file, page: 1, data: { cause: 'damaged' } }] : [],
  })
}

function parsed(source: string): readonly { readonly [key: string]: Json }[] | undefined {
  try {
    const value = JSON.parse(source) as Json
    return (Array.isArray(value) ? (value as readonly Json[]) : [value]).filter((each): each is { readonly [key: string]: Json } => typeof each === 'object' && each !== null && !Array.isArray(each))
  } catch {
    return undefined
  }
}
