// A requirement or a rule: what it asks, what was found or not, and what a person says to it. May not: change what the machine found.
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { get, type DecisionBody, type DecisionRow, type EvidenceJson, type NearMiss, type Place } from './api.ts'
import type { Item } from './leaves.ts'
import { Key, StatusBadge, StatusGlyph } from './parts.tsx'
import { CLASS, count, EFFECT, moment, REASON, STATUS } from './words.ts'

export interface Draft { readonly status: string; readonly reason: string; readonly note: string; readonly evidence: readonly Place[] }
export type Send = (body: Pick<DecisionBody, 'action' | 'status' | 'reason' | 'note' | 'evidence'>) => void

const choicesOf = (item: Item): readonly (keyof typeof STATUS | 'set-aside')[] =>
  item.kind === 'rule' ? ['set-aside'] : item.requirement.class === 'x' ? ['clear', 'triggered'] : ['met', 'partial', 'not-met', 'unclear', 'not-applicable']

export interface ItemCardProps {
  readonly item: Item
  readonly decision: DecisionRow | undefined
  readonly selected: boolean
  readonly evidence: number
  readonly mayDecide: boolean
  /** Null while no override is being written. */
  readonly draft: Draft | null
  readonly setDraft: (draft: Draft | null) => void
  readonly choose: () => void
  readonly chooseEvidence: (i: number) => void
  readonly pageOf: (file: string, page: number) => number | null
  readonly send: Send
  /** Null for whoever may not make labelled cases. */
  readonly label: ((about: string) => void) | null
  readonly caseId: string
  /** What was searched, in words. */
  readonly searchedIn: string
  readonly near: NearMiss | null
  readonly openNear: (near: NearMiss) => void
}

export function ItemCard(props: ItemCardProps) {
  const { item, decision, selected, choose } = props
  const status = decision?.action === 'override' ? decision.status : null
  const name = item.kind === 'rule' ? `Rule ${item.rule.id}` : item.requirement.asks
  return (
    <li className={`item${selected ? ' selected' : ''}${item.kind === 'requirement' && item.requirement.status === 'not-applicable' ? ' mute' : ''}`} data-item={item.id}>
      <button type="button" className="head" aria-expanded={selected} onClick={choose}>
        {item.kind === 'rule' ? <span className={`effect ${item.rule.effect}`}>{item.rule.id}</span> : <StatusGlyph status={status !== null && status in STATUS ? (status as keyof typeof STATUS) : item.requirement.status} />}
        <span className="name">{item.kind === 'rule' ? item.rule.explanation : name}</span>
        {decision && <span className={`said ${decision.action}`} title={`${decision.by}, ${moment(decision.at)}`}>{decision.action === 'override' ? 'overridden' : 'accepted'}</span>}
      </button>
      {selected && <Body {...props} />}
    </li>
  )
}

