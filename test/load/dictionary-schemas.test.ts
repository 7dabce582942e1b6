// The published JSON Schemas of the dictionaries. May not: hold a shape of its own.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dictionarySchemas } from '../../src/load/dictionary-schemas.ts'

const ROOT = 'dictionaries'
const made = dictionarySchemas()

function filesBelow(folder: string): string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}

const files = filesBelow(ROOT)
const dictionaries = files.filter((f) => f.endsWith('.yaml'))
const FIRST_LINE = /^# yaml-language-server: \$schema=(\S+)$/

/** The schema that the loader's shape of this file has. */
function schemaOf(path: string, content: unknown): string {
  const name = basename(path, '.yaml')
  if (dirname(path) === join(ROOT, 'concepts')) return 'concepts.schema.json'
  if (dirname(path) === join(ROOT, 'letters')) return name === 'settings' ? 'letter-settings.schema.json' : 'letter.schema.json'
  if (dirname(path) === ROOT || ['policy', 'services', 'rules', 'errata', 'cures', 'suggestions'].includes(name)) return `${name}.schema.json`
  return Array.isArray(content) ? 'checklists.schema.json' : 'checklist.schema.json'
}

describe('dictionaries/*.schema.json', () => {
  it.each([...made.keys()])('%s agrees with the shape (npm run schemas writes it)', (name) => {
    const path = join(ROOT, name)
    expect(existsSync(path) ? readFileSync(path, 'utf8') : 'missing').toBe(made.get(name))
  })

  it('are no more than those', () => {
    expect(files.filter((f) => f.endsWith('.schema.json')).map((f) => basename(f))).toEqual([...made.keys()].sort())
  })
})

describe('a dictionary', () => {
  it.each(dictionaries)('%s names its schema in the first line and keeps to it', (path) => {
    const text = readFileSync(path, 'utf8')
    const named = FIRST_LINE.exec(text.slice(0, text.indexOf('\n')))?.[1]
    expect(named, 'first line').toBeDefined()
    const schema = join(dirname(path), named as string)
    const content: unknown = parse(text)
    expect(schema).toBe(join(ROOT, schemaOf(path, content)))
    const shape = z.fromJSONSchema(JSON.parse(readFileSync(schema, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0])
    expect((shape.safeParse(content).error?.issues ?? []).map((i) => `${i.path.join('.')}: ${i.message}`).slice(0, 3)).toEqual([])
  })

  it('with an unknown key or without examples does not keep to its schema', () => {
    const shape = z.fromJSONSchema(JSON.parse(made.get('concepts.schema.json') as string) as Parameters<typeof z.fromJSONSchema>[0])
    const entry = { id: 'a', about: 'what it says', words: ['a'], examples: { found: ['[[a]]'], 'not-found': ['b'] } }
    expect(shape.safeParse([entry]).success).toBe(true)
    expect(shape.safeParse([{ ...entry, more: 1 }]).success).toBe(false)
    expect(shape.safeParse([{ ...entry, examples: { found: ['[[a]]'] } }]).success).toBe(false)
  })
})
