// Says what type of note a title line, a text or a file name speaks of. May not: decide where notes begin.
import { BEGINNING, plainWords, squeeze as squeezeAnew, type NoteTypes } from '../dictionary/note-types-dictionary.ts'
import { findPlainDates, type PlainDate } from './note-date.ts'
import { NOTE_TYPES, type IsoDate, type NoteType } from './note.ts'

export interface TitleLine {
  readonly type: NoteType
  /** False for words that are section headings as often (`Prescription`, `Simulation`). */
  readonly strong: boolean
  /** Nothing but the title and words that may stand beside one. */
  readonly whole: boolean
  /** A value follows on the line (`Simulation: supine`). */
  readonly valued: boolean
  /** Code units of the line that the title takes. */
  readonly length: number
  readonly capitals: boolean
  readonly titleCase: boolean
  readonly date: IsoDate | null
  /** Beside `Center`, `Department`, `Hospital`: rather the name of a place. */
  readonly letterhead: boolean
  /** The line says itself that it is a title: `LOCAL TITLE: …`, `DOC 2 of 4 …`. */
  readonly labelled: boolean
}

/** What systems that export many notes in one file print before each title. */
const TITLE_LABEL = /^\s*(?:(?:local title|note title|document title|note type|document type|doc type|type(?=\s*:[^\n]*\bdate\s*:)|type of note|title of note|report type)\s*[:\t]\s*|(?:doc(?:ument)?|note|item|attachment|enclosure|exhibit|report)\s*(?:#|no\.?)?\s*\d{1,3}\s*(?:of|\/)\s*\d{1,3}\s*[:\t–—|-]?\s*)(?=\S)/i

/** Labels before a title that stand before much else too: they name one only where a whole title follows. */
const SOFT_LABEL = /^\s*(?:assessment|(?:assessment|encounter|visit|form|record|service|appointment) type|form|template|document|note|record|report|title|subject|service)\s*[:\t]\s*(?=\S)|^\s*(?:sheet|form|part|section|document)\s+(?:\d{1,2}|[a-z])\s*[.:)–-]\s+(?=\S)/i

/** Words squeezed before; a chart has few thousand different ones. */
const squeezed = new Map<string, string>()
const SQUEEZED_BOUND = 50_000

function squeeze(word: string): string {
  const known = squeezed.get(word)
  if (known !== undefined) return known
  const made = squeezeAnew(word)
  if (squeezed.size >= SQUEEZED_BOUND) squeezed.clear()
  squeezed.set(word, made)
  return made
}

/** Longer lines are running text. */
const MAX_LINE = 130
const WORD = /[\p{L}\p{N}|!&]+/gu
const PLACE = /\b(?:cent(?:er|re)|hospital|department|dept|division|institute|university|clinic|associates|partners)\b/i
const LIST = /^\s*(?:[-•●◦*▪‣☐☑☒□■✓✔>]|\[[ xX]?\]|\(?[a-z0-9]{1,2}[.)]\s)/u
const LEADERS = /\.{4,}|(?:\. ){4,}|\s\d{1,3}\s*$/

/** A plan's or course's own name behind a title: `Plan report PANC_IMRT`, `Prescription C1 Lung`. */
const PLAIN_STATE = /^\s+(?:ok|done|none|pending|passed|complete|completed|approved|reviewed|signed|today|normal|stable|given|yes|no|unchanged|verified|performed|scheduled|cancelled|held|final|draft)\s*$/i
const IDENTIFIER = /^\s+(?=\S*[\d_])\p{Lu}[\w&.+-]{0,24}(?:\s[\p{Lu}\d][\w&.+-]{0,24})?\)?\s*$/u

export const asNoteType = (id: string): NoteType => (NOTE_TYPES as readonly string[]).includes(id) ? id as NoteType : 'unknown'

interface Hit {
  readonly first: number
  readonly last: number
  readonly type: string
  readonly strong: boolean
  readonly length: number
}

