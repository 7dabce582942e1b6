// What a person is told who makes a slip in a dictionary.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKnowledge } from '../../src/load/load-knowledge.ts'
import { DictionaryFault } from '../../src/load/read-yaml.ts'

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'vouch-dictionaries-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const POLICY = 'policies/priority-health/radiation-oncology'
const entry = (id: string, words: string): string => `\n- id: ${id}\n  about: what it says\n  words: [${words}]\n  examples: { found: ["[[a]]"], not-found: ["b"] }\n`

/** The fault told after a change to one file of a copy. */
function faultAfter(file: string, change: (path: string) => void): string {
  const folder = mkdtempSync(join(scratch, 'copy-'))
  cpSync('dictionaries', folder, { recursive: true })
  change(join(folder, file))
  try {
    loadKnowledge(folder, 'test')
  } catch (e) {
    expect(e).toBeInstanceOf(DictionaryFault)
    return (e as Error).message.replaceAll(`${folder}/`, '')
  }
  return 'no fault'
}

describe('a fault in a dictionary is told with its file', () => {
  it('and line and column for a key nobody knows, all at once', () => {
    const told = faultAfter('sections.yaml', (path) => {
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace(/^( {2}about:)/m, '  colour: red\n$1'))
      appendFileSync(path, '\n- id: Bad Id\n')
    })
    expect(told.split('\n').length).toBeGreaterThan(1)
    for (const line of told.split('\n')) expect(line).toMatch(/^sections\.yaml:\d+:\d+: /)
    expect(told).toContain('"colour"')
  })
  it('for YAML that is none', () => {
    expect(faultAfter('codes.yaml', (path) => appendFileSync(path, '\n- { code: "1\n'))).toMatch(/^codes\.yaml:\d+:\d+: /)
  })
  it('for a pattern that names what does not exist, or cannot be read', () => {
    expect(faultAfter('concepts/general.yaml', (path) => appendFileSync(path, entry('x-new', '"{no-such-concept}"')))).toMatch(/^concepts: .*x-new/)
    expect(faultAfter('concepts/general.yaml', (path) => appendFileSync(path, entry('x-new', '"(open"')))).toMatch(/^concepts: x-new: .*not closed/)
  })
  it('for an id that stands twice', () => {
    expect(faultAfter('concepts/general.yaml', (path) => appendFileSync(path, entry('x-new', 'a') + entry('x-new', 'b')))).toContain('x-new: the id stands')
  })
  it('for a test that asks for a concept, note type or role nobody knows', () => {
    const told = faultAfter(`${POLICY}/77435.yaml`, (path) => {
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace('find: lesion-count', 'find: no-such-concept, in: [no-such-note], by: [no-such-role]'))
    })
    expect(told).toContain('there is no concept «no-such-concept»')
    expect(told).toContain('there is no note type «no-such-note»')
    expect(told).toContain('there is no role «no-such-role»')
  })
})
