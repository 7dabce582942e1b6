import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKnowledge, dictionariesFolder } from '../../src/load/load-knowledge.ts'
import { policyText } from '../../src/load/policy-text.ts'
import { readRecords } from '../../src/document/read-records.ts'
import { toContract } from '../../src/report/contract.ts'
import { reviewClaim } from '../../src/review-claim.ts'
import { workbookSheets } from '../../src/base/workbook.ts'
import { evaluate } from '../../src/cli/eval.ts'
import { parseGold } from '../../src/cli/eval-gold.ts'
import { readClaim } from '../../src/cli/read-claim.ts'
import type { CaseAnswer, LabelAnswer, RecordRow, SearchAnswer, WorklistAnswer } from '../../src/server/shapes.ts'
import { removeOutdated } from '../../src/server/removal.ts'
import { DATABASES, stopDatabases } from '../store/databases.ts'
import { bundle } from '../report/fhir-shapes.ts'
import { filesBelow, workbench, type Workbench } from './harness.ts'

const SAMPLE = 'corpus/sample'
afterAll(stopDatabases, 30_000)

const knowledge = loadKnowledge(dictionariesFolder(), 'test')

describe.each(DATABASES)('the workbench on $name', (database) => {
  let bench: Workbench
  let id: string
  beforeAll(async () => {
    bench = await workbench(database)
    const answer = await bench.upload('reviewer', filesBelow(SAMPLE))
    expect(answer.problems).toEqual([])
    id = answer.cases[0]?.id as string
    expect(answer.records.map((r) => [r.name, r.caseId])).toEqual(filesBelow(join(SAMPLE, 'records')).map((f) => [f.name, id]))
    await bench.runner.idle()
  })
  afterAll(() => bench.close())

  it('reviews what was sent exactly as the command line does', async () => {
    const answer = await bench.getCase('reviewer', id)
    const direct = toContract(reviewClaim(await readClaim(join(SAMPLE, 'claim.json')), await readRecords([join(SAMPLE, 'records')], { ocrEngine: 'builtin' }), knowledge), policyText(knowledge.policies), knowledge.denialCodes)
    expect({ ...answer.report, made: { ...answer.report?.made, engine: '' } }).toEqual({ ...JSON.parse(JSON.stringify(direct)), made: { ...direct.made, engine: '' } })
    expect(answer.case).toMatchObject({ state: 'ready', run: 'done', patient: 'Marlowe, Edith', codes: ['77470', '77373', '77435'], determination: 'not-supported', pages: 6, records: 3 })
    expect(answer.effective.lines.map((l) => l.determination)).toEqual(direct.lines.map((l) => l.determination))
    expect(answer.layout.flat().filter((p) => p.width > 0).length).toBeGreaterThan(3)
  })

  it('keeps no word of the patient in clear, on disk or in the log', async () => {
    const walk = (at: string): string[] => readdirSync(at).flatMap((n) => (statSync(join(at, n)).isDirectory() ? walk(join(at, n)) : [join(at, n)]))
    const found = walk(bench.workspace).filter((f) => {
      const bytes = readFileSync(f)
      return bytes.includes('Marlowe') || bytes.includes('4077123') || bytes.includes('consultation.docx')
    })
    expect(found).toEqual([])
  })

  it('finds a case by the sealed name, by code and number, and by what is wanted of it', async () => {
    const list = async (filter: object): Promise<WorklistAnswer> => (await bench.as('reviewer', 'POST', '/api/worklist', filter)).json as WorklistAnswer
    expect((await list({})).rows.map((r) => r.id)).toEqual([id])
    expect((await list({ text: 'marlowe 77435' })).total).toBe(1)
    expect((await list({ text: 'nobody' })).total).toBe(0)
    expect((await list({ states: ['decided'] })).total).toBe(0)
    expect((await list({ determinations: ['not-supported'], assignee: 'nobody', sort: 'due', descending: false })).total).toBe(1)
    expect((await list({ assignee: 'me' })).counts).toEqual({ ready: 1 })
    expect((await list({ due: 'overdue' })).total).toBe(0)
  })

  it('draws pages, gives their text, and finds words with their boxes', async () => {
    const { report } = await bench.getCase('reviewer', id)
    const at = report?.documents.findIndex((d) => d.kind === 'pdf') as number
    const image = await bench.as('reviewer', 'GET', `/api/cases/${id}/documents/${at}/pages/1/image?width=1000`)
    expect([image.status, image.headers['content-type'], image.bytes.subarray(1, 4).toString(), image.bytes.readUInt32BE(16)]).toEqual([200, 'image/png', 'PNG', 1000])
    expect((await bench.as('reviewer', 'GET', `/api/cases/${id}/documents/${at}/pages/99/image`)).status).toBe(422)
    expect((await bench.as('reviewer', 'GET', `/api/cases/${id}/documents/99/pages/1/image`)).status).toBe(404)
    expect((await bench.as('reviewer', 'GET', `/api/cases/${id}/documents/${at}/pages/1/image?width=77`)).status).toBe(400)
    const text = (await bench.as('reviewer', 'GET', `/api/cases/${id}/documents/${at}/pages/1/text`)).json as { text: string }
    expect(text.text).toContain('MARLOWE')
    const { hits, total } = (await bench.as('reviewer', 'POST', `/api/cases/${id}/search`, { text: 'marlowe' })).json as SearchAnswer
    expect(total).toBeGreaterThan(2)
    expect(hits.filter((h) => h.file.endsWith('.pdf')).every((h) => h.boxes.length > 0 && h.quote.toLowerCase() === 'marlowe')).toBe(true)
    const nothing = (await bench.as('reviewer', 'POST', `/api/cases/${id}/search`, { text: '(a+)+$ [' })).json as SearchAnswer
    expect(nothing.total).toBe(0)
  })

  it('lets the determination follow a decision and never changes the finding', async () => {
    const before = await bench.getCase('reviewer', id)
    const line = before.report?.lines[0]
    const rows = line?.requirements.filter((r) => r.status === 'triggered' || r.status === 'not-met' || r.status === 'partial' || r.status === 'unclear') ?? []
    const decide = (body: object) => bench.as('reviewer', 'POST', `/api/cases/${id}/decisions`, body)
    const first = rows[0]
    expect((await decide({ target: 'requirement', line: 1, subject: first?.id, action: 'override', status: 'met' })).status).toBe(400)
    expect((await decide({ target: 'requirement', line: 1, subject: 'no.such', action: 'accept' })).status).toBe(400)
    // Words cited stand where they are said to stand.
    for (const place of [{ page: 2, quote: 'She tolerated treatment badly.' }, { page: 1, quote: 'She tolerated treatment well.' }, { page: 99, quote: '' }]) {
      expect((await decide({ target: 'requirement', line: 1, subject: first?.id, action: 'accept', evidence: [{ file: 'treatment.pdf', boxes: [], ...place }] })).status).toBe(400)
    }
    let after = before
    for (const r of rows) {
      const answer = await decide({
        target: 'requirement', line: 1, subject: r.id, action: 'override', status: r.status === 'triggered' ? 'clear' : 'met', reason: 'evidence-elsewhere', note: 'Invented note on page 2',
        evidence: [{ file: 'treatment.pdf', page: 2, quote: 'She tolerated  treatment well.', boxes: [{ page: 2, left: 1, top: 2, right: 3, bottom: 4 }] }],
      })
      expect(answer.status, answer.text).toBe(200)
      after = answer.json as CaseAnswer
    }
    expect(after.effective.lines[0]).toMatchObject({ determination: 'supported', unitsSupported: 1, changed: true })
    expect((await bench.getCase('reviewer', id)).report).toEqual(before.report)
    expect(after.case).toMatchObject({ state: 'in-review', assignee: { name: 'Invented reviewer' } })
    expect(after.decisions[0]).toMatchObject({ machine: first?.status, note: 'Invented note on page 2', by: 'Invented reviewer', stands: true })
    expect(after.decisions[0]?.evidence[0]?.quote).toBe('She tolerated  treatment well.')
    const triggered = rows.find((r) => r.status === 'triggered')
    const back = (await decide({ target: 'requirement', line: 1, subject: triggered?.id, action: 'withdraw' })).json as CaseAnswer
    expect(back.effective.lines[0]).toMatchObject({ determination: 'not-supported', unitsSupported: 0, changed: false })
  })

  it('decides, approves above the threshold by another person, and counts agreement of a blind second reader', async () => {
    await bench.as('administrator', 'PUT', '/api/settings', { recordDays: 45, decisionDays: 30, approvalAbove: 0, blindShare: 1 })
    const claim = JSON.parse(readFileSync(join(SAMPLE, 'claim.json'), 'utf8')) as { claimId: string; lines: object[] }
    const priced = { ...claim, claimId: 'PRICED-1', lines: claim.lines.map((l) => ({ ...l, charge: 1000 })) }
    const answer = await bench.upload('lead', [{ name: 'b/claim.json', bytes: Buffer.from(JSON.stringify(priced)) }, ...filesBelow(join(SAMPLE, 'records'), 'b/records/')])
    const other = answer.cases[0]?.id as string
    await bench.runner.idle()
    const opened = await bench.getCase('reviewer', other)
    expect(opened.case.atRisk).toBeGreaterThan(0)
    const line = opened.report?.lines[1]
    for (const r of line?.requirements ?? []) await bench.as('reviewer', 'POST', `/api/cases/${other}/decisions`, { target: 'requirement', line: 2, subject: r.id, action: 'accept' })
    expect((await bench.as('reviewer', 'POST', `/api/cases/${other}/sign`, {})).json).toEqual({ state: 'approval' })
    expect((await bench.as('reviewer', 'POST', `/api/cases/${other}/approve`, { approve: true })).status).toBe(403)
    expect((await bench.as('lead', 'POST', `/api/cases/${other}/approve`, { approve: true })).json).toEqual({ state: 'decided' })
    expect((await bench.as('reviewer', 'POST', `/api/cases/${other}/decisions`, { target: 'line', line: 1, subject: null, action: 'accept' })).status).toBe(409)
    // Drawn for a second reader, who sees nothing of the first.
    const blind = await bench.getCase('second-reviewer', other)
    const listed = async (person: 'lead' | 'second-reviewer') => ((await bench.as(person, 'POST', '/api/worklist', { text: 'PRICED-1' })).json as WorklistAnswer).rows[0]
    expect(await listed('second-reviewer')).toMatchObject({ second: true, determination: null, lines: [] })
    expect(await listed('lead')).toMatchObject({ second: false, determination: 'not-supported' })
    expect((await bench.as('second-reviewer', 'POST', '/api/worklist', { second: true })).json).toMatchObject({ total: 1 })
    expect((await bench.as('lead', 'POST', '/api/worklist', { second: true })).json).toMatchObject({ total: 0 })
    expect(blind).toMatchObject({ round: 'blind', decisions: [], case: { determination: null, second: true } })
    for (const [i, r] of (line?.requirements ?? []).entries()) {
      const body = i === 0 && r.status === 'met' ? { action: 'override', status: 'not-met', reason: 'evidence-insufficient' } : { action: 'accept' }
      expect((await bench.as('second-reviewer', 'POST', `/api/cases/${other}/decisions`, { target: 'requirement', line: 2, subject: r.id, ...body })).status).toBe(200)
    }
    expect((await bench.getCase('reviewer', other)).decisions.every((d) => d.round !== 'blind')).toBe(true)
    expect((await bench.as('second-reviewer', 'POST', `/api/cases/${other}/sign`, {})).status).toBe(200)
    const quality = (await bench.as('lead', 'GET', '/api/quality')).json as { requirements: { requirement: string; pairs: number; agreement: number | null }[] }
    const pairs = quality.requirements.filter((r) => r.pairs > 0)
    expect(pairs).toHaveLength(line?.requirements.length ?? -1)
    expect(pairs.filter((r) => r.agreement === 0).map((r) => r.requirement)).toEqual([line?.requirements[0]?.id])
  })

  it('gives a record without a case to the one whose patient it names, and keeps the others waiting', async () => {
    const [first] = filesBelow(join(SAMPLE, 'records')).filter((f) => f.name.endsWith('.pdf'))
    const late = Buffer.concat([first?.bytes as Buffer, Buffer.from('\n% sent again\n')])
    const answer = await bench.upload('reviewer', [{ name: 'late.pdf', bytes: late }, { name: 'stray.txt', bytes: Buffer.from('Patient: Quill, Osbert\nDOB: 01/02/1933\nRadiation oncology follow-up, seen today.') }])
    expect(answer.records.map((r) => r.caseId)).toEqual([null, null])
    await bench.runner.idle()
    const waiting = (await bench.as('reviewer', 'GET', '/api/records/unmatched')).json as RecordRow[]
    expect(waiting.map((r) => [r.name, r.candidates.length])).toContainEqual(['stray.txt', 0])
    const stray = waiting.find((r) => r.name === 'stray.txt')
    expect((await bench.as('reviewer', 'POST', `/api/records/${stray?.id}/case`, { caseId: id })).status).toBe(200)
    await bench.runner.idle()
    const after = await bench.getCase('reviewer', id)
    expect(after.records.map((r) => r.name)).toContain('stray.txt')
    expect(after.report?.problems.some((p) => p.id === 'other-patient' && p.file === 'stray.txt')).toBe(true)
    expect((await bench.as('lead', 'DELETE', `/api/records/${stray?.id}`)).status).toBe(200)
    await bench.runner.idle()
    expect((await bench.getCase('reviewer', id)).records.map((r) => r.name)).not.toContain('stray.txt')
  })

  it('exports a row a line without names or formulas', async () => {
    const csv = await bench.as('reviewer', 'POST', '/api/worklist.csv', {})
    const [header, ...rows] = csv.text.trim().split('\r\n')
    expect(header).toContain('case_id,claim_id,line_no,member_hash')
    expect(rows.length).toBeGreaterThanOrEqual(6)
    expect(csv.text).not.toMatch(/marlowe/i)
    const book = await bench.as('reviewer', 'POST', '/api/worklist.xlsx', {})
    const lines = [...(workbookSheets(book.bytes)[0]?.rows() ?? [])].map((r) => r.cells)
    expect(lines).toHaveLength(rows.length + 1)
    const at = (column: string): string[] => lines.slice(1).map((l) => l[lines[0]?.indexOf(column) ?? -1] ?? '')
    expect(new Set(at('code'))).toEqual(new Set(['77470', '77373', '77435']))
    expect(at('carc').join(' ')).toMatch(/\d/)
    expect(at('checklist_id')).toContain('77470')
    expect(at('override_flag')).toContain('yes')
    expect(at('notes').join(' ')).toContain('Invented note on page 2')
  })

  it('has a whole audit log that tells views, decisions and exports', async () => {
    const log = (await bench.as('auditor', 'GET', '/api/audit?size=500')).json as { action: string; data: string }[]
    const actions = new Set(log.map((e) => e.action))
    for (const action of ['claim.received', 'record.received', 'review.made', 'case.seen', 'case.searched', 'decision.made', 'case.signed', 'case.approved', 'worklist.exported', 'record.removed', 'login.made', 'settings.changed']) expect(actions).toContain(action)
    expect(JSON.stringify(log)).not.toMatch(/marlowe|invented note/i)
    expect((await bench.as('auditor', 'GET', '/api/audit/check')).json).toMatchObject({ faults: [] })
  })

  it('gives the case as FHIR, with what people decided', async () => {
    const made = await bench.as('auditor', 'GET', `/api/cases/${id}/fhir?payerUrl=${encodeURIComponent('https://payer.example/fhir')}`)
    expect([made.status, made.headers['content-type']]).toEqual([200, 'application/fhir+json; charset=utf-8'])
    expect(() => bundle.parse(made.json)).not.toThrow()
    expect(made.text).toContain('Invented note on page 2')
    const sent = await bench.as('provider', 'POST', `/api/cases/${id}/fhir/submit-attachment`, { trackingId: 'T-1' })
    expect([sent.status, sent.text]).toEqual([409, expect.stringContaining('no member number or no provider number')])
    expect((await bench.as('provider', 'POST', `/api/cases/${id}/fhir/submit-attachment`, { trackingId: 'T-1', records: [randomUUID()] })).status).toBe(404)
  })

  it('makes a labelled case of an override, without words that tell who somebody is, that vouch eval reads', async () => {
    const label = (person: 'reviewer' | 'provider', body: object) => bench.as(person, 'POST', `/api/cases/${id}/labelled-case`, body)
    expect((await label('provider', {})).status).toBe(403)
    const looked = (await label('reviewer', { about: '77470.request' })).json as LabelAnswer
    expect([looked.name, looked.written]).toEqual(['case-1-77470-request', false])
    expect((await bench.as('lead', 'GET', '/api/labelled-cases')).json).toEqual([])
    const text = looked.records.map((r) => r.text).join()
    expect(text).not.toMatch(/marlowe|edith|4077123|11\/02\/1949/i)
    expect(text.length).toBeGreaterThan(2000)
    expect(looked.records.some((r) => (r.masked['name'] ?? 0) > 0 && (r.masked['date'] ?? 0) > 0)).toBe(true)
    expect(((await label('reviewer', { about: '77470.request', lookedOver: true })).json as LabelAnswer).written).toBe(true)
    expect((await bench.as('lead', 'GET', '/api/labelled-cases')).json).toMatchObject([{ name: 'case-1-77470-request', records: looked.records.length }])
    const folder = join(bench.workspace, 'corpus')
    const report = await evaluate([folder], (claim, records) => readClaim(claim).then(async (c) => toContract(reviewClaim(c, await readRecords(records, { ocrEngine: 'builtin' }), knowledge), policyText(knowledge.policies))))
    expect(report.groups).toHaveLength(1)
    // The machine reads the masked copy as it read the record, but for what was overridden.
    const changed = (await bench.getCase('reviewer', id)).decisions.filter((d) => d.stands && d.action === 'override').length
    expect(report.disagreements.filter((d) => d.kind === 'requirement').length).toBeLessThanOrEqual(changed + 6)
    const gold = parseGold(looked.gold, 'gold.json')
    expect(gold.lines[0]?.determination).toBe((await bench.getCase('reviewer', id)).effective.lines[0]?.determination)
    const overridden = (await bench.getCase('reviewer', id)).decisions.filter((d) => d.stands && d.action === 'override')
    for (const d of overridden) expect(gold.lines.find((l) => l.line === d.line)?.requirements[d.subject ?? '']?.status).toBe(d.status)
    // Every quote of the label stands in the masked text.
    const quotes = gold.lines.flatMap((l) => Object.values(l.requirements).flatMap((r) => r.evidence))
    expect(quotes.length).toBeGreaterThan(3)
    for (const q of quotes) expect(looked.records.find((r) => r.name === q.file)?.text.replace(/\s+/g, ' ')).toContain(q.quote)
    const zip = await bench.as('lead', 'GET', '/api/labelled-cases/case-1-77470-request')
    expect(Object.keys(unzipSync(zip.bytes)).sort()).toEqual(['claim.json', 'gold.json', ...looked.records.map((r) => `records/${r.name}`)].map((f) => `case-1-77470-request/${f}`).sort())
    expect((await bench.as('stranger', 'GET', '/api/labelled-cases/case-1-77470-request')).status).toBe(404)
    expect((await bench.as('lead', 'DELETE', '/api/labelled-cases/case-1-77470-request')).status).toBe(200)
    expect((await bench.as('lead', 'GET', '/api/labelled-cases')).json).toEqual([])
  })

  it('removes a case for good', async () => {
    expect((await bench.as('lead', 'DELETE', `/api/cases/${id}`)).status).toBe(200)
    const after = await bench.getCase('lead', id)
    expect(after).toMatchObject({ report: null, records: [], case: { state: 'closed', patient: null } })
  })

  it('removes closed cases when the time of keeping is over, and no others', async () => {
    const rows = ((await bench.as('lead', 'POST', '/api/worklist', { text: 'PRICED-1' })).json as WorklistAnswer).rows
    const other = rows[0]?.id as string
    const years = Date.now() + 4000 * 86_400_000
    await bench.as('administrator', 'PUT', '/api/settings', { recordDays: 45, decisionDays: 30, approvalAbove: 0, blindShare: 1, retentionDays: 3650 })
    expect(await removeOutdated(bench.store, years)).toBe(0)
    expect((await bench.as('lead', 'PATCH', `/api/cases/${other}`, { state: 'closed' })).status).toBe(200)
    expect(await removeOutdated(bench.store)).toBe(0)
    expect(await removeOutdated(bench.store, years)).toBe(1)
    expect(await bench.getCase('lead', other)).toMatchObject({ report: null, records: [] })
    expect(await removeOutdated(bench.store, years)).toBe(0)
    const log = (await bench.as('auditor', 'GET', '/api/audit?size=50')).json as { action: string; actor: string | null; data: string }[]
    expect(log.find((e) => e.action === 'case.removed')).toMatchObject({ actor: null, data: expect.stringContaining('retention') as string })
  })
})
