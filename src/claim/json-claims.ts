// A claim, or several, in Vouch's own JSON → claims. May not: read a file; know FHIR.
import { entryOf, fileFault, type Reading } from './reading.ts'

/** One claim, a list of claims, or what `vouch claims read --format json` wrote. */
export function* claimsOfJson(data: unknown, place: (path: string) => string = (path) => path || 'the claim'): Generator<Reading> {
  const list = Array.isArray(data) ? data : data !== null && typeof data === 'object' && 'claims' in data && Array.isArray(data.claims) ? data.claims : null
  if (list === null) {
    yield entryOf(1, 'json', data, [], place)
    return
  }
  if (list.length === 0) yield fileFault('the file', 'holds no claim')
  for (const [i, item] of list.entries()) yield entryOf(i + 1, 'json', item, [], (path) => `claim ${i + 1}: ${path || 'the claim'}`)
}
