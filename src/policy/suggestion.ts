// What in a chart suggests that a code may be billed, as data of a policy. May not: read files; look at a chart.
import { z } from 'zod'
import { testSchema, type Test } from './test-language.ts'

const test = testSchema as unknown as z.ZodType<Test>

/**
 * `session` a line for every session given; `evidence` one for every day on which what is asked for stands; `evidence-once` the first such day; `first-session`, `last-session` one for the course;
 * `five-sessions` one for the course, a unit for every five sessions.
 */
const PER = ['session', 'evidence', 'evidence-once', 'first-session', 'last-session', 'five-sessions'] as const

export const suggestionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  codes: z.array(z.string()).min(1).describe('The first of them that is valid on the day is suggested'),
  says: z.string().describe('Why, a sentence'),
  shows: test.describe('What the chart has to show; for `session` put to every session'),
  unless: test.optional().describe('Where this is met, nothing is suggested'),
  sessions: z.strictObject({ least: z.number().int().min(0).optional(), most: z.number().int().min(1).optional() }).optional().describe('How many sessions the course may have'),
  per: z.enum(PER),
  units: z.enum(['one', 'ports']).default('one').describe('`ports`: as many as the chart names ports, fields or arcs'),
  level: z.enum(['as-named', 'shown']).default('as-named').describe('`shown`: the code of the level that the records show, by the rule that tells the levels apart; the one named where they show none'),
  remainder: z.number().int().min(1).max(5).default(1).describe('For `five-sessions`: sessions left over that make a unit of their own'),
  examples: z.strictObject({
    suggests: z.array(z.strictObject({ chart: z.array(z.string()).min(1), lines: z.array(z.string()).min(1).describe('`2025-05-06 77331 x1`') })).min(1),
    silent: z.array(z.strictObject({ chart: z.array(z.string()).min(1) })).min(1),
  }),
})
export const suggestionsSchema = z.array(suggestionSchema)
export type SuggestionRule = z.infer<typeof suggestionSchema>
