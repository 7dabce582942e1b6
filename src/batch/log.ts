// What happens, as lines of JSON. May not: hold text of a record or a claim; only what `Told` holds.
import type { Told } from './work.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

const LEVELS: Readonly<Record<Told['event'], Level>> = {
  'worker-started': 'info', 'worker-stopping': 'info', 'worker-stopped': 'info', 'batch-began': 'info', 'batch-finished': 'info', 'claim-done': 'debug', 'claim-failed': 'warn', 'other-version': 'warn', 'other-key': 'warn',
  'database-away': 'error', 'database-back': 'info', 'records-away': 'error', 'records-back': 'info',
}
const RANK: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** A line a happening; those below `least` are left out, and a database that stays away is told every ten seconds. */
export function logger(least: Level, write: (line: string) => void): (told: Told) => void {
  let toldAway = -Infinity
  return (told) => {
    const level = LEVELS[told.event]
    if (RANK.indexOf(level) < RANK.indexOf(least)) return
    if (told.event === 'database-away') {
      if (performance.now() - toldAway < 10_000) return
      toldAway = performance.now()
    }
    write(`${JSON.stringify({ at: new Date().toISOString(), level, ...told })}\n`)
  }
}
