// The provider's self-audit: charts before they are billed, what to mend and how. May not: judge; the server does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import type { AuditAnswer, AuditRow, ShownAudit, WhatIfAnswer } from '../server/room-shapes.ts'
import { download, get, picture, put, remove, sendFiles, type EvidenceJson } from './api.ts'
import { DeterminationBadge, DeterminationGlyph, Dialog, Failure, StatusBadge } from './parts.tsx'
import { go, link } from './router.ts'
import { count, DETERMINATION, moment, money } from './words.ts'
import './rooms.css'

type FixOf = ShownAudit['audit']['fixes'][number]
const OUTLOOK = { curable: 'Can be mended', 'if-it-exists': 'If it exists', 'correct-the-claim': 'Correct the claim', 'not-curable': 'Cannot be mended' } as const
const OUTLOOK_TONE = { curable: 'good', 'if-it-exists': 'warn', 'correct-the-claim': 'doubt', 'not-curable': 'bad' } as const
const MEANS = { 'existing-document': 'Document of the time', 'legible-copy': 'Better copy', attestation: 'Attestation', 'signature-log': 'Signature log', addendum: 'Late entry', clarification: 'Query', 'claim-correction': 'Claim' } as const
const EFFECT = { decides: 'By itself it changes the determination.', 'with-others': 'It counts together with the other gaps of its lines.', 'not-enough': 'By itself it changes no determination.' } as const

function choose(done: (files: { readonly name: string; readonly file: File }[]) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.onchange = () => done([...(input.files ?? [])].map((file) => ({ name: file.name, file })))
  input.click()
}

export function SelfAuditScreen({ id }: { readonly id: string | null }) {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['self-audits'], queryFn: () => get<AuditRow[]>('/api/self-audits'), refetchInterval: (q) => (q.state.data?.some((r) => r.run === 'queued' || r.run === 'running') ? 1500 : 30_000) })
  const make = useMutation({
    mutationFn: (files: readonly { readonly name: string; readonly file: File }[]) => sendFiles<{ id: string }>('/api/self-audits', files),
    onSuccess: ({ id: made }) => { void client.invalidateQueries({ queryKey: ['self-audits'] }); go(`/self-audit/${made}`) },
  })
  return (
    <main className="audits">
      <h1 className="hidden">Self-audit</h1>
      <aside aria-label="Charts">
        <button type="button" className="primary" disabled={make.isPending} onClick={() => choose((f) => make.mutate(f))}>{make.isPending ? 'Sending …' : 'New chart'}</button>
        <Failure error={list.error ?? make.error} />
        <ul className="charts">{list.data?.map((r) => (
          <li key={r.id}><a {...link(`/self-audit/${r.id}`)} aria-current={r.id === id ? 'page' : undefined}><b>{r.title}</b><span>{moment(r.madeAt)} · {r.run === 'done' ? count(r.files, 'file') : r.run === 'failed' ? 'failed' : 'reading'}</span></a></li>
        ))}</ul>
      </aside>
      {id !== null ? <OneAudit id={id} />
        : <section className="empty"><p>Look at a chart before it is billed.</p><p>Choose its files (PDF, Word, pictures, ZIP). The chart suggests the codes, or you name them; the fix list says what is missing, what can still be mended and how.</p></section>}
    </main>
  )
}

const isBusy = (answer: AuditAnswer | undefined): boolean => answer?.run === 'queued' || answer?.run === 'running'

