// The first screens: setting up, signing in. May not: keep a password.
import { useEffect, useState, type FormEvent } from 'react'
import { post } from './api.ts'
import { Failure } from './parts.tsx'

function useForm(send: (values: Record<string, string>) => Promise<unknown>, done: () => Promise<void>) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const values = Object.fromEntries([...new FormData(event.currentTarget)].map(([k, v]) => [k, String(v)]))
    setBusy(true)
    setError(null)
    send(values).then(done, setError).finally(() => setBusy(false))
  }
  return { error, busy, submit }
}

const Sign = () => <div className="sign"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 10l8 14L25.500 7" /></svg><h1>Vouch</h1><p>Traces every billed code back to the record that proves it.</p></div>

const REFUSED: Readonly<Record<string, string>> = {
  provider: 'The identity provider does not answer; try again, or sign in with a local account.', answer: 'The sign-in was not completed; try again.', role: 'None of your groups has a role here; ask your administrator.',
  disabled: 'Your account here is disabled; ask your administrator.', 'set-up': 'The workspace is not set up for single sign-on yet.',
}

export function SignIn({ done, provider, ended }: { readonly done: () => Promise<void>; readonly provider: string | null; readonly ended: boolean }) {
  const [refused] = useState(() => REFUSED[new URLSearchParams(window.location.search).get('refused') ?? ''])
  useEffect(() => { if (window.location.search !== '') window.history.replaceState(null, '', window.location.pathname) }, [])
  const { error, busy, submit } = useForm((v) => post('/api/login', v), done)
  return (
    <main className="enter">
      <form onSubmit={submit}>
        <Sign />
        {ended && refused === undefined && <p className="hint" role="status">Your session has ended. Sign in to go on where you were.</p>}
        {refused !== undefined && <p className="failure" role="alert">{refused}</p>}
        {provider !== null && <><a className="button primary" href="/api/oidc/start">Sign in with {provider}</a><p className="or"><span>or with a local account</span></p></>}
        <label>Login<input name="login" autoComplete="username" autoFocus={provider === null} required /></label>
        <label>Password<input name="password" type="password" autoComplete="current-password" required /></label>
        <Failure error={error} />
        <button type="submit" className={provider === null ? 'primary' : undefined} disabled={busy}>{busy ? 'Signing in …' : 'Sign in'}</button>
      </form>
    </main>
  )
}

export function SetUp({ done }: { readonly done: () => Promise<void> }) {
  const { error, busy, submit } = useForm((v) => post('/api/setup', v), done)
  return (
    <main className="enter">
      <form onSubmit={submit}>
        <Sign />
        <p className="hint">A new workspace. The set-up code stands where the server was started.</p>
        <label>Set-up code<input name="code" autoComplete="off" autoFocus required /></label>
        <label>Organisation<input name="organisation" required /></label>
        <label>Your name<input name="name" autoComplete="name" required /></label>
        <label>Login<input name="login" autoComplete="username" required pattern="[A-Za-z0-9._@\-]{2,80}" /></label>
        <label>Password, 12 characters at least<input name="password" type="password" autoComplete="new-password" minLength={12} required /></label>
        <Failure error={error} />
        <button type="submit" className="primary" disabled={busy}>{busy ? 'Setting up …' : 'Set up'}</button>
      </form>
    </main>
  )
}
