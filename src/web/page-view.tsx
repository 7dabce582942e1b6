// The page itself, with what was found drawn on it. May not: decide anything.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent } from 'react'
import { get, picture, post, type EvidenceJson, type Place, type SearchAnswer } from './api.ts'
import { hasPicture, imagePath, type Leaf } from './leaves.ts'
import { noteType } from './words.ts'

type Boxes = readonly { readonly page: number; readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }[]
export interface Marks { readonly boxes: Boxes; readonly quote: string; readonly kind: 'for' | 'against' | 'hit' | 'picked'; readonly current: boolean; readonly choose?: () => void }

export function marksOn(leaf: Leaf, evidence: readonly EvidenceJson[], current: number, hits: SearchAnswer['hits'], hit: number, picked: readonly Place[], choose: (i: number) => void): Marks[] {
  const here = (file: string, boxes: Boxes, page: number): boolean => file === leaf.file && (boxes.some((b) => b.page === leaf.page) || (boxes.length === 0 && page === leaf.page))
  return [
    ...hits.map((h, i) => ({ h, i })).filter(({ h }) => here(h.file, h.boxes, h.page)).map(({ h, i }): Marks => ({ boxes: h.boxes, quote: h.quote, kind: 'hit', current: i === hit })),
    ...evidence.map((e, i) => ({ e, i })).filter(({ e }) => here(e.file, e.boxes, e.page)).map(({ e, i }): Marks => ({ boxes: e.boxes, quote: e.quote, kind: e.stance, current: i === current, choose: () => choose(i) })),
    ...picked.filter((p) => here(p.file, p.boxes, p.page)).map((p): Marks => ({ boxes: p.boxes, quote: p.quote, kind: 'picked', current: false })),
  ]
}

export interface PageViewProps {
  readonly caseId: string
  readonly leaf: Leaf
  readonly total: number
  readonly marks: readonly Marks[]
  readonly fit: 'width' | 'page'
  readonly asText: boolean
  /** Set while evidence is being chosen: a box drawn gives its words. */
  readonly pick: ((place: Place) => void) | null
}

export function PageView({ caseId, leaf, marks, fit, asText, pick }: PageViewProps) {
  if (!hasPicture(leaf) || asText) return <TextPage caseId={caseId} leaf={leaf} marks={marks} pick={pick} />
  return <Picture caseId={caseId} leaf={leaf} marks={marks} fit={fit} pick={pick} key={`${leaf.document}`} />
}

interface Drawn { readonly x: number; readonly y: number; readonly x2: number; readonly y2: number }

function Picture({ caseId, leaf, marks, fit, pick }: Omit<PageViewProps, 'total' | 'asText'>) {
  const frame = useRef<HTMLDivElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const [image, setImage] = useState<{ path: string; url: string } | null>(null)
  const [failed, setFailed] = useState(false)
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  const sharp = fit === 'width' && window.innerWidth * window.devicePixelRatio > 2200
  const path = imagePath(caseId, leaf, sharp ? 1700 : 1000)
  const [size, setSize] = useState({ width: 600, height: 800 })

  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    const measure = (): void => setSize({ width: element.clientWidth - 24, height: element.clientHeight - 24 })
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    let stale = false
    setFailed(false)
    picture(path).then((url) => { if (!stale) setImage({ path, url }) }, () => { if (!stale) setFailed(true) })
    return () => { stale = true }
  }, [path])
  const shown = marks.map((m) => `${m.kind}${m.current}${m.quote}`).join()
  useEffect(() => {
    const mark = sheet.current?.querySelector<HTMLElement>('.mark.current')
    const box = frame.current
    if (!box) return
    if (mark) {
      const [a, b] = [mark.getBoundingClientRect(), box.getBoundingClientRect()]
      if (a.top < b.top + 40 || a.bottom > b.bottom - 40) box.scrollTop += a.top - b.top - box.clientHeight / 3
    } else box.scrollTop = 0
  }, [leaf.at, shown, fit, size.width])

  const ratio = leaf.height / leaf.width
  const width = Math.max(200, fit === 'width' ? size.width : Math.min(size.width, size.height / ratio))
  const at = (e: PointerEvent): { x: number; y: number } => {
    const r = (sheet.current as HTMLDivElement).getBoundingClientRect()
    return { x: ((e.clientX - r.left) / r.width) * leaf.width, y: ((e.clientY - r.top) / r.height) * leaf.height }
  }
  const end = (): void => {
    if (drawn === null || pick === null) return
    const box = { left: Math.min(drawn.x, drawn.x2), right: Math.max(drawn.x, drawn.x2), top: Math.min(drawn.y, drawn.y2), bottom: Math.max(drawn.y, drawn.y2) }
    setDrawn(null)
    if (box.right - box.left < 3 || box.bottom - box.top < 3) return
    void post<Place>(`/api/cases/${caseId}/documents/${leaf.document}/pages/${leaf.page}/words`, box).then(pick, () => pick({ file: leaf.file, page: leaf.page, quote: '', boxes: [{ page: leaf.page, ...box }] }))
  }
  const percent = (b: { left: number; top: number; right: number; bottom: number }, room = 0.7) => ({
    left: `${((b.left - room) / leaf.width) * 100}%`, top: `${((b.top - room) / leaf.height) * 100}%`, width: `${((b.right - b.left + 2 * room) / leaf.width) * 100}%`,
    height: `${((b.bottom - b.top + 2 * room) / leaf.height) * 100}%`,
  })
  return (
    <div className="frame" ref={frame} tabIndex={0} role="region" aria-label={`${leaf.file}, page ${leaf.page}`}>
      <div className={`sheet${pick ? ' picking' : ''}`} ref={sheet} style={{ width, height: width * ratio }} data-page={leaf.at}
        onPointerDown={(e) => { if (pick && e.button === 0) { e.preventDefault(); e.currentTarget.setPointerCapture(e.pointerId); const p = at(e); setDrawn({ ...p, x2: p.x, y2: p.y }) } }}
        onPointerMove={(e) => { if (drawn) { const p = at(e); setDrawn({ ...drawn, x2: p.x, y2: p.y }) } }} onPointerUp={end}>
        {image !== null && image.path === path && <img src={image.url} alt="" draggable={false} onError={() => setFailed(true)} />}
        {failed && <p className="undrawn">This page cannot be drawn.</p>}
        {marks.flatMap((m, i) => m.boxes.filter((b) => b.page === leaf.page).map((b, k) => (m.choose && !pick
          ? <button key={`${i} ${k}`} type="button" className={`mark ${m.kind}${m.current ? ' current' : ''}`} style={percent(b)} onClick={m.choose} aria-label={`Evidence: ${m.quote}`} tabIndex={k === 0 ? 0 : -1} />
          : <span key={`${i} ${k}`} className={`mark ${m.kind}${m.current ? ' current' : ''}`} style={percent(b)} />)))}
        {drawn && <span className="mark picked" style={percent({ left: Math.min(drawn.x, drawn.x2), right: Math.max(drawn.x, drawn.x2), top: Math.min(drawn.y, drawn.y2), bottom: Math.max(drawn.y, drawn.y2) }, 0)} />}
      </div>
    </div>
  )
}