function OneAudit({ id }: { readonly id: string }) {
  const client = useQueryClient()
  const path = `/api/self-audits/${id}`
  const answer = useQuery({ queryKey: ['self-audit', id], queryFn: () => get<AuditAnswer>(path), staleTime: Infinity, refetchInterval: (q) => (isBusy(q.state.data) ? 1000 : false) })
  const busy = isBusy(answer.data)
  const again = (): void => void client.invalidateQueries({ queryKey: ['self-audit', id] })
  useEffect(() => { if (!busy) void client.invalidateQueries({ queryKey: ['self-audits'] }) }, [busy, client])
  const [shown, setShown] = useState<EvidenceJson | null>(null)
  const [planning, setPlanning] = useState(false)
  const [trying, setTrying] = useState<WhatIfAnswer | null>(null)
  const plan = useMutation({ mutationFn: (codes: readonly string[] | null) => put(`${path}/plan`, { codes }), onSuccess: () => { setPlanning(false); setTrying(null); again() } })
  const add = useMutation({ mutationFn: (files: readonly { readonly name: string; readonly file: File }[]) => sendFiles(`${path}/files`, files), onSuccess: () => { setTrying(null); again() } })
  const whatIf = useMutation({ mutationFn: (files: readonly { readonly name: string; readonly file: File }[]) => sendFiles<WhatIfAnswer>(`${path}/what-if`, files), onSuccess: setTrying })
  const packet = useMutation({ mutationFn: () => download(`${path}/packet`, undefined, 'response-packet.pdf') })
  const draft = useMutation({ mutationFn: (name: string) => download(`${path}/draft?name=${encodeURIComponent(name)}`, undefined, `${name}.docx`) })
  const drop = useMutation({ mutationFn: () => remove(path), onSuccess: () => { void client.invalidateQueries({ queryKey: ['self-audits'] }); go('/self-audit') } })

  const data = answer.data
  if (data === undefined) return <section className="empty"><Failure error={answer.error} /></section>
  const { result } = data
  const { progress } = data
  const first = shown ?? result?.audit.fixes.flatMap((f) => f.evidence)[0] ?? null
  return (
    <>
      <section className="fixes" aria-label="Fix list">
        <header className="audit-head">
          <div><h2>{data.title}</h2><p className="hint">{count(data.files.length, 'file')}{result === null ? '' : `, ${count(result.audit.records.reduce((n, r) => n + r.pages, 0), 'page')}`}</p></div>
          <span className="grow" />
          <button type="button" onClick={() => setPlanning(true)} disabled={busy}>Codes</button>
          <button type="button" onClick={() => choose((f) => add.mutate(f))} disabled={busy || add.isPending}>Add files</button>
          <button type="button" onClick={() => choose((f) => whatIf.mutate(f))} disabled={busy || result === null || whatIf.isPending}>{whatIf.isPending ? 'Reading …' : 'What if …'}</button>
          <button type="button" onClick={() => packet.mutate()} disabled={busy || result === null || packet.isPending}>{packet.isPending ? 'Building …' : 'Response packet'}</button>
          <button type="button" className="quiet" onClick={() => drop.mutate()} aria-label="Remove this chart">Remove</button>
        </header>
        <Failure error={answer.error ?? plan.error ?? add.error ?? whatIf.error ?? packet.error ?? draft.error ?? drop.error} />
        {busy && <p className="running" role="status"><i />{progress === null ? 'Looking at the chart' : progress.pages > 0 ? `File ${progress.file} of ${progress.files}, page ${progress.page} of ${progress.pages}` : `File ${progress.file} of ${progress.files}`}</p>}
        {data.run === 'failed' && <p className="failure" role="alert">This chart could not be looked at. Add files or name the codes to try again.</p>}
        {data.fault !== null && <p className="failure" role="alert">{data.fault}</p>}
        {result !== null && <Result result={result} show={setShown} draft={(name) => draft.mutate(name)} />}
      </section>
      <Page audit={data} evidence={first} />
      <Dialog title="Codes that are planned" open={planning} close={() => setPlanning(false)}>
        <form onSubmit={(e) => {
          e.preventDefault()
          const codes = String(new FormData(e.currentTarget).get('codes')).split(/[\s,]+/).filter((c) => c !== '')
          plan.mutate(codes.length === 0 ? null : codes)
        }}>
          <label>Codes<textarea name="codes" rows={5} defaultValue={(data.codes ?? []).join('\n')} placeholder={'77331\n77373@2025-05-06x1'} /></label>
          <p className="hint">One a line, with day and units where you know them. Left empty, the chart suggests them; a code without a day stands on the days that the chart shows.</p>
          <Failure error={plan.error} />
          <div className="ends"><button type="button" onClick={() => plan.mutate(null)}>Let the chart suggest</button><button type="submit" className="primary">Look at these</button></div>
        </form>
      </Dialog>
      <Dialog title="What if these pages were added" open={trying !== null} close={() => setTrying(null)}>{trying !== null && <Changes what={trying} />}</Dialog>
    </>
  )
}

