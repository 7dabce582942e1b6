// Accounts and settings of the organisation. May not: show a case.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, patch, post, put, type Me, type UserRow } from './api.ts'
import { Dialog, Failure } from './parts.tsx'
import { LetterSettingsForm } from './sending.tsx'
import { ROLE } from './words.ts'

/** `group = role`, one a line. The server says which role it does not know. */
const rolesOf = (text: string): { group: string; role: string }[] => text.split('\n').filter((l) => l.trim() !== '').map((l) => ({ group: l.slice(0, l.lastIndexOf('=')).trim(), role: l.slice(l.lastIndexOf('=') + 1).trim() }))

export function Accounts({ me }: { readonly me: Me }) {
  const client = useQueryClient()
  const users = useQuery({ queryKey: ['users'], queryFn: () => get<UserRow[]>('/api/users') })
  const [adding, setAdding] = useState(false)
  const [resetting, setResetting] = useState<UserRow | null>(null)
  const done = (): void => {
    setAdding(false)
    setResetting(null)
    void client.invalidateQueries()
  }
  const add = useMutation({ mutationFn: (v: unknown) => post('/api/users', v), onSuccess: done })
  const change = useMutation({ mutationFn: (v: { id: string; set: unknown }) => patch(`/api/users/${v.id}`, v.set), onSuccess: done })
  const settings = useMutation({ mutationFn: (v: unknown) => put('/api/settings', v), onSuccess: done })
  return (
    <main className="page">
      <div className="row"><h1>Accounts</h1><span className="grow" /><button type="button" className="primary" onClick={() => setAdding(true)}>Add an account</button></div>
      <Failure error={users.error ?? change.error} />
      <table className="plain">
        <thead><tr><th scope="col">Name</th><th scope="col">Login</th><th scope="col">Role</th><th scope="col">State</th><th scope="col"><span className="hidden">Actions</span></th></tr></thead>
        <tbody>{users.data?.map((u) => (
          <tr key={u.id}>
            <th scope="row">{u.name}</th><td>{u.login}</td>
            <td>{u.provided ? <span className="quietly">{ROLE[u.role]}, by a group</span> : <select aria-label={`Role of ${u.name}`} value={u.role} onChange={(e) => change.mutate({ id: u.id, set: { role: e.target.value } })}>{Object.entries(ROLE).map(([k, name]) => <option key={k} value={k}>{name}</option>)}</select>}</td>
            <td className={u.disabled || u.locked ? 'late' : 'quietly'}>{u.disabled ? 'Disabled' : u.locked ? 'Locked for a while' : 'Active'}</td>
            <td className="actions">{!u.provided && <button type="button" className="quiet" onClick={() => setResetting(u)}>New password</button>}
              <button type="button" className="quiet" disabled={u.id === me.user?.id} onClick={() => change.mutate({ id: u.id, set: { disabled: !u.disabled } })}>{u.disabled ? 'Enable' : 'Disable'}</button></td>
          </tr>
        ))}</tbody>
      </table>
      <h2>Settings</h2>
      {me.settings && (
        <form className="settings" onSubmit={(e) => {
          e.preventDefault()
          const { groupRoles, ...numbers } = Object.fromEntries([...new FormData(e.currentTarget)].map(([k, x]) => [k, String(x)]))
          settings.mutate({ ...Object.fromEntries(Object.entries(numbers).map(([k, x]) => [k, Number(x)])), blindShare: Number(numbers['blindShare'] ?? 0) / 100, groupRoles: groupRoles === undefined ? me.settings?.groupRoles : rolesOf(groupRoles) })
        }}>
          <label>Days to send records<input name="recordDays" type="number" min={1} max={365} defaultValue={me.settings.recordDays} /></label>
          <label>Days to decide<input name="decisionDays" type="number" min={1} max={365} defaultValue={me.settings.decisionDays} /></label>
          <label>Second person approves above, $<input name="approvalAbove" type="number" min={0} step="any" defaultValue={me.settings.approvalAbove} /></label>
          <label>Read twice without seeing each other, %<input name="blindShare" type="number" min={0} max={100} step="any" defaultValue={Math.round(me.settings.blindShare * 1000) / 10} /></label>
          <label>Remove closed cases after days, 0 keeps them<input name="retentionDays" type="number" min={0} max={36500} defaultValue={me.settings.retentionDays} /></label>
          {me.provider !== null && <label className="wide">Roles of groups of {me.provider}, one a line; the first that fits holds<textarea name="groupRoles" rows={4} defaultValue={me.settings.groupRoles.map((g) => `${g.group} = ${g.role}`).join('\n')} placeholder="radonc-reviewers = reviewer" /></label>}
          <button type="submit">Save</button>{settings.isSuccess && <span role="status" className="good">Saved.</span>}
        </form>
      )}
      <Failure error={settings.error} />
      <LetterSettingsForm />
      <Dialog title="Add an account" open={adding} close={() => setAdding(false)}>
        <form onSubmit={(e) => { e.preventDefault(); add.mutate(Object.fromEntries(new FormData(e.currentTarget))) }}>
          <label>Name<input name="name" required autoComplete="off" /></label><label>Login<input name="login" required autoComplete="off" /></label>
          <label>Role<select name="role" defaultValue="reviewer">{Object.entries(ROLE).map(([k, name]) => <option key={k} value={k}>{name}</option>)}</select></label>
          <label>First password, 12 characters at least<input name="password" type="password" minLength={12} required autoComplete="new-password" /></label>
          <Failure error={add.error} /><div className="ends"><button type="submit" className="primary">Add</button></div>
        </form>
      </Dialog>
      <Dialog title={`New password for ${resetting?.name ?? ''}`} open={resetting !== null} close={() => setResetting(null)}>
        <form onSubmit={(e) => { e.preventDefault(); if (resetting) change.mutate({ id: resetting.id, set: { password: String(new FormData(e.currentTarget).get('password')) } }) }}>
          <label>Password, 12 characters at least<input name="password" type="password" minLength={12} required autoComplete="new-password" /></label>
          <p className="hint">Whoever is signed in with this account is signed out, and its tokens end.</p><Failure error={change.error} /><div className="ends"><button type="submit" className="primary">Set</button></div>
        </form>
      </Dialog>
    </main>
  )
}
