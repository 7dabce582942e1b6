import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MUE_CSV, ORDER_FILE } from '../load/published.ts'
import { vouch } from '../vouch.ts'

let scratch: string
const at = (name: string): string => join(scratch, name)
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'vouch-tables-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('vouch tables', () => {
  it('lists the tables that come with the program, and takes in a file once', async () => {
    expect((await vouch(['tables', 'list'])).out).toMatch(/^fee-indicators, from 2024-07-01\n[\s\S]*ncci-ptp practitioner, from 2024-07-01\n {2}750 rows/)
    await writeFile(at('icd10cm-order-2026.txt'), ORDER_FILE)
    const [first, second] = [await vouch(['tables', 'import', at('icd10cm-order-2026.txt'), '--dir', at('tables')]), await vouch(['tables', 'import', at('icd10cm-order-2026.txt'), '--dir', at('tables')])]
    expect([first.code, first.out, second.out]).toEqual([0, 'icd10cm, from 2025-10-01: 7 rows stored of 7 read, icd10cm-2025-10-01.csv written\n', 'icd10cm, from 2025-10-01: 7 rows stored of 7 read, icd10cm-2025-10-01.csv unchanged\n'])
    expect((await vouch(['tables', 'list', '--dir', at('tables')])).out).toContain('icd10cm, from 2025-10-01\n  7 rows, complete; icd10cm-order-2026.txt\n')
  })
  it('ends with 1 where rows were left out, and with 2 where nothing could be taken', async () => {
    await writeFile(at('MCR_MUE_PractitionerServices_Eff_10-01-2026.csv'), MUE_CSV)
    await writeFile(at('other.csv'), 'a,b\n1,2\n')
    const [mue, other, none] = [await vouch(['tables', 'import', at('MCR_MUE_PractitionerServices_Eff_10-01-2026.csv'), '--dir', at('tables')]), await vouch(['tables', 'import', at('other.csv'), '--dir', at('tables')]), await vouch(['tables', 'import', at('none'), '--dir', at('tables')])]
    expect([mue.code, mue.out]).toEqual([1, expect.stringMatching(/\n {2}row 8: the number of units is not a number\n$/)])
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/^vouch: \S+other\.csv: holds no table that is known[^\n]*\n$/)])
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/ENOENT/)])
  })
})

describe('vouch review with tables and fees', () => {
  interface Answer { readonly made: { readonly dictionaries: string }; readonly tables: readonly { readonly table: string; readonly effective: string }[]; readonly money?: { readonly billed: number }; readonly lines: readonly { readonly edits: readonly { readonly kind: string }[]; readonly money?: object }[] }
  const review = async (...more: string[]): Promise<{ code: number; err: string; answer: () => Answer }> => {
    const { code, out, err } = await vouch(['review', '--claim', 'corpus/sample/claim.json', '--records', 'corpus/sample/records', '--format', 'json', ...more])
    return { code, err, answer: () => JSON.parse(out) as Answer }
  }
  it('names the tables it looked into, those of the further folder first where they hold', async () => {
    await writeFile(at('icd10cm_order_2025.txt'), ORDER_FILE)
    await vouch(['tables', 'import', at('icd10cm_order_2025.txt'), '--dir', at('own')])
    const effective = (a: Answer): string | undefined => a.tables.find((t) => t.table === 'icd10cm')?.effective
    const [plain, own] = [await review(), await review('--tables', at('own'))]
    expect([effective(plain.answer()), effective(own.answer())]).toEqual(['2021-10-01', '2024-10-01'])
    expect(own.answer().made.dictionaries).toMatch(/^sha256:\w{64} tables sha256:\w{64}$/)
    expect(own.answer().lines.every((l) => l.edits.some((e) => e.kind === 'diagnosis-not-in-table'))).toBe(true)
    expect((await review('--tables', at('nowhere'))).err).toMatch(/^vouch: \S+nowhere: there is no such folder of tables\n$/)
  })
  it('puts the money at stake', async () => {
    const claim = JSON.parse(await readFile('corpus/sample/claim.json', 'utf8')) as { lines: { code: string }[] }
    await writeFile(at('fees.csv'), `code,amount\n${claim.lines.map((l) => `${l.code},100\n`).join('')}`)
    await writeFile(at('bad.csv'), 'code,amount\n77470,much\n')
    const { answer } = await review('--fees', at('fees.csv'))
    expect(answer().money?.billed).toBe(100 * claim.lines.length)
    expect((await review()).answer().money).toBeUndefined()
    const bad = await review('--fees', at('bad.csv'))
    expect([bad.code, bad.err]).toEqual([2, expect.stringMatching(/^vouch: \S+bad\.csv: row 2, column 2: is not an amount\.\n$/)])
  })
})
