// A claim file → the one claim of it that is meant. May not: quote values of the claim in a fault; they may be a patient's.
import type { Claim } from '../claim/claim.ts'
import type { ClaimFault } from '../claim/reading.ts'
import { claimsOfFile } from '../load/claim-file.ts'
import { InputFault } from './fault.ts'

const MOST_TOLD = 5

/** What is said of the file needs no place. */
export const faultWord = (f: ClaimFault): string => (f.where === 'the file' ? f.what : `${f.where}: ${f.what}`)

/** `lines.0.code: a CPT code …; lines.1.units: …` */
export function faultWords(faults: readonly ClaimFault[]): string {
  const told = faults.slice(0, MOST_TOLD).map(faultWord)
  return `${told.join('; ')}${faults.length > MOST_TOLD ? ` and ${faults.length - MOST_TOLD} more` : ''}`
}

const unreadable = (path: string, e: Error & { readonly code?: unknown }): InputFault =>
  new InputFault(e.code === 'ENOENT' ? `${path}: there is no such claim file; give the path of a claim in JSON, CSV, XLSX, X12 837, FHIR or a filled CMS-1500.` : `${path}: the claim file cannot be read (${typeof e.code === 'string' ? e.code : 'unknown fault'}).`)

/** As `claimsOfFile`, with the file system's faults as sentences. */
export async function* readingsOf(path: string): ReturnType<typeof claimsOfFile> {
  try {
    yield* claimsOfFile(path)
  } catch (e) {
    if (e instanceof Error && 'syscall' in e) throw unreadable(path, e)
    throw e
  }
}

/**
 * The only claim of the file, or the one of that id; with warnings about it and the file, as sentences.
 * @throws InputFault in one sentence that says what is wrong, where, and what to do
 */
export async function pickClaim(path: string, claimId?: string): Promise<{ readonly claim: Claim; readonly warnings: readonly string[] }> {
  let count = 0
  let matches = 0
  let found: Claim | null = null
  let faults: readonly ClaimFault[] = []
  const ofFile: ClaimFault[] = []
  for await (const reading of readingsOf(path)) {
    if (reading.kind === 'fault') {
      ofFile.push(reading)
      continue
    }
    count++
    if (claimId === undefined ? count === 1 : reading.claimId === claimId) {
      matches++
      found = reading.claim
      faults = reading.faults
    }
  }
  if (count === 0) throw new InputFault(`${path}: ${ofFile.length === 0 ? 'the file holds no claim' : faultWords(ofFile)}.`)
  if (claimId === undefined && count > 1) throw new InputFault(`${path}: the file holds ${count} claims; say which with --claim-id, or see them with vouch claims read.`)
  if (matches === 0) throw new InputFault(`${path}: none of the ${count} claims that were found has the id given with --claim-id; see them with vouch claims read.`)
  if (matches > 1) throw new InputFault(`${path}: ${matches} claims of the file have the id given with --claim-id; leave one of them in a file of its own.`)
  if (found === null) throw new InputFault(`${path}: ${faultWords(faults.filter((f) => f.severity === 'error'))}.`)
  return { claim: found, warnings: [...faults, ...ofFile].map((f) => `${path}: ${faultWord(f)}.`) }
}

/** @throws InputFault as `pickClaim` */
export const readClaim = async (path: string, claimId?: string): Promise<Claim> => (await pickClaim(path, claimId)).claim
