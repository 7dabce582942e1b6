// The audit log, newest first. May not: change it.
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { get, type AuditRow } from './api.ts'
import { Failure } from './parts.tsx'
import { moment } from './words.ts'

const SIZE = 200
const said = (data: string): string => Object.entries(JSON.parse(data) as Record<string, unknown>).filter(([, v]) => v !== null).map(([k, v]) => `${k} ${String(v)}`).join(' · ')

export function AuditLog() {
  const log = useInfiniteQuery({
    queryKey: ['audit'], initialPageParam: 0, queryFn: ({ pageParam }) => get<AuditRow[]>(`/api/audit?size=${SIZE}${pageParam === 0 ? '' : `&before=${pageParam}`}`),
    getNextPageParam: (last) => (last.length < SIZE ? undefined : last.at(-1)?.seq),
  })
  const check = useMutation({ mutationFn: () => get<{ entries: number; head: string; faults: string[] }>('/api/audit/check') })
  return (
    <main className="page">
      <h1>Log</h1>
      <div className="row"><p className="hint">Every view, decision and export. Each entry carries a mark of the one before it.</p><span className="grow" /><button type="button" onClick={() => check.mutate()} disabled={check.isPending}>Check the whole log</button></div>
      {check.data && (check.data.faults.length === 0
        ? <p role="status" className="good">Whole: {check.data.entries.toLocaleString('en-US')} entries, the last <code>{check.data.head.slice(0, 16)}…</code></p>
        : <ul className="failure" role="alert">{check.data.faults.slice(0, 20).map((f) => <li key={f}>{f}</li>)}</ul>)}
      <Failure error={log.error ?? check.error} />
      <table className="plain">
        <thead><tr><th scope="col" className="number">Entry</th><th scope="col">When (UTC)</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Details</th></tr></thead>
        <tbody>{log.data?.pages.flat().map((e) => <tr key={e.seq}><td className="number quietly">{e.seq}</td><td className="nowrap quietly">{moment(e.at)}</td><td className="nowrap">{e.actor ?? 'Vouch'}</td><td className="nowrap">{e.action}</td><td className="details">{said(e.data)}</td></tr>)}</tbody>
      </table>
      {log.hasNextPage && <button type="button" onClick={() => void log.fetchNextPage()}>Earlier entries</button>}
    </main>
  )
}
