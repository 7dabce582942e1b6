// A made-up Review with every status, effect and kind of problem. May not: come from a chart.
import type { Document, Page } from '../../src/document/document.ts'
import type { Note, NoteType, Role } from '../../src/note/note.ts'
import type { Evidence, Finding, LineDetermination, Review, RuleHit, Status, ReasonId, RequirementClass, LedgerPage } from '../../src/review/review.ts'
import type { PolicyText, RequirementText } from '../../src/report/messages.ts'
import { claimSchema } from '../../src/claim/claim.ts'

const ASKS: Readonly<Record<string, readonly [string, string]>> = {
  '77331.prescription': ["The treating physician's own order for special dosimetry, before or on the day of measurement", "the treating physician's signed and dated order for the special dosimetry"],
  '77331.type': ['Which kind of dosimeter was used', 'the record that names the dosimeter used'],
  '77331.datetime': ['Date and time of the measurement', 'the measurement record with its date and time'],
  '77331.results': ['The measured dose or reading, with a value and unit', 'the measurement report with the doses read'],
  '77331.adjustments': ['What was changed in the plan because of the result, or that no change was needed', 'the entry that says whether the plan was changed after the measurement'],
  '77331.signature': ['Signature of the one who performed the measurement', 'the measurement report signed by the one who performed it'],
  '77331.x-qa': ['The measurement is quality assurance of an IMRT or stereotactic treatment', ''],
  '77370.report': ['A written report by the physicist for this patient, with the dose calculation', "the physicist's written report with its dose calculation"],
  'sbrt.performance': ['A Karnofsky or ECOG value for this course', "the physician's note with the Karnofsky or ECOG value before the first fraction"],
  'sbrt.x-poor-performance': ['Karnofsky below 40, or ECOG 3 or worse', ''],
  'sbrt.signed': ['Treatment documented and signed', 'the signed treatment note'],
  '77435.datetime': ['Date and duration of each session', 'the treatment record with start and end of each session'],
}

export const policy: PolicyText = {
  requirement: (id): RequirementText => {
    const [asks, request] = ASKS[id] ?? [`What ${id} asks for`, `what shows ${id}`]
    return { asks, request, section: id.startsWith('sbrt') ? 'SBRT / SRS documentation requirements' : 'Dosimetry', item: 4 }
  },
  erratum: (id) => ({ about: `about ${id}`, readAs: `read ${id}` }),
  code: (code) => ({ label: ({ '77331': 'Special dosimetry measurement', '77370': 'Special physics consultation', '77435': 'Stereotactic body management', '77525': 'Proton delivery, complex', '77336': 'Continuing physics' } as Record<string, string>)[code] ?? 'Radiation service' }),
}

export const HOSTILE = `<script>alert("x")</script> & 'quote' \u001b[31mred\u202e`

const page = (n: number, text: Page['text'], legibility: number, reason?: Page['reason']): Page => ({ start: n * 10, end: n * 10 + 9, page: n, width: 612, height: 792, text, legibility, ...(reason ? { reason } : {}) })

const document = (file: string, kind: Document['kind'], pages: readonly Page[]): Document => ({
  file, sha256: 'ab12'.repeat(16), kind, text: '', pages, words: { start: new Uint32Array(), end: new Uint32Array(), box: new Float32Array() }, regions: [], problems: [],
})

export const quoteAt = (file: string, n: number, quote: string, stance: Evidence['stance'] = 'for'): Evidence => ({
  document: 0, file, start: 0, end: quote.length, page: n, quote, stance, note: n > 2 ? 0 : n,
  boxes: [{ page: n, left: 71.99999, top: 101.456, right: 240.2049, bottom: -0.001 }],
})

export const finding = (
  requirement: string, cls: RequirementClass, status: Status, reason: ReasonId, evidence: readonly Evidence[] = [], found: readonly string[] = [], missing: readonly string[] = [],
): Finding => ({ requirement, class: cls, status, reason, found, missing, evidence, searched: { pages: 14, unreadable: 2 } })

export const hit = (id: string, effect: RuleHit['effect'], more: Partial<RuleHit> = {}): RuleHit => ({
  id, effect, unitsSupported: null, denialCodes: [], lines: [1], counted: null, limit: null, codes: [], evidence: [], inputs: ['claim'], supportedCode: null, facts: [], ...more,
})

