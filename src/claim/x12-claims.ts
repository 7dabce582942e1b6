// Segments of 837 professional and institutional files (version 5010) → claims, one at a time. May not: hold more than one claim; quote a value of the file.
import { dottedDiagnosis, entryOf, error, fileFault, payerKey, sumOf, warning, type ClaimFault, type Reading } from './reading.ts'
import type { Adjustment } from './claim.ts'
import { components, element, x12Segments, type Segment } from './x12.ts'

const FORMS: Readonly<Record<string, 'professional' | 'institutional'>> = { '005010X222': 'professional', '005010X223': 'institutional' }

/** Order of segments within the claim loop, before its providers. */
const ORDER = ['CLM', 'DTP', 'CL1', 'PWK', 'CN1', 'AMT', 'REF', 'K3', 'NTE', 'CR1', 'CR2', 'CR3', 'CR5', 'CR6', 'CRC', 'HI', 'HCP']
/** Principal and further diagnoses, in ICD-10-CM and in ICD-9-CM. Reasons for a visit, causes and admission diagnoses are none of the billed ones. */
const DIAGNOSIS_QUALIFIERS = ['ABK', 'ABF', 'BK', 'BF']
const CODE_QUALIFIER = 'HC'

type Part = 'none' | 'submitter' | 'billing' | 'subscriber' | 'patient' | 'claim' | 'claim-provider' | 'other-payer' | 'line' | 'line-provider' | 'adjudication'

interface Person { name: string | null; birthDate: string | null; memberId: string | null; sex: string | null }
interface Line {
  readonly line: number
  readonly place: string
  code: string | null
  modifiers: string[]
  units?: number
  serviceDate?: string
  serviceDateEnd?: string
  diagnosisPointers: number[]
  placeOfService: string | null
  charge: number | null
  revenueCode?: string
  paid?: number
  adjustments?: Adjustment[]
}
interface Building {
  readonly number: number
  readonly place: string
  readonly form: 'professional' | 'institutional'
  readonly faults: ClaimFault[]
  readonly data: Record<string, unknown> & { claimId: string }
  readonly diagnoses: string[]
  readonly lines: Line[]
  readonly total: number | null
  readonly placeOfService: string | null
  statement: readonly string[]
  readonly authorizations: { number: string; codes: string[] }[]
  mrn: string | null
  adjustments: Adjustment[]
  order: number
}
interface Envelope { readonly control: string; readonly begun: number; count: number }

const placeOf = (s: Segment): string => `segment ${s.number} (${s.tag.slice(0, 3)})`

