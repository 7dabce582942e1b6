// The version of the program, from its package.json. May not: fail where there is none.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export function engineVersion(): string {
  let at = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    try {
      return String((JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { version: string }).version)
    } catch {
      const up = dirname(at)
      if (up === at) return '0.0.0'
      at = up
    }
  }
}
