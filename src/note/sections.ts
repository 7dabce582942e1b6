// Sections of a note: what stands below a heading until the next one. May not: know what a section proves.
import { sectionOfLine, type Sections } from '../dictionary/sections-dictionary.ts'
import type { Section, Statement } from './note.ts'

/** A heading nobody knows ends the section before it; a known one opens its own, on its own line or before other words. */
export function findSections(text: string, statements: readonly Omit<Statement, 'section'>[], sections: Sections): Section[] {
  const opened: Omit<Section, 'end'>[] = []
  for (const s of statements) {
    if (s.kind === 'page-edge') continue
    const hit = sectionOfLine(text.slice(s.start, s.end), sections)
    if (hit) opened.push({ id: hit.id, start: s.start, heading: { start: s.start + hit.start, end: s.start + hit.end } })
    else if (s.kind === 'heading') opened.push({ id: 'other', start: s.start, heading: { start: s.start, end: s.end } })
  }
  const end = statements.at(-1)?.end ?? 0
  return opened.map((o, i) => ({ ...o, end: opened[i + 1]?.start ?? end }))
}