/** @param chunks the text of the file in pieces of any size */
export function* claimsOf837(chunks: Iterable<string>): Generator<Reading> {
  let interchange: Envelope | null = null
  let group: (Envelope & { readonly version: string }) | null = null
  let set: (Envelope & { readonly form: 'professional' | 'institutional' | null }) | null = null
  let levels = new Map<string, string>()
  let lastLevel = 0
  let level: string | null = null
  /** The claims below a level without its own are not to be trusted: whose they are stands above. */
  let orphaned = false
  let part: Part = 'none'
  let provider: { name: string | null; npi: string | null; taxId?: string } = { name: null, npi: null }
  let filing: string | null = null
  const nobody = (): Person => ({ name: null, birthDate: null, memberId: null, sex: null })
  let subscriber = nobody()
  let patient: Person | null = null
  let payer: string | null = null
  let claim: Building | null = null
  let line: Line | null = null
  let number = 0

  const close = (): Reading[] => {
    if (claim === null) return []
    const done = claim
    claim = null
    line = null
    return [finished(done)]
  }
  /** The claim being read was not ended by what must follow it. */
  const abandon = (where: string, what: string): Reading[] => {
    if (claim === null) return []
    const { number, form, faults, data } = claim
    claim = null
    line = null
    return [{ kind: 'claim', number, format: formatOf(form), claimId: data.claimId || null, claim: null, faults: [...faults, error(where, what)] }]
  }

  let last = 0
  for (const s of x12Segments(chunks)) {
    if ('what' in s) {
      yield* abandon(`segment ${s.number}`, 'the file breaks off within this claim')
      yield fileFault(`segment ${s.number}`, s.what)
      return
    }
    last = s.number
    const place = placeOf(s)
    switch (s.tag) {
      case 'ISA':
        if (interchange !== null) {
          yield* abandon(place, 'a new interchange begins within this claim')
          yield fileFault(place, `a new interchange begins before the one of segment ${interchange.begun} has ended with IEA`)
        }
        interchange = { control: element(s, 13).trim(), begun: s.number, count: 0 }
        group = null
        set = null
        continue
      case 'GS':
        if (interchange === null) yield fileFault(place, 'a functional group stands outside an interchange')
        if (group !== null) {
          yield* abandon(place, 'a new functional group begins within this claim')
          yield fileFault(place, `a new functional group begins before the one of segment ${group.begun} has ended with GE`)
        }
        if (interchange !== null) interchange.count++
        group = { control: element(s, 6), begun: s.number, count: 0, version: element(s, 8) }
        set = null
        continue
      case 'ST': {
        if (group === null) yield fileFault(place, 'a transaction stands outside a functional group')
        if (set !== null) {
          yield* abandon(place, 'a new transaction begins within this claim')
          yield fileFault(place, `a new transaction begins before the one of segment ${set.begun} has ended with SE`)
        }
        if (group !== null) group.count++
        const version = element(s, 3) || group?.version || ''
        const form = element(s, 1) === '837' ? (FORMS[version.slice(0, 10)] ?? null) : null
        if (element(s, 1) !== '837') yield fileFault(place, 'the transaction is not a claim (837) and was passed over')
        else if (form === null) yield fileFault(place, 'the transaction is neither a professional nor an institutional claim of version 5010 and was passed over; ask for 005010X222 or 005010X223')
        set = { control: element(s, 2), begun: s.number, count: 1, form }
        levels = new Map()
        lastLevel = 0
        level = null
        orphaned = false
        part = 'none'
        provider = { name: null, npi: null }
        subscriber = nobody()
        patient = null
        payer = null
        filing = null
        continue
      }
      case 'SE':
        yield* close()
        if (set === null) yield fileFault(place, 'the end of a transaction stands where none is open')
        else {
          set.count++
          if (Number(element(s, 1)) !== set.count) yield fileFault(place, `the transaction begun at segment ${set.begun} has ${set.count} segments, and its end counts another number; segments may be missing or added`)
          if (element(s, 2) !== set.control) yield fileFault(place, `the control number is not that of the transaction begun at segment ${set.begun}`)
        }
        set = null
        continue
      case 'GE':
        yield* abandon(place, 'the functional group ends within this claim')
        if (set !== null) yield fileFault(place, `the functional group ends before the transaction of segment ${set.begun} has ended with SE`)
        if (group === null) yield fileFault(place, 'the end of a functional group stands where none is open')
        else {
          if (Number(element(s, 1)) !== group.count) yield fileFault(place, `the functional group has ${group.count} transactions, and its end counts another number`)
          if (element(s, 2) !== group.control) yield fileFault(place, `the control number is not that of the functional group begun at segment ${group.begun}`)
        }
        group = null
        set = null
        continue
      case 'IEA':
        yield* abandon(place, 'the interchange ends within this claim')
        if (group !== null) yield fileFault(place, `the interchange ends before the functional group of segment ${group.begun} has ended with GE`)
        if (interchange === null) yield fileFault(place, 'the end of an interchange stands where none is open')
        else {
          if (Number(element(s, 1)) !== interchange.count) yield fileFault(place, `the interchange has ${interchange.count} functional groups, and its end counts another number`)
          if (element(s, 2).trim() !== interchange.control) yield fileFault(place, `the control number is not that of the interchange begun at segment ${interchange.begun}`)
        }
        interchange = null
        group = null
        set = null
        continue
    }
    if (set === null) {
      if (s.tag !== 'TA1') yield fileFault(place, 'the segment stands outside any transaction')
      continue
    }
    set.count++
    if (set.form === null) continue

    switch (s.tag) {
      case 'HL': {
        yield* close()
        const [id, parent, code] = [element(s, 1), element(s, 2), element(s, 3)]
        if (Number(id) !== lastLevel + 1) yield fileFault(place, 'the number of the level does not follow on the one before; levels may be missing or in another order', 'warning')
        lastLevel = Number(id) || lastLevel + 1
        const above = code === '20' ? null : code === '22' ? '20' : '22'
        orphaned = above !== null && levels.get(parent) !== above
        if (orphaned) yield fileFault(place, 'the level belongs to one that does not stand before it; its claims are not read')
        levels.set(id, code)
        level = code
        if (code === '20') {
          part = 'billing'
          provider = { name: null, npi: null }
        } else if (code === '22') {
          part = 'subscriber'
          subscriber = nobody()
          patient = null
          payer = null
          filing = null
        } else if (code === '23') {
          part = 'patient'
          patient = nobody()
        }
        break
      }
      case 'CLM': {
        yield* close()
        number++
        const where = components(s, 5)
        const professional = set.form === 'professional'
        const total = amountOf(element(s, 2))
        claim = {
          number, place, form: set.form, faults: [], diagnoses: [], lines: [], total: total ?? null, placeOfService: professional ? where[0] || null : null,
          statement: [], authorizations: [], mrn: null, adjustments: [], order: 0,
          data: {
            claimId: element(s, 1), ...(payer === null ? {} : { payer }), provider: { ...provider }, claimForm: set.form, ...(filing === null ? {} : { lineOfBusiness: filing }),
            ...(professional || !where[0] ? {} : { billType: `${where[0]}${where[2] ?? ''}` }),
          },
        }
        // A patient who is not the subscriber is a level of her own; the member's number is the subscriber's.
        const who = patient ?? subscriber
        claim.data['patient'] = { name: who.name, birthDate: who.birthDate, sex: who.sex, memberId: who.memberId ?? subscriber.memberId }
        if (level !== '22' && level !== '23') claim.faults.push(error(place, 'the claim stands outside a subscriber or patient level (HL)'))
        else if (orphaned) claim.faults.push(error(place, 'the claim stands below a level whose own level is missing'))
        if (total === undefined) claim.faults.push(warning(place, 'the total charge is not a number'))
        line = null
        part = 'claim'
        break
      }
      case 'LX': {
        if (claim === null) {
          yield fileFault(place, 'a service line stands outside a claim')
          break
        }
        const n = Number(element(s, 1))
        const expected: number = claim.lines.length + 1
        if (n !== expected) claim.faults.push(warning(place, `the line is numbered otherwise than its place, ${expected}; lines may be missing or in another order`))
        line = { line: Number.isInteger(n) && n > 0 ? n : expected, place, code: null, modifiers: [], diagnosisPointers: [], placeOfService: claim.placeOfService, charge: null }
        claim.lines.push(line)
        part = 'line'
        break
      }
      case 'NM1': {
        const who = element(s, 1)
        const name = nameOf(s)
        const id = element(s, 9) || null
        if (claim === null) {
          if (who === '85') {
            provider = { name, npi: element(s, 8) === 'XX' ? id : null }
            part = 'billing'
          } else if (who === 'IL') {
            subscriber = { ...subscriber, name, memberId: id }
            part = 'subscriber'
          } else if (who === 'QC' && patient !== null) {
            patient = { ...(patient as Person), name }
            part = 'patient'
          } else if (who === 'PR') {
            payer = name === null ? null : payerKey(name)
            part = 'none'
          } else part = 'none'
        } else if (part === 'line' || part === 'line-provider') part = 'line-provider'
        else if (part !== 'other-payer' && part !== 'adjudication') part = 'claim-provider'
        break
      }
      case 'DMG': {
        const person = claim !== null ? null : part === 'patient' ? patient : part === 'subscriber' ? subscriber : null
        if (person !== null) {
          person.birthDate = dateOf(element(s, 2))
          person.sex = element(s, 3) || null
          if (element(s, 2) !== '' && person.birthDate === null) yield fileFault(place, 'the date of birth is not a date and was left out', 'warning')
        }
        break
      }
      case 'SBR':
        if (claim !== null) {
          part = 'other-payer'
          line = null
        } else if (part === 'subscriber') filing = element(s, 9) || null
        break
      case 'HI':
        if (claim === null) {
          yield fileFault(place, 'diagnoses stand outside a claim')
          break
        }
        if (line !== null) {
          claim.faults.push(error(place, 'the diagnoses stand after a service line; they belong before the first'))
          break
        }
        for (const each of s.elements) {
          const [qualifier = '', code = ''] = each.split(s.delimiters.component)
          if (DIAGNOSIS_QUALIFIERS.includes(qualifier) && code !== '') {
            if (qualifier.length === 2) claim.faults.push(warning(place, 'a diagnosis is coded in ICD-9-CM'))
            claim.diagnoses.push(qualifier.length === 2 ? code : dottedDiagnosis(code))
          }
        }
        break
      case 'SV1':
      case 'SV2': {
        if (claim === null) {
          yield fileFault(place, 'a service stands outside a claim')
          break
        }
        if (line === null) {
          claim.faults.push(error(place, 'a service stands without its line (LX) before it'))
          break
        }
        if (line.code !== null || line.charge !== null) {
          claim.faults.push(error(place, `line ${line.line} has a second service; a line (LX) may be missing`))
          break
        }
        if ((s.tag === 'SV1') !== (claim.form === 'professional')) claim.faults.push(error(place, `the segment does not belong into a claim of this kind (${claim.form})`))
        service(s, claim, line)
        break
      }
      case 'DTP': {
        if (claim === null) break
        const qualifier = element(s, 1)
        const days = element(s, 3).split('-').map(dateOf)
        const bad = days.some((d) => d === null) || days.length > 2 || (element(s, 2) === 'RD8') !== (days.length === 2)
        if (qualifier === '472' && line === null) claim.faults.push(error(place, 'a date of service stands before the first service line'))
        else if (qualifier === '472' && line !== null && part === 'line') {
          if (line.serviceDate !== undefined) claim.faults.push(error(place, `line ${line.line} has a second date of service; a line (LX) may be missing`))
          else if (bad) claim.faults.push(error(place, 'the date of service is not a date'))
          else setDays(line, days as string[])
        } else if (qualifier === '434' && part === 'claim') {
          if (bad) claim.faults.push(warning(place, 'the dates of the statement are not dates'))
          else claim.statement = days as string[]
        }
        break
      }
      case 'REF':
        if (claim === null && part === 'billing' && (element(s, 1) === 'EI' || element(s, 1) === 'SY') && element(s, 2) !== '') provider.taxId = element(s, 2)
        else if (claim !== null && (part === 'claim' || part === 'claim-provider')) {
          if (element(s, 1) === 'G1') claim.authorizations.push({ number: element(s, 2), codes: [] })
          else if (element(s, 1) === 'EA') claim.mrn = element(s, 2) || null
        } else if (claim !== null && line !== null && part === 'line' && element(s, 1) === 'G1') {
          const [number, code] = [element(s, 2), line.code ?? '']
          const known = claim.authorizations.find((a) => a.number === number && a.codes.length > 0)
          if (known === undefined) claim.authorizations.push({ number, codes: [code] })
          else if (!known.codes.includes(code)) known.codes.push(code)
        }
        break
      case 'SVD':
        if (claim !== null && line !== null) {
          part = 'adjudication'
          const paid = amountOf(element(s, 2))
          if (typeof paid === 'number') line.paid = sumOf([line.paid ?? 0, paid])
          else claim.faults.push(warning(place, 'the amount paid is not a number and was left out'))
        }
        break
      case 'CAS':
        if (claim !== null) {
          const { adjustments, bad } = adjustmentsOf(s)
          if (bad) claim.faults.push(warning(place, 'an adjustment has no amount and was left out'))
          if (part === 'adjudication' && line !== null) line.adjustments = [...(line.adjustments ?? []), ...adjustments]
          else if (part === 'other-payer') claim.adjustments.push(...adjustments)
          else claim.faults.push(warning(place, 'adjustments stand without the payer who made them and were left out'))
        }
        break
    }
    if (claim !== null && part === 'claim') {
      const order = ORDER.indexOf(s.tag)
      if (order >= 0 && order < claim.order) claim.faults.push(warning(place, `the segment stands after ${ORDER[claim.order]} and belongs before it`))
      claim.order = Math.max(claim.order, order)
    }
  }
  if (last === 0) yield fileFault('segment 1', 'the file holds no interchange')
  const at = `after segment ${last}`
  yield* abandon(at, 'the file breaks off within this claim')
  if (set !== null) yield fileFault(at, `the file ends before the transaction of segment ${(set as Envelope).begun} has ended with SE`)
  else if (group !== null) yield fileFault(at, `the file ends before the functional group of segment ${(group as Envelope).begun} has ended with GE`)
  else if (interchange !== null) yield fileFault(at, `the file ends before the interchange of segment ${(interchange as Envelope).begun} has ended with IEA`)
}

