// What tells one state of the program from another: of all that reads files, and of all that makes an answer. May not: depend on the dictionaries, which have a hash of their own.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf } from './folder.ts'

/** Folders beside this one, compiled or not. */
const READING = ['base', 'document'] as const
const ANSWERING = [...READING, 'dictionary', 'policy', 'claim', 'note', 'review', 'report'] as const

const digest = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)

function versionOf(folders: readonly string[]): string {
  const here = dirname(dirname(fileURLToPath(import.meta.url)))
  return digest([...folders.map((f) => `${f} ${hashOf(join(here, f))}`), librariesOf(here)])
}

/** The libraries with their exact versions, as the package names them. */
function librariesOf(from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'package.json')
    if (existsSync(path)) return JSON.stringify((JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: unknown }).dependencies ?? null)
    if (at === dirname(at)) return ''
  }
}

/** Another one reads records anew; another dictionary or rule does not. */
export const readerVersion = (): string => `reader-${versionOf(READING)}`
/** Another one makes answers anew. */
export const answerVersion = (): string => `answer-${versionOf(ANSWERING)}`
