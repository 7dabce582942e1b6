// Keys of a screen. May not: take keys from a field somebody writes in.
import { useEffect, useRef } from 'react'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** `Escape` is heard in fields as well. */
export function useKeys(keys: Keys, active = true): void {
  const now = useRef(keys)
  now.current = keys
  useEffect(() => {
    if (!active) return
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target as HTMLElement
      const writing = target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT' || (target.tagName === 'INPUT' && !['checkbox', 'radio', 'button'].includes((target as HTMLInputElement).type))
      if (writing && event.key !== 'Escape') return
      if ((event.key === 'Enter' || event.key === ' ') && (target.tagName === 'BUTTON' || target.tagName === 'A')) return
      // A dialog closes itself.
      if (document.querySelector('dialog[open]')) return
      const act = now.current[event.key]
      if (act === undefined) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [active])
}
