// Speaks to Tesseract (WebAssembly, in a thread of its own): an image → lines of words. May not: ask the network, print, know of pages.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createWorker, OEM, PSM } from 'tesseract.js'
import type { Gray } from './ocr-pixels.ts'

/** In pixels of the image. */
export interface FoundWord {
  readonly text: string
  /** 0 to 100. */
  readonly confidence: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface FoundLine {
  readonly words: readonly FoundWord[]
  /** Height from ascenders to descenders. */
  readonly height: number
  /** Where letters stand, at both ends of the line. */
  readonly baseline: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }
}

/** One column of lines of any size; one block of even lines; whatever stands anywhere. */
export type Arrangement = 'column' | 'block' | 'sparse'

export interface Recogniser {
  /** Rejects where the engine fails. The same image gives the same lines, whatever was read before. */
  readonly read: (image: Gray, dpi: number, arrangement: Arrangement) => Promise<readonly FoundLine[]>
}

type Worker = Awaited<ReturnType<typeof createWorker>>

const MODES = { column: PSM.SINGLE_COLUMN, block: PSM.SINGLE_BLOCK, sparse: PSM.SPARSE_TEXT } as const
/** Its memory only grows. */
const PAGES_A_WORKER = 200

export function startRecogniser(): Recogniser {
  let worker: Promise<Worker> | null = null
  let pages = 0
  const start = async (): Promise<Worker> => {
    const model = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'))
    // Without a handler of errors an image that cannot be read would end the process.
    const made = await createWorker('eng', OEM.LSTM_ONLY, {
      langPath: join(model, '4.0.0_best_int'), gzip: true, cacheMethod: 'none', errorHandler: () => undefined, logger: () => undefined,
    })
    // Nothing is learnt from one page for the next.
    await made.setParameters({ tessedit_do_invert: '0', tessedit_enable_doc_dict: '0', classify_enable_learning: '0' })
    return made
  }
  return {
    read: async (image, dpi, arrangement) => {
      if (pages >= PAGES_A_WORKER && worker !== null) {
        await (await worker).terminate()
        worker = null
        pages = 0
      }
      worker ??= start()
      pages++
      const ready = await worker
      await ready.setParameters({ tessedit_pageseg_mode: MODES[arrangement], user_defined_dpi: String(Math.round(dpi)) })
      const head = Buffer.from(`P5\n${image.width} ${image.height}\n255\n`, 'latin1')
      const { data } = await ready.recognize(Buffer.concat([head, image.pixels]), {}, { blocks: true, text: false })
      return (data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines.map((line) => ({
        words: line.words.map((word) => ({ text: word.text, confidence: word.confidence, left: word.bbox.x0, top: word.bbox.y0, right: word.bbox.x1, bottom: word.bbox.y1 })),
        height: line.rowAttributes.rowHeight, baseline: line.baseline,
      }))))
    },
  }
}
