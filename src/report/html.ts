// The answer as one HTML file that needs nothing else. May not: decide; load anything from outside; run a script.
import type { EditJson, EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from './contract.ts'
import { plural, ranges } from './plain.ts'
import { codeOf, courseWords, daysOf, gapsOf, DETERMINATION_LABELS, EFFECT_LABELS, isWrong, ledgerOf, stateOf, STATUS_LABELS, valueOf } from './words.ts'
import type { Label } from './words.ts'
import { REPORT_CSS } from './html-style.ts'
import { amountWords } from './money.ts'

type CourseJson = ReviewJson['courses'][number]

export interface HtmlOptions {
  /** Folder of the records, relative to where the HTML file will lie, for links to pages. Default: the same folder. */
  readonly records?: string
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Safe in element content and in quoted attributes. Control characters, which HTML does not allow, become spaces. */
 
const esc = (text: string | number): string => `${text}`.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').replace(/[&<>"']/g, (c) => ESCAPES[c] as string)

const suggested = (codes: RequirementJson['suggested']): string =>
  (codes === undefined || codes.length === 0 ? '' : ` <span class="muted">Codes that may fit: ${codes.map((c) => `<span title="${esc(c.words)}">${c.list} ${esc(c.code)}</span>`).join(', ')}.</span>`)

const badge = (label: Label): string => `<span class="badge ${label.tone}"><span aria-hidden="true">${esc(label.symbol)} </span>${esc(label.words)}</span>`

/** A relative link that cannot become a scheme, or null for a file inside an archive, which no browser can open. */
function hrefOf(file: string, page: number, records: string): string | null {
  const parts = file.split('/')
  if (parts.slice(0, -1).some((p) => /\.(?:zip|eml|msg|pdf)$/i.test(p)) || parts.includes('..')) return null
  const folder = records === '' ? '' : `${records.replace(/\/+$/, '').split('/').map(encodeURIComponent).join('/')}/`
  // Lone surrogates cannot be encoded.
  const path = parts.filter((p) => p !== '' && p !== '.').map((p) => encodeURIComponent(p.replace(/\p{Surrogate}/gu, '\ufffd'))).join('/')
  return `${folder.startsWith('.') ? '' : './'}${folder}${path}${/\.pdf$/i.test(file) ? `#page=${page}` : ''}`
}

