// Where the dictionaries lie, and what tells one state of them from another. May not: read what a file says.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `dictionaries` beside `src` or `dist`. */
export function dictionariesFolder(): string {
  let at = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(at, 'dictionaries', 'concepts'))) {
    const up = dirname(at)
    if (up === at) throw new Error('the folder dictionaries/ is missing beside the program')
    at = up
  }
  return join(at, 'dictionaries')
}

/** What a payer edits in `dictionaries/letters` changes no review, and so must not change what reviews are told apart by. */
const NO_KNOWLEDGE = new Set(['letters', 'letter.schema.json', 'letter-settings.schema.json'])

/** SHA-256 over names and bytes of all files, in order of name: the same dictionaries, the same hash, on any machine. */
export function hashOf(folder: string): string {
  const hash = createHash('sha256')
  const walk = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      if (at === folder && NO_KNOWLEDGE.has(name)) continue
      const path = join(at, name)
      if (statSync(path).isDirectory()) walk(path)
      else hash.update(`${relative(folder, path).replaceAll('\\', '/')}\0`).update(readFileSync(path)).update('\0')
    }
  }
  walk(folder)
  return `sha256:${hash.digest('hex')}`
}