/** Files without pages, and any page on request, as the text that was read. */
function TextPage({ caseId, leaf, marks, pick }: Pick<PageViewProps, 'caseId' | 'leaf' | 'marks' | 'pick'>) {
  const text = useQuery({
    queryKey: ['text', caseId, leaf.document, leaf.page], queryFn: () => get<{ text: string }>(`/api/cases/${caseId}/documents/${leaf.document}/pages/${leaf.page}/text`), staleTime: Infinity,
  })
  const box = useRef<HTMLDivElement>(null)
  const shown = marks.map((m) => `${m.kind}${m.current}${m.quote}`).join()
  useEffect(() => {
    const mark = box.current?.querySelector('mark.current')
    if (mark) mark.scrollIntoView({ block: 'center' })
    else if (box.current) box.current.scrollTop = 0
  }, [text.data, shown, leaf.at])
  return (
    <div className="frame textual" ref={box} tabIndex={0} role="region" aria-label={`${leaf.file}, page ${leaf.page}, as text`}>
      <div className="sheet-text" data-page={leaf.at} onPointerUp={() => {
        const quote = pick === null ? '' : (window.getSelection()?.toString() ?? '').replace(/\s+/g, ' ').trim().slice(0, 2000)
        if (quote !== '') pick?.({ file: leaf.file, page: leaf.page, quote, boxes: [] })
      }}>{text.data === undefined ? null : text.data.text.trim() === '' ? <p className="undrawn">Nothing was read on this page{leaf.reason === null ? '' : ` (${noteType(leaf.reason)})`}.</p> : marked(text.data.text, marks)}</div>
    </div>
  )
}

/** Quotes have their white space collapsed; the text has not. */
function marked(text: string, marks: readonly Marks[]) {
  const places: { start: number; end: number; mark: Marks }[] = []
  const positions: number[] = []
  let folded = ''
  for (let i = 0; i < text.length; i++) {
    const space = /\s/.test(text[i] as string)
    if (space && folded.endsWith(' ')) continue
    folded += space ? ' ' : (text[i] as string)
    positions.push(i)
  }
  const lower = folded.toLowerCase()
  for (const mark of marks) {
    const quote = mark.quote.toLowerCase()
    for (let at = quote === '' ? -1 : lower.indexOf(quote); at >= 0; at = mark.kind === 'hit' ? lower.indexOf(quote, at + quote.length) : -1) {
      const place = { start: positions[at] as number, end: (positions[at + quote.length - 1] as number) + 1, mark }
      if (!places.some((p) => p.start < place.end && place.start < p.end)) places.push(place)
    }
  }
  places.sort((a, b) => a.start - b.start)
  let from = 0
  return [...places.flatMap((p, i) => {
    const out = [text.slice(from, p.start), <mark key={i} className={`${p.mark.kind}${p.mark.current ? ' current' : ''}`}>{text.slice(p.start, p.end)}</mark>]
    from = p.end
    return out
  }), text.slice(from)]
}
