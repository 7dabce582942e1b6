// One pass over the XML of a Word part, names with their usual prefixes. May not: resolve entities or a DTD, fetch anything.
import { SaxesParser } from 'saxes'
import { LIMITS, type Part, type Refusal } from './docx-archive.ts'

export type Attributes = Readonly<Record<string, string>>

export interface XmlHandler {
  open?(name: string, attributes: Attributes): void
  close?(name: string): void
  text?(text: string, inside: string): void
}

export interface Walked {
  /** False where the XML is malformed; all that could be read was handed over. */
  readonly wellFormed: boolean
  readonly elements: number
  readonly refused?: Refusal
}

// ISO 29500 Strict names parts by purl.oclc.org, everything else by the 2006 names.
const PREFIX_OF: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main': 'w',
  'http://purl.oclc.org/ooxml/wordprocessingml/main': 'w',
  'http://schemas.openxmlformats.org/officeDocument/2006/math': 'm',
  'http://purl.oclc.org/ooxml/officeDocument/math': 'm',
  'http://schemas.openxmlformats.org/drawingml/2006/main': 'a',
  'http://purl.oclc.org/ooxml/drawingml/main': 'a',
  'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing': 'wp',
  'http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing': 'wp',
  'http://schemas.openxmlformats.org/markup-compatibility/2006': 'mc',
  'http://schemas.microsoft.com/office/word/2010/wordml': 'w14',
  'urn:schemas-microsoft-com:vml': 'v',
}

/** Faults (a control sign, an entity without a meaning) that are read over before the rest is given up. */
const MOST_FAULTS = 50

export function walkXml(text: string, handler: XmlHandler): Walked {
  const parser = new SaxesParser({ xmlns: false, position: false })
  const prefixes = new Map<string, string>()
  const known = new Map<string, string>()
  const names: string[] = []
  let elements = 0
  let faults = 0
  let refused: Refusal | undefined
  const stop = (refusal?: Refusal): never => {
    refused = refusal
    throw STOP
  }
  const canonical = (name: string): string => {
    let found = known.get(name)
    if (found === undefined) {
      const colon = name.indexOf(':')
      const prefix = colon < 0 ? '' : name.slice(0, colon)
      const local = name.slice(colon + 1)
      const usual = prefixes.get(prefix) ?? prefix
      found = usual === '' ? local : `${usual}:${local}`
      known.set(name, found)
    }
    return found
  }
  parser.on('doctype', () => stop({ refused: 'damaged-file', data: { dtd: 1 } }))
  parser.on('error', () => { if (++faults > MOST_FAULTS) stop() })
  parser.on('opentag', tag => {
    if (names.length >= LIMITS.depth) stop({ refused: 'file-too-large', data: { limit: 'depth' } })
    if (++elements > LIMITS.elements) stop({ refused: 'file-too-large', data: { limit: 'elements' } })
    const attributes = tag.attributes
    for (const key in attributes) {
      if (!key.startsWith('xmlns')) continue
      const usual = PREFIX_OF[attributes[key] as string]
      const prefix = key.slice(6)
      if (usual === undefined || prefixes.get(prefix) === usual) continue
      prefixes.set(prefix, usual)
      known.clear()
    }
    const name = canonical(tag.name)
    names.push(name)
    handler.open?.(name, attributes)
  })
  parser.on('closetag', () => {
    const name = names.pop()
    if (name !== undefined) handler.close?.(name)
  })
  const onText = (chunk: string): void => {
    const inside = names[names.length - 1]
    if (inside !== undefined) handler.text?.(chunk, inside)
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  try {
    parser.write(text).close()
  } catch (thrown) {
    if (thrown !== STOP) throw thrown
    faults++
  }
  // A text cut short leaves elements open; what they hold still counts.
  while (names.length > 0 && refused === undefined) {
    const name = names.pop() as string
    handler.close?.(name)
  }
  return { wellFormed: faults === 0, elements, refused }
}

const STOP = Symbol('stop')

/** The value of an attribute by its usual name, whatever its prefix in this file. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  const direct = attributes[name]
  if (direct !== undefined) return direct
  const local = name.slice(name.indexOf(':') + 1)
  for (const key in attributes) if (key === local || key.endsWith(`:${local}`)) return attributes[key]
  return undefined
}

/** Of an on/off element: present without a value means on. */
export function isOn(attributes: Attributes): boolean {
  const value = attribute(attributes, 'w:val')
  return value === undefined || !(value === '0' || value === 'false' || value === 'off')
}

export function decodeXml(part: Part): string {
  const [a, b] = part.bytes
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(part.bytes)
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(part.bytes)
  return new TextDecoder().decode(part.bytes)
}
