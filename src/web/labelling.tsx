// An override made a labelled case: the masked copy is looked over first, then written. May not: write what nobody has looked over.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { download, get, post, remove, type LabelAnswer, type LabelledRow } from './api.ts'
import { Dialog, Failure } from './parts.tsx'
import { count, moment } from './words.ts'

export function Labelling({ id, about, close }: { readonly id: string; readonly about: string | null; readonly close: () => void }) {
  const client = useQueryClient()
  const [read, setRead] = useState(false)
  const [at, setAt] = useState(0)
  const copy = useQuery({ queryKey: ['label', id, about], queryFn: () => post<LabelAnswer>(`/api/cases/${id}/labelled-case`, { about }), gcTime: 0, staleTime: Infinity })
  const write = useMutation({ mutationFn: () => post<LabelAnswer>(`/api/cases/${id}/labelled-case`, { about, lookedOver: true }), onSuccess: () => void client.invalidateQueries({ queryKey: ['labelled'] }) })
  const made = write.data
  const record = copy.data?.records[at]
  const masked = record === undefined ? '' : Object.entries(record.masked).filter(([, n]) => n > 0).map(([kind, n]) => count(n, kind, kind === 'address' ? 'addresses' : `${kind}s`)).join(', ')
  return (
    <Dialog title="A labelled case of this override" open close={close} wide>
      <p className="hint">Names are invented, numbers and addresses masked, dates moved by whole weeks. Machines miss some: read the copy over before it is kept.</p>
      <Failure error={copy.error ?? write.error} />
      {copy.isPending && <p className="running" role="status"><i />Masking the records</p>}
      {copy.data && (
        <>
          <div className="row tabs" role="group" aria-label="Records of the copy">
            {copy.data.records.map((r, i) => <button key={r.name} type="button" className="quiet" aria-pressed={i === at} onClick={() => setAt(i)}>{r.name}</button>)}
            <button type="button" className="quiet" aria-pressed={at === -1} onClick={() => setAt(-1)}>The labels</button>
          </div>
          <pre className="copy" tabIndex={0} aria-label={record?.name ?? 'The labels'}>{record?.text ?? copy.data.gold}</pre>
          <p className="hint">{record === undefined ? 'What people decided, requirement by requirement.' : `Masked: ${masked || 'nothing'}.`}</p>
          {made?.written
            ? <div className="ends"><span role="status" className="good">Kept as {made.name}.</span><span className="grow" /><button type="button" onClick={() => void download(`/api/labelled-cases/${made.name}`, undefined, `${made.name}.zip`)}>Download ZIP</button><button type="button" className="primary" onClick={close}>Done</button></div>
            : <div className="ends"><label className="choice"><input type="checkbox" checked={read} onChange={(e) => setRead(e.target.checked)} />I have read all of it, and nobody can be told from it</label><span className="grow" /><button type="button" className="primary" disabled={!read || write.isPending} onClick={() => write.mutate()}>Keep the case</button></div>}
        </>
      )}
    </Dialog>
  )
}

/** The corpus as made so far. */
export function Labelled() {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['labelled'], queryFn: () => get<LabelledRow[]>('/api/labelled-cases') })
  const drop = useMutation({ mutationFn: (name: string) => remove(`/api/labelled-cases/${name}`), onSuccess: () => void client.invalidateQueries({ queryKey: ['labelled'] }) })
  return (
    <>
      <h2>Labelled cases</h2>
      <p className="hint">Made of overrides, without words that tell who somebody is; <code>vouch eval</code> reads them in the folder <code>corpus</code> of the workspace.</p>
      <Failure error={list.error ?? drop.error} />
      {list.data?.length === 0 ? <p className="empty">None yet: an overridden requirement offers it.</p> : (
        <table className="plain">
          <thead><tr><th scope="col">Case</th><th scope="col">Made</th><th scope="col" className="number">Records</th><th scope="col"><span className="hidden">Actions</span></th></tr></thead>
          <tbody>{list.data?.map((l) => (
            <tr key={l.name}><th scope="row">{l.name}</th><td>{moment(l.madeAt)}</td><td className="number">{l.records}</td>
              <td className="actions"><button type="button" className="quiet" onClick={() => void download(`/api/labelled-cases/${l.name}`, undefined, `${l.name}.zip`)}>Download</button><button type="button" className="quiet" onClick={() => drop.mutate(l.name)}>Remove</button></td></tr>
          ))}</tbody>
        </table>
      )}
    </>
  )
}
