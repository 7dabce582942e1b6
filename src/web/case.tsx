// One case: billed lines, requirements, the page itself. One key a move. May not: work out a determination; the server does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { download, get, patch, picture, post, type CaseAnswer, type CaseRow, type DecisionAnswer, type DecisionBody, type Me, type NearMiss, type Place, type SearchAnswer } from './api.ts'
import { DropShade, useDropping } from './dropping.tsx'
import { freshest, isBusy, withDecision } from './freshest.ts'
import { emptyDraft, ItemCard, type Draft } from './item-card.tsx'
import { useKeys } from './keys.ts'
import { useLive } from './live.ts'
import { decisionOn, hasPicture, imagePath, isOpen, itemsOf, leavesOf, type Item, type Leaf } from './leaves.ts'
import { Labelling } from './labelling.tsx'
import { Managing } from './managing.tsx'
import { marksOn, PageView } from './page-view.tsx'
import { DeterminationBadge, DeterminationGlyph, Dialog, Failure, Key } from './parts.tsx'
import { go, link } from './router.ts'
import { Sending } from './sending.tsx'
import { Thumbs } from './thumbs.tsx'
import { Timeline } from './timeline.tsx'
import { count, DETERMINATION, due, money, noteType, REASON, span, STATE } from './words.ts'

const NONE: SearchAnswer = { hits: [], total: 0 }

export function CaseScreen({ id, me }: { readonly id: string; readonly me: Me }) {
  const client = useQueryClient()
  const answer = useQuery({ queryKey: ['case', id], queryFn: () => get<CaseAnswer>(`/api/cases/${id}`), staleTime: Infinity })
  const live = useLive()
  const state = useQuery({
    queryKey: ['state', id], queryFn: () => get<CaseRow>(`/api/cases/${id}/state`), enabled: answer.data !== undefined,
    // Asked of whichever answer is the newer: a review asked for again shows in the case before it shows here.
    refetchInterval: (q) => {
      const whole = client.getQueryState<CaseAnswer>(['case', id])
      const known = freshest(whole?.data && { row: whole.data.case, at: whole.dataUpdatedAt }, q.state.data && { row: q.state.data, at: q.state.dataUpdatedAt })
      return isBusy(known) ? (live ? 6000 : 1000) : live ? false : 30_000
    },
  })
  const row = freshest(answer.data && { row: answer.data.case, at: answer.dataUpdatedAt }, state.data && { row: state.data, at: state.dataUpdatedAt })
  const busy = isBusy(row)
  const wasBusy = useRef(false)
  // Somebody else's work on the case; one's own comes with the answer to it, hence the wait.
  const behind = row !== undefined && !busy && answer.data !== undefined && row.updatedAt > answer.data.case.updatedAt
  useEffect(() => {
    const ended = wasBusy.current && !busy
    wasBusy.current = busy
    if (!ended && !behind) return
    const wait = setTimeout(() => void client.invalidateQueries({ queryKey: ['case', id] }), ended ? 0 : 1500)
    return () => clearTimeout(wait)
  }, [busy, behind, client, id])
  const again = (): void => {
    void client.invalidateQueries({ queryKey: ['case', id] })
    void client.invalidateQueries({ queryKey: ['state', id] })
  }
  const dropping = useDropping(id, me.may.includes('cases.add'), again)
  if (answer.data === undefined) return <main className="blank"><Failure error={answer.error} />{answer.error !== null && <p><a {...link('/')}>Back to the worklist</a></p>}</main>
  return (
    <>
      {answer.data.report === null ? <Unread row={row ?? answer.data.case} answer={answer.data} /> : <Desk key={answer.data.reviewNumber} id={id} me={me} answer={answer.data} row={row ?? answer.data.case} add={dropping.choose} />}
      <DropShade dropping={dropping} what="Records of this case" />
    </>
  )
}