export const claim = claimSchema.parse({
  claimId: 'C-1001', patient: { name: 'Rivera, Marta <b>', birthDate: '1958-04-02', memberId: 'M 77' }, provider: { name: 'Lakeside Radiation Oncology', npi: '1999999984' },
  diagnoses: ['C50.412', 'C79.51'],
  lines: [
    { line: 1, code: '77331', serviceDate: '2025-05-06' },
    { line: 2, code: '77435', serviceDate: '2025-05-06', serviceDateEnd: '2025-05-14' },
    { line: 3, code: '77370', serviceDate: '2025-05-02' },
    { line: 4, code: '77252', units: 5, modifiers: ['26'], serviceDate: '2025-05-08' },
    { line: 5, code: '77336', units: 2, serviceDate: '2025-05-09' },
  ],
})

const line = (index: number, determination: LineDetermination['determination'], score: number, unitsSupported: number, findings: readonly Finding[], rules: readonly RuleHit[] = [], reportedCode: string | null = null): LineDetermination => ({
  line: claim.lines[index] as LineDetermination['line'], policyVersion: '2025-08-27', determination, score, unitsSupported, reportedCode, findings, rules, notEvaluable: [], remarks: [], level: null, basis: 'in-force', codeChange: null,
})

const note = (n: number, file: string, firstPage: number, lastPage: number, type: NoteType, name: string | null, role: Role): Note => ({
  note: n, document: 0, file, start: 0, end: 10, firstPage, lastPage, type, also: [], typeFrom: 'title', date: n === 3 ? null : '2025-05-06',
  author: name === null ? null : { name, role }, signature: { state: n === 2 ? 'unsigned' : 'signed', by: n === 2 ? null : name, role: n === 2 ? null : role, date: n === 2 ? null : '2025-05-06' },
  signatures: [], patient: { name: null, birthDate: null, identifiers: [] }, sections: [], statements: [], mentions: [], measures: [], dates: [], times: [], durations: [], performance: [],
})

const PACKET = 'packets/Rivera packet.pdf'

const ledger = (given: Partial<LedgerPage>): LedgerPage => ({ note: null, state: 'read', otherPatient: false, duplicateOf: null, nearDuplicateOf: null, printed: null, turned: 0, marks: [], ...given })
const PAIRS = { table: 'ncci-ptp', setting: 'practitioner', effective: '2024-07-01', source: HOSTILE } as const