export function toHtml(review: ReviewJson, options: HtmlOptions = {}): string {
  const records = options.records ?? ''
  const { claim, lines, made } = review
  const ledger = ledgerOf(review.documents)
  const supported = lines.filter((l) => l.determination === 'supported').length

  const place = (file: string, page: number): string => {
    const href = hrefOf(file, page, records)
    const words = `<bdi>${esc(file)}</bdi> p.&nbsp;${page}`
    return href === null ? `<span class="place">${words}</span>` : `<a class="place" href="${esc(href)}">${words}</a>`
  }
  const quote = (e: EvidenceJson): string =>
    `<li${e.stance === 'against' ? ' class="against"' : ''}>${e.stance === 'against' ? '<span class="stance">against: </span>' : ''}<q dir="auto">${esc(e.quote)}</q> ${place(e.file, e.page)}</li>`
  const quotes = (evidence: readonly EvidenceJson[]): string => {
    if (evidence.length === 0) return ''
    // Contradictions are always shown, whatever their rank.
    const shown = evidence.filter((e, i) => i < 2 || (e.stance === 'against' && i < 6))
    const more = evidence.filter((e) => !shown.includes(e))
    return `<ul class="quotes">${shown.map(quote).join('')}</ul>${more.length === 0 ? '' : `<details><summary>${plural(more.length, 'further quote')}</summary><ul class="quotes">${more.map(quote).join('')}</ul></details>`}`
  }
  const requirements = (list: readonly RequirementJson[], caption: string): string => `
<table class="requirements" role="table"><caption>${esc(caption)}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Requirement</th><th scope="col" role="columnheader">Status</th><th scope="col" role="columnheader">What the records show</th></tr></thead>
<tbody role="rowgroup">${list.map((r) => `
<tr role="row" class="${isWrong(r) ? `wrong ${STATUS_LABELS[r.status].tone}` : ''}"><th scope="row" role="rowheader"><span class="asks">${r.class === 'x' ? '<span class="tag">exclusion</span> ' : r.class === 'core' ? '<span class="tag">core</span> ' : ''}${esc(r.asks)}</span><code>${esc(r.id)}</code></th><td role="cell">${badge(STATUS_LABELS[r.status])}</td><td role="cell"><p>${esc(r.explanation)}${suggested(r.suggested)}</p>${quotes(r.evidence)}</td></tr>`).join('')}
</tbody></table>`
  const edits = (list: readonly EditJson[]): string => `<ul class="rules">${list.map((e) => `
<li class="${e.weight === 'finding' ? 'warn' : 'quiet'}"><p>${esc(e.explanation)}${suggested(e.suggested)}</p>${quotes(e.supports.flatMap((s) => s.evidence))}</li>`).join('')}</ul>`
  const rules = (list: readonly RuleJson[]): string => `<ul class="rules">${list.map((r) => `
<li class="${EFFECT_LABELS[r.effect].tone}"><p><code>${esc(r.id)}</code> ${badge(EFFECT_LABELS[r.effect])} ${esc(r.explanation)}${r.denialCodes.length === 0 ? '' : ` <span class="muted">Denial codes: ${esc(r.denialCodes.join(', '))}.</span>`}${suggested(r.suggested)}</p>${quotes(r.evidence)}</li>`).join('')}</ul>`

  const moneyOfLine = ({ money }: LineJson): string => {
    if (money === undefined) return ''
    if (money.fee === null) return '<span>no fee in the table given</span>'
    return `<span>billed ${amountWords(money.billed ?? 0)}</span>${money.notSupported ? `<span>not supported ${amountWords(money.notSupported)}</span>` : ''}${money.open ? `<span>open ${amountWords(money.open)}</span>` : ''}`
  }

  /** What was told beside the rules: the level shown, remarks, what could not be checked, and how the day bears on text and code. */
  const aside = (line: LineJson): string => {
    const level = line.level === null || line.level.against === 'unknown' ? '' : `<li class="quiet"><p>${esc(line.level.explanation)}</p>${quotes(line.level.evidence)}</li>`
    const remarks = line.remarks.map((r) => `<li class="quiet"><p><code>${esc(r.id)}</code> ${esc(r.explanation)}</p>${quotes(r.evidence)}</li>`).join('')
    const told = [gapsOf(line), line.policyNote ?? '', line.codeChange?.explanation ?? ''].filter((t) => t !== '').map((t) => `<li class="quiet"><p class="muted">${esc(t)}</p></li>`).join('')
    const all = `${level}${remarks}${told}`
    return all === '' ? '' : `<details class="aside"><summary>Level, remarks and what could not be checked</summary><ul class="rules">${all}</ul></details>`
  }

  const lineSection = (line: LineJson): string => {
    const id = `line-${line.line}`
    const open = line.requirements.filter(isWrong).length
    return `
<section class="card ${DETERMINATION_LABELS[line.determination].tone}" aria-labelledby="${id}">
<h2 id="${id}"><span>Line ${line.line} · ${esc(codeOf(line))} <bdi>${esc(line.label)}</bdi></span> ${badge(DETERMINATION_LABELS[line.determination])}</h2>
<p class="facts"><span>${esc(daysOf(line))}</span><span>${line.unitsSupported} of ${esc(plural(line.units, 'unit'))} supported</span>${line.modifiers.length === 0 ? '' : `<span>modifiers ${esc(line.modifiers.join(', '))}</span>`}<span>score ${line.score.toFixed(2)}</span>${moneyOfLine(line)}<span>policy text of ${esc(line.policyVersion)}</span></p>
${line.reportedCode === null ? '' : `<p>Billed as ${esc(line.code)}; the code meant is ${esc(line.reportedCode)}.</p>`}
${line.requests.length === 0 ? '' : `<div class="requests"><h3>What to ask the provider for</h3><ul>${line.requests.map((r) => `<li>${esc(r)}</li>`).join('')}</ul></div>`}
${line.rules.length === 0 ? '' : `<h3>Billing rules</h3>${rules(line.rules)}`}
${aside(line)}
${(line.edits ?? []).length === 0 ? '' : `<h3>What national tables say</h3>${edits(line.edits ?? [])}`}
${line.requirements.length === 0 ? '' : requirements(line.requirements, `Requirements of line ${line.line}: ${line.requirements.length - open} of ${line.requirements.length} in order`)}
</section>`
  }

  const read = (term: string, n: CourseJson['ports']): string => (n === null ? '' : `<div><dt>${esc(term)}</dt><dd>${n.value}${n.evidence[0] === undefined ? ' <span class="muted">from the claim</span>' : ` ${place(n.evidence[0].file, n.evidence[0].page)}`}</dd></div>`)
  const course = (c: CourseJson): string => `
<p>${esc(courseWords(c))}</p><dl class="claim">${read('Fractions prescribed', c.prescribed)}${read('Fractions delivered', c.delivered)}${read('Fields or arcs', c.ports)}${read('Treatment areas', c.areas)}</dl>
${c.fractions.length === 0 ? '' : `<details><summary>${esc(plural(c.fractions.length, 'day'))} of treatment</summary><div class="scroll" tabindex="0" role="region" aria-label="Days of course ${c.course}"><table><caption>Sessions in the chart, and units of delivery billed or paid</caption><thead><tr><th scope="col">Day</th><th scope="col">Fraction</th><th scope="col">Sessions</th><th scope="col">Dose, cGy</th><th scope="col">Billed</th><th scope="col">Where</th></tr></thead><tbody>${c.fractions.map((f) => `
<tr><th scope="row">${esc(f.date)}</th><td>${f.number ?? ''}</td><td>${f.evidence.length === 0 ? '<span class="muted">not in the chart</span>' : f.delivered ? f.sessions : 'not given'}</td><td>${f.dose ?? ''}</td><td>${f.billed}</td><td>${f.evidence[0] === undefined ? '' : place(f.evidence[0].file, f.evidence[0].page)}</td></tr>`).join('')}</tbody></table></div></details>`}`

  const fact = (term: string, value: string | null): string => (value === null || value === '' ? '' : `<div><dt>${esc(term)}</dt><dd><bdi>${esc(value)}</bdi></dd></div>`)

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>Claim ${esc(claim.claimId)}: ${supported} of ${esc(plural(lines.length, 'line'))} supported</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<a class="skip" href="#lines">Skip to the determinations</a>
<header>
<p class="brand">Vouch · documentation review</p>
<h1>Claim <bdi>${esc(claim.claimId)}</bdi></h1>
<p class="lead">${supported} of ${esc(plural(lines.length, 'line'))} supported by ${esc(plural(ledger.pages, 'page'))} in ${esc(plural(ledger.files, 'file'))}${ledger.unread === 0 ? ', all of them read' : `; <strong>${ledger.unread} could not be read</strong>`}.</p>
<dl class="claim">${fact('Patient', claim.patient.name)}${fact('Born', claim.patient.birthDate)}${fact('Member', claim.patient.memberId)}${fact('MRN', claim.patient.mrn)}${fact('Provider', claim.provider.name)}${fact('NPI', claim.provider.npi)}${fact('Claim form', claim.claimForm)}${fact('Diagnoses', claim.diagnoses.join(', '))}${fact('Payer', claim.payer)}</dl>
</header>
<main id="lines">
<table class="worklist"><caption>Determination of each billed line</caption>
<thead><tr><th scope="col">Line</th><th scope="col">Code</th><th scope="col">Service</th><th scope="col">Units</th><th scope="col">Score</th><th scope="col">Determination</th></tr></thead>
<tbody>${lines.map((l) => `
<tr><td>${l.line}</td><th scope="row"><a href="#line-${l.line}">${esc(codeOf(l))}</a></th><td><bdi>${esc(l.label)}</bdi><br><span class="muted">${esc(daysOf(l))}</span></td><td>${l.unitsSupported} of ${esc(l.units)}</td><td>${l.score.toFixed(2)}</td><td>${badge(DETERMINATION_LABELS[l.determination])}</td></tr>`).join('')}
</tbody></table>
${review.money === undefined ? '' : `<section class="card" aria-labelledby="money"><h2 id="money">Money at stake</h2><dl class="claim">${fact('Billed', amountWords(review.money.billed))}${fact('Not supported', amountWords(review.money.notSupported))}${fact('Open', amountWords(review.money.open))}${fact('Supported', amountWords(review.money.supported))}${fact('Lines without a fee', review.money.withoutFee.join(', '))}</dl><p class="muted">By the fee table given. Open is what stands only if what is missing comes or a reviewer decides so.</p></section>`}
${lines.map(lineSection).join('')}
${review.rules.length === 0 ? '' : `<section class="card" aria-labelledby="claim-rules"><h2 id="claim-rules">Rules of the whole claim</h2>${rules(review.rules)}</section>`}
${review.facts.performanceStatus.length === 0 ? '' : `<section class="card" aria-labelledby="performance"><h2 id="performance">Performance status</h2>
<table><caption>Values found, and which of them holds for this course</caption><thead><tr><th scope="col">Value</th><th scope="col">Date</th><th scope="col">Holds</th><th scope="col">Where</th></tr></thead><tbody>${review.facts.performanceStatus.map((f) => `
<tr><th scope="row">${esc(f.scale)} ${esc(valueOf(f))}</th><td>${f.date === null ? 'not dated' : esc(f.date)}</td><td>${f.decisive ? '<strong>yes</strong>' : f.time === 'current' ? 'no' : `no (${esc(f.time)})`}</td><td><q dir="auto">${esc(f.quote)}</q> ${place(f.file, f.page)}${f.corrected ? ' <span class="muted">read with a printing slip corrected</span>' : ''}</td></tr>`).join('')}</tbody></table></section>`}
${review.differences.length === 0 ? '' : `<section class="card" aria-labelledby="differences"><h2 id="differences">Where claim and chart do not agree</h2><ul class="rules">${review.differences.map((d) => `
<li class="ask"><p>${esc(d.explanation)}</p>${quotes(d.chart.evidence)}</li>`).join('')}</ul></section>`}
${review.courses.length === 0 ? '' : `<section class="card" aria-labelledby="courses"><h2 id="courses">Courses of treatment</h2>${review.courses.map(course).join('')}</section>`}
${review.errata.length === 0 ? '' : `<section class="card" aria-labelledby="errata"><h2 id="errata">How the policy’s text was read</h2><ul class="rules">${review.errata.map((e) => `
<li class="quiet"><p><code>${esc(e.id)}</code> <span class="muted">${e.lines.length === 1 ? 'line' : 'lines'} ${esc(e.lines.join(', '))}</span> ${esc(e.about)} <strong>Read as:</strong> ${esc(e.readAs)}</p></li>`).join('')}</ul></section>`}
${review.general.length === 0 ? '' : `<section class="card" aria-labelledby="general"><h2 id="general">General documentation</h2><p class="muted">Advised by the policy; decides no line.</p>${requirements(review.general, 'General checklist of the claim')}</section>`}
${review.problems.length === 0 ? '' : `<section class="card" aria-labelledby="problems"><h2 id="problems">Problems with the files</h2><ul class="rules">${review.problems.map((p) => `
<li class="${p.severity === 'error' ? 'bad' : 'warn'}"><p>${badge({ words: p.severity, symbol: '!', tone: p.severity === 'error' ? 'bad' : 'warn' })} <bdi>${esc(p.explanation)}</bdi></p></li>`).join('')}</ul></section>`}
<section class="card" aria-labelledby="records"><h2 id="records">Records received</h2>
<p>${esc(plural(ledger.files, 'file'))}, ${esc(plural(ledger.pages, 'page'))}${ledger.unread === 0 ? '' : `, ${ledger.unread} could not be read`}${ledger.blank === 0 ? '' : `, ${ledger.blank} blank`}${ledger.duplicates === 0 ? '' : `, ${plural(ledger.duplicates, 'repeated page')}`}.</p>
${ledger.unreadPlaces.length === 0 ? '' : `<p><strong>Not read:</strong> ${ledger.unreadPlaces.map((u) => `<bdi>${esc(u.file)}</bdi> p. ${esc(u.pages)}`).join('; ')}.</p>`}
${notesTable(review)}
<details><summary>Page by page</summary>${review.documents.map((d) => pagesTable(d, place)).join('')}</details>
</section>
</main>
<footer><h2>How this was made</h2>
<dl class="claim">${fact('Engine', `vouch ${made.engine}`)}${fact('Scans read by', made.ocr)}${fact('Policy', made.policy)}${fact('Policy text of', made.policyVersions.join(', '))}${fact('Dictionaries', made.dictionaries)}${fact('National tables', (review.tables ?? []).map((t) => `${t.table}${t.setting === null ? '' : ` ${t.setting}`} of ${t.effective}`).join(', '))}</dl>
<p class="muted">Quotes are the words of the records received. “Not found” says what was searched, not that a service was not performed. The score orders a worklist and decides nothing.</p>
</footer>
</body>
</html>
`

  function notesTable({ notes }: ReviewJson): string {
    if (notes.length === 0) return ''
    return `<details><summary>${plural(notes.length, 'note')} found</summary><div class="scroll" tabindex="0" role="region" aria-label="Notes found"><table><caption>Notes, in the order of the packet</caption>
<thead><tr><th scope="col">Note</th><th scope="col">Where</th><th scope="col">Kind</th><th scope="col">Date</th><th scope="col">Author</th><th scope="col">Signature</th><th scope="col">Patient</th></tr></thead><tbody>${notes.map((n) => `
<tr><th scope="row">${n.note}</th><td>${place(n.file, n.firstPage)}${n.lastPage === n.firstPage ? '' : `–${n.lastPage}`}</td><td>${esc(n.type.replaceAll('-', ' '))}${n.ofThisCourse ? '' : ' <span class="muted">(other course)</span>'}</td><td>${n.date === null ? '<span class="muted">none</span>' : esc(n.date)}</td><td>${n.author === null ? '<span class="muted">none</span>' : `<bdi>${esc(n.author.name)}</bdi>, ${esc(n.author.role.replaceAll('-', ' '))}`}</td><td>${esc(n.signature.state.replaceAll('-', ' '))}${n.signature.by === null ? '' : ` by <bdi>${esc(n.signature.by)}</bdi>`}${n.signature.date === null ? '' : `, ${esc(n.signature.date)}`}</td><td>${n.patientMatches === null ? '<span class="muted">not printed</span>' : n.patientMatches ? 'matches' : '<strong>another patient</strong>'}</td></tr>`).join('')}</tbody></table></div></details>`
  }
}

/** `2–4 of 7`, as the pages say themselves. */
function numbered(run: ReviewJson['documents'][number]['pages']): string {
  const [first, last] = [run[0]?.printed ?? null, run[run.length - 1]?.printed ?? null]
  if (first === null || last === null) return ''
  return first.number === last.number ? `${first.number} of ${first.of}` : first.of === last.of ? `${first.number}–${last.number} of ${first.of}` : `${first.number} of ${first.of} to ${last.number} of ${last.of}`
}

/** Neighbouring pages that are alike stand in one row. */
function pagesTable(document: ReviewJson['documents'][number], place: (file: string, page: number) => string): string {
  type Page = (typeof document.pages)[number]
  const alike = (a: Page, b: Page): boolean => a.text === b.text && a.note === b.note && a.reason === b.reason && stateOf(a) === stateOf(b) && (a.printed === null) === (b.printed === null) && [a, b].every((p) => p.duplicateOf === null && p.nearDuplicateOf === null)
  const runs: Page[][] = []
  for (const page of document.pages) {
    const run = runs[runs.length - 1]
    const before = run?.[run.length - 1]
    if (run !== undefined && before !== undefined && alike(before, page)) run.push(page)
    else runs.push([page])
  }
  const how: Readonly<Record<Page['text'], string>> = { native: 'text layer', ocr: 'read from the image', none: 'not read' }
  return `<div class="scroll" tabindex="0" role="region" aria-label="Pages of ${esc(document.file)}"><table><caption><bdi>${esc(document.file)}</bdi> <span class="muted hash">sha256 ${esc(document.sha256.slice(0, 16))}…</span></caption>
<thead><tr><th scope="col">Pages</th><th scope="col">Text</th><th scope="col">Legibility</th><th scope="col">Note</th><th scope="col">Numbered</th><th scope="col">What became of it</th></tr></thead><tbody>${runs.map((run) => {
    const first = run[0] as Page
    const repeats = first.duplicateOf ?? first.nearDuplicateOf
    const low = Math.min(...run.map((p) => p.legibility))
    const words = first.text === 'none' && first.reason === 'blank' ? 'blank' : how[first.text]
    return `
<tr><th scope="row">${esc(ranges(run.map((p) => p.page)))}</th><td>${words}${first.reason === null || first.reason === 'blank' ? '' : ` <span class="muted">(${esc(first.reason.replaceAll('-', ' '))})</span>`}</td><td>${low.toFixed(2)}</td><td>${first.note ?? '<span class="muted">none</span>'}</td><td>${numbered(run)}</td><td>${esc(stateOf(first))}${repeats === null ? '' : ` ${place(repeats.file, repeats.page)}`}</td></tr>`
  }).join('')}</tbody></table></div>`
}
