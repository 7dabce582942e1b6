// One's own password and tokens for programs. May not: show a token twice.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post, remove, type Me, type TokenRow } from './api.ts'
import { Failure } from './parts.tsx'
import { moment, ROLE } from './words.ts'

export function Own({ me }: { readonly me: Me }) {
  const client = useQueryClient()
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: () => get<TokenRow[]>('/api/tokens') })
  const done = (): void => void client.invalidateQueries({ queryKey: ['tokens'] })
  const password = useMutation({ mutationFn: (v: unknown) => post('/api/password', v) })
  const make = useMutation({ mutationFn: (v: unknown) => post<{ secret: string }>('/api/tokens', v), onSuccess: done })
  const revoke = useMutation({ mutationFn: (id: string) => remove(`/api/tokens/${id}`), onSuccess: done })
  return (
    <main className="page narrow">
      <h1>{me.user?.name}</h1>
      <p className="hint">{me.user?.login} · {ROLE[me.user?.role ?? '']} · {me.organisation} · Vouch {me.engine}</p>
      <h2>Password</h2>
      <form className="settings" onSubmit={(e) => { e.preventDefault(); const form = e.currentTarget; password.mutate(Object.fromEntries(new FormData(form)), { onSuccess: () => form.reset() }) }}>
        <label>Old password<input name="old" type="password" autoComplete="current-password" required /></label>
        <label>New password, 12 characters at least<input name="password" type="password" autoComplete="new-password" minLength={12} required /></label>
        <button type="submit">Change</button>{password.isSuccess && <span role="status" className="good">Changed.</span>}
      </form>
      <Failure error={password.error} />
      <h2>Tokens for programs</h2>
      <p className="hint">A program with a token may do what you may. What there is to ask stands in <a href="/api/openapi.json">openapi.json</a>.</p>
      <form className="settings" onSubmit={(e) => { e.preventDefault(); const f = new FormData(e.currentTarget); make.mutate({ name: f.get('name'), days: Number(f.get('days')) }); e.currentTarget.reset() }}>
        <label>Name<input name="name" required /></label><label>Days<input name="days" type="number" min={1} max={366} defaultValue={90} required /></label><button type="submit">Make</button>
      </form>
      {make.data && <p role="status" className="secret">Copy it now, it is not shown again: <code>{make.data.secret}</code></p>}
      <Failure error={make.error ?? revoke.error} />
      {(tokens.data?.length ?? 0) > 0 && (
        <table className="plain">
          <thead><tr><th scope="col">Name</th><th scope="col">Made</th><th scope="col">Until</th><th scope="col">Last used</th><th scope="col"><span className="hidden">Actions</span></th></tr></thead>
          <tbody>{tokens.data?.map((t) => <tr key={t.id}><th scope="row">{t.name}</th><td>{moment(t.createdAt)}</td><td>{t.expiresAt.slice(0, 10)}</td><td>{t.usedAt === null ? '–' : moment(t.usedAt)}</td>
            <td className="actions">{t.revoked ? 'Revoked' : <button type="button" className="quiet" onClick={() => revoke.mutate(t.id)}>Revoke</button>}</td></tr>)}</tbody>
        </table>
      )}
    </main>
  )
}
