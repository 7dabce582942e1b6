// Labelled sentences (corpus/sentences): their shape, and where they lie. May not: score; know what a cue is.
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { readYaml } from '../load/read-yaml.ts'

export const SENTENCE_AXES = ['assertion', 'performance', 'measures', 'dates', 'sections', 'notes', 'events'] as const
export type SentenceAxis = (typeof SENTENCE_AXES)[number]

const labelled = z.string().regex(/ => \S/, 'a text, then ` => ` and its labels')

export const sentenceFileSchema = z.strictObject({
  axis: z.enum(SENTENCE_AXES),
  author: z.string().min(3).describe('In whose manner the sentences are written'),
  tuned: z.array(labelled).default([]).describe('Sentences the dictionaries were improved on'),
  'held-out': z.array(labelled).default([]).describe('Sentences nobody looks at while improving a dictionary'),
})
export type SentenceFile = z.infer<typeof sentenceFileSchema>

export interface LabelledSentence {
  readonly axis: SentenceAxis
  readonly heldOut: boolean
  readonly text: string
  /** One a mark of the text, or one a fact; see corpus/sentences/README.md. */
  readonly labels: readonly string[]
  readonly file: string
  /** Some event of the file is labelled with fractions a week, so that they are asked of all its sentences. */
  readonly asksFrequency: boolean
}

export function sentencesOf(file: SentenceFile, path: string): LabelledSentence[] {
  const asksFrequency = [...file.tuned, ...file['held-out']].some((line) => / a week\b/.test(line.slice(line.lastIndexOf(' => '))))
  return (['tuned', 'held-out'] as const).flatMap((part) => file[part].map((line): LabelledSentence => {
    const at = line.lastIndexOf(' => ')
    const labels = line.slice(at + 4).split('|').map((l) => l.trim()).filter((l) => l !== '' && l !== 'none')
    return { axis: file.axis, heldOut: part === 'held-out', text: line.slice(0, at), labels, file: path, asksFrequency }
  }))
}

/** All sentences in folders named `sentences` at or below the folders given. @throws DictionaryFault on a file of another shape. */
export async function findSentences(folders: readonly string[]): Promise<LabelledSentence[]> {
  const files: string[] = []
  const walk = async (folder: string, inside: boolean, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (inside || entry.name === 'sentences' || depth < 1) await walk(path, inside || entry.name === 'sentences', depth + 1)
      } else if (inside && entry.name.endsWith('.yaml')) files.push(path)
    }
  }
  for (const folder of folders) await walk(folder.replace(/\/+$/, ''), basename(folder.replace(/\/+$/, '')) === 'sentences', 0)
  return [...new Set(files)].flatMap((path) => sentencesOf(readYaml(path, sentenceFileSchema), path))
}
