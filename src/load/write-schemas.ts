// `npm run schemas`: writes dictionaries/*.schema.json and docs/review.schema.json. May not: touch a dictionary.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reviewJsonSchema } from '../report/contract.ts'
import { dictionarySchemas } from './dictionary-schemas.ts'
import { dictionariesFolder } from './load-knowledge.ts'

for (const [name, text] of dictionarySchemas()) writeFileSync(join(dictionariesFolder(), name), text)
writeFileSync(join(dictionariesFolder(), '..', 'docs', 'review.schema.json'), `${JSON.stringify(reviewJsonSchema(), null, 2)}\n`)
