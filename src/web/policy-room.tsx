// The policy room: requirements and rules to read, the own copy beside them, versions, and drafts with checks and previews. May not: judge a draft; the server does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { flushSync } from 'react-dom'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { DraftAnswer, DraftRow, PolicyPreview, PolicyRoomAnswer } from '../server/room-shapes.ts'
import type { PolicyDiff } from '../report/policy-diff.ts'
import { download, get, post, put, remove, sendFiles, type Me, type WorklistAnswer } from './api.ts'
import { DeterminationBadge, Failure, StatusBadge } from './parts.tsx'
import { count, moment } from './words.ts'
import './rooms.css'

const CLASS = { core: 'core', req: 'required', cond: 'where it applies', x: 'excludes' } as const
type Tab = 'read' | 'versions' | 'drafts'

export function PolicyRoomScreen({ me }: { readonly me: Me }) {
  const [tab, setTab] = useState<Tab>('read')
  const room = useQuery({ queryKey: ['policy'], queryFn: () => get<PolicyRoomAnswer>('/api/policy'), staleTime: Infinity })
  const page = room.data?.pages[0]
  return (
    <main className="policy">
      <header className="audit-head">
        <div><h1>{page?.title ?? 'Policy'}</h1><p className="hint">{page === undefined ? 'Opening …' : `${page.id} · text of ${page.versions[page.versions.length - 1]?.version ?? ''}${page.knownUntil === null ? '' : ` · known to hold until ${page.knownUntil}`}`}</p></div>
        <span className="grow" />
        <div className="tabs" role="group" aria-label="Views">{(['read', 'versions', 'drafts'] as const).map((t) => <button key={t} type="button" aria-pressed={tab === t} onClick={() => setTab(t)}>{t === 'read' ? 'Requirements' : t === 'versions' ? 'Versions' : 'Drafts'}</button>)}</div>
      </header>
      <Failure error={room.error} />
      {room.data !== undefined && (tab === 'read' ? <Reading room={room.data} mayLink={me.may.includes('policy.draft')} /> : tab === 'versions' ? <Versions room={room.data} /> : <Drafts room={room.data} me={me} />)}
    </main>
  )
}

