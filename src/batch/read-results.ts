// The results of a batch, line by line from their file. May not: hold more than one; quote a line in a fault.
import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { resultSchema, type BatchResult } from './result.ts'

/** A fault of the user's file; `message` is one sentence. */
export class ResultsFault extends Error {
  readonly kind = 'input-fault'
}

/** `path` is results.ndjson, or the folder that holds it. @throws ResultsFault */
export async function* readResults(path: string): AsyncGenerator<BatchResult> {
  const file = fileOf(path)
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    number++
    if (line.trim() === '') continue
    yield resultOfLine(line, `${file}: line ${number}`)
  }
}

export function fileOf(path: string): string {
  try {
    const file = statSync(path).isDirectory() ? join(path, 'results.ndjson') : path
    statSync(file)
    return file
  } catch (e) {
    throw new ResultsFault(`${path}: the results cannot be read (${(e as NodeJS.ErrnoException).code ?? 'unknown fault'}); give the folder of a batch or its results.ndjson.`)
  }
}

function resultOfLine(line: string, place: string): BatchResult {
  const data = ((): unknown => {
    try {
      return JSON.parse(line)
    } catch {
      return null
    }
  })()
  const parsed = resultSchema.safeParse(data)
  if (!parsed.success) throw new ResultsFault(`${place} is no result of a batch; give results.ndjson as vouch batch writes it.`)
  return parsed.data
}
