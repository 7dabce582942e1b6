// Sections of a note: what stands below a heading until the next one. May not: know what a section proves.
import { sectionOfLine, type Sections } from '../dictionary/sections-dictionary.ts'
import { squeeze } from '../dictionary/note-types-dictionary.ts'
import type { Section, Statement } from './note.ts'

/** Sections of a consultation that run on in one line (`PMH: HTN Family History: mother …`); parts of a form (`Site:`, `Dose:`) belong together and are left so. */
const RUN_IN = new Set([
  'history-of-present-illness', 'oncologic-history', 'prior-radiation', 'radiation-history', 'past-medical-history', 'past-surgical-history', 'family-history', 'social-history',
  'medications', 'allergies', 'review-of-systems', 'physical-exam',
])
const LABEL_INSIDE = /\s(\p{Lu}[\p{L}&/]*(?:[ /&]{1,3}[\p{L}&/]+){0,4}):(?=\s)/gu

/** Sentences and fields cut where a section's heading stands inside them. */
export function splitAtHeadings<S extends Omit<Statement, 'section'>>(text: string, statements: readonly S[], sections: Sections): S[] {
  let shift = 0
  const added: number[] = []
  const out = statements.flatMap((s, i): S[] => {
    added[i] = i + shift
    if ((s.kind !== 'sentence' && s.kind !== 'field') || s.end - s.start < 20) return [s]
    const cuts: number[] = []
    for (const m of text.slice(s.start, s.end).matchAll(LABEL_INSIDE)) {
      const label = m[1] as string
      for (let from = 0; from >= 0; from = label.indexOf(' ', from) < 0 ? -1 : label.indexOf(' ', from) + 1) {
        const id = /^\p{Lu}/u.test(label.slice(from)) ? sections.headings.get(squeeze(label.slice(from))) : undefined
        if (id !== undefined && RUN_IN.has(id) && /[:.;,]/.test(text.slice(s.start, s.start + m.index + 1))) {
          cuts.push(s.start + m.index + 1 + from)
          break
        }
      }
    }
    if (cuts.length === 0) return [s]
    shift += cuts.length
    return [s.start, ...cuts].map((start, n): S => {
      let end = cuts[n] ?? s.end
      while (end > start && /\s/.test(text[end - 1] as string)) end--
      return { ...s, kind: n === 0 ? s.kind : 'field', start, end }
    })
  })
  return shift === 0 ? out : out.map((s) => (s.columns < 0 ? s : { ...s, columns: added[s.columns] ?? -1 }))
}

/** `FUNCTIONAL INQUIRY.`: capitals that are a sentence of their own head what follows, known or not. */
const CAPITALS = /^\p{Lu}[\p{Lu} /&'’-]{3,45}[.:]$/u

/** `On examination no ascites`: in a letter these words open the examination without a colon. */
const OPENS_EXAM = /^(?:on (?:(?:physical|clinical|today['’]s|my) )?exam(?:ination)?|o\/e)\b(?!\s+(?:room|table|of the (?:films?|images|scans?|slides?)))/i

/** A heading nobody knows ends the section before it; a known one opens its own, on its own line or before other words. */
export function findSections(text: string, statements: readonly Omit<Statement, 'section'>[], sections: Sections): Section[] {
  const opened: Omit<Section, 'end'>[] = []
  for (const s of statements) {
    if (s.kind === 'page-edge') continue
    const hit = sectionOfLine(text.slice(s.start, s.end), sections)
    if (hit) opened.push({ id: hit.id, start: s.start, heading: { start: s.start + hit.start, end: s.start + hit.end } })
    else if (s.kind === 'sentence' && OPENS_EXAM.test(text.slice(s.start, s.start + 40))) opened.push({ id: 'physical-exam', start: s.start, heading: { start: s.start, end: s.start + (OPENS_EXAM.exec(text.slice(s.start, s.start + 40))?.[0].length ?? 0) } })
    else if (s.kind === 'heading' || (s.kind !== 'row' && s.end - s.start < 48 && CAPITALS.test(text.slice(s.start, s.end)))) opened.push({ id: 'other', start: s.start, heading: { start: s.start, end: s.end } })
  }
  const end = statements.at(-1)?.end ?? 0
  return opened.map((o, i) => ({ ...o, end: opened[i + 1]?.start ?? end }))
}