function Reading({ room, mayLink }: { readonly room: PolicyRoomAnswer; readonly mayLink: boolean }) {
  const client = useQueryClient()
  const [wanted, setWanted] = useState('')
  const words = useDeferredValue(wanted).toLowerCase().split(/\s+/).filter((w) => w !== '')
  const again = (): void => void client.invalidateQueries({ queryKey: ['policy'] })
  const linkCopy = useMutation({ mutationFn: (file: File) => sendFiles<{ passages: number }>('/api/policy/copy', [{ name: file.name, file }]), onSuccess: again })
  const drop = useMutation({ mutationFn: () => remove('/api/policy/copy'), onSuccess: again })
  const passages = useMemo(() => new Map((room.copy?.passages ?? []).map((p) => [p.id, p])), [room.copy])
  const fits = (text: string): boolean => words.every((w) => text.toLowerCase().includes(w))
  const choose = (): void => {
    const input = document.createElement('input')
    input.type = 'file'
    input.onchange = () => { const file = input.files?.[0]; if (file) linkCopy.mutate(file) }
    input.click()
  }
  return (
    <div className="policy-read">
      {room.pages.map((p) => (
        <div key={p.id} className="policy-columns">
          <nav aria-label="Checklists"><input type="search" aria-label="Find in the policy" placeholder="Find: 77331, signature …" value={wanted} onChange={(e) => setWanted(e.target.value)} />
            <ul>{p.checklists.map((c) => <li key={c.id}><a href={`#list-${c.id}`} onClick={(e) => { e.preventDefault(); document.getElementById(`list-${c.id}`)?.scrollIntoView() }}>{c.label}<span>{c.requirements.length}</span></a></li>)}
              <li><a href="#rules" onClick={(e) => { e.preventDefault(); document.getElementById('rules')?.scrollIntoView() }}>Billing rules<span>{p.rules.length}</span></a></li></ul>
            <div className="copy"><h2>Your own copy</h2>
              <p className="hint">{room.copy === null ? 'No copy is linked. Its words would stand beside what cites them; it stays in this workspace.' : `${room.copy.name}: ${room.copy.passages.length} of ${p.checklists.reduce((n, c) => n + c.requirements.length, 0)} requirements found, ${moment(room.copy.linkedAt)}.`}</p>
              {mayLink && <button type="button" onClick={choose} disabled={linkCopy.isPending}>{linkCopy.isPending ? 'Reading …' : room.copy === null ? 'Link a copy' : 'Link another'}</button>}
              {mayLink && room.copy !== null && <button type="button" className="quiet" onClick={() => drop.mutate()}>Take it away</button>}
              <Failure error={linkCopy.error ?? drop.error} /></div>
          </nav>
          <div className="policy-text" tabIndex={0} role="region" aria-label="Requirements and rules">
            {p.checklists.map((c) => {
              const shown = c.requirements.filter((r) => fits(`${c.label} ${c.codes.join(' ')} ${r.id} ${r.asks} ${r.section}`))
              return shown.length === 0 ? null : (
                <section key={c.id} id={`list-${c.id}`}><h2>{c.label}</h2><p className="hint">{c.codes.length === 0 ? 'Every claim; advises and decides no line' : c.codes.join(', ')}</p>
                  <ul className="reqs">{shown.map((r) => {
                    const own = passages.get(r.id)
                    return (
                      <li key={r.id} id={r.id}><div><p><b className="asks">{r.asks}</b> <code>{r.id}</code></p><p className="hint"><span className={`weight ${r.class}`}>{CLASS[r.class]}</span> “{r.section}”, {/^\d+$/.test(r.item) ? `item ${r.item}` : r.item}</p></div>
                        {room.copy !== null && <div className="own">{own === undefined ? <p className="hint">Not found in your copy.</p> : <><q>{own.text}</q><p className="hint">page {own.page}, under “{own.heading}”</p></>}</div>}</li>
                    )
                  })}</ul></section>
              )
            })}
            <section id="rules"><h2>Billing rules</h2>
              <div className="tablewrap" tabIndex={0} role="region" aria-label="Billing rules">
                <table className="plain"><thead><tr><th scope="col">Rule</th><th scope="col">What it says</th><th scope="col">Effect</th><th scope="col">Where it is said</th></tr></thead>
                  <tbody>{p.rules.filter((r) => fits(`${r.id} ${r.says} ${r.section}`)).map((r, i) => <tr key={`${r.id} ${i}`}><th scope="row">{r.id}</th><td>{r.says}{r.holds === '' ? '' : <span className="quietly"> ({r.holds})</span>}</td><td>{r.effect}</td><td className="quietly">{r.section}{r.item === '' ? '' : `, ${r.item}`}</td></tr>)}</tbody></table></div></section>
            <section><h2>How open places are read</h2><ul className="plainlist">{p.settings.map((s) => <li key={s.name}><code>{s.name}</code> {s.value}</li>)}</ul>
              <h2>Slips of the text</h2><ul className="plainlist">{p.errata.map((e) => <li key={e.id}><code>{e.id}</code> {e.about} <span className="quietly">Read as: {e.readAs}</span></li>)}</ul></section>
          </div>
        </div>
      ))}
    </div>
  )
}

