// The folder of a batch on one machine, `.vouch` in its results: lock, key, database, cache, how it was begun and how far it is. May not: be used by two processes at once.
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { keysFrom, type Keys } from '../store/seal.ts'
import { lockWorkspace, workspaceKey, type Lock } from '../store/workspace.ts'
import type { OcrChoice } from './version.ts'
import { batchFault, codeOf } from './fault.ts'
import { tellFile } from './write-results.ts'

/** As given on the command line; passwords are not kept. */
export interface BatchArguments {
  readonly source: string
  readonly records: string | null
  readonly fees: string | null
  readonly tables: string | null
  readonly cache: string | null
  readonly keyFile: string | null
  readonly ocr: OcrChoice
  readonly processes: number
  readonly memory: number
  readonly patience: number
  readonly reports: 'json' | 'html' | null
  readonly formats: readonly ('csv' | 'xlsx' | 'parquet')[]
  /** Whose worklist the claims go to; not in what earlier programs kept. */
  readonly workspace?: { readonly folder: string; readonly keyFile: string | null; readonly organisation: string | null } | null
}

export interface BatchFolder {
  readonly path: string
  readonly keys: Keys
  readonly release: () => Promise<void>
}

/** The one batch of an embedded database. */
export const LOCAL = 'local'
export const inside = (out: string): string => join(resolve(out), '.vouch')

export async function openBatchFolder(out: string, keyFile: string | null): Promise<BatchFolder> {
  const path = inside(out)
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((e: unknown) => {
    throw batchFault(`${out}: the folder of the results cannot be made (${codeOf(e)}).`)
  })
  const lock: Lock = await lockWorkspace(path).catch((e: unknown) => {
    // The store speaks of a workspace.
    throw batchFault(e instanceof Error && e.message.includes('in use by process') ? `${out}: another vouch batch is at work there (${/process \d+/.exec(e.message)?.[0] ?? 'another process'}); wait for it, pause it with vouch batch pause --out ${out}, or choose another --out.` : `${out}: the folder of the results cannot be used; check that it may be written to and the disk is not full.`)
  })
  try {
    return { path, keys: keysFrom(await workspaceKey(path, keyFile ?? undefined)), release: lock.release }
  } catch (e) {
    await lock.release()
    throw e
  }
}

export const keepArguments = (out: string, given: BatchArguments): Promise<void> => tellFile(join(inside(out), 'batch.json'), `${JSON.stringify(given, null, 2)}\n`)

export async function keptArguments(out: string): Promise<BatchArguments> {
  try {
    return JSON.parse(await readFile(join(inside(out), 'batch.json'), 'utf8')) as BatchArguments
  } catch {
    throw batchFault(`${out}: no batch was begun there; begin one with vouch batch SOURCE --out ${out}.`)
  }
}

/** The process at work there, or null. */
export async function workingThere(out: string): Promise<number | null> {
  try {
    const { pid } = JSON.parse(await readFile(join(inside(out), 'lock'), 'utf8')) as { readonly pid: number }
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

export const isBatchFolder = (out: string): Promise<boolean> => stat(inside(out)).then((s) => s.isDirectory(), () => false)
