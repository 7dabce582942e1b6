// A file or a set of files, written whole or not at all. May not: leave a part behind.
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InputFault } from './fault.ts'

/** Written beside its place, put on the disk and moved there. @throws InputFault */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await inPlace(path, async (beside) => {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

/** `write` fills a file beside the place, which is moved there when it is done. @throws InputFault */
export async function inPlace(path: string, write: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${path}.part`
  try {
    await write(beside)
    await rename(beside, path)
  } catch (e) {
    await rm(beside, { force: true })
    if (e instanceof Error && 'syscall' in e) throw cannotWrite(path, e)
    throw e
  }
}

/** @throws InputFault */
export async function folderFor(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((e: unknown) => {
    throw cannotWrite(dirname(path), e)
  })
}

const cannotWrite = (path: string, e: unknown): InputFault =>
  new InputFault(`${path}: cannot be written (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}); choose a folder that exists and may be written to.`)
