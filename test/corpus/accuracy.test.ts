// Reviews every labelled case once: the figures must not fall below the record, and every place cited must exist.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { selfAuditOf } from '../../src/audit/self-audit.ts'
import { NEVER_BY_WRITING, SILENT } from '../audit/never-by-writing.ts'
import { accuracyRecord, accuracyRecordSchema, fallenBelow } from '../../src/cli/accuracy-record.ts'
import { evaluate } from '../../src/cli/eval.ts'
import { evalToMarkdown } from '../../src/cli/eval-print.ts'
import type { EvalReport } from '../../src/cli/eval-score.ts'
import { policyText } from '../../src/load/policy-text.ts'
import { readClaim } from '../../src/cli/read-claim.ts'
import type { Document } from '../../src/document/document.ts'
import { readRecords } from '../../src/document/read-records.ts'
import { dictionariesFolder, loadKnowledge } from '../../src/load/load-knowledge.ts'
import { reviewSchema, toContract, type EvidenceJson, type ReviewJson } from '../../src/report/contract.ts'
import { reviewClaim } from '../../src/review-claim.ts'

interface Reviewed {
  readonly claim: string
  readonly documents: ReadonlyMap<string, Document>
  readonly json: ReviewJson
}

const reviewed: Reviewed[] = []
let report: EvalReport

const knowledge = loadKnowledge(dictionariesFolder(), 'test')

beforeAll(async () => {
  const texts = policyText(knowledge.policies)
  report = await evaluate(['corpus'], async (claim, paths) => {
    const records = await readRecords(paths)
    const json = toContract(reviewClaim(await readClaim(claim), records, knowledge), texts)
    reviewed.push({ claim, documents: new Map(records.documents.map((d) => [d.file, d])), json })
    return json
  })
}, 900_000)

describe('accuracy', () => {
  it('does not fall below docs/accuracy.json in any group (npm run accuracy writes it)', () => {
    const record = accuracyRecordSchema.parse(JSON.parse(readFileSync('docs/accuracy.json', 'utf8')))
    expect(fallenBelow(record, accuracyRecord(report))).toEqual([])
  })
  it('is told in docs/accuracy.md as it is recorded beside it', () => {
    const record = accuracyRecordSchema.parse(JSON.parse(readFileSync('docs/accuracy.json', 'utf8')))
    const page = readFileSync('docs/accuracy.md', 'utf8')
    for (const { determination, requirements } of Object.values(record)) {
      for (const { count, of } of [determination, requirements]) expect(page).toContain(`(${count} of ${of})`)
    }
  })
  it('counts every case as reviewed', () => {
    expect(report.all.failed).toBe(0)
    expect(evalToMarkdown(report)).not.toContain('could not be reviewed')
  })
})

describe('the self-audit of every case', () => {
  it('names every requirement that is open, and calls none curable that nobody can write today', () => {
    const faults = reviewed.flatMap(({ claim, json }) => {
      const audit = selfAuditOf(json, knowledge.policies[0] as (typeof knowledge.policies)[number])
      const said = new Set(audit.fixes.flatMap((f) => f.lines.map((l) => `${l} ${f.subject}`)))
      const open = json.lines.flatMap((l) => [
        ...l.requirements.filter((r) => ['partial', 'not-met', 'unclear', 'triggered'].includes(r.status)).map((r) => `${l.line} ${r.id}`), ...l.rules.filter((r) => r.effect !== 'note').map((r) => `${l.line} ${r.id}`),
      ])
      return [
        ...open.filter((o) => !said.has(o)).map((o) => `${claim}: ${o} is not named`),
        ...audit.fixes.filter((f) => f.about === 'requirement' && !open.includes(`${f.lines[0]} ${f.subject}`)).map((f) => `${claim}: ${f.subject} is not open`),
        ...audit.fixes.filter((f) => f.outlook === 'curable' && NEVER_BY_WRITING.has(f.subject) && SILENT.has(f.reason)).map((f) => `${claim}: ${f.subject} ${f.reason} is called curable`),
      ]
    })
    expect(faults).toEqual([])
  })
})

