// FHIR R4 `Claim` and `ExplanationOfBenefit`, alone, in a Bundle or in a list → claims. May not: fetch what is referred to elsewhere; quote a value in a fault.
import { dottedDiagnosis, entryOf, error, fileFault, payerKey, warning, type ClaimFault, type Reading } from './reading.ts'
import type { Adjustment } from './claim.ts'

type Json = Readonly<Record<string, unknown>>

const BILLED = ['Claim', 'ExplanationOfBenefit']

const object = (v: unknown): Json | null => (v !== null && typeof v === 'object' && !Array.isArray(v) ? (v as Json) : null)
const list = (v: unknown): Json[] => (Array.isArray(v) ? v.map(object).filter((o) => o !== null) : [])
const text = (v: unknown): string | null => (typeof v === 'string' && v.trim() !== '' ? v.trim() : null)
const number = (v: unknown): number | null => (typeof v === 'number' && Number.isFinite(v) ? v : null)
const keyOf = (r: Json): string => `${text(r['resourceType']) ?? ''}/${text(r['id']) ?? ''}`
const codings = (concept: unknown): { system: string; code: string }[] =>
  list(object(concept)?.['coding']).flatMap((c) => (text(c['code']) === null ? [] : [{ system: text(c['system']) ?? '', code: text(c['code']) as string }]))

export function isFhir(data: unknown): boolean {
  const one = Array.isArray(data) ? data[0] : data
  return text(object(one)?.['resourceType']) !== null
}

/** @param place names where a resource stands: `line 4` of a file with one resource a line, or nothing. */
export function* claimsOfFhir(data: unknown, from = 1, place = ''): Generator<Reading> {
  const at = (path: string): string => (place === '' ? path : `${place}, ${path}`)
  const top = Array.isArray(data) ? data : [data]
  let found = 0
  for (const [i, one] of top.entries()) {
    const resource = object(one)
    const type = text(resource?.['resourceType'])
    const own = top.length > 1 ? `[${i}]` : ''
    if (resource === null || type === null) yield fileFault(at(own || 'the file'), 'is not a FHIR resource')
    else if (type === 'Bundle') {
      const entries = list(resource['entry'])
      const known = new Map<string, Json>()
      for (const e of entries) {
        const r = object(e['resource'])
        if (r === null) continue
        if (text(e['fullUrl']) !== null) known.set(text(e['fullUrl']) as string, r)
        if (text(r['id']) !== null) known.set(keyOf(r), r)
      }
      for (const [n, e] of entries.entries()) {
        const r = object(e['resource'])
        if (r !== null && BILLED.includes(text(r['resourceType']) ?? '')) yield claimOf(r, from + found++, at(`${own}entry[${n}].resource`), known)
      }
    } else if (BILLED.includes(type)) yield claimOf(resource, from + found++, at(own || type), new Map(top.map(object).filter((r) => r !== null).map((r) => [keyOf(r), r])))
  }
  if (found === 0 && place === '') yield fileFault('the file', 'holds no FHIR Claim or ExplanationOfBenefit')
}

