// Reads one dictionary file and checks its shape. May not: know what the file means; the shape is handed in.
import { readFileSync } from 'node:fs'
import { isMap, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import type { z } from 'zod'

/** Every fault of every file at once, each with file, line and column. */
export class DictionaryFault extends Error {
  readonly kind = 'dictionary-fault'
}

/** `text` stands in for the file where it is given. @throws DictionaryFault listing all faults as `file:line:column: what`. */
export function readYaml<S extends z.ZodType>(path: string, schema: S, text: string = readFileSync(path, 'utf8')): z.infer<S> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const where = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    throw new DictionaryFault(document.errors.map((e) => `${where(e.pos[0])}: ${e.message.split('\n')[0]}`).join('\n'))
  }
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success) {
    throw new DictionaryFault(parsed.error.issues.map((issue) => `${where(offsetOf(document.contents, issue.path))}: ${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  return parsed.data
}

/** Offset of the deepest node on the path that exists. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = root as Node | null
  for (const key of path) {
    const next: unknown = isSeq(node) && typeof key === 'number' ? node.items[key] : isMap(node) ? node.get(key as string, true) : undefined
    if (!next || typeof next !== 'object' || !('range' in next)) break
    node = next as Node
  }
  return node?.range?.[0] ?? 0
}
