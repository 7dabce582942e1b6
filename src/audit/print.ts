// The self-audit as plain text for a terminal. May not: decide; print; ask what the terminal can do.
import { amountWords } from '../report/money.ts'
import { clean, firstWords, plural, wrap } from '../report/plain.ts'
import { DETERMINATION_LABELS } from '../report/words.ts'
import { EFFECT_WORDS, MEANS_WORDS, OUTLOOK_WORDS } from './audit-words.ts'
import { groupSuggestions } from './group-suggestions.ts'
import { scopeSentence, type Fix, type SelfAudit } from './self-audit.ts'
import type { WhatIf } from './what-if.ts'

const QUOTE_WORDS = 20

export function auditToText(audit: SelfAudit, options: { readonly width: number; readonly remarks?: readonly string[]; readonly whatIf?: WhatIf | undefined }): string {
  const width = Math.max(40, Math.floor(options.width))
  const out: string[] = []
  const block = (text: string, first = '', rest = first): void => void out.push(...wrap(clean(text), width, first, rest))
  const title = (text: string): void => {
    out.push('')
    block(text)
  }
  block(`Self-audit of ${audit.claimId === 'PLAN' ? 'planned services' : `claim ${audit.claimId}`}${audit.patient.name === null ? '' : ` · ${audit.patient.name}`}`)
  block(scopeSentence(audit))
  for (const r of options.remarks ?? []) block(r)
  if (audit.suggested !== null) {
    title('Suggested by the chart')
    for (const g of groupSuggestions(audit.suggested)) block(`${g.code} ${g.label}: ${g.days}${g.units === 1 ? '' : `, ${plural(g.units, 'unit')}`}. ${g.why}${g.place === null ? '' : ` (${g.place})`}`, '  ', '    ')
    if (audit.suggested.length === 0) block('Nothing: no code that the policy knows is shown by what was read.', '  ')
  }
  if (audit.lines.length > 0) title('Lines, as the chart stands, and as it could')
  for (const l of audit.lines) {
    const label = DETERMINATION_LABELS[l.determination]
    const could = l.determination === 'supported' ? '' : l.ifCured !== l.determination ? ` → ${DETERMINATION_LABELS[l.ifCured].words} once what may be written is written` : l.ifFound !== l.determination ? ` → ${DETERMINATION_LABELS[l.ifFound].words} if the documents exist` : ''
    block(`${label.symbol} ${String(l.line).padStart(2)} ${l.code} ${l.serviceDate} × ${l.units} ${l.label}: ${label.words}${could}${l.amount === null ? '' : ` (${amountWords(l.amount)})`}`, '  ', '       ')
  }
  if (audit.money !== null) {
    const { money } = audit
    block(`By ${money.basis === 'fees' ? 'the fee table given' : 'the charges of the claim'}: ${amountWords(money.billed)} planned, ${amountWords(money.supported)} supported, ${amountWords(money.curable)} once what may be written is written, ${amountWords(money.ifFound)} if documents exist, ${amountWords(money.lost)} not to be had.`, '  ')
  }
  title(audit.fixes.length === 0 ? 'Nothing to mend.' : `What to do, the most valuable first (${audit.fixes.length})`)
  for (const fix of audit.fixes) fixBlock(fix)
  if (audit.advice.length > 0) {
    title('Worth having, though it decides no line')
    for (const fix of audit.advice) block(`${fix.title}.`, '  ', '    ')
  }
  if (options.whatIf) changes(options.whatIf)
  if (audit.problems.length > 0) {
    title('Problems of the records')
    for (const p of audit.problems) block(p, '  ', '    ')
  }
  return `${out.join('\n')}\n`

  function fixBlock(fix: Fix): void {
    out.push('')
    block(`${fix.id} ${fix.title}.`, '', '   ')
    const lines = fix.lines.length === 0 ? '' : `${fix.lines.length === 1 ? 'Line' : 'Lines'} ${fix.lines.join(', ')} (${fix.codes.join(', ')}). `
    block(`${lines}${OUTLOOK_WORDS[fix.outlook]}${fix.stake === null || fix.stake === 0 ? '' : ` ${amountWords(fix.stake)} at stake.`} ${EFFECT_WORDS[fix.effect]}`, '   ')
    for (const e of fix.evidence.slice(0, 2)) block(`${e.stance === 'against' ? 'against: ' : ''}${e.file} p. ${e.page} “${firstWords(clean(e.quote), QUOTE_WORDS)}”`, '   ', '     ')
    for (const w of fix.ways) block(`+ ${MEANS_WORDS[w.means]}: ${w.says}`, '   ', '     ')
    for (const b of fix.barred) block(`- Not possible: ${b.says}`, '   ', '     ')
    if (fix.cites !== '') block(`${fix.subject}; policy ${fix.cites}`, '   ')
  }

  function changes(what: WhatIf): void {
    title(`With ${what.files.length === 0 ? 'the pages added' : what.files.join(', ')}`)
    if (what.lines.length + what.general.length === 0) block('Nothing would change.', '  ')
    for (const l of what.lines) {
      block(`Line ${l.line} ${l.code} of ${l.serviceDate}: ${l.before === l.after ? `stays ${DETERMINATION_LABELS[l.after].words}` : `${DETERMINATION_LABELS[l.before].words} → ${DETERMINATION_LABELS[l.after].words}`}${l.unitsBefore === l.unitsAfter ? '' : `, units supported ${l.unitsBefore} → ${l.unitsAfter}`}`, '  ', '    ')
      for (const s of l.statuses) {
        block(`${s.requirement}: ${s.before} → ${s.after}. ${s.says}`, '    ', '      ')
        const e = s.evidence[0]
        if (e) block(`${e.file} p. ${e.page} “${firstWords(clean(e.quote), QUOTE_WORDS)}”`, '      ', '        ')
      }
      for (const r of l.rulesGone) block(`${r.id} no longer applies: ${r.says}`, '    ', '      ')
      for (const r of l.rulesNew) block(`${r.id} now applies: ${r.says}`, '    ', '      ')
    }
    for (const s of what.general) block(`${s.requirement}: ${s.before} → ${s.after}`, '  ', '    ')
  }
}
