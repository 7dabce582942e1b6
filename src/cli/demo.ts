// `npm run demo`: reviews the sample claim, prints the summary and writes the HTML report to out/. May not: decide anything; need a file outside this folder.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { dictionariesFolder, loadKnowledge } from '../load/load-knowledge.ts'
import { toContract } from '../report/contract.ts'
import { toHtml } from '../report/html.ts'
import { toText } from '../report/text.ts'
import { engineVersion } from '../load/engine-version.ts'
import { policyText } from '../load/policy-text.ts'
import { reviewFiles } from './review-files.ts'

const dictionaries = dictionariesFolder()
const root = dirname(dictionaries)
const sample = join(root, 'corpus', 'sample')
const out = join(root, 'out')

const knowledge = loadKnowledge(dictionaries, engineVersion())
const json = toContract(await reviewFiles(join(sample, 'claim.json'), [join(sample, 'records')], knowledge), policyText(knowledge.policies))
await mkdir(out, { recursive: true })
const page = join(out, 'report.html')
await writeFile(page, toHtml(json, { records: relative(out, join(sample, 'records')).replaceAll('\\', '/') }))

const color = process.stdout.isTTY === true && !process.env['NO_COLOR']
process.stdout.write(`${toText(json, { color, width: process.stdout.columns ?? 100 })}\nThe claim and its records lie in ${relative(process.cwd(), sample) || '.'}. The report with every requirement and quote: ${page}\n`)
