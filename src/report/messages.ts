// The one table of sentences for people: why a requirement, a rule or a problem came out as it did. May not: decide anything; print.
import type { Problem, ProblemId } from '../base/problem.ts'
import type { Evidence, Finding, LineDetermination, ReasonId, Review, RuleHit } from '../review/review.ts'
import { fill, inSentence, joinAnd, plural, ranges, upperFirst } from './plain.ts'

export interface RequirementText {
  /** What the record must show: a noun phrase or a clause that can stand after a colon. */
  readonly asks: string
  /** What to ask the provider for: a noun phrase that completes "Please send …", or a whole sentence beginning with a verb. */
  readonly request: string
  /** Section of the policy, and which bullet of it. */
  readonly section: string
  readonly item: number | string
}

/** The words of a policy as the report needs them. */
export interface PolicyText {
  readonly requirement: (id: string) => RequirementText
  readonly code: (code: string) => { readonly label: string }
  readonly erratum: (id: string) => { readonly about: string; readonly readAs: string }
}

// ---- requirements -----------------------------------------------------------------------------------------------------------------

// {asks} what the record must show · {at} where the best evidence stands · {against} where contrary words stand · {scope} pages searched
// {found} {missing} names of parts · {cite} section and item of the policy. A part in [ ] is left out where its value is missing.
const REASONS: Readonly<Record<ReasonId, string>> = {
  found: 'Documented[ in {at}]: {asks}[; contrary words stand in {against}]',
  'parts-found': 'Documented in part[ in {at}]: {asks}[; found: {found}][; not found in the records received ({scope}): {missing}]',
  'not-found': 'Not found in the records received ({scope}): {asks}[; missing: {missing}]',
  denied: 'The records received state the contrary[ in {against}] of what is asked for: {asks}',
  'only-planned': 'Found only as planned, ordered or recommended[ in {at}], with no entry in the records received ({scope}) that it took place: {asks}[; missing: {missing}]',
  'only-historical': 'Found only as past history[ in {at}], and not found for this course in the records received ({scope}): {asks}[; missing: {missing}]',
  'only-other-course': 'Found only for another course of treatment[ in {at}], and not found for this course in the records received ({scope}): {asks}[; missing: {missing}]',
  'only-other-patient': 'Found only on pages that name another patient[ in {at}], which count for nothing here: {asks}[; missing: {missing}]',
  'only-template': 'Found only as an empty form field or standard wording not filled in for this patient[ in {at}]: {asks}[; missing: {missing}]',
  unsigned: 'Found[ in {at}], but no signature that authenticates it was found in the records received ({scope}): {asks}[; missing: {missing}]',
  undated: 'Found[ in {at}], but without a date in the records received ({scope}): {asks}[; missing: {missing}]',
  'wrong-role': 'Found[ in {at}], but written or signed by another role than the policy asks for: {asks}[; missing: {missing}]',
  'wrong-order': 'Found[ in {at}], but dated after the event that it had to precede: {asks}[; missing: {missing}]',
  conflict: 'Signed entries of the records received disagree[, {at}][ against {against}], so that a reviewer has to decide: {asks}',
  'straddles-threshold': 'The value recorded[ in {at}] is a range with the limit of the policy inside it, so that a reviewer has to decide: {asks}',
  'doubtful-reading': 'Read[ in {at}] from a scan, where what decides was not read with certainty, so that a person has to look: {asks}',
  unreadable: 'Not found on the pages that could be read, and may stand on one of those that could not ({scope}), so that it cannot be decided: {asks}[; missing: {missing}]',
  'condition-not-met': 'Does not apply, as nothing in the records received ({scope}) calls for it: {asks}',
  'exclusion-found': 'The records received show[, in {at},] a reason for which the code is not reported: {asks}',
  'exclusion-absent': 'Nothing in the records received ({scope}) shows this reason for which the code is not reported: {asks}',
  'no-value': 'No value for this course was found in the records received ({scope}) that could show this reason for which the code is not reported: {asks}',
}

/** Medical necessity is decided by a clinician, not from documents alone. */
const FOR_A_CLINICIAN: ReadonlySet<string> = new Set(['sbrt.x-poor-performance'])

export function scopeOf(searched: { readonly pages: number; readonly unreadable: number }): string {
  if (searched.pages === 0) return 'no pages'
  if (searched.unreadable === 0) return plural(searched.pages, 'page')
  return searched.unreadable >= searched.pages
    ? `${plural(searched.pages, 'page')}, none of which could be read`
    : `${plural(searched.pages, 'page')}, ${searched.unreadable} could not be read`
}

