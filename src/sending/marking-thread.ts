// Thread in which records are opened to be marked, so that a hostile file can hold up nothing but itself. May not: write to disk; ask the network.
import { parentPort } from 'node:worker_threads'
import { startEngine } from '../document/pdf-engine.ts'
import { markedPdf, type MarkedInput, type MarkedPdf } from './marked-pdf.ts'

export type MarkingErrand = Omit<MarkedInput, 'onFile'>
export type MarkingReply = { readonly kind: 'file'; readonly file: string } | { readonly kind: 'done'; readonly marked: MarkedPdf } | { readonly kind: 'fault' }

const port = parentPort
if (port === null) throw new Error('only as a thread')
const send = (reply: MarkingReply): void => port.postMessage(reply)

port.once('message', (errand: MarkingErrand) => {
  // The message of a fault may hold text of a record: only that it happened goes on.
  startEngine().then((engine) => markedPdf(engine, { ...errand, onFile: (file) => send({ kind: 'file', file }) })).then((marked) => send({ kind: 'done', marked }), () => send({ kind: 'fault' }))
})