function Body({ item, decision, evidence, mayDecide, draft, setDraft, chooseEvidence, pageOf, send, label, caseId, searchedIn, near, openNear }: ItemCardProps) {
  const against = item.evidence.filter((e) => e.stance === 'against')
  const apart = against.length > 0 && against.length < item.evidence.length
  const quote = (e: EvidenceJson, i: number) => <Quote key={i} e={e} n={i + 1} current={i === evidence} page={pageOf(e.file, e.page)} choose={() => chooseEvidence(i)} />
  return (
    <div className="body">
      {item.kind === 'requirement' ? (
        <>
          <div className="tags"><StatusBadge status={item.requirement.status} /><span>{CLASS[item.requirement.class]}</span><span title="Section and item of the policy">{item.requirement.cites.section}, {item.requirement.cites.item}</span><code>{item.id}</code></div>
          <p>{item.requirement.explanation}</p>
          {(item.requirement.found.length > 0 || item.requirement.missing.length > 0) && (
            <ul className="partlist">{item.requirement.found.map((f) => <li key={f} className="good">{f}</li>)}{item.requirement.missing.map((m) => <li key={m} className="bad">{m}</li>)}</ul>
          )}
        </>
      ) : (
        <>
          <div className="tags"><span className={`effect ${item.rule.effect}`}>{EFFECT[item.rule.effect]}</span><span>{item.rule.section}</span>{item.rule.denialCodes.map((d) => <code key={d}>{d}</code>)}
            {item.rule.counted !== null && item.rule.limit !== null && <span>{item.rule.counted} counted, {item.rule.limit} allowed</span>}{item.rule.lines.length > 1 && <span>lines {item.rule.lines.join(', ')}</span>}</div>
        </>
      )}
      {apart
        ? <div className="sides"><div><h3>For</h3><ol>{item.evidence.map((e, i) => (e.stance === 'for' ? quote(e, i) : null))}</ol></div><div><h3>Against</h3><ol>{item.evidence.map((e, i) => (e.stance === 'against' ? quote(e, i) : null))}</ol></div></div>
        : item.evidence.length > 0 && <ol className="quotes">{item.evidence.map(quote)}</ol>}
      {item.kind === 'requirement' && item.evidence.length === 0 && item.requirement.status !== 'not-applicable' && (
        <>
          <p className="searched">Searched {count(item.requirement.searched.pages, 'page')}{searchedIn}{item.requirement.searched.unreadable > 0 ? `; ${item.requirement.searched.unreadable} of them without text that could be read` : ', all read'}.</p>
          {item.requirement.status !== 'met' && item.requirement.status !== 'clear' && <Nearest caseId={caseId} line={item.line} id={item.id} near={near} open={openNear} pageOf={pageOf} />}
        </>
      )}
      {decision && (
        <div className={`decision ${decision.action}`}>
          <b>{decision.action === 'override' ? `Overridden: ${STATUS[decision.status as keyof typeof STATUS] ?? 'set aside'}` : 'Accepted'}</b> by {decision.by}, {moment(decision.at)}{decision.round === 'approval' ? ', on approval' : ''}
          {decision.reason !== null && <span> · {REASON[decision.reason]}</span>}
          {decision.note !== '' && <p>{decision.note}</p>}
          {decision.evidence.map((e, i) => <blockquote key={i}>{e.quote === '' ? `a place on ${e.file} p. ${e.page}` : `“${e.quote}”`}</blockquote>)}
        </div>
      )}
      {decision?.action === 'override' && label !== null && draft === null && <div className="acts"><button type="button" className="quiet" onClick={() => label(item.id)}>Turn into a labelled case …</button></div>}
      {mayDecide && draft === null && (
        <div className="acts">
          <button type="button" onClick={() => send({ action: 'accept', status: null, reason: null, note: '', evidence: [] })}>Accept<Key>a</Key></button>
          <button type="button" onClick={() => setDraft(emptyDraft(item))}>Override<Key>o</Key></button>
          {decision && <button type="button" className="quiet" onClick={() => send({ action: 'withdraw', status: null, reason: null, note: '', evidence: [] })}>Take back<Key>x</Key></button>}
        </div>
      )}
      {mayDecide && draft !== null && <Override item={item} draft={draft} setDraft={setDraft} send={send} />}
    </div>
  )
}

export const emptyDraft = (item: Item): Draft => {
  const machine = item.kind === 'rule' ? '' : item.requirement.status
  return { status: choicesOf(item).find((c) => c !== machine) ?? '', reason: '', note: '', evidence: [] }
}

function Quote({ e, n, current, page, choose }: { readonly e: EvidenceJson; readonly n: number; readonly current: boolean; readonly page: number | null; readonly choose: () => void }) {
  return (
    <li className={`quote ${e.stance}${current ? ' current' : ''}`}>
      <button type="button" onClick={choose} aria-current={current}><span className="text">“{e.quote}”</span><span className="place"><span>{n}</span> <span className="file" title={e.file}>{e.file}</span> <span>p. {e.page}{page === null ? '' : ` · packet ${page + 1}`}</span></span></button>
    </li>
  )
}

