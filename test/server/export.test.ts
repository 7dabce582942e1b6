import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { delimitedRows, unguarded } from '../../src/base/delimited.ts'
import { workbookSheets } from '../../src/base/workbook.ts'
import { csvHeader, csvRow } from '../../src/server/export-csv.ts'
import { COLUMNS, type Column, type ExportRow } from '../../src/server/export-rows.ts'
import { workbookOf } from '../../src/server/export-xlsx.ts'
import { unzipSync } from 'fflate'

const NAMES = Object.keys(COLUMNS) as Column[]
const rowOf = (values: Partial<Record<Column, string | number>>): ExportRow => Object.fromEntries(NAMES.map((n) => [n, values[n] ?? null])) as ExportRow
/** What payers' batch files hold. */
const ASKED = ('case_id claim_id line_no member_hash provider_npi tin dos_from dos_to lob pos code mods units_billed units_supported dx_codes dx_flags course_id fractions_billed fractions_delivered checklist_id checklist_version policy_version ' +
  'items_met items_partial items_missing missing_item_ids rule_hits denial_codes carc rarc medical_necessity_flag ps_value ps_scale ps_date signature_flags identity_flags page_count ocr_quality priority_score amount_at_risk record_status request_date ' +
  'due_date received_date reviewer status override_flag determination determination_date notes').split(' ')

describe('the export', () => {
  it('has every field that is asked for', () => {
    expect(ASKED.filter((a) => !(a in COLUMNS))).toEqual([])
    expect(csvHeader().trim().split(',')).toEqual(NAMES)
  })

  it('gives text back as it was, and lets nothing become a formula', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('\'+', '\'\'=1', '=HYPERLINK("x","y")', '+1', '-2+3', '@SUM(A1)', '\t=1', '=cmd|\'/c calc\'!A1', 'a,"b"\r\nc'))
    fc.assert(fc.property(text, (notes) => {
      const [row] = [...delimitedRows([csvHeader(), csvRow(rowOf({ notes, case_id: -4 }))], ',')].slice(1)
      const cells = row?.cells ?? []
      const cell = cells[NAMES.indexOf('notes')] ?? ''
      expect(cell.replace(/^-?\d+(?:\.\d+)?$/, '')).not.toMatch(/^[=+\-@\t\r]/)
      expect(unguarded(cell)).toBe(notes)
      expect(cells[0]).toBe('-4')
    }))
  })

  it('writes a workbook with numbers as numbers, days as days, and no formula', async () => {
    const bytes = await workbookOf([rowOf({ case_id: 7, claim_id: '=1+1', dos_from: '2025-05-06', charge: 180.5, code: '77470', notes: 'bell \u0007 &<>"' })])
    const sheet = workbookSheets(bytes)[0]
    const [head, row] = [...(sheet?.rows() ?? [])].map((r) => r.cells)
    expect(head).toEqual(NAMES)
    const at = (n: Column): string | undefined => row?.[NAMES.indexOf(n)]
    expect([at('case_id'), at('claim_id'), at('dos_from'), at('charge'), at('code'), at('notes')]).toEqual(['7', '=1+1', '2025-05-06', '180.5', '77470', 'bell  &<>"'])
    const xml = Buffer.from(unzipSync(bytes)['xl/worksheets/sheet1.xml'] as Uint8Array).toString()
    expect(xml).not.toContain('<f>')
    expect(xml).toMatch(/<c r="A2"[^>]*><v>7<\/v>/)
  })
})
