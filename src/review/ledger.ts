// What became of every page: its note, what it repeats, whose it is, which pages did not come. May not: drop a page.
import type { Problem } from '../base/problem.ts'
import type { Document, Page } from '../document/document.ts'
import { isIllegible, isUnread } from '../document/legibility.ts'
import type { Chart } from './chart.ts'
import type { LedgerPage, Review } from './review.ts'

export type Ledger = Pick<Review, 'pages' | 'problems'>

/** Share of word sequences two pages have in common that are the same page, scanned or sent twice. */
const ALIKE = 0.8
const FEW_WORDS = 25

export function ledgerOf(chart: Chart, problems: readonly Problem[]): Ledger {
  const seen = new Map<string, { readonly file: string; readonly page: number }>()
  const earlier: Sketch[] = []
  const bySign = new Map<number, number[]>()
  const pages = chart.documents.map((d, i) =>
    d.pages.map((p): LedgerPage => {
      const own = chart.notes.find((n) => n.document === i && n.firstPage <= p.page && p.page <= n.lastPage)
      const text = d.text.slice(p.start, p.end)
      const body = text.replace(/\s+/g, ' ').trim()
      const first = body === '' ? undefined : seen.get(body)
      const at = { file: d.file, page: p.page }
      if (body !== '' && !first) seen.set(body, at)
      const near = body === '' || first ? null : likeEarlier(sketchOf(body, p, at), earlier, bySign)
      const state = p.text === 'none' ? (isUnread(p) ? 'unread' : 'blank') : first ? 'duplicate' : near ? 'near-duplicate' : own?.patientMatches === false ? 'other-patient'
        : isIllegible(p) ? 'illegible' : p.text === 'ocr' ? 'read-by-ocr' : 'read'
      return { note: own?.note ?? null, duplicateOf: first ?? null, nearDuplicateOf: near, state, otherPatient: own?.patientMatches === false, printed: printedNumber(text), turned: 90 * (p.turn ?? 0), marks: (p.marks ?? []).map((mark) => ({ page: p.page, ...mark })) }
    }))
  const foreign = chart.notes.filter((n) => n.patientMatches === false).map((n): Problem => ({ id: 'other-patient', severity: 'warning', file: n.file, page: n.firstPage, data: { note: n.note } }))
  return { pages, problems: [...problems, ...foreign, ...chart.documents.flatMap((d, i) => missingPages(d, pages[i] ?? []))] }
}

// --- pages that are nearly the same ---------------------------------------------------------------------------------

interface Sketch {
  readonly at: { readonly file: string; readonly page: number }
  readonly ocr: boolean
  readonly words: number
  /** The smallest hashes of its sequences of three words. */
  readonly low: readonly number[]
  /** Its numbers, in order: two days of one form differ in nothing else. */
  readonly numbers: string
}

const SIZE = 64
/** Hashes by which pages are looked up. */
const SIGNS = 12

function sketchOf(body: string, page: Page, at: Sketch['at']): Sketch {
  const words = body.toLowerCase().match(/[\p{L}]+/gu) ?? []
  const hashes = new Set<number>()
  for (let index = 0; index + 2 < words.length; index++) {
    let hash = 0x811c9dc5
    for (const sign of `${words[index]} ${words[index + 1]} ${words[index + 2]}`) hash = Math.imul(hash ^ (sign.codePointAt(0) as number), 0x01000193)
    hashes.add(hash >>> 0)
  }
  return { at, ocr: page.text === 'ocr', words: words.length, low: [...hashes].sort((a, b) => a - b).slice(0, SIZE), numbers: (body.match(/\d+/g) ?? []).join(' ') }
}

function likeEarlier(own: Sketch, earlier: Sketch[], bySign: Map<number, number[]>): Sketch['at'] | null {
  let found: Sketch['at'] | null = null
  if (own.words >= FEW_WORDS) {
    const candidates = new Set(own.low.slice(0, SIGNS).flatMap((sign) => bySign.get(sign) ?? []))
    for (const index of [...candidates].sort((a, b) => a - b)) {
      const other = earlier[index] as Sketch
      if (alike(own, other)) {
        found = other.at
        break
      }
    }
    const number = earlier.push(own) - 1
    for (const sign of own.low.slice(0, SIGNS)) {
      const list = bySign.get(sign) ?? []
      if (list.length < 200) list.push(number)
      bySign.set(sign, list)
    }
  }
  return found
}

