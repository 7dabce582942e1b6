// What of the records comes nearest to a requirement that was not found: sentences that share its words, the rare ones most. May not: count for anything; change a finding.
import { place } from '../document/place.ts'
import type { Document } from '../document/document.ts'
import stem from 'natural/lib/natural/stemmers/porter_stemmer.js'
import type { NearMiss } from './shapes.ts'

const MOST = 4
const LONGEST = 320
/** Of the weight of the words asked for. */
const LEAST = 0.16
/** Words that say how a requirement is put, not what it is about. */
const COMMON = new Set(('a an and or of the to in on at by for with without is are was were be been it its this that these those as from into per not no any each every record records document documented documentation note notes must show shows ' +
  'patient patients what which when who why how than other there their has have had do does did if under over before after section policy item found received pages requirements requirement').split(' '))

const wordsOf = (text: string): string[] => (text.toLowerCase().match(/[\p{L}\d][\p{L}\d-]+/gu) ?? []).filter((w) => /\p{L}/u.test(w) && (w.length > 2 || /\d/.test(w)) && !COMMON.has(w)).map((w) => stem.stem(w))

/** Lines and sentences with where they stand. Cuts at ends of lines and of sentences. */
function* pieces(text: string): Generator<{ start: number; end: number }> {
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const c = text[i]
    const ends = i === text.length || c === '\n' || c === '\f' || (c === '.' && /\s/.test(text[i + 1] ?? ' ')) || i - start >= LONGEST
    if (!ends) continue
    const end = c === '.' ? i + 1 : i
    if (end - start > 12) yield { start, end }
    start = end === i ? i + 1 : end
  }
}

/** Best first; none where nothing shares enough. `asked` is what the requirement asks for, in words. */
export function nearMisses(documents: readonly Document[], asked: string): NearMiss[] {
  const wanted = new Set(wordsOf(asked))
  if (wanted.size === 0) return []
  const found: { document: Document; start: number; end: number; has: ReadonlySet<string> }[] = []
  const frequency = new Map<string, number>()
  let total = 0
  for (const document of documents) {
    for (const { start, end } of pieces(document.text)) {
      total++
      const has = new Set(wordsOf(document.text.slice(start, end)).filter((w) => wanted.has(w)))
      if (has.size === 0) continue
      for (const w of has) frequency.set(w, (frequency.get(w) ?? 0) + 1)
      found.push({ document, start, end, has })
    }
  }
  const weight = (w: string): number => Math.log(1 + total / (1 + (frequency.get(w) ?? 0)))
  const whole = [...wanted].reduce((sum, w) => sum + weight(w), 0)
  const scored = found.map((f) => ({ ...f, score: [...f.has].reduce((sum, w) => sum + weight(w), 0) / whole })).filter((f) => f.score >= LEAST).sort((a, b) => b.score - a.score)
  const out: NearMiss[] = []
  const said = new Set<string>()
  for (const f of scored) {
    const { page, boxes, quote } = place(f.document, f)
    if (said.has(quote.toLowerCase())) continue
    said.add(quote.toLowerCase())
    out.push({ file: f.document.file, page, quote: quote.slice(0, LONGEST), boxes: boxes.map((b) => ({ ...b })) })
    if (out.length === MOST) break
  }
  return out
}
