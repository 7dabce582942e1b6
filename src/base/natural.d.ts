// The parts of `natural` in use, by sub-path: its root import prints to standard output and reads .env.
declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  const stemmer: { stem(word: string): string }
  export default stemmer
}
declare module 'natural/lib/natural/distance/levenshtein_distance.js' {
  export function DamerauLevenshteinDistance(a: string, b: string, options?: { restricted?: boolean }): number
  export function LevenshteinDistance(a: string, b: string): number
  const all: { DamerauLevenshteinDistance: typeof DamerauLevenshteinDistance; LevenshteinDistance: typeof LevenshteinDistance }
  export default all
}
declare module 'natural/lib/natural/distance/jaro-winkler_distance.js' {
  const distance: (a: string, b: string, options?: { ignoreCase?: boolean }) => number
  export default distance
}
