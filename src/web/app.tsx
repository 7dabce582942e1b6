// The frame: who is signed in, which screen is open. May not: know what is on a screen.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Fault, forget, get, post, useCsrf, type Me } from './api.ts'
import { Accounts } from './accounts.tsx'
import { CaseScreen } from './case.tsx'
import { AuditLog } from './audit-log.tsx'
import { useEvents } from './live.ts'
import { Own } from './own.tsx'
import { PolicyRoomScreen } from './policy-room.tsx'
import { Quality } from './quality.tsx'
import { link, usePath } from './router.ts'
import { SelfAuditScreen } from './self-audit.tsx'
import { SetUp, SignIn } from './sign-in.tsx'
import { Worklist } from './worklist.tsx'

export type Theme = 'system' | 'light' | 'dark'
const THEMES: readonly Theme[] = ['system', 'light', 'dark']

function useTheme(): readonly [Theme, () => void] {
  const [theme, set] = useState<Theme>(() => THEMES.find((t) => t === window.localStorage.getItem('vouch-theme')) ?? 'system')
  useEffect(() => {
    window.localStorage.setItem('vouch-theme', theme)
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  return [theme, () => set(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme)]
}

export function App() {
  const path = usePath()
  const client = useQueryClient()
  const [theme, nextTheme] = useTheme()
  const me = useQuery({ queryKey: ['me'], queryFn: () => get<Me>('/api/me'), retry: 1, refetchInterval: (q) => (q.state.status === 'error' ? 4000 : 60_000) })
  const wasIn = useRef(false)
  useCsrf(me.data?.csrf ?? null)
  useEvents(client, me.data?.may.includes('cases.see') === true)
  useEffect(() => {
    // A session that has ended shows the sign-in, wherever it is noticed; and a server that does not answer is told.
    const noticed = (error: unknown): void => { if (error instanceof Fault && (error.status === 401 || error.status === 0)) void client.invalidateQueries({ queryKey: ['me'] }, { cancelRefetch: false }) }
    const asked = client.getQueryCache().subscribe((event) => { if (event.type === 'updated' && event.action.type === 'error' && event.query.queryKey[0] !== 'me') noticed(event.action.error) })
    const done = client.getMutationCache().subscribe((event) => { if (event.type === 'updated' && event.action.type === 'error') noticed(event.action.error) })
    return () => {
      asked()
      done()
    }
  }, [client])

  if (me.data === undefined) return <main className="blank">{me.error ? <><p className="failure" role="alert">{me.error.message}</p><p className="hint">It is asked again every few seconds.</p></> : null}</main>
  const { user, may } = me.data
  const entered = async (): Promise<void> => void (await client.invalidateQueries())
  if (!me.data.setUp) return <SetUp done={entered} />
  if (user === null) return <SignIn done={entered} provider={me.data.provider} ended={wasIn.current} />
  wasIn.current = true

  const signOut = async (): Promise<void> => {
    await post('/api/logout')
    forget()
    // Loaded anew, so that nothing of a record stays in memory.
    window.location.assign('/')
  }
  const screens = [
    { path: '/', name: 'Worklist', shown: may.includes('cases.see') }, { path: '/self-audit', name: 'Self-audit', shown: may.includes('self-audit.use') }, { path: '/quality', name: 'Quality', shown: may.includes('quality.see') },
    { path: '/accounts', name: 'Accounts', shown: may.includes('users.manage') }, { path: '/policy', name: 'Policy', shown: may.includes('policy.read') }, { path: '/log', name: 'Log', shown: may.includes('audit.see') },
  ].filter((s) => s.shown)
  const caseId = /^\/cases\/([0-9a-f-]{36})$/.exec(path)?.[1]
  const auditId = /^\/self-audit(?:\/([0-9a-f-]{36}))?$/.exec(path)
  const home = screens[0]?.path ?? '/own'
  const at = path === '/' && home !== '/' ? home : path
  return (
    <>
      <header className="bar">
        <a className="brand" {...link(home)} aria-label="Vouch, first screen"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 10l8 14L25.500 7" /></svg>Vouch</a>
        <nav aria-label="Screens">{screens.map((s) => <a key={s.path} {...link(s.path)} aria-current={at === s.path || (s.path === '/' && caseId !== undefined) || (s.path === '/self-audit' && auditId !== null) ? 'page' : undefined}>{s.name}</a>)}</nav>
        <span className="grow" />
        <span className="who">{me.data.organisation}</span>
        <button type="button" className="quiet" onClick={nextTheme} aria-label={`Colours: ${theme}`}>{theme === 'dark' ? '☾' : theme === 'light' ? '☼' : '◑'}</button>
        <a className="quiet" {...link('/own')}>{user.name}</a>
        <button type="button" className="quiet" onClick={() => void signOut()}>Sign out</button>
      </header>
      {me.error && <p className="gone" role="alert">{me.error.message} What you see may be out of date; nothing you do now is kept. <button type="button" onClick={() => void me.refetch()}>Try again</button></p>}
      {caseId !== undefined ? <CaseScreen key={caseId} id={caseId} me={me.data} />
        : auditId !== null && may.includes('self-audit.use') ? <SelfAuditScreen key={auditId[1] ?? ''} id={auditId[1] ?? null} />
        : at === '/policy' && may.includes('policy.read') ? <PolicyRoomScreen me={me.data} />
        : at === '/' ? <Worklist me={me.data} />
          : at === '/quality' ? <Quality me={me.data} />
            : at === '/accounts' ? <Accounts me={me.data} />
              : at === '/log' ? <AuditLog />
                : at === '/own' ? <Own me={me.data} />
                  : <main className="page narrow"><h1>There is nothing at this address.</h1><p><a {...link(home)}>To the first screen</a></p></main>}
    </>
  )
}
