// A policy as a draft would make it, or every fault of the draft. May not: write anything; change the policy that stands.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '../policy/policy.ts'
import type { Knowledge } from '../review-claim.ts'
import type { DraftFault, DraftFiles } from '../report/policy-diff.ts'
import { unknownWords } from './known-words.ts'
import { loadPolicy, policyFiles } from './load-policy.ts'
import { DictionaryFault } from './read-yaml.ts'


/** A file of a policy: no folder, no other kind of file. */
export const isPolicyFile = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.yaml$/.test(name)

/** The folder of a policy below dictionaries/policies, or null. */
export function policyFolder(dictionaries: string, id: string): string | null {
  const root = join(dictionaries, 'policies')
  for (const payer of readdirSync(root).sort()) {
    for (const name of readdirSync(join(root, payer)).sort()) {
      const folder = join(root, payer, name)
      if (!statSync(folder).isDirectory()) continue
      if (/^policy:\s*["']?([^\s"'#]+)/m.exec(readFileSync(join(folder, 'policy.yaml'), 'utf8'))?.[1] === id) return folder
    }
  }
  return null
}

/** Name → text of the files that stand. */
export const policyTexts = (folder: string): DraftFiles => Object.fromEntries(policyFiles(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

export function draftPolicy(folder: string, base: Policy, files: DraftFiles, knowledge: Knowledge): { readonly policy: Policy } | { readonly faults: readonly DraftFault[] } {
  const wrong = Object.keys(files).filter((n) => !isPolicyFile(n))
  if (wrong.length > 0) return { faults: wrong.map((file) => ({ file, line: null, column: null, what: 'a file of a policy is called NAME.yaml, without folders' })) }
  try {
    const policy = loadPolicy(folder, base.codes, new Map(Object.entries(files)))
    const concepts = new Set([...knowledge.notes.concepts.entries.values()].filter((e) => e.kind !== 'class').map((e) => e.id))
    const unknown = unknownWords(policy, concepts)
    const faults = [...unknown.map((what) => placed(what, files)), ...twice(policy)]
    return faults.length > 0 ? { faults } : { policy }
  } catch (e) {
    if (!(e instanceof DictionaryFault)) throw e
    return { faults: e.message.split('\n').map((line) => faultOf(line, folder)) }
  }
}

const PLACED = /^(.*?):(\d+):(\d+): (.*)$/

function faultOf(sentence: string, folder: string): DraftFault {
  const m = PLACED.exec(sentence.startsWith(folder) ? sentence.slice(folder.length + 1) : sentence)
  return m ? { file: m[1] as string, line: Number(m[2]), column: Number(m[3]), what: (m[4] as string).replace(/^: /, '') } : { file: '', line: null, column: null, what: sentence }
}

/** An unknown word is told with its owner; the owner's line is found in the draft where it is one of its files. */
function placed(sentence: string, files: DraftFiles): DraftFault {
  const owner = sentence.slice(0, sentence.indexOf(':'))
  const word = /«([^»]*)»/.exec(sentence)?.[1] ?? ''
  for (const [file, text] of Object.entries(files)) {
    const lines = text.split('\n')
    const from = lines.findIndex((l) => l.trim() === `- id: ${owner}` || l.trim() === `- id: "${owner}"`)
    if (from < 0) continue
    const at = lines.findIndex((l, i) => i >= from && l.includes(word))
    const line = at < 0 ? from : at
    return { file, line: line + 1, column: Math.max(0, (lines[line] as string).indexOf(word)) + 1, what: sentence.slice(owner.length + 2) }
  }
  return { file: '', line: null, column: null, what: sentence }
}

const twice = (policy: Policy): DraftFault[] => {
  const ids = policy.checklists.flatMap((c) => c.requirements.map((r) => r.id))
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))].map((id) => ({ file: '', line: null, column: null, what: `${id} stands twice` }))
}
