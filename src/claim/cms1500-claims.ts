// Filled fields of a CMS-1500 (02/12) form → a claim. May not: know where the fields come from; quote one in a fault.
import { anyDate, fullYear } from './dates.ts'
import { dottedDiagnosis, entryOf, error, fileFault, payerKey, sumOf, warning, type ClaimFault, type Reading } from './reading.ts'

export interface FormField {
  readonly name: string
  readonly value: string
}

const LINES = 6
/** Fields that only this form has; a PDF with this many of them is one. */
const TELLING = ['pt_name', 'insurance_id', 'birth_mm', 'sv1_mm_from', 'cpt1', 'ch1', 'day1', 'diag1', 'place1', 'pt_account', 'diagnosis1', 't_charge', '21a', '24d1', '24a1', '24f1', '24g1', '1a', '26', '28']
const ENOUGH = 4

/** Two families of names are in use: those of the fillable form itself, and numbers of its items (`21A`, `Item 24D.1`). */
const nameOf = (name: string): string => {
  const last = name.replace(/\[\d+\]/g, '').split('.')
  const own = (last[last.length - 1] ?? '').trim()
  const item = /^(?:box|item|field)?[\s_-]*(\d{1,2}[\s_.-]*[a-l]?[\s_.-]*\d{0,2}[\s_.-]*(?:from|to|mod\d?)?)$/i.exec(/^\d$/.test(own) && last.length > 1 ? `${last[last.length - 2]}${own}` : own)
  return (item ? (item[1] as string).replace(/[\s_.-]/g, '') : own).toLowerCase()
}

export function isCms1500(fields: readonly FormField[]): boolean {
  const names = new Set(fields.map((f) => nameOf(f.name)))
  return TELLING.filter((t) => names.has(t)).length >= ENOUGH
}

