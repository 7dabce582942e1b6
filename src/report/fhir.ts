// The answer as FHIR R4: a QuestionnaireResponse a billed line, a DocumentReference a record, a Task a line with something to ask for, the last as Da Vinci CDex asks. May not: decide anything; read a clock, a disk or a network.
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from './contract.ts'

export type Json = { readonly [key: string]: JsonValue }
type JsonValue = string | number | boolean | Json | readonly JsonValue[] | undefined

/** What a person decided on a requirement or a line (`subject` null). */
export interface FhirDecision { readonly line: number; readonly subject: string | null; readonly status: string; readonly reason: string | null; readonly note: string; readonly at: string }

export interface FhirOptions {
  /** When the review was made or the request is sent: an instant or a day. Left out where it is not known. */
  readonly authored?: string | undefined
  /** Where attachments are to be sent ($submit-attachment). CDex requires it of a request. */
  readonly payerUrl?: string | undefined
  /** Last day for what is asked for. */
  readonly due?: string | undefined
  readonly decisions?: readonly FhirDecision[] | undefined
}

const CODE = { status: 'urn:vouch:requirement-status', effect: 'urn:vouch:rule-effect', determination: 'urn:vouch:determination', payer: 'urn:vouch:payer', claim: 'urn:vouch:claim', sha256: 'urn:vouch:sha256', task: 'urn:vouch:task' } as const
const LOINC = 'http://loinc.org'
const NPI = 'http://hl7.org/fhir/sid/us-npi'
const IDENTIFIER_TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const CDEX = 'http://hl7.org/fhir/us/davinci-cdex'
const CDEX_CODES = `${CDEX}/CodeSystem/cdex-temp`
const PAS_CODES = 'http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes'
const LINE_NUMBER = 'http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-serviceLineNumber'
const TRACKING = 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp'
/** A clinical note of no further kind: what exactly is asked for stands in the text. */
const ANY_NOTE = { system: LOINC, code: '34109-9', display: 'Note' } as const
const MEDIA: Readonly<Record<ReviewJson['documents'][number]['kind'], string>> = {
  pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', rtf: 'application/rtf', html: 'text/html', xml: 'application/xml', fhir: 'application/fhir+json', mail: 'message/rfc822', text: 'text/plain',
  image: 'application/octet-stream',
}

/** FHIR has no empty strings and no control characters. */
const text = (value: string): string => value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ').trim() || '–'
const filled = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)

/** The same name for the same thing in every run. Four mixes of 32 bits after FNV-1a, set out as a UUID of one's own kind (version 8). */
function urnOf(name: string): string {
  const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => {
    let h = seed
    for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, '0')
  })
  const d = words.join('')
  return `urn:uuid:${d.slice(0, 8)}-${d.slice(8, 12)}-8${d.slice(13, 16)}-a${d.slice(17, 20)}-${d.slice(20, 32)}`
}

/** `Rivera, Marta L` and `Marta L Rivera`, as far as the comma tells. */
function nameOf(name: string): Json {
  const [family, given] = name.split(',', 2).map((p) => p.trim())
  return { text: text(name), ...(given === undefined || given === '' ? {} : { family: text(family ?? ''), given: given.split(/\s+/) }) }
}

function patientOf(claim: ReviewJson['claim'], id?: string): Json {
  const { name, birthDate, memberId, mrn, sex } = claim.patient
  const identifier = (value: string | null, code: string): Json[] => (value === null ? [] : [{ type: { coding: [{ system: IDENTIFIER_TYPE, code }] }, value: text(value) }])
  return {
    resourceType: 'Patient', ...(id === undefined ? {} : { id }), identifier: filled([...identifier(memberId, 'MB'), ...identifier(mrn, 'MR')]), name: name === null ? undefined : [nameOf(name)],
    gender: sex === null ? undefined : /^f/i.test(sex) ? 'female' : /^m/i.test(sex) ? 'male' : 'unknown', birthDate: birthDate ?? undefined,
  }
}

interface Names { readonly patient: string; readonly device: string; readonly document: (file: string) => string | undefined }

const claimIdentifier = (review: ReviewJson): Json => ({ system: CODE.claim, value: text(review.claim.claimId) })
const codingOf = (system: string, code: string): Json => ({ system, code })