export function citeOf(text: { readonly section: string; readonly item: number | string }): string {
  const item = `${text.item}`
  if (text.section === '') return ''
  return item === '' ? `“${text.section}”` : `“${text.section}”, ${/^\d+$/.test(item) ? `item ${item}` : item}`
}

/** `packet.pdf p. 5 and rx.pdf p. 1`: each place once, at most two. */
function placesOf(evidence: readonly Evidence[], stance: Evidence['stance']): string {
  const places = [...new Set(evidence.filter((e) => e.stance === stance).map((e) => `${e.file} p. ${e.page}`))]
  return joinAnd(places.slice(0, 2))
}

export function explainFinding(finding: Finding, text: RequirementText): string {
  const { status, evidence } = finding
  const against = placesOf(evidence, 'against')
  const saysFor = placesOf(evidence, 'for')
  const settled = status === 'met' || status === 'clear' || status === 'not-applicable'
  const body = fill(REASONS[finding.reason], {
    asks: inSentence(text.asks),
    at: saysFor === '' && finding.reason !== 'conflict' && finding.reason !== 'found' ? against : saysFor,
    against: against === '' && finding.reason === 'denied' ? saysFor : against,
    scope: scopeOf(finding.searched),
    found: joinAnd(finding.found.map(inSentence)),
    missing: joinAnd(finding.missing.map(inSentence)),
  })
  const cite = settled ? '' : citeOf(text)
  const clinician = FOR_A_CLINICIAN.has(finding.requirement) && (status === 'triggered' || status === 'unclear')
  return `${body}${clinician ? '; medical necessity is for a clinician to decide' : ''}${cite === '' ? '' : ` (policy section ${cite})`}.`
}

// ---- requests ---------------------------------------------------------------------------------------------------------------------

// What the sender should know about the copy already received.
const REQUEST_NOTES: Readonly<Partial<Record<ReasonId, string>>> = {
  'only-planned': 'the records received show it as planned only',
  'only-historical': 'the records received show it as past history only',
  'only-other-course': 'the records received show it for another course only',
  'only-other-patient': 'the pages received name another patient',
  'only-template': 'the form received is not filled in',
  unsigned: 'the copy received is not signed',
  undated: 'the copy received is not dated',
  'wrong-role': 'the copy received is by another role',
  'wrong-order': 'the copy received is dated after the event',
  denied: 'the records received state the contrary',
  conflict: 'signed entries of the records received disagree; please say which of them holds',
  'straddles-threshold': 'the record gives a range; please give the value that held at the first fraction',
  'doubtful-reading': 'the scan received cannot be read with certainty; please send a legible copy',
  unreadable: 'it may stand on a page that could not be read',
}

const ASKABLE = new Set(['core', 'req', 'cond'])
const OPEN = new Set(['partial', 'not-met', 'unclear'])

/** A finding that something can be asked for. */
export const isOpen = (finding: Pick<Finding, 'class' | 'status'>): boolean => ASKABLE.has(finding.class) && OPEN.has(finding.status)

export function requestFor(finding: Finding, text: RequirementText): string {
  const asked = text.request.trim().replace(/\.$/, '')
  const sentence = /^(?:please|send|provide|submit|supply|clarify|confirm|state|have|obtain|include|forward)\b/i.test(asked) ? upperFirst(asked) : `Please send ${inSentence(asked)}`
  const missing = finding.status === 'partial' && finding.missing.length > 0 ? `still missing: ${joinAnd(finding.missing.map(inSentence))}` : ''
  const notes = [missing, REQUEST_NOTES[finding.reason] ?? ''].filter((n) => n !== '')
  return `${sentence}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}.`
}

/** `packet.pdf p. 4, 7–9; scan.pdf p. 1`, or empty where every page could be read. A blank page holds nothing to read. */
export function unreadPlaces(documents: Review['documents']): string {
  return documents.flatMap((d) => {
    const pages = d.pages.filter((p) => p.text === 'none' && p.reason !== 'blank').map((p) => p.page)
    return pages.length === 0 ? [] : [`${d.file} p. ${ranges(pages)}`]
  }).join('; ')
}