/** Letters after which most lines that begin like a title are told from one. */
const LONG_BEGINNING = 7
const longBeginningSets = new WeakMap<NoteTypes, ReadonlySet<string>>()

function longBeginningsOf(types: NoteTypes): ReadonlySet<string> {
  const known = longBeginningSets.get(types)
  if (known) return known
  const made = new Set<string>()
  for (const title of types.titles.keys()) if (title.length >= LONG_BEGINNING) made.add(title.slice(0, LONG_BEGINNING))
  longBeginningSets.set(types, made)
  return made
}

/** Titles of lines looked at before: a line is asked for its title by each step that opens, names and closes notes. */
const titles = new WeakMap<NoteTypes, Map<string, TitleLine | null>>()
const TITLES_BOUND = 10_000

/** The title a line is, or null. Compares letters and digits only: case, punctuation, spacing and usual scanning slips do not count. */
export function titleOfLine(line: string, types: NoteTypes): TitleLine | null {
  let known = titles.get(types)
  if (!known) titles.set(types, (known = new Map()))
  const before = known.get(line)
  if (before !== undefined) return before
  const made = labelledOrBare(line, types)
  if (known.size >= TITLES_BOUND) known.clear()
  known.set(line, made)
  return made
}

function labelledOrBare(line: string, types: NoteTypes): TitleLine | null {
  const soft = SOFT_LABEL.exec(line)
  const named = soft ? bareTitle(line.slice(soft[0].length), types) : null
  if (named?.strong === true && named.whole && named.titleCase && !named.letterhead) return named
  const label = TITLE_LABEL.exec(line)
  if (!label) return bareTitle(line, types)
  const rest = line.slice(label[0].length).replace(/\s{4,}.*$/, '')
  const title = bareTitle(rest, types)
  if (title) return { ...title, strong: true, whole: true, valued: false, letterhead: false, labelled: true }
  if (rest.length > 80 || /[.!?]\s*$/.test(rest)) return null
  return { type: 'unknown', strong: true, whole: true, valued: false, length: rest.length, capitals: rest === rest.toUpperCase(), titleCase: true, date: null, letterhead: false, labelled: true }
}

