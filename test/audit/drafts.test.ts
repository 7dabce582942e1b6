// Drafts: attestations for unsigned notes, open queries with facts and pages. May not: read a file.
import mammoth from 'mammoth'
import { describe, expect, it } from 'vitest'
import { draftDocx } from '../../src/audit/drafts-docx.ts'
import { draftText } from '../../src/audit/drafts.ts'
import { AUDIT_CASES, auditedCase } from './charts.ts'

/** What would lead the physician, or speak of money. */
const LEADING = /\b(?:denied|denial|reimburs|payment|paid|payer|insurer|billed|billing|claim|revenue|audit|supported|not met|insufficient|please confirm that|you should|medical necessity)\b|\$|\b\d{5}\b|\b0\d{3}T\b/i

describe('drafts', async () => {
  const all = await Promise.all(AUDIT_CASES.map(async (name) => ({ name, ...(await auditedCase(name)) })))
  const drafts = all.flatMap(({ name, drafts: own, audit }) => own.map((d) => ({ name, d, audit })))

  it('are there for every gap that an attestation, a late entry or an answer may mend, and for no other', () => {
    for (const { name, drafts: own, audit } of all) {
      const wanted = audit.fixes.filter((f) => f.ways.some((w) => w.means === 'attestation' || w.means === 'addendum' || w.means === 'clarification')).map((f) => f.id)
      expect([...new Set(own.flatMap((d) => d.fixes))].sort(), name).toEqual(wanted.sort())
    }
    expect(new Set(drafts.map(({ d }) => d.kind))).toEqual(new Set(['attestation', 'query']))
  })
  it('neither lead nor speak of money or codes', () => {
    for (const { name, d } of drafts) {
      const own = d.paragraphs.filter((p) => p.is !== 'fact').map((p) => (p.is === 'blank' ? p.label : 'text' in p ? p.text : '')).join('\n').replace(/record number \S+/g, '').replace(/[\w-]+\.txt/g, '')
      expect(own, `${name} ${d.name}`).not.toMatch(LEADING)
    }
  })
  it('do not repeat what the policy asks for as the thing to be said', () => {
    for (const { d, audit } of drafts.filter(({ d: one }) => one.kind === 'query')) {
      const fix = audit.fixes.find((f) => f.id === d.fixes[0])
      expect(draftText(d)).not.toContain(fix?.title.replace(/^[^:]*: /, '').split(';')[0])
      expect(draftText(d)).toContain('I cannot say.')
      expect(draftText(d)).toContain('nothing to add')
    }
  })
  it('quote only what the findings cite, with page', () => {
    for (const { d, audit } of drafts) {
      const evidence = audit.fixes.filter((f) => d.fixes.includes(f.id)).flatMap((f) => f.evidence)
      for (const p of d.paragraphs) if (p.is === 'fact') expect(evidence.some((e) => p.place.endsWith(`${e.file} page ${e.page}`) && e.quote.startsWith(p.text.slice(1, -2).replace('…', '').slice(0, 40)))).toBe(true)
    }
  })
  it('name patient and entry in an attestation, with room for name, signature and date', () => {
    const attestation = all.find((a) => a.name === 'physics-report-unsigned')?.drafts.find((d) => d.kind === 'attestation')
    const text = attestation ? draftText(attestation) : ''
    expect(text).toContain('Tarrow, Imelda')
    expect(text).toContain('physics report of 2025-05-02 (report.txt, page 1)')
    for (const label of ['Full name', 'Credentials', 'Signature', 'Date of this statement']) expect(text).toContain(`${label}: ____`)
  })
  it('open as Word documents with the same words', async () => {
    for (const { d } of drafts.slice(0, 3)) {
      const { value } = await mammoth.extractRawText({ buffer: Buffer.from(await draftDocx(d)) })
      for (const p of d.paragraphs) if (p.is === 'text') expect(value.replace(/\s+/g, ' ')).toContain(p.text.replace(/\s+/g, ' '))
    }
  })
})
