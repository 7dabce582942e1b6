// Small claims and notes as an auditor reads the policy alone, against what the rules say of them. May not: hold the scenarios; auditor-scenarios.yaml does.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { lineOf, review } from './claims.ts'

const scenarioSchema = z.strictObject({
  id: z.string(), claim: z.array(z.string()).min(1), notes: z.array(z.string()).default([]),
  want: z.string().default(''), may: z.array(z.string()).default([]), open: z.array(z.string()).default([]), near: z.array(z.string()).default([]),
  level: z.record(z.string(), z.string()).default({}), reported: z.record(z.string(), z.string()).default({}), determination: z.record(z.string(), z.string()).default({}),
})
type Scenario = z.infer<typeof scenarioSchema>
const SCENARIOS = z.array(scenarioSchema).parse(parse(readFileSync(new URL('./auditor-scenarios.yaml', import.meta.url), 'utf8')))

const EFFECTS = { deny: '', limit: '=', review: '?', note: '~' } as const
/** The rules that a checklist says; none of them is reported. */
const RESTATED = [18, 33, 36, 39, 40, 41, 47, 48, 67, 75, 77, 78, 80, 81]

/** What the scenario says of rules and the answer does not, and what the answer says beside; empty where both agree. */
function disagreement(s: Scenario): string {
  const answer = review(s.claim, s.notes)
  const fired = answer.lines.flatMap((l) => l.rules.map((r) => `${l.line.line}:${r.id}${EFFECTS[r.effect]}${r.effect === 'limit' ? r.unitsSupported : ''}${r.supportedCode === null ? '' : `>${r.supportedCode}`}`))
  const levels = Object.entries(s.level).map(([line, code]) => ({ line, code, shown: lineOf(answer, Number(line)).level?.supported ?? 'none' })).filter((x) => x.code !== x.shown)
  const reported = Object.entries(s.reported).filter(([line, code]) => lineOf(answer, Number(line)).reportedCode !== code)
  const determined = Object.entries(s.determination).filter(([line, kind]) => lineOf(answer, Number(line)).determination !== kind).map(([line, kind]) => `${line} ${kind}, not ${lineOf(answer, Number(line)).determination}`)
  const gaps = new Set(answer.lines.flatMap((l) => l.notEvaluable.map((g) => `${l.line.line}:${g.id}`)))
  const wanted = s.want.split(' ').filter(Boolean)
  // A supported code that the scenario does not name is no disagreement.
  const same = (want: string, got: string): boolean => want === got || (!want.includes('>') && want === got.replace(/>.*/u, ''))
  const place = (x: string): string => x.replace(/[^0-9R:].*/u, '')
  const open = (x: string): boolean => s.may.some((m) => place(m) === place(x))
  const missing = [...wanted.filter((w) => !fired.some((f) => same(w, f)) && !open(w)), ...levels.map((x) => `${x.line} level ${x.code}, not ${x.shown}`), ...reported.map(([line, code]) => `${line} as ${code}`),
    ...determined, ...s.open.filter((o) => !gaps.has(o)).map((o) => `${o} not evaluable`)]
  const extra = fired.filter((f) => !wanted.some((w) => same(w, f)) && !open(f))
  return [...missing.map((x) => `missing ${x}`), ...extra.map((x) => `not wanted ${x}`)].join(', ')
}

describe('rules, as an auditor expects them', () => {
  for (const s of SCENARIOS) it(`${s.id}: ${s.want || 'silent'}`, () => { expect(disagreement(s)).toBe('') })
  it('fire somewhere and are silent in a near neighbour, each of them', () => {
    const reported = Array.from({ length: 82 }, (_, i) => i + 1).filter((n) => !RESTATED.includes(n)).map((n) => `R${`${n}`.padStart(2, '0')}`)
    expect(reported.filter((id) => !SCENARIOS.some((s) => s.want.includes(id)))).toEqual([])
    expect(reported.filter((id) => !SCENARIOS.some((s) => s.near.includes(id)))).toEqual([])
  })
})
