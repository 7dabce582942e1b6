// Small parts that several screens share. May not: ask the server.
import { useEffect, useRef, type ReactNode } from 'react'
import type { LineJson, RequirementJson } from './api.ts'
import { DETERMINATION, DETERMINATION_SHORT, STATUS } from './words.ts'

type Tone = 'good' | 'bad' | 'warn' | 'doubt' | 'mute'

const STATUS_TONE: Readonly<Record<RequirementJson['status'], Tone>> = { met: 'good', clear: 'good', partial: 'warn', 'not-met': 'bad', triggered: 'bad', unclear: 'doubt', 'not-applicable': 'mute' }
export const DETERMINATION_TONE: Readonly<Record<LineJson['determination'], Tone>> = { supported: 'good', 'insufficient-documentation': 'warn', 'not-supported': 'bad', 'needs-review': 'doubt' }

/** Shape and colour both tell: nobody has to see colours. */
function Glyph({ tone }: { readonly tone: Tone }) {
  return (
    <svg viewBox="0 0 16 16" className={`glyph ${tone}`} aria-hidden="true">
      {tone === 'good' && <path d="M3.2 8.6l3.2 3.2 6.4-7.4" />}
      {tone === 'bad' && <path d="M4 4l8 8M12 4l-8 8" />}
      {tone === 'warn' && <><circle cx="8" cy="8" r="5.2" /><path className="fill" d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" /></>}
      {tone === 'doubt' && <><path d="M5.6 6.1a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3.9-1.3 1.9" /><path d="M8 12.9v.1" /></>}
      {tone === 'mute' && <path d="M4 8h8" />}
    </svg>
  )
}

export const StatusGlyph = ({ status }: { readonly status: RequirementJson['status'] }) => <Glyph tone={STATUS_TONE[status]} />
export const StatusBadge = ({ status }: { readonly status: RequirementJson['status'] }) => <span className={`badge ${STATUS_TONE[status]}`}><Glyph tone={STATUS_TONE[status]} />{STATUS[status]}</span>
export const DeterminationBadge = ({ of, short = false }: { readonly of: LineJson['determination']; readonly short?: boolean }) => (
  <span className={`badge ${DETERMINATION_TONE[of]}`}><Glyph tone={DETERMINATION_TONE[of]} />{(short ? DETERMINATION_SHORT : DETERMINATION)[of]}</span>
)
export const DeterminationGlyph = ({ of }: { readonly of: LineJson['determination'] }) => <Glyph tone={DETERMINATION_TONE[of]} />
export const toneOfStatus = (status: RequirementJson['status']): Tone => STATUS_TONE[status]

export const Key = ({ children }: { readonly children: ReactNode }) => <kbd aria-hidden="true">{children}</kbd>

export function Dialog({ title, open, close, wide = false, children }: { readonly title: string; readonly open: boolean; readonly close: () => void; readonly wide?: boolean; readonly children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (dialog === null) return
    if (open && !dialog.open) {
      dialog.showModal()
      dialog.querySelector<HTMLElement>('[data-first], form input, form select, form textarea')?.focus()
    }
    if (!open && dialog.open) dialog.close()
  }, [open])
  return (
    <dialog ref={ref} className={wide ? 'wide' : undefined} onClose={close} aria-label={title} onClick={(e) => { if (e.target === ref.current) close() }}>
      {open && (
        <div className="dialog">
          <header><h2>{title}</h2><button type="button" className="quiet" onClick={close} aria-label="Close">×</button></header>
          {children}
        </div>
      )}
    </dialog>
  )
}

export const Failure = ({ error }: { readonly error: unknown }) => (error ? <p className="failure" role="alert">{error instanceof Error ? error.message : 'Something went wrong.'}</p> : null)