const formatOf = (form: Building['form']): 'x12-837p' | 'x12-837i' => (form === 'professional' ? 'x12-837p' : 'x12-837i')

function service(s: Segment, claim: Building, line: Line): void {
  const place = placeOf(s)
  const institutional = s.tag === 'SV2'
  const shift = institutional ? 1 : 0
  if (institutional) line.revenueCode = element(s, 1)
  const [qualifier = '', code = '', ...more] = components(s, 1 + shift)
  if (qualifier === CODE_QUALIFIER) {
    line.code = code
    line.modifiers = more.slice(0, 4).filter((m) => m !== '')
  } else claim.faults.push(warning(place, code === '' ? `line ${line.line} has no procedure code and was left out` : `line ${line.line} has no CPT or HCPCS code and was left out`))
  const charge = amountOf(element(s, 2 + shift))
  if (charge === undefined) claim.faults.push(error(place, `the charge of line ${line.line} is not a number`))
  line.charge = charge ?? null
  const units = amountOf(element(s, 4 + shift))
  if (units === undefined || (units !== null && units <= 0)) claim.faults.push(error(place, `the units of line ${line.line} are not a number above nought`))
  else if (units !== null) line.units = units
  if (units !== null && !['UN', ''].includes(element(s, 3 + shift))) claim.faults.push(warning(place, `line ${line.line} counts minutes or days, not units`))
  if (!institutional) {
    if (element(s, 5) !== '') line.placeOfService = element(s, 5)
    const pointers = components(s, 7).filter((p) => p !== '').map(Number)
    if (pointers.some((p) => !Number.isInteger(p) || p < 1)) claim.faults.push(error(place, `a diagnosis pointer of line ${line.line} is not a number`))
    else line.diagnosisPointers = pointers
  }
}

