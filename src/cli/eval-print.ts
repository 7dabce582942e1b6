// The figures of an evaluation for people: terminal text, and the page docs/accuracy.md. May not: count; read files or a clock.
import { DETERMINATIONS, REQUIREMENT_STATUSES } from '../report/contract.ts'
import { clean, firstWords } from '../report/plain.ts'
import { sentenceRows } from './sentence-score.ts'
import type { SentenceReport } from './sentence-score.ts'
import type { Disagreement, EvalReport, Figures, Retrieval, Share } from './eval-score.ts'

const percent = (rate: number | null): string => (rate === null ? '–' : `${(rate * 100).toFixed(1)} %`)
const share = (s: Share): string => (s.of === 0 ? '– (none)' : `${percent(s.rate)} (${s.count} of ${s.of})`)
const SHORT = { supported: 'supported', 'insufficient-documentation': 'insufficient', 'not-supported': 'not-supported', 'needs-review': 'needs-review', missing: 'no answer' } as const

/** The figures as pairs of name and value, the same in every form. */
function headline(f: Figures): [string, string][] {
  return [
    ['Cases', `${f.cases}${f.failed === 0 ? '' : ` (${f.failed} could not be reviewed)`}`],
    ['Determination right', share(f.determination.accuracy)],
    ['False approvals', share(f.determination.falseApprovals)],
    ['False denials', share(f.determination.falseDenials)],
    ['Sent to review', share(f.determination.reviewRate)],
    ['Requirement status right', share(f.requirements.accuracy)],
    ['Requirement status, mean F1', percent(f.requirements.macroF1)],
    ['Evidence on the expert’s page', share(f.evidence.pages)],
    ['Evidence in the expert’s words', share(f.evidence.quotes)],
    ['Rules, per line', retrieval(f.rules.perLine)],
    ['Rules, anywhere in the claim', retrieval(f.rules.anywhere)],
    ['Units supported right', share(f.unitsSupported)],
    ['Code meant right', share(f.reportedCode)],
    ['Performance values', retrieval(f.performanceStatus.all)],
    ['Performance value that holds', retrieval(f.performanceStatus.decisive)],
  ]
}

const retrieval = (r: Retrieval): string =>
  (r.f1 === null ? '– (none)' : `precision ${percent(r.precision)}, recall ${percent(r.recall)} (${r.hit} found, ${r.missed} missed, ${r.extra} too many)`)

/** Cells padded to columns, two spaces between. */
function columns(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((r) => (r[c] ?? '').length)))
  return rows.map((row) => (indent + row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] as number) : cell.padStart(widths[c] as number))).join('  ')).trimEnd())
}

const confusionRows = (f: Figures): string[][] => [
  ['expert \\ vouch', ...DETERMINATIONS.map((d) => SHORT[d]), SHORT.missing],
  ...DETERMINATIONS.map((g) => [SHORT[g] as string, ...[...DETERMINATIONS, 'missing' as const].map((o) => `${f.determination.confusion[g][o]}`)]),
]

const statusRows = (f: Figures): string[][] => [
  ['status', 'expert', 'precision', 'recall', 'F1'],
  ...REQUIREMENT_STATUSES.filter((s) => f.requirements.byStatus[s].f1 !== null).map((s) => {
    const r = f.requirements.byStatus[s]
    return [s as string, `${r.hit + r.missed}`, percent(r.precision), percent(r.recall), percent(r.f1)]
  }),
]

const familyRows = (f: Figures): string[][] => [
  ['family', 'asked', 'right', 'F1 met', 'F1 partial', 'F1 not-met', 'F1 unclear', 'F1 triggered'],
  ...Object.entries(f.requirements.byFamily).map(([family, { accuracy, byStatus }]) =>
    [family, `${accuracy.of}`, percent(accuracy.rate), ...(['met', 'partial', 'not-met', 'unclear', 'triggered'] as const).map((s) => percent(byStatus[s]?.f1 ?? null))]),
]

const placeOf = (d: Disagreement): string => [d.case, d.line === null ? 'claim' : `line ${d.line}${d.code === null ? '' : ` ${d.code}`}`, d.id ?? d.kind].join(' · ')

/** The longest quote or sentence shown, in words. */
const WORDS = 40

