// Every letter of the labelled charts, put against the report and the records it was made of. May not: trust the source that a part of a letter names.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import { letterSettingsSchema, LETTER_KINDS, type LetterTemplate } from '../../src/dictionary/letters.ts'
import type { Document } from '../../src/document/document.ts'
import { readRecords } from '../../src/document/read-records.ts'
import { dictionariesFolder, loadKnowledge } from '../../src/load/load-knowledge.ts'
import { loadLetterTemplates } from '../../src/load/load-letters.ts'
import { policyText } from '../../src/load/policy-text.ts'
import { toContract, type ReviewJson } from '../../src/report/contract.ts'
import { letterOf, type Letter, type LetterPart } from '../../src/report/letter.ts'
import { clean } from '../../src/report/plain.ts'
import { reviewClaim } from '../../src/review-claim.ts'

const knowledge = loadKnowledge(dictionariesFolder(), 'test')
const texts = policyText(knowledge.policies)
const templates = loadLetterTemplates(dictionariesFolder())
const settings = letterSettingsSchema.parse({ payer: 'Invented Health Plan', 'send-to': ['PO Box 100'], rights: ['You may dispute this within {disputeDays} days.'], 'denial-codes': true, 'quotes-each': 12 })
const CORPORA = ['corpus/cases', 'corpus/strangers', 'corpus/newcomers', 'corpus/latecomers']
/** Every second chart; all of them take more than a minute. */
const folders = CORPORA.flatMap((corpus) => readdirSync(corpus).sort().map((name) => join(corpus, name))).filter((_, i) => i % 2 === 0)

interface Case { readonly name: string; readonly report: ReviewJson; readonly documents: ReadonlyMap<string, Document>; readonly letters: readonly Letter[] }
const cases: Case[] = []

beforeAll(async () => {
  for (const folder of folders) {
    // Pages that hold pictures only are left unread: whether they are recognised is not what is looked at here.
    const records = await readRecords([join(folder, 'records')], { ocr: false, processes: 1 })
    const claim = claimSchema.parse(JSON.parse(readFileSync(join(folder, 'claim.json'), 'utf8')))
    const report = toContract(reviewClaim(claim, records, knowledge), texts, knowledge.denialCodes)
    cases.push({ name: folder, report, documents: new Map(records.documents.map((d) => [d.file, d])), letters: LETTER_KINDS.map((kind) => letterOf({ report, template: templates[kind], settings, signOff: { by: 'Ann Ferrow', on: '2026-01-15' } })) })
  }
}, 240_000)

const squeezed = (text: string): string => text.replace(/[\s\u00a0]+/g, '')
const plainly = (wording: string): string => wording.split(/(\{[^}]*\})/).map((p) => (p.startsWith('{') ? '.*' : p.replace(/[.*+?^$()|\\/]/g, '\\$&'))).join('')
/** The words of a wording, with anything where it has a field; a part in brackets is there or not. */
const shapeOf = (wording: string): RegExp => new RegExp(`^${wording.split(/(\[[^\]]*\])/).map((p) => (p.startsWith('[') ? `(?:${plainly(p.slice(1, -1))})?` : plainly(p))).join('')}$`, 's')
const wordings = (t: LetterTemplate): RegExp[] => [...t.body.flatMap((b) => ('text' in b ? [b.text] : 'heading' in b ? [b.heading] : [])), ...settings.rights].map(shapeOf)