function setDays(line: Line, [first, end]: readonly string[]): void {
  line.serviceDate = first as string
  if (end !== undefined && end !== first) line.serviceDateEnd = end
}

function finished(b: Building): Reading {
  const faults = [...b.faults]
  // Lines that bill by revenue code alone have nothing to review.
  const kept = b.lines.filter((l) => l.code !== null)
  for (const l of b.lines) if (l.code === null && l.charge === null) faults.push(error(l.place, `line ${l.line} has no service`))
  for (const l of kept) {
    if (l.serviceDate !== undefined) continue
    // An institutional line without a date of its own has that of the statement, where it is one day.
    if (b.statement.length > 0 && (b.statement.length === 1 || b.statement[0] === b.statement[1])) l.serviceDate = b.statement[0] as string
    else if (!faults.some((f) => f.severity === 'error')) faults.push(error(l.place, `line ${l.line} has no date of service`))
  }
  if (kept.length === 0 && !faults.some((f) => f.severity === 'error')) faults.push(error(b.place, 'the claim has no line with a CPT or HCPCS code'))
  const charges = b.lines.map((l) => l.charge)
  if (b.total !== null && charges.every((c) => c !== null) && charges.length > 0 && sumOf(charges) !== b.total) faults.push(warning(b.place, 'the total charge is not the sum of the lines; a line may be missing'))
  const places = [b.place, ...kept.map((l) => l.place)]
  const data = {
    ...b.data, diagnoses: b.diagnoses, ...(b.authorizations.length > 0 ? { authorizations: b.authorizations } : {}), ...(b.adjustments.length > 0 ? { adjustments: b.adjustments } : {}),
    patient: { ...(b.data['patient'] as object), mrn: b.mrn },
    lines: kept.map(({ place: _, ...l }) => l),
  }
  const format = formatOf(b.form)
  // What was already told at its segment is not told again by the shape.
  if (faults.some((f) => f.severity === 'error')) return { kind: 'claim', number: b.number, format, claimId: b.data.claimId || null, claim: null, faults }
  return entryOf(b.number, format, data, faults, (path) => {
    const m = /^lines\.(\d+)/.exec(path)
    return (m ? places[Number(m[1]) + 1] : undefined) ?? b.place
  })
}

