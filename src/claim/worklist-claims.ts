// Rows of a worklist (CSV or a workbook), one a billed line → claims. May not: quote a cell in a fault; read a file.
import { anyDate } from './dates.ts'
import { dottedDiagnosis, entryOf, error, fileFault, payerKey, warning, type ClaimFault, type Reading } from './reading.ts'

export interface WorklistRow {
  /** As the file counts, 1-based. */
  readonly row: number
  readonly cells: readonly string[]
}

type Column =
  | 'claimId' | 'payer' | 'name' | 'last' | 'first' | 'birthDate' | 'memberId' | 'mrn' | 'sex' | 'provider' | 'npi' | 'taxId' | 'coverage' | 'form' | 'billType' | 'authorization'
  | 'line' | 'code' | 'modifiers' | 'units' | 'from' | 'to' | 'diagnoses' | 'pointers' | 'place' | 'charge' | 'paid' | 'revenue' | 'history'

/** Headings without case, spaces and signs. A number at the end (`mod1`, `dx 2`) says which of several. */
const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  claimId: ['claimid', 'claim', 'claimno', 'claimnumber', 'claimnum', 'claimcontrolnumber', 'icn', 'dcn', 'tcn', 'patientcontrolnumber', 'patientaccount', 'patientaccountnumber', 'accountnumber', 'account', 'acct', 'encounter', 'encounterid', 'invoice', 'invoicenumber'],
  payer: ['payer', 'payor', 'payername', 'insurance', 'insurancename', 'plan', 'planname', 'carrier'],
  name: ['patient', 'patientname', 'member', 'membername', 'name', 'subscriber', 'subscribername'],
  last: ['lastname', 'patientlastname', 'patientlast', 'memberlastname', 'surname', 'last'],
  first: ['firstname', 'patientfirstname', 'patientfirst', 'memberfirstname', 'first'],
  birthDate: ['birthdate', 'dob', 'dateofbirth', 'patientdob', 'memberdob', 'patientbirthdate', 'born'],
  memberId: ['memberid', 'membernumber', 'subscriberid', 'insuredid', 'policyid', 'policynumber', 'hicn', 'mbi'],
  mrn: ['mrn', 'medicalrecordnumber', 'medrec', 'medrecno', 'chartnumber', 'patientid', 'patientmrn'],
  sex: ['sex', 'gender', 'patientsex', 'patientgender'],
  provider: ['provider', 'providername', 'billingprovider', 'billingprovidername', 'facility', 'facilityname', 'practice'],
  npi: ['npi', 'providernpi', 'billingnpi', 'billingprovidernpi', 'providerid'],
  taxId: ['tin', 'taxid', 'taxidnumber', 'ein', 'providertin', 'billingtin', 'providertaxid', 'billingprovidertin'],
  coverage: ['lob', 'lineofbusiness', 'coverage', 'coveragetype', 'product', 'claimfilingindicator'],
  form: ['claimform', 'form', 'formtype', 'claimtype', 'type'],
  billType: ['billtype', 'typeofbill', 'tob'],
  authorization: ['authorization', 'auth', 'authno', 'authnumber', 'authorizationnumber', 'priorauth', 'priorauthorization', 'priorauthorizationnumber'],
  line: ['line', 'lineno', 'linenumber', 'linenum', 'claimline', 'serviceline', 'seq', 'sequence'],
  code: ['code', 'cpt', 'cptcode', 'hcpcs', 'hcpcscode', 'cpthcpcs', 'procedure', 'procedurecode', 'proccode', 'proc', 'service', 'servicecode'],
  modifiers: ['modifier', 'modifiers', 'mod', 'mods', 'cptmodifier', 'proceduremodifier'],
  units: ['units', 'unit', 'qty', 'quantity', 'unitsbilled', 'billedunits', 'daysunits', 'daysorunits', 'serviceunits', 'count'],
  from: ['servicedate', 'dos', 'dateofservice', 'from', 'fromdate', 'servicefrom', 'servicefromdate', 'dosfrom', 'datefrom', 'begindate', 'startdate', 'fromdos', 'servicebegindate', 'date'],
  to: ['servicedateend', 'to', 'todate', 'thru', 'thrudate', 'through', 'throughdate', 'serviceto', 'servicetodate', 'dosto', 'dateto', 'enddate', 'todos', 'serviceenddate'],
  diagnoses: ['diagnosis', 'diagnoses', 'diagnosiscode', 'diagnosiscodes', 'dx', 'dxcode', 'dxcodes', 'icd', 'icd10', 'icdcode', 'icd10code', 'primarydiagnosis', 'principaldiagnosis', 'primarydx', 'diag', 'icdten'],
  pointers: ['diagnosispointers', 'diagnosispointer', 'dxpointer', 'dxpointers', 'pointer', 'pointers', 'dxptr', 'diagptr'],
  place: ['placeofservice', 'pos', 'place', 'poscode'],
  charge: ['charge', 'charges', 'billed', 'billedamount', 'billedcharges', 'chargeamount', 'amount', 'amountbilled', 'linecharge', 'submittedcharge'],
  paid: ['paid', 'paidamount', 'amountpaid', 'paymentamount'],
  revenue: ['revenuecode', 'revcode', 'rev', 'revenue'],
  history: ['history', 'ishistory', 'paidhistory', 'prior', 'priorclaim', 'recordtype', 'rowtype'],
}
const BY_HEADING = new Map(Object.entries(HEADINGS).flatMap(([column, names]) => names.map((n) => [n, column as Column] as const)))
const SEVERAL: ReadonlySet<Column> = new Set(['modifiers', 'diagnoses', 'pointers'])
/** Titles may stand above the headings. */
const HEADINGS_WITHIN = 20

