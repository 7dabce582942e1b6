// A case with what people decided → a labelled case without words that tell who somebody is. May not: promise that nothing was missed; touch the records; ask the database.
import type { Claim } from '../claim/claim.ts'
import type { Document } from '../document/document.ts'
import { deidentify, MASK_KINDS, type Mask, type MaskKind } from '../note/deidentify.ts'
import type { People } from '../dictionary/people-dictionary.ts'
import type { EvidenceJson, ReviewJson } from '../report/contract.ts'
import type { DecisionRow, Effective } from './shapes.ts'

export interface LabelledRecord { readonly name: string; readonly text: string; readonly masked: Readonly<Record<MaskKind, number>> }
export interface LabelledCase { readonly claim: Claim; readonly records: readonly LabelledRecord[]; readonly gold: object; readonly days: number }

export interface ToLabel {
  readonly claim: Claim
  readonly report: ReviewJson
  /** Standing ones of the first round. */
  readonly decisions: readonly Pick<DecisionRow, 'target' | 'line' | 'subject' | 'action' | 'status' | 'reason' | 'evidence'>[]
  readonly effective: Effective
  /** Hexadecimal digits that nobody without the key can foresee: by how many days dates move. */
  readonly seed: string
}

const DAY_MS = 86_400_000
const moved = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
const MOST_EVIDENCE = 3

/** Whole weeks, so that weekends stay weekends; `same` says whether the texts in force stay the same. Null where no such move is left. */
function daysToMove(claim: Claim, seed: string, same: (from: string, to: string) => boolean): number | null {
  const service = claim.lines.flatMap((l) => [l.serviceDate, l.serviceDateEnd ?? l.serviceDate])
  const weeks = Array.from({ length: 30 }, (_, i) => i + 2).flatMap((w) => [w, -w])
  const first = Number.parseInt(seed.slice(0, 8), 16) % weeks.length
  for (let i = 0; i < weeks.length; i++) {
    const days = 7 * (weeks[(first + 17 * i) % weeks.length] as number)
    if (service.every((d) => same(d, moved(d, days)))) return days
  }
  return null
}

const INVENTED = ('Alder Birch Cedar Dorn Elwood Farrow Gale Harland Ives Jasper Kestrel Larkin Merrow Nolan Orme Penrose Quarry Rowan Sorrel Tarn Ulmer Vesper Wren Yarrow Zeller Ashby Bracken Colne Dale Esk Fenwick Garth Heron Ingle Juniper ' +
  'Kirkby Linden Marsh Neath Otter Pell Ridley Stour Teasel Usk Vane Wharfe Yew Ansel Brook Corby Dunmore Ember Flint Grove Holt Iver Joss').split(' ')
const NO_NAME = /^(?:md|do|phd|dds|rn|np|pa|pa-c|dr|mr|mrs|ms|jr|sr|ii|iii|iv|cmd|dabr|msc?|bs|rtt|facr|fastro|van|von|de|der|del|la|le)$/i

/** The same word of a name becomes the same invented word throughout, in the same case. */
function renamer(): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => name.replace(/\p{L}[\p{L}'’-]*/gu, (word) => {
    if (NO_NAME.test(word)) return word
    const key = word.toLowerCase()
    const invented = known.get(key) ?? (INVENTED[known.size % INVENTED.length] as string) + (known.size < INVENTED.length ? '' : 'ton')
    known.set(key, invented)
    if (word.length === 1) return (invented[0] as string).toUpperCase()
    return word === word.toUpperCase() ? invented.toUpperCase() : word === key ? invented.toLowerCase() : invented
  })
}

/** What the claim itself says of the patient, wherever it stands. */
function knownWords(claim: Claim, text: string): Mask[] {
  const words = (claim.patient.name ?? '').split(/[\s,]+/).filter((w) => w.replace(/[^\p{L}]/gu, '').length > 2)
  const ids = [claim.patient.memberId, claim.patient.mrn].filter((v): v is string => v !== null && v.length > 3)
  const find = (word: string, kind: MaskKind, by: string): Mask[] => [...text.matchAll(new RegExp(`(?<![\\p{L}\\d])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\d])`, 'giu'))].map((m) => ({ start: m.index, end: m.index + m[0].length, kind, by }))
  return [...words.flatMap((w) => find(w, 'name', '')), ...ids.flatMap((v) => find(v, 'number', '[number]'))]
}

interface Masked { readonly text: string; readonly masks: readonly Mask[] }

function masker(claim: Claim, people: People, days: number): (text: string) => Masked {
  const rename = renamer()
  rename(claim.patient.name ?? '')
  return (text) => {
    const own = deidentify(text, people, days).masks
    const extra = knownWords(claim, text).filter((k) => !own.some((m) => m.start < k.end && k.start < m.end))
    const masks = [...own, ...extra].sort((a, b) => a.start - b.start).filter((m, i, all) => i === 0 || m.start >= (all[i - 1] as Mask).end)
      .map((m) => (m.kind === 'name' ? { ...m, by: rename(text.slice(m.start, m.end)) } : m))
    return { text: within(text, masks, 0, text.length), masks }
  }
}

