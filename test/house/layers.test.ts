import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Floors of the house: a folder may import folders below its floor, and those named beside it. */
const FLOORS: Readonly<Record<string, { readonly floor: number; readonly also?: readonly string[] }>> = {
  base: { floor: 0 }, document: { floor: 1 }, dictionary: { floor: 1 }, policy: { floor: 1 }, claim: { floor: 1 }, note: { floor: 2 }, review: { floor: 3 },
  report: { floor: 4 }, load: { floor: 5 }, audit: { floor: 5 }, examples: { floor: 5, also: ['load'] }, store: { floor: 6 }, batch: { floor: 7 }, sending: { floor: 7 }, server: { floor: 8 }, cli: { floor: 9 },
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : /\.tsx?$/.test(name) ? [path] : []
  })
}

const importsOf = (path: string): string[] => [...readFileSync(path, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((m) => m[1] as string)

describe('the house', () => {
  it('has no empty room', () => {
    for (const folder of Object.keys(FLOORS)) expect(filesBelow(join('src', folder)), folder).not.toHaveLength(0)
    const rooms = readdirSync('src').filter((n) => statSync(join('src', n)).isDirectory() && n !== 'web')
    expect(rooms.sort()).toEqual(Object.keys(FLOORS).sort())
  })

  it('imports only downwards', () => {
    const faults: string[] = []
    for (const [folder, { floor, also = [] }] of Object.entries(FLOORS)) {
      for (const file of filesBelow(join('src', folder))) {
        for (const target of importsOf(file)) {
          const m = /^(?:\.\.\/)+([a-z]+)\//.exec(target)
          if (!m || !target.startsWith('..')) continue
          const other = m[1] as string
          const there = FLOORS[other]
          if (other !== folder && !(there && (there.floor < floor || also.includes(other)))) faults.push(`${file} imports ${target}`)
        }
      }
    }
    expect(faults).toEqual([])
  })

  it('keeps the pure part pure', () => {
    const faults = ['base', 'dictionary', 'policy', 'claim', 'note', 'review', 'report', join('batch', 'statistics')].flatMap((folder) =>
      filesBelow(join('src', folder)).filter((f) => importsOf(f).some((i) => i.startsWith('node:')) || /\bDate\.now\(|new Date\(\)|console\.|Math\.random|process\./.test(readFileSync(f, 'utf8'))))
    expect(faults).toEqual([])
  })

  it('never asks the network and never imports the root of natural', () => {
    // Records in an S3-compatible store come from the host that the operator names, signing in happens at the one provider he names; nothing else asks.
    const named = [join('src', 'batch', 's3-store.ts'), join('src', 'server', 'oidc.ts')]
    const faults = filesBelow('src').filter((f) => !f.startsWith(join('src', 'web')) && !named.includes(f)).filter((f) => importsOf(f).some((i) => i === 'natural' || /^node:(?:https?|net|dgram|tls|dns)/.test(i)) || /fetch\(/.test(readFileSync(f, 'utf8')))
    expect(faults).toEqual([])
  })

  it('lets the workbench in the browser know shapes only, and ask its own server only', () => {
    const files = filesBelow(join('src', 'web'))
    expect(files.length).toBeGreaterThan(5)
    const faults = files.filter((f) => {
      const text = readFileSync(f, 'utf8')
      return [...text.matchAll(/import ([^'\n]*)'\.\.\/[^']+'/g)].some((m) => !(m[1] as string).startsWith('type ')) || /https?:\/\/(?!www\.w3\.org)|dangerouslySetInnerHTML|localStorage\.setItem\((?!'vouch-theme')/.test(text)
    })
    expect(faults).toEqual([])
  })

  it('says at the top of each file what it may not do', () => {
    const faults = filesBelow('src').filter((f) => !f.endsWith('.d.ts') && !/may not/i.test(readFileSync(f, 'utf8').split('\n').slice(0, 4).join('\n')))
    expect(faults).toEqual([])
  })
})
