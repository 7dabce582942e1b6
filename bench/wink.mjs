// The negation flag of wink-nlp over the lines that `vouch assert` takes, for comparison: JSON lines in, `{id, negated}` out. May not: be part of the program.
import { createInterface } from 'node:readline'
import model from 'wink-eng-lite-web-model'
import winkNLP from 'wink-nlp'

const nlp = winkNLP(model, ['sbd', 'negation'])
const { its } = nlp

/** Whether a token that lies in the span bears the flag. wink-nlp keeps of positions only what stands before a token, so they are added up. */
function negated(text, start, end) {
  const tokens = nlp.readDoc(text).tokens()
  const values = tokens.out(its.value)
  const spaces = tokens.out(its.precedingSpaces)
  const flags = tokens.out(its.negationFlag)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    at += spaces[i].length
    const stop = at + values[i].length
    if (at < end && stop > start && flags[i]) return true
    at = stop
  }
  return false
}

let out = []
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line === '') continue
  const { id, text, start, end } = JSON.parse(line)
  out.push(`${JSON.stringify({ id, negated: negated(text, start, end) })}\n`)
  if (out.length >= 2000) {
    process.stdout.write(out.join(''))
    out = []
  }
}
process.stdout.write(out.join(''))
