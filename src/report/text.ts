// The answer as a terminal summary: the lines at a glance, then only what is wrong or missing. May not: decide; print; ask what the terminal can do.
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from './contract.ts'
import { citeOf } from './messages.ts'
import { amountWords } from './money.ts'
import { clean, columnsOf, cut, firstWords, padTo, plural, wrap } from './plain.ts'
import { codeOf, courseWords, daysOf, gapsOf, shortDaysOf, DETERMINATION_LABELS, EFFECT_LABELS, isWrong, ledgerOf, pagesByState, STATUS_LABELS, valueOf, WRONG_FIRST } from './words.ts'
import type { Label, Tone } from './words.ts'

export interface TextOptions {
  readonly color: boolean
  /** Columns; fewer than 40 are taken as 40. */
  readonly width: number
}

/** Words of a quote shown; the JSON has all of it. */
const QUOTE_WORDS = 25

type Style = Tone | 'bold' | 'dim'
const CODES: Readonly<Record<Style, string>> = { good: '32', warn: '33', bad: '31', ask: '36', quiet: '2', bold: '1', dim: '2' }

export function toText(review: ReviewJson, options: TextOptions): string {
  const width = Math.max(40, Math.floor(options.width))
  const paint = (style: Style, text: string): string => (options.color && text !== '' ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text)
  const out: string[] = []
  const block = (text: string, first: string, rest: string, style?: Style): void => {
    for (const line of wrap(clean(text), width, first, rest)) out.push(style === undefined ? line : paint(style, line))
  }
  /** A block whose first line begins with a coloured symbol. */
  const marked = (label: Label, indent: string, text: string): void => {
    const lines = wrap(clean(text), width, `${indent}  `)
    lines.forEach((line, i) => out.push(i === 0 ? `${indent}${paint(label.tone, label.symbol)} ${line.slice(indent.length + 2)}` : line))
  }
  const title = (text: string): void => {
    out.push('')
    block(text, '', '', 'bold')
  }
  const quote = (evidence: EvidenceJson | undefined, indent: string): void => {
    if (evidence === undefined) return
    block(`${evidence.stance === 'against' ? 'against: ' : ''}${evidence.file} p.${evidence.page} “${firstWords(clean(evidence.quote), QUOTE_WORDS)}”`, indent, `${indent}  `, 'dim')
  }
  const requirement = (r: RequirementJson): void => {
    marked(STATUS_LABELS[r.status], '  ', `${r.id} ${STATUS_LABELS[r.status].words}. ${withoutCite(r)}`)
    quote(r.evidence[0], '      ')
    // Contradictions are always shown.
    const other = r.evidence.find((e) => e.stance !== r.evidence[0]?.stance)
    if (other !== undefined) quote(other, '      ')
  }
  const rule = (r: RuleJson): void => {
    const codes = r.denialCodes.length === 0 ? '' : ` Denial codes: ${r.denialCodes.join(', ')}.`
    marked(EFFECT_LABELS[r.effect], '  ', `${r.id} ${EFFECT_LABELS[r.effect].words}. ${r.explanation}${codes}`)
    quote(r.evidence[0], '      ')
  }

  // Who, and how much of it.
  const { claim } = review
  const ledger = ledgerOf(review.documents)
  const supported = review.lines.filter((l) => l.determination === 'supported').length
  const patient = [claim.patient.name, claim.patient.birthDate === null ? null : `born ${claim.patient.birthDate}`].filter((p) => p !== null)
  block([`Claim ${claim.claimId}`, ...patient].join(' · '), '', '  ', 'bold')
  block(`${supported} of ${plural(review.lines.length, 'line')} supported · ${plural(ledger.files, 'file')}, ${plural(ledger.pages, 'page')}${ledger.unread === 0 ? ', all read' : `, ${ledger.unread} could not be read`}`, '', '  ')
  out.push('')
  out.push(...worklist(review.lines, width, paint))

  const { money } = review
  if (money !== undefined) {
    title('Money at stake, by the fee table given')
    block(`billed ${amountWords(money.billed)} · not supported ${amountWords(money.notSupported)} · open ${amountWords(money.open)} · supported ${amountWords(money.supported)}`, '  ', '    ')
    for (const l of review.lines) if (l.money !== undefined && l.money.fee !== null && (l.money.notSupported !== 0 || l.money.open !== 0)) block(`line ${l.line} ${codeOf(l)}: not supported ${amountWords(l.money.notSupported ?? 0)}, open ${amountWords(l.money.open ?? 0)}`, '  ', '    ')
    if (money.withoutFee.length > 0) block(`no fee for ${money.withoutFee.length === 1 ? 'line' : 'lines'} ${money.withoutFee.join(', ')}, which the sums leave out`, '  ', '    ')
  }

  // What is wrong or missing.
  for (const line of review.lines) {
    const wrong = line.requirements.filter(isWrong).sort((a, b) => WRONG_FIRST[a.status] - WRONG_FIRST[b.status])
    // What is only worth knowing has its place in JSON and HTML.
    const told = (line.edits ?? []).filter((e) => e.weight === 'finding' || e.supports.length > 0)
    if (wrong.length === 0 && line.rules.length === 0 && told.length === 0 && line.determination === 'supported') continue
    title(`Line ${line.line} · ${codeOf(line)} ${line.label} · ${DETERMINATION_LABELS[line.determination].words}`)
    for (const r of wrong) requirement(r)
    for (const r of line.rules) rule(r)
    if (line.level !== null && (line.level.against === 'higher' || (line.level.against === 'lower' && !line.rules.some((r) => r.id === line.level?.rule)))) {
      marked({ words: 'level', symbol: '–', tone: 'quiet' }, '  ', line.level.explanation)
      quote(line.level.evidence[0], '      ')
    }
    for (const r of line.remarks) marked(EFFECT_LABELS.note, '  ', `${r.id} remarks. ${r.explanation}`)
    const gaps = gapsOf(line)
    if (gaps !== '') block(gaps, '  ', '    ', 'dim')
    if (line.codeChange !== null) block(line.codeChange.explanation, '  ', '    ', 'dim')
    for (const e of told) {
      marked(e.weight === 'finding' ? TABLE_SAYS : TABLE_NOTES, '  ', e.explanation)
      for (const s of e.supports) quote(s.evidence[0], '      ')
    }
    if (line.requests.length > 0) {
      out.push('  To request:')
      for (const request of line.requests) block(request, '  • ', '    ')
    }
  }
  if (review.rules.length > 0) {
    title('Rules of the whole claim')
    for (const r of review.rules) rule(r)
  }
  const advised = review.general.filter(isWrong)
  if (advised.length > 0) {
    title('General documentation (advised; decides no line)')
    for (const r of advised) requirement(r)
  }
  if (review.differences.length > 0) {
    title('Where claim and chart do not agree')
    for (const d of review.differences) {
      marked({ words: 'differs', symbol: '≠', tone: 'ask' }, '  ', d.explanation)
      quote(d.chart.evidence[0], '      ')
    }
  }
  const later = review.lines.filter((l) => l.policyNote !== null)
  if (later.length > 0 || review.errata.length > 0) {
    title('How the policy was read')
    const texts = [...new Set(later.map((l) => l.policyVersion))]
    if (later.length > 0) block(`Lines ${later.map((l) => l.line).join(', ')}: judged by the text of ${texts.join(', ')}, the nearest one known; another may hold on these days.`, '  ', '    ')
    for (const e of review.errata) block(`${e.id} (${e.lines.length === 1 ? 'line' : 'lines'} ${e.lines.join(', ')}): ${e.about} Read as: ${e.readAs}`, '  ', '    ')
  }
  if (review.courses.length > 0) {
    title('Courses of treatment')
    for (const c of review.courses) block(courseWords(c), '  ', '    ')
  }
  const decisive = review.facts.performanceStatus.filter((f) => f.decisive)
  if (decisive.length > 0) {
    title('Performance status that holds')
    for (const f of decisive) {
      block(`${f.scale} ${valueOf(f)}${f.date === null ? '' : ` of ${f.date}`}`, '  ', '    ')
      block(`${f.file} p.${f.page} “${firstWords(clean(f.quote), QUOTE_WORDS)}”`, '      ', '        ', 'dim')
    }
  }
  if (review.problems.length > 0) {
    title('Problems with the files')
    for (const p of review.problems) marked({ words: p.severity, symbol: p.severity === 'error' ? '✗' : '!', tone: p.severity === 'error' ? 'bad' : 'warn' }, '  ', p.explanation)
  }
  title('Pages received')
  for (const d of review.documents) block(`${d.file}: ${pagesByState(d.pages)}`, '  ', '    ')
  if (ledger.unreadPlaces.length > 0) {
    title('Pages that could not be read')
    for (const place of ledger.unreadPlaces) block(`${place.file} p. ${place.pages}`, '  ', '    ')
  }
  out.push('')
  if (review.tables !== undefined && review.tables.length > 0) block(`National tables: ${review.tables.map((t) => `${t.table}${t.setting === null ? '' : ` ${t.setting}`} of ${t.effective}`).join(', ')}.`, '', '', 'dim')
  block(`Made by vouch ${review.made.engine}${ledger.byOcr === 0 || review.made.ocr === null ? '' : `, scans read by ${review.made.ocr}`}, policy ${review.made.policy} of ${review.made.policyVersions.join(', ')}, dictionaries ${review.made.dictionaries.slice(0, 14)}.`, '', '', 'dim')
  return `${out.map((line) => line.trimEnd()).join('\n')}\n`
}