function Unread({ row, answer }: { readonly row: CaseRow; readonly answer: CaseAnswer }) {
  useKeys({ Escape: () => go('/') })
  return (
    <main className="page narrow">
      <h1>{row.patient ?? row.claim}</h1>
      <p className="hint">Case {row.number} · {row.claim} · {row.codes.join(', ')} · {span(row.dosFrom, row.dosTo)}</p>
      {row.run === 'failed' ? <p className="failure">The review failed. Ask for it again, or send the records anew.</p>
        : row.run === 'queued' || row.run === 'running' ? <p role="status" className="running"><i />{row.progress && row.progress.pages > 0 ? `Reading ${row.progress.file}, page ${row.progress.page} of ${row.progress.pages}` : 'Waiting to be read'}</p>
          : <p>{row.state === 'closed' ? 'Closed, and its records were removed. Decisions and the log remain.' : answer.records.length === 0 ? 'No records yet: drop them on this page.' : 'Not reviewed yet.'}</p>}
      <p><a {...link('/')}>Back to the worklist</a></p>
    </main>
  )
}

function Desk({ id, me, answer, row, add }: { readonly id: string; readonly me: Me; readonly answer: CaseAnswer; readonly row: CaseRow; readonly add: () => void }) {
  const client = useQueryClient()
  const report = answer.report as NonNullable<CaseAnswer['report']>
  const leaves = useMemo(() => leavesOf(answer), [answer.report, answer.layout])
  const leafAt = useMemo(() => new Map(leaves.map((l) => [`${l.page} ${l.file}`, l.at])), [leaves])
  const pageOf = useCallback((file: string, page: number): number | null => leafAt.get(`${page} ${file}`) ?? null, [leafAt])

  const [line, setLine] = useState(report.lines[0]?.line ?? 0)
  const [onlyOpen, setOnlyOpen] = useState(false)
  const items = useMemo(() => itemsOf(report, line).filter((i) => !onlyOpen || isOpen(i)), [report, line, onlyOpen])
  const [at, setAt] = useState(0)
  const item: Item | undefined = items[Math.min(at, items.length - 1)]
  const drafting = useRef(item)
  drafting.current = item
  const [evidence, setEvidence] = useState(0)
  const [leaf, setLeaf] = useState(() => firstPage(items[0], pageOf) ?? 0)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [fit, setFit] = useState<'width' | 'page'>('width')
  const [asText, setAsText] = useState(false)
  const [panel, setPanel] = useState<'none' | 'course' | 'notes'>('none')
  const [thumbs, setThumbs] = useState(() => window.innerWidth >= 1500)
  const [help, setHelp] = useState(false)
  const [signing, setSigning] = useState(false)
  const [managing, setManaging] = useState(false)
  const [near, setNear] = useState<NearMiss | null>(null)
  const [labelling, setLabelling] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  const [wanted, setWanted] = useState('')
  const [hit, setHit] = useState(0)
  const search = useRef<HTMLInputElement>(null)
  const asked = useRef(wanted)
  asked.current = wanted

  const mayDecide = me.may.includes('decisions.make') && (answer.round === 'blind' || ['received', 'ready', 'in-review', 'pended'].includes(row.state) || (row.state === 'approval' && me.user?.role === 'lead'))
  const maySign = mayDecide && (answer.round === 'blind' || row.state !== 'approval')
  const find = useMutation({ mutationFn: (text: string) => post<SearchAnswer>(`/api/cases/${id}/search`, { text }), onSuccess: (a: SearchAnswer, text): void => { if (text === asked.current) showHit(0, a) } })
  // Boxes of other words than those in the field would mislead.
  const found = find.data !== undefined && find.variables === wanted ? find.data : null
  const hits: SearchAnswer = found ?? NONE
  const decide = useMutation({
    mutationFn: (body: Partial<DecisionBody>) => post<DecisionAnswer>(`/api/cases/${id}/decisions`, body),
    onSuccess: async (now) => {
      // A whole answer under way was asked for before the decision, and would take it back.
      await client.cancelQueries({ queryKey: ['case', id] })
      client.setQueryData<CaseAnswer>(['case', id], (old) => old && withDecision(old, now))
      void client.invalidateQueries({ queryKey: ['worklist'] })
    },
  })

  const showHit = (i: number, from: SearchAnswer = hits): void => {
    const chosen = from.hits[i]
    if (chosen === undefined) return
    setHit(i)
    setLeaf(pageOf(chosen.file, chosen.boxes[0]?.page ?? chosen.page) ?? leaf)
  }
  const showEvidence = (of: Item | undefined, i: number): void => {
    setEvidence(i)
    const page = pageAt(of, i, pageOf)
    if (page !== null) setLeaf(page)
  }
  const choose = (i: number, among: readonly Item[] = items): void => {
    const to = Math.max(0, Math.min(i, among.length - 1))
    setAt(to)
    setDraft(null)
    setNear(null)
    showEvidence(among[to], 0)
  }
  const chooseLine = (to: number): void => {
    setLine(to)
    choose(0, itemsOf(report, to).filter((i) => !onlyOpen || isOpen(i)))
  }
  const turn = (by: number): void => setLeaf(Math.max(0, Math.min(leaves.length - 1, leaf + by)))
  const send = (body: Pick<DecisionBody, 'action' | 'status' | 'reason' | 'note' | 'evidence'>): void => {
    if (item === undefined || !mayDecide) return
    decide.mutate({ target: item.kind, line: item.line, subject: item.id, ...body })
    setDraft(null)
    if (body.action !== 'withdraw') choose(at + 1)
  }
  const lineNumbers = [...report.lines.map((l) => l.line), ...(report.general.length + report.rules.length > 0 ? [0] : [])]
  const stepLine = (by: number): void => chooseLine(lineNumbers[(lineNumbers.indexOf(line) + by + lineNumbers.length) % lineNumbers.length] as number)
  const stepEvidence = (by: number): void => {
    const n = item?.evidence.length ?? 0
    if (n > 0) showEvidence(item, (evidence + by + n) % n)
  }

  useKeys({
    j: () => choose(at + 1), k: () => choose(at - 1), ArrowDown: () => choose(at + 1), ArrowUp: () => choose(at - 1), l: () => stepLine(1), L: () => stepLine(-1),
    n: () => (hits.hits.length > 0 ? showHit((hit + 1) % hits.hits.length) : stepEvidence(1)), p: () => (hits.hits.length > 0 ? showHit((hit - 1 + hits.hits.length) % hits.hits.length) : stepEvidence(-1)),
    e: () => stepEvidence(1), E: () => stepEvidence(-1), ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), PageDown: () => turn(1), PageUp: () => turn(-1), Home: () => setLeaf(0), End: () => setLeaf(leaves.length - 1),
    a: () => send({ action: 'accept', status: null, reason: null, note: '', evidence: [] }), o: () => { if (item && mayDecide) setDraft(emptyDraft(item)) },
    x: () => { if (item && decisionOn(answer.decisions, item)) { send({ action: 'withdraw', status: null, reason: null, note: '', evidence: [] }) } },
    f: () => { setOnlyOpen(!onlyOpen); setAt(0) }, z: () => setFit(fit === 'width' ? 'page' : 'width'), v: () => setAsText(!asText), t: () => setThumbs(!thumbs), c: () => setPanel(panel === 'course' ? 'none' : 'course'),
    '/': () => search.current?.focus(), '?': () => setHelp(true), S: () => { if (maySign) setSigning(true) }, s: () => setSending(true),
    Escape: () => {
      if (draft !== null) setDraft(null)
      else if (document.activeElement === search.current || wanted !== '') { setWanted(''); search.current?.blur() }
      else if (!help && !signing && !sending && labelling === null) go('/')
    },
  })

  // The pages that the next keys lead to are drawn ahead.
  useEffect(() => {
    const next = new Set<number>([leaf + 1, leaf - 1])
    for (const i of [at, at + 1]) for (let k = 0; k < 3; k++) { const p = pageAt(items[i], k, pageOf); if (p !== null) next.add(p) }
    const sharp = fit === 'width' && window.innerWidth * window.devicePixelRatio > 2200
    const wait = setTimeout(() => { for (const n of next) { const l = leaves[n]; if (l && hasPicture(l)) picture(imagePath(id, l, sharp ? 1700 : 1000)).catch(() => undefined) } }, 60)
    return () => clearTimeout(wait)
  }, [at, leaf, items, leaves, id, fit, pageOf])
  useEffect(() => void document.querySelector('.item.selected')?.scrollIntoView({ block: 'nearest' }), [item?.id, line])

  const page = leaves[leaf]
  const marked = useMemo(() => new Set(items.flatMap((i) => i.evidence.map((e) => pageOf(e.file, e.page) ?? -1))), [items, pageOf])
  const marks = page === undefined ? [] : marksOn(page, item?.evidence ?? [], evidence, near === null ? hits.hits : [{ ...near, before: '', after: '' }], near === null ? hit : 0, draft?.evidence ?? [], (i) => showEvidence(item, i))
  const holds = new Map(answer.effective.lines.map((l) => [l.line, l]))
  const own = report.lines.find((l) => l.line === line)
  const searchedIn = ` of ${count(report.documents.length, 'file')}, ${count(report.notes.filter((n) => n.patientMatches !== false).length, 'note')}`
  const undecided = answer.effective.lines.reduce((sum, l) => sum + l.undecided, 0)
  const wholeDecision = own && decisionOn(answer.decisions, { kind: 'line', line: own.line, id: null })

  return (
    <main className={`case${thumbs ? ' with-thumbs' : ''}`}>
      <header className="casebar">
        <button type="button" className="quiet" onClick={() => go('/')} aria-label="Back to the worklist">←</button>
        <h1>{row.patient ?? row.claim}</h1>
        <span className="facts">{report.claim.patient.birthDate ? `born ${report.claim.patient.birthDate} · ` : ''}{row.claim} · {span(row.dosFrom, row.dosTo)}{row.provider ? ` · ${row.provider}` : ''}</span>
        {answer.round === 'blind' && <span className="badge doubt">Blind second review</span>}
        <span className="grow" />
        {(row.run === 'queued' || row.run === 'running') && <span className="running" role="status"><i />{row.progress && row.progress.pages > 0 ? `Reading page ${row.progress.page} of ${row.progress.pages}` : 'To be reviewed again'}</span>}
        <span className="facts whereat">{STATE[row.state]} · <span className={row.overdue ? 'late' : undefined}>due {due(row.dueOn, row.state === 'decided' || row.state === 'closed')}</span>{row.assignee ? ` · ${row.assignee.name}` : ''}</span>
        <button type="button" aria-pressed={panel === 'course'} onClick={() => setPanel(panel === 'course' ? 'none' : 'course')}>Course<Key>c</Key></button>
        <button type="button" aria-pressed={panel === 'notes'} onClick={() => setPanel(panel === 'notes' ? 'none' : 'notes')}>Packet</button>
        <button type="button" aria-haspopup="dialog" onClick={() => setSending(true)}>Letters<Key>s</Key></button>
        {(me.may.includes('cases.work') || me.may.includes('cases.export')) && answer.round === 'first' && <button type="button" aria-haspopup="dialog" onClick={() => setManaging(true)}>Case …</button>}
        <button type="button" className="quiet" onClick={() => setHelp(true)} aria-label="Keys">?</button>
        {maySign && <button type="button" className="primary" onClick={() => setSigning(true)}>Sign<Key>S</Key></button>}
        {row.state === 'approval' && me.may.includes('decisions.approve') && row.assignee?.id !== me.user?.id && <Approve id={id} />}
      </header>
      {panel === 'course' && <Timeline report={report} open={(file, p) => { const to = pageOf(file, p); if (to !== null) setLeaf(to) }} />}
      {panel === 'notes' && <Packet answer={answer} me={me} id={id} add={add} open={(file, p) => { const to = pageOf(file, p); if (to !== null) setLeaf(to) }} />}
      <div className="columns">
        <nav className="lines" aria-label="Billed lines" tabIndex={0}>
          {report.lines.map((l) => {
            const now = holds.get(l.line)
            return (
              <button key={l.line} type="button" aria-current={l.line === line} onClick={() => chooseLine(l.line)}>
                <DeterminationGlyph of={now?.determination ?? l.determination} />
                <span><b>{l.code}{l.modifiers.length > 0 ? `-${l.modifiers.join('-')}` : ''}</b> {l.label}<small>{l.serviceDate}{l.serviceDateEnd !== null && l.serviceDateEnd !== l.serviceDate ? ` – ${l.serviceDateEnd.slice(5)}` : ''}</small><small>{now?.unitsSupported ?? l.unitsSupported} of {count(l.units, 'unit')}{chargeOf(answer, l.line) === '' ? '' : ` · ${chargeOf(answer, l.line)}`}</small>
                  <small className={`tone ${now?.determination ?? l.determination}`}>{DETERMINATION[now?.determination ?? l.determination]}{now?.changed ? `, machine: ${DETERMINATION[l.determination].toLowerCase()}` : ''}</small></span>
                {(now?.undecided ?? 0) > 0 && <em title="Not decided yet">{now?.undecided}</em>}
              </button>
            )
          })}
          {lineNumbers.includes(0) && <button type="button" aria-current={line === 0} onClick={() => chooseLine(0)}><i className="glyph" /><span><b>The claim as a whole</b><small>{count(report.general.length, 'advisory requirement')}{report.rules.length > 0 ? `, ${count(report.rules.length, 'rule')}` : ''}</small></span></button>}
          <dl className="sums"><div><dt>At risk</dt><dd>{money(answer.effective.atRisk)}</dd></div><div><dt>Undecided</dt><dd>{undecided}</dd></div><div><dt>Pages</dt><dd>{leaves.length}{row.unreadable > 0 ? `, ${row.unreadable} unread` : ''}</dd></div></dl>
          <p className="made">Review {answer.reviewNumber} · Vouch {report.made.engine}<br />Policy of {report.made.policyVersions.join(', ')}</p>
        </nav>
        <section className="items" aria-label="Requirements" tabIndex={0}>
          <div className="linehead">
            {own && <><DeterminationBadge of={holds.get(own.line)?.determination ?? own.determination} short /><span className="grow" />
              <LineDecision own={own} decision={wholeDecision} mayDecide={mayDecide} send={(body) => decide.mutate({ target: 'line', line: own.line, subject: null, ...body })} /></>}
            {!own && <h2>The claim as a whole</h2>}
            <label className="only"><input type="checkbox" checked={onlyOpen} onChange={() => { setOnlyOpen(!onlyOpen); setAt(0) }} />open only<Key>f</Key></label>
          </div>
          <Failure error={decide.error} />
          <ul>
            {items.map((i, n) => (
              <ItemCard key={`${i.kind} ${i.id}`} item={i} decision={decisionOn(answer.decisions, i)} selected={i === item} evidence={evidence} mayDecide={mayDecide} draft={i === item ? draft : null} setDraft={setDraft}
                choose={() => choose(n)} chooseEvidence={(k) => showEvidence(i, k)} pageOf={pageOf} send={send} caseId={id} searchedIn={searchedIn} near={near} openNear={(n) => { setNear(n); const to = pageOf(n.file, n.boxes[0]?.page ?? n.page); if (to !== null) setLeaf(to) }} label={me.may.includes('cases.label') && answer.round === 'first' ? setLabelling : null} />
            ))}
            {items.length === 0 && <li className="empty">{onlyOpen ? 'Nothing is open on this line.' : 'Nothing is asked of this line.'}</li>}
          </ul>
          <Asides report={report} line={line} open={(file, p) => { const to = pageOf(file, p); if (to !== null) setLeaf(to) }} />
          {(own?.requests.length ?? 0) > 0 && <details className="requests"><summary>To ask the provider for ({own?.requests.length})</summary><ul>{own?.requests.map((r) => <li key={r}>{r}</li>)}</ul></details>}
        </section>
        <section className="viewer" aria-label="Page">
          <div className="tools">
            <button type="button" onClick={() => turn(-1)} disabled={leaf === 0} aria-label="Page before">‹</button>
            <span className="pageno"><input aria-label="Page of the packet" value={leaf + 1} inputMode="numeric" onChange={(e) => { const n = Number(e.target.value); if (n >= 1 && n <= leaves.length) setLeaf(n - 1) }} /> / {leaves.length}</span>
            <button type="button" onClick={() => turn(1)} disabled={leaf >= leaves.length - 1} aria-label="Page after">›</button>
            <span className="grow" />
            <form role="search" onSubmit={(e) => { e.preventDefault(); if (wanted.trim().length >= 2) { if (found !== null) showHit((hit + 1) % Math.max(1, found.hits.length)); else find.mutate(wanted) } }}>
              <input ref={search} type="search" placeholder="Search pages" aria-label="Search all pages" value={wanted} onChange={(e) => { setWanted(e.target.value); if (e.target.value === '') find.reset() }} />
              {wanted !== '' && found !== null && <span className="hits" role="status">{found.total === 0 ? 'none' : `${hit + 1} of ${found.total}`}</span>}
            </form>
            <button type="button" aria-pressed={fit === 'page'} onClick={() => setFit(fit === 'width' ? 'page' : 'width')} title="Whole page or full width">{fit === 'width' ? 'Whole page' : 'Full width'}<Key>z</Key></button>
            <button type="button" aria-pressed={asText} onClick={() => setAsText(!asText)}>Text<Key>v</Key></button>
            <button type="button" aria-pressed={thumbs} onClick={() => setThumbs(!thumbs)}>Pages<Key>t</Key></button>
          </div>
          <Failure error={find.error} />
          {page && <Caption leaf={page} />}
          {page && <PageView caseId={id} leaf={page} total={leaves.length} marks={marks} fit={fit} asText={asText} pick={draft === null ? null : (p: Place) => { if (drafting.current === item) setDraft((d) => d && { ...d, evidence: [...d.evidence, p] }) }} />}
        </section>
        {thumbs && <Thumbs caseId={id} leaves={leaves} at={leaf} marked={marked} choose={setLeaf} />}
      </div>
      {managing && <Managing row={row} people={answer.people} records={answer.records} me={me} close={() => setManaging(false)} />}
      {labelling !== null && <Labelling id={id} about={labelling} close={() => setLabelling(null)} />}
      <Help open={help} close={() => setHelp(false)} />
      <Sending id={id} number={row.number} me={me} open={sending} close={() => setSending(false)} show={(file, p) => { const to = pageOf(file, p); if (to !== null) setLeaf(to) }} />
      <Sign id={id} answer={answer} undecided={undecided} open={signing} close={() => setSigning(false)} />
    </main>
  )
}

