// Types by title, contents and file name; the dictionaries of note types and sections by their examples.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compileNoteTypes, noteTypeFileSchema, readings, squeeze } from '../../src/dictionary/note-types-dictionary.ts'
import { compileSections, sectionFileSchema, sectionOfLine } from '../../src/dictionary/sections-dictionary.ts'
import { readYaml } from '../../src/load/read-yaml.ts'
import { classifyByContent, classifyByFileName, titleOfLine } from '../../src/note/classify.ts'
import { NOTE_TYPES, ROLES } from '../../src/note/note.ts'

const folder = join(import.meta.dirname, '../../dictionaries')
const file = readYaml(join(folder, 'note-types.yaml'), noteTypeFileSchema)
const types = compileNoteTypes(file)

describe('note types', () => {
  it('are those of the program, each with 20 titles or more', () => {
    expect(file.types.map((t) => t.id).sort()).toEqual(NOTE_TYPES.filter((t) => t !== 'unknown').sort())
    for (const t of file.types) {
      expect(t.titles.flatMap(readings).length, t.id).toBeGreaterThanOrEqual(20)
      for (const role of t.signers) expect(ROLES).toContain(role)
    }
  })
  for (const t of file.types) {
    it.each(t.examples.found)(`${t.id}: %s`, (line) => expect(titleOfLine(line, types)?.type).toBe(t.id))
    it.each(t.examples['not-found'])(`${t.id}, not: %s`, (line) => {
      const found = titleOfLine(line, types)
      expect(found === null || found.type !== t.id || found.valued).toBe(true)
    })
  }
  it('does not mind case, spacing, punctuation and scanning slips', () => {
    for (const line of ['radiation-oncology CONSULTATION', 'C O N S U L T A T I O N   N O T E', 'RADlATlON 0NC0L0GY C0NSULT', 'Radiation Oncology Consultation – 05/12/2025', 'Consult Note (continued)', 'RETUM VISIT NOTE'.replace('RETUM', 'RETURN')]) {
      expect(['consult', 'followup']).toContain(titleOfLine(line, types)?.type)
    }
    expect(squeeze('1N-V1V0 Dosimetry')).toBe(squeeze('in vivo dosimetry'))
  })
  it('takes the title behind a label for the line\u2019s own', () => {
    expect(titleOfLine('Assessment: Rad Onc Initial Consultation', types)?.type).toBe('consult')
    expect(titleOfLine('Encounter type:\tRadiation Oncology Consultation', types)?.type).toBe('consult')
    expect(titleOfLine('Assessment: stable since the consultation', types)).toBeNull()
  })
  it.each(['Patient was seen for consultation today.', 'Plan to proceed with simulation next week and then begin treatment on Monday morning', '1. Consultation note', 'Consultation note ........ 3', '• Simulation note', 'Reviewed treatment summary from outside hospital'])('no title: %s', (line) => {
    expect(titleOfLine(line, types)).toBeNull()
  })
})

describe('file names', () => {
  it.each([
    ['consent.pdf', 'consent'], ['rx_form.pdf', 'prescription'], ['sim_note_3.pdf', 'simulation'], ['SimulationNote.docx', 'simulation'], ['01-consult.pdf', 'consult'], ['otv week 2.txt', 'on-treatment-visit'],
    ['a/b/IMRT_QA_2025.pdf', 'imrt-qa'], ['scan0001.pdf', null], ['packet.pdf', null], ['isodose-axial.png', 'isodose'], ['faxcover.pdf', 'cover'], ['packet.zip/weekly_physics.pdf', 'weekly-physics'],
  ])('%s', (name, type) => expect(classifyByFileName(name, types)).toBe(type))
})

describe('contents', () => {
  it.each([
    ['1\t05/05/2025\t200\t212\n2\t05/06/2025\t200\t212\n3\t05/07/2025\t200\t212\nTherapist AB', 'treatment-record'],
    ['77385 x1 $1,200.00\n77336 x1 $300.00\nCPT units charges total', 'billing'],
    ['Reference 1 Member: Roe Status: APPROVED\nNotice of authorization. Authorization number 5512.', 'letter'],
    ['Nothing to be said.', null],
  ])('%j', (text, type) => expect(classifyByContent(text, types)?.type ?? null).toBe(type))
})

describe('sections', () => {
  const entries = readYaml(join(folder, 'sections.yaml'), sectionFileSchema)
  const sections = compileSections(entries)
  for (const e of entries) {
    it.each(e.examples.found)(`${e.id}: %s`, (line) => {
      const plain = line.replace(/\[\[|\]\]/g, '')
      const found = sectionOfLine(plain, sections)
      expect(found?.id).toBe(e.id)
      expect(plain.slice(found?.start, found?.end)).toBe(/\[\[(.+?)\]\]/.exec(line)?.[1])
    })
    it.each(e.examples['not-found'])(`${e.id}, not: %s`, (line) => expect(sectionOfLine(line, sections)?.id).not.toBe(e.id))
  }
})