/** What to ask the provider for, one sentence each, without repeats, in the order of the checklist. */
export function requestsFor(line: LineDetermination, policy: PolicyText, unread: string): string[] {
  const open = line.findings.filter(isOpen)
  const sentences = open.map((f) => requestFor(f, policy.requirement(f.requirement)))
  if (unread !== '' && open.some((f) => f.reason === 'unreadable')) sentences.push(`Please send legible copies of the pages that could not be read: ${unread}.`)
  return [...new Set(sentences)]
}

// ---- billing rules ----------------------------------------------------------------------------------------------------------------

export interface RuleText {
  /** Section of the policy that the rule is taken from. */
  readonly section: string
  /** {counted} {limit} {codes} {first} {others}: numbers of the hit, codes it names, its first line and the others. No full stop. */
  readonly says: string
}

const PLANNING = 'Clinical treatment planning'
const SIMULATION = 'Treatment simulation'
const DOSIMETRY = 'Dosimetry'
const ISODOSE = 'Isodose and port plans'
const DEVICES = 'Treatment devices'
const PHYSICS = 'Medical physics consults'
const SPECIAL = 'Special / associated services'
const SUPERFICIAL = 'Superficial radiation therapy'
const CONVENTIONAL = 'Conventional radiation therapy'
const BRACHY = 'Brachytherapy'
const IMRT = 'Intensity modulated radiation therapy (IMRT)'
const PROTON = 'Proton beam therapy (PBT)'
const STEREOTACTIC = 'Stereotactic Body Radiation Therapy (SBRT) and Stereotactic Radiosurgery (SRS)'
const MANAGEMENT = 'Standards for CPT 77432 and 77435'
const GUIDANCE = 'Image guided radiation therapy'
const GENERAL = 'General documentation / coding requirements'
const CODING = 'Coding'
const BUNDLING = 'Bundling'

const COUNTED = '[: {counted} counted, {limit} allowed]'

