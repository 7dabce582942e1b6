// Talks to the server this page came from. May not: talk to anything else; keep an answer beyond this page's life.
import type {
  AuditRow, CaseAnswer, CaseRow, DecisionAnswer, DecisionBody, DecisionRow, Effective, LabelAnswer, LabelledRow, Me, NearMiss, PageLayout, Place, QualityAnswer, RecordRow, SearchAnswer, TokenRow, UploadAnswer, UserRow, ViewRow, WorklistAnswer, WorklistFilter,
} from '../server/shapes.ts'
import type { EvidenceJson, LineJson, RequirementJson, ReviewJson, RuleJson } from '../report/contract.ts'

export type {
  AuditRow, CaseAnswer, CaseRow, DecisionAnswer, DecisionBody, DecisionRow, Effective, EvidenceJson, LabelAnswer, LabelledRow, LineJson, Me, NearMiss, PageLayout, Place, QualityAnswer, RecordRow, RequirementJson, ReviewJson, RuleJson, SearchAnswer,
  TokenRow, UploadAnswer, UserRow, ViewRow, WorklistAnswer, WorklistFilter,
}

export class Fault extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

let csrf = ''
/** When somebody last touched a key or the pointer: what the page asks later on its own keeps no session alive. */
let touched = Date.now()
for (const name of ['pointerdown', 'keydown', 'wheel', 'pointermove']) window.addEventListener(name, () => { touched = Date.now() }, { passive: true, capture: true })
const UNTOUCHED_MS = 45_000
const untouched = (): Record<string, string> => (Date.now() - touched > UNTOUCHED_MS ? { 'x-vouch-untouched': '1' } : {})

export const useCsrf = (token: string | null): void => {
  csrf = token ?? ''
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, {
      method, credentials: 'same-origin', headers: { ...untouched(), ...(csrf === '' ? {} : { 'x-vouch-csrf': csrf }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    throw new Fault(0, 'The server does not answer.')
  }
  if (answer.ok) return answer
  const said = (await answer.json().catch(() => null)) as { error?: string } | null
  throw new Fault(answer.status, said?.error ?? `The server refused (${answer.status}).`)
}

const json = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await ask(method, path, body)).json() as Promise<T>

export const get = <T>(path: string): Promise<T> => json<T>('GET', path)
export const post = <T>(path: string, body: unknown = {}): Promise<T> => json<T>('POST', path, body)
export const patch = <T>(path: string, body: unknown): Promise<T> => json<T>('PATCH', path, body)
export const put = <T>(path: string, body: unknown): Promise<T> => json<T>('PUT', path, body)
export const remove = <T>(path: string): Promise<T> => json<T>('DELETE', path)

export async function download(path: string, body: unknown, name: string): Promise<void> {
  const blob = await (await (body === undefined ? ask('GET', path) : ask('POST', path, body))).blob()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Files go up in one request; `heard` is told the share that has left. */
export function upload(files: readonly { readonly name: string; readonly file: File }[], caseId: string | null, heard: (share: number) => void): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    for (const { name, file } of files) form.append('file', file, name)
    const request = new XMLHttpRequest()
    request.open('POST', caseId === null ? '/api/uploads' : `/api/uploads?case=${caseId}`)
    request.setRequestHeader('x-vouch-csrf', csrf)
    request.upload.onprogress = (e) => heard(e.total === 0 ? 0 : e.loaded / e.total)
    request.onload = () => {
      try {
        const answer = JSON.parse(request.responseText) as UploadAnswer & { error?: string }
        if (request.status === 200) resolve(answer)
        else reject(new Fault(request.status, answer.error ?? 'The upload was refused.'))
      } catch {
        reject(new Fault(request.status, 'The upload was refused.'))
      }
    }
    request.onerror = () => reject(new Fault(0, 'The server does not answer.'))
    request.send(form)
  })
}

/** Files in one request to one address. */
export async function sendFiles<T>(path: string, files: readonly { readonly name: string; readonly file: File }[]): Promise<T> {
  const form = new FormData()
  for (const { name, file } of files) form.append('file', file, name)
  let answer: Response
  try {
    answer = await fetch(path, { method: 'POST', credentials: 'same-origin', headers: { 'x-vouch-csrf': csrf }, body: form })
  } catch {
    throw new Fault(0, 'The server does not answer.')
  }
  const said = (await answer.json().catch(() => ({}))) as T & { error?: string }
  if (!answer.ok) throw new Fault(answer.status, said.error ?? 'The files were refused.')
  return said
}

/** Pictures of pages, in memory only, the oldest first. */
const pictures = new Map<string, Promise<string>>()
const MOST_PICTURES = 240

export function picture(path: string): Promise<string> {
  const known = pictures.get(path)
  if (known !== undefined) {
    pictures.delete(path)
    pictures.set(path, known)
    return known
  }
  const made = ask('GET', path).then(async (r) => URL.createObjectURL(await r.blob()))
  pictures.set(path, made)
  made.catch(() => pictures.delete(path))
  for (const [oldest, url] of pictures) {
    if (pictures.size <= MOST_PICTURES) break
    pictures.delete(oldest)
    void url.then((u) => URL.revokeObjectURL(u), () => undefined)
  }
  return made
}

/** When somebody signs out, nothing of a record stays behind. */
export function forget(): void {
  for (const url of pictures.values()) void url.then((u) => URL.revokeObjectURL(u), () => undefined)
  pictures.clear()
}
