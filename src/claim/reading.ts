// What reading a file of claims yields: claims, and faults that name their place. May not: hold a value of the file in a fault; it may be a patient's.
import { claimSchema, type Claim } from './claim.ts'

export type ClaimFormat = 'json' | 'csv' | 'xlsx' | 'x12-837p' | 'x12-837i' | 'fhir' | 'cms-1500'

export interface ClaimFault {
  /** An error costs its claim, or the part of the file it stands in; a warning costs nothing. */
  readonly severity: 'error' | 'warning'
  /** `segment 41 (SV1)`, `row 3`, `cell C4`, `lines.0.code`: as the format counts. */
  readonly where: string
  /** A clause without a full stop. */
  readonly what: string
}

/** One claim of the file, read or not. */
export interface ClaimEntry {
  readonly kind: 'claim'
  /** 1-based position in the file. */
  readonly number: number
  readonly format: ClaimFormat
  /** To pick it by; null where the file gives none that can be read. */
  readonly claimId: string | null
  /** Null where an error costs it. */
  readonly claim: Claim | null
  readonly faults: readonly ClaimFault[]
}

/** A fault of the file itself, outside any claim. */
export interface FileFault extends ClaimFault {
  readonly kind: 'fault'
}

export type Reading = ClaimEntry | FileFault

export const error = (where: string, what: string): ClaimFault => ({ severity: 'error', where, what })
export const warning = (where: string, what: string): ClaimFault => ({ severity: 'warning', where, what })
export const fileFault = (where: string, what: string, severity: ClaimFault['severity'] = 'error'): FileFault => ({ kind: 'fault', severity, where, what })

/** A claim handed on as plain data becomes an entry: checked, with every fault at its place. `placeOf` turns a path such as `lines.0.code` into words of the format. */
export function entryOf(number: number, format: ClaimFormat, data: unknown, faults: readonly ClaimFault[] = [], placeOf: (path: string) => string = (path) => path || 'the claim'): ClaimEntry {
  const id = data !== null && typeof data === 'object' && 'claimId' in data && typeof data.claimId === 'string' && data.claimId !== '' ? data.claimId : null
  const parsed = claimSchema.safeParse(data)
  const found: ClaimFault[] = [...faults]
  if (!parsed.success) found.push(...parsed.error.issues.map((i) => error(placeOf(i.path.join('.')), i.message)))
  else found.push(...crossFaults(parsed.data, placeOf))
  return { kind: 'claim', number, format, claimId: id, claim: parsed.success && found.every((f) => f.severity !== 'error') ? parsed.data : null, faults: found }
}

function crossFaults(claim: Claim, placeOf: (path: string) => string): ClaimFault[] {
  const out: ClaimFault[] = []
  const seen = new Set<number>()
  claim.lines.forEach((line, i) => {
    if (seen.has(line.line)) out.push(error(placeOf(`lines.${i}.line`), `line number ${line.line} stands twice; every line of a claim needs a number of its own`))
    seen.add(line.line)
    const bad = line.diagnosisPointers.find((p) => p > claim.diagnoses.length)
    if (bad !== undefined) out.push(error(placeOf(`lines.${i}.diagnosisPointers`), `line ${line.line} points to diagnosis ${bad}, but the claim has ${claim.diagnoses.length}`))
    if (line.serviceDateEnd !== null && line.serviceDateEnd < line.serviceDate) out.push(error(placeOf(`lines.${i}.serviceDateEnd`), `line ${line.line} ends before it begins`))
  })
  return out
}

/** `C50412` and `C50.412` as `C50.412`. */
export function dottedDiagnosis(code: string): string {
  const bare = code.trim().toUpperCase().replace('.', '')
  return bare.length > 3 && /^[A-Z][0-9][0-9A-Z]/.test(bare) ? `${bare.slice(0, 3)}.${bare.slice(3)}` : bare
}

/** A payer's name as the key policies know it by. */
export const payerKey = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** Adds amounts of money without the errors of binary fractions. */
export const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, a) => sum + Math.round(a * 100), 0) / 100
