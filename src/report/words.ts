// Words and symbols for statuses, determinations and kinds of note, shared by the forms of the report. May not: decide; hold sentences.
import type { LineJson, RequirementJson, ReviewJson } from './contract.ts'
import { plural, ranges } from './plain.ts'
import { missingWords } from './rule-messages.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'ask' | 'quiet'

/** Symbol and words always go together, so that nothing hangs on colour alone. */
export interface Label { readonly words: string; readonly symbol: string; readonly tone: Tone }

export const DETERMINATION_LABELS: Readonly<Record<LineJson['determination'], Label>> = {
  supported: { words: 'supported', symbol: '✓', tone: 'good' },
  'insufficient-documentation': { words: 'insufficient documentation', symbol: '~', tone: 'warn' },
  'not-supported': { words: 'not supported', symbol: '✗', tone: 'bad' },
  'needs-review': { words: 'needs review', symbol: '?', tone: 'ask' },
}

export const STATUS_LABELS: Readonly<Record<RequirementJson['status'], Label>> = {
  met: { words: 'met', symbol: '✓', tone: 'good' },
  partial: { words: 'partial', symbol: '~', tone: 'warn' },
  'not-met': { words: 'not met', symbol: '✗', tone: 'bad' },
  'not-applicable': { words: 'not applicable', symbol: '–', tone: 'quiet' },
  unclear: { words: 'unclear', symbol: '?', tone: 'ask' },
  clear: { words: 'clear', symbol: '✓', tone: 'good' },
  triggered: { words: 'triggered', symbol: '✗', tone: 'bad' },
}

export const EFFECT_LABELS: Readonly<Record<LineJson['rules'][number]['effect'], Label>> = {
  deny: { words: 'denies', symbol: '✗', tone: 'bad' },
  limit: { words: 'limits', symbol: '~', tone: 'warn' },
  review: { words: 'asks for review', symbol: '?', tone: 'ask' },
  note: { words: 'notes', symbol: '–', tone: 'quiet' },
}

/** Something to say about it: not met, partial, unclear or triggered. */
export const isWrong = (requirement: Pick<RequirementJson, 'status'>): boolean =>
  requirement.status === 'partial' || requirement.status === 'not-met' || requirement.status === 'unclear' || requirement.status === 'triggered'

export const WRONG_FIRST: Readonly<Record<RequirementJson['status'], number>> = {
  triggered: 0, 'not-met': 1, unclear: 2, partial: 3, met: 4, clear: 5, 'not-applicable': 6,
}

export const codeOf = (line: Pick<LineJson, 'code' | 'reportedCode'>): string => (line.reportedCode === null ? line.code : `${line.code}→${line.reportedCode}`)

export const daysOf = (line: Pick<LineJson, 'serviceDate' | 'serviceDateEnd'>): string =>
  line.serviceDateEnd === null || line.serviceDateEnd === line.serviceDate ? line.serviceDate : `${line.serviceDate} to ${line.serviceDateEnd}`

/** As daysOf, the end without its year where it is the same. */
export const shortDaysOf = (line: Pick<LineJson, 'serviceDate' | 'serviceDateEnd'>): string => {
  const { serviceDate: first, serviceDateEnd: last } = line
  return last === null || last === first ? first : `${first}…${last.slice(0, 4) === first.slice(0, 4) ? last.slice(5) : last}`
}

/** `1`, or `2–3` for a range. */
export const valueOf = (fact: { readonly low: number; readonly high: number }): string => (fact.low === fact.high ? `${fact.low}` : `${fact.low}–${fact.high}`)

type PageJson = ReviewJson['documents'][number]['pages'][number]

