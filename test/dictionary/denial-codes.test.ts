import { describe, expect, it } from 'vitest'
import { denialCodesSchema, fits, suggestedCodes } from '../../src/dictionary/denial-codes.ts'
import { readYaml } from '../../src/load/read-yaml.ts'
import { EDIT_KINDS } from '../../src/review/table-edits.ts'

const entries = readYaml('dictionaries/denial-codes.yaml', denialCodesSchema)

describe('dictionaries/denial-codes.yaml', () => {
  it.each(entries.map((e) => [e.id, e] as const))('%s: its examples hold', (_, entry) => {
    for (const about of entry.examples.fits) expect(fits(entry, about), JSON.stringify(about)).toBe(true)
    for (const about of entry.examples['fits-not']) expect(fits(entry, about), JSON.stringify(about)).toBe(false)
  })
  it('names codes as the lists write them, and each id once', () => {
    expect(new Set(entries.map((e) => e.id)).size).toBe(entries.length)
    for (const e of entries) {
      for (const c of e.carc) expect(c).toMatch(/^(?:\d{1,3}|[A-Z]\d{1,2})$/)
      for (const c of e.rarc) expect(c).toMatch(/^(?:M|MA|N)\d{1,3}$/)
    }
  })
  it('has a code for every rule, and for every finding of a table', () => {
    const rules = Array.from({ length: 82 }, (_, i) => `R${`${i + 1}`.padStart(2, '0')}`)
    expect(rules.filter((rule) => suggestedCodes(entries, { rule }).length === 0)).toEqual([])
    const quiet = ['bundled-with-modifier', 'technical-service-in-facility', 'diagnosis-may-be-new', 'diagnosis-unspecified', 'diagnosis-names-no-site']
    expect(EDIT_KINDS.filter((edit) => suggestedCodes(entries, { edit }).length === 0)).toEqual(quiet)
  })
  it('suggests the special before the general', () => {
    const codes = (requirement: string, reason: string): string[] => suggestedCodes(entries, { requirement, reason }).map((c) => `${c.list} ${c.code}`)
    expect(codes('sbrt.signed', 'not-found').slice(0, 1)).toEqual(['CARC 251'])
    expect(codes('sbrt.signed', 'not-found')).toContain('RARC MA81')
    expect(codes('77370.report', 'not-found')).toEqual(['CARC B12', 'CARC 251', 'RARC N29', 'RARC N225'])
    expect(codes('77370.report', 'found')).toEqual([])
  })
})
