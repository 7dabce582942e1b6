// A letter as data: what it says, block by block, each with where it comes from. May not: say anything of a claim that no finding and no decision says; know of Word or PDF.
import type { LetterBlock, LetterField, LetterKind, LetterSettings, LetterTemplate } from '../dictionary/letters.ts'
import type { RuleInput } from '../policy/rules.ts'
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from './contract.ts'
import { effectiveOf, isSetAside, standing, statusOf, wholeLine, type Decided, type Effective } from './effective.ts'
import { clean, fill, inSentence, joinAnd, plural, upperFirst } from './plain.ts'
import { DETERMINATION_LABELS, isWrong, ledgerOf } from './words.ts'

/** A decision as a letter needs it: with its ground, its words and where the person points. */
export interface LetterDecision extends Decided {
  readonly reason: string | null
  readonly note: string
  readonly evidence: readonly { readonly file: string; readonly page: number; readonly quote: string }[]
  readonly by: string
}

export interface SignOff {
  readonly by: string
  /** YYYY-MM-DD */
  readonly on: string
}

/** Where a part of a letter comes from. `line` 0 is the claim as a whole. */
export type LetterSource =
  | { readonly kind: 'template' | 'setting' | 'claim' | 'sign-off' }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'requirement' | 'rule' | 'decision'; readonly line: number; readonly id: string }
  | { readonly kind: 'problem'; readonly index: number }

export interface LetterQuote {
  readonly quote: string
  /** `treatment.pdf, page 3`. */
  readonly place: string
  readonly stance: 'for' | 'against'
  readonly file: string
  readonly page: number
}

export type LetterPart =
  | { readonly kind: 'paragraph' | 'heading' | 'line-heading' | 'note'; readonly text: string; readonly source: LetterSource }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[]; readonly source: LetterSource }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly { readonly cells: readonly string[]; readonly source: LetterSource }[] }
  | {
    readonly kind: 'reason'
    /** What is asked for, or the rule's number. */
    readonly title: string
    readonly statement: string
    readonly quotes: readonly LetterQuote[]
    /** What would cure it; null where the review names nothing. */
    readonly cure: string | null
    readonly cureTitle: string
    readonly cites: string
    readonly codes: string | null
    readonly reference: string
    readonly source: LetterSource
  }
  | { readonly kind: 'requests'; readonly items: readonly { readonly text: string; readonly lines: string; readonly cites: string; readonly reference: string; readonly sources: readonly LetterSource[] }[] }
  | { readonly kind: 'list'; readonly items: readonly { readonly text: string; readonly source: LetterSource }[] }
  | { readonly kind: 'address'; readonly lines: readonly string[]; readonly source: LetterSource }
  | { readonly kind: 'signature'; readonly text: string | null; readonly signer: string | null; readonly source: LetterSource }

export interface Letter {
  readonly schema: 'vouch/letter@1'
  readonly kind: LetterKind
  readonly title: string
  /** Name of the payer and the lines under it. */
  readonly head: { readonly payer: string; readonly address: readonly string[] }
  readonly to: readonly string[]
  /** In words; of a draft that is not dated, that the sign-off will date it. */
  readonly date: string
  readonly claim: string
  readonly body: readonly LetterPart[]
  readonly signOff: SignOff | null
  /** The mark of a draft and the line under it; null once a person has signed off. */
  readonly draft: { readonly mark: string; readonly note: string } | null
  /** What keeps it a draft, a sentence each. */
  readonly unready: readonly string[]
}

