// `vouch assert`: JSON lines in, assertions out, in the same order. May not: keep what it read.
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { assertAt } from '../note/assertion.ts'
import type { Context } from '../dictionary/context-dictionary.ts'
import { InputFault } from './fault.ts'

const question = z.object({ id: z.union([z.string(), z.number()]), text: z.string(), start: z.number().int().min(0), end: z.number().int() })

type Question = z.infer<typeof question>

/** What the shape says, without a copy: nearly every line is good. */
function isPlain(data: unknown): data is Question {
  if (data === null || typeof data !== 'object') return false
  const { id, text, start, end } = data as Partial<Question>
  return (typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id))) && typeof text === 'string' && Number.isSafeInteger(start) && (start as number) >= 0 && Number.isSafeInteger(end)
}

function checked(data: unknown, number: number): Question {
  const parsed = question.safeParse(data)
  if (!parsed.success) throw new InputFault(`standard input, line ${number}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}.`)
  return parsed.data
}

/** @throws InputFault naming the line (1-based) that cannot be read. */
export async function assertLines(context: Context, input: Readable, output: Writable): Promise<void> {
  let number = 0
  let buffer: string[] = []
  const flush = async (): Promise<void> => {
    const chunk = buffer.join('')
    buffer = []
    if (chunk !== '' && !output.write(chunk)) await new Promise<void>((done) => output.once('drain', () => done()))
  }
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    let data: unknown
    try {
      data = JSON.parse(line)
    } catch {
      throw new InputFault(`standard input, line ${number}: is not JSON; each line is an object with id, text, start and end.`)
    }
    const { id, text, start, end } = isPlain(data) ? data : checked(data, number)
    if (end < start || end > text.length) throw new InputFault(`standard input, line ${number}: start and end must lie in the text, start first.`)
    buffer.push(`${JSON.stringify({ id, ...assertAt(context, text, { start, end }) })}\n`)
    if (buffer.length >= 2000) await flush()
  }
  await flush()
}
