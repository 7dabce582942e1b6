// Options of every command that reads records, and the line that tells how far it is. May not: read a record.
import { Option, type Command } from 'commander'
import type { ReadOptions, ReadProgress } from '../document/read-records.ts'

/** As commander gives them. */
export interface ReadArguments {
  readonly password?: readonly string[]
  readonly cache?: string
  readonly ocr?: 'auto' | 'builtin' | 'off'
}

export const withReadOptions = (command: Command): Command => command
  .addOption(new Option('--password <password>', 'try this password on locked files; may be given several times').argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]))
  .addOption(new Option('--ocr <engine>', 'read scans by the Tesseract that comes along (builtin: the same on every machine), by the one of this machine where there is one (auto: faster), or not at all (off)').choices(['auto', 'builtin', 'off']).default('builtin'))
  .option('--cache <folder>', 'keep the text of scanned pages in this folder, encrypted, for the next run; by default nothing is kept')

export const readOptions = (given: ReadArguments): ReadOptions => ({
  ...(given.password === undefined ? {} : { passwords: given.password }), ...(given.cache === undefined ? {} : { cache: given.cache }),
  ...(given.ocr === 'off' ? { ocr: false } : { ocrEngine: given.ocr ?? 'builtin' }),
})

/** `Reading packet.pdf: page 3 of 40 (scans: 12 of 38, 1 min left)`. */
export function progressText({ file, page, pages, ocr }: ReadProgress): string {
  const left = ocr === undefined ? '' : ocr.secondsLeft >= 90 ? `, ${Math.round(ocr.secondsLeft / 60)} min left` : ocr.secondsLeft > 0 ? `, ${ocr.secondsLeft} s left` : ''
  return `Reading ${file.slice(-60)}: page ${page} of ${pages}${ocr === undefined ? '' : ` (scans: ${ocr.done} of ${ocr.of}${left})`}`
}