export interface LetterInput {
  readonly report: ReviewJson
  /** Oldest first. */
  readonly decisions?: readonly LetterDecision[]
  readonly template: LetterTemplate
  readonly settings: LetterSettings
  readonly signOff?: SignOff | null
  /** Day of a draft; a letter signed off is of the day of its sign-off. */
  readonly date?: string | null
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
/** `August 27, 2025` of `2025-08-27`. */
export const longDate = (day: string): string => `${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${Number(day.slice(8, 10))}, ${day.slice(0, 4)}`
const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

const REASON_WORDS: Readonly<Record<string, string>> = {
  'evidence-elsewhere': 'evidence that stands elsewhere in the records', 'evidence-insufficient': 'the evidence is not enough', 'policy-interpretation': 'the reading of the policy', 'reading-error': 'a page read otherwise',
}
const STATUS_WORDS: Readonly<Record<RequirementJson['status'], string>> = {
  met: 'met', partial: 'met in part', 'not-met': 'not met', unclear: 'unclear', 'not-applicable': 'not to apply', clear: 'not to apply', triggered: 'to apply',
}
const INPUT_WORDS: Readonly<Record<RuleInput, string>> = {
  claim: 'what the claim bills', history: 'what was paid before', records: 'the records received', fractions: 'the fractions that the records show', fields: 'the fields, ports or arcs that the records show',
  energies: 'the beam energies that the records show', devices: 'the devices that the records describe', measurements: 'the measurements that the records show', target: 'the target that the records describe',
  checklist: 'the checklist of the line', authorization: 'the authorizations on file', 'photon-comparison': 'the comparison with photon treatment that the records show', 'readable-pages': 'the pages that could be read',
}
/** Problems of what was sent; those that compare notes with each other are for reviewers. */
const OF_FILES: ReadonlySet<string> = new Set([
  'encrypted-file', 'damaged-file', 'empty-file', 'foreign-file', 'file-too-large', 'reader-timed-out', 'reader-out-of-memory', 'reader-failed', 'unread-page', 'partly-read-page', 'illegible-page', 'missing-pages',
  'attachment-skipped', 'archive-entry-skipped', 'other-patient', 'unsupported-format',
])

/** Whether the line still has something to say about it: not supported in full. */
const isOpenLine = (line: LineJson, now: Effective['lines'][number] | undefined): boolean => now !== undefined && (now.determination !== 'supported' || now.unitsSupported < line.units)

export function letterOf(input: LetterInput): Letter {
  const { report, template, settings } = input
  const stands = standing(input.decisions ?? [], 'first')
  const effective = effectiveOf(report, input.decisions ?? [], 'first')
  const now = new Map(effective.lines.map((l) => [l.line, l]))
  const open = report.lines.filter((l) => isOpenLine(l, now.get(l.line)))
  const requests = requestsOf(open, stands, template)
  const problems = report.problems.map((p, index) => ({ p, index })).filter(({ p }) => OF_FILES.has(p.id))
  const ledger = ledgerOf(report.documents)
  const signOff = input.signOff ?? null
  const day = signOff?.on ?? input.date ?? null
  const fields = fieldsOf(report, settings, day, open.length)
  const say = (text: string): string => clean(fill(text, fields))
  const put = (text: string, more: Readonly<Record<string, string | null>>): string => clean(fill(text, { ...fields, ...more }))
  const holds: Readonly<Record<NonNullable<LetterBlock['when']>, boolean>> = {
    open: open.length > 0, 'all-supported': open.length === 0, requests: requests.length > 0, 'no-requests': requests.length === 0, problems: problems.length > 0,
    undecided: effective.lines.some((l) => l.determination === 'needs-review'), unread: ledger.unread > 0, 'send-to': settings['send-to'].length > 0,
  }

  const partsOf = (block: LetterBlock): LetterPart[] => {
    if ('text' in block) {
      const text = say(block.text)
      return text === '' ? [] : [{ kind: 'paragraph', text, source: { kind: 'template' } }]
    }
    if ('heading' in block) return [{ kind: 'heading', text: say(block.heading), source: { kind: 'template' } }]
    switch (block.insert) {
      case 'claim': return [{ kind: 'facts', rows: factsOf(report), source: { kind: 'claim' } }]
      case 'lines': return [linesTable(report, now, template, put)]
      case 'reasons': return open.flatMap((line) => reasonsOf(line, input, stands, now.get(line.line), put))
      case 'requests': return requests.length === 0 ? [] : [{ kind: 'requests', items: requests.map((r) => ({ ...r, lines: put(template.words['for-lines'], { lines: r.lines }), cites: r.cite.section === '' ? '' : put(template.words.cites, r.cite), reference: r.ids.length === 0 ? '' : put(template.words.reference, { line: null, id: joinAnd(r.ids) }) })) }]
      case 'problems': return [{ kind: 'list', items: problems.map(({ p, index }) => ({ text: factOf(p.explanation), source: { kind: 'problem', index } })) }]
      case 'rights': return (settings.rights.length === 0 ? ['(Dispute rights: not set in the settings of letters.)'] : settings.rights).map((text) => ({ kind: 'paragraph', text: say(text), source: { kind: 'setting' } }))
      case 'send-to': return settings['send-to'].length === 0 ? [] : [{ kind: 'address', lines: settings['send-to'].map(clean), source: { kind: 'setting' } }]
      case 'enclosures': return settings.enclosures.length === 0 ? [] : [{ kind: 'note', text: `Enclosures: ${settings.enclosures.map(clean).join('; ')}`, source: { kind: 'setting' } }]
      case 'signature': return [{ kind: 'signature', text: signOff === null ? null : put(template.words.signed, { signer: signOff.by, signedOn: longDate(signOff.on) }), signer: signOff === null ? null : clean(signOff.by), source: { kind: 'sign-off' } }]
    }
  }

  return {
    schema: 'vouch/letter@1', kind: template.kind, title: say(template.title),
    head: { payer: settings.payer === null ? '(Name of the payer: not set)' : clean(settings.payer), address: settings.address.map(clean) },
    to: [report.claim.provider.name, report.claim.provider.npi === null ? null : `NPI ${report.claim.provider.npi}`].flatMap((t) => (t === null ? [] : [clean(t)])),
    date: day === null ? '(Date: the day of the sign-off)' : longDate(day), claim: clean(report.claim.claimId),
    body: template.body.filter((b) => b.when === undefined || holds[b.when]).flatMap(partsOf),
    signOff, draft: signOff === null ? { mark: say(template.words.draft), note: say(template.words['draft-note']) } : null,
    unready: unreadyOf(template.kind, settings, effective, open.length > 0, requests.length > 0),
  }
}

/** What a person may not sign off as it stands. */
function unreadyOf(kind: LetterKind, settings: LetterSettings, effective: Effective, open: boolean, asks: boolean): string[] {
  const out: string[] = []
  if (settings.payer === null) out.push('The name of the payer is not set; fill it in in the settings of letters.')
  if (kind === 'determination' && open && settings.rights.length === 0) out.push('The dispute rights are not set; fill them in in the settings of letters.')
  const waiting = effective.lines.filter((l) => l.determination === 'needs-review').map((l) => l.line)
  if (kind === 'determination' && waiting.length > 0) out.push(`${waiting.length === 1 ? 'Line' : 'Lines'} ${joinAnd(waiting.map(String))} still ${waiting.length === 1 ? 'needs' : 'need'} a reviewer's decision.`)
  if (kind === 'record-request' && !asks) out.push('There is nothing to ask for.')
  return out
}

function fieldsOf(report: ReviewJson, settings: LetterSettings, day: string | null, open: number): Record<LetterField, string | null> {
  const { claim } = report
  const ledger = ledgerOf(report.documents)
  const days = report.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  const from = days[0] ?? ''
  const to = days[days.length - 1] ?? ''
  return {
    claim: claim.claimId, patient: claim.patient.name, birthDate: claim.patient.birthDate === null ? null : longDate(claim.patient.birthDate), member: claim.patient.memberId, mrn: claim.patient.mrn,
    provider: claim.provider.name ?? 'Provider', npi: claim.provider.npi, from: longDate(from), to: to === from ? null : longDate(to), payer: settings.payer, policy: settings.policy,
    policyTexts: joinAnd(report.made.policyVersions.map(longDate)), files: plural(ledger.files, 'file'), pages: plural(ledger.pages, 'page'), unread: ledger.unread === 0 ? null : plural(ledger.unread, 'page'),
    date: day === null ? null : longDate(day), linesBilled: plural(report.lines.length, 'line'), linesOpen: `${open}`, recordDays: `${settings['record-days']}`,
    recordDue: day === null ? null : longDate(dayAfter(day, settings['record-days'])), disputeDays: `${settings['dispute-days']}`, disputeDue: day === null ? null : longDate(dayAfter(day, settings['dispute-days'])),
    contact: settings.contact,
  }
}

function factsOf(report: ReviewJson): [string, string][] {
  const { claim } = report
  const days = report.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate]).sort()
  const [from, to] = [days[0] ?? '', days[days.length - 1] ?? '']
  const rows: [string, string | null][] = [
    ['Claim', claim.claimId], ['Patient', claim.patient.name], ['Born', claim.patient.birthDate === null ? null : longDate(claim.patient.birthDate)], ['Member', claim.patient.memberId], ['Medical record', claim.patient.mrn],
    ['Provider', claim.provider.name], ['NPI', claim.provider.npi], ['Services', from === '' ? null : from === to ? longDate(from) : `${longDate(from)} to ${longDate(to)}`],
  ]
  return rows.flatMap(([label, value]) => (value === null || value === '' ? [] : [[label, clean(value)] as [string, string]]))
}