export function* claimsOfCms1500(fields: readonly FormField[]): Generator<Reading> {
  const values = new Map<string, { value: string; name: string }>()
  for (const f of fields) if (f.value.trim() !== '' && !values.has(nameOf(f.name))) values.set(nameOf(f.name), { value: f.value.replace(/\s+/g, ' ').trim(), name: f.name })
  const get = (...names: string[]): string => names.map((n) => values.get(n.toLowerCase())?.value ?? '').find((v) => v !== '') ?? ''
  const at = (...names: string[]): string => `field ${names.map((n) => values.get(n.toLowerCase())?.name).find((n) => n !== undefined) ?? names[0]}`
  const faults: ClaimFault[] = []

  /** Month, day and year stand in fields of their own, or the day in one. */
  const day = (parts: readonly [string, string, string], whole: readonly string[], born: boolean): string | null => {
    const [m, d, y] = parts.map((p) => get(p)) as [string, string, string]
    const pivot = born ? 20 : 69
    if (m === '' && d === '' && y === '') {
      const text = get(...whole)
      const found = text === '' ? null : anyDate(text.replace(/^(\d{2}) (\d{2}) (\d{2,4})$/, '$1/$2/$3'), pivot)
      if (text !== '' && found === null) faults.push(error(at(...whole), 'is not a date'))
      return found
    }
    const found = /^\d{1,2}$/.test(m) && /^\d{1,2}$/.test(d) && /^\d{2}(?:\d{2})?$/.test(y) ? anyDate(`${m}/${d}/${fullYear(Number(y), pivot)}`) : null
    if (found === null) faults.push(error(at(parts[0]), 'the date that begins here is not a date'))
    return found
  }
  /** `450 00` and `450.00`: cents stand behind a space or a point. */
  const money = (...names: string[]): number | null => {
    const text = get(...names).replace(/[$,]/g, '').replace(/ (\d{2})$/, '.$1').replace(/ /g, '')
    if (text === '') return null
    if (/^\d{1,9}(?:\.\d{1,2})?$/.test(text)) return Number(text)
    faults.push(error(at(...names), 'is not an amount'))
    return null
  }

  const diagnoses: string[] = []
  const letters = new Map<string, number>()
  for (let i = 0; i < 12; i++) {
    const letter = 'abcdefghijkl'[i] as string
    const code = get(`diagnosis${i + 1}`, `21${letter}`)
    if (code === '') continue
    diagnoses.push(dottedDiagnosis(code.replace(/ /g, '')))
    letters.set(letter, diagnoses.length)
  }
  const lines: unknown[] = []
  const places: number[] = []
  for (let n = 1; n <= LINES; n++) {
    const codeText = get(`cpt${n}`, `24d${n}`).toUpperCase()
    const from = day([`sv${n}_mm_from`, `sv${n}_dd_from`, `sv${n}_yy_from`], [`24a${n}from`, `24a${n}`], false)
    const to = day([`sv${n}_mm_end`, `sv${n}_dd_end`, `sv${n}_yy_end`], [`24a${n}to`], false)
    if (codeText === '' && from === null) {
      if (get(`ch${n}`, `24f${n}`) !== '') faults.push(error(at(`ch${n}`, `24f${n}`), `line ${n} has a charge and no code`))
      continue
    }
    if (codeText === '') faults.push(error(`line ${n}`, 'the code is missing'))
    if (from === null && !faults.some((f) => f.severity === 'error')) faults.push(error(`line ${n}`, 'the date of service is missing'))
    const [code = '', ...attached] = codeText.split(/[\s-]+/)
    const modifiers = [...attached, ...[`mod${n}`, `mod${n}a`, `mod${n}b`, `mod${n}c`].map((m) => get(m)), ...[1, 2, 3, 4].map((k) => get(`24d${n}mod${k}`)), ...get(`24d${n}mod`).split(' ')].filter((m) => m !== '')
    const pointed = [...get(`diag${n}`, `24e${n}`).toLowerCase().replace(/[\s,]/g, '')]
    const pointers = pointed.map((p) => letters.get(p) ?? (/^[1-9]$/.test(p) && Number(p) <= diagnoses.length ? Number(p) : 0))
    if (pointers.includes(0)) faults.push(error(at(`diag${n}`, `24e${n}`), 'points to a diagnosis that item 21 does not have'))
    const unitText = get(`day${n}`, `24g${n}`)
    if (unitText !== '' && !/^\d{1,6}(?:\.\d{1,3})?$/.test(unitText)) faults.push(error(at(`day${n}`, `24g${n}`), 'is not a number'))
    places.push(n)
    lines.push({
      line: n, code, modifiers, ...(unitText === '' ? {} : { units: Number(unitText) }), serviceDate: from ?? '', serviceDateEnd: to === from ? null : to,
      diagnosisPointers: pointers.filter((p) => p > 0), placeOfService: get(`place${n}`, `24b${n}`) || null, charge: money(`ch${n}`, `24f${n}`),
    })
  }
  if (lines.length === 0 && faults.length === 0) {
    yield fileFault('item 24', 'no service line of the form is filled in')
    return
  }
  const total = money('t_charge', '28')
  const charges = (lines as { charge: number | null }[]).map((l) => l.charge)
  if (total !== null && charges.every((c) => c !== null) && sumOf(charges) !== total) faults.push(warning(at('t_charge', '28'), 'the total charge is not the sum of the lines; a further form may belong to this one'))
  const sexText = get('sex', '3sex').toUpperCase()
  const authorization = get('prior_auth', '23')
  const payer = get('insurance_name')
  // Names stand as LAST, FIRST, MIDDLE.
  const [last = '', ...given] = get('pt_name', '2').split(',').map((p) => p.trim())
  const provider = get('doc_name', '33')
  const taxId = get('tax_id', '25')
  const data = {
    claimId: get('pt_account', '26') || '1', ...(payer === '' ? {} : { payer: payerKey(payer) }),
    patient: {
      name: last === '' ? null : given.length === 0 ? last : `${last}, ${given.join(' ')}`, birthDate: day(['birth_mm', 'birth_dd', 'birth_yy'], ['3', 'birth_date'], true),
      memberId: get('insurance_id', '1a') || null, sex: sexText === '' ? null : sexText.startsWith('M') ? 'M' : sexText.startsWith('F') ? 'F' : null,
    },
    provider: { name: provider === '' ? null : provider, npi: get('pin1', '33a') || null, ...(taxId === '' ? {} : { taxId }) },
    claimForm: 'professional', diagnoses, lines, ...(authorization === '' ? {} : { authorizations: [{ number: authorization, codes: [] }] }),
  }
  const costly = faults.some((f) => f.severity === 'error')
  if (costly) yield { kind: 'claim', number: 1, format: 'cms-1500', claimId: get('pt_account', '26') || null, claim: null, faults }
  else yield entryOf(1, 'cms-1500', data, faults, (path) => {
    const m = /^lines\.(\d+)(?:\.(\w+))?/.exec(path)
    return m ? `line ${places[Number(m[1])] ?? Number(m[1]) + 1}${m[2] ? `, ${({ code: 'item 24D', units: 'item 24G', serviceDate: 'item 24A', charge: 'item 24F' } as Record<string, string>)[m[2]] ?? m[2]}` : ''}` : path || 'the form'
  })
}
