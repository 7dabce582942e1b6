// Some pages of a PDF as a PDF of their own, with notes and filled fields printed into the page. May not: change what a page shows; write to disk.
import type { OpenPdf } from './pdf-engine.ts'

const PRINTED = 1

/** `indexes` are 0-based, in the order wanted; null where the engine cannot take one of them out. */
export function extractPages(pdf: OpenPdf, indexes: readonly number[]): Uint8Array | null {
  const { raw, runtime } = pdf.engine
  const run = (name: string, ...numbers: number[]): number => Number(raw[name]?.(...numbers))
  const heap = (): Uint8Array => new Uint8Array((runtime.wasmExports['memory'] as unknown as { readonly buffer: ArrayBuffer }).buffer)
  const fresh = run('FPDF_CreateNewDocument')
  if (fresh === 0) return null
  const list = run('malloc', Math.max(4, indexes.length * 4))
  try {
    new DataView(heap().buffer).setInt32(list, 0, true)
    indexes.forEach((index, i) => new DataView(heap().buffer).setInt32(list + 4 * i, index, true))
    if (run('FPDF_ImportPagesByIndex', fresh, pdf.handle, list, indexes.length, 0) === 0 || run('FPDF_GetPageCount', fresh) !== indexes.length) return null
    for (let i = 0; i < indexes.length; i++) {
      const page = run('FPDF_LoadPage', fresh, i)
      if (page === 0) return null
      run('FPDFPage_Flatten', page, PRINTED)
      run('FPDF_ClosePage', page)
    }
    const writer = run('PDFiumExt_OpenFileWriter')
    try {
      run('PDFiumExt_SaveAsCopy', fresh, writer)
      const size = run('PDFiumExt_GetFileWriterSize', writer)
      if (size <= 0) return null
      const at = run('malloc', size)
      run('PDFiumExt_GetFileWriterData', writer, at, size)
      const bytes = heap().slice(at, at + size)
      run('free', at)
      return bytes
    } finally {
      run('PDFiumExt_CloseFileWriter', writer)
    }
  } finally {
    run('free', list)
    run('FPDF_CloseDocument', fresh)
  }
}
