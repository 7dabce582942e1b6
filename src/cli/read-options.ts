// Options of every command that reads records. May not: read a record.
import { Option } from 'commander'
import type { ReadOptions } from '../document/read-records.ts'

export const passwordOption = (): Option =>
  new Option('--password <password>', 'try this password on locked files; may be given several times').argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])

export const readOptions = (options: { readonly password?: readonly string[] }): ReadOptions => (options.password === undefined ? {} : { passwords: options.password })