type Put = (text: string, more: Readonly<Record<string, string | null>>) => string
type Stands = ReadonlyMap<string, LetterDecision>

const daysWords = (line: LineJson): string => (line.serviceDateEnd === null || line.serviceDateEnd === line.serviceDate ? longDate(line.serviceDate) : `${longDate(line.serviceDate)} to ${longDate(line.serviceDateEnd)}`)
const number = (n: number): string => `${Math.round(n * 100) / 100}`

/** `77252-26, meant is 77525` */
const codeWords = (line: LineJson): string => `${[line.code, ...line.modifiers].join('-')}${line.reportedCode === null ? '' : `, meant is ${line.reportedCode}`}`

/** A line of which only some units stand is not called supported outright. */
const determinationWords = (line: LineJson, determination: LineJson['determination'], units: number): string =>
  (determination === 'supported' && units < line.units ? 'supported in part' : DETERMINATION_LABELS[determination].words)

function linesTable(report: ReviewJson, now: ReadonlyMap<number, Effective['lines'][number]>, { words }: LetterTemplate, put: Put): LetterPart {
  return {
    kind: 'table', columns: ['Line', 'Code', 'Service', 'Date', 'Units supported', 'Determination'],
    rows: report.lines.map((line) => {
      const held = now.get(line.line)
      const determination = held?.determination ?? line.determination
      const units = { supported: number(held?.unitsSupported ?? line.unitsSupported), billed: number(line.units) }
      const asUnits = determination === 'needs-review' ? words.undecided : determination === 'insufficient-documentation' ? words['supported-if'] : words.supported
      return {
        cells: [`${line.line}`, codeWords(line), clean(line.label), daysWords(line), put(asUnits, units), upperFirst(determinationWords(line, determination, held?.unitsSupported ?? line.unitsSupported))],
        source: { kind: 'line', line: line.line },
      }
    }),
  }
}

