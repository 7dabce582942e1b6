// A file without pages of its own, by its kind → Document with pictures and attached files. May not: open archives, read PDFs or pictures, touch the disk.
import { readDocx } from './read-docx.ts'
import type { FlowReading } from './flow-document.ts'
import { readHtml } from './read-html.ts'
import { readEml, readMsg } from './read-mail.ts'
import { readRtf } from './read-rtf.ts'
import { readText } from './read-text.ts'
import { readFhirJson, readXml } from './read-xml.ts'

export const FLOW_FORMATS = ['docx', 'rtf', 'html', 'xml', 'json', 'eml', 'msg', 'text'] as const
export type FlowFormat = (typeof FLOW_FORMATS)[number]

/** Rejects only where a reader itself fails. */
export async function readFlow(format: FlowFormat, bytes: Uint8Array, file: string): Promise<FlowReading> {
  switch (format) {
    case 'docx': return readDocx(bytes, file)
    case 'rtf': return readRtf(bytes, file)
    case 'html': return readHtml(bytes, file)
    case 'xml': return readXml(bytes, file)
    case 'json': return readFhirJson(bytes, file) ?? plain(bytes, file)
    case 'eml': return readEml(bytes, file)
    case 'msg': return readMsg(bytes, file)
    case 'text': return plain(bytes, file)
  }
}

const plain = (bytes: Uint8Array, file: string): FlowReading => ({ document: readText(bytes, file), pictures: [], attachments: [] })
