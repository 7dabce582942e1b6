// The arguments of sample, sample-size, extrapolate, trends, scorecard and results. May not: load what a command needs before it is asked for.
import { Option, type Command } from 'commander'
import type { Knowledge } from '../review-claim.ts'
import type { Allocation } from '../batch/statistics/allocation.ts'
import type { TrendTexts } from '../batch/statistics/trends.ts'
import type { TableFormat } from '../batch/write-tables.ts'
import type { ExtrapolateArguments, SampleArguments, SizeArguments } from './sampling.ts'
import { InputFault } from './fault.ts'

interface Means {
  readonly ready: () => Promise<Knowledge>
  readonly tell: (content: string, out: string | undefined) => Promise<void>
}

const number = (name: string) => (text: string): number => {
  const value = text.trim() === '' ? NaN : Number(text)
  if (!Number.isFinite(value)) throw new InputFault(`${name} is a number.`)
  return value
}
const warn = (notes: readonly string[]): void => notes.forEach((n) => void process.stderr.write(`vouch: ${n}.\n`))
const allocation = (): Option => new Option('--allocation <how>', 'how the units are shared out among strata; neyman: by how much the amounts vary').choices(['proportional', 'neyman', 'equal'] satisfies Allocation[]).default('proportional')
const UNIT = ['--unit <column>', 'column that names the sampling unit (default: claim id); its rows are one unit'] as const
const AMOUNT = ['--amount <column>', 'column with the amount paid (default: paid, allowed, billed or charge)'] as const
const STRATA = ['--strata <strata>', 'a column, or amount:100,500,2000 (upper ends), or amount/4 (as many strata by amount)'] as const

export function registerStatistics(program: Command, { ready, tell }: Means): void {
  program.command('sample').description('draw a random sample of a frame, with a seed and a trail')
    .argument('<frame>', 'CSV, XLSX, NDJSON, a file of claims, or the results of a batch')
    .option('--size <n>', 'units to draw, all strata together', number('--size'))
    .option('--sizes <sizes>', 'units of each stratum: low=60,high=40')
    .option(...STRATA).addOption(allocation())
    .option('--minimum <n>', 'least units of a stratum', number('--minimum'), 2)
    .option('--spares <n>', 'further units of each stratum, to take the place of units that cannot be reviewed', number('--spares'), 0)
    .option('--seed <n>', 'whole number from 0 to 4294967295 (default: chosen and recorded)', number('--seed'))
    .option(...UNIT).option(...AMOUNT)
    .option('--out <dir>', 'folder for the worksheet sample.csv and the trail sample.json')
    .option('--verify <trail>', 'draw a recorded sample again and say whether it is the same')
    .action(async (frame: string, options: SampleArguments & { out?: string; verify?: string }) => {
      const { sampleFiles, verifySample } = await import('./sampling.ts')
      if (options.verify !== undefined) {
        const { faults, text } = await verifySample(frame, options.verify)
        await tell(text, undefined)
        process.exitCode = faults.length === 0 ? 0 : 1
        return
      }
      if (options.out === undefined) throw new InputFault('say with --out into which folder the worksheet and the trail go.')
      const { text, warnings } = await sampleFiles(frame, options, options.out)
      warn(warnings)
      await tell(text, undefined)
    })
  program.command('sample-size').description('how many units a wished precision needs')
    .option('--universe <n>', 'units in the universe', number('--universe'))
    .option('--probe <file>', 'reviewed units with a column overpaid')
    .option('--overpaid <column>', 'its name')
    .option('--mean <amount>', 'expected overpaid amount a unit', number('--mean')).option('--deviation <amount>', 'and its standard deviation', number('--deviation'))
    .option('--rate <percent>', 'expected share of units with an error', number('--rate'))
    .option('--error-rate <percent>', 'expected share of units wholly overpaid; mean and deviation are then those of the amount paid (or the frame’s)', number('--error-rate'))
    .option('--frame <file>', 'the frame, for its size and how its amounts vary').option(...STRATA).addOption(allocation()).option(...UNIT).option(...AMOUNT)
    .option('--precision <percent>', 'with strata: of the amount, either way', number('--precision'), 10).option('--confidence <percent>', 'with strata: two-sided', number('--confidence'), 90)
    .action(async (options: SizeArguments) => tell(await (await import('./sampling.ts')).sampleSizes(options), undefined))
  program.command('extrapolate').description('what a reviewed sample says of the whole, with confidence limits')
    .argument('<sample>', 'the worksheet of vouch sample, filled in, or any table with a row a reviewed unit')
    .option('--frame <file>', 'the trail sample.json, or the frame itself (default: sample.json beside the sample)')
    .option('--universe <sizes>', 'units in the universe: 1200, or of each stratum: low=900,high=300')
    .option('--overpaid <column>', 'column with the overpaid amount').option('--paid <column>', 'column with the amount paid').option('--correct <column>', 'column with the amount that should have been paid')
    .option('--stratum <column>', 'column that names the stratum').option(...UNIT).option(...STRATA).option(...AMOUNT)
    .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (sample: string, options: ExtrapolateArguments & { format: 'text' | 'json'; out?: string }) => {
      const [{ extrapolateFile }, { extrapolationText }] = await Promise.all([import('./sampling.ts'), import('../batch/statistics/appraisal-text.ts')])
      const { result, notes } = await extrapolateFile(sample, options)
      warn(notes)
      await tell(options.format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : extrapolationText(result), options.out)
    })
  const texts = async (): Promise<TrendTexts> => (await import('./batch-pictures.ts')).textsOf(await ready())
  program.command('trends').description('providers, requirements and rules over the months: pictures, figures and a page')
    .argument('<results>', 'results.ndjson of a batch, or its folder')
    .requiredOption('--out <dir>', 'folder for trends.html, trends.csv and the pictures (SVG)')
    .action(async (results: string, options: { out: string }) => tell(await (await import('./batch-pictures.ts')).trendFiles(results, options.out, await texts()), undefined))
  program.command('scorecard').description('one provider against the others: determinations, failing requirements, what to fix first')
    .argument('<results>', 'results.ndjson of a batch, or its folder')
    .requiredOption('--provider <npi>', 'NPI of the provider')
    .requiredOption('--out <file>', 'a file that ends in .html or .pdf')
    .action(async (results: string, options: { provider: string; out: string }) => (await import('./batch-pictures.ts')).scorecardFile(results, options.provider, options.out, await texts(), new Date()))
  program.command('results').description('results of a batch as tables: claims, lines, requirements, rules')
    .argument('<results>', 'results.ndjson of a batch, or its folder')
    .addOption(new Option('--format <format>').choices(['csv', 'xlsx', 'parquet'] satisfies TableFormat[]).makeOptionMandatory())
    .requiredOption('--out <path>', 'a folder for csv and parquet, a file for xlsx or for one table')
    .option('--table <table>', 'one table only: claims, lines, requirements or rules')
    .action(async (results: string, options: { format: TableFormat; out: string; table?: string }) => {
      const { files, rows } = await (await import('./batch-pictures.ts')).tableFiles(results, options.format, options.out, options.table, await texts())
      await tell(`${files.join(', ')}: ${Object.entries(rows).filter(([t]) => options.table === undefined || t === options.table).map(([t, n]) => `${n} ${t}`).join(', ')}.\n`, undefined)
    })
}
