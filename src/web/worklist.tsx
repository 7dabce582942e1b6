// The worklist: what there is to do, the most doubtful money first. May not: decide a case.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { download, get, patch, post, remove, type CaseRow, type Me, type RecordRow, type ViewRow, type WorklistAnswer, type WorklistFilter } from './api.ts'
import { DropShade, useDropping } from './dropping.tsx'
import { useKeys } from './keys.ts'
import { useLive } from './live.ts'
import { DeterminationBadge, DETERMINATION_TONE, Dialog, Failure, Key } from './parts.tsx'
import { go, link } from './router.ts'
import { bytes, count, DETERMINATION, due, money, span, STATE } from './words.ts'

const START: WorklistFilter = { text: '', states: [], determinations: [], assignee: null, due: null, second: false, sort: 'priority', descending: true, page: 0, size: 100 }
const STATES = Object.keys(STATE) as CaseRow['state'][]
const COLUMNS: readonly { readonly key: WorklistFilter['sort']; readonly name: string; readonly number?: boolean; readonly downFirst?: boolean; readonly means?: string }[] = [
  { key: 'number', name: 'Case' }, { key: 'claim', name: 'Claim' }, { key: 'dos', name: 'Service' }, { key: 'determination', name: 'Lines' }, { key: 'priority', name: 'Priority', number: true, downFirst: true, means: 'How much of the money billed is in doubt' },
  { key: 'risk', name: 'At risk', number: true, downFirst: true }, { key: 'due', name: 'Due' }, { key: 'state', name: 'State' },
]

/** Kept while another screen is open. */
let remembered = START

