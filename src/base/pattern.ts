// The written form of a word pattern, parsed. May not: match text; know what a concept means. The language is described in docs/dictionaries.md.

/** Words allowed between two neighbours: 0 for `a b`, 6 for `a .. b`, 14 for `a ... b`. */
export type Gap = 0 | 6 | 14

export type PatternItem =
  | { readonly kind: 'word'; readonly how: 'exact' | 'stem' | 'prefix'; readonly word: string }
  | { readonly kind: 'concept'; readonly id: string }
  | { readonly kind: 'placeholder'; readonly name: string }
  | { readonly kind: 'group'; readonly alternatives: readonly PatternSequence[]; readonly optional: boolean }

export interface PatternStep {
  /** Gap before this item; the first item of a sequence has 0. */
  readonly gap: Gap
  readonly item: PatternItem
}

export type PatternSequence = readonly PatternStep[]

/** Clauses joined by `&`: all in one statement, in any order. */
export type Pattern = readonly PatternSequence[]

/** Words that may stand between two clauses joined by `&`. */
export const CLAUSE_DISTANCE = 14

const LEXER = /\s*(?:(\.\.\.|…)|(\.\.)|([(|)&])|\{([a-z0-9-]+)\}|<([a-z-]+)>|([^\s(){}<>|&]+))/y

/** @throws Error with the fault in words; the caller adds file, line and column. */
export function parsePattern(written: string): Pattern {
  const lexemes: { kind: 'gap' | 'mark' | 'concept' | 'placeholder' | 'word'; value: string }[] = []
  LEXER.lastIndex = 0
  const text = written.trimEnd()
  while (LEXER.lastIndex < text.length) {
    const at = LEXER.lastIndex
    const m = LEXER.exec(text)
    if (!m) throw new Error(`cannot read the pattern at column ${at + 1}: «${text.slice(at, at + 12)}»`)
    if (m[1]) lexemes.push({ kind: 'gap', value: '...' })
    else if (m[2]) lexemes.push({ kind: 'gap', value: '..' })
    else if (m[3]) lexemes.push({ kind: 'mark', value: m[3] })
    else if (m[4]) lexemes.push({ kind: 'concept', value: m[4] })
    else if (m[5]) lexemes.push({ kind: 'placeholder', value: m[5] })
    else lexemes.push({ kind: 'word', value: m[6] as string })
  }
  let i = 0
  const sequence = (closing: readonly string[]): PatternSequence => {
    const steps: PatternStep[] = []
    let gap: Gap = 0
    while (i < lexemes.length) {
      const lexeme = lexemes[i] as (typeof lexemes)[number]
      if (lexeme.kind === 'mark' && closing.includes(lexeme.value)) break
      i++
      if (lexeme.kind === 'gap') {
        if (steps.length === 0) throw new Error('a gap stands at the beginning of a pattern or group')
        gap = lexeme.value === '..' ? 6 : 14
        continue
      }
      if (lexeme.kind === 'mark') {
        if (lexeme.value !== '(') throw new Error(`«${lexeme.value}» stands where a word is expected`)
        const alternatives: PatternSequence[] = []
        let optional = false
        for (;;) {
          const alternative = sequence(['|', ')'])
          if (alternative.length === 0) optional = true
          else alternatives.push(alternative)
          const mark = lexemes[i++]
          if (!mark) throw new Error('a «(» is not closed')
          if (mark.value === ')') break
        }
        if (alternatives.length === 0) throw new Error('a group is empty')
        steps.push({ gap, item: { kind: 'group', alternatives, optional } })
      } else if (lexeme.kind === 'concept') steps.push({ gap, item: { kind: 'concept', id: lexeme.value } })
      else if (lexeme.kind === 'placeholder') steps.push({ gap, item: { kind: 'placeholder', name: lexeme.value } })
      else {
        const words = wordsOf(lexeme.value)
        words.forEach((item, k) => steps.push({ gap: k === 0 ? gap : 0, item }))
      }
      gap = 0
    }
    if (gap !== 0) throw new Error('a gap stands at the end of a pattern or group')
    return steps
  }
  const clauses: PatternSequence[] = []
  for (;;) {
    const clause = sequence(['&'])
    if (clause.length === 0) throw new Error('a pattern or a clause beside «&» is empty')
    clauses.push(clause)
    if (i >= lexemes.length) break
    i++
  }
  return clauses
}

/** `set-up` is two words; `measure~` a stem, `dosimetr*` a beginning. Punctuation is dropped as the text's is. */
function wordsOf(written: string): PatternItem[] {
  const how = written.endsWith('~') ? 'stem' : written.endsWith('*') ? 'prefix' : 'exact'
  const bare = how === 'exact' ? written : written.slice(0, -1)
  const parts = bare.match(/[\p{L}\p{N}]+(?:['’][\p{L}]+|[.,]\d+)*/gu)
  if (!parts) throw new Error(`«${written}» holds no letter or digit`)
  return parts.map((word, k) => ({ kind: 'word', how: k === parts.length - 1 ? how : 'exact', word }))
}
