// Reads the wording and the settings of letters. May not: know a claim.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LETTER_KINDS, letterSettingsSchema, letterTemplateSchema, type LetterKind, type LetterSettings, type LetterTemplate } from '../dictionary/letters.ts'
import { DictionaryFault, readYaml } from './read-yaml.ts'

export type LetterTemplates = Readonly<Record<LetterKind, LetterTemplate>>

/** @throws DictionaryFault with every fault of a file. */
export function loadLetterTemplates(dictionaries: string): LetterTemplates {
  const templates = LETTER_KINDS.map((kind) => {
    const path = join(dictionaries, 'letters', `${kind}.yaml`)
    return [kind, loadLetterTemplate(path, kind)] as const
  })
  return Object.fromEntries(templates) as Record<LetterKind, LetterTemplate>
}

/** @throws DictionaryFault where the file is missing, misshapen or of another kind of letter. */
export function loadLetterTemplate(path: string, kind: LetterKind): LetterTemplate {
  if (!existsSync(path)) throw new DictionaryFault(`${path}: there is no such file; a wording of letters is made after dictionaries/letters/${kind}.yaml.`)
  const template = readYaml(path, letterTemplateSchema)
  if (template.kind !== kind) throw new DictionaryFault(`${path}: is the wording of a ${template.kind} letter, not of a ${kind} letter.`)
  return template
}

/** @throws DictionaryFault */
export function loadLetterSettings(path: string): LetterSettings {
  if (!existsSync(path)) throw new DictionaryFault(`${path}: there is no such file; settings of letters are made after dictionaries/letters/settings.yaml.`)
  return readYaml(path, letterSettingsSchema)
}
