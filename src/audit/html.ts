// The self-audit as one HTML file that needs nothing else. May not: decide; load anything from outside; run a script.
import { REPORT_CSS } from '../report/html-style.ts'
import { amountWords } from '../report/money.ts'
import { plural } from '../report/plain.ts'
import { DETERMINATION_LABELS, STATUS_LABELS, type Label } from '../report/words.ts'
import { EFFECT_WORDS, MEANS_WORDS, OUTLOOK_WORDS } from './audit-words.ts'
import { draftText, type Draft } from './drafts.ts'
import { groupSuggestions } from './group-suggestions.ts'
import { scopeSentence, type Fix, type SelfAudit } from './self-audit.ts'
import type { WhatIf } from './what-if.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const esc = (text: string | number): string => `${text}`.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').replace(/[&<>"']/g, (c) => ESCAPES[c] as string)

const CSS = `${REPORT_CSS}
ol.fixes{list-style:none;margin:0;padding:0}ol.fixes>li{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--quiet);border-radius:8px;padding:.8rem 1.1rem;margin:.8rem 0}
ol.fixes>li.curable{border-left-color:var(--good)}ol.fixes>li.if-it-exists{border-left-color:var(--warn)}ol.fixes>li.correct-the-claim{border-left-color:var(--ask)}ol.fixes>li.not-curable{border-left-color:var(--bad)}
ol.fixes h3{margin:0 0 .2rem;display:flex;gap:.6rem;justify-content:space-between;flex-wrap:wrap}ul.ways{list-style:none;padding:0;margin:.5rem 0 0}ul.ways li{padding:.2rem 0 .2rem 1.5rem;text-indent:-1.5rem}ul.ways b{font-weight:600}
ul.ways .no{color:var(--bad)}pre.draft{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.8rem;font:.9rem/1.45 ui-monospace,Menlo,Consolas,monospace}`

const OUTLOOK_TONE = { curable: 'good', 'if-it-exists': 'warn', 'correct-the-claim': 'ask', 'not-curable': 'bad' } as const
const OUTLOOK_SHORT = { curable: 'can be mended', 'if-it-exists': 'if it exists', 'correct-the-claim': 'correct the claim', 'not-curable': 'cannot be mended' } as const
const badge = (label: Label): string => `<span class="badge ${label.tone}"><span aria-hidden="true">${esc(label.symbol)} </span>${esc(label.words)}</span>`

export function auditToHtml(audit: SelfAudit, options: { readonly remarks?: readonly string[]; readonly whatIf?: WhatIf | undefined; readonly drafts?: readonly Draft[] } = {}): string {
  const { drafts = [], remarks = [], whatIf } = options
  const fix = (f: Fix): string => `
<li class="${f.outlook}" id="${f.id}"><h3><span>${f.id} ${esc(f.title)}</span><span class="badge ${OUTLOOK_TONE[f.outlook]}">${OUTLOOK_SHORT[f.outlook]}</span></h3>
<p class="facts">${f.lines.length === 0 ? '' : `<span>${f.lines.length === 1 ? 'Line' : 'Lines'} ${f.lines.join(', ')} (${f.codes.map(esc).join(', ')})</span>`}${f.stake === null || f.stake === 0 ? '' : `<span>${amountWords(f.stake)} at stake</span>`}<span>${EFFECT_WORDS[f.effect]}</span></p>
<p>${esc(f.says)}</p>${f.evidence.length === 0 ? '' : `<ul class="quotes">${f.evidence.slice(0, 3).map((e) => `<li${e.stance === 'against' ? ' class="against"' : ''}><q dir="auto">${esc(e.quote)}</q> <span class="place"><bdi>${esc(e.file)}</bdi> p.&nbsp;${e.page}</span></li>`).join('')}</ul>`}
<ul class="ways">${f.ways.map((w) => `<li>✓ <b>${MEANS_WORDS[w.means]}.</b> ${esc(w.says)} <span class="muted">${esc(w.source)}</span></li>`).join('')}${f.barred.map((b) => `<li class="no">✗ <b>Not possible.</b> ${esc(b.says)} <span class="muted">${esc(b.source)}</span></li>`).join('')}</ul>
${drafts.filter((d) => d.fixes.includes(f.id)).map((d) => `<details><summary>Draft: ${esc(d.title.toLowerCase())}</summary><pre class="draft" tabindex="0">${esc(draftText(d))}</pre></details>`).join('')}</li>`
  const suggested = audit.suggested === null ? '' : `<section class="card"><h2>Suggested by the chart</h2><ul>${groupSuggestions(audit.suggested).map((g) => `<li><b>${esc(g.code)}</b> ${esc(g.label)}: ${esc(g.days)}${g.units === 1 ? '' : `, ${plural(g.units, 'unit')}`}. ${esc(g.why)}${g.place === null ? '' : ` <span class="place">${esc(g.place)}</span>`}</li>`).join('')}</ul></section>`
  const what = whatIf === undefined ? '' : `<section class="card"><h2>With ${esc(whatIf.files.join(', ') || 'the pages added')}</h2>${whatIf.lines.length === 0 ? '<p>Nothing would change.</p>' : `<ul>${whatIf.lines.map((l) => `<li>Line ${l.line} ${esc(l.code)} of ${l.serviceDate}: ${badge(DETERMINATION_LABELS[l.before])} → ${badge(DETERMINATION_LABELS[l.after])}<ul>${l.statuses.map((s) => `<li><code>${esc(s.requirement)}</code> ${badge(STATUS_LABELS[s.before])} → ${badge(STATUS_LABELS[s.after])} ${esc(s.says)}</li>`).join('')}${l.rulesGone.map((r) => `<li><code>${esc(r.id)}</code> no longer applies: ${esc(r.says)}</li>`).join('')}${l.rulesNew.map((r) => `<li><code>${esc(r.id)}</code> now applies: ${esc(r.says)}</li>`).join('')}</ul></li>`).join('')}</ul>`}</section>`
  const name = audit.claimId === 'PLAN' ? 'planned services' : `claim ${audit.claimId}`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Self-audit of ${esc(name)}</title><style>${CSS}</style></head>
<body><header><p class="brand">Vouch self-audit</p><h1>Self-audit of ${esc(name)}</h1><p class="lead">${esc(scopeSentence(audit))}${audit.patient.name === null ? '' : ` Patient: ${esc(audit.patient.name)}.`}</p>${remarks.map((r) => `<p class="muted">${esc(r)}</p>`).join('')}</header>
<main>${suggested}
<section class="card"><h2>Lines</h2><div class="scroll" tabindex="0" role="region" aria-label="Lines"><table><thead><tr><th scope="col">Line</th><th scope="col">Code</th><th scope="col">Day</th><th scope="col">Units</th><th scope="col">As it stands</th><th scope="col">Once written</th><th scope="col">If documents exist</th>${audit.money === null ? '' : '<th scope="col">Amount</th>'}</tr></thead>
<tbody>${audit.lines.map((l) => `<tr><td>${l.line}</td><td><b>${esc(l.code)}</b> ${esc(l.label)}</td><td>${l.serviceDate}</td><td>${l.units}</td><td>${badge(DETERMINATION_LABELS[l.determination])}</td><td>${badge(DETERMINATION_LABELS[l.ifCured])}</td><td>${badge(DETERMINATION_LABELS[l.ifFound])}</td>${audit.money === null ? '' : `<td>${l.amount === null ? '–' : amountWords(l.amount)}</td>`}</tr>`).join('')}</tbody></table></div>
${audit.money === null ? '' : `<p>By ${audit.money.basis === 'fees' ? 'the fee table given' : 'the charges of the claim'}: ${amountWords(audit.money.billed)} planned, ${amountWords(audit.money.supported)} supported, ${amountWords(audit.money.curable)} once what may be written is written, ${amountWords(audit.money.ifFound)} if documents exist, ${amountWords(audit.money.lost)} not to be had.</p>`}</section>
<section><h2>What to do, the most valuable first</h2>${audit.fixes.length === 0 ? '<p>Nothing to mend.</p>' : `<ol class="fixes">${audit.fixes.map(fix).join('')}</ol>`}</section>
${audit.advice.length === 0 ? '' : `<section class="card"><h2>Worth having, though it decides no line</h2><ul>${audit.advice.map((f) => `<li>${esc(f.title)}. <span class="muted">${OUTLOOK_WORDS[f.outlook]}</span></li>`).join('')}</ul></section>`}${what}
${audit.problems.length === 0 ? '' : `<section class="card"><h2>Problems of the records</h2><ul>${audit.problems.map((p) => `<li>${esc(p)}</li>`).join('')}</ul></section>`}
<footer><p class="muted">Vouch ${esc(audit.made.engine)}, policy ${esc(audit.made.policy)}, text of ${esc(audit.made.policyVersions.join(', '))}. Drafts are for people to complete; nothing here is legal advice.</p></footer></main></body></html>
`
}
