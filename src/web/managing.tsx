// Whose a case is, until when, and where it stands; removing it for good. May not: decide anything of it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { patch, remove, type CaseAnswer, type CaseRow, type Me } from './api.ts'
import { FhirOut } from './fhir-out.tsx'
import { Dialog, Failure } from './parts.tsx'
import { go } from './router.ts'
import { STATE } from './words.ts'

/** Where a case may be put by hand; it is decided by signing. */
const NEXT: Readonly<Record<CaseRow['state'], readonly CaseRow['state'][]>> = {
  received: ['pended', 'closed'], ready: ['pended', 'closed'], 'in-review': ['pended', 'closed'], pended: ['ready', 'closed'], approval: ['in-review'], decided: ['closed', 'in-review'], closed: ['in-review'],
}
const MOVE: Readonly<Record<string, string>> = { pended: 'Wait for records', ready: 'Ready again', closed: 'Close the case', 'in-review': 'Open again' }

export function Managing({ row, people, records, me, close }: { readonly row: CaseRow; readonly people: CaseAnswer['people']; readonly records: CaseAnswer['records']; readonly me: Me; readonly close: () => void }) {
  const client = useQueryClient()
  const [sure, setSure] = useState(false)
  const lead = me.may.includes('cases.assign')
  const done = (): void => void client.invalidateQueries()
  const change = useMutation({ mutationFn: (body: object) => patch(`/api/cases/${row.id}`, body), onSuccess: done })
  const drop = useMutation({ mutationFn: () => remove(`/api/cases/${row.id}`), onSuccess: () => { done(); close(); go('/') } })
  return (
    <Dialog title={`Case ${row.number}`} open close={close}>
      {me.may.includes('cases.work') && (
        <>
          <form onSubmit={(e) => { e.preventDefault(); const f = new FormData(e.currentTarget); change.mutate(lead ? { assignee: f.get('assignee') || null, dueOn: f.get('dueOn') } : { assignee: f.get('assignee') || null }) }}>
            <label>Reviewer<select name="assignee" defaultValue={row.assignee?.id ?? ''}><option value="">Nobody</option>{people.filter((p) => lead || p.id === me.user?.id || p.id === row.assignee?.id).map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}</select></label>
            <label>Due<input name="dueOn" type="date" defaultValue={row.dueOn} disabled={!lead} required /></label>
            <div className="ends">{change.isSuccess && <span role="status" className="good">Saved.</span>}<button type="submit" className="primary">Save</button></div>
          </form>
          <div className="moves"><span className="hint">State: {STATE[row.state]}</span>{NEXT[row.state].filter((s) => lead || s === 'closed' || !['approval', 'decided', 'closed'].includes(row.state)).map((s) => <button key={s} type="button" disabled={change.isPending} onClick={() => change.mutate({ state: s })}>{MOVE[s]}</button>)}</div>
        </>
      )}
      <Failure error={change.error ?? drop.error} />
      {me.may.includes('cases.export') && <FhirOut row={row} records={records} />}
      {me.may.includes('cases.remove') && (
        <div className="moves danger"><label className="choice"><input type="checkbox" checked={sure} onChange={(e) => setSure(e.target.checked)} />Records, reports and claim go for good; decisions and the log stay</label><span className="grow" /><button type="button" disabled={!sure || drop.isPending} onClick={() => drop.mutate()}>Remove the case</button></div>
      )}
    </Dialog>
  )
}
