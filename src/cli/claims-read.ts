// `vouch claims read|write`: what was understood of a file of claims, and claims as an 837. May not: decide anything; hold more than one claim at a time.
import { basename } from 'node:path'
import type { Claim, ClaimLine } from '../claim/claim.ts'
import { sumOf, type ClaimFault, type Reading } from '../claim/reading.ts'
import { printer837, type Printer837 } from '../claim/x12-print.ts'
import { clean, plural } from '../report/plain.ts'
import { InputFault } from './fault.ts'
import { faultWord, faultWords, readingsOf } from './read-claim.ts'

export type Write = (text: string) => Promise<void>

export interface Told {
  readonly read: number
  readonly unread: number
  readonly errors: number
}

/** Pieces are gathered to this size before they are written. */
const PIECE = 1 << 16

function gathered(write: Write): { add: (text: string) => Promise<void>; end: () => Promise<void> } {
  let held = ''
  const end = async (): Promise<void> => {
    const text = held
    held = ''
    if (text !== '') await write(text)
  }
  return {
    add: async (text) => {
      held += text
      if (held.length >= PIECE) await end()
    },
    end,
  }
}

/** @throws InputFault where the file cannot be opened, or holds no claim at all */
export async function readClaims(path: string, format: 'json' | 'text', write: Write): Promise<Told> {
  const out = gathered(write)
  const faults: (ClaimFault & { readonly claim: number | null })[] = []
  const formats = new Set<string>()
  let read = 0
  let unread = 0
  let begun = false
  const begin = async (): Promise<void> => {
    if (!begun && format === 'json') await out.add(`{\n"schema": "vouch/claims@1",\n"file": ${JSON.stringify(basename(path))},\n"claims": [`)
    begun = true
  }
  const note = (list: readonly ClaimFault[], claim: number | null): void => {
    for (const { severity, where, what } of list) faults.push({ severity, claim, where, what })
  }
  for await (const reading of readingsOf(path)) {
    if (reading.kind === 'fault') {
      note([reading], null)
      continue
    }
    await begin()
    formats.add(reading.format)
    note(reading.faults, reading.number)
    if (reading.claim === null) unread++
    else if (format === 'json') await out.add(`${read++ === 0 ? '' : ','}\n${JSON.stringify(reading.claim)}`)
    else read++
    if (format === 'text') await out.add(claimText(reading))
  }
  if (read + unread === 0) throw new InputFault(`${path}: ${faults.length === 0 ? 'the file holds no claim' : faultWords(faults)}.`)
  const errors = faults.filter((f) => f.severity === 'error').length
  if (format === 'json') await out.add(`\n],\n"faults": [${faults.map((f) => `\n${JSON.stringify(f)}`).join(',')}\n],\n"formats": ${JSON.stringify([...formats].sort())},\n"read": ${read},\n"unread": ${unread}\n}\n`)
  else {
    for (const f of faults.filter((x) => x.claim === null)) await out.add(`${f.severity === 'error' ? '✗' : '!'} ${faultWord(f)}\n`)
    await out.add(`${plural(read, 'claim')} read${unread === 0 ? '' : `, ${unread} not`}; ${[...formats].sort().join(', ')}.\n`)
  }
  await out.end()
  return { read, unread, errors }
}

function claimText(reading: Extract<Reading, { kind: 'claim' }>): string {
  const { claim, number } = reading
  const rows: string[] = []
  if (claim === null) rows.push(`Claim ${number} of the file: not read`)
  else {
    const { patient, provider } = claim
    const charges = claim.lines.map((l) => l.charge)
    rows.push([
      `Claim ${number} of the file`, claim.claimId, claim.claimForm, patient.name, patient.birthDate === null ? null : `born ${patient.birthDate}`, patient.memberId === null ? null : `member ${patient.memberId}`,
      provider.name, claim.payer, charges.every((c) => c !== null) ? sumOf(charges).toFixed(2) : null, claim.authorizations === null || claim.authorizations.length === 0 ? null : `authorization ${claim.authorizations.map((a) => a.number ?? 'without number').join(', ')}`,
    ].filter((p) => p !== null && p !== '').map((p) => clean(p as string)).join(' · '))
    if (claim.diagnoses.length > 0) rows.push(`  diagnoses ${clean(claim.diagnoses.map((d, i) => `${i + 1} ${d}`).join(', '))}`)
    for (const line of claim.lines) rows.push(`  ${clean(lineText(line))}`)
    for (const line of claim.history) rows.push(`  paid earlier: ${clean(lineText(line))}`)
  }
  for (const f of reading.faults) rows.push(`  ${f.severity === 'error' ? '✗' : '!'} ${f.where}: ${f.what}`)
  return `${rows.join('\n')}\n\n`
}

function lineText(l: ClaimLine): string {
  const adjusted = l.adjustments?.map((a) => `${a.group}${a.group === '' ? '' : '-'}${a.reason} ${a.amount.toFixed(2)}`).join(', ')
  return [
    `${l.line}`.padStart(2), `${l.code}${l.modifiers.map((m) => `-${m}`).join('')}`.padEnd(11), `× ${l.units}`, `${l.serviceDate}${l.serviceDateEnd === null ? '' : `–${l.serviceDateEnd}`}`,
    l.placeOfService === null ? '' : `place ${l.placeOfService}`, l.revenueCode === undefined ? '' : `revenue ${l.revenueCode}`, l.diagnosisPointers.length === 0 ? '' : `dx ${l.diagnosisPointers.join(',')}`,
    l.charge === null ? '' : l.charge.toFixed(2), l.paid === undefined ? '' : `paid ${l.paid.toFixed(2)}`, adjusted ? `adjusted ${adjusted}` : '',
  ].filter((p) => p !== '').join('  ')
}

export interface WriteOptions {
  /** Leaves out or replaces who the patient and the provider are. Dates of service stay. */
  readonly withoutIdentity: boolean
}

/** Every claim that can be read, as one 837 file. No clock: it is dated with the first day of service in it. */
export async function writeClaims(path: string, options: WriteOptions, write: Write): Promise<Told> {
  const out = gathered(write)
  let printer: Printer837 | null = null
  let read = 0
  let unread = 0
  let errors = 0
  for await (const reading of readingsOf(path)) {
    if (reading.kind === 'fault') errors += reading.severity === 'error' ? 1 : 0
    else if (reading.claim === null) unread++
    else {
      read++
      const claim = options.withoutIdentity ? anonymous(reading.claim, read) : reading.claim
      if (printer === null) {
        printer = printer837({ date: (claim.lines[0] as ClaimLine).serviceDate, time: '00:00', sender: 'VOUCH', receiver: 'VOUCH', after: '\n' })
        await out.add(printer.begin())
      }
      await out.add(printer.claim(claim))
    }
  }
  if (printer === null) throw new InputFault(`${path}: no claim of the file could be read; see vouch claims read.`)
  await out.add(printer.end())
  await out.end()
  return { read, unread, errors: errors + unread }
}

export function anonymous(claim: Claim, number: number): Claim {
  return {
    ...claim, authorizations: null, claimId: `CLAIM-${number}`, patient: { name: `PATIENT ${number}`, birthDate: null, memberId: null, mrn: null, sex: claim.patient.sex }, provider: { name: null, npi: null },
    history: claim.history.map(({ claimId: _, ...l }) => l),
  }
}