/** `20250506` → `2025-05-06`; null for what is no day. */
function dateOf(text: string): string | null {
  const m = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (!m) return null
  const iso = `${m[1]}-${m[2]}-${m[3]}`
  const day = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === iso ? iso : null
}

/** Null where nothing stands, undefined for what is no number. */
function amountOf(text: string): number | null | undefined {
  if (text === '') return null
  return /^-?(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})$/.test(text) ? Number(text) : undefined
}

/** `Last, First Middle`, or the name of an organisation. */
function nameOf(s: Segment): string | null {
  const [last, first, middle] = [element(s, 3), element(s, 4), element(s, 5)].map((t) => t.trim())
  const given = [first, middle].filter((t) => t !== '').join(' ')
  return last === '' && given === '' ? null : given === '' ? (last as string) : `${last}, ${given}`
}

function adjustmentsOf(s: Segment): { adjustments: Adjustment[]; bad: boolean } {
  const adjustments: Adjustment[] = []
  let bad = false
  for (let n = 2; n <= s.elements.length; n += 3) {
    const reason = element(s, n)
    if (reason === '') continue
    const [amount, quantity] = [amountOf(element(s, n + 1)), amountOf(element(s, n + 2))]
    if (typeof amount === 'number') adjustments.push({ group: element(s, 1), reason, amount, quantity: quantity ?? null })
    else bad = true
  }
  return { adjustments, bad }
}