const TABLE_SAYS: Label = { words: 'national table', symbol: '!', tone: 'warn' }
const TABLE_NOTES: Label = { words: 'national table', symbol: 'i', tone: 'quiet' }

/** The JSON, HTML and letters cite the policy; a terminal has no room for it. */
function withoutCite(r: RequirementJson): string {
  const cite = ` (policy section ${citeOf(r.cites)}).`
  return r.explanation.endsWith(cite) ? `${r.explanation.slice(0, -cite.length)}.` : r.explanation
}

/** One row a line of the claim; two rows where the terminal is narrow. */
function worklist(lines: readonly LineJson[], width: number, paint: (style: Style, text: string) => string): string[] {
  const numberWidth = Math.max(...lines.map((l) => `${l.line}`.length), 1)
  const codeWidth = Math.max(...lines.map((l) => columnsOf(codeOf(l))), 5)
  const unitsOf = (l: LineJson): string => `${l.unitsSupported} of ${plural(l.units, 'unit')}`
  const unitsWidth = Math.max(...lines.map((l) => unitsOf(l).length), 1)
  const wordsWidth = Math.max(...lines.map((l) => DETERMINATION_LABELS[l.determination].words.length), 1)
  const datesWidth = Math.max(...lines.map((l) => shortDaysOf(l).length), 10)
  const used = 2 + numberWidth + 2 + codeWidth + 2 + 2 + datesWidth + 2 + unitsWidth + 2 + 4 + 2 + wordsWidth
  const labelWidth = Math.min(36, width - used)
  return lines.flatMap((line) => {
    const { words, symbol, tone } = DETERMINATION_LABELS[line.determination]
    const head = `${`${line.line}`.padStart(numberWidth)}  ${padTo(clean(codeOf(line)), codeWidth)}`
    const score = line.score.toFixed(2)
    if (labelWidth >= 12) {
      return [`${paint(tone, symbol)} ${head}  ${padTo(clean(line.label), labelWidth)}  ${shortDaysOf(line).padEnd(datesWidth)}  ${unitsOf(line).padEnd(unitsWidth)}  ${score}  ${paint(tone, words)}`]
    }
    const tail = width - 2 - columnsOf(head) - 2
    return [
      `${paint(tone, symbol)} ${head}  ${paint(tone, cut(words, tail))}`,
      ...wrap(`${clean(line.label)} · ${daysOf(line)} · ${unitsOf(line)} · score ${score}`, width, '    '),
    ]
  })
}
