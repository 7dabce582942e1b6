// The bytes of a file cited inside another (`packet.zip/inner.pdf`, an attachment of a PDF or a message). May not: read records; write to disk.
import { openPacket } from './packet.ts'
import { openPdf, readFacts } from './pdf-engine.ts'
import type { Engine } from './pdf-engine.ts'
import { FLOW_FORMATS, readFlow } from './read-flow.ts'
import { sniff } from './sniff.ts'

/** `inner` is what follows the outer file's name and `/`; null where there is no such file. The names are made as in reading. */
export async function innerFile(engine: Engine, outer: Uint8Array, inner: string, passwords: readonly string[] = []): Promise<Uint8Array | null> {
  if (inner === '') return outer
  const entries = await entriesOf(engine, outer, passwords)
  const names = new Set<string>()
  for (const entry of entries) {
     
    const plain = entry.name.replace(/\\/g, '/').replace(/[\u0000-\u001f]/g, '').replace(/^\/+/, '') || 'unnamed'
    let name = plain
    for (let count = 2; names.has(name); count++) name = `${plain} (${count})`
    names.add(name)
    if (inner === name) return entry.bytes
    if (inner.startsWith(`${name}/`)) {
      const found = await innerFile(engine, entry.bytes, inner.slice(name.length + 1), passwords)
      if (found !== null) return found
    }
  }
  return null
}

async function entriesOf(engine: Engine, bytes: Uint8Array, passwords: readonly string[]): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const kind = sniff(bytes)
  if (kind === 'zip') return (await openPacket(bytes, '', passwords)).entries
  const format = FLOW_FORMATS.find((f) => f === kind)
  if (format !== undefined && format !== 'text') return (await readFlow(format, bytes, '')).attachments
  if (kind !== 'pdf') return []
  const pdf = openPdf(engine, bytes, passwords)
  if ('fault' in pdf) return []
  try {
    return readFacts(pdf).attachments
  } finally {
    pdf.close()
  }
}
