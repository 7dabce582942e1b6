// Results of a batch → files of trends, scorecards and tables. May not: calculate.
import { join } from 'node:path'
import { fileOf, readResults } from '../batch/read-results.ts'
import { TABLES, type TableName } from '../batch/result-tables.ts'
import { scorecardHtml } from '../batch/statistics/scorecard-html.ts'
import { scorecardOf } from '../batch/statistics/scorecard.ts'
import { svgOf } from '../batch/statistics/picture.ts'
import { tallier, type Tally } from '../batch/statistics/tally.ts'
import { trendPictures, trendsCsv, trendsOf, type TrendTexts } from '../batch/statistics/trends.ts'
import { trendsHtml } from '../batch/statistics/trends-html.ts'
import { writeResultTables, type TableFormat, type TablesWritten } from '../batch/write-tables.ts'
import { engineVersion } from '../load/engine-version.ts'
import { dictionariesFolder } from '../load/folder.ts'
import { policyText } from '../load/policy-text.ts'
import { knowledgeOf } from '../load/snapshot.ts'
import { plural } from '../report/plain.ts'
import type { Knowledge } from '../review-claim.ts'
import { InputFault } from './fault.ts'
import { folderFor, writeWhole } from './write-whole.ts'

/** The short words of the policies in use. */
export function textsOf({ policies }: Pick<Knowledge, 'policies'>): TrendTexts {
  const texts = policyText(policies)
  const rules = new Map(policies.flatMap((p) => p.rules.map((r) => [r.id, r.says] as const)))
  return { asks: (id) => texts.requirement(id).asks, says: (id) => rules.get(id) ?? '' }
}

async function tallyOf(path: string): Promise<Tally> {
  const counting = tallier()
  for await (const result of readResults(path)) counting.add(result)
  const tally = counting.tally()
  if (tally.all.counts.all.lines === 0) throw new InputFault(`${path}: the results hold no claim with an answer.`)
  return tally
}

export async function trendFiles(path: string, out: string, texts: TrendTexts): Promise<string> {
  const trends = trendsOf(await tallyOf(path), texts)
  const pictures = trendPictures(trends)
  await folderFor(out)
  const files = [...pictures].map(([name, p]) => [`${name}.svg`, svgOf(p)] as const)
  for (const [name, content] of [...files, ['trends.csv', trendsCsv(trends)], ['trends.html', trendsHtml(trends, pictures)]] as const) await writeWhole(join(out, name), content)
  return `${join(out, 'trends.html')}: ${plural(trends.tally.providers.length, 'provider')}, ${plural(trends.tally.months.length, 'month')}, ${plural(files.length, 'picture')} beside it as SVG, the figures in trends.csv.\n`
}

export async function scorecardFile(path: string, npi: string, out: string, texts: TrendTexts, made: Date): Promise<void> {
  const format = /\.(html?|pdf)$/i.exec(out)?.[1]?.toLowerCase()
  if (format === undefined) throw new InputFault('--out names a file that ends in .html or .pdf.')
  const card = scorecardOf(await tallyOf(path), npi, texts)
  await writeWhole(out, format === 'pdf' ? await (await import('../batch/scorecard-pdf.ts')).scorecardPdf(card, made) : scorecardHtml(card))
}

export async function tableFiles(path: string, format: TableFormat, out: string, only: string | undefined, texts: TrendTexts): Promise<TablesWritten> {
  fileOf(path)
  if (only !== undefined && !(TABLES as readonly string[]).includes(only)) throw new InputFault(`--table is one of ${TABLES.join(', ')}.`)
  try {
    return await writeResultTables(readResults(path), { format, out, texts, only: only as TableName | undefined })
  } catch (e) {
    if (e instanceof Error && 'syscall' in e) throw new InputFault(`${out}: cannot be written (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}); choose a folder that may be written to.`)
    throw e
  }
}

/** All tables of a batch, beside its results.ndjson: `results.xlsx`, and folders `csv` and `parquet`. */
export async function tablesOfBatch(folder: string, formats: readonly TableFormat[]): Promise<readonly string[]> {
  if (formats.length === 0) return []
  const texts = textsOf(await knowledgeOf(dictionariesFolder(), engineVersion()))
  const files: string[] = []
  for (const format of new Set(formats)) files.push(...(await tableFiles(folder, format, join(folder, format === 'xlsx' ? 'results.xlsx' : format), undefined, texts)).files)
  return files
}