const RULES: Readonly<Record<string, RuleText>> = {
  R01: { section: PLANNING, says: 'The level of treatment planning billed is higher than the areas, ports, blocking and technique that the records show' },
  R02: { section: PLANNING, says: `More than one treatment-planning code is billed for one course, and the records show no new volume to plan${COUNTED}` },
  R03: { section: SIMULATION, says: `More than one simulation is billed for one day${COUNTED}` },
  R04: { section: SIMULATION, says: `More simulations are billed than a typical course needs${COUNTED}` },
  R05: { section: SIMULATION, says: 'A verification simulation is billed in an IMRT course, of which it is a part[: {codes}]' },
  R06: { section: SIMULATION, says: `More than one simulation is billed in a superficial course, where a single one covers the initial set-up${COUNTED}` },
  R07: { section: SIMULATION, says: 'A simulation is billed for the daily placement of fields in a superficial course' },
  R08: { section: SIMULATION, says: 'Respiratory motion management is an add-on, and the planning code that it belongs to is not billed[: {codes}]' },
  R09: { section: SIMULATION, says: 'The records show no acquisition of PET and CT data for planning radiopharmaceutical-directed treatment' },
  R10: { section: DOSIMETRY, says: `More basic dose calculations are billed than there are ports, beam angles or arcs${COUNTED}` },
  R11: { section: DOSIMETRY, says: `Several dose calculations are billed for one beam angle that the accelerator had to split${COUNTED}` },
  R12: { section: DOSIMETRY, says: 'A basic dose calculation is billed beside a brachytherapy isodose plan, which includes it[: {codes}]' },
  R13: { section: ISODOSE, says: 'A basic dose calculation is billed beside a teletherapy plan, which includes it[: {codes}]' },
  R14: { section: DOSIMETRY, says: 'No order of the treating physician for the dose calculation was found in the records received' },
  R15: { section: DOSIMETRY, says: `More special dosimetry measurements are billed than there are ports or fields measured${COUNTED}` },
  R16: { section: DOSIMETRY, says: 'The records show special dosimetry as a routine, or give no medical need of this patient for it' },
  R17: { section: DOSIMETRY, says: 'What is billed as special dosimetry is quality assurance or output measurement of an IMRT or stereotactic treatment[: {codes}]' },
  R18: { section: DOSIMETRY, says: 'Documentation asked for special dosimetry is incomplete; the checklist of the line says what is missing' },
  R19: { section: DOSIMETRY, says: 'An unlisted service is billed, and the rationale and documentation that go with it were not found in the records received' },
  R20: { section: SPECIAL, says: 'An unlisted service is billed for work that another code describes or includes[: {codes}]' },
  R21: { section: ISODOSE, says: 'The level of teletherapy plan billed does not match the ports, wedges, blocking or rotation that the records show' },
  R22: { section: ISODOSE, says: 'The records show no electrons, heavy particles, hemibody or total-body field for the special port plan billed' },
  R23: { section: DEVICES, says: 'A passive restraint (strap, pillow, sandbag and the like) is billed as a treatment device' },
  R24: { section: DEVICES, says: `More than one beam-modifying device is billed for one port or field${COUNTED}` },
  R25: { section: DEVICES, says: `A mirrored pair of devices for parallel-opposed fields is billed as two devices, where one professional and one technical device stand for the pair${COUNTED}` },
  R26: { section: DEVICES, says: "The level of treatment device billed, the physician's part in its design or its making for this patient is not shown by the records" },
  R27: { section: DEVICES, says: 'The device billed was not made for this patient, or is one billed before' },
  R28: { section: DEVICES, says: `More units of the IMRT collimator device are billed than there are IMRT plans${COUNTED}` },
  R29: { section: PHYSICS, says: `More units of continuing physics are billed than the fractions delivered allow, at one for each five${COUNTED}` },
  R30: { section: PHYSICS, says: 'The physics chart review billed is dated well after the treatment had ended' },
  R31: { section: SUPERFICIAL, says: 'Continuing physics is billed in a superficial course, which includes it[: {codes}]' },
  R32: { section: PHYSICS, says: `The special physics consultation is billed more than once in one course${COUNTED}` },
  R33: { section: PHYSICS, says: 'Documentation asked for the special physics consultation is incomplete; the checklist of the line says what is missing' },
  R34: { section: PHYSICS, says: 'The work shown for the special physics consultation is quality assurance of an IMRT plan' },
  R35: { section: PHYSICS, says: 'Image fusion is the only circumstance shown for the special physics consultation, and the IMRT planning of the course includes it[: {codes}]' },
  R36: { section: PHYSICS, says: 'None of the circumstances for a special physics consultation was found in the records received' },
  R37: { section: PHYSICS, says: 'The special physics consultation has a technical component only, and a professional component is billed[: {codes}]' },
  R38: { section: SPECIAL, says: `The special treatment procedure is billed more than once in one course${COUNTED}` },
  R39: { section: SPECIAL, says: 'The only reason shown for the special treatment procedure is planning, contouring or comorbidity' },
  R40: { section: SPECIAL, says: 'The only reason shown for the special treatment procedure is chemotherapy, without extensive work for it' },
  R41: { section: SPECIAL, says: 'Documentation asked for the special treatment procedure is incomplete; the checklist of the line says what is missing' },
  R42: { section: SUPERFICIAL, says: 'A service that superficial treatment includes is billed in the same course[: {codes}]' },
  R43: { section: SUPERFICIAL, says: 'Image guidance is billed in a superficial course[: {codes}]' },
  R44: { section: CONVENTIONAL, says: 'The level of delivery billed does not match the areas, ports, blocking and energy that the records show' },
  R45: { section: BRACHY, says: 'Basic dosimetry is billed beside electronic brachytherapy, which includes it[: {codes}]' },
  R46: { section: BRACHY, says: `More electronic brachytherapy is billed than fractions were delivered, at one unit a fraction${COUNTED}` },
  R47: { section: BRACHY, says: 'Documentation asked for electronic brachytherapy is incomplete; the checklist of the line says what is missing' },
  R48: { section: IMRT, says: 'The records do not say what added benefit IMRT has for this patient; the checklist of the line says what is missing' },
  R49: { section: IMRT, says: 'Guidance or tracking is billed beside an IMRT delivery that includes it[: {codes}]' },
  R50: { section: IMRT, says: `Fewer than three high-resolution compensators are documented for compensator-based delivery${COUNTED}` },
  R51: { section: PROTON, says: 'The records show another level of proton delivery than the one billed[: {codes}]' },
  R52: { section: PROTON, says: 'The records do not show why photon treatment could not do what proton treatment does for this patient' },
  R53: { section: STEREOTACTIC, says: `Cranial radiosurgery is a whole course in one session, and more than one is billed${COUNTED}` },
  R54: { section: STEREOTACTIC, says: 'Stereotactic body delivery and another external-beam delivery are billed together[: {codes}]' },
  R55: { section: STEREOTACTIC, says: 'A cranial lesion treated in a single fraction is billed as stereotactic body delivery, where a radiosurgery code is meant[: {codes}]' },
  R56: { section: STEREOTACTIC, says: `The stereotactic course has more than five fractions${COUNTED}` },
  R57: { section: STEREOTACTIC, says: `Stereotactic delivery is billed more than once for one day${COUNTED}` },
  R58: { section: STEREOTACTIC, says: `The code for a single or first robotic session is billed for a later session or more than once in one course${COUNTED}` },
  R59: { section: STEREOTACTIC, says: `The code for the second to fifth robotic session is billed for the first session or for more than four${COUNTED}` },
  R60: { section: STEREOTACTIC, says: 'Image guidance is billed on a day of stereotactic treatment, which includes it[: {codes}]' },
  R61: { section: MANAGEMENT, says: `Radiosurgery management is billed, and the course is not one fraction to the brain${COUNTED}` },
  R62: { section: MANAGEMENT, says: `Radiosurgery management is billed more than once in one course${COUNTED}` },
  R63: { section: MANAGEMENT, says: `Stereotactic body management is billed more than once in one course${COUNTED}` },
  R64: { section: MANAGEMENT, says: `Stereotactic body management is billed for a course of more than five fractions${COUNTED}` },
  R65: { section: MANAGEMENT, says: 'Stereotactic body management is billed for a single cranial fraction, where radiosurgery management is meant[: {codes}]' },
  R66: { section: MANAGEMENT, says: 'Radiosurgery management and stereotactic body management are both billed in one course[: {codes}]' },
  R67: { section: MANAGEMENT, says: 'Documentation asked for stereotactic management is incomplete; the checklist of the line says what is missing' },
  R68: { section: MANAGEMENT, says: `Single-session radiosurgery is billed for a course of more than one session${COUNTED}` },
  R69: { section: GUIDANCE, says: `More port images are billed than one unit for each five fractions${COUNTED}` },
  R70: { section: GUIDANCE, says: 'More than one type of image guidance is billed for the same site[: {codes}]' },
  R71: { section: GUIDANCE, says: 'Image guidance is billed with superficial or orthovoltage treatment[: {codes}]' },
  R72: { section: CODING, says: 'Every diagnosis of the line is unspecified by its own description[: {codes}]' },
  R73: { section: CODING, says: 'A diagnosis of the line is not a valid code of the highest specificity on the date of service[: {codes}]' },
  R74: { section: CODING, says: 'A symptom is coded where the records give the definitive diagnosis of the test[: {codes}]' },
  R75: { section: BUNDLING, says: 'Two services are billed of which national correct-coding edits bundle one into the other[: {codes}]' },
  R76: { section: GENERAL, says: 'The number billed is no code[: {codes}]' },
  R77: { section: GENERAL, says: 'The records received do not show the service in full' },
  R78: { section: 'SBRT / SRS documentation requirements', says: 'The performance status shown is poor or missing; the checklist of the line says which' },
  R79: { section: GENERAL, says: 'The service needs an authorization, and none was found; an authorization does not supersede coding' },
  R80: { section: 'IMRT documentation requirements', says: 'Documentation asked for IMRT is incomplete; the checklist of the line says what is missing' },
  R81: { section: GENERAL, says: 'General documentation that the policy advises is incomplete; the general checklist says what is missing' },
  R82: { section: CODING, says: 'The code was deleted, is not yet valid or has another meaning on the date of service[: {codes}]' },
}