/** What a letter says and no finding does, a sentence each. */
function untraced(letter: Letter, report: ReviewJson, documents: ReadonlyMap<string, Document>): string[] {
  const faults: string[] = []
  const template = templates[letter.kind]
  const fits = wordings(template)
  const pages = new Set(report.documents.flatMap((d) => d.pages.map((p) => `${d.file} ${p.page}`)))
  const lineOf = (n: number): ReviewJson['lines'][number] | undefined => report.lines.find((l) => l.line === n)
  const say = (ok: boolean, what: string): void => void (ok || faults.push(what))
  const reason = (part: Extract<LetterPart, { kind: 'reason' }>): void => {
    const { source } = part
    if (source.kind !== 'requirement' && source.kind !== 'rule') return void faults.push(`a reason from ${source.kind}`)
    const line = lineOf(source.line)
    const finding = line?.requirements.find((r) => r.id === source.id)
    const rule = line?.rules.find((r) => r.id === source.id)
    const stated = finding ?? rule
    if (stated === undefined) return void faults.push(`no finding ${source.id} on line ${source.line}`)
    say(clean(stated.explanation).startsWith(part.statement.replace(/\.$/, '')), `statement: ${part.statement}`)
    say(finding === undefined ? part.title === `Billing rule ${source.id}` : part.title.toLowerCase() === clean(finding.asks).toLowerCase(), `title: ${part.title}`)
    say(part.cites.includes(finding === undefined ? rule?.section ?? '' : finding.cites.section), `cites: ${part.cites}`)
    if (finding !== undefined) say(part.cites.endsWith(`item ${finding.cites.item}`), `item: ${part.cites}`)
    if (finding?.request !== undefined && finding.class !== 'x') say(part.cure === clean(finding.request), `cure: ${part.cure ?? ''}`)
    say(part.reference.includes(source.id), `reference: ${part.reference}`)
    for (const code of part.codes?.match(/\b(?:CARC|RARC) \w+/g) ?? []) say((stated.suggested ?? []).some((s) => `${s.list} ${s.code}` === code), `code: ${code}`)
    say(part.quotes.length === Math.min(12, stated.evidence.length), `${part.quotes.length} quotes of ${stated.evidence.length}`)
    for (const q of part.quotes) {
      say(stated.evidence.some((e) => e.file === q.file && e.page === q.page && clean(e.quote) === q.quote), `quote that the finding does not cite: ${q.quote}`)
      say(pages.has(`${q.file} ${q.page}`), `page that was not received: ${q.file} ${q.page}`)
      const document = documents.get(q.file)
      const page = document?.pages.find((p) => p.page === q.page)
      // A quote begins on the page cited and may go over to the next.
      say(document !== undefined && page !== undefined && squeezed(clean(document.text.slice(page.start, page.end + 2000))).includes(squeezed(q.quote)), `quote that is not on page ${q.page} of ${q.file}: ${q.quote}`)
      say(q.place.includes(`${q.file}, page ${q.page}`), `place: ${q.place}`)
    }
  }
  for (const part of letter.body) {
    switch (part.kind) {
      case 'paragraph': case 'heading': say(fits.some((f) => f.test(part.text)), `not of the wording: ${part.text}`); break
      case 'line-heading': say(report.lines.some((l) => part.text.startsWith(`Line ${l.line}: ${l.code}`) && part.text.includes(clean(l.label))), `heading: ${part.text}`); break
      case 'note': say(report.lines.some((l) => l.policyNote !== null && clean(l.policyNote) === part.text), `note: ${part.text}`); break
      case 'facts': for (const [, value] of part.rows) say(/^\w+ \d{1,2}, \d{4}/.test(value) || JSON.stringify(report.claim).includes(JSON.stringify(value).slice(1, -1)), `fact: ${value}`); break
      case 'table': part.rows.forEach((row, i) => {
        const line = report.lines[i]
        const said = row.cells[5]?.toLowerCase() ?? ''
        say(line !== undefined && row.cells[0] === `${line.line}` && (row.cells[1] ?? '').startsWith(line.code) && row.cells[2] === clean(line.label), `row ${i + 1}`)
        say(line !== undefined && (said === line.determination.replaceAll('-', ' ') || (said === 'supported in part' && line.determination === 'supported' && line.unitsSupported < line.units)), `row ${i + 1}: ${said}`)
      }); break
      case 'reason': reason(part); break
      case 'requests': for (const item of part.items) {
        say(report.lines.some((l) => l.requests.some((r) => clean(r) === item.text) || l.requirements.some((r) => item.text.toLowerCase().includes(clean(r.asks).toLowerCase()))), `request: ${item.text}`)
        for (const [, n, code] of item.lines.matchAll(/(\d+) \((\w+)\)/g)) say(lineOf(Number(n))?.code === code, `request for ${item.lines}`)
      } break
      case 'list': for (const item of part.items) say(report.problems.some((p) => clean(p.explanation).startsWith(item.text.replace(/\.$/, ''))), `problem: ${item.text}`); break
      case 'address': say(part.lines.join() === 'PO Box 100', 'address'); break
      case 'signature': say(part.signer === 'Ann Ferrow', 'signature')
    }
  }
  return faults
}

describe('the letters of the labelled charts', () => {
  it('say nothing that no finding says, and cite no words and no page that are not there', () => {
    const faults = cases.flatMap(({ name, report, documents, letters }) => letters.flatMap((l) => untraced(l, report, documents).map((f) => `${name}, ${l.kind}: ${f}`)))
    expect(faults).toEqual([])
    const said = cases.flatMap((c) => c.letters.flatMap((l) => l.body.flatMap((p) => (p.kind === 'reason' ? [p] : []))))
    expect(said.length).toBeGreaterThan(60)
    expect(said.reduce((n, r) => n + r.quotes.length, 0)).toBeGreaterThan(40)
  })

  it('leave out no reason: each requirement and rule that stands against an open line is there', () => {
    for (const { name, report, letters } of cases) {
      const there = new Set((letters[0]?.body ?? []).flatMap((p) => (p.kind === 'reason' && 'line' in p.source && 'id' in p.source ? [`${p.source.line} ${p.source.id}`] : [])))
      const open = report.lines.filter((l) => l.determination !== 'supported' || l.unitsSupported < l.units)
      const meant = open.flatMap((l) => [...l.rules.filter((r) => r.effect !== 'note').map((r) => `${l.line} ${r.id}`), ...l.requirements.filter((r) => ['not-met', 'partial', 'unclear', 'triggered'].includes(r.status)).map((r) => `${l.line} ${r.id}`)])
      expect([...there].sort(), name).toEqual([...new Set(meant)].sort())
    }
  })

  it('would be caught saying something else', () => {
    const { report, documents, letters } = cases.find((c) => c.letters[0]?.body.some((p) => p.kind === 'reason' && p.quotes.length > 0)) as Case
    const own = letters[0] as Letter
    const told = (change: (p: Extract<LetterPart, { kind: 'reason' }>) => LetterPart): number => untraced({ ...own, body: own.body.map((p) => (p.kind === 'reason' && p.quotes.length > 0 ? change(p) : p)) }, report, documents).length
    expect(told((p) => p)).toBe(0)
    expect(told((p) => ({ ...p, quotes: p.quotes.map((q) => ({ ...q, page: q.page + 1 })) }))).toBeGreaterThan(0)
    expect(told((p) => ({ ...p, quotes: p.quotes.map((q) => ({ ...q, quote: `${q.quote} and more` })) }))).toBeGreaterThan(0)
    expect(told((p) => ({ ...p, statement: 'The physician did not see the patient.' }))).toBeGreaterThan(0)
    expect(told(() => ({ kind: 'paragraph', text: 'This was upcoded.', source: { kind: 'template' } }))).toBeGreaterThan(0)
  })
})
