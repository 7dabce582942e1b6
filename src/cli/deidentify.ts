// The command that writes a text copy of records without words that tell who somebody is. May not: touch the records; promise that nothing was missed.
import type { Command } from 'commander'
import { randomInt } from 'node:crypto'
import { readRecords } from '../document/read-records.ts'
import type { Knowledge } from '../review-claim.ts'
import { InputFault } from './fault.ts'
import { readOptions, withReadOptions, type ReadArguments } from './read-options.ts'

const MOST_DAYS = 3650

export interface DeidentifyParts {
  readonly ready: () => Promise<Knowledge>
  readonly tell: (content: string, out: string | undefined) => Promise<void>
}

export function addDeidentify(program: Command, { ready, tell }: DeidentifyParts): void {
  withReadOptions(program.command('deidentify'))
    .description('write a text copy of a file with names, dates, numbers and addresses masked; a person has to read it over before it is passed on')
    .argument('<file>')
    .option('--shift <days>', 'move dates by so many days; by default by a number nobody is told')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (file: string, options: ReadArguments & { shift?: string; out?: string }) => {
      const shift = options.shift === undefined ? -randomInt(30, 700) : Number(options.shift)
      if (!Number.isInteger(shift) || Math.abs(shift) > MOST_DAYS) throw new InputFault(`--shift ${options.shift}: must be a whole number of days, at most ${MOST_DAYS} either way.`)
      const { documents, problems } = await readRecords([file], readOptions(options))
      const { notes: { people } } = await ready()
      // Its finder of names takes as long to load as all else together.
      const { deidentify, MASK_KINDS } = await import('../note/deidentify.ts')
      const counts = new Map<string, number>()
      const copies = documents.map((document, index) => {
        const { text, masks } = deidentify(document.text.replaceAll('\f', '\n'), people, shift)
        for (const mask of masks) counts.set(mask.kind, (counts.get(mask.kind) ?? 0) + 1)
        return `=== document ${index + 1} of ${documents.length} ===\n${text.trimEnd()}\n`
      })
      const sum = MASK_KINDS.map((kind) => `${counts.get(kind) ?? 0} ${kind}`).join(', ')
      await tell(`${copies.join('\n')}\n=== masked: ${sum}. Machines miss some: read this copy over before it is passed on. ===\n`, options.out)
      process.exitCode = problems.some((problem) => problem.severity === 'error') ? 1 : 0
    })
}
