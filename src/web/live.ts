// What the server tells on its own: progress and changes of cases. May not: ask for anything but to listen.
import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { CaseRow, WorklistAnswer } from './api.ts'

let live = false
const listeners = new Set<() => void>()
function set(now: boolean): void {
  if (live === now) return
  live = now
  for (const l of listeners) l()
}

/** Whether the server tells; else the screens ask. */
export const useLive = (): boolean => useSyncExternalStore((l) => {
  listeners.add(l)
  return () => listeners.delete(l)
}, () => live)

/** Changes that come together are asked for once. */
const TOGETHER_MS = 250

export function useEvents(client: QueryClient, wanted: boolean): void {
  useEffect(() => {
    if (!wanted || typeof EventSource === 'undefined') return
    const source = new EventSource('/api/events')
    const cases = new Set<string>()
    let soon: ReturnType<typeof setTimeout> | null = null
    const refresh = (): void => {
      soon ??= setTimeout(() => {
        soon = null
        void client.invalidateQueries({ queryKey: ['worklist'] })
        void client.invalidateQueries({ queryKey: ['unmatched'] })
        for (const id of cases) void client.invalidateQueries({ queryKey: ['state', id] })
        cases.clear()
      }, TOGETHER_MS)
    }
    source.addEventListener('open', () => {
      set(true)
      refresh()
    })
    source.addEventListener('error', () => {
      set(false)
      // Whether the server has gone, or the session.
      void client.invalidateQueries({ queryKey: ['me'] }, { cancelRefetch: false })
    })
    source.addEventListener('progress', (e) => {
      const told = JSON.parse((e as MessageEvent<string>).data) as { case: string; run: CaseRow['run']; progress: CaseRow['progress'] }
      const moved = (row: CaseRow): CaseRow => (row.id === told.case ? { ...row, run: told.run, progress: told.progress } : row)
      client.setQueryData<CaseRow>(['state', told.case], (old) => old && moved(old))
      client.setQueriesData<WorklistAnswer>({ queryKey: ['worklist'] }, (old) => old && { ...old, rows: old.rows.map(moved) })
    })
    source.addEventListener('changed', (e) => {
      const told = JSON.parse((e as MessageEvent<string>).data) as { case: string | null }
      if (told.case !== null) cases.add(told.case)
      refresh()
    })
    source.addEventListener('ended', () => {
      source.close()
      set(false)
      void client.invalidateQueries({ queryKey: ['me'] })
    })
    return () => {
      if (soon !== null) clearTimeout(soon)
      source.close()
      set(false)
    }
  }, [client, wanted])
}
