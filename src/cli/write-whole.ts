// Files are written whole or not at all. May not: leave half a file behind.
import { open, rename, rm } from 'node:fs/promises'
import { InputFault } from './fault.ts'

/** Written and synced beside its place and moved there. @throws InputFault */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.part`
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (e) {
    await rm(beside, { force: true })
    throw new InputFault(`${path}: cannot be written (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}); choose a folder that exists and may be written to.`)
  }
}
