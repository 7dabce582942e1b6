// Text of an X12 interchange → segments, as a stream. May not: know what a segment means; hold more than one segment at a time.

export interface Delimiters {
  readonly element: string
  readonly component: string
  /** Between repetitions of an element; null before version 5010. */
  readonly repetition: string | null
  readonly segment: string
}

export interface Segment {
  /** 1-based in the file, envelopes included. */
  readonly number: number
  readonly tag: string
  /** As between the delimiters, `elements[0]` being the first after the tag. */
  readonly elements: readonly string[]
  readonly delimiters: Delimiters
}

export interface X12Fault {
  readonly number: number
  readonly what: string
}

/** Far above any segment of a claim; what is longer has lost its terminators. */
const LONGEST_SEGMENT = 1 << 20
const ISA_ELEMENTS = 16

/** The n-th element (1-based, as in the guides: SV101 is 1), or empty. */
export const element = (s: Segment, n: number): string => s.elements[n - 1] ?? ''

export const components = (s: Segment, n: number): string[] => element(s, n).split(s.delimiters.component)

/** Segments in order, each as soon as its terminator was read. A fault ends the stream, unless a new interchange follows. */
export function* x12Segments(chunks: Iterable<string>): Generator<Segment | X12Fault> {
  let buffer = ''
  let number = 0
  let delimiters: Delimiters | null = null
  const source = chunks[Symbol.iterator]()
  let ended = false
  const more = (): boolean => {
    if (ended) return false
    const next = source.next()
    if (next.done === true) ended = true
    else buffer += next.value
    return !ended
  }

  for (;;) {
    // Line breaks between segments belong to nobody, unless they end segments.
    let start = 0
    const blank = (at: number): boolean => /[\s\u001a\ufeff\0]/.test(buffer[at] as string)
    while (start < buffer.length && blank(start)) start++
    if (start > 0) buffer = buffer.slice(start)
    if (buffer.length < 3 && more()) continue
    if (buffer === '') return
    if (buffer.startsWith('ISA')) {
      const found = delimitersOf(buffer)
      if (found === null && buffer.length < LONGEST_SEGMENT && more()) continue
      if (found === null) {
        yield { number: number + 1, what: 'the interchange header ISA is cut off or has no 16 elements' }
        return
      }
      delimiters = found
    }
    if (delimiters === null) {
      yield { number: number + 1, what: 'the file does not begin with the interchange header ISA' }
      return
    }
    // From here to the last whole segment of what has been read.
    let at = 0
    for (;;) {
      const end = buffer.indexOf(delimiters.segment, at)
      if (end < 0) break
      const text = buffer.slice(at, end).replace(/^\s+/, '')
      if (text.startsWith('ISA') && at > 0) break
      at = end + 1
      if (text === '') continue
      const [tag = '', ...elements] = text.split(delimiters.element)
      yield { number: ++number, tag, elements, delimiters }
    }
    if (at > 0) {
      buffer = buffer.slice(at)
      continue
    }
    if (buffer.length > LONGEST_SEGMENT) {
      yield { number: number + 1, what: 'the segment has no end within a million characters' }
      return
    }
    if (!more()) {
      yield { number: number + 1, what: 'the file ends within this segment' }
      return
    }
  }
}

/** Null while the header has not been read in full. Found by counting elements, so that a wrongly padded header is still read. */
function delimitersOf(text: string): Delimiters | null {
  const separator = text[3]
  if (separator === undefined) return null
  let at = 2
  const starts: number[] = []
  for (let n = 0; n < ISA_ELEMENTS; n++) {
    at = text.indexOf(separator, at + 1)
    if (at < 0) return null
    starts.push(at + 1)
  }
  const component = text[at + 1]
  const segment = text[at + 2]
  if (component === undefined || segment === undefined) return null
  const eleventh = text[starts[10] as number] as string
  return { element: separator, component, repetition: /[A-Za-z0-9 ]/.test(eleventh) ? null : eleventh, segment }
}
