// Walks folders of labelled cases, has each reviewed, and scores the answers. May not: review; print; end the process.
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ReviewJson } from '../report/contract.ts'
import { parseGold } from './eval-gold.ts'
import { evalToMarkdown, evalToText, sentencesToText } from './eval-print.ts'
import type { SentenceReport } from './sentence-score.ts'
import { scoreCase, summarise } from './eval-score.ts'
import type { CaseScore, EvalReport } from './eval-score.ts'

export type ReviewCase = (claimPath: string, recordPaths: readonly string[]) => Promise<ReviewJson>

export interface LabelledCase {
  /** Path of the folder with `/` between parts. */
  readonly folder: string
  readonly name: string
  /** The folder asked for, or the one directly below it that holds the case further down: `corpus/cases`, `corpus/unseen`. */
  readonly group: string
}

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const tidy = (path: string): string => path.replaceAll('\\', '/').replace(/\/+$/, '') || '/'

/** A folder with claim.json, gold.json and records/ is a case; nothing below it is looked at. Links are not followed. Sorted by path. */
export async function findCases(folders: readonly string[]): Promise<LabelledCase[]> {
  const found = new Map<string, LabelledCase>()
  const walk = async (folder: string, depth: number, group: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true })
    const has = (name: string, folderWanted: boolean): boolean => entries.some((e) => e.name === name && (folderWanted ? e.isDirectory() : e.isFile()))
    if (has('claim.json', false) && has('gold.json', false) && has('records', true)) {
      const own = depth === 0 ? tidy(join(folder, '..')) : group
      if (!found.has(folder)) found.set(folder, { folder, name: basename(folder), group: own })
      return
    }
    for (const entry of entries.filter((e) => e.isDirectory()).sort((a, b) => byName(a.name, b.name))) {
      const below = `${folder}/${entry.name}`
      await walk(below, depth + 1, depth === 1 ? folder : group)
    }
  }
  for (const given of folders) {
    const folder = tidy(given)
    if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new Error(`${given}: is not a folder`)
    await walk(folder, 0, folder)
  }
  return [...found.values()].sort((a, b) => byName(a.folder, b.folder))
}

/** One case after the other. A bad gold.json is an error; a case that cannot be reviewed counts as wrong in all of it. */
export async function evaluate(folders: readonly string[], reviewCase: ReviewCase, onCase: (done: number, of: number, score: CaseScore) => void = () => undefined): Promise<EvalReport> {
  const cases = await findCases(folders)
  if (cases.length === 0) throw new Error(`no labelled case below ${folders.join(', ')}: a case is a folder with claim.json, gold.json and records/`)
  // All labels are read before the first review, so that a slip in the last one is known at once.
  const golds = []
  const faults: string[] = []
  for (const { folder } of cases) {
    const path = `${folder}/gold.json`
    try {
      golds.push(parseGold(await readFile(path, 'utf8'), path))
    } catch (error) {
      faults.push(error instanceof Error ? error.message : path)
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const scores: CaseScore[] = []
  for (const [i, { folder, group }] of cases.entries()) {
    const gold = golds[i] as (typeof golds)[number]
    let review: ReviewJson | null = null
    let failed: string | undefined
    try {
      review = await reviewCase(`${folder}/claim.json`, [`${folder}/records`])
    } catch (error) {
      failed = error instanceof Error ? error.message : 'the review failed'
    }
    const score = scoreCase(gold, review, { case: folder, group, failed })
    scores.push(score)
    onCase(i + 1, cases.length, score)
  }
  return summarise(scores)
}

export type EvalFormat = 'text' | 'json' | 'markdown'

export function formatEval(report: EvalReport, format: EvalFormat, sentences: SentenceReport | null = null): string {
  switch (format) {
    case 'text': return sentences === null || sentences.sentences === 0 ? evalToText(report) : `${evalToText(report)}\n${sentencesToText(sentences)}`
    case 'markdown': return evalToMarkdown(report, sentences)
    case 'json': return `${JSON.stringify(sentences === null || sentences.sentences === 0 ? report : { ...report, sentences: sentences.figures }, null, 2)}\n`
  }
}

/** What `vouch eval FOLDER... --format` prints. */
export async function runEval(folders: readonly string[], format: EvalFormat, reviewCase: ReviewCase): Promise<string> {
  return formatEval(await evaluate(folders, reviewCase), format)
}
