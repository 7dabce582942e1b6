// Gray images: turning, straightening, smoothing, ink. May not: know what a letter, a page or a file is.

/** One byte a pixel, 0 black. */
export interface Gray {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** 1 for ink, 0 for paper. */
export interface Ink {
  readonly width: number
  readonly height: number
  readonly dark: Uint8Array
}

/** Black and white only, and `coarse` with few lines an inch as well, as faxes have: strokes that run across are broken or gone. */
export type Grain = 'gray' | 'bilevel' | 'coarse'

/** A standard fax has 98 lines an inch, a fine one 196. */
const FEW_LINES = 130

export const grainOf = (isBilevel: boolean, fewestDpi: number): Grain => (!isBilevel ? 'gray' : fewestDpi < FEW_LINES ? 'coarse' : 'bilevel')

/** By Otsu's threshold, kept where paper and ink can be. */
export function inkOf(image: Gray): Ink {
  const { width, height, pixels } = image
  const threshold = Math.min(190, Math.max(80, otsu(pixels)))
  const dark = new Uint8Array(width * height)
  for (let at = 0; at < dark.length; at++) dark[at] = (pixels[at] as number) <= threshold ? 1 : 0
  return { width, height, dark }
}

function otsu(pixels: Uint8Array): number {
  const counts = new Uint32Array(256)
  // One in three tells as much as all.
  for (let at = 0; at < pixels.length; at += 3) (counts[pixels[at] as number] as number)++
  let sum = 0
  for (let value = 0; value < 256; value++) sum += value * (counts[value] as number)
  const all = Math.ceil(pixels.length / 3)
  let below = 0
  let sumBelow = 0
  let best = 0
  let threshold = 127
  for (let value = 0; value < 255; value++) {
    below += counts[value] as number
    if (below === 0) continue
    const above = all - below
    if (above === 0) break
    sumBelow += value * (counts[value] as number)
    const between = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2
    if (between > best) {
      best = between
      threshold = value
    }
  }
  return threshold
}

/** Quarter turns counter-clockwise: undoes as many clockwise ones. */
export function turned(image: Gray, quarters: number): Gray {
  const { width: w, height: h, pixels } = image
  const turn = quarters & 3
  if (turn === 0) return image
  const result = new Uint8Array(pixels.length)
  if (turn === 2) {
    for (let at = 0, to = pixels.length - 1; at < pixels.length; at++, to--) result[to] = pixels[at] as number
    return { width: w, height: h, pixels: result }
  }
  for (let y = 0, to = 0; y < w; y++) {
    for (let x = 0; x < h; x++) result[to++] = (turn === 1 ? pixels[x * w + (w - 1 - y)] : pixels[(h - 1 - x) * w + y]) as number
  }
  return { width: h, height: w, pixels: result }
}

/** Turned about its middle by `slope` (the tangent of how far its lines fall to the right), paper coming in at the edges. */
export function straightened(image: Gray, slope: number): Gray {
  const { width, height, pixels } = image
  const angle = Math.atan(slope)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const cx = (width - 1) / 2
  const cy = (height - 1) / 2
  const result = new Uint8Array(pixels.length).fill(255)
  for (let y = 0, to = 0; y < height; y++) {
    // Where the row begins in the image as it was; each pixel further is a step of (cos, sin).
    let sx = cx - cx * cos - (y - cy) * sin
    let sy = cy - cx * sin + (y - cy) * cos
    for (let x = 0; x < width; x++, to++, sx += cos, sy += sin) {
      if (sx < 0 || sy < 0 || sx >= width - 1 || sy >= height - 1) continue
      const left = sx | 0
      const top = sy | 0
      const at = top * width + left
      const a = pixels[at] as number
      const b = pixels[at + 1] as number
      const c = pixels[at + width] as number
      const d = pixels[at + width + 1] as number
      // Most of a page is white.
      if (a === b && a === c && a === d) {
        result[to] = a
        continue
      }
      const fx = sx - left
      const upper = a + (b - a) * fx
      result[to] = upper + (c + (d - c) * fx - upper) * (sy - top) + 0.5
    }
  }
  return { width, height, pixels: result }
}

/** Gaussian of `across` pixels along rows and `down` pixels along columns, at most 1.6 each. */
export function smoothed({ width, height, pixels }: Gray, across: number, down = across): Gray {
  return { width, height, pixels: blurred(blurred(pixels, across, 1, width, width, height), down, width, 1, height, width) }
}

/** Steps of `along` within a line, of `next` from line to line; beyond its ends a line goes on as it ends. */
function blurred(from: Uint8Array, sigma: number, along: number, next: number, length: number, lines: number): Uint8Array {
  const reach = Math.max(1, Math.min(4, Math.ceil(2.6 * sigma)))
  const weights = Float64Array.from({ length: reach + 1 }, (_, offset) => Math.exp(-(offset * offset) / (2 * sigma * sigma)))
  const sum = weights.reduce((all, weight, offset) => all + (offset === 0 ? weight : 2 * weight), 0)
  for (let offset = 0; offset <= reach; offset++) weights[offset] = (weights[offset] as number) / sum
  const to = new Uint8Array(from.length)
  for (let line = 0; line < lines; line++) {
    for (let index = 0, at = line * next; index < length; index++, at += along) {
      let value = 0.5 + (weights[0] as number) * (from[at] as number)
      if (index >= reach && index < length - reach) {
        for (let offset = 1, step = along; offset <= reach; offset++, step += along) value += (weights[offset] as number) * ((from[at - step] as number) + (from[at + step] as number))
      } else {
        for (let offset = 1; offset <= reach; offset++) value += (weights[offset] as number) * ((from[at - Math.min(index, offset) * along] as number) + (from[at + Math.min(length - 1 - index, offset) * along] as number))
      }
      to[at] = value
    }
  }
  return to
}

/** Pixels around ink that belong to the edge of a letter. */
const EDGE = 3

/** The ink and its soft edges on paper without any grain. */
export function nearInk({ width, height, pixels }: Gray, ink: Ink): Gray {
  const result = new Uint8Array(pixels.length).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink.dark[y * width + x] !== 1) continue
      const from = Math.max(0, x - EDGE)
      const to = Math.min(width, x + EDGE + 1)
      for (let near = Math.max(0, y - EDGE); near < Math.min(height, y + EDGE + 1); near++) {
        for (let at = near * width + from; at < near * width + to; at++) result[at] = pixels[at] as number
      }
    }
  }
  return { width, height, pixels: result }
}

