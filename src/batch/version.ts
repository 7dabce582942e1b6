// What an answer hangs on beside claim and records: the program, the dictionaries, the OCR engine. May not: load a dictionary.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNativeOcr } from '../document/ocr-native.ts'
import { engineVersion } from '../load/engine-version.ts'
import { dictionariesFolder, hashOf } from '../load/folder.ts'

export type OcrChoice = 'builtin' | 'auto' | 'off'

export interface Version {
  readonly engine: string
  /** Hash of the program's own files that read and review. */
  readonly program: string
  /** Hash of those of them that read files. */
  readonly reader: string
  readonly dictionaries: string
}

const FOLDERS = ['base', 'claim', 'dictionary', 'document', 'load', 'note', 'policy', 'report', 'review']
const READER = ['base', 'document']

export function versionOf(tables: string | null): Version {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const file = (name: string): string => [`${name}.js`, `${name}.ts`].map((n) => join(root, n)).filter((p) => existsSync(p)).map((p) => readFileSync(p, 'utf8')).join('')
  const hash = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex')
  const own = new Map(FOLDERS.map((f) => [f, hashOf(join(root, f))]))
  const dictionaries = hashOf(dictionariesFolder())
  return {
    engine: engineVersion(),
    program: hash([...own.values(), file('review-claim'), file(join('batch', 'result')), file(join('batch', 'review-task'))]),
    reader: hash(READER.map((f) => own.get(f) as string)),
    dictionaries: tables === null ? dictionaries : `${dictionaries} tables ${hashOf(tables)}`,
  }
}

/** As `Records.ocr` will say; `off` where nothing is recognised. */
export function ocrName(choice: OcrChoice): string {
  if (choice === 'off') return 'off'
  const native = choice === 'auto' ? findNativeOcr() : null
  return native === null ? 'builtin' : `tesseract ${native.version}`
}

/** `1.0.0 (3f2a9c01), dictionaries 77d0ab12` */
export const versionWords = (v: Pick<Version, 'engine' | 'program' | 'dictionaries'>): string => `${v.engine} (${v.program.slice(0, 8)}), dictionaries ${v.dictionaries.replace('sha256:', '').slice(0, 8)}`
