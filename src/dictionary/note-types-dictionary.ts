// The shape of dictionaries/note-types.yaml and its compiled form. May not: read files; know what a note is.
import { z } from 'zod'

const written = z.array(z.string().min(2)).describe('Plain words; (a|b|) is one of these, an empty one makes it optional')

export const noteTypeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case').describe('A note type of the program'),
  about: z.string().min(3),
  from: z.string().min(3).describe('Where the wording comes from'),
  titles: written.min(1).describe('Titles that name the type wherever they stand as a title'),
  headings: written.default([]).describe('Titles that are section headings as often: they need a place at the top, or a date, author and patient of their own'),
  cues: z.array(z.strictObject({ score: z.number().positive(), words: z.array(z.string().min(2)).min(1) })).default([]).describe('Words of the body; each counts once'),
  files: z.array(z.string().min(2)).min(1).describe('Words of file names'),
  signers: z.array(z.string()).default([]).describe('Roles whose signature the note waits for'),
  days: z.boolean().default(false).describe('One note holds a row for each of several days'),
  holds: z.array(z.string()).default([]).describe('Types whose titles are sections inside this one'),
  radiationOncology: z.boolean().default(true).describe('Written in a radiation-oncology department: an MD there is a radiation oncologist'),
  examples: z.strictObject({
    found: z.array(z.string()).min(1).describe('Title lines'),
    'not-found': z.array(z.string()).min(1).describe('Lines that are no title of this type'),
  }),
})
export const noteTypeFileSchema = z.strictObject({
  neutral: z.array(z.string()).describe('Words that may stand beside a title without changing it'),
  letterhead: z.array(z.string()).describe('Words of letterheads and identity blocks above a title'),
  refuses: z.array(z.string()).describe('Words that make a line a sentence or a reference, not a title'),
  types: z.array(noteTypeSchema),
})
export type NoteTypeFile = z.infer<typeof noteTypeFileSchema>
export type NoteTypeEntry = z.infer<typeof noteTypeSchema>

export interface TitlePhrase {
  readonly type: string
  readonly strong: boolean
}

export interface NoteTypes {
  readonly entries: ReadonlyMap<string, NoteTypeEntry>
  /** Squeezed title → type. */
  readonly titles: ReadonlyMap<string, TitlePhrase>
  /** First letters of titles, to leave most lines early. */
  readonly beginnings: ReadonlySet<string>
  readonly longest: number
  readonly neutral: ReadonlySet<string>
  readonly letterhead: ReadonlySet<string>
  readonly refuses: ReadonlySet<string>
  /** Squeezed words of file names → type, longest first. */
  readonly files: readonly (readonly [string, string])[]
  readonly cues: readonly { readonly type: string; readonly score: number; readonly words: string }[]
}

/** Code units of a squeezed title that must fit before it is looked up. */
export const BEGINNING = 3

const DIACRITICS = /[̀-ͯ]/g

/** Letters and digits only, lower case, with the usual slips of scanners made alike: 0/o, 1/l/i, rn/m. */
export function squeeze(words: string): string {
  let s = words.toLowerCase()
  if (/[^\x00-\x7f]/.test(s)) s = s.normalize('NFKD').replace(DIACRITICS, '').replace(/ﬁ/g, 'fi')
  return s.replace(/[^a-z0-9|!]+/g, '').replace(/0/g, 'o').replace(/[1il|!]/g, 'l').replace(/rn/g, 'm')
}

/** All readings of a pattern with `(a|b|)` in it. @throws Error on an unclosed or nested group. */
export function readings(pattern: string): string[] {
  let out = ['']
  for (let i = 0; i < pattern.length;) {
    if (pattern[i] === '(') {
      const close = pattern.indexOf(')', i)
      const inside = close < 0 ? '' : pattern.slice(i + 1, close)
      if (close < 0 || inside.includes('(')) throw new Error(`${JSON.stringify(pattern)}: an unclosed or nested group`)
      const ways = inside.split('|')
      out = out.flatMap((o) => ways.map((w) => o + w))
      i = close + 1
    } else {
      const open = pattern.indexOf('(', i)
      const stop = open < 0 ? pattern.length : open
      out = out.map((o) => o + pattern.slice(i, stop))
      i = stop
    }
  }
  return out.map((o) => o.replace(/ +/g, ' ').trim()).filter((o) => o !== '')
}

/** Words as `classifyByContent` compares them: lower case, letters, digits and `%`, one space between, a space at both ends. */
export const plainWords = (text: string): string => ` ${text.toLowerCase().replace(/[^a-z0-9%]+/g, ' ').trim()} `

/** @throws Error with all faults, a line each: a title that stands for two types, an unknown type in `holds`. */
export function compileNoteTypes(file: NoteTypeFile): NoteTypes {
  const faults: string[] = []
  const titles = new Map<string, TitlePhrase>()
  const entries = new Map(file.types.map((t) => [t.id, t]))
  const files: [string, string][] = []
  const cues: { type: string; score: number; words: string }[] = []
  let longest = 0
  for (const t of file.types) {
    for (const other of t.holds) if (!entries.has(other)) faults.push(`${t.id}: holds ${other}, which is no type`)
    for (const [list, strong] of [[t.titles, true], [t.headings, false]] as const) {
      for (const pattern of list) {
        for (const reading of readings(pattern)) {
          const key = squeeze(reading)
          const before = titles.get(key)
          if (before && before.type !== t.id) faults.push(`${t.id}: ${JSON.stringify(reading)} is a title of ${before.type} too`)
          if (!before || (strong && !before.strong)) titles.set(key, { type: t.id, strong })
          longest = Math.max(longest, key.length)
        }
      }
    }
    for (const f of t.files) files.push([squeeze(f), t.id])
    for (const c of t.cues) for (const w of c.words) cues.push({ type: t.id, score: c.score, words: plainWords(w) })
  }
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return {
    entries, titles, longest, cues,
    beginnings: new Set([...titles.keys()].map((k) => k.slice(0, BEGINNING))),
    neutral: new Set(file.neutral.flatMap((w) => w.split(' ')).map(squeeze)),
    letterhead: new Set(file.letterhead.flatMap((w) => w.split(' ')).map(squeeze)),
    refuses: new Set(file.refuses.flatMap((w) => w.split(' ')).map(squeeze)),
    files: files.sort((a, b) => b[0].length - a[0].length),
  }
}
