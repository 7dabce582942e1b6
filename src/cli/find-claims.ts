// Folders that hold a claim with its records. May not: read either.
import { readdir, stat } from 'node:fs/promises'
import { InputFault } from './fault.ts'

/** Folders with claim.json and records/, sorted by path; nothing below one is looked at, links are not followed. @throws InputFault */
export async function findClaims(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.some((e) => e.isFile() && e.name === 'claim.json') && entries.some((e) => e.isDirectory() && e.name === 'records')) {
      found.add(folder)
      return
    }
    for (const e of entries) if (e.isDirectory()) await walk(`${folder}/${e.name}`)
  }
  for (const given of folders) {
    const folder = given.replaceAll('\\', '/').replace(/\/+$/, '') || '/'
    if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new InputFault(`${given}: is not a folder.`)
    await walk(folder)
  }
  return [...found].sort()
}