export function evalToText(report: EvalReport): string {
  const out: string[] = []
  const section = (name: string, f: Figures): void => {
    out.push(name, ...columnsLeft(headline(f)), '')
  }
  section('All cases', report.all)
  if (report.groups.length > 1) for (const { group, figures } of report.groups) section(group, figures)
  out.push('Determinations', ...columns(confusionRows(report.all)), '')
  out.push('Requirements by status', ...columns(statusRows(report.all)), '')
  out.push('Requirements by family', ...columns(familyRows(report.all)), '')
  const wrong = Object.entries(report.all.rules.byRule).filter(([, t]) => t.missed + t.extra > 0)
  if (wrong.length > 0) out.push('Rules that disagree', ...columns([['rule', 'found', 'missed', 'too many'], ...wrong.map(([id, t]) => [id, `${t.hit}`, `${t.missed}`, `${t.extra}`])]), '')
  out.push(report.disagreements.length === 0 ? 'No disagreements' : `Disagreements (${report.disagreements.length})`)
  for (const d of report.disagreements) {
    out.push(`  ${clean(placeOf(d))}: ${clean(d.gold)} → ${clean(d.ours)}`)
    if (d.why !== null) out.push(`      expert: ${firstWords(clean(d.why), WORDS)}`)
    if (d.explanation !== null) out.push(`      vouch:  ${firstWords(clean(d.explanation), WORDS)}`)
  }
  return `${out.join('\n').trimEnd()}\n`
}

const columnsLeft = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)
}

const cell = (text: string): string => clean(text).replace(/[\\|<>&*_`[\]]/g, (c) => (c === '<' ? '&lt;' : c === '>' ? '&gt;' : c === '&' ? '&amp;' : `\\${c}`))

function table(rows: readonly (readonly string[])[]): string[] {
  const [head, ...body] = rows
  if (head === undefined) return []
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map((_, i) => (i === 0 ? '---|' : '--:|')).join('')}`, ...body.map(line)]
}

/** The figures over labelled sentences, as a section of the page. */
function sentencesToMarkdown(report: SentenceReport): string[] {
  return [
    '## Sentences', '',
    `${report.sentences} labelled sentences (corpus/sentences), ${report.heldOut} of them held out: nobody looked at them while a dictionary was improved. In brackets the 95 % interval (Wilson).`, '',
    ...table(sentenceRows(report)), '',
  ]
}

/** The same for a terminal, with what is wrong in the part that may be looked at. */
export function sentencesToText(report: SentenceReport): string {
  const wrong = report.wrong.filter((w) => !w.heldOut)
  return [
    `Sentences (${report.sentences}, ${report.heldOut} held out)`, ...columns(sentenceRows(report)), '',
    `Sentences read wrongly, of those not held out (${wrong.length})`,
    ...wrong.flatMap((w) => [`  ${clean(w.file)}: ${firstWords(clean(w.text.replace(/\s+/g, ' ')), WORDS)}`, `      wanted: ${clean(w.wanted)}; found: ${clean(w.found)}`]),
  ].join('\n') + '\n'
}

export function evalToMarkdown(report: EvalReport, sentences: SentenceReport | null = null): string {
  const wide = report.groups.length > 1
  const all: readonly { readonly group: string; readonly figures: Figures }[] = wide ? [{ group: 'all', figures: report.all }, ...report.groups] : [{ group: 'all', figures: report.all }]
  const lists = all.map(({ figures }) => headline(figures))
  const out: string[] = [
    '# Accuracy', '',
    'Written by `vouch eval`; not edited by hand. An expert’s answer to each case is compared with the program’s.', '',
    '- A determination is right where it equals the expert’s or one that the expert accepts as well.',
    '- A false approval is a line that the expert does not support as it stands and the program does; a false denial is the reverse. A line sent to review is neither.',
    '- Evidence counts where the expert found a requirement met, partial or triggered and named a place: one of the program’s quotes stands on that page, or shares six in ten of the words.',
    '- Rules are compared line by line, and wherever in the claim they stand. Performance values are compared by scale, value and whether they hold.', '',
    '## Figures', '',
    `| | ${all.map(({ group }) => cell(group)).join(' | ')} |`, `|---|${all.map(() => '---|').join('')}`,
    ...(lists[0] ?? []).map(([name], i) => `| ${cell(name)} | ${lists.map((l) => cell(l[i]?.[1] ?? '')).join(' | ')} |`), '',
  ]
  for (const { group, figures } of all) {
    const suffix = wide ? ` (${group})` : ''
    out.push(`## Determinations${suffix}`, '', ...table(confusionRows(figures)), '')
    out.push(`## Requirements by status${suffix}`, '', ...table(statusRows(figures)), '')
    out.push(`## Requirements by family${suffix}`, '', ...table(familyRows(figures)), '')
  }
  if (sentences !== null && sentences.sentences > 0) out.push(...sentencesToMarkdown(sentences))
  out.push(`## Disagreements (${report.disagreements.length})`, '')
  if (report.disagreements.length === 0) out.push('None.')
  for (const d of report.disagreements) {
    out.push(`- ${cell(placeOf(d))}: ${cell(d.gold)} → **${cell(d.ours)}**`)
    if (d.why !== null) out.push(`  - expert: ${cell(firstWords(clean(d.why), WORDS))}`)
    if (d.explanation !== null) out.push(`  - vouch: ${cell(firstWords(clean(d.explanation), WORDS))}`)
  }
  return `${out.join('\n').trimEnd()}\n`
}
