// Sections of a note: what stands below a heading until the next one. May not: know what a section proves.
import type { Span } from '../base/span.ts'
import type { Sections } from '../dictionary/sections-dictionary.ts'
import type { Section, Statement } from './note.ts'

const LABELLED = /^[\s•*-]{0,4}([\p{L}][\p{L}\p{N} /&'’().-]{0,58}?)\s?(?::|–|—| - )/u

/** Longest heading, in characters; a longer line is a sentence. */
const HEADING = 70

/**
 * Headings on a line of their own, and labels that open a statement (`HISTORY: This is …`). A section ends where the next begins;
 * a label nobody knows inside a sentence opens none.
 */
export function findSections(text: string, statements: readonly Omit<Statement, 'section'>[], sections: Sections): Section[] {
  const opened: { id: string; start: number; heading: Span }[] = []
  for (const s of statements) {
    if (s.kind === 'page-edge') continue
    const slice = text.slice(s.start, s.end)
    if (s.kind === 'heading' || slice.length <= HEADING) {
      const whole = slice.replace(/:\s*$/, '')
      const id = s.kind === 'row' ? null : sections.idOf(whole)
      if (id !== null || s.kind === 'heading') {
        opened.push({ id: id ?? 'other', start: s.start, heading: { start: s.start, end: s.start + whole.length } })
        continue
      }
    }
    const m = LABELLED.exec(slice)
    if (!m) continue
    const id = sections.idOf(m[1] as string)
    if (id === null) continue
    const from = s.start + slice.indexOf(m[1] as string)
    opened.push({ id, start: s.start, heading: { start: from, end: from + (m[1] as string).length } })
  }
  const end = statements.at(-1)?.end ?? 0
  return opened.map((o, i) => ({ id: o.id, start: o.start, end: opened[i + 1]?.start ?? end, heading: o.heading }))
}