/** A line's own decision first, then rules, then requirements in the order of the checklist. */
function reasonsOf(line: LineJson, { template, settings }: LetterInput, stands: Stands, now: Effective['lines'][number] | undefined, put: Put): LetterPart[] {
  const { words } = template
  const reasons: LetterPart[] = []
  const quotesOf = (evidence: readonly (Pick<EvidenceJson, 'file' | 'page' | 'quote'> & { readonly stance?: EvidenceJson['stance'] })[], exclusion = false): LetterQuote[] => evidence.slice(0, settings['quotes-each']).map((e) => {
    // What shows an exclusion speaks against the code, not against what is stated here.
    const stance = exclusion ? 'for' : e.stance ?? 'for'
    return { quote: clean(e.quote), place: put(stance === 'against' ? words.against : words.quoted, { file: e.file, page: `${e.page}` }), stance, file: e.file, page: e.page }
  })
  const codesOf = (suggested: RequirementJson['suggested']): string | null =>
    (!settings['denial-codes'] || suggested === undefined || suggested.length === 0 ? null : put(words.codes, { codes: joinAnd(suggested.map((s) => `${s.list} ${s.code}`)) }))
  const reference = (id: string): string => put(words.reference, { line: `${line.line}`, id })
  const decisionWords = (d: LetterDecision): { reason: string | null; note: string | null } => ({ reason: d.reason === null ? null : REASON_WORDS[d.reason] ?? null, note: settings['reviewer-notes'] && d.note.trim() !== '' ? d.note : null })

  const whole = wholeLine(stands, line.line)
  if (whole !== null) {
    reasons.push({
      kind: 'reason', title: 'Decision on the line', statement: put(words['decided-line'], { status: DETERMINATION_LABELS[whole.status as LineJson['determination']].words, ...decisionWords(whole) }), quotes: quotesOf(whole.evidence),
      cure: null, cureTitle: put(words['cure-title'], {}), cites: '', codes: null, reference: reference('decision'), source: { kind: 'decision', line: line.line, id: 'line' },
    })
  }
  for (const rule of rulesAgainst(line, stands)) {
    reasons.push({
      kind: 'reason', title: `Billing rule ${rule.id}`, statement: sentenceOf(rule.explanation), quotes: quotesOf(rule.evidence, true),
      cure: put(words['cure-rule'], { inputs: joinAnd(rule.inputs.map((i) => INPUT_WORDS[i])) || null }), cureTitle: put(words['cure-title'], {}), cites: rule.section === '' ? '' : put(words['cites-rule'], { section: rule.section }),
      codes: codesOf(rule.suggested), reference: reference(rule.id), source: { kind: 'rule', line: line.line, id: rule.id },
    })
  }
  for (const r of line.requirements) {
    const { status, by } = statusOf(stands, line.line, r)
    if (!isWrong({ status })) continue
    // The program's sentence speaks of the program's status: where a person says otherwise it is the person's word that stands.
    const statement = by === null || by.status === r.status ? sentenceOf(r.explanation)
      : put(words.decided, { status: STATUS_WORDS[status], asks: inSentence(r.asks), ...decisionWords(by) })
    const own = by !== null && by.evidence.length > 0 ? quotesOf(by.evidence, r.class === 'x') : []
    const machine = by === null || isWrong(r) ? quotesOf(r.evidence, r.class === 'x') : []
    reasons.push({
      kind: 'reason', title: upperFirst(clean(r.asks)), statement, quotes: [...own, ...machine].slice(0, settings['quotes-each']),
      cure: r.class === 'x' ? null : r.request === undefined ? put(words['request-asks'], { asks: inSentence(r.asks) }) : clean(r.request),
      cureTitle: put(words['cure-title'], {}), cites: put(words.cites, citeOf(r)), codes: by === null ? codesOf(r.suggested) : null, reference: reference(r.id), source: { kind: 'requirement', line: line.line, id: r.id },
    })
  }
  if (reasons.length === 0) return []
  const label = `Line ${line.line}: ${codeWords(line)}, ${clean(line.label)}, ${daysWords(line)}`
  const policyNote = line.policyNote === null ? [] : [{ kind: 'note' as const, text: clean(line.policyNote), source: { kind: 'line' as const, line: line.line } }]
  const determination = now?.determination ?? line.determination
  return [{ kind: 'line-heading', text: `${label}: ${determinationWords(line, determination, now?.unitsSupported ?? line.unitsSupported)}`, source: { kind: 'line', line: line.line } }, ...policyNote, ...reasons]
}