/** What comes nearest to what was not found: shown, and counted for nothing. */
function Nearest({ caseId, line, id, near, open, pageOf }: { readonly caseId: string; readonly line: number; readonly id: string; readonly near: NearMiss | null; readonly open: (near: NearMiss) => void; readonly pageOf: ItemCardProps['pageOf'] }) {
  const found = useQuery({ queryKey: ['near', caseId, line, id], queryFn: () => get<NearMiss[]>(`/api/cases/${caseId}/near/${line}/${encodeURIComponent(id)}`), staleTime: Infinity })
  if (found.data === undefined) return null
  if (found.data.length === 0) return <p className="searched">Nothing in the records comes near it.</p>
  return (
    <div className="nearest"><h3>Comes nearest, counts for nothing</h3>
      <ol className="quotes">{found.data.map((n, i) => {
        const page = pageOf(n.file, n.page)
        return <li key={i} className={`quote near${n === near ? ' current' : ''}`}><button type="button" onClick={() => open(n)} aria-current={n === near}><span className="text">“{n.quote}”</span><span className="place"><span className="file" title={n.file}>{n.file}</span> <span>p. {n.page}{page === null ? '' : ` · packet ${page + 1}`}</span></span></button></li>
      })}</ol>
    </div>
  )
}

function Override({ item, draft, setDraft, send }: { readonly item: Item; readonly draft: Draft; readonly setDraft: (d: Draft | null) => void; readonly send: Send }) {
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => void form.current?.scrollIntoView({ block: 'nearest' }), [])
  const ready = draft.reason !== '' && (draft.reason !== 'other' || draft.note.trim() !== '')
  const choices = choicesOf(item)
  return (
    <form className="override" ref={form} onSubmit={(e) => {
      e.preventDefault()
      setTried(true)
      if (ready) send({ action: 'override', status: draft.status as DecisionBody['status'], reason: draft.reason as DecisionBody['reason'], note: draft.note, evidence: [...draft.evidence] })
    }}>
      <fieldset><legend>What holds instead</legend>
        {choices.map((c, i) => <label key={c} className="choice"><input type="radio" name="status" value={c} checked={draft.status === c} autoFocus={i === choices.indexOf(draft.status as (typeof choices)[number])} onChange={() => setDraft({ ...draft, status: c })} />{c === 'set-aside' ? 'The rule does not apply here' : STATUS[c]}</label>)}
      </fieldset>
      <label>Reason<select value={draft.reason} onChange={(e) => setDraft({ ...draft, reason: e.target.value })} aria-invalid={tried && draft.reason === ''}><option value="">Choose …</option>{Object.entries(REASON).map(([k, name]) => <option key={k} value={k}>{name}</option>)}</select></label>
      <label>Note<textarea rows={2} value={draft.note} onChange={(e) => setDraft({ ...draft, note: e.target.value })} aria-invalid={tried && draft.reason === 'other' && draft.note.trim() === ''} /></label>
      <div className="picked">
        <span className="hint">Evidence: draw a box around it on the page, or select it in the text.</span>
        {draft.evidence.map((p, i) => <div key={i}><span>{p.quote === '' ? `a place on ${p.file} p. ${p.page}` : `“${p.quote}”`} · p. {p.page}</span><button type="button" className="quiet" aria-label="Remove this evidence" onClick={() => setDraft({ ...draft, evidence: draft.evidence.filter((_, k) => k !== i) })}>×</button></div>)}
      </div>
      {tried && !ready && <p className="failure" role="alert">{draft.reason === '' ? 'Choose a reason.' : 'The reason “Other” needs a note.'}</p>}
      <div className="ends"><button type="button" className="quiet" onClick={() => setDraft(null)}>Cancel<Key>esc</Key></button><button type="submit" className="primary">Override</button></div>
    </form>
  )
}