export const ruleText = (id: string): RuleText => RULES[id] ?? { section: '', says: 'A billing rule of the policy applies[: {codes}]' }

const consequence = (hit: RuleHit): string => {
  switch (hit.effect) {
    case 'deny': return 'no unit of the line stands'
    case 'limit': return hit.unitsSupported === null ? 'not every unit of the line stands' : `${plural(hit.unitsSupported, 'unit')} of the line ${hit.unitsSupported === 1 ? 'stands' : 'stand'}`
    case 'review': return 'a reviewer has to decide'
    case 'note': return 'for information'
  }
}

export function explainRule(hit: RuleHit): string {
  const text = ruleText(hit.id)
  const [first, ...others] = hit.lines
  const says = fill(text.says, {
    counted: hit.counted === null ? null : `${hit.counted}`,
    limit: hit.limit === null ? null : `${hit.limit}`,
    codes: joinAnd(hit.codes),
  })
  const supports = hit.supportedCode === null ? '' : `; supported is ${hit.supportedCode}${hit.facts.length === 0 ? '' : ` (${joinAnd(hit.facts)})`}`
  const where = fill('[ (line {first})]', {
    first: first === undefined ? null : `${first}${others.length === 0 ? '' : ` with ${others.length === 1 ? 'line' : 'lines'} ${joinAnd(others.map(String))}`}`,
  })
  return `${says}${where}${supports}; ${consequence(hit)}${text.section === '' ? '' : ` (policy section “${text.section}”)`}.`
}

