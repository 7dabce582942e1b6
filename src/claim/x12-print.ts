// Claims → an 837 file (version 5010), for tests and for exports. May not: look at a clock; lose what the reader reads (only `history` has no place in an 837).
import type { Adjustment, Claim, ClaimLine } from './claim.ts'

export interface PrintOptions {
  /** `YYYY-MM-DD` and `HH:MM` of the interchange. */
  readonly date: string
  readonly time: string
  readonly sender: string
  readonly receiver: string
  readonly element?: string
  readonly component?: string
  readonly repetition?: string
  readonly segment?: string
  /** After each segment: a line break, say. */
  readonly after?: string
}

const VERSION = { professional: '005010X222A1', institutional: '005010X223A2' } as const

/** Prints claims one by one: one interchange, a functional group with one transaction for each run of claims of one form. */
export interface Printer837 {
  readonly begin: () => string
  readonly claim: (claim: Claim) => string
  readonly end: () => string
}

export function printer837(options: PrintOptions): Printer837 {
  const { element: e = '*', component: c = ':', repetition: r = '^', segment: t = '~', after = '' } = options
  // X12 has no way to write a delimiter within a value.
  const clean = (value: string): string => [e, c, r, t].reduce((text, d) => text.replaceAll(d, ' '), value).replace(/[\r\n\t]/g, ' ').trim()
  const line = (...elements: (string | number | null | undefined)[]): string => {
    const texts = elements.map((x) => (x === null || x === undefined ? '' : `${x}`))
    while (texts[texts.length - 1] === '') texts.pop()
    return `${texts.join(e)}${t}${after}`
  }
  const [day, time] = [options.date.replaceAll('-', ''), options.time.replace(':', '')]
  const pad = (text: string): string => clean(text).slice(0, 15).padEnd(15)
  let form: Claim['claimForm'] | null = null
  let groups = 0
  let count = 0
  let level = 0
  const endGroup = (): string => (form === null ? '' : line('SE', count + 1, '0001') + line('GE', 1, groups))
  const beginGroup = (next: Claim['claimForm']): string => {
    const version = VERSION[next]
    const head = [
      line('ST', '837', '0001', version), line('BHT', '0019', '00', '1', day, time, 'CH'),
      line('NM1', '41', '2', clean(options.sender), null, null, null, null, '46', clean(options.sender)), line('NM1', '40', '2', clean(options.receiver), null, null, null, null, '46', clean(options.receiver)),
    ]
    form = next
    groups++
    level = 0
    count = head.length
    return line('GS', 'HC', clean(options.sender), clean(options.receiver), day, time, groups, 'X', version) + head.join('')
  }
  return {
    begin: () => `${['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), 'ZZ', pad(options.sender), 'ZZ', pad(options.receiver), day.slice(2), time, r, '00501', '000000001', '0', 'T', c].join(e)}${t}${after}`,
    claim: (claim) => {
      const group = claim.claimForm === form ? '' : endGroup() + beginGroup(claim.claimForm)
      const body = claimSegments(claim, level, line, clean, c)
      level += 2
      count += body.length
      return group + body.join('')
    },
    end: () => endGroup() + line('IEA', groups, '000000001'),
  }
}

/** The whole file, in pieces of a claim each. */
export function* print837(claims: Iterable<Claim>, options: PrintOptions): Generator<string> {
  const printer = printer837(options)
  yield printer.begin()
  for (const claim of claims) yield printer.claim(claim)
  yield printer.end()
}

