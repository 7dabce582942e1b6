// The workspace folder: its lock and its key. May not: take a lock from a living process; print a key.
import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fault the operator can mend, in one sentence. */
export const workspaceFault = (message: string): Error => Object.assign(new Error(message), { kind: 'input-fault' as const })

export interface Lock {
  readonly release: () => Promise<void>
}

/** One process a workspace: two on one embedded database destroy it. */
export async function lockWorkspace(folder: string): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'lock')
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid), id: randomUUID() })
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await writeFile(path, own, { flag: 'wx', mode: 0o600 })
      return { release: async () => { if ((await readFile(path, 'utf8').catch(() => '')) === own) await rm(path, { force: true }) } }
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw workspaceFault(`${folder}: the workspace cannot be written to (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}).`)
    }
    const held = await readFile(path, 'utf8').catch(() => null)
    if (held === null) continue
    const holder = holderOf(held)
    // An empty lock belongs to a process between creating and writing it, or to one that died there.
    if (holder === null && Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs < 5000) {
      await new Promise((resolve) => setTimeout(resolve, 300))
      continue
    }
    if (holder !== null && lives(holder)) throw workspaceFault(`${folder}: the workspace is in use by process ${holder.pid}; stop it, or choose another --workspace.`)
    const aside = `${path}.${randomUUID()}`
    try {
      await rename(path, aside)
      // Another process may have replaced the dead lock by its own in between: give it back.
      if ((await readFile(aside, 'utf8')) !== held) await link(aside, path).catch(() => undefined)
    } catch { /* somebody else moved it */ }
    await rm(aside, { force: true })
  }
  throw workspaceFault(`${folder}: the lock of the workspace cannot be taken.`)
}

interface Holder {
  readonly pid: number
  readonly started: string | null
}

function holderOf(text: string): Holder | null {
  try {
    const { pid, started } = JSON.parse(text) as Holder
    return typeof pid === 'number' ? { pid, started } : null
  } catch {
    return null
  }
}

function lives({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM'
  }
  const now = startOf(pid)
  return now === null || started === null || now === started
}

/** Boot and clock tick in which a process started, where the system tells: a number used again is another process. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19] ?? ''}`
  } catch {
    return null
  }
}

/** 32 bytes: from the file named, else from the one in the workspace, which is made where there is none. */
export async function workspaceKey(folder: string, file: string | undefined): Promise<Buffer> {
  const path = file ?? join(folder, 'key')
  const text = await readFile(path, 'utf8').catch((e: NodeJS.ErrnoException) => {
    if (e.code === 'ENOENT' && file === undefined) return null
    throw workspaceFault(`${path}: the key file cannot be read (${e.code ?? 'unknown fault'}); give a file with 64 hexadecimal digits.`)
  })
  if (text !== null) {
    const digits = text.trim()
    if (!/^[0-9a-f]{64}$/i.test(digits)) throw workspaceFault(`${path}: is not a key; a key file holds 64 hexadecimal digits (openssl rand -hex 32).`)
    return Buffer.from(digits, 'hex')
  }
  const key = randomBytes(32)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = await open(path, 'wx', 0o600)
  await made.writeFile(`${key.toString('hex')}\n`)
  await made.sync().finally(() => made.close())
  return key
}
