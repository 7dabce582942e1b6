// The page ledger: every page of the packet as a small picture. May not: draw pages that are out of sight.
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { picture } from './api.ts'
import { hasPicture, imagePath, type Leaf } from './leaves.ts'
import { noteType } from './words.ts'

const HEIGHT = 136
/** What of the page ledger is worth a word under the picture. */
const LEDGER: Readonly<Record<string, { readonly name: string; readonly bad?: true }>> = {
  'read-by-ocr': { name: 'scan' }, illegible: { name: 'illegible', bad: true }, duplicate: { name: 'repeated' }, 'near-duplicate': { name: 'repeated' }, 'other-patient': { name: 'other patient', bad: true }, blank: { name: 'blank' },
  unread: { name: 'unread', bad: true },
}

export function Thumbs({ caseId, leaves, at, marked, choose }: { readonly caseId: string; readonly leaves: readonly Leaf[]; readonly at: number; readonly marked: ReadonlySet<number>; readonly choose: (at: number) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 900 })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = (): void => setSeen({ top: element.scrollTop, height: element.clientHeight })
    measure()
    element.addEventListener('scroll', measure, { passive: true })
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    return () => {
      element.removeEventListener('scroll', measure)
      watch.disconnect()
    }
  }, [])
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const top = at * HEIGHT
    if (top < element.scrollTop || top + HEIGHT > element.scrollTop + element.clientHeight) element.scrollTop = top - element.clientHeight / 3
  }, [at])
  const first = Math.max(0, Math.floor(seen.top / HEIGHT) - 1)
  const last = Math.min(leaves.length, Math.ceil((seen.top + seen.height) / HEIGHT) + 1)
  return (
    <div className="thumbs" ref={box} role="navigation" aria-label="Pages of the packet" tabIndex={0}>
      <div style={{ height: leaves.length * HEIGHT }}>
        {leaves.slice(first, last).map((leaf) => (
          <button key={leaf.at} type="button" className="thumb" style={{ top: leaf.at * HEIGHT }} aria-current={leaf.at === at ? 'page' : undefined} onClick={() => choose(leaf.at)} tabIndex={-1}
            title={[leaf.file, leaf.note ? `${noteType(leaf.note.type)} ${leaf.note.date ?? ''}` : '', leaf.duplicate ? `repeats ${leaf.duplicate}` : ''].filter((t) => t !== '').join('\n')}>
            <span className="mini">{hasPicture(leaf) ? <Small path={imagePath(caseId, leaf, 180)} /> : <i>{leaf.kind}</i>}
              {leaf.state in LEDGER && <em className={LEDGER[leaf.state]?.bad ? 'bad' : undefined}>{LEDGER[leaf.state]?.name}</em>}</span>
            <span className="label">{marked.has(leaf.at) && <b className="dot" />}{leaf.at + 1}{leaf.begins && leaf.note ? ` ${noteType(leaf.note.type)}` : ''}</span>
          </button>
        ))}
      </div>
    </div>
  )
}

function Small({ path }: { readonly path: string }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    let stale = false
    // Pages that only fly by are not drawn.
    const wait = setTimeout(() => void picture(path).then((u) => { if (!stale) setUrl(u) }, () => undefined), 120)
    return () => {
      stale = true
      clearTimeout(wait)
    }
  }, [path])
  return url === null ? null : <img src={url} alt="" />
}
