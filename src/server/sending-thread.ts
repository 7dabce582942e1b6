// Thread that writes what leaves the house, so that the server keeps answering. May not: write to disk; ask the network; know of accounts.
import { parentPort } from 'node:worker_threads'
import type { Letter } from '../report/letter.ts'
import type { Worksheet } from '../report/worksheet.ts'
import { letterDocx } from '../sending/letter-docx.ts'
import { letterPdf } from '../sending/letter-pdf.ts'
import { packetOf, type PacketInput } from '../sending/packet.ts'
import { worksheetPdf } from '../sending/worksheet-pdf.ts'
import { worksheetXlsx } from '../sending/worksheet-xlsx.ts'

export type SendingErrand =
  | { readonly kind: 'letter'; readonly letter: Letter; readonly format: 'docx' | 'pdf' }
  | { readonly kind: 'worksheet'; readonly worksheet: Worksheet; readonly format: 'xlsx' | 'pdf' }
  | { readonly kind: 'packet'; readonly input: PacketInput }

export interface SendingReply {
  /** Null where it could not be made; `why` then is a sentence for the person who asked, or null. */
  readonly bytes: Uint8Array | null
  readonly seal: string | null
  readonly problems: readonly string[]
  readonly why: string | null
}

const port = parentPort
if (port === null) throw new Error('only as a thread')

async function made(errand: SendingErrand): Promise<SendingReply> {
  if (errand.kind === 'packet') {
    const { bytes, seal, problems } = await packetOf(errand.input)
    return { bytes, seal, problems, why: null }
  }
  const bytes = errand.kind === 'letter' ? await (errand.format === 'pdf' ? letterPdf(errand.letter) : letterDocx(errand.letter)) : await (errand.format === 'pdf' ? worksheetPdf(errand.worksheet) : worksheetXlsx(errand.worksheet))
  return { bytes, seal: null, problems: [], why: null }
}

port.once('message', (errand: SendingErrand) => {
  // The message of a fault may hold text of a record, unless it is one for the person who asked.
  made(errand).catch((e: unknown): SendingReply => ({ bytes: null, seal: null, problems: [], why: typeof e === 'object' && e !== null && 'kind' in e && e.kind === 'input-fault' && e instanceof Error ? e.message : null }))
    .then((reply) => port.postMessage(reply), () => process.exit(1))
})
