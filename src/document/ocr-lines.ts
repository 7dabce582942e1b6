// Drawn lines on a scanned page: found and wiped out, so that what stands in ruled cells can be recognised. May not: know what a letter is.
import type { Gray, Ink } from './ocr-pixels.ts'

/** In pixels. */
export interface Rule {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Unruled {
  readonly image: Gray
  readonly ink: Ink
  readonly horizontal: readonly Rule[]
  readonly vertical: readonly Rule[]
}

/** Inches. */
const SHORTEST = 0.3
const SHORTEST_UPRIGHT = 0.35
const THICKEST = 0.035
/** Pixels of a break inside a line. */
const BREAK = 2
/** Hairlines of tables are scanned as gray too light for ink. Only for images whose paper was made even. */
const FAINT = 205

export function withoutLines(image: Gray, ink: Ink, dpi: number): Unruled {
  const { width, height } = image
  const pixels = image.pixels.slice()
  const dark = ink.dark.slice()
  const faint = new Uint8Array(dark.length)
  for (let at = 0; at < faint.length; at++) faint[at] = (pixels[at] as number) <= FAINT || dark[at] === 1 ? 1 : 0
  const thickest = Math.max(3, Math.round(THICKEST * dpi))
  const horizontal = wipe(pixels, faint, { along: 1, across: width, length: width, count: height }, Math.round(SHORTEST * dpi), thickest)
  const vertical = wipe(pixels, faint, { along: width, across: 1, length: height, count: width }, Math.round(SHORTEST_UPRIGHT * dpi), thickest)
  if (horizontal.length > 0 || vertical.length > 0) for (let at = 0; at < dark.length; at++) if (pixels[at] === 255) dark[at] = 0
  return {
    image: { width, height, pixels }, ink: { width, height, dark },
    horizontal: merged(horizontal).map((run) => ({ left: run.from, right: run.to, top: run.first, bottom: run.last + 1 })),
    vertical: merged(vertical).map((run) => ({ left: run.first, right: run.last + 1, top: run.from, bottom: run.to })),
  }
}

interface Grid {
  readonly along: number
  readonly across: number
  readonly length: number
  readonly count: number
}

interface Run {
  readonly line: number
  readonly from: number
  readonly to: number
}

function wipe(pixels: Uint8Array, dark: Uint8Array, grid: Grid, shortest: number, thickest: number): readonly Run[] {
  const { along, across, count } = grid
  const long = longRuns(dark, grid, shortest)
  if (long.length === 0) return []
  // How thick the ink is at each place, across the direction of the line.
  const thick = thicknessOf(dark, grid)
  const runs = long.filter(({ line, from, to }) => {
    let thin = 0
    for (let index = from, at = line * across + from * along; index < to; index++, at += along) if (dark[at] === 1 && (thick[at] as number) <= thickest) thin++
    return thin >= 0.65 * (to - from)
  })
  const wiped = new Uint8Array(dark.length)
  for (const { line, from, to } of runs) {
    for (let index = from; index < to; index++) {
      const at = line * across + index * along
      if (dark[at] !== 1 || (thick[at] as number) > thickest) continue
      let first = line
      while (first > 0 && dark[(first - 1) * across + index * along] === 1) first--
      let last = line
      while (last + 1 < count && dark[(last + 1) * across + index * along] === 1) last++
      // The soft edges as well.
      for (let each = Math.max(0, first - 1); each <= Math.min(count - 1, last + 1); each++) wiped[each * across + index * along] = 1
    }
  }
  for (let at = 0; at < wiped.length; at++) {
    if (wiped[at] !== 1) continue
    pixels[at] = 255
    dark[at] = 0
  }
  return runs
}

/** Runs of ink along each line, with breaks of a pixel or two, of at least this length. */
function longRuns(dark: Uint8Array, { along, across, length, count }: Grid, shortest: number): readonly Run[] {
  const runs: Run[] = []
  // Every such run has ink within the first pixels of some stride.
  const stride = shortest - BREAK - 1
  for (let line = 0; line < count; line++) {
    const base = line * across
    for (let probe = 0; probe < length; probe += stride) {
      let first = probe
      while (first < Math.min(length, probe + BREAK + 1) && dark[base + first * along] !== 1) first++
      if (first === Math.min(length, probe + BREAK + 1)) continue
      let from = first
      for (let index = first - 1; index >= 0 && from - index <= BREAK + 1; index--) if (dark[base + index * along] === 1) from = index
      let to = from
      let inked = 0
      for (let index = from; index < length && index - to <= BREAK; index++) {
        if (dark[base + index * along] !== 1) continue
        inked++
        to = index + 1
      }
      if (to - from >= shortest && inked >= 0.93 * (to - from)) runs.push({ line, from, to })
      while (probe + stride < to) probe += stride
    }
  }
  return runs
}

function thicknessOf(dark: Uint8Array, { along, across, length, count }: Grid): Uint8Array {
  const thick = new Uint8Array(dark.length)
  if (across === 1) {
    for (let index = 0; index < length; index++) {
      for (let line = 0; line < count; line++) {
        const from = line
        while (line < count && dark[line + index * along] === 1) line++
        if (line > from) thick.fill(Math.min(255, line - from), from + index * along, line + index * along)
      }
    }
    return thick
  }
  // Row after row, as memory lies: counted downwards, and the whole count carried back up.
  for (let line = 0; line < count; line++) {
    for (let index = 0, at = line * across; index < length; index++, at++) if (dark[at] === 1) thick[at] = line === 0 ? 1 : Math.min(255, (thick[at - across] as number) + 1)
  }
  for (let line = count - 2; line >= 0; line--) {
    for (let index = 0, at = line * across; index < length; index++, at++) if (dark[at] === 1 && dark[at + across] === 1) thick[at] = thick[at + across] as number
  }
  return thick
}

/** Runs on neighbouring lines that lie beside each other are one drawn line. */
function merged(runs: readonly Run[]): readonly { readonly first: number; readonly last: number; readonly from: number; readonly to: number }[] {
  const done: { first: number; last: number; from: number; to: number }[] = []
  let open: { first: number; last: number; from: number; to: number }[] = []
  for (const run of runs) {
    open = open.filter((each) => run.line - each.last <= 3)
    const host = open.find((each) => run.from < each.to + 3 && run.to > each.from - 3)
    if (host !== undefined) {
      host.last = run.line
      host.from = Math.min(host.from, run.from)
      host.to = Math.max(host.to, run.to)
      continue
    }
    const own = { first: run.line, last: run.line, from: run.from, to: run.to }
    open.push(own)
    done.push(own)
  }
  return done
}
