// The arguments of `vouch claims`. May not: load a reader before it is needed.
import { Option, type Command } from 'commander'

type Tell = (content: string, out: string | undefined) => Promise<void>

export function registerClaims(program: Command, tell: Tell): void {
  const claims = program.command('claims').description('files of claims')
  claims.command('read').description('show what was understood of a file of claims')
    .argument('<file>', 'JSON, CSV, XLSX, X12 837, FHIR or a filled CMS-1500')
    .addOption(new Option('--format <format>').choices(['text', 'json']).default('text'))
    .action(async (file: string, options: { format: 'text' | 'json' }) => {
      const { readClaims } = await import('./claims-read.ts')
      const { errors } = await readClaims(file, options.format, (text) => tell(text, undefined))
      process.exitCode = errors === 0 ? 0 : 1
    })
  claims.command('write').description('write the claims of a file as X12 837')
    .argument('<file>')
    .option('--without-identity', 'leave out names, numbers and dates of birth; dates of service stay')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (file: string, options: { withoutIdentity?: boolean; out?: string }) => {
      const { writeClaims } = await import('./claims-read.ts')
      // A file is written whole or not at all; standard output as it comes.
      const pieces: string[] = []
      const write = async (text: string): Promise<void> => (options.out === undefined ? tell(text, undefined) : void pieces.push(text))
      const { errors } = await writeClaims(file, { withoutIdentity: options.withoutIdentity === true }, write)
      if (options.out !== undefined) await tell(pieces.join(''), options.out)
      process.exitCode = errors === 0 ? 0 : 1
    })
}