function claimOf(r: Json, ordinal: number, place: string, known: ReadonlyMap<string, Json>): Reading {
  const faults: ClaimFault[] = []
  const at = (path: string): string => `${place}.${path}`
  const contained = new Map(list(r['contained']).map((c) => [`#${text(c['id']) ?? ''}`, c]))
  const resolve = (v: unknown): Json | null => {
    const reference = text(object(v)?.['reference'])
    return reference === null ? null : (contained.get(reference) ?? known.get(reference) ?? known.get(reference.split('/').slice(-2).join('/')) ?? null)
  }

  const status = text(r['status'])
  if (status === 'cancelled' || status === 'entered-in-error' || status === 'draft') faults.push(warning(at('status'), `the claim is marked ${status}`))
  const use = text(r['use'])
  if (use !== null && use !== 'claim') faults.push(warning(at('use'), 'is a request before the service, not a claim'))
  const eob = r['resourceType'] === 'ExplanationOfBenefit'

  const diagnoses: string[] = []
  const position = new Map<number, number>()
  list(r['diagnosis']).forEach((d, i) => {
    const concept = object(d['diagnosisCodeableConcept']) ?? object(resolve(d['diagnosisReference'])?.['code'])
    const all = codings(concept)
    const code = all.find((c) => /icd-?10/i.test(c.system)) ?? all.find((c) => /^[A-Za-z]\d/.test(c.code))
    if (!code) faults.push(warning(at(`diagnosis[${i}]`), 'has no ICD-10-CM code and was left out'))
    else {
      diagnoses.push(dottedDiagnosis(code.code))
      position.set(number(d['sequence']) ?? i + 1, diagnoses.length)
    }
  })

  const lines: unknown[] = []
  const places: string[] = []
  const claimDay = period(r['billablePeriod'])
  list(r['item']).forEach((item, i) => {
    const here = at(`item[${i}]`)
    const all = codings(item['productOrService'])
    const code = all.find((c) => /ama-assn|cpt|hcpcs/i.test(c.system)) ?? all.find((c) => /^[0-9A-Z]{5}$/i.test(c.code))
    if (!code) {
      faults.push(warning(`${here}.productOrService`, 'has no CPT or HCPCS code and was left out'))
      return
    }
    const days = text(item['servicedDate']) !== null ? [(text(item['servicedDate']) as string).slice(0, 10), null] as const : period(item['servicedPeriod']) ?? (claimDay !== null && (claimDay[1] === null || claimDay[1] === claimDay[0]) ? claimDay : null)
    if (days === null) faults.push(error(`${here}.serviced`, 'the date of service is missing'))
    const pointers = (Array.isArray(item['diagnosisSequence']) ? item['diagnosisSequence'] : []).map((n) => position.get(number(n) ?? NaN))
    if (pointers.includes(undefined)) faults.push(error(`${here}.diagnosisSequence`, 'points to a diagnosis that the claim does not have'))
    const quantity = number(object(item['quantity'])?.['value'])
    const adjudication = list(item['adjudication'])
    const net = number(object(item['net'])?.['value'])
    const submitted = adjudication.find((a) => codings(a['category']).some((c) => /^submitted/i.test(c.code)))
    const price = number(object(item['unitPrice'])?.['value'])
    const charge = number(object(submitted?.['amount'])?.['value']) ?? net ?? (price === null ? null : Math.round(price * (quantity ?? 1) * 100) / 100)
    const paid = adjudication.find((a) => codings(a['category']).some((c) => /^(?:benefit|paidtoprovider|paid)$/i.test(c.code)))
    const paidAmount = number(object(paid?.['amount'])?.['value'])
    const adjustments = adjustmentsOf(adjudication)
    const revenue = codings(item['revenue'])[0]?.code
    places.push(here)
    lines.push({
      line: number(item['sequence']) ?? i + 1, code: code.code, modifiers: (Array.isArray(item['modifier']) ? item['modifier'] : []).flatMap((m) => codings(m).slice(0, 1).map((c) => c.code)),
      ...(quantity === null ? {} : { units: quantity }), serviceDate: days?.[0] ?? '', serviceDateEnd: days?.[1] === days?.[0] ? null : (days?.[1] ?? null),
      diagnosisPointers: pointers.filter((p) => p !== undefined), placeOfService: codings(item['locationCodeableConcept'])[0]?.code ?? null, charge,
      ...(paidAmount === null ? {} : { paid: paidAmount }), ...(adjustments.length === 0 ? {} : { adjustments }), ...(revenue === undefined ? {} : { revenueCode: revenue }),
    })
  })
  if (lines.length === 0 && !faults.some((f) => f.severity === 'error')) faults.push(error(at('item'), 'the claim has no item with a CPT or HCPCS code'))

  const patient = resolve(r['patient'])
  const insurance = list(r['insurance'])
  const focal = insurance.find((x) => x['focal'] === true) ?? insurance[0]
  const coverage = resolve(focal?.['coverage'])
  const insurer = resolve(r['insurer'])
  const payer = text(insurer?.['name']) ?? text(object(r['insurer'])?.['display'])
  const authorizations = (Array.isArray(focal?.['preAuthRef']) ? focal['preAuthRef'] : Array.isArray(r['preAuthRef']) ? r['preAuthRef'] : []).map(text).filter((t) => t !== null)
  const provider = resolve(r['provider'])
  const identifiers = list(patient?.['identifier'])
  const ofType = (...types: string[]): string | null => text(identifiers.find((x) => codings(x['type']).some((c) => types.includes(c.code)))?.['value'])
  const kind = codings(r['type']).map((c) => c.code)
  const billType = codings(list(r['supportingInfo']).find((s) => codings(s['category']).some((c) => c.code === 'typeofbill'))?.['code'])[0]?.code
  const gender = text(patient?.['gender'])
  const data = {
    claimId: text(list(r['identifier'])[0]?.['value']) ?? text(r['id']) ?? `${ordinal}`,
    ...(payer === null ? {} : { payer: payerKey(payer) }),
    patient: {
      name: humanName(patient) ?? text(object(r['patient'])?.['display']), birthDate: text(patient?.['birthDate']), sex: gender === 'female' ? 'F' : gender === 'male' ? 'M' : null,
      memberId: text(coverage?.['subscriberId']) ?? ofType('MB', 'MC', 'um'), mrn: ofType('MR'),
    },
    provider: { name: text(provider?.['name']) ?? humanName(provider) ?? text(object(r['provider'])?.['display']), npi: text(list(provider?.['identifier']).find((x) => /us-npi/.test(text(x['system']) ?? ''))?.['value']) ?? text(object(object(r['provider'])?.['identifier'])?.['value']) },
    claimForm: kind.some((k) => /^(?:institutional|inpatient|outpatient)/i.test(k)) ? 'institutional' : 'professional',
    diagnoses, lines, ...(billType === undefined ? {} : { billType: billType.replace(/^0(?=\d{3}$)/, '') }), ...(authorizations.length > 0 ? { authorizations: authorizations.map((number) => ({ number, codes: [] })) } : {}),
    ...(eob && list(r['adjudication']).length > 0 && adjustmentsOf(list(r['adjudication'])).length > 0 ? { adjustments: adjustmentsOf(list(r['adjudication'])) } : {}),
  }
  if (faults.some((f) => f.severity === 'error')) return { kind: 'claim', number: ordinal, format: 'fhir', claimId: data.claimId, claim: null, faults }
  return entryOf(ordinal, 'fhir', data, faults, (path) => {
    const m = /^lines\.(\d+)(?:\.(\w+))?/.exec(path)
    const names: Readonly<Record<string, string>> = { code: 'productOrService', units: 'quantity', serviceDate: 'serviced', serviceDateEnd: 'serviced', line: 'sequence', charge: 'net' }
    return m ? `${places[Number(m[1])] ?? place}${m[2] ? `.${names[m[2]] ?? m[2]}` : ''}` : at(path === '' ? '' : path)
  })
}

