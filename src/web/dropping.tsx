// Files dropped or chosen: folders are walked, names keep their folders. May not: read what is in a file.
import { useEffect, useRef, useState } from 'react'
import { upload, type UploadAnswer } from './api.ts'

interface Named { readonly name: string; readonly file: File }

async function walk(entry: FileSystemEntry, prefix: string, into: Named[]): Promise<void> {
  if (entry.name.startsWith('.')) return
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed))
    into.push({ name: `${prefix}${entry.name}`, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed))
    if (some.length === 0) return
    for (const each of some) await walk(each, `${prefix}${entry.name}/`, into)
  }
}

export interface Dropping {
  readonly over: boolean
  /** Share sent; null while nothing is. */
  readonly share: number | null
  readonly answer: UploadAnswer | null
  readonly error: unknown
  readonly choose: () => void
  readonly clear: () => void
}

export function useDropping(caseId: string | null, allowed: boolean, done: () => void): Dropping {
  const [over, setOver] = useState(false)
  const [share, setShare] = useState<number | null>(null)
  const [answer, setAnswer] = useState<UploadAnswer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const finished = useRef(done)
  finished.current = done

  const send = (files: readonly Named[]): void => {
    if (files.length === 0) return
    setShare(0)
    setError(null)
    setAnswer(null)
    upload(files, caseId, setShare).then(setAnswer, setError).finally(() => {
      setShare(null)
      finished.current()
    })
  }
  const sending = useRef(send)
  sending.current = send

  useEffect(() => {
    if (!allowed) return
    let depth = 0
    const holds = (e: DragEvent): boolean => e.dataTransfer?.types.includes('Files') ?? false
    const enter = (e: DragEvent): void => { if (holds(e)) { depth++; setOver(true) } }
    const leave = (e: DragEvent): void => { if (holds(e) && --depth <= 0) { depth = 0; setOver(false) } }
    const above = (e: DragEvent): void => { if (holds(e)) e.preventDefault() }
    const drop = (e: DragEvent): void => {
      if (!holds(e)) return
      e.preventDefault()
      depth = 0
      setOver(false)
      const entries = [...(e.dataTransfer?.items ?? [])].flatMap((i) => i.webkitGetAsEntry() ?? [])
      const files: Named[] = []
      void (async () => {
        for (const entry of entries) await walk(entry, '', files)
        sending.current(files)
      })()
    }
    const pairs = [['dragenter', enter], ['dragleave', leave], ['dragover', above], ['drop', drop]] as const
    for (const [name, hear] of pairs) window.addEventListener(name, hear)
    return () => { for (const [name, hear] of pairs) window.removeEventListener(name, hear) }
  }, [allowed])

  const choose = (): void => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.onchange = () => send([...(input.files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })))
    input.click()
  }
  return { over, share, answer, error, choose, clear: () => { setAnswer(null); setError(null) } }
}

export function DropShade({ dropping, what }: { readonly dropping: Dropping; readonly what: string }) {
  return (
    <>
      {dropping.over && <div className="shade"><p>{what}</p></div>}
      {dropping.share !== null && <div className="toast" role="status">Sending … {Math.round(dropping.share * 100)} %<progress value={dropping.share} /></div>}
      {dropping.share === null && (dropping.answer !== null || dropping.error !== null) && (
        <div className="toast" role="status">
          {dropping.error !== null ? <span className="failure">{dropping.error instanceof Error ? dropping.error.message : 'The upload failed.'}</span> : <UploadSaid answer={dropping.answer as UploadAnswer} />}
          <button type="button" className="quiet" onClick={dropping.clear} aria-label="Close">×</button>
        </div>
      )}
    </>
  )
}

function UploadSaid({ answer }: { readonly answer: UploadAnswer }) {
  const loose = answer.records.filter((r) => r.caseId === null).length
  const parts = [
    answer.cases.length > 0 ? `${answer.cases.length} claim${answer.cases.length === 1 ? '' : 's'}` : '', answer.records.length > 0 ? `${answer.records.length} record${answer.records.length === 1 ? '' : 's'}` : '',
  ].filter((p) => p !== '')
  return (
    <div>
      <div>{parts.length === 0 ? 'Nothing was received.' : `Received ${parts.join(' and ')}.`}{loose > 0 ? ` ${loose} without a claim: read, and matched by the patient named in ${loose === 1 ? 'it' : 'them'}.` : ''}</div>
      {answer.problems.map((p) => <div key={p} className="failure">{p}</div>)}
    </div>
  )
}