function claimSegments(claim: Claim, level: number, line: (...e: (string | number | null | undefined)[]) => string, clean: (v: string) => string, c: string): string[] {
  const { patient, provider } = claim
  const professional = claim.claimForm === 'professional'
  const compact = (d: string): string => d.replaceAll('-', '')
  const text = (v: string | null | undefined): string | null => (v === null || v === undefined ? null : clean(v))
  const composite = (...parts: (string | number)[]): string => parts.join(c).replace(new RegExp(`[${c === '\\' || c === ']' || c === '^' || c === '-' ? `\\${c}` : c}]+$`), '')
  const name = clean(patient.name ?? '')
  const comma = name.indexOf(', ')
  const [last, first] = comma < 0 ? [name, null] : [name.slice(0, comma), name.slice(comma + 2)]
  const places = new Set(claim.lines.map((l) => l.placeOfService))
  const [only] = places.size === 1 ? [...places] : [null]
  const total = claim.lines.every((l) => l.charge !== null) ? claim.lines.reduce((sum, l) => sum + Math.round((l.charge as number) * 100), 0) / 100 : null
  const days = claim.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  const bill = claim.billType ?? ''
  const adjusted = (list: readonly Adjustment[]): string[] => list.map((a) => line('CAS', clean(a.group), clean(a.reason), a.amount, a.quantity))
  const diagnoses = claim.diagnoses.map((d, i) => composite(i === 0 ? 'ABK' : 'ABF', clean(d.replace('.', ''))))
  const out = [
    line('HL', level + 1, null, 20, 1), line('NM1', 85, 2, text(provider.name), null, null, null, null, provider.npi === null ? null : 'XX', text(provider.npi)),
    ...(provider.taxId === undefined ? [] : [line('REF', 'EI', clean(provider.taxId))]),
    line('HL', level + 2, level + 1, 22, 0), line('SBR', 'P', '18', null, null, null, null, null, null, text(claim.lineOfBusiness)),
    line('NM1', 'IL', 1, last, first, null, null, null, patient.memberId === null ? null : 'MI', text(patient.memberId)),
  ]
  if (patient.birthDate !== null || patient.sex !== null) out.push(line('DMG', patient.birthDate === null ? null : 'D8', patient.birthDate === null ? null : compact(patient.birthDate), text(patient.sex)))
  out.push(line('NM1', 'PR', 2, clean(claim.payer)))
  out.push(line('CLM', clean(claim.claimId), total, null, null, professional ? composite(clean(only ?? ''), 'B', 1) : composite(bill.slice(0, 2), 'A', bill.slice(2)), 'Y', 'A', 'Y', 'Y'))
  if (!professional) out.push(line('DTP', 434, 'RD8', `${compact(days[0] as string)}-${compact(days[days.length - 1] as string)}`))
  for (const a of claim.authorizations ?? []) if (a.number !== null && a.codes.length === 0) out.push(line('REF', 'G1', clean(a.number)))
  if (patient.mrn !== null) out.push(line('REF', 'EA', clean(patient.mrn)))
  for (let i = 0; i < diagnoses.length; i += 12) {
    // An institutional principal diagnosis stands alone.
    const group = diagnoses.slice(i, i + 12)
    if (professional || i > 0) out.push(line('HI', ...group))
    else out.push(line('HI', group[0]), ...(group.length > 1 ? [line('HI', ...group.slice(1))] : []))
  }
  if (claim.adjustments !== undefined) out.push(line('SBR', 'S', '18'), ...adjusted(claim.adjustments), line('NM1', 'PR', 2, 'OTHER PAYER'))
  claim.lines.forEach((l, i) => out.push(...lineSegments(l, i + 1, only === null, professional, line, clean, composite, adjusted, claim)))
  return out
}

function lineSegments(
  l: ClaimLine, number: number, withPlace: boolean, professional: boolean, line: (...e: (string | number | null | undefined)[]) => string, clean: (v: string) => string,
  composite: (...parts: (string | number)[]) => string, adjusted: (list: readonly Adjustment[]) => string[], claim: Claim,
): string[] {
  const compact = (d: string): string => d.replaceAll('-', '')
  const procedure = composite('HC', clean(l.code), ...l.modifiers.map(clean))
  const out = [
    line('LX', number),
    professional
      ? line('SV1', procedure, l.charge, 'UN', l.units, withPlace && l.placeOfService !== null ? clean(l.placeOfService) : null, null, composite(...l.diagnosisPointers))
      : line('SV2', clean(l.revenueCode ?? ''), procedure, l.charge, 'UN', l.units),
    line('DTP', 472, l.serviceDateEnd === null ? 'D8' : 'RD8', compact(l.serviceDate) + (l.serviceDateEnd === null ? '' : `-${compact(l.serviceDateEnd)}`)),
    line('REF', '6R', l.line),
  ]
  for (const a of claim.authorizations ?? []) if (a.number !== null && a.codes.includes(l.code)) out.push(line('REF', 'G1', clean(a.number)))
  if (l.paid !== undefined || l.adjustments !== undefined) out.push(line('SVD', 'OTHER', l.paid ?? 0, procedure), ...adjusted(l.adjustments ?? []))
  return out
}
