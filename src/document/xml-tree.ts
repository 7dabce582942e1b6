// An XML text as a tree, names without prefixes. May not: resolve entities or a DTD, fetch anything.
import { walkXml } from './docx-xml.ts'
import type { Refusal } from './docx-archive.ts'

export interface XmlNode {
  readonly name: string
  /** As written, with their prefixes. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (XmlNode | string)[]
}

export interface XmlTree {
  /** Undefined where nothing could be read. */
  readonly root: XmlNode | undefined
  readonly wellFormed: boolean
  readonly refused?: Refusal
}

interface Open { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: (XmlNode | string)[] }

export function xmlTree(text: string): XmlTree {
  const path: Open[] = []
  let root: XmlNode | undefined
  const walked = walkXml(text, {
    open: (name, attributes) => {
      const node: Open = { name: name.slice(name.indexOf(':') + 1), attributes: { ...attributes }, children: [] }
      path[path.length - 1]?.children.push(node)
      root ??= node
      path.push(node)
    },
    close: () => void path.pop(),
    text: (chunk) => void path[path.length - 1]?.children.push(chunk),
  })
  return { root, wellFormed: walked.wellFormed, ...(walked.refused && { refused: walked.refused }) }
}

export const elementsOf = (node: XmlNode | undefined, name?: string): readonly XmlNode[] =>
  (node?.children ?? []).filter((child): child is XmlNode => typeof child !== 'string' && (name === undefined || child.name === name))

/** The first element down this path of names. */
export const child = (node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined =>
  names.reduce<XmlNode | undefined>((at, name) => elementsOf(at, name)[0], node)

/** All text inside, white space collapsed. */
export function textOf(node: XmlNode | undefined): string {
  const parts: string[] = []
  // Without recursion: files may nest two thousand deep.
  const open: (XmlNode | string)[] = node === undefined ? [] : [node]
  while (open.length > 0) {
    const next = open.pop() as XmlNode | string
    if (typeof next === 'string') parts.push(next)
    else for (let i = next.children.length - 1; i >= 0; i--) open.push(next.children[i] as XmlNode | string)
  }
  return parts.join('').replace(/\s+/g, ' ').trim()
}

/** Hands the inside of a node over in document order. */
export function walkNode(node: XmlNode, handler: { readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void; readonly text: (chunk: string) => void; readonly close: (name: string) => void }): void {
  const open: { readonly node: XmlNode; next: number }[] = [{ node, next: 0 }]
  while (open.length > 0) {
    const at = open[open.length - 1] as (typeof open)[number]
    const next = at.node.children[at.next++]
    if (next === undefined) {
      open.pop()
      if (open.length > 0) handler.close(at.node.name)
    } else if (typeof next === 'string') handler.text(next)
    else {
      handler.open(next.name, next.attributes)
      open.push({ node: next, next: 0 })
    }
  }
}
