// `npm run schemas`: writes dictionaries/*.schema.json. May not: touch a dictionary.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dictionarySchemas } from './dictionary-schemas.ts'
import { dictionariesFolder } from './load-knowledge.ts'

for (const [name, text] of dictionarySchemas()) writeFileSync(join(dictionariesFolder(), name), text)