/** Without specks that stand alone; a full stop stands beside a letter. In place. */
export function despeckle(image: Gray, ink: Ink, largest: number, distance: number): void {
  const { width, height, dark } = ink
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (dark[y * width + x] !== 1 || dark[y * width + x - 1] === 1 || (y > 0 && dark[(y - 1) * width + x] === 1)) continue
      // A speck begins here if nothing dark lies in the frame around the small square below and to the right.
      const left = Math.max(0, x - distance)
      const right = Math.min(width, x + largest + distance)
      const bottom = Math.min(height, y + largest + distance)
      let own = 0
      let other = false
      for (let v = Math.max(0, y - distance); v < bottom && !other; v++) {
        for (let u = left; u < right; u++) {
          if (dark[v * width + u] !== 1) continue
          if (v >= y && v < y + largest && u >= x - 1 && u < x + largest) own++
          else {
            other = true
            break
          }
        }
      }
      if (other || own > largest * largest) continue
      for (let v = Math.max(0, y - 1); v < Math.min(height, y + largest + 1); v++) {
        for (let u = Math.max(0, x - 2); u < Math.min(width, x + largest + 1); u++) {
          dark[v * width + u] = 0
          image.pixels[v * width + u] = 255
        }
      }
    }
  }
}

const TILE = 32
/** A little lighter than paper is: its grain goes. */
const WHITE = 275

/** With the same white everywhere: shaded rows, folds and the shadows of a photograph go. The same image where the paper is even already. */
export function evened(image: Gray): Gray {
  const { width, height, pixels } = image
  const columns = Math.ceil(width / TILE)
  const rows = Math.ceil(height / TILE)
  const paper = new Float32Array(columns * rows)
  let least = 255
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const counts = new Uint16Array(64)
      let all = 0
      for (let y = row * TILE; y < Math.min(height, (row + 1) * TILE); y += 2) {
        for (let x = column * TILE; x < Math.min(width, (column + 1) * TILE); x += 2) {
          (counts[(pixels[y * width + x] as number) >> 2] as number)++
          all++
        }
      }
      let value = 63
      for (let seen = counts[63] as number; value > 0 && seen < 0.25 * all;) seen += counts[--value] as number
      // Dark tiles are ink or pictures.
      const level = value * 4 + 2
      paper[row * columns + column] = level >= 110 ? level : 255
      if (level >= 110) least = Math.min(least, level)
    }
  }
  if (least >= 250) return image
  const result = new Uint8Array(pixels.length)
  // The paper of a row of pixels at the middle of each tile; between them it changes evenly.
  const level = new Float32Array(columns)
  for (let y = 0; y < height; y++) {
    const fy = Math.max(0, Math.min(rows - 1, (y + 0.5) / TILE - 0.5))
    const top = Math.min(rows - 1, Math.floor(fy))
    const below = Math.min(rows - 1, top + 1)
    for (let column = 0; column < columns; column++) level[column] = (paper[top * columns + column] as number) * (1 - fy + top) + (paper[below * columns + column] as number) * (fy - top)
    for (let column = -1; column < columns; column++) {
      const left = level[Math.max(0, column)] as number
      const right = level[Math.min(columns - 1, column + 1)] as number
      const from = Math.max(0, (column + 0.5) * TILE)
      const to = Math.min(width, (column + 1.5) * TILE)
      const step = (right - left) / TILE
      let here = left + (column < 0 ? 0 : 0.5 * step)
      for (let at = y * width + from; at < y * width + to; at++, here += step) {
        const value = ((pixels[at] as number) * WHITE) / here
        result[at] = value > 255 ? 255 : value
      }
    }
  }
  return { width, height, pixels: result }
}