function Result({ result, show, draft }: { readonly result: ShownAudit; readonly show: (e: EvidenceJson) => void; readonly draft: (name: string) => void }) {
  const { audit } = result
  return (
    <div className="audit-body">
      {result.suggested !== null && (
        <details className="group" open><summary>Suggested by the chart ({count(result.suggested.length, 'code')})</summary>
          <ul className="suggested">{result.suggested.map((g) => <li key={`${g.code} ${g.days}`}><b>{g.code}</b> <span>{g.label}: {g.days}{g.units === 1 ? '' : `, ${count(g.units, 'unit')}`}. {g.why}{g.place === null ? '' : ` (${g.place})`}</span></li>)}</ul></details>
      )}
      {result.remarks.map((r) => <p key={r} className="hint">{r}</p>)}
      <div className="tablewrap" tabIndex={0} role="region" aria-label="Lines">
        <table className="plain"><thead><tr><th scope="col">Line</th><th scope="col">Code</th><th scope="col">Day</th><th scope="col">As it stands</th><th scope="col">Once written</th><th scope="col">If documents exist</th>{audit.money !== null && <th scope="col" className="number">Amount</th>}</tr></thead>
          <tbody>{audit.lines.map((l) => (
            <tr key={l.line}><td>{l.line}</td><th scope="row">{l.code} <span className="quietly">{l.label}</span></th><td className="nowrap">{l.serviceDate}{l.units === 1 ? '' : ` × ${l.units}`}</td><td><DeterminationBadge of={l.determination} short /></td>
              <td><span title={DETERMINATION[l.ifCured]}><DeterminationGlyph of={l.ifCured} /><span className="hidden">{DETERMINATION[l.ifCured]}</span></span></td><td><span title={DETERMINATION[l.ifFound]}><DeterminationGlyph of={l.ifFound} /><span className="hidden">{DETERMINATION[l.ifFound]}</span></span></td>
              {audit.money !== null && <td className="number">{l.amount === null ? '–' : money(l.amount)}</td>}</tr>
          ))}</tbody></table>
      </div>
      <h2>{audit.fixes.length === 0 ? 'Nothing to mend' : `What to do, the most valuable first (${audit.fixes.length})`}</h2>
      <ol className="fixlist">{audit.fixes.map((f) => <FixCard key={f.id} fix={f} drafts={result.drafts.filter((d) => d.fixes.includes(f.id))} show={show} draft={draft} />)}</ol>
      {audit.advice.length > 0 && <details className="group"><summary>Worth having, though it decides no line ({audit.advice.length})</summary><ul className="suggested">{audit.advice.map((f) => <li key={f.id}><span>{f.title}.</span></li>)}</ul></details>}
      <p className="hint">The response packet holds {result.packet.pages} of {count(result.packet.of, 'page')}: only those that prove what is planned.</p>
    </div>
  )
}

function FixCard({ fix, drafts, show, draft }: { readonly fix: FixOf; readonly drafts: ShownAudit['drafts']; readonly show: (e: EvidenceJson) => void; readonly draft: (name: string) => void }) {
  return (
    <li className={`fix ${fix.outlook}`} data-fix={fix.subject}>
      <header><h3><span className="no">{fix.id}</span> {fix.title}</h3><span className={`badge ${OUTLOOK_TONE[fix.outlook]}`}>{OUTLOOK[fix.outlook]}</span></header>
      <p className="hint">{fix.lines.length === 1 ? 'Line' : 'Lines'} {fix.lines.join(', ')} ({fix.codes.join(', ')}).{fix.stake === null || fix.stake === 0 ? '' : ` ${money(fix.stake)} at stake.`} {EFFECT[fix.effect]}</p>
      {fix.evidence.length > 0 && <ul className="quotes">{fix.evidence.slice(0, 3).map((e) => (
        <li key={`${e.file} ${e.page} ${e.quote}`} className={`quote${e.stance === 'against' ? ' against' : ''}`}><button type="button" onClick={() => show(e)}><span className="text">“{e.quote}”</span><span className="place">{e.stance === 'against' ? 'against · ' : ''}{e.file} p. {e.page}</span></button></li>
      ))}</ul>}
      <ul className="ways">
        {fix.ways.map((w) => <li key={w.says}><b>{MEANS[w.means]}.</b> {w.says} <small>{w.source}</small></li>)}
        {fix.barred.map((b) => <li key={b.says} className="barred"><b>Not possible.</b> {b.says} <small>{b.source}</small></li>)}
      </ul>
      {drafts.map((d) => (
        <details key={d.name} className="draft"><summary>Draft: {d.title.toLowerCase()}</summary><pre tabIndex={0}>{d.text}</pre><button type="button" onClick={() => draft(d.name)}>As a Word document</button></details>
      ))}
      <p className="hint">{fix.subject}{fix.cites === '' ? '' : `; policy ${fix.cites}`}</p>
    </li>
  )
}