function bareTitle(line: string, types: NoteTypes): TitleLine | null {
  const text = line.trim().replace(/^H ?& ?P\b/, 'History and physical')
  if (text.length < 2 || text.length > MAX_LINE || !/\p{L}{2}|\d{5}|\p{L} \p{L} \p{L}/u.test(text)) return null
  if (LIST.test(text)) return null
  if (/[.?!]$/.test(text) && !/(?:\b(?:no|dept|onc|rad|inc)\.)$/i.test(text) && /\s[a-z]/.test(text)) return null
  const words: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const m of text.matchAll(WORD)) {
    const w = squeeze(m[0])
    if (w === '') continue
    words.push(w)
    starts.push(m.index)
    ends.push(m.index + m[0].length)
  }
  if (words.length === 0 || words.length > 26) return null
  const longBeginnings = longBeginningsOf(types)
  let found: readonly PlainDate[] | null = null
  const datesHere = (): readonly PlainDate[] => (found ??= findPlainDates(text, 0, text.length))
  const inDate = (at: number): boolean => datesHere().some((d) => at >= d.start && at < d.end)
  let best: Hit | null = null
  // Words of a second title beside the best ("Prescription and plan summary") are no strangers on the line.
  const titled: boolean[] = words.map(() => false)
  for (let i = 0; i < words.length; i++) {
    let joined = ''
    let begins = false
    let goesOn = false
    for (let j = i; j < words.length && joined.length <= types.longest; j++) {
      joined += words[j] as string
      // `C O N S U L T`: single letters and letters of the next word may form `rn`.
      if (!begins && joined.length >= BEGINNING) {
        if (!types.beginnings.has(joined.slice(0, BEGINNING))) break
        begins = true
      }
      if (!goesOn && joined.length >= LONG_BEGINNING) {
        if (!longBeginnings.has(joined.slice(0, LONG_BEGINNING))) break
        goesOn = true
      }
      const title = types.titles.get(joined)
      // `12 MAR 1985` is no medication record.
      if (!title || inDate(starts[i] as number)) continue
      titled.fill(true, i, j + 1)
      const hit: Hit = { first: i, last: j, type: title.type, strong: title.strong, length: joined.length }
      if (!best || better(hit, best)) best = hit
    }
  }
  if (!best) return null
  const dates = datesHere()
  if (LEADERS.test(text) && !/(?:week|wk|fx|fraction|page|visit|day|#|no\.?|course|plan|phase|of|form|c|\/)\s*\d{1,3}\s*$/i.test(text) && dates.length === 0) return null
  const titleEnd = ends[best.last] as number
  const rest = text.slice(titleEnd)
  const colon = /^\s*\)?\s*:/.test(rest)
  let unknown = 0
  let refused = false
  for (let i = 0; i < words.length; i++) {
    if (i >= best.first && i <= best.last) continue
    const w = words[i] as string
    if (types.refuses.has(w)) refused = true
    // Parts set off (letterhead, name, date) do not make a line a sentence.
    else if (titled[i] || inDate(starts[i] as number) || /^[\do]+l*[\dol]*$/.test(w) || types.neutral.has(w) || types.letterhead.has(w)) continue
    else unknown++
  }
  if (refused) return null
  const before = text.slice(0, starts[best.first] as number)
  const joinedBefore = best.first >= 2 && titled[best.first - 2] === true && /^(?:and|with|for|to|of|n)$/.test(words[best.first - 1] as string) && titled.slice(0, best.first - 1).every(Boolean)
  // "Gynecologic radiation consultation": few words nobody knows before a title that ends the line.
  const trailing = words.slice(best.last + 1).every((w, k) => inDate(starts[best.last + 1 + k] as number) || /^[\do]+l*[\dol]*$/.test(w) || types.neutral.has(w) || titled[best.last + 1 + k])
  const led = trailing && best.length >= 8 && text.replace(/\s{2,}/g, ' ').length <= 70 && words.length <= 9 && unknown <= 3 && /^[^\p{L}]*\p{Lu}/u.test(text) && !/[,;:.?!]\s/.test(before) && !/\b(?:and|or|of|the|for|to|with|by|from|no|not|after|before|at|in|on|per|via|an?)\s+$/i.test(before)
  const setOff = (led || joinedBefore || before.trim() === '' || /(?:\t|\s{2,}|[|:–—·•]|\s[-/]\s|[-=*_]{2,}\s*|[("\[#]\s*)$/.test(before) || unknownWords(before, types) === 0)
    && (rest.trim() === '' || titled.slice(best.last + 1).every((is, k) => is || types.neutral.has(words[(best as Hit).last + 1 + k] as string)) || (best.first === 0 && /^\s+(?=\S*_)/.test(rest) && IDENTIFIER.test(rest)) || (best.strong && best.first === 0 && !PLAIN_STATE.test(rest) && (IDENTIFIER.test(rest) || /^\s+\p{Lu}\p{Ll}{2,}\s*$/u.test(rest))) || /^(?:\t|\s{2,}|\s*[|:;–—·•,()[\]#*]|\s*[-/]\s*|\s*[-=*_]{2,})/.test(rest) || unknownWords(rest, types) === 0)
  if (!setOff) return null
  if (unknown > (best.strong ? 8 : 3)) return null
  const value = colon ? rest.replace(/^[\s):]*/, '') : ''
  const letters = text.replace(/[^\p{L}]/gu, '')
  const own = text.slice(starts[best.first] as number, titleEnd)
  const capital = own.split(/[\s/-]+/).filter((w) => /^\p{L}{3}/u.test(w))
  return {
    type: asNoteType(best.type), strong: best.strong, whole: unknown === 0, valued: value !== '' && (unknownWords(value, types) > 0 || /\d/.test(value)),
    letterhead: PLACE.test(text.slice(0, starts[best.first] as number).replace(/^.*(?:\t|\s{2,}|[|–—])/, '')) || PLACE.test((ends[best.last + 1] === undefined ? '' : text.slice(titleEnd, ends[best.last + 1] as number)).replace(/[|–—\t,-].*$/, '')),
    labelled: false, length: best.length, capitals: letters.length > 1 && letters === letters.toUpperCase(), titleCase: capital.every((w) => /^\p{Lu}/u.test(w)),
    date: dates.length === 1 && !/\b(?:dob|born|birth|print(?:ed)?|faxed|rev(?:ised)?|scanned|received|signed|approved)\b[^\d]{0,14}$/i.test(text.slice(0, dates[0]?.start)) ? dates[0]?.date ?? null : null,
  }
}

function better(a: Hit, b: Hit): boolean {
  if (a.strong !== b.strong) return a.strong
  if (a.length !== b.length && (a.first <= b.last && b.first <= a.last)) return a.length > b.length
  // Apart: the longer names more; of equals the first.
  return a.length > b.length
}

function unknownWords(part: string, types: NoteTypes): number {
  let n = 0
  for (const m of part.matchAll(WORD)) {
    const w = squeeze(m[0])
    if (w !== '' && !/^[\dol]+$/.test(w) && !types.neutral.has(w) && !types.letterhead.has(w)) n++
  }
  return n
}

export interface ContentGuess {
  readonly type: NoteType
  readonly score: number
}

/** Least score of a type named by its contents alone. */
export const CONTENT_FLOOR = 4

const FRACTION_ROW = /^\s*(?:\d{1,2}\s*(?:\/|of)?\s*\d{0,2}[\t |]+)?\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{2,4})?[\t |]+.*\b\d{2,4}(?:\.\d+)?\b/
const CODE_ROW = /(?:^|[\s|\t])(?:7[67]\d{3}|G0\d{3}|G60\d{2}|99[2-4]\d{2}|0394T|0395T)(?:-?\d{2})?(?=[\s|\t,]).*(?:\$ ?\d|\b\d{1,4}\.\d{2}\b|\t\d{1,2}(?:\t|$)|\s{2,}\d{1,2}(?:\s{2,}|$))/
const LAB_ROW = /^\s*(?:wbc|rbc|hgb|hemoglobin|hct|hematocrit|plt|platelets?|sodium|na|potassium|k|chloride|co2|bun|creatinine|glucose|calcium|alt|ast|alk phos\w*|albumin|bilirubin|psa|anc|neutrophils?|lymph\w*|mcv|mch|inr|pt|ptt|tsh|cea|egfr|magnesium)\b.*[\t ]\d+(?:\.\d+)?\b/i
const VITAL_ROW = /(?:\b(?:bp|blood pressure)\b.*\d{2,3}\s*\/\s*\d{2,3}.*\b(?:hr|pulse|temp|wt|weight|resp|spo2|rr)\b)|(?:^\s*\d{1,2}\/\d{1,2}.*(?<![./-])\b(?:8\d|9\d|1\d\d|2[0-2]\d)\/(?:[4-9]\d|1[0-3]\d)\b(?![./-]).*\b9\d(?:\.\d)?\b)/i
const RESULT_WORD = /\b(?:wbc|hgb|plt|anc|creat|hct|alb|ast|alt|bun|psa|pulse|resp|spo2|temp|bp|bmi)\b/gi
const ALL_DATES = /\d{1,2}\/\d{1,2}/

/** Cues by their first word, made once a dictionary. */
const firstWords = new WeakMap<NoteTypes, Map<string, number[]>>()

/** 1 for each cue whose words stand in `words` (as `plainWords` gives them), in one pass. */
function cuesIn(words: string, types: NoteTypes): Uint8Array {
  let byFirst = firstWords.get(types)
  if (!byFirst) {
    byFirst = new Map()
    for (const [i, cue] of types.cues.entries()) {
      const first = cue.words.slice(1, cue.words.indexOf(' ', 1))
      const list = byFirst.get(first)
      if (list) list.push(i)
      else byFirst.set(first, [i])
    }
    firstWords.set(types, byFirst)
  }
  const found = new Uint8Array(types.cues.length)
  for (let at = 0, next = words.indexOf(' ', 1); next > 0; at = next, next = words.indexOf(' ', at + 1)) {
    const own = byFirst.get(words.slice(at + 1, next))
    if (own) for (const i of own) if (found[i] === 0 && words.startsWith((types.cues[i] as { words: string }).words, at)) found[i] = 1
  }
  return found
}

/** The type the words and rows of a note speak of; null below the floor or between equals. */
export function classifyByContent(text: string, types: NoteTypes): ContentGuess | null {
  const [best, second] = contentScores(text, types)
  return best && best.score >= CONTENT_FLOOR && best.score > (second?.score ?? 0) ? best : null
}

/** Every type the words and rows of a text speak of, best first. */
export function contentScores(text: string, types: NoteTypes): ContentGuess[] {
  const scores = new Map<string, number>()
  const add = (type: string, score: number): void => { scores.set(type, (scores.get(type) ?? 0) + score) }
  const found = cuesIn(plainWords(text), types)
  types.cues.forEach((cue, i) => {
    if (found[i] === 1) add(cue.type, cue.score)
  })
  let fractions = 0
  let codes = 0
  let labs = 0
  let vitals = 0
  // Leaflets speak to the patient.
  const spokenTo = (text.match(/\byou(?:r|rself|'ll)?\b/gi) ?? []).length
  if (spokenTo >= 3 && spokenTo * 40 > text.length / 6) add('education', 5)
  for (const line of text.split('\n')) {
    if (line.length > 300) continue
    if (ALL_DATES.test(line) && FRACTION_ROW.test(line)) fractions++
    if (CODE_ROW.test(line)) codes++
    if (LAB_ROW.test(line)) labs++
    if (VITAL_ROW.test(line)) vitals++
  }
  if (codes >= 2) add('billing', 3 + Math.min(4, codes))
  if (labs >= 3) add('laboratory', 2 + Math.min(4, labs))
  if (vitals >= 2) add('nursing', 2 + Math.min(4, vitals))
  // Dated rows of blood counts and vital signs look like fractions.
  const results = new Set((text.match(RESULT_WORD) ?? []).map((w) => w.toLowerCase()))
  if (fractions >= 3 && results.size < 3) {
    const kind = scores.get('proton-record') ? 'proton-record' : scores.get('electronic-brachytherapy-record') ? 'electronic-brachytherapy-record' : (scores.get('superficial-record') ?? 0) >= 4 ? 'superficial-record' : 'treatment-record'
    add(kind, 2 + Math.min(3, fractions))
  }
  return [...scores].map(([type, score]) => ({ type: asNoteType(type), score })).sort((x, y) => y.score - x.score)
}

/** The type a file's name speaks of: `rx_form.pdf`, `sim-2025-05-12.pdf`, `ConsentForm.png`. */
export function classifyByFileName(file: string, types: NoteTypes): NoteType | null {
  const base = (file.split('/').pop() ?? file).replace(/\.[A-Za-z0-9]{1,5}$/, '')
  const words = base.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/(\p{L})(\d)/gu, '$1 $2').split(/[^\p{L}\p{N}&]+/u).map((w) => squeeze(w)).filter((w) => w !== '')
  const joined = (i: number, j: number): string => words.slice(i, j + 1).join('')
  for (const [key, type] of types.files) {
    for (let i = 0; i < words.length; i++) {
      for (let j = i; j < words.length && j < i + 5; j++) if (joined(i, j) === key) return asNoteType(type)
    }
  }
  for (let i = 0; i < words.length; i++) {
    for (let j = words.length - 1; j >= i; j--) {
      const found = types.titles.get(joined(i, j))
      if (found && joined(i, j).length > 3) return asNoteType(found.type)
    }
  }
  return null
}