function Versions({ room }: { readonly room: PolicyRoomAnswer }) {
  const versions = room.pages.flatMap((p) => p.versions.map((v) => v.version))
  const [a, setA] = useState(versions[versions.length - 2] ?? versions[0] ?? '')
  const [b, setB] = useState(versions[versions.length - 1] ?? '')
  const diff = useQuery({ queryKey: ['policy-versions', a, b], queryFn: () => get<PolicyDiff[]>(`/api/policy/versions?a=${a}&b=${b}`), enabled: a !== '' && b !== '' })
  const day = (name: string, value: string, set: (v: string) => void) => <label>{name}<input type="date" value={value} onChange={(e) => set(e.target.value)} list="texts" /></label>
  return (
    <div className="page policy-versions">
      <h2>Texts</h2>
      <ul className="plainlist">{room.pages.flatMap((p) => p.versions.map((v) => <li key={`${p.id} ${v.version}`}><b>{v.version}</b> {v.changed}</li>))}</ul>
      <h2>What differs between two days</h2>
      <div className="settings">{day('From', a, setA)}{day('To', b, setB)}</div>
      <Failure error={diff.error} />
      {diff.data?.map((d) => (
        <div key={d.policy} className="differs" role="status">
          <p className="hint">{d.from === d.to ? `The text of ${d.from} holds on both days.` : `Text of ${d.from} against text of ${d.to}.`}</p>
          <ul className="plainlist">
            {d.texts.map((t) => <li key={t.version}><b>{t.version}</b> {t.changed}</li>)}
            {d.rules.map((r) => <li key={r.id}><code>{r.id}</code> {r.change}{r.before === null ? '' : <span className="before"> {r.before}</span>}{r.after === null ? '' : <span className="after"> {r.after}</span>}</li>)}
            {d.codes.map((c) => <li key={c.code}><code>{c.code}</code> {c.on}: {c.says}</li>)}
            {d.denialCodes.before.join() !== d.denialCodes.after.join() && <li>Denial codes for frequency: {d.denialCodes.before.join(', ') || 'none'} before, {d.denialCodes.after.join(', ') || 'none'} after</li>}
          </ul>
        </div>
      ))}
    </div>
  )
}

interface Editing { readonly id: string | null; readonly revision: number; readonly name: string; readonly files: Readonly<Record<string, string>> }

function Drafts({ room, me }: { readonly room: PolicyRoomAnswer; readonly me: Me }) {
  const client = useQueryClient()
  const mayEdit = me.may.includes('policy.draft')
  const list = useQuery({ queryKey: ['policy-drafts'], queryFn: () => get<DraftRow[]>('/api/policy/drafts') })
  const [editing, setEditing] = useState<Editing | null>(null)
  const open = useMutation({ mutationFn: (id: string) => get<DraftAnswer>(`/api/policy/drafts/${id}`), onSuccess: (d) => setEditing({ id: d.id, revision: d.revision, name: d.name, files: d.files }) })
  const drop = useMutation({ mutationFn: (id: string) => remove(`/api/policy/drafts/${id}`), onSuccess: () => { setEditing(null); void client.invalidateQueries({ queryKey: ['policy-drafts'] }) } })
  const policy = room.pages[0]
  if (policy === undefined) return null
  if (editing !== null) return <Editor key={editing.id ?? 'new'} room={room} policy={policy.id} start={editing} me={me} close={() => { setEditing(null); void client.invalidateQueries({ queryKey: ['policy-drafts'] }) }} />
  return (
    <div className="page">
      <p className="hint">A draft changes nothing: no claim is judged by it. It is kept in this workspace, checked as it is written, tried on a case, and exported as YAML for the dictionaries.</p>
      {mayEdit && <div><button type="button" className="primary" onClick={() => setEditing({ id: null, revision: 0, name: '', files: {} })}>New draft</button></div>}
      <Failure error={list.error ?? open.error ?? drop.error} />
      {list.data?.length === 0 ? <p className="empty">No drafts.</p> : list.data === undefined ? null : (
        <table className="plain"><thead><tr><th scope="col">Draft</th><th scope="col">Files</th><th scope="col">Revision</th><th scope="col">Changed</th><th scope="col"><span className="hidden">What to do</span></th></tr></thead>
          <tbody>{list.data.map((d) => (
            <tr key={d.id}><th scope="row">{d.name}</th><td>{d.files.join(', ')}</td><td>{d.revision}</td><td>{moment(d.updatedAt)}, {d.by}</td>
              <td className="actions"><button type="button" onClick={() => open.mutate(d.id)}>{mayEdit ? 'Edit' : 'Read'}</button> <button type="button" onClick={() => void download(`/api/policy/drafts/${d.id}/export`, undefined, d.files.length === 1 ? (d.files[0] ?? 'draft.yaml') : 'draft.zip')}>Export</button>
                {mayEdit && <> <button type="button" className="quiet" onClick={() => drop.mutate(d.id)}>Remove</button></>}</td></tr>
          ))}</tbody></table>
      )}
    </div>
  )
}

