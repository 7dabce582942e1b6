// Finds the passages of the operator's own copy of a policy that requirements cite. May not: keep the copy; guess a passage where none fits.
import type { Document } from '../document/document.ts'
import type { Policy } from '../policy/policy.ts'
import { clean } from './plain.ts'
import type { CopyPassage } from './policy-page.ts'

interface Line { readonly text: string; readonly page: number; readonly words: ReadonlySet<string>; readonly bullet: boolean }
interface Wanted { readonly id: string; readonly section: string; readonly item: string; readonly asks: string }

const COMMON = new Set(['the', 'and', 'for', 'with', 'that', 'this', 'was', 'were', 'been', 'are', 'is', 'of', 'or', 'in', 'on', 'to', 'a', 'an', 'as', 'by', 'its', 'one', 'any', 'from', 'not', 'be', 'at', 'patient', 'record', 'documentation'])
const BULLET = /^\s{0,12}(?:[-•●○▪◦*o]|\d{1,2}[.)]|[a-z][.)])\s+/
/** Lines below a heading within which its items are looked for. */
const REACH = 90
/** Share of the words asked for that a passage has to hold. */
const ENOUGH = 0.34
const LONGEST = 700

/** In the order of the policy; what is not found is left out. */
export function copyPassages(policy: Policy, documents: readonly Document[]): CopyPassage[] {
  const lines = documents.flatMap(linesOf)
  const wanted: Wanted[] = policy.checklists.flatMap((c) => c.requirements.map((r) => ({ id: r.id, section: r.cites.section, item: `${r.cites.item}`, asks: r.asks })))
  return wanted.flatMap((w): CopyPassage[] => {
    const found = passageOf(w, lines)
    return found === null ? [] : [found]
  })
}

function linesOf(document: Document): Line[] {
  return document.pages.flatMap((p) => document.text.slice(p.start, p.end).replace(/\f/g, '\n').split('\n').map((raw) => {
    const text = clean(raw.replace(/\t/g, ' '))
    return { text, page: p.page, words: wordsOf(text), bullet: BULLET.test(raw) }
  })).filter((l) => l.text !== '')
}

const wordsOf = (text: string): Set<string> => new Set((text.toLowerCase().match(/[a-z0-9]{3,}/g) ?? []).filter((w) => !COMMON.has(w)).map(stem))
const stem = (word: string): string => (word.length > 5 ? word.replace(/(?:ations?|ings?|ions?|ies|es|s|ed|al)$/, '') : word)

const shareIn = (asked: ReadonlySet<string>, held: ReadonlySet<string>): number => (asked.size === 0 ? 0 : [...asked].filter((w) => held.has(w)).length / asked.size)

/** Under a line that names the section, and where the item names a code below a line that names it, the item whose words fit best. */
function passageOf(wanted: Wanted, lines: readonly Line[]): CopyPassage | null {
  const section = wordsOf(wanted.section)
  const code = /^(\d{5}|\d{4}T|G\d{4})/.exec(wanted.item)?.[1] ?? null
  const asks = wordsOf(wanted.asks)
  let best: { score: number; from: number; heading: string } | null = null
  lines.forEach((line, i) => {
    const isHead = line.text.length <= 120 && shareIn(section, line.words) >= 0.75
    if (!isHead) return
    for (let at = i + 1; at < Math.min(lines.length, i + 1 + REACH); at++) {
      const here = lines[at] as Line
      const share = shareIn(asks, wordsOf(passageAt(lines, at)))
      if (share < ENOUGH) continue
      // Near a mention of the code of the item it is likelier.
      const near = code === null ? 0 : lines.slice(Math.max(i, at - 14), at + 1).some((l) => l.text.includes(code)) ? 0.25 : -0.1
      const score = share + near + (here.bullet ? 0.1 : 0) - (at - i) / 1000
      if (best === null || score > best.score) best = { score, from: at, heading: line.text }
    }
  })
  if (best === null) return null
  const { from, heading } = best as { score: number; from: number; heading: string }
  return { id: wanted.id, page: (lines[from] as Line).page, heading: heading.slice(0, 120), text: passageAt(lines, from) }
}

/** A line with those that continue it: until the next item, or the end of a sentence. */
function passageAt(lines: readonly Line[], from: number): string {
  const parts: string[] = []
  for (let i = from; i < lines.length && parts.join(' ').length < LONGEST; i++) {
    const line = lines[i] as Line
    if (i > from && (line.bullet || line.page > (lines[from] as Line).page + 1)) break
    parts.push(line.text)
    if (/[.;:]$/.test(line.text)) break
  }
  return parts.join(' ').slice(0, LONGEST)
}
