// The databases of this machine, started. May not: be imported by tests that need only the embedded one.
import { embedded, startPostgres, type TestDatabase } from './postgres.ts'

const POSTGRES = await startPostgres()
if (POSTGRES === null) process.stderr.write('No PostgreSQL was found on this machine (Debian: apt-get install postgresql): its half of these tests does not run.\n')

/** The databases of this machine. Whoever imports this stops them in `afterAll`. */
export const DATABASES: readonly TestDatabase[] = POSTGRES === null ? [embedded] : [embedded, POSTGRES]
export const stopDatabases = async (): Promise<void> => {
  for (const each of DATABASES) await each.stop()
}