function pageAt(item: Item | undefined, i: number, pageOf: (file: string, page: number) => number | null): number | null {
  const e = item?.evidence[i]
  return e === undefined ? null : pageOf(e.file, e.boxes[0]?.page ?? e.page)
}
const firstPage = (item: Item | undefined, pageOf: (file: string, page: number) => number | null): number | null => pageAt(item, 0, pageOf)

function chargeOf(answer: CaseAnswer, line: number): string {
  const charge = answer.report?.claim.lines.find((l) => l.line === line)?.charge
  return charge === null || charge === undefined ? '' : money(charge)
}

/** What the report says beside its findings: differences between claim and chart, levels, remarks, what could not be put to the line. */
function Asides({ report, line, open }: { readonly report: NonNullable<CaseAnswer['report']>; readonly line: number; readonly open: (file: string, page: number) => void }) {
  const own = report.lines.find((l) => l.line === line)
  const differences = report.differences.filter((d) => (d.line ?? 0) === line)
  const said = [
    ...differences.map((d) => ({ about: 'Claim and chart', text: d.explanation, evidence: d.chart.evidence[0] })),
    ...(own?.level ? [{ about: 'Level', text: own.level.explanation, evidence: own.level.evidence[0] }] : []),
    ...(own?.remarks ?? []).map((r) => ({ about: r.id, text: r.explanation, evidence: r.evidence[0] })),
    ...(own?.notEvaluable ?? []).map((g) => ({ about: `${g.id}, not put to the line`, text: g.explanation, evidence: undefined })),
    ...(own?.codeChange ? [{ about: 'Code change', text: own.codeChange.explanation, evidence: undefined }] : []), ...(own?.policyNote ? [{ about: 'Policy', text: own.policyNote, evidence: undefined }] : []),
    ...report.errata.filter((e) => e.lines.includes(line)).map((e) => ({ about: 'Policy text', text: `${e.about} Read as: ${e.readAs}`, evidence: undefined })),
  ]
  if (said.length === 0) return null
  return (
    <div className="asides"><h2>Beside the requirements</h2><ul>{said.map((s, i) => (
      <li key={i}><b>{s.about}:</b> {s.evidence === undefined ? s.text : <button type="button" className="link" onClick={() => { const e = s.evidence; if (e) open(e.file, e.page) }}>{s.text}</button>}</li>
    ))}</ul></div>
  )
}