/** The page of what was clicked last, with the words marked. */
function Page({ audit, evidence }: { readonly audit: AuditAnswer; readonly evidence: EvidenceJson | null }) {
  const [src, setSrc] = useState<string | null>(null)
  const [undrawn, setUndrawn] = useState(false)
  const document = evidence === null ? -1 : (audit.result?.audit.records.findIndex((r) => r.file === evidence.file) ?? -1)
  const page = evidence?.page ?? 0
  useEffect(() => {
    setSrc(null)
    setUndrawn(false)
    if (document < 0) return
    let wanted = true
    picture(`/api/self-audits/${audit.id}/documents/${document}/pages/${page}/image?width=1000`).then((url) => { if (wanted) setSrc(url) }, () => { if (wanted) setUndrawn(true) })
    return () => { wanted = false }
  }, [audit.id, document, page])
  const size = audit.result?.layout[document]?.find((p) => p.page === page)
  let inside: ReactNode = <p className="hint">Choose a quote to see its page.</p>
  if (evidence !== null && undrawn) inside = <blockquote className="as-text">“{evidence.quote}”</blockquote>
  else if (evidence !== null && src !== null) {
    inside = (
      <div className="sheet"><img src={src} alt={`${evidence.file}, page ${page}`} />
        {size && size.width > 0 && evidence.boxes.filter((b) => b.page === page).map((b) => (
          <span key={`${b.left} ${b.top}`} className={`mark current ${evidence.stance}`} style={{ left: `${(b.left / size.width) * 100}%`, top: `${(b.top / size.height) * 100}%`, width: `${((b.right - b.left) / size.width) * 100}%`, height: `${((b.bottom - b.top) / size.height) * 100}%` }} />
        ))}</div>
    )
  }
  return <aside className="audit-page" aria-label="Page" tabIndex={0}>{evidence !== null && <p className="hint">{evidence.file}, page {page}</p>}{inside}</aside>
}

function Changes({ what }: { readonly what: WhatIfAnswer }) {
  if (what.fault !== undefined) return <p className="failure" role="alert">{what.fault}</p>
  return (
    <div className="changes">
      <p className="hint">{what.files.join(', ')}. Nothing is kept.</p>
      {what.lines.length === 0 && <p>Nothing would change.</p>}
      <ul>{what.lines.map((l) => (
        <li key={l.line}><p>Line {l.line} {l.code} of {l.serviceDate}: {l.before === l.after ? <>stays <DeterminationBadge of={l.after} short /></> : <><DeterminationBadge of={l.before} short /> → <DeterminationBadge of={l.after} short /></>}</p>
          <ul>{l.statuses.map((s) => <li key={s.requirement}><StatusBadge status={s.before} /> → <StatusBadge status={s.after} /> {s.asks}{s.evidence[0] ? <span className="quietly"> “{s.evidence[0].quote}” ({s.evidence[0].file} p. {s.evidence[0].page})</span> : null}</li>)}</ul>
          {[...l.rulesGone.map((r) => `${r.id} no longer applies.`), ...l.rulesNew.map((r) => `${r.id} now applies: ${r.says}`)].map((t) => <p key={t} className="hint">{t}</p>)}</li>
      ))}</ul>
    </div>
  )
}