const bare = (heading: string): string => heading.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Which column a heading names, with its place among several (`mod 2`). */
function columnOf(heading: string): { column: Column; nth: number } | null {
  const whole = bare(heading)
  const exact = BY_HEADING.get(whole)
  if (exact) return { column: exact, nth: 1 }
  const m = /^([a-z0-9]*?[a-z])(\d{1,2})(code)?$/.exec(whole)
  const column = m ? BY_HEADING.get(`${m[1]}${m[3] ?? ''}`) : undefined
  return m && column && SEVERAL.has(column) ? { column, nth: Number(m[2]) } : null
}

interface Layout { readonly at: ReadonlyMap<Column, readonly number[]>; readonly headingRow: number }

function layoutOf(row: WorklistRow): Layout | null {
  const found = new Map<Column, { index: number; nth: number }[]>()
  row.cells.forEach((cell, index) => {
    const c = columnOf(cell)
    if (c && (SEVERAL.has(c.column) || !found.has(c.column))) found.set(c.column, [...(found.get(c.column) ?? []), { index, nth: c.nth }])
  })
  if (!found.has('code') || !found.has('from')) return null
  return { at: new Map([...found].map(([c, list]) => [c, list.sort((a, b) => a.nth - b.nth).map((x) => x.index)])), headingRow: row.row }
}

/** `AB` for the 28th column. */
export function columnName(index: number): string {
  let name = ''
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name
  return name
}

export const looksLikeWorklist = (rows: readonly WorklistRow[]): boolean => rows.slice(0, HEADINGS_WITHIN).some((r) => layoutOf(r) !== null)

interface Group { readonly claimId: string; readonly first: WorklistRow; readonly rows: WorklistRow[] }

