// Makes scans and faxes of drawn pages, for measuring. May not: read records; know what a claim is.
import sharp from 'sharp'

function random(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const tangents = (degrees) => ({ sin: Math.sin((degrees * Math.PI) / 180), cos: Math.cos((degrees * Math.PI) / 180) })

/** Turned about its middle by `degrees` clockwise, on paper of the same size. */
export function leaning({ width, height, gray }, degrees) {
  if (degrees === 0) return { width, height, gray }
  const { sin, cos } = tangents(degrees)
  const result = new Uint8Array(gray.length).fill(255)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sx = width / 2 + (x - width / 2) * cos + (y - height / 2) * sin
      const sy = height / 2 - (x - width / 2) * sin + (y - height / 2) * cos
      const left = Math.floor(sx)
      const top = Math.floor(sy)
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) continue
      const at = top * width + left
      const fx = sx - left
      const fy = sy - top
      result[y * width + x] = (gray[at] * (1 - fx) + gray[at + 1] * fx) * (1 - fy) + (gray[at + width] * (1 - fx) + gray[at + width + 1] * fx) * fy
    }
  }
  return { width, height, gray: result }
}

/** Where a box of the drawn page lies on the one turned by `degrees`. */
export function leaned([left, top, right, bottom], degrees, { width, height }) {
  const { sin, cos } = tangents(degrees)
  const dx = (left + right - width) / 2
  const dy = (top + bottom - height) / 2
  const x = width / 2 + dx * cos - dy * sin
  const y = height / 2 + dx * sin + dy * cos
  return [x - (right - left) / 2, y - (bottom - top) / 2, x + (right - left) / 2, y + (bottom - top) / 2]
}

/** Grain and a soft edge, as a flatbed scanner gives; JPEG. */
export async function scanned(page, degrees, seed) {
  const { width, height, gray } = leaning(page, degrees)
  const next = random(seed)
  const pixels = Uint8Array.from(gray, (value) => Math.max(0, Math.min(255, 0.9 * value + 18 + 22 * (next() + next() - 1))))
  return sharp(pixels, { raw: { width, height, channels: 1 } }).blur(0.5).toColourspace('b-w').jpeg({ quality: 75 }).toBuffer()
}

/** A fax: 204 dots an inch across, `lines` an inch down, black and white, specks; PNG of one bit a pixel. `dpi` is that of the page. */
export async function faxed(page, degrees, lines, dpi, seed) {
  const { width, height, gray } = leaning(page, degrees)
  const next = random(seed)
  const { data, info } = await sharp(gray, { raw: { width, height, channels: 1 } }).resize(Math.round((204 * width) / dpi), Math.round((lines * height) / dpi), { fit: 'fill' }).threshold(150).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  for (let at = 0; at < data.length; at++) if (next() < 0.0015) data[at] = next() < 0.6 ? 0 : 255
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } }).toColourspace('b-w').png({ palette: true, colours: 2, bitdepth: 1 }).toBuffer()
}