/** What lies under the pointer, and what is to be known of it before it is believed. */
function Caption({ leaf }: { readonly leaf: Leaf }) {
  const { note } = leaf
  const flags = [
    leaf.read === 'none' && leaf.reason !== 'blank' ? `Not read (${noteType(leaf.reason ?? '')}): what is missing may stand here.` : '', leaf.duplicate === null ? '' : `Repeats ${leaf.duplicate}.`,
    note?.patientMatches === false ? 'Names another patient: counts for nothing.' : '', note !== null && !note.ofThisCourse ? 'Of another course.' : '',
  ].filter((f) => f !== '')
  return (
    <>
      <p className="caption" title={leaf.file}><b>{leaf.file}</b> <span>p. {leaf.page}</span>{note && <> <span>{[noteType(note.type), note.date ?? 'undated', note.author?.name ?? ''].filter((t) => t !== '').join(' · ')}</span></>}{leaf.read === 'ocr' && <> <span>read from the scan</span></>}</p>
      {flags.length > 0 && <p className="flags">{flags.join(' ')}</p>}
    </>
  )
}

function LineDecision({ own, decision, mayDecide, send }: {
  readonly own: NonNullable<CaseAnswer['report']>['lines'][number]; readonly decision: CaseAnswer['decisions'][number] | undefined; readonly mayDecide: boolean; readonly send: (body: Partial<DecisionBody>) => void
}) {
  const [open, setOpen] = useState(false)
  if (!mayDecide) return null
  return (
    <>
      {decision && <span className={`said ${decision.action}`} title={decision.by}>line {decision.action === 'override' ? 'overridden' : 'accepted'}</span>}
      {decision && <button type="button" className="quiet" onClick={() => send({ action: 'withdraw' })}>Take back</button>}
      <button type="button" className="quiet" onClick={() => send({ action: 'accept' })}>Accept line</button>
      <button type="button" className="quiet" onClick={() => setOpen(true)}>Override line</button>
      <Dialog title={`Override line ${own.line}, ${own.code}`} open={open} close={() => setOpen(false)}>
        <form onSubmit={(e) => { e.preventDefault(); const f = new FormData(e.currentTarget); send({ action: 'override', status: f.get('status') as DecisionBody['status'], reason: f.get('reason') as DecisionBody['reason'], note: String(f.get('note')) }); setOpen(false) }}>
          <label>What holds instead<select name="status" defaultValue="" required><option value="" disabled>Choose …</option>{Object.entries(DETERMINATION).filter(([k]) => k !== own.determination).map(([k, name]) => <option key={k} value={k}>{name}</option>)}</select></label>
          <label>Reason<select name="reason" defaultValue="" required><option value="" disabled>Choose …</option>{Object.entries(REASON).map(([k, name]) => <option key={k} value={k}>{name}</option>)}</select></label>
          <label>Note<textarea name="note" rows={3} /></label>
          <div className="ends"><button type="submit" className="primary">Override</button></div>
        </form>
      </Dialog>
    </>
  )
}