function evidenceItem(linkId: string, evidence: readonly EvidenceJson[], names: Names): Json[] {
  if (evidence.length === 0) return []
  return [{
    linkId, text: 'Evidence', answer: evidence.map((e) => {
      const document = names.document(e.file)
      const within: Json[] = [
        { linkId: `${linkId}.quote`, text: 'Words of the record', answer: [{ valueString: text(e.quote) }] }, { linkId: `${linkId}.page`, text: 'Page', answer: [{ valueInteger: e.page }] },
        { linkId: `${linkId}.stance`, text: 'For or against', answer: [{ valueString: e.stance }] },
      ]
      return { ...(document === undefined ? { valueString: text(e.file) } : { valueReference: { reference: document, display: text(e.file) } }), item: within }
    }),
  }]
}

function decisionItem(linkId: string, decisions: readonly FhirDecision[], line: number, subject: string | null): Json[] {
  const own = decisions.filter((d) => d.line === line && d.subject === subject).at(-1)
  if (own === undefined) return []
  const note = own.note === '' ? [] : [{ linkId: `${linkId}.reviewer.note`, text: 'Note of the reviewer', answer: [{ valueString: text(own.note) }] }]
  const reason = own.reason === null ? [] : [{ linkId: `${linkId}.reviewer.reason`, text: 'Reason', answer: [{ valueString: own.reason }] }]
  return [{
    linkId: `${linkId}.reviewer`, text: 'A reviewer says', answer: [{ valueCoding: codingOf(subject === null ? CODE.determination : CODE.status, own.status), item: [{ linkId: `${linkId}.reviewer.at`, text: 'At', answer: [{ valueDateTime: own.at }] }, ...reason, ...note] }],
  }]
}

const requirementItem = (r: RequirementJson, line: number, names: Names, decisions: readonly FhirDecision[]): Json => ({
  linkId: r.id, text: text(r.asks), answer: [{
    valueCoding: codingOf(CODE.status, r.status),
    item: [
      { linkId: `${r.id}.explanation`, text: 'Why', answer: [{ valueString: text(r.explanation) }] }, { linkId: `${r.id}.policy`, text: 'Policy', answer: [{ valueString: text(`${r.cites.section}, ${r.cites.item}`) }] },
      ...evidenceItem(`${r.id}.evidence`, r.evidence, names), ...decisionItem(r.id, decisions, line, r.id),
    ],
  }],
})

const ruleItem = (r: RuleJson, line: number, names: Names, decisions: readonly FhirDecision[]): Json => ({
  linkId: r.id, text: text(`Rule ${r.id}, ${r.section}`), answer: [{
    valueCoding: codingOf(CODE.effect, r.effect),
    item: [{ linkId: `${r.id}.explanation`, text: 'Why', answer: [{ valueString: text(r.explanation) }] }, ...evidenceItem(`${r.id}.evidence`, r.evidence, names), ...decisionItem(r.id, decisions, line, r.id)],
  }],
})

function responseOf(review: ReviewJson, line: LineJson, names: Names, options: FhirOptions): Json {
  const checklists = [...new Set(line.requirements.map((r) => r.id.split('.')[0] ?? ''))].join('-')
  const decisions = options.decisions ?? []
  return {
    resourceType: 'QuestionnaireResponse', identifier: { system: CODE.claim, value: text(`${review.claim.claimId}/${line.line}`) },
    questionnaire: `urn:vouch:checklist:${review.made.policy}:${checklists || 'none'}|${line.policyVersion}`, status: 'completed', subject: { reference: names.patient }, authored: options.authored, author: { reference: names.device },
    item: [
      { linkId: 'line', text: text(`${line.code} ${line.label}`), item: [
        { linkId: 'line.number', text: 'Line', answer: [{ valueInteger: line.line }] }, { linkId: 'line.code', text: 'Code billed', answer: [{ valueString: text([line.code, ...line.modifiers].join('-')) }] },
        { linkId: 'line.date', text: 'Day of service', answer: [{ valueDate: line.serviceDate }] }, { linkId: 'line.units', text: 'Units billed', answer: [{ valueDecimal: line.units }] },
        { linkId: 'line.units-supported', text: 'Units supported', answer: [{ valueDecimal: line.unitsSupported }] },
        { linkId: 'line.determination', text: 'Determination', answer: [{ valueCoding: codingOf(CODE.determination, line.determination), item: filled(decisionItem('line', decisions, line.line, null)) }] },
      ] },
      ...line.requirements.map((r) => requirementItem(r, line.line, names, decisions)),
      ...line.rules.map((r) => ruleItem(r, line.line, names, decisions)),
    ],
  }
}