export function* claimsOfWorklist(rows: Iterable<WorklistRow>, format: 'csv' | 'xlsx'): Generator<Reading> {
  let layout: Layout | null = null
  let seen = 0
  const groups = new Map<string, Group>()
  for (const row of rows) {
    if (row.cells.every((c) => c.trim() === '')) continue
    if (layout === null) {
      layout = layoutOf(row)
      if (layout === null && ++seen >= HEADINGS_WITHIN) break
      continue
    }
    const idAt = layout.at.get('claimId')?.[0]
    const id = idAt === undefined ? '' : (row.cells[idAt] ?? '').trim()
    if (idAt !== undefined && id === '') {
      // A total or a remark below the table names no code either.
      const code = layout.at.get('code')?.[0] as number
      if ((row.cells[code] ?? '').trim() !== '') yield fileFault(format === 'xlsx' ? `cell ${columnName(idAt)}${row.row}` : `row ${row.row}, column ${idAt + 1}`, 'the row names no claim and was left out')
      continue
    }
    const group = groups.get(id)
    if (group) group.rows.push(row)
    else groups.set(id, { claimId: id, first: row, rows: [row] })
  }
  if (layout === null) {
    yield fileFault('row 1', 'no row with headings was found; a worklist needs columns for the code and the date of service, such as claimId, code, serviceDate, units, diagnoses')
    return
  }
  let number = 0
  for (const group of groups.values()) yield claimOf(++number, group, layout, format)
  if (number === 0) yield fileFault(`row ${layout.headingRow}`, 'no row with a billed line stands below the headings')
}

