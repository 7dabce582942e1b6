// The closed language of tests that a policy puts to a chart. May not: read files; look at a chart.
import { z } from 'zod'

/** Ids of note types, roles and concepts are plain words here; loading checks that they exist. */
export const ids = z.union([z.string(), z.array(z.string()).min(1)]).transform((v) => (typeof v === 'string' ? [v] : v))

const presence = z.enum(['present', 'absent', 'possible', 'hypothetical'])
const time = z.enum(['current', 'historical', 'planned'])
/** Which days count: `service` the billed day; `service-or-unknown` that day, one close to it that no other line bills, or none known; `near-service` within a week of it; `course` all of this course; `through-service` up to the billed day; `before-first-fraction`; `any`. */
const day = z.enum(['service', 'service-or-unknown', 'near-service', 'course', 'through-service', 'before-first-fraction', 'from-first-fraction', 'any'])

const where = {
  in: ids.optional().describe('Note types that count'),
  'not-in': ids.optional().describe('Note types that do not count'),
  prefer: ids.optional().describe('Note types whose evidence is shown first; others count too'),
  section: ids.optional().describe('Sections that count'),
  by: ids.optional().describe('Roles of author or signer that count'),
  signed: z.boolean().optional().describe('The note is signed (by one of `by`, where given)'),
  day: day.optional().describe('Default: course'),
  dated: z.boolean().optional().describe('The day must be known: silence about it does not count'),
}

export interface FindTest {
  find: string[]
  with?: string[] | undefined
  'with-measure'?: string[] | undefined
  within?: 'statement' | 'neighbours' | 'section' | 'note' | undefined
  without?: string[] | undefined
  presence?: z.infer<typeof presence>[] | undefined
  time?: z.infer<typeof time>[] | undefined
  in?: string[] | undefined
  'not-in'?: string[] | undefined
  prefer?: string[] | undefined
  section?: string[] | undefined
  by?: string[] | undefined
  signed?: boolean | undefined
  day?: z.infer<typeof day> | undefined
  dated?: boolean | undefined
  subject?: ('patient' | 'family' | 'other')[] | undefined
}

export type Test =
  | { all: Test[] }
  | { any: Test[] }
  | { not: Test }
  | { first: Test[] }
  | { contest: { stated: Test; denied: Test } }
  | { parts: Record<string, Test>; anchor?: string | undefined; need?: number | undefined }
  | { grades: { met: Test; partial: Test } }
  | FindTest
  | { signature: { of: Test; by?: string[] | undefined; dated?: boolean | undefined } }
  | { note: string[]; by?: string[] | undefined; signed?: boolean | undefined; day?: z.infer<typeof day> | undefined }
  | { event: ('date' | 'time' | 'duration' | 'dose')[]; of: string[]; in?: string[] | undefined; each?: boolean | undefined }
  | { performance: 'value' | 'words' | 'poor' }
  | { percent: { of: string[]; 'at-most': number; day?: z.infer<typeof day> | undefined } }
  | { billed: string[] }
  | { line: string[] }
  | { packet: 'foreign-pages' | 'unread-pages' | 'notes' }

export const findSchema = z.strictObject({
  find: ids.describe('Concepts, any of which'),
  with: ids.optional().describe('Concepts, one of which must stand near'),
  'with-measure': ids.optional().describe('Measures, one of which must stand near'),
  within: z.enum(['statement', 'neighbours', 'section', 'note']).optional().describe('How near `with` must stand; default: statement'),
  without: ids.optional().describe('Concepts that must not stand in the same statement'),
  presence: z.array(presence).optional().describe('Default: present'),
  time: z.array(time).optional().describe('Default: current'),
  subject: z.array(z.enum(['patient', 'family', 'other'])).optional().describe('Whom it is said of; default: patient'),
  ...where,
})

export const testSchema: z.ZodType<Test> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(testSchema).min(1) }),
    z.strictObject({ any: z.array(testSchema).min(1) }),
    z.strictObject({ not: testSchema }),
    z.strictObject({ first: z.array(testSchema).min(1).describe('The first that finds anything for or against; the next only on silence') }),
    z.strictObject({ contest: z.strictObject({ stated: testSchema, denied: testSchema }).describe('Stated in one signed note and denied in another: unclear') }),
    z.strictObject({
      parts: z.record(z.string(), testSchema).describe('All: met; some: partial; none: not met. The names go into the explanation'),
      anchor: z.string().optional().describe('The part without which the others do not count'),
      need: z.number().int().optional().describe('How many parts make it met; default all'),
    }),
    z.strictObject({ grades: z.strictObject({ met: testSchema, partial: testSchema }) }),
    findSchema as unknown as z.ZodType<FindTest>,
    z.strictObject({
      signature: z.strictObject({
        of: testSchema.describe('The evidence whose note must be signed'), by: ids.optional(), dated: z.boolean().optional(),
      }),
    }),
    z.strictObject({ note: ids, by: ids.optional(), signed: z.boolean().optional(), day: day.optional() }),
    z.strictObject({
      event: z.array(z.enum(['date', 'time', 'duration', 'dose'])).min(1), of: ids.describe('Concepts that show the event'), in: ids.optional(),
      each: z.boolean().optional().describe('Each session of the course, not the billed day alone'),
    }),
    z.strictObject({ performance: z.enum(['value', 'words', 'poor']) }),
    z.strictObject({ percent: z.strictObject({ of: ids, 'at-most': z.number(), day: day.optional() }) }),
    z.strictObject({ billed: ids.describe('Codes, one of which is billed in the course') }),
    z.strictObject({ line: ids.describe('Codes, one of which is the line asked about') }),
    z.strictObject({ packet: z.enum(['foreign-pages', 'unread-pages', 'notes']) }),
  ]) as unknown as z.ZodType<Test>,
)