function Approve({ id }: { readonly id: string }) {
  const client = useQueryClient()
  const send = useMutation({ mutationFn: (approve: boolean) => post(`/api/cases/${id}/approve`, { approve }), onSuccess: () => void client.invalidateQueries() })
  return <><button type="button" onClick={() => send.mutate(false)}>Send back</button><button type="button" className="primary" onClick={() => send.mutate(true)}>Approve</button><Failure error={send.error} /></>
}

function Sign({ id, answer, undecided, open: shown, close }: { readonly id: string; readonly answer: CaseAnswer; readonly undecided: number; readonly open: boolean; readonly close: () => void }) {
  const client = useQueryClient()
  const sign = useMutation({ mutationFn: (note: string) => post<{ state: string }>(`/api/cases/${id}/sign`, { note }), onSuccess: () => { close(); void client.invalidateQueries() } })
  const pend = useMutation({ mutationFn: () => patch(`/api/cases/${id}`, { state: 'pended' }), onSuccess: () => { close(); void client.invalidateQueries() } })
  const lines = new Map(answer.report?.lines.map((l) => [l.line, l]))
  const open = answer.effective.lines.filter((l) => l.determination === 'needs-review').map((l) => l.line)
  return (
    <Dialog title="Sign the determination" open={shown} close={close}>
      <form onSubmit={(e) => { e.preventDefault(); sign.mutate(String(new FormData(e.currentTarget).get('note'))) }}>
        <ul className="signlines">{answer.effective.lines.map((l) => <li key={l.line}><b>{lines.get(l.line)?.code}</b><span>{lines.get(l.line)?.label}</span><DeterminationBadge of={l.determination} short /></li>)}</ul>
        {open.length > 0 ? <p className="failure">{open.length === 1 ? `Line ${open[0]} still needs` : `Lines ${open.join(', ')} still need`} review: override what is unclear, or the line, before signing.</p>
          : undecided > 0 && <p className="hint">{count(undecided, 'finding')} nobody accepted or overrode: by signing you accept them.</p>}
        <label>Note<textarea name="note" rows={2} /></label>
        <Failure error={sign.error ?? pend.error} />
        <div className="ends">{answer.round === 'first' && answer.case.state !== 'pended' && <button type="button" onClick={() => pend.mutate()}>Wait for records</button>}<button type="submit" className="primary" data-first disabled={open.length > 0 || sign.isPending}>Sign</button></div>
      </form>
    </Dialog>
  )
}