/** What became of a page, in words. */
export function stateOf(page: PageJson): string {
  const from = page.duplicateOf ?? page.nearDuplicateOf
  const words: Readonly<Record<PageJson['state'], string>> = {
    read: 'read', 'read-by-ocr': 'read by OCR', illegible: 'illegible', blank: 'blank', unread: 'not read', 'other-patient': 'another patient’s',
    duplicate: `repeats ${from?.file ?? ''} p. ${from?.page ?? ''}`, 'near-duplicate': `nearly repeats ${from?.file ?? ''} p. ${from?.page ?? ''}`,
  }
  return `${words[page.state]}${page.otherPatient && page.state !== 'other-patient' ? ', another patient’s' : ''}${page.turned === 0 ? '' : page.turned === 180 ? ', upside down' : ', turned on its side'}${page.marks.length === 0 ? '' : ' (a mark is there, not read)'}`
}

/** `1–2, 5 read; 3 read by OCR; 4 not read`: the pages of a file by what became of them, in order of first appearance. */
export function pagesByState(pages: readonly PageJson[]): string {
  const found = new Map<string, number[]>()
  for (const page of pages) {
    const state = stateOf(page)
    found.set(state, [...(found.get(state) ?? []), page.page])
  }
  return [...found].map(([state, numbers]) => `${ranges(numbers)} ${state}`).join('; ')
}

/** The rules that could not be put to a line, in one sentence; empty where there are none. */
export function gapsOf(line: Pick<LineJson, 'notEvaluable'>): string {
  const by = new Map<string, string[]>()
  for (const g of line.notEvaluable) {
    const why = missingWords(g.missing)
    by.set(why, [...(by.get(why) ?? []), g.id])
  }
  return by.size === 0 ? '' : `Not checked: ${[...by].map(([why, ids]) => `${[...new Set(ids)].join(', ')} (${why})`).join('; ')}.`
}

/** `Course 1 (C1), 2025-05-06 to 2025-05-16: 5 of 5 fractions delivered, 5 units billed; 2 ports; Left hip` */
export function courseWords(c: ReviewJson['courses'][number]): string {
  const given = c.delivered === null ? 'no fraction found in the records' : `${plural(c.delivered.value, 'fraction')} delivered${c.prescribed === null ? '' : ` of ${c.prescribed.value} prescribed`}`
  const parts = [
    `${given}, ${plural(c.billed, 'unit')} of delivery billed or paid`,
    c.ports === null ? '' : plural(c.ports.value, 'field or arc', 'fields or arcs'), c.plans.length === 0 ? '' : plural(c.plans.filter((p) => p.code !== null).length, 'plan') + ' billed', c.sites.join(', '),
  ].filter((p) => p !== '')
  return `Course ${c.course}${c.label === null ? '' : ` (${c.label})`}, ${c.from === c.to ? c.from : `${c.from} to ${c.to}`}: ${parts.join('; ')}.`
}

export interface Ledger {
  readonly files: number
  readonly pages: number
  readonly unread: number
  readonly blank: number
  readonly duplicates: number
  readonly nearDuplicates: number
  readonly otherPatient: number
  readonly illegible: number
  readonly byOcr: number
  readonly turned: number
  /** Pages without usable text, a file each: `1, 4–6`. Blank pages left out. */
  readonly unreadPlaces: readonly { readonly file: string; readonly pages: string }[]
}

export function ledgerOf(documents: ReviewJson['documents']): Ledger {
  const pages = documents.flatMap((d) => d.pages)
  const unreadable = (p: (typeof pages)[number]): boolean => p.text === 'none' && p.reason !== 'blank'
  return {
    files: documents.length,
    pages: pages.length,
    unread: pages.filter(unreadable).length,
    blank: pages.filter((p) => p.text === 'none' && p.reason === 'blank').length,
    duplicates: pages.filter((p) => p.duplicateOf !== null).length,
    nearDuplicates: pages.filter((p) => p.nearDuplicateOf !== null).length,
    otherPatient: pages.filter((p) => p.otherPatient).length,
    illegible: pages.filter((p) => p.state === 'illegible').length,
    byOcr: pages.filter((p) => p.text === 'ocr').length,
    turned: pages.filter((p) => p.turned !== 0).length,
    unreadPlaces: documents.flatMap((d) => {
      const unread = d.pages.filter(unreadable).map((p) => p.page)
      return unread.length === 0 ? [] : [{ file: d.file, pages: ranges(unread) }]
    }),
  }
}