/** What is asked of the claim as a whole; it decides no line. */
function generalOf(review: ReviewJson, names: Names, options: FhirOptions): Json {
  const decisions = options.decisions ?? []
  return {
    resourceType: 'QuestionnaireResponse', identifier: { system: CODE.claim, value: text(review.claim.claimId) }, questionnaire: `urn:vouch:checklist:${review.made.policy}:general|${review.made.policyVersions[0] ?? 'none'}`, status: 'completed',
    subject: { reference: names.patient }, authored: options.authored, author: { reference: names.device },
    item: [...review.general.map((r) => requirementItem(r, 0, names, decisions)), ...review.rules.map((r) => ruleItem(r, 0, names, decisions))],
  }
}

function documentOf(review: ReviewJson, document: ReviewJson['documents'][number], patient: Json, data?: string, contentType?: string): Json {
  const dates = review.notes.filter((n) => n.file === document.file && n.date !== null).map((n) => n.date as string).sort()
  return {
    resourceType: 'DocumentReference', identifier: [{ system: CODE.sha256, value: document.sha256 }], status: 'current', type: { coding: [ANY_NOTE], text: document.kind }, subject: patient,
    content: [{ attachment: { contentType: contentType ?? MEDIA[document.kind], title: text(document.file), data } }], context: dates.length === 0 ? undefined : { period: { start: dates[0] as string, end: dates[dates.length - 1] as string } },
  }
}

/** A request for what is missing of a line: the CDex profile where date, address and member are known, a plain Task else. */
function taskOf(review: ReviewJson, line: LineJson, patient: string, options: FhirOptions): Json {
  const { claim } = review
  const whole = options.authored !== undefined && options.payerUrl !== undefined && claim.patient.memberId !== null && claim.patient.name !== null && claim.provider.npi !== null
  const input = (system: string, code: string, value: Json, extension?: Json): Json => ({ ...(extension === undefined ? {} : { extension: [extension] }), type: { coding: [codingOf(system, code)] }, ...value })
  return {
    resourceType: 'Task', meta: whole ? { profile: [`${CDEX}/StructureDefinition/cdex-task-attachment-request`] } : undefined,
    contained: whole ? [
      { ...patientOf(claim, 'patient'), meta: { profile: [`${CDEX}/StructureDefinition/cdex-patient-demographics`] } },
      { resourceType: 'PractitionerRole', id: 'practitionerrole', meta: { profile: [`${CDEX}/StructureDefinition/cdex-practitionerrole`] }, organization: { identifier: { system: NPI, value: claim.provider.npi as string } } },
    ] : undefined,
    identifier: [{ type: { coding: [codingOf(TRACKING, 'tracking-id')] }, system: CODE.task, value: text(`${claim.claimId}/${line.line}`) }],
    status: 'requested', intent: 'order', code: { coding: [{ system: PAS_CODES, code: 'attachment-request-code' }], text: 'Records asked for' },
    for: { reference: whole ? '#patient' : patient }, authoredOn: options.authored, requester: { identifier: { system: CODE.payer, value: text(claim.payer) } },
    owner: whole ? { reference: '#practitionerrole' } : claim.provider.npi === null ? undefined : { identifier: { system: NPI, value: text(claim.provider.npi) } },
    reasonCode: { coding: [{ system: 'http://hl7.org/fhir/claim-use', code: 'claim' }], text: 'claim' }, reasonReference: { identifier: claimIdentifier(review) },
    restriction: options.due === undefined ? undefined : { period: { end: options.due } },
    input: [
      ...line.requests.map((request) => input(PAS_CODES, 'attachments-needed', { valueCodeableConcept: { coding: [ANY_NOTE], text: text(request) } }, { url: LINE_NUMBER, valuePositiveInt: line.line })),
      ...(options.payerUrl === undefined ? [] : [input(PAS_CODES, 'payer-url', { valueUrl: options.payerUrl })]),
      input(CDEX_CODES, 'service-date', line.serviceDateEnd === null ? { valueDate: line.serviceDate } : { valuePeriod: { start: line.serviceDate, end: line.serviceDateEnd } }),
      input(CDEX_CODES, 'signature-flag', { valueBoolean: true }),
    ],
  }
}

