// The policy page as one HTML file that needs nothing else. May not: load anything from outside; run a script; decide.
import { REPORT_CSS } from './html-style.ts'
import { plural } from './plain.ts'
import { CLASS_WORDS, type CopyPassage, type PolicyPage } from './policy-page.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const esc = (text: string | number): string => `${text}`.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').replace(/[&<>"']/g, (c) => ESCAPES[c] as string)
const anchor = (id: string): string => id.replace(/[^A-Za-z0-9.-]/g, '-')

const CSS = `${REPORT_CSS}
nav.contents ul{display:flex;flex-wrap:wrap;gap:.3rem 1rem;list-style:none;padding:0}
table.policy td,table.policy th{vertical-align:top;text-align:left;padding:.55rem .7rem;border-bottom:1px solid var(--line)}table.policy th[scope=row]{font-weight:500}
blockquote.own{margin:.5rem 0 0;padding:.4rem .8rem;border-left:3px solid var(--line);color:var(--muted);font-size:.92rem;white-space:pre-line}blockquote.own cite{display:block;font-style:normal;font-size:.8rem}`

/** `copy` are passages of the operator's own copy of the policy; without them the page cites only. */
export function policyToHtml(pages: readonly PolicyPage[], copy: readonly CopyPassage[] = []): string {
  const own = (id: string): string => {
    const passage = copy.find((p) => p.id === id)
    return passage === undefined ? '' : `<blockquote class="own" dir="auto">${esc(passage.text)}<cite>Your copy, page ${passage.page}${passage.heading === '' ? '' : `, under “${esc(passage.heading)}”`}</cite></blockquote>`
  }
  const cite = (section: string, item: string): string => `<span class="muted">${esc(section)}${item === '' ? '' : `, ${esc(/^\d+$/.test(item) ? `item ${item}` : item)}`}</span>`
  const one = (p: PolicyPage): string => `
<h1>${esc(p.title)}</h1><p class="lead">${esc(p.id)}. ${plural(p.checklists.reduce((n, c) => n + c.requirements.length, 0), 'requirement')}, ${plural(new Set(p.rules.map((r) => r.id)).size, 'billing rule')}.${p.knownUntil === null ? '' : ` The last text is known to hold until ${p.knownUntil}.`}</p>
<nav class="contents" aria-label="Contents"><ul>${p.checklists.map((c) => `<li><a href="#${anchor(c.id)}">${esc(c.label)}</a></li>`).join('')}<li><a href="#services">Services</a></li><li><a href="#rules">Billing rules</a></li><li><a href="#texts">Texts</a></li></ul></nav>
${p.checklists.map((c) => `<section class="card" id="${anchor(c.id)}"><h2>${esc(c.label)}</h2><p class="facts">${c.codes.length === 0 ? 'Every claim; advises and decides no line' : esc(c.codes.join(', '))}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${esc(c.label)}"><table class="policy"><thead><tr><th scope="col">What the record must show</th><th scope="col">Weight</th><th scope="col">Where it is said</th></tr></thead><tbody>
${c.requirements.map((r) => `<tr id="${anchor(r.id)}"><th scope="row">${esc(r.asks)} <code>${esc(r.id)}</code>${own(r.id)}</th><td>${CLASS_WORDS[r.class]}</td><td>${cite(r.section, r.item)}</td></tr>`).join('')}</tbody></table></div></section>`).join('')}
<section class="card" id="services"><h2>Services without a checklist</h2><ul>${p.services.map((s) => `<li><b>${esc(s.label)}</b> (${esc(s.codes.join(', '))}): ${esc(s.asks)}</li>`).join('')}</ul></section>
<section class="card" id="rules"><h2>Billing rules</h2><div class="scroll" tabindex="0" role="region" aria-label="Billing rules"><table class="policy"><thead><tr><th scope="col">Rule</th><th scope="col">What it says</th><th scope="col">Effect</th><th scope="col">Where it is said</th></tr></thead><tbody>
${p.rules.map((r) => `<tr><th scope="row"><code>${esc(r.id)}</code></th><td>${esc(r.says)}${r.holds === '' ? '' : ` <span class="muted">(${esc(r.holds)})</span>`}</td><td>${esc(r.effect)}</td><td>${cite(r.section, r.item)}</td></tr>`).join('')}</tbody></table></div></section>
<section class="card" id="texts"><h2>Texts of the policy</h2><ul>${p.versions.map((v) => `<li><b>${esc(v.version)}</b> ${esc(v.changed)}</li>`).join('')}</ul><h3>How open places are read</h3><ul>${p.settings.map((s) => `<li><code>${esc(s.name)}</code> ${esc(s.value)}</li>`).join('')}</ul>
<h3>Slips of the text</h3><ul>${p.errata.map((e) => `<li><code>${esc(e.id)}</code> ${esc(e.about)} <span class="muted">Read as: ${esc(e.readAs)}</span></li>`).join('')}</ul></section>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${esc(pages.map((p) => p.title).join('; '))}</title><style>${CSS}</style></head>
<body><header><p class="brand">Vouch policy</p></header><main>${pages.map(one).join('<hr>')}</main><footer><p class="muted">Paraphrased; what counts is the payer’s own text.${copy.length === 0 ? '' : ' Quoted passages are from your own copy and stay with you.'}</p></footer></body></html>
`
}