/** A stretch of the text with its masks in place; a mask that is cut through counts whole. */
function within(text: string, masks: readonly Mask[], start: number, end: number): string {
  let out = ''
  let at = start
  for (const m of masks) {
    if (m.end <= start || m.start >= end) continue
    out += text.slice(at, Math.max(at, m.start)) + m.by
    at = m.end
  }
  return out + text.slice(Math.min(at, end), end)
}

/** Where a quote, whose white space is collapsed, stands in the text; from its page on first. */
function placeOf(document: Document, page: number, quote: string): { start: number; end: number } | null {
  const words = quote.split(/\s+/).filter((w) => w !== '')
  if (words.length === 0) return null
  const pattern = new RegExp(words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s{1,40}'), 'gu')
  const from = document.pages.find((p) => p.page === page)?.start ?? 0
  const all = [...document.text.matchAll(pattern)]
  const m = all.find((each) => each.index >= from) ?? all[0]
  return m === undefined ? null : { start: m.index, end: m.index + m[0].length }
}

/** Null where no move of the dates leaves the texts of the policy in force as they are. */
export function labelledCase({ claim, report, decisions, effective, seed }: ToLabel, documents: readonly Document[], people: People, same: (from: string, to: string) => boolean): LabelledCase | null {
  const days = daysToMove(claim, seed, same)
  if (days === null) return null
  const mask = masker(claim, people, days)
  const files = new Map(documents.map((d, i) => [d.file, { document: d, name: `record-${String(i + 1).padStart(2, '0')}.txt`, masked: mask(d.text) }]))
  const plain = (text: string): string => text.replaceAll('\f', '\n')

  const evidenceOf = (places: readonly Pick<EvidenceJson, 'file' | 'page' | 'quote'>[]): object[] => places.slice(0, MOST_EVIDENCE).flatMap(({ file, page, quote }) => {
    const found = files.get(file)
    const at = found && placeOf(found.document, page, quote)
    return found && at ? [{ file: found.name, page: 1, quote: within(found.document.text, found.masked.masks, at.start, at.end).replace(/\s+/g, ' ').trim() }] : []
  })
  const said = (target: string, line: number, subject: string | null) => decisions.filter((d) => d.action !== 'withdraw' && d.target === target && (d.line ?? 0) === line && d.subject === subject).at(-1)
  const needsNone = (status: string): boolean => status === 'not-met' || status === 'clear' || status === 'not-applicable'
  const requirementsOf = (list: ReviewJson['general'], line: number): object => Object.fromEntries(list.map((r) => {
    const decision = said('requirement', line, r.id)
    const overridden = decision?.action === 'override'
    const status = overridden ? decision.status : r.status
    const chosen = decision !== undefined && decision.evidence.length > 0 ? decision.evidence : r.evidence.filter((e) => e.stance === (status === 'triggered' && !r.evidence.some((x) => x.stance === 'for') ? 'against' : 'for'))
    return [r.id, { status, evidence: needsNone(status) ? [] : evidenceOf(chosen), ...(overridden && decision.reason !== null ? { why: `overridden: ${decision.reason}` } : {}) }]
  }))
  const rulesOf = (list: ReviewJson['rules'], line: number): string[] => list.filter((r) => r.effect !== 'note' && said('rule', line, r.id)?.action !== 'override').map((r) => r.id)

  const shift = (l: Claim['lines'][number]) => ({ ...l, serviceDate: moved(l.serviceDate, days), serviceDateEnd: l.serviceDateEnd === null ? null : moved(l.serviceDateEnd, days) })
  return {
    days,
    claim: {
      ...claim, claimId: 'LABELLED-1', patient: { name: claim.patient.name === null ? null : mask(claim.patient.name).text, birthDate: null, memberId: null, mrn: null, sex: claim.patient.sex }, provider: { name: null, npi: null },
      lines: claim.lines.map(shift), history: claim.history.map((h) => ({ ...shift(h), claimId: undefined })), authorizations: claim.authorizations?.map((a) => ({ ...a, number: null })) ?? null,
    },
    records: [...files.values()].map(({ name, masked }) => ({ name, text: `${plain(masked.text).trimEnd()}\n`, masked: Object.fromEntries(MASK_KINDS.map((k) => [k, masked.masks.filter((m) => m.kind === k).length])) as Record<MaskKind, number> })),
    gold: {
      lines: report.lines.map((l) => {
        const holds = effective.lines.find((e) => e.line === l.line)
        return { line: l.line, code: l.code, determination: holds?.determination ?? l.determination, unitsSupported: holds?.unitsSupported ?? l.unitsSupported, ...(l.reportedCode === null ? {} : { reportedCode: l.reportedCode }), requirements: requirementsOf(l.requirements, l.line), rules: rulesOf(l.rules, l.line) }
      }),
      claim: { general: requirementsOf(report.general, 0), rules: rulesOf(report.rules, 0) },
      facts: {
        performanceStatus: report.facts.performanceStatus.map((p) => ({
          scale: p.scale, low: p.low, high: p.high, date: p.date === null ? null : moved(p.date, days), decisive: p.decisive, quote: (evidenceOf([p])[0] as { quote: string } | undefined)?.quote ?? '',
        })),
      },
    },
  }
}