// ---- problems ---------------------------------------------------------------------------------------------------------------------

// What happened, where, and what to do. {where} is the file, with its page where there is one.
const PROBLEMS: Readonly<Record<ProblemId, string>> = {
  'encrypted-file': '{where} is locked by a password and was not read; send it without one',
  'damaged-file': '{where} is damaged and was not read in full; send it again from its source',
  'empty-file': '{where} is empty; check that the right file was sent',
  'foreign-file': '{where} is not what its name says and was not read; send it as PDF, DOCX, image or text',
  'file-too-large': '{where} is larger than is read in one piece and was not read; send it in parts',
  'reader-timed-out': '{where} took too long to read and was stopped; send it in parts or as a fresh export',
  'reader-out-of-memory': '{where} needs more memory to read than is allowed and was stopped; send it in parts',
  'reader-failed': '{where} could not be read; send it again in another form, such as a fresh PDF export',
  'unread-page': '{where} holds no text that could be read; send a legible copy or read the page by eye',
  'partly-read-page': '{where} was read in part only; compare it by eye',
  'illegible-page': '{where} is too poor a copy to be relied on; send a legible one or read the page by eye',
  'missing-pages': '{where} begins a run of pages numbered to {of}, of which the records received hold no {missing}; send the missing pages',
  'attachment-skipped': '{where} carries an attachment that was not read; send the attachment as a file of its own if it matters',
  'archive-entry-skipped': '{where} was left out when the archive was opened; send it as a file of its own if it matters',
  'other-patient': '{where} names another patient than the claim and counts for nothing; remove it from the packet and check how it came there',
  'cloned-note': '{where} holds a note with the same words as {other}, of another day; ask whether each visit was written afresh',
  'fraction-number': '{where} numbers its fraction {number} of {total}, which does not fit{against}; compare the treatment record',
  'dose-arithmetic': '{where} states {fractions} fractions of {perFraction} cGy and a total of {dose} cGy, which is not their product; compare prescription and plan',
  'dose-contradiction': '{where} states {dose} cGy in {fractions} fractions, {other} states {otherDose} cGy in {otherFractions} for the same site; compare prescription and treatment record',
  'dose-not-completed': '{where} tells of {dose} cGy in {fractions} fractions of the {otherDose} cGy in {otherFractions} that {other} states; compare what was billed with what was given',
  'unsupported-format': '{where} is {kind} that is not read; {instead}',
}

/** What a file is that is not read, and what to do with it. */
const UNREAD_FORMATS: Readonly<Record<string, { readonly kind: string; readonly instead: string }>> = {
  doc: { kind: 'a Word document of the old binary kind (DOC)', instead: 'open it in Word or LibreOffice, save it as DOCX or PDF, and send that' },
  xls: { kind: 'an Excel workbook', instead: 'print it to PDF and send that' },
  xlsx: { kind: 'an Excel workbook', instead: 'print it to PDF and send that' },
  ppt: { kind: 'a PowerPoint file', instead: 'print it to PDF and send that' },
  pptx: { kind: 'a PowerPoint file', instead: 'print it to PDF and send that' },
  odf: { kind: 'an OpenDocument file', instead: 'save it as DOCX or PDF and send that' },
  image: { kind: 'a picture of a kind (HEIC, AVIF or BMP)', instead: 'save it as JPEG, PNG or TIFF and send that' },
}
const UNREAD_FORMAT = { kind: 'of a kind', instead: 'send it as PDF, DOCX, image or text' }

export function explainProblem(problem: Problem): string {
  const data = problem.data ?? {}
  const other = data['otherFile'] === undefined ? '' : `page ${data['otherPage']} of ${data['otherFile']}`
  return upperFirst(`${fill(PROBLEMS[problem.id], { ...data, ...(UNREAD_FORMATS[`${data['format'] ?? ''}`] ?? UNREAD_FORMAT), other, against: other === '' ? ' a course of that length' : ` the earlier ${other}`, missing: `${data['missing'] ?? ''}`, of: `${data['of'] ?? ''}`, where: problem.page === undefined ? `the file ${problem.file}` : `page ${problem.page} of ${problem.file}` })}.`)
}
