// The JSON Schema of every kind of dictionary file, made from the shapes that check them on loading. May not: read or write files.
import { z } from 'zod'
import { conceptFileSchema } from '../dictionary/concepts.ts'
import { contextDictionarySchema } from '../dictionary/context-dictionary.ts'
import { eventFileSchema } from '../dictionary/events-dictionary.ts'
import { denialCodesSchema } from '../dictionary/denial-codes.ts'
import { letterSettingsSchema, letterTemplateSchema } from '../dictionary/letters.ts'
import { measureFileSchema } from '../dictionary/measures-dictionary.ts'
import { noteTypeFileSchema } from '../dictionary/note-types-dictionary.ts'
import { peopleFileSchema } from '../dictionary/people-dictionary.ts'
import { performanceFileSchema } from '../dictionary/performance-dictionary.ts'
import { sectionFileSchema } from '../dictionary/sections-dictionary.ts'
import { curesSchema } from '../policy/cure.ts'
import { suggestionsSchema } from '../policy/suggestion.ts'
import { checklistSchema, policyHeadSchema, serviceSchema } from '../policy/policy.ts'
import { billingRulesSchema, codesSchema, errataSchema } from '../policy/rules.ts'

const SHAPES: Readonly<Record<string, { readonly title: string; readonly shape: z.ZodType }>> = {
  'concepts.schema.json': { title: 'Concepts: what a note may say', shape: conceptFileSchema },
  'context.schema.json': { title: 'Cues of presence, time and subject', shape: contextDictionarySchema },
  'events.schema.json': { title: 'Words that make doses and fractions into treatments', shape: eventFileSchema },
  'measures.schema.json': { title: 'Units, counted things and frequencies', shape: measureFileSchema },
  'note-types.schema.json': { title: 'Kinds of notes', shape: noteTypeFileSchema },
  'people.schema.json': { title: 'Credentials, roles and words that sign', shape: peopleFileSchema },
  'performance-status.schema.json': { title: 'Scales of performance status', shape: performanceFileSchema },
  'sections.schema.json': { title: 'Sections of notes', shape: sectionFileSchema },
  'denial-codes.schema.json': { title: 'Denial and remark codes that fit a finding', shape: denialCodesSchema },
  'letter.schema.json': { title: 'Wording of a letter', shape: letterTemplateSchema },
  'letter-settings.schema.json': { title: 'Settings of letters', shape: letterSettingsSchema },
  'codes.schema.json': { title: 'Billing codes', shape: codesSchema },
  'policy.schema.json': { title: 'Head of a policy', shape: policyHeadSchema },
  'checklist.schema.json': { title: 'One checklist of requirements', shape: checklistSchema },
  'checklists.schema.json': { title: 'Checklists of requirements', shape: z.array(checklistSchema) },
  'services.schema.json': { title: 'Services without a checklist', shape: z.array(serviceSchema) },
  'cures.schema.json': { title: 'What mends a gap in the record, by kind of content', shape: curesSchema },
  'suggestions.schema.json': { title: 'What in a chart suggests a code', shape: suggestionsSchema },
  'errata.schema.json': { title: 'Errata of a policy text', shape: errataSchema },
  'rules.schema.json': { title: 'Billing rules', shape: billingRulesSchema },
}

/** File name → its text, as it stands in dictionaries/. */
export function dictionarySchemas(): ReadonlyMap<string, string> {
  return new Map(Object.entries(SHAPES).map(([name, { title, shape }]) => {
    const { $schema, ...rest } = z.toJSONSchema(shape, { io: 'input' })
    return [name, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`]
  }))
}
