// Runs the compiled command line as a user would. May not: build it (npm test does, before the tests).
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

const DIST = resolve('dist/cli')
const MOST_OUTPUT = 64 << 20

/** Runs `dist/cli/<program>.js`; without a terminal, so without colour and progress. */
export function run(program: 'main' | 'demo', args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Promise<Run> {
  const entry = join(DIST, `${program}.js`)
  if (!existsSync(entry)) throw new Error('dist/ is missing: run npm run build first')
  return new Promise((done, fail) => {
    const child = execFile(process.execPath, [entry, ...args], { cwd: options.cwd, maxBuffer: MOST_OUTPUT, encoding: 'utf8' }, (error, out, err) => {
      if (error !== null && typeof error.code !== 'number') fail(new Error(`ended by ${error.signal ?? error.code ?? 'an unknown cause'}`))
      else done({ code: error === null ? 0 : Number(error.code), out, err })
    })
    child.stdin?.on('error', () => undefined) // it may end before it has read all
    child.stdin?.end(options.input ?? '')
  })
}

export const vouch = (args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Promise<Run> => run('main', args, options)