/** Share of a page that even one line of text inks, in pixels at the middle of strokes. */
const LEAST_INK = 0.0008
/** Darkest ink of this value is pale. */
const PALE = 140
/** Less below white than any ink: the paper itself. */
const FAINTEST = 8
/** Pixels of a letter or two. */
const FEW_PIXELS = 60

/** Pale ink made dark; the same image where ink is dark already, or where what is darkest is grain, which a little softness takes away. */
export function deepened(image: Gray): Gray {
  const darkest = darkestOf(image.pixels)
  const contrast = 255 - darkest
  if (darkest < PALE || contrast < FAINTEST) return image
  const soft = smoothed(image, 1).pixels
  if (255 - darkestOf(soft) < 0.45 * contrast || holdsDarkInk(soft)) return image
  const levels = Uint8Array.from({ length: 256 }, (_, value) => Math.max(0, 255 - ((255 - value) * 215) / contrast))
  const pixels = new Uint8Array(image.pixels.length)
  for (let at = 0; at < pixels.length; at++) pixels[at] = levels[image.pixels[at] as number] as number
  return { ...image, pixels }
}

/** A line or two in dark ink on a page that is else empty. */
function holdsDarkInk(soft: Uint8Array): boolean {
  let count = 0
  for (let at = 0; at < soft.length && count < FEW_PIXELS; at++) if ((soft[at] as number) < PALE) count++
  return count >= FEW_PIXELS
}

function darkestOf(pixels: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (let at = 0; at < pixels.length; at++) (counts[pixels[at] as number] as number)++
  let value = 0
  for (let seen = counts[0] as number; value < 255 && seen < LEAST_INK * pixels.length;) seen += counts[++value] as number
  return value
}

const MAX_POINTS = 50_000

export interface Lie {
  /** Tangent of how far lines of text fall to the right. */
  readonly slope: number
  /** True where lines seem to run up or down. */
  readonly sideways: boolean
}

/** How lines of text lie: the direction in which the ink gathers in rows most sharply. Long drawn lines are left aside. */
export function lieOf(ink: Ink, longest: number): Lie {
  const { width, height, dark } = ink
  const isLong = new Uint8Array(dark.length)
  const mark = (along: number, across: number, length: number, count: number): void => {
    for (let line = 0; line < count; line++) {
      for (let index = 0; index < length; index++) {
        const from = index
        while (index < length && dark[line * across + index * along] === 1) index++
        if (index - from > longest) for (let at = from; at < index; at++) isLong[line * across + at * along] = 1
      }
    }
  }
  mark(1, width, width, height)
  mark(width, 1, height, width)
  let total = 0
  for (let at = 0; at < dark.length; at++) if (dark[at] === 1 && isLong[at] === 0) total++
  const stride = Math.max(1, Math.ceil(total / MAX_POINTS))
  const xs = new Int32Array(Math.ceil(total / stride))
  const ys = new Int32Array(xs.length)
  let points = 0
  for (let y = 0, seen = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (dark[at] !== 1 || isLong[at] === 1 || seen++ % stride !== 0) continue
      xs[points] = x
      ys[points++] = y
    }
  }
  if (points < 200) return { slope: 0, sideways: false }
  const sharpness = (along: Int32Array, across: Int32Array, size: number, other: number, slope: number): number => {
    const shift = Math.ceil(Math.abs(slope) * other) + 1
    const bins = new Float64Array(size + 2 * shift)
    for (let index = 0; index < points; index++) (bins[shift + Math.round((across[index] as number) - slope * (along[index] as number))] as number)++
    let sum = 0
    for (let at = 1; at < bins.length; at++) sum += ((bins[at] as number) - (bins[at - 1] as number)) ** 2
    return sum / points
  }
  const best = (along: Int32Array, across: Int32Array, size: number, other: number): { slope: number; score: number } => {
    let found = { slope: 0, score: sharpness(along, across, size, other, 0) }
    for (const [reach, step] of [[0.09, 0.006], [0.005, 0.001]] as const) {
      const centre = found.slope
      for (let count = Math.round(-reach / step); count <= Math.round(reach / step); count++) {
        const slope = centre + count * step
        const score = sharpness(along, across, size, other, slope)
        if (score > found.score * 1.0001) found = { slope, score }
      }
    }
    return found
  }
  const rows = best(xs, ys, height, width)
  const columns = best(ys, xs, width, height)
  return columns.score > 1.25 * rows.score ? { slope: -columns.slope, sideways: true } : { slope: rows.slope, sideways: false }
}