function claimOf(number: number, group: Group, layout: Layout, format: 'csv' | 'xlsx'): Reading {
  const faults: ClaimFault[] = []
  const where = (row: WorklistRow, column: Column): string => {
    const index = layout.at.get(column)?.[0] ?? 0
    return format === 'xlsx' ? `cell ${columnName(index)}${row.row}` : `row ${row.row}, column ${index + 1}`
  }
  const cell = (row: WorklistRow, column: Column): string => (row.cells[layout.at.get(column)?.[0] ?? -1] ?? '').trim()
  const cells = (row: WorklistRow, column: Column): string[] => (layout.at.get(column) ?? []).map((i) => (row.cells[i] ?? '').trim())
  const amount = (row: WorklistRow, column: Column): number | null => {
    const text = cell(row, column).replace(/[$,\s]/g, '')
    if (text === '') return null
    if (!/^-?\d{1,12}(?:\.\d{0,6})?$/.test(text)) {
      faults.push(error(where(row, column), 'is not a number'))
      return null
    }
    return Number(text)
  }
  const date = (row: WorklistRow, column: Column, pivot?: number): string | null => {
    const text = cell(row, column)
    const day = text === '' ? null : anyDate(text, pivot)
    if (text !== '' && day === null) faults.push(error(where(row, column), 'is not a date'))
    return day
  }
  /** What is said of the claim must be the same in all of its rows. */
  const same = (column: Column): string | null => {
    let value: string | null = null
    for (const row of group.rows) {
      const text = cell(row, column)
      if (text === '') continue
      if (value === null) value = text
      else if (value !== text) faults.push(warning(where(row, column), 'differs from an earlier row of the same claim; the first holds'))
    }
    return value
  }
  const firstWith = (column: Column): WorklistRow => group.rows.find((r) => cell(r, column) !== '') ?? group.first

  const diagnoses: string[] = []
  const lines: unknown[] = []
  const history: unknown[] = []
  const places: WorklistRow[] = []
  for (const row of group.rows) {
    const isHistory = /^(?:y|yes|true|1|h|history|paid|prior)$/i.test(cell(row, 'history'))
    const own = cells(row, 'diagnoses').flatMap((c) => c.split(/[;,|\s]+/)).filter((d) => d !== '').map(dottedDiagnosis)
    if (!isHistory) for (const d of own) if (!diagnoses.includes(d)) diagnoses.push(d)
    // Pointers are letters on paper and numbers in files. They count the diagnoses of the row.
    const pointed = cells(row, 'pointers').flatMap((c) => c.split(/[;,|\s:]+/)).flatMap((p) => (/^[A-La-l]{2,4}$/.test(p) ? [...p] : [p])).filter((p) => p !== '')
    const positions = pointed.map((p) => (/^[A-La-l]$/.test(p) ? p.toUpperCase().charCodeAt(0) - 64 : Number(p)))
    if (positions.some((p) => !Number.isInteger(p) || p < 1 || p > Math.max(own.length, 1))) faults.push(error(where(row, 'pointers'), 'points to a diagnosis that the row does not have'))
    const chosen = positions.length > 0 ? positions.map((p) => own[p - 1]).filter((d) => d !== undefined) : own
    const number = amount(row, 'line')
    const list = isHistory ? history : lines
    const [from, to] = [date(row, 'from'), date(row, 'to')]
    if (cell(row, 'from') === '') faults.push(error(where(row, 'from'), 'the date of service is missing'))
    if (cell(row, 'code') === '') faults.push(error(where(row, 'code'), 'the code is missing'))
    const codeText = cell(row, 'code').toUpperCase()
    // `77427-26` and `77334 26 59` carry their modifiers along.
    const [code = '', ...attached] = codeText.split(/[\s,;:-]+/)
    const units = amount(row, 'units')
    const paid = amount(row, 'paid')
    if (!isHistory) places.push(row)
    list.push({
      line: number ?? list.length + 1, code, modifiers: [...attached, ...cells(row, 'modifiers').flatMap((m) => m.split(/[\s,;:|-]+/))].filter((m) => m !== ''),
      ...(units === null ? {} : { units }), serviceDate: from ?? '', serviceDateEnd: to === from ? null : to,
      diagnosisPointers: isHistory ? [] : chosen.map((d) => diagnoses.indexOf(d) + 1).filter((p) => p > 0),
      placeOfService: placeCode(cell(row, 'place')), charge: amount(row, 'charge'), ...(paid === null ? {} : { paid }), ...(cell(row, 'revenue') === '' ? {} : { revenueCode: cell(row, 'revenue') }),
      ...(isHistory ? { claimId: group.claimId } : {}),
    })
  }
  const payer = same('payer')
  const form = same('form')
  const billType = same('billType')
  const [last, first] = [same('last'), same('first')]
  const born = same('birthDate')
  const birthDate = born === null ? null : anyDate(born, 20)
  if (born !== null && birthDate === null) faults.push(warning(where(firstWith('birthDate'), 'birthDate'), 'is not a date and was left out'))
  const authorization = same('authorization')
  const [taxId, coverage] = [same('taxId'), same('coverage')]
  const data = {
    claimId: group.claimId || '1', ...(payer === null ? {} : { payer: payerKey(payer) }),
    patient: { name: same('name') ?? (last === null ? first : first === null ? last : `${last}, ${first}`), birthDate, memberId: same('memberId'), mrn: same('mrn'), sex: same('sex') },
    provider: { name: same('provider'), npi: same('npi'), ...(taxId === null ? {} : { taxId }) }, ...(coverage === null ? {} : { lineOfBusiness: coverage }),
    claimForm: form === null ? (billType === null ? 'professional' : 'institutional') : /^(?:i|inst|institutional|ub|ub-?04|837i|facility|hospital)$/i.test(form) ? 'institutional' : 'professional',
    diagnoses, lines, history, ...(billType === null ? {} : { billType: billType.replace(/^0(?=\d{3}$)/, '') }), ...(authorization === null ? {} : { authorizations: authorization.split(/[;,|]+/).map((a) => a.trim()).filter((a) => a !== '').map((number) => ({ number, codes: [] })) }),
  }
  if (faults.some((f) => f.severity === 'error')) return { kind: 'claim', number, format, claimId: group.claimId || null, claim: null, faults }
  return entryOf(number, format, data, faults, (path) => {
    const m = /^lines\.(\d+)(?:\.(\w+))?/.exec(path)
    const row = (m ? places[Number(m[1])] : undefined) ?? group.first
    const column = ({ line: 'line', code: 'code', modifiers: 'modifiers', units: 'units', serviceDate: 'from', serviceDateEnd: 'to', placeOfService: 'place', charge: 'charge', diagnosisPointers: 'pointers' } as Record<string, Column>)[m?.[2] ?? '']
    return column && layout.at.has(column) ? where(row, column) : `row ${row.row}`
  })
}

/** Spreadsheets eat leading noughts of place codes. */
const placeCode = (text: string): string | null => (text === '' ? null : /^\d$/.test(text) ? `0${text}` : text)