export function Worklist({ me }: { readonly me: Me }) {
  const client = useQueryClient()
  const [filter, setFilter] = useState<WorklistFilter>(remembered)
  remembered = filter
  const [at, setAt] = useState(0)
  const [waiting, setWaiting] = useState(false)
  const [naming, setNaming] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const asked = useDeferredValue(filter)
  const live = useLive()
  const list = useQuery({
    queryKey: ['worklist', asked], queryFn: () => post<WorklistAnswer>('/api/worklist', asked), placeholderData: keepPreviousData,
    // Another server on the same database tells its own listeners only.
    refetchInterval: (q) => ((q.state.data?.running ?? 0) > 0 ? (live ? 6000 : 1200) : 20_000),
  })
  const views = useQuery({ queryKey: ['views'], queryFn: () => get<ViewRow[]>('/api/views') })
  const people = useQuery({ queryKey: ['people'], queryFn: () => get<{ id: string; name: string }[]>('/api/people') })
  const again = (): void => void client.invalidateQueries()
  const dropping = useDropping(null, me.may.includes('cases.add'), again)
  const change = (part: Partial<WorklistFilter>): void => {
    setAt(0)
    setFilter({ ...filter, page: 0, ...part })
  }
  const rows = list.data?.rows ?? []
  const current = rows[Math.min(at, rows.length - 1)]
  const assign = useMutation({ mutationFn: (v: { id: string; assignee: string | null }) => patch(`/api/cases/${v.id}`, { assignee: v.assignee }), onSuccess: again })
  const save = useMutation({ mutationFn: (name: string) => post('/api/views', { name, filter: { ...filter, page: 0 } }), onSuccess: () => { setNaming(false); again() } })
  const drop = useMutation({ mutationFn: (id: string) => remove(`/api/views/${id}`), onSuccess: again })
  const out = useMutation({ mutationFn: (format: 'csv' | 'xlsx') => download(`/api/worklist.${format}`, filter, `vouch-worklist.${format}`) })

  useKeys({
    j: () => setAt(Math.min(at + 1, rows.length - 1)), k: () => setAt(Math.max(at - 1, 0)), ArrowDown: () => setAt(Math.min(at + 1, rows.length - 1)), ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Enter: () => { if (current) go(`/cases/${current.id}`) }, '/': () => search.current?.focus(), u: () => { if (me.may.includes('cases.add')) dropping.choose() },
    m: () => { if (current && me.may.includes('cases.work')) assign.mutate({ id: current.id, assignee: current.assignee?.id === me.user?.id ? null : (me.user?.id ?? null) }) },
    Escape: () => { search.current?.blur() },
  })
  useEffect(() => void document.querySelector('tr[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at])

  const total = Object.values(list.data?.counts ?? {}).reduce((a, b) => a + b, 0)
  const only = (states: CaseRow['state'][]): boolean => filter.states.join() === states.join()
  const pages = Math.ceil((list.data?.total ?? 0) / filter.size)
  return (
    <main className="worklist">
      <h1 className="hidden">Worklist</h1>
      <aside aria-label="Filters">
        <ul className="states">
          <li><button type="button" aria-pressed={filter.states.length === 0} onClick={() => change({ states: [] })}>All cases<b>{total}</b></button></li>
          {STATES.map((s) => <li key={s}><button type="button" aria-pressed={only([s])} onClick={() => change({ states: only([s]) ? [] : [s] })}>{STATE[s]}<b>{list.data?.counts[s] ?? 0}</b></button></li>)}
        </ul>
        <h2>Whose</h2>
        <ul className="states">
          {me.may.includes('cases.work') && <li><button type="button" aria-pressed={filter.assignee === 'me'} onClick={() => change({ assignee: filter.assignee === 'me' ? null : 'me' })}>Mine</button></li>}
          <li><button type="button" aria-pressed={filter.assignee === 'nobody'} onClick={() => change({ assignee: filter.assignee === 'nobody' ? null : 'nobody' })}>Nobody’s</button></li>
          {me.may.includes('decisions.make') && <li><button type="button" aria-pressed={filter.second} onClick={() => change({ second: !filter.second })}>Second review</button></li>}
        </ul>
        <h2>Due</h2>
        <ul className="states">
          <li><button type="button" aria-pressed={filter.due === 'overdue'} onClick={() => change({ due: filter.due === 'overdue' ? null : 'overdue' })}>Overdue</button></li>
          <li><button type="button" aria-pressed={filter.due === 'week'} onClick={() => change({ due: filter.due === 'week' ? null : 'week' })}>Within 7 days</button></li>
        </ul>
        <h2>Views</h2>
        <ul className="states">
          {views.data?.map((v) => (
            <li key={v.id} className="view"><button type="button" title={v.name} onClick={() => { setAt(0); setFilter({ ...v.filter, page: 0 }) }}><span>{v.name}</span></button>
              <button type="button" className="drop" aria-label={`Remove the view ${v.name}`} onClick={() => drop.mutate(v.id)}>×</button></li>
          ))}
          <li><button type="button" className="add" onClick={() => setNaming(true)}>+ Save this view</button></li>
        </ul>
      </aside>
      <section>
        <div className="tools">
          <input ref={search} type="search" placeholder="Claim, patient, provider or code" aria-label="Search" value={filter.text} onChange={(e) => change({ text: e.target.value })} />
          <Key>/</Key>
          <select aria-label="Determination" value={filter.determinations[0] ?? ''} onChange={(e) => change({ determinations: e.target.value === '' ? [] : [e.target.value as keyof typeof DETERMINATION] })}>
            <option value="">Any determination</option>{Object.entries(DETERMINATION).map(([k, name]) => <option key={k} value={k}>{name}</option>)}
          </select>
          <span className="grow" />
          {(list.data?.running ?? 0) > 0 && <span className="running" role="status"><i />Reviewing {count(list.data?.running ?? 0, 'case')}</span>}
          {(list.data?.unmatched ?? 0) > 0 && me.may.includes('cases.add') && <button type="button" className="attention" onClick={() => setWaiting(true)}>{count(list.data?.unmatched ?? 0, 'record waits', 'records wait')} for a case</button>}
          {me.may.includes('cases.export') && <span className="joined" role="group" aria-label="Export">{(['csv', 'xlsx'] as const).map((f) => <button key={f} type="button" aria-label={`Export ${f.toUpperCase()}`} disabled={out.isPending} onClick={() => out.mutate(f)}>{f === 'csv' ? 'Export CSV' : 'XLSX'}</button>)}</span>}
          {me.may.includes('cases.add') && <button type="button" className="primary" onClick={dropping.choose}>Add files<Key>u</Key></button>}
        </div>
        <Failure error={list.error ?? assign.error ?? out.error ?? drop.error} />
        <div className="scroll" tabIndex={0} role="region" aria-label="Cases">
          <table aria-label="Cases">
            <thead>
              <tr>{COLUMNS.map((c) => (
                <th key={c.key} scope="col" className={c.number ? 'number' : undefined} title={c.means} aria-sort={filter.sort === c.key ? (filter.descending ? 'descending' : 'ascending') : undefined}>
                  <button type="button" onClick={() => change(filter.sort === c.key ? { descending: !filter.descending } : { sort: c.key, descending: c.downFirst === true })}>{c.name}<span aria-hidden="true">{filter.sort === c.key ? (filter.descending ? '↓' : '↑') : ''}</span></button>
                </th>
              ))}<th scope="col">Reviewer</th></tr>
            </thead>
            <tbody>
              {rows.map((r, i) => (
                <tr key={r.id} aria-selected={r === current} onClick={() => { setAt(i); go(`/cases/${r.id}`) }}>
                  <td className="quietly">{r.number}</td>
                  <td className="claim"><a {...link(`/cases/${r.id}`)} onClick={(e) => { e.stopPropagation(); link(`/cases/${r.id}`).onClick(e) }}>{r.patient ?? r.claim}</a><span>{r.claim}{r.provider === null ? '' : ` · ${r.provider}`}</span></td>
                  <td className="quietly nowrap">{span(r.dosFrom, r.dosTo)}</td>
                  <td><Lines row={r} /></td>
                  <td className="number">{r.priority === 0 ? '–' : Math.round(r.priority).toLocaleString('en-US')}</td>
                  <td className="number">{money(r.atRisk)}</td>
                  <td className={`nowrap${r.overdue ? ' late' : ''}`} title={r.dueOn}>{due(r.dueOn, r.state === 'decided' || r.state === 'closed')}</td>
                  <td className="nowrap">{r.second ? 'Second review' : r.state === 'received' && r.determination !== null && r.pages === 0 ? 'No records' : STATE[r.state]}</td>
                  <td onClick={(e) => e.stopPropagation()}>
                    {me.may.includes('cases.assign')
                      ? <select aria-label={`Reviewer of case ${r.number}`} value={r.assignee?.id ?? ''} onChange={(e) => assign.mutate({ id: r.id, assignee: e.target.value === '' ? null : e.target.value })}>
                        <option value="">–</option>{people.data?.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}</select>
                      : <span className="quietly">{r.assignee?.name ?? '–'}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {list.data !== undefined && rows.length === 0 && (
            <div className="empty">{total === 0
              ? <><p>No cases yet.</p><p>Drop claims and records anywhere on this page: files, folders or ZIP archives.</p></>
              : <p>No case fits these filters. <button type="button" className="quiet" onClick={() => setFilter(START)}>Show all</button></p>}</div>
          )}
        </div>
        <footer className="foot">
          <span>{count(list.data?.total ?? 0, 'case')}</span>
          {pages > 1 && <span className="pages"><button type="button" disabled={filter.page === 0} onClick={() => setFilter({ ...filter, page: filter.page - 1 })}>Back</button>{filter.page + 1} of {pages}
            <button type="button" disabled={filter.page + 1 >= pages} onClick={() => setFilter({ ...filter, page: filter.page + 1 })}>On</button></span>}
          <span className="grow" />
          <span className="hints"><Key>j</Key><Key>k</Key> move <Key>↵</Key> open {me.may.includes('cases.work') && <><Key>m</Key> mine </>}<Key>/</Key> search</span>
        </footer>
      </section>
      <DropShade dropping={dropping} what="Claims and records: files, folders or ZIP archives" />
      <Dialog title="Save this view" open={naming} close={() => setNaming(false)}>
        <form onSubmit={(e) => { e.preventDefault(); save.mutate(String(new FormData(e.currentTarget).get('name'))) }}>
          <label>Name<input name="name" required maxLength={80} /></label><Failure error={save.error} /><div className="ends"><button type="submit" className="primary">Save</button></div>
        </form>
      </Dialog>
      <Waiting open={waiting} close={() => setWaiting(false)} mayRemove={me.may.includes('cases.remove')} />
    </main>
  )
}

/** A line of the claim each: its code, and by colour and shape what is said of it. */
function Lines({ row }: { readonly row: CaseRow }) {
  if (row.run === 'queued' || row.run === 'running') {
    const p = row.progress
    return <span className="running"><i />{row.run === 'queued' ? 'waiting' : p !== null && p.pages > 0 ? `page ${p.page} of ${p.pages}` : 'reading'}</span>
  }
  if (row.run === 'failed') return <span className="badge bad">Review failed</span>
  if (row.lines.length === 0) return <span className="quietly">{row.codes.slice(0, 6).join('  ')}{row.records === 0 ? ' · no records' : ''}</span>
  const groups: { readonly code: string; readonly determination: CaseRow['lines'][number]['determination']; readonly line: number; count: number }[] = []
  for (const l of row.lines) {
    const same = groups.find((g) => g.code === l.code && g.determination === l.determination)
    if (same) same.count++
    else groups.push({ code: l.code, determination: l.determination, line: l.line, count: 1 })
  }
  const first = groups.slice(0, 5)
  return <span className="codes">{first.map((g) => <span key={g.line} className={`code ${DETERMINATION_TONE[g.determination]}`} title={`${g.code}: ${DETERMINATION[g.determination]}${g.count > 1 ? `, ${g.count} lines` : ''}`}>{g.code}{g.count > 1 && <i>×{g.count}</i>}</span>)}{groups.length > 5 && <span className="quietly" title={groups.slice(5).map((g) => g.code).join(', ')}>+{groups.length - 5}</span>}
    {row.determination !== null && <span className="hidden"><DeterminationBadge of={row.determination} short /></span>}</span>
}

function Waiting({ open, close, mayRemove }: { readonly open: boolean; readonly close: () => void; readonly mayRemove: boolean }) {
  const client = useQueryClient()
  const rows = useQuery({ queryKey: ['unmatched'], queryFn: () => get<RecordRow[]>('/api/records/unmatched'), enabled: open })
  const all = useQuery({ queryKey: ['worklist', 'open'], queryFn: () => post<WorklistAnswer>('/api/worklist', { ...START, sort: 'number', size: 500 }), enabled: open })
  const done = (): void => void client.invalidateQueries()
  const give = useMutation({ mutationFn: (v: { id: string; caseId: string }) => post(`/api/records/${v.id}/case`, { caseId: v.caseId }), onSuccess: done })
  const drop = useMutation({ mutationFn: (id: string) => remove(`/api/records/${id}`), onSuccess: done })
  return (
    <Dialog title="Records that wait for a case" open={open} close={close}>
      <Failure error={rows.error ?? give.error ?? drop.error} />
      {rows.data?.length === 0 && <p className="hint">None is waiting.</p>}
      <ul className="waiting">
        {rows.data?.map((r) => (
          <li key={r.id}>
            <div><b>{r.name}</b><span>{bytes(r.bytes)}{r.pages === null ? ', being read' : `, ${count(r.pages, 'page')}`}</span></div>
            {r.candidates.map((c) => <button key={c.caseId} type="button" onClick={() => give.mutate({ id: r.id, caseId: c.caseId })}>Case {c.number} · {c.patient ?? c.claim} <span>{c.why}</span></button>)}
            <select aria-label={`Case of ${r.name}`} value="" onChange={(e) => { if (e.target.value !== '') give.mutate({ id: r.id, caseId: e.target.value }) }}>
              <option value="">{r.candidates.length > 0 ? 'Another case …' : 'Choose a case …'}</option>{all.data?.rows.map((c) => <option key={c.id} value={c.id}>{c.number} · {c.patient ?? ''} · {c.claim}</option>)}
            </select>
            {mayRemove && <button type="button" className="quiet" onClick={() => drop.mutate(r.id)}>Remove</button>}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