function period(v: unknown): readonly [string, string | null] | null {
  const p = object(v)
  const start = text(p?.['start'])
  return start === null ? null : [start.slice(0, 10), text(p?.['end'])?.slice(0, 10) ?? null]
}

/** Amounts with a claim adjustment reason code. FHIR does not carry the group (CO, PR …) in one agreed place; it stays empty where no coding gives it. */
function adjustmentsOf(adjudication: readonly Json[]): Adjustment[] {
  return adjudication.flatMap((a) => {
    const amount = number(object(a['amount'])?.['value'])
    const reason = codings(a['reason']).find((c) => /adjustment-reason/i.test(c.system)) ?? null
    const group = codings(a['category']).map((c) => c.code.toUpperCase()).find((c) => ['CO', 'PR', 'OA', 'PI', 'CR'].includes(c)) ?? ''
    return amount === null || reason === null ? [] : [{ group, reason: reason.code, amount, quantity: null }]
  })
}

function humanName(person: Json | null): string | null {
  const names = list(person?.['name'])
  const name = names.find((n) => n['use'] === 'official') ?? names[0]
  if (!name) return null
  const family = text(name['family'])
  const given = (Array.isArray(name['given']) ? name['given'] : []).map(text).filter((t) => t !== null).join(' ')
  return family === null ? (given || text(name['text'])) : given === '' ? family : `${family}, ${given}`
}