function Editor({ room, policy, start, me, close }: { readonly room: PolicyRoomAnswer; readonly policy: string; readonly start: Editing; readonly me: Me; readonly close: () => void }) {
  const standing = room.files[policy] ?? {}
  const names = Object.keys(standing).sort()
  const mayEdit = me.may.includes('policy.draft')
  const [draft, setDraft] = useState(start)
  const [file, setFile] = useState(Object.keys(start.files)[0] ?? names[0] ?? '')
  const [caseId, setCaseId] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLPreElement>(null)
  const text = draft.files[file] ?? standing[file] ?? ''
  const [settled, setSettled] = useState(draft.files)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft.files), 400)
    return () => clearTimeout(timer)
  }, [draft.files])
  const check = useQuery({ queryKey: ['policy-check', policy, settled], queryFn: () => post<PolicyPreview>('/api/policy/check', { policy, files: settled }), enabled: mayEdit, staleTime: Infinity, gcTime: 0 })
  const cases = useQuery({ queryKey: ['worklist', 'policy'], queryFn: () => post<WorklistAnswer>('/api/worklist', { sort: 'number', descending: true, size: 200 }), enabled: me.may.includes('policy.preview') })
  const preview = useMutation({ mutationFn: () => post<PolicyPreview>('/api/policy/preview', { policy, files: draft.files, caseId }) })
  const save = useMutation({
    mutationFn: () => (draft.id === null ? post<{ id: string; revision: number }>('/api/policy/drafts', { name: draft.name, policy, files: draft.files }) : put<{ id: string; revision: number }>(`/api/policy/drafts/${draft.id}`, { name: draft.name, policy, files: draft.files, revision: draft.revision })),
    onSuccess: ({ id, revision }) => setDraft((d) => ({ ...d, id, revision })),
  })
  const write = (value: string): void => {
    const { [file]: _old, ...others } = draft.files
    setDraft({ ...draft, files: value === standing[file] ? others : { ...others, [file]: value } })
  }
  const goTo = (fault: { readonly file: string; readonly line: number | null }): void => {
    // At once, so that nothing is typed between the click and the selection.
    if (fault.file !== '') flushSync(() => setFile(fault.file))
    if (fault.line === null || area.current === null) return
    const lines = area.current.value.split('\n')
    const at = lines.slice(0, fault.line - 1).join('\n').length + (fault.line > 1 ? 1 : 0)
    area.current.focus()
    area.current.setSelectionRange(at, at + (lines[fault.line - 1]?.length ?? 0))
    area.current.scrollTop = Math.max(0, (fault.line - 6) * 19)
  }
  const faults = check.data !== undefined && 'faults' in check.data ? check.data.faults : []
  const changes = check.data !== undefined && 'changes' in check.data ? check.data.changes : []
  const examples = check.data !== undefined && 'changes' in check.data ? check.data.examples : null
  const changed = Object.keys(draft.files).length > 0
  return (
    <div className="editor">
      <div className="editor-bar">
        <label>Draft<input value={draft.name} maxLength={120} readOnly={!mayEdit} onChange={(e) => setDraft({ ...draft, name: e.target.value })} placeholder="What it is for" /></label>
        <label>File<select value={file} onChange={(e) => setFile(e.target.value)}>{[...new Set([...names, ...Object.keys(draft.files)])].sort().map((n) => <option key={n} value={n}>{n}{draft.files[n] === undefined ? '' : ' (changed)'}</option>)}</select></label>
        <span className="grow" />
        {save.isSuccess && !save.isPending && <span className="good" role="status">Saved as revision {draft.revision}.</span>}
        {mayEdit && <button type="button" className="primary" disabled={draft.name.trim() === '' || !changed || save.isPending} onClick={() => save.mutate()}>Save draft</button>}
        <button type="button" onClick={close}>Close</button>
      </div>
      <Failure error={save.error ?? check.error ?? preview.error} />
      <div className="editor-columns">
        <div className="code-field">
          <pre ref={gutter} aria-hidden="true">{text.split('\n').map((_, i) => <span key={i} className={faults.some((f) => f.file === file && f.line === i + 1) ? 'bad' : undefined}>{i + 1}{'\n'}</span>)}</pre>
          <textarea ref={area} aria-label={`Text of ${file}`} value={text} readOnly={!mayEdit} spellCheck={false} wrap="off" onChange={(e) => write(e.target.value)} onScroll={(e) => { if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop }} />
        </div>
        <aside aria-label="Check and preview" tabIndex={0}>
          {mayEdit && <section><h2>Check</h2>
            {check.isFetching || settled !== draft.files ? <p className="hint" role="status">Checking …</p> : check.isError ? <p className="failure" role="status">Not checked.</p> : faults.length > 0
              ? <><p className="failure" role="status">{count(faults.length, 'fault')}</p><ul className="faults">{faults.map((f) => <li key={`${f.file} ${f.line} ${f.column} ${f.what}`}><button type="button" className="link" onClick={() => goTo(f)}>{f.file}{f.line === null ? '' : `:${f.line}:${f.column}`}</button> {f.what}</li>)}</ul></>
              : <><p className="good" role="status">No faults.</p>{changes.length === 0 ? <p className="hint">Nothing differs from the policy that stands.</p> : <ul className="plainlist">{changes.map((c) => <li key={`${c.what} ${c.id}`}><code>{c.id}</code> {c.change}{c.fields.length > 0 ? `: ${c.fields.join(', ')}` : ''}</li>)}</ul>}{examples !== null && examples.ran > 0 && <Examples of={examples} />}</>}
          </section>}
          {me.may.includes('policy.preview') && <section><h2>Preview on a case</h2>
            <label>Case<select value={caseId} onChange={(e) => setCaseId(e.target.value)}><option value="">Choose a case …</option>{cases.data?.rows.map((c) => <option key={c.id} value={c.id}>{c.number} · {c.patient ?? c.claim}</option>)}</select></label>
            <button type="button" disabled={caseId === '' || faults.length > 0 || preview.isPending} onClick={() => preview.mutate()}>{preview.isPending ? 'Reviewing …' : 'Preview'}</button>
            {preview.data !== undefined && 'whatIf' in preview.data && preview.data.whatIf !== null && (
              <div role="status">{preview.data.whatIf.lines.length + preview.data.whatIf.general.length === 0 ? <p className="hint">No status of this case would change.</p> : null}
                <ul className="plainlist">{preview.data.whatIf.lines.map((l) => <li key={l.line}><p>Line {l.line} {l.code}: <DeterminationBadge of={l.before} short /> → <DeterminationBadge of={l.after} short /></p>
                  <ul className="plainlist">{l.statuses.map((s) => <li key={s.requirement}><code>{s.requirement}</code> <StatusBadge status={s.before} /> → <StatusBadge status={s.after} /></li>)}</ul></li>)}
                  {preview.data.whatIf.general.map((s) => <li key={s.requirement}><code>{s.requirement}</code> <StatusBadge status={s.before} /> → <StatusBadge status={s.after} /></li>)}</ul></div>
            )}
          </section>}
        </aside>
      </div>
    </div>
  )
}

/** What the examples written beside the changed entries say of them now. */
function Examples({ of: { ran, failing } }: { readonly of: NonNullable<Extract<PolicyPreview, { changes: unknown }>['examples']> }) {
  if (failing.length === 0) return <p className="good">{ran === 1 ? 'Its example holds.' : `All ${ran} examples hold.`}</p>
  return (
    <>
      <p className="failure">{failing.length} of {count(ran, 'example')} {failing.length === 1 ? 'fails' : 'fail'}.</p>
      <ul className="faults examples">{failing.map((f) => <li key={`${f.id} ${f.what}`}><code>{f.id}</code> {f.what}</li>)}</ul>
    </>
  )
}