function alike(a: Sketch, b: Sketch): boolean {
  const scanned = a.ocr || b.ocr
  // A scan may misread a digit; two text layers that differ in one are two records.
  if (!scanned && a.numbers !== b.numbers) return false
  // The smallest hashes of both together, up to SIZE, and how many of them stand in both.
  let all = 0
  let common = 0
  for (let i = 0, k = 0; all < SIZE && (i < a.low.length || k < b.low.length); all++) {
    const left = a.low[i] ?? Infinity
    const right = b.low[k] ?? Infinity
    if (left === right) common++
    if (left <= right) i++
    if (right <= left) k++
  }
  return common >= ALIKE * all * (scanned ? 0.8 : 1) && (!scanned || sameNumbers(a.numbers, b.numbers))
}

function sameNumbers(a: string, b: string): boolean {
  const left = a.split(' ')
  const right = new Set(b.split(' '))
  const shared = left.filter((each) => right.has(each)).length
  return shared >= 0.9 * Math.max(left.length, right.size)
}

// --- pages that did not come ----------------------------------------------------------------------------------------

const NUMBERED = /\b(?:page|pg\.?|p\.)[ \t]{0,3}:?[ \t]{0,3}(\d{1,4})[ \t]{0,3}(?:of|\/)[ \t]{0,3}(\d{1,4})\b/i

/** `Page 3 of 7` in the first or last lines of a page. */
export function printedNumber(text: string): { readonly number: number; readonly of: number } | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  for (const line of [...lines.slice(-3).reverse(), ...lines.slice(0, 4)]) {
    const found = NUMBERED.exec(line.slice(0, 400))
    const number = Number(found?.[1])
    const of = Number(found?.[2])
    if (found && number >= 1 && number <= of && of < 2000) return { number, of }
  }
  return null
}

/** Of each run of pages numbered `n of m`, the numbers that did not come; a page without text between two of them stands for one. */
function missingPages(document: Document, pages: readonly LedgerPage[]): Problem[] {
  const problems: Problem[] = []
  let run: { readonly first: number; readonly of: number; readonly have: Set<number>; last: number; lastIndex: number } | null = null
  const end = (): void => {
    if (run === null) return
    const missing: number[] = []
    for (let number = 1; number <= run.of; number++) if (!run.have.has(number)) missing.push(number)
    if (missing.length > 0) problems.push({ id: 'missing-pages', severity: 'warning', file: document.file, page: run.first + 1, data: { missing: ranges(missing), of: run.of } })
    run = null
  }
  pages.forEach((page, index) => {
    const { printed } = page
    if (printed === null || printed.of === 1 || page.state === 'duplicate') return
    if (run !== null && (printed.of !== run.of || printed.number <= run.last)) end()
    if (run === null) {
      run = { first: index, of: printed.of, have: new Set(), last: 0, lastIndex: index }
      // Pages before it that could not be read may be those that come before it.
      for (let back = index - 1, number = printed.number - 1; back >= 0 && number >= 1 && pages[back]?.printed === null; back--, number--) run.have.add(number)
    }
    // Unnumbered pages between two numbered ones fill the gap.
    for (let between = run.lastIndex + 1, number = run.last + 1; between < index && number < printed.number; between++, number++) run.have.add(number)
    run.have.add(printed.number)
    run.last = printed.number
    run.lastIndex = index
    const next = pages[index + 1]
    if (next === undefined || printed.number === printed.of) {
      end()
      return
    }
    // Unnumbered pages behind the last numbered one, up to the next that is numbered, stand for those that follow.
    let behind = index + 1
    while (behind < pages.length && pages[behind]?.printed === null) behind++
    const follower = pages[behind]?.printed
    if (follower === undefined || follower === null || follower.of !== printed.of || follower.number <= printed.number) for (let number = printed.number + 1; number <= Math.min(printed.of, printed.number + behind - index - 1); number++) run.have.add(number)
  })
  end()
  return problems
}

function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let index = 0; index < numbers.length; ) {
    let last = index
    while (numbers[last + 1] === (numbers[last] as number) + 1) last++
    parts.push(last === index ? `${numbers[index]}` : `${numbers[index]}–${numbers[last]}`)
    index = last + 1
  }
  return parts.join(', ')
}