describe('fallenBelow', () => {
  const share = (count: number, of: number) => ({ count, of, rate: count / of })
  const group = (right: number, met: number) => ({ cases: 2, determination: share(right, 10), requirements: share(met, 4000) })
  it('sees a fall of either figure, and lets rounding and a rise pass', () => {
    expect(fallenBelow({ a: group(8, 1800) }, { a: group(9, 1799) })).toEqual([])
    expect(fallenBelow({ a: group(8, 1800) }, { a: group(7, 1800) })).toEqual(['a: determination fell from 8 of 10 to 7 of 10'])
    expect(fallenBelow({ a: group(8, 1800) }, { a: group(8, 1797) })).toEqual(['a: requirements fell from 1800 of 4000 to 1797 of 4000'])
  })
  it('sees a group that is missing on either side', () => {
    expect(fallenBelow({ a: group(8, 1800) }, { b: group(8, 1800) })).toEqual(['a: no longer evaluated', 'b: not in the record'])
  })
})

// --- places ---------------------------------------------------------------------------------------------------------

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim()
const squeeze = (text: string): string => text.replace(/\s+/g, '')

function evidenceOf(json: ReviewJson): EvidenceJson[] {
  const lists = [...json.lines.flatMap((l) => [...l.requirements, ...l.rules]), ...json.general, ...json.rules]
  return lists.flatMap((r) => r.evidence)
}

/** Every piece of evidence of every case that breaks a law, as `case file page: law`. */
function breaking(law: (evidence: EvidenceJson, document: Document) => boolean): string[] {
  return reviewed.flatMap(({ claim, documents, json }) => evidenceOf(json).flatMap((e) => {
    const document = documents.get(e.file)
    return document !== undefined && law(e, document) ? [] : [`${claim} ${e.file} p. ${e.page}`]
  }))
}

describe('every place cited in the corpus', () => {
  it('is in the published shape', () => {
    expect(reviewed.length).toBe(report.all.cases)
    expect(reviewed.flatMap(({ json }) => evidenceOf(json)).length).toBeGreaterThan(500)
    for (const { json } of reviewed) expect(reviewSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(JSON.parse(JSON.stringify(json)))
  })

  it('quotes the text of its page, white space collapsed', () => {
    expect(breaking(({ quote, page }, { text, pages }) => {
      const here = pages[page - 1]
      // A quote may run on to the next page.
      const end = pages[page]?.end ?? here?.end
      return here !== undefined && quote !== '' && quote === collapse(quote) && collapse(text.slice(here.start, end)).includes(quote)
    })).toEqual([])
  })

  it('has boxes on its page, and none where the format has no pages', () => {
    const SLACK = 1 // points
    expect(breaking(({ boxes, page }, { kind, pages }) => {
      if (kind !== 'pdf' && kind !== 'image') return boxes.length === 0
      return boxes.length > 0 && boxes[0]?.page === page && boxes.every((b) => {
        const sheet = pages[b.page - 1]
        return sheet !== undefined && b.left < b.right && b.top < b.bottom && b.left >= -SLACK && b.top >= -SLACK && b.right <= sheet.width + SLACK && b.bottom <= sheet.height + SLACK
      })
    })).toEqual([])
  })

  it('has its words inside its boxes', () => {
    expect(breaking(({ boxes, quote }, { text, pages, words }) => {
      if (boxes.length === 0) return true
      let inside = ''
      for (let i = 0; i < words.start.length; i++) {
        const [left, top, right, bottom] = words.box.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number]
        const start = words.start[i] as number
        const [x, y] = [(left + right) / 2, (top + bottom) / 2]
        if (boxes.some((b) => b.left <= x && x <= b.right && b.top <= y && y <= b.bottom && start >= (pages[b.page - 1]?.start ?? Infinity) && start < (pages[b.page - 1]?.end ?? 0))) inside += ` ${text.slice(start, words.end[i])}`
      }
      return quote.split(' ').every((word) => squeeze(inside).includes(word))
    })).toEqual([])
  })

  it('of a performance value is text of its page too', () => {
    const wrong = reviewed.flatMap(({ claim, documents, json }) => json.facts.performanceStatus.flatMap(({ file, page, quote }) => {
      const document = documents.get(file)
      const here = document?.pages[page - 1]
      return document !== undefined && here !== undefined && collapse(document.text.slice(here.start, here.end)).includes(quote) ? [] : [`${claim} ${file} p. ${page}`]
    }))
    expect(wrong).toEqual([])
  })
})