function Packet({ answer, me, id, add, open }: { readonly answer: CaseAnswer; readonly me: Me; readonly id: string; readonly add: () => void; readonly open: (file: string, page: number) => void }) {
  const client = useQueryClient()
  const redo = useMutation({ mutationFn: () => post(`/api/cases/${id}/review`), onSuccess: () => void client.invalidateQueries() })
  const { report } = answer
  return (
    <div className="packet">
      <div>
        <h2>Records</h2>
        <ul>{answer.records.map((r) => <li key={r.id}>{me.may.includes('cases.export') ? <button type="button" className="link" onClick={() => void download(`/api/cases/${id}/records/${r.id}/file`, undefined, r.name.split('/').at(-1) ?? 'record')}>{r.name}</button> : r.name} <small>{r.pages === null ? '' : count(r.pages, 'page')}</small></li>)}</ul>
        <div className="acts">{me.may.includes('cases.add') && <button type="button" onClick={add}>Add records</button>}{me.may.includes('cases.review') && <button type="button" onClick={() => redo.mutate()} disabled={redo.isPending}>Review again</button>}</div>
        <Failure error={redo.error} />
      </div>
      <div>
        <h2>Notes</h2>
        <ul>{report?.notes.map((n) => <li key={n.note} className={n.ofThisCourse && n.patientMatches !== false ? undefined : 'mute'}><button type="button" className="link" onClick={() => open(n.file, n.firstPage)}>{n.date ?? 'undated'} {noteType(n.type)}</button> <small>{n.author?.name ?? ''} {n.signature.state === 'signed' ? '' : n.signature.state === 'absent' ? 'no signature' : noteType(n.signature.state)}{n.patientMatches === false ? ' · another patient' : ''}{n.ofThisCourse ? '' : ' · another course'}</small></li>)}</ul>
      </div>
      <div>
        <h2>Problems</h2>
        {report?.problems.length === 0 ? <p className="hint">None.</p> : <ul>{report?.problems.map((p, i) => <li key={i}><button type="button" className="link" onClick={() => open(p.file, p.page ?? 1)}>{p.explanation}</button></li>)}</ul>}
      </div>
    </div>
  )
}

const KEYS: readonly (readonly [string, string])[] = [
  ['j  k', 'next, previous requirement'], ['e  E', 'next, previous evidence'], ['l  L', 'next, previous line'], ['→  ←', 'next, previous page'], ['a', 'accept, and on to the next'], ['o', 'override'], ['x', 'take back'],
  ['f', 'only what is open'], ['/', 'search all pages'], ['n  p', 'next, previous hit'], ['z', 'whole page or full width'], ['v', 'the page as text'], ['t', 'pages of the packet'], ['c', 'course'], ['S', 'sign'], ['s', 'letters and packet'], ['esc', 'back'],
]
function Help({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  return <Dialog title="Keys" open={open} close={close}><dl className="keys">{KEYS.map(([k, what]) => <div key={k}><dt>{k.split('  ').map((x) => <kbd key={x}>{x}</kbd>)}</dt><dd>{what}</dd></div>)}</dl></Dialog>
}