/** One Bundle of the whole answer. Its names follow from the claim and the files, so that the same answer gives the same bytes. */
export function toFhir(review: ReviewJson, options: FhirOptions = {}): Json {
  const own = (kind: string, of: string | number): string => urnOf(`${review.claim.claimId}\n${kind}\n${of}`)
  const names: Names = { patient: own('patient', ''), device: own('device', ''), document: (file) => (review.documents.some((d) => d.file === file) ? own('document', file) : undefined) }
  const entry = (fullUrl: string, resource: Json): Json => ({ fullUrl, resource })
  return bare({
    resourceType: 'Bundle', type: 'collection', timestamp: options.authored !== undefined && options.authored.includes('T') ? options.authored : undefined,
    entry: [
      entry(names.patient, patientOf(review.claim)),
      entry(names.device, { resourceType: 'Device', deviceName: [{ name: 'Vouch', type: 'manufacturer-name' }], version: [{ value: text(review.made.engine) }, { type: { text: 'dictionaries' }, value: text(review.made.dictionaries) }] }),
      ...review.documents.map((d) => entry(own('document', d.file), documentOf(review, d, { reference: names.patient }))),
      ...review.lines.map((l) => entry(own('line', l.line), responseOf(review, l, names, options))),
      ...(review.general.length + review.rules.length > 0 ? [entry(own('line', 0), generalOf(review, names, options))] : []),
      ...review.lines.filter((l) => l.requests.length > 0).map((l) => entry(own('task', l.line), taskOf(review, l, names.patient, options))),
    ],
  })
}

export interface Submission {
  /** The number by which the payer finds its request, or the claim. */
  readonly trackingId: string
  /** Files as cited, with their content in base 64. */
  readonly files: readonly { readonly file: string; readonly contentType: string; readonly data: string; readonly lines: readonly number[] }[]
  readonly final: boolean
}

/** What a provider sends to `$submit-attachment`; null where the claim names no member or no provider, without whom the payer cannot place it. */
export function toSubmitAttachment(review: ReviewJson, submission: Submission): Json | null {
  const { claim } = review
  if (claim.patient.memberId === null || claim.provider.npi === null) return null
  const days = claim.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  return bare({
    resourceType: 'Parameters', meta: { profile: [`${CDEX}/StructureDefinition/cdex-parameters-submit-attachment`] },
    parameter: [
      { name: 'TrackingId', valueIdentifier: { value: text(submission.trackingId) } }, { name: 'AttachTo', valueCode: 'claim' }, { name: 'PayerId', valueIdentifier: { system: CODE.payer, value: text(claim.payer) } },
      { name: 'ProviderId', valueIdentifier: { system: NPI, value: text(claim.provider.npi) } }, { name: 'MemberId', valueIdentifier: { value: text(claim.patient.memberId) } },
      { name: 'ServiceDate', valueDateTime: days[0] as string },
      ...submission.files.map((f): Json => {
        const document = review.documents.find((d) => d.file === f.file) ?? review.documents.find((d) => d.file.startsWith(`${f.file}/`))
        const content = document === undefined
          ? { resourceType: 'DocumentReference', status: 'current', content: [{ attachment: { contentType: f.contentType, title: text(f.file), data: f.data } }] }
          : { ...documentOf(review, { ...document, file: f.file }, { identifier: { value: text(claim.patient.memberId as string) } }, f.data, f.contentType), ...(document.file === f.file ? {} : { identifier: undefined }) }
        return { name: 'Attachment', part: [...f.lines.map((l) => ({ name: 'LineItem', valueString: String(l) })), { name: 'Code', valueCodeableConcept: { coding: [ANY_NOTE] } }, { name: 'Content', resource: content }] }
      }),
      { name: 'Final', valueBoolean: submission.final },
    ],
  })
}

/** Without what is undefined: FHIR knows no empty element. */
function bare(value: Json): Json {
  const clean = (v: JsonValue): JsonValue => (Array.isArray(v) ? v.map(clean) : v !== null && typeof v === 'object' ? bare(v as Json) : v)
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, clean(v)]))
}