export const madeUpReview: Review = {
  courses: [], differences: [], errata: [],
  made: { engine: '1.0.0', ocr: 'tesseract.js 7.0.0', dictionaries: 'c0ffee'.repeat(10), policy: 'priority-health/radiation-oncology', policyVersions: ['2025-08-27'] },
  claim,
  documents: [
    document(PACKET, 'pdf', [page(1, 'native', 1), page(2, 'native', 1), page(3, 'ocr', 0.8765), page(4, 'none', 0, 'image-only'), page(5, 'none', 0, 'blank'), page(6, 'native', 1)]),
    document('packet.zip/inner.pdf', 'pdf', [page(1, 'ocr', 0.61), page(2, 'none', 0, 'reader-failed')]),
    document('consult.docx', 'docx', [page(1, 'native', 1)]),
  ],
  notes: [
    { head: note(1, PACKET, 1, 2, 'prescription', 'A. Okafor MD', 'radiation-oncologist'), patientMatches: true, ofThisCourse: true },
    { head: note(2, PACKET, 3, 3, 'in-vivo-dosimetry', 'T. Lindqvist', 'physicist'), patientMatches: null, ofThisCourse: true },
    { head: note(3, 'consult.docx', 1, 1, 'consult', null, 'unknown'), patientMatches: false, ofThisCourse: false },
  ],
  pages: [
    [ledger({ note: 1 }), ledger({ note: 1, printed: { number: 2, of: 3 } }), ledger({ note: 2, state: 'read-by-ocr', turned: 180 }), ledger({ state: 'unread' }), ledger({ state: 'blank' }), ledger({ state: 'duplicate', duplicateOf: { file: PACKET, page: 1 } })],
    [ledger({ state: 'near-duplicate', nearDuplicateOf: { file: PACKET, page: 3 } }), ledger({ state: 'unread' })],
    [ledger({ note: 3, state: 'other-patient', otherPatient: true })],
  ],
  lines: [
    line(0, 'insufficient-documentation', 0.8333, 1, [
      finding('77331.prescription', 'req', 'met', 'found', [quoteAt(PACKET, 1, 'Diode measurement requested for first fraction to verify dose to the pacemaker. A. Okafor MD 05/05/2025')]),
      finding('77331.type', 'req', 'met', 'found', [quoteAt(PACKET, 3, 'n-type diode, lead 1')]),
      finding('77331.datetime', 'req', 'partial', 'parts-found', [quoteAt(PACKET, 3, 'Date of measurement 05/06/2025')], ['date'], ['time']),
      finding('77331.results', 'core', 'met', 'found', [quoteAt(PACKET, 3, 'Measured 0.42 Gy, expected 0.43 Gy'), quoteAt(PACKET, 2, 'Reading 41.8 cGy'), quoteAt('consult.docx', 1, 'dose not measured', 'against'), quoteAt(PACKET, 6, 'Reading 41.8 cGy')]),
      finding('77331.adjustments', 'req', 'not-met', 'not-found'),
      finding('77331.signature', 'req', 'partial', 'unsigned', [quoteAt(PACKET, 3, 'Performed by: T. L.')]),
      finding('77331.x-qa', 'x', 'clear', 'exclusion-absent'),
    ]),
    line(1, 'not-supported', 0.4, 0, [
      finding('77435.datetime', 'req', 'unclear', 'unreadable'),
      finding('sbrt.performance', 'req', 'met', 'found', [quoteAt('packet.zip/inner.pdf', 1, 'ECOG 3')]),
      finding('sbrt.x-poor-performance', 'x', 'triggered', 'exclusion-found', [quoteAt('packet.zip/inner.pdf', 1, 'ECOG 3')]),
      finding('sbrt.signed', 'req', 'not-met', 'only-template', [quoteAt('consult.docx', 1, HOSTILE, 'against')]),
    ], [hit('R64', 'deny', { unitsSupported: 0, denialCodes: ['E1N', 'E2Q'], lines: [2], counted: 6, limit: 5 })]),
    line(2, 'supported', 1, 1, [finding('77370.report', 'core', 'met', 'found', [quoteAt(PACKET, 2, 'Estimated dose to the device 1.2 Gy')]), finding('77370.request', 'cond', 'not-applicable', 'condition-not-met')]),
    line(3, 'needs-review', 0.5, 5, [finding('77525.delivery', 'core', 'unclear', 'conflict', [quoteAt(PACKET, 1, 'Two patch fields'), quoteAt(PACKET, 2, 'Single field', 'against')])], [hit('R76', 'note', { lines: [4], codes: ['77252', '77525'] })], '77525'),
    line(4, 'supported', 1, 1, [], [hit('R29', 'limit', { unitsSupported: 1, denialCodes: ['E1N', 'E2Q'], lines: [5, 2, 3], counted: 2, limit: 1 })]),
  ],
  general: [finding('general.consent', 'req', 'not-met', 'not-found'), finding('general.goal', 'req', 'met', 'found', [quoteAt(PACKET, 1, 'Intent: palliative')])],
  rules: [hit('R70', 'review', { lines: [2, 5], codes: ['77417', 'G6002'] })],
  performance: [{
    start: 0, end: 6, scale: 'ECOG', low: 3, high: 3, date: '2025-05-01', time: 'current', statement: 0, corrected: false, decisive: true, evidence: quoteAt('packet.zip/inner.pdf', 1, 'ECOG 3'),
  }, {
    start: 0, end: 6, scale: 'KPS', low: 70, high: 80, date: null, time: 'historical', statement: 0, corrected: true, decisive: false, evidence: quoteAt('consult.docx', 1, 'KPS 7O-80'),
  }],
  edits: new Map([
    [1, [{ kind: 'bundled-never', weight: 'finding', lines: [1, 3], codes: ['77331', '77370'], counted: null, limit: null, unspecified: null, supports: [], table: PAIRS }]],
    [5, [{ kind: 'units-over-most', weight: 'finding', lines: [5], codes: ['77336'], counted: 2, limit: 1, unspecified: null, supports: [], table: PAIRS }, { kind: 'bundled-with-modifier', weight: 'information', lines: [5], codes: ['77336', '77263'], counted: null, limit: null, unspecified: null, supports: [], table: PAIRS }]],
  ]),
  tables: [PAIRS],
  problems: [
    { id: 'unread-page', severity: 'warning', file: PACKET, page: 4 },
    { id: 'encrypted-file', severity: 'error', file: 'packet.zip/locked.pdf' },
    { id: 'other-patient', severity: 'warning', file: 'consult.docx', page: 1 },
  ],
}
