// Opens the workspace, starts the workbench, and closes both in order. May not: listen beyond this machine without TLS.
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineVersion } from '../load/engine-version.ts'
import { answerVersion, readerVersion } from '../load/program-version.ts'
import { openStore } from '../store/open-store.ts'
import { workspaceFault } from '../store/workspace.ts'
import { buildApp } from './app.ts'
import { events } from './events.ts'
import { oidc, readOidcFile } from './oidc.ts'
import { pageDesk } from './page-desk.ts'
import { PASSWORD_COST } from './passwords.ts'
import { removeUnnamed } from './removal.ts'
import { reviewDesk } from './review-desk.ts'
import { startRunner } from './runner.ts'

export interface ServeOptions {
  readonly workspace: string
  readonly port: number
  readonly host: string
  readonly databaseUrl?: string | undefined
  readonly keyFile?: string | undefined
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
  /** Something in front speaks TLS and passes requests on. */
  readonly behindProxy?: boolean | undefined
  /** File that names the identity provider. */
  readonly oidc?: string | undefined
  readonly passwordCost?: number
}

export interface Serving {
  readonly address: string
  /** Null where the workspace is set up. */
  readonly setupCode: string | null
  readonly close: () => Promise<void>
}

/** Until requests under way have been answered; then their connections are cut. */
const ANSWERED_MS = 2500
/** For each thing that is closed after them. */
const LONGEST_CLOSE_MS = 2500
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

export async function serve(options: ServeOptions): Promise<Serving> {
  const tls = options.tlsCert !== undefined || options.tlsKey !== undefined ? { cert: fileOf(options.tlsCert, '--tls-cert'), key: fileOf(options.tlsKey, '--tls-key') } : null
  if (tls === null && !options.behindProxy && !LOOPBACK.has(options.host)) {
    throw workspaceFault(`Patient records do not go over a network without TLS: give --tls-cert and --tls-key, or --behind-proxy where a proxy speaks TLS, or leave --host out.`)
  }
  const provider = options.oidc === undefined ? null : oidc(readOidcFile(options.oidc))
  const store = await openStore({ workspace: options.workspace, databaseUrl: options.databaseUrl, keyFile: options.keyFile })
  const desk = reviewDesk()
  const pages = pageDesk()
  const engine = engineVersion()
  const told = events()
  const runner = startRunner(store, desk, { reader: readerVersion(), answer: answerVersion() }, told)
  try {
    await removeUnnamed(store)
    // What was in the middle of being read when an earlier server ended.
    if (store.embedded) await store.db.updateTable('cases').set({ run: 'queued' }).where('run', '=', 'running').execute()
    const isSetUp = (await store.db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined
    const setupCode = Array.from({ length: 3 }, () => String(randomInt(10_000)).padStart(4, '0')).join('-')
    const app = await buildApp({
      store, runner, pages, events: told, label: desk.label, corpus: join(options.workspace, 'corpus'), engine, oidc: provider, proxied: options.behindProxy === true, secure: tls !== null || options.behindProxy === true, setupCode, passwordCost: options.passwordCost ?? PASSWORD_COST, web: webFolder(),
    }, tls)
    const address = await app.listen({ port: options.port, host: options.host }).catch((e: NodeJS.ErrnoException) => {
      throw workspaceFault(e.code === 'EADDRINUSE' ? `Port ${options.port} is in use; choose another --port.` : `The server cannot listen at ${options.host} port ${options.port} (${e.code ?? 'unknown fault'}).`)
    })
    void desk.dictionaries().catch(() => undefined)
    pages.warm()
    runner.wake()
    return {
      address, setupCode: isSetUp ? null : setupCode,
      close: async () => {
        // Requests that will not end, a thread that will not stop, a transaction that nobody ends: none holds up the end. What is kept is on disk before it is acknowledged.
        const closed = app.close()
        await within(ANSWERED_MS, closed)
        app.server.closeAllConnections()
        await within(LONGEST_CLOSE_MS, Promise.all([closed, runner.close(), pages.close()]))
        await within(LONGEST_CLOSE_MS, store.close())
      },
    }
  } catch (e) {
    await runner.close()
    await pages.close()
    await store.close()
    throw e
  }
}

/** Resolves when it is done, has failed, or has taken too long. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let clock: ReturnType<typeof setTimeout> | undefined
  await Promise.race([work.catch(() => undefined), new Promise((done) => { clock = setTimeout(done, ms) })])
  clearTimeout(clock)
}

function fileOf(path: string | undefined, option: string): string {
  if (path === undefined) throw workspaceFault(`${option} is missing: TLS needs --tls-cert and --tls-key.`)
  try {
    return readFileSync(path, 'utf8')
  } catch (e) {
    throw workspaceFault(`${path}: cannot be read (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
  }
}

/** The built workbench: `dist/web`, also where the program runs from its source. */
function webFolder(): string | null {
  let at = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    for (const folder of [join(at, 'web'), join(at, 'dist', 'web')]) if (existsSync(join(folder, 'index.html')) && existsSync(join(folder, 'assets'))) return folder
    const up = dirname(at)
    if (up === at) return null
    at = up
  }
}
