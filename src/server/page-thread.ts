// Thread that draws pages, so that a hostile file can hold up nothing but itself. May not: write to disk; keep more than a few files open.
import { parentPort } from 'node:worker_threads'
import { innerFile } from '../document/inner-file.ts'
import { imagePagePng, pdfPagePng } from '../document/page-image.ts'
import { openPdf, startEngine, type OpenPdf } from '../document/pdf-engine.ts'
import { sniff } from '../document/sniff.ts'

export interface PageErrand {
  readonly id: number
  /** Name of the stored file and the path inside it. */
  readonly blob: string
  readonly inner: string
  /** Sent once the thread has asked for them. */
  readonly bytes: Uint8Array | null
  /** 1-based. */
  readonly page: number
  readonly width: number
}

export type PageReply = { readonly id: number; readonly png: Uint8Array | null } | { readonly id: number; readonly need: true }

const MOST_OPEN = 6
const port = parentPort
if (port === null) throw new Error('only as a thread')
const engine = startEngine()
type Opened = { readonly kind: 'pdf'; readonly pdf: OpenPdf } | { readonly kind: 'image'; readonly bytes: Uint8Array } | { readonly kind: 'none' }
/** In order of use, the oldest first. */
const open = new Map<string, Opened>()
let turn: Promise<unknown> = Promise.resolve()

port.on('message', (errand: PageErrand) => {
  turn = turn.then(() => draw(errand)).catch(() => port.postMessage({ id: errand.id, png: null } satisfies PageReply))
})

async function draw(errand: PageErrand): Promise<void> {
  const key = `${errand.blob} ${errand.inner}`
  let file = open.get(key)
  if (file === undefined) {
    if (errand.bytes === null) {
      port?.postMessage({ id: errand.id, need: true } satisfies PageReply)
      return
    }
    file = await openFile(errand.bytes, errand.inner)
    for (const [oldest, each] of open) {
      if (open.size < MOST_OPEN) break
      if (each.kind === 'pdf') each.pdf.close()
      open.delete(oldest)
    }
  }
  open.delete(key)
  open.set(key, file)
  const png = file.kind === 'pdf' ? await pdfPagePng(file.pdf, errand.page - 1, errand.width) : file.kind === 'image' ? await imagePagePng(file.bytes, errand.page - 1, errand.width) : null
  port?.postMessage({ id: errand.id, png } satisfies PageReply)
}

async function openFile(outer: Uint8Array, inner: string): Promise<Opened> {
  const bytes = await innerFile(await engine, outer, inner)
  if (bytes === null) return { kind: 'none' }
  const kind = sniff(bytes)
  if (kind === 'png' || kind === 'jpeg' || kind === 'tiff' || kind === 'gif' || kind === 'webp') return { kind: 'image', bytes }
  if (kind !== 'pdf') return { kind: 'none' }
  const pdf = openPdf(await engine, bytes)
  return 'fault' in pdf ? { kind: 'none' } : { kind: 'pdf', pdf }
}
