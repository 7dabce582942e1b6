// A claim file → Claim. May not: quote values of the claim in a fault; they may be a patient's.
import { readFile } from 'node:fs/promises'
import { claimSchema, type Claim } from '../claim/claim.ts'
import { InputFault } from './fault.ts'

/** @throws InputFault in one sentence that says what is wrong, where, and what to do. */
export async function readClaim(path: string): Promise<Claim> {
  const text = await readFile(path, 'utf8').catch((e: NodeJS.ErrnoException) => {
    throw new InputFault(e.code === 'ENOENT' ? `${path}: there is no such claim file; give the path of a claim in JSON.` : `${path}: the claim file cannot be read (${e.code ?? 'unknown fault'}).`)
  })
  let data: unknown
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (e) {
    const at = /position (\d+)/.exec((e as Error).message)?.[1]
    const line = at === undefined ? null : text.slice(0, Number(at)).split('\n').length
    throw new InputFault(`${path}: is not JSON${line === null ? '' : ` (line ${line})`}; a claim is one JSON object with claimId and lines.`)
  }
  const parsed = claimSchema.safeParse(data)
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map((i) => `${i.path.join('.') || 'the claim'}: ${i.message}`)
    const more = parsed.error.issues.length > 5 ? ` and ${parsed.error.issues.length - 5} more` : ''
    throw new InputFault(`${path}: ${faults.join('; ')}${more}.`)
  }
  const claim = parsed.data
  const seen = new Set<number>()
  for (const line of claim.lines) {
    if (seen.has(line.line)) throw new InputFault(`${path}: line number ${line.line} stands twice; every line of a claim needs a number of its own.`)
    seen.add(line.line)
    const bad = line.diagnosisPointers.find((p) => p > claim.diagnoses.length)
    if (bad !== undefined) throw new InputFault(`${path}: line ${line.line} points to diagnosis ${bad}, but the claim has ${claim.diagnoses.length}.`)
  }
  return claim
}