const rulesAgainst = (line: LineJson, stands: Stands): RuleJson[] => line.rules.filter((r) => r.effect !== 'note' && !isSetAside(stands, line.line, r))

/** Without the citation at its end, which a letter prints on a line of its own. */
const sentenceOf = (explanation: string): string => clean(explanation.replace(/ \(policy section “[^”]*”[^()]*\)\.$/, '.'))

/** What happened, without what a reviewer might do about it. */
function factOf(explanation: string): string {
  const end = explanation.lastIndexOf('; ')
  return clean(end < 0 ? explanation : `${explanation.slice(0, end)}.`)
}

/** An item that is a number or an id of the catalogue. */
const citeOf = (r: RequirementJson): { section: string; item: string } => ({ section: r.cites.section, item: `${r.cites.item}` })

interface Request {
  readonly text: string
  readonly lines: string
  readonly cite: { readonly section: string; readonly item: string }
  readonly ids: readonly string[]
  readonly sources: readonly LetterSource[]
}

/** One a sentence, with all the lines it serves. */
function requestsOf(open: readonly LineJson[], stands: Stands, { words }: LetterTemplate): Request[] {
  const found = new Map<string, { lines: LineJson[]; ids: string[]; cite: Request['cite']; sources: LetterSource[] }>()
  const add = (text: string, line: LineJson, id: string | null, cite: Request['cite'], source: LetterSource): void => {
    const known = found.get(text) ?? { lines: [], ids: [], cite, sources: [] }
    if (!known.lines.includes(line)) known.lines.push(line)
    if (id !== null && !known.ids.includes(id)) known.ids.push(id)
    known.sources.push(source)
    found.set(text, known)
  }
  for (const line of open) {
    const machine = new Set<string>()
    for (const r of line.requirements) {
      if (r.request !== undefined) machine.add(r.request)
      const { status } = statusOf(stands, line.line, r)
      if (r.class === 'x' || !isWrong({ status })) continue
      add(clean(r.request ?? fill(words['request-asks'], { asks: inSentence(r.asks) })), line, r.id, citeOf(r), { kind: 'requirement', line: line.line, id: r.id })
    }
    // Copies of pages that could not be read are asked for the line as a whole.
    for (const sentence of line.requests) {
      if (machine.size > 0 && !machine.has(sentence) && line.requirements.some((r) => r.reason === 'unreadable' && isWrong(statusOf(stands, line.line, r)))) add(clean(sentence), line, null, { section: '', item: '' }, { kind: 'line', line: line.line })
    }
  }
  return [...found].map(([text, { lines, ids, cite, sources }]) => ({
    text, ids, cite, sources, lines: `${lines.length === 1 ? 'line' : 'lines'} ${joinAnd(lines.map((l) => `${l.line} (${l.code})`))}`,
  }))
}

/** Everything a letter says, in reading order, for search and for tests. */
export function letterText(letter: Letter): string[] {
  return [
    letter.head.payer, ...letter.head.address, ...(letter.draft === null ? [] : [letter.draft.mark, letter.draft.note]), letter.date, ...letter.to, letter.title,
    ...letter.body.flatMap(partText),
  ]
}

export function partText(part: LetterPart): string[] {
  switch (part.kind) {
    case 'paragraph': case 'heading': case 'line-heading': case 'note': return [part.text]
    case 'facts': return part.rows.flat()
    case 'table': return [...part.columns, ...part.rows.flatMap((r) => r.cells)]
    case 'reason': return [part.title, part.statement, ...part.quotes.flatMap((q) => [`“${q.quote}”`, q.place]), ...(part.cure === null ? [] : [part.cureTitle, part.cure]), part.cites, ...(part.codes === null ? [] : [part.codes]), part.reference].filter((t) => t !== '')
    case 'requests': return part.items.flatMap((i) => [i.text, i.lines, i.cites, i.reference]).filter((t) => t !== '')
    case 'list': return part.items.map((i) => i.text)
    case 'address': return [...part.lines]
    case 'signature': return part.text === null ? [] : [part.signer ?? '', part.text]
  }
}
