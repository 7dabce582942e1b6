// What an answer hangs on beside claim and records: the program, the dictionaries, the OCR engine. May not: load a dictionary.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNativeOcr } from '../document/ocr-native.ts'
import { engineVersion } from '../load/engine-version.ts'
import { dictionariesFolder, hashOf } from '../load/folder.ts'
import { answerVersion, readerVersion } from '../load/program-version.ts'

export type OcrChoice = 'builtin' | 'auto' | 'off'

export interface Version {
  readonly engine: string
  /** Hash of the program's own files that read and review. */
  readonly program: string
  /** Hash of those of them that read files. */
  readonly reader: string
  readonly dictionaries: string
}

export function versionOf(tables: string | null): Version {
  const root = dirname(fileURLToPath(import.meta.url))
  const own = ['result', 'review-task'].map((name) => [`${name}.js`, `${name}.ts`].map((n) => join(root, n)).filter((p) => existsSync(p)).map((p) => readFileSync(p, 'utf8')).join(''))
  const dictionaries = hashOf(dictionariesFolder())
  return {
    engine: engineVersion(), program: createHash('sha256').update([answerVersion(), ...own].join('\0')).digest('hex'), reader: readerVersion(),
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
