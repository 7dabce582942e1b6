// Positions in text. May not: know what a page, a note or a policy is.

/** A half-open range `[start, end)` in UTF-16 code units of one text. */
export interface Span {
  readonly start: number
  readonly end: number
}

export const spanOf = (start: number, end: number): Span => ({ start, end })

export const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end

/** The last index `i` with `starts[i] <= position`, or -1. `starts` ascends. */
export function lastAtOrBefore(starts: ArrayLike<number>, position: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] as number) <= position) low = middle + 1
    else high = middle
  }
  return low - 1
}
