// Addresses of the screens. May not: hold anything but ids.
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const tell = (): void => listeners.forEach((l) => l())
window.addEventListener('popstate', tell)

export function go(path: string): void {
  if (path !== window.location.pathname) window.history.pushState(null, '', path)
  tell()
}

export const usePath = (): string => useSyncExternalStore((l) => {
  listeners.add(l)
  return () => listeners.delete(l)
}, () => window.location.pathname)

/** For links: a plain click stays on this page. */
export const link = (path: string) => ({
  href: path,
  onClick: (event: React.MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(path)
  },
})
